"""The sanitizer against hostile HTML, and what it must leave alone."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.writing.hostile_html import HOSTILE
from writing.checks.markup import faults
from writing.html import BLOG_TAGS, PRODUCT_TAGS, embedded_lost, removed_elements, sanitize

ALLOWED_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "width", "height"}}


class Reader(HTMLParser):
    """A second reading of what came out: tags, attributes and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment came through: {data}")


def read(html: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.seen


@pytest.mark.parametrize("allow", ["product", "blog"])
@pytest.mark.parametrize("payload", HOSTILE)
def test_nothing_hostile_comes_through(payload: str, allow: str) -> None:
    for html in (payload, f"<p>before</p>{payload}<p>after</p>", f"<ul><li>{payload}</li></ul>"):
        clean = sanitize(html, allow, host="shop.example", image_hosts=("images.example",))
        for tag, attributes in read(clean):
            assert tag in (PRODUCT_TAGS if allow == "product" else BLOG_TAGS)
            assert set(attributes) <= ALLOWED_ATTRIBUTES.get(tag, set())
            href = attributes.get("href")
            assert href is None or re.fullmatch(r"https?://(www\.)?shop\.example(/.*)?|/(?![/\\]).*|[#?\w].*", href)
            assert href is None or not re.match(r"(?i)\s*(javascript|data|vbscript|file|feed)\s*:", href)
            assert href is None or "evil.example" not in href.split("?")[0]
            assert not (attributes.get("src") or "").startswith(("javascript", "data", "//", "x"))
            assert "evil.example" not in (attributes.get("src") or "")
        assert sanitize(clean, allow, host="shop.example", image_hosts=("images.example",)) == clean
        if allow == "product":
            assert faults(clean) == []


@pytest.mark.parametrize(
    "payload", [p for p in HOSTILE if p.startswith(("<script>", "<style", "<svg", "<iframe", "<math"))]
)
def test_the_inside_of_what_is_dropped_goes_too(payload: str) -> None:
    assert "alert" not in re.sub(r"&[^;]+;", "", sanitize(payload)) or "&lt;" in sanitize(payload)


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p>Plain &amp; simple</p>", "<p>Plain &amp; simple</p>"),
        ("<b>bold</b> and <i>slanted</i>", "<strong>bold</strong> and <em>slanted</em>"),
        ("<h1>Title</h1><h2>Part</h2><h3>Bit</h3>", "<h2>Title</h2><h2>Part</h2><h3>Bit</h3>"),
        ("<ul><li>one</li><li>two</li></ul>", "<ul><li>one</li><li>two</li></ul>"),
        (
            "<table><tbody><tr><th>a</th><td>b</td></tr></tbody></table>",
            "<table><tbody><tr><th>a</th><td>b</td></tr></tbody></table>",
        ),
        ('<a href="https://shop.example/a">x</a>', '<a href="https://shop.example/a">x</a>'),
        ('<a href="https://www.shop.example/a">x</a>', '<a href="https://www.shop.example/a">x</a>'),
        ('<a href="/care#wash">x</a>', '<a href="/care#wash">x</a>'),
        ('<a href="https://other.example">x</a>', "x"),
        ("<div><p>inner</p></div>", "<p>inner</p>"),
        ("<span style='color:red'>text</span>", "text"),
        ("5 < 6 and 7 > 3", "5 &lt; 6 and 7 &gt; 3"),
        ("zero\u200bwidth\u202e turned", "zerowidth turned"),
        ("Љубав и ćevapi 日本語", "Љубав и ćevapi 日本語"),
    ],
)
def test_what_is_allowed_stays(html: str, clean: str) -> None:
    assert sanitize(html, host="shop.example") == clean


def test_a_blog_has_images_of_its_hosts_and_ours() -> None:
    html = (
        '<figure><img src="https://images.example/a.jpg" alt="A cup" onload="x"><figcaption>A cup</figcaption></figure>'
    )
    assert sanitize(html, "blog", image_hosts=("images.example",)) == html.replace(' onload="x"', "")
    ours = '<img src="/api/v1/files/organizations/1/images/2/a.jpg" alt="a" width="320" height="200">'
    assert sanitize(ours, "blog") == ours
    assert "src" not in sanitize('<img src="http://plain.example/a.jpg">', "blog")
    assert "src" not in sanitize('<img src="/api/v1/files/../secret">', "blog")
    assert sanitize(html) == "A cup"


@given(st.text(alphabet=st.sampled_from("<>/=\"'&; abpscriptonerr:javlh1#x\n\t\x00\u200b"), max_size=120))
def test_sanitizing_twice_changes_nothing(html: str) -> None:
    once = sanitize(html)
    assert sanitize(once) == once
    assert all(tag in PRODUCT_TAGS for tag, _ in read(once))


KEPT = (
    '<div class="lead"><b>Warm</b><hr><img src="https://cdn.example/a.jpg?x=1&amp;y=2" alt="A mug" onerror="x()"></div>'
    '<p><a href="mailto:help@shop.example" title="Mail">Write</a> or <a href="https://other.example/a">see</a></p>'
)


def test_a_translation_keeps_the_harmless_markup_of_its_original() -> None:
    german = KEPT.replace("A mug", "Eine Tasse").replace("Write", "Schreiben Sie")
    clean = sanitize(german, original=KEPT)
    assert clean == german.replace(' onerror="x()"', "")
    assert faults(clean, original=KEPT) == []
    assert sanitize(clean, original=KEPT) == clean
    assert sanitize(german) == "<strong>Warm</strong><p>Schreiben Sie or see</p>"


@pytest.mark.parametrize(
    "added",
    [
        '<img src="https://evil.example/a.jpg">',
        '<a href="https://evil.example">x</a>',
        "<u>x</u>",
        '<b style="color:red">x</b>',
        '<div id="x">x</div>',
    ],
)
def test_what_the_original_lacks_is_no_markup_of_its_translation(added: str) -> None:
    assert added not in sanitize(KEPT + added, original=KEPT)


def test_what_a_page_does_beside_its_words_is_named() -> None:
    page = (
        '<p>Ask [sic] [1]</p><form action="/ask"></form><b>x</b><IMG src="/a.jpg">[contact-form-7 id="1"][gallery]'
        '{{widget type="x"}}<!-- wp:html -->'
    )
    assert embedded_lost(page, "<p>Ask</p>") == ["[contact-form-7]", "[gallery]", "form", "img", "{{widget}}"]
    assert embedded_lost(page, f"<ul></ul>{page}") == []
    blocks = "<!-- wp:paragraph --><p>Ask</p><!-- /wp:paragraph --><!-- wp:latest-posts /--><!-- wp:shop/rates {} /-->"
    assert embedded_lost(blocks, "<p>Ask</p>") == ["<!-- wp:latest-posts -->", "<!-- wp:shop/rates -->"]
    assert embedded_lost(blocks, blocks) == []
    assert removed_elements("<b>a</b><i>b</i><h1>c</h1><p>d</p>", "<strong>a</strong><em>b</em><h2>c</h2>") == {"p"}


@pytest.mark.parametrize("payload", HOSTILE)
def test_what_is_hostile_in_the_original_stays_out_of_its_translation(payload: str) -> None:
    for tag, attributes in read(sanitize(payload, original=payload)):
        assert tag not in (
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "svg",
            "math",
            "base",
            "meta",
            "link",
        )
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "srcset", "id")]
        for name in ("href", "src"):
            assert not re.match(r"(?i)\s*(javascript|data|vbscript|file|feed)\s*:|//", attributes.get(name) or "")
