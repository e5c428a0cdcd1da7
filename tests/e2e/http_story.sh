#!/usr/bin/env bash
# POST /v1/cases and POST /v1/fetch as README and openapi.yaml say, and the documented refusals.
. "$(dirname "$0")/kit.sh"
found; serve
printf '{"scheme":"uscc","id":"91990102MA9000003B","kind":"legal_entity","fields":{"uscc":"91990102MA9000003B","name":"测试企业001"}}' > "$scratch/subject"
same "base data stored" 200 "$(call supervision POST $departments/v1/subjects "$scratch/subject")"
cat > "$scratch/issue" <<J
{"type":"11990100MB99000131001","issuer":"$supervision","holder":[{"scheme":"uscc","id":"91990102MA9000003B","name":"测试企业001"}],
 "fields":{"certificate_number":"91990102MA9000003B","enterprise_name":"测试企业001","uscc":"91990102MA9000003B","establishment_date":"2020-01-02","registered_capital":"1000000.00 CNY"},
 "valid_from":"2026-01-01","valid_until":null,"matter":"11990100MB9900021U0000000000001","case":"REG-1"}
J
same "issued" 201 "$(call supervision POST $departments/v1/licences "$scratch/issue" -H 'Idempotency-Key: issue-1')"
licence=$(field "$scratch/answer" licence_id); first=$(field "$scratch/answer" receipt.index)
field "$scratch/answer" document > "$scratch/document.sdjwt"
same "replayed" 201 "$(call supervision POST $departments/v1/licences "$scratch/issue" -H 'Idempotency-Key: issue-1')"
same "a replay gives the same licence" "$licence" "$(field "$scratch/answer" licence_id)"
[ "$(field "$scratch/answer" receipt.index)" != "$first" ] || fail "a replay is an entry of its own"
sed 's/REG-1/REG-2/' "$scratch/issue" > "$scratch/issue2"
same "the same key with another body" 409 "$(call supervision POST $departments/v1/licences "$scratch/issue2" -H 'Idempotency-Key: issue-1')"
same "its reason" idempotency.conflict "$(field "$scratch/answer" reason)"
cat > "$scratch/case" <<J
{"matter":"$food","case_number":"CASE-0001","applicant":{"scheme":"uscc","id":"91990102MA9000003B"},"region":"990100","operator":{"id":"officer-1","name":"测试审批员001"}}
J
same "case opened" 201 "$(call approval POST $departments/v1/cases "$scratch/case")"
case_id=$(field "$scratch/answer" case_id)
reference=$(field "$scratch/answer" materials.0.reference)
same "M01 is held" held "$(field "$scratch/answer" materials.0.state)"
same "the same case again" 200 "$(call approval POST $departments/v1/cases "$scratch/case")"
same "same id" "$case_id" "$(field "$scratch/answer" case_id)"
same "case read" 200 "$(call approval GET $departments/v1/cases/$case_id)"
purpose='{"matter":"'$food'","case_number":"CASE-0001","cause":"食品经营许可审批","legal_basis":"样例","operator":{"id":"officer-1","name":"测试审批员001"},"channel":"counter"}'
printf '{"reference":"%s","purpose":%s}' "$reference" "$purpose" > "$scratch/fetch"
same "fetched" 200 "$(call approval POST $departments/v1/fetch "$scratch/fetch")"
same "the field" 测试企业001 "$(field "$scratch/answer" fields.enterprise_name)"
same "the capital is withheld" 1 "$(grep -c '"field":"registered_capital"' "$scratch/answer")"
grep -q 1000000.00 "$scratch/answer" && fail "a withheld value left the hub"
same "integrity" valid "$(field "$scratch/answer" verdicts.integrity.verdict)"
same "issuer" valid "$(field "$scratch/answer" verdicts.issuer.verdict)"
field "$scratch/answer" receipt > "$scratch/receipt.json"; field "$scratch/answer" presentation > "$scratch/presentation.sdjwt"
# the documented refusals
same "no certificate" 401 "$(call '' POST $departments/v1/fetch "$scratch/fetch")"
same "its reason" caller.no_certificate "$(field "$scratch/answer" reason)"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$scratch/c/foreign.key" -out "$scratch/c/foreign.pem" -days 2 -subj /CN=foreign 2>/dev/null
same "a foreign certificate" 401 "$(call foreign POST $departments/v1/fetch "$scratch/fetch")"
same "its reason" caller.untrusted_certificate "$(field "$scratch/answer" reason)"
sed "s/$food/11990100MB9900021U0000000000001/" "$scratch/case" > "$scratch/case2"
same "an undeclared purpose" 403 "$(call approval POST $departments/v1/cases "$scratch/case2" -H 'Accept-Language: zh-CN')"
same "its reason" purpose.not_registered "$(field "$scratch/answer" reason)"
grep -q '调用方未登记该用途' "$scratch/answer" || fail "the refusal is not in Chinese"
same "another department's use of the reference" 403 "$(call supervision POST $departments/v1/fetch "$scratch/fetch")"
printf '{"reference":"x","purpose":%s,"more":1}' "$purpose" > "$scratch/bad"
same "an unknown member" 422 "$(call approval POST $departments/v1/fetch "$scratch/bad")"
printf '{"a":1,"a":2}' > "$scratch/bad"
same "a repeated member" 400 "$(call approval POST $departments/v1/fetch "$scratch/bad")"
same "no such address" 404 "$(call approval GET $departments/v1/nothing)"
same "the wrong method" 405 "$(call approval GET $departments/v1/fetch)"
same "departments' routes are not public" 404 "$(call '' POST $everybody/v1/fetch "$scratch/fetch")"
# the security officer, the log, the public
printf '{"case_id":"%s","with_proofs":true}' "$case_id" > "$scratch/search"
same "search" 200 "$(call officer POST $departments/v1/audit/search "$scratch/search")"
grep -q '"event":"material.fetched"' "$scratch/answer" || fail "the read is not found"
same "search needs its role" 403 "$(call approval POST $departments/v1/audit/search "$scratch/search")"
printf '{"event":"access.refused"}' > "$scratch/search"
call officer POST $departments/v1/audit/search "$scratch/search" > /dev/null
[ "$(grep -o '"event":"access.refused"' "$scratch/answer" | wc -l)" -ge 6 ] || fail "refusals are not entries"
same "one entry" 200 "$(call officer GET $departments/v1/audit/entries/$first)"
same "checkpoint" 200 "$(call '' GET $everybody/log/checkpoint)"
same "a tile" 200 "$(call '' GET "$everybody/log/tile/0/000.p/1")"
same "entries need the auditor" 401 "$(call '' GET "$departments/log/tile/entries/000.p/1")"
same "entries for the auditor" 200 "$(call officer GET "$departments/log/tile/entries/000.p/1")"
printf '{"document":"%s"}' "$(cat "$scratch/presentation.sdjwt")" > "$scratch/verify"
same "public verification" 200 "$(call '' POST $everybody/public/verify "$scratch/verify")"
same "status" valid "$(field "$scratch/answer" verdicts.status.verdict)"
uri=$(python3 - "$scratch/document.sdjwt" <<'P'
import base64,json,sys
p=open(sys.argv[1]).read().split('.')[1]
print(json.loads(base64.urlsafe_b64decode(p+'=='))['status']['status_list']['uri'].split('/')[-1])
P
)
same "status list" 200 "$(call '' GET "$everybody/public/status/$uri")"
same "ready" 200 "$(call '' GET $everybody/readyz)"
same "metrics" 200 "$(call approval GET $departments/metrics)"
grep -q 'POST /v1/fetch' "$scratch/answer" || fail "routes are not counted"
same "openapi" 200 "$(call '' GET $everybody/openapi.yaml)"
# catalogue: a draft is approved by a second administrator
call approval GET $departments/v1/matters/$food > /dev/null
python3 - "$scratch/answer" "$scratch/matter" <<'P'
import json,sys
m=json.load(open(sys.argv[1])); m['version']=2; m['names']['english']='Food business permit (second version)'
json.dump(m,open(sys.argv[2],'w'),ensure_ascii=False)
P
same "drafted" 202 "$(call admin1 PUT $departments/v1/matters/$food "$scratch/matter")"
change=$(field "$scratch/answer" change_id)
same "not by the same administrator" 403 "$(call admin1 POST $departments/v1/changes/$change/approve)"
same "approved by another" 200 "$(call admin2 POST $departments/v1/changes/$change/approve)"
call approval GET $departments/v1/matters/$food > /dev/null
same "the new version is in force" 2 "$(field "$scratch/answer" version)"
# receipt and presentation without the hub
mkdir "$scratch/trust"; cp "$scratch"/d/trust/*.pem "$scratch/trust"
call '' GET $everybody/public/keys > /dev/null; field "$scratch/answer" vkey > "$scratch/trust/log.vkey"
"$hub" verify "$scratch/receipt.json" --trust "$scratch/trust" > /dev/null || fail "the receipt does not verify offline"
echo "$scratch/presentation.sdjwt" | "$hub" vet --kind sd-jwt --trust "$scratch/trust" > "$scratch/answer"
same "the presentation alone" valid "$(field "$scratch/answer" verdict)"
stop
