# Common to the end-to-end scripts: checks that stop, a scratch folder, a hub on free ports.
set -euo pipefail
hub=$1
source_dir=$2
shared=$source_dir/../shared
scratch=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$scratch"
}
trap finish EXIT
fail() { [ -f "$scratch/answer" ] && head -c 600 "$scratch/answer" >&2; echo >&2; echo "FAILED: $*" >&2; [ -f "$scratch/serve.log" ] && tail -5 "$scratch/serve.log" >&2; exit 1; }
# same WHAT EXPECTED ACTUAL
same() { [ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"; echo "ok: $1"; }
# field FILE PATH: a member of a JSON file, "receipt.index"
field() { python3 -c 'import json,sys
v=json.load(open(sys.argv[1]))
for k in sys.argv[2].split("."):
    v=v[int(k)] if k.isdigit() and isinstance(v,list) else v[k]
print(v if isinstance(v,str) else json.dumps(v,ensure_ascii=False))' "$1" "$2"; }
approval=11990100MB99000131 supervision=11990100MB9900021U
food=11990100MB990001310000000000001
# found: a hub in $scratch/d with the sample departments and their systems
found() {
  "$hub" init --data-dir "$scratch/d" --name 测试节点 --listen 127.0.0.1:0 --listen-public 127.0.0.1:0 \
    --public-url https://hub.example > /dev/null
  "$hub" department add --data-dir "$scratch/d" --uscc $approval --name 测试市行政审批服务局 --division 990100 > /dev/null
  "$hub" department add --data-dir "$scratch/d" --uscc $supervision --name 测试市市场监督管理局 --division 990100 > /dev/null
  for s in "approval $approval fetch verify" "officer $approval audit_admin" "portal $approval holder_portal" \
    "admin1 $approval system_admin" "admin2 $approval system_admin" \
    "supervision $supervision issue collect verify subjects_write"; do
    # shellcheck disable=SC2086
    set -- $s
    roles=(); for r in "${@:3}"; do roles+=(--role "$r"); done
    "$hub" certificate issue --data-dir "$scratch/d" --uscc "$2" --system "$1" "${roles[@]}" --out "$scratch/c" > /dev/null
  done
}
serve() {
  : > "$scratch/serve.log"  # here, not only in the child: what an earlier hub said must be gone
  "$hub" serve --config "$scratch/d/config.toml" 2> "$scratch/serve.log" &
  server=$!
  for _ in $(seq 200); do
    grep -q 'departments https' "$scratch/serve.log" && break
    kill -0 $server 2>/dev/null || fail "serve ended"
    sleep 0.1
  done
  departments=$(sed -n 's/.*departments \(https:[^,]*\),.*/\1/p' "$scratch/serve.log")
  everybody=$(sed -n 's/.*public \(https:.*\)$/\1/p' "$scratch/serve.log")
}
stop() { kill -TERM "$server"; wait "$server" || fail "serve did not end in order"; server=; }
# call SYSTEM METHOD PATH [BODYFILE] [curl options]: prints the status, body in $scratch/answer
call() {
  local system=$1 method=$2 path=$3 body=${4:-}
  shift 3; [ $# -gt 0 ] && shift
  local options=(-sS -o "$scratch/answer" -w '%{http_code}' --cacert "$scratch/d/trust/root.pem" -X "$method")
  [ -n "$system" ] && options+=(--cert "$scratch/c/$system.pem" --key "$scratch/c/$system.key")
  [ -n "$body" ] && options+=(-H 'Content-Type: application/json' --data-binary "@$body")
  curl "${options[@]}" "$@" "$path"
}
