#!/usr/bin/env bash
# 容缺后补: the case is taken although a material is missing; it follows by its day, or the hub holds
# it by then; nothing is deferred that need not be handed in, and nothing twice.
. "$(dirname "$0")/world.sh"
found; serve; held_by_government
open_case $hygiene HYG-0002
state H05 deferrable plan.deferral_allowed
due=$(material H05 deferral.due)
[[ "$due" > "$(date -d '+29 days' +%F)" ]] || fail "the term of H05 is 30 days"
defer() { post "$1" "$2" approval "/v1/cases/$case_id/deferrals" '{"material":"'"$3"'","operator":'"$operator"'}' "${@:4}"; }
defer "deferred" 201 H05 -H 'Idempotency-Key: d-1'
ticket=$(answer ticket)
same "its day" "$due" "$(answer due)"
same "its card" green "$(answer card)"
same "what happens otherwise" 逾期未补的，不予许可 "$(answer consequence.chinese)"
defer "the same call again" 201 H05 -H 'Idempotency-Key: d-1'
same "is the same ticket" "$ticket" "$(answer ticket)"
defer "not twice" 409 H05
same "its reason" material.state "$(answer reason)"
defer "what is held is not deferred" 409 H01
defer "what must be there is not deferred" 409 H07
defer "what nobody asks for is not deferred" 404 H99
same "its reason" material.unknown "$(answer reason)"
read_case
state H05 deferrable plan.deferral_open
same "the plan names the ticket" "$ticket" "$(material H05 deferral.ticket)"
# 容缺承诺办: a material may be promised and deferred
defer "the other way" 201 H09
read_case
state H09 commitment plan.commitment_allowed
post "the list" 200 approval /v1/tickets/query '{"kind":"deferral","state":"open"}'
same "both are in it, the nearest first" H09 "$(answer tickets.0.material)"
close() { post "$1" "$2" approval "/v1/tickets/$ticket/close" "$3"; }
close "nothing was handed in" 409 '{"outcome":"met","ground":"样例","operator":'"$operator"'}'
same "its reason" deferral.unmet "$(answer reason)"
close "a deferral is not breached" 409 '{"outcome":"breached","ground":"样例","operator":'"$operator"'}'
close "handed in" 200 '{"outcome":"met","ground":"补交纸质材料","document_sha256":"'"$(printf x | sha256sum | cut -c1-64)"'","operator":'"$operator"'}'
same "it is met" met "$(answer state)"
close "not twice" 409 '{"outcome":"ended","ground":"样例","operator":'"$operator"'}'
same "its reason" deferral.state "$(answer reason)"
# a certificate that government gets meanwhile meets the deferral by itself
company=$(python3 - <<'P'
a="0123456789ABCDEFGHJKLMNPQRTUWXY"
w=[pow(3,i,31) for i in range(17)]
b="91990102MA9000014"
print(b+a[(31-sum(a.index(c)*w[i] for i,c in enumerate(b))%31)%31])
P
)
person=$(python3 - <<'P'
w=[7,9,10,5,8,4,2,1,6,3,7,9,10,5,8,4,2]
b="99010219910101001"
print(b+"10X98765432"[sum(int(c)*w[i] for i,c in enumerate(b))%11])
P
)
open_case $hygiene HYG-0003
state H03 deferrable plan.deferral_allowed
defer "the health certificate follows" 201 H03
ticket=$(answer ticket)
issue 004 resident_id "$person" 测试人员002 '{"certificate_number":"HC-2","name":"测试人员002",
  "resident_id":"'"$person"'","examination_date":"2026-11-01"}' "$(date +%F)" "$(date -d '+300 days' +%F)"
read_case
state H03 held plan.held_valid
close "the hub sees it" 200 '{"outcome":"met","ground":"已由卫健部门归集","operator":'"$operator"'}'
# closing needs the role; a ticket that is not there is one that is somebody else's
post "no such ticket" 404 approval /v1/tickets/tkt_00000000000000000000000000000000/close \
  '{"outcome":"ended","ground":"样例","operator":'"$operator"'}'
same "its reason" deferral.unknown "$(answer reason)"
post "without the role" 403 supervision "/v1/tickets/$ticket/close" '{"outcome":"ended","ground":"样例","operator":'"$operator"'}'
same "entries: opened" 3 "$(events deferral.opened)"
same "entries: met" 2 "$(events deferral.met)"
stop
