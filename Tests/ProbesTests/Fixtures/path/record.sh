#!/bin/bash
# Records these fixtures anew: what ping(8) says, in a network of its own: record.sh (as root)
#
# A .session file is the reply as the runner makes it: its line (the times in it are made up), then
# what ping wrote. Tries of connections are the runner's own lines; real ones come from
# Tests/CollectTests/Errands.
set -u
here=$(cd "$(dirname "$0")" && pwd)
if [ "${1:-}" != inside ]; then
    rm -f "$here"/*.session
    exec unshare -n bash "$here/record.sh" inside
fi
ip link set lo up
ip link add lab type bridge
ip addr add 10.9.0.1/24 dev lab
ip link set lab up

# session NAME HEAD ADDRESS [PING'S ARGUMENTS...]
head() { echo "@@azimuth $1 after 820000 us at=2026-11-23T07:20:31.000Z zone=32400 $2"; }
ping_session() {
    local out status
    out=$(mktemp)
    env -i PATH="$PATH" LANG=C LC_ALL=C ping -n -q -i 0.2 -W 1 "${@:3}" >"$out" 2>&1 </dev/null
    status=$?
    { head "exit $status" "$2"; cat "$out"; } >"$here/$1.session"
    rm "$out"
}
ping_session icmp '10.9.0.1 by=icmp' -c 5 10.9.0.1
ping_session icmp-slow '10.9.0.1 by=icmp rtt-warn=1us' -c 2 10.9.0.1
ping_session icmp-lost '10.9.0.77 by=icmp' -c 2 10.9.0.77
(until pgrep -x ping >/dev/null; do :; done; read -rt 0.5 <> <(:); ip addr add 10.9.0.78/32 dev lo) &
ping_session icmp-partly '10.9.0.78 by=icmp loss-down=90%' -c 6 10.9.0.78
ping_session icmp-no-route '10.8.0.1 by=icmp' -c 2 10.8.0.1
ping_session icmp-no-host 'no-such-name.invalid by=icmp' -c 2 no-such-name.invalid
# Where a program may send no ICMP (ping_group_range, no capability).
out=$(setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs \
    env -i PATH="$PATH" LC_ALL=C ping -n -q -c 2 10.9.0.1 2>&1)
{ head "exit $?" '10.9.0.1 by=icmp'; echo "$out"; } >"$here/icmp-no-right.session"
# As busybox says it: https://git.busybox.net/busybox/tree/networking/ping.c (print_stats_and_exit).
{ head 'exit 0' '10.9.0.1 by=icmp'
  printf -- '--- 10.9.0.1 ping statistics ---\n5 packets transmitted, 4 packets received, 20%% packet loss\n'
  printf 'round-trip min/avg/max = 0.061/38.2/44.700 ms\n'; } >"$here/icmp-busybox.session"

tried() { { head "tried $#" "$where"; printf '%s\n' "$@"; } >"$here/$name.session"; }
name=tcp where='dx-peer:179 rtt-warn=50ms'
tried 'connected 38001' 'refused 38123' 'refused 37980' 'connected 38400' 'refused 39000'
name=tcp-slow where='dx-peer:179 rtt-warn=30ms rtt-down=100ms'
tried 'connected 38001' 'connected 38123'
name=tcp-slower where='dx-peer:179 rtt-warn=30ms rtt-down=35ms'
tried 'connected 38001' 'connected 38123'
name=tcp-lossy where='dx-peer:179 rtt-warn=30ms'
tried 'connected 38001' 'lost 390000 no answer within 390 ms' 'refused 38123' 'lost 390000 no answer within 390 ms' 'refused 37980'
name=tcp-lossy-tolerated where='dx-peer:179 loss-warn=41% count=5'
tried 'connected 38001' 'lost 390000 no answer within 390 ms' 'refused 38123' 'lost 390000 no answer within 390 ms' 'refused 37980'
name=tcp-lossy-down where='dx-peer:179 loss-down=40%'
tried 'connected 38001' 'lost 390000 no answer within 390 ms' 'refused 38123' 'lost 390000 no answer within 390 ms' 'refused 37980'
name=tcp-lost where='dx-peer:179 count=2'
tried 'lost 12 No route to host' 'lost 9 No route to host'
