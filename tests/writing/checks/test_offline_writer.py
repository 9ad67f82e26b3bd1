"""The built-in writer is held to the same checks as any model: what it says of the sample products has a source."""

from __future__ import annotations

from tests.writing.checks.rates.products import PRODUCTS
from writing import checks, facts, output, prompts
from writing.offline import client
from writing.settings import WritingSettings
from writing.templates import PromptText

LANGUAGES = ("en", "de", "fr", "es", "it", "sr", "sr-Latn")


def test_its_texts_pass() -> None:
    flagged = []
    for language in LANGUAGES:
        settings = WritingSettings(
            language=language,
            generate_bullet_points=True,
            generate_attributes=True,
            generate_tags=True,
            structured_data_enabled=True,
        )
        for name, source in PRODUCTS.items():
            read = facts.read(source)
            prompt = prompts.build(read, settings, template=PromptText("product", 1, "Rules."))
            accepted = output.accept(client.write(prompt.brief), facts=read, settings=settings)
            report = checks.run(accepted.content, read, settings)
            if report.flagged:
                flagged.append(f"{language} {name}: {report.reasons}")
    print(f"\nbuilt-in writer: {len(flagged)} of {len(LANGUAGES) * len(PRODUCTS)} flagged: {flagged}")
    assert len(flagged) <= len(LANGUAGES) * len(PRODUCTS) // 20
