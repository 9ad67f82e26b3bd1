"""Items: list, review, edit and exclude them; their versions; and the project's texts as a CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from rest_framework.response import Response

from accounts.models import User
from projects import comments, decisions, item_orders, items, languages, project_export, review, review_queue, versions
from projects.api import export_warnings, item_replies
from projects.api.serializers.items import (
    BatchUpdate,
    ExcludedReply,
    ExportQuery,
    ItemDiff,
    ItemIds,
    ItemListQuery,
    ItemReply,
    ItemUpdate,
    NextItemQuery,
    NextItemReply,
    RestoredReply,
    VersionReply,
    version_shown,
)
from projects.models import ContentItem, DataSource, ItemVersion, Project
from projects.project_views import ProjectViewSet
from scribe.api.pagination import bare_array
from scribe.api.schema import Binary, ListOf, operation
from scribe.api.views import versioned

#: What an API key needs, beside the scope of the operation, to let a text through to the shop.
APPROVING = "items:approve"


class ItemViewSet(ProjectViewSet):
    whole_actions = frozenset({"exclude", "restore", "restore_version"})

    def item(self) -> ContentItem:
        project = self.project()
        return self.row(ContentItem.rows.select_related("data_source"), self.kwargs["item_id"], project=project)

    def standing(self) -> dict[str, Any]:
        """The item of this path, as it is now."""
        return item_replies.shown(self.item())

    def named(self, rows: QuerySet[ContentItem], project: Project, ids: Any) -> Sequence[ContentItem]:
        """The project's `rows` with these ids. NotFound unless every one of them exists."""
        light = rows.filter(project=project).only("pk", "status", "has_unsupported_claims")
        return self.rows(light, ids, "#/item_ids")

    def source_id(self, project: Project, query: dict[str, Any]) -> Any:
        """The id of the source that the query names, or None. NotFound for a source of another project."""
        named = query.get("source_id")
        return self.row(DataSource.objects.only("pk"), named, project=project).pk if named else None

    def filters(self, project: Project, query: dict[str, Any]) -> dict[str, Any]:
        """The arguments of `items.chosen` that lists and the review queue share."""
        names = ("item_type", "search", "failed_check", "claim_kind", "field", "category", "updated_since")
        named = query.get("assignee_id")
        assignee = self.row(User.objects.only("pk"), named).pk if named else None
        return {
            "source_id": self.source_id(project, query),
            "assignee": assignee,
            "language": languages.further(project, query.get("language", "")),
            **{name: query[name] for name in names if name in query},
        }

    def behind(self, project: Project, query: dict[str, Any]) -> ContentItem | None:
        """The item that `after` names, or None. NotFound for an item of another project."""
        named = query.get("after")
        return self.row(ContentItem.rows.all(), named, project=project) if named else None

    @operation(
        tag="items",
        scope="items:read",
        summary="List project content items",
        description="All of them without `limit`, streamed.",
        parameters=[ItemListQuery],
        responses={200: ListOf(ItemReply)},
        errors=(400, 404),
    )
    def list(self, request: Any, project_id: str) -> HttpResponse:
        project = self.project()
        query = self.query(ItemListQuery)
        chosen = items.chosen(project=project, status=query.get("status"), **self.filters(project, query))
        order, after = query.get("order", item_orders.CREATED), self.behind(project, query)
        found = item_orders.ordered(chosen, order, after)
        keyset = "order" in query or after is not None
        return bare_array(request, item_replies.as_rows(found), item_replies.render, keyset=keyset, bare=found)

    @operation(
        tag="items",
        scope="items:read",
        summary="Get the next item to review",
        description="Of the items that await review, the flagged before the others, each by its score, the lowest first.",
        parameters=[NextItemQuery],
        responses={200: NextItemReply},
        errors=(400, 404),
    )
    def next(self, request: Any, project_id: str) -> Response:
        project = self.project()
        query = self.query(NextItemQuery)
        waiting = review_queue.waiting(project, **self.filters(project, query))
        item = review_queue.first(waiting, self.behind(project, query))
        return Response({"item": item_replies.shown(item) if item else None, "remaining": waiting.count()})

    @operation(tag="items", scope="items:read", summary="Get a content item", responses={200: ItemReply}, errors=(404,))
    def retrieve(self, request: Any, project_id: str, item_id: str) -> Response:
        return versioned(self.standing())

    @operation(
        tag="items",
        scope="items:write",
        support=True,
        summary="Update a content item",
        description="Content is merged per key, sanitized and checked again, and makes the item `generated`. People move items between "
        "`generated`, `flagged`, `approved` and `rejected`; an item with unsupported claims is approved with `override` only.",
        request=ItemUpdate,
        responses={200: ItemReply},
        errors=(400, 404, 409, 412),
    )
    def partial_update(self, request: Any, project_id: str, item_id: str) -> Response:
        item = self.item()
        body = self.body(ItemUpdate)
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
            )
            if "assignee_id" in body:
                comments.assign(item=changed, to=person)
            changed.read_version()
        return versioned(item_replies.shown(changed))

    @operation(
        tag="items",
        scope="items:write",
        summary="Delete a text in a further language",
        description="With its versions, comments and records of syncs; what the shop shows stays there. 409 `main_item` for an item "
        "itself, which is excluded instead, and `job_active` while a job writes the project.",
        responses={204: None},
        errors=(404, 409),
    )
    def destroy(self, request: Any, project_id: str, item_id: str) -> Response:
        languages.erase(item=self.item())
        return Response(status=204)

    @operation(
        tag="items",
        scope="items:write",
        support=True,
        summary="Batch update item statuses",
        description="All or none: a foreign id is 404, a wrong state 409, each naming the ids.",
        request=BatchUpdate,
        responses={200: ItemReply(many=True)},
        errors=(400, 404, 409),
    )
    def batch(self, request: Any, project_id: str) -> HttpResponse:
        project = self.project()
        body = self.body(BatchUpdate)
        if body["status"] == ContentItem.Status.APPROVED:
            self.check_scope(APPROVING)
        named = self.named(ContentItem.rows.all(), project, body["item_ids"])
        review.update_statuses(
            items=named,
            to=body["status"],
            override=body.get("override", False),
            reject_reason=body.get("reject_reason"),
        )
        changed = ContentItem.rows.of(project.organization_id).filter(pk__in=[item.pk for item in named]).order_by("id")
        return bare_array(request, item_replies.as_rows(changed), item_replies.render)

    @operation(
        tag="items",
        scope="items:write",
        support=True,
        summary="Exclude items",
        description="Excluded items take no part in generation, export and sync. A Magento configurable takes its children along.",
        request=ItemIds,
        responses={200: ExcludedReply},
        errors=(400, 404),
    )
    def exclude(self, request: Any, project_id: str) -> Response:
        project = self.project()
        named = self.named(ContentItem.objects.all(), project, self.body(ItemIds)["item_ids"])
        changed = items.exclude(project=project, items=named)
        return Response({"excluded": len(changed), "item_ids": changed})

    @operation(
        tag="items",
        scope="items:write",
        support=True,
        summary="Restore excluded items",
        description="Each in the status it had; a key needs `items:approve` where one is approved. A Magento configurable takes "
        "its children along.",
        request=ItemIds,
        responses={200: RestoredReply},
        errors=(400, 404),
    )
    def restore(self, request: Any, project_id: str) -> Response:
        project = self.project()
        named = self.named(ContentItem.objects.all(), project, self.body(ItemIds)["item_ids"])
        changed = items.restore(project=project, items=named, check_may_approve=lambda: self.check_scope(APPROVING))
        return Response({"restored": len(changed), "item_ids": changed})

    @operation(
        tag="items",
        scope="items:read",
        summary="List the versions of an item",
        description="Every content that was replaced, the latest first.",
        responses={200: ListOf(VersionReply)},
        errors=(404,),
    )
    def versions(self, request: Any, project_id: str, item_id: str) -> HttpResponse:
        kept = ItemVersion.objects.filter(item=self.item()).select_related("created_by")
        return bare_array(request, kept, version_shown)

    @operation(
        tag="items",
        scope="items:write",
        support=True,
        summary="Bring a version back",
        description="The present content becomes a version in its turn; the item awaits review.",
        request=None,
        responses={200: ItemReply},
        errors=(404, 412),
    )
    def restore_version(self, request: Any, project_id: str, item_id: str, version_id: str) -> Response:
        item = self.item()
        version = self.row(ItemVersion.objects.select_related("item"), version_id, item=item)
        with self.changing(item, self.standing):
            changed = review.restore(version=version, by=request.user)
            changed.read_version()
        return versioned(item_replies.shown(changed))

    @operation(
        tag="items",
        scope="items:read",
        summary="Compare an item's texts with the store's",
        description="Word by word, for each generated field. A text in a further language is compared with the shop's translation "
        "where it is known, else with the text that it was translated from, never with the store's main language.",
        responses={200: ItemDiff},
        errors=(404,),
    )
    def diff(self, request: Any, project_id: str, item_id: str) -> Response:
        item = self.item()
        return Response({"item_id": str(item.pk), "differences": versions.diff(item)})

    @operation(
        tag="items",
        scope="items:read",
        summary="Export project content CSV",
        description="Columns that the platform imports as they are; for Magento `sku`, `store_view_code` and the changed attributes only. "
        "`X-Export-Warnings` tells which rows are left out, because they could not be written.",
        parameters=[ExportQuery],
        responses={200: Binary("text/csv", "The CSV.")},
        errors=(400, 404),
    )
    def export(self, request: Any, project_id: str) -> HttpResponse:
        project = self.project()
        query = self.query(ExportQuery)
        chosen = project_export.chosen(
            project=project,
            status_filter=query.get("status_filter", "approved"),
            source_id=self.source_id(project, query),
            search=query.get("search", ""),
        )
        done = project_export.export(project=project, items=chosen)
        name = f"{project.platform}-{str(project.pk)[-12:]}.csv"
        response = FileResponse(done.file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
        export_warnings.tell(response, done.warnings())
        return response  # type: ignore[return-value]
