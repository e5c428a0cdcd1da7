#!/usr/bin/env python3
"""Code that pages quote is the code that is compiled. A page says <!-- quote: FILE NAME --> before
a block; FILE has the lines between "// [quote: NAME]" and "// [end]".

Usage: quote_pages.py [--write] [ROOT]      exit 1 when a page is stale; --write makes it fresh
"""

import pathlib
import re
import sys

MARK = re.compile(r"(<!-- quote: (\S+) (\S+) -->\n```cpp\n)(.*?)(```)", re.DOTALL)


def quoted(root, file, name):
    lines = (root / file).read_text(encoding="utf-8").splitlines()
    begins = [i for i, line in enumerate(lines) if line.strip() == f"// [quote: {name}]"]
    if len(begins) != 1:
        return None
    out = []
    for line in lines[begins[0] + 1 :]:
        if line.strip() == "// [end]":
            return "\n".join(out) + "\n"
        out.append(line)
    return None


def main(arguments):
    write = "--write" in arguments
    paths = [a for a in arguments if a != "--write"]
    root = pathlib.Path(paths[0] if paths else ".")
    findings, quotes = [], 0
    for page in sorted((root / "docs").rglob("*.md")):
        text = page.read_text(encoding="utf-8")

        def fresh(match):
            nonlocal quotes
            quotes += 1
            code = quoted(root, match[2], match[3])
            if code is None:
                findings.append(f"{page}: {match[2]} has no one quote {match[3]}")
                return match[0]
            if code != match[4] and not write:
                findings.append(f"{page}: the quote {match[3]} of {match[2]} is stale (--write)")
            return match[1] + code + match[5]

        made = MARK.sub(fresh, text)
        if write and made != text:
            page.write_text(made, encoding="utf-8")
    print("\n".join(findings + [f"quotes: {quotes}, {len(findings)} findings"]))
    return 1 if findings or quotes == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
