"""What Dockerfile, .dockerignore and docker-compose.yml say of the product's image, as values."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Image:
    """The last stage of the Dockerfile. `commands` are those of Python that the build runs in the tree."""

    environment: dict[str, str]
    commands: list[list[str]]
    command: list[str]
    port: str
    uid: int


@dataclass(frozen=True, eq=False)
class Service:
    """A service of the product's own image. `check` is its health check, None without one; `once` says that it ends by
    itself and others wait for that."""

    name: str
    command: list[str]
    check: list[str] | None
    environment: dict[str, str]
    once: bool


def image(root: Path) -> Image:
    text = re.sub(r"\\\n\s*", " ", (root / "Dockerfile").read_text())
    stage = re.split(r"^FROM ", text, flags=re.MULTILINE)[-1]
    lines = re.findall(r"^([A-Z]+) (.+)$", stage, re.MULTILINE)

    def said(instruction: str) -> list[str]:
        return [rest for word, rest in lines if word == instruction]

    return Image(
        environment=dict(pair.split("=", 1) for rest in said("ENV") for pair in shlex.split(rest)),
        commands=[shlex.split(rest) for rest in said("RUN") if rest.startswith("python ")],
        command=json.loads(said("CMD")[-1]),
        port=said("EXPOSE")[-1],
        uid=int(re.findall(r"useradd .*--uid (\d+)", stage)[-1]),
    )


def services(root: Path, values: Mapping[str, str]) -> list[Service]:
    """Those that run the product's image, the ones that others wait for first. `values` fill in what the file takes from .env."""
    known: dict[str, dict[str, Any]] = yaml.safe_load(filled((root / "docker-compose.yml").read_text(), values))[
        "services"
    ]
    waited_for = {
        name
        for service in known.values()
        for name, wait in service.get("depends_on", {}).items()
        if wait["condition"] == "service_completed_successfully"
    }
    default = image(root).command
    found = [
        Service(
            name=name,
            command=service.get("command", default),
            check=check_of(service.get("healthcheck", {})),
            environment=service["environment"],
            once=name in waited_for,
        )
        for name, service in known.items()
        if "build" in service
    ]
    return sorted(found, key=lambda service: not service.once)


def check_of(healthcheck: dict[str, Any]) -> list[str] | None:
    kind, *words = healthcheck.get("test", ["NONE"])
    return {"CMD": words, "CMD-SHELL": ["sh", "-c", *words], "NONE": None}[kind]


def filled(text: str, values: Mapping[str, str]) -> str:
    """A file of Compose with its variables replaced: https://docs.docker.com/reference/compose-file/interpolation/."""

    def value(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        given = values.get(found["name"], "")
        if not given and found["kind"] == ":?":
            raise SystemExit(f"docker-compose.yml: {found['more']}")
        return given or (found["more"] if found["kind"] == ":-" else "")

    return re.sub(r"\$\$|\$\{(?P<name>\w+)(?:(?P<kind>:[-?])(?P<more>[^}]*))?\}", value, text)


def ignored(root: Path) -> list[list[str]]:
    lines = (root / ".dockerignore").read_text().split()
    if strange := [line for line in lines if line[0] in "!#"]:
        raise SystemExit(f".dockerignore has lines that are not understood here: {strange}")
    return [line.strip("/").split("/") for line in lines]


def leaves_out(patterns: list[list[str]], parts: tuple[str, ...]) -> bool:
    """Whether a pattern names this path itself: https://docs.docker.com/build/concepts/context/#dockerignore-files."""

    def fits(pattern: list[str], rest: tuple[str, ...]) -> bool:
        if not pattern or not rest:
            return not pattern and not rest
        if pattern[0] == "**":
            return fits(pattern[1:], rest) or fits(pattern, rest[1:])
        return fnmatchcase(rest[0], pattern[0]) and fits(pattern[1:], rest[1:])

    return any(fits(pattern, parts) for pattern in patterns)


def copy_tree(root: Path, to: Path) -> None:
    """What `COPY . .` takes of `root`."""
    patterns = ignored(root)

    def left_out(folder: str, names: list[str]) -> set[str]:
        parts = Path(folder).relative_to(root).parts
        return {name for name in names if leaves_out(patterns, (*parts, name))}

    shutil.copytree(root, to, symlinks=True, ignore=left_out)
