#!/usr/bin/env bash
# Answers instead of copies: predicates, a batch under one purpose, a form filled with sources.
. "$(dirname "$0")/kit.sh"
found; serve
printf '{"scheme":"uscc","id":"91990102MA9000003B","kind":"legal_entity","fields":{"uscc":"91990102MA9000003B","name":"测试企业001","domicile":"测试路2号"}}' > "$scratch/subject"
same "base data stored" 200 "$(call supervision POST $departments/v1/subjects "$scratch/subject")"
cat > "$scratch/issue" <<J
{"type":"11990100MB99000131001","issuer":"$supervision","holder":[{"scheme":"uscc","id":"91990102MA9000003B","name":"测试企业001"}],
 "fields":{"certificate_number":"91990102MA9000003B","enterprise_name":"测试企业001","uscc":"91990102MA9000003B","establishment_date":"2020-01-02","registered_capital":"1000000.00 CNY","legal_representative":"测试人员001","domicile":"测试路 ２号"},
 "valid_from":"2026-01-01","valid_until":null,"matter":"11990100MB9900021U0000000000001","case":"REG-1"}
J
same "issued" 201 "$(call supervision POST $departments/v1/licences "$scratch/issue")"
cat > "$scratch/case" <<J
{"matter":"$food","case_number":"CASE-0001","applicant":{"scheme":"uscc","id":"91990102MA9000003B"},"region":"990100","operator":{"id":"officer-1","name":"测试审批员001"}}
J
same "case opened" 201 "$(call approval POST $departments/v1/cases "$scratch/case")"
case_id=$(field "$scratch/answer" case_id)
first=$(field "$scratch/answer" materials.0.reference); sixth=$(field "$scratch/answer" materials.5.reference)
purpose='{"matter":"'$food'","case_number":"CASE-0001","cause":"食品经营许可审批","legal_basis":"样例","operator":{"id":"officer-1","name":"测试审批员001"},"channel":"counter"}'
# ask MATERIAL QUESTION: the status
ask() {
  printf '{"case_id":"%s","material":"%s","purpose":%s,"question":%s}' "$case_id" "$1" "$purpose" "$2" > "$scratch/question"
  call approval POST $departments/v1/predicates "$scratch/question"
}
same "asked" 200 "$(ask M01 '{"ask":"holds_valid","field":"domicile","value":"测试路2号"}')"
same "a valid licence at this address" yes "$(field "$scratch/answer" answer)"
field "$scratch/answer" statement | cut -d. -f2 > "$scratch/payload"
python3 - "$scratch/payload" <<'P' || fail "the statement holds a value"
import base64, sys
p = open(sys.argv[1]).read().strip(); p = base64.urlsafe_b64decode(p + '=' * (-len(p) % 4)).decode()
assert '"answer":"yes"' in p and '测试' not in p and '91990102MA9000003B' not in p, p
P
same "asked by reference" 200 "$(printf '{"reference":"%s","purpose":%s,"question":{"ask":"field_before","field":"establishment_date","value":"2021-01-01"}}' "$first" "$purpose" > "$scratch/question"; call approval POST $departments/v1/predicates "$scratch/question")"
same "established before" yes "$(field "$scratch/answer" answer)"
same "what the rule withholds is not answered about" 403 "$(ask M01 '{"ask":"field_at_least","field":"registered_capital","value":"1 CNY"}')"
same "its reason" rule.field_withheld "$(field "$scratch/answer" reason)"
same "no such question" 422 "$(ask M01 '{"ask":"field_like","field":"uscc","value":"9%"}')"
same "its reason" predicate.unknown "$(field "$scratch/answer" reason)"
same "nobody named" 200 "$(ask M02 '{"ask":"holds_valid"}')"
same "cannot tell" subject_not_named "$(field "$scratch/answer" because)"
for n in 1 2 3 4 5; do
  same "guess $n" 200 "$(ask M01 '{"ask":"field_equals","field":"legal_representative","value":"测试人员00'$((n + 1))'"}')"
done
same "a value cannot be found by asking" 429 "$(ask M01 '{"ask":"field_equals","field":"legal_representative","value":"测试人员001"}')"
# several references under one purpose
printf '{"references":["%s","nothing","%s"],"purpose":%s}' "$first" "$sixth" "$purpose" > "$scratch/batch"
same "batch" 200 "$(call approval POST $departments/v1/fetch/batch "$scratch/batch" -H 'Idempotency-Key: batch-1')"
same "the licence" 测试企业001 "$(field "$scratch/answer" items.0.answer.fields.enterprise_name)"
same "one refusal does not stop the others" reference.unknown "$(field "$scratch/answer" items.1.problem.reason)"
same "base data" 测试企业001 "$(field "$scratch/answer" items.2.answer.fields.name)"
one=$(field "$scratch/answer" items.0.answer.receipt.index); two=$(field "$scratch/answer" items.2.answer.receipt.index)
[ "$one" != "$two" ] || fail "each item has an entry of its own"
same "repeated" 200 "$(call approval POST $departments/v1/fetch/batch "$scratch/batch" -H 'Idempotency-Key: batch-1')"
sed 's/"nothing",//' "$scratch/batch" > "$scratch/batch2"
same "the same key with another body" 409 "$(call approval POST $departments/v1/fetch/batch "$scratch/batch2" -H 'Idempotency-Key: batch-1')"
printf '{"references":["%s","%s"],"purpose":%s}' "$first" "$first" "$purpose" > "$scratch/batch"
same "the same reference twice" 422 "$(call approval POST $departments/v1/fetch/batch "$scratch/batch")"
# a form
printf '{"case_id":"%s","form":"food_business_application","purpose":%s}' "$case_id" "$purpose" > "$scratch/form"
same "form" 200 "$(call approval POST $departments/v1/forms/fill "$scratch/form")"
same "a value" 测试企业001 "$(field "$scratch/answer" fields.operator_name.value)"
same "where it comes from" M01 "$(field "$scratch/answer" fields.operator_name.from.material)"
same "who says the same" M06 "$(field "$scratch/answer" fields.operator_name.confirmed_by.0.material)"
same "withheld" rule.field_withheld "$(field "$scratch/answer" fields.registered_capital.missing.0.why)"
same "a caller without the role" 403 "$(call supervision POST $departments/v1/forms/fill "$scratch/form")"
# an annotated copy: by code once, its own paper to check, a terminal prints only
printf '{"reference":"%s","purpose":%s}' "$first" "$purpose" > "$scratch/copy"
same "copy made" 201 "$(call approval POST $departments/v1/copies "$scratch/copy")"
code=$(field "$scratch/answer" code); digest=$(field "$scratch/answer" sha256)
same "not by another system" 404 "$(call supervision GET $departments/v1/copies/$code)"
same "downloaded" 200 "$(call approval GET $departments/v1/copies/$code)"
field "$scratch/answer" content | base64 -d > "$scratch/copy.pdf"
same "it is a PDF" %PDF- "$(head -c 5 "$scratch/copy.pdf")"
same "the one that was stated" "$digest" "$(sha256sum "$scratch/copy.pdf" | cut -d' ' -f1)"
same "once" 410 "$(call approval GET $departments/v1/copies/$code)"
same "its reason" copy.used "$(field "$scratch/answer" reason)"
same "no such copy" 404 "$(call '' GET $everybody/public/copies/aaaaaaaaaaaaaaaaaaaaaaaaaa)"
# each of them is an entry
for event in predicate.answered form.filled copy.made copy.downloaded material.fetched access.refused; do
  printf '{"event":"%s"}' "$event" > "$scratch/search"
  call officer POST $departments/v1/audit/search "$scratch/search" > /dev/null
  grep -q "\"event\":\"$event\"" "$scratch/answer" || fail "no entry $event"
done
echo "ok: all are entries"
stop
