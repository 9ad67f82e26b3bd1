"""`Idempotency-Key`: one effect, one answer."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts import api_keys
from accounts.models import ApiKey, Tone
from billing import corrections
from scribe.api import idempotency
from scribe.api.models import IdempotencyKey
from scribe.models import Job
from tests.helpers import Api
from tests.live import wait
from tests.scribe import killed

TONES = "organization/tones"


def tone(name: str = "house") -> dict[str, str]:
    return {"id": name, "name": name.title(), "description": "Ours", "system_prompt": "Write plainly."}


def test_the_same_key_and_body_give_the_first_answer_again(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner).with_(Idempotency_Key="k1")
    first = caller.post(TONES, tone(), status=201)
    again = caller.post(TONES, tone(), status=201)
    assert again == first
    assert caller.last["Idempotent-Replayed"] == "true"
    assert Tone.objects.of(cast.organization).count() == 1


def test_another_body_is_a_conflict(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner).with_(Idempotency_Key="k1")
    caller.post(TONES, tone(), status=201)
    assert caller.post(TONES, tone("other"), status=409)["code"] == "idempotency_key_reused"


def test_two_at_once_have_one_effect(api: Any, cast: Any, committed: Any) -> None:
    headers = api.as_(cast.owner).headers | {"Idempotency-Key": "k1"}

    def call(_: int) -> int:
        try:
            caller = Api(headers)
            caller.client.post(f"/api/v1/{TONES}", tone(), content_type="application/json", headers=headers)
            return int(
                caller.client.post(
                    f"/api/v1/{TONES}", tone(), content_type="application/json", headers=headers
                ).status_code
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(call, range(8)))
    assert set(statuses) <= {201, 409}
    assert Tone.objects.of(cast.organization).count() == 1


def test_a_refused_input_is_not_kept(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner).with_(Idempotency_Key="k1")
    caller.post(TONES, {"id": ""}, status=400)
    caller.post(TONES, tone(), status=201)


def test_a_conflict_is_kept(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner)
    caller.post(TONES, tone(), status=201)
    keyed = caller.with_(Idempotency_Key="k1")
    first = keyed.post(TONES, tone(), status=409)
    assert keyed.post(TONES, tone(), status=409) == first
    assert keyed.last["Idempotent-Replayed"] == "true"


def test_an_empty_balance_is_not_kept(api: Any, cast: Any, settings: Any) -> None:
    """After a top-up the shop's plugin sends the same request with the same key, and it runs."""
    settings.OPENAI_API_KEY, settings.DEFAULT_AI_PROVIDER = "sk-test", "openai"
    _, raw = api_keys.create(organization=cast.organization, by=cast.owner, name="Shop")
    plugin = api.with_(X_API_Key=raw, Idempotency_Key="product-17")
    asked = {"source": "woocommerce", "product_title": "Wool Socks", "product_attributes": []}
    corrections.adjust(organization=cast.organization, amount=Decimal(-50), balance_type="subscription", by=cast.staff)
    path = "plugin/generate-description-async"
    assert plugin.post(path, asked, status=402)["code"] == "insufficient_xct"
    assert not IdempotencyKey.objects.exists()
    corrections.topup(organization=cast.organization, amount=Decimal(20), by=cast.staff)
    started = plugin.post(path, asked, status=202)
    assert plugin.post(path, asked, status=202) == started
    assert plugin.last["Idempotent-Replayed"] == "true"


def test_a_secret_is_replayed_without_it(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner).with_(Idempotency_Key="k1")
    first = caller.post("api-keys", {"name": "Shop"}, status=201)
    again = caller.post("api-keys", {"name": "Shop"}, status=201)
    assert first["key"].startswith("xcs_")
    assert "key" not in again
    assert again["id"] == first["id"]
    assert ApiKey.objects.count() == 1
    kept = IdempotencyKey.objects.get()
    assert first["key"].encode() not in bytes(kept.body)


def test_one_still_in_flight_is_a_conflict_and_a_dead_one_is_taken_over(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner).with_(Idempotency_Key="k1")
    caller.post(TONES, tone(), status=201)
    kept = IdempotencyKey.objects.get()
    Tone.objects.all().delete()
    IdempotencyKey.objects.update(status_code=None)
    body = caller.post(TONES, tone(), status=409)
    assert body["code"] == "idempotency_key_in_use"
    assert caller.last["Retry-After"]
    IdempotencyKey.objects.filter(pk=kept.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    caller.post(TONES, tone(), status=201)


def test_keys_are_apart_between_principals_and_paths(api: Any, cast: Any) -> None:
    owner, stranger = (api.as_(user).with_(Idempotency_Key="k1") for user in (cast.owner, cast.stranger))
    owner.post(TONES, tone(), status=201)
    stranger.post(TONES, tone("other"), status=201)
    owner.post("api-keys", {"name": "Shop"}, status=201)


def test_a_key_that_is_too_long_is_refused(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner).with_(Idempotency_Key="k" * 256)
    assert caller.post(TONES, tone(), status=400)["code"] == "invalid_idempotency_key"


def test_an_answer_is_kept_in_the_transaction_of_its_deed(api: Any, cast: Any) -> None:
    """A process that dies before the answer is kept has done nothing either."""
    caller = api.as_(cast.owner).with_(Idempotency_Key="k1")
    killed.before_the_answer(lambda: caller.post(TONES, tone(), status=201))
    assert not Tone.objects.of(cast.organization).exists()
    caller.post(TONES, tone(), status=201)
    assert Tone.objects.of(cast.organization).count() == 1


def test_a_job_is_not_begun_twice_by_a_process_that_died(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner).with_(Idempotency_Key="k1")
    killed.before_the_answer(lambda: caller.post("gdpr/export", status=202))
    job = Job.objects.get()
    Job.objects.update(status="completed", completed_at=timezone.now())  # else another rule would hold the repeat
    body = caller.post("gdpr/export", status=409)
    assert (body["code"], body["job_id"]) == ("idempotency_answer_lost", str(job.pk))
    assert Job.objects.count() == 1
    IdempotencyKey.objects.update(lease_until=timezone.now() + timedelta(seconds=60))  # or it lives after all
    assert caller.post("gdpr/export", status=409)["code"] == "idempotency_key_in_use"


def test_a_stream_whose_project_is_gone_is_404(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner).with_(Idempotency_Key="k1")
    caller.post(TONES, tone(), status=201)
    IdempotencyKey.objects.update(status_code=None, job_id=cast.owner.pk, content_type=idempotency.STREAM)
    caller.post(TONES, tone(), status=404)


def test_a_request_that_the_database_failed_is_no_longer_in_flight(cast: Any) -> None:
    """Its lease would be renewed for ever, and every repeat be told that the first request is still in flight."""
    request = SimpleNamespace(headers={"Idempotency-Key": "k1"}, user=cast.owner, path="/tones", data={}, META={})
    before = idempotency._in_flight.ids()

    def broken() -> None:
        assert idempotency._in_flight.ids() > before
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")

    with pytest.raises(DatabaseError), transaction.atomic():
        idempotency.once(request, broken)  # which cannot delete the row either
    assert idempotency._in_flight.ids() == before


def test_leases_are_renewed_after_a_failure(api: Any, cast: Any, committed: Any) -> None:
    api.as_(cast.owner).with_(Idempotency_Key="k1").post(TONES, tone(), status=201)
    kept = IdempotencyKey.objects.get()
    IdempotencyKey.objects.update(lease_until=timezone.now() - timedelta(days=1))
    leases = idempotency._Leases(every=0.05)
    leases.add("no id at all")  # type: ignore[arg-type]
    thread = leases._thread
    assert thread is not None
    time.sleep(0.5)
    assert IdempotencyKey.objects.get().lease_until < timezone.now()
    assert thread.is_alive()
    leases.add(kept.pk)
    leases.discard("no id at all")  # type: ignore[arg-type]
    wait(lambda: IdempotencyKey.objects.get().lease_until > timezone.now())
    leases.discard(kept.pk)
    thread.join(60)
    assert not thread.is_alive()  # with none in flight there is nothing to do
