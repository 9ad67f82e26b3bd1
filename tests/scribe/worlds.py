"""What an organization may own, one row each."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models import ApiKey, Invitation, Notification, SocialIdentity, Tone
from billing.models import Invoice
from blog.models import BlogImage, BlogPost, BlogTemplate, StockPhotoKey
from integrations.models import BlogConnection, StoreConnection
from projects.models import (
    ContentProfile,
    DataSource,
    GlossaryTerm,
    ItemComment,
    ItemVersion,
    LearnedRule,
    PluginGeneration,
)
from scribe.models import Event, Job
from studio.models import StoreAudit, StudioRequest
from tests import factories
from webhooks.models import EventDelivery, WebhookEndpoint
from writing.models import Evidence

NUMBERS = count(1)


def fill(model: Any, **known: Any) -> Any:
    """A row of `model` with whatever its columns demand."""
    values = dict(known)
    for field in model._meta.concrete_fields:
        if (
            field.name in values
            or field.attname in values
            or field.has_default()
            or field.null
            or field.blank
            or field.primary_key
        ):
            continue
        if isinstance(field, models.ForeignKey):
            raise AssertionError(f"{model.__name__}.{field.name} must be given")
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            continue
        values[field.name] = _value(field)
    return model.objects.create(**values)


def _value(field: Any) -> Any:
    if field.choices:
        return field.choices[0][0]
    kinds: list[tuple[Any, Any]] = [
        (models.DecimalField, Decimal(1)),
        (models.DateTimeField, timezone.now()),
        (models.DateField, datetime.date(2026, 11, 25)),
        (models.BooleanField, False),
        (models.JSONField, {}),
        (models.UUIDField, uuid.uuid4()),
        (models.FloatField, 1.0),
        (models.IntegerField, next(NUMBERS)),
        (models.EmailField, f"{uuid.uuid4().hex[:8]}@example.com"),
    ]
    for kind, value in kinds:
        if isinstance(field, kind):
            return value
    return uuid.uuid4().hex[: field.max_length or 32]


def world_of(owner: Any, teammate: Any) -> dict[str, Any]:
    """One row of everything that an organization can have an id of, by the parameter that carries it."""
    mine = {"organization": owner.organization}
    store = fill(StoreConnection, **mine, platform="woocommerce", base_url="https://shop.example.com")
    project = factories.make_project(owner.organization)
    source = fill(DataSource, **mine, project=project, type="manual")
    item = factories.make_item(project, data_source=source, status="generated", generated_content={"name": "Mine"})
    job = fill(Job, **mine, project=project, job_type="generation", status="completed")
    post = fill(BlogPost, **mine, project=project)
    endpoint = fill(
        WebhookEndpoint, **mine, url="https://erp.example.com/scribe", secret="whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0"
    )
    event = fill(Event, **mine, type="ping", object_id=endpoint.pk, version=next(NUMBERS), position=next(NUMBERS))
    return {
        "project_id": project,
        "item_id": item,
        "source_id": source,
        "version_id": fill(ItemVersion, **mine, item=item, reason="edited"),
        "comment_id": fill(ItemComment, **mine, item=item, text="Mine"),
        "rule_id": fill(LearnedRule, **mine, project=project, term="premium", state="proposed"),
        "job_id": job,
        "profile_id": fill(ContentProfile, **mine),
        "term_id": fill(GlossaryTerm, **mine),
        "evidence_id": fill(Evidence, **mine, rule="disease", claims=["cures acne"], valid_until=timezone.localdate()),
        "user_id": teammate,
        "invitation_id": fill(Invitation, **mine, invited_by=owner),
        "notification_id": fill(Notification, **mine, user=owner, notification_type="job_completed"),
        "tone_id": fill(Tone, **mine),
        "identity_id": fill(SocialIdentity, **mine, user=owner, provider="google"),
        "api-keys": fill(ApiKey, **mine),
        "stock-photo-keys": fill(StockPhotoKey, **mine),
        "store-connections": store,
        "blog-connections": fill(BlogConnection, **mine, site_url="https://blog.example.com"),
        "shopify": fill(StoreConnection, **mine, platform="shopify", base_url="https://mine.myshopify.com"),
        "invoice_id": fill(Invoice, **mine),
        "batch_id": job,
        "post_id": post,
        "image_id": fill(BlogImage, **mine, post=post),
        "template_id": fill(BlogTemplate, **mine),
        "request_id": fill(StudioRequest, **mine, user=owner),
        "audit_id": fill(StoreAudit, **mine, project=project),
        "generation_id": fill(PluginGeneration, **mine, project=project),
        "endpoint_id": endpoint,
        "delivery_id": fill(EventDelivery, **mine, endpoint=endpoint, event=event),
    }
