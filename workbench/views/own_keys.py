"""The organization's own keys for providers of models. A key is taken, and never shown."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts import own_keys
from integrations.ai import registry
from scribe.api.access import ADMINS
from scribe.errors import Forbidden, InvalidInput
from workbench import details
from workbench.pages import go
from workbench.views.account import AccountPage

LONGEST = 500


class OwnKeysPage(AccountPage):
    """Which providers have a key. POST: a new key for one of them, or none any more."""

    tab = "own-keys"
    who = ADMINS

    def get(self, request: Any) -> HttpResponse:
        return self.page()

    def post(self, request: Any) -> HttpResponse:
        provider, key = request.POST.get("provider", ""), request.POST.get("key", "").strip()
        removing = request.POST.get("step") == "remove"
        if provider not in {row.id for row in registry.with_own_keys()}:
            raise InvalidInput.at("#/provider", _("There is no such provider."), "invalid_choice")
        if not removing and not 0 < len(key) <= LONGEST:
            return self.page(status=422, wrong=provider, problem=_("Paste the key here first."))
        try:
            keys = {provider: "" if removing else key}
            own_keys.update(organization=self.user.organization, keys=keys, by=self.user)
        except InvalidInput as error:
            return self.page(status=422, wrong=provider, problem=details.of(error))
        except Forbidden as error:
            return self.page(status=422, problem=details.of(error))
        return go("own-keys", said="own-key-removed" if removing else "own-key-saved")

    def page(self, status: int = 200, **context: Any) -> HttpResponse:
        organization = self.user.organization
        kept = own_keys.providers(organization)
        providers = [{"id": row.id, "name": row.name, "kept": row.id in kept} for row in registry.with_own_keys()]
        allowed = organization.byok_enabled
        return self.show_account("own_keys", status=status, providers=providers, allowed=allowed, **context)
