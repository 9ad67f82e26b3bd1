"""Two people who edit one item, post or profile: the second learns of the first."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from blog.models import BlogPost
from projects import profiles, review
from projects.models import ContentItem, ContentProfile
from scribe.errors import VersionConflict
from scribe.rows import claim_version
from tests.factories import make_item, make_project
from tests.helpers import Api
from tests.proof.ordering import in_order

pytestmark = pytest.mark.django_db(transaction=True)

KINDS = ("item", "post", "profile")


class Edited:
    """A row of a kind with its path, and how it is changed over HTTP."""

    def __init__(self, kind: str, cast: Any) -> None:
        project = make_project(cast.organization)
        self.row: Any
        if kind == "item":
            self.row = make_item(project, generated_content={"name": "Old"}, status="generated")
            self.path, self.method = f"projects/{project.pk}/items/{self.row.pk}", "patch"
        elif kind == "post":
            self.row = BlogPost.objects.create(
                organization=cast.organization, project=project, topic="Old", title="Old", content="<p>Old</p>"
            )
            self.path, self.method = f"projects/{project.pk}/blog-posts/{self.row.pk}", "patch"
        else:
            self.row = profiles.create(organization=cast.organization, name="Old", settings={})
            self.path, self.method = f"content-profiles/{self.row.pk}", "put"
        self.kind = kind

    def change(self, caller: Api, name: str, status: int = 200) -> Any:
        body = {"item": {"generated_content": {"name": name}}, "post": {"title": name}, "profile": {"name": name}}
        return getattr(caller, self.method)(self.path, body[self.kind], status=status)

    def name(self, shown: dict[str, Any]) -> str:
        return {"item": lambda: shown["generated_content"]["name"], "post": lambda: shown["title"]}.get(
            self.kind, lambda: shown["name"]
        )()


@pytest.fixture(params=KINDS)
def edited(request: Any, cast: Any) -> Edited:
    return Edited(request.param, cast)


def test_the_second_of_two_editors_gets_what_stands_there(api: Any, cast: Any, edited: Edited) -> None:
    ann, bob = api.as_(cast.owner), api.as_(cast.teammate)
    seen = ann.get(edited.path)
    tag = ann.last["ETag"]
    assert tag == f'"{seen["version"]}"'
    changed = edited.change(bob.with_(If_Match=tag), "Bob's")
    assert changed["version"] > seen["version"]
    assert bob.get(edited.path)["version"] == changed["version"]
    late = ann.with_(If_Match=tag)
    problem = edited.change(late, "Ann's", status=412)
    assert (problem["code"], edited.name(problem["current"])) == ("version_conflict", "Bob's")
    assert problem["current"]["version"] == changed["version"]
    assert late.last["ETag"] == f'"{changed["version"]}"'
    edited.change(ann.with_(If_Match=late.last["ETag"]), "Ann's")
    assert edited.name(ann.get(edited.path)) == "Ann's"


def test_without_the_header_the_later_change_wins(api: Any, cast: Any, edited: Edited) -> None:
    owner = api.as_(cast.owner)
    for name in ("One", "Two"):
        edited.change(owner, name)
    edited.change(owner.with_(If_Match="*"), "Three")
    assert edited.name(owner.get(edited.path)) == "Three"


def test_tags_are_read_as_clients_and_proxies_send_them(api: Any, cast: Any, edited: Edited) -> None:
    owner = api.as_(cast.owner)
    version = owner.get(edited.path)["version"]
    changed = edited.change(owner.with_(If_Match=f'"999", W/"{version}"'), "One")
    for wrong in (f'"{version}"', "nonsense", '"²"', '"9999999999999999999999"'):
        edited.change(owner.with_(If_Match=wrong), "Never", status=412)
    assert owner.get(edited.path)["version"] == changed["version"]


def test_any_change_of_the_row_counts(cast: Any, edited: Edited) -> None:
    """A job, an import or staff change rows by other ways than the API."""
    model, pk = type(edited.row), edited.row.pk
    model.objects.filter(pk=pk).update(created_at=edited.row.created_at)
    edited.row.save()
    edited.row.read_version()
    assert edited.row.version == 3


@pytest.mark.parametrize("commits", [True, False])
def test_of_two_writers_at_once_one_is_refused(cast: Any, edited: Edited, commits: bool) -> None:
    """The second begins while the first has changed the row and not committed yet."""
    model, seen = type(edited.row), frozenset({edited.row.version})

    def write() -> str:
        with transaction.atomic():
            claim_version(model.objects.get(pk=edited.row.pk), seen)
            model.objects.filter(pk=edited.row.pk).update(created_at=edited.row.created_at)
        return "written"

    first, second = in_order(write, write, commits=commits)
    assert first == "written"
    assert isinstance(second, VersionConflict) if commits else second == "written"


def test_a_post_that_changed_is_neither_deleted_published_nor_scheduled(api: Any, cast: Any) -> None:
    edited = Edited("post", cast)
    owner = api.as_(cast.owner)
    stale = owner.with_(If_Match='"1"')
    owner.get(edited.path)
    edited.change(owner, "New")
    stale.delete(edited.path, status=412)
    stale.post(f"{edited.path}/regenerate", status=412)
    stale.post(f"{edited.path}/unschedule", status=412)
    assert BlogPost.objects.get().title == "New"
    owner.with_(If_Match=f'"{owner.get(edited.path)["version"]}"').delete(edited.path)
    assert not BlogPost.objects.exists()


def test_an_item_s_version_is_not_brought_back_over_a_newer_text(api: Any, cast: Any) -> None:
    edited = Edited("item", cast)
    owner = api.as_(cast.owner)
    tag = f'"{edited.change(owner, "New")["version"]}"'
    [kept] = owner.get(f"{edited.path}/versions")
    review.update_item(item=ContentItem.objects.get(), by=cast.teammate, content={"name": "Newer"})
    path = f"{edited.path}/versions/{kept['id']}/restore"
    owner.with_(If_Match=tag).post(path, status=412)
    owner.with_(If_Match=tag).post(f"{edited.path}/regenerate", {}, status=412)
    assert owner.post(path)["generated_content"]["name"] == "Old"


def test_a_profile_that_changed_is_not_deleted(api: Any, cast: Any) -> None:
    edited = Edited("profile", cast)
    owner = api.as_(cast.owner)
    edited.change(owner, "New")
    owner.with_(If_Match='"1"').delete(edited.path, status=412)
    assert ContentProfile.objects.get(pk=edited.row.pk).name == "New"
