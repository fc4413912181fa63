#!/bin/bash
# Records these fixtures anew from iproute2, in a network namespace of its own: record.sh (as root)
#
# A .session file is the reply as the runner makes it: its line (the time in it is made up), then
# what `ip` wrote, byte for byte. Leaves nothing behind.
set -u
here=$(cd "$(dirname "$0")" && pwd)
a=azimuth-rec-a b=azimuth-rec-b
trap 'ip netns del $a; ip netns del $b' EXIT
for n in $a $b; do ip netns add $n && ip -n $n link set lo up; done
ip -n $a link add eth0 type veth peer name eth0 netns $b
for n in $a $b; do ip -n $n link set eth0 up; done
ip -n $a address add 10.77.0.1/24 dev eth0
ip -n $a address add fd00:77::1/64 dev eth0 nodad
# session NAME EXPECTS COMMAND...
session() {
    local name=$1 expects=$2 out status; shift 2
    out=$(mktemp)
    env -i PATH="$PATH" HOME=/nonexistent LANG=C LC_ALL=C "$@" >"$out" 2>&1 </dev/null
    status=$?
    { echo "@@azimuth exit $status after 1500 us $expects"; cat "$out"; } >"$here/$name.session"
    rm "$out"
}
four=(ip -netns $a -4 -json address show)
six=(ip -netns $a -6 -json address show)
eth0=(ip -netns $a -json address show dev eth0)

rm -f "$here"/*.session
session standby 10.77.0.100 "${four[@]}"
session standby-six fd00:77::100 "${six[@]}"
session standby-elsewhere 10.99.0.100 "${four[@]}"
session no-interface "10.77.0.100 dev=bond9" ip -netns $a -json address show dev bond9
session no-namespace 10.77.0.100 ip -netns azimuth-none -4 -json address show
session no-right 10.77.0.100 setpriv --reuid nobody --clear-groups --inh-caps=-all \
    ip -netns $a -4 -json address show
session no-program 10.77.0.100 ip -no-such-option
ip -n $a address add 10.77.0.100/24 dev eth0
ip -n $a address add fd00:77:0::100/64 dev eth0 nodad
session primary 10.77.0.100 "${four[@]}"
session primary-dev "10.77.0.100 dev=eth0" "${eth0[@]}"
session primary-six fd00:77:0:0::100 "${six[@]}"
session other-dev "10.77.0.100 dev=lo" ip -netns $a -json address show dev lo
# The other end goes down: no carrier.
ip -n $b link set eth0 down
until ip -n $a link show dev eth0 | grep -q NO-CARRIER; do sleep 0.1; done
session held-without-link 10.77.0.100 "${four[@]}"
ip -n $a address del 10.77.0.100/24 dev eth0
session standby-without-link 10.77.0.100 "${four[@]}"
session standby-without-link-dev "10.77.0.100 dev=eth0" "${eth0[@]}"
ip -n $b link set eth0 up
# Another host has it: duplicate address detection takes a second or so.
ip -n $b address add fd00:77::200/64 dev eth0 nodad
ip -n $a address add fd00:77::200/64 dev eth0
session tentative fd00:77::200 "${six[@]}"
until ip -n $a -6 address show dev eth0 dadfailed | grep -q 200; do sleep 0.1; done
session duplicate fd00:77::200 "${six[@]}"
