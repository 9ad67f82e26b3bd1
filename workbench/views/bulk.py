"""One change of all items that a filter finds, or of those that were marked, and its undo."""

from django.http import HttpRequest, HttpResponse, QueryDict

from accounts.models import User
from projects import bulk, reviewers
from projects.bulk import BulkPayload
from projects.models import Project
from scribe.api.access import REVIEWERS
from scribe.models import Job
from workbench import form_values, queue
from workbench.labels import READINESS, STATUSES
from workbench.pages import go
from workbench.views.comments import MOST_PEOPLE
from workbench.views.projects import ProjectPage
from workbench.views.writing import WritingFormPage, marked_in


class BulkPage(WritingFormPage):
    """What can be done to all these items at once, and how many they are. Sent, it begins."""

    who = REVIEWERS
    may_submit = REVIEWERS
    support = True

    def chosen(self, project: Project, form: QueryDict, **more: str) -> BulkPayload:
        return queue.selected_items(
            form, project, item_ids=[str(pk) for pk in self.marked_ids(project, marked_in(form))], **more
        )

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        chosen = self.chosen(project, request.GET)
        people = reviewers.able(project, chosen.filters["language"]).order_by("first_name", "email")
        return self.show_project(
            "bulk",
            project=project,
            tab="items",
            count=chosen.rows(project).count(),
            marked=chosen.item_ids,
            texts_in=chosen.filters["language"],
            states=[STATUSES[state] for state in chosen.states]
            + [label for state, label in READINESS.items() if state == chosen.filters["readiness"]],
            asked=[(key, value) for key, value in request.GET.items() if key not in ("item", "said", "action")],
            action=request.GET.get("action"),
            people=people[:MOST_PEOPLE],
        )

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project, form = self.project(), request.POST
        person = self.row(User.objects.all(), form["person"]) if form.get("person") else None
        chosen = self.chosen(
            project,
            form,
            action=form.get("action", ""),
            reason=form_values.text(form, "reason", 500),
            assignee_id=str(person.pk) if person else "",
        )
        return go("job", project.pk, bulk.start(project=project, by=self.user, payload=chosen).pk)


class BulkUndo(ProjectPage):
    """Takes such a change back, where nobody has changed an item since."""

    may_submit = REVIEWERS
    support = True

    def post(self, request: HttpRequest, project_id: str, job_id: str) -> HttpResponse:
        project = self.project()
        rows = Job.objects.filter(job_type=Job.Type.BULK_CHANGE, project_id=project.pk)
        return go("job", project.pk, bulk.undo(project=project, by=self.user, job=self.row(rows, job_id)).pk)
