"""A blog post from a topic and products. It uses only their facts, in an order that depends on the kind of post."""

from __future__ import annotations

import html as markup
from typing import Any

from integrations.ai.types import Brief
from writing.offline import facts, languages, phrases, product, text
from writing.offline.facts import Fact, ProductFacts
from writing.offline.phrases import Voice

MOST_PRODUCTS = 12


def write(brief: Brief) -> dict[str, Any]:
    """`facts`: `{topic, post_type, products: [{id, name, url, facts}], images: [{product_name}], sections: [heading]}`.

    Answers `{outline, title, excerpt, introduction, sections: [{heading, html}], conclusion, tags, seo, image_alts}`;
    products are linked as `<a href="product:ID">`.
    """
    return _Article(brief).data()


class _Article:
    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        self.kind = str(brief.facts.get("post_type") or "article")
        self.topic = text.cut(text.line(brief.facts.get("topic") or ""), 120).rstrip(".")
        self.voices = [
            Voice(brief.language, brief.tone, self._product(entry))
            for entry in (brief.facts.get("products") or [])[:MOST_PRODUCTS]
            if isinstance(entry, dict)
        ]
        self.voices = [voice for voice in self.voices if voice.product.name]
        if not self.topic and self.voices:
            self.topic = self.voices[0].product.name
        self.voice = Voice(
            brief.language, brief.tone, ProductFacts(name=self.topic, language=languages.base(brief.language))
        )
        self.words = self.voice.grammar.article

    def _product(self, entry: dict[str, Any]) -> ProductFacts:
        stored = entry.get("facts") or entry.get("source_data") or {}
        read = facts.read({"name": entry.get("name"), **stored}, self.brief.language)
        read.id, read.url = str(entry.get("id") or ""), str(entry.get("url") or "")
        return read

    def data(self) -> dict[str, Any]:
        sections = self._sections()
        made: dict[str, Any] = {
            "outline": [section["heading"] for section in sections],
            "title": self._title(),
            "excerpt": text.cut(self._excerpt(), 300),
            "introduction": self._introduction(),
            "sections": sections,
            "conclusion": self._conclusion(),
            "tags": self._tags(),
            "seo": self._seo(),
            "image_alts": self._image_alts(),
        }
        made["slug"] = text.slug(made["title"])
        wanted = self.brief.wanted or tuple(made)
        return {key: value for key, value in made.items() if key in wanted}

    # --- around the sections ---------------------------------------------------------------------------------------

    def _names(self, most: int = 4, limit: int = 400) -> str:
        names = [text.cut(voice.product.name, 60) for voice in self.voices[:most]]
        if len(self.voices) > most:
            names.append("…")
            return text.cut(", ".join(names), limit)
        return text.cut(self.voice.grammar.join(names), limit)

    def _say(self, key: str, **more: Any) -> str:
        return text.capital(
            self.words[key].format(**{"topic": self.topic, "names": self._names(), "n": len(self.voices), **more})
        )

    def _title(self) -> str:
        key = f"title_{self.kind}"
        if not self.voices and self.kind in ("comparison", "listicle", "product_roundup"):
            key = "title"
        return text.cut(self._say(key if key in self.words else "title"), 110)

    def _introduction(self) -> str:
        parts = [self._say("intro")]
        if self.kind == "news" and self.voices:
            parts.append(self._say("intro_news"))
        elif self.kind == "comparison" and len(self.voices) > 1:
            parts.append(self._say("intro_comparison"))
        else:
            parts.append(self._say("intro_products" if self.voices else "intro_none"))
        if self.kind == "how_to":
            parts.append(self._say("intro_how_to"))
        return _paragraph(parts)

    def _conclusion(self) -> str:
        return _paragraph([self._say("closing_text" if self.voices else "closing_none")])

    def _excerpt(self) -> str:
        return self._say("excerpt" if self.voices else "excerpt_none")

    def _seo(self) -> dict[str, str]:
        limits = self.brief.limits
        most = limits.get("seo_description", 155)
        description = self._say("description" if self.voices else "excerpt_none")
        if len(description) > most:
            description = self._say("description", names=self._names(1, 60))
        for filler in (self._say("intro"), self.voice.grammar.words["more"]):
            if filler and len(description) < 120 and len(description) + len(filler) + 1 <= most:
                description = f"{description} {filler}"
        words = self.topic.lower().split()
        return {
            "title": text.cut(self._title(), limits.get("seo_title", 60)),
            "description": text.cut(description, most),
            "slug": text.slug(self._title()),
            "focus_keyword": " ".join(words[:5]),
        }

    def _tags(self) -> list[str]:
        out: list[str] = []
        for voice in self.voices[:4]:
            out += product.tags(voice, 3)
        return list(dict.fromkeys(out))[: self.brief.limits.get("tags", 8)]

    def _image_alts(self) -> list[str]:
        alts = []
        for image in self.brief.facts.get("images") or []:
            name = text.line((image or {}).get("product_name") or "") or self.topic
            known = next((v for v in self.voices if v.product.name == name), None)
            colour = known.product.get("color") if known else None
            phrase = known.phrase(colour) if known and colour else ""
            alts.append(text.cut(", ".join(filter(None, (name, phrase))), 125))
        return alts

    # --- sections --------------------------------------------------------------------------------------------------

    def _sections(self) -> list[dict[str, str]]:
        own = {
            "how_to": self._how_to,
            "comparison": self._comparison,
            "listicle": self._listicle,
        }.get(self.kind, self._plain)
        sections = own() if self.voices else []
        if not sections or self.kind == "how_to":
            sections.insert(0, self._questions())
        sections = [section for section in sections if section["heading"] and section["html"]]
        if not sections:
            sections = [{"heading": self.topic, "html": _paragraph([self._say("intro")])}]
        return self._under(sections)

    def _under(self, sections: list[dict[str, str]]) -> list[dict[str, str]]:
        """Put the sections under the headings that a template asks for, in order. Sections beyond the headings keep
        their own heading."""
        headings = [h for h in map(text.line, self.brief.facts.get("sections") or []) if h]
        if not headings:
            return sections
        out = []
        for number, heading in enumerate(headings):
            if number < len(sections):
                out.append({"heading": heading, "html": sections[number]["html"]})
        return out + sections[len(headings) :]

    def _questions(self) -> dict[str, str]:
        return {"heading": self._say("questions"), "html": _paragraph([self._say("questions_text")])}

    def _plain(self) -> list[dict[str, str]]:
        sections = [self._about(voice, voice.product.name) for voice in self.voices]
        if len(self.voices) > 1 and (table := self._table()):
            sections.append({"heading": self._say("overview"), "html": table})
        return sections

    def _listicle(self) -> list[dict[str, str]]:
        return [self._about(voice, f"{number}. {voice.product.name}") for number, voice in enumerate(self.voices, 1)]

    def _comparison(self) -> list[dict[str, str]]:
        sections = []
        if len(self.voices) > 1 and (table := self._table()):
            sections.append({"heading": self._say("table"), "html": table + self._differences()})
        return sections + [self._about(voice, voice.product.name) for voice in self.voices]

    def _how_to(self) -> list[dict[str, str]]:
        """One step per detail that the products state, the most common first."""
        sections = []
        for number, (label, rows) in enumerate(self._shared()[:5], 1):
            lines = [self._say("is", name=_link(voice), v=markup.escape(value, quote=False)) for voice, value in rows]
            body = (
                _paragraph([self._say("step_text", label=label)])
                + "<ul>"
                + "".join(f"<li>{line}</li>" for line in lines)
                + "</ul>"
            )
            sections.append({"heading": self._say("step", n=number, label=label), "html": body})
        return sections or [self._about(voice, voice.product.name) for voice in self.voices]

    def _about(self, voice: Voice, heading: str) -> dict[str, str]:
        """One product: what it is, usable sentences of the shop, its facts, the other details as a list, and a link."""
        said, covered = product.told(voice)
        lead = markup.escape(self.words["product_lead"].format(it=voice.it()), quote=False)
        lead = lead.replace(markup.escape(voice.product.name, quote=False), _link(voice), 1)
        html = f"<p>{lead}</p>"
        budget = max(300, self.brief.limits.get("words", 900) * 6 // max(1, len(self.voices)))
        own: list[str] = []
        for sentence in voice.product.sentences:
            if sum(map(len, own)) + len(sentence) > budget:
                break
            own.append(sentence)
        html += _paragraph(own) + _paragraph(said)
        rest = [voice.line(fact) for fact in voice.product.facts if fact not in covered][:8]
        if rest:
            html += "<ul>" + "".join(f"<li>{markup.escape(line, quote=False)}</li>" for line in rest) + "</ul>"
        return {"heading": text.cut(heading, 110), "html": html}

    def _shared(self) -> list[tuple[str, list[tuple[Voice, str]]]]:
        """Details by label, with what each product states. Details that most products have come first."""
        found: dict[str, tuple[Fact, list[tuple[Voice, str]]]] = {}
        for voice in self.voices:
            for fact in voice.product.facts:
                value = ", ".join(voice.value(fact)[0])
                found.setdefault(fact.key, (fact, []))[1].append((voice, value))
        rank = {kind: number for number, kind in enumerate(phrases.ORDER)}
        rows = sorted(found.values(), key=lambda row: (-len(row[1]), rank.get(row[0].kind, 99)))
        return [(self._label(fact), pairs) for fact, pairs in rows]

    def _label(self, fact: Fact) -> str:
        label = self.voices[0].label(fact)
        return label if self.voice.code in ("de", "sr") else label[:1].lower() + label[1:]

    def _table(self) -> str:
        rows = [(label, {id(v): value for v, value in pairs}) for label, pairs in self._shared() if len(pairs) > 1]
        if not rows:
            return ""
        columns = self.voices[:4]
        head = "".join(f"<th>{_link(voice)}</th>" for voice in columns)
        body = "".join(
            f"<tr><th>{markup.escape(text.capital(label), quote=False)}</th>"
            + "".join(f"<td>{markup.escape(values.get(id(v), '–'), quote=False)}</td>" for v in columns)
            + "</tr>"
            for label, values in rows[:8]
        )
        corner = markup.escape(self._say("product"), quote=False)
        return f"<table><thead><tr><th>{corner}</th>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _differences(self) -> str:
        """How the products differ and what all of them share, in words."""
        differing, common = [], []
        for label, pairs in self._shared():
            if len(pairs) < len(self.voices):
                continue
            values = {value.lower() for _, value in pairs}
            if len(values) > 1:
                differing.append(label)
            else:
                common.append(self._say("common", label=label, v=pairs[0][1]))
        parts = [self._say("differ", v=", ".join(differing[:6]))] if differing else []
        return _paragraph(parts + common[:2])


def _paragraph(sentences: list[str]) -> str:
    body = " ".join(sentence for sentence in sentences if sentence)
    return f"<p>{markup.escape(body, quote=False)}</p>" if body else ""


def _link(voice: Voice) -> str:
    name = markup.escape(voice.product.name, quote=False)
    return f'<a href="product:{markup.escape(voice.product.id)}">{name}</a>' if voice.product.id else name
