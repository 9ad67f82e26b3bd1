"""Schemas that our document does not have today: made of others, without a type, with one name twice."""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string"}
ODD_SCHEMAS: dict[str, Any] = {
    "Odd.Name": {"type": "object", "properties": {"dotted": TEXT}, "required": ["dotted"]},
    "Odd-Name": {"type": "object", "properties": {"dashed": TEXT}},
    "Odd_Name": {"type": "object", "properties": {"plain": TEXT}},
    "Record": {"type": "object", "properties": {"kept": TEXT}},
    "Literal": {"type": "string", "enum": ["a", None]},
    "class": {"type": "object", "properties": {"class": {"const": "x"}}},
    "9lives": TEXT,
    "Untyped": {"properties": {"name": TEXT}, "required": ["name"]},
    "Whole": {
        "allOf": [
            {"$ref": "#/components/schemas/Untyped"},
            {"$ref": "#/components/schemas/Odd.Name"},
            {"required": ["own"]},
        ],
        "properties": {"own": {"type": "integer"}, "next": {"$ref": "#/components/schemas/Whole"}},
    },
    "Holder": {
        "type": "object",
        "properties": {
            "both": {
                "allOf": [{"$ref": "#/components/schemas/Untyped"}, {"$ref": "#/components/schemas/Odd-Name"}],
                "nullable": True,
            },
            "one": {"allOf": [{"$ref": "#/components/schemas/Odd_Name"}, {"description": "The one."}]},
            "listed": {"type": ["array", "null"], "items": {"oneOf": [TEXT, {"$ref": "#/components/schemas/9lives"}]}},
        },
    },
    "Other": {"$ref": "#/components/schemas/Whole"},
}
