"""The parts of a generation job, one for each language and way: which texts are written, how, and what that costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice, zip_longest
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from projects import languages, shop_texts, staleness
from projects.models import ContentItem, Project
from projects.models.expressions import OursOutdated
from projects.models.item import OUTDATED, TO_UPDATE
from projects.staleness import LETTERS, NATIVE, TRANSLATION
from projects.writing_settings import resolve
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import Json
from writing import settings as writing
from writing.settings import WritingSettings

PENDING, ALL, REJECTED, STALE = "pending", "all", "rejected", "stale"
One = TypeVar("One")
ZERO = Decimal(0)
APPROVED = (ContentItem.Status.APPROVED, ContentItem.Status.SYNCED)
LATIN = "sr-Latn"
#: Why an item is left out of a part.
MAIN_NOT_APPROVED, SERBIAN_NOT_APPROVED = "main_not_approved", "serbian_not_approved"
MAIN_LANGUAGE = "main_language"  # its own text is in this language
OF_SHOP = "translated_in_shop"  # the merchant has translated it himself
ALREADY_WRITTEN = "already_generated"  # replacing the shop's translations does not replace ours
EDITED = "edited"  # outdated, but a person has edited it since
REPLACES = "replace_existing"  # of a request: write anew what the merchant has translated himself
OUTDATED_AND_EDITED = OUTDATED & Q(generation_metadata__has_key="edited_at")


@dataclass(frozen=True)
class JobPart:
    """What a job writes in one language. `items` are the items whose texts are written, `left` those that are left out,
    each group with the reason. `language` is empty for the main language, whose texts are the items' own."""

    language: str
    way: str
    settings: WritingSettings
    items: QuerySet[ContentItem]
    left: tuple[tuple[QuerySet[ContentItem], str], ...] = ()
    replaces: bool = False  # also what the merchant has translated himself

    def rows(self) -> QuerySet[Any]:  # type: ignore[explicit-any]  # an annotated row
        """The items, each with the id of the `row` that is written, or None while there is no such row."""
        if not self.language:
            return self.items.annotate(row=F("pk"))
        return self.items.annotate(row=Subquery(text_in_language(self.language).values("pk")[:1]))

    def left_out(self) -> list[dict[str, str]]:
        """Up to 1,000 of the items that are left out, each with the reason."""
        found = (
            (pk, reason)
            for items, reason in self.left
            for pk in items.order_by("id").values_list("pk", flat=True)[:1000]
        )
        return [
            {"id": str(pk), "status": "skipped", "reason": reason, "language": self.language}
            for pk, reason in islice(found, 1000)
        ]


def text_in_language(language: str) -> QuerySet[ContentItem]:
    """The text in this language of the item of an outer query."""
    return ContentItem.rows.filter(main=OuterRef("pk"), language=language)


def plan_parts(
    project: Project, request: Json, *, selection: str, item_ids: list[UUID] | None
) -> tuple[WritingSettings, list[JobPart]]:
    """The settings of the main language, and the parts. A request without `languages` is for the items' own texts, in the
    language of the settings. With them, their settings are the request's, each in its own language. An item whose own text
    is in a language that is named is left out of its translations. Raises InvalidInput."""
    request = dict(request)
    named = writing.further(request)
    replaces = bool(request.pop(REPLACES, False))
    request.pop("languages", None)
    if not named:
        settings = resolve(project, request)
        items = items_to_write(project, selection=selection, settings=settings, item_ids=item_ids)
        left = _edited_and_outdated(project, "", selection=selection, settings=settings, item_ids=item_ids)
        return settings, [JobPart("", NATIVE, settings, items, left)]
    main = resolve(project, {**request, "language": languages.main(project)})
    owned = _own(_writable(project, main, item_ids), main.language).annotate(spoken=F("own"))
    spoken = set(owned.order_by().values_list("spoken", flat=True).distinct())
    found: list[JobPart] = []
    for code in named:
        if code == main.language:
            items = _own(items_to_write(project, selection=selection, settings=main, item_ids=item_ids), main.language)
            items = items.filter(Q(own=code) | Q(generated_content={}))
            left = _edited_and_outdated(project, "", selection=selection, settings=main, item_ids=item_ids)
            found.append(JobPart("", NATIVE, main, items, left))
        else:
            settings = resolve(project, {**request, "language": code})
            items = _mains(project, code, selection=selection, settings=settings, item_ids=item_ids)
            further = _further(code, settings, items, main.language, is_spoken=code in spoken)
            left = _edited_and_outdated(project, code, selection=selection, settings=settings, item_ids=item_ids)
            if replaces and selection == PENDING and item_ids is None:
                ours = Exists(text_in_language(code).exclude(status=ContentItem.Status.PENDING))
                left = (*left, (_writable(project, settings, None).filter(ours), ALREADY_WRITTEN))
            further[-1] = replace(further[-1], left=(*further[-1].left, *left))
            found += (
                (replace(part, replaces=True) for part in further)
                if replaces
                else _missing(project, further, is_stale=selection == STALE)
            )
    if named == (main.language,) and selection == PENDING and item_ids is None and not found[0].items.exists():
        written = _writable(project, main, None).exclude(generated_content={})
        if written.exists():
            raise InvalidInput.at(
                "#/languages",
                _("This is the language of the original texts, so there is nothing to translate."),
                MAIN_LANGUAGE,
            )
    return main, found


def _own(items: QuerySet[ContentItem], main: str) -> QuerySet[ContentItem]:
    """The items with the language that their `own` texts are written in; the project's main one where none is noted."""
    return items.alias(
        own=Coalesce(KT("generation_metadata__settings__language"), Value(main), output_field=TextField())
    )


def items_to_write(
    project: Project, *, selection: str, settings: WritingSettings, item_ids: list[UUID] | None
) -> QuerySet[ContentItem]:
    """The items that a generation would write in the main language: those of `item_ids` (of them only the rejected or the
    outdated if `selection` says so), or else those of `selection`."""
    items = _writable(project, settings, item_ids)
    return choose(items, selection, are_named=item_ids is not None)


def choose(items: QuerySet[ContentItem], selection: str, *, are_named: bool) -> QuerySet[ContentItem]:
    """Those of `items` that the selection means. Items that are named may be written whether they wait or not."""
    if selection == REJECTED:
        return items.filter(status=ContentItem.Status.REJECTED)
    if selection == STALE:
        return items.filter(TO_UPDATE)
    if selection == PENDING and not are_named:
        return items.filter(status=ContentItem.Status.PENDING)
    return items


def _writable(project: Project, settings: WritingSettings, item_ids: list[UUID] | None) -> QuerySet[ContentItem]:
    items: QuerySet[ContentItem] = ContentItem.objects.of(project.organization_id).filter(project=project).writable()
    if item_ids is not None:
        items = items.filter(pk__in=item_ids)
    return items.filter(item_type=settings.content_type) if settings.content_type else items


def _mains(
    project: Project, code: str, *, selection: str, settings: WritingSettings, item_ids: list[UUID] | None
) -> QuerySet[ContentItem]:
    """The same for a further language: the items whose texts in it are chosen."""
    items, texts = _writable(project, settings, item_ids), text_in_language(code)
    if selection == REJECTED:
        return items.filter(Exists(texts.filter(status=ContentItem.Status.REJECTED)))
    if selection == STALE:
        return items.filter(Exists(texts.filter(TO_UPDATE)))
    if selection == PENDING and item_ids is None:
        return items.exclude(Exists(texts.exclude(status=ContentItem.Status.PENDING)))
    return items


def _edited_and_outdated(
    project: Project, code: str, *, selection: str, settings: WritingSettings, item_ids: list[UUID] | None
) -> tuple[tuple[QuerySet[ContentItem], str], ...]:
    """The items whose outdated text a choice of outdated ones leaves alone, since a person has edited it."""
    if selection != STALE:
        return ()
    items = _writable(project, settings, item_ids)
    kept = Q(Exists(text_in_language(code).filter(OUTDATED_AND_EDITED))) if code else OUTDATED_AND_EDITED
    return ((items.filter(kept), EDITED),)


def _further(
    code: str, settings: WritingSettings, items: QuerySet[ContentItem], main: str, *, is_spoken: bool
) -> list[JobPart]:
    """The parts of one further language. Serbian in Latin letters is read off an approved text in Cyrillic. `is_spoken`:
    own texts of items are in this language."""
    found: list[JobPart] = []
    same: tuple[tuple[QuerySet[ContentItem], str], ...] = ()
    if is_spoken or code == LATIN:
        items = _own(items, main)
    if is_spoken:
        same = ((items.filter(own=code).exclude(generated_content={}), MAIN_LANGUAGE),)  # type: ignore[misc]
        items = items.filter(~Q(own=code) | Q(generated_content={}))
    ready = Q(status__in=APPROVED) & ~Q(generated_content={})
    if code == LATIN:
        serbian = ContentItem.rows.filter(main=OuterRef("pk"), language=staleness.CYRILLIC).exclude(
            generated_content={}
        )
        own = Q(own=staleness.CYRILLIC)
        read = (own & ready) | (~own & Q(Exists(serbian.filter(status__in=APPROVED))))
        waiting = ~own & Q(Exists(serbian.exclude(status__in=APPROVED)))
        unread = (items.filter(waiting), SERBIAN_NOT_APPROVED)
        found.append(JobPart(code, LETTERS, settings, items.filter(read), (unread,)))
        items = items.exclude(read).exclude(waiting)
    if way_of(settings) == NATIVE:
        return [*found, JobPart(code, NATIVE, settings, items, same)]
    left = ((items.exclude(ready), MAIN_NOT_APPROVED), *same)
    return [*found, JobPart(code, TRANSLATION, settings, items.filter(ready), left)]


def _missing(project: Project, found: list[JobPart], *, is_stale: bool) -> Iterator[JobPart]:
    """The parts without the items whose texts the merchant has translated himself: a translation is left out where nothing
    of it is missing, a native text, which is written whole, where any of it is there. Of outdated texts (`is_stale`)
    those are left out of which only his are outdated."""
    for part in found:
        texts = shop_texts.texts_from_shop if part.way == NATIVE else shop_texts.whole
        theirs = Exists(
            text_in_language(part.language).exclude(OursOutdated())
            if is_stale
            else texts(project, part.language).filter(main=OuterRef("pk"))
        )
        left = (part.items.filter(theirs), OF_SHOP)
        yield replace(part, items=part.items.exclude(theirs), left=(*part.left, left))


def way_of(settings: WritingSettings) -> str:
    """How these settings have further languages written. The built-in writer cannot translate."""
    return NATIVE if settings.language_way == NATIVE or settings.built_in else TRANSLATION


def interleave(found: Sequence[Iterator[One]]) -> Iterator[One]:
    """One of each language after another, so that all of them get on alike."""
    for some in zip_longest(*found):
        yield from (one for one in some if one is not None)
