"""Signs an assertion of a subject as a portal would:
assertion.py KEY CHAIN USCC SCHEME ID JTI [CLAIMS], CLAIMS: further claims as JSON.
Prints a JWS (ES256, typ subject-assertion+jwt). OpenSSL signs; its DER signature becomes r ‖ s."""
import base64
import json
import re
import subprocess
import sys
import time


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def integer(der, at):
    length = der[at + 1]
    return int.from_bytes(der[at + 2:at + 2 + length], "big"), at + 2 + length


def main():
    key, chain, uscc, scheme, identifier, jti = sys.argv[1:7]
    pem = open(chain, encoding="ascii").read()
    x5c = [re.sub(r"\s", "", body) for body in
           re.findall(r"BEGIN CERTIFICATE-----(.*?)-----END", pem, re.S)]
    now = int(time.time())
    header = {"alg": "ES256", "typ": "subject-assertion+jwt", "x5c": x5c}
    payload = {"iss": uscc, "sub": {"scheme": scheme, "id": identifier}, "iat": now - 5,
               "exp": now + 200, "jti": jti}
    payload.update(json.loads(sys.argv[7] if len(sys.argv) > 7 else "{}"))
    text = ".".join(b64(json.dumps(p).encode()) for p in (header, payload))
    der = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=text.encode(),
                         stdout=subprocess.PIPE, check=True).stdout
    r, at = integer(der, 2)
    s, _ = integer(der, at)
    print(text + "." + b64(r.to_bytes(32, "big") + s.to_bytes(32, "big")))


main()
