#!/usr/bin/env bash
# 同一主体申办不同事项只需提交一次要件: what an applicant handed in for one matter is collected, and the
# next matter, another case, finds it and fetches it by reference.
. "$(dirname "$0")/world.sh"
found; serve; held_by_government
"$hub" certificate issue --data-dir "$scratch/d" --uscc $supervision --system counter --role collect \
  --out "$scratch/c" > /dev/null
person=$(python3 - <<'P'
w=[7,9,10,5,8,4,2,1,6,3,7,9,10,5,8,4,2]
b="99010219920202001"
print(b+"10X98765432"[sum(int(c)*w[i] for i,c in enumerate(b))%11])
P
)
open_case $food FOOD-0101
state M01 held plan.held_valid
state M03 required plan.not_held
# the counter takes the paper once and collects it
collect() { # WHAT LINE
  printf '%s\n' "$2" > "$scratch/body"
  same "$1" 200 "$(call counter POST "$departments/v1/licences/collect" "" \
    -H 'Content-Type: application/x-ndjson' --data-binary "@$scratch/body")"
  same "its outcome" new "$(answer outcome)"
}
until=$(date -d '+300 days' +%F)
collect "the certificate is collected" '{"type":"'$type'004","holder":[{"scheme":"resident_id","id":"'"$person"'","name":"测试人员003"}],"issuer_name":"测试医院","fields":{"certificate_number":"HC-3","name":"测试人员003","resident_id":"'"$person"'","examination_date":"2026-10-01"},"valid_from":"2026-10-01","valid_until":"'"$until"'","status":"valid","source":"counter","source_key":"HC-3"}'
read_case
state M03 held plan.held_valid
same "trust" collected "$(material M03 trust)"
# the second matter asks for nothing of it again
open_case $hygiene HYG-0101
state H01 held plan.held_valid
state H03 held plan.held_valid
post "fetched by reference" 200 approval /v1/fetch '{"reference":"'"$(material H03 reference)"'","purpose":'"$(purpose $hygiene HYG-0101)"'}'
same "the value" HC-3 "$(answer fields.certificate_number)"
same "who vouches for it" issuer.stock_data "$(answer verdicts.issuer.reason)"
# a matter may ask for more than a collected copy
collect "a food licence is collected" '{"type":"'$type'002","holder":[{"scheme":"uscc","id":"'$company'","name":"测试企业001"}],"issuer_name":"测试登记机关","fields":{"certificate_number":"JY-0001","operator_name":"测试企业001","uscc":"'$company'","business_premises":"测试路1号","business_items":"热食类食品制售"},"valid_from":"2026-01-01","valid_until":"2030-12-31","status":"valid","source":"counter","source_key":"JY-0001"}'
read_case
state H11 required plan.held_not_trusted
stop
