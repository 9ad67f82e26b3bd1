"""An item that nobody foresaw fails alone."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any
from uuid import uuid4

from projects.generation import attempt
from projects.models import ContentItem
from writing.settings import WritingSettings


def written(source: dict[str, Any]) -> attempt.Outcome:
    item = ContentItem(source_data=source, item_type="product")
    return asyncio.run(
        attempt.write(
            caller=None,  # type: ignore[arg-type]
            item=item,
            row_id=uuid4(),
            quoted_max=Decimal(10),
            settings=WritingSettings(provider="offline", language="en"),
            rate=Decimal(1),
            images=(),
            stop=lambda: False,
        )
    )


def test_an_unforeseen_error_is_the_items_failure_with_its_name() -> None:
    circular: dict[str, Any] = {"name": "Mug"}
    circular["raw"] = circular
    outcome = written(circular)
    assert outcome.content is None
    assert outcome.code == "internal_error"
    assert "Error)" in outcome.reason
    assert not outcome.stops_job
