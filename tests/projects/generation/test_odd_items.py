"""An item that nobody foresaw fails alone."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any
from uuid import uuid4

from projects.generation import item as items
from projects.models import ContentItem
from tests import factories
from tests.helpers import run_jobs
from writing.settings import WritingSettings


def written(source: dict[str, Any]) -> items.ItemWork:
    work = items.ItemWork(
        uuid4(),
        ContentItem(source_data=source, item_type="product"),
        quoted_max=Decimal(10),
        settings=WritingSettings(language="en"),
    )
    asyncio.run(
        items.write(
            work,
            caller=None,  # type: ignore[arg-type]
            rate=Decimal(1),
            images=(),
            stop=lambda: False,
        )
    )
    return work


def test_an_unforeseen_error_is_the_items_failure_with_its_name() -> None:
    circular: dict[str, Any] = {"name": "Mug"}
    circular["raw"] = circular
    outcome = written(circular)
    assert outcome.content is None
    assert outcome.code == "internal_error"
    assert "Error)" in outcome.reason
    assert not outcome.stops_job


def test_a_whole_job_goes_through_odd_texts_and_numbers(api: Any, cast: Any, project: Any, settings: Any) -> None:
    settings.DEFAULT_AI_PROVIDER = "offline"
    odd = [
        {"name": "Mug", "description": "12x" * 500},
        {"name": "Cup", "attributes": {"Weight": 1.5e308, "Width": "9" * 5_000}},
        {"name": "Pot", "attributes": {"Colour": "blue"}},
    ]
    for position, source in enumerate(odd):
        factories.make_item(project, position=position, source_data=source)
    me = api.as_(cast.owner)
    me.post(f"projects/{project.pk}/generate", {}, status=202)
    [job] = run_jobs()
    assert job.status == "completed", job.result
    shown = me.get(f"projects/{project.pk}/items")
    assert {item["status"] for item in shown} <= {"generated", "flagged"}
    assert [float(item["source_data"].get("attributes", {}).get("Weight") or 0) for item in shown] == [0, 1.5e308, 0]
