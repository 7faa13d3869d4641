"""A small OpenID Connect server, as a council's own directory is one: discovery, signing in, signed tokens, who somebody is."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "almoner", "a-secret-for-tests"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Directory:
    """Whoever is signed in there now: `person` holds the claims."""

    address: str = ""
    person: dict = field(default_factory=dict)
    codes: dict = field(default_factory=dict)


@contextmanager
def council_directory() -> Iterator[Directory]:
    """Runs the server while inside."""
    directory = Directory()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def answer(self, told: dict) -> None:
            body = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                assert asked["client_id"] == CLIENT and asked["code_challenge_method"] == "S256"
                directory.codes["a-code"] = asked
                self.send_response(302)
                self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({'code': 'a-code', 'state': asked['state']})}")
                self.end_headers()
            elif parts.path == "/userinfo":
                assert self.headers["Authorization"] == "Bearer an-access-token"
                self.answer(directory.person)
            elif parts.path == "/jwks":
                self.answer({"keys": [json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "1"}]})
            else:
                self.answer(
                    {
                        "issuer": directory.address, "authorization_endpoint": f"{directory.address}/authorize",
                        "token_endpoint": f"{directory.address}/token", "userinfo_endpoint": f"{directory.address}/userinfo",
                        "jwks_uri": f"{directory.address}/jwks", "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    }
                )  # fmt: skip

        def do_POST(self) -> None:
            told = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked = directory.codes.pop(told["code"][0])
            proof = base64.urlsafe_b64encode(hashlib.sha256(told["code_verifier"][0].encode()).digest()).rstrip(b"=").decode()
            assert (told["client_secret"][0], proof) == (SECRET, asked["code_challenge"])
            claims = {**directory.person, "iss": directory.address, "aud": CLIENT, "iat": time.time(), "exp": time.time() + 60}
            signed = jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "1"})
            self.answer({"access_token": "an-access-token", "token_type": "Bearer", "id_token": signed})

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    directory.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield directory
    server.shutdown()
    server.server_close()
    thread.join()
