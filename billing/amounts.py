"""Amounts of XCT: exact decimals with four places."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

STEP = Decimal("0.0001")
CENT = Decimal("0.01")


def xct(value: Decimal | int | str) -> Decimal:
    """`value` with four places, rounded half up."""
    return Decimal(value).quantize(STEP, ROUND_HALF_UP)


def rounded_up(value: Decimal) -> Decimal:
    """A cost with four places, rounded up."""
    return value.quantize(STEP, ROUND_CEILING)


def cents(value: Decimal) -> Decimal:
    """Money with two places, rounded half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


def format_amount(value: Decimal) -> str:
    """The amount as people read it, without trailing zeros."""
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return text if text not in ("-0", "") else "0"
