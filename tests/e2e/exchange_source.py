#!/usr/bin/env python3
"""A department's system for the story of the exchange, on loopback: one licence by its holder's
code, and an inbox. Usage: exchange_source.py PORT FOLDER (PORT 0: any; written to FOLDER/port)

FOLDER/mode says how it answers: ok, unknown, other, broken, hang, closed (503). FOLDER/asked has a
line a question, FOLDER/inbox one a push: its id and its body."""

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

folder = sys.argv[2]


def mode():
    with open(os.path.join(folder, "mode"), encoding="utf-8") as f:
        return f.read().strip()


def note(name, line):
    with open(os.path.join(folder, name), "a", encoding="utf-8") as f:
        f.write(line + "\n")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, value):
        body = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if not self.path.startswith("/licence/"):
            return self.answer(200, {"list": []})
        code = self.path.rsplit("/", 1)[1]
        note("asked", code)
        how = mode()
        if how == "hang":
            time.sleep(60)
        if how == "closed":
            return self.answer(503, {})
        if how == "unknown":
            return self.answer(200, {"list": []})
        if how == "broken":
            return self.answer(200, {"list": "?"})
        row = {"code": code, "name": "测试企业77", "day": "2020-05-06", "domicile": "外部系统路77号",
               "state": "1"}
        if how == "other":
            row["code"] = "91990102MA9000003B"
        return self.answer(200, {"list": [row]})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        if mode() == "closed":
            return self.answer(503, {})
        note("inbox", self.headers.get("Idempotency-Key", "") + " " + body)
        return self.answer(200, {})


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
with open(os.path.join(folder, "port"), "w", encoding="utf-8") as out:
    out.write(str(server.server_address[1]))
server.serve_forever()
