"""Prompts: fixed text first, data as one JSON value, cut to the window; and what a repair says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from integrations.ai import tokens
from tests.writing.checks.rates.products import PRODUCTS
from writing import checks, facts, languages, output, prompts, repair
from writing.settings import WritingSettings
from writing.templates import PromptText

TEMPLATE = PromptText("product", 3, "You write product texts.")
REPAIR = PromptText("repair", 1, "Mend these faults:")
SOURCE = PRODUCTS["headphones"]


def build(source: dict[str, Any] = SOURCE, **settings: Any) -> Any:
    return prompts.build(facts.read(source), WritingSettings(**settings), template=TEMPLATE)


def data_of(prompt: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(prompt.user.removeprefix(prompts.DATA_LABEL))
    return found


def test_the_fixed_text_comes_first_and_does_not_change_with_the_product() -> None:
    assert build().system == build(PRODUCTS["mug"]).system
    assert build().system.startswith(TEMPLATE.text)


def test_the_data_is_one_json_value() -> None:
    assert data_of(build())["name"] == "Aria BT-200 Wireless Headphones"


def test_the_task_says_what_is_wanted() -> None:
    system = build(
        language="sr-Latn", max_long_chars=800, use_html=False, generate_tags=True, custom_instructions="Say du."
    ).system
    assert "Serbian (Latin)" in system
    assert "Latin script" in system
    assert "at most 800 characters" in system
    assert "tags:" in system
    assert "bullet_points" not in system
    assert "Say du." in system


@pytest.mark.parametrize("code", list(languages.BY_CODE))
def test_every_language_has_a_prompt(code: str) -> None:
    assert languages.BY_CODE[code].native_name in build(language=code).system


def test_the_brief_carries_the_same_request() -> None:
    brief = build(language="de", generate_bullet_points=True).brief
    assert (brief.language, brief.kind, brief.tone) == ("de", "product", "professional")
    assert "bullet_points" in brief.wanted
    assert brief.facts["attributes"]["Weight"] == "210 g"
    assert brief.limits["max_short_chars"] == 200


@pytest.mark.parametrize("window", [4_096, 8_192, 32_000])
@pytest.mark.parametrize("letters", ["word ", "ријеч "])
def test_a_prompt_fits_the_models_window(window: int, letters: str) -> None:
    source = {
        "name": "Long",
        "description": letters * 3000,
        "short_description": letters * 400,
        "attributes": {f"Attribute {i}": letters * 20 for i in range(50)},
        "tags": [letters * 3] * 30,
    }
    prompt = build(
        source, provider="local", context_window=window, max_long_chars=1000, custom_instructions="be brief. " * 200
    )
    size = (
        tokens.estimate(prompt.system, "en", "local")
        + tokens.estimate(prompt.user, "json", "local")
        + prompt.max_output_tokens
    )
    assert size <= window
    assert data_of(prompt)["name"] == "Long"


def test_a_prompt_that_fits_is_not_cut() -> None:
    assert data_of(build()) == facts.read(SOURCE).as_data()


def test_the_canary_is_in_the_system_text_alone() -> None:
    prompt = build()
    assert prompts.canary() in prompt.system
    assert prompts.canary() not in prompt.user


def test_a_repair_keeps_the_prefix_and_names_the_faults() -> None:
    settings = WritingSettings(translate_name=False, generate_short=False, generate_seo=False)
    read = facts.read(SOURCE)
    first = prompts.build(read, settings, template=TEMPLATE)
    content = output.accept(
        {"description": "<p>The best headphones, made of leather, 50 hours.</p>"}, facts=read, settings=settings
    ).content
    report = checks.run(content, read, settings)
    assert repair.worth_it(report)
    second = repair.prompt(first, content, report, REPAIR)
    assert (second.system, second.schema, second.max_output_tokens) == (
        first.system,
        first.schema,
        first.max_output_tokens,
    )
    assert second.user.startswith(first.user)
    for fault in ("best", "leather", "50 hours"):
        assert f"“{fault}”" in second.user
    assert "Leave it out." in second.user


def test_a_repair_of_an_unusable_answer_says_what_was_wrong() -> None:
    first = build()
    problem = output.Unusable("schema", "The AI's answer has no “seo”.")
    assert repair.worth_it(problem)
    assert problem.detail in repair.prompt(first, None, problem, REPAIR).user
    assert not repair.worth_it(output.Unusable("refused", "No."))
    assert not repair.worth_it(output.Unusable("truncated", "Cut."))


def test_a_good_draft_needs_no_repair() -> None:
    settings = WritingSettings(translate_name=False, generate_short=False, generate_seo=False)
    text = "<p>The Aria BT-200 is a black pair of foldable headphones with Bluetooth 5.3 and 30 hours of playback, 210 g, with a microphone and a warranty of 24 months.</p>"
    report = checks.run({"description": text}, facts.read(SOURCE), settings)
    assert not repair.worth_it(report), report.failed


@pytest.mark.parametrize(("language", "price", "weight"), [("en", "19.90", "0.38 kg"), ("de", "19,90", "0,38 kg")])
def test_prices_and_measures_are_quoted_as_the_language_writes_them(language: str, price: str, weight: str) -> None:
    source = {"name": "Mug", "price": "19.90", "attributes": {"Weight": "0,38 kg", "Bluetooth": "5.3", "SKU": "A-1.5"}}
    asked = build(source, language=language)
    assert asked.brief is not None
    assert asked.brief.facts["price"] == price
    assert asked.brief.facts["attributes"] == {"Weight": weight, "Bluetooth": "5.3", "SKU": "A-1.5"}
    assert f'"{weight}"' in asked.user
    assert f"decimal {'point' if language == 'en' else 'comma'}" in asked.system
