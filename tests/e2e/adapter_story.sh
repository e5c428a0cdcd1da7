#!/usr/bin/env bash
# The integrator: a mapping proposed from the columns of a source, tried, tested, used in shadow,
# then live by itself; a column renamed in the source is reported with the fields it starves.
. "$(dirname "$0")/kit.sh"
found
adapter() { local what=$1; shift; "$hub" adapter "$what" --data-dir "$scratch/d" "$@"; }
# firms WHAT …: with the mapping and its file;  answer FIELD;  rows_of MEMBER: how many it has
firms() {
  local what=$1; shift
  adapter "$what" --mapping "$scratch/firms.toml" --input "$scratch/firms.csv" "$@"
}
answer() { field "$scratch/answer" "$1"; }
rows_of() {
  python3 -c 'import json,sys; print(len(json.load(open(sys.argv[1]))[sys.argv[2]]))' \
    "$scratch/answer" "$1"
}
cat > "$scratch/firms.csv" <<'CSV'
统一社会信用代码,企业名称,注册日期,企业类型,经营范围,备注
91990102MA9000003B,测试企业001,2020年1月2日,有限责任公司,食品销售,旧
91990102MA9000004C,测试企业002,2020-02-30,有限责任公司,建材,旧
CSV
printf '[source]\nkind = "file"\nencoding = "utf-8"\n' > "$scratch/source.toml"
adapter new firms --source "$scratch/source.toml" --input "$scratch/firms.csv" \
  --object legal_entity --output "$scratch/firms.toml" 2> "$scratch/said" > /dev/null
grep -q '^uscc = { column = "统一社会信用代码".*check = \["uscc"\]' "$scratch/firms.toml" ||
  fail "no proposal for the code"
grep -q '^establishment_date = .*"date"' "$scratch/firms.toml" || fail "no proposal for the date"
grep -q '^# not used: "备注"  (某' "$scratch/firms.toml" ||
  fail "the column nobody uses is not shown by its shape"
grep -q '测试企业' "$scratch/firms.toml" && fail "a value of the source stands in the proposal"
echo "ok: a mapping is proposed, values are masked"
firms try --json > "$scratch/answer"
same "a good row" 1 "$(answer good)"
same "the shape of a value" '99999999AA9999999A' "$(answer rows.0.records.0.0.value)"
same "where a field comes from" 统一社会信用代码 "$(answer rows.0.records.0.0.source)"
grep -q 'row\.' "$scratch/answer" || fail "the bad row has no reason"
firms try --clear --json > "$scratch/answer"
same "a value in clear, when asked for" 91990102MA9000003B "$(answer rows.0.records.0.0.value)"
"$hub" audit search --data-dir "$scratch/d" --event hub.maintenance --json > "$scratch/answer"
grep -q adapter.try.clear "$scratch/answer" || fail "looking at values in clear is not on record"
firms test > /dev/null || fail "adapter test"
echo "ok: the test passes"
firms enable --collector $supervision --shadow --json > "$scratch/answer"
same "in shadow" shadow "$(answer mode)"
adapter run firms --json > "$scratch/answer"
same "shadow: what would be new" 1 "$(answer new)"
adapter run firms --json > "$scratch/answer"
same "shadow wrote nothing: still new" 1 "$(answer new)"
serve
firms enable --collector $supervision --live --every 60s --json > "$scratch/answer"
same "live" live "$(answer mode)"
changed=$(field "$scratch/answer" changed)
for _ in $(seq 150); do
  adapter list --json > "$scratch/answer"
  [[ "$(answer adapters.0.last_run.begun)" > "$changed" ]] && break
  sleep 0.2
done
same "the hub runs it by itself" complete "$(answer adapters.0.last_run.outcome)"
for _ in $(seq 100); do
  "$hub" load --data-dir "$scratch/d" --adapter firms --json 2> "$scratch/said" |
    tail -1 > "$scratch/answer" && break
  grep -q adapter.state "$scratch/said" || break
  sleep 0.2
done
same "again: nothing new" 0 "$(answer new)"
same "again: the same" 1 "$(answer same)"
"$hub" quarantine list --data-dir "$scratch/d" --source firms --json > "$scratch/answer"
same "the bad row waits in quarantine" 1 "$(rows_of rows)"
same "an administrator sees it" 200 "$(call admin1 GET "$departments/v1/adapters")"
same "by HTTP, too" firms "$(answer adapters.0.name)"
same "nobody else does" 403 "$(call approval GET "$departments/v1/adapters")"
adapter diff firms > /dev/null || fail "diff of an unchanged source"
sed -i '1s/注册日期/成立时间/' "$scratch/firms.csv"
set +e; adapter diff firms --json > "$scratch/answer"; code=$?; set -e
same "drift is a no" 1 $code
same "the column that went" '["注册日期"]' "$(answer gone)"
same "the field it starves" establishment_date "$(answer starved.0.field)"
set +e; adapter run firms 2> "$scratch/said" > /dev/null; code=$?; set -e
same "no run on other columns" 2 $code
grep -q 'mapping.column_missing' "$scratch/said" || fail "the reason is not named"
adapter list --json > "$scratch/answer"
same "the failure is kept" mapping.column_missing "$(answer adapters.0.last_run.outcome)"
adapter disable firms --json > "$scratch/answer"
same "disabled" disabled "$(answer mode)"
set +e; adapter run firms 2> "$scratch/said" > /dev/null; code=$?; set -e
same "a disabled adapter does not run" 1 $code
set +e; adapter run nobody 2> "$scratch/said" > /dev/null; code=$?; set -e
grep -q 'adapter.unknown' "$scratch/said" || fail "an unknown adapter is not named so"
"$hub" audit search --data-dir "$scratch/d" --event adapter.changed --json > "$scratch/answer"
same "every change is an entry" 3 "$(rows_of entries)"
stop
"$hub" fsck --data-dir "$scratch/d" > /dev/null || fail "fsck"
