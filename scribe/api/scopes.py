"""The scopes of API keys. An operation names its own beside the method, by `@operation(..., scope=...)`."""

from __future__ import annotations

from collections.abc import Iterable

from scribe import test_mode
from scribe.errors import Forbidden

#: What each scope opens. `write` opens what `read` of the same resource opens, too.
SCOPES = {
    "organization:read": "The organization, its people and its tones.",
    "organization:write": "Settings of the organization and its tones.",
    "api_keys:read": "The keys of the organization, never their secrets, and their requests.",
    "notifications:read": "Notices of the person who made the key.",
    "notifications:write": "Mark these notices as read.",
    "billing:read": "Balance, ledger, usage and invoices.",
    "billing:write": "Billing details, orders, checkouts and overage.",
    "connections:read": "Connections to shops, blogs and photo libraries, never their secrets.",
    "connections:write": "Make, test, change and delete these connections.",
    "projects:read": "Projects and their sources.",
    "projects:write": "Make, change and delete projects; upload files and import from shops.",
    "items:read": "Items with their texts, versions and differences; the export.",
    "items:write": "Edit, exclude and reject items.",
    "items:approve": "Approve texts, beside `items:write`.",
    "generation:read": "Quotes.",
    "generation:write": "Have texts written.",
    "jobs:read": "Jobs and their events.",
    "jobs:write": "Cancel jobs.",
    "sync:read": "What differs between items and the shop, and what was written there.",
    "sync:write": "Write approved texts to the shop, and take them back.",
    "profiles:read": "Content profiles.",
    "profiles:write": "Make, change and delete content profiles.",
    "glossary:read": "The glossary.",
    "glossary:write": "Make, change, delete and import terms of the glossary.",
    "posts:read": "Blog posts, their images and templates; stock photos.",
    "posts:write": "Write, change and delete blog posts, images and templates.",
    "posts:publish": "Publish, schedule and take back blog posts.",
    "studio:read": "Tools, audits and requests.",
    "studio:write": "Run audits, send requests.",
    "plugin:read": "State of the plugin and of its generations.",
    "plugin:write": "Have texts written by the plugin's operations.",
    "events:read": "The log of events and its types.",
    "webhooks:read": "Endpoints of webhooks, never their secrets, and deliveries.",
    "webhooks:write": "Make, change, test and delete endpoints; send events again.",
}

#: The scopes that test keys can use: what stays within their own projects. Others are refused to them.
OPEN_TO_TESTS = frozenset(
    (
        "projects:read",
        "projects:write",
        "items:read",
        "items:write",
        "items:approve",
        "generation:read",
        "generation:write",
        "jobs:read",
        "jobs:write",
        "sync:read",
        "profiles:read",
        "posts:read",
        "posts:write",
        "plugin:read",
        "plugin:write",
    )
)

#: What a key gets that was made without naming scopes: what every key could do before there were scopes.
DEFAULT = ("plugin:read", "plugin:write")


def opened(scopes: Iterable[str]) -> frozenset[str]:
    """The scopes and what they imply: `items:write` opens `items:read`."""
    found = set(scopes)
    return frozenset(found | {f"{scope.partition(':')[0]}:read" for scope in found if scope.endswith(":write")})


def check(scopes: Iterable[str], needed: str, *, test: bool = False, live: bool = False) -> None:
    """Raises Forbidden `closed_to_keys` without a `needed` scope, `missing_scope` (with `scope`) for a lacking one, and
    `test_key_refused` for a test key where the operation is `live` or its scope reaches others."""
    if not needed:
        raise Forbidden("This operation is for people; no API key opens it.", code="closed_to_keys")
    if needed not in opened(scopes):
        raise Forbidden(f"The API key lacks the scope {needed}.", code="missing_scope", scope=needed)
    if test and (live or needed not in OPEN_TO_TESTS):
        raise test_mode.refusal()
