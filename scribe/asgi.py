"""The ASGI application: the event loop does all waiting on a connection, and a thread does the work of Django.

A body is read whole before a thread is taken, and a reply is sent after the thread is free (scribe/web), so a slow sender
or reader never holds a thread. Deferred replies are finished here, too: a stream follows the job's events, a wait waits for
the job's end. Neither holds a thread or a database connection.
"""

import asyncio
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from contextvars import Context, copy_context
from functools import partial
from socket import socket
from typing import cast

from django.http import HttpResponse, StreamingHttpResponse

from scribe.types import Receive, Scope, Send

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scribe.settings")

import django

from scribe.startup import give_large_buffers_back, keep_what_is_loaded, load_without_collections

load_without_collections()
django.setup()

from django.conf import settings
from django.core import signals
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.urls import get_resolver, set_script_prefix

from scribe import database, logs, metrics
from scribe.api import health
from scribe.api.deferred import Again, Deferred, InTurn
from scribe.api.fanout import SIDE_THREADS, FanOut, follow, in_thread, share, wait_for_end
from scribe.api.job_reply import JobReply
from scribe.api.middleware import body_limit
from scribe.api.open_streams import OpenStreams
from scribe.api.problems import handle, render
from scribe.api.sessions import SessionWatch
from scribe.api.streams import JobStream
from scribe.errors import Conflict, DomainError, InvalidInput, TooManyRequests
from scribe.fairness import callers, lookups
from scribe.fairness.callers import Requester
from scribe.fairness.costs import Costs, RunningRequest, is_costly_by_nature, kind_of
from scribe.fairness.pace import Pace
from scribe.fairness.refusals import Refusals, key_of, refused
from scribe.fairness.shares import FairShares, FairSlots
from scribe.ids import uuid7
from scribe.messages import _
from scribe.postgres.pool import measure_pool
from scribe.web import bodies, replies
from scribe.web.aside import Aside
from scribe.web.aside import hand_over as hand_aside
from scribe.web.replies import Answer, Begin, Hand
from scribe.web.threads import back_in, hand_over, run_timed

database.limit(database.WEB)

log = logs.get_logger(__name__)

HEALTH = ("/health", "/health/ready")
LIVE = "/health/live"
STREAM_ENDS = ("/stream", "/events")
#: How the paths begin of whatever signs somebody in or up.
ENTRANCES = ("/api/v1/auth/", "/app/sign-", "/app/login", "/admin/login")
#: So many requests at work hold up nobody, whatever they turn out to take.
FEW = 2
#: The seconds that a request waits for another one before it is refused.
AGAIN_SECONDS = 30.0
#: Open streams, as far as the limit of open files goes.
STREAMS = 20_000
#: The seconds after which a request that still works gives its thread's slot to the next one. Half as many as there are
#: slots may, one of a share: they have threads beyond the slots.
OVERTIME_SECONDS = 5.0
#: Seconds after which it is looked at again what a request has taken so far.
WATCHED = 0.25
#: Health checks under way, and how many times as long as one takes its network's next one waits after it.
PROBES, PROBE_REST = 20, 3.0
#: The threads for what pages show of other hosts, each part in its turn.
FETCHES = 9


class SyncHandler(BaseHandler):
    """Django's request handling, called from a thread with a request that came in over ASGI."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)


class Doors:
    """The ASGI application. Requests share one pool of threads, which `slots` divides among the callers; it has threads
    beyond those slots for requests that wait for a third party and have given theirs back. Health checks and the finishing
    of replies have pools of their own, so that both go on while every request thread is busy."""

    def __init__(
        self,
        threads: int = settings.WEB_THREADS,
        each: int = max(1, settings.WEB_THREADS // 3),
        aside: Aside | None = None,
    ) -> None:
        """One share has `each` of the `threads`. What takes much of the processor goes `aside`."""
        beyond = max(1, threads // 2)
        self.aside = aside
        self.handler = SyncHandler()
        self.pool = ThreadPoolExecutor(threads + lookups.THREADS + beyond, thread_name_prefix="request")
        self.overtime = FairShares(beyond, 1)
        self.side = ThreadPoolExecutor(SIDE_THREADS, thread_name_prefix="side")
        self.health = ThreadPoolExecutor(max_workers=2, thread_name_prefix="health")
        self.fetching = ThreadPoolExecutor(FETCHES, thread_name_prefix="fetching")
        self.fetching_slots = FairSlots(FETCHES, FETCHES // 3)
        self.costs = Costs()
        self.slots = FairSlots(threads, each, taken=self.costs.rank)
        self.costly = FairSlots(beyond, 1)
        self.refusals = Refusals()
        self.strangers = FairSlots(max(1, threads // 3), max(1, threads // 5))
        self.probes = FairSlots(PROBES, 1, rest=PROBE_REST)
        self.streams = FairShares(STREAMS, STREAMS // 20)
        self.open_streams = OpenStreams()
        self.budget = FairShares(settings.SPOOL_MAX_BYTES, settings.SPOOL_MAX_BYTES // 4)
        self.fanout: FanOut | None = None
        self.standing = SessionWatch()

    def measure(self) -> None:
        """Have the figures of this process tell how busy its threads are, and how many streams are open."""
        measure_pool()
        metrics.level("web_threads", lambda: float(self.slots.total))
        metrics.level("web_threads_busy", lambda: float(self.slots.held))
        metrics.level("web_threads_awaited", lambda: float(self.slots.awaited))
        metrics.level("streams", lambda: float(self.streams.taken))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.lifespan(receive, send)
        elif scope["type"] == "http":
            await self.answer(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.open()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def open(self) -> None:
        """Get ready to answer, in the loop that is running."""
        asyncio.get_running_loop().set_default_executor(self.side)
        self.fanout = FanOut()
        if self.aside is not None:
            self.aside.start()
        Pace(self.slots).start()
        give_large_buffers_back()
        self.measure()

    async def close(self) -> None:
        if self.aside is not None:
            await self.aside.close()
        if self.fanout is not None:
            await self.fanout.close()
        await self.open_streams.close()

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Django reads `-` and `_` in a name as the same. Drop names with `_`, which callers could use to forge a proxy's.
        scope["headers"] = [header for header in scope["headers"] if b"_" not in header[0]]
        caller = Requester(*scope["caller"]) if "caller" in scope else callers.of_scope(scope)
        callers.current.set(caller)
        try:
            body = await self.body(scope, receive, caller.share)
        except bodies.Gone:
            return
        except DomainError as error:
            await self.refuse(send, error, caller)
            return
        if (found := self.refusals.find(key_of(scope, caller))) is not None:
            body.close()
            log.info("refused again", path=scope["path"], address=caller.address)
            await replies.send_whole(send, found.told_in(self.failed(found.error())))
            return
        try:
            response = await self.link_aside(scope, body, caller) or await self.respond(scope, body, caller)
            if isinstance(response, Again):
                response = await self.again(response, scope, body, receive, caller)
        except Exception as error:  # raised outside Django's own handling, such as in a streaming reply
            response = self.failed(error)
        if isinstance(response, socket):
            await self.answer_aside(response, scope, body, receive, send)
        else:
            await self.reply(response, scope, receive, send)

    async def link_aside(self, scope: Scope, body: bodies.Body, caller: Requester) -> socket | None:
        """A socket to the second process where that is to answer: what is costly and, beside others at work, what may be
        and all of who takes far more than his part. Whoever signs in waits for nobody's large requests, and streams take
        next to nothing."""
        path, kind, share = scope["path"], kind_of(scope["method"], scope["path"]), caller.cost_share
        if self.aside is None or path in (*HEALTH, LIVE):
            return None
        follows = scope["method"] == "GET" and path.endswith(STREAM_ENDS)  # else it orders first, which may be costly
        known = not follows and (bool(caller.organization) or callers.brings_credentials(scope))
        scope["costly"] = is_costly_by_nature(path, body.size) or (known and self.costs.is_costly(share, kind))
        may_be = self.slots.held > FEW and not path.startswith(ENTRANCES)
        beside = may_be and self.costs.gives_way(share, kind if known else "")
        return await self.aside.link() if scope["costly"] or beside else None

    async def answer_aside(self, link: socket, scope: Scope, body: bodies.Body, receive: Receive, send: Send) -> None:
        """Have the second process answer at `link`, and learn what it took there, and from whom it was."""
        caller = callers.current.get() or Requester()
        try:
            given = {**scope, "caller": (caller.address, caller.organization, caller.person)}
            told = await hand_aside(link, given, body.file, receive, send)
        except DomainError as error:
            await replies.send_whole(send, self.failed(error))
        else:
            if told is not None:
                took, seen = told
                self.costs.learn(caller.cost_share, kind_of(scope["method"], scope["path"]), took)
                if seen is not None:
                    callers.alive.note(*seen)
        finally:
            body.close()

    async def body(self, scope: Scope, receive: Receive, who: str) -> bodies.Body:
        headers = dict(scope["headers"])
        limit = body_limit(scope["path"], headers.get(b"content-type", b"").decode("latin-1"))
        declared = headers.get(b"content-length", b"0")
        if not bodies.is_sent(scope["headers"]) or not declared.isdigit() or int(declared) > limit:
            return bodies.Body(
                self.budget, who
            )  # there is no body, or its declared length will be refused by middleware
        body = await bodies.read(receive, limit=limit, budget=self.budget, who=who)
        scope["headers"] = bodies.with_length(scope["headers"], body.size)
        return body

    async def refuse(self, send: Send, error: DomainError, caller: Requester) -> None:
        """Refuse a body and close its connection, since its unread rest could be mistaken for the next request."""
        log.info("body refused", code=error.code, address=caller.address)
        response = self.failed(error)
        response["Connection"] = "close"
        await replies.send_whole(send, response)

    def failed(self, error: Exception) -> HttpResponse:
        """The problem response for `error`, with a new request id."""
        with logs.bound(request_id=str(uuid7())):
            response = handle(error)
            response["X-Request-ID"] = logs.context()["request_id"]
        return response

    async def respond(self, scope: Scope, body: bodies.Body, caller: Requester, *, begun: bool = False) -> Answer:
        """Django's response, made in a thread. A streaming reply is returned once begun, while the thread still fills
        it. A socket to the second process if the request, not `begun`, is seen to be costly when it gets a thread."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Answer] = loop.create_future()
        ahead = partial(self.ahead, loop, caller.share)
        context = copy_context()
        context.run(refused.set, None)  # nothing is told of this one yet
        work = partial(context.run, self.work, scope, body, partial(hand_over, loop, answered), ahead)
        kind = kind_of(scope["method"], scope["path"])
        try:
            slots = await self.take_slots(caller, scope["path"], costly=scope.get("costly", False))
        except BaseException:
            body.close()
            raise
        if not begun and (link := await self.link_aside(scope, body, caller)):
            slots.close()
            return link
        give = partial(back_in, loop, slots.close)
        if scope["path"] == LIVE:  # neither a thread nor a part that is down keeps the event loop from saying so
            slots.close()
            body.close()
            return health.alive()
        if scope["path"] in HEALTH:
            self.health.submit(work).add_done_callback(lambda _: give())
        else:
            run = self.costs.start(caller.cost_share, kind)
            note = partial(self.note, scope, run, context)
            run.done = self.pool.submit(run_timed, partial(work, give), run.clock, loop, note)
            run.done.add_done_callback(lambda _: give())
            loop.call_later(WATCHED, self.watch, run, give)
        response = await asyncio.shield(answered)
        if isinstance(response, HttpResponse):
            self.refusals.note(key_of(scope, caller), context.get(refused), response)
        return response

    def note(self, scope: Scope, run: RunningRequest, context: Context, seconds: float) -> None:
        """Note what a request took of the processor, and tell it whoever asked for it in `scope`, with whose it was."""
        self.costs.note(run, seconds)
        if (asked := scope.get("told")) is not None and not asked.done():
            asked.set_result((seconds, context.get(callers.seen)))

    async def take_slots(self, caller: Requester, path: str, *, costly: bool = False) -> ExitStack:
        """The slots that a request takes, which closing gives back. All strangers together, from however many networks,
        have as many threads as one organization, and what is known to be costly has half of them. Health checks know no rate
        limits, and those of one network take turns."""
        with ExitStack() as taken:
            probe = path in (*HEALTH, LIVE)
            stranger = [] if probe or caller.organization else [self.strangers]
            for slots in [self.probes] if probe else [*([self.costly] if costly else []), *stranger, self.slots]:
                taken.callback((await slots.take(caller.share, caller.person)).give)
            return taken.pop_all()

    def watch(self, run: RunningRequest, give: Callable[[], None]) -> None:
        """Count what a request that still works has taken, and have it leave its slots to others if it works for long."""
        if run.done.done():
            return
        self.costs.grow(run)
        if time.monotonic() >= run.began + OVERTIME_SECONDS and self.overtime.take(run.share):
            run.done.add_done_callback(lambda _: self.overtime.give(run.share))
            give()
        asyncio.get_running_loop().call_later(WATCHED, self.watch, run, give)

    async def again(self, was: Answer, scope: Scope, body: bodies.Body, receive: Receive, caller: Requester) -> Answer:
        """The response to a request that has to wait for another one: it is handled anew when that has ended. `was`
        itself if that takes too long, or if the reader leaves."""
        until = asyncio.get_running_loop().time() + AGAIN_SECONDS
        try:
            while isinstance(was, Again) and await replies.succeeds_by(until, was.due(), receive):
                body.file.seek(0)
                was = await self.respond(scope, body, caller, begun=True)
            return was
        finally:
            body.close()

    def ahead(self, loop: asyncio.AbstractEventLoop, who: str, response: StreamingHttpResponse) -> replies.Ahead:
        return replies.Ahead(response, budget=self.budget, who=who, loop=loop)

    def work(
        self, scope: Scope, body: bodies.Body, hand: Hand, ahead: Begin, leave: Callable[[], None] = lookups.no_slot
    ) -> None:
        """The Django part, in a thread: `hand` passes the answer, or the error, to the async part. `leave` gives back the
        slot at the request threads."""
        lookups.leave.set(leave)
        set_script_prefix("/")
        response = None
        signals.request_started.send(sender=self.__class__, scope=scope)
        try:
            response = self.handled(scope, body)
            if isinstance(response, StreamingHttpResponse) and not replies.reads_a_file(response):
                first, rest, whole = replies.start_stream(response)
                if not whole:
                    written = ahead(response)
                    hand(written)
                    written.fill(first, rest)
                    return
                response = replies.join_parts(response, first)
            if isinstance(response, HttpResponse) and not isinstance(response, Deferred):
                response.close()
            hand(response)
        except BaseException as error:
            hand(error)
        finally:
            if not isinstance(response, Again):
                body.close()
            connection.close()

    def handled(self, scope: Scope, body: bodies.Body) -> Answer:
        try:
            request = ASGIRequest(scope, bodies.Lent(body.file))  # type: ignore[arg-type]
        except UnicodeDecodeError:
            return render(InvalidInput(_("The query is not valid UTF-8."), code="invalid_text"))
        request.in_async_door = True  # type: ignore[attr-defined]
        return self.handler.get_response(request)

    async def reply(self, response: Answer, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if isinstance(response, JobReply):
                response = await self.job_ended(response, receive)
            elif isinstance(response, InTurn):
                response = await self.in_turn(response, receive)
        except Exception as error:
            response = self.failed(error)
        if isinstance(response, JobStream):
            await self.stream(response, receive, send)
        elif isinstance(response, replies.Ahead):
            await replies.send_parts(send, receive, response.head, response.parts(), response.close)
        elif isinstance(response, StreamingHttpResponse):
            parts = replies.from_file(response) if scope["method"] != "HEAD" else replies.nothing()
            await replies.send_parts(send, receive, response, parts, response.close)
        else:
            await replies.send_whole(send, cast(HttpResponse, response))

    async def job_ended(self, response: JobReply, receive: Receive) -> HttpResponse:
        waiting = wait_for_end(self.events, response.job_id, response.seconds)
        try:
            await replies.first_of(replies.until_gone(receive), waiting)
        except Exception as error:
            log.warning("a wait broke off", job_id=str(response.job_id), error=str(error))
        return await in_thread(response.now)

    async def in_turn(self, response: InTurn, receive: Receive) -> HttpResponse:
        """The finished `response`, or itself, which is empty, if the reader leaves before."""
        caller = callers.current.get() or Requester()
        finished: HttpResponse = response

        async def finish() -> None:
            nonlocal finished
            slot = await self.fetching_slots.take(caller.share)
            try:
                finished = await asyncio.get_running_loop().run_in_executor(self.fetching, response.now)
            finally:
                slot.give()

        await replies.first_of(replies.until_gone(receive), finish())
        return finished

    @property
    def events(self) -> FanOut:
        self.fanout = self.fanout or FanOut()
        return self.fanout

    async def stream(self, response: JobStream, receive: Receive, send: Send) -> None:
        """Send the job's events until its last one, or until the caller's sign-in ends."""
        whose = share()
        if not self.streams.take(whose):
            error = TooManyRequests(
                _("Too many streams are open. Close some first."), code="too_many_streams", retry_after=5
            )
            await replies.send_whole(send, self.failed(error))
            return
        del response["Content-Length"]  # middleware set it for the still empty body
        job_id = response.job_id
        parts = follow(self.events, job_id, response.after)
        try:
            async with self.open_streams.counted(response.organization_id, response.most):
                with self.standing.watching(response.sign_in) as ended:
                    await replies.send_parts(send, receive, response, parts, ended=ended)
        except Conflict as full:
            await replies.send_whole(send, self.failed(full))
        except Exception as error:
            log.warning("stream broke off", job_id=str(job_id), error=str(error))
            raise
        finally:
            self.streams.give(whose)


application = Doors(aside=Aside())
get_resolver().url_patterns  # noqa: B018 - loads every view
keep_what_is_loaded()
