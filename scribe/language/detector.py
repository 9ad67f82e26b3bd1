"""Detect a text's language by its script, its small words, and letters and endings that few languages have.

It answers one question: is this text plausibly in the language asked for? Serbian, Croatian and Bosnian in Latin letters
count as one language, and so do pairs that small words cannot tell apart (Norwegian and Danish, Indonesian and Malay).
"""

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from scribe.language.script import SERBIAN
from scribe.marks import normalize
from scribe.messages import _
from scribe.types import Json

LONGEST = 64  # letters of the longest word that is remembered
WORDS_NEEDED = 12  # with fewer words, the detector does not judge
HITS_NEEDED = 3
SURE = 1.6  # how much better another language must fit before the asked one is denied
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPT_OF = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "kk"), "cyrillic"),
    "el": "greek", "he": "hebrew", "hi": "devanagari", "bn": "bengali", "th": "thai", "ko": "hangul", "ja": "japanese",
    "zh": "han", "ka": "georgian", "hy": "armenian", "ar": "arabic", "fa": "arabic", "ur": "arabic",
}  # fmt: skip
_RANGES = (
    ("cyrillic", 0x0400, 0x052F),
    ("greek", 0x0370, 0x03FF),
    ("hebrew", 0x0590, 0x05FF),
    ("arabic", 0x0600, 0x077F),
    ("devanagari", 0x0900, 0x097F),
    ("bengali", 0x0980, 0x09FF),
    ("thai", 0x0E00, 0x0E7F),
    ("georgian", 0x10A0, 0x10FF),
    ("armenian", 0x0530, 0x058F),
    ("hangul", 0xAC00, 0xD7AF),
    ("kana", 0x3040, 0x30FF),
    ("han", 0x4E00, 0x9FFF),
)
# Letters that mark a language, and letters that it never has in its own words.
_MARKS = {
    "de": "äöüß", "fr": "éèêçàùœëîô", "es": "ñáéíóú¿¡", "it": "àèéìòù", "pt": "ãõçáéíóúâê", "nl": "ëï", "pl": "ąćęłńóśźż",
    "cs": "ěřůčšžýáíé", "sk": "ľĺŕôäčšžýáíé", "hu": "őűáéíóöü", "ro": "ăâîșțşţ", "tr": "ğışçöü", "az": "əğışçöü", "sv": "åäö",
    "da": "åæø", "no": "åæø", "fi": "äö", "et": "õäöü", "lv": "āčēģīķļņšūž", "lt": "ąčęėįšųūž", "is": "ðþáéíóúýæö", "sq": "ëç",
    "ca": "àçèéíïòóúü", "gl": "ñáéíóú", "mt": "ċġħż", "ga": "áéíóú", "vi": "ăâđêôơư", "sl": "čšž", "sr": "čćđšž", "eu": "ñ",
    "ru": "ыэёъщ", "uk": "іїєґ", "be": "ўіыэё", "bg": "ъщ", "mk": "ѓќѕјљњџ", "kk": "әғқңөұүһі", "sr-cyr": "јљњђћџ", "fa": "پچژگک", "ur": "ٹڈڑںےہ",
}  # fmt: skip
_ENDINGS = {
    "en": "ing tion ment ness ful able", "de": "ung keit heit lich isch chen eln ern", "fr": "tion ment eux euse ique aire eau",
    "es": "ción dad mente ado ada idad", "it": "zione mente ità ato ata ezza", "pt": "ção mente dade ado ada agem", "nl": "heid lijk ing baar ende",
    "pl": "ość owy owa ego ych ach", "cs": "ost ová ový ého ých ách", "sk": "osť ová ový ého ých ách", "sr": "ost nja nje nog nom ima ama", "sl": "ost nja nje nega nim imi",
    "ru": "ость ный ная ние ого ться ами", "uk": "ість ний ння ого тися ами", "bg": "ост ната ният ите ване", "sr-cyr": "ост ња ње ног ном има ама",
    "sv": "ning lig het ande arna", "da": "ning lig hed ende erne", "no": "ning lig het ende ene", "fi": "nen ssa lla sta sti", "hu": "ság ség ban ben nak nek val",
    "tr": "lar ler lık lik dır dir", "ro": "ție ului ează ile are", "el": "ση τητα ικό ικά ους",
}  # fmt: skip
_COMMON = ("en", "de", "fr", "es", "it", "sr", "pt", "nl", "pl", "ru", "hu", "ro", "cs", "sv")
# Languages that small tables cannot tell apart. A language is not evidence against another one of its group.
_GROUPS = (
    {"no", "da"},
    {"id", "ms"},
    {"cs", "sk"},
    {"sr", "sl"},
    {"pt", "gl"},
    {"mk", "bg"},
    {"mk", "sr-cyr"},
    {"tr", "az"},
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`fits` is None if the detector cannot judge. `seen` is the language that it found."""

    fits: bool | None
    seen: str
    detail: str


def judge(text: str, language: str) -> Judgement:
    """Whether `text` is in `language` (one of our codes)."""
    words = [word.lower() for word in _WORD.findall(text)]
    letters = sum(map(len, words))
    if letters < 20:
        return Judgement(None, "", _("The text is too short to tell its language."))
    shares = scripts(text)
    wanted = _script(language)
    got = shares.get(wanted, 0.0) + (shares.get("kana", 0.0) + shares.get("han", 0.0) if wanted == "japanese" else 0.0)
    if wanted == "han" and shares.get("kana", 0.0) > 0.15:
        return Judgement(False, "ja", _("The text is in Japanese script."))
    if got < 0.35:
        main = max(shares, key=lambda name: shares[name])
        return Judgement(
            False, main, _("The text is mostly in {main} script, not in {wanted}.", main=main, wanted=wanted)
        )
    if got < 0.6 and wanted not in ("latin",):
        main = max((name for name in shares if name != wanted), key=lambda name: shares[name], default="latin")
        if shares[main] > got:
            return Judgement(
                False, main, _("The text is mostly in {main} script, not in {wanted}.", main=main, wanted=wanted)
            )
    if wanted not in ("latin", "cyrillic", "arabic"):
        return Judgement(True, language, _("The text is in {wanted} script.", wanted=wanted))
    return _by_words(words, _table_key(language), wanted)


def _by_words(words: list[str], asked: str, script: str) -> Judgement:
    own = [word for word in words if _script_of_word(word) == script]
    if len(own) < WORDS_NEEDED:
        return Judgement(None, "", _("The text is too short to tell its language."))
    scores = _scores(own, script)
    best = max(scores, key=lambda name: scores[name])
    mine = scores.get(asked)
    if mine is None or scores[best] < HITS_NEEDED:
        return Judgement(None, best, _("There are too few telling words to judge the language."))
    if best == asked or any({best, asked} <= group for group in _GROUPS) or scores[best] < SURE * mine + 1:
        return Judgement(True, asked, _("The text is in the language asked for."))
    if mine >= 0.08 * len(own) and scores[best] < 2 * SURE * mine:
        return Judgement(None, best, _("The text mixes languages."))
    return Judgement(False, best, _("The text reads as “{best}”, not as “{asked}”.", best=best, asked=asked))


def detect(text: str) -> str:
    """The most likely language of `text`, as a family code. Empty if it cannot be told."""
    shares = scripts(text)
    main = max(shares, key=lambda name: shares[name], default="")
    if main in ("latin", "cyrillic", "arabic"):
        words = [word.lower() for word in _WORD.findall(text)]
        if len(words) < 6:
            return ""
        scores = _scores([word for word in words if _script_of_word(word) == main], main)
        best = max(scores, key=lambda name: scores[name])
        return "" if scores[best] < 2 else best.replace("sr-cyr", "sr")
    named = {"kana": "ja", "han": "zh"}
    return named.get(main) or next((code for code, script in _SCRIPT_OF.items() if script == main), "")


@cache
def are_alike(one: str, other: str) -> bool:
    """Whether two family codes count as one language: they are equal, or small words cannot tell them apart."""
    return one == other or any({one, other} <= {code.replace("sr-cyr", "sr") for code in group} for group in _GROUPS)


def leaning(text: str, language: str) -> tuple[float, float]:
    """The weight of small words and telling letters in `text` for `language`, and that for the best other language."""
    script = _script(language)
    scores = _scores([word.lower() for word in _WORD.findall(text) if _script_of_word(word) == script], script)
    return scores.get(_table_key(language), 0.0), max((scores[code] for code in _others(script, language)), default=0.0)


@cache
def _others(script: str, language: str) -> tuple[str, ...]:
    """The languages in `script` that count as evidence against `language`."""
    asked = family(language)
    return tuple(code for code in candidates(script) if not are_alike(code.replace("sr-cyr", "sr"), asked))


def telling(text: str, one: str, other: str) -> tuple[int, int]:
    """The number of words in `text` that are small words of `one` but not of the family `other`, and the reverse."""
    script = _script(one)
    ours = small_words().get(_table_key(one), frozenset())
    theirs = small_words().get("sr-cyr" if (other, script) == ("sr", "cyrillic") else other, frozenset())
    words = [word.lower() for word in _WORD.findall(text)]
    return sum(word in ours - theirs for word in words), sum(word in theirs - ours for word in words)


def script_of(language: str) -> str:
    """The script that `language` (one of our codes) is written in, as `scripts` names it."""
    return _script(language)


def _scores(words: list[str], script: str) -> dict[str, float]:
    scores = dict.fromkeys(candidates(script), 0.0)
    for word in words:
        for code, weight in _weights(word, script) if len(word) <= LONGEST else ():
            scores[code] += weight
    return scores


@lru_cache(maxsize=100_000)
def _weights(word: str, script: str) -> tuple[tuple[str, float], ...]:
    """The weight of one word for each language: 1 as a small word, 0.5 per telling letter, 0.25 for an ending, and a
    negative weight for letters that the language does not write."""
    small, marks = small_words(), _mark_letters()
    letters = {letter for letter in normalize("NFC", word) if ord(letter) > 127}
    found = []
    for code in candidates(script):
        weight = 1.0 if word in small[code] else 0.0
        if letters:
            own = letters & marks.get(code, frozenset())
            weight += 0.5 * len(own)
            if script == "latin":
                weight -= 0.3 * len(letters - own)
            elif script == "cyrillic":
                weight -= 0.5 * len(letters & _foreign_cyrillic(code))
        if (endings := _endings(code)) and word.endswith(endings):
            weight += 0.25
        if weight:
            found.append((code, weight))
    return tuple(found)


@cache
def _stopwords() -> Json:
    loaded: Json = json.loads(Path(__file__).with_name("stopwords.json").read_text("utf-8"))
    return loaded


@cache
def small_words() -> dict[str, frozenset[str]]:
    """The most frequent function words of each language, in lower case. `sr-cyr` is Serbian in Cyrillic."""
    tables = {code: frozenset(str(words).split()) for code, words in _stopwords().items()}
    back = {latin: chr(cyrillic) for cyrillic, latin in str.maketrans(SERBIAN).items() if len(str(latin)) == 1}
    back |= {"č": "ч", "ć": "ћ", "š": "ш", "ž": "ж", "đ": "ђ", "c": "ц", "s": "с", "z": "з", "d": "д"}
    cyrillic = set()
    for word in tables["sr"]:
        spelled = word.replace("nj", "њ").replace("lj", "љ").replace("dž", "џ")
        cyrillic.add("".join(back.get(letter, letter) for letter in spelled))
    tables["sr-cyr"] = frozenset(cyrillic)
    return tables


@cache
def common_words() -> frozenset[str]:
    """The small words of the most frequent languages of shops, for code that must ignore them in any language."""
    return frozenset().union(*(small_words()[code] for code in _COMMON))


@cache
def _mark_letters() -> dict[str, frozenset[str]]:
    return {code: frozenset(letters) for code, letters in _MARKS.items()}


@cache
def _foreign_cyrillic(code: str) -> frozenset[str]:
    """Letters of the other Cyrillic languages that `code` does not write."""
    lacking = {
        "ru": "іїєґўјљњђћџѓќѕәғқңөұүһ", "uk": "ыэёъўјљњђћџѓќѕәғқңөұүһ", "be": "иїєґъщјљњђћџѓќѕәғқңөұүһ", "bg": "ыэёіїєґўјљњђћџѓќѕәғқңөұүһ",
        "mk": "йщъыьэюяёіїєґўђћ", "sr-cyr": "йщъыьэюяёіїєґўѓќѕ", "kk": "їєґўјљњђћџѓќѕ",
    }  # fmt: skip
    return frozenset(lacking.get(code, ""))


@cache
def _endings(code: str) -> tuple[str, ...]:
    return tuple(_ENDINGS.get(code, "").split())


@cache
def candidates(script: str) -> tuple[str, ...]:
    """The languages that are written in a script of several, by their tables."""
    if script == "cyrillic":
        return ("ru", "uk", "be", "bg", "mk", "sr-cyr", "kk")
    if script == "arabic":
        return ("ar", "fa", "ur")
    return tuple(code for code in _stopwords() if _SCRIPT_OF.get(code, "latin") == "latin")


_NOT_LATIN = re.compile("[\u0370-\U0010ffff]")
_IS_INDIC = re.compile("[\u0900-\u0e7f]")  # also its signs for vowels, which are no letters


def scripts(text: str) -> dict[str, float]:
    """The share of each script among the letters of `text`."""
    letters = sum(map(str.isalpha, text))
    if text.isascii():
        return {"latin": 1.0 if letters else 0.0}
    found = _NOT_LATIN.findall(text)
    counts = Counter(_script_of_letter(ord(sign)) for sign in found if sign.isalpha() or _IS_INDIC.match(sign))
    if latin := letters - sum(map(str.isalpha, found)):
        counts["latin"] += latin
    total = counts.total() or 1
    return {name: count / total for name, count in counts.items()} or {"latin": 0.0}


def _script_of_letter(code: int) -> str:
    if code < 0x370:
        return "latin"
    return next((name for name, first, last in _RANGES if first <= code <= last), "latin")


def _script_of_word(word: str) -> str:
    return _script_of_letter(ord(word[0]))


def _script(language: str) -> str:
    if language == "sr":
        return "cyrillic"
    return _SCRIPT_OF.get(language) or _SCRIPT_OF.get(family(language) if language != "sr-Latn" else "sr", "latin")


def _table_key(language: str) -> str:
    return "sr-cyr" if language == "sr" else family(language)


# Serbian, Croatian and Bosnian in Latin letters: word lists are shared, and no check tells them apart.
_SHARED = {"sr-Latn": "sr", "hr": "sr", "bs": "sr", "pt-BR": "pt", "zh-TW": "zh"}


def family(code: str) -> str:
    """The code whose word lists serve `code`: `sr` for Serbian, Croatian and Bosnian, `pt` for both Portuguese."""
    return _SHARED.get(code, code.split("-")[0])
