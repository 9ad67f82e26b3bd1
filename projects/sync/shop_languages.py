"""Which of a shop's languages a project's texts go into."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, partial

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
    return shop_languages.into(language, shop, connection, partial(_has, project), main=languages.main(project))


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
    main, has = languages.main(project), cache(partial(_has, project))
    gets: dict[str, list[str]] = {}
    for language in (code for code, row in BY_CODE.items() if not row.base or has(code)):
        with suppress(Unsupported):
            for spoken in shop_languages.into(language, shop, connection, has, main=main):
                gets.setdefault(spoken.code, []).append(language)
    return {code: _one(fitting, has) for code, fitting in gets.items()}


def _one(fitting: list[str], has: Callable[[str], bool]) -> str | None:
    """The language of a slot: of several that fit, the one that the project has; None while that leaves a choice."""
    held = fitting if len(fitting) < 2 else [code for code in fitting if has(code)]
    return held[0] if len(held) == 1 else None
