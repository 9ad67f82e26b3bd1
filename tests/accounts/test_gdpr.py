"""The data of an organization: taken along, and erased."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone

from accounts import erasure, privacy
from accounts.models import Notification, Organization, Session, User
from scribe import gdpr, orphans, storage
from scribe.jobs.models import Job
from tests.accounts.conftest import PASSWORD, Mails, Person, add_member, enable_totp, text_of
from tests.factories import make_item, make_project
from tests.helpers import Api, run_jobs

#: Apps of others whose rows hold nothing of a customer, or only of staff.
FOREIGN = {"admin", "auth", "contenttypes", "sessions"}
#: Our models whose rows belong to no organization, and why they hold nothing of a customer.
OF_NOBODY = {
    "accounts.SignInFailure": "keyed digests and counters; nobody can be read off them, and they go within a day",
    "billing.AIModel": "prices, the same for everybody",
    "billing.BankReceipt": "amounts of an invoice, by lines of a bank statement",
    "billing.ExchangeRate": "the bank's rates",
    "billing.ImagePrice": "prices, the same for everybody",
    "billing.InvoiceCounter": "numbers alone",
    "billing.ModelTier": "prices, the same for everybody",
    "billing.Plan": "prices, the same for everybody",
    "billing.Reconciliation": "counts alone",
    "billing.TopupPack": "prices, the same for everybody",
    "integrations.Prospect": "people staff write to; none of them is a customer",
    "integrations.WebhookDelivery": "ids and topics of deliveries; Shopify's payloads about people are not kept",
    "scribe.Backup": "when one was made",
    "scribe.Count": "numbers under digests, for a day",
    "scribe.RateLimit": "numbers that staff set",
    "scribe.WorkerFile": "names of our own processes",
    "studio.KnowledgeText": "texts of our own",
    "studio.ProfileTemplate": "texts of our own",
    "studio.Tool": "the catalogue, the same for all",
    "writing.PromptTemplate": "texts of our own",
    "writing.LawRule": "texts of our own",
    "writing.ClaimRegister": "a public register",
    "writing.VerifierRate": "counts per model",
}


def test_every_model_leads_to_its_organization_or_holds_nothing_of_a_customer() -> None:
    others = {m._meta.label for m in apps.get_models() if m not in gdpr.kinds() and m._meta.app_label not in FOREIGN}
    assert others == set(OF_NOBODY)


@pytest.mark.django_db
def test_every_registration_holds_what_it_promises() -> None:
    """Its path leads to the organization, its exported fields exist, and none of them is a secret."""
    forbidden = ("password", "digest", "secret", "token", "api_key", "key_hash", "access_token", "credentials", "hash")
    for registration in gdpr.kinds().values():
        rows = registration.rows("00000000-0000-7000-8000-000000000000")
        assert list(rows.values(*(registration.export or ("pk",)))) == []
        fields = {f.rpartition("__")[2].lower() for f in registration.export}
        assert not {f for f in fields if f in forbidden}, registration.model
        if registration.rule.erase == gdpr.KEEP:
            assert registration.rule.reason, registration.model
        assert registration.deleted or registration.reduce or registration.rule.erase == gdpr.KEEP


def export(person: Person) -> tuple[zipfile.ZipFile, Any]:
    reply = person.api.post("gdpr/export", status=202)
    assert person.api.get("gdpr/status")["active_export_job_id"] == reply["job_id"]
    assert reply["status"] == "queued"
    (job,) = run_jobs(job_type="gdpr_export")
    assert job.status == "completed", job.error
    return zipfile.ZipFile(io.BytesIO(fetch(person.api, job))), job


def fetch(api: Api, job: Job, status: int = 200) -> Any:
    path = job.result["download_url"].removeprefix(settings.PUBLIC_URL)
    return api.get(path, status)


def lines(archive: zipfile.ZipFile, kind: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(f"data/{kind}.jsonl").splitlines()]


def test_an_export_is_a_zip_that_a_person_can_read(owner: Person, mails: Mails) -> None:
    mira = add_member(owner)
    project = make_project(owner.row.organization, name="Zimska kolekcija")
    for _ in range(3):
        make_item(project)
    storage.save(owner.organization_id, "uploads", "katalog.csv", b"sku;name\n1;Boca\n")
    archive, job = export(owner)
    assert archive.testzip() is None
    manifest = json.loads(archive.read("manifest.json"))
    counts = {kind["file"]: kind["records"] for kind in manifest["kinds"]}
    assert counts["data/accounts.user.jsonl"] == 2
    assert counts["data/projects.contentitem.jsonl"] == 3
    assert {u["email"] for u in lines(archive, "accounts.user")} == {owner.email, mira.email}
    assert lines(archive, "projects.project")[0]["name"] == "Zimska kolekcija"
    (file,) = [name for name in archive.namelist() if name.startswith("files/")]
    assert archive.read(file) == b"sku;name\n1;Boca\n"
    assert "manifest.json" in archive.read("README.txt").decode()
    assert job.result["files"] == 1
    assert owner.api.get("gdpr/status")["active_export_job_id"] is None
    notice = owner.api.get("notifications")["notifications"][0]
    assert (notice["notification_type"], notice["job_id"]) == ("export_ready", str(job.pk))
    assert mails.last(owner.email, "export is ready")


def test_an_export_is_for_the_admins_of_the_organization(owner: Person, stranger: Person) -> None:
    mira = add_member(owner)
    _, job = export(owner)
    assert fetch(mira.api, job, 403)["code"] == "admin_required"
    fetch(stranger.api, job, 404)
    fetch(Api(), job, 401)
    mira.api.post("gdpr/export", status=403)
    mira.api.post("gdpr/request-deletion", {"password": PASSWORD}, status=403)
    mira.api.post("gdpr/cancel-deletion", status=403)
    assert mira.api.get("gdpr/status")["deletion_requested_at"] is None


def test_nothing_of_another_organization_is_in_it(owner: Person, stranger: Person) -> None:
    make_item(make_project(stranger.row.organization, name="Foreign catalogue"))
    storage.save(stranger.organization_id, "uploads", "foreign.csv", b"foreign words")
    archive, _ = export(owner)
    whole = b"".join(archive.read(name) for name in archive.namelist())
    for mark in (stranger.email, stranger.organization_id, "Foreign catalogue", "foreign words"):
        assert mark.encode() not in whole


def test_an_export_leaves_the_workers_of_its_queue_to_others(owner: Person) -> None:
    owner.api.post("gdpr/export", status=202)
    assert Job.objects.get(job_type="gdpr_export").is_long


def test_a_file_that_is_deleted_while_the_export_is_made_is_left_out(owner: Person) -> None:
    organization = Organization.objects.get(pk=owner.organization_id)
    kept, gone = (storage.save(organization.pk, "uploads", name, b"1") for name in ("a.csv", "b.csv"))
    with io.BytesIO() as file:
        manifest = privacy.write_zip(file, organization, check=lambda: storage.delete(gone))
        names = zipfile.ZipFile(file).namelist()
    assert manifest["files"] == ["files/" + kept.split("/", 2)[2]] == [name for name in names if name[:6] == "files/"]


def test_one_export_at_a_time(owner: Person) -> None:
    first = owner.api.post("gdpr/export", status=202)
    again = owner.api.post("gdpr/export", status=409)
    assert (again["code"], again["job_id"]) == ("export_active", first["job_id"])
    run_jobs()
    owner.api.post("gdpr/export", status=202)


def test_an_export_is_kept_seven_days(owner: Person) -> None:
    _, job = export(owner)
    assert privacy.forget_exports() == 0
    Job.objects.filter(pk=job.pk).update(completed_at=timezone.now() - timedelta(days=7, minutes=1))
    assert privacy.forget_exports() == 1
    fetch(owner.api, job, 404)
    assert privacy.forget_exports() == 0


def test_an_export_that_a_killed_run_left_behind_is_deleted_and_the_finished_one_stays(owner: Person) -> None:
    left = storage.save(
        owner.organization_id, storage.EXPORT_KIND, "all.zip", b"everything"
    )  # killed before it was noted
    _, job = export(owner)
    assert list(orphans.find(age=timedelta())) == [left]
    fetch(owner.api, job)


@pytest.mark.thorough
def test_an_export_that_is_cancelled_leaves_no_file(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from scribe import jobs

    owner.api.post("gdpr/export", status=202)
    job = Job.objects.get()
    save = storage.save

    def cancelled_meanwhile(*args: Any, **more: Any) -> str:
        jobs.cancel(Job.objects.get(pk=job.pk))
        return save(*args, **more)

    monkeypatch.setattr(storage, "save", cancelled_meanwhile)
    run_jobs()
    assert list(storage.below(f"organizations/{owner.organization_id}/")) == []


def test_deletion_needs_the_password_and_is_set_14_days_ahead(owner: Person, mails: Mails) -> None:
    assert owner.api.post("gdpr/request-deletion", {"password": "wrong"}, status=403)["code"] == "wrong_password"
    owner.api.post("gdpr/request-deletion", status=403)
    reply = owner.api.post("gdpr/request-deletion", {"password": owner.password})
    status = owner.api.get("gdpr/status")
    assert status["deletion_scheduled_for"] == reply["deletion_scheduled_for"]
    row = Organization.objects.get(pk=owner.organization_id)
    assert row.deletion_scheduled_for - row.deletion_requested_at == timedelta(days=14)
    assert owner.api.post("gdpr/request-deletion", {"password": owner.password}, status=409)["code"] == (
        "deletion_pending"
    )
    assert "Vera Novak" in text_of(mails.last(owner.email, "scheduled for deletion"))


def test_deletion_can_be_cancelled_once(owner: Person, mails: Mails) -> None:
    assert owner.api.post("gdpr/cancel-deletion", status=409)["code"] == "no_deletion_pending"
    owner.api.post("gdpr/request-deletion", {"password": owner.password})
    owner.api.post("gdpr/cancel-deletion")
    owner.api.post("gdpr/cancel-deletion", status=409)
    assert owner.api.get("gdpr/status")["deletion_scheduled_for"] is None
    assert mails.last(owner.email, "will not be deleted")
    assert erasure.erase_due(timezone.now() + timedelta(days=30)) == 0


def test_a_social_user_confirms_by_a_fresh_sign_in(owner: Person) -> None:
    User.objects.filter(email=owner.email).update(password="!")
    Session.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    assert owner.api.post("gdpr/request-deletion", {"password": ""}, status=403)["code"] == "recent_sign_in_required"
    Session.objects.update(created_at=timezone.now() - timedelta(minutes=9))
    owner.api.post("gdpr/request-deletion")


def test_nothing_is_erased_before_its_day(owner: Person) -> None:
    owner.api.post("gdpr/request-deletion", {"password": owner.password})
    assert erasure.erase_due(timezone.now() + timedelta(days=13, hours=23)) == 0
    owner.api.get("users/me")
    assert erasure.erase_due(timezone.now() + timedelta(days=14, minutes=1)) == 1
    owner.api.get("users/me", 401)
    owner.sign_in(401)
    assert erasure.erase_due(timezone.now() + timedelta(days=15)) == 0


def test_the_address_is_free_again_and_the_other_organization_untouched(owner: Person, stranger: Person) -> None:
    from tests.accounts.conftest import register

    Notification.objects.filter(organization_id=stranger.organization_id).count()
    before = stranger.api.get("users/me")
    erasure.erase(owner.row.organization)
    assert stranger.api.get("users/me") == before
    register(owner.email)


def test_erasing_again_after_a_break_finishes(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed in the middle: the next run of beat takes it up."""
    make_item(make_project(owner.row.organization))
    Organization.objects.filter(pk=owner.organization_id).update(
        deletion_requested_at=timezone.now() - timedelta(days=15),
        deletion_scheduled_for=timezone.now() - timedelta(days=1),
    )
    real, calls = erasure._erase_kind, iter(range(1000))

    def breaks(*args: Any) -> None:
        if next(calls) == 9:
            raise RuntimeError("killed")
        real(*args)

    monkeypatch.setattr(erasure, "_erase_kind", breaks)
    assert erasure.erase_due() == 0
    assert Organization.objects.get(pk=owner.organization_id).erased_at is None
    monkeypatch.setattr(erasure, "_erase_kind", real)
    assert erasure.erase_due() == 1
    assert Organization.objects.get(pk=owner.organization_id).name == "Erased organization"


def test_running_jobs_stop_when_the_deletion_is_asked_for(owner: Person) -> None:
    from scribe import jobs

    project = make_project(owner.row.organization)
    job = jobs.create(job_type="generation", organization=owner.row.organization, project=project)
    owner.api.post("gdpr/request-deletion", {"password": owner.password})
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert enable_totp(owner), "the account itself goes on until its day"
