"""Magento's translations: each store view has a locale, and may have values of its own for attributes of the scope Store View.

A view without a value of its own shows the default's, and reads do not tell the two apart. So a text that reads like the
default's counts as inherited: there is no translation yet. Undoing a first write takes the view's value away again. A language
may be spoken by several views. We compare one view: the one the text came from, or the first. Another is written where it
shows the same, and left where the merchant has given it a text of its own.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from integrations.stores import texts
from integrations.stores.errors import Missing, Rejected
from integrations.stores.magento import mapping, single_writes
from integrations.stores.magento.http import GLOBAL, MagentoHTTP
from integrations.stores.magento.views import StoreViews
from integrations.stores.texts import Text
from integrations.stores.translations import NO_ATTRIBUTES, Translations, without
from integrations.stores.types import Current, Push, Pushed, Ref, ShopLanguage, Texts
from scribe.messages import _

if TYPE_CHECKING:
    from integrations.stores.magento.client import MagentoStore

PER_VIEW = "store"  # an attribute's scope by which each view has a value of its own
ADMIN = "admin"
NOT_PER_VIEW = _(
    "Magento shares this attribute between several store views, so it can't be translated. Set its "
    "scope to Store View first."
)
AS_DEFAULT = _("It is the same as the default text, which the store view already shows.")
LEFT = _("The store view already has its own text, so it was not changed.")


def languages(http: MagentoHTTP, own_view: str) -> list[ShopLanguage]:
    """A language for each store view. `own_view` is the one that the connection's other texts are written to, if any."""
    configs = http.get("/store/storeConfigs", scope=GLOBAL)
    views = {str(row.get("code")): row for row in http.get("/store/storeViews", scope=GLOBAL) or []}
    found = []
    for row in configs or []:
        code = str(row.get("code") or "")
        if code in ("", ADMIN) or not row.get("locale"):
            continue
        view = views.get(code) or {}
        active = view.get("is_active")
        found.append(
            ShopLanguage(
                code,
                str(view.get("name") or code),
                locale=str(row["locale"]),
                primary=code == own_view,
                published=None if active is None else active in (1, True, "1"),
            )
        )
    return sorted(found, key=lambda language: not language.primary)


class MagentoTranslations(Translations):
    field_places = without(mapping.PLACES, "attributes")
    batch_size = 10
    one_by_one = True
    http: MagentoHTTP

    def __init__(self, store: "MagentoStore", into: Sequence[ShopLanguage]) -> None:
        super().__init__(into)
        self.store, self.http = store, store.http
        self._views = StoreViews(store.http, store.attributes)

    @cached_property
    def _scopes(self) -> dict[str, str]:
        """The scope of each product attribute by its code."""
        rows = self.http.listed("/products/attributes", "items[attribute_code,scope],total_count", scope=GLOBAL)
        return {str(row.get("attribute_code")): str(row.get("scope") or "") for row in rows}

    def missing_place(self, field: str, item_type: str) -> str:
        return NO_ATTRIBUTES if field.startswith("attributes.") else self.store.missing_place(field, item_type)

    def fetch_texts(self, refs: Sequence[Ref], also: Collection[str] = ()) -> dict[Ref, Current]:
        self._scopes  # noqa: B018 - asked now, so that `unwritable` asks nothing
        default = self._read(refs, GLOBAL, also)
        shown = {view.code: self._read(refs, view.code, also) for view in self.into}
        found: dict[Ref, Current] = {}
        for ref in refs:
            first = self._first(ref)
            if ref not in default or ref not in shown[first]:
                continue
            base, current = default[ref], shown[first][ref]
            others = {
                code: _own(rows[ref].texts, base.texts) for code, rows in shown.items() if code != first and ref in rows
            }
            raw = {**current.raw, "default": base.texts, "default_row": base.raw, "others": others}
            found[ref] = Current(_own(current.texts, base.texts), raw, current.modified)
        return found

    def _first(self, ref: Ref) -> str:
        """The view that is compared: the one that the text came from, if it speaks the language, else the first."""
        return ref.scope if any(view.code == ref.scope for view in self.into) else self.code

    def _read(self, refs: Sequence[Ref], view: str, also: Collection[str]) -> dict[Ref, Current]:
        asked = {replace(ref, scope=view): ref for ref in refs}
        found = self.store.fetch_texts(list(asked), also)
        return {asked[ref]: replace(current, texts=_only_translated(current.texts)) for ref, current in found.items()}

    def unwritable(self, push: Push) -> dict[str, str]:
        skipped: dict[str, str] = {
            f: AS_DEFAULT for f, text in push.texts.items() if not push.is_undo and _as_default(f, text, push)
        }
        if push.ref.item_type == "category":
            return skipped
        mapping.update(push, self.store.attributes, skipped)  # only to learn what it skips
        for field in push.texts:
            if self._scopes.get(_code(field)) != PER_VIEW:
                skipped[field] = NOT_PER_VIEW
        return skipped

    def push(self, batch: Sequence[Push]) -> list[Pushed]:
        """Write one by one. Each write can take seconds, so an item that changed meanwhile gets ConcurrentEdit."""
        return single_writes.write_each(batch, self._push, self.changed)

    def _push(self, push: Push) -> Pushed:
        """Write an item to each view, the compared one last: what it shows then tells that the others are done."""
        skipped = self.unwritable(push)
        wanted = {field: text for field, text in push.texts.items() if field not in skipped}
        there: Texts = {}
        try:
            first = self._first(push.ref)
            others = [view.code for view in self.into if view.code != first]
            for view in (*others, first):
                mine = wanted if view == first else self._shared(push, wanted, view, skipped)
                if mine:
                    there = self._write(replace(push, texts=mine), view, skipped)
        except Missing:
            return Pushed(push.ref, skipped=skipped, error=Missing(_("The product is no longer in the store.")))
        except Rejected as error:
            return Pushed(push.ref, skipped=skipped, error=error)
        shown = _own(there, push.current.raw["default"])
        return Pushed(push.ref, {f: shown.get(f, "") for f in wanted if f not in skipped}, skipped)

    def _shared(self, push: Push, wanted: Texts, view: str, skipped: dict[str, str]) -> Texts:
        """The texts that another view gets: those where it shows the same as the compared one."""
        there = push.current.raw["others"].get(view)
        if there is None:
            return {}
        same = {f: v for f, v in wanted.items() if texts.same(f, there.get(f, ""), push.current.texts.get(f, ""))}
        skipped.update({f"{field} ({view})": LEFT for field in wanted if field not in same})
        return same

    def _write(self, push: Push, view: str, skipped: dict[str, str]) -> Texts:
        default: Texts = push.current.raw["default"]
        given = {field: text or default.get(field, "") for field, text in push.texts.items()}
        told = replace(push, ref=replace(push.ref, scope=view), texts=given)
        if push.ref.item_type == "category":
            return self.store.put_category(told, view)
        if push.is_undo:
            self._views.know(push.current.raw["default_row"])
        return self._views.write(told, view, skipped) or {}


def _only_translated(found: Texts) -> Texts:
    return {field: text for field, text in found.items() if not field.startswith("attributes.")}


def _own(shown: Texts, default: Texts) -> Texts:
    """The texts of a view, without those that it has from the default."""
    return {f: "" if texts.same(f, text, default.get(f, "")) else text for f, text in shown.items()}


def _as_default(field: str, text: Text, push: Push) -> bool:
    return texts.same(field, text, push.current.raw["default"].get(field, "")) and not push.current.texts.get(field)


def _code(field: str) -> str:
    """The code of the attribute that keeps a text."""
    if field == "tags":
        return mapping.KEYWORDS
    return mapping.CODES.get(field) or field.removeprefix("meta.")
