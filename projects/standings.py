"""How the texts of projects stand, in numbers: readiness, quality, what is wrong with them, and what was written."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import BooleanField, Case, Count, DecimalField, F, Func, IntegerField, JSONField, Q, Sum, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone

from projects import readiness
from projects.models import ContentItem, Project
from projects.models.expressions import FailedChecks, UnsupportedKinds
from projects.models.item import JUDGED
from projects.readiness import UNWRITTEN_VARIANT
from projects.review_queue import GROUPS
from projects.summaries import ProjectCounts
from scribe.models import Job
from scribe.rows import Principal

BANDS = 10  # of confidence scores, each as wide
#: The store has a text of ours.
STANDING = Q(status=ContentItem.Status.SYNCED) | (Q(store_text__isnull=False) & ~Q(store_text__ours=[]))
MOST_FAULTY = 1000  # texts whose faults are counted


@dataclass
class StateCounts(ProjectCounts):
    """How a project's texts stand: also by their readiness, and by their confidence scores in BANDS of equal width.
    `in_store` counts the items of which the store has a text of ours, also while a new one is written."""

    by_readiness: Counter[str] = field(default_factory=Counter)
    bands: list[int] = field(default_factory=lambda: [0] * BANDS)
    scores: float = 0
    in_store: int = 0

    @property
    def scored(self) -> int:
        return sum(self.bands)

    @property
    def score(self) -> float | None:
        return self.scores / self.scored if self.scored else None

    def add(self, other: "StateCounts") -> None:
        for status, number in other.by_status.items():
            self.by_status[status] += number
        self.variants += other.variants
        self.by_readiness += other.by_readiness
        self.bands = [mine + theirs for mine, theirs in zip(self.bands, other.bands, strict=True)]
        self.scores += other.scores
        self.in_store += other.in_store


def count_by_project(project_ids: Collection[UUID]) -> dict[UUID, StateCounts]:
    """How each project's texts in its main language stand, counted in one query."""
    found = {pk: StateCounts() for pk in project_ids}
    band = Func(F("confidence_score"), 0, 1, BANDS, function="width_bucket", output_field=IntegerField())
    included = Case(When(excluded_at=None, then=True), default=False, output_field=BooleanField())
    shares = Case(When(UNWRITTEN_VARIANT, then=True), default=False, output_field=BooleanField())
    there = Case(When(STANDING, then=True), default=False, output_field=BooleanField())
    # One key for all: the planner takes each of them to have many values, and would sort all rows by five.
    key = Func(
        F("status"),
        included,
        shares,
        readiness.state(),
        band,
        there,
        function="jsonb_build_array",
        output_field=JSONField(),
    )
    rows = ContentItem.rows.filter(project_id__in=found, language="").order_by().values_list("project_id", key)
    counted = rows.annotate(n=Count("pk"), scores=Sum("confidence_score"))
    for project_id, (status, is_included, is_shared, state, place, is_there), number, scores in counted:
        one = found[project_id]
        one.by_status[status if is_included else "excluded"] += number
        if not is_included:
            continue
        one.variants += number if is_shared else 0
        one.in_store += number if is_there and state != readiness.Readiness.NOT_IN_STORE else 0
        if state:
            one.by_readiness[state] += number
        if place is not None:
            one.bands[min(place, BANDS) - 1] += number  # 1 is in a band of its own
            one.scores += scores
    return found


@dataclass(frozen=True)
class FaultCounts:
    """How many texts that wait for a review failed each check, and how many make a claim of each kind without a source,
    the most frequent first. `among` is the number of texts that were looked at, if there are more."""

    checks: list[tuple[str, int]]
    claims: list[tuple[str, int]]
    among: int = 0


def faults(project_ids: Collection[UUID]) -> FaultCounts:
    """What is wrong with the texts of these projects that wait for a review, by up to MOST_FAULTY of them."""
    faulty = Q(status=ContentItem.Status.FLAGGED) | Q(has_unsupported_claims=True)
    rows = ContentItem.rows.filter(JUDGED, faulty, project_id__in=project_ids, language="", status__in=GROUPS)
    judged = rows.included().order_by("pk").values_list(FailedChecks(), UnsupportedKinds())
    read = list(judged[: MOST_FAULTY + 1])
    checks: Counter[str] = Counter()
    claims: Counter[str] = Counter()
    for failed, kinds in read[:MOST_FAULTY]:
        checks.update(set(failed or ()))
        claims.update(set(kinds or ()))
    return FaultCounts(checks.most_common(), claims.most_common(), MOST_FAULTY if len(read) > MOST_FAULTY else 0)


@dataclass(frozen=True)
class WrittenDay:
    day: date
    texts: int = 0
    xct: Decimal = Decimal(0)


def written_by_day(caller: Principal, *, days: int, project: Project | None = None) -> list[WrittenDay]:
    """How many texts the jobs wrote that began on each of the last `days`, today included, and what they cost, the
    oldest day first. Days are of UTC. Without a `project`, of all that the caller sees, except test work."""
    first = timezone.now().astimezone(UTC).date() - timedelta(days=days - 1)
    writing = (Job.Type.GENERATION, Job.Type.REGENERATION)
    rows = Job.objects.visible_to(caller).filter(
        job_type__in=writing, created_at__gte=datetime.combine(first, time.min, UTC)
    )
    rows = rows.filter(project=project) if project else rows.filter(is_test=False)

    written = Cast(KT("result__generated"), IntegerField()) + Cast(KT("result__flagged"), IntegerField())
    cost = Cast(KT("result__xct_used"), DecimalField(max_digits=16, decimal_places=4))
    by_day = rows.order_by().values(day=TruncDate("created_at", tzinfo=UTC))
    summed = by_day.annotate(texts=Sum(written, default=0), xct=Sum(cost, default=0))
    found = {row["day"]: WrittenDay(**row) for row in summed}
    every = (first + timedelta(days=n) for n in range(days))
    return [found.get(day) or WrittenDay(day) for day in every]
