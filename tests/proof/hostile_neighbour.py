"""A hostile neighbour: accounts on the Free plan that do everything at once that could hold up others.

`Neighbour` begins it and ends it. What loads the machine is a process of its own at the lowest priority, `python -m
tests.proof.hostile_neighbour`, with the stores and receivers that hang: the product shares the machine with nobody but
itself.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import secrets
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Self
from urllib.parse import urlsplit

import httpx2

from scribe.startup import lower_priority
from tests.fakes.receiver import Receiver
from tests.fakes.server import Reply, Request
from tests.fakes.woocommerce import FakeWooCommerce
from writing.languages import LANGUAGES as LANGUAGES_WE_WRITE

STORE_SECONDS, RECEIVER_SECONDS = 28.0, 14.0
FORMS, IMPORTS, RECEIVERS, WRITERS, UPLOADS, STREAMS = 11, 10, 10, 4, 2, 500  # at once; the streams of all accounts
TERMS, FORBIDDEN = 5_000, 20
ROWS, MANY_ROWS = 2_000, 40_000  # of files that are read in the request, and by a job
SECRET = "a" * 32
ORDERS, LANGUAGES, ITEMS = 3, 30, 1_900  # orders at once, of as many languages, each for so many items
SEARCHERS, LISTED = 8, 60_000  # searches at once, in so many items
BY_HAND, WRITTEN = 4, 1_000  # requests at once, each with so many items written by hand
#: What an account can do at once with the others.
PARTS = (
    "forms",
    "imports",
    "receivers",
    "glossary",
    "uploads",
    "streams",
    "searches",
    "orders",
    "manual",
    "replays",
)
FURTHER = tuple(one.code for one in LANGUAGES_WE_WRITE if one.code not in ("en", "sr-Latn"))[:LANGUAGES]
TEXT = "Ein leichter Reiserucksack aus festem Stoff, für jeden Tag und jedes Wetter. " * 13


class Neighbour:
    """Hostile accounts against the stack at `url`. The stack must be allowed to call `hosts`, which are known from the
    start; `begin` opens the accounts and sets them to work."""

    def __init__(
        self,
        store_seconds: float = STORE_SECONDS,
        receiver_seconds: float = RECEIVER_SECONDS,
        nice: int = 0,
        listed: int = LISTED,
        ordered: int = ITEMS,
    ) -> None:
        """`nice`: where times are measured, so that the generator takes none of the stack's processor. Where it is
        counted what happens, a busy machine would never let it come. `listed`: the items that each account searches.
        `ordered`: those of each of its orders."""
        self.sizes = [*([ordered] * ORDERS), listed]
        given = (store_seconds, receiver_seconds, nice)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.proof.hostile_neighbour", *map(str, given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # since it lowers the priority of its session
        )
        assert self.process.stdout is not None
        self.store, self.receiver = json.loads(self.process.stdout.readline())
        self.hosts = [urlsplit(url).netloc for url in (self.store, self.receiver)]
        self.organizations: list[Any] = []

    def begin(self, url: str, accounts: int, parts: Sequence[str] = PARTS) -> None:
        opened = [self.open_account(accounts) for _ in range(accounts)]
        self._tell({"url": url, "accounts": opened})
        self.attack(parts)

    def attack(self, parts: Sequence[str]) -> None:
        """Do these parts from now on, and no others."""
        self._tell(list(parts))

    def _tell(self, what: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def cancel(self) -> None:
        """Cancel what the accounts have begun."""
        from django.db import OperationalError

        from scribe import jobs
        from scribe.models import Job
        from tests.live import wait

        def cancelled() -> bool:
            with suppress(OperationalError):  # an import may have its source's row for long
                jobs.cancel_all(Job.objects.active().filter(organization_id__in=self.organizations))
                return True
            return False

        wait(cancelled)

    def end(self) -> Counter[str]:
        """Stop. Returns how often each part was answered with which status."""
        said, _ = self.process.communicate("\n")
        return Counter(json.loads(said or "{}"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def open_account(self, of: int) -> dict[str, Any]:
        """What one account works with."""
        from django.db import connection

        from projects.models import ContentItem, GlossaryTerm
        from tests import factories
        from tests.benchmarks.list_items import FILL
        from tests.workbench.visiting import Visitor
        from webhooks import endpoints
        from workbench import cookies

        user = factories.make_user()
        organization = user.organization
        self.organizations.append(organization.pk)
        for number in range(RECEIVERS):
            endpoints.create(organization=organization, by=user, url=f"{self.receiver}/{number}")
        projects = [
            factories.make_project(
                organization,
                store_connection=factories.make_woocommerce_connection(organization, self.store, str(number)),
            )
            for number in range(IMPORTS)
        ]
        written = factories.make_project(organization)
        item = factories.make_item(
            written, status=ContentItem.Status.GENERATED, generated_content={"description": TEXT}
        )
        GlossaryTerm.objects.bulk_create(
            GlossaryTerm(
                organization=organization,
                text=f"term {at}",
                language="en",
                targets={"de": {"text": f"Wort{at}", "forbidden": [f"Unwort{at}x{n}" for n in range(FORBIDDEN)]}},
            )
            for at in range(TERMS)
        )
        ordered = [factories.make_project(organization) for _ in range(ORDERS)]
        large, by_hand = (factories.make_project(organization) for _ in range(2))
        with connection.cursor() as cursor:
            for project, count in zip((*ordered, large), self.sizes, strict=True):
                cursor.execute(FILL, [organization.pk, project.pk, count])
        jar = {name: each.value for name, each in Visitor(user).client.cookies.items()}
        jar[cookies.name_of(cookies.CSRF)] = SECRET
        return {
            "token": factories.token_of(user),
            "cookie": "; ".join(f"{name}={value}" for name, value in jar.items()),
            "imports": [str(project.pk) for project in projects],
            "item": f"projects/{written.pk}/items/{item.pk}",
            "uploads": [str(factories.make_project(organization).pk) for _ in range(UPLOADS + 1)],
            "streams": STREAMS // of,
            "ordered": [str(project.pk) for project in ordered],
            "large": str(large.pk),
            "by_hand": str(by_hand.pk),
        }


# --- the process


class Account:
    """One account at work. `told` counts the answers."""

    def __init__(self, client: httpx2.AsyncClient, known: dict[str, Any], told: Counter[str]) -> None:
        self.client, self.known, self.told = client, known, told
        self.headers = {"Authorization": f"Bearer {known['token']}"}

    async def call(self, part: str, method: str, path: str, **more: Any) -> httpx2.Response | None:
        path = path if path.startswith("/") else f"/api/v1/{path}"
        try:
            answer = await self.client.request(method, path, **{"headers": self.headers, **more})
        except httpx2.HTTPError as error:
            self.told[f"{part} {type(error).__name__}"] += 1
            return None
        self.told[f"{part} {answer.status_code}"] += 1
        if answer.status_code == 429:
            await asyncio.sleep(1)
        return answer

    def works(self, parts: Sequence[str]) -> list[Coroutine[Any, Any, None]]:
        return [work for part in parts for work in getattr(self, part)()]

    def forms(self) -> list[Coroutine[Any, Any, None]]:
        return [for_ever(self.send_form) for _ in range(FORMS)]

    async def send_form(self) -> None:
        headers = {
            "Cookie": self.known["cookie"],
            "Authorization": f"Bearer {secrets.token_hex(8)}",
            "X-API-Key": secrets.token_hex(8),
        }
        form = {"once": f"{time.time() // 30:.0f}", "csrfmiddlewaretoken": SECRET}
        await self.call(
            "forms", "POST", f"/app/projects/{self.known['imports'][0]}/store/test", data=form, headers=headers
        )

    def imports(self) -> list[Coroutine[Any, Any, None]]:
        return [for_ever(self.import_store, project, every=5) for project in self.known["imports"]]

    async def import_store(self, project: str) -> None:
        await self.call("imports", "POST", f"projects/{project}/import/execute", json={})

    def receivers(self) -> list[Coroutine[Any, Any, None]]:
        return [for_ever(self.ping, every=2)]

    async def ping(self) -> None:
        for row in (await self.listed("webhooks/endpoints"))[:RECEIVERS]:
            await self.call("receivers", "POST", f"webhooks/endpoints/{row['id']}/ping")

    async def listed(self, path: str) -> list[dict[str, Any]]:
        answer = await self.call("receivers", "GET", path)
        found = answer.json() if answer is not None and answer.status_code == 200 else []
        return found if isinstance(found, list) else next(iter(found.values()))

    def glossary(self) -> list[Coroutine[Any, Any, None]]:
        return [for_ever(self.edit) for _ in range(WRITERS)]

    async def edit(self) -> None:
        """Each edit is checked against all terms, and costs nothing."""
        content = {"generated_content": {"description": f"<p>{TEXT}{secrets.token_hex(4)}</p>"}}
        await self.call("glossary", "PATCH", self.known["item"], json=content)

    def uploads(self) -> list[Coroutine[Any, Any, None]]:
        small, large = self.known["uploads"][:-1], self.known["uploads"][-1]
        return [*(for_ever(self.upload, one, ROWS) for one in small), for_ever(self.upload, large, MANY_ROWS, every=5)]

    async def upload(self, project: str, rows: int) -> None:
        sink = io.StringIO("SKU,Name,Description\n")
        sink.seek(0, 2)
        sink.writelines(f"S-{number},Bottle {number},A steel bottle of {number} ml.\n" for number in range(rows))
        file = {"file": ("catalogue.csv", sink.getvalue().encode(), "text/csv")}
        await self.call("uploads", "POST", f"projects/{project}/sources/file", files=file)

    def streams(self) -> list[Coroutine[Any, Any, None]]:
        return [self.open_streams()]

    async def open_streams(self) -> None:
        """Streams of an import that hangs, opened anew when they are closed."""
        while not (job := await self.running_job()):
            await asyncio.sleep(2)
        await asyncio.gather(*(for_ever(self.stream, job, every=5) for _ in range(self.known["streams"])))

    async def running_job(self) -> str:
        answer = await self.call("streams", "GET", f"projects/{self.known['imports'][1]}/jobs")
        found = answer.json() if answer is not None and answer.status_code == 200 else []
        jobs = found if isinstance(found, list) else found.get("jobs", [])
        return jobs[0]["id"] if jobs else ""

    def searches(self) -> list[Coroutine[Any, Any, None]]:
        """Three of four find nothing, the fourth finds all."""
        found = "items?limit=20&search="
        lists = (f"{found}o", found, "items?order=name&limit=20&search=", "items/next?search=")
        return [for_ever(self.search, lists[at % len(lists)]) for at in range(SEARCHERS)]

    async def search(self, path: str) -> None:
        text = "" if path.endswith("=o") else f"{secrets.token_hex(2)}zq"
        await self.call("searches", "GET", f"projects/{self.known['large']}/{path}{text}")

    def orders(self) -> list[Coroutine[Any, Any, None]]:
        return [for_ever(self.order, project) for project in self.known["ordered"]]

    async def order(self, project: str) -> None:
        """An order of all items in many languages, cancelled as soon as it is there."""
        payload = {"languages": list(FURTHER), "language_way": "native"}
        asked = {"job_type": "generation", "payload": payload}
        answer = await self.call("orders", "POST", f"projects/{project}/jobs", json=asked)
        if answer is not None and answer.status_code == 201:
            await self.call("orders", "POST", f"jobs/{answer.json()['job_id']}/cancel")

    def manual(self) -> list[Coroutine[Any, Any, None]]:
        return [self.write_by_hand() for _ in range(BY_HAND)]

    async def write_by_hand(self) -> None:
        sources = f"projects/{self.known['by_hand']}/sources"
        answer = None
        while answer is None or answer.status_code != 201:
            answer = await self.call("manual", "POST", f"{sources}/manual", data={"name": "By hand"})
        path = f"{sources}/{answer.json()['id']}/items"
        while True:
            rows = [{"name": f"Socks {n}", "sku": secrets.token_hex(6), "description": TEXT} for n in range(WRITTEN)]
            await self.call("manual", "POST", path, json={"items": [{"source_data": row} for row in rows]})

    def replays(self) -> list[Coroutine[Any, Any, None]]:
        """Endpoints whose rows are locked for long: by decisions on many texts, and by replays of what came of them."""
        decisions = [for_ever(self.decide, project) for project in self.known["ordered"][:2]]
        return [*decisions, *(for_ever(self.replay, every=0.5) for _ in range(2))]

    async def decide(self, project: str) -> None:
        path = f"projects/{project}/items"
        answer = await self.call("replays", "GET", f"{path}?limit=1000")
        ids = [row["id"] for row in answer.json()] if answer is not None and answer.status_code == 200 else []
        for decision in ({"status": "rejected", "reject_reason": "no"}, {"status": "approved", "override": True}):
            await self.call("replays", "PATCH", f"{path}/batch", json={"item_ids": ids, **decision})

    async def replay(self) -> None:
        for row in (await self.listed("webhooks/endpoints"))[:2]:
            asked = {"since": "2020-01-01T00:00:00Z", "include_delivered": True}
            await self.call("replays", "POST", f"webhooks/endpoints/{row['id']}/replay", json=asked)

    async def stream(self, job: str) -> None:
        with suppress(httpx2.HTTPError):
            path = f"/api/v1/jobs/{job}/stream"
            async with self.client.stream("GET", path, headers=self.headers, timeout=None) as answer:
                self.told[f"streams open {answer.status_code}"] += 1
                async for _ in answer.aiter_bytes():
                    continue


async def for_ever(work: Callable[..., Coroutine[Any, Any, None]], *arguments: Any, every: float = 0.0) -> None:
    while True:
        await work(*arguments)
        await asyncio.sleep(every)


class SlowShop(FakeWooCommerce):
    """It says quickly how much there is, so that imports begin."""

    seconds = STORE_SECONDS

    async def answer(self, request: Request) -> Reply:
        if request.query.get("per_page") != "1" and not request.path.endswith("/wp-json/"):
            await asyncio.sleep(self.seconds)
        return await super().answer(request)


async def load(given: asyncio.StreamReader) -> Counter[str]:
    """Do the parts of the last line, until there is an empty one."""
    plan = json.loads(await given.readline() or "null")
    told: Counter[str] = Counter()
    if plan is None:
        return told
    limits = httpx2.Limits(max_connections=None)
    async with httpx2.AsyncClient(base_url=plan["url"], timeout=120, limits=limits) as client:
        accounts = [Account(client, known, told) for known in plan["accounts"]]
        line = await given.readline()
        while line.strip():
            works = [work for account in accounts for work in account.works(json.loads(line))]
            tasks = [asyncio.create_task(work) for work in works]
            line = await given.readline()
            for task in tasks:
                task.cancel()
            for ended in await asyncio.gather(*tasks, return_exceptions=True):
                if not isinstance(ended, asyncio.CancelledError):
                    told[f"broken {ended!r}"] += 1
    return told


async def main() -> None:
    given = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(given), sys.stdin)
    with SlowShop() as shop, Receiver() as receiver:
        shop.keep = False
        for _ in range(200):
            shop.add()
        shop.seconds, receiver.wait = map(float, sys.argv[1:3])
        print(json.dumps([shop.url, receiver.url]), flush=True)
        told = await load(given)
        print(json.dumps(told), flush=True)
        os._exit(0)  # what still hangs has no end of its own


if __name__ == "__main__":
    if int(sys.argv[3]):
        lower_priority(int(sys.argv[3]))
    asyncio.run(main())
