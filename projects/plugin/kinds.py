"""How each kind of plugin generation gives its texts: apps above register theirs in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable

from projects.models import PluginGeneration
from projects.plugin import generations

Texts = Callable[[PluginGeneration], tuple[str, str]]

kinds: dict[str, Texts] = {PluginGeneration.Kind.DESCRIPTION: generations.written}


def register(kind: str, texts: Texts) -> None:
    kinds[kind] = texts


def texts(generation: PluginGeneration) -> tuple[str, str]:
    """(content, short description) of a generation."""
    return kinds[generation.kind](generation)
