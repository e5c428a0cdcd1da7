#!/usr/bin/env python3
"""Writes the pages of the closed lists: docs/errors.md and docs/audit_events.md.

Usage: catalogue_pages.py [--check] [ROOT]
--check writes nothing; exit 1 when a page is not what its list says.
"""

import os
import re
import sys

ARGUMENT = re.compile(r'\s*("(?:\\.|[^"\\])*"|[\w:]+)\s*(,|\))')
TOPIC = re.compile(r"^//\s*([^()]+?)\s*$")

ERRORS_HEAD = """# Reasons

Every refusal and verdict carries one of these ids; they never change their meaning and are never
reused. The page is made from `base/error_catalogue.def` by `./dev pages`; do not edit it.

*retry*: the same request may succeed later.
"""
EVENTS_HEAD = """# Audit events

What an entry of the audit log can say. The numbers are stored in entries and never change. The page
is made from `schemas/audit_events.def` by `./dev pages`; do not edit it.

| number | id | English | 中文 |
|---:|---|---|---|
"""


def arguments(line, macro):
    """The arguments of one X-macro line as strings, or None for another line."""
    if not line.startswith(macro + "("):
        return None
    at, found = len(macro) + 1, []
    while True:
        match = ARGUMENT.match(line, at)
        if not match:
            raise SystemExit(f"cannot read: {line}")
        word, end = match.groups()
        found.append(word[1:-1].replace('\\"', '"') if word.startswith('"') else word)
        at = match.end()
        if end == ")":
            return found


def cell(text):
    return text.replace("|", "\\|")


def errors_page(lines):
    """Topics are the comment lines that stand alone before a run of reasons."""
    out, topic, table_open = [ERRORS_HEAD], None, False
    for line in lines:
        comment = TOPIC.match(line)
        if comment:
            topic = comment.group(1)
        row = arguments(line, "LH_ERROR")
        if row is None:
            if not line.strip():
                table_open = False
            continue
        if not table_open:
            out.append(f"\n## {topic[0].upper() + topic[1:]}\n\n"
                       "| id | HTTP | retry | English | 中文 |\n|---|---:|---|---|---|\n")
            table_open = True
        _, reason, status, retry, english, chinese = row
        later = "yes" if retry == "kLater" else ""
        out.append(f"| `{reason}` | {status} | {later} | {cell(english)} | {cell(chinese)} |\n")
    return "".join(out)


def events_page(lines):
    out = [EVENTS_HEAD]
    for line in lines:
        row = arguments(line, "LH_AUDIT_EVENT")
        if row is not None:
            _, number, event, english, chinese = row
            out.append(f"| {number} | `{event}` | {cell(english)} | {cell(chinese)} |\n")
    return "".join(out)


PAGES = [
    ("base/error_catalogue.def", "docs/errors.md", errors_page),
    ("schemas/audit_events.def", "docs/audit_events.md", events_page),
]


def run(root, check):
    """The pages that are stale; without check they are written."""
    stale = []
    for source, page, make in PAGES:
        source_path, page_path = os.path.join(root, source), os.path.join(root, page)
        if not os.path.exists(source_path):
            print(f"{page}: skipped, there is no {source}")
            continue
        with open(source_path, encoding="utf-8") as f:
            wanted = make(f.read().splitlines())
        present = None
        if os.path.exists(page_path):
            with open(page_path, encoding="utf-8") as f:
                present = f.read()
        if present == wanted:
            continue
        stale.append(page)
        if not check:
            os.makedirs(os.path.dirname(page_path), exist_ok=True)
            with open(page_path, "w", encoding="utf-8") as f:
                f.write(wanted)
    return stale


def main(arguments_given):
    check = "--check" in arguments_given
    roots = [a for a in arguments_given if a != "--check"]
    stale = run(roots[0] if roots else ".", check)
    for page in stale:
        print(f"{page}: stale, run ./dev pages" if check else f"{page}: written")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
