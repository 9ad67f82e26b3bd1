"""Schemas in the portable subset, answers read back, and the estimate of tokens."""

from __future__ import annotations

import pytest

from integrations.ai import registry, schema, tokens

SHAPE = {
    "type": "object",
    "properties": {"a": {"type": "string", "maxLength": 5}, "b": {"anyOf": [{"type": "integer"}, {"type": "null"}]}},
}


def test_strict_asks_for_everything_and_drops_limits():
    strict = schema.strict(SHAPE)
    assert strict["required"] == ["a", "b"]
    assert strict["additionalProperties"] is False
    assert strict["properties"]["a"] == {"type": "string"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": "x", "b": 1}', {"a": "x", "b": 1}),
        ('```json\n{"a": "x", "b": null}\n```', {"a": "x", "b": None}),
        ('Here it is: {"a": "x", "b": 2} Enjoy!', {"a": "x", "b": 2}),
        ('{"a": "x"}]] oops', None),
        ('{"a": "x", "b": 1}]] oops', None),
        ('{"a": "x', None),
        ("[1, 2]", None),
        ("", None),
    ],
)
def test_answers_are_read_back(text, found):
    assert schema.read(text, SHAPE) == found


def test_faults_say_where():
    assert schema.faults({"a": 1, "b": "x"}, schema.strict(SHAPE)) == [
        "#/a is not of type string",
        "#/b is not of type integer",
    ]


def test_estimates_know_the_language_and_the_vendor(monkeypatch):
    monkeypatch.setattr(tokens, "_ratios", {})  # what the process has learned meanwhile
    text = "слово " * 100
    assert tokens.estimate(text, "sr", "openai") > tokens.estimate(text, "en", "openai")
    assert tokens.estimate(text, "sr", "anthropic") > tokens.estimate(text, "sr", "openai")
    assert tokens.estimate("", "en") == 0


def test_estimates_learn_within_bounds(monkeypatch):
    monkeypatch.setattr(tokens, "_ratios", {})
    before = tokens.estimate("x" * 1000, "en", "google")
    for _ in range(200):
        tokens.learn("google", "en", estimated=100, actual=1000)
    assert tokens.ratio("google", "en") == 1.6
    assert tokens.estimate("x" * 1000, "en", "google") > before


def test_the_first_configured_provider_is_the_default(settings):
    for name in ("ANTHROPIC", "OPENAI", "GOOGLE", "DEEPSEEK"):
        setattr(settings, f"{name}_API_KEY", "")
    settings.LOCAL_AI_BASE_URL = settings.DEFAULT_AI_PROVIDER = ""
    assert registry.default_provider() == "offline"
    settings.DEEPSEEK_API_KEY = "k"
    assert registry.default_provider() == "deepseek"
    settings.OPENAI_API_KEY = "k"
    assert registry.default_provider() == "openai"
    settings.DEFAULT_AI_PROVIDER = "local"
    assert registry.default_provider() == "local"


def test_an_own_key_is_used_where_the_provider_takes_one(settings):
    settings.ANTHROPIC_API_KEY = settings.OPENAI_API_KEY = ""
    assert registry.access("anthropic") is None
    assert registry.access("anthropic", "mine").own
    assert registry.access("openai", "mine") is None
    assert registry.access("nobody") is None
