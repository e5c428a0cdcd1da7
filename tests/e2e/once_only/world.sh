# The world of the once-only stories: a hub with two departments, one company, one person and what
# government holds about them. Everybody is made up.
. "$(dirname "$0")/../kit.sh"
hygiene=11990100MB990001310000000000002
company=91990102MA9000003B person=990102199001010015
type=11990100MB99000131
operator='{"id":"officer-1","name":"测试审批员001"}'
answer() { field "$scratch/answer" "$1"; }
# post WHAT STATUS SYSTEM PATH BODY [curl options]
post() {
  local what=$1 status=$2 system=$3 path=$4
  printf '%s' "$5" > "$scratch/body"
  shift 5
  same "$what" "$status" "$(call "$system" POST "$departments$path" "$scratch/body" "$@")"
}
# issue TYPE SCHEME ID NAME FIELDS [FROM] [UNTIL]
issue() {
  post "issued: $4, $1" 201 supervision /v1/licences '{"type":"'$type$1'","issuer":"'$supervision'",
    "holder":[{"scheme":"'$2'","id":"'$3'","name":"'$4'"}],"fields":'"$5"',
    "valid_from":"'"${6:-2026-01-01}"'",'"${7:+\"valid_until\":\"$7\",}"'
    "matter":"11990100MB9900021U0000000000001","case":"REG-'$1'"}'
  licence=$(answer licence_id)
}
held_by_government() {
  issue 001 uscc $company 测试企业001 '{"certificate_number":"'$company'","enterprise_name":"测试企业001",
    "uscc":"'$company'","establishment_date":"2020-01-02","legal_representative":"测试人员001",
    "domicile":"测试路1号"}'
  issue 003 resident_id $person 测试人员001 '{"name":"测试人员001","sex":"1","address":"测试路9号",
    "resident_id":"'$person'"}'
  issue 004 resident_id $person 测试人员001 '{"certificate_number":"HC-1","name":"测试人员001",
    "resident_id":"'$person'","examination_date":"2026-11-01"}' "$(date -d '-30 days' +%F)" "$(date -d '+300 days' +%F)"
  post "base data" 200 supervision /v1/subjects '{"scheme":"uscc","id":"'$company'","kind":"legal_entity",
    "fields":{"uscc":"'$company'","name":"测试企业001","domicile":"测试路1号"}}'
}
# open_case MATTER NUMBER [STATUS]: the plan in $scratch/plan
open_case() {
  post "case $2" "${3:-201}" approval /v1/cases '{"matter":"'$1'","case_number":"'$2'",
    "applicant":{"scheme":"uscc","id":"'$company'"},
    "related":[{"role":"legal_representative","scheme":"resident_id","id":"'$person'"},
               {"role":"employee","scheme":"resident_id","id":"'$person'"}],
    "region":"990100","operator":'"$operator"'}'
  cp "$scratch/answer" "$scratch/plan"
  case_id=$(answer case_id)
}
read_case() {
  same "case read" 200 "$(call approval GET "$departments/v1/cases/$case_id")"
  cp "$scratch/answer" "$scratch/plan"
}
# material CODE MEMBER: of the plan
material() { python3 -c 'import json,sys
m=[m for m in json.load(open(sys.argv[1]))["materials"] if m["material"]==sys.argv[2]][0]
for k in sys.argv[3].split("."): m=m[k]
print(m if isinstance(m,str) else json.dumps(m,ensure_ascii=False))' "$scratch/plan" "$1" "$2"; }
# state CODE STATE BECAUSE
state() { same "$1 is $2 ($3)" "$2 $3" "$(material "$1" state) $(material "$1" because)"; }
purpose() { echo '{"matter":"'$1'","case_number":"'$2'","cause":"审批","legal_basis":"样例","operator":'"$operator"',"channel":"counter"}'; }
# events NAME: how many entries of that event there are
events() {
  printf '{"event":"%s"}' "$1" > "$scratch/search"
  call officer POST "$departments/v1/audit/search" "$scratch/search" > /dev/null
  grep -o '"event":"'"$1"'"' "$scratch/answer" | wc -l
}
