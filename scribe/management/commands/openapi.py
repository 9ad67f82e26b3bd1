"""`manage.py openapi`: write the OpenAPI document, checked: 3.1 with the webhooks, or 3.0.3 as generators read it best."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser
from drf_spectacular.validation import validate_schema

from scribe.api.document import RENDERERS, VERSIONS, generate


class Command(BaseCommand):
    help = "Write the OpenAPI document."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--openapi", choices=sorted(VERSIONS), default="3.1", help="Its version (3.1).")
        parser.add_argument("--format", choices=sorted(RENDERERS), default="json")
        parser.add_argument("--file", help="Where to; without it, to the standard output.")

    def handle(self, *args: object, openapi: str, format: str, file: str, **options: object) -> None:
        found = generate(openapi)
        validate_schema(found)  # type: ignore[no-untyped-call]
        text: bytes = RENDERERS[format]().render(found, renderer_context={})
        if file:
            Path(file).write_bytes(text)
        else:
            sys.stdout.write(text.decode())
