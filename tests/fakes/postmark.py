"""A fake of Postmark's mail API: https://postmarkapp.com/developer/api/email-api"""

from __future__ import annotations

from tests.fakes.server import Reply, Request, Server


class Postmark(Server):
    """Takes mail with the server token `good`; any other is refused as Postmark refuses it."""

    async def answer(self, request: Request) -> Reply:
        if request.method != "POST" or request.path != "/email":
            return Reply(404, {"ErrorCode": 404, "Message": "Not found."})
        if request.headers.get("x-postmark-server-token") != "good":
            return Reply(401, {"ErrorCode": 10, "Message": "The Server Token you provided in the X-Postmark-Server-Token request header was invalid."})  # fmt: skip
        return Reply(
            200,
            {
                "To": request.json["To"],
                "SubmittedAt": "2026-11-26T10:00:00.0000000Z",
                "MessageID": "0a129aee-e1cd-480d-b08d-4f48548ff48d",
                "ErrorCode": 0,
                "Message": "OK",
            },
        )
