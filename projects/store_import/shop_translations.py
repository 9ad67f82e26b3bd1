"""The translations that a shop keeps with its items, as Shopify and Magento do: an import reads them, language by
language, and keeps them as the texts that the merchant has of his own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from django.db.models import QuerySet

from catalog import source_data
from integrations.models import StoreConnection
from integrations.shop_languages import chosen_of, serves
from integrations.stores import platforms
from integrations.stores.errors import StorePermanentError, Unsupported
from integrations.stores.interface import Store
from integrations.stores.types import Current, Ref, ShopLanguage
from projects import languages, shop_texts, staleness
from projects.models import ContentItem, DataSource
from projects.models.source import NO_ROW
from projects.store_import.translated import OTHER_MAIN, sources_of
from projects.store_import.upsert import CHANGED_IN_VIEW, without_echoes
from projects.sync import defaults, history, shop_languages
from scribe import jobs, statements
from scribe.jobs import Run
from scribe.types import Json

CHANGED = [*CHANGED_IN_VIEW, "position", "store_view"]


class ShopTranslations:
    """What an import brings of them. `result.shop_translations` has the number of texts that were read, by language;
    `result.translating` says how far the reading is."""

    def __init__(self, run: Run, store: Store, link: StoreConnection, source: DataSource) -> None:
        self.run, self.store, self.link, self.source = run, store, link, source

    def read(self) -> None:
        """Read the languages that are left. Raises StoreTransientError, and TryAgain to let others work."""
        if self._has_more():
            for language, into in self._languages().items():
                if language >= str(self._at.get("language") or ""):
                    self._language(language, into)
        shop_texts.note_originals(self.source.project, self._settling)

    @contextmanager
    def _settling(self) -> Iterator[None]:
        self.run.check()
        with self.run.settling():
            yield

    def _has_more(self) -> bool:
        """Whether there is something beside the rows that were read. Where translations are rows, Polylang lists them
        with the others, and WPML tells of them only."""
        if not self.store.translates_by_rows:
            return True
        joined = ContentItem.rows.filter(project=self.source.project_id, view_data__raw__has_key="translations")
        return "translations" in self.run.result and not joined.exists()

    @property
    def _at(self) -> Json:
        return self.run.result.get("translating") or {}

    def _languages(self) -> dict[str, list[ShopLanguage]]:
        """The shop's languages by ours, without the project's main one."""
        project = self.source.project
        named = languages.languages_to_write(project)
        try:
            shop = self.store.languages()
        except StorePermanentError as error:
            if named:
                self.run.result["note"] = error.message
            return {}
        own = languages.main(project)
        primary = next((one for one in shop if one.primary), None)
        if primary and not (primary.code in chosen_of(self.link).get(own, ()) or own in serves(primary, self.link)):
            if named:
                self.run.result["note"] = OTHER_MAIN
            return {}
        found: dict[str, list[ShopLanguage]] = {}
        for language in sorted({one for one in shop_languages.languages_of(shop, self.link, project).values() if one}):
            if language != own:
                found[language] = shop_languages.into(language, shop, self.link, project)
        return found

    def _language(self, language: str, into: list[ShopLanguage]) -> None:
        try:
            texts = self.store.translated(into)
            while rows := list(self._left(language)[: texts.read_size]):
                self.run.check()
                asked = {history.ref_of(item): item for item in rows}
                there = texts.fetch_texts(list(asked))
                with self.run.settling():
                    count = self._keep(language, into[0].code, asked, there)
                    counts = self.run.result.setdefault("shop_translations", {})
                    counts[language] = int(counts.get(language) or 0) + count
                    self.run.result["translating"] = {"language": language, "after": str(rows[-1].pk)}
                    self.run.result.update(tries=0)
                if self.run.should_yield():
                    raise jobs.TryAgain(0)
        except Unsupported as error:
            self.run.result["note"] = error.message

    def _left(self, language: str) -> QuerySet[ContentItem]:
        rows = ContentItem.objects.filter(data_source__in=sources_of(self.source)).writable().exclude(external_id="")
        after = self._at.get("after") if language == self._at.get("language") else None
        return (rows.filter(pk__gt=UUID(after)) if after else rows).order_by("pk")

    def _keep(self, language: str, code: str, asked: Mapping[Ref, ContentItem], there: Mapping[Ref, Current]) -> int:
        """Keep what the shop shows of these items in one language. Returns the number of texts that it has."""
        before = defaults.earlier(asked.values(), self.link)
        shown: dict[UUID, Json] = {}
        for ref, current in there.items():
            if (item := asked.get(ref)) is not None and not current.refused:
                copies = defaults.copies(current.texts, before.get(defaults.key_of(item), {}))
                shown[item.pk] = shop_texts.as_data({**current.texts, **dict.fromkeys(copies, "")})
        facts = {item.pk: item.source_data for item in asked.values()}
        has = [pk for pk, data in shown.items() if source_data.own_texts(facts[pk], data)]
        languages.add(language, has)
        rows = ContentItem.rows.select_related("store_text").filter(main__in=list(shown), language=language)
        view = code if "store_views" in platforms.get(self.source.project.platform).extras else ""
        changed = [row for row in rows.order_by("pk") if row.main_id and _take(row, shown[row.main_id], view)]
        statements.update(changed, CHANGED)
        return len(has)


def _take(row: ContentItem, shown: Json, view: str) -> bool:
    """Take over what the shop shows for a text. False if there is nothing new. What we wrote there is not his.

    `view` is the code of the store view, where the shop has such."""
    before: Json = row.view_data or {}
    data = {**before, **shown}
    if "seo" in shown:
        data["seo"] = {**(before.get("seo") or {}), **shown["seo"]}
    text = getattr(row, "store_text", None)
    if text is not None:
        data = without_echoes({**source_data.blank(), **before}, data, text, {})
    if data == before or (row.view_data is None and not source_data.own_texts(row.source_data, data)):
        return False
    if row.view_data is None:  # no row of a file
        row.position, row.store_view = NO_ROW, view
    staleness.replace_view(row, data)
    return True
