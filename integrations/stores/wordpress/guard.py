"""Our WordPress plugin, the guard: it refuses a write to a row that somebody has changed since we read it.

A read with the parameter `xcscribe` (meta keys, joined by commas) brings a state with each row. A write carries the state
back, and the plugin compares it with the row in the same transaction in which the row is saved. It covers products,
categories of products, posts and pages. A site without the plugin ignores the parameter.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from integrations.stores.types import Push

PARAM = "xcscribe"
SPACE = "xcscribe/v1"  # in the site's index
NAME = "xc-scribe-guard"
FOLDER = Path(__file__).parent / "plugin" / NAME
CHANGED = "Somebody changed it in the store after we read it."
_OLDEST = (1980, 1, 1, 0, 0, 0)  # in the archive, so that its bytes depend on its files alone


def asking(keys: Iterable[str]) -> dict[str, str]:
    """The parameter of a read. `keys` are the meta keys that may be written. A name with a comma can't be asked for."""
    return {PARAM: ",".join(sorted({key for key in keys if key and "," not in key})) or "-"}


def given(row: dict[str, Any]) -> dict[str, Any]:
    """The part of a write that makes it conditional; {} if the row was read without the guard."""
    state = row.get(PARAM)
    return {PARAM: state} if isinstance(state, dict) and state.get("state") else {}


def holds(batch: Sequence[Push]) -> bool:
    """Whether the site refuses each of these writes if somebody changed its row since it was read."""
    return all(given(push.current.raw) for push in batch)


def refused(code: Any) -> bool:
    """Whether this code of an error is the guard's. The row must then be read again."""
    return str(code or "").startswith("xcscribe_")


def seen(rows: Iterable[Any], spaces: Sequence[str] | None) -> bool | None:
    """Whether the site has the guard, by rows that were asked for a state, or else by the index's namespaces. None if
    neither tells."""
    for row in rows:
        return isinstance(row, dict) and bool(given(row))
    return None if spaces is None else SPACE in spaces


def archive() -> bytes:
    """The plugin as a zip, as WordPress takes it under Plugins > Add New > Upload Plugin."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(FOLDER.iterdir()):
            file.writestr(zipfile.ZipInfo(f"{NAME}/{path.name}", _OLDEST), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return held.getvalue()
