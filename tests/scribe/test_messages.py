"""Messages: English to programs, the reader's language to people, also after they were stored."""

from __future__ import annotations

import ast
import copy
import pickle
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
import pytest
from django.template import Context, Template
from django.utils import translation

from accounts.models import Notification
from integrations.ai.errors import AIError
from integrations.payments.errors import PaymentError
from integrations.photos.pexels import PhotosError
from integrations.stores.errors import Missing, StoreError
from scribe import messages, statements
from scribe.api import problems
from scribe.errors import Conflict, DomainError, InvalidInput
from scribe.http.errors import OutboundError
from scribe.jobs import events
from scribe.jobs.models import Job
from scribe.jobs.run import Failed, TryAgain
from scribe.messages import Message
from tests.factories import make_user
from tests.scribe.source import ROOT, nodes
from tests.workbench.sentences import APPS

TEMPLATE = "Invoice {number} is due on {due_date:%Y-%m-%d}"
RAISED = (DomainError, StoreError, AIError, OutboundError, PaymentError, PhotosError, Failed, TryAgain)


def due() -> Message:
    return Message(TEMPLATE, number="26-7", due_date=date(2026, 12, 1))


def test_a_message_is_english_to_programs_and_the_readers_language_to_people() -> None:
    said = due()
    with translation.override("de"):
        assert said == "Invoice 26-7 is due on 2026-12-01"
        assert orjson.dumps(said) == b'"Invoice 26-7 is due on 2026-12-01"'
        assert said.render() == "Die Rechnung 26-7 ist am 1. Dezember 2026 fällig"
        assert Template("{{ it }}").render(Context({"it": said})) == "Die Rechnung 26-7 ist am 1. Dezember 2026 fällig"
    assert said.render() == "Invoice 26-7 is due on Dec. 1, 2026"


def test_numbers_and_terms_take_the_readers_form() -> None:
    rows = Message("The file has more than {most:,} rows.", most=100_000)
    busy = Message(
        "Another job ({job}) is running in this project. Wait until it has finished, or cancel it.", job="generation"
    )
    assert rows == "The file has more than 100,000 rows."
    with translation.override("de"):
        assert "100.000" in rows.render()
        assert "generation" not in busy.render()


def test_a_message_is_still_one_after_an_error_a_copy_or_a_cut() -> None:
    for kept in (
        str(ValueError(due())),
        Missing(due()).message,
        Conflict(due()).detail,
        copy.deepcopy(due()),
        pickle.loads(pickle.dumps(due())),
        due()[:200],
        messages.join([due()]),
    ):
        assert isinstance(kept, Message)
        assert kept == due()
        with translation.override("de"):
            assert kept.render() == due().render()
    assert not isinstance(due()[:5], Message)


def test_a_template_reads_nothing_but_its_values() -> None:
    """Templates come back from the database, so they have no attributes and no indexes."""
    assert Message("{name.__class__} {name[0]} {name}", name="x") == "{name.__class__} {name[0]} x"


def test_what_programs_get_of_several_faults_is_english(db: Any) -> None:
    with translation.override("de"):
        error = InvalidInput.at("#/name", Message("Write a comment first."))
        assert error.detail == "Write a comment first."
        assert error.render() == "Schreiben Sie zuerst einen Kommentar."


def test_a_problem_has_the_values_of_its_sentences() -> None:
    most = Message("At most {most:,} rows.", most=100_000)
    body = orjson.loads(problems.render(Conflict(messages.join([most, due()]), code="full")).content)
    assert body["detail"] == "At most 100,000 rows. Invoice 26-7 is due on 2026-12-01"
    assert body["values"] == {"most": 100_000, "number": "26-7", "due_date": "2026-12-01"}
    body = orjson.loads(problems.render(InvalidInput.at("#/rows", most)).content)
    assert [fault["values"] for fault in body["errors"]] == [{"most": 100_000}]
    assert "values" not in orjson.loads(problems.render(Conflict("Nothing differs here.")).content)


@pytest.mark.parametrize("kept", [1, 1.5, None, "x", Decimal("1.50"), date(2026, 1, 2), ["a", "b"], due()])
def test_values_come_back_from_json_as_they_were(kept: Any) -> None:
    stored = orjson.loads(orjson.dumps(messages.pack({"reasons": [Message("{it}", it=kept), "plain"]})))
    assert stored["reasons"] == [str.__str__(Message("{it}", it=kept)), "plain"]
    found = messages.unpack(stored)
    assert found["reasons"][0].values == {"it": kept}
    assert "_messages" not in found


def test_a_stored_text_is_the_message_that_it_was(db: Any) -> None:
    user = make_user()
    job = Job.objects.create(organization=user.organization, job_type=Job.Type.IMPORT, error=due())
    statements.insert(
        [
            Notification(
                organization=user.organization, user=user, notification_type="security", title=due(), body="Merci"
            )
        ]
    )
    for stored in (Job.objects.get(pk=job.pk).error, Notification.objects.get().title):
        assert stored == due()
        with translation.override("de"):
            assert messages.render(stored) == due().render()
    assert type(Notification.objects.get().body) is str
    Job.objects.filter(pk=job.pk).update(**messages.columns(error=Message("The import was cancelled.")))
    assert isinstance(Job.objects.get(pk=job.pk).error, Message)


def test_a_text_that_another_release_wrote_stays_as_it_is(db: Any) -> None:
    """It knows the English column alone."""
    job = Job.objects.create(organization=make_user().organization, job_type=Job.Type.IMPORT, error=due())
    Job.objects.filter(pk=job.pk).update(error="Something else.")
    assert messages.render(Job.objects.get(pk=job.pk).error) == "Something else."


def test_events_of_jobs_keep_their_messages(db: Any) -> None:
    job = Job.objects.create(organization=make_user().organization, job_type=Job.Type.IMPORT)
    events.add(job, [("item_failed", {"reason": due(), "code": "x"})])
    [found] = events.latest(job.pk)
    assert set(found) == {"id", "event", "at", "reason", "code"}
    with translation.override("sr-latn"):
        assert messages.render(found["reason"]) != due()


def kinds() -> set[str]:
    """The names of what is raised with a sentence for people."""
    found, todo = set(), list(RAISED)
    while todo:
        kind: type[Any] = todo.pop()
        todo += kind.__subclasses__()
        found.add(kind.__name__)
    return found


def unmarked() -> Iterator[str]:
    names = kinds()
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in nodes(path):
                if not isinstance(node, ast.Call):
                    continue
                owner = node.func.value if isinstance(node.func, ast.Attribute) else node.func
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                at = called == "at" and getattr(owner, "id", "") in names
                if not at and called not in names:
                    continue
                texts = [arg for arg in node.args if isinstance(arg, ast.JoinedStr | ast.Constant)]
                for text in texts[1:] if at else texts:
                    words = text.value if isinstance(text, ast.Constant) else ast.unparse(text)
                    if isinstance(words, str) and " " in words:
                        yield f"{path.relative_to(ROOT)}:{text.lineno} {words}"


def test_what_is_raised_is_a_message() -> None:
    assert list(unmarked()) == []


def is_plain(value: ast.expr) -> bool:
    return isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and " " in str(value.value))


def test_what_people_are_notified_of_is_a_message() -> None:
    """The values of `title` and `body`, wherever something is called with them."""
    plain = [
        f"{path.relative_to(ROOT)}:{node.value.lineno}"
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        for node in nodes(path)
        if isinstance(node, ast.keyword) and node.arg in ("title", "body") and is_plain(node.value)
    ]
    assert plain == []
