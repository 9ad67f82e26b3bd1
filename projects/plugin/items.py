"""The items that a shop's plugin has texts written for: the same `external_id` is the same item again."""

from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from billing import limits
from catalog import source_data
from projects import languages, lifecycle, staleness
from projects.models import ContentItem, DataSource, GenerationItem, PluginGeneration, Project
from scribe.errors import Conflict
from scribe.messages import _
from scribe.models import Job
from scribe.types import Json

SOURCE = "Plugin"


def take(project: Project, requests: list[Json]) -> list[ContentItem]:
    """An item for each request, in their order, locked, awaiting a text and with the facts of the request.

    A request with an `external_id` that the plugin has sent before gets the item of then; its text stays until the new one
    replaces it. Raises Conflict: `generation_active` with `generation_ids` while one of them is being written, `item_excluded`.
    Runs in the caller's transaction.
    """
    source = _source(project)
    filled = [_facts(request) for request in requests]
    last = ContentItem.objects.filter(data_source=source).aggregate(last=Max("position"))["last"] or 0
    fresh = [
        ContentItem(
            organization_id=project.organization_id,
            project=project,
            data_source=source,
            external_id=request.get("external_id") or "",
            position=position,
            source_data=data,
        )
        for position, (request, data) in enumerate(zip(requests, filled, strict=True), start=last + 1)
    ]
    lifecycle.keep(project)  # before the limit's lock, in the order of uploads
    named = {row.external_id for row in fresh if row.external_id}
    held = ContentItem.objects.filter(data_source=source, external_id__in=named, item_type=ContentItem.Type.PRODUCT)
    nameless = sum(not row.external_id for row in fresh)
    limits.check("items", project.organization_id, nameless + len(named) - held.count())
    # Of two calls that bring the same external id first, the second waits here for the first one and adds nothing. All
    # insert in one order, so that two batches with the same products do not wait for each other in a circle.
    ContentItem.objects.bulk_create(sorted(fresh, key=lambda row: row.external_id), ignore_conflicts=True)
    # The lock makes calls for one item take turns, so that one of them sees the other's job.
    known = {row.external_id: row for row in held.order_by("pk").select_for_update(no_key=True, of=("self",))}
    taken = [known.get(row.external_id, row) for row in fresh]
    again = [(item, data) for item, row, data in zip(taken, fresh, filled, strict=True) if item.pk != row.pk]
    _check_free([item for item, _ in again])
    for item, data in again:
        item.source_data, item.status = data, ContentItem.Status.PENDING
        item.save(update_fields=["source_data", "status", "updated_at"])
    if again:
        staleness.follow([item.pk for item, _ in again])
    if added := len(taken) - len(again):
        DataSource.objects.filter(pk=source.pk).update(item_count=F("item_count") + added)
    lifecycle.refresh_status(project.pk)
    for item in taken:
        item.project, item.data_source = project, source
    return taken


def take_languages(items: list[ContentItem], codes: list[str]) -> list[ContentItem]:
    """The rows of these items that `take` has locked in further languages, item by item, each awaiting a text."""
    if not codes:
        return []
    for code in codes:
        languages.add(code, [item.pk for item in items])
    rows = ContentItem.rows.filter(main__in=[item.pk for item in items], language__in=codes)
    found = {
        (row.main_id, row.language): row for row in rows.order_by("pk").select_for_update(no_key=True, of=("self",))
    }
    rows.exclude(status=ContentItem.Status.PENDING).update(status=ContentItem.Status.PENDING, updated_at=timezone.now())
    return [found[item.pk, code] for item in items for code in codes]


def _source(project: Project) -> DataSource:
    """The source of the project's items, made on first use."""
    rows = DataSource.objects.filter(project=project, type=DataSource.Type.MANUAL, name=SOURCE).order_by("pk")
    if (found := rows.first()) is not None:
        return found
    Project.objects.of(project.organization_id).select_for_update(no_key=True).get(
        pk=project.pk
    )  # two first calls make one source
    return rows.first() or DataSource.objects.create(
        organization_id=project.organization_id, project=project, type=DataSource.Type.MANUAL, name=SOURCE
    )


def _facts(request: Json) -> Json:
    return source_data.canonical(
        {
            "name": request["product_title"],
            "description": request.get("current_description") or "",
            "categories": [request["product_category"]] if request.get("product_category") else [],
            "attributes": request.get("product_attributes") or {},
            "images": request.get("product_images") or [],
        }
    )


def _check_free(items: list[ContentItem]) -> None:
    if excluded := [item.external_id for item in items if item.excluded_at]:
        raise Conflict(
            _("The item is excluded. Include it again to generate a text."), code="item_excluded", external_ids=excluded
        )
    busy = GenerationItem.objects.filter(
        Q(item__in=items) | Q(item__main__in=items), state=GenerationItem.State.PENDING, job__status__in=Job.ACTIVE
    ).values_list("job_id", Coalesce("item__main_id", "item_id"))
    if not busy:
        return
    jobs, taken = zip(*busy, strict=True)
    found = PluginGeneration.objects.filter(job_id__in=jobs, item_id__in=taken).values_list("pk", flat=True)
    raise Conflict(
        _("A text for this item is being generated. Wait until it is done."),
        code="generation_active",
        generation_ids=[str(pk) for pk in found],
        external_ids=sorted({item.external_id for item in items if item.pk in taken}),
    )
