"""Events for other programs: written with their cause, in one statement however many, each object's newest by its version."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing import notices
from billing.models import Wallet
from projects import review
from scribe import jobs, outbox
from scribe.ids import uuid7
from scribe.models import Event, Job
from scribe.outbox.types import TYPES
from tests.factories import make_item, make_organization, make_project

pytestmark = pytest.mark.django_db


def told(organization: Any, *, event: str) -> list[Event]:
    return list(Event.objects.of(organization).filter(type=event).order_by("version"))


def test_an_event_goes_back_with_its_cause() -> None:
    organization = make_organization()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.record(organization=organization, event="item.approved", objects={uuid7(): {}})
        raise ZeroDivisionError
    assert not Event.objects.exists()


def test_many_objects_take_one_statement_and_get_rising_versions() -> None:
    organization = make_organization()
    ids = [uuid7() for _ in range(5000)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        outbox.record(organization=organization, event="item.approved", objects={pk: {"project_id": pk} for pk in ids})
    assert len(queries) == 1
    rows = told(organization, event="item.approved")
    assert {row.object_id for row in rows} == set(ids)
    assert all(row.data == {"project_id": str(row.object_id)} for row in rows)
    assert len({row.version for row in rows}) == 5000
    outbox.record(organization=organization, event="item.rejected", objects={ids[0]: {}})
    assert told(organization, event="item.rejected")[0].version > rows[-1].version


def test_a_cause_with_a_key_is_told_once() -> None:
    organization, other = make_organization(), make_organization()
    for owner in (organization, organization, other):
        outbox.record(organization=owner, event="api_key.expiring", objects={uuid7(): {}}, key="key 1, 7 days")
    assert [Event.objects.of(owner).count() for owner in (organization, other)] == [1, 1]


def test_what_is_no_event_is_refused() -> None:
    organization = make_organization()
    with pytest.raises(ValueError, match="no event"):
        outbox.record(organization=organization, event="item.painted", objects={uuid7(): {}})
    with pytest.raises(ValueError, match="one event"):
        outbox.record(organization=organization, event="ping", objects={uuid7(): {}, uuid7(): {}}, key="x")
    outbox.record(organization=organization, event="ping", objects={})
    assert not Event.objects.exists()


def test_types_are_dotted_words_and_their_fields_have_sentences() -> None:
    for name, row in TYPES.items():
        assert name == row.name
        assert name.replace(".", "").replace("_", "").isalpha()
        assert row.summary.endswith(".")
        assert all(text.endswith(".") for text in row.fields.values())
        assert not {"id", "sequence", "version", "object"} & set(row.fields)


def test_an_ended_job_is_told_with_its_numbers_and_without_words(cast: Any) -> None:
    job = Job.objects.create(
        organization=cast.organization,
        project=make_project(cast.organization),
        job_type="generation",
        result={"generated": 3, "failures": [{"reason": "a word"}], "stopped": True, "name": "Trail Bottle"},
    )
    jobs.cancel(job)
    [event] = told(cast.organization, event="job.finished")
    assert event.object_id == job.pk
    assert event.data == {
        "project_id": str(job.project_id),
        "job_type": "generation",
        "status": "cancelled",
        "counters": {"generated": 3},
    }


def test_only_items_that_change_are_told(cast: Any) -> None:
    project = make_project(cast.organization)
    before = make_item(project, status="approved", generated_content={"name": "A"})
    fresh = [make_item(project, status="generated", generated_content={"name": "A"}) for _ in range(3)]
    review.update_statuses(items=[before, *fresh], to="approved")
    assert {row.object_id for row in told(cast.organization, event="item.approved")} == {item.pk for item in fresh}
    review.update_item(item=fresh[0], by=cast.owner, status="rejected", reject_reason="Too long")
    [event] = told(cast.organization, event="item.rejected")
    assert event.data == {"project_id": str(project.pk)}
    review.update_statuses(items=fresh, to="generated")
    assert Event.objects.count() == 4


def test_statements_of_a_bulk_approval_stay_few(cast: Any) -> None:
    project = make_project(cast.organization)

    def statements(count: int) -> int:
        items = [make_item(project, status="generated", generated_content={"name": "A"}) for _ in range(count)]
        with CaptureQueriesContext(connection) as queries:
            review.update_statuses(items=items, to="approved")
        return len(queries)

    assert statements(2) == statements(40)


def test_a_low_wallet_is_told_once_per_level() -> None:
    organization = make_organization()
    wallet = Wallet.objects.get(organization=organization)
    wallet.subscription_balance = wallet.topup_balance = 0
    notices.after_spending(wallet)
    notices.after_spending(wallet)
    [event] = told(organization, event="wallet.low")
    assert (event.object_id, event.data) == (wallet.pk, {"percent": 0})
    assert event.created_at <= timezone.now()
