"""Forms that spend or begin something: sent twice, they count once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from projects.models import Project
from scribe.api.idempotency_models import IdempotencyKey
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


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_the_second_waits_for_the_first_answer(cast: Any, monkeypatch: Any) -> None:
    """The order is forced: the second comes while the first is at work."""
    visitor, second = Visitor(cast.owner), Visitor(cast.owner)
    sent = {"name": "A shop", "platform": "woocommerce", "once": "same"}

    def again() -> str:
        try:
            second.post("projects/new", sent)
            return str(second.last["Location"])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        waits: list[Any] = []
        kept = once._kept

        def slow(row: Any, answer: Any) -> Any:
            waits.append(pool.submit(again))
            assert not waits[0].done()
            return kept(row, answer)

        monkeypatch.setattr(once, "_kept", slow)
        visitor.post("projects/new", sent)
        assert waits[0].result(timeout=60) == visitor.last["Location"]
    assert Project.objects.count() == 1


def test_who_waits_in_vain_is_told(cast: Any, monkeypatch: Any) -> None:
    visitor, sent = Visitor(cast.owner), {"name": "A shop", "platform": "woocommerce", "once": "same"}
    visitor.post("projects/new", sent)
    IdempotencyKey.objects.update(status_code=None)
    monkeypatch.setattr(once, "WAIT", 0.0)
    assert "still being worked on" in visitor.post("projects/new", sent, 409)
