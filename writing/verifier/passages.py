"""The passages of a source, as the second model is shown them: each attribute is one, each sentence of a longer text
too.

Texts are compared by their words and numbers alone. Case, spaces, and marks such as quotation marks and dashes don't
count.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from scribe.marks import normalize
from writing.checks import sources
from writing.facts import Facts
from writing.settings import WritingSettings
from writing.verifier import boundaries

PROSE = frozenset({"description", "short_description", sources.INSTRUCTIONS})
LONGEST_VALUE = 160  # characters of a value that is one passage; a longer one is cut at its sentences
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[%°€$£+±#]")
LISTS = frozenset({"categories", "tags", "images"})
_LISTED = re.compile(r"(categories|tags|images)\[\d+\](?:\.(\w+))?$")


def key(text: str) -> str:
    """The words and numbers of `text` in the form in which they are compared, each between two spaces; " " if it has
    none."""
    return "".join(f" {token}" for token, _, _ in tokens(text)) + " "


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _TOKEN.finditer(text):
        token = match[0]
        if not token.isascii():
            token = normalize("NFKC", token)
        yield token.casefold(), match.start(), match.end()


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of the source's `field`. `label` is the name that stands before a value ("Weight"); empty for a
    sentence."""

    field: str
    label: str
    text: str

    @property
    def is_original(self) -> bool:
        """Whether it is a passage of the text that a translation is made from."""
        return self.field.startswith(f"{sources.ORIGINAL}:")

    @property
    def line(self) -> str:
        """The passage as a model reads it, in one line."""
        text = " ".join(self.text.split())
        return f"{self.label}: {text}" if self.label else text


def passages_of(facts: Facts, settings: WritingSettings) -> list[Passage]:
    """All passages of what a text may state, in the order of the source's fields."""
    fields: Mapping[str, str] = {
        **facts.fields,
        **sources.of_instructions(settings.instructions).whole,
        **sources.original_fields(facts),
    }
    found: list[Passage] = []
    listed: dict[str, list[str]] = {}  # categories and tags are one passage each
    for path, text in fields.items():
        if match := _LISTED.match(path):
            label = match[2] or match[1]
            if label not in listed:
                listed[label] = []
                found.append(Passage(match[1], label, ""))
            listed[label].append(text)
            continue
        label = path.partition(".")[2] or path
        is_prose = path in PROSE or len(text) > LONGEST_VALUE or path.startswith(f"{sources.ORIGINAL}:")
        if is_prose:
            found += [Passage(path, "", text[start:end]) for start, end in boundaries.spans(text)]
        else:
            found.append(Passage(path, label, text))
    return [replace(one, text=", ".join(listed[one.label])) if one.field in LISTS else one for one in found]


def literal(passages: list[Passage]) -> dict[str, Passage]:
    """The passages by the keys of the sentences that state the same word for word. The value alone of an attribute
    states nothing ("No" of "Dishwasher-safe: No")."""
    found: dict[str, Passage] = {}
    for passage in passages:
        found.setdefault(key(passage.line), passage)
        if passage.field == "name":
            found.setdefault(key(passage.text), passage)
    return found
