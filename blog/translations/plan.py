"""How each translation of a post is written, and what it costs at most."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from billing import prices
from blog import products
from blog.models import BlogPost
from blog.translations import originals
from blog.writing import article, prompts
from blog.writing.prompts import Assignment
from blog.writing.settings import settings_of
from projects.staleness import CYRILLIC, LETTERS, NATIVE, TRANSLATION
from scribe.models import Job
from scribe.types import Json
from writing import quotes
from writing import settings as writing
from writing.facts import Original
from writing.languages import BY_CODE
from writing.quotes import Quote
from writing.settings import WritingSettings
from writing.translation import settings_of as translated
from writing.translation.prompt import size_of

EXCERPT = 2_000  # characters of a translated excerpt

Status = BlogPost.Status
LATIN = "sr-Latn"
ZERO = Decimal(0)
KEYS = ("name", "short_description", "description", "tags", "seo")
#: What an original's own fields hand on to a translation.
SHARED = (
    "organization",
    "project",
    "post_type",
    "topic",
    "featured_image_url",
    "source_item_ids",
    "product_links",
    "ai_settings",
    "template",
)


@dataclass(frozen=True)
class TranslationPart:
    """One translation to write. `way` is one of `projects.staleness.WAYS`; `keys` are the keys of the content to write, all
    if empty. `expected` and `quoted_max` in XCT; only the latter is kept. The post returns to `status_before` when it was not written."""

    post_id: str
    way: str
    settings: WritingSettings
    quoted_max: Decimal = ZERO
    keys: tuple[str, ...] = ()
    status_before: str = Status.DRAFT
    expected: Decimal = ZERO

    def as_dict(self) -> Json:
        return {
            "post_id": self.post_id,
            "way": self.way,
            "settings": self.settings.as_dict(),
            "quoted_max": str(self.quoted_max),
            "keys": list(self.keys),
            "status_before": self.status_before,
        }


def load_parts(rows: Sequence[Json]) -> tuple[TranslationPart, ...]:
    """The parts of a job's payload."""
    return tuple(
        TranslationPart(
            **{
                **row,
                "settings": writing.from_dict(row["settings"]),
                "quoted_max": Decimal(row["quoted_max"]),
                "keys": tuple(row["keys"]),
            }
        )
        for row in rows
    )


def codes(named: Iterable[str] | None) -> tuple[str, ...]:
    """Our codes of the languages that a request names, each once. Raises InvalidInput at `#/languages`."""
    return writing.further({"languages": list(named or ())})


def new(original: BlogPost, code: str) -> BlogPost:
    """An unsaved translation that waits to be written. Where it is published is left open, since a site's categories and
    blogs may be those of one language."""
    shared = {field: getattr(original, field) for field in SHARED}
    by = original.created_by
    return BlogPost(original=original, language=code, status=Status.DRAFT, created_by=by, **shared)


def way_of(original: BlogPost, settings: WritingSettings) -> str:
    if settings.language == LATIN and original.language == CYRILLIC:
        return LETTERS
    return NATIVE if settings.language_way == NATIVE or settings.built_in else TRANSLATION


def wanting(settings: WritingSettings, content: Json, language: str, keys: Iterable[str]) -> WritingSettings:
    """`settings` that ask for the texts of `content`, of these keys alone if there are any. A post is longer than a
    product's text, and no second model reads it."""
    found = translated(settings, Original(content, language), frozenset(keys))
    longest = max(article.LONGEST, len(str(content.get("description") or "")) * 2)
    return replace(found, max_long_chars=longest, max_short_chars=EXCERPT, verifier=None)


def quote_translation(
    original: BlogPost, settings: WritingSettings, way: str, keys: Iterable[str]
) -> Quote | prompts.PostQuote:
    rate = prices.rate_multiplier(original.organization)
    items = products.items_by_id(original.source_item_ids, original.organization_id)
    if way == NATIVE:
        return prompts.quote(prompts.assignment(original, items, []), settings, rate=rate)
    content = originals.content_of(original)
    asked = wanting(settings, content, original.language, keys)
    return quotes.translation(size_of(Original(content, original.language), asked), asked, rate=rate)


def part(original: BlogPost, post: BlogPost, *, keys: frozenset[str] = frozenset()) -> TranslationPart:
    """What is to be written of the translation `post`, and its price. Raises InvalidInput for invalid settings."""
    settings = settings_of(post)
    way = way_of(original, settings)
    quote = quotes.FREE if way == LETTERS else quote_translation(original, settings, way, keys)
    chosen = tuple(key for key in KEYS if key in keys) if way == TRANSLATION else ()
    return TranslationPart(str(post.pk), way, settings, quote.xct_max, chosen, post.status, quote.xct_expected)


def of_unwritten(original: BlogPost, code: str, assigned: Assignment) -> TranslationPart:
    """The same for a post that is about to be written, with a new row. Its length is that of what is `assigned`."""
    post = new(original, code)
    settings = settings_of(post)
    way = way_of(original, settings)
    post.save(force_insert=True)
    rate = prices.rate_multiplier(original.organization)
    quote: Quote | prompts.PostQuote = quotes.FREE
    if way == NATIVE:
        quote = prompts.quote(assigned, settings, rate=rate)
    elif way == TRANSLATION:
        asked = wanting(settings, dict.fromkeys(KEYS[:3], "-") | {"tags": ["-"], "seo": {"title": "-"}}, "en", ())
        quote = quotes.translation(prompts.characters(assigned, settings), asked, rate=rate)
    return TranslationPart(str(post.pk), way, settings, quote.xct_max, expected=quote.xct_expected)


def give(job: Job, parts: Sequence[TranslationPart]) -> None:
    """Have `job` write these posts, in the transaction that creates it."""
    ids = [part.post_id for part in parts]
    BlogPost.objects.filter(pk__in=ids).update(job=job, status=Status.GENERATING, last_error="")


def name_of(code: str) -> str:
    return BY_CODE[code].name if code in BY_CODE else code
