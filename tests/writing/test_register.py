"""Authorised health claims of the EU register: what a file says, and from which sentences a claim lifts a rule."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from projects.writing_settings import with_law
from scribe.errors import InvalidInput
from writing import checks, facts, prompts
from writing.law import publishing, register
from writing.models import ClaimRegister, LawRule
from writing.settings import WritingSettings
from writing.templates import PromptText

HEAD = (
    "Claim type;Nutrient, substance, food or food category;Claim;Conditions of use of the claim;Status;Entry Id;Least"
)
IMMUNE = "Vitamin C contributes to the normal function of the immune system"
FILE = "\r\n".join(
    [
        HEAD,
        f"Art.13(1);Vitamin C;{IMMUNE}.;At least a source of vitamin C;Authorised;129;12 mg",
        "Art.13(1);Cranberry;Cranberry cleans the kidneys;;Non-authorised;5;",
        "Art.14(1)(a);Plant sterols/Plant stanols;Plant sterols lower cholesterol, a risk factor;;Authorised;7;",
    ]
)
SAYS = f"<p>{IMMUNE}.</p>"
ASKED = WritingSettings(language="en", sells_in=("DE",), trade="food")


@pytest.fixture
def filed(db: Any) -> ClaimRegister:
    for rule in LawRule.objects.all():
        publishing.confirm(rule, by=None)
    return register.publish(
        language="en", version="11/2026", published_on=date(2026, 11, 1), file=FILE.encode(), by=None
    )


def check(text: str, attributes: dict[str, str], asked: WritingSettings = ASKED) -> dict[str, Any]:
    source = facts.read({"name": "Juice", "attributes": attributes})
    report = checks.run({"description": text}, source, with_law(asked))
    return next(one for one in report.checks if one["id"] == "law")


def test_an_authorised_claim_in_the_registers_words_passes_and_says_where_it_stands(filed: ClaimRegister) -> None:
    found = check(SAYS.replace("Vitamin C", "VITAMIN C"), {"Vitamin C": "30 mg"})
    assert (found["findings"], found["passed"]) == ([], True)
    [lifted] = found["lifted"]
    assert lifted["evidence"] == "EU register 129"
    assert lifted["version"] == "11/2026, 2026-11-01"
    assert lifted["conditions"] == "At least a source of vitamin C"
    assert "EU register 129 (11/2026, 2026-11-01). Conditions of use: At least" in lifted["detail"]


@pytest.mark.parametrize(
    ("attributes", "lifts"),
    [
        ({"Vitamin C": "12 mg"}, True),
        ({"Vitamin C": "12000 µg"}, True),
        ({"Nutrition": "Energy 40 kcal, 0,03 g vitamin C per 100 ml"}, True),
        ({"Vitamin C per 100 g": "13 mg"}, True),
        ({"Vitamin C per 100 g": "11 mg"}, False),
        ({"Vitamin C": "11.9 mg"}, False),
        ({"Vitamin C": "yes"}, False),
        ({"Vitamin D": "30 mg"}, False),
        ({}, False),
    ],
)
def test_it_lifts_where_the_data_states_enough_of_the_substance(
    filed: ClaimRegister, attributes: dict[str, str], lifts: bool
) -> None:
    found = check(SAYS, attributes)
    assert bool(found["lifted"]) is lifts
    assert [row["rule"] for row in found["findings"]] == ([] if lifts else ["health-food"])


@pytest.mark.parametrize(
    "text",
    [
        "<p>Vitamin C strengthens the immune system.</p>",  # other words
        "<p>Cranberry cleans the kidneys.</p>",  # not authorised
    ],
)
def test_other_words_and_claims_that_are_not_authorised_stay_findings(filed: ClaimRegister, text: str) -> None:
    found = check(text, {"Vitamin C": "30 mg", "Cranberry": "30 g"})
    assert found["lifted"] == []


def test_a_claim_on_the_reduction_of_a_disease_risk_lifts_the_rule_on_diseases(filed: ClaimRegister) -> None:
    rules = {claim.entry: claim.rule for one in register.in_use() for claim in one.claims}
    assert rules == {"129": "health-food", "7": "disease"}
    claim = next(claim for one in register.in_use() for claim in one.claims if claim.entry == "7")
    assert claim.fits(f"{claim.claim}!", facts.read({"name": "Spread", "attributes": {"Plant stanols": "2 g"}}))


def test_it_speaks_for_its_language_and_for_food(filed: ClaimRegister) -> None:
    german = WritingSettings(language="de", sells_in=("DE",), trade="food")
    assert check(SAYS, {"Vitamin C": "30 mg"}, german)["lifted"] == []
    assert with_law(WritingSettings(language="en", sells_in=("DE",), trade="toys")).law.registers == ()
    register.switch_off(filed)
    assert check(SAYS, {"Vitamin C": "30 mg"})["lifted"] == []


def test_the_writer_is_told_that_the_registers_words_may_be_said(filed: ClaimRegister) -> None:
    template = PromptText("product", 1, "Write.")
    assert "EU register may be said" in prompts.system_text(with_law(ASKED), template)
    register.switch_off(filed)
    assert "EU register may be said" not in prompts.system_text(with_law(ASKED), template)


@pytest.mark.parametrize(
    ("file", "wrong"),
    [
        (b"", "no column for: claim, status, substance"),
        (HEAD.encode(), "no authorised claim"),
        (FILE.replace("12 mg", "a lot").encode(), "Line 2: the least amount"),
        (FILE.encode("utf-16"), "no text in UTF-8"),
        (b"x" * (register.LARGEST + 1), "larger than 10 MB"),
    ],
)
def test_a_file_that_is_no_use_is_refused(file: bytes, wrong: str) -> None:
    with pytest.raises(InvalidInput, match=wrong):
        register.read(file)


def test_commas_part_columns_too_and_quotes_hold_them_together() -> None:
    [claim] = register.read(f'\ufeffClaim,Nutrient,Status\r\n"{IMMUNE}, too",Vitamin C,authorized\r\n'.encode())
    assert (claim["claim"], claim["least"], claim["entry"]) == (f"{IMMUNE}, too", "0", "2")
