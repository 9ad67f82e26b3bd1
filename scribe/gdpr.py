"""The registry of models that hold customers' data, and of their export and erasure.

Each app registers its models in `AppConfig.ready`, or declares that they hold no such data. A test checks all models.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

DELETE = "delete"
KEEP = "keep"
Erase = str | Callable[[models.QuerySet[Any]], None]


@dataclass(frozen=True)
class Registration:
    """`organization` is the lookup path from a row to its organization's id; `export` the fields a person may read."""

    model: type[models.Model]
    organization: str
    export: tuple[str, ...] | None
    erase: Erase
    files: tuple[str, ...] = ()
    reason: str = ""

    def rows(self, organization_id: object) -> models.QuerySet[Any]:
        return self.model._base_manager.filter(**{self.organization: organization_id})


registry: dict[type[models.Model], Registration] = {}
without_customer_data: dict[type[models.Model], str] = {}


def register(
    model: type[models.Model],
    *,
    organization: str = "organization_id",
    export: list[str] | tuple[str, ...] | None = None,
    erase: Erase = DELETE,
    files: tuple[str, ...] = (),
    reason: str = "",
) -> None:
    """Register `model`. `export=None` leaves it out of exports; `erase` is DELETE, KEEP (say why in `reason`), or a
    function that reduces the rows it is given. `files` names the fields that hold storage keys."""
    registry[model] = Registration(model, organization, tuple(export) if export else None, erase, files, reason)


def holds_none(model: type[models.Model], reason: str) -> None:
    """Declare that `model` holds nothing of a customer."""
    without_customer_data[model] = reason
