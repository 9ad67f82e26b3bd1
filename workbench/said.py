"""What a page says about the step before it. Addresses carry only a key, so a link cannot put other words on a page."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "signed-out": _("You are signed out."),
    "password-set": _("Your password was changed. Sign in with it."),
    "verified": _("Your e-mail address is verified."),
    "link-sent": _("We have sent you a new link. It is good for 48 hours."),
    "already-verified": _("Your e-mail address is verified already."),
    "support-ended": _("The support session has ended."),
    "project-saved": _("Saved."),
    "languages-kept": _(
        "Saved. The texts in the language that you took out are kept, and are here again once you add it."
    ),
    "project-trashed": _("The project is in the trash, where it can be taken out again."),
    "project-restored": _("The project is back."),
    "imported": _("The file was read. These are its items."),
    "source-deleted": _("The source and its items are gone."),
    "cancelled": _("The work was stopped. What was written until then stays."),
    "connected": _("The shop is connected."),
    "saved": _("Saved."),
    "profile-deleted": _("The profile is gone. Projects that used it go on without."),
    "term-deleted": _("The term is gone."),
    "tone-deleted": _("The tone is gone."),
    "export-begun": _("The export is being made. You are told when it can be downloaded."),
    "deletion-scheduled": _("The deletion is scheduled. All admins were told."),
    "deletion-cancelled": _("Nothing will be deleted."),
    "invited": _("The invitation is on its way. Its link works for seven days."),
    "invitation-revoked": _("The invitation was taken back. Its link does not work any more."),
    "person-changed": _("Done. They are signed out, and come back with what they may do now."),
    "person-deactivated": _("They are signed out, and cannot sign in any more."),
    "person-signed-out": _("Every session of theirs has ended."),
    "factor-reset": _("The second factor is gone. Their next sign-in asks them to set up another."),
    "key-deactivated": _("The key does not work any more."),
    "own-key-saved": _("The key is stored, and used from now on."),
    "own-key-removed": _("The key is gone."),
    "key-deleted": _("The key is gone."),
    "test-sent": _("The test is on its way. Its delivery says what the receiver answers."),
    "sent-again": _("The event is sent once more."),
    "endpoint-deleted": _("The endpoint is gone."),
    "address-asked": _("We have sent a link to the new address. It counts once the link is followed."),
    "own-password-set": _("Your password was changed, and all other devices are signed out."),
    "linked": _("It is linked: you can sign in with it from now on."),
    "unlinked": _("It is unlinked. Sessions that it opened have ended."),
    "factor-off": _("The second factor is off."),
    "code-sent": _("We have sent you a code."),
    "session-ended": _("That session has ended."),
    "sessions-ended": _("All other sessions have ended."),
    "plan-changed": _("The plan was changed. Your XCT follow as soon as the payment is confirmed."),
    "plan-scheduled": _("The plan changes at the end of the period that is paid for."),
    "plan-kept": _("The plan stays as it is."),
    "plan-ended": _("The subscription ends with the period that is paid for. Until then everything stays."),
    "no-portal": _("Nothing was paid by card yet, so there is nothing to manage."),
    "invoice-issued": _("The invoice was issued. What it is for comes with the payment."),
    "details-saved": _("The billing details are saved."),
    "overage-on": _("Work goes on when the XCT are used up. It is invoiced at the month's end."),
    "overage-off": _("Work stops when the XCT are used up."),
    "post-saved": _("Saved."),
    "post-translations-ordered": _("The translations are being written. Each is a post of its own."),
    "post-translations-current": _("There was nothing to write: the translations are up to date, edited, or busy."),
    "post-deleted": _("The post is gone. What a site shows already stays there."),
    "post-scheduled": _("Scheduled. It is published within a minute of its time."),
    "post-unscheduled": _("It is a draft again, and will not be published by itself."),
    "blog-connected": _("The blog is connected."),
    "looking": _("We look at the site now."),
}


def sentence(key: str) -> Promise | str:
    return SENTENCES.get(key, "")
