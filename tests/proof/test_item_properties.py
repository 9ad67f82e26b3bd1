"""Item transitions: any mix of items to any status moves all of them or none, and only along the published arrows."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects import review
from projects.models import ContentItem
from scribe.errors import Conflict
from tests import factories
from tests.sizes import size

STATUSES = [str(status) for status in ContentItem.Status.values]
JUDGED = {"generated", "flagged", "approved", "rejected"}
items = st.lists(st.tuples(st.sampled_from(STATUSES), st.booleans()), min_size=1, max_size=6)
judged = st.lists(st.tuples(st.sampled_from(sorted(JUDGED)), st.booleans()), min_size=1, max_size=6)


def expected(found: list[tuple[str, bool]], to: str, override: bool) -> str:
    """What is published: free moves among the four judged states; unsupported claims hold an approval back."""
    if to not in JUDGED or any(status not in JUDGED for status, _ in found):
        return "invalid_transition"
    if to == "approved" and not override and any(claims and status != "approved" for status, claims in found):
        return "unsupported_claims"
    return ""


def moved(rows: list[Any], to: str, override: bool) -> str:
    try:
        with transaction.atomic():
            review.update_statuses(items=rows, to=to, override=override)
    except Conflict as refusal:
        return str(refusal.code)
    return ""


@settings(max_examples=size(30, 100), deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(found=items | judged, to=st.sampled_from(STATUSES), override=st.booleans())
def test_items_move_together_and_only_as_published(
    found: list[tuple[str, bool]], to: str, override: bool, db: None
) -> None:
    with transaction.atomic():
        project = factories.make_project(factories.make_organization())
        rows = [factories.make_item(project, status=status, has_unsupported_claims=claims) for status, claims in found]
        refused = moved(rows, to, override)
        assert refused == expected(found, to, override)
        after = dict(ContentItem.objects.filter(project=project).values_list("pk", "status"))
        assert [after[row.pk] for row in rows] == ([status for status, _ in found] if refused else [to] * len(rows))
        transaction.set_rollback(True)
