"""What the command line prints steers no terminal, whatever the server sends."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "clients" / "python" / "src"
STEERING = ["\x1b[2J", "\x07", "\r", "\x7f", "\x9b31m", "\u202e", "\u2028", "\U000e0041"]


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(SOURCE))
    return importlib.import_module("xcscribe.cli")


@pytest.mark.parametrize("text", STEERING)
def test_no_control_character_of_the_server_reaches_the_terminal(cli: Any, capsys: Any, text: str) -> None:
    sent = {"name": f"Süße Flasche {text}…"}
    cli.show(sent)
    cli.say(sent["name"])
    printed = capsys.readouterr()
    assert all(one.isprintable() or one == "\n" for one in printed.out + printed.err)
    assert json.loads(printed.out) == sent
    assert printed.err.startswith("Süße Flasche ")
