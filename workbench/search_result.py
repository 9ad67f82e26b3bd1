"""An item as a search engine's page shows it: title, address and description, cut as there."""

from dataclasses import dataclass

from scribe.types import Json
from writing.fields import BY_NAME
from writing.settings import WritingSettings
from writing.text import cut, plain

LONGEST = 160  # characters of a description


@dataclass(frozen=True, slots=True)
class SearchResult:
    title: str
    address: str
    description: str


def search_result(content: Json, settings: WritingSettings) -> SearchResult | None:
    """The result for `content`, or None for a content without SEO fields. What has no SEO text takes the item's own."""
    if not content.get("seo"):
        return None
    title, described = _first(content, "seo.title", "name"), _first(content, "seo.description", "short_description")
    slug = _first(content, "seo.slug")
    return SearchResult(
        title=_shorten(title, BY_NAME["seo.title"].limit_in(settings)),
        address=" › ".join(part for part in (settings.shop_host, slug) if part),
        description=_shorten(plain(described), LONGEST),
    )


def _first(content: Json, *names: str) -> str:
    return next((str(value) for name in names if (value := BY_NAME[name].of(content))), "")


def _shorten(text: str, most: int) -> str:
    return text if len(text) <= most else f"{cut(text, most - 1)}…"
