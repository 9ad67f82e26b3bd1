"""The health score of a store, by one formula.

    health = 100 × (1 − Σ weights of failed checks / Σ weights of applicable checks)

The sums are over all audited products. A check is applicable when it was asked for, the project's data have its field,
and it applies to the product (a missing description is not also thin). Weights: 3 for missing_description,
duplicate_content, missing_images and missing_price; 2 for thin_content, missing_seo_title, missing_meta_description,
keyword_stuffing and broken_html; 1 for the others.
"""

from __future__ import annotations


def score(failed: int, applicable: int) -> float | None:
    """The score, 0 to 100 with one decimal, from sums of weights. None when no check was applicable."""
    return round(100 * (1 - failed / applicable), 1) if applicable else None
