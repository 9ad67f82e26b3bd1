"""The check `translation`: what a translation must have in common with its original, and what it may change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from writing import checks, facts, output
from writing.facts import Original
from writing.glossary import Glossary, Term
from writing.settings import WritingSettings
from writing.translation import settings_of

SOURCE = facts.read({"name": "Trail bottle", "sku": "TB-500/X", "attributes": {"Volume": "0.5 l"}})


def report(before: Any, after: Any, languages: str, field: str = "description", **settings: Any) -> Any:
    source, target = languages.split(">")
    read = replace(SOURCE, original=Original({field: before}, source), cache={})
    return checks.run({field: after}, read, WritingSettings(language=target, **settings))


def codes(before: Any, after: Any, languages: str, field: str = "description", **settings: Any) -> list[str]:
    """The codes of what the check finds; warnings are put in brackets."""
    row = next(
        check for check in report(before, after, languages, field, **settings).checks if check["id"] == "translation"
    )
    assert row["passed"] is not any(finding["level"] == "error" for finding in row["findings"])
    return sorted(f["code"] if f["level"] == "error" else f"({f['code']})" for f in row["findings"])


FAITHFUL = (
    ("en>de", "It weighs 1,234.5 g and holds 0.5 l.", "Sie wiegt 1.234,5 g und fasst 0,5 l."),
    ("en>de", "Weighs 1,250 g, up to 20 °C.", "Wiegt 1.250 g, bis 20 °C."),
    ("de>en", "Wiegt 1.250 g und misst 10 x 20 x 30,5 cm.", "Weighs 1,250 g and measures 10 x 20 x 30.5 cm."),
    ("en>fr", "Holds 1,250 ml, 50 % wool.", "Contient 1\u202f250 ml, 50 % de laine."),
    ("en>ru", "Weighs 2.4 kg, lasts 24 hours.", "Весит 2,4 кг, работает 24 часа."),
    ("en>zh", "Weighs 2.4 kg and is IPX4 rated.", "重量2.4公斤，防护等级IPX4认证。"),
    ("en>ar", "The bottle holds 0.5 l and weighs 250 g.", "سعة الزجاجة ٠٫٥ لتر ووزنها ٢٥٠ غرام."),
    ("en>he", "The tent weighs 2.4 kg.", 'משקל האוהל 2.4 ק"ג.'),
    ("en>de", "With two pockets and a 3-year warranty.", "Mit 2 Taschen und drei Jahren Garantie."),
    ("en>tr", "Made of 50% wool.", "%50 yünden yapılmıştır."),
    ("en>pl", "Operates down to -20 °C.", "Działa do −20 °C."),
    ("en>de", "Not suitable for the dishwasher.", "Nicht für die Spülmaschine geeignet."),
    ("en>de", "It is not suitable for dogs.", "Sie ist für Hunde ungeeignet."),
    ("en>fr", "The lid does not leak. It is light.", "Le couvercle ne fuit pas. Il est léger."),
    ("en>sr", "It is not only light, it is also strong.", "Није само лагана, већ је и чврста."),
    ("en>de", "A wireless, non-slip mouse.", "Eine kabellose, rutschfeste Maus."),
    ("en>de", "Fits the SKU TB-500/X and USB 3.0, model M8.", "Passt zur Artikelnummer TB-500/X und USB 3.0, Modell M8."),
    ("en>de", "Hello {name}, see [gallery ids=\"1,2\"] %1$s {{ price }}.", "Hallo {name}, siehe [gallery ids=\"1,2\"] %1$s {{ price }}."),
    ("en>de", "100 % silk and 50 % down.", "100 % Seide und 50 % Daunen."),
    ("en>it", '<p>See <a href="/a?b=1&amp;c">the <strong>lid</strong></a>.</p>', '<p>Guarda il <strong>tappo</strong> <a href="/a?b=1&amp;c">qui</a>.</p>'),
    ("en>de", "Plain words alone.", "<p>Nur einfache Worte.</p>"),
    ("en>de", "See www.example.com or write to a@example.com.", "Siehe www.example.com oder schreiben Sie an a@example.com."),
    ("sr>sr-Latn", "Модел АБ-12 тежи 2,4 kg и није водоотпоран.", "Model AB-12 teži 2,4 kg i nije vodootporan."),
    ("pt>pt-BR", "Uma garrafa leve para todos os dias de caminhada.", "Uma garrafa leve para todos os dias de caminhada."),
    ("de>en", "Es ist 162 cm hoch und wiegt 5.000 g.", "It is 1.62 m tall and weighs 5 kg."),
    ("en>fr", "Measures 150 × 200 cm.", "Mesure 1,50 × 2 m."),
    ("en>es", "Six glasses, a set of 6.", "Un juego de 6 copas."),
    ("de>es", "Weingläser im 6er-Set.", "Juego de 6 copas de vino."),
    ("de>ar", "Wiegt bis 5.000 g auf 0,05 g genau.", "يزن حتى ٥٬٠٠٠ غرام بدقة ٠٫٠٥ غرام."),
    ("en>ja", "The bottle keeps drinks warm for 12 hours.", "このボトルは飲み物を12時間温かく保ちます。"),
)  # fmt: skip


@pytest.mark.parametrize(("languages", "before", "after"), FAITHFUL)
def test_a_faithful_translation_has_no_finding(languages: str, before: str, after: str) -> None:
    assert codes(before, after, languages) == []


CHANGED = (
    ("en>de", "It weighs 1,234 g.", "Sie wiegt 1,234 g.", ["number_added", "number_missing"]),
    ("en>de", "The tent weighs 2.4 kg.", "Das Zelt wiegt 24 kg.", ["number_added", "number_missing"]),
    ("en>de", "It is 10 cm wide.", "Es ist 10 mm breit.", ["unit_changed"]),
    ("en>de", "It is 10 inches wide.", "Es ist 25,4 cm breit.", ["(converted)"]),
    ("en>de", "A 12-inch skillet for 500 °F.", "Eine Pfanne von 30 cm bis 260 °C.", ["(converted)", "(converted)"]),
    ("en>de", "A 12-inch skillet.", "Eine Pfanne von 35 cm.", ["number_added", "number_missing"]),
    ("en>de", "It is 10 cm wide.", "Es ist 0,01 m breit.", ["number_added", "number_missing"]),
    ("en>de", "It holds 750 ml of tea.", "Sie fasst viel Tee.", ["number_missing"]),
    ("en>de", "It holds tea.", "Sie fasst 750 ml Tee.", ["number_added"]),
    ("en>ar", "It weighs 250 g.", "وزنها ٣٥٠ غرام.", ["number_added", "number_missing"]),
    ("en>zh", "Weighs 2.4 kg.", "重量24公斤。", ["number_added", "number_missing"]),
    ("en>el", "One of a kind, with 3 pockets.", "Μοναδικό, με τσέπες.", ["(number_missing)"]),
    ("en>el", "It comes with 3 pockets.", "Διαθέτει 5 τσέπες.", ["number_added", "number_missing"]),
    ("en>pl", "Down to -20 °C.", "Do 20 °C.", ["number_added", "number_missing"]),
    ("en>de", "The tent is waterproof.", "Das Zelt ist nicht wasserdicht.", ["negation_added"]),
    ("en>de", "Not dishwasher safe.", "Spülmaschinenfest.", ["negation_lost"]),
    ("en>de", "It is light. It does not squeak at night.", "Sie ist leicht. Sie quietscht nachts.", ["negation_lost"]),
    ("en>sr", "The lid squeaks.", "Поклопац не шкрипи.", ["negation_added"]),
    ("en>de", "Rated IPX4.", "Schutzart IPX 4.", ["(number_added)", "code_missing"]),
    ("en>ru", "Model TB-500/X for hikes.", "Модель ТБ-500/Х для походов.", ["sku_missing"]),
    ("en>de", "Hello {name}, you save %s.", "Hallo {Name}, Sie sparen.", ["placeholder_added", "placeholder_missing", "placeholder_missing"]),
    ("en>de", "[button text=\"Join now\" url=\"/a\"]", "[button text=\"Jetzt mitmachen\" url=\"/a\"]", []),
    ("en>de", "[button text=\"Join now\" url=\"/a\"]", "[button text=\"Jetzt mitmachen\" url=\"/b\"]", ["placeholder_added", "placeholder_missing"]),
    ("en>de", "In black [optional].", "In Schwarz [wahlweise].", ["(placeholder_added)", "(placeholder_missing)"]),
    ("en>it", "<ul><li>One</li><li>Two</li></ul>", "<ul><li>Uno e due</li></ul>", ["tags_differ"]),
    ("en>it", "<h3>One</h3><p>Two</p>", "<p>Uno</p><h3>Due</h3>", ["tags_differ"]),
    ("en>it", '<p><a href="/a">One</a></p>', '<p><a href="/it/a">Uno</a></p>', ["link_added", "link_missing"]),
    ("en>de", "See www.example.com.", "Siehe unsere Seite.", ["address_missing"]),
    ("en>de", "A light bottle for long walks in the woods.", "A light bottle for long walks in the woods.", ["untranslated"]),
    ("en>de", "A light bottle for long walks in the woods, and a warm cup of tea on the way home with all of your friends.", "Eine leichte Flasche.", ["length"]),
)  # fmt: skip


@pytest.mark.parametrize(("languages", "before", "after", "found"), CHANGED)
def test_a_change_is_found(languages: str, before: str, after: str, found: list[str]) -> None:
    assert codes(before, after, languages) == sorted(found)


def test_fields_and_entries_are_compared() -> None:
    assert codes(["One lid", "Two cups"], ["Ein Deckel"], "en>de", "bullet_points") == ["entries_differ"]
    assert codes({"Colour": "Blue", "Size": "10 cm"}, {"Farbe": "Blau", "Größe": "12 cm"}, "en>de", "attributes") == [
        "number_added",
        "number_missing",
    ]
    assert codes("A lid", "", "en>de") == ["field_missing"]
    assert codes("", "Ein Deckel", "en>de") == ["field_added"]
    assert codes(["mug"], ["becher", "tasse"], "en>de", "tags") == []


def test_attributes_are_compared_in_whatever_order_the_database_has_them() -> None:
    before = {"Size": "10 cm", "Weight": "2.5 kg", "Colour": "Blue"}
    after = {"Farbe": "Blau", "Gewicht": "2,5 kg", "Größe": "10 cm"}
    assert codes(before, after, "en>de", "attributes") == []
    assert codes(before, {**after, "Gewicht": "25 kg"}, "en>de", "attributes") == ["number_added", "number_missing"]


@pytest.mark.parametrize(
    ("languages", "before", "after", "found"),
    [
        ("en>de", {"Colour": "black"}, {"Colour": "Schwarz"}, ["untranslated"]),  # the name
        ("en>de", {"Colour": "black"}, {"Farbe": "black"}, ["untranslated"]),
        ("en>sr", {"Colour": "black"}, {"Боја": "black"}, ["untranslated"]),
        ("en>hr", {"Colour": "black"}, {"Boja": "Black"}, ["untranslated"]),
        ("de>en", {"Farbe": "Schwarz"}, {"Colour": "Schwarz"}, ["untranslated"]),
        ("en>de", {"Care": "hand wash only"}, {"Pflege": "hand wash only"}, ["untranslated"]),
        ("en>ar", {"Care": "hand wash only"}, {"العناية": "hand wash only"}, ["untranslated"]),
        ("en>de", {"Material": "polyester"}, {"Material": "Polyester"}, []),  # the same word
        ("en>de", {"Brand": "north face"}, {"Marke": "north face"}, []),
        ("en>de", {"Model": "Aqua 500 Pro"}, {"Modell": "Aqua 500 Pro"}, []),
        ("en>de", {"Line": "trail bottle"}, {"Serie": "trail bottle"}, []),  # the product's own name
        ("en>de", {"Fit": "unisex"}, {"Passform": "unisex"}, []),  # which no table knows
        ("pt>pt-BR", {"Cor": "azul claro"}, {"Cor": "azul claro"}, []),  # another country's form
        ("en>de", {"Colour": "black"}, {"Farbe": "Schwarz"}, []),
    ],
)
def test_an_attribute_that_was_left_as_it_was_is_an_error(
    languages: str, before: dict[str, str], after: dict[str, str], found: list[str]
) -> None:
    assert codes(before, after, languages, "attributes") == found


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (["black", "camping"], ["black", "Camping"], ["untranslated"]),
        (["steel water bottle", "camping gear set"], ["steel water bottle", "camping gear set"], ["untranslated"]),
        (["steel water bottle", "outdoor"], ["Trinkflasche aus Stahl", "outdoor"], []),
        (["steel water bottle", "hiking", "flask"], ["steel water bottle", "hiking", "Feldflasche"], ["untranslated"]),
        (["smart home", "lamp", "light"], ["smart home", "Lampe", "Licht"], []),
        (["outdoor", "camping"], ["outdoor", "camping"], []),
        (["trail bottle"], ["trail bottle"], []),
    ],
)
def test_search_words_that_were_left_as_they_were_are_an_error(
    before: list[str], after: list[str], found: list[str]
) -> None:
    assert codes(before, after, "en>de", "tags") == found


def test_a_focus_keyword_that_was_left_as_it_was_is_an_error() -> None:
    assert keyword_codes("steel water bottle", "steel water bottle") == ["untranslated"]
    assert (
        keyword_codes("steel water bottle", "Trinkflasche aus Stahl")
        == keyword_codes("trail bottle", "trail bottle")
        == []
    )


def keyword_codes(before: str, after: str) -> list[str]:
    read = replace(SOURCE, original=Original({"seo": {"focus_keyword": before}}, "en"), cache={})
    found = checks.run({"seo": {"focus_keyword": after}}, read, WritingSettings(language="de")).checks
    return [one["code"] for row in found if row["id"] == "translation" for one in row["findings"]]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (
            "It keeps drinks cold. It fits any bag.",
            "Sie hält kalt, was kalt ist. Sie hält kalt, was kalt ist.",
            ["repeated"],
        ),
        ("A cup. A cup.", "Eine Tasse. Eine Tasse.", []),
        ("It keeps drinks cold. It keeps drinks cold.", "Sie hält Getränke kalt. Sie hält Getränke kalt.", []),
        ("One size. Keeps you warm.", "Eine Größe. Eine Größe.", []),  # too short to be sure
    ],
)
def test_a_sentence_that_stands_twice_is_an_error(before: str, after: str, found: list[str]) -> None:
    assert codes(before, after, "en>de") == found


@pytest.mark.parametrize(
    ("before", "found"),
    [("Aqua 500 Pro", []), ("The bottle", ["(untranslated)"]), ("Trail bottle", ["(untranslated)"])],
)
def test_a_name_may_stay_as_it_is(before: str, found: list[str]) -> None:
    assert codes(before, before, "en>de", "name") == found


def test_what_is_not_to_be_translated_may_stay_as_it_is() -> None:
    text = "soft shell by trail co"
    kept = Glossary(tuple(Term(word, "en", word, kept=True) for word in ("soft shell", "by trail co")))
    assert codes(text, text, "en>de") == ["untranslated"]
    assert codes(text, text, "en>de", glossary=kept) == []


def test_the_original_is_a_source_of_claims() -> None:
    """The data says nothing of steel or 12 hours, the original does; of wool neither does."""
    found = report(
        "Made of steel, keeps tea warm for 12 hours.", "Aus Stahl, hält Tee 12 Stunden warm, aus Wolle.", "en>de"
    )
    said = {finding["text"]: finding for finding in found.claims}
    assert said["12 Stunden"]["source_field"] == said["Stahl"]["source_field"] == "original:description"
    assert [finding["text"] for finding in found.unsupported] == ["Wolle"]


def test_an_original_that_denies_supports_the_denial_alone() -> None:
    assert not report("Not waterproof.", "Nicht wasserdicht.", "en>de").unsupported
    assert report("Not waterproof.", "Wasserdicht.", "en>de").unsupported


def test_a_failed_comparison_flags_the_text_and_names_the_place() -> None:
    found = report("The tent weighs 2.4 kg.", "Das Zelt wiegt 24 kg.", "en>de")
    row = next(check for check in found.checks if check["id"] == "translation")
    added = next(finding for finding in row["findings"] if finding["code"] == "number_added")
    assert added == {
        "field": "description",
        "detail": "The original does not have “24 kg”.",
        "code": "number_added",
        "level": "error",
        "text": "24 kg",
        "start": 15,
        "end": 20,
    }
    assert found.flagged
    assert row["detail"] in found.reasons


def test_what_the_original_links_to_and_leaves_open_is_no_foreign_word() -> None:
    original = {
        "name": "Gift card for {{name}}",
        "description": '<p>Missing a piece? <a href="mailto:help@pieceful.example">Write to us</a>.</p>',
    }
    translation = {
        "name": "Gutschein für {{name}}",
        "description": '<p>Fehlt ein Teil? <a href="mailto:help@pieceful.example">Schreiben Sie uns</a>.</p>',
    }
    read = replace(SOURCE, original=Original(original, "en"), cache={})

    def forbidden(content: Any) -> set[str]:
        found = checks.run(content, read, WritingSettings(language="de")).checks
        return {finding["code"] for row in found if row["id"] == "forbidden" for finding in row["findings"]}

    assert forbidden(translation) == set()
    changed = {
        key: text.replace("pieceful", "elsewhere").replace("{{name}}", "{{brand}}") for key, text in translation.items()
    }
    assert forbidden(changed) == {"foreign_mail", "model_talk"}


def test_markup_that_only_the_original_may_have_stays_in_its_translation() -> None:
    english = {"description": '<div><b>Warm</b><hr><img src="https://cdn.example/a.jpg" alt="Mug"></div>'}
    german = {"description": english["description"].replace("Mug", "Tasse")}
    read = replace(SOURCE, original=Original(english, "en"), cache={})
    settings = settings_of(WritingSettings(language="de"), Original(english, "en"))
    assert output.merge({}, german, facts=read, settings=settings) == german

    def failed(text: str) -> set[str]:
        found = checks.run({"description": text}, read, settings)
        return {check["id"] for check in found.checks if check["id"] in ("html", "translation") and not check["passed"]}

    assert failed(german["description"]) == set()
    assert failed(german["description"].replace("<hr>", "")) == {"translation"}
    assert failed(german["description"].replace("<hr>", "<hr><u>!</u>")) == {"html", "translation"}
    plain = output.merge({}, german, facts=SOURCE, settings=settings)["description"]
    assert plain == "<strong>Warm</strong>"
