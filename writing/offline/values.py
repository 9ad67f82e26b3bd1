"""A value of an attribute in another language. Known words, numbers with units and compositions are translated;
anything else stays as it is."""

from __future__ import annotations

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

# Unit words: every form we recognise, and per language (one, few, many).
_WORDS: list[tuple[str, dict[str, tuple[str, str, str]]]] = [
    (
        "hour hours hr hrs stunde stunden heure heures hora horas ora ore sat sata sati",
        {
            "en": ("hour", "hours", "hours"),
            "de": ("Stunde", "Stunden", "Stunden"),
            "fr": ("heure", "heures", "heures"),
            "es": ("hora", "horas", "horas"),
            "it": ("ora", "ore", "ore"),
            "sr": ("сат", "сата", "сати"),
        },
    ),
    (
        "minute minutes mins minuten minuto minutos minuti minut minuta",
        {
            "en": ("minute", "minutes", "minutes"),
            "de": ("Minute", "Minuten", "Minuten"),
            "fr": ("minute", "minutes", "minutes"),
            "es": ("minuto", "minutos", "minutos"),
            "it": ("minuto", "minuti", "minuti"),
            "sr": ("минут", "минута", "минута"),
        },
    ),
    (
        "year years jahr jahre jahren an ans année années año años anno anni godina godine",
        {
            "en": ("year", "years", "years"),
            "de": ("Jahr", "Jahre", "Jahre"),
            "fr": ("an", "ans", "ans"),
            "es": ("año", "años", "años"),
            "it": ("anno", "anni", "anni"),
            "sr": ("година", "године", "година"),
        },
    ),
    (
        "month months monat monate monaten mois mes meses mese mesi mesec meseca meseci",
        {
            "en": ("month", "months", "months"),
            "de": ("Monat", "Monate", "Monate"),
            "fr": ("mois", "mois", "mois"),
            "es": ("mes", "meses", "meses"),
            "it": ("mese", "mesi", "mesi"),
            "sr": ("месец", "месеца", "месеци"),
        },
    ),
    (
        "day days tag tage tagen jour jours día días giorno giorni dan dana",
        {
            "en": ("day", "days", "days"),
            "de": ("Tag", "Tage", "Tage"),
            "fr": ("jour", "jours", "jours"),
            "es": ("día", "días", "días"),
            "it": ("giorno", "giorni", "giorni"),
            "sr": ("дан", "дана", "дана"),
        },
    ),
    (
        "piece pieces pcs pc stück stk teile teil pièce pièces pieza piezas pezzo pezzi komad komada kom",
        {
            "en": ("piece", "pieces", "pieces"),
            "de": ("Stück", "Stück", "Stück"),
            "fr": ("pièce", "pièces", "pièces"),
            "es": ("pieza", "piezas", "piezas"),
            "it": ("pezzo", "pezzi", "pezzi"),
            "sr": ("комад", "комада", "комада"),
        },
    ),
    (
        "inch inches zoll pouce pouces pulgada pulgadas pollice pollici inč inča",
        {
            "en": ("inch", "inches", "inches"),
            "de": ("Zoll", "Zoll", "Zoll"),
            "fr": ("pouce", "pouces", "pouces"),
            "es": ("pulgada", "pulgadas", "pulgadas"),
            "it": ("pollice", "pollici", "pollici"),
            "sr": ("инч", "инча", "инча"),
        },
    ),
    (
        "foot feet fuß pied pieds pie pies piede piedi stopa stope",
        {
            "en": ("foot", "feet", "feet"),
            "de": ("Fuß", "Fuß", "Fuß"),
            "fr": ("pied", "pieds", "pieds"),
            "es": ("pie", "pies", "pies"),
            "it": ("piede", "piedi", "piedi"),
            "sr": ("стопа", "стопе", "стопа"),
        },
    ),
    (
        "watt watts vat vata",
        dict.fromkeys(lexicon.LANGUAGES, ("W", "W", "W")),
    ),
    (
        "liter liters litre litres litro litros litri litar litra litara",
        dict.fromkeys(lexicon.LANGUAGES, ("l", "l", "l")),
    ),
    (
        "gram grams gramm gramme grammes gramo gramos grammo grammi grama",
        dict.fromkeys(lexicon.LANGUAGES, ("g", "g", "g")),
    ),
]
_UNITS = {word: forms for words, forms in _WORDS for word in words.split()}
_DATIVE = {"gekämmte Baumwolle": "gekämmter Baumwolle", "recyceltes Polyester": "recyceltem Polyester"}


def is_measure(text: str) -> bool:
    return len(text) <= LONGEST and bool(MEASURE.match(text))


def has_unit(text: str) -> bool:
    if len(text) > LONGEST:
        return False
    return bool(WITH_UNIT.match(text)) or bool(_COUNTED.match(text) and _COUNTED.match(text)[2].lower() in _UNITS)  # type: ignore[index]


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


def translate(kind: str, text: str, language: str, source_language: str, form: str = "") -> tuple[str, bool]:
    """`text` in `language`, and whether it could be translated. `form`: `of` (after a preposition of material) or `in`
    (colour)."""
    if found := lexicon.value(kind, text):
        word = found.words[language]
        if form and language == "sr" and found.form:
            word = found.form
        if form == "of" and language == "de":
            word = _DATIVE.get(word, word)
        return word, True
    if len(text) > LONGEST:
        return text, source_language == language
    if is_measure(text):
        return localized(text, language), True
    counted = _COUNTED.match(text)
    if counted and (forms := _UNITS.get(counted[2].lower())):
        return f"{localized(counted[1], language)} {_plural(counted[1], forms[language], language)}", True
    if kind == "material" and (part := _PART.match(text)) and (part[1] or part[3]):
        word, known = translate(kind, part[2].strip(), language, source_language, form)
        return f"{localized((part[1] or part[3]).strip(), language)} {word}", known
    if kind == "size" and re.fullmatch(r"\d+\s*[–-]\s*\d+", text):
        return text, True
    if CODE.match(text):
        return text, True
    return text, source_language == language


# A mark followed by one, two or more than three digits is a decimal mark. Followed by three, it is one only after "0".
_DECIMAL = re.compile(r"(?<![\d.,])(0|\d+(?=[.,](?!\d{3}(?!\d))))[.,](\d+)(?![\d.,])")


def localized(text: str, language: str) -> str:
    """The numbers of a measure or price with the decimal mark of `language`: 0.38 in English, 0,38 in German. A number
    that may have a thousands separator ("1.234") stays as it is, and so does a list ("36,37,38")."""
    mark = decimal_mark(language)
    return _DECIMAL.sub(rf"\g<1>{mark}\g<2>", text)


def with_local_marks(text: str, language: str) -> str:
    """An attribute's value with the decimal mark of `language` if it is a number with a unit; other values
    unchanged."""
    return localized(text, language) if is_measure(text) and has_unit(text) else text


_MEASURE = re.compile(rf"{_DECIMAL.pattern}(?=[\s\u00a0\u202f]?(?:[^\W\d_]|%|°))")


def measures_localized(sentence: str, language: str) -> str:
    """A shop's sentence with the decimal mark of `language` in its measures, so that they agree with the facts' own. Other
    numbers ("Bluetooth 5.3.") stay as they are."""
    return _MEASURE.sub(rf"\g<1>{decimal_mark(language)}\g<2>", sentence)


def _plural(number: str, forms: tuple[str, str, str], language: str) -> str:
    if not number.isdigit():
        return forms[1] if language == "sr" else forms[2]
    count = int(number)
    if language == "sr":
        if count % 10 == 1 and count % 100 != 11:
            return forms[0]
        return forms[1] if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else forms[2]
    if language == "fr":
        return forms[0] if count < 2 else forms[1]
    return forms[0] if count == 1 else forms[1]


def listed(text: str) -> str:
    """A value as a list shows it: with a capital, unless it is a code or a unit."""
    return text if text[:1].isdigit() else capital(text)
