"""The abstract base models of the apps' rows, and the one way to an organization's rows below the views."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol, Self, TypeVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from scribe.errors import NotFound, VersionConflict
from scribe.ids import parse, uuid7

Model = TypeVar("Model", bound=models.Model)


class Principal(Protocol):
    """The caller: a user or an API key. Both belong to one organization. `api_key` is None for people."""

    @property
    def organization_id(self) -> UUID: ...

    @property
    def api_key(self) -> Any: ...


def principal_id(principal: Any) -> UUID:
    """The id that limits, logs and idempotency know a caller by: the key's if a program calls, else the user's."""
    found: UUID = (principal.api_key or principal).pk
    return found


class Row(models.Model):
    """A row with a time-ordered id and the time it was made."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A row that several people edit. A trigger of the table (`scribe_count_version`) raises `version` at every change, so
    code cannot forget it. An instance in memory has the version that it was read with."""

    version = models.PositiveBigIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        abstract = True

    def read_version(self) -> None:
        """Read the version again after this transaction's own changes."""
        self.refresh_from_db(fields=["version"])


def claim_version(row: Versioned, accepted: frozenset[int] | None) -> None:
    """Lock `row` for the transaction if it still has one of the `accepted` versions. None accepts any and locks nothing.

    It is one conditional UPDATE: of two writers with the same version, the second waits for the first and is refused.
    Raises VersionConflict.
    """
    if accepted is None:
        return
    same = type(row)._base_manager.filter(pk=row.pk, version__in=accepted)
    if not same.update(version=models.F("version")):
        raise VersionConflict


class OrganizationQuerySet(models.QuerySet[Any]):
    """Rows that belong to an organization; `visible_to` is the only way from a request to them."""

    #: The path to the mark of test work. Test keys see marked rows only, live keys the others, people both.
    test_mark: ClassVar[str] = ""

    def visible_to(self, principal: Principal) -> Self:
        rows, key = self.of(principal.organization_id), principal.api_key
        if key is None or not self.test_mark:
            return rows
        return rows.filter(**{self.test_mark: True}) if key.is_test else rows.exclude(**{self.test_mark: True})

    def of(self, organization: Any) -> Self:
        """Rows of `organization` (a row or an id)."""
        return self.filter(organization_id=getattr(organization, "pk", organization))


class OrganizationRow(Row):
    """A row that a customer can reach. It belongs to exactly one organization, for good, and is deleted with it.

    What is saved or read again names the organization beside the id, so that a database that is sharded by it asks one shard.
    """

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+")

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        abstract = True

    def _do_update(self, base_qs: Any, *rest: Any) -> Any:
        return super()._do_update(base_qs.filter(organization_id=self.organization_id), *rest)  # type: ignore[misc]

    def refresh_from_db(self, using: Any = None, fields: Any = None, from_queryset: Any = None) -> None:
        if from_queryset is None and "organization_id" in self.__dict__:
            from_queryset = (
                type(self)._base_manager.using(using or self._state.db).filter(organization_id=self.organization_id)
            )
        super().refresh_from_db(using, fields, from_queryset)


def visible_row(queryset: models.QuerySet[Model], principal: Principal, pk: object, **filters: Any) -> Model:
    """The row with this id that `principal` may see. NotFound if it is foreign or missing, or if `pk` is not an id."""
    found = parse(pk)
    row = queryset.visible_to(principal).filter(pk=found, **filters).first() if found else None  # type: ignore[attr-defined]
    if row is None:
        raise NotFound
    return row  # type: ignore[no-any-return]


def visible_rows(
    queryset: models.QuerySet[Model], principal: Principal, ids: list[Any], pointer: str = "#"
) -> list[Model]:
    """The rows with these ids that `principal` may see, in their order. Raises NotFound that names the missing ids."""
    wanted = {str(pk): parse(pk) for pk in ids}
    known = [pk for pk in wanted.values() if pk]
    found = {row.pk: row for row in queryset.visible_to(principal).filter(pk__in=known)}  # type: ignore[attr-defined]
    missing = [text for text, pk in wanted.items() if pk not in found]
    if missing:
        raise NotFound("Some of these resources do not exist.", pointer=pointer, ids=missing[:100])
    return [found[pk] for pk in wanted.values() if pk]
