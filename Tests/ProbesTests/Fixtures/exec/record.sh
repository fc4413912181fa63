#!/bin/bash
# Records these fixtures anew: what real commands print. record.sh
#
# A .session file is the reply as the runner makes it: its line (the time in it is made up), then
# what the command wrote, standard error included.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# session NAME SCRIPT
session() {
    local out status
    out=$(mktemp)
    env -i PATH="$PATH" HOME=/nonexistent LANG=C LC_ALL=C sh -c "$2" >"$out" 2>&1 </dev/null
    status=$?
    { echo "@@azimuth exit $status after 1500 us"; cat "$out"; } >"$here/$1.session"
    rm "$out"
}
rm -f "$here"/*.session
session all-types 'cat <<J
{"type":"health","health":"warn","reason":"one of two tunnels is up"}
{"type":"metric","name":"tunnels-up","value":1}
{"type":"metric","name":"rtt","value":12.5,"unit":"ms"}
{"type":"link","link":"orders","health":"ok","behind":1.5,"bytes":4096}
{"type":"event","at":"2026-11-23T07:20:31Z","level":"error","text":"tunnel 2: IKE \u0070hase 1 failed \ud83d\udea8"}
{"type":"event","text":"maintenance\tannounced"}
J'
session role 'echo "{\"type\":\"role\",\"role\":\"standby\"}"; echo "{\"type\":\"health\",\"health\":\"warn\",\"reason\":\"eth0 is down\"}"'
session metrics-only 'uptime_s=$(cut -d. -f1 /proc/uptime); echo "{\"type\":\"metric\",\"name\":\"answer\",\"value\":42,\"unit\":null}"'
session warns-on-stderr 'echo "warning: old configuration" >&2; echo "{\"type\":\"health\",\"health\":\"ok\"}"'
session fails 'echo "{\"type\":\"metric\",\"name\":\"a\",\"value\":1}"; echo "no credentials" >&2; exit 3'
session no-command 'exec no-such-command'
session worst-counts 'for h in ok down warn; do echo "{\"type\":\"health\",\"health\":\"$h\",\"reason\":\"is $h\"}"; done'
