"""How to write: each setting comes from the first level that names it.

request > the project's overrides > content profile > project settings > the organization's generation settings > the
deployment's defaults. Provider and model go together: the first level that names either of them decides both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, make_dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from accounts import countries, tones
from billing import prices
from billing.models import AIModel
from integrations.ai import registry
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import Json, JsonValue, ReadOnlyJson
from writing import fields as generated
from writing import language_settings, languages, open_models
from writing.glossary import NONE, Glossary
from writing.language_settings import MOST_INSTRUCTIONS, MOST_LANGUAGES
from writing.law.choices import Trade
from writing.law.rules import NONE as NO_LAW
from writing.law.rules import Law
from writing.rules import TaughtRule
from writing.verifier import choice
from writing.verifier.choice import Verifier

if TYPE_CHECKING:
    from accounts.models import Organization

# The deployment's defaults, as the contract states them. `max_*` follow `content_variant`.
DEFAULTS: Json = {
    "content_variant": "short",
    "language": "en",
    "language_way": "translation",
    "tone": "professional",
    "benefits": "usual",
    "custom_instructions": "",
    "use_html": True,
    "use_html_short": False,
    "image_analysis_enabled": False,
    "image_analysis_count": 3,
    "language_settings": MappingProxyType({}),
    "forbidden_words": (),
    "sells_in": (),
    "trade": "",
    **generated.SETTINGS,
}
LENGTHS = {
    "short": {"max_short_chars": 200, "max_long_chars": 1000},
    "long": {"max_short_chars": 300, "max_long_chars": 2500},
}
#: How texts in further languages are written: from the text in the main language, or from the facts.
LANGUAGE_WAYS = ("translation", "native")
#: What a text may say of a fact's use: `usual` what follows from it in ordinary use, `cautious` only what the source
#: states.
BENEFITS = ("usual", "cautious")
MOST_FORBIDDEN = 500  # words
BOUNDS = {"max_short_chars": (20, 2_000), "max_long_chars": (50, 20_000), "image_analysis_count": (1, 10)}
_FLAGS = tuple(key for key, value in DEFAULTS.items() if isinstance(value, bool))
KEYS = (*DEFAULTS, "max_short_chars", "max_long_chars", "ai_provider", "ai_model", *choice.KEYS)

Level = ReadOnlyJson


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop that texts are for. `url` is its address. `media_url` is where a Magento keeps the files that its
    exports name only by path."""

    url: str = ""
    media_url: str = ""


NO_SHOP = Shop()
# The settings that ask for fields, as the table of fields names them.
_Asking = make_dataclass(
    "_Asking",
    [(name, bool, field(default=default)) for name, default in generated.SETTINGS.items()],
    frozen=True,
    slots=True,
)


@dataclass(frozen=True, slots=True)
class WritingSettings(_Asking):  # type: ignore[misc,valid-type,explicit-any]  # it has no types
    """All settings, resolved. Those that ask for fields come from the table of fields.

    `tier_multiplier` is XCT per 1,000 tokens. With `own_key` the organization's own key pays the provider, and no other
    key may do the work. Unless `grounding` is `tables` the `verifier` reads the text, or `verifier_off` says why it
    does not:
    `plan` or `built_in`.
    """

    provider: str = registry.BUILT_IN
    model: str = "offline-writer"
    tier: str = "standard"
    tier_multiplier: Decimal = Decimal(1)
    context_window: int = 100_000
    supports_images: bool = False
    own_key: bool = False
    language: str = "en"
    language_way: str = "translation"
    tone: str = "professional"
    tone_text: str = ""
    benefits: str = "usual"
    custom_instructions: str = ""
    language_instructions: str = ""  # those for this language, beside the ones for all
    formality: str = ""
    content_type: str | None = None
    content_variant: str = "short"
    max_short_chars: int = 200
    max_long_chars: int = 1000
    use_html: bool = True
    use_html_short: bool = False
    image_analysis_enabled: bool = False
    image_analysis_count: int = 3
    forbidden_words: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()  # fields that the shop has no place for, and that nobody has asked for
    sells_in: tuple[str, ...] = ()  # ISO codes of countries, or EU
    trade: str = ""
    rules: tuple[TaughtRule, ...] = ()  # what people's edits taught
    shop_host: str = ""
    media_url: str = ""  # base address of the files that a Magento's exports name by path
    currency: str = ""
    grounding: str = choice.TABLES
    verifier: Verifier | None = None
    verifier_off: str = ""
    #: The merchant's terms. They are no part of a snapshot: `from_dict` has none until they are put in again.
    glossary: Glossary = field(default=NONE, compare=False, repr=False)
    #: The rules of law for `sells_in` and `trade`. They are no part of a snapshot, either.
    law: Law = field(default=NO_LAW, repr=False)

    def as_dict(self) -> Json:
        """A JSON-able snapshot; `from_dict` reads it back."""
        named = {key: getattr(self, key) for key in _FIELDS if key not in (*_UNKEPT, "verifier")}
        return {
            **named,
            "tier_multiplier": str(self.tier_multiplier),
            "forbidden_words": list(self.forbidden_words),
            "unplaced": list(self.unplaced),
            "sells_in": list(self.sells_in),
            "rules": [rule.as_dict() for rule in self.rules],
            "verifier": self.verifier.as_dict() if self.verifier else None,
        }

    def as_request(self) -> Json:
        """These settings as a request names them. A generation with them repeats this one's settings."""
        own = {key: getattr(self, key) for key in (*DEFAULTS, *LENGTHS["short"]) if key != "language_settings"}
        spoken = {"instructions": self.language_instructions, "formality": self.formality}
        own["language_settings"] = {self.language: {key: value for key, value in spoken.items() if value}}
        read = (
            {"verifier_provider": self.verifier.provider, "verifier_model": self.verifier.model}
            if self.verifier
            else {}
        )
        return {**own, "ai_provider": self.provider, "ai_model": self.model, "grounding": self.grounding, **read}

    @property
    def built_in(self) -> bool:
        """The built-in writer does the work. It asks no model, sees no images, and gives the same answer every time."""
        return self.provider == registry.BUILT_IN

    @property
    def free(self) -> bool:
        """The work costs no XCT."""
        return self.own_key or self.built_in

    @property
    def sees(self) -> bool:
        """The model can look at images."""
        return self.supports_images and not self.built_in

    @property
    def looks_at_images(self) -> bool:
        return self.image_analysis_enabled and self.sees

    @property
    def wanted(self) -> tuple[str, ...]:
        """The keys of the content that these settings ask a model for, in order."""
        return generated.wanted_keys(self)

    @property
    def limits(self) -> dict[str, int]:
        """The sizes that the built-in writer keeps to."""
        return generated.limits(self)

    @property
    def told(self) -> str:
        """What a writer is told besides its task: the instructions, and the rules that edits taught."""
        return "\n".join((self.instructions, *(rule.line for rule in self.rules))).strip()

    @property
    def instructions(self) -> str:
        """What the merchant said of the products, for all languages and for this one. The checks read it as the source
        field `instructions`. A tone is no evidence."""
        return "\n".join(filter(None, (self.custom_instructions.strip(), self.language_instructions.strip())))


_UNKEPT = ("glossary", "law")
_FIELDS = tuple(f.name for f in fields(WritingSettings))


def from_dict(snapshot: Level) -> WritingSettings:
    values = {key: value for key, value in snapshot.items() if key in _FIELDS and key not in _UNKEPT}
    if "tier_multiplier" in values:
        values["tier_multiplier"] = Decimal(str(values["tier_multiplier"]))
    values["forbidden_words"] = tuple(values.get("forbidden_words") or ())
    values["unplaced"] = tuple(values.get("unplaced") or ())
    values["sells_in"] = tuple(values.get("sells_in") or ())
    values["rules"] = tuple(map(TaughtRule.read, values.get("rules") or ()))
    if values.get("verifier"):
        values["verifier"] = Verifier.from_dict(values["verifier"])
    if values.get("provider") == registry.BUILT_IN:
        values["own_key"] = False  # older snapshots set it for all free work
    return WritingSettings(**values)


def resolve(
    organization: Organization,
    *levels: Level,
    shop: Shop = NO_SHOP,
    strict: bool = True,
    verified: bool = False,
    unasked: Level = MappingProxyType({}),
) -> WritingSettings:
    """The settings from `levels`, the strongest first. The organization's own follow them, then what is `unasked` in
    this shop, and the deployment's.

    With `strict`, for writing, a usable model is looked up, and InvalidInput is raised for invalid settings. Without
    it, for judging or showing texts, invalid settings fall back to defaults and no model is looked up. With `verified`
    a second model may read the text; the first level is then the request.
    """
    ordered = [*_order_levels(organization, levels), unasked]
    values = _merge_levels(ordered, lenient=not strict)
    provider, model_id = _pair(ordered, lenient=not strict)
    if strict:
        values |= _writer(organization, provider, model_id, values["tone"])
        found = choice.grounding(organization, ordered, provider=provider) if verified else choice.Grounding()
        values |= {"grounding": found.level, "verifier": found.verifier, "verifier_off": found.off}
    else:
        values |= {"provider": provider, "model": model_id or registry.default_model(provider) or ""}
    return WritingSettings(
        content_type=_first(ordered, "content_type"),
        shop_host=(urlsplit(shop.url).hostname or "") if shop.url else "",
        media_url=shop.media_url.rstrip("/"),
        currency=str(_first(ordered, "currency") or "")[:3].upper(),
        **values,
    )


def _writer(organization: Organization, provider: str, model_id: str | None, tone: str) -> Json:
    """The model that writes, what it costs, and the tone's text for the prompt."""
    own_key = organization.own_key(provider)
    model = _model(provider, model_id, own_key)
    if not own_key:
        open_models.check(organization, model)
    return {
        "provider": provider,
        "model": model.model_id,
        "tier": model.tier.tier,
        "tier_multiplier": model.xct_per_thousand,
        "context_window": choice.window(model),
        "supports_images": bool(model.supports_images),
        "own_key": bool(own_key),
        "tone_text": tones.resolve(organization, tone).prompt,
    }


def grounding(organization: Organization, *levels: Level) -> dict[str, str | None]:
    """`grounding` and the second model as they would apply. It is for display and refuses nothing."""
    return choice.effective_settings(organization, _order_levels(organization, levels))


def check(organization: Organization, level: Level) -> None:
    """Raise InvalidInput for a setting that could never apply, and Forbidden for a reading that the plan doesn't
    include. The provider need not be configured yet."""
    if wrong := next((key for key in _FLAGS if not isinstance(level.get(key), bool | None)), ""):
        raise InvalidInput.at(f"#/{wrong}", _("Choose yes or no."))
    _merge_levels([level])
    further(level)
    choice.check(organization, level)
    if level.get("ai_provider") or level.get("ai_model"):
        prices.model(*_pair([level]))


def further(level: Level, pointer: str = "#/languages") -> tuple[str, ...]:
    """Our codes of the `languages` that this level names, each once. Raises InvalidInput."""
    named = level.get("languages") or ()
    if not isinstance(named, list | tuple) or len(named) > MOST_LANGUAGES:
        raise InvalidInput.at(
            pointer, _("Enter a list of up to {most} languages.", most=MOST_LANGUAGES), "invalid_languages"
        )
    if any(not isinstance(name, str) for name in named):
        raise InvalidInput.at(pointer, _("Enter the language as a code, such as `fr`."), "invalid_languages")
    found = {name: languages.find_variant(name) for name in named}
    if unknown := [name for name, language in found.items() if language is None]:
        raise InvalidInput.at(
            pointer, _("The language “{unknown}” is not supported.", unknown=unknown[0]), "unknown_language"
        )
    return tuple(dict.fromkeys(language.code for language in found.values() if language))


def all_language_settings(organization: Organization, *levels: Level) -> dict[str, dict[str, str]]:
    """What all levels and the organization's say of single languages (`language_settings`)."""
    return language_settings.merge(_order_levels(organization, levels))


def _order_levels(organization: Organization, levels: Iterable[Level]) -> list[Level]:
    return [*map(_level, levels), _level((organization.settings or {}).get("generation"))]


def _level(level: object) -> Level:
    return level if isinstance(level, Mapping) else {}


def _first(levels: list[Level], key: str) -> JsonValue:
    return next((level[key] for level in levels if level.get(key) is not None), None)


def _merge_levels(levels: list[Level], *, lenient: bool = False) -> Json:
    values: Json = {}
    for key, default in DEFAULTS.items():
        found = _first(levels, key)
        values[key] = default if found is None else found
    del values["language_settings"]  # of which those of the text's language count
    variant = values["content_variant"] if values["content_variant"] in LENGTHS else ""
    if not variant and not lenient:
        raise InvalidInput.at(
            "#/content_variant", _("Choose the content variant `short` or `long`."), "unknown_content_variant"
        )
    for key, default in LENGTHS[variant or "short"].items():
        found = _first(levels, key)
        values[key] = default if found is None else found
    for key, (least, most) in BOUNDS.items():
        values[key] = _number(key, values[key], least, most, lenient=lenient)
    for key in _FLAGS:
        values[key] = bool(values[key])
    language = languages.find_variant(str(values["language"]))
    if language is None:
        if not lenient:
            raise InvalidInput.at(
                "#/language",
                _("The language “{language}” is not supported.", language=values["language"]),
                "unknown_language",
            )
        language = languages.BY_CODE["en"]
    values["language"] = language.code
    said = language_settings.of_language(levels, language.code, lenient=lenient)
    values |= {"language_instructions": said.get("instructions", ""), "formality": said.get("formality", "")}
    for key, known in (("language_way", LANGUAGE_WAYS), ("benefits", BENEFITS)):
        values[key] = _choice(key, values[key], known, lenient=lenient)
    values |= market(values["sells_in"], values["trade"], lenient=lenient)
    values |= {key: str(values[key]) for key in ("tone", "custom_instructions")}
    words = values["forbidden_words"]
    listed = words.split(",") if isinstance(words, str) else words if isinstance(words, list | tuple) else ()
    values["forbidden_words"] = tuple(str(word).strip() for word in listed if str(word).strip())
    if not lenient:
        _check_sizes(len(values["custom_instructions"]), len(values["forbidden_words"]))
    return values


def _check_sizes(instructions: int, words: int) -> None:
    most = MOST_INSTRUCTIONS
    if instructions > most:
        why = _("The instructions have {number} characters, but the maximum is {most}.", number=instructions, most=most)
        raise InvalidInput.at("#/custom_instructions", why, "too_long")
    if words > MOST_FORBIDDEN:
        why = _("Enter at most {most} words.", most=MOST_FORBIDDEN)
        raise InvalidInput.at("#/forbidden_words", why, "too_many_words")


def _choice(key: str, value: object, known: tuple[str, ...], *, lenient: bool) -> str:
    if value in known:
        return str(value)
    if not lenient:
        raise InvalidInput.at(f"#/{key}", _("Choose one of: {names}.", names=list(known)), f"unknown_{key}")
    return known[0]


def market(sells_in: object, trade: object, *, lenient: bool = False) -> Json:
    """Where the shop sells and what. Any country may be named, also one without rules. Raises InvalidInput."""
    named = sells_in.split(",") if isinstance(sells_in, str) else sells_in
    codes = [str(code).strip().upper() for code in named] if isinstance(named, list | tuple) else [""]
    if any(code not in countries.CODES and code != "EU" for code in codes):
        if not lenient:
            why = _("Enter a list of two-letter country codes, or `EU`.")
            raise InvalidInput.at("#/sells_in", why, "unknown_country")
        codes = []
    if trade not in ("", *Trade.values):
        if not lenient:
            why = _("Choose one of the trades: {names}.", names=list(Trade.values))
            raise InvalidInput.at("#/trade", why, "unknown_trade")
        trade = ""
    return {"sells_in": tuple(dict.fromkeys(codes)), "trade": trade}


def _number(key: str, value: JsonValue, least: int, most: int, *, lenient: bool) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = least - 1
    if not lenient and not least <= number <= most:
        raise InvalidInput.at(
            f"#/{key}", _("Enter a number from {least} to {most}.", least=least, most=most), "out_of_range"
        )
    return min(most, max(least, number))


def _pair(levels: list[Level], *, lenient: bool = False) -> tuple[str, str | None]:
    """Provider and model of the first level that names either. A model without a provider decides the provider."""
    for level in levels:
        provider, model = level.get("ai_provider") or None, level.get("ai_model") or None
        if provider is None and model is None:
            continue
        if provider is not None and not registry.is_known(str(provider)):
            if lenient:
                break
            raise InvalidInput.at(
                "#/ai_provider", _("The provider “{provider}” does not exist.", provider=provider), "unknown_provider"
            )
        if provider is None:
            provider = prices.provider_of(str(model))
            if provider is None:
                if lenient:
                    break
                raise InvalidInput.at(
                    "#/ai_model", _("The model “{model}” does not exist.", model=model), "unknown_model"
                )
        return str(provider), str(model) if model else None
    return registry.default_provider(), None


def _model(provider: str, model_id: str | None, own_key: str) -> AIModel:
    if registry.access(provider, own_key) is None:
        raise InvalidInput.at(
            "#/ai_provider",
            _(
                "{name} is not set up. Choose another provider, or add a key for it.",
                name=registry.PROVIDERS[provider].name,
            ),
            "provider_not_configured",
        )
    return prices.model(provider, model_id)
