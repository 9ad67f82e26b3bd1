"""The texts that a merchant has changed in the shop since: all on one page, decided at once or one by one."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from projects.sync import conflicts
from scribe.errors import VersionConflict
from scribe.rows import claim_version
from workbench import form_values
from workbench.pages import go
from workbench.views.projects import ProjectPage
from workbench.views.store import push_summary

MOST = 200  # conflicts on the page, and in one decision


class ConflictsPage(ProjectPage):
    """Each conflict with its three texts. Sent, with a side for `all` or for each text, the choices are pushed; those
    for the sample's example are only noted."""

    support = True

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        found = conflicts.open_in(project)
        clashes = [push_summary(record) for record in found[:MOST]]
        return self.show_project(
            "conflicts",
            project=project,
            tab="store",
            clashes=clashes,
            count=len(clashes) if len(clashes) < MOST else found.count(),
            choices=sum(len(clash["conflicts"]) for clash in clashes),
            example=any(clash["record"].code == conflicts.EXAMPLE for clash in clashes),
        )

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project, form = self.project(), request.POST
        chosen = {}
        with transaction.atomic():
            for record in conflicts.open_in(project)[:MOST]:
                names = [str(clash.get("field")) for clash in record.conflicts]
                given = {name: form.get("all") or form.get(f"take-{record.item_id}-{name}", "") for name in names}
                if chosen_here := {name: side for name, side in given.items() if side}:
                    seen = form_values.whole(form.get(f"version-{record.item_id}", ""))
                    claim_version(record.item, None if seen is None else frozenset({seen}))
                    if form.get(f"conflict-{record.item_id}", str(record.pk)) != str(record.pk):
                        raise VersionConflict  # a later sync found other texts than the page showed
                    chosen[record] = chosen_here
            examples = {record: chosen.pop(record) for record in list(chosen) if record.code == conflicts.EXAMPLE}
            conflicts.settle_examples(by=self.user, chosen=examples)
            if examples and not chosen:
                return go("conflicts", project.pk, said="example-settled")
            job = conflicts.decide(project=project, by=self.user, chosen=chosen)
        return go("job", project.pk, job.pk)
