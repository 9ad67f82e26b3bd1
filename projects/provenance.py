"""Where an item's texts come from: the model, the prompt, the checks, the people. The record.

It is read from what is kept anyway: the present content, the versions that it replaced, and the approvals. None of
those rows can be changed or deleted while the item is there (migration 0036).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accounts.models import User
from projects import decisions
from projects.models import ContentItem, ItemVersion
from projects.models.approval import Approval, text_digests
from scribe.api.fields import utc
from scribe.ids import uuid7
from scribe.types import Json
from writing import text_steps
from writing.disclosure import Disclosure
from writing.fields import BY_NAME

GENERATED, APPROVED = "generated", "approved"
STANDING = (ContentItem.Status.APPROVED, ContentItem.Status.SYNCED)
FINDING = ("text", "detail", "supported", "source_field", "code", "rule", "version", "severity", "law", "found_by")
APPROVE = """
INSERT INTO projects_approval
    (id, created_at, organization_id, item_id, person_id, key_id, override, reason, digests)
SELECT made.id, %s, item.organization_id, item.id, %s, %s, made.override, CASE WHEN made.override THEN %s ELSE '' END,
    projects_text_digests(item.generated_content)
FROM (SELECT unnest(%s::uuid[]) AS id, unnest(%s::uuid[]) AS item_id, unnest(%s::boolean[]) AS override) AS made
JOIN projects_contentitem AS item ON item.id = made.item_id
JOIN projects_project AS project ON project.id = item.project_id
LEFT JOIN integrations_storeconnection AS shop ON shop.id = project.store_connection_id
WHERE shop.provenance IS DISTINCT FROM 'off'
"""


def record_approvals(items: Sequence[ContentItem], *, by: object, overridden: Collection[UUID], reason: str) -> None:
    """Add that `by` has approved the present texts of these items, in the transaction that approves them. `overridden`
    are the ids of those that something stood against."""
    key = getattr(by, "api_key", None)
    ids = [item.pk for item in items]
    person = by.pk if isinstance(by, User) else None
    doubted = [pk in overridden for pk in ids]
    about = [timezone.now(), person, key.pk if key else None, reason[:500]]
    with connection.cursor() as cursor:
        cursor.execute(APPROVE, [*about, [uuid7() for _ in ids], ids, doubted])


@dataclass(frozen=True)
class TextState:
    """One content that the item has had. `event` is how it came: `generated`, `edited`, `restored` or `undone`."""

    event: str
    at: str
    by: str | None
    content: Json
    metadata: Json
    digests: Mapping[str, str]


@dataclass
class Lineage:
    """How one text came to be: what was generated, and the edits since."""

    generated: TextState | None = None
    edits: list[Json] = field(default_factory=list)


def writer_of(metadata: Json) -> Json:
    """What wrote a text. One that no model wrote, such as letters put into another script, has an empty model."""
    settings = metadata.get("settings")
    return {
        "provider": metadata.get("ai_provider") or "",
        "model": metadata.get("ai_model") or "",
        "prompt_version": metadata.get("prompt_version"),
        "settings": settings if isinstance(settings, dict) else {},
        "generated_at": metadata.get("generated_at"),
    }


def record_of(item: ContentItem) -> Json:
    """The record of an item, as `GET …/items/{id}/provenance` answers."""
    states, approvals = (
        _states(item),
        list(Approval.objects.of(item.organization_id).filter(item=item).order_by("created_at", "pk")),
    )
    whose = (*(state.by for state in states), *(approval.person_id for approval in approvals))
    people = name_people(whose, item.organization_id)
    entries: list[tuple[str, Json]] = []
    lines: dict[tuple[str, str], Lineage] = {}
    before: TextState | None = None
    for state in states:
        changed = []
        for name, digest in state.digests.items():
            earlier = before.digests.get(name) if before else None
            if digest == earlier:
                continue
            share = words_changed(_text(before.content if before else {}, name), _text(state.content, name))
            changed.append({"field": name, "sha256": digest, "words_changed": share})
            if (name, digest) in lines:  # it stood there before
                continue
            if state.event == GENERATED:
                lines[name, digest] = Lineage(state)
            else:
                kept = lines.get((name, earlier or ""), Lineage())
                edit = {"at": state.at, "by": people.get(state.by or ""), "words_changed": share}
                lines[name, digest] = Lineage(kept.generated, [*kept.edits, edit])
        writer = writer_of(state.metadata) if state.event == GENERATED else None
        entry = {
            "at": state.at,
            "event": state.event,
            "by": people.get(state.by or ""),
            "writer": writer,
            "texts": changed,
        }
        entries.append((state.at, {**entry, "checks": results_of(state.metadata)}))
        before = state
    entries += [(str(utc(approval.created_at)), _approval(approval, people)) for approval in approvals]
    present = states[-1] if states else None
    declined = set(decisions.declined_fields(item.decisions))
    texts = []
    for name, digest in present.digests.items() if present else ():
        standing = item.status in STANDING and name not in declined
        valid = [a for a in approvals if standing and a.digests.get(name) == digest]
        text = _field(item, name, present.content, lines[name, digest])  # type: ignore[union-attr]
        approved = _approval(valid[-1], people) if valid else None
        texts.append({"sha256": digest, **text, "declined": name in declined, "approved": approved})
    return {
        "item_id": str(item.pk),
        "language": item.language or (writer_of(present.metadata)["settings"].get("language", "") if present else ""),
        "status": item.status,
        "approved": bool(texts) and all(text["approved"] or text["declined"] for text in texts),
        "checks": results_of(item.generation_metadata),
        "texts": texts,
        "entries": [entry for _, entry in sorted(entries, key=lambda pair: pair[0])],
    }


def disclosures(items: Iterable[UUID]) -> dict[UUID, Disclosure]:
    """What is to be told of those of these items whose text a model wrote. A person has reviewed a text whose last
    approval was given by a person, and not by a program with a key."""
    ids = list(items)
    last = Approval.objects.filter(item__in=ids).order_by("item_id", "-created_at", "-pk").distinct("item_id")
    reviewed = {approval.item_id for approval in last if approval.person_id and not approval.key_id}
    names = ("ai_provider", "ai_model", "generated_at", "edited_at")
    rows = ContentItem.rows.filter(pk__in=ids).values_list("pk", *(f"generation_metadata__{name}" for name in names))
    found = {}
    for pk, *values in rows:
        known = dict(zip(names, values, strict=True))
        if told := Disclosure.of(known, reviewed=pk in reviewed, edited=bool(known["edited_at"])):
            found[pk] = told
    return found


def words_changed(old: str, new: str) -> float:
    """The share of words in which two texts differ, 0 to 1: of all words of both, those that the other one lacks."""
    counts = {"equal": 0, "delete": 0, "insert": 0}
    for step, text in text_steps.between(old, new):
        counts[step] += len(text.split())
    whole = 2 * counts["equal"] + counts["delete"] + counts["insert"]
    return round((counts["delete"] + counts["insert"]) / whole, 3) if whole else 0.0


def _states(item: ContentItem) -> list[TextState]:
    """The contents of the item, the oldest first, the present one last."""
    digests = text_digests()
    kept = list(
        ItemVersion.objects.of(item.organization_id)
        .filter(item=item)
        .annotate(digests=digests)
        .order_by("created_at", "pk")
    )
    present = ContentItem.rows.of(item.organization_id).filter(pk=item.pk).values_list(digests, flat=True).first() or {}
    held = [(one.generated_content, one.generation_metadata, one.digests) for one in kept]
    held += [(item.generated_content, item.generation_metadata, present)] if present else []
    found = []
    for number, (content, metadata, found_digests) in enumerate(held):
        how = kept[number - 1] if number else None
        generated = how.reason == ItemVersion.Reason.REGENERATED if how else bool(metadata.get("generated_at"))
        at = metadata.get("generated_at") if generated else None
        at = at or (utc(how.created_at) if how else metadata.get("edited_at")) or utc(item.created_at)
        event = GENERATED if generated else str(how.reason) if how else str(ItemVersion.Reason.EDITED)
        by = None if generated else how.created_by_id if how else metadata.get("edited_by")
        found.append(TextState(event, str(at), by if by is None else str(by), content, metadata, found_digests))
    return found


def _field(item: ContentItem, name: str, content: Json, line: Lineage) -> Json:
    made = line.generated
    return {
        "field": name,
        "generated": writer_of(made.metadata) if made else None,
        "edits": line.edits,
        "words_changed": words_changed(_text(made.content, name), _text(content, name)) if made else None,
        "findings": _findings(item.generation_metadata, name),
    }


def _approval(approval: Approval, people: Mapping[str, Json]) -> Json:
    return {
        "at": utc(approval.created_at),
        "event": APPROVED,
        "by": people.get(str(approval.person_id)),
        "key_id": str(approval.key_id) if approval.key_id else None,
        "override": approval.override,
        "reason": approval.reason,
        "texts": [{"field": name, "sha256": digest} for name, digest in sorted(approval.digests.items())],
    }


def results_of(metadata: Json) -> list[Json]:
    return [
        {"id": check["id"], "passed": check.get("passed"), "detail": check.get("detail", "")}
        for check in metadata.get("checks") or []
    ]


def _findings(metadata: Json, name: str) -> list[Json]:
    """What the checks, the second reader (`verification`) and the rules of law found in the present text of a field."""
    return [
        {"check": check["id"], **{key: finding[key] for key in FINDING if key in finding}}
        for check in metadata.get("checks") or []
        for finding in check.get("findings") or []
        if isinstance(finding, dict) and _is_about(str(finding.get("field") or ""), name)
    ]


def _is_about(place: str, name: str) -> bool:
    """Whether a finding in `tags[0]`, `attributes.Colour` or the whole `seo` is about the text of this name."""
    place = place.partition("[")[0]
    return place in (name, name.partition(".")[0]) or place.partition(".")[0] == name


def name_people(ids: Iterable[object], organization_id: UUID) -> dict[str, Json]:
    """`{id, name, email}` of these people by id; of those that are gone, or of our staff, the id
    alone."""
    wanted = {str(pk) for pk in ids if pk}
    known = {str(user.pk): user for user in User.objects.of(organization_id).filter(pk__in=wanted)}
    return {
        pk: {"id": pk, "name": user.name if (user := known.get(pk)) else "", "email": user.email if user else ""}
        for pk in wanted
    }


def _text(content: Json, name: str) -> str:
    row = BY_NAME.get(name)
    value = row.of(content) if row else content.get(name)
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")
