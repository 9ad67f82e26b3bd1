"""Who reviews which texts: a translator those in their languages alone, and everybody who has languages also those in
them that nobody is assigned to."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from accounts.models.user import UserRows
from projects import languages
from projects.models import ContentItem, Project
from scribe.errors import Forbidden, InvalidInput
from scribe.messages import _


def check_may_write(by: User | None, items: Sequence[ContentItem]) -> None:
    """Raises Forbidden `not_your_language` if `by` is a translator and one of the project's `items` is in a language of
    others."""
    if _is_bound(by):
        for language in {item.language for item in items}:
            check_language(by, items[0].project, language)


def check_language(by: User | None, project: Project, language: str) -> None:
    """As `check_may_write`, for texts of the project in `language`, which is empty for its main one."""
    if by is not None and not speaks(by, project, language):
        raise Forbidden(
            _("You can edit and approve texts in your own languages only. Ask an admin to add this language."),
            code="not_your_language",
        )


def speaks(person: User, project: Project, language: str) -> bool:
    """Whether the language, which is empty for the project's main one, is no bar to this person."""
    return not _is_bound(person) or (language or languages.main(project)) in person.languages


def _is_bound(person: User | None) -> bool:
    return getattr(person, "role", "") == User.Role.TRANSLATOR


def able(project: Project, language: str) -> UserRows:
    """The people who may review the project's texts in `language`."""
    people = User.objects.of(project.organization_id).active().seeing(project.pk).exclude(role=User.Role.VIEWER)
    mine = Q(languages__contains=[language or languages.main(project)])
    return people.exclude(~mine, role=User.Role.TRANSLATOR)


def check_able(person: User, project: Project, language: str) -> None:
    """Raises InvalidInput for a person who may not review the project's texts in `language`."""
    if not person.is_active:
        raise InvalidInput.at("#/assignee_id", _("This person is deactivated. Choose someone else."), "inactive")
    if not able(project, language).filter(pk=person.pk).exists():
        raise InvalidInput.at(
            "#/assignee_id", _("This person may not review this text. Choose someone else."), "may_not_review"
        )


def texts_of(person_id: UUID, project: Project, language: str) -> Q:
    """The texts in `language` that await this person: assigned to them, or to nobody while they review the language."""
    rows = User.objects.of(project.organization_id).filter(pk=person_id).values_list("languages", flat=True)
    if (language or languages.main(project)) in (rows.first() or ()):
        return Q(assignee=person_id) | Q(assignee=None)
    return Q(assignee=person_id)
