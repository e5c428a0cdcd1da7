#!/usr/bin/env bash
# The hub's own certificates: told when they end, renewed for the same keys, and nothing that was
# signed before is lost.
. "$(dirname "$0")/kit.sh"
found
serve
issue() { # NUMBER USCC: a licence; its document in $scratch/NUMBER
  cat > "$scratch/issue" <<J
{"type":"11990100MB99000131001","issuer":"$supervision","holder":[{"scheme":"uscc","id":"$2","name":"测试企业001"}],
 "fields":{"certificate_number":"$1","enterprise_name":"测试企业001","uscc":"$2","establishment_date":"2020-01-02","registered_capital":"1000000.00 CNY"},
 "valid_from":"2026-01-01","valid_until":null,"matter":"11990100MB9900021U0000000000001","case":"$1"}
J
  same "issued $1" 201 "$(call supervision POST "$departments/v1/licences" "$scratch/issue")"
  printf '{"document":"%s"}' "$(field "$scratch/answer" document)" > "$scratch/$1"
}
holds() { # NUMBER
  same "verified $1" 200 "$(call '' POST "$everybody/public/verify" "$scratch/$1")"
  same "integrity of $1" valid "$(field "$scratch/answer" verdicts.integrity.verdict)"
  same "issuer of $1" valid "$(field "$scratch/answer" verdicts.issuer.verdict)"
}
served() { # the fingerprint of the certificate that the listener shows
  openssl s_client -connect "${departments#https://}" < /dev/null 2> /dev/null | openssl x509 -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' | tr 'A-F' 'a-f'
}
own() { # NAME MEMBER
  "$hub" certificate list --data-dir "$scratch/d" --json > "$scratch/answer"
  python3 -c 'import json,sys
print(next(o[sys.argv[3]] for o in json.load(open(sys.argv[1]))["own"] if o["name"]==sys.argv[2]))' "$scratch/answer" "$1" "$2"
}
renew() { # DAYS: what was renewed, and whether to start again
  "$hub" certificate renew --data-dir "$scratch/d" --within "$1" --json > "$scratch/answer"
  python3 -c 'import json,sys
j=json.load(open(sys.argv[1])); print(*[r["name"] for r in j["renewed"]], j["restart"])' "$scratch/answer"
}
issue REG-1 91990102MA9000003B; holds REG-1
before=$(served)
same "the list names what is served" "$before" "$(own server fingerprint)"
same "days of the server's certificate" 396 "$(own server days_left)"
same "days of a department's" 1094 "$(own $supervision days_left)"
for _ in $(seq 30); do
  call officer GET "$departments/metrics" > /dev/null
  grep -q '^licencehub_certificate_seconds_left' "$scratch/answer" && break
  sleep 0.2
done
left=$(sed -n 's/^licencehub_certificate_seconds_left \([0-9]*\).*/\1/p' "$scratch/answer")
same "the metric counts down to the first end" 396 "$((left / 86400))"
same "nothing ends soon" "False" "$(renew 30)"
same "the server's and the hub's own" "server hub_signing True" "$(renew 400)"
same "what is served stays until the hub starts again" "$before" "$(served)"
stop; serve
after=$(served)
[ "$before" != "$after" ] || fail "the renewed certificate is not served"
same "and the list names it" "$after" "$(own server fingerprint)"
holds REG-1
same "everything, on a running hub" "issuing_ca server hub_signing $approval $supervision True" "$(renew 2000)"
issue REG-2 91990102MA9000118H; holds REG-2; holds REG-1
stop; serve
issue REG-3 91990102MA9000126C; holds REG-3; holds REG-2; holds REG-1
same "a client of before is still known" 200 "$(call officer POST "$departments/v1/audit/search" <(printf '{"event":"certificate.issued"}'))"
"$hub" audit search --data-dir "$scratch/d" --event certificate.issued --json > "$scratch/answer"
python3 - "$scratch/answer" <<'P' || fail "an entry for each certificate"
import json, sys
entries = [json.loads(line) for line in open(sys.argv[1]) if line.strip()]
entries = entries[0]["entries"] if len(entries) == 1 and "entries" in entries[0] else entries
renewed = [e for e in entries if e.get("object") in ("issuing_ca", "server", "hub_signing")]
sys.exit(len(renewed) != 5)
P
echo "ok: an entry for each certificate"
set +e; "$hub" certificate renew --data-dir "$scratch/d" --within 0 2> "$scratch/answer"; code=$?; set -e
same "a span of no days" 2 $code
stop
"$hub" fsck --data-dir "$scratch/d" > /dev/null || fail "fsck"
