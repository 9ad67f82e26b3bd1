"""Take a translators' file in: its texts become a person's version of each item's text in that language, checked like an
edit, and await review. A small file is taken in at once. One with many texts is written by an `import` job, which also
reads one that is large."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction

from billing import access
from projects import languages, lifecycle, review, staleness
from projects.files.limits import MAX_TRANSLATIONS, MIB
from projects.files.rows import Faults
from projects.files.translations.matches import KnownTexts, Taken, matched
from projects.generation import memory
from projects.import_payload import ImportPayload
from projects.models import ContentItem, ItemVersion, Project
from projects.translators.asked import AskedFile
from projects.translators.export import key_of, originals
from projects.writing_settings import for_checking
from scribe import jobs, storage
from scribe.errors import DomainError, InvalidInput, TooLarge
from scribe.ids import parse
from scribe.jobs import Failed, Run, TryAgain
from scribe.jobs import lifecycle as job_lifecycle
from scribe.models import Job
from writing import output, translation
from writing.fields import BY_NAME, flat
from writing.translation.files.rows import TranslationRow

AT_ONCE = 50  # items whose texts are written within the request
READ_AT_ONCE = MIB // 4  # bytes of a file that is read within the request
LONG = 2 * MIB  # bytes of a file whose job takes long
TOLD_ROWS = 1000  # rows between two looks whether to go on reading
BATCH = 1000
KIND = "translations"  # the folder of these files in storage
_EDITED = "The translation was edited while the file was being read. Send the file again."
_GONE = "The text that was translated is not approved any more, or has changed meanwhile."


def load(*, project: Project, file: BinaryIO, name: str, asked: AskedFile, by: Any) -> dict[str, Any]:
    """What the file brought: `{job_id, written, rows, unchanged, untranslated, other_language, refused_count,
    refused, warning_count, warnings}`, with a `job_id` while a job still writes the texts; while it
    reads the file as well, nothing is counted yet. Rows that cannot be taken are `refused` by line, and `warnings` name those with a translation that are left alone; see `projects.files.translations.matches`.

    Raises InvalidInput, UnsupportedMedia or TooLarge for a file that cannot be read, and Conflict `job_active` while a job
    writes this project's items."""
    access.check_not_suspended(project.organization)
    size = file.seek(0, 2)
    if size > MAX_TRANSLATIONS:
        raise TooLarge(f"The file is larger than {MAX_TRANSLATIONS // MIB} MiB.", code="file_too_large")
    if size > READ_AT_ONCE:
        job = _queue(project, file, name, asked, by, is_long=size > LONG)
        return _told(Taken(), Faults(), written=0, job_id=str(job.pk))
    taken, faults, found = _read(project, file, asked)
    if active := job_lifecycle.active_writer(project):
        raise job_lifecycle.job_active(active)
    if len(taken.fields) > AT_ONCE:
        job = _queue(project, file, name, asked, by, total=len(taken.fields))
        return _told(taken, faults, written=0, job_id=str(job.pk))
    written = sum(
        _write(*found[key], values, asked, by, faults, transaction.atomic) for key, values in taken.fields.items()
    )
    lifecycle.refresh_status(project.pk)
    return _told(taken, faults, written=written)


def _told(taken: Taken, faults: Faults, *, written: int, job_id: str | None = None) -> dict[str, Any]:
    return {
        "job_id": job_id,
        "written": written,
        "rows": taken.rows,
        "unchanged": taken.unchanged,
        "untranslated": taken.untranslated,
        "other_language": taken.other_language,
        "refused_count": faults.error_count,
        "refused": faults.errors,
        "warning_count": faults.warning_count,
        "warnings": faults.warnings,
    }


def _read(
    project: Project, file: BinaryIO, asked: AskedFile, told: Callable[[], None] = lambda: None
) -> tuple[Taken, Faults, dict[str, tuple[ContentItem, KnownTexts]]]:
    """What can be taken from the file, and the items by their keys in it, with the texts that it was compared with. `told`
    is called from time to time while it is read."""
    faults = Faults()
    head = asked.head(project)
    rows: list[TranslationRow] = []
    for row in asked.row.file.read(file, faults, head):
        rows.append(row)
        if not len(rows) % TOLD_ROWS:
            told()
    items, absent = _named(project, rows, asked.row.file.by)
    told()
    known = _known(items, asked.language)
    taken = matched(rows, known.get, partial(_speaks, asked, head), faults, lambda key: absent.get(key, "unknown_item"))
    return taken, faults, {key: (items[key], known[key]) for key in taken.fields}


def _speaks(asked: AskedFile, head: Any, code: str) -> bool:
    return asked.row.speaks(code, head)


def _named(project: Project, rows: list[TranslationRow], by: str) -> tuple[dict[str, ContentItem], dict[str, str]]:
    """The items that the file names, and for other keys of the catalogue why they name none (see `matches.ABSENT`). A key
    that two items have names none."""
    keys = sorted({row.item for row in rows if row.item})
    if by == "id":
        keys = [str(pk) for key in keys if (pk := parse(key))]
    column = {"id": "pk", "external_id": "external_id"}.get(by, "source_data__sku")
    found: dict[str, ContentItem] = {}
    absent: dict[str, str] = {}
    for batch in _batches(keys):
        chosen = originals(project).filter(**{f"{column}__in": batch})
        for item in chosen.only("pk", "item_type", "external_id", "source_data"):
            key = key_of(item, by)
            if key in found:
                absent[key] = "ambiguous_item"
            found[key] = item
        others = ContentItem.objects.of(project.organization_id).filter(project=project, **{f"{column}__in": batch})
        others = others.exclude(item_type=ContentItem.Type.VARIANT)
        for item in others.only("pk", "item_type", "external_id", "source_data", "excluded_at"):
            if (key := key_of(item, by)) not in found:
                absent[key] = "item_excluded" if item.excluded_at else "not_approved"
    return {key: item for key, item in found.items() if key not in absent}, absent


def _known(items: Mapping[str, ContentItem], language: str) -> dict[str, KnownTexts]:
    by_id = {item.pk: key for key, item in items.items()}
    found: dict[str, KnownTexts] = {}
    for batch in _batches(list(by_id)):
        sources = staleness.sources(batch)
        spoken = ContentItem.rows.filter(main_id__in=batch, language=language)
        there = dict(spoken.values_list("main_id", "generated_content"))
        for pk in batch:
            found[by_id[pk]] = KnownTexts(sources[pk, ""].texts, flat(there.get(pk) or {}))
    return found


def _batches(keys: list[Any]) -> Iterator[list[Any]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


def _write(
    main: ContentItem,
    compared: KnownTexts,
    values: Mapping[str, Any],
    asked: AskedFile,
    by: Any,
    faults: Faults,
    settling: Callable[[], Any],
) -> bool:
    """Write one item's texts in a transaction that `settling` opens. Whether it did; a fault is noted without a line."""
    try:
        with settling():
            _set(main.pk, compared, values, asked, by)
    except DomainError as refused:
        name = str(main.source_data.get("name") or main.external_id)[:80]
        units = ", ".join(f"“{field}”" for field in values)
        faults.error(0, refused.code, f"{units} of {key_of(main, asked.row.file.by)[:80]} ({name}): {refused.detail}")
        return False
    return True


def _set(main_id: UUID, compared: KnownTexts, values: Mapping[str, Any], asked: AskedFile, by: Any) -> None:
    if staleness.sources([main_id])[main_id, ""].language == asked.language:
        raise InvalidInput("The item's own text is in this language.", code="main_language")
    languages.add(asked.language, [main_id])
    # The main item first, as its trigger does; its text cannot change until this one is written.
    ContentItem.objects.select_for_update(no_key=True).only("pk").get(pk=main_id)
    rows = ContentItem.rows.select_related("project__organization", "project__content_profile", "data_source")
    item = rows.select_for_update(no_key=True, of=("self",)).get(main_id=main_id, language=asked.language)
    source = staleness.sources([main_id])[main_id, ""]
    if not source.approved or not set(values) <= set(source.texts):
        raise InvalidInput(_GONE, code="source_changed")
    now = flat(item.generated_content)
    if any(now.get(name) != compared.present.get(name) for name in values):
        raise InvalidInput(_EDITED, code="translation_changed")
    spoken = source.language or asked.main
    way = staleness.way_of(item.generation_metadata)
    translated = item.made_from is not None and way == staleness.TRANSLATION
    item.made_from = (
        {**(item.made_from or {}), **{name: source.texts[name] for name in values}} if translated else source.texts
    )
    notes = item.generation_metadata.get(memory.ORIGINALS) or {}
    settings = for_checking(item.project, asked.language)
    noted = memory.keys({name: source.texts[name] for name in values}, spoken, settings)
    item.generation_metadata = {
        **item.generation_metadata,
        "way": staleness.TRANSLATION,
        "translated_from": spoken,
        memory.ORIGINALS: {**notes, **noted},
    }
    settings = review.settings_of(item) if item.generation_metadata.get("settings") else settings
    facts = review.facts_of(item)
    if facts.original is not None:
        settings = translation.settings_of(settings, facts.original)
    content = output.merge(
        item.generated_content, _patch(item.generated_content, values), facts=facts, settings=settings
    )
    review.set_content(item, content, by=by, reason=ItemVersion.Reason.EDITED, settings=settings)


def _patch(content: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The new values by the keys of the content. An object keeps its other parts."""
    patch: dict[str, Any] = {}
    for name, value in values.items():
        row = BY_NAME[name]
        if row.part:
            patch.setdefault(row.key, dict(content.get(row.key) or {}))[row.part] = value
        else:
            patch[row.key] = value
    return patch


# --- the job


def _queue(
    project: Project, file: BinaryIO, name: str, asked: AskedFile, by: Any, *, total: int = 0, is_long: bool = False
) -> Job:
    file.seek(0)
    key = storage.save(project.organization_id, KIND, name, file)
    try:
        with transaction.atomic():
            return jobs.create(
                job_type=Job.Type.IMPORT,
                organization=project.organization,
                project=project,
                created_by=by,
                payload=ImportPayload(translations=replace(asked, file_key=key).as_dict()).as_dict(),
                total=total,
                is_long=is_long,
            )
    except BaseException:
        storage.delete(key)
        raise


def run(run: Run) -> None:
    """Write the texts of a large file. Those that an earlier worker has written are unchanged texts to the next one."""
    project = run.job.project
    if project is None:
        raise Failed("The project was deleted while its import was waiting.", code="project_gone")
    asked = AskedFile(**ImportPayload.of(run.job).translations)
    began = time.monotonic()

    def look() -> None:
        run.check()
        if run.moves_on():
            raise TryAgain

    try:
        with storage.open(asked.file_key) as file:
            taken, faults, found = _read(project, file, asked, look)  # type: ignore[arg-type]
    except FileNotFoundError:
        raise Failed("The file is gone. Send it again.", code="file_gone") from None
    except DomainError as refused:
        raise Failed(refused.detail, code=refused.code) from None
    read = time.monotonic()
    with run.settling() as job:
        run.advance(0, total=job.progress_current + len(taken.fields))
    for key, values in taken.fields.items():
        run.check()
        # What was read is not kept, so that a slice writes for as long as it has read.
        if run.should_yield() and time.monotonic() - read >= read - began:
            raise TryAgain
        written = _write(*found[key], values, asked, run.job.created_by, faults, run.settling)
        with run.settling():
            run.result["imported"] = int(run.result.get("imported", 0)) + written
            run.advance(1)
    with run.settling():
        told = _told(taken, faults, written=int(run.result.get("imported", 0)))
        run.result.update(
            {**told, "refused": faults.errors[:100], "warnings": faults.warnings[:100], "errors": faults.error_count}
        )
    lifecycle.refresh_status(project.pk)


def forget(job: Job) -> None:
    """Delete the file of a job that has ended. May be repeated."""
    storage.delete(ImportPayload.of(job).translations.get("file_key", ""))


def keys_of(organization_id: UUID) -> Iterator[str]:
    """The keys of the files that wait for their job."""
    active = Job.objects.active().filter(organization_id=organization_id, job_type=Job.Type.IMPORT)
    for payload in active.values_list("payload", flat=True):
        if key := (payload.get("translations") or {}).get("file_key"):
            yield key
