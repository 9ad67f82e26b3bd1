"""The sentences of a content. A sentence that occurs several times is listed once, with all its places."""

from dataclasses import dataclass

from scribe.types import Json
from writing.checks import fields
from writing.fields import Role
from writing.verifier import boundaries, passages

MOST = 200  # the most sentences of one content that are read


@dataclass(frozen=True, slots=True)
class SentencePlace:
    """The place of a sentence. `start` and `end` count characters of the field's visible text."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    key: str  # its words in the form in which they are compared
    text: str
    places: tuple[SentencePlace, ...]


def sentences_of(content: Json) -> list[Sentence]:
    """All sentences, in the order of their first places."""
    texts: dict[str, str] = {}
    places: dict[str, list[SentencePlace]] = {}
    for field in fields.readable_texts(content):
        if field.row.role is Role.KEYWORDS:
            continue  # search words are not sentences; the tables check them
        for start, end in boundaries.spans(field.text):
            text = field.text[start:end]
            if (mark := passages.key(text)) == " ":
                continue
            texts.setdefault(mark, text)
            places.setdefault(mark, []).append(SentencePlace(field.name, start, end))
    return [Sentence(mark, text, tuple(places[mark])) for mark, text in texts.items()]
