"""The replies about a plugin's generations: how each stands, what it wrote, what it cost, and why nothing was written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from billing.models import UsageRecord, Wallet
from projects.generation.job import GenerationPayload
from projects.models import GenerationItem, PluginGeneration
from projects.plugin.generations import EMPTY, NOTHING, TextInLanguage, Written, texts_of, written_of
from scribe.api.fields import decimal
from scribe.errors import Conflict, DomainError, UpstreamFailed
from scribe.messages import _
from scribe.models import Job
from scribe.types import Json

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
#: What gives the texts of a generation, by its kind. Apps above this one add their kinds in `AppConfig.ready`.
kinds: dict[str, Callable[[PluginGeneration], Written]] = {PluginGeneration.Kind.DESCRIPTION: texts_of}


@dataclass(frozen=True)
class Standing:
    """How some generations of one organization stand, read by as many statements as for one of them."""

    rows: dict[tuple[UUID | None, UUID | None], GenerationItem]  # by job and item
    further: dict[tuple[UUID | None, UUID | None], list[GenerationItem]]  # in further languages, by job and main item
    spent: dict[tuple[UUID | None, UUID | None], tuple[int, Decimal]]  # tokens and XCT, by job and item
    balance: Decimal

    @classmethod
    def of(cls, generations: Sequence[PluginGeneration]) -> "Standing":
        jobs = {generation.job_id for generation in generations}
        items = {generation.item_id for generation in generations}
        rows = GenerationItem.objects.filter(job__in=jobs, item__in=items)
        used = UsageRecord.objects.filter(job_id__in=jobs, outcome="ok").values("job_id", "item_id").order_by()
        totals = used.annotate(read=Sum("input_tokens"), written=Sum("output_tokens"), total=Sum("xct"))
        further: dict[tuple[UUID | None, UUID | None], list[GenerationItem]] = {}
        spoken = GenerationItem.objects.filter(job__in=jobs, item__main__in=items).select_related("item")
        for row in spoken.order_by("position"):
            further.setdefault((row.job_id, row.item.main_id), []).append(row)
        wallet = Wallet.objects.get(organization_id=generations[0].organization_id)
        return cls(
            rows={(row.job_id, row.item_id): row for row in rows},
            further=further,
            spent={(u["job_id"], u["item_id"]): (u["read"] + u["written"], u["total"]) for u in totals},
            balance=wallet.for_caller().total_balance,
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
            return _("The generation was cancelled.")
        return reason or _("No text could be generated.")


def reply_list(found: Sequence[PluginGeneration]) -> list[Json]:
    """The replies for generations of one organization with their texts, each with its state, the result of the checks, the
    cost, and the remaining balance. The number of statements does not grow with their states and costs."""
    standing = Standing.of(found)
    return [_reply_of(generation, kinds[generation.kind](generation), standing) for generation in found]


def _reply_of(generation: PluginGeneration, texts: Written, standing: Standing) -> Json:
    state = standing.state(generation)
    error = standing.why(generation) if state == "failed" else None
    is_test = bool(generation.project and generation.project.is_test)
    return {
        "generation_id": str(generation.pk),
        "remaining_balance": decimal(standing.balance),
        **_text(texts, state, error, standing.cost(generation), is_test=is_test),
        "texts": {
            **{row.item.language: _further(row, generation, standing) for row in standing.spoken(generation)},
            **{code: _language_reply(one, is_test) for code, one in texts.spoken.items()},
        },
    }


def _language_reply(one: TextInLanguage, is_test: bool) -> Json:
    cost = (one.tokens, one.xct)
    return {"item_id": one.item_id, **_text(one.texts, one.state, one.error, cost, is_test=is_test)}


def _further(row: GenerationItem, generation: PluginGeneration, standing: Standing) -> Json:
    state = standing.state_of(generation.job, row)
    error = standing.why_of(generation.job, row) if state == "failed" else None
    cost = standing.spent.get((row.job_id, row.item_id), (0, NOTHING))
    is_test = bool(generation.project and generation.project.is_test)
    return {"item_id": str(row.item_id), **_text(written_of(row.item), state, error, cost, is_test=is_test)}


def _text(texts: Written, state: str, error: str | None, cost: tuple[int, Decimal], *, is_test: bool) -> Json:
    done = state == "completed"
    told = texts.disclosure if done else None
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
        "disclosure": replace(told, reviewed=texts.approved).as_dict() if told else None,
        **EMPTY,
        **(texts.more if done else {}),
        "tokens_used": cost[0],
        "xct_cost": decimal(cost[1]),
        "is_test": is_test,
        "error": error,
    }


def failure(generation: PluginGeneration) -> DomainError:
    """The error of a synchronous call whose generation failed. A fault of the model is 502. Nothing was charged."""
    if generation.job is not None and generation.job.status == Job.Status.CANCELLED:
        return Conflict(
            _("The generation was cancelled."), code="generation_cancelled", generation_id=str(generation.pk)
        )
    # The payload of a post's job has settings, too.
    party = GenerationPayload.of(generation.job).settings.provider if generation.job else "model"
    return UpstreamFailed(Standing.of([generation]).why(generation), party=party, generation_id=str(generation.pk))
