"""How much of the lies of a set a second model finds, and how many honest texts it flags, joined with the tables and
alone.

    python -m tests.reading_rates FOLDER SET [--every N]

SET is a folder of `<language>.json` with the products and their texts, and `labels/<language>.json`
(docs/decisions/measuring-the-claims-check.md), or the beginning of the paths of a development set
(`tests/writing/checks/sets/development5`). The first run writes the prompts to FOLDER/prompts (see
`tests.filed_model`); once they are answered in FOLDER/answers, the next prints the rates. Five products share a call,
as in the product; no call has two texts of one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.filed_model import FiledModel
from tests.outside_pytest import in_a_database_of_its_own

PRODUCTS = 5  # of one call


@dataclass(frozen=True)
class LabelledText:
    id: str
    product: str
    language: str
    field: str
    text: str
    source: dict[str, Any]
    kind: str
    lie: str | None

    def content(self) -> dict[str, Any]:
        return {self.field: self.text.split("\n") if self.field == "bullet_points" else self.text}


def read(where: Path) -> list[LabelledText]:
    if not where.is_dir():
        from tests.writing.checks.rates import measure as rates

        cases = rates.read(Path(f"{where}_texts.jsonl"), Path(f"{where}_products.jsonl"))
        return [
            LabelledText(c.id, c.id.rsplit("-", 1)[0], c.language, "description", c.text, c.source, c.kind, c.lie)
            for c in cases
        ]
    found = []
    for file in sorted(where.glob("*.json")):
        known = where / "labels" / file.name
        labels = json.loads(known.read_text("utf-8")) if known.exists() else {}  # not needed to write the prompts
        for row in json.loads(file.read_text("utf-8")):
            for text in row["texts"]:
                label = labels.get(text["id"], {"kind": "", "lie": None})
                found.append(
                    LabelledText(
                        text["id"], row["product"], row["language"], text["field"], text["text"], row["source"],
                        label["kind"], label["lie"],
                    )
                )  # fmt: skip
    return found


def calls(texts: list[LabelledText]) -> list[list[LabelledText]]:
    """The texts in groups of one language and of different products."""
    rounds: dict[tuple[str, int], list[LabelledText]] = {}
    seen: dict[str, int] = {}
    for text in texts:
        number = seen[text.product] = seen.get(text.product, -1) + 1
        rounds.setdefault((text.language, number), []).append(text)
    return [group[at : at + PRODUCTS] for group in rounds.values() for at in range(0, len(group), PRODUCTS)]


def measure(folder: Path, where: Path, every: int) -> int:
    from django.conf import settings as deployment

    from integrations.ai.caller import Caller
    from tests.writing.checks.rates import measure as rates
    from writing import checks, facts
    from writing.checks.report import VERIFICATION, CheckReport
    from writing.settings import WritingSettings
    from writing.verifier import batches
    from writing.verifier.batches import ReadingCalls
    from writing.verifier.choice import Verifier
    from writing.verifier.second import ReadingBudget, SecondReading

    batches.WAIT = 1.0
    verifier = Verifier("local", "filed", context_window=100_000)
    budget = ReadingBudget(10**9, Decimal(10**6), Decimal(1))

    async def verdict(text: LabelledText, calls: ReadingCalls) -> tuple[CheckReport, CheckReport]:
        asked = WritingSettings(language=text.language, grounding="read", verifier=verifier, use_html=False)
        source = facts.read(text.source)
        report = checks.run(text.content(), source, asked)
        second = SecondReading(source, asked, verifier, budget, [], calls)
        return report, await second.read(text.content(), report)

    async def all_of(groups: list[list[LabelledText]], model: FiledModel) -> list[Any]:
        found = []
        async with Caller("local", "filed", "none", model.url + "/v1") as caller:
            for group in groups:
                reader = ReadingCalls(caller, verifier, lambda: False)
                found += zip(group, await asyncio.gather(*(verdict(text, reader) for text in group)), strict=True)
        return found

    with FiledModel(folder) as model:
        deployment.LOCAL_AI_BASE_URL = model.url + "/v1"
        found = asyncio.run(all_of(calls(read(where))[::every], model))
    lies: dict[str, list[bool]] = {}
    flags: dict[str, list[bool]] = {}
    voided: list[str] = []
    for text, (tables, report) in found:
        check = next(check for check in report.checks if check["id"] == VERIFICATION)
        if check.get("code"):
            voided.append(f"{text.id}: {check['code']} {check['detail'][-120:]}")
        alone = [
            finding
            for finding in check["findings"]
            if finding["supported"] is False and finding["code"] != "tables_disagree"
        ]
        for name, findings in (
            ("tables alone", tables.unsupported),
            ("reader alone", alone),
            ("joined", report.unsupported),
        ):
            hit = bool(findings) if text.lie is None else any(_names(text.lie, finding) for finding in findings)
            (flags if text.lie is None else lies).setdefault(name, []).append(hit)
            if name == "joined":
                (flags if text.lie is None else lies).setdefault(f"joined, {text.language}", []).append(hit)
                lies.setdefault(f"joined, {text.kind}", []).append(hit) if text.lie else None
                if hit == (text.lie is None):
                    said = "; ".join(f"{f['text']} [{f['kind']}: {f.get('code', '')}]" for f in findings)
                    print(f"{'FLAGGED' if hit else 'MISSED '} {text.id} {text.kind}: {text.lie or ''} <- {said}")
    print(
        f"{len(found)} texts, {model.unanswered} calls unanswered, {len(voided)} not believed", *voided[:20], sep="\n  "
    )
    for name in {**lies, **flags}:
        caught, flagged = (rates.Proportion(sum(hits.get(name, [])), len(hits.get(name, []))) for hits in (lies, flags))
        print(f"| {name} | {caught} | {flagged if flagged.total else ''} |")
    return 0


def _names(lie: str, finding: dict[str, Any]) -> bool:
    from tests.writing.checks.rates.measure import _words

    return bool(set(_words(lie)) & set(_words(str(finding["text"]))))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("set", type=Path)
    parser.add_argument("--every", type=int, default=1)
    given = parser.parse_args()
    sys.exit(in_a_database_of_its_own(lambda: measure(given.folder, given.set, given.every)))
