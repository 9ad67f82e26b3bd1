"""The sixteen checks. Each is a rule with a weight. A check is skipped if the project's data can't have its field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scribe.language import detector
from studio.audits import markup, readability
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


def _described(product: ShopProduct) -> bool:
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
        product.figures["ease"] = readability.score(product.blocks, product.words)
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
    AuditCheck("thin_content", 2, "description", _described, lambda p: len(p.words) < THIN_WORDS),
    AuditCheck("missing_short_description", 1, "short_description", _always, lambda p: not p.short_description),
    AuditCheck("duplicate_content", 3, "description", _described, None),
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
    AuditCheck("keyword_stuffing", 2, "description", _described, lambda p: keyword_density(p) > STUFFED),
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


def carried(product: ShopProduct) -> set[str]:
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


def scores(product: ShopProduct) -> dict[str, Any]:
    """Figures for the report: `{readability, keyword_density}`, 0 to 100 or None, and percent."""
    ease = reading_ease(product)
    return {"readability": ease, "keyword_density": round(keyword_density(product) * 100, 2)}
