#!/usr/bin/env bash
# 用证码 and 授权: what a holder allows, what departments apply for and are granted, who is refused.
. "$(dirname "$0")/../kit.sh"
found
health=11990100MB9900048K police=11990100MB990003XK company=91990102MA9000003B licence_type=11990100MB99000131001
"$hub" department add --data-dir "$scratch/d" --uscc $health --name 测试市卫生健康委员会 --division 990100 > /dev/null
"$hub" department add --data-dir "$scratch/d" --uscc $police --name 测试市公安局 --division 990100 > /dev/null
system() { # NAME USCC ROLE…
  local roles=(); for r in "${@:3}"; do roles+=(--role "$r"); done
  "$hub" certificate issue --data-dir "$scratch/d" --uscc "$2" --system "$1" "${roles[@]}" --out "$scratch/c" > /dev/null
}
system reviewer $approval approve; system granter $approval security_admin; system health $health fetch
system policereview $police approve; system market $supervision fetch; system marketreview $supervision approve
. "$(dirname "$0")/../portal.sh"
serial=0
assertion() { # SCHEME ID
  serial=$((serial + 1))
  python3 "$source_dir/tests/e2e/assertion.py" "$scratch/portal.key" "$scratch/portal.pem" $approval "$1" "$2" "jti-$RANDOM-$serial-$(date +%N)"
}
refused() { # WHAT STATUS REASON ACTUAL
  same "$1" "$2" "$4"; same "its reason" "$3" "$(field "$scratch/answer" reason)"
}
serve
printf '{"scheme":"uscc","id":"%s","kind":"legal_entity","fields":{"uscc":"%s","name":"测试企业001"}}' $company $company > "$scratch/subject"
same "base data stored" 200 "$(call supervision POST $departments/v1/subjects "$scratch/subject")"
cat > "$scratch/issue" <<J
{"type":"$licence_type","issuer":"$supervision","holder":[{"scheme":"uscc","id":"$company","name":"测试企业001"}],
 "fields":{"certificate_number":"$company","enterprise_name":"测试企业001","uscc":"$company","establishment_date":"2020-01-02","registered_capital":"1000000.00 CNY"},
 "valid_from":"2026-01-01","valid_until":null,"matter":"11990100MB9900021U0000000000001","case":"REG-1"}
J
same "issued" 201 "$(call supervision POST $departments/v1/licences "$scratch/issue")"
# the rule of the matter now needs the holder's consent
call approval GET $departments/v1/sharing-rules/approval.food.business_licence > /dev/null
python3 - "$scratch/answer" "$scratch/rule" <<'P'
import json,sys
r=json.load(open(sys.argv[1])); r['version']=2; r['consent_needed']=True
json.dump(r,open(sys.argv[2],'w'),ensure_ascii=False)
P
same "drafted" 202 "$(call admin1 PUT $departments/v1/sharing-rules/approval.food.business_licence "$scratch/rule")"
change=$(field "$scratch/answer" change_id)
refused "a rule is not for system administrators to approve" 403 role.missing "$(call admin2 POST $departments/v1/changes/$change/approve)"
same "approved by the security administrator" 200 "$(call granter POST $departments/v1/changes/$change/approve)"
cat > "$scratch/case" <<J
{"matter":"$food","case_number":"CASE-0001","applicant":{"scheme":"uscc","id":"$company"},"region":"990100","operator":{"id":"officer-1","name":"测试审批员001"}}
J
call approval POST $departments/v1/cases "$scratch/case" > /dev/null
case_id=$(field "$scratch/answer" case_id)
same "without consent nobody looks" required "$(field "$scratch/answer" materials.0.state)"
# 用证码
ask() { printf '{"assertion":"%s","user":"%s","matter":"%s","object":"%s","purpose":"办理食品经营许可"}' "$(assertion uscc $company)" "$1" $food $licence_type; }
ask $approval > "$scratch/code"
same "a use code" 201 "$(call portal POST $departments/v1/use-codes "$scratch/code")"
code=$(field "$scratch/answer" code)
refused "the assertion is used" 403 assertion.invalid "$(call portal POST $departments/v1/use-codes "$scratch/code")"
ask $approval > "$scratch/code2"
refused "no portal" 403 role.missing "$(call approval POST $departments/v1/use-codes "$scratch/code2")"
call approval GET $departments/v1/cases/$case_id > /dev/null
same "with consent on record it is held" held "$(field "$scratch/answer" materials.0.state)"
reference=$(field "$scratch/answer" materials.0.reference)
fetch_with() { # CONSENT
  printf '{"reference":"%s","purpose":{"matter":"%s","case_number":"CASE-0001","cause":"审批","consent":"%s","operator":{"id":"officer-1","name":"测试审批员001"},"channel":"counter"}}' "$reference" $food "$1" > "$scratch/fetch"
}
fetch_with 20261122000000000-AAAAAAAAAAAAAAAAAAAAAA
refused "a made-up code" 403 use_code.unknown "$(call approval POST $departments/v1/fetch "$scratch/fetch")"
fetch_with lhc1.x
refused "a made-up consent" 403 consent.unknown "$(call approval POST $departments/v1/fetch "$scratch/fetch")"
# the code in the hands of somebody else, about the same company
printf '{"scheme":"uscc","id":"%s","kind":"legal_entity","purpose":{"matter":"%s","case_number":"X","cause":"x","consent":"%s","operator":{"id":"o","name":"测试人员009"},"channel":"counter"}}' $company $food "$code" > "$scratch/theft"
refused "a stolen code" 403 consent.scope "$(call market POST $departments/v1/subjects/query "$scratch/theft")"
fetch_with "$code"
same "the rightful use" 200 "$(call approval POST $departments/v1/fetch "$scratch/fetch")"
same "the field" 测试企业001 "$(field "$scratch/answer" fields.enterprise_name)"
refused "once only" 403 use_code.used "$(call approval POST $departments/v1/fetch "$scratch/fetch")"
# 授权, its list and its end
ask $approval | sed 's/}$/,"uses":2}/' > "$scratch/consent"
same "a consent" 201 "$(call portal POST $departments/v1/consents "$scratch/consent")"
token=$(field "$scratch/answer" token); consent_id=$(field "$scratch/answer" consent_id)
fetch_with "$token"
same "used" 200 "$(call approval POST $departments/v1/fetch "$scratch/fetch")"
printf '{"assertion":"%s"}' "$(assertion uscc $company)" > "$scratch/q"
same "the holder's list" 200 "$(call portal POST $departments/v1/consents/query "$scratch/q")"
same "both" 2 "$(grep -o '"consent_id"' "$scratch/answer" | wc -l)"
printf '{"assertion":"%s","consent_id":"%s"}' "$(assertion resident_id 990102199001010015)" "$consent_id" > "$scratch/q"
refused "not somebody else's" 403 consent.unknown "$(call portal POST $departments/v1/consents/withdraw "$scratch/q")"
cp "$scratch/answer" "$scratch/foreign"
printf '{"assertion":"%s","consent_id":"con_00000000000000000000000000000000"}' "$(assertion resident_id 990102199001010015)" > "$scratch/q"
call portal POST $departments/v1/consents/withdraw "$scratch/q" > /dev/null
same "as one that does not exist" "$(cat "$scratch/foreign")" "$(cat "$scratch/answer")"
printf '{"assertion":"%s","consent_id":"%s"}' "$(assertion uscc $company)" "$consent_id" > "$scratch/q"
same "withdrawn" 200 "$(call portal POST $departments/v1/consents/withdraw "$scratch/q")"
refused "ended" 403 consent.ended "$(call approval POST $departments/v1/fetch "$scratch/fetch")"
printf '{"assertion":"%s"}' "$(assertion uscc $company)" > "$scratch/q"
same "the holder's accesses" 200 "$(call portal POST $departments/v1/accesses/query "$scratch/q")"
grep -q '"event":"use_code.used"' "$scratch/answer" || fail "the use of the code is not in the holder's list"
grep -q "\"organisation\":\"$supervision\"" "$scratch/answer" || fail "the theft is not in the holder's list"
# predicates, forms, copies and batches take a consent as a fetch does, each one use
ask $approval | sed 's/}$/,"uses":4}/' > "$scratch/consent"
same "a consent of four uses" 201 "$(call portal POST $departments/v1/consents "$scratch/consent")"
token=$(field "$scratch/answer" token); consent_id=$(field "$scratch/answer" consent_id)
purpose() { printf '"purpose":{"matter":"%s","case_number":"CASE-0001","cause":"审批","legal_basis":"样例依据"%s,"operator":{"id":"officer-1","name":"测试审批员001"},"channel":"counter"}' $food "${1:+,\"consent\":\"$1\"}"; }
named='"case_id":"'$case_id'","material":"M01"'
predicate() { printf '{%s,%s,"question":{"ask":"holds_valid"}}' "$named" "$(purpose "${1:-}")" > "$scratch/q"; call approval POST $departments/v1/predicates "$scratch/q"; }
copy() { printf '{%s,%s}' "$named" "$(purpose "${1:-}")" > "$scratch/q"; call approval POST $departments/v1/copies "$scratch/q"; }
form() { printf '{"case_id":"%s","form":"food_business_application",%s}' "$case_id" "$(purpose "${1:-}")" > "$scratch/q"; call approval POST $departments/v1/forms/fill "$scratch/q"; }
refused "a predicate without consent" 403 consent.missing "$(predicate)"
same "with it" 200 "$(predicate "$token")"
refused "a copy without consent" 403 consent.missing "$(copy)"
same "with it" 201 "$(copy "$token")"
same "its download takes no use" 200 "$(call approval GET $departments/v1/copies/$(field "$scratch/answer" code))"
same "a form without consent" M06 "$(form > /dev/null; field "$scratch/answer" fields.uscc.from.material)"
same "with it" M01 "$(form "$token" > /dev/null; field "$scratch/answer" fields.uscc.from.material)"
call approval GET $departments/v1/cases/$case_id > /dev/null
base=$(field "$scratch/answer" materials.5.reference)
printf '{"references":["%s","%s"],%s}' "$base" "$reference" "$(purpose "$token")" > "$scratch/q"
same "a batch" 200 "$(call approval POST $departments/v1/fetch/batch "$scratch/q")"
same "base data without it" 测试企业001 "$(field "$scratch/answer" items.0.answer.fields.name)"
same "the licence with it" 测试企业001 "$(field "$scratch/answer" items.1.answer.fields.enterprise_name)"
refused "all uses taken" 403 consent.ended "$(predicate "$token")"
# 委托授权
printf '{"assertion":"%s","agent":{"scheme":"resident_id","id":"990102199001010015"},"matters":["%s"],"acts":["open_case"],"expires":"%s"}' \
  "$(assertion uscc $company)" $food "$(date -d '+20 days' +%F)" > "$scratch/q"
same "entrusted" 201 "$(call portal POST $departments/v1/entrustments "$scratch/q")"
entrustment=$(field "$scratch/answer" entrustment_id)
printf '{"assertion":"%s"}' "$(assertion uscc $company)" > "$scratch/q"
call portal POST $departments/v1/entrustments/query "$scratch/q" > /dev/null
same "its agent" 990102199001010015 "$(field "$scratch/answer" entrustments.0.agent.id)"
printf '{"assertion":"%s","entrustment_id":"%s"}' "$(assertion uscc $company)" "$entrustment" > "$scratch/q"
same "ended" 200 "$(call portal POST $departments/v1/entrustments/withdraw "$scratch/q")"
# foreign and unknown cases are answered alike
refused "a foreign case" 404 case.unknown "$(call market GET $departments/v1/cases/$case_id)"
cp "$scratch/answer" "$scratch/foreign"
call market GET $departments/v1/cases/case_00000000000000000000000000000000 > /dev/null
same "as an unknown one" "$(cat "$scratch/foreign")" "$(cat "$scratch/answer")"
. "$(dirname "$0")/../rights_sharing.sh"
stop
