"""Which callers an operation is for, declared beside its method by `@operation(..., who=..., support=...)`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Who(StrEnum):
    """The least role that an operation asks for."""

    PUBLIC = "public"  # nobody has to sign in
    MEMBERS = "members"  # every user of an organization, or its API key where the view takes keys
    ADMINS = "admins"  # the organization's admins
    STAFF = "staff"  # the platform's own people


PUBLIC, MEMBERS, ADMINS, STAFF = Who.PUBLIC, Who.MEMBERS, Who.ADMINS, Who.STAFF


@dataclass(frozen=True)
class Access:
    """What one operation declares.

    `support` says whether staff who work as a customer may change things by it. Reading needs no such permission, unless
    it is `lasting`: what it hands out or begins would outlive the half hour of support.
    """

    who: Who = MEMBERS
    support: bool = False
    lasting: bool = False


UNDECLARED = Access()


def access_of(view: Any, action: str | None) -> Access:
    """What `view` declares for `action`; for signed-in members where it declares nothing."""
    found = getattr(getattr(view, action or "", None), "access", UNDECLARED)
    return found if isinstance(found, Access) else UNDECLARED
