#!/usr/bin/env bash
# ./dev bench: every benchmark, bounded in time; what it prints goes into docs/performance.md with
# the machine line. Servers and clients are on different cores; quote ratios of one run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); build=$here/../../build/bench
model=$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs)
echo "machine: $(nproc) cores, $model, $(uname -r)"
echo "== fetch beside nginx"
bash "$here/fetch_vs_nginx.sh" "$build/licencehub" "$here/../.." "$build/tests/load_client"
echo "== the bare edge beside nginx"
bash "$here/edge_vs_nginx.sh" "$build" 1024 3
echo "== 100,000 licences"
bash "$here/hundred_thousand.sh" "$build/licencehub" "$here/../.." "$build/tests/load_client"
echo "== what times tell"
bash "$here/existence_oracle.sh" "$build/licencehub" "$here/../.." | tail -4
for bench in fetch_bench answers_bench growth_bench load_bench ledger_bench crypto_bench \
  file_formats_bench sql_bench adapters_http_bench; do
  echo "== $bench"
  "$build/tests/$bench"
done
