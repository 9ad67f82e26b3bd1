"""Look through storage every night: delete files that no row names, and count those that have no size yet.

A process that is killed before its commit leaves files that no row names.

Apps register in `AppConfig.ready` the keys that their rows hold. Files of unclaimed kinds, files with foreign names, and
folders of unknown organizations are left alone, since the storage may serve another deployment, too.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import groupby, islice
from math import inf
from uuid import UUID

from celery import shared_task
from django.apps import apps
from django.utils import timezone

from scribe import storage, stored_files
from scribe.ids import parse
from scribe.logs import get_logger
from scribe.stored_files import StoredFile

log = get_logger(__name__)

#: Every transaction that saves a file is over by this age.
AGE = timedelta(days=1)
BATCH = 1000  # files whose rows are looked up at once

#: Kind of file → the keys of an organization's rows.
claims: dict[str, Callable[[UUID], Iterable[str]]] = {}


def claim(kind: str, keys_of: Callable[[UUID], Iterable[str]]) -> None:
    """Have files of this kind deleted when `keys_of(organization_id)` does not name them."""
    claims[kind] = keys_of


def find(*, age: timedelta = AGE) -> Iterator[str]:
    """Keys older than `age` that no row names. Each folder is listed before the rows are read, so new rows are seen."""
    before = (timezone.now() - age).timestamp() * 1000
    organizations = apps.get_model("accounts", "Organization").objects
    folders = groupby(storage.below("organizations/"), key=lambda key: (storage.owner(key), storage.kind(key)))
    for (organization, kind), keys in folders:
        if organization is None or kind not in claims:
            continue
        old = [key for key in keys if _saved_at(key) < before]
        if old and organizations.filter(pk=organization).exists():
            named = set(claims[kind](organization))
            yield from (key for key in old if key not in named)


def _saved_at(key: str) -> float:
    """Milliseconds since 1970, from the file's id, a UUID of version 7 (RFC 9562: its first 48 bits). Infinite for any
    other id."""
    found = parse(key.split("/")[3])
    return found.int >> 80 if found and found.version == 7 else inf


@shared_task(queue="default")
def count_files() -> int:
    """Note the size of each file that has no `StoredFile` yet (from before there were such rows). A file that is deleted
    meanwhile is not noted. Returns how many were noted. May be repeated."""
    noted = 0
    organizations = apps.get_model("accounts", "Organization").objects
    for organization, files in groupby(storage.sizes_below("organizations/"), key=lambda file: storage.owner(file[0])):
        if organization is None or not organizations.filter(pk=organization).exists():
            continue
        while sizes := dict(islice(files, BATCH)):
            known = set(StoredFile.objects.filter(key__in=sizes).values_list("key", flat=True))
            for key in sizes.keys() - known:
                StoredFile.objects.get_or_create(
                    key=key, defaults={"organization_id": organization, "size": sizes[key]}
                )
                if storage.exists(key):
                    noted += 1
                else:
                    stored_files.remove(key)
    return noted


@shared_task(queue="default")
def delete_orphans() -> int:
    """Delete the files that `find` finds, and return their number. May be repeated."""
    found = list(find())
    storage.delete_all(found)
    log.info("files without a row deleted", count=len(found), keys=found[:100])
    return len(found)
