"""The writes of translations, whatever resource they belong to: what is registered, what is removed, and what was refused."""

from collections.abc import Mapping
from typing import NamedTuple

from integrations.shopify import documents
from integrations.shopify.graphql import ERRORS, ShopifyHTTP
from integrations.shopify.oauth import TRANSLATION_SCOPES
from integrations.stores.errors import (
    ConcurrentEdit,
    LostAnswer,
    NotAuthorized,
    Rejected,
    StoreError,
    StoreTransientError,
    Unsupported,
)
from scribe.messages import _
from scribe.types import Json, ReadOnlyJson

CHANGED = _("The main-language text was changed in the store while we were updating it. Sync again.")
STALE = "INVALID_TRANSLATABLE_CONTENT"


class Spot(NamedTuple):
    """Where one text's translation is kept: the resource, its key there, and the digest of the source text."""

    resource: str
    key: str
    digest: str


def missing_scopes(error: NotAuthorized) -> StoreError:
    """The error to show when the app has no leave to translate. A connection that lacks it works for all else."""
    if error.status != 403:
        return error
    needed = ", ".join(TRANSLATION_SCOPES)
    text = _(
        "The app has no permission to translate in this store. Connect the store again and allow "
        "translations ({needed}).",
        needed=needed,
    )
    return Unsupported(text, code="translations_not_granted", status=403)


def digests(resource: ReadOnlyJson) -> dict[str, str]:
    """The digest of each source text by its key. A text that is empty has none."""
    return {str(row.get("key")): str(row.get("digest") or "") for row in resource.get("translatableContent") or []}


def translations_by_key(resource: ReadOnlyJson) -> dict[str, str]:
    """The shop's translations by key. A market's value stands beside the shop's and is none of them."""
    rows = resource.get("translations") or []
    return {str(row.get("key")): str(row.get("value") or "") for row in rows if not row.get("market")}


def outdated_keys(resource: ReadOnlyJson) -> frozenset[str]:
    """The keys of translations whose source text has moved since they were registered."""
    rows = resource.get("translations") or []
    return frozenset(str(row.get("key")) for row in rows if row.get("outdated") and not row.get("market"))


def write(http: ShopifyHTTP, parts: "list[ResourcePart]", locale: str) -> Json:
    """Write all parts in one document, and return its answer, which `ResourcePart.refusals` reads."""
    document = documents.translate([(part.n, bool(part.kept), bool(part.gone)) for part in parts])
    variables: Json = {"locales": [locale]} if any(part.gone for part in parts) else {}
    for part in parts:
        variables[f"r{part.n}"] = part.resource
        if part.kept:
            variables[f"t{part.n}"] = [
                {"locale": locale, "key": spot.key, "value": text, "translatableContentDigest": spot.digest}
                for spot, text in part.kept
            ]
        if part.gone:
            variables[f"k{part.n}"] = [spot.key for spot in part.gone]
    try:
        return http.ask(document, variables, timeout=60)
    except NotAuthorized as error:
        raise missing_scopes(error) from error


class ResourcePart:
    """The writes to one resource: texts that it keeps, and texts that go."""

    def __init__(self, n: int, resource: str, texts: Mapping[Spot, str]) -> None:
        self.n, self.resource = n, resource
        self.kept = [(spot, text) for spot, text in texts.items() if text.strip()]  # Shopify refuses a blank one
        self.gone = [spot for spot, text in texts.items() if not text.strip()]

    def refusals(self, answer: ReadOnlyJson) -> dict[Spot, StoreError]:
        """The texts that were not taken, each with its error. An error names its text by the place in the list."""
        errors: Mapping[str, StoreError] = answer.get(ERRORS) or {}
        found: dict[Spot, StoreError] = {}
        for alias, spots in ((f"t{self.n}", [spot for spot, _unused in self.kept]), (f"d{self.n}", self.gone)):
            if not spots:
                continue
            part = answer.get(alias)
            if not isinstance(part, dict):
                error = errors.get(alias)
                lost = missing_scopes(error) if isinstance(error, NotAuthorized) else part_error(error)
                found |= dict.fromkeys(spots, lost)
                continue
            for error in part.get("userErrors") or []:
                at = _index(error.get("field"))
                hit = spots if at is None or at >= len(spots) else [spots[at]]
                for spot in hit:
                    found.setdefault(spot, _user_error(error))
        return found


def _index(path: object) -> int | None:
    """`["translations", "0", "value"]` -> 0; None for an error of the whole call."""
    parts = path if isinstance(path, list) else []
    return int(parts[1]) if len(parts) > 1 and str(parts[1]).isdigit() else None


def _user_error(error: Json) -> StoreError:
    code, message = str(error.get("code") or ""), str(error.get("message") or "")
    if code == STALE:
        return ConcurrentEdit(CHANGED, store_code=code)
    return Rejected(message or _("Shopify refused the translation."), store_code=code)


def part_error(error: StoreError | None) -> StoreError:
    """The error of one write in a document. Unless it is a refusal, the write may have been saved."""
    if error is not None and not isinstance(error, StoreTransientError):
        return error
    return LostAnswer(_("Shopify did not return a usable reply for it."), sent=True)
