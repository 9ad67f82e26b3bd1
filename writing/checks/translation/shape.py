"""The markup of a translation: the elements of its original in the same order, and every link's target as it was."""

import re
from collections import Counter
from collections.abc import Iterator

from scribe.messages import _
from writing.checks import links
from writing.checks.translation.pairs import Departure, Pair

_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]{0,20})\b[^<>]*>")
_SRC = re.compile(r"""(?<![^\s"'/])src\s{0,20}=\s{0,20}(?:"([^"<>]*)"|'([^'<>]*)')""", re.I)
#: Elements within a sentence, whose order follows the words.
_INLINE = frozenset(["strong", "em", "b", "i", "u", "a", "br", "span", "sub", "sup", "small", "code", "img"])
_PARAGRAPHS = frozenset(["p", "br"])  # what plain text is wrapped in


def compare(pair: Pair) -> Iterator[Departure]:
    if "<" not in pair.source_raw and "<" not in pair.target_raw:
        return
    yield from _tags(pair)
    for what, before, after in (
        ("link to", _targets(pair.source_raw), _targets(pair.target_raw)),
        ("image", Counter(_sources(pair.source_raw)), Counter(_sources(pair.target_raw))),
    ):
        for target in before - after:
            yield Departure(
                pair.field, "link_missing", f"The {what} {target[:80]} of the original is missing.", text=target
            )
        for target in after - before:
            yield Departure(pair.field, "link_added", f"The original has no {what} {target[:80]}.", text=target)


def _tags(pair: Pair) -> Iterator[Departure]:
    before = [name.lower() for name in _TAG.findall(pair.source_raw)]
    after = [name.lower() for name in _TAG.findall(pair.target_raw)]
    if not before and _PARAGRAPHS.issuperset(after):
        return
    counted, here = Counter(before), Counter(after)
    changed = [name for name in dict.fromkeys([*before, *after]) if counted[name] != here[name]]
    for name in changed:
        detail = _(
            "The original has {before} × <{name}>, the translation {after}.",
            before=counted[name],
            name=name,
            after=here[name],
        )
        yield Departure(pair.field, "tags_differ", detail, text=name)
    if not changed and _blocks(before) != _blocks(after):
        yield Departure(pair.field, "tags_differ", _("The elements stand in another order than in the original."))


def _blocks(names: list[str]) -> list[str]:
    return [name for name in names if name not in _INLINE]


def _targets(raw: str) -> Counter[str]:
    return Counter(links.targets(raw))


def _sources(raw: str) -> Iterator[str]:
    return (found[0] or found[1] for found in _SRC.findall(raw))
