"""The health score of a store, by one formula.

    health = 100 × (1 − Σ weights of failed checks / Σ weights of applicable checks)

over all audited products. A check is applicable when it was asked for, the project's data carry its field, and it can be
asked of the product (a missing description is not also thin). Weights: 3 for missing_description, duplicate_content,
missing_images and missing_price; 2 for thin_content, missing_seo_title, missing_meta_description, keyword_stuffing and
broken_html; 1 for the others.
"""

from __future__ import annotations


def score(failed: int, applicable: int) -> float | None:
    """The score with one decimal, None when nothing was applicable."""
    return round(100 * (1 - failed / applicable), 1) if applicable else None
