"""The translation memory as TMX files: what is approved goes out, and what other tools know comes in.

An import adds rows of its own (`TranslationUnit`), which the memory asks where no approved text has a sentence. A small
file is read at once, a larger one by a `memory_import` job.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Organization, User
from billing import access
from catalog.files.limits import MIB, check_size
from catalog.files.rows import Faults
from projects import languages
from projects.generation import memory
from projects.models import ContentItem, Project, TranslationUnit
from projects.translators.export import APPROVED
from scribe import jobs, storage
from scribe.errors import Conflict, DomainError, InvalidInput
from scribe.jobs import Failed, Run, TryAgain
from scribe.jobs.payload import Payload
from scribe.language.numerals import are_numbers_alike
from scribe.messages import _
from scribe.models import Job
from scribe.types import DbRow, Json
from writing import languages as known_languages
from writing.translation.files import tmx
from writing.translation.memory import key

KIND = "memory"  # the folder of these files in storage
MOST_BYTES = 200 * MIB
READ_AT_ONCE = MIB // 4  # bytes of a file that is read within the request
BATCH = 1000
MOST_UNITS = 1_000_000  # imported ones of an organization
MOST_TOLD_APART = 200_000  # pairs that an export knows it has written
COUNTERS = ("units", "created", "updated", "unchanged", "other_languages")
_DELETION = """
DELETE FROM projects_translationunit
WHERE organization_id = %s AND is_test = %s AND source_language = %s AND language = %s
"""


@dataclass(frozen=True, slots=True)
class LanguagePair:
    """The part of an organization's memory between two languages of ours. `is_test`: that of its test projects.
    `project_limits`: of texts only those in each list. What was imported belongs to no project."""

    organization_id: UUID
    source: str
    language: str
    is_test: bool = False
    project_limits: Sequence[Sequence[UUID]] = ()

    def imported(self) -> QuerySet[TranslationUnit]:
        rows: QuerySet[TranslationUnit] = TranslationUnit.objects.of(self.organization_id)
        return rows.filter(is_test=self.is_test, source_language=self.source, language=self.language)


# --- out


def export_file(of: LanguagePair) -> Iterator[bytes]:
    """What the memory knows, as TMX in chunks, each pair once."""
    return tmx.write(_once(_pairs(of)), of.source, of.language)


def _once(pairs: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    written: set[str] = set()
    for original, translation in pairs:
        mark = key(f"{original}\n{translation}")[: memory.SEGMENT_KEY]
        if original and translation and mark not in written:
            if len(written) < MOST_TOLD_APART:
                written.add(mark)
            yield original, translation


def _pairs(of: LanguagePair) -> Iterator[tuple[str, str]]:
    for row in _in_parts(_texts(of), memory.PAIRED):
        yield from memory.segment_pairs(*row)
    yield from _in_parts(of.imported(), ("original", "translation"))


def _texts(of: LanguagePair) -> QuerySet[ContentItem]:
    """The texts that are translations from the source: ours, and the shop's own in projects of that language."""
    projects = Project.objects.of(of.organization_id).filter(is_test=of.is_test).select_related("organization")
    spoken = [project.pk for project in projects if languages.main(project) == of.source]
    ours = Q(status__in=APPROVED, generation_metadata__translated_from=of.source) & ~Q(generated_content={})
    theirs = memory.OF_SHOP & Q(project__in=spoken)
    rows: QuerySet[ContentItem] = ContentItem.rows.of(of.organization_id).filter(ours | theirs)
    rows = rows.filter(language=of.language, project__is_test=of.is_test)
    for ids in of.project_limits:
        rows = rows.filter(project__in=ids)
    return rows.filter(generation_metadata__has_key=memory.ORIGINALS)


def _in_parts(rows: QuerySet, columns: tuple[str, ...]) -> Iterator[DbRow]:  # type: ignore[type-arg]  # of two models
    """The rows in the order of their ids, read in parts, so that no query stays open while a client is slow."""
    rows = rows.order_by("pk").values_list("pk", *columns)
    part = list(rows[:BATCH])
    while part:
        yield from (row[1:] for row in part)
        part = list(rows.filter(pk__gt=part[-1][0])[:BATCH])


def erase(of: LanguagePair) -> int:
    """Forget what was imported; approved texts stay known. Returns how many segments there were."""
    with connection.cursor() as cursor:
        cursor.execute(_DELETION, [of.organization_id, of.is_test, of.source, of.language])
        return int(cursor.rowcount)


# --- in


@dataclass(frozen=True, kw_only=True)
class MemoryPayload(Payload):
    """The file, and our codes of its languages."""

    file_key: str
    source_language: str
    language: str


def load(*, organization: Organization, file: BinaryIO, name: str, to: LanguagePair, by: User | None) -> Json:
    """What the file brought: `{job_id, units, created, updated, unchanged, other_languages, refused_count, refused}`.
    While a job reads it, nothing is counted yet.

    Raises InvalidInput, UnsupportedMedia or TooLarge for a file that cannot be read, InvalidInput `same_language`, and
    Conflict `memory_full`."""
    access.check_not_suspended(organization)
    if to.source == to.language:
        raise InvalidInput.at("#/language", _("Choose two different languages."), "same_language")
    if check_size(file, MOST_BYTES) > READ_AT_ONCE:
        return _reply({}, Faults(), job_id=str(_queue(organization, file, name, to, by).pk))
    counts: Json = {}
    faults = Faults()
    with transaction.atomic():
        for part in _parts(file, to, faults, counts):
            _write(part, to, counts)
    return _reply(counts, faults)


def _reply(counts: Json, faults: Faults, *, job_id: str | None = None) -> Json:
    counted = {name: counts.get(name, 0) for name in COUNTERS}
    return {"job_id": job_id, **counted, "refused_count": faults.error_count, "refused": faults.errors}


def _parts(
    file: BinaryIO, to: LanguagePair, faults: Faults, counts: Json, told: Callable[[], None] = lambda: None
) -> Iterator[dict[str, tuple[str, str]]]:
    """The pairs of the file by the digests of their originals, some at a time. The units that are in `counts` were
    handed on before; those that are handed on are added. `told` is called from time to time on the way to them."""
    part: dict[str, tuple[str, str]] = {}
    after = counts.get("units", 0)
    for number, unit in enumerate(tmx.TmxReader(file).read(), start=1):
        if number <= after:
            if number % BATCH == 0:
                told()
            continue
        counts["units"] = number
        said = {found: segment for code, segment in reversed(unit.variants) if (found := _code(code))}
        said |= {
            base: said[code]
            for code in said
            if (base := known_languages.base_of(code))
            and base not in said
            and are_numbers_alike(said[code], code, base)
        }
        if unit.fault:
            faults.error(unit.line, *unit.fault)
        elif (original := _said_in(to.source, said)) and (translation := _said_in(to.language, said)):
            part[key(original)] = original, translation
        else:
            counts["other_languages"] = counts.get("other_languages", 0) + 1
        if number % BATCH == 0:
            yield part
            part = {}
    yield part


def _code(code: str) -> str:
    found = known_languages.find_variant(code)
    return found.code if found else ""


def _said_in(language: str, said: dict[str, str]) -> str:
    """The segment in a language, or else in the one that it falls back to, if both write its numbers the same way."""
    base = known_languages.base_of(language)
    borrowed = said.get(base, "")
    return said.get(language) or (borrowed if are_numbers_alike(borrowed, language, base) else "")


def _write(part: dict[str, tuple[str, str]], to: LanguagePair, counts: Json) -> None:
    rows = to.imported().filter(digest__in=[*part])
    known = {digest: pair for digest, *pair in rows.values_list("digest", "original", "translation")}
    fresh = [digest for digest in part if digest not in known]
    changed = [digest for digest in part if digest in known and known[digest] != [*part[digest]]]
    if fresh and TranslationUnit.objects.of(to.organization_id).count() + len(fresh) > MOST_UNITS:
        raise Conflict(
            _("A translation memory can have at most {most:,} imported segments.", most=MOST_UNITS), code="memory_full"
        )
    now = timezone.now()
    written = [
        TranslationUnit(
            organization_id=to.organization_id,
            is_test=to.is_test,
            source_language=to.source,
            language=to.language,
            digest=digest,
            original=part[digest][0],
            translation=part[digest][1],
            updated_at=now,
        )
        for digest in [*fresh, *changed]
    ]
    TranslationUnit.objects.bulk_create(
        sorted(written, key=lambda unit: unit.digest),  # in one order, so that two imports don't wait in a circle
        update_conflicts=True,
        unique_fields=["organization", "is_test", "source_language", "language", "digest"],
        update_fields=["original", "translation", "updated_at"],
    )
    found = {"created": len(fresh), "updated": len(changed), "unchanged": len(part) - len(written)}
    counts |= {name: counts.get(name, 0) + number for name, number in found.items()}


# --- the job


def _queue(organization: Organization, file: BinaryIO, name: str, to: LanguagePair, by: User | None) -> Job:
    file_key = storage.save(organization.pk, KIND, name, file)
    payload = MemoryPayload(file_key=file_key, source_language=to.source, language=to.language)
    try:
        with transaction.atomic():
            return jobs.create(
                job_type=Job.Type.MEMORY_IMPORT,
                organization=organization,
                created_by=by,
                payload=payload.as_dict(),
                is_test=to.is_test,
                is_long=True,
            )
    except BaseException:
        storage.delete(file_key)
        raise


def run(run: Run) -> None:
    """Read a large file, BATCH units in a transaction. The next worker goes on behind those that are saved, but has to
    read them again. So it gives way only after a quarter as many: then what is read again is a few times the file."""
    asked = MemoryPayload.of(run.job)
    to = LanguagePair(run.job.organization_id, asked.source_language, asked.language, run.job.is_test)
    faults = Faults(errors=list(run.result.get("refused", ())), error_count=run.result.get("refused_count", 0))
    counts: Json = {name: run.result.get(name, 0) for name in COUNTERS}
    try:
        with storage.open(asked.file_key) as file:
            before = counts["units"]
            for part in _parts(file, to, faults, counts, run.check):  # type: ignore[arg-type]
                run.check()
                with run.settling():
                    _write(part, to, counts)
                    run.advance(counts["units"] - run.result.get("units", 0))
                    run.result.update(counts, refused=faults.errors[:100], refused_count=faults.error_count)
                if counts["units"] - before >= before // 4 and run.should_yield():
                    raise TryAgain
    except FileNotFoundError:
        raise Failed(_("The file is no longer available. Upload it again."), code="file_gone") from None
    except DomainError as refused:
        raise Failed.of(refused) from None
    with run.settling():
        run.advance(0, total=counts["units"])


def forget(job: Job) -> None:
    """Delete the file of a job that has ended. May be repeated."""
    storage.delete(MemoryPayload.of(job).file_key)


def keys_of(organization_id: UUID) -> Iterator[str]:
    """The keys of the files that wait for their job."""
    active = Job.objects.active().filter(organization_id=organization_id, job_type=Job.Type.MEMORY_IMPORT)
    yield from active.values_list("payload__file_key", flat=True)
