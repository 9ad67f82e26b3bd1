"""The base of the account's pages: money, organization, oneself."""

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.html import format_html

from billing import prices
from projects.models import Project
from workbench.forms import PageForm
from workbench.pages import Page
from writing import quotes
from writing import settings as writing

MOST_PROJECTS = 200  # to choose from


class AccountPage(Page):
    """A page of the account. `tab` names its entry in the list of the account's pages."""

    tab: ClassVar[str] = ""

    def show_account(self, template: str, /, status: int = 200, **context: object) -> HttpResponse:
        return self.show(f"account/{template}", status=status, **{"section": "account", "tab": self.tab, **context})

    def offer_projects(self, form: PageForm, **filters: bool) -> None:
        """Let the form's reader choose among the newest projects. Without a project there is nothing to choose."""
        rows = Project.objects.visible_to(self.user).kept().filter(**filters).order_by("-created_at", "-pk")
        named = rows.values_list("pk", "name")[:MOST_PROJECTS]
        if found := [(str(pk), format_html("<bdi>{}</bdi>", name)) for pk, name in named]:
            form.offer({"project_ids": found})
        else:
            form.fields.pop("project_ids", None)

    def products(self, xct: Decimal) -> int:
        """About how many products `xct` write with the organization's own settings."""
        organization = self.user.organization
        settings = writing.resolve(organization, strict=False)
        return quotes.products_for(Decimal(xct), settings, rate=prices.rate_multiplier(organization))

    def names_of(self, project_ids: Sequence[UUID]) -> list[str]:
        """The names of those projects that still are there."""
        rows = Project.objects.visible_to(self.user).filter(pk__in=project_ids).order_by("name")
        return list(rows.values_list("name", flat=True))
