#!/bin/bash
# Records these fixtures anew from a real pair of servers: record.sh [DIRECTORY OF THE BINARIES]
#
# A .session file is what one psql, run as the probe runs it, wrote to its pipe: byte for byte.
# Started as root it runs the servers as the user postgres. Leaves nothing behind.
set -u
here=$(cd "$(dirname "$0")" && pwd)
bin=${1:-$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)}
lab=$(mktemp -d)
one=27431 two=27432
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid postgres --regid postgres --init-groups env LC_ALL=C TZ=UTC "$@"; else env LC_ALL=C TZ=UTC "$@"; fi; }
finish() { for n in 1 2; do as "$bin/pg_ctl" -D "$lab/n$n" -m immediate stop >/dev/null 2>&1; done; rm -rf "$lab"; }
trap finish EXIT
[ "$(id -u)" = 0 ] && chown postgres "$lab"

# The question as it stands in the source: the lines between its quotes, joined at each backslash.
question=$(sed -n '/static let question = """/,/^        """/p' \
    "$here/../../../../Sources/Probes/PostgreSQL/PostgreSQLStatus.swift" |
    sed '1d; $d; s/^ *//; s/\\$//' | tr -d '\n')

# session NAME PORT USER STATEMENT [OPTIONS]: one request, numbered 7
session() {
    printf '%s;\n\\echo @@azimuth 7 :SQLSTATE\n' "$4" | client "$2" "$3" "${5:-}" >"$here/$1.session"
}
client() {
    env -i PATH="$bin:$PATH" HOME=/nonexistent LANG=C PGCONNECT_TIMEOUT=2 PGAPPNAME=azimuth \
        PGOPTIONS='-c statement_timeout=1000' psql -X -w -A -t -q '-F|' -v ON_ERROR_STOP=0 \
        -P pager=off --dbname="host=127.0.0.1 port=$1 user=$2 dbname=postgres ${3:-}" 2>&1
}
# broken NAME PORT COMMAND...: answers request 6, then COMMAND breaks the server, then request 7
broken() {
    local name=$1 port=$2; shift 2
    {
        printf 'select 1;\n\\echo @@azimuth 6 :SQLSTATE\n'
        for i in $(seq 100); do grep -q "@@azimuth 6" "$here/$name.session" && break; sleep 0.1; done
        "$@" >/dev/null 2>&1
        printf 'select 1;\n\\echo @@azimuth 7 :SQLSTATE\n'
    } | client "$port" postgres >"$here/$name.session"
}
sql() { psql -X -h 127.0.0.1 -p "$1" -U postgres -Atqc "$2" postgres; }
until_true() { local i; for i in $(seq 100); do [ "$(sql "$1" "$2" 2>/dev/null)" = t ] && return; sleep 0.1; done; echo "waited in vain: $2" >&2; }
start() { as "$bin/pg_ctl" -D "$lab/n$1" -l "$lab/n$1.log" -w start >/dev/null; }
status() { session "$1" "$2" postgres "$question"; }

rm -f "$here"/*.session
as "$bin/initdb" -D "$lab/n1" -A trust -U postgres -E UTF8 --locale=C >/dev/null
cat >>"$lab/n1/postgresql.conf" <<C
port = $one
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
wal_level = replica
max_wal_senders = 4
wal_log_hints = on
max_connections = 20
wal_keep_size = 64MB
C
sed -i '1i host all locked 127.0.0.1/32 scram-sha-256\nhost all outside 127.0.0.1/32 reject' "$lab/n1/pg_hba.conf"
start 1
sql $one "create table azimuth_canary(seq bigint primary key, at timestamptz not null)"
sql $one "create role plain login; create role locked login password 'x'; create role limited login connection limit 0; create role outside login"
as "$bin/pg_basebackup" -h 127.0.0.1 -p $one -U postgres -D "$lab/n2" -R -X stream -c fast
printf "port = %s\nprimary_conninfo = 'application_name=n2 host=127.0.0.1 port=%s user=postgres'\n" $two $one >>"$lab/n2/postgresql.auto.conf"
start 2
until_true $one "select count(*) = 1 from pg_stat_replication where state = 'streaming' and flush_lsn is not null"

status primary $one
status standby $two
session primary-hidden $one plain "$question"
session standby-hidden $two plain "$question"
sql $one "alter system set synchronous_standby_names = 'n2'"; sql $one "select pg_reload_conf()" >/dev/null
until_true $one "select count(*) = 1 from pg_stat_replication where sync_state = 'sync'"
status primary-synchronous $one
sql $one "alter system reset synchronous_standby_names"; sql $one "select pg_reload_conf()" >/dev/null
sql $two "select pg_wal_replay_pause()"; sql $one "insert into azimuth_canary values (1, now())"
until_true $two "select pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()"
status replay-paused $two
sql $two "select pg_wal_replay_resume()"

session try-read $one postgres "select 42"
session try-write $one postgres "insert into azimuth_canary(seq, at) values (42, clock_timestamp()) returning seq"
session try-standby $two postgres "insert into azimuth_canary(seq, at) values (43, clock_timestamp()) returning seq"
session try-no-table $one postgres "insert into nowhere(seq, at) values (42, clock_timestamp()) returning seq"
session try-no-right $one plain "insert into azimuth_canary(seq, at) values (42, clock_timestamp()) returning seq"
session try-slow $one postgres "select pg_sleep(5)"
sql $one "insert into azimuth_canary select n, now() from unnest(array[101, 102, 103, 107, 109, 110]) n"
session writes-gaps $one postgres "select min(seq), max(seq) from (select seq, seq - row_number() over (order by seq) as island from (select distinct seq from azimuth_canary where seq between 100 and 200) d) i group by island order by 1"
session writes-none $one postgres "select min(seq), max(seq) from (select seq, seq - row_number() over (order by seq) as island from (select distinct seq from azimuth_canary where seq between 300 and 400) d) i group by island order by 1"
session no-role $one nobody "select 1"
session no-password $one locked "select 1"
session wrong-password $one locked "select 1" "password=wrong"
session rejected $one outside "select 1"
session too-many $one limited "select 1"
session no-database $one postgres "select 1" "dbname=nowhere"
session no-host $one postgres "select 1" "host=db.invalid"
session bad-option $one postgres "select 1" "hots=x"
session refused 27439 postgres "select 1"

broken terminated $one sql $one "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'azimuth'"
broken backend-killed $one sh -c "kill -9 \$(psql -X -h 127.0.0.1 -p $one -U postgres -Atqc \"select pid from pg_stat_activity where application_name = 'azimuth'\" postgres)"
until_true $one "select true"
until_true $one "select count(*) = 1 from pg_stat_replication where state = 'streaming'"
sql $one "create table bulk as select generate_series(1, 500000) as n"
broken postmaster-killed $one sh -c "p=\$(head -1 $lab/n1/postmaster.pid); kill -9 \$p \$(pgrep -P \$p)"
until_true $two "select count(*) = 0 from pg_stat_wal_receiver"
status standby-alone $two

# A server that starts has a few MB to replay: asked until it says so. Where nobody reaps the
# killed postmaster its lock file would look alive.
rm -f "$lab/n1/postmaster.pid"
as "$bin/pg_ctl" -D "$lab/n1" -l "$lab/n1.log" -W start >/dev/null 2>&1
for i in $(seq 300); do
    session starting-up $one postgres "select 1"
    grep -q 'starting up' "$here/starting-up.session" && break
done
until_true $one "select true"
broken shut-down $one as "$bin/pg_ctl" -D "$lab/n1" -m fast stop
as "$bin/pg_ctl" -D "$lab/n2" -w promote >/dev/null
status promoted $two
ls "$here"/*.session | wc -l
