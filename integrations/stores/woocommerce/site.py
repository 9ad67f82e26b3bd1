"""The site behind a WooCommerce connection: the key's rights to read and write, the site's name, and its plugins."""

from urllib.parse import urlsplit

from django.utils.functional import cached_property

from integrations.stores import paging
from integrations.stores.errors import Missing, NotAStore, NotAuthorized, StoreError, StorePermanentError
from integrations.stores.types import StoreInfo
from integrations.stores.woocommerce.keys import READ_ONLY, WRITE_ONLY, WRONG_KEY, WooHTTP
from integrations.stores.woocommerce.values import API, name_of, text
from integrations.stores.wordpress import guard
from scribe.messages import _
from scribe.types import Json, JsonValue

PLAIN_PERMALINKS = _(
    "WooCommerce's API does not work with Plain permalinks. Choose another structure in WordPress "
    "under Settings > Permalinks."
)
PATH_CLOSED = _(
    "WordPress works, but a security plugin, the server or a firewall blocks /wp-json/. {answer} "
    "Allow /wp-json/wc/ for requests with a key."
)


class WooSite:
    def __init__(self, http: WooHTTP) -> None:
        self.http = http
        self.looked_at: list[JsonValue] = []  # the product that `check_keys` read

    def check_keys(self) -> None:
        """Check that the key may read and write; raise StoreError if not. The write is an empty batch."""
        try:
            self.http.json("POST", f"{API}/products/batch", json={"update": []})
        except NotAuthorized as error:
            if error.details.get("store_code") == WRONG_KEY:
                self._read_one()  # if it may read, its scope is too small; else this raises for a wrong secret
                raise NotAuthorized(READ_ONLY, code="store_key_read_only", status=error.status) from None
            raise
        except Missing:  # no such route: WooCommerce is not active, or batches are switched off
            if not self._runs_here:
                raise StorePermanentError(
                    _("WooCommerce is not active on this site. Activate it in WordPress."),
                    code="woocommerce_not_active",
                ) from None
            self._read_one()
        except NotAStore as error:
            self._look_beside(error)
            raise
        else:
            if not self.http.in_query:  # if the header is dropped, the three calls are used up
                self._read_after_write()

    def _read_after_write(self) -> None:
        try:
            self._read_one()
        except NotAuthorized as error:
            if error.details.get("store_code") != WRONG_KEY:
                raise
            raise NotAuthorized(WRITE_ONLY, code="store_key_write_only", status=error.status) from None

    def _read_one(self) -> None:
        asked = {"per_page": 1, "context": "edit", "_fields": f"id,{guard.PARAM}", **guard.asking(())}
        self.looked_at = paging.rows_of(self.http.json("GET", f"{API}/products", params=asked))

    def _look_beside(self, error: NotAStore) -> None:
        """Raise the reason for a web page at /wp-json/, where WordPress answers at its other address: each answer names
        the address that the permalinks give its API (`WP_REST_Server::serve_request`). Else do nothing."""
        asked = {"rest_route": "/", "_fields": "name,namespaces"}
        try:
            found, response = self.http.call("GET", "/", params=asked, signed=False)
        except StoreError:
            return
        if not isinstance(found, dict) or "namespaces" not in found:
            return
        if "rest_route=" in response.headers.get("Link", "rest_route="):
            raise StorePermanentError(PLAIN_PERMALINKS, code="store_plain_permalinks") from error
        raise NotAStore(PATH_CLOSED.format(answer=error.message), status=error.status) from error

    @cached_property
    def root(self) -> Json:
        """The site's index: its name and its plugins' namespaces; {} if a plugin hides it. The call carries no
        credentials: WordPress itself would check them, and refuses a WooCommerce key as a wrong user name once anybody
        on the site has an application password.
        """
        try:
            found = self.http.json("GET", "/wp-json/", params={"_fields": "name,url,home,namespaces"}, signed=False)
        except StorePermanentError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def namespaces(self) -> list[str] | None:
        names = self.root.get("namespaces")
        return [str(name) for name in names] if isinstance(names, list) else None

    @property
    def _runs_here(self) -> bool:
        return self.namespaces is None or any(name.startswith("wc/v") for name in self.namespaces)

    def info(self, details: dict[str, str], *, guarded: bool | None) -> StoreInfo:
        home = text(self.root.get("home") or self.root.get("url")).rstrip("/")
        media = f"{home}/wp-content/uploads" if home else ""
        name = name_of(self.root.get("name")) or urlsplit(self.http.base_url).hostname or ""
        return StoreInfo(name, media, details, guarded)
