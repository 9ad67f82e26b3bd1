"""Signatures by the standard's own vectors, rotation, and the traps of the library."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.fakes.receiver import Receiver, verified
from tests.fakes.server import Request
from tests.webhooks.conftest import deliver, later
from webhooks import endpoints, signatures

# From the tests of the standard's reference libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = '{"test": 2432232314}'
AT = datetime.fromtimestamp(1614265330, UTC)
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_vector_of_the_standard() -> None:
    found = signatures.headers(secrets=[SECRET], message_id=MESSAGE, body=BODY, now=AT)
    assert found == {"webhook-id": MESSAGE, "webhook-timestamp": "1614265330", "webhook-signature": SIGNATURE}


def test_a_time_of_another_zone_signs_the_same_moment() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=5)))
    assert (
        signatures.headers(secrets=[SECRET], message_id=MESSAGE, body=BODY, now=elsewhere)["webhook-signature"]
        == SIGNATURE
    )


def test_secrets_are_long_random_and_of_the_standards_form() -> None:
    made = {signatures.new_secret() for _ in range(100)}
    assert len(made) == 100
    for secret in made:
        assert secret.startswith("whsec_")
        assert 24 <= len(Webhook(secret)._whsecret) <= 64


def test_both_secrets_verify_and_a_third_does_not() -> None:
    old, new = signatures.new_secret(), signatures.new_secret()
    now = datetime.now(UTC)
    head = signatures.headers(secrets=[new, old], message_id="1", body='{"a":"č"}', now=now)
    for secret in (old, new):
        assert Webhook(secret).verify('{"a":"č"}', head) == {"a": "č"}
    with pytest.raises(WebhookVerificationError):
        Webhook(signatures.new_secret()).verify('{"a":"č"}', head)


def test_the_receivers_own_check_refuses_a_changed_body() -> None:
    head = signatures.headers(secrets=[SECRET], message_id=MESSAGE, body=BODY, now=AT)
    assert verified(SECRET, Request("POST", "/", head, BODY.encode()))
    assert not verified(SECRET, Request("POST", "/", head, BODY.encode() + b" "))


@pytest.mark.django_db
def test_during_the_overlap_a_receiver_with_either_secret_verifies(
    cast: Any, receiver: Receiver, endpoint: Any
) -> None:
    old = endpoint.secret
    endpoint = endpoints.rotate(endpoint=endpoint, by=cast.owner)
    for secret in (old, endpoint.secret):
        receiver.secret = secret
        endpoints.ping(endpoint=endpoint)
        deliver(cast.organization)
    assert len(receiver.got) == 2
    later(timedelta(hours=25))
    receiver.secret = old
    endpoints.ping(endpoint=endpoint)
    deliver(cast.organization)
    assert len(receiver.got) == 2  # the old one signs no more
    assert endpoints.forget_old_secrets() == 1
    endpoint.refresh_from_db()
    assert (endpoint.previous_secret, endpoint.previous_until) == ("", None)


@pytest.mark.django_db
def test_a_rotation_without_overlap_ends_the_old_secret_at_once(cast: Any, receiver: Receiver, endpoint: Any) -> None:
    endpoint = endpoints.rotate(endpoint=endpoint, by=cast.owner, overlap_hours=0)
    endpoints.ping(endpoint=endpoint)
    deliver(cast.organization)
    assert receiver.got == []
    assert receiver.attempts[0].headers["webhook-signature"].count("v1,") == 1
