"""A search in lists of items: what it finds, and what it reads to find it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from projects import items, project_export, removal
from projects.models import ContentItem, ItemWords
from scribe import statements
from scribe.ids import uuid7
from tests.factories import make_item, make_language_text, make_project

pytestmark = pytest.mark.django_db

SYLLABLES = ("soc", "ks", "Wolle ", "50%", "_", "\\", "ß", "Ćup ", "12", "'", '"', "ÉT", "é")


@pytest.fixture
def project(cast: Any) -> Any:
    return make_project(cast.organization)


def by_their_json(rows: QuerySet[ContentItem], search: str) -> set[Any]:
    """What a search means, by the items themselves."""
    wanted = (
        Q(source_data__name__icontains=search)
        | Q(view_data__name__icontains=search)
        | Q(generated_content__name__icontains=search)
        | Q(source_data__sku__icontains=search)
        | Q(external_id__icontains=search)
    )
    return set(rows.filter(wanted).values_list("pk", flat=True))


@pytest.mark.parametrize("few", [0, 1000])
def test_a_search_finds_what_has_the_text_in_a_name_the_sku_or_the_id(
    project: Any, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(project_export, "FEW", few)
    draw = random.Random(few)

    def word() -> str:
        return "".join(draw.choices(SYLLABLES, k=draw.randint(1, 5)))

    for _ in range(40):
        item = make_item(project, source_data={"name": word(), "sku": word()}, external_id=word())
        if draw.random() < 0.5:
            ContentItem.objects.filter(pk=item.pk).update(generated_content={"name": word()})
        if draw.random() < 0.3:
            make_language_text(item, "de", view_data={"name": word()}, generated_content={"name": word()})
    make_item(make_project(project.organization), source_data={"name": "socks"})
    for search in [*SYLLABLES, *(word() for _ in range(40)), "nothing of all"]:
        for language in ("", "de"):
            found = items.filter_items(project=project, search=search, language=language)
            rows = ContentItem.rows.filter(project=project, language=language)
            assert set(found.values_list("pk", flat=True)) == by_their_json(rows, search), (search, language)


def test_a_search_follows_every_change_of_an_item(project: Any, cast: Any) -> None:
    def found(search: str, language: str = "") -> list[Any]:
        return [item.pk for item in items.filter_items(project=project, search=search, language=language)]

    first, second = (
        ContentItem(id=uuid7(), organization=cast.organization, project=project, source_data={"name": name})
        for name in ("Old kettle", "Old pan")
    )
    statements.insert([first, second])
    assert found("OLD") == [first.pk, second.pk]
    statements.upsert(
        [ContentItem(id=first.pk, organization=cast.organization, project=project, source_data={"name": "New kettle"})],
        unique="id",
        update=["source_data"],
    )
    assert (found("old"), found("new kettle")) == ([second.pk], [first.pk])
    first.refresh_from_db()
    text = make_language_text(first, "de")
    assert found("new", "de") == [text.pk]
    first.source_data = {"name": "Samovar"}  # which its text in German follows
    first.save()
    assert (found("new"), found("samovar"), found("samovar", "de")) == ([], [first.pk], [text.pk])
    ContentItem.rows.filter(pk=text.pk).update(generated_content={"name": "Wasserkocher"})
    assert (found("wasser", "de"), found("wasser")) == ([text.pk], [])
    ContentItem.rows.filter(pk=text.pk).delete()
    of_project = ItemWords.objects.filter(project_id=project.pk)
    assert set(of_project.values_list("item_id", flat=True)) == {first.pk, second.pk}
    removal.items(ContentItem.objects.filter(project=project))
    assert not of_project.exists()


def test_a_search_without_a_hit_reads_no_item(api: Any, cast: Any, project: Any) -> None:
    """What 60,000 items say in JSON takes a quarter of a second to read, and their words a hundredth."""
    for _ in range(3):
        make_item(project)
    me = api.as_(cast.teammate)
    for path in ("items?search=zzqx&limit=20", "items?search=zzqx&limit=20&order=name", "items/next?search=zzqx"):
        with CaptureQueriesContext(connection) as seen:
            me.get(f"projects/{project.pk}/{path}")
        sent = [str(query["sql"]) for query in seen.captured_queries]
        assert sum("projects_itemwords" in sql for sql in sent) == 1, sent
        assert not any('FROM "projects_contentitem"' in sql for sql in sent), sent


def test_the_hits_of_a_search_alone_are_counted_by_their_words(
    api: Any, cast: Any, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What many items say in JSON takes longer to read for their count than for the whole page."""
    monkeypatch.setattr(project_export, "FEW", 2)
    for name in ("Red sock", "Blue sock", "Green SOCK", "Shoe"):
        make_language_text(make_item(project, source_data={"name": name}), "de", generated_content={"name": "Socke"})
    me = api.as_(cast.teammate)
    for query, total, of_words in (
        ("search=sock", 3, True),
        ("search=sock&offset=1", 3, True),
        ("search=sock&language=de", 4, True),
        ("search=sock&status=pending", 3, False),
        ("search=sock&item_type=product", 3, False),
        ("search=", 4, False),
    ):
        with CaptureQueriesContext(connection) as seen:
            me.get(f"projects/{project.pk}/items?{query}&limit=1")
        assert me.last["X-Total-Count"] == str(total), query
        (counted,) = (str(sent["sql"]) for sent in seen.captured_queries if "COUNT(*)" in str(sent["sql"]))
        assert ('FROM "projects_itemwords"' in counted) == of_words, query
        assert ('"projects_contentitem"' in counted) != of_words, query


def test_a_page_that_is_not_full_is_not_counted(api: Any, cast: Any, project: Any) -> None:
    for _ in range(3):
        make_item(project)
    me = api.as_(cast.teammate)
    for query, total, counts in (
        ("limit=4", 3, 0),
        ("limit=3", 3, 1),
        ("limit=2&offset=2", 3, 0),
        ("limit=2&offset=9", 3, 1),
        ("limit=2&offset=0", 3, 1),
    ):
        with CaptureQueriesContext(connection) as seen:
            me.get(f"projects/{project.pk}/items?{query}")
        assert me.last["X-Total-Count"] == str(total), query
        assert sum("COUNT(*)" in str(sent["sql"]) for sent in seen.captured_queries) == counts, query
