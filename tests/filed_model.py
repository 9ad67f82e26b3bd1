"""A model that answers from files, by the digest of what it is asked: so that whoever answers, a person or another
program, needs nothing but the exact prompt.

    with FiledModel(folder) as model: settings.LOCAL_AI_BASE_URL = model.url + "/v1"

A prompt that has no answer in `folder/answers` yet is written to `folder/prompts`, and the call fails.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.fakes.models import Behaviour
from tests.fakes.openai import OpenAI
from tests.fakes.server import Reply, Request


class FiledModel(OpenAI):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.prompts, self.answers = folder / "prompts", folder / "answers"
        for made in (self.prompts, self.answers):
            made.mkdir(parents=True, exist_ok=True)
        self.unanswered = 0

    async def answer(self, request: Request) -> Reply:
        form = request.json.get("response_format") or {"type": "text"}
        if form["type"] != "text":  # all prompts in one form, which has the schema in it
            return self.failure(400, Behaviour(code="unsupported_response_format"))
        seen = self.read(request)
        name = hashlib.sha256(f"{seen.system}\n\n{seen.user}".encode()).hexdigest()[:16]
        file = self.answers / f"{name}.json"
        if file.exists():
            return self.success(seen, file.read_text("utf-8"), Behaviour())
        self.unanswered += 1
        (self.prompts / f"{name}.txt").write_text(f"{seen.system}\n\n{seen.user}\n", "utf-8")
        return self.failure(400, Behaviour())
