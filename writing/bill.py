"""The bill of a job that asks models: XCT set aside before it begins, every call recorded, the kept draft charged.

A price is at most what was quoted. It is written to the usage record and taken from the hold in the transaction that
saves the text, so that neither stands without the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from accounts.models import Organization
from billing import holds, prices, test_balance, usage
from billing.models import AIModel, Hold
from integrations.ai import tokens
from integrations.ai.types import Answer, Prompt
from scribe import spending_limit, test_mode
from scribe.jobs import Run
from scribe.models import Job
from scribe.types import Json
from writing.settings import WritingSettings

ZERO = Decimal(0)
READING = "verification"  # what usage records call the second model's calls
USED = ("ok", "replaced")  # outcomes of calls that brought a draft


class Asked(Protocol):
    """The model to call: the writer's settings or the second model."""

    @property
    def provider(self) -> str: ...

    @property
    def model(self) -> str: ...

    @property
    def own_key(self) -> bool: ...


@dataclass(frozen=True)
class Call:
    """One call of a model. `tokens` has the keys of `Answer.counted`. A `kept` call is charged: its draft became the
    content, or it read the kept draft. `cost_usd` is our cost; when it is None, the model's list price counts.
    `reading` marks a call of the second model. `xct` is the call's share of the price of its work, where several calls
    are charged. `estimated`: the provider counted no tokens, or impossible ones."""

    tokens: dict[str, int]
    outcome: str
    kept: bool = False
    cost_usd: Decimal | None = None
    reading: bool = False
    xct: Decimal | None = None
    estimated: bool = False

    @classmethod
    def of(cls, answer: Answer, outcome: str, *, kept: bool = False, reading: bool = False) -> "Call":
        return cls(answer.counted, outcome, kept, reading=reading, estimated=answer.estimated)

    @classmethod
    def cut_off(cls, prompt: Prompt, asked: Asked, outcome: str = "cancelled") -> "Call":
        """A call that was given up, or whose worker died (KILLED). The provider bills it nevertheless, so its tokens are estimated from the prompt."""
        read = tokens.estimate(prompt.system + prompt.user, prompt.brief.language, asked.provider)
        return cls({"input_tokens": read + tokens.images(len(prompt.images)), "output_tokens": 0}, outcome)

    @property
    def total(self) -> int:
        return self.tokens["input_tokens"] + self.tokens["output_tokens"]


@dataclass(frozen=True)
class Work:
    """A piece of work that is billed once: an item, a post, an image. `key` identifies it. `xct` is its price, 0
    without a kept call. `quoted_max` is the part of the hold that was set aside for it."""

    key: str
    content_type: str
    calls: Sequence[Call]
    quoted_max: Decimal
    xct: Decimal = ZERO
    description: str = ""  # of the ledger's entry; if empty, the model's name
    project_id: UUID | None = None
    item_id: UUID | None = None


def set_aside(job: Job, *, expected: Decimal, most: Decimal) -> None:
    """Hold `most` XCT, the quoted maximum, for `job`. Call it in the transaction that creates the job. Free work holds
    nothing.

    Work that a test key starts is priced in test XCT, by the texts that `job` is to write.

    Raises as `scribe.spending_limit.agree`; InsufficientXCT, and TooManyRequests when today's uncharged work has cost too much.
    """
    if test_mode.is_on():
        expected = most = max(1, job.progress_total) * test_balance.PRICE
    spending_limit.agree(expected=expected, most=most)
    if test_mode.is_on():
        test_balance.check(job.organization_id, most)
    elif most > 0:
        holds.place(organization=job.organization, amount=most, job=job, key=f"{job.job_type}:{job.pk}")


def close(job: Job) -> None:
    """Return the rest of the hold, in the transaction that ends `job`."""
    holds.close(job=job)


def record_uncharged(*, organization: Organization, key: str, model: AIModel, content_type: str, call: Call) -> None:
    """Record a call that nobody is charged for, with its cost."""
    usage.record(
        organization=organization,
        key=key,
        provider=model.provider,
        model=model,
        content_type=content_type,
        outcome=call.outcome,
        estimated=call.estimated,
        **call.tokens,
    )


def price(call: Call, metered: prices.Metered, *, rate: Decimal, quoted_max: Decimal) -> Decimal:
    """The price of the kept `call` in XCT: by its tokens, and at most what was quoted."""
    return min(prices.xct(call.total, metered, rate), quoted_max)


@dataclass(frozen=True)
class SecondModel:
    """The second model on a bill."""

    provider: str
    model: AIModel | str
    own_key: bool


@dataclass(frozen=True)
class Bill:
    """The terms of one job's bill. `own_key` says whether the organization's key pays for the calls. `reader` is the
    second model, if there is one."""

    job: Job
    lease_id: UUID
    provider: str
    model: AIModel | str
    hold: Hold | None
    own_key: bool = False
    reader: SecondModel | None = None

    @classmethod
    def of(cls, run: Run, provider: str, model: AIModel | str, *, own_key: bool = False) -> "Bill":
        hold = Hold.objects.filter(job=run.job, closed_at=None).first()
        return cls(run.job, run.lease_id, provider, model, hold, own_key)

    @classmethod
    def of_settings(cls, run: Run, settings: WritingSettings, *, own_key: bool) -> "Bill":
        found = cls.of(run, settings.provider, prices.model(settings.provider, settings.model), own_key=own_key)
        if (reads := settings.verifier) is None:
            return found
        reader = SecondModel(reads.provider, prices.model(reads.provider, reads.model), reads.own_key)
        return replace(found, reader=reader)

    def settle(self, works: Sequence[Work]) -> None:
        """Record the calls of `works` and charge the kept ones, in the caller's transaction. A key is charged once:
        settling it again changes nothing."""
        usage.record_many(self._records(works))
        if self.job.is_test and (kept := sum(any(call.kept for call in work.calls) for work in works)):
            test_balance.spend(self.job.organization_id, kept * test_balance.PRICE)
        if self.hold is not None:
            captures = [self._capture(work) for work in works]
            holds.capture_many(hold=self.hold, captures=captures)

    def write_off(self, works: Iterable[Work]) -> None:
        """Record calls at 0 XCT whose results are no longer wanted, because the job was cancelled or taken over."""
        usage.record_many(self._records(works, lost=True))

    def _records(self, works: Iterable[Work], *, lost: bool = False) -> list[Json]:
        return [
            {
                "organization": self.job.organization_id,
                "key": f"{work.key}:lost:{self.lease_id}:{number}" if lost else f"{work.key}:{number}",
                "provider": payer.provider,
                "model": payer.model,
                "content_type": READING if call.reading else work.content_type,
                **call.tokens,
                "xct": (work.xct if call.xct is None else call.xct) if call.kept and not lost else ZERO,
                "cost_usd": call.cost_usd,
                "estimated": call.estimated,
                "outcome": "cancelled" if lost and call.outcome in USED else call.outcome,
                "byok": payer.own_key,
                "job_id": self.job.pk,
                "project_id": work.project_id or self.job.project_id,
                "item_id": work.item_id,
                "is_test": self.job.is_test,
            }
            for work in works
            for number, call in enumerate(work.calls)
            for payer in [self.reader if call.reading and self.reader else self]
        ]

    def _capture(self, work: Work) -> holds.Capture:
        model = self.model.model_id if isinstance(self.model, AIModel) else self.model
        return holds.Capture(
            key=work.key,
            amount=work.xct,
            release=work.quoted_max,
            description=work.description or f"{self.provider}/{model}",
        )
