"""What a cancelled job had asked its model is on record, at no charge: starting and cancelling in a loop has an end."""

from __future__ import annotations

from typing import Any

import pytest

from billing.models import Plan, UsageRecord
from tests.helpers import run_jobs
from tests.projects.generation.cancelling import cancel_when
from tests.projects.generation.conftest import make_items


@pytest.mark.thorough
def test_calls_of_a_cancelled_job_count_against_the_allowance(api: Any, cast: Any, project: Any, openai: Any) -> None:
    make_items(project, 3)
    openai.latency = 5
    caller = api.as_(cast.owner)
    caller.post(f"projects/{project.pk}/generate", {}, status=202)
    thread = cancel_when(lambda: bool(openai.seen))
    run_jobs()
    thread.join()
    rows = UsageRecord.objects.all()
    assert {row.outcome for row in rows} == {"cancelled"}
    assert len(rows) == 3
    assert all(row.xct == 0 and row.input_tokens > 0 and row.cost_usd > 0 for row in rows)
    Plan.objects.filter(pk="free").update(uncharged_usd_per_day=0)
    assert caller.post(f"projects/{project.pk}/generate", {}, status=429)["code"] == "uncharged_allowance_used"
    assert int(caller.last["Retry-After"]) > 0
