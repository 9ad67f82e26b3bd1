"""The score: each check at its limits, three languages, two scripts, and what must never happen."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog import seo
from blog.seo import languages
from blog.seo.checks import ALL, appearance
from blog.seo.messages import MESSAGES
from blog.seo.sentences import split
from tests.blog.yoast import posts

EN, DE, SR = posts.EN, posts.DE, posts.SR


def judge(content: str, **more: Any) -> dict[str, Any]:
    return seo.score(content=content, own_hosts=["shop.example.com"], **more)


def check(result: dict[str, Any], name: str) -> dict[str, Any]:
    return next(c for c in result["checks"] if c["id"] == name)


def points(content: str, name: str, **more: Any) -> Any:
    return check(judge(content, **more), name)["score"]


def good(language: str = "en", text: dict[str, Any] = EN, **changes: Any) -> dict[str, Any]:
    fields = {"title": text["title"], "description": text["description"], "slug": text["slug"]}
    return judge(posts.build(text), language=language, **{"focus_keyword": text["phrase"], **fields, **changes})


def words(number: int) -> str:
    return " ".join(["word"] * number)


def paragraphs(*numbers: int) -> str:
    return "".join(f"<p>{words(n)}.</p>" for n in numbers)


# --- the whole


def test_there_are_at_least_eighteen_checks_with_stable_ids() -> None:
    ids = [c.id for c in ALL]
    assert len(ids) == len(set(ids)) >= 18
    assert all(name == name.lower() and name.replace("_", "").isalnum() for name in ids)


@pytest.mark.parametrize(("language", "text"), [("en", EN), ("de", DE), ("sr-Latn", SR)])
def test_a_good_post_is_good(language: str, text: dict[str, Any]) -> None:
    result = good(language, text)
    assert result["grade"] == "good"
    assert result["score"] > 85
    assert result["readability"]["language_supported"] is True


def test_every_check_is_listed_also_when_it_does_not_apply() -> None:
    ids = [c.id for c in ALL]
    for result in (good(), judge(""), judge("<p>Text.</p>"), judge("<p>テキスト。</p>", language="ja")):
        assert [c["id"] for c in result["checks"]] == ids
        for row in result["checks"]:
            assert row["status"] in ("good", "ok", "bad", "na")
            assert (row["score"] is None) == (row["status"] == "na")
            assert row["message"]


def test_empty_content_scores_zero_and_is_no_error() -> None:
    for nothing in ("", "   ", "<p></p>", "<!-- -->", "<script>x</script>", "\x00", "<img src='a'>"):
        result = judge(nothing, title="T", focus_keyword="wool")
        assert (result["score"], result["grade"]) == (0, "bad")
        assert result["recommendations"] == [MESSAGES["seo.text.empty"]]


def test_without_a_keyphrase_readability_alone_counts() -> None:
    result = good(focus_keyword="")
    assert result["score"] == result["readability"]["score"]
    assert result["seo_score"] is None
    assert check(result, "keyphrase_density")["status"] == "na"
    assert check(result, "text_length")["status"] == "good"
    assert result["recommendations"][0] == MESSAGES["seo.keyphrase_length.missing"]


def test_unknown_languages_are_not_judged_where_words_matter() -> None:
    result = judge("<p>Cette phrase est un exemple. Elle est courte.</p>", language="fr", focus_keyword="exemple")
    assert result["readability"]["language_supported"] is False
    for name in ("transition_words", "passive_voice", "sentence_beginnings"):
        assert check(result, name)["status"] == "na"
    assert check(result, "sentence_length")["status"] == "good"
    assert check(good("sr-Latn", SR), "passive_voice")["status"] == "na"


def test_the_same_input_gives_the_same_output() -> None:
    assert good() == good()


# --- properties


@pytest.mark.parametrize("already", range(7))
def test_an_unrelated_image_never_lowers_the_score(already: int) -> None:
    content = posts.build(EN, images=already)
    fields = {"title": EN["title"], "description": EN["description"], "slug": EN["slug"], "focus_keyword": EN["phrase"]}
    more = content + '<img src="https://shop.example.com/u.jpg" alt="A garden chair">'
    assert judge(more, **fields)["score"] >= judge(content, **fields)["score"]


def test_stuffing_lowers_the_score() -> None:
    stuffed = posts.build(EN, stuffing=30)
    fields = {"title": EN["title"], "description": EN["description"], "slug": EN["slug"], "focus_keyword": EN["phrase"]}
    assert judge(stuffed, **fields)["score"] < good()["score"] - 20


def test_both_scripts_of_a_serbian_text_score_the_same() -> None:
    for name in ("good", "good-long", "weak"):
        rows = {p["id"]: p for p in posts.make()}
        latin, cyrillic = rows[f"sr-latin-{name}"], rows[f"sr-cyrillic-{name}"]
        if name == "weak":
            cyrillic = {**latin, "content": posts.cyrillic(latin["content"]), "language": "sr"}
            cyrillic |= {k: posts.cyrillic(latin[k]) for k in ("title", "description", "focus_keyword")}

        def scores(post: dict[str, Any]) -> list[tuple[str, Any]]:
            keys = ("content", "title", "description", "slug", "focus_keyword", "language")
            result = judge(**{k: post[k] for k in keys})
            return [(c["id"], c["score"]) for c in result["checks"] if c["id"] != "title_width"]

        assert scores(latin) == scores(cyrillic)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.text(max_size=30), st.sampled_from(["en", "de", "sr", "xx", ""]))
def test_no_text_breaks_it(content: str, keyword: str, language: str) -> None:
    result = judge(content, focus_keyword=keyword, title=keyword, description=content, slug=keyword, language=language)
    assert 0 <= result["score"] <= 100


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<h2>", "<b", "<a href='", "<img alt=wool>", "wool blanket. ", "<td>", "&#0;"])
    )
)
def test_no_broken_html_breaks_it(parts: list[str]) -> None:
    assert 0 <= judge("".join(parts), focus_keyword="wool")["score"] <= 100


# --- checks of the keyphrase


@pytest.mark.parametrize(("count", "score"), [(1, 9), (4, 9), (5, 6), (8, 6), (9, 3)])
def test_keyphrase_length_counts_content_words(count: int, score: int) -> None:
    phrase = "the " + " ".join(f"w{n}x" for n in range(count))
    assert points("<p>Text.</p>", "keyphrase_length", focus_keyword=phrase) == score
    assert points("<p>Texte.</p>", "keyphrase_length", focus_keyword=phrase, language="fr") == (
        9 if count <= 5 else 6 if count <= 8 else 3
    )


def test_a_keyphrase_of_function_words_says_so() -> None:
    assert points("<p>What is it.</p>", "function_words", focus_keyword="what is it") == 0
    assert points("<p>What is it.</p>", "function_words", focus_keyword="wool") is None


@pytest.mark.parametrize(("uses", "score"), [(0, 4), (1, 4), (2, 9), (6, 9), (7, -10), (9, -50)])
def test_density_in_a_text_of_two_hundred_words(uses: int, score: int) -> None:
    body = "".join(f"<p>Wool {words(4)}.</p>" for _ in range(uses)) + f"<p>{words(200 - 5 * uses)}.</p>"
    found = judge(body, focus_keyword="wool")
    assert found["readability"]["words"] == 200
    assert check(found, "keyphrase_density")["score"] == score


@pytest.mark.parametrize(("uses", "score"), [(0, 4), (1, 9), (2, 9), (3, -10), (4, -50)])
def test_density_in_a_short_text(uses: int, score: int) -> None:
    body = "".join("<p>Wool here.</p>" for _ in range(uses)) + f"<p>{words(60 - 2 * uses)}.</p>"
    assert points(body, "keyphrase_density", focus_keyword="wool") == score


def test_the_introduction_wants_the_phrase_in_one_sentence() -> None:
    phrase = {"focus_keyword": "wool blanket"}
    assert points("<p>A blanket of wool.</p><p>x</p>", "introduction", **phrase) == 9
    assert points("<p>A blanket. It is wool.</p>", "introduction", **phrase) == 6
    assert points("<p>Something else.</p><p>Wool blanket.</p>", "introduction", **phrase) == 3
    assert points('<p><img src="a"></p><p>Wool blanket.</p>', "introduction", **phrase) == 9


@pytest.mark.parametrize(
    ("title", "score"),
    [
        ("Wool blanket: a guide", 9),
        ("The wool blanket", 9),
        ("A guide to the wool blanket", 6),
        ("Blanket made of wool", 6),
        ("Bedding", 2),
        ("", 2),
    ],
)
def test_title(title: str, score: int) -> None:
    assert points("<p>Text.</p>", "title_keyphrase", title=title, focus_keyword="wool blanket") == score


@pytest.mark.parametrize(
    ("description", "score"),
    [("", 3), ("Nothing.", 3), ("Wool blanket.", 9), ("Wool blanket. Wool blanket.", 9), ("Wool blanket. " * 3, 3)],
)
def test_meta_description(description: str, score: int) -> None:
    assert points("<p>T.</p>", "meta_keyphrase", description=description, focus_keyword="wool blanket") == score


@pytest.mark.parametrize(
    ("phrase", "slug", "language", "score"),
    [
        ("wool blanket", "wool-blanket", "en", 9),
        ("wool blanket", "blanket", "en", 6),
        ("wool blanket", "", "en", 3),
        ("grey wool blanket", "wool-blanket-x", "en", 9),
        ("plava čaša", "plava-casa", "sr", 9),
        ("плава чаша", "plava-casa", "sr", 9),
        ("đubrivo", "djubrivo", "sr", 9),
        ("đubrivo", "dubrivo", "sr", 9),
        ("Bettwäsche", "bettwaesche", "de", 9),
        ("Bettwäsche", "bettwasche", "de", 9),
    ],
)
def test_slug(phrase: str, slug: str, language: str, score: int) -> None:
    assert points("<p>T.</p>", "slug", slug=slug, focus_keyword=phrase, language=language) == score


def test_subheadings_want_a_share() -> None:
    def body(*matching: bool) -> str:
        return "".join(f"<h2>{'Wool blanket' if m else 'Other'}</h2><p>x</p>" for m in matching)

    phrase = {"focus_keyword": "wool blanket"}
    assert points(body(True), "subheadings_keyphrase", **phrase) == 9
    assert points(body(True, False), "subheadings_keyphrase", **phrase) == 9
    assert points(body(True, True), "subheadings_keyphrase", **phrase) == 3
    assert points(body(False, False), "subheadings_keyphrase", **phrase) == 3
    assert points(paragraphs(301), "subheadings_keyphrase", **phrase) == 2
    assert points(paragraphs(300), "subheadings_keyphrase", **phrase) == 9


def test_image_alternative_texts() -> None:
    phrase = {"focus_keyword": "wool blanket"}

    def alts(*texts: str) -> Any:
        return points("<p>T.</p>" + "".join(f'<img src="a" alt="{t}">' for t in texts), "image_alt", **phrase)

    assert points("<p>T.</p>", "image_alt", **phrase) == 3
    assert alts("") == alts("a chair") == 6
    assert alts("a blanket") == 9
    assert alts("wool blanket", "", "", "", "", "") == 9
    assert alts(*["wool blanket"] * 5) == 6


def test_links() -> None:
    def link(href: str, rel: str = "", text: str = "x") -> str:
        return f'<p>T. <a href="{href}" rel="{rel}">{text}</a></p>'

    inside, outside = "https://www.shop.example.com/a", "https://other.example/"
    assert points(link("/a"), "links_internal") == points(link(inside), "links_internal") == 9
    assert points(link(inside, "nofollow"), "links_internal") == 7
    assert points(link(inside) + link("/b", "nofollow"), "links_internal") == 8
    assert points(link(outside), "links_internal") == 3
    assert points(link(outside), "links_external") == 9
    for neither in ("#top", "mailto:a@b.c", "tel:1", "javascript:x", "http://[bad"):
        assert points(link(neither), "links_external") == points(link(neither), "links_internal") == 3
    phrase = {"focus_keyword": "wool blanket"}
    assert points(link(inside, text="the wool blanket"), "competing_links", **phrase) == 2
    assert points(link(inside, text="our wool blanket shop"), "competing_links", **phrase) == 8


# --- checks of the text


@pytest.mark.parametrize(("count", "score"), [(99, -20), (199, -10), (249, 3), (299, 6), (300, 9)])
def test_text_length(count: int, score: int) -> None:
    assert points(paragraphs(count), "text_length") == score


@pytest.mark.parametrize(("length", "score"), [(0, 1), (120, 6), (121, 9), (156, 9), (157, 6)])
def test_meta_length(length: int, score: int) -> None:
    assert points("<p>T.</p>", "meta_length", description="d" * length) == score


def test_title_width_is_measured_as_helvetica() -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    for text in ("Wool blanket: how to choose, wash & keep it", "MIJW iilj 0123456789 ()[]{}|~^@#$%*+<=>?\"'`_"):
        assert abs(appearance.width(text) - stringWidth(text, "Helvetica", 20)) <= 1
    assert appearance.width("čćšž") == appearance.width("ccsz")
    assert points("<p>T.</p>", "title_width", title="m" * 36) == 9
    assert points("<p>T.</p>", "title_width", title="m" * 37) == 3
    assert points("<p>T.</p>", "title_width") == 1


def test_headings_of_the_first_level() -> None:
    assert points("<h1>A</h1><p>T.</p>", "single_h1") == 8
    assert points("<h1>A</h1><h1>B</h1>", "single_h1") == 1


def test_subheading_distribution() -> None:
    assert points(paragraphs(150, 151), "subheading_distribution") == 2
    assert points(paragraphs(300), "subheading_distribution") == 9
    assert points(paragraphs(300) + "<h2>x</h2>" + paragraphs(300), "subheading_distribution") == 9
    assert points(paragraphs(350) + "<h2>x</h2>" + paragraphs(10), "subheading_distribution") == 6
    assert points(paragraphs(351) + "<h2>x</h2>" + paragraphs(10), "subheading_distribution") == 3


@pytest.mark.parametrize(("count", "score"), [(150, 9), (151, 6), (200, 6), (201, 3)])
def test_paragraph_length(count: int, score: int) -> None:
    assert points(paragraphs(count), "paragraph_length") == score


@pytest.mark.parametrize(("long", "score"), [(5, 9), (6, 6), (7, 3)])
def test_sentence_length(long: int, score: int) -> None:
    assert points(paragraphs(*[21] * long, *[20] * (20 - long)), "sentence_length") == score


def test_connectors_count_above_two_hundred_words() -> None:
    plain = paragraphs(*[10] * 21)
    assert points(plain, "transition_words") == 3
    assert points(paragraphs(*[10] * 20), "transition_words") == 9
    connected = paragraphs(*[10] * 15) + "".join(f"<p>However, {words(9)}.</p>" for _ in range(7))
    assert points(connected, "transition_words") == 9
    cyrillic = paragraphs(*[10] * 15) + "".join(f"<p>Међутим, {words(9)}.</p>" for _ in range(7))
    assert points(cyrillic, "transition_words", language="sr") == 9


def test_sentence_beginnings() -> None:
    assert points("<p>Wool is warm. Wool is soft. Wool is old.</p>", "sentence_beginnings") == 3
    assert points("<p>Wool is warm. Cotton is soft. Wool is old.</p>", "sentence_beginnings") == 9
    assert points("<p>The cat sat. The dog ran. The bird flew.</p>", "sentence_beginnings") == 9
    assert points("<ul><li>Wool a.</li><li>Wool b.</li><li>Wool c.</li></ul>", "sentence_beginnings") == 9


@pytest.mark.parametrize(
    ("language", "sentence", "passive"),
    [
        ("en", "The blanket was woven by hand.", True),
        ("en", "It is not often washed.", True),
        ("en", "The people who weave it are proud.", False),
        ("en", "They wash it at home.", False),
        ("de", "Der Stoff wird gewebt.", True),
        ("de", "Die Decke wurde in Polen verkauft.", True),
        ("de", "Er wird morgen kommen.", False),
        ("de", "Wir verkaufen Decken.", False),
    ],
)
def test_passive_voice(language: str, sentence: str, passive: bool) -> None:
    assert (points(f"<p>{sentence}</p>", "passive_voice", language=language) == 3) is passive


# --- words and sentences


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "One. Two! Three? Four…", 4),
        ("en", "It costs 3.5 euros, e.g. in spring. Yes.", 2),
        ("en", "J. Smith wrote it. He said “No.” Then he left.", 3),
        ("de", "Am 3. Januar kam z. B. Schnee. Danach Regen.", 2),
        ("sr", "To je bilo 1. maja, npr. u podne. Posle je padala kiša.", 2),
        ("sr", "То је било 1. маја, нпр. у подне. После је падала киша.", 2),
    ],
)
def test_sentences(language: str, text: str, count: int) -> None:
    found = languages.find(language)
    assert len(split(found.fold(text), found)) == count


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("sr", ["posteljina", "posteljine", "posteljini", "posteljinu", "posteljinom", "posteljinama"]),
        ("sr", ["pamučna", "pamučan", "pamučne", "pamučnim"]),
        ("en", ["blanket", "blankets", "blanket's"]),
        ("en", ["washing", "washed", "wash"]),
        ("de", ["Decke", "Decken"]),
        ("de", ["Häuser", "Haus"]),
    ],
)
def test_forms_of_one_word_are_one_keyphrase(language: str, forms: list[str]) -> None:
    for form in forms[1:]:
        assert points(f"<p>{form} x.</p>", "introduction", focus_keyword=forms[0], language=language) == 9, form


def test_every_outcome_has_a_message() -> None:
    for post in posts.make():
        fields = {k: post[k] for k in ("content", "title", "description", "slug", "focus_keyword", "language")}
        for row in judge(**fields)["checks"]:
            assert "{" not in row["message"]
