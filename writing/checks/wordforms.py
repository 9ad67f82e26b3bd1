"""The forms of a word that a ban covers, in every language that we write in: by stems, endings and prefixes.

Stems are those of Snowball (https://snowballstem.org) for its languages. In many languages a form may also begin like
the word and add a short ending. Prefixes of superlatives and participles, and particles before a word, are removed. A
disguised word counts as the word: similar letters of another alphabet, digits in place of letters ("ch3ap"), letters
set apart ("c h e a p").
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from threading import Lock
from typing import Any

import regex
from Stemmer import Stemmer

from scribe.language.detector import family
from scribe.marks import normalize
from writing.checks.words import LONGEST, fold, latin

HEAD = 2  # letters of a word that all its forms share
ENDING = 3  # letters that a form may add to the beginning of the word
RAISED = 6  # the same for a superlative, which is recognised by its prefix
AGGLUTINATED = 4  # the same for languages that string endings together
LEAST = 4  # letters of a beginning by which a word is recognised
COMPOUND = 8  # letters from which a word is recognised at the beginning of a compound
WORD = regex.compile(r"[\p{L}\p{M}]+")
_DRESSED = re.compile(r"[\w@$€]+")
_SPELLED = re.compile(r"(?<!\w)[^\W\d_](?:[ .*_\-·•|/~]{1,3}[^\W\d_](?!\w)){2,40}")
_SNOWBALL = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch", "en": "english",
    "et": "estonian", "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian",
    "ga": "irish", "it": "italian", "lt": "lithuanian", "no": "norwegian", "fa": "persian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish", "sv": "swedish", "tr": "turkish",
    # near relatives
    "gl": "portuguese", "az": "turkish", "ms": "indonesian", "sk": "czech",
}  # fmt: skip
_AGGLUTINATING = frozenset(["hu", "fi", "et", "eu", "tr", "az", "kk", "ka", "hy", "is", "sw"])
# Languages whose words keep their beginning and change their ending.
_INFLECTING = _AGGLUTINATING | frozenset(
    [
        "de",
        "nl",
        "sr",
        "sl",
        "pl",
        "cs",
        "sk",
        "ru",
        "uk",
        "be",
        "bg",
        "mk",
        "lt",
        "lv",
        "ro",
        "el",
        "sq",
        "hi",
        "bn",
        "ur",
        "ga",
        "mt",
        "ca",
        "no",
        "da",
        "sv",
    ]
)
_FLEETING = frozenset(["sl", "sr", "mk", "bg", "cs", "sk", "pl", "ru", "uk", "be"])
_COMPOUNDING = frozenset(["de", "nl", "sv", "da", "no", "is", "fi", "hu", "et"])
_BEFORE = {
    **dict.fromkeys(("sl", "sk", "pl"), ("naj",)), "sr": ("naj", "нај"), "cs": ("nej",), "mk": ("нај",), "bg": ("най",), "uk": ("най",), "be": ("най",),
    "ru": ("наи",), "hu": ("leg", "legesleg"), "lt": ("pri", "nebe"), "lv": ("vis",), "hy": ("ամենա",), "ka": ("უ",), "de": ("ge",), "nl": ("ge",),
    "ar": ("وال", "بال", "لل", "ال", "و", "ب", "ف", "ك", "ل"), "he": ("וה", "שה", "ה", "ו", "ב", "ל", "כ", "מ", "ש"),
}  # fmt: skip
_RAISING = frozenset(["naj", "nej", "нај", "най", "наи", "leg", "legesleg", "pri", "nebe", "vis", "ამენა"])
# The endings of comparatives and superlatives, as folded words have them.
_COMPARATIVE = {
    code: re.compile(pattern)
    for code, pattern in {
        "pl": r"(?:i?ej)?sz(?:y|a|e|ych|ym|ymi|ego|emu|ej)$", "cs": r"ejs(?:i|iho|im|ich|imi)$", "sk": r"(?:ej)?s(?:i|ia|ie|ieho|ej|ich|im)$",
        "lt": r"i?(?:aus|esn)\w{1,4}$", "lv": r"ak(?:s|a|i|as|ais|o|am|u|us|ie|iem)$", "fi": r"(?:mp|mm|im)\w{1,4}$", "et": r"(?:ma|mad|mat|mate)$",
        "es": r"isim[oa]s?$", "it": r"issim[oaie]$", "pt": r"issim[oa]s?$", "gl": r"isim[oa]s?$", "ca": r"issim[ae]?s?$", "sv": r"(?:are|aste?)$", "da": r"(?:ere|este?)$", "no": r"(?:ere|este?)$",
        "hu": r"bb\w{0,4}$",
    }.items()
}  # fmt: skip
_LOOKS = str.maketrans(
    dict(zip("аеорсухіјѕԁһԛԝкмтвнӏαοειкνρτυχβημıɑɡ", "aeopcyxijsdhqwkmtbhlaoeikvptuxbnuiag", strict=True))
)
_BACK = str.maketrans(dict(zip("aeopcyxkmtbhij", "аеорсухкмтвніј", strict=True)))
# Languages in which a form may begin differently from its word, or letters may stand for those of another alphabet.
_PREFIXING = frozenset(
    ["ar", "he", "id", "ms", "fa", "ur", "hi", "bn", "ga", "ru", "uk", "be", "bg", "mk", "sr", "kk", "vi"]
)
_NONE: frozenset[str] = frozenset()
_CYRILLIC = frozenset(["ru", "uk", "be", "bg", "mk", "sr", "kk"])
_DIGITS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "€": "e"})
# The endings of regular verbs and their participles.
_GERMAN_ENDINGS = (
    "e",
    "st",
    "t",
    "te",
    "ten",
    "tet",
    "test",
    "tes",
    "ter",
    "tem",
    "end",
    "ende",
    "enden",
    "ender",
    "endes",
)
_DUTCH_ENDINGS = ("", "t", "d", "de", "den", "te", "ten", "end", "ende")
_stemming = Lock()


def words(text: str, language: str, beginnings: frozenset[str]) -> list[tuple[str, frozenset[str]]]:
    """The words of `text` in order, each as it stands and with the keys by which a ban finds it.

    `beginnings` has the `beginning` of every banned word. Words that cannot be a form of one have no keys.
    """
    language_family = family(language)
    found = []
    for word in WORD.findall(text):
        lowered = word.lower()
        found.append(
            (word, _keys(lowered, language_family) if _may_be(lowered, language_family, beginnings) else _NONE)
        )
    return found


def beginning(word: str, language: str) -> str:
    """The letters with which every form of a word begins, apart from prefixes."""
    return _take(word.lower(), family(language))[:HEAD]


def _may_be(word: str, language_family: str, beginnings: frozenset[str]) -> bool:
    if not word.isascii() or language_family in _PREFIXING:
        return True
    if word[:HEAD] in beginnings:
        return True
    return any(
        word.startswith(before) and word[len(before) : len(before) + HEAD] in beginnings
        for before in _BEFORE.get(language_family, ())
    )


def disguised_words(text: str, language: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield disguised words and their keys: words with letters set apart, or with digits for letters."""
    language_family = family(language)
    for found in _SPELLED.finditer(text):
        joined = "".join(filter(str.isalpha, found[0]))
        yield found[0], _keys(joined.lower(), language_family)
    if not text.isalpha():
        for found in _DRESSED.finditer(text):
            if len(found[0]) <= LONGEST and not found[0].isalpha() and any(map(str.isalpha, found[0])):
                plain = found[0].lower().translate(_DIGITS)
                if plain.isalpha():
                    yield (
                        found[0],
                        frozenset(
                            {f"={_take(plain, language_family)}", f"={_take(plain.replace('i', 'l'), language_family)}"}
                        ),
                    )


def search_keys(term: str, language: str, *, is_open: bool = False) -> frozenset[str]:
    """The keys by which one word of a banned term is found. One shared key is enough. `is_open` allows any ending."""
    language_family, word = family(language), term.lower()
    whole = _take(word, language_family)
    found = {f"={whole}"}
    if is_open:
        return frozenset({*found, f"*{whole}"})
    if len(whole) > 2 and language_family in _SNOWBALL:
        found.add(f"~{_stem(word, language_family)}")
        if language_family == "nl":
            found |= {_short(key) for key in found}
    if language_family in _INFLECTING and len(whole) > 2:
        found |= {f"<{begin}" for begin in _beginnings(word, whole, language_family)}
    if language_family in _COMPOUNDING and len(whole) >= COMPOUND:
        found.add(f"*{whole}")
    if language_family == "ko":
        found.add(f"*{whole}")
    if language_family in ("de", "nl") and whole.endswith("en") and len(whole) > 5:
        found |= _verb(whole[:-2], language_family)
    return frozenset(found)


def is_unspaced(term: str) -> bool:
    """Whether the script of `term` puts no spaces between words."""
    return _UNSPACED.search(term) is not None


_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")


def _keys(word: str, language_family: str) -> frozenset[str]:
    return (
        _known_forms(word, language_family) if len(word) <= LONGEST else frozenset({f"={_take(word, language_family)}"})
    )


@lru_cache(maxsize=50_000)
def _known_forms(word: str, language_family: str) -> frozenset[str]:
    found: set[str] = set()
    for form in dict.fromkeys((word, *_looking(word, language_family))):
        found |= _forms_of(form, language_family)
        for before in _BEFORE.get(language_family, ()):
            rest = form.removeprefix(before)
            if rest != form and len(rest) > 2:
                found |= _forms_of(rest, language_family, ending=RAISED if before in _RAISING else 0)
    return frozenset(found)


def _forms_of(word: str, language_family: str, ending: int = 0) -> set[str]:
    whole = _take(word, language_family)
    found = {f"={whole}", *(f"={one}" for one in _singulars(whole, language_family))}
    if language_family in _SNOWBALL:
        stem = _stem(word, language_family)
        most = 2 if len(stem) < LEAST else ENDING if language_family == "en" else len(whole)
        if len(whole) - len(stem) <= most:
            found.add(f"~{stem}")
    if language_family == "nl":
        found |= {_short(key) for key in found}
    pattern = _COMPARATIVE.get(language_family)
    if pattern and len(root := pattern.sub("", whole)) > 2 and root != whole:
        found |= {f"<{root}", f"~{_stem(root + 'o', language_family)}" if language_family in _SNOWBALL else f"={root}"}
    if language_family == "en" and len(whole) > 5:
        found |= {f"={root}" for root in _base_adjectives(whole)}
    if language_family in _INFLECTING:
        ending = ending or (AGGLUTINATED if language_family in _AGGLUTINATING else ENDING)
        found |= {f"<{whole[:length]}" for length in range(max(LEAST, len(whole) - ending), len(whole) + 1)}
        if language_family not in ("de", "nl") and 3 <= len(whole) <= (6 if language_family == "ka" else 4):
            found.add(f"<{whole[:3]}")
    return found


def _singulars(word: str, language_family: str) -> Iterator[str]:
    """Yield the words that a word may be the plural of, for plurals that stems miss."""
    if len(word) < 4:
        return
    if language_family in ("fr", "es", "pt", "gl", "ca") and word[-1] in "sx":
        yield word[:-1]
    if language_family in ("pt", "gl"):
        for plural, singular in (
            ("oes", "ao"),
            ("aes", "ao"),
            ("ais", "al"),
            ("eis", "el"),
            ("ois", "ol"),
            ("is", "il"),
            ("ns", "m"),
        ):
            if word.endswith(plural):
                yield word.removesuffix(plural) + singular
    if language_family == "he":
        for ending in ("ות", "ים", "ה", "י"):
            if word.endswith(ending) and len(word) - len(ending) > 1:
                yield word.removesuffix(ending)


def _short(key: str) -> str:
    """A Dutch stem with the spelling of an open syllable: "goedkop" (as in "goedkope") for "goedkoop"."""
    return regex.sub(r"([aeou])\1(?=[^aeiou]$)", r"\1", key) if len(key) > 5 else key


def _base_adjectives(word: str) -> Iterator[str]:
    """Yield the adjectives that an English comparative, superlative or adverb may come from: "cheaper", "cheaply"."""
    for ending in ("er", "est", "ly"):
        root = word.removesuffix(ending)
        if root != word:
            yield root
            if root[-1] == "i":
                yield root[:-1] + "y"
            elif ending != "ly":
                yield root + "e"
                if len(root) > 3 and root[-1] == root[-2]:
                    yield root[:-1]


def _beginnings(word: str, whole: str, language_family: str) -> Iterator[str]:
    """Yield beginnings of a word's forms: the word without its own ending."""
    least = 5 if language_family in ("de", "nl") else 3
    bare = whole
    for _ in range(2):
        if len(bare) > least and (bare[-1] in "aeiouyаеиоуыйьяюіη" or unicodedata.category(bare[-1]) in ("Mc", "Mn")):
            bare = bare[:-1]
    if language_family == "ka":
        bare = whole.removesuffix("ი")
    if language_family in ("lt", "lv"):
        bare = re.sub("(?:us|as|is|ys|s)$", "", whole)
    if len(bare) >= least:
        yield bare
        if language_family == "nl":
            yield _short(bare)
    if language_family == "pl" and whole.endswith("c") and word.endswith("ć") and len(whole) > 5:
        yield whole[:-2]  # an infinitive
    if language_family == "fi" and whole.endswith(("us", "ys")):
        yield f"{whole[:-1]}ks"
    if language_family in _FLEETING and len(bare) > 5 and bare[-2] in "aeоеъ" and bare[-1] not in "aeiouаеиоу":
        yield bare[:-2] + bare[-1]  # brezplačen, brezplačna
    if (
        language_family in _SNOWBALL
        and len(stem := _stem(word, language_family)) >= max(least, LEAST)
        and whole.startswith(stem)
    ):
        yield stem


def _verb(root: str, language_family: str) -> set[str]:
    """The forms of a regular German or Dutch verb, without the "ge" of its participle."""
    if language_family == "de":
        return {f"={root}{ending}" for ending in _GERMAN_ENDINGS}
    root = {"z": root[:-1] + "s", "v": root[:-1] + "f"}.get(root[-1], root)
    doubled = regex.sub(r"([aeou])(?=[^aeiou]$)", r"\1\1", root)
    return {f"={form}{ending}" for form in (root, doubled) for ending in _DUTCH_ENDINGS}


def _looking(word: str, language_family: str) -> Iterator[str]:
    """Yield the words that a word looks like: letters of other alphabets are replaced by similar ones."""
    if not word.isascii():
        plain = normalize("NFKC", word).translate(_LOOKS)
        if plain != word:
            yield plain
    if language_family in _CYRILLIC:
        cyrillic = word.translate(_BACK)
        if cyrillic != word:
            yield cyrillic


def _take(word: str, language_family: str) -> str:
    """`word` as it is compared: without marks, except in Vietnamese, where marks distinguish letters."""
    if language_family == "vi":
        return normalize("NFC", word)
    return latin(word) if language_family == "sr" else fold(word)


@lru_cache(maxsize=50_000)
def _stem(word: str, language_family: str) -> str:
    if len(word) > LONGEST:
        return word
    with _stemming:  # a stemmer keeps the current word, so threads must take turns
        return _take(_stemmer(_SNOWBALL[language_family]).stemWord(normalize("NFC", word)), language_family)


@cache
def _stemmer(name: str) -> Any:  # type: ignore[explicit-any]  # it has no types
    return Stemmer(name, 0)  # without a cache of its own
