"""What happens, a row each: what programs are told of it, and what people. Documents, filters, notices and mails read this table."""

from dataclasses import dataclass, field

from scribe.messages import _

ALERTS, MONEY, STUDIO = "mail_system_alerts", "mail_usage_billing", "mail_ai_studio"  # columns of the user


#: What each kind of notice is about, in neutral words.
NOTICES = {
    "job_completed": _("Job completed"),
    "job_failed": _("Job failed"),
    "low_balance": _("Low balance"),
    "invoice_issued": _("Invoice issued"),
    "invoice_confirmed": _("Invoice confirmed"),
    "payment_failed": _("Payment failed"),
    "post_published": _("Post published"),
    "post_failed": _("Post failed"),
    "studio_comment": _("Studio comment"),
    "export_ready": _("Export ready"),
    "webhook_failing": _("Webhook failing"),
    "security": _("Security"),
}


@dataclass(frozen=True)
class EventType:
    """`subject` is the kind of row that `data.id` names. `fields` are the other keys of `data`, each with a sentence.

    Programs are told of it if it is `sent_to_programs`. People get a notice of the kind `notice`, where there is one:
    the `admins` alone, or everybody who sees the project. It is also mailed if their preference `mail` says so; if `mail`
    is empty, the mail is always sent.
    """

    name: str
    subject: str
    summary: str
    fields: dict[str, str] = field(default_factory=dict)
    sent_to_programs: bool = True
    notice: str = ""
    mail: str = ""
    admins: bool = False


_PROJECT = "The project's id, or null."

EVENTS = {
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
            notice="job_completed",
            mail=ALERTS,
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
            notice="post_published",
            mail=ALERTS,
        ),
        EventType(
            "wallet.low",
            "wallet",
            "A level of the XCT balance was reached; told once per level and cycle.",
            {"percent": "20 or 0: the percentage of the month's XCT that is left, at most."},
            notice="low_balance",
            mail=MONEY,
            admins=True,
        ),
        EventType(
            "invoice.issued",
            "invoice",
            "An invoice was issued.",
            {"number": "The invoice's number."},
            notice="invoice_issued",
            mail=MONEY,
            admins=True,
        ),
        EventType(
            "api_key.expiring",
            "api_key",
            "An API key is about to expire.",
            {"expires_at": "When it stops working."},
            notice="security",
            admins=True,
        ),
        EventType(
            "endpoint.disabled",
            "endpoint",
            "A webhook endpoint gets no more events.",
            {"reason": "`gone`, `failing` or `switched_off`."},
            notice="webhook_failing",
            mail=ALERTS,
            admins=True,
        ),
        EventType("ping", "endpoint", "A test, sent to one endpoint on request."),
        # For people only.
        EventType(
            "export.ready",
            "export",
            "The organization's data can be fetched.",
            sent_to_programs=False,
            notice="export_ready",
            mail=ALERTS,
            admins=True,
        ),
        EventType(
            "post.failed",
            "post",
            "A post could not be published.",
            sent_to_programs=False,
            notice="post_failed",
            mail=ALERTS,
        ),
        EventType(
            "endpoint.failing",
            "endpoint",
            "An endpoint fails for days.",
            sent_to_programs=False,
            notice="webhook_failing",
            mail=ALERTS,
            admins=True,
        ),
        EventType(
            "invoice.due",
            "invoice",
            "An invoice is not paid yet.",
            sent_to_programs=False,
            notice="invoice_issued",
            mail=MONEY,
            admins=True,
        ),
        EventType(
            "invoice.paid",
            "invoice",
            "An invoice was paid.",
            sent_to_programs=False,
            notice="invoice_confirmed",
            mail=MONEY,
            admins=True,
        ),
        EventType(
            "payment.failed",
            "payment",
            "A payment did not come in.",
            sent_to_programs=False,
            notice="payment_failed",
            mail=MONEY,
            admins=True,
        ),
        EventType(
            "request.answered",
            "request",
            "A studio request has news.",
            sent_to_programs=False,
            notice="studio_comment",
            mail=STUDIO,
        ),
        EventType(
            "account.changed",
            "account",
            "Something about an account's safety.",
            sent_to_programs=False,
            notice="security",
            admins=True,
        ),
    )
}
#: Those that programs are told of.
TYPES = {name: row for name, row in EVENTS.items() if row.sent_to_programs}
