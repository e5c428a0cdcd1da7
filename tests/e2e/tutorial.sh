#!/usr/bin/env bash
# docs/adapters.md, executed from its own text: the files it tells to save are saved, the commands
# it tells to type are typed, in order. A comment "exit code N" says what a command ends with.
. "$(dirname "$0")/kit.sh"
mkdir "$scratch/desk"
python3 - "$source_dir/docs/adapters.md" "$scratch/desk" <<'P'
import re, sys
page, desk = open(sys.argv[1], encoding="utf-8").read(), sys.argv[2]
blocks = re.findall(r"```(\w+)\n(.*?)```", page, re.DOTALL)
def save(name, text): open(f"{desk}/{name}", "w", encoding="utf-8").write(text)
save("food.csv", next(text for kind, text in blocks if kind == "csv"))
save("food.toml", next(text for kind, text in blocks if kind == "toml"))
for kind, text in blocks:
    if kind == "toml" and (named := re.match(r"# (\S+\.toml)\n", text)):
        save(named[1], text)
commands = "".join(text for kind, text in blocks if kind == "sh")
save("commands", "".join(line + "\n" for line in commands.splitlines() if line.strip()))
P
cd "$scratch/desk"
licencehub() { "$hub" "$@"; }
[ "$(grep -c '^licencehub ' commands)" -ge 14 ] || fail "the page lost its commands"
while IFS= read -r line; do
  expected=$(sed -n 's/.*# .*exit code \([0-9]\).*/\1/p' <<< "$line")
  set +e; eval "$line" > said 2>&1 < /dev/null; code=$?; set -e
  [ "$code" = "${expected:-0}" ] || { cat said >&2; fail "exit code $code: $line"; }
  echo "ok: ${line:0:90}"
  case $line in
    *" load "*) grep -q 'quarantined.*4' said || fail "the load is not what the page says" ;;
    *"adapter diff"*"exit code 2"*) grep -q 信用代码 said || fail "the column that went is not named" ;;
  esac
done < commands
grep -q '^business_items = ' proposed.toml || fail "no proposal"
licencehub adapter list --data-dir D --json > said
same "the adapter stands as the page leaves it" disabled "$(field said adapters.0.mode)"
licencehub fsck --data-dir D > /dev/null || fail "fsck"
