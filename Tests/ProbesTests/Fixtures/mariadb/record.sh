#!/bin/bash
# Records these fixtures anew from a real pair of servers (run as root, MariaDB 10.11): record.sh
#
# A .session file is what one client, run as the probe runs it, wrote to its pipe: byte for byte.
# The servers run as the user mysql. Leaves nothing behind.
set -u
here=$(cd "$(dirname "$0")" && pwd)
lab=$(mktemp -d)
one=27441 two=27442
finish() { for n in 1 2; do [ -f "$lab/n$n/pid" ] && kill -9 "$(cat "$lab/n$n/pid")"; done 2>/dev/null; wait; rm -rf "$lab"; }
trap finish EXIT
chown mysql "$lab"

# The question as it stands in the source: the lines between its quotes, joined at each backslash.
question=$(sed -n '/static let question = """/,/^        """/p' \
    "$here/../../../../Sources/Probes/MariaDB/MariaDBStatus.swift" |
    sed '1d; $d; s/^ *//; s/\\$//' | tr -d '\n')
text() { # NUMBER STATEMENTS: the request as MariaDB.request makes it
    printf '%s' "begin not atomic declare n int; declare c int; declare m text; declare exit handler for sqlexception begin get diagnostics n = number; get diagnostics condition n c = mysql_errno, m = message_text; select concat('@@azimuth $1 ', c, ' ', m) as \`\`; end; $2; select concat('@@azimuth $1 0 ', row_count()) as \`\`; end//"
    echo
}
# session NAME PORT USER STATEMENTS [PASSWORD] [LINE OF THE DEFAULTS FILE]: one request, numbered 7
session() {
    text 7 "$4" | client "$2" "$3" "${5:-}" "${6:-}" >"$here/$1.session"
}
client() { # PORT USER PASSWORD LINE-OF-THE-DEFAULTS-FILE
    printf '[client]\n%s\n%s\n' "${3:+password=$3}" "${4:-}" >"$lab/my.cnf"
    env -i PATH="$PATH" HOME=/nonexistent LANG=C mariadb "--defaults-file=$lab/my.cnf" "--host=${5:-127.0.0.1}" "--port=$1" \
        "--user=$2" --batch --unbuffered --column-names --skip-raw --skip-table --skip-vertical \
        --skip-force --skip-reconnect --delimiter=// --connect-timeout=1 \
        "--init-command=set autocommit=1, max_statement_time=1.000, time_zone='+00:00'" 2>&1
}
# broken NAME PORT COMMAND...: answers request 6, then COMMAND breaks the server, then request 7
broken() {
    local name=$1 port=$2; shift 2
    {
        text 6 'select 1 as seq'
        for i in $(seq 100); do grep -q "@@azimuth 6" "$here/$name.session" && break; sleep 0.1; done
        "$@" >/dev/null 2>&1
        text 7 'select 1 as seq'
    } | client "$port" probe probe >"$here/$name.session"
}
sql() { mariadb --no-defaults -h 127.0.0.1 -P "$1" -u root -N -B -e "$2"; }
until_true() { local i; for i in $(seq 100); do [ "$(sql "$1" "$2" 2>/dev/null)" = 1 ] && return; sleep 0.1; done; echo "waited in vain: $2" >&2; }
until_says() { local i; for i in $(seq 100); do mariadb --no-defaults -h 127.0.0.1 -P "$1" -u root -e 'show slave status\G' 2>/dev/null | grep -qx "$2" && return; sleep 0.1; done; echo "waited in vain: $2" >&2; }
start() { # NUMBER PORT OPTION...
    local n=$1 port=$2; shift 2
    mariadbd --no-defaults --user=mysql "--datadir=$lab/n$n" "--port=$port" --bind-address=127.0.0.1 "--socket=$lab/n$n/s.sock" \
        "--pid-file=$lab/n$n/pid" "--server-id=$n" --log-bin=bin --binlog-format=ROW --gtid-strict-mode=ON --log-slave-updates \
        --innodb-buffer-pool-size=16M --skip-name-resolve --relay-log=relay --max-connections=20 "--log-error=$lab/n$n.err" "$@" \
        >/dev/null 2>&1 &
    until_true "$port" 'select 1'
}
status() { session "$1" "$2" probe "$question" probe; }

rm -f "$here"/*.session
for n in 1 2; do
    mariadb-install-db --no-defaults --user=mysql "--datadir=$lab/n$n" --auth-root-authentication-method=normal --skip-test-db >/dev/null 2>&1
done
start 1 $one
sql $one "create user repl@'127.0.0.1' identified by 'repl'; grant replication slave on *.* to repl@'127.0.0.1'; create database lab; create table lab.azimuth_canary(seq bigint primary key, at timestamp(6) not null); create user probe@'127.0.0.1' identified by 'probe'; grant all on lab.* to probe@'127.0.0.1'; grant slave monitor on *.* to probe@'127.0.0.1'; create user plain@'127.0.0.1' identified by 'plain'; create user limited@'127.0.0.1' identified by 'limited' with max_user_connections 1"
start 2 $two --read-only=1
status primary-alone $one
sql $two "change master to master_host='127.0.0.1', master_port=$one, master_user='repl', master_password='repl', master_use_gtid=slave_pos, master_connect_retry=1, master_heartbeat_period=1; start slave"
until_says $two ' *Slave_IO_Running: Yes'
until_true $two 'select count(*) from mysql.user where user = "limited"'

status primary $one
status standby $two
session hidden $two plain "$question" plain
sql $two 'stop slave sql_thread'
sql $one "insert into lab.azimuth_canary values (1, now(6))"
sleep 1
status applier-stopped $two
sql $two 'start slave sql_thread'
until_true $two 'select count(*) from lab.azimuth_canary'
sql $two 'stop slave io_thread'
sql $one "insert into lab.azimuth_canary values (2, now(6))"
status receiver-stopped $two
sql $two 'start slave io_thread'
until_true $two 'select count(*) = 2 from lab.azimuth_canary'
sql $two 'set global read_only = 0'
status standby-writable $two
sql $two 'set global read_only = 1'
mariadb --no-defaults -h 127.0.0.1 -P $two -u root -e 'flush tables with read lock; select sleep(20)' >/dev/null &
lock=$!
until_true $two "select count(*) from information_schema.processlist where info = 'select sleep(20)'"
sql $one "insert into lab.azimuth_canary values (3, now(6))"
sleep 2
status locked $two
kill $lock; sql $two "kill query $(sql $two "select id from information_schema.processlist where info = 'select sleep(20)'")"; wait $lock 2>/dev/null
until_true $two 'select count(*) = 3 from lab.azimuth_canary'

write() { echo "insert into $1(seq, at) select 42, now(6) from dual where concat(@@global.read_only) in ('0', 'OFF')"; }
session try-read $one probe "select 42 as seq" probe
session try-write $one probe "$(write '`lab`.`azimuth_canary`')" probe
session try-twice $one probe "$(write '`lab`.`azimuth_canary`')" probe
session try-standby $two probe "$(write '`lab`.`azimuth_canary`')" probe
session try-standby-root $two root "$(write '`lab`.`azimuth_canary`')"
session try-no-table $one probe "$(write '`lab`.`nowhere`')" probe
session try-no-right $one plain "$(write '`lab`.`azimuth_canary`')" plain
session try-slow $one probe "select sleep(5) as seq" probe
sql $one "insert into lab.azimuth_canary(seq, at) values (101, now()), (102, now()), (103, now()), (107, now()), (109, now()), (110, now())"
islands() { echo "select min(seq) as first, max(seq) as last from (select seq, seq - row_number() over (order by seq) as island from (select distinct seq from \`lab\`.\`azimuth_canary\` where seq between $1 and $2) d) i group by island order by 1"; }
session writes-gaps $one probe "$(islands 100 200)" probe
session writes-none $one probe "$(islands 300 400)" probe
session no-user $one nobody "select 1 as seq"
session no-password $one probe "select 1 as seq"
session wrong-password $one probe "select 1 as seq" wrong
session no-database $one probe "select 1 as seq" probe database=nowhere
session bad-option $one probe "select 1 as seq" probe frobnicate=1
text 7 "select 1 as seq" | client $one probe probe "" db.invalid >"$here/no-host.session"
session refused 27449 probe "select 1 as seq" probe
{ text 6 'select sleep(0.8) as seq'; sleep 1; } | client $one limited limited >/dev/null &
sleep 0.3
session too-many $one limited "select 1 as seq" limited
wait $! 2>/dev/null

killer="select concat('kill ', id) from information_schema.processlist where user = 'probe'"
broken terminated $one sh -c "mariadb --no-defaults -h 127.0.0.1 -P $one -u root -N -B -e \"$killer\" | mariadb --no-defaults -h 127.0.0.1 -P $one -u root"
broken shut-down $one sh -c "mariadb --no-defaults -h 127.0.0.1 -P $one -u root -e shutdown; while [ -f $lab/n1/pid ]; do sleep 0.1; done"
start 1 $one
until_says $two ' *Slave_IO_Running: Yes'
broken server-killed $one sh -c "kill -9 \$(cat $lab/n1/pid); sleep 0.5"
until_says $two ' *Slave_IO_Running: Connecting'
status standby-alone $two
sql $two 'stop slave'
status standby-stopped $two
sql $two 'set global read_only = 0'
status promoted-rows $two
sql $two 'reset slave all'
sql $two "insert into lab.azimuth_canary values (200, now(6))"
status promoted $two
ls "$here"/*.session | wc -l
