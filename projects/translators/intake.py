"""Take a translators' file in: its texts become a person's version of each item's text in that language, checked like an
edit, and await review. A small file is taken in at once. One with many texts is written by an `import` job, which also
reads one that is large."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import BinaryIO, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from billing import access
from catalog.files.limits import MAX_TRANSLATIONS, MIB
from catalog.files.rows import Faults
from catalog.files.translations.matches import KnownTexts, Taken, match_rows
from projects import languages, lifecycle, review, reviewers, shop_texts, staleness
from projects.generation import memory
from projects.import_payload import ImportPayload
from projects.models import ContentItem, Drift, ItemVersion, Project
from projects.translators.asked import AskedFile
from projects.translators.export import SPOKEN, key_of, originals
from projects.writing_settings import for_checking, present
from scribe import jobs, storage
from scribe.errors import DomainError, InvalidInput, NotFound, TooLarge
from scribe.ids import parse
from scribe.jobs import Failed, Run, TryAgain
from scribe.jobs import lifecycle as job_lifecycle
from scribe.messages import _
from scribe.models import Job
from scribe.types import Json, ReadOnlyJson
from writing import facts, output, translation
from writing.facts import Original
from writing.fields import BY_NAME, flat
from writing.settings import WritingSettings
from writing.translation.files.rows import Head, TranslationRow, field_of

AT_ONCE = 50  # items whose texts are written within the request
READ_AT_ONCE = MIB // 4  # bytes of a file that is read within the request
LONG = 2 * MIB  # bytes of a file whose job takes long
TOLD_ROWS = 1000  # rows between two looks whether to go on reading
BATCH = 1000
Batched = TypeVar("Batched")
KIND = "translations"  # the folder of these files in storage
_EDITED = _("The translation was edited while the file was being read. Send the file again.")
_DELETED = _("The item was deleted while the file was being read.")
_GONE = _("The original is no longer approved, or has changed since the export.")


def load(*, project: Project, file: BinaryIO, name: str, asked: AskedFile, by: User | None) -> Json:
    """What the file brought: `{job_id, written, rows, unchanged, untranslated, other_language, refused_count,
    refused, warning_count, warnings}`, with a `job_id` while a job still writes the texts; while it
    reads the file as well, nothing is counted yet. Rows that cannot be taken are `refused` by line, and `warnings` name those with a translation that are left alone; see `catalog.files.translations.matches`.

    Raises Forbidden as `reviewers.check_language`, InvalidInput, UnsupportedMedia or TooLarge for a file that cannot be read, and Conflict `job_active` while a job
    writes this project's items."""
    access.check_not_suspended(project.organization)
    reviewers.check_language(by, project, "" if asked.language == languages.main(project) else asked.language)
    size = file.seek(0, 2)
    if size > MAX_TRANSLATIONS:
        raise TooLarge(
            _("The file is larger than {most} MiB. Split it and upload the parts.", most=MAX_TRANSLATIONS // MIB),
            code="file_too_large",
        )
    if size > READ_AT_ONCE:
        job = _queue(project, file, name, asked, by, is_long=size > LONG)
        return _reply(Taken(), Faults(), written=0, job_id=str(job.pk))
    taken, faults, found = _read(project, file, asked)
    if active := job_lifecycle.active_writer(project):
        raise job_lifecycle.job_active(active)
    if len(taken.fields) > AT_ONCE:
        job = _queue(project, file, name, asked, by, total=len(taken.fields))
        return _reply(taken, faults, written=0, job_id=str(job.pk))
    written = sum(
        _write(*found[key], values, asked, by, faults, transaction.atomic) for key, values in taken.fields.items()
    )
    lifecycle.refresh_status(project.pk)
    return _reply(taken, faults, written=written)


def _reply(taken: Taken, faults: Faults, *, written: int, job_id: str | None = None) -> Json:
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
    items, absent = _items_named(project, rows, asked.row.file.by)
    told()
    known = _known_texts(project, items, asked.language)
    taken = match_rows(
        rows, known.get, partial(_speaks, asked, head), faults, lambda key: absent.get(key, "unknown_item")
    )
    return taken, faults, {key: (items[key], known[key]) for key in taken.fields}


def _speaks(asked: AskedFile, head: Head, code: str) -> bool:
    return asked.row.speaks(code, head)


def _items_named(
    project: Project, rows: list[TranslationRow], by: str
) -> tuple[dict[str, ContentItem], dict[str, str]]:
    """The items that the file names, and for other keys of the catalogue why they name none (see `matches.ABSENT`). A key
    that two items have names none, unless the shop has only one of them."""
    keys = sorted({row.item for row in rows if row.item})
    if by == "id":
        keys = [str(pk) for key in keys if (pk := parse(key))]
    column = {"id": "pk", "external_id": "external_id"}.get(by, "source_data__sku")
    found: dict[str, ContentItem] = {}
    absent: dict[str, str] = {}
    for batch in _batches(keys):
        chosen = originals(project).filter(**{f"{column}__in": batch})
        gone = Exists(Drift.objects.filter(item=OuterRef("pk"), gone=True))  # from the shop, when it was last compared
        for one in chosen.only("pk", "item_type", "external_id", "source_data").annotate(gone=gone).order_by("gone"):
            key = key_of(one, by)
            if key not in found:
                found[key] = one
            elif not one.gone or getattr(found[key], "gone", False):
                absent[key] = "ambiguous_item"
        others = ContentItem.objects.of(project.organization_id).filter(project=project, **{f"{column}__in": batch})
        others = others.exclude(item_type=ContentItem.Type.VARIANT)
        for item in others.only("pk", "item_type", "external_id", "source_data", "excluded_at"):
            if (key := key_of(item, by)) not in found:
                absent[key] = "item_excluded" if item.excluded_at else "not_approved"
    return {key: item for key, item in found.items() if key not in absent}, absent


def _known_texts(project: Project, items: Mapping[str, ContentItem], language: str) -> dict[str, KnownTexts]:
    settings = present(project, language)
    by_id = {item.pk: key for key, item in items.items()}
    found: dict[str, KnownTexts] = {}
    for batch in _batches(list(by_id)):
        sources = staleness.sources(batch)
        spoken = ContentItem.rows.filter(main_id__in=batch, language=language)
        there = {text.main_id: text for text in spoken.only(*SPOKEN)}
        for pk in batch:
            item, source = items[by_id[pk]], sources.get((pk, ""))
            if source is None:  # deleted meanwhile
                continue
            name = str(item.source_data.get("name") or "")[:80]
            clean = partial(_clean, item, Original(source.content, source.language), settings)
            text = there.get(pk) or ContentItem(main_id=pk, language=language)
            of_shop = shop_texts.kept_fields(text)
            found[by_id[pk]] = KnownTexts(source.texts, shop_texts.present(text), name, clean, of_shop)
    return found


def _clean(
    item: ContentItem, original: Original, settings: WritingSettings, name: str, text: str
) -> tuple[str, list[str]]:
    """A row's text as `_set` keeps it, and what is left out."""
    if not (field := field_of(name)):
        return text, []
    source = translation.facts_of(facts.read(item.source_data, item.item_type), original.content, original.language)
    return output.clean_text(field, text, facts=source, settings=translation.settings_of(settings, original))


def _batches(keys: list[Batched]) -> Iterator[list[Batched]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


def _write(
    main: ContentItem,
    compared: KnownTexts,
    values: ReadOnlyJson,
    asked: AskedFile,
    by: User | None,
    faults: Faults,
    settling: Callable[[], AbstractContextManager[object]],
) -> bool:
    """Write one item's texts in a transaction that `settling` opens. Whether it did; a fault is noted without a line."""
    try:
        with settling():
            _set(main.pk, compared, values, asked, by)
    except DomainError as refused:
        name = str(main.source_data.get("name") or main.external_id)[:80]
        units = ", ".join(f"“{field}”" for field in values)
        faults.error(
            0,
            refused.code,
            _(
                "{units} of {item} ({name}): {detail}",
                units=units,
                item=key_of(main, asked.row.file.by)[:80],
                name=name,
                detail=refused.detail,
            ),
        )
        return False
    return True


def _set(main_id: UUID, compared: KnownTexts, values: ReadOnlyJson, asked: AskedFile, by: User | None) -> None:
    # The main item first, as its trigger does; its text cannot change until this one is written.
    if not ContentItem.objects.select_for_update(no_key=True).only("pk").filter(pk=main_id):
        raise NotFound(_DELETED)
    source = staleness.sources([main_id])[main_id, ""]
    if source.language == asked.language:
        raise InvalidInput(_("The item's own text is in this language."), code="main_language")
    languages.add(asked.language, [main_id])
    rows = ContentItem.rows.select_related("project__organization", "project__content_profile", "data_source")
    item = rows.select_for_update(no_key=True, of=("self",)).get(main_id=main_id, language=asked.language)
    if not source.approved or not set(values) <= set(source.texts):
        raise InvalidInput(_GONE, code="source_changed")
    now = shop_texts.present(item)
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
    kept = {name: key for name, key in notes.items() if name in BY_NAME}
    noted = memory.keys({name: source.texts[name] for name in values}, spoken, settings)
    cut = memory.segment_keys(item.made_from, spoken, settings, item.organization_id)
    item.generation_metadata = {
        **item.generation_metadata,
        "way": staleness.TRANSLATION,
        "translated_from": spoken,
        memory.ORIGINALS: memory.notes({**kept, **noted}, cut),
    }
    settings = review.settings_of(item) if item.generation_metadata.get("settings") else settings
    source_facts = review.facts_of(item, {*flat(item.generated_content), *values})
    if source_facts.original is not None:
        settings = translation.settings_of(settings, source_facts.original)
    content = output.merge(item.generated_content, _patch(values), facts=source_facts, settings=settings)
    review.set_content(item, content, by=by, reason=ItemVersion.Reason.EDITED, settings=settings)


def _patch(values: ReadOnlyJson) -> Json:
    """The new values by the keys of the content."""
    patch: Json = {}
    for name, value in values.items():
        row = BY_NAME[name]
        if row.part:
            patch.setdefault(row.key, {})[row.part] = value
        else:
            patch[row.key] = value
    return patch


# --- the job


def _queue(
    project: Project,
    file: BinaryIO,
    name: str,
    asked: AskedFile,
    by: User | None,
    *,
    total: int = 0,
    is_long: bool = False,
) -> Job:
    file.seek(0)
    key = storage.save(project.organization_id, KIND, name, file)
    try:
        with transaction.atomic():
            return jobs.create(
                job_type=Job.Type.IMPORT,
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
        raise Failed(_("The project was deleted before its import started."), code="project_gone")
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
        raise Failed(_("The file is no longer available. Upload it again."), code="file_gone") from None
    except DomainError as refused:
        raise Failed(refused.detail, code=refused.code) from None
    read = time.monotonic()
    with run.settling() as job:
        run.advance(0, total=job.progress_current + len(taken.fields))
    for number, (key, values) in enumerate(taken.fields.items()):
        run.check()
        # What was read is not kept, so that a slice writes for as long as it has read, and one text at least.
        if number and run.should_yield() and time.monotonic() - read >= read - began:
            raise TryAgain
        written = _write(*found[key], values, asked, run.job.created_by, faults, run.settling)
        with run.settling():
            run.result["imported"] = int(run.result.get("imported", 0)) + written
            run.advance(1)
    with run.settling():
        told = _reply(taken, faults, written=int(run.result.get("imported", 0)))
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
