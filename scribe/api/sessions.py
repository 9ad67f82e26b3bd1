"""Watch the sign-ins behind open streams. One query every few seconds checks those of all streams of the process."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DatabaseError

from scribe.api.fanout import in_thread
from scribe.logs import get_logger

log = get_logger(__name__)

EVERY_SECONDS = 3.0


class SessionWatch:
    """Watches session rows, and tells the listeners of a session when it has ended."""

    def __init__(self) -> None:
        self._listeners: dict[UUID, set[asyncio.Event]] = defaultdict(set)
        self._model: Any = None
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def watching(self, sign_in: Any) -> Iterator[asyncio.Event]:
        """An event that is set when the session `sign_in` has ended. For None it is never set."""
        ended = asyncio.Event()
        if sign_in is None:
            yield ended
            return
        self._model = type(sign_in)
        self._listeners[sign_in.pk].add(ended)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch())
        try:
            yield ended
        finally:
            self._listeners[sign_in.pk].discard(ended)
            if not self._listeners[sign_in.pk]:
                del self._listeners[sign_in.pk]

    async def _watch(self) -> None:
        while self._listeners:
            asked = list(self._listeners)
            try:
                live = await in_thread(partial(self._live, asked))
            except DatabaseError as error:
                log.warning("sign-ins of streams are not checked", error=str(error))
            else:
                for pk in set(asked) - live:
                    for ended in self._listeners.get(pk, ()):
                        ended.set()
            await asyncio.sleep(EVERY_SECONDS)

    def _live(self, ids: list[UUID]) -> set[UUID]:
        return set(self._model.objects.live().filter(pk__in=ids, user__is_active=True).values_list("pk", flat=True))
