"""The base of the account's pages: money, organization, oneself."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse

from workbench.pages import Page


class AccountPage(Page):
    """A page of the account. `tab` names its entry in the list of the account's pages."""

    tab: ClassVar[str] = ""

    def show_account(self, template: str, /, status: int = 200, **context: Any) -> HttpResponse:
        return self.show(f"account/{template}", status=status, **{"section": "account", "tab": self.tab, **context})
