"""A preview of a product's facts: its name, the shop's own sentences, and the facts as a list."""

import html as markup
import re
from collections.abc import Callable

from integrations.ai.types import Brief
from scribe.types import Json
from writing.offline import facts, text
from writing.offline.phrases import Voice
from writing.slugs import slugify

SHORT, LONG = 200, 1000
MOST_LINES = 14
_PERCENT = re.compile(r"^\d+(?:[.,]\d+)?\s*%\s*")


def write(brief: Brief) -> Json:
    """Every wanted key that the writer knows. A thin source gives a short text without padding."""
    voice = Voice(brief.language, facts.read(brief.facts, brief.language))
    made: dict[str, Callable[[], object]] = {
        "name": lambda: text.cut(voice.product.name, 150),
        "short_description": lambda: short_description(voice, brief),
        "description": lambda: description(voice, brief),
        "bullet_points": lambda: bullet_points(voice, brief.limits.get("bullet_points", 6)),
        "attributes": lambda: attributes(voice),
        "tags": lambda: tags(voice, brief.limits.get("tags", 8)),
        "seo": lambda: seo(voice, brief),
    }
    return {key: made[key]() for key in brief.wanted if key in made}


def short_description(voice: Voice, brief: Brief) -> str:
    said = summary(voice, brief.limits.get("max_short_chars", SHORT))
    return f"<p>{markup.escape(said, quote=False)}</p>" if brief.use_html_short else said


def summary(voice: Voice, limit: int) -> str:
    """`Name – Brand: cotton, black, M.` and sentences of the shop, within `limit` characters."""
    said = text.cut(voice.title(), limit - 1)
    few = [words for fact in voice.in_order() if (words := voice.few(fact))]
    while few and len(f"{said}{voice.grammar.colon}{', '.join(few)}.") > limit:
        few.pop()
    said += f"{voice.grammar.colon}{', '.join(few)}." if few else "."
    for sentence in voice.product.sentences:
        if len(said) + 1 + len(sentence) > limit:
            break
        said = f"{said} {sentence}"
    return said


def description(voice: Voice, brief: Brief) -> str:
    """The description as HTML or as plain paragraphs, within `max_long_chars` of visible text."""
    limit = brief.limits.get("max_long_chars", LONG)
    title = text.cut(voice.title(), limit - 1) + "."
    heading = voice.grammar.details
    lines = voice.lines()[:MOST_LINES]
    reserve = min(limit // 3, sum(map(len, lines[:6])) + 20) if lines else 0
    own = _within(voice.product.sentences, limit - len(title) - reserve, between=1)
    left = limit - len(title) - sum(len(sentence) + 1 for sentence in own) - len(heading) - 1
    lines = _within(lines, left, between=3)
    if not brief.use_html:
        rows = ([f"{heading}:"] if heading else []) + [f"- {line}" for line in lines]
        return "\n\n".join(filter(None, (title, " ".join(own), "\n".join(rows) if lines else "")))
    head = f"<h3>{markup.escape(heading, quote=False)}</h3>" if heading else ""
    rows = [f"<li>{_strong(line)}</li>" for line in lines]
    return "".join(
        [
            f"<p><strong>{markup.escape(title[:-1], quote=False)}</strong>.</p>",
            f"<p>{markup.escape(' '.join(own), quote=False)}</p>" if own else "",
            f"{head}<ul>{''.join(rows)}</ul>" if rows else "",
        ]
    )


def _within(parts: list[str], room: int, *, between: int) -> list[str]:
    """The first of `parts` that fit into `room` characters, with so many between them."""
    kept = []
    for part in parts:
        room -= len(part) + between
        if room < 0:
            break
        kept.append(part)
    return kept


def _strong(line: str) -> str:
    """The label of a list line in bold."""
    label, colon, value = re.match(r"([^:]{1,60}?)(\s?:\s)(.*)|", line).groups()  # type: ignore[union-attr]
    if not colon:
        return markup.escape(line, quote=False)
    return f"<strong>{markup.escape(label, quote=False)}{colon.rstrip()}</strong> {markup.escape(value, quote=False)}"


def bullet_points(voice: Voice, most: int) -> list[str]:
    return list(dict.fromkeys(voice.lines()))[:most] or [voice.product.name]


def attributes(voice: Voice) -> dict[str, str]:
    out = {}
    if voice.product.brand and voice.known:
        out[voice.grammar.brand] = voice.product.brand
    for fact in voice.product.facts:
        said, _ = voice.value(fact)
        out.setdefault(voice.label(fact), ", ".join(said))
    return out


def tags(voice: Voice, most: int) -> list[str]:
    """Search words: the shop's own where the language fits, category, brand, colour, material."""
    product = voice.product
    fits = not product.language or product.language == voice.code or not voice.known
    out = [tag for tag in product.tags if fits]
    for category in product.categories:
        word, sure = voice.word("category", category)
        if sure or not voice.known:
            out.append(word)
    if product.brand:
        out.append(product.brand)
    for fact in voice.in_order():
        if fact.kind in ("material", "colour", "audience"):
            said, sure = voice.value(fact)
            out += [_PERCENT.sub("", value) for value in said] if sure else []
    name = text.cut(product.name, 40)
    lower = [tag.lower() if voice.code != "de" else tag for tag in [*out, name] if 2 <= len(tag) <= 40]
    seen: dict[str, str] = {}
    for tag in lower:
        seen.setdefault(tag.lower(), tag)
    return list(seen.values())[:most]


def seo(voice: Voice, brief: Brief) -> dict[str, str]:
    return {
        "title": seo_title(voice, brief.limits.get("seo_title", 60)),
        "description": summary(voice, brief.limits.get("seo_description", 160)),
        "slug": slugify(voice.product.name, voice.language),
        "focus_keyword": focus_keyword(voice),
    }


def seo_title(voice: Voice, limit: int) -> str:
    """`Name | Brand`, or the category where it is known in the language."""
    product = voice.product
    title = text.cut(product.name, limit)
    word, sure = voice.word("category", product.category)
    extra = product.brand or (text.capital(word) if sure else "")
    candidate = f"{title} | {extra}"
    return candidate if extra and extra.lower() not in title.lower() and len(candidate) <= limit else title


def focus_keyword(voice: Voice) -> str:
    """The name's own words, at most four, without brand, codes and sizes."""
    name = (
        re.sub(re.escape(voice.product.brand), " ", voice.product.name, flags=re.I)
        if voice.product.brand
        else voice.product.name
    )
    words = [w for w in re.findall(r"[^\W_]+(?:[-’'][^\W_]+)*", name) if not any(c.isdigit() for c in w) and len(w) > 1]
    chosen = words[:4] or re.findall(r"[^\W_]+", voice.product.name)[:4]
    return " ".join(chosen).lower()
