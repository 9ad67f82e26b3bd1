"""Odd numbers and ids in addresses and forms, and what staff who work as the customer may not do."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import impersonation
from blog.models import BlogImage
from projects.models import ItemComment
from scribe.models import Job
from tests.workbench.routes import ROUTES, address
from tests.workbench.visiting import FRAGMENT, Visitor
from workbench import form_values, labels
from workbench.templatetags.workbench import TABLES

ODD = ("9" * 5000, "a\x00b")
#: What ends the visitor's sign-in, or needs what is not configured here.
NOT_TRIED = {"sign-out", "session-end", "other-sessions-end", "google", "apple", "invoice-file", "payment-file"}
#: Names that addresses and forms have.
NAMES = (
    "after", "amount", "assignee", "at", "before", "category", "check", "comment", "days", "decision", "done", "expires_at",
    "field", "find", "filter-categories", "hint", "in", "into", "item", "items", "job", "kind", "looks", "month", "name",
    "of", "packs", "payment_id", "period", "photo", "profile", "q", "reason", "skipped", "status", "step", "target", "text",
    "tier", "topic", "undo", "version", "which", "mark", "for", "_ptxn", "code", "token", "blog", "next", "trash", "said",
)  # fmt: skip


@pytest.mark.thorough
def test_odd_words_in_addresses_and_forms_are_no_failure_of_ours(desk: Any, ids: dict[str, Any]) -> None:
    visitor, failed = Visitor(desk.cast.owner), []
    for route in ROUTES:
        if route.name in NOT_TRIED:
            continue
        path, answers = address(route, ids), []
        for odd in ODD:
            words = dict.fromkeys(NAMES, odd)
            if "get" in route.methods:
                answers.append(visitor.client.get(path, words))
            elif route.names:
                items = f"{odd}:{odd}:{odd},{desk.written.pk}:{odd}:{odd}"
                form = {**words, "items": items, "status": "approved", "field": "name"}
                answers.append(visitor.client.post(path, form, headers=FRAGMENT))
        failed += [f"{route.name}: {answer.status_code}" for answer in answers if answer.status_code >= 500]
    assert not failed


def test_whole_numbers_are_bounded() -> None:
    assert [form_values.whole(text) for text in ("0", "12", "-1", "x", "", "9" * 19, "9" * 5000, "٣")] == [
        0, 12, None, None, None, None, None, None,
    ]  # fmt: skip
    assert (form_values.whole("1000", 999), form_values.whole("999", 999)) == (None, 999)
    assert (form_values.version({}), form_values.version({"version": "x"}), form_values.version({"version": "7"})) == (
        None,
        frozenset(),
        frozenset({7}),
    )


def test_a_version_that_is_no_number_decides_nothing(desk: Any) -> None:
    url = f"projects/{desk.project.pk}/items/{desk.written.pk}/decision"
    desk.owner.send(url, {"status": "approved", "version": "x"}, 412)
    desk.written.refresh_from_db()
    assert desk.written.status == "generated"


def test_support_deletes_nothing(desk: Any, ids: dict[str, Any]) -> None:
    token = impersonation.start(user=desk.cast.owner, by=desk.cast.staff, reason="Ticket 7")
    support = Visitor()
    support.post("support-session", {"token": token})
    root = f"projects/{desk.project.pk}"
    image = f"{root}/posts/{desk.post.pk}/images/{ids['image_id']}"
    support.send(f"{root}/items/{desk.written.pk}/comments/{ids['comment_id']}", {}, 403)
    support.send(image, {"step": "remove"}, 403)
    assert (ItemComment.objects.count(), BlogImage.objects.count()) == (1, 1)
    support.send(image, {"alt_text": "A bottle"})  # to describe one is help
    for route in ROUTES:
        if "post" in route.methods and ("deletion" in route.name or "trash" in route.name):
            assert support.client.post(address(route, ids)).status_code == 403, route.name


@pytest.mark.parametrize("table", ["status", "item", "job", "job_status", "post_status", "post_type", "role", "via"])
def test_every_word_of_the_product_has_its_label(table: str) -> None:
    """A word without one would stand in English on every page."""
    known: Any = next(key for key in TABLES[table]).__class__
    assert set(getattr(known, "values", [])) <= set(TABLES[table])
    assert set(Job.Type.values) <= set(labels.JOB_TYPES)


def test_a_failure_leads_back_to_the_page_it_was_sent_from(desk: Any) -> None:
    path = f"/app/projects/{desk.project.pk}/sources/new"
    empty = {"file": SimpleUploadedFile("a.csv", b"")}
    page = desk.owner.post(path, empty, 400, Referer=f"http://testserver{path}")
    assert f'<a class="button" href="{path}">Go back</a>' in page
    page = desk.owner.post(
        path, {"file": SimpleUploadedFile("a.csv", b"")}, 400, Referer="https://elsewhere.example/app/"
    )
    assert ">Go back</a>" not in page
