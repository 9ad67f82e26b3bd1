"""The base of the account's pages: money, organization, oneself."""

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext

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

    def offer_projects(self, form: PageForm, *, held: Sequence[UUID] = (), **filters: bool) -> None:
        """Let the form's reader choose among the newest projects and those that are `held`, wherever these are now.
        Without a project there is nothing to choose."""
        mine = Project.objects.visible_to(self.user)
        newest = mine.kept().filter(**filters).order_by("-created_at", "-pk")
        named = {
            pk: format_html("<bdi>{}</bdi>", name) for pk, name in newest.values_list("pk", "name")[:MOST_PROJECTS]
        }
        for row in mine.filter(pk__in=held).exclude(pk__in=list(named)):
            trashed = format_html("<bdi>{}</bdi> ({})", row.name, gettext("in the trash"))
            named[row.pk] = trashed if row.deleted_at else format_html("<bdi>{}</bdi>", row.name)
        gone = {pk: gettext("a deleted project") for pk in held if pk not in named}
        if found := {**named, **gone}:
            form.offer({"project_ids": [(str(pk), label) for pk, label in found.items()]})
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
