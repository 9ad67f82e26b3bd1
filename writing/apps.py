from django.apps import AppConfig


class WritingConfig(AppConfig):
    name = "writing"
    verbose_name = "Writing"

    def ready(self) -> None:
        from scribe import gdpr
        from writing.models import PromptTemplate, VerifierRate

        gdpr.holds_none(PromptTemplate, "Texts of our own.")
        gdpr.holds_none(VerifierRate, "Counts per model.")
