"""The types of events that other programs are told. The documents, the filters and the checks of `record` read this table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EventType:
    """`subject` is the kind of row that `data.id` names. `fields` are the other keys of `data`, each with a sentence."""

    name: str
    subject: str
    summary: str
    fields: dict[str, str]


_PROJECT = "The project's id, or null."

TYPES = {
    row.name: row
    for row in (
        EventType(
            "job.finished",
            "job",
            "A job has ended, with or without success.",
            {
                "project_id": _PROJECT,
                "job_type": "The kind of job.",
                "status": "`completed`, `completed_with_errors`, `failed` or `cancelled`.",
                "counters": "The numbers of the job's result.",
            },
        ),
        EventType(
            "item.texts_ready",
            "item",
            "An item has new texts, which await review.",
            {"project_id": _PROJECT, "job_id": "The job that wrote them.", "status": "`generated` or `flagged`."},
        ),
        EventType("item.approved", "item", "An item's texts were approved.", {"project_id": _PROJECT}),
        EventType("item.rejected", "item", "An item's texts were rejected.", {"project_id": _PROJECT}),
        EventType(
            "sync.conflict",
            "item",
            "A sync left an item alone, since the merchant has changed its texts in the store meanwhile.",
            {
                "project_id": _PROJECT,
                "job_id": "The sync's job.",
                "fields": "The names of the texts that were changed.",
            },
        ),
        EventType(
            "post.published",
            "post",
            "A blog post is live, or was published again.",
            {
                "project_id": _PROJECT,
                "job_id": "The publishing job.",
                "url": "Where readers find it.",
                "language": "The language that it is in.",
            },
        ),
        EventType(
            "wallet.low",
            "wallet",
            "A level of the XCT balance was reached; told once per level and cycle.",
            {"percent": "20 or 0: what is left of the month's allotment, at most."},
        ),
        EventType("invoice.issued", "invoice", "An invoice was issued.", {"number": "The invoice's number."}),
        EventType(
            "api_key.expiring",
            "api_key",
            "An API key is about to expire.",
            {"expires_at": "When it stops working."},
        ),
        EventType(
            "endpoint.disabled",
            "endpoint",
            "A webhook endpoint gets no more events.",
            {"reason": "`gone`, `failing` or `switched_off`."},
        ),
        EventType("ping", "endpoint", "A test, sent to one endpoint on request.", {}),
    )
}
