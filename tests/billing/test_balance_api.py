"""Balance, transactions, summaries and usage over the API."""

from __future__ import annotations

from decimal import Decimal

from billing import holds, prices, usage
from tests.billing import books
from tests.billing.books import priced

D = Decimal


def spend(organization, amount, *, key, provider="anthropic", tokens=(1000, 500), content_type="product"):
    model = prices.model(provider)
    hold = holds.place(organization=organization, amount=D(amount), key=f"hold:{key}")
    holds.capture(hold=hold, amount=D(amount), key=key, description="A text")
    usage.record(
        organization=organization,
        key=key,
        provider=provider,
        model=model,
        content_type=content_type,
        input_tokens=tokens[0],
        output_tokens=tokens[1],
        xct=D(amount),
    )
    holds.close(hold=hold)


def test_the_balance_in_one_statement_beside_the_sign_in(api, cast, django_assert_num_queries):
    caller = api.as_(cast.owner)
    with django_assert_num_queries(1):
        reply = caller.get("billing/balance")
    assert reply["subscription_balance"] == reply["total_balance"] == reply["available"] == "50.0000"
    assert reply["topup_balance"] == reply["held"] == "0.0000"
    assert reply["subscription_tier"] == "free"
    assert reply["overage_enabled"] is False
    assert reply["token_rate_multiplier"] == "1.0000"


def test_transactions_are_paged_newest_first_and_ones_own(api, cast):
    for n in range(5):
        spend(cast.organization, "0.5", key=f"spend:{n}")
    reply = api.as_(cast.teammate).get("billing/transactions", page=1, page_size=2)
    assert (reply["total"], reply["page"], reply["page_size"]) == (6, 1, 2)
    newest = reply["transactions"][0]
    assert (newest["transaction_type"], newest["balance_type"]) == ("usage", "subscription")
    assert (newest["amount"], newest["balance_after"], newest["created_by"]) == ("-0.5000", "47.5000", None)
    last = api.as_(cast.owner).get("billing/transactions", page=3, page_size=2)["transactions"]
    assert [row["transaction_type"] for row in last] == ["usage", "grant"]
    assert api.as_(cast.stranger).get("billing/transactions")["total"] == 1
    api.as_(cast.owner).get("billing/transactions", status=400, page_size=101)


def test_summaries_add_up_to_the_records(api, cast):
    spend(cast.organization, "0.15", key="a", tokens=(1000, 500))
    spend(cast.organization, "0.3", key="b", provider="deepseek", tokens=(2000, 1000), content_type="category")
    spend(cast.organization, "0.0005", key="c", tokens=(3, 2), content_type="")
    caller = api.as_(cast.owner)
    spending = caller.get("billing/usage-summary", days=7)
    assert spending["total_xct_used"] == "0.4505"
    assert spending["by_tier"] == [{"tier": "economy", "request_count": 3, "total_tokens": 4505, "xct_used": "0.4505"}]
    assert spending["by_provider"]["anthropic"] == {"request_count": 2, "total_tokens": 1505, "xct_used": "0.1505"}
    records = caller.get("usage")
    assert len(records) == 3
    assert round(sum(row["credits_used"] for row in records), 4) == 0.4505
    summary = caller.get("usage/summary")
    assert summary["total_input_tokens"] == sum(row["input_tokens"] for row in records) == 3003
    assert summary["total_output_tokens"] == 1502
    assert round(summary["total_cost"], 6) == round(sum(row["cost_estimate"] for row in records), 6)
    assert set(summary["by_content_type"]) == {"product", "category", "other"}
    assert api.as_(cast.stranger).get("usage") == []
    books.check(cast.organization)


def test_usage_is_filtered_by_day_and_paged(api, cast):
    spend(cast.organization, "0.1", key="a")
    caller = api.as_(cast.owner)
    day = caller.get("usage")[0]["created_at"][:10]
    assert len(caller.get("usage", start_date=day, end_date=day)) == 1
    assert caller.get("usage", start_date="2999-01-01") == []
    assert caller.get("usage", end_date="2000-01-01") == []
    for odd in ("yesterday", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"):
        caller.get("usage", status=400, start_date=odd)
    assert len(caller.get("usage", limit=1)) == 1
    assert caller.last["X-Total-Count"] == "1"


def test_model_tiers_list_every_model_in_force(api, cast):
    reply = api.as_(cast.owner).get("billing/model-tiers")
    assert reply["subscription_tier"] == "free"
    assert [(tier["tier"], tier["multiplier"]) for tier in reply["tiers"]] == [
        ("economy", 0.1),
        ("standard", 1.0),
        ("premium", 2.0),
        ("flagship", 4.0),
    ]
    economy = reply["tiers"][0]["models"]
    assert {"model_id": "claude-haiku-5-5", "display_name": "Claude Haiku 5.5", "multiplier": 0.1} in economy[
        "anthropic"
    ]


def test_a_revised_price_counts_from_now_on_and_the_old_row_stays(cast):
    old = prices.model("anthropic")
    new = prices.revise(old, by=cast.staff, tier_id="standard", reason="dearer")
    assert prices.model("anthropic").pk == new.pk
    assert priced(new, 1000, cast.organization) == D("1.0000")
    assert priced(old, 1000, cast.organization) == D("0.1000")


def test_costs_are_rounded_up_and_free_for_own_keys_and_the_offline_writer(cast):
    haiku = prices.model("anthropic")
    assert priced(haiku, 1, cast.organization) == D("0.0001")
    assert priced(haiku, 1801, cast.organization) == D("0.1801")
    assert priced(haiku, 1801, cast.organization, own_key=True) == 0
    assert priced(prices.model("offline"), 1801, cast.organization) == 0
