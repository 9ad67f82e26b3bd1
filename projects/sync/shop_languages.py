"""Which of a shop's languages a project's texts go into."""

from collections.abc import Sequence

from integrations import shop_languages
from integrations.connections import upstream
from integrations.models import StoreConnection
from integrations.stores.errors import StoreError, Unsupported
from integrations.stores.types import ShopLanguage
from projects import languages
from projects.models import ContentItem, Project
from projects.store_work import connection_of, store_of
from scribe.types import Json
from writing.languages import BY_CODE


def into(
    language: str, shop: Sequence[ShopLanguage], connection: StoreConnection, project: Project
) -> list[ShopLanguage]:
    """The shop's languages that get the project's texts of `language`. Raises Unsupported, with the reason."""
    main = languages.main(project)
    return shop_languages.into(language, shop, connection, lambda code: _has(project, code), main=main)


def _has(project: Project, language: str) -> bool:
    """Whether the project writes in a language, as a further one."""
    return (
        language in languages.languages_to_write(project)
        or ContentItem.rows.filter(project=project, language=language).exists()
    )


def list_languages(*, project: Project) -> Json:
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
    gets = languages_of(shop, connection, project)
    rows = [
        {
            "code": spoken.code,
            "name": spoken.name,
            "locale": spoken.locale,
            "primary": spoken.primary,
            "published": spoken.published,
            "serves": list(shop_languages.serves(spoken, connection)),
            "language": gets.get(spoken.code),
        }
        for spoken in shop
    ]
    return {"languages": rows, "reason": ""}


def languages_of(shop: Sequence[ShopLanguage], connection: StoreConnection, project: Project) -> dict[str, str | None]:
    """Our language that each of the shop's further ones gets, by the shop's code; None while that leaves a choice."""
    gets: dict[str, list[str]] = {}
    for language in (code for code, row in BY_CODE.items() if not row.base or _has(project, code)):
        for spoken in _into(language, shop, connection, project):
            gets.setdefault(spoken.code, []).append(language)
    return {code: _one(fitting, project) for code, fitting in gets.items()}


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
