"""Stored files: one key space over a folder or S3. Keys name their organization: `organizations/<id>/<kind>/<uuid>/<name>`."""

import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction

from scribe.ids import parse, uuid7
from scribe.logs import get_logger

log = get_logger(__name__)

PUBLIC_KIND = "images"
EXPORT_KIND = "exports"  # only admins may read them
SAFE_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def new_key(organization_id: UUID | str, kind: str, name: str) -> str:
    """A fresh key; the name is cut to what every storage takes."""
    safe = SAFE_NAME.sub("-", name).strip("-.")[-100:] or "file"
    return f"organizations/{organization_id}/{kind}/{uuid7()}/{safe}"


def save(organization_id: UUID | str, kind: str, name: str, content: "bytes | IO[bytes] | File[bytes]") -> str:
    """Store `content` under a fresh key, which is returned. Raises Conflict `storage_full` where the plan has no room for it."""
    key = new_key(organization_id, kind, name)
    if isinstance(content, bytes):
        content = ContentFile(content)
    elif not isinstance(content, File):
        content = File(content)
    from scribe import stored_files  # a model: storage is imported before the apps are there

    whose, length = UUID(str(organization_id)), content.size
    with transaction.atomic():  # of two files at once, one waits for the other's count
        stored_files.check_room(whose, length)
        saved = str(default_storage.save(key, content))
        stored_files.add(saved, whose, length)
    return saved


def open(key: str) -> IO[bytes]:
    """The file behind `key`, for reading. Raises FileNotFoundError."""
    return default_storage.open(key, "rb")


def exists(key: str) -> bool:
    return bool(default_storage.exists(key))


def size(key: str) -> int:
    return int(default_storage.size(key))


def delete(key: str) -> None:
    """Delete the file, and its folder if storage is a folder. May be repeated: a missing file is not an error."""
    if not key:
        return
    from scribe import stored_files

    default_storage.delete(key)
    stored_files.remove(key)
    if not settings.S3_BUCKET:
        with contextlib.suppress(OSError):  # not empty, or gone already
            (settings.MEDIA_ROOT / key).parent.rmdir()


def delete_all(keys: Iterable[str]) -> None:
    """Delete files whose rows were deleted or never committed. A failure is logged, and the nightly task tries again."""
    for key in keys:
        try:
            delete(key)
        except Exception as error:  # any error of the storage; there is nothing to undo
            log.error("a file without a row stayed", key=key, exc_info=error)


def below(prefix: str) -> Iterator[str]:
    """Every key in the folder `prefix`, in order."""
    return (key for key, _ in sizes_below(prefix))


def sizes_below(prefix: str) -> Iterator[tuple[str, int]]:
    """Every key in the folder `prefix` with the bytes of its file, in order."""
    if settings.S3_BUCKET:
        for found in default_storage.bucket.objects.filter(Prefix=prefix):  # type: ignore[attr-defined]
            yield found.key, found.size
        return
    for folder, folders, names in os.walk(settings.MEDIA_ROOT / prefix):
        folders.sort()
        for name in sorted(names):
            path = Path(folder) / name
            with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                yield path.relative_to(settings.MEDIA_ROOT).as_posix(), path.stat().st_size


def owner(key: str) -> UUID | None:
    """The organization that `key` belongs to."""
    parts = key.split("/")
    return parse(parts[1]) if len(parts) == 5 and parts[0] == "organizations" else None


def kind(key: str) -> str:
    """The kind of the file, by its folder."""
    parts = key.split("/")
    return parts[2] if len(parts) == 5 else ""


def is_public(key: str) -> bool:
    """Whether the file is public. Images are, judged by their folder and not by their extension."""
    parts = key.split("/")
    return owner(key) is not None and parts[2] == PUBLIC_KIND


def url(key: str) -> str:
    return f"{settings.PUBLIC_URL}/api/v1/files/{key}"
