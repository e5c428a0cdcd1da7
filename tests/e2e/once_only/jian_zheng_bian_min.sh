#!/usr/bin/env bash
# 减证便民: a proof is replaced in one of three ways: by a licence that government holds, by a written
# commitment, by verification online. What is abolished may not be demanded from its day on.
. "$(dirname "$0")/world.sh"
found; serve; held_by_government
# change KIND/CODE PYTHON: the next version of a definition, drafted by one, approved by another
change() {
  same "read $1" 200 "$(call approval GET "$departments/v1/$1")"
  python3 -c "import json,sys
m=json.load(open(sys.argv[1])); m.pop('receipt',None); m['version']+=1
$2
json.dump(m,open(sys.argv[2],'w'),ensure_ascii=False)" "$scratch/answer" "$scratch/body"
  same "drafted" "${3:-202}" "$(call admin1 PUT "$departments/v1/$1" "$scratch/body")"
  [ "${3:-202}" = 202 ] || return 0
  same "approved" 200 "$(call admin2 POST "$departments/v1/changes/$(answer change_id)/approve")"
}
open_case $hygiene HYG-0301
# 1. by a licence: the statement of registration is not asked for, the business licence says it
state H01 held plan.held_valid
# 2. by a commitment: the proof of the right to use the premises
state H09 commitment plan.commitment_allowed
# 3. by verification: the identity card is looked at, not handed over
state H02 verifiable plan.yes_no_suffices
# a retained proof may be demanded, until it is abolished
change matters/$hygiene "m['materials'].append({'code':'H13','names':{'chinese':'遗失声明','english':'Statement of loss'},
  'source':'document','legal_basis':'样例','subject':'applicant','proof':'ZM-LOSS'})"
read_case
state H13 required plan.document_only
change proofs/ZM-LOSS "m['state']='abolished'; m['abolished_from']='$(TZ=Asia/Shanghai date +%F)'; m['replacement']='commitment'"
read_case
state H13 not_demandable plan.proof_abolished
same "why" 该证明事项已取消，不得要求提交 "$(material H13 why.chinese)"
# nobody can demand it anew
change matters/$food "m['materials'].append({'code':'M99','names':{'chinese':'遗失声明','english':'Statement of loss'},
  'source':'document','legal_basis':'样例','subject':'applicant','proof':'ZM-LOSS'})
m['effective']['from']='$(TZ=Asia/Shanghai date +%F)'" 422
same "its reason" matter.proof_abolished "$(answer reason)"
stop
