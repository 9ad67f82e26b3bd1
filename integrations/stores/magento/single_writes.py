"""Writes one by one. Each can take seconds, so a batch that has been under way for long is compared again before it goes on."""

import time
from collections.abc import Callable, Sequence

from integrations.stores.errors import ConcurrentEdit
from integrations.stores.types import Push, Pushed, Ref
from scribe.messages import _

LONGEST_TURN = 2.0  # seconds between the read of a product and its write; after more, ask again whether it changed
CHANGED = _("It was changed in the store while we were updating it. Sync again.")


def write_each(
    batch: Sequence[Push],
    write: Callable[[Push], Pushed],
    changed: Callable[[Sequence[Push]], Sequence[Ref]],
) -> list[Pushed]:
    """The outcomes of `write` for each of the batch, in its order. `changed` names those of a batch that somebody has changed since they
    were read; they get ConcurrentEdit and are not written."""
    began = time.monotonic()
    done: list[Pushed] = []
    for at, push in enumerate(batch):
        if time.monotonic() - began > LONGEST_TURN:
            moved = set(changed(batch[at:]))
            rest = iter(write_each([p for p in batch[at:] if p.ref not in moved], write, changed))
            return done + [
                Pushed(p.ref, error=ConcurrentEdit(CHANGED)) if p.ref in moved else next(rest) for p in batch[at:]
            ]
        done.append(write(push))
    return done
