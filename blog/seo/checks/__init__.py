"""The checks of the score, in the order in which they are shown."""

from blog.seo.checks import appearance, keyphrase, readability
from blog.seo.checks.base import Paper, SeoCheck, SeoFinding

ALL: tuple[SeoCheck, ...] = (*keyphrase.CHECKS, *appearance.CHECKS, *readability.CHECKS)
