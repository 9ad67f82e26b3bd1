"""`make image-check`: the product from its image alone, with each Python of this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from tests import processes
from tests.image import check


def main(versions: Sequence[str]) -> None:
    processes.close_on_sigterm()
    found = check.pythons(versions)
    with check.Place() as place:
        whose = "a user of its own" if os.geteuid() == 0 else "no user of its own: not root"
        print(f"PostgreSQL {place.servers.version}, {whose}")
        for version, python in found.items():
            if python is not None:
                print(f"Python {version} ({python})", flush=True)
                place.check(version, python)
    missing = [version for version, python in found.items() if python is None]
    print(f"The image is whole with Python {', '.join(v for v in versions if v not in missing)}.")
    if missing:
        print(f"Not on this machine: Python {', '.join(missing)}.")
    if len(missing) == len(versions):
        raise SystemExit(1)


if __name__ == "__main__":
    main(sys.argv[1:] or check.VERSIONS)
