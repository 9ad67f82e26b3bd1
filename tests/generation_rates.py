"""Write texts through the whole of writer, reader and repair with whoever answers the prompts, and tell what came of
it.

    python -m tests.generation_rates FOLDER PRODUCTS… [--each N] [--version 1]

PRODUCTS are files of JSON Lines with products, as in `tests/writing/checks/sets`; the first N of each language are
written in their own language. Each run goes as far as the answers in FOLDER/answers reach (see `tests.filed_model`) and
writes the further prompts to FOLDER/prompts; the texts so far are in FOLDER/texts.json. With `--version` an earlier
prompt writes, and nobody reads.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.filed_model import FiledModel
from tests.outside_pytest import in_a_database_of_its_own

Product = tuple[str, str, dict[str, Any]]  # its id, the language of its text, its source


def products(files: list[Path], each: int) -> list[Product]:
    found: dict[str, list[Product]] = {}
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            language = row["product"].rsplit("-", 2)[0]
            found.setdefault(language, []).append((f"{file.stem}-{row['product']}", language, row["source"]))
    return [product for rows in found.values() for product in rows[:each]]


def write(folder: Path, asked: list[Product], version: int | None) -> int:
    from django.conf import settings as deployment

    from integrations.ai.caller import Caller
    from integrations.ai.errors import AIError
    from writing import checks, facts, output, prompts, templates
    from writing.models import PromptTemplate
    from writing.rounds import Draft, Rounds
    from writing.settings import WritingSettings
    from writing.verifier import batches
    from writing.verifier.batches import ReadingCalls
    from writing.verifier.choice import Verifier
    from writing.verifier.second import ReadingBudget, SecondReading

    batches.MOST_PRODUCTS = 1  # which texts share a call would depend on the time
    reads = version is None
    verifier = Verifier("local", "filed", context_window=100_000)
    budget = ReadingBudget(10**9, Decimal(10**6), Decimal(1))
    if version is not None:
        templates.activate(PromptTemplate.objects.get(kind="product", version=version))

    async def one(product: Product, caller: Caller, reader: ReadingCalls) -> dict[str, Any]:
        name, language, data = product
        settings = WritingSettings(
            provider="local", model="filed", language=language, verifier=verifier if reads else None
        )
        source = facts.read(data)

        def judge(answer: dict[str, Any]) -> Draft[dict[str, Any]]:
            accepted = output.accept(answer, facts=source, settings=settings)
            report = checks.run(accepted.content, source, settings, removed=accepted.removed)
            return Draft(accepted.content, report, accepted.content)

        rounds = Rounds(caller, settings, judge, tokens_max=10**6, stop=lambda: False)
        if reads:
            rounds.read = SecondReading(source, settings, verifier, budget, rounds.calls, reader).read
        try:
            await rounds.write(prompts.build(source, settings))
        except AIError as error:
            return {"id": name, "waits": error.code}
        best = rounds.best()
        report = best.report if best else None
        return {
            "id": name,
            "language": language,
            "source": data,
            "calls": [(call.reading, call.outcome) for call in rounds.calls],
            "drafts": len(rounds.drafts),
            "text": best.content if best else None,
            "score": report.score if report else None,
            "flagged": report.flagged if report else None,
            "unsupported": [finding["text"] for finding in report.unsupported] if report else [],
            "reasons": report.reasons if report else [],
            "problem": rounds.problem.detail if rounds.problem else "",
        }

    async def all_of(url: str) -> list[dict[str, Any]]:
        async with Caller("local", "filed", "none", url) as caller:
            reader = ReadingCalls(caller, verifier, lambda: False)
            return list(await asyncio.gather(*(one(product, caller, reader) for product in asked)))

    with FiledModel(folder) as model:
        deployment.LOCAL_AI_BASE_URL = model.url + "/v1"
        found = asyncio.run(all_of(f"{model.url}/v1"))
    (folder / "texts.json").write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    done = [row for row in found if row.get("text")]
    print(f"{len(found)} products, {len(done)} with a text, {model.unanswered} calls unanswered")
    print(f"{sum(row['flagged'] for row in done)} flagged; drafts {[row['drafts'] for row in done]}")
    for row in done:
        if row["flagged"]:
            print(row["id"], row["score"], row["reasons"])
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("products", type=Path, nargs="+")
    parser.add_argument("--each", type=int, default=6)
    parser.add_argument("--version", type=int)
    given = parser.parse_args()
    wanted = products(given.products, given.each)
    sys.exit(in_a_database_of_its_own(lambda: write(given.folder, wanted, given.version)))
