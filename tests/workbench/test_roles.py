"""The walk of roles over the pages: what a role may not do is refused, and no page that it opens offers it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import Resolver404, resolve

from accounts.models import User
from scribe.api.access import ADMINS, MEMBERS, PUBLIC, REVIEWERS, VIEWERS, Who
from tests import factories
from tests.scribe import expected_access
from tests.workbench.routes import NO_PAGES, PARTS, ROUTES, STEPS, address
from tests.workbench.visiting import FRAGMENT, Visitor, plain

REFUSAL = ("Your role in the organization does not allow this.", "Only admins of the organization can do this.")
ROLES = ("viewer", "translator", "reviewer", "member")

# Pages that open to nobody below these roles, and forms that do, written from the rules: forms that only begin what a
# member does, and the review. Whatever is named nowhere opens to everybody and takes forms of members.
OPEN_TO_MEMBERS = {
    "project-new", "project-settings", "source-new", "write", "quote", "store-import", "import-filters",
    "push-warnings",
    "regeneration", "post-new", "post-quote", "post-products", "post-rewrite", "post-images", "post-pictures",
    "post-image", "alt-text", "stock-photos", "image-generated", "profile-new", "profile", "profile-default",
    "profile-deletion", "glossary-import", "term-new", "term",
}  # fmt: skip
OPEN_TO_REVIEWERS = {"bulk", "replacement"}
SENT_BY_REVIEWERS = {
    "bulk", "bulk-undo", "replacing", "replacement-undo", "decision", "field-decision", "text", "text-check",
    "restoration", "item-comments", "comment-deletion", "assignment", "translators",
}  # fmt: skip
SENT_BY_ALL = {
    "verification-mail", "saved-filters", "you", "safety", "factor-setup", "factor-mail", "session-end",
    "other-sessions-end", "google-link", "apple-link", "identity-unlink", "mail-preferences", "notice-reading",
    "notices-reading",
}  # fmt: skip


def person(desk: Any, role: str, **fields: Any) -> User:
    languages = ["en"] if role == "translator" else []
    made: User = factories.make_user(desk.cast.organization, role=role, **{"languages": languages, **fields})
    return made


def opens(route: Any) -> Who:
    if route.name in OPEN_TO_MEMBERS:
        return MEMBERS
    return REVIEWERS if route.name in OPEN_TO_REVIEWERS else VIEWERS


def takes(route: Any) -> Who:
    if route.name in SENT_BY_ALL:
        return VIEWERS
    return REVIEWERS if route.name in SENT_BY_REVIEWERS else MEMBERS


def test_every_page_asks_for_the_role_that_the_rules_name() -> None:
    for route in ROUTES:
        if route.view.who in (PUBLIC, ADMINS):  # which stand in the tests of what is public, and of admins
            continue
        if "get" in route.methods:
            assert route.view.who is opens(route), route.name
        if "post" in route.methods:
            assert route.view.may_submit is takes(route), route.name


@pytest.mark.thorough
@pytest.mark.each_value("role")
@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_not_do_is_refused(desk: Any, ids: dict[str, Any], role: str) -> None:
    visitor = Visitor(person(desk, role))
    may = expected_access.ROLES[role]
    for route in ROUTES:
        for method in route.methods:
            least = (
                route.view.who,
                route.view.may_submit if method == "post" and route.view.who is not PUBLIC else PUBLIC,
            )
            if all(str(one) in may for one in least):
                continue
            for headers in ({}, FRAGMENT):
                response = getattr(visitor.client, method)(address(route, ids), headers=headers)
                assert response.status_code == 403, f"{method} {route.path}: {response.status_code}"
                words = plain(response.content.decode())
                assert any(sentence in words for sentence in REFUSAL), f"{method} {route.path}: {words}"
    desk.written.refresh_from_db()
    assert desk.written.status == "generated"


def offers(page: str) -> set[tuple[str, str]]:
    """The addresses that the page's links and forms lead to, each with its method."""
    found = {("get", url) for url in re.findall(r'(?:href|hx-get)="(/app/[^"?#]*)', page)}
    found |= {("post", url) for url in re.findall(r'hx-post="(/app/[^"?#]*)', page)}
    for form in re.findall(r"<form[^>]*>.*?</form>", page, re.DOTALL):
        method = "post" if 'method="post"' in form.partition(">")[0] else "get"
        found |= {(method, url) for url in re.findall(r'(?:\saction|formaction)="(/app/[^"?#]*)', form)}
    return found


@pytest.mark.each_value("role")
@pytest.mark.parametrize("role", ROLES)
def test_no_page_offers_what_its_reader_may_not_do(desk: Any, ids: dict[str, Any], role: str) -> None:
    visitor, seen = Visitor(person(desk, role)), 0
    may = expected_access.ROLES[role]
    for route in ROUTES:
        opened = "get" in route.methods and str(route.view.who) in may and route.view.who is not PUBLIC
        if not opened or route.name in NO_PAGES or route.name in STEPS:
            continue
        path = address(route, ids)
        page = visitor.part(path) if route.name in PARTS else visitor.get(path)
        seen += 1
        for method, url in offers(page):
            try:
                view = resolve(url).func.view_class
            except Resolver404:
                continue
            assert str(view.who) in may, f"{path} leads to {url}"
            if method == "post" and view.who is not PUBLIC:
                assert str(view.may_submit) in may, f"{path} sends to {url}"
    assert seen > 20


def test_a_person_of_other_projects_finds_nothing(desk: Any, ids: dict[str, Any]) -> None:
    other = factories.make_project(desk.cast.organization)
    visitor = Visitor(person(desk, "member", project_ids=[other.pk]))
    inner = {
        "project_id",
        "source_id",
        "item_id",
        "job_id",
        "version_id",
        "rule_id",
        "comment_id",
        "post_id",
        "image_id",
    }
    for route in ROUTES:
        if not set(route.names) & inner:
            continue
        for method in route.methods:
            response = getattr(visitor.client, method)(address(route, ids))
            expected = 403 if route.view.who is ADMINS else 404
            assert response.status_code == expected, f"{method} {route.path}: {response.status_code}"
    for page in ("", "billing", "account/usage", "account/notices", "bell"):
        assert desk.project.name not in visitor.get(page), page
    home = visitor.get("")
    assert other.name in home
    assert "/app/projects/new" not in home
    visitor.post("projects/new", {"name": "More", "platform": "woocommerce"}, 403)


def test_a_translator_judges_own_languages_alone(desk: Any, ids: dict[str, Any]) -> None:
    text = factories.make_language_text(
        desk.written, "de", status="generated", generated_content={"name": "Flasche", "description": "<p>Grün.</p>"}
    )
    visitor = Visitor(person(desk, "translator", languages=["de"]))
    root = f"projects/{desk.project.pk}/items"
    for item, mine in ((text, True), (desk.written, False)):
        page = visitor.part(f"{root}/{item.pk}")
        for action in ("decision", "field", "text"):
            assert (f'action="/app/{root}/{item.pk}/{action}"' in page) == mine, action
        status = 200 if mine else 403
        page = visitor.send(f"{root}/{item.pk}/decision", {"status": "approved", "override": "1"}, status)
        assert mine or "in your own languages only" in page
        visitor.send(f"{root}/{item.pk}/comments", {"text": "What is meant?"})
    filters = {"waiting": "1", "action": "reject"}
    visitor.post(f"projects/{desk.project.pk}/bulk", filters, 403)
    visitor.post(f"projects/{desk.project.pk}/bulk", {**filters, "status": "approved", "language": "de"})


def test_a_translator_is_led_to_texts_in_own_languages_alone(desk: Any) -> None:
    visitor = Visitor(person(desk, "translator", languages=["fr"]))
    root = f"projects/{desk.project.pk}"
    assert ">Review 1 item</a>" not in visitor.get(root)
    assert "in your own languages only" in visitor.get(f"{root}/review")
    text = {"status": "generated", "generated_content": {"name": "Gourde"}}
    factories.make_language_text(desk.written, "fr", **text)
    assert f'href="/app/{root}/review?language=fr">Review 1 item</a>' in visitor.get(root)
    assert "in your own languages only" not in visitor.get(f"{root}/review?language=fr")
