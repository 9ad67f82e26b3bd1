"""Custom fields: meta rows that a site's owner, or a plugin such as Advanced Custom Fields (ACF), has added to a
product, a post or a page. An import makes facts of those that the project's settings name.

https://developer.wordpress.org/plugins/metadata/managing-post-metadata/: a key that begins with `_` is hidden from
people; ACF keeps the name of its field there, beside the value under the plain key.
"""

from collections.abc import Iterable, Mapping

from integrations.stores.types import CustomField
from scribe.types import Json

MOST_OFFERED = 100
LONGEST_EXAMPLE = 80  # characters
CORE = frozenset(("footnotes",))
SEO_PLUGIN = "rank_math_"  # Rank Math's rows are not hidden, as those of other SEO plugins are
ORDERS = ("desc", "asc")  # of dates: a field that the newest items lack any more may be one of the oldest


def text_of(value: object) -> str:
    """A value as a fact says it: a list of choices becomes one text. "" for data, which say nothing to a reader."""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, str | int | float):
        return str(value).strip()
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return ", ".join(str(one).strip() for one in value)
    return ""


def facts(held: Mapping[str, object], names: Mapping[str, str]) -> Json:
    """What an item's source data keeps of these custom fields, by the facts' names; {} if it has none of them."""
    found = {name: text for key, name in names.items() if (text := text_of(held.get(key)))}
    return {"custom_fields": found} if found else {}


def custom_fields_in(rows: Iterable[Mapping[str, object]], known: Iterable[str]) -> list[CustomField]:
    """The custom fields of some items that can be facts, without those that are `known` as something else, the
    commonest first."""
    left_out = {*known, *CORE}
    seen: dict[str, list[str]] = {}
    for held in rows:
        for key, value in held.items():
            if not key.startswith(("_", SEO_PLUGIN)) and key not in left_out and (text := text_of(value)):
                seen.setdefault(key, []).append(text)
    fields = [CustomField(key, found[0][:LONGEST_EXAMPLE], len(found)) for key, found in seen.items()]
    return sorted(fields, key=lambda one: (-one.count, one.key))[:MOST_OFFERED]
