"""Every page of the admin, for every model: it opens, it is quick however many rows there are, and it shows no secret."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from scribe.backoffice.pages import REASON, ReadOnlyAdmin, StaffAdmin
from scribe.backoffice.secrets import is_secret, secret_fields
from tests.scribe.admin_browser import list_url, row_url, staff_client
from tests.scribe.rows_of_everything import CANARY, multiply, row_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

OURS = (
    "scribe",
    "accounts",
    "webhooks",
    "billing",
    "integrations",
    "writing",
    "projects",
    "blog",
    "studio",
    "backoffice",
)
PAGES = {model: page for model, page in admin.site._registry.items() if model._meta.app_label in OURS}
MODELS = sorted(PAGES, key=lambda model: model._meta.label)
APPENDED_ONLY = {"billing.Entry", "scribe.AuditEntry"}


@pytest.fixture
def client(cast):
    return staff_client(cast.staff)


def every(models=MODELS):
    return pytest.mark.parametrize("model", models, ids=[model._meta.label for model in models])


def test_every_area_has_its_page():
    labels = {model._meta.label for model in MODELS}
    assert {
        "accounts.Organization", "accounts.User", "accounts.Session", "billing.Invoice", "billing.Entry", "billing.UsageRecord",
        "billing.ProviderEvent", "billing.Plan", "billing.TopupPack", "billing.AIModel", "billing.ModelTier", "billing.ImagePrice",
        "scribe.Job", "scribe.AuditEntry", "scribe.RateLimit", "writing.PromptTemplate", "writing.LawRule", "integrations.WebhookDelivery",
        "studio.StudioRequest", "studio.Tool", "studio.KnowledgeText", "integrations.Prospect",
    } <= labels  # fmt: skip


def test_every_page_stands_on_our_bases():
    assert [page for page in PAGES.values() if not isinstance(page, StaffAdmin)] == []
    foreign = {model._meta.label for model in admin.site._registry if model not in PAGES}
    assert foreign == set()  # no page of a library's own shows devices, groups or sessions


@dataclass
class Opened:
    """A model's pages as staff sees them, and what is secret in their row."""

    replies: dict[str, tuple[int, str]]
    secrets: list[str]


OPENED: dict[type, Opened] = {}  # for the tests that read them: to render them takes longer than everything else


@pytest.fixture
def opened(request, model) -> Opened:
    if model not in OPENED:
        client, cast, row = request.getfixturevalue("client"), request.getfixturevalue("cast"), row_of(model)
        urls = [list_url(model), list_url(model, "?q=nothing-like-that"), row_url(row)]
        urls += [list_url(model) + "add/"] if PAGES[model].may_add else []
        replies = {url: (reply.status_code, reply.content.decode()) for url in urls for reply in [client.get(url)]}
        hashes = [cast.staff.password, *(getattr(row, name) for name in secret_fields(model))]
        OPENED[model] = Opened(replies, [secret for secret in hashes if secret])
    return OPENED[model]


@every()
def test_lists_and_rows_open_with_a_search_and_a_filter(opened, model):
    assert {url: status for url, (status, _) in opened.replies.items() if status != 200} == {}
    assert len(opened.replies) == (4 if PAGES[model].may_add else 3)


@pytest.mark.thorough
@every()
def test_a_long_list_asks_as_often_as_a_short_one(client, model):
    row_of(model)
    multiply(model, 60)
    client.get(list_url(model))  # content types and the like are cached now
    few = queries(client, list_url(model))
    multiply(model, 1_000)  # ten pages: how much a page asks shows with the second
    many = queries(client, list_url(model))
    assert many == few
    assert many <= 25
    assert queries(client, list_url(model, "?p=3")) <= many
    if PAGES[model].search_fields:
        assert queries(client, list_url(model, "?q=nothing")) <= many + 1


def queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        reply = client.get(url)
    assert reply.status_code == 200, url
    return len(seen)


@every()
def test_no_page_shows_a_secret(opened, model):
    for url, (_, text) in opened.replies.items():
        assert CANARY not in text, url
        assert not [secret for secret in opened.secrets if secret in text], url
    for name in PAGES[model].search_fields:
        field = name.lstrip("=^@").split("__")[-1]
        assert not any(field == f.name for f in model._meta.concrete_fields if is_secret(f))


def test_what_is_secret_is_known_by_kind():
    """Nothing that holds a credential escapes the rule by its name."""
    suspicious = re.compile(r"password|secret|token|api_key|digest|hash|private|credential")
    innocent = {
        "billing.UsageRecord.input_tokens", "billing.UsageRecord.output_tokens", "billing.AIModel.max_output_tokens",
        "billing.Wallet.token_rate_multiplier", "scribe.AuditEntry.hash", "scribe.AuditEntry.previous_hash",
        "projects.GenerationItem.input_tokens", "billing.UsageRecord.cached_tokens",
        "billing.UsageRecord.cache_write_tokens", "studio.ChatMessage.input_tokens", "studio.ChatMessage.output_tokens",
        "integrations.ShopifyInstall.token_expires_at", "blog.BlogPost.published_hash", "blog.BlogImage.sha256",
        "projects.ContentItem.source_hash", "accounts.ApiKeyRequest.api_key",
        "projects.Approval.digests", "blog.PostEvent.digests",
    }  # fmt: skip
    open_ = {
        f"{model._meta.label}.{field.name}"
        for model in MODELS
        for field in model._meta.concrete_fields
        if suspicious.search(field.name) and not is_secret(field)
    }
    assert open_ - innocent == set()


@every([model for model in MODELS if isinstance(PAGES[model], ReadOnlyAdmin)])
def test_what_is_read_only_cannot_be_changed_by_any_form(client, model):
    row = row_of(model)
    before = type(row)._base_manager.filter(pk=row.pk).values().get()
    assert (
        client.post(row_url(row), {REASON: "x", "name": "changed", "email": "changed@example.com"}).status_code == 403
    )
    assert client.get(list_url(model) + "add/").status_code == 403
    assert client.post(row_url(row).replace("/change/", "/delete/"), {"post": "yes"}).status_code == 403
    assert type(row)._base_manager.filter(pk=row.pk).values().get() == before


def test_money_and_the_audit_log_are_read_only():
    for label in (
        "billing.Entry",
        "billing.Hold",
        "billing.UsageRecord",
        "billing.Wallet",
        "billing.Invoice",
        "scribe.AuditEntry",
    ):
        assert isinstance(PAGES[apps.get_model(label)], ReadOnlyAdmin)


def test_rows_lead_to_what_belongs_to_them(client, cast):
    page = client.get(row_url(cast.organization)).content.decode()
    for target in (
        "accounts_user",
        "billing_entry",
        "billing_usagerecord",
        "billing_invoice",
        "projects_project",
        "scribe_job",
    ):
        assert reverse(f"admin:{target}_changelist") in page
    for url in re.findall(r'href="(/admin/[a-z]+/[a-z]+/\?organization[^"]+)"', page):
        assert client.get(url.replace("&amp;", "&")).status_code == 200
    page = client.get(row_url(cast.owner)).content.decode()
    for url in re.findall(r'href="(/admin/[a-z]+/[a-z]+/\?(?:user|actor)[^"]+)"', page):
        assert client.get(url.replace("&amp;", "&")).status_code == 200


def test_the_history_of_a_row_is_the_audit_logs(client, cast):
    reply = client.get(row_url(cast.owner).replace("/change/", "/history/"))
    assert reply["Location"] == reverse("admin:scribe_auditentry_changelist") + f"?target_id__exact={cast.owner.pk}"
    assert client.get(reply["Location"]).status_code == 200


def test_users_lists_show_the_second_factor_in_the_one_query(client, cast):
    assert b"totp" in client.get(list_url(User)).content
