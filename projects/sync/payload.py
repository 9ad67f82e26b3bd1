"""The payload of a sync job."""

from __future__ import annotations

from dataclasses import dataclass, field

from scribe.jobs.payload import Payload


@dataclass(frozen=True, kw_only=True)
class SyncPayload(Payload):
    """A push names a `mode`, and its items when that is `selected`. An undo names the sync that it undoes, or records.

    `force` writes over the merchant's edits. `leave_unrestorable` spares texts that the store could not take back as they
    were. `single` marks the sync of one item whose caller waits for it. `languages` are those whose texts are pushed; "" is
    the project's main language. An undo takes them from the records.
    """

    mode: str = "pending"
    item_ids: list[str] = field(default_factory=list)
    undo_of: str = ""
    record_ids: list[str] = field(default_factory=list)
    force: bool = False
    leave_unrestorable: bool = False
    single: bool = False
    languages: list[str] = field(default_factory=lambda: [""])

    @property
    def undoes(self) -> bool:
        return bool(self.undo_of or self.record_ids)
