#!/usr/bin/env bash
# The runner: a server that drips does not delay another source; a bad row is shown, mended and put
# through again; store and source are compared, and the signed report names exactly what differs.
. "$(dirname "$0")/kit.sh"
found
adapter() { local what=$1; shift; "$hub" adapter "$what" --data-dir "$scratch/d" "$@"; }
quarantine() { local what=$1; shift; "$hub" quarantine "$what" --data-dir "$scratch/d" "$@"; }
answer() { field "$scratch/answer" "$1"; }
# no REASON COMMAND…: it ends with exit code 1 or 2 and names the reason
no() {
  local reason=$1; shift
  if "$@" > /dev/null 2> "$scratch/said"; then fail "$* was done"; fi
  grep -q "$reason" "$scratch/said" || fail "$*: $(cat "$scratch/said")"
  echo "ok: refused: $reason"
}
# ---- two sources: one drips, one is a file
cat > "$scratch/drip.py" <<'PY'
import http.server, json, sys, threading, time
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *args): pass
    def do_GET(self):
        if self.path.startswith("/good"):
            row = {"code": "91990102MA9000003B", "name": "测试企业001", "scope": "测试经营范围"}
            body = json.dumps({"data": [row]}, ensure_ascii=False).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        for _ in range(600):  # a byte now and then, for ever
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.2)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 "$scratch/drip.py" > "$scratch/port" 2> /dev/null &
dripping=$!
trap 'kill $dripping 2>/dev/null || true; finish' EXIT
for _ in $(seq 100); do [ -s "$scratch/port" ] && break; sleep 0.1; done
port=$(cat "$scratch/port")
sed -i -e '/^outbound_targets/d' -e '/^outbound_loopback/d' "$scratch/d/config.toml"
cat >> "$scratch/d/config.toml" <<TOML
outbound_targets = ["127.0.0.1:$port"]
outbound_loopback = true
TOML
outputs() {
  cat <<'TOML'
[[outputs]]
kind = "base_data"
object = "legal_entity"
key = ["uscc"]
holder = { scheme = "uscc", id = "uscc", name = "name" }
[outputs.fields]
uscc = { column = "code", check = ["uscc"], required = true }
name = { column = "name", required = true }
business_scope = { column = "scope" }
TOML
}
http_mapping() {  # NAME PATH
  printf 'name = "%s"\n[limits]\nfailures = 2\nretry_seconds = 5\nopen_seconds = 600\n' "$1"
  printf '[source]\nkind = "http"\nurl = "http://127.0.0.1:%s"\npath = "%s"\n' "$port" "$2"
  printf 'rows = "data"\n'
  printf 'columns = { "code" = "code", "name" = "name", "scope" = "scope" }\n'
  printf '[source.limits]\nfirst_byte_ms = 3000\ntotal_ms = 8000\nretries = 0\n'
  outputs
}
http_mapping dripping /drip > "$scratch/drip.toml"
http_mapping cooperative /good > "$scratch/good.toml"
{
  printf 'name = "firms"\n[source]\nkind = "file"\nencoding = "utf-8"\n'
  outputs
} > "$scratch/firms.toml"
cat > "$scratch/firms.csv" <<'CSV'
code,name,scope
91990102MA9000003B,测试企业001,食品销售
91990102MA9000038X,测试企业002,建材
91990102MA9000099X,测试企业003,校验码不对
CSV
serve
enable() {
  adapter enable --mapping "$scratch/$1.toml" --collector $supervision "${@:2}" > /dev/null
}
# Its columns are those of the mapping, so enabling it does not need the server.
enable drip --live --every 60s
sleep 1
enable firms --live --every 60s --input "$scratch/firms.csv"
state_of() { adapter list --json > "$scratch/answer"; python3 -c 'import json,sys
for a in json.load(open(sys.argv[1]))["adapters"]:
    if a["name"] == sys.argv[2]:
        v = a
        for k in sys.argv[3].split("."): v = v.get(k) if v else None
        print(v if isinstance(v, str) else json.dumps(v))' "$scratch/answer" "$1" "$2"; }
for _ in $(seq 60); do
  [ "$(state_of firms last_run.outcome)" = complete ] && break
  sleep 0.2
done
same "the file is loaded while the other source drips" complete "$(state_of firms last_run.outcome)"
same "the dripping run is under way" true "$(state_of dripping running)"
for _ in $(seq 100); do [ "$(state_of dripping state)" = failing ] && break; sleep 0.2; done
same "the dripping source fails by itself" failing "$(state_of dripping state)"
same "with its reason" source.unavailable "$(state_of dripping last_error)"
same "the other is well" ok "$(state_of firms state)"
for _ in $(seq 150); do [ "$(state_of dripping state)" = open ] && break; sleep 0.2; done
same "after two failures the breaker is open" open "$(state_of dripping state)"
adapter disable dripping > /dev/null
same "disabled is paused" paused "$(state_of dripping state)"
# ---- quarantine: listed masked, shown on record, mended, put through again
quarantine list --json > "$scratch/answer"
same "one row waits" 1 "$(answer quarantine.0.rows)"
same "for its check digit" row.check_digit "$(answer quarantine.0.reason)"
quarantine list --source firms --json > "$scratch/answer"
grep -q 测试企业 "$scratch/answer" && fail "the list shows a value"
id=$(answer rows.0.id)
quarantine show --source firms --row "$id" --json > "$scratch/answer"
same "the row in clear" '91990102MA9000099X,测试企业003,校验码不对' "$(answer text)"
same "and as columns" 测试企业003 "$(answer values.name)"
"$hub" audit search --data-dir "$scratch/d" --event hub.maintenance --json > "$scratch/answer"
grep -q "quarantine.show $id" "$scratch/answer" || fail "showing the row is not on record"
if quarantine replay --source firms > /dev/null; then fail "a bad row passed"; fi
echo "ok: unmended it stays"
echo '91990102MA9000046Q,测试企业003,已更正' > "$scratch/row"
quarantine repair --source firms --row "$id" --file "$scratch/row" --json > "$scratch/answer"
same "the replacement is kept beside it" repaired "$(answer state)"
quarantine replay --source firms --json > "$scratch/answer"
same "now it passes" 1 "$(answer new)"
quarantine list --source firms --json > "$scratch/answer"
same "and has left" '[]' "$(answer rows)"
quarantine show --source firms --row "$id" --json > "$scratch/answer"
same "the original stays as evidence" passed "$(answer state)"
no quarantine.unknown quarantine discard --source firms --row "$id" --ground 无
no quarantine.unknown quarantine show --source firms --row 99
adapter run firms --json > "$scratch/answer"
quarantine list --source firms --json > "$scratch/answer"
same "the bad row does not come back" '[]' "$(answer rows)"
# ---- reconciliation: the source has what the hub has, then it does not
sed -i 's/^.*,测试企业003,.*$/91990102MA9000046Q,测试企业003,已更正/' "$scratch/firms.csv"
adapter reconcile firms --json > "$scratch/answer" || fail "the same: $(cat "$scratch/answer")"
same "nothing differs" 3 "$(answer same)"
sed -i -e '/测试企业002/d' -e 's/测试企业001,食品销售/测试企业001,日用百货/' "$scratch/firms.csv"
echo '91990102MA900005X1,测试企业004,新来' >> "$scratch/firms.csv"
set +e
adapter reconcile firms --out "$scratch/report.jws" --json > "$scratch/answer"; code=$?
set -e
same "a difference is a no" 1 $code
same "one is only in the store" 1 "$(answer only_in_store)"
same "one differs" 1 "$(answer differs)"
digest=$(answer sha256)
same "the digest is that of the file" "$digest" "$(sha256sum "$scratch/report.jws" | cut -d' ' -f1)"
"$hub" audit search --data-dir "$scratch/d" --event adapter.reconciled --json > "$scratch/answer"
grep -q "sha256:$digest" "$scratch/answer" || fail "the digest is not in the log"
verify() { "$hub" verify "$scratch/report.jws" --trust "$scratch/d/trust" --json; }
verify > "$scratch/answer" || fail "verify: $(cat "$scratch/answer")"
same "the report is signed" valid "$(answer verdict)"
answer signer | grep -q 测试节点 || fail "not by the hub: $(answer signer)"
echo "ok: by the hub"
python3 - "$scratch/answer" $supervision <<'PY' || fail "the report: $(cat "$scratch/answer")"
import json, sys
report = json.load(open(sys.argv[1]))["report"]
(department,) = report["departments"]
assert department["department"] == sys.argv[2], department
found = {d["class"]: d for d in department["differences"]}
assert found["only_in_store"]["key"] == "91990102MA9000038X", found
assert found["differs"]["fields"] == ["business_scope"] and found["differs"]["row"] == 1, found
assert "日用百货" not in json.dumps(report, ensure_ascii=False), "a value stands in the report"
PY
echo "ok: it names exactly these"
echo "$scratch/report.jws" | "$hub" vet --kind jws --trust "$scratch/d/trust" |
  grep -q '"verdict":"valid"' || fail "vet"
sed -i 's/\(.\{2000\}\)./\1A/' "$scratch/report.jws"
if verify > /dev/null 2>&1; then fail "a changed report is valid"; fi
echo "ok: a changed report is not"
# ---- a folder and a spool are compared by what they delivered, as long as it is kept
first=91990102MA90000217 second=91990102MA9000022A third=91990102MA9000023D
mkdir "$scratch/in" "$scratch/archive" "$scratch/spool"
arrivals() {  # MORE: the mapping of the folder with further lines
  printf 'name = "arrivals"\n[source]\nkind = "drop"\nfolder = "%s"\n' "$scratch/in"
  printf 'pattern = "*.csv"\nready = "renamed"\n'
  printf 'after = "archive"\narchive = "%s"\n' "$scratch/archive"
  printf 'header = ["code", "name", "scope"]\n%s\n[source.file]\nencoding = "utf-8"\n' "$1"
  outputs
}
arrive() {  # FILE ROW…: a delivery, whole when it has its name
  { echo code,name,scope; printf '%s\n' "${@:2}"; } > "$scratch/in/$1.part"
  mv "$scratch/in/$1.part" "$scratch/in/$1"
  adapter run arrivals --json > "$scratch/answer"
}
compare() {  # NAME: how many are same, only in the source, only in the store, different
  adapter reconcile "$1" --out "$scratch/$1.jws" --json > "$scratch/answer" || true
  compared="$(answer same) $(answer only_in_source) $(answer only_in_store) $(answer differs)"
  rm -f "$scratch/$1.jws.before"
  mv "$scratch/$1.jws" "$scratch/$1.jws.before"
}
arrivals '' > "$scratch/arrivals.toml"
enable arrivals --live
arrive 2.csv "$first,测试企业101,一" "$second,测试企业102,一"
arrive 1.csv "$first,测试企业101,二"
same "a later delivery changes a record" 1 "$(answer changed)"
same "the first delivery is archived" 2.csv "$(ls "$scratch/archive")"
compare arrivals
same "the last of a key counts" "2 0 0 0" "$compared"
write() {  # NAME: what the second company is called by the hub
  printf '{"scheme":"uscc","id":"%s","kind":"legal_entity","fields":{"uscc":"%s","name":"%s",
    "business_scope":"一"}}' $second $second "$1" > "$scratch/body"
  call supervision POST "$departments/v1/subjects" "$scratch/body"
}
same "the hub is told something else" 200 "$(write 测试企业199)"
compare arrivals
same "that is a difference" "1 0 0 1" "$compared"
"$hub" verify "$scratch/arrivals.jws.before" --trust "$scratch/d/trust" --json > "$scratch/answer"
same "signed" valid "$(answer verdict)"
same "of this record" $second "$(answer report.departments.0.differences.0.key)"
same "in this field" '["name"]' "$(answer report.departments.0.differences.0.fields)"
grep -q 测试企业199 "$scratch/answer" && fail "a value stands in the report"
arrivals 'delivery = "whole"' > "$scratch/arrivals.toml"
enable arrivals --live
compare arrivals
same "were each file everything, one would be gone" "1 0 1 0" "$compared"
arrivals '' > "$scratch/arrivals.toml"
enable arrivals --live
mv "$scratch/archive/2.csv" "$scratch/2.csv"
no 'adapter.state.*1 of the files that were read' adapter reconcile arrivals
mv "$scratch/2.csv" "$scratch/archive/2.csv"
compare arrivals
same "put back as it was, it is compared again" "1 0 0 1" "$compared"
{
  printf 'name = "events"\n[source]\nkind = "message"\nfolder = "%s"\n' "$scratch/spool"
  printf 'columns = { code = "data.code", name = "data.name", scope = "data.scope" }\n'
  outputs
} > "$scratch/events.toml"
enable events --live
event() {  # ID SCOPE
  printf '{"specversion":"1.0","id":"%s","source":"urn:dept","type":"t","data":{"code":"%s",
    "name":"测试企业103","scope":"%s"}}' "$1" $third "$2" > "$scratch/spool/$1.json.part"
  mv "$scratch/spool/$1.json.part" "$scratch/spool/$1.json"
  adapter run events --json > "$scratch/answer"
}
event e1 一; event e2 二
same "the second event changes the record" 1 "$(answer changed)"
compare events
same "the last event counts" "1 0 0 0" "$compared"
adapter run events > /dev/null
rm "$scratch/spool/done/"*e1.json
no 'adapter.state.*file 1 of the 2' adapter reconcile events
# ---- cassettes
adapter record --mapping "$scratch/good.toml" --out "$scratch/tape" --json > "$scratch/answer"
same "recorded" 1 "$(answer rows)"
grep -q 测试经营范围 "$scratch/tape" && fail "a cassette in clear that nobody asked for"
adapter record --mapping "$scratch/good.toml" --out "$scratch/clear" --clear > /dev/null
grep -q 测试经营范围 "$scratch/clear" || fail "--clear is not clear"
kill $dripping; wait $dripping 2> /dev/null || true
adapter replay --mapping "$scratch/good.toml" --cassette "$scratch/tape" --json > "$scratch/answer"
same "replayed without the server" 1 "$(answer good)"
adapter replay --mapping "$scratch/good.toml" --cassette "$scratch/clear" --clear --json \
  > "$scratch/answer"
grep -q 测试经营范围 "$scratch/answer" || fail "values in clear, when asked for"
no adapter.unsupported adapter record --mapping "$scratch/firms.toml" --out "$scratch/x"
# ---- the hub stops while it loads what somebody asked for: behind its row, and the next goes on
{
  printf 'name = "slow"\n[source]\nkind = "file"\nencoding = "utf-8"\n'
  printf '[limits]\nrows_per_second = 1\n'
  outputs
} > "$scratch/slow.toml"
sed '/rows_per_second/d' "$scratch/slow.toml" > "$scratch/quick.toml"
cat > "$scratch/slow.csv" <<'CSV'
code,name,scope
91990102MA9000003B,测试企业001,一
91990102MA9000038X,测试企业002,二
91990102MA9000046Q,测试企业003,三
91990102MA900005X1,测试企业004,四
CSV
load() {
  "$hub" load --data-dir "$scratch/d" --mapping "$1" --collector $supervision \
    --input "$scratch/slow.csv" --json | tail -1
}
load "$scratch/slow.toml" > "$scratch/slow.out" 2>&1 &
slow=$!
sleep 1.5
stop
if wait $slow; then fail "the load came to its end: $(cat "$scratch/slow.out")"; fi
grep -q adapter.state "$scratch/slow.out" || fail "the stopped load: $(cat "$scratch/slow.out")"
echo "ok: a load ends with the hub"
serve
load "$scratch/quick.toml" > "$scratch/answer" || fail "the load goes on"
rest=$(answer read)
[ "$rest" -ge 1 ] && [ "$rest" -le 3 ] || fail "it went on with $rest rows"
echo "ok: the next one goes on behind it"
stop
"$hub" fsck --data-dir "$scratch/d" > /dev/null || fail "fsck"
echo "ok: fsck"
