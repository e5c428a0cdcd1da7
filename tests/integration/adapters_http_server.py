#!/usr/bin/env python3
"""A source for the tests of the kinds http and soap: honest and hostile services, on loopback.

Usage: adapters_http_server.py FOLDER     prints "ready HTTP_PORT TLS_PORT MTLS_PORT" and serves
until its standard input ends. FOLDER holds root.pem, server.pem and server.key.
"""

import hashlib
import hmac
import json
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = b"app-secret-001"
WINDOW_S = 300
seen_nonces = set()
calls = {}
lock = threading.Lock()


def texts():
    """Every assigned character of the ranges named in the test, a few hundred to a text."""
    ranges = [
        (0x20, 0x7E), (0xA0, 0xFF), (0x370, 0x3FF), (0x400, 0x45F), (0x2000, 0x206F),
        (0x2E80, 0x2FDF), (0x3000, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xE000, 0xE765),
        (0xF900, 0xFAFF), (0xFE10, 0xFE6F), (0xFF01, 0xFFEE), (0x1F300, 0x1F64F),
        (0x20000, 0x20FFF), (0x2A700, 0x2A7FF), (0x30000, 0x300FF),
    ]  # fmt: skip
    every = [chr(c) for first, last in ranges for c in range(first, last + 1)]
    return ["".join(every[i : i + 500]) for i in range(0, len(every), 500)]


TEXTS = texts()


def items(first, last):
    return [{"id": str(i), "name": f"测试企业{i:05d}", "n": i} for i in range(first, last + 1)]


def page_of(data, **more):
    return json.dumps({"code": "0", "data": {"list": data}, **more}, ensure_ascii=False).encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, body, status=200, headers=()):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def raw(self, data, close=True):
        self.wfile.write(data)
        self.wfile.flush()
        self.close_connection = close

    def do_GET(self):
        self.serve(b"")

    def do_POST(self):
        self.serve(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    do_PUT = do_POST

    def serve(self, body):
        url = urllib.parse.urlsplit(self.path)
        name = url.path.strip("/").split("/")[0].replace("-", "_")
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        with lock:
            calls[name] = calls.get(name, 0) + 1
        try:
            getattr(self, "on_" + name, self.on_unknown)(url.path, query, body)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    def on_unknown(self, path, query, body):
        self.answer(b"{}", 404)

    # ---- honest ---------------------------------------------------------------------------------

    def on_pages(self, path, query, body):
        page, size = int(query["page"]), min(int(query["size"]), 3000)  # it caps the size
        first = (page - 1) * size + 1
        self.answer(page_of(items(first, min(first + size - 1, 10000)), total=10000))

    def on_tokens(self, path, query, body):
        at = int(query.get("token") or "0")
        token = str(at + 7) if at + 7 < 50 else None
        self.answer(page_of(items(at + 1, min(at + 7, 50)), next=token))

    def on_links(self, path, query, body):
        after = int(query.get("after") or "0")
        port = self.server.server_address[1]
        scheme = "https" if self.server.tls else "http"
        link = f"{scheme}://localhost:{port}/links?after={after + 10}" if after < 40 else None
        self.answer(page_of(items(after + 1, after + 10), next=link))

    def on_etag(self, path, query, body):
        if self.headers.get("If-None-Match") == '"v1"':
            self.answer(b"", 304)
        else:
            self.answer(page_of(items(1, 3)), headers=[("ETag", '"v1"')])

    def on_escaped(self, path, query, body):
        data = {"data": {"list": [{"id": str(i), "name": t} for i, t in enumerate(TEXTS)]}}
        self.answer(json.dumps(data, ensure_ascii=True).encode())

    def on_utf8(self, path, query, body):
        data = {"data": {"list": [{"id": str(i), "name": t} for i, t in enumerate(TEXTS)]}}
        self.answer(json.dumps(data, ensure_ascii=False).encode())

    def on_gb18030(self, path, query, body):
        data = {"data": {"list": [{"id": str(i), "name": t} for i, t in enumerate(TEXTS)]}}
        text = json.dumps(data, ensure_ascii=False).encode()
        # iconv has the edition of 2022, Python that of 2000.
        command = ["iconv", "-f", "UTF-8", "-t", "GB18030"]
        self.answer(subprocess.run(command, input=text, stdout=-1, check=True).stdout)

    def on_long(self, path, query, body):
        self.answer(page_of([{"id": "1", "name": "长" * 100000}]))  # 300,000 bytes

    def on_item(self, path, query, body):
        key = urllib.parse.unquote(path.split("/", 2)[2])
        if key == "none":
            self.answer(b"{}", 404)
        else:
            self.answer(page_of([{"id": key, "name": path}]))

    def on_push(self, path, query, body):
        self.answer(json.dumps({"code": "0", "key": self.headers["Idempotency-Key"]}).encode())

    def on_signed(self, path, query, body):
        stamp, nonce = self.headers["X-Timestamp"], self.headers["X-Nonce"]
        app = self.headers["X-App-Id"]
        digest = hashlib.sha256(body).hexdigest()
        text = f"{app}{stamp}{nonce}{digest}".encode()
        good = hmac.compare_digest(
            hmac.new(SECRET, text, hashlib.sha256).hexdigest(), self.headers["X-Signature"]
        )
        fresh = abs(int(stamp) / 1000 - time.time()) < WINDOW_S and nonce not in seen_nonces
        seen_nonces.add(nonce)
        self.answer(page_of(items(1, 1)), 200 if good and fresh else 401)

    def on_tif(self, path, query, body):
        stamp, nonce = self.headers["x-tif-timestamp"], self.headers["x-tif-nonce"]
        text = stamp.encode() + SECRET + nonce.encode() + stamp.encode()
        good = hashlib.sha256(text).hexdigest() == self.headers["x-tif-signature"]
        self.answer(page_of(items(1, 1)), 200 if good else 403)

    def on_moving(self, path, query, body):
        page = int(query["page"])
        total = 10 if page < 2 else 9
        self.answer(page_of(items(page * 2 - 1, page * 2), total=total))

    def on_flaky(self, path, query, body):
        if calls["flaky"] % 3:
            self.answer(b"", 503, [("Retry-After", "0")])
        else:
            self.answer(page_of(items(1, 2)))

    def on_tls(self, path, query, body):
        peer = self.connection.getpeercert()
        name = peer["subject"][0][0][1] if peer else "nobody"
        self.answer(page_of([{"id": "1", "name": name}]))

    # ---- hostile --------------------------------------------------------------------------------

    def on_redirect(self, path, query, body):
        port = self.server.server_address[1]
        self.answer(b"", 302, [("Location", f"http://localhost:{port}/etag")])

    def on_closed(self, path, query, body):
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")

    def on_silent(self, path, query, body):
        time.sleep(3)

    def on_head_drip(self, path, query, body):
        for c in b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 1000:
            self.raw(bytes([c]))
            time.sleep(0.02)

    def on_body_drip(self, path, query, body):
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(100000):
            self.raw(b" ")
            time.sleep(0.02)

    def on_long_length(self, path, query, body):
        data = page_of(items(1, 1))
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (len(data) + 5) + data)

    def on_short_length(self, path, query, body):
        data = page_of(items(1, 1))
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (len(data) - 5) + data)

    def on_chunked(self, path, query, body):
        data = page_of(items(1, 100))
        out = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        for i in range(0, len(data), 7):  # inside characters too
            out += b"%x\r\n%s\r\n" % (len(data[i : i + 7]), data[i : i + 7])
        self.raw(out + b"0\r\n\r\n", close=False)

    def on_gzip(self, path, query, body):
        import gzip

        asked = self.headers["Accept-Encoding"].encode()
        if asked != b"identity":
            self.answer(b"", 400)
        self.answer(gzip.compress(page_of(items(1, 1))), headers=[("Content-Encoding", "gzip")])

    def on_duplicate(self, path, query, body):
        self.answer(b'{"data":{"list":[{"id":"1","id":"2"},{"id":"3","name":"x"}]}}')

    def on_huge(self, path, query, body):
        self.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(100000):
            self.raw(b"10000\r\n" + b" " * 65536 + b"\r\n")

    # ---- SOAP -----------------------------------------------------------------------------------

    def soap(self, inner, status=200):
        out = (
            '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org'
            f'/soap/envelope/"><s:Body>{inner}</s:Body></s:Envelope>'
        ).encode()
        self.answer(out, status, [("X-Kind", "soap")])

    def on_soap(self, path, query, body):
        import xml.etree.ElementTree as tree

        action = self.headers.get("SOAPAction")
        key = tree.fromstring(body).find(".//key")
        if action == '"urn:fault"':
            self.soap("<s:Fault><faultcode>s:Client</faultcode></s:Fault>", 500)
        elif action == '"urn:bomb"':
            bomb = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
            self.answer(bomb + b"<s>&b;</s>")
        elif action == '"urn:entity"':
            self.answer(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><s>&x;</s>')
        elif action == '"urn:one"':
            row = tree.Element("row", id="1")
            tree.SubElement(row, "name").text = key.text
            self.soap("<r><list>" + tree.tostring(row, "unicode") + "</list></r>")
        else:
            rows = "".join(
                f"<row id='{i}'><name>{tree_text(t)}</name></row>" for i, t in enumerate(TEXTS)
            )
            self.soap(f"<r><list>{rows}</list></r>")


def tree_text(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def serve(context):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None  # clients that go away are what is tested
    server.tls = context is not None
    if context:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def main(folder):
    def context(verify):
        out = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        out.load_cert_chain(f"{folder}/server.pem", f"{folder}/server.key")
        out.load_verify_locations(f"{folder}/root.pem")
        out.verify_mode = verify
        return out

    with open(f"{folder}/truth.txt", "wb") as out:
        out.write("\n".join(TEXTS).encode())
    ports = [serve(None), serve(context(ssl.CERT_NONE)), serve(context(ssl.CERT_REQUIRED))]
    print("ready", *ports, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
