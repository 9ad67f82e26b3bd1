"""The catalogue of error codes: what `type` of a problem leads to, and the values of `code` in the OpenAPI document.

Its lines are read from the source (tests/scribe/error_catalogue.py), where a test holds them against it.
"""

from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class ErrorCode(NamedTuple):
    code: str
    statuses: str  # and `field` for `errors`, `job` for what failed in a job
    detail: str  # `…` stands for what differs


_LINES = Path(__file__).with_name("error_codes.tsv").read_text(encoding="utf-8").splitlines()
CATALOGUE = {row.code: row for row in (ErrorCode(*line.split("\t")) for line in _LINES)}


def type_of(code: str) -> str:
    """The URI of a problem's type, which a person may open. A code without a row says no more than its status does."""
    return f"{settings.PUBLIC_URL}/api/errors#{code}" if code in CATALOGUE else "about:blank"


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "api/errors.html", {"codes": CATALOGUE.values()})
