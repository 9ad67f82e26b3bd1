"""The page "Languages": how each language of a project stands, and what the rest of it costs."""

from __future__ import annotations

import re
from typing import Any

from projects import summaries
from projects.models import ContentItem, SyncRecord
from tests.factories import make_item, make_language_text
from tests.workbench.visiting import Visitor, plain


def test_each_language_is_counted_once_with_what_is_missing_outdated_and_in_conflict(desk: Any) -> None:
    project = desk.project
    project.settings = {**(project.settings or {}), "languages": ["de", "fr"]}
    project.save()
    before = summaries.counts_by_language(project, ["de", "fr"])
    items = [make_item(project, status="approved", generated_content={"name": f"Bottle {n}"}) for n in range(4)]
    make_item(project, status="pending", item_type="variant")
    approved = make_language_text(items[0], "de", status="approved", generated_content={"name": "Flasche"})
    make_language_text(items[1], "de", status="flagged", generated_content={"name": "F"}, outdated_fields=["name"])
    make_language_text(items[2], "de", view_data={"name": "Die eigene"}, generated_content={})
    SyncRecord.objects.create(
        organization=project.organization, item=approved, state="conflict", synced_at=approved.created_at
    )
    german = (found := summaries.counts_by_language(project, ["de", "fr"]))["de"]
    assert german.wanted == before["de"].wanted + 4  # a variant takes its product's text
    assert (german.written, german.merchant, german.outdated, german.conflicts) == (2, 1, 1, 1)
    assert german.missing == before["de"].wanted + 4 - 3
    assert found["fr"].missing == german.wanted
    assert found[""].conflicts == 0

    page = desk.owner.get(f"projects/{project.pk}/languages")
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page, re.S) if "Deutsch" in row)
    assert "review?status=flagged&amp;language=de" in row
    assert "store/conflicts" in row
    quote = desk.owner.send(f"projects/{project.pk}/languages/quote", {"language": "de", "selection": "pending"})
    assert re.search(r"\d+ texts?: about \S+ XCT, at most \S+", plain(quote))
    link = re.search(r'href="/app/(projects/[^"]+/write\?[^"]+)"', quote)
    assert link
    form = desk.owner.get(link[1].replace("&amp;", "&"))
    assert re.search(r'name="further" value="de"[^>]* checked', form)
    stale = desk.owner.send(f"projects/{project.pk}/languages/quote", {"language": "de", "selection": "stale"})
    assert "1 text:" in plain(stale)


def test_twelve_languages_take_as_many_statements_as_one(desk: Any, django_assert_num_queries: Any) -> None:
    item = make_item(desk.project, status="approved", generated_content={"name": "Bottle"})
    for languages in (["de"], ["de", "fr", "es", "it", "pl", "nl", "pt", "sr", "ar", "cs", "hr"]):
        for code in languages:
            if not ContentItem.rows.filter(main=item, language=code).exists():
                make_language_text(item, code, status="generated", generated_content={"name": "…"})
        with django_assert_num_queries(5):
            assert set(languages) <= set(summaries.counts_by_language(desk.project, []))


def test_outdated_translations_of_the_store_are_generated_anew_by_choice_only(desk: Any) -> None:
    project = desk.project
    item = make_item(project, status="approved", generated_content={"name": "Bottle"})
    view = {"name": "Die eigene", "originals": {"name": "An older name"}}
    text = make_language_text(item, "de", view_data=view, outdated_fields=["name"])
    page = desk.owner.get(f"projects/{project.pk}/review?item={text.pk}")
    assert re.search(r"The original has changed since this translation was made:\s+Name", page)
    quote = desk.owner.send(f"projects/{project.pk}/languages/quote", {"language": "de", "selection": "stale"})
    assert "Nothing to generate. 1 skipped: the store already has a translation" in plain(quote)
    [link] = re.findall(r'href="/app/(projects/[^"]+/write\?[^"]+)"', quote)
    form = desk.owner.get(link.replace("&amp;", "&"))
    assert re.search(r'name="replace_existing"[^>]* checked', form)
    assert re.search(r'name="selection" value="stale"[^>]* checked', form)


def test_a_price_is_asked_for_a_language_that_there_is(desk: Any) -> None:
    path = f"projects/{desk.project.pk}/languages/quote"
    desk.owner.send(path, {"language": "tlh", "selection": "pending"}, 400)
    desk.owner.send(path, {"language": "de", "selection": "all"}, 400)
    Visitor(desk.cast.stranger).send(path, {"language": "de", "selection": "pending"}, 404)
