#!/usr/bin/env bash
# 办件库: a number made up at a desk opens nothing, a closed case gives nothing more, and the inspection
# sees who used what for which case. HUB SOURCE_DIR
. "$(dirname "$0")/kit.sh"
company=91990102MA9000003B
found
system() { "$hub" certificate issue --data-dir "$scratch/d" --uscc "$2" --system "$1" --role "$3" --out "$scratch/c" > /dev/null; }
system cases $approval case_feed; system watch $approval inspector
! "$hub" certificate issue --data-dir "$scratch/d" --uscc $approval --system both --role fetch --role case_feed \
  --out "$scratch/c" 2> "$scratch/err" || fail "one system feeds and reads"
grep -q role.conflict "$scratch/err" || fail "the conflict of roles has no reason"
echo "ok: who reads does not feed"
serve
refused() { same "$1" "$2" "$4"; same "its reason" "$3" "$(field "$scratch/answer" reason)"; }
printf '{"scheme":"uscc","id":"%s","kind":"legal_entity","fields":{"uscc":"%s","name":"测试企业001"}}' $company $company > "$scratch/subject"
same "base data stored" 200 "$(call supervision POST $departments/v1/subjects "$scratch/subject")"
cat > "$scratch/issue" <<J
{"type":"11990100MB99000131001","issuer":"$supervision","holder":[{"scheme":"uscc","id":"$company","name":"测试企业001"}],
 "fields":{"certificate_number":"$company","enterprise_name":"测试企业001","uscc":"$company","establishment_date":"2020-01-02","registered_capital":"1000000.00 CNY"},
 "valid_from":"2026-01-01","valid_until":null,"matter":"11990100MB9900021U0000000000001","case":"REG-1"}
J
same "issued" 201 "$(call supervision POST $departments/v1/licences "$scratch/issue")"
feed() { # STATE CHANGED_AT
  printf '{"cases":[{"case_number":"CASE-0001","matter":"%s","applicant":{"scheme":"uscc","id":"%s"},"state":"%s","changed_at":"%s"}]}' $food $company "$1" "$2" > "$scratch/feed"
  same "the feed says $1" 200 "$(call cases POST $departments/v1/case-feed "$scratch/feed" "${@:3}")"
}
open() { # NUMBER
  cat > "$scratch/case" <<J
{"matter":"$food","case_number":"$1","applicant":{"scheme":"uscc","id":"$company"},"region":"990100","operator":{"id":"officer-1","name":"测试审批员001"}}
J
  call approval POST $departments/v1/cases "$scratch/case"
}
same "without a required feed any number opens" 201 "$(open CASE-0000)"
"$hub" department case-feed --data-dir "$scratch/d" --uscc $approval --state required > /dev/null
"$hub" department list --data-dir "$scratch/d" --json | grep -q '"case_feed":"required"' || fail "the list does not say it"
refused "a made-up number" 403 case.not_in_feed "$(open CASE-0001)"
refused "nor what was opened before" 403 case.not_in_feed "$(open CASE-0000)"
refused "who reads does not tell" 403 role.missing "$(printf '{"cases":[{"case_number":"X","matter":"m","state":"open","changed_at":"2026-11-01T00:00:00Z"}]}' > "$scratch/none"; call approval POST $departments/v1/case-feed "$scratch/none")"
feed open 2026-11-01T08:00:00Z -H 'Idempotency-Key: feed-1'
same "stored" 1 "$(field "$scratch/answer" stored)"
feed open 2026-11-01T08:00:00Z -H 'Idempotency-Key: feed-1'
same "told again it is known" 1 "$(field "$scratch/answer" same)"
same "now it opens" 201 "$(open CASE-0001)"
reference=$(field "$scratch/answer" materials.0.reference)
printf '{"reference":"%s","purpose":{"matter":"%s","case_number":"CASE-0001","cause":"审批","legal_basis":"样例","operator":{"id":"officer-1","name":"测试审批员001"},"channel":"counter"}}' "$reference" $food > "$scratch/fetch"
same "fetched" 200 "$(call approval POST $departments/v1/fetch "$scratch/fetch")"
feed closed 2026-11-02T08:00:00Z
refused "a closed case gives nothing more" 403 case.closed "$(call approval POST $departments/v1/fetch "$scratch/fetch")"
refused "nor a plan" 403 case.closed "$(open CASE-0001)"
feed open 2026-11-01T09:00:00Z
same "an earlier state comes too late" 1 "$(field "$scratch/answer" stale)"
printf '{"case_number":"CASE-0001"}' > "$scratch/query"
same "what the feed says" 200 "$(call cases POST $departments/v1/case-feed/query "$scratch/query")"
same "closed" closed "$(field "$scratch/answer" state)"
# killed and started again
kill -9 "$server"; wait "$server" 2> /dev/null || true; server=
serve
refused "still closed" 403 case.closed "$(open CASE-0001)"
# 监察
printf '{"event":"material.fetched"}' > "$scratch/query"
same "the inspection sees uses" 200 "$(call watch POST $departments/v1/audit/search "$scratch/query")"
same "for which case" CASE-0001 "$(field "$scratch/answer" entries.0.case_number)"
printf '{"event":"audit.searched"}' > "$scratch/query"
refused "and nothing else" 403 role.missing "$(call watch POST $departments/v1/audit/search "$scratch/query")"
printf '{"subject":{"scheme":"uscc","id":"%s"}}' $company > "$scratch/query"
refused "not whom somebody looked at" 403 role.missing "$(call watch POST $departments/v1/audit/search "$scratch/query")"
printf '{"index":1}' > "$scratch/query"
refused "no proofs" 403 role.missing "$(call watch POST $departments/v1/audit/prove "$scratch/query")"
printf '{"limit":200}' > "$scratch/query"
same "everything it may see" 200 "$(call watch POST $departments/v1/audit/search "$scratch/query")"
! grep -q '"event":"\(audit\|hub\|catalogue\|subject\|licence\)\.' "$scratch/answer" || fail "the inspection sees what is not a use"
"$hub" department case-feed --data-dir "$scratch/d" --uscc $approval --state off > /dev/null
same "without the feed any number opens" 201 "$(open CASE-0009)"
stop
"$hub" fsck --data-dir "$scratch/d" > /dev/null || fail "fsck"
echo "all of the case feed holds"
