"""Just enough GraphQL for a fake: documents are parsed, and answers hold exactly the fields that were asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(r'[{}()\[\]:!=,]|\.\.\.|\$?[A-Za-z_]\w*|-?\d+(?:\.\d+)?|"(?:[^"\\]|\\.)*"')


@dataclass
class Field:
    name: str
    alias: str
    arguments: dict[str, Any] = field(default_factory=dict)
    selections: list[Field] = field(default_factory=list)
    on: str = ""  # an inline fragment on this type


class Unknown(Exception):
    """A field that the schema does not have."""


class Document:
    """The one operation of a document: its kind, name, variables' types and selections."""

    def __init__(self, text: str, variables: dict[str, Any]) -> None:
        self.tokens = _TOKEN.findall(text)
        self.at = 0
        self.variables = variables
        self.declared: dict[str, str] = {}
        self.kind = self._take()
        self.name = self._take() if self._peek() not in "({" else ""
        if self._peek() == "(":
            self._declarations()
        self.selections = self._selections()
        if self.at != len(self.tokens):
            raise ValueError("text after the operation")

    def _peek(self) -> str:
        return self.tokens[self.at]

    def _take(self, expected: str = "") -> str:
        token = self.tokens[self.at]
        if expected and token != expected:
            raise ValueError(f"expected {expected}, found {token}")
        self.at += 1
        return token

    def _declarations(self) -> None:
        self._take("(")
        while self._peek() != ")":
            name = self._take()
            self._take(":")
            kind = ""
            while not (self._peek() in ",)" or self._peek().startswith("$")):
                kind += self._take()
            self.declared[name[1:]] = kind
            if self._peek() == ",":
                self._take()
            if kind.endswith("!") and self.variables.get(name[1:]) is None:
                raise ValueError(f"variable {name} is required")
        self._take(")")
        if extra := set(self.variables) - set(self.declared):
            raise ValueError(f"undeclared variables {extra}")

    def _selections(self) -> list[Field]:
        self._take("{")
        found = []
        while self._peek() != "}":
            found.append(self._field())
            if self._peek() == ",":
                self._take()
        self._take("}")
        return found

    def _field(self) -> Field:
        if self._peek() == "...":
            self._take()
            self._take("on")
            kind = self._take()
            return Field("...", "...", selections=self._selections(), on=kind)
        name = alias = self._take()
        if self._peek() == ":":
            self._take()
            name = self._take()
        made = Field(name, alias)
        if self._peek() == "(":
            self._take()
            while self._peek() != ")":
                key = self._take()
                self._take(":")
                made.arguments[key] = self._value()
                if self._peek() == ",":
                    self._take()
            self._take(")")
        if self.at < len(self.tokens) and self._peek() == "{":
            made.selections = self._selections()
        return made

    def _value(self) -> Any:
        token = self._take()
        if token.startswith("$"):
            if token[1:] not in self.declared:
                raise ValueError(f"undeclared {token}")
            return self.variables.get(token[1:])
        if token == "{":
            found = {}
            while self._peek() != "}":
                key = self._take()
                self._take(":")
                found[key] = self._value()
                if self._peek() == ",":
                    self._take()
            self._take("}")
            return found
        if token.startswith('"'):
            return token[1:-1].replace('\\"', '"').replace("\\\\", "\\")
        if re.fullmatch(r"-?\d+", token):
            return int(token)
        return {"null": None, "true": True, "false": False}.get(token, token)


def project(value: Any, selections: list[Field]) -> Any:
    """`value` cut to what was selected. A callable member gets the field's arguments."""
    if isinstance(value, list):
        return [project(entry, selections) for entry in value]
    if value is None or not selections:
        return value
    shown: dict[str, Any] = {}
    for wanted in selections:
        if wanted.on:
            if value.get("__typename") == wanted.on:
                shown.update(project(value, wanted.selections))
            continue
        if wanted.name not in value:
            raise Unknown(f"Field '{wanted.name}' doesn't exist on type '{value.get('__typename', '?')}'")
        found = value[wanted.name]
        found = found(**wanted.arguments) if isinstance(found, Callable) else found  # type: ignore[arg-type]
        if isinstance(found, dict | list) and found and not wanted.selections and not isinstance(found, list):
            raise Unknown(f"Field '{wanted.name}' must have selections")
        shown[wanted.alias] = project(found, wanted.selections)
    return shown


def cost(selections: list[Field]) -> float:
    """As Shopify counts: objects one, connections by their size, mutations ten."""
    total = 0.0
    for wanted in selections:
        if wanted.on:
            total += cost(wanted.selections)
        elif wanted.selections and wanted.name != "pageInfo":
            size = wanted.arguments.get("first")
            size = len(wanted.arguments["ids"]) if "ids" in wanted.arguments else size
            inner = cost(wanted.selections)
            if wanted.name == "nodes" and size is None:
                total += inner
            elif size is not None:
                total += 2 + size * (1 + inner)
            else:
                total += 1 + inner
    return total
