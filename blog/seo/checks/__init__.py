"""The checks of the score, in the order in which they are shown."""

from __future__ import annotations

from blog.seo.checks import appearance, keyphrase, readability
from blog.seo.checks.base import Check, Finding, Paper

ALL: tuple[Check, ...] = (*keyphrase.CHECKS, *appearance.CHECKS, *readability.CHECKS)

__all__ = ["ALL", "Check", "Finding", "Paper"]
