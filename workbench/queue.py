"""The queue of a review: flagged items first, then generated ones, in pages that continue from any place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from projects import items
from projects.models import ContentItem, Project
from projects.review_queue import GROUPS
from scribe.ids import parse
from workbench.labels import CHECKS, STATUSES
from workbench.listing import listed

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What the queue shows: items of a state (empty: all that wait for a review), with a failed check, matching a
    search."""

    status: str = ""
    check: str = ""
    search: str = ""

    @classmethod
    def of(cls, query: Any) -> Wanted:
        status, check = query.get("status", ""), query.get("check", "")
        return cls(
            status=status if status in STATUSES else "",
            check=check if check in CHECKS else "",
            search=query.get("q", "").strip()[:200],
        )

    @property
    def states(self) -> tuple[str, ...]:
        return (self.status,) if self.status else GROUPS

    def query(self, **more: Any) -> str:
        """The filter as a query string."""
        named = {"status": self.status, "check": self.check, "q": self.search, **more}
        return urlencode({key: value for key, value in named.items() if value})

    def rows(self, project: Project, state: str) -> QuerySet[ContentItem]:
        found = items.chosen(project=project, status=state, search=self.search, failed_check=self.check)
        return found.exclude(item_type=ContentItem.Type.VARIANT)


def page(project: Project, wanted: Wanted, after: str = "") -> tuple[list[dict[str, Any]], str]:
    """The rows after the place `after` (`state:id`; empty starts at the beginning), and the place after which the next
    page starts. The second is empty on the last page."""
    state, _, pk = after.partition(":")
    states = wanted.states
    if state in states:
        states = states[states.index(state) :]
    else:
        pk = ""
    rows: list[dict[str, Any]] = []
    for one in states:
        found = wanted.rows(project, one)
        if pk and one == state and (place := parse(pk)):
            found = found.filter(pk__gt=place)
        rows += listed(found)[: PAGE + 1 - len(rows)]
        if len(rows) > PAGE:
            last = rows[PAGE - 1]
            return rows[:PAGE], f"{last['status']}:{last['pk']}"
    return rows, ""
