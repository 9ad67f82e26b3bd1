"""The request for a translation: rules, task, then the original and its context as one JSON value that is marked as data.

The answer has the form of a generated text: the keys that the settings ask for, properties as a list of names and
values. What a vendor caches, the system text, is the same for all items of a job.
"""

import json
from collections.abc import Sequence
from functools import lru_cache

from integrations.ai import registry, tokens
from integrations.ai.errors import AIPermanentError
from integrations.ai.types import Prompt
from scribe.language.numerals import SPACE, thousands_mark
from scribe.messages import _
from scribe.types import Json, ReadOnlyJson
from writing import fields, languages, output, prompts, templates
from writing.checks import formality
from writing.facts import Facts, Original
from writing.fields import Form, Role
from writing.prompts import FILL
from writing.settings import WritingSettings
from writing.templates import PromptText
from writing.translation.memory import Near

KIND = "translation"  # of the prompt text
GROWTH = 1.15  # the usual length of a translation, by that of its original
NEAR_LABEL = (
    "Approved translations of similar texts, as a JSON list. Take their wording where it fits. Facts, numbers and names"
    " come from the text above alone:"
)
MOST_NEAR = 4_000  # characters of them
_MARKS = {",": "a comma", ".": "a point", "’": "an apostrophe (’)", SPACE: "a space that does not break"}


def version() -> int:
    """The version of the rules, for `generation_metadata`."""
    return templates.active(KIND).version


def build(
    facts: Facts,
    settings: WritingSettings,
    *,
    terms: str = "",
    near: Sequence[Near] = (),
    hint: str = "",
    template: PromptText | None = None,
) -> Prompt:
    """The request to translate `facts.original` with `originals.settings_of(…)`.

    `terms` is what is said of the glossary, `near` what the memory has, `hint` why a reviewer rejected the translation
    before. Raises AIPermanentError (`text_too_long`) for an original that does not fit into the model's context window.
    """
    original = facts.original
    assert original is not None, "only a translation has an original"
    template = template or templates.active(KIND)
    system = system_text(settings, original.language, template)
    data = {"text": texts_of(original, settings.wanted), "context": _context(facts)}
    user = prompts.user_text(data, terms, hint)
    answer = output_limit(original, settings)
    room = int(settings.context_window * FILL) - answer - tokens.estimate(system, "en", settings.provider)
    read = tokens.estimate(user, "sr" if not user.isascii() else "json", settings.provider)
    if read > room:
        raise AIPermanentError(
            _("The text is too long for this model. Choose one with a larger context window."),
            code="text_too_long",
            provider=settings.provider,
        )
    examples = _examples(near)
    if examples and read + tokens.estimate(examples, "sr", settings.provider) <= room:
        user += f"\n\n{NEAR_LABEL}\n{examples}"
    return Prompt(
        system=system,
        user=user,
        schema=output.schema(settings),
        schema_name="content",
        max_output_tokens=answer,
        brief=prompts.brief(KIND, facts, prompts.in_notation(facts.as_data(), settings.language), settings),
    )


@lru_cache(maxsize=64)
def system_text(settings: WritingSettings, source: str, template: PromptText) -> str:
    """The rules, the task, and what the merchant says of wording."""
    about = "They are about wording. What the text says comes from the text alone.\n"
    return prompts.system_of(template, task(settings, source), settings, about=about)


def task(settings: WritingSettings, source: str) -> list[str]:
    here, there = languages.BY_CODE[settings.language], languages.BY_CODE[source]
    script = {"sr": " Use Cyrillic script.", "sr-Latn": " Use Latin script."}.get(settings.language, "")
    lines = [
        f"Translate from {there.name} ({there.native_name}) into {here.name} ({here.native_name}).{script}",
        prompts.numbers(settings.language, here.name),
        f"Where the text groups thousands, group them with {_MARKS[thousands_mark(settings.language)]}.",
    ]
    if address := formality.request(settings):
        lines.append(address)
    for key in settings.wanted:
        for row in fields.fields_to_ask(key):
            if row.role is Role.KEYWORDS and row.form is Form.WORDS:
                lines.append(f"{row.name}: the search words that shoppers of that language use for the same things.")
            elif limit := row.limit_in(settings):
                each = " each" if row.entries else ""
                lines.append(f"{row.name}: at most {limit} characters{each}.")
    return lines


def texts_of(original: Original, wanted: Sequence[str]) -> Json:
    """The original's texts under the keys of the answer."""
    found: Json = {}
    for key in wanted:
        rows = fields.fields_to_ask(key)
        if rows[0].part:
            found[key] = {row.part: row.of(original.content) or "" for row in rows}
        elif rows[0].form is Form.PAIRS:
            pairs = rows[0].of(original.content) or {}
            found[key] = [{"name": str(name), "value": str(value)} for name, value in pairs.items()]
        else:
            found[key] = rows[0].of(original.content)
    return found


def _context(facts: Facts) -> Json:
    """What tells a translator what the text is about."""
    data: ReadOnlyJson = {
        "type": facts.item_type,
        "name": facts.name,
        "categories": list(facts.categories[:5]),
    }
    return {key: value for key, value in data.items() if value}


def _examples(near: Sequence[Near]) -> str:
    kept: list[dict[str, str]] = []
    room = MOST_NEAR
    for one in near:
        room -= len(one.pair.original) + len(one.pair.translation)
        if room >= 0:
            kept.append({"text": one.pair.original, "translation": one.pair.translation})
    return json.dumps(kept, ensure_ascii=False) if kept else ""


def size_of(original: Original, settings: WritingSettings) -> int:
    """Characters of the original's texts under these settings, as JSON."""
    return len(json.dumps(texts_of(original, settings.wanted), ensure_ascii=False))


def expected_output(size: int, settings: WritingSettings) -> int:
    """Expected tokens of the translation of `size` characters, including the model's own thinking."""
    effort = registry.capability(settings.provider, settings.model).effort
    return tokens.expected_output(int(size * GROWTH), settings.language, settings.provider, effort)


def output_limit(original: Original, settings: WritingSettings) -> int:
    """The most tokens of the answer."""
    return expected_output(size_of(original, settings), settings) * 2 + 1000
