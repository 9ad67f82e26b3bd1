"""The texts that a push of one item would write, compared with the store's present texts and with the text's base."""

import html
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from catalog import source_data
from integrations.stores import texts, three_way
from integrations.stores.interface import TextStore
from integrations.stores.three_way import Left, Verdict
from integrations.stores.types import NO_PLACE, Current, Placement, Push, Text, Texts
from projects import decisions
from projects.models import ContentItem
from projects.places import NOT_NAMED
from projects.sync import attributes, history
from scribe.jobs.payload import Payload
from scribe.messages import _
from scribe.types import Json
from writing import disclosure, fields, structured_data
from writing.disclosure import Disclosure
from writing.fields import Form
from writing.html import embedded_lost

_MARKED = frozenset(row.name for row in fields.FIELDS if row.form is Form.HTML)
_PLACED = tuple(row for row in fields.FIELDS if row.placed and row.form in fields.TEXT)
BULLETS_CLASS = "xc-bullets"
_OPENING, _CLOSING = f'<ul class="{BULLETS_CLASS}">', "</ul>"


@dataclass
class PushPlan:
    """`texts` are to be written, `skipped` are not, with the reason, `conflicts` were changed in the store meanwhile.
    `unrestorable` names the store's texts that an undo could not put back, with the reason; `elements` has what those of
    the store do beside their words and ours don't, by field."""

    texts: Texts = field(default_factory=dict)
    unrestorable: dict[str, str] = field(default_factory=dict)
    elements: dict[str, list[str]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    conflicts: list[Json] = field(default_factory=list)


def plan(
    item: ContentItem,
    current: Current,
    store: TextStore,
    placement: Placement,
    *,
    force: bool = False,
    ours: Mapping[str, Text] = MappingProxyType({}),
    skip_unrestorable: bool = False,
    pushed_tags: Collection[str] = (),
    copies: Texts | None = None,
    mark: Disclosure | None = None,
) -> PushPlan:
    """Compare three texts per field: the base (or our last push), the store's present text, and the generated one.

    If the store shows the generated text already, nothing is written. If the store's text changed since or was never read,
    it is a conflict, unless `force`, or all such fields are decided for our text while the store had its present one (`ours`). Tags are only added, so the merchant's own are never lost. A tag that was there, or
    that an earlier push brought (`pushed_tags`), and is there no more was taken out by the merchant: it is left out. `copies`
    are texts of a translation that nobody has translated (`projects.sync.defaults`). `mark` goes beside our texts, into the
    place that the shop has for it, whatever stands there. With `skip_unrestorable`, a text of the store's that could not be put back is left in place.
    """
    made = PushPlan()
    base = {**(copies or {}), **base_of(item)}
    theirs = _read(item).keys() - base.keys() if item.language else frozenset()
    found = texts_to_push(item, current, store, placement, made.skipped)
    marked_at = _add_mark(found, mark, item, placement)
    removed = (
        []
        if force or "tags" in ours
        else _remove_missing_tags(found, current, {*_tags_seen_before(item, base), *pushed_tags})
    )
    made.skipped |= {name: why for name in found if (why := store.missing_place(name, item.item_type))}
    found = {name: value for name, value in found.items() if name not in made.skipped}
    made.skipped |= store.unwritable(Push(history.ref_of(item), found, current))
    standing: set[str] = set()
    for name, value in found.items():
        value = store.in_platform_form(name, item.item_type, value, current)
        there = current.texts.get(name, "")
        if name in made.skipped:
            continue
        verdict = three_way.judge(name, value, there, _left_there(item, name, base, placement))
        if verdict is Verdict.SAME:
            standing.add(name)
            continue
        if name in theirs:
            verdict = Verdict.CHANGED
        if lost := store.removed_by_filter(name, there) if there and not _ours(item, name, there) else "":
            if skip_unrestorable:
                made.skipped[name] = _(
                    "{lost} The store's text could not be restored later, so it was not changed.", lost=lost
                )
                continue
            made.unrestorable[name] = lost
        made.elements |= (gone := _elements_gone(name, there, value))
        additive = name in ("tags", marked_at) or (name in _MARKED and _keeps(value, there))
        if verdict is Verdict.CHANGED and not (additive or force):
            known = _known_text(name, base, placement)
            known = shown_of(item).get(name) if known is None else known
            clash = {"field": name, "imported": known, "store": there, "generated": value}
            made.conflicts.append(clash | ({"elements": gone[name]} if gone else {}))
        made.texts[name] = value
    if all(clash["field"] in ours and ours[clash["field"]] == clash["store"] for clash in made.conflicts):
        made.conflicts.clear()
    made.texts = made.texts if standing or set(made.texts) != {marked_at} else {}  # no mark without a text of ours
    if removed:
        made.skipped.setdefault("tags", _("Removed in the store, so not added again: {names}.", names=removed))
    return made


def _elements_gone(name: str, there: Text, value: Text) -> dict[str, list[str]]:
    """What the store's text does beside its words and `value` doesn't, under the field's name; empty if nothing."""
    gone = embedded_lost(str(there), str(value)) if name in _MARKED else []
    return {name: gone} if gone else {}


def _add_mark(found: Texts, mark: Disclosure | None, item: ContentItem, placement: Placement) -> str:
    """Add the mark, if there is one, to the texts, and to structured data among them. Returns its place."""
    if mark is None or not found:
        return ""
    if (data := placement.of("structured_data")) in found:
        found[data] = structured_data.as_text(mark.in_json_ld(item.generated_content["structured_data"]))
    place = placement.of(disclosure.PLACE)
    found[place] = mark.as_text()
    return place


def _tags_seen_before(item: ContentItem, base: Texts) -> frozenset[str]:
    """The tags that the store had by an earlier reading."""
    readings = (base, {} if item.language else item.made_from or {}, _read(item))
    return frozenset[str]().union(*(texts.members(known.get("tags")) for known in readings))


def _remove_missing_tags(found: Texts, current: Current, once: Collection[str]) -> list[str]:
    """Take the tags out of `found` that were in the store `once` and are there no more. Returns them."""
    removed = three_way.taken_out(found.get("tags", []), current.texts.get("tags"), once)
    if removed:
        found["tags"] = [tag for tag in found["tags"] if tag not in removed]
    return removed


def base_of(item: ContentItem) -> Texts:
    """The base of the item's content: the store's texts that it was made from, or those that we wrote there since. What an
    import reads later, in a place of which nothing was known then, is no base.

    Of a text in a further language only ours count, and those of the merchant's own that it was made from, as a native text
    is. A translation that the store has is else the merchant's, whether we have read it or not, also after an undo has put
    it back."""
    text = getattr(item, "store_text", None)
    held, ours = (text.held, text.ours) if text is not None else ({}, [])
    if item.language:
        made = item.made_from or {}
        known = {f: text for f, text in _read(item).items() if f in made and texts.same(f, text, made[f])}
        return {**known, **{field: value for field, value in held.items() if field in ours}}
    older = _read(item) if item.made_from is None else item.made_from
    # Source data leaves templates out. For those, only the held text is known.
    return {**held, **{f: v for f, v in older.items() if f not in ours and (v or v is None or f not in held)}}


def shown_of(item: ContentItem) -> Texts:
    """The texts that the store should show: as last read, or as we wrote them since."""
    text = getattr(item, "store_text", None)
    return {**_read(item), **(text.held if text is not None else {})}


def last_seen(item: ContentItem) -> Texts:
    """The texts that the store showed when we last looked: as an import read them or as we wrote them, or as a comparison
    or a push that ended as a conflict has found them since. Needs the annotation `conflicts.clashes`."""
    found = shown_of(item)
    drift = getattr(item, "drift", None)
    for one in drift.fields if drift is not None else ():
        if texts.same(one["field"], found.get(one["field"], ""), one["expected"]):  # else it was read or written since
            found[one["field"]] = one["store"]
    return found | {one["field"]: one["store"] for one in getattr(item, "clashes", None) or ()}


def _read(item: ContentItem) -> Texts:
    """The store's texts as an import read them. In further languages those are the own texts of a store view's row, else none:
    one that is there is the merchant's."""
    if item.language:
        return source_data.own_texts(item.source_data, item.view_data)
    return source_data.texts(item.source_data)


def _ours(item: ContentItem, name: str, there: Text) -> bool:
    text = getattr(item, "store_text", None)
    return text is not None and name in text.ours and texts.same(name, there, text.held.get(name))


def _left_there(item: ContentItem, name: str, base: Texts, placement: Placement) -> Left | None:
    """What our last push left in this place, or what we have read there; None if we have done neither."""
    known = _known_text(name, base, placement)
    text = getattr(item, "store_text", None)
    sent = text.sent.get(name) if text is not None and name in text.ours else None
    return None if known is None else Left(known, sent)


def _known_text(name: str, base: Texts, placement: Placement) -> Text | None:
    if name in base:
        return base[name]
    # The import read the text of a chosen place from that very place.
    return next(
        (base.get(row.name) for row in _PLACED if name.startswith("meta.") and placement.of(row.name) == name), None
    )


def _keeps(value: Text, there: Text) -> bool:
    """Whether `value` is the store's own text with only our list in front of it."""
    without = without_bullets(str(value))
    return without != str(value) and texts.same("", without, without_bullets(str(there)))


def without_bullets(text: str) -> str:
    """The text without our lists. A list without its closing tag stays."""
    parts: list[str] = []
    at = 0
    while (start := text.find(_OPENING, at)) >= 0 and (end := text.find(_CLOSING, start)) >= 0:
        parts.append(text[at:start])
        at = end + len(_CLOSING)
        while at < len(text) and text[at].isspace():
            at += 1
    return "".join([*parts, text[at:]])


def texts_to_push(
    item: ContentItem, current: Current, store: TextStore, placement: Placement, skipped: dict[str, str]
) -> Texts:
    """The generated texts, each under the name of its place in this store."""
    content = decisions.without_declined(item.generated_content or {}, item.decisions)
    skipped |= {name: decisions.REASONS[item.decisions[name]] for name in decisions.declined_fields(item.decisions)}
    found: Texts = {}
    for row, text in fields.texts(content):
        place = placement.of(row.name) if row.placed else ""
        name = place if place.startswith("meta.") else row.name
        found[name] = store.escaped_for(name, text)
    slugs = [(row.name, value) for row in fields.FIELDS if row.form is Form.SLUG and (value := row.of(content))]
    for name, value in slugs:
        if placement.push_slug:
            found[name] = str(value)
        else:
            skipped[name] = _("URL slugs are changed only if the project setting “push_slug” is on.")
    tags = [str(tag) for tag in content.get("tags") or [] if str(tag).strip()]
    if (
        found.get("seo.focus_keyword")
        and store.field_places["seo.focus_keyword"] == store.field_places["tags"] != NO_PLACE
    ):
        tags.insert(0, str(found.pop("seo.focus_keyword")))
    if tags:
        found["tags"] = join_tags(current.texts.get("tags", []), tags)
    attributes.place(content.get("attributes") or {}, current, store, placement, found, skipped)
    _lists(content, current, placement, found, skipped)
    if data := content.get("structured_data"):
        place = placement.of("structured_data")
        if place.startswith("meta."):
            found[place] = structured_data.as_text(data)
        else:
            skipped["structured_data"] = NOT_NAMED
    return found


def join_tags(there: Text, fresh: list[str]) -> list[str]:
    """The store's tags in their order, then the new ones."""
    present = there if isinstance(there, list) else [t.strip() for t in there.split(",") if t.strip()]
    seen = {tag.casefold() for tag in present}
    return present + [t for t in dict.fromkeys(fresh) if t.casefold() not in seen]


def _lists(content: Json, current: Current, placement: Placement, found: Texts, skipped: dict[str, str]) -> None:
    """Put each list of sentences into the place that the settings name, or at the top of the generated text that the
    field's row names. Lists in the same text are one list there."""
    on_top: dict[str, list[str]] = {}
    for row in fields.FIELDS:
        value = row.of(content) if row.form is Form.LINES else None
        lines = [line for entry in (value if isinstance(value, list) else ()) if (line := str(entry).strip())]
        if not lines:
            continue
        place = placement.of(row.name, row.default_place if row.default_place in found else "none")
        if place.startswith("meta."):
            found[place] = json.dumps(lines, ensure_ascii=False)
        elif place in ("short_description", "description"):
            on_top.setdefault(place, []).extend(lines)
        else:
            skipped[row.name] = NOT_NAMED
    for place, lines in on_top.items():
        points_html = "".join(f"<li>{html.escape(line, quote=False)}</li>" for line in lines)
        under = found.get(place, current.texts.get(place, ""))
        found[place] = f"{_OPENING}{points_html}{_CLOSING}\n{without_bullets(str(under))}"


@dataclass(frozen=True, kw_only=True)
class SyncPayload(Payload):
    """A push names a `mode`, and its items when that is `selected`. An undo names the sync that it undoes, or records.

    `force` writes over the merchant's edits. `ours` has for each item the fields that are decided for our text, with the
    store's text that was shown for it: another one that the store has by now is not written over. `leave_unrestorable` spares
    texts that the store could not take back as they were. `single` marks the sync of one item whose caller waits for it. `languages` are those whose texts are pushed; "" is
    the project's main language. An undo takes them from the records.
    """

    mode: str = "pending"
    item_ids: list[str] = field(default_factory=list)
    undo_of: str = ""
    record_ids: list[str] = field(default_factory=list)
    force: bool = False
    ours: dict[str, dict[str, Text]] = field(default_factory=dict)
    leave_unrestorable: bool = False
    single: bool = False
    languages: list[str] = field(default_factory=lambda: [""])

    @property
    def undoes(self) -> bool:
        return bool(self.undo_of or self.record_ids)
