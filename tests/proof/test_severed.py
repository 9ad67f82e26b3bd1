"""A request during which PostgreSQL or Valkey goes away, at any of its messages, is answered as usual or by 503 with
`Retry-After`; and the next one is answered as before.

The suite walks over a few that get at their rows differently. `SEVERED_VIEWS=more` takes the others named here, too, and
`SEVERED_VIEWS=all` every GET of the API (some minutes).
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import requests
from django.conf import settings
from django.db import connection

from accounts.models import Session
from scribe import crypto
from tests import factories
from tests.live import Live
from tests.proof import severed
from tests.scribe.admin_browser import staff_client
from tests.scribe.routes import ROUTES, ids_for
from tests.scribe.worlds import world_of
from workbench import cookies, session

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

MOST_MESSAGES = 80
OWN_FAULT = (500, 502, 504)
# By how a request gets at its rows: one row, a streamed list, a page of one, a file, a transaction of several statements.
READ = (
    "content-profiles",
    "projects",
    "projects/{project_id}/items?limit=5",
    "users/me",
    "billing/balance",
    "jobs/{job_id}/stream",
)
PAGES = ("/app/", "/app/projects/{project_id}", "/admin/", "/admin/accounts/organization/")
WRITTEN: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "projects", {"name": "Another", "platform": "woocommerce"}),
    ("PATCH", "projects/{project_id}/items/{item_id}", {"generated_content": {"name": "Changed"}}),
    ("POST", "projects/{project_id}/sources/manual", {"items": [{"source_data": {"name": "Mug"}}]}),
)


ALWAYS = ("content-profiles", "projects/{project_id}/items?limit=5", "/app/", "projects")


class Deed(NamedTuple):
    method: str
    path: str
    body: dict[str, Any] | None = None


@pytest.fixture(scope="module")
def postgres(django_db_setup: Any) -> Iterator[severed.Proxy]:
    known = connection.settings_dict
    with severed.Proxy(f"{known['HOST']}/.s.PGSQL.{known['PORT'] or 5432}") as proxy:
        yield proxy


@pytest.fixture(scope="module")
def valkey() -> Iterator[severed.Proxy]:
    there = urlsplit(settings.REDIS_URL)
    with severed.Proxy((there.hostname or "", there.port or 6379)) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def stack(postgres: severed.Proxy, valkey: severed.Proxy, django_db_blocker: Any) -> Iterator[Live]:
    with django_db_blocker.unblock():
        known = connection.settings_dict
        live = Live(
            "web",
            DATABASE_URL=f"postgresql://{known['USER']}@127.0.0.1:{postgres.port}/{known['NAME']}"
            "?sslmode=disable&gssencmode=disable",
            REDIS_URL=settings.REDIS_URL.replace(f":{urlsplit(settings.REDIS_URL).port}/", f":{valkey.port}/"),
            DATABASE_POOL_SIZE="2",
            RATE_LIMIT_FACTOR="1000",
        )
        live.start()
        connection.close()
    yield live
    live.stop()


class Caller:
    """Staff with an organization of their own: signed in at the API, the workbench and the admin."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.owner = factories.make_user(is_super_admin=True)
        self.world = world_of(self.owner, factories.make_user(self.owner.organization, role="member"))
        row = Session.objects.create(user=self.owner, organization_id=self.owner.organization_id, via="password")
        signed = crypto.sign(session.PURPOSE, {"s": str(row.pk), "u": str(self.owner.pk)})
        self.headers = {"Authorization": f"Bearer {factories.token_of(self.owner)}"}
        self.cookies = {
            cookies.name_of(cookies.SESSION): signed,
            settings.SESSION_COOKIE_NAME: staff_client(self.owner).cookies[settings.SESSION_COOKIE_NAME].value,
        }

    def deeds(self) -> Iterator[Deed]:
        ids = {name: str(row.pk) for name, row in self.world.items()}
        if os.environ.get("SEVERED_VIEWS") == "all":
            for route in ROUTES:
                if route.method == "get" and not route.by_key:
                    yield Deed("GET", route.url(ids_for(route, self.world, self.owner.organization)))
        more = bool(os.environ.get("SEVERED_VIEWS"))
        named = [("GET", f"/api/v1/{path}", None, path) for path in READ if path != "projects" or more]
        named += [("GET", path, None, path) for path in PAGES]
        named += [(method, f"/api/v1/{path}", body, path) for method, path, body in WRITTEN]
        for method, url, body, path in named:
            if more or path in ALWAYS:
                yield Deed(method, url.format(**ids), body)

    def ask(self, deed: Deed) -> requests.Response:
        headers = self.headers | ({"Idempotency-Key": secrets.token_hex(16)} if deed.method == "POST" else {})
        return requests.request(
            deed.method,
            self.live.url + deed.path,
            headers=headers,
            cookies=self.cookies,
            json=deed.body,
            timeout=60,
            allow_redirects=False,
        )

    def fault(self, deed: Deed, before: int) -> str:
        """What is wrong with the answer; empty if nothing is."""
        try:
            answer = self.ask(deed)
        except requests.RequestException as error:
            return f"no answer: {error}"
        if answer.status_code in (before, 503) and (answer.status_code != 503 or answer.headers.get("Retry-After")):
            return ""
        return f"{answer.status_code} instead of {before}: {answer.text[:300]}"


def walk(caller: Caller, proxy: severed.Proxy, ways: tuple[str, ...]) -> tuple[list[str], int]:
    """What was wrong, and how often a connection was broken."""
    found, struck = [], 0
    for deed in caller.deeds():
        before = caller.ask(deed).status_code
        if before in OWN_FAULT or (before == 503 and deed.method == "GET"):  # it needs a third party
            continue
        for way in ways:
            for number in range(1, MOST_MESSAGES):
                proxy.cut(number, way)
                wrong = caller.fault(deed, before)
                hit = proxy.struck
                proxy.cut(0, "")
                again = [caller.ask(deed).status_code for _ in range(2 if hit else 0)]
                if wrong or (again and again[-1] != before):
                    found.append(f"{deed.method} {deed.path} {way} at {number}: {wrong or again}")
                if not hit:
                    break
                struck += 1
    return found, struck


def test_postgres_may_go_away_at_any_message(stack: Live, postgres: severed.Proxy, committed: Any) -> None:
    found, struck = walk(Caller(stack), postgres, severed.POSTGRES_WAYS)
    assert not found, "\n".join(found[:40])
    assert struck > 60


def test_valkey_may_go_away_at_any_message(stack: Live, valkey: severed.Proxy, committed: Any) -> None:
    found, struck = walk(Caller(stack), valkey, severed.VALKEY_WAYS)
    assert not found, "\n".join(found[:40])
    assert struck > 10
