"""One WordPress site's REST API: its address, signing in, and many requests in one call.

https://developer.wordpress.org/rest-api/. The API answers below /wp-json/, or with plain permalinks at ?rest_route=.
"""

import base64
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import cached_property

from integrations.stores import paging
from integrations.stores.errors import LostAnswer, Missing, NotAStore, NotAuthorized, Rejected, StoreError
from integrations.stores.http import Pause, StoreHTTP
from integrations.stores.types import Credentials
from integrations.stores.wordpress import guard
from scribe.messages import _
from scribe.types import Json, JsonValue
from scribe.written import whole

STATUSES = "publish,future,draft,pending,private"
BATCH = 25  # rest_get_max_batch_size


WRONG_KEY = frozenset(("incorrect_password", "invalid_username", "invalid_email"))
#: WordPress took us for a stranger, so it did not look at the password, or a plugin closes the API to strangers.
UNSIGNED = frozenset(("rest_not_logged_in", "rest_login_required", "rest_cannot_access", "rest_disabled"))
STRANGER = UNSIGNED | {"rest_forbidden", "rest_forbidden_context", "rest_invalid_param"}
UNSEEN = _(
    "The site did not receive the user name and application password: “{text}”. A security plugin "
    "may be blocking the REST API, or the server drops the Authorization header."
)
PASSWORDS_OFF = _(
    "Application passwords are disabled on this site, by a security plugin or because the site has "
    "no https. Enable them, then create one in WordPress under Users > Profile."
)


class CoreHTTP(StoreHTTP):
    """Answers that WordPress itself gives, whichever of its APIs is asked."""

    def unread(self, status: int, code: str) -> bool:
        """See the base class: our plugin was too busy for the write."""
        return status == 503 and code == guard.BUSY_CODE

    def under_maintenance(self, status: int, code: str) -> bool:
        """See the base class. Core ends each request before it loads anything, with `Retry-After: 600` (`wp_maintenance`), and
        stops that after ten minutes at the latest."""
        return status == 503 and code == "wp_die"


class WordPressHTTP(CoreHTTP):
    def refusal(self, status: int, code: str, text: str) -> str:
        if code in WRONG_KEY:
            return _("WordPress rejected the user name or application password. Check both.")
        if code in UNSIGNED:
            return UNSEEN.format(text=text.rstrip(".") or code)
        return text or _("This WordPress user does not have permission to do this.")


@dataclass(frozen=True)
class WriteRequest:
    """One write to the API; `route` is its path, such as /wp/v2/posts."""

    route: str
    body: Json
    method: str = "POST"


class Site:
    """`consumer_key` is the user's name, `consumer_secret` the application password (spaces in it don't matter)."""

    def __init__(self, credentials: Credentials, *, pause: Pause = time.sleep) -> None:
        pair = f"{credentials.consumer_key}:{credentials.consumer_secret}".encode()
        header = {"Authorization": "Basic " + base64.b64encode(pair).decode()}
        self.http = WordPressHTTP(credentials.base_url, sign=lambda method, url, params: header, pause=pause)
        self._has_batch = True

    @cached_property
    def root(self) -> Json:
        """The index of the API, found at either address; {} if a plugin hides it, so that only a later call can fail.

        The call carries no credentials: a refusal of the index tells nothing about the user's password.
        """
        fields = "name,url,home,namespaces,authentication,gmt_offset,timezone_string"
        for plain in (False, True):
            path, route = ("/", {"rest_route": "/"}) if plain else ("/wp-json/", {})
            try:
                found = self.http.json("GET", path, params={**route, "_fields": fields}, signed=False)
            except (NotAuthorized, Rejected):  # hidden, but the API itself refused, so the address is right
                self._plain = plain
                return {}
            except (Missing, NotAStore):
                continue
            if isinstance(found, dict) and ("namespaces" in found or "name" in found):
                self._plain = plain
                return found
        return {}

    _plain = False

    def address(self, route: str, params: Json | None) -> tuple[str, Json]:
        self.root  # noqa: B018 - finds out which of the two addresses it is
        return ("/", {"rest_route": route, **(params or {})}) if self._plain else ("/wp-json" + route, params or {})

    def call(self, method: str, route: str, params: Json | None = None, **kwargs: object) -> JsonValue:
        path, found = self.address(route, params)
        try:
            return self.http.call(method, path, params=found, **kwargs)  # type: ignore[arg-type]  # handed on
        except (NotAuthorized, Rejected) as error:
            if kwargs.get("signed", True) and error.details.get("store_code") in STRANGER and self.takes_no_passwords:
                raise NotAuthorized(PASSWORDS_OFF, code="store_passwords_off", status=error.status) from error
            raise

    @property
    def takes_no_passwords(self) -> bool:
        """Whether the index lists the ways to sign in, and application passwords (core since 5.6) are not among them."""
        listed = self.root.get("authentication")
        return listed is not None and "application-passwords" not in listed

    def get(self, route: str, **params: object) -> JsonValue:
        return self.call("GET", route, params)[0]

    def count(self, route: str, **params: object) -> int:
        """The number of rows in a collection. If the header with the total got lost, all pages are read."""
        _unused, response = self.call("GET", route, {**params, "per_page": 1, "_fields": "id"})
        total = whole(response.headers.get("X-WP-Total", ""), digits=paging.DIGITS)
        return len(self.all(route, **params, _fields="id")) if total is None else total

    def all(self, route: str, **params: object) -> list[Json]:
        """Every row of a collection, 100 at a time."""
        rows: list[Json] = []
        walk = paging.Pager()
        for number in paging.numbers():
            answer, response = self.call("GET", route, {**params, "per_page": 100, "page": number})
            found = paging.rows_of(answer)
            walk.step(route, number, found)
            rows += found
            pages = whole(response.headers.get("X-WP-TotalPages", ""), digits=paging.DIGITS)
            if len(found) < 100 or (pages is not None and number >= pages):
                break
        return rows

    def write(self, request: WriteRequest, *, repeatable: bool = True, timeout: float = 60) -> JsonValue:
        return self.call(request.method, request.route, json=request.body, repeatable=repeatable, timeout=timeout)[0]

    def write_all(self, requests: Sequence[WriteRequest]) -> list[Json | StoreError]:
        """Send many writes, up to 25 in one call (core since 5.6), or one by one if the site has no batches.

        Returns an answer or error for each, in order. Writes are not repeated after a lost answer.
        """
        answers: list[Json | StoreError] = []
        for start in range(0, len(requests), BATCH):
            some = requests[start : start + BATCH]
            batched = self._batch(some) if self._has_batch and len(some) > 1 else None
            answers += batched if batched is not None else [self._one(request) for request in some]
        return answers

    def _batch(self, requests: Sequence[WriteRequest]) -> list[Json | StoreError] | None:
        entries = [{"method": r.method, "path": r.route, "body": r.body} for r in requests]
        try:
            found, _unused = self.call("POST", "/batch/v1", json={"requests": entries}, repeatable=False, timeout=120)
        except (Missing, NotAStore):
            self._has_batch = False
            return None
        answers: list[Json | StoreError] = []
        for entry in found.get("responses") or []:
            body, status = entry.get("body") or {}, int(entry.get("status") or 500)
            answers.append(body if 200 <= status < 300 else item_error(body, status))
        answers += [LostAnswer(_("The site did not answer."), sent=True)] * (len(requests) - len(answers))
        return answers

    def _one(self, request: WriteRequest) -> Json | StoreError:
        try:
            found = self.write(request, repeatable=False)
        except (Rejected, Missing) as error:
            return error
        return found if isinstance(found, dict) else {}


def item_error(body: Json, status: int) -> StoreError:
    code, message = str(body.get("code") or ""), str(body.get("message") or "")
    more: Json = {"status": status, "store_code": code, "data": body.get("data")}
    if status in (404, 410):
        return Missing(message or _("It is no longer on the site."), **more)
    if status >= 500:  # the change may have been saved nevertheless
        return LostAnswer(message or _("The site had an internal error."), sent=True, **more)
    return Rejected(message or _("The site rejected the change (status {status}).", status=status), **more)
