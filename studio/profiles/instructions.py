"""The run of the profile builder's job. One transaction saves the model's answer and charges for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from scribe import jobs
from scribe.api.fields import decimal
from scribe.jobs import Run
from studio.profiles.job import ProfilePayload, prompt
from writing import model_access
from writing.text import cut, plain

LONGEST = 2000
CONTENT_TYPE = "profile"


def run(run: Run) -> None:
    """Ask the model, and save usable instructions and their charge in one transaction. Raises Failed without any."""
    asked = ProfilePayload.of(run.job)

    def keep(text: str, xct: Decimal) -> None:
        run.result.update(custom_instructions=text, xct_used=decimal(xct))
        run.advance(1)

    answer = model_access.ask_once(
        run,
        asked.settings,
        prompt(asked.facts, asked.settings),
        content_type=CONTENT_TYPE,
        quoted_max=asked.quoted_max,
        read=_instructions,
        keep=keep,
        attempts=3,
        patience=60,
        description="Profile builder",
    )
    if "custom_instructions" not in run.result:
        raise jobs.Failed(
            "The model gave no usable answer.", code=f"answer_{answer.end}", party=asked.settings.provider
        )


def _instructions(data: dict[str, Any]) -> str:
    return cut(plain(str(data.get("custom_instructions") or "")), LONGEST)
