"""The sixteen checks. Each is a rule with a weight. A check is skipped if the project's data can't have its field."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from scribe.language import detector
from scribe.types import Json
from studio.audits import markup
from studio.audits.product import ShopProduct
from writing.fields import BY_NAME

THIN_WORDS = 100
SEO_TITLE_MOST = BY_NAME["seo.title"].most()
META_LEAST, META_MOST = 120, BY_NAME["seo.description"].most()
STUFFED = 0.04
STUFFED_LEAST = 5  # occurrences; in a short text one repeated word is not stuffing
HARD_TO_READ = 30.0
_STOPPED = detector.common_words() | frozenset(
    [
        "also",
        "then",
        "than",
        "they",
        "them",
        "their",
        "there",
        "into",
        "over",
        "only",
        "other",
        "some",
        "such",
        "very",
        "each",
        "both",
        "after",
        "before",
        "about",
        "well",
    ]
)


@dataclass(frozen=True)
class AuditCheck:
    """`needs`: the field that the project's data must have. `applies`: whether the check applies to a product.

    `failed` is None for the one check that compares all products (`duplicates`).
    """

    id: str
    weight: int
    needs: str
    applies: Callable[[ShopProduct], bool]
    failed: Callable[[ShopProduct], bool] | None


def _always(product: ShopProduct) -> bool:
    return True


def _is_described(product: ShopProduct) -> bool:
    return bool(product.words)


def keyword_density(product: ShopProduct) -> float:
    """The share, 0 to 1, of the most frequent content word or of the focus keyphrase, whichever is higher."""
    if "density" not in product.figures:
        product.figures["density"] = _density(product)
    return float(product.figures["density"])


def _density(product: ShopProduct) -> float:
    total = len(product.words)
    if not total:
        return 0.0
    lower = [word.lower() for word in product.words]
    counts = Counter(word for word in lower if len(word) > 3 and word not in _STOPPED)
    top = counts.most_common(1)[0][1] if counts else 0
    phrase = product.focus_keyword.lower().split()
    if phrase and len(phrase) <= total:
        size = len(phrase)
        top = max(top, sum(lower[at : at + size] == phrase for at in range(total - size + 1)))
    return top / total if top >= STUFFED_LEAST else 0.0


def reading_ease(product: ShopProduct) -> float | None:
    if "ease" not in product.figures:
        product.figures["ease"] = readability_score(product.blocks, product.words)
    return product.figures["ease"]  # type: ignore[no-any-return]


def _too_hard(product: ShopProduct) -> bool:
    score = reading_ease(product)
    return score is not None and score < HARD_TO_READ


def _all_caps(product: ShopProduct) -> bool:
    letters = [c for c in product.title if c.isalpha() and c.lower() != c.upper()]
    if len(letters) < 6 or not all(c.isupper() for c in letters):
        return False
    return any(len(word) > 3 and word.isalpha() for word in re.findall(r"[^\W_]+", product.title))


CHECKS: tuple[AuditCheck, ...] = (
    AuditCheck("missing_description", 3, "description", _always, lambda p: not p.words),
    AuditCheck("thin_content", 2, "description", _is_described, lambda p: len(p.words) < THIN_WORDS),
    AuditCheck("missing_short_description", 1, "short_description", _always, lambda p: not p.short_description),
    AuditCheck("duplicate_content", 3, "description", _is_described, None),
    AuditCheck("missing_images", 3, "images", _always, lambda p: p.images == 0),
    AuditCheck("missing_image_alt", 1, "image_alt", lambda p: p.images > 0, lambda p: bool(p.images_without_alt)),
    AuditCheck("missing_seo_title", 2, "seo.title", _always, lambda p: not p.seo_title),
    AuditCheck(
        "seo_title_length", 1, "seo.title", lambda p: bool(p.seo_title), lambda p: len(p.seo_title) > SEO_TITLE_MOST
    ),
    AuditCheck("missing_meta_description", 2, "seo.description", _always, lambda p: not p.seo_description),
    AuditCheck(
        "meta_description_length",
        1,
        "seo.description",
        lambda p: bool(p.seo_description),
        lambda p: not META_LEAST <= len(p.seo_description) <= META_MOST,
    ),
    AuditCheck("keyword_stuffing", 2, "description", _is_described, lambda p: keyword_density(p) > STUFFED),
    AuditCheck("poor_readability", 1, "description", lambda p: reading_ease(p) is not None, _too_hard),
    AuditCheck(
        "broken_html", 2, "description", lambda p: bool(p.description), lambda p: markup.is_broken(p.description)
    ),
    AuditCheck("missing_attributes", 1, "attributes", _always, lambda p: p.attributes == 0),
    AuditCheck("missing_price", 3, "price", _always, lambda p: not p.price),
    AuditCheck("all_caps_title", 1, "name", lambda p: bool(p.title), _all_caps),
)
BY_ID = {check.id: check for check in CHECKS}
IDS = tuple(BY_ID)
DUPLICATES = "duplicate_content"


def judge(product: ShopProduct, enabled: frozenset[str]) -> tuple[list[str], int, int]:
    """The issues of one product, and the weights of the failed and of all applicable checks (duplicates left out)."""
    issues: list[str] = []
    failed = applicable = 0
    for check in CHECKS:
        if check.id not in enabled or check.failed is None or not check.applies(product):
            continue
        applicable += check.weight
        if check.failed(product):
            failed += check.weight
            issues.append(check.id)
    return issues, failed, applicable


def fields_with_values(product: ShopProduct) -> set[str]:
    """The names of the fields that have a value in this product."""
    found = {
        "name": bool(product.title),
        "description": bool(product.description.strip()),
        "short_description": bool(product.short_description),
        "images": product.images > 0,
        "image_alt": product.images_without_alt is not None,
        "seo.title": bool(product.seo_title),
        "seo.description": bool(product.seo_description),
        "attributes": product.attributes > 0,
        "price": bool(product.price),
    }
    return {name for name, there in found.items() if there}


def scores(product: ShopProduct) -> Json:
    """Figures for the report: `{readability, keyword_density}`, 0 to 100 or None, and percent."""
    ease = reading_ease(product)
    return {"readability": ease, "keyword_density": round(keyword_density(product) * 100, 2)}


LEAST_WORDS = 30
_SENTENCE = re.compile(r"[.!?…]+(?:\s|$)")
_VOWELS = re.compile(r"[aeiouyäöüáéíóúàèìòùâêîôû]+", re.I)


def readability_score(blocks: list[str], words: list[str]) -> float | None:
    """How hard a text is to read, given as its blocks and words: from 0 (very hard) to 100 (very easy), by the measure
    that fits its language. None when it is shorter than `LEAST_WORDS`.

    English: Flesch (1948). German: Amstad (1978). Spanish: Fernández Huerta (1959). Italian: Gulpease (1988). Others:
    LIX (Björnsson 1968), inverted to the same scale. Vowel groups are counted as syllables.
    """
    if len(words) < LEAST_WORDS:
        return None
    sentences = max(1, sum(max(1, len(_SENTENCE.findall(block))) for block in blocks))
    per_sentence = len(words) / sentences
    language = detector.detect(" ".join(blocks[:40])[:4000])
    if language in ("en", "de", "es"):
        syllables = sum(_syllables(word, language) for word in words) / len(words)
        value = {
            "en": 206.835 - 1.015 * per_sentence - 84.6 * syllables,
            "de": 180 - per_sentence - 58.5 * syllables,
            "es": 206.84 - 1.02 * per_sentence - 60 * syllables,
        }[language]
    elif language == "it":
        letters = sum(map(len, words))
        value = 89 + (300 * sentences - 10 * letters) / len(words)
    else:
        long = sum(len(word) > 6 for word in words) / len(words) * 100
        value = 130 - 1.6 * (per_sentence + long) + 20
    return round(min(100.0, max(0.0, value)), 1)


def _syllables(word: str, language: str) -> int:
    count = len(_VOWELS.findall(word))
    if language == "en" and word.lower().endswith("e") and not word.lower().endswith("le") and count > 1:
        count -= 1
    return max(1, count)
