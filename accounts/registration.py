"""Registration: an organization and its first user, who is its admin."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from accounts import access, mail_limits, passwords, sessions, verification
from accounts.models import Organization, Session, User
from accounts.models.user import normalize_email
from accounts.sessions import Client
from scribe import audit


@dataclass(frozen=True)
class Registered:
    user: User
    access_token: str


def create_user(*, organization: Organization, email: str, password: str | None, **fields: object) -> User:
    """A user row; Conflict `email_taken` also when two registrations race (the unique constraint decides)."""
    user = User(organization=organization, email=normalize_email(email), **fields)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise access.email_taken() from None
    return user


def register(
    *, email: str, password: str, company_name: str, client: Client, first_name: str = "", last_name: str = ""
) -> Registered:
    """Create an organization and its first user, who is its admin, and sign them in. The address is not verified yet."""
    email = normalize_email(email)
    if User.objects.filter(email=email).exists():
        raise access.email_taken()
    passwords.validate(password, user=User(email=email, first_name=first_name, last_name=last_name))
    mail_limits.check_registration(email)
    with transaction.atomic():
        organization = Organization.objects.open(name=company_name)
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
        audit.record(action="organization.registered", actor=user, target=organization)
    return Registered(user, token)
