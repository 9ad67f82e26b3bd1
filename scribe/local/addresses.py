"""Where the embedded stack of this machine keeps its data, and where its servers answer.

Read by settings, so it imports nothing of Django. The supervisor writes `stack.json` when the servers are up.
"""

import hashlib
import json
import os
from pathlib import Path

FILE = "stack.json"


def default_data_dir(base_dir: Path) -> Path:
    """`var/` below the checkout, or a folder of its own below /var/tmp where the checkout is private.

    PostgreSQL runs as a user of its own when we are root, and must be able to enter every parent folder; the
    embedded server would otherwise open them for everybody.
    """
    if all(parent.stat().st_mode & 0o001 for parent in [base_dir, *base_dir.parents]):
        return base_dir / "var"
    mark = hashlib.sha256(str(base_dir).encode()).hexdigest()[:10]
    return Path("/var/tmp") / f"xc-scribe-{os.geteuid()}-{mark}"  # noqa: S108 - a folder of our own


#: What the processes write below DATA_DIR. PostgreSQL's folder belongs to PostgreSQL, which closes it by itself.
FOLDERS = ("files", "logs", "mail", "static", "valkey")


def close_to_others(data_dir: Path) -> None:
    """Whatever this process and its children write from now on is for this user alone, and so is what lies in DATA_DIR,
    which an earlier version may have left open."""
    os.umask(0o077)
    for entry in data_dir.iterdir():
        if entry.is_file() and entry.stat().st_uid == os.geteuid():
            entry.chmod(0o600)
    for name in FOLDERS:
        if (data_dir / name).is_dir():
            (data_dir / name).chmod(0o700)


def private(path: str, flags: int) -> int:
    """An `opener` of files that nobody else may read, whatever the umask is."""
    return os.open(path, flags, 0o600)


def read(data_dir: Path) -> dict[str, str]:
    """The values that the embedded stack stored: `database_url`, `redis_url` and the machine's own secrets; {} before it
    ran."""
    try:
        found = json.loads((data_dir / FILE).read_text())
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in found.items()}


def write(data_dir: Path, values: dict[str, str]) -> None:
    """Replace the file at once (rename), readable by its owner only: it holds secrets."""
    draft = data_dir / (FILE + ".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(values, indent=1))
    draft.replace(data_dir / FILE)
