#!/usr/bin/env bash
# Audited fetch by reference over keep-alive mutual TLS 1.3, beside nginx serving a static file of the
# same size over the same TLS, in one run; the server on core 0, the client on core 1.
# Usage: fetch_vs_nginx.sh HUB SOURCE_DIR LOAD_CLIENT [SECONDS A TURN] [CONNECTIONS…]
client=$3; seconds=${4:-1}; turns=${TURNS:-7}; connections=${*:5}; connections=${connections:-16 64 256}
. "$(dirname "$0")/../e2e/kit.sh" "$1" "$2"
found
taskset -c 0 true || fail "needs two cores"
serve; taskset -acp 0 "$server" > /dev/null
cat > "$scratch/issue" <<J
{"type":"11990100MB99000131001","issuer":"$supervision","holder":[{"scheme":"uscc","id":"91990102MA9000003B","name":"测试企业001"}],
 "fields":{"certificate_number":"91990102MA9000003B","enterprise_name":"测试企业001","uscc":"91990102MA9000003B","establishment_date":"2020-01-02","business_scope":"食品销售"},
 "valid_from":"2026-01-01","valid_until":null,"matter":"11990100MB9900021U0000000000001","case":"REG-1"}
J
same "issued" 201 "$(call supervision POST "$departments/v1/licences" "$scratch/issue")"
: > "$scratch/bodies"
for i in $(seq 32); do
  printf '{"matter":"%s","case_number":"B-%s","applicant":{"scheme":"uscc","id":"91990102MA9000003B"},"operator":{"id":"officer-1","name":"测试审批员001"}}' $food "$i" > "$scratch/case"
  call approval POST "$departments/v1/cases" "$scratch/case" > /dev/null
  printf '{"reference":"%s","purpose":{"matter":"%s","case_number":"B-%s","cause":"bench","legal_basis":"样例","operator":{"id":"officer-1","name":"测试审批员001"},"channel":"batch"}}\n' \
    "$(field "$scratch/answer" materials.0.reference)" $food "$i" >> "$scratch/bodies"
done
head -1 "$scratch/bodies" > "$scratch/one"
same "fetched" 200 "$(call approval POST "$departments/v1/fetch" "$scratch/one")"
bytes=$(stat -c %s "$scratch/answer"); echo "answer: $bytes bytes"
chmod 755 "$scratch"; head -c "$bytes" /dev/zero | tr '\0' x > "$scratch/static"; chmod 644 "$scratch/static"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
  -keyout "$scratch/nginx.key" -out "$scratch/nginx.pem" 2> /dev/null
cat "$scratch"/d/trust/*.pem > "$scratch/anchors.pem"
cat > "$scratch/nginx.conf" <<CONF
worker_processes 1; daemon off; pid $scratch/nginx.pid.txt; error_log $scratch/error.log;
events { worker_connections 2048; }
http {
  access_log off; keepalive_requests 100000000; sendfile on; open_file_cache max=16;
  client_body_temp_path $scratch; proxy_temp_path $scratch; fastcgi_temp_path $scratch;
  uwsgi_temp_path $scratch; scgi_temp_path $scratch;
  server {
    listen 127.0.0.1:18765 ssl; root $scratch;
    ssl_certificate $scratch/nginx.pem; ssl_certificate_key $scratch/nginx.key; ssl_protocols TLSv1.3;
    ssl_client_certificate $scratch/anchors.pem; ssl_verify_client on; ssl_verify_depth 4;
    ssl_session_tickets off; ssl_session_cache shared:s:4m;
  }
}
CONF
taskset -c 0 /usr/sbin/nginx -c "$scratch/nginx.conf" -p "$scratch" 2> "$scratch/nginx.err" &
nginx=$!
trap 'kill $nginx 2>/dev/null || true; finish' EXIT
for _ in $(seq 50); do [ -s "$scratch/nginx.pid.txt" ] && break; sleep 0.1; done
sleep 0.3; worker=$(pgrep -P "$nginx" | head -1)
load() { # PORT PID N options
  taskset -c 1 "$client" --port "$1" --server-pid "$2" --connections "$3" --seconds "$seconds" \
    --cert "$scratch/c/approval.pem" --key "$scratch/c/approval.key" "${@:4}"
}
# The machine's speed moves from second to second: short turns, one after the other, and medians.
for n in $connections; do
  : > "$scratch/turns"
  for _ in $(seq "$turns"); do
    load "${departments##*:}" "$server" "$n" --method POST --path /v1/fetch \
      --content-type application/json --bodies "$scratch/bodies" >> "$scratch/turns"
    load 18765 "$worker" "$n" --path /static >> "$scratch/turns"
  done
  python3 -B "$(dirname "$0")/turns.py" hub nginx < "$scratch/turns"
done
echo "hub memory: $(grep VmRSS "/proc/$server/status")"
kill $nginx; stop
"$hub" fsck --data-dir "$scratch/d" | head -3
