"""The choice of a membership: what a role, languages and projects make together."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from uuid import UUID

from accounts.models.membership import Membership
from scribe import chosen_projects
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.rows import Principal
from scribe.types import Json

Role = Membership.Role
#: Our code of a language, however it is written, or InvalidInput at the pointer: by the app that knows languages.
language_codes: list[Callable[[object, str], str]] = []


@dataclass(frozen=True)
class MembershipChoice:
    """The role, the codes of the languages, and the ids of the projects (none: all)."""

    role: str = Role.MEMBER
    languages: tuple[str, ...] = ()
    project_ids: tuple[UUID, ...] = ()

    @staticmethod
    def of(row: Membership) -> "MembershipChoice":
        return MembershipChoice(row.role, tuple(row.languages), tuple(row.project_ids))

    def as_columns(self) -> Json:
        return {"role": self.role, "languages": list(self.languages), "project_ids": list(self.project_ids)}

    def as_record(self) -> Json:
        """For the audit log: without what is empty."""
        return {name: value for name, value in asdict(self).items() if value}


def choose(changes: Json, *, by: Principal, now: MembershipChoice | None = None) -> MembershipChoice:
    """`now` (by default that of a member) with the `role`, `languages` and `project_ids` that `changes` names. What the
    new role can't have goes unless it is named.

    Raises InvalidInput for languages of a viewer, projects of an admin, a translator without languages, and an unknown
    language; NotFound for a new project that `by` does not see."""
    now = now or MembershipChoice()
    role = changes.get("role") or now.role
    languages, project_ids = changes.get("languages"), changes.get("project_ids")
    if role == Role.VIEWER and languages:
        raise InvalidInput.at("#/languages", _("A viewer reviews no texts, so choose no languages."), "not_for_role")
    if role == Role.ADMIN and project_ids:
        raise InvalidInput.at("#/project_ids", _("An admin sees all projects, so choose none."), "not_for_role")
    if languages is None:
        languages = () if role == Role.VIEWER else now.languages
    else:
        for code_of in language_codes:
            languages = {code_of(code, f"#/languages/{at}") for at, code in enumerate(languages)}
        languages = sorted(languages)
    if role == Role.TRANSLATOR and not languages:
        raise InvalidInput.at("#/languages", _("Choose the languages that this person translates."), "required")
    if project_ids is None:
        project_ids = () if role == Role.ADMIN else now.project_ids
    else:
        # Those of the present limit may be in the trash or deleted: they stay, since none would mean all.
        held = {str(pk): pk for pk in now.project_ids}
        kept = [held[str(pk)] for pk in project_ids if str(pk) in held]
        added = [pk for pk in project_ids if str(pk) not in held]
        project_ids = sorted({*kept, *chosen_projects.find(added, caller=by)})
    return MembershipChoice(role, tuple(languages), tuple(project_ids))
