"""Evidence on file: add it, take it out, and look again at the texts whose evidence has ended. No legal advice."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from projects import review
from projects.models import ContentItem
from projects.models.expressions import HasLiftedRule, LiftedClaim
from scribe import audit, jobs, storage
from scribe.errors import Conflict, InvalidInput, TooLarge
from scribe.jobs import Run, TryAgain
from scribe.jobs.payload import Payload
from scribe.messages import _
from scribe.models import Job
from scribe.types import Json
from scribe.unforeseen import keep_going
from writing.checks import law
from writing.models import Evidence, LawRule

KIND = "evidence"
AT_ONCE = 20  # texts that are checked within a request, or in a transaction
LARGEST = 10 * 1024 * 1024
KINDS = {b"%PDF": ".pdf", b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg"}


@dataclass(frozen=True, kw_only=True)
class RecheckPayload(Payload):
    """The rule and the number of evidence that has ended, or is not on file any more."""

    rule: str = ""
    number: str = ""


def add(*, by: User, file: "UploadedFile[bytes] | None", **said: object) -> Evidence:
    """File one. Raises InvalidInput for a rule that nothing lifts, a day that is over, or a file of another kind,
    TooLarge, and Conflict for a number that is on file for that rule."""
    rule = LawRule.objects.filter(code=said["rule"], active=True).exclude(evidence="").first()
    if rule is None:
        raise InvalidInput.at(
            "#/rule", _("No legal rule that applies to you accepts evidence under this code."), "unknown_rule"
        )
    if said["valid_until"] < timezone.localdate():  # type: ignore[operator]
        raise InvalidInput.at("#/valid_until", _("It has already ended."), "ended")
    key = _keep(by, file) if file is not None else ""
    try:
        with transaction.atomic():
            made: Evidence = Evidence.objects.create(
                organization_id=by.organization_id, created_by=by, file_key=key, **said
            )
            audit.record(action="evidence.filed", actor=by, target=made, after=_summary(made))
    except IntegrityError:
        storage.delete_all([key] if key else [])
        raise Conflict(_("Evidence with this number already exists for this rule."), code="evidence_on_file") from None
    return made


def _keep(by: User, file: "UploadedFile[bytes]") -> str:
    if (file.size or 0) > LARGEST:
        raise TooLarge(_("The file is larger than 10 MB. Upload a smaller one."), code="evidence_too_large")
    head = file.read(4)
    file.seek(0)
    ending = next((ending for mark, ending in KINDS.items() if head.startswith(mark)), "")
    if not ending:
        raise InvalidInput.at("#/file", _("Upload a PDF, PNG or JPEG file."), "unsupported_file")
    return storage.save(by.organization_id, KIND, f"evidence{ending}", file.file)  # type: ignore[arg-type]


def keys_of(organization_id: UUID) -> Iterator[str]:
    """The keys of the files of an organization's evidence."""
    return Evidence.objects.of(organization_id).exclude(file_key="").values_list("file_key", flat=True).iterator()


def remove(*, evidence: Evidence, by: User) -> None:
    """Take it out of the file. The texts that it lifted a rule from are flagged again: many of them by a job."""
    few = _lifts_few(evidence)
    if few:
        _recheck(evidence)
    with transaction.atomic():
        audit.record(action="evidence.removed", actor=by, target=evidence, before=_summary(evidence))
        Evidence.objects.of(evidence.organization_id).filter(pk=evidence.pk).delete()
        transaction.on_commit(partial(storage.delete_all, [evidence.file_key] if evidence.file_key else []))
        if not few:
            _recheck_later(evidence, by)
    if few:
        _recheck(evidence)  # texts that were being checked by it meanwhile


def recheck_ended() -> int:
    """Look again at the texts of all evidence whose last day is over, at many by a job. May be repeated. Returns how
    many were flagged at once."""
    rows = Evidence.objects.filter(valid_until__lt=timezone.localdate(), rechecked_at=None)
    flagged = 0
    for evidence in rows.order_by("pk"):
        with keep_going("texts of ended evidence not checked", evidence=str(evidence.pk)):
            few = _lifts_few(evidence)
            if few:
                flagged += _recheck(evidence)
            with transaction.atomic():
                if not few:
                    _recheck_later(evidence, None)
                Evidence.objects.filter(pk=evidence.pk).update(rechecked_at=timezone.now())
    return flagged


def _recheck(evidence: Evidence) -> int:
    """Check the texts anew from which this evidence lifts a rule, as if it were not there. Returns how many were
    flagged."""
    flagged = 0
    for pk in list(_lifted_by(evidence)):
        with transaction.atomic():
            flagged += review.recheck_law(pk, without=(evidence.rule, evidence.number))
    return flagged


def _recheck_later(evidence: Evidence, by: User | None) -> None:
    jobs.create(
        job_type=Job.Type.LAW_RECHECK,
        organization=evidence.organization,
        created_by=by,
        payload=RecheckPayload(rule=evidence.rule, number=evidence.number).as_dict(),
        total=_lifted_by(evidence).count(),
    )


def run(run: Run) -> None:
    """Check these texts anew by what is on file now, AT_ONCE at a time. `result`: how many were `flagged`."""
    asked = RecheckPayload.of(run.job)
    texts = _lifted_by(Evidence(organization_id=run.job.organization_id, rule=asked.rule, number=asked.number))
    while True:
        run.check()
        with run.settling():
            after = run.result.get("after")
            ids = list((texts.filter(pk__gt=after) if after else texts)[:AT_ONCE])
            if ids:
                flagged = sum(review.recheck_law(pk) for pk in ids)
                run.result.update(after=str(ids[-1]), flagged=run.result.get("flagged", 0) + flagged)
                run.advance(len(ids))
        if not ids:
            return
        if run.should_yield():
            raise TryAgain


def _lifts_few(evidence: Evidence) -> bool:
    return len(_lifted_by(evidence)[: AT_ONCE + 1]) <= AT_ONCE


def _lifted_by(evidence: Evidence) -> QuerySet[ContentItem, UUID]:
    """The ids of the texts from which this evidence lifts a rule."""
    lifts = [{"id": law.ID, "lifted": [{"rule": evidence.rule, "evidence": evidence.number}]}]
    rows = ContentItem.rows.of(evidence.organization_id).filter(HasLiftedRule())
    return rows.filter(generation_metadata__checks__contains=lifts).order_by("pk").values_list("pk", flat=True)


def lifted_texts(organization_id: UUID) -> Counter[tuple[str, str]]:
    """How many texts each piece of evidence lifts its rule from now, by rule and number."""
    rows = ContentItem.rows.of(organization_id).filter(HasLiftedRule())
    lifted = rows.values_list("pk", LiftedClaim()).iterator()
    texts = {(pk, claim["rule"], claim["evidence"]) for pk, claim in lifted}
    return Counter((rule, number) for _pk, rule, number in texts)


def _summary(evidence: Evidence) -> Json:
    return {"number": evidence.number, "rule": evidence.rule, "valid_until": evidence.valid_until.isoformat()}
