"""The prompt and the quote of a post. The prompt has fixed text, then the task, then the products as quoted data."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from billing import prices
from blog import products
from blog.models import BlogPost
from blog.templates import headings
from blog.writing import article
from integrations.ai import tokens
from integrations.ai.types import Brief, Image, Prompt
from projects.models import ContentItem
from scribe.types import Json
from writing import languages, templates
from writing.checks import glossary
from writing.facts import Facts
from writing.injection import without
from writing.prompts import FILL, numbers, system_of, user_text
from writing.settings import WritingSettings
from writing.text import cut, strip_html

KIND = "article"
WORDS = {"article": 900, "how_to": 900, "listicle": 900, "product_roundup": 1000, "comparison": 900, "news": 450}
SECTIONS = {"news": 3}
SCHEMA_TOKENS = 400
CEILING = 2
FORMS = {
    "article": "An article that explains its topic from the ground up.",
    "how_to": "A guide: what is needed, then the steps in order, each as a section or a list item.",
    "listicle": "A numbered list of points, each a section with a heading that says what it is about.",
    "product_roundup": "A round-up: one section per product that says for whom it is and what its facts are.",
    "comparison": "A comparison: the criteria first, then the products side by side (a table of their facts), then who should take which.",
    "news": "A short piece of news: what is new first, then the details.",
}


@dataclass(frozen=True)
class Assignment:
    """The content of a prompt, besides the settings. `source` is all that is known of topic and products."""

    topic: str
    source: Facts
    post_type: str
    words: int
    sections: list[str]
    products: list[Json]
    images: list[dict[str, str]] = field(default_factory=list)

    @property
    def section_count(self) -> int:
        return len(self.sections) or SECTIONS.get(self.post_type, max(5, min(10, len(self.products))))


@dataclass(frozen=True)
class PostQuote:
    """The expected and the highest cost of a post, in tokens and XCT. The highest is twice the expected cost. The bill
    never exceeds it."""

    input_tokens: int
    output_tokens: int
    xct_expected: Decimal
    xct_max: Decimal

    @property
    def tokens_max(self) -> int:
        return (self.input_tokens + self.output_tokens) * CEILING


def assignment(post: BlogPost, items: Sequence[ContentItem], images: list[dict[str, str]]) -> Assignment:
    structure = post.template.structure if post.template and isinstance(post.template.structure, dict) else {}
    wanted = structure.get("max_words") or structure.get("min_words") or structure.get("words")
    words = wanted if isinstance(wanted, int) and 100 <= wanted <= 4000 else WORDS[post.post_type]
    return Assignment(
        topic=without(strip_html(post.topic))[0],
        source=products.merge_facts(items, topic=post.topic),
        post_type=post.post_type,
        words=words,
        sections=headings(post.template),
        products=[
            {
                "id": str(item.pk),
                "name": products.name_of(item),
                "url": (post.product_links or {}).get(str(item.pk), ""),
                "facts": products.facts_of(item).as_data(),
            }
            for item in items
        ],
        images=images,
    )


def characters(assigned: Assignment, settings: WritingSettings) -> int:
    """The expected characters of the answer: the text, its markup and the short fields."""
    per_word = tokens.CHARS_PER_WORD.get(settings.language.split("-")[0], 6.0) + 1
    return int(assigned.words * per_word * 1.15) + 900


def output_tokens(assigned: Assignment, settings: WritingSettings) -> int:
    """The expected tokens of the answer."""
    return tokens.expected_output(characters(assigned, settings), settings.language, settings.provider)


def build(assigned: Assignment, settings: WritingSettings, images: tuple[Image, ...] = ()) -> Prompt:
    """The request for one post, its products cut to the model's context window."""
    system = system_text(assigned, settings)
    terms = glossary.prompt_text(assigned.source, settings.glossary)
    limit = output_tokens(assigned, settings) * 2
    room = int(settings.context_window * FILL) - tokens.images(len(images))
    spare = max(500, room - tokens.estimate(system + terms, "en", settings.provider) - limit)
    listed = _fit(assigned.products, spare, settings.provider)
    facts = {
        "topic": assigned.topic,
        "post_type": assigned.post_type,
        "products": listed,
        "images": assigned.images,
        "sections": assigned.sections,
    }
    return Prompt(
        system=system,
        user=user_text(facts, terms),
        schema=article.SCHEMA,
        schema_name="article",
        images=images,
        max_output_tokens=limit,
        brief=Brief(
            kind=KIND,
            language=settings.language,
            tone=settings.tone,
            facts=facts,
            wanted=article.WANTED,
            limits={
                "words": assigned.words,
                "sections": assigned.section_count,
                "seo_title": article.SEO_TITLE,
                "seo_description": article.SEO_DESCRIPTION,
            },
            instructions=settings.told,
        ),
    )


def quote(assigned: Assignment, settings: WritingSettings, *, rate: Decimal = Decimal(1), images: int = 0) -> PostQuote:
    """The quote of one post. `rate` is the organization's `token_rate_multiplier`."""
    built = build(assigned, settings)
    read = (
        tokens.estimate(built.system, "en", settings.provider)
        + tokens.estimate(built.user, "json", settings.provider)
        + SCHEMA_TOKENS
        + tokens.images(images)
    )
    written = output_tokens(assigned, settings)
    return PostQuote(
        input_tokens=read,
        output_tokens=written,
        xct_expected=prices.xct(read + written, settings, rate),
        xct_max=prices.xct((read + written) * CEILING, settings, rate),
    )


def system_text(assigned: Assignment, settings: WritingSettings) -> str:
    language = languages.find_variant(settings.language)
    name = language.name if language else settings.language
    lines = [
        FORMS[assigned.post_type],
        f"Write in {name} ({settings.language}).",
        numbers(settings.language, name),
        f"About {assigned.words} words, in {assigned.section_count} sections. First `outline`: the headings; then the text.",
        "`introduction`, `conclusion` and `sections[].html` are simple HTML: p, ul, ol, li, strong, em, table, blockquote, h3. No h1, h2, img.",
        'Link a product where it is first named: <a href="product:ID">its name</a>, with the id from the data. No other links.',
        "`seo.focus_keyword`: the two to four words that readers search for.",
        "Use it in the title's beginning, the first paragraph, some headings and the meta description; no more than reads well.",
        f"`seo.title` up to {article.SEO_TITLE} characters, `seo.description` 121 to {article.SEO_DESCRIPTION}, `excerpt` up to {article.EXCERPT}.",
        f"`image_alts`: one alternative text per entry of `images`, in its order, up to {article.ALT} characters, without “image of”.",
    ]
    if assigned.sections:
        lines.append(
            "The sections have these headings, in this order, translated if need be: " + " | ".join(assigned.sections)
        )
    return system_of(templates.active(KIND), lines, settings, tone=settings.tone_text)


def _fit(listed: list[Json], room: int, provider: str) -> list[Json]:
    """Fit the products into `room` tokens. Cuts their long texts evenly first, then drops the last products."""

    def size(rows: list[Json]) -> int:
        return tokens.estimate(json.dumps(rows, ensure_ascii=False), "json", provider)

    for limit in (4000, 1500, 600, 200, 0):
        rows = [{**row, "facts": _shorten(row["facts"], limit)} for row in listed]
        if size(rows) <= room:
            return rows
    while len(rows) > 1 and size(rows) > room:
        rows.pop()
    return rows


def _shorten(facts: Json, limit: int) -> Json:
    out = dict(facts)
    for key in ("description", "short_description"):
        if key in out:
            out[key] = cut(out[key], limit) if limit else ""
    return {key: value for key, value in out.items() if value}
