from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = "Billing"

    def ready(self) -> None:
        from accounts import registration as accounts_registration
        from billing import personal_data, registration

        accounts_registration.on_register(registration.on_register)
        personal_data.register()
