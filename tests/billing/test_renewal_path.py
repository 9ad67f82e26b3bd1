"""How far a payment walks: the functions of billing that one renewal enters, from its event to the postings."""

from __future__ import annotations

import sys
from pathlib import Path

from billing.models import ProviderEvent
from billing.months import months_after
from tests.billing.buyer import Buyer, ago
from tests.billing.shop import open_shop

BILLING = Path(__file__).resolve().parents[2] / "billing"
#: What receives events and hands them on, the rows' own properties, and what is not about payments.
BESIDE = ("provider_events.py", "references.py", "amounts.py", "models/", "api/")


def test_one_renewal_enters_at_most_15_functions(cast, db):
    with open_shop() as shop:
        buyer = Buyer("dodo", shop, cast.organization)
        start = ago(days=32)
        start = start.replace(day=min(start.day, 27))  # the last of a month is counted by one more
        buyer.buy("starter", start)
        entered: dict[tuple[str, str], int] = {}

        def note(frame, kind, _):
            path = Path(frame.f_code.co_filename)
            if kind == "call" and path.is_relative_to(BILLING) and not frame.f_code.co_name.startswith("<"):
                module = str(path.relative_to(BILLING))
                if not module.startswith(BESIDE):
                    name = module, frame.f_code.co_qualname
                    entered[name] = entered.get(name, 0) + 1

        sys.setprofile(note)
        try:
            event, _ = buyer.pay(months_after(start, 1))
        finally:
            sys.setprofile(None)
    assert event.status == ProviderEvent.Status.APPLIED
    assert buyer.wallet().subscription_balance == 1000
    assert len(entered) <= 15, "\n".join(" ".join(name) for name in entered)
