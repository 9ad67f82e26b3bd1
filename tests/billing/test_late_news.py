"""Stories that are told in time, and late: the payer ends with the same XCT, of each kind and in each month to come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from billing import corrections, dunning, holds, invoices, orders, provider_events, reconciliation, settlement
from billing.models import Cycle, PaidPeriod, Payment, Plan
from tests import factories
from tests.billing import books
from tests.billing.buyer import PROVIDERS, Buyer
from tests.billing.clocks import clock
from tests.billing.outcomes import outcome
from tests.billing.shop import open_shop
from tests.factories import BILLING_DETAILS
from tests.sizes import some

D = Decimal
DAY = 24
NOW = datetime(2027, 4, 1, 12, tzinfo=UTC)

#: What the provider tells, by the hour at which it happened; what else happens, by its hour; and the hour at which the
#: provider's events come when they come late. What was `bought` is always told at once, and what comes again went back
#: at once.
STORIES = {
    "a renewal, top-ups were spent": (
        [(-31 * DAY, "bought", "starter", "monthly"), (0, "renew", "starter")],
        [(-2, "topup", 500), (-1, "spend", 950), (5, "spend", 300)],
        48,
    ),
    "a renewal, what was left was spent in the time of grace": (
        [(-31 * DAY, "bought", "starter", "monthly"), (0, "renew", "starter")],
        [(-1, "spend", 100), (5, "spend", 300), (60, "spend", 20)],
        48,
    ),
    "a refund of packs, overage was spent": (
        [(-48, "bought", "starter", "monthly"), ((-47, -47), "packs", 2), (-36, "back", "half", 1)],
        [(-40, "overage"), (-39, "spend", 1000), (-30, "spend", 700), (-20, "spend", 100)],
        0,
    ),
    "a dispute that was won after another month had paid what was owed": (
        [
            (-58 * DAY, "bought", "starter", "monthly"),
            ((-30 * DAY, -30 * DAY), "renew", "starter"),
            (23, "dispute"),
            (24, "renew", "starter"),
            (25, "won"),
        ],
        [(-50 * DAY, "spend", 1000)],
        48,
    ),
    "a dispute of packs that was won after a month had paid what was owed": (
        [
            (-58 * DAY, "bought", "starter", "monthly"),
            ((-57 * DAY, -57 * DAY), "packs", 2),
            ((-30 * DAY, -30 * DAY), "renew", "starter"),
            (23, "dispute", None, 1),
            (24, "renew", "starter"),
            (25, "won", None, 1),
        ],
        [(-50 * DAY, "spend", 2000)],
        48,
    ),
    "a refund before the end of another month, which pays what is owed": (
        [
            (-58 * DAY, "bought", "starter", "monthly"),
            ((-30 * DAY, -30 * DAY), "renew", "starter"),
            (8, "back", "all"),
            ((24, 24), "renew", "starter"),
        ],
        [(-50 * DAY, "spend", 1000)],
        48,
    ),
    "a renewal whose month is over, and would have paid what was owed": (
        [
            (-58 * DAY, "bought", "starter", "monthly"),
            (-40 * DAY, "dispute"),
            (-30 * DAY, "renew", "starter"),
            ((24, 24), "renew", "starter"),
        ],
        [(-50 * DAY, "spend", 1000)],
        48,
    ),
    "a renewal that was lost for a while, before which was spent in the time of grace": (
        [
            (-40 * DAY, "bought", "professional", "monthly"),
            (0, "renew", "professional", "last"),
            (4, "dispute", None, 1),
            (20, "won", None, 1),
        ],
        [(-10, "spend", 500), (10, "spend", 20)],
        48,
    ),
    "a dispute that is lost, after which a month has ended": (
        [
            (-58 * DAY, "bought", "starter", "monthly"),
            ((-30 * DAY, -30 * DAY), "renew", "starter"),
            (23, "dispute"),
            (24, "renew", "starter"),
        ],
        [(-50 * DAY, "spend", 1000)],
        48,
    ),
    "a renewal, overage was spent": (
        [(-31 * DAY, "bought", "starter", "monthly"), (0, "renew", "starter")],
        [(-30 * DAY, "overage"), (-1, "spend", 950), (5, "spend", 300)],
        48,
    ),
    "a year before an invoice, overage was spent": (
        [(-24, "buy", "professional", "yearly")],
        [(0, "pay", "starter", "monthly"), (0.1, "overage"), (1, "spend", 1000), (1.2, "spend", 150)],
        2,
    ),
    "a year before an invoice, top-ups were spent": (
        [(-24, "buy", "professional", "yearly")],
        [(-0.5, "topup", 500), (0, "pay", "starter", "monthly"), (1, "spend", 1300)],
        2,
    ),
    "a year that is smaller than what was spent": (
        [(-24, "buy", "starter", "yearly")],
        [(-0.5, "topup", 500), (0, "pay", "starter", "monthly"), (1, "spend", 1300)],
        2,
    ),
    "a year whose money went back before the invoice": (
        [(-48, "buy", "starter", "yearly"), (-12, "back", "all")],
        [(0, "pay", "starter", "monthly"), (1, "spend", 300)],
        2,
    ),
    "a year of before a month whose money went back": (
        [(-35 * DAY, "buy", "starter", "yearly"), (-48, "back", "all")],
        [(0, "pay", "starter", "monthly"), (1, "spend", 300)],
        2,
    ),
    "half of a year's money went back before the invoice": (
        [(-48, "buy", "starter", "yearly"), (-12, "back", "half")],
        [(0, "pay", "starter", "monthly"), (1, "spend", 300)],
        2,
    ),
    "a year whose money went back after the spending": (
        [(-24, "buy", "starter", "yearly"), (6, "back", "all")],
        [(0, "pay", "starter", "monthly"), (1, "spend", 700)],
        7,
    ),
    "two years, the money of the first went back": (
        [(-72, "buy", "starter", "yearly"), (-24, "buy", "starter", "yearly"), (6, "back", "all")],
        [(0, "pay", "starter", "monthly"), (1, "spend", 700)],
        7,
    ),
    "XCT of the Free plan were spent": (
        [(-24, "buy", "starter", "yearly")],
        [(-3, "spend", 30), (0, "pay", "starter", "monthly"), (1, "spend", 300)],
        2,
    ),
    "staff have started the month anew": (
        [(-24, "buy", "starter", "yearly")],
        [(0, "pay", "starter", "monthly"), (0.3, "spend", 300), (0.5, "reset"), (1, "spend", 200)],
        2,
    ),
    "staff have set a plan": (
        [(-24, "buy", "starter", "yearly")],
        [(0, "pay", "starter", "monthly"), (0.3, "spend", 300), (0.7, "plan", "business"), (1, "spend", 400)],
        2,
    ),
    "a better invoice, a smaller year that is older than a month": (
        [(-35 * DAY, "buy", "starter", "yearly")],
        [
            (-10 * DAY, "pay", "professional", "monthly"),
            (-9 * DAY, "spend", 1300),
            (-2 * DAY, "spend", 900),
        ],
        0,
    ),
    "months of the year that nobody had begun": (
        [(-100 * DAY, "buy", "starter", "yearly")],
        [
            (-70 * DAY, "pay", "starter", "monthly"),
            (-65 * DAY, "spend", 300),
            (-38 * DAY, "pay", "starter", "monthly"),
            (-30 * DAY, "spend", 200),
            (-3 * DAY, "spend", 100),
        ],
        0,
    ),
    "months that nobody had begun, and all of the money goes back": (
        [(-100 * DAY, "buy", "business", "yearly"), (6, "back", "all")],
        [(-28 * DAY, "pay", "starter", "yearly"), (-19 * DAY, "spend", 178), (-2 * DAY, "spend", 50)],
        0,
    ),
    "a month before an invoice's year": (
        [(-43 * DAY, "buy", "starter", "monthly")],
        [(-18 * DAY, "pay", "starter", "yearly"), (-14 * DAY, "spend", 68), (-1, "spend", 126)],
        0,
    ),
    "a year and its refund, an invoice's year has begun since": (
        [(-90.9 * DAY, "buy", "starter", "yearly"), (-46.8 * DAY, "back", "all")],
        [(-46.7 * DAY, "pay", "starter", "yearly"), (-43.5 * DAY, "spend", 137), (-39.9 * DAY, "spend", 155)],
        0,
    ),
    "renewals that an invoice's month waits for, which was over": (
        [
            (-59 * DAY, "buy", "starter", "monthly"),
            (-31 * DAY + 0.1, "renew", "starter"),
            (0.2, "renew", "starter"),
        ],
        [(-53 * DAY, "pay", "starter", "monthly"), *((-days * DAY, "dunning") for days in range(14, 0, -1))],
        12,
    ),
    "a month before an invoice's, the Free plan's XCT and top-ups were spent": (
        [(0, "buy", "starter", "monthly")],
        [
            (-2, "topup", 3000),
            (8, "spend", 500),
            (11.8, "pay", "starter", "monthly"),
            (46, "spend", 45),
            (60, "spend", 950),
        ],
        80,
    ),
    "an upgrade, top-ups were spent": (
        [(-24, "bought", "starter", "monthly"), (0, "upgrade", "professional", 6800)],
        [(-20, "topup", 3000), (-10, "spend", 1000), (2, "spend", 2500)],
        5,
    ),
    "an upgrade, overage was spent": (
        [(-24, "bought", "starter", "monthly"), (0, "upgrade", "professional", 6800)],
        [(-20, "overage"), (-10, "spend", 1000), (2, "spend", 900)],
        5,
    ),
    "a dispute that was won": (
        [(-24, "bought", "business", "monthly"), (-12, "dispute"), (0, "won")],
        [(-20, "topup", 3000), (36, "spend", 1500)],
        46,
    ),
    "a year's refund that failed": (
        [(-40 * DAY, "bought", "starter", "yearly"), (-12, "back", "all"), (0, "failed")],
        [(-20, "topup", 3000), (36, "spend", 1500)],
        46,
    ),
    "a refund, the Free plan has begun": (
        [(-24, "bought", "starter", "monthly"), (0, "back", "all")],
        [(-20, "topup", 3000), (-10, "spend", 100), (36, "spend", 950)],
        46,
    ),
    "a payment and all of it back, the Free plan has begun": (
        [(-30, "buy", "starter", "monthly"), (0, "back", "all")],
        [(-31, "topup", 3000), (36, "spend", 950)],
        46,
    ),
    "a year and all of it back, then what was bought": (
        [(-11, "buy", "business", "yearly"), (0, "back", "all"), (-10.9, "seen", "business", "yearly")],
        [(-12, "topup", 3000), (36, "spend", 300)],
        46,
    ),
    "a dispute and that it was won": (
        [(-24, "bought", "starter", "monthly"), (8, "dispute"), (28, "won")],
        [(-20, "topup", 3000), (18, "spend", 20), (27, "spend", 45), (54, "spend", 500)],
        44,
    ),
    "a part that went back and came again beside the Free plan": (
        [
            (0, "buy", "starter", "monthly"),
            (15, "back", "most"),
            (107, "dispute", 580),
            (108, "won", 580),
            (112, "failed"),
        ],
        [(98, "spend", 20)],
        119,
    ),
    "a refund, nothing else was there": (
        [(-24, "bought", "starter", "monthly"), (0, "back", "all")],
        [(10, "spend", 20)],
        46,
    ),
    "a renewal while work is under way that began in the month before": (
        [(-31 * DAY, "bought", "starter", "monthly"), (0, "renew", "starter")],
        [(-31 * DAY, "topup", 3000), (-5, "begin", 900), (3, "write", 500), (10, "spend", 950), (15, "end")],
        30,
    ),
    "a renewal while work is under way that goes on after it is told": (
        [(-31 * DAY, "bought", "starter", "monthly"), (0, "renew", "starter")],
        [
            (-31 * DAY, "topup", 3000),
            (-5, "begin", 900),
            (3, "write", 200),
            (10, "spend", 950),
            (40, "write", 300),
            (60, "end"),
        ],
        30,
    ),
    "a refund that failed after staff had started another month anew": (
        [(-24, "bought", "starter", "monthly"), (6, "back", "all"), (66, "failed")],
        [(36, "pay", "starter", "monthly"), (49, "reset"), (80, "credit")],
        56,
    ),
    "a refund of what was lost in a dispute before, beside a credited invoice": (
        [(-40, "bought", "business", "monthly"), (-24, "dispute"), (10, "back", "most")],
        [
            (-41, "topup", 3000),
            (-38, "spend", 1500),
            (-10, "pay", "professional", "yearly"),
            (0, "spend", 950),
            (20, "credit"),
        ],
        30,
    ),
    "a month that was lost, an invoice was credited within it": (
        [(-110, "buy", "professional", "monthly"), (0, "back", "all")],
        [
            (-112, "topup", 3000),
            (-64, "pay", "starter", "monthly"),
            (-60, "credit"),
            (-51, "spend", 100),
            (15, "spend", 60),
        ],
        -49.5,
    ),
    "a month, a second provider's better one was lost within it": (
        [(-50, "buy", "starter", "monthly"), (-40, "bought", "business", "monthly"), (-10, "dispute", None, -1)],
        [(-52, "topup", 3000), (-30, "spend", 1500), (10, "spend", 300)],
        40,
    ),
    "a month that was lost, staff had started it anew": (
        [(-40, "buy", "starter", "monthly"), (0, "back", "all")],
        [(-42, "topup", 3000), (-30, "spend", 900), (-20, "reset"), (-10, "spend", 950)],
        10,
    ),
    "a month that was lost before an invoice that was spent of and credited": (
        [(-48, "bought", "starter", "monthly"), (-12, "back", "all")],
        [(0, "pay", "business", "monthly"), (1, "spend", 100), (2, "credit")],
        6,
    ),
    "a refund of a better month, an invoice's ran beside it": (
        [(-40, "bought", "business", "monthly"), (0, "back", "all")],
        [
            (-60, "topup", 3000),
            (-55, "pay", "starter", "monthly"),
            (20, "spend", 500),
            (30, "spend", 950),
        ],
        40,
    ),
    "a month of a better plan, staff had started an invoice's anew": (
        [(-60, "buy", "business", "monthly")],
        [
            (-62, "topup", 3000),
            (-50, "pay", "professional", "monthly"),
            (-40, "reset"),
            (-35, "spend", 4000),
            (-10, "spend", 1500),
        ],
        5,
    ),
    "a month, staff had started the Free plan's anew": (
        [(-60, "buy", "starter", "monthly")],
        [(-62, "topup", 3000), (-50, "spend", 300), (-40, "reset"), (-35, "spend", 400)],
        5,
    ),
    "a month that was lost before staff started the Free plan's anew": (
        [(-60, "buy", "starter", "monthly"), (-50, "back", "all")],
        [(-62, "topup", 3000), (-45, "spend", 500), (-20, "reset"), (-5, "spend", 100)],
        5,
    ),
    "a month, and an upgrade after staff had started it anew": (
        [(-60, "buy", "starter", "monthly"), (-30, "upgrade", "professional", 7000)],
        [(-62, "topup", 9000), (-40, "reset"), (-35, "spend", 400), (-20, "spend", 3000)],
        5,
    ),
    "money that went back and came again twice, within the month": (
        [
            (2, "buy", "business", "monthly"),
            (10, "dispute"),
            (20, "won"),
            (30, "back", "all"),
            (60, "failed"),
        ],
        [(-2, "topup", 3000), (15, "spend", 20), (40, "spend", 20)],
        70,
    ),
    "money that came again, an upgrade was not paid meanwhile": (
        [
            (-100, "bought", "starter", "monthly"),
            (-90, "seen", "business", "monthly"),
            (-60, "dispute", 870),
            (-20, "won"),
            (-17, "seen", "starter", "monthly"),
        ],
        [
            (-102, "topup", 3000),
            (-98, "spend", 950),
            (-96, "spend", 950),
            (-24, "pay", "professional", "monthly"),
            (-22, "spend", 45),
        ],
        -15,
    ),
    "a month, staff had set the Free plan": (
        [(-20, "buy", "business", "monthly")],
        [(-30, "spend", 10), (-2, "put", "free")],
        2,
    ),
    "a month and its refund, another month and its refund": (
        [
            (-24, "buy", "starter", "monthly"),
            (-12, "back", "all"),
            (0, "buy", "business", "monthly"),
            (20, "back", "all", 1),
        ],
        [(-20, "topup", 3000), (-6, "spend", 30), (10, "spend", 20), (36, "spend", 40), (60, "spend", 5)],
        44,
    ),
}


#: Stories of which some facts are told late, (at, when), after how many days there is nothing more to tell,
#: and what reconcile names besides.
LATE_IN_PART = {
    "a refund under an upgrade that stays": (
        [(0, "buy", "starter", "monthly"), (304, "upgrade", "professional", 4200), ((590, 620), "back", "most")],
        [(0.1, "topup", 3000), (610, "spend", 4000), (1070, "dunning")],
        42,
    ),
    "a year that was paid for and charged back before its word came": (
        [
            (0, "buy", "starter", "monthly"),
            (240, "change", "starter", "yearly", 27_100),
            ((240, 408), "seen", "starter", "yearly"),
            (300, "back", "most", 1),
        ],
        [(0.1, "topup", 90_000), (120, "spend", 1000), (245, "spend", 700), (1070, "dunning")],
        42,
        "kept_money_buys_a_plan",
    ),
    "a renewal by credit that comes back beside the second month of the Free plan": (
        [
            (0, "buy", "starter", "yearly"),
            (24, "seen", "starter", "monthly"),
            (24, "change", "starter", "monthly", 0),
            ((100, 901), "dispute"),
            (744, "renew", "starter", "credit"),
            ((900, 902), "won"),
        ],
        [],
        42,
    ),
    "a month that staff started anew since": (
        [((115.8, 1000), "first")],
        [(0, "topup", 30_000), (4, "open", "business", "monthly"), (820, "reset"), (1005, "spend", 25_000)],
        42,
    ),
    "the end of a card whose month lasted longer than a better invoice's": (
        [(115.8, "first"), ((860, 1001), "seen", "professional", "monthly", "cancelled")],
        [
            (0, "topup", 30_000),
            (4, "open", "professional", "monthly"),
            (27.5, "pay", "business", "monthly"),
            (963.2, "spend", 4000),
        ],
        75,
    ),
    "a renewal and its refund after a better invoice's month": (
        [(115.8, "first"), (859.8, "renew", "professional", "last"), ((900, 1001), "back", "all", 1)],
        [
            (0, "topup", 30_000),
            (4, "open", "professional", "monthly"),
            (27.5, "pay", "business", "monthly"),
            (963.2, "spend", 4000),
        ],
        42,
    ),
}
LATE_IN_PART |= {
    "a change to the year after the end of another card's month, which paid what nobody owed": (
        [
            (0, "first"),
            ((218, 1188), "seen", "business", "yearly"),
            (218.5, "change", "business", "yearly", 277_543),
            (300, "first"),
        ],
        [(-1, "open", "business", "monthly"), (231, "spend", 15_001), (299, "open", "professional", "monthly")],
        50,
    ),
    "two sums of a month that was over, of which one came again": (
        [
            (0, "buy", "professional", "monthly"),
            (720, "renew", "professional"),
            (800, "back", "little"),
            ((810, 830), "dispute", 8900),
            (820, "won", 8900),
        ],
        [(600, "spend", 4000)],
        33,
    ),
    "a refund after which an upgrade was paid of a year without its money": (
        [
            (41, "first"),
            (297, "first"),
            (311, "dispute", None, 0),
            ((316, 477), "back", "all", 1),
            (360, "seen", "business", "yearly"),
            (380, "change", "business", "yearly", 192_716),
        ],
        [
            (40.9, "open", "professional", "yearly"),
            (64.5, "pay", "professional", "monthly"),
            (296.9, "open", "business", "monthly"),
            (374.8, "spend", 4000),
        ],
        21,
    ),
    "most of a card's money, since which staff started the month of an invoice anew": (
        [(32.5, "first"), ((249.5, 378.5), "back", "most")],
        [(32.4, "open", "professional", "monthly"), (39, "pay", "starter", "yearly"), (364.8, "reset")],
        16,
        "kept_money_buys_a_plan",
    ),
    "the end of a card whose month staff started anew, with work under way": (
        [(42.5, "first"), (244, "first"), ((762.5, 772), "seen", "starter", "monthly", "cancelled")],
        [
            (42.4, "open", "starter", "monthly"),
            (243.9, "open", "starter", "yearly"),
            (700, "reset"),
            (735, "begin", 1000),
            (768, "write", 1000),
            (877, "end"),
        ],
        38,
    ),
}
PRICES = {"starter": 2900, "professional": 9900}
PARTS = {"little": 0.1, "all": 1, "most": 0.7, "half": 0.5}
AT_ONCE = ("bought", "dispute")


@pytest.fixture
def shop(db):
    with open_shop() as shop:
        yield shop


class Story:
    """A story as it goes on, with its buyer: the cards that have bought, in order."""

    def __init__(self, provider, shop, now):
        self.provider, self.shop, self.now, self.cards, self.orders = provider, shop, now, [], []
        self.number, self.opened = 0, []
        with clock(now - timedelta(days=101)):
            self.organization = factories.make_organization(**BILLING_DETAILS)

    def tell(self, at, what, *given):
        if what in ("buy", "bought"):
            by = Buyer(self.provider, self.shop, self.organization)
            plan, period = given
            self.cards.append((by, by.buy(plan, at, period=period)))
        elif what == "first":
            by, checkout = self.opened.pop(0)
            self.cards.append((by, by.pay(at, checkout=checkout)[1]))
            by.tell(checkout.plan_id, at, period=checkout.billing_period)
        elif what == "packs":
            by = Buyer(self.provider, self.shop, self.organization)
            self.cards.append((by, by.pay(at, checkout=by.checkout(packs=given[0]))[1]))
        elif what == "change":
            by, _ = self.cards[0]
            plan, period, cents = given
            self.cards.append((by, by.pay(at, kind="plan_change", plan=plan, period=period, cents=cents)[1]))
        elif what == "renew":
            by, _ = self.cards[0]
            cents = PRICES[given[0]]
            credit = {"credit": cents} if "credit" in given and self.provider == "paddle" else {}
            renewal = by.pay(at, kind="renewal", plan=given[0], cents=cents, **credit)[1]
            self.cards += [(by, renewal)] if "last" in given else []
            by.tell(given[0], at)
        elif what == "seen":
            by, _ = self.cards[0]
            by.tell(given[0], at, period=given[1], status=given[2] if len(given) > 2 else "active")
        elif what == "upgrade":
            by, _ = self.cards[0]
            by.tell(given[0], at)
            by.pay(at, kind="plan_change", plan=given[0], cents=given[1])
        elif what in ("dispute", "won"):
            by, payment = self.cards[given[1] if len(given) > 1 else 0]
            tell = by.money_back if what == "dispute" else by.take_word_back
            tell(payment, "chargeback", at, id=f"dispute_{by.number}", cents=given[0] if given else None)
        elif what == "failed":
            by, payment = self.cards[0]
            by.take_word_back(payment, "refund", at, id=f"refund_{by.number}")
        else:
            by, payment = self.cards[given[1] if len(given) > 1 else 0]
            cents = int(Payment.objects.get(external_id=payment).amount_minor * PARTS[given[0]])
            by.money_back(payment, "refund", at, cents=cents, id=f"refund_{by.number}")

    def do(self, what, *given):
        organization = self.organization
        if what == "pay":
            self.paid = invoices.confirm(invoice=self.orders.pop(0), by=None)
        elif what == "credit":
            invoices.credit(invoice=self.paid, by=None, reason="As asked")
        elif what == "spend":
            self.number += 1
            hold = holds.place(organization=organization, amount=D(given[0]), key=f"work:{self.number}")
            holds.capture(hold=hold, amount=D(given[0]), key=f"item:{self.number}")
            holds.close(hold=hold)
        elif what in ("open", "begin", "write", "end"):
            self.do_work(what, *given)
        elif what == "topup":
            corrections.topup(organization=organization, amount=D(given[0]), by=None)
        elif what == "overage":
            corrections.set_overage(organization=organization, enabled=True, by=None)
        elif what == "reset":
            corrections.reset_cycle(organization=organization, by=None)
        elif what == "dunning":
            dunning.run()
        elif what == "settle":
            settlement.settle(organization)
        else:
            plan, at_once = Plan.objects.get(pk=given[0]), what != "put"
            corrections.change_plan(organization=organization, plan=plan, allocate_immediately=at_once, by=None)

    def do_work(self, what, *given):
        self.number += 1
        if what == "open":
            by = Buyer(self.provider, self.shop, self.organization)
            self.opened.append((by, by.checkout(*given)))
        elif what == "begin":
            self.work = holds.place(organization=self.organization, amount=D(given[0]), key="work")
        elif what == "write":
            holds.capture(hold=self.work, amount=D(given[0]), key=f"item:{self.number}")
        else:
            holds.close(hold=self.work)

    def run(self, facts, deeds, told):
        """Facts are told at a time, or in time if that is None. Of (at, when) each is told `when`."""
        for _, _, plan, period in (deed for deed in deeds if deed[1] == "pay"):
            plan = Plan.objects.get(pk=plan)
            self.orders.append(orders.order_plan(organization=self.organization, plan=plan, billing_period=period))
        steps = []
        for at, *what in facts:
            at, when = at if isinstance(at, tuple) else (at, told)
            in_time = told is None or (at < 0 and what[0] in AT_ONCE)
            steps.append((at if in_time else max(at, when), self.tell, (self.now + timedelta(hours=at), *what)))
        steps += [(at, self.do, what) for at, *what in deeds]
        for at, step, given in sorted(steps, key=lambda one: one[0]):
            with clock(self.now + timedelta(hours=at)):
                settlement.roll_over(self.organization)
                provider_events.sweep()
                step(*given)
        return self

    def end(self, *also):
        """What is there after some days; reconcile names nothing but what follows from the story, and `also` these."""
        found = []
        for days in (3, 33, 65, 100):
            with clock(self.now + timedelta(days=days)):
                settlement.roll_over(self.organization)
                wallet = books.check(self.organization)
                kinds = wallet.subscription_balance, wallet.topup_balance, wallet.overage_owed
                found.append((outcome(self.cards[0][0]), kinds))
            if days == 3:
                with clock(self.now + timedelta(days=days)):
                    mine = (one for one in reconciliation.find() if one.organization_id == self.organization.pk)
                    assert {one.check for one in mine} <= {"usage_is_what_was_charged", "subscription_is_paid", *also}
        return found


@pytest.mark.each_value("provider")
@pytest.mark.parametrize("story", some(STORIES, 6))
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.usefixtures("seller", "rate")
def test_a_late_word_changes_nothing(provider, shop, story):
    facts, deeds, told = STORIES[story]
    ends = [Story(provider, shop, NOW).run(facts, deeds, when).end() for when in (None, told)]
    assert ends[1] == ends[0]


@pytest.mark.each_value("provider")
@pytest.mark.parametrize("story", some(LATE_IN_PART, 2))
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.usefixtures("seller", "rate")
def test_a_late_word_beside_others_in_time_changes_nothing(provider, shop, story):
    facts, deeds, days, *named = LATE_IN_PART[story]
    ends = []
    for told in (None, 0):
        one = Story(provider, shop, NOW).run(facts, deeds, told)
        one.now += timedelta(days=days)
        ends.append(one.end(*named))
    assert ends[1] == ends[0]


@pytest.mark.each_value("provider")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("packs", [1, 2])
@pytest.mark.usefixtures("seller", "rate")
def test_packs_that_are_told_late_bear_what_was_spent_beyond_the_plan(provider, shop, packs):
    """It was billed as overage, and the packs stayed whole beside it."""
    story = Story(provider, shop, NOW)
    deeds = [(-40, "overage"), (-30, "spend", 1000), (-10, "spend", 500)]
    story.run([(-48, "bought", "starter", "monthly")], deeds, None)
    with clock(NOW):
        by = Buyer(provider, shop, story.organization)
        by.pay(NOW - timedelta(hours=20), checkout=by.checkout(packs=packs))
        wallet = books.check(story.organization)
        assert (wallet.topup_balance, wallet.overage_owed) == (500 * packs - 500, 0)
        assert {one.check for one in reconciliation.find()} <= {"usage_is_what_was_charged"}


@pytest.mark.each_value("provider")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.usefixtures("seller", "rate")
def test_what_work_gave_back_of_an_ended_month_stays_expired(provider, shop):
    """It came back with the month after it, in that one's time of grace: XCT that nobody had paid for."""
    facts = [(-31 * DAY, "bought", "starter", "monthly"), (0, "renew", "starter")]
    deeds = [(-5, "begin", 900), (3, "write", 180), (30, "spend", 700), (55, "end")]
    story = Story(provider, shop, NOW).run(facts, deeds, None)
    with clock(NOW + timedelta(days=31)):
        settlement.settle(story.organization)
        assert books.check(story.organization).subscription_balance == 300


@pytest.mark.each_value("provider")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.usefixtures("seller", "rate")
def test_work_of_an_ended_month_takes_nothing_of_the_one_beside(provider, shop):
    """What it had held of the ended month counted as spent of the one that ran when it began: as much expired again."""
    facts = [(-31 * DAY, "bought", "starter", "monthly"), (-10 * DAY, "bought", "business", "monthly")]
    deeds = [(-5, "begin", 900), (3, "write", 300), (55, "end"), *((hours, "settle") for hours in (1, 4, 20, 56))]
    story = Story(provider, shop, NOW).run(facts, deeds, None)
    with clock(NOW + timedelta(days=3)):
        assert books.check(story.organization).subscription_balance == 20_000


@pytest.mark.each_value("provider")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.usefixtures("seller", "rate")
def test_what_work_gave_back_of_the_free_plan_stays_expired(provider, shop):
    deeds = [(-5, "begin", 50), (3, "write", 10), (30, "spend", 700), (55, "end")]
    story = Story(provider, shop, NOW).run([(0, "buy", "starter", "monthly")], deeds, None)
    with clock(NOW + timedelta(days=31)):
        settlement.settle(story.organization)
        assert books.check(story.organization).subscription_balance == 300


@pytest.mark.each_value("provider")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.usefixtures("seller", "rate")
def test_what_staff_set_begins_no_month_before_its_turn(provider, shop):
    """When an invoice's period waited again, its months count from later: the end of another card's began one more."""
    facts = [(-10 * DAY, "bought", "starter", "monthly"), (1, "bought", "business", "monthly")]
    deeds = [(0, "pay", "business", "monthly"), (24, "put", "business")]
    story = Story(provider, shop, NOW).run(facts, deeds, None)
    for days in range(2, 28):
        with clock(NOW + timedelta(days=days)):
            settlement.roll_over(story.organization)
    months = Cycle.objects.of(story.organization).filter(source=Cycle.Source.MONTH)
    assert not months.filter(plan="business").exists()


@pytest.mark.each_value("provider")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.usefixtures("seller", "rate")
def test_what_goes_back_of_a_lost_plan_moves_no_period_that_waited_for_it(provider, shop):
    story = Story(provider, shop, NOW)
    story.run([(-48, "bought", "business", "monthly")], [(-47, "pay", "starter", "monthly")], None)
    by, payment = story.cards[0]
    for hours, part in ((-24, 0.7), (24, 0.1)):
        at = NOW + timedelta(hours=hours)
        with clock(at):
            cents = int(Payment.objects.get(external_id=payment).amount_minor * part)
            by.money_back(payment, "refund", at, cents=cents, id=f"refund_{hours}")
    waited = PaidPeriod.objects.of(story.organization).get(key__startswith="invoice:")
    assert waited.begins_at == NOW - timedelta(hours=24)


@pytest.mark.each_value("provider")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.usefixtures("seller", "rate")
def test_what_is_kept_of_a_lost_plan_outlives_the_turn_of_the_free_plans_month(provider, shop):
    facts = [
        (-40 * DAY, "bought", "starter", "monthly"),
        (-32 * DAY, "back", "all"),  # from when on the Free plan's months are counted
        (-20 * DAY, "buy", "business", "monthly"),
        (-5 * DAY, "back", "most", 1),
    ]
    story = Story(provider, shop, NOW).run(facts, [], None)
    for days, xct in ((-4, 6_050), (1, 6_050), (11, 50), (30, 50)):
        with clock(NOW + timedelta(days=days)):
            settlement.roll_over(story.organization)
            assert books.check(story.organization).subscription_balance == xct
