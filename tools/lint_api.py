#!/usr/bin/env python3
"""Holds docs/openapi.yaml against the tables of routes in hub/api/routes and hub/api/faces: every
route described, no description without a route. Reads text only; prints what differs and exits
1."""
import re
import sys
from pathlib import Path


def routes_of(root):
    found = set()
    folders = (root / "hub/api/routes", root / "hub/api/routes/catalogue", root / "hub/api/faces")
    for path in sorted(path for folder in folders for path in folder.glob("*.cc")):
        text = path.read_text(encoding="utf-8")
        for method, pattern in re.findall(r"Method::k(\w+),\s*\"(/[^\"]*)\"", text):
            found.add((method.lower(), pattern))
        topics = re.findall(r"\{ObjectKind::\w+, \"(/[^\"]*)\"\}", text)
        for method in re.findall(r"Method::k(\w+),\s*topic\.pattern", text):
            found.update((method.lower(), pattern) for pattern in topics)
    return found


def described(root):
    found, path = set(), None
    for line in (root / "docs/openapi.yaml").read_text(encoding="utf-8").splitlines():
        if line == "components:":
            break
        if match := re.match(r"  (/\S*):\s*$", line):
            path = match.group(1)
        elif path and (match := re.match(r"    (get|put|post|delete):", line)):
            found.add((match.group(1), path))
    return found


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    routes, pages = routes_of(root), described(root)
    for method, pattern in sorted(routes - pages):
        print(f"docs/openapi.yaml does not describe {method.upper()} {pattern}")
    for method, pattern in sorted(pages - routes):
        print(f"hub/api has no {method.upper()} {pattern}")
    print(f"api: {len(routes)} routes, {len(routes ^ pages)} findings")
    return 1 if routes != pages or len(routes) < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
