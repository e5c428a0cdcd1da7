#!/usr/bin/env python3
"""The source behind the kit's kinds over HTTP: one table, served as REST, as SOAP and by the HTTP
contract for adapters (docs/formats/adapter-http.md), well-behaved or not.

Usage: service.py FOLDER     prints "ready PLAIN_PORT MUTUAL_TLS_PORT" and serves until it is
killed.
FOLDER holds root.pem, server.pem, server.key and table.json, which is read for every request:
{"rows": [[k, v], …], "bad": HEX, "mode": …, "encoding": …}.
"""

import gzip
import json
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
import xml.etree.ElementTree as tree
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FOLDER = sys.argv[1]
BAD = b"@@BAD@@"
BOMB = gzip.compress(b" " * (64 << 20))


def load():
    with open(f"{FOLDER}/table.json", encoding="utf-8") as file:
        return json.load(file)


def escaped(text):
    for what, by in ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"):
        text = text.replace(what, by)
    return text


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.serve(b"")

    def do_POST(self):
        self.serve(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def serve(self, body):
        self.table = load()
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        name = url.path.strip("/").replace("/", "_").replace(".", "_")
        try:
            getattr(self, "on_" + name, self.on_unknown)(query, body)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    # ---- how an answer goes out -----------------------------------------------------------------

    def answer(self, body, status=200, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def raw(self, head, body=b""):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + head)
        self.wfile.write(b"\r\n\r\n" + body)
        self.wfile.flush()
        self.close_connection = True

    def give(self, text, kind="application/json"):
        """As the mode says."""
        data = text.encode()
        if self.table["encoding"] == "gb18030":
            command = ["iconv", "-f", "UTF-8", "-t", "GB18030"]  # the edition of 2022
            data = subprocess.run(command, input=data, stdout=-1, check=True).stdout
        data = data.replace(BAD, bytes.fromhex(self.table["bad"]))
        mode = self.table["mode"]
        if mode == "redirect":
            self.send_response(302)
            self.send_header("Location", self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif mode == "gzip":
            packed = gzip.compress(data)
            self.raw(b"Content-Encoding: gzip\r\nContent-Length: %d" % len(packed), packed)
        elif mode == "bomb":
            packed = BOMB
            self.raw(b"Content-Encoding: gzip\r\nContent-Length: %d" % len(packed), packed)
        elif mode == "long":
            self.raw(b"Content-Length: %d" % (len(data) + 5), data)
        elif mode == "short":
            self.raw(b"Content-Length: %d" % (len(data) - 5), data)
        elif mode == "half":
            self.raw(b"Content-Length: %d" % len(data), data[: len(data) // 2])
        elif mode == "silent":
            time.sleep(3)
        elif mode == "drip":
            self.raw(b"Content-Length: %d" % len(data))
            for _ in range(500):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.02)
        elif mode == "document":
            with open(f"{FOLDER}/document", "rb") as file:
                self.answer(file.read(), kind="application/xml")
        elif mode == "denied":
            self.answer(b"{}", 401)
        else:
            self.answer(data, kind=kind)

    def on_unknown(self, query, body):
        self.answer(b"{}", 404)

    def matching(self, key):
        return [row for row in self.table["rows"] if row[0] == key]

    # ---- REST -----------------------------------------------------------------------------------

    def objects(self, rows):
        if self.table["mode"] == "names twice" and rows:
            return '[{"k":"1","v":"a"},{"k":"2","v":"b","v":"z"},{"k":"3","v":"c"}]'
        return json.dumps([{"k": k, "v": v} for k, v in rows], ensure_ascii=False)

    def on_rest_list(self, query, body):
        self.give('{"data":{"list":' + self.objects(self.table["rows"]) + "}}")

    def on_rest_one(self, query, body):
        self.give('{"data":{"list":' + self.objects(self.matching(json.loads(body)["k"])) + "}}")

    # ---- SOAP -----------------------------------------------------------------------------------

    def on_soap(self, query, body):
        rows = self.table["rows"]
        if self.headers.get("SOAPAction") == '"urn:one"':
            rows = self.matching(tree.fromstring(body).find(".//key").text)
        inner = "".join(
            f"<row><k>{escaped(k)}</k>" + ("" if v is None else f"<v>{escaped(v)}</v>") + "</row>"
            for k, v in rows
        )
        self.give(
            '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org'
            f'/soap/envelope/"><s:Body><list>{inner}</list></s:Body></s:Envelope>',
            "text/xml",
        )

    # ---- the HTTP contract for adapters ---------------------------------------------------------

    def on_adapter_v1_describe(self, query, body):
        self.answer(
            json.dumps(
                {
                    "contract": "licencehub.adapter/1",
                    "columns": ["k", "v"],
                    "key": ["k"],
                    "operations": ["changes", "lookup", "push"],
                }
            ).encode()
        )

    def on_adapter_v1_changes(self, query, body):
        at = int(query.get("cursor") or "0")
        rows = self.table["rows"][at : at + int(query["limit"])]
        next_one = at + len(rows)
        if self.table["mode"] == "circle":
            next_one = 0
        self.give('{"rows":' + self.objects(rows) + f',"next":"{next_one}"}}')

    def on_adapter_v1_lookup(self, query, body):
        self.give('{"rows":' + self.objects(self.matching(json.loads(body)["key"]["k"])) + "}")

    def on_adapter_v1_push(self, query, body):
        with open(f"{FOLDER}/pushed", "ab") as file:
            file.write(body + b"\n")
        self.give('{"done":true}')


def serve(context):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None  # clients that go away are what is tested
    if context:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{FOLDER}/server.pem", f"{FOLDER}/server.key")
    context.load_verify_locations(f"{FOLDER}/root.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    print("ready", serve(None), serve(context), flush=True)
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main()
