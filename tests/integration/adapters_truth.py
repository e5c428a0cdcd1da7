"""What the real files hold, counted by another program: Python's csv module and its own arithmetic.

Output: lines "key value". Usage: adapters_truth.py companies|licences FILE ENCODING
"""
import collections
import csv
import datetime
import re
import sys
from decimal import Decimal


def digest(rows):
    """FNV-1a, 64 bits, over every value followed by 0x1F and every row followed by 0x1E."""
    h = 0xCBF29CE484222325
    for row in rows:
        for byte in "".join(v + "\x1f" for v in row).encode("utf-8") + b"\x1e":
            h = ((h ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return h


def companies(rows, zero_is_absent):
    capital = collections.Counter()
    totals = {"CNY": Decimal(0), "USD": Decimal(0)}
    for row in rows:
        text = row[4]
        if text == "N/A":
            continue
        amount = Decimal(re.match(r"[\d,.]+", text).group().replace(",", "")) * 10000
        assert "万" in text, text
        if amount == 0 and zero_is_absent:
            continue
        currency = "USD" if "美元" in text else "CNY"
        capital[currency] += 1
        totals[currency] += amount
    days = [datetime.date.fromisoformat(row[2]) for row in rows]
    return {
        "rows": len(rows),
        "digest": digest(rows),
        "codes": len({row[1] for row in rows}),
        "sole_traders": sum(row[1].startswith("92") for row in rows),
        "capital_cny": capital["CNY"],
        "capital_usd": capital["USD"],
        "total_cny": format(totals["CNY"], ".2f"),
        "total_usd": format(totals["USD"], ".2f"),
        "types": sum(row[3] != "N/A" for row in rows),
        "scopes": sum(row[5] != "N/A" for row in rows),
        "domiciles": sum(row[8] != "N/A" for row in rows),
        "first_day": min(days),
        "last_day": max(days),
        "divisions": len({row[1][2:8] for row in rows}),
        "food": sum("食品" in row[5] for row in rows),
    }


def licences(rows):
    became = {"ACTIVE": "valid", "RENEWED": "valid", "ABT2EXP": "valid", "EXPIRED": "expired",
              "INACTIVE": "cancelled", "CLOSED": "cancelled"}
    out = collections.Counter(rows=len(rows), digest=digest(rows))
    seen = {}
    for row in rows:
        if row[3] == "Status":
            out["row.header_line"] += 1
        elif row[3] not in became:
            out["row.not_issued"] += 1
        else:
            out[became[row[3]]] += 1
            if row[8] in seen:
                out["same" if seen[row[8]] == row else "conflict"] += 1
            seen.setdefault(row[8], row)
            out["test"] += "TEST" in row[1].upper().split()
    return out


def main():
    kind, path, encoding = sys.argv[1:4]
    with open(path, encoding=encoding, newline="") as file:
        rows = list(csv.reader(file))[1:]
    facts = licences(rows) if kind == "licences" else companies(rows, encoding == "gb18030")
    for key, value in facts.items():
        print(key, value)


main()
