"""What a job needs to ask its model: access by the organization's own key or ours, and, for small jobs, one answer."""

from __future__ import annotations

import asyncio
from typing import Any

from billing import prices, usage
from integrations.ai import registry, tokens
from integrations.ai.caller import Caller
from integrations.ai.errors import AIError, Stopped
from integrations.ai.registry import Access
from integrations.ai.types import Answer, Prompt
from scribe import jobs
from scribe.jobs import Run
from writing.settings import WritingSettings


def access(organization: Any, settings: WritingSettings) -> Access:
    """The key that the job was quoted for. Work that costs nothing because the organization's own key pays never falls
    back to the deployment's.

    Raises Failed `provider_not_configured` when that key, or the provider, was taken away since the job was made.
    """
    own_key = organization.own_key(settings.provider) if settings.own_key else ""
    if settings.own_key and not own_key:
        raise jobs.Failed(
            "The organization's own key for the AI provider was taken away. Add it again, or start the work anew.",
            code="provider_not_configured",
        )
    found = registry.access(settings.provider, own_key)
    if found is None:
        raise jobs.Failed("The AI provider is not configured any more.", code="provider_not_configured")
    return found


def once(
    run: Run, settings: WritingSettings, given: Access, prompt: Prompt, *, attempts: int, patience: float
) -> Answer:
    """The model's answer by the key of `given`, usable or not. Raises jobs.Stopped when the job was cancelled, Failed when
    there is none within `attempts` or `patience` seconds."""

    async def ask() -> Answer:
        owner = str(run.job.organization_id)
        caller = Caller(settings.provider, settings.model, given.api_key, given.base_url or None, owner=owner)
        async with caller:
            return await caller.complete(prompt, attempts=attempts, patience=patience, stop=run.is_stopped)

    try:
        return asyncio.run(ask())
    except Stopped:
        record_cut_off(run, settings, prompt, own_key=given.own)
        raise jobs.Stopped from None
    except AIError as error:
        raise failed(error, settings.provider) from None


def record_cut_off(run: Run, settings: WritingSettings, prompt: Prompt, *, own_key: bool) -> None:
    """A call that was given up is billed by the provider all the same: recorded at 0 XCT, estimated by its input."""
    read = tokens.estimate(prompt.system + prompt.user, settings.language, settings.provider)
    usage.record(
        organization=run.job.organization_id,
        key=f"cut:{run.job.pk}:{run.fence}",
        provider=settings.provider,
        model=prices.model(settings.provider, settings.model),
        input_tokens=read + tokens.images(len(prompt.images)),
        outcome="cancelled",
        byok=own_key,
        job_id=run.job.pk,
        project_id=run.job.project_id,
    )


def failed(error: AIError, provider: str) -> jobs.Failed:
    """The job's failure when the provider is to blame."""
    return jobs.Failed(
        error.detail,
        code=error.code,
        party=error.provider or provider,
        retry_after=getattr(error, "retry_after", None),
        timed_out=error.code == "provider_timeout",
    )
