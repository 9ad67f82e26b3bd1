"""The right to one's data: an export of everything an organization has with us, as a job.

The ZIP is for people and for programs: a README, a manifest with counts, one JSON Lines file per kind of row, and every
stored file. What goes in is decided by the registry (scribe.gdpr), never here.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import IO, Any

from django.db import transaction
from django.utils import timezone

from accounts import access, notifications
from accounts.models import Organization, User
from scribe import audit, gdpr, jobs, storage
from scribe.api.fields import utc
from scribe.api.serializers import plain
from scribe.errors import Conflict
from scribe.jobs.models import Job

JOB_TYPE = "gdpr_export"
KIND = "exports"
KEPT = timedelta(days=7)
README = """This is everything that {product} keeps about your organization, as of {when}.

manifest.json   what is in here: the kinds of records, how many of each, and the files
data/           one file per kind; each line is one record in JSON, which any text editor or spreadsheet tool opens
files/          the files that were uploaded or made, under the names they are stored with

Secrets (passwords, keys, tokens) are not part of it: most are stored in a form that cannot be read back.
"""


@transaction.atomic
def request_export(*, organization: Organization, by: User) -> Job:
    """Queue an export; Conflict `export_active` (with `job_id`) while one is being made."""
    access.lock_organization(by)  # two requests at once: the second sees the first one's job
    active = active_export(organization)
    if active is not None:
        raise Conflict("An export is being prepared already.", code="export_active", job_id=str(active.pk))
    job = jobs.create(job_type=JOB_TYPE, organization=organization, created_by=by)
    audit.record(action="organization.export_requested", actor=by, organization=organization, target=job)
    return job


def active_export(organization: Organization) -> Job | None:
    found: Job | None = Job.objects.of(organization).active().filter(job_type=JOB_TYPE).first()
    return found


def file_of(job: Job) -> str:
    """The storage key of a finished export; empty before it is there, and once it was deleted."""
    return str(job.result.get("download_url", "")).partition("/api/v1/files/")[2]


def carry_out(run: jobs.Run) -> None:
    """Write the ZIP. A killed run begins anew, since it kept nothing."""
    organization = run.job.organization
    with tempfile.TemporaryFile() as file:
        manifest = write_zip(file, organization, check=run.check)
        file.seek(0)
        run.check()
        name = f"xc-scribe-export-{timezone.now():%Y-%m-%d}.zip"
        key = storage.save(organization.pk, KIND, name, file)
    try:
        with run.settling():
            run.result.update(
                download_url=storage.url(key),
                expires_at=utc(timezone.now() + KEPT),
                records=sum(kind["records"] for kind in manifest["kinds"]),
                files=len(manifest["files"]),
            )
            run.advance(total=1)
    except BaseException:
        storage.delete(key)  # the job was cancelled or taken over: this copy must not stay behind
        raise


def ended(job: Job) -> None:
    """Tell the person who asked for it. They are told once, however often this is called."""
    if job.status != Job.Status.COMPLETED:
        return
    notifications.job_ended(
        job,
        kind="export_ready",
        title="Your data export is ready",
        body="The export of your organization's data can be downloaded for seven days.",
        data={"download_url": job.result.get("download_url", "")},
    )


def write_zip(file: IO[bytes], organization: Organization, *, check: Any = lambda: None) -> dict[str, Any]:
    """Write everything into `file`, row by row in flat memory; returns the manifest."""
    manifest: dict[str, Any] = {
        "product": "XC Scribe",
        "organization": {"id": str(organization.pk), "name": organization.name},
        "created_at": utc(timezone.now()),
        "kinds": [],
        "files": [],
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("README.txt", README.format(product=manifest["product"], when=manifest["created_at"]))
        for registration in _exported():
            check()
            name = f"data/{registration.model._meta.label_lower}.jsonl"
            count = 0
            with archive.open(name, "w", force_zip64=True) as lines:
                for line in _lines(registration, organization):
                    lines.write(line)
                    count += 1
            manifest["kinds"].append(
                {
                    "kind": str(registration.model._meta.verbose_name_plural),
                    "file": name,
                    "records": count,
                    "fields": list(registration.export or ()),
                }
            )
        for key in _files(organization):
            check()
            inside = "files/" + key.split("/", 2)[2]
            with storage.open(key) as source, archive.open(inside, "w", force_zip64=True) as target:
                while block := source.read(1 << 20):
                    target.write(block)
            manifest["files"].append(inside)
        archive.writestr("manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False))
    return manifest


def _exported() -> list[gdpr.Registration]:
    found = [r for r in gdpr.registry.values() if r.export]
    return sorted(found, key=lambda r: r.model._meta.label_lower)


def _lines(registration: gdpr.Registration, organization: Organization) -> Iterator[bytes]:
    rows = registration.rows(organization.pk).order_by("pk").values(*(registration.export or ()))
    for row in rows.iterator(chunk_size=1000):
        yield json.dumps(row, ensure_ascii=False, default=plain).encode() + b"\n"


def _files(organization: Organization) -> Iterator[str]:
    """All stored files except earlier exports."""
    for key in storage.below(f"organizations/{organization.pk}/"):
        if key.split("/")[2] != KIND:
            yield key


def forget_exports() -> int:
    """Delete exports older than seven days, and note that in their jobs."""
    old = Job.objects.filter(
        job_type=JOB_TYPE,
        status=Job.Status.COMPLETED,
        completed_at__lt=timezone.now() - KEPT,
        result__has_key="download_url",
    )
    count = 0
    for job in old.iterator():
        storage.delete(file_of(job))
        result = {name: value for name, value in job.result.items() if name != "download_url"}
        Job.objects.filter(pk=job.pk).update(result={**result, "expired": True})
        count += 1
    return count
