"""What every page has: its policy, protection of its forms, the door of tenancy, and few statements."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from projects.models import ContentItem
from scribe.api.access import PUBLIC
from scribe.api.content_policy import WORKBENCH
from tests.factories import make_item, make_user
from tests.workbench.routes import NO_PAGES, PARTS, ROUTES, STEPS, address
from tests.workbench.visiting import FRAGMENT, Visitor, plain

MOST_STATEMENTS = 12
#: Apple sends the browser back by a form of its own. What stands for our token there is tested with it.
FORMS_OF_OTHERS = {"google-return", "apple-return"}


def test_every_route_is_known(ids: dict[str, Any]) -> None:
    assert {name for route in ROUTES for name in route.names} == set(ids)
    assert len(ROUTES) > 35


@pytest.mark.thorough
def test_what_belongs_to_others_is_not_there(desk: Any, ids: dict[str, Any]) -> None:
    stranger = Visitor(desk.cast.stranger)
    before = ContentItem.objects.filter(project=desk.project).values_list("pk", "version")
    kept = sorted(before)
    for route in ROUTES:
        if not route.names:
            continue
        for method in route.methods:
            for headers in ({}, FRAGMENT):
                response = getattr(stranger.client, method)(address(route, ids), headers=headers)
                assert response.status_code == 404, f"{method} {route.path}: {response.status_code}"
    assert sorted(before.all()) == kept
    assert Visitor(desk.cast.owner).get(f"projects/{desk.project.pk}")


@pytest.mark.thorough
def test_ids_of_another_project_are_not_there_either(desk: Any, ids: dict[str, Any]) -> None:
    desk.owner.post("projects/new", {"name": "Other", "platform": "woocommerce"})
    other = re.search(r"projects/([0-9a-f-]{36})", desk.owner.last["Location"])
    assert other
    mixed = {**ids, "project_id": other[1]}
    for route in ROUTES:
        if len(route.names) > 1:
            for method in route.methods:
                response = getattr(desk.owner.client, method)(address(route, mixed))
                assert response.status_code == 404, f"{method} {route.path}: {response.status_code}"


def test_items_named_in_forms_are_looked_for_among_ones_own(desk: Any, ids: dict[str, Any]) -> None:
    theirs = make_item(make_project_of(desk.cast.stranger), status="generated")
    root = f"projects/{desk.project.pk}"
    desk.owner.post(f"{root}/bulk", {"action": "approve", "item": str(theirs.pk)}, 404)
    desk.owner.get(f"{root}/review?item={theirs.pk}", 404)
    wishes = {
        "selection": "named",
        "item": str(theirs.pk),
        "language": "en",
        "tone": "professional",
        "content_variant": "short",
    }
    desk.owner.post(f"{root}/write", wishes, 404)
    desk.owner.send(f"{root}/write/quote", wishes, 404)
    theirs.refresh_from_db()
    assert theirs.status == "generated"


def make_project_of(user: User) -> Any:
    from tests.factories import make_project

    return make_project(user.organization)


def test_nobody_sees_anything_without_signing_in(desk: Any, ids: dict[str, Any]) -> None:
    nobody = Client()
    for route in ROUTES:
        if route.view.who is PUBLIC:
            continue
        for method in route.methods:
            response = getattr(nobody, method)(address(route, ids))
            assert response.status_code == 302, f"{method} {route.path}"
            assert response["Location"].startswith("/app/sign-in")


def test_a_form_without_its_token_is_refused(desk: Any, ids: dict[str, Any]) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.owner.client.cookies
    for route in ROUTES:
        if "post" in route.methods and route.name not in FORMS_OF_OTHERS:
            response = strict.post(address(route, ids))
            assert response.status_code == 403, f"{route.path}: {response.status_code}"
            assert "eload the page" in response.content.decode()


def test_a_form_from_a_browser_without_its_cookies_signs_in_first(desk: Any, ids: dict[str, Any]) -> None:
    nobody = Client(enforce_csrf_checks=True)
    for route in ROUTES:
        if "post" in route.methods and route.view.who is not PUBLIC:
            at = f"/app/projects/{ids['project_id']}/store/conflicts"
            response = nobody.post(address(route, ids), headers={"Referer": f"http://testserver{at}"})
            assert response.status_code == 302, f"{route.path}: {response.status_code}"
            assert response["Location"] == f"/app/sign-in?{urlencode({'next': at})}"
    assert b"Allow cookies" in nobody.post("/app/sign-in", {"email": "a@example.com"}).content


def test_forms_are_protected_by_a_cookie_of_their_own(db: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.get("/app/sign-in")
    cookie = page.cookies["workbench-csrf"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/app/", True, "Lax")
    assert "csrftoken" not in page.cookies
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    assert token
    sent = {"email": "a@example.com", "password": "x", "csrfmiddlewaretoken": token[1]}
    assert strict.post("/app/sign-in", sent).status_code == 422
    strict.cookies["csrftoken"] = cookie.value
    del strict.cookies["workbench-csrf"]
    assert strict.post("/app/sign-in", sent).status_code == 403  # the admin's cookie opens nothing here


def pages(desk: Any, ids: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for route in ROUTES:
        if "get" in route.methods and route.name not in NO_PAGES:
            visitor = Visitor() if route.view.who is PUBLIC else desk.owner
            if route.name in STEPS:
                continue
            path = address(route, ids)
            fragment = route.name in PARTS
            yield path, visitor.part(path) if fragment else visitor.get(path)
            assert visitor.last["Content-Security-Policy"] == WORKBENCH, path
            assert visitor.last["Cache-Control"] == "no-store", path
            assert visitor.last["X-Frame-Options"] == "DENY", path


def test_no_page_has_anything_that_its_policy_forbids(desk: Any, ids: dict[str, Any]) -> None:
    assert "unsafe" not in WORKBENCH
    for path, page in pages(desk, ids):
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", page), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", page), path
        for src in re.findall(r'(?:src|href)="([^"]*)"', page):
            assert src.startswith(("/", "?", "#", "data:image/svg")), f"{path}: {src}"


def test_a_failure_is_a_page_under_the_same_policy(desk: Any) -> None:
    page = desk.owner.get("no/such/page", 404)
    assert "Page not found" in page
    assert desk.owner.last["Content-Security-Policy"] == WORKBENCH
    assert desk.owner.get(f"projects/{uuid.uuid4()}", 404).count("It may have been deleted") == 1
    assert "Page not found" in desk.owner.get("projects/not-an-id", 404)
    assert "<html" not in desk.owner.part(f"projects/{uuid.uuid4()}", 404)
    assert "Page not found" in desk.owner.get("sign-out", 404)  # a form's address is no page


@pytest.mark.thorough
def test_every_page_costs_few_statements_however_many_rows(desk: Any, ids: dict[str, Any]) -> None:
    few = statements(desk, ids)
    for _ in range(60):
        make_item(desk.project, status="generated", generated_content={"name": "A name"})
    many = statements(desk, ids)
    assert {path: number for path, number in many.items() if number > MOST_STATEMENTS} == {}
    if grown := [path for path in few if many[path] > few[path]]:  # or what a process keeps for a while was read anew
        again = statements(desk, ids)
        assert {path: (few[path], again[path]) for path in grown if again[path] > few[path]} == {}


def statements(desk: Any, ids: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for route in ROUTES:
        if "get" in route.methods and route.name not in NO_PAGES and route.view.who is not PUBLIC:
            path = address(route, ids)
            with CaptureQueriesContext(connection) as seen:
                response = desk.owner.client.get(path, headers=FRAGMENT if "items/" in path else {})
            assert response.status_code == 200, plain(response.content.decode())
            found[route.name] = len(seen)
    return found


def test_the_words_of_the_product_are_hostile(desk: Any, ids: dict[str, Any]) -> None:
    evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7|add:7 }}'
    item = ContentItem.objects.get(pk=ids["item_id"])
    item.source_data = {
        **item.source_data,
        "name": evil,
        "sku": evil,
        "description": evil,
        "attributes": {evil: evil, "items": evil},
    }
    item.generated_content = {
        "name": evil,
        "description": f"<p>{evil}</p>",
        "attributes": {evil: evil, "items": evil},
        "tags": [evil],
    }
    item.reject_reason = evil
    item.generation_metadata = {
        "checks": [{"id": "grounding", "passed": False, "detail": evil, "findings": [
            {"text": evil, "kind": "number", "field": "name", "start": 0, "end": 4, "supported": False, "source_field": evil, "source_excerpt": evil}]}],
        "reasons": [evil],
        "last_error": {"code": evil, "reason": evil},
    }  # fmt: skip
    item.status = "flagged"
    item.save()
    desk.project.name = evil
    desk.project.save()
    root = f"projects/{desk.project.pk}"
    for path in (f"{root}/review?item={item.pk}", f"{root}/items", root, "/app/"):
        page = desk.owner.get(path)
        assert "<img src=x" not in page, path
        assert "<script>alert" not in page, path
    assert 'sandbox=""' in desk.owner.get(f"{root}/review?item={item.pk}")


def test_the_appearance_is_kept(db: Any) -> None:
    visitor = Visitor(make_user())
    visitor.post("appearance", {"theme": "dark", "next": "/app/billing"})
    assert visitor.last["Location"] == "/app/billing"
    assert 'data-theme="dark"' in visitor.get("/app/")
    visitor.post("appearance", {"theme": "", "next": "https://evil.example/"})
    assert visitor.last["Location"] == "/app/"
    assert "data-theme" not in visitor.get("/app/")
