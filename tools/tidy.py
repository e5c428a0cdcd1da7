#!/usr/bin/env python3
"""Runs clang-tidy over the tree, several files of one library at a time.

Usage: tidy.py [--jobs N] [--fresh] COMPILE_COMMANDS [PATH_PREFIX…]
Groups are those of unite.py; the static analyser leaves the tests out, which the sanitizers run.
What was found clean is remembered beside COMPILE_COMMANDS, under a digest of its files, all headers
of the tree that they include, their flags, the list of checks and clang-tidy's version; --fresh
forgets it. Exit 1 when something is found.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import time

import unite

TIDY = "clang-tidy-14"
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
FINDING = re.compile(r"(?:warning|error): ")
DROPPED = {"-o", "-c"}
# Of its default of 225,000 steps a function: a quarter takes half the time.
LIMIT = ["-Xclang", "-analyzer-config", "-Xclang", "max-nodes=50000"]


class Tree:
    """The files of the checkout and what they include."""

    def __init__(self, root):
        self.root = root
        self.texts, self.reached = {}, {}

    def text(self, path):
        if path not in self.texts:
            with open(path, "rb") as f:
                self.texts[path] = f.read()
        return self.texts[path]

    def included(self, path):
        """All files of the tree that `path` includes, directly or not, itself among them."""
        seen, todo = set(), [path]
        while todo:
            at = todo.pop()
            if at in seen:
                continue
            seen.add(at)
            for name in INCLUDE.findall(self.text(at).decode("utf-8")):
                below = os.path.join(self.root, name)
                if os.path.isfile(below):
                    todo.append(below)
        return seen


def flags_of(entry):
    """The compiler's arguments without its name, its input and its output."""
    words = entry.get("arguments") or shlex.split(entry["command"])
    flags, skip = [], False
    for word in words[1:]:
        if skip or word in DROPPED or word == entry["file"]:
            skip = word == "-o"
            continue
        flags.append(word)
    return flags


def units(commands, root, prefixes):
    """(files, flags) of everything that is to be looked at."""
    wanted = tuple(os.path.join(root, p) for p in prefixes)
    outside = os.path.join(root, "build") + os.sep
    by_flags = collections.OrderedDict()
    for entry in commands:
        path = os.path.normpath(os.path.join(entry["directory"], entry["file"]))
        if path.startswith(root + os.sep) and not path.startswith(outside):
            if not wanted or path.startswith(wanted):
                key = (os.path.dirname(path), tuple(flags_of(entry)))
                by_flags.setdefault(key, {})[path] = None
    seen = set()
    for (_, flags), paths in by_flags.items():
        fresh = [p for p in sorted(paths) if p not in seen]
        seen.update(fresh)
        for group in unite.groups([unite.Source(p) for p in fresh]):
            yield [s.path for s in group], list(flags)


def digest(tree, files, flags, checks):
    """Stands for everything that what clang-tidy says of a group depends on."""
    h = hashlib.sha256(repr((files, flags, checks)).encode())
    for path in sorted(set().union(*(tree.included(f) for f in files))):
        h.update(path.encode() + b"\0" + hashlib.sha256(tree.text(path)).digest())
    return h.hexdigest()


def look(root, folder, name, files, flags):
    """What clang-tidy says of one group."""
    words, checks = [TIDY, "-quiet"], []
    if files[0].startswith(os.path.join(root, "tests") + os.sep):
        checks.append("-clang-analyzer-*")
    if len(files) > 1:
        # The name tells the static analyser to look into the included files as well.
        source = os.path.join(folder, f"UnifiedSource-{name[:16]}.cc")
        with open(source, "w", encoding="utf-8") as f:
            f.writelines(f'#include "{path}"\n' for path in files)
        filters = r"/(base|crypto|schemas|pki|adapters|hub|tests)/.*\.(h|cc)$"
        words += [f"--header-filter={filters}",
                  f"--config-file={os.path.join(root, '.clang-tidy')}"]
        checks.append("-bugprone-suspicious-include")
    else:
        source = files[0]
    if checks:
        words.append("--checks=" + ",".join(checks))
    made = subprocess.run(words + [source, "--"] + flags + LIMIT, cwd=root, capture_output=True,
                          text=True, check=False)
    if len(files) > 1:
        os.unlink(source)
    said = re.sub(r"\x1b\[[0-9;]*m", "", made.stdout)
    if made.returncode and not FINDING.search(said):
        said += f"{files[0]}: error: {TIDY} ended with {made.returncode}: {made.stderr[-2000:]}\n"
    return said if FINDING.search(said) else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("commands")
    parser.add_argument("prefixes", nargs="*")
    options = parser.parse_args()
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folder = os.path.dirname(os.path.abspath(options.commands))
    kept = os.path.join(folder, "clean")
    os.makedirs(kept, exist_ok=True)
    with open(options.commands, encoding="utf-8") as f:
        commands = json.load(f)
    with open(os.path.join(root, ".clang-tidy"), encoding="utf-8") as f:
        checks = f.read()
    checks += subprocess.run([TIDY, "--version"], capture_output=True, text=True,
                             check=True).stdout
    tree = Tree(root)
    todo, clean = [], 0
    for files, flags in units(commands, root, options.prefixes):
        name = digest(tree, files, flags, checks)
        if not options.fresh and os.path.exists(os.path.join(kept, name)):
            clean += 1
        else:
            todo.append((name, files, flags))
    print(f"tidy: {clean} groups known to be clean, {len(todo)} to look at", file=sys.stderr)
    found, begin = set(), time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        runs = {pool.submit(look, root, folder, *unit): unit for unit in todo}
        for done, run in enumerate(concurrent.futures.as_completed(runs), 1):
            name, files, _ = runs[run]
            said = run.result()
            if said:
                fresh = {line for line in said.split("\n") if FINDING.search(line)} - found
                found |= fresh
                print("\n".join(sorted(fresh)), flush=True)
            else:
                open(os.path.join(kept, name), "w", encoding="utf-8").close()
            left = (time.monotonic() - begin) / done * (len(todo) - done)
            print(f"tidy: {done} of {len(todo)}, {len(found)} findings, about {left / 60:.0f} min "
                  f"left: {os.path.relpath(files[0], root)} and {len(files) - 1} more",
                  file=sys.stderr, flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
