#!/usr/bin/env python3
"""Checks who includes whom: the arrows of docs/architecture.md, one home for every foreign header,
no clock, random source, environment or file read inside a room.

Usage: lint_layers.py [ROOT]      exit 1 when something is found
"""

import re
import sys

import lint_tree

# A room and what it may include. Longest prefix wins; a subfolder belongs to its room.
ARROWS = {
    "base": "",
    "crypto": "base",
    "schemas": "base",
    "pki": "base crypto",
    "adapters": "base schemas",
    "hub/store": "base",
    "hub/ledger": "base crypto hub/store",
    "hub/subjects": "base schemas crypto hub/store hub/ledger",
    "hub/audit": "base crypto schemas hub/store hub/ledger hub/subjects",
    "hub/access": "base schemas hub/store hub/audit hub/subjects",
    "hub/licences": "base schemas crypto pki hub/store hub/ledger hub/audit hub/access"
    " hub/subjects",
    "hub/exchange": "base schemas crypto pki hub/store hub/ledger hub/audit hub/access"
    " hub/subjects hub/licences",
    "hub/ingest": "base schemas crypto pki hub/store hub/ledger hub/audit hub/access"
    " hub/subjects hub/licences",
    "hub/api": "base schemas hub/access hub/licences hub/exchange hub/ingest hub/audit"
    " hub/subjects",
    "hub/edge": "base pki hub/api",
    "hub/app": "*",
}
# Single headers beyond the arrows.
ALSO = {
    "hub/exchange": {"adapters/adapter.h"},
    # values and interfaces
    "hub/ingest": {"adapters/adapter.h", "adapters/mapping.h", "adapters/dialects/dialects.h"},
    "hub/api": {"hub/ledger/change.h"},  # values
    "hub/access": {"hub/ledger/change.h"},  # values: what a catalogue change writes
}

# Foreign header -> the files that may include it. First match wins.
HOMES = [
    (r"openssl/", r"(crypto|pki|hub/edge)/.*"),
    (r"sodium(\.h|/)", r"crypto/.*"),
    (r"rocksdb/", r"hub/store/(.*/)?rocksdb_[^/]*"),
    (r"libxml/", r"schemas/(.*/)?xml_[^/]*\.cc"),
    (r"boost/", r"hub/edge/.*"),
    (r"Poco/Net/", r"adapters/outbound/.*"),
    (r"Poco/Data/", r"adapters/sql/[^/]*_session\.cc"),
    (r"Poco/Util/", r"hub/app/.*"),
    (r"Poco/", r"(base/log_[^/]*\.cc|hub/app/.*)"),
    (r"simdjson", r"schemas/(.*/)?json_[^/]*\.cc"),
    (r"nlohmann/", r"(.*/[^/]*_json\.cc|schemas/(.*/)?json_[^/]*\.cc)"),
    (r"CLI/", r"hub/app/.*"),
    (r"toml\+\+/", r".*_toml\.cc"),
    (r"iconv\.h", r"adapters/file/.*"),
    (r"prometheus/", r"hub/edge/metrics\.cc"),
    (r"libssh2", r"adapters/drop/sftp/.*"),
    (r"sql(ext|types|ucode)?\.h", r"adapters/sql/(.*/)?odbc[^/]*"),
    (r"(cairo-pdf\.h|pango/|qrencode\.h)", r"hub/exchange/copies/pdf_cairo\.cc"),
    (r"qpdf/", r"hub/(licences/originals|exchange/copies)/pdf_qpdf\.cc"),
    (r"zlib\.h", r"hub/licences/(.*/)?[^/]*_zlib\.cc"),
]
# What the system gives everybody.
SYSTEM = re.compile(
    r"[a-z_0-9]+|c?(assert|errno|fcntl|poll|pthread|signal|spawn|time|unistd|endian|dirent|limits"
    r"|stdint|stddef|stdio|stdlib|string|termios|dlfcn|ftw|pwd|sched|netdb)\.h"
    r"|(sys|netinet|arpa|linux)/[a-z_0-9]+\.h"
)

# (what, pattern, files where it is at home)
AMBIENT = [
    (
        "a clock is passed in (base/time.h)",
        r"\bsystem_clock\b|\bgettimeofday\b|\bclock_gettime\b|\btime\((?:nullptr|NULL|0|&)"
        r"|\b(?:localtime|gmtime)(?:_r)?\b",
        r"(base/time\.cc|hub/app/.*)",
    ),
    (
        "randomness is passed in (base/random.h)",
        r"\brandom_device\b|(?<![\w.>])s?rand\(|\bgetrandom\b|\bgetentropy\b|/dev/u?random",
        r"(crypto/.*|hub/app/.*)",
    ),
    ("configuration is passed in", r"\b(?:secure_)?getenv\b|\bsetenv\b", r"hub/app/.*"),
    (
        "files are read by hub/app, the stores, keys and adapters, and passed in",
        r"\b[io]?fstream\b|\bfopen\b|(?<![\w.>])::open\(",
        r"(base/log_poco\.cc|crypto/key_[^/]*|pki/trust_store\.cc|adapters/.*"
        r"|hub/(store|ledger|app|audit|ingest|edge)/.*)",
    ),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of(path):
    parts = path.split("/")
    for n in (2, 1):
        room = "/".join(parts[:n])
        if room in ARROWS:
            return room
    return None


def check_inside(path, target, root_files):
    """An include with quotes, in a production file."""
    if target.startswith("tests/"):
        return "production never includes tests"
    if "/" not in target:
        return f'write the path from the root of the tree: "{target}"'
    if target not in root_files:
        return f"there is no {target}"
    mine, theirs = room_of(path), room_of(target)
    if theirs is None:
        return f"{target} belongs to no room"
    allowed = ARROWS[mine].split()
    if theirs == mine or theirs in allowed or allowed == ["*"] or target in ALSO.get(mine, ()):
        return None
    return f"{mine} may not include {theirs} ({target})"


def check_foreign(path, target):
    """An include with angle brackets, in a production file."""
    for header, home in HOMES:
        if re.match(header, target):
            if re.fullmatch(home, path):
                return None
            return f"<{target}> has its home elsewhere: {home}"
    if SYSTEM.fullmatch(target):
        return None
    return f"<{target}> is a foreign header without a home"


def check_file(path, text, root_files):
    if room_of(path) is None:
        yield (path, 1, "this folder is no room of the house")
        return
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, target = match.groups()
        inside = quote == '"'
        said = check_inside(path, target, root_files) if inside else check_foreign(path, target)
        if said:
            yield (path, number, said)
    code = lint_tree.code_only(text)
    for number, line in enumerate(code.splitlines(), 1):
        for what, pattern, home in AMBIENT:
            if re.search(pattern, line) and not re.fullmatch(home, path):
                yield (path, number, what)


def is_foreign(quote, target):
    return quote == "<" and any(re.match(header, target) for header, _ in HOMES)


def foreign_through_headers(texts):
    """A header with a foreign include is the private matter of its room."""
    includes = {
        path: [m.groups() for m in map(INCLUDE.match, text.splitlines()) if m]
        for path, text in texts.items()
    }
    foreign = {
        path
        for path, found in includes.items()
        if path.endswith(".h") and any(is_foreign(quote, target) for quote, target in found)
    }
    for path, found in includes.items():
        for quote, target in found:
            if quote == '"' and target in foreign and room_of(path) != room_of(target):
                yield (path, 1, f"{target} brings a foreign header out of its room")


def names_twice(texts):
    """Two types of one name in one namespace: the linker takes either of them, unseen."""
    homes = {}
    for path in sorted(texts):
        if not path.endswith(".h"):
            continue
        code = lint_tree.code_only(texts[path])
        space = re.search(r"^namespace (lh[\w:]*) \{", code, re.M)
        types = r"^(?:struct|class|enum class) (\w+)(?!\w|::)[^;\n]*\{"
        for match in re.finditer(types, code, re.M):
            name = (space.group(1) if space else "", match.group(1))
            first = homes.setdefault(name, path)
            if first != path:
                line = code.count("\n", 0, match.start()) + 1
                yield (path, line, f"{name[0]}::{name[1]} is a type of {first} already")


def run(root):
    paths = [p for p in lint_tree.files(root, lint_tree.CXX_ENDINGS) if lint_tree.is_production(p)]
    known = set(lint_tree.files(root, lint_tree.CXX_ENDINGS + (".def",)))
    texts = {path: lint_tree.read(root, path) for path in paths}
    findings = [f for path in paths for f in check_file(path, texts[path], known)]
    findings += foreign_through_headers(texts)
    findings += names_twice(texts)
    return findings


if __name__ == "__main__":
    sys.exit(lint_tree.report(run(sys.argv[1] if len(sys.argv) > 1 else "."), "layers"))
