"""Rules that people's edits taught: kept as data, told to writers as sentences, and their words checked."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from scribe.types import ReadOnlyJson

AVOID, REPLACE, HEED = "avoid", "replace", "heed"
_TOLD = "told"  # a sentence of an older snapshot, which had nothing else
LINES = {
    AVOID: "Never write “{term}”.",
    REPLACE: "Write “{instead}”, never “{term}”.",
    HEED: "Reviewers rejected texts for this reason, so heed it: {term}",
    _TOLD: "{term}",
}
LABEL = "# Rules that the merchant's edits taught"


@dataclass(frozen=True, slots=True)
class TaughtRule:
    """`term` is never written; of REPLACE, `instead` is written in its place. Of HEED, `term` is a reviewer's reason."""

    kind: str
    term: str
    instead: str = ""

    @property
    def line(self) -> str:
        """The rule as a writer is told it."""
        return LINES[self.kind].format(term=self.term, instead=self.instead)

    @property
    def forbids(self) -> str:
        """The words that may not appear, or ""."""
        return self.term if self.kind in (AVOID, REPLACE) else ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def read(cls, kept: ReadOnlyJson) -> "TaughtRule":
        return cls(**kept) if isinstance(kept, dict) else cls(_TOLD, str(kept))


def forbidden(rules: Iterable[TaughtRule]) -> tuple[str, ...]:
    """The words that the rules forbid."""
    return tuple(rule.forbids for rule in rules if rule.forbids)


def prompt_text(rules: Iterable[TaughtRule]) -> str:
    """What a prompt says of the rules, or "" without any."""
    lines = [f"- {rule.line}" for rule in rules]
    return "\n".join([LABEL, *lines]) if lines else ""
