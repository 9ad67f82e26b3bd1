"""How closely a text is checked, and by which model: `grounding` and the second model, from settings and plan.

`tables`, also called `standard`, uses the checks by tables alone. `read` has a second model read the text as well, and
`strict` besides leaves no text unread without a person's override. The model is the one that `verifier_provider` and
`verifier_model` name, else the cheapest model of the writer's provider. Texts of the built-in writer get no second
reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings as deployment

from billing import access, prices
from billing.models import AIModel
from integrations.ai import registry, windows
from scribe.errors import Forbidden, InvalidInput
from scribe.messages import _
from scribe.types import Json, ReadOnlyJson
from writing import open_models

if TYPE_CHECKING:
    from accounts.models import Organization

TABLES, READ, STRICT = "tables", "read", "strict"
STANDARD = "standard"  # another name of TABLES; of a plan it means the deployment's default
LEVELS = (TABLES, READ, STRICT)
NAMES = {STANDARD: TABLES, **{level: level for level in LEVELS}}
KEYS = ("grounding", "verifier_provider", "verifier_model")
LOCAL_CONTEXT = 4_096  # tokens of a self-hosted model's window, where neither its server nor its row says

Level = ReadOnlyJson


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

    def as_dict(self) -> Json:
        return {**asdict(self), "tier_multiplier": str(self.tier_multiplier)}

    @classmethod
    def from_dict(cls, stored: Level) -> Self:
        return cls(**{**stored, "tier_multiplier": Decimal(str(stored["tier_multiplier"]))})


@dataclass(frozen=True, slots=True)
class Grounding:
    """The `level` of the settings. Unless it is TABLES it has a `verifier`, or `off` says why it has none: `plan` or
    `built_in`."""

    level: str = TABLES
    verifier: Verifier | None = None
    off: str = ""


def named_grounding(levels: Sequence[Level]) -> str | None:
    """The `grounding` of the first level that names one. Raises InvalidInput for an unknown one."""
    found = next((level["grounding"] for level in levels if level.get("grounding") is not None), None)
    if found is not None and found not in NAMES:
        raise InvalidInput.at(
            "#/grounding", _("Choose the grounding `tables`, `read` or `strict`."), "unknown_grounding"
        )
    return None if found is None else NAMES[found]


def default(organization: Organization) -> str:
    """The level where no setting names one: the plan's, else the deployment's."""
    plan = access.plan_of(organization)
    return STRICT if plan.grounding == STRICT else str(deployment.DEFAULT_GROUNDING)


def effective_settings(organization: Organization, levels: Sequence[Level]) -> dict[str, str | None]:
    """The settings of `KEYS` as they apply. Unknown levels are skipped, and nothing is refused."""
    found = next((level["grounding"] for level in levels if level.get("grounding") in NAMES), None)
    level = next((one for one in levels if one.get("verifier_provider") or one.get("verifier_model")), {})
    return {
        "grounding": NAMES[found] if found else default(organization),
        "verifier_provider": level.get("verifier_provider") or None,
        "verifier_model": level.get("verifier_model") or None,
    }


def check(organization: Organization, level: Level) -> None:
    """Raise InvalidInput for a choice that could never apply, and Forbidden `tier_required` for a reading that the plan
    doesn't include."""
    if named_grounding([level]) in (READ, STRICT):
        _check_plan(organization)
    if level.get("verifier_provider") or level.get("verifier_model"):
        prices.model(*_pair(level, ""))


def grounding(organization: Organization, levels: Sequence[Level], *, provider: str) -> Grounding:
    """How closely texts of `provider` are checked. The first of `levels` is the request.

    Raises Forbidden `tier_required` when the request itself asks for a reading and the plan doesn't include it.
    Raises InvalidInput when the second model doesn't exist or no key for it is configured.
    """
    if named_grounding(levels[:1]) in (READ, STRICT):
        _check_plan(organization)
    asked = named_grounding(levels)
    found = asked or default(organization)
    if found == TABLES:
        return Grounding(found)
    if registry.PROVIDERS[provider].built_in:
        return Grounding(found, off="built_in")
    if not access.plan_of(organization).strict_grounding:
        return Grounding(found, off="plan") if asked else Grounding(TABLES)
    return Grounding(found, _verifier(organization, levels, provider))


def _verifier(organization: Organization, levels: Sequence[Level], provider: str) -> Verifier:
    level = next((one for one in levels if one.get("verifier_provider") or one.get("verifier_model")), {})
    chosen, model_id = _pair(level, provider)
    own_key = organization.own_key(chosen)
    if registry.access(chosen, own_key) is None:
        raise InvalidInput.at(
            "#/verifier_provider",
            _(
                "{name} is not set up. Choose another provider for the second model, or add a key for it.",
                name=registry.PROVIDERS[chosen].name,
            ),
            "provider_not_configured",
        )
    model = prices.model(chosen, model_id) if model_id else _cheapest(chosen)
    if model_id and not own_key:
        open_models.check(organization, model)
    multiplier = model.xct_per_thousand
    return Verifier(chosen, model.model_id, model.tier.tier, multiplier, window(model), bool(own_key))


def window(model: AIModel) -> int:
    """The context window of a model in tokens: what the server of a self-hosted one tells, else what its row states, else
    the default of its kind of provider."""
    if not registry.PROVIDERS[model.provider].self_hosted:
        return model.context_window or 100_000
    return windows.context_window(model.provider, model.model_id) or model.context_window or LOCAL_CONTEXT


def _pair(level: Level, provider: str) -> tuple[str, str | None]:
    chosen, model = level.get("verifier_provider") or "", level.get("verifier_model") or None
    if not chosen and model:
        chosen = prices.provider_of(str(model)) or ""
        if not chosen:
            raise InvalidInput.at(
                "#/verifier_model", _("The model “{model}” does not exist.", model=model), "unknown_model"
            )
    chosen = str(chosen or provider)
    if not registry.is_known(chosen) or registry.PROVIDERS[chosen].built_in:
        raise InvalidInput.at(
            "#/verifier_provider",
            _("The provider “{chosen}” has no model that can check texts.", chosen=chosen),
            "unknown_provider",
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
            _("The check by a second AI model is not part of your plan. Choose `tables`, or a higher plan."),
            code="tier_required",
            subscription_tier=plan.pk,
        )
