"""Sign-in with Google and Apple, and linking their accounts without handing one over to a stranger.

The account at the provider is known by its `sub`. An address opens an existing account only when the provider answers for
that address and our own account has proved it too; everybody else links from inside, with their Bearer token.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import access, mail_limits, notices, passwords, registration, sessions, sign_in, tokens
from accounts.models import Organization, SocialIdentity, User
from accounts.sessions import Client
from accounts.sign_in import SignIn
from integrations.identity import apple, google
from integrations.identity.errors import Refused, Unavailable
from integrations.identity.types import Identity
from scribe import audit, counts, crypto
from scribe.errors import Conflict, InvalidInput, NotAuthenticated, NotConfigured, UpstreamFailed, UpstreamTimeout
from scribe.messages import _

NONCE_SECONDS = 600
NAMES = {"google": "Google", "apple": "Apple"}


def ask_google(*, credential: str = "", access_token: str = "") -> Identity:
    """The identity in a Google ID token (`credential`), or else the owner of an OAuth `access_token`."""
    if not google.client_ids():
        raise NotConfigured(
            _("Sign-in with Google is not set up on this server."), code="google_sign_in_not_configured"
        )
    if credential:
        return _ask(google.verify_id_token, credential)
    if access_token:
        return _ask(google.verify_access_token, access_token)
    raise InvalidInput.at("#/credential", _("Send a credential or an access_token."), "required")


def ask_apple(*, id_token: str) -> Identity:
    if not apple.client_ids():
        raise NotConfigured(_("Sign-in with Apple is not set up on this server."), code="apple_sign_in_not_configured")
    return _ask(apple.verify_id_token, id_token)


def _ask(verify: Callable[[str], Identity], token: str) -> Identity:
    try:
        return verify(token)
    except Refused:
        raise NotAuthenticated(
            _("This sign-in token is invalid. Sign in again."), code="invalid_social_token"
        ) from None
    except Unavailable as error:
        kind = UpstreamTimeout if error.timed_out else UpstreamFailed
        raise kind(
            _("We could not reach {party}. Please try again.", party=NAMES[error.party]), party=error.party
        ) from error


def with_name(identity: Identity, first_name: str, last_name: str) -> Identity:
    """The same identity with the name that the app sent; for display only."""
    return replace(identity, first_name=first_name[:120], last_name=last_name[:120])


def create_nonce() -> str:
    """A value for the app to send along to the provider, so that the ID token it gets serves once. Lives ten minutes."""
    return crypto.sign("social-nonce", {"n": secrets.token_urlsafe(16)})


def check_nonce(identity: Identity, nonce: str) -> None:
    """Check the nonce of an ID token or a request that has one: it must be ours, live, equal (or its SHA-256) and unused."""
    if not nonce and identity.nonce is None:
        return
    refused = NotAuthenticated(_("This sign-in token is invalid. Sign in again."), code="invalid_social_token")
    if not nonce or identity.nonce is None or crypto.unsign("social-nonce", nonce, max_age=NONCE_SECONDS) is None:
        raise refused
    forms = (nonce, hashlib.sha256(nonce.encode()).hexdigest())
    if not any(hmac.compare_digest(identity.nonce.encode(), form.encode()) for form in forms):
        raise refused
    # Of two requests with one nonce, one goes on, also when the cache was emptied between them.
    used, _unused = counts.count(f"social-nonce:{nonce}", NONCE_SECONDS + 60)
    if used > 1:
        raise refused


def check_may_link(*, caller: User, password: str, client: Client) -> None:
    """Check that `caller` may link. It opens the account for good, so it needs a proven address, and the password or a sign-in
    of the last ten minutes."""
    access.check_verified(caller)
    passwords.confirm_unless_recent(user=caller, password=password, client=client)


def enter(*, identity: Identity, client: Client, caller: User | None = None) -> SignIn:
    """Sign in the person behind `identity`, creating or linking an account where that is safe.

    With `caller` (a signed-in user who passed `check_may_link`) the identity is linked to them. Raises Conflict `account_exists` when the address has
    an account that may not be linked by address alone.
    """
    if caller is not None:
        return _link_to_caller(identity, caller)
    known = _owner(identity)
    if known is None:
        try:
            known = _meet(identity)
        except (IntegrityError, Conflict) as error:
            # The same person came in twice at once: a constraint decided, and the other call has made the account.
            known = _owner(identity)
            if known is None:
                if isinstance(error, IntegrityError):  # another account of the provider with the same address did
                    raise _address_taken(identity) from None
                raise
    if not known.is_active:
        raise NotAuthenticated(
            _("This account is deactivated. Ask an admin of your organization to reactivate it."),
            code="invalid_credentials",
        )
    return sign_in.proceed(user=known, via=identity.provider, client=client)


def _owner(identity: Identity) -> User | None:
    found = SocialIdentity.objects.filter(provider=identity.provider, subject=identity.subject)
    link = found.select_related("user__organization").first()
    return link.user if link else None


@transaction.atomic
def _meet(identity: Identity) -> User:
    """The account for somebody we have not seen under this identity: theirs by address, or a new one."""
    if not identity.email:
        raise InvalidInput(
            _(
                "{provider} did not share your email address, and an account needs one. Allow it to share the "
                "address and try again.",
                provider=NAMES[identity.provider],
            ),
            code="email_missing",
        )
    locked = User.objects.select_for_update(of=("self",)).select_related("organization")
    user: User | None = locked.filter(email=identity.email).first()
    name = NAMES[identity.provider]
    if user is not None and not (identity.email_verified and identity.authoritative and user.email_verified):
        raise Conflict(
            _(
                "There is already an account with this email address. To link {name}, sign in with the "
                "account's password and send this request again with the access token.",
                name=name,
            ),
            code="account_exists",
        )
    if not identity.email_verified:
        raise NotAuthenticated(
            _("{name} has not verified this email address. Verify it there first.", name=name),
            code="email_not_verified_by_provider",
        )
    if user is None:
        return _create(identity)
    if SocialIdentity.objects.filter(user=user, provider=identity.provider).exists():
        raise _address_taken(identity)  # the address got a new owner at the provider: it says nothing about ours
    _link(identity, user)
    return user


def _create(identity: Identity) -> User:
    """A new organization and its admin, without a password."""
    mail_limits.check_registration(identity.email)
    first_name = identity.first_name or identity.email.partition("@")[0]
    organization = Organization.objects.open(name=f"{first_name}'s organization")
    user = registration.create_user(
        organization=organization,
        email=identity.email,
        password=None,
        first_name=identity.first_name,
        last_name=identity.last_name,
        role=User.Role.ADMIN,
        email_verified_at=timezone.now(),
    )
    SocialIdentity.objects.create(
        user=user, organization=organization, provider=identity.provider, subject=identity.subject
    )
    audit.record(action="organization.registered", actor=user, target=organization)
    return user


def _link_to_caller(identity: Identity, caller: User) -> SignIn:
    """Link the identity to the signed-in caller, who stays in the present session."""
    try:
        with transaction.atomic():
            owner = _owner(identity)
            if owner is not None and owner.pk != caller.pk:
                raise Conflict(
                    _("This {provider} account belongs to another user.", provider=NAMES[identity.provider]),
                    code="identity_taken",
                )
            if owner is None:
                _link(identity, caller)
    except IntegrityError:
        raise _address_taken(identity) from None
    assert caller.session is not None
    return SignIn(access_token=tokens.access_token(caller.session))


def _address_taken(identity: Identity) -> Conflict:
    return Conflict(
        _("Your account is linked to another {provider} account.", provider=NAMES[identity.provider]),
        code="identity_taken",
    )


def unlink(*, user: User, identity: SocialIdentity, password: str, client: Client) -> None:
    """Unlink a provider's account from `user`. The sessions that were begun with it end, except the present one.

    Needs the password or a sign-in of the last ten minutes (Forbidden). Conflict `last_way_in` when nothing else would
    open the account: set a password first.
    """
    passwords.confirm_unless_recent(user=user, password=password, client=client)
    present = user.session
    with transaction.atomic():
        user = User.objects.select_for_update().select_related("organization").get(pk=user.pk)  # two at once take turns
        others = SocialIdentity.objects.filter(user=user).exclude(pk=identity.pk)
        if not user.has_usable_password() and not others.exists():
            raise Conflict(_("This is your only way to sign in. Set a password first."), code="last_way_in")
        if not SocialIdentity.objects.filter(pk=identity.pk, user=user).delete()[0]:
            return
        sessions.end_begun_with(user=user, via=identity.provider, keep=present)
        name = NAMES[identity.provider]
        notices.security(
            user=user,
            title=_("{name} was unlinked from your account", name=name),
            body=_("You can no longer sign in with {name}.", name=name),
        )
        audit.record(action="user.identity_unlinked", actor=user, target=user, before={"provider": identity.provider})


def _link(identity: Identity, user: User) -> None:
    SocialIdentity.objects.create(
        user=user, organization_id=user.organization_id, provider=identity.provider, subject=identity.subject
    )
    name = NAMES[identity.provider]
    notices.security(
        user=user,
        title=_("{name} was linked to your account", name=name),
        body=_("You can now also sign in with {name}.", name=name),
    )
    audit.record(action="user.identity_linked", actor=user, target=user, after={"provider": identity.provider})
