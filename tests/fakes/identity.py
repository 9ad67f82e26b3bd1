"""Google, Apple and Cloudflare Turnstile in one little server: key sets, token info, siteverify.

Keys are made once per process. `mint` signs ID tokens as the vendor would, or as a forger would.
"""

from __future__ import annotations

import base64
import hashlib
import time
from functools import cache
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.fakes.server import Reply, Request, Server

GOOGLE_AUDIENCE = "web-client.apps.googleusercontent.com"
GOOGLE_SECRET = "google-client-secret"
APPLE_AUDIENCE = "com.example.signin"


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def ec_key(name: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public_pem(name: str) -> bytes:
    """The public half, as text that a forger could use as an HMAC secret."""
    kind, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return rsa_key(name).public_key().public_bytes(kind, form)


class FakeIdentity(Server):
    """`keys`: the key ids now published; `down`: answer 503; `tokens`: what tokeninfo knows; `humans`: good captchas."""

    def __init__(self) -> None:
        super().__init__()
        self.keys = ["first"]
        self.ec_keys = ["curve"]
        self.down = False
        self.tokens: dict[str, dict[str, Any]] = {}
        self.humans: set[str] = set()
        self.garbled = False

        self.codes: dict[str, dict[str, str]] = {}

    def consents(self, url: str, id_token: str) -> str:
        """Google's page of consent, once the person agrees: the address that the browser comes back to. The token is handed
        out for its code."""
        asked = dict(parse_qsl(urlsplit(url).query))
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"4/code{len(self.codes)}"
        self.codes[code] = {**asked, "id_token": id_token}
        return f"{asked['redirect_uri']}?{urlencode({'state': asked['state'], 'code': code, 'scope': 'openid'})}"

    def _token(self, request: Request) -> Reply:
        form = dict(parse_qsl(request.body.decode()))
        if form.get("client_secret") != GOOGLE_SECRET or form.get("client_id") != GOOGLE_AUDIENCE:
            return Reply(401, {"error": "invalid_client", "error_description": "Unauthorized"})
        asked = self.codes.pop(form.get("code", ""), None)  # a code serves once
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form.get("redirect_uri")
            or form.get("grant_type") != "authorization_code"
        ):
            return Reply(400, {"error": "invalid_grant", "error_description": "Bad Request"})
        return Reply(
            200,
            {
                "access_token": "ya29.a",
                "expires_in": 3599,
                "scope": "openid",
                "token_type": "Bearer",
                "id_token": asked["id_token"],
            },
        )

    async def answer(self, request: Request) -> Reply:
        if self.down:
            return Reply(503, {"error": "unavailable"})
        if self.garbled:
            return Reply(200, b"<html>maintenance</html>", {"content-type": "text/html"})
        if request.path == "/jwks":
            return Reply(200, {"keys": [*map(self._rsa, self.keys), *map(self._ec, self.ec_keys)]})
        if request.path == "/token":
            return self._token(request)
        if request.path == "/tokeninfo":
            known = self.tokens.get(request.query.get("access_token", ""))
            return Reply(200, known) if known else Reply(400, {"error": "invalid_token"})
        if request.path == "/siteverify":
            form = parse_qs(request.body.decode())
            token = form.get("response", [""])[0]
            if form.get("secret") != ["turnstile-secret"]:
                return Reply(200, {"success": False, "error-codes": ["invalid-input-secret"]})
            if token in self.humans:
                self.humans.discard(token)  # a token is accepted once
                return Reply(200, {"success": True, "error-codes": []})
            return Reply(200, {"success": False, "error-codes": ["invalid-input-response"]})
        return Reply(404, {})

    @staticmethod
    def _rsa(name: str) -> dict[str, Any]:
        found = jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key(name).public_key(), as_dict=True)
        return {**found, "kid": name, "use": "sig", "alg": "RS256"}

    @staticmethod
    def _ec(name: str) -> dict[str, Any]:
        found = jwt.algorithms.ECAlgorithm.to_jwk(ec_key(name).public_key(), as_dict=True)
        return {**found, "kid": name, "use": "sig", "alg": "ES256"}

    def google(self, subject: str, email: str = "", *, kid: str = "first", **claims: Any) -> str:
        """A Google ID token; a claim given as None is left out."""
        base = {
            "iss": "https://accounts.google.com",
            "aud": GOOGLE_AUDIENCE,
            "email": email,
            "email_verified": True,
            "given_name": "Vera",
            "family_name": "Novak",
        }
        return mint({**base, "sub": subject, **claims}, kid=kid)

    def apple(self, subject: str, address: str | None = "", *, kid: str = "first", **claims: Any) -> str:
        base = {"iss": "https://appleid.apple.com", "aud": APPLE_AUDIENCE, "email": address, "email_verified": "true"}
        return mint({**base, "sub": subject, **claims}, kid=kid)

    def knows(self, token: str, subject: str, email: str, **more: Any) -> str:
        """Have tokeninfo know an access token; Google writes numbers and booleans as strings there."""
        self.tokens[token] = {
            "aud": GOOGLE_AUDIENCE,
            "azp": GOOGLE_AUDIENCE,
            "sub": subject,
            "scope": "openid email profile",
            "expires_in": "3000",
            "email": email,
            "email_verified": "true",
            **more,
        }
        return token


def mint(claims: dict[str, Any], *, kid: str | None = "first", key: Any = None, algorithm: str = "RS256") -> str:
    now = int(time.time())
    full = {"iat": now, "exp": now + 3600, **claims}
    headers = {"kid": kid} if kid else {}
    signer = key if key is not None else rsa_key(kid or "first")
    return jwt.encode({k: v for k, v in full.items() if v is not None}, signer, algorithm=algorithm, headers=headers)
