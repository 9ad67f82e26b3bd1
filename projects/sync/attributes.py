"""Match generated attributes to the store's own, whatever their names there. A field of the store gets no double."""

from functools import lru_cache

from integrations.stores.interface import TextStore
from integrations.stores.types import Current, Placement, Texts
from scribe.language import lexicon
from scribe.types import Json
from writing.slugs import slugify

# A shop's few hundred names are looked up for each of its products.
_fold = lru_cache(maxsize=4096)(lexicon.fold)
_meaning = lru_cache(maxsize=4096)(lexicon.attribute)


def place(
    given: Json,
    current: Current,
    store: TextStore,
    placement: Placement,
    found: Texts,
    skipped: dict[str, str],
) -> None:
    """Put each attribute among the `found` texts under the name of its place, or say in `skipped` why it has none."""
    names = _Names(current)
    for name, value in given.items():
        text = " | ".join(map(str, value)) if isinstance(value, list) else str(value or "")
        if not text.strip():
            continue
        field = names.find(name)
        if field is None and (reason := names.kept(name)):
            skipped[f"attributes.{name}"] = reason
            continue
        target, why = store.attribute_place(name, field, placement, key=_key(name))
        if target:
            found.setdefault(target, text)
        else:
            skipped[f"attributes.{name}"] = why


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return slugify(name, limit=64).replace("-", "_")


class _Names:
    """The store's names of its attributes: on this product first (by name, then by meaning), then anywhere in the shop."""

    def __init__(self, current: Current) -> None:
        here = {f.removeprefix("attributes."): f for f in current.texts if f.startswith("attributes.")}
        here |= {name: field for name, field in current.names.items() if field in current.texts}
        self._here = frozenset(here.values())
        self._by_name = {
            **{_fold(name): field for name, field in current.names.items()},
            **{_fold(name): field for name, field in here.items()},
        }
        self._by_meaning: dict[str, str] = {}
        for name, field in (*here.items(), *current.names.items()):
            if meant := _meaning(name):
                self._by_meaning.setdefault(meant.key, field)
        self._kept: dict[str, str] = {}
        for name, reason in current.kept.items():
            self._kept[_fold(name)] = reason
            if meant := _meaning(name):
                self._kept.setdefault(meant.key, reason)

    def find(self, name: str) -> str | None:
        """The store's field for an attribute of this name. `Color`, `pa_color` and `Farbe` share one. None if there is none."""
        named, meant = self._by_name.get(_fold(name)), _meaning(name)
        alike = self._by_meaning.get(meant.key) if meant else None
        return alike if alike in self._here and named not in self._here else named or alike

    def kept(self, name: str) -> str:
        """The reason why the store needs no such attribute: it has a field of its own for it. Empty if it has no such field."""
        meant = _meaning(name)
        return self._kept.get(_fold(name)) or self._kept.get(meant.key if meant else "", "")
