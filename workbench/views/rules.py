"""Rules that the project learned from edits: proposed, accepted or dismissed by a person."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from projects import learned_rules
from scribe.errors import InvalidInput
from workbench.form_values import is_fragment
from workbench.pages import go
from workbench.views.projects import ProjectPage

MOST_LISTED = 200


class RulesPage(ProjectPage):
    """All rules that were proposed, and what became of them."""

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        rules = list(learned_rules.rules_of(project)[:MOST_LISTED])
        return self.show_project("rules", project=project, tab="review", rules=rules)


class RuleDecisionPart(ProjectPage):
    """Accept or dismiss a rule, or take that back. Answers with the rule as it is now."""

    support = True

    def post(self, request: HttpRequest, project_id: str, rule_id: str) -> HttpResponse:
        project, to = self.project(), request.POST.get("state", "")
        rule = self.row(learned_rules.rules_of(project), rule_id)
        if to not in learned_rules.DECIDED:
            raise InvalidInput.at("#/state", _("Accept or dismiss the rule."), "invalid_choice")
        changed = learned_rules.decide(rule=rule, to=to, by=self.user)
        if not is_fragment(request):
            return go("rules", project.pk)
        return self.show("parts/rule", project=project, rule=changed, fresh=True)
