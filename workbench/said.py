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
    "project-trashed": _("The project is in the trash, where it can be taken out again."),
    "project-restored": _("The project is back."),
    "imported": _("The file was read. These are its items."),
    "source-deleted": _("The source and its items are gone."),
    "cancelled": _("The work was stopped. What was written until then stays."),
    "connected": _("The shop is connected."),
}


def sentence(key: str) -> Promise | str:
    return SENTENCES.get(key, "")
