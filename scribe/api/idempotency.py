"""`Idempotency-Key`: a repeat with the same key and body gets the first answer again, and has no further effect.

A unique row per (principal, organization, path, key) is the lock. While the first request is in flight, its process renews
the row's lease. If the process dies, a repeat takes the row over after the lease.

A process may die after the commit of its work and before it keeps the answer. So an operation that begins a job names the
job in the row. An operation that is a single transaction (`once(…, whole=True)`) keeps its answer in that transaction. One
that calls a third party or stores files first keeps its answer in its last transaction (`keep`). A repeat then gets the
answer, follows the job, or is told the job's id, and the work is not done twice. docs/guides/api-guide.md describes a repeat after
the process died between a third party's answer and the last transaction.
"""

import hashlib
import threading
from collections.abc import Callable
from contextlib import closing, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import orjson
from celery import shared_task
from django.db import connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from scribe.api.deferred import Deferred
from scribe.api.models import IdempotencyKey, under_way
from scribe.api.problems import render
from scribe.api.renderers import dumps
from scribe.api.streams import JobStream, last_event_id
from scribe.errors import Conflict, DomainError, InvalidInput, NotFound
from scribe.jobs.models import Job
from scribe.logs import get_logger
from scribe.messages import _
from scribe.rows import principal_id

if TYPE_CHECKING:
    from scribe.api.views import SignedInRequest

log = get_logger(__name__)

LEASE = timedelta(seconds=120)
KEPT = timedelta(hours=24)
STREAM = "text/event-stream"
# A conflict lasts for a while, so a repeat gets it again. Other refusals are not kept: the caller may correct the cause
# (the input, the balance, the pace) and send the request again with the same key.
KEPT_ERRORS = {409}


def body_hash(request: Request) -> str:
    """A digest of the parsed body and the query string. Of an uploaded file, its name and bytes count."""
    found = hashlib.sha256()
    data = request.data
    if hasattr(data, "lists"):  # a form
        for name, values in sorted(data.lists()):
            for value in values:
                found.update(orjson.dumps([name, getattr(value, "name", value)], default=str))
                if hasattr(value, "chunks"):
                    for chunk in value.chunks():
                        found.update(chunk)
                    value.seek(0)
    else:
        found.update(orjson.dumps(data, option=orjson.OPT_SORT_KEYS, default=str))
    found.update(request.META.get("QUERY_STRING", "").encode())
    return found.hexdigest()


def once(request: "SignedInRequest", answer: Callable[[], HttpResponse], *, whole: bool = False) -> HttpResponse:
    """Run `answer` once per key, or always if the request has no key. `whole`: `answer` calls no third party, so it runs
    in one transaction with the keeping of its answer. Raises InvalidInput, NotFound and Conflict for a bad repeat."""
    key = request.headers.get("Idempotency-Key", "")
    if not key or request.user is None:
        return answer()
    if len(key) > 255:
        raise InvalidInput(_("An Idempotency-Key has at most 255 characters."), code="invalid_idempotency_key")
    record, first = _claim(request, key)
    if not first:
        return _replay(record, after=last_event_id(request))
    _in_flight.add(record.pk)
    response = None
    try:
        response = _first(record, answer, whole=whole)
        return response
    finally:  # also where the database failed: nobody may wait for a request that is over
        if not _waits(response):
            _in_flight.discard(record.pk)


def _first(record: IdempotencyKey, answer: Callable[[], HttpResponse], *, whole: bool) -> HttpResponse:
    known = under_way.set(record.pk)
    try:
        with transaction.atomic() if whole else nullcontext():
            return settle(record, answer())
    except DomainError as error:
        if error.status not in KEPT_ERRORS:
            _drop(record)
            raise
        response = render(error)
    except BaseException:
        _drop(record)
        raise
    finally:
        under_way.reset(known)
    return settle(record, response)


def _waits(response: HttpResponse | None) -> bool:
    """Whether it is finished later. A stream needs no lease: a repeat follows the same job."""
    return isinstance(response, Deferred) and not getattr(response, "is_stream", False)


def keep(response: HttpResponse) -> None:
    """Keep the answer in the caller's transaction, which must be its last one. Does nothing for a request without a key."""
    if (pk := under_way.get()) is not None:
        _write(pk, response)


def settle(record: IdempotencyKey, response: HttpResponse) -> HttpResponse:
    """Keep a finished answer. A deferred answer gets the record, and is kept when it is finished."""
    if isinstance(response, Deferred):
        response.idempotency = record  # type: ignore[attr-defined]
        if getattr(response, "is_stream", False):  # a repeat follows the same job
            IdempotencyKey.objects.filter(pk=record.pk).update(
                job_id=response.job_id,  # type: ignore[attr-defined]
                content_type=STREAM,
            )
        return response
    if getattr(response, "streaming", False) or not (
        200 <= response.status_code < 300 or response.status_code in KEPT_ERRORS
    ):
        _drop(record)
        return response
    _write(record.pk, response)
    return response


def finish(record: IdempotencyKey, response: HttpResponse) -> HttpResponse:
    """Keep what a deferred answer became. Its request is over then, whether or not that went well."""
    try:
        return settle(record, response)
    finally:
        _in_flight.discard(record.pk)


def _write(pk: UUID, response: HttpResponse) -> None:
    content_type = "application/json" if hasattr(response, "data") else response.get("Content-Type", "application/json")
    IdempotencyKey.objects.filter(pk=pk).update(
        status_code=response.status_code, content_type=content_type, body=_kept_body(response)
    )


def _kept_body(response: HttpResponse) -> bytes:
    """The bytes to replay, without secrets that are shown only once."""
    secret = getattr(response, "secret_fields", ())
    if hasattr(response, "data"):
        data = response.data
        if secret and isinstance(data, dict):
            data = {name: value for name, value in data.items() if name not in secret}
        return dumps(data) if data is not None else b""
    return bytes(response.content)


def _claim(request: "SignedInRequest", key: str) -> tuple[IdempotencyKey, bool]:
    now = timezone.now()
    where = {
        "principal_id": principal_id(request.user),
        "organization_id": request.user.organization_id,
        "path": request.path[:500],
        "key": key,
    }
    digest = body_hash(request)
    fresh = IdempotencyKey(**where, body_hash=digest, lease_until=now + LEASE)
    # INSERT … ON CONFLICT DO NOTHING: of two simultaneous requests, exactly one creates the row.
    IdempotencyKey.objects.bulk_create([fresh], ignore_conflicts=True)
    record = IdempotencyKey.objects.filter(**where).first()
    if record is None:
        raise Conflict(
            _("The first request with this Idempotency-Key ended without a reply. Send it again."),
            code="idempotency_key_in_use",
            retry_after=1,
        )
    if record.pk == fresh.pk:
        return record, True
    if record.created_at < now - KEPT:
        IdempotencyKey.objects.filter(pk=record.pk).delete()
        return _claim(request, key)
    if record.body_hash != digest:
        raise Conflict(
            _("This Idempotency-Key was already used with a different request body. Use a new key."),
            code="idempotency_key_reused",
        )
    if record.status_code is None and record.content_type != STREAM:
        if record.job_id is not None and record.lease_until < now:
            raise Conflict(
                _(
                    "The first request with this Idempotency-Key started this job, but its reply was lost. Follow "
                    "the job."
                ),
                code="idempotency_answer_lost",
                job_id=str(record.job_id),
            )
        # Take over from a process that died: the conditional UPDATE lets one repeat win.
        dead = IdempotencyKey.objects.filter(pk=record.pk, lease_until__lt=now, status_code=None, job_id=None)
        if dead.update(lease_until=now + LEASE):
            return record, True
        raise Conflict(
            _("The first request with this Idempotency-Key is still being processed. Try again shortly."),
            code="idempotency_key_in_use",
            retry_after=2,
        )
    return record, False


def _replay(record: IdempotencyKey, *, after: int) -> HttpResponse:
    """The kept answer. A stream goes on after the event with the number `after`."""
    if record.status_code is None:
        job = Job.objects.filter(pk=record.job_id).first()  # type: ignore[misc]  # None finds nothing
        if job is None:
            raise NotFound(_("The job that the first request started was deleted together with its project."))
        response: HttpResponse = JobStream(job, after=min(after, job.event_count))
    else:
        response = HttpResponse(bytes(record.body), status=record.status_code, content_type=record.content_type)
    response["Idempotent-Replayed"] = "true"
    return response


def _drop(record: IdempotencyKey) -> None:
    """Delete the row of a request whose answer is not kept, so that a repeat runs."""
    IdempotencyKey.objects.filter(pk=record.pk).delete()


class _Leases:
    """The records in flight in this process. While there are any, one thread renews their leases every `every` seconds. It
    outlives each failure: the lease is long enough for some attempts more."""

    def __init__(self, every: float = 30) -> None:
        self._every = every
        self._lock = threading.Lock()
        self._ids: set[UUID] = set()
        self._thread: threading.Thread | None = None
        self._wake = threading.Event()

    def add(self, pk: UUID) -> None:
        with self._lock:
            self._ids.add(pk)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._renew, name="idempotency-leases", daemon=True)
                self._thread.start()

    def discard(self, pk: UUID) -> None:
        with self._lock:
            self._ids.discard(pk)

    def ids(self) -> set[UUID]:
        with self._lock:
            return set(self._ids)

    def _renew(self) -> None:
        while not self._wake.wait(self._every):
            with self._lock:
                ids = list(self._ids)
                if not ids:
                    self._thread = None
                    return
            try:
                with closing(connection):
                    IdempotencyKey.objects.filter(pk__in=ids).update(lease_until=timezone.now() + LEASE)
            except Exception as error:  # whatever it is: the requests in flight still need their leases
                log.warning("idempotency leases not renewed", error=str(error))


_in_flight = _Leases()


@shared_task(queue="default")
def forget_idempotency_keys() -> None:
    """Delete answers older than 24 hours. May be repeated."""
    IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
