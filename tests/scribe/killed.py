"""A process that dies after a deed's last commit and before its answer is kept, and the caller's repeat."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from scribe.api import idempotency
from scribe.api.models import IdempotencyKey


class Killed(BaseException):
    """Stands for a process that dies: nothing after it runs, nothing handles it."""


def die(*_: Any, **__: Any) -> Any:
    raise Killed


def before_the_answer(call: Callable[[], Any]) -> None:
    """Make `call`, whose process dies where it would keep the answer; then its lease ends."""
    with pytest.MonkeyPatch.context() as patched, contextlib.suppress(Killed):
        patched.setattr(idempotency, "settle", die)
        patched.setattr(idempotency, "_drop", lambda record: None)
        call()
        raise AssertionError("the request was answered before its answer was kept")
    IdempotencyKey.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
