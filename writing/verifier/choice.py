"""How closely a text is checked, and by which model: `grounding` and the second model, from settings and plan.

`standard` uses the checks by tables alone. `strict` adds one call of a second model. This is the model that
`verifier_provider` and `verifier_model` name, else the cheapest model of the writer's provider. Texts of the built-in
writer get no second reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from billing import access, prices
from billing.models import AIModel
from integrations.ai import registry
from scribe.errors import Forbidden, InvalidInput
from writing import open_models

if TYPE_CHECKING:
    from accounts.models import Organization

STANDARD, STRICT = "standard", "strict"
LEVELS = (STANDARD, STRICT)
KEYS = ("grounding", "verifier_provider", "verifier_model")
LOCAL_CONTEXT = 4_096  # tokens of a self-hosted model's window, where its row doesn't say

Level = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verifier:
    """The second model. With `own_key` the organization's own key pays its provider, and no other key may do the
    work."""

    provider: str
    model: str
    tier: str = "standard"
    tier_multiplier: Decimal = Decimal(1)
    context_window: int = 100_000
    own_key: bool = False

    @property
    def free(self) -> bool:
        """Its calls cost no XCT."""
        return self.own_key

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "tier_multiplier": str(self.tier_multiplier)}

    @classmethod
    def from_dict(cls, stored: Level) -> Self:
        return cls(**{**stored, "tier_multiplier": Decimal(str(stored["tier_multiplier"]))})


@dataclass(frozen=True, slots=True)
class Grounding:
    """The `level` of the settings. A strict one has a `verifier`, or `off` says why it has none: `plan` or
    `built_in`."""

    level: str = STANDARD
    verifier: Verifier | None = None
    off: str = ""


def named(levels: Sequence[Level]) -> str | None:
    """The `grounding` of the first level that names one. Raises InvalidInput for an unknown one."""
    found = next((level["grounding"] for level in levels if level.get("grounding") is not None), None)
    if found is not None and found not in LEVELS:
        raise InvalidInput.at("#/grounding", "Grounding is `standard` or `strict`.", "unknown_grounding")
    return found


def shown(organization: Organization, levels: Sequence[Level]) -> dict[str, str | None]:
    """The settings of `KEYS` as they apply. Unknown levels are skipped, and nothing is refused."""
    found = next((level["grounding"] for level in levels if level.get("grounding") in LEVELS), None)
    level = next((one for one in levels if one.get("verifier_provider") or one.get("verifier_model")), {})
    return {
        "grounding": str(found or access.plan_of(organization).grounding),
        "verifier_provider": level.get("verifier_provider") or None,
        "verifier_model": level.get("verifier_model") or None,
    }


def check(organization: Organization, level: Level) -> None:
    """Raise InvalidInput for a choice that could never apply, and Forbidden `tier_required` for a strict one that the
    plan doesn't include."""
    if named([level]) == STRICT:
        _check_plan(organization)
    if level.get("verifier_provider") or level.get("verifier_model"):
        prices.model(*_pair(level, ""))


def grounding(organization: Organization, levels: Sequence[Level], *, provider: str) -> Grounding:
    """How closely texts of `provider` are checked. The first of `levels` is the request.

    Raises Forbidden `tier_required` when the request itself asks for strict grounding and the plan doesn't include it.
    Raises InvalidInput when the second model doesn't exist or no key for it is configured.
    """
    if named(levels[:1]) == STRICT:
        _check_plan(organization)
    plan = access.plan_of(organization)
    found = named(levels) or plan.grounding
    if found != STRICT:
        return Grounding(found)
    if registry.PROVIDERS[provider].built_in:
        return Grounding(found, off="built_in")
    if not plan.strict_grounding:
        return Grounding(found, off="plan")
    return Grounding(found, _verifier(organization, levels, provider))


def _verifier(organization: Organization, levels: Sequence[Level], provider: str) -> Verifier:
    level = next((one for one in levels if one.get("verifier_provider") or one.get("verifier_model")), {})
    chosen, model_id = _pair(level, provider)
    own_key = organization.own_key(chosen)
    if registry.access(chosen, own_key) is None:
        raise InvalidInput.at(
            "#/verifier_provider",
            f"{registry.PROVIDERS[chosen].name} is not configured: choose another provider for the second model, or add a "
            "key for it.",
            "provider_not_configured",
        )
    model = prices.model(chosen, model_id) if model_id else _cheapest(chosen)
    if model_id and not own_key:
        open_models.check(organization, model)
    multiplier = model.xct_per_thousand
    return Verifier(chosen, model.model_id, model.tier.tier, multiplier, window(model), bool(own_key))


def window(model: AIModel) -> int:
    """The context window of a model in tokens. If its row doesn't state one, the default of its kind of provider
    applies."""
    return model.context_window or (LOCAL_CONTEXT if registry.PROVIDERS[model.provider].self_hosted else 100_000)


def _pair(level: Level, provider: str) -> tuple[str, str | None]:
    chosen, model = level.get("verifier_provider") or "", level.get("verifier_model") or None
    if not chosen and model:
        chosen = prices.provider_of(str(model)) or ""
        if not chosen:
            raise InvalidInput.at("#/verifier_model", f"There is no model “{model}”.", "unknown_model")
    chosen = str(chosen or provider)
    if not registry.is_known(chosen) or registry.PROVIDERS[chosen].built_in:
        raise InvalidInput.at(
            "#/verifier_provider", f"There is no provider “{chosen}” with a model that reads texts.", "unknown_provider"
        )
    return chosen, str(model) if model else None


def _cheapest(provider: str) -> AIModel:
    """The provider's model of the lowest tier. If there are several: the default one, else the one that costs us least.
    Of a self-hosted provider: its default model."""
    if registry.PROVIDERS[provider].self_hosted:
        return prices.model(provider, registry.default_model(provider))
    rows = AIModel.objects.in_force().filter(provider=provider).select_related("tier")
    return min(
        rows,
        key=lambda row: (row.xct_per_thousand, not row.is_default, row.input_usd + row.output_usd, row.model_id),
        default=None,
    ) or prices.model(provider)


def _check_plan(organization: Organization) -> None:
    plan = access.plan_of(organization)
    if not plan.strict_grounding:
        raise Forbidden(
            "Strict grounding is not part of your plan. Choose `standard`, or another plan.",
            code="tier_required",
            subscription_tier=plan.pk,
        )
