"""OpenAI's Responses through the official SDK. https://developers.openai.com/api/docs/api-reference/responses"""

import base64
from typing import Any

import httpx2

from integrations.ai import schema
from integrations.ai.providers import values
from integrations.ai.providers.openai_client import OpenAIClient
from integrations.ai.types import EndReason, Prompt
from scribe.types import Json


class Responses(OpenAIClient):
    tokens = ("input", "output")

    async def _create(self, prompt: Prompt) -> Any:  # type: ignore[explicit-any]  # openai keeps its type to itself
        # Not `responses.create`: it walks through parameters and schema key by key, which cost more than the call.
        return await self._client.post("/responses", cast_to=httpx2.Response, body=self._parameters(prompt))

    def _parameters(self, prompt: Prompt) -> Json:
        content: list[Json] = [
            {
                "type": "input_image",
                "detail": "low",
                "image_url": f"data:{image.media_type};base64,{base64.b64encode(image.data).decode()}",
            }
            for image in (prompt.images if self.capability.images else ())
        ]
        content.append({"type": "input_text", "text": prompt.user})
        out: Json = {
            "model": self.model,
            "instructions": prompt.system,
            "input": [{"role": "user", "content": content}],
            "max_output_tokens": prompt.max_output_tokens,
            "store": False,  # customers' data: the vendor keeps nothing
        }
        if self.capability.explicit_cache:
            # Without a breakpoint nothing is cached. The default mode would write each prompt of 1,024 tokens or more
            # into the cache, at 1.25 times its price, and hardly ever read it: no two of our prompts are alike.
            # https://developers.openai.com/api/docs/guides/prompt-caching
            out["prompt_cache_options"] = {"mode": "explicit"}
        if self.capability.effort:
            out["reasoning"] = {"effort": self.capability.effort}
        if prompt.schema:
            out["text"] = {
                "format": {
                    "type": "json_schema",
                    "name": prompt.schema_name,
                    "strict": True,
                    "schema": schema.strict(prompt.schema),
                }
            }
        return out

    def _read(self, prompt: Prompt, body: Json) -> tuple[str, Json | None, EndReason]:
        parts = [
            part
            for item in values.objects(body.get("output"))
            if item.get("type") == "message"
            for part in values.objects(item.get("content"))
        ]
        text = "".join(values.text(p.get("text")) for p in parts if p.get("type") == "output_text")
        refused = any(p.get("type") == "refusal" for p in parts)
        end = self._end(body, refused)
        data = schema.read(text, prompt.schema) if prompt.schema and end is EndReason.OK else None
        if prompt.schema and end is EndReason.OK and data is None:
            end = EndReason.ERROR
        return text, data, end

    def _end(self, body: Json, refused: bool) -> EndReason:
        if refused:
            return EndReason.REFUSED
        status = body.get("status")
        if status == "completed":
            return EndReason.OK
        reason = values.an_object(body.get("incomplete_details")).get("reason")
        if status == "incomplete" and reason == "max_output_tokens":
            return EndReason.TRUNCATED
        if status == "incomplete" and reason == "content_filter":
            return EndReason.FILTERED
        return EndReason.ERROR
