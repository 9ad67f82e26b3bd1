"""The profile builder's job: one call of the model, kept and charged in one transaction."""

from __future__ import annotations

from decimal import Decimal

from billing import holds, prices, usage
from billing.models import Hold
from integrations.ai.types import Answer, EndReason
from scribe import jobs
from scribe.api.fields import decimal
from scribe.jobs import Run
from scribe.models import Job
from studio.profiles.starting import prompt
from writing import model_access
from writing import settings as writing
from writing.settings import WritingSettings
from writing.text import cut, plain

LONGEST = 2000
CONTENT_TYPE = "profile"


def run(run: Run) -> None:
    """One call; what is usable is charged in the transaction that keeps it, once."""
    settings = writing.from_dict(run.payload["settings"])
    given = model_access.access(run.job.organization, settings)
    asked = prompt(run.payload["facts"], settings)
    answer = model_access.once(run, settings, given, asked, attempts=3, patience=60)
    text = cut(plain(str((answer.data or {}).get("custom_instructions") or "")), LONGEST)
    usable = answer.end is EndReason.OK and bool(text)
    try:
        _settle(run, settings, answer, text if usable else "", own_key=given.own)
    except jobs.Stopped:
        model_access.record_cut_off(run, settings, asked, own_key=given.own)
        raise
    if not usable:
        raise jobs.Failed("The model gave no usable answer.", code=f"answer_{answer.end}", party=settings.provider)


def _settle(run: Run, settings: WritingSettings, answer: Answer, text: str, *, own_key: bool) -> None:
    most = Decimal(run.payload["quoted_max"])
    price = prices.xct(
        answer.input_tokens + answer.output_tokens, settings, prices.rate_multiplier(run.job.organization)
    )
    xct = min(price, most) if text else Decimal(0)
    with run.settling() as job:
        usage.record(
            organization=job.organization_id,
            key=f"profile_builder:{job.pk}:{run.fence}",
            provider=settings.provider,
            model=prices.model(settings.provider, settings.model),
            content_type=CONTENT_TYPE,
            **answer.counted,
            xct=xct,
            outcome="ok" if text else str(answer.end),
            byok=own_key,
            job_id=job.pk,
        )
        hold = Hold.objects.filter(job=job, closed_at=None).first()
        if hold is not None and text:
            holds.capture(
                hold=hold, amount=xct, key=f"profile_builder:{job.pk}", release=most, description="Profile builder"
            )
        if text:
            run.result.update(custom_instructions=text, xct_used=decimal(xct))
            run.advance(1)


def close(job: Job) -> None:
    """Give back what is left of the hold, in the transaction that ends the job."""
    holds.close(job=job)
