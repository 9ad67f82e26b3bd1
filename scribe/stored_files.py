"""A row per stored file: whose it is and how large, so that what an organization keeps can be counted and limited.

Storage itself is asked for neither: a listing of a bucket takes a call per thousand files. Files from before these rows are
counted by the nightly look through storage (`scribe.orphans`).
"""

from collections.abc import Callable
from uuid import UUID

from django.db import models
from django.db.models import Sum


class StoredFile(models.Model):
    """One file in storage. Its key names its organization, too."""

    key = models.CharField(primary_key=True, max_length=300)
    organization_id = models.UUIDField()
    size = models.PositiveBigIntegerField(help_text="Bytes.")

    class Meta:
        db_table = "scribe_storedfile"
        indexes = [models.Index(fields=["organization_id"], include=["size"], name="stored_size_by_organization")]

    def __str__(self) -> str:
        return self.key


#: Called before a file of this many bytes is stored for an organization; raises where it has no room.
check_room: Callable[[UUID, int], None] = lambda organization_id, size: None  # noqa: E731 - replaced by the app that knows plans


def bytes_of(organization_id: UUID) -> int:
    found = StoredFile.objects.filter(organization_id=organization_id).aggregate(total=Sum("size"))["total"]
    return int(found or 0)


def add(key: str, organization_id: UUID, size: int) -> None:
    StoredFile.objects.update_or_create(key=key, defaults={"organization_id": organization_id, "size": size})


def remove(key: str) -> None:
    StoredFile.objects.filter(key=key).delete()
