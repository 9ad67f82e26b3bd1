"""The customer hears of a visit by support, whatever support or the customer did before."""

from __future__ import annotations

from typing import Any

import pytest

from accounts import impersonation
from accounts.mail_limits import UNPROVEN_A_DAY
from accounts.models import MailMessage, Notification
from tests.accounts.conftest import Person, bearer
from tests.factories import make_cast, make_user
from tests.workbench.visiting import Visitor

TITLE = "Our support is looking at your account"


@pytest.mark.django_db
def test_a_visit_is_mailed_to_an_address_that_had_its_mails_of_the_day_too() -> None:
    cast = make_cast()
    user = make_user(cast.organization, verified=False)
    for _ in range(UNPROVEN_A_DAY):
        MailMessage.objects.create(organization=cast.organization, user=user, template="security", to=[user.email])
    impersonation.start(user=user, by=cast.staff, reason="Ticket 7")
    assert MailMessage.objects.filter(user=user, subject__contains=TITLE).count() == 1


@pytest.mark.django_db
def test_the_admins_and_the_visited_person_are_told_each_once() -> None:
    cast = make_cast()
    admins = set(cast.organization.users.active().admins())
    for user in (cast.teammate, cast.owner):
        Notification.objects.all().delete()
        impersonation.start(user=user, by=cast.staff, reason="Ticket 7")
        told = Notification.objects.filter(title=TITLE).values_list("user", flat=True)
        assert sorted(told) == sorted(each.pk for each in admins | {user})


def test_support_leaves_the_notices_of_its_own_visit_unread(owner: Person) -> None:
    cast: Any = make_cast()
    token = impersonation.start(user=owner.row, by=cast.staff, reason="Ticket 7")
    notice = Notification.objects.get(user=owner.row, title=TITLE)
    support, pages = bearer(token), Visitor()
    pages.post("support-session", {"token": token})
    for path in (f"notifications/{notice.pk}/read", "notifications/read-all"):
        assert support.post(path, status=403)["code"] == "blocked_for_support"
    for path in (f"account/notices/{notice.pk}/reading", "account/notices/reading"):
        pages.post(path, status=403)
    notice.refresh_from_db()
    assert notice.read_at is None
    owner.api.post(f"notifications/{notice.pk}/read")
    notice.refresh_from_db()
    assert notice.read_at is not None
