"""How ready texts are for the store, and so what to do next: one rule for lists, counts, pages and replies."""

from collections.abc import Mapping

from django.db.models import Case, CharField, Exists, OuterRef, Q, TextChoices, Value, When

from projects.models import ContentItem, Drift, SyncRecord
from projects.models.expressions import HasOpenClaim
from projects.models.item import OF_MERCHANT, TO_UPDATE

Status = ContentItem.Status


class Readiness(TextChoices):
    """What a text lacks. The most urgent state comes first."""

    CONFLICT = "conflict"
    NOT_IN_STORE = "not_in_store"
    NEEDS_FACTS = "needs_facts"
    NEEDS_DECISION = "needs_decision"
    READY = "ready"
    NEEDS_TEXT = "needs_text"
    IN_STORE = "in_store"


#: A variant without a text of its own: it takes its product's.
UNWRITTEN_VARIANT = Q(item_type=ContentItem.Type.VARIANT, status=Status.PENDING)
COUNTED = Q(excluded_at=None) & ~UNWRITTEN_VARIANT
WAITING = Q(status__in=(Status.GENERATED, Status.FLAGGED)) & ~TO_UPDATE
OPEN_CLAIM = Q(has_unsupported_claims=True) & (Q(decisions={}) | Q(HasOpenClaim()))
UNWRITTEN = Q(status__in=(Status.PENDING, Status.REJECTED)) & ~OF_MERCHANT
#: Where each state begins. No text has two of them; what the store does not have, then conflicts come before all.
STATES: Mapping[str, Q] = {
    Readiness.NEEDS_FACTS: WAITING & OPEN_CLAIM,
    Readiness.NEEDS_DECISION: WAITING & ~OPEN_CLAIM,
    Readiness.READY: Q(status=Status.APPROVED) & ~TO_UPDATE,
    Readiness.NEEDS_TEXT: UNWRITTEN | (~Q(status=Status.PENDING) & TO_UPDATE),
    Readiness.IN_STORE: (Q(status=Status.SYNCED) & ~TO_UPDATE) | OF_MERCHANT,
}


def matching(state: str) -> Q:
    """The texts in this state. An excluded item, and a variant that takes its product's text, have none."""
    if state == Readiness.NOT_IN_STORE:
        return COUNTED & _is_gone()
    return COUNTED & ~_is_gone() & (_conflict() if state == Readiness.CONFLICT else STATES[state] & ~_conflict())


def state() -> Case:
    """The state of each text; empty for one that has none."""
    rules = [
        When(~COUNTED, then=Value("")),
        When(_is_gone(), then=Value(Readiness.NOT_IN_STORE)),
        When(_conflict(), then=Value(Readiness.CONFLICT)),
    ]
    rules += [When(rule, then=Value(name)) for name, rule in STATES.items()]
    return Case(*rules, default=Value(""), output_field=CharField())


def state_of(item: ContentItem) -> str:
    found: str = ContentItem.rows.of(item.organization_id).filter(pk=item.pk).values_list(state(), flat=True).get()
    return found


def _is_gone() -> Q:
    """Whether a push or a comparison found nothing in the store, and no import has read it since."""
    return Q(Exists(Drift.objects.filter(gone=True, item=OuterRef("pk"))))


def _conflict() -> Q:
    """Whether the latest push found the text changed in the store, or that of the item in a further language."""
    found = SyncRecord.objects.open_conflicts()
    return Q(Exists(found.filter(item=OuterRef("pk")))) | Q(Exists(found.filter(item__main=OuterRef("pk"))))
