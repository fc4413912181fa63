#!/bin/bash
# Records these fixtures anew from Debian's monitoring-plugins-basic: record.sh [THEIR FOLDER]
#
# A .session file is the reply as the runner makes it: its line (the time in it is made up), then
# what the plugin wrote, byte for byte. Leaves nothing behind.
set -u
here=$(cd "$(dirname "$0")" && pwd)
plugins=${1:-/usr/lib/nagios/plugins}
# session NAME COMMAND...
session() {
    local name=$1 out status; shift
    out=$(mktemp)
    env -i PATH="$PATH" HOME=/nonexistent LANG=C LC_ALL=C "$@" >"$out" 2>&1 </dev/null
    status=$?
    { echo "@@azimuth exit $status after 1500 us"; cat "$out"; } >"$here/$name.session"
    rm "$out"
}
port=27441
python3 -m http.server --bind 127.0.0.1 $port >/dev/null 2>&1 &
server=$!
trap 'kill $server' EXIT
until (: <>/dev/tcp/127.0.0.1/$port) 2>/dev/null; do :; done

rm -f "$here"/*.session
session disk-ok "$plugins/check_disk" -w 1% -c 1% -p /
session disk-critical "$plugins/check_disk" -w 100% -c 100% -p /
session disk-two "$plugins/check_disk" -w 1% -c 1% -p / -p /dev/shm
session disk-nowhere "$plugins/check_disk" -w 1% -c 1% -p /no/such/place
session load-ok "$plugins/check_load" -w 900,900,900 -c 999,999,999
session load-warning "$plugins/check_load" -w 0,0,0 -c 999,999,999
session load-per-cpu "$plugins/check_load" -r -w 900,900,900 -c 999,999,999
session procs-ok "$plugins/check_procs" -c 1:100000
session procs-critical "$plugins/check_procs" -c 1:1 -C no-such-command
session tcp-ok "$plugins/check_tcp" -H 127.0.0.1 -p $port
session tcp-refused "$plugins/check_tcp" -H 127.0.0.1 -p 1
session http-ok "$plugins/check_http" -I 127.0.0.1 -p $port -u /
session usage "$plugins/check_tcp"
session dummy-multi-line sh -c 'printf "BACKUP OK|age=3600s;86400\nnewest: orders\nsize by set|%s\n%s\n" \
    "'\''set a'\''=12MB;;;0;99 '\''it'\'''\''s'\''=U" "b=1.5e3c"'
session not-found sh -c 'exec /no/such/plugin'
