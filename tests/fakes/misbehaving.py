"""A fake that misbehaves on demand: `fake.trouble = ["429", "slow"]` are the next two answers; then it is good again."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.fakes.server import Reply, Request, Server


class Misbehaving(Server):
    """Subclasses implement `good(request)` and the vendor's form of an error in `error(status)`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.trouble: list[str] = []
        self.slowness = 5.0

    async def answer(self, request: Request) -> Reply:
        trouble = self.trouble.pop(0) if self.trouble else ""
        if trouble == "slow":
            await asyncio.sleep(self.slowness)
            return Reply(503, b"too late")
        if trouble == "garbage":
            return Reply(200, b"<html>Welcome to the captive portal</html>", {"content-type": "text/html"})
        if trouble == "cut":
            reply = self.good(request)
            return Reply(reply.status, reply.body, reply.headers, cut=7)
        if trouble == "dropped":
            return Reply(200, b"", cut=0)
        if trouble == "empty":
            return Reply(200, {})
        if trouble.isdigit():
            headers = {"retry-after": "7"} if trouble in ("429", "503") else {}
            return Reply(int(trouble), self.error(int(trouble)), headers)
        return self.good(request)

    def good(self, request: Request) -> Reply:
        return Reply(404, self.error(404))

    def error(self, status: int) -> Any:
        return {"error": status}
