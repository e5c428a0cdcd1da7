#!/usr/bin/env bash
# Original files: handed in once by who issued, kept over a kill, never given to others; an annotated
# copy of every page, downloaded once; the surface only where the rule withholds a field.
. "$(dirname "$0")/kit.sh"
found
"$hub" certificate issue --data-dir "$scratch/d" --uscc $approval --system guard --role security_admin \
  --out "$scratch/c" > /dev/null
serve
cat > "$scratch/issue" <<J
{"type":"11990100MB99000131001","issuer":"$supervision","holder":[{"scheme":"uscc","id":"91990102MA9000003B","name":"测试企业001"}],
 "fields":{"certificate_number":"91990102MA9000003B","enterprise_name":"测试企业001","uscc":"91990102MA9000003B","establishment_date":"2020-01-02","registered_capital":"1000000.00 CNY","legal_representative":"测试人员001","domicile":"测试路2号"},
 "valid_from":"2026-01-01","valid_until":null,"matter":"11990100MB9900021U0000000000001","case":"REG-1"}
J
same "issued" 201 "$(call supervision POST $departments/v1/licences "$scratch/issue")"
licence=$(field "$scratch/answer" licence_key)
# pdf OUT PAGES [BYTES] [CATALOGUE]: a file with that many pages and about that many bytes
pdf() { python3 - "$@" <<'P'
import random, sys
out, pages = sys.argv[1], int(sys.argv[2])
size = int(sys.argv[3]) if len(sys.argv) > 3 else 0
more = sys.argv[4] if len(sys.argv) > 4 else ""
noise = random.Random(7).randbytes(size).hex().encode()[:size]
objects = [b"<</Type/Catalog/Pages 2 0 R%s>>" % more.encode(),
           b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, b" ".join(b"%d 0 R" % (4 + i) for i in range(pages))),
           b"<</Length %d>>\nstream\n0.5 g 100 100 50 50 re f %%%s\nendstream" % (26 + len(noise), noise)]
objects += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R>>"] * pages
data, at = b"%PDF-1.6\n", []
for i, o in enumerate(objects):
    at.append(len(data)); data += b"%d 0 obj\n%s\nendobj\n" % (i + 1, o)
table = len(data)
data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(at) + 1) + b"".join(b"%010d 00000 n \n" % a for a in at)
data += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(at) + 1, table)
open(out, "wb").write(data)
P
}
# hand_in SYSTEM FILE [curl options]: the status
hand_in() {
  local system=$1 file=$2
  shift 2
  call "$system" POST "$departments/v1/licences/$licence/documents?version=1" "" -H 'Content-Type: application/pdf' --data-binary "@$file" "$@"
}
reason() { same "its reason" "$1" "$(field "$scratch/answer" reason)"; }
pdf "$scratch/file" 3 3000000; pdf "$scratch/other" 3 3000001
pdf "$scratch/script" 1 0 '/OpenAction<</S/JavaScript/JS(app.alert(1))>>'
digest=$(openssl dgst -sha256 -binary "$scratch/file" | base64)
wrong=$(openssl dgst -sha256 -binary "$scratch/other" | base64)
same "a caller without the role" 403 "$(hand_in approval "$scratch/file")"; reason role.missing
"$hub" certificate issue --data-dir "$scratch/d" --uscc $approval --system issuer2 --role issue --role collect --out "$scratch/c" > /dev/null
same "a department that did not issue it" 404 "$(hand_in issuer2 "$scratch/file")"; reason licence.unknown
same "a script in it" 422 "$(hand_in supervision "$scratch/script")"; reason document.unsafe
head -c 2000000 "$scratch/file" > "$scratch/half"
same "half a file" 422 "$(hand_in supervision "$scratch/half")"; reason document.unsafe
same "no PDF" 415 "$(hand_in supervision "$scratch/issue")"; reason document.kind
same "another kind" 415 "$(call supervision POST "$departments/v1/licences/$licence/documents" "" -H 'Content-Type: application/ofd' --data-binary "@$scratch/file")"
same "a wrong digest" 422 "$(hand_in supervision "$scratch/file" -H "Content-Digest: sha-256=:$wrong:")"; reason digest.mismatch
head -c 33554433 /dev/zero > "$scratch/large"
same "over 32 MiB" 413 "$(hand_in supervision "$scratch/large")"
same "handed in" 201 "$(hand_in supervision "$scratch/file" -H "Content-Digest: sha-256=:$digest:")"
sum=$(sha256sum "$scratch/file" | cut -d' ' -f1)
same "its digest" "$sum" "$(field "$scratch/answer" sha256)"; same "its pages" 3 "$(field "$scratch/answer" pages)"
kill -9 "$server"; wait "$server" 2>/dev/null || true; server=
serve
same "the same again, after a kill" 200 "$(hand_in supervision "$scratch/file")"; same "the same answer" "$sum" "$(field "$scratch/answer" sha256)"
same "another file" 409 "$(hand_in supervision "$scratch/other")"; reason document.exists
same "given back to who handed it in" 200 "$(call supervision GET "$departments/v1/licences/$licence/documents?version=1")"
field "$scratch/answer" content | base64 -d | cmp - "$scratch/file" || fail "another file came back"
same "to nobody else" 404 "$(call issuer2 GET "$departments/v1/licences/$licence/documents")"; reason licence.unknown
# copies
cat > "$scratch/case" <<J
{"matter":"$food","case_number":"CASE-0001","applicant":{"scheme":"uscc","id":"91990102MA9000003B"},"region":"990100","operator":{"id":"officer-1","name":"测试审批员001"}}
J
same "case opened" 201 "$(call approval POST $departments/v1/cases "$scratch/case")"
case_id=$(field "$scratch/answer" case_id)
purpose='{"matter":"'$food'","case_number":"CASE-0001","cause":"食品经营许可审批","legal_basis":"样例","operator":{"id":"officer-1","name":"测试审批员001"},"channel":"counter"}'
# copy [MORE]: the status
copy() {
  printf '{"case_id":"%s","material":"M01","purpose":%s%s}' "$case_id" "$purpose" "${1:-}" > "$scratch/copy"
  call approval POST $departments/v1/copies "$scratch/copy"
}
same "a copy while a field is withheld" 201 "$(copy)"; same "is of the surface" surface "$(field "$scratch/answer" of)"
same "not of the original" 422 "$(copy ',"of":"original"')"; reason copy.unavailable
call approval GET $departments/v1/sharing-rules/approval.food.business_licence > /dev/null
python3 - "$scratch/answer" "$scratch/rule" <<'P'
import json, sys
rule = json.load(open(sys.argv[1])); rule.pop("receipt", None)
rule["version"] += 1; rule["fields"].append("registered_capital")
json.dump(rule, open(sys.argv[2], "w"), ensure_ascii=False)
P
same "a rule that withholds nothing" 20 "$(call admin1 PUT $departments/v1/sharing-rules/approval.food.business_licence "$scratch/rule" | cut -c1-2)"
same "approved by the security administrator" 200 "$(call guard POST $departments/v1/changes/$(field "$scratch/answer" change_id)/approve)"
same "a copy now" 201 "$(copy)"; same "is of the original" original "$(field "$scratch/answer" of)"
code=$(field "$scratch/answer" code); stated=$(field "$scratch/answer" sha256)
same "downloaded" 200 "$(call approval GET $departments/v1/copies/$code)"
field "$scratch/answer" content | base64 -d > "$scratch/copy.pdf"
same "the one that was stated" "$stated" "$(sha256sum "$scratch/copy.pdf" | cut -d' ' -f1)"
same "its pages and one to check it by" 4 "$(grep -a -c '/Type /Page$\|/Type /Page ' "$scratch/copy.pdf")"
same "once" 410 "$(call approval GET $departments/v1/copies/$code)"; reason copy.used
# entries
# entries EVENT: how many
entries() {
  printf '{"event":"%s"}' "$1" > "$scratch/search"
  call officer POST $departments/v1/audit/search "$scratch/search" > /dev/null
  grep -o "\"event\":\"$1\"" "$scratch/answer" | wc -l
}
same "one entry for a file of thirteen parts" 1 "$(entries document.stored)"
same "one for its reading" 1 "$(entries document.read)"
same "copies" 2 "$(entries copy.made)"; same "a download" 1 "$(entries copy.downloaded)"
[ "$(entries access.refused)" -ge 8 ] || fail "refusals are entries"
stop
! grep -rqa "测试企业001.*$sum\|$sum" "$scratch/d/store" || fail "the digest stands in the store"
"$hub" fsck --data-dir "$scratch/d" > /dev/null || fail "fsck"
echo "ok: fsck"
