#!/usr/bin/env bash
# 告知承诺: a signed promise takes the place of a material; it is checked afterwards, and a breach
# closes this way to the applicant until it is repaired.
. "$(dirname "$0")/world.sh"
found
. "$(dirname "$0")/../portal.sh"
serve; held_by_government
open_case $hygiene HYG-0004
state H06 commitment plan.commitment_allowed
text=$(printf '%s' "$(material H06 commitment.text.chinese)" | sha256sum | cut -c1-64)
scan=$(printf scan | sha256sum | cut -c1-64)
sign() { post "$1" "$2" approval "/v1/cases/$case_id/commitments" \
  '{"material":"'"$3"'","text_sha256":"'"$4"'","signed":{"method":"paper","scan_sha256":"'"$scan"'"},"operator":'"$operator"'}' "${@:5}"; }
sign "another text" 422 H06 "$scan"
same "its reason" commitment.text "$(answer reason)"
sign "signed" 201 H06 "$text" -H 'Idempotency-Key: c-1'
ticket=$(answer ticket)
same "what was signed" "$scan" "$(answer document_sha256)"
same "on paper" paper "$(answer signed.method)"
same "the consequence is told" 撤销许可并记入信用记录 "$(answer consequence.chinese)"
sign "not twice" 409 H06 "$text"
sign "what cannot be promised" 409 H07 "$text"
read_case
state H06 commitment plan.commitment_signed
same "the plan names it" "$ticket" "$(material H06 commitment.ticket)"
close() { post "$1" "$2" approval "/v1/tickets/$ticket/close" '{"outcome":"'"$3"'","ground":"核查","operator":'"$operator"'}'; }
close "checked: it was not kept" 200 breached
same "how long it counts" "$(date -d "$(TZ=Asia/Shanghai date +%F) +365 days" +%F)" "$(answer counts_until)"
# visible to later plans
open_case $hygiene HYG-0005
state H06 required plan.document_only
same "what would change it" breach_repaired "$(material H06 would_change | python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["if"])')"
sign "no further promise" 403 H06 "$text"
same "its reason" commitment.breached "$(answer reason)"
close "repaired" 200 repaired
read_case
state H06 commitment plan.commitment_allowed
# signed by an assertion of the applicant, bound to this text of this case
assertion() { python3 "$source_dir/tests/e2e/assertion.py" "$scratch/portal.key" "$scratch/portal.pem" $approval "$1" "$2" "jti-$RANDOM-$(date +%N)" \
  '{"commitment":{"case_id":"'"$3"'","material":"H06","text_sha256":"'"$4"'"}}'; }
sign_online() { post "$1" "$2" approval "/v1/cases/$case_id/commitments" \
  '{"material":"H06","text_sha256":"'"$text"'","signed":{"method":"assertion","assertion":"'"$3"'"},"operator":'"$operator"'}'; }
sign_online "somebody else's" 403 "$(assertion resident_id $person "$case_id" "$text")"
same "its reason" assertion.invalid "$(answer reason)"
sign_online "another text" 403 "$(assertion uscc $company "$case_id" "$scan")"
sign_online "another case" 403 "$(assertion uscc $company case_00000000000000000000000000000000 "$text")"
same "its reason" assertion.invalid "$(answer reason)"
jws=$(assertion uscc $company "$case_id" "$text")
sign_online "trusted again" 201 "$jws"
same "how it was signed" assertion "$(answer signed.method)"
same "by whom" applicant "$(answer signed.by)"
same "what was signed" "$(printf '%s' "$jws" | sha256sum | cut -c1-64)" "$(answer document_sha256)"
ticket=$(answer ticket)
close "kept" 200 met
read_case
state H06 commitment plan.commitment_signed
post "the list" 200 approval /v1/tickets/query '{"kind":"commitment"}'
same "two" 2 "$(answer tickets | python3 -c 'import json,sys; print(len(json.load(sys.stdin)))')"
same "entries: signed" 2 "$(events commitment.signed)"
same "entries: checked" 3 "$(events commitment.checked)"
stop
