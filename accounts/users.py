"""The people of an organization: creating, changing and deactivating users; roles, and the last admin."""

from django.db import transaction

from accounts import access, mail, mail_limits, memberships, passwords, registration, sessions, tokens, verification
from accounts.memberships import MembershipChoice
from accounts.models import User
from accounts.models.user import normalize_email
from accounts.sessions import Client
from scribe import audit
from scribe.errors import Conflict, Forbidden, InvalidInput
from scribe.messages import _
from scribe.types import Json

#: The client of staff pages and commands, whose address needs no lock-out.
NOWHERE = Client()
PLAIN = ("first_name", "last_name", "phone_number")
PREFERENCES = {
    "usage_billing": "mail_usage_billing",
    "ai_studio": "mail_ai_studio",
    "system_alerts": "mail_system_alerts",
}


MEMBERSHIP = ("role", "languages", "project_ids")


def create(*, by: User, email: str, password: str, membership: Json) -> User:
    """Create an active, unverified user of the caller's organization, and mail them a link to set their own password.
    `membership` has any of MEMBERSHIP."""
    access.check_verified(by)
    chosen = memberships.choose(membership, by=by)
    email = normalize_email(email)
    access.check_can_join(email, by=by)
    passwords.validate(password, user=User(email=email))
    mail_limits.check(by=by, kind="welcome", address=email)
    with transaction.atomic():
        user = registration.create_user(
            organization=by.organization, email=email, password=password, **chosen.as_columns()
        )
        token = tokens.issue(user=user, purpose=tokens.Purpose.SET_PASSWORD, data={"email": user.email})
        link = mail.frontend_link("reset-password", token)
        mail.send_to(user, "welcome", organization=by.organization, invited_by=by, link=link)
        audit.record(action="user.created", actor=by, target=user, after=chosen.as_record())
    return user


def update_self(*, user: User, changes: Json, client: Client) -> None:
    """Change one's own profile. A new address or password needs the current password. Users cannot change their own role."""
    _check_own_role(user, changes)
    if changes.get("is_active") is False:
        raise Conflict(_("You can't deactivate your own account. Ask another admin."), code="own_deactivation")
    email = normalize_email(changes["email"]) if changes.get("email") else user.email
    password = changes.get("password") or ""
    current = changes.get("current_password") or ""
    # A form may send the address that waits along; with the password beside, it is asked for again.
    moves = email != user.email and (email != user.pending_email or bool(current))
    if moves or password:
        _confirm(user, current, client)
    with transaction.atomic():
        _save_plain(user, changes)
        if password:  # first: it drops a change of address that was begun before
            passwords.change(user=user, password=password, keep=user.session)
        if changes.get("email") and (moves or (email == user.email and user.pending_email)):
            verification.request_change(user=user, email=email, by=user)


def _confirm(user: User, current: str, client: Client) -> None:
    if not current and user.has_usable_password():
        raise InvalidInput.at("#/current_password", _("Enter your current password."), "required")
    passwords.confirm_recent_or_password(user=user, password=current, client=client)


def _check_own_role(user: User, changes: Json) -> None:
    if changes.get("role") in (None, user.role):
        return
    with transaction.atomic():
        access.lock_organization(user)
        access.check_not_last_admin(user)
    raise Forbidden(_("You can't change your own role. Ask another admin."), code="own_role")


def update(*, user: User, changes: Json, by: User, client: Client = NOWHERE) -> None:
    """Change a user as their organization's admin."""
    if user.pk == by.pk:
        mine = {**changes, "role": None}
        memberships.choose(mine, by=by, now=MembershipChoice.of(by))  # refused before anything changes
        update_self(user=by, changes=changes, client=client)
        with transaction.atomic():
            access.lock_organization(user)
            _change_membership(by, mine, by)
        return
    access.check_may_manage(by, user)
    if changes.get("password"):
        passwords.validate(changes["password"], user=user)
    with transaction.atomic():
        access.lock_organization(user)
        user = User.objects.select_for_update(of=("self",)).select_related("organization").get(pk=user.pk)
        access.check_may_manage(by, user)
        _save_plain(user, changes)
        _change_membership(user, changes, by)
        if changes.get("is_active") is False and user.is_active:
            _deactivate(user, by)
        if changes.get("is_active") is True and not user.is_active:
            _reactivate(user, by)
        if changes.get("password"):  # first, as in `update_self`
            passwords.change(user=user, password=changes["password"], by=by)
        if changes.get("email"):
            verification.request_change(user=user, email=changes["email"], by=by)


def deactivate(*, user: User, by: User) -> None:
    """Deactivate a user, who is signed out at once and cannot sign in. A repeated call changes nothing."""
    if user.pk == by.pk:
        raise Conflict(_("You can't deactivate your own account. Ask another admin."), code="own_deactivation")
    with transaction.atomic():
        access.check_may_manage(by, user)
        access.lock_organization(user)
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.is_active:
            _deactivate(user, by)


@transaction.atomic
def sign_out(*, user: User, by: User) -> int:
    """End all sessions of a user, as an admin."""
    access.check_may_manage(by, user)
    ended = sessions.end_all(user=user, because="admin")
    audit.record(action="user.signed_out", actor=by, target=user, before={"sessions": ended}, after={"sessions": 0})
    return ended


def choose_language(*, user: User, language: str) -> None:
    """Have the pages speak `language` to the user on every device; an empty text leaves it to the browser."""
    if user.language != language:
        User.objects.filter(pk=user.pk).update(language=language)
        user.language = language


def set_email_preferences(*, user: User, changes: dict[str, bool]) -> None:
    fields = {PREFERENCES[name]: value for name, value in changes.items() if name in PREFERENCES and value is not None}
    for name, value in fields.items():
        setattr(user, name, value)
    if fields:
        user.save(update_fields=list(fields))


def _save_plain(user: User, changes: Json) -> None:
    sent = [name for name in PLAIN if name in changes]
    for name in sent:
        setattr(user, name, changes[name] or "")
    if sent:
        user.save(update_fields=sent)


def _change_membership(user: User, changes: Json, by: User) -> None:
    """Change a membership under the lock of the organization's row: when two admins demote each other, the second is
    refused. Another role or other projects end the person's sessions, and with them the streams that are open."""
    before = MembershipChoice.of(user)
    after = memberships.choose(changes, by=by, now=before)
    if after == before:
        return
    _check_still_admin(by)
    if after.role != User.Role.ADMIN:
        access.check_not_last_admin(user)
    for name, value in after.as_columns().items():
        setattr(user, name, value)
    user.save(update_fields=list(MEMBERSHIP))
    if (after.role, after.project_ids) != (before.role, before.project_ids):
        sessions.end_all(user=user, because="role_changed")
    audit.record(action="user.role_changed", actor=by, target=user, before=before.as_record(), after=after.as_record())


def _check_still_admin(by: User) -> None:
    actor = User.objects.get(pk=by.pk)
    if not actor.is_active or not (actor.is_admin or actor.is_super_admin):
        raise Forbidden(_("Only admins of the organization can do this."), code="admin_required")


def _deactivate(user: User, by: User) -> None:
    _check_still_admin(by)
    access.check_not_last_admin(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    sessions.end_all(user=user, because="deactivated")
    tokens.discard(user=user)
    audit.record(action="user.deactivated", actor=by, target=user)


def _reactivate(user: User, by: User) -> None:
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(action="user.reactivated", actor=by, target=user)
