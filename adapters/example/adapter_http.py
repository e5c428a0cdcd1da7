#!/usr/bin/env python3
"""An adapter by the HTTP contract (docs/formats/adapter-http.md), in another language: it serves
the rows of a CSV file that only grows, and keeps what is pushed beside it. Standard library only.

Usage: adapter_http.py FILE.csv KEY_COLUMN --certificate PEM --key PEM --ca PEM [--port N]
Prints the port and serves until it is ended. --ca: who may call (the hub's client certificate).
"""

import argparse
import csv
import json
import ssl
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BASE = "/adapter/v1/"
MOST_BYTES = 1 << 20
KEEPING = threading.Lock()  # pushes come in threads of their own


class Adapter(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def rows(self):
        with open(self.server.file, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def answer(self, value, status=200):
        body = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path == BASE + "describe":
            with open(self.server.file, encoding="utf-8", newline="") as file:
                columns = next(csv.reader(file))
            self.answer(
                {
                    "contract": "licencehub.adapter/1",
                    "columns": columns,
                    "key": [self.server.key],
                    "operations": ["changes", "lookup", "push"],
                }
            )
        elif url.path == BASE + "changes":
            at = int(query.get("cursor", "0"))
            page = self.rows()[at : at + int(query.get("limit", "500"))]
            self.answer({"rows": page, "next": str(at + len(page))})
        else:
            self.answer({}, 404)

    def do_POST(self):
        length = int(self.headers.get("Content-Length", "0"))
        if length > MOST_BYTES:
            return self.answer({}, 413)
        asked = json.loads(self.rfile.read(length))
        if self.path == BASE + "lookup":
            key = asked["key"]
            found = [row for row in self.rows() if all(row.get(k) == v for k, v in key.items())]
            self.answer({"rows": found})
        elif self.path == BASE + "push":
            self.keep(self.headers["Idempotency-Key"], asked["record"])
            self.answer({"done": True})
        else:
            self.answer({}, 404)

    def keep(self, push, record):
        """The same push twice is one line."""
        inbox = self.server.file + ".inbox"
        with KEEPING, open(inbox, "a+", encoding="utf-8") as file:
            file.seek(0)
            if any(json.loads(line)["push"] == push for line in file):
                return
            file.write(json.dumps({"push": push, "record": record}, ensure_ascii=False) + "\n")

    def log_message(self, *args):
        """Requests hold personal data: nothing is logged."""


def main():
    options = argparse.ArgumentParser()
    options.add_argument("file")
    options.add_argument("key_column")
    for name in ("certificate", "key", "ca"):
        options.add_argument("--" + name, required=True)
    options.add_argument("--port", type=int, default=0)
    told = options.parse_args()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(told.certificate, told.key)
    context.load_verify_locations(told.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    server = ThreadingHTTPServer(("127.0.0.1", told.port), Adapter)
    server.daemon_threads = True
    server.file, server.key = told.file, told.key_column
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
