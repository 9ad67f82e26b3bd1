"""The one repair round: the same request again, with the draft and what is wrong with it."""

import json
import re
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from integrations.ai import tokens
from integrations.ai.types import Prompt
from scribe.types import Json
from writing import templates
from writing.checks.report import VERIFICATION
from writing.output import Unusable
from writing.templates import PromptText
from writing.text import cut

if TYPE_CHECKING:
    from writing.checks import CheckReport

MOST_FINDINGS = 25
# The codes of problems that a second request can mend. A refusal would be repeated. A cut-off answer needs a larger
# limit, which the rounds give it.
_MENDABLE = frozenset({"garbled", "schema", "empty_field", "too_long", "error"})


def worth_it(problem: "CheckReport | Unusable", kept: Collection[str] = ()) -> bool:
    """Whether a second round may mend `problem`. No round writes the keys that are `kept` from elsewhere."""
    if isinstance(problem, Unusable):
        return problem.code in _MENDABLE
    for check in problem.checks:
        faults = [finding for finding in _faults(check) if finding.get("level") != "warning"]
        if check["passed"] is False and (not faults or any(_is_written(finding, kept) for finding in faults)):
            return True
    return False


def prompt(
    first: Prompt,
    draft: Json | None,
    problem: "CheckReport | Unusable",
    template: PromptText | None = None,
    *,
    kept: Collection[str] = (),
) -> Prompt:
    """`first` with the draft as quoted data and the list of faults, without those of the `kept` keys. The fixed prefix
    stays the same, so caches still hit."""
    template = template or templates.active("repair")
    faults = [problem.detail] if isinstance(problem, Unusable) else complaints(problem, kept)
    parts = [first.user]
    if draft:
        kept = {key: value for key, value in draft.items() if key != "structured_data"}
        parts.append(f"This draft was written from that data:\n{json.dumps(kept, ensure_ascii=False)}")
    parts.append(template.text.strip() + "\n" + "\n".join(f"- {fault}" for fault in faults[:MOST_FINDINGS]))
    return replace(first, user="\n\n".join(parts))


def complaints(report: "CheckReport", kept: Collection[str] = ()) -> list[str]:
    """The faults that the checks and the second model found, one line each, in words a writer can act on. Those of `kept` keys
    are left out."""
    lines: list[str] = []
    for check in report.checks:
        if check["passed"] is not False:
            continue
        faults = _faults(check)
        findings = [finding for finding in faults if _is_written(finding, kept)]
        if faults and not findings:
            continue
        if check["id"] in ("grounding", VERIFICATION):
            lines += [
                f"{finding['field']}: the data does not state “{cut(str(finding['text']), 120)}” ({finding['kind']}). Leave it out."
                for finding in findings
            ]
        elif findings and check["id"] in (
            "limits",
            "forbidden",
            "glossary",
            "formality",
            "translation",
            "law",
            "html",
            "coverage",
        ):
            lines += [f"{finding.get('field', 'text')}: {finding['detail']}" for finding in findings]
        else:
            lines.append(check["detail"])
    return list(dict.fromkeys(lines))


def _faults(check: Json) -> list[Json]:
    return [finding for finding in check["findings"] if finding.get("supported", False) is False]


def _is_written(finding: Json, kept: Collection[str]) -> bool:
    """Whether the finding is about a text that the rounds write. `bullet_points[0]` belongs to the key `bullet_points`."""
    return re.split(r"[.\[]", str(finding.get("field", "")))[0] not in kept


def extra_input(draft: Json | None, provider: str) -> int:
    """About how many tokens a repair reads beyond what the first call read."""
    return tokens.estimate(json.dumps(draft or {}, ensure_ascii=False), "json", provider) + 300
