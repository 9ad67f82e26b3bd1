"""How a text addresses its reader: the setting of the language, what the writer is told, and what the check finds."""

from __future__ import annotations

from typing import Any

import pytest

from scribe.errors import InvalidInput
from writing import checks, facts, language_settings, prompts
from writing.checks import formality
from writing.settings import WritingSettings
from writing.translation import prompt as translating

FACTS = facts.read({"name": "Trinkflasche Pan Tu", "description": "Eine Flasche."})


def said(text: str, language: str, asked: str, field: str = "description") -> list[str]:
    content = {field: text}
    settings = WritingSettings(language=language, formality=asked)
    row = next((c for c in checks.run(content, FACTS, settings).checks if c["id"] == "formality"), None)
    return [] if row is None else [finding["text"] for finding in row["findings"]]


@pytest.mark.parametrize(
    ("language", "formal", "informal", "neither"),
    [
        ("de", "So bleiben Sie trocken und Ihr Rucksack auch.", "So bleibst du trocken, und dein Rucksack auch.",
         "Sie ist aus Stahl. Ihr Deckel schließt dicht. Das hält sie kalt und ihnen gefällt es."),
        ("nl", "Zo blijft u droog.", "Zo blijf je droog.", "Wiegt 24 u lang koel blijven."),
        ("fr", "Elle garde vos boissons au frais.", "Elle garde tes boissons au frais.", "Une gourde ton sur ton."),
        ("es", "Diseñada para usted.", "Diseñada para ti y tus viajes.", "Mantiene su bebida fría."),
        ("it", "Mantiene fredde le Sue bevande.", "Mantiene fredde le tue bevande.", "Sue è il nome. Le sue cinghie."),
        ("pt-BR", "Feita para o senhor.", "Feita para você.", "Feita de aço."),
        ("pl", "Butelka dla Pana i Pani.", "Twoja butelka na każdy dzień.", "Pani Anna uszyła tę torbę."),
        ("cs", "Udrží vaše nápoje chladné.", "Udrží tvoje nápoje chladné.", "Ti, kdo cestují, ji ocení."),
        ("sr", "Држи ваше пиће хладним.", "Држи твоје пиће хладним.", "Држи пиће хладним."),
        ("hr", "Drži vaše piće hladnim.", "Drži tvoje piće hladnim.", "Drži piće hladnim."),
        ("ru", "Сохраняет ваши напитки холодными, для вас.", "Сохраняет твои напитки холодными.", "Напитки холодны."),
        ("hu", "Az Ön palackja.", "Ez a te palackod.", "Acél palack."),
        ("tr", "Sizin için.", "Senin için.", "Çelik şişe."),
        ("el", "Για εσάς.", "Για εσένα.", "Από ατσάλι."),
        ("hi", "आपके लिए।", "तुम्हारे लिए।", "स्टील की बोतल।"),
        ("id", "Untuk Anda.", "Untuk kamu.", "Botol baja."),
        ("zh", "适合您的水瓶。", "适合你的水瓶。", "不锈钢水瓶。"),
        ("zh-TW", "適合您的水瓶。", "適合你的水瓶。", "不鏽鋼水瓶。"),
    ],
)  # fmt: skip
def test_the_other_form_is_an_error_and_the_own_is_not(language: str, formal: str, informal: str, neither: str) -> None:
    assert said(formal, language, "informal")
    assert said(informal, language, "formal")
    assert said(formal, language, "formal") == []
    assert said(informal, language, "informal") == []
    assert said(neither, language, "formal") == said(neither, language, "informal") == []


@pytest.mark.parametrize(("language", "asked"), [("de", ""), ("en", "formal"), ("sv", "informal"), ("ja", "formal")])
def test_without_a_setting_or_a_second_form_nothing_is_checked_or_told(language: str, asked: str) -> None:
    settings = WritingSettings(language=language, formality=asked)
    report = checks.run({"description": "So bleibst du trocken."}, FACTS, settings)
    assert "formality" not in {check["id"] for check in report.checks}
    assert formality.request(settings) == ""


def test_a_text_in_the_other_form_is_flagged_with_the_reason() -> None:
    settings = WritingSettings(language="de", formality="formal")
    report = checks.run({"description": "So bleibst du trocken."}, FACTS, settings)
    assert report.flagged
    assert any("“du” addresses the reader informally" in str(reason) for reason in report.reasons)


def test_a_name_and_an_abbreviation_address_nobody() -> None:
    assert said("Die Pan Tu ist leicht. Geprüft von der TU.", "pl", "informal") == []
    assert said("TU", "fr", "formal") == []
    assert said("Tu", "fr", "formal", field="name") == []


@pytest.mark.django_db
def test_writers_and_translators_are_told() -> None:
    settings = WritingSettings(
        language="de", formality="formal", custom_instructions="Kurz.", language_instructions="Schweizer Wörter."
    )
    told = "Address the reader in the formal form (“Sie”), never as “du”."
    text = prompts.build(FACTS, settings).system
    assert told in text
    assert "Kurz.\nSchweizer Wörter." in text
    assert told in "\n".join(translating.task(settings, "en"))


@pytest.mark.parametrize(
    "level",
    [
        {"tlh": {}},
        {"de": {"formality": "rude"}},
        {"de": {"tone": "x"}},
        {"de": "formal"},
        {"de": {"instructions": "x" * 8001}},
        [],
        "de",
    ],
)
def test_what_could_never_apply_is_refused(level: Any) -> None:
    if level == []:
        assert language_settings.read({"language_settings": level}) == {}
        return
    with pytest.raises(InvalidInput):
        language_settings.read({"language_settings": level})
    assert language_settings.read({"language_settings": level}, lenient=True) == {}
