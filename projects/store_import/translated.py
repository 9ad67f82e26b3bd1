"""Translated rows of a shop: a product, category, post or page of its own for each language, as Polylang keeps them.

A row that tells its language and its translations (`raw.lang`, `raw.translations`) becomes the language text of the row in the
shop's main language, once both are there, name each other, and the shop's main language is the project's. Every other row
stays an item. The text keeps all that the item had, its id first.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from catalog.source_data import RowLink, link_of, unlinked_language
from integrations.models import StoreConnection
from integrations.shop_languages import chosen_of, serves, speaks
from integrations.stores.errors import StorePermanentError
from integrations.stores.interface import Store
from integrations.stores.types import StoreItem
from integrations.stores.wordpress.translations import UNDETERMINED
from projects import languages
from projects.models import ContentItem, DataSource
from projects.models.sync import IN_DOUBT
from projects.sync import shop_languages
from scribe.jobs import Run
from scribe.messages import _
from scribe.types import Json

BATCH = 500
ALONE = _(
    "{count} translations stay items of their own: the store has no version of them in its main "
    "language, or the two were written, translated or excluded apart."
)
OTHER_MAIN = _("The translations stay items of their own, since the store's main language is not the project's.")
UNLINKED = _(
    "This entry is in another language ({code}), and the site does not say which entry it translates: the free version of "
    "Polylang does not link translations."
)
LEFT_OUT = _(
    "{count} entries are in another language, as their addresses show ({codes}). New ones were left out, and a sync refuses the "
    "others. The free version of Polylang does not link translations."
)
UNTOLD = _(
    "The site has several languages, and its addresses do not show the language of {count} entries. A sync writes them only "
    "with `force`. Exclude those that are not in the project's language."
)

# The rows are locked in the order of their ids, as everybody does who locks several. The full lock also waits for a job that
# takes one on.
_LOCK = """
SELECT 1 FROM projects_contentitem WHERE data_source_id = %(source)s AND item_type = ANY(%(types)s) AND language = ''
    AND external_id <> '' AND external_id = ANY(%(ids)s) ORDER BY id FOR UPDATE
"""
# As `projects_fold_store_view` does for store views. A row stays an item if its original is not there or has a text in that
# language, if it has texts in further languages itself, if one of the two is excluded, if it was written in another language,
# and while a job or a write into the shop is at work on it.
_FOLD = """
UPDATE projects_contentitem AS own
SET main_id = main.id, language = known.spoken, view_data = own.source_data || '{"originals": {}}', source_data = main.source_data,
    source_hash = main.source_hash, external_id = main.external_id, parent_id = NULL, updated_at = now(),
    generation_metadata = CASE WHEN own.generated_content <> '{}' AND NOT own.generation_metadata ? 'way'
        THEN own.generation_metadata || '{"way": "native"}' ELSE own.generation_metadata END
FROM projects_contentitem AS main, unnest(%(codes)s::text[], %(spoken)s::text[]) AS known(code, spoken)
WHERE own.data_source_id = %(source)s AND own.item_type = ANY(%(types)s) AND own.language = '' AND own.store_view = ''
    AND own.external_id <> '' AND own.external_id = ANY(%(ids)s) AND own.source_data #>> '{raw,lang}' = known.code
    AND main.data_source_id = own.data_source_id AND main.item_type = own.item_type AND main.language = ''
    AND main.store_view = '' AND main.external_id <> '' AND main.external_id = ANY(%(ids)s)
    AND main.external_id = own.source_data #>> ARRAY['raw', 'translations', %(main)s]
    AND main.source_data #>> '{raw,lang}' = %(main)s
    AND main.source_data #>> ARRAY['raw', 'translations', known.code] = own.external_id
    AND (own.excluded_at IS NULL) = (main.excluded_at IS NULL)
    AND COALESCE(own.generation_metadata #>> '{settings,language}', '') IN ('', known.spoken)
    AND NOT EXISTS (
        SELECT 1 FROM projects_contentitem AS text
        WHERE text.main_id = own.id OR (text.main_id = main.id AND text.language = known.spoken)
    )
    AND NOT EXISTS (
        SELECT 1 FROM projects_generationitem part JOIN scribe_job job ON job.id = part.job_id
        WHERE part.item_id = own.id AND part.state = 'pending' AND job.status IN ('queued', 'running')
    )
    AND NOT EXISTS (
        SELECT 1 FROM projects_syncrecord record
        WHERE record.item_id = own.id AND (record.state = 'writing' OR (record.state = 'failed' AND record.code = %(doubt)s))
    )
RETURNING own.id
"""
# Variants that tell no language of their own, and whose parent was the translation.
_PARENTS = """
UPDATE projects_contentitem AS child SET parent_id = parent.main_id FROM projects_contentitem AS parent
WHERE child.parent_id = ANY(%s) AND parent.id = child.parent_id
"""


@dataclass(frozen=True)
class RowLanguages:
    """The shop's code of the project's main language, and our languages by the shop's codes of further ones. `reason` says why
    nothing is known. `texts` are the ids of the texts that rows have become, by type and id of the row: a row that no longer
    tells its language stays what it is."""

    main: str = ""
    further: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[tuple[str, str], UUID] = field(default_factory=dict)
    reason: str = ""


def row_languages(store: Store, link: StoreConnection, source: DataSource) -> RowLanguages:
    """The shop's languages as this project has them. Raises StoreTransientError."""
    project = source.project
    try:
        shop = store.languages()
    except StorePermanentError as error:
        return RowLanguages(reason=error.message)
    own = languages.main(project)
    chosen = chosen_of(link).get(own, ())
    primary = next((one for one in shop if one.primary), None)
    if primary is None or not (primary.code in chosen or own in serves(primary, link)):
        return RowLanguages(reason=OTHER_MAIN)
    further: dict[str, str] = {}
    for code, language in shop_languages.languages_of(shop, link, project).items():
        if language and code != primary.code and language != own and language not in further.values():
            further[code] = language
    return RowLanguages(primary.code, further)


def sources_of(source: DataSource) -> QuerySet[DataSource]:
    """The project's sources whose ids mean this store's rows: the store itself, and files. Ids of another store mean other
    things."""
    elsewhere = Q(type=DataSource.Type.STORE) & ~Q(pk=source.pk) & ~Q(config__base_url=source.config.get("base_url"))
    return DataSource.objects.filter(project_id=source.project_id).exclude(elsewhere)


class Translated:
    """The translated rows of one import. `result.translations` has the number of those that were `joined` with their original,
    and of those that stay `apart`."""

    def __init__(self, run: Run, store: Store, link: StoreConnection, source: DataSource) -> None:
        self.run, self.store, self.link, self.source = run, store, link, source
        self.known: RowLanguages | None = None
        self.texts: dict[tuple[str, str], UUID] | None = None

    def meet(self, page: Iterable[StoreItem]) -> RowLanguages:
        """Ask for the shop's languages at the first row that tells its own, and look up what rows have become at the first that
        doesn't. Raises StoreTransientError."""
        links = [link_of(found.data) for found in page]
        if self.known is None and any(links):
            self.known = row_languages(self.store, self.link, self.source)
        if self.texts is None and not all(links):
            self.texts = _ids_by_row(self.source)
        return replace(self.known or RowLanguages(), texts=self.texts or {})

    def without_foreign(self, page: Iterable[StoreItem]) -> list[StoreItem]:
        """The items of a page. Those whose address shows that they are in another language than the project's are left out."""
        return [replace(found, left_out=self._foreign(found.data) or found.left_out) for found in page]

    @cached_property
    def _main(self) -> str:
        return languages.main(self.source.project)

    def _foreign(self, data: Json) -> str:
        code = unlinked_language(data)
        if code in ("", UNDETERMINED) or speaks(code, self._main, self.link):
            return ""
        return UNLINKED.format(code=code)

    def _note_unlinked(self) -> None:
        """Note how many items the import has left out for their language, or does not know the language of."""
        rows = ContentItem.objects.filter(data_source__in=sources_of(self.source), source_data__raw__has_key="lang")
        raws = rows.order_by().values_list("source_data__raw", flat=True).iterator(chunk_size=BATCH)
        counts = Counter(unlinked_language({"raw": raw}) for raw in raws)
        untold = counts.pop(UNDETERMINED, 0)
        foreign = {code: n for code, n in counts.items() if self._foreign({"raw": {"lang": code}})}
        if foreign:
            codes = ", ".join(sorted(foreign))
            self.run.result["note"] = LEFT_OUT.format(count=sum(foreign.values()), codes=codes)
        if untold:
            self.run.result["note"] = UNTOLD.format(count=untold)

    def join(self, page: Iterable[StoreItem]) -> None:
        """Join the rows of a page, and those before it that have waited for one of it. In a transaction of its own, after that
        of the page."""
        told = [link for found in page if (link := link_of(found.data))]
        if not told:
            return
        with self.run.settling():
            counts = self.run.result.setdefault("translations", {"joined": 0, "apart": 0})
            counts["joined"] += self._fold({pk for link in told for pk in link.ids.values()})

    def end(self) -> None:
        """Join what is left, also from imports before this one, and note what stays an item. Raises StoreTransientError."""
        with self.run.settling():
            self._note_unlinked()
        if "translations" not in self.run.result:
            return
        known = self.known = self.known or row_languages(self.store, self.link, self.source)
        left = self._apart(known)
        while some := list(islice(left, BATCH)):
            with self.run.settling():
                counts = self.run.result["translations"]
                counts["joined"] += self._fold({pk for link in some for pk in link.ids.values()})
        with self.run.settling():
            count = sum(1 for _unused in self._apart(known))
            self.run.result["translations"]["apart"] = count
            if count:
                self.run.result["note"] = known.reason or ALONE.format(count=count)

    def _apart(self, known: RowLanguages) -> Iterator[RowLink]:
        """The links of the items that are not in the shop's main language. Where that is unknown: of all that have several."""
        rows = ContentItem.objects.filter(
            data_source__in=sources_of(self.source), source_data__raw__has_key="translations"
        )
        told = rows.included().order_by("id").values_list("source_data__raw__lang", "source_data__raw__translations")
        for lang, ids in told.iterator(chunk_size=BATCH):
            link = link_of({"raw": {"lang": lang, "translations": ids}})
            if link and (link.lang != known.main if known.main else len(link.ids) > 1):
                yield link

    def _fold(self, ids: set[str]) -> int:
        known = self.known
        if known is None or not known.further:
            return 0
        params: Json = {
            "source": self.source.pk,
            "types": list(ContentItem.Type.values),
            "ids": sorted(ids),
            "main": known.main,
            "codes": list(known.further),
            "spoken": list(known.further.values()),
            "doubt": IN_DOUBT,
        }
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, params)
            cursor.execute(_FOLD, params)
            folded: list[UUID] = [pk for (pk,) in cursor.fetchall()]
            cursor.execute(_PARENTS, [folded])
        return len(folded)


def _ids_by_row(source: DataSource) -> dict[tuple[str, str], UUID]:
    """The ids of the texts that came as rows of their own, by type and id of the row."""
    rows = ContentItem.rows.filter(data_source__in=sources_of(source), store_view="")
    rows = rows.exclude(language="").filter(view_data__raw__has_key="translations")
    found = rows.order_by("id").values_list("pk", "item_type", "view_data__raw")
    return {(kind, link.own): pk for pk, kind, raw in found if (link := link_of({"raw": raw})) and link.own}


def texts_of(source: DataSource, page: Iterable[StoreItem], known: RowLanguages) -> dict[tuple[str, str], ContentItem]:
    """The language texts that rows of the page are, by type and id of the row: those that came as this very row, and those in
    its language that its original has."""
    page = list(page)
    told = [(found, link) for found in page if (link := link_of(found.data))]
    ids = {pk for _unused, link in told for pk in link.ids.values()}
    texts = _untold(page, known)
    if not ids:
        return texts
    rows = ContentItem.rows.filter(data_source__in=sources_of(source), external_id__in=ids, store_view="")
    came: dict[tuple[str, str], ContentItem] = {}
    spoken: dict[tuple[str, str, str], ContentItem] = {}
    for row in rows.exclude(language="").select_related("store_text").order_by("id"):
        spoken[row.item_type, row.external_id, row.language] = row
        if link := link_of(row.view_data):
            came[row.item_type, link.own] = row
    for found, link in told:
        original, language = link.ids.get(known.main, ""), known.further.get(link.lang, "")
        key = found.item_type, found.external_id
        if text := came.get(key) or spoken.get((found.item_type, original, language)):
            texts[key] = text
    return texts


def _untold(page: Iterable[StoreItem], known: RowLanguages) -> dict[tuple[str, str], ContentItem]:
    """The texts that rows of the page have become which no longer tell their language."""
    keys = [(found.item_type, found.external_id) for found in page if not link_of(found.data)]
    wanted = {known.texts[key]: key for key in keys if key in known.texts}
    rows = ContentItem.rows.select_related("store_text").filter(pk__in=wanted).exclude(language="") if wanted else ()
    return {wanted[row.pk]: row for row in rows}
