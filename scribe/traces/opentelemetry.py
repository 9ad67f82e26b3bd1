"""The spans behind `scribe.traces`, by OpenTelemetry's SDK. Loaded only where a process is traced."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Link, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from scribe.traces.spans import Value

KINDS = {kind.name.lower(): kind for kind in SpanKind}
CARRIER = TraceContextTextMapPropagator()
EXPORT_SECONDS = 10


class RealSpan:
    def __init__(self, inner: trace.Span) -> None:
        self.inner = inner

    def set(self, attributes: Mapping[str, Value | None]) -> None:
        self.inner.set_attributes({name: value for name, value in attributes.items() if value is not None})

    def name(self, name: str) -> None:
        self.inner.update_name(name)

    def fail(self, kind: str) -> None:
        self.inner.set_attribute("error.type", kind)
        self.inner.set_status(Status(StatusCode.ERROR))


class Recorder:
    """A provider of its own, not the global one: libraries that look for that one stay silent."""

    def __init__(self, exporter: Any, version: str) -> None:  # type: ignore[explicit-any]  # it has no types
        """`exporter` takes the spans one by one, for tests. Without it they go to the collector in batches."""
        about = {"service.name": settings.OTEL_SERVICE_NAME, "service.version": version}
        sampler = ParentBased(TraceIdRatioBased(settings.OTEL_TRACES_SAMPLER_ARG))
        self.provider = TracerProvider(resource=Resource(about), sampler=sampler, shutdown_on_exit=True)
        self.provider.add_span_processor(
            SimpleSpanProcessor(exporter) if exporter is not None else BatchSpanProcessor(to_collector())
        )
        self.tracer = self.provider.get_tracer("xc-scribe", version)

    def stop(self) -> None:
        self.provider.shutdown()

    @staticmethod
    def recording() -> bool:
        return trace.get_current_span().is_recording()

    @staticmethod
    def context() -> str:
        found: dict[str, str] = {}
        CARRIER.inject(found)
        return found.get("traceparent", "")

    @contextmanager
    def span(
        self, name: str, kind: str, attributes: Mapping[str, Value | None], *, within: str = ""
    ) -> Iterator[RealSpan]:
        around, links = self._around(within)
        given = {key: value for key, value in attributes.items() if value is not None}
        # Errors are recorded by their class alone: their messages may hold a customer's words.
        with self.tracer.start_as_current_span(
            name,
            context=around,
            kind=KINDS[kind],
            attributes=given,
            links=links,
            record_exception=False,
            set_status_on_exception=False,
        ) as inner:
            found = RealSpan(inner)
            try:
                yield found
            except BaseException as error:
                found.fail(type(error).__name__)
                raise

    def _around(self, within: str) -> tuple[Any, list[Link]]:  # type: ignore[explicit-any]  # it has no types
        """The context that a span begins in: the present one, unless `within` names another trace; then a link leads from
        there to here."""
        if not within:
            return None, []
        there = CARRIER.extract({"traceparent": within})
        here = trace.get_current_span().get_span_context()
        if not here.is_valid:
            return there, []
        if here.trace_id == trace.get_current_span(there).get_span_context().trace_id:
            return None, []
        return there, [Link(here)]


def to_collector() -> Any:  # type: ignore[explicit-any]  # it has no types
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    pairs = (pair.partition("=") for pair in settings.OTEL_EXPORTER_OTLP_HEADERS.split(",") if pair)
    headers = {name.strip(): value.strip() for name, _, value in pairs}
    address = settings.OTEL_EXPORTER_OTLP_ENDPOINT.rstrip("/") + "/v1/traces"
    return OTLPSpanExporter(endpoint=address, headers=headers, timeout=EXPORT_SECONDS)
