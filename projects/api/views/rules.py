"""Rules that a project learned from its people's edits and rejections."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from projects import learned_rules
from projects.api.serializers.rules import RuleDecision, RuleReply, rule_shown
from projects.project_views import ProjectViewSet
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation


class LearnedRuleViewSet(ProjectViewSet):
    @operation(
        tag="projects",
        scope="projects:read",
        summary="List learned rules",
        description="After three similar edits or rejections a rule is proposed: words to avoid or to replace, or a reason to heed. "
        "The latest first.",
        responses={200: ListOf(RuleReply)},
        errors=(404,),
    )
    def learned_rules(self, request: Any, project_id: str) -> HttpResponse:
        return bare_array(request, learned_rules.listed(self.project()), rule_shown)

    @operation(
        tag="projects",
        scope="projects:write",
        support=True,
        summary="Accept or dismiss a learned rule",
        description="An accepted rule goes into the prompt of every later generation, and its words into the check of forbidden "
        "words. It holds for the project's profile, if the project has one.",
        request=RuleDecision,
        responses={200: RuleReply},
        errors=(400, 404, 409),
    )
    def decide_rule(self, request: Any, project_id: str, rule_id: str) -> Response:
        rule = self.row(learned_rules.listed(self.project()), rule_id)
        return Response(
            rule_shown(learned_rules.decide(rule=rule, to=self.body(RuleDecision)["state"], by=request.user))
        )
