"""The bell, and the mails that follow it."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Notification
from accounts.notifications import notify
from scribe.ids import uuid7
from scribe.models import Event
from scribe.outbox.types import EVENTS, NOTICES
from tests.accounts.conftest import Mails, Person
from tests.factories import make_project


def tell(person: Person, event: str = "job.finished", **more: Any) -> list[Notification]:
    more = {"title": f"A {event}", "body": "It is done.", **more}
    return notify(organization=person.row.organization, event=event, **more)


def test_they_are_listed_newest_first_counted_and_read(owner: Person) -> None:
    Notification.objects.all().delete()
    for number in range(25):
        tell(owner, title=f"Notice {number}", data={"number": number})
    page = owner.api.get("notifications")
    assert len(page["notifications"]) == 20
    assert (page["total"], page["has_more"]) == (25, True)
    first = page["notifications"][0]
    assert (first["title"], first["data"], first["is_read"]) == ("Notice 24", {"number": 24}, False)
    last = owner.api.get("notifications", limit=10, offset=20)
    assert (len(last["notifications"]), last["has_more"]) == (5, False)
    assert owner.api.get("notifications/unread-count") == {"unread_count": 25}
    assert owner.api.post(f"notifications/{first['id']}/read")["is_read"] is True
    owner.api.post(f"notifications/{first['id']}/read")
    assert owner.api.get("notifications/unread-count") == {"unread_count": 24}
    assert owner.api.post("notifications/read-all")["updated"] == 24
    assert owner.api.get("notifications/unread-count") == {"unread_count": 0}


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"offset": -1}, {"limit": "x"}])
def test_bad_pages_are_400(owner: Person, query: dict[str, Any]) -> None:
    owner.api.get("notifications", 400, **query)


def test_they_are_seen_by_the_person_alone(owner: Person, member: Person, stranger: Person) -> None:
    Notification.objects.all().delete()
    (notice,) = tell(owner, users=[owner.row])
    for person in (member, stranger):
        assert person.api.get("notifications")["total"] == 0
        person.api.post(f"notifications/{notice.pk}/read", status=404)
        person.api.post("notifications/read-all")
    owner.api.post("notifications/nonsense/read", status=404)
    assert owner.api.get("notifications/unread-count") == {"unread_count": 1}


def test_money_is_told_to_admins_and_work_to_all(owner: Person, member: Person) -> None:
    assert {n.user.email for n in tell(owner, "wallet.low")} == {owner.email}
    assert {n.user.email for n in tell(owner, "job.finished")} == {owner.email, member.email}


def test_deactivated_people_are_not_told(owner: Person, member: Person) -> None:
    owner.api.delete(f"users/{member.id}")
    assert {n.user.email for n in tell(owner, "post.failed")} == {owner.email}


def test_what_happens_in_a_project_is_told_to_those_who_see_it(owner: Person, member: Person) -> None:
    projects = [make_project(owner.row.organization) for _ in range(2)]
    type(member.row).objects.filter(pk=member.row.pk).update(project_ids=[projects[0].pk])
    for project, told in zip(projects, ({owner.email, member.email}, {owner.email}), strict=True):
        notices = tell(owner, "post.published", objects={uuid7(): {"project_id": project.pk}})
        assert {notice.user.email for notice in notices} == told
        assert {notice.project_id for notice in notices} == {project.pk}


def test_people_are_told_once_of_one_change_to_many(owner: Person) -> None:
    project = make_project(owner.row.organization)
    objects = {uuid7(): {"project_id": project.pk} for _ in range(3)}
    with pytest.raises(ValueError, match="needs a `key`"):
        tell(owner, "post.published", objects=objects)
    assert [len(tell(owner, "post.published", objects=objects, key="one order")) for _ in range(2)] == [1, 0]
    assert Event.objects.filter(type="post.published").count() == 6
    with pytest.raises(ValueError, match="several projects"):
        tell(owner, "post.published", objects={pk: {"project_id": pk} for pk in objects}, key="another order")


MAILED = [(row.name, row.mail.removeprefix("mail_")) for row in EVENTS.values() if row.notice and row.mail]


@pytest.mark.parametrize(("event", "preference"), MAILED)
def test_mail_follows_the_preference(owner: Person, mails: Mails, event: str, preference: str) -> None:
    owner.api.patch("users/me/email-preferences", {preference: False})
    tell(owner, event)
    assert not [m for m in mails.to(owner.email) if m["Subject"] == f"A {event}"]
    assert owner.api.get("notifications")["notifications"][0]["notification_type"] == EVENTS[event].notice
    others = {"usage_billing": False, "ai_studio": False, "system_alerts": False, preference: True}
    owner.api.patch("users/me/email-preferences", others)
    tell(owner, event)
    assert len([m for m in mails.to(owner.email) if m["Subject"] == f"A {event}"]) == 1


def test_security_mail_is_always_sent(owner: Person, mails: Mails) -> None:
    owner.api.patch("users/me/email-preferences", {"usage_billing": False, "ai_studio": False, "system_alerts": False})
    tell(owner, "account.changed", users=[owner.row])
    assert mails.last(owner.email, "A account.changed")


def test_with_a_key_a_person_is_told_once(owner: Person, mails: Mails) -> None:
    for _ in range(3):
        tell(owner, key="job:1")
    assert Notification.objects.filter(key="job:1").count() == 1
    assert len([m for m in mails.to(owner.email) if m["Subject"] == "A job.finished"]) == 1


def test_every_kind_of_notice_says_what_it_is_about(owner: Person) -> None:
    assert set(NOTICES) == set(Notification.Kind.values) >= {row.notice for row in EVENTS.values() if row.notice}
    Notification.objects.all().delete()
    tell(owner, "invoice.due", title="")
    assert Notification.objects.get().title == "Invoice issued"


def test_what_only_programs_get_is_no_notice(owner: Person) -> None:
    Notification.objects.all().delete()
    assert tell(owner, "item.approved", objects={owner.row.pk: {"project_id": None}}) == []
    assert tell(owner, "wallet.low", objects={owner.row.pk: {"percent": 0}}, is_test=True) == []
    assert not Notification.objects.exists()
    told = Event.objects.of(owner.row.organization).order_by("version")
    assert [(event.type, event.is_test) for event in told] == [("item.approved", False), ("wallet.low", True)]


def test_an_unknown_event_is_a_mistake_of_ours(owner: Person) -> None:
    with pytest.raises(KeyError, match="surprise"):
        tell(owner, "surprise")
