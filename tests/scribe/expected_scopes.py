"""What an API key needs for each operation, written down from the product's rules and not from the code.

An operation that is named nowhere fails the walk: a new one has to be added here by hand, with its scope or as closed.
"""

from __future__ import annotations

# Passwords, second factor, sessions, people, keys and their making, data export and deletion, what makes money out of
# nothing, and what ends in a browser: no key opens these.
CLOSED = """
POST auth/refresh
POST auth/logout
POST auth/logout-all
POST auth/resend-verification
POST auth/2fa/setup
POST auth/2fa/confirm
POST auth/2fa/backup-codes
POST auth/2fa/send-disable-code
POST auth/2fa/disable
POST users
PATCH users/me
GET users/me/email-preferences
PATCH users/me/email-preferences
GET users/me/chatwoot-identity
GET users/me/identities
DELETE users/me/identities/{}
PATCH users/{}
DELETE users/{}
POST users/{}/2fa/reset
POST users/{}/2fa/disable
POST users/{}/2fa/enable
POST users/{}/logout-all
PATCH organization/api-keys
POST api-keys
PATCH api-keys/{}
POST api-keys/{}/rotate
DELETE api-keys/{}
PATCH api-keys/{}/deactivate
POST invitations
POST invitations/{}/resend
POST invitations/{}/revoke
POST gdpr/export
GET gdpr/status
POST gdpr/request-deletion
POST gdpr/cancel-deletion
POST billing/topup
POST billing/adjustment
POST billing/reset-cycle
PATCH billing/subscription
GET evidence
POST evidence
DELETE evidence/{}
GET billing/portal
GET billing/paddle/portal
POST billing/invoices/{}/confirm
POST billing/invoices/{}/cancel
GET shopify/install-url
GET shopify/connect
POST shopify/finalize
"""

SCOPES = {
    "organization:read": """
GET organization
GET organization/tones
GET system/tones
GET users
GET users/me
GET invitations
""",
    "organization:write": """
PATCH organization
POST organization/tones
DELETE organization/tones/{}
""",
    "api_keys:read": """
GET api-keys
GET api-keys/{}
GET api-keys/{}/requests
GET api-keys/{}/usage
""",
    "notifications:read": """
GET notifications
GET notifications/unread-count
""",
    "notifications:write": """
POST notifications/read-all
POST notifications/{}/read
""",
    "billing:read": """
GET organization/billing-details
GET billing/balance
GET billing/limits
GET billing/transactions
GET billing/usage-summary
GET billing/model-tiers
GET billing/subscription
GET billing/payment-history
GET billing/invoices/dodo/{}/pdf
GET billing/invoices
GET billing/invoices/{}/pdf
GET billing/paddle/subscription
GET usage
GET usage/summary
""",
    "billing:write": """
PATCH organization/billing-details
PATCH billing/settings
PUT billing/test-balance
POST billing/checkout
POST billing/topup-checkout
POST billing/cancel-subscription
POST billing/invoices/upgrade
POST billing/invoices/topup
POST billing/paddle/checkout
POST billing/paddle/topup-checkout
""",
    "connections:read": """
GET store-connections
GET store-connections/guard-plugin
GET store-connections/{}
GET blog-connections
GET blog-connections/shopify/{}/blogs
GET blog-connections/{}
GET blog-connections/{}/categories
GET stock-photo-keys
""",
    "connections:write": """
POST store-connections
PATCH store-connections/{}
DELETE store-connections/{}
POST store-connections/{}/test
POST blog-connections
PATCH blog-connections/{}
DELETE blog-connections/{}
POST blog-connections/{}/test
POST stock-photo-keys
PATCH stock-photo-keys/{}
DELETE stock-photo-keys/{}
""",
    "plugin:read": """
POST plugin/generate-description/estimate
POST plugin/generate-blog/estimate
GET plugin/status
GET plugin/generation/{}/status
""",
    "plugin:write": """
POST plugin/generate-description
POST plugin/generate-description-async
POST plugin/generate-blog
POST plugin/generate-blog-async
""",
    "projects:read": """
GET projects/plugin-integrations
GET projects
GET projects/{}
GET projects/{}/learned-rules
GET projects/{}/sources
GET projects/{}/sources/{}/export
GET projects/{}/import/filters
""",
    "projects:write": """
POST projects
PATCH projects/{}
DELETE projects/{}
POST projects/{}/restore
PATCH projects/{}/learned-rules/{}
POST projects/{}/truncate
DELETE projects/{}/permanent
POST projects/{}/sources/detect-columns
POST projects/{}/sources/file
POST projects/{}/sources/manual
DELETE projects/{}/sources/{}
POST projects/{}/sources/{}/items
POST projects/{}/import/preview
POST projects/{}/import/execute
""",
    "items:read": """
GET projects/{}/items
GET projects/{}/items/next
GET projects/{}/items/{}
GET projects/{}/items/{}/versions
GET projects/{}/items/{}/provenance
POST provenance/verify
GET projects/{}/items/{}/comments
GET projects/{}/items/{}/diff
GET projects/{}/export
GET projects/{}/translations/export
GET translation-memory/export
""",
    "items:write": """
POST projects/{}/translations/import
POST translation-memory/import
DELETE translation-memory
PATCH projects/{}/items/batch
POST projects/{}/items/exclude
POST projects/{}/items/restore
DELETE projects/{}/items/{}
PATCH projects/{}/items/{}
POST projects/{}/items/{}/versions/{}/restore
POST projects/{}/items/{}/comments
DELETE projects/{}/items/{}/comments/{}
""",
    "generation:read": """
POST projects/{}/generate/estimate
POST projects/{}/regenerate/estimate
POST projects/{}/regenerate-rejected/estimate
POST projects/{}/items/{}/regenerate/estimate
POST plugin/batches/estimate
GET plugin/batches/{}
""",
    "generation:write": """
POST projects/{}/items/{}/regenerate
POST plugin/batches
POST projects/{}/generate
POST projects/{}/generate/stream
POST projects/{}/regenerate
POST projects/{}/regenerate/stream
POST projects/{}/regenerate-rejected
POST projects/{}/regenerate-rejected/stream
POST projects/{}/jobs
""",
    "jobs:read": """
GET projects/{}/jobs
GET jobs/{}
GET jobs/{}/stream
""",
    "jobs:write": """
POST jobs/{}/cancel
""",
    "sync:read": """
GET projects/{}/drift
GET projects/{}/sync/languages
GET projects/{}/sync/warnings
GET projects/{}/sync/{}/history
""",
    "sync:write": """
POST projects/{}/sync
POST projects/{}/sync/stream
POST projects/{}/verify
POST projects/{}/sync/{}
POST projects/{}/sync/{}/undo
POST jobs/{}/undo
""",
    "profiles:read": """
GET content-profiles
GET content-profiles/{}
POST studio/profile-builder/generate/estimate
""",
    "profiles:write": """
POST content-profiles
PUT content-profiles/{}
DELETE content-profiles/{}
PUT content-profiles/{}/set-default
POST studio/profile-builder/generate
""",
    "glossary:read": """
GET glossary
GET glossary/{}
GET glossary/export
""",
    "glossary:write": """
POST glossary
POST glossary/import
PATCH glossary/{}
DELETE glossary/{}
""",
    "posts:read": """
GET projects/{}/blog-posts
GET projects/{}/blog-posts/analytics
GET projects/{}/blog-posts/{}
GET projects/{}/blog-posts/{}/provenance
GET projects/{}/blog-posts/{}/seo-score
GET projects/{}/blog-posts/{}/translations
POST projects/{}/blog-posts/{}/translations/estimate
POST projects/{}/blog-posts/estimate
POST projects/{}/blog-posts/{}/regenerate/estimate
POST projects/{}/blog-posts/{}/images/ai-generate/estimate
POST projects/{}/blog-posts/{}/images/{}/alt-text/estimate
GET projects/{}/blog-posts/{}/images
GET blog-templates
GET blog-templates/{}
GET stock-photos/search
""",
    "posts:write": """
POST projects/{}/blog-posts
PATCH projects/{}/blog-posts/{}
DELETE projects/{}/blog-posts/{}
POST projects/{}/blog-posts/{}/regenerate
POST projects/{}/blog-posts/{}/translations
POST projects/{}/blog-posts/{}/images/upload
POST projects/{}/blog-posts/{}/images/from-stock
POST projects/{}/blog-posts/{}/images/ai-generate
PATCH projects/{}/blog-posts/{}/images/{}
DELETE projects/{}/blog-posts/{}/images/{}
POST projects/{}/blog-posts/{}/images/{}/alt-text
POST blog-templates
PATCH blog-templates/{}
DELETE blog-templates/{}
""",
    "posts:publish": """
POST projects/{}/blog-posts/{}/publish
POST projects/{}/blog-posts/{}/publish/undo
POST projects/{}/blog-posts/{}/unpublish
POST projects/{}/blog-posts/{}/schedule
POST projects/{}/blog-posts/{}/unschedule
""",
    "studio:read": """
GET studio/tools
GET studio/store-audit
GET studio/store-audit/{}
GET studio-requests
GET studio-requests/{}
""",
    "studio:write": """
POST studio/store-audit/run
DELETE studio/store-audit/{}
POST studio/store-audit/{}/create-fix-project
POST studio-requests
POST studio-requests/{}/comments
""",
    "events:read": """
GET events
GET webhooks/event-types
""",
    "webhooks:read": """
GET webhooks/endpoints
GET webhooks/endpoints/{}
GET webhooks/deliveries
GET webhooks/deliveries/{}
""",
    "webhooks:write": """
POST webhooks/endpoints
PATCH webhooks/endpoints/{}
DELETE webhooks/endpoints/{}
POST webhooks/endpoints/{}/rotate-secret
POST webhooks/endpoints/{}/ping
POST webhooks/endpoints/{}/replay
POST webhooks/deliveries/{}/replay
""",
}

# Of the operations above, what a test key may call: it stays within its own projects, or shows profiles.
OPEN_TO_TESTS = (
    "projects:read", "projects:write", "items:read", "items:write", "generation:read", "generation:write", "jobs:read",
    "jobs:write", "sync:read", "profiles:read", "posts:read", "posts:write", "plugin:read", "plugin:write",
    "events:read", "webhooks:read", "webhooks:write",
)  # fmt: skip
# But not these, which reach shops, photo libraries and models, or change templates that live posts share.
LIVE_ONLY = """
POST provenance/verify
GET projects/{}/import/filters
GET projects/{}/sync/languages
POST projects/{}/import/preview
POST projects/{}/import/execute
GET stock-photos/search
POST projects/{}/blog-posts/{}/images/from-stock
POST projects/{}/blog-posts/{}/images/ai-generate
POST projects/{}/blog-posts/{}/images/{}/alt-text
POST projects/{}/blog-posts/{}/images/ai-generate/estimate
POST projects/{}/blog-posts/{}/images/{}/alt-text/estimate
POST blog-templates
PATCH blog-templates/{}
DELETE blog-templates/{}
"""

# And these of billing: a test key has a balance of its own.
TEST_BALANCE = """
GET billing/balance
PUT billing/test-balance
"""

# No operation asks for this alone: approving stands beside `items:write`.
WITHOUT_OPERATIONS = {"items:approve"}


def scope_of(operation: str) -> str:
    """The scope that `operation` ("GET users/{}") asks a key for; empty for a closed one. KeyError for an unknown one."""
    if operation in CLOSED.splitlines():
        return ""
    for scope, text in SCOPES.items():
        if operation in text.splitlines():
            return scope
    raise KeyError(operation)


def named() -> list[str]:
    """Every operation that stands here."""
    return [line for text in (CLOSED, *SCOPES.values()) for line in text.splitlines() if line]


def open_to_tests(operation: str) -> bool:
    own = operation in TEST_BALANCE.splitlines()
    return own or (scope_of(operation) in OPEN_TO_TESTS and operation not in LIVE_ONLY.splitlines())
