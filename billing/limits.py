"""What a plan lets an organization keep: stored bytes, items, projects and open streams.

The limits are columns of the plan; an empty one sets none. Apps register here how much an organization has of what is theirs, so
that pages, API and admin show the same numbers that refuse.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from accounts.models import Organization
from billing.access import plan_of
from billing.models import Plan
from scribe.errors import Conflict
from scribe.messages import _


@dataclass(frozen=True)
class Limit:
    """`name` is the plan's column, `code` that of the refusal, `noun` what is counted; `used` counts what an organization has."""

    name: str
    code: str
    noun: str
    used: Callable[[UUID], int]


@dataclass(frozen=True)
class Allowance:
    """How much of one limit is used. `limit` is None where the plan sets none."""

    name: str
    used: int
    limit: int | None

    @property
    def share(self) -> float:
        """The used share of the limit, from 0 to 1."""
        return min(1.0, self.used / self.limit) if self.limit else 0.0


_limits: dict[str, Limit] = {}


def register(limit: Limit) -> None:
    _limits[limit.name] = limit


def check(name: str, organization_id: UUID, more: int = 1) -> None:
    """Raise Conflict with the limit's code, `limit` and `used` where `more` would pass it. Call it in the transaction that adds
    and counts them: until that ends, other additions of the organization wait here."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A limit is checked in the transaction that adds.")
    limit = _limits[name]
    most = _most(plan_of(organization_id), limit)
    if most is None or not more:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{name}:{organization_id}"])
    used = limit.used(organization_id)
    if used + more > most:
        raise Conflict(
            _(
                "Your plan allows {most:,} {noun}. You use {used:,}, so {more:,} more do not fit. Delete what "
                "you no longer need, or choose a higher plan.",
                most=most,
                noun=limit.noun,
                used=used,
                more=more,
            ),
            code=limit.code,
            limit=most,
            used=used,
        )


def check_storage(organization_id: UUID, size: int) -> None:
    check("stored_bytes", organization_id, size)


def most_streams(organization_id: UUID) -> int | None:
    return plan_of(organization_id).open_streams


def usage(organization: Organization) -> list[Allowance]:
    """Every limit of an organization with what is used of it."""
    plan = plan_of(organization)
    return [Allowance(limit.name, limit.used(organization.pk), _most(plan, limit)) for limit in _limits.values()]


def _most(plan: Plan, limit: Limit) -> int | None:
    most: int | None = getattr(plan, limit.name)
    return most
