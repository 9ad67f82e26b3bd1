"""The least valid rows."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from accounts.models import Organization, OwnKey, Session, User
from accounts.tokens import access_token
from billing.models import Invoice
from integrations.models import StoreConnection
from projects.models import ContentItem, Project
from tests.fakes import woocommerce

PASSWORD = "correct horse battery"
_numbers = count(1)
# A company in Serbia, as an invoice names its buyer.
BILLING_DETAILS = {
    "billing_company_name": "Čigra Tekstil d.o.o.",
    "billing_pib": "100002887",
    "billing_mb": "17162543",
    "billing_address": "Đure Jakšića 5",
    "billing_city": "Niš",
    "billing_postal_code": "18000",
    "billing_country": "RS",
}


def make_organization(name: str = "", **fields: Any) -> Organization:
    """An organization with all that registration gives it (wallet and first XCT included)."""
    organization = Organization.objects.open(name=name or f"Shop {next(_numbers)}")
    for field, value in fields.items():
        setattr(organization, field, value)
    organization.save(update_fields=list(fields))
    return organization


def make_own_key(organization: Organization, provider: str, key: str) -> OwnKey:
    return OwnKey.objects.create(organization=organization, provider=provider, key=key)


def make_user(
    organization: Organization | None = None, *, role: str = "admin", verified: bool = True, **fields: Any
) -> User:
    number = next(_numbers)
    user = User(
        organization=organization or make_organization(),
        email=fields.pop("email", f"user{number}@example.com"),
        role=role,
        email_verified_at=timezone.now() if verified else None,
        **fields,
    )
    user.set_unusable_password()
    user.save()
    return user


def token_of(user: User) -> str:
    """An access token of a fresh session."""
    session = Session.objects.create(user=user, organization_id=user.organization_id, via=Session.Via.PASSWORD)
    return access_token(session)


def make_plugin_key(organization: Any) -> str:
    """An API key with which a shop's plugin has texts written."""
    from accounts import api_keys

    scopes = ("plugin:write", "generation:write")
    _, raw = api_keys.create(organization=organization, name="Shop", by=make_user(organization), scopes=scopes)
    return raw


def make_cast() -> SimpleNamespace:
    organization = make_organization("Owner's shop")
    return SimpleNamespace(
        organization=organization,
        owner=make_user(organization, role="admin"),
        teammate=make_user(organization, role="member"),
        stranger=make_user(role="admin"),
        staff=make_user(make_organization("Platform"), role="admin", is_super_admin=True),
    )


def make_invoice(organization: Organization, **fields: Any) -> Invoice:
    """An unpaid invoice for one top-up pack."""
    number = next(_numbers)
    today = timezone.now().date()
    return Invoice.objects.create(
        organization=organization,
        year=today.year,
        sequence=number,
        number=f"{today.year}-{number:05}",
        invoice_type="topup",
        description="XC Scribe: 1 × 500 XCT",
        xct_amount=500,
        eur_amount=15,
        rate=Decimal("117.1837"),
        rate_date=today,
        rate_source="nbs",
        amount=Decimal("1757.76"),
        seller={"name": "Primer Studio d.o.o.", "account": "310123456789121186"},
        buyer={"company_name": organization.name},
        issued_on=today,
        qr_code_data="K:PR|V:01|C:1",
        **fields,
    )


def make_project(organization: Organization, *, platform: str = "woocommerce", **fields: Any) -> Project:
    return Project.objects.create(
        organization=organization, name=fields.pop("name", "Catalogue"), platform=platform, **fields
    )


def make_woocommerce_connection(organization: Organization, url: str, name: str = "Corner") -> StoreConnection:
    """An active connection to the fake shop at `url`."""
    return StoreConnection.objects.create(
        organization=organization,
        name=name,
        platform="woocommerce",
        base_url=url,
        consumer_key=woocommerce.KEY,
        consumer_secret=woocommerce.SECRET,
        status="active",
    )


def make_language_text(item: ContentItem, language: str, **fields: Any) -> ContentItem:
    """The item's text in a further language."""
    copied = ("organization_id", "project_id", "data_source_id", "item_type", "external_id", "store_view", "position")
    same = {name: getattr(item, name) for name in (*copied, "source_data", "source_hash", "excluded_at")}
    return ContentItem.rows.create(main=item, language=language, **same, **fields)


def make_item(project: Project, **fields: Any) -> ContentItem:
    """A product with facts to write from."""
    number = next(_numbers)
    facts = {
        "sku": f"SKU-{number}",
        "name": "Trail Bottle",
        "description": "<p>A steel bottle that keeps drinks cold for 12 hours.</p>",
        "price": "19.90",
        "categories": ["Outdoor > Bottles"],
        "attributes": {"Material": "stainless steel", "Capacity": "750 ml", "Color": "green"},
    }
    return ContentItem.objects.create(
        organization_id=project.organization_id,
        project=project,
        external_id=fields.pop("external_id", f"ext-{number}"),
        source_data=fields.pop("source_data", facts),
        **fields,
    )
