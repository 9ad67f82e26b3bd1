"""The one rule for whatever we write into a place that belongs to somebody else: what our last write left there is kept, looked
at right before the next one, and only what nobody has changed since is written over. The sync of items and the publishing
of posts both judge by it; docs/explanation/sync.md has what each platform adds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from integrations.stores import texts
from integrations.stores.types import Text
from scribe.messages import _

NOT_SHOWN = _("We could not read the previous text, so it can't be restored.")


@dataclass(frozen=True)
class Left:
    """One text as our last write left it: `held` is what the place showed then, `sent` what we had sent. Without `sent`, the
    place took it as it was, or somebody else wrote it and we have read it."""

    held: Text
    sent: Text | None = None


class Verdict(StrEnum):
    """SAME: nothing is to be written. FREE: the place shows what we left or read there. CHANGED: somebody has written there
    since, or we don't know what stood there before."""

    SAME = "same"
    FREE = "free"
    CHANGED = "changed"


def judge(field: str, value: Text, there: Text, left: Left | None) -> Verdict:
    """Compare three texts: what is to be written, what is there now, and what our last write left."""
    if texts.alike(field, there, value):
        return Verdict.SAME
    if left is None:
        return Verdict.CHANGED if there else Verdict.FREE
    if not texts.same(field, there, left.held):
        return Verdict.CHANGED
    # The place would turn this text once more into the one that it shows.
    again = left.sent is not None and texts.same(field, left.sent, value)
    return Verdict.SAME if again else Verdict.FREE


class Fate(StrEnum):
    """What became of a text whose write got no answer. A THIRD text is somebody else's."""

    ARRIVED = "arrived"
    UNTOUCHED = "untouched"
    THIRD = "third"


def fate(field: str, *, sent: Text, there: Text, before: Text | None, spoiled: bool = False) -> Fate:
    """Whether a text arrived (as it was sent, or as the place's filter left it), or the place has its text from before.
    `spoiled`: the filter is known to change what was sent."""
    if texts.alike(field, there, sent):
        return Fate.ARRIVED
    if texts.same(field, there, before):
        return Fate.UNTOUCHED
    return Fate.ARRIVED if texts.left_of(field, there, sent, spoiled=spoiled) else Fate.THIRD


def stands(field: str, there: Text, *ours: Text | None) -> bool:
    """Whether the place still shows one of the texts that we left there, so that an undo may take it back."""
    return any(text is not None and texts.same(field, there, text) for text in ours)


def taken_out(wanted: Iterable[str], there: Text | None, once: Collection[str]) -> list[str]:
    """Those of the `wanted` tags that were there `once` (as `texts.members`) and are no more: somebody took them out, so
    they are not added again."""
    gone = set(once) - texts.members(there)
    return [tag for tag in wanted if texts.members([tag]) & gone]
