"""The shape of the house, read from the source: which file imports which, and how large each package is.

Imports are counted wherever they stand, also inside a function; those under `if TYPE_CHECKING:` are not, since they never run.
"""

from __future__ import annotations

import ast
import configparser
import re
from collections import Counter
from functools import cache
from pathlib import Path

from tests.scribe.source import PACKAGES, ROOT, nodes, source_files, syntax

# Our own modules that a function imports when it runs, each with the reason why it can't stand at the top of its file.
# `AppConfig.ready` is not listed: Django loads no models before it.
BEFORE_DJANGO = "Celery loads this module before Django is set up."
BEFORE_MODELS = "The module is loaded by settings or models, before the app registry is ready."
START_UP = "Loaded by the worker alone, so that a web process starts without it."
DRAWING = "What draws is much to load, for few requests."
LATE_IMPORTS = {
    ("billing.admin.payments", "billing.invoice_pdf"): DRAWING,
    ("billing.api.views.invoices", "billing.invoice_pdf"): DRAWING,
    ("projects.api.views.jobs", "projects.api.views.sync"): "One view hands over to another.",
    ("scribe.celery", "scribe.jobs.events"): BEFORE_DJANGO,
    ("scribe.celery", "scribe.jobs.registry"): BEFORE_DJANGO,
    ("scribe.celery", "scribe.logs"): BEFORE_DJANGO,
    ("scribe.celery", "scribe.postgres.pool"): BEFORE_DJANGO,
    ("scribe.celery", "scribe.startup"): BEFORE_DJANGO,
    ("scribe.celery", "scribe.traces"): BEFORE_DJANGO,
    ("scribe.celery", "scribe.traces.tasks"): BEFORE_DJANGO,
    ("scribe.storage", "scribe.stored_files"): BEFORE_DJANGO,
    ("scribe.traces", "scribe.traces.opentelemetry"): "Loaded only where a process is traced.",
    ("workbench.views.invoices", "billing.invoice_pdf"): DRAWING,
    ("studio.api.views.profile_builder", "scribe.api.pagination"): START_UP,
    ("studio.tasks", "studio.chat.answers"): START_UP,
}

# Nouns that end like a verb's form.
NOUNS = {
    "billing",
    "dunning",
    "encoding",
    "grounding",
    "listing",
    "mapping",
    "paging",
    "publishing",
    "reading",
    "wording",
    "writing",
}
# The most lines of a module. 350 are the aim; what grows beyond it mostly has a second noun inside.
LONGEST = 450
LONG = {"scribe.settings": "Settings are read from top to bottom, in headed sections."}


class Imports(ast.NodeVisitor):
    """Collect `(imported module, stands in a function)` of one file."""

    def __init__(self, name: str, *, is_package: bool, modules: dict[str, Path]) -> None:
        self.package = name if is_package else name.rpartition(".")[0]
        self.modules = modules
        self.depth = 0
        self.found: list[tuple[str, bool]] = []

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        self.depth += 1
        self.generic_visit(node)
        self.depth -= 1

    visit_AsyncFunctionDef = visit_FunctionDef
    visit_Lambda = visit_FunctionDef

    def visit_If(self, node: ast.If) -> None:
        if "TYPE_CHECKING" in ast.dump(node.test):
            for child in node.orelse:
                self.visit(child)
        else:
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.add(alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = node.module or ""
        if node.level:
            above = self.package.split(".")[: len(self.package.split(".")) - node.level + 1]
            base = ".".join([*above, node.module] if node.module else above)
        for alias in node.names:
            name = f"{base}.{alias.name}"
            self.add(name if name in self.modules else base)

    def add(self, name: str) -> None:
        if name in self.modules:
            self.found.append((name, self.depth > 0))


@cache
def imports() -> dict[str, list[tuple[str, bool]]]:
    modules = source_files()
    graph = {}
    for name, path in modules.items():
        visitor = Imports(name, is_package=path.name == "__init__.py", modules=modules)
        visitor.visit(syntax(path))
        graph[name] = [(other, late) for other, late in visitor.found if other != name]
    return graph


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The groups of two or more files that reach each other (Tarjan's strongly connected components)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    waiting: set[str] = set()
    found: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        stack.append(name)
        waiting.add(name)
        for other in sorted(graph[name]):
            if other not in order:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in waiting:
                low[name] = min(low[name], order[other])
        if low[name] == order[name]:
            group = []
            while not group or group[-1] != name:
                group.append(stack.pop())
                waiting.discard(group[-1])
            if len(group) > 1:
                found.append(sorted(group))

    for name in sorted(graph):
        if name not in order:
            visit(name)
    return found


def shares() -> dict[str, float]:
    """Each package's share of the product's lines."""
    lines = Counter[str]()
    for name, path in source_files().items():
        lines[name.partition(".")[0]] += len(path.read_text(encoding="utf-8").splitlines())
    total = sum(lines.values())
    return {package: count / total for package, count in lines.items()}


def test_no_two_files_import_each_other() -> None:
    graph = {name: {other for other, _ in found} for name, found in imports().items()}
    assert circles(graph) == []


def test_a_circle_is_seen() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


def test_imports_inside_functions_have_a_reason() -> None:
    late = {(name, other) for name, found in imports().items() for other, is_late in found if is_late}
    assert sorted(pair for pair in late - set(LATE_IMPORTS) if not pair[0].endswith(".apps")) == []


def parts(package: str) -> set[str]:
    """The modules and packages right inside a package, by dotted name."""
    folder = ROOT / package.replace(".", "/")
    inside = [path for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
    return {f"{package}.{path.stem}" for path in inside if path.stem != "__init__"}


def test_the_import_contract_knows_every_package() -> None:
    """Each package is a layer. The integrations are clients and what we keep of them: each of their parts is in one."""
    here = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    contract = configparser.ConfigParser()
    contract.read(ROOT / ".importlinter", encoding="utf-8")
    layers = contract["importlinter:contract:layers"]["layers"].replace("|", " ").replace(":", " ").split()
    inside = (parts("integrations") | parts("integrations.shopify")) - {"integrations.shopify"}
    assert here == set(PACKAGES) == set(contract["importlinter"]["root_packages"].split())
    assert sorted(layers) == sorted((here - {"integrations"}) | inside)
    assert all("ignore_imports" not in contract[name] for name in contract.sections())


def test_no_package_holds_more_than_a_fifth_of_the_lines() -> None:
    assert {package: share for package, share in shares().items() if share > 0.2} == {}


def test_modules_are_named_after_things_not_after_doings() -> None:
    names = {name for name in source_files() if name.rpartition(".")[2].endswith("ing")}
    assert sorted(name for name in names if name.rpartition(".")[2] not in NOUNS) == []


def test_a_module_can_be_read_in_one_sitting() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in source_files().items()}
    assert {name: length for name, length in lengths.items() if length > LONGEST and name not in LONG} == {}


def test_the_payload_of_a_job_is_read_through_its_dataclass() -> None:
    reads = re.compile(r"\b(job|run)\.payload\b(?! =)")
    readers = [name for name, path in source_files().items() if reads.search(path.read_text(encoding="utf-8"))]
    assert sorted(readers) == ["scribe.jobs.lifecycle", "scribe.jobs.payload"]


def test_text_is_normalized_through_one_door() -> None:
    """`unicodedata.normalize` alone takes quadratic time for a row of combining marks."""
    users = [name for name, path in source_files().items() if "unicodedata.normalize(" in path.read_text()]
    assert users == ["scribe.marks"]


@cache
def calls() -> dict[str, list[ast.Call]]:
    return {name: [node for node in nodes(path) if isinstance(node, ast.Call)] for name, path in source_files().items()}


def called(call: ast.Call) -> str:
    """The last word of what is called: `send` of `queue.send(…)`."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def test_tasks_are_sent_through_one_door() -> None:
    """`enqueue` sends after the commit and outlives a dead broker. Whoever sends by another way forgets one of the two."""
    ways = {"apply_async", "delay", "send_task"}
    found = calls()
    assert [name for name, made in found.items() if any(called(call) in ways for call in made)] == ["scribe.queue"]


def test_notices_are_written_through_one_door() -> None:
    """`notify` knows the recipients and who wants a mail."""
    makers = {"Notification", "Notification.objects.create", "Notification.objects.get_or_create"}
    makers |= {"Notification.objects.bulk_create", "Notification.objects.update_or_create"}
    last = {name.rpartition(".")[2] for name in makers}
    found = calls()
    writers = [
        name
        for name, made in found.items()
        if any(called(call) in last and ast.unparse(call.func) in makers for call in made)
    ]
    assert writers == ["accounts.notifications"]


def test_an_event_is_one_call() -> None:
    """`notify` writes it for programs and people. Below it stand the end of a job, whose notice is a value, and the ping."""
    recorders = [
        name for name, made in calls().items() if any(ast.unparse(call.func) == "outbox.record" for call in made)
    ]
    assert recorders == ["accounts.notifications", "scribe.jobs.lifecycle", "webhooks.endpoints"]
