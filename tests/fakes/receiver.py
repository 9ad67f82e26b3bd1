"""A customer's receiver of webhooks: it checks signatures as the standard says, and keeps what it has accepted.

Written from the specification and not with a library, so that it can disagree with our side.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import random
from typing import Any

from tests.fakes.server import Reply, Request, Server


class Receiver(Server):
    """`down`: it drops every connection. `lost`: the share of answers that get lost after the event was kept."""

    def __init__(self, *, lost: float = 0.0, seed: int = 1) -> None:
        super().__init__()
        self.keep = False
        self.secret = ""
        self.down = False
        self.lost = lost
        self.reply = Reply(204)
        self.wait = 0.0
        self.random = random.Random(seed)
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.attempts: list[Request] = []

    async def answer(self, request: Request) -> Reply:
        self.attempts.append(request)
        if self.down:
            return Reply(cut=0)
        if self.wait:
            await asyncio.sleep(self.wait)
        if self.secret and not verified(self.secret, request):
            return Reply(401, {"error": "bad signature"})
        if 200 <= self.reply.status < 300:
            self.got.append((request.headers["webhook-id"], request.json))
            if self.random.random() < self.lost:
                return Reply(cut=0)
        return self.reply

    @property
    def ids(self) -> list[str]:
        return [message_id for message_id, _ in self.got]


def verified(secret: str, request: Request) -> bool:
    """Whether one of the signatures is right: HMAC-SHA256 of `id.timestamp.body` with the bytes behind `whsec_`."""
    head = request.headers
    signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + request.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{expected}" in head["webhook-signature"].split(" ")
