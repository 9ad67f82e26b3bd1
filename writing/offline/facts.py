"""A product's stored data as facts that can be said: cleaned, sorted by kind, with the usable sentences of the shop."""

import re
from dataclasses import dataclass, field

from anyascii import anyascii

from integrations.stores.types import blank
from scribe.language import detector, lexicon, script
from scribe.language.lexicon import LexiconAttribute
from scribe.types import Json
from writing.offline import grammar, text, values

_CANONICAL = {*blank(), "external_id", "id", "url", "language", "currency", "item_type"}
_EXTRA = ("brand", "manufacturer", "vendor", "material", "color", "colour", "size", "weight", "gender")
_UNIT_IN_LABEL = re.compile(r"[(\[]\s*([^)\]]{1,6})\s*[)\]]\s*$")
_NOTHING = frozenset({"", "-", "n/a", "na", "none", "null", "nan", "unknown", "default title", "--", "0"})


@dataclass(slots=True)
class Fact:
    """One attribute: its name and values as stored, and what the lexicon knows of the name."""

    name: str
    values: list[str]
    attribute: LexiconAttribute | None

    @property
    def kind(self) -> str:
        return self.attribute.kind if self.attribute else "text"

    @property
    def key(self) -> str:
        return self.attribute.key if self.attribute else lexicon.fold(self.name)


@dataclass(slots=True)
class ProductFacts:
    name: str = ""
    brand: str = ""
    category: str = ""
    categories: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)  # of the shop, usable, in the target's language
    language: str = ""  # of the stored data
    id: str = ""

    def get(self, key: str) -> Fact | None:
        return next((fact for fact in self.facts if fact.key == key), None)


def read(stored: Json, language: str) -> ProductFacts:
    """The product in `stored` (canonical source keys), to be written about in `language`."""
    product = ProductFacts(
        name=_name(text.line(stored.get("name") or stored.get("product_title") or "")),
        id=str(stored.get("id") or ""),
    )
    product.categories = _categories(stored.get("categories") or stored.get("product_category"))
    product.category = product.categories[-1] if product.categories else ""
    product.tags = [tag for tag in _list(stored.get("tags")) if text.clean_value(tag)][:12]
    product.facts = _facts(stored)
    if brand := product.get("brand"):
        product.brand = brand.values[0]
        product.facts.remove(brand)
    if product.category.lower() in (product.brand.lower(), product.name.lower()):
        product.category = ""  # it repeats the brand or the name
    bodies = [str(stored.get(key) or "") for key in ("short_description", "description", "current_description")]
    product.language = _language(stored, product, bodies)
    _sentences(product, bodies, language)
    _spell(product, language)
    return product


def _spell(product: ProductFacts, language: str) -> None:
    """Leave nothing that readers of `language` cannot read: names are spelled in their letters, other words of another
    script are left out unless the lexicon translates them."""
    product.name, product.brand = (_transliterate(name, language) for name in (product.name, product.brand))
    product.tags = [tag for tag in product.tags if _is_readable(tag, language)]
    product.categories = [one for one in product.categories if _is_readable(one, language)]
    product.category = product.category if _is_readable(product.category, language) else ""
    for fact in product.facts:
        known = fact.attribute is not None
        fact.values = [
            value
            for value in fact.values
            if (known or _is_readable(fact.name, language))
            and (_is_readable(value, language) or lexicon.value(fact.kind, value))
        ]
    product.facts = [fact for fact in product.facts if fact.values]


def _transliterate(name: str, language: str) -> str:
    """`name` in Latin letters where it is in an alphabet that the readers of `language` don't know."""
    if _is_readable(name, language):
        return name
    by_sound = set(detector.scripts(name)) <= {"cyrillic", "greek", "latin"}
    return str(anyascii(script.to_latin(name))) if by_sound else name


def _is_readable(value: str, language: str) -> bool:
    return set(detector.scripts(value)) <= {"latin", detector.script_of(language)}


def _name(name: str) -> str:
    """A name written all in capitals becomes readable. Codes and short words keep their capitals."""
    words = name.split()
    letters = [c for c in name if c.isalpha()]
    if len(words) < 2 or not letters or not all(c.isupper() for c in letters):
        return name
    return " ".join(w.capitalize() if len(w) > 3 and w.isalpha() else w for w in words)


def _list(value: object) -> list[str]:
    if value in (None, "", [], {}):
        return []
    if isinstance(value, str):
        value = re.split(r"[,|;]", value)
    if isinstance(value, dict):
        value = list(value.values())
    out = []
    for entry in value if isinstance(value, list | tuple) else [value]:
        entry = entry.get("name", "") if isinstance(entry, dict) else entry
        if cleaned := text.line(entry):
            out.append(cleaned)
    return out


def _categories(value: object) -> list[str]:
    """The last parts of category paths, without the shops' root names."""
    out = []
    for path in _list(value):
        last = re.split(r"[>/]", path)[-1].strip()
        if (
            last
            and text.clean_value(last)
            and last.lower() not in ("uncategorized", "default category", "root", "home")
        ):
            out.append(last)
    return list(dict.fromkeys(out))


def _pairs(stored: Json) -> list[tuple[str, object]]:
    attributes = stored.get("attributes") or stored.get("product_attributes") or {}
    pairs: list[tuple[str, object]] = []
    if isinstance(attributes, dict):
        pairs += attributes.items()
    elif isinstance(attributes, list):
        for entry in attributes:
            if isinstance(entry, dict) and entry.get("name"):
                pairs.append((entry["name"], entry.get("value") or entry.get("values") or entry.get("options")))
    for key in _EXTRA:
        if stored.get(key):
            pairs.append((key, stored[key]))
    pairs += [
        (key, value)
        for key, value in stored.items()
        if key not in _CANONICAL and key not in _EXTRA and isinstance(value, str | int | float)
        and not isinstance(value, bool) and (found := lexicon.attribute(key)) and found.kind != "hidden"
    ]  # fmt: skip
    return pairs


def _facts(stored: Json) -> list[Fact]:
    out: dict[str, Fact] = {}
    for name, value in _pairs(stored):
        label = text.line(name).strip(" :*")
        attribute = lexicon.attribute(label)
        if (
            not label
            or label.startswith("_")
            or (attribute and attribute.kind == "hidden")
            or not text.clean_value(label)
        ):
            continue
        kind = attribute.kind if attribute else "text"
        found: list[str] = []
        for entry in value if isinstance(value, list | tuple) else [value]:
            cleaned = text.line("yes" if entry is True else "no" if entry is False else entry)
            if cleaned.lower() in _NOTHING or not text.clean_value(cleaned):
                continue
            found += values.split(kind, cleaned)
        unit = _UNIT_IN_LABEL.search(label)
        if unit and values.has_unit(f"1 {unit[1]}"):
            found = [f"{v} {unit[1]}" if re.fullmatch(values.NUMBER, v) else v for v in found]
        if not found:
            continue
        shown = re.sub(r"^(?:pa|attribute)_", "", label) if attribute is None else label
        shown = shown.replace("_", " ").strip()
        fact = Fact(shown, list(dict.fromkeys(found))[:12], attribute)
        if fact.key not in out:
            out[fact.key] = fact
    return list(out.values())


def _language(stored: Json, product: ProductFacts, bodies: list[str]) -> str:
    """The language of the stored data: the declared one, else as read from the texts, else from the names of the
    attributes."""
    if declared := stored.get("language"):
        return grammar.base(str(declared))
    body = " ".join(text.plain(part) for part in bodies if part)
    if found := detector.detect(body):
        return found
    votes: dict[str, int] = {}
    for fact in product.facts:
        if not fact.attribute:
            continue
        for code in lexicon.LANGUAGES:
            if lexicon.fold(fact.attribute.label(code)) == lexicon.fold(fact.name):
                votes[code] = votes.get(code, 0) + 1
    for fact in product.facts:
        for value in fact.values:
            if known := lexicon.value(fact.kind, value):
                for code in lexicon.LANGUAGES:
                    if lexicon.fold(known.words[code]) == lexicon.fold(value):
                        votes[code] = votes.get(code, 0) + 1
    if votes:
        best = max(votes.values())
        winners = [code for code, count in votes.items() if count == best]
        return "en" if "en" in winners else winners[0]
    return detector.detect(product.name)


def _sentences(product: ProductFacts, bodies: list[str], language: str) -> None:
    """Keep the usable sentences in the target's language. A body in another language is left out as a whole."""
    for body in bodies:
        usable = [sentence for sentence in text.sentences(body) if text.usable(sentence)]
        if not grammar.same(detector.detect(" ".join(usable)), language):
            continue
        for sentence in usable:
            found = detector.detect(sentence)
            if not found or grammar.same(found, language):
                said = _in_script(sentence.rstrip("…"), product, language)
                said = said if said.endswith((".", "!")) else said + "."
                said = values.measures_localized(re.sub(r"!+$", ".", said), language)
                if said not in product.sentences:
                    product.sentences.append(said)


def _in_script(sentence: str, product: ProductFacts, language: str) -> str:
    if language == "sr-Latn" or grammar.base(language) in ("hr", "bs"):
        return script.to_latin(sentence)
    if language == "sr" and not script.has_cyrillic(sentence):
        keep = frozenset(re.findall(r"[^\W_]+", f"{product.name} {product.brand}"))
        return script.to_cyrillic(sentence, keep)
    return sentence
