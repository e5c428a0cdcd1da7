#!/usr/bin/env python3
"""Asks in turns about what is there and what is not, and compares bodies and times.

Usage: oracle.py BASE SCRATCH PAIRS FOREIGN_CASE CASE_HELD CASE_NOT_HELD KNOWN UNKNOWN
Exit 1 when a body tells the difference."""
import http.client
import json
import random
import ssl
import statistics
import sys
import time
import urllib.parse

VARIES = {"receipt", "case_id", "made_at", "reference", "instance", "correlation", "revision"}


def bare(value):
    """The body without what differs between any two answers."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if k not in VARIES}
    if isinstance(value, list):
        return [bare(v) for v in value]
    return value


class Asker:
    def __init__(self, base, scratch, system):
        context = ssl.create_default_context(cafile=f"{scratch}/d/trust/root.pem")
        context.load_cert_chain(f"{scratch}/c/{system}.pem", f"{scratch}/c/{system}.key")
        url = urllib.parse.urlparse(base)
        self.connection = http.client.HTTPSConnection(url.hostname, url.port, context=context)

    def ask(self, method, path, body):
        text = json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": "application/json"} if body is not None else {}
        begin = time.perf_counter()
        self.connection.request(method, path, text, headers)
        response = self.connection.getresponse()
        content = response.read()
        return (time.perf_counter() - begin) * 1e6, response.status, content


def compare(name, asker, there, not_there, pairs):
    times = [], []
    bodies = [], []
    for _ in range(pairs):
        for side in random.sample((0, 1), 2):
            took, status, content = asker.ask(*(there, not_there)[side])
            times[side].append(took)
            bodies[side].append((status, json.dumps(bare(json.loads(content)), sort_keys=True)))
    same = set(bodies[0]) == set(bodies[1])
    differences = [a - b for a, b in zip(*times)]
    medians = sorted(
        statistics.median(random.choices(differences, k=len(differences))) for _ in range(400))
    longer = sum(d > 0 for d in differences) / pairs
    spread = statistics.quantiles(times[0], n=4)
    print(f"{name:44} {statistics.median(times[0]):7.0f} us, half of them within"
          f" {spread[2] - spread[0]:5.0f} us; there - not there"
          f" {statistics.median(differences):+6.1f} [{medians[10]:+.1f}, {medians[-10]:+.1f}] us,"
          f" longer in {longer:.3f};"
          f" bodies {'the same' if same else 'DIFFER'} ({bodies[0][0][0]})")
    for side in (0, 1):
        for body in sorted(set(bodies[side]) - set(bodies[1 - side]))[:1]:
            print(f"  only {('there', 'not there')[side]}: {body[1][:2000]}")
    return same


def main():
    base, scratch, pairs = sys.argv[1], sys.argv[2], int(sys.argv[3])
    foreign, held, not_held, known, unknown = sys.argv[4:9]
    purpose = {"matter": "11990100MB990001310000000000001", "case_number": "CASE-2", "cause": "审批",
               "legal_basis": "样例", "channel": "counter",
               "operator": {"id": "officer-1", "name": "测试审批员001"}}

    def query(uscc):
        return ("POST", "/v1/subjects/query",
                {"scheme": "uscc", "id": uscc, "kind": "legal_entity", "purpose": purpose})

    def predicate(case):
        return ("POST", "/v1/predicates",
                {"case_id": case, "material": "M02", "question": {"ask": "holds_valid"},
                 "purpose": {**purpose, "case_number": "CASE-2" if case == held else "CASE-3"}})

    nobody = "case_" + "0" * 32
    asker = Asker(base, scratch, "other")
    good = [
        compare("a case: another body's, or none", asker, ("GET", f"/v1/cases/{foreign}", None),
                ("GET", f"/v1/cases/{nobody}", None), pairs),
        compare("a plan without a rule: held, or not", asker, ("GET", f"/v1/cases/{held}", None),
                ("GET", f"/v1/cases/{not_held}", None), pairs),
        compare("base data without a rule: known, or not", asker, query(known), query(unknown),
                pairs),
        compare("a predicate without a rule: held, or not", asker, predicate(held),
                predicate(not_held), pairs),
    ]
    if not all(good):
        sys.exit("a body tells what is there")


main()
