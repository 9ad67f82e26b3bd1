"""Watch the sign-ins behind open streams. One query every few seconds checks those of all streams of the process."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from functools import partial
from uuid import UUID

from django.db import Error as DatabaseFault

from scribe.api.fanout import in_thread
from scribe.logs import get_logger
from scribe.types import ModelRow

log = get_logger(__name__)

EVERY_SECONDS = 3.0


class SessionWatch:
    """Watches sessions and API keys, and tells the listeners of one when it has ended."""

    def __init__(self) -> None:
        # By model, since each kind of sign-in is asked for by one query.
        self._listeners: dict[type[ModelRow], dict[UUID, set[asyncio.Event]]] = defaultdict(lambda: defaultdict(set))
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def watching(self, sign_in: ModelRow | None) -> Iterator[asyncio.Event]:
        """An event that is set when `sign_in`, a session or a key, has ended. For None it is never set."""
        ended = asyncio.Event()
        if sign_in is None:
            yield ended
            return
        model = type(sign_in)
        self._listeners[model][sign_in.pk].add(ended)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch(), context=Context())  # for all, and for nobody's share
        try:
            yield ended
        finally:
            self._listeners[model][sign_in.pk].discard(ended)
            if not self._listeners[model][sign_in.pk]:
                del self._listeners[model][sign_in.pk]
            if not self._listeners[model]:
                del self._listeners[model]

    async def _watch(self) -> None:
        while self._listeners:
            for model, listeners in list(self._listeners.items()):
                await self._look(model, list(listeners))
            await asyncio.sleep(EVERY_SECONDS)

    async def _look(self, model: type[ModelRow], asked: list[UUID]) -> None:
        try:
            live = await in_thread(partial(self._live, model, asked))
        except DatabaseFault as error:
            log.warning("sign-ins of streams are not checked", error=str(error))
            return
        for pk in set(asked) - live:
            for ended in self._listeners.get(model, {}).get(pk, ()):
                ended.set()

    @staticmethod
    def _live(model: type[ModelRow], ids: list[UUID]) -> set[UUID]:
        return set(model.objects.standing(ids).values_list("pk", flat=True))
