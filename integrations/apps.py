from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = "Integrations"

    def ready(self) -> None:
        from integrations import personal_data
        from scribe.jobs import registry

        registry.prepare("generation", "integrations.ai.caller.load")
        personal_data.register()
