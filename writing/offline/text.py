"""The lines and sentences of a shop's text, and which of them may be used again. The input is plain text already."""

import re

from writing.text import visible

LONGEST = 8000

# What looks like orders to a machine, contact data, prices or shop talk is not repeated.
_UNWANTED = re.compile(
    r"https?:|www\.|@|\b\d{3}[\s./-]?\d{3}[\s./-]?\d{2,}\b|[€$£]\s?\d|\d\s?(?:€|\$|£|eur|usd|rsd|din)\b"
    r"|ignore (?:all|any|the|previous)|previous instructions|disregard|system prompt|\bsystem\s*:|assistant\s*:|as an ai\b"
    r"|language model|\bprompt\b|you are (?:now|a|an)\b|respond with|reply with|output only|do not mention"
    r"|ignorier|vorherige[nr]? anweisung|ignorez|instructions précédentes|ignora (?:las|le|todas|tutte)"
    r"|zanemari|ignoriši|prethodn\w+ (?:uputstv|instrukcij)|занемари|претходн\w+ (?:упутств|инструкциј)"
    r"|free shipping|versandkostenfrei|livraison gratuite|envío gratis|spedizione gratuita|besplatna dostava|бесплатна достава"
    r"|click here|buy now|order now|add to cart|jetzt (?:kaufen|bestellen)|hier klicken|naručite|kliknite|наручите|кликните"
    r"|\b(?:sale|discount|rabatt|popust|попуст|descuento|sconto|soldes)\b|lorem ipsum|\[/?\w+[^\]]*\]|[{}<>\\|]",
    re.I,
)
_ENCODED = re.compile(r"[A-Za-z0-9+/=]{32,}")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”“»]?\s+(?=[\"„“«¿¡]?[^\W\d_a-zа-яčćžšđ])|(?<=[.!?…])\s+(?=\d)")


def lines(source: str) -> list[str]:
    """The lines of a plain text, without empty ones and invisible characters."""
    source = visible(source.replace("\t", " "))[:LONGEST]
    found = (re.sub(r"\s+", " ", one).strip() for one in re.sub(r"\r\n?|\\n", "\n", source).split("\n"))
    return [one for one in found if one]


def plain(source: str) -> str:
    return " ".join(lines(source))


def line(value: object) -> str:
    """One clean line out of a stored value: no control characters, single blanks."""
    return re.sub(r"\s+", " ", visible(str(value))).strip()


def sentences(source: str) -> list[str]:
    """The sentences of the running text. A line without the end of a sentence (a heading, a list entry) stays one
    part."""
    return [part.strip() for one in lines(source) for part in _SENTENCE_END.split(one) if part and part.strip()]


def usable(sentence: str) -> bool:
    """Whether a sentence of the shop may be used again: a statement of fair length, without orders, links or prices."""
    if not 15 <= len(sentence) <= 320 or sentence[-1] not in ".!…":
        return False
    if _UNWANTED.search(sentence) or _ENCODED.search(sentence) or "?" in sentence:
        return False
    letters = [c for c in sentence if c.isalpha()]
    if not letters or sum(c.isupper() for c in letters) > 0.5 * len(letters):
        return False
    return len(sentence.split()) >= 3 and not sentence[0].islower()


def clean_value(value: str) -> bool:
    """Whether an attribute's value is a plain value, and not a text that gives orders or advertises."""
    return 0 < len(value) <= 120 and not _UNWANTED.search(value.replace("|", " ")) and not _ENCODED.search(value)


def cut(text: str, limit: int) -> str:
    """`text` cut to at most `limit` characters, at a word."""
    if len(text) <= limit:
        return text
    short = text[: limit + 1].rsplit(" ", 1)[0]
    return (short if len(short) <= limit else text[:limit]).rstrip(" ,;:–-|(")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
