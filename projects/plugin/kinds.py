"""The texts of each kind of plugin generation. Apps above this one register their kinds in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from projects.models import PluginGeneration
from projects.plugin import generations, replies

Texts = Callable[[PluginGeneration], generations.Written]

kinds: dict[str, Texts] = {PluginGeneration.Kind.DESCRIPTION: generations.written}


def register(kind: str, texts: Texts) -> None:
    kinds[kind] = texts


def texts(generation: PluginGeneration) -> generations.Written:
    """The texts of a generation, with the result of their checks."""
    return kinds[generation.kind](generation)


def shown(found: Sequence[PluginGeneration]) -> list[dict[str, Any]]:
    """The replies for generations of one organization, with their texts."""
    return replies.shown([(generation, texts(generation)) for generation in found])
