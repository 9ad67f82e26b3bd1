"""Type checkers refuse a wrong path, field and keyword, and take what is right."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent


def wrong_lines(usage: Path) -> set[int]:
    return {number for number, line in enumerate(usage.read_text().splitlines(), start=1) if line.endswith("wrong")}


def test_mypy_refuses_what_is_wrong_in_python() -> None:
    usage = HERE / "typed_usage.py"
    checked = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--config-file=", str(usage)]
    done = subprocess.run(
        checked, capture_output=True, text=True, timeout=240, env={"MYPYPATH": str(ROOT / "clients/python/src")}
    )
    refused = {int(line) for line in re.findall(r"typed_usage\.py:(\d+): error", done.stdout)}
    assert refused == wrong_lines(usage), done.stdout + done.stderr
    assert "in 1 file" in done.stdout


def test_tsc_refuses_what_is_wrong_in_typescript(compiler: Path, tmp_path: Path) -> None:
    usage, source = HERE / "typed_usage.ts", ROOT / "clients" / "typescript"
    paths = {"xcscribe": [str(source / "src" / "index.ts")]}
    options = {"noEmit": True, "rootDir": "/", "paths": paths}
    project = {"extends": str(source / "tsconfig.json"), "compilerOptions": options, "include": [str(usage)]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(project))
    done = subprocess.run([str(compiler), "-p", str(tmp_path)], capture_output=True, text=True, timeout=240)
    refused = {int(line) for line in re.findall(r"typed_usage\.ts\((\d+),", done.stdout)}
    assert refused == wrong_lines(usage), done.stdout + done.stderr
