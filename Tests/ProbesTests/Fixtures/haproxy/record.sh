#!/bin/bash
# Records these fixtures anew from a real HAProxy (2.6): record.sh
#
# A .session file is the reply as the runner makes it: its line (the times in it are made up, then
# what is looked at), then the bytes that came. One HAProxy plays the servers, the other one checks
# them. Leaves nothing behind.
set -u
here=$(cd "$(dirname "$0")" && pwd)
lab=$(mktemp -d)
good=27461 sick=27462 gone=27463 hung=27464 refused=27465 front=27466 stats=27467 paged=27468 soon=27469
cat >"$lab/servers.cfg" <<C
global
    stats socket $lab/servers.sock mode 600 level admin
defaults
    mode http
    timeout connect 1s
    timeout client 5s
    timeout server 5s
frontend good
    bind 127.0.0.1:$good
    http-request return status 200
frontend sick
    bind 127.0.0.1:$sick
    http-request return status 503
frontend soon
    bind 127.0.0.1:$soon
    http-request return status 200
frontend gone
    bind 127.0.0.1:$gone
    http-request return status 404
C
cat >"$lab/proxy.cfg" <<C
global
    stats socket $lab/admin.sock mode 600 level admin
defaults
    mode http
    timeout connect 1s
    timeout client 5s
    timeout server 1s
    timeout check 200ms
    option httpchk GET /health
    default-server inter 200ms fall 3 rise 2
frontend fe
    bind 127.0.0.1:$front
    use_backend sick if { path /sick }
    default_backend be
frontend off
    bind 127.0.0.1:$((front + 10))
    default_backend be
backend be
    server web1 127.0.0.1:$good check
    server web2 127.0.0.1:$good check
backend half
    server web1 127.0.0.1:$refused check
    server web2 127.0.0.1:$good check
backend none
    server web1 127.0.0.1:$refused check
    server web2 127.0.0.1:$hung check
backend spare
    server web1 127.0.0.1:$refused check
    server web2 127.0.0.1:$good check backup
backend kept
    server web1 127.0.0.1:$good check
    server web2 127.0.0.1:$good check
    server web3 127.0.0.1:$good check
    server web4 no-such-host.invalid:80 check init-addr none
backend sick
    server web1 127.0.0.1:$sick check
backend gone
    http-check disable-on-404
    server web1 127.0.0.1:$gone check
    server web2 127.0.0.1:$good check
backend failing
    server web1 127.0.0.1:$soon check fall 1000
backend coming
    server web1 127.0.0.1:$good check rise 1000
backend unchecked
    server web1 127.0.0.1:$good
backend first
    server web1 127.0.0.1:$hung check inter 900ms fall 20
backend tcp
    mode tcp
    option tcp-check
    server db1 127.0.0.1:$good check
    server db2 127.0.0.1:$refused check
listen stats
    bind 127.0.0.1:$stats
    stats enable
    stats uri /
listen paged
    bind 127.0.0.1:$paged
    stats enable
    stats uri /
    stats auth azimuth:nobody-needs-it
C
python3 -c "
import socket, time
s = socket.create_server(('127.0.0.1', $hung), backlog=64)
time.sleep(600)" &
jobs=$!
haproxy -q -db -f "$lab/servers.cfg" 2>/dev/null & jobs="$jobs $!"
haproxy -q -db -f "$lab/proxy.cfg" 2>/dev/null & jobs="$jobs $!"
trap 'kill $jobs; wait; rm -rf "$lab"' EXIT
say() { python3 - "$lab/${2:-admin}.sock" "$1" <<'P'
import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(sys.argv[2].encode() + b"\n")
while part := s.recv(65536): sys.stdout.buffer.write(part)
P
}
until say 'show info' >/dev/null 2>&1; do sleep 0.1; done
# What the first check has not seen so far.
first=$(say 'show stat first 7 -1')
until say 'show stat none 4 -1' | awk -F, '/^none/ && $18 == "DOWN" {n++} END {exit n != 2}'; do sleep 0.1; done
until say 'show stat failing 4 -1' | grep -q ,L7OK,; do sleep 0.1; done
say 'disable frontend soon' servers >/dev/null
for path in / / / /sick; do curl -s -o /dev/null http://127.0.0.1:$front$path; done
say 'set server state maint' >/dev/null
say 'set server kept/web2 state drain' >/dev/null
say 'set server coming/web1 health down' >/dev/null
say 'disable frontend off' >/dev/null
for wait in "coming DOWN.[0-9]*/1000" "failing UP.[0-9]*/1000"; do
    until say "show stat ${wait% *} 4 -1" | grep -q ",${wait#* },"; do sleep 0.1; done
done

# session NAME WHAT REPLY
session() { printf '@@azimuth connected 120 after 900 us %s\n%s\n' "$2" "$3" >"$here/$1.session"; }
rm -f "$here"/*.session
for what in be/web1 half/web1 none/web2 sick/web1 gone/web1 failing/web1 coming/web1 \
    unchecked/web1 kept/web2 kept/web4 tcp/db2; do
    session "server-${what/\//-}" "$what" "$(say "show stat ${what%/*} 7 -1")"
done
session server-first "first/web1" "$first"
for what in be half none spare kept unchecked tcp; do
    session "backend-$what" "$what" "$(say "show stat $what 7 -1")"
done
session backend-no-servers stats "$(say 'show stat stats 7 -1')"
session frontend-open fe "$(say 'show stat fe 7 -1')"
session frontend-stopped off "$(say 'show stat off 7 -1')"
session proxy '' "$(say 'show stat -1 3 -1')"
session no-such-server be/web9 "$(say 'show stat be 7 -1')"
session no-such-backend no-such "$(say 'show stat no-such 7 -1')"
session not-understood be "$(say 'show stats be 7 -1' | head -n 4)"
page() { curl -s -i --raw -H 'Connection: close' "http://127.0.0.1:$1/;csv$2"; }
session page-server half/web1 "$(page $stats '?scope=half')"
session page-login half "$(page $paged '')"
session page-other half "$(curl -s -i --raw http://127.0.0.1:$good/)"
# Cut as the runner cuts what is too long, inside of the row of web2.
printf '@@azimuth connected 120 after 900 us be/web2\n%s' "$(say 'show stat be 7 -1' | head -n 3 | head -c -100)" \
    >"$here/cut.session"
