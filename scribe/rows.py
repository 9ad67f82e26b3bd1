"""The abstract base models of the apps' rows, and the one way to an organization's rows below the views."""

from collections.abc import Iterable
from typing import Any, ClassVar, Protocol, Self, TypeVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from scribe.errors import NotFound, VersionConflict
from scribe.ids import parse, uuid7
from scribe.messages import _

Model = TypeVar("Model", bound=models.Model)
Model_co = TypeVar("Model_co", bound=models.Model, covariant=True)


class PrincipalKey(Protocol):
    """An API key, which is its own principal where it calls by itself."""

    @property
    def pk(self) -> UUID: ...

    @property
    def is_test(self) -> bool: ...


class Principal(Protocol):
    """The caller: a user or an API key. Both belong to one organization. `api_key` is None for people."""

    @property
    def organization_id(self) -> UUID: ...

    @property
    def pk(self) -> UUID: ...

    @property
    def api_key(self) -> "PrincipalKey | None": ...

    @property
    def project_limits(self) -> list[list[UUID]]:
        """Lists of projects. The caller sees what is in each of them: of a person, and of the key. Empty: everything."""
        ...


def principal_id(principal: Principal) -> UUID:
    """The id that limits, logs and idempotency know a caller by: the key's if a program calls, else the user's."""
    return (principal.api_key or principal).pk


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


class OrganizationQuerySet(models.QuerySet[Model]):
    """Rows that belong to an organization; `visible_to` is the only way from a request to them."""

    #: The path to the mark of test work. Test keys see marked rows only, live keys the others, people both.
    test_mark: ClassVar[str] = ""

    #: The column with the project's id, by which a person or a key for chosen projects sees rows. Rows without it are no
    #: project's: the person's role and the key's scopes open these.
    project_column: ClassVar[str] = "project_id"

    def visible_to(self, principal: Principal) -> Self:
        rows, key = self.of(principal.organization_id), principal.api_key
        if key is not None and self.test_mark:
            rows = rows.filter(**{self.test_mark: True}) if key.is_test else rows.exclude(**{self.test_mark: True})
        for ids in principal.project_limits:
            rows = rows.in_projects(ids)
        return rows

    def in_projects(self, ids: list[UUID]) -> Self:
        """The rows of these projects, and all rows of a kind that belongs to no project."""
        columns = {field.attname for field in self.model._meta.concrete_fields}
        return self.filter(**{f"{self.project_column}__in": ids}) if self.project_column in columns else self

    def of(self, organization: models.Model | UUID | str | None) -> Self:
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

    def _do_update(self, base_qs: Any, *rest: object) -> Any:  # type: ignore[explicit-any]  # rows of many models
        return super()._do_update(base_qs.filter(organization_id=self.organization_id), *rest)  # type: ignore[arg-type]

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: models.QuerySet[Self] | None = None,
    ) -> None:
        if from_queryset is None and "organization_id" in self.__dict__:
            from_queryset = (
                type(self)._base_manager.using(using or self._state.db).filter(organization_id=self.organization_id)
            )
        super().refresh_from_db(using, fields, from_queryset)


class Restricted(Protocol[Model_co]):
    """Rows, or a manager of them, that know who may see which."""

    def visible_to(self, principal: Principal) -> models.QuerySet[Model_co]: ...


def visible_row(queryset: Restricted[Model], principal: Principal, pk: object, **filters: object) -> Model:
    """The row with this id that `principal` may see. NotFound if it is foreign or missing, or if `pk` is not an id."""
    found = parse(pk)
    row = queryset.visible_to(principal).filter(pk=found, **filters).first() if found else None
    if row is None:
        raise NotFound
    return row


def visible_rows(
    queryset: Restricted[Model], principal: Principal, ids: Iterable[object], pointer: str = "#"
) -> list[Model]:
    """The rows with these ids that `principal` may see, in their order. Raises NotFound that names the missing ids."""
    wanted = {str(pk): parse(pk) for pk in ids}
    known = [pk for pk in wanted.values() if pk]
    found = {row.pk: row for row in queryset.visible_to(principal).filter(pk__in=known)}
    missing = [text for text, pk in wanted.items() if pk not in found]
    if missing:
        raise NotFound(_("Some of these resources do not exist."), pointer=pointer, ids=missing[:100])
    return [found[pk] for pk in wanted.values() if pk]
