"""What the source states, indexed once per item: concepts, numbers, codes and words, each with the field it stands in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, lru_cache

from scribe.language import detector
from writing.checks import concepts, contradictions, labels, lexicon, numbers, polarity, spoken
from writing.checks.fields import readable_texts as texts_of
from writing.checks.index import AROUND, Index, SourceField, SourcePlace, sort
from writing.checks.neighbours import Neighbours, Shares, Sorted
from writing.checks.numbers import Number
from writing.checks.tables import table
from writing.checks.units import unit_of
from writing.checks.words import WORD, Token, fold, latin, tokens
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
NEIGHBOURS = frozenset({"gl", "ca", "af", "lb"})  # so near to a language with tables that these find their words
SURE = 3  # different small words by which a language is recognised
SHORT = 200  # characters of a field on which the answer is kept
LONGEST_LISTED = 4_000  # characters of a field in which lists are counted


@cache
def _small_words() -> dict[str, frozenset[str]]:
    return {name: frozenset(map(fold, detector.small_words()[name])) for name in lexicon.FAMILIES}


def source_index(facts: Facts) -> Index:
    """The index of an item's facts. It is built once and kept in `facts.cache`."""
    found: Index | None = facts.cache.get("index")
    if found is None:
        found = build(facts.fields)
        facts.cache["index"] = found
    return found


def is_tabled(facts: Facts, family: str) -> bool:
    """Whether the tables can look up the words of a text of this family in the source: it is in one of the languages whose words
    they know in full, or in the text's own. Where its language can't be told, it counts as one of them."""
    found: str | None = facts.cache.get("written_in")
    if found is None:
        found = facts.cache["written_in"] = source_index(facts).language or _detect_language(facts)
    original = detector.family(facts.original.language) if facts.original else found
    return any(language in ("", family, *lexicon.FAMILIES) for language in (found, original))


def _detect_language(facts: Facts) -> str:
    """The language of the source's prose; a script that no table knows; "" where neither can be told."""
    text = "\n".join((facts.description, facts.short_description, facts.name, *facts.attributes.values()))[
        :LONGEST_LISTED
    ]
    shares = detector.scripts(text)
    main = max(shares, key=shares.__getitem__)
    if main not in ("latin", "cyrillic"):
        return main
    seen = detector.detect(text)
    mine, others = detector.leaning(text, seen) if seen else (0.0, 0.0)
    return seen if mine >= others + SURE and seen not in NEIGHBOURS else ""


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
    """The index of a source's fields by their paths."""
    index = Index(language=_language(fields.values()))
    found = [
        (_read if len(path) + len(text) <= SHORT else _read.__wrapped__)(path, text, index.language)
        for path, text in fields.items()
    ]
    for field in found:
        _add(index, field)
    contradictions.note(index, found, polarity.within(index.language))
    sort(index)
    index.terms = Sorted((base, at) for at, base in enumerate(index.near_warranty))
    for word, place in index.superlatives.items():
        index.likewise.setdefault(word[:5], place)
        index.likewise.setdefault(word[:7], place)
    return index


@lru_cache(maxsize=5_000)
def _read(path: str, text: str, language: str) -> SourceField:
    """One field of a source in this language. Answers on short ones are kept, since a shop repeats its attributes."""
    key = path.partition(".")[2]
    whole = f"{key}: {text}" if key else text
    words = tokens(whole)
    negations = polarity.within(language)
    denied = bool(key) and _denies(key, text, words)
    flags = bytes([polarity.NEGATED]) * len(words) if denied else bytes(negations.spans(whole, words))
    found, codes = numbers.find(text)
    counted = spoken.number_words(whole, words, language or "*", doubtful_too=bool(language))
    return SourceField(
        path,
        key,
        text,
        whole,
        tuple(words),
        tuple(fold(word.text) for word in words),
        flags,
        tuple(lexicon.everywhere(whole, words, flags)),
        tuple(numbers.localize_units(found, language)),
        tuple(codes),
        tuple(numbers.localize_units(counted, language)),
        path in NAMES and language != "de",
    )


def _denies(key: str, text: str, words: list[Token]) -> bool:
    """Whether a field denies all that it names: its value is a "no", or its name a denial."""
    if fold(text.strip()) in _no() or contradictions.denying(key):
        return True
    return polarity.negations_for("*").answers_no([word for word in words if word.start > len(key)])


@cache
def _no() -> frozenset[str]:
    return frozenset(fold(word) for word in str(table("words")["no_values"]).split())


def _language(texts: Iterable[str]) -> str:
    words = {fold(word) for text in texts for word in WORD.findall(text[:LONGEST_LISTED])}
    counts = {name: len(words & small) for name, small in _small_words().items()}
    first, second = sorted(counts.values())[-1:-3:-1]
    return max(counts, key=counts.__getitem__) if first >= SURE and first > second else ""


def _add(index: Index, field: SourceField) -> None:
    path, whole = field.path, field.whole
    index.words.update(field.folded)
    index.words.update(latin(word.text) for word in field.words if not word.text.isascii())
    index.folded[path], index.texts[path], index.whole[path] = " ".join(field.folded), numbers.normal(whole), whole
    materials: list[lexicon.Match] = []
    warranted: list[lexicon.Match] = []
    for match in field.matches:
        place = SourcePlace(path, excerpt(whole, match.start, match.end))
        for concept in concepts.with_broader(match.concept):
            if match.negated or match.doubtful:
                index.negated.setdefault(concept, place)
            if not match.negated:
                index.concepts.setdefault(concept, place)
        if match.kind == "superlative":
            index.superlatives.setdefault(fold(whole[match.start : match.end]), place)
        elif match.kind == "material":
            materials.append(match)
        elif match.concept in ("warranty", "lifetime"):
            warranted.append(match)
    for code in field.codes:
        index.codes.setdefault(code.key, SourcePlace(path, excerpt(field.text, code.start, code.end)))
    if field.numbers or field.counted:
        _add_numbers(index, field, Neighbours(warranted), Shares(whole, materials))
    listed = (field.text,) if field.key and len(field.text) < 400 else _CLAUSES.split(field.text[:LONGEST_LISTED])
    for line in listed:
        if len(things := [thing.strip() for thing in _LISTED.split(line) if thing.strip()]) > 1:
            index.counts.setdefault(len(things), SourcePlace(path, line[: 2 * AROUND]))


def _add_numbers(index: Index, field: SourceField, warranty: Neighbours, shares: Shares) -> None:
    path, text, whole, words, found = field.path, field.text, field.whole, field.words, field.numbers
    shift = len(whole) - len(text)
    unit = unit_in(field.key)
    dimension = next((name for name, pattern in _DIMENSIONS if pattern.search(field.key or path)), "")
    starts = [word.start for word in words]
    named, order = labels.of_field(field.key), labels.axes_named_in(field.key)
    for at, number in enumerate(found):
        number = with_unit(number, unit)
        place = SourcePlace(path, excerpt(text, number.start, number.end))
        index.numbers.append((number, place, dimension))
        start, end = number.start + shift, number.end + shift
        moved = replace(number, start=start, end=end)
        own = labels.labels_of(moved, whole, words, starts, "*") | named if not order else frozenset(order[at : at + 1])
        if at and numbers.are_joined(found[at - 1], number, text):  # "from 45 to 55 cm"
            own |= index.labels[-1]
        if at and not any(label[0] == "=" for label in own) and _continues(found[at - 1], number, text):
            own |= {label for label in index.labels[-1] if label[0] == "="}  # "up to 50 h (ANC off), 35 h with ANC"
        if spoken.limit().search(whole[max(0, start - 16) : start]):
            index.limited.add(len(index.numbers) - 1)
        if path in NAMES:  # every sentence has words of the name, so they are no labels
            own = frozenset(label for label in own if label[0] == "=")
        index.labels.append(own)
        if numbers.rank(text, number):
            index.concepts.setdefault("number_one", place)
        if number.dimension == "time" and warranty.near(start, end, NEAR):
            _note_warranty(index, number, place)
        if number.unit == "pct" and (part := shares.of(start, end)):
            for concept in concepts.with_broader(part.concept):
                index.percents.setdefault(concept, set()).update(number.values)
    for number in (*spoken.sums(found, text), *spoken.products(found, text)):  # "16 + 3 cm", "4 x 50 g"
        index.numbers.append((number, SourcePlace(path, excerpt(text, number.start, number.end)), dimension))
        index.labels.append(named)
    for number in field.counted:
        place = SourcePlace(path, excerpt(whole, number.start, number.end))
        index.numbers.append((number, place, ""))
        index.labels.append(labels.labels_of(number, whole, words, starts, "*") | named)
        if number.dimension == "time" and warranty.near(number.start, number.end, NEAR):
            _note_warranty(index, number, place)


def _continues(before: Number, number: Number, text: str) -> bool:
    """Whether two numbers of one dimension stand close together in one sentence."""
    gap = text[before.end : number.start]
    return bool(number.unit) and number.dimension == before.dimension and len(gap) < 30 and not _CLAUSES.search(gap)


def _note_warranty(index: Index, number: Number, place: SourcePlace) -> None:
    for base in number.base:
        index.near_warranty.setdefault(base, place)


def with_unit(number: Number, unit: str) -> Number:
    """The number with the unit, if it has none of its own."""
    if not unit or number.unit:
        return number
    return Number(number.text, number.start, number.end, number.values, unit, number.decimals)


def unit_in(key: str) -> str:
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
