"""Prices: the model in force, and the cost of its tokens and of images."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Organization, User
from billing.amounts import rounded_up
from billing.models import AIModel, ImagePrice, Wallet
from integrations.ai import registry
from scribe import audit
from scribe.errors import InvalidInput, NotConfigured
from scribe.messages import _

THOUSAND = Decimal(1000)
MILLION = Decimal(1_000_000)


class Metered(Protocol):
    """The price of a call. `tier_multiplier` is XCT per 1,000 tokens; a `free` call costs no XCT."""

    @property
    def tier_multiplier(self) -> Decimal: ...

    @property
    def free(self) -> bool: ...


def model(provider: str, model_id: str | None = None) -> AIModel:
    """The model in force today; without `model_id` the provider's default. InvalidInput when there is none."""
    rows = AIModel.objects.in_force().filter(provider=provider).select_related("tier")
    named = registry.named_model(provider)
    if named and model_id in (None, "", named, registry.PROVIDERS[provider].default_model):
        # A self-hosted model is named by the deployment; without a row of its own the local default prices it.
        found = rows.filter(model_id=named).first() or rows.filter(is_default=True).first()
        if found is not None:
            found.model_id = named  # in memory alone: what its server knows it by
    elif model_id:
        found = rows.filter(model_id=model_id).first()
    else:
        found = rows.filter(is_default=True).order_by("-valid_from").first() or rows.first()
    if found is None:
        if model_id:
            raise InvalidInput.at(
                "#/ai_model",
                _("{provider} has no model {model_id}.", provider=provider, model_id=model_id),
                "unknown_model",
            )
        raise InvalidInput.at(
            "#/ai_provider", _("The provider {provider} does not exist.", provider=provider), "unknown_provider"
        )
    return found


def provider_of(model_id: str) -> str | None:
    """The provider that has this model today."""
    for provider in registry.PROVIDERS:
        if model_id and model_id == registry.named_model(provider):
            return provider
    return AIModel.objects.in_force().filter(model_id=model_id).values_list("provider", flat=True).first()


def rate_multiplier(organization: Organization | UUID) -> Decimal:
    """The organization's `token_rate_multiplier`; takes the row (with its wallet, if loaded) or an id."""
    if hasattr(organization, "wallet"):
        return Decimal(organization.wallet.token_rate_multiplier)
    rate = Wallet.objects.filter(organization=organization).values_list("token_rate_multiplier", flat=True).first()
    return Decimal(1) if rate is None else rate


def xct(tokens: int, metered: Metered, rate: Decimal = Decimal(1)) -> Decimal:
    """XCT of `tokens` (input and output together): tokens / 1000 × tier × `rate`, rounded up to 0.0001.

    `rate` is the organization's `rate_multiplier`. This is the one price of a model's work, quoted and billed.
    """
    if metered.free:
        return Decimal(0)
    return rounded_up(Decimal(tokens) / THOUSAND * metered.tier_multiplier * rate)


def usd(
    model: AIModel, input_tokens: int, output_tokens: int, *, cached_tokens: int = 0, cache_write_tokens: int = 0
) -> Decimal:
    """What the call costs us by the list price, in USD with six places. Of the input, `cached_tokens` came from the vendor's
    cache and `cache_write_tokens` went into it; a model without prices of its own for these has the input's."""
    cached = min(cached_tokens, input_tokens)
    written = min(cache_write_tokens, input_tokens - cached)
    total = (
        (input_tokens - cached - written) * model.input_usd
        + cached * (model.input_usd if model.cached_input_usd is None else model.cached_input_usd)
        + written * (model.input_usd if model.cache_write_usd is None else model.cache_write_usd)
        + output_tokens * model.output_usd
    )
    return (total / MILLION).quantize(Decimal("0.000001"))


def image(organization: Organization, *, provider: str = registry.IMAGES, size: str = "", quality: str = "") -> Decimal:
    """XCT of one generated image, by the most specific price row in force."""
    return rounded_up(image_price(provider=provider, size=size, quality=quality).xct * rate_multiplier(organization))


def images(organization: Organization, *, quality: str, sizes: Sequence[str]) -> list[Decimal]:
    """XCT of one generated image of each of the sizes, as `image` tells it."""
    rows = list(_in_force(registry.IMAGES, ("", *sizes), quality))
    rate = rate_multiplier(organization)
    return [rounded_up(_most_specific(row for row in rows if row.size in ("", size)).xct * rate) for size in sizes]


def image_price(*, provider: str = registry.IMAGES, size: str = "", quality: str = "") -> ImagePrice:
    """The newest price row for this size and quality, else the fallback for either or both."""
    return _most_specific(_in_force(provider, ("", size), quality))


def _in_force(provider: str, sizes: Sequence[str], quality: str) -> QuerySet[ImagePrice]:
    return ImagePrice.objects.filter(
        provider=provider, size__in=sizes, quality__in=("", quality), valid_from__lte=timezone.now()
    )


def _most_specific(rows: Iterable[ImagePrice]) -> ImagePrice:
    found = max(
        rows, key=lambda row: (bool(row.size) + bool(row.quality), bool(row.size), row.valid_from), default=None
    )
    if found is None:
        raise NotConfigured(_("There is no price set for images."), code="image_prices_not_configured")
    return found


@transaction.atomic
def revise(current: AIModel, *, by: User, reason: str = "", **changes: object) -> AIModel:
    """Give a model a new version with `changes`, in force from now on; the old row stays for what it priced."""
    fields = {f.attname: getattr(current, f.attname) for f in AIModel._meta.concrete_fields if not f.primary_key}
    before = {name: fields[name] for name in changes}
    revised = AIModel(**{**fields, **changes, "valid_from": timezone.now()})
    if revised.is_default:
        AIModel.objects.filter(provider=revised.provider).exclude(model_id=revised.model_id).update(is_default=False)
    revised.full_clean()
    revised.save(force_insert=True)
    audit.record(action="ai_model.revised", actor=by, target=revised, reason=reason, before=before, after=changes)
    return revised
