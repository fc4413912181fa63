#!/bin/bash
# Records these fixtures anew from a real restic: record.sh
#
# A .session file is the reply as the runner makes it: its line (the times in it are made up), then
# what the command wrote. What was found in files is the runner's own text; real ones come from
# Tests/CollectTests/Errands.
set -u
here=$(cd "$(dirname "$0")" && pwd)
lab=$(mktemp -d)
trap 'rm -rf "$lab"' EXIT
echo 'a password of this lab' >"$lab/password"
echo 'another' >"$lab/wrong"
export HOME="$lab" LC_ALL=C TZ=UTC RESTIC_REPOSITORY="$lab/repository"
restic="restic --no-cache --password-file $lab/password"
head() { echo "@@azimuth $1 after 820000 us at=2026-11-23T07:20:31.000Z zone=32400 $2"; }
# session NAME ADDRESS SCRIPT
session() {
    local out status
    out=$(mktemp)
    sh -c "$3" >"$out" 2>&1 </dev/null
    status=$?
    { head "exit $status" "$2"; sed "s|$lab|/srv|g" "$out"; } >"$here/$1.session"
    rm "$out"
}
rm -f "$here"/*.session
ask='command="restic snapshots --json" within=26h'
$restic init >/dev/null
session restic-none "$ask" "$restic snapshots --json"
mkdir "$lab/data"
printf 'one\n' >"$lab/data/orders.sql"
for day in 21 23 22; do
    $restic backup -q --host db-1 --time "2026-11-$day 02:00:11" "$lab/data"
done
session restic "$ask" "$restic snapshots --json"
session restic-older 'command="restic snapshots --json" within=4h' "$restic snapshots --json"
session restic-oldest 'command="restic snapshots --json" within=1h down=5h link=dr' "$restic snapshots --json"
session restic-wrong-password "$ask" "restic --no-cache --password-file $lab/wrong snapshots --json"
session restic-table 'command="restic snapshots" within=26h' "$restic snapshots"

# Shapes as documented: https://pgbackrest.org/command.html#command-info,
# https://borgbackup.readthedocs.io/en/stable/usage/list.html
printed() { { head 'exit 0' "$2"; printf '%s\n' "$3"; } >"$here/$1.session"; }
printed pgbackrest "command='pgbackrest info --output=json' key=stop size-key=size within=26h" \
    '[{"backup":[{"info":{"delta":26427,"size":27326496},"label":"20261121-020000F","timestamp":{"start":1795226400,"stop":1795226471}},{"info":{"delta":26427,"size":28326496},"label":"20261122-020000F","timestamp":{"start":1795312800,"stop":1795312871}}],"name":"orders"}]'
printed borg "command='borg list --json /srv/borg' within=26h" \
    '{"archives":[{"archive":"a","time":"2026-11-22T02:00:03.000000"},{"archive":"b","time":"2026-11-23T02:00:03.000000"}],"repository":{"last_modified":"2026-11-23T02:00:04.000000"}}'
printed lines "command='zfs-snapshots' within=26h contains=tank" "$(printf '%s\n' 'dozer 2026-11-23 07:00:00' 'tank 2026-11-23 02:00:00' 'tank 2026-11-22 02:00:00')"
printed damaged-json "$ask" '[{"time":"2026-11-23T02:00:03Z"'
printed deep-json "$ask" "$(printf '%.0s[' {1..99})"
printed one-json-a-line "$ask" "$(printf '%s\n' '{"time":"2026-11-22T02:00:03Z"}' '{"time":"2026-11-23T02:00:03Z"}')"

found() { { head 'found 0' "$2"; [ $# -lt 3 ] || printf '%s\n' "${@:3}"; } >"$here/$1.session"; }
dump='/srv/dumps/orders 2026-11-2'
found file 'files=/srv/dumps/*.dump within=26h' "newest 2026-11-22T17:00:11.250Z 52428800 ${dump}3.dump"
found file-old 'files=/srv/dumps/*.dump within=26h' "newest 2026-11-21T17:00:11.250Z 52428800 ${dump}2.dump"
found file-oldest 'files=/srv/dumps/*.dump within=26h' "newest 2026-11-20T17:00:11.250Z 52428800 ${dump}1.dump" "small 2026-11-22T17:00:11.250Z 0 ${dump}3.dump"
found file-future 'files=/srv/dumps/*.dump within=26h' "newest 2026-12-22T17:00:11.250Z 52428800 ${dump}3.dump"
found file-link 'files=/srv/dumps/*.dump within=26h link=dr' "newest 2026-11-22T17:00:11.250Z 52428800 ${dump}3.dump"
found folder 'files=/srv/daily.* within=26h' 'unreadable 1' 'newest 2026-11-22T17:00:11.250Z - /srv/daily.0'
found none 'files=/srv/dumps/*.dump within=26h link=dr'
found empty 'files=/srv/dumps/*.dump within=26h' "small 2026-11-22T17:00:11.250Z 0 ${dump}3.dump"
line="log=/var/log/backup.log contains='backup finished' within=26h"
found log "$line" 'line 2026-11-23 02:00:11,5 backup finished'
found log-utc "$line" 'line 2026-11-22T17:00:11Z backup finished'
found log-offset "$line" 'line [2026/11/22 12:00:11 -0500] backup finished'
found log-syslog "$line" 'line Nov 23 02:00:11 db-1 cron[7]: backup finished'
found log-last-year "$line" 'line Dec 31 02:00:11 db-1 cron[7]: backup finished'
found log-no-time "$line" 'line backup finished'
found log-none "$line"
