#!/usr/bin/env bash
# Clients that exist: one of the Guangdong family plays login → auth → get_license → archive, one of
# the Shandong family verifyCertInfo, with nothing but their own fields. Each step is an entry;
# nothing is shown without the purpose, the session and the certificate it was asked for with.
. "$(dirname "$0")/kit.sh"
found
code=91990102MA9000003B
cat > "$scratch/issue" <<J
{"type":"11990100MB99000131001","issuer":"$supervision",
 "holder":[{"scheme":"uscc","id":"$code","name":"测试企业001"}],
 "fields":{"certificate_number":"$code","enterprise_name":"测试企业001","uscc":"$code",
           "establishment_date":"2020-01-02","registered_capital":"1000000.00 CNY"},
 "valid_from":"2026-01-01","valid_until":null,"matter":"11990100MB9900021U0000000000001",
 "case":"REG-1"}
J
answer() { field "$scratch/answer" "$1"; }
count() { # EVENT: entries of that event
  "$hub" audit search --data-dir "$scratch/d" --event "$1" --json | grep -o "\"$1\"" | wc -l || true
}
# off by default
serve
echo '{"app_key":"k","app_secret":"s","account":"officer-1","password":"p"}' > "$scratch/login"
same "no face unless it is switched on" 404 \
  "$(call approval GET "$departments/license-app/v1/security/get_current_user?access_token=t")"
same "issued" 201 "$(call supervision POST "$departments/v1/licences" "$scratch/issue")"
licence=$(answer licence_id)
stop
sed -i 's/^faces.*/faces = ["guangdong", "nobody"]/' "$scratch/d/config.toml"
set +e; "$hub" serve --config "$scratch/d/config.toml" 2> "$scratch/said"; ended=$?; set -e
[ $ended -ne 0 ] && grep -q 'config.invalid.*faces' "$scratch/said" ||
  fail "an unknown face is served"
echo "ok: an unknown face is refused"
sed -i 's/^faces.*/faces = ["guangdong", "national"]/' "$scratch/d/config.toml"
serve
gd=$departments/license-app/v1

# Guangdong: the session
signed=$(count caller.signed_in)
same "no certificate" 401 "$(call '' POST "$gd/security/login" "$scratch/login")"
same "in the family's words" FAILURE "$(answer ack_code)"
same "and ours" caller.no_certificate "$(answer errors.0.code)"
same "login" 200 "$(call approval POST "$gd/security/login" "$scratch/login")"
same "welcome" SUCCESS "$(answer ack_code)"
token=$(answer data.access_token)
same "the sign-in is an entry" $((signed + 1)) "$(count caller.signed_in)"
refused=$(count access.refused)
echo '{"app_key":"k"}' > "$scratch/body"
call approval POST "$gd/security/login" "$scratch/body" > /dev/null
same "no account" "json.missing_member account" "$(answer errors.0.code) $(answer errors.0.field)"
same "its refusal is an entry" $((refused + 1)) "$(count access.refused)"
same "and no sign-in" $((signed + 1)) "$(count caller.signed_in)"
same "who am I" 200 "$(call approval GET "$gd/security/get_current_user?access_token=$token")"
same "the organisation is the certificate's" $approval "$(answer data.service_org.org_code)"
# Guangdong: auth
cat > "$scratch/auth" <<J
{"timestamp":"20261122093000000","request_id":"r-1","data":{"identity_number":"$code",
 "service_item_code":"$food","service_item_name":"食品经营许可","biz_num":"BIZ-1","page_size":10,
 "page_index":1,"operator":{"account":"officer-1","name":"测试审批员001","division":"测试市",
 "division_code":"990100","service_org":"x","role":"r","identity_num":""}}}
J
auth() { call "${2:-approval}" POST "$gd/license/auth?access_token=$token" "$1"; }
opened=$(count case.opened); refused=$(count access.refused)
same "another certificate with this token" 200 "$(auth "$scratch/auth" supervision)"
same "is nobody" reference.unknown "$(answer errors.0.code)"
for missing in biz_num service_item_code service_item_name operator; do
  python3 - "$scratch/auth" "$missing" > "$scratch/less" <<'P'
import json,sys
j=json.load(open(sys.argv[1])); del j["data"][sys.argv[2]]; print(json.dumps(j,ensure_ascii=False))
P
  auth "$scratch/less" > /dev/null
  same "without $missing" "FAILURE purpose.missing data.$missing" \
    "$(answer ack_code) $(answer errors.0.code) $(answer errors.0.field)"
done
sed "s/$food/11990100MB9900021U0000000000001/" "$scratch/auth" > "$scratch/other"
auth "$scratch/other" > /dev/null
same "an unrelated matter" purpose.not_registered "$(answer errors.0.code)"
grep -q 调用方未登记该用途 "$scratch/answer" || fail "the message is not Chinese"
same "each refusal is an entry" 6 $(($(count access.refused) - refused))
same "and no case was opened" "$opened" "$(count case.opened)"
same "auth" 200 "$(auth "$scratch/auth")"
same "answered" "SUCCESS r-1" "$(answer ack_code) $(answer correlation_id)"
same "one licence" 1 "$(answer total)"
same "of the type" 11990100MB99000131001 "$(answer data.0.license_item_code)"
same "issued" ISSUED "$(answer data.0.license_status)"
grep -q 测试企业001 "$scratch/answer" && fail "auth shows a field of the licence"
auth_code=$(answer auth_codes.0)
[[ $auth_code =~ ^20[0-9]{15}NC[0-9A-F]{32}$ ]] || fail "the use code $auth_code"
same "the case is an entry" $((opened + 1)) "$(count case.opened)"
mkdir "$scratch/trust"; cp "$scratch"/d/trust/*.pem "$scratch/trust"
call '' GET "$everybody/public/keys" > "$scratch/status"
field "$scratch/answer" vkey > "$scratch/trust/log.vkey"
receipt() { # the answer's receipt verifies
  field "$scratch/answer" receipt > "$scratch/receipt.json"
  "$hub" verify "$scratch/receipt.json" --trust "$scratch/trust" > /dev/null || fail "the receipt"
  echo "ok: its receipt verifies"
}
auth "$scratch/auth" > /dev/null; receipt
same "the same business number is the same case" 1 "$(answer total)"
sed "s/$code/91990102MA9000004E/" "$scratch/auth" > "$scratch/other"
auth "$scratch/other" > /dev/null
same "but not another holder's" case.conflict "$(answer errors.0.code)"
# Guangdong: get_license and archive
use() { call "${3:-approval}" GET "$gd/license/$1?auth_code=$2&access_token=$token"; }
fetched=$(count material.fetched)
same "get_license" 200 "$(use get_license "$auth_code")"
same "the licence" "SUCCESS $licence" "$(answer ack_code) $(answer data.license_code)"
same "its number" $code "$(answer data.id_code)"
same "its status" ISSUED "$(answer data.license_status)"
grep -q '"columnName":"enterprise_name","valueType":"STRING","value":"测试企业001"' "$scratch/answer" ||
  fail "the name of the enterprise"
grep -q 1000000.00 "$scratch/answer" && fail "a withheld value left the hub"
grep -q '"field":"registered_capital"' "$scratch/answer" || fail "what is withheld is not named"
receipt
same "archive" 200 "$(use archive "$auth_code")"
same "the file" "$licence.sd-jwt" "$(answer data.file_name)"
receipt
python3 - "$scratch/answer" > "$scratch/verify" <<'P'
import base64,json,sys
j=json.load(open(sys.argv[1]))
print(json.dumps({"document":base64.b64decode(j["data"]["file_data"]).decode()}))
P
same "anybody can check it" 200 "$(call '' POST "$everybody/public/verify" "$scratch/verify")"
same "it is whole" valid "$(answer verdicts.integrity.verdict)"
same "and the issuer's" valid "$(answer verdicts.issuer.verdict)"
same "both are entries" $((fetched + 2)) "$(count material.fetched)"
use get_license "$auth_code" supervision > /dev/null
same "the code serves nobody else" reference.unknown "$(answer errors.0.code)"
error() { echo "$(answer errors.0.code) $(answer errors.0.field)"; }
use get_license 20261122093000000NC00000000000000000000000000000000 > /dev/null
same "nor does a made-up one" "reference.unknown auth_code" "$(error)"
call approval POST "$gd/license/holder?access_token=$token" "$scratch/auth" > /dev/null
same "use by the holder's login" internal.not_supported "$(answer errors.0.code)"
call approval GET "$gd/security/logout?access_token=$token" > /dev/null
same "logout" SUCCESS "$(answer ack_code)"; receipt
same "is an entry too" $((signed + 2)) "$(count caller.signed_in)"
call approval GET "$gd/security/logout?access_token=$token" > /dev/null
same "once only" "reference.unknown $((signed + 2))" \
  "$(answer errors.0.code) $(count caller.signed_in)"
use get_license "$auth_code" > /dev/null
same "after logout" "reference.unknown access_token" "$(error)"
"$hub" audit search --data-dir "$scratch/d" --event material.fetched --json > "$scratch/entries"
grep -q "\"matter\":\"$food\"" "$scratch/entries" || fail "the entry does not name the matter"

# Shandong, national
sd=$departments/CertShare
echo '{"head":{"accessId":"app-1"}}' > "$scratch/head"
same "a token" 200 "$(call approval POST "$sd/accessToken" "$scratch/head")"
access=$(answer data.accessToken); receipt
same "is an entry" $((signed + 3)) "$(count caller.signed_in)"
"$hub" audit search --data-dir "$scratch/d" --event caller.signed_in --json > "$scratch/entries"
for operation in "license-app login" "license-app logout" "CertShare accessToken"; do
  grep -q "\"object\":\"$operation\"" "$scratch/entries" || fail "no entry of $operation"
done
grep -q "$approval" "$scratch/entries" || fail "the entry does not name the caller"
for secret in "$token" "$access" officer-1 app-1; do
  grep -qF -- "$secret" "$scratch/entries" && fail "the entry holds $secret"
done
ask() { # OPERATION DATA [TOKEN]
  printf '{"head":{"accessId":"app-1","accessToken":"%s"},"data":%s}' \
    "${3:-$access}" "$2" > "$scratch/body"
  call approval POST "$sd/$1" "$scratch/body" > /dev/null
}
info='"holderTypeCode":"001","certTypeCode":"11990100MB99000131001"'
info=$info',"useCause":{"certificateEventCode":"'$food'"}'
said() { echo "$(answer head.status) $(answer data.result)"; }
verified=$(count licence.verified)
ask verifyCertInfo "{\"holderCode\":\"$code\",\"certNo\":\"$code\",$info}"
same "verifyCertInfo by number" "0 0" "$(said)"; receipt
ask verifyCertInfo "{\"holderCode\":\"$code\",\"certIdentifier\":\"$licence\",$info}"
same "by identifier" "0 0" "$(said)"
ask verifyCertInfo "{\"holderCode\":\"91990102MA9000004E\",\"certNo\":\"$code\",$info}"
same "somebody else's" "0 5" "$(said)"
ask verifyCertInfo "{\"holderCode\":\"$code\",\"certNo\":\"NONE-1\",$info}"
same "none" "0 5" "$(said)"
same "all of them are entries" $((verified + 4)) "$(count licence.verified)"
grep -q 测试企业001 "$scratch/answer" && fail "verification shows a field"
ask verifyCertInfo "{\"holderCode\":\"$code\",$info}"; same "no number" "109 4" "$(said)"
ask verifyCertInfo "{\"certNo\":\"$code\",$info}"; same "no holder" "110 4" "$(said)"
ask verifyCertInfo "{}"; same "nothing" "110 6" "$(said)"
ask verifyCertInfo "{\"holderCode\":\"$code\",\"certNo\":\"x\",\"holderTypeCode\":\"999\"}"
same "a holder type nobody knows" 103 "$(answer head.status)"
ask verifyCertInfo "{}" wrong; same "a token nobody gave" 11 "$(answer head.status)"
ask getDataByHolder "{\"holderCode\":\"$code\",$info}"
same "data without a reason" "12 json.missing_member" "$(answer head.status) $(answer reason)"
info=${info/\"certificateEventCode\"/\"certificateCopyCause\":\"许可审批\",\"certificateEventCode\"}
ask getDataByHolder "{\"holderCode\":\"$code\",$info}"
same "data without a case" "12 purpose.missing" "$(answer head.status) $(answer reason)"
ask downloadFile "{}"
same "the image of a page" "2 internal.not_supported" "$(answer head.status) $(answer reason)"
printf '{"licence_id":"%s","action":"suspend","ground":"测试"}' "$licence" > "$scratch/body"
status=$(call supervision POST "$departments/v1/licences/status" "$scratch/body")
same "suspended" 200 "$status"
ask verifyCertInfo "{\"holderCode\":\"$code\",\"certNo\":\"$code\",$info}"
same "correct, suspended" "0 2" "$(said)"
call portal POST "$sd/accessToken" "$scratch/head" > /dev/null; access=$(answer data.accessToken)
sed -i "s/\"accessToken\":\"[^\"]*/\"accessToken\":\"$access/" "$scratch/body"
call portal POST "$sd/verifyCertInfo" "$scratch/body" > /dev/null
same "without the role" "100 role.missing" "$(answer head.status) $(answer reason)"
stop
"$hub" fsck --data-dir "$scratch/d" > /dev/null || fail "fsck"
echo "ok: fsck"
