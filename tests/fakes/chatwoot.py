"""A fake Chatwoot: takes replies, status changes and notes, and makes signed deliveries like its own."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections import deque
from itertools import count
from typing import Any

from tests.fakes.server import Reply, Request, Server

ACCOUNT, INBOX, EMAIL_INBOX, XTRACODE_INBOX = 1, 3, 4, 5


class Chatwoot(Server):
    """`settings.CHATWOOT_BASE_URL = fake.url`. `fake.script(503, 200)`: statuses for the next calls, then 200."""

    def __init__(self, port: int = 0, *, token: str = "bot-token") -> None:
        super().__init__(port)
        self.token = token
        self.replies: list[tuple[int, str]] = []
        self.notes: list[tuple[int, str]] = []
        self.opened: list[int] = []
        self.seconds = 0.0
        self._script: deque[int] = deque()

    def script(self, *statuses: int) -> None:
        self._script.extend(statuses)

    async def answer(self, request: Request) -> Reply:
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if request.headers.get("api_access_token") != self.token:
            return Reply(401, {"error": "Invalid Access Token"})
        if self._script and (status := self._script.popleft()) != 200:
            return Reply(status, {"error": "The fake was told to fail."})
        parts = request.path.strip("/").split("/")  # api/v1/accounts/1/conversations/55/messages
        if parts[:4] != ["api", "v1", "accounts", str(ACCOUNT)] or parts[4] != "conversations":
            return Reply(404, {"error": "Resource could not be found"})
        number, body = int(parts[5]), request.json
        if parts[6] == "toggle_status":
            self.opened.append(number)
            return Reply(
                200, {"payload": {"success": True, "current_status": body["status"], "conversation_id": number}}
            )
        (self.notes if body["private"] else self.replies).append((number, body["content"]))
        return Reply(200, {"id": 1000, "content": body["content"], "message_type": 1, "private": body["private"]})


_numbers = count(100)


def message(
    content: str | None = "Hello", *, conversation: int = 55, inbox: int = INBOX, **more: Any
) -> dict[str, Any]:
    """A `message_created` delivery of a visitor's message."""
    payload: dict[str, Any] = {
        "event": "message_created",
        "id": next(_numbers),
        "content": content,
        "created_at": "2026-11-25T00:00:00Z",
        "message_type": "incoming",
        "content_type": "text",
        "private": False,
        "sender": {"id": 9, "name": "Zoe", "email": "zoe@example.com"},
        "inbox": {"id": inbox, "name": "Site"},
        "account": {"id": ACCOUNT, "name": "Acme"},
        "conversation": {
            "id": conversation,
            "inbox_id": inbox,
            "status": "pending",
            "channel": "Channel::WebWidget",
            "can_reply": True,
            "messages": [],
            "meta": {"sender": {}, "assignee": None, "team": None, "hmac_verified": False},
        },
    }
    return payload | more


def verified(payload: dict[str, Any], identifier: str) -> dict[str, Any]:
    """The same from a contact whose identity Chatwoot vouches for."""
    payload["sender"] = {**payload["sender"], "identifier": identifier}
    payload["conversation"]["meta"]["hmac_verified"] = True
    return payload


def signed(payload: Any, secret: str, *, at: int | None = None) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a signed delivery."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    timestamp = str(int(time.time()) if at is None else at)
    mac = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {
        "X-Chatwoot-Timestamp": timestamp,
        "X-Chatwoot-Signature": f"sha256={mac}",
        "X-Chatwoot-Delivery": f"delivery-{next(_numbers)}",
    }
    return body, headers
