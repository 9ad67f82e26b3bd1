"""The pages of the workbench, and a row for each id in their addresses: for tests that walk them."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from accounts import notifications
from accounts.models import ApiKey, Invitation, Session, SocialIdentity, Tone
from billing.models import Payment
from integrations.models import BlogConnection
from projects.models import ContentProfile, GlossaryTerm
from scribe import jobs
from tests.factories import make_invoice
from webhooks import endpoints, log
from webhooks.models import EventDelivery
from workbench.urls import urlpatterns
from writing.models import Evidence

#: Their answer is a file or a stream, which has no frame.
NO_PAGES = {
    "source-file",
    "project-file",
    "translators-file",
    "job-events",
    "guard-plugin",
    "item-image",
    "movements-file",
    "usage-file",
    "invoice-file",
    "payment-file",
    "export-file",
    "picture",
    "glossary-file",
    "memory-file",
}
#: Parts that a page fetches by itself, with forms of their own.
PARTS = {"item", "item-discussion", "review-queue", "job-progress", "versions"}


def routes() -> list[SimpleNamespace]:
    found = []
    for pattern in urlpatterns:
        view = getattr(pattern.callback, "view_class", None)
        if view is None:
            continue  # whatever is no page
        methods = [name for name in ("get", "post") if hasattr(view, name)]
        names = tuple(pattern.pattern.converters)
        found.append(
            SimpleNamespace(path=str(pattern.pattern), name=pattern.name, view=view, methods=methods, names=names)
        )
    return found


ROUTES = routes()


def address(route: Any, ids: dict[str, Any]) -> str:
    return "/app/" + re.sub(r"<uuid:(\w+)>", lambda match: str(ids[match[1]]), route.path)


def account_rows(cast: Any) -> dict[str, Any]:
    """Rows of the owner's account, one for each name that its routes have."""
    organization = cast.organization
    payment = Payment.objects.create(
        organization=organization, provider="dodo", external_id="pay_1", kind="topup", status="succeeded",
        amount_minor=1500, currency="EUR", paid_at=timezone.now(), xct=500,
    )  # fmt: skip
    invitation = Invitation.objects.create(
        organization=organization, email="guest@example.com", digest="d", expires_at=timezone.now() + timedelta(days=7)
    )
    key = ApiKey.objects.create(organization=organization, name="Plugin", prefix="xcs_1", digest="k")
    session = Session.objects.create(user=cast.owner, organization=organization, via=Session.Via.PASSWORD)
    endpoint = endpoints.create(organization=organization, by=cast.owner, url="https://erp.example.com/scribe")
    endpoints.ping(endpoint=endpoint)
    log.spread(organization.pk)
    return {
        "invoice_id": make_invoice(organization).pk,
        "payment_id": payment.pk,
        "user_id": cast.teammate.pk,
        "invitation_id": invitation.pk,
        "key_id": key.pk,
        "endpoint_id": endpoint.pk,
        "blog_id": BlogConnection.objects.create(
            organization=organization, name="Blog", site_url="https://blog.example"
        ).pk,
        "delivery_id": EventDelivery.objects.get(endpoint=endpoint, event__type="ping").pk,
        "session_id": session.pk,
        "identity_id": SocialIdentity.objects.create(
            user=cast.owner, organization=organization, provider="google", subject="g-1"
        ).pk,
        "profile_id": ContentProfile.objects.create(organization=organization, name="Shop").pk,
        "term_id": GlossaryTerm.objects.create(
            organization=organization, text="Bottle", language="en", targets={"de": {"text": "Flasche"}}
        ).pk,
        "evidence_id": Evidence.objects.create(
            organization=organization,
            name="Label",
            number="1",
            rule="green-generic",
            claims=["green"],
            valid_until=timezone.localdate(),
        ).pk,
        "tone_id": Tone.objects.create(organization=organization, slug="ours", name="Ours").pk,
        "notice_id": notifications.notify(
            organization=organization, event="account.changed", title="A", users=[cast.owner]
        )[0].pk,
        "export_id": jobs.create(job_type="gdpr_export", organization=organization, created_by=cast.owner).pk,
    }


#: Steps of a sign-in, which are tested with it.
STEPS = {"second-factor", "second-factor-setup", "google", "google-return", "apple", "apple-return"}
