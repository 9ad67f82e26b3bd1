"""Names that an operation does not know, of fields in a body and in the query.

Operations of ours, and those about keys, webhook endpoints and money, refuse them all: a key whose `expire_at` was
ignored would never end. The contract's other operations refuse what is nearly a known name and ignore the rest, since
older clients may send more. What other systems send us, inbound webhooks and the plugins of shops, is never refused.
"""

import re
from collections.abc import Collection, Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path

from scribe.choices import closest, meant_by_slip
from scribe.messages import _

INBOUND = frozenset(("chatbot", "outreach-tracking", "paddle-webhooks", "dodo-webhooks", "plugin"))
INBOUND_PATHS = ("/api/v1/shopify/webhooks",)
STRICT = frozenset(("api-keys", "billing", "webhooks"))
CODE = "unknown_name"
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


class Unknown(StrEnum):
    """What becomes of unknown names. NEAR: those that are nearly a known one are refused."""

    REFUSED, NEAR, IGNORED = "refused", "near", "ignored"


@cache
def rule_of(tag: str, method: str, route: str) -> Unknown:
    """The rule of an operation. `route` is Django's, such as `api/v1/jobs/<str:job_id>`, or the document's."""
    path = "/" + _ARGUMENT.sub(r"{\1}", route).strip("/")
    if tag in INBOUND or path.startswith(INBOUND_PATHS):
        return Unknown.IGNORED
    return Unknown.NEAR if f"{method} {path}" in _contract() and tag not in STRICT else Unknown.REFUSED


@cache
def _contract() -> frozenset[str]:
    """The operations that older clients know, a line each. It grows no more: what is added is ours."""
    return frozenset(Path(__file__).with_name("contract_operations.txt").read_text().splitlines())


def faults(sent: Iterable[object], known: Collection[str], rule: Unknown) -> dict[str, str]:
    """The names that are refused, each with a sentence that says which one is meant."""
    if rule is Unknown.IGNORED:
        return {}
    found: dict[str, str] = {}
    for name in map(str, sent):
        if name in known:
            continue
        meant = closest(name, known) if rule is Unknown.REFUSED else meant_by_slip(name, known)
        if rule is Unknown.REFUSED or meant:
            found[name] = (
                _("This name is not known here. Did you mean `{name}`?", name=meant)
                if meant
                else _("This name is not known here.")
            )
    return found
