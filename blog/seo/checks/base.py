"""The input and the result of a check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from blog.seo.document import Document
from blog.seo.keyphrase import Keyphrase
from blog.seo.languages import LanguageRules

Group = Literal["seo", "readability"]


@dataclass(frozen=True)
class Paper:
    """A post as the score sees it. `own_hosts` are the sites whose links count as internal."""

    document: Document
    language: LanguageRules
    keyphrase: Keyphrase
    title: str
    description: str
    slug: str
    own_hosts: frozenset[str]


@dataclass(frozen=True)
class SeoFinding:
    """`outcome` names the message; a `score` of None means that the check does not apply here."""

    outcome: str
    score: int | None
    params: Mapping[str, int | float | str] = field(default_factory=dict)
    value: float | int | None = None


NOT_APPLICABLE = SeoFinding("na", None)


@dataclass(frozen=True)
class SeoCheck:
    id: str
    group: Group
    run: Callable[[Paper], SeoFinding]


def percent(part: float, whole: float) -> float:
    """`part` of `whole` in percent, with one decimal."""
    return round(100 * part / whole, 1) if whole else 0.0
