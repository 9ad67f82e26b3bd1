"""The one layer of fairness: who a caller is, what falls to one share, and the calls of third parties in requests."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse

from accounts import api_keys
from accounts.authentication import key_of
from scribe import asgi
from scribe.api.streams import JobStream
from scribe.asgi import Doors
from scribe.errors import TooManyRequests
from scribe.fairness import callers, lookups
from scribe.fairness import costs as costs_module
from scribe.fairness.callers import Requester, SeenAlive
from scribe.fairness.costs import (
    COSTLY,
    FAR_MORE,
    LATELY,
    ROOM,
    SAMPLES,
    Costs,
    RunningRequest,
    is_costly_by_nature,
    kind_of,
    max_min_part,
)
from scribe.fairness.pace import Pace
from scribe.fairness.shares import LEAST_HELD, LONGEST_REST, FairShares, FairSlots
from scribe.ids import uuid7
from scribe.models import Job
from scribe.web import bodies
from tests import factories
from tests.workbench.visiting import Visitor
from workbench import cookies, pictures, session


def scope(path: str = "/api/v1/projects", peer: str = "192.0.2.7", query: str = "", **headers: str) -> dict[str, Any]:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "path": path, "query_string": query.encode(), "client": (peer, 1), "headers": named}


# --- who calls


def test_headers_that_nobody_gave_out_do_not_make_another_caller() -> None:
    made_up = [
        scope(),
        scope(authorization="Bearer made-up"),
        scope(authorization="Bearer xcs_live_made_up"),
        scope(x_api_key="xcs_live_made_up"),
        scope("/app/", cookie=f"{cookies.SESSION}=made-up"),
        scope("/app/picture", query="of=https%3A%2F%2Fa.example&for=somebody&until=99999999999&mark=made-up"),
    ]
    assert {callers.of_scope(each).share for each in made_up} == {"192.0.2.7"}


def test_an_address_counts_with_its_network() -> None:
    shares = {callers.of_scope(scope(peer=peer)).share for peer in ("2001:db8:1:2::7", "2001:db8:1:2:ffff::1")}
    assert shares == {"2001:db8:1:2::/64"}


@pytest.mark.django_db
def test_all_sessions_of_an_organization_have_one_share_wherever_they_come_from() -> None:
    user = factories.make_user()
    colleague = factories.make_user(user.organization)
    seen = [
        callers.of_scope(scope(peer=f"192.0.2.{number}", authorization=f"Bearer {factories.token_of(who)}"))
        for number, who in enumerate((user, user, colleague))
    ]
    assert {caller.share for caller in seen} == {str(user.organization_id)}
    assert [caller.person for caller in seen] == [str(user.pk), str(user.pk), str(colleague.pk)]


@pytest.mark.django_db
def test_a_browser_is_known_by_its_cookie_on_pages_alone() -> None:
    user = factories.make_user()
    response = session.start(HttpResponse(), factories.token_of(user))
    given = f"a=b; {cookies.name_of(cookies.SESSION)}={response.cookies[cookies.name_of(cookies.SESSION)].value}"
    found = callers.of_scope(scope("/app/projects/", cookie=given))
    assert (found.share, found.person) == (str(user.organization_id), str(user.pk))
    assert callers.of_scope(scope("/api/v1/projects", cookie=given)).share == "192.0.2.7"  # where it opens nothing
    of_before = Visitor(user).client.cookies[cookies.name_of(cookies.SESSION)].value  # names no organization
    assert callers.of_scope(scope("/app/", cookie=f"{cookies.SESSION}={of_before}")).share == str(user.pk)


@pytest.mark.django_db
def test_a_key_is_known_after_it_was_let_in_and_for_a_minute(monkeypatch: Any) -> None:
    user = factories.make_user()
    _, raw = api_keys.create(organization=user.organization, name="Shop", by=user)
    assert callers.of_scope(scope(authorization=f"Bearer {raw}")).share == "192.0.2.7"
    key_of(raw, address="192.0.2.7")
    for headers in ({"authorization": f"Bearer {raw}"}, {"x_api_key": raw}):
        assert callers.of_scope(scope(**headers)).share == str(user.organization_id)
    monkeypatch.setattr(callers.time, "monotonic", lambda: float("inf"))
    assert callers.of_scope(scope(x_api_key=raw)).share == "192.0.2.7"


def test_of_keys_only_the_newest_are_remembered() -> None:
    alive = SeenAlive(most=2)
    for name in "abc":
        alive.note(callers.crypto.digest(name), name, "")
    assert [alive.find(name) for name in "abc"] == [None, ("b", ""), ("c", "")]


def test_a_picture_takes_the_share_of_the_organization_on_whose_page_it_stood() -> None:
    path, _, query = pictures.address("https://a.example/b.jpg", "an-organization").partition("?")
    assert callers.of_scope(scope(path, query=query)).share == "an-organization"


# --- what falls to one share


def test_what_is_counted_is_for_all_and_a_part_of_it_for_one() -> None:
    shares = FairShares(400, 100)
    assert shares.take("a", 100)
    assert not shares.take("a")
    assert all(shares.take(who, 100) for who in "bcd")
    assert not shares.take("e")
    shares.give("b", 100)
    assert shares.take("e")


async def takes(slots: FairSlots, *shares: str) -> list[asyncio.Task[Any]]:
    tasks = [asyncio.create_task(slots.take(*share.split("."))) for share in shares]
    await asyncio.sleep(0)
    return tasks


def test_one_share_has_at_most_its_part_and_nobody_else_waits_for_it() -> None:
    async def play() -> list[bool]:
        slots = FairSlots(10, 2)
        first, _, third, fourth = await takes(slots, "a", "a", "a", "a")
        await slots.take("b")  # at once
        seen = [third.done()]
        third.cancel()  # its reader has left
        await asyncio.sleep(0)
        slot = first.result()
        slot.give()
        slot.give()  # has no further effect
        await asyncio.sleep(0)
        return [*seen, fourth.done(), slots._held == {"a": 2, "b": 1}, not slots._waiting]

    assert asyncio.run(play()) == [False, True, True, True]


async def served(slots: FairSlots, first: str, names: list[str]) -> list[str]:
    """Who gets the only slot after the first one, each giving it back at once."""
    order, held = [], await slots.take(first)
    waiting = dict(enumerate(await takes(slots, *names)))
    while waiting:
        held.give()
        await asyncio.sleep(0)
        number = next(number for number, task in waiting.items() if task.done())
        held = waiting.pop(number).result()
        order.append(names[number])
    return order


def test_a_free_slot_goes_to_the_share_and_the_member_that_got_one_longest_ago() -> None:
    names = ["a.ann", "a.ann", "a.ann", "a.bob", "b", "b", "c"]
    order = asyncio.run(served(FairSlots(1, 1), "a", names))
    assert order == ["a.ann", "b", "c", "a.bob", "b", "a.ann", "a.ann"]


def test_a_free_slot_goes_to_the_share_that_took_least() -> None:
    """However long others have waited. It had to wait for one request of each of them."""
    taken = {"busy": 3.0, "busier": 4.0, "quiet": 0.1}
    slots = FairSlots(1, 1, taken=taken.__getitem__)
    order = asyncio.run(served(slots, "busy", ["busier", "busy", "quiet", "quiet"]))
    assert order == ["quiet", "quiet", "busy", "busier"]


def test_strangers_take_their_turn_as_if_they_had_their_part() -> None:
    costs = Costs()
    for share, seconds in (("strangers", 8.0), ("01a2-busy", 3.0), ("01a2-quiet", 0.1)):
        costs.note(costs.start(share, "GET /"), seconds)
    ranks = {share: costs.rank(share) for share in ("198.51.100.7", "2001:db8::/64", "01a2-busy", "01a2-quiet")}
    assert ranks["198.51.100.7"] == pytest.approx(ranks["2001:db8::/64"]) == pytest.approx(costs.part())
    assert ranks["01a2-quiet"] < ranks["198.51.100.7"] < ranks["01a2-busy"]


def test_fewer_requests_begin_while_the_interpreter_is_busy() -> None:
    async def play() -> list[tuple[int, int]]:
        slots = FairSlots(10, 3)
        pace, seen = Pace(slots), []
        for busy in (0.2, 0.9, 0.6, 0.3):
            pace.looked, pace.taken = time.monotonic() - 10, time.process_time() - busy * 10
            pace.look()
            seen.append((slots.total, slots.each))
        return seen

    assert asyncio.run(play()) == [(10, 3), (4, 1), (4, 1), (10, 3)]


def test_who_waits_gets_the_slots_that_come_again() -> None:
    async def play() -> bool:
        slots = FairSlots(2, 2)
        slots.limit(1, 1)
        await slots.take("a")
        (waiting,) = await takes(slots, "b")
        slots.limit(2, 2)
        await asyncio.wait_for(waiting, 5)
        return True

    assert asyncio.run(play())


def test_a_slot_that_comes_while_its_reader_leaves_is_passed_on() -> None:
    async def play() -> None:
        slots = FairSlots(1, 1)
        held = await slots.take("a")
        (leaving,) = await takes(slots, "a")
        held.give()
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        await asyncio.wait_for(slots.take("a"), 5)

    asyncio.run(play())


def test_too_many_waiting_requests_of_one_share_are_refused() -> None:
    async def play() -> None:
        slots = FairSlots(1, 1, waiting=3)
        await slots.take("a")
        waiting = await takes(slots, "a", "a.x", "a.y")
        with pytest.raises(TooManyRequests):
            await slots.take("a", "z")
        for task in waiting:
            task.cancel()

    asyncio.run(play())


# --- look-ups


@pytest.fixture
def as_caller() -> Iterator[Any]:
    """Makes the rest of the test a request of the given caller, in requests that are entered with `lookups.in_request`."""
    token = callers.current.set(None)
    yield callers.current.set
    callers.current.reset(token)


def test_an_organization_looks_up_two_things_at_a_time_and_others_are_not_hindered(as_caller: Any) -> None:
    def refused() -> str:
        with pytest.raises(TooManyRequests) as error, lookups.in_request():
            lookups.start()
        assert error.value.retry_after
        return error.value.code

    with ExitStack() as held:
        for organization in ("a", "b"):
            as_caller(Requester("192.0.2.1", organization))
            for _ in range(2):
                held.enter_context(lookups.in_request())
                lookups.start()
                lookups.start()  # of the same request
        assert refused() == "too_many_lookups"
        as_caller(Requester("192.0.2.1"))  # who signs in from the same address
        with lookups.in_request():
            lookups.start()
    with lookups.in_request():
        lookups.start()
    assert not lookups.of_organizations._taken
    assert not lookups.of_networks._taken


def test_all_calls_of_a_request_have_one_deadline_and_jobs_have_none(as_caller: Any, monkeypatch: Any) -> None:
    assert lookups.start(300.0, 10**9) == (300.0, 10**9)  # a worker
    with lookups.in_request():
        seconds, most_bytes = lookups.start(300.0, 10**9)
        assert 0 < seconds <= lookups.SECONDS
        assert most_bytes == lookups.MOST_BYTES
        now = lookups.time.monotonic()
        monkeypatch.setattr(lookups.time, "monotonic", lambda: now + lookups.SECONDS + 1)
        assert lookups.start(300.0)[0] == lookups.LEAST_SECONDS


def test_a_look_up_gives_its_slot_and_its_database_connection_back(transactional_db: None, as_caller: Any) -> None:
    left: list[bool] = []
    token = lookups.leave.set(lambda: left.append(True))
    with lookups.in_request():
        connection.ensure_connection()
        lookups.start()
        lookups.start()
    lookups.leave.reset(token)
    assert left == [True]
    assert connection.connection is None


# --- the web process


def test_one_share_has_its_part_of_the_streams(db: None) -> None:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    stream = JobStream(Job(pk=uuid7()))

    async def play() -> None:
        doors = Doors()
        callers.current.set(Requester("192.0.2.1", "a"))
        assert doors.streams.take("a", doors.streams.each)
        await doors.stream(stream, None, send)
        assert doors.streams.take("b")

    asyncio.run(play())
    assert sent[0]["status"] == 429


def test_a_bystander_is_answered_while_every_look_up_and_every_thread_of_another_hangs(settings: Any) -> None:
    """Counted: the hostile requests end when the bystander has been answered, not before."""
    released, entered = threading.Event(), threading.Semaphore(0)

    class Hanging(Doors):
        def handled(self, scope: Any, body: Any) -> Any:
            if scope["path"] == "/work":
                entered.release()
                assert released.wait(60)
            elif scope["path"] == "/look-up":
                with lookups.in_request():
                    lookups.start()
                    entered.release()
                    assert released.wait(60)
            return HttpResponse(scope["path"])

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def play() -> tuple[list[str], int]:
        doors = Hanging()
        order: list[str] = []

        async def ask(path: str, peer: str, **headers: str) -> None:
            statuses: list[int] = []

            async def send(message: Any) -> None:
                statuses.append(message.get("status", 0))

            await doors.answer({**scope(path, peer, **headers), "method": "GET"}, receive, send)
            order.append(f"{path} {statuses[0]}")

        hostile = [
            asyncio.create_task(ask("/work", "192.0.2.1", authorization=f"Bearer made-up-{number}"))
            for number in range(4 * settings.WEB_THREADS)
        ]
        hostile += [asyncio.create_task(ask("/look-up", f"198.51.100.{number}")) for number in range(9)]
        for _ in range(doors.strangers.each + 9):
            await asyncio.to_thread(entered.acquire, timeout=60)
        for _ in range(20):
            await ask("/hello", "203.0.113.1")
        answered = len(order)
        released.set()
        await asyncio.gather(*hostile)
        return order, answered

    order, answered = asyncio.run(play())
    assert order[:answered] == ["/hello 200"] * 20
    assert sorted(set(order[answered:])) == ["/look-up 200", "/work 200"]


# --- what takes much of the processor


def test_a_request_is_costly_by_what_its_like_took_of_the_processor() -> None:
    costs = Costs(most=8)
    one, two = (f"/api/v1/projects/{uuid7()}/items/{uuid7()}" for _ in "ab")
    edit = kind_of("PATCH", one)
    assert edit == kind_of("PATCH", two) == "PATCH /api/v1/projects/#/items/#"
    assert not costs.is_costly("a", edit)
    for _ in range(round(ROOM)):
        costs.note(RunningRequest("a", edit, 0.0), 0.09)  # each second
    assert not costs.is_costly("a", edit)
    costs.learn("b", edit, 9 * COSTLY)
    assert costs.is_costly("b", edit)
    assert not costs.is_costly("c", edit)  # what others' took says nothing of it
    assert not costs.is_costly("a", edit)
    for _ in range(4 * SAMPLES):
        costs.learn("b", edit, 0.0)
    assert not costs.is_costly("b", edit)
    costs.learn("b", edit, 99 * COSTLY)
    for share in "defghijkl":
        costs.learn(share, kind_of("GET", one), 0.0)
    assert not costs.is_costly("b", edit)  # forgotten


def test_one_dear_request_among_many_cheap_ones_is_remembered() -> None:
    """The whole list of the items is asked for as a page of it is."""
    costs, items = Costs(), kind_of("GET", "/api/v1/projects/1/items")
    for _ in range(20):
        costs.learn("a", items, 0.01)
    costs.learn("a", items, 4 * COSTLY)
    assert costs.is_costly("a", items)


@pytest.mark.parametrize(
    ("path", "size", "costly"),
    [
        ("/api/v1/projects/1/sources/file", 100, True),
        ("/api/v1/projects/1/export", 0, True),
        ("/api/v1/schema", 0, True),
        ("/api/v1/projects/1/items/exclude", 360_000, True),  # ten thousand ids
        ("/api/v1/projects/1/items/exclude", 360, False),
        ("/api/v1/auth/login", 200, False),
        ("/app/sign-in", 200, False),
    ],
)
def test_files_large_bodies_and_what_is_counted_over_all_is_costly_by_nature(
    path: str, size: int, costly: bool
) -> None:
    assert is_costly_by_nature(path, size) is costly


def test_a_request_that_goes_on_is_known_as_dear_before_it_ends() -> None:
    """Eight of a kind began before the first one had ended."""
    costs, upload = Costs(), kind_of("POST", "/api/v1/projects/1/sources/file")
    run = costs.start("a", upload)
    costs.grow(run)
    assert not costs.is_costly("a", upload)
    run.clock.read = lambda: 2 * COSTLY  # type: ignore[method-assign]
    costs.grow(run)
    costs.grow(run)
    assert costs.is_costly("a", upload)
    costs.note(run, 2 * COSTLY)
    assert [costs.taken("a")] == [pytest.approx(2 * COSTLY, rel=0.1)]


def test_requests_that_come_at_once_are_counted_before_they_end() -> None:
    """Eight files were read at once, as none had ended that told what they cost."""
    costs, upload = Costs(), kind_of("POST", "/api/v1/projects/1/sources/file")
    costs.learn("a", upload, 0.8 * COSTLY)
    begun = []
    while costs.taken("a") <= FAR_MORE * ROOM:
        assert not costs.gives_way("a")
        begun.append(costs.start("a", upload))
    costs._counted = -math.inf
    assert costs.gives_way("a")
    for run in begun:
        costs.note(run, 0.1 * COSTLY)  # they took less
    costs._counted = -math.inf
    assert not costs.gives_way("a")
    assert costs.start("a", kind_of("GET", "/api/v1/projects")).counted == 0


def test_of_what_nothing_is_known_of_one_of_a_share_is_at_work_beside_others() -> None:
    costs, one, two = Costs(), "GET /api/v1/jobs/#", "POST /api/v1/projects"
    assert not costs.gives_way("a", one)
    run = costs.start("a", one)
    assert costs.gives_way("a", one)
    assert costs.gives_way("a", two)
    assert not costs.gives_way("b", one)
    costs.note(run, 0.01)
    assert not costs.gives_way("a", two)
    known = costs.start("a", one)
    assert not costs.gives_way("a", two)
    costs.note(known, 0.01)


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ([], math.inf),
        ([ROOM], math.inf),
        ([ROOM * 2], ROOM),
        ([1.0, ROOM * 9], ROOM - 1.0),
        ([ROOM * 9, 1.0, ROOM * 8], (ROOM - 1.0) / 2),
        ([ROOM / 4] * 8, ROOM / 8),
    ],
)
def test_who_takes_less_never_gives_way_to_who_takes_more(wanted: list[float], part: float) -> None:
    assert max_min_part(ROOM, wanted) == pytest.approx(part)


def test_a_share_gives_way_while_it_has_taken_more_than_its_part(monkeypatch: Any) -> None:
    costs, read = Costs(), kind_of("GET", "/api/v1/projects")
    for _ in range(round(FAR_MORE * ROOM / 0.02)):
        for share in ("hostile", "accomplice"):
            costs.note(RunningRequest(share, read, 0.0), 0.02)
    costs.note(RunningRequest("bystander", read, 0.0), 0.02)
    gives_way = [costs.gives_way(share) for share in ("hostile", "accomplice", "bystander")]
    assert gives_way == [True, True, False]
    now = time.monotonic()
    monkeypatch.setattr(costs_module.time, "monotonic", lambda: now + 2 * LATELY)
    assert not costs.gives_way("hostile")


def test_strangers_of_all_networks_leave_the_threads_to_whoever_is_signed_in() -> None:
    """Counted: made-up headers from many networks had all threads, each network its third."""
    released, entered = threading.Event(), threading.Semaphore(0)

    class Working(Doors):
        def handled(self, scope: Any, body: Any) -> Any:
            if scope["path"] == "/stranger":
                entered.release()
                assert released.wait(60)
            return HttpResponse(scope["path"])

    async def play() -> None:
        doors = Working()

        async def ask(caller: Requester, path: str) -> bytes:
            callers.current.set(caller)
            scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
            response = await doors.respond(scope, bodies.Body(doors.budget, caller.share), caller)
            return bytes(response.content)

        networks = [Requester(f"192.0.2.{number}") for number in range(1, 30)]
        started = [asyncio.create_task(ask(caller, "/stranger")) for caller in networks for _ in "ab"]
        for _ in range(doors.strangers.total):
            await asyncio.to_thread(entered.acquire)
        for _ in range(20):
            assert await ask(Requester("192.0.2.1", "bystander"), "/cheap") == b"/cheap"
        assert doors.strangers.held == doors.strangers.total < doors.slots.total
        assert doors.strangers.each < doors.strangers.total  # one network leaves room for another's sign-in
        released.set()
        assert {await task for task in started} == {b"/stranger"}

    asyncio.run(play())


def test_requests_that_work_for_long_leave_slots_to_others_however_many_accounts_send_them(
    monkeypatch: Any, settings: Any
) -> None:
    """Counted: four accounts had all threads for minutes, since what a request takes was known when it had ended."""
    monkeypatch.setattr(asgi, "OVERTIME_SECONDS", 0.05)
    released, entered = threading.Event(), threading.Semaphore(0)

    class Working(Doors):
        def handled(self, scope: Any, body: Any) -> Any:
            if scope["path"] == "/long":
                entered.release()
                assert released.wait(60)
            return HttpResponse(scope["path"])

    async def play() -> None:
        doors = Working()

        async def ask(share: str, path: str) -> bytes:
            caller = Requester("192.0.2.1", share)
            callers.current.set(caller)
            scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}
            response = await doors.respond(scope, bodies.Body(doors.budget, caller.share), caller)
            return bytes(response.content)

        bystander = asyncio.create_task(ask("bystander", "/quick"))  # he is there
        await bystander
        started = [asyncio.create_task(ask(f"hostile {number}", "/long")) for number in range(4) for _ in "abc"]
        for _ in range(doors.slots.total):
            await asyncio.to_thread(entered.acquire)
        for _ in range(20):
            assert await ask("bystander", "/quick") == b"/quick"
        async with asyncio.timeout(60):
            while doors.overtime.taken < 4:  # one of each account
                await asyncio.sleep(0.01)
        released.set()
        assert {await task for task in started} == {b"/long"}
        async with asyncio.timeout(60):
            while doors.overtime.taken or doors.slots.held:
                await asyncio.sleep(0.01)

    asyncio.run(play())


def test_health_checks_of_one_network_take_turns_and_those_of_another_wait_for_none_of_them() -> None:
    """Counted: whoever asked without a pause had the event loop and both threads of the checks to himself."""

    async def play() -> None:
        doors = Doors()

        async def probe(address: str) -> int:
            caller = Requester(address)
            scope = {"type": "http", "method": "GET", "path": "/health/live", "headers": [], "query_string": b""}
            return int((await doors.respond(scope, bodies.Body(doors.budget, caller.share), caller)).status_code)

        rests = list[float]()
        asyncio.get_running_loop().call_later = lambda seconds, *deed: rests.append(seconds)  # type: ignore[method-assign, assignment]
        flood = [asyncio.create_task(probe("192.0.2.66")) for _ in range(50)]
        await asyncio.sleep(0)
        assert await probe("192.0.2.1") == 200
        assert sum(task.done() for task in flood) == 1
        assert min(rests) >= LEAST_HELD
        for task in flood:
            task.cancel()

    asyncio.run(play())


def test_a_slot_rests_so_many_times_as_long_as_it_was_held() -> None:
    """Counted by the loop's own clock, which goes on by what is waited for."""

    async def play() -> list[float]:
        loop, rests = asyncio.get_running_loop(), list[float]()
        loop.call_later = lambda seconds, deed, *given: rests.append(seconds)  # type: ignore[method-assign, assignment]
        slots = FairSlots(1, 1, rest=3.0)
        slot = await slots.take("a")
        slot.since -= 2.0
        slot.give()
        slot.give()
        waiting = asyncio.ensure_future(slots.take("a"))
        await asyncio.sleep(0)
        assert not waiting.done()
        slots._free("a")  # what the loop calls after the rest
        (await waiting).give()
        return rests

    first, second = asyncio.run(play())
    assert 6.0 <= first <= LONGEST_REST
    assert 0.0 <= second <= LONGEST_REST
