"""The review: the queue on the left, the item on the right, and one decision after another."""

import json
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from projects import (
    comments,
    decisions,
    languages,
    learned_rules,
    provenance,
    readiness,
    review,
    reviewers,
    summaries,
)
from projects.generation import job as generation
from projects.models import ContentItem, Project
from projects.models.approval import Approval
from projects.models.expressions import LanguageTexts
from projects.models.item import ItemQuerySet
from projects.readiness import Readiness
from projects.sync import conflicts
from projects.sync.plan import last_seen
from scribe import messages
from scribe.api.access import MEMBERS, REVIEWERS, admits
from scribe.errors import Conflict, InvalidInput, VersionConflict
from scribe.models import Job
from scribe.rows import claim_version
from scribe.types import Json
from workbench import dashboards, form_values, product_card, queue, reading, search_result
from workbench.form_values import is_fragment
from workbench.labels import CHECKS, CLAIM_KINDS, STATUSES
from workbench.pages import go
from workbench.views.projects import ProjectPage
from writing import images
from writing.fields import BY_NAME
from writing.language_settings import MOST_INSTRUCTIONS
from writing.languages import BY_CODE

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
        **context: object,
    ) -> HttpResponse:
        """The whole page: the queue, around `item` unless `found` has its rows, and the item."""
        if found is None:
            found = queue.around(project, wanted, queue_row(item, wanted)) if item else queue.page(project, wanted)
        counts = summaries.counts([project.pk], wanted.language)[project.pk]
        named = languages.languages_to_write(project)
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
            foreign=not reviewers.speaks(self.user, project, wanted.language),
            **{**(self.pane(item) if item else {}), **context},
        )

    def pane(self, item: ContentItem) -> Json:
        """What `pane_context` has, and what comes next. `again`: the text that is there is to be replaced."""
        found = pane_context(item)
        again = found["readiness"] == Readiness.NEEDS_TEXT and bool(found["readings"])
        may_judge, has_text = self.may_judge(item), bool(item.generated_content or found["merchant_texts"])
        is_variant = item.item_type == ContentItem.Type.VARIANT  # it has its product's texts
        return {
            **found,
            "may_judge": may_judge,
            "may_decide": may_judge and item.status in review.JUDGED and not is_variant,
            "may_regenerate": has_text and not item.excluded_at and not is_variant,
            "next_url": self.next_url(item, found),
            "again": again,
        }

    def next_url(self, item: ContentItem, found: Json) -> str:
        """Where the text is brought further, by somebody who may do that; empty where it is done on the page itself."""
        state = found["readiness"]
        if state == Readiness.NEEDS_FACTS:
            return next((f"#claim-{claim.number}" for claim in found["unsourced"]), "")
        url = dashboards.page_for(self.user, state, item.project, item.pk) if state != Readiness.NEEDS_DECISION else ""
        if item.language and state == Readiness.NOT_IN_STORE:
            return ""  # its item is there
        if url and item.language and state == Readiness.NEEDS_TEXT:
            return reverse("workbench:languages", args=[item.project_id])
        return url

    def may_judge(self, item: ContentItem) -> bool:
        """Whether the reader may edit and approve this text."""
        return admits(REVIEWERS, self.user.role) and reviewers.speaks(self.user, item.project, item.language)


class ReviewPage(InReview):
    """The whole page: the queue, and the item that the address names, or else the first of the queue."""

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        wanted = queue.Wanted.of(request.GET, project)
        items = items_for_pane()
        if pk := request.GET.get("item"):
            return self.show_review(project, wanted, self.row(items, pk, project=project))
        found = queue.page(project, wanted, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
        first = self.row(items, found.rows[0]["pk"], project=project) if found.rows else None
        return self.show_review(project, wanted, first, found=found)


class ReviewQueue(ProjectPage):
    """The rows behind one of the queue, or before it."""

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        wanted = queue.Wanted.of(request.GET, project)
        found = queue.page(project, wanted, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
        return self.show("parts/queue", project=project, found=found, query=wanted.query())


class ItemPart(InReview):
    """The base of what is below one item."""

    may_submit = REVIEWERS
    support = True

    def item(self) -> ContentItem:
        found = self.row(items_for_pane(), self.kwargs["item_id"], project_id=self.kwargs["project_id"])
        if found.project.deleted_at is not None:
            self.project()  # raises NotFound, as the project is in the trash
        return found

    def claim(self, item: ContentItem) -> None:
        """Lock the item if it has the version that the page shows. Raises VersionConflict that says who changed it."""
        try:
            claim_version(item, self.version())
        except VersionConflict:
            raise VersionConflict(last_change(self.row(ContentItem.rows.all(), item.pk))) from None

    def show_item(self, item: ContentItem, status: int = 200, **context: object) -> HttpResponse:
        if not is_fragment(self.request):
            if status != 200 or context.get("lost"):  # what was sent is on the page: a redirect would lose it
                return self.show_review(item.project, queue.Wanted(status=item.status), item, status=status, **context)  # type: ignore[arg-type]  # handed on
            url = reverse("workbench:review", args=[item.project_id])
            return HttpResponse(status=303, headers={"Location": f"{url}?item={item.pk}&status={item.status}"})
        return self.show("parts/item", status=status, project=item.project, **{**self.pane(item), **context})


class ItemPane(ItemPart):
    """The item beside the queue."""

    def get(self, request: HttpRequest, project_id: str, item_id: str) -> HttpResponse:
        return self.show_item(self.item())


class Decision(ItemPart):
    """Approve, reject, or take either back. Answers with the item's new status and version."""

    def post(self, request: HttpRequest, project_id: str, item_id: str) -> HttpResponse:
        item, to = self.item(), request.POST.get("status", "")
        if to not in review.JUDGED:
            raise InvalidInput.at("#/status", _("Choose approve or reject."), "invalid_choice")
        reason = form_values.text(request.POST, "reason", 500) if "reason" in request.POST else None
        with transaction.atomic():
            self.claim(item)
            changed = review.update_item(
                item=item,
                by=self.user,
                status=to,
                override=request.POST.get("override") == "1",
                override_reason=form_values.text(request.POST, "override_reason", 500),
                reject_reason=reason if to == review.Status.REJECTED else None,
            )
            changed.read_version()
        if not is_fragment(request):
            return go("review", item.project_id)
        return decision_reply(changed)


class FieldDecision(ItemPart):
    """Take one field's text, leave it out, or take that back. Answers as `Decision`."""

    def post(self, request: HttpRequest, project_id: str, item_id: str) -> HttpResponse:
        item, name, to = self.item(), request.POST.get("field", ""), request.POST.get("decision", "")
        if name not in BY_NAME:
            raise InvalidInput.at("#/field", _("This field does not exist."), "unknown_field")
        if to and to not in decisions.DECISIONS:
            raise InvalidInput.at("#/decision", _("Choose whether to use the text."), "invalid_choice")
        with transaction.atomic():
            self.claim(item)
            changed = review.update_item(item=item, by=self.user, decided={name: to or None})
            changed.read_version()
        return decision_reply(changed) if is_fragment(request) else self.show_item(changed)


class Regeneration(ItemPart):
    """Generates the item again with the same settings and a hint. The old text stays until the new one is there, then
    becomes a version."""

    who = MEMBERS
    may_submit = MEMBERS

    def get(self, request: HttpRequest, project_id: str, item_id: str) -> HttpResponse:
        """The price, with room for the longest hint that the instructions leave room for."""
        named, wishes = self.wishes("x" * LONGEST_HINT)
        wishes["custom_instructions"] = wishes["custom_instructions"][:MOST_INSTRUCTIONS]
        quote = generation.estimate(project=self.project(), request=wishes, selection=generation.ALL, item_ids=named)
        return self.show("parts/quote", quote=quote, further="languages" in wishes)

    def wishes(self, hint: str) -> tuple[list[UUID], Json]:
        item = self.item()
        if item.excluded_at or item.item_type == ContentItem.Type.VARIANT:
            raise Conflict(_("Texts can't be generated for excluded items and variants."), code="item_not_writable")
        wishes = review.own_settings(item).as_request()
        if hint:
            wishes["custom_instructions"] = f"{wishes['custom_instructions']}\n{hint}".strip()
        return languages.as_request(item, wishes)

    def post(self, request: HttpRequest, project_id: str, item_id: str) -> HttpResponse:
        item, project = self.item(), self.project()
        named, wishes = self.wishes(form_values.text(request.POST, "hint", LONGEST_HINT))
        with transaction.atomic():
            self.claim(item)
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


def last_change(item: ContentItem) -> str:
    """Who changed the item, and when."""
    recent = timezone.now() - item.updated_at < timedelta(minutes=1)
    said = {
        ContentItem.Status.APPROVED: _("{name} approved it {when}."),
        ContentItem.Status.REJECTED: _("{name} rejected it {when}."),
    }.get(ContentItem.Status(item.status), _("{name} changed it {when}."))
    when = _("a moment ago") if recent else _("%(time)s ago") % {"time": timesince(item.updated_at)}
    return said.format(name=person_of(item, item.changed_by) or _("Someone"), when=when)


def queue_row(item: ContentItem, wanted: queue.Wanted) -> ContentItem:
    """The row by which the queue has the item: its text in the language that is wanted, else the item itself."""
    return item if item.language == wanted.language else item.main or item


def decision_reply(item: ContentItem) -> JsonResponse:
    """What the page has to know of an item after a decision on it."""
    return JsonResponse(
        {
            "status": item.status,
            "version": item.version,
            "unsupported": bool(decisions.items_with_unsupported_claims([item])),
            "warning": warning(item),
            "reason": item.reject_reason,
        }
    )


def items_for_pane() -> ItemQuerySet:
    """Items with what the pane shows of them, their texts in all languages too."""
    rows = ContentItem.rows.select_related("data_source", "project", "assignee", "main", "store_text", "drift")
    return rows.annotate(
        language_texts_held=LanguageTexts(Coalesce("main_id", "pk")),
        readiness=readiness.state(),
        clashes=conflicts.clashes(),
    )


def texts_by_language(item: ContentItem) -> list[Json]:
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
    spoken = [own, *further] if further else []
    flagged = [one["pk"] for one in spoken if one["status"] == ContentItem.Status.FLAGGED]
    rows = ContentItem.rows.of(item.organization_id).filter(pk__in=flagged)
    states = {str(pk): state for pk, state in rows.values_list("pk", readiness.state())}
    return [{**one, "readiness": states.get(one["pk"], "")} for one in spoken]


def reasons_of(item: ContentItem) -> list[str]:
    """Why the item is flagged."""
    return item.generation_metadata.get("reasons", []) if item.status == ContentItem.Status.FLAGGED else []


def warning(item: ContentItem) -> str:
    """What somebody who approves the item should know: how many claims have no source, else why it is flagged."""
    claims = len(decisions.unsupported_claims(item, item.generation_metadata.get("checks", [])))
    if claims:
        return ngettext("%(n)s claim without a source", "%(n)s claims without a source", claims) % {"n": claims}
    return next(map(messages.render, reasons_of(item)), "")


def decision_on(item: ContentItem) -> Json:
    """Who approved or rejected the item as it is, and when; empty where nobody did. Of a program there is no name."""
    by, at, approval = item.changed_by, item.updated_at, None
    if item.status in provenance.STANDING:
        approval = Approval.objects.of(item.organization_id).filter(item=item).first()
        if approval is None:
            return {}
        by, at = approval.person_id, approval.created_at
    elif item.status != ContentItem.Status.REJECTED:
        return {}
    return {"by": person_of(item, by), "at": at, "approval": approval}


def person_of(item: ContentItem, pk: UUID | None) -> str:
    """The name of a person of the item's organization; empty for nobody, and for one who is gone."""
    person = User.objects.of(item.organization_id).filter(pk=pk).first()  # type: ignore[misc]  # None finds nobody
    return person.name if person else ""


def pane_context(item: ContentItem) -> Json:
    """What the pane shows of an item."""
    settings = review.settings_of(item)
    seen = last_seen(item)
    written = reading.read(item, settings, store=seen)
    readings = [*written, *reading.read_empty(item, settings, store=seen, first=len(written) + 1)]
    unsourced = [claim for one in readings for claim in one.claims if not claim.supported]
    said = list(comments.comments_on(item))
    state = getattr(item, "readiness", None)
    return {
        "item": item,
        "readiness": readiness.state_of(item) if state is None else state,
        "readings": [one for one in readings if not one.folded],
        "folded": [one for one in written if one.folded],
        "empty": [one for one in readings[len(written) :] if one.folded],
        "card": product_card.product_card(item, written),
        "decided": decision_on(item),
        "notes": [comment for comment in said if comment.quote],
        "unlawful": decisions.unlawful_sentences(item, item.generation_metadata.get("checks", [])),
        "merchant_texts": reading.merchant_texts(item),
        "spoken": texts_by_language(item),
        "source": reading.source_texts(item),
        "claims": sum(len(one.claims) for one in readings),
        "unsupported": len(unsourced),
        "unsourced": unsourced,
        "doubtful": bool(decisions.items_with_unsupported_claims([item])),
        "warning": warning(item),
        "proposals": learned_rules.proposals(item.project)[:MOST_PROPOSED],
        "comment_count": len(said),
        "result": search_result.search_result(item.generated_content, settings),
        "pictured": bool(images.addresses(item.source_data.get("images"), settings.media_url)),
        "settings": settings,
        "checks_of_item": item.generation_metadata.get("checks", []),
        "reasons": reasons_of(item),
        "parts": item.generation_metadata.get("score_parts", []),
        "last_error": item.generation_metadata.get("last_error"),
        "reject_reason": item.reject_reason,
    }
