"""What a job needs to ask its model: access by the organization's own key or ours, and, for small jobs, one answer."""

from __future__ import annotations

import asyncio
from typing import Any

from integrations.ai import registry
from integrations.ai.calling import Caller
from integrations.ai.errors import AIError, Stopped
from integrations.ai.registry import Access
from integrations.ai.types import Answer, Prompt
from projects.writing.settings import WritingSettings
from scribe import jobs
from scribe.jobs import Run


def access(organization: Any, settings: WritingSettings) -> Access:
    """Raises Failed when the provider was taken out of the configuration since the job was made."""
    own_key = organization.own_key(settings.provider) if settings.own_key else ""
    found = registry.access(settings.provider, own_key)
    if found is None:
        raise jobs.Failed("The AI provider is not configured any more.", code="provider_not_configured")
    return found


def once(run: Run, settings: WritingSettings, prompt: Prompt, *, attempts: int, patience: float) -> Answer:
    """The model's answer, usable or not. Raises jobs.Stopped when the job was cancelled, Failed when there is none within
    `attempts` or `patience` seconds."""
    given = access(run.job.organization, settings)

    async def ask() -> Answer:
        owner = str(run.job.organization_id)
        caller = Caller(settings.provider, settings.model, given.api_key, given.base_url or None, owner=owner)
        async with caller:
            return await caller.complete(prompt, attempts=attempts, patience=patience, stop=run.is_stopped)

    try:
        return asyncio.run(ask())
    except Stopped:
        raise jobs.Stopped from None
    except AIError as error:
        raise jobs.Failed(error.detail, code=error.code) from None
