#!/usr/bin/env bash
# A hub with 100,000 licences: how long it takes to load them, to start, and what it holds in memory
# before and after 256 connections have fetched for six seconds.
# Usage: hundred_thousand.sh HUB SOURCE_DIR LOAD_CLIENT [LICENCES]
client=$3; licences=${4:-100000}
. "$(dirname "$0")/../e2e/kit.sh" "$1" "$2"
found
# Companies with good check digits; the cases of the 64 that are asked for.
python3 - "$scratch" "$licences" <<'P'
import json, sys
table = "0123456789ABCDEFGHJKLMNPQRTUWXY"
def code(n):
    body = f"91990100MA{1000000 + n:07d}"
    s = sum(table.index(c) * pow(3, i, 31) for i, c in enumerate(body)) % 31
    return body + table[(31 - s) % 31]
folder, licences = sys.argv[1], int(sys.argv[2])
with open(f"{folder}/dump.csv", "w") as f:
    f.write("code,name,scope,domicile,day\n")
    for i in range(licences):
        f.write(f"{code(i)},测试企业{i:06d}有限公司,{'食品销售；预包装食品' * (1 + i % 12)},"
                f"测试市测试区测试路{i % 500}号,2019-{1 + i % 12:02d}-{1 + i % 28:02d}\n")
for i in range(64):
    case = {"matter": "11990100MB990001310000000000001", "case_number": f"B-{i}",
            "applicant": {"scheme": "uscc", "id": code(i * (licences // 64))},
            "operator": {"id": "officer-1", "name": "测试审批员001"}}
    json.dump(case, open(f"{folder}/case{i}", "w"), ensure_ascii=False)
P
cat > "$scratch/big.toml" <<'T'
name = "hundred-thousand"
[source]
kind = "file"
encoding = "utf-8"
[[outputs]]
kind = "licence"
object = "11990100MB99000131001"
key = ["uscc"]
holder = { scheme = "uscc", id = "uscc", name = "enterprise_name" }
status = "valid"
valid_from = "establishment_date"
division = "990100"
[outputs.fields]
certificate_number = { column = "code", check = ["uscc"], required = true }
enterprise_name = { column = "name", check = ["max:512"], required = true }
uscc = { column = "code", check = ["uscc"], required = true }
establishment_date = { column = "day", convert = ["date"], required = true }
business_scope = { column = "scope" }
domicile = { column = "domicile" }
T
begin=$(date +%s%N)
"$hub" load --data-dir "$scratch/d" --mapping "$scratch/big.toml" --input "$scratch/dump.csv" \
  --collector $supervision --json | tail -1
end=$(date +%s%N)
echo "loaded in $(((end - begin) / 1000000)) ms; on disk: $(du -sm "$scratch/d" | cut -f1) MiB"
for turn in 1 2 3 4 5; do
  begin=$(date +%s%N)
  "$hub" serve --config "$scratch/d/config.toml" 2> "$scratch/serve.log" & server=$!
  until grep -q 'departments https' "$scratch/serve.log"; do
    kill -0 $server || fail "serve ended"
    sleep 0.005
  done
  end=$(date +%s%N)
  echo "started in $(((end - begin) / 1000000)) ms"
  [ $turn = 5 ] || stop
done
departments=$(sed -n 's/.*departments \(https:[^,]*\),.*/\1/p' "$scratch/serve.log")
echo "memory, just started: $(grep VmRSS "/proc/$server/status")"
for i in $(seq 0 63); do
  call approval POST "$departments/v1/cases" "$scratch/case$i" > /dev/null
  printf '{"reference":"%s","purpose":{"matter":"%s","case_number":"B-%s","cause":"bench",' \
    "$(field "$scratch/answer" materials.0.reference)" $food "$i"
  printf '"legal_basis":"样例","operator":{"id":"officer-1","name":"测试审批员001"},"channel":"batch"}}\n'
done > "$scratch/bodies"
"$client" --port "${departments##*:}" --server-pid "$server" --connections 256 --seconds 6 \
  --cert "$scratch/c/approval.pem" --key "$scratch/c/approval.key" --method POST --path /v1/fetch \
  --content-type application/json --bodies "$scratch/bodies"
echo "memory, 256 connections: $(grep VmHWM "/proc/$server/status")"
stop
