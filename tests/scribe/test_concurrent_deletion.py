"""A row that somebody deletes between a request's look at it and its change is not found. It is no fault of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import api_keys
from integrations.models import BlogConnection
from projects.models import ContentProfile, GlossaryTerm, Project
from scribe.api import problems
from tests.factories import make_item, make_project, make_woocommerce_connection
from tests.proof.ordering import in_order
from webhooks import endpoints

SITE = "https://blog.example.com"


def key(cast: Any) -> Any:
    return api_keys.create(organization=cast.organization, by=cast.owner, name="ERP")[0]


def site(cast: Any) -> Any:
    return BlogConnection.objects.create(organization=cast.organization, name="Blog", site_url=SITE, username="u")


def endpoint(cast: Any) -> Any:
    return endpoints.create(organization=cast.organization, by=cast.owner, url="https://erp.example.com/x")


def term(cast: Any) -> Any:
    return GlossaryTerm.objects.create(organization=cast.organization, language="de", text="Socke")


def profile(cast: Any) -> Any:
    return ContentProfile.objects.create(organization=cast.organization, name="Plain")


#: Path, how a row is made, and a change of it.
CHANGES: dict[str, tuple[Callable[[Any], Any], str, dict[str, Any]]] = {
    "webhooks/endpoints": (endpoint, "patch", {"description": "x"}),
    "api-keys": (key, "patch", {"name": "x"}),
    "store-connections": (lambda cast: make_woocommerce_connection(cast.organization, SITE), "patch", {"name": "x"}),
    "blog-connections": (site, "patch", {"name": "x"}),
    "glossary": (term, "patch", {"text": "Strumpf"}),
    "content-profiles": (profile, "put", {"name": "x"}),
    "projects": (lambda cast: make_project(cast.organization), "patch", {"name": "x"}),
}


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("path", CHANGES)
def test_a_change_that_waits_for_a_deletion_is_404(cast: Any, api: Any, path: str) -> None:
    make, method, body = CHANGES[path]
    row = make(cast)
    caller = api.as_(cast.owner)

    def late() -> int:
        more = {} if method == "delete" else {"data": body, "content_type": "application/json"}
        sent = getattr(caller.client, method)(f"/api/v1/{path}/{row.pk}", headers=caller.headers, **more)
        return int(sent.status_code)

    _, status = in_order(lambda: type(row)._base_manager.filter(pk=row.pk).delete(), late)
    assert status == 404


@pytest.mark.django_db
def test_a_row_that_refers_to_a_deleted_one_is_404(cast: Any) -> None:
    """What Django and PostgreSQL say of rows that are gone, as one answer."""
    project = make_project(cast.organization)
    Project.objects.filter(pk=project.pk).delete()
    found: list[Exception] = []
    for late in (
        lambda: Project.objects.get(pk=project.pk),
        lambda: project.save(update_fields=["name"]),
        lambda: refer(project),
    ):
        with pytest.raises(Exception) as raised, transaction.atomic():
            late()
        found.append(raised.value)
    assert [problems.handle(error).status_code for error in found] == [404] * 3
    assert isinstance(found[-1], IntegrityError)
    assert problems.handle(IntegrityError("another constraint")).status_code == 500


def refer(project: Any) -> None:
    make_item(project)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
