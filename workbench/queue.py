"""The queue of a review, in the order of `items/next`: flagged items first, then generated ones, each group by its score,
the lowest first. A page goes on from any place, forwards and backwards."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.db.models.fields.json import KT

from projects import items, languages
from projects.bulk import BulkPayload
from projects.item_orders import OrderPlace
from projects.models import ContentItem, Project
from projects.models.expressions import ItemCategories
from projects.models.item import JUDGED
from projects.review_queue import GROUPS, QueuePlace, groups, place_of
from scribe.ids import parse
from scribe.types import Json, ReadOnlyJson
from workbench.labels import CHECKS, CLAIM_KINDS, READINESS, STATUSES
from writing.fields import BY_NAME

PAGE = 50
BEFORE = 20  # rows above an item that an address names
SAMPLE = 2000  # items whose categories are offered
#: Items in these states were never written, or are not shown.
NO_QUEUE = ("pending", "excluded")


@dataclass(frozen=True)
class Wanted:
    """What the queue shows: items of a status (empty: all that wait for a review), of a readiness, with a failed check, a kind of claim
    without a source, a field with something wrong, of a category, given to a person, matching a search; or the items' texts in a
    further language."""

    status: str = ""
    readiness: str = ""
    check: str = ""
    kind: str = ""
    field: str = ""
    category: str = ""
    assignee: str = ""
    language: str = ""
    q: str = ""

    @classmethod
    def of(cls, query: ReadOnlyJson, project: Project, *, any_state: bool = False) -> "Wanted":
        """What an address asks for. `any_state`: also items that wait for no review. Raises InvalidInput for a language that
        we don't write."""
        tables: Json = {
            "status": STATUSES,
            "readiness": READINESS,
            "check": CHECKS,
            "kind": CLAIM_KINDS,
            "field": BY_NAME,
        }
        named = {row.name: str(query.get(row.name, "")).strip()[:200] for row in fields(cls)}
        if named["status"] in NO_QUEUE and not any_state:
            named["status"] = ""
        if not parse(named["assignee"]):
            named["assignee"] = ""
        named["language"] = languages.further(project, named["language"])
        return cls(**{key: text if text in tables.get(key, (text,)) else "" for key, text in named.items()})

    @property
    def states(self) -> tuple[str, ...]:
        return (self.status,) if self.status else GROUPS

    @property
    def narrow(self) -> bool:
        """Whether the reader asked for less than all that waits."""
        return self != Wanted()

    def named(self) -> dict[str, str]:
        return {row.name: getattr(self, row.name) for row in fields(self)}

    def query(self) -> str:
        """The filter as a query string."""
        return urlencode({key: value for key, value in self.named().items() if value})

    def filters(self) -> Json:
        """The filter without the state, as `items.chosen` takes it."""
        return {
            "search": self.q,
            "readiness": self.readiness,
            "failed_check": self.check,
            "claim_kind": self.kind,
            "field": self.field,
            "category": self.category,
            "assignee": self.assignee,
            "language": self.language,
        }

    def rows(self, project: Project) -> QuerySet[ContentItem]:
        found = items.filter_items(project=project, **self.filters())
        return found.filter(excluded_at=None).exclude(item_type=ContentItem.Type.VARIANT)


#: The names by which a form says which items it is about, besides those of `Wanted`.
FOUND, WAITING = "found", "waiting"
#: The further language whose texts a filter of the writing form finds; its `language` is the one to write.
TEXTS_IN = "texts_in"


def selected_items(
    form: ReadOnlyJson, project: Project, *, item_ids: list[str] | None = None, **more: object
) -> BulkPayload:
    """The items that a form names: `item_ids`, or else all that its filter finds."""
    wanted = Wanted.of(form, project, any_state=True)
    states = [wanted.status] if wanted.status else [*map(str, GROUPS)] if form.get(WAITING) else []
    return BulkPayload(states=states, filters=wanted.filters(), item_ids=item_ids or [], **more)  # type: ignore[arg-type]  # handed on


@dataclass(frozen=True)
class QueuePage:
    """Rows of the queue, and whether there are more of them before and behind. Each row has its `place`."""

    rows: list[Json]
    before: str = ""
    after: str = ""


def page(project: Project, wanted: Wanted, *, after: str = "", before: str = "") -> QueuePage:
    """The rows behind the place `after`, or those before the place `before`, or else the first ones."""
    if before and (place := _read(before)):
        rows, further = _take(project, wanted, place, PAGE, backwards=True)
        rows.reverse()
        return QueuePage(rows, before=rows[0]["place"] if further else "")
    rows, further = _take(project, wanted, _read(after), PAGE)
    return QueuePage(rows, after=rows[-1]["place"] if further else "")


def around(project: Project, wanted: Wanted, item: ContentItem) -> QueuePage:
    """The rows around `item`, which may have left the queue: it stands in its place all the same."""
    place, one = place_of(item, wanted.states), ContentItem.rows.filter(pk=item.pk)
    if place.place is None:
        found = page(project, wanted)
        others = [row for row in found.rows if row["pk"] != item.pk]
        return QueuePage([*_with_positions(list_columns(one), place.group), *others], after=found.after)
    above, earlier = _take(project, wanted, place, BEFORE, backwards=True)
    below, later = _take(project, wanted, place, PAGE)
    rows = [*reversed(above), *_with_positions(list_columns(one), place.group), *below]
    return QueuePage(rows, rows[0]["place"] if earlier else "", rows[-1]["place"] if later else "")


def categories(project: Project) -> list[str]:
    """The categories of up to SAMPLE of the project's checked items, by name."""
    some = ContentItem.objects.of(project.organization_id).filter(JUDGED, project=project).order_by("id")
    found = some.annotate(named=ItemCategories()).values_list("named", flat=True)[:SAMPLE]
    return sorted({str(name) for names in found for name in names or () if name})[:500]


def _take(
    project: Project, wanted: Wanted, place: QueuePlace | None, most: int, *, backwards: bool = False
) -> tuple[list[Json], bool]:
    """Up to `most` rows from `place` on, and whether there are more."""
    rows: list[Json] = []
    for group in groups(wanted.rows(project), place, among=wanted.states, backwards=backwards):
        rows += _with_positions(list_columns(group)[: most + 1 - len(rows)])
        if len(rows) > most:
            return rows[:most], True
    return rows, False


def _with_positions(rows: Iterable[Json], group: str = "") -> list[Json]:
    return [{**row, "place": f"{group or row['status']}:{row['confidence_score']!r}:{row['pk']}"} for row in rows]


def _read(text: str) -> QueuePlace | None:
    """The place that `_placed` wrote; None for anything else."""
    group, _, rest = text.partition(":")
    score, _, name = rest.partition(":")
    pk = parse(name)
    try:
        key = float(score)
    except ValueError:
        return None
    if pk is None or not math.isfinite(key) or group not in ContentItem.Status.values:
        return None
    return QueuePlace(group, OrderPlace(key, pk))


COLUMNS = (
    "pk",
    "status",
    "item_type",
    "external_id",
    "confidence_score",
    "has_unsupported_claims",
    "excluded_at",
    "version",
)


def list_columns(rows: QuerySet[ContentItem]) -> QuerySet[ContentItem, Json]:
    """`name`, `sku`, `images` and COLUMNS of each item, as lists show them. Its texts are not loaded."""
    source = {"name": KT("source_data__name"), "sku": KT("source_data__sku"), "images": F("source_data__images")}
    columns: QuerySet[ContentItem, Json] = rows.annotate(**source).values(*COLUMNS, *source)
    return columns
