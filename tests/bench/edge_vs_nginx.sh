#!/bin/bash
# The bare edge beside nginx serving a static file of the same size over the same TLS 1.3 with the
# same certificates and client certificates, one after the other, each alone on core 0; the client
# on core 1. Usage: edge_vs_nginx.sh BUILD_DIR [BYTES] [SECONDS] [CONNECTIONS…]
set -eu
build=$1; bytes=${2:-1024}; seconds=${3:-3}; shift $(( $# > 3 ? 3 : $# ))
connections=${*:-16 64 256}
dir=$(mktemp -d); chmod 755 "$dir"
server_pid= ; nginx_pid=
cleanup() {
  exec 9>&- || true
  [ -z "$nginx_pid" ] || kill "$nginx_pid" 2>/dev/null || true
  rm -rf "$dir"
}
trap cleanup EXIT

mkfifo "$dir/in"
taskset -c 0 "$build/tests/edge_server" "$dir" "$bytes" 1 <"$dir/in" >"$dir/port" &
server_pid=$!
exec 9>"$dir/in"
while [ ! -s "$dir/port" ]; do sleep 0.05; done
port=$(cat "$dir/port")

head -c "$bytes" /dev/zero | tr '\0' x >"$dir/static"
nginx_port=$(( port + 1 ))
cat >"$dir/nginx.conf" <<CONF
worker_processes 1; daemon off; pid $dir/nginx.pid; error_log $dir/error.log;
events { worker_connections 2048; }
http {
  access_log off; keepalive_requests 100000000; sendfile on; open_file_cache max=16;
  client_body_temp_path $dir; proxy_temp_path $dir; fastcgi_temp_path $dir;
  uwsgi_temp_path $dir; scgi_temp_path $dir;
  server {
    listen 127.0.0.1:$nginx_port ssl; root $dir;
    ssl_certificate $dir/server.pem; ssl_certificate_key $dir/server.key; ssl_protocols TLSv1.3;
    ssl_client_certificate $dir/anchors.pem; ssl_verify_client on; ssl_verify_depth 4;
    ssl_session_tickets off; ssl_session_cache shared:s:4m;
  }
}
CONF
taskset -c 0 /usr/sbin/nginx -c "$dir/nginx.conf" -p "$dir" 2>"$dir/nginx.err" &
nginx_pid=$!
while [ ! -s "$dir/nginx.pid" ]; do
  kill -0 "$nginx_pid" 2>/dev/null || { cat "$dir/nginx.err"; exit 3; }
  sleep 0.05
done
sleep 0.2
worker=$(pgrep -P "$nginx_pid" | head -1)

load() {
  taskset -c 1 "$build/tests/load_client" --port "$1" --server-pid "$2" --path "$3" \
    --cert "$dir/client.pem" --key "$dir/client.key" --connections "$4" --seconds "$seconds"
}
for n in $connections; do
  echo "edge  $(load "$port" "$server_pid" /static "$n")"
  echo "nginx $(load "$nginx_port" "$worker" /static "$n")"
done
