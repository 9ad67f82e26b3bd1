"""Measure how often the checks catch a lie, and how often they flag an honest text, per kind and language.

A set is two files of JSON Lines. Products: `{"product", "source": {name, description, attributes, categories}}`. Texts:
`{"id", "language", "kind", "product", "text", "lie"}`. `lie` holds the false words as the text has them, or null for an
honest text. A lie counts as caught if a claim without a source shares a word with it. An honest text counts as flagged
if it has any claim without a source.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from writing import checks, facts
from writing.checks.words import fold
from writing.settings import WritingSettings

HONEST = "honest"
UNFLAGGED = 10  # the row of the calibration table after the tenths
NORMAL_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Case:
    """One text of a set, with the data of its product. `lie` is None in an honest text."""

    id: str
    language: str
    kind: str
    text: str
    lie: str | None
    source: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseVerdict:
    """What the checks found in one case. `hit` means that a lie was caught, or an honest text was flagged."""

    case: Case
    hit: bool
    score: float
    flagged: bool
    claims: tuple[str, ...]  # the claims without a source
    kinds: frozenset[str] = frozenset()  # the kinds of those that make it a hit
    shown: bool = False  # whether a word that is only shown to reviewers is in the lie, or in an honest text at all
    seconds: float = 0.0  # processor time of all checks and of reading the source


@dataclass(frozen=True, slots=True)
class Proportion:
    """`hits` of `total`, with the 95 % interval of Wilson (1927)."""

    hits: int
    total: int

    @property
    def share(self) -> float:
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        if not self.total:
            return 0.0, 1.0
        n, p, z = self.total, self.share, NORMAL_95
        middle = p + z * z / (2 * n)
        spread = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        below = 1 + z * z / n
        return max(0.0, (middle - spread) / below), min(1.0, (middle + spread) / below)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.hits}/{self.total} = {self.share:.0%} ({low:.0%}–{high:.0%})"


def read(texts: Path, products: Path) -> list[Case]:
    """Read the cases of a set. Raises ValueError, which names the line, for a wrong format."""
    sources = {str(row["product"]): dict(row["source"]) for _, row in _rows(products)}
    cases = []
    for number, row in _rows(texts):
        lie = row.get("lie")
        if row.get("product") not in sources:
            raise ValueError(f"{texts.name}, line {number}: there is no product {row.get('product')!r}.")
        if (lie is None) != (row["kind"] == HONEST) or (lie is not None and lie not in row["text"]):
            raise ValueError(
                f"{texts.name}, line {number}: `lie` must be words of the text, and null in an honest one."
            )
        cases.append(Case(row["id"], row["language"], row["kind"], row["text"], lie, sources[row["product"]]))
    return cases


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield number, json.loads(line)
                except ValueError as error:
                    raise ValueError(f"{path.name}, line {number}: {error}") from None


def judge(case: Case) -> CaseVerdict:
    """Run the checks on a case, as if it were a generated description."""
    settings = WritingSettings(
        language=case.language,
        translate_name=False,
        generate_short=False,
        generate_seo=False,
        use_html=False,
        max_long_chars=9_000,
    )
    begun = process_time()
    report = checks.run({"description": case.text}, facts.read(case.source), settings)
    seconds = process_time() - begun
    claims = tuple(str(finding["text"]) for finding in report.unsupported)
    words = set(_words(case.lie or ""))

    def hits(said: str) -> bool:
        return case.lie is None or bool(words & set(_words(said)))

    kinds = frozenset(str(finding["kind"]) for finding in report.unsupported if hits(str(finding["text"])))
    grounding = next(check for check in report.checks if check["id"] == "grounding")
    shown = any(hits(str(word["text"])) for word in grounding["unknown"])
    return CaseVerdict(case, bool(kinds), report.score, report.flagged, claims, kinds, shown, seconds)


def _words(text: str) -> list[str]:
    return [fold(word) for word in "".join(c if c.isalnum() else " " for c in text).split()]


def by(verdicts: Iterable[CaseVerdict], *, what: str, honest: bool = False) -> dict[str, Proportion]:
    """Hits per `what` ("kind" or "language") among the lies or, with `honest`, among the honest texts."""
    hits: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    for verdict in verdicts:
        if (verdict.case.lie is None) == honest:
            key = str(getattr(verdict.case, what))
            totals[key] += 1
            hits[key] += verdict.hit
    return {key: Proportion(hits[key], totals[key]) for key in sorted(totals)}


def curve(verdicts: list[CaseVerdict]) -> list[tuple[str, Proportion, Proportion]]:
    """(kind of finding, lies, honest texts) that this kind and all before it catch and flag, the most precise kinds first.

    The last row adds the words that are only shown to reviewers.
    """
    lies = [verdict for verdict in verdicts if verdict.case.lie is not None]
    honest = [verdict for verdict in verdicts if verdict.case.lie is None]

    def imprecise(kind: str) -> tuple[float, int]:
        caught, flagged = (sum(kind in verdict.kinds for verdict in group) for group in (lies, honest))
        return flagged / (caught + flagged), -caught

    rows = []
    chosen: set[str] = set()
    for kind in sorted(
        {kind for verdict in verdicts for kind in verdict.kinds}, key=lambda kind: (imprecise(kind), kind)
    ):
        chosen.add(kind)
        caught, flagged = (sum(not chosen.isdisjoint(v.kinds) for v in group) for group in (lies, honest))
        rows.append((kind, Proportion(caught, len(lies)), Proportion(flagged, len(honest))))
    caught, flagged = (sum(v.hit or v.shown for v in group) for group in (lies, honest))
    rows.append(("shown words", Proportion(caught, len(lies)), Proportion(flagged, len(honest))))
    return rows


def calibration(verdicts: Iterable[CaseVerdict]) -> dict[str, Proportion]:
    """The share of texts with a lie, per tenth of the score. The last row is for all texts that are not flagged."""
    lies: Counter[int] = Counter()
    totals: Counter[int] = Counter()
    for verdict in verdicts:
        tenth = min(9, int(verdict.score * 10 + 1e-9))
        for row in (tenth, *(() if verdict.flagged else (UNFLAGGED,))):
            totals[row] += 1
            lies[row] += verdict.case.lie is not None
    names = {tenth: f"{tenth / 10:.1f}–{(tenth + 1) / 10:.1f}" for tenth in range(UNFLAGGED)} | {
        UNFLAGGED: "not flagged"
    }
    return {names[row]: Proportion(lies[row], totals[row]) for row in sorted(totals)}


def table(verdicts: list[CaseVerdict]) -> str:
    """The whole table in Markdown."""
    lies = Proportion(
        sum(v.hit for v in verdicts if v.case.lie is not None), sum(v.case.lie is not None for v in verdicts)
    )
    honest = Proportion(sum(v.hit for v in verdicts if v.case.lie is None), sum(v.case.lie is None for v in verdicts))
    lines = ["| | lies caught | honest texts flagged |", "|---|---|---|", f"| all | {lies} | {honest} |"]
    flagged = by(verdicts, what="language", honest=True)
    for language, rate in by(verdicts, what="language").items():
        lines.append(f"| {language} | {rate} | {flagged.get(language, Proportion(0, 0))} |")
    for kind, rate in sorted(by(verdicts, what="kind").items(), key=lambda pair: -pair[1].share):
        lines.append(f"| {kind} | {rate} | |")
    lines += ["", "| findings of this kind and those above | lies caught | honest texts flagged |", "|---|---|---|"]
    lines += [f"| {kind} | {caught} | {flagged} |" for kind, caught, flagged in curve(verdicts)]
    lines += ["", "| score | texts that held a lie |", "|---|---|"]
    lines += [f"| {score} | {rate} |" for score, rate in calibration(verdicts).items()]
    lines += (
        ["", f"Median time of a text: {1000 * median(v.seconds for v in verdicts):.1f} ms of the processor."]
        if verdicts
        else []
    )
    return "\n".join(lines)
