"""The least valid rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain, count, zip_longest
from operator import attrgetter
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import AutoField, Model
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import Organization, OwnKey, Session, User
from accounts.models.session import session_end
from accounts.tokens import access_token
from billing import plans
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
    [organization] = open_organizations(name or f"Shop {next(_numbers)}")
    for field, value in fields.items():
        setattr(organization, field, value)
    if fields:
        organization.save(update_fields=list(fields))
    return organization


def open_organizations(*names: str) -> list[Organization]:
    """What `Organization.objects.open` gives for each name. Thousands of tests begin with it: its rows are seen once
    and then written anew in one statement, where the product needs twenty for each organization."""
    free = plans.free()
    today = timezone.localdate()  # from which the cycle's months are counted
    terms = (today, *(getattr(free, field.attname) for field in free._meta.concrete_fields))
    if terms not in _openings:
        first = Organization.objects.open(name=names[0])
        _openings[terms] = Opening(Organization.objects.get(pk=first.pk))
        return [Organization.objects.get(pk=first.pk), *(open_organizations(*names[1:]) if names[1:] else ())]
    slugs = {slugify(name)[:60]: name for name in names}
    if "" in slugs or len(slugs) < len(names) or Organization.objects.filter(slug__in=slugs).exists():
        return [Organization.objects.open(name=name) for name in names]
    return _openings[terms].again(slugs)


class Opening:
    """The rows that opening an organization wrote, as the text of statements, in which names, ids and times
    stand apart."""

    def __init__(self, organization: Organization) -> None:
        self.pk, self.then = organization.pk, timezone.now()
        organization.name, organization.slug = "its name", "its slug"
        self.ids: dict[UUID, Callable[[], UUID]] = {}
        self.times: dict[str, datetime] = {}
        texts: dict[type[Model], list[str]] = {}
        with connection.cursor() as cursor:
            for row in (organization, *rows_of(organization)):
                if isinstance(row.pk, UUID):
                    self.ids[row.pk] = row._meta.pk.get_default
                values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in written(row)]
                for time in (value for value in values if isinstance(value, datetime)):
                    self.times[cursor.mogrify("%s", [time])] = time
                text = cursor.mogrify(f"({', '.join(['%s'] * len(values))})", values)
                texts.setdefault(type(row), []).append(text)
        ids = (text for pk in self.ids for text in (pk.hex, str(pk)))
        renewed = re.compile("|".join(map(re.escape, (*ids, *self.times, "'its name'", "'its slug'"))))
        #: Of each table the beginning of its statement, and its rows: what stays, and between that what does not.
        self.tables = [
            (
                f"INSERT INTO {model._meta.db_table} ({', '.join(field.column for field in written(model))}) VALUES ",
                [(renewed.split(text), renewed.findall(text)) for text in rows],
            )
            for model, rows in texts.items()
        ]

    def again(self, slugs: dict[str, str]) -> list[Organization]:
        """The same for other organizations."""
        later = timezone.now() - self.then
        times = {text: f"'{(time + later).isoformat()}'::timestamptz" for text, time in self.times.items()}
        opened, news = [], []
        with connection.cursor() as cursor:
            for slug, name in slugs.items():
                new = {old: make() for old, make in self.ids.items()}
                opened.append(new[self.pk])
                ids = {form(old): form(pk) for old, pk in new.items() for form in (str, attrgetter("hex"))}
                named = {"'its name'": cursor.mogrify("%s", [name]), "'its slug'": cursor.mogrify("%s", [slug])}
                news.append({**ids, **times, **named})
            cursor.execute("; ".join(
                begins + ", ".join(
                    "".join(chain.from_iterable(zip_longest(stays, (new[text] for text in renewed), fillvalue="")))
                    for new in news for stays, renewed in rows
                )
                for begins, rows in self.tables
            ))  # fmt: skip
        found = Organization.objects.in_bulk(opened)
        return [found[pk] for pk in opened]


def written(model: Any) -> list[Any]:
    """The fields of a row that an INSERT names."""
    return [field for field in model._meta.concrete_fields if not field.generated and not isinstance(field, AutoField)]


#: By the day and the Free plan that it was opened with.
_openings: dict[tuple[Any, ...], Opening] = {}


def rows_of(organization: Organization) -> list[Model]:
    """Every row that names the organization."""
    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Organization:
                found += list(model._meta.base_manager.filter(**{field.attname: organization.pk}))
                break
    return found


def make_own_key(organization: Organization, provider: str, key: str) -> OwnKey:
    return OwnKey.objects.create(organization=organization, provider=provider, key=key)


def make_user(organization: Organization | None = None, **fields: Any) -> User:
    user = new_user(organization or make_organization(), **fields)
    user.save()
    return user


def new_user(organization: Organization, *, role: str = "admin", verified: bool = True, **fields: Any) -> User:
    """One that is not saved yet."""
    user = User(
        organization=organization,
        email=fields.pop("email", f"user{next(_numbers)}@example.com"),
        role=role,
        email_verified_at=timezone.now() if verified else None,
        **fields,
    )
    if not user.password:
        user.set_unusable_password()
    return user


def token_of(user: User) -> str:
    """An access token of a fresh session. It is alive by the real clock, too, where the test has set ours back."""
    ends = datetime.now(UTC) + timedelta(days=1)
    session = Session.objects.create(
        user=user, organization_id=user.organization_id, via=Session.Via.PASSWORD, expires_at=max(ends, session_end())
    )
    return access_token(session)


def make_plugin_key(organization: Any) -> str:
    """An API key with which a shop's plugin has texts written."""
    from accounts import api_keys

    scopes = ("plugin:write", "generation:write")
    _, raw = api_keys.create(organization=organization, name="Shop", by=make_user(organization), scopes=scopes)
    return raw


def make_cast() -> SimpleNamespace:
    """As `make_organization` and `make_user` would, in a third of the statements: most tests have it."""
    organization, elsewhere, platform = open_organizations("Owner's shop", f"Shop {next(_numbers)}", "Platform")
    users = {
        "owner": new_user(organization),
        "teammate": new_user(organization, role="member"),
        "stranger": new_user(elsewhere),
        "staff": new_user(platform, is_super_admin=True),
    }
    User.objects.bulk_create(users.values())
    return SimpleNamespace(organization=organization, **users)


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


#: Attributes of a product whose source names who made it, and its warnings.
MAKER = {"Manufacturer": "Acme GmbH, Hauptstr. 1, 12345 Berlin, acme.de", "Warnings": "Keep away from the eyes."}


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
