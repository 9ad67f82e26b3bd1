"""Our WordPress plugin, the guard: it refuses a write to a row that somebody has changed since we read it.

A read with the parameter `xcscribe` (meta keys, joined by commas) brings a state with each row. A write carries the state
back, and the plugin compares it with the row in the same transaction in which the row is saved. It covers products,
categories of products, posts and pages. A site without the plugin ignores the parameter.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from integrations.stores.errors import ConcurrentEdit, GuardBusy, StoreError
from integrations.stores.types import Push
from scribe.messages import _
from scribe.types import Json

PARAM = "xcscribe"
SPACE = "xcscribe/v1"  # in the site's index
NAME = "xc-scribe-guard"
FOLDER = Path(__file__).parent / "plugin" / NAME
CHANGED = _("It was changed in the store after we read it. Sync again.")
BUSY, BUSY_CODE = _("The store was busy with another write for too long."), "xcscribe_busy"
PAUSE = 2.0  # seconds before a write comes again that the store was too busy for, unless the plugin names others
_OLDEST = (1980, 1, 1, 0, 0, 0)  # in the archive, so that its bytes depend on its files alone


def asking(keys: Iterable[str]) -> dict[str, str]:
    """The parameter of a read. `keys` are the meta keys that may be written. A name with a comma can't be asked for."""
    return {PARAM: ",".join(sorted({key for key in keys if key and "," not in key})) or "-"}


def condition_of(row: Json) -> Json:
    """The part of a write that makes it conditional; {} if the row was read without the guard."""
    state = row.get(PARAM)
    return {PARAM: state} if isinstance(state, dict) and state.get("state") else {}


def holds(batch: Sequence[Push]) -> bool:
    """Whether the site refuses each of these writes if somebody changed its row since it was read."""
    return all(condition_of(push.current.raw) for push in batch)


def refusal(code: object, data: object) -> StoreError | None:
    """The guard's refusal, by the code and data of an error: `GuardBusy` if nothing was looked at, so that the same write may
    come again, else `ConcurrentEdit`: the row must be read again. None for any other code."""
    if not str(code or "").startswith("xcscribe_"):
        return None
    if code != BUSY_CODE:
        return ConcurrentEdit(CHANGED, store_code=code)
    told = data.get("retry_after") if isinstance(data, dict) else None
    pause = float(told) if isinstance(told, int | float) and not isinstance(told, bool) and 0 < told < 60 else PAUSE
    return GuardBusy(BUSY, retry_after=pause, store_code=code)


def has_guard(rows: Iterable[object], spaces: Sequence[str] | None) -> bool | None:
    """Whether the site has the guard, by rows that were asked for a state, or else by the index's namespaces. None if
    neither tells. A row without a state is one that this user may not write."""
    states = [isinstance(row, dict) and bool(condition_of(row)) for row in rows]
    if states:
        return any(states)
    return None if spaces is None else SPACE in spaces


def archive() -> bytes:
    """The plugin as a zip, as WordPress takes it under Plugins > Add New > Upload Plugin."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(FOLDER.glob("*.php")):
            file.writestr(zipfile.ZipInfo(f"{NAME}/{path.name}", _OLDEST), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return held.getvalue()
