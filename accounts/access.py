"""Which users may change which other users, and that an address has one account."""

from accounts.models import Organization, User
from scribe.errors import Conflict, Forbidden
from scribe.messages import _


def check_may_manage(by: User, target: User) -> None:
    """Only platform staff may touch platform staff, in any organization: Forbidden `protected_user`."""
    if target.is_super_admin and not by.is_super_admin:
        raise Forbidden(_("Only platform staff can do this to a member of platform staff."), code="protected_user")


def check_verified(by: User) -> None:
    """Raises Forbidden unless the address of `by` is verified. Whatever reaches other people needs that."""
    if not by.email_verified:
        raise Forbidden(
            _("Verify your email address first: open the link in the email we sent you."), code="email_not_verified"
        )


def check_not_last_admin(target: User) -> None:
    """An organization keeps at least one active admin: Conflict `last_admin`.

    Call it with the organization's row locked (`lock_organization`): when two admins demote each other at once, they take
    turns,
    and the second one is refused as the last.
    """
    if not (target.is_admin and target.is_active):
        return
    if not User.objects.of(target.organization_id).active().admins().exclude(pk=target.pk).exists():
        raise Conflict(
            _("This is the last active admin of the organization. Make another person an admin first."),
            code="last_admin",
        )


def lock_organization(user: User) -> Organization:
    """Lock the organization's row until the transaction ends, so that changes to its people take turns."""
    return Organization.objects.select_for_update(no_key=True).get(pk=user.organization_id)


def check_can_join(email: str, *, by: User) -> None:
    """Raises Conflict `email_taken` for an address that has an account, and says of a colleague what can be done."""
    person = User.objects.filter(email=email).first()
    if person is None:
        return
    if person.organization_id != by.organization_id:
        raise email_taken(of_another=True)
    if person.is_active:
        raise Conflict(_("This person is already in your organization."), code="email_taken")
    raise Conflict(
        _("This person is deactivated in your organization. Reactivate them instead of inviting them."),
        code="email_taken",
    )


def email_taken(*, of_another: bool = False) -> Conflict:
    """`of_another`: the caller is somebody else than who has the account, and can't sign in to it."""
    if of_another:
        detail = _("There is already an account with this email address, and each address can have only one.")
        return Conflict(detail, code="email_taken")
    return Conflict(_("There is already an account with this email address. Sign in instead."), code="email_taken")
