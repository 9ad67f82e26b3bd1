"""The audit and its job. The job judges the products in batches, then finds duplicates, then writes the summary.

It may be killed at any line and repeated. `result` keeps the last recorded product, so the batches go on from there.
Duplicates and summary start again from the rows.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from billing.access import check_open
from integrations.stores import platforms
from projects.models import ContentItem, DataSource, Project
from scribe import jobs, statements, unforeseen
from scribe.jobs import JobNotice, Run
from scribe.jobs.payload import Payload
from scribe.messages import Message, _
from scribe.models import Job
from studio.audits import checks, duplicates, product
from studio.models import AuditedProduct, StoreAudit

BATCH = 500
PREVIEW = 200
# Fields that any item of a manual source can have.
_MANUAL_FIELDS = {"name", "description", "images", "price"}


@dataclass(frozen=True, kw_only=True)
class AuditPayload(Payload):
    audit_id: str


# A job with one of these statuses has a report. The report lacks the products that failed.
REPORTED = (Job.Status.COMPLETED, Job.Status.COMPLETED_WITH_ERRORS)


def items_to_audit(project: Project) -> QuerySet[ContentItem]:
    """The project's items to audit, without excluded ones and variants. WordPress has pages and posts as well."""
    types = platforms.get(project.platform).item_types
    return ContentItem.objects.of(project.organization_id).filter(project=project, item_type__in=types).included()


@transaction.atomic
def start(*, project: Project, by: User, enabled: list[str] | None = None) -> StoreAudit:
    """Create an audit and its job, with all checks by default. It never writes items, so it blocks no other work."""
    check_open(project.organization)
    count = items_to_audit(project).count()
    audit = StoreAudit(
        organization_id=project.organization_id,
        project=project,
        checks=list(dict.fromkeys(enabled or checks.IDS)),
        product_count=count,
        created_by=by,
    )
    audit.job = jobs.create(
        job_type=Job.Type.STORE_AUDIT,
        project=project,
        created_by=by,
        payload=AuditPayload(audit_id=str(audit.pk)).as_dict(),
        total=count,
    )
    audit.save(force_insert=True)
    return audit


@transaction.atomic
def delete(*, audit: StoreAudit) -> None:
    """Delete an audit with its findings. Its job is cancelled first if it still runs."""
    jobs.cancel_all(Job.objects.filter(pk=audit.job_id))  # type: ignore[misc]  # None finds nothing
    audit.delete()


def run(run: Run) -> None:
    audit = StoreAudit.objects.select_related("project").filter(pk=AuditPayload.of(run.job).audit_id).first()
    if audit is None:
        raise jobs.Failed(_("The audit was deleted."), code="audit_deleted")
    _through_products(run, audit)
    run.check()
    _finish(run, audit)


def _through_products(run: Run, audit: StoreAudit) -> None:
    result = run.result
    result.setdefault("carried", sorted(_declared_fields(audit.project)))
    carried = set(result["carried"])
    enabled = frozenset(audit.checks)
    items = items_to_audit(audit.project).order_by("id")
    while True:
        run.check()
        if run.should_yield():
            raise jobs.TryAgain(0)
        rows = items.filter(pk__gt=result["after"]) if result.get("after") else items
        batch = list(rows.only("source_data", "generated_content", "status", "organization_id")[:BATCH])
        if not batch:
            return
        first = run.job.progress_current
        found: list[AuditedProduct] = []
        failures: list[tuple[ContentItem, str]] = []
        for place, item in enumerate(batch):
            if place % 50 == 0:
                run.check()
            try:
                read = product.read(item)
                row, more = _row(audit, item, read, enabled, first + place), checks.fields_with_values(read)
            except unforeseen.NOT_ITS_OWN:
                raise
            except Exception as error:
                failures.append((item, unforeseen.record(error, item=str(item.pk))))
                continue
            carried |= more
            found.append(row)
        with run.settling():
            AuditedProduct.objects.bulk_create(found, ignore_conflicts=True)
            result["after"], result["carried"] = str(batch[-1].pk), sorted(carried)
            for item, reason in failures:
                result["failed"] = int(result.get("failed") or 0) + 1
                run.emit("item_failed", {"item_id": str(item.pk), "reason": reason, "code": unforeseen.CODE})
            run.advance(len(batch))


def _row(
    audit: StoreAudit, item: ContentItem, read: product.ShopProduct, enabled: frozenset[str], position: int
) -> AuditedProduct:
    """The findings on one product. All checks are judged now, since only the end shows which fields the data have.
    `scores["applicable"]` keeps the ids of the applicable checks until then."""
    issues, _, _ = checks.judge(read, enabled)
    applicable = [c.id for c in checks.CHECKS if c.id in enabled and c.applies(read)]
    compare = checks.DUPLICATES in enabled
    return AuditedProduct(
        organization_id=audit.organization_id,
        audit=audit,
        content_item=item,
        position=position,
        product_title=read.title[:500],
        product_url=read.url,
        description_word_count=len(read.words),
        description_preview=read.text[:PREVIEW],
        issues=issues,
        scores={**checks.scores(read), "applicable": applicable},
        shingles=duplicates.shingles(read.words) if compare else b"",
    )


def _declared_fields(project: Project) -> set[str]:
    """Fields that the project's sources can have, whether or not any item has a value."""
    found: set[str] = set()
    for source in DataSource.objects.filter(project=project):
        if source.type == DataSource.Type.FILE:
            mapped = {str(field) for field in (source.config.get("mapping") or {}).values()}
            found |= {field for field in mapped if not field.startswith("attributes.")}
            if any(field.startswith("attributes.") for field in mapped):
                found.add("attributes")
        elif source.type == DataSource.Type.STORE:
            found |= platforms.get(project.platform).always_has
        else:
            found |= _MANUAL_FIELDS
    return found or _MANUAL_FIELDS


def _finish(run: Run, audit: StoreAudit) -> None:
    """Mark duplicates, drop the issues of fields that the data can't have, and save summary and health score."""
    rows = AuditedProduct.objects.filter(audit=audit).order_by("position", "id")
    ids, packed = [], []
    for pk, shingles in rows.values_list("pk", "shingles").iterator(chunk_size=2000):
        ids.append(pk)
        packed.append(bytes(shingles))
    run.check()
    twins = {ids[index] for index in duplicates.find(packed)}
    del packed
    run.check()
    carried = set(run.result["carried"])
    usable = {c.id for c in checks.CHECKS if c.id in audit.checks and c.needs in carried}
    counts: Counter[str] = Counter()
    failed = applicable = 0
    with run.settling():
        for batch in _batches(rows.only("id", "issues", "scores")):
            for row in batch:
                row.issues, weights = _final(row, usable, row.pk in twins)
                counts.update(row.issues)
                failed, applicable = failed + weights[0], applicable + weights[1]
            statements.update(batch, ["issues", "scores"])
        rows.update(shingles=b"")
        audit.summary = {
            "counts": {check: counts.get(check, 0) for check in checks.IDS if check in usable},
            "skipped": [check for check in audit.checks if check not in usable],
        }
        audit.health_score = health_score(failed, applicable)
        audit.product_count = len(ids)
        audit.save(update_fields=["summary", "health_score", "product_count"])
        run.result = {
            "audit_id": str(audit.pk),
            "products": len(ids),
            "failed": int(run.result.get("failed") or 0),
            "health_score": audit.health_score,
            "xct_used": "0.0000",
        }


def _final(row: AuditedProduct, usable: set[str], twin: bool) -> tuple[list[str], tuple[int, int]]:
    """Set the product's own health score. Returns its issues in the checks' order, and weights (failed, applicable)."""
    found = set(row.issues) | ({checks.DUPLICATES} if twin else set())
    issues = [check for check in checks.IDS if check in found and check in usable]
    asked = [check for check in row.scores.pop("applicable", []) if check in usable]
    failed = sum(checks.BY_ID[check].weight for check in issues)
    applicable = sum(checks.BY_ID[check].weight for check in asked)
    row.scores = {"health": health_score(failed, applicable), **row.scores}
    return issues, (failed, applicable)


def _batches(rows: QuerySet[AuditedProduct]) -> Iterator[list[AuditedProduct]]:
    batch = []
    for row in rows.iterator(chunk_size=1000):
        batch.append(row)
        if len(batch) == 1000:
            yield batch
            batch = []
    if batch:
        yield batch


def close(job: Job) -> None:
    """Save the job's status and error on the audit, inside the transaction that ends the job."""
    status = Job.Status.COMPLETED if job.status in REPORTED else job.status
    StoreAudit.objects.filter(job=job).update(status=status, error=job.error, completed_at=timezone.now())
    if status != Job.Status.COMPLETED:
        AuditedProduct.objects.filter(audit__job=job).update(shingles=b"")


def end_notice(job: Job) -> JobNotice | None:
    """What the person who started the audit is told. A cancelled audit tells nobody."""
    audit = StoreAudit.objects.select_related("project").filter(job=job).first()
    if audit is None or job.created_by is None or job.status == Job.Status.CANCELLED:
        return None
    done = job.status in REPORTED
    return JobNotice(
        _("The audit of {name} is ready", name=audit.project.name)
        if done
        else _("The audit of {name} failed", name=audit.project.name),
        body=_result(audit) if done else "",
        data={"audit_id": str(audit.pk)},
    )


def _result(audit: StoreAudit) -> Message:
    if audit.health_score is None:
        return _(
            "{product_count} products. There was nothing to check, so there is no health score.",
            product_count=audit.product_count,
        )
    return _(
        "{product_count} products, health score {health_score}.",
        product_count=audit.product_count,
        health_score=audit.health_score,
    )


def health_score(failed: int, applicable: int) -> float | None:
    """The health of a store, 0 to 100 with one decimal. None when no check was applicable.

        health = 100 × (1 − Σ weights of failed checks / Σ weights of applicable checks)

    The sums are over all audited products. A check is applicable when it was asked for, the project's data have its
    field, and it applies to the product (a missing description is not also thin). Weights: 3 for missing_description,
    duplicate_content, missing_images and missing_price; 2 for thin_content, missing_seo_title, broken_html,
    missing_meta_description and keyword_stuffing; 1 for the others.
    """
    return round(100 * (1 - failed / applicable), 1) if applicable else None
