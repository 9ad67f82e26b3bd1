"""A look at the whole environment of a deployment, each part with what to do when something is wrong with it.

Apps add the checks of their own third parties with `register`. A check yields `Symptom`s and may raise anything.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import send_mail
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from scribe import backups as kept
from scribe import beat, queue, traces, worker_files
from scribe.celery import QUEUES, app
from scribe.jobs.events import valkey

OLDEST_DATABASE = 150000  # as PostgreSQL's server_version_num says 15
OLDEST_VALKEY = 7
SKEW_SECONDS = 2.0


@dataclass(frozen=True)
class Symptom:
    """What a check found. `advice` says what to do; without it all is well. `grave`: the product can't work like this."""

    says: str
    advice: str = ""
    grave: bool = False


Check = Callable[[], Iterable[Symptom]]
checks: dict[str, Check] = {}


def register(part: str, check: Check) -> None:
    checks[part] = check


def examine(mail_to: str = "") -> Iterator[tuple[str, Symptom]]:
    """Every part with each of its symptoms, as they are found. A test mail goes to `mail_to`, if it is given."""
    own: dict[str, Check] = {
        "keys": keys,
        "address": address,
        "database": database,
        "broker": broker,
        "cache": cache,
        "storage": storage,
        "mail": lambda: mail(mail_to),
        "clock": clock,
        "workers": workers,
        "beat": beats,
        "backups": backups,
        "traces": check_traces,
    }
    for part, check in {**own, **checks}.items():
        try:
            for symptom in check():
                yield part, symptom
        except Exception as error:
            first = str(error).strip().splitlines()[:1]
            says = f"does not work: {type(error).__name__}: {first[0] if first else ''}"
            advice = INCOMPLETE if isinstance(error, ImportError) else ADVICE.get(part, SEE_THE_LOG)
            yield part, Symptom(says, advice, grave=True)


SEE_THE_LOG = "See the log of the part itself."
INCOMPLETE = "This installation lacks a package, whatever the part itself does: install requirements.txt again."
ADVICE = {
    "database": "Check DATABASE_URL, and that PostgreSQL runs and lets this machine in.",
    "broker": "Check REDIS_URL, and that Valkey runs and lets this machine in.",
    "cache": "Check CACHE_URL.",
    "storage": "Check the S3_ settings, and that the bucket exists and the key may read, write and delete in it.",
    "mail": "Check EMAIL_URL and DEFAULT_FROM_EMAIL; the mail server's own words stand above.",
    "clock": "Check DATABASE_URL and REDIS_URL.",
    "workers": "Check REDIS_URL.",
    "beat": "Check REDIS_URL.",
    "backups": "Check DATABASE_URL.",
}


def keys() -> Iterator[Symptom]:
    for name in ("SECRET_KEY", "JWT_SIGNING_KEY"):
        value = getattr(settings, name)
        if value.startswith("unset-"):
            yield Symptom(f"{name} is not set", f"Set {name} to 50 random characters or more.", grave=True)
        elif len(value) < 50:
            yield Symptom(f"{name} has {len(value)} characters", "Take 50 random characters or more.")
    if settings.SECRET_KEY == settings.JWT_SIGNING_KEY:
        yield Symptom("SECRET_KEY and JWT_SIGNING_KEY are the same", "Give each its own value.")
    try:
        count = len([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])
    except ValueError:
        yield Symptom(
            "FIELD_ENCRYPTION_KEYS has an entry that is no Fernet key",
            'Make one: python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"',
            grave=True,
        )
    else:
        yield Symptom(f"{count} encryption keys are usable")
    if settings.DEBUG:
        yield Symptom("DEBUG is on", "Set DEBUG=false: error pages show code and settings.")


def address() -> Iterator[Symptom]:
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    yield Symptom(f"PUBLIC_URL is {settings.PUBLIC_URL}")
    if "*" in settings.ALLOWED_HOSTS:
        yield Symptom("ALLOWED_HOSTS takes any host", "Name the hosts by which clients call.")
    elif not any(
        host == known or (known[:1] == "." and f".{host}".endswith(known)) for known in settings.ALLOWED_HOSTS
    ):
        yield Symptom(f"ALLOWED_HOSTS lacks {host}", f"Add {host}: every request to PUBLIC_URL is a 400.", grave=True)
    if not settings.HTTPS:
        yield Symptom("PUBLIC_URL is plain http", "Put a proxy with a certificate before it and write https://.")
    elif not settings.TRUSTED_PROXIES:
        yield Symptom(
            "TRUSTED_PROXIES is empty although PUBLIC_URL is https",
            "Name your proxies' addresses or networks: without them each request is redirected to https for ever.",
            grave=True,
        )


def database() -> Iterator[Symptom]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        number = int(cursor.fetchone()[0])
        cursor.execute("SHOW server_version")
        yield Symptom(f"PostgreSQL {cursor.fetchone()[0]} answers")
        cursor.execute("SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()")
        encoding = cursor.fetchone()[0]
        cursor.execute("SHOW max_connections")
        most = int(cursor.fetchone()[0])
        cursor.execute("SHOW statement_timeout")
        unlimited = cursor.fetchone()[0] == "0"
    if number < OLDEST_DATABASE:
        yield Symptom("The server is older than PostgreSQL 15", "Upgrade it.", grave=True)
    if encoding != "UTF8":
        yield Symptom(f"The database's encoding is {encoding}", "Create it with ENCODING 'UTF8'.", grave=True)
    if most < 100:
        yield Symptom(f"max_connections is {most}", "Raise it to 100, or lower DATABASE_POOL_SIZE.")
    if settings.DATABASE_POOLER and unlimited:
        yield Symptom("The role has no statement_timeout", "Set the roles' timeouts: deploy/pgbouncer/roles.sql.")
    executor = MigrationExecutor(connection)
    if waiting := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Symptom(f"{len(waiting)} migrations are not applied", "Run manage.py migrate.", grave=True)


def broker() -> Iterator[Symptom]:
    client = valkey()
    found = client.info("server")
    version = str(found.get("valkey_version") or found.get("redis_version") or "0")
    yield Symptom(f"Valkey or Redis {version} answers")
    queue.check_broker()
    if int(version.split(".")[0]) < OLDEST_VALKEY:
        yield Symptom("It is older than version 7", "Upgrade it.")
    memory, persistence = client.info("memory"), client.info("persistence")
    policy = memory.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        yield Symptom(
            f"Its maxmemory-policy is {policy}",
            "Set noeviction: it would drop messages and leases when full. What may be dropped has CACHE_URL.",
            grave=True,
        )
    if not persistence.get("aof_enabled"):
        yield Symptom(
            "It keeps nothing over a restart",
            "Set appendonly yes. Without it messages are found again from rows, a minute later, and counts are lost.",
        )


def cache() -> Iterator[Symptom]:
    from django.core.cache import cache as known

    mark = f"doctor:{uuid4()}"
    known.set(mark, "x", 30)
    if known.get(mark) != "x":
        yield Symptom("What was written could not be read", "Check CACHE_URL and the server's memory.", grave=True)
    known.delete(mark)
    yield Symptom("writes and reads")


def storage() -> Iterator[Symptom]:
    name = default_storage.save(f"doctor/{uuid4()}", ContentFile(b"a file of the doctor"))
    try:
        with default_storage.open(name) as file:
            if file.read() != b"a file of the doctor":
                yield Symptom("A file came back changed", "Check the bucket's own settings.", grave=True)
    finally:
        default_storage.delete(name)
    yield Symptom(f"writes, reads and deletes ({'S3' if settings.S3_BUCKET else settings.MEDIA_ROOT})")
    if unreadable := list(worker_files.unreadable()):
        yield Symptom("What workers store can't be read here", worker_files.advice(unreadable), grave=True)
    if not settings.S3_BUCKET:
        yield Symptom(
            "Files lie in a folder",
            "Good for one machine. For several set S3_BUCKET, or share the folder between them.",
        )


def mail(to: str) -> Iterator[Symptom]:
    backend = settings.MAIL["EMAIL_BACKEND"]
    if backend.startswith("scribe.letters"):
        yield Symptom(
            f"Mails become files in {settings.MAIL['EMAIL_FILE_PATH']}", "Set EMAIL_URL so that people get them."
        )
    elif "console" in backend or "dummy" in backend or "locmem" in backend:
        yield Symptom("Mails reach nobody", "Set EMAIL_URL to a mail server or a provider.")
    elif "smtp" in backend and not (settings.MAIL["EMAIL_USE_TLS"] or settings.MAIL["EMAIL_USE_SSL"]):
        yield Symptom("Mails and the password go out unencrypted", "Write smtp:// or smtps:// in EMAIL_URL.")
    if "localhost" in settings.DEFAULT_FROM_EMAIL or "example.com" in settings.DEFAULT_FROM_EMAIL:
        yield Symptom(f"The sender is {settings.DEFAULT_FROM_EMAIL}", "Set DEFAULT_FROM_EMAIL to a mailbox of yours.")
    if to:
        send_mail("A test of XC Scribe's mail", "Mail from XC Scribe arrives.", settings.DEFAULT_FROM_EMAIL, [to])
        yield Symptom(f"a mail to {to} was taken")
    else:
        yield Symptom("nothing was sent", "Give --mail-to ADDRESS to send a test mail.")


def clock() -> Iterator[Symptom]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        theirs = {"the database": float(cursor.fetchone()[0]) - time.time()}
    seconds, micros = valkey().time()
    theirs["Valkey"] = seconds + micros / 1e6 - time.time()
    for name, off in theirs.items():
        if abs(off) > SKEW_SECONDS:
            yield Symptom(
                f"{name}'s clock is {off:+.1f} s from this machine's",
                "Run NTP on both: tokens, leases and signatures of webhooks go by the clock.",
                grave=abs(off) > 60,
            )
    yield Symptom("clocks agree" if all(abs(off) <= SKEW_SECONDS for off in theirs.values()) else "was compared")


def workers() -> Iterator[Symptom]:
    found = app.control.inspect(timeout=3).active_queues() or {}
    served = {taken["name"] for queues in found.values() for taken in queues}
    yield Symptom(f"{len(found)} workers answer")
    for name in QUEUES:
        if name not in served:
            yield Symptom(
                f"No worker takes from the queue {name}", f"Start one: celery -A scribe worker -Q {name}", grave=True
            )


def beats() -> Iterator[Symptom]:
    age = beat.age()
    if age > 60:
        says = "never ticked" if age == float("inf") else f"last ticked {age:.0f} s ago"
        yield Symptom(says, "Start one: celery -A scribe beat. Nothing is swept, renewed or scheduled.", grave=True)
    else:
        yield Symptom(f"ticked {age:.0f} s ago")


def backups() -> Iterator[Symptom]:
    age = kept.age()
    if age is None:
        yield Symptom("none is known", "Set up pgBackRest, or a nightly manage.py backup (docs/guides/operating.md).")
    elif age > kept.OLDEST:
        yield Symptom(f"the last one is {age / 3600:.0f} hours old", "Look at the log of the nightly backup.")
    else:
        yield Symptom(f"the last one is {age / 3600:.0f} hours old")


def check_traces() -> Iterator[Symptom]:
    if settings.OTEL_EXPORTER_OTLP_ENDPOINT and not traces.is_installed():
        yield Symptom(
            "OpenTelemetry is not installed", "Install requirements-otel.txt (docker build --build-arg OTEL=yes)."
        )
    elif settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        yield Symptom(f"go to {settings.OTEL_EXPORTER_OTLP_ENDPOINT}")
