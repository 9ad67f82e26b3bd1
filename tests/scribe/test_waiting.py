"""No request thread sleeps, polls or waits for somebody else: read from the source.

Each place that waits without `await` is named here with the thread that it runs in. From those of jobs and commands the
callers are followed upwards by name, and none may stand at the edge, where requests come in. Locks of the database
end by the connections' `lock_timeout`.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from integrations.stores.platforms import PLATFORMS
from scribe import database
from tests.scribe.source import source_files, syntax

JOB = "A worker, in a job."
WORKER = "A worker's event loop, before it forks a process."
COMMAND = "A command, or a process of its own."
OWN_THREAD = "A thread of its own, beside the requests."
LOOK_UP = "A job, or a request that has given its slot back and has seconds (scribe.fairness.lookups)."
DEFERRED = "A JobReply, for which the event loop waits."
OTHER_SERVER = "A server without our ASGI application."
QUERY = "One query, in another thread only where an event loop runs in this one: in a job."
NEVER_IN_REQUESTS = (JOB, COMMAND)

#: The functions that sleep, poll, or wait for a thread or a process.
WAITING: dict[str, str] = {
    "blog.api.views.publications.BlogPublishingViewSet.publish": DEFERRED,
    "blog.api.views.publications.BlogPublishingViewSet.undo": DEFERRED,
    "blog.api.views.publications.BlogPublishingViewSet.unpublish": DEFERRED,
    "blog.images.encoding.process": LOOK_UP,
    "blog.publishing.attempt.Delivery.pause": JOB,
    "integrations.blog_connections.for_posts": LOOK_UP,
    "integrations.blog_connections.open_publisher": LOOK_UP,
    "integrations.connections.open_store": LOOK_UP,
    "integrations.shopify.graphql.ShopifyHTTP.ask": LOOK_UP,
    "integrations.stores.http.StoreHTTP.__init__": LOOK_UP,
    "integrations.stores.wordpress.site.Site.__init__": LOOK_UP,
    "projects.file_import._Progress._report": JOB,
    "projects.parsed._Packer.__exit__": JOB,
    "projects.parsed._Packer._flush": JOB,
    "projects.store_work.pausing": JOB,
    "projects.sync.pipeline.Pipeline._await": JOB,
    "projects.sync.pipeline.Pipeline._read": JOB,
    "projects.sync.pipeline.Pipeline._written": JOB,
    "scribe.api.idempotency._Leases._renew": OWN_THREAD,
    "scribe.api.streams._poll": OTHER_SERVER,
    "scribe.backups.Output.read": COMMAND,
    "scribe.backups.dump": COMMAND,
    "scribe.backups.wait_until": COMMAND,
    "scribe.forks._wait": WORKER,
    "scribe.heartbeat.Heartbeat.beat_for_ever": OWN_THREAD,
    "scribe.jobs.worker.hold_lease": JOB,
    "scribe.local.servers.start_valkey": COMMAND,
    "scribe.local.servers.stop_valkey": COMMAND,
    "scribe.local.supervisor.Stack.down": COMMAND,
    "scribe.local.supervisor.Stack.wait_until_it_answers": COMMAND,
    "scribe.local.supervisor.Stack.watch": COMMAND,
    "scribe.management.commands.backup.Command.dump_until_it_is_made": COMMAND,
    "scribe.management.commands.migrate.Command.handle": COMMAND,
    "scribe.metrics.ProcessCounts.flush_for_ever": OWN_THREAD,
    "scribe.web.aside.Aside.end": OWN_THREAD,
    "webhooks.delivery_queue._send": JOB,
    "writing.templates.active": QUERY,
    # Each platform's clients wait as `Opening.pause` does, where they are given no other.
    **{
        f"{client.__module__}.{client.__qualname__}.__init__": LOOK_UP
        for row in PLATFORMS.values()
        for client in (row.client, row.publisher)
        if client and "__init__" in vars(client)
    },
}

MOMENT = "Held for a few assignments."
ONCE = "Held while something is made that lasts as long as the process."
BESIDE = "Held for a while, by jobs, and by requests that have given their slots back."
#: The modules that make locks, with how long one is held.
LOCKS: dict[str, str] = {
    "blog.images.encoding": BESIDE,
    "integrations.ai.limits": MOMENT,
    "integrations.ai.tokens": ONCE,
    "integrations.identity.keys": BESIDE,
    "integrations.shopify.graphql": BESIDE,
    "integrations.stores.http": MOMENT,
    "integrations.stores.magento.attributes": BESIDE,
    "integrations.stores.woocommerce.own_attributes": BESIDE,
    "projects.glossary": MOMENT,
    "scribe.api.document": ONCE,
    "scribe.api.idempotency": MOMENT,
    "scribe.fairness.callers": MOMENT,
    "scribe.fairness.shares": MOMENT,
    "scribe.forks": OWN_THREAD,
    "scribe.language.opinion": ONCE,
    "scribe.metrics": MOMENT,
    "scribe.web.replies": MOMENT,
    "writing.checks.wordforms": ONCE,
}

EDGES = (".api.", "workbench.", "backoffice.", "scribe.api.", "scribe.asgi.", "scribe.web.")
#: Methods that wait where they are not awaited.
WAITS = frozenset(("wait", "result", "acquire", "blpop", "brpop"))
LOCK_NAMES = frozenset(("Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore", "Barrier"))


@cache
def trees() -> dict[str, ast.Module]:
    return {name: syntax(path) for name, path in source_files().items()}


def functions() -> Iterator[tuple[str, str, ast.AST]]:
    """Each function's and method's dotted name, its module and its node. What is defined in a function is a part of it."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    for module, tree in trees().items():
        for node in tree.body:
            if isinstance(node, kinds):
                yield f"{module}.{node.name}", module, node
            elif isinstance(node, ast.ClassDef):
                yield from (
                    (f"{module}.{node.name}.{inner.name}", module, inner)
                    for inner in node.body
                    if isinstance(inner, kinds)
                )


def waits(node: ast.AST) -> bool:
    """Whether the code names `time.sleep`, or calls a method that waits without awaiting it."""
    awaited = {id(each) for outer in ast.walk(node) if isinstance(outer, ast.Await) for each in ast.walk(outer)}
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and ast.unparse(each) == "time.sleep":
            return True
        if (
            isinstance(each, ast.Call)
            and isinstance(each.func, ast.Attribute)
            and id(each) not in awaited
            and (each.func.attr in WAITS or (each.func.attr == "join" and not each.args and each.keywords))
            and not isinstance(node, ast.AsyncFunctionDef)
        ):
            return True
    return False


def callers() -> dict[str, set[str]]:
    """By function, the functions that name it: in its module, by import, or as a method, where its class, its bases or the
    lack of a second method of this name tell which one is meant."""
    everything = list(functions())
    known = {name for name, _, _ in everything}
    methods: dict[str, list[str]] = defaultdict(list)
    for name, module, _ in everything:
        if "." in name.removeprefix(f"{module}."):
            methods[name.rpartition(".")[2]].append(name)
    imported = {module: dict(imports(tree)) for module, tree in trees().items()}
    found: dict[str, set[str]] = defaultdict(set)
    for name, module, node in everything:
        for each in ast.walk(node):
            if isinstance(each, ast.Name):
                used = imported[module].get(each.id, f"{module}.{each.id}")
            elif not isinstance(each, ast.Attribute):
                continue
            elif isinstance(each.value, ast.Name) and each.value.id in imported[module]:
                used = f"{imported[module][each.value.id]}.{each.attr}"
            elif isinstance(each.value, ast.Name) and each.value.id == "self":
                used = f"{name.rpartition('.')[0]}.{each.attr}"
            else:
                used = methods[each.attr][0] if len(methods[each.attr]) == 1 else ""
            # A class is what its making runs.
            for meant in (used, f"{used}.__init__"):
                if meant in known and meant != name:
                    found[meant].add(name)
    return found


def imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.asname or alias.name, alias.name) for alias in node.names)


def reaching(starts: set[str]) -> dict[str, str]:
    """The functions from which one of `starts` is reached, each with the one that it names."""
    named = callers()
    found, due = dict.fromkeys(starts, ""), list(starts)
    while due:
        here = due.pop()
        for above in named[here]:
            if above not in found:
                found[above] = here
                due.append(above)
    return found


def test_each_place_that_waits_is_known() -> None:
    assert sorted(name for name, _, node in functions() if waits(node)) == sorted(WAITING)


def test_no_request_reaches_what_waits_elsewhere() -> None:
    starts = {name for name, where in WAITING.items() if where in NEVER_IN_REQUESTS}
    found = reaching(starts)
    at_the_edge = [name for name in found if any(f".{edge}" in f".{name}" for edge in EDGES) and name not in starts]
    assert {name: found[name] for name in at_the_edge} == {}


def test_each_lock_is_known() -> None:
    made = {
        module
        for module, tree in trees().items()
        for each in ast.walk(tree)
        if isinstance(each, ast.Call)
        and (getattr(each.func, "attr", "") in LOCK_NAMES or getattr(each.func, "id", "") in LOCK_NAMES)
        and "asyncio" not in ast.unparse(each.func)
    }
    assert sorted(made) == sorted(LOCKS)


def test_a_request_gives_up_on_a_lock_of_the_database_after_seconds() -> None:
    """tests/scribe/test_deployment.py asks a connection of the web for it."""
    assert database.WEB.lock <= 5
