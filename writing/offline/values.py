"""A value of an attribute in another language. Known words, numbers with units and compositions are translated;
anything else stays as it is."""

import re

from scribe.language import lexicon
from scribe.language.numerals import decimal_mark
from writing.offline.text import capital

_UNIT = (
    "mm|cm|dm|m|km|in|ft|mg|g|kg|lb|lbs|oz|ml|cl|dl|l|L|W|kW|Wh|kWh|V|kV|A|mA|mAh|Ah|GB|TB|MB|kB|Hz|kHz|MHz|GHz|rpm|"
    "dB|lm|K|°C|°F|bar|Pa|kPa|N|Nm|km/h|mph|h|min|s|ms|%|gsm|g/m²|g/m2|m²|m2|cm²|m³|cm³|ppi|dpi|px|fps|\"|″|'|′|MP|mm²"
)
# Possessive, because "1/1/1/…" can be read in as many ways as it has slashes.
NUMBER = r"[-+±]?\d++(?:[.,]\d++)*+(?:/\d++)?+"
MEASURE = re.compile(
    rf"^(?:{NUMBER})(?:\s*+(?:[x×*/–-]|to|bis|à|do)\s*+{NUMBER})*+\s*+(?:{_UNIT})?(?:\s*+[x×*]\s*+{NUMBER}\s*+(?:{_UNIT}))*+$"
)
LONGEST = 200  # the most characters of a value that is read as a measure, a code or a share
WITH_UNIT = re.compile(rf"^.*\d\s*(?:{_UNIT})$")
CODE = re.compile(r"^(?=.*[A-Z\d])[A-Z\d][A-Z\d./+#&-]*(?:\s[A-Z\d][A-Z\d./+#-]*){0,2}$")
_COUNTED = re.compile(rf"^({NUMBER})[\s-]*([^\W\d_]+)\.?$")
_PART = re.compile(r"^(?:(\d+(?:[.,]\d+)?\s*%)\s*)?(.+?)(?:\s*[:(]?\s*(\d+(?:[.,]\d+)?\s*%)\)?)?$")


def is_measure(text: str) -> bool:
    return len(text) <= LONGEST and bool(MEASURE.match(text))


def has_unit(text: str) -> bool:
    if len(text) > LONGEST:
        return False
    counted = _COUNTED.match(text)
    return bool(WITH_UNIT.match(text)) or bool(counted and _unit(counted[2]))


def split(kind: str, text: str) -> list[str]:
    """The values that one stored value lists: `S|M|L`, `Blue, Green`, `80% cotton, 20% polyester`."""
    if "|" in text:
        parts = text.split("|")
    elif ";" in text:
        parts = text.split(";")
    elif kind in ("colour", "material", "upper_material", "size", "text", "audience", "care") and re.search(
        r",(?!\d)", text
    ):
        parts = re.split(r",(?!\d)", text)
    elif kind in ("colour", "material") and re.search(r"\s(?:/|&|and|und|et|y|e|i|и)\s", text):
        parts = re.split(r"\s(?:/|&|and|und|et|y|e|i|и)\s", text)
        if not all(translate(kind, part.strip(), "en", "")[1] for part in parts):
            parts = [text]
    else:
        parts = [text]
    parts = [part.strip(" .") for part in parts]
    out = [part for part in dict.fromkeys(parts) if part]
    if any(len(part) > 40 for part in out) and kind != "material":
        return [text.strip()]
    return out


def translate(kind: str, text: str, language: str, source_language: str) -> tuple[str, bool]:
    """`text` in `language`, and whether it could be translated."""
    if found := lexicon.value(kind, text):
        return found.words[language], True
    if len(text) > LONGEST:
        return text, source_language == language
    if is_measure(text):
        return localize_numbers(text, language), True
    counted = _COUNTED.match(text)
    if counted and (unit := _unit(counted[2])):
        said = lexicon.value(f"unit.{_number(counted[1], language)}", unit.words["en"]) or unit
        return f"{localize_numbers(counted[1], language)} {said.words[language]}", True
    if kind == "material" and (part := _PART.match(text)) and (part[1] or part[3]):
        word, known = translate(kind, part[2].strip(), language, source_language)
        return f"{localize_numbers((part[1] or part[3]).strip(), language)} {word}", known
    if kind == "size" and re.fullmatch(r"\d+\s*[–-]\s*\d+", text):
        return text, True
    if CODE.match(text):
        return text, True
    return text, source_language == language


# A mark followed by one, two or more than three digits is a decimal mark. Followed by three, it is one only after "0".
_DECIMAL = re.compile(r"(?<![\d.,])(0|\d+(?=[.,](?!\d{3}(?!\d))))[.,](\d+)(?![\d.,])")


def localize_numbers(text: str, language: str) -> str:
    """The numbers of a measure or price with the decimal mark of `language`: 0.38 in English, 0,38 in German. A number
    that may have a thousands separator ("1.234") stays as it is, and so does a list ("36,37,38")."""
    mark = decimal_mark(language)
    return _DECIMAL.sub(rf"\g<1>{mark}\g<2>", text)


def with_local_marks(text: str, language: str) -> str:
    """An attribute's value with the decimal mark of `language` if it is a number with a unit; other values
    unchanged."""
    return localize_numbers(text, language) if is_measure(text) and has_unit(text) else text


_MEASURE = re.compile(rf"{_DECIMAL.pattern}(?=[\s\u00a0\u202f]?(?:[^\W\d_]|%|°))")


def measures_localized(sentence: str, language: str) -> str:
    """A shop's sentence with the decimal mark of `language` in its measures, so that they agree with the facts' own. Other
    numbers ("Bluetooth 5.3.") stay as they are."""
    return _MEASURE.sub(rf"\g<1>{decimal_mark(language)}\g<2>", sentence)


def _unit(word: str) -> lexicon.Value | None:
    """The unit that a word names, such as "hrs" or "Jahre"."""
    found = lexicon.value("unit.many", word)
    return found if found and found.group == "unit.many" else None


def _number(number: str, language: str) -> str:
    """Which form of a unit's word follows a number: `one`, `few` or `many`."""
    if not number.isdigit():
        return "few" if language == "sr" else "many"
    count = int(number)
    if language == "fr":
        return "one" if count < 2 else "many"
    if language != "sr":
        return "one" if count == 1 else "many"
    if count % 10 == 1 and count % 100 != 11:
        return "one"
    return "few" if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else "many"


def list_entry(text: str) -> str:
    """A value as a list shows it: with a capital, unless it is a code or a unit."""
    return text if text[:1].isdigit() else capital(text)
