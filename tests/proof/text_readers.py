"""Functions that read users' text beside those of writing, checks and files: pages, reviews, audits, the second reading,
stores' texts. For the growth tests."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from accounts import key_texts
from billing import identifiers, ips
from blog.models import BlogPost
from catalog.files import encodings, mapping, preambles
from catalog.files.rows import Faults
from catalog.files.translations import formats
from integrations.ai.types import Brief
from integrations.shopify import metafields
from integrations.stores import answers, errors
from integrations.stores import texts as store_texts
from integrations.stores.types import Text
from integrations.stores.woocommerce import attributes as woo_attributes
from integrations.stores.woocommerce import mapping as woo_mapping
from integrations.stores.woocommerce import terms
from integrations.stores.wordpress import kses, own_pages
from projects import decisions, glossary_columns, learned_rules
from projects.models import ContentItem
from scribe import marks
from scribe.errors import DomainError
from scribe.language import lexicon, script
from studio.audits import checks as audit_checks
from studio.audits import product as audited
from workbench import article, reading, search_result
from writing import checks, facts, structured_data, text_steps
from writing.checks import translation as compared_with_original
from writing.offline import chat as offline_chat
from writing.offline import instructions as offline_instructions
from writing.offline import product as offline_product
from writing.settings import WritingSettings
from writing.translation import facts_of, latin, memory
from writing.translation.files import rows as translation_rows
from writing.verifier import passages, sentences
from writing.verifier.verdicts import Reading

ASKED = WritingSettings(language="en")
SOURCE = facts.read(
    {"name": "Mug", "description": "A mug of 80 % wool, 2 years warranty", "attributes": {"Width": "10 cm"}}
)


def content_of(value: str) -> dict[str, Any]:
    return {
        "name": value[:200],
        "short_description": value,
        "description": value,
        "bullet_points": [value],
        "seo": {"title": value, "description": value, "slug": value},
    }


def item_of(value: str, other: str = "") -> ContentItem:
    return ContentItem(
        item_type="product",
        source_data={"name": other, "description": other, "short_description": other, "attributes": {"x": other}},
        generated_content=content_of(value),
        generation_metadata={"checks": checks.run(content_of(value), SOURCE, ASKED).checks},
        decisions={},
    )


def two(text: str) -> tuple[str, str]:
    """A text and one that differs from it everywhere and nowhere much."""
    return text, " ".join(f"{word}x" if number % 3 else word for number, word in enumerate(text.split(" ")))


def compared(value: str) -> list[Any]:
    return [
        *text_steps.between(value, value[::-1]),
        *text_steps.between(value, f"a {value}"),
        *text_steps.between(*two(value)),
    ]


def reviewed(value: str) -> Any:
    item = item_of(value, two(value)[1])
    left = decisions.without_declined(item.generated_content, {"description": "kept"})
    return [reading.read(item, ASKED), search_result.search_result(item.generated_content, ASKED), left]


def read_twice(value: str) -> Any:
    """The sentences, looked up in a source that says the same, and then judged by a model that quotes all of them."""
    content = {"description": value}
    source = facts.read({"name": "Mug", "description": value})
    report = checks.run(content, source, ASKED)
    read = Reading.of(content, report, SOURCE, ASKED)
    return [
        Reading.of(content, report, source, ASKED).literal,
        [read.claims(sentence) for sentence in read.asked],
        [passage.line for passage in passages.passages_of(source, ASKED)],
    ]


def corrected(value: str) -> Any:
    """What an edit teaches: every third word stays, or every other."""
    words = value.split(" ")
    half = " ".join(word if number % 2 else f"{word}x{number}" for number, word in enumerate(words))
    return [
        learned_rules.corrections_in({"name": value}, {"name": other}) for other in (two(value)[1], half, f"a {value}")
    ]


def audit(value: str) -> Any:
    product = audited.read(
        ContentItem(item_type="product", source_data={"name": value, "description": value, "images": [value]})
    )
    names = frozenset(check.id for check in audit_checks.CHECKS)
    return [audit_checks.judge(product, names), audit_checks.scores(product), audit_checks.fields_with_values(product)]


def kept_by_a_store(value: str) -> Any:
    one, other = two(value)
    found: list[Any] = []
    for field in ("name", "description", "tags"):
        there: Text = one.split(",") if field == "tags" else one
        sent: Text = other.split(",") if field == "tags" else other
        found += [
            store_texts.same(field, there, sent),
            store_texts.alike(field, there, sent),
            store_texts.left_of(field, there, sent),
            store_texts.grown_from(field, there, sent, there),
            store_texts.without(there, sent, there),
            store_texts.reading(there),
        ]
    return [
        *found,
        store_texts.as_html(value),
        store_texts.escape_plain_text(value),
        store_texts.escape_stray_brackets(value),
        store_texts.plain_text_of(value),
    ]


def told_by_a_store(value: str) -> Any:
    row = {
        "id": 1, "name": value, "description": value, "short_description": value, "sku": value[:50], "slug": value[:50],
        "meta_data": [{"key": "_yoast_wpseo_title", "value": value}], "attributes": [{"name": value, "options": [value, value]}],
        "tags": [{"name": value}], "categories": [{"name": value}], "images": [{"src": value, "alt": value}],
    }  # fmt: skip
    return [
        woo_mapping.product(row, plugin="yoast", units={}),
        woo_mapping.current(row, plugin="yoast", meta_keys=["x"]),
        woo_attributes.options_of(value),
        terms.as_lines(value),
        own_pages.reason(value),
    ]


def columns_of(value: str) -> Any:
    columns = [value[start : start + 200] for start in range(0, len(value), 200)]
    return mapping.detect(columns, [columns, columns], "woocommerce")


def written_offline(value: str) -> Any:
    told = {
        "name": value,
        "description": value,
        "attributes": {value: value},
        "tags": value.split(","),
        "categories": [value],
    }
    answers_given = {"brand_name": value, "target_audience": value, "things_to_avoid": [value]}
    question = {"question": value, "knowledge": [{"title": value, "text": value}]}
    return [
        offline_product.write(Brief(facts=told)),
        offline_chat.write(Brief(facts=question)),
        offline_instructions.write(Brief(kind="instructions", facts=answers_given)),
    ]


def translated(value: str) -> Any:
    """As the original, as the translation, and as both."""
    given, other = content_of(value), content_of("A mug of wool.")
    return [
        compared_with_original.check(after, facts_of(SOURCE, before, "en"), WritingSettings(language="de"))
        for before, after in ((other, given), (given, content_of(two(value)[1])))
    ]


def remembered(value: str) -> Any:
    return [memory.key(value), memory.near(value, [memory.Remembered(two(value)[1], value)], "en")]


def translators_files(value: str) -> Any:
    """As a text in a file of each format, and as the file itself."""
    clean = "".join(letter for letter in value if letter >= " ") or "a"
    found = []
    for form in formats.FORMATS.values():
        head = form.head("en", "de", view="german")
        made = b"".join(form.file.write(translation_rows.rows_of("1", {"name": clean}, {"name": clean}), head))
        for file in (made, clean.encode("utf-8", "replace"), b'msgid "' + clean.encode("utf-8", "replace") + b'"\n'):
            try:
                found.append(list(form.file.read(io.BytesIO(file), Faults(), head)))
            except DomainError as refused:
                found.append([refused.code])
    return found


def in_latin(value: str) -> Any:
    return latin.cyrillic_words(content_of(value), latin.content_of(content_of(value)))


def guessed(value: str) -> Any:
    return encodings.detect(io.BytesIO(value.replace("\0", "").encode("cp1251", "replace") + b"\x98\xe9"))


READERS: dict[str, Callable[[str], object]] = {
    "steps between texts": compared,
    "lessons of an edit": corrected,
    "columns of a glossary": lambda value: glossary_columns.GlossaryColumns.of([value, f"term [{value}", value[:300]]),
    "page of a post": lambda value: article.preview(BlogPost(content=value)),
    "scripts": lambda value: [script.to_latin(value), script.to_cyrillic(value), script.has_cyrillic(value)],
    "normal form": lambda value: [marks.normalize("NFC", value), marks.normalize("NFKD", value)],
    "words of a quote": lambda value: passages.key(value),
    "sentences that are read twice": lambda value: sentences.sentences_of({"description": value}),
    "texts kept by a store": kept_by_a_store,
    "answer of a store": lambda value: answers.parse_json(value.encode("utf-8", "surrogatepass")),
    "message of a store": errors.without_markup,
    "tags that a site drops": kses.first_removal,
    "names of columns": columns_of,
    "name of an attribute": lexicon.attribute,
    "options of an attribute": lambda value: [
        woo_attributes.options_of(value),
        metafields.format_value(metafields.LIST, value),
    ],
    "page of the site's own": own_pages.reason,
    "lines of a term": terms.as_lines,
    "rows above a header": lambda value: preambles.titles_above([[cell] for cell in value.split(",")]),
    "encoding": guessed,
    "letters of another script": in_latin,
    "memory of translations": remembered,
    "numbers of a company": lambda value: [
        identifiers.account(value),
        ips.clean(value),
        ips.check(value),
        key_texts.is_mistyped(value),
    ],
}
# What calls several of those, and the checks.
WHOLE: dict[str, Callable[[str], object]] = {
    "review": reviewed,
    "second reading": read_twice,
    "translation": translated,
    "files for translators": translators_files,
    "audit": audit,
    "product of a store": told_by_a_store,
    "built-in writer": written_offline,
    "structured data": lambda value: structured_data.build(content_of(value), SOURCE),
}
