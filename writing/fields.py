"""The fields that we generate. One row holds everything that the product knows of a field.

Settings, prompts, schemas, checks, files, exports, syncs, profiles and the API loop over this table. A new field needs
a row here and an entry in each vendor's mapping: the headers of the file adapters, the elements of WXR, what each
store's client keeps, and the built-in writer. A test walks fields × stores × file formats and names what is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from scribe.types import Json, JsonValue, ReadOnlyJson


class Form(StrEnum):
    """The form of a field's value."""

    NAME = "name"  # one line; some platforms keep it as HTML
    LINE = "line"  # one line of plain text
    HTML = "html"  # markup, or plain text where a setting says so
    LINES = "lines"  # a list of sentences
    WORDS = "words"  # a list of search words without doubles
    PAIRS = "pairs"  # an object of names and values
    SLUG = "slug"  # an address
    DATA = "data"  # a JSON object for machines


class Role(StrEnum):
    """What a field is for."""

    PROSE = "prose"  # sentences that shoppers read: judged for their language, form of address and model talk
    FACTS = "facts"  # names and values that the source states
    KEYWORDS = "keywords"  # shoppers search for it; a fact that appears here does not count as mentioned
    DERIVED = "derived"  # we derive it from the other fields; models are not asked for it


TEXT = frozenset((Form.NAME, Form.LINE, Form.HTML))
LISTS = frozenset((Form.LINES, Form.WORDS))
EVERY_KIND = frozenset(("product", "variant", "category", "page", "post"))


@dataclass(frozen=True, slots=True)
class GeneratedField:
    """One generated field.

    `name` is its name in texts, files and stores. The part before a dot is the key of the content that holds the field.
    `setting` names the setting that asks for the field, and `default` is that setting's value when no level names it.
    `offered` says whether the API shows the setting. `markup` names the setting that asks for HTML. `instruction` tells
    a model what to write; `{limit}` and `{form}` are filled in.

    Sizes are characters of visible text, as a reader counts them. `limit` is the most that the checks allow, for lists
    per entry; a string names the setting that holds the limit. `kept` is where the cleaner cuts (0: at the limit).
    `entries` is how many entries of a list are asked for, `kept_entries` how many the cleaner keeps. `expected` is the
    usual length. Where a setting holds the limit, it is a pair of shares of the limit: with markup, and without.

    `optional` says that the field is empty where the source states nothing; prose is never empty without it.

    `kinds` are the types of items for which we derive the field from the others. `in_source` says that source data may
    hold the shop's own value under the same name. `placed` says that a project's settings choose its place in a store.
    `default_place` is the text at whose top a list goes when they choose none; without it, it goes nowhere.

    `key` is the key of the content, `seo` of `seo.title`. `part` is the key inside the content's object, `title` of
    `seo.title`, and empty for a field that is a key itself.
    """

    name: str
    form: Form
    role: Role
    setting: str = ""
    default: bool = False
    offered: bool = True
    markup: str = ""
    limit: int | str = 0
    kept: int = 0
    entries: int = 0
    kept_entries: int = 0
    instruction: str = ""
    expected: int | tuple[float, float] = 0
    kinds: frozenset[str] = EVERY_KIND
    in_source: bool = False
    placed: bool = False
    optional: bool = False
    default_place: str = ""
    key: str = field(init=False)
    part: str = field(init=False)

    def __post_init__(self) -> None:
        key, _, part = self.name.partition(".")
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "part", part)

    def limit_in(self, settings: object) -> int:
        """The most characters under these settings; 0 for no limit."""
        return int(getattr(settings, self.limit)) if isinstance(self.limit, str) else self.limit

    def is_marked_in(self, settings: object) -> bool:
        """Whether these settings ask for HTML here."""
        return bool(self.markup) and bool(getattr(settings, self.markup))

    def expected_in(self, settings: object) -> int:
        """The usual length of the field in an answer, in characters."""
        if isinstance(self.expected, int):
            return self.expected
        marked, plain = self.expected
        return int(self.limit_in(settings) * (marked if self.is_marked_in(settings) else plain))

    def most(self) -> int:
        """The most characters that the cleaner keeps."""
        return self.kept or (self.limit if isinstance(self.limit, int) else 0)

    def of(self, content: ReadOnlyJson) -> JsonValue:
        """The field's value in `content`, or None."""
        value = content.get(self.key)
        if not self.part:
            return value
        return value.get(self.part) if isinstance(value, dict) else None


FIELDS: tuple[GeneratedField, ...] = (
    GeneratedField(
        "name",
        Form.NAME,
        Role.PROSE,
        setting="translate_name",
        default=True,
        limit=150,
        kept=300,
        instruction="the product's name in that language; keep brand, model names and codes as they are. At most {limit} characters.",
        expected=60,
        in_source=True,
    ),
    GeneratedField(
        "short_description",
        Form.HTML,
        Role.PROSE,
        setting="generate_short",
        default=True,
        markup="use_html_short",
        limit="max_short_chars",
        instruction="at most {limit} characters of visible text. {form}",
        expected=(1.1, 0.9),
        in_source=True,
        placed=True,
    ),
    GeneratedField(
        "description",
        Form.HTML,
        Role.PROSE,
        setting="generate_long",
        default=True,
        markup="use_html",
        limit="max_long_chars",
        instruction="at most {limit} characters of visible text. {form}",
        expected=(1.15, 0.9),
        in_source=True,
    ),
    GeneratedField(
        "bullet_points",
        Form.LINES,
        Role.PROSE,
        setting="generate_bullet_points",
        limit=200,
        kept=400,
        entries=8,
        kept_entries=12,
        instruction="3 to 6 short points, one fact each, plain text.",
        expected=450,
        placed=True,
        default_place="description",
    ),
    GeneratedField(
        "attributes",
        Form.PAIRS,
        Role.FACTS,
        setting="generate_attributes",
        kept=400,
        kept_entries=60,
        instruction="the properties that the data states, as name and value in the language of the text. None that it does not state.",
        expected=350,
        in_source=True,
        placed=True,
    ),
    GeneratedField(
        "tags",
        Form.WORDS,
        Role.KEYWORDS,
        setting="generate_tags",
        limit=60,
        entries=10,
        kept_entries=20,
        instruction="3 to 8 search words of one to three words each.",
        expected=120,
        in_source=True,
    ),
    GeneratedField(
        "seo.title",
        Form.LINE,
        Role.PROSE,
        setting="generate_seo",
        default=True,
        offered=False,
        limit=60,
        instruction="title of at most {limit} characters",
        expected=60,
        in_source=True,
    ),
    GeneratedField(
        "seo.description",
        Form.LINE,
        Role.PROSE,
        setting="generate_seo",
        default=True,
        offered=False,
        limit=160,
        instruction="description of 120 to {limit} characters",
        expected=150,
        in_source=True,
    ),
    GeneratedField("seo.slug", Form.SLUG, Role.DERIVED, kept=120, in_source=True),
    GeneratedField(
        "seo.focus_keyword",
        Form.LINE,
        Role.KEYWORDS,
        setting="generate_seo",
        default=True,
        offered=False,
        limit=80,
        instruction="the focus_keyword that shoppers would search for",
        expected=30,
        in_source=True,
    ),
    GeneratedField(
        "structured_data",
        Form.DATA,
        Role.DERIVED,
        setting="structured_data_enabled",
        kinds=frozenset(("product", "variant")),
        placed=True,
    ),
)

BY_NAME: dict[str, GeneratedField] = {row.name: row for row in FIELDS}
# The keys of content, in the order in which it is shown.
KEYS: tuple[str, ...] = tuple(dict.fromkeys(row.key for row in FIELDS))
# Each setting that asks for fields, with its default, and the settings among them that the API shows.
SETTINGS: dict[str, bool] = {row.setting: row.default for row in FIELDS if row.setting}
OFFERED: dict[str, bool] = {row.setting: row.default for row in FIELDS if row.setting and row.offered}
_OF_KEY: dict[str, tuple[GeneratedField, ...]] = {key: tuple(row for row in FIELDS if row.key == key) for key in KEYS}

_PLACES = tuple((row.name, row.key, row.part) for row in FIELDS)


def of_key(key: str) -> tuple[GeneratedField, ...]:
    """The fields under one key of the content: a single field, or the parts of an object."""
    return _OF_KEY[key]


def fields_to_ask(key: str) -> tuple[GeneratedField, ...]:
    """The fields under a key that a model writes."""
    return tuple(row for row in _OF_KEY[key] if row.role is not Role.DERIVED)


def wanted_keys(settings: object) -> tuple[str, ...]:
    """The keys of the content that `settings` ask a model for, in order."""
    return tuple(key for key in KEYS if any(getattr(settings, row.setting) for row in fields_to_ask(key)))


def may_be_empty(key: str) -> bool:
    """Whether a source that states nothing leaves this key empty."""
    return all(row.optional or row.role is not Role.PROSE for row in _OF_KEY[key])


def limits(settings: object) -> dict[str, int]:
    """The sizes for the built-in writer: entries of lists and characters of texts, keyed as `seo_title` or by the name
    of the setting that holds the limit."""
    found = {}
    for row in FIELDS:
        if row.entries:
            found[row.name] = row.entries
        elif row.limit:
            found[row.limit if isinstance(row.limit, str) else row.name.replace(".", "_")] = row.limit_in(settings)
    return found


def flat(content: ReadOnlyJson) -> Json:
    """The values of `content` by the names of their fields. Empty values are left out, so that they cannot clear a
    field."""
    found = {}
    for name, key, part in _PLACES:
        value = content.get(key)
        if part:
            value = value.get(part) if isinstance(value, dict) else None
        if value:
            found[name] = value
    return found


def texts(content: ReadOnlyJson) -> Iterator[tuple[GeneratedField, str]]:
    """The fields whose value is a single text, each with its text in `content`. Empty ones are left out."""
    for row in FIELDS:
        if row.form in TEXT and (value := row.of(content)):
            yield row, str(value)
