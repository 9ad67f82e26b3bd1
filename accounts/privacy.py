"""The right to one's data: an export of everything an organization has with us, as a job.

The ZIP is for people and for programs: a README, a manifest with counts, one JSON Lines file per kind of row, and every
stored file. What goes in is decided by the models (see `scribe.gdpr`), never here.
"""

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import IO
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import access
from accounts.models import Organization, User
from scribe import audit, gdpr, jobs, storage
from scribe.api.fields import utc
from scribe.api.serializers import plain
from scribe.errors import Conflict
from scribe.jobs import JobNotice
from scribe.jobs.models import Job
from scribe.messages import _
from scribe.types import Json
from scribe.unforeseen import keep_going

JOB_TYPE = "gdpr_export"
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
        raise Conflict(
            _("An export is already being prepared. Please wait until it is ready."),
            code="export_active",
            job_id=str(active.pk),
        )
    job = jobs.create(job_type=JOB_TYPE, organization=organization, created_by=by, is_long=True)
    audit.record(action="organization.export_requested", actor=by, target=job)
    return job


def active_export(organization: Organization) -> Job | None:
    return Job.objects.of(organization).active().filter(job_type=JOB_TYPE).first()


def file_of(job: Job) -> str:
    """The storage key of a finished export; empty before it is there, and once it was deleted."""
    return str(job.result.get("download_url", "")).partition("/api/v1/files/")[2]


def carry_out(run: jobs.Run) -> None:
    """Write the ZIP in one go, since half of one is of no use to another worker: so it is a long job from the start. A
    killed run begins anew; a file that it stored and no job names is deleted at night."""
    organization = run.job.organization
    with tempfile.TemporaryFile() as file:
        manifest = write_zip(file, organization, check=run.check)
        file.seek(0)
        run.check()
        name = f"xc-scribe-export-{timezone.now():%Y-%m-%d}.zip"
        key = storage.save(organization.pk, storage.EXPORT_KIND, name, file)
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


def end_notice(job: Job) -> JobNotice | None:
    """What the person who asked for the export is told once it is ready."""
    if job.status != Job.Status.COMPLETED:
        return None
    return JobNotice(
        _("Your data export is ready"),
        _("The export of your organization's data can be downloaded for seven days."),
        data={"download_url": job.result.get("download_url", "")},
        event="export.ready",
    )


def write_zip(file: IO[bytes], organization: Organization, *, check: Callable[[], object] = lambda: None) -> Json:
    """Write everything into `file`, row by row in flat memory; returns the manifest."""
    manifest: Json = {
        "product": "XC Scribe",
        "organization": {"id": str(organization.pk), "name": organization.name},
        "created_at": utc(timezone.now()),
        "kinds": [],
        "files": [],
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("README.txt", README.format(product=manifest["product"], when=manifest["created_at"]))
        for kind in _exported_rows():
            check()
            name = f"data/{kind.model._meta.label_lower}.jsonl"
            count = 0
            with archive.open(name, "w", force_zip64=True) as lines:
                for line in _lines(kind, organization):
                    lines.write(line)
                    count += 1
            manifest["kinds"].append(
                {
                    "kind": str(kind.model._meta.verbose_name_plural),
                    "file": name,
                    "records": count,
                    "fields": list(kind.export),
                }
            )
        for key in _files(organization):
            check()
            inside = "files/" + key.split("/", 2)[2]
            with suppress(FileNotFoundError):  # deleted meanwhile
                with storage.open(key) as source, archive.open(inside, "w", force_zip64=True) as target:
                    while block := source.read(1 << 20):
                        target.write(block)
                manifest["files"].append(inside)
        archive.writestr("manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False))
    return manifest


def _exported_rows() -> list[gdpr.PersonalRows]:
    found = [kind for kind in gdpr.kinds().values() if kind.export]
    return sorted(found, key=lambda kind: kind.model._meta.label_lower)


def _lines(kind: gdpr.PersonalRows, organization: Organization) -> Iterator[bytes]:
    rows = kind.rows(organization.pk).order_by("pk").values(*kind.export)
    for row in rows.iterator(chunk_size=1000):
        yield json.dumps(row, ensure_ascii=False, default=plain).encode() + b"\n"


def _files(organization: Organization) -> Iterator[str]:
    """All stored files except earlier exports."""
    for key in storage.below(f"organizations/{organization.pk}/"):
        if storage.kind(key) != storage.EXPORT_KIND:
            yield key


def keys_of(organization_id: UUID) -> Iterator[str]:
    """The keys of an organization's exports."""
    made = Job.objects.filter(organization_id=organization_id, job_type=JOB_TYPE, result__has_key="download_url")
    return (file_of(job) for job in made.iterator())


def forget_exports() -> int:
    """Delete exports older than KEPT, and take the address out of their jobs."""
    old = Job.objects.filter(
        job_type=JOB_TYPE,
        status=Job.Status.COMPLETED,
        completed_at__lt=timezone.now() - KEPT,
        result__has_key="download_url",
    )
    count = 0
    for job in old.iterator():
        with keep_going("an old export could not be deleted", job_id=str(job.pk)):
            storage.delete(file_of(job))
            result = {name: value for name, value in job.result.items() if name != "download_url"}
            Job.objects.filter(pk=job.pk).update(result=result)
            count += 1
    return count
