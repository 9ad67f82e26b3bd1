"""A product's texts from its facts: opening, the shop's own sentences, facts in sentences, details as a list."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Callable
from typing import Any

from integrations.ai.types import Brief
from writing.offline import facts, text
from writing.offline import phrases as phrasing
from writing.offline.facts import Fact
from writing.offline.phrases import Voice

SHORT, LONG = 200, 1000
MOST_SENTENCES = 6
MOST_LINES = 14
_PERCENT = re.compile(r"^\d+(?:[.,]\d+)?\s*%\s*")


def write(brief: Brief) -> dict[str, Any]:
    """Every wanted key that the writer knows. A thin source gives a short text without padding."""
    voice = Voice(brief.language, brief.tone, facts.read(brief.facts, brief.language))
    made: dict[str, Callable[[], Any]] = {
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
    limit = brief.limits.get("max_short_chars", SHORT)
    said = summary(voice, limit)
    for sentence in voice.product.sentences:
        if len(said) + 1 + len(sentence) > limit:
            break
        said = f"{said} {sentence}"
    return f"<p>{markup.escape(said, quote=False)}</p>" if brief.use_html_short else said


def summary(voice: Voice, limit: int) -> str:
    """`Name by Brand for men: made of cotton, in black, size M.` within `limit` characters."""
    for category in (True, False):
        start = voice.it(category=category)
        if len(start) + 1 <= limit:
            break
    else:
        return text.cut(voice.product.name, limit)
    phrases = [phrase for fact in in_order(voice) if (phrase := voice.phrase(fact))]
    kept: list[str] = []
    for phrase in phrases:
        if len(f"{start}: {', '.join([*kept, phrase])}.") <= limit:
            kept.append(phrase)
    if not kept:
        return start + "."
    return f"{start}{voice.grammar.colon}{', '.join(kept)}."


def in_order(voice: Voice) -> list[Fact]:
    """The facts, the most informative first."""
    rank = {kind: number for number, kind in enumerate(phrasing.ORDER)}
    return sorted(voice.product.facts, key=lambda fact: rank.get(fact.kind, len(rank)))


def told(voice: Voice) -> tuple[list[str], list[Fact]]:
    """Facts as sentences, and the facts that the sentences cover."""
    out: list[str] = []
    covered: list[Fact] = []
    audience = voice.product.get("gender")
    if audience and voice.grammar.for_audience and voice.value(audience)[1]:
        covered.append(audience)  # the opening names it
    for fact in in_order(voice):
        if len(out) >= MOST_SENTENCES:
            break
        if fact in covered:
            continue
        if fact.key in ("length", "width", "height", "depth"):
            sentence, used = voice.box(voice.product.facts, first=not out)
            if sentence:
                out.append(sentence)
                covered += used
                continue
        if sentence := voice.sentence(fact, first=not out):
            out.append(sentence)
            covered.append(fact)
    return out, covered


def description(voice: Voice, brief: Brief) -> str:
    """The description as HTML or as plain paragraphs, within `max_long_chars` of visible text."""
    limit = brief.limits.get("max_long_chars", LONG)
    page = _Page(limit, brief.use_html)
    said, covered = told(voice)
    lines = _lines(voice, covered)
    page.paragraph([text.cut(voice.opening(), limit)], name=voice.product.name)
    reserve = min(limit // 3, sum(map(len, lines[:6])) + 20) if lines else 0
    own = voice.product.sentences
    if voice.group == "short":
        page.paragraph(said, reserve=reserve)
        page.list(voice.grammar.headings["details"][1], lines)
        page.paragraph(own)
    else:
        page.paragraph(own, reserve=reserve)
        page.paragraph(said, reserve=reserve)
        page.list(voice.grammar.headings["details"][0], lines)
    return page.text()


def _lines(voice: Voice, covered: list[Fact]) -> list[str]:
    """The details as a list: those that no sentence has said yet, or all of them when that would be a single line."""
    rest = [fact for fact in voice.product.facts if fact not in covered]
    if len(rest) == 1 and len(covered) > 1:
        rest = voice.product.facts
    lines = [voice.line(fact) for fact in rest]
    if voice.product.category and voice.known:
        word, sure = voice.word("category", voice.product.category)
        if not sure:  # the opening could not say it
            lines.append(f"{voice.grammar.words['category']}{voice.grammar.colon}{word}")
    return lines[:MOST_LINES]


class _Page:
    """Paragraphs and lists within a limit of visible characters."""

    def __init__(self, limit: int, use_html: bool) -> None:
        self.left = limit
        self.use_html = use_html
        self.blocks: list[str] = []

    def paragraph(self, sentences: list[str], *, name: str = "", reserve: int = 0) -> None:
        kept: list[str] = []
        for sentence in sentences:
            if len(sentence) + 1 > self.left - (reserve if self.blocks else 0):
                break
            kept.append(sentence)
            self.left -= len(sentence) + 1
        if not kept:
            return
        body = " ".join(kept)
        if not self.use_html:
            self.blocks.append(body)
            return
        body = markup.escape(body, quote=False)
        if name:
            safe = markup.escape(name, quote=False)
            body = body.replace(safe, f"<strong>{safe}</strong>", 1)
        self.blocks.append(f"<p>{body}</p>")

    def list(self, heading: str, lines: list[str], *, reserve: int = 0) -> None:
        room = self.left - reserve - len(heading) - 1
        kept: list[str] = []
        for line in lines:
            if len(line) + 3 <= room:
                kept.append(line)
                room -= len(line) + 3
        if not kept:
            return
        self.left = room + reserve
        if self.use_html:
            rows = "".join(f"<li>{_strong(line)}</li>" for line in kept)
            head = f"<h3>{markup.escape(heading, quote=False)}</h3>" if heading else ""
            self.blocks.append(f"{head}<ul>{rows}</ul>")
        else:
            head = f"{heading}:\n" if heading else ""
            self.blocks.append(head + "\n".join(f"- {line}" for line in kept))

    def text(self) -> str:
        return ("" if self.use_html else "\n\n").join(self.blocks)


def _strong(line: str) -> str:
    """The label of a list line in bold."""
    label, colon, value = re.match(r"([^:]{1,60}?)(\s?:\s)(.*)|", line).groups()  # type: ignore[union-attr]
    if not colon:
        return markup.escape(line, quote=False)
    return f"<strong>{markup.escape(label, quote=False)}{colon.rstrip()}</strong> {markup.escape(value, quote=False)}"


def bullet_points(voice: Voice, most: int) -> list[str]:
    out: list[str] = []
    for fact in in_order(voice):
        if len(out) >= most:
            break
        phrase = voice.phrase(fact) if fact.kind in ("material", "colour") else ""
        out.append(text.capital(phrase) if phrase else voice.line(fact))
    if not out and voice.product.category:
        word, _ = voice.word("category", voice.product.category)
        out.append(text.capital(word))
    if not out and voice.product.brand:
        out.append(f"{voice.grammar.words['brand']}{voice.grammar.colon}{voice.product.brand}".lstrip(": "))
    return list(dict.fromkeys(out))[:most]


def attributes(voice: Voice) -> dict[str, str]:
    out = {}
    if voice.product.brand and voice.known:
        out[voice.grammar.words["brand"]] = voice.product.brand
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
    for fact in in_order(voice):
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
    name = voice.product.name
    return {
        "title": seo_title(voice, brief.limits.get("seo_title", 60)),
        "description": seo_description(voice, brief.limits.get("seo_description", 160)),
        "slug": text.slug(name),
        "focus_keyword": focus_keyword(voice),
    }


def seo_title(voice: Voice, limit: int) -> str:
    product = voice.product
    title = text.cut(product.name, limit)
    extra = [p for f in in_order(voice) if f.kind in ("material", "colour", "audience") and (p := voice.phrase(f))]
    if extra and len(candidate := f"{title} {extra[0]}") <= limit and extra[0].lower() not in title.lower():
        title = candidate
    if product.brand and product.brand.lower() not in title.lower():
        candidate = f"{title} | {product.brand}"
        title = candidate if len(candidate) <= limit else title
    elif product.category and "|" not in title:
        word, sure = voice.word("category", product.category)
        candidate = f"{title} | {text.capital(word)}"
        if sure and word.lower() not in title.lower() and len(candidate) <= limit:
            title = candidate
    return title


def seo_description(voice: Voice, limit: int) -> str:
    """120 to 160 characters where the facts allow it, in whole sentences."""
    out = summary(voice, limit)
    phrased = [fact for fact in voice.product.facts if voice.phrase(fact)]
    more = [*voice.product.sentences]
    more += [voice.line(f) + "." for f in voice.product.facts if f not in phrased]
    for sentence in more:
        if len(out) >= 120:
            break
        if len(out) + 1 + len(sentence) <= limit and sentence not in out:
            out = f"{out} {sentence}"
    for filler in (voice.grammar.words["more"], voice.grammar.words["more_short"]):
        if filler and len(out) < 120 and len(out) + 1 + len(filler) <= limit:
            out = f"{out} {filler}"
            break
    return out


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
