"""What an offer has to say of maker and dangers (GPSR, Art. 19) is copied from the source or missing, never written."""

from __future__ import annotations

from typing import Any

import pytest

from projects.writing_settings import with_law
from writing import checks, facts, gpsr, output, prompts
from writing.settings import WritingSettings
from writing.templates import PromptText
from writing.translation import facts_of

SOURCE: dict[str, Any] = {
    "name": "Rattle",
    "attributes": {
        "Hersteller": "Acme GmbH",
        "Hersteller Anschrift": "Hauptstr. 1, 12345 Berlin",
        "hersteller_e-mail": "info@acme.de",
        "Responsible person": "Acme EU, Rue 1, Paris",
        "Farbe": "blue",
    },
    "raw": {"custom_fields": {"_safety_instructions": "<p>Nicht für Kinder unter 3 Jahren &amp; Tiere.</p>"}},
}
DATA = {
    "manufacturer": "Acme GmbH",
    "manufacturer_address": "Hauptstr. 1, 12345 Berlin",
    "manufacturer_contact": "info@acme.de",
    "responsible": "Acme EU, Rue 1, Paris",
    "warnings": "Nicht für Kinder unter 3 Jahren & Tiere.",
}
ASKED = WritingSettings(
    language="en", structured_data_enabled=True, generate_attributes=True, sells_in=("DE",), trade="toys"
)


def without(*parts: str) -> dict[str, Any]:
    kept = {name: value for name, value in SOURCE["attributes"].items() if gpsr.part_of(name) not in parts}
    return {**SOURCE, "attributes": kept, "raw": {} if "warnings" in parts else SOURCE["raw"]}


def accepted(source: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = dict.fromkeys(ASKED.wanted, "Rattle")
    answer["seo"] = {"title": "Rattle", "description": "Rattle"}
    answer["attributes"] = [{"name": "Colour", "value": "blue"}]
    return output.accept({**answer, **more}, facts=facts.read(source), settings=ASKED).content


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Manufacturer", "manufacturer"),
        ("manufacturer_name", "manufacturer"),
        ("Manufacturer's email address", "manufacturer_contact"),
        ("gpsr_manufacturer_address", "manufacturer_address"),
        ("Fabricant", "manufacturer"),
        ("Dirección del fabricante", ""),
        ("Wytwórca adres", "manufacturer_address"),
        ("EU responsible person", "responsible"),
        ("Sicherheitshinweise", "warnings"),
        ("Brand", ""),
        ("Manufacturer warranty", ""),
        ("Warning light", ""),
    ],
)
def test_fields_are_known_by_their_names(name: str, part: str) -> None:
    assert gpsr.part_of(name) == part


def test_the_source_is_copied_into_the_structured_data() -> None:
    assert facts.read(SOURCE).safety == DATA
    data = accepted(SOURCE)["structured_data"]
    assert data["manufacturer"] == {
        "@type": "Organization",
        "name": "Acme GmbH",
        "address": "Hauptstr. 1, 12345 Berlin",
        "email": "info@acme.de",
    }
    rest = {one["name"]: one["value"] for one in data["additionalProperty"]}
    assert rest["Responsible person in the EU"] == "Acme EU, Rue 1, Paris"
    assert rest["Warnings"] == "Nicht für Kinder unter 3 Jahren & Tiere."
    assert "Hersteller" not in rest


def test_what_a_model_answers_in_these_fields_is_refused() -> None:
    """In structured data it is not asked for any; in attributes the source's words stand, or nothing."""
    written = [
        {"name": "Colour", "value": "blue"},
        {"name": "Manufacturer", "value": "Invented Ltd"},
        {"name": "Warnings", "value": "None at all"},
    ]
    lying = {"manufacturer": {"name": "Invented Ltd"}, "additionalProperty": [{"propertyID": "gpsr:warnings"}]}
    content = accepted(SOURCE, attributes=written, structured_data=lying)
    assert content["attributes"] == {
        "Colour": "blue",
        "Manufacturer": "Acme GmbH",
        "Warnings": "Nicht für Kinder unter 3 Jahren & Tiere.",
    }
    assert "Invented" not in str(content)
    bare = accepted({"name": "Rattle", "attributes": {"Colour": "blue"}}, attributes=written, structured_data=lying)
    assert bare["attributes"] == {"Colour": "blue"}
    assert "manufacturer" not in bare["structured_data"]
    assert "gpsr" not in str(bare)
    assert "structured_data" not in output.schema(ASKED)["properties"]


def test_an_edit_of_the_structured_data_leaves_them_as_the_source_has_them() -> None:
    source = facts.read(SOURCE)
    content = accepted(SOURCE)
    own = {
        "manufacturer": {"name": "Invented Ltd"},
        "additionalProperty": [{"propertyID": "gpsr:warnings", "name": "Warnings", "value": "None"}, {"name": "Own"}],
    }
    edited = output.merge(content, {"structured_data": own}, facts=source, settings=ASKED)["structured_data"]
    assert edited["manufacturer"]["name"] == "Acme GmbH"
    assert [one["name"] for one in edited["additionalProperty"]] == [
        "Responsible person in the EU",
        "Warnings",
        "Own",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lacking", "found"),
    [
        ((), []),
        (("warnings",), ["warnings"]),
        (("manufacturer_contact",), ["manufacturer_contact"]),
        (("manufacturer", "manufacturer_address"), ["manufacturer", "manufacturer_address"]),
    ],
)
def test_what_the_source_lacks_is_noted_and_fails_no_text(lacking: tuple[str, ...], found: list[str]) -> None:
    source = facts.read(without(*lacking))
    report = checks.run(accepted(SOURCE), source, with_law(ASKED))
    check = next(check for check in report.checks if check["id"] == "law")
    assert [finding["missing"] for finding in check["findings"]] == ([found] if found else [])
    assert check["passed"] is True
    for finding in check["findings"]:
        assert (finding["rule"], finding["severity"]) == ("gpsr", "note")
        assert "2023/988" in finding["detail"]


@pytest.mark.django_db
def test_one_field_may_hold_the_makers_name_and_addresses() -> None:
    whole = {"Manufacturer": "Acme GmbH, Hauptstr. 1, 12345 Berlin, www.acme.de", "Warnings": "Small parts."}
    assert gpsr.missing(facts.read({"name": "Rattle", "attributes": whole}).safety) == []


@pytest.mark.django_db
def test_it_is_a_rule_of_products_outside_food_and_of_nobody_elsewhere() -> None:
    def rules(settings: WritingSettings, kind: str = "product") -> list[str]:
        report = checks.run({"name": "Rattle"}, facts.read({"name": "Rattle"}, kind), with_law(settings))
        return [row["rule"] for check in report.checks if check["id"] == "law" for row in check["findings"]]

    assert rules(ASKED) == ["gpsr"]
    assert rules(ASKED, "category") == []
    assert rules(WritingSettings(language="en", sells_in=("DE",), trade="food")) == []
    assert rules(WritingSettings(language="en", sells_in=("US",), trade="toys")) == []


@pytest.mark.django_db
def test_no_writer_is_told_to_write_them() -> None:
    assert "2023/988" not in prompts.system_text(with_law(ASKED), PromptText("product", 1, "Write."))


def test_a_translation_copies_them_too() -> None:
    source = facts_of(facts.read(SOURCE), {"name": "Rassel"}, "de")
    assert source.safety == DATA
