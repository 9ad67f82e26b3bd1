"""The request for a translation: its rules, the original as data, and an answer that the rounds take."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from integrations.ai.errors import AIPermanentError
from writing import facts, languages, output, prompts, quotes
from writing.facts import Facts
from writing.offline import client
from writing.rules import LABEL, TaughtRule
from writing.settings import WritingSettings
from writing.templates import PromptText
from writing.translation import facts_of, memory, prompt, settings_of
from writing.translation.memory import Near, Remembered

RULES = PromptText(prompt.KIND, 1, "You translate.")
CONTENT: dict[str, Any] = {
    "name": "Trail bottle",
    "description": "<p>It weighs 1,250 g and does not leak.</p>",
    "attributes": {"Colour": "Blue"},
    "tags": ["bottle"],
    "seo": {"title": "Trail bottle", "description": "A bottle", "slug": "trail-bottle", "focus_keyword": "bottle"},
    "structured_data": {"name": "Trail bottle"},
}


def asked(content: dict[str, Any] = CONTENT, language: str = "de", keys: Any = (), **settings: Any) -> Any:
    read = facts_of(facts.read({"name": "Trail bottle", "categories": ["Bottles"]}), content, "en")
    assert read.original is not None
    return read, settings_of(WritingSettings(language=language, **settings), read.original, keys)


def build(read: Facts, settings: WritingSettings, **more: Any) -> Any:
    return prompt.build(read, settings, template=RULES, **more)


def test_the_settings_ask_for_what_the_original_has() -> None:
    _, settings = asked()
    assert settings.wanted == ("name", "description", "attributes", "tags", "seo")
    assert (settings.use_html, settings.structured_data_enabled) == (True, False)
    assert asked(keys=["name", "seo"])[1].wanted == ("name", "seo")
    assert asked({"name": "A", "description": "plain"})[1].use_html is False
    assert asked({"description": "a" * 4000})[1].max_long_chars == 5400


def test_the_original_is_data_in_the_form_of_the_answer() -> None:
    made = build(*asked())
    data = json.loads(made.user.removeprefix(prompts.DATA_LABEL))
    assert data == {
        "text": {
            "name": "Trail bottle",
            "description": CONTENT["description"],
            "attributes": [{"name": "Colour", "value": "Blue"}],
            "tags": ["bottle"],
            "seo": {"title": "Trail bottle", "description": "A bottle", "focus_keyword": "bottle"},
        },
        "context": {"type": "product", "name": "Trail bottle", "categories": ["Bottles"]},
    }
    assert sorted(made.schema["properties"]) == sorted(data["text"])
    read, settings = asked()
    assert output.accept(data["text"], facts=read, settings=settings).content["attributes"] == {"Colour": "Blue"}


def test_the_task_names_languages_numbers_terms_and_limits() -> None:
    made = build(*asked(language="sr", custom_instructions="Say ti."), terms="TERMS", hint="too stiff")
    for said in (
        "from English (English) into Serbian",
        "Cyrillic",
        "decimal comma",
        "with a point",
        "Say ti.",
        "seo.title: at most 60",
    ):
        assert said in made.system
    assert "TERMS" in made.user
    assert '"too stiff"' in made.user
    assert "It weighs" not in made.system


@pytest.mark.parametrize("code", list(languages.BY_CODE))
def test_every_language_has_a_task(code: str) -> None:
    assert languages.BY_CODE[code].native_name in build(*asked(language=code)).system


def test_learned_rules_are_told_as_sentences() -> None:
    made = build(*asked(rules=(TaughtRule("replace", "cheap", "affordable"),)))
    assert f"{LABEL}\n- Write “affordable”, never “cheap”." in made.system


def test_near_matches_are_examples_at_the_end() -> None:
    near = [Near(Remembered("Trail mug", "Wanderbecher"), 80.0), Near(Remembered("x" * 5000, "y"), 79.0)]
    made = build(*asked(), near=near)
    assert json.loads(made.user.rpartition(f"{prompt.NEAR_LABEL}\n")[2]) == [
        {"text": "Trail mug", "translation": "Wanderbecher"}
    ]
    assert memory.LONGEST < prompt.MOST_NEAR


def test_a_text_that_does_not_fit_is_refused() -> None:
    long = {"description": "<p>" + "A light bottle. " * 800 + "</p>"}
    with pytest.raises(AIPermanentError, match="too long") as refused:
        build(*asked(long, context_window=4000))
    assert (refused.value.code, refused.value.stops_job) == ("text_too_long", False)


def test_the_built_in_writer_writes_from_the_facts() -> None:
    made = client.write(build(*asked(language="de")).brief)
    assert "Trail bottle" in made["name"]
    assert "1,250" not in json.dumps(made)


@pytest.mark.django_db
def test_a_translation_is_quoted_by_its_original() -> None:
    read, settings = asked(provider="openai", model="gpt-x", tier_multiplier=Decimal(2))
    short = quotes.quote(read, settings)
    long = quotes.quote(
        *asked(
            {**CONTENT, "description": "<p>" + "It is light. " * 400 + "</p>"},
            provider="openai",
            tier_multiplier=Decimal(2),
        )
    )
    assert long.output_tokens > short.output_tokens * 3
    assert short == quotes.translation(prompt.size_of(read.original, settings), settings)  # type: ignore[arg-type]
