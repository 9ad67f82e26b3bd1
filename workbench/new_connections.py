"""New connections to shops and blogs: tested at once, and kept only when the other side answers."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from accounts.models import User
from scribe.errors import DomainError
from workbench import details
from workbench.forms import PageForm


def connect(kind: ModuleType, form: PageForm, *, by: User, **fields: Any) -> Any:
    """The connection that `form` and `fields` describe. None when the form says why there is none. `kind` is the module
    that makes, tests and deletes such connections."""
    try:
        made = kind.create(organization=by.organization, by=by, **fields, **form.cleaned_data)
    except DomainError as error:
        form.refuse(error)
        return None
    found = kind.test(connection=made)
    if found["success"]:
        return made
    kind.delete(connection=made, by=by)
    form.add_error(None, details.said(found["message"]))
    return None
