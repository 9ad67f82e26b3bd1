"""The data folder of this machine's embedded stack, and the addresses of its servers.

The settings import this module, so it imports nothing of Django. `stack.json` is written when the servers are up.
"""

import hashlib
import json
import os
from pathlib import Path

FILE = "stack.json"


def default_data_dir(base_dir: Path) -> Path:
    """The image's folder, named by IMAGE_DATA_DIR. Elsewhere `var/` below the checkout, or a folder below /var/tmp if the
    checkout is private.

    If we are root, PostgreSQL runs as another user, who must be able to enter every parent folder. The embedded server
    would otherwise open those folders for everybody.
    """
    if named := os.environ.get("IMAGE_DATA_DIR"):
        return Path(named)
    if all(parent.stat().st_mode & 0o001 for parent in [base_dir, *base_dir.parents]):
        return base_dir / "var"
    mark = hashlib.sha256(str(base_dir).encode()).hexdigest()[:10]
    return Path("/var/tmp") / f"xc-scribe-{os.geteuid()}-{mark}"  # noqa: S108 - a folder of our own


def default_static_root(data_dir: Path) -> Path:
    """The image's own static files, named by IMAGE_STATIC_ROOT; elsewhere a folder of `data_dir`."""
    return Path(os.environ.get("IMAGE_STATIC_ROOT") or data_dir / "static")


#: The folders that our processes write below DATA_DIR. PostgreSQL protects its own folder by itself.
FOLDERS = ("files", "logs", "mail", "static", "valkey")


def close_to_others(data_dir: Path) -> None:
    """Make all files that this process and its children write from now on private to this user. Do the same for those in
    DATA_DIR, which an earlier version may have left open."""
    os.umask(0o077)
    for entry in data_dir.iterdir():
        if entry.is_file() and entry.stat().st_uid == os.geteuid():
            entry.chmod(0o600)
    for name in FOLDERS:
        if (data_dir / name).is_dir():
            (data_dir / name).chmod(0o700)


def private(path: str, flags: int) -> int:
    """An `opener` for `open`: the new file is readable by its owner only, whatever the umask is."""
    return os.open(path, flags, 0o600)


def read(data_dir: Path) -> dict[str, str]:
    """The values that the embedded stack stored: `database_url`, `redis_url` and the machine's own secrets. {} before its
    first run."""
    try:
        found = json.loads((data_dir / FILE).read_text())
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in found.items()}


def write(data_dir: Path, values: dict[str, str]) -> None:
    """Replace the file atomically (by a rename). Only its owner may read it, since it holds secrets."""
    draft = data_dir / (FILE + ".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(values, indent=1))
    draft.replace(data_dir / FILE)
