#!/usr/bin/env bash
# The operator: load twice, quarantine, restart, fsck, export checked by an outside tool, damage found.
. "$(dirname "$0")/kit.sh"
found
"$hub" demo --once --data-dir "$scratch/demo" > /dev/null || fail "demo"
dump=$scratch/demo/legal-entities-dirty.gb18030.csv
load() { "$hub" load --data-dir "$scratch/d" --mapping dirty-sample --input "$dump" --collector $supervision --json | tail -1 > "$scratch/answer"; }
load
same "every row is accounted for" 74 "$(field "$scratch/answer" read)"
same "new" 40 "$(field "$scratch/answer" new)"
quarantined=$(field "$scratch/answer" quarantined)
load
same "again: nothing new" 0 "$(field "$scratch/answer" new)"
same "again: nothing changed" 0 "$(field "$scratch/answer" changed)"
same "again: the same rows are in quarantine" "$quarantined" "$(field "$scratch/answer" quarantined)"
"$hub" quarantine list --data-dir "$scratch/d" --source dirty-sample --json > "$scratch/answer"
same "nothing is doubled in quarantine" "$quarantined" "$(python3 -c 'import json,sys; print(len(json.load(open(sys.argv[1]))["rows"]))' "$scratch/answer")"
serve
# through the running hub, by admin.sock
load
same "a running hub loads the same" 0 "$(field "$scratch/answer" new)"
"$hub" department list --data-dir "$scratch/d" --json > /dev/null || fail "department list of a running hub"
set +e; "$hub" serve --config "$scratch/d/config.toml" 2> "$scratch/second"; code=$?; set -e
same "a second hub on the directory is refused" 3 $code
kill -9 "$server"; wait "$server" 2>/dev/null || true; server=
cp -r "$scratch/d" "$scratch/bad"; rm "$scratch"/bad/store/*.log
set +e; timeout 30 "$hub" serve --config "$scratch/bad/config.toml" 2> "$scratch/answer"; code=$?; set -e
same "a store that lost its journal does not start" 3 $code
grep -q 'ledger\.\|store\.' "$scratch/answer" || fail "the refusal names no reason"
rm -rf "$scratch/bad"
"$hub" fsck --data-dir "$scratch/d" > "$scratch/fsck" || { cat "$scratch/fsck"; fail "fsck after kill -9"; }
echo "ok: fsck after kill -9"
"$hub" audit export --data-dir "$scratch/d" --out "$scratch/log" > /dev/null
"$hub" audit verify "$scratch/log" > /dev/null || fail "audit verify"
"$hub" audit search --data-dir "$scratch/d" --event ingest.run --json > /dev/null || fail "audit search"
if command -v go > /dev/null && [ -d /usr/share/gocode/src/golang.org/x/mod ]; then
  bash "$source_dir/tools/logcheck/build.sh" "$scratch/logcheck" > /dev/null
  "$scratch/logcheck" "$scratch/log" > /dev/null || fail "the outside checker refuses the export"
  echo "ok: the outside checker accepts the export"
else
  echo "skipped: no Go with golang.org/x/mod, the outside checker was not run"
fi
# damage is found at open or by fsck
for file in keys.lhk buckets.lhk checkpoint; do
  cp -r "$scratch/d" "$scratch/bad"
  python3 - "$scratch/bad/$file" <<'P'
import sys
b=bytearray(open(sys.argv[1],'rb').read()); b[60]^=1; open(sys.argv[1],'wb').write(b)
P
  set +e; "$hub" fsck --data-dir "$scratch/bad" > "$scratch/answer" 2>&1; code=$?; set -e
  [ $code -ne 0 ] || fail "a flipped byte in $file was not found"
  echo "ok: a flipped byte in $file is found (exit $code)"
  rm -rf "$scratch/bad"
done
# wrong usage
set +e; "$hub" nonsense > /dev/null 2>&1; code=$?; set -e
same "wrong usage" 2 $code
set +e; "$hub" fsck --data-dir "$scratch/nowhere" > /dev/null 2>&1; code=$?; set -e
same "no hub there" 3 $code
"$hub" --help > /dev/null; "$hub" audit search --help > /dev/null
