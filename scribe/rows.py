"""The abstract rows that the apps' models start from, and the one door of tenancy below the views."""

from __future__ import annotations

from typing import Any, Protocol, Self
from uuid import UUID

from django.db import models
from django.utils import timezone

from scribe.errors import VersionConflict
from scribe.ids import uuid7


class Principal(Protocol):
    """The caller: a user or an API key. Both belong to one organization."""

    @property
    def organization_id(self) -> UUID: ...


class Row(models.Model):
    """A row with a time-ordered id and the time it was made."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A row that several people edit. `version` rises with each change, whoever makes it: a trigger of the table counts
    (`scribe_count_version`), so no code path can forget it. An instance in memory knows the version that it was read with."""

    version = models.PositiveBigIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        abstract = True

    def read_version(self) -> None:
        """Learn the version that this transaction's own changes have made."""
        self.refresh_from_db(fields=["version"])


def claim_version(row: Versioned, accepted: frozenset[int] | None) -> None:
    """Hold `row` for the transaction if it still has one of the `accepted` versions; None accepts any and holds nothing.

    One conditional UPDATE: of two writers who saw the same version the second waits for the first, and is refused.
    Raises VersionConflict.
    """
    if accepted is None:
        return
    same = type(row)._default_manager.filter(pk=row.pk, version__in=accepted)
    if not same.update(version=models.F("version")):
        raise VersionConflict


class OrganizationQuerySet(models.QuerySet[Any]):
    """Rows that belong to an organization; `visible_to` is the only way from a request to them."""

    def visible_to(self, principal: Principal) -> Self:
        return self.of(principal.organization_id)

    def of(self, organization: Any) -> Self:
        """Rows of `organization` (a row or an id)."""
        return self.filter(organization_id=getattr(organization, "pk", organization))


class OrganizationRow(Row):
    """A row that a customer can reach: it belongs to exactly one organization, and goes with it."""

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+")

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        abstract = True
