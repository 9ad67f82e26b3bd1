"""The doors: what they start, answer and refuse."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from billing.models import Entry, Hold, UsageRecord, Wallet
from projects.models import ContentItem, ItemVersion
from scribe.models import Job
from tests import factories
from tests.helpers import run_jobs
from tests.projects.generation.conftest import balance, make_items


def generate(api: Any, project: Any, body: Any = None, status: int = 202, door: str = "generate") -> Any:
    return api.post(f"projects/{project.pk}/{door}", body or {}, status=status)


def test_generation_writes_pending_items_and_charges_what_it_used(
    api: Any, cast: Any, project: Any, openai: Any
) -> None:
    items = make_items(project, 3)
    caller = api.as_(cast.teammate)
    before = balance(cast.organization)
    body = generate(caller, project)
    assert body["status"] == "queued"
    [job] = run_jobs()
    assert job.status == "completed", job.result
    shown = caller.get(f"jobs/{body['job_id']}")
    assert shown["result"]["generated"] + shown["result"]["flagged"] == 3
    used = Decimal(shown["result"]["xct_used"])
    assert used > 0
    assert balance(cast.organization) == before - used
    assert sum(UsageRecord.objects.values_list("xct", flat=True)) == used
    assert -sum(Entry.objects.filter(transaction_type="usage").values_list("amount", flat=True)) == used
    wallet = Wallet.objects.get(organization=cast.organization)
    assert wallet.held == 0
    assert not Hold.objects.open().exists()
    for item in items:
        item.refresh_from_db()
        assert item.status in ("generated", "flagged")
        assert item.generated_content["description"]
        assert 0 <= item.confidence_score <= 1
        assert {check["id"] for check in item.generation_metadata["checks"]} == {
            "limits",
            "language",
            "html",
            "forbidden",
            "coverage",
            "grounding",
        }


def test_nothing_to_do_is_200_with_zeros(api: Any, cast: Any, project: Any) -> None:
    body = generate(api.as_(cast.owner), project, status=200)
    assert body["status"] == "completed"
    assert (body["generated"], body["flagged"], body["failed"], body["skipped"], body["items"]) == (0, 0, 0, 0, [])


def test_not_enough_xct_is_402_and_leaves_nothing(api: Any, cast: Any, project: Any, openai: Any) -> None:
    make_items(project, 60)
    body = generate(api.as_(cast.owner), project, {"ai_model": "gpt-6.1-terra"}, status=402)
    assert body["code"] == "insufficient_xct"
    assert Decimal(body["required"]) > Decimal(body["available"])
    assert not Job.objects.exists()
    assert not Hold.objects.exists()


def test_the_bill_never_exceeds_the_quote(api: Any, cast: Any, project: Any, openai: Any) -> None:
    make_items(project, 4)
    caller = api.as_(cast.owner)
    quote = caller.post(f"projects/{project.pk}/generate/estimate", {})
    assert not Job.objects.exists()
    generate(caller, project)
    [job] = run_jobs()
    assert quote["items"] == 4
    assert Decimal(job.result["xct_used"]) <= Decimal(quote["xct_max"])
    assert Decimal(quote["xct_max"]) <= 3 * Decimal(quote["xct_expected"])


def test_a_free_organization_can_generate_five_products(api: Any, cast: Any, project: Any, openai: Any) -> None:
    make_items(project, 5)
    generate(api.as_(cast.owner), project, {"ai_model": "gpt-6.1-terra"})
    [job] = run_jobs()
    assert job.status == "completed"


def test_excluded_items_and_variants_are_left_alone(api: Any, cast: Any, project: Any) -> None:
    from django.utils import timezone

    good = factories.make_item(project)
    excluded = factories.make_item(project, excluded_at=timezone.now())
    variant = factories.make_item(project, item_type="variant", parent=good)
    caller = api.as_(cast.owner)
    body = generate(caller, project, {"item_ids": [str(i.pk) for i in (good, excluded, variant)]})
    assert body["skipped"] == 2
    assert {row["reason"] for row in body["items"] if row["status"] == "skipped"} == {"excluded", "variant"}
    run_jobs()
    excluded.refresh_from_db()
    assert not excluded.generated_content


def test_a_foreign_item_is_404_and_starts_nothing(api: Any, cast: Any, project: Any) -> None:
    foreign = factories.make_item(factories.make_project(cast.stranger.organization))
    mine = factories.make_item(project)
    generate(api.as_(cast.owner), project, {"item_ids": [str(mine.pk), str(foreign.pk)]}, status=404)
    assert not Job.objects.exists()


def test_an_unconfigured_provider_is_400_before_anything_is_spent(api: Any, cast: Any, project: Any) -> None:
    make_items(project, 1)
    body = generate(api.as_(cast.owner), project, {"ai_provider": "anthropic"}, status=400)
    assert body["code"] == "provider_not_configured"
    generate(api.as_(cast.owner), project, {"ai_provider": "offline", "ai_model": "gpt-6-luna"}, status=400)
    generate(api.as_(cast.owner), project, {"language": "tlh"}, status=400)
    generate(api.as_(cast.owner), project, {"tone": "no-such-tone"}, status=400)


def test_one_writer_at_a_time(api: Any, cast: Any, project: Any) -> None:
    make_items(project, 1)
    first = generate(api.as_(cast.owner), project)
    second = generate(api.as_(cast.owner), project, status=409)
    assert second["code"] == "job_active"
    assert second["job_id"] == first["job_id"]


def test_the_built_in_writer_costs_nothing(api: Any, cast: Any, project: Any) -> None:
    make_items(project, 2)
    before = balance(cast.organization)
    generate(api.as_(cast.owner), project, {"ai_provider": "offline"})
    [job] = run_jobs()
    assert job.result["generated"] == 2, job.result
    assert balance(cast.organization) == before
    assert UsageRecord.objects.count() == 2


def test_regeneration_keeps_the_old_content_as_a_version(api: Any, cast: Any, project: Any) -> None:
    item = factories.make_item(project, status="approved", generated_content={"name": "Old"})
    generate(api.as_(cast.owner), project, door="regenerate")
    item.refresh_from_db()
    assert (item.status, item.generated_content) == ("pending", {"name": "Old"})
    run_jobs()
    item.refresh_from_db()
    assert item.status == "generated"
    version = ItemVersion.objects.get(item=item)
    assert (version.generated_content, version.reason) == ({"name": "Old"}, "regenerated")


def test_regenerating_rejected_items_leaves_the_others(api: Any, cast: Any, project: Any) -> None:
    kept = factories.make_item(project, status="approved", generated_content={"name": "Kept"})
    again = factories.make_item(project, status="rejected", generated_content={"name": "Bad"})
    generate(api.as_(cast.owner), project, door="regenerate-rejected")
    run_jobs()
    kept.refresh_from_db()
    again.refresh_from_db()
    assert kept.generated_content == {"name": "Kept"}
    assert again.generated_content != {"name": "Bad"}


def test_jobs_are_created_listed_and_cancelled(api: Any, cast: Any, project: Any) -> None:
    make_items(project, 2)
    caller = api.as_(cast.owner)
    made = caller.post(f"projects/{project.pk}/jobs", {"job_type": "generation", "payload": {}}, status=201)
    assert [job["id"] for job in caller.get(f"projects/{project.pk}/jobs")] == [made["job_id"]]
    assert caller.get(f"projects/{project.pk}/jobs?of_no_meaning=x")
    assert len(caller.get(f"projects/{project.pk}/jobs?limit=1")) == 1
    caller.get(f"projects/{project.pk}/jobs?status_=x", status=400)
    caller.get(f"projects/{project.pk}/jobs?status=nonsense", status=400)
    assert caller.post(f"jobs/{made['job_id']}/cancel")["status"] == "cancelled"
    assert caller.post(f"jobs/{made['job_id']}/cancel", status=409)["code"] == "job_ended"
    assert not Hold.objects.open().exists()
    assert ContentItem.objects.filter(project=project, status="pending").count() == 2


def test_other_job_types_are_not_started_here(api: Any, cast: Any, project: Any) -> None:
    for kind in ("import", "blog_publish", "gdpr_export", "nonsense"):
        api.as_(cast.owner).post(f"projects/{project.pk}/jobs", {"job_type": kind}, status=400)


def test_a_stream_tells_the_whole_story(api: Any, cast: Any, project: Any) -> None:
    body = api.as_(cast.owner).post(f"projects/{project.pk}/generate/stream", {})
    text = body.decode()
    assert "event: start" in text
    assert text.rstrip().split("\n")[-2] == "event: complete"


def test_a_repeated_generation_with_its_key_is_one_job(api: Any, cast: Any, project: Any) -> None:
    make_items(project, 1)
    caller = api.as_(cast.owner).with_(Idempotency_Key="once")
    first = generate(caller, project)
    again = generate(caller, project)
    assert again["job_id"] == first["job_id"]
    assert caller.last["Idempotent-Replayed"] == "true"
    assert Job.objects.count() == 1


def test_one_item_is_regenerated_and_its_old_text_kept(api: Any, cast: Any, project: Any) -> None:
    item = factories.make_item(project, status="approved", generated_content={"name": "Old"})
    caller = api.as_(cast.owner)
    path = f"projects/{project.pk}/items/{item.pk}/regenerate"
    body = caller.post(path, {"ai_provider": "offline"}, status=202)
    assert (body["id"], body["status"], body["generated_content"]) == (str(item.pk), "approved", {"name": "Old"})
    run_jobs()
    assert caller.get(f"jobs/{body['job_id']}")["result"]["generated"] == 1
    assert ItemVersion.objects.filter(item=item).count() == 1


def test_a_variant_is_not_regenerated(api: Any, cast: Any, project: Any) -> None:
    variant = factories.make_item(project, item_type="variant")
    body = api.as_(cast.owner).post(f"projects/{project.pk}/items/{variant.pk}/regenerate", {}, status=409)
    assert body["code"] == "item_not_writable"


def test_a_wait_whose_project_is_deleted_meanwhile_is_404(api: Any, cast: Any, project: Any) -> None:
    from scribe.api.job_reply import JobReply

    make_items(project, 1)
    body = generate(api.as_(cast.owner), project)
    reply = JobReply(Job.objects.get(pk=body["job_id"]), render=lambda job: None)
    project.delete()
    assert reply.now().status_code == 404


def test_a_reviewers_reason_is_told_to_the_model_and_quoted(api: Any, cast: Any, project: Any, openai: Any) -> None:
    reason = 'Far too long, and "premium" says nothing. ' * 8
    item = factories.make_item(
        project,
        status="rejected",
        reject_reason=reason.strip(),
        decisions={"name": "kept", "tags": "rejected"},
        generated_content={"name": "Old"},
    )
    caller = api.as_(cast.owner)
    asked = {"item_ids": [str(item.pk)]}
    told = caller.post(f"projects/{project.pk}/generate/estimate", asked)["tokens_expected"]
    generate(caller, project, door="regenerate-rejected")
    run_jobs()
    assert json.dumps(reason.strip()) in openai.seen[0].user
    item.refresh_from_db()
    assert (item.reject_reason, item.decisions) == ("", {"name": "kept"})
    assert ItemVersion.objects.get(item=item).reject_reason == reason.strip()
    assert caller.post(f"projects/{project.pk}/generate/estimate", asked)["tokens_expected"] < told
