"""Quotes: near the truth, never too low at the top, and cheap enough to try the product."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from projects.writing_settings import resolve
from scribe.errors import NotConfigured
from tests.factories import make_organization, make_project
from tests.writing.checks.rates.products import PRODUCTS
from writing import facts, prompts, quotes, templates
from writing.models import PromptTemplate
from writing.settings import WritingSettings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_texts() -> Any:
    templates.forget()
    yield
    templates.forget()


def test_a_free_organization_can_write_five_products(settings: Any) -> None:
    settings.ANTHROPIC_API_KEY = "key"
    resolved = resolve(make_project(make_organization()), {})
    assert (resolved.provider, resolved.model) == ("anthropic", "claude-haiku-5-5")
    on_standard = [
        WritingSettings(provider=name, model="x") for name in ("openai", "anthropic", "google", "deepseek", "local")
    ]
    for source in PRODUCTS.values():
        read = facts.read(source)
        assert 5 * quotes.quote(read, resolved).xct_max <= 50
        for asked in on_standard:  # even a model of the standard tier
            assert quotes.quote(read, asked).xct_max <= 10


def test_the_maximum_stays_near_twice_the_expected() -> None:
    for source in PRODUCTS.values():
        quote = quotes.quote(facts.read(source), WritingSettings(provider="openai", model="gpt-6-luna"))
        assert quote.tokens_max == 2 * quote.tokens_expected
        assert quote.input_tokens + quote.output_tokens == quote.tokens_expected
        assert abs(quote.xct_max - 2 * quote.xct_expected) <= Decimal("0.0002")


def test_the_input_is_estimated_close_to_the_prompt_that_is_sent() -> None:
    from integrations.ai import tokens

    asked = WritingSettings(provider="openai", model="gpt-6-luna")
    for source in PRODUCTS.values():
        read = facts.read(source)
        prompt = prompts.build(read, asked)
        sent = tokens.estimate(prompt.system, "en", "openai") + tokens.estimate(prompt.user, "json", "openai")
        assert 0.8 <= quotes.quote(read, asked).input_tokens / sent <= 1.35


def test_what_is_learned_of_a_provider_tells_in_the_next_quote() -> None:
    """It told in settings alone that no quote had been made for before."""
    from integrations.ai import tokens

    asked = WritingSettings(provider="openai", model="gpt-6-luna")
    before = quotes.quote_size(1000, asked).input_tokens
    for _ in range(100):
        tokens.learn("openai", "en", estimated=100, actual=150)
    assert quotes.quote_size(1000, asked).input_tokens > before * 1.2


def test_longer_texts_and_dearer_tiers_cost_more() -> None:
    short = quotes.quote_size(1000, WritingSettings(provider="openai", model="gpt-6-luna"))
    longer = quotes.quote_size(1000, WritingSettings(provider="openai", model="gpt-6-luna", max_long_chars=5000))
    dearer = quotes.quote_size(1000, WritingSettings(provider="openai", model="gpt-6-luna", tier_multiplier=Decimal(4)))
    assert longer.tokens_expected > short.tokens_expected
    assert dearer.xct_max == pytest.approx(4 * short.xct_max, abs=Decimal("0.0004"))
    assert (
        quotes.quote_size(1000, WritingSettings(provider="openai", model="gpt-6-luna"), rate=Decimal(2)).xct_max
        > short.xct_max
    )


def test_an_own_key_costs_nothing() -> None:
    quote = quotes.quote_size(1000, WritingSettings(provider="anthropic", model="claude-haiku-5-5", own_key=True))
    assert (quote.xct_expected, quote.xct_max) == (0, 0)
    assert quote.tokens_expected > 0


def test_a_quote_never_exceeds_the_window() -> None:
    quote = quotes.quote_size(10**9, WritingSettings(provider="local", model="local", context_window=4096))
    assert quote.tokens_expected <= 4096


def test_pictures_count() -> None:
    asked = WritingSettings(
        provider="openai", model="gpt-6-luna", supports_images=True, image_analysis_enabled=True, image_analysis_count=2
    )
    assert quotes.quote_size(100, asked, images=5).input_tokens - quotes.quote_size(100, asked).input_tokens == 3200


# the texts


def test_the_seed_has_a_text_for_every_kind() -> None:
    for kind in ("product", "category", "page", "post", "repair"):
        assert templates.active(kind).text


def test_publishing_adds_a_version_and_uses_it_at_once() -> None:
    before = templates.active("product").version
    row = templates.publish(kind="product", text="New rules.", note="shorter")
    assert (row.version, row.active) == (before + 1, True)
    assert templates.active("product").text == "New rules."
    assert prompts.template_version("product") == before + 1
    assert PromptTemplate.objects.get(kind="product", version=1).active is False
    templates.activate(PromptTemplate.objects.get(kind="product", version=1))
    assert templates.active("product").version == 1
    assert PromptTemplate.objects.filter(kind="product").count() == before + 1


def test_a_kind_without_text_is_not_configured() -> None:
    PromptTemplate.objects.filter(kind="page").update(active=False)
    with pytest.raises(NotConfigured):
        templates.active("page")


def test_a_running_event_loop_goes_on_with_what_was_read() -> None:
    import asyncio

    templates.active("product")

    async def inside() -> str:
        templates._cache["product"] = (-1e9, templates._cache["product"][1])
        return templates.active("product").kind

    assert asyncio.run(inside()) == "product"
