"""What happens, a row each: what programs are told of it, and what people. Documents, filters, notices and mails read this table."""

from dataclasses import dataclass, field

from scribe.messages import _

ALERTS, MONEY, STUDIO = "mail_system_alerts", "mail_usage_billing", "mail_ai_studio"  # columns of the user


@dataclass(frozen=True)
class EventType:
    """`subject` is the kind of row that `data.id` names. `fields` are the other keys of `data`, each with a sentence.

    Programs are told of it if it is a `hook`. People get a notice of the kind `notice`, where there is one, by mail as well if
    their preference `mail` says so, and always without one. It goes to the `admins` alone, or to everybody. `title` says in
    neutral words what it is about.
    """

    name: str
    subject: str
    summary: str
    fields: dict[str, str] = field(default_factory=dict)
    hook: bool = True
    notice: str = ""
    title: str = ""
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
            title=_("Post published"),
            mail=ALERTS,
        ),
        EventType(
            "wallet.low",
            "wallet",
            "A level of the XCT balance was reached; told once per level and cycle.",
            {"percent": "20 or 0: the percentage of the month's XCT that is left, at most."},
            notice="low_balance",
            title=_("Low balance"),
            mail=MONEY,
            admins=True,
        ),
        EventType(
            "invoice.issued",
            "invoice",
            "An invoice was issued.",
            {"number": "The invoice's number."},
            notice="invoice_issued",
            title=_("Invoice issued"),
            mail=MONEY,
            admins=True,
        ),
        EventType(
            "api_key.expiring",
            "api_key",
            "An API key is about to expire.",
            {"expires_at": "When it stops working."},
            notice="security",
            title=_("Security"),
            admins=True,
        ),
        EventType(
            "endpoint.disabled",
            "endpoint",
            "A webhook endpoint gets no more events.",
            {"reason": "`gone`, `failing` or `switched_off`."},
            notice="webhook_failing",
            title=_("Webhook failing"),
            mail=ALERTS,
            admins=True,
        ),
        EventType("ping", "endpoint", "A test, sent to one endpoint on request."),
        *(
            EventType(
                name, name.partition(".")[0], summary, hook=False, notice=notice, title=title, mail=mail, admins=admins
            )
            for name, summary, notice, title, mail, admins in (
                (
                    "job.completed",
                    "Somebody's job has done its work.",
                    "job_completed",
                    _("Job completed"),
                    ALERTS,
                    False,
                ),
                ("job.failed", "Somebody's job has failed.", "job_failed", _("Job failed"), ALERTS, False),
                ("post.failed", "A post could not be published.", "post_failed", _("Post failed"), ALERTS, False),
                (
                    "export.ready",
                    "The organization's data can be fetched.",
                    "export_ready",
                    _("Export ready"),
                    ALERTS,
                    True,
                ),
                (
                    "endpoint.failing",
                    "An endpoint fails for days.",
                    "webhook_failing",
                    _("Webhook failing"),
                    ALERTS,
                    True,
                ),
                ("invoice.due", "An invoice is not paid yet.", "invoice_issued", _("Invoice issued"), MONEY, True),
                ("invoice.paid", "An invoice was paid.", "invoice_confirmed", _("Invoice confirmed"), MONEY, True),
                ("payment.failed", "A payment did not come in.", "payment_failed", _("Payment failed"), MONEY, True),
                (
                    "request.answered",
                    "A studio request has news.",
                    "studio_comment",
                    _("Studio comment"),
                    STUDIO,
                    False,
                ),
                ("account.changed", "Something about an account's safety.", "security", _("Security"), "", True),
            )
        ),
    )
}
#: Those that programs are told of.
TYPES = {name: row for name, row in EVENTS.items() if row.hook}
