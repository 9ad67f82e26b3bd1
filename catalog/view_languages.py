"""The languages of Magento's store views, told by the store connection or by the views' codes.

One view speaks for a language in all of a source: of those that the connection names, the one that it names first, else the
one that comes first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scribe.messages import _
from writing import language_codes
from writing.languages import BY_CODE, LANGUAGES, find_variant

#: The store views whose row is the product itself, the likeliest first. `admin` and `all` are names of the default scope,
#: `default` is the view that every shop begins with. `projects_fold_store_view` knows them, too.
EVERYWHERE = ("", "admin", "all")
DEFAULT_SCOPE = (*EVERYWHERE, "default")
#: Codes of languages by which views are named after countries and regions: Argentina, Belgium, Canada, Europe, India, the
#: United Kingdom. They count only with a country of the language, or where the project or its connection names it.
REGIONS = frozenset(("ar", "be", "ca", "eu", "in", "uk"))
#: Languages of which the code alone does not tell script or country, with all that it may mean.
TWO_OF = {"sr": ("sr", "sr-Latn"), "zh": ("zh", "zh-TW"), "pt": ("pt", "pt-BR")}
_SCRIPTS = frozenset(("latn", "cyrl", "hans", "hant"))
_BY_NAME = {name.casefold(): language.code for language in LANGUAGES for name in (language.name, language.native_name)}

UNKNOWN, TAKEN, MAIN = "store_view_unknown", "store_view_taken", "store_view_main"
Left = tuple[str, str]  # a code and a reason


@dataclass
class SortedViews:
    """The views of one source: those that speak for a language, and those whose rows stay items, each with the reason."""

    languages: dict[str, str] = field(default_factory=dict)
    left: dict[str, Left] = field(default_factory=dict)


def language_of(
    view: str, *, named: Collection[str], chosen: Mapping[str, Sequence[str]], systems: tuple[str, ...]
) -> str:
    """Our code of a view's language; "" where it can't be told. `named` are the languages that the project writes, `chosen`
    the views that the merchant chose by language, `systems` the columns of the table of codes that the platform has."""
    for language, views in chosen.items():
        if view in views and language in BY_CODE:
            return language
    found = _by_code(view, {*named, *chosen}, systems) or _BY_NAME.get(view.strip().casefold(), "")
    variant = find_variant(view) if found else None
    return variant.code if variant and variant.base == found and variant.code in {*named, *chosen} else found


def _by_code(view: str, known: Collection[str], systems: tuple[str, ...]) -> str:
    """The language of a code such as `de`, `de_at` or `sr_Latn_RS`; "" for one that may mean something else."""
    tag, *parts = view.strip().lower().replace("-", "_").split("_")
    served = language_codes.languages_for_code(view, "", systems)
    if len(served) != 1 or len(parts) > 2 or any(len(part) != 2 and part not in _SCRIPTS for part in parts):
        return ""
    found = served[0]
    locales = {code.lower() for code in language_codes.CODES[found].magento}
    listed = [f"{tag}_{part}" in locales for part in parts]
    if tag in REGIONS and found not in known and not any(listed):
        return ""
    if two := TWO_OF.get(tag):
        told = bool(parts) if tag != "sr" else any(part in _SCRIPTS for part in parts)
        meant = [code for code in two if code in known]
        return found if told else (meant[0] if len(meant) == 1 else "")
    # `fr_ca` is a locale. `de_en` may be Germany's shop in English, and `de_it` either.
    doubtful = [part for part, is_listed in zip(parts, listed, strict=True) if part in BY_CODE and not is_listed]
    return "" if set(doubtful) - {tag} else found


def assign_languages(
    views: Iterable[str],
    *,
    main: str,
    own: str,
    named: Collection[str],
    chosen: Mapping[str, Sequence[str]],
    systems: tuple[str, ...],
) -> SortedViews:
    """Who of the `views`, in the order of the file, speaks for which language. `main` is the project's main language, `own`
    the view that its texts are pushed to; neither is a further one."""
    result = SortedViews()
    asked = [view for view in views if view not in DEFAULT_SCOPE and view != own]
    rank = {view: at for listed in chosen.values() for at, view in enumerate(listed)}
    speakers: dict[str, str] = {}
    for view in sorted(asked, key=lambda view: rank.get(view, len(asked))):
        language = language_of(view, named=named, chosen=chosen, systems=systems)
        if not language:
            result.left[view] = (
                UNKNOWN,
                _(
                    "The language of the store view “{view}” can't be told from its code. The store connection's `languages` can "
                    "name it. Its rows are items of their own.",
                    view=view,
                ),
            )
        elif language == main:
            result.left[view] = (
                MAIN,
                _(
                    "The store view “{view}” is in {language}, the project's main language. Its rows are items of their own.",
                    view=view,
                    language=_name(language),
                ),
            )
        elif view not in chosen.get(language, (view,)):
            result.left[view] = (
                TAKEN,
                _(
                    "The store view “{view}” is in {language}, for which the store connection names other views. Its rows are "
                    "items of their own.",
                    view=view,
                    language=_name(language),
                ),
            )
        elif language in speakers:
            result.left[view] = (
                TAKEN,
                _(
                    "The store view “{view}” is {language} as “{other}” is, whose rows are the {language} texts. Its rows are "
                    "items of their own.",
                    view=view,
                    language=_name(language),
                    other=speakers[language],
                ),
            )
        else:
            speakers[language] = view
            result.languages[view] = language
    return result


def _name(language: str) -> str:
    return BY_CODE[language].name
