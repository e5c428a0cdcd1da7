#!/usr/bin/env bash
# 多证合一: a matter still asks for a licence that was merged into the business licence; the plan finds
# the business licence, and nobody is sent for a paper that is not issued any more.
. "$(dirname "$0")/world.sh"
found; serve; held_by_government
old=${type}006
same "the old type" 200 "$(call approval GET "$departments/v1/licence-types/$old")"
same "was merged into" ${type}001 "$(answer merged_into.type)"
same "the matter" 200 "$(call approval GET "$departments/v1/matters/$food")"
python3 -c "import json,sys
m=json.load(open(sys.argv[1])); m.pop('receipt',None); m['version']+=1
m['materials'][0]['licence_type']='$old'; m['materials'][0]['names']={'chinese':'税务登记证','english':'Tax registration certificate'}
json.dump(m,open(sys.argv[2],'w'),ensure_ascii=False)" "$scratch/answer" "$scratch/body"
same "drafted" 202 "$(call admin1 PUT "$departments/v1/matters/$food" "$scratch/body")"
same "approved" 200 "$(call admin2 POST "$departments/v1/changes/$(answer change_id)/approve")"
open_case $food FOOD-0401
same "what the matter asks for" 税务登记证 "$(material M01 names.chinese)"
state M01 held plan.held_valid
post "fetched" 200 approval /v1/fetch '{"reference":"'"$(material M01 reference)"'","purpose":'"$(purpose $food FOOD-0401)"'}'
same "it is the business licence" ${type}001 "$(answer issued.type)"
same "the value" 测试企业001 "$(answer fields.enterprise_name)"
stop
