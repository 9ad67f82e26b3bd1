"""What goes to a model and what comes back, the same for every provider."""

from dataclasses import dataclass, field
from enum import StrEnum

from scribe.types import Json


class EndReason(StrEnum):
    """Why the model stopped. Only `OK` may be saved as a result."""

    OK = "ok"
    TRUNCATED = "truncated"  # the output limit was reached: another request with a larger limit may help
    REFUSED = "refused"  # the model declined: asking again does not help
    FILTERED = "filtered"  # the vendor's content filter stepped in: asking again does not help
    TOOL = "tool"  # the model wants a tool; we offer none
    ERROR = "error"  # the answer can't be read (garbled or empty JSON)


@dataclass(frozen=True, slots=True)
class Image:
    """An image for the model to look at: bytes that we fetched and re-encoded ourselves, never a customer's URL."""

    data: bytes
    media_type: str = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Brief:
    """The writing task as structured data. The rule-based `offline` writer works from this alone.

    `facts` for a product are the canonical source keys (`name sku short_description description price categories tags
    images seo attributes`, further scalar keys such as `brand` count as attributes); for an article `{topic, products:
    [{id, name, url, facts}]}`; for instructions the brand's answers; for alt texts `{name, …}`.
    `wanted` names the keys of the answer; `limits` their sizes (`max_short_chars`, `max_long_chars`, `bullet_points`,
    `tags`, `seo_title`, `seo_description`). `language` is one of our codes (`en`, `sr`, `sr-Latn`, …).
    """

    kind: str = "product"  # product, translation (written from the facts as well), article, instructions, alt_text
    language: str = "en"
    tone: str = "professional"
    facts: Json = field(default_factory=dict)
    wanted: tuple[str, ...] = ("name", "short_description", "description", "seo")
    limits: dict[str, int] = field(default_factory=dict)
    use_html: bool = True
    use_html_short: bool = False
    instructions: str = ""
    extra: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request. `system` is the fixed text (cached by vendors as a prefix), `user` the data, `schema` the answer's form.

    `schema` stays within the portable subset: objects, arrays, strings, numbers, booleans, `enum`, `anyOf [T, null]`.
    An empty schema asks for plain text. `max_output_tokens` includes the room for the model's own thinking.
    """

    system: str
    user: str
    schema: Json = field(default_factory=dict)
    schema_name: str = "answer"
    images: tuple[Image, ...] = ()
    max_output_tokens: int = 4000
    brief: Brief = field(default_factory=Brief)


@dataclass(frozen=True, slots=True)
class Answer:
    """A model's answer. `data` is the parsed object if the prompt had a schema and `end` is `OK`, else None.

    `input_tokens` counts everything that was read, cached or not; `cached_tokens` is the part that came from a cache,
    `cache_write_tokens` the part that was written into one (dearer than plain input at some vendors).
    `tries` says how many requests it took.
    """

    data: Json | None
    text: str
    end: EndReason
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    provider: str = ""
    model: str = ""
    request_id: str = ""
    seconds: float = 0.0
    tries: int = 1
    estimated: bool = False  # the server reported no usage, or an impossible one: see integrations.ai.caller

    @property
    def counted(self) -> dict[str, int]:
        """The token counts in the form of a usage record."""
        return {
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "cached_tokens": self.cached_tokens,
            "cache_write_tokens": self.cache_write_tokens,
        }
