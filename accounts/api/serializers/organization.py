from collections.abc import Iterable

from rest_framework import serializers

from accounts import own_keys
from accounts.api.serializers.common import optional
from accounts.models import Organization
from integrations.ai import registry
from scribe.api.fields import FreeObject, UtcDateTime
from scribe.api.serializers import Reply, Request
from scribe.types import Json, ReadOnlyJson


class OrganizationReply(Reply):
    id = serializers.CharField()
    name = serializers.CharField()
    slug = serializers.CharField()
    settings = FreeObject()
    address = serializers.CharField()
    phone_number = serializers.CharField()
    tax_id = serializers.CharField()
    billing_email = serializers.CharField()
    byok_enabled = serializers.BooleanField()
    enforce_2fa = serializers.BooleanField()
    created_at = UtcDateTime()

    def get_fields(self) -> Json:
        """The fields above, and `has_<provider>_key` for each provider that takes own keys."""
        flags = {f"has_{row.id}_key": serializers.BooleanField() for row in registry.with_own_keys()}
        return {**super().get_fields(), **flags}


def organization(row: Organization, *, own_key_providers: Iterable[str] | None = None) -> Json:
    """The organization as it is sent. `own_key_providers`: those it has a key for, queried when not given."""
    providers = own_keys.providers(row) if own_key_providers is None else own_key_providers
    return OrganizationReply.of(
        row, **{f"has_{provider.id}_key": provider.id in providers for provider in registry.with_own_keys()}
    )


class OrganizationUpdate(Request):
    name = serializers.CharField(max_length=200, required=False)
    settings = FreeObject(
        required=False, allow_null=True, help_text="Merged by top-level key. Send `null` to remove a key."
    )
    address = serializers.CharField(max_length=500, required=False, allow_blank=True)
    phone_number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    tax_id = serializers.CharField(max_length=40, required=False, allow_blank=True)
    billing_email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    enforce_2fa = serializers.BooleanField(required=False)

    def to_internal_value(self, data: ReadOnlyJson) -> object:
        """Treat a field sent as null as a field that was not sent."""
        return super().to_internal_value({name: value for name, value in data.items() if value is not None})


class OwnKeysUpdate(Request):
    """An empty string removes a key; a field left out or null stays."""

    def get_fields(self) -> Json:
        """`<provider>_api_key` for each provider that takes own keys."""
        return {f"{row.id}_api_key": optional(max_length=500) for row in registry.with_own_keys()}


def keys_sent(body: Json) -> dict[str, str]:
    """The keys of an `OwnKeysUpdate` by provider, without the keys that stay as they are."""
    return {name.removesuffix("_api_key"): key for name, key in body.items() if key is not None}


class BillingDetailsUpdate(Request):
    billing_company_name = optional(max_length=200)
    billing_pib = optional(max_length=20)
    billing_mb = optional(max_length=20)
    billing_address = optional(max_length=300)
    billing_city = optional(max_length=120)
    billing_postal_code = optional(max_length=20)
    billing_country = optional(max_length=2, help_text="Two letters, such as RS.")


class BillingWarning(Reply):
    pointer = serializers.CharField()
    detail = serializers.CharField()
    code = serializers.CharField()


class BillingDetailsReply(Reply):
    billing_company_name = serializers.CharField()
    billing_pib = serializers.CharField()
    billing_mb = serializers.CharField()
    billing_address = serializers.CharField()
    billing_city = serializers.CharField()
    billing_postal_code = serializers.CharField()
    billing_country = serializers.CharField()
    warnings = BillingWarning(many=True, help_text="Values that were saved but look wrong.")


class ToneRequest(Request):
    id = optional(max_length=60, help_text="A slug. Default: created from the name.")
    name = serializers.CharField(max_length=120)
    description = optional(max_length=500)
    system_prompt = optional(max_length=8000)


class ToneReply(Reply):
    id = serializers.CharField(source="slug")
    name = serializers.CharField()
    description = serializers.CharField()
    system_prompt = serializers.CharField()
