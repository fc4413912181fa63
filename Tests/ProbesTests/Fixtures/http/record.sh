#!/bin/bash
# Records these fixtures anew from a real nginx and Python's http.server: record.sh
#
# A .session file is the reply as the runner makes it: its line (the times in it are made up, then
# what is expected), then the bytes that came. Leaves nothing behind.
set -u
here=$(cd "$(dirname "$0")" && pwd)
lab=$(mktemp -d)
port=27442 other=27443
mkdir "$lab/www"
printf '<p>all is well, says <!--# echo var="uri" --></p>\n' >"$lab/www/page.shtml"
printf 'ok\n' >"$lab/www/health"
cat >"$lab/nginx.conf" <<C
daemon off; master_process off; pid $lab/pid; error_log $lab/error.log;
events {}
http {
    access_log off; client_body_temp_path $lab/a; proxy_temp_path $lab/b; fastcgi_temp_path $lab/c;
    uwsgi_temp_path $lab/d; scgi_temp_path $lab/e;
    server {
        listen 127.0.0.1:$port; root $lab/www; ssi on; ssi_types text/plain;
        location /away { return 302 http://127.0.0.1:$port/health; }
        location /ill { return 503; }
        location /none { return 204; }
    }
}
C
chmod -R a+rX "$lab"
nginx -c "$lab/nginx.conf" -p "$lab" -e "$lab/error.log" &
servers=$!
(cd "$lab/www" && exec python3 -m http.server --bind 127.0.0.1 $other) >/dev/null 2>&1 &
servers="$servers $!"
trap 'kill $servers; wait; rm -rf "$lab"' EXIT
for p in $port $other; do until (: <>/dev/tcp/127.0.0.1/$p) 2>/dev/null; do :; done; done

# session NAME PORT PATH EXPECTS
session() {
    exec 3<>"/dev/tcp/127.0.0.1/$2"
    printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nUser-Agent: azimuth\r\nAccept: */*\r\nConnection: close\r\n\r\n' "$3" "$2" >&3
    { echo "@@azimuth connected 310 after 2750 us $4"; cat <&3; } >"$here/$1.session"
    exec 3<&- 3>&-
}
rm -f "$here"/*.session
session nginx-ok $port /health '200-399'
session nginx-body $port /health '200-299 ok'
session nginx-body-missing $port /health '200-399 all is well'
session nginx-chunked $port /page.shtml '200-399 says /page.shtml'
session nginx-moved $port /away '200-399'
session nginx-moved-unwanted $port /away '200-299'
session nginx-unavailable $port /ill '200-399'
session nginx-unavailable-wanted $port /ill '200,503'
session nginx-no-content $port /none '200-299'
session python-ok $other /health '200-399 ok'
session python-missing $other /no-such-page '200-399'
session try-good $port /health '200-399'
session try-bad $port /ill '200-399'
# Over TLS: the line of the runner's (real ones come from Tests/CollectTests/TLS), and the same page.
# secure NAME EXPECTS FROM TO FOR CHAIN WORDS
secure() {
    session "$1" $port /health "$2"
    local line="@@tls TLSv1.3 after 4210 us from $3 to $4 at 1795418431 name $5 chain $6 shop.example $7"
    case $1 in *-untold) sed -i "1a $line" "$here/$1.session"; sed -i '3,$d' "$here/$1.session" ;;
    *) sed -i "1a $line" "$here/$1.session" ;; esac
}
secure https-ok '200-399;cert-warn=1209600 ok' 1767225600 1826150400 yes 0 ok
secure https-short '200-399;cert-warn=1209600' 1767225600 1796256831 yes 0 ok
secure https-self-signed '200-399;cert-warn=1209600;self-signed' 1767225600 1826150400 yes 18 'self-signed certificate'
secure https-expired-untold '200-399;cert-warn=1209600' 1767225600 1795159231 yes 10 'certificate has expired'
secure https-early-untold '200-399;cert-warn=1209600' 1826150400 1857686400 yes 9 'certificate is not yet valid'
secure https-other-untold '200-399;cert-warn=1209600' 1767225600 1826150400 no 0 ok
secure https-distrusted-untold '200-399;cert-warn=1209600' 1767225600 1826150400 yes 20 'unable to get local issuer certificate'
secure https-endless '200-399;cert-warn=1209600' -9223372036854775808 9223372036854775807 yes 0 ok
# Something that listens and speaks no HTTP.
printf '@@azimuth connected 310 after 2750 us 200-399\nSSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n' >"$here/ssh.session"
sed -i 's/^Date: .*\r$/Date: Mon, 23 Nov 2026 07:20:31 GMT\r/; s/^Last-Modified: .*\r$/Last-Modified: Mon, 23 Nov 2026 07:20:00 GMT\r/' "$here"/*.session
