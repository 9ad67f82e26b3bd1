"""Traces by OpenTelemetry, where a collector is configured and the packages are installed (requirements-otel.txt).

A request, the messages and jobs that it causes, and their statements and calls are one trace: the context travels in the
headers of Celery's messages and in the job's row. Spans have names, counts and sizes, and never texts, keys, addresses of
people, query strings or paths with ids. Nothing here imports OpenTelemetry before `start`; without it a span is a `Quiet`.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings

from scribe.logs import get_logger
from scribe.traces.spans import QUIET, Quiet, Span, Value

if TYPE_CHECKING:
    from scribe.traces.opentelemetry import Recorder

log = get_logger(__name__)

live: "Recorder | None" = None


def start(exporter: Any = None, *, version: str = "") -> bool:  # type: ignore[explicit-any]  # it has no types
    """Begin to trace this process, a program of `version`, if OTEL_EXPORTER_OTLP_ENDPOINT or an `exporter` is given. Returns
    whether it is traced."""
    global live
    if exporter is None and not settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        return False
    if not is_installed():
        log.warning("nothing is traced: install requirements-otel.txt")
        return False
    from scribe.traces.opentelemetry import Recorder

    live = Recorder(exporter, version)
    return True


def stop() -> None:
    """Send what is left, and trace no more."""
    global live
    if live is not None:
        live.stop()
    live = None


def is_installed() -> bool:
    try:
        return bool(find_spec("opentelemetry.sdk.trace"))
    except ModuleNotFoundError:
        return False


@contextmanager
def span(
    name: str, kind: str = "internal", attributes: Mapping[str, Value | None] | None = None, *, within: str = ""
) -> Iterator[Span]:
    """A span around the block. `kind`: internal, server, client, producer or consumer. `within` is the context of another
    process, as `context` gave it there; the block's own trace goes on where it is of the same one."""
    if live is None:
        yield QUIET
        return
    with live.span(name, kind, attributes or {}, within=within) as found:
        yield found


@contextmanager
def part(name: str, attributes: Mapping[str, Value | None] | None = None) -> Iterator[Span]:
    """A client's span for a small step, such as a statement: only within a span that is recorded."""
    if live is None or not live.recording():
        yield QUIET
        return
    with live.span(name, "client", attributes or {}) as found:
        yield found


def call(method: str, url: str) -> AbstractContextManager[Span]:
    """A span around one call of a third party at `url`, of which the host alone is told: paths and queries hold ids and keys.
    `method` is empty where a vendor's SDK chooses it."""
    about = {"http.request.method": method or None, "server.address": urlsplit(url).hostname}
    return span(method or "call", "client", about)


def context() -> str:
    """The present trace and span, in the form of a `traceparent` header (https://www.w3.org/TR/trace-context/); empty without one."""
    return live.context() if live is not None else ""


def ids() -> dict[str, str]:
    """`trace_id` for log lines; empty without a trace."""
    found = context()
    return {"trace_id": found.split("-")[1]} if found else {}
