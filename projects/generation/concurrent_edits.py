"""What a person did to a text while a job was writing it: that stays, and the job's text is not saved."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from projects.models import ContentItem
from projects.models.expressions import Judged
from scribe.messages import _

CODE = "changed_meanwhile"
REASON = _("Someone edited, approved or rejected this text while it was being generated. Their version was kept.")


UNTOUCHED = ""  # `judged` of a text that was still to be written when the job was made
_TO_BE_WRITTEN = Q(status=ContentItem.Status.PENDING, generated_content={})


def digests(rows: Iterable[UUID]) -> dict[UUID, str]:
    """What people have decided so far about those of these texts that are not still to be written."""
    found = ContentItem.rows.filter(pk__in=list(rows)).exclude(_TO_BE_WRITTEN).annotate(judged=Judged())
    return dict(found.values_list("pk", "judged"))


def reset(noted: Mapping[UUID, str]) -> dict[UUID, str]:
    """Put those of these texts back to pending that are as `noted`: a person has changed the others. Their new digests."""
    written = [pk for pk, judged in noted.items() if judged != UNTOUCHED]
    rows = ContentItem.rows.filter(pk__in=written).order_by("pk").select_for_update(no_key=True)
    now = rows.annotate(judged=Judged()).values_list("pk", "judged")
    same = [pk for pk, judged in now if judged == noted[pk]]
    ContentItem.rows.filter(pk__in=same).exclude(status=ContentItem.Status.PENDING).update(
        status=ContentItem.Status.PENDING
    )
    return dict.fromkeys(same, UNTOUCHED) | digests(same)


def has_changed(loaded: ContentItem, now: ContentItem, *, noted: str | None, since: datetime) -> bool:
    """Whether a person has changed the text, its status or the decisions on it since the job was made at `since`, when they
    were as `noted`. `now` is the locked row, with its own `judged`.

    Where another job has written the text since then, what counts is whether it changed after it was `loaded`, or was edited.
    Changes of facts, metadata and failures noted on the row do not count.
    """
    if noted is not None and not _is_since(now, "generated_at", since):
        to_be_written = now.status == ContentItem.Status.PENDING and not now.generated_content
        return not to_be_written if noted == UNTOUCHED else now.judged != noted  # type: ignore[attr-defined]
    return _decisions_on(loaded) != _decisions_on(now) or _is_since(now, "edited_at", since)


def _decisions_on(item: ContentItem) -> tuple[object, ...]:
    return item.generated_content, item.status, item.decisions, item.reject_reason


def _is_since(item: ContentItem, key: str, since: datetime) -> bool:
    at = item.generation_metadata.get(key)
    return isinstance(at, str) and datetime.fromisoformat(at) > since
