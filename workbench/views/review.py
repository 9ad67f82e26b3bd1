"""The review: the queue on the left, the item on the right, and one decision after another."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from projects import comments, decisions, languages, learned_rules, review, summaries
from projects.generation import job as generation
from projects.models import ContentItem, Project
from projects.models.expressions import LanguageTexts
from scribe.errors import Conflict, InvalidInput
from scribe.ids import parse
from scribe.models import Job
from scribe.rows import claim_version
from workbench import queue, reading, search_result, sent
from workbench.fragments import is_fragment
from workbench.labels import CHECKS, CLAIM_KINDS, STATUSES
from workbench.pages import go
from workbench.views.projects import ProjectPage
from writing import images
from writing.fields import BY_NAME
from writing.languages import BY_CODE

MOST_AT_ONCE = 1000
LONGEST_HINT = 2000
MOST_PROPOSED = 3  # rules that are offered beside an item


class InReview(ProjectPage):
    """The base of the review's pages."""

    def show_review(
        self,
        project: Project,
        wanted: queue.Wanted,
        item: ContentItem | None,
        found: queue.QueuePage | None = None,
        status: int = 200,
        **context: Any,
    ) -> HttpResponse:
        """The whole page: the queue, around `item` unless `found` has its rows, and the item."""
        if found is None:
            found = queue.around(project, wanted, queued(item, wanted)) if item else queue.page(project, wanted)
        counts = summaries.counts([project.pk], wanted.language)[project.pk]
        named = languages.of(project)
        further = [BY_CODE[code] for code in named if code != languages.main(project)] if named else []
        return self.show_project(
            "review",
            project=project,
            tab="review",
            status=status,
            found=found,
            wanted=wanted,
            query=wanted.query(),
            counts=counts,
            waiting=counts.waiting,
            states=[(key, STATUSES[key], counts.by_status[key]) for key in STATUSES if key not in queue.NO_QUEUE],
            checks=CHECKS.items(),
            kinds=CLAIM_KINDS.items(),
            fields=BY_NAME,
            further=further,
            categories=queue.categories(project),
            **{**(shown(item) if item else {}), **context},
        )


class ReviewPage(InReview):
    """The whole page: the queue, and the item that the address names, or else the first of the queue."""

    def get(self, request: Any, project_id: str) -> HttpResponse:
        project = self.project()
        wanted = queue.Wanted.of(request.GET, project)
        items = loaded()
        if pk := request.GET.get("item"):
            return self.show_review(project, wanted, self.row(items, pk, project=project))
        found = queue.page(project, wanted, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
        first = self.row(items, found.rows[0]["pk"], project=project) if found.rows else None
        return self.show_review(project, wanted, first, found=found)


class ReviewQueue(ProjectPage):
    """The rows behind one of the queue, or before it."""

    def get(self, request: Any, project_id: str) -> HttpResponse:
        project = self.project()
        wanted = queue.Wanted.of(request.GET, project)
        found = queue.page(project, wanted, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
        return self.show("parts/queue", project=project, found=found, query=wanted.query())


class ItemPart(InReview):
    """The base of what is below one item."""

    support = True

    def item(self) -> ContentItem:
        found = self.row(loaded(), self.kwargs["item_id"], project_id=self.kwargs["project_id"])
        if found.project.deleted_at is not None:
            self.project()  # raises NotFound, as the project is in the trash
        return found

    def show_item(self, item: ContentItem, status: int = 200, **context: Any) -> HttpResponse:
        if not is_fragment(self.request):
            if status != 200:  # what was sent is on the page: a redirect would lose it
                return self.show_review(item.project, queue.Wanted(status=item.status), item, status=status, **context)
            url = reverse("workbench:review", args=[item.project_id])
            return HttpResponse(status=303, headers={"Location": f"{url}?item={item.pk}&status={item.status}"})
        return self.show("parts/item", status=status, project=item.project, **{**shown(item), **context})


class ItemPane(ItemPart):
    """The item beside the queue."""

    def get(self, request: Any, project_id: str, item_id: str) -> HttpResponse:
        return self.show_item(self.item())


class Decision(ItemPart):
    """Approve, reject, or take either back. Answers with the item's new status and version."""

    def post(self, request: Any, project_id: str, item_id: str) -> HttpResponse:
        item, to = self.item(), request.POST.get("status", "")
        if to not in review.JUDGED:
            raise InvalidInput.at("#/status", _("Choose approve or reject."), "invalid_choice")
        reason = request.POST.get("reason")
        with transaction.atomic():
            claim_version(item, self.version())
            changed = review.update_item(
                item=item,
                by=self.user,
                status=to,
                override=request.POST.get("override") == "1",
                reject_reason=reason.strip()[:500] if reason is not None and to == review.Status.REJECTED else None,
            )
            changed.read_version()
        if not is_fragment(request):
            return go("review", item.project_id)
        return decided(changed)


class FieldDecision(ItemPart):
    """Take one field's text, leave it out, or take that back. Answers as `Decision`."""

    def post(self, request: Any, project_id: str, item_id: str) -> HttpResponse:
        item, name, to = self.item(), request.POST.get("field", ""), request.POST.get("decision", "")
        if name not in BY_NAME:
            raise InvalidInput.at("#/field", _("There is no such field."), "unknown_field")
        if to and to not in decisions.DECISIONS:
            raise InvalidInput.at("#/decision", _("Choose whether to take the text."), "invalid_choice")
        with transaction.atomic():
            claim_version(item, self.version())
            changed = review.update_item(item=item, by=self.user, decided={name: to or None})
            changed.read_version()
        return decided(changed) if is_fragment(request) else self.show_item(changed)


class Decisions(ProjectPage):
    """Approve many items at once, or take that back: all of them or none, except those that have changed since the page
    showed them. `items` are ids, each with the version that was shown (`id:version`), by commas."""

    support = True

    def post(self, request: Any, project_id: str) -> HttpResponse:
        project, to = self.project(), request.POST.get("status", "")
        if to not in (ContentItem.Status.APPROVED, ContentItem.Status.GENERATED):
            raise InvalidInput.at("#/status", _("Only approving, and taking that back, is done to many at once."))
        named = sent.entries(request.POST.get("items", ""), 2)
        if len(named) > MOST_AT_ONCE:
            raise InvalidInput.at("#/items", _("At most 1,000 at once."), "too_many")
        seen = {parse(pk): sent.whole(version) or 0 for pk, version in named if version}
        light = ContentItem.rows.filter(project=project).only("pk", "status", "has_unsupported_claims")
        versions = review.update_statuses(items=self.rows(light, [pk for pk, _version in named]), to=to, seen=seen)
        if not is_fragment(request):
            return go("review", project.pk)
        return JsonResponse(
            {"status": to, "count": len(versions), "versions": {str(pk): n for pk, n in versions.items()}}
        )


class Regeneration(ItemPart):
    """Generates the item again with the same settings and a hint. The old text stays until the new one is there, then
    becomes a version."""

    def get(self, request: Any, project_id: str, item_id: str) -> HttpResponse:
        """The price, with room for the longest hint."""
        named, wishes = self.wishes("x" * LONGEST_HINT)
        quote = generation.estimate(project=self.project(), request=wishes, selection=generation.ALL, item_ids=named)
        return self.show("parts/quote", quote=quote)

    def wishes(self, hint: str) -> tuple[list[Any], dict[str, Any]]:
        item = self.item()
        if item.excluded_at or item.item_type == ContentItem.Type.VARIANT:
            raise Conflict(_("Excluded items and variants are not written."), code="item_not_writable")
        wishes = review.own_settings(item).as_request()
        if hint:
            wishes["custom_instructions"] = f"{wishes['custom_instructions']}\n{hint}".strip()[-8000:]
        return languages.as_request(item, wishes)

    def post(self, request: Any, project_id: str, item_id: str) -> HttpResponse:
        item, project = self.item(), self.project()
        named, wishes = self.wishes(request.POST.get("hint", "").strip()[:LONGEST_HINT])
        with transaction.atomic():
            claim_version(item, self.version())
            job = generation.start(
                project=project,
                by=self.user,
                request=wishes,
                selection=generation.ALL,
                item_ids=named,
                job_type=Job.Type.REGENERATION,
            )
        if not is_fragment(request):
            return go("job", project.pk, job.pk)
        return self.show("parts/regenerating", project=project, item=item, job=job)


def queued(item: ContentItem, wanted: queue.Wanted) -> ContentItem:
    """The row by which the queue has the item: its text in the language that is wanted, else the item itself."""
    return item if item.language == wanted.language else item.main or item


def decided(item: ContentItem) -> JsonResponse:
    """What the page has to know of an item after a decision on it."""
    doubtful = bool(decisions.unsupported([item]))
    return JsonResponse(
        {"status": item.status, "version": item.version, "unsupported": doubtful, "reason": item.reject_reason}
    )


def loaded() -> QuerySet[ContentItem]:
    """Items with what the pane shows of them, their texts in all languages too."""
    rows = ContentItem.rows.select_related("data_source", "project", "assignee", "main")
    return rows.annotate(language_texts_held=LanguageTexts(Coalesce("main_id", "pk")))


def spoken(item: ContentItem) -> list[dict[str, Any]]:
    """The item's texts by language, the main one first; none for an item that has no other."""
    main, held = item.main or item, getattr(item, "language_texts_held", None)
    texts = json.loads(held) if held is not None else languages.texts_of(main)
    further = [
        {
            "pk": one["item_id"],
            "name": BY_CODE[code].native_name if code in BY_CODE else code,
            "code": code,
            "status": one["status"],
            "outdated": bool(one["outdated_fields"]),
            "of_merchant": one["origin"] == languages.MERCHANT,
        }
        for code, one in sorted(texts.items())
    ]
    own = {"pk": str(main.pk), "name": _("Main language"), "code": "", "status": main.status}
    return [own, *further] if further else []


def shown(item: ContentItem) -> dict[str, Any]:
    """What the pane shows of an item."""
    settings = review.settings_of(item)
    readings = reading.read(item, settings)
    return {
        "item": item,
        "readings": readings,
        "merchant_texts": reading.merchant_texts(item),
        "spoken": spoken(item),
        "source": reading.source_texts(item),
        "claims": sum(len(one.claims) for one in readings),
        "unsupported": sum(one.unsupported for one in readings),
        "doubtful": bool(decisions.unsupported([item])),
        "proposals": learned_rules.proposed(item.project)[:MOST_PROPOSED],
        "comment_count": comments.of(item).count(),
        "result": search_result.of(item.generated_content, settings),
        "pictured": bool(images.addresses(item.source_data.get("images"), settings.media_url)),
        "settings": settings,
        "checks_of_item": item.generation_metadata.get("checks", []),
        "reasons": item.generation_metadata.get("reasons", []) if item.status == ContentItem.Status.FLAGGED else [],
        "parts": item.generation_metadata.get("score_parts", []),
        "last_error": item.generation_metadata.get("last_error"),
        "reject_reason": item.reject_reason,
    }
