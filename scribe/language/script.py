"""Serbian's two scripts, letter by letter. Cyrillic to Latin is always safe. The reverse must leave some words alone."""

import re

_PAIRS = [
    ("Љ", "Lj"), ("Њ", "Nj"), ("Џ", "Dž"), ("љ", "lj"), ("њ", "nj"), ("џ", "dž"),
    ("А", "A"), ("Б", "B"), ("В", "V"), ("Г", "G"), ("Д", "D"), ("Ђ", "Đ"), ("Е", "E"), ("Ж", "Ž"), ("З", "Z"),
    ("И", "I"), ("Ј", "J"), ("К", "K"), ("Л", "L"), ("М", "M"), ("Н", "N"), ("О", "O"), ("П", "P"), ("Р", "R"),
    ("С", "S"), ("Т", "T"), ("Ћ", "Ć"), ("У", "U"), ("Ф", "F"), ("Х", "H"), ("Ц", "C"), ("Ч", "Č"), ("Ш", "Š"),
]  # fmt: skip
TO_LATIN = {ord(c): latin for c, latin in _PAIRS} | {ord(c.lower()): latin.lower() for c, latin in _PAIRS}
#: Cyrillic in plain letters without marks, for comparing words and for slugs.
_BARE = str.maketrans({"đ": "dj", "ž": "z", "č": "c", "ć": "c", "š": "s"})
SERBIAN = {c.lower(): latin.lower().translate(_BARE) for c, latin in _PAIRS}
_TO_CYRILLIC = {latin: c for c, latin in _PAIRS} | {latin.lower(): c.lower() for c, latin in _PAIRS}
_DIGRAPH = re.compile("|".join(sorted(map(re.escape, _TO_CYRILLIC), key=len, reverse=True)))
_FOREIGN = re.compile(r"[qwxyQWXY\d@/&]")
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*", re.UNICODE)


_CYRILLIC = re.compile("[\u0400-\u04ff]")


def has_cyrillic(text: str) -> bool:
    return _CYRILLIC.search(text) is not None


_NOT_SERBIAN = re.compile("[ёйщъыьэюяіїєґѓќѕ]", re.I)
_DOUBLE = re.compile("[ЉЊЏ]")


def to_latin(text: str) -> str:
    """Serbian Cyrillic in Latin letters: "љубав", "Љубав" and "ЉУБАВ" become "ljubav", "Ljubav" and "LJUBAV". Text with
    another language's Cyrillic letters is left alone."""
    if not has_cyrillic(text) or _NOT_SERBIAN.search(text):
        return text
    return letters(text)


def letters(text: str) -> str:
    """`text` with each Serbian Cyrillic letter in Latin. All other characters stay as they are."""
    return _DOUBLE.sub(_in_capitals, text).translate(TO_LATIN)


def _in_capitals(match: re.Match[str]) -> str:
    """A capital letter that Latin writes with two: both are capitals in a word of capitals."""
    text, (start, end) = match.string, match.span()
    after, before = text[end : end + 1], text[start - 1 : start] if start else ""
    both = after.isupper() if after.isalpha() else before.isupper()
    latin = str(TO_LATIN[ord(match[0])])
    return latin.upper() if both else latin


def to_cyrillic(text: str, keep: frozenset[str] = frozenset()) -> str:
    """Serbian Latin in Cyrillic letters. Words in `keep` (as written), codes, capitals and foreign spellings are left
    alone."""

    def change(match: re.Match[str]) -> str:
        word = match[0]
        if word in keep or _FOREIGN.search(word) or (word.isupper() and len(word) > 1):
            return word
        if not word.islower() and not word.istitle():
            return word
        return _DIGRAPH.sub(lambda m: _TO_CYRILLIC[m[0]], word)

    return _WORD.sub(change, text)
