#!/usr/bin/env bash
# The main job on the sample world and on a real company, by the demonstration itself.
. "$(dirname "$0")/kit.sh"
"$hub" demo --once > "$scratch/demo.txt" || { cat "$scratch/demo.txt"; fail "demo --once"; }
grep -q 'Every step held' "$scratch/demo.txt" || fail "a step did not hold"
grep -q 'withheld .*birth_date, address  (rule default)' "$scratch/demo.txt" || fail "withheld fields are not named"
echo "ok: sample world"
for name in legal-entities-jilin.gb18030.csv:legal-entities-jilin legal-entities-hunan.csv:legal-entities-hunan; do
  file=$shared/data/${name%%:*}
  [ -f "$file" ] || { echo "skipped: $file is absent"; continue; }
  "$hub" demo --once --source "$file" --mapping "${name##*:}" > "$scratch/real.txt" ||
    { cat "$scratch/real.txt"; fail "demo --once on ${name%%:*}"; }
  grep -q 'issuer indeterminate (issuer.stock_data)' "$scratch/real.txt" ||
    fail "a collected licence must not have a valid issuer verdict"
  echo "ok: ${name%%:*}"
done
register=$shared/data/business-licences-southbend.csv
if [ -f "$register" ]; then
  set +e; "$hub" demo --once --source "$register" --mapping business-licences-southbend > /dev/null 2> "$scratch/err"; code=$?; set -e
  same "a register without 食品 needs --applicant" 2 $code
fi
