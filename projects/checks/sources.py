"""What the source states, indexed once per item: concepts, numbers, codes and words, each with the field it stands in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from projects.checks import lexicon, numbers
from projects.checks.lexicon import table
from projects.checks.numbers import Code, Number
from projects.checks.words import fold, latin
from projects.writing.facts import Facts

INSTRUCTIONS = "instructions"
AROUND = 40  # characters of context on each side of an excerpt
NEAR = 60  # how near a time must stand to a word of warranty to be the warranty's
_IN_KEY = re.compile(r"\(([^()]{1,8})\)\s*$|\bin\s+(\S{1,4})$|_(cm|mm|m|kg|g|ml|l|in|lb|oz)$", re.I)
# What a field's name says about the dimension of a bare number in it.
_DIMENSIONS = (
    ("mass", re.compile(r"weight|gewicht|poids|peso|težin|tezin|тежин|waga|masa\b|вес\b|massa", re.I)),
    (
        "length",
        re.compile(
            r"length|width|height|depth|diam|länge|breite|höhe|tiefe|durchmesser|longueur|largeur|hauteur|lunghezza|larghezza|"
            r"altezza|dužin|širin|visin|prečnik|promjer|ширин|висин|дужин|длин|высот|ancho|alto\b|altura|largura|szerok|wysok|długoś|hoogte|breedte",
            re.I,
        ),
    ),
    (
        "volume",
        re.compile(
            r"volume|capacity|inhalt|volumen|capacité|capacidad|capacità|zapremin|pojemno|объ[её]м|contenance|contenido",
            re.I,
        ),
    ),
    ("money", re.compile(r"price|preis|prix|precio|prezzo|preço|cena|cijena|цена|prijs", re.I)),
)
_APART = re.compile(r"[,;/|\d\n.]")
_LISTED = re.compile(r"\s*(?:[,;|/]|\bund\b|\band\b)\s*")


@dataclass(frozen=True, slots=True)
class Place:
    field: str
    excerpt: str


@dataclass(slots=True)
class Index:
    """The lookups that grounding asks. `near_warranty` holds the times that stand with a warranty, in seconds."""

    concepts: dict[str, Place] = field(default_factory=dict)
    negated: dict[str, Place] = field(default_factory=dict)
    numbers: list[tuple[Number, Place, str]] = field(default_factory=list)
    by_value: dict[float, list[int]] = field(default_factory=dict)
    codes: dict[str, Place] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)  # field -> letters and digits only
    whole: dict[str, str] = field(default_factory=dict)  # field -> its text, its name before it
    words: set[str] = field(default_factory=set)
    superlatives: dict[str, Place] = field(default_factory=dict)  # the words by which something is the most
    near_warranty: list[tuple[float, Place]] = field(default_factory=list)
    percents: dict[str, set[float]] = field(default_factory=dict)  # material -> its shares
    counts: dict[int, Place] = field(default_factory=dict)  # how many values a list has

    def code(self, code: Code) -> Place | None:
        return self.codes.get(code.key) or self.mention(code.key)

    def mention(self, key: str) -> Place | None:
        """Where letters and digits stand in this order, whatever is between them."""
        return next(
            (Place(path, self.whole[path][: 2 * AROUND]) for path, text in self.texts.items() if key in text), None
        )


def of(facts: Facts) -> Index:
    """The index of an item's facts, made once."""
    found: Index | None = facts.cache.get("index")
    if found is None:
        found = build(facts.fields)
        facts.cache["index"] = found
    return found


@lru_cache(maxsize=64)
def of_instructions(text: str) -> Index:
    """The index of what the merchant says to the writer; sentences that forbid something support nothing."""
    kept = [part for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part.strip() and not _FORBIDDING.search(part)]
    return build({INSTRUCTIONS: " \n".join(kept)}) if kept else Index()


_FORBIDDING = re.compile(
    r"\b(?:never|avoid|don.?t|do not|no|not|without|refrain|forbidden|banned|nie|niemals|kein\w*|nicht|vermeide\w*|verboten\w*|ohne|jamais|"
    r"évite\w*|ne pas|interdit\w*|sans|nunca|evita\w*|no use|prohibid\w*|sin|mai|evitare|vietat\w*|senza|nemoj\w*|izbegava\w*|izbjegava\w*|"
    r"zabranjen\w*|bez|nikad\w*|ne|proibid\w*|evite|sem|nooit|vermijd\w*|geen|verboden|nigdy|unikaj\w*|zakazan\w*|никогда|избега\w*|запрещ\w*|не|без|"
    r"немој\w*|избегава\w*|забрањен\w*)\b",
    re.I,
)


def build(fields: Mapping[str, str]) -> Index:
    index = Index()
    said_no = frozenset(fold(word) for word in str(table("words")["no_values"]).split())
    for path, text in fields.items():
        _add(index, path, text, said_no)
    for position, (number, _, _) in enumerate(index.numbers):
        for value in number.values:
            index.by_value.setdefault(round(value, 6), []).append(position)
    return index


def _add(index: Index, path: str, text: str, said_no: frozenset[str]) -> None:
    key = path.partition(".")[2]
    denied = bool(key) and fold(text.strip()) in said_no
    whole = f"{key}: {text}" if key else text
    shift = len(whole) - len(text)
    words = lexicon.tokens(whole)
    for word in words:
        index.words.add(fold(word.text))
        index.words.add(latin(word.text))
    materials = []
    warranty = []
    for match in lexicon.everywhere(whole, words):
        place = Place(path, excerpt(whole, match.start, match.end))
        store = index.negated if match.negated or denied else index.concepts
        for concept in lexicon.implied(match.concept):
            store.setdefault(concept, place)
        if match.kind == "superlative":
            index.superlatives.setdefault(fold(whole[match.start : match.end]), place)
        elif match.kind == "material":
            materials.append(match)
        elif match.concept in ("warranty", "lifetime"):
            warranty.append(match)
    found, codes = numbers.find(text)
    for code in codes:
        index.codes.setdefault(code.key, Place(path, excerpt(text, code.start, code.end)))
    index.texts[path], index.whole[path] = numbers.normal(whole), whole
    unit = _unit_in(key)
    dimension = next((name for name, pattern in _DIMENSIONS if pattern.search(key or path)), "")
    for number in found:
        if unit and not number.unit:
            number = Number(number.text, number.start, number.end, number.values, unit, number.decimals)
        place = Place(path, excerpt(text, number.start, number.end))
        index.numbers.append((number, place, dimension))
        if numbers.rank(text, number):
            index.concepts.setdefault("number_one", place)
    for number in numbers.spelled(whole, words, "*"):
        place = Place(path, excerpt(whole, number.start, number.end))
        index.numbers.append((number, place, ""))
        if warranty and number.dimension == "time":
            _warranted(index, number, place, warranty, 0)
    for number in found:
        if warranty and number.dimension == "time":
            _warranted(index, number, Place(path, excerpt(text, number.start, number.end)), warranty, shift)
        if number.unit == "pct" and (part := shared(number.start + shift, number.end + shift, whole, materials)):
            for concept in lexicon.implied(part.concept):
                index.percents.setdefault(concept, set()).update(number.values)
    if key and len(parts := [part for part in _LISTED.split(text) if part.strip()]) > 1 and len(text) < 400:
        index.counts.setdefault(len(parts), Place(path, text[: 2 * AROUND]))


def _warranted(index: Index, number: Number, place: Place, warranty: list[lexicon.Match], shift: int) -> None:
    if any(min(abs(number.start + shift - m.end), abs(m.start - number.end - shift)) <= NEAR for m in warranty):
        index.near_warranty += [(base, place) for base in number.base]


def shared(start: int, end: int, text: str, materials: list[lexicon.Match]) -> lexicon.Match | None:
    """The material whose share stands at `start` to `end`: "80 % wool", or "wool 80 %" where no material follows."""
    after = next((m for m in materials if m.start >= end and not _APART.search(text, end, m.start)), None)
    return after or next(
        (m for m in reversed(materials) if m.end <= start and not _APART.search(text, m.end, start)), None
    )


def _unit_in(key: str) -> str:
    match = _IN_KEY.search(key)
    return numbers.unit_of(next(filter(None, match.groups()))) if match else ""


def excerpt(text: str, start: int, end: int) -> str:
    left = max(0, start - AROUND)
    right = min(len(text), end + AROUND)
    if left:
        left = text.find(" ", left, start) + 1 or left
    if right < len(text):
        cut = text.rfind(" ", end, right)
        right = cut if cut > 0 else right
    return text[left:right].replace("\n", " ").strip()
