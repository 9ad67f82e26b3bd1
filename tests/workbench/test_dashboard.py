"""How the merchant sees where the texts stand: the first page, a project's, the list of items and one item."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import StoreConnection
from projects.models import ContentItem, Drift, Project, StoreText
from projects.readiness import Readiness
from scribe.models import Job
from tests.factories import make_item, make_project, make_user, make_woocommerce_connection
from tests.projects.states import claiming, clash
from tests.workbench.conftest import write
from tests.workbench.visiting import Visitor

pytestmark = pytest.mark.django_db

TEXT = {"name": "Bottle"}
#: An item of each state, by the fields that make it.
STATES: dict[str, dict[str, Any]] = {
    "conflict": {"status": "approved"},
    "not_in_store": {"status": "approved"},
    "needs_facts": claiming("name", confidence_score=0.3),
    "needs_decision": {"status": "generated", "confidence_score": 0.9},
    "ready": {"status": "approved", "confidence_score": 0.95},
    "needs_text": {"status": "pending"},
    "in_store": {"status": "synced", "confidence_score": 1.0},
}
STEPS = {
    "conflict": "store/conflicts",
    "not_in_store": "bulk?readiness=not_in_store&amp;action=exclude",
    "needs_facts": "review?readiness=needs_facts",
    "needs_decision": "review?readiness=needs_decision",
    "ready": "store",
    "needs_text": "write",
}
REVIEWED = {"needs_facts", "needs_decision"}


def fill(project: Project, *, only: str = "") -> dict[str, ContentItem]:
    """An item in each state, or in the one that is named."""
    made = {}
    for state, fields in STATES.items():
        if only in ("", state):
            content = {} if state == "needs_text" else dict(TEXT)
            made[state] = make_item(project, generated_content=content, **fields)
            if state == "conflict":
                clash(made[state])
            if state == "not_in_store":
                Drift.objects.create(
                    organization_id=project.organization_id,
                    item=made[state],
                    gone=True,
                    found_at="2026-01-01T00:00:00Z",
                )
    return made


@pytest.fixture
def shop(cast: Any) -> StoreConnection:
    return make_woocommerce_connection(cast.organization, "https://shop.example")


@pytest.fixture
def project(cast: Any, shop: Any) -> Any:
    return make_project(cast.organization, store_connection=shop, name="Alpine")


def rows(page: str) -> dict[str, tuple[str, list[str]]]:
    """By state: its number, and the addresses below the organization's pages that its row, or tile, leads to."""
    found = {}
    for state, row in re.findall(r'<(?:tr|li) data-readiness="(\w+)"[^>]*>(.*?)</(?:tr|li)>', page, re.S):
        number = re.search(r'class="number">([\d,]+)<', row)
        assert number
        found[state] = (number[1], re.findall(r'href="/app/projects/[^/]+/([^"]+)"', row))
    return found


def main_deed(page: str) -> str:
    """The one button of an item's toolbar that stands out, as its tag."""
    toolbar = page.partition('role="toolbar"')[2].partition("</header>")[0]
    found = re.findall(
        r"<(?:a|button|summary) class=\"(?:button next|button small|small)\"[^>]*>",
        toolbar.partition("<form class")[0],
    )
    assert len(found) < 2, found
    return found[0] if found else ""


def main_step(page: str) -> tuple[str, str] | None:
    found = re.search(r'<a class="button" href="/app/projects/[^/]+/([^"]+)">([^<]+)</a>', page)
    return (found[2], unescape(found[1])) if found else None


@pytest.mark.parametrize("where", ["", "projects/{}"])
def test_each_state_has_its_number_its_items_and_its_step(cast: Any, project: Any, where: str) -> None:
    fill(project)
    make_item(project, status="approved", excluded_at="2026-01-01T00:00:00Z")
    page = Visitor(cast.owner).get(where.format(project.pk))
    found = rows(page)
    assert list(found) == [str(state) for state in Readiness]
    for state, (number, links) in found.items():
        assert number == "1"
        assert links == [f"items?readiness={state}", *([STEPS[state]] if state in STEPS else [])]
    text = re.sub(r"<[^>]+>|\s+", " ", page)
    assert re.search(r"Texts +7 +Generated +6 +86 % +Approved +4 +57 % +Sent to store +1 +14 %", text)


def test_the_first_page_sums_what_its_reader_sees_and_no_test_work(cast: Any, project: Any) -> None:
    fill(project)
    other = make_project(cast.organization, name="Winter")
    fill(other)
    fill(other, only="needs_facts")
    fill(make_project(cast.stranger.organization))
    fill(make_project(cast.organization, is_test=True))
    trashed = make_project(cast.organization, deleted_at="2026-01-01T00:00:00Z")
    fill(trashed)
    page = Visitor(cast.owner).get("")
    assert {state: number for state, (number, _links) in rows(page).items()} == {
        "conflict": "2",
        "not_in_store": "2",
        "needs_facts": "3",
        "needs_decision": "2",
        "ready": "2",
        "needs_text": "2",
        "in_store": "2",
    }
    assert "Most in <bdi>Winter</bdi>." in page
    assert f"/app/projects/{other.pk}/items?readiness=needs_facts" in page
    limited = make_user(cast.organization, role="member", project_ids=[project.pk])
    mine = Visitor(limited).get("")
    assert {number for number, _links in rows(mine).values()} == {"1"}
    assert "Winter" not in mine


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("admin", set(STEPS)),
        ("member", set(STEPS)),
        ("reviewer", REVIEWED),
        ("translator", REVIEWED),
        ("viewer", set()),
    ],
)
def test_a_step_is_offered_to_those_who_may_do_it(cast: Any, project: Any, role: str, may: set[str]) -> None:
    items = fill(project)
    visitor = Visitor(make_user(cast.organization, role=role, languages=["en"] if role == "translator" else []))
    for page in ("", f"projects/{project.pk}"):
        found = rows(visitor.get(page))
        assert {state for state, (_number, links) in found.items() if len(links) > 1} == may
    listed = visitor.get(f"projects/{project.pk}/items")
    assert len(re.findall(r'<span class="hidden">: ', listed)) == len(may)
    for state, item in items.items():
        page = visitor.part(f"projects/{project.pk}/items/{item.pk}")
        assert f'class="readiness"><span class="state {state}">' in page
        elsewhere = {
            "conflict": "store/conflicts",
            "not_in_store": f"bulk?item={item.pk}&amp;action=exclude",
            "ready": "store",
            "needs_text": f"write?item={item.pk}",
        }
        assert (f'/{elsewhere.get(state, "nowhere")}">' in main_deed(page)) == (state in elsewhere and state in may), (
            state
        )


@pytest.mark.parametrize(
    ("states", "step", "url"),
    [
        (["conflict", "needs_decision", "ready"], "Resolve 1 conflict", "store/conflicts"),
        (["needs_facts", "needs_decision", "ready", "needs_text"], "Review 2 items", "review"),
        (["ready", "needs_text"], "Send 1 text to the store", "store"),
        (["needs_text", "in_store"], "Generate 1 text", "write"),
    ],
)
def test_the_one_next_step_is_the_most_urgent(cast: Any, project: Any, states: list[str], step: str, url: str) -> None:
    for state in {*states, "in_store"}:  # with a text in the store, the first steps are done
        fill(project, only=state)
    visitor = Visitor(cast.owner)
    for page in ("", f"projects/{project.pk}"):
        assert main_step(visitor.get(page)) == (step, url)
    viewer = Visitor(make_user(cast.organization, role="viewer"))
    assert main_step(viewer.get(f"projects/{project.pk}")) is None


def test_texts_that_no_store_waits_for_are_no_step(cast: Any) -> None:
    project = make_project(cast.organization)
    for state in ("ready", "needs_text"):
        fill(project, only=state)
    visitor = Visitor(cast.owner)
    assert main_step(visitor.get(f"projects/{project.pk}")) == ("Generate 1 text", "write")
    ContentItem.objects.filter(status="pending").delete()
    assert main_step(visitor.get(f"projects/{project.pk}")) is None


def test_a_text_in_the_store_counts_as_such_while_a_new_one_is_written(cast: Any, project: Any) -> None:
    item = make_item(project, status="pending")
    other = make_item(project, status="approved", generated_content=TEXT)  # of which the store's was put back
    for one, ours in ((item, ["name"]), (other, [])):
        StoreText.objects.create(organization_id=one.organization_id, item=one, held=TEXT, ours=ours)
    text = re.sub(r"<[^>]+>|\s+", " ", Visitor(cast.owner).get(f"projects/{project.pk}"))
    assert re.search(r"Texts +2 .*Sent to store +1 +50 %", text)


def test_all_but_one_is_not_100_per_cent(cast: Any, project: Any) -> None:
    for n in range(300):
        make_item(project, generated_content=TEXT, status="generated" if n else "pending")
    page = Visitor(cast.owner).get(f"projects/{project.pk}")
    assert '<span class="big">299</span> <span class="faint">99 %</span>' in page
    assert "100 %" not in page


def test_the_list_has_each_state_and_filters_by_it(cast: Any, project: Any) -> None:
    items = fill(project)
    visitor, root = Visitor(cast.owner), f"projects/{project.pk}"
    for state, item in items.items():
        page = visitor.get(f"{root}/items?readiness={state}")
        assert re.findall(r'name="item" value="([^"]+)"', page) == [str(item.pk)], state
        assert f'class="state {state}"' in page
        assert re.search(rf'readiness={state}" aria-current="true">[^<]+<span>1</span>', page)
    assert visitor.get(f"{root}/items?readiness=nonsense").count('name="item"') == len(items)
    assert "No results." in visitor.get(f"{root}/items?readiness=ready&status=generated")
    make_item(project, status="rejected")
    page = visitor.get(f"{root}/items?status=rejected&q=a&sort=name")
    assert page.count('name="item"') == 1
    assert '<option value="rejected" selected>Rejected (1)</option>' in page
    pills = page[page.index('<nav class="pills') :].partition("</nav>")[0]
    everything, *states = map(int, re.findall(r"<span>(\d+)</span>", pills))
    assert everything == sum(states) == len(items) + 1
    assert "Rejected" not in pills
    assert 'readiness=conflict&amp;q=a&amp;sort=name">Conflict <span>1</span>' in page


def test_what_was_sent_and_is_to_be_generated_anew_is_in_the_store_nowhere(cast: Any, project: Any) -> None:
    """The funnel says what was sent, and only the states what is in the store now."""
    made_from, source = {"name": "Flask"}, {"name": "Bottle"}
    make_item(project, status="synced", generated_content=TEXT, made_from=made_from, outdated_fields=["name"])
    make_item(project, status="synced", generated_content=TEXT, source_data=source)
    for where in ("", f"projects/{project.pk}"):
        page = Visitor(cast.owner).get(where)
        text = re.sub(r"<[^>]+>|\s+", " ", page)
        assert re.search(r"Sent to store +2 +100 %", text)
        assert {state: number for state, (number, _links) in rows(page).items()} == {"needs_text": "1", "in_store": "1"}
        assert not re.search(r"In store +2", text)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": "pending"}, "There is no text yet."),
        ({"status": "rejected", "generated_content": TEXT}, "The text was rejected."),
        (
            {"status": "approved", "generated_content": TEXT, "outdated_fields": ["name"]},
            "The product data has changed since the text was generated.",
        ),
    ],
)
def test_one_text_has_the_one_reason_why_it_has_to_be_generated(
    cast: Any, project: Any, fields: dict[str, Any], reason: str
) -> None:
    item = make_item(project, **fields)
    visitor = Visitor(cast.owner)
    assert f"To generate</span> {reason}</p>" in visitor.part(f"projects/{project.pk}/items/{item.pk}")
    assert f'title="{reason}"' in visitor.get(f"projects/{project.pk}/items")


def test_what_is_done_to_all_of_a_state_is_done_to_no_other(cast: Any, project: Any) -> None:
    items = fill(project)
    visitor, root = Visitor(cast.owner), f"projects/{project.pk}"
    assert f"/app/{root}/bulk?readiness=ready" in visitor.get(f"{root}/items?readiness=ready")
    page = visitor.get(f"{root}/bulk?readiness=ready")
    assert "1 item" in page
    assert "All items that match the filter. Status: Ready." in page
    page = visitor.get(f"{root}/review?readiness=needs_facts")
    assert set(re.findall(r'class="entry"[^>]*data-item="([^"]+)"', page)) == {str(items["needs_facts"].pk)}
    visitor.post(f"{root}/items/filters", {"readiness": "ready", "name": "To send"})
    assert visitor.last["Location"] == f"/app/{root}/items?readiness=ready"
    assert "<bdi>To send</bdi>" in visitor.get(f"{root}/items")


def test_an_item_leads_to_its_first_claim_without_a_source(desk: Any) -> None:
    page = desk.owner.part(f"projects/{desk.project.pk}/items/{desk.unsupported.pk}")
    link = re.search(r'href="#(claim-\d+)"', main_deed(page))
    assert link
    assert f'id="{link[1]}" tabindex="-1" class="unsupported"' in page


@pytest.mark.parametrize(
    ("state", "deed"),
    [
        ("conflict", "store/conflicts"),
        ("needs_decision", '<button class="small"'),
        ("ready", "/store"),
        ("in_store", ""),
    ],
)
def test_the_main_deed_of_an_item_follows_its_state(cast: Any, project: Any, state: str, deed: str) -> None:
    item = fill(project, only=state)[state]
    found = main_deed(Visitor(cast.owner).part(f"projects/{project.pk}/items/{item.pk}"))
    assert deed in found if deed else not found


def test_a_rejected_text_is_generated_anew(cast: Any, project: Any) -> None:
    item = make_item(project, generated_content=TEXT, status="rejected")
    assert (
        main_deed(Visitor(cast.owner).part(f"projects/{project.pk}/items/{item.pk}"))
        == '<summary class="button small" aria-keyshortcuts="g">'
    )


def test_an_edited_item_shows_its_new_state(desk: Any) -> None:
    item = write(desk.flagged, desk.cast.owner)
    page = desk.owner.send(
        f"projects/{desk.project.pk}/items/{item.pk}/text", {"field": "name", "text": "A name", "version": item.version}
    )
    assert 'class="readiness"><span class="state needs_decision">' in page


def test_quality_faults_and_what_was_written_are_shown_with_their_numbers(cast: Any, project: Any) -> None:
    fill(project)
    Job.objects.create(
        organization=cast.organization,
        project=project,
        job_type="generation",
        result={"generated": 3, "flagged": 1, "xct_used": "5.0000"},
    )
    visitor = Visitor(cast.owner)
    for where in ("", f"projects/{project.pk}"):
        page = visitor.get(where)
        text = re.sub(r"<[^>]+>|\s+", " ", page)
        assert re.search(r"Last 30 days +4 +texts +· +1.25 +XCT a text", text)
        assert re.search(r"Your balance is enough for about [\d,]+ more texts like these", text)
        assert re.search(r"Quality +79 % +average confidence of 4 texts", text)
        assert re.search(r"90–100 % +3 ", text)
        assert re.search(r"Why texts are flagged +Claims without a source +1 ", text)
        assert re.search(r"Claims without a source +Warranty +1 ", text)
        assert f"/app/projects/{project.pk}/review?kind=warranty" in page


def test_the_first_page_costs_the_same_for_many_projects_in_all_states(cast: Any, project: Any, shop: Any) -> None:
    visitor = Visitor(cast.owner)

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            visitor.get("")
        return len(seen)

    fill(project)
    statements()
    few = statements()
    for _ in range(5):
        fill(make_project(cast.organization, store_connection=shop))
    assert statements() == few <= 12


def test_what_is_in_the_trash_can_be_restored(cast: Any, project: Any) -> None:
    fill(project)
    visitor = Visitor(cast.owner)
    visitor.post(f"projects/{project.pk}/trash")
    page = visitor.get("?trash=1")
    assert "Alpine" in page
    assert "7 items" in page
    visitor.post(f"projects/{project.pk}/restoration")
    assert rows(visitor.get(""))
