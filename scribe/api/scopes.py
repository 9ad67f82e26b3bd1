"""The scopes of API keys. An operation names its own beside the method, by `@operation(..., scope=...)`."""

from collections.abc import Iterable

from scribe import test_mode
from scribe.errors import Forbidden
from scribe.messages import _

#: What each scope opens. `write` opens what `read` of the same resource opens, too.
SCOPES = {
    "organization:read": "Read the organization, its people and its tones.",
    "organization:write": "Change the organization's settings and tones.",
    "api_keys:read": "Read the organization's API keys and their requests, never the secrets.",
    "notifications:read": "Read the notifications of the person who created the key.",
    "notifications:write": "Mark these notifications as read.",
    "billing:read": "Read balance, transactions, usage and invoices.",
    "billing:write": "Change billing details, orders, checkouts and overage.",
    "connections:read": "Read connections to stores, blogs and photo libraries, never their secrets.",
    "connections:write": "Create, test, change and delete these connections.",
    "projects:read": "Read projects and their sources.",
    "projects:write": "Create, change and delete projects; upload files and import from stores.",
    "items:read": "Read items with their texts, versions and differences; export them.",
    "items:write": "Edit, exclude and reject items.",
    "items:approve": "Approve texts. Needs `items:write` as well.",
    "generation:read": "Get price quotes.",
    "generation:write": "Generate texts.",
    "jobs:read": "Read jobs and their events.",
    "jobs:write": "Cancel jobs.",
    "sync:read": "Compare items with the store, and read the sync history.",
    "sync:write": "Send approved texts to the store, and undo it.",
    "profiles:read": "Content profiles.",
    "profiles:write": "Create, change and delete content profiles.",
    "glossary:read": "Read the glossary.",
    "glossary:write": "Create, change, delete and import glossary terms.",
    "posts:read": "Read blog posts, their images and templates; search stock photos.",
    "posts:write": "Create, change and delete blog posts, images and templates.",
    "posts:publish": "Publish, schedule and unpublish blog posts.",
    "studio:read": "Read tools, audits and requests.",
    "studio:write": "Run audits, send requests.",
    "plugin:read": "Read the status of the plugin and its generations.",
    "plugin:write": "Generate texts with the plugin.",
    "events:read": "Read the event log and the event types.",
    "webhooks:read": "Read webhook endpoints and deliveries, never the secrets.",
    "webhooks:write": "Create, change, test and delete endpoints; resend events.",
}

#: The scopes that test keys can use: what stays within test work. Others are refused to them.
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
        "events:read",
        "webhooks:read",
        "webhooks:write",
    )
)

#: What a key gets that was made without naming scopes: what every key could do before there were scopes.
DEFAULT = ("plugin:read", "plugin:write")


def with_implied(scopes: Iterable[str]) -> frozenset[str]:
    """The scopes and what they imply: `items:write` opens `items:read`."""
    found = set(scopes)
    return frozenset(found | {f"{scope.partition(':')[0]}:read" for scope in found if scope.endswith(":write")})


def is_open_to_tests(scope: str, *, live: bool | None) -> bool:
    """Whether test keys can use an operation that needs `scope`; `live` as in `Access`."""
    return scope in OPEN_TO_TESTS if live is None else bool(scope) and not live


def check(scopes: Iterable[str], needed: str, *, test: bool = False, live: bool | None = None) -> None:
    """Raises Forbidden `closed_to_keys` without a `needed` scope, `missing_scope` (with `scope`) for a lacking one, and
    `test_key_refused` for a test key where the operation is `live` or its scope reaches others."""
    if not needed:
        raise Forbidden(_("This operation can't be used with an API key. Sign in as a person."), code="closed_to_keys")
    if needed not in with_implied(scopes):
        raise Forbidden(
            _("The API key does not have the scope {needed}. Create a key that has it.", needed=needed),
            code="missing_scope",
            scope=needed,
        )
    if test and not is_open_to_tests(needed, live=live):
        raise test_mode.refusal() if live else test_mode.scope_refusal(needed)
