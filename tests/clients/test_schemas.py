"""Types are made of schemas that our document does not have today: made of others, without a type, with one name twice."""

from __future__ import annotations

import importlib
import typing
from pathlib import Path
from typing import Any

import pytest

from tests.clients.odd_schemas import ODD_SCHEMAS

CLIENTS = Path(__file__).resolve().parent.parent.parent / "clients"


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(CLIENTS))
    monkeypatch.syspath_prepend(str(CLIENTS / "python" / "src"))
    return importlib.import_module("schemas")


def test_python_has_a_type_for_each(maker: Any) -> None:
    made: dict[str, Any] = {}
    exec(maker.InPython(ODD_SCHEMAS).whole(), made)
    shapes = {name: kind for name, kind in made.items() if typing.is_typeddict(kind)}
    keys = {name: sorted(kind.__annotations__) for name, kind in shapes.items()}
    assert keys["Odd_Name"] == ["plain"]
    assert [keys["Odd_Name_2"], keys["Odd_Name_3"]] == [["dashed"], ["dotted"]]
    assert keys["class_2"] == ["class"]
    assert keys["Whole"] == ["dotted", "name", "next", "own"]
    assert shapes["Whole"].__required_keys__ >= {"name", "dotted", "own"}
    holder = {name: hint.__forward_arg__ for name, hint in shapes["Holder"].__annotations__.items()}
    assert holder == {
        "both": "NotRequired[dict[str, Any] | None]",
        "one": "NotRequired[Odd_Name]",
        "listed": "NotRequired[list[str | _9lives] | None]",
    }
    assert (made["Literal_2"], made["_9lives"], made["Other"]) == ("Literal['a', None]", "str", "Whole")
    assert made["Literal"] is typing.Literal


def test_typescript_has_a_type_for_each(maker: Any) -> None:
    """That its compiler takes them is tried with the whole client."""
    lines = maker.InTypeScript(ODD_SCHEMAS).whole().splitlines()
    names = [line.split()[2] for line in lines if line.startswith("export ")]
    assert len(set(names)) == len(ODD_SCHEMAS) + len(maker.TEXTS)
    assert not {"Record", "class"} & set(names)
    assert "  both?: (Untyped) & (Odd_Name_2) | null;" in lines
    assert "  one?: Odd_Name;" in lines
    assert "export type Other = Whole;" in lines


def test_a_language_that_cannot_write_a_type_is_told_at_once(maker: Any) -> None:
    half = type("Half", (maker.Writer,), {"literals": None, "list_of": None, "map_of": None, "all_of": None})
    with pytest.raises(TypeError, match="whole"):
        half({})
