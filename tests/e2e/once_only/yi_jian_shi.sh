#!/usr/bin/env bash
# 一件事一次办: two matters, one application, one list in which each material stands once; what one
# matter ends in is a material of the other. 证照联办: both licences are had in one place.
. "$(dirname "$0")/world.sh"
found; serve; held_by_government
bundle=11990100MB99000131-BUNDLE-002
joint() { post "$1" "$2" approval /v1/bundles/$bundle/cases '{"joint_number":"'"$3"'",
  "case_numbers":[{"matter":"'$food'","case_number":"'"$4"'"},{"matter":"'$hygiene'","case_number":"'"$5"'"}],
  "applicant":{"scheme":"uscc","id":"'$company'"},
  "related":[{"role":"legal_representative","scheme":"resident_id","id":"'"$person"'"},
             {"role":"employee","scheme":"resident_id","id":"'"$person"'"}],
  "region":"990100","operator":'"$operator"'}' "${@:6}"; }
joint "opened together" 201 JOINT-1 FOOD-1 HYG-1 -H 'Idempotency-Key: j-1'
cp "$scratch/answer" "$scratch/joint"
joint_id=$(answer joint_case_id)
# one MEMBER of the material whose Chinese name is NAME
one() { python3 -c 'import json,sys
m=[m for m in json.load(open(sys.argv[1]))["materials"] if m["names"]["chinese"]==sys.argv[2]]
assert len(m)==1, (sys.argv[2], len(m))
v=m[0]
for k in sys.argv[3].split("."): v=v[int(k)] if isinstance(v,list) else v[k]
print(v if isinstance(v,str) else json.dumps(v,ensure_ascii=False))' "$scratch/joint" "$1" "$2"; }
same "the business licence stands once" held "$(one 营业执照 state)"
same "and serves both" '["M01", "H01"]' "$(one 营业执照 needed_by | python3 -c 'import json,sys; print(json.dumps([n["material"] for n in json.load(sys.stdin)]))')"
same "the food licence comes from the food matter" "$food" "$(one 食品经营许可证 from_matter)"
same "nobody brings it" own "$(one 食品经营许可证 state)"
separately=$(field "$scratch/joint" summary.demanded_separately) once=$(field "$scratch/joint" summary.demanded_once)
[ "$separately" -gt "$once" ] || fail "nothing was deduplicated: $separately, $once"
joint "the same call again" 201 JOINT-1 FOOD-1 HYG-1 -H 'Idempotency-Key: j-1'
same "is the same joint case" "$joint_id" "$(answer joint_case_id)"
joint "the same number again" 200 JOINT-1 FOOD-1 HYG-1
same "the same" "$joint_id" "$(answer joint_case_id)"
joint "the number with other cases" 409 JOINT-1 FOOD-2 HYG-2
same "its reason" case.conflict "$(answer reason)"
post "no such bundle" 404 approval /v1/bundles/none/cases '{"joint_number":"J","case_numbers":[{"matter":"'$food'","case_number":"F-9"}],
  "applicant":{"scheme":"uscc","id":"'$company'"},"operator":'"$operator"'}'
same "its reason" bundle.unknown "$(answer reason)"
# each member is a case like any other
case_id=$(field "$scratch/joint" cases.0.case_id)
read_case
state M01 held plan.held_valid
# 证照联办: what the matters ended in
read_joint() { same "joint case read" 200 "$(call approval GET "$departments/v1/joint-cases/$joint_id")"; cp "$scratch/answer" "$scratch/joint"; }
read_joint
same "nothing yet" pending "$(field "$scratch/joint" cases.0.result.state)"
issue 002 uscc $company 测试企业001 '{"certificate_number":"JY-1","operator_name":"测试企业001","uscc":"'$company'",
  "business_premises":"测试路1号","business_items":"热食类食品制售"}' "$(date +%F)" "$(date -d '+1000 days' +%F)"
read_joint
same "the food licence is there" issued "$(field "$scratch/joint" cases.0.result.state)"
post "fetched with the bundle" 200 approval /v1/fetch '{"reference":"'"$(field "$scratch/joint" cases.0.result.reference)"'","purpose":'"$(purpose $food FOOD-1)"'}'
same "the number" JY-1 "$(answer fields.certificate_number)"
same "reading one needs the role" 403 "$(call supervision GET "$departments/v1/joint-cases/joint_00000000000000000000000000000000")"
same "no such joint case" 404 "$(call approval GET "$departments/v1/joint-cases/joint_00000000000000000000000000000000")"
same "entries: a case each" 4 "$(events case.opened)"
stop
