"""Chat Completions through the official openai SDK: DeepSeek, Gemini's compatible endpoint, and local servers.

https://api-docs.deepseek.com · https://ai.google.dev/gemini-api/docs/openai · llama.cpp, Ollama, vLLM.
"""

from __future__ import annotations

import base64
from typing import Any

import openai

from integrations.ai import schema
from integrations.ai.capabilities import Capability
from integrations.ai.providers import values
from integrations.ai.providers.openai_client import OpenAIClient
from integrations.ai.types import Answer, EndReason, Prompt

ENDS = {
    "stop": EndReason.OK,
    "length": EndReason.TRUNCATED,
    "content_filter": EndReason.FILTERED,
    "tool_calls": EndReason.TOOL,
    "function_call": EndReason.TOOL,
}
# Local servers accept different parameters. The process remembers what each has refused.
_SIMPLER = {"schema": "object", "object": "none"}
_json_of: dict[tuple[str, str], str] = {}


class Chat(OpenAIClient):
    def __init__(self, *, provider: str, model: str, api_key: str, base_url: str, capability: Capability) -> None:
        super().__init__(provider=provider, model=model, api_key=api_key, base_url=base_url, capability=capability)
        self._place = (base_url, model)

    async def _create(self, prompt: Prompt) -> Any:
        """Ask for a completion. A local server that refuses our way of asking for JSON is asked in a simpler way."""
        while True:
            mode = _json_of.get(self._place, self.capability.json)
            try:
                return await self._client.chat.completions.with_raw_response.create(**self._parameters(prompt, mode))
            except (openai.BadRequestError, openai.UnprocessableEntityError):
                if not self.capability.lenient or not prompt.schema or mode not in _SIMPLER:
                    raise
                _json_of[self._place] = _SIMPLER[mode]

    def _parameters(self, prompt: Prompt, mode: str) -> dict[str, Any]:
        system = prompt.system
        out: dict[str, Any] = {"model": self.model, self.capability.max_tokens_param: prompt.max_output_tokens}
        if prompt.schema and mode == "schema":
            out["response_format"] = {
                "type": "json_schema",
                "json_schema": {
                    "name": prompt.schema_name,
                    "strict": True,
                    "schema": schema.strict(prompt.schema),
                },
            }
        elif prompt.schema:
            system = f"{system}\n\n{schema.instruction(prompt.schema)}".strip()
            if mode == "object":
                out["response_format"] = {"type": "json_object"}
                if self.capability.lenient:  # llama.cpp takes the schema here
                    out["response_format"]["schema"] = schema.strict(prompt.schema)
        if self.capability.thinking == "disabled":
            out["extra_body"] = {"thinking": {"type": "disabled"}}
        if self.capability.effort:
            out["reasoning_effort"] = self.capability.effort
        messages: list[dict[str, Any]] = []
        if system:
            messages.append({"role": self.capability.system_role, "content": system})
        messages.append({"role": "user", "content": self._content(prompt)})
        out["messages"] = messages
        return out

    def _content(self, prompt: Prompt) -> str | list[dict[str, Any]]:
        if not prompt.images or not self.capability.images:
            return prompt.user
        parts: list[dict[str, Any]] = [
            {
                "type": "image_url",
                "image_url": {"url": f"data:{image.media_type};base64,{base64.b64encode(image.data).decode()}"},
            }
            for image in prompt.images
        ]
        return [*parts, {"type": "text", "text": prompt.user}]

    def _answer(self, prompt: Prompt, body: dict[str, Any], request_id: str) -> Answer:
        choice = next(iter(values.objects(body.get("choices"))), {})
        message = values.an_object(choice.get("message"))
        text = _said(message.get("content"))
        end = ENDS.get(values.text(choice.get("finish_reason")), EndReason.ERROR)
        if message.get("refusal"):
            end = EndReason.REFUSED
        data = schema.read(text, prompt.schema) if prompt.schema and end is EndReason.OK else None
        if end is EndReason.OK and (not text.strip() or (prompt.schema and data is None)):
            end = EndReason.ERROR
        usage = values.an_object(body.get("usage"))
        details = values.an_object(usage.get("prompt_tokens_details"))
        return Answer(
            data=data,
            text=text,
            end=end,
            input_tokens=values.count(usage.get("prompt_tokens")),
            output_tokens=values.count(usage.get("completion_tokens")),
            cached_tokens=values.count(details.get("cached_tokens")),
            cache_write_tokens=values.count(details.get("cache_write_tokens")),
            provider=self.provider,
            model=values.text(body.get("model")) or self.model,
            request_id=request_id or values.text(body.get("id")),
        )


def _said(content: Any) -> str:
    """A message's text. Some servers send it in parts."""
    if isinstance(content, list):
        return "".join(values.text(part.get("text")) for part in values.objects(content))
    return values.text(content)
