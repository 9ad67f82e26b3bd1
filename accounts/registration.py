"""How an organization begins: with its first user, and with what other apps open for it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts import passwords, sessions, verification
from accounts.models import Organization, Session, User
from accounts.models.user import normalize_email
from accounts.sessions import Client
from scribe import audit
from scribe.errors import Conflict

PLATFORM_SLUG = "platform"
#: What other apps do when an organization is opened (the wallet and its 50 XCT); filled in their AppConfig.ready.
_openers: list[Callable[..., Any]] = []


def on_register(opener: Callable[..., Any]) -> Callable[..., Any]:
    """Have `opener(organization=…)` run in the transaction that opens an organization."""
    if opener not in _openers:
        _openers.append(opener)
    return opener


@dataclass(frozen=True)
class Registered:
    user: User
    access_token: str


@transaction.atomic
def open_organization(*, name: str) -> Organization:
    """A new organization under a slug of its own, with everything that other apps open for it."""
    name = " ".join(name.split())[:200]
    base = slugify(name)[:60] or "organization"
    organization = None
    for slug in (base, *(f"{base}-{secrets.token_hex(n)}" for n in (2, 3, 4, 8))):
        try:
            with transaction.atomic():  # two companies of one name at once: the constraint decides, the other tries on
                organization = Organization.objects.create(name=name, slug=slug)
            break
        except IntegrityError:
            continue
    if organization is None:
        raise Conflict("Please try again.", code="slug_taken")
    open_accounts(organization)
    return organization


def open_accounts(organization: Organization) -> None:
    """What other apps open for a new organization. In the caller's transaction."""
    for opener in _openers:
        opener(organization=organization)


def email_taken() -> Conflict:
    return Conflict("There is an account with this e-mail address.", code="email_taken")


def create_user(*, organization: Organization, email: str, password: str | None, **fields: Any) -> User:
    """A user row; Conflict `email_taken` also when two registrations race (the unique constraint decides)."""
    user = User(organization=organization, email=normalize_email(email), **fields)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise email_taken() from None
    return user


def register(
    *, email: str, password: str, company_name: str, client: Client, first_name: str = "", last_name: str = ""
) -> Registered:
    """An organization and its first user, who is its admin, signed in; the address is still to be verified."""
    email = normalize_email(email)
    if User.objects.filter(email=email).exists():
        raise email_taken()
    passwords.validate(password, user=User(email=email, first_name=first_name, last_name=last_name))
    with transaction.atomic():
        organization = open_organization(name=company_name)
        user = create_user(
            organization=organization,
            email=email,
            password=password,
            first_name=first_name,
            last_name=last_name,
            role=User.Role.ADMIN,
        )
        verification.send_link(user=user)
        token = sessions.start(user=user, via=Session.Via.REGISTRATION, client=client)
        audit.record(action="organization.registered", actor=user, organization=organization, target=organization)
    return Registered(user, token)


@transaction.atomic
def create_staff(*, email: str, password: str, **fields: Any) -> User:
    """A verified member of platform staff: admin of the organization "Platform", which is opened if need be."""
    platform = Organization.objects.filter(slug=PLATFORM_SLUG).first()
    if platform is None:
        platform = open_organization(name="Platform")
    user = create_user(
        organization=platform,
        email=email,
        password=password,
        role=User.Role.ADMIN,
        is_super_admin=True,
        email_verified_at=timezone.now(),
        **fields,
    )
    audit.record(action="user.staff_created", organization=platform, target=user)
    return user
