"""Security notices. The owner of the account always gets them, whatever their mail preferences are."""

from accounts import notifications
from accounts.models import Organization, User
from scribe.messages import _


def security(*, user: User, title: str, body: str) -> None:
    """Tell `user` that something about the safety of their account has changed. Inside the caller's transaction."""
    notifications.notify(organization=user.organization, event="account.changed", title=title, body=body, users=[user])


def support_visit(*, user: User, body: str) -> None:
    """Tell the organization's admins, and `user`, that support works as `user`. The mail always goes."""
    admins = user.organization.users.active().admins()
    notifications.notify(
        organization=user.organization,
        event="account.changed",
        title=_("Our support is looking at your account"),
        body=body,
        users={each.pk: each for each in [*admins, user]}.values(),
        always_mail=True,
    )


def security_of_organization(*, organization: Organization, title: str, body: str) -> None:
    """Tell the organization's admins: a key was made, changed or removed."""
    admins = list(organization.users.active().admins())
    notifications.notify(organization=organization, event="account.changed", title=title, body=body, users=admins)
