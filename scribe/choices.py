"""What is said of a value that is none of the choices."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from scribe.messages import Message, _

ALIKE = 45  # per cent: what is worth a suggestion
MOST_NAMED = 12
NEAREST = 3


def closest(given: str, known: Iterable[str]) -> str:
    """The known one that is most like `given`, or "" if none is."""
    found = process.extractOne(given[:100], sorted(known), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return str(found[0]) if found else ""


def meant_by_slip(given: str, known: Iterable[str]) -> str:
    """The known one that `given` is but for one slip (a letter more, less, another, or two that changed places), or for
    two in a long name. "" if there is none."""
    meant = closest(given, known)
    most = 2 if len(meant) > 7 else 1
    near = OSA.distance(given.casefold(), meant.casefold(), score_cutoff=2) <= most
    return meant if meant and near else ""


def refusal(given: object, choices: Iterable[object]) -> Message:
    """A sentence that names the choice that is meant and all others, or the nearest of many."""
    names = [str(choice) for choice in choices if choice != ""]
    if len(names) > MOST_NAMED:
        near = process.extract(str(given)[:100], names, scorer=fuzz.ratio, limit=NEAREST)
        return _("This is not one of the choices. Did you mean one of these: {names}?", names=[one[0] for one in near])
    if meant := closest(str(given), names):
        return _("This is not one of the choices. Did you mean `{name}`? Choices: {names}.", name=meant, names=names)
    return _("This is not one of the choices. Choices: {names}.", names=names)
