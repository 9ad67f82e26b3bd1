"""The EU register of authorised health claims (Regulation (EC) No 1924/2006) as a file that staff upload.

One row of the database is the register in one language and version. A file is CSV with the register's own columns, of
which the beginning of the names counts: `Claim type`, `Nutrient, substance, food …`, `Claim`, `Conditions of use …`,
`Status`, `Entry id`. Staff may add `Least`: the smallest amount that the conditions of use ask for (`12 mg`). Claims
that are not authorised are left out.
"""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from scribe.errors import InvalidInput
from scribe.types import Json
from writing.facts import Facts
from writing.models import ClaimRegister

if TYPE_CHECKING:
    from accounts.models import User

HEALTH, DISEASE_RISK = "health-food", "disease"  # codes of the rules that a claim lifts
LARGEST = 10 * 1024 * 1024  # bytes
COLUMNS = {"claim type": "kind", "nutrient": "substance", "conditions": "conditions", "status": "status"} | {
    "entry": "entry",
    "least": "least",
}
_AMOUNT = r"(\d+(?:[.,]\d+)?)\s*(g|mg|µg|μg|mcg|ug)\b"
_BASIS = re.compile(r"\b100\s*(?:g|ml)\b")  # of "30 mg per 100 g"
_MICROGRAMS = {"g": 1_000_000, "mg": 1_000}


@dataclass(frozen=True, slots=True)
class AuthorisedClaim:
    """`least` is in micrograms; 0 where any amount will do."""

    rule: str
    entry: str
    claim: str
    substance: str
    conditions: str
    least: Decimal

    def fits(self, sentence: str, facts: Facts) -> bool:
        """Whether `sentence` says the claim in the register's words, and the source states enough of the substance."""
        return _plain(self.claim) in _plain(sentence) and self._amount(facts) >= max(self.least, Decimal("0.001"))

    def _amount(self, facts: Facts) -> Decimal:
        """The largest amount of the substance that the source states, in micrograms."""
        named = "|".join(re.escape(name) for name in re.split(r"\s*[/,]\s*", _plain(self.substance)) if name)
        said = re.compile(rf"(?<!\w)(?:{named})(?!\w)\D{{0,40}}?{_AMOUNT}|{_AMOUNT}\s+(?:{named})(?!\w)")
        lines = (_BASIS.sub("", _plain(f"{path.rpartition('.')[2]}: {value}")) for path, value in facts.fields.items())
        found = (match for line in lines for match in said.finditer(line))
        return max((_micrograms(match[1] or match[3], match[2] or match[4]) for match in found), default=Decimal(0))


@dataclass(frozen=True, slots=True)
class RegisterInUse:
    """The authorised claims in one language, as they stood in this version."""

    language: str
    version: str
    published_on: date
    claims: tuple[AuthorisedClaim, ...] = field(compare=False)  # a version is never edited


def in_use() -> tuple[RegisterInUse, ...]:
    """The registers that staff have put to use, one for each language."""
    return tuple(_read(pk) for pk in ClaimRegister.objects.filter(active=True).values_list("pk", flat=True))


@lru_cache(maxsize=64)
def _read(pk: UUID) -> RegisterInUse:
    row = ClaimRegister.objects.get(pk=pk)
    claims = tuple(AuthorisedClaim(**{**one, "least": Decimal(one["least"])}) for one in row.claims)
    return RegisterInUse(row.language, row.version, row.published_on, claims)


@transaction.atomic
def publish(*, language: str, version: str, published_on: date, file: bytes, by: "User | None") -> ClaimRegister:
    """Read a file and put it to use in the place of the language's register. Raises InvalidInput for a file that has no
    authorised claim."""
    row = ClaimRegister.objects.create(
        language=language, version=version, published_on=published_on, claims=read(file), created_by=by
    )
    activate(row)
    return row


@transaction.atomic
def activate(row: ClaimRegister) -> None:
    """Put this version to use in the place of the language's other one."""
    list(ClaimRegister.objects.select_for_update().filter(language=row.language).order_by("pk"))
    ClaimRegister.objects.filter(language=row.language, active=True).update(active=False)
    ClaimRegister.objects.filter(pk=row.pk).update(active=True)


def switch_off(row: ClaimRegister) -> None:
    ClaimRegister.objects.filter(pk=row.pk).update(active=False)


def read(file: bytes) -> list[Json]:
    """The authorised claims of a file, as they are stored. Raises InvalidInput."""
    if len(file) > LARGEST:
        raise _wrong("The file is larger than 10 MB.")
    try:
        text = file.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _wrong("The file is no text in UTF-8. Save it as CSV (UTF-8).") from None
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    names = [_column(name) for name in next(lines, [])]
    if lacking := {"claim", "substance", "status"} - set(names):
        raise _wrong(f"The file has no column for: {', '.join(sorted(lacking))}.")
    found = []
    for number, line in enumerate(lines, 2):
        row = {name: " ".join(value.split()) for name, value in zip(names, line, strict=False) if name}
        if row.get("status", "").casefold() in ("authorised", "authorized") and row.get("claim") and row["substance"]:
            found.append(_claim(row, number))
    if not found:
        raise _wrong("The file has no authorised claim.")
    return found


def _claim(row: dict[str, str], number: int) -> Json:
    least = re.fullmatch(_AMOUNT, row.get("least", "").casefold())
    if row.get("least") and least is None:
        raise _wrong(f"Line {number}: the least amount is a number with g, mg or µg, such as 12 mg.")
    risk = "14(1)(a)" in row.get("kind", "").replace(" ", "")
    return {
        "rule": DISEASE_RISK if risk else HEALTH,
        "entry": row.get("entry", "") or str(number),
        "claim": row["claim"].rstrip(". "),
        "substance": row["substance"],
        "conditions": row.get("conditions", ""),
        "least": str(_micrograms(least[1], least[2]) if least else 0),
    }


def _column(name: str) -> str:
    name = " ".join(name.split()).casefold()
    if name == "claim":
        return "claim"
    return next((column for start, column in COLUMNS.items() if name.startswith(start)), "")


def _micrograms(number: str, unit: str) -> Decimal:
    return Decimal(number.replace(",", ".")) * _MICROGRAMS.get(unit, 1)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _wrong(detail: str) -> InvalidInput:
    return InvalidInput.at("#/file", detail, "unsupported_file")
