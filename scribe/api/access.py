"""The callers that an operation admits, declared beside its method by `@operation(..., who=..., scope=..., support=...)`, or by a
partial one (`@reads`, `@writes`) where several operations of a module admit the same."""

from dataclasses import dataclass
from enum import StrEnum

from scribe.errors import Forbidden
from scribe.messages import _


class Who(StrEnum):
    """The least role that an operation or a page requires. Each admits all that the one below it admits."""

    PUBLIC = "public"  # nobody has to sign in
    VIEWERS = "viewers"  # every user of an organization
    REVIEWERS = "reviewers"  # those who edit and judge texts
    MEMBERS = "members"  # those who also write, pay, import, publish and change settings
    ADMINS = "admins"  # the organization's admins
    STAFF = "staff"  # the platform's own people


PUBLIC, VIEWERS, REVIEWERS = Who.PUBLIC, Who.VIEWERS, Who.REVIEWERS
MEMBERS, ADMINS, STAFF = Who.MEMBERS, Who.ADMINS, Who.STAFF

#: How the document calls them.
FOR_WHOM = {
    PUBLIC: "everybody",
    VIEWERS: "everybody in the organization",
    REVIEWERS: "reviewers, translators, members and admins",
    MEMBERS: "members and admins",
    ADMINS: "admins",
    STAFF: "the platform's staff",
}
#: The roles of people, the least first, with the most that each may do.
REACH = {"viewer": VIEWERS, "translator": REVIEWERS, "reviewer": REVIEWERS, "member": MEMBERS, "admin": ADMINS}
_ORDER = list(Who)


def admits(who: Who, role: str) -> bool:
    """Whether a person with this role may do what `who` requires. Staff are no role."""
    return _ORDER.index(who) <= _ORDER.index(REACH[role])


def check_role(user: object, who: Who) -> None:
    """Raises Forbidden `staff_required`, `admin_required` or, with `required_role`, `role_required`."""
    if who is STAFF:
        if not getattr(user, "is_super_admin", False):
            raise Forbidden(_("Only platform staff can use this operation."), code="staff_required")
    elif not admits(who, getattr(user, "role", "")):
        if who is ADMINS:
            raise Forbidden(_("Only admins of the organization can do this."), code="admin_required")
        raise Forbidden(
            _("Your role in the organization does not allow this. Ask an admin."),
            code="role_required",
            required_role="reviewer" if who is REVIEWERS else "member",
        )


@dataclass(frozen=True)
class Access:
    """The access that one operation declares.

    `support`: staff who work as a customer may call it although it changes something. They may call every operation that
    only reads, unless it is `lasting`: its result would outlive the half hour of support.
    `scope`: what an API key needs. Without one, the operation is closed to keys.
    `live`: it reaches others or changes what live work shares, so test keys may not call it although they have the scope.
    False opens it to them; None leaves it to the scope.
    """

    who: Who = MEMBERS
    support: bool = False
    lasting: bool = False
    scope: str = ""
    live: bool | None = None


UNDECLARED = Access()


def access_of(view: object, action: str | None) -> Access:
    """The access that `view` declares for `action`. Without a declaration it is for members."""
    found = getattr(getattr(view, action or "", None), "access", UNDECLARED)
    return found if isinstance(found, Access) else UNDECLARED
