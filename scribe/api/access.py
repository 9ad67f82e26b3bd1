"""The callers that an operation admits, declared beside its method by `@operation(..., who=..., scope=..., support=...)`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Who(StrEnum):
    """The least role that an operation requires."""

    PUBLIC = "public"  # nobody has to sign in
    MEMBERS = "members"  # every user of an organization
    ADMINS = "admins"  # the organization's admins
    STAFF = "staff"  # the platform's own people


PUBLIC, MEMBERS, ADMINS, STAFF = Who.PUBLIC, Who.MEMBERS, Who.ADMINS, Who.STAFF


@dataclass(frozen=True)
class Access:
    """The access that one operation declares.

    `support`: staff who work as a customer may call it although it changes something. They may call every operation that
    only reads, unless it is `lasting`: its result would outlive the half hour of support.
    `scope`: what an API key needs. Without one, the operation is closed to keys.
    `live`: it reaches others or changes what live work shares, so test keys may not call it although they have the scope.
    """

    who: Who = MEMBERS
    support: bool = False
    lasting: bool = False
    scope: str = ""
    live: bool = False


UNDECLARED = Access()


def access_of(view: Any, action: str | None) -> Access:
    """The access that `view` declares for `action`. Without a declaration it is for signed-in members."""
    found = getattr(getattr(view, action or "", None), "access", UNDECLARED)
    return found if isinstance(found, Access) else UNDECLARED
