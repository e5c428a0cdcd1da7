#!/usr/bin/env python3
"""Checks the sizes of docs/conventions.md: files, functions, nesting, parameters, folders, columns.

Usage: lint_sizes.py [ROOT]      exit 1 when something is found
Exceptions stand in tools/size_exceptions.txt of the tree, one a line: PATH RULE LIMIT reason.
An exception that is no longer needed is a finding too.
"""

import collections
import os
import re
import sys

import lint_tree

HARD = {"cc": 400, "h": 250, "py": 400, "function": 60, "nesting": 3, "parameters": 5,
        "folder": 15, "columns": 100}
EXCEPTIONS = "tools/size_exceptions.txt"
CONTROL = re.compile(r"(?:^|[^\w])(if|for|while|switch|do|else|try|catch)\b")
CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")


def split_top(text, separator=","):
    """Splits at separators outside (), <>, [] and {}."""
    depth, parts, start = 0, [], 0
    for i, c in enumerate(text):
        if c in "([{<":
            depth += 1
        elif c in ")]}" or (c == ">" and text[i - 1] != "-"):
            depth -= 1
        elif c == separator and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return parts + [text[start:]]


def parameters(head):
    """How many parameters the function with this head takes."""
    head = re.sub(r"\boperator\s*\(\s*\)", "operator", head)
    start = head.find("(")
    depth = 0
    for i in range(start, len(head)):
        depth += {"(": 1, ")": -1}.get(head[i], 0)
        if depth == 0:
            inside = head[start + 1:i].strip()
            return len(split_top(inside)) if inside and inside != "void" else 0
    return 0


def kind_of(head, inside_function):
    """What the brace after head opens: container, function, control or other."""
    if inside_function:
        return "control" if CONTROL.search(head) else "other"
    if "(" not in head:
        return "container" if CONTAINER.search(head) else "other"
    if re.match(r"\s*(template\s*<.*>\s*)?(class|struct)\b[^()]*$", head, re.DOTALL):
        return "container"
    return "other" if re.search(r"=\s*$", head) else "function"


Function = collections.namedtuple("Function", "name first last nesting parameters")


def functions(text):
    """Functions of clang-formatted code, found by their braces. Bodies on one line count too."""
    code = blank_directives(lint_tree.code_only(text))
    stack, head, line, head_line, found = [], "", 1, 1, []
    current = None
    for c in code:
        if c == "\n":
            line += 1
        if c == "{":
            kind = kind_of(head, current is not None)
            stack.append(kind)
            if kind == "function":
                current = {"head": head, "first": head_line, "nesting": 0, "depth": len(stack)}
            elif current and kind == "control":
                level = sum(1 for k in stack[current["depth"]:] if k == "control")
                current["nesting"] = max(current["nesting"], level)
            head = ""
        elif c == "}":
            if not stack:
                continue
            if current and len(stack) == current["depth"]:
                found.append(finished(current, line))
                current = None
            stack.pop()
            head = ""
        elif c == ";":
            head = ""
        else:
            if not head.strip():
                head_line = line
            head += c
    return found


def blank_directives(code):
    """Preprocessor lines, continued ones included, made empty."""
    lines, continued = [], False
    for line in code.split("\n"):
        directive = continued or line.lstrip().startswith("#")
        continued = directive and line.endswith("\\")
        lines.append("" if directive else line)
    return "\n".join(lines)


def finished(current, last):
    head = " ".join(current["head"].split())
    name = re.search(r"([~\w:]+|operator\s*\S+)\s*\(", head)
    return Function(name.group(1) if name else head[:40], current["first"], last,
                    current["nesting"], parameters(head))


class Exceptions:
    """The list of exceptions, each of which must still be needed."""

    def __init__(self, root):
        self.limits, self.used = {}, set()
        path = os.path.join(root, EXCEPTIONS)
        if not os.path.exists(path):
            return
        for number, line in enumerate(lint_tree.read(root, EXCEPTIONS).splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            parts = line.split(None, 3)
            if len(parts) < 4 or not parts[2].isdigit():
                raise SystemExit(f"{EXCEPTIONS}:{number}: PATH RULE LIMIT reason")
            self.limits[(parts[0], parts[1])] = (int(parts[2]), number)

    def allows(self, path, rule, value):
        limit, _ = self.limits.get((path, rule), (None, 0))
        if limit is None:
            return False
        self.used.add((path, rule))
        return value <= limit

    def unneeded(self):
        for key, (_, number) in sorted(self.limits.items()):
            if key not in self.used:
                yield (EXCEPTIONS, number, f"the exception {key[0]} {key[1]} is not needed")


def check_file(path, text):
    """Gives (rule, line, value, hard limit, what)."""
    lines = text.splitlines()
    ending = path.rsplit(".", 1)[-1]
    if ending in HARD:
        yield ("file", 1, len(lines), HARD[ending], "lines in the file")
    for number, line in enumerate(lines, 1):
        yield ("columns", number, len(line), HARD["columns"], "columns")
    if ending not in ("h", "cc"):
        return
    for f in functions(text):
        length = f.last - f.first + 1
        yield ("function", f.first, length, HARD["function"], f"lines in {f.name}")
        yield ("nesting", f.first, f.nesting, HARD["nesting"], f"levels of nesting in {f.name}")
        yield ("parameters", f.first, f.parameters, HARD["parameters"], f"parameters of {f.name}")


def folder_sizes(paths):
    """Rooms a production folder; a room is a .h, a .cc or the pair of both."""
    rooms = collections.defaultdict(set)
    for path in paths:
        if lint_tree.is_production(path):
            folder, _, name = path.rpartition("/")
            rooms[folder].add(name.rsplit(".", 1)[0])
    return {folder: len(names) for folder, names in rooms.items()}


def run(root):
    exceptions = Exceptions(root)
    findings = []
    for path in lint_tree.files(root, (".h", ".cc", ".py", ".sh", ".cmake")):
        for rule, line, value, hard, what in check_file(path, lint_tree.read(root, path)):
            if value > hard and not exceptions.allows(path, rule, value):
                findings.append((path, line, f"{value} {what}; at most {hard}"))
    sizes = folder_sizes(lint_tree.files(root, lint_tree.CXX_ENDINGS))
    for folder, n in sorted(sizes.items()):
        if n > HARD["folder"] and not exceptions.allows(folder, "folder", n):
            findings.append((folder, 1, f"{n} rooms in the folder; at most {HARD['folder']}"))
    findings += exceptions.unneeded()
    return findings


if __name__ == "__main__":
    sys.exit(lint_tree.report(run(sys.argv[1] if len(sys.argv) > 1 else "."), "sizes"))
