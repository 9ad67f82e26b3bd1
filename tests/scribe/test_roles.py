"""The walk of roles: every operation as each role, and what each role does."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import api_keys, notifications
from accounts.models import ApiKey, Invitation, User
from billing.models import Wallet
from scribe.api import scopes
from scribe.models import Job
from studio.chat import answers
from tests import factories
from tests.helpers import Api
from tests.scribe import expected_access
from tests.scribe.routes import OF_PROJECTS, ROUTES, Route, ids_for, photograph, send
from tests.scribe.worlds import world_of
from tests.sizes import some

REFUSED = {"role_required", "admin_required", "staff_required"}
ROLES = ("viewer", "translator", "reviewer", "member")
SIGNED_IN = [route for route in ROUTES if not route.public and not route.by_key]


def person(cast: Any, role: str, **fields: Any) -> User:
    fields = {"languages": ["de"], **fields} if role == "translator" else fields
    made: User = factories.make_user(cast.organization, role=role, **fields)
    return made


def code_of(response: Any) -> str:
    return response.json().get("code", "") if response["Content-Type"] == "application/problem+json" else ""


def refusal(route: Route, role: str) -> str:
    """The code by which `route` refuses the role; empty if it admits it."""
    who = expected_access.who(route.operation)
    if who in expected_access.ROLES[role]:
        return ""
    return {"staff": "staff_required", "admins": "admin_required"}.get(who, "role_required")


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", some(ROLES, 2))
def test_every_operation_as_each_role(cast: Any, role: str) -> None:
    world = world_of(cast.owner, cast.teammate)
    user = person(cast, role)
    before = photograph(world)
    for route in SIGNED_IN:
        wanted = refusal(route, role)
        ids = ids_for(route, world, cast.organization) if wanted else dict.fromkeys(route.names, "not-an-id")
        response = send(route, route.url(ids), user)
        code = code_of(response)
        if wanted:
            assert (response.status_code, code) == (403, wanted), f"{route}: {response.status_code} {code}"
        elif route.operation != "PATCH billing/settings":  # whose settings are an admin's or staff's, each
            assert code not in REFUSED, f"{route}: {code}"
    assert photograph(world) == before


@pytest.mark.slow
@pytest.mark.django_db
def test_a_key_does_no_more_than_its_maker(cast: Any) -> None:
    """Whose role was lowered after it was made. On the plugin operations the key is the caller."""
    for role in ("viewer", "reviewer"):
        _, raw = api_keys.create(organization=cast.organization, by=cast.owner, name=role, scopes=list(scopes.SCOPES))
        maker = person(cast, role)
        ApiKey.objects.filter(name=role).update(created_by=maker)
        for route in ROUTES:
            if route.public or expected_access.who(route.operation) in expected_access.ROLES[role]:
                continue
            response = send(route, route.url(dict.fromkeys(route.names, "not-an-id")), headers={"X-API-Key": raw})
            assert code_of(response) in {*REFUSED, "closed_to_keys"}, f"{route}: {code_of(response)}"


@pytest.mark.django_db
def test_a_key_sees_no_more_than_its_maker_and_than_it_was_given(cast: Any) -> None:
    own, given, third = (factories.make_project(cast.organization) for _ in range(3))
    maker = person(cast, "member", project_ids=[own.pk, given.pk])
    for projects, seen in (([], {own, given}), ([given, third], {given}), ([third], set())):
        ids = [str(project.pk) for project in projects]
        key, raw = api_keys.create(
            organization=cast.organization, by=cast.owner, name="ERP", scopes=list(scopes.SCOPES), project_ids=ids
        )
        ApiKey.objects.filter(pk=key.pk).update(created_by=maker)
        caller = Api({"X-API-Key": raw})
        assert {row["id"] for row in caller.get("projects")} == {str(project.pk) for project in seen}
        for project in (own, given, third):
            caller.get(f"projects/{project.pk}", 200 if project in seen else 404)
        body = {"source": "woocommerce", "product_title": "Wool Socks", "product_attributes": {"Material": "wool"}}
        refused = caller.post("plugin/generate-description-async", body, status=403)  # which would add a project
        assert refused["code"] == "limited_to_projects"


@pytest.mark.slow
@pytest.mark.django_db
def test_what_is_in_other_projects_is_not_there(cast: Any) -> None:
    Wallet.objects.filter(organization=cast.organization).update(plan="business")
    world = world_of(cast.owner, cast.teammate)
    own = factories.make_project(cast.organization)
    users = [person(cast, role, project_ids=[own.pk]) for role in ("viewer", "member")]
    before = photograph(world)
    for user in users:
        for route in SIGNED_IN:
            if refusal(route, user.role):
                continue
            foreign = ids_for(route, world, cast.organization)
            if set(route.names) & OF_PROJECTS:
                for ids in (foreign, {**foreign, "project_id": str(own.pk)}):
                    if route.names == ("project_id",) and ids != foreign:
                        continue
                    response = send(route, route.url(ids), user)
                    assert response.status_code == 404, f"{route}: {response.status_code} {response.content[:200]!r}"
            elif route.method == "get" and not route.names:
                response = send(route, "/" + route.path, user)
                content = b"".join(response.streaming_content) if response.streaming else response.content
                leaked = [name for name in OF_PROJECTS & set(world) if str(world[name].pk).encode() in content]
                assert not leaked, f"{route} showed {leaked}"
    assert photograph(world) == before


@pytest.mark.django_db
def test_a_person_of_one_project_adds_none_and_is_told_of_no_other(cast: Any, api: Any) -> None:
    own, other = (factories.make_project(cast.organization, name=name) for name in ("Own", "Other"))
    member = person(cast, "member", project_ids=[own.pk])
    caller = api.as_(member)
    assert [row["id"] for row in caller.get("projects")] == [str(own.pk)]
    refused = caller.post("projects", {"name": "More", "platform": "woocommerce"}, status=403)
    assert refused["code"] == "limited_to_projects"
    told = {
        project.pk: {
            notice.user_id
            for notice in notifications.notify(
                organization=cast.organization, event="job.finished", title="It failed", project_id=project.pk
            )
        }
        for project in (own, other)
    }
    assert told[own.pk] == {cast.owner.pk, cast.teammate.pk, member.pk}
    assert told[other.pk] == {cast.owner.pk, cast.teammate.pk}
    Job.objects.create(job_type="sync", organization=cast.organization, project=other)
    for user, names in ((member, {"Own"}), (cast.owner, {"Own", "Other"})):  # and the chat tells of no other
        facts = answers.account_facts(user)
        assert {row["name"] for row in facts["projects"]} == names
        assert len(facts["jobs"]) == len(names) - 1


@pytest.mark.django_db
def test_a_reviewer_edits_judges_talks_and_assigns_and_starts_nothing(cast: Any, api: Any) -> None:
    project = factories.make_project(cast.organization)
    item = factories.make_item(project, status="generated", generated_content={"name": "Bottle"})
    reviewer = person(cast, "reviewer")
    caller, path = api.as_(reviewer), f"projects/{project.pk}/items/{item.pk}"
    assert caller.patch(path, {"generated_content": {"name": "Steel bottle"}})["status"] == "generated"
    assert caller.patch(path, {"status": "approved", "override": True})["status"] == "approved"
    assert caller.patch(path, {"status": "rejected", "reject_reason": "Dull"})["reject_reason"] == "Dull"
    assert caller.patch(path, {"assignee_id": str(cast.teammate.pk)})["assignee_id"] == str(cast.teammate.pk)
    caller.post(f"{path}/comments", {"text": "Please look."}, status=201)
    assert caller.post(f"projects/{project.pk}/generate", {}, status=403)["required_role"] == "member"
    assert caller.post(f"projects/{project.pk}/sync", {}, status=403)["code"] == "role_required"
    assert caller.patch(f"projects/{project.pk}", {"name": "Mine"}, status=403)["code"] == "role_required"
    viewer = api.as_(person(cast, "viewer"))
    assert viewer.get(path)["id"] == str(item.pk)
    assert viewer.patch(path, {"status": "approved"}, status=403)["required_role"] == "reviewer"


@pytest.fixture
def spoken(cast: Any) -> Any:
    """A project in English whose item has texts in German and French."""
    project = factories.make_project(cast.organization, settings={"language": "en", "languages": ["de", "fr"]})
    content = {"name": "Bottle", "description": "<p>A bottle.</p>"}
    main = factories.make_item(project, status="generated", generated_content=content)
    texts = {
        code: factories.make_language_text(main, code, status="generated", generated_content={"name": f"Bottle {code}"})
        for code in ("de", "fr")
    }
    return project, {"en": main, **texts}


@pytest.mark.thorough
@pytest.mark.django_db
@pytest.mark.parametrize("languages", [["de"], ["de", "en"]])
def test_a_translator_writes_in_own_languages_alone(cast: Any, api: Any, spoken: Any, languages: list[str]) -> None:
    project, texts = spoken
    caller = api.as_(person(cast, "translator", languages=languages))
    root = f"projects/{project.pk}"
    for code, item in texts.items():
        mine, path = code in languages, f"{root}/items/{item.pk}"
        status = 200 if mine else 403
        answers = [
            caller.patch(path, {"generated_content": {"name": "Steel bottle"}}, status=status),
            caller.patch(path, {"status": "approved", "override": True}, status=status),
            caller.patch(f"{root}/items/batch", {"item_ids": [str(item.pk)], "status": "rejected"}, status=status),
        ]
        version = item.versions.first()
        if version is not None:
            answers.append(caller.post(f"{path}/versions/{version.pk}/restore", status=status))
        assert mine or {answer["code"] for answer in answers} == {"not_your_language"}
        assert caller.get(path)["id"] == str(item.pk)  # all is read,
        caller.post(f"{path}/comments", {"text": "What is meant?"}, status=201)  # and asked about
    both = [str(texts[code].pk) for code in ("de", "fr")]
    mixed = caller.patch(f"{root}/items/batch", {"item_ids": both, "status": "approved"}, status=403)
    assert mixed["code"] == "not_your_language"
    out = 200 if "en" in languages else 403
    caller.post(f"{root}/items/exclude", {"item_ids": [str(texts["en"].pk)]}, status=out)
    caller.post(f"{root}/items/restore", {"item_ids": [str(texts["en"].pk)]}, status=out)


@pytest.mark.django_db
def test_a_translator_sends_files_of_own_languages_alone(cast: Any, api: Any, spoken: Any) -> None:
    project, _texts = spoken
    caller = api.as_(person(cast, "translator"))
    for language, status in (("fr", 403), ("de", 400)):  # of which the second reads the file
        body = {"file": SimpleUploadedFile("texts.xlf", b"nothing"), "format": "xliff", "language": language}
        refused = caller.upload(f"projects/{project.pk}/translations/import", body, status=status)
        assert (refused["code"] == "not_your_language") == (language == "fr")


@pytest.mark.django_db
def test_texts_come_to_those_who_review_their_language(cast: Any, api: Any, spoken: Any) -> None:
    project, texts = spoken
    german, all_round = person(cast, "translator"), person(cast, "reviewer", languages=["fr", "de"])
    caller, root = api.as_(cast.teammate), f"projects/{project.pk}/items"

    def awaiting(user: User, code: str) -> list[str]:
        language = "" if code == "en" else f"&language={code}"
        return [row["id"] for row in caller.get(f"{root}?assignee_id={user.pk}{language}")]

    de = [str(texts["de"].pk)]
    assert awaiting(german, "de") == awaiting(all_round, "de") == de
    assert awaiting(german, "fr") == awaiting(german, "en") == awaiting(cast.teammate, "de") == []
    caller.patch(f"{root}/{de[0]}", {"assignee_id": str(cast.teammate.pk)})  # one takes it
    assert awaiting(german, "de") == []
    assert awaiting(cast.teammate, "de") == de
    path = f"{root}/{texts['fr'].pk}"
    for wrong in (german, person(cast, "viewer"), person(cast, "reviewer", project_ids=[german.pk])):
        refused = caller.patch(path, {"assignee_id": str(wrong.pk)}, status=400)
        assert refused["errors"][0]["code"] == "may_not_review"
    caller.patch(path, {"assignee_id": str(all_round.pk)})


@pytest.mark.django_db
def test_a_membership_is_chosen_shown_and_changed(cast: Any, api: Any) -> None:
    project = factories.make_project(cast.organization)
    strange = factories.make_project(cast.stranger.organization)
    admin, ids = api.as_(cast.owner), [str(project.pk)]
    body = {"email": "t@example.com", "role": "translator", "languages": ["DE", "sr-latn"], "project_ids": ids}
    sent = admin.post("invitations", body, status=201)
    assert (sent["role"], sent["languages"], sent["project_ids"]) == ("translator", ["de", "sr-Latn"], ids)
    made = admin.post("users", {**body, "email": "u@example.com", "password": "a secret of my own"}, status=201)
    assert (made["role"], made["languages"], made["project_ids"]) == ("translator", ["de", "sr-Latn"], ids)
    user = User.objects.get(pk=made["id"])
    me = api.as_(user).get("users/me")
    assert (me["languages"], me["project_ids"]) == (["de", "sr-Latn"], ids)
    path = f"users/{made['id']}"
    for wrong, status in (
        ({"languages": []}, 400),
        ({"role": "viewer", "languages": ["de"]}, 400),
        ({"role": "admin", "project_ids": ids}, 400),
        ({"languages": ["xx-none"]}, 400),
        ({"project_ids": [str(strange.pk)]}, 404),
        ({"role": "boss"}, 400),
    ):
        admin.patch(path, wrong, status=status)
    viewer = admin.patch(path, {"role": "viewer"})
    assert (viewer["role"], viewer["languages"], viewer["project_ids"]) == ("viewer", [], ids)
    free = admin.patch(path, {"role": "admin"})
    assert (free["role"], free["project_ids"]) == ("admin", [])
    assert admin.patch(f"users/{cast.owner.pk}", {"languages": ["fr"]})["languages"] == ["fr"]
    api.as_(user).patch("users/me", {"first_name": "Ann", "languages": ["fr"]})  # not for oneself
    user.refresh_from_db()
    assert user.languages == []


@pytest.mark.django_db
def test_fewer_projects_end_the_sessions(cast: Any, api: Any) -> None:
    project = factories.make_project(cast.organization)
    caller = api.as_(cast.teammate)
    caller.get("users/me")
    api.as_(cast.owner).patch(f"users/{cast.teammate.pk}", {"languages": ["de"]})
    caller.get("users/me")
    api.as_(cast.owner).patch(f"users/{cast.teammate.pk}", {"project_ids": [str(project.pk)]})
    caller.get("users/me", 401)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "translator", "languages": []},
        {"role": "viewer", "languages": ["de"]},
        {"role": "admin", "project_ids": ["0190a0a0-0000-7000-8000-000000000000"]},
        {"role": "boss"},
    ],
)
def test_the_database_refuses_what_no_role_can_have(cast: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=cast.teammate.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            organization=cast.organization, email="a@example.com", digest="d", expires_at=timezone.now(), **wrong
        )
