"""Calls to a shop's GraphQL Admin API: cost-based throttling, errors inside good answers, tokens that expire.

https://shopify.dev/docs/api/usage/limits: each app and shop has a bucket of points. Each answer tells its refill rate.
"""

import random
import re
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from integrations.stores import paging
from integrations.stores.errors import (
    LostAnswer,
    NotAuthorized,
    Rejected,
    StoreError,
    StorePermanentError,
    StoreTransientError,
    Throttled,
    TooMuch,
)
from integrations.stores.http import Pause, StoreHTTP
from integrations.stores.types import Credentials
from scribe.http.client import Response
from scribe.messages import _
from scribe.types import Json, JsonValue

AGAIN = _("Shopify keeps sending the same page. We recorded the error; please try again later.")
VERSION = re.compile(r"\d{4}-(01|04|07|10)")
THROTTLED_TRIES = 60
ERRORS = "errors"


def version() -> str:
    if not VERSION.fullmatch(settings.SHOPIFY_API_VERSION):
        raise ImproperlyConfigured("SHOPIFY_API_VERSION must look like 2026-10.")
    return str(settings.SHOPIFY_API_VERSION)


class Bucket:
    """An estimate of the shop's points: those of the last answer, and those refilled since."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._available = self._most = self._rate = 0.0
        self._at = 0.0
        self._costs: dict[str, float] = {}

    def learn(self, name: str, cost: Json) -> None:
        status = cost.get("throttleStatus") or {}
        with self._lock:
            self._most = float(status.get("maximumAvailable") or 0)
            self._available = float(status.get("currentlyAvailable") or 0)
            self._rate = float(status.get("restoreRate") or 0)
            self._at = time.monotonic()
            if cost.get("requestedQueryCost"):
                self._costs[name] = float(cost["requestedQueryCost"])

    def wait(self, name: str) -> float:
        """Take the points for this kind of call, and return the seconds until they are there."""
        with self._lock:
            if not self._rate:
                return 0.0
            now = time.monotonic()
            self._available = min(self._most, self._available + (now - self._at) * self._rate)
            self._at = now
            lacking = min(self._costs.get(name, 0.0), self._most) - self._available
            self._available -= self._costs.get(name, 0.0)
            return max(0.0, lacking / self._rate)


class ShopifyHTTP(StoreHTTP):
    """`renew()` returns a fresh token after a 401 for an expired one. Without `renew`, a 401 is final."""

    def __init__(self, credentials: Credentials, pause: Pause, renew: Callable[[], str] | None = None) -> None:
        self.token = credentials.access_token
        self.renew = renew
        self.bucket = Bucket()
        self._renewing = threading.Lock()
        super().__init__(
            credentials.base_url, sign=lambda method, url, params: {"X-Shopify-Access-Token": self.token}, pause=pause
        )

    def ask(self, document: str, variables: Json | None = None, *, timeout: float = 30) -> Json:
        """The `data` of an answer. Mutations are not repeated after a lost answer, although ours set absolute values.

        If only some parts of a mutation succeeded, `data` has these, and under `ERRORS` the others' errors by alias.
        """
        name = document.split("(", 1)[0].split("{", 1)[0].strip()
        body = {"query": document, "variables": variables or {}}
        patience = self.longest_wait if name.startswith("query") else min(self.longest_wait, self.write_patience)
        for attempt in range(THROTTLED_TRIES):
            if (wait := self.bucket.wait(name)) > 0:
                if wait > patience:
                    raise Throttled(_("Shopify is limiting our requests. We will try again shortly."), retry_after=wait)
                patience -= wait
                self.pause(wait)
            try:
                return self._ask(name, body, timeout)
            except Throttled as error:
                wait = (error.retry_after or 1.0) + random.uniform(0.05, 0.25)  # noqa: S311 - jitter
                if attempt == THROTTLED_TRIES - 1 or wait > patience:
                    raise
                patience -= wait
                self.waiting(error, wait)
                self.pause(wait)
        raise AssertionError("unreachable")

    def _ask(self, name: str, body: Json, timeout: float) -> Json:
        path = f"/admin/api/{version()}/graphql.json"
        token = self.token
        try:
            answer = self.json("POST", path, json=body, timeout=timeout, repeatable=name.startswith("query"))
        except NotAuthorized as error:
            if error.status != 401 or self.renew is None:
                raise
            with self._renewing:
                if self.token == token:
                    self.token = self.renew()
            answer = self.json("POST", path, json=body, timeout=timeout, repeatable=name.startswith("query"))
        if not isinstance(answer, dict):
            text = _("Shopify did not return a usable reply.")
            raise Rejected(text) if name.startswith("query") else LostAnswer(text, sent=True)
        cost = (answer.get("extensions") or {}).get("cost") or {}
        if cost:
            self.bucket.learn(name, cost)
        data: Json = answer.get("data") or {}
        if errors := answer.get("errors"):
            if name.startswith("query") or not any(data.values()):
                raise graphql_error(errors, cost)
            return {**data, ERRORS: by_part(errors)}
        return data

    def error_of(self, response: Response) -> StoreError:
        if response.status == 402:
            return StorePermanentError(
                _("The store is frozen. Its owner must pay the open bill at Shopify."), code="store_frozen"
            )
        if response.status == 423:
            return StorePermanentError(_("Shopify has locked the store."), code="store_locked")
        return super().error_of(response)

    def refusal(self, status: int, code: str, text: str) -> str:
        return (
            _("Shopify rejected the access token. Connect the store again.")
            if status == 401
            else text or _("Shopify rejected the request.")
        )

    def reason(self, body: object) -> tuple[str, str]:
        errors = body.get("errors") if isinstance(body, dict) else None
        return "", errors[:500] if isinstance(errors, str) else ""


def by_part(errors: JsonValue) -> dict[str, StoreError]:
    """The errors of an answer by alias, that is by the part of the document that failed."""
    listed = [e for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []
    return {str((e.get("path") or [""])[0]): graphql_error([e], {}) for e in reversed(listed)}


def graphql_error(errors: JsonValue, cost: Json) -> StoreError:
    first: Json = errors[0] if isinstance(errors, list) and errors else {"message": str(errors)}
    extensions = first.get("extensions") or {}
    code, message = str(extensions.get("code") or ""), str(first.get("message") or "")[:500]
    if code == "THROTTLED" or message == "Throttled":
        status = cost.get("throttleStatus") or {}
        lacking = float(cost.get("requestedQueryCost") or 0) - float(status.get("currentlyAvailable") or 0)
        return Throttled(
            _("Shopify is limiting our requests. We will try again shortly."),
            retry_after=max(0.5, lacking / float(status.get("restoreRate") or 50)),
        )
    if code == "MAX_COST_EXCEEDED":
        return TooMuch(message, store_code=code)
    if code == "ACCESS_DENIED":
        needed = extensions.get("requiredAccess") or message
        return NotAuthorized(
            _("The app lacks a permission in this store: {needed}", needed=needed), status=403, store_code=code
        )
    if code in ("INTERNAL_SERVER_ERROR", "TIMEOUT"):
        return StoreTransientError(_("Shopify had an internal error."), sent=True, store_code=code)
    return Rejected(_("Shopify rejected the request: {message}", message=message), store_code=code)


class Cursors:
    """The cursors of one walk. None comes twice, and there are no more than of other lists, so a walk ends."""

    def __init__(self, first: str | None = None) -> None:
        self._seen = {first}
        self._numbers = paging.numbers()

    def after(self, connection: Json | None) -> str | None:
        """The cursor of the page after `connection`, as Shopify answered it; None after the last page."""
        info = (connection or {}).get("pageInfo") or {}
        if not info.get("hasNextPage"):
            return None
        next(self._numbers)
        cursor = str(info["endCursor"])
        if cursor in self._seen:
            raise StorePermanentError(AGAIN, code="store_repeats_pages")
        self._seen.add(cursor)
        return cursor
