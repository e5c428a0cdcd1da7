#!/usr/bin/env bash
# vet: verdicts on files; one path a line in, one object a line out; never stops at a bad file.
. "$(dirname "$0")/kit.sh"
cd "$scratch"; mkdir trust
expect() { # KIND FILE VERDICT
  echo "$2" | "$hub" vet --kind "$1" --trust trust > answer || fail "vet $1 ended"
  same "$1 $2" "$3" "$(field answer verdict)"
}
printf '91350100M000100Y43\n' > good; expect uscc good valid
printf '91350100M000100Y44' > bad; expect uscc bad invalid
printf '91350100M000100Y43\n\n' > twice; expect uscc twice invalid
printf '11010519491231002X' > id; expect resident-id id valid
printf '1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U' > lid; expect licence-id lid valid
printf '1.2.156.3005.2.11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M' > dialect; expect licence-id dialect invalid
printf '{"a":[1,2,{"b":null}]}\n' > j1; expect json j1 valid
printf '{"a":1,"a":2}' > j2; expect json j2 invalid
printf '{"a":123456789012345678901234567890}' > j3; expect json j3 unsupported
python3 -c 'print("["*100000)' > j4; expect json j4 invalid
printf 'eyJhbGciOiJFUzI1NiIsImtpZCI6IngifQ.e30.%s' "$(python3 -c 'print("A"*86)')" > jws; expect jws jws indeterminate
printf 'not a jws' > nojws; expect jws nojws invalid
printf 'x' > nochain; expect certificate-chain nochain invalid
expect checkpoint nochain invalid
expect tlog-proof nochain invalid
expect uscc absent indeterminate
set +e; echo x | "$hub" vet --kind nothing > /dev/null 2>&1; code=$?; set -e
same "an unknown kind" 2 $code
printf 'good\nbad\nabsent\n' | "$hub" vet --kind uscc > answer
same "one line a path" 3 "$(wc -l < answer)"
