"""Counting the opens and clicks of people, without those of machines and without quick repeats."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from integrations.models import Prospect
from scribe.ids import parse

OPEN_WINDOW = timedelta(minutes=30)  # in which a prospect's opens count as one
CLICK_WINDOW = timedelta(minutes=1)
_MACHINES = re.compile(
    r"bot\b|bots\b|crawl|spider|slurp|preview|scanner|monitor|headless|phantom|curl|wget|python|java/|go-http|okhttp|"
    r"libwww|httpclient|axios|facebookexternalhit|slackbot|whatsapp|telegram|discord|barracuda|mimecast|proofpoint|"
    r"safelinks|bingpreview|lighthouse|pingdom|uptime",
    re.I,
)


def is_machine(headers: Any) -> bool:
    """Whether the request comes from a robot, a scanner, or a browser that only prefetches."""
    agent = headers.get("User-Agent", "")
    ahead = " ".join(headers.get(name, "") for name in ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")).lower()
    return not agent or bool(_MACHINES.search(agent)) or "prefetch" in ahead or "preview" in ahead


def find(prospect_id: str) -> Prospect | None:
    found = parse(prospect_id)
    return Prospect.objects.filter(pk=found).first() if found else None


@transaction.atomic
def opened(*, prospect_id: str, headers: Any) -> bool:
    """Count an open; False for a machine, a repeat within half an hour, or an unknown prospect."""
    found = parse(prospect_id)
    if found is None or is_machine(headers):
        return False
    now = timezone.now()
    # One conditional UPDATE: two at once count once.
    rows = Prospect.objects.filter(pk=found).exclude(last_opened_at__gt=now - OPEN_WINDOW)
    return bool(
        rows.update(
            open_count=F("open_count") + 1, first_opened_at=Coalesce("first_opened_at", now), last_opened_at=now
        )
    )


@transaction.atomic
def clicked(*, prospect: Prospect, url: str, headers: Any) -> bool:
    """Count a click on `url`; False for a machine, or the link that was clicked last within a minute."""
    if is_machine(headers):
        return False
    now = timezone.now()
    rows = Prospect.objects.filter(pk=prospect.pk).exclude(last_clicked_url=url, last_clicked_at__gt=now - CLICK_WINDOW)
    return bool(rows.update(click_count=F("click_count") + 1, last_clicked_at=now, last_clicked_url=url))
