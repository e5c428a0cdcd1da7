#!/usr/bin/env bash
# The exchange and a department's own system: what the hub does not hold is offered, asked for with
# an intent and an outcome in the log, stated by the hub; the source stops, lies, hangs; the hub is
# killed between intent and outcome; what happens here is told there, also after both were away.
. "$(dirname "$0")/kit.sh"
found
source=
end_source() {
  [ -z "$source" ] || kill "$source" 2>/dev/null || true
  [ -z "$source" ] || wait "$source" 2>/dev/null || true
  source=
}
trap 'end_source; finish' EXIT
mkdir "$scratch/s"; echo ok > "$scratch/s/mode"; : > "$scratch/s/asked"; : > "$scratch/s/inbox"
begin_source() { # PORT
  rm -f "$scratch/s/port"
  python3 "$(dirname "$0")/exchange_source.py" "$1" "$scratch/s" & source=$!
  for _ in $(seq 100); do [ -s "$scratch/s/port" ] && break; sleep 0.1; done
  port=$(cat "$scratch/s/port")
}
begin_source 0
answer() { field "$scratch/answer" "$1"; }
source_is() { echo "$1" > "$scratch/s/mode"; }
sed -i "s/^outbound_targets.*/outbound_targets = [\"127.0.0.1:$port\"]/
s/^outbound_loopback.*/outbound_loopback = true/" "$scratch/d/config.toml"
cat > "$scratch/firms.toml" <<T
name = "firms"
issuer_name = "测试登记机关"
[source]
kind = "http"
url = "http://127.0.0.1:$port"
path = "/licences"
rows = "list"
columns = { code = "code", name = "name", day = "day", domicile = "domicile", state = "state" }
[source.limits]
first_byte_ms = 4000
total_ms = 5000
retries = 0
[source.lookup]
path = "/licence/{key.code}"
rows = "list"
[source.push]
method = "POST"
path = "/inbox"
[tables.state]
"1" = "valid"
[[outputs]]
kind = "licence"
object = "11990100MB99000131001"
key = ["uscc"]
holder = { scheme = "uscc", id = "uscc", name = "enterprise_name" }
status = "_state"
lookup = { code = "{holder.id}" }
[outputs.fields]
uscc = { column = "code", check = ["uscc"], required = true }
enterprise_name = { column = "name", required = true }
establishment_date = { column = "day", convert = ["date"], required = true }
domicile = { column = "domicile" }
_state = { column = "state", convert = ["table:state"], required = true }
[[pushes]]
object = "11990100MB99000131004"
record = { certNo = "{licence_id}", who = "{field.name}", what = "{event}", state = "{status}" }
[[pushes]]
object = "legal_entity"
on = ["base_data"]
record = { code = "{field.uscc}", who = "{field.name}", what = "{event}", no = "{version}" }
T
sed 's/^kind = "http"/kind = "file"\nencoding = "utf-8"/
/^url\|^path\|^rows\|^columns\|_ms\|^retries\|^method\|source\./d' \
  "$scratch/firms.toml" > "$scratch/file.toml"
set +e
"$hub" adapter test --data-dir "$scratch/d" --mapping "$scratch/file.toml" 2> "$scratch/said"
set -e
grep -q 'mapping.invalid.*lookup: not of a source of kind file' "$scratch/said" ||
  fail "a file that is to be asked: $(cat "$scratch/said")"
"$hub" adapter enable --data-dir "$scratch/d" --mapping "$scratch/firms.toml" \
  --collector $supervision --live > /dev/null
"$hub" certificate issue --data-dir "$scratch/d" --uscc $approval --system register \
  --role subjects_write --out "$scratch/c" > /dev/null
serve
code=91990102MA9000004E
open_case() { # NUMBER
  cat > "$scratch/body" <<J
{"matter":"$food","case_number":"$1","applicant":{"scheme":"uscc","id":"$code"},"region":"990100",
 "operator":{"id":"o-1","name":"测试审批员001"}}
J
  same "the case is opened" 201 "$(call approval POST "$departments/v1/cases" "$scratch/body")"
  reference=$(answer materials.0.reference)
}
fetch() { # NUMBER: asks for what the case's reference stands for
  cat > "$scratch/fetch" <<J
{"reference":"$reference","purpose":{"matter":"$food","case_number":"$1","cause":"许可审批",
 "legal_basis":"law","operator":{"id":"o-1","name":"测试审批员001"},"channel":"counter"}}
J
  call approval POST "$departments/v1/fetch" "$scratch/fetch" -D "$scratch/headers"
}
outcomes() { # the entries of an event
  "$hub" audit search --data-dir "$scratch/d" --event "$1" --json > "$scratch/entries"
}
open_case C-1
same "not held, but to be had" obtainable "$(answer materials.0.state)"
same "and why" plan.obtainable "$(answer materials.0.because)"
same "from which adapter" firms "$(answer materials.0.source.adapter)"
name=$(answer materials.0.source.organisation_name)
same "of which department" 测试市市场监督管理局 "$name"
same "nobody was asked for a plan" 0 "$(wc -l < "$scratch/s/asked")"
same "it is fetched" 200 "$(fetch C-1)"
same "asked by the applicant's code" $code "$(cat "$scratch/s/asked")"
same "the field" 测试企业77 "$(answer fields.enterprise_name)"
same "the issuer did not sign it" issuer.attested_by_hub "$(answer verdicts.issuer.reason)"
same "nor is that folded into valid" indeterminate "$(answer verdicts.issuer.verdict)"
same "the status is the source's" valid "$(answer verdicts.status.verdict)"
field "$scratch/answer" receipt > "$scratch/receipt.json"
printf '{"document":"%s"}' "$(answer presentation)" > "$scratch/verify"
behind=$(( $(answer receipt.index) - $(answer obtained.intent) ))
same "the receipt is of the outcome, not of the intent" 1 $behind
mkdir "$scratch/trust"; cp "$scratch"/d/trust/*.pem "$scratch/trust"
call '' GET "$everybody/public/keys" > /dev/null; answer vkey > "$scratch/trust/log.vkey"
"$hub" verify "$scratch/receipt.json" --trust "$scratch/trust" > /dev/null ||
  fail "the receipt does not verify"
echo "ok: the receipt verifies"
status=$(call '' POST "$everybody/public/verify" "$scratch/verify")
same "the presentation is looked at" 200 "$status"
same "it is whole" valid "$(answer verdicts.integrity.verdict)"
same "and says who stands for it" issuer.attested_by_hub "$(answer verdicts.issuer.reason)"
grep -rq 外部系统路77号 "$scratch/d/store" && fail "something of the licence was stored"
echo "ok: nothing of the licence is stored"
source_is unknown; same "the source does not know it" 404 "$(fetch C-1)"
same "and says so" source.not_found "$(answer reason)"
source_is other; same "a source that answers another question" 502 "$(fetch C-1)"
same "is not believed" source.answer "$(answer reason)"
source_is broken; same "nor one that answers nonsense" 502 "$(fetch C-1)"
source_is closed; same "a source that is closed" 503 "$(fetch C-1)"
same "is unavailable" source.unavailable "$(answer reason)"
grep -qi '^retry-after:' "$scratch/headers" || fail "no Retry-After"
end_source
same "a source that is gone" 503 "$(fetch C-1)"
outcomes source.outcome
grep -q source.unavailable "$scratch/entries" || fail "the outcome does not say so"
begin_source "$port"; source_is hang
(fetch C-1 > /dev/null 2>&1 || true) & asking=$!
before=$(wc -l < "$scratch/s/asked")
for _ in $(seq 100); do [ "$(wc -l < "$scratch/s/asked")" -gt "$before" ] && break; sleep 0.05; done
kill -9 "$server"; wait "$server" 2>/dev/null || true; server=; wait $asking || true
end_source; begin_source "$port"; source_is closed
serve
outcomes source.outcome
grep -q source.outcome_unknown "$scratch/entries" || fail "the call that was cut has no outcome"
ended=$(grep -o '"source.outcome"' "$scratch/entries" | wc -l)
outcomes source.intent
intents=$(grep -o '"source.intent"' "$scratch/entries" | wc -l)
same "every intent has an outcome" "$intents" "$ended"
cat > "$scratch/body" <<J
{"type":"11990100MB99000131004","issuer":"$supervision",
 "holder":[{"scheme":"resident_id","id":"990102199001010015","name":"测试人员001"}],
 "fields":{"certificate_number":"HC-1","name":"测试人员001","resident_id":"990102199001010015",
           "examination_date":"2026-11-01"},"valid_from":"2026-11-01","valid_until":"2027-10-31",
 "matter":"11990100MB9900048K0000000000001","case":"HC-1"}
J
same "a licence is issued" 201 "$(call supervision POST "$departments/v1/licences" "$scratch/body")"
licence=$(answer licence_id)
sleep 2.5
"$hub" adapter pushes firms --data-dir "$scratch/d" --json > "$scratch/answer"
same "the source is closed: it waits to be told" 1 "$(answer waiting)"
same "the reason is kept" source.unavailable "$(answer pushes.0.reason)"
"$hub" adapter list --data-dir "$scratch/d" --json > "$scratch/answer"
same "the list counts it" 1 "$(answer adapters.0.pushes.waiting)"
stop; serve
source_is ok
for _ in $(seq 200); do [ -s "$scratch/s/inbox" ] && break; sleep 0.1; done
same "told after both were away" 1 "$(wc -l < "$scratch/s/inbox")"
grep -q "$licence.*测试人员001.*issued" "$scratch/s/inbox" || fail "$(cat "$scratch/s/inbox")"
printf '{"licence_id":"%s","action":"revoke","ground":"测试"}' "$licence" > "$scratch/body"
status=$(call supervision POST "$departments/v1/licences/status" "$scratch/body")
same "its status changes" 200 "$status"
for _ in $(seq 200); do [ "$(wc -l < "$scratch/s/inbox")" -gt 1 ] && break; sleep 0.1; done
same "that is told, too" 2 "$(wc -l < "$scratch/s/inbox")"
ids=$(cut -d' ' -f1 "$scratch/s/inbox" | sort -u | grep -c '[0-9a-f]\{32\}')
same "each with an id of its own" 2 "$ids"
"$hub" adapter pushes firms --data-dir "$scratch/d" --json > "$scratch/answer"
same "nothing waits any more" 0 "$(answer waiting)"

# ---- base data that another department writes is told, too
write() { # SYSTEM NAME
  cat > "$scratch/body" <<J
{"scheme":"uscc","id":"$code","kind":"legal_entity","fields":{"uscc":"$code","name":"$2"}}
J
  call "$1" POST "$departments/v1/subjects" "$scratch/body"
}
same "the source's own department writes" 200 "$(write supervision 测试企业031)"
same "another one changes it" 200 "$(write register 测试企业032)"
version=$(answer version)
same "and says it again" 200 "$(write register 测试企业032)"
cat > "$scratch/body" <<J
{"scheme":"uscc","id":"$code","kind":"legal_entity","corrects":$version,"ground":"登记错误",
 "fields":{"uscc":"$code","name":"测试企业033"},"operator":{"id":"o-2","name":"测试审批员002"}}
J
status=$(call register POST "$departments/v1/subjects/corrections" "$scratch/body")
same "and corrects it" 200 "$status"
for _ in $(seq 200); do [ "$(wc -l < "$scratch/s/inbox")" -gt 3 ] && break; sleep 0.1; done
sleep 1.5
same "the change and the correction are told, nothing else" 4 "$(wc -l < "$scratch/s/inbox")"
told() { sed -n "$1p" "$scratch/s/inbox" | grep -q "$2" || fail "$(cat "$scratch/s/inbox")"; }
told 3 "$code.*测试企业032.*changed"
told 4 "$code.*测试企业033.*corrected"
outcomes source.intent
same "each is announced, and about the kind" 2 \
  "$(grep -o '"object":"legal_entity"' "$scratch/entries" | wc -l)"
grep -q 测试企业03 "$scratch/entries" && fail "the entry shows the record"
"$hub" adapter pushes firms --data-dir "$scratch/d" --json > "$scratch/answer"
same "nothing of it waits" 0 "$(answer waiting)"
"$hub" adapter retry firms --data-dir "$scratch/d" --json > "$scratch/answer"
same "nor was given up" 0 "$(answer retried)"

# ---- the limits of its mapping hold --------------------------------------------------------------
limited() { # LINE: the adapter as it is, with this limit
  { cat "$scratch/firms.toml"; printf '[limits]\n%s\n' "$1"; } > "$scratch/limited.toml"
  "$hub" adapter enable --data-dir "$scratch/d" --mapping "$scratch/limited.toml" \
    --collector $supervision --live > /dev/null
}
limited 'calls_per_second = 0' 2> "$scratch/said" && fail "a limit of none was taken"
grep -q 'mapping.invalid.*line.*calls_per_second' "$scratch/said" || fail "$(cat "$scratch/said")"
limited 'calls_per_second = 1'
open_case C-9
begun=$(date +%s%N)
for _ in 1 2 3; do same "a call in its turn" 200 "$(fetch C-9)"; done
took=$(( ($(date +%s%N) - begun) / 1000000 ))
[ "$took" -ge 1900 ] || fail "three calls at one a second took $took ms"
echo "ok: three calls at one a second took two seconds"
limited 'calls_per_minute = 1'
same "a call in this minute" 200 "$(fetch C-9)"
asked=$(wc -l < "$scratch/s/asked")
begun=$(date +%s)
same "a second one has no turn in time" 503 "$(fetch C-9)"
same "it is told so" source.busy "$(answer reason)"
grep -qi '^retry-after:' "$scratch/headers" || fail "no Retry-After"
[ $(( $(date +%s) - begun )) -lt 5 ] || fail "it waited for a turn that could not come"
same "and the source was not asked" "$asked" "$(wc -l < "$scratch/s/asked")"
stop
"$hub" fsck --data-dir "$scratch/d" > /dev/null || fail "fsck"
echo "ok: fsck"
