#!/usr/bin/env bash
# Whether the time of an answer tells what its body does not: each question is asked about something
# that is there and about something that is not, in turns, over one connection. Prints the difference
# of the medians with its 95 % interval and how often the one took longer (0.5 = a coin).
# Usage: existence_oracle.sh HUB SOURCE_DIR [PAIRS]
pairs=${3:-1500}
. "$(dirname "$0")/../e2e/kit.sh" "$1" "$2"
here=$(cd "$(dirname "$0")" && pwd)
company=91990102MA9000003B stranger=91990102MA90000116
known=990102199001010015 unknown=990102199001020010
found
"$hub" certificate issue --data-dir "$scratch/d" --uscc $supervision --system other --role fetch --out "$scratch/c" > /dev/null
serve
type=11990100MB99000131
issue() { # TYPE SCHEME ID NAME FIELDS
  printf '{"type":"%s","issuer":"%s","holder":[{"scheme":"%s","id":"%s","name":"%s"}],"fields":%s,"valid_from":"2026-01-01",%s"matter":"11990100MB9900021U0000000000001","case":"REG-%s"}' \
    "$type$1" $supervision "$2" "$3" "$4" "$5" "${6:-}" "$1" > "$scratch/body"
  same "issued $1" 201 "$(call supervision POST $departments/v1/licences "$scratch/body")"
}
issue 001 uscc $company 测试企业001 '{"certificate_number":"'$company'","enterprise_name":"测试企业001","uscc":"'$company'","establishment_date":"2020-01-02"}'
issue 003 resident_id $known 测试人员001 '{"name":"测试人员001","sex":"1","address":"测试路9号","resident_id":"'$known'"}'
printf '{"scheme":"uscc","id":"%s","kind":"legal_entity","fields":{"uscc":"%s","name":"测试企业001"}}' $company $company > "$scratch/body"
same "base data" 200 "$(call supervision POST $departments/v1/subjects "$scratch/body")"
open_for() { # SYSTEM NUMBER PERSON
  printf '{"matter":"%s","case_number":"%s","applicant":{"scheme":"uscc","id":"%s"},"related":[{"role":"legal_representative","scheme":"resident_id","id":"%s"},{"role":"employee","scheme":"resident_id","id":"%s"}],"region":"990100","operator":{"id":"officer-1","name":"测试审批员001"}}' \
    $food "$2" $company "$3" "$3" > "$scratch/body"
  same "case $2" 201 "$(call "$1" POST $departments/v1/cases "$scratch/body")"
  case_id=$(field "$scratch/answer" case_id)
}
open_for approval CASE-1 $known; foreign=$case_id
open_for other CASE-2 $known; with=$case_id
open_for other CASE-3 $unknown; without=$case_id
python3 "$here/oracle.py" "$departments" "$scratch" "$pairs" "$foreign" "$with" "$without" $company $stranger
