"""An article as a model answers it: the schema that asks for it, and the parts, cleaned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from blog import content
from writing.output import Unusable
from writing.slugs import slugify
from writing.text import cut, of_html, plain

_TEXT: dict[str, Any] = {"type": "string"}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


SCHEMA = _object(
    outline={"type": "array", "items": _TEXT},
    title=_TEXT,
    excerpt=_TEXT,
    introduction=_TEXT,
    sections={"type": "array", "items": _object(heading=_TEXT, html=_TEXT)},
    conclusion=_TEXT,
    tags={"type": "array", "items": _TEXT},
    seo=_object(title=_TEXT, description=_TEXT, focus_keyword=_TEXT),
    image_alts={"type": "array", "items": _TEXT},
)
WANTED = tuple(SCHEMA["properties"])
LONGEST = 20_000  # characters of an article
EXCERPT, SEO_TITLE, SEO_DESCRIPTION, ALT = 300, 60, 156, 125
MOST_CHARACTERS = 120_000


@dataclass(frozen=True)
class Article:
    """The cleaned parts. Links to products are in place. `body` puts figures between the sections."""

    title: str
    excerpt: str
    slug: str
    introduction: str
    sections: list[dict[str, str]]
    conclusion: str
    outline: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    seo_meta: dict[str, str] = field(default_factory=dict)
    image_alts: list[str] = field(default_factory=list)

    def body(self, figures: tuple[str, ...] = ()) -> str:
        parts = {"introduction": self.introduction, "sections": self.sections, "conclusion": self.conclusion}
        return content.compose(parts, figures=figures)

    def as_data(self) -> dict[str, Any]:
        """The article in the form of a model's answer, for the repair round."""
        return {
            "outline": self.outline,
            "title": self.title,
            "excerpt": self.excerpt,
            "introduction": self.introduction,
            "sections": self.sections,
            "conclusion": self.conclusion,
            "tags": self.tags,
            "seo": self.seo_meta,
            "image_alts": self.image_alts,
        }


def accept(data: Mapping[str, Any], *, links: Mapping[str, str], language: str) -> Article:
    """Read the article from an answer's `data`. Only the addresses in `links` (of the post's products, by item id) stay
    links, because models invent addresses. Raises Unusable for missing or empty parts, or too long an answer."""
    if len(str(data)) > MOST_CHARACTERS:
        raise Unusable("too_long", "The model's answer is far too long.")
    for key in ("title", "introduction", "sections", "seo"):
        if key not in data:
            raise Unusable("schema", f"The model's answer lacks “{key}”.")

    def html(value: Any) -> str:
        return content.sanitize(
            content.with_product_links(content.paragraphs(value), links), only_links=frozenset(links.values())
        )

    title = cut(_plain(data.get("title")), 200)
    sections = [
        {"heading": cut(_plain(row.get("heading")), 200), "html": html(row.get("html"))}
        for row in _list(data.get("sections"))
        if isinstance(row, Mapping)
    ]
    introduction = html(data.get("introduction"))
    if not title or not of_html(introduction + "".join(s["html"] for s in sections)).strip():
        raise Unusable("empty_field", "The model left the title or the text empty.")
    given = data.get("seo")
    seo: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    excerpt = cut(_plain(data.get("excerpt")), EXCERPT) or cut(of_html(introduction), EXCERPT)
    meta = {
        "title": cut(_plain(seo.get("title")) or title, SEO_TITLE),
        "description": cut(_plain(seo.get("description")) or excerpt, SEO_DESCRIPTION),
        "focus_keyword": cut(_plain(seo.get("focus_keyword")), 80),
    }
    return Article(
        title=title,
        excerpt=excerpt,
        slug=slugify(title, language, limit=80),
        introduction=introduction,
        sections=[s for s in sections if s["heading"] or s["html"]],
        conclusion=html(data.get("conclusion")),
        outline=[line for row in _list(data.get("outline"))[:30] if (line := cut(_plain(row), 200))],
        tags=list(dict.fromkeys(tag for row in _list(data.get("tags"))[:10] if (tag := cut(_plain(row), 60)))),
        seo_meta={key: value for key, value in meta.items() if value},
        image_alts=[cut(_plain(row), ALT) for row in _list(data.get("image_alts"))[:20]],
    )


def _plain(value: Any) -> str:
    return " ".join(plain(str(value or "")).split())


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
