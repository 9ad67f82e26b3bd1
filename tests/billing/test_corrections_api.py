"""What staff may do to balances, and that organizations cannot make money."""

from __future__ import annotations

from decimal import Decimal

import pytest

from billing import holds
from billing.models import Wallet
from scribe.models import AuditEntry
from tests.billing import books

D = Decimal

MONEY_MAKING = [
    ("post", "billing/topup", {"amount": 100}),
    ("post", "billing/adjustment", {"amount": 100, "balance_type": "topup"}),
    ("post", "billing/reset-cycle", {}),
    ("patch", "billing/subscription", {"tier": "business"}),
    ("patch", "billing/settings", {"token_rate_multiplier": 0}),
]


@pytest.mark.parametrize(("method", "path", "body"), MONEY_MAKING)
def test_an_organizations_admin_cannot_make_money(api, cast, method, path, body):
    before = AuditEntry.objects.count()
    for who in (cast.owner, cast.teammate):
        caller = api.as_(who)
        assert getattr(caller, method)(path, body, status=403)["code"] in ("staff_required", "admin_required")
        getattr(caller, method)(f"{path}?organization_id={cast.organization.pk}", body, status=403)
    wallet = books.check(cast.organization)
    assert (wallet.total_balance, wallet.plan_id, wallet.token_rate_multiplier) == (50, "free", 1)
    assert AuditEntry.objects.count() == before


def test_staff_top_up_their_own_and_any_organization(api, cast):
    staff = api.as_(cast.staff)
    own = staff.post("billing/topup", {"amount": 10.5, "description": "Thanks"}, status=201)
    assert (own["transaction_type"], own["amount"], own["balance_type"]) == ("topup", "10.5000", "topup")
    assert (own["description"], own["created_by"]) == ("Thanks", str(cast.staff.pk))
    staff.post(f"billing/topup?organization_id={cast.organization.pk}", {"amount": "7"}, status=201)
    assert books.check(cast.organization).topup_balance == D(7)
    assert books.check(cast.staff.organization).topup_balance == D("10.5")
    for unknown in ("01890000-0000-7000-8000-000000000000", "nonsense"):
        staff.post(f"billing/topup?organization_id={unknown}", {"amount": 1}, status=404)
    for wrong in (0, -1, "x", None, 0.00001):
        staff.post("billing/topup", {"amount": wrong}, status=400)
    assert AuditEntry.objects.filter(action="xct.topped_up").count() == 2


def test_adjustments_go_both_ways_but_not_below_what_is_there(api, cast):
    staff, path = api.as_(cast.staff), f"billing/adjustment?organization_id={cast.organization.pk}"
    staff.post(path, {"amount": 25, "balance_type": "topup", "description": "Sorry"}, status=201)
    reply = staff.post(path, {"amount": -20.5, "balance_type": "subscription"}, status=201)
    assert (reply["transaction_type"], reply["amount"]) == ("adjustment", "-20.5000")
    assert staff.post(path, {"amount": -30, "balance_type": "subscription"}, status=409)["code"] == "balance_too_low"
    staff.post(path, {"amount": -5, "balance_type": "overage"}, status=400)
    staff.post(path, {"amount": 0, "balance_type": "topup"}, status=400)
    holds.place(organization=cast.organization, amount=D(50), key="work")
    assert staff.post(path, {"amount": -5, "balance_type": "topup"}, status=409)["available"] == "4.5000"
    books.check(cast.organization)


def test_a_plan_change_allocates_now_or_with_the_next_cycle(api, cast):
    staff, path = api.as_(cast.staff), f"billing/subscription?organization_id={cast.organization.pk}"
    later = staff.patch(path, {"tier": "starter"})
    assert (later["subscription_tier"], later["subscription_balance"]) == ("starter", "50.0000")
    now = staff.patch(path, {"tier": "professional", "allocate_immediately": True})
    assert (now["subscription_tier"], now["subscription_balance"]) == ("professional", "5000.0000")
    cast.organization.refresh_from_db()
    assert cast.organization.byok_enabled
    staff.patch(path, {"tier": "gold"}, status=400)
    books.check(cast.organization)
    entry = AuditEntry.objects.filter(action="subscription.changed").order_by("pk").last()
    assert (entry.before, entry.after["tier"]) == ({"tier": "starter"}, "professional")


def test_a_reset_starts_one_cycle_a_day(api, cast):
    staff, path = api.as_(cast.staff), f"billing/reset-cycle?organization_id={cast.organization.pk}"
    hold = holds.place(organization=cast.organization, amount=D(30), key="work")
    holds.capture(hold=hold, amount=D(30), key="item")
    staff.post(f"billing/topup?organization_id={cast.organization.pk}", {"amount": 5}, status=201)
    assert staff.post(path)["subscription_balance"] == "50.0000"
    entries = books.check(cast.organization).last_number
    again = staff.post(path)
    assert (again["subscription_balance"], again["topup_balance"]) == ("50.0000", "5.0000")
    assert books.check(cast.organization).last_number == entries


def test_overage_is_the_organization_admins_on_a_paid_plan_with_billing_details(api, cast):
    owner = api.as_(cast.owner)
    assert owner.patch("billing/settings", {"overage_enabled": True}, status=409)["code"] == "paid_plan_required"
    Wallet.objects.filter(organization=cast.organization).update(plan="starter", allotment=1000)
    reply = owner.patch("billing/settings", {"overage_enabled": True}, status=400)
    assert reply["code"] == "billing_details_required"
    for field in ("billing_company_name", "billing_address", "billing_city"):
        setattr(cast.organization, field, "Acme")
    cast.organization.billing_country = "DE"
    cast.organization.save()
    reply = owner.patch("billing/settings", {"overage_enabled": True})
    assert (reply["overage_enabled"], reply["available"]) == (True, "1050.0000")
    api.as_(cast.teammate).patch("billing/settings", {"overage_enabled": False}, status=403)
    holds.place(organization=cast.organization, amount=D(60), key="work")
    assert owner.patch("billing/settings", {"overage_enabled": False}, status=409)["code"] == "overage_in_use"


def test_the_rate_multiplier_is_set_by_staff(api, cast):
    path = f"billing/settings?organization_id={cast.organization.pk}"
    assert api.as_(cast.staff).patch(path, {"token_rate_multiplier": 1.5})["token_rate_multiplier"] == "1.5000"
    api.as_(cast.staff).patch(path, {"token_rate_multiplier": -1}, status=400)


def test_a_repeat_with_the_same_idempotency_key_tops_up_once(api, cast):
    staff = api.as_(cast.staff).with_(Idempotency_Key="one")
    first = staff.post("billing/topup", {"amount": 10}, status=201)
    assert staff.post("billing/topup", {"amount": 10}, status=201) == first
    assert books.check(cast.staff.organization).topup_balance == 10
