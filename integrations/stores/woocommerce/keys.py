"""WooCommerce's keys: how they are sent, and the meaning of a refusal.

https://woocommerce.github.io/woocommerce-rest-api-docs/#authentication. WooCommerce answers an unknown key like a
missing one. A wrong secret and an insufficient scope share a code. Over plain http it ignores keys. A refusal with another code is not its own.
"""

import base64

from integrations.stores.errors import NotAuthorized
from integrations.stores.http import Pause
from integrations.stores.types import Credentials
from integrations.stores.wordpress.site import CoreHTTP
from scribe.messages import _
from scribe.types import Json, JsonValue

UNSIGNED = frozenset(
    ("woocommerce_rest_cannot_view", "woocommerce_rest_cannot_batch", "rest_forbidden", "rest_not_logged_in")
)
# The code for both a wrong secret and an insufficient scope. The message beside it is in the site's language.
WRONG_KEY = "woocommerce_rest_authentication_error"
READ_ONLY = _("The key can only read. Create a WooCommerce key with read/write permission.")
WRITE_ONLY = _("The key can only write. Create a WooCommerce key with read/write permission.")
CLOSED = _(
    "The site blocks the request before WooCommerce sees the key: “{text}”. A security plugin may "
    "be blocking the REST API: allow /wp-json/wc/ for requests with a key."
)


class WooHTTP(CoreHTTP):
    """Basic authentication. If a server drops that header, the same pair is sent in the query (over https only)."""

    def __init__(self, credentials: Credentials, pause: Pause) -> None:
        pair = f"{credentials.consumer_key}:{credentials.consumer_secret}".encode()
        self.credentials = credentials
        self.in_query = False
        self.reads = False  # these credentials have read something
        header = {"Authorization": "Basic " + base64.b64encode(pair).decode()}
        super().__init__(
            credentials.base_url, sign=lambda method, url, params: {} if self.in_query else header, pause=pause
        )

    def call(self, method: str, path: str, **kwargs: object) -> JsonValue:
        if not kwargs.get("signed", True):
            return super().call(method, path, **kwargs)  # type: ignore[arg-type]  # handed on
        answer = self._with_header(method, path, kwargs)
        if answer is None:
            try:
                answer = super().call(method, path, **{**kwargs, "params": self._with_keys(kwargs.get("params"))})  # type: ignore[arg-type]  # handed on
            except NotAuthorized as error:
                self.in_query = error.details.get("store_code") not in UNSIGNED
                raise
            self.in_query = True
        self.reads = self.reads or method == "GET"
        return answer

    def _with_header(self, method: str, path: str, kwargs: Json) -> JsonValue:
        """The answer to a request with the header; None if the store saw no key, so that the query is tried next."""
        if self.in_query:
            return None
        try:
            return super().call(method, path, **kwargs)
        except NotAuthorized as error:
            # The store saw no key: the header did not arrive, or the key is unknown. A wrong secret has another code.
            if error.details.get("store_code") in UNSIGNED and self.secure:
                return None
            raise

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https:")

    def _with_keys(self, params: JsonValue) -> list[tuple[str, JsonValue]]:
        pairs = list(params.items()) if hasattr(params, "items") else list(params or [])
        keys = self.credentials
        return [*pairs, ("consumer_key", keys.consumer_key), ("consumer_secret", keys.consumer_secret)]

    def refusal(self, status: int, code: str, text: str) -> str:
        if code in UNSIGNED and not self.secure:
            return _(
                "WooCommerce accepts keys over https only. Change the connection's address to https://. If a "
                "proxy adds https, check the key."
            )
        if code == WRONG_KEY and self.reads:  # this key has read before, so its secret is right
            return READ_ONLY
        if text and not code.startswith("woocommerce_"):  # it is not WooCommerce who refuses
            return CLOSED.format(text=text.rstrip("."))
        return _("WooCommerce rejected the consumer key or secret. Check both.")
