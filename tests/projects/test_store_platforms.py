"""Import, push, conflict and undo, the same on every platform, and how many calls five thousand products take."""

from __future__ import annotations

import copy
import html

import pytest

from integrations.stores.magento import single_writes
from projects.models import ContentItem, SyncRecord
from projects.sync import pipeline
from scribe.jobs import Run
from scribe.models import Job
from tests.factories import make_project
from tests.fakes.stores import UNREADABLE
from tests.helpers import run_jobs
from tests.sizes import size
from tests.stores import STORES

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.each_value("platform")]


MANY = size(600, 2000)
EXTRA = 12  # calls of a whole job that are not about single products, and the small first batch
STAMPS = {"date_modified_gmt", "updatedAt", "updated_at", "modified_gmt"}


@pytest.fixture(params=STORES.values(), ids=STORES)
def platform(request):
    return request.param


@pytest.fixture
def shop(platform, settings):
    with platform.open(settings) as fake:
        yield fake


@pytest.fixture
def project(cast, shop, platform):
    connection = platform.connect(cast.organization, shop)
    return make_project(cast.organization, platform=platform.platform, store_connection=connection)


def imported(caller, project, shop, count):
    rows = [shop.add() for _ in range(count)]
    started = caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
    run_jobs()
    job = Job.objects.get(pk=started["job_id"])
    assert (job.status, job.result["imported"]) == ("completed", count), (job.error, job.result)
    for item in ContentItem.objects.filter(project=project).only("pk", "external_id"):
        ContentItem.objects.filter(pk=item.pk).update(
            generated_content={"name": f"New {item.external_id}"}, status="approved"
        )
    return rows


def finished(caller, project, path="", body=None):
    answer = caller.post(path or f"projects/{project.pk}/sync", body or {}, status=202)
    run_jobs()
    return Job.objects.get(pk=answer["job_id"])


def is_write(request):
    return (
        request.method in ("PUT", "POST") and b"query Texts" not in request.body and b"query " not in request.body[:20]
    )


def remove(shop, row):
    rows = shop.rows if hasattr(shop, "rows") else shop.products
    rows.pop(next(key for key, held in rows.items() if held is row))


def test_what_goes_between_our_look_and_our_write_is_said_and_nothing_else_fails(api, cast, project, shop, platform):
    caller = api.as_(cast.owner)
    rows = imported(caller, project, shop, 3)
    gone = [rows[2]]

    def delete(request):
        if is_write(request) and gone:
            remove(shop, gone.pop())

    shop.on_request = delete
    job = finished(caller, project)
    assert (job.result["synced"], job.result["failed"]) == (2, 1)
    assert SyncRecord.objects.get(state="failed").code == "store_not_found"
    assert finished(caller, project, f"jobs/{job.pk}/undo").result["undone"] == 2


@pytest.mark.thorough
def test_what_is_edited_while_the_store_asks_for_a_pause_is_the_merchants(api, cast, project, shop, platform):
    caller = api.as_(cast.owner)
    rows = imported(caller, project, shop, 8)
    shop.fail(429, {"message": "Slow down"}, when=is_write, Retry_After="3")

    def edit(request):
        if is_write(request):
            shop.on_request = None
            platform.rename(rows[7], "The merchant's word")

    shop.on_request = edit
    job = finished(caller, project)
    assert (job.result["synced"], job.result["conflicts"]) == (7, 1)
    assert platform.name(rows[7]) == "The merchant's word"
    assert set(shop.writes.values()) == {1}


def test_what_a_platforms_filter_cuts_is_told(api, cast, project, shop, platform):
    caller = api.as_(cast.owner)
    imported(caller, project, shop, 1)
    if platform.platform == "wordpress":
        shop.abilities = {**shop.abilities, "unfiltered_html": False}
    sent = "<p>Good</p><script>x()</script>"
    ContentItem.objects.update(generated_content={"description": sent})
    finished(caller, project)
    changed = SyncRecord.objects.get().changed
    if platform.platform == "magento2":  # keeps what it is sent
        assert changed == {}
        return
    assert changed["description"]["sent"] == sent
    assert "<script" not in changed["description"]["store"]


def test_one_that_the_store_refuses_fails_alone_and_one_it_says_nothing_of_is_looked_at(
    api, cast, project, shop, platform
):
    caller = api.as_(cast.owner)
    rows = imported(caller, project, shop, 4)
    before = [platform.name(row) for row in rows]
    refused, unanswered = rows[1], rows[2]
    ContentItem.objects.filter(external_id=platform.key(refused)).update(generated_content={"name": "refused"})
    shop.unanswered = {platform.key(unanswered)}
    job = finished(caller, project)
    assert (job.result["synced"], job.result["failed"], shop.unanswered) == (3, 1, set())
    assert SyncRecord.objects.get(state="failed").code == "store_rejected"
    assert SyncRecord.objects.get(item__external_id=platform.key(unanswered)).before["name"] == before[2]
    assert set(shop.writes.values()) == {1}
    assert finished(caller, project, f"jobs/{job.pk}/undo").result["undone"] == 3
    assert [platform.name(row) for row in rows] == before


def test_characters_that_html_spells_otherwise_arrive_and_go_back_as_they_were(api, cast, project, shop, platform):
    caller = api.as_(cast.owner)
    [row] = imported(caller, project, shop, 1)
    before = copy.deepcopy({k: v for k, v in row.items() if not callable(v) and not STAMPS & {k}})
    name, text = 'Töpfe & "Pfannen" < 3 l \\o/', "<p>R&amp;D, 1 &lt; 2, 3 € “so” &#8211; C:\\new</p>"
    ContentItem.objects.update(generated_content={"name": name, "description": text})
    job = finished(caller, project)
    assert SyncRecord.objects.get().changed == {}
    assert html.unescape(platform.name(row)) == name
    assert finished(caller, project, body={"mode": "all"}).result["unchanged"] == 1
    assert finished(caller, project, f"jobs/{job.pk}/undo").result["undone"] == 1
    assert {k: row[k] for k in before} == before


@pytest.mark.thorough
def test_a_hundred_with_thirty_edited_and_back_after_three_more_edits(api, cast, project, shop, platform):
    caller = api.as_(cast.owner)
    rows = imported(caller, project, shop, 100)
    for row in rows[:30]:
        platform.rename(row, "The merchant's word")
    before = [platform.name(row) for row in rows]
    job = finished(caller, project)
    assert (job.result["synced"], job.result["conflicts"]) == (70, 30)
    assert [platform.name(row) for row in rows[:30]] == before[:30]
    assert [platform.name(row) for row in rows[30:]] == [f"New {platform.key(row)}" for row in rows[30:]]
    assert set(shop.writes.values()) == {1}
    for row in rows[50:53]:
        platform.rename(row, "Later")
    undo = finished(caller, project, f"jobs/{job.pk}/undo")
    assert (undo.result["undone"], undo.result["conflicts"]) == (67, 3)
    kept = [*range(30), *range(30, 50), *range(53, 100)]
    assert [platform.name(rows[i]) for i in kept] == [before[i] for i in kept]
    assert {platform.name(row) for row in rows[50:53]} == {"Later"}


@pytest.mark.thorough
def test_a_dropped_answer_leads_to_no_second_write(api, cast, project, shop, platform):
    caller = api.as_(cast.owner)
    rows = imported(caller, project, shop, 30)

    shop.drop_after(is_write, times=2)
    job = finished(caller, project)
    assert (job.status, job.result["synced"]) == ("completed", 30)
    assert all(platform.name(row).startswith("New") for row in rows)
    assert set(shop.writes.values()) == {1}


@pytest.fixture
def caller(api, cast):
    return api.as_(cast.owner)


@pytest.mark.thorough
@pytest.mark.parametrize("answer", UNREADABLE.values(), ids=UNREADABLE)
def test_an_answer_that_nobody_can_read_leads_to_no_second_write(caller, project, shop, platform, answer):
    """The shop has written, and a plugin then prints, ends the request or redirects."""
    rows = imported(caller, project, shop, 7)
    before = [platform.name(row) for row in rows]
    shop.drop_after(is_write, times=2, reply=answer)
    job = finished(caller, project)
    assert (job.status, job.result["synced"]) == ("completed", 7)
    assert set(shop.writes.values()) == {1}
    assert finished(caller, project, f"jobs/{job.pk}/undo").result["undone"] == 7
    assert [platform.name(row) for row in rows] == before


@pytest.mark.thorough
def test_a_throttled_store_slows_it_and_it_completes(api, cast, project, shop, platform):
    caller = api.as_(cast.owner)
    imported(caller, project, shop, 40)
    if platform.platform == "shopify":
        shop.most = shop.available = 600.0
        shop.rate = 600.0
    else:
        shop.per_second = 8 if platform.platform == "magento2" else 1
    job = finished(caller, project)
    assert (job.status, job.result["synced"]) == ("completed", 40)
    assert set(shop.writes.values()) == {1}


@pytest.fixture
def unhurried(monkeypatch):
    """No clock has a say: a machine under load would look again at what waited, write less at a time and give way to others,
    each with calls of its own."""
    monkeypatch.setattr(pipeline, "FRESH_SECONDS", 3600.0)
    monkeypatch.setattr(pipeline, "WRITE_SECONDS", 3600.0)
    monkeypatch.setattr(single_writes, "LONGEST_TURN", 3600.0)
    monkeypatch.setattr(Run, "slice_seconds", 3600.0)


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.usefixtures("unhurried")
def test_many_products_take_the_fewest_calls(api, cast, project, shop, platform):
    caller = api.as_(cast.owner)
    imported(caller, project, shop, MANY)
    job = Job.objects.get(job_type="import")
    # Beside the pages: an index, names of categories and attributes, and at WordPress an empty list of pages.
    reads, looks, writes = (n * MANY // 2000 for n in (platform.reads, platform.looks, platform.writes))
    assert reads <= job.result["calls"] <= reads + EXTRA
    before = sum(shop.calls.values())
    job = finished(caller, project)
    assert (job.status, job.result["synced"]) == ("completed", MANY)
    assert len(shop.writes) == MANY
    assert set(shop.writes.values()) == {1}
    made = sum(shop.calls.values()) - before
    assert looks + writes <= made <= looks + writes + EXTRA
