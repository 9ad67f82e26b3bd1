"""The texts of a content, field by field, as a reader sees them."""

from collections.abc import Iterator
from dataclasses import dataclass

from scribe.types import Json
from writing.fields import BY_NAME, FIELDS, LISTS, TEXT, Form, GeneratedField, Role
from writing.text import of_html


@dataclass(frozen=True, slots=True)
class Field:
    """One text of a content: `raw` as it is stored, `text` as it is read.

    `name` includes the entry of a list or the attribute: `tags[0]`, `attributes.Colour`.
    """

    name: str
    raw: str
    text: str

    @property
    def row(self) -> GeneratedField:
        """The generated field that the text belongs to."""
        return row_of(self.name)


def row_of(name: str) -> GeneratedField:
    """The generated field that a text's name belongs to: `tags` for `tags[0]`, `attributes` for `attributes.Colour`."""
    name = name.partition("[")[0]
    return BY_NAME.get(name) or BY_NAME[name.partition(".")[0]]


def readable_texts(content: Json) -> list[Field]:
    """Every text for readers, in the order of the table of generated fields. Texts for machines are left out."""
    return [field for row in FIELDS if row.role is not Role.DERIVED for field in _fields(row, row.of(content))]


def texts_by_name(content: Json) -> dict[str, str]:
    """The same by the names of the generated fields. The entries of a list or an object are lines."""
    found: dict[str, list[str]] = {}
    for text in readable_texts(content):
        found.setdefault(text.row.name, []).append(text.text)
    return {name: "\n".join(lines) for name, lines in found.items()}


def _fields(row: GeneratedField, value: object) -> Iterator[Field]:
    if row.form in TEXT and isinstance(value, str):
        yield Field(row.name, value, of_html(value) if row.form is Form.HTML else value)
    elif row.form in LISTS and isinstance(value, list):
        for index, entry in enumerate(value):
            yield Field(f"{row.name}[{index}]", str(entry), str(entry))
    elif row.form is Form.PAIRS and isinstance(value, dict):
        for name, inner in value.items():
            yield Field(f"{row.name}.{name}", str(inner), f"{name}: {inner}")
