"""The texts that a push of one item would write, compared with the store's present texts and with the text's base."""

from __future__ import annotations

import html
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from integrations.stores import texts, three_way
from integrations.stores.interface import TextStore
from integrations.stores.three_way import Left, Verdict
from integrations.stores.types import Current, Placement, Push, Text, Texts
from projects import decisions, source_data
from projects.models import ContentItem
from projects.sync import attributes, history
from writing import fields, structured_data
from writing.fields import Form

_MARKED = frozenset(row.name for row in fields.FIELDS if row.form is Form.HTML)
_PLACED = tuple(row for row in fields.FIELDS if row.placed and row.form in fields.TEXT)
BULLETS_CLASS = "xc-bullets"
_OPENING, _CLOSING = f'<ul class="{BULLETS_CLASS}">', "</ul>"
NO_PLACE = "The project's settings name no place for it."


@dataclass
class PushPlan:
    """`texts` are to be written, `skipped` are not, with the reason, `conflicts` were changed in the store meanwhile.
    `unrestorable` names the store's texts that an undo could not put back, with the reason."""

    texts: Texts = field(default_factory=dict)
    unrestorable: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    conflicts: list[dict[str, Any]] = field(default_factory=list)


def plan(
    item: ContentItem,
    current: Current,
    store: TextStore,
    placement: Placement,
    *,
    force: bool = False,
    spare: bool = False,
    pushed_tags: Collection[str] = (),
) -> PushPlan:
    """Compare three texts per field: the base (or our last push), the store's present text, and the generated one.

    If the store shows the generated text already, nothing is written. If the store's text changed since or was never read,
    it is a conflict, unless `force`. Tags are only added, so the merchant's own are never lost. A tag that was there, or
    that an earlier push brought (`pushed_tags`), and is there no more was taken out by the merchant: it is left out. With
    `spare`, a text of the store's that could not be put back is left in place.
    """
    made = PushPlan()
    base = base_of(item)
    theirs = _read(item).keys() - base.keys() if item.language else frozenset()
    found = wanted(item, current, store, placement, made.skipped)
    removed = [] if force else _removed(found, current, {*_once(item, base), *pushed_tags})
    made.skipped |= {name: why for name in found if (why := store.missing_place(name, item.item_type))}
    found = {name: value for name, value in found.items() if name not in made.skipped}
    made.skipped |= store.unwritable(Push(history.ref_of(item), found, current))
    for name, value in found.items():
        value = store.fitted(name, item.item_type, value, current)
        there = current.texts.get(name, "")
        if name in made.skipped:
            continue
        verdict = three_way.judge(name, value, there, _left(item, name, base, placement))
        if verdict is Verdict.SAME:
            continue
        if name in theirs:
            verdict = Verdict.CHANGED
        if lost := store.lost(name, there) if there and not _ours(item, name, there) else "":
            if spare:
                made.skipped[name] = f"{lost} The store's text could not be put back, and is left."
                continue
            made.unrestorable[name] = lost
        additive = name == "tags" or (name in _MARKED and _keeps(value, there))
        if not force and verdict is Verdict.CHANGED and not additive:
            known = _known(name, base, placement)
            known = _read(item).get(name) if known is None and item.language else known
            made.conflicts.append({"field": name, "imported": known, "store": there, "generated": value})
        made.texts[name] = value
    if removed:
        made.skipped.setdefault("tags", f"Taken out in the store, so not added again: {', '.join(removed)}.")
    return made


def _once(item: ContentItem, base: Texts) -> frozenset[str]:
    """The tags that the store had by an earlier reading."""
    readings = (base, {} if item.language else item.made_from or {}, _read(item))
    return frozenset[str]().union(*(texts.members(known.get("tags")) for known in readings))


def _removed(found: Texts, current: Current, once: Collection[str]) -> list[str]:
    """Take the tags out of `found` that were in the store `once` and are there no more. Returns them."""
    removed = three_way.taken_out(found.get("tags", []), current.texts.get("tags"), once)
    if removed:
        found["tags"] = [tag for tag in found["tags"] if tag not in removed]
    return removed


def base_of(item: ContentItem) -> Texts:
    """The base of the item's content: the store's texts that it was made from, or those that we wrote there since.

    Of a text in a further language only ours count, and those of the merchant's own that it was made from, as a native text
    is. A translation that the store has is else the merchant's, whether we have read it or not, also after an undo has put
    it back."""
    found = shown_of(item)
    text = getattr(item, "store_text", None)
    held, ours = (text.held, text.ours) if text is not None else ({}, [])
    if item.language:
        made = item.made_from or {}
        known = {f: text for f, text in _read(item).items() if f in made and texts.same(f, text, made[f])}
        return {**known, **{field: value for field, value in found.items() if field in ours}}
    older = item.made_from or {}
    # Source data leaves templates out. For those, only the held text is known.
    return {**found, **{f: v for f, v in older.items() if f not in ours and (v or f not in held)}}


def shown_of(item: ContentItem) -> Texts:
    """The texts that the store should show: as last read, or as we wrote them since."""
    text = getattr(item, "store_text", None)
    return {**_read(item), **(text.held if text is not None else {})}


def _read(item: ContentItem) -> Texts:
    """The store's texts as an import read them. In further languages those are the own texts of a store view's row, else none:
    one that is there is the merchant's."""
    if item.language:
        return source_data.own_texts(item.source_data, item.view_data)
    return source_data.texts(item.source_data)


def _ours(item: ContentItem, name: str, there: Text) -> bool:
    text = getattr(item, "store_text", None)
    return text is not None and name in text.ours and texts.same(name, there, text.held.get(name))


def _left(item: ContentItem, name: str, base: Texts, placement: Placement) -> Left | None:
    """What our last push left in this place, or what we have read there; None if we have done neither."""
    known = _known(name, base, placement)
    text = getattr(item, "store_text", None)
    sent = text.sent.get(name) if text is not None and name in text.ours else None
    return None if known is None else Left(known, sent)


def _known(name: str, base: Texts, placement: Placement) -> Text | None:
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


def wanted(
    item: ContentItem, current: Current, store: TextStore, placement: Placement, skipped: dict[str, str]
) -> Texts:
    """The generated texts, each under the name of its place in this store."""
    content = decisions.counted(item.generated_content or {}, item.decisions)
    skipped |= {name: decisions.REASONS[item.decisions[name]] for name in decisions.declined(item.decisions)}
    found: Texts = {}
    for row, text in fields.texts(content):
        place = placement.of(row.name) if row.placed else ""
        name = place if place.startswith("meta.") else row.name
        found[name] = store.put(name, text)
    slugs = [(row.name, value) for row in fields.FIELDS if row.form is Form.SLUG and (value := row.of(content))]
    for name, value in slugs:
        if placement.push_slug:
            found[name] = str(value)
        else:
            skipped[name] = "Addresses of pages are changed only when the project's settings say so (push_slug)."
    tags = [str(tag) for tag in content.get("tags") or [] if str(tag).strip()]
    if found.get("seo.focus_keyword") and store.keeps["seo.focus_keyword"] == store.keeps["tags"]:
        tags.insert(0, str(found.pop("seo.focus_keyword")))
    if tags:
        found["tags"] = joined(current.texts.get("tags", []), tags)
    attributes.place(content.get("attributes") or {}, current, store, placement, found, skipped)
    _bullets(content.get("bullet_points") or [], current, placement, found, skipped)
    if data := content.get("structured_data"):
        place = placement.of("structured_data")
        if place.startswith("meta."):
            found[place] = structured_data.as_text(data)
        else:
            skipped["structured_data"] = NO_PLACE
    return found


def joined(there: Text, fresh: list[str]) -> list[str]:
    """The store's tags in their order, then the new ones."""
    present = there if isinstance(there, list) else [t.strip() for t in there.split(",") if t.strip()]
    seen = {tag.casefold() for tag in present}
    return present + [t for t in dict.fromkeys(fresh) if t.casefold() not in seen]


def _bullets(points: list[Any], current: Current, placement: Placement, found: Texts, skipped: dict[str, str]) -> None:
    """Put the list into the place that the settings name, by default at the top of a generated description."""
    lines = [str(p).strip() for p in points if str(p).strip()]
    if not lines:
        return
    place = placement.of("bullet_points", "description" if "description" in found else "none")
    if place.startswith("meta."):
        found[place] = json.dumps(lines, ensure_ascii=False)
    elif place in ("short_description", "description"):
        points_html = "".join(f"<li>{html.escape(p, quote=False)}</li>" for p in lines)
        block = f"{_OPENING}{points_html}{_CLOSING}\n"
        under = found.get(place, current.texts.get(place, ""))
        found[place] = block + without_bullets(str(under))
    else:
        skipped["bullet_points"] = NO_PLACE
