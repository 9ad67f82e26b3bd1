from django.apps import AppConfig


class ScribeConfig(AppConfig):
    name = "scribe"
    verbose_name = "System"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from scribe import logs

        logs.configure()
