"""The meaning of a table's columns: the proposal of `mapping`, with the merchant's corrections applied."""

import re
from dataclasses import dataclass, field

from catalog.source_data import SHOWN
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import Json
from writing.fields import Form

FIELDS = (
    "external_id",
    "sku",
    *(row.name for row in SHOWN if row.form is not Form.PAIRS),
    "price",
    "categories",
    "images",
    "parent_external_id",
)
EXACT = 1.0  # the confidence in a column whose header is the platform's own
LISTS = ("categories", "tags", "images")  # fields that several columns may share
ATTRIBUTE = re.compile(r"^attributes\..{1,200}$", re.DOTALL)


@dataclass
class Layout:
    """`mapping` and `column_confidence` go by column index; `roles` are columns that only the adapter knows (type, view)."""

    adapter: str
    columns: list[str]
    mapping: dict[int, str] = field(default_factory=dict)
    column_confidence: dict[int, float] = field(default_factory=dict)
    roles: dict[str, int] = field(default_factory=dict)
    confidence: float = 0.0
    default_type: str = "product"

    def column_of(self, name: str) -> int | None:
        return next((index for index, mapped in self.mapping.items() if mapped == name), None)

    def assign(self, index: int, name: str, confidence: float) -> None:
        self.mapping[index] = name
        self.column_confidence[index] = confidence

    def taken(self) -> set[str]:
        return set(self.mapping.values())

    def named(self) -> dict[str, str]:
        return {self.columns[index]: name for index, name in sorted(self.mapping.items())}

    def unmapped(self) -> list[str]:
        return [name for index, name in enumerate(self.columns) if index not in self.mapping]

    def is_usable(self) -> bool:
        """Whether the columns identify items and tell something of them: a name, or an id or SKU with another fact."""
        fields, keys = self.taken(), {"external_id", "sku"}
        return "name" in fields or bool(fields & keys and fields - keys)

    def override(self, wanted: Json) -> None:
        """Apply the merchant's `column_mapping`; a column set to null or an empty string is left out."""
        if not isinstance(wanted, dict):
            raise InvalidInput.at("#/column_mapping", _("The column mapping is an object of column names to fields."))
        positions = {name: index for index, name in enumerate(self.columns)}
        chosen: dict[int, str] = {}
        for column, name in wanted.items():
            index = positions.get(column, positions.get(str(column).strip()))
            if index is None:
                raise InvalidInput.at(
                    "#/column_mapping", _("The file has no column “{column}”.", column=column), "unknown_column"
                )
            if name in (None, ""):
                self.mapping.pop(index, None)
                continue
            if not isinstance(name, str) or not (name in FIELDS or ATTRIBUTE.match(name)):
                raise InvalidInput.at(
                    "#/column_mapping", _("The field “{name}” does not exist.", name=name), "unknown_field"
                )
            if name not in LISTS and name in chosen.values():
                raise InvalidInput.at(
                    "#/column_mapping", _("Two columns are mapped to “{name}”.", name=name), "duplicate_field"
                )
            chosen[index] = name
        for index, name in chosen.items():
            if name not in LISTS:
                for other in [at for at, mapped in self.mapping.items() if mapped == name and at != index]:
                    del self.mapping[other]
            self.assign(index, name, 1.0)
        if chosen:
            self.confidence = 1.0

    def as_config(self) -> Json:
        return {
            "adapter": self.adapter,
            "columns": self.columns,
            "mapping": {str(index): name for index, name in self.mapping.items()},
            "roles": self.roles,
            "default_type": self.default_type,
        }

    @classmethod
    def from_config(cls, config: Json) -> "Layout":
        mapping = {int(index): name for index, name in config["mapping"].items()}
        return cls(config["adapter"], config["columns"], mapping, {}, config["roles"], 1.0, config["default_type"])
