"""Rules that a project learns from its people's edits and rejections: noted, proposed after three, accepted or dismissed.

Accepted rules go into the prompt, and the words that they forbid into the check of forbidden words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from projects import corrections
from projects.models import ContentItem, LearnedRule, Project
from scribe.errors import Conflict
from writing.rules import TaughtRule

Kind, State = LearnedRule.Kind, LearnedRule.State
THREE = 3  # items with the same correction make a proposal
MOST_NOTED = 10  # items that a rule names
MOST_ACTIVE = 100  # rules that a prompt tells
DECIDED = (State.PROPOSED, State.ACCEPTED, State.DISMISSED)

Sign = tuple[str, str, str]  # kind, term, instead


def learn_edit(item: ContentItem, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Note what a person corrected in the item. Call it in the edit's transaction, after the item's lock."""
    signs = [
        (Kind.REPLACE if one.instead else Kind.AVOID, one.term, one.instead) for one in corrections.found(before, after)
    ]
    _note(item.organization_id, item.project_id, signs, [item.pk])


def learn_rejection(items: Sequence[ContentItem], reason: str) -> None:
    """Note the reason for which a person rejected the items, which are of one project."""
    if not (told := " ".join(reason.split()).rstrip(".!")) or not items:
        return
    first = ContentItem.rows.values_list("organization_id", "project_id").get(pk=items[0].pk)
    _note(*first, [(Kind.HEED, told.lower()[:500], "")], [item.pk for item in items])


def _note(organization_id: Any, project_id: Any, signs: Iterable[Sign], item_ids: list[Any]) -> None:
    signs = sorted(set(signs))  # in one order, so that two edits at once do not wait for each other in a circle
    if not signs:
        return
    LearnedRule.objects.bulk_create(
        [
            LearnedRule(organization_id=organization_id, project_id=project_id, kind=kind, term=term, instead=instead)
            for kind, term, instead in signs
        ],
        ignore_conflicts=True,
    )
    same = Q()
    for kind, term, instead in signs:
        same |= Q(kind=kind, term=term, instead=instead)
    rules = list(LearnedRule.objects.filter(same, project_id=project_id).order_by("pk").select_for_update(no_key=True))
    for rule in rules:
        rule.item_ids = list(dict.fromkeys([*rule.item_ids, *map(str, item_ids)]))[:MOST_NOTED]
    for rule in sorted(rules, key=lambda rule: (rule.kind != Kind.REPLACE, -len(rule.term))):  # what says most, first
        if rule.state == State.SEEN and len(set(rule.item_ids) - _explained(rule, rules)) >= THREE:
            rule.state = State.PROPOSED
    LearnedRule.objects.bulk_update(rules, ["item_ids", "state"])


def _explained(rule: LearnedRule, rules: list[LearnedRule]) -> set[str]:
    """The items of a rule to avoid words for which a rule to replace them is known already, or covers a longer phrase."""
    if rule.kind != Kind.AVOID:
        return set()
    wider = (
        other
        for other in rules
        if other is not rule
        and other.state in DECIDED
        and f" {rule.term} " in f" {other.term} "
        and other.kind != Kind.HEED
    )
    return {item_id for other in wider for item_id in other.item_ids}


def listed(project: Project) -> QuerySet[LearnedRule]:
    """The project's rules that were proposed, whatever became of them, and those of its profile."""
    return LearnedRule.objects.of(project.organization_id).filter(_of(project), state__in=DECIDED).order_by("-id")


def proposed(project: Project) -> QuerySet[LearnedRule]:
    rows = LearnedRule.objects.of(project.organization_id)
    return rows.filter(project=project, state=State.PROPOSED).order_by("id")


def active(project: Project) -> tuple[TaughtRule, ...]:
    """The accepted rules that count for the project's texts, the oldest first."""
    return tuple(dict.fromkeys(row.rule for row in _accepted(project).order_by("id")[:MOST_ACTIVE]))


def _accepted(project: Project) -> QuerySet[LearnedRule]:
    return LearnedRule.objects.of(project.organization_id).filter(_of(project), state=State.ACCEPTED)


def _of(project: Project) -> Q:
    mine = Q(project=project, profile=None)
    return mine | Q(profile=project.content_profile_id) if project.content_profile_id else mine


@transaction.atomic
def decide(*, rule: LearnedRule, to: str, by: Any) -> LearnedRule:
    """Accept or dismiss the rule, or propose it again. An accepted one goes to the project's profile, if it has one.
    Raises Conflict for a rule that was never proposed, and for more than MOST_ACTIVE accepted ones."""
    with (
        connection.cursor() as cursor
    ):  # decisions of one organization take turns; edits, which lock rules, never wait here
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('projects.learned_rules'), hashtext(%s))",
            [str(rule.organization_id)],
        )
    rule = LearnedRule.objects.select_for_update(no_key=True, of=("self",)).select_related("project").get(pk=rule.pk)
    if rule.state not in DECIDED or to not in DECIDED:
        raise Conflict("This rule has not been proposed.", code="not_proposed")
    if to == State.ACCEPTED and _accepted(rule.project).exclude(pk=rule.pk).count() >= MOST_ACTIVE:
        raise Conflict(f"At most {MOST_ACTIVE} rules are accepted. Dismiss one first.", code="too_many_rules")
    rule.state = to
    rule.profile_id = rule.project.content_profile_id if to == State.ACCEPTED else None
    rule.decided_by = by if isinstance(by, User) and to != State.PROPOSED else None
    rule.decided_at = timezone.now() if to != State.PROPOSED else None
    rule.save(update_fields=["state", "profile", "decided_by", "decided_at"])
    return rule
