"""Backups in a bucket: `pg_dump` is streamed there in parts, so no disk is needed. Restores, retention, encryption.

s3://bucket/folder/scribe-20261125T020000Z/{database.dump, files.txt, manifest.json}
s3://bucket/folder/files/organizations/…        the stored files of all backups, each copied once: a file never changes

The manifest comes last; what has none broke off and is no backup.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone

from scribe import backups, storage
from scribe.backups import DUMP, FILES, MANIFEST, BackupError
from scribe.logs import get_logger

log = get_logger(__name__)

LIST = "files.txt"
NAMED = re.compile(r"scribe-(\d{8}T\d{6}Z)")
#: The first parts of a dump have this size, in bytes, and each further thousand is larger by as much: 10,000 parts, as many as
#: S3 takes, are 1.8 TB. One part is in memory at a time.
PART = 32 * 1024 * 1024
#: What no backup names is left alone for so long, since a backup that is being made has no list yet.
GRACE = timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """A folder of a bucket, without a slash at its end."""

    bucket: str
    folder: str
    client: Any

    @classmethod
    def of(cls, address: str) -> Place:
        """The place that `s3://bucket/folder` names. Raises BackupError."""
        found = re.fullmatch(r"s3://([^/]+)/?(.*?)/*", address)
        if not found:
            raise BackupError(f"{address} is not an address like s3://bucket/folder.")
        client = boto3.client(
            "s3",
            endpoint_url=settings.BACKUP_S3_ENDPOINT_URL or None,
            aws_access_key_id=settings.BACKUP_S3_ACCESS_KEY_ID or None,
            aws_secret_access_key=settings.BACKUP_S3_SECRET_ACCESS_KEY or None,
            region_name=settings.BACKUP_S3_REGION or None,
        )
        return cls(found.group(1), found.group(2), client)

    def key(self, *parts: str) -> str:
        return "/".join(filter(None, (self.folder, *parts)))

    def address(self, name: str) -> str:
        return f"s3://{self.bucket}/{self.key(name)}"

    def below(self, *parts: str) -> Iterator[dict[str, Any]]:
        """What lies in a folder of this one, with `Key` and `LastModified`."""
        for page in self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self.key(*parts) + "/"
        ):
            yield from page.get("Contents", ())

    def read(self, *parts: str) -> bytes | None:
        """A small object; None if there is none."""
        try:
            return bytes(self.client.get_object(Bucket=self.bucket, Key=self.key(*parts))["Body"].read())
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
                return None
            raise


def backup(address: str, *, with_files: bool = True, keep: int = 0, now: datetime | None = None) -> str:
    """Write a backup below `address`. Returns its own address. With `keep`, the newest so many are kept, and older ones
    deleted. Raises BackupError."""
    place = Place.of(address)
    name = f"scribe-{now or timezone.now():%Y%m%dT%H%M%SZ}"
    try:
        if place.read(name, MANIFEST) is not None:
            raise BackupError(f"{place.address(name)} is there already.")
        size, digest = dump(place, name)
        count = copy_out(place, name) if with_files else None
        manifest = {**backups.manifest(dump_sha256=digest, files=count), "dump_bytes": size}
        manifest["encryption"] = encryption(place)
        body = json.dumps(manifest, indent=1).encode()
        place.client.put_object(Bucket=place.bucket, Key=place.key(name, MANIFEST), Body=body)
        if keep:
            forget(place, keep)
    except (ClientError, BotoCoreError) as error:
        raise BackupError(f"The bucket of {address} failed: {error}") from error
    return place.address(name)


def dump(place: Place, name: str) -> tuple[int, str]:
    """Stream `pg_dump` into the bucket. Returns its bytes and their SHA-256."""
    command = [backups.find("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
    with tempfile.TemporaryFile() as errors:
        running = subprocess.Popen(  # noqa: S603 - PostgreSQL's own tool
            command, env={**os.environ, **backups.environment()}, stdout=subprocess.PIPE, stderr=errors
        )
        try:

            def ended() -> None:
                if running.wait():
                    errors.seek(0)
                    raise BackupError(f"pg_dump failed: {errors.read().decode(errors='replace').strip()[-2000:]}")

            assert running.stdout is not None
            return upload(place, place.key(name, DUMP), running.stdout, ended)
        finally:
            running.kill()
            running.wait()
            if running.stdout:
                running.stdout.close()


def upload(place: Place, key: str, source: IO[bytes], ended: Any) -> tuple[int, str]:
    """Upload `source` in parts. `ended` is called after its last byte and may raise: then nothing is stored."""
    digest, size = hashlib.sha256(), 0
    parts: list[dict[str, Any]] = []
    where = {"Bucket": place.bucket, "Key": key}
    started = place.client.create_multipart_upload(**where)["UploadId"]
    try:
        while True:
            number = len(parts) + 1
            piece = source.read(PART * (1 + number // 1000))
            if not piece and parts:
                break
            digest.update(piece)
            size += len(piece)
            sent = place.client.upload_part(**where, UploadId=started, PartNumber=number, Body=piece)
            parts.append({"PartNumber": number, "ETag": sent["ETag"]})
        ended()
        place.client.complete_multipart_upload(**where, UploadId=started, MultipartUpload={"Parts": parts})
    except BaseException:
        place.client.abort_multipart_upload(**where, UploadId=started)
        raise
    stored = place.client.head_object(**where)["ContentLength"]
    if stored != size:
        raise BackupError(f"{size} bytes were sent to {key}, and {stored} are there.")
    return size, digest.hexdigest()


def copy_out(place: Place, name: str) -> int:
    """Copy every stored file that is not there yet, and write the list of this backup's files. Returns their number."""
    start = len(place.key(FILES)) + 1
    there = {each["Key"][start:] for each in place.below(FILES)}
    count = 0
    with tempfile.TemporaryFile() as names:
        for key in storage.below("organizations/"):
            if key not in there:
                try:
                    with storage.open(key) as source:
                        place.client.upload_fileobj(source, place.bucket, place.key(FILES, key))
                except FileNotFoundError:
                    continue  # deleted since it was listed, like the rows that named it
            names.write(key.encode() + b"\n")
            count += 1
        names.seek(0)
        place.client.upload_fileobj(names, place.bucket, place.key(name, LIST))
    return count


def restore(address: str) -> dict[str, Any]:
    """Put a backup into this deployment's empty database and storage, and return its manifest. The folder of several
    means the newest. The dump passes through the system's temporary folder. Raises BackupError."""
    try:
        place, name = parted(address)
        raw = place.read(name, MANIFEST)
        if raw is None:
            raise BackupError(f"{place.address(name)} is not a backup: it has no {MANIFEST}.")
        manifest: dict[str, Any] = json.loads(raw)
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / DUMP
            place.client.download_file(place.bucket, place.key(name, DUMP), str(copy))
            backups.load(copy, manifest)
        if manifest["files"] is not None:
            copy_in(place, name)
    except (ClientError, BotoCoreError) as error:
        raise BackupError(f"The bucket of {address} failed: {error}") from error
    return manifest


def parted(address: str) -> tuple[Place, str]:
    """The place and the name of the backup at `address`."""
    above, _, last = address.rstrip("/").rpartition("/")
    if NAMED.fullmatch(last) and above != "s3:/":
        return Place.of(above), last
    place = Place.of(address)
    whole = [name for name, complete in known(place) if complete]
    if not whole:
        raise BackupError(f"There is no backup in {address}.")
    return place, whole[-1]


def copy_in(place: Place, name: str) -> None:
    with tempfile.TemporaryFile() as names:
        place.client.download_fileobj(place.bucket, place.key(name, LIST), names)
        names.seek(0)
        for line in names:
            key = line.decode().rstrip("\n")
            if storage.exists(key):
                continue
            with tempfile.SpooledTemporaryFile(max_size=8 * 1024 * 1024) as file:
                place.client.download_fileobj(place.bucket, place.key(FILES, key), file)
                file.seek(0)
                default_storage.save(key, File(file))


def known(place: Place) -> list[tuple[str, bool]]:
    """The backups of a place by time, and whether each is whole."""
    prefix = place.key("scribe-")
    found: dict[str, bool] = {}
    for page in place.client.get_paginator("list_objects_v2").paginate(Bucket=place.bucket, Prefix=prefix):
        for each in page.get("Contents", ()):
            name, _, rest = each["Key"][len(place.folder) :].lstrip("/").partition("/")
            if NAMED.fullmatch(name):
                found[name] = found.get(name, False) or rest == MANIFEST
    return sorted(found.items())


def forget(place: Place, keep: int, *, grace: timedelta = GRACE) -> None:
    """Delete all but the newest `keep` backups, what broke off longer than `grace` ago, and the files that none of the kept
    ones lists."""
    found = known(place)
    kept = [name for name, complete in found if complete][-keep:]
    limit = timezone.now() - grace
    for name, complete in found:
        made = datetime.strptime(name, "scribe-%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if name not in kept and (complete or made < limit):
            # Without its manifest it is no backup any more, wherever the deletion breaks off.
            delete(place, [place.key(name, MANIFEST), *(each["Key"] for each in place.below(name))])
            log.info("backup deleted", name=name)
    named: set[str] = set()
    for name in kept:
        named.update((place.read(name, LIST) or b"").decode().split("\n"))
    start = len(place.key(FILES)) + 1
    unnamed = (
        each["Key"] for each in place.below(FILES) if each["Key"][start:] not in named and each["LastModified"] < limit
    )
    delete(place, list(unnamed))


def delete(place: Place, keys: list[str]) -> None:
    for key in keys:
        place.client.delete_object(Bucket=place.bucket, Key=key)


def encryption(place: Place) -> str:
    """How the bucket encrypts what lies in it: the algorithm, `none`, or `unknown` where it may not be asked."""
    try:
        said = place.client.get_bucket_encryption(Bucket=place.bucket)
        rule = said["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"]
        return str(rule["SSEAlgorithm"])
    except ClientError as error:
        missing = error.response.get("Error", {}).get("Code") == "ServerSideEncryptionConfigurationNotFoundError"
        return "none" if missing else "unknown"
    except (KeyError, IndexError):
        return "unknown"
