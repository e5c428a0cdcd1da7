"""Reading of the source tree for the lints: which files there are, and C++ without its text."""

import os
import re

SKIPPED_FOLDERS = {".git", ".cache", "build", "node_modules", "__pycache__"}
PRODUCTION = ("base", "crypto", "schemas", "pki", "adapters", "hub")
CXX_ENDINGS = (".h", ".cc")


def files(root, endings):
    """Paths below root, relative and with '/', whose names end in one of endings; in order."""
    found = []
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(d for d in subfolders if d not in SKIPPED_FOLDERS)
        for name in sorted(names):
            if name.endswith(endings):
                found.append(os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/"))
    return found


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as f:
        return f.read()


def is_production(path):
    return path.split("/", 1)[0] in PRODUCTION


_TOKENS = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<raw>R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)")
      | (?P<text>"(?:\\.|[^"\\\n])*")
      | (?P<char>(?<![0-9A-Za-z_])(?:u8|u|U|L)?'(?:\\.|[^'\\\n])+')""",
    re.DOTALL | re.VERBOSE,
)


def code_only(text):
    """C++ with comments and the inside of literals blanked out; the lines keep their numbers."""

    def blank(match):
        kept = "\n" * match.group(0).count("\n")
        if match.lastgroup == "comment" or match.group("comment"):
            return " " + kept
        return '""' + kept if match.group("raw") or match.group("text") else "' '"

    return _TOKENS.sub(blank, text)


def report(findings, what):
    """Prints findings (path, line, message); the exit code of a lint."""
    for path, line, message in findings:
        print(f"{path}:{line}: {message}")
    print(f"{what}: {len(findings)} finding{'' if len(findings) == 1 else 's'}")
    return 1 if findings else 0
