"""Which of a shop's languages a language of ours goes into."""

from collections.abc import Callable, Mapping, Sequence

from integrations.models import StoreConnection
from integrations.stores import platforms
from integrations.stores.errors import Unsupported
from integrations.stores.types import ShopLanguage
from scribe.messages import _
from writing import language_codes
from writing.languages import BY_CODE, VARIANTS, find_variant


def into(
    language: str,
    shop: Sequence[ShopLanguage],
    connection: StoreConnection,
    has: Callable[[str], bool],
    *,
    main: str = "",
) -> list[ShopLanguage]:
    """The shop's languages that get our texts of `language`: those that the merchant chose, else those that fit.

    Raises Unsupported, with the reason, where the shop lacks the language, keeps its own texts in it, or has one slot for
    several of ours that `has` says there are texts in, and nobody has chosen yet. `main` is the project's main language.
    """
    name = BY_CODE[language].name if language in BY_CODE else language
    chosen = chosen_of(connection)
    if language in chosen:
        found = [spoken for spoken in shop if spoken.code in chosen[language]]
        if missing := sorted(set(chosen[language]) - {spoken.code for spoken in found}):
            text = _(
                "The language {names}, which was chosen for {name}, does not exist in the store. Add it there "
                "or choose another.",
                names=list(missing),
                name=name,
            )
            raise Unsupported(text, code="shop_language_missing")
    else:
        taken = {code for codes in chosen.values() for code in codes}
        fitting = [one for one in shop if one.code not in taken and language in serves(one, connection)]
        own = [one for one in fitting if variant_of(one) == language]
        found = own or [one for one in fitting if not ((other := variant_of(one)) and (has(other) or other == main))]
    if any(spoken.primary for spoken in found):
        text = _("{name} is the store's main language, so texts are not translated into it.", name=name)
        raise Unsupported(text, code="shop_language_primary")
    if not found:
        raise Unsupported(
            _("The store does not have the language {name}. Add it there first.", name=name),
            code="shop_language_missing",
        )
    placed = {variant_of(one) for one in shop} | {BY_CODE[variant_of(one)].base for one in found if variant_of(one)}
    rivals = {code for spoken in found for code in serves(spoken, connection)} - {language, *placed}
    if language not in chosen and (held := sorted(code for code in rivals if has(code))):
        names = " and ".join(BY_CODE[code].name for code in sorted((language, *held)))
        text = _(
            "The store has only one version, {code}, for {names}. Choose in the store connection which language it is.",
            code=found[0].code,
            names=names,
        )
        raise Unsupported(text, code="shop_language_shared")
    return found


def serves(spoken: ShopLanguage, connection: StoreConnection) -> tuple[str, ...]:
    """Our languages that this one of the shop can be."""
    systems = platforms.get(connection.platform).language_codes
    found = language_codes.languages_for_code(spoken.code, spoken.locale, systems)
    own = variant_of(spoken)
    return (*found, *(one.code for one in VARIANTS if one.base in found and own in ("", one.code)))


def variant_of(spoken: ShopLanguage) -> str:
    """The variant of a country that this language of the shop is, by its locale; "" if it is none of ours."""
    found = find_variant(spoken.locale or spoken.code)
    return found.code if found and found.base else ""


def chosen_of(connection: StoreConnection) -> Mapping[str, list[str]]:
    """The merchant's choice, `{language: [code, …]}`."""
    return connection.languages if isinstance(connection.languages, dict) else {}


def speaks(code: str, language: str, connection: StoreConnection) -> bool:
    """Whether a shop's code can stand for our language, in whichever script; also if we don't know the code."""
    chosen = {ours for ours, codes in chosen_of(connection).items() if code in codes}
    codes = chosen or set(serves(ShopLanguage(code, code), connection))
    return not codes or not codes.isdisjoint((language, language.removesuffix("-Latn")))
