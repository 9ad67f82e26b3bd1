"""The first page of the admin: six figures of the business and their last thirty days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import orjson
from django.core.cache import cache
from django.urls import reverse

from backoffice import figures
from scribe.types import Json

COLORS = ("#7c3aed", "#0891b2", "#ea580c", "#16a34a", "#db2777", "#64748b")
RED = "#dc2626"
CACHE_KEY, CACHE_SECONDS = "backoffice.dashboard", 30
OPTIONS = orjson.dumps(
    {
        "animation": False,
        "responsive": True,
        "maintainAspectRatio": False,
        "interaction": {"mode": "index", "intersect": False},
        "plugins": {"legend": {"display": True, "position": "bottom", "labels": {"boxWidth": 10, "boxHeight": 10}}},
        "scales": {
            "x": {"stacked": True, "grid": {"display": False}, "ticks": {"maxTicksLimit": 6, "maxRotation": 0}},
            "y": {"stacked": True, "beginAtZero": True, "ticks": {"maxTicksLimit": 5}},
        },
    }
).decode()


@dataclass(frozen=True)
class Tile:
    """A figure with its label and the link to its rows."""

    title: str
    value: str
    note: str
    url: str
    alarm: bool = False


@dataclass(frozen=True)
class Chart:
    title: str
    data: str
    summary: str


def context() -> Json:
    """The data of the page, computed at most twice a minute for all viewers."""
    found: Json | None = cache.get(CACHE_KEY)
    if found is None:
        found = compute()
        cache.set(CACHE_KEY, found, CACHE_SECONDS)
    return {**found, "chart_options": OPTIONS}


def compute() -> Json:
    start = figures.window_start()
    money, xct, cost = figures.revenue(start), figures.xct(start), figures.provider_cost(start)
    costs: dict[str, dict[date, Decimal]] = cost or {"No cost": {}}
    jobs, sign_ups, unpaid = figures.jobs(start), figures.sign_ups(start), figures.unpaid()
    income = total(money["Cards"]) + total(money["Bank transfers"])
    failed, completed = int(total(jobs["Failed"])), int(total(jobs["Completed"]))
    ended = failed + completed
    tiles = [
        Tile(
            "Revenue",
            f"{income:,.2f} €",
            f"{total(money['Bank transfers']):,.2f} € by bank transfer",
            list_url("billing_payment"),
        ),
        Tile("XCT sold", f"{total(xct['Sold']):,.0f}", f"{total(xct['Used']):,.0f} used", list_url("billing_entry")),
        Tile(
            "Provider cost",
            f"${sum(map(total, cost.values())):,.2f}",
            f"{len(cost)} providers",
            list_url("billing_usagerecord"),
        ),
        Tile(
            "Failed jobs",
            f"{failed:,}",
            f"{100 * failed / ended:.1f} % of {ended:,}" if ended else "none ended",
            list_url("scribe_job", status__exact="failed"),
            alarm=ended > 0 and failed / ended > 0.05,
        ),
        Tile(
            "Unpaid invoices",
            f"{unpaid['count']:,}",
            f"{unpaid['eur']:,.2f} €, {unpaid['late']} past due",
            list_url("billing_invoice", status__exact="pending"),
            alarm=unpaid["late"] > 0,
        ),
        Tile(
            "Sign-ups", f"{int(total(sign_ups['Organizations'])):,}", "organizations", list_url("accounts_organization")
        ),
    ]
    charts = [
        chart("Revenue, €", start, money),
        chart("XCT sold and used", start, xct, stacked=False),
        chart("Provider cost, $", start, costs),
        chart("Jobs", start, jobs, colors={"Failed": RED}),
        chart("Sign-ups", start, sign_ups),
    ]
    return {"tiles": tiles, "charts": charts, "days": figures.DAYS}


def total(days: figures.Days) -> Decimal:
    return sum((Decimal(value) for value in days.values()), Decimal(0))


def chart(
    title: str,
    start: datetime,
    series: Mapping[str, figures.Days],
    *,
    stacked: bool = True,
    colors: Mapping[str, str] | None = None,
) -> Chart:
    days = [(start + timedelta(days=n)).date() for n in range(figures.DAYS)]
    datasets = []
    for number, (name, values) in enumerate(series.items()):
        color = (colors or {}).get(name) or COLORS[number % len(COLORS)]
        points = [float(values.get(day, 0)) for day in days]
        datasets.append(
            {
                "label": name,
                "data": points,
                "backgroundColor": color,
                "borderRadius": 2,
                "stack": "all" if stacked else name,
            }
        )
    said = ", ".join(f"{name} {total(values):,.2f}" for name, values in series.items())
    data = {"labels": [f"{day:%b %-d}" for day in days], "datasets": datasets}
    return Chart(title, orjson.dumps(data).decode(), f"{title}, the last {figures.DAYS} days: {said}.")


def list_url(label: str, **filters: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return reverse(f"admin:{label}_changelist") + (f"?{query}" if query else "")
