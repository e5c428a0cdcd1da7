#!/usr/bin/env python3
"""Which .cc files of one library may be compiled as one, and in which groups.

Usage: unite.py LIST      LIST: a line for each library, its name and files separated by '|'
Prints a line for each group of more than one file: the name of its library and the files, likewise.
A group is at most 8 files and 2,400 lines. Two files stand in one group only if no name that one
keeps for itself (anonymous namespace, macro) occurs in the other, so a group means what its files
mean alone. A file that sets macros for what it includes stays alone.
"""

import re
import sys

LINES = 2400
FILES = 8
NOISE = re.compile(
    r'R"(\w*)\(.*?\)\1"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)
WORD = re.compile(r"(?<![\w.])(?<!->)(?<!::)[A-Za-z_]\w*")
TYPE = re.compile(r"^(?:struct|class|union|enum(?: class)?)\s+(?:alignas\([^)]*\)\s*)?(\w+)")
ALIAS = re.compile(r"^(?:using\s+(\w+)\s*=|namespace\s+(\w+)\s*=|using\s+[\w:]*::(\w+);)")
KEYWORDS = {"if", "for", "while", "switch", "return", "sizeof", "alignas", "decltype", "requires",
            "template", "static_assert", "noexcept", "public", "private", "protected", "else"}


def plain(text):
    """The text without comments and literals, as many lines as before."""
    def rest(match):
        found = match.group(0)
        return (" " if found.startswith("/") else '""') + "\n" * found.count("\n")
    return NOISE.sub(rest, text)


def declared(line):
    """The name that a line at the left margin of a namespace declares, or None."""
    found = TYPE.match(line) or ALIAS.match(line)
    if found:
        return next((g for g in found.groups() if g), None)
    head = re.split(r"[({=;\[]", line, maxsplit=1)[0].rstrip()
    words = re.findall(r"[A-Za-z_]\w*", head)
    if len(words) < 1 or words[0] in KEYWORDS or "::" in head.split(" ")[-1]:
        return None
    return words[-1] if len(words) > 1 or "(" in line else None


class Source:
    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            raw = f.read()
        self.path = path
        self.lines = raw.count("\n")
        text = plain(raw)
        includes = [m.start() for m in re.finditer(r"^#include", text, re.M)]
        macros = [(m.start(), m.group(1)) for m in re.finditer(r"^#\s*define\s+(\w+)", text, re.M)]
        self.alone = bool(includes) and any(at < includes[-1] for at, _ in macros)
        self.own = {name for _, name in macros} | self.hidden(raw, text)
        code = re.sub(r"^#include[^\n]*", "", text, flags=re.M)
        self.words = set(WORD.findall(code))

    @staticmethod
    def hidden(raw, text):
        """Names at the left margin of anonymous namespaces; aliases and statics of any."""
        names, inside = set(), False
        for line, code in zip(raw.split("\n"), text.split("\n")):
            if line == "namespace {":
                inside = True
            elif line == "}  // namespace":
                inside = False
            elif line[:1].isalpha() and (inside or ALIAS.match(line) or line.startswith("static ")):
                names.add(declared(code))
        return names - {None}


def clash(a, b):
    return bool(a.own & b.words or b.own & a.words)


def groups(sources):
    made = []
    for source in sources:
        place = None
        if not source.alone:
            for group in made:
                if (not group[0].alone and len(group) < FILES
                        and sum(s.lines for s in group) + source.lines <= LINES
                        and not any(clash(source, other) for other in group)):
                    place = group
                    break
        if place is None:
            made.append([source])
        else:
            place.append(source)
    return made


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with open(sys.argv[1], encoding="utf-8") as f:
        libraries = [line.rstrip("\n").split("|") for line in f if line.strip()]
    for name, *files in libraries:
        for group in groups([Source(path) for path in files]):
            if len(group) > 1:
                print("|".join([name] + [s.path for s in group]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
