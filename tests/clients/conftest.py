from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = ROOT / "var" / "typescript"


@pytest.fixture(scope="session")
def compiler() -> Path:
    """TypeScript's compiler, of the version that the client names, from npm when it is not here yet."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node is missing: the TypeScript client is not tried.")
    compiler = TOOLS / "node_modules" / ".bin" / "tsc"
    if not compiler.exists():
        version = json.loads((ROOT / "clients/typescript/package.json").read_text())["devDependencies"]["typescript"]
        asked = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(TOOLS), f"typescript@{version}"]
        done = subprocess.run(asked, capture_output=True, text=True, timeout=180)
        if done.returncode:
            pytest.skip(f"npm can't be reached, so the TypeScript client is not tried: {done.stderr.strip()[-200:]}")
    return compiler
