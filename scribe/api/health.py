"""Health checks: whether the service and the parts that it needs are up."""

import contextlib
from collections.abc import Callable, Iterable

from django.db import Error as DatabaseFault
from django.db import connection
from django.http import HttpResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request

import scribe
from scribe import queue, storage, worker_files
from scribe.api.access import PUBLIC
from scribe.api.renderers import dumps
from scribe.api.schema import operation
from scribe.api.serializers import Reply
from scribe.api.views import ScribeViewSet
from scribe.jobs.events import valkey
from scribe.logs import get_logger

log = get_logger(__name__)


class HealthChecks(Reply):
    database = serializers.CharField(help_text="`ok`, `down`, or `broken` (a package is missing on this server).")
    cache = serializers.CharField(help_text="`ok`, `down`, or `broken` (a package is missing on this server).")
    broker = serializers.CharField(help_text="`ok`, `down`, or `broken` (a package is missing on this server).")
    storage = serializers.CharField(
        help_text="`ok`, `down`, `broken` (a package is missing on this server), or `apart` (files saved by "
        "workers can't be read here)."
    )


class Health(Reply):
    status = serializers.CharField(help_text="`ok`, or `down` when a needed part is.")
    version = serializers.CharField()
    checks = HealthChecks()
    reasons = serializers.DictField(
        child=serializers.CharField(), help_text="What to do about a failing part, where known.", required=False
    )


class Unfit(Exception):
    """A part that answers and can't be used. `state` is what its check says; the text says what to do."""

    def __init__(self, state: str, advice: str) -> None:
        super().__init__(advice)
        self.state = state


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        if cursor.fetchone()[0]:
            raise Unfit(
                "down", "PostgreSQL plays back its WAL and shows what was true before. Wait until it takes writes."
            )


def cache() -> None:
    valkey().ping()


def files() -> None:
    storage.exists("health")
    unreadable: list[worker_files.WorkerFile] = []
    with contextlib.suppress(DatabaseFault):  # which the database's own check tells
        unreadable = list(worker_files.unreadable())
    if unreadable:
        raise Unfit("apart", worker_files.advice(unreadable))


CHECKS: dict[str, Callable[[], None]] = {
    "database": database,
    "cache": cache,
    "broker": queue.check_broker,
    "storage": files,
}


_logged: dict[str, str] = {}  # the state of each part that the log has


def look(names: Iterable[str] = CHECKS) -> tuple[dict[str, str], dict[str, str]]:
    """Check each part. Returns their states, and the reasons that we know. A part whose check raises any error is `down`,
    `broken` if a package is missing from this installation, or `apart`. Probes ask every few seconds, so only what has changed is
    logged."""
    found, reasons = {}, {}
    for name in names:
        error: Exception | None = None
        try:
            CHECKS[name]()
            found[name] = "ok"
        except Unfit as failure:
            found[name], reasons[name], error = failure.state, str(failure), failure
        except Exception as failure:
            found[name], error = "broken" if isinstance(failure, ImportError) else "down", failure
        if _logged.get(name, "ok") != found[name]:
            say = log.error if error else log.info
            say("health check", part=name, state=found[name], error=str(error or ""))
        _logged[name] = found[name]
    return found, reasons


class Liveness(Reply):
    status = serializers.CharField(help_text="`ok`.")
    version = serializers.CharField()


class HealthViewSet(ScribeViewSet):
    tag = "operations"

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Skip sign-in and rate limits, since a load balancer asks often."""
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)

    @operation(
        who=PUBLIC,
        summary="Health check",
        responses={200: Health, 503: Health},
        description="Whether the service and everything it depends on respond.",
    )
    def health(self, request: Request) -> HttpResponse:
        checks, reasons = look()
        down = set(checks.values()) != {"ok"}
        body = {"status": "down" if down else "ok", "version": scribe.__version__, "checks": checks, "reasons": reasons}
        return HttpResponse(dumps(body), status=503 if down else 200, content_type="application/json")

    @operation(
        who=PUBLIC,
        summary="Liveness",
        responses={200: Liveness},
        description="Whether this process responds; dependencies are not checked. An orchestrator restarts a "
        "process that does not.",
    )
    def live(self, request: Request) -> HttpResponse:
        return alive()

    @operation(
        who=PUBLIC,
        summary="Readiness",
        responses={200: Health, 503: Health},
        description="Whether this process is ready for traffic. Runs the same checks as the health check, for "
        "orchestrators.",
    )
    def ready(self, request: Request) -> HttpResponse:
        return self.health(request)


def alive() -> HttpResponse:
    """That this process answers, without a look at any other part."""
    return HttpResponse(dumps({"status": "ok", "version": scribe.__version__}), content_type="application/json")


urlpatterns = [
    path("health", HealthViewSet.as_view({"get": "health"})),
    path("health/live", HealthViewSet.as_view({"get": "live"})),
    path("health/ready", HealthViewSet.as_view({"get": "ready"})),
]
