"""A fake of Anthropic's Messages API. Run alone: `python -m tests.fakes.anthropic --port 9001 --latency 0.5`."""

from __future__ import annotations

import itertools
from typing import Any

from tests.fakes.models import Behaviour, ModelFake, Seen, arguments, run, tokens
from tests.fakes.server import Reply, Request

ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
STOPS = {"truncated": "max_tokens", "refused": "refusal", "filtered": "refusal"}


class Anthropic(ModelFake):
    """`settings.ANTHROPIC_BASE_URL = fake.url`."""

    _numbers = itertools.count(1)

    def read(self, request: Request) -> Seen:
        body = request.json
        system = body.get("system") or ""
        if isinstance(system, list):
            system = "\n".join(block.get("text", "") for block in system)
        texts, images = [], 0
        for message in body["messages"]:
            content = message["content"]
            if isinstance(content, str):
                texts.append(content)
                continue
            texts += [block["text"] for block in content if block["type"] == "text"]
            images += sum(block["type"] == "image" for block in content)
        form = (body.get("output_config") or {}).get("format") or {}
        return Seen(body["model"], system, "\n".join(texts), form.get("schema") or {}, images, raw=body)

    async def answer(self, request: Request) -> Reply:
        if request.method != "POST" or request.path != "/v1/messages":
            return self.failure(404, Behaviour())
        body = request.json
        for name in ("temperature", "top_p", "top_k"):  # gone since anthropic-version 2026-10-21
            if name in body:
                return self.failure(400, Behaviour())
        if not body.get("max_tokens") or not body.get("model") or not body.get("messages"):
            return self.failure(400, Behaviour())
        return await super().answer(request)

    def success(self, seen: Seen, text: str, behaviour: Behaviour) -> Reply:
        stop = STOPS.get(behaviour.kind, "end_turn")
        number = next(self._numbers)
        content: list[dict[str, Any]] = [{"type": "thinking", "thinking": "…", "signature": "s"}]
        if text:
            content.append({"type": "text", "text": text})
        body = {
            "id": f"msg_fake{number:06d}",
            "type": "message",
            "role": "assistant",
            "model": seen.model,
            "content": content,
            "stop_reason": stop,
            "stop_sequence": None,
            "usage": {
                "input_tokens": tokens(seen.system + seen.user) + 1600 * seen.images,
                "output_tokens": tokens(text),
                "cache_read_input_tokens": 0,
                "cache_creation_input_tokens": 0,
            },
        }
        if stop == "refusal":
            body["stop_details"] = {"type": "refusal", "category": "general_harms", "explanation": None}
        return Reply(200, body, {"request-id": f"req_fake{number:06d}"})

    def failure(self, status: int, behaviour: Behaviour) -> Reply:
        headers = {"request-id": f"req_fake{next(self._numbers):06d}"}
        if behaviour.retry_after is not None:
            headers["retry-after"] = f"{behaviour.retry_after:g}"
        kind = ERRORS.get(status, "api_error")
        error: dict[str, Any] = {"type": kind, "message": "The fake was told to fail."}
        if behaviour.code:
            error["details"] = {"error_code": behaviour.code}
        return Reply(status, {"type": "error", "error": error, "request_id": headers["request-id"]}, headers)


if __name__ == "__main__":
    run(Anthropic(**arguments()))
