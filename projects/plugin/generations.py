"""Generations for a shop's plugin: one text at a time, with the same engine, holds and checks as all others.

One project per source holds the items. The jobs themselves carry no project, so that a shop can have many products written
at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone

from accounts.models import ApiKey
from billing.access import check_can_spend
from billing.models import UsageRecord, Wallet
from integrations.stores import platforms
from projects import lifecycle, sources
from projects.generation import job as items_job
from projects.generation.job import GenerationPayload
from projects.models import ContentItem, ContentProfile, DataSource, GenerationItem, PluginGeneration, Project
from projects.writing_settings import resolve
from scribe.api.fields import decimal
from scribe.errors import Conflict, DomainError, UpstreamFailed
from scribe.models import Job
from writing.checks.report import VERIFICATION

ACTIVE_DAYS = 30
#: The job states as plugins see them.
STATES = {
    Job.Status.QUEUED: "queued",
    Job.Status.RUNNING: "running",
    Job.Status.COMPLETED: "completed",
    Job.Status.COMPLETED_WITH_ERRORS: "completed",
    Job.Status.FAILED: "failed",
    Job.Status.CANCELLED: "failed",
}


def status(key: ApiKey) -> dict[str, Any]:
    """The status that a plugin shows once it is connected."""
    wallet = Wallet.objects.select_related("plan").get(organization_id=key.organization_id)
    since = timezone.now() - timedelta(days=ACTIVE_DAYS)
    used = PluginGeneration.objects.visible_to(key).filter(created_at__gte=since)
    return {
        "plan_tier": wallet.plan_id,
        "total_balance": decimal(wallet.total_balance),
        "active_integrations": sorted(set(used.values_list("source", flat=True))),
    }


def project_of(*, organization: Any, source: str) -> Project:
    """The plugin's project for `source`, made on first use."""
    known = Project.objects.of(organization).kept().filter(plugin_source=source)
    if (found := known.select_related("organization", "content_profile", "store_connection").first()) is not None:
        return found
    try:
        with transaction.atomic():
            return Project.objects.create(
                organization=organization,
                name=f"{platforms.get(source).name} plugin",
                platform=source,
                plugin_source=source,
                content_profile=ContentProfile.objects.of(organization).filter(is_default=True).first(),
            )
    except IntegrityError:  # of two first calls at once, the unique constraint refused this one
        return known.get()


@transaction.atomic
def start_description(*, key: ApiKey, source: str, request: dict[str, Any]) -> PluginGeneration:
    """An item in the plugin's project, and the job that writes it, with its quoted maximum set aside.

    `request`: `product_title`, and optionally `product_category product_attributes product_images current_description
    language tone custom_instructions`. Raises InvalidInput for invalid settings, and InsufficientXCT.
    """
    check_can_spend(key.organization)
    project = project_of(organization=key.organization, source=source)
    asked = {name: request[name] for name in ("language", "tone", "custom_instructions") if request.get(name)}
    settings = resolve(project, {**asked, "generate_short": True, "generate_long": True})
    item = _add_item(project, request)
    job = items_job.start_for_plugin(organization=key.organization, item=item, settings=settings)
    return PluginGeneration.objects.create(
        organization_id=key.organization_id,
        kind=PluginGeneration.Kind.DESCRIPTION,
        source=source,
        api_key=key,
        project=project,
        job=job,
        item=item,
    )


def _add_item(project: Project, request: dict[str, Any]) -> ContentItem:
    data = sources.canonical(
        {
            "name": request["product_title"],
            "description": request.get("current_description") or "",
            "categories": [request["product_category"]] if request.get("product_category") else [],
            "attributes": request.get("product_attributes") or {},
            "images": request.get("product_images") or [],
        }
    )
    source, _ = DataSource.objects.get_or_create(
        organization_id=project.organization_id, project=project, type=DataSource.Type.MANUAL, name="Plugin"
    )
    item = ContentItem.objects.create(
        organization_id=project.organization_id, project=project, data_source=source, source_data=data
    )
    DataSource.objects.filter(pk=source.pk).update(item_count=F("item_count") + 1)
    lifecycle.refresh_status(project.pk)
    return item


@dataclass(frozen=True)
class Written:
    """The texts of a generation, and the result of their checks. `html` and `short_html` tell which of the two texts is
    HTML. `confidence_score` is 0 to 1, or None without checks. `approved`: a person has approved the text meanwhile."""

    content: str = ""
    short_description: str = ""
    html: bool = True
    short_html: bool = False
    flagged: bool = False
    reasons: tuple[str, ...] = ()
    confidence_score: float | None = None
    unsupported_claims: tuple[str, ...] = ()
    approved: bool = False

    @property
    def needs_review(self) -> bool:
        """Whether a person should read the text before customers do."""
        return (self.flagged or bool(self.unsupported_claims)) and not self.approved


def judged(metadata: dict[str, Any]) -> dict[str, Any]:
    """`flagged`, `reasons`, `confidence_score` and `unsupported_claims` from the metadata of a checked text."""
    traced = [check for check in metadata.get("checks") or [] if check.get("id") in ("grounding", VERIFICATION)]
    findings = [finding for check in traced for finding in check.get("findings") or []]
    return {
        "flagged": bool(metadata.get("flagged")),
        "reasons": tuple(str(reason) for reason in metadata.get("reasons") or []),
        "confidence_score": metadata.get("score"),
        "unsupported_claims": tuple(str(f.get("text") or "") for f in findings if f.get("supported") is False),
    }


def written(generation: PluginGeneration) -> Written:
    """The description and the short description of a product."""
    item = generation.item
    if item is None:
        return Written()
    settings = item.generation_metadata.get("settings") or {}
    found = judged(item.generation_metadata)
    return Written(
        html=bool(settings.get("use_html", True)),
        short_html=bool(settings.get("use_html_short", False)),
        content=str(item.generated_content.get("description") or ""),
        short_description=str(item.generated_content.get("short_description") or ""),
        approved=item.status in (ContentItem.Status.APPROVED, ContentItem.Status.SYNCED),
        **{**found, "flagged": found["flagged"] or item.has_unsupported_claims},
    )


def shown(generation: PluginGeneration, texts: Written) -> dict[str, Any]:
    """The reply: the state, the texts with the result of their checks, the cost, and the remaining balance."""
    job = generation.job
    state = STATES[Job.Status(job.status)] if job else "failed"
    spent = UsageRecord.objects.filter(job_id=job.pk, outcome="ok") if job else UsageRecord.objects.none()
    total = spent.aggregate(read=Sum("input_tokens"), written=Sum("output_tokens"), xct=Sum("xct"))
    wallet = Wallet.objects.select_related("plan").get(organization_id=generation.organization_id)
    done = state == "completed"
    return {
        "generation_id": str(generation.pk),
        "status": state,
        "content": texts.content if done else "",
        "short_description": texts.short_description if done else "",
        "content_format": "html" if texts.html else "text",
        "short_description_format": "html" if texts.short_html else "text",
        "flagged": done and texts.flagged,
        "reasons": list(texts.reasons) if done else [],
        "confidence_score": texts.confidence_score if done else None,
        "unsupported_claims": list(texts.unsupported_claims) if done else [],
        "needs_review": done and texts.needs_review,
        "tokens_used": (total["read"] or 0) + (total["written"] or 0),
        "xct_cost": decimal(total["xct"]) if total["xct"] is not None else "0.0000",
        "remaining_balance": decimal(wallet.total_balance),
        "error": _why(generation) if state == "failed" else None,
    }


def _why(generation: PluginGeneration) -> str:
    job = generation.job
    row = GenerationItem.objects.filter(job=job).first() if job else None
    reason = (row.reason if row else "") or (job.error if job else "")
    if job is not None and job.status == Job.Status.CANCELLED:
        return "The generation was cancelled."
    return reason or "Nothing could be written."


def failure(generation: PluginGeneration) -> DomainError:
    """The error of a synchronous call whose generation failed. A fault of the model is 502. Nothing was charged."""
    if generation.job is not None and generation.job.status == Job.Status.CANCELLED:
        return Conflict("The generation was cancelled.", code="generation_cancelled", generation_id=str(generation.pk))
    # The payload of a post's job has settings, too.
    party = GenerationPayload.of(generation.job).settings.provider if generation.job else "model"
    return UpstreamFailed(_why(generation), party=party, generation_id=str(generation.pk))
