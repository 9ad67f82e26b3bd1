"""What the command line prints: tables on a terminal and JSON in a pipe, and nothing that steers a terminal."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
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


@pytest.mark.parametrize("verb", [["trigger", "item.approved", "--forward-to", "http://localhost:1"], ["listen"]])
def test_a_malformed_secret_is_refused_in_a_sentence(
    cli: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch, verb: list[str]
) -> None:
    monkeypatch.setenv("XCSCRIBE_URL", "http://localhost:1")
    monkeypatch.setenv("XCSCRIBE_KEY", "xcs_live_x")
    monkeypatch.setattr(cli.Client, "get", lambda *args, **query: {"events": [], "has_more": False})
    monkeypatch.setattr(cli, "example", lambda document, name: {"id": "1", "type": name, "timestamp": "", "data": {}})
    assert cli.main([*verb, "--secret", "whsec_xyz", *(["--once"] if verb == ["listen"] else [])]) == cli.USAGE
    assert "whsec_" in capsys.readouterr().err


def test_an_address_may_name_the_root_of_the_api(cli: Any) -> None:
    for given in ("http://host:8000", "http://host:8000/api/v1", "http://host:8000/api/v1/"):
        assert cli.Client(given).base == "http://host:8000/api/v1/"


def test_stopping_names_the_job_and_what_follows_or_cancels_it(
    cli: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(self: Any, job_id: str) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setenv("XCSCRIBE_URL", "http://localhost:1")
    monkeypatch.setenv("XCSCRIBE_KEY", "xcs_live_x")
    monkeypatch.setattr(cli.Client, "events", stopped)
    assert cli.main(["follow", "01-job"]) == cli.STOPPED
    told = capsys.readouterr().err
    assert "xcscribe follow 01-job" in told
    assert "xcscribe cancel 01-job" in told


def test_an_import_counts_the_lines_that_were_refused(
    cli: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    errors = [{"line": 3, "code": "no_key", "reason": "It has no name."}, {"line": 9, "code": "no_key", "reason": "x"}]
    monkeypatch.setenv("XCSCRIBE_URL", "http://localhost:1")
    monkeypatch.setenv("XCSCRIBE_KEY", "xcs_live_x")
    monkeypatch.setattr(cli.Client, "call", lambda *args, **parts: {"id": "p"})
    monkeypatch.setattr(cli.Client, "upload", lambda *args: {"id": "s", "item_count": 7, "errors": errors})
    (tmp_path / "a.csv").write_text("name\n")
    assert cli.main(["import", str(tmp_path / "a.csv")]) == 0
    printed = capsys.readouterr()
    assert "2 lines were not imported, the first is line 3: It has no name." in printed.err
    assert json.loads(printed.out)["refused"] == errors


def test_a_terminal_gets_values_in_lines_and_lists_as_tables(
    cli: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    rows = [{"item": "1", "name": "Tea\x1b[2J"}, {"item": "10", "name": None, "reasons": ["a", "b"]}]
    cli.show({"clean": 2, "organization": "Süß", "changed": [], "flagged": rows})
    assert capsys.readouterr().out.split("\n") == [
        "clean         2",
        "organization  Süß",
        "changed",
        "",
        "flagged",
        "item  name     reasons",
        "1     Tea [2J",
        "10             a, b",
        "",
    ]


@pytest.mark.parametrize("words", [["xcscribe", "lis"], ["xcscribe", "listen", "--for"], ["xcscribe", "export", "x"]])
def test_bash_completes_commands_and_options(cli: Any, capsys: Any, words: list[str]) -> None:
    assert cli.main(["completion", "bash"]) == 0
    asked = f"COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}; _xcscribe; echo ${{COMPREPLY[@]}}"
    script = capsys.readouterr().out + asked
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.stderr, done.stdout.strip()) == ("", {"lis": "listen", "--for": "--forward-to", "x": ""}[words[-1]])


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_get_each_command(cli: Any, capsys: Any, shell: str) -> None:
    assert cli.main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(name in script for name in ("login", "completion", "approve-clean"))
