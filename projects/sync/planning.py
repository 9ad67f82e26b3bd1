"""What one item's push would write, held against what the store has now and what it was last known to have."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from typing import Any

from integrations.stores import texts
from integrations.stores.interface import Store
from integrations.stores.types import Current, Placement, Text, Texts
from projects.models import ContentItem

PLAIN = ("name", "short_description", "description")
BULLETS_CLASS = "xc-bullets"
_BULLETS = re.compile(rf'<ul class="{BULLETS_CLASS}">.*?</ul>\s*', re.DOTALL)
NO_PLACE = "The project's settings name no place for it."


@dataclass
class Plan:
    """`texts` are to be written, `skipped` have no place, `conflicts` were changed in the store meanwhile."""

    texts: Texts = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    conflicts: list[dict[str, Any]] = field(default_factory=list)


def plan(item: ContentItem, current: Current, store: Store, placement: Placement, *, force: bool = False) -> Plan:
    """Compare three texts per field: what was imported or last pushed, what the store has, what was generated.

    The same in the store as generated: nothing to write. The store's own text changed since, or never seen: a conflict,
    unless `force`. Tags are only added to, so that none of the merchant's is ever lost.
    """
    made = Plan()
    base = base_of(item)
    for name, value in wanted(item, current, store, placement, made.skipped).items():
        if reason := store.missing_place(name, item.item_type):
            made.skipped[name] = reason
            continue
        there = current.texts.get(name, "")
        if texts.same(name, there, value):
            continue
        known = _known(name, base, placement)
        untouched = texts.same(name, known, there) if known is not None else not there
        additive = name == "tags" or (name in ("short_description", "description") and _keeps(value, there))
        if not force and not untouched and not additive:
            made.conflicts.append({"field": name, "imported": known, "store": there, "generated": value})
        made.texts[name] = value
    return made


def base_of(item: ContentItem) -> Texts:
    """The texts that the store was last known to hold for an item."""
    found = texts.of_source(item.source_data)
    text = getattr(item, "store_text", None)
    return {**found, **(text.held if text is not None else {})}


def _known(name: str, base: Texts, placement: Placement) -> Text | None:
    if name in base:
        return base[name]
    if name.startswith("meta.") and placement.of("short_description") == name:
        return base.get("short_description")  # read from that very place when it was imported
    return None


def _keeps(value: Text, there: Text) -> bool:
    """Whether a text is the store's own with only our list in front of it."""
    without = _BULLETS.sub("", str(value))
    return without != str(value) and texts.same("", without, _BULLETS.sub("", str(there)))


def wanted(item: ContentItem, current: Current, store: Store, placement: Placement, skipped: dict[str, str]) -> Texts:
    """The generated texts, each under the name of its place in this store."""
    content = item.generated_content or {}
    found: Texts = {name: str(content[name]) for name in PLAIN if content.get(name)}
    if "short_description" in found and (place := placement.of("short_description")).startswith("meta."):
        found[place] = found.pop("short_description")
    seo = content.get("seo") or {}
    for name in ("title", "description", "focus_keyword"):
        if seo.get(name):
            found[f"seo.{name}"] = str(seo[name])
    if seo.get("slug"):
        if placement.push_slug:
            found["seo.slug"] = str(seo["slug"])
        else:
            skipped["seo.slug"] = "Addresses of pages are changed only when the project's settings say so (push_slug)."
    tags = [str(tag) for tag in content.get("tags") or [] if str(tag).strip()]
    if store.platform == "magento2" and found.get("seo.focus_keyword"):
        tags.insert(0, str(found.pop("seo.focus_keyword")))
    if tags:
        found["tags"] = joined(current.texts.get("tags", []), tags)
    _attributes(content.get("attributes") or {}, current, store, placement, found, skipped)
    _bullets(content.get("bullet_points") or [], current, placement, found, skipped)
    if data := content.get("structured_data"):
        place = placement.of("structured_data")
        if place.startswith("meta."):
            found[place] = json.dumps(data, ensure_ascii=False)
        else:
            skipped["structured_data"] = NO_PLACE
    return found


def joined(there: Text, fresh: list[str]) -> list[str]:
    """The store's tags in their order, then the new ones."""
    held = there if isinstance(there, list) else [t.strip() for t in there.split(",") if t.strip()]
    seen = {tag.casefold() for tag in held}
    return held + [t for t in dict.fromkeys(fresh) if t.casefold() not in seen]


def _attributes(
    given: dict[str, Any], current: Current, store: Store, placement: Placement, found: Texts, skipped: dict[str, str]
) -> None:
    names = {
        name.removeprefix("attributes.").casefold(): name for name in current.texts if name.startswith("attributes.")
    }
    namespace = placement.of("attributes").removeprefix("meta.")
    for name, value in given.items():
        text = " | ".join(map(str, value)) if isinstance(value, list) else str(value or "")
        if not text.strip():
            continue
        if store.platform == "shopify":
            if namespace == "none":
                skipped[f"attributes.{name}"] = (
                    "Shopify keeps attributes in metafields; the project's settings name none."
                )
            else:
                found[f"meta.{namespace}.{_slug(name)}"] = text
        else:
            found[names.get(name.casefold(), f"attributes.{name}")] = text


def _slug(name: str) -> str:
    return re.sub(r"\W+", "_", name.strip().lower()).strip("_")[:64] or "attribute"


def _bullets(points: list[Any], current: Current, placement: Placement, found: Texts, skipped: dict[str, str]) -> None:
    """The list goes to the place that the settings name; by default to the top of a generated description."""
    lines = [str(p).strip() for p in points if str(p).strip()]
    if not lines:
        return
    place = placement.of("bullet_points", "description" if "description" in found else "none")
    if place.startswith("meta."):
        found[place] = json.dumps(lines, ensure_ascii=False)
    elif place in ("short_description", "description"):
        block = (
            f'<ul class="{BULLETS_CLASS}">'
            + "".join(f"<li>{html.escape(p, quote=False)}</li>" for p in lines)
            + "</ul>\n"
        )
        under = found.get(place, current.texts.get(place, ""))
        found[place] = block + _BULLETS.sub("", str(under))
    else:
        skipped["bullet_points"] = NO_PLACE
