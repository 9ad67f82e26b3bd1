from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "backoffice"
    verbose_name = "Back office"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from backoffice import gauges, retention, sign_in

        user_logged_in.connect(sign_in.signed_in, dispatch_uid="backoffice.signed_in")
        gauges.register()
        retention.register()
