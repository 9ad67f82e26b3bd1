"""Forms that are sent twice: a double click, or a second try after a lost answer, has no second effect.

`{% once %}` puts a token into a form. A row for (person, address, token, what the form says) is the lock: of two requests
with the same one, the first works. The second waits in the event loop, where it holds no thread, and gives the first one's
answer again. A form that was changed in between counts as another one. A failure is not kept, so that its cause can be mended
and the form sent again.
"""

import asyncio
import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.models import User
from scribe.api import fanout
from scribe.api.deferred import Again
from scribe.api.models import IdempotencyKey, under_way
from scribe.errors import Conflict
from scribe.messages import _
from workbench.views import failures

FIELD = "once"
SOONEST, LATEST = 0.1, 2.0  # seconds between two looks for the first answer
RETRY_AFTER = 2  # seconds
KEPT_HEADERS = ("Location", "HX-Redirect")
#: The fields that are no part of what a form says, or hold secrets: `password`, `new_password`, `own-key`, ….
UNCOUNTED = re.compile(rf"^({FIELD}|csrfmiddlewaretoken|code)$|(^|[-_])(password|secret|token|key)$")
LEASE = timedelta(seconds=120)


class FirstAtWork(Again):
    """The answer to a repeat while the first request is at work: that it has to wait."""

    def __init__(self, request: HttpRequest, row_id: UUID) -> None:
        sentence = _("You have already sent this form, and it is still being processed. Please wait a moment.")
        super().__init__(failures.page(request, Conflict(sentence, code="form_in_use", retry_after=RETRY_AFTER)))
        self.row_id = row_id

    async def due(self) -> bool:
        """Wait until the first answer is kept, or its row is gone because it failed: then this request takes its turn. False
        at once when too many requests of this caller wait."""
        whose, pause = fanout.share(), SOONEST
        if not fanout.waits.take(whose):
            return False
        try:
            while await fanout.in_thread(IdempotencyKey.objects.filter(pk=self.row_id, status_code=None).exists):
                await asyncio.sleep(pause)
                pause = min(LATEST, pause * 1.5)
        finally:
            fanout.waits.give(whose)
        return True


def answer_once(request: HttpRequest, user: User | None, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The answer to a form, or the first answer if it was sent before, or FirstAtWork while that is not there."""
    token = request.POST.get(FIELD, "") if user is not None and request.method == "POST" else ""
    if not token or user is None:
        return answer()
    where = {
        "principal_id": user.pk,
        "organization_id": user.organization_id,
        "path": request.path[:500],
        "key": f"form:{token[:100]}",
        "body_hash": _digest(request),
    }
    where["key"] = f"{where['key']}:{where['body_hash']}"
    now = timezone.now()
    IdempotencyKey.objects.filter(**where, status_code=None, lease_until__lt=now).delete()  # its process died
    mine = IdempotencyKey(**where, lease_until=now + LEASE)
    # INSERT … ON CONFLICT DO NOTHING: of two simultaneous requests, exactly one creates the row.
    IdempotencyKey.objects.bulk_create([mine], ignore_conflicts=True)
    found = IdempotencyKey.objects.filter(**where).first()
    if found is not None and found.pk == mine.pk:
        return _keep(mine, answer)
    if found is not None and found.status_code is not None:
        return _again(found)
    return FirstAtWork(request, found.pk if found is not None else mine.pk)


def _keep(row: IdempotencyKey, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    known = under_way.set(row.pk)
    try:
        response = answer()
    except BaseException:
        row.delete()
        raise
    finally:
        under_way.reset(known)
    if not isinstance(response, HttpResponse) or response.status_code >= 400:
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


def _digest(request: HttpRequest) -> str:
    """A digest of what the form says. A file counts by its name and size. Fields with secrets are left out, since whoever
    holds a fast digest of a password can find it by guessing."""
    fields = [[name, values] for name, values in sorted(request.POST.lists()) if not UNCOUNTED.search(name)]
    files = [[name, [(file.name, file.size) for file in files]] for name, files in sorted(request.FILES.lists())]
    return hashlib.sha256(orjson.dumps([fields, files])).hexdigest()
