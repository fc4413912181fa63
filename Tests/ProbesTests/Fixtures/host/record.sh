#!/bin/bash
# Records these fixtures anew from this machine, as root: record.sh [PATH OF AZIMUTH]
#
# A .session file is the reply as the runner makes it. File systems that are full and links that
# are down are real ones, in namespaces that end with this script.
set -u
self=$(realpath "$0")
cd "$(dirname "$self")" || exit 1
azimuth=$(realpath "${1:-../../../../.build/debug/azimuth}")
[ "${INSIDE:-}" ] || exec env INSIDE=1 unshare --mount --net "$self" "$azimuth"

# session NAME ADDRESS: the reply stands before the first empty line; its time is made up.
session() {
    "$azimuth" probe host "$2" --raw 2>/dev/null | sed -e '/^$/,$d' -e 's/\xEF\xBF\xBD/\t/g' -e 's/after [0-9]* us/after 150 us/' >"$1.session"
}
rm -f ./*.session
for sign in cpu load memory pressure system; do session $sign $sign; done
disk=$(ls -d /sys/block/*/device | head -1 | cut -d/ -f4)
session io "io $disk"
session io-gone "io no-such-disk"

mount -t sysfs sysfs /sys
session network-down "network lo"
ip link set lo up
ping -c 3 127.0.0.1 >/dev/null
session network "network lo"
session network-gone "network no-such"

room=$(mktemp -d)
mount -t tmpfs -o size=100k,nr_inodes=20 tmpfs "$room"
session disk "disk $room"
head -c 92K /dev/zero >"$room/file"
session disk-nearly-full "disk $room"
head -c 8K /dev/zero >>"$room/file"
session disk-full "disk $room"
rm "$room/file"
for number in {1..19}; do : >"$room/$number" || break; done
session disk-no-inodes "disk $room"
mount -o remount,ro "$room"
session disk-read-only "disk $room"
umount "$room"
rmdir "$room"
sed -i "s|$room|/srv|" ./*.session

# What no machine at hand is: cut in the middle, without what old kernels lack, and nonsense.
head -c 70 cpu.session >odd-cpu-cut.session
sed '/MemAvailable/d' memory.session >odd-memory-3.13.session
sed -e 's/MemAvailable: *[0-9]*/MemAvailable: 499999/' -e 's/MemTotal: *[0-9]*/MemTotal: 9999999/' \
    memory.session >odd-memory-short.session
sed -e 's/MemAvailable: *[0-9]*/MemAvailable: 199999/' -e 's/MemTotal: *[0-9]*/MemTotal: 9999999/' \
    memory.session >odd-memory-out.session
sed -e 's/avg60=[0-9.]*/avg60=45.50/' pressure.session >odd-pressure-stuck.session
sed -e '/memory/,$d' -e 's/avg60=[0-9.]*/avg60=85.99/' pressure.session >odd-pressure-cpu-only.session
sed -e 's/^ [0-9.]* [0-9.]* [0-9.]*/ 1.00 9.99 3.00/' load.session >odd-load-long.session
sed -e 's/avg/nan=/' -e 's/=[0-9.]* /=inf /g' pressure.session >odd-pressure-nonsense.session
sed 's/total [0-9]* free/total 18446744073709551615 free/' disk.session >odd-disk-endless.session
sed 's/ [0-9][0-9]*/ 1e999/3' io.session >odd-io-nonsense.session
sed 's/^ @@file/@@file/; s/^ /@@file/' load.session >odd-load-as-heads.session
