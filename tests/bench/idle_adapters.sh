#!/usr/bin/env bash
# What adapters cost that are not due: CPU time of a hub with 50 of them beside one with none.
# Usage: idle_adapters.sh HUB SOURCE_DIR [ADAPTERS] [SECONDS]     exit 1: more than 1 % of a core
adapters=${3:-50}; seconds=${4:-30}
. "$(dirname "$0")/../e2e/kit.sh" "$1" "$2"
found
printf 'code,name\n91990102MA9000003B,测试企业001\n' > "$scratch/firms.csv"
ticks() { awk '{print $14 + $15}' "/proc/$server/stat"; }
# cost: ticks of the hub while nobody asks it for anything
cost() { local before; before=$(ticks); sleep "$seconds"; echo $(($(ticks) - before)); }
serve
sleep 2
empty=$(cost)
for i in $(seq "$adapters"); do
  cat > "$scratch/m.toml" <<T
name = "firms-$i"
[limits]
rows_per_second = 1000
[calendar]
hours = ["00:00-24:00"]
[source]
kind = "file"
encoding = "utf-8"
[[outputs]]
kind = "base_data"
object = "legal_entity"
key = ["uscc"]
holder = { scheme = "uscc", id = "uscc", name = "name" }
[outputs.fields]
uscc = { column = "code", check = ["uscc"], required = true }
name = { column = "name", required = true }
T
  "$hub" adapter enable --data-dir "$scratch/d" --mapping "$scratch/m.toml" --every 1d --live \
    --input "$scratch/firms.csv" --collector $supervision > /dev/null
done
for _ in $(seq 120); do  # their first runs end before anything is measured
  "$hub" adapter list --data-dir "$scratch/d" --json > "$scratch/answer"
  waiting=$(python3 -c 'import json,sys
all = json.load(open(sys.argv[1]))["adapters"]
print(sum(1 for a in all if "last_run" not in a or a["running"]))' \
    "$scratch/answer")
  [ "$waiting" = 0 ] && break
  sleep 0.5
done
[ "$waiting" = 0 ] || fail "$waiting adapters have not run"
sleep 2
full=$(cost)
hertz=$(getconf CLK_TCK)
python3 - "$empty" "$full" "$hertz" "$seconds" "$adapters" <<'P'
import sys
empty, full, hertz, seconds, adapters = map(int, sys.argv[1:])
share = lambda ticks: 100 * ticks / hertz / seconds
print(f"idle hub: {share(empty):.2f} % of a core")
more = f"({share(full - empty):+.2f} %)"
print(f"with {adapters} adapters that are not due: {share(full):.2f} % {more}")
sys.exit(0 if share(full - empty) <= 1 else 1)
P
