"""`python -m tests.writing.checks.rates TEXTS PRODUCTS`: the rates of the checks on a set of false and honest texts.

`--missed` also lists what was missed or wrongly flagged.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    from tests.writing.checks.rates import measure

    parser = argparse.ArgumentParser(prog="python -m tests.writing.checks.rates", description=__doc__)
    parser.add_argument("texts", type=Path, help="JSON Lines: id, language, kind, product, text, lie")
    parser.add_argument("products", type=Path, help="JSON Lines: product, source")
    parser.add_argument("--missed", action="store_true")
    asked = parser.parse_args(arguments)
    try:
        cases = measure.read(asked.texts, asked.products)
    except (OSError, ValueError, KeyError) as error:
        raise SystemExit(f"This is not a set of cases: {error}") from error
    verdicts = [measure.judge(case) for case in cases]
    print(measure.table(verdicts))
    for verdict in verdicts if asked.missed else ():
        if verdict.case.lie is None and verdict.hit:
            print(f"FLAGGED {verdict.case.id}: {', '.join(verdict.claims)}")
        elif verdict.case.lie is not None and not verdict.hit:
            print(f"MISSED {verdict.case.id} {verdict.case.kind}: {verdict.case.lie}")
    return 0


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scribe.settings")
    django.setup()
    sys.exit(main(sys.argv[1:]))
