"""Anthropic's Messages through the official SDK. https://platform.claude.com/docs/en/api/messages"""

import base64

import anthropic

from integrations.ai import schema
from integrations.ai.capabilities import Capability
from integrations.ai.providers import faults, http, values
from integrations.ai.types import Answer, EndReason, Prompt
from scribe.types import Json

ENDS = {
    "end_turn": EndReason.OK,
    "stop_sequence": EndReason.OK,
    "max_tokens": EndReason.TRUNCATED,
    "model_context_window_exceeded": EndReason.TRUNCATED,
    "refusal": EndReason.REFUSED,
    "tool_use": EndReason.TOOL,
    "pause_turn": EndReason.TOOL,
}


class Messages:
    def __init__(self, *, provider: str, model: str, api_key: str, base_url: str, capability: Capability) -> None:
        self.provider = provider
        self.model = model
        self.capability = capability
        self._client = anthropic.AsyncAnthropic(
            api_key=api_key,
            base_url=base_url or None,
            max_retries=0,
            timeout=http.timeout(capability.timeout),
            http_client=anthropic.DefaultAsyncHttpxClient(**http.options()),
        )

    async def send(self, prompt: Prompt) -> Answer:
        """One request. Raises AITransientError or AIPermanentError."""
        try:
            raw = await self._client.messages.with_raw_response.create(**self._parameters(prompt))
            content = await raw.read()
        except anthropic.APIError as error:
            raise faults.translate(error, self.provider) from None
        return self._answer(prompt, values.body(content, self.provider), raw.headers.get("request-id", ""))

    async def close(self) -> None:
        await self._client.close()

    def _parameters(self, prompt: Prompt) -> Json:
        config: Json = {}
        if prompt.schema:
            config["format"] = {"type": "json_schema", "schema": schema.strict(prompt.schema)}
        if self.capability.effort:
            config["effort"] = self.capability.effort
        content: list[Json] = [
            {
                "type": "image",
                "source": {
                    "type": "base64",
                    "media_type": image.media_type,
                    "data": base64.b64encode(image.data).decode(),
                },
            }
            for image in (prompt.images if self.capability.images else ())
        ]
        content.append({"type": "text", "text": prompt.user})
        out: Json = {
            "model": self.model,
            "max_tokens": prompt.max_output_tokens,
            "messages": [{"role": "user", "content": content}],
        }
        if prompt.system:
            out["system"] = [{"type": "text", "text": prompt.system, "cache_control": {"type": "ephemeral"}}]
        if config:
            out["output_config"] = config
        return out

    def _answer(self, prompt: Prompt, body: Json, request_id: str) -> Answer:
        text = "".join(
            values.text(part.get("text")) for part in values.objects(body.get("content")) if part.get("type") == "text"
        )
        usage = values.an_object(body.get("usage"))
        cached = values.count(usage.get("cache_read_input_tokens"))
        written = values.count(usage.get("cache_creation_input_tokens"))
        end = ENDS.get(values.text(body.get("stop_reason")), EndReason.ERROR)
        data = schema.read(text, prompt.schema) if prompt.schema and end is EndReason.OK else None
        if prompt.schema and end is EndReason.OK and data is None:
            end = EndReason.ERROR
        return Answer(
            data=data,
            text=text,
            end=end,
            input_tokens=values.count(usage.get("input_tokens")) + cached + written,
            output_tokens=values.count(usage.get("output_tokens")),
            cached_tokens=cached,
            cache_write_tokens=written,
            provider=self.provider,
            model=values.text(body.get("model")) or self.model,
            request_id=request_id or values.text(body.get("id")),
        )
