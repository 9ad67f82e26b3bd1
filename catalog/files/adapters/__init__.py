"""Adapters: they turn the rows of each platform's files into items, and texts into cells of such files.

A platform's row names its adapter; files of no known platform are read by `generic`.
"""

from functools import cache

from django.utils.module_loading import import_string

from catalog.files.adapters.base import Adapter
from catalog.files.adapters.generic import GenericAdapter
from integrations.stores import platforms


@cache
def _adapters() -> dict[str, Adapter]:
    own: list[Adapter] = [import_string(row.files)() for row in platforms.PLATFORMS.values()]
    return {adapter.name: adapter for adapter in (*own, GenericAdapter())}


def every() -> list[Adapter]:
    return list(_adapters().values())


def get(name: str) -> Adapter:
    """The adapter of a platform's id, or `generic`."""
    return _adapters()[name]
