"""A person's place in an organization: the role, the languages that they review, and the projects that they see."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Membership(models.Model):
    """What a user has, and an invitation promises. `docs/explanation/roles.md` says what each role may do."""

    class Role(models.TextChoices):
        ADMIN = "admin"
        MEMBER = "member"
        REVIEWER = "reviewer"
        TRANSLATOR = "translator"
        VIEWER = "viewer"

    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    languages = ArrayField(
        models.CharField(max_length=10),
        default=list,
        db_default=[],
        blank=True,
        help_text="Whose texts await this person's review. A translator edits and approves no others.",
    )
    project_ids = ArrayField(
        models.UUIDField(), default=list, db_default=[], blank=True, help_text="Empty: all projects."
    )

    class Meta:
        abstract = True


def rules(table: str) -> list[models.CheckConstraint]:
    role = Membership.Role
    conditions = {
        "role_is_known": Q(role__in=role.values),
        "translator_has_languages": ~Q(role=role.TRANSLATOR) | ~Q(languages=[]),
        "viewer_reviews_nothing": ~Q(role=role.VIEWER) | Q(languages=[]),
        "admin_sees_all_projects": ~Q(role=role.ADMIN) | Q(project_ids=[]),
    }
    return [models.CheckConstraint(name=f"{table}_{name}", condition=found) for name, found in conditions.items()]
