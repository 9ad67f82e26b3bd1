"""The counts of the verifiers' readings, for staff: per model and version of the terms, without any customer's name."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from scribe.ids import uuid7
from scribe.types import Json, Rows
from writing.verifier.choice import Verifier
from writing.verifier.verdicts import DISAGREEMENTS, INVENTED, UNJUDGED

COUNTS = ("texts", "failed", "sentences", "quoted", "harmless", "unsupported", "invented", "disagreed", "disbelieved")

_COLUMNS = ("id", "provider", "model", "version", *COUNTS, "created_at", "updated_at")
ADD = f"""
INSERT INTO writing_verifierrate AS rate ({", ".join(_COLUMNS)}) VALUES ({", ".join(["%s"] * len(_COLUMNS))})
ON CONFLICT (provider, model, version) DO UPDATE SET
    {", ".join(f"{name} = rate.{name} + excluded.{name}" for name in COUNTS)}, updated_at = excluded.updated_at
"""  # noqa: S608 - made of the names above alone


@dataclass(frozen=True, slots=True)
class ReadingTally:
    """The counts of one text's reading."""

    provider: str
    model: str
    version: int
    counts: dict[str, int]


def tally_of(check: Json, verifier: Verifier, version: int) -> ReadingTally:
    codes = Counter(finding["code"] for finding in check["findings"])
    counts = {
        "texts": 1,
        "sentences": sum(count for code, count in codes.items() if code not in UNJUDGED),
        "quoted": codes["traced"],
        "harmless": codes["harmless"],
        "unsupported": sum(finding["supported"] is False for finding in check["findings"]),
        "invented": sum(codes[code] for code in INVENTED),
        "disagreed": sum(codes[code] for code in DISAGREEMENTS),
    }
    return ReadingTally(verifier.provider, verifier.model, version, counts)


def failed_tally(verifier: Verifier, version: int, *, disbelieved: bool = False) -> ReadingTally:
    """`disbelieved`: the second model misjudged a control sentence."""
    counts = {"texts": 1, "failed": 1, "disbelieved": int(disbelieved)}
    return ReadingTally(verifier.provider, verifier.model, version, counts)


def record(tallies: Iterable[ReadingTally]) -> None:
    """Add the counts to the rates. Call it at the end of a transaction: all jobs share the rows, and they stay locked
    until it commits. Repeating the call counts twice."""
    sums: dict[tuple[str, str, int], Counter[str]] = {}
    for tally in tallies:
        sums.setdefault((tally.provider, tally.model, tally.version), Counter()).update(tally.counts)
    now = timezone.now()
    rows: Rows = [(uuid7(), *of, *(counts[name] for name in COUNTS), now, now) for of, counts in sorted(sums.items())]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(ADD, rows)
