"""The product's own modules, for the tests that read its source."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "accounts", "backoffice", "billing", "blog", "catalog", "integrations", "projects", "scribe", "studio", "webhooks", "workbench", "writing",
)  # fmt: skip


def source_files() -> dict[str, Path]:
    """The product's own modules by dotted name. Migrations are left out: each is frozen history."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" in parts:
                continue
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def syntax(path: Path) -> ast.Module:
    """A file's syntax, parsed once for all tests of this process that read it."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(syntax(path)))


def declared() -> set[str]:
    """Every name that settings.py takes from the environment."""
    text = (ROOT / "scribe/settings.py").read_text()
    named = set(re.findall(r"""env\.\w+\(\s*"([A-Z0-9_]+)\"""", text)) | set(
        re.findall(r"""secret\("([A-Z0-9_]+)\"""", text)
    )
    assert len(named) > 80
    return named
