#!/usr/bin/env python3
"""Medians of turns taken one after the other by two servers under the same load.

Reads one JSON object of load_client a line, the two servers in turn; prints a line for each server
and the median of the ratios of neighbouring turns. Usage: turns.py NAME NAME < turns"""
import json
import statistics
import sys


def middle(turns, key):
    return statistics.median(turn[key] for turn in turns)


def main():
    turns = [json.loads(line) for line in sys.stdin]
    pair = turns[0::2], turns[1::2]
    for name, mine in zip(sys.argv[1:3], pair):
        errors = sum(turn["errors"] for turn in mine)
        codes = sorted({code for turn in mine for code in turn["status"]})
        print(f"{name:6} {mine[0]['connections']:4} connections"
              f" {middle(mine, 'requests_per_second'):7.0f}/s"
              f"  p50 {middle(mine, 'p50_us') / 1000:6.2f} ms"
              f"  p99 {middle(mine, 'p99_us') / 1000:6.2f} ms"
              f"  {middle(mine, 'server_cpu_us_per_request'):6.1f} us CPU"
              f"  status {','.join(codes)}  errors {errors}")
        if errors or codes != ["200"]:
            sys.exit("a turn that was not answered well")
    ratios = [a["requests_per_second"] / b["requests_per_second"] for a, b in zip(*pair)]
    work = [a["server_cpu_us_per_request"] / b["server_cpu_us_per_request"] for a, b in zip(*pair)]
    print(f"ratio  {statistics.median(ratios):.3f} (of {len(ratios)} turns:"
          f" {min(ratios):.2f} to {max(ratios):.2f}), CPU x{statistics.median(work):.1f}")


main()
