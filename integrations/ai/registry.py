"""The AI providers, a row each; which of them this deployment can use, and with which key."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.conf import settings

from integrations.ai.capabilities import BUILT_IN, Capability
from scribe.secret_files import Environment

_MESSAGES = Capability(api="messages", effort="low")
_RESPONSES = Capability(api="responses", effort="low", max_tokens_param="max_output_tokens")
_DEEPSEEK = Capability(api="chat", json="object", images=False, thinking="disabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class AIProvider:
    """A provider of models. Names, tiers and prices of the models are rows of the database.

    `models` are capabilities by the beginning of a model's id; any other model has `capability`.
    `own_keys`: an organization may bring a key of its own (not for OpenAI, by intention). `tokens` is how many tokens
    the provider counts for one of OpenAI's. The deployment's key and address are the settings `<settings>_API_KEY` and
    `<settings>_BASE_URL`, or the variables of these names; the address defaults to `base_url`. `self_hosted`: an
    address is enough, a key is optional, and `<settings>_MODEL` names the model. `built_in`: it needs neither key nor
    address. `client` is the dotted name of its client, if that isn't one of ours for a vendor's API.
    """

    id: str
    name: str
    default_model: str
    capability: Capability
    models: Mapping[str, Capability] = field(default_factory=dict)
    own_keys: bool = False
    tokens: float = 1.2
    settings: str = ""
    base_url: str = ""
    self_hosted: bool = False
    built_in: bool = False
    client: str = ""

    def setting(self, name: str) -> str:
        """The deployment's value of a setting of this provider; empty when it is not set."""
        key = f"{self.settings or self.id.upper()}_{name}"
        found = getattr(settings, key, None)  # a new row needs no line in the settings
        return Environment().get(key, "") if found is None else str(found)


#: The deployment's default is the first configured one, in this order.
PROVIDERS: dict[str, AIProvider] = {
    row.id: row
    for row in (
        AIProvider(
            id="anthropic",
            name="Anthropic",
            default_model="claude-haiku-5-5",
            capability=_MESSAGES,
            models={
                "claude-haiku": replace(_MESSAGES, effort=""),
                "claude-opus-5-5": replace(_MESSAGES, thinks=True),
                "claude-fable": replace(_MESSAGES, thinks=True),
            },
            own_keys=True,
            tokens=1.4,
        ),
        AIProvider(
            id="openai",
            name="OpenAI",
            default_model="gpt-6-luna",
            capability=_RESPONSES,
            models={
                "gpt-6": replace(_RESPONSES, effort="none", explicit_cache=True),
                "gpt-6.2": replace(_RESPONSES, effort="low", thinks=True, explicit_cache=True),
            },
            tokens=1.0,
        ),
        AIProvider(
            id="google",
            name="Google Gemini",
            default_model="gemini-3.5-flash-lite",
            capability=Capability(api="chat", effort="low", thinks=True),
            own_keys=True,
        ),
        AIProvider(
            id="deepseek",
            name="DeepSeek",
            default_model="deepseek-flash",
            capability=_DEEPSEEK,
            models={"deepseek-flash": replace(_DEEPSEEK, images=True)},
            own_keys=True,
        ),
        AIProvider(
            id="local",
            name="Local model",
            default_model="local",
            capability=Capability(api="chat", images=True, lenient=True, timeout=300.0, first=4),
            settings="LOCAL_AI",
            self_hosted=True,
        ),
        AIProvider(
            id=BUILT_IN,
            name="Preview of your facts (built in, no model)",
            default_model="offline-writer",
            capability=Capability(api=BUILT_IN, images=False, timeout=30.0),
            tokens=1.0,
            built_in=True,
            client="writing.offline.client.Offline",
        ),
    )
}


#: The provider of generated images: the client of `integrations.ai.images`.
IMAGES = "openai"


def with_own_keys() -> list[AIProvider]:
    """The providers that an organization may bring a key of its own for."""
    return [row for row in PROVIDERS.values() if row.own_keys]


def capability(provider: str, model: str = "") -> Capability:
    """What `model` accepts. Raises KeyError for an unknown provider."""
    row = PROVIDERS[provider]
    for prefix in sorted(row.models, key=len, reverse=True):
        if model.startswith(prefix):
            return row.models[prefix]
    return row.capability


@dataclass(frozen=True, slots=True)
class ProviderAccess:
    """How to reach a provider. `own`: the key is the organization's, so the call costs no XCT."""

    provider: str
    api_key: str
    base_url: str
    own: bool = False


def is_known(provider: str) -> bool:
    return provider in PROVIDERS


def is_configured(provider: str) -> bool:
    """Whether the deployment itself can call `provider`."""
    row = PROVIDERS[provider]
    return row.built_in or bool(row.setting("BASE_URL" if row.self_hosted else "API_KEY"))


def default_provider() -> str:
    """The deployment's provider: `DEFAULT_AI_PROVIDER`, else the first configured one, else the built-in writer."""
    if settings.DEFAULT_AI_PROVIDER in PROVIDERS:
        return str(settings.DEFAULT_AI_PROVIDER)
    return next((name for name in PROVIDERS if is_configured(name)), BUILT_IN)


def named_model(provider: str) -> str:
    """The model that the deployment names for a server of its own; empty without one."""
    row = PROVIDERS.get(provider)
    return row.setting("MODEL") if row is not None and row.self_hosted else ""


def default_model(provider: str) -> str:
    """The model that a deployment without price rows would use."""
    return named_model(provider) or PROVIDERS[provider].default_model


def access(provider: str, own_key: str = "") -> ProviderAccess | None:
    """The access to `provider` with the organization's `own_key` or the deployment's key; None without either."""
    row = PROVIDERS.get(provider)
    if row is None:
        return None
    address = row.setting("BASE_URL") or row.base_url
    if own_key and row.own_keys:
        return ProviderAccess(provider, own_key, address, own=True)
    if not is_configured(provider):
        return None
    # The SDK demands a key; a self-hosted server ignores it.
    return ProviderAccess(provider, row.setting("API_KEY") or ("none" if row.self_hosted else row.id), address)
