from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from scribe.doctor import Symptom


def model_keys() -> "Iterator[Symptom]":
    """`integrations.ai.key_check`, which is loaded when the doctor looks."""
    from integrations.ai import key_check

    return key_check.symptoms()


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = "Integrations"

    def ready(self) -> None:
        from scribe import doctor
        from scribe.jobs import registry

        doctor.register("models", model_keys)
        registry.prepare("generation", "integrations.ai.caller.load")
