"""Items and projects in a forced order: what was approved goes out, once, and a text is charged only where it arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from projects import lifecycle, removal, review
from projects.models import ContentItem, ItemVersion, Project, SyncRecord
from projects.sync import job as sync_job
from scribe import jobs
from scribe.errors import Conflict, NotFound
from scribe.jobs import worker
from scribe.jobs.models import Job
from tests.factories import make_item, make_organization, make_project, make_woocommerce_connection
from tests.fakes.server import Reply
from tests.fakes.woocommerce import FakeWooCommerce
from tests.helpers import run_jobs
from tests.proof.ordering import checked, elsewhere, held, in_order


@pytest.fixture
def organization(committed: None) -> Any:
    return make_organization()


# --- syncs


@pytest.fixture
def shop(settings: Any) -> Iterator[FakeWooCommerce]:
    with FakeWooCommerce() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


@pytest.fixture
def item(organization: Any, shop: FakeWooCommerce) -> ContentItem:
    """An approved text for the shop's only product."""
    row = make_woocommerce_connection(organization, shop.url)
    product = shop.add(name="Theirs")
    return make_item(
        make_project(organization, store_connection=row),
        external_id=str(product["id"]),
        source_data={"name": "Theirs", "sku": product["sku"]},
        generated_content={"name": "Ours"},
        status="approved",
    )


def sync(item: ContentItem) -> Job:
    return sync_job.start(project=item.project, by=None, mode="pending")


def synced(item: ContentItem) -> Job:
    job = sync(item)
    run_jobs()
    job.refresh_from_db()
    return job


def name_of(shop: FakeWooCommerce) -> str:
    [product] = shop.products.values()
    return str(product["name"])


def change(item: ContentItem, **more: Any) -> ContentItem:
    return review.update_item(item=item, by=None, **more)


@pytest.mark.parametrize("commits", [True, False])
def test_two_syncs_of_one_project_are_one(item: ContentItem, shop: FakeWooCommerce, commits: bool) -> None:
    first, second = in_order(lambda: sync(item), lambda: sync(item), commits=commits)
    if commits:
        assert isinstance(second, Conflict)
        assert second.extra["job_id"] == str(first.pk)
    assert Job.objects.count() == 1
    run_jobs()
    assert (name_of(shop), sum(shop.writes.values())) == ("Ours", 1)


@pytest.mark.parametrize("undo_first", [True, False])
def test_an_undo_and_a_new_sync_never_work_at_once(item: ContentItem, shop: FakeWooCommerce, undo_first: bool) -> None:
    done = synced(item)
    steps = [lambda: sync_job.undo_job(job=done, by=None), lambda: sync(item)]
    _, refused = in_order(*(steps if undo_first else reversed(steps)))
    assert isinstance(refused, Conflict)
    assert refused.code == "job_active"
    run_jobs()
    item.refresh_from_db()
    expected = ("Theirs", "approved", 2) if undo_first else ("Ours", "synced", 1)
    assert (name_of(shop), item.status, sum(shop.writes.values())) == expected
    assert SyncRecord.objects.filter(state="done").count() == 1 + undo_first


def settle_of(item: ContentItem, shop: FakeWooCommerce, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A sync that was written to the shop, to be settled by calling this."""
    from projects.sync.pipeline import Pipeline

    waiting: list[Callable[[], None]] = []
    written = Pipeline._written

    def later(self: Pipeline, *answer: Any) -> None:
        answer[0].result()
        waiting.append(lambda: written(self, *answer))
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(Pipeline, "_written", later)
        with pytest.raises(SystemExit):
            worker.work(sync(item).pk)
    return waiting[0]


@pytest.mark.parametrize("edited_first", [True, False])
def test_an_edit_around_the_settling_of_its_sync_awaits_review(
    item: ContentItem, shop: FakeWooCommerce, monkeypatch: pytest.MonkeyPatch, edited_first: bool
) -> None:
    settle = settle_of(item, shop, monkeypatch)
    steps = [lambda: change(item, content={"name": "Edited"}), settle]
    in_order(*(steps if edited_first else reversed(steps)))
    Job.objects.update(lease_until=None)
    run_jobs()
    item.refresh_from_db()
    assert (item.status, item.generated_content["name"]) == ("generated", "Edited")
    assert (name_of(shop), sum(shop.writes.values())) == ("Ours", 1)
    assert SyncRecord.objects.get().after == {"name": "Ours"}
    item = change(item, status="approved", override=True)
    synced(item)
    assert (name_of(shop), sum(shop.writes.values())) == ("Edited", 2)


def test_a_rejection_that_waits_for_the_settling_finds_it_synced(
    item: ContentItem, shop: FakeWooCommerce, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle = settle_of(item, shop, monkeypatch)
    _, refused = in_order(settle, lambda: change(item, status="rejected"))
    assert isinstance(refused, Conflict)
    item.refresh_from_db()
    assert item.status == "synced"


@pytest.mark.parametrize("judged", ["rejected", "edited", "approved anew"])
def test_what_is_judged_while_the_store_is_read_goes_out_as_judged(
    item: ContentItem, shop: FakeWooCommerce, judged: str
) -> None:
    changes: dict[str, Any] = {"status": "rejected"} if judged == "rejected" else {"content": {"name": "Edited"}}
    if judged == "approved anew":
        changes |= {"status": "approved", "override": True}
    respond = shop.respond

    def meanwhile(request: Any) -> Reply:
        reply = respond(request)
        if request.method == "GET" and changes:
            elsewhere(lambda: change(item, **{name: changes.pop(name) for name in list(changes)}))
        return reply

    shop.respond = meanwhile  # type: ignore[method-assign]
    synced(item)
    item.refresh_from_db()
    expected = {
        "rejected": ("Theirs", 0, "rejected"),
        "edited": ("Theirs", 0, "generated"),
        "approved anew": ("Edited", 1, "synced"),
    }
    assert (name_of(shop), sum(shop.writes.values()), item.status) == expected[judged]


# --- generation


@pytest.fixture
def written(organization: Any, settings: Any) -> Any:
    """An item whose new text, at 2 XCT, is ready to be settled: `settle()`."""
    return ready(make_project(organization), settings)


def ready(project: Project, settings: Any) -> Any:
    from projects.generation import item as items
    from projects.generation import job as generation
    from projects.models import GenerationItem
    from writing import checks, facts
    from writing.bill import Bill, Call

    settings.OPENAI_API_KEY, settings.DEFAULT_AI_PROVIDER = "sk-test", "openai"
    item = make_item(project, generated_content={"name": "First"}, status="generated")
    run = held(generation.start(project=project, by=None, request={}, item_ids=[item.pk]))
    asked = generation.GenerationPayload.of(run.job).settings
    row = GenerationItem.objects.get(job=run.job)
    report = checks.run({"name": "Written"}, facts.read(item.source_data, item.item_type), asked)
    work = items.ItemWork(row.pk, item, row.quoted_max, asked, content={"name": "Written"}, report=report)
    work.xct, work.calls = row.quoted_max / 2, [Call({"input_tokens": 100, "output_tokens": 100}, "ok", kept=True)]
    due = Bill.of_settings(run, asked, own_key=False)
    return SimpleNamespace(item=item, run=run, cost=work.xct, settle=lambda: items.settle(run, [work], due))


def after(work: Any, *, charged: bool) -> ContentItem:
    """The item once its job has ended, with the books checked."""
    work.run.finish(status=Job.Status.COMPLETED)
    wallet = checked(work.run.job.organization_id)
    assert wallet.held == 0
    assert wallet.total_balance == 50 - (work.cost if charged else 0)
    return ContentItem.objects.get(pk=work.item.pk)


def test_a_text_that_waits_for_an_edit_is_not_saved_and_costs_nothing(written: Any) -> None:
    in_order(lambda: change(written.item, content={"name": "Edited"}), written.settle)
    item = after(written, charged=False)
    assert item.generated_content == {"name": "Edited"}
    kept = ItemVersion.objects.order_by("created_at").values_list("generated_content__name", "reason")
    assert list(kept) == [("First", "edited")]
    assert written.run.result["failures"][0]["code"] == "changed_meanwhile"


def test_an_edit_that_waits_for_a_text_edits_the_new_one(written: Any) -> None:
    in_order(written.settle, lambda: change(written.item, content={"description": "<p>Edited here.</p>"}))
    item = after(written, charged=True)
    assert item.generated_content == {"name": "Written", "description": "<p>Edited here.</p>"}
    kept = ItemVersion.objects.order_by("created_at").values_list("generated_content__name", "reason")
    assert list(kept) == [("First", "regenerated"), ("Written", "edited")]


def test_an_approval_before_a_text_settles_stands(written: Any) -> None:
    in_order(lambda: change(written.item, status="approved"), written.settle)
    item = after(written, charged=False)
    assert (item.generated_content, item.status) == ({"name": "First"}, "approved")


def test_an_approval_that_waits_for_a_text_judges_the_new_one(written: Any) -> None:
    _, approved = in_order(written.settle, lambda: change(written.item, status="approved", override=True))
    assert approved.generated_content == {"name": "Written"}
    assert after(written, charged=True).status == "approved"


def test_a_text_settles_once_even_by_two(written: Any) -> None:
    in_order(written.settle, written.settle)
    after(written, charged=True)
    assert ItemVersion.objects.count() == 1


@pytest.mark.parametrize("settled_first", [True, False])
def test_an_item_that_goes_while_its_text_settles_is_charged_only_if_it_had_it(
    written: Any, settled_first: bool
) -> None:
    steps = [written.settle, lambda: removal.items(ContentItem.objects.filter(pk=written.item.pk))]
    in_order(*(steps if settled_first else reversed(steps)))
    with pytest.raises(ContentItem.DoesNotExist):
        after(written, charged=settled_first)


# --- projects


def trash(work: Any) -> None:
    lifecycle.trash(project=work.item.project)


def test_a_project_goes_while_its_job_settles(written: Any) -> None:
    in_order(written.settle, lambda: trash(written))
    assert after(written, charged=True).generated_content == {"name": "Written"}
    assert Job.objects.get().status == "cancelled"


def test_a_job_of_a_project_that_goes_settles_nothing(written: Any) -> None:
    _, late = in_order(lambda: trash(written), written.settle)
    assert isinstance(late, jobs.JobStopped)
    assert after(written, charged=False).generated_content == {"name": "First"}


def test_a_project_goes_while_its_job_ends(written: Any) -> None:
    """The job's end moves the project's status, so both want both rows."""
    Project.objects.update(status="draft")
    written.settle()
    _, gone = in_order(
        lambda: Job.objects.select_for_update(no_key=True).get(),
        lambda: trash(written),
        rest=lambda: written.run.finish(status=Job.Status.COMPLETED),
    )
    assert gone is None
    after(written, charged=True)
    assert Project.objects.trashed().count() == 1
    assert Job.objects.get().status == "completed"


def test_no_job_begins_in_a_project_that_is_being_put_away(item: ContentItem, shop: FakeWooCommerce) -> None:
    _, refused = in_order(lambda: lifecycle.trash(project=item.project), lambda: sync(item))
    assert isinstance(refused, NotFound)
    assert not Job.objects.exists()


def test_a_job_that_began_just_before_is_cancelled_with_its_project(item: ContentItem, shop: FakeWooCommerce) -> None:
    in_order(lambda: sync(item), lambda: lifecycle.trash(project=item.project))
    assert Job.objects.get().status == "cancelled"
    run_jobs()
    assert not shop.writes


def test_a_project_is_not_emptied_while_its_job_settles(written: Any) -> None:
    empty = lambda: lifecycle.truncate(project=written.item.project)  # noqa: E731
    _, refused = in_order(written.settle, empty, waits=False)
    assert isinstance(refused, Conflict)
    assert refused.code == "job_active"
    assert after(written, charged=True).generated_content == {"name": "Written"}


def test_a_project_is_deleted_for_good_under_a_worker_that_comes_late(written: Any) -> None:
    trash(written)
    project = Project.objects.get()
    _, late = in_order(lambda: lifecycle.delete_for_good(project=project), written.settle, waits=False)
    assert isinstance(late, jobs.JobStopped)
    wallet = checked(written.run.job.organization_id)
    assert (wallet.held, wallet.total_balance) == (0, 50)
