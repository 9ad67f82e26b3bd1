"""What the source states, indexed once per item: concepts, numbers, codes and words, each with the field it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, lru_cache

from scribe.language import detector
from writing.checks import concepts, contradictions, labels, lexicon, numbers, opposites, polarity, spoken
from writing.checks.fields import of as texts_of
from writing.checks.index import AROUND, Index, SourcePlace, sort
from writing.checks.neighbours import Neighbours, Shares, Sorted
from writing.checks.numbers import Number
from writing.checks.tables import table
from writing.checks.units import unit_of
from writing.checks.words import fold, latin
from writing.facts import Facts
from writing.fields import Form

INSTRUCTIONS = "instructions"
ORIGINAL = "original"
GLOSSARY = "glossary"
NAMES = ("name", f"{ORIGINAL}:name")
NEAR = 60  # characters between a word of warranty and a time that belongs to it
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
_LISTED = re.compile(r"[,;|/]|\b(?:und|and|et|y|e|en|i|и|oraz)\b")


_CLAUSES = re.compile(r"[.:;!?\n]\s")
SURE = 3  # different small words by which a language is recognised
LONGEST_LISTED = 4_000  # characters of a field in which lists are counted


@cache
def _small_words() -> dict[str, frozenset[str]]:
    return {name: frozenset(map(fold, detector.small_words()[name])) for name in lexicon.FAMILIES}


def of(facts: Facts) -> Index:
    """The index of an item's facts. It is built once and kept in `facts.cache`."""
    found: Index | None = facts.cache.get("index")
    if found is None:
        found = build(facts.fields)
        facts.cache["index"] = found
    return found


def of_original(facts: Facts) -> Index:
    """The index of the text that a translation is made from. It is one of its own, since that text may be in another
    language than the data."""
    found: Index | None = facts.cache.get("original")
    if found is None:
        found = build(original_fields(facts))
        facts.cache["original"] = found
    return found


def original_fields(facts: Facts) -> dict[str, str]:
    """The texts that a translation is made from, as a reader sees them, by name: `original:description`. {} for a text
    that is no translation."""
    if facts.original is None:
        return {}
    return {
        f"{ORIGINAL}:{field.name}": field.raw if field.row.form is Form.PAIRS else field.text
        for field in texts_of(dict(facts.original.content))
    }


@lru_cache(maxsize=64)
def of_instructions(text: str) -> Index:
    """The index of the merchant's instructions. Sentences that forbid something support nothing and are left out."""
    kept = [part for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part.strip() and not _FORBIDDING.search(part)]
    return build({INSTRUCTIONS: " \n".join(kept)}) if kept else Index()


@lru_cache(maxsize=64)
def of_glossary(words: str) -> Index:
    """The index of the merchant's words for terms that the source names: it says them, whatever else they mean."""
    return build({GLOSSARY: words})


_FORBIDDING = re.compile(
    r"\b(?:never|avoid|don.?t|do not|no|not|without|refrain|forbidden|banned|nie|niemals|kein\w*|nicht|vermeide\w*|verboten\w*|ohne|jamais|"
    r"évite\w*|ne pas|interdit\w*|sans|nunca|evita\w*|no use|prohibid\w*|sin|mai|evitare|vietat\w*|senza|nemoj\w*|izbegava\w*|izbjegava\w*|"
    r"zabranjen\w*|bez|nikad\w*|ne|proibid\w*|evite|sem|nooit|vermijd\w*|geen|verboden|nigdy|unikaj\w*|zakazan\w*|никогда|избега\w*|запрещ\w*|не|без|"
    r"немој\w*|избегава\w*|забрањен\w*)\b",
    re.I,
)


def build(fields: Mapping[str, str]) -> Index:
    index = Index(language=_language(fields.values()))
    said_no = frozenset(fold(word) for word in str(table("words")["no_values"]).split())
    for path, text in fields.items():
        _add(index, path, text, said_no)
    sort(index)
    index.terms = Sorted((base, at) for at, base in enumerate(index.near_warranty))
    for word, place in index.superlatives.items():
        index.likewise.setdefault(word[:5], place)
        index.likewise.setdefault(word[:7], place)
    return index


def said(text: str) -> Index:
    """The words, concepts, codes and numbers of a generated text, in which the source's facts are looked up."""
    index = Index()
    words = lexicon.tokens(text)
    for word in words:
        index.words.update((fold(word.text), latin(word.text)))
    place = SourcePlace("text", "")
    for match in lexicon.everywhere(text, words, bytes(len(words))):
        index.concepts.update(dict.fromkeys(concepts.implied(match.concept), place))
    found, codes = numbers.find(text)
    index.codes = {code.key: place for code in codes}
    index.texts["text"] = index.whole["text"] = numbers.normal(text)
    found += spoken.sums(found, text) + spoken.products(found, text)
    found += spoken.spelled(text, words, "*")
    index.numbers = [(number, place, "") for number in found]
    index.labels = [frozenset()] * len(found)
    sort(index)
    return index


def _language(texts: Iterable[str]) -> str:
    words = {fold(word.text) for text in texts for word in lexicon.tokens(text[:LONGEST_LISTED])}
    counts = {name: len(words & small) for name, small in _small_words().items()}
    first, second = sorted(counts.values())[-1:-3:-1]
    return max(counts, key=counts.__getitem__) if first >= SURE and first > second else ""


def _add(index: Index, path: str, text: str, said_no: frozenset[str]) -> None:
    key = path.partition(".")[2]
    denied = bool(key) and fold(text.strip()) in said_no
    whole = f"{key}: {text}" if key else text
    shift = len(whole) - len(text)
    words = lexicon.tokens(whole)
    denied = denied or (bool(key) and polarity.of("*").answers_no(lexicon.tokens(text)))
    for word in words:
        index.words.add(fold(word.text))
        index.words.add(latin(word.text))
    index.folded[path] = " ".join(fold(word.text) for word in words)
    materials: list[lexicon.Match] = []
    warranted: list[lexicon.Match] = []
    negations = polarity.within(index.language)
    flags = negations.spans(whole, words)
    if denied or contradictions.denying(key):
        flags = bytearray([polarity.NEGATED]) * len(words)
    if not denied:
        index.poles.update(pole.name for pole in opposites.poles(words, flags, index.language or "*"))
    contradictions.note(index, whole, words, flags, negations, name=path in NAMES and index.language != "de")
    for match in lexicon.everywhere(whole, words, flags):
        place = SourcePlace(path, excerpt(whole, match.start, match.end))
        negated = match.negated or denied
        for concept in concepts.implied(match.concept):
            if negated or match.doubtful:
                index.negated.setdefault(concept, place)
            if not negated:
                index.concepts.setdefault(concept, place)
        if match.kind == "superlative":
            index.superlatives.setdefault(fold(whole[match.start : match.end]), place)
        elif match.kind == "material":
            materials.append(match)
        elif match.concept in ("warranty", "lifetime"):
            warranted.append(match)
    warranty, shares = Neighbours(warranted), Shares(whole, materials)
    found, codes = numbers.find(text)
    found = numbers.localized(found, index.language)
    for code in codes:
        index.codes.setdefault(code.key, SourcePlace(path, excerpt(text, code.start, code.end)))
    index.texts[path], index.whole[path] = numbers.normal(whole), whole
    unit = _unit_in(key)
    dimension = next((name for name, pattern in _DIMENSIONS if pattern.search(key or path)), "")
    starts = [word.start for word in words]
    named, order = labels.of_field(key), labels.ordered(key)
    for at, number in enumerate(found):
        if unit and not number.unit:
            number = Number(number.text, number.start, number.end, number.values, unit, number.decimals)
        place = SourcePlace(path, excerpt(text, number.start, number.end))
        index.numbers.append((number, place, dimension))
        moved = replace(number, start=number.start + shift, end=number.end + shift)
        own = labels.of(moved, whole, words, starts, "*") | named if not order else frozenset(order[at : at + 1])
        if at and numbers.joined(found[at - 1], number, text):  # "from 45 to 55 cm"
            own |= index.labels[-1]
        if at and not any(label[0] == "=" for label in own) and _continues(found[at - 1], number, text):
            own |= {label for label in index.labels[-1] if label[0] == "="}  # "up to 50 h (ANC off), 35 h with ANC"
        if spoken.limit().search(whole[max(0, moved.start - 16) : moved.start]):
            index.limited.add(len(index.numbers) - 1)
        if path in NAMES:  # every sentence has words of the name, so they are no labels
            own = frozenset(label for label in own if label[0] == "=")
        index.labels.append(own)
        if numbers.rank(text, number):
            index.concepts.setdefault("number_one", place)
    for number in (*spoken.sums(found, text), *spoken.products(found, text)):  # "16 + 3 cm", "4 x 50 g"
        index.computed.add(len(index.numbers))
        index.numbers.append((number, SourcePlace(path, excerpt(text, number.start, number.end)), dimension))
        index.labels.append(named)
    counted = spoken.spelled(whole, words, index.language or "*", doubtful_too=bool(index.language))
    for number in numbers.localized(counted, index.language):
        place = SourcePlace(path, excerpt(whole, number.start, number.end))
        index.numbers.append((number, place, ""))
        index.labels.append(labels.of(number, whole, words, starts, "*") | named)
        if number.dimension == "time" and warranty.near(number.start, number.end, NEAR):
            _warranted(index, number, place)
    for number in found:
        start, end = number.start + shift, number.end + shift
        if number.dimension == "time" and warranty.near(start, end, NEAR):
            _warranted(index, number, SourcePlace(path, excerpt(text, number.start, number.end)))
        if number.unit == "pct" and (part := shares.of(start, end)):
            for concept in concepts.implied(part.concept):
                index.percents.setdefault(concept, set()).update(number.values)
    listed = (text,) if key and len(text) < 400 else _CLAUSES.split(text[:LONGEST_LISTED])
    for line in listed:
        if len(things := [thing.strip() for thing in _LISTED.split(line) if thing.strip()]) > 1:
            index.counts.setdefault(len(things), SourcePlace(path, line[: 2 * AROUND]))


def _continues(before: Number, number: Number, text: str) -> bool:
    """Whether two numbers of one dimension stand close together in one sentence."""
    gap = text[before.end : number.start]
    return bool(number.unit) and number.dimension == before.dimension and len(gap) < 30 and not _CLAUSES.search(gap)


def _warranted(index: Index, number: Number, place: SourcePlace) -> None:
    for base in number.base:
        index.near_warranty.setdefault(base, place)


def _unit_in(key: str) -> str:
    match = _IN_KEY.search(key)
    return unit_of(next(filter(None, match.groups()))) if match else ""


def excerpt(text: str, start: int, end: int) -> str:
    left = max(0, start - AROUND)
    right = min(len(text), end + AROUND)
    if left:
        left = text.find(" ", left, start) + 1 or left
    if right < len(text):
        cut = text.rfind(" ", end, right)
        right = cut if cut > 0 else right
    return text[left:right].replace("\n", " ").strip()
