#!/usr/bin/env python3
"""DBF files made by another implementation (python3-dbf). Usage: adapters_dbf.py FOLDER"""

import datetime
import decimal
import sys

import dbf

SPEC = "code C(20); name C(40); amount N(18,2); rate F(12,4); since D; open L; note M"


def make(path, kind, codepage):
    table = dbf.Table(path, SPEC, codepage=codepage, dbf_type=kind)
    table.open(mode=dbf.READ_WRITE)
    for i in range(30):
        table.append(
            (
                f"CODE{i:04d}",
                f"测试企业{i:03d}有限公司",
                decimal.Decimal(f"{i * 123456789012}.{i:02d}"),
                float(i) / 4,
                datetime.date(2020, 1, 1) + datetime.timedelta(days=i) if i % 5 else None,
                (True, False, None)[i % 3],
                "" if i % 4 == 0 else f"备注{i}：" + "长" * (i * 40),
            )
        )
    for i, record in enumerate(table):
        if i % 10 == 7:
            dbf.delete(record)
    table.close()


make(sys.argv[1] + "/db3.dbf", "db3", "cp936")
make(sys.argv[1] + "/vfp.dbf", "fp", "cp936")
