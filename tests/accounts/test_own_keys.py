"""An organization's own provider keys: a sealed row each."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from accounts import own_keys
from accounts.api.serializers.organization import OwnKeysUpdate
from accounts.models import Notification, Organization, OwnKey
from integrations.ai import registry
from scribe import crypto
from scribe.api.serializers import _fields
from tests.factories import make_organization, make_own_key
from tests.helpers import migration


@pytest.mark.django_db
def test_keys_of_before_become_rows_and_go_back() -> None:
    organization = make_organization(byok_enabled=True)
    make_own_key(organization, "anthropic", "sk-old")
    moving = migration("accounts", "0008_own_keys_into_rows")
    with connection.schema_editor() as editor:
        editor.execute("SET LOCAL session_replication_role = replica")  # as before the triggers that came with 0009
        editor.execute("UPDATE accounts_organization SET anthropic_api_key = ''")
        moving.into_columns(apps, editor)
        assert crypto.decrypt(column(organization)) == "sk-old"
        OwnKey.objects.all().delete()
        moving.into_rows(apps, editor)
        moving.into_rows(apps, editor)
    assert Organization.objects.get(pk=organization.pk).own_key("anthropic") == "sk-old"
    assert OwnKey.objects.count() == 1


def column(organization: Organization) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT anthropic_api_key FROM accounts_organization WHERE id = %s", [organization.pk])
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_the_version_before_sees_the_keys_and_its_own_changes_count() -> None:
    """While processes are replaced one by one, the old ones read and write columns of the organization."""
    organization = make_organization(byok_enabled=True)
    row = make_own_key(organization, "anthropic", "sk-first")
    assert crypto.decrypt(column(organization)) == "sk-first"
    with connection.cursor() as cursor:
        change = "UPDATE accounts_organization SET anthropic_api_key = %s WHERE id = %s"
        cursor.execute(change, [crypto.encrypt("sk-second"), organization.pk])
        assert organization.own_key("anthropic") == "sk-second"
        cursor.execute(change, ["", organization.pk])
    assert not OwnKey.objects.filter(pk=row.pk).exists()
    make_own_key(organization, "anthropic", "sk-third").delete()
    assert column(organization) == ""


@pytest.mark.django_db
def test_a_provider_has_one_key_and_never_an_empty_one() -> None:
    organization = make_organization()
    make_own_key(organization, "google", "g")
    for key in ("another", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_own_key(organization, "google" if key else "deepseek", key)


@pytest.mark.django_db
def test_the_api_takes_a_key_for_each_provider_whose_row_says_so(owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    another = registry.AIProvider(
        id="another",
        name="Another",
        default_model="a-1",
        capability=registry.PROVIDERS["google"].capability,
        own_keys=True,
    )
    monkeypatch.setitem(registry.PROVIDERS, "another", another)
    monkeypatch.setattr(
        "scribe.api.serializers._fields", inspect.unwrap(_fields)
    )  # remembered for the life of a process
    Organization.objects.filter(pk=owner.organization_id).update(byok_enabled=True)
    reply = owner.api.patch("organization/api-keys", {"another_api_key": "a-key"})
    assert reply["has_another_key"] is True
    assert OwnKeysUpdate().get_fields().keys() >= {"anthropic_api_key", "another_api_key"}
    assert "openai_api_key" not in OwnKeysUpdate().get_fields()
    assert Organization.objects.get(pk=owner.organization_id).own_key("another") == "a-key"
    assert registry.access("another", "a-key").own  # type: ignore[union-attr]


@pytest.mark.django_db
def test_keys_that_stay_as_they_are_are_told_to_nobody(cast: Any) -> None:
    Organization.objects.filter(pk=cast.organization.pk).update(byok_enabled=True)
    for keys, told in (
        ({"openai": ""}, 0),
        ({"openai": "sk-1"}, 1),
        ({"openai": " sk-1 "}, 1),
        ({}, 1),
        ({"openai": ""}, 2),
    ):
        own_keys.update(organization=cast.organization, keys=keys, by=cast.owner)
        assert Notification.objects.filter(user=cast.owner).count() == told, keys
