"""The store audit: each check finds its plants and nothing else; the job, its results, fix projects, the lock."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest
from django.utils import timezone

from accounts.models import Notification
from billing.models import Wallet
from projects.models import ContentItem, DataSource
from scribe import jobs
from scribe.jobs import events
from scribe.models import Job
from studio.audits import checks, duplicates, fix_project, product
from studio.models import AuditedProduct, StoreAudit
from tests.factories import make_item, make_project
from tests.helpers import run_jobs
from tests.studio.catalogue import planted, prose, shop, sound

pytestmark = pytest.mark.django_db
SINGLE = [check for check in checks.IDS if check != checks.DUPLICATES]


@pytest.fixture
def owner(cast):
    Wallet.objects.filter(organization=cast.organization).update(plan_id="starter")
    return cast.owner


def audited(api, owner, project, **body):
    started = api.as_(owner).post("studio/store-audit/run", {"project_id": str(project.pk), **body}, status=201)
    run_jobs(job_type="store_audit")
    return api.as_(owner).get(f"studio/store-audit/{started['audit_id']}")


@pytest.mark.parametrize("check", SINGLE)
def test_each_check_finds_its_plant_and_nothing_else(api, owner, check):
    project = shop(owner.organization)
    for seed in (9001, 9002):
        make_item(project, source_data=planted(check, seed))
    report = audited(api, owner, project)
    assert report["status"] == "completed"
    assert report["summary"]["skipped"] == []
    assert {name: n for name, n in report["summary"]["counts"].items() if n} == {check: 2}
    bad = [row for row in report["products"] if row["issues"]]
    assert [row["issues"] for row in bad] == [[check]] * 2
    assert report["product_count"] == len(report["products"]) == 14
    assert 90 < report["health_score"] < 100


def test_duplicates_are_found_word_for_word_and_nearly(api, owner):
    project = shop(owner.organization)
    text = prose(77_000)  # far from the numbers of the sound ones
    changed = " ".join("pebble" if number == 40 else word for number, word in enumerate(text.split()))
    half = " ".join(text.split()[:70] + prose(78_000).split()[:70])
    for name, description in (("One", text), ("Two", text), ("Three", changed), ("Half", half)):
        make_item(project, source_data={**sound(1), "name": name, "description": f"<p>{description}</p>"})
    report = audited(api, owner, project)
    found = {row["product_title"] for row in report["products"] if "duplicate_content" in row["issues"]}
    assert found == {"One", "Two", "Three"}


def test_variants_and_excluded_items_are_left_out_and_all_others_listed(api, owner):
    project = shop(owner.organization, sound_ones=3)
    make_item(project, source_data={"name": ""}, item_type="variant")
    make_item(project, source_data={"name": ""}, excluded_at=timezone.now())
    report = audited(api, owner, project)
    assert report["product_count"] == 3
    assert report["health_score"] == 100
    first = report["products"][0]
    assert first["product_url"].startswith("https://shop.example/p/")
    assert first["description_word_count"] > 100
    assert first["scores"]["health"] == 100


def test_a_product_that_nobody_foresaw_fails_alone(api, owner, monkeypatch):
    project = shop(owner.organization, sound_ones=2)
    odd = make_item(project, source_data={**sound(1), "name": "Odd"})

    def read(item):
        if item.pk == odd.pk:
            raise LookupError("nobody thought of that")
        return as_before(item)

    as_before = product.read
    monkeypatch.setattr(product, "read", read)
    report = audited(api, owner, project)
    assert (report["status"], report["product_count"], report["health_score"]) == ("completed", 2, 100)
    job = Job.objects.get(job_type="store_audit")
    assert (job.result["failed"], job.progress_current) == (1, 3)
    [failure] = [event for event in events.latest(job.pk) if event.get("code") == "internal_error"]
    assert failure["item_id"] == str(odd.pk)
    assert "(LookupError)" in failure["reason"]


def test_what_the_data_cannot_carry_is_skipped(api, owner):
    project = make_project(owner.organization)
    for seed in range(4):
        data = sound(seed)
        data = {key: data[key] for key in ("sku", "name", "description", "price")}
        make_item(project, source_data={**data, "images": [f"https://shop.example/{seed}.jpg"]})
    report = audited(api, owner, project)
    assert set(report["summary"]["skipped"]) == {
        "missing_short_description",
        "missing_image_alt",
        "missing_seo_title",
        "seo_title_length",
        "missing_meta_description",
        "meta_description_length",
        "missing_attributes",
    }
    assert report["health_score"] == 100


def test_synced_items_are_judged_by_what_the_store_shows(api, owner):
    project = shop(owner.organization, sound_ones=2)
    make_item(
        project,
        source_data={**sound(88_000), "description": ""},
        generated_content={"description": f"<p>{prose(88_000)}</p>"},
        status=ContentItem.Status.SYNCED,
    )
    report = audited(api, owner, project)
    assert report["health_score"] == 100, report["products"]


def test_only_the_chosen_checks_are_made(api, owner):
    project = shop(owner.organization, sound_ones=2)
    make_item(project, source_data={**planted("missing_price", 3), "name": "ALL CAPITALS HERE"})
    report = audited(api, owner, project, enabled_checks=["missing_price"])
    assert report["summary"] == {"counts": {"missing_price": 1}, "skipped": []}
    api.as_(owner).post(
        "studio/store-audit/run", {"project_id": str(project.pk), "enabled_checks": ["spelling"]}, status=400
    )


def test_the_health_score_is_the_published_formula(api, owner):
    project = shop(owner.organization, sound_ones=1)
    make_item(project, source_data=planted("missing_price", 8))
    report = audited(api, owner, project, enabled_checks=["missing_price", "missing_seo_title"])
    assert report["health_score"] == round(100 * (1 - 3 / 10), 1)


def test_a_fix_project_takes_the_affected_products_along(api, owner):
    project = shop(owner.organization, sound_ones=2)
    bad = make_item(project, source_data=planted("thin_content", 4), external_id="x-4")
    report = audited(api, owner, project)
    path = f"studio/store-audit/{report['id']}/create-fix-project"
    made = api.as_(owner).post(path, {"issue_type": "thin_content"}, status=201)
    copy = ContentItem.objects.get(project_id=made["project_id"])
    assert made["product_count"] == 1
    assert (copy.external_id, copy.status, copy.source_data) == ("x-4", "pending", bad.source_data)
    bad.refresh_from_db()
    assert bad.project_id == project.pk
    problem = api.as_(owner).post(path, {"issue_type": "missing_price"}, status=409)
    assert problem["code"] == "no_products_with_issue"
    api.as_(owner).post(path, {"issue_type": "nonsense"}, status=400)


def test_many_products_are_copied_by_a_job(api, owner, monkeypatch):
    monkeypatch.setattr(fix_project, "AT_ONCE", 2)
    project = shop(owner.organization, sound_ones=1)
    for at, external_id in enumerate(["a", "b", "a", "", "a"]):  # of several sources
        make_item(project, source_data=planted("thin_content", 4 + at), external_id=external_id)
    report = audited(api, owner, project)
    path = f"studio/store-audit/{report['id']}/create-fix-project"
    made = api.as_(owner).post(path, {"issue_type": "thin_content"}, status=201)
    source = DataSource.objects.get(project_id=made["project_id"])
    assert (made["product_count"], source.item_count) == (5, 5)
    assert not ContentItem.objects.filter(data_source=source).exists()
    assert api.as_(owner).get(f"jobs/{made['job_id']}")["status"] == "queued"
    [job] = run_jobs(job_type="fix_project")
    assert (job.status, job.progress_current, job.result["copied"]) == ("completed", 5, 5)
    copies = ContentItem.objects.filter(data_source=source).order_by("position")
    assert [copy.position for copy in copies] == [1, 2, 3, 4, 5]
    assert sorted(copy.external_id for copy in copies) == ["", "", "", "a", "b"]
    assert api.as_(owner).get(f"projects/{made['project_id']}")["status"] == "active"


def test_copies_that_are_cancelled_count_no_more_than_there_are(api, owner, monkeypatch):
    monkeypatch.setattr(fix_project, "AT_ONCE", 1)
    project = shop(owner.organization, sound_ones=1)
    for seed in (4, 5):
        make_item(project, source_data=planted("thin_content", seed))
    report = audited(api, owner, project)
    path = f"studio/store-audit/{report['id']}/create-fix-project"
    made = api.as_(owner).post(path, {"issue_type": "thin_content"}, status=201)
    jobs.cancel(Job.objects.get(pk=made["job_id"]))
    source = DataSource.objects.get(project_id=made["project_id"])
    assert source.item_count == 0
    assert api.as_(owner).get(f"projects/{made['project_id']}")["status"] == "draft"


def test_the_tool_is_locked_below_its_plan(api, cast):
    project = shop(cast.organization, sound_ones=1)
    api.as_(cast.owner).get("studio/store-audit", status=403)
    problem = api.as_(cast.owner).post("studio/store-audit/run", {"project_id": str(project.pk)}, status=403)
    assert problem["code"] == "tier_required"


def test_a_strangers_audit_does_not_exist(api, owner, cast):
    report = audited(api, owner, shop(owner.organization, sound_ones=1))
    Wallet.objects.filter(organization=cast.stranger.organization).update(plan_id="starter")
    stranger = api.as_(cast.stranger)
    stranger.get(f"studio/store-audit/{report['id']}", status=404)
    stranger.delete(f"studio/store-audit/{report['id']}", status=404)
    stranger.post(f"studio/store-audit/{report['id']}/create-fix-project", {"issue_type": "thin_content"}, status=404)
    stranger.post("studio/store-audit/run", {"project_id": report["project_id"]}, status=404)
    stranger.get("studio/store-audit", status=404, project_id=report["project_id"])
    assert stranger.get("studio/store-audit") == {"audits": []}


def test_lists_filter_and_deletion_leaves_nothing(api, owner):
    project, other = shop(owner.organization, sound_ones=1), shop(owner.organization, sound_ones=1)
    report = audited(api, owner, project)
    assert len(api.as_(owner).get("studio/store-audit", project_id=str(project.pk))["audits"]) == 1
    assert api.as_(owner).get("studio/store-audit", project_id=str(other.pk)) == {"audits": []}
    api.as_(owner).delete(f"studio/store-audit/{report['id']}")
    assert not StoreAudit.objects.exists()
    assert not AuditedProduct.objects.exists()


def test_an_empty_project_has_no_score(api, owner):
    report = audited(api, owner, make_project(owner.organization))
    assert (report["status"], report["health_score"], report["products"]) == ("completed", None, [])
    body = Notification.objects.get(user=owner).body
    assert str(body) == "0 products. There was nothing to check, so there is no health score."


def test_an_audit_that_was_killed_goes_on_where_it_stood(api, owner, monkeypatch):
    from studio.audits import job as audit_job

    project = shop(owner.organization, sound_ones=25)
    monkeypatch.setattr(audit_job, "BATCH", 10)
    calls = []
    recorded = audit_job._row

    def dies(audit, item, *rest):
        calls.append(item.pk)
        if len(calls) == 15:
            raise KeyboardInterrupt  # the worker is killed in the second batch
        return recorded(audit, item, *rest)

    monkeypatch.setattr(audit_job, "_row", dies)
    started = api.as_(owner).post("studio/store-audit/run", {"project_id": str(project.pk)}, status=201)
    with pytest.raises(KeyboardInterrupt):
        run_jobs(job_type="store_audit")
    assert AuditedProduct.objects.count() == 10
    Job.objects.filter(pk=started["job_id"]).update(lease_until=timezone.now())
    run_jobs(job_type="store_audit")
    report = api.as_(owner).get(f"studio/store-audit/{started['audit_id']}")
    assert (report["status"], len(report["products"])) == ("completed", 25)
    assert len(calls) == 15 + 15


def seconds(work: Callable[[], object]) -> float:
    """The least processor time of three runs."""
    best = float("inf")
    for _ in range(3):
        began = process_time()
        work()
        best = min(best, process_time() - began)
    return best


@pytest.mark.thorough
def test_duplicates_among_four_times_the_products_take_some_four_times_as_long():
    """Each comparison of all with all takes 16 times as long. Every twentieth text is there twice."""
    texts = [duplicates.shingles(f"{prose(seed)} number{seed}".split()) for seed in range(4_000)]
    texts += texts[::20]
    few = [*texts[:1_000], *texts[:1_000:20]]
    assert len(duplicates.find(texts)) == 400
    assert seconds(lambda: duplicates.find(texts)) < 10 * seconds(lambda: duplicates.find(few))


@pytest.mark.thorough
def test_a_mould_of_many_texts_stays_cheap():
    """5,000 texts that differ in one word are all duplicates of each other: time grows with their number only."""
    base = prose(3).split()
    texts = [duplicates.shingles([*base[:60], f"word{number}", *base[60:]]) for number in range(5_000)]
    assert len(duplicates.find(texts)) == 5_000
    assert seconds(lambda: duplicates.find(texts)) < 10 * seconds(lambda: duplicates.find(texts[:1_250]))
