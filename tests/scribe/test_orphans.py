"""Files that a killed process left without a row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from projects.models import DataSource
from scribe import orphans, storage
from scribe.ids import uuid7
from tests.factories import make_organization, make_project

pytestmark = pytest.mark.django_db


def saved(organization: Any, kind: str = "sources") -> str:
    return storage.save(organization.pk, kind, "catalogue.csv", b"sku;name\n1;Bottle\n")


def test_what_no_row_names_goes_and_everything_else_stays() -> None:
    organization, other = make_organization(), make_organization()
    for file_key in ("file_key", "snapshot_key"):
        kept = saved(organization)
        DataSource.objects.create(
            organization=organization, project=make_project(organization), type="file", config={file_key: kept}
        )
        lost = [saved(organization), *(saved(other, kind) for kind in ("sources", "images", "exports", "evidence"))]
        unclaimed = saved(other, "uploads")
        assert set(orphans.find(age=timedelta())) == set(lost)
        storage.delete_all(lost)
        assert storage.exists(kept)
        assert storage.exists(unclaimed)


@pytest.mark.parametrize(("hours", "left"), [(23, True), (25, False)])
def test_a_file_whose_transaction_may_still_commit_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, hours: int, left: bool
) -> None:
    moment = int((timezone.now() - timedelta(hours=hours)).timestamp() * 1000)
    monkeypatch.setattr(storage, "uuid7", lambda: UUID(int=moment << 80 | 7 << 76 | 2 << 62))
    key = saved(make_organization())
    assert orphans.delete_orphans() == (not left)
    assert storage.exists(key) is left


def test_what_is_not_ours_is_left_alone() -> None:
    organization = make_organization()
    lost = saved(organization)
    content = ContentFile(b"x")
    foreign = [
        f"organizations/{uuid7()}/sources/{uuid7()}/of-another-deployment.csv",
        f"organizations/{organization.pk}/sources/by-hand/notes.csv",
        f"organizations/{organization.pk}/sources/{uuid4()}/notes.csv",
        f"organizations/{organization.pk}/sources/notes.csv",
        "organizations/readme/sources/a/b.csv",
    ]
    for key in foreign:
        default_storage.save(key, content)
    assert list(orphans.find(age=timedelta())) == [lost]


def test_a_file_that_will_not_go_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (saved(make_organization()) for _ in range(2))
    delete = default_storage.delete

    def refuse(key: str) -> None:
        if key == first:
            raise ConnectionError("the storage is away")
        delete(key)

    monkeypatch.setattr(default_storage, "delete", refuse)
    storage.delete_all([first, second])
    assert storage.exists(first)
    assert not storage.exists(second)
