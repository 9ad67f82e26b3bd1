"""Items: list, review, edit and exclude them; their versions; and the project's texts as a file."""

from collections.abc import Iterable, Sequence
from functools import partial
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from rest_framework.response import Response

from accounts.models import User
from projects import (
    comments,
    decisions,
    item_orders,
    items,
    languages,
    project_export,
    provenance,
    review,
    review_queue,
    versions,
)
from projects.api import item_replies
from projects.api.serializers import items as shapes
from projects.models import ContentItem, DataSource, ItemComment, ItemVersion, Project
from projects.models.item import ItemQuerySet
from projects.project_views import ProjectViewSet
from scribe.api import files
from scribe.api.access import REVIEWERS
from scribe.api.pagination import bare_array
from scribe.api.renderers import dumps
from scribe.api.schema import Binary, ListOf, operation
from scribe.api.smaller_replies import in_gzip
from scribe.api.views import SignedInRequest, versioned_reply
from scribe.types import Json
from writing import output
from writing.record_shapes import PROVENANCE, ItemProvenance

reads = partial(operation, scope="items:read")
writes = partial(operation, scope="items:write", who=REVIEWERS, support=True)

#: What an API key needs, beside the scope of the operation, to let a text through to the shop.
APPROVING = "items:approve"


class ItemViewSet(ProjectViewSet):
    tag = "items"
    whole_actions = frozenset({"exclude", "restore", "restore_version"})

    def item(self) -> ContentItem:
        project = self.project()
        return self.row(ContentItem.rows.select_related("data_source"), self.kwargs["item_id"], project=project)

    def standing(self) -> Json:
        """The item of this path, as it is now."""
        return item_replies.reply_of(self.item())

    def named(self, rows: ItemQuerySet, project: Project, ids: Iterable[str]) -> Sequence[ContentItem]:
        """The project's `rows` with these ids, of which nothing else is read. NotFound unless every one exists."""
        light = rows.filter(project=project).only("pk", "project")
        return self.rows(light, ids, "#/item_ids")

    def source_id(self, project: Project, query: Json) -> UUID | None:
        """The id of the source that the query names, or None. NotFound for a source of another project."""
        named = query.get("source_id")
        return self.row(DataSource.objects.only("pk"), named, project=project).pk if named else None

    def filters(self, project: Project, query: Json) -> Json:
        """The arguments of `items.chosen` that lists and the review queue share."""
        names = ("readiness", "item_type", "search", "failed_check", "claim_kind", "field", "category", "updated_since")
        named = query.get("assignee_id")
        assignee = self.row(User.objects.only("pk"), named).pk if named else None
        return {
            "source_id": self.source_id(project, query),
            "assignee": assignee,
            "language": languages.further(project, query.get("language", "")),
            **{name: query[name] for name in names if name in query},
        }

    def behind(self, project: Project, query: Json) -> ContentItem | None:
        """The item that `after` names, or None. NotFound for an item of another project."""
        named = query.get("after")
        return self.row(ContentItem.rows.all(), named, project=project) if named else None

    @reads(
        summary="List project content items",
        description="Without `limit`, returns all items as a stream.",
        parameters=[shapes.ItemListQuery],
        responses={200: ListOf(shapes.ItemReply)},
    )
    def list(self, request: SignedInRequest, project_id: str) -> HttpResponse:
        project = self.project()
        query = self.query(shapes.ItemListQuery)
        filters = {"status": query.get("status"), **self.filters(project, query)}
        chosen = items.filter_items(project=project, **filters)
        order, after = query.get("order", item_orders.CREATED), self.behind(project, query)
        found = item_orders.order_items(chosen, order, after)
        return bare_array(
            request,
            item_replies.as_rows(found),
            item_replies.render,
            keyset="order" in query or after is not None,
            bare=found,
            counted_by=items.counted_by_words(project=project, **filters),
        )

    @reads(
        summary="Get the next item to review",
        description="The next item to review: flagged items come first, then the others, each from the lowest score "
        "to the highest.",
        parameters=[shapes.NextItemQuery],
        responses={200: shapes.NextItemReply},
    )
    def next(self, request: SignedInRequest, project_id: str) -> Response:
        project = self.project()
        query = self.query(shapes.NextItemQuery)
        waiting = review_queue.waiting(project, **self.filters(project, query))
        item = review_queue.first(waiting, self.behind(project, query))
        return Response({"item": item_replies.reply_of(item) if item else None, "remaining": waiting.count()})

    @reads(summary="Get a content item", responses={200: shapes.SingleItem})
    def retrieve(self, request: SignedInRequest, project_id: str, item_id: str) -> Response:
        return versioned_reply(self.standing())

    @writes(
        summary="Update a content item",
        description="Content is merged by key, `seo` also by its own keys (null removes one; lists and `attributes` are "
        "replaced whole), sanitized and checked again, and sets the item to `generated`. "
        "`status` can be changed between `generated`, `flagged`, `approved` and `rejected`. To approve "
        "an item with unsupported claims, send `override` (409 `unsupported_claims`); if a legal rule "
        "blocks a sentence, send `override` and `override_reason` (409 `unlawful_claims`).",
        request=shapes.ItemUpdate,
        responses={200: shapes.UpdatedItem},
        errors=(400, 404, 409, 412),
    )
    def partial_update(self, request: SignedInRequest, project_id: str, item_id: str) -> Response:
        item = self.item()
        body = self.body(shapes.ItemUpdate)
        freed = [decision for decision in (body.get("decisions") or {}).values() if decision not in decisions.DECLINED]
        if body.get("status") == ContentItem.Status.APPROVED or freed:
            self.check_scope(APPROVING)
        named = body.get("assignee_id")
        person = self.row(User.objects.all(), named) if named else None
        with self.changing(item, self.standing):
            changed = review.update_item(
                item=item,
                by=request.user,
                content=body.get("generated_content"),
                status=body.get("status"),
                metadata=body.get("metadata"),
                decided=body.get("decisions"),
                reject_reason=body.get("reject_reason"),
                override=body.get("override", False),
                override_reason=body.get("override_reason", ""),
            )
            if "assignee_id" in body:
                comments.assign(item=changed, to=person)
            changed.read_version()
        lost = output.losses(body.get("generated_content") or {}, changed.generated_content)
        return versioned_reply({**item_replies.reply_of(changed), "warnings": lost})

    @operation(
        scope="items:write",
        summary="Delete a text in a further language",
        description="Deletes the text with its versions, comments and sync history; the text in the store stays. "
        "Returns 409 `main_item` for an item itself (exclude it instead), and 409 `job_active` while a "
        "job is running in the project.",
        responses={204: None},
        errors=(404, 409),
    )
    def destroy(self, request: SignedInRequest, project_id: str, item_id: str) -> Response:
        languages.erase(item=self.item())
        return Response(status=204)

    @writes(
        summary="Batch update item statuses",
        description="Changes all items or none. An unknown ID returns 404 and a status that does not allow the "
        "change returns 409; both list the IDs.",
        request=shapes.BatchUpdate,
        responses={200: shapes.ItemReply(many=True)},
        errors=(400, 404, 409),
    )
    def batch(self, request: SignedInRequest, project_id: str) -> HttpResponse:
        project = self.project()
        body = self.body(shapes.BatchUpdate)
        if body["status"] == ContentItem.Status.APPROVED:
            self.check_scope(APPROVING)
        named = self.named(ContentItem.rows.all(), project, body["item_ids"])
        review.update_statuses(
            items=named,
            to=body["status"],
            override=body.get("override", False),
            override_reason=body.get("override_reason", ""),
            reject_reason=body.get("reject_reason"),
            by=request.user,
        )
        changed = ContentItem.rows.of(project.organization_id).filter(pk__in=[item.pk for item in named]).order_by("id")
        return bare_array(request, item_replies.as_rows(changed), item_replies.render)

    @writes(
        summary="Exclude items",
        description="Excluded items are left out of generation, export and sync. Excluding a Magento configurable "
        "product also excludes its children.",
        request=shapes.ItemIds,
        responses={200: shapes.ExcludedReply},
    )
    def exclude(self, request: SignedInRequest, project_id: str) -> Response:
        project = self.project()
        named = self.named(ContentItem.objects.all(), project, self.body(shapes.ItemIds)["item_ids"])
        changed = items.exclude(project=project, items=named, by=request.user)
        return Response({"excluded": len(changed), "item_ids": changed})

    @writes(
        summary="Restore excluded items",
        description="Restores each item with its previous status. An API key needs `items:approve` if an item was "
        "approved. Restoring a Magento configurable product also restores its children.",
        request=shapes.ItemIds,
        responses={200: shapes.RestoredReply},
    )
    def restore(self, request: SignedInRequest, project_id: str) -> Response:
        project = self.project()
        named = self.named(ContentItem.objects.all(), project, self.body(shapes.ItemIds)["item_ids"])
        changed = items.restore(
            project=project, items=named, by=request.user, check_may_approve=lambda: self.check_scope(APPROVING)
        )
        return Response({"restored": len(changed), "item_ids": changed})

    @reads(
        summary="List the versions of an item",
        description="Earlier versions of the content, newest first.",
        responses={200: ListOf(shapes.VersionReply)},
    )
    def versions(self, request: SignedInRequest, project_id: str, item_id: str) -> HttpResponse:
        kept = ItemVersion.objects.filter(item=self.item()).select_related("created_by")
        return bare_array(request, kept, shapes.VersionReply.of)

    @writes(
        summary="Bring a version back",
        description="The current content is kept as a version, and the item returns to review.",
        responses={200: shapes.SingleItem},
        errors=(404, 412),
    )
    def restore_version(self, request: SignedInRequest, project_id: str, item_id: str, version_id: str) -> Response:
        item = self.item()
        version = self.row(ItemVersion.objects.select_related("item"), version_id, item=item)
        with self.changing(item, self.standing):
            changed = review.restore(version=version, by=request.user)
            changed.read_version()
        return versioned_reply(item_replies.reply_of(changed))

    @reads(
        summary="Show where an item's texts come from",
        description="The history of each text: AI model, prompt, settings, time and SHA-256; the results of the "
        "checks, the second AI model and the legal rules; who edited it and how much; who approved it, "
        "when, and the reason for any override. For a text in another language, use its own ID. The "
        "history can't be changed. This is not legal advice.",
        responses={200: ItemProvenance},
        examples=[PROVENANCE],
    )
    def provenance(self, request: SignedInRequest, project_id: str, item_id: str) -> Response:
        return Response(provenance.record_of(self.item()))

    @reads(
        summary="Compare an item's texts with the store's",
        description="A word-by-word comparison of each generated field. A text in another language is compared with "
        "the store's translation if it is known, otherwise with the text it was translated from; never "
        "with the store's main language.",
        responses={200: shapes.ItemDiff},
    )
    def diff(self, request: SignedInRequest, project_id: str, item_id: str) -> Response:
        item = self.item()
        return Response({"item_id": str(item.pk), "differences": versions.diff(item)})

    @reads(
        summary="Export project content CSV",
        description="A CSV file that the platform can import directly; for Magento only `sku`, `store_view_code` "
        "and the changed attributes. `X-Export-Warnings` lists rows that could not be exported or are outdated "
        "(outdated texts are left out, unless a person has edited them). With `format=jsonl` a "
        "gzip file for programs: each line is an item or a text of it in a further language, as in the list of items, with "
        "its facts, its text, and its checks and findings in `generation_metadata`.",
        parameters=[shapes.ExportQuery],
        responses={200: Binary("text/csv", "The file.", also=("application/gzip",))},
    )
    def export(self, request: SignedInRequest, project_id: str) -> HttpResponse:
        project = self.project()
        query = self.query(shapes.ExportQuery)
        as_lines = query["format"] == "jsonl"
        chosen = project_export.items_to_export(
            project=project,
            status_filter=query.get("status_filter", "approved"),
            source_id=self.source_id(project, query),
            search=query.get("search", ""),
            languages=as_lines,
        )
        name = f"{project.platform}-{str(project.pk)[-12:]}"
        if as_lines:
            return _json_lines(chosen, f"{name}.jsonl.gz")
        done = project_export.export(project=project, items=chosen)
        response = FileResponse(done.file, as_attachment=True, filename=f"{name}.csv", content_type=files.CSV)
        files.add_warnings(response, done.warnings())
        return response  # type: ignore[return-value]


def _json_lines(chosen: QuerySet[ContentItem], name: str) -> HttpResponse:
    rows = item_replies.as_rows(chosen.order_by("id")).iterator(chunk_size=project_export.BATCH)
    lines = (dumps(item_replies.render(row)) + b"\n" for row in rows)
    return files.attachment(in_gzip(lines), name, "application/gzip")  # type: ignore[return-value]


class ItemCommentViewSet(ProjectViewSet):
    tag = "items"
    whole_actions = frozenset({"comment"})

    def item(self) -> ContentItem:
        return self.row(ContentItem.rows.all(), self.kwargs["item_id"], project=self.project())

    @reads(
        summary="List the comments on an item",
        description="The team's comments on the item, oldest first.",
        responses={200: ListOf(shapes.ItemCommentReply)},
    )
    def comments(self, request: SignedInRequest, project_id: str, item_id: str) -> HttpResponse:
        return bare_array(request, comments.comments_on(self.item()), shapes.comment_shown)

    @writes(
        summary="Comment on an item",
        description="The comment is visible to the organization only; it is never sent to a store or an AI model.",
        request=shapes.ItemCommentRequest,
        responses={201: shapes.ItemCommentReply},
        errors=(400, 404, 409),
    )
    def comment(self, request: SignedInRequest, project_id: str, item_id: str) -> Response:
        comment = comments.add(item=self.item(), by=request.user, **self.body(shapes.ItemCommentRequest))
        return Response(shapes.comment_shown(comment), status=201)

    @operation(
        scope="items:write",
        who=REVIEWERS,
        summary="Delete a comment",
        description="Only its author and admins can delete a comment.",
        responses={204: None},
    )
    def delete_comment(self, request: SignedInRequest, project_id: str, item_id: str, comment_id: str) -> Response:
        comments.delete(comment=self.row(ItemComment.objects.all(), comment_id, item=self.item()), by=request.user)
        return Response(status=204)
