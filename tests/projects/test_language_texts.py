"""Texts in further languages beside their items: they are nobody's second item, follow their item, and go with it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.fields.json import HasAnyKeys
from django.test.utils import CaptureQueriesContext

from projects import items, languages, lifecycle, staleness, tasks
from projects.models import ContentItem, DataSource, ItemVersion, StoreText
from projects.models.expressions import OriginalKeys
from projects.sync import comparison
from scribe import jobs
from tests.factories import make_item, make_language_text, make_plugin_key, make_project
from tests.helpers import drop_indexes_but
from tests.scribe.routes import ROUTES, ids_for, send
from tests.scribe.worlds import world_of

CODES = ("fr", "sr", "ar")
#: Operations that list, count or hand out items, and must be in the walk.
COUNTING = (
    "GET projects",
    "GET projects/{}",
    "GET projects/{}/items",
    "GET projects/{}/items/next",
    "GET projects/{}/export",
    "GET projects/{}/sources",
)


@pytest.fixture
def project(cast: Any) -> Any:
    return make_project(cast.organization, settings={"language": "de"})


@pytest.fixture
def me(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def spoken(item: ContentItem, *codes: str, **fields: Any) -> list[ContentItem]:
    given = {"status": "approved", "generated_content": {"name": "Gourde"}, "confidence_score": 0.8, **fields}
    return [make_language_text(item, code, **given) for code in codes]


def told(response: Any) -> Any:
    """The body, without what differs from call to call and without the languages that an item names."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return cleaned(json.loads(body)) if "json" in response.headers.get("Content-Type", "") else body


def cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: cleaned(one) for key, one in value.items() if key not in ("languages", "request_id")}
    return [cleaned(one) for one in value] if isinstance(value, list) else value


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.django_db
def test_no_operation_takes_a_language_text_for_an_item(cast: Any) -> None:
    world = world_of(cast.owner, cast.teammate)
    project, key = world["project_id"], make_plugin_key(cast.organization)
    for status in ("approved", "generated", "flagged", "pending"):
        make_item(project, status=status, generated_content={"name": "Flasche"}, confidence_score=0.7)

    def answers() -> dict[str, tuple[int, Any]]:
        found = {}
        for route in ROUTES:
            if route.method != "get" or route.public or route.for_staff or route.path.endswith("/stream"):
                continue
            url = route.url(ids_for(route, world, cast.organization))
            headers = {"X-API-Key": key} if route.by_key else {}
            response = send(route, url, None if route.by_key else cast.owner, headers=headers)
            found[route.operation] = (response.status_code, told(response))
        return found

    before, again = answers(), answers()
    for item in list(ContentItem.objects.filter(project=project)):
        spoken(item, *CODES, status=item.status if item.status != "pending" else "generated")
    after = answers()
    steady = [name for name in before if before[name] == again[name]]
    assert not {name: (before[name], again[name]) for name in COUNTING if name not in steady}
    for name in steady:
        assert after[name] == before[name], name


@pytest.mark.django_db
def test_whatever_chooses_items_leaves_language_texts_out(project: Any) -> None:
    item = make_item(project, status="generated", generated_content={"name": "Flasche"})
    texts = spoken(item, *CODES)
    assert list(items.filter_items(project=project)) == [item]
    assert list(items.filter_items(project=project, language="sr")) == [texts[1]]
    assert list(project.items.all()) == [item]
    assert list(comparison.items_of(project.pk)) == [item]
    lifecycle.refresh_status(project.pk)
    project.refresh_from_db()
    assert project.status == "active"  # the texts are approved, the item is not
    ContentItem.objects.filter(pk=item.pk).update(status="approved")
    ContentItem.rows.filter(pk=texts[0].pk).update(status="flagged")
    lifecycle.refresh_status(project.pk)
    project.refresh_from_db()
    assert project.status == "completed"


@pytest.mark.django_db
def test_a_language_text_belongs_to_one_item_once(project: Any) -> None:
    item = make_item(project)
    spoken(item, "fr")
    for wrong in (
        lambda: spoken(item, "fr"),
        lambda: make_item(project, language="fr"),
        lambda: ContentItem.rows.create(
            main=item, language="", organization_id=item.organization_id, project=project, external_id="x"
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


@pytest.mark.django_db
def test_facts_and_exclusion_follow_the_item_and_its_end_is_theirs(me: Any, project: Any) -> None:
    source = DataSource.objects.create(organization=project.organization, project=project, type="manual", name="x")
    item, other = make_item(project, data_source=source), make_item(project)
    texts, others = spoken(item, *CODES), spoken(other, "fr")
    version = texts[0].version
    ContentItem.objects.bulk_update(
        [ContentItem(pk=item.pk, source_data={"name": "New"}, source_hash="n")], ["source_data", "source_hash"]
    )
    me.post(f"projects/{project.pk}/items/exclude", {"item_ids": [str(item.pk)]})
    for text in texts:
        text.refresh_from_db()
        assert (text.source_data, text.source_hash, bool(text.excluded_at)) == ({"name": "New"}, "n", True)
    others[0].refresh_from_db()
    assert others[0].source_data == other.source_data
    assert not others[0].excluded_at
    assert texts[0].version > version
    me.post(f"projects/{project.pk}/items/restore", {"item_ids": [str(item.pk)]})
    assert ContentItem.rows.filter(main=item, excluded_at=None).count() == len(CODES)
    me.post(f"projects/{project.pk}/items/exclude", {"item_ids": [str(texts[0].pk)]}, 404)
    me.delete(f"projects/{project.pk}/sources/{source.pk}")
    assert set(ContentItem.rows.filter(project=project)) == {other, *others}
    me.post(f"projects/{project.pk}/truncate", {})
    assert not ContentItem.rows.filter(project=project).exists()


@pytest.mark.django_db
def test_lists_and_replies_name_the_languages(me: Any, project: Any) -> None:
    made = [make_item(project, status="generated", confidence_score=0.5) for _ in range(3)]
    texts = [spoken(item, *CODES, status="generated", outdated_fields=["name"])[0] for item in made]
    path = f"projects/{project.pk}/items"
    listed = me.get(path)
    assert [row["id"] for row in listed] == [str(item.pk) for item in made]
    assert listed[0]["language"] == ""
    assert listed[0]["main_item_id"] is None
    expected = {"item_id": str(texts[0].pk), "status": "generated", "outdated_fields": ["name"], "origin": "ours"}
    assert listed[0]["languages"]["fr"] == expected
    assert set(listed[0]["languages"]) == set(CODES)
    assert me.get(f"{path}/{made[0].pk}")["languages"] == listed[0]["languages"]
    french = me.get(path, language="fr")
    assert [(row["id"], row["language"], row["main_item_id"]) for row in french] == [
        (str(text.pk), "fr", str(item.pk)) for text, item in zip(texts, made, strict=True)
    ]
    assert french[0]["languages"] == {}
    assert me.get(path, language="de") == listed  # the project's main language
    assert me.get(path, language="pl") == []
    me.get(path, 400, language="klingon")
    found = me.get(f"{path}/next", language="fr")
    assert found["item"]["language"] == "fr"
    assert found["remaining"] == 3
    assert me.get(f"{path}/next", language="fr", after=str(texts[0].pk))["item"]["id"] == str(texts[1].pk)


@pytest.mark.django_db
def test_replies_and_the_memory_take_as_many_statements_for_many_languages(me: Any, project: Any) -> None:
    def statements(call: Any) -> int:
        with CaptureQueriesContext(connection) as caught:
            call()
        return len(caught)

    item = make_item(project, status="generated", confidence_score=0.5)
    path = f"projects/{project.pk}/items"
    me.get(path)
    calls = (lambda: me.get(path), lambda: me.get(f"{path}/{item.pk}"), lambda: staleness.follow([item.pk]))
    spoken(item, "fr", made_from={"name": "x"}, outdated_fields=["name"])
    few = [statements(call) for call in calls]
    spoken(item, "sr", "ar", "es", "pl", made_from={"name": "x"}, outdated_fields=["name"])
    for _ in range(3):
        spoken(make_item(project), *CODES)
    assert [statements(call) for call in calls] == few


@pytest.mark.django_db
def test_the_memory_is_looked_up_in_its_index(project: Any) -> None:
    drop_indexes_but("projects_contentitem", "language_text_by_original", "item_once_per_language")
    rows = ContentItem.rows.filter(language="fr").alias(noted=OriginalKeys())
    assert "language_text_by_original" in rows.filter(HasAnyKeys(OriginalKeys(), ["a"])).order_by().explain()


@pytest.mark.django_db
def test_a_language_text_is_read_reviewed_and_commented_like_an_item(me: Any, project: Any) -> None:
    item = make_item(project, status="approved", generated_content={"name": "Flasche", "tags": ["a"]})
    text = make_language_text(
        item,
        "fr",
        status="generated",
        generated_content={"name": "Gourde"},
        made_from={"name": "Flasche", "tags": ["a"]},
    )
    path = f"projects/{project.pk}/items/{text.pk}"
    edited = me.patch(path, {"generated_content": {"name": "Gourde verte"}})
    assert edited["generation_metadata"]["settings"]["language"] == "fr"
    assert edited["outdated_fields"] == []
    me.patch(path, {"status": "approved"})
    assert me.get(path)["status"] == "approved"
    assert len(me.get(f"{path}/versions")) == 1
    me.post(f"{path}/comments", {"text": "Très bien"}, 201)
    batch = me.patch(
        f"projects/{project.pk}/items/batch", {"item_ids": [str(text.pk), str(item.pk)], "status": "rejected"}
    )
    assert {row["id"] for row in batch} == {str(text.pk), str(item.pk)}


@pytest.mark.django_db
def test_a_translation_is_outdated_field_by_field_once_its_source_moves(me: Any, project: Any) -> None:
    content = {"name": "Flasche", "description": "<p>Aus Stahl.</p>", "seo": {"title": "Flasche"}}
    item, other = (make_item(project, status="approved", generated_content=content) for _ in range(2))
    noted = staleness.sources([item.pk])[item.pk, ""].texts
    french, serbian = (
        make_language_text(
            item, code, generated_content=content, made_from=noted, generation_metadata={"way": "translation"}
        )
        for code in ("fr", "sr")
    )
    latin = make_language_text(
        item, "sr-Latn", generated_content=content, made_from=noted, generation_metadata={"way": "letters"}
    )
    untouched = make_language_text(other, "fr", generated_content=content, made_from=noted)

    def outdated() -> list[list[str]]:
        rows = (french, serbian, latin, untouched)
        return [ContentItem.rows.get(pk=row.pk).outdated_fields for row in rows]

    path = f"projects/{project.pk}/items/{item.pk}"
    me.patch(path, {"generated_content": {"seo": {"title": "Neu"}}})
    assert outdated() == [["seo.title"], ["seo.title"], [], []]
    me.patch(f"projects/{project.pk}/items/{serbian.pk}", {"generated_content": {"name": "Флаша"}})
    assert outdated() == [["seo.title"], ["seo.title"], ["name"], []]
    me.patch(path, {"generated_content": {"seo": {"title": "Flasche"}}})
    assert outdated() == [[], [], ["name"], []]
    me.patch(path, {"decisions": {"description": "kept"}})
    assert outdated() == [["description"], ["description"], ["name"], []]
    versions = me.get(f"{path}/versions")
    me.post(f"{path}/versions/{versions[0]['id']}/restore")
    assert outdated()[0] == ["description", "seo.title"]
    assert me.get(path)["languages"]["fr"]["outdated_fields"] == ["description", "seo.title"]


@pytest.mark.django_db
def test_a_language_text_is_compared_with_its_original_or_the_shops_translation(me: Any, project: Any) -> None:
    item = make_item(project, generated_content={"name": "Flasche", "description": "<p>Leicht.</p>"})
    words = {"name": "Gourde", "description": "<p>Légère.</p>", "bullet_points": ["Légère"]}
    made_from = {"name": "Flasche", "bullet_points": ["Leicht"]}
    path = f"projects/{project.pk}/items"

    def compared(text: ContentItem) -> dict[str, tuple[str, str]]:
        told = me.get(f"{path}/{text.pk}/diff")["differences"]
        return {row["field"]: (row["store"], row["compared_with"]) for row in told}

    [translated] = spoken(item, "fr", generated_content=words, made_from=made_from)
    assert compared(translated) == {
        "name": ("Flasche", "original"),
        "description": ("", ""),
        "bullet_points": ("Leicht", "original"),
    }
    held = {"name": "Bidon", "description": ""}
    StoreText.objects.create(organization_id=item.organization_id, item=translated, held=held)
    assert compared(translated)["name"] == ("Bidon", "store")
    assert compared(translated)["description"] == ("", "")
    [unnoted] = spoken(item, "es", generated_content=words)  # made_from was never noted: the present original
    assert compared(unnoted)["description"] == ("<p>Leicht.</p>", "original")
    facts = {"name": item.source_data["name"]}
    [native] = spoken(item, "pl", generated_content=words, made_from=facts, generation_metadata={"way": "native"})
    assert set(compared(native).values()) == {("", "")}
    assert compared(item)["name"] == (item.source_data["name"], "store")


def test_the_further_languages_are_kept_once_by_our_codes(me: Any, project: Any) -> None:
    path = f"projects/{project.pk}"
    sent = ["fr", "FR", "fr_FR", "zh_Hant_TW", "en", "de"]
    kept = me.patch(path, {"settings": {"language": "en", "languages": sent}})["settings"]
    assert kept == {"language": "en", "languages": ["fr", "zh-TW", "de"]}
    assert me.patch(path, {"settings_overrides": {"languages": ["en", "sr_Latn_RS"]}})["settings_overrides"] == {
        "languages": ["sr-Latn"]
    }
    assert me.patch(path, {"settings": {"languages": None}})["settings"] == {}
    for wrong, code in (([None], "invalid_languages"), (["xx"], "unknown_language"), ("fr", "invalid_languages")):
        refused = me.patch(path, {"settings": {"languages": wrong}}, 400)
        assert (refused["errors"][0]["pointer"], refused["errors"][0]["code"]) == ("#/settings/languages", code)


def test_a_text_in_a_further_language_is_deleted_with_its_history(me: Any, api: Any, cast: Any, project: Any) -> None:
    item = make_item(project, status="approved", generated_content={"name": "Bottle"})
    text = make_language_text(item, "fr", status="approved", generated_content={"name": "Gourde"})
    path = f"projects/{project.pk}/items"
    me.patch(f"{path}/{text.pk}", {"generated_content": {"name": "Bouteille"}})
    assert ItemVersion.objects.filter(item=text).exists()
    assert me.delete(f"{path}/{item.pk}", 409)["code"] == "main_item"
    api.as_(cast.stranger).delete(f"{path}/{text.pk}", 404)
    job = jobs.create(job_type="generation", organization=project.organization, project=project, created_by=None)
    assert me.delete(f"{path}/{text.pk}", 409)["code"] == "job_active"
    jobs.cancel(job)
    me.delete(f"{path}/{text.pk}", 204)
    me.get(f"{path}/{text.pk}", 404)
    assert me.get(f"{path}/{item.pk}")["languages"] == {}
    assert not ItemVersion.objects.exists()


def test_a_cancelled_job_leaves_no_empty_texts(me: Any, project: Any) -> None:
    items = [make_item(project, status="approved", generated_content={"name": f"Bottle {n}"}) for n in range(3)]
    held = make_language_text(items[0], "fr", status="pending", metadata={"shelf": "7"})
    answer = me.post(f"projects/{project.pk}/generate", {"languages": ["fr", "es"]}, 202)
    assert ContentItem.rows.exclude(language="").count() == 6
    me.post(f"jobs/{answer['job_id']}/cancel", {}, 200)
    assert [row.pk for row in ContentItem.rows.exclude(language="")] == [held.pk]


def test_many_empty_texts_are_deleted_after_a_job_was_cancelled_but_for_those_that_another_is_to_write(
    me: Any, project: Any, monkeypatch: Any
) -> None:
    """Their deletion took a minute in which the job's row was locked, and its workers and helpers waited."""
    monkeypatch.setattr(languages, "DROPPED_AT_ONCE", 2)
    items = [make_item(project, status="approved", generated_content={"name": f"Bottle {n}"}) for n in range(5)]
    job_id = me.post(f"projects/{project.pk}/generate", {"languages": ["fr"]}, 202)["job_id"]
    me.post(f"jobs/{job_id}/cancel", {}, 200)
    left = ContentItem.rows.filter(language="fr")
    assert left.count() == 3
    again = left.order_by("pk")[0].main_id
    assert again in {item.pk for item in items}
    me.post(f"projects/{project.pk}/generate", {"languages": ["fr"], "item_ids": [str(again)]}, 202)
    tasks.drop_unwritten(job_id)
    assert [text.main_id for text in left] == [again]
