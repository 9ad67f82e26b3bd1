"""Files that a killed process left without a row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from projects.models import DataSource
from scribe import orphans, storage
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
        lost = [saved(organization), saved(other), saved(other, "images")]
        unclaimed = saved(other, "exports")
        assert set(orphans.find(age=timedelta())) == set(lost)
        for key in lost:
            storage.delete(key)
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
