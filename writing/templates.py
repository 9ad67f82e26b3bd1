"""The prompt texts in use. They are read at most every `SECONDS` and changed by publishing a new version."""

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Max

from scribe.errors import NotConfigured
from scribe.messages import _
from scribe.types import Json
from writing.models import PromptTemplate

if TYPE_CHECKING:
    from accounts.models import User

SECONDS = 30  # how long a process uses what it read
_cache: "dict[str, tuple[float, PromptText]]" = {}


@dataclass(frozen=True, slots=True)
class PromptText:
    kind: str
    version: int
    text: str
    parameters: str = ""  # JSON, or empty


def active(kind: str) -> PromptText:
    """The active text of `kind`, at most `SECONDS` old. Raises NotConfigured when staff have switched it off.

    Inside an event loop the database may not be queried. There the text that this process read last is used, even if it
    is older. If nothing was read yet, a thread reads it.
    """
    now = time.monotonic()
    found = _cache.get(kind)
    if found and now - found[0] < SECONDS:
        return found[1]
    if not _in_event_loop():
        text = _read(kind)
    elif found:
        return found[1]
    else:
        with ThreadPoolExecutor(1) as pool:
            text = pool.submit(_read, kind, close=True).result()
    _cache[kind] = (now, text)
    return text


def _read(kind: str, *, close: bool = False) -> PromptText:
    try:
        row = (
            PromptTemplate.objects.filter(kind=kind, active=True)
            .values_list("kind", "version", "text", "parameters")
            .first()
        )
    finally:
        if close:
            connection.close()
    if row is None:
        raise NotConfigured(
            _("There is no active prompt template of the type “{kind}”.", kind=kind), code="prompt_not_configured"
        )
    name, version, text, parameters = row
    return PromptText(name, version, text, json.dumps(parameters, sort_keys=True) if parameters else "")


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


@transaction.atomic
def publish(
    *, kind: str, text: str, parameters: Json | None = None, by: "User | None" = None, note: str = ""
) -> PromptTemplate:
    """Add `text` as the next version of `kind` and activate it. Other processes follow within `SECONDS`. Without
    `parameters` the new version keeps those of the version in use. A call with the same text adds another version."""
    # The row lock makes two editors take turns. The unique constraint on the version catches a race that the lock
    # misses.
    list(PromptTemplate.objects.select_for_update().filter(kind=kind).order_by("id"))
    last = PromptTemplate.objects.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0
    in_use = PromptTemplate.objects.filter(kind=kind, active=True)
    if parameters is None:
        parameters = in_use.values_list("parameters", flat=True).first() or {}
    in_use.update(active=False)
    row = PromptTemplate.objects.create(
        kind=kind, version=last + 1, text=text, parameters=parameters, active=True, note=note, created_by=by
    )
    _cache.pop(kind, None)
    return row


@transaction.atomic
def activate(row: PromptTemplate) -> None:
    """Activate an earlier version again. Repeating it changes nothing."""
    list(PromptTemplate.objects.select_for_update().filter(kind=row.kind).order_by("id"))
    PromptTemplate.objects.filter(kind=row.kind, active=True).update(active=False)
    PromptTemplate.objects.filter(pk=row.pk).update(active=True)
    _cache.pop(row.kind, None)


def forget() -> None:
    """Empty the cache, so that the next use reads the database."""
    _cache.clear()
