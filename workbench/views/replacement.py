"""Find and replace in the texts that the queue shows: a preview, then a few items at a time, and an undo."""

from itertools import islice
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from projects import replacement
from projects.models import ContentItem, ItemVersion, Project
from projects.replacement import REPLACED_IN, ReplacedText, Replacement
from projects.versions import changes
from scribe.api.access import REVIEWERS
from scribe.errors import InvalidInput
from scribe.ids import parse
from scribe.types import Json
from workbench import form_values, queue
from workbench.form_values import is_fragment
from workbench.views.projects import ProjectPage
from writing.fields import Form, GeneratedField
from writing.html import removed_elements
from writing.text import plain

SHOWN = 50  # items whose changes the preview shows
AT_ONCE = 20  # items that one request changes, so that none takes long
FIELDS = tuple(row.name for row in REPLACED_IN)


def wanted_of(query: QueryDict) -> Replacement:
    return Replacement(
        find=query.get("find", "")[: replacement.LONGEST + 1],
        into=query.get("into", "")[: replacement.LONGEST + 1],
        match_case=query.get("case") == "1",
        whole_words=query.get("words", "1") == "1",
        fields=frozenset(name for name in query.getlist("in") if name in FIELDS),
    )


class ReplacementPage(ProjectPage):
    """The form, and what would change."""

    who = REVIEWERS

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        shown = queue.Wanted.of(request.GET, project)
        wanted = wanted_of(request.GET)
        context: Json = {}
        if wanted.find.strip():
            rows = shown.rows(project).filter(status__in=shown.states).order_by("id")
            found = list(islice(replacement.find_replacements(rows, wanted), replacement.MOST_ITEMS + 1))
            context = {
                "asked": True,
                "removed": sorted(removed_elements(wanted.into, plain(wanted.into))),
                "more": len(found) > replacement.MOST_ITEMS,
                "count": len(found[: replacement.MOST_ITEMS]),
                "places": sum(one.places for one in found[: replacement.MOST_ITEMS]),
                "items": ",".join(f"{one.item.pk}:{one.item.version}" for one in found[: replacement.MOST_ITEMS]),
                "examples": [{"item": one.item, "texts": list(map(steps, one.texts))} for one in found[:SHOWN]],
            }
        return self.show_project(
            "replacement",
            project=project,
            tab="review",
            wanted=wanted,
            filters=[(key, value) for key, value in shown.named().items() if value],
            query=shown.query(),
            fields=FIELDS,
            **context,
        )


class ReplacementStep(ProjectPage):
    """A part of a long change: the next few items of those that the form names. The answer sends the next form."""

    may_submit = REVIEWERS
    support = True

    def named(self, parts: int) -> tuple[list[list[str]], str]:
        """What this request changes, in `parts` each, and what is left for the next, as the form names it."""
        entries = form_values.entries(self.request.POST.get("items", ""), parts)
        if len(entries) > replacement.MOST_ITEMS:
            raise InvalidInput.at("#/items", _("At most 1,000 at once."), "too_many")
        return entries[:AT_ONCE], ",".join(map(":".join, entries[AT_ONCE:]))

    def count(self, name: str) -> int:
        return form_values.whole(self.request.POST.get(name, ""), 10**6) or 0

    def show_step(self, project: Project, template: str, **context: object) -> HttpResponse:
        if is_fragment(self.request):
            return self.show(f"parts/{template}", project=project, **context)  # type: ignore[arg-type]  # handed on
        return self.show_project(
            "replacing",
            project=project,
            tab="review",
            part=f"workbench/parts/{template}.html",
            **context,  # type: ignore[arg-type]  # handed on
        )


class Replacing(ReplacementStep):
    """Replace in the next items."""

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project, wanted = self.project(), wanted_of(request.POST)
        now, rest = self.named(2)
        seen = {parse(pk) or pk: number for pk, version in now if (number := form_values.whole(version)) is not None}
        rows = ContentItem.rows.filter(project=project, excluded_at=None).select_related("data_source", "project")
        items = rows.visible_to(self.user).filter(pk__in=[pk for pk in seen if isinstance(pk, UUID)]).order_by("pk")
        left = len(rest.split(",")) if rest else 0
        undo = [entry for entry in request.POST.get("undo", "").split(",") if entry]
        skipped = self.count("skipped") + len(now) - len(items)
        for item in items:
            done = replacement.replace(item=item, version=seen[item.pk], wanted=wanted, by=self.user)
            if done.undo:
                undo.append(f"{done.undo}:{done.version}:{done.status}")
            else:
                skipped += 1
        return self.show_step(
            project,
            "replacing",
            wanted=wanted,
            rest=rest,
            left=left,
            undo=",".join(undo),
            done=len(undo),
            skipped=skipped,
            first=not request.POST.get("done"),
            total=len(undo) + skipped + left,
        )


class ReplacementUndo(ReplacementStep):
    """Bring back the texts before a replacement, where nobody has changed them since."""

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        now, rest = self.named(3)
        left = len(rest.split(",")) if rest else 0
        rows = ItemVersion.objects.filter(item__project=project).select_related("item__data_source")
        known = rows.visible_to(self.user).filter(pk__in=[found for pk, _, _ in now if (found := parse(pk))])
        kept: dict[UUID | None, ItemVersion] = {row.pk: row for row in known}
        done, skipped = self.count("done"), self.count("skipped")
        for pk, at, status in now:
            version = kept.get(parse(pk))
            if version and replacement.undo(
                version=version, at=form_values.whole(at) or 0, status=status, by=self.user
            ):
                done += 1
            else:
                skipped += 1
        return self.show_step(
            project,
            "replacement_undone",
            rest=rest,
            left=left,
            done=done,
            skipped=skipped,
            total=done + skipped + left,
        )


def steps(text: ReplacedText) -> Json:
    return {
        "name": text.row.name,
        "changes": list(changes(_plain(text.row, text.before), _plain(text.row, text.after))),
    }


def _plain(row: GeneratedField, value: object) -> str:
    """The value as a shopper reads it, without tags."""
    if row.form is Form.HTML:
        return plain(str(value))
    if isinstance(value, dict):
        return "\n".join(f"{name}: {inner}" for name, inner in value.items())
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
