"""Plain text: what is hidden goes, and what a person writes stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe import elements
from writing.slugs import slugify
from writing.text import cut, length, of_html, plain, strip_html, visible


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("a<br>b", "a\nb"),
        ("<ul><li>x</li><li>y</li></ul>", "x\ny"),
        ("no markup &amp; entities", "no markup & entities"),
        ("5 < 6", "5 < 6"),
        ("<!-- secret --><p>seen</p>", "seen"),
        ("<script>x()</script>seen<style>p{}</style>", "seen"),
        ('<p style="display:none">secret</p>seen', "seen"),
        ('<p style="VISIBILITY: hidden">secret</p>seen', "seen"),
        ('<span style="font-size:0">secret</span>seen', "seen"),
        ('<span style="font-size:0.9em">seen</span>', "seen"),
        ('<span style="opacity:0">secret</span>seen', "seen"),
        ('<div style="position:absolute;left:-9999px">secret</div>seen', "seen"),
        ("<p hidden>secret</p>seen", "seen"),
        ("<noscript>secret</noscript><template>secret</template>seen", "seen"),
        ("<p>open <b>never closed", "open never closed"),
        ("a\u200bb\u2060c\ufeff", "abc"),
        ("a\U000e0041\U000e0042b", "ab"),
        ("\u202eturned\u202c", "turned"),
        ("tab\there", "tab here"),
    ],
)
def test_only_the_visible_text_is_read(html: str, text: str) -> None:
    assert strip_html(html) == text


def test_joiners_stay_where_scripts_need_them() -> None:
    assert visible("می‌خواهم") == "می‌خواهم"
    assert visible("a\u200cb") == "ab"


def test_a_line_break_of_a_form_is_one_line_break() -> None:
    assert visible("one\r\ntwo\r\n\r\nthree\rfour") == "one\ntwo\n\nthree\nfour"


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("=SUM Tasse", "=SUM Tasse"),
        ("+49 Vorwahl", "+49 Vorwahl"),
        ("@home", "@home"),
        ("-5 °C Tasse", "-5 °C Tasse"),
        ("＝1", "＝1"),
        ("Größe <M> Hemd", "Größe <M> Hemd"),
        ("Tasse <img src=x onerror=alert(1)//", "Tasse"),  # what follows on a page would close it
        ("Tasse <svg/onload=alert(1)", "Tasse"),
        ("a <b = 3", "a <b = 3"),
        ("x²<y", "x²<y"),
        ("</M> & 1 < 2 > 0", "</M> & 1 < 2 > 0"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("<b>Oak</b> <M> chair", "Oak <M> chair"),
        ("a<script>x()</script>b<br/>c", "ab\nc"),
        ('<M onclick="x()">Hemd', "Hemd"),
        ("<!-- secret -->seen", "seen"),
        ("\u202eturned\u202c", "turned"),
    ],
)
def test_what_a_person_writes_keeps_its_signs_and_has_no_html(value: str, kept: str) -> None:
    assert plain(value) == kept


@given(st.text(max_size=300))
def test_whatever_is_written_has_no_element_of_html(value: str) -> None:
    result = plain(value)
    assert not elements.found_in(result) or "&" in value or "<!" in value or "<?" in value
    assert plain(result) == result or "&" in value or "<" in value


@given(st.text(max_size=400), st.integers(min_value=1, max_value=200))
def test_a_cut_never_exceeds_its_limit(value: str, limit: int) -> None:
    assert length(cut(value, limit)) <= limit  # as a reader counts
    assert value.startswith(cut(value, limit))


def test_a_cut_ends_at_a_sentence_or_a_word() -> None:
    assert cut("One sentence here. Another one follows", 25) == "One sentence here."
    assert cut("several words without an end", 16) == "several words"


def test_text_of_sanitized_html() -> None:
    assert of_html("<p>A &amp; B</p><ul><li>c</li></ul>") == "A & B\nc"


@pytest.mark.parametrize(
    ("text", "language", "slug"),
    [
        ("Šolja za kafu", "sr-Latn", "solja-za-kafu"),
        ("Шоља за кафу – љубичаста", "sr", "solja-za-kafu-ljubicasta"),
        ("Größe & Maß", "de", "groesse-mass"),
        ("Crème brûlée", "fr", "creme-brulee"),
        ("Щётка для обуви", "ru", "shchyotka-dlya-obuvi"),
        ("Больше соли", "ru", "bolshe-soli"),
        ("Ψωμί", "el", "psomi"),
        ("Łódź", "pl", "lodz"),
        ("Men's T-Shirt 100%", "en", "mens-t-shirt-100"),
        ("日本語", "ja", ""),
    ],
)
def test_slugs(text: str, language: str, slug: str) -> None:
    assert slugify(text, language) == slug


@given(st.text(max_size=300))
def test_a_slug_is_always_plain(text: str) -> None:
    slug = slugify(text)
    assert len(slug) <= 80
    assert not slug or (slug.replace("-", "a").isascii() and slug.replace("-", "a").isalnum() and slug == slug.lower())
    assert slugify(slug) == slug
