"""What staff do with rules of law: publish a version, switch it on and off, confirm that it agrees with the law."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from scribe.errors import InvalidInput
from scribe.types import Json
from writing import gpsr
from writing.checks import wording
from writing.models import LawRule

if TYPE_CHECKING:
    from accounts.models import User

#: What a version says. A new version of a rule is confirmed anew.
SAID = (
    *("code", "jurisdiction", "trades", "concept", "law", "source", "severity", "remedy", "evidence"),
    *("unlawful", "lawful", "examples", "words", "note"),
)


@transaction.atomic
def publish(said: Json, *, by: "User | None" = None) -> LawRule:
    """Add a version of the rule `said["code"]` and put it to use. Raises InvalidInput for words or conditions that are
    no use."""
    if said["code"] != gpsr.CODE:
        wording.check(said["words"])
    check_conditions(said.get("lawful") or [], said.get("examples") or {})
    code = said["code"]
    _lock(code)
    last = LawRule.objects.filter(code=code).aggregate(last=Max("version"))["last"] or 0
    LawRule.objects.filter(code=code, active=True).update(active=False)
    return LawRule.objects.create(**said, version=last + 1, active=True, created_by=by)


@transaction.atomic
def activate(row: LawRule) -> None:
    """Put this version to use in the place of another."""
    _lock(row.code)
    LawRule.objects.filter(code=row.code, active=True).update(active=False)
    LawRule.objects.filter(pk=row.pk).update(active=True)


def switch_off(row: LawRule) -> None:
    LawRule.objects.filter(pk=row.pk).update(active=False)


def confirm(row: LawRule, *, by: "User | None") -> None:
    """Note that a person compared this version with the text of the law. From now on its severity counts."""
    LawRule.objects.filter(pk=row.pk, confirmed_at=None).update(confirmed_at=timezone.now(), confirmed_by=by)


def check_conditions(lawful: object, examples: object) -> None:
    """Raise InvalidInput for lawful conditions or examples that could not be used."""
    if not isinstance(lawful, list) or not all(isinstance(one, str) and one.strip() for one in lawful):
        raise _wrong("#/lawful", "The lawful conditions are a list of texts.")
    given = examples.values() if isinstance(examples, dict) else [None]
    if not all(isinstance(one, dict) and set(one) == {"unlawful", "lawful"} and all(one.values()) for one in given):
        raise _wrong("#/examples", "The examples are, by language, an `unlawful` and a `lawful` sentence.")


def _wrong(pointer: str, detail: str) -> InvalidInput:
    return InvalidInput.at(pointer, detail, "invalid_words")


def _lock(code: str) -> None:
    """Make two editors of one rule take turns."""
    list(LawRule.objects.select_for_update().filter(code=code).order_by("id"))
