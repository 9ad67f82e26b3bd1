"""A preview of a blog post from a topic and products: what the shop states about each, with a link."""

import html as markup

from integrations.ai.types import Brief
from scribe.types import Json
from writing.offline import facts, grammar, product, text
from writing.offline.phrases import Voice
from writing.slugs import slugify

MOST_PRODUCTS = 12
MOST_LINES = 8


def write(brief: Brief) -> Json:
    """`facts`: `{topic, products: [{id, name, url, facts}], images: [{product_name}], sections: [heading]}`.

    Answers `{outline, title, excerpt, introduction, sections: [{heading, html}], conclusion, tags, slug, seo,
    image_alts}`; products are linked as `<a href="product:ID">`.
    """
    voices = [
        voice
        for entry in (brief.facts.get("products") or [])[:MOST_PRODUCTS]
        if isinstance(entry, dict) and (voice := _voice(entry, brief.language)).product.name
    ]
    topic = text.cut(text.line(brief.facts.get("topic") or ""), 120).rstrip(".")
    topic = topic or (voices[0].product.name if voices else "")
    said = grammar.grammar_for(brief.language)
    intro, excerpt = (text.capital(form.format(topic=topic)) for form in (said.intro, said.excerpt))
    sections = [_about(voice, brief, len(voices)) for voice in voices]
    sections = _under(sections or [{"heading": topic, "html": _paragraph([excerpt])}], brief)
    title, seo_limit = text.cut(topic, 110), brief.limits.get("seo_description", 155)
    names = ", ".join(text.cut(voice.product.name, 60) for voice in voices[:4])
    made: Json = {
        "outline": [section["heading"] for section in sections],
        "title": title,
        "excerpt": text.cut(" ".join(filter(None, (excerpt, names))), 300),
        "introduction": _paragraph([intro]),
        "sections": sections,
        "conclusion": "",
        "tags": list(dict.fromkeys(tag for voice in voices[:4] for tag in product.tags(voice, 3)))[
            : brief.limits.get("tags", 8)
        ],
        "slug": slugify(title, brief.language),
        "seo": {
            "title": text.cut(title, brief.limits.get("seo_title", 60)),
            "description": text.cut(f"{excerpt} {names}".strip(), seo_limit),
            "slug": slugify(title, brief.language),
            "focus_keyword": " ".join(topic.lower().split()[:5]),
        },
        "image_alts": [
            text.cut(text.line((image or {}).get("product_name") or "") or topic, 125)
            for image in brief.facts.get("images") or []
        ],
    }
    wanted = brief.wanted or tuple(made)
    return {key: value for key, value in made.items() if key in wanted}


def _voice(entry: Json, language: str) -> Voice:
    stored = entry.get("facts") or entry.get("source_data") or {}
    read = facts.read({"name": entry.get("name"), **stored}, language)
    read.id = str(entry.get("id") or "")
    return Voice(language, read)


def _about(voice: Voice, brief: Brief, products: int) -> dict[str, str]:
    """One product: a link, usable sentences of the shop, and its facts as a list."""
    budget = max(300, brief.limits.get("words", 900) * 6 // max(1, products))
    own: list[str] = []
    for sentence in voice.product.sentences:
        if sum(map(len, own)) + len(sentence) > budget:
            break
        own.append(sentence)
    name = markup.escape(voice.product.name, quote=False)
    link = f'<a href="product:{markup.escape(voice.product.id)}">{name}</a>' if voice.product.id else name
    lead = markup.escape(voice.title(), quote=False).replace(name, link, 1)
    rows = "".join(f"<li>{markup.escape(line, quote=False)}</li>" for line in voice.lines()[:MOST_LINES])
    html = f"<p>{lead}.</p>{_paragraph(own)}" + (f"<ul>{rows}</ul>" if rows else "")
    return {"heading": text.cut(voice.product.name, 110), "html": html}


def _under(sections: list[dict[str, str]], brief: Brief) -> list[dict[str, str]]:
    """Put the sections under the headings that a template asks for, in order. Sections beyond the headings keep their
    own heading."""
    headings = [heading for heading in map(text.line, brief.facts.get("sections") or []) if heading]
    for section, heading in zip(sections, headings, strict=False):
        section["heading"] = heading
    return sections


def _paragraph(sentences: list[str]) -> str:
    body = " ".join(sentence for sentence in sentences if sentence)
    return f"<p>{markup.escape(body, quote=False)}</p>" if body else ""
