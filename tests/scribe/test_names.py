"""One name for one class: whoever reads `Plan` in an import knows which of the product's things it is.

A class inside another is named through it (`Job.Status`, `ContentItem.Meta`), so two of those may end alike.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from tests.scribe.source import PACKAGES, source_files, syntax

# Names that several classes have, each with the reason.
SHARED = {
    "Command": "Django looks for a class of this name in each module of a management command.",
}


def classes(node: ast.AST, outer: str = "") -> Iterator[str]:
    """The classes of a tree by their names, with the names of the classes and functions around them."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield outer + child.name
        named = isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        yield from classes(child, f"{outer}{child.name}." if named else outer)


def renamed(tree: ast.AST, ours: set[str]) -> Iterator[str]:
    """Our classes that the imports of a tree give another name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in PACKAGES:
            for alias in node.names:
                if alias.asname and alias.name in ours:
                    yield f"{alias.name} as {alias.asname}"


def homonyms(modules: dict[str, ast.AST]) -> dict[str, list[str]]:
    """Each name that more than one module gives to a class, and the modules."""
    found = defaultdict(list)
    for name, tree in modules.items():
        for each in classes(tree):
            found[each].append(name)
    return {name: where for name, where in found.items() if len(where) > 1}


@cache
def trees() -> dict[str, ast.Module]:
    return {name: syntax(path) for name, path in source_files().items()}


def test_no_two_classes_have_one_name() -> None:
    assert {name: where for name, where in homonyms(trees()).items() if name not in SHARED} == {}


def test_every_name_that_may_be_shared_is_shared() -> None:
    assert SHARED.keys() - homonyms(trees()).keys() == set()


def test_no_import_gives_a_class_another_name() -> None:
    modules = trees()
    ours = {name for tree in modules.values() for name in classes(tree)} - SHARED.keys()
    assert {module: found for module, tree in modules.items() if (found := sorted(renamed(tree, ours)))} == {}


def test_a_second_class_of_one_name_is_seen() -> None:
    one = ast.parse("class Plan:\n    class Status: ...\n\n\nclass Order:\n    class Status: ...\n")
    two = ast.parse("def read():\n    class Order: ...\n\n\nif True:\n\n    class Plan: ...\n")
    assert homonyms({"billing.plan": one, "projects.sync": two}) == {"Plan": ["billing.plan", "projects.sync"]}


# Participles of English with and without -ed.
PARTICIPLE = re.compile(
    r"[a-z]*[^e]ed|begun|born|bought|bound|brought|built|caught|chosen|dealt|done|drawn|driven|eaten|fallen|felt|found"
    r"|forgotten|frozen|given|gone|grown|held|heard|hidden|hung|kept|known|laid|led|left|lent|lost|made|meant|met|paid|said"
    r"|seen|sent|shot|shown|sold|spent|spoken|stolen|stood|stuck|taken|taught|thought|told|torn|understood|won|worn|wound"
    r"|written"
)


def unclear(tree: ast.Module) -> Iterator[str]:
    """Functions of a module whose name says neither what they do nor what they return: a participle alone, or `of`."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            name = node.name.lstrip("_")
            if name == "of" or PARTICIPLE.fullmatch(name):
                yield node.name


def test_functions_are_named_by_what_they_do_or_return() -> None:
    assert {module: found for module, tree in trees().items() if (found := sorted(unclear(tree)))} == {}


def test_a_participle_alone_is_no_name_of_a_function() -> None:
    tree = ast.parse(
        "def shown(): ...\ndef _told(): ...\ndef of(): ...\ndef feed(): ...\ndef written_by(): ...\ndef lock(): ...\n"
    )
    assert list(unclear(tree)) == ["shown", "_told", "of"]


# One verb for one thing: words for what others are called, and the word to use.
OTHER_VERBS = {
    "begin": "start",
    "launch": "start",
    "kick": "start",
    "make": "create",
    "spawn": "create",
    "tell": "notify",
    "inform": "notify",
    "announce": "notify",
    "terminate": "end",
}
KEPT = {
    "scribe.postgres.base.make_cursor": "Django calls it so.",
    "scribe.messages._make": "Messages that an earlier release pickled name it.",
    "accounts.api.views.second_factor.begin": "The clients' `auth.begin` is named after it.",
}


def other_verbs(tree: ast.AST) -> Iterator[str]:
    """Functions and methods whose first word is a verb for which we have another."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.name.lstrip("_").partition("_")[0] in OTHER_VERBS:
            yield node.name


def test_one_thing_is_done_by_one_verb() -> None:
    found = {f"{module}.{name}" for module, tree in trees().items() for name in other_verbs(tree)}
    assert found == set(KEPT), OTHER_VERBS


def test_a_second_verb_is_seen() -> None:
    tree = ast.parse("def begin_job(): ...\nclass Row:\n    def _tell(self): ...\n    def start(self): ...\n")
    assert list(other_verbs(tree)) == ["begin_job", "_tell"]
