"""A fake of OpenAI (Responses, Chat Completions, Images) and of every compatible server.

`settings.OPENAI_BASE_URL = fake.url + "/v1"`, and likewise for DeepSeek, Google and local servers: the path before
`/chat/completions` is not looked at. Run alone: `python -m tests.fakes.openai --port 9002 --latency 0.5`.
"""

from __future__ import annotations

import asyncio
import base64
import io
import itertools
import zlib
from typing import Any

from PIL import Image

from tests.fakes.models import Behaviour, ModelFake, Seen, arguments, run, tokens
from tests.fakes.server import Reply, Request

ERRORS = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}


class OpenAI(ModelFake):
    """`json_modes`: which `response_format` types the Chat endpoint takes (others are 400, as local servers do)."""

    _numbers = itertools.count(1)

    def __init__(
        self, port: int = 0, *, json_modes: tuple[str, ...] = ("json_schema", "json_object", "text"), **more: Any
    ):
        super().__init__(port, **more)
        self.json_modes = json_modes
        self.usage = True
        self.pictures: list[dict[str, Any]] = []

    async def answer(self, request: Request) -> Reply:
        if request.method != "POST":
            return self.failure(404, Behaviour())
        if request.path.endswith("/images/generations"):
            return await self._picture(request)
        body = request.json or {}
        if request.path.endswith("/chat/completions"):
            form = (body.get("response_format") or {"type": "text"})["type"]
            if form not in self.json_modes:
                return self.failure(400, Behaviour(code="unsupported_response_format"))
            if form == "json_object" and "json" not in str(body["messages"]).lower():
                return self.failure(400, Behaviour(code="json_word_missing"))
        elif not request.path.endswith("/responses"):
            return self.failure(404, Behaviour())
        elif str(body.get("model", "")).startswith("gpt-6.2") and (body.get("reasoning") or {}).get("effort") == "none":
            return self.failure(400, Behaviour(code="unsupported_value"))
        return await super().answer(request)

    def read(self, request: Request) -> Seen:
        body = request.json
        if request.path.endswith("/responses"):
            texts, images = _parts(body["input"])
            form = (body.get("text") or {}).get("format") or {}
            return Seen(
                body["model"],
                body.get("instructions") or "",
                "\n".join(texts),
                form.get("schema") or {},
                images,
                raw=body,
            )
        system = [m for m in body["messages"] if m["role"] in ("system", "developer")]
        texts, images = _parts([m for m in body["messages"] if m["role"] == "user"])
        form = body.get("response_format") or {}
        schema = (form.get("json_schema") or {}).get("schema") or form.get("schema") or {}
        instructions = "\n".join(m["content"] for m in system)
        if not schema and "JSON schema:" in instructions:
            schema = _schema_in(instructions)
        return Seen(body["model"], instructions, "\n".join(texts), schema, images, raw=body)

    def success(self, seen: Seen, text: str, behaviour: Behaviour) -> Reply:
        number = next(self._numbers)
        headers = {"x-request-id": f"req_fake{number:06d}"}
        read = tokens(seen.system + seen.user) + 1600 * seen.images
        if "input" in seen.raw:
            return Reply(200, self._response(seen, text, behaviour, number, read), headers)
        finish = {"truncated": "length", "filtered": "content_filter"}.get(behaviour.kind, "stop")
        refused = behaviour.kind == "refused"
        body: dict[str, Any] = {
            "id": f"chatcmpl-fake{number:06d}",
            "object": "chat.completion",
            "created": 1_790_000_000,
            "model": seen.model,
            "choices": [
                {
                    "index": 0,
                    "finish_reason": finish,
                    "message": {
                        "role": "assistant",
                        "content": None if refused else text,
                        "refusal": text if refused else None,
                    },
                }
            ],
        }
        if self.usage:
            out = tokens(text)
            body["usage"] = {"prompt_tokens": read, "completion_tokens": out, "total_tokens": read + out}
        return Reply(200, body, headers)

    def _response(self, seen: Seen, text: str, behaviour: Behaviour, number: int, read: int) -> dict[str, Any]:
        reason = {"truncated": "max_output_tokens", "filtered": "content_filter"}.get(behaviour.kind)
        part: dict[str, Any] = {"type": "output_text", "text": text, "annotations": []}
        if behaviour.kind == "refused":
            part = {"type": "refusal", "refusal": text}
        return {
            "id": f"resp_fake{number:06d}",
            "object": "response",
            "created_at": 1_790_000_000,
            "model": seen.model,
            "status": "incomplete" if reason else "completed",
            "incomplete_details": {"reason": reason} if reason else None,
            "output": [
                {"type": "reasoning", "id": f"rs_{number}", "summary": []},
                {
                    "type": "message",
                    "id": f"msg_{number}",
                    "role": "assistant",
                    "status": "incomplete" if reason else "completed",
                    "content": [part],
                },
            ],
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "usage": {
                "input_tokens": read,
                "output_tokens": tokens(text),
                "total_tokens": read + tokens(text),
                "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": self._written(seen, read)},
                "output_tokens_details": {"reasoning_tokens": 0},
            },
        }

    def _written(self, seen: Seen, read: int) -> int:
        """What this prompt writes into the cache. As OpenAI does from GPT-5.6 on: all of a prompt of 1,024 tokens or more,
        unless the request asks for the explicit mode, which writes up to its breakpoints (we set none)."""
        if (seen.raw.get("prompt_cache_options") or {}).get("mode") == "explicit" or read < 1024:
            return 0
        return read

    def failure(self, status: int, behaviour: Behaviour) -> Reply:
        headers = {"x-request-id": f"req_fake{next(self._numbers):06d}"}
        if behaviour.retry_after is not None:
            headers["retry-after"] = f"{behaviour.retry_after:g}"
        error = {
            "message": "The fake was told to fail.",
            "type": "server_error" if status >= 500 else "invalid_request_error",
            "param": None,
            "code": behaviour.code or ERRORS.get(status),
        }
        return Reply(status, {"error": error}, headers)

    async def _picture(self, request: Request) -> Reply:
        """Images: an own colour per prompt, in the size and format asked for; GPT image models only."""
        body = request.json
        seen = Seen(str(body.get("model")), "", str(body.get("prompt")), {}, raw=body)
        self.pictures.append(body)
        behaviour = self._behaviour(seen)
        if self.latency or behaviour.kind == "slow":
            await asyncio.sleep(behaviour.seconds if behaviour.kind == "slow" else self.latency)
        if behaviour.kind.isdigit():
            return self.failure(int(behaviour.kind), behaviour)
        if behaviour.kind in ("refused", "filtered"):
            return self.failure(400, Behaviour(code="moderation_blocked"))
        if "style" in body or "response_format" in body or not seen.model.startswith(("gpt-image", "chatgpt-image")):
            return self.failure(400, Behaviour(code="unknown_parameter"))
        size = "1024x1024" if body.get("size", "auto") == "auto" else body["size"]
        if body.get("quality", "auto") not in ("low", "medium", "high", "auto", "xhigh", "max"):
            return self.failure(400, Behaviour(code="invalid_value"))
        width, _, height = size.partition("x")
        colour = zlib.crc32(seen.user.encode()) & 0xFFFFFF
        picture = io.BytesIO()
        form = body.get("output_format", "png")
        Image.new("RGB", (int(width), int(height)), f"#{colour:06x}").save(picture, form.upper())
        data: list[dict[str, str]] | None = [{"b64_json": base64.b64encode(picture.getvalue()).decode()}]
        if behaviour.kind == "empty":
            data = None
        elif behaviour.kind == "garbled":
            data = [{"b64_json": base64.b64encode(b"<html>not a picture</html>").decode()}]
        usage = {
            "input_tokens": tokens(seen.user),
            "output_tokens": 1056,
            "total_tokens": tokens(seen.user) + 1056,
            "input_tokens_details": {"text_tokens": tokens(seen.user), "image_tokens": 0},
        }
        answer = {"created": 1_790_000_000, "data": data, "size": size, "output_format": form, "usage": usage}
        return Reply(200, answer, {"x-request-id": f"req_fake{next(self._numbers):06d}"})


def _parts(messages: Any) -> tuple[list[str], int]:
    """Texts and number of pictures of Chat or Responses messages."""
    if isinstance(messages, str):
        return [messages], 0
    texts, images = [], 0
    for message in messages:
        content = message["content"]
        if isinstance(content, str):
            texts.append(content)
            continue
        texts += [part["text"] for part in content if part["type"] in ("text", "input_text")]
        images += sum(part["type"] in ("image_url", "input_image") for part in content)
    return texts, images


def _schema_in(text: str) -> dict[str, Any]:
    import json

    start = text.find("{", text.find("JSON schema:"))
    found, _ = json.JSONDecoder().raw_decode(text[start:])
    return dict(found)


if __name__ == "__main__":
    run(OpenAI(**arguments()))
