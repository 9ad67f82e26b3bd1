"""One's own notices, and which of them come by mail as well."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import notifications, users
from accounts.models import Notification
from scribe.api.access import PUBLIC, VIEWERS
from scribe.ids import parse
from scribe.models import Job
from workbench.forms import PageForm
from workbench.pages import Page, go
from workbench.views.account import AccountPage

PAGE = 50


class MailForm(PageForm):
    usage_billing = forms.BooleanField(label=_("Balance, invoices and payments"), required=False)
    system_alerts = forms.BooleanField(label=_("Finished and failed activity, posts, exports"), required=False)
    ai_studio = forms.BooleanField(label=_("Answers to your requests"), required=False)


class NoticesPage(AccountPage):
    """The notices, the newest first."""

    tab = "notices"

    def get(self, request: HttpRequest) -> HttpResponse:
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


class MailPreferences(AccountPage):
    may_submit = VIEWERS

    def post(self, request: HttpRequest) -> HttpResponse:
        form = MailForm(request.POST)
        form.is_valid()  # ticks alone: there is nothing to get wrong
        users.set_email_preferences(user=self.user, changes=form.cleaned_data)
        return go("notices", said="saved")


class NoticeReading(AccountPage):
    """Marks one as read."""

    may_submit = VIEWERS

    def post(self, request: HttpRequest, notice_id: str) -> HttpResponse:
        notifications.mark_read(self.row(Notification.objects.all(), notice_id))
        return go("notices")


class NoticesReading(AccountPage):
    """Marks all as read."""

    may_submit = VIEWERS

    def post(self, request: HttpRequest) -> HttpResponse:
        notifications.mark_all_read(self.user)
        return go("notices")


class BellPart(Page):
    """The bell with its number, and the organization's latest work under way. Pages ask for it again and again. Whose
    session has ended in between is left in peace, since a page may have words that are not saved."""

    who = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user is None:  # what `enter` sets when nobody is signed in
            return HttpResponse()
        at_work = Job.objects.visible_to(self.user).active().exclude(project=None).order_by("-created_at").first()
        total = at_work.progress_total if at_work else 0
        return self.show(
            "parts/bell",
            unread=Notification.objects.visible_to(self.user).unread().count(),
            at_work=at_work,
            share=100 * at_work.progress_current // total if at_work and total else 0,
        )
