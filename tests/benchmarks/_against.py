"""`make bench-against REF=main ROWS="balance list_pages"`: rows of two commits in turn on one machine.

The other commit is checked out apart, with a virtual environment of its own. Each row is run there, here, here and
there, so that neither has the warmer machine; the medians of both ratios stand beside each other.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
#: The benchmarks of a tree, as `make bench` runs them there, but for the table of how they grow.
ONE_ROW = """
import sys
import tests.benchmarks.__main__ as benchmarks

benchmarks.growth = lambda names: None
sys.exit(benchmarks.main(sys.argv[1:]))
"""
ROW = re.compile(r"(?P<what>.+?) +\S+ +\S+ +(?P<ratio>\d[\d.]*)  [≤≥–]")


@contextmanager
def checked_out(ref: str) -> Iterator[Path]:
    """A working tree of `ref`, set up to run."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/var/tmp") as folder:
        tree = Path(folder) / "tree"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(tree), ref], cwd=HERE, check=True)
        try:
            subprocess.run(["make", "--no-print-directory", "setup", f"PYTHON={sys.executable}"], cwd=tree, check=True)
            yield tree
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=HERE, check=True)


def ratios(tree: Path, name: str) -> dict[str, float]:
    """The ratios of one benchmark's rows in `tree`, by what they measure."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [str(tree / ".venv/bin/python"), "-c", ONE_ROW, name]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)
    found = [row for line in done.stdout.splitlines() if (row := ROW.match(line))]
    if done.returncode or not found:
        raise SystemExit(f"{name} failed in {tree}:\n{done.stdout}{done.stderr}")
    return {row["what"].strip(): float(row["ratio"]) for row in found}


def main(ref: str, names: list[str]) -> int:
    print(f"{'what':<66}{ref[:12]:>13}{'here':>9}{'change':>9}", flush=True)
    with checked_out(ref) as there:
        for name in names:
            runs: dict[Path, list[dict[str, float]]] = {there: [], HERE: []}
            for tree in (there, HERE, HERE, there):
                runs[tree].append(ratios(tree, name))
            for what in runs[HERE][0]:
                before = [run[what] for run in runs[there] if what in run]
                now = statistics.median(run[what] for run in runs[HERE])
                old = statistics.median(before) if before else None
                change = f"{now / old - 1:+.0%}" if old else ""
                print(f"{what:<66}{f'{old:.3f}' if old is not None else 'none':>13}{now:>9.3f}{change:>9}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
