#!/usr/bin/env bash
# A county's hub and a city's: the city pulls the changes of licences that a rule of the county gives
# it. Nothing without the rule, every change once, nothing lost or doubled when the county dies on the
# way, nothing believed that was bent on the way.
. "$(dirname "$0")/kit.sh"
county=; between=
finish_all() { for p in $county $between; do kill "$p" 2>/dev/null || true; wait "$p" 2>/dev/null || true; done; finish; }
trap finish_all EXIT
answer() { field "$scratch/answer" "$1"; }
adapter() { local what=$1; shift; "$hub" adapter "$what" --data-dir "$scratch/d" "$@"; }
type=11990100MB99000131001
found

# ---- the county: two departments, and a system of the city that pulls ------------------------------
of_county() { "$hub" "$1" "$2" --data-dir "$scratch/a" "${@:3}" > /dev/null; }
"$hub" init --data-dir "$scratch/a" --name 县级节点 --listen 127.0.0.1:0 --listen-public 127.0.0.1:0 --public-url https://county.example > /dev/null
of_county department add --uscc $approval --name 测试市行政审批服务局 --division 990100
of_county department add --uscc $supervision --name 测试县市场监督管理局 --division 990102
for s in "city $approval licence_pull" "desk $approval fetch" "issuer $supervision issue" \
  "admin $supervision system_admin" "guard $supervision security_admin" "auditor $supervision audit_admin"; do
  # shellcheck disable=SC2086
  set -- $s
  of_county certificate issue --uscc "$2" --system "$1" --role "$3" --out "$scratch/ac"
done
serve_county() {
  "$hub" serve --config "$scratch/a/config.toml" 2> "$scratch/county.log" & county=$!
  for _ in $(seq 200); do grep -q 'departments https' "$scratch/county.log" && break; sleep 0.1; done
  at=$(sed -n 's/.*departments https:\/\/[^:]*:\([0-9]*\),.*/\1/p' "$scratch/county.log")
  everybody_there=$(sed -n 's/.*public \(https:.*\)$/\1/p' "$scratch/county.log")
  echo $county > "$scratch/county.pid"
  [ -n "$at" ] || fail "the county does not serve: $(cat "$scratch/county.log")"
}
# there SYSTEM METHOD PATH BODYFILE: as call, at the county
there() {
  local body=(); [ $# -lt 4 ] || body=(-H 'Content-Type: application/json' --data-binary "@$4")
  curl -sS -o "$scratch/answer" -w '%{http_code}' --cacert "$scratch/a/trust/root.pem" --cert "$scratch/ac/$1.pem" \
    --key "$scratch/ac/$1.key" -X "$2" ${body[@]+"${body[@]}"} "https://localhost:$at$3"
}
# issue CODE NAME [MORE]: a licence of the county; its identifier in $issued
issue() {
  cat > "$scratch/issue" <<J
{"type":"$type","issuer":"$supervision","holder":[{"scheme":"uscc","id":"$1","name":"$2"}],
 "fields":{"certificate_number":"$1","enterprise_name":"$2","uscc":"$1","establishment_date":"2020-01-02","legal_representative":"测试人员007"},
 "valid_from":"2026-01-01","valid_until":null,"matter":"11990100MB9900021U0000000000001","case":"REG-1"${3:-}}
J
  [ "$(there issuer POST /v1/licences "$scratch/issue")" = 201 ] || fail "issue $2: $(cat "$scratch/answer")"
  issued=$(answer licence_id)
}
suspend() { # LICENCE_ID
  printf '{"licence_id":"%s","action":"suspend","ground":"测试","operator":{"id":"o-1","name":"测试人员001"}}' "$1" > "$scratch/status"
  there issuer POST /v1/licences/status "$scratch/status"
}
shared() { # entries of the county's log about licences that were given on
  echo '{"event":"licence.shared","limit":200}' > "$scratch/search"
  [ "$(there auditor POST /v1/audit/search "$scratch/search")" = 200 ] || fail "search: $(cat "$scratch/answer")"
  python3 -c 'import json,sys; print(len(json.load(open(sys.argv[1]))["entries"]))' "$scratch/answer"
}
serve_county
# It comes again on the same port, as a real one does.
sed -i "s/^listen = .*/listen = \"127.0.0.1:$at\"/" "$scratch/a/config.toml"
issue 91990102MA9000003B 测试企业003; first=$issued
issue 91990102MA9000004E 测试企业004; second=$issued
issue 91990102MA9000005H 测试企业005; third=$issued

# ---- between the two: passes on, or bends what it is told to --------------------------------------
mkdir "$scratch/own"
(cd "$scratch/own" && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -subj /CN=root -days 2
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -subj /CN=between -out server.csr
  printf 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth' > server.ext
  openssl x509 -req -in server.csr -CA root.pem -CAkey root.key -CAcreateserial -days 2 -extfile server.ext -out server.pem) 2> /dev/null
cat > "$scratch/between.py" <<'P'
import http.client, http.server, json, os, signal, ssl, sys
scratch, at = sys.argv[1], int(sys.argv[2])
out = ssl.create_default_context(cafile=scratch + "/a/trust/root.pem")
out.load_cert_chain(scratch + "/ac/city.pem", scratch + "/ac/city.key")
class Between(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    passed = 0
    def log_message(self, *_): pass
    def do_POST(self):
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        mode = open(scratch + "/mode").read().strip()
        if mode == "kill":
            Between.passed += 1
            if Between.passed == 3: os.kill(int(open(scratch + "/county.pid").read()), signal.SIGKILL)
        try:
            there = http.client.HTTPSConnection("localhost", at, context=out, timeout=20)
            there.request("POST", self.path, asked, {"Content-Type": "application/json"})
            got = there.getresponse()
            status, body = got.status, got.read()
        except OSError:
            status, body = 502, b"{}"
        if mode == "garbage": body = b"<html>not a hub</html>"
        if mode == "cut": body = body[:len(body) // 2]
        if mode == "bend" and status == 200:
            page = json.loads(body)
            one = page["changes"][0]["presentation"]
            at_sign = one.index(".", one.index(".") + 1) + 9  # inside the signature
            bent = "A" if one[at_sign] != "A" else "B"
            page["changes"][0]["presentation"] = one[:at_sign] + bent + one[at_sign + 1:]
            body = json.dumps(page).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Between)
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(scratch + "/own/server.pem", scratch + "/own/server.key")
server.socket = tls.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
P
echo pass > "$scratch/mode"
python3 "$scratch/between.py" "$scratch" "$at" > "$scratch/between.port" & between=$!
for _ in $(seq 100); do [ -s "$scratch/between.port" ] && break; sleep 0.1; done
port=$(cat "$scratch/between.port")

# ---- the city's adapter ------------------------------------------------------------------------------
mkdir "$scratch/trust"; cp "$scratch"/a/trust/*.pem "$scratch/trust"
curl -sS --cacert "$scratch/a/trust/root.pem" "$everybody_there/public/keys" > "$scratch/answer"; answer vkey > "$scratch/trust/log.vkey"
sed -i "s/^outbound_targets.*/outbound_targets = [\"localhost:$port\", \"localhost:$at\"]/; s/^outbound_loopback.*/outbound_loopback = true/" "$scratch/d/config.toml"
adapter secret county-key --file "$scratch/ac/city.key" > /dev/null
mapping() { # NAME URL CA PAGE_ROWS
  cat > "$scratch/$1.toml" <<T
name = "$1"
issuer_name = "测试县市场监督管理局"
[source]
kind = "hub"
matter = "$food"
type = "$type"
legal_basis = "《政务数据共享条例》"
cause = "市县证照同步"
operator_id = "hub-990100"
operator_name = "测试节点"
fields = ["uscc", "enterprise_name", "establishment_date"]
page_rows = $4
[[source.hubs]]
url = "$2"
trust = "$scratch/trust"
[source.hubs.tls]
ca = "$3"
certificate = "$scratch/ac/city.pem"
key = "county-key"
[source.hubs.limits]
retries = 0
[[outputs]]
kind = "licence"
object = "$type"
key = ["_record"]
holder = { scheme = "uscc", id = "uscc", name = "enterprise_name" }
status = "_status"
valid_from = "_from"
valid_until = "_until"
[outputs.fields]
uscc = { column = "uscc", required = true }
enterprise_name = { column = "enterprise_name", required = true }
establishment_date = { column = "establishment_date", convert = ["date"], required = true }
_record = { column = "licence_record", required = true }
_status = { column = "licence_status", required = true }
_from = { column = "licence_from", convert = ["date"] }
_until = { column = "licence_until", convert = ["date"] }
T
  adapter enable --mapping "$scratch/$1.toml" --collector $supervision --live > /dev/null || fail "enable $1"
}
mapping county "https://localhost:$port" "$scratch/own/root.pem" 2
run() { set +e; adapter run county --json > "$scratch/answer" 2> "$scratch/said"; set -e; }
counts() { run; echo "$(answer read 2>/dev/null) $(answer new 2>/dev/null) $(answer changed 2>/dev/null) $(answer quarantined 2>/dev/null)"; }
collected() { "$hub" audit search --data-dir "$scratch/d" --event licence.collected --limit 200 --json > "$scratch/found"
  python3 -c 'import json,sys; print(len(json.load(open(sys.argv[1]))["entries"]))' "$scratch/found"; }

# ---- rights ----------------------------------------------------------------------------------------
cat > "$scratch/pull" <<J
{"types":["$type"],"after":null,"limit":100,"purpose":{"matter":"$food","cause":"c","legal_basis":"l","operator":{"id":"o-1","name":"测试节点"}}}
J
same "without its role" 403 "$(there desk POST /v1/licence-changes "$scratch/pull")"
same "it is said so" role.missing "$(answer reason)"
same "a rule for cases gives nothing in bulk" '200 [] false' "$(there city POST /v1/licence-changes "$scratch/pull") $(answer changes) $(answer more)"
same "so the city has nothing" '0 0 0 0' "$(counts)"
cat > "$scratch/rule" <<J
{"id":"city.pull","version":1,"effective":{"from":"2026-01-01"},"effect":"allow","mode":"values","callers":["$approval"],
 "divisions":["990100"],"roles":["licence_pull"],"matter":"$food","object":"$type","fields":["uscc","enterprise_name","establishment_date"],"legal_basis":"《政务数据共享条例》"}
J
same "a rule for the pull" 202 "$(there admin PUT /v1/sharing-rules/city.pull "$scratch/rule")"
change=$(answer change_id)
same "approved" 200 "$(there guard POST "/v1/changes/$change/approve")"
same "a purpose of nobody" 403 "$(sed "s/$food/11990100MB990001310000000000009/" "$scratch/pull" > "$scratch/other"; there city POST /v1/licence-changes "$scratch/other")"
same "without a legal basis" 422 "$(sed 's/,"legal_basis":"l"//' "$scratch/pull" > "$scratch/other"; there city POST /v1/licence-changes "$scratch/other")"
same "a page" 200 "$(there city POST /v1/licence-changes "$scratch/pull")"
same "has the licences" '3 issued valid' "$(python3 -c 'import json,sys; print(len(json.load(open(sys.argv[1]))["changes"]))' "$scratch/answer") $(answer changes.0.change) $(answer changes.0.status)"
grep -q 测试人员007 "$scratch/answer" && fail "a field that no rule gives"
echo "ok: and no field more than the rule gives"
next=$(answer next)
sed "s/\"after\":null/\"after\":\"${next%?}$([ "${next: -1}" = 0 ] && echo 1 || echo 0)\"/" "$scratch/pull" > "$scratch/other"
same "a cursor nobody gave" '422 cursor.invalid' "$(there city POST /v1/licence-changes "$scratch/other") $(answer reason)"
same "each is in the county's log" 3 "$(shared)"

# ---- loads -----------------------------------------------------------------------------------------
same "the city loads them" '3 3 0 0' "$(counts)"
same "again: nothing new" '0 0 0 0' "$(counts)"
sed -n '/^\[source\]/,/^\[\[outputs/p' "$scratch/county.toml" | sed '$d' > "$scratch/source.toml"
adapter new other --source "$scratch/source.toml" --object $type --output "$scratch/proposed.toml" > "$scratch/said" 2>&1 || fail "new: $(cat "$scratch/said")"
grep -q '^enterprise_name' "$scratch/proposed.toml" || fail "no proposal: $(cat "$scratch/proposed.toml")"
adapter try --mapping "$scratch/county.toml" > "$scratch/said" 2>&1 || fail "try: $(cat "$scratch/said")"
grep -q '"source":"enterprise_name"' "$scratch/said" || fail "try does not show where a field comes from: $(cat "$scratch/said")"
adapter diff county > /dev/null || fail "diff of an unchanged source"
adapter list --json > "$scratch/answer"
same "proposed, tried, compared and listed" "county live" "$(answer adapters.0.name) $(answer adapters.0.mode)"
issue 91990102MA90000116 测试企业011; latest=$issued
same "the county suspends one" 200 "$(suspend "$first")"
same "a new one and a suspended one" '2 1 1 0' "$(counts)"
issue 91990102MA90000116 测试企业011改 ",\"supersedes\":\"$latest\",\"change\":\"change\""
same "a new version is no new licence" '1 0 1 0' "$(counts)"
same "nothing more" '0 0 0 0' "$(counts)"

# ---- the other end dies, or talks nonsense ---------------------------------------------------------
for code in 91990102MA9000061B 91990102MA9000062E; do issue $code "测试企业$code"; done
for mode in garbage cut; do
  echo $mode > "$scratch/mode"; run
  grep -q source.answer "$scratch/said" || fail "$mode: $(cat "$scratch/said" "$scratch/answer")"
  echo "ok: $mode stops the run"
done
echo pass > "$scratch/mode"
same "and nothing of it is lost" '2 2 0 0' "$(counts)"
before=$(collected)
for code in 91990102MA9000063H 91990102MA9000064L; do issue $code "测试企业$code"; done
for one in "$issued" "$second" "$third"; do same "suspended" 200 "$(suspend "$one")"; done
issue 91990102MA9000067X 测试企业067
mapping county "https://localhost:$port" "$scratch/own/root.pem" 1
echo kill > "$scratch/mode"; run  # five changes, one a page: at the third the county is no more
wait "$county" 2>/dev/null || true; county=; echo pass > "$scratch/mode"
grep -q source.unavailable "$scratch/said" || fail "the county died: $(cat "$scratch/said" "$scratch/answer")"
half=$(collected)
same "the county dies on the way: what had come is stored" $((before + 2)) "$half"
serve_county
run
same "it goes on where it was" $((before + 5 - half)) "$(answer read)"
same "nothing lost, nothing doubled" $((before + 5)) "$(collected)"
same "nothing is left" '0 0 0 0' "$(counts)"

# ---- what is bent on the way -----------------------------------------------------------------------
issue 91990102MA9000065P 测试企业065
echo bend > "$scratch/mode"
same "a bent presentation is held" '1 0 0 1' "$(counts)"
"$hub" quarantine list --data-dir "$scratch/d" --source county --json > "$scratch/answer"
same "with its reason" signature.invalid "$(answer rows.0.reason)"
echo pass > "$scratch/mode"
mv "$scratch/trust/log.vkey" "$scratch/log.vkey"
issue 91990102MA9000066T 测试企业066
run
grep -q trust.missing "$scratch/said" || fail "no key of the county's log: $(cat "$scratch/said")"
echo "ok: without the key of the other log nothing is read"
mv "$scratch/log.vkey" "$scratch/trust/log.vkey"
same "with it the licence comes" '1 1 0 0' "$(counts)"

# ---- what the county only collected itself ---------------------------------------------------------
printf 'code,name,day\n91990102MA90000681,测试企业068,2020-01-02\n' > "$scratch/stock.csv"
cat > "$scratch/stock.toml" <<T
name = "stock"
issuer_name = "测试登记机关"
[source]
kind = "file"
encoding = "utf-8"
[[outputs]]
kind = "licence"
object = "$type"
key = ["uscc"]
holder = { scheme = "uscc", id = "uscc", name = "enterprise_name" }
status = "valid"
[outputs.fields]
uscc = { column = "code", required = true }
enterprise_name = { column = "name", required = true }
establishment_date = { column = "day", convert = ["date"], required = true }
T
"$hub" load --data-dir "$scratch/a" --mapping "$scratch/stock.toml" --input "$scratch/stock.csv" --collector $supervision > "$scratch/said" 2>&1 || fail "stock: $(cat "$scratch/said")"
same "stock data is held" '1 0 0 1' "$(counts)"
held() { "$hub" quarantine list --data-dir "$scratch/d" --source county --reason issuer.stock_data --json > "$scratch/answer"
  python3 -c 'import json,sys; print(len(json.load(open(sys.argv[1]))["rows"]))' "$scratch/answer"; }
same "and named" 1 "$(held)"
sed -i 's/^page_rows = .*/&\nstock_data = true/' "$scratch/county.toml"
adapter enable --mapping "$scratch/county.toml" --collector $supervision --live > /dev/null || fail "enable again"
"$hub" quarantine replay --data-dir "$scratch/d" --source county --reason issuer.stock_data > "$scratch/said" 2>&1 || fail "replay: $(cat "$scratch/said")"
same "taken where the mapping says so" 0 "$(held)"
"$hub" fsck --data-dir "$scratch/d" > /dev/null || fail "fsck"
kill -TERM "$county"; wait "$county" || true; county=
"$hub" fsck --data-dir "$scratch/a" > /dev/null || fail "fsck of the county"
echo "ok: fsck"
