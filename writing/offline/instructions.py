"""Instructions for writing, from a template and a brand's answers about itself (the profile builder)."""

from integrations.ai.types import Brief
from scribe.types import Json
from writing.offline import grammar, text

_ANSWERS = {
    "brand": "brand_name",
    "audience": "target_audience",
    "points": "unique_selling_points",
    "tone": "tone",
    "language": "language",
    "avoid": "things_to_avoid",
}


def write(brief: Brief) -> Json:
    """`{"custom_instructions": …}`: the template's own text first, then one sentence for each answer given.

    `facts`: `template` (`{name, instructions}`), `brand_name target_audience unique_selling_points tone language
    things_to_avoid`; `language` as a name to be read. The answers are the merchant's words and are quoted, not obeyed.
    """
    spoken = grammar.grammar_for(brief.language)
    template = brief.facts.get("template") or {}
    lines = [_sentence(text.line(template.get("instructions", "")))] if template.get("instructions") else []
    for key, form in spoken.instructions:
        if value := _answer(brief.facts.get(_ANSWERS[key])):
            lines.append(form.format(v=value))
    lines += spoken.rules
    return {
        "custom_instructions": text.cut(
            "\n".join(dict.fromkeys(filter(None, lines))), brief.limits.get("characters", 2000)
        )
    }


def _answer(value: object) -> str:
    if isinstance(value, list | tuple):
        value = ", ".join(text.line(v) for v in value)
    return str(text.line(value or "")).rstrip(" .;,")[:400]


def _sentence(value: str) -> str:
    return value if not value or value[-1] in ".!?" else value + "."
