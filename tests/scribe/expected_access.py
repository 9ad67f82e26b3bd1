"""Who may call what, written down from the product's rules and not from the code: an operation that forgot its role fails.

The lists name operations one by one. What is not named and only reads is for every signed-in person; the rest asks for a
member (or an API key, for the plugin). A new operation for anybody else has to be added here by hand.
"""

from __future__ import annotations

PUBLIC = """
POST auth/login
POST auth/forgot-password
POST auth/reset-password
GET auth/verify-email
POST auth/register
POST auth/google
POST auth/apple
POST auth/nonce
POST auth/verify-2fa
POST auth/resend-2fa
POST auth/2fa/setup-with-temp
POST auth/2fa/confirm-with-temp
GET invitations/validate
POST invitations/accept
GET system/providers
GET system/platforms
GET system/content-types
GET system/languages
GET billing/plans
GET studio/profile-builder/templates
GET files/{}
GET outreach/track/open/{}.png
GET outreach/track/click/{}
GET shopify/app
GET shopify/callback
POST shopify/webhooks
POST shopify/webhooks/uninstalled
POST shopify/webhooks/customers/data_request
POST shopify/webhooks/customers/redact
POST shopify/webhooks/shop/redact
POST webhooks/paddle
POST webhooks/dodo
POST chatbot/webhook
POST chatbot/email-webhook
POST chatbot/xtracode-webhook
"""

# One's own account and notices.
OWN = """
POST auth/refresh
POST auth/logout
POST auth/logout-all
POST auth/resend-verification
POST auth/2fa/setup
POST auth/2fa/confirm
POST auth/2fa/backup-codes
POST auth/2fa/send-disable-code
POST auth/2fa/disable
PATCH users/me
PATCH users/me/email-preferences
DELETE users/me/identities/{}
POST notifications/read-all
POST notifications/{}/read
"""

# POST, but it only answers; quotes beside them.
ANSWERS = """
POST provenance/verify
"""

# To edit texts, judge them, talk about them, and say who does: reviewers, and translators in their languages.
REVIEWERS = """
POST projects/{}/translations/import
PATCH projects/{}/items/batch
POST projects/{}/items/exclude
POST projects/{}/items/restore
PATCH projects/{}/items/{}
POST projects/{}/items/{}/versions/{}/restore
POST projects/{}/items/{}/comments
DELETE projects/{}/items/{}/comments/{}
"""

# GET, but it begins a connection.
BEGINNINGS = """
GET shopify/install-url
"""

# People, the organization and its keys, data export and deletion, purchases, connections to shops, sites and photo stocks.
ADMINS = """
GET users
POST users
PATCH users/{}
DELETE users/{}
POST users/{}/2fa/reset
POST users/{}/2fa/disable
POST users/{}/2fa/enable
POST users/{}/logout-all
PATCH organization
PATCH organization/api-keys
PATCH organization/billing-details
PUT billing/test-balance
POST organization/tones
DELETE organization/tones/{}
GET api-keys
POST api-keys
GET api-keys/{}
GET api-keys/{}/requests
GET api-keys/{}/usage
PATCH api-keys/{}
POST api-keys/{}/rotate
DELETE api-keys/{}
PATCH api-keys/{}/deactivate
GET invitations
POST invitations
POST invitations/{}/resend
POST invitations/{}/revoke
POST gdpr/export
POST gdpr/request-deletion
POST gdpr/cancel-deletion
POST billing/checkout
POST billing/topup-checkout
GET billing/portal
POST billing/cancel-subscription
POST billing/invoices/upgrade
POST billing/invoices/topup
POST billing/paddle/checkout
POST billing/paddle/topup-checkout
GET billing/paddle/portal
POST store-connections
PATCH store-connections/{}
DELETE store-connections/{}
GET shopify/connect
POST shopify/finalize
POST blog-connections
PATCH blog-connections/{}
DELETE blog-connections/{}
POST evidence
DELETE evidence/{}
POST stock-photo-keys
PATCH stock-photo-keys/{}
DELETE stock-photo-keys/{}
GET webhooks/endpoints
POST webhooks/endpoints
GET webhooks/endpoints/{}
PATCH webhooks/endpoints/{}
DELETE webhooks/endpoints/{}
POST webhooks/endpoints/{}/rotate-secret
POST webhooks/endpoints/{}/ping
POST webhooks/endpoints/{}/replay
GET webhooks/deliveries
GET webhooks/deliveries/{}
POST webhooks/deliveries/{}/replay
"""

# What makes money out of nothing.
STAFF = """
POST billing/topup
POST billing/adjustment
POST billing/reset-cycle
PATCH billing/subscription
POST billing/invoices/{}/confirm
POST billing/invoices/{}/cancel
"""

# Where staff who work as a customer may change things: content alone, and never what cannot be undone.
SUPPORT_BELOW = (
    "projects",
    "jobs",
    "content-profiles",
    "glossary",
    "blog-templates",
    "studio/store-audit",
    "studio/profile-builder",
)
NEVER_BY_SUPPORT = ("POST projects/{}/truncate",)


LISTS = {"public": PUBLIC, "viewers": OWN, "reviewers": REVIEWERS, "admins": ADMINS, "staff": STAFF}


def listed(text: str) -> set[str]:
    return {line for line in text.splitlines() if line}


def who(operation: str) -> str:
    """The role that `operation` ("GET users/{}") has to ask for."""
    for role, text in LISTS.items():
        if operation in listed(text):
            return role
    only_reads = operation.startswith("GET ") or operation.endswith("/estimate") or operation in listed(ANSWERS)
    return "viewers" if only_reads and operation not in listed(BEGINNINGS) else "members"


#: The roles that people have, and whom each is admitted as.
ROLES = {
    "viewer": ("public", "viewers"),
    "translator": ("public", "viewers", "reviewers"),
    "reviewer": ("public", "viewers", "reviewers"),
    "member": ("public", "viewers", "reviewers", "members"),
    "admin": ("public", "viewers", "reviewers", "members", "admins"),
}


def open_to_support(operation: str) -> bool:
    """Whether support may call `operation`, which changes something."""
    method, path = operation.split(" ")
    below = any(path == prefix or path.startswith(prefix + "/") for prefix in SUPPORT_BELOW)
    return (
        below and method != "DELETE" and operation not in NEVER_BY_SUPPORT and who(operation) not in ("admins", "staff")
    )
