"""Whether the deployment's keys open their providers, by asking for the list of models, which costs nothing."""

from collections.abc import Iterator

import requests

from integrations.ai import registry
from integrations.ai.providers import faults
from scribe.doctor import Symptom

SECONDS = 15
ANTHROPIC_VERSION = "2023-06-01"  # https://platform.claude.com/docs/en/api/versioning


def symptoms() -> Iterator[Symptom]:
    """A symptom for each provider that this deployment has a key or an address for."""
    asked = [name for name, row in registry.PROVIDERS.items() if not row.built_in and registry.is_configured(name)]
    for name in asked:
        yield symptom(name)
    if not asked:
        yield Symptom("The built-in writer answers alone", "Set a key, such as ANTHROPIC_API_KEY, for real texts.")
    yield Symptom(f"{registry.default_provider()} is the default")


def symptom(provider: str) -> Symptom:
    access = registry.access(provider)
    if access is None:
        raise LookupError(provider)
    if registry.capability(provider).api == "messages":
        url = f"{access.base_url.rstrip('/')}/v1/models"
        headers = {"x-api-key": access.api_key, "anthropic-version": ANTHROPIC_VERSION}
    else:
        url, headers = f"{access.base_url.rstrip('/')}/models", {"Authorization": f"Bearer {access.api_key}"}
    try:
        found = requests.get(url, headers=headers, timeout=SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        return Symptom(
            f"{provider} can't be reached ({type(error).__name__})", f"Check that this machine reaches {url}."
        )
    if found.status_code in (401, 403) or faults.names_the_key(found.status_code, found.text):
        return Symptom(
            f"{provider} refuses the key ({found.status_code})", f"Set the key of {provider} anew.", grave=True
        )
    if found.status_code != 200:
        return Symptom(f"{provider} answered {found.status_code}", f"Check {url}, or the provider's status page.")
    return Symptom(f"{provider} takes the key")
