"""What is known or done once: price, bill and repair of what models write; tones, levels of settings, HTML, languages."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from accounts import tones
from tests.scribe.source import nodes
from writing.fields import FIELDS

ROOT = Path(__file__).parents[2]
APPS = ("accounts", "backoffice", "billing", "blog", "integrations", "projects", "scribe", "studio", "writing")


@cache
def sources() -> dict[str, list[ast.AST]]:
    """Every module of the product, by its path: all nodes of its syntax."""
    found = {}
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in name:
                found[name] = nodes(path)
    return found


def test_the_price_of_tokens_has_one_definition() -> None:
    """Whoever multiplies by a tier makes a price."""

    def multiplies_by_a_tier(tree: list[ast.AST]) -> bool:
        return any(
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Mult)
            and any(
                isinstance(part, ast.Attribute) and part.attr in ("tier_multiplier", "multiplier")
                for part in ast.walk(node)
            )
            for node in tree
        )

    assert [name for name, tree in sources().items() if multiplies_by_a_tier(tree)] == ["billing/prices.py"]


def test_the_built_in_writer_is_named_once() -> None:
    """`offline` is spelled out in the row that defines it; everybody else asks the row."""
    spelled = [
        name
        for name, tree in sources().items()
        if any(isinstance(node, ast.Constant) and node.value == "offline" for node in tree)
    ]
    assert spelled == ["integrations/ai/capabilities.py"]


def uses(*names: str) -> list[str]:
    """The modules, `billing` itself aside, that refer to any of `names` (as `module.function`)."""

    def refers(tree: list[ast.AST]) -> bool:
        return any(
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and f"{node.value.id}.{node.attr}" in names
            for node in tree
        )

    return [name for name, tree in sources().items() if not name.startswith("billing/") and refers(tree)]


def imports(module: str, *names: str) -> list[str]:
    """The modules that import any of `names` out of `module`."""
    return [
        path
        for path, tree in sources().items()
        for node in tree
        if isinstance(node, ast.ImportFrom) and node.module == module and {n.name for n in node.names} & set(names)
    ]


def test_one_module_bills_the_work_of_models() -> None:
    charging = (
        "usage.record",
        "usage.record_many",
        "holds.place",
        "holds.capture",
        "holds.capture_many",
        "holds.close",
    )
    assert uses(*charging) == ["writing/bill.py"]
    beside = {
        path
        for name in ("billing.usage", "billing.holds")
        for path in imports(name, *(c.split(".")[1] for c in charging))
    }
    assert not {path for path in beside if not path.startswith("billing/")}


def test_one_module_repairs_drafts() -> None:
    assert uses("repair.prompt", "repair.worth_it", "repair.extra_input") == ["writing/rounds.py"]
    assert imports("writing", "repair") == ["writing/rounds.py"]


# --- tones, levels of settings, HTML as text, languages


@cache
def code_of(module: str) -> list[str]:
    """What a module defines, refers to and calls, without its comments and docstrings."""
    found = []
    for node in sources()[module]:
        if isinstance(node, ast.FunctionDef):
            found.append(f"def {node.name}")
        elif isinstance(node, ast.ClassDef):
            found.append(f"class {node.name}({', '.join(map(ast.unparse, node.bases))})")
        elif isinstance(node, ast.Attribute | ast.Call):
            found.append(ast.unparse(node))
    return found


def test_the_built_in_tones_are_one_list() -> None:
    ids = set(tones.BY_ID)
    lists = {
        name
        for name, tree in sources().items()
        for node in tree
        if isinstance(node, ast.Tuple | ast.List | ast.Dict | ast.Assign | ast.AnnAssign)
        and ids <= {n.value for n in ast.walk(node) if isinstance(n, ast.Constant)}
    }
    assert lists == {"accounts/tones.py"}


@pytest.mark.parametrize(
    ("pattern", "homes"),
    [
        # The organization's level is read by the resolver, the project's by the module that names them.
        (r"get\('generation'\)", {"writing/settings.py"}),
        (r"content_profile\.settings$", {"projects/writing_settings.py"}),
        # HTML becomes text in one place; the blog's score reads structure, audits look for broken markup.
        (r"^def (strip_html|html_to_text|visible_text|of_html)$", {"writing/text.py"}),
        (r"^class \w+\(HTMLParser\)", set()),
        # Stopwords are counted in one place. The checks of claims know by them which words mean nothing, and in which
        # language a source denies.
        (r"stopwords\.json", {"scribe/language/detector.py"}),
        (
            r"small_words\(\)",
            {
                "scribe/language/detector.py",
                "writing/checks/contradictions.py",
                "writing/checks/sources.py",
            },
        ),
    ],
)
def test_it_has_one_home(pattern: str, homes: set[str]) -> None:
    found = re.compile(pattern)
    assert {name for name in sources() if any(map(found.search, code_of(name)))} == homes


# --- sizes of fields

# Numbers beside a field's name that are no limit of the field, or not of an item's field.
OTHER_SIZES = {
    "writing/offline/article.py": "What the built-in writer keeps to where it is told no size.",
    "writing/offline/product.py": "What the built-in writer keeps to where it is told no size.",
    "writing/checks/coverage.py": "How much one of the facts about a product weighs.",
    "writing/facts.py": "How much of a source a model is shown.",
    "writing/settings.py": "The two sizes of the descriptions that a shop chooses from.",
}


def sizes_of_fields(tree: list[ast.AST]) -> set[str]:
    """The fields that a module gives a number: `{"seo.title": 60}`, `seo_title=60`, `limits.get("seo_title", 60)`."""
    named = {row.name for row in FIELDS} | {row.name.replace(".", "_") for row in FIELDS}
    named |= {row.limit for row in FIELDS if isinstance(row.limit, str)}
    found = set()
    for node in tree:
        pairs: list[tuple[object, ast.expr | None]] = []
        if isinstance(node, ast.Dict):
            pairs = [
                (key.value, value)
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            ]
        elif isinstance(node, ast.Call):
            pairs = [(keyword.arg, keyword.value) for keyword in node.keywords]
            if len(node.args) > 1 and isinstance(node.args[0], ast.Constant):
                pairs.append((node.args[0].value, node.args[1]))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            pairs = [(target.id.lower(), node.value) for target in targets if isinstance(target, ast.Name)]
        found |= {
            str(name).removesuffix("_most")
            for name, value in pairs
            if isinstance(value, ast.Constant) and type(value.value) is int and str(name).removesuffix("_most") in named
        }
    return found


def test_the_limit_of_a_field_stands_in_its_row() -> None:
    elsewhere = {name: found for name, tree in sources().items() if (found := sizes_of_fields(tree))}
    assert set(elsewhere) == set(OTHER_SIZES), elsewhere


def test_a_second_limit_is_seen() -> None:
    for code in ('{"seo.title": 60}', "f(seo_title=60)", 'limits.get("tags", 8)', "SEO_TITLE_MOST = 60"):
        assert sizes_of_fields(list(ast.walk(ast.parse(code)))), code
