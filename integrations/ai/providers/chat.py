"""Chat Completions through the official openai SDK: DeepSeek, Gemini's compatible endpoint, and local servers.

https://api-docs.deepseek.com · https://ai.google.dev/gemini-api/docs/openai · llama.cpp, Ollama, vLLM.
"""

import base64
from typing import Any

import openai

from integrations.ai import schema
from integrations.ai.capabilities import Capability
from integrations.ai.providers import values
from integrations.ai.providers.openai_client import OpenAIClient
from integrations.ai.types import EndReason, Prompt
from scribe.types import Json

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
    tokens = ("prompt", "completion")

    def __init__(self, *, provider: str, model: str, api_key: str, base_url: str, capability: Capability) -> None:
        super().__init__(provider=provider, model=model, api_key=api_key, base_url=base_url, capability=capability)
        self._place = (base_url, model)

    async def _create(self, prompt: Prompt) -> Any:  # type: ignore[explicit-any]  # openai keeps its type to itself
        """Ask for a completion. A local server that refuses our way of asking for JSON is asked in a simpler way."""
        while True:
            mode = _json_of.get(self._place, self.capability.json)
            try:
                return await self._client.chat.completions.with_raw_response.create(**self._parameters(prompt, mode))
            except (openai.BadRequestError, openai.UnprocessableEntityError):
                if not self.capability.lenient or not prompt.schema or mode not in _SIMPLER:
                    raise
                _json_of[self._place] = _SIMPLER[mode]

    def _parameters(self, prompt: Prompt, mode: str) -> Json:
        system = prompt.system
        out: Json = {"model": self.model, self.capability.max_tokens_param: prompt.max_output_tokens}
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
        messages: list[Json] = []
        if system:
            messages.append({"role": self.capability.system_role, "content": system})
        messages.append({"role": "user", "content": self._content(prompt)})
        out["messages"] = messages
        return out

    def _content(self, prompt: Prompt) -> str | list[Json]:
        if not prompt.images or not self.capability.images:
            return prompt.user
        parts: list[Json] = [
            {
                "type": "image_url",
                "image_url": {"url": f"data:{image.media_type};base64,{base64.b64encode(image.data).decode()}"},
            }
            for image in prompt.images
        ]
        return [*parts, {"type": "text", "text": prompt.user}]

    def _read(self, prompt: Prompt, body: Json) -> tuple[str, Json | None, EndReason]:
        choice = next(iter(values.objects(body.get("choices"))), {})
        message = values.an_object(choice.get("message"))
        text = _message_text(message.get("content"))
        end = ENDS.get(values.text(choice.get("finish_reason")), EndReason.ERROR)
        if message.get("refusal"):
            end = EndReason.REFUSED
        data = schema.read(text, prompt.schema) if prompt.schema and end is EndReason.OK else None
        if end is EndReason.OK and (not text.strip() or (prompt.schema and data is None)):
            end = EndReason.ERROR
        return text, data, end


def _message_text(content: object) -> str:
    """A message's text. Some servers send it in parts."""
    if isinstance(content, list):
        return "".join(values.text(part.get("text")) for part in values.objects(content))
    return values.text(content)
