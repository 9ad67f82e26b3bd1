"""What the texts of a store in a further language share on every platform.

Only texts are written there. A tag, an attribute's name and a page's address belong to more than one item or one language,
so they stay as the merchant has them.
"""

from collections.abc import Mapping, Sequence

from integrations.stores.errors import Unsupported
from integrations.stores.interface import TextStore
from integrations.stores.types import NO_PLACE, Placement, Push, Ref, ShopLanguage
from scribe.messages import _

NO_TAGS = _("Tags have their own language in the store, so they are not translated.")
NO_ATTRIBUTES = _("Attributes and their values are translated once for the whole store, not per item.")
NO_CODE = _("The store does not have this language. Add it there first.")


class Translations(TextStore):
    """The texts of a store in one language. `into` are the shop's codes of it, at least one."""

    def __init__(self, into: Sequence[ShopLanguage]) -> None:
        if not into:
            raise Unsupported(NO_CODE, code="shop_language_missing")
        self.into = list(into)

    @property
    def code(self) -> str:
        return self.into[0].code

    def not_translated(self, field: str) -> str:
        """Why a translation never holds this text ("" when it can)."""
        if field == "tags":
            return NO_TAGS
        return NO_ATTRIBUTES if field.startswith("attributes.") else ""

    def attribute_place(self, name: str, known: str | None, placement: Placement, *, key: str) -> tuple[str, str]:
        return "", NO_ATTRIBUTES

    def changed(self, batch: Sequence[Push]) -> list[Ref]:
        """See the base class. Translations carry no stamp that all platforms move, so they are read again and compared."""
        now = self.fetch_texts([push.ref for push in batch], {field for push in batch for field in push.texts})
        return [
            push.ref
            for push in batch
            if push.ref not in now or {f: now[push.ref].texts.get(f, "") for f in push.texts} != _condition(push)
        ]


def _condition(push: Push) -> dict[str, object]:
    return {field: push.current.texts.get(field, "") for field in push.texts}


def without(places: Mapping[str, str], *fields: str) -> dict[str, str]:
    """`field_places` of a store for its translations, which have no place for these fields."""
    return {**places, **dict.fromkeys(fields, NO_PLACE)}
