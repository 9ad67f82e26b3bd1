"""What happens to a buyer, step by step, to be told in any order."""

from __future__ import annotations

from itertools import permutations

from tests.sizes import size


def bought(plan, at, period="monthly"):
    """Order a plan, pay for it, and hear of it."""

    def step(buyer):
        _, buyer.first = buyer.pay(at, checkout=buyer.checkout(plan, period))
        buyer.tell(plan, at, period=period)

    return step


def word(plan, at, period="monthly", **fields):
    return lambda buyer: buyer.tell(plan, at, period=period, **fields)


def paid(cents, at, plan="starter", period="monthly", **fields):
    def step(buyer):
        told = {"kind": "plan_change", **fields}
        if name := told.pop("name", ""):
            told["id"] = f"{name}_{buyer.number}"
        buyer.pay(at, cents=cents, plan=plan, period=period, **told)

    return step


def back(name, cents, at):
    return lambda buyer: buyer.money_back(f"{name}_{buyer.number}", "refund", at, cents=cents)


def lost(name, cents, at):
    """A dispute of the payment that is lost."""
    return lambda buyer: buyer.money_back(
        f"{name}_{buyer.number}", "chargeback", at, cents=cents, id=f"dis_{name}_{buyer.number}"
    )


def won(name, cents, at):
    return lambda buyer: buyer.take_word_back(
        f"{name}_{buyer.number}", "chargeback", at, cents=cents, id=f"dis_{name}_{buyer.number}"
    )


def same_in_any_order(told, steps, *, first=(), also=()):
    """The end of the steps in their own order, which is that of some others too, the reverse one among them, and those
    named."""
    names = list(steps)
    orders = list(permutations(name for name in names if name not in first))
    in_time, number = told(steps, names), size(3, 4)
    for at in range(1, number + 1):
        order = orders[at * len(orders) // number - 1]
        assert told(steps, [*first, *order]) == in_time, order
    for named in also:
        assert told(steps, named.split()) == in_time, named
    return in_time
