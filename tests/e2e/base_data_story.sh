#!/usr/bin/env bash
# Base data in two times, aliases, merges and splits, flags, corrections and divisions, as
# docs/formats/base_data.md and openapi.yaml say.
. "$(dirname "$0")/kit.sh"
found
"$hub" certificate issue --data-dir "$scratch/d" --uscc $supervision --system second --role approve --out "$scratch/c" > /dev/null
serve
entity=91990102MA9000003B other=91990102MA9000004E purpose='{"matter":"'$food'","case_number":"CASE-1","cause":"食品经营许可审批","legal_basis":"样例","operator":{"id":"officer-1","name":"测试审批员001"},"channel":"counter"}'
today=$(TZ=Asia/Shanghai date +%F); past=2025-03-01; between=2025-06-01
say() { printf '%s' "$1" > "$scratch/body"; }  # BODY
post() { say "$3"; call "$1" POST "$departments$2" "$scratch/body" "${@:4}"; }  # SYSTEM PATH BODY
put() { post supervision /v1/subjects '{"scheme":"uscc","id":"'"$1"'","kind":"legal_entity","fields":{"uscc":"'"$1"'","name":"'"$2"'"}'"${3:-}"'}'; }
ask() { post approval /v1/subjects/query '{"scheme":"'"${3:-uscc}"'","id":"'"$1"'","kind":"legal_entity","purpose":'"$purpose${2:-}"'}'; }
value() { field "$scratch/answer" "$1"; }

same "stored, from a day in the past" 200 "$(put $entity 测试企业001 ',"valid_from":"'$past'"')"
same "its version" 1 "$(value version)"
same "changed from today" 200 "$(put $entity 测试企业002)"
known=$(date -u +%FT%T.999Z); sleep 1.1
same "asked now" 200 "$(ask $entity)"; same "what holds now" 测试企业002 "$(value fields.name)"
same "no flags" '[]' "$(value flags)"
same "asked of a day" 200 "$(ask $entity ',"valid_at":"'$between'"')"; same "what held then" 测试企业001 "$(value fields.name)"
same "before it began" 404 "$(ask $entity ',"valid_at":"2024-01-01"')"
same "a day that is none" 422 "$(ask $entity ',"valid_at":"2025-02-30"')"
# a correction of the past, and what was known before it
fix='{"scheme":"uscc","id":"'$entity'","kind":"legal_entity","corrects":1,"fields":{"uscc":"'$entity'","name":"测试企业009"},"ground":"登记错误","operator":{"id":"officer-2","name":"测试审批员002"}}'
same "corrected" 200 "$(post supervision /v1/subjects/corrections "$fix")"
same "two reads of it since" 2 "$(value accesses)"
same "of a version that is not there" 422 "$(post supervision /v1/subjects/corrections "${fix/\"corrects\":1/\"corrects\":77}")"
same "corrected by whoever may not" 403 "$(post approval /v1/subjects/corrections "$fix")"
ask $entity ',"valid_at":"'$between'"' > /dev/null; same "what held then, as known now" 测试企业009 "$(value fields.name)"
ask $entity ',"valid_at":"'$between'","known_at":"'$known'"' > /dev/null; same "as known then" 测试企业001 "$(value fields.name)"
same "the history" 200 "$(ask $entity ',"history":true')"
same "newest known first" 3 "$(value history.0.version)"; same "it corrects" 1 "$(value history.0.corrects)"
same "what it changed" '{"name": "测试企业009"}' "$(value history.0.changed)"

# further identifiers
alias() { post supervision /v1/subjects/aliases '{"scheme":"uscc","id":"'"$1"'","alias":{"scheme":"registration_no","id":"990102000000123"},"ground":"三证合一换码"}'; }
same "alias" 200 "$(alias $entity)"; same "added" added "$(value outcome)"
same "found by it" 200 "$(ask 990102000000123 '' registration_no)"; same "the same subject" 测试企业002 "$(value fields.name)"
same "once more" 200 "$(alias $entity)"; same "is one already" same "$(value outcome)"
put $other 测试企业031 > /dev/null
same "somebody else's" 409 "$(alias $other)"; same "its reason" subject.alias_taken "$(value reason)"

# a licence of one, then both are one
cat > "$scratch/issue" <<J
{"type":"11990100MB99000131001","issuer":"$supervision","holder":[{"scheme":"uscc","id":"$entity","name":"测试企业002"}],
 "fields":{"certificate_number":"$entity","enterprise_name":"测试企业002","uscc":"$entity","establishment_date":"2020-01-02","registered_capital":"1000000.00 CNY"},
 "valid_from":"2026-01-01","valid_until":null,"matter":"11990100MB9900021U0000000000001","case":"REG-1"}
J
same "issued" 201 "$(call supervision POST $departments/v1/licences "$scratch/issue")"
open() { post approval /v1/cases '{"matter":"'$food'","case_number":"'"$1"'","applicant":{"scheme":"uscc","id":"'"$2"'"},"region":"990100","operator":{"id":"officer-1","name":"测试审批员001"}}'; }
same "a case of the other one" 201 "$(open CASE-1 $other)"; same "has no licence" required "$(value materials.0.state)"
tie() { post supervision /v1/subjects/$1 '{"from":{"scheme":"uscc","id":"'"$2"'"},"into":{"scheme":"uscc","id":"'"$3"'"},"ground":"同一主体重复登记"}' "${@:4}"; }
decide() { post "$1" /v1/subjects/changes/decide '{"change_id":"'"$change"'","decision":"'"$2"'","from":{"scheme":"uscc","id":"'"$3"'"},"into":{"scheme":"uscc","id":"'"$4"'"},"ground":"经核实"}' "${@:5}"; }
before=$(date -u +%FT%T.999Z); sleep 1.1
same "merging needs its role" 403 "$(post approval /v1/subjects/merge '{"from":{"scheme":"uscc","id":"'$entity'"},"into":{"scheme":"uscc","id":"'$other'"},"ground":"x"}')"
same "into itself" 409 "$(tie merge $entity $entity)"; same "its reason" subject.merge_invalid "$(value reason)"
same "proposed" 202 "$(tie merge $entity $other -H 'Idempotency-Key: merge-1')"; change=$(value change_id)
same "replayed" 202 "$(tie merge $entity $other -H 'Idempotency-Key: merge-1')"; same "the same proposal" "$change" "$(value change_id)"
ask $entity > /dev/null; same "nothing is merged yet" 测试企业002 "$(value fields.name)"
same "not by who proposed it" 403 "$(decide supervision confirm $entity $other)"; same "its reason" change.same_administrator "$(value reason)"
same "not the two that were proposed" 409 "$(decide second confirm $other $entity)"; same "its reason" subject.merge_invalid "$(value reason)"
same "not by another organisation" 403 "$(decide approval confirm $entity $other)"
same "rejected" 200 "$(decide second reject $entity $other)"; same "as" rejected "$(value outcome)"
same "too late" 409 "$(decide second confirm $entity $other)"; same "its reason" change.state "$(value reason)"
same "proposed again" 202 "$(tie merge $entity $other)"; change=$(value change_id)
same "merged" 200 "$(decide second confirm $entity $other -H 'Idempotency-Key: confirm-1')"; same "as" merged "$(value outcome)"
same "replayed" 200 "$(decide second confirm $entity $other -H 'Idempotency-Key: confirm-1')"
same "a circle" 409 "$(tie merge $other $entity)"; same "its reason" subject.merge_invalid "$(value reason)"
same "merged already" 409 "$(tie merge $entity $other)"; same "its reason" subject.merged "$(value reason)"
ask $entity > /dev/null; same "either identifier gives the survivor" 测试企业031 "$(value fields.name)"
ask $entity ',"known_at":"'$before'"' > /dev/null; same "as known before there are two" 测试企业002 "$(value fields.name)"
same "a case of the survivor" 201 "$(open CASE-2 $other)"; same "finds the licence of the other" held "$(value materials.0.state)"
reference=$(value materials.0.reference)
same "and fetches it" 200 "$(post approval /v1/fetch '{"reference":"'$reference'","purpose":'"${purpose/CASE-1/CASE-2}"'}')"
same "the old case again" 200 "$(open CASE-1 $other)"; same "finds it too" held "$(value materials.0.state)"
same "split proposed" 202 "$(tie split $entity $other)"; change=$(value change_id)
same "split" 200 "$(decide second confirm $entity $other)"; same "as" split "$(value outcome)"
ask $entity > /dev/null; same "two again" 测试企业002 "$(value fields.name)"
open CASE-3 $other > /dev/null; same "without the licence" required "$(value materials.0.state)"
same "split twice" 409 "$(tie split $entity $other)"

# flags
flag() { post supervision /v1/subjects/flags '{"scheme":"uscc","id":"'$entity'","kind":"'"$1"'",'"$2"'"ground":"未按期公示年度报告","from":"'$past'"}'; }
basis='"legal_basis":"企业信息公示暂行条例 第十七条",'
same "no legal basis" 422 "$(flag abnormal_operation '')"; same "its reason" flag.invalid "$(value reason)"
same "no such kind" 404 "$(flag favourite "$basis")"; same "its reason" flag.unknown "$(value reason)"
same "flagged" 200 "$(flag abnormal_operation "$basis")"
ask $entity > /dev/null; same "given with the entity" 经营异常名录 "$(value flags.0.names.chinese)"; same "who decided" $supervision "$(value flags.0.authority)"
ask $entity ',"valid_at":"'$between'","known_at":"'$before'"' > /dev/null; same "not known then" '[]' "$(value flags)"
end='{"scheme":"uscc","id":"'$entity'","kind":"abnormal_operation","ground":"信用修复"}'
same "ended" 200 "$(post supervision /v1/subjects/flags/end "$end")"
ask $entity > /dev/null; same "no longer given" '[]' "$(value flags)"
ask $entity ',"valid_at":"'$between'"' > /dev/null; same "it was there" abnormal_operation "$(value flags.0.kind)"
same "ended twice" 404 "$(post supervision /v1/subjects/flags/end "$end")"; same "its reason" flag.unknown "$(value reason)"

# divisions are open data
same "a division" 200 "$(call approval GET "$departments/v1/divisions/330103?at=2021-01-01")"
same "its name then" 下城区 "$(value name)"; same "in force" current "$(value state)"; same "of a province" 浙江省 "$(value parents.0.name)"
call approval GET "$departments/v1/divisions/330103" > /dev/null; same "it ended" ended "$(value state)"; same "what it became" 330105 "$(value successor)"
same "no such division" 422 "$(call approval GET "$departments/v1/divisions/330199")"; same "its reason" id.division_unknown "$(value reason)"
same "no such day" 422 "$(call approval GET "$departments/v1/divisions/330103?at=2021-13-01")"
same "not without an account" 401 "$(call '' GET "$departments/v1/divisions/330103")"
for event in subject.stored subject.read subject.corrected subject.aliased subject.merged subject.split subject.flagged subject.unflagged; do
  say '{"event":"'$event'"}'; call officer POST $departments/v1/audit/search "$scratch/body" > /dev/null
  grep -q '"event":"'$event'"' "$scratch/answer" || fail "$event is not in the log"
done
stop
