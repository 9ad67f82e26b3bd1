"""The access of a job to its model, by the organization's own key or ours, and the work of a small job that asks it
once."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from accounts.models import Organization
from billing import prices
from billing.models.usage import KILLED
from integrations.ai import registry
from integrations.ai.caller import Caller
from integrations.ai.errors import AIError, CallStopped
from integrations.ai.registry import ProviderAccess
from integrations.ai.types import Answer, EndReason, Prompt
from scribe import jobs
from scribe.jobs import Run
from scribe.messages import _
from scribe.types import Json
from writing.bill import Asked, Bill, Call, Work, price
from writing.settings import WritingSettings


def access(organization: Organization, settings: Asked) -> ProviderAccess:
    """The access that the job was quoted for. If the work is free because the organization's own key pays, the
    deployment's key is never used instead.

    Raises Failed `provider_not_configured` when that key, or the provider, was taken away since the job was made.
    """
    own_key = organization.own_key(settings.provider) if settings.own_key else ""
    if settings.own_key and not own_key:
        raise jobs.Failed(
            _("The organization's own key for the AI provider was removed. Add it again, or start a new job."),
            code="provider_not_configured",
        )
    found = registry.access(settings.provider, own_key)
    if found is None:
        raise jobs.Failed(_("The AI provider is no longer set up. Choose another one."), code="provider_not_configured")
    return found


def ask_once(
    run: Run,
    settings: WritingSettings,
    prompt: Prompt,
    *,
    content_type: str,
    quoted_max: Decimal,
    read: Callable[[Json], str],
    keep: Callable[[str, Decimal], None],
    attempts: int,
    patience: float,
    description: str = "",
) -> Answer:
    """Ask the model once, as the whole work of a job, and settle the call. Returns the answer.

    `read` takes the text out of the answer's data. `keep` saves the text with its price, in the transaction that
    charges. An answer without a usable text is recorded at 0 XCT, and `keep` is not called. `patience` is in seconds.

    Raises jobs.JobStopped when the job was cancelled, Failed when there is no answer within `attempts` or `patience`.
    """
    organization = run.job.organization
    given = access(organization, settings)
    bill = Bill.of_settings(run, settings, own_key=given.own)
    died = (Call.cut_off(prompt, settings, KILLED),) if run.inherits_call() and not settings.built_in else ()
    work = Work(f"{content_type}:{run.job.pk}", content_type, died, quoted_max, description=description)
    try:
        answer = asyncio.run(_answer(run, settings, given, prompt, attempts, patience))
    except CallStopped:
        bill.write_off([replace(work, calls=(*died, Call.cut_off(prompt, settings)))])
        raise jobs.JobStopped from None
    except AIError as error:
        bill.write_off([work])
        raise job_failure(error, settings.provider) from None
    text = read(answer.data or {}) if answer.end is EndReason.OK else ""
    call = Call.of(answer, "ok" if text else f"answer_{answer.end}", kept=bool(text))
    if text:
        rate = prices.rate_multiplier(organization)
        work = replace(work, xct=price(call, settings, rate=rate, quoted_max=quoted_max))
    work = replace(work, calls=(*died, call))
    try:
        with run.settling():
            bill.settle([work])
            if text:
                keep(text, work.xct)
    except jobs.JobStopped:
        bill.write_off([work])
        raise
    return answer


async def _answer(
    run: Run, settings: WritingSettings, given: ProviderAccess, prompt: Prompt, attempts: int, patience: float
) -> Answer:
    owner = str(run.job.organization_id)
    async with Caller(settings.provider, settings.model, given.api_key, given.base_url or None, owner=owner) as caller:
        return await caller.complete(prompt, attempts=attempts, patience=patience, stop=run.is_stopped)


def job_failure(error: AIError, provider: str) -> jobs.Failed:
    """The failure of the job when the provider caused it."""
    return jobs.Failed(
        error.detail,
        code=error.code,
        party=error.provider or provider,
        retry_after=getattr(error, "retry_after", None),
        timed_out=error.code == "provider_timeout",
    )
