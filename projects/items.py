"""List a project's items, exclude items and restore them."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.fields.json import HasAnyKeys
from django.utils import timezone

from accounts.models import User
from integrations.stores import platforms
from projects import lifecycle, reviewers
from projects import readiness as states
from projects.models import ContentItem, ItemWords, Project, SavedFilter
from projects.models.expressions import AttributeFindings, FailedChecks, FindingFields, ItemCategories, UnsupportedKinds
from projects.models.item import JUDGED
from projects.project_export import matching, words_with
from scribe.errors import InvalidInput
from scribe.messages import _
from writing.fields import BY_NAME, LISTS, Form

EXCLUDED = "excluded"
LONGEST_NAME = 60  # characters of a filter's name
MOST_FILTERS = 30  # that a person may keep in a project


def filter_items(
    *,
    project: Project,
    status: str | None = None,
    readiness: str = "",
    source_id: UUID | None = None,
    item_type: str | None = None,
    search: str = "",
    failed_check: str = "",
    claim_kind: str = "",
    field: str = "",
    category: str = "",
    assignee: UUID | None = None,
    updated_since: datetime | None = None,
    language: str = "",
) -> QuerySet[ContentItem]:
    """The items that a list shows, in the order of their creation. With `language`, the items' texts in this further language.

    A status means the included items in it, `excluded` means the others, and no status means all. `readiness` is a state of
    `projects.readiness`. `failed_check` is the id of
    a check that the content failed, `claim_kind` the kind of a claim that has no source, `field` the name of a field in
    which a check found something wrong, `category` a category as the shop names it. These four leave out the items that were
    never checked. `assignee` is the id of a person: what
    awaits their review (`reviewers.texts_of`).
    """
    items = ContentItem.rows.of(project.organization_id).filter(project=project, language=language)
    if status == EXCLUDED:
        items = items.excluded()
    elif status:
        items = items.included().filter(status=status)
    if readiness:
        items = items.filter(states.matching(readiness))
    if source_id:
        items = items.of_source(source_id)
    if item_type:
        items = items.filter(item_type=item_type)
    if failed_check:
        items = items.alias(failed=FailedChecks()).filter(JUDGED, Q(failed__contains=[failed_check]))
    if claim_kind:
        items = items.alias(kinds=UnsupportedKinds()).filter(JUDGED, Q(kinds__contains=[claim_kind]))
    if field:
        items = items.filter(JUDGED).filter(_found_in(field))
    if category:
        items = items.alias(named=ItemCategories()).filter(JUDGED, Q(named__contains=[category]))
    if assignee:
        items = items.filter(reviewers.texts_of(assignee, project, language))
    if updated_since:
        items = items.filter(updated_at__gte=updated_since)
    return matching(items, project, search, language=language).order_by("id")


def counted_by_words(
    *, project: Project, search: str = "", language: str = "", **filters: object
) -> QuerySet[ItemWords] | None:
    """As many rows as `filter_items` has, of a narrow table that is counted quickly; None if more than a search filters."""
    return None if not search or any(filters.values()) else words_with(project, search, language=language)


def _found_in(field: str) -> Q:
    """Whether a check found something wrong in the field. Findings name the entry of a list (`tags[0]`) or the attribute."""
    row = BY_NAME[field]
    if row.form is Form.PAIRS:
        return Q(AttributeFindings(F("generation_metadata")))
    names = [field, *(f"{field}[{place}]" for place in range(row.kept_entries if row.form in LISTS else 0))]
    return Q(HasAnyKeys(FindingFields(), names))


@transaction.atomic
def exclude(*, project: Project, items: Iterable[ContentItem], by: User | None, alone: bool = False) -> list[UUID]:
    """Exclude items from generation, export and sync. Returns the ids that were included before. The children of a Magento
    configurable are excluded with it, unless `alone`."""
    reviewers.check_language(by, project, "")
    ids = [item.pk for item in items] if alone else _with_children(project, items)
    changed = list(
        ContentItem.objects.filter(pk__in=ids)
        .included()
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    now = timezone.now()
    ContentItem.objects.filter(pk__in=changed).update(excluded_at=now, updated_at=now)
    lifecycle.refresh_status(project.pk)
    return changed


@transaction.atomic
def restore(
    *,
    project: Project,
    items: Iterable[ContentItem],
    by: User | None,
    alone: bool = False,
    check_may_approve: Callable[[], None] = lambda: None,
) -> list[UUID]:
    """Include excluded items again, each in its earlier status. Returns the ids that were excluded before.
    `check_may_approve` is called, and may raise, when one of them is approved: it can go to the shop again."""
    reviewers.check_language(by, project, "")
    ids = [item.pk for item in items] if alone else _with_children(project, items)
    found = dict(
        ContentItem.objects.filter(pk__in=ids)
        .excluded()
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", "status")
    )
    if any(status in lifecycle.FINISHED for status in found.values()):
        check_may_approve()
    changed = list(found)
    ContentItem.objects.filter(pk__in=changed).update(excluded_at=None, updated_at=timezone.now())
    lifecycle.refresh_status(project.pk)
    return changed


def _with_children(project: Project, items: Iterable[ContentItem]) -> list[UUID]:
    ids = [item.pk for item in items]
    if not platforms.get(project.platform).exclude_variants_with_parent:
        return ids
    return ids + list(ContentItem.objects.filter(project=project, parent_id__in=ids).values_list("pk", flat=True))


@transaction.atomic
def save_filter(*, project: Project, user: User, name: str, query: dict[str, str]) -> SavedFilter:
    """Keep `query` as this person's filter `name`, in the place of the one that they have under it. Raises InvalidInput
    without a name, and for one too many."""
    name = name.strip()
    if not name:
        raise InvalidInput.at("#/name", _("Give the filter a name."), "required")
    if len(name) > LONGEST_NAME:
        raise InvalidInput.at("#/name", _("Enter at most {most} characters.", most=LONGEST_NAME), "too_long")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # of two at once, one waits for the other's count
    own = SavedFilter.objects.of(project.organization_id).filter(project=project, user=user)
    if own.exclude(name=name).count() >= MOST_FILTERS:
        raise InvalidInput.at("#/name", _("At most {n} filters are kept. Remove one first.", n=MOST_FILTERS))
    given = {"organization_id": project.organization_id, "query": query}
    saved, _created = SavedFilter.objects.update_or_create(project=project, user=user, name=name, defaults=given)
    return saved
