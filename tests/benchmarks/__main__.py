"""`make bench`: every benchmark, each against its floor or what a user would do instead, from one run; then how they grow.

A module of this package with `run()` is a benchmark; it returns rows of (what, measured, floor, ratio, aim). One with
`grow(size)` is in the second table, too; it returns (what, measured, floor). Names on the command line choose some:
`python -m tests.benchmarks generation balance`.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time

from tests.outside_pytest import in_a_database_of_its_own

SIZES = (1_000, 10_000, 100_000)


def main(names: list[str]) -> int:
    return in_a_database_of_its_own(lambda: measure(names))


def measure(names: list[str]) -> int:
    from tests.database import remember_seeds, restore

    remember_seeds()
    print(f"{'what':<58}{'measured':>12}{'floor':>12}{'ratio':>9}  aim", flush=True)
    for name in names:
        began = time.monotonic()
        for what, measured, floor, ratio, aim in importlib.import_module(f"tests.benchmarks.{name}").run():
            mark = verdict(ratio, aim)
            print(f"{what:<58}{shown(measured):>12}{shown(floor):>12}{shown(ratio):>9}  {aim}{mark}", flush=True)
        print(f"  ({name}: {time.monotonic() - began:.0f} s)", flush=True)
        restore()
    growth([name for name in names if hasattr(importlib.import_module(f"tests.benchmarks.{name}"), "grow")])
    return 0


def growth(names: list[str]) -> None:
    """Seconds and their ratio to the floor at each size: what is linear has the same ratio in every column."""
    from tests.database import restore

    print(f"\n{'how it grows: seconds (ratio)':<58}" + "".join(f"{size:>20,}" for size in SIZES), flush=True)
    for name in names:
        cells = []
        for size in SIZES:
            what, measured, floor = importlib.import_module(f"tests.benchmarks.{name}").grow(size)
            cells.append(f"{measured:.2f} ({measured / floor:.2f})")
            restore()
        print(f"{what:<58}" + "".join(f"{cell:>20}" for cell in cells), flush=True)


def shown(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def verdict(ratio: object, aim: str) -> str:
    """Whether the aim (`≤ 1.15`, `≥ 0.6`) is met."""
    sign, _, number = aim.partition(" ")
    if sign not in ("≤", "≥") or not isinstance(ratio, int | float):
        return ""
    met = ratio <= float(number.split()[0]) if sign == "≤" else ratio >= float(number.split()[0])
    return "" if met else " MISSED"


def found() -> list[str]:
    package = importlib.import_module("tests.benchmarks")
    return [m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or found()))
