#!/usr/bin/env bash
# 四不提交: no legal basis, issued by the asker, obtainable or held by government, verifiable online:
# none of it is handed in. What is left says why, on what basis, and what would change it.
. "$(dirname "$0")/world.sh"
found; serve; held_by_government
open_case $hygiene HYG-0001
state H10 not_demandable plan.no_legal_basis
state H08 own plan.issued_by_asker
state H01 held plan.held_valid
state H03 held plan.held_valid
state H04 held plan.held_valid
state H02 verifiable plan.yes_no_suffices
state H05 deferrable plan.deferral_allowed
state H06 commitment plan.commitment_allowed
state H09 commitment plan.commitment_allowed
state H07 required plan.document_only
state H11 required plan.not_held
state H12 required plan.consent_needed
same "what the law demands" 11 "$(field "$scratch/plan" summary.demanded)"
same "what is spared" 5 "$(field "$scratch/plan" summary.spared)"
same "what would change H11" licence_collected "$(material H11 would_change | python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["if"])')"
same "who could open H12" holder "$(material H12 would_change | python3 -c 'import json,sys; print(json.load(sys.stdin)[-1]["by"])')"
same "why, in Chinese" 由本部门出具，不需提交 "$(material H08 why.chinese)"
material H08 reference 2> /dev/null && fail "what is not fetched has no reference"
# by reference, not by paper; nothing beyond the rule
post "fetched by reference" 200 approval /v1/fetch '{"reference":"'"$(material H01 reference)"'","purpose":'"$(purpose $hygiene HYG-0001)"'}'
same "the value" 测试企业001 "$(answer fields.enterprise_name)"
# a yes or no suffices: the values stay where they are
post "the identity card is verified" 200 approval /v1/fetch '{"reference":"'"$(material H02 reference)"'","purpose":'"$(purpose $hygiene HYG-0001)"'}'
same "no value leaves" '{}' "$(answer fields)"
same "the yes" valid "$(answer verdicts.status.verdict)"
grep -q "测试人员001" "$scratch/answer" && fail "a name left the hub"
# the plan follows what happens
same "revision" 1 "$(field "$scratch/plan" revision)"
read_case
same "nothing changed: the same revision" 1 "$(field "$scratch/plan" revision)"
issue 002 uscc $company 测试企业001 '{"certificate_number":"JY-1","operator_name":"测试企业001","uscc":"'$company'",
  "business_premises":"测试路1号","business_items":"热食类食品制售"}' "$(date +%F)" "$(date -d '+1000 days' +%F)"
food_licence=$licence
read_case
state H11 held plan.held_valid
same "what changed" '[{"material": "H11", "from": "required", "to": "held", "because": "plan.held_valid"}]' "$(field "$scratch/plan" changes)"
same "a new revision" 2 "$(field "$scratch/plan" revision)"
post "it is revoked" 200 supervision /v1/licences/status '{"licence_id":"'"$food_licence"'","action":"revoke","ground":"样例","operator":'"$operator"'}'
read_case
state H11 required plan.held_not_valid
# 一次告知
post "one-time notice" 200 approval "/v1/cases/$case_id/notice" '{"operator":'"$operator"'}'
answer document > "$scratch/notice.html"
for part in 公共场所平面布局图 可容缺后补 告知承诺书 不需要提交的材料 任何人不得要求; do
  grep -q "$part" "$scratch/notice.html" || fail "the notice does not say $part"
done
grep -q "$company\|$person" "$scratch/notice.html" && fail "a notice names no number of a person or company"
same "the notice is an entry" 1 "$(events notice.given)"
# a case that is not there
post "no such case" 404 approval /v1/cases/case_00000000000000000000000000000000/notice '{"operator":'"$operator"'}'
same "its reason" case.unknown "$(answer reason)"
stop
