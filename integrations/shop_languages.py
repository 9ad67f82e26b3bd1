"""Which of a shop's languages a language of ours goes into."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from integrations.models import StoreConnection
from integrations.stores import platforms
from integrations.stores.errors import Unsupported
from integrations.stores.types import ShopLanguage
from writing import language_codes
from writing.languages import BY_CODE


def into(
    language: str, shop: Sequence[ShopLanguage], connection: StoreConnection, has: Callable[[str], bool]
) -> list[ShopLanguage]:
    """The shop's languages that get our texts of `language`: those that the merchant chose, else those that fit.

    Raises Unsupported, with the reason, where the shop lacks the language, keeps its own texts in it, or has one slot for
    several of ours that `has` says there are texts in, and nobody has chosen yet.
    """
    name = BY_CODE[language].name if language in BY_CODE else language
    chosen = chosen_of(connection)
    if language in chosen:
        found = [spoken for spoken in shop if spoken.code in chosen[language]]
        if missing := sorted(set(chosen[language]) - {spoken.code for spoken in found}):
            text = f"The shop has no language {', '.join(missing)}, which was chosen for {name}."
            raise Unsupported(text, code="shop_language_missing")
    else:
        taken = {code for codes in chosen.values() for code in codes}
        found = [one for one in shop if one.code not in taken and language in serves(one, connection)]
    if any(spoken.primary for spoken in found):
        text = f"{name} is the language of the shop's own texts, so it takes no translation into it."
        raise Unsupported(text, code="shop_language_primary")
    if not found:
        raise Unsupported(f"The shop has no {name}. Add the language there first.", code="shop_language_missing")
    rivals = {code for spoken in found for code in serves(spoken, connection)} - {language}
    if language not in chosen and (held := sorted(code for code in rivals if has(code))):
        names = " and ".join(BY_CODE[code].name for code in sorted((language, *held)))
        text = f"The shop has one place, {found[0].code}, for {names}. Choose in the store connection which it gets."
        raise Unsupported(text, code="shop_language_shared")
    return found


def serves(spoken: ShopLanguage, connection: StoreConnection) -> tuple[str, ...]:
    """Our languages that this one of the shop can be."""
    systems = platforms.get(connection.platform).language_codes
    return language_codes.served(spoken.code, spoken.locale, systems)


def chosen_of(connection: StoreConnection) -> Mapping[str, list[str]]:
    """The merchant's choice, `{language: [code, …]}`."""
    return connection.languages if isinstance(connection.languages, dict) else {}
