"""Rules that a project learns from its people's edits and rejections: noted, proposed after three, accepted or dismissed.

Accepted rules go into the prompt, and the words that they forbid into the check of forbidden words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from projects.models import ContentItem, LearnedRule, Project
from scribe import statements
from scribe.errors import Conflict
from scribe.language.detector import common_words
from scribe.messages import _
from scribe.rows import OrganizationQuerySet
from scribe.types import Json
from writing import text_steps
from writing.checks import fields as texts
from writing.rules import TaughtRule

Kind, State = LearnedRule.Kind, LearnedRule.State
THREE = 3  # items with the same correction make a proposal
MOST_NOTED = 10  # items that a rule names
MOST_ACTIVE = 100  # rules that a prompt tells
DECIDED = (State.PROPOSED, State.ACCEPTED, State.DISMISSED)

Sign = tuple[str, str, str]  # kind, term, instead


def learn_edit(item: ContentItem, before: Json, after: Json) -> None:
    """Note what a person corrected in the item. Call it in the edit's transaction, after the item's lock."""
    signs = [
        (Kind.REPLACE if one.instead else Kind.AVOID, one.term, one.instead) for one in corrections_in(before, after)
    ]
    _note(item.organization_id, item.project_id, signs, [item.pk])


def learn_rejection(items: Sequence[ContentItem], reason: str) -> None:
    """Note the reason for which a person rejected the items, which are of one project."""
    if not (told := " ".join(reason.split()).rstrip(".!")) or not items:
        return
    first = ContentItem.rows.values_list("organization_id", "project_id").get(pk=items[0].pk)
    _note(*first, [(Kind.HEED, told.lower()[:500], "")], [item.pk for item in items])


def _note(organization_id: UUID, project_id: UUID, signs: Iterable[Sign], item_ids: list[UUID]) -> None:
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
        if rule.state == State.SEEN and len(set(rule.item_ids) - _items_with_known_rule(rule, rules)) >= THREE:
            rule.state = State.PROPOSED
    statements.update(rules, ["item_ids", "state"])


def _items_with_known_rule(rule: LearnedRule, rules: list[LearnedRule]) -> set[str]:
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


def rules_of(project: Project) -> OrganizationQuerySet[LearnedRule]:
    """The project's rules that were proposed, whatever became of them, and those of its profile."""
    return (
        LearnedRule.objects.of(project.organization_id).filter(_of_project(project), state__in=DECIDED).order_by("-id")
    )


def proposals(project: Project) -> QuerySet[LearnedRule]:
    rows = LearnedRule.objects.of(project.organization_id)
    return rows.filter(project=project, state=State.PROPOSED).order_by("id")


def active(project: Project) -> tuple[TaughtRule, ...]:
    """The accepted rules that count for the project's texts, the oldest first."""
    return tuple(dict.fromkeys(row.rule for row in _accepted_rules(project).order_by("id")[:MOST_ACTIVE]))


def _accepted_rules(project: Project) -> QuerySet[LearnedRule]:
    return LearnedRule.objects.of(project.organization_id).filter(_of_project(project), state=State.ACCEPTED)


def _of_project(project: Project) -> Q:
    mine = Q(project=project, profile=None)
    return mine | Q(profile=project.content_profile_id) if project.content_profile_id else mine


@transaction.atomic
def decide(*, rule: LearnedRule, to: str, by: User) -> LearnedRule:
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
        raise Conflict(_("This rule does not exist."), code="not_proposed")
    if to == State.ACCEPTED and _accepted_rules(rule.project).exclude(pk=rule.pk).count() >= MOST_ACTIVE:
        raise Conflict(
            _("At most {most} rules are accepted. Dismiss one first.", most=MOST_ACTIVE), code="too_many_rules"
        )
    rule.state = to
    rule.profile_id = rule.project.content_profile_id if to == State.ACCEPTED else None
    rule.decided_by = by if isinstance(by, User) and to != State.PROPOSED else None
    rule.decided_at = timezone.now() if to != State.PROPOSED else None
    rule.save(update_fields=["state", "profile", "decided_by", "decided_at"])
    return rule


MOST_CORRECTIONS = 12  # corrections of one edit; an edit with more of them writes the text anew, and teaches nothing
ALIKE = 0.5  # the share of words that an edit leaves; below it the text was written anew
LONGEST_TEXT = 2000  # words
LONGEST_OUT, LONGEST_IN = 3, 4  # words
LONGEST_TERM = 60  # characters
_WORDS = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’-][^\W\d_]+)*")


class Correction(NamedTuple):
    """`term` was taken out, in lower case. `instead`, if any, took its place, as it was written."""

    term: str
    instead: str = ""


def corrections_in(before: Json, after: Json) -> set[Correction]:
    """The corrections that lead from one content to the other, word by word."""
    old, new = texts.texts_by_name(before), texts.texts_by_name(after)
    made = {
        one
        for name in old.keys() & new.keys()
        if old[name] != new[name]
        for one in _corrections_in_text(old[name], new[name])
    }
    return made if len(made) <= MOST_CORRECTIONS else set()


def _corrections_in_text(before: str, after: str) -> Iterator[Correction]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if not old or max(len(old), len(new)) > LONGEST_TEXT:
        return
    plain_old, plain_new = [word.lower() for word in old], [word.lower() for word in new]
    steps = list(text_steps.operations(plain_old, plain_new))
    kept = sum(end - start for step, start, end, _, _ in steps if step == "equal")
    if 2 * kept < ALIKE * (len(plain_old) + len(plain_new)):
        return
    left = f" {' '.join(plain_new)} "
    for step, start, end, from_, to in steps:
        out, put = plain_old[start:end], new[from_:to]
        if step not in ("delete", "replace") or len(out) > LONGEST_OUT or len(put) > LONGEST_IN:
            continue
        phrase = " ".join(out)
        for term in dict.fromkeys([phrase, *out]):
            if f" {term} " in left or not _telling(term):
                continue
            yield Correction(term)
            if put and term == phrase and len(instead := " ".join(put)) <= LONGEST_TERM:
                yield Correction(term, instead)


def _telling(term: str) -> bool:
    """Whether a rule about the term makes sense: it has a word that is no small one, and no number."""
    words = term.split()
    return (
        len(term) <= LONGEST_TERM
        and not any(character.isdigit() for character in term)
        and any(len(word) > 1 and word not in common_words() for word in words)
    )
