"""The check `translation`: what a translation must have in common with its original, and what it may change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from writing import checks, facts
from writing.facts import Original
from writing.glossary import Glossary, Term
from writing.settings import WritingSettings

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
    ("en>ja", "The bottle keeps drinks warm for 12 hours.", "このボトルは飲み物を12時間温かく保ちます。"),
)  # fmt: skip


@pytest.mark.parametrize(("languages", "before", "after"), FAITHFUL)
def test_a_faithful_translation_has_no_finding(languages: str, before: str, after: str) -> None:
    assert codes(before, after, languages) == []


CHANGED = (
    ("en>de", "It weighs 1,234 g.", "Sie wiegt 1,234 g.", ["number_added", "number_missing"]),
    ("en>de", "The tent weighs 2.4 kg.", "Das Zelt wiegt 24 kg.", ["number_added", "number_missing"]),
    ("en>de", "It is 10 cm wide.", "Es ist 10 mm breit.", ["unit_changed"]),
    ("en>de", "It is 10 in wide.", "Es ist 25,4 cm breit.", ["number_added", "number_missing"]),
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
