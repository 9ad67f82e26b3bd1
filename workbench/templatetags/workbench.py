"""What templates need besides Django's own tags: labels of the product's terms, and numbers as people read them."""

import re
import secrets
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django import template
from django.utils.formats import number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from integrations.ai import registry
from projects import import_job, sample_catalogue
from projects.readiness import Readiness
from projects.sync import job as sync_job
from projects.sync.plan import SyncPayload
from scribe import messages
from scribe.models import Job
from scribe.types import Json
from workbench import labels, pictures
from workbench.reading import TracedClaim
from writing import images, languages
from writing.checks.sources import ORIGINAL

register = template.Library()
MERCHANTS_OWN = ("attributes.", "raw.")  # the fields of a source that the merchant has named
#: Words of a user agent that tell what people call their browser and system. The first that is there counts.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}
TABLES: dict[str, labels.Labels] = {
    "status": labels.STATUSES,
    "readiness": labels.READINESS,
    "readiness_reason": labels.READINESS_REASONS,
    "next_step": labels.NEXT_STEPS,
    "item": labels.ITEM_TYPES,
    "job": labels.JOB_TYPES,
    "job_status": labels.JOB_STATUSES,
    "outcome": labels.OUTCOMES,
    "field": labels.FIELD_NAMES,
    "check": labels.CHECKS,
    "kind": labels.CLAIM_KINDS,
    "rule_state": labels.RULE_STATES,
    "reason": labels.REASONS,
    "movement": labels.LEDGER_ENTRY_TYPES,
    "limit": labels.LIMITS,
    "event": labels.EVENTS,
    "invoice": labels.INVOICE_STATUSES,
    "payment": labels.PAYMENTS,
    "payment_status": labels.PAYMENT_STATUSES,
    "filter": labels.IMPORT_FILTERS,
    "post_status": labels.POST_STATUSES,
    "site_status": labels.SITE_STATUSES,
    "post_type": labels.POST_TYPES,
    "post_part": labels.POST_PARTS,
    "post_text": labels.POST_TEXTS,
    "left_out": labels.LEFT_OUT,
    "not_written": labels.NOT_WRITTEN,
    "way": labels.WAYS,
    "role": labels.ROLES,
    "file_purpose": labels.FILE_PURPOSES,
    "via": labels.SIGN_IN_METHODS,
}


@register.simple_tag
def once() -> str:
    """The token of a form that spends or begins something: sent twice, it counts once (`workbench.once`)."""
    return format_html('<input type="hidden" name="once" value="{}">', secrets.token_urlsafe(12))


@register.filter
def label_of(value: object, table: str) -> object:
    """The label of `value` in the table, or the value itself."""
    return TABLES[table].get(str(value), value)


@register.filter
def source_name(path: str) -> object:
    """The name of a source's field by the path at which the checks found it: `attributes.Material`, `categories[0]`."""
    if path.startswith(MERCHANTS_OWN):
        return path.partition(".")[2]
    if path.startswith(f"{ORIGINAL}:"):
        return f"{gettext('Original')}, {source_name(path.partition(':')[2])}"
    return labels.FIELD_NAMES.get(path) or labels.FIELD_NAMES.get(re.split(r"[\[.]", path)[0], path)


@register.filter
def thumbnail(found: object, organization_id: UUID) -> str:
    """The address of the first picture in a source's `images`, through us; empty without one."""
    named = images.addresses(found)
    return pictures.address(named[0], organization_id) if named else ""


@register.filter
def writer(model: str) -> str:
    """The model that wrote a text, `provider/model`, by the name that people know."""
    if str(model) == sample_catalogue.EXAMPLE:
        return gettext("ready-made sample text")
    return gettext("built-in text generator (no AI)") if str(model).startswith(registry.BUILT_IN) else str(model)


@register.filter
def bdi(text: object) -> str:
    """Words of a person in a sentence of ours: they run in their own direction."""
    return format_html("<bdi>{}</bdi>", text)


@register.filter
def in_reader_language(text: object) -> str:
    """A sentence of the rules in the reader's language."""
    return messages.render(text)


@register.filter
def outcomes(job: Job) -> Iterable[tuple[str, str]]:
    """How the items of a sync or an import ended, and the sentence on each: every item is counted once."""
    of = {Job.Type.SYNC: sync_job.outcome_texts, Job.Type.IMPORT: import_job.outcome_texts}.get(Job.Type(job.job_type))
    return of(job).items() if of else ()


@register.filter
def readiness_reason(state: str, status: str) -> object:
    """Why a text of this status is in this state."""
    reasons = labels.REASONS_TO_GENERATE
    return reasons.get(status, reasons[""]) if state == Readiness.NEEDS_TEXT else label_of(state, "readiness_reason")


@register.filter
def job_title(job: Job) -> object:
    """What a job does. The undo of a sync is one of its own."""
    undo = job.job_type == Job.Type.SYNC and SyncPayload.of(job).undoes
    return gettext("Undo of a sync") if undo else label_of(job.job_type, "job")


@register.filter
def job_state(job: Job) -> object:
    """How a job stands. A sync of which no item failed is done, and says how many wait for a decision."""
    failed = job.status in (Job.Status.FAILED, Job.Status.COMPLETED_WITH_ERRORS)
    if job.job_type != Job.Type.SYNC or not failed or not sync_job.is_without_failure(job):
        return label_of(job.status, "job_status")
    if n := sync_job.outcomes(job).get("conflicts"):
        return gettext("Done, %(n)s to decide") % {"n": group_digits(n)}
    return label_of(Job.Status.COMPLETED, "job_status")


@register.filter
def link_claims(text: object, claims: list[TracedClaim]) -> str:
    """A sentence of the rules in the reader's language. Claims that it quotes lead to their marks in the text."""
    said = escape(messages.render(text))
    for claim in claims:
        link = format_html('“<a href="#mark-{}">{}</a>”', claim.number, claim.text)
        said = SafeString(said.replace(escape(f"“{claim.text}”"), link, 1))
    return said


@register.filter
def language(code: str) -> str:
    """A language by its own name, or its code."""
    found = languages.find_variant(code)
    return found.native_name if found else code


@register.filter
def percent(value: float | str | None) -> str:
    """A score from 0 to 1 as people read it; empty for None, and for what the template has no value of."""
    return "" if value in (None, "") else f"{round(float(value) * 100)} %"


@register.filter("grouped")
def group_digits(number: int) -> str:
    """A number with its thousands apart."""
    return number_format(number, use_l10n=True, force_grouping=True)


@register.filter
def at(table: Json, key: str) -> object:
    return table.get(key)


@register.filter
def minor(value: int | str | None) -> str:
    """An amount in cents as money; empty for None, and for what the template has no value of."""
    return (
        ""
        if value in (None, "")
        else number_format(Decimal(value) / 100, decimal_pos=2, use_l10n=True, force_grouping=True)
    )


@register.filter
def xct(value: Decimal | int | None) -> str:
    """An amount of XCT as people read it: up to four decimals, none that are zero."""
    exact = Decimal(value or 0).quantize(Decimal("0.0001")).normalize()
    places = max(0, -int(exact.as_tuple().exponent))
    return number_format(exact, decimal_pos=places, use_l10n=True, force_grouping=True)


@register.filter
def device(user_agent: str) -> str:
    """The browser and system of a user agent, or its beginning if it is of neither."""
    found = [next((name for word, name in table.items() if word in user_agent), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found)) or user_agent[:60] or gettext("Unnamed program")
