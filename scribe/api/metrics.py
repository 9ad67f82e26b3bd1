"""`/metrics` for Prometheus. With METRICS_TOKEN set it needs `Authorization: Bearer …`. Without a token it answers only
callers on this machine that do not come through a proxy."""

import hmac
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from prometheus_client import generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from scribe import metrics
from scribe.api.problems import problem
from scribe.logs import get_logger

log = get_logger(__name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
HELP = {
    "requests": "Requests answered.",
    "request": "Seconds until a request was answered.",
    "jobs": "Jobs ended.",
    "model_calls": "Calls of language and image models.",
    "model_tokens": "Tokens read and written by models.",
    "model_cached_tokens": "Input tokens that models read from, or wrote into, their vendor's cache.",
    "model_cost_usd": "What models cost us, in USD.",
    "xct_charged": "XCT charged to customers.",
    "outgoing_calls": "Calls of third parties other than models.",
    "mails": "Attempts to send a mail.",
    "webhook_deliveries": "Attempts to bring an event to a customer's endpoint.",
}
PROXY_HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP")


class Shared:
    """A Prometheus collector over the shared counts and the gauges."""

    def collect(self) -> Iterator[Metric]:
        counts: dict[str, list[tuple[dict[str, str], float]]] = defaultdict(list)
        for name, labels, value in metrics.read():
            counts[name].append((labels, value))
        for name in sorted(counts):
            if name.endswith(".sum"):
                base = name.removesuffix(".sum")
                yield histogram(base, counts[f"{base}.bucket"], counts[name])
            elif not name.endswith(".bucket"):
                yield fill_family(
                    CounterMetricFamily(f"scribe_{name}", HELP.get(name, name), labels=names(counts[name])),
                    counts[name],
                )
        for name, help_text, total in metrics.read_levels():
            yield fill_family(GaugeMetricFamily(f"scribe_{name}", help_text, labels=[]), [({}, total)])
        for name, (help_text, read) in sorted(metrics.gauges.items()):
            try:
                readings = read()
            except Exception as error:  # one gauge that cannot be read must not hide the others
                log.error("gauge not read", gauge=name, exc_info=error)
                continue
            yield fill_family(GaugeMetricFamily(f"scribe_{name}", help_text, labels=names(readings)), readings)


def names(readings: metrics.Reading) -> list[str]:
    return sorted({label for labels, _ in readings for label in labels})


def fill_family(family: Any, readings: metrics.Reading) -> Metric:  # type: ignore[explicit-any]  # each family has an add_metric of its own
    order = names(readings)
    for labels, value in readings:
        family.add_metric([labels.get(label, "") for label in order], value)
    found: Metric = family
    return found


def histogram(name: str, buckets: metrics.Reading, sums: metrics.Reading) -> Metric:
    order = names(sums)
    family = HistogramMetricFamily(f"scribe_{name}_seconds", HELP.get(name, name), labels=order)
    for labels, total in sums:
        mine = {b["le"]: value for b, value in buckets if {k: v for k, v in b.items() if k != "le"} == labels}
        running, cumulative = 0.0, []
        for bound in [*map(str, metrics.BUCKETS), "+Inf"]:
            running += mine.get(bound, 0)
            cumulative.append((bound, running))
        family.add_metric([labels.get(label, "") for label in order], cumulative, sum_value=total)
    return family


def may_read(request: HttpRequest) -> bool:
    """Whether the caller has the token. If none is set, whether it is on this machine and not behind a proxy on it."""
    if settings.METRICS_TOKEN:
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        return hmac.compare_digest(sent.encode(), settings.METRICS_TOKEN.encode())
    proxied = any(request.META.get(name) for name in PROXY_HEADERS)
    return not proxied and request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1", "")


def show(request: HttpRequest) -> HttpResponse:
    """The metrics, or 404 for callers who may not read them."""
    if request.method not in ("GET", "HEAD") or not may_read(request):
        return problem(404, "There is nothing here.", code="not_found")
    return HttpResponse(generate_latest(Shared()), content_type=CONTENT_TYPE)


urlpatterns = [path("metrics", show, name="metrics")]
