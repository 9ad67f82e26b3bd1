"""Pace, retries, the circuit breaker and stopping."""

from __future__ import annotations

import asyncio
import time

import pytest

from integrations.ai import limits
from integrations.ai.caller import Caller
from integrations.ai.errors import AITransientError, CallStopped
from integrations.ai.limits import CallOutcome, Limiter
from tests.fakes.anthropic import Anthropic
from tests.fakes.models import Behaviour
from tests.integrations.ai.helpers import ask, fresh, prompt


@pytest.fixture
def fake():
    fresh()
    with Anthropic() as running:
        yield running


def caller(fake, **more):
    return Caller("anthropic", "claude-haiku-5-5", "k", fake.url, **more)


def test_a_429_waits_as_long_as_it_says(fake):
    fake.script(Behaviour("429", retry_after=0.6), "ok")
    started = time.monotonic()
    answer = ask(caller(fake))
    assert answer.tries == 2
    assert time.monotonic() - started >= 0.6


def test_a_long_retry_after_is_the_callers_to_queue(fake):
    fake.default = Behaviour("429", retry_after=600)
    with pytest.raises(AITransientError) as caught:
        ask(caller(fake))
    assert caught.value.retry_after == 600
    assert len(fake.seen) == 1


@pytest.mark.thorough
def test_an_overload_is_tried_again_and_given_up(fake):
    fake.default = Behaviour("529", retry_after=0.01)
    with pytest.raises(AITransientError) as caught:
        ask(caller(fake), attempts=3)
    assert caught.value.code == "provider_overloaded"
    assert len(fake.seen) == 3


def test_five_failures_in_a_row_open_the_circuit(fake):
    fake.default = "500"

    async def run():
        async with caller(fake) as calling:
            for _ in range(5):
                with pytest.raises(AITransientError):
                    await calling.complete(prompt(), attempts=1)
            with pytest.raises(AITransientError) as caught:
                await calling.complete(prompt(), attempts=1)
            return caught.value

    error = asyncio.run(run())
    assert error.code == "provider_circuit_open"
    assert 50 < error.retry_after <= 60
    assert len(fake.seen) == 5


@pytest.mark.thorough
def test_a_cancel_stops_calls_under_way_and_waiting_ones(fake):
    fake.default = Behaviour("slow", seconds=60)
    stopped = False

    async def run():
        nonlocal stopped
        async with caller(fake, concurrency=4) as calling:
            tasks = [asyncio.create_task(calling.complete(prompt(), stop=lambda: stopped)) for _ in range(12)]
            await asyncio.sleep(0.5)
            stopped = True
            return await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 30)  # long before any answer

    results = asyncio.run(run())
    assert all(isinstance(result, CallStopped) for result in results)
    assert len(fake.seen) <= 4


def test_a_task_that_is_cancelled_from_outside_stays_cancelled(fake):
    fake.default = Behaviour("slow", seconds=60)

    async def run():
        async with caller(fake) as calling:
            task = asyncio.create_task(calling.complete(prompt(), stop=lambda: False))
            await asyncio.sleep(0.2)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return calling._limiter.in_flight

    assert asyncio.run(run()) == 0


def test_never_more_at_once_than_the_ceiling(fake):
    fake.latency = 0.05

    async def run():
        async with caller(fake, concurrency=7) as calling:
            await asyncio.gather(*(calling.complete(prompt()) for _ in range(40)))

    asyncio.run(run())
    assert fake.most_at_once <= 7


@pytest.mark.thorough
def test_once_the_pace_is_learnt_all_allowed_calls_are_under_way_at_once(fake):
    fake.latency = 0.1
    fake.keep = False

    async def run():
        async with caller(fake, concurrency=64) as calling:
            await asyncio.gather(*(calling.complete(prompt()) for _ in range(128)))
            fake.latency, fake.most_at_once = 2.0, 0
            await asyncio.gather(*(calling.complete(prompt()) for _ in range(64)))

    asyncio.run(run())
    assert fake.most_at_once == 64


def test_the_limit_grows_with_success_and_is_halved_once_by_a_burst():
    limiter = Limiter(ceiling=16, first=4)

    async def run():
        tickets = [await limiter.acquire() for _ in range(4)]
        for ticket in tickets:
            limiter.release(ticket, CallOutcome.GOOD)
        assert limiter.limit == 8
        tickets = [await limiter.acquire() for _ in range(8)]
        for ticket in tickets:
            limiter.release(ticket, CallOutcome.THROTTLED)
        assert limiter.limit == 4
        for _ in range(20):
            limiter.release(await limiter.acquire(), CallOutcome.GOOD)
        assert limiter.limit == 5

    asyncio.run(run())
    assert limiter.in_flight == 0


def test_organizations_take_turns():
    limiter = Limiter(ceiling=1, first=1)
    order = []

    async def work(owner):
        ticket = await limiter.acquire(owner)
        order.append(owner)
        await asyncio.sleep(0)
        limiter.release(ticket, CallOutcome.GOOD)

    async def run():
        ticket = await limiter.acquire("a")
        waiting = [asyncio.create_task(work(owner)) for owner in "aaaaabb"]
        await asyncio.sleep(0.01)
        limiter.release(ticket, CallOutcome.GOOD)
        await asyncio.gather(*waiting)

    asyncio.run(run())
    assert "".join(order[:4]) in ("abab", "baba")


def test_keys_have_limiters_of_their_own():
    fresh()
    one = limits.limiter("anthropic", "k1", "", ceiling=8, first=4)
    assert one is limits.limiter("anthropic", "k1", "", ceiling=8, first=4)
    assert one is not limits.limiter("anthropic", "k2", "", ceiling=8, first=4)
