"""Serbian in Latin letters: every letter, capitals in pairs, and nothing else touched."""

from __future__ import annotations

import pytest

from scribe.language import script
from writing import checks, facts
from writing.checks.translation.marks import PLACEHOLDER
from writing.settings import WritingSettings
from writing.translation import facts_of, latin

TEXTS = (
    ("љубав Љубав ЉУБАВ", "ljubav Ljubav LJUBAV"),
    ("њива Њива ЊИВА КОЊ Коњ", "njiva Njiva NJIVA KONJ Konj"),
    ("џеп Џеп ЏЕП Џ.", "džep Džep DŽEP Dž."),
    ("инјекција, надживети", "injekcija, nadživeti"),
    ("Ђорђе, шећер, чаша, жица, цвеће", "Đorđe, šećer, čaša, žica, cveće"),
    ("модел ЉЗ-2, Wi-Fi 6", "model LJZ-2, Wi-Fi 6"),
    ('<p title="наслов">Већ <a href="/производ/шоља">овде</a></p>', '<p title="наслов">Već <a href="/производ/шоља">ovde</a></p>'),
    ("Здраво {име}, {{ цена }} и [галерија] на www.пример.rs", "Zdravo {име}, {{ цена }} i [галерија] na www.пример.rs"),
    ('[галерија ids="1"]Слика[/галерија] [по избору] %име% и %време%.', '[галерија ids="1"]Slika[/галерија] [po izboru] %име% i %време%.'),
    ("продавница.срб/боце, а не срб. или о.срба", "продавница.срб/боце, a ne srb. ili o.srba"),
    ("пиши на a@b.rs, види www.a.rs/шоља", "piši na a@b.rs, vidi www.a.rs/шоља"),
)  # fmt: skip


@pytest.mark.parametrize(("cyrillic", "latin_text"), TEXTS)
def test_a_text_in_latin_letters(cyrillic: str, latin_text: str) -> None:
    assert latin.text_of(cyrillic) == latin_text
    assert latin.text_of(latin_text) == latin_text or PLACEHOLDER.search(cyrillic)


def test_the_sku_stays_and_a_word_alone_in_brackets_goes_to_a_person() -> None:
    content = {"name": "Боца БВ-12 и БВ-123", "description": "<p>[избор] је твој. [мапа x=1]</p>"}
    made = latin.content_of(content, "БВ-12")
    assert made == {"name": "Boca БВ-12 i BV-123", "description": "<p>[избор] je tvoj. [мапа x=1]</p>"}
    assert latin.cyrillic_words(content, made, "БВ-12") == [{"field": "description", "text": "[избор]"}]


def test_every_letter_has_its_own() -> None:
    capitals = "АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ"
    made = [script.letters(letter) for letter in capitals]
    assert len(set(made)) == 30
    assert all(one.isalpha() and not script.has_cyrillic(one) for one in made)
    assert [script.letters(letter.lower()) for letter in capitals] == [one.lower() for one in made]


CONTENT = {
    "name": "Боца за воду „Љиљан“",
    "short_description": "Лагана боца од 0,5 l.",
    "description": "<p>Тежи <strong>250 g</strong>, држи топлоту 12 сати.</p>",
    "bullet_points": ["Од челика", "Не цури"],
    "attributes": {"Запремина": "0,5 l"},
    "tags": ["боца"],
    "seo": {"title": "Боца", "description": "Боца за воду", "slug": "боца-за-воду", "focus_keyword": "боца"},
    "structured_data": {"name": "Боца"},
}


def test_a_whole_content() -> None:
    made = latin.content_of(CONTENT)
    assert made["attributes"] == {"Zapremina": "0,5 l"}
    assert made["seo"]["slug"] == "boca-za-vodu"
    assert "structured_data" not in made
    assert latin.cyrillic_words(CONTENT, made) == []
    read = facts_of(facts.read({"name": "Боца", "attributes": {"Запремина": "0,5 l"}}), CONTENT, "sr")
    report = checks.run(made, read, WritingSettings(language="sr-Latn"))
    assert next(check for check in report.checks if check["id"] == "translation")["findings"] == []


def test_what_is_lost_is_named() -> None:
    strange = {"description": "Модел Ѓ и књига"}
    assert latin.cyrillic_words(strange, latin.content_of(strange)) == [{"field": "description", "text": "Ѓ"}]
    shorter = {**latin.content_of(CONTENT), "name": "Boca"}
    assert {"field": "name", "text": ""} in latin.cyrillic_words(CONTENT, shorter)
