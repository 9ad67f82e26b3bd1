"""Writing: the price before anything is spent, and a job that can be followed and stopped."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from billing.models import Hold, Wallet
from projects import profiles
from projects.models import ContentItem, DataSource, GenerationItem
from scribe.models import Job
from tests.factories import make_item, make_project
from tests.helpers import run_jobs
from tests.projects.uploads import file
from tests.workbench.visiting import WISHES, Visitor


@pytest.fixture
def project(cast: Any) -> Any:
    made = make_project(cast.organization)
    for _ in range(3):
        make_item(made)
    return made


def test_the_form_is_filled_in_as_the_settings_say(cast: Any, project: Any) -> None:
    profile = profiles.create(
        organization=cast.organization, name="For Serbia", settings={"language": "sr-Latn", "tone": "luxury"}
    )
    visitor = Visitor(cast.owner)
    page = visitor.get(f"projects/{project.pk}/write")
    assert '<option value="en" selected' in page
    page = visitor.get(f"projects/{project.pk}/write?profile={profile.pk}")
    assert '<option value="sr-Latn" selected' in page
    assert '<option value="luxury" selected' in page


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_written_says_why_and_where_to_mend_it(cast: Any, project: Any) -> None:
    ContentItem.objects.all().delete()
    root, visitor = f"projects/{project.pk}", Visitor(cast.owner)

    def bring(name: str) -> None:
        data = f"SKU,Name,Regular price\nA-1,Mug,3\nA-2,{name},4\nA-3,Pot,5\n".encode()
        visitor.post(f"{root}/sources/new", {"file": file(data)})
        run_jobs()

    bring("")
    page = visitor.get(f"{root}/sources/{DataSource.objects.get().pk}")
    assert "The row has no name." in page
    assert "Add the names, then import the file again." in page
    visitor.post(f"{root}/write", WISHES)
    [job] = run_jobs()
    item = ContentItem.objects.get(external_id="A-2")
    page, why = visitor.get(f"{root}/jobs/{job.pk}"), "The item has no name. Add it in your store or file"
    link = f'href="/app/{root}/review?item={item.pk}'
    assert '<a class="state failed" href="#failures">1 failed</a>' in page
    assert f'{link}"><bdi>A-2</bdi></a> <span class="faint">{why}' in page
    page = visitor.get(f"{root}/items?readiness=needs_text")
    assert link in page
    assert why in page
    assert why in visitor.get(f"{root}/review?item={item.pk}")

    bring("Jug")
    visitor.post(f"{root}/write", WISHES)
    run_jobs()
    item.refresh_from_db()
    assert item.status == "generated"
    assert why not in visitor.get(f"{root}/items")


def test_the_price_is_said_before_anything_is_spent(cast: Any, project: Any) -> None:
    visitor = Visitor(cast.owner)
    page = visitor.send(f"projects/{project.pk}/write/quote", WISHES)
    assert "At most" in page
    assert "built-in text generator" in page
    assert not Job.objects.filter(project=project).exists()
    assert "Select a valid choice" in visitor.send(f"projects/{project.pk}/write/quote", {**WISHES, "language": "xx"})
    nothing = visitor.send(f"projects/{project.pk}/write/quote", {**WISHES, "selection": "rejected"})
    assert "Nothing to generate." in nothing


def test_without_a_field_nothing_is_written(cast: Any, project: Any) -> None:
    """Every text was replaced by none, those that were approved as well."""
    visitor = Visitor(cast.owner)
    wishes = {**WISHES, "selection": "all", "fields_wanted": []}
    assert "Choose at least one field to write." in visitor.send(f"projects/{project.pk}/write/quote", wishes)
    assert "Choose at least one field to write." in visitor.post(f"projects/{project.pk}/write", wishes, 422)
    assert not Job.objects.filter(project=project).exists()


def test_what_cannot_be_afforded_is_told(cast: Any, project: Any, settings: Any) -> None:
    settings.ANTHROPIC_API_KEY = "sk-test"
    cast.organization.wallet.subscription_balance = 0
    cast.organization.wallet.save()
    visitor = Visitor(cast.owner)
    dear = {**WISHES, "ai_provider": "anthropic"}
    assert "You don't have enough XCT." in visitor.send(f"projects/{project.pk}/write/quote", dear)
    page = visitor.post(f"projects/{project.pk}/write", dear, 402)
    assert "Not enough XCT" in page
    assert "/app/billing" in page
    assert not Hold.objects.filter(organization=cast.organization).exists()


def price_in(page: str) -> str:
    """The price that the page sends along with the form."""
    found = re.search(r'name="max_xct" value="([0-9.]+)"', page)
    assert found is not None, page
    return found.group(1)


def test_a_price_that_rose_since_it_was_said_starts_nothing(cast: Any, project: Any, settings: Any) -> None:
    settings.ANTHROPIC_API_KEY = "sk-test"
    visitor = Visitor(cast.owner)
    wishes = {**WISHES, "ai_provider": "anthropic"}
    wishes["max_xct"] = price_in(visitor.send(f"projects/{project.pk}/write/quote", wishes))
    Wallet.objects.filter(organization=cast.organization).update(token_rate_multiplier=2)
    page = visitor.post(f"projects/{project.pk}/write", wishes, 409)
    assert "The price has changed" in page
    assert not Job.objects.filter(project=project).exists()
    assert visitor.post(f"projects/{project.pk}/write", {**wishes, "max_xct": "much"}, 409)
    Wallet.objects.filter(organization=cast.organization).update(token_rate_multiplier=1)
    visitor.post(f"projects/{project.pk}/write", wishes)
    assert Hold.objects.get(organization=cast.organization).amount == Decimal(wishes["max_xct"])


def test_an_item_says_its_price_and_that_of_writing_it_anew(cast: Any, project: Any, settings: Any) -> None:
    settings.ANTHROPIC_API_KEY = "sk-test"
    item = ContentItem.objects.filter(project=project).first()
    assert item is not None
    item.generation_metadata = {
        "xct_used": "1.2500",
        "settings": {"provider": "anthropic", "model": "claude-haiku-5-5"},
    }
    item.generated_content, item.status = {"name": "Socks"}, ContentItem.Status.GENERATED
    item.save()
    item.refresh_from_db()
    visitor = Visitor(cast.owner)
    assert "1.25 XCT" in visitor.part(f"projects/{project.pk}/items/{item.pk}")
    path = f"projects/{project.pk}/items/{item.pk}/regeneration"
    said = price_in(visitor.part(path))
    visitor.post(path, {"version": item.version, "hint": "Shorter, please", "max_xct": said})
    assert Hold.objects.get(organization=cast.organization).amount <= Decimal(said)


@pytest.mark.usefixtures("committed")  # the engine writes from a connection of its own
def test_items_are_written_as_wished(cast: Any, project: Any) -> None:
    visitor = Visitor(cast.owner)
    visitor.post(f"projects/{project.pk}/write", WISHES)
    job_page = visitor.last["Location"]
    assert "0 of 3 done." in visitor.get(job_page)
    run_jobs()
    page = visitor.get(job_page)
    assert "3 of 3 done." in page
    assert "data-events" not in page
    item = ContentItem.objects.filter(project=project).first()
    assert item is not None
    assert set(item.generated_content) == {"name", "short_description"}
    assert item.generation_metadata["settings"]["language"] == "de"


def test_marked_items_alone_are_written(cast: Any, project: Any) -> None:
    visitor = Visitor(cast.owner)
    marked = ContentItem.objects.filter(project=project).first()
    assert marked is not None
    page = visitor.get(f"projects/{project.pk}/write?item={marked.pk}")
    assert "Selected items" in page
    visitor.post(f"projects/{project.pk}/write", {**WISHES, "selection": "named", "item": str(marked.pk)})
    job = Job.objects.get(project=project)
    assert [row.item_id for row in job.generation_items.all()] == [marked.pk]


def test_a_second_start_says_that_the_project_is_busy(cast: Any, project: Any) -> None:
    visitor = Visitor(cast.owner)
    visitor.post(f"projects/{project.pk}/write", WISHES)
    assert "Something is still running in this project" in visitor.post(f"projects/{project.pk}/write", WISHES, 409)


def test_a_job_is_stopped(cast: Any, project: Any) -> None:
    visitor = Visitor(cast.owner)
    visitor.post(f"projects/{project.pk}/write", WISHES)
    job = Job.objects.get(project=project)
    visitor.post(f"projects/{project.pk}/jobs/{job.pk}/cancellation")
    page = visitor.get(visitor.last["Location"])
    assert "Cancelled" in page
    assert "Review the texts" not in page  # there are none
    visitor.post(f"projects/{project.pk}/jobs/{job.pk}/cancellation")  # again changes nothing


def test_the_progress_is_a_part_that_takes_the_stream_away_at_the_end(desk: Any) -> None:
    first = desk.job.generation_items.first()
    GenerationItem.objects.filter(pk=first.pk).update(state=GenerationItem.State.DONE, outcome="generated")
    page = desk.owner.part(f"projects/{desk.project.pk}/jobs/{desk.job.pk}/progress")
    assert desk.owner.last["HX-Retarget"] == "#job"
    assert "Review the texts" in page


def test_the_stream_is_open_to_the_cookie_below_the_pages_alone(desk: Any) -> None:
    url = f"projects/{desk.project.pk}/jobs/{desk.job.pk}/events"
    text = desk.owner.get(url)
    assert desk.owner.last["Content-Type"] == "text/event-stream"
    assert "event: cancelled" in text
    numbered = desk.owner.client.get(f"/app/{url}", headers={"Last-Event-ID": "100000"})
    assert numbered.status_code == 204  # nothing follows: the browser stops asking
    assert desk.owner.client.get(f"/api/v1/jobs/{desk.job.pk}/stream").status_code == 401


@pytest.mark.thorough
@pytest.mark.usefixtures("committed")
def test_further_languages_are_ticked_and_priced_one_by_one(cast: Any, project: Any) -> None:
    project.settings = {"languages": ["sr", "ar"]}
    project.save()
    visitor = Visitor(cast.owner)
    page = visitor.get(f"projects/{project.pk}/write")
    ticks = page[page.index("Additional languages") :]
    assert ticks.index('value="ar"') < ticks.index('value="de"')  # the project's own come first
    wishes = {**WISHES, "language": "en", "further": ["sr", "ar"]}
    quote = visitor.send(f"projects/{project.pk}/write/quote", wishes)
    assert "<dt>sr</dt>" in quote
    assert "<dt>ar</dt>" in quote
    visitor.post(f"projects/{project.pk}/write", wishes, 302)
    run_jobs()
    assert sorted(ContentItem.rows.exclude(language="").values_list("language", flat=True)) == ["ar"] * 3 + ["sr"] * 3
    assert set(ContentItem.objects.values_list("status", flat=True)) == {"pending"}
    review = visitor.get(f"projects/{project.pk}/review?language=sr")
    first = ContentItem.rows.filter(language="sr", status__in=("flagged", "generated")).first()
    assert first
    assert f'data-item="{first.pk}"' in review
    assert '<option value="sr" selected>' in review
    assert "data-place" not in visitor.get(f"projects/{project.pk}/review")  # nothing waits in the main language


def test_the_language_of_the_items_texts_is_none_of_the_further_ones(cast: Any, project: Any) -> None:
    noted = {"settings": {"language": "fr"}}
    texts = {"generated_content": {"name": "Gourde"}, "generation_metadata": noted, "confidence_score": 90}
    ContentItem.objects.filter(project=project).update(status="approved", **texts)
    visitor = Visitor(cast.owner)
    page = visitor.get(f"projects/{project.pk}/write")
    ticks = page[page.index("Additional languages") :]
    assert 'value="en"' in ticks
    assert 'value="fr"' not in ticks
    wishes = {**WISHES, "selection": "all", "language": "en", "further": ["en"]}
    visitor.post(f"projects/{project.pk}/write", wishes, 302)
    rows = Job.objects.get(project=project).generation_items.values_list("item__language", flat=True)
    assert list(rows) == ["en"] * 3
    assert set(ContentItem.objects.values_list("status", flat=True)) == {"approved"}
    wishes["further"] = ["fr"]
    assert "Select a valid choice" in visitor.send(f"projects/{project.pk}/write/quote", wishes)
    visitor.post(f"projects/{project.pk}/write", wishes, 422)


def test_nothing_to_write_says_so_and_starts_nothing(cast: Any, project: Any) -> None:
    visitor, root = Visitor(cast.owner), f"projects/{project.pk}/write"
    make_item(project, excluded_at=timezone.now())
    for chosen in ("stale", "rejected"):
        wishes = {**WISHES, "selection": chosen}
        assert "excluded" not in visitor.send(f"{root}/quote", wishes), "it counted items that were not asked for"
        assert "Nothing to generate." in visitor.post(root, wishes, 422)
    assert not Job.objects.exists()


def test_the_price_says_how_further_texts_are_made(cast: Any, project: Any, settings: Any) -> None:
    """Without a model nothing is translated: unapproved items get texts from their data."""
    visitor, root = Visitor(cast.owner), f"projects/{project.pk}/write/quote"
    page = visitor.send(root, {**WISHES, "further": ["de"]})
    assert "written from the product data" in page
    assert "translated" not in page
    settings.ANTHROPIC_API_KEY = "sk-test"
    page = visitor.send(root, {**WISHES, "further": ["de"], "ai_provider": "anthropic"})
    assert "Nothing to generate." in page
    assert "de: 3 skipped: the main-language text is not approved" in page
    assert "excluded" not in page
