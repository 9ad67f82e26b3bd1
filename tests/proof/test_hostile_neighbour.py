"""A neighbour who has us ask shops that hang, and sends one form again and again under made-up names, holds up nobody.

Counted, not timed: what the bystander does is answered while everything of the neighbour still hangs, since nothing of it ends
before the shop is let go.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from django.conf import settings

from integrations import connections
from projects.models import Project
from scribe import asgi
from scribe.asgi import Doors
from scribe.fairness import lookups
from tests import factories
from tests.fakes.woocommerce import FakeWooCommerce
from tests.proof.crowd import Silence
from tests.workbench.visiting import Visitor
from workbench import cookies

SECRET = "a" * 32  # of the cookie and of the form, against forged forms
PASSWORD = "a long enough password"


def neighbour(shop: str) -> SimpleNamespace:
    """An account with a project whose shop is at the address `shop`."""
    user = factories.make_user()
    connection = factories.make_woocommerce_connection(user.organization, shop)
    project = Project.objects.create(
        organization=user.organization, name="Mine", platform="woocommerce", store_connection=connection
    )
    return SimpleNamespace(
        user=user,
        look_up=f"/api/v1/store-connections/{connection.pk}/test",
        form=f"/app/projects/{project.pk}/store/test",
        token={"Authorization": f"Bearer {factories.token_of(user)}"},
        cookies={name: each.value for name, each in Visitor(user).client.cookies.items()},
    )


def browser(doors: Doors, address: str) -> Callable[..., Any]:
    """Sends a request from `address`, and returns the response."""
    transport = httpx2.ASGITransport(app=doors, client=(address, 1))

    async def send(method: str, path: str, **more: Any) -> httpx2.Response:
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost", timeout=None) as client:
            return await client.request(method, path, **more)

    return send


def cookie(jar: dict[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}


def sent_form(send: Any, who: SimpleNamespace, number: int) -> Any:
    """The form that tests a project's shop, each time with another made-up credential beside the browser's cookie."""
    jar = {**who.cookies, cookies.name_of(cookies.CSRF): SECRET}
    headers = {"Authorization": f"Bearer made-up-{number}", **cookie(jar)}
    return send("POST", who.form, data={"once": "same", "csrfmiddlewaretoken": SECRET}, headers=headers)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.02)


def test_a_bystander_is_answered_while_all_of_a_hostile_neighbour_hangs(committed: Any, monkeypatch: Any) -> None:
    # Nothing ends by itself, however slow this machine is.
    for module, name in ((lookups, "SECONDS"), (connections, "LIVE_SECONDS"), (asgi, "AGAIN_SECONDS")):
        monkeypatch.setattr(module, name, 600.0)
    with ExitStack() as hanging, FakeWooCommerce() as shop:
        silence = hanging.enter_context(Silence())
        hostile = neighbour(silence.url)
        accomplices = [neighbour(silence.url) for _ in range(6)]
        repeater = neighbour(silence.url)
        bystander = neighbour(shop.url)
        bystander.user.set_password(PASSWORD)
        bystander.user.save()

        async def play() -> tuple[Counter[int], list[httpx2.Response]]:
            doors = Doors()
            asyncio.get_running_loop().set_default_executor(doors.side)
            evil, good = browser(doors, "192.0.2.1"), browser(doors, "203.0.113.9")
            started = [asyncio.create_task(evil("POST", hostile.look_up, headers=hostile.token)) for _ in range(11)]
            started += [
                asyncio.create_task(evil("POST", each.look_up, headers=each.token))
                for each in accomplices
                for _ in "ab"
            ]
            forms = [asyncio.create_task(sent_form(evil, repeater, 0))]
            held = 2 + 2 * len(accomplices) + 1
            assert held > settings.WEB_THREADS
            await until(lambda: len(silence.taken) == held)
            forms += [asyncio.create_task(sent_form(evil, repeater, number)) for number in range(1, 12)]
            await until(lambda: sum(task.done() for task in started) == 9)  # refused at once

            credentials = {"email": bystander.user.email, "password": PASSWORD}
            for _ in range(5):
                assert (await good("POST", "/api/v1/auth/login", json=credentials)).status_code == 200
                assert len((await good("GET", "/api/v1/projects", headers=bystander.token)).json()) == 1
            assert (await good("GET", "/app/", headers=cookie(bystander.cookies))).status_code == 200
            assert (await good("POST", bystander.look_up, headers=bystander.token)).json()["success"] is True
            colleague = browser(doors, "192.0.2.1")  # from the address of the hostile ones
            assert (await colleague("GET", "/api/v1/projects", headers=bystander.token)).status_code == 200

            assert len(silence.taken) == held
            assert sum(task.done() for task in started) == 9
            assert not any(task.done() for task in forms)
            hanging.close()
            return (
                Counter([(await task).status_code for task in started]),
                [await task for task in forms],
            )

        statuses, forms = asyncio.run(play())
    assert statuses == {429: 9, 200: 2 + 2 * len(accomplices)}
    assert {response.status_code for response in forms} == {200}
    assert len({response.text for response in forms}) == 1  # the first one's answer, for all
    assert not lookups.of_organizations._taken
    assert len(shop.requests) >= 1


@pytest.mark.parametrize("credential", ["authorization", "x-api-key"])
def test_made_up_credentials_share_the_threads_of_their_network(committed: Any, credential: str) -> None:
    async def play() -> list[int]:
        doors = Doors()
        held = [await doors.slots.take("192.0.2.1") for _ in range(doors.slots.each)]
        evil, good = browser(doors, "192.0.2.1"), browser(doors, "203.0.113.9")
        waiting = [
            asyncio.create_task(evil("GET", "/api/v1/projects", headers={credential: f"Bearer made-up-{number}"}))
            for number in range(20)
        ]
        for _ in range(5):
            assert (await good("GET", "/api/v1/plans")).status_code in (200, 401, 404)
        assert not any(task.done() for task in waiting)
        for slot in held:
            slot.give()
        return [(await task).status_code for task in waiting]

    assert set(asyncio.run(play())) == {401}
