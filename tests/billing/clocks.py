"""Our own clock, set to another time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.apps import apps
from django.utils import timezone

#: The day of what is drawn: months differ in length, so that another day would draw other stories.
STORIES = datetime(2026, 11, 30, 12, tzinfo=UTC)


@contextmanager
def clock(at: datetime, *, runs: bool = False) -> Iterator[None]:
    """Our clock stands at this time, or runs on from it. It may be set within another."""
    real = timezone.now
    began = real()
    fields = [model._meta.get_field("created_at") for model in apps.get_app_config("billing").get_models()
              if any(field.name == "created_at" for field in model._meta.fields)]  # fmt: skip
    before = [field.__dict__.get("_get_default") for field in fields]
    timezone.now = (lambda: at + (real() - began)) if runs else (lambda: at)
    for field in fields:
        field.__dict__["_get_default"] = timezone.now
    try:
        yield
    finally:
        timezone.now = real
        for field, default in zip(fields, before, strict=True):
            del field.__dict__["_get_default"]
            if default is not None:
                field.__dict__["_get_default"] = default
