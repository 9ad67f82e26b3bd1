"""Which rows belong to an organization, what of them its people may take along, and how they are erased.

Each model that leads to an organization takes part: by its own `organization`, or through its first required foreign
key. All else that a model has to say is its `personal_data`: rows without one are not exported, and deleted, and
`personal_data = None` are rows that hold nothing of a customer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import models
from django.utils.module_loading import import_string

DELETE = "delete"
KEEP = "keep"
#: Apps of others whose rows are of our staff.
OF_STAFF = ("admin", "auth")


@dataclass(frozen=True)
class PersonalData:
    """`export` names the fields that a person may read, with blanks between; without them rows are left out of exports.
    `erase` is DELETE, KEEP (say why in `reason`), or the path of a function that reduces the rows it is given."""

    export: str = ""
    erase: str = DELETE
    reason: str = ""


#: What is to be said of models of others.
of_others: dict[type[models.Model], PersonalData] = {}


@dataclass(frozen=True)
class PersonalRows:
    """The rows of one model. `organization` is the lookup path from a row to its organization's id."""

    model: type[models.Model]
    organization: str
    rule: PersonalData

    @property
    def export(self) -> tuple[str, ...]:
        return tuple(self.rule.export.split())

    @property
    def deleted(self) -> bool:
        return self.rule.erase == DELETE

    @property
    def reduce(self) -> Callable[[models.QuerySet[models.Model]], None] | None:
        """The function that erases what the law does not ask for; None for rows that are deleted or kept."""
        return None if self.rule.erase in (DELETE, KEEP) else import_string(self.rule.erase)

    def rows(self, organization_id: object) -> models.QuerySet[models.Model]:
        return self.model._base_manager.filter(**{self.organization: organization_id})


@cache
def kinds() -> dict[type[models.Model], PersonalRows]:
    """The kinds of rows that belong to an organization."""
    found = {}
    for model in apps.get_models():
        path = "" if model._meta.app_label in OF_STAFF else _path(model)
        if path:
            rule = of_others.get(model) or vars(model).get("personal_data", PersonalData())
            if rule is not None:
                found[model] = PersonalRows(model, path, rule)
    return found


def _path(model: type[models.Model]) -> str:
    """The lookup path to the organization's id; empty for rows that belong to none."""
    if model._meta.label == "accounts.Organization":
        return "id"
    fields = model._meta.concrete_fields
    if any(field.attname == "organization_id" for field in fields):
        return "organization_id"
    for field in fields:
        further = field.related_model
        needed = isinstance(field, models.ForeignKey) and not field.null and further is not model
        if needed and (path := _path(further)):  # type: ignore[arg-type]
            return f"{field.name}__{path}"
    return ""
