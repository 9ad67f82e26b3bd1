"""One's own notices, and which of them come by mail as well."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import notifications, users
from accounts.models import Notification
from scribe.ids import parse
from workbench.forms import PageForm
from workbench.pages import go
from workbench.views.account import AccountPage

PAGE = 50


class MailForm(PageForm):
    usage_billing = forms.BooleanField(label=_("Balance, invoices and payments"), required=False)
    system_alerts = forms.BooleanField(label=_("Work that has ended or failed, posts, exports"), required=False)
    ai_studio = forms.BooleanField(label=_("Answers to your requests"), required=False)


class NoticesPage(AccountPage):
    """The notices, the newest first."""

    tab = "notices"

    def get(self, request: Any) -> HttpResponse:
        rows = Notification.objects.visible_to(self.user)
        before = parse(request.GET.get("before"))
        found = list((rows.filter(pk__lt=before) if before else rows).order_by("-id")[: PAGE + 1])
        return self.show_account(
            "notices",
            notices=found[:PAGE],
            unread=rows.unread().count(),
            further=found[PAGE - 1].pk if len(found) > PAGE else "",
            form=MailForm(initial=self.user.email_preferences),
        )


class MailWishes(AccountPage):
    def post(self, request: Any) -> HttpResponse:
        form = MailForm(request.POST)
        form.is_valid()  # ticks alone: there is nothing to get wrong
        users.set_email_preferences(user=self.user, changes=form.cleaned_data)
        return go("notices", said="saved")


class NoticeReading(AccountPage):
    """Marks one as read."""

    def post(self, request: Any, notice_id: str) -> HttpResponse:
        notifications.mark_read(self.row(Notification.objects.all(), notice_id))
        return go("notices")


class NoticesReading(AccountPage):
    """Marks all as read."""

    def post(self, request: Any) -> HttpResponse:
        notifications.mark_all_read(self.user)
        return go("notices")
