"""Texts in further languages that are made from other texts: what each is made from, and those that no model is needed for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from projects import decisions, shop_texts, staleness
from projects.generation import memory
from projects.generation.parts import LATIN, way_of
from projects.models import ContentItem, Project
from projects.staleness import LETTERS, NATIVE, TRANSLATION, SourceText
from scribe.messages import _
from scribe.types import Json
from writing import checks, fields, output
from writing.checks import CheckReport
from writing.facts import Facts, Original
from writing.settings import WritingSettings
from writing.translation import latin
from writing.translation.memory import Near, Remembered


@dataclass
class Translating:
    """What one text is made from. `original` is the text to translate or to read letter by letter, None if it is not
    approved any more. `keys` are the keys of the content to write; `kept` is what stays of the present content, `known`
    what the memory has by field, `noted` the key of each field there, `segments` that of each segment."""

    way: str
    original: Original | None = None
    keys: frozenset[str] = frozenset()
    kept: Json = field(default_factory=dict)
    known: Json = field(default_factory=dict)
    noted: dict[str, str] = field(default_factory=dict)
    segments: dict[str, str] = field(default_factory=dict)
    near: list[Near] = field(default_factory=list)
    made_from: Json = field(default_factory=dict)

    @property
    def remembered(self) -> Json:
        """The content that the memory has: the keys all of whose fields it knows."""
        found: Json = {}
        for key in self.keys:
            rows = [row for row in fields.of_key(key) if row.name in self.made_from]
            if rows and all(row.name in self.known for row in rows):
                whole = {row.part: self.known[row.name] for row in rows}
                found[key] = whole if rows[0].part else self.known[key]
        return found

    def asked(self) -> frozenset[str]:
        """The keys that a model has to write."""
        return self.keys - self.remembered.keys() if self.way == TRANSLATION else frozenset()

    def as_metadata(self) -> Json:
        found: Json = {"way": self.way}
        if self.original is not None:
            found["translated_from"] = self.original.language
        if self.noted:
            found[memory.ORIGINALS] = memory.notes(self.noted, self.segments)
        if remembered := sorted(self.remembered):
            found["remembered"] = remembered
        return found


class Sources:
    """Where the texts of one job come from."""

    def __init__(
        self, main: WritingSettings, further: Mapping[str, WritingSettings], *, stale: bool, replaces: bool = False
    ) -> None:
        """`stale`: only what is outdated is written anew. `replaces`: also the texts that the merchant translated."""
        self.main, self.further, self.stale, self.replaces = main, further, stale, replaces
        self._pairs: dict[str, list[Remembered]] = {}

    def settings_for(self, item: ContentItem) -> WritingSettings:
        return self.further[item.language] if item.language else self.main

    def of(self, items: list[ContentItem], *, near: bool = True) -> dict[UUID, Translating]:
        """For each of `items` in a further language: what its text is made from. With `near`, also similar remembered texts.
        Takes a few queries for all of them."""
        spoken = [item for item in items if item.language]
        known = staleness.sources({item.main_id for item in spoken}) if spoken else {}
        found = {item.pk: self._one(item, known) for item in spoken}
        for language in {item.language for item in spoken}:
            self._remember(
                spoken[0].project, language, [found[item.pk] for item in spoken if item.language == language], near
            )
        return found

    def _one(self, item: ContentItem, known: Mapping[tuple[UUID | None, str], SourceText]) -> Translating:
        settings, main = self.settings_for(item), known[item.main_id, ""]
        language = main.language or self.main.language
        serbian = main if language == staleness.CYRILLIC else known.get((item.main_id, staleness.CYRILLIC))
        if item.language == LATIN and serbian is not None and serbian.approved:
            return self._made(item, LETTERS, serbian, staleness.CYRILLIC)
        if (way := way_of(settings)) == NATIVE:
            return Translating(NATIVE, made_from=staleness.store_texts(item))
        return self._made(item, way, main, language) if main.approved else Translating(way)

    def _made(self, item: ContentItem, way: str, source: SourceText, language: str) -> Translating:
        settings = self.settings_for(item)
        theirs = self._kept(item)
        moved = {name.partition(".")[0] for name in item.outdated_fields if name not in theirs}
        theirs |= frozenset(settings.unplaced)
        content = decisions.without(source.content, theirs)
        texts = {name: text for name, text in source.texts.items() if name not in theirs}
        keys = frozenset(fields.BY_NAME[name].key for name in texts)
        kept: Json = {}
        if self.stale and item.generated_content and way == TRANSLATION:
            stays = keys | {fields.BY_NAME[name].key for name in settings.unplaced}
            kept = {key: value for key, value in item.generated_content.items() if key in stays and key not in moved}
        noted = memory.keys(texts, language, settings) if way == TRANSLATION else {}
        cut = memory.segment_keys(texts, language, settings, item.organization_id) if noted else {}
        keys -= kept.keys()
        return Translating(way, Original(content, language), keys, kept, noted=noted, segments=cut, made_from=texts)

    def _kept(self, item: ContentItem) -> frozenset[str]:
        """The fields whose texts stay the merchant's own."""
        if not self.replaces:
            return shop_texts.kept_fields(item)
        return shop_texts.kept_fields(item) - frozenset(item.outdated_fields) if self.stale else frozenset()

    def _remember(self, project: Project, language: str, works: list[Translating], near: bool) -> None:
        works = [work for work in works if work.way == TRANSLATION and work.original is not None]
        wanted = {key for work in works for key in work.noted.values()}
        if not wanted:
            return
        known = memory.find_translations(project, language, wanted)
        if near and language not in self._pairs:
            self._pairs[language] = memory.candidates(project, language)
        for work in works:
            work.known = {name: known[key] for name, key in work.noted.items() if key in known}
        segments = self._compose(project, language, [work for work in works if work.asked()])
        for work in works:
            if near and work.asked() and work.original is not None:
                spoken = work.original.language
                open_texts = [text for name, text in work.made_from.items() if name not in work.known]
                work.near = memory.exact(open_texts, segments.get(spoken, {}))
                work.near += memory.near(work.made_from, self._pairs[language], spoken)

    def _compose(self, project: Project, language: str, works: list[Translating]) -> dict[str, dict[str, str]]:
        """Put texts together whose segments are all known. Returns what is known, by the originals' language."""
        settings, found = self.further[language], dict[str, dict[str, str]]()
        for source in sorted({work.original.language for work in works if work.original is not None}):
            some = [work for work in works if work.original is not None and work.original.language == source]
            keys = {one: key for work in some for one, key in work.segments.items()}
            known = found[source] = memory.find_segments(project, source, settings, keys)
            for work in some:
                for name in work.noted.keys() - work.known.keys():
                    if made := memory.compose(name, work.made_from[name], known, settings):
                        work.known[name] = made
        return found


def without_model(task: Translating, facts: Facts, settings: WritingSettings) -> tuple[Json, CheckReport]:
    """The text that letters or the memory give, and the report of its checks. `facts` have the original."""
    if task.way != LETTERS:
        content = complete_content(task, {}, facts, settings)
        return content, checks.run(content, facts, settings)
    assert task.original is not None
    source = dict(task.original.content)
    made = latin.content_of(source, facts.sku)
    content = complete_content(task, made, facts, settings)
    report = checks.run(content, facts, settings)
    if lost := latin.cyrillic_words(source, made, facts.sku):
        reason = _("{field}: “{text}” has no Latin letters.", field=lost[0]["field"], text=lost[0]["text"])
        report = replace(report, flagged=True, reasons=[*report.reasons, reason])
    return content, report


def complete_content(task: Translating, made: Json, facts: Facts, settings: WritingSettings) -> Json:
    """The whole content: what stays, what the memory has, and what was made, with what we derive from them."""
    derived = settings.structured_data_enabled and facts.item_type in fields.BY_NAME["structured_data"].kinds
    texts = {**task.kept, **task.remembered, **made}
    return output.merge({"structured_data": {}} if derived else {}, texts, facts=facts, settings=settings)
