#!/usr/bin/env bash
# A departmental database: pulled through a driver in a child process, only what changed the second
# time; a killed driver hurts nobody; an address the configuration does not name is not called.
. "$(dirname "$0")/kit.sh"
found
adapter() { local what=$1; shift; "$hub" adapter "$what" --data-dir "$scratch/d" "$@"; }
answer() { field "$scratch/answer" "$1"; }
# rows FIRST LAST: companies with good check digits into the database
rows() {
  python3 - "$scratch/firms.db" "$1" "$2" <<'P'
import sqlite3, sys
table = "0123456789ABCDEFGHJKLMNPQRTUWXY"
def code(n):
    body = "91990102MA" + f"{1000000 + n:07d}"
    s = sum(table.index(c) * pow(3, i, 31) for i, c in enumerate(body)) % 31
    return body + table[(31 - s) % 31]
db = sqlite3.connect(sys.argv[1])
db.execute("create table if not exists firms"
           " (code text, name text, day text, scope text, changed integer)")
for n in range(int(sys.argv[2]), int(sys.argv[3]) + 1):
    db.execute("insert into firms values (?,?,?,?,?)",
               (code(n), f"测试企业{n:06d}𠮷", "2019-03-04", "食品销售；" * 20, n))
db.commit()
P
}
rows 1 3000
cat > "$scratch/source.toml" <<T
[source]
kind = "sql"
driver = "SQLite3"
database = "$scratch/firms.db"
table = "firms"
columns = ["code", "name", "day", "scope", "changed"]
cursor = ["changed"]
key = ["code"]
T
adapter new firms-db --source "$scratch/source.toml" --object legal_entity --json \
  > "$scratch/answer"
same "a proposal needs a person where names say nothing" '["uscc"]' "$(answer open)"
{ printf 'name = "firms-db"\n'; cat "$scratch/source.toml"; cat <<'T'
[[outputs]]
kind = "base_data"
object = "legal_entity"
key = ["uscc"]
holder = { scheme = "uscc", id = "uscc", name = "name" }
[outputs.fields]
uscc = { column = "code", check = ["uscc"], required = true }
name = { column = "name", check = ["max:512"], required = true }
establishment_date = { column = "day", convert = ["date"], required = true }
business_scope = { column = "scope", check = ["max:65536"] }
T
} > "$scratch/firms.toml"
adapter test --mapping "$scratch/firms.toml" > /dev/null || fail "adapter test"
serve
adapter enable --mapping "$scratch/firms.toml" --collector $supervision --live > /dev/null
adapter run firms-db --json | tail -1 > "$scratch/answer"
same "all rows of the table" 3000 "$(answer new)"
adapter run firms-db --json | tail -1 > "$scratch/answer"
same "nothing changed: nothing is read" 0 "$(answer read)"
rows 3001 3010
adapter run firms-db --json | tail -1 > "$scratch/answer"
same "what changed, and no more" 10 "$(answer read)"
same "all of it new" 10 "$(answer new)"
rows 3011 60000
adapter run firms-db --json > "$scratch/run" 2>&1 &
run=$!
# The drivers of this hub alone: children of the process that was started here, by their ids.
for _ in $(seq 200); do
  driver=$(pgrep -P "$server" | head -1) && [ -n "$driver" ] && kill -9 "$driver" && break
  sleep 0.02
done
set +e; wait $run; code=$?; set -e
[ $code -ne 0 ] || grep -q '"read":56990' "$scratch/run" || fail "a killed driver was not noticed"
kill -0 "$server" || fail "the hub died with the driver"
echo "ok: the hub outlives its driver (exit $code)"
adapter run firms-db --json | tail -1 > "$scratch/answer"
adapter run firms-db --json | tail -1 > "$scratch/answer"
same "then nothing is left to read" 0 "$(answer read)"
# A column that becomes another type is refused before a row is read.
python3 - "$scratch/firms.db" <<'P'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.executescript("""
create table other (code text, name text, day integer, scope text, changed integer);
insert into other select * from firms;
drop table firms;
alter table other rename to firms;""")
P
set +e; adapter diff firms-db --json > "$scratch/answer"; code=$?; set -e
same "another type is a no" 1 $code
same "the column that was retyped" day "$(answer retyped.0.column)"
same "the field it feeds" '["establishment_date"]' "$(answer retyped.0.fields)"
set +e; adapter run firms-db 2> "$scratch/said" > /dev/null; set -e
grep -q 'source.changed' "$scratch/said" || fail "a run on another type: $(cat "$scratch/said")"
echo "ok: nothing is read from it"
stop
sed -i 's/^driver.*/driver = "PostgreSQL Unicode"\nserver = "192.0.2.1"\nport = 5432\nuser = "x"/' \
  "$scratch/firms.toml"
set +e; adapter test --mapping "$scratch/firms.toml" 2> "$scratch/said" > /dev/null; set -e
grep -q 'source.target' "$scratch/said" || fail "an address nobody allowed"
echo "ok: an address the configuration does not name is not called"
"$hub" fsck --data-dir "$scratch/d" > "$scratch/fsck" || fail "fsck"
