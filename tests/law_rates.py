"""Which sentences of a set the rules of law flag, by their words alone and with a second model.

    python -m tests.law_rates SENTENCES.jsonl… [--reader FOLDER | --url URL --model MODEL] [--labels LABELS.jsonl]
        [--out FLAGGED.jsonl]

Sentences are `{id, language, rule, trade, text}` a line, labels `{id, label}` with `lawful` or `unlawful`. Each line of
FLAGGED is `{id, words, read, settled}`: codes of rules by their words, and joined with the reading (null where it was
not believed), and those whose finding the reading settled. With `--reader` the first run writes the prompts to
FOLDER/prompts (see `tests.filed_model`), and once they are answered in FOLDER/answers, the next has the reading's
verdicts. With `--url` a model that is served at this address in OpenAI's way (LOCAL_AI_BASE_URL) reads.

Ten sentences of one language and trade are a text, and five texts share a call, as in the product. A sentence is caught
when any rule for its trade finds it, whatever the rule's severity.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.filed_model import FiledModel
from tests.outside_pytest import in_a_database_of_its_own

SENTENCES = 10  # of a text
FACTS = {"Weight": "450 g", "Colour": "blue", "Pieces": "3", "Packaging": "carton"}
Sentence = dict[str, Any]


@dataclass(frozen=True)
class SetText:
    """Sentences of one language and trade. `number` makes its product another one."""

    number: int
    sentences: tuple[Sentence, ...]

    @property
    def language(self) -> str:
        return str(self.sentences[0]["language"])

    @property
    def trade(self) -> str:
        return str(self.sentences[0]["trade"])

    def content(self) -> dict[str, Any]:
        return {"bullet_points": [one["text"] for one in self.sentences]}

    def source(self) -> dict[str, Any]:
        return {"name": f"Sample {self.number}", "attributes": FACTS}


@dataclass(frozen=True)
class Judged:
    """A text with the check `law` by words alone, and with the reading, and the check of the reading."""

    text: SetText
    words: dict[str, Any]
    law: dict[str, Any]
    reading: dict[str, Any]


def read_lines(files: list[Path]) -> list[Any]:
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line.strip()]


def texts_of(sentences: list[Sentence]) -> list[SetText]:
    groups: dict[tuple[str, str], list[Sentence]] = {}
    for one in sentences:
        groups.setdefault((one["language"], one["trade"]), []).append(one)
    parts = [tuple(group[at : at + SENTENCES]) for group in groups.values() for at in range(0, len(group), SENTENCES)]
    return [SetText(number, part) for number, part in enumerate(parts, 100)]


def calls_of(texts: list[SetText], most: int) -> list[list[SetText]]:
    """The texts in groups that share a call: of one language, under the same rules."""
    groups: dict[tuple[str, bool], list[SetText]] = {}
    for text in texts:
        groups.setdefault((text.language, text.trade == "food"), []).append(text)
    return [group[at : at + most] for group in groups.values() for at in range(0, len(group), most)]


def readings(given: argparse.Namespace, url: str) -> list[Judged]:
    """The checks `law` and `verification` of each text. Without `url` nobody reads them."""
    from integrations.ai.caller import Caller
    from projects.writing_settings import with_law
    from writing import checks, facts
    from writing.settings import WritingSettings
    from writing.verifier import batches
    from writing.verifier.batches import ReadingCalls
    from writing.verifier.choice import Verifier
    from writing.verifier.request import MOST_PRODUCTS
    from writing.verifier.second import ReadingBudget, SecondReading

    batches.WAIT = 1.0
    verifier = Verifier("local", given.model, context_window=100_000)
    budget = ReadingBudget(10**9, Decimal(10**6), Decimal(1))
    groups = calls_of(texts_of(read_lines(given.sets)), MOST_PRODUCTS)
    settings = {
        text.number: with_law(WritingSettings(language=text.language, trade=text.trade, sells_in=("EU",)))
        for group in groups
        for text in group
    }

    async def one(text: SetText, reader: ReadingCalls | None) -> Judged:
        asked = settings[text.number]
        source = facts.read(text.source())
        report = checks.run(text.content(), source, asked)
        words = _check(report, "law")
        if reader:
            asked = replace(asked, grounding="read", verifier=verifier)
            second = SecondReading(source, asked, verifier, budget, [], reader)
            report = await second.read(text.content(), report)
        return Judged(text, words, _check(report, "law"), _check(report, "verification"))

    async def all_of() -> list[Judged]:
        found: list[Judged] = []
        async with Caller("local", given.model, "none", url) if url else nullcontext() as caller:
            for group in groups:
                reader = ReadingCalls(caller, verifier, lambda: False) if caller else None
                found += await asyncio.gather(*(one(text, reader) for text in group))
        return found

    return asyncio.run(all_of())


def _check(report: Any, name: str) -> dict[str, Any]:
    return next((check for check in report.checks if check["id"] == name), {})


def row_of(judged: Judged, at: int) -> dict[str, Any]:
    """What was found in one sentence. What is found of the product as a whole has no text."""

    def rules(rows: list[dict[str, Any]]) -> list[str]:
        return sorted({row["rule"] for row in rows if row["field"] == f"bullet_points[{at}]" and row["text"]})

    return {
        "id": judged.text.sentences[at]["id"],
        "words": rules(judged.words["findings"]),
        "read": rules(judged.law["findings"]) if judged.law["read"] else None,
        "settled": rules(judged.law["settled"]),
    }


def measure(given: argparse.Namespace) -> int:
    from django.conf import settings as deployment

    with FiledModel(given.reader) if given.reader else nullcontext() as model:
        url = f"{model.url}/v1" if model else given.url
        deployment.LOCAL_AI_BASE_URL = url
        found = readings(given, url)
    flagged = [row_of(judged, at) for judged in found for at in range(len(judged.text.sentences))]
    if given.out:
        lines = [json.dumps(row) for row in sorted(flagged, key=lambda row: str(row["id"]))]
        given.out.write_text("\n".join(lines) + "\n", "utf-8")
    unread = [one for one in found if url and not one.law["read"]]
    print(f"{len(flagged)} sentences in {len(found)} texts; {len(unread)} texts not read, or not believed on the law")
    print(*(f"text {one.text.number}: {one.reading.get('detail', '')[-200:]}" for one in unread[:10]), sep="\n")
    if model:
        print(f"{model.unanswered} calls unanswered")
    if given.labels:
        print_rates(flagged, read_lines(given.sets), {row["id"]: row["label"] for row in read_lines([given.labels])})
    return 0


def print_rates(flagged: list[dict[str, Any]], sentences: list[Sentence], labels: dict[str, str]) -> None:
    """Per set, language and rule: how many sentences of each label the words flag, and how many the reading, too."""
    by_id = {one["id"]: one for one in sentences}
    counts = Counter[tuple[str, str, str]]()
    for row in flagged:
        one, label = by_id[row["id"]], labels[row["id"]]
        joined = row["words"] if row["read"] is None else row["read"]
        for group in ("all", one["language"], one["rule"]):
            counts.update({(group, label, "all"): 1, (group, label, "words"): bool(row["words"])})
            counts[group, label, "joined"] += bool(joined)
    for group in dict.fromkeys(group for group, _, _ in counts):
        parts = []
        for label in ("unlawful", "lawful"):
            whole = counts[group, label, "all"]
            for way in ("words", "joined"):
                number = counts[group, label, way]
                parts.append(f"{label} {way} {number}/{whole} ({number / max(1, whole):.1%})")
        print(f"{group:14}", *parts, sep="  ")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Which sentences the rules of law flag.")
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--reader", type=Path)
    parser.add_argument("--url", default="")
    parser.add_argument("--model", default="filed")
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    sys.exit(in_a_database_of_its_own(lambda: measure(arguments)))
