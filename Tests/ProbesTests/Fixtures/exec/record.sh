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

# What the scripts of Docs/examples say of AWS, asked of moto, an emulator of it (PyPI: moto[server]).
examples="$here/../../../../Docs/examples"
port=28601
export AWS_ACCESS_KEY_ID=LOCALTESTKEY AWS_SECRET_ACCESS_KEY=local-test-secret-not-real
at="--region eu-west-1 --endpoint-url http://127.0.0.1:$port"
moto_server -H 127.0.0.1 -p $port >/dev/null 2>&1 &
server=$!
trap 'kill $server' EXIT
until (: <>/dev/tcp/127.0.0.1/$port) 2>/dev/null; do :; done
aws rds create-db-instance --db-instance-identifier orders-db --engine postgres --multi-az \
    --db-instance-class db.t3.small --allocated-storage 20 --master-username u \
    --master-user-password not-a-real-one $at >/dev/null
aws_session() {
    local out status
    out=$(mktemp)
    "$examples/$2" "${@:3}" $at >"$out" 2>&1 </dev/null
    status=$?
    { echo "@@azimuth exit $status after 1500 us"; cat "$out"; } >"$here/$1.session"
    rm "$out"
}
aws_session aws-database rds-instance orders-db
aws rds stop-db-instance --db-instance-identifier orders-db $at >/dev/null
aws_session aws-database-stopped rds-instance orders-db
aws_session aws-no-database rds-instance none
network=$(aws ec2 describe-vpcs --query 'Vpcs[0].VpcId' --output text $at)
group=$(aws elbv2 create-target-group --name web --protocol HTTP --port 80 --vpc-id "$network" \
    --query 'TargetGroups[0].TargetGroupArn' --output text $at)
image=$(aws ec2 describe-images --query 'Images[0].ImageId' --output text $at)
hosts=$(aws ec2 run-instances --image-id "$image" --count 2 --query 'Instances[].InstanceId' \
    --output text $at)
aws_session aws-no-target target-health web
for host in $hosts; do aws elbv2 register-targets --target-group-arn "$group" --targets "Id=$host" $at; done
aws_session aws-targets target-health web
aws ec2 stop-instances --instance-ids ${hosts%%[[:space:]]*} $at >/dev/null
aws_session aws-target-stopped target-health web
sed -i -E 's/"at":"[^"]*"/"at":"2026-11-23T07:20:31Z"/; s/"restorable-age","value":[0-9]+/"restorable-age","value":240/' "$here"/aws-*.session
sed -i -E 's/i-[0-9a-f]{17}/i-0123456789abcdef0/' "$here"/aws-*.session
