"""Generations for a shop's plugin: one text at a time, with the same engine, holds and checks as all others.

One project per source holds the items. The jobs themselves carry no project, so that a shop can have many products written
at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import ApiKey
from billing.access import check_can_spend
from billing.models import UsageRecord, Wallet
from integrations.stores import platforms
from projects.generation import job as items_job
from projects.generation.job import GenerationPayload
from projects.models import ContentItem, ContentProfile, GenerationItem, PluginGeneration, Project
from projects.plugin import items
from projects.staleness import NATIVE
from projects.writing_settings import resolve
from scribe.api.fields import decimal
from scribe.errors import Conflict, DomainError, UpstreamFailed
from scribe.ids import parse
from scribe.models import Job
from writing.checks.report import VERIFICATION
from writing.settings import further as further_languages

ACTIVE_DAYS = 30
NOTHING = Decimal("0.0000")  # XCT
#: The job states as plugins see them.
STATES = {
    Job.Status.QUEUED: "queued",
    Job.Status.RUNNING: "running",
    Job.Status.COMPLETED: "completed",
    Job.Status.COMPLETED_WITH_ERRORS: "completed",
    Job.Status.FAILED: "failed",
    Job.Status.CANCELLED: "failed",
}


ENDED = frozenset(("completed", "failed"))


def status(key: ApiKey) -> dict[str, Any]:
    """The status that a plugin shows once it is connected."""
    wallet = Wallet.objects.select_related("plan").get(organization_id=key.organization_id)
    since = timezone.now() - timedelta(days=ACTIVE_DAYS)
    used = PluginGeneration.objects.visible_to(key).filter(created_at__gte=since)
    return {
        "plan_tier": wallet.plan_id,
        "total_balance": decimal(wallet.told_balance),
        "active_integrations": sorted(set(used.values_list("source", flat=True))),
        "is_test": key.is_test,
    }


def project_of(*, key: ApiKey, source: str) -> Project:
    """The project of the plugin at `source`, made on first use. Test keys have one of their own."""
    organization = key.organization
    known = Project.objects.visible_to(key).kept().filter(plugin_source=source)
    if (found := known.select_related("organization", "content_profile", "store_connection").first()) is not None:
        return found
    try:
        with transaction.atomic():
            return Project.objects.create(
                organization=organization,
                name=f"{platforms.get(source).name} plugin" + (" (test)" if key.is_test else ""),
                is_test=key.is_test,
                platform=source,
                plugin_source=source,
                content_profile=ContentProfile.objects.of(organization).filter(is_default=True).first(),
            )
    except IntegrityError:  # of two first calls at once, the unique constraint refused this one
        return known.get()


@transaction.atomic
def start_description(*, key: ApiKey, source: str, request: dict[str, Any]) -> PluginGeneration:
    """An item in the plugin's project, and the job that writes it, with its quoted maximum set aside.

    `request`: `product_title`, and optionally `external_id product_category product_attributes product_images
    current_description language languages tone custom_instructions`. Raises InvalidInput for invalid settings,
    InsufficientXCT, and Conflict as `items.take`.
    """
    return start_batch(key=key, source=source, request=request, products=[request])[0]


@transaction.atomic
def start_batch(
    *, key: ApiKey, source: str, request: dict[str, Any], products: list[dict[str, Any]]
) -> list[PluginGeneration]:
    """Items for `products`, and one job that writes them all, with one quoted maximum set aside. All or nothing.

    `request` has the settings that count for all of them. Texts in its further `languages` are written from the same facts,
    since nobody has approved a text yet that could be translated. Raises as `start_description`.
    """
    check_can_spend(key.organization)
    project = project_of(key=key, source=source)
    asked = {name: request[name] for name in ("language", "tone", "custom_instructions") if request.get(name)}
    asked |= {"generate_short": True, "generate_long": True}
    settings = resolve(project, asked)
    codes = [code for code in further_languages(request) if code != settings.language]
    further = {code: resolve(project, {**asked, "language": code, "language_way": NATIVE}) for code in codes}
    taken = items.take(project, products)
    job = items_job.start_for_plugin(
        organization=key.organization,
        items=[*taken, *items.take_languages(taken, codes)],
        settings=settings,
        further=further,
    )
    return PluginGeneration.objects.bulk_create(
        PluginGeneration(
            organization_id=key.organization_id,
            kind=PluginGeneration.Kind.DESCRIPTION,
            source=source,
            api_key=key,
            project=project,
            job=job,
            item=item,
        )
        for item in taken
    )


#: The further texts of a reply, as they are before anything is written.
EMPTY: dict[str, Any] = {
    "external_id": "",
    "name": "",
    "bullet_points": [],
    "attributes": {},
    "tags": [],
    "seo": {},
    "structured_data": None,
    "images": [],
    "checks": [],
}


@dataclass(frozen=True)
class Written:
    """The texts of a generation, and the result of their checks. `html` and `short_html` tell which of the two texts is
    HTML. `confidence_score` is 0 to 1, or None without checks. `approved`: a person has approved the text meanwhile.
    `more` holds the further texts, by the names of `EMPTY`; `spoken` the texts in further languages, by language, where they
    are not rows of the generation's item."""

    content: str = ""
    short_description: str = ""
    html: bool = True
    short_html: bool = False
    flagged: bool = False
    reasons: tuple[str, ...] = ()
    confidence_score: float | None = None
    unsupported_claims: tuple[str, ...] = ()
    approved: bool = False
    more: dict[str, Any] = field(default_factory=dict)
    spoken: dict[str, SpokenText] = field(default_factory=dict)

    @property
    def needs_review(self) -> bool:
        """Whether a person should read the text before customers do."""
        return (self.flagged or bool(self.unsupported_claims)) and not self.approved


@dataclass(frozen=True)
class SpokenText:
    """A text in a further language, with its own state and cost: what wrote it is named by `item_id`."""

    item_id: str
    state: str
    texts: Written
    error: str | None
    tokens: int
    xct: Decimal


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
    return Written() if generation.item is None else written_of(generation.item)


def written_of(item: ContentItem) -> Written:
    """The description and the short description of an item, or of its text in a further language."""
    settings = item.generation_metadata.get("settings") or {}
    found = judged(item.generation_metadata)
    return Written(
        html=bool(settings.get("use_html", True)),
        short_html=bool(settings.get("use_html_short", False)),
        content=str(item.generated_content.get("description") or ""),
        short_description=str(item.generated_content.get("short_description") or ""),
        approved=item.status in (ContentItem.Status.APPROVED, ContentItem.Status.SYNCED),
        more=_more(item),
        **{**found, "flagged": found["flagged"] or item.has_unsupported_claims},
    )


def _more(item: ContentItem) -> dict[str, Any]:
    content = item.generated_content
    name = str(content.get("name") or item.source_data.get("name") or "")
    return {
        **{key: content[key] for key in EMPTY if content.get(key)},
        "external_id": item.external_id,
        "images": alt_texts(name, item.source_data.get("images") or []),
        "checks": item.generation_metadata.get("checks") or [],
    }


def alt_texts(name: str, images: list[Any]) -> list[dict[str, str]]:
    """The pictures of the request, each with the product's written name, numbered from the second on."""
    urls = [
        str(image.get("src") or image.get("url") or "") if isinstance(image, dict) else str(image) for image in images
    ]
    return [
        {"url": url, "alt_text": f"{name} ({at})" if at > 1 else name} for at, url in enumerate(urls, start=1) if url
    ]


@dataclass(frozen=True)
class Standing:
    """How some generations of one organization stand, read by as many statements as for one of them."""

    rows: dict[tuple[Any, Any], GenerationItem]  # by job and item
    further: dict[tuple[Any, Any], list[GenerationItem]]  # in further languages, by job and main item
    spent: dict[tuple[Any, Any], tuple[int, Decimal]]  # tokens and XCT, by job and item
    balance: Decimal

    @classmethod
    def of(cls, generations: Sequence[PluginGeneration]) -> Standing:
        jobs = {generation.job_id for generation in generations}
        items = {generation.item_id for generation in generations}
        rows = GenerationItem.objects.filter(job__in=jobs, item__in=items)
        used = UsageRecord.objects.filter(job_id__in=jobs, outcome="ok").values("job_id", "item_id").order_by()
        totals = used.annotate(read=Sum("input_tokens"), written=Sum("output_tokens"), total=Sum("xct"))
        further: dict[tuple[Any, Any], list[GenerationItem]] = {}
        spoken = GenerationItem.objects.filter(job__in=jobs, item__main__in=items).select_related("item")
        for row in spoken.order_by("position"):
            further.setdefault((row.job_id, row.item.main_id), []).append(row)
        wallet = Wallet.objects.get(organization_id=generations[0].organization_id)
        return cls(
            rows={(row.job_id, row.item_id): row for row in rows},
            further=further,
            spent={(u["job_id"], u["item_id"]): (u["read"] + u["written"], u["total"]) for u in totals},
            balance=wallet.told_balance,
        )

    def row(self, generation: PluginGeneration) -> GenerationItem | None:
        return self.rows.get((generation.job_id, generation.item_id))

    def spoken(self, generation: PluginGeneration) -> list[GenerationItem]:
        """The rows in the further languages that the call asked for."""
        return self.further.get((generation.job_id, generation.item_id), [])

    def state(self, generation: PluginGeneration) -> str:
        """The state as plugins see it: that of the item in its job, or of the whole job for a post. It is not over while a
        text in a further language is being written."""
        own = self.state_of(generation.job, self.row(generation))
        states = {self.state_of(generation.job, row) for row in self.spoken(generation)}
        return "running" if own in ENDED and not states <= ENDED else own

    def state_of(self, job: Job | None, row: GenerationItem | None) -> str:
        """The state of one text of a job."""
        if job is None:
            return "failed"
        if row is None or row.state == GenerationItem.State.PENDING:
            state = STATES[Job.Status(job.status)]
            return "failed" if row is not None and state == "completed" else state
        return "completed" if row.state == GenerationItem.State.DONE else "failed"

    def cost(self, generation: PluginGeneration) -> tuple[int, Decimal]:
        """The tokens and the XCT that it took: of the item in all its languages, or of the whole job for a post."""
        job_id, item_id = generation.job_id, generation.item_id
        if item_id is not None:
            texts = [item_id, *(row.item_id for row in self.spoken(generation))]
            costs = [self.spent.get((job_id, one), (0, NOTHING)) for one in texts]
            return sum(tokens for tokens, _ in costs), sum((xct for _, xct in costs), NOTHING)
        parts = [cost for (job, _), cost in self.spent.items() if job == job_id and job is not None]
        return sum(tokens for tokens, _ in parts), sum((xct for _, xct in parts), NOTHING)

    def why(self, generation: PluginGeneration) -> str:
        """Why nothing was written."""
        return self.why_of(generation.job, self.row(generation))

    def why_of(self, job: Job | None, row: GenerationItem | None) -> str:
        """Why one text of a job was not written."""
        reason = (row.reason if row else "") or (job.error if job else "")
        if job is not None and job.status == Job.Status.CANCELLED:
            return "The generation was cancelled."
        return reason or "Nothing could be written."


def shown(found: Sequence[tuple[PluginGeneration, Written]]) -> list[dict[str, Any]]:
    """The replies for generations of one organization and their texts, each with its state, the result of the checks, the
    cost, and the remaining balance. The number of statements does not grow with them."""
    standing = Standing.of([generation for generation, _ in found])
    return [_shown(generation, texts, standing) for generation, texts in found]


def _shown(generation: PluginGeneration, texts: Written, standing: Standing) -> dict[str, Any]:
    state = standing.state(generation)
    error = standing.why(generation) if state == "failed" else None
    is_test = bool(generation.project and generation.project.is_test)
    return {
        "generation_id": str(generation.pk),
        "remaining_balance": decimal(standing.balance),
        **_text(texts, state, error, standing.cost(generation), is_test=is_test),
        "texts": {
            **{row.item.language: _further(row, generation, standing) for row in standing.spoken(generation)},
            **{code: _spoken(one, is_test) for code, one in texts.spoken.items()},
        },
    }


def _spoken(one: SpokenText, is_test: bool) -> dict[str, Any]:
    cost = (one.tokens, one.xct)
    return {"item_id": one.item_id, **_text(one.texts, one.state, one.error, cost, is_test=is_test)}


def _further(row: GenerationItem, generation: PluginGeneration, standing: Standing) -> dict[str, Any]:
    state = standing.state_of(generation.job, row)
    error = standing.why_of(generation.job, row) if state == "failed" else None
    cost = standing.spent.get((row.job_id, row.item_id), (0, NOTHING))
    is_test = bool(generation.project and generation.project.is_test)
    return {"item_id": str(row.item_id), **_text(written_of(row.item), state, error, cost, is_test=is_test)}


def _text(texts: Written, state: str, error: str | None, cost: tuple[int, Decimal], *, is_test: bool) -> dict[str, Any]:
    done = state == "completed"
    return {
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
        **EMPTY,
        **(texts.more if done else {}),
        "tokens_used": cost[0],
        "xct_cost": decimal(cost[1]),
        "is_test": is_test,
        "error": error,
    }


def quoted_max(job_id: Any) -> Decimal:
    """XCT that were set aside for the items of a job."""
    return GenerationItem.objects.filter(job_id=job_id).aggregate(most=Sum("quoted_max"))["most"] or Decimal(0)


def batch(key: ApiKey, batch_id: Any) -> list[PluginGeneration]:
    """The generations of a batch, in the order of its items; none for an unknown or foreign one."""
    pk = parse(batch_id)
    rows = PluginGeneration.objects.visible_to(key).filter(job_id=pk, kind=PluginGeneration.Kind.DESCRIPTION)
    return list(rows.select_related("job", "item", "project").order_by("pk")) if pk else []


def failure(generation: PluginGeneration) -> DomainError:
    """The error of a synchronous call whose generation failed. A fault of the model is 502. Nothing was charged."""
    if generation.job is not None and generation.job.status == Job.Status.CANCELLED:
        return Conflict("The generation was cancelled.", code="generation_cancelled", generation_id=str(generation.pk))
    # The payload of a post's job has settings, too.
    party = GenerationPayload.of(generation.job).settings.provider if generation.job else "model"
    return UpstreamFailed(Standing.of([generation]).why(generation), party=party, generation_id=str(generation.pk))
