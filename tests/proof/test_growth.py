"""Functions that read users' text take time in proportion to its length, whatever it repeats.

CPU time at n and at 8n, best of five: under 24 times as much (quadratic code takes 64 times).
"""

from __future__ import annotations

import html as html_lib
import io
import re
from collections.abc import Callable
from time import process_time
from typing import Any

import pytest

from blog import content
from blog.seo import document, languages, sentences
from blog.seo.checks import appearance
from blog.seo.score import score
from catalog.files import headers
from catalog.files.detection import open_file
from catalog.files.rows import Faults
from integrations.stores.wordpress import publisher
from projects.sync import plan
from scribe.errors import DomainError
from scribe.language import detector
from studio.audits import duplicates
from studio.audits import markup as audited_markup
from studio.chat import answers, drafts
from tests.proof import growth, text_readers
from writing import checks, facts, html, injection, output, slugs, text
from writing.checks import banned, fields, forbidden, glossary, lexicon, markup, numbers, sources
from writing.checks.words import tokens
from writing.glossary import Glossary, Term
from writing.offline import text as offline_text
from writing.offline import values
from writing.settings import WritingSettings

pytestmark = [pytest.mark.slow, pytest.mark.thorough]

ENGLISH = languages.find("en")
ASKED = WritingSettings(
    language="en",
    custom_instructions='Avoid: cheap. Never use the word "free"',
    forbidden_words=("cheap", "best deal", "no 1"),
)
TERMS = Glossary(
    tuple(Term(word, "en", word, forbidden=(f"{word}ware",)) for word in ("bottle", "wool", "a", "12x", "lid"))
)
SOURCE = facts.read(
    {
        "name": "Mug",
        "description": "A mug of 80 % wool, 2 years warranty, 10 cm, 5 kg, the softest",
        "attributes": {"Width": "10 cm", "Material": "cotton"},
        "sku": "A-1",
    }
)


def report(value: str) -> Any:
    return checks.run({"name": value, "description": value}, SOURCE, ASKED)


def report_of_itself(value: str) -> Any:
    """The source is as long as the text."""
    read = facts.Facts(
        item_type="product", fields={"description": value, "attributes.x": value}, attributes={"x": value}
    )
    return checks.run({"description": value}, read, ASKED)


def source_of(value: str) -> Any:
    return facts.read(
        {"name": value, "description": value, "attributes": {value: value}, "raw": {"weight": value}, "images": value}
    )


def accepted(value: str) -> Any:
    """A model's answer that says this everywhere."""
    data = {
        **dict.fromkeys(("name", "short_description", "description"), value),
        "bullet_points": [value],
        "attributes": [{"name": value[:500], "value": value}],
        "tags": [value],
        "seo": {"title": value, "description": value, "focus_keyword": value},
    }
    try:
        return output.accept(data, facts=SOURCE, settings=ASKED)
    except output.Unusable as refused:
        return refused


def items_of(file: bytes) -> list[Any]:
    try:
        return list(open_file(io.BytesIO(file), platform="woocommerce").items(Faults()))
    except DomainError:
        return []


STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML can't hold
WXR = """<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><wp:wxr_version>1.2</wp:wxr_version><item><title>%(text)s</title><wp:post_id>1</wp:post_id>
<wp:post_type>product</wp:post_type><content:encoded>%(text)s</content:encoded><category domain="product_tag">%(text)s</category>
<wp:postmeta><wp:meta_key>_sku</wp:meta_key><wp:meta_value>%(text)s</wp:meta_value></wp:postmeta></item></channel></rss>"""


def wxr_of(value: str) -> list[Any]:
    items = items_of((WXR % {"text": html_lib.escape(STRANGE.sub(" ", value))}).encode())
    assert items
    return items


def csv_of(value: str) -> list[Any]:
    """As a cell, and bare: as whatever a file may consist of."""
    written = value.replace("\0", "!")  # which no file of text may hold
    cell = written.replace('"', '""')
    items = items_of(f'ID,Name,Description\n1,Mug,"{cell}"\n'.encode())
    assert items
    return [*items, *items_of(f"ID,Name,Description\n1,Mug,{written}\n".encode()), *items_of(value.encode())]


def keyphrase_in(value: str) -> Any:
    """Looked for in the text and everywhere else, and the text itself as the phrase."""
    parts = {"title": value, "description": value, "slug": value}
    return [
        score(content=f"{value}<h2>{value}</h2><img alt='{value}'>", focus_keyword="warm mug", **parts),
        score(content="<p>Mugs keep tea warm.</p>", focus_keyword=value[:500], **parts),
    ]


READERS: dict[str, Callable[[str], object]] = {
    "claims": lambda value: lexicon.everywhere(value, tokens(value)),
    "numbers": numbers.find,
    "forbidden": lambda value: forbidden.check([fields.Field("description", value, value)], SOURCE, ASKED),
    "glossary of a text": lambda value: glossary.check(
        [fields.Field("description", value, value)], SOURCE, TERMS, "de"
    ),
    "glossary of a source": lambda value: glossary.terms_in_source(source_of(value), TERMS),
    "glossary of long terms": lambda value: glossary.check(
        fields.readable_texts({"description": value[:400]}),
        SOURCE,
        Glossary((Term(value[:200], "en", value[:200], forbidden=(value,)),)),
        "de",
    ),
    "banned words": lambda value: banned.terms.__wrapped__((), value),
    "markup faults": markup.faults,
    "language": lambda value: detector.judge(value, "en"),
    "injection": injection.without,
    "visible text": text.visible,
    "text of own html": text.of_html,
    "text of foreign html": text.strip_html,
    "product html": html.sanitize,
    "post html": content.sanitize,
    "post links": lambda value: content.with_product_links(value, {}),
    "post paragraphs": content.paragraphs,
    "post sentences": lambda value: sentences.split(value, ENGLISH),
    "post": lambda value: document.read(value, ENGLISH),
    "audited markup": audited_markup.is_broken,
    "pushed lists": plan.without_bullets,
    "written values": lambda value: values.translate("material", value, "de", "en"),
    "value lists": lambda value: values.split("material", value),
    "written lines": offline_text.line,
    "written sentences": offline_text.sentences,
    "told language": detector.detect,
    "answer of a model": accepted,
    "csv": csv_of,
    "wxr": wxr_of,
    "keyphrase": keyphrase_in,
    "slug": slugs.slugify,
    "width of a title": appearance.width,
    "header": headers.bare,
    "name of a picture": publisher.ascii_name,
    "question in a chat": answers.wants_a_person,
    "answer in a chat": drafts.leaks,
    "duplicates": lambda value: duplicates.find([duplicates.shingles(line.split()) for line in value.split(".")]),
}
# What calls several of those: texts that it has something to do with.
WHOLE: dict[str, Callable[[str], object]] = {
    "sources": lambda value: sources.build({"attributes.a": value}),
    "instructions": lambda value: sources.of_instructions.__wrapped__(value),
    "checks": report,
    "checks with a long source": report_of_itself,
    "facts": source_of,
}


READERS |= text_readers.READERS
WHOLE |= text_readers.WHOLE


@pytest.mark.parametrize("name", READERS)
def test_time_grows_with_the_text(name: str) -> None:
    assert growth.too_steep(READERS[name]) == []


@pytest.mark.parametrize("name", WHOLE)
def test_time_of_the_whole_grows_with_the_text(name: str) -> None:
    assert growth.too_steep(WHOLE[name], size=600, names=growth.TELLING) == []


def test_a_growth_that_is_too_steep_is_seen() -> None:
    """Whatever the machine does in a second: the time that the text's length asks for is spent to the letter."""

    def spend(seconds: float) -> None:
        until = process_time() + seconds
        while process_time() < until:
            pass

    once = 1.5 * growth.MOST * growth.TICK  # what the larger text takes: more than is looked over
    most = growth.TIMES * 500
    names = ("a ", "A-1 ")
    assert len(growth.too_steep(lambda value: spend(once * (len(value) / most) ** 2), size=500, names=names)) == 2
    assert growth.too_steep(lambda value: spend(once * len(value) / most), size=500, names=names) == []
