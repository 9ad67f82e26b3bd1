"""What the score knows about a language: its function words, connectors, and how its word forms fold together."""

from blog.seo.languages.base import LanguageRules
from blog.seo.languages.english import ENGLISH
from blog.seo.languages.german import GERMAN
from blog.seo.languages.serbian import SERBIAN

_KNOWN = {language.code: language for language in (ENGLISH, GERMAN, SERBIAN)}


def find(code: str) -> LanguageRules:
    """The rules for a tag such as `de`, `en-GB` or `sr-Latn`. Checks that need a known language skip an unknown one."""
    tag = (code or "").replace("_", "-").lower()
    primary = tag.split("-", 1)[0]
    return _KNOWN.get(primary) or LanguageRules(code=tag or "und")
