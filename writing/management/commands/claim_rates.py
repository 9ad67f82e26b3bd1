"""`manage.py claim_rates TEXTS PRODUCTS`: the checks' rates on a given set of false and honest texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from writing.checks import rates


class Command(BaseCommand):
    help = "Print how many lies the checks catch and how many honest texts they flag, per kind and language."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("texts", type=Path, help="JSON Lines: id, language, kind, product, text, lie")
        parser.add_argument("products", type=Path, help="JSON Lines: product, source")
        parser.add_argument("--missed", action="store_true", help="also list what was missed or wrongly flagged")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cases = rates.read(options["texts"], options["products"])
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"This is not a set of cases: {error}") from error
        verdicts = [rates.judge(case) for case in cases]
        self.stdout.write(rates.table(verdicts))
        if options["missed"]:
            for verdict in verdicts:
                if verdict.case.lie is None and verdict.hit:
                    self.stdout.write(f"FLAGGED {verdict.case.id}: {', '.join(verdict.claims)}")
                elif verdict.case.lie is not None and not verdict.hit:
                    self.stdout.write(f"MISSED {verdict.case.id} {verdict.case.kind}: {verdict.case.lie}")
