"""Writes one by one. Each can take seconds, so a batch that has been under way for long is compared again before it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from integrations.stores.errors import ChangedMeanwhile
from integrations.stores.types import Push, Pushed, Ref

LONGEST_TURN = 2.0  # seconds between the read of a product and its write; after more, ask again whether it changed
CHANGED = "Somebody changed it between our look and our write."


def in_turn(
    batch: Sequence[Push],
    write: Callable[[Push], Pushed],
    changed: Callable[[Sequence[Push]], Sequence[Ref]],
) -> list[Pushed]:
    """The outcomes of `write` for each of the batch. `changed` names those of a batch that somebody has changed since they
    were read; they get ChangedMeanwhile and are not written."""
    began = time.monotonic()
    done: list[Pushed] = []
    for at, push in enumerate(batch):
        if time.monotonic() - began > LONGEST_TURN:
            moved = changed(batch[at:])
            rest = [p for p in batch[at:] if p.ref not in moved]
            gone = [Pushed(ref, error=ChangedMeanwhile(CHANGED)) for ref in moved]
            return [*done, *gone, *in_turn(rest, write, changed)]
        done.append(write(push))
    return done
