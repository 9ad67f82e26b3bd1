"""How many of a set's faulty translations are flagged, and how many of its good ones, by the tables alone and with the
second model.

    python -m tests.translation_rates FOLDER SET [LABELS]

SET has a JSON object a line: `id`, `from` and `to` (languages), `fields` (the original), `translation`, `formality` and
`glossary` (term: required word). LABELS have `id`, `faulty` and `kind`. The first run writes the prompts to
FOLDER/prompts (see `tests.filed_model`); once they are answered in FOLDER/answers, the next prints the rates.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.filed_model import FiledModel
from tests.outside_pytest import in_a_database_of_its_own

PRODUCTS = 5  # of one call


def content_of(row: dict[str, Any]) -> dict[str, Any]:
    """A text of the set as ours: what is said to search engines is under `seo`."""
    names = {"meta_title": "title", "meta_description": "description", "focus_keyword": "focus_keyword"}
    content = {("bullet_points" if key == "bullets" else key): value for key, value in row.items() if key not in names}
    seo = {names[key]: value for key, value in row.items() if key in names}
    return content | ({"seo": seo} if seo else {})


def is_flagged(row: dict[str, Any], report: Any) -> bool:
    """The set may keep the names of attributes: that these are not translated is no fault there."""
    names = set(row["fields"].get("attributes", {})) & set(row["translation"].get("attributes", {}))
    kept = {f"attributes.{name}" for name in names}
    for check in report.checks:
        failed = [one for one in check["findings"] if one.get("level") != "warning"]
        if check["passed"] is False and not (
            failed and all(one.get("text") in names and one.get("field") in kept for one in failed)
        ):
            return True
    return False


def measure(folder: Path, where: Path, labels: Path | None) -> int:
    from django.conf import settings as deployment

    from integrations.ai.caller import Caller
    from writing import checks, facts, translation
    from writing.checks.report import CheckReport
    from writing.glossary import Glossary, Term
    from writing.settings import WritingSettings
    from writing.verifier import batches
    from writing.verifier.batches import ReadingCalls
    from writing.verifier.choice import Verifier
    from writing.verifier.second import ReadingBudget, SecondReading

    batches.WAIT = 1.0
    verifier = Verifier("local", "filed", context_window=100_000)
    budget = ReadingBudget(10**9, Decimal(10**6), Decimal(1))

    async def judge(row: dict[str, Any], calls: ReadingCalls) -> tuple[CheckReport, CheckReport]:
        original = content_of(row["fields"])
        terms = [Term(term, row["from"], word) for term, word in row.get("glossary", {}).items()]
        asked = WritingSettings(
            language=row["to"], grounding="read", verifier=verifier, glossary=Glossary(tuple(terms)),
            formality=row.get("formality", ""),
        )  # fmt: skip
        source = translation.facts_of(facts.read({"name": row["fields"].get("name", "")}), original, row["from"])
        assert source.original is not None
        asked = replace(translation.settings_of(asked, source.original), verifier=verifier)
        text = content_of(row["translation"])
        report = checks.run(text, source, asked)
        return report, await SecondReading(source, asked, verifier, budget, [], calls).read(text, report)

    async def all_of(rows: list[dict[str, Any]], model: FiledModel) -> list[Any]:
        found = []
        async with Caller("local", "filed", "none", model.url + "/v1") as caller:
            for language in sorted({row["to"] for row in rows}):
                some = [row for row in rows if row["to"] == language]
                for at in range(0, len(some), PRODUCTS):
                    calls = ReadingCalls(caller, verifier, lambda: False)
                    group = some[at : at + PRODUCTS]
                    found += zip(group, await asyncio.gather(*(judge(row, calls) for row in group)), strict=True)
        return found

    rows = [json.loads(line) for line in where.read_text("utf-8").splitlines()]
    known = {}
    if labels is not None:
        known = {row["id"]: row for row in map(json.loads, labels.read_text("utf-8").splitlines())}
    with FiledModel(folder) as model:
        deployment.LOCAL_AI_BASE_URL = model.url + "/v1"
        found = asyncio.run(all_of(rows, model))
    print(f"{len(found)} translations, {model.unanswered} calls unanswered")
    rates: dict[str, Counter[str]] = {}
    for row, (tables, report) in found:
        label = known.get(row["id"], {"faulty": False, "kind": "", "where": ""})
        side = "faulty" if label["faulty"] else "good"
        for name, judged in (("tables", tables), ("joined", report), (f"joined, {row['to']}", report)):
            rates.setdefault(f"{name}: {side}", Counter())["flagged" if is_flagged(row, judged) else "not flagged"] += 1
        flagged = is_flagged(row, report)
        if known and flagged != label["faulty"]:
            said = "; ".join(report.reasons) if flagged else label["where"]
            print(f"{'FLAGGED' if flagged else 'MISSED '} {row['id']} {row['to']} {label['kind']}: {said[:300]}")
    for name, counted in sorted(rates.items()):
        print(f"| {name} | {counted['flagged']} of {counted.total()} flagged |")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("set", type=Path)
    parser.add_argument("labels", type=Path, nargs="?")
    asked = parser.parse_args()
    return in_a_database_of_its_own(lambda: measure(asked.folder, asked.set, asked.labels))


if __name__ == "__main__":
    sys.exit(main())
