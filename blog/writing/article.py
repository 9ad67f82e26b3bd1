"""An article as a model answers it: the schema that asks for it, and the parts, cleaned."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from blog import content, products
from blog.models import BlogPost
from integrations.ai.schema import TEXT, an_object
from scribe.api.fields import utc
from scribe.messages import _
from scribe.types import Json, ReadOnlyJson
from writing.output import Unusable
from writing.slugs import slugify
from writing.text import cut, of_html, plain_line

SCHEMA = an_object(
    outline={"type": "array", "items": TEXT},
    title=TEXT,
    excerpt=TEXT,
    introduction=TEXT,
    sections={"type": "array", "items": an_object(heading=TEXT, html=TEXT)},
    conclusion=TEXT,
    tags={"type": "array", "items": TEXT},
    seo=an_object(title=TEXT, description=TEXT, focus_keyword=TEXT),
    image_alts={"type": "array", "items": TEXT},
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

    def as_data(self) -> Json:
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


def accept(data: ReadOnlyJson, *, links: Mapping[str, str], language: str) -> Article:
    """Read the article from an answer's `data`. Only the addresses in `links` (of the post's products, by item id) stay
    links, because models invent addresses. Raises Unusable for missing or empty parts, or too long an answer."""
    if len(str(data)) > MOST_CHARACTERS:
        raise Unusable("too_long", _("The AI's answer is far too long."))
    for key in ("title", "introduction", "sections", "seo"):
        if key not in data:
            raise Unusable("schema", _("The AI's answer has no “{key}”.", key=key))

    def html(value: object) -> str:
        return content.sanitize(
            content.with_product_links(content.paragraphs(value), links), only_links=frozenset(links.values())
        )

    title = cut(plain_line(data.get("title")), 200)
    sections = [
        {"heading": cut(plain_line(row.get("heading")), 200), "html": html(row.get("html"))}
        for row in _list(data.get("sections"))
        if isinstance(row, Mapping)
    ]
    introduction = html(data.get("introduction"))
    if not title or not of_html(introduction + "".join(s["html"] for s in sections)).strip():
        raise Unusable("empty_field", _("The AI left the title or the text empty."))
    given = data.get("seo")
    seo: ReadOnlyJson = given if isinstance(given, Mapping) else {}
    excerpt = cut(plain_line(data.get("excerpt")), EXCERPT) or cut(of_html(introduction), EXCERPT)
    meta = {
        "title": cut(plain_line(seo.get("title")) or title, SEO_TITLE),
        "description": cut(plain_line(seo.get("description")) or excerpt, SEO_DESCRIPTION),
        "focus_keyword": cut(plain_line(seo.get("focus_keyword")), 80),
    }
    return Article(
        title=title,
        excerpt=excerpt,
        slug=slugify(title, language, limit=80),
        introduction=introduction,
        sections=[s for s in sections if s["heading"] or s["html"]],
        conclusion=html(data.get("conclusion")),
        outline=[line for row in _list(data.get("outline"))[:30] if (line := cut(plain_line(row), 200))],
        tags=list(dict.fromkeys(tag for row in _list(data.get("tags"))[:10] if (tag := cut(plain_line(row), 60)))),
        seo_meta={key: value for key, value in meta.items() if value},
        image_alts=[cut(plain_line(row), ALT) for row in _list(data.get("image_alts"))[:20]],
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def remember_structured_data(post: BlogPost) -> None:
    """Set the schema.org data on the row, without saving. To be repeated when its texts or its address change."""
    items = products.items_by_id(post.source_item_ids, post.organization_id) if post.content else []
    about = [{"name": products.name_of(item), "url": post.product_links.get(str(item.pk), "")} for item in items]
    post.structured_data = structured_data(post, about) if post.content else {}


def structured_data(post: BlogPost, about: list[dict[str, str]]) -> Json:
    """The post's schema.org data (BlogPosting, or NewsArticle for news), of its row alone: no model is asked, and there
    are neither ratings nor prices. `about`: `{name, url}` of each product of the post."""
    meta = post.seo_meta or {}
    data: Json = {
        "@context": "https://schema.org",
        "@type": "NewsArticle" if post.post_type == "news" else "BlogPosting",
        "headline": post.title[:110],
        "description": meta.get("description") or post.excerpt,
        "inLanguage": post.language,
        "wordCount": post.word_count,
        "keywords": ", ".join(post.tags) if post.tags else meta.get("focus_keyword"),
        "image": [post.featured_image_url] if post.featured_image_url else None,
        "author": {"@type": "Organization", "name": post.organization.name},
        "publisher": {"@type": "Organization", "name": post.organization.name},
        "datePublished": utc(post.published_at),
        "dateModified": utc(timezone.now()),
        "mainEntityOfPage": post.published_url or None,
        "mentions": [
            {"@type": "Product", "name": row["name"], **({"url": row["url"]} if row.get("url") else {})}
            for row in about
        ],
    }
    return {key: value for key, value in data.items() if value not in (None, "", [], 0)}
