"""Which of a shop's languages a language of ours goes into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from integrations.connections import upstream
from integrations.models import StoreConnection
from integrations.stores import platforms
from integrations.stores.errors import StoreError, Unsupported
from integrations.stores.types import ShopLanguage
from projects import languages
from projects.models import ContentItem, Project
from projects.store_work import connection_of, store_of
from writing import language_codes
from writing.languages import BY_CODE


def into(
    language: str, shop: Sequence[ShopLanguage], connection: StoreConnection, project: Project
) -> list[ShopLanguage]:
    """The shop's languages that get our texts of `language`: those that the merchant chose, else those that fit.

    Raises Unsupported, with the reason, where the shop lacks the language, keeps its own texts in it, or has one slot for
    several of ours that the project has texts in, and nobody has chosen yet.
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
    if language not in chosen and (held := sorted(code for code in rivals if _has(project, code))):
        names = " and ".join(BY_CODE[code].name for code in sorted((language, *held)))
        text = f"The shop has one place, {found[0].code}, for {names}. Choose in the store connection which it gets."
        raise Unsupported(text, code="shop_language_shared")
    return found


def _has(project: Project, language: str) -> bool:
    """Whether the project writes in a language, as a further one."""
    return language in languages.of(project) or ContentItem.rows.filter(project=project, language=language).exists()


def serves(spoken: ShopLanguage, connection: StoreConnection) -> tuple[str, ...]:
    """Our languages that this one of the shop can be."""
    systems = platforms.get(connection.platform).language_codes
    return language_codes.served(spoken.code, spoken.locale, systems)


def chosen_of(connection: StoreConnection) -> Mapping[str, list[str]]:
    """The merchant's choice, `{language: [code, …]}`."""
    return connection.languages if isinstance(connection.languages, dict) else {}


def listed(*, project: Project) -> dict[str, Any]:
    """The shop's languages as it tells them now, each with those of ours that it can be, and the one whose texts it gets.

    `{languages: [{code, name, locale, primary, published, serves, language}], reason}`; the reason says why there are none.
    """
    connection = connection_of(project)
    try:
        shop = store_of(project, connection, live=True).languages()
    except Unsupported as error:
        return {"languages": [], "reason": error.message}
    except StoreError as error:
        raise upstream(error) from None
    gets: dict[str, list[str]] = {}
    for language in BY_CODE:
        for spoken in _into(language, shop, connection, project):
            gets.setdefault(spoken.code, []).append(language)
    rows = [
        {
            "code": spoken.code,
            "name": spoken.name,
            "locale": spoken.locale,
            "primary": spoken.primary,
            "published": spoken.published,
            "serves": list(serves(spoken, connection)),
            "language": _one(gets.get(spoken.code, []), project),
        }
        for spoken in shop
    ]
    return {"languages": rows, "reason": ""}


def _into(
    language: str, shop: Sequence[ShopLanguage], connection: StoreConnection, project: Project
) -> list[ShopLanguage]:
    try:
        return into(language, shop, connection, project)
    except Unsupported:
        return []


def _one(fitting: list[str], project: Project) -> str | None:
    """The language of a slot: of several that fit, the one that the project has; None while that leaves a choice."""
    held = fitting if len(fitting) < 2 else [code for code in fitting if _has(project, code)]
    return held[0] if len(held) == 1 else None
