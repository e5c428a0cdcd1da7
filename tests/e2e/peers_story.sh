#!/usr/bin/env bash
# Sources the hub does not reach by itself: an adapter in another language over mutual TLS, a
# front-end machine that dials out only, and another hub that is asked for a licence it holds.
. "$(dirname "$0")/kit.sh"
province=; host=; remote=
finish_all() { for p in $province $host $remote; do kill "$p" 2>/dev/null || true; wait "$p" 2>/dev/null || true; done; finish; }
trap finish_all EXIT
answer() { field "$scratch/answer" "$1"; }
adapter() { local what=$1; shift; "$hub" adapter "$what" --data-dir "$scratch/d" "$@"; }
code=91990102MA9000004E
found
cat > "$scratch/firms.csv" <<'CSV'
code,name,day,state
91990102MA9000003B,测试企业001,2020-01-02,1
91990102MA9000004C,测试企业002,2020-02-30,1
91990102MA90000116,测试企业003,2021-03-04,1
CSV
cat > "$scratch/front.csv" <<'CSV'
code,name,day,state
91990102MA9000061B,测试企业061,2020-01-02,1
91990102MA9000062E,测试企业062,2020-02-30,1
91990102MA9000063H,测试企业063,2021-03-04,1
91990102MA9000064L,测试企业064,2022-05-06,1
CSV
# outputs: the rest of a mapping of such rows
outputs() {
  cat <<'T'
[tables.state]
"1" = "valid"
[[outputs]]
kind = "licence"
object = "11990100MB99000131001"
key = ["uscc"]
holder = { scheme = "uscc", id = "uscc", name = "enterprise_name" }
status = "_state"
[outputs.fields]
uscc = { column = "code", required = true }
enterprise_name = { column = "name", required = true }
establishment_date = { column = "day", convert = ["date"], required = true }
_state = { column = "state", convert = ["table:state"], required = true }
T
}
# own NAME EXTENSION: a certificate of a department's own authority
own() {
  (cd "$scratch/own" && openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -subj "/CN=$1" -out "$1.csr" &&
    printf '%s' "$2" > "$1.ext" &&
    openssl x509 -req -in "$1.csr" -CA root.pem -CAkey root.key -CAcreateserial -days 2 -extfile "$1.ext" -out "$1.pem") 2> /dev/null
}
mkdir "$scratch/own"
(cd "$scratch/own" && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -subj /CN=root -days 2) 2> /dev/null
own server "$(printf 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth')"; own hub 'extendedKeyUsage=clientAuth'

# ---- the other hub: one of the province, which holds a licence -------------------------------------
province_of() { "$hub" "$1" "$2" --data-dir "$scratch/p" "${@:3}" > /dev/null; }
"$hub" init --data-dir "$scratch/p" --name 省级节点 --listen 127.0.0.1:0 --listen-public 127.0.0.1:0 --public-url https://province.example > /dev/null
province_of department add --uscc $approval --name 测试市行政审批服务局 --division 990100
province_of department add --uscc $supervision --name 测试省市场监督管理局 --division 990000
province_of certificate issue --uscc $approval --system county --role fetch --out "$scratch/pc"
province_of certificate issue --uscc $supervision --system supervision --role issue --out "$scratch/pc"
"$hub" serve --config "$scratch/p/config.toml" 2> "$scratch/province.log" & province=$!
for _ in $(seq 200); do grep -q 'departments https' "$scratch/province.log" && break; sleep 0.1; done
there=$(sed -n 's/.*departments https:\/\/[^:]*:\([0-9]*\),.*/\1/p' "$scratch/province.log")
there_public=$(sed -n 's/.*public \(https:.*\)$/\1/p' "$scratch/province.log")
cat > "$scratch/issue" <<J
{"type":"11990100MB99000131001","issuer":"$supervision","holder":[{"scheme":"uscc","id":"$code","name":"测试企业007"}],
 "fields":{"certificate_number":"$code","enterprise_name":"测试企业007","uscc":"$code","establishment_date":"2020-01-02","registered_capital":"1000000.00 CNY"},
 "valid_from":"2026-01-01","valid_until":null,"matter":"11990100MB9900021U0000000000001","case":"REG-1"}
J
province_said=$(curl -sS -o "$scratch/answer" -w "%{http_code}" --cacert "$scratch/p/trust/root.pem" \
  --cert "$scratch/pc/supervision.pem" --key "$scratch/pc/supervision.key" -H "Content-Type: application/json" --data-binary "@$scratch/issue" "https://localhost:$there/v1/licences")
[ "$province_said" = 201 ] || fail "the province issues: $(cat "$scratch/answer")"
mkdir "$scratch/trust"; cp "$scratch"/p/trust/*.pem "$scratch/trust"
curl -sS --cacert "$scratch/p/trust/root.pem" "$there_public/public/keys" > "$scratch/answer"; answer vkey > "$scratch/trust/log.vkey"

# ---- the adapter in another language ---------------------------------------------------------------
python3 "$source_dir/adapters/example/adapter_http.py" "$scratch/firms.csv" code --certificate "$scratch/own/server.pem" \
  --key "$scratch/own/server.key" --ca "$scratch/own/root.pem" > "$scratch/remote.port" & remote=$!
for _ in $(seq 100); do [ -s "$scratch/remote.port" ] && break; sleep 0.1; done
remote_port=$(cat "$scratch/remote.port")
sed -i "s/^outbound_targets.*/outbound_targets = [\"localhost:$remote_port\", \"localhost:$there\"]/; s/^outbound_loopback.*/outbound_loopback = true/" "$scratch/d/config.toml"
adapter secret own-key --file "$scratch/own/hub.key" > /dev/null
adapter secret province-key --file "$scratch/pc/county.key" > /dev/null
{ cat <<T
name = "remote-firms"
issuer_name = "测试登记机关"
[source]
kind = "remote"
url = "https://localhost:$remote_port"
page_rows = 2
[source.tls]
ca = "$scratch/own/root.pem"
certificate = "$scratch/own/hub.pem"
key = "own-key"
T
outputs; } > "$scratch/remote.toml"
{ cat <<T
name = "front-firms"
issuer_name = "测试登记机关"
[source]
kind = "host"
organisation = "$supervision"
system = "front"
adapter = "firms"
page_rows = 2
wait_ms = 8000
T
outputs; } > "$scratch/front.toml"
cat > "$scratch/province.toml" <<T
name = "province"
issuer_name = "测试省市场监督管理局"
[source]
kind = "hub"
matter = "$food"
material = "M01"
type = "11990100MB99000131001"
legal_basis = "《食品经营许可和备案管理办法》第十二条"
cause = "跨区域核验"
operator_id = "hub-990100"
operator_name = "测试节点"
region = "990100"
fields = ["uscc", "enterprise_name", "establishment_date"]
[[source.hubs]]
divisions = ["9900"]
url = "https://localhost:$there"
trust = "$scratch/trust"
[source.hubs.tls]
ca = "$scratch/p/trust/root.pem"
certificate = "$scratch/pc/county.pem"
key = "province-key"
[[outputs]]
kind = "licence"
object = "11990100MB99000131001"
key = ["uscc"]
holder = { scheme = "uscc", id = "uscc", name = "enterprise_name" }
status = "valid"
lookup = { holder = "{holder.id}", division = "990000" }
[outputs.fields]
uscc = { column = "uscc", required = true }
enterprise_name = { column = "enterprise_name", required = true }
establishment_date = { column = "establishment_date", convert = ["date"], required = true }
T
enable() { adapter enable --mapping "$scratch/$1.toml" --collector $supervision --live > /dev/null || fail "enable $1"; }
enable remote; enable province
"$hub" certificate issue --data-dir "$scratch/d" --uscc $supervision --system front --role collect --out "$scratch/c" > /dev/null
serve
# run NAME: exit code; the counts in $scratch/answer, what was said in $scratch/said
run() { set +e; adapter run "$1" --json > "$scratch/answer" 2> "$scratch/said"; code_of_run=$?; set -e; }
run remote-firms
same "an adapter in another language: rows" 3 "$(answer read)"
same "two of them are good" '2 1' "$(answer new) $(answer quarantined)"
printf '91990102MA9000038X,测试企业004,2022-05-06,1\n' >> "$scratch/firms.csv"
run remote-firms
same "it goes on behind what it gave" 1 "$(answer read)"
kill "$remote"; wait "$remote" 2>/dev/null || true; remote=
run remote-firms
grep -q source.unavailable "$scratch/said" || fail "an adapter that is gone: $(cat "$scratch/said")"
echo "ok: an adapter that is gone is unavailable"

# ---- the front-end machine -------------------------------------------------------------------------
same "nobody without a certificate" 401 "$(call '' POST "$departments/v1/adapter-host/work" <(echo '{}'))"
refusals() { "$hub" audit search --data-dir "$scratch/d" --event access.refused --json > "$scratch/found"; { grep -o '"index"' "$scratch/found" || true; } | wc -l; }
refused=$(refusals)
same "an answer nobody asked for" 409 "$(call supervision POST "$departments/v1/adapter-host/answers" <(echo '{"id":"none","answer":"{}"}'))"
same "is on record" 1 "$(($(refusals) - refused))"
printf '[source]\nkind = "file"\nencoding = "utf-8"\n' > "$scratch/source.toml"
front() { # SYSTEM: an adapter host with this system's certificate
  cat > "$scratch/host.toml" <<T
hub = "$departments"
ca = "d/trust/root.pem"
certificate = "c/$1.pem"
key = "c/$1.key"
[[adapters]]
name = "firms"
source = "source.toml"
input = "front.csv"
T
  "$hub" adapter host --config "$scratch/host.toml" 2> "$scratch/host.log" & host=$!
}
end_host() { kill -TERM "$host"; wait "$host" || fail "the host did not end in order"; host=; }
front front
enable front
end_host
run front-firms
grep -q source.unavailable "$scratch/said" || fail "no host came: $(cat "$scratch/said")"
echo "ok: without its host the source is unavailable"
front supervision
run front-firms
grep -q source.unavailable "$scratch/said" || fail "another system served it: $(cat "$scratch/said" "$scratch/answer")"
echo "ok: another system of the same department is not given its work"
kill -9 "$host"; wait "$host" 2>/dev/null || true; host=
front front
run front-firms  # also when the task goes to the connection of a machine that is gone: it comes back
same "the front-end machine gives its rows" 4 "$(answer read)"
same "the bad row too" '3 1' "$(answer new) $(answer quarantined)"
sed -i '1s/name/title/' "$scratch/front.csv"
run front-firms
grep -q 'mapping.column_missing' "$scratch/said" || fail "a renamed column: $(cat "$scratch/said")"
echo "ok: a column renamed behind the front-end machine is named"
stop; serve
sed -i "s#^hub = .*#hub = \"$departments\"#" "$scratch/host.toml"
kill -9 "$host"; wait "$host" 2>/dev/null || true; host=
sed -i '1s/title/name/' "$scratch/front.csv"
"$hub" adapter host --config "$scratch/host.toml" 2> "$scratch/host.log" & host=$!
for _ in 1 2 3 4 5; do  # on a busy machine the host may need a while to come
  run front-firms
  grep -q '"read"' "$scratch/answer" && break
done
grep -q '"read"' "$scratch/answer" || fail "a host after a restart: $(cat "$scratch/said")"
same "and again after a restart" 4 "$(answer read)"
kill -9 "$host"; wait "$host" 2>/dev/null || true; host=

# ---- the licence of another hub --------------------------------------------------------------------
open_case() { # NUMBER CODE
  printf '{"matter":"%s","case_number":"%s","applicant":{"scheme":"uscc","id":"%s"},"region":"990100","operator":{"id":"o-1","name":"测试审批员001"}}' \
    $food "$1" "$2" > "$scratch/body"
  same "a case at the county" 201 "$(call approval POST "$departments/v1/cases" "$scratch/body")"
  reference=$(answer materials.0.reference)
}
fetch() { # NUMBER
  printf '{"reference":"%s","purpose":{"matter":"%s","case_number":"%s","cause":"许可审批","legal_basis":"law","operator":{"id":"o-1","name":"测试审批员001"},"channel":"counter"}}' \
    "$reference" $food "$1" > "$scratch/fetch"
  call approval POST "$departments/v1/fetch" "$scratch/fetch"
}
open_case C-1 $code
same "not held here, to be had from the province" 'obtainable province' "$(answer materials.0.state) $(answer materials.0.source.adapter)"
same "it is fetched there" 200 "$(fetch C-1)"
same "what the province's department signed" 测试企业007 "$(answer fields.enterprise_name)"
"$hub" audit search --data-dir "$scratch/p" --event material.fetched --json > "$scratch/answer"
same "the province's log knows it" 1 "$(python3 -c 'import json,sys; print(len(json.load(open(sys.argv[1]))["entries"]))' "$scratch/answer")"
open_case C-2 91990102MA9000005H
same "nobody there has it" 404 "$(fetch C-2)"
same "and it is said so" source.not_found "$(answer reason)"
open_case C-3 $code
cp "$scratch/trust/log.vkey" "$scratch/log.vkey"
call '' GET "$everybody/public/keys" > /dev/null; answer vkey > "$scratch/trust/log.vkey"
same "a receipt of another log than the one that is trusted" 502 "$(fetch C-3)"
same "is not believed" source.answer "$(answer reason)"
cp "$scratch/log.vkey" "$scratch/trust/log.vkey"; rm "$scratch"/trust/*.pem; cp "$scratch"/d/trust/*.pem "$scratch/trust"
same "nor an issuer that is not known" 502 "$(fetch C-3)"
rm "$scratch"/trust/*.pem; cp "$scratch"/p/trust/*.pem "$scratch/trust"
same "all is well again" 200 "$(fetch C-3)"
kill -TERM "$province"; wait "$province" || true; province=
same "a province that is away" 503 "$(fetch C-3)"
stop
"$hub" fsck --data-dir "$scratch/d" > /dev/null || fail "fsck"
echo "ok: fsck"
