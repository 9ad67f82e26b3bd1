"""The input of a kind of job, as a dataclass. It is stored in the job's row at its creation, and its worker loads it."""

from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, Self
from uuid import UUID

from scribe.types import Json, JsonValue

if TYPE_CHECKING:
    from scribe.jobs.models import Job


class Payload:
    """The base of the dataclasses. A field's metadata may have `load`, which makes the value out of its JSON."""

    @classmethod
    def of(cls, job: "Job") -> Self:
        """The payload of `job`. Unknown keys, which earlier releases may have stored, are left out."""
        values = {}
        for field in fields(cls):  # type: ignore[arg-type]  # the subclasses are dataclasses
            if field.name in job.payload:
                load = field.metadata.get("load")
                value = job.payload[field.name]
                values[field.name] = load(value) if load else value
        return cls(**values)

    def as_dict(self) -> Json:
        """The payload in JSON's types."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}  # type: ignore[arg-type]


def _plain(value: object) -> JsonValue:
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.as_dict() if hasattr(value, "as_dict") else value
