"""The base of the account's pages: money, organization, oneself."""

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.html import format_html

from projects.models import Project
from workbench.forms import PageForm
from workbench.pages import Page

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

    def names_of(self, project_ids: Sequence[UUID]) -> list[str]:
        """The names of those projects that still are there."""
        rows = Project.objects.visible_to(self.user).filter(pk__in=project_ids).order_by("name")
        return list(rows.values_list("name", flat=True))
