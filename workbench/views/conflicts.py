"""The texts that a merchant has changed in the shop since: all on one page, decided at once or one by one."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from projects import decisions, review
from projects.models import Project, SyncRecord
from projects.sync import conflicts
from scribe.errors import Conflict, InvalidInput, VersionConflict
from scribe.rows import claim_version
from scribe.types import Json
from workbench import edited_texts, form_values
from workbench.pages import go
from workbench.views.projects import ProjectPage
from workbench.views.store import push_summaries
from workbench.views.texts import typed_text
from writing import output
from writing.fields import BY_NAME, Form

MOST = 100  # conflicts on the page, and in one decision
EDITABLE = {row.name: row for row in BY_NAME.values() if row.form is not Form.DATA}
#: Why an edited text is not approved without a word, and what finds those words in it.
DOUBTS = {"unsupported_claims": decisions.unsupported_claims, "unlawful_claims": decisions.unlawful_sentences}


class Doubtful(Exception):
    """Edited texts that are sent only if the reader insists: `found` has what speaks against each, by its conflict."""

    def __init__(self, found: Mapping[UUID, Json]) -> None:
        super().__init__()
        self.found = found


class ConflictsPage(ProjectPage):
    """Each conflict with its texts. Sent, with a side for `all` or for each text, the choices are pushed; those for the
    sample's example are only noted. Our text may be edited: it is saved and approved like any edit, and then sent."""

    support = True

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        return self.page(self.project())

    def page(
        self, project: Project, status: int = 200, problem: str = "", doubts: Mapping[UUID, Json] | None = None
    ) -> HttpResponse:
        """The page, with what was sent in its fields."""
        found, form = conflicts.open_in(project), self.request.POST
        clashes = [_clash(one, form, (doubts or {}).get(one["record"].pk)) for one in push_summaries(found[:MOST])]
        sides = [row["side"] for clash in clashes for row in clash["conflicts"]]
        labels = [ngettext("Apply %(n)s choice", "Apply %(n)s choices", n) % {"n": n} for n in range(len(sides) + 1)]
        return self.show_project(
            "conflicts",
            project=project,
            tab="store",
            status=status,
            problem=problem,
            refused=[clash["record"] for clash in clashes if clash["doubt"]],
            clashes=clashes,
            count=len(clashes) if len(clashes) < MOST else found.count(),
            labels=labels,
            label=labels[sum(map(bool, sides))],
            example=any(clash["record"].code == conflicts.EXAMPLE for clash in clashes),
        )

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        try:
            with transaction.atomic():
                chosen = self.choices(project)
                saved = {one.pk: _save_edit(one, self.user, request.POST, sides) for one, sides in chosen.items()}
                if doubts := {pk: doubt for pk, doubt in saved.items() if doubt}:
                    raise Doubtful(doubts)
                examples = {record: chosen.pop(record) for record in list(chosen) if record.code == conflicts.EXAMPLE}
                conflicts.settle_examples(by=self.user, chosen=examples)
                if examples and not chosen:
                    return go("conflicts", project.pk, said="example-settled")
                job = conflicts.decide(project=project, by=self.user, chosen=chosen)
        except Doubtful as doubtful:
            return self.page(project, 422, doubts=doubtful.found)
        except VersionConflict as error:
            changed = _(
                "These texts have changed since you opened the page. Look at them again, then apply your choices."
            )
            return self.page(project, error.status, problem=changed)
        except (Conflict, InvalidInput) as error:
            return self.page(project, error.status, problem=error.render())
        return go("job", project.pk, job.pk)

    def choices(self, project: Project) -> dict[SyncRecord, dict[str, str]]:
        """The side that the form has for each field of the open conflicts. Raises VersionConflict where the page showed
        other texts."""
        form, chosen = self.request.POST, {}
        for record in conflicts.open_in(project)[:MOST]:
            names = [str(clash.get("field")) for clash in record.conflicts]
            given = {name: form.get("all") or form.get(f"take-{record.item_id}-{name}", "") for name in names}
            if sides := {name: side for name, side in given.items() if side}:
                seen = form_values.whole(form.get(f"version-{record.item_id}", ""))
                claim_version(record.item, None if seen is None else frozenset({seen}))
                if form.get(f"conflict-{record.item_id}", str(record.pk)) != str(record.pk):
                    raise VersionConflict  # a later sync found other texts than the page showed
                chosen[record] = sides
        return chosen


def _clash(summary: Json, form: QueryDict, doubt: Json | None) -> Json:
    """A conflict with what the form has for it. Whoever insists on a text does so until it is sent."""
    record = summary["record"]
    for row in summary["conflicts"]:
        row.update(_choice(record, row["field"], form))
    return {
        **summary,
        "doubt": doubt,
        "insists": f"anyway-{record.pk}" in form,
        "reason": form.get(f"reason-{record.pk}", ""),
    }


def _choice(record: SyncRecord, name: str, form: QueryDict) -> Json:
    """The side that is chosen for a field, and our text as the form has it, None where it can't be edited."""
    present = _present(record, name)
    text = None if present is None else form.get(f"text-{record.item_id}-{name}", present).replace("\r\n", "\n")
    return {"side": form.get(f"take-{record.item_id}-{name}", ""), "text": text, "edited": text != present}


def _present(record: SyncRecord, name: str) -> str | None:
    row = EDITABLE.get(name)
    value = row.of(record.item.generated_content) if row else None
    return edited_texts.editor_text(row, value) if row and value else None


def _save_edit(record: SyncRecord, by: User, form: QueryDict, sides: Mapping[str, str]) -> Json | None:
    """Save and approve our texts of this conflict that were edited and are to be sent. Answers with what speaks against
    that, unless the reader insists."""
    patch: Json = {}
    for name, side in sides.items():
        present = _present(record, name) if side == conflicts.OURS else None
        text = typed_text(form, f"text-{record.item_id}-{name}")
        if text and present is not None and text.replace("\r\n", "\n") != present:
            row = BY_NAME[name]
            for key, value in edited_texts.patch(row, text, row.of(record.item.generated_content)).items():
                patch[key] = {**patch.get(key, {}), **value} if row.part else value
    if not patch:
        return None
    insists = form.get(f"anyway-{record.pk}") == "1"
    reason = form_values.text(form, f"reason-{record.pk}", 500)
    changed = review.update_item(item=record.item, by=by, content=patch)
    lost = output.losses(patch, changed.generated_content)
    try:
        review.update_item(item=changed, by=by, status=review.Status.APPROVED, override=insists, override_reason=reason)
    except Conflict as error:
        if error.code not in DOUBTS:
            raise
        checks = changed.generation_metadata.get("checks", [])
        words = dict.fromkeys(finding["text"] for finding in DOUBTS[error.code](changed, checks) if finding["text"])
        return {"code": error.code, "lost": lost, "words": list(words)}
    return {"lost": lost} if lost and not insists else None
