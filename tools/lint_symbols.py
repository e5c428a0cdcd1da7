#!/usr/bin/env python3
"""Finds functions and objects that two files of our libraries define under the same name.

Usage: lint_symbols.py BUILD_DIR      exit 1 when something is found
A static library is searched only for what is still missing, so of two definitions the linker takes
one in silence, and a route may be served by the function of another (it happened).
"""

import collections
import os
import re
import subprocess
import sys

SYMBOL = re.compile(r"(?P<place>.*\.a:[^:]+):[0-9a-f]+ (?P<kind>\w) (?P<name>.*)")
STRONG = set("TDRB")  # text, data, constants, zeroed data; weak ones (inline, templates) may repeat


def archives(root):
    for folder, _, files in os.walk(root):
        for name in sorted(files):
            if name.startswith("liblh_") and name.endswith(".a"):
                yield os.path.join(folder, name)


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    found = sorted(archives(sys.argv[1]))
    if not found:
        print(f"lint_symbols: no library below {sys.argv[1]}", file=sys.stderr)
        return 1
    places = collections.defaultdict(list)  # two members of a library may have one name
    made = subprocess.run(["nm", "-A", "--defined-only", "-g"] + found, capture_output=True,
                          text=True, check=True)
    for line in made.stdout.splitlines():
        said = SYMBOL.match(line)
        if said and said["kind"] in STRONG:
            places[said["name"]].append(os.path.relpath(said["place"], sys.argv[1]))
    twice = {name: where for name, where in places.items() if len(where) > 1}
    for name, where in sorted(twice.items()):
        said = subprocess.run(["c++filt", name], capture_output=True, text=True, check=True)
        print(f"{said.stdout.strip()}: defined in {' and '.join(sorted(where))}")
    print(f"lint_symbols: {len(places)} names in {len(found)} libraries", file=sys.stderr)
    return 1 if twice else 0


if __name__ == "__main__":
    sys.exit(main())
