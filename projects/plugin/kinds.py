"""How each kind of plugin generation gives its texts: apps above register theirs in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable

from projects.models import PluginGeneration
from projects.plugin import generations

Texts = Callable[[PluginGeneration], generations.Written]

kinds: dict[str, Texts] = {PluginGeneration.Kind.DESCRIPTION: generations.written}


def register(kind: str, texts: Texts) -> None:
    kinds[kind] = texts


def texts(generation: PluginGeneration) -> generations.Written:
    """What a generation wrote, and how the checks judge it."""
    return kinds[generation.kind](generation)
