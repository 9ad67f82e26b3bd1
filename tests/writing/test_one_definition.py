"""What is asked of models is priced, billed and repaired in one place each, whoever wants the text."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ("accounts", "backoffice", "billing", "blog", "integrations", "projects", "scribe", "studio", "writing")


@cache
def sources() -> dict[str, ast.Module]:
    """Every module of the product, by its path."""
    found = {}
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in name:
                found[name] = ast.parse(path.read_text())
    return found


def test_the_price_of_tokens_has_one_definition() -> None:
    """Whoever multiplies by a tier makes a price."""

    def multiplies_by_a_tier(tree: ast.Module) -> bool:
        return any(
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Mult)
            and any(
                isinstance(part, ast.Attribute) and part.attr in ("tier_multiplier", "multiplier")
                for part in ast.walk(node)
            )
            for node in ast.walk(tree)
        )

    assert [name for name, tree in sources().items() if multiplies_by_a_tier(tree)] == ["billing/prices.py"]


def test_the_built_in_writer_is_named_once() -> None:
    """`offline` is spelled out in the row that defines it; everybody else asks the row."""
    spelled = [
        name
        for name, tree in sources().items()
        if any(isinstance(node, ast.Constant) and node.value == "offline" for node in ast.walk(tree))
    ]
    assert spelled == ["integrations/ai/capabilities.py"]


def uses(*names: str) -> list[str]:
    """The modules, `billing` itself aside, that refer to any of `names` (as `module.function`)."""

    def refers(tree: ast.Module) -> bool:
        return any(
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and f"{node.value.id}.{node.attr}" in names
            for node in ast.walk(tree)
        )

    return [name for name, tree in sources().items() if not name.startswith("billing/") and refers(tree)]


def imports(module: str, *names: str) -> list[str]:
    """The modules that import any of `names` out of `module`."""
    return [
        path
        for path, tree in sources().items()
        for node in ast.walk(tree)
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
