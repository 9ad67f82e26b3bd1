"""The operations that say what a start would cost: each runs the start itself, up to the point where XCT are set aside."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from scribe import spending_limit
from scribe.api.fields import DecimalString, decimal
from scribe.api.schema import operation
from scribe.api.serializers import Reply
from scribe.api.views import ScribeViewSet


class QuoteReply(Reply):
    """What the work would cost in XCT. The bill never exceeds `xct_max`; send that as `max_xct` with the start, and a
    price that has risen meanwhile is refused (409 `max_xct_exceeded`)."""

    xct_expected = DecimalString()
    xct_max = DecimalString()
    balance_after = DecimalString(help_text="The balance available after the expected price. Can be negative.")


def estimate_of(start: Callable[..., HttpResponse]) -> Callable[..., Response]:  # type: ignore[explicit-any]  # of any parameters
    """The operation that says what `start`, an operation of the same view, would cost with the same body. It refuses
    what `start` refuses, but for a balance that is too low, and saves nothing."""
    about, access = start.about, start.access  # type: ignore[attr-defined]

    @operation(
        scope=access.scope.replace(":write", ":read"),
        live=access.live,
        support=access.support,
        summary=f"Estimate: {about.summary}",
        description="The price of the operation with this request body. Nothing is started or saved.",
        request=about.request,
        responses={200: QuoteReply},
        errors=sorted({400, *about.errors} - {402, 412, 502, 504}),
    )
    def estimate(self: ScribeViewSet, request: Request, **ids: object) -> Response:
        spending_limit.only_ask()
        try:
            with transaction.atomic():
                start(self, request, **ids)
                raise RuntimeError(f"{start.__qualname__} started without a price")
        except spending_limit.PriceAsked as price:
            available = self.principal.organization.wallet.for_caller().available
            return Response(
                {
                    "xct_expected": decimal(price.xct_expected),
                    "xct_max": decimal(price.xct_max),
                    "balance_after": decimal(available - price.xct_expected),
                }
            )

    estimate.__name__ = f"estimate_{start.__name__}"
    return estimate
