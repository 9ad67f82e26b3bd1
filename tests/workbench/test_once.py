"""Forms that spend or begin something: sent twice, they count once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from projects.models import Project
from scribe.api.models import IdempotencyKey
from scribe.models import Job
from tests.factories import make_item, make_project
from tests.workbench.visiting import WISHES, Visitor
from workbench import once


def token(page: str) -> str:
    found = re.search(r'name="once" value="([\w-]+)"', page)
    assert found
    return found[1]


def test_what_spends_has_a_token(desk: Any) -> None:
    root = f"projects/{desk.project.pk}"
    places = {f"{root}/write": 1, f"{root}/items/{desk.written.pk}": 1, f"{root}/posts/new": 1, "account/plans": 0}
    for path, least in places.items():
        assert len(re.findall(r'name="once"', desk.owner.part(path))) >= least, path
    desk.owner.get(f"{root}/posts/{desk.post.pk}")
    assert token(desk.owner.get(f"{root}/posts/{desk.post.pk}")) != token(desk.owner.get(f"{root}/write"))


def test_a_form_that_is_sent_twice_begins_one_job(cast: Any) -> None:
    project = make_project(cast.organization)
    make_item(project)
    visitor, path = Visitor(cast.owner), f"projects/{project.pk}/write"
    sent = {**WISHES, "once": token(visitor.get(path))}
    visitor.post(path, sent)
    first = visitor.last["Location"]
    visitor.post(path, sent)
    assert visitor.last["Location"] == first
    assert Job.objects.filter(project=project).count() == 1
    visitor.post("projects/new", {"name": "A shop", "platform": "woocommerce", "once": "same"})
    visitor.post("projects/new", {"name": "A shop", "platform": "woocommerce", "once": "same"})
    visitor.post("projects/new", {"name": "Another", "platform": "woocommerce", "once": "same"})  # changed in between
    assert Project.objects.exclude(pk=project.pk).count() == 2
    visitor.post("projects/new", {"name": "", "platform": "woocommerce", "once": "bad"}, 422)
    assert not IdempotencyKey.objects.filter(key__startswith="form:bad").exists()  # a failure is not kept


def test_a_part_is_answered_again_as_it_was(desk: Any) -> None:
    url = f"projects/{desk.project.pk}/items/{desk.written.pk}/regeneration"
    sent = {"hint": "Shorter", "version": desk.written.version, "once": token(desk.owner.part(url.rpartition("/")[0]))}
    first = desk.owner.send(url, sent)
    assert first == desk.owner.send(url, sent)
    assert Job.objects.filter(project=desk.project).exclude(pk=desk.job.pk).count() == 1


def test_a_repeat_while_the_first_is_at_work_is_refused_at_once_and_said_to_be_due_later(cast: Any) -> None:
    """tests/proof/test_hostile_neighbour.py shows that our server waits for the first answer."""
    visitor, sent = Visitor(cast.owner), {"name": "A shop", "platform": "woocommerce", "once": "same"}
    visitor.post("projects/new", sent)
    IdempotencyKey.objects.update(status_code=None)
    assert "still being processed" in visitor.post("projects/new", sent, 409)
    assert visitor.last["Retry-After"] == "2"
    assert isinstance(visitor.last, once.FirstAtWork)
    assert Project.objects.count() == 1


def test_a_form_whose_process_died_is_worked_on_when_it_is_sent_again(cast: Any) -> None:
    visitor, sent = Visitor(cast.owner), {"name": "A shop", "platform": "woocommerce", "once": "same"}
    visitor.post("projects/new", sent)
    IdempotencyKey.objects.update(status_code=None, lease_until=timezone.now() - timedelta(seconds=1))
    visitor.post("projects/new", sent, 302)
    assert Project.objects.count() == 2


@pytest.mark.parametrize(
    "name", ["password", "password-current_password", "app_password", "consumer_secret", "key", "code"]
)
def test_no_digest_is_made_of_secrets(rf: Any, name: str) -> None:
    plain, secret, others = ({"url": "https://a.example", **more} for more in ({}, {name: "s3cret"}, {"keywords": "a"}))
    digests = [once._digest(rf.post("/app/", data)) for data in (plain, secret, others)]
    assert digests[0] == digests[1] != digests[2]


def test_a_postal_code_is_no_secret(rf: Any) -> None:
    """A corrected postal code got the answer to the form with the wrong one."""
    first, second = (once._digest(rf.post("/app/", {"billing_postal_code": code})) for code in ("11000", "11001"))
    assert first != second
