"""Which providers there are, which of them this deployment can use, and with what key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from integrations.ai import capabilities
from integrations.ai.capabilities import BUILT_IN


@dataclass(frozen=True, slots=True)
class Provider:
    """`byok_field`: the organization's own key, where it may bring one (OpenAI has none; that is meant)."""

    id: str
    name: str
    default_model: str
    byok_field: str = ""

    @property
    def byok(self) -> bool:
        return bool(self.byok_field)


PROVIDERS: dict[str, Provider] = {
    row.id: row
    for row in (
        Provider("anthropic", "Anthropic", "claude-haiku-5-5", "anthropic_api_key"),
        Provider("openai", "OpenAI", "gpt-6-luna"),
        Provider("google", "Google Gemini", "gemini-3.5-flash-lite", "google_api_key"),
        Provider("deepseek", "DeepSeek", "deepseek-flash", "deepseek_api_key"),
        Provider("local", "Local model", "local"),
        Provider(BUILT_IN, "Built-in writer (no model)", "offline-writer"),
    )
}
_ORDER = ("anthropic", "openai", "google", "deepseek", "local")  # rules of the deployment's default


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a provider: `own` when the key is the organization's (then the call costs no XCT)."""

    provider: str
    api_key: str
    base_url: str
    own: bool = False


def is_known(provider: str) -> bool:
    return provider in PROVIDERS


def is_configured(provider: str) -> bool:
    """Whether the deployment itself can call `provider`."""
    if provider == BUILT_IN:
        return True
    if provider == "local":
        return bool(settings.LOCAL_AI_BASE_URL)
    return bool(_key(provider))


def default_provider() -> str:
    """The deployment's provider: `DEFAULT_AI_PROVIDER`, else the first configured one, else the built-in writer."""
    if settings.DEFAULT_AI_PROVIDER in PROVIDERS:
        return str(settings.DEFAULT_AI_PROVIDER)
    return next((name for name in _ORDER if is_configured(name)), BUILT_IN)


def default_model(provider: str) -> str:
    """The model that a deployment without price rows would use; `LOCAL_AI_MODEL` names the local server's."""
    if provider == "local" and settings.LOCAL_AI_MODEL:
        return str(settings.LOCAL_AI_MODEL)
    return PROVIDERS[provider].default_model


def access(provider: str, own_key: str = "") -> Access | None:
    """The way to `provider` with the organization's `own_key` or the deployment's; None when neither is there."""
    if provider not in PROVIDERS:
        return None
    if own_key and PROVIDERS[provider].byok:
        return Access(provider, own_key, _base_url(provider), own=True)
    if not is_configured(provider):
        return None
    return Access(provider, _key(provider), _base_url(provider))


def supports_images(provider: str, model: str) -> bool:
    return capabilities.of(provider, model).images


def _key(provider: str) -> str:
    if provider == BUILT_IN:
        return BUILT_IN
    if provider == "local":
        return str(settings.LOCAL_AI_API_KEY or "none")  # the SDK wants one, local servers do not look
    return str(getattr(settings, f"{provider.upper()}_API_KEY"))


def _base_url(provider: str) -> str:
    names: dict[str, Any] = {"local": "LOCAL_AI_BASE_URL"}
    if provider == BUILT_IN:
        return ""
    return str(getattr(settings, names.get(provider, f"{provider.upper()}_BASE_URL")))
