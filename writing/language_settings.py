"""What levels of settings say of single languages: instructions beside those for all, and the form of address."""

from collections.abc import Iterable, Mapping

from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import JsonValue, ReadOnlyJson
from writing import languages

NAME = "language_settings"
#: How a text addresses its reader, in languages that have two forms. Unset, the writer decides.
FORMALITIES = ("formal", "informal")
MOST_LANGUAGES = 30
MOST_INSTRUCTIONS = 8_000  # characters


def read(level: ReadOnlyJson, *, lenient: bool = False) -> dict[str, dict[str, str]]:
    """What a level says, by our codes of the languages: `{"de": {"instructions": …, "formality": …}}`, without what is
    empty. Raises InvalidInput, or leaves out what is invalid."""
    named = level.get(NAME) or {}
    if not isinstance(named, Mapping) or len(named) > MOST_LANGUAGES:
        if lenient:
            return {}
        text = _("Enter an object with settings for up to {most} languages.", most=MOST_LANGUAGES)
        raise InvalidInput.at(f"#/{NAME}", text, "invalid")
    found: dict[str, dict[str, str]] = {}
    for name, said in named.items():
        language = languages.find_variant(str(name))
        fault = _fault_in(said) if language else _("The language “{code}” is not supported.", code=name)
        if language and not fault:
            found[language.code] = {key: str(value) for key, value in (said or {}).items() if value}
        elif not lenient:
            raise InvalidInput.at(f"#/{NAME}/{name}", fault, "invalid" if language else "unknown_language")
    return found


def _fault_in(said: JsonValue) -> str:
    if not isinstance(said, Mapping | None) or set(said or ()) - {"instructions", "formality"}:
        return _("Enter instructions and a form of address, and nothing else.")
    instructions, formality = ((said or {}).get(key) or "" for key in ("instructions", "formality"))
    if not isinstance(instructions, str) or len(instructions) > MOST_INSTRUCTIONS:
        return _("Enter instructions of at most {most} characters.", most=MOST_INSTRUCTIONS)
    if formality not in ("", *FORMALITIES):
        return _("Choose one of: {names}.", names=list(FORMALITIES))
    return ""


def of_language(levels: Iterable[ReadOnlyJson], code: str, *, lenient: bool = False) -> dict[str, str]:
    """What the levels, the strongest first, say of this language: each setting of the first that has it. What none
    says of a variant is what they say of its base."""
    said = [read(level, lenient=lenient) for level in levels]
    found: dict[str, str] = {}
    for name in (code, languages.base_of(code)):
        for one in said:
            found = {**one.get(name, {}), **found}
    return found


def merge(levels: Iterable[ReadOnlyJson]) -> dict[str, dict[str, str]]:
    """The same of all languages that a level names. What is invalid is left out."""
    levels = list(levels)
    codes = {code for level in levels for code in read(level, lenient=True)}
    return {code: of_language(levels, code, lenient=True) for code in sorted(codes)}
