"""Counting the opens and clicks of people, without those of machines and without quick repeats."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from integrations.models import Prospect
from scribe.ids import parse

OPEN_WINDOW = 30 * 60  # seconds in which a prospect's opens count as one
CLICK_WINDOW = 60
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
    if found is None or is_machine(headers) or not _first(f"outreach:open:{found}", OPEN_WINDOW):
        return False
    now = timezone.now()
    rows = Prospect.objects.filter(pk=found)
    return bool(
        rows.update(
            open_count=F("open_count") + 1, first_opened_at=Coalesce("first_opened_at", now), last_opened_at=now
        )
    )


@transaction.atomic
def clicked(*, prospect: Prospect, url: str, headers: Any) -> bool:
    """Count a click on `url`; False for a machine or the same link within a minute."""
    if is_machine(headers) or not _first(f"outreach:click:{prospect.pk}:{hash_of(url)}", CLICK_WINDOW):
        return False
    Prospect.objects.filter(pk=prospect.pk).update(
        click_count=F("click_count") + 1, last_clicked_at=timezone.now(), last_clicked_url=url
    )
    return True


def hash_of(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:24]


def _first(key: str, seconds: int) -> bool:
    """Whether this is the first in the window. It is one atomic step in the cache, so two at once count once."""
    return bool(cache.add(key, 1, timeout=seconds))
