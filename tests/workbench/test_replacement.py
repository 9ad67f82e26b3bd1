"""Find and replace over many items: counted first, undoable, and never over somebody's newer words."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest

from projects import replacement, review
from projects.models import ContentItem, SyncRecord
from projects.replacement import Replacement
from tests.factories import make_item
from tests.workbench.conftest import write


@pytest.mark.parametrize(
    ("wanted", "content", "after"),
    [
        (Replacement("Steel", "Iron"), {"name": "Steel, stainless steel, steels"}, {"name": "Iron, stainless Iron, steels"}),
        (Replacement("steel", "iron", match_case=True), {"name": "Steel and steel"}, {"name": "Steel and iron"}),
        (Replacement("steel", "iron", whole_words=False), {"name": "steels"}, {"name": "irons"}),
        (Replacement("strong", "solid"), {"description": "<p><strong>strong</strong></p>"}, {"description": "<p><strong>solid</strong></p>"}),
        (Replacement("A & B", "<C>"), {"description": "<p>A &amp; B</p>", "name": "A & B"}, {"description": "<p>&lt;C&gt;</p>", "name": "<C>"}),
        (Replacement("ml", "millilitres"), {"tags": ["750 ml", "ml"], "attributes": {"ml": "750 ml"}}, {"tags": ["750 millilitres", "millilitres"], "attributes": {"ml": "750 millilitres"}}),
        (Replacement("free", ""), {"tags": ["free", "new"], "seo": {"title": "A free pot"}}, {"tags": ["new"], "seo.title": "A  pot"}),
        (Replacement("pot", "pan", fields=frozenset({"name"})), {"name": "pot", "tags": ["pot"]}, {"name": "pan"}),
        (Replacement(r"a\1", r"\g<0>"), {"name": r"a\1"}, {"name": r"\g<0>"}),
    ],
)  # fmt: skip
def test_what_is_replaced(wanted: Replacement, content: dict[str, Any], after: dict[str, Any]) -> None:
    assert {text.row.name: text.after for text in replacement.changes(content, wanted)} == after


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


@pytest.mark.thorough
def test_many_texts_are_changed_in_steps_and_taken_back(desk: Any) -> None:
    for _ in range(30):
        item = write(make_item(desk.project), desk.cast.owner)
    approved = desk.clean[0]
    ContentItem.objects.filter(pk=approved.pk).update(status="approved")
    root = f"projects/{desk.project.pk}/review/replacement"
    asked = {"find": "cold", "into": "cool"}
    page = desk.owner.get(f"{root}?{urlencode(asked)}")
    clean = ContentItem.objects.filter(project=desk.project, generated_content__name="Trail Bottle", status="generated")
    count = clean.filter(generated_content__short_description__icontains="cold").count()
    assert count == 33
    assert f"Replace in {count + 2} items" in page  # the flagged ones have it in their SEO description
    assert "keeps drinks <del>cold </del><ins>cool </ins>for" in page
    newer = desk.clean[1]
    write(newer, desk.cast.teammate, name="My cold words")  # after the preview
    sent = {**asked, "words": "1", "items": field(page, "items")}
    steps = 0
    while sent["items"]:
        page = desk.owner.send(f"{root}/step", sent)
        steps += 1
        sent = {**sent, **{name: field(page, name) for name in ("items", "undo", "done", "skipped")}}
        if "Replaced" in page:
            break
    assert steps == 2
    assert f"{count + 1} items changed." in page
    assert "1 item was skipped" in page
    newer.refresh_from_db()
    assert newer.generated_content["name"] == "My cold words"
    item.refresh_from_db()
    assert "cool" in item.generated_content["short_description"]
    assert item.versions.count() == 1
    nobody = desk.owner.send(f"{root}/step", {**asked, "items": f"{desk.cast.owner.pk}:1"})
    assert "Replaced 0 items changed. 1 item was skipped" in " ".join(re.sub("<[^>]+>", " ", nobody).split())
    # One of them is edited again, so the undo leaves it alone.
    review.update_item(item=item, by=desk.cast.teammate, content={"name": "Newer still"})
    undo = {"items": field(page, "items")}
    done = 0
    while undo["items"] and done < 5:
        page = desk.owner.send(f"{root}/undo", undo)
        done += 1
        if "Undone<" in page:
            break
        undo = {name: field(page, name) for name in ("items", "done", "skipped")}
    assert f"{count} items were restored." in page
    assert "1 item was skipped" in page
    item.refresh_from_db()
    assert "cool" in item.generated_content["short_description"]
    assert (
        ContentItem.objects.filter(project=desk.project, generated_content__short_description__icontains="cool").count()
        == 1
    )


def test_the_status_comes_back_with_the_text(desk: Any) -> None:
    item = desk.clean[0]
    review.update_item(item=item, by=desk.cast.owner, status="approved")
    item.refresh_from_db()
    wanted = Replacement("cold", "cool")
    done = replacement.replace(item=item, version=item.version, wanted=wanted, by=desk.cast.owner)
    item.refresh_from_db()
    assert (item.status, done.status) == ("generated", "approved")
    version = item.versions.get(pk=done.undo)
    assert replacement.undo(version=version, at=done.version, status=done.status, by=desk.cast.owner)
    item.refresh_from_db()
    assert (item.status, "cold" in item.generated_content["short_description"]) == ("approved", True)
    assert not replacement.undo(version=version, at=done.version, status=done.status, by=desk.cast.owner)  # only once


def test_texts_in_the_store_are_found_too_and_an_undo_says_that_they_are_there(desk: Any) -> None:
    item = desk.clean[0]
    ContentItem.objects.filter(project=desk.project).update(status="synced")
    for after in ({}, {"name": "Trail Bottle"}):
        made = {"before": {"name": "Old"}, "after": after, "state": "done", "synced_at": "2026-01-01T00:00:00Z"}
        SyncRecord.objects.create(organization_id=item.organization_id, item=item, **made)
    root = f"projects/{desk.project.pk}/review/replacement"
    page = desk.owner.get(f"{root}?{urlencode({'find': 'cold', 'into': 'cool', 'status': 'synced'})}")
    assert "items would change" in page
    assert str(item.pk) in field(page, "items")
    for known, status in ((item, "synced"), (desk.clean[1], "generated")):  # the other one was never sent
        known.refresh_from_db()
        done = replacement.replace(
            item=known, version=known.version, wanted=Replacement("cold", "cool"), by=desk.cast.owner
        )
        known.refresh_from_db()
        assert (known.status, done.status) == ("generated", "synced")
        version = known.versions.get(pk=done.undo)
        assert replacement.undo(version=version, at=done.version, status=done.status, by=desk.cast.owner)
        known.refresh_from_db()
        assert (known.status, "cold" in known.generated_content["short_description"]) == (status, True)


def test_what_cleaning_takes_out_again_changes_nothing_and_has_no_undo(desk: Any) -> None:
    """Its undo brought back the version before, and approved it."""
    item = write(desk.clean[0], desk.cast.owner, name="Cold Bottle")
    review.update_item(item=item, by=desk.cast.owner, status="approved")
    item.refresh_from_db()
    version, kept = item.version, item.versions.count()
    done = replacement.replace(
        item=item,
        version=version,
        wanted=Replacement("Bottle", "<b>Bottle</b>", fields=frozenset({"name"})),
        by=desk.cast.owner,
    )
    assert done.undo is None
    item.refresh_from_db()
    assert (item.version, item.status, item.versions.count()) == (version, "approved", kept)


def test_what_is_gone_meanwhile_is_skipped_and_the_others_go_on(desk: Any) -> None:
    """It was a 404 that ended the run, and lost the list for its undo."""
    root = f"projects/{desk.project.pk}/review/replacement"
    asked = {"find": "cold", "into": "cool"}
    sent = {**asked, "words": "1", "items": field(desk.owner.get(f"{root}?{urlencode(asked)}"), "items")}
    count = sent["items"].count(",") + 1
    ContentItem.objects.filter(pk=desk.clean[0].pk).update(excluded_at="2026-01-01T00:00:00Z")
    page = desk.owner.send(f"{root}/step", sent)
    assert f"{count - 1} items changed." in page
    assert "1 item was skipped" in page
    ContentItem.objects.filter(pk=desk.clean[1].pk).delete()
    page = desk.owner.send(f"{root}/undo", {**sent, "items": field(page, "undo") or field(page, "items")})
    assert f"{count - 2}" in page


def test_what_cannot_be_looked_for(desk: Any) -> None:
    root = f"projects/{desk.project.pk}/review/replacement"
    assert "Replace in" not in desk.owner.get(f"{root}?find=%20")
    assert "No text that matches the filter contains it." in desk.owner.get(f"{root}?find=zeppelin")
    desk.owner.get(f"{root}?find={'x' * 300}", 400)
    desk.owner.get(f"{root}?find=%28%5B%5C", 200)  # no pattern, just words


def test_the_preview_shows_words_and_no_tags(desk: Any) -> None:
    page = desk.owner.get(f"projects/{desk.project.pk}/review/replacement?find=stainless&into=solid&in=description")
    found = page[page.index("<ol") :]
    assert "<del>stainless </del>" in found
    assert "&lt;p&gt;" not in found


def test_elements_that_plain_texts_lose_are_named_before(desk: Any) -> None:
    root = f"projects/{desk.project.pk}/review/replacement"
    told = "Plain texts can't have these elements, so they are removed there:"
    page = desk.owner.get(f"{root}?{urlencode({'find': 'cold', 'into': '<em>cool</em> <M>'})}")
    assert f'{told} <code dir="ltr">em</code></p>' in page
    assert told not in desk.owner.get(f"{root}?{urlencode({'find': 'cold', 'into': 'cool <M>'})}")
