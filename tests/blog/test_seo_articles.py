"""The score's readers on articles that were counted by hand, and on what real articles hold."""

from __future__ import annotations

from typing import Any

import pytest

from blog import seo
from tests.blog.yoast.posts import cyrillic

# Serbian articles and what a reader with a pencil counts: words, sentences, sentences over 20 words, sentences that a
# connector ties, the longest run of equal beginnings, uses of the keyphrase.
COUNTED: dict[str, tuple[str, str, tuple[int, int, int, int, int, int]]] = {
    "posteljina": (
        "pamučna posteljina",
        (
            "<p>Pamučna posteljina je prijatna leti. Međutim, i zimi ima svoje mesto.</p><h2>Kako se pere pamučna posteljina</h2>"
            "<p>Perite je na četrdeset stepeni. Zatim je okačite dok je vlažna. Pamučnu posteljinu ne treba mnogo peglati.</p>"
            "<ul><li>voda do četrdeset stepeni</li><li>malo praška</li></ul>"
            "<p>Bez pamučne posteljine nema dobrog sna, jer koža diše. Na primer, leti se manje znojimo.</p>"
        ),
        (54, 10, 0, 4, 1, 4),
    ),
    "igračka": (
        "drvena igračka",
        (
            "<p>Drvena igračka traje dugo. Deca je vole.</p><p>Lakirana je lakom na bazi vode, tako da je bezbedna i za najmlađe, "
            "a njene zaobljene ivice ne grebu ni decu ni nameštaj u kući.</p><p>Deca uče. Deca grade. Deca pamte.</p>"
        ),
        (38, 6, 1, 1, 3, 1),
    ),
    "lampa": (
        "stona lampa",
        (
            "<p>Stona lampa ima npr. tri jačine. Od 1. maja nosi novu oznaku. Cena je oko 3.500 din. sa dostavom.</p>"
            "<blockquote><p>Stona lampa koju sam dugo tražio.</p></blockquote>"
        ),
        (19, 3, 0, 0, 1, 1),
    ),
}


def check(result: dict[str, Any], name: str) -> dict[str, Any]:
    return next(check for check in result["checks"] if check["id"] == name)


@pytest.mark.parametrize("script", ["latin", "cyrillic"])
@pytest.mark.parametrize("name", COUNTED)
def test_serbian_articles_are_counted_as_by_hand(name: str, script: str) -> None:
    phrase, content, (words, sentences, long, tied, alike, uses) = COUNTED[name]
    if script == "cyrillic":
        phrase, content = cyrillic(phrase), cyrillic(content)
    result = seo.score(content=content, focus_keyword=phrase, language="sr" if script == "cyrillic" else "sr-Latn")
    assert (check(result, "text_length")["value"], result["readability"]["sentences"]) == (words, sentences)
    assert check(result, "sentence_length")["value"] == pytest.approx(100 * long / sentences, abs=0.06)
    assert check(result, "transition_words")["value"] == pytest.approx(100 * tied / sentences, abs=0.06)
    assert check(result, "sentence_beginnings")["value"] == alike
    assert check(result, "keyphrase_density")["value"] == uses


@pytest.mark.parametrize(
    ("phrase", "text", "uses"),
    [
        ("Open-Source-Projekt", "Ein Open-Source-Projekt läuft.", 1),
        ("Open-Source-Projekt", "Das Projekt ist Open Source.", 1),
        ("Open Source", "Ein Open-Source-Projekt läuft.", 1),
        ("Lizenz", "Die Lizenz-Frage ist offen.", 1),
        ("Projekt", "Die Projektion ist scharf.", 0),
    ],
)
def test_what_hyphens_join_is_several_words(phrase: str, text: str, uses: int) -> None:
    found = seo.score(content=f"<p>{text}</p>", focus_keyword=phrase, language="de")
    assert check(found, "keyphrase_density")["value"] == uses


@pytest.mark.parametrize(
    ("language", "sentence", "passive"),
    [
        ("de", "Der Code wurde gestern geprüft.", True),
        ("de", "Sie haben alles aufgeschrieben, und andere würden es lesen.", False),
        ("de", "Wenn ihr Verhalten feindselig wird, leidet die Gemeinschaft.", False),
        ("de", "Sie werden unweigerlich Vorschläge erhalten.", False),
        ("de", "Sie sehen, wie oft es heruntergeladen wurde.", True),
        ("de", "Die Frage ist oft gestellt worden.", True),
        ("de", "Manche fürchten, angeschrien zu werden.", False),
        ("de", "Die Leute, die gebeten wurden, kamen.", True),
        ("de", "Die erste Seite wird überschrieben.", True),
        ("de", "Dieser Vorgang wird Abgleich (engl. reconciliation) genannt.", True),
        ("de", 'Dazu wird ein Gewebe namens "Satin" verwendet.', True),
        ("de", "Als würde man sich zu Fremden gesellen.", False),
        ("de", "Das kann schnell kompliziert werden.", False),
        ("de", "Sie würden es gern geprüft haben.", False),
        ("de", "Was die Last erhöht und zum Risiko wird, fällt auf.", False),
        ("en", "The code is used by many.", True),
        ("en", "They are almost always meant well.", True),
        ("en", "The tests can easily be run at home.", True),
        ("en", "The shed is red.", False),
        ("en", "If you’re not yet convinced, wait.", True),
        ("en", "Many are excited about it.", False),
    ],
)
def test_passive_voice_is_that_of_one_clause(language: str, sentence: str, passive: bool) -> None:
    found = seo.score(content=f"<p>{sentence}</p>", language=language)
    assert (check(found, "passive_voice")["value"] > 0) is passive


def test_beginnings_run_over_lists_and_end_at_headings_that_begin_otherwise() -> None:
    def longest(content: str) -> int:
        value: int = check(seo.score(content=content, language="en"), "sentence_beginnings")["value"]
        return value

    assert longest("<p>Make it so.</p><ul><li>Tea.</li></ul><p>Make tea.</p><p>Make cake.</p>") == 3
    assert longest("<p>Make it so.</p><h3>Recipes</h3><p>Make tea.</p><p>Make cake.</p>") == 2
    assert longest("<p>Make it so.</p><h3>Make tea</h3><p>Make cake.</p>") == 3
    assert longest("<ul><li>Make it.</li><li>Make tea.</li><li>Make cake.</li></ul>") == 1


def test_beginnings_leave_out_paragraphs_in_lists_and_what_an_omission_parts() -> None:
    def longest(content: str) -> int:
        value: int = check(seo.score(content=content, language="en"), "sentence_beginnings")["value"]
        return value

    entries = "".join(f"<li><p>Wool is {word}.</p><ul><li>Yes.</li></ul></li>" for word in ("warm", "soft", "old"))
    assert longest(f"<ul>{entries}</ul><p>Cotton is soft.</p>") == 1
    assert longest("<p>We came. We saw. (...) We won.</p>") == 2


def test_a_heading_of_code_alone_parts_sections() -> None:
    half = "<p>" + " ".join(["word"] * 200) + ".</p>"
    found = check(seo.score(content=f"{half}<h2><code>render()</code></h2>{half}"), "subheading_distribution")
    assert (found["value"], found["params"]["headings"]) == (200, 1)


@pytest.mark.parametrize(
    ("language", "text", "sentences"),
    [
        ("en", "It holds wool, silk, etc. Some hold flax.", 2),
        ("de", "Es gibt Wolle, Seide usw. Manche mögen Leinen.", 2),
        ("sr-Latn", "Ima vune, svile itd. Neki vole lan.", 2),
        ("en", "Pull it often. (see the guide below.)", 2),
        ("en", "Do not give up! 😄 There are many more.", 2),
        ("de", "Wir stellen u. U. weitere Leute ein, z. B. Näher.", 1),
        ("en", "John F. Kennedy asked.", 1),
    ],
)
def test_sentences_end_where_a_reader_ends_them(language: str, text: str, sentences: int) -> None:
    assert seo.score(content=f"<p>{text}</p>", language=language)["readability"]["sentences"] == sentences


@pytest.mark.parametrize(
    ("language", "sentence", "tied"),
    [
        ("en", "First, wash it.", True),
        ("en", "The first wash is the hardest.", False),
        ("en", "Ask whether it is wool.", True),
        ("de", "Sie wissen, dass es Wolle ist.", True),
        ("de", "Das gibt es z.B. in Blau.", True),
        ("de", "Es gibt auch Blau.", False),
        ("de", "Um Wolle zu waschen, nehmen Sie Seife.", False),
    ],
)
def test_what_ties_a_sentence_to_the_text(language: str, sentence: str, tied: bool) -> None:
    found = seo.score(content=f"<p>{sentence}</p>", language=language)
    assert (check(found, "transition_words")["value"] > 0) is tied


def test_what_others_said_is_not_the_authors_text() -> None:
    content = "<p>Two words.</p><blockquote><p>Five words of somebody else.</p></blockquote><p>Two more.</p>"
    assert seo.score(content=content)["readability"]["words"] == 4
