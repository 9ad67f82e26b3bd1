"""Metafields as places for texts: names that Shopify accepts, types that can hold a text, and the shop's definitions.

https://shopify.dev/docs/apps/build/custom-data/metafields
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from integrations.stores.errors import StorePermanentError
from integrations.stores.types import Placement
from scribe.messages import _
from scribe.types import Json, JsonValue, ReadOnlyJson

PREFIX = "meta."
_NAMESPACE = re.compile(r"[$A-Za-z0-9_:-]{2,255}")
_PLACE = re.compile(r"[$A-Za-z0-9_:-]{2,255}\.[A-Za-z0-9_-]{2,64}")
BAD_NAME = _("Enter a metafield as namespace and key, such as custom.material.")
LINE, LINES, LIST = "single_line_text_field", "multi_line_text_field", "list.single_line_text_field"
MARK = "mark"  # the place that tells programs who wrote the texts
NUMBERS = {"number_integer": re.compile(r"-?\d+"), "number_decimal": re.compile(r"-?\d+(?:\.\d+)?")}
# The type of a new metafield in a chosen place, when the shop has not defined one there.
NEW_TYPES = {"short_description": LINES, "bullet_points": LIST, "structured_data": "json", MARK: "json"}


@dataclass(frozen=True)
class Places:
    """Where texts are kept. `keys` (`namespace.key`) are read one by one, `namespace` as a whole (unless it is "")."""

    keys: tuple[str, ...] = ()
    namespace: str = ""

    @staticmethod
    def of(placement: Placement) -> "Places":
        """The places that a project's settings name, without names that Shopify does not allow."""
        chosen = placement.of("attributes").removeprefix(PREFIX)
        namespace = chosen if chosen != "none" and _NAMESPACE.fullmatch(chosen) else ""
        return Places(namespace=namespace).and_of(PREFIX + key for key in placement.meta_keys)

    def and_of(self, fields: Iterable[str]) -> "Places":
        """These places and those of `fields` that are metafields outside `namespace`, which is read as a whole."""
        names = {f.removeprefix(PREFIX) for f in fields if f.startswith(PREFIX)}
        more = {name for name in names if _PLACE.fullmatch(name) and not self.within(name)}
        return replace(self, keys=tuple(sorted({*self.keys, *more})))

    def within(self, name: str) -> bool:
        return bool(self.namespace) and name.rpartition(".")[0] == self.namespace

    @property
    def namespaces(self) -> list[str]:
        return sorted({key.rpartition(".")[0] for key in self.keys} | ({self.namespace} if self.namespace else set()))


def is_misnamed(field: str) -> bool:
    return field.startswith(PREFIX) and not _PLACE.fullmatch(field.removeprefix(PREFIX))


@dataclass(frozen=True)
class Definition:
    name: str
    kind: str


class Definitions:
    """The shop's metafield definitions for products, read once per namespace. `ask(namespace)` returns its rows."""

    def __init__(self, ask: Callable[[str], list[Json]]) -> None:
        self._ask = ask
        self._found: dict[str, dict[str, Definition]] = {}

    def of(self, namespace: str) -> Mapping[str, Definition]:
        """The definitions by `namespace.key`; empty if the app may not see them."""
        if namespace not in self._found:
            try:
                rows = self._ask(namespace)
            except StorePermanentError:
                rows = []
            self._found[namespace] = {
                f"{namespace}.{row['key']}": Definition(
                    str(row.get("name") or ""), str((row.get("type") or {}).get("name") or "")
                )
                for row in rows
                if row.get("key")
            }
        return self._found[namespace]

    def kind(self, place: str) -> str:
        """The type that the shop defines for a place; "" without a definition, or if its namespace was not read."""
        found = self._found.get(place.rpartition(".")[0], {}).get(place)
        return found.kind if found else ""

    def names(self, namespace: str, places: Iterable[str]) -> dict[str, str]:
        """Lower-case names of attributes in `places` or defined in `namespace`, each with its text (`meta.<key>`)."""
        found: dict[str, str] = {}
        defined = self.of(namespace)
        for place in [*places, *defined]:
            key = place.rpartition(".")[2]
            names = [key, key.replace("_", " "), defined[place].name if place in defined else ""]
            found |= {n.casefold(): PREFIX + place for n in names if n and n.casefold() not in found}
        return found


def kind_of(place: str, metafields: Mapping[str, ReadOnlyJson], definitions: Definitions, placement: Placement) -> str:
    """The type to write: the existing metafield's, else the shop's definition's, else one that suits the text."""
    if kind := str((metafields.get(place) or {}).get("type") or "") or definitions.kind(place):
        return kind
    chosen = [name for name, where in placement.places.items() if where == PREFIX + place]
    return next((NEW_TYPES[name] for name in chosen if name in NEW_TYPES), LINE)


def unfit(kind: str, text: str) -> str:
    """Why a metafield of this type can't hold a text; "" when it can."""
    if kind in (LINE, LINES, LIST):
        return ""
    if kind == "json":
        return "" if _json(text) is not None else _("The store's metafield holds JSON, not a text.")
    if number := NUMBERS.get(kind):
        return "" if number.fullmatch(text.strip()) else _("The store's metafield holds a number, not a text.")
    return _("The store's metafield is of the type {kind}, which holds no text.", kind=kind)


def format_value(kind: str, text: str) -> str:
    """The text in the form to send for this type: a list as JSON, a single line without line ends."""
    if kind == LIST and not isinstance(_json(text), list):
        options = [part.strip() for part in re.split(r"[|;\n]|,(?=\s)", text)]
        return json.dumps([option for option in dict.fromkeys(options) if option], ensure_ascii=False)
    if kind == LINE:
        return " ".join(text.split())
    return text.strip() if kind in NUMBERS else text


def as_text(metafield: ReadOnlyJson) -> str:
    """A metafield as a reader sees it: the entries of a list joined."""
    value = str(metafield.get("value") or "")
    entries = _json(value) if str(metafield.get("type") or "").startswith("list.") else None
    return ", ".join(map(str, entries)) if isinstance(entries, list) else value


def _json(text: str) -> JsonValue:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list | dict) else None
