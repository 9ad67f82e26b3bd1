"""Functions that read users' text take time in proportion to its length, whatever it repeats.

CPU time at n and at 8n, best of five: under 24 times as much (quadratic code takes 64 times).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from blog import content
from blog.seo import document, languages, sentences
from integrations.ai.offline import languages as offline_languages
from integrations.ai.offline import text as offline_text
from integrations.ai.offline import values
from projects.sync import plan
from studio.audits import markup as audited_markup
from studio.audits import product
from tests.proof import growth
from writing import checks, facts, html, injection, text
from writing.checks import detector, fields, forbidden, lexicon, markup, numbers, sources
from writing.settings import WritingSettings

pytestmark = pytest.mark.slow

ENGLISH = languages.find("en")
ASKED = WritingSettings(
    language="en",
    custom_instructions='Avoid: cheap. Never use the word "free"',
    forbidden_words=("cheap", "best deal", "no 1"),
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


READERS: dict[str, Callable[[str], object]] = {
    "claims": lambda value: lexicon.everywhere(value, lexicon.tokens(value)),
    "sources": lambda value: sources.build({"attributes.a": value}),
    "instructions": lambda value: sources.of_instructions.__wrapped__(value),
    "numbers": numbers.find,
    "forbidden": lambda value: forbidden.check([fields.Field("description", value, value)], SOURCE, ASKED),
    "banned words": lambda value: forbidden.banned.__wrapped__((), value),
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
    "audited text": product.visible,
    "pushed lists": plan.without_bullets,
    "written values": lambda value: values.translate("material", value, "de", "en"),
    "value lists": lambda value: values.split("material", value),
    "written lines": offline_text.line,
    "written sentences": offline_text.sentences,
    "written language": offline_languages.detect,
}
WHOLE = {"checks": report, "checks with a long source": report_of_itself, "facts": source_of}


@pytest.mark.parametrize("name", READERS)
def test_time_grows_with_the_text(name: str) -> None:
    assert growth.too_steep(READERS[name]) == []


@pytest.mark.parametrize("name", WHOLE)
def test_time_of_the_whole_grows_with_the_text(name: str) -> None:
    assert growth.too_steep(WHOLE[name], size=500) == []


def test_a_growth_that_is_too_steep_is_seen() -> None:
    def every_pair(value: str) -> int:
        return sum(value.startswith("zz", at) for at in range(len(value)) for _ in range(len(value) // 20))

    assert len(growth.too_steep(every_pair, size=1_000, only={"A-1 "})) == 1
