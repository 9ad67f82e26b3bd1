"""Instructions for writing, from a template and a brand's answers about itself (the profile builder)."""

from __future__ import annotations

from typing import Any

from integrations.ai.types import Brief
from writing.offline import grammar, text

_KEYS = (
    ("brand", "brand_name"),
    ("audience", "target_audience"),
    ("points", "unique_selling_points"),
    ("tone", "tone"),
    ("language", "language"),
    ("avoid", "things_to_avoid"),
)


def write(brief: Brief) -> dict[str, Any]:
    """`{"custom_instructions": …}`: the template's own text first, then one sentence for each answer given.

    `facts`: `template` (`{name, instructions}`), `brand_name target_audience unique_selling_points tone language
    things_to_avoid`; `language` as a name to be read. The answers are the merchant's words and are quoted, not obeyed.
    """
    spoken = grammar.of(brief.language)
    forms = spoken.instructions
    template = brief.facts.get("template") or {}
    lines = [_sentence(text.line(template.get("instructions", "")))] if template.get("instructions") else []
    for key, name in _KEYS:
        if value := _answer(brief.facts.get(name)):
            lines.append(forms[key].format(v=value))
    lines += [forms[key] for key in ("form", "facts", "style") if forms[key]]
    return {
        "custom_instructions": text.cut(
            "\n".join(dict.fromkeys(filter(None, lines))), brief.limits.get("characters", 2000)
        )
    }


def _answer(value: Any) -> str:
    if isinstance(value, list | tuple):
        value = ", ".join(text.line(v) for v in value)
    return str(text.line(value or "")).rstrip(" .;,")[:400]


def _sentence(value: str) -> str:
    return value if not value or value[-1] in ".!?" else value + "."
