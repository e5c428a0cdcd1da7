#!/usr/bin/env bash
# The catalogue: 一件事 with one list, 多证合一, 减证便民, circular proofs, filing, import, alignment.
. "$(dirname "$0")/kit.sh"
found; serve
bundle=$approval-BUNDLE-001 registration=${supervision}0000000000001
# make OUT PYTHON: the answer as m, changed, written
make() { python3 -c "import json,sys
m=json.load(open('$scratch/answer'))
$2
json.dump(m,open('$1','w'),ensure_ascii=False)"; }
# 一件事
same "a bundle" 200 "$(call approval GET $departments/v1/bundles/$bundle)"
python3 - "$scratch/answer" <<'P' || fail "the list of the bundle"
import json,sys
b=json.load(open(sys.argv[1])); l={(m['code'],m['subject']):m for m in b['materials']}
assert l[('M01','applicant')]['from_matter']==b['matters'][0]['matter']
assert l[('M03','employee')]['from_matter']==b['matters'][1]['matter']
assert 'from_matter' not in l[('M02','legal_representative')]
assert l[('M07','applicant')].get('not_demandable') and l[('M07','applicant')]['needed_by']==[]
P
same "no such bundle" 404 "$(call approval GET $departments/v1/bundles/NOTHING)"
same "its reason" bundle.unknown "$(field "$scratch/answer" reason)"
same "definitions are for departments" 401 "$(call '' GET $departments/v1/bundles/$bundle)"
same "the sharing directory" 200 "$(call approval GET $departments/v1/sharing-directory)"
grep -q '"attribute":"conditional"' "$scratch/answer" || fail "the directory is empty"
same "a proof" commitment "$(call approval GET $departments/v1/proofs/ZM-PREMISES > /dev/null; field "$scratch/answer" replacement)"
same "a code table" 公民身份号码 "$(call approval GET $departments/v1/code-tables/holder-code-types > /dev/null; field "$scratch/answer" codes.111.chinese)"
# 多证合一: nothing is issued of a type that was merged
same "the chapters of a type" A4 "$(call approval GET $departments/v1/licence-types/11990100MB99000131006 > /dev/null; field "$scratch/answer" style.paper)"
cat > "$scratch/issue" <<J
{"type":"11990100MB99000131006","issuer":"$supervision","holder":[{"scheme":"uscc","id":"91990102MA9000003B","name":"测试企业001"}],
 "fields":{"certificate_number":"91990102MA9000003B","taxpayer_name":"测试企业001","uscc":"91990102MA9000003B"},
 "valid_from":"2026-01-01","valid_until":null,"matter":"$registration","case":"TAX-1"}
J
same "a merged type" 409 "$(call supervision POST $departments/v1/licences "$scratch/issue")"
same "its reason" licence_type.merged "$(field "$scratch/answer" reason)"
# 减证便民: an abolished proof may not be demanded
call approval GET $departments/v1/matters/$food > /dev/null; cp "$scratch/answer" "$scratch/food"
make "$scratch/bad" "m['version']=2; m['materials'][3]['proof']='ZM-PREMISES'"
same "an abolished proof" 422 "$(call admin1 PUT $departments/v1/matters/$food "$scratch/bad")"
same "its reason" matter.proof_abolished "$(field "$scratch/answer" reason)"
cp "$scratch/food" "$scratch/answer"; make "$scratch/bad" "m['version']=2; m['materials'][3]['proof']='ZM-UNKNOWN'"
same "a proof outside the list" 422 "$(call admin1 PUT $departments/v1/matters/$food "$scratch/bad")"
same "its reason" matter.proof_not_retained "$(field "$scratch/answer" reason)"
same "drafting needs the role" 403 "$(call approval PUT $departments/v1/matters/$food "$scratch/bad")"
# a circular proof: registration demands the permit, which demands the registration
call approval GET $departments/v1/matters/$registration > /dev/null
make "$scratch/bad" "m['version']=2; m['materials']=[{'code':'M01','names':{'chinese':'食品经营许可证','english':'Permit'},'source':'licence','licence_type':'11990100MB99000131002','legal_basis':'x','subject':'applicant'}]"
same "a circular proof" 422 "$(call admin1 PUT $departments/v1/matters/$registration "$scratch/bad")"
same "its reason" matter.circular_proof "$(field "$scratch/answer" reason)"
grep -q "$registration -> $food -> $registration" "$scratch/answer" || fail "the circle is not named"
# draft, filed, published
cp "$scratch/food" "$scratch/answer"; make "$scratch/good" "m['version']=2; m['legal_basis']='新法'; m['matter_type']='行政许可'; m['catalogue_code']='000131001000'; m['level']='city'"
same "drafted" 202 "$(call admin1 PUT $departments/v1/matters/$food "$scratch/good")"
change=$(field "$scratch/answer" change_id)
call approval GET $departments/v1/publication-rules/publication > /dev/null
make "$scratch/rule" "m['version']=2; m['filing_required']=['matter']"
call admin1 PUT $departments/v1/publication-rules/publication "$scratch/rule" > /dev/null
same "what must be filed" 200 "$(call admin2 POST $departments/v1/changes/$(field "$scratch/answer" change_id)/approve)"
same "not published before its filing" 409 "$(call admin2 POST $departments/v1/changes/$change/approve)"
same "its reason" change.state "$(field "$scratch/answer" reason)"
same "open changes" 200 "$(call admin2 GET $departments/v1/changes)"
same "one is a draft" draft "$(field "$scratch/answer" changes.0.state)"
same "what it changes" 200 "$(call admin2 GET $departments/v1/changes/$change)"
grep -q '"path":"legal_basis"' "$scratch/answer" || fail "the difference is not shown"
same "changes are administrators'" 403 "$(call approval GET $departments/v1/changes)"
printf '{"filing_number":"备案〔2026〕1号","filed_with":"测试市司法局"}' > "$scratch/filing"
same "filed" 200 "$(call admin1 POST $departments/v1/changes/$change/file "$scratch/filing")"
same "filed once" 409 "$(call admin1 POST $departments/v1/changes/$change/file "$scratch/filing")"
same "published" 200 "$(call admin2 POST $departments/v1/changes/$change/approve)"
same "the filing stays" 备案〔2026〕1号 "$(call admin2 GET $departments/v1/changes/$change > /dev/null; field "$scratch/answer" filing.filing_number)"
same "drafted again" 202 "$(cp "$scratch/food" "$scratch/answer"; make "$scratch/good" "m['version']=3"; call admin1 PUT $departments/v1/matters/$food "$scratch/good")"
change=$(field "$scratch/answer" change_id)
same "rejected by another" rejected "$(call admin2 POST $departments/v1/changes/$change/withdraw > /dev/null; field "$scratch/answer" state)"
same "not published any more" 404 "$(call admin2 POST $departments/v1/changes/$change/approve)"
# import: all or nothing, then the same again drafts nothing
python3 - "$scratch" <<'P'
import json,sys
d=sys.argv[1]; n=lambda c,e:{"chinese":c,"english":e}
proof=lambda c,name:{"kind":"proof","definition":{"code":c,"names":n(name,"Proof"),"legal_basis":"清单","state":"retained"}}
items=[proof("ZM-LOSS","遗失声明"),proof("ZM-NEW","新证明")]
json.dump(items,open(d+"/items","w"),ensure_ascii=False)
body=lambda i:json.dump({"source":"测试省目录","prefix":"ZM-","effective_from":"2026-12-01","definitions":i},open(d+"/import","w"),ensure_ascii=False)
body(items+[proof("","x")])
P
same "one bad item" 422 "$(call admin1 POST $departments/v1/catalogue/import "$scratch/import")"
same "its reason" catalogue.import_invalid "$(field "$scratch/answer" reason)"
grep -q 'definitions\[2\]' "$scratch/answer" || fail "the item is not named"
same "nothing half" '[]' "$(call admin1 GET $departments/v1/changes > /dev/null; field "$scratch/answer" changes)"
import() { "$hub" catalogue "$1" "$scratch/items" --data-dir "$scratch/d" --source 测试省目录 --prefix ZM- --effective-from 2026-12-01 --json > "$scratch/answer"; }
import diff; same "a diff drafts nothing" 0 "$(field "$scratch/answer" drafted)"
import import
same "changed" 1 "$(field "$scratch/answer" counts.changed)"; same "new" 1 "$(field "$scratch/answer" counts.new)"
same "missing" 3 "$(field "$scratch/answer" counts.missing)"; same "drafted" 2 "$(field "$scratch/answer" drafted)"
import import; same "the same file again" 2 "$(field "$scratch/answer" counts.waiting)"
# those of a command are published over HTTP, together: all or none
call admin1 GET $departments/v1/changes > /dev/null
python3 -c "import json,sys
ids=[c['change_id'] for c in json.load(open(sys.argv[1]))['changes']]
json.dump({'change_ids':ids},open(sys.argv[2],'w')); json.dump({'change_ids':ids+['chg_'+'0'*32]},open(sys.argv[2]+'.more','w'))" "$scratch/answer" "$scratch/ids"
same "one that is not there" 404 "$(call admin1 POST $departments/v1/catalogue/approve "$scratch/ids.more")"
same "together needs the role" 403 "$(call approval POST $departments/v1/catalogue/approve "$scratch/ids")"
same "published together" 2 "$(call admin1 POST $departments/v1/catalogue/approve "$scratch/ids" > /dev/null; field "$scratch/answer" published)"
same "an entry for each" 2 "$(printf '{"event":"catalogue.activated","limit":2}' > "$scratch/q"; call officer POST $departments/v1/audit/search "$scratch/q" > /dev/null; grep -o '"purpose":"together"' "$scratch/answer" | wc -l)"
same "none is left" '[]' "$(call admin1 GET $departments/v1/changes > /dev/null; field "$scratch/answer" changes)"
# alignment with an upper level
printf '[{"code":"000131001000","name":"食品经营许可","legal_basis":"新法","matter_type":"行政许可"}]' > "$scratch/upper"
"$hub" catalogue align "$scratch/upper" --data-dir "$scratch/d" --source 测试省目录 --prefix $food --json > "$scratch/answer" || fail "not aligned"
same "aligned" true "$(field "$scratch/answer" aligned)"
printf '{"source":"测试省目录","prefix":"%s","matters":[{"code":"000131001000","name":"食品许可","legal_basis":"新法","materials":["营业执照"]},{"code":"9","name":"x","legal_basis":"y"}]}' $food > "$scratch/upper"
same "compared" 200 "$(call admin1 POST $departments/v1/catalogue/align "$scratch/upper")"
same "what differs" '["name", "more_materials"]' "$(field "$scratch/answer" matters.0.differs)"
same "only there" only_there "$(field "$scratch/answer" matters.1.state)"
# the log tells
for event in catalogue.drafted catalogue.filed catalogue.activated catalogue.imported catalogue.compared; do
  printf '{"event":"%s"}' $event > "$scratch/search"; call officer POST $departments/v1/audit/search "$scratch/search" > /dev/null
  grep -q "\"event\":\"$event\"" "$scratch/answer" || fail "$event is no entry"
done
stop
"$hub" fsck --data-dir "$scratch/d" > /dev/null || fail "fsck"
