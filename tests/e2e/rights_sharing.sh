# Applications for sharing; sourced by once_only/yong_zheng_ma.sh with a hub that serves.
operator='"operator":{"id":"officer-2","name":"测试审核员001"}'
application() { # FIELDS UNTIL
  printf '{"object":"11990100MB99000131003","fields":%s,"mode":"values","matters":["%s"],"divisions":["990100"],"legal_basis":"样例依据","reason":"核验","term":{"from":"%s","until":"%s"},%s}' "$1" $food "$(date +%F)" "$2" "$operator"
}
judge() { printf '{"decision":"%s","reason":"测试理由",%s}' "$1" "$operator" > "$scratch/judge"; }
until=$(date -d '+90 days' +%F)
application '["*"]' "$until" > "$scratch/apply"
refused "all fields at once" 422 application.invalid "$(call health POST $departments/v1/sharing-applications "$scratch/apply")"
# what the directory says of base data
application '["name"]' "$until" | sed 's/11990100MB99000131003/legal_entity/' > "$scratch/apply"
same "listed base data" 201 "$(call health POST $departments/v1/sharing-applications "$scratch/apply")"
same "its provider" $supervision "$(field "$scratch/answer" provider)"
same "its entry" legal-entity "$(field "$scratch/answer" listing.entry)"
base_id=$(field "$scratch/answer" application_id)
application '["name"]' "$until" > "$scratch/apply"
same "applied" 201 "$(call health POST $departments/v1/sharing-applications "$scratch/apply" -H 'Idempotency-Key: apply-1')"
id=$(field "$scratch/answer" application_id); at=$departments/v1/sharing-applications/$id
provider=$(field "$scratch/answer" provider)
same "green" green "$(field "$scratch/answer" light)"
same "once more" 201 "$(call health POST $departments/v1/sharing-applications "$scratch/apply" -H 'Idempotency-Key: apply-1')"
same "the same application" "$id" "$(field "$scratch/answer" application_id)"
same "the directory names its provider" $police "$provider"
same "and its entry" identity-card "$(field "$scratch/answer" listing.entry)"
judge accept
refused "not by a stranger" 404 application.unknown "$(call marketreview POST $at/review "$scratch/judge")"
cp "$scratch/answer" "$scratch/foreign"
call marketreview POST $departments/v1/sharing-applications/app_00000000000000000000000000000000/review "$scratch/judge" > /dev/null
same "as one that does not exist" "$(cat "$scratch/foreign")" "$(cat "$scratch/answer")"
refused "not without the role" 403 role.missing "$(call health POST $at/review "$scratch/judge")"
judge accept
refused "not by who defines the type" 404 application.unknown "$(call reviewer POST $at/review "$scratch/judge")"
judge grant
refused "not before the review" 409 application.state "$(call granter POST $at/grant "$scratch/judge")"
judge return
same "returned" 200 "$(call policereview POST $at/review "$scratch/judge")"
application '["name","resident_id"]' "$until" > "$scratch/apply"
same "corrected" applied "$(call health POST $at/correct "$scratch/apply" > /dev/null; field "$scratch/answer" state)"
judge accept
same "accepted" accepted "$(call policereview POST $at/review "$scratch/judge" > /dev/null; field "$scratch/answer" state)"
judge grant
refused "not by the provider's reviewer" 403 role.missing "$(call policereview POST $at/grant "$scratch/judge")"
same "granted" 200 "$(call granter POST $at/grant "$scratch/judge")"
rule=$(field "$scratch/answer" rules.0)
same "the rule is in the catalogue" 200 "$(call health GET $departments/v1/sharing-rules/$rule)"
same "for the applicant" $health "$(field "$scratch/answer" callers.0)"
same "with its term" "$until" "$(field "$scratch/answer" effective.until)"
sed "s/CASE-0001/HEALTH-1/" "$scratch/case" > "$scratch/case2"
same "the applicant opens a case of the matter" 201 "$(call health POST $departments/v1/cases "$scratch/case2")"
judge end
same "withdrawn" 200 "$(call granter POST $at/end "$scratch/judge")"
sed "s/CASE-0001/HEALTH-2/" "$scratch/case" > "$scratch/case2"
refused "no purpose any more" 403 purpose.not_registered "$(call health POST $departments/v1/cases "$scratch/case2")"
# base data, granted: read by the granted rule, and not when it is ended
cat > "$scratch/base" <<J
{"scheme":"uscc","id":"$company","kind":"legal_entity","purpose":{"matter":"$food","case_number":"X",
 "cause":"核验","legal_basis":"样例依据","operator":{"id":"o","name":"测试人员009"},"channel":"counter"}}
J
read_base() { call health POST $departments/v1/subjects/query "$scratch/base"; }
refused "not before" 403 purpose.not_registered "$(read_base)"
judge accept
same "base data accepted" 200 "$(call marketreview POST $departments/v1/sharing-applications/$base_id/review "$scratch/judge")"
judge grant
same "base data granted" 200 "$(call granter POST $departments/v1/sharing-applications/$base_id/grant "$scratch/judge")"
same "read by the granted rule" 200 "$(read_base)"
same "its field" 测试企业001 "$(field "$scratch/answer" fields.name)"
judge end
same "base data ended" 200 "$(call granter POST $departments/v1/sharing-applications/$base_id/end "$scratch/judge")"
refused "not after" 403 grant.ended "$(read_base)"
# the directory closes the object: nothing more is applied for
call approval GET $departments/v1/sharing-directory/legal-entity > /dev/null
python3 - "$scratch/answer" "$scratch/entry" <<'P'
import json,sys
e=json.load(open(sys.argv[1])); e.update(version=2,attribute='not_shared',legal_basis='测试依据第一条')
json.dump(e,open(sys.argv[2],'w'),ensure_ascii=False)
P
same "base data closed" 202 "$(call admin1 PUT $departments/v1/sharing-directory/legal-entity "$scratch/entry")"
same "published" 200 "$(call admin2 POST $departments/v1/changes/$(field "$scratch/answer" change_id)/approve)"
application '["name"]' "$until" | sed 's/11990100MB99000131003/legal_entity/' > "$scratch/apply"
refused "not shared" 403 sharing.not_shared "$(call health POST $departments/v1/sharing-applications "$scratch/apply")"
same "its legal basis" 测试依据第一条 "$(field "$scratch/answer" detail)"
printf '{}' > "$scratch/q"
same "the applicant's list" ended "$(call health POST $departments/v1/sharing-applications/query "$scratch/q" > /dev/null; field "$scratch/answer" applications.0.state)"
call market POST $departments/v1/sharing-applications/query "$scratch/q" > /dev/null
grep -q "$base_id" "$scratch/answer" || fail "a provider's list"
! grep -q "$id" "$scratch/answer" || fail "a stranger's list"
printf '{"event":"sharing.granted"}' > "$scratch/q"
call officer POST $departments/v1/audit/search "$scratch/q" > /dev/null
grep -q "$id" "$scratch/answer" || fail "the grant is not an entry"
# the simulator: why, what if, and an old decision again
printf '{"organisation":"%s","matter":"%s","object":"%s"}' $approval $food 11990100MB99000131001 > "$scratch/q"
refused "not for everybody" 403 role.missing "$(call approval POST $departments/v1/policy/explain "$scratch/q")"
same "explained" 200 "$(call granter POST $departments/v1/policy/explain "$scratch/q")"
same "it needs consent" consent.missing "$(field "$scratch/answer" reason)"
grep -q '"bearing":"needs_consent"' "$scratch/answer" || fail "the rule is not named"
grep -q '"bearing":"replaced"' "$scratch/answer" || fail "the version before is not named"
sed 's/"consent_needed": true/"consent_needed": false/; s/"version": 2/"version": 3/' "$scratch/rule" > "$scratch/rule3"
printf '{"rule":%s}' "$(cat "$scratch/rule3")" > "$scratch/q"
same "what if" 200 "$(call granter POST $departments/v1/policy/what-if "$scratch/q")"
same "nothing is published" 2 "$(call approval GET $departments/v1/sharing-rules/approval.food.business_licence > /dev/null; field "$scratch/answer" version)"
"$hub" policy what-if --data-dir "$scratch/d" --json "$scratch/rule3" > "$scratch/answer"
grep -q '"enterprise_name"' "$scratch/answer" || fail "the gained fields are not named"
same "explained at the command line" rule.none "$("$hub" policy explain --data-dir "$scratch/d" --json --caller $health --matter $food --object 11990100MB99000131001 > "$scratch/answer"; field "$scratch/answer" reason)"
printf '{"event":"material.fetched"}' > "$scratch/q"
call officer POST $departments/v1/audit/search "$scratch/q" > /dev/null
for i in 0 1; do
  index=$(field "$scratch/answer" entries.$i.index)
  "$hub" policy replay --data-dir "$scratch/d" --json --entry "$index" > "$scratch/replay" || fail "entry $index is decided otherwise"
  same "entry $index decided again" true "$(field "$scratch/replay" same)"
done
