"""What an API key may spend in a month: never more, however many calls there are at once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from accounts import api_keys
from accounts.models import ApiKey
from billing import holds, key_caps
from billing.errors import KeyCapReached
from billing.models import Hold
from scribe import caller_key
from tests import factories
from tests.helpers import Api

D = Decimal


def make(user: Any, cap: str | None) -> ApiKey:
    limit = None if cap is None else D(cap)
    key, _ = api_keys.create(organization=user.organization, by=user, name="ERP", xct_per_month=limit)
    key.refresh_from_db()  # as authentication reads it
    return key


def place(key: ApiKey, amount: str, name: str) -> Hold:
    with caller_key.within():
        caller_key.use(key)
        return holds.place(organization=key.organization, amount=D(amount), key=name)


def capture(hold: Hold, amount: str) -> None:
    holds.capture(hold=hold, amount=D(amount), key=f"{hold.key}:1")


@pytest.mark.django_db
class TestCap:
    def test_what_is_set_aside_and_what_was_spent_count(self) -> None:
        key = make(factories.make_user(), "10")
        first = place(key, "6", "a")
        with pytest.raises(KeyCapReached) as refused:
            place(key, "4.0001", "b")
        assert refused.value.extra == {"required": "4.0001", "available": "4.0000", "xct_per_month": "10.0000"}
        capture(first, "2.5")
        holds.close(hold=first)
        assert key_caps.used_this_month(key) == D("2.5")  # the rest came back
        place(key, "7.5", "c")
        with pytest.raises(KeyCapReached):
            place(key, "0.0001", "d")

    def test_a_new_month_begins_anew(self) -> None:
        key = make(factories.make_user(), "10")
        hold = place(key, "10", "a")
        Hold.objects.filter(pk=hold.pk).update(created_at=key_caps.month() - timedelta(seconds=1))
        place(key, "10", "b")

    def test_a_rotated_key_goes_on_counting(self) -> None:
        user = factories.make_user()
        key = make(user, "10")
        place(key, "6", "a")
        new, _ = api_keys.rotate(key=key, by=user, overlap=timedelta(hours=1))
        assert new.xct_per_month == D(10)
        with pytest.raises(KeyCapReached):
            place(new, "5", "b")
        place(key, "4", "c")

    def test_keys_without_a_cap_and_other_keys_are_free(self) -> None:
        user = factories.make_user()
        capped, free, other = make(user, "5"), make(user, None), make(user, "5")
        place(capped, "5", "a")
        place(free, "20", "b")
        place(other, "5", "c")
        holds.place(organization=user.organization, amount=D(5), key="people")
        assert key_caps.used_this_month(free) == 20

    def test_a_cap_of_nothing_lets_free_work_through(self) -> None:
        key = make(factories.make_user(), "0")
        place(key, "0", "a")
        with pytest.raises(KeyCapReached):
            place(key, "0.0001", "b")

    def test_the_use_is_shown_beside_the_cap(self, api: Any) -> None:
        user = factories.make_user()
        key = make(user, "10")
        place(key, "2", "a")
        shown = api.as_(user).get(f"api-keys/{key.pk}/usage")
        assert (shown["xct_used"], shown["xct_per_month"]) == ("2.0000", "10.0000")
        assert api.as_(user).get(f"api-keys/{key.pk}")["xct_per_month"] == "10.0000"
        api.as_(user).patch(f"api-keys/{key.pk}", {"xct_per_month": "-1"}, status=400)
        assert api.as_(user).patch(f"api-keys/{key.pk}", {"xct_per_month": None})["xct_per_month"] is None


@pytest.mark.django_db
def test_a_request_that_may_cost_too_much_is_402_by_its_name(settings: Any) -> None:
    settings.DEFAULT_AI_PROVIDER, settings.ANTHROPIC_API_KEY = "anthropic", "sk"
    user = factories.make_user()
    item = factories.make_item(factories.make_project(user.organization))
    scopes = ["generation:write"]
    _, raw = api_keys.create(
        organization=user.organization, by=user, name="ERP", scopes=scopes, xct_per_month=D("0.0001")
    )
    body = {"job_type": "generation", "payload": {"ai_provider": "anthropic"}}
    refused = Api({"X-API-Key": raw}).post(f"projects/{item.project_id}/jobs", body, status=402)
    assert refused["code"] == "key_cap_reached"
    assert not Hold.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_twelve_calls_at_once_never_pass_the_cap() -> None:
    key = make(factories.make_user(), "10")
    gate = Barrier(12)

    def call(number: int) -> str:
        try:
            gate.wait(60)
            place(key, "3", f"k{number}")
        except KeyCapReached:
            return "refused"
        finally:
            connection.close()
        return "placed"

    with ThreadPoolExecutor(12) as pool:
        assert Counter(pool.map(call, range(12))) == {"placed": 3, "refused": 9}
    assert key_caps.used_this_month(key) == 9
