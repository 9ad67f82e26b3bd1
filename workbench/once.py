"""Forms that are sent twice: a double click, or a second try after a lost answer, has no second effect.

`{% once %}` puts a token into a form. A row for (person, address, token, what the form says) is the lock: of two requests
with the same one, the first works, and the second waits for its answer and gives it again. A form that was changed in
between counts as another one. A failure is not kept, so that its cause can be mended and the form sent again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
from django.http import HttpResponse
from django.utils import timezone

from accounts.models import User
from scribe.api.idempotency_models import IdempotencyKey, under_way
from scribe.errors import Conflict

FIELD = "once"
WAIT = 30.0  # seconds that a repeat waits for the first answer
PAUSE = 0.1
KEPT_HEADERS = ("Location", "HX-Redirect")
NOT_SAID = (FIELD, "csrfmiddlewaretoken")
LEASE = timedelta(seconds=120)


def answered(request: Any, user: User | None, answer: Callable[[], Any]) -> Any:
    """The answer to a form, or the first answer if it was sent before. Raises Conflict when that one is still not there
    after WAIT."""
    token = request.POST.get(FIELD, "") if user is not None and request.method == "POST" else ""
    if not token or user is None:
        return answer()
    where = {
        "principal_id": user.pk,
        "organization_id": user.organization_id,
        "path": request.path[:500],
        "key": f"form:{token[:100]}",
        "body_hash": _said(request),
    }
    where["key"] = f"{where['key']}:{where['body_hash']}"
    until = time.monotonic() + WAIT
    while True:
        mine = IdempotencyKey(**where, lease_until=timezone.now() + LEASE)
        # INSERT … ON CONFLICT DO NOTHING: of two simultaneous requests, exactly one creates the row.
        IdempotencyKey.objects.bulk_create([mine], ignore_conflicts=True)
        found = IdempotencyKey.objects.filter(**where).first()
        if found is not None and found.pk == mine.pk:
            return _kept(mine, answer)
        if found is not None and found.status_code is not None:
            return _again(found)
        if time.monotonic() > until:
            raise Conflict("This form was sent before, and is still being worked on.", code="form_in_use")
        time.sleep(PAUSE)  # a row that is gone was that of a failure: this request takes its turn


def _kept(row: IdempotencyKey, answer: Callable[[], Any]) -> Any:
    known = under_way.set(row.pk)
    try:
        response = answer()
    except BaseException:
        row.delete()
        raise
    finally:
        under_way.reset(known)
    if response.streaming or response.status_code >= 400:
        row.delete()
        return response
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    body = orjson.dumps({"headers": headers, "content": response.content.decode()})
    content_type = response.get("Content-Type", "")
    IdempotencyKey.objects.filter(pk=row.pk).update(
        status_code=response.status_code, content_type=content_type[:100], body=body
    )
    return response


def _again(row: IdempotencyKey) -> HttpResponse:
    told = orjson.loads(bytes(row.body))
    response = HttpResponse(told["content"], status=row.status_code, headers=told["headers"])
    response["Content-Type"] = row.content_type
    return response


def _said(request: Any) -> str:
    """A digest of what the form says. A file counts by its name and size."""
    said = [[name, values] for name, values in sorted(request.POST.lists()) if name not in NOT_SAID]
    files = [[name, [(file.name, file.size) for file in files]] for name, files in sorted(request.FILES.lists())]
    return hashlib.sha256(orjson.dumps([said, files])).hexdigest()
