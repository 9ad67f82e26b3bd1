"""The base of views that take webhooks signed by others."""

from typing import IO, NoReturn

from rest_framework.parsers import BaseParser

from scribe.api import rate_limits
from scribe.api.addresses import client_address, network_of
from scribe.api.views import ScribeViewSet
from scribe.types import ReadOnlyJson


class RawBody(BaseParser):
    """Leaves the body unparsed: the signature is over the raw bytes."""

    media_type = "*/*"

    def parse(  # type: ignore[override]  # it stays as it came
        self, stream: IO[bytes], media_type: str | None = None, parser_context: ReadOnlyJson | None = None
    ) -> bytes:
        return bytes(stream.read())


class SignedWebhooks(ScribeViewSet):
    """Rate limits count forged deliveries only: `_refuse` does."""

    parser_classes = [RawBody]
    idempotent = False

    def _limit(self, default: str, who: str) -> None:
        """Counts nothing yet."""

    def _refuse(self, error: Exception) -> NoReturn:
        rate_limits.check("bad_webhook", network_of(client_address(self.request)))
        raise error from None
