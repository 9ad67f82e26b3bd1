"""The projects that a person, an API key or a webhook endpoint is limited to."""

from collections.abc import Sequence
from uuid import UUID

from django.apps import apps

from scribe.errors import Forbidden, InvalidInput, NotFound
from scribe.messages import _
from scribe.rows import Principal, visible_rows


def find(ids: Sequence[UUID | str], *, caller: Principal) -> list[UUID]:
    """The ids of these projects. Raises NotFound for one that the caller doesn't see."""
    rows = visible_rows(apps.get_model("projects", "Project").objects.all(), caller, ids, "#/project_ids")
    return sorted({row.pk for row in rows})


def check(ids: Sequence[UUID | str], *, caller: Principal, is_test: bool) -> list[UUID]:
    """The ids of the projects that `caller` names; without any, those that it is limited to. Empty: all projects.
    Raises NotFound for one that the caller doesn't see, InvalidInput `wrong_mode` for one of the other mode."""
    projects = apps.get_model("projects", "Project").objects.all()
    rows = visible_rows(projects, caller, ids, "#/project_ids")
    for place, row in enumerate(rows):
        if row.is_test != is_test:
            raise _wrong_mode(f"#/project_ids/{place}", is_test=row.is_test)
    found = {row.pk for row in rows}
    if not found and caller.project_limits:
        found = set.intersection(*(set(limit) for limit in caller.project_limits))
        if not found:  # which would mean all
            raise NotFound
    return sorted(found)


def _wrong_mode(pointer: str, *, is_test: bool) -> InvalidInput:
    if is_test:
        detail = _("This is a test project, which only test keys and their webhooks can use. Choose a live project.")
    else:
        detail = _(
            "This project is live, and test keys use only test projects. Create one with a test key for all projects."
        )
    return InvalidInput.at(pointer, detail, "wrong_mode")


def check_may_add(caller: Principal | None) -> None:
    """Raises Forbidden `limited_to_projects` for a caller who is limited to projects, and would not see a new one."""
    if caller is None or not caller.project_limits:
        return
    if caller.api_key is not None:
        raise Forbidden(
            _("This API key is limited to certain projects, so it can't create one. Use a key for all projects."),
            code="limited_to_projects",
        )
    raise Forbidden(
        _("You have access to certain projects only, so you can't create one. Ask an admin."),
        code="limited_to_projects",
    )
