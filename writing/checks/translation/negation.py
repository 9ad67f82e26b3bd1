"""Denials that a translation lost or made up.

Two comparisons: what both languages have a table's word for ("waterproof"), and sentences with a plain "not" whose
counterpart has no word of denial at all. Languages deny in different ways ("not suitable", "ungeeignet", "sans"), so a
sentence counts as denying nothing only if it has none of these forms.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from scribe.messages import _
from writing.checks import lexicon, polarity
from writing.checks.lexicon import Match
from writing.checks.polarity import DOUBTFUL, NEGATED, PLAIN
from writing.checks.translation.pairs import Departure, Pair
from writing.checks.words import Token, fold, latin, tokens

#: The words for "not" and "never" by language family.
_NOT = {
    "en": "not never cannot",
    "de": "nicht nie niemals",
    "fr": "pas jamais",
    "es": "no nunca jamás",
    "it": "non mai",
    "pt": "não nunca jamais",
    "nl": "niet nooit",
    "pl": "nie nigdy",
    "ru": "не нет нельзя никогда",
    "sr": "ne nije nisu nema neće nemojte nikad nikada",
    "sl": "ne ni niso nikoli",
    "mk": "не нема никогаш",
    "bg": "не няма никога",
    "uk": "не немає ніколи",
    "cs": "ne není nejsou nikdy",
    "sk": "nie nikdy",
    "ro": "nu niciodată",
    "hu": "nem ne soha sem nincs nincsenek",
    "sv": "inte aldrig ej",
    "da": "ikke aldrig",
    "no": "ikke aldri",
    "fi": "ei eivät älä",
    "tr": "değil asla",
    "el": "δεν μην δε ποτέ",
}
#: Beginnings and ends of words that deny what the rest of the word says.
_BEGINNINGS = {
    "en": "un non dis anti invis imposs incomp inaccess im",
    "de": "un anti kein",
    "fr": "in im anti non dé sans aucun",
    "es": "in im anti des sin ning",
    "it": "in im anti sen ness s",
    "pt": "in im anti des sem nenhum",
    "nl": "on anti geen",
    "pl": "nie bez anti żad brak",
    "ru": "не без бес анти ни нет",
    "sr": "ne ni bez bes anti",
    "sl": "ne ni brez anti",
    "mk": "не без бес анти ни",
    "bg": "не без бес анти ни",
    "uk": "не без анти ні",
    "cs": "ne bez anti ni žád",
    "sk": "ne bez anti ni žiad",
    "ro": "ne in im fără anti nici",
    "hu": "nem nélkül ne sem ment mentes",
    "sv": "o icke anti utan ingen inga",
    "da": "u ikke anti uden ingen",
    "no": "u ikke anti uten ingen",
    "fi": "ei epä ilman",
    "tr": "de yok hiç",
    "el": "α αν μη δεν χωρίς δίχως κανέν",
}
#: Beginnings of common words that only look like a denial.
_UNDENYING = {
    "en": "under until unti unit uniq univ image impor impro impress impact immed dish displ dist disc",
    "de": "unter unten unser unse",
    "fr": "inter inclu inclus intér instal indi inox imprim impression",
    "es": "inter inclu inst indi inox impri desde desp desc impres",
    "nl": "onder ons onze ontwerp ontdek online",
    "pt": "inter inclu inst indi inox impr desde desc",
    "sr": "nekoliko neki neke neko nivo nežn nega nit",
}
_ENDINGS = {
    "en": "less free",
    "de": "frei freie freier freies freien los lose loser loses losen",
    "nl": "vrij vrije loos loze",
    "sv": "fri fritt fria lös",
    "da": "fri frit frie løs",
    "no": "fri fritt frie løs",
    "hu": "tlan tlen talan telen atlan etlen mentes",
    "fi": "ton tön ttoman ttömän maton mätön vapaa",
    "tr": "siz sız suz süz maz mez maması memesi mayın meyin mamalı memeli mamalıdır memelidir madan meden",
}
_ONLY = frozenset(
    [
        "only",
        "just",
        "nur",
        "seulement",
        "solo",
        "sólo",
        "solamente",
        "só",
        "apenas",
        "alleen",
        "tylko",
        "только",
        "samo",
        "тільки",
        "само",
    ]
)
CODES = frozenset(["negation_lost", "negation_added"])
_SENTENCE = re.compile(r"[.!?](?=\s|$)|[\n;。！？]")


def judges(source: str, target: str) -> bool:
    """Whether denials of these families of languages can be compared: both have words in the tables."""
    return {source, target} <= {*lexicon.FAMILIES, *lexicon.LESSER}


def compare(pair: Pair, source: str, target: str) -> Iterator[Departure]:
    """The denials that only one of the two has. `source` and `target` are families of languages."""
    if not judges(source, target):
        return
    found = list(_reversals(pair, source, target))
    yield from found or _one_sided_denials(pair, source, target)


def _reversals(pair: Pair, source: str, target: str) -> Iterator[Departure]:
    """What one affirms and the other denies, by the words of the tables. Languages let a denial reach over more words
    or fewer ("not suitable for children"): where the sentence that seems to affirm denies something, too, it only
    counts if the text turns something else the other way."""
    before, after = _matches_by_concept(pair.source, source), _matches_by_concept(pair.target, target)
    turned: list[tuple[bool, Match, bool]] = []
    for concept, matches in after.items():
        theirs = {match.polarity for match in before.get(concept, ())}
        ours = {match.polarity for match in matches}
        if {frozenset(theirs), frozenset(ours)} != {frozenset([PLAIN]), frozenset([NEGATED])}:
            continue
        lost = theirs == {NEGATED}
        beside = (pair.target, matches, target) if lost else (pair.source, before[concept], source)
        turned.append((lost, matches[0], _in_denying_sentence(*beside)))
    both = len({turn[0] for turn in turned}) > 1
    seen: set[str] = set()
    for lost, match, denying in turned:
        text = pair.target[match.start : match.end]
        if text in seen or (denying and not both):
            continue
        seen.add(text)
        detail = (
            _("The original denies what the translation says with “{text}”.", text=text)
            if lost
            else _("The original affirms what the translation denies with “{text}”.", text=text)
        )
        code = "negation_lost" if lost else "negation_added"
        yield Departure(pair.field, code, detail, "error", text, match.start)


def _in_denying_sentence(text: str, matches: Sequence[Match], family: str) -> bool:
    """Whether each of these matches stands in a sentence that denies something."""
    sentences = _sentences(text)
    return all(
        any(words[0].start <= match.start < words[-1].end and _denies(words, family) for words in sentences)
        for match in matches
    )


def _matches_by_concept(text: str, family: str) -> dict[str, list[Match]]:
    words = tokens(text)
    found: dict[str, list[Match]] = defaultdict(list)
    for match in lexicon.lexicon_for(family).find(text, words, polarity.negations_for(family).spans(text, words)):
        found[match.concept].append(match)
    return found


def _one_sided_denials(pair: Pair, source: str, target: str) -> Iterator[Departure]:
    """Sentences that deny in one of the two only. Without as many sentences, the texts are compared as a whole."""
    before, after = _sentences(pair.source), _sentences(pair.target)
    whole = len(before) != len(after)
    if whole:
        before, after = [tokens(pair.source)], [tokens(pair.target)]
    for one, other in zip(before, after, strict=True):
        if not one or not other:
            continue
        said = pair.target[other[0].start : other[-1].end]
        place = ("", -1) if whole else (said, other[0].start)
        if _says_not(one, source) and not _denies(other, target):
            detail = f"The original denies something here: “{said[:80]}”."
            yield Departure(pair.field, "negation_lost", detail, "error", *place)
        elif _says_not(other, target) and not _denies(one, source):
            detail = f"The original denies nothing here: “{said[:80]}”."
            yield Departure(pair.field, "negation_added", detail, "error", *place)


def doubt(text: str, flags: bytearray, family: str) -> None:
    """Mark the plain words of each sentence as DOUBTFUL that has a word for "not", or an ending that denies."""
    at = 0
    endings = _parts(family)[1]
    for sentence in _sentences(text):
        if _says_not(sentence, family) or (
            endings and any(len(word.text) > 3 and _key(word.text, family).endswith(endings) for word in sentence)
        ):
            for index in range(at, at + len(sentence)):
                flags[index] = flags[index] or DOUBTFUL
        at += len(sentence)


def _sentences(text: str) -> list[list[Token]]:
    """The words of each sentence that has any."""
    ends = [match.start() for match in _SENTENCE.finditer(text)]
    found: list[list[Token]] = [[]]
    at = 0
    for word in tokens(text):
        while at < len(ends) and ends[at] < word.start:
            at += 1
            if found[-1]:
                found.append([])
        found[-1].append(word)
    return found if found[-1] else found[:-1]


def says_not(text: str, family: str) -> bool:
    """Whether `text` has a word for "not" that is not part of "not only"."""
    return _says_not(tokens(text), family)


def _says_not(words: Sequence[Token], family: str) -> bool:
    plain = _words(family)
    for at, word in enumerate(words):
        key = _key(word.text, family)
        if key not in plain and not (key == "t" and family == "en"):
            continue
        if at + 1 < len(words) and words[at + 1].text.lower() in _ONLY:
            continue
        return True
    return False


def _denies(words: Sequence[Token], family: str) -> bool:
    """Whether any word may deny something."""
    rules = polarity.negations_for(family)
    beginnings, endings, common = _parts(family)
    keys = [rules.key(word.text) for word in words]
    for at, (word, plain) in enumerate(zip(words, keys, strict=True)):
        if plain in rules.before or plain in rules.joined or plain in rules.lacks or rules.denied(plain):
            return True
        if any(polarity.following(phrases, keys, at) for phrases in rules.phrases):
            return True
        key = _key(word.text, family)
        if key in _words(family) or key == "t":
            return True
        begins = key.startswith(beginnings) and not (common and key.startswith(common))
        if len(key) > 3 and (begins or (endings and key.endswith(endings))):
            return True
    return False


def _key(word: str, family: str) -> str:
    return latin(word) if family == "sr" else fold(word)


@cache
def _words(family: str) -> frozenset[str]:
    return frozenset(_key(word, family) for word in _NOT.get(family, "").split())


@cache
def _parts(family: str) -> list[tuple[str, ...]]:
    """The beginnings and endings of denying words, and the beginnings of words that only look like them."""
    tables = (_BEGINNINGS, _ENDINGS, _UNDENYING)
    return [tuple(_key(part, family) for part in table.get(family, "").split()) for table in tables]
