#!/bin/bash
# Records these fixtures anew from real servers: record.sh
#
# A .session file is what one redis-cli, run as the probe runs it, wrote to its pipe: byte for
# byte. Needs redis-server, redis-sentinel and redis-cli in the PATH. Leaves nothing behind.
set -u
here=$(cd "$(dirname "$0")" && pwd)
lab=$(mktemp -d)
one=27461 two=27462 three=27463 sentinel=27464
declare -A pids
finish() { kill -KILL "${pids[@]}" 2>/dev/null; wait 2>/dev/null; rm -rf "$lab"; }
trap finish EXIT

# start PORT OPTION...: a server of that port, up when it answers
start() {
    local port=$1; shift
    mkdir -p "$lab/$port"
    redis-server --port "$port" --bind 127.0.0.1 --dir "$lab/$port" --save "" --logfile "$lab/$port.log" \
        --repl-ping-replica-period 1 --repl-diskless-sync-delay 0 --appendonly no "$@" &
    pids[$port]=$!
    until_says "$port" "" "PONG|NOAUTH|LOADING" ping
}
until_says() { # PORT SECTION-OPTION PATTERN COMMAND...
    local i port=$1 pattern=$3; shift 3
    for i in $(seq 100); do redis-cli -p "$port" "$@" 2>&1 | grep -qE "$pattern" && return; sleep 0.1; done
    echo "waited in vain for $pattern" >&2
}
client() { env -i PATH="$PATH" HOME=/nonexistent LANG=C LC_ALL=C redis-cli -h 127.0.0.1 -p "$@" 2>&1; }
# session NAME PORT COMMANDS [OPTIONS]: one request, numbered 7
session() {
    printf '%s\nPING "@@azimuth 7 "\n' "$3" | client "$2" ${4:-} >"$here/$1.session"
}
status() { session "$1" "$2" $'INFO replication\nINFO clients\nINFO sentinel'; }
# typed NAME PORT PASSWORD OPTION...: the password comes first, as from its file
typed() {
    local name=$1 port=$2 password=$3; shift 3
    printf '%s\nINFO replication\nINFO clients\nINFO sentinel\nPING "@@azimuth 7 "\n' "$password" |
        client "$port" "$@" --askpass >"$here/$name.session"
}
# broken NAME PORT COMMAND...: answers request 6, then COMMAND breaks it, then request 7
broken() {
    local name=$1 port=$2; shift 2
    {
        printf 'PING 1\nPING "@@azimuth 6 "\n'
        for i in $(seq 100); do grep -q "@@azimuth 6" "$here/$name.session" && break; sleep 0.1; done
        "$@" >/dev/null 2>&1
        sleep 0.2
        printf 'PING 1\nPING "@@azimuth 7 "\n'
    } | client "$port" >"$here/$name.session"
}

rm -f "$here"/*.session
start $one
status primary-alone $one
start $two --replicaof 127.0.0.1 $one
until_says $two "" "master_link_status:up" info replication
until_says $one "" "state=online,offset=[1-9]" info replication
status primary $one
status standby $two
printf 'port %s\nbind 127.0.0.1\ndir %s\nlogfile %s\nsentinel monitor orders 127.0.0.1 %s 1\nsentinel down-after-milliseconds orders 500\nsentinel failover-timeout orders 600000\n' \
    $sentinel "$lab" "$lab/sentinel.log" $one >"$lab/sentinel.conf"
redis-sentinel "$lab/sentinel.conf" &
pids[$sentinel]=$!
until_says $sentinel "" "slaves=1" info sentinel
status sentinel $sentinel

session try-read $one "PING 42"
session try-write $one 'ZADD "azimuth_canary" 42 42'
session try-write-again $one 'ZADD "azimuth_canary" 42 42'
session try-standby $two 'ZADD "azimuth_canary" 42 42'
redis-cli -p $one set text x >/dev/null
session try-other-key $one 'ZADD "text" 42 42'
for n in 101 102 103 107 109 110; do redis-cli -p $one zadd azimuth_canary $n $n >/dev/null; done
session writes-gaps $one 'ZRANGEBYSCORE "azimuth_canary" 100 200'
session writes-none $one 'ZRANGEBYSCORE "azimuth_canary" 300 400'
session writes-other-key $one 'ZRANGEBYSCORE "text" 300 400'
session refused 27469 "PING 1"
session no-host $one "PING 1" "-h db.invalid"
redis-cli -p $one config set min-replicas-to-write 2 >/dev/null
session try-no-replicas $one 'ZADD "azimuth_canary" 43 43'
redis-cli -p $one config set min-replicas-to-write 0 maxmemory 1 >/dev/null
session try-no-memory $one 'ZADD "azimuth_canary" 43 43'
redis-cli -p $one config set maxmemory 0 >/dev/null

redis-cli -p $one acl setuser azimuth on '>good' +info +ping >/dev/null
typed logged-in $one good --user azimuth
typed wrong-password $one bad --user azimuth
redis-cli -p $one acl setuser azimuth -info >/dev/null
typed no-right $one good --user azimuth
redis-cli -p $one acl setuser azimuth -ping +info >/dev/null
typed no-ping $one good --user azimuth
start $three --requirepass good
status no-password $three
kill -KILL ${pids[$three]}; wait ${pids[$three]} 2>/dev/null

redis-cli -p $two config set replica-serve-stale-data no >/dev/null
broken killed-session $one redis-cli -p $one client kill type normal skipme yes
kill -KILL ${pids[$sentinel]}; wait ${pids[$sentinel]} 2>/dev/null
broken server-killed $one kill -KILL ${pids[$one]}
until_says $two "" "master_link_status:down" info replication
session try-stale $two "PING 42"
status standby-stale $two
redis-cli -p $two config set replica-serve-stale-data yes >/dev/null
status standby-alone $two
redis-cli -p $two replicaof no one >/dev/null
status promoted $two
start $one --replicaof 127.0.0.1 $two
until_says $one "" "master_link_status:up" info replication
broken server-stopped $one redis-cli -p $one shutdown nosave
start $three --maxclients 1
sleep 30 | redis-cli -p $three >/dev/null 2>&1 &
pids[held]=$!
for i in $(seq 50); do
    session too-many $three "PING 1"
    grep -q "max number" "$here/too-many.session" && break
done
kill -KILL ${pids[$three]} ${pids[held]}; wait ${pids[$three]} ${pids[held]} 2>/dev/null
start $three --enable-debug-command yes
redis-cli -p $three debug populate 300000 >/dev/null; redis-cli -p $three save >/dev/null
kill -KILL ${pids[$three]}; wait ${pids[$three]} 2>/dev/null
start $three --key-load-delay 100
session loading $three 'PING 1'
ls "$here"/*.session | wc -l
