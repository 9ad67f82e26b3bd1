"""How the texts of one project, or of several, stand, and what comes next: what the dashboards show and lead to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from projects import review_queue, reviewers, standings
from projects.models import ContentItem, Project
from projects.readiness import Readiness
from projects.standings import StateCounts
from scribe.api.access import MEMBERS, REVIEWERS, admits
from scribe.types import Json
from workbench import charts
from workbench.labels import CHECKS, CLAIM_KINDS
from writing.checks.score import FLAGGED_BELOW

DAYS = 30
#: The page where texts of a state are brought further.
PAGES: Mapping[str, str] = {
    Readiness.CONFLICT: "conflicts",
    Readiness.NOT_IN_STORE: "bulk",
    Readiness.NEEDS_FACTS: "review",
    Readiness.NEEDS_DECISION: "review",
    Readiness.READY: "store",
    Readiness.NEEDS_TEXT: "write",
}
#: The steps by urgency, each with the states that it brings further.
STEPS = (
    (Readiness.CONFLICT,),
    (Readiness.NEEDS_DECISION, Readiness.NEEDS_FACTS),
    (Readiness.READY,),
    (Readiness.NEEDS_TEXT,),
)


@dataclass(frozen=True)
class NextStep:
    """What to do next, and the page for it."""

    label: str
    url: str
    project: Project
    state: Readiness


def dashboard(user: User, projects: Mapping[UUID, Project], found: Mapping[UUID, StateCounts]) -> Json:
    """What the cards of a dashboard show of these projects, all of which have a standing in `found`."""
    total, only = StateCounts(), next(iter(projects.values())) if len(projects) == 1 else None
    for pk in projects:
        total.add(found[pk])
    faults = standings.faults(projects) if total.waiting else standings.FaultCounts([], [])
    written = standings.written_by_day(user, days=DAYS, project=only)
    texts, xct = sum(day.texts for day in written), sum((day.xct for day in written), Decimal(0))
    each = (xct / texts).quantize(Decimal("0.01")) if texts else None
    return {
        "total": total,
        "only": only,
        "step": next_step(user, projects, found),
        "stages": stages(total),
        "parts": parts(total),
        "states": states(user, projects, found, total),
        "quality": quality(total),
        "most_in_band": max(total.bands),
        "flagged_below": FLAGGED_BELOW,
        "checks": named_shares(faults.checks, {**CHECKS, "grounding": _("Claims without a source")}),
        "claims": named_shares(faults.claims, CLAIM_KINDS),
        "among": faults.among,
        "days": DAYS,
        "daily": charts.columns([{"day": day.day, "texts": day.texts, "xct": day.xct} for day in written], "texts"),
        "most": max(day.texts for day in written),
        "texts": texts,
        "xct": xct,
        "each": each,
        "enough": max(0, int(user.organization.wallet.available / each)) if each else None,
    }


def named_shares(numbers: Iterable[tuple[str, int]], names: Mapping[str, Promise | str]) -> list[Json]:
    return charts.shares([{"key": key, "name": names[key], "used": n} for key, n in numbers if key in names])


def stages(total: StateCounts) -> list[Json]:
    """How many of the texts are wanted, written, approved and sent to the store, each with its share of all. Whether
    one is still in the store, its readiness says."""
    by = total.to_do
    approved = by["synced"] + by["approved"]
    written, wanted = total.waiting + by["rejected"] + approved, sum(by.values()) - by["excluded"]
    sent = (_("Sent to store"), total.in_store)
    rows = ((_("Texts"), wanted), (_("Generated"), written), (_("Approved"), approved), sent)
    return [{"name": name, "n": n, "share": charts.percent(n, wanted)} for name, n in rows]


def parts(standing: StateCounts) -> list[Json]:
    """The parts of a bar of all texts: those in the store first, then the others, the nearest to it first."""
    by = standing.by_readiness
    order = (
        Readiness.IN_STORE,
        Readiness.READY,
        Readiness.NEEDS_DECISION,
        Readiness.NEEDS_FACTS,
        Readiness.CONFLICT,
        Readiness.NOT_IN_STORE,
        Readiness.NEEDS_TEXT,
    )
    return charts.parts({str(name): by[name] for name in order})


def states(
    user: User, projects: Mapping[UUID, Project], found: Mapping[UUID, StateCounts], total: StateCounts
) -> list[Json]:
    """Each state that texts have, with its number and its page, in the project that has the most of them."""
    rows = []
    for state in Readiness:
        if n := total.by_readiness[state]:
            project = projects[max(projects, key=lambda pk: found[pk].by_readiness[state])]
            listed = f"{reverse('workbench:items', args=[project.pk])}?readiness={state}"
            url = page_for(user, state, project)
            rows.append({"state": str(state), "n": n, "project": project, "listed": listed, "url": url})
    return rows


def page_for(user: User, state: str, project: Project, item: UUID | None = None) -> str:
    """Where the reader can bring the project's texts in this state further, or one of them; empty if they can't."""
    page = PAGES.get(state)
    if page is None or not admits(REVIEWERS if page == "review" else MEMBERS, user.role):
        return ""
    if page == "review" and not reviewers.speaks(user, project, ""):
        return ""
    query = f"?readiness={state}" if page in ("review", "bulk") else ""
    if item and page in ("review", "bulk", "write"):
        query = f"?item={item}"
    query += "&action=exclude" if page == "bulk" else ""
    return reverse(f"workbench:{page}", args=[project.pk]) + query


def next_step(user: User, projects: Mapping[UUID, Project], found: Mapping[UUID, StateCounts]) -> NextStep | None:
    """The one thing that the reader can do next, where there is the most of it; None when nothing waits for them."""
    for states in STEPS:
        numbers = {pk: number_of(project, found[pk], states) for pk, project in projects.items()}
        if n := max(numbers.values(), default=0):
            project = next(projects[pk] for pk, number in numbers.items() if number == n)
            if url := page_for(user, states[0], project):
                url = url if len(states) == 1 else reverse("workbench:review", args=[project.pk])
                return NextStep(label_of_step(states[0], n), url, project, states[0])
    return translations_step(user, projects) if user.role == User.Role.TRANSLATOR else None


def translations_step(user: User, projects: Mapping[UUID, Project]) -> NextStep | None:
    """Where the most texts in a further language wait for a translator who speaks it."""
    waiting = ContentItem.rows.included().filter(
        project_id__in=projects, language__in=user.languages, status__in=review_queue.GROUPS
    )
    most = waiting.values("project_id", "language").annotate(n=Count("pk")).order_by("-n", "language").first()
    if most is None:
        return None
    project, state = projects[most["project_id"]], Readiness.NEEDS_DECISION
    url = f"{reverse('workbench:review', args=[project.pk])}?language={most['language']}"
    return NextStep(label_of_step(state, most["n"]), url, project, state)


def number_of(project: Project, standing: StateCounts, states: tuple[Readiness, ...]) -> int:
    """How many texts these states have. Where no store waits for them, none is ready: exporting them never ends."""
    connected = project.store_connection_id is not None
    return sum(standing.by_readiness[state] for state in states if state != Readiness.READY or connected)


def label_of_step(state: Readiness, n: int) -> str:
    sentence = {
        Readiness.CONFLICT: ngettext("Resolve %(n)s conflict", "Resolve %(n)s conflicts", n),
        Readiness.NEEDS_DECISION: ngettext("Review %(n)s item", "Review %(n)s items", n),
        Readiness.READY: ngettext("Send %(n)s text to the store", "Send %(n)s texts to the store", n),
        Readiness.NEEDS_TEXT: ngettext("Generate %(n)s text", "Generate %(n)s texts", n),
    }[state]
    return sentence % {"n": number_format(n, use_l10n=True, force_grouping=True)}


def quality(total: StateCounts) -> list[Json]:
    """The scores in bands: each with its bounds in per cent, its number, and whether texts in it are flagged."""
    width = 100 // standings.BANDS
    rows = [
        {"low": n * width, "high": (n + 1) * width, "used": used, "weak": (n + 1) * width <= 100 * FLAGGED_BELOW}
        for n, used in enumerate(total.bands)
    ]
    return charts.columns(rows)
