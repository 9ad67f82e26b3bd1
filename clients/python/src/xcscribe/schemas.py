"""The shapes of requests and replies. Made of the OpenAPI document by `make clients`."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

from xcscribe.core import File

DateTime: TypeAlias = str
"""A date and time by RFC 3339, as 2026-11-30T10:00:00Z."""
Date: TypeAlias = str
"""A date, as 2026-11-30."""
Decimal: TypeAlias = str
"""A decimal number as text, as "12.5000": no digit is lost."""
Xct: TypeAlias = str
"""An amount of XCT, a decimal number as text."""
ApiKeyModeEnum: TypeAlias = "Literal['live', 'test']"
BalanceTypeEnum: TypeAlias = "Literal['subscription', 'topup']"
BenefitsEnum: TypeAlias = "Literal['usual', 'cautious']"
BillingPeriodEnum: TypeAlias = "Literal['monthly', 'yearly']"
BlankEnum: TypeAlias = "Literal['']"
ComparedWithEnum: TypeAlias = "Literal['store', 'original']"
ConnectionUpdateStatusEnum: TypeAlias = "Literal['pending', 'active', 'error', 'inactive']"
ContentTypeEnum: TypeAlias = "Literal['product', 'category', 'page', 'post']"
ContentVariantEnum: TypeAlias = "Literal['short', 'long']"
DeliveryReplyStateEnum: TypeAlias = "Literal['pending', 'delivered', 'failed']"
EnabledChecksEnum: TypeAlias = "Literal['all_caps_title', 'broken_html', 'duplicate_content', 'keyword_stuffing', 'meta_description_length', 'missing_attributes', 'missing_description', 'missing_image_alt', 'missing_images', 'missing_meta_description', 'missing_price', 'missing_seo_title', 'missing_short_description', 'poor_readability', 'seo_title_length', 'thin_content']"
ErrorCode: TypeAlias = "Literal['account_exists', 'address_not_allowed', 'admin_required', 'already_subscribed', 'already_undone', 'api_key_expired', 'api_key_inactive', 'api_key_mistyped', 'api_key_orphaned', 'api_key_replaced', 'apple_sign_in_not_configured', 'attempt_over', 'audit_deleted', 'audit_not_ready', 'bad_request', 'bad_signature', 'balance_too_low', 'billing_details_required', 'binary_file', 'blank', 'blocked_for_support', 'blog_required', 'body_too_large', 'broken_archive', 'broken_workbook', 'broken_xml', 'busy', 'byok_disabled', 'card_subscription', 'cell_too_long', 'changed_meanwhile', 'chatbot_not_configured', 'chatwoot_not_configured', 'closed_to_keys', 'code_sent_recently', 'connection_for_blog_only', 'connection_gone', 'connection_has_scheduled_posts', 'connection_in_use', 'connection_inactive', 'connection_without_credentials', 'credentials_in_url', 'cursor_gone', 'cut_off', 'date', 'datetime', 'deletion_pending', 'duplicate_field', 'email_missing', 'email_not_verified', 'email_not_verified_by_provider', 'email_taken', 'empty', 'empty_field', 'empty_file', 'empty_term', 'encrypted_file', 'ended', 'endpoint_disabled', 'error', 'event_not_parked', 'evidence_on_file', 'evidence_too_large', 'exchange_rate_unavailable', 'export_active', 'failed', 'file_gone', 'file_too_large', 'filtered', 'forbidden', 'forbids_itself', 'garbled', 'generation_active', 'generation_cancelled', 'given_up', 'google_sign_in_not_configured', 'hold_exceeded', 'host_not_allowed', 'idempotency_answer_lost', 'idempotency_key_in_use', 'idempotency_key_reused', 'identity_taken', 'image_broken', 'image_generation_not_configured', 'image_has_foreign_data', 'image_has_too_many_pixels', 'image_missing', 'image_prices_not_configured', 'image_refused', 'image_too_large', 'image_type_not_supported', 'image_unreadable', 'in_doubt', 'in_the_past', 'inactive', 'install_claimed', 'install_of_another', 'insufficient_xct', 'internal_error', 'internal_host', 'invalid', 'invalid_characters', 'invalid_choice', 'invalid_code', 'invalid_content', 'invalid_country', 'invalid_credentials', 'invalid_cursor', 'invalid_date', 'invalid_idempotency_key', 'invalid_input', 'invalid_install', 'invalid_languages', 'invalid_mb', 'invalid_parameters', 'invalid_pib', 'invalid_shop', 'invalid_signature', 'invalid_slug', 'invalid_social_token', 'invalid_state', 'invalid_temp_token', 'invalid_text', 'invalid_time', 'invalid_token', 'invalid_transition', 'invalid_type', 'invalid_url', 'invalid_words', 'invitation_not_pending', 'invitation_pending', 'invoice_cancelled', 'invoice_not_open', 'invoice_not_paid', 'invoice_paid', 'invoices_not_configured', 'ip_literal', 'item_excluded', 'item_not_writable', 'items_full', 'job_active', 'job_cancelled', 'job_ended', 'key_cap_reached', 'last_admin', 'last_way_in', 'limited_to_projects', 'link_not_allowed', 'mail_not_failed', 'main_item', 'main_language', 'make_aware', 'malformed_event', 'malformed_json', 'malformed_request', 'max_decimal_places', 'max_digits', 'max_length', 'max_string_length', 'max_value', 'max_whole_digits', 'max_xct_exceeded', 'may_not_review', 'mb_check_digit', 'memory_full', 'method_not_allowed', 'min_length', 'min_value', 'missing_column', 'missing_scope', 'missing_scopes', 'no_change', 'no_deletion_pending', 'no_file', 'no_key', 'no_name', 'no_place', 'no_products_with_issue', 'no_rows', 'no_setup', 'no_store_connection', 'no_subscription', 'no_term_column', 'no_usable_column', 'not_a_dict', 'not_a_list', 'not_a_shopify_connection', 'not_a_sync', 'not_an_item', 'not_approved', 'not_authenticated', 'not_email_method', 'not_for_role', 'not_found', 'not_in_conflict', 'not_in_the_future', 'not_in_trash', 'not_manual', 'not_proposed', 'not_rejected', 'not_restored', 'not_taken', 'not_the_author', 'not_writable', 'not_your_language', 'nothing_chosen', 'nothing_published_there', 'nothing_to_resolve', 'nothing_to_undo', 'nothing_to_write', 'nothing_written', 'null', 'null_characters_not_allowed', 'organization_suspended', 'original_not_published', 'out_of_range', 'over_quote', 'overage', 'overage_in_use', 'overflow', 'own_deactivation', 'own_role', 'own_second_factor', 'page_builder', 'paid_in_full', 'paid_plan_required', 'password_entirely_numeric', 'password_too_common', 'password_too_short', 'password_too_similar', 'payment_overdue', 'payments_not_configured', 'platform_mismatch', 'port_not_allowed', 'post_changed', 'post_has_translations', 'post_is_busy', 'post_is_empty', 'post_is_translation', 'project_gone', 'project_in_trash', 'projects_full', 'prompt_not_configured', 'prompt_too_long', 'protected_user', 'provider_answer_too_long', 'provider_circuit_open', 'provider_credit_exhausted', 'provider_key_rejected', 'provider_model_unknown', 'provider_not_configured', 'provider_overloaded', 'provider_rate_limited', 'provider_refused_request', 'provider_timeout', 'provider_unavailable', 'provider_unreachable', 'range_not_satisfiable', 'recent_sign_in_required', 'redirect_refused', 'refused', 'repeated_key', 'repeated_language', 'request_timeout', 'required', 'role_required', 'same_language', 'schema', 'scheme_not_allowed', 'service_busy', 'service_unavailable', 'shop_language_missing', 'shop_language_not_taken', 'shop_language_other', 'shop_language_primary', 'shop_language_shared', 'shop_moved', 'shopify_not_configured', 'slug_taken', 'source_changed', 'source_gone', 'source_not_ready', 'staff_required', 'stale_request', 'status_not_allowed', 'stock_photo_key_exists', 'stock_photos_not_configured', 'stopped', 'storage_full', 'store_answer_lost', 'store_answer_misshapen', 'store_bulk_unusable', 'store_busy', 'store_changed', 'store_changed_meanwhile', 'store_credentials_refused', 'store_frozen', 'store_has_no_blog', 'store_has_no_end', 'store_key_read_only', 'store_key_write_only', 'store_locked', 'store_maintenance', 'store_not_found', 'store_not_recognized', 'store_passwords_off', 'store_plain_permalinks', 'store_prepares', 'store_rejected', 'store_repeats_pages', 'store_request_too_large', 'store_rights_missing', 'store_throttled', 'store_unavailable', 'store_unsupported', 'streams_full', 'surrogate_characters_not_allowed', 'sync_conflict', 'target_required', 'term_exists', 'test_key_refused', 'test_project', 'text_too_long', 'tier_required', 'tone_exists', 'too_deep', 'too_large', 'too_long', 'too_many', 'too_many_attempts', 'too_many_columns', 'too_many_comments', 'too_many_endpoints', 'too_many_fields', 'too_many_files', 'too_many_invoices', 'too_many_lookups', 'too_many_mails', 'too_many_open_invoices', 'too_many_registrations', 'too_many_requests', 'too_many_rows', 'too_many_rules', 'too_many_streams', 'too_many_terms', 'too_many_words', 'tool', 'topic_required', 'translation_changed', 'translation_exists', 'translation_has_no_draft', 'translations_not_granted', 'translations_unsupported', 'truncated', 'turnstile_failed', 'turnstile_unavailable', 'two_credentials', 'two_factor_active', 'two_factor_enforced', 'two_factor_not_active', 'two_targets', 'unchangeable', 'uncharged_allowance_used', 'undecodable_file', 'unknown_benefits', 'unknown_check', 'unknown_column', 'unknown_content_variant', 'unknown_country', 'unknown_event_type', 'unknown_field', 'unknown_filter', 'unknown_grounding', 'unknown_job_type', 'unknown_language', 'unknown_language_way', 'unknown_model', 'unknown_name', 'unknown_provider', 'unknown_quality', 'unknown_rule', 'unknown_size', 'unknown_template', 'unknown_tier', 'unknown_tone', 'unknown_trade', 'unlawful_claims', 'unsupported_claims', 'unsupported_file', 'unsupported_media_type', 'unusable_answer', 'upstream_error', 'upstream_timeout', 'user_inactive', 'verifier_incomplete', 'verifier_unreliable', 'version_conflict', 'weak_password', 'webhooks_not_configured', 'woocommerce_not_active', 'wrong_mode', 'wrong_password', 'zero']"
FormalityEnum: TypeAlias = "Literal['formal', 'informal']"
FormatEnum: TypeAlias = "Literal['xliff', 'xliff2', 'po', 'shopify_csv', 'magento_csv', 'wpml_csv', 'polylang_csv']"
GroundingEnum: TypeAlias = "Literal['standard', 'tables', 'read', 'strict']"
ItemStatusEnum: TypeAlias = "Literal['pending', 'generated', 'flagged', 'approved', 'rejected', 'synced']"
KindEnum: TypeAlias = "Literal['item', 'post']"
LanguageWayEnum: TypeAlias = "Literal['translation', 'native']"
ModeEnum: TypeAlias = "Literal['pending', 'all', 'selected']"
NullEnum: TypeAlias = 'Literal[None]'
PlatformEnum: TypeAlias = "Literal['woocommerce', 'shopify', 'magento2', 'wordpress']"
PluginGenerationStatusStatusEnum: TypeAlias = "Literal['queued', 'running', 'completed', 'failed']"
PostTypeEnum: TypeAlias = "Literal['article', 'how_to', 'listicle', 'product_roundup', 'comparison', 'news']"
ProvenanceEnum: TypeAlias = "Literal['off', 'record', 'mark']"
ProviderEnum: TypeAlias = "Literal['pexels']"
PublishedTextStateEnum: TypeAlias = "Literal['same', 'changed', 'missing']"
RoleEnum: TypeAlias = "Literal['admin', 'member', 'reviewer', 'translator', 'viewer']"
RuleDecisionStateEnum: TypeAlias = "Literal['proposed', 'accepted', 'dismissed']"
ScopesEnum: TypeAlias = "Literal['api_keys:read', 'billing:read', 'billing:write', 'connections:read', 'connections:write', 'events:read', 'generation:read', 'generation:write', 'glossary:read', 'glossary:write', 'items:approve', 'items:read', 'items:write', 'jobs:read', 'jobs:write', 'notifications:read', 'notifications:write', 'organization:read', 'organization:write', 'plugin:read', 'plugin:write', 'posts:publish', 'posts:read', 'posts:write', 'profiles:read', 'profiles:write', 'projects:read', 'projects:write', 'studio:read', 'studio:write', 'sync:read', 'sync:write', 'webhooks:read', 'webhooks:write']"
SelectionEnum: TypeAlias = "Literal['pending', 'stale']"
SourceEnum: TypeAlias = "Literal['magento2', 'shopify', 'woocommerce', 'wordpress']"
TypeEnum: TypeAlias = "Literal['api_key.expiring', 'endpoint.disabled', 'invoice.issued', 'item.approved', 'item.rejected', 'item.texts_ready', 'job.finished', 'ping', 'post.published', 'sync.conflict', 'wallet.low']"
WpStatusEnum: TypeAlias = "Literal['publish', 'draft', 'pending', 'private']"


class AccessTokenReply(TypedDict):
    access_token: str
    token_type: str


class AdjustmentRequestRequest(TypedDict):
    amount: float
    """Signed. (-100000000 to 100000000)"""
    balance_type: BalanceTypeEnum
    description: NotRequired[str | None]
    """(at most 500 characters)"""


class AltTextReply(TypedDict):
    alt_text: str
    job_id: str
    xct_used: str


class AnalyticsReply(TypedDict):
    total: int
    by_status: dict[str, Any]
    by_type: dict[str, Any]
    words_total: int
    seo_average: float | None
    published_by_month: dict[str, Any]
    """Posts by the month of publishing, `2026-11`."""
    xct_used: str


class ApiKeyCreateRequest(TypedDict):
    """What can be given to a key and changed later."""

    expires_at: NotRequired[DateTime | None]
    """`null`, or left out when you create a key: the key does not expire."""
    xct_per_month: NotRequired[Xct | None]
    """The maximum XCT that the key can spend per calendar month (UTC), together with the keys it replaces."""
    allowed_networks: NotRequired[list[str]]
    """IP addresses or networks (CIDR) from which the key can be used. Empty allows all. (at most 50 entries)"""
    name: str
    """(at most 120 characters)"""
    mode: NotRequired[ApiKeyModeEnum]
    """Default: `live`. A `test` key has its own projects, in which the built-in text generator is used. It costs
    nothing and never contacts stores or AI providers."""
    scopes: NotRequired[list[ScopesEnum]]
    """Default: `plugin:read`, `plugin:write`."""
    project_ids: NotRequired[list[str]]
    """The projects the key is limited to. Default: all projects of its mode. A test key's are test projects (else
    400 `wrong_mode`), which are created with a test key for all projects. (at most 100 entries)"""


class ApiKeyCreated(TypedDict):
    id: str
    name: str
    prefix: str
    """The first characters of the key, to identify it."""
    is_active: bool
    last_used_at: DateTime | None
    created_at: DateTime
    last_used_address: str | None
    mode: ApiKeyModeEnum
    """A `test` key has its own projects, in which the built-in text generator is used. It costs nothing and never
    contacts stores or AI providers."""
    scopes: list[str]
    project_ids: list[str]
    """The projects the key is limited to; empty for all projects of its mode. What belongs to no project stays open
    to the key's scopes."""
    expires_at: DateTime | None
    xct_per_month: str | None
    """A decimal string."""
    allowed_networks: list[str]
    """IP addresses or networks (CIDR) from which the key can be used. Empty allows all."""
    created_by_id: str | None
    """The user the key acts as, with that user's role. If the user is deactivated, the key stops working."""
    replaced_by_id: str | None
    """The key that replaced this one when it was rotated."""
    key: str
    """The key itself. Shown only this once."""


class ApiKeyReply(TypedDict):
    id: str
    name: str
    prefix: str
    """The first characters of the key, to identify it."""
    is_active: bool
    last_used_at: DateTime | None
    created_at: DateTime
    last_used_address: str | None
    mode: ApiKeyModeEnum
    """A `test` key has its own projects, in which the built-in text generator is used. It costs nothing and never
    contacts stores or AI providers."""
    scopes: list[str]
    project_ids: list[str]
    """The projects the key is limited to; empty for all projects of its mode. What belongs to no project stays open
    to the key's scopes."""
    expires_at: DateTime | None
    xct_per_month: str | None
    """A decimal string."""
    allowed_networks: list[str]
    """IP addresses or networks (CIDR) from which the key can be used. Empty allows all."""
    created_by_id: str | None
    """The user the key acts as, with that user's role. If the user is deactivated, the key stops working."""
    replaced_by_id: str | None
    """The key that replaced this one when it was rotated."""


class ApiKeyRequestReply(TypedDict):
    created_at: DateTime
    method: str
    route: str
    """The path pattern, without IDs."""
    status: int
    code: str
    """The error's code; empty if there was no error."""
    address: str | None
    """The IP address of the request."""
    milliseconds: int
    request_id: str


class ApiKeyRotationRequest(TypedDict):
    overlap_hours: NotRequired[int]
    """How long the old key keeps working alongside the new one, in hours. (0 to 168; 24 if not given)"""
    expires_at: NotRequired[DateTime | None]
    """Default: the same lifetime as the old key, starting now."""


class ApiKeysListQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class ApiKeysRequestsQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class ApiKeysRetrieveQuery(TypedDict):
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""


class AppleRequestRequest(TypedDict):
    id_token: str
    """(at most 8192 characters)"""
    first_name: NotRequired[str | None]
    """Apple sends the name to the app only at the first sign-in. (at most 120 characters)"""
    last_name: NotRequired[str | None]
    """(at most 120 characters)"""
    nonce: NotRequired[str | None]
    """The nonce that the ID token was requested with, if any. (at most 300 characters)"""
    password: NotRequired[str | None]
    """Needed to link an account if the sign-in is more than ten minutes old. (at most 256 characters)"""


class AttemptReply(TypedDict):
    at: DateTime
    status: int | None
    """`null` if there was no reply."""
    seconds: float
    error: NotRequired[str]
    """Why there was no reply."""
    answer: NotRequired[str]
    """The beginning of the error reply."""


class AuditDetail(TypedDict):
    id: str
    project_id: str
    job_id: str | None
    status: str
    product_count: int
    health_score: float | None
    """100 × (1 − weights of failed checks / weights of applicable checks). Weights: 3 missing_description,
    duplicate_content, missing_images, missing_price; 2 thin_content, missing_seo_title, missing_meta_description,
    keyword_stuffing, broken_html; 1 the others."""
    summary: dict[str, Any]
    """`{counts: {check: products}, skipped: [checks for which data is missing]}`"""
    xct_used: Xct
    created_at: DateTime
    completed_at: DateTime | None
    error: str | None
    products: list[AuditedProductReply]


class AuditList(TypedDict):
    audits: list[AuditReply]


class AuditReply(TypedDict):
    id: str
    project_id: str
    job_id: str | None
    status: str
    product_count: int
    health_score: float | None
    """100 × (1 − weights of failed checks / weights of applicable checks). Weights: 3 missing_description,
    duplicate_content, missing_images, missing_price; 2 thin_content, missing_seo_title, missing_meta_description,
    keyword_stuffing, broken_html; 1 the others."""
    summary: dict[str, Any]
    """`{counts: {check: products}, skipped: [checks for which data is missing]}`"""
    xct_used: Xct
    created_at: DateTime
    completed_at: DateTime | None
    error: str | None


class AuditRequestRequest(TypedDict):
    project_id: str
    """(at most 64 characters)"""
    enabled_checks: NotRequired[list[EnabledChecksEnum] | None]
    """Default: all sixteen checks."""


class AuditStarted(TypedDict):
    audit_id: str
    job_id: str
    estimated_products: int
    estimated_xct: Xct
    """Deterministic checks cost nothing."""


class AuditedProductReply(TypedDict):
    id: str
    content_item_id: str | None
    product_title: str
    product_url: str
    description_word_count: int
    description_preview: str
    issues: list[str]
    scores: dict[str, Any]


class AuthVerifyEmailQuery(TypedDict):
    token: str
    """The token from the emailed link. (at most 1000 characters)"""


class BackupCodesReply(TypedDict):
    backup_codes: list[str]
    """Each code works once. They are shown only this once."""
    message: str


class BalanceReply(TypedDict):
    subscription_balance: Decimal
    """XCT from the plan. Unused XCT expire at the end of the cycle."""
    topup_balance: Decimal
    """Bought XCT; they don't expire."""
    total_balance: Decimal
    """The sum of both, minus overage owed."""
    subscription_tier: str
    overage_enabled: bool
    token_rate_multiplier: Decimal
    held: Decimal
    """Reserved for running jobs."""
    available: Decimal
    """The XCT you can spend: total minus reserved, plus unused overage."""
    overage_owed: Decimal
    cycle_started_at: DateTime
    next_cycle_at: DateTime | None
    """When the next cycle starts automatically."""


class BatchAccepted(TypedDict):
    batch_id: str
    xct_max: str
    """The XCT reserved for all items. The charge never exceeds it."""
    items: list[BatchItemAccepted]


class BatchItemAccepted(TypedDict):
    external_id: str
    generation_id: str


class BatchProductRequest(TypedDict):
    product_title: str
    """(at most 500 characters)"""
    product_category: NotRequired[str | None]
    """(at most 500 characters)"""
    product_attributes: NotRequired[dict[str, Any] | None]
    product_images: NotRequired[list[str] | None]
    """(at most 20 entries)"""
    current_description: NotRequired[str | None]
    external_id: str
    """The store's ID of the product. Must be unique in a batch. (at most 255 characters)"""


class BatchRequestRequest(TypedDict):
    """The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`."""

    max_xct: NotRequired[Xct | None]
    """The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
    `max_xct_exceeded` with the quote."""
    source: SourceEnum
    """The platform of the plugin."""
    language: NotRequired[str | None]
    """(at most 20 characters)"""
    tone: NotRequired[str | None]
    """(at most 60 characters)"""
    custom_instructions: NotRequired[str | None]
    """(at most 8000 characters)"""
    languages: NotRequired[list[str] | None]
    """Additional languages besides `language`. Each text is generated from the same data and priced as a text of its
    own. The replies have them under `texts`. (at most 30 entries)"""
    items: list[BatchProductRequest]
    """(at most 100 entries)"""


class BatchStatus(TypedDict):
    batch_id: str
    status: str
    """As for an item: `completed` or `failed` when all items are done; `failed` if none succeeded."""
    items: list[PluginGenerationStatus]


class BillingDetailsReply(TypedDict):
    billing_company_name: str
    billing_pib: str
    billing_mb: str
    billing_address: str
    billing_city: str
    billing_postal_code: str
    billing_country: str
    warnings: list[BillingWarning]
    """Values that were saved but look wrong."""


class BillingInvoicesQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    include_credit_notes: NotRequired[bool]
    """(false if not given)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""
    status: NotRequired[Literal['pending', 'paid', 'cancelled', 'expired']]


class BillingLimitsQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class BillingListQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class BillingPaymentHistoryQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class BillingResetCycleQuery(TypedDict):
    organization_id: NotRequired[str]
    """The organization. Platform staff only. (at most 64 characters)"""


class BillingRetrieveQuery(TypedDict):
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""


class BillingTransactionsQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    limit: NotRequired[int]
    """In place of `page_size`. (1 to 1000)"""
    page: NotRequired[int]
    """(1 to 1000000; 1 if not given)"""
    page_size: NotRequired[int]
    """(1 to 100; 20 if not given)"""


class BillingUsageSummaryQuery(TypedDict):
    days: NotRequired[int]
    """(1 to 365; 30 if not given)"""


class BillingWarning(TypedDict):
    pointer: str
    detail: str
    code: str


class BlogConnectionCreationRequest(TypedDict):
    name: str
    """(at most 255 characters)"""
    site_url: str
    """(at most 500 characters)"""
    username: str
    """(at most 255 characters)"""
    app_password: str
    """(at most 500 characters)"""


class BlogConnectionReply(TypedDict):
    id: str
    name: str
    site_url: str
    username: str
    is_active: bool
    provenance: ProvenanceEnum
    """`record` (the default) keeps here where texts come from; `mark` also tells it to programs in the shop, beside
    the texts and unseen by readers; `off` keeps no approvals. See the guide on provenance; it is no legal advice."""
    has_credentials: bool
    site_name: str
    has_categories: bool
    categories_cached_at: DateTime | None
    last_synced_at: DateTime | None
    created_at: DateTime
    updated_at: DateTime


class BlogConnectionTest(TypedDict):
    success: bool
    message: str
    site_name: str


class BlogConnectionsCategoriesQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""
    refresh: NotRequired[bool]
    """Read from the site instead of the cache. (false if not given)"""


class BlogConnectionsListQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class BlogConnectionsRetrieveQuery(TypedDict):
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""


class BlogConnectionsShopifyBlogsQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class BlogListImagesQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class BlogListQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    language: NotRequired[str]
    """Only posts in this language. (at most 20 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""
    original_id: NotRequired[str]
    """Only translations of this post."""
    status: NotRequired[Literal['generating', 'draft', 'scheduled', 'publishing', 'published', 'failed']]


class BlogRequestRequest(TypedDict):
    """The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`."""

    max_xct: NotRequired[Xct | None]
    """The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
    `max_xct_exceeded` with the quote."""
    source: SourceEnum
    """The platform of the plugin."""
    language: NotRequired[str | None]
    """(at most 20 characters)"""
    tone: NotRequired[str | None]
    """(at most 60 characters)"""
    custom_instructions: NotRequired[str | None]
    """(at most 8000 characters)"""
    languages: NotRequired[list[str] | None]
    """Additional languages besides `language`. Each text is generated from the same data and priced as a text of its
    own. The replies have them under `texts`. (at most 30 entries)"""
    product_category: NotRequired[str | None]
    """(at most 500 characters)"""
    topic: NotRequired[str | None]
    """(at most 500 characters)"""
    product_title: NotRequired[str | None]
    """(at most 500 characters)"""


class BlogRetrieveQuery(TypedDict):
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""


class BlogSeoScoreQuery(TypedDict):
    focus_keyword: NotRequired[str]
    """The keyphrase to score for. Default: the post's keyphrase. (at most 200 characters)"""


class BlogTemplatesListQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class BlogTemplatesRetrieveQuery(TypedDict):
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""


class CancelInvoiceRequestRequest(TypedDict):
    reason: NotRequired[str]
    """(at most 300 characters)"""


class CancelReply(TypedDict):
    status: str
    effective_at: DateTime | None
    message: str


class CategoryReply(TypedDict):
    id: int
    name: str
    slug: str
    count: int
    parent: int


class Change(TypedDict):
    op: str
    """`equal`, `insert` or `delete`."""
    text: str


class ChatReply(TypedDict):
    received: bool
    outcome: str
    """`queued`, `repeated` or `ignored`."""


class ChatwootIdentityReply(TypedDict):
    identifier: str
    """The user's id."""
    identifier_hash: str
    """Its HMAC-SHA256, hexadecimal."""


class CheckoutReply(TypedDict):
    checkout_url: str | None
    transaction_id: str | None
    client_token: str | None
    plan_changed: bool
    """The active subscription was changed immediately."""
    scheduled: bool
    """The active subscription changes at the end of the billing period."""


class CheckoutRequestRequest(TypedDict):
    tier: str
    """(at most 20 characters)"""
    billing_period: NotRequired[BillingPeriodEnum]
    """("monthly" if not given)"""


class CodeRequestRequest(TypedDict):
    code: str
    """(at most 40 characters)"""


class CommentBodyRequest(TypedDict):
    content: str
    """(at most 10000 characters)"""
    is_internal: NotRequired[bool | None]
    """Ignored for customers: their comments are always public."""


class CommentReply(TypedDict):
    id: str
    request_id: str
    user_id: str | None
    user_name: str
    user_email: str
    content: str
    is_internal: bool
    created_at: DateTime


class ConfirmedSignInReply(TypedDict):
    backup_codes: list[str]
    """Each code works once. They are shown only this once."""
    message: str
    access_token: str
    """The token of the sign-in that was waiting for the setup."""
    token_type: str


class ConnectionCreationRequest(TypedDict):
    base_url: str
    """(at most 500 characters)"""
    media_base_url: NotRequired[str]
    """(at most 500 characters)"""
    access_token: NotRequired[str]
    """(at most 4000 characters)"""
    access_token_secret: NotRequired[str]
    """The access token's secret (Magento with OAuth 1.0a). (at most 4000 characters)"""
    consumer_key: NotRequired[str]
    """(at most 4000 characters)"""
    consumer_secret: NotRequired[str]
    """(at most 4000 characters)"""
    provenance: NotRequired[ProvenanceEnum]
    """`record` (the default) keeps here where texts come from; `mark` also tells it to programs in the shop, beside
    the texts and unseen by readers; `off` keeps no approvals. See the guide on provenance; it is no legal advice."""
    name: str
    """(at most 255 characters)"""
    platform: PlatformEnum


class ConnectionReply(TypedDict):
    id: str
    name: str
    platform: str
    base_url: str
    media_base_url: str
    status: str
    has_credentials: bool
    last_connected_at: DateTime | None
    created_at: DateTime
    updated_at: DateTime
    project_count: int
    connection_type: str
    """`store`, or `blog` for one that is for posts only."""
    shop: str
    """The Shopify store that granted access to the app, if any."""
    guarded: bool | None
    """Whether the store rejects an update of a text that was changed after we read it (our plugin is active). `null`
    if unknown."""
    missing_places: dict[str, Any] | None
    """Texts that the store has no field for, each with the reason, for example SEO texts without an SEO plugin.
    `null` while unknown."""
    languages: dict[str, list[str]]
    """`{language: [code, …]}`: the store languages or store views that receive the texts of a language, where
    several are possible. For example, Shopify's `sr` can be Serbian in either script. See
    `projects/{id}/sync/languages`."""
    provenance: ProvenanceEnum
    """`record` (the default) keeps here where texts come from; `mark` also tells it to programs in the shop, beside
    the texts and unseen by readers; `off` keeps no approvals. See the guide on provenance; it is no legal advice."""


class ConnectionTestReply(TypedDict):
    success: bool
    message: str
    store_name: str
    media_base_url: str
    guarded: bool | None
    """Whether the store rejects an update of a text that was changed after we read it (our plugin is active). `null`
    if unknown."""


class ContentProfilesListQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class ContentProfilesRetrieveQuery(TypedDict):
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""


class ContentTypeReply(TypedDict):
    id: str
    name: str


class CustomFieldReply(TypedDict):
    key: str
    example: str
    """The text that one of the items has."""
    count: int
    """How many of the newest and oldest items have this field; if none do, how many items of the project."""
    name: str
    """The name of the fact that an import creates from it, or empty."""


class DeletedSegments(TypedDict):
    deleted: int
    """The number of imported segments that were deleted."""


class DeletionReply(TypedDict):
    deletion_scheduled_for: DateTime
    message: str


class DeletionRequestRequest(TypedDict):
    password: NotRequired[str | None]
    """(at most 256 characters)"""


class DeliveryReply(TypedDict):
    id: str
    endpoint_id: str
    event_id: str
    type: str
    state: DeliveryReplyStateEnum
    attempts: int
    """The number of attempts, of at most eight. A replay starts again from zero."""
    next_at: DateTime | None
    delivered_at: DateTime | None
    created_at: DateTime
    log: list[AttemptReply]
    """The last ten attempts."""


class DescriptionRequestRequest(TypedDict):
    """The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`."""

    product_title: str
    """(at most 500 characters)"""
    product_category: NotRequired[str | None]
    """(at most 500 characters)"""
    product_attributes: NotRequired[dict[str, Any] | None]
    product_images: NotRequired[list[str] | None]
    """(at most 20 entries)"""
    current_description: NotRequired[str | None]
    max_xct: NotRequired[Xct | None]
    """The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
    `max_xct_exceeded` with the quote."""
    source: SourceEnum
    """The platform of the plugin."""
    language: NotRequired[str | None]
    """(at most 20 characters)"""
    tone: NotRequired[str | None]
    """(at most 60 characters)"""
    custom_instructions: NotRequired[str | None]
    """(at most 8000 characters)"""
    languages: NotRequired[list[str] | None]
    """Additional languages besides `language`. Each text is generated from the same data and priced as a text of its
    own. The replies have them under `texts`. (at most 30 entries)"""
    external_id: NotRequired[str | None]
    """The store's ID of the product. Sending the same ID again updates the same item with this data. (at most 255
    characters)"""


class DetectedColumns(TypedDict):
    """What a file would be read as."""

    columns: list[str]
    mapping: dict[str, str]
    """Column → field."""
    confidence: float
    """Confidence of the whole suggestion, 0 to 1."""
    column_confidence: dict[str, float]
    sample_rows: list[Any]
    encoding: str | None
    """The Python codec."""
    delimiter: str | None
    row_count: int
    """The number of rows, without the header and empty rows; of a large workbook or WordPress export an estimate."""
    unmapped: list[str]
    format: str
    """`csv`, `xlsx`, `jsonl` or `wxr`."""
    platform: str
    """The platform whose columns these are, or `generic`."""


class DriftReply(TypedDict):
    item_id: str
    external_id: str
    language: str
    """Empty for the project's main language."""
    main_item_id: str | None
    """For a text in another language: the ID of its item."""
    name: str
    gone: bool
    """The store no longer has the item."""
    fields: list[dict[str, Any]]
    """`{field, cause, expected, store}`. `cause` is `merchant` (edited in the store), `platform` (the platform
    dropped part of our text) or `ours` (the store shows the text from before our sync)."""
    job_id: str | None
    found_at: DateTime


class EmailPreferencesReply(TypedDict):
    usage_billing: bool
    ai_studio: bool
    system_alerts: bool


class EmailRequestRequest(TypedDict):
    email: str
    """(at most 254 characters)"""


class EndpointCreateRequest(TypedDict):
    url: str
    """Must use https, a public host and port 443 or 8443. (at most 2048 characters)"""
    description: NotRequired[str]
    """(at most 200 characters)"""
    types: NotRequired[list[str]]
    """Event types from `GET /webhooks/event-types`. Empty or left out: all events. (at most 100 entries)"""
    project_ids: NotRequired[list[str]]
    """Only events about these projects and what is in them. Default: those of the whole organization. (at most 100
    entries)"""


class EndpointReply(TypedDict):
    id: str
    url: str
    description: str
    types: list[str]
    """Empty: all types."""
    project_ids: list[str]
    """Only events about these projects and what is in them; empty for those of the whole organization."""
    is_test: bool
    """A test key added it: it gets the events of test work, and no others."""
    is_active: bool
    disabled_at: DateTime | None
    disabled_reason: str
    """`gone` (the endpoint returned 410), `failing`, `switched_off`, or empty."""
    failing_since: DateTime | None
    """The time since which every attempt has failed."""
    delivered_at: DateTime | None
    """The last success."""
    old_secret_until: DateTime | None
    """The time until which events are also signed with the previous secret."""
    created_at: DateTime


class EndpointWithSecret(TypedDict):
    id: str
    url: str
    description: str
    types: list[str]
    """Empty: all types."""
    project_ids: list[str]
    """Only events about these projects and what is in them; empty for those of the whole organization."""
    is_test: bool
    """A test key added it: it gets the events of test work, and no others."""
    is_active: bool
    disabled_at: DateTime | None
    disabled_reason: str
    """`gone` (the endpoint returned 410), `failing`, `switched_off`, or empty."""
    failing_since: DateTime | None
    """The time since which every attempt has failed."""
    delivered_at: DateTime | None
    """The last success."""
    old_secret_until: DateTime | None
    """The time until which events are also signed with the previous secret."""
    created_at: DateTime
    secret: str
    """`whsec_…`, for verifying signatures. Shown only this once."""


class EstimateReply(TypedDict):
    """The quote: the bill never exceeds `xct_max`. Where a second model reads the texts all numbers have its part in
    them."""

    items: int
    skipped: int
    tokens_expected: int
    tokens_max: int
    xct_expected: Xct
    xct_max: Xct
    balance_after: Decimal
    """The balance available after the expected price. Can be negative."""
    ai_provider: str
    ai_model: str
    grounding: str
    """`tables`, `read` or `strict`."""
    verifier_provider: str | None
    """The provider of the second AI model that checks the texts; `null` if there is none."""
    verifier_model: str | None
    """The second AI model that checks the texts."""
    per_language: list[LanguageQuote]
    no_place: list[NoPlace]
    """For a project with a store: texts that the store has no field for."""


class EventReply(TypedDict):
    id: str
    """The same as `webhook-id`."""
    type: TypeEnum
    timestamp: DateTime
    """When it happened."""
    is_test: bool
    """An event of test work. Live endpoints and keys don't get these."""
    data: dict[str, Any]
    """`object`, `id`, `sequence`, and fields that depend on the event type."""


class EventTypeReply(TypedDict):
    name: str
    object: str
    """The kind of object that `data.id` names."""
    summary: str


class EventsReply(TypedDict):
    events: list[EventReply]
    next_after: str | None
    """The cursor for the next page; `null` if this page is empty."""
    has_more: bool


class EventsSinceQuery(TypedDict):
    after: NotRequired[str]
    """The ID of the last event you have seen. (at most 64 characters)"""
    limit: NotRequired[int]
    """(1 to 500; 100 if not given)"""
    types: NotRequired[str]
    """Comma-separated names. (at most 500 characters)"""


class EventsTypesQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class EvidenceCreationRequest(TypedDict):
    name: str
    """Such as EU Ecolabel. (at most 200 characters)"""
    number: str
    """(at most 100 characters)"""
    rule: str
    """The code of the legal rule it satisfies: the `rule` of a finding. (at most 60 characters)"""
    claims: list[str]
    """The words that it covers, each as a sentence says them, such as the name of a label. Case does not matter. (at
    most 20 entries)"""
    valid_until: Date
    """Its last day."""
    file: NotRequired[File]
    """A PDF, PNG or JPEG of up to 10 MB."""


class EvidenceListQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class EvidenceReply(TypedDict):
    id: str
    name: str
    number: str
    rule: str
    claims: list[str]
    valid_until: Date
    file_url: str
    """Empty without a file."""


class ExcludedReply(TypedDict):
    excluded: int
    """The number of items excluded by this request, including children."""
    item_ids: list[str]


class ExecuteReply(TypedDict):
    job_id: str
    estimated_batches: int


class ExportReply(TypedDict):
    job_id: str
    status: str
    message: str


class Fault(TypedDict):
    line: int
    """Physical line of the file, from 1."""
    code: str
    reason: str


class FieldDiff(TypedDict):
    field: str
    store: str
    """The text that ours is compared with."""
    generated: str
    changes: list[Change]
    compared_with: ComparedWithEnum | BlankEnum
    """`store`: the store's text or, for a text in another language, the store's translation. `original`: the text it
    was translated from. Empty: neither is known."""


class FieldProvenance(TypedDict):
    field: str
    sha256: str
    generated: TextWriter | None
    """Null for a text that was written by hand."""
    edits: list[RecordedEdit]
    approved: RecordedApproval | None
    """The last approval of this very text; null once it was changed, or before it was approved."""
    words_changed: float | None
    """The share of words in which it differs from what was generated, 0 to 1."""
    declined: bool
    """A person decided that it is neither pushed nor exported."""
    findings: list[dict[str, Any]]
    """What the checks, the second reader (`verification`) and the rules of law (`law`) found."""


class FileBodyRequest(TypedDict):
    file: File
    """CSV, TSV, XLSX, JSON Lines (`.jsonl`, also gzipped), or a WordPress export (WXR)."""


class FileUploadRequest(TypedDict):
    file: File
    """CSV, TSV, XLSX, JSON Lines (`.jsonl`, also gzipped), or a WordPress export (WXR)."""
    column_mapping: NotRequired[str | None]
    """A JSON object that maps file columns to fields. Columns that are not listed keep the detected field; `null`
    ignores a column. (at most 200000 characters)"""
    match: NotRequired[bool]
    """Whether a row with the ID or SKU of an existing item updates that item. If `false`, every row becomes a new
    item. (true if not given)"""


class FiltersReply(TypedDict):
    platform: str
    filters: dict[str, Any]
    """`{key: [{id, title}]}`"""
    unavailable: dict[str, Any]
    """`{key: reason}` for filters whose values the store does not list completely."""
    custom_fields: list[CustomFieldReply]
    """Custom fields in WooCommerce or WordPress, for example from ACF. An import reads those listed in the project's
    `settings.sync.custom_fields` as facts: `{key: name of the fact}`."""


class FixReply(TypedDict):
    project_id: str
    product_count: int
    job_id: str | None
    """The job that still copies the products; `null` if all are copied."""


class FixRequestRequest(TypedDict):
    issue_type: str
    """The id of a check. (at most 60 characters)"""


class ForceRequestRequest(TypedDict):
    force: NotRequired[bool]
    """Also overwrite texts that were changed in the store since."""


class GdprStatusReply(TypedDict):
    deletion_requested_at: DateTime | None
    deletion_scheduled_for: DateTime | None
    active_export_job_id: str | None


class GeneratedContent(TypedDict):
    name: NotRequired[str]
    """At most 300 characters of visible text."""
    short_description: NotRequired[str]
    """HTML, plain text where `use_html_short` is off; as long as `max_short_chars` says."""
    description: NotRequired[str]
    """HTML, plain text where `use_html` is off; as long as `max_long_chars` says."""
    bullet_points: NotRequired[list[str]]
    """Up to 12 entries; each at most 400 characters of visible text."""
    attributes: NotRequired[dict[str, str]]
    """Up to 60 entries; values of at most 400 characters of visible text."""
    tags: NotRequired[list[str]]
    """Up to 20 entries; each at most 60 characters of visible text."""
    seo: NotRequired[GeneratedSeo]
    structured_data: NotRequired[dict[str, Any]]
    """Made of the other fields."""


class GeneratedContentPatch(TypedDict):
    name: NotRequired[str | None]
    """At most 300 characters of visible text."""
    short_description: NotRequired[str | None]
    """HTML, plain text where `use_html_short` is off; as long as `max_short_chars` says."""
    description: NotRequired[str | None]
    """HTML, plain text where `use_html` is off; as long as `max_long_chars` says."""
    bullet_points: NotRequired[list[str] | None]
    """Up to 12 entries; each at most 400 characters of visible text."""
    attributes: NotRequired[dict[str, str] | None]
    """Up to 60 entries; values of at most 400 characters of visible text."""
    tags: NotRequired[list[str] | None]
    """Up to 20 entries; each at most 60 characters of visible text."""
    seo: NotRequired[GeneratedSeoRequest | None]
    structured_data: NotRequired[dict[str, Any] | None]
    """Made of the other fields."""


class GeneratedSeo(TypedDict):
    title: NotRequired[str]
    """At most 60 characters of visible text."""
    description: NotRequired[str]
    """At most 160 characters of visible text."""
    slug: NotRequired[str]
    """Made of the other fields; at most 120 characters of visible text."""
    focus_keyword: NotRequired[str]
    """At most 80 characters of visible text."""


class GeneratedSeoRequest(TypedDict):
    title: NotRequired[str]
    """At most 60 characters of visible text."""
    description: NotRequired[str]
    """At most 160 characters of visible text."""
    slug: NotRequired[str]
    """Made of the other fields; at most 120 characters of visible text."""
    focus_keyword: NotRequired[str]
    """At most 80 characters of visible text."""


class GenerationItemReply(TypedDict):
    id: str
    status: str
    """`generated`, `flagged`, `failed`, `pending` or `skipped`."""
    reason: str
    """Why it was flagged, failed or skipped."""
    language: str
    """For a text in another language: its language code. `id` is then the ID of that text."""
    xct_used: Xct
    """The price of this text, in XCT."""


class GenerationReply(TypedDict):
    """How a generation stands. While it runs on (202) poll `GET /jobs/{job_id}`."""

    job_id: str
    status: str
    generated: int
    flagged: int
    failed: int
    skipped: int
    xct_used: Xct
    items: list[GenerationItemReply]
    error: NotRequired[str]
    """Why the job failed. Only if it did."""


class GenerationRequestRequest(TypedDict):
    """The settings, and optionally the items: any included, non-variant ones, whatever their status."""

    translate_name: NotRequired[bool | None]
    generate_short: NotRequired[bool | None]
    generate_long: NotRequired[bool | None]
    generate_bullet_points: NotRequired[bool | None]
    generate_attributes: NotRequired[bool | None]
    generate_tags: NotRequired[bool | None]
    structured_data_enabled: NotRequired[bool | None]
    grounding: NotRequired[GroundingEnum | NullEnum]
    verifier_provider: NotRequired[str | None]
    """The provider of the second AI model that checks the texts. Default: the provider that generates them. (at most
    100 characters)"""
    verifier_model: NotRequired[str | None]
    """The second AI model that checks the texts. Default: the provider's cheapest model. (at most 100 characters)"""
    language: NotRequired[str | None]
    """(at most 20 characters)"""
    language_way: NotRequired[LanguageWayEnum | NullEnum]
    """How texts in additional languages are created: `translation` translates the approved text, `native` generates
    a new text from the product data."""
    tone: NotRequired[str | None]
    """(at most 100 characters)"""
    benefits: NotRequired[BenefitsEnum | NullEnum]
    """What a text can say about benefits: `usual` allows what follows from a fact in ordinary use, `cautious` only
    what the product data states."""
    ai_provider: NotRequired[str | None]
    """(at most 100 characters)"""
    ai_model: NotRequired[str | None]
    """(at most 100 characters)"""
    custom_instructions: NotRequired[str | None]
    """(at most 8000 characters)"""
    language_settings: NotRequired[dict[str, OneLanguageRequest] | None]
    """Language → its instructions and form of address."""
    max_short_chars: NotRequired[int | None]
    """(20 to 2000)"""
    max_long_chars: NotRequired[int | None]
    """(50 to 20000)"""
    use_html: NotRequired[bool | None]
    use_html_short: NotRequired[bool | None]
    image_analysis_enabled: NotRequired[bool | None]
    image_analysis_count: NotRequired[int | None]
    """(1 to 10)"""
    content_type: NotRequired[ContentTypeEnum | NullEnum]
    """Only items of this type."""
    content_variant: NotRequired[ContentVariantEnum | NullEnum]
    max_xct: NotRequired[Xct | None]
    """The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
    `max_xct_exceeded` with the quote."""
    item_ids: NotRequired[list[str] | None]
    """Only these items. (at most 100000 entries)"""
    languages: NotRequired[list[str] | None]
    """The languages to generate. The main language is included only if it is listed. Default: the main language
    only. (at most 30 entries)"""
    replace_existing: NotRequired[bool]
    """Whether to also generate texts for which the store already has its own translation. By default only missing
    texts are generated, and an item with nothing missing is skipped (`translated_in_shop`). Syncing over the store's
    own translation is a conflict. (false if not given)"""
    selection: NotRequired[SelectionEnum]
    """`stale`: only texts whose source has changed since; of a translation, only the outdated fields. Texts that
    someone has edited are skipped and listed (`edited`)."""


class GlossaryExportQuery(TypedDict):
    language: NotRequired[str]
    """Only terms that have a word in this language. (at most 20 characters)"""
    profile_id: NotRequired[str]
    """Only terms of this content profile."""
    search: NotRequired[str]
    """In the term's text. (at most 200 characters)"""


class GlossaryFileRequest(TypedDict):
    file: File
    """A CSV file with one column for the term and one per language. Files from Tolgee and Crowdin also work."""
    language: NotRequired[str]
    """The language of the terms, if no column names it. (at most 20 characters)"""
    profile_id: NotRequired[str]


class GlossaryImportReply(TypedDict):
    created: int
    updated: int
    unchanged: int
    refused: list[RefusedRow]
    unread: list[str]
    """Columns that were ignored."""


class GlossaryListQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    language: NotRequired[str]
    """Only terms that have a word in this language. (at most 20 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""
    profile_id: NotRequired[str]
    """Only terms of this content profile."""
    search: NotRequired[str]
    """In the term's text. (at most 200 characters)"""


class GlossaryRetrieveQuery(TypedDict):
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""


class GoogleRequestRequest(TypedDict):
    """One of the two: an ID token, or the access token of Google's pop-up."""

    credential: NotRequired[str | None]
    """(at most 8192 characters)"""
    access_token: NotRequired[str | None]
    """(at most 4096 characters)"""
    nonce: NotRequired[str | None]
    """The nonce that the ID token was requested with, if any. (at most 300 characters)"""
    password: NotRequired[str | None]
    """Needed to link an account if the sign-in is more than ten minutes old. (at most 256 characters)"""


class Health(TypedDict):
    status: str
    """`ok`, or `down` when a needed part is."""
    version: str
    checks: HealthChecks
    reasons: NotRequired[dict[str, str]]
    """What to do about a failing part, where known."""


class HealthChecks(TypedDict):
    database: str
    """`ok`, `down`, or `broken` (a package is missing on this server)."""
    cache: str
    """`ok`, `down`, or `broken` (a package is missing on this server)."""
    broker: str
    """`ok`, `down`, or `broken` (a package is missing on this server)."""
    storage: str
    """`ok`, `down`, `broken` (a package is missing on this server), or `apart` (files saved by workers can't be read
    here)."""


class HistoryEntry(TypedDict):
    id: str
    content_item_id: str
    store_connection_id: str | None
    store_connection_name: str
    synced_at: DateTime
    success: bool
    error_message: str | None
    kind: str
    """`push` or `undo`"""
    state: str
    """`writing`, `done`, `conflict` or `failed`"""
    code: str
    changes: list[dict[str, Any]]
    """`{field, before, after}` of each text that was updated."""
    conflicts: list[dict[str, Any]]
    """`{field, imported, store, generated}`, with `elements` that the store's text has and ours lacks; for an undo
    `{field, pushed, store, before, reason}`."""
    skipped: Any
    changed: Any
    """`{field: {sent, store}}` of texts that the store changed when saving."""
    forced: bool
    job_id: str | None
    undone_at: DateTime | None


class HistoryReply(TypedDict):
    item_id: str
    item_external_id: str
    history: list[HistoryEntry]


class IdentityReply(TypedDict):
    id: str
    provider: str
    """`google` or `apple`."""
    linked_at: DateTime


class ImageAltText(TypedDict):
    url: str
    alt_text: str


class ImageGenerationRequest(TypedDict):
    """The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`."""

    max_xct: NotRequired[Xct | None]
    """The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
    `max_xct_exceeded` with the quote."""
    prompt: str
    """(at most 4000 characters)"""
    size: NotRequired[str]
    """(at most 20 characters; "1024x1024" if not given)"""
    quality: NotRequired[str]
    """(at most 20 characters; "standard" if not given)"""
    style: NotRequired[str]
    """(at most 40 characters; "natural" if not given)"""


class ImageReply(TypedDict):
    id: str
    blog_post_id: str
    s3_key: str
    url: str
    original_url: str | None
    source: str
    """`upload`, `pexels` or `ai`."""
    alt_text: str
    width: int
    height: int
    file_size: int
    variants: dict[str, Any]
    """`{"webp": {"320": url, …}, "jpeg": {…}}`, never wider than the original."""
    photographer: str
    license: str
    created_at: DateTime
    updated_at: DateTime


class ImageUploadRequest(TypedDict):
    file: File


class ImportRequestRequest(TypedDict):
    filters: NotRequired[dict[str, Any]]
    """`{key: id or [ids]}`, with the keys and ids of `import/filters`."""


class InstructionsReply(TypedDict):
    custom_instructions: str
    xct_used: float


class InstructionsRequestRequest(TypedDict):
    """The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`."""

    max_xct: NotRequired[Xct | None]
    """The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
    `max_xct_exceeded` with the quote."""
    template_id: str
    """(at most 60 characters)"""
    brand_name: NotRequired[str | None]
    """(at most 300 characters)"""
    target_audience: NotRequired[str | None]
    """(at most 1000 characters)"""
    unique_selling_points: NotRequired[str | None]
    """(at most 2000 characters)"""
    tone: NotRequired[str | None]
    """(at most 60 characters)"""
    language: NotRequired[str | None]
    """(at most 20 characters)"""
    things_to_avoid: NotRequired[str | None]
    """(at most 1000 characters)"""


class InvitationAcceptRequest(TypedDict):
    token: str
    """(at most 1000 characters)"""
    password: str
    """(at most 256 characters)"""
    first_name: NotRequired[str | None]
    """(at most 120 characters)"""
    last_name: NotRequired[str | None]
    """(at most 120 characters)"""


class InvitationAccepted(TypedDict):
    access_token: str
    token_type: str
    user_id: str
    organization_id: str
    message: str


class InvitationCreateRequest(TypedDict):
    """The role of a person, with its languages and projects."""

    role: NotRequired[RoleEnum]
    languages: NotRequired[list[str] | None]
    """The languages whose texts the person reviews. A translator edits and approves no others. (at most 100 entries)"""
    project_ids: NotRequired[list[str] | None]
    """The projects that the person sees. Empty: all. (at most 100 entries)"""
    email: str
    """(at most 254 characters)"""


class InvitationReply(TypedDict):
    id: str
    email: str
    role: str
    """`admin`, `member`, `reviewer`, `translator` or `viewer`."""
    languages: list[str]
    """The languages whose texts the person reviews. A translator edits and approves no others."""
    project_ids: list[str]
    """The projects that the person sees. Empty: all."""
    status: str
    """`pending`, `accepted`, `revoked` or `expired`."""
    invited_by_email: str | None
    created_at: DateTime
    expires_at: DateTime
    accepted_at: DateTime | None


class InvitationValidity(TypedDict):
    email: str
    organization_name: str
    role: str
    is_valid: bool


class InvitationsListQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class InvitationsValidateQuery(TypedDict):
    token: str
    """The token from the emailed link. (at most 1000 characters)"""


class InvoiceReply(TypedDict):
    id: str
    organization_id: str | None
    invoice_number: str
    invoice_type: str
    """subscription, topup, overage or credit_note."""
    amount: Decimal
    """In `currency`."""
    currency: str
    description: str
    tier: str | None
    billing_period: str | None
    xct_amount: Xct
    status: str
    """pending, paid, cancelled or expired."""
    due_date: str | None
    paid_at: DateTime | None
    confirmed_by: str | None
    created_at: DateTime
    exchange_rate: str
    """RSD for 1 EUR."""
    exchange_rate_date: str
    exchange_rate_source: str
    """nbs, staff or configured."""
    eur_amount: Decimal
    buyer_company_name: str
    buyer_pib: str | None
    buyer_address: str
    qr_code_data: str | None
    """The text of the NBS IPS QR code."""
    payment_reference: str | None
    corrects_invoice_id: str | None


class ItemCommentReply(TypedDict):
    id: str
    text: str
    field: str
    """The text that it is about; empty for the whole item."""
    quote: str
    """The passage that it is about, as it was then."""
    author_id: str | None
    """`null` for an API key or a person who was removed."""
    author_name: str
    created_at: DateTime


class ItemCommentRequestRequest(TypedDict):
    text: str
    """(at most 2000 characters)"""
    field: NotRequired[str]
    """The text that it is about, such as `description`. (at most 40 characters)"""
    quote: NotRequired[str]
    """The passage of `field` that it is about. (at most 500 characters)"""


class ItemDiff(TypedDict):
    """How the generated texts differ from the store's or from their originals, word by word."""

    item_id: str
    differences: list[FieldDiff]


class ItemIdsRequest(TypedDict):
    item_ids: list[str]
    """(at most 100000 entries)"""


class ItemProvenance(TypedDict):
    """Where an item's texts come from. `entries` are all that happened, the oldest first; none of them ever changes."""

    item_id: str
    language: str
    status: str
    approved: bool
    """Each text that was not declined is approved as it stands. Approvals from before the record was kept are not in
    it."""
    checks: list[dict[str, Any]]
    texts: list[FieldProvenance]
    entries: list[dict[str, Any]]
    """`{at, event, by, texts}`; `event` is `generated` (with `writer` and `checks`), `edited`, `restored`, `undone`,
    or `approved` (with `key_id`; of an item with `override` and `reason`)."""


class ItemRegenerated(TypedDict):
    """An item by itself. A list leaves out what takes a look into other tables for each row."""

    id: str
    external_id: str
    item_type: str
    source_data: dict[str, Any]
    generated_content: GeneratedContent
    confidence_score: float | None
    """0 to 1, calculated from `generation_metadata.score_parts`. It is not the probability that the text is true."""
    status: str
    ai_model_used: str
    created_at: DateTime
    is_test: bool
    """Whether it belongs to a test project."""
    data_source_id: str | None
    data_source_name: str | None
    metadata: dict[str, Any]
    excluded_at: DateTime | None
    generation_metadata: dict[str, Any]
    """With what the content was written, and what the checks found. `checks`: rows of `{id, passed (true, false or
    na), detail, findings}`. A finding of `grounding` is `{text, kind, field, start, end, value, supported,
    source_field, source_excerpt}`: a statement that the tables of the check know, with its place in the field's
    visible text (code points) and in the source. Its `unknown` are `{text, field, start, end}` of claims that a
    source in another language may state in words that no table has: to look at, no fault. A finding of `law` is a
    sentence that may not be said where the shop sells: `{text, field, start, end, rule, version, severity (note,
    warn or block), law, remedy, evidence, detail}`. It is no legal advice. Where a second model read the text a
    check `verification` has a finding for each sentence, with `code` and `reason` besides. `score_parts`: rows of
    `{id, name, value, weight}` that make the score. `reasons`: why it is flagged. `_messages`: `[template, values]`
    of the texts beside it."""
    parent_id: str | None
    """For a variant: the ID of its product."""
    store_view: str
    """Magento only: the store view these texts belong to."""
    view_data: dict[str, Any] | None
    """Magento only, for a text in another language that was imported from a store view: the data of that store
    view's row, in the same form as `source_data`."""
    has_unsupported_claims: bool
    """Whether the checks found a claim that is not in the product data. `false` does not mean that everything is
    true."""
    outdated_fields: list[str]
    """Fields whose text in the store has changed since this content was generated from it, and fields that state a
    fact (a weight, a price) that has changed; for a translation, fields whose original has changed."""
    decisions: dict[str, Any]
    """The decision for each field's text: `approved`, `rejected`, or `kept` to keep the store's text. A new text
    starts without a decision; `kept` stays."""
    reject_reason: str
    """The reason it was rejected."""
    assignee_id: str | None
    """The person who is to review it."""
    updated_at: DateTime
    version: int
    """Increases with each change. It is the `ETag` of this resource, for use in `If-Match`."""
    language: str
    """For a text in another language: its language code. Empty for an item."""
    main_item_id: str | None
    """For a text in another language: the ID of its item, whose data it uses."""
    languages: dict[str, Any]
    """For an item: its texts in other languages, `{fr: {item_id, status, outdated_fields, origin}}`. `origin` is
    `merchant` if the store has a translation and we have generated none, otherwise `ours`."""
    readiness: str | None
    """What is to be done next. `conflict`: its text was changed in the store since the last sync, choose one.
    `not_in_store`: the store does not have the item, import again or exclude it. `needs_facts`: it waits for a
    review, and makes claims that are not in the product data. `needs_decision`: it waits for a review. `ready`:
    approved, to be sent to the store. `needs_text`: to be generated, or again after a rejection or a change of its
    facts. `in_store`: nothing. `null` for an excluded item, and for a variant that uses its product's text."""
    job_id: str
    """The job that generated it, or is still generating it (202)."""


class ItemRegenerationRequestRequest(TypedDict):
    """The settings for one item; `item_ids` is ignored."""

    translate_name: NotRequired[bool | None]
    generate_short: NotRequired[bool | None]
    generate_long: NotRequired[bool | None]
    generate_bullet_points: NotRequired[bool | None]
    generate_attributes: NotRequired[bool | None]
    generate_tags: NotRequired[bool | None]
    structured_data_enabled: NotRequired[bool | None]
    grounding: NotRequired[GroundingEnum | NullEnum]
    verifier_provider: NotRequired[str | None]
    """The provider of the second AI model that checks the texts. Default: the provider that generates them. (at most
    100 characters)"""
    verifier_model: NotRequired[str | None]
    """The second AI model that checks the texts. Default: the provider's cheapest model. (at most 100 characters)"""
    language: NotRequired[str | None]
    """(at most 20 characters)"""
    language_way: NotRequired[LanguageWayEnum | NullEnum]
    """How texts in additional languages are created: `translation` translates the approved text, `native` generates
    a new text from the product data."""
    tone: NotRequired[str | None]
    """(at most 100 characters)"""
    benefits: NotRequired[BenefitsEnum | NullEnum]
    """What a text can say about benefits: `usual` allows what follows from a fact in ordinary use, `cautious` only
    what the product data states."""
    ai_provider: NotRequired[str | None]
    """(at most 100 characters)"""
    ai_model: NotRequired[str | None]
    """(at most 100 characters)"""
    custom_instructions: NotRequired[str | None]
    """(at most 8000 characters)"""
    language_settings: NotRequired[dict[str, OneLanguageRequest] | None]
    """Language → its instructions and form of address."""
    max_short_chars: NotRequired[int | None]
    """(20 to 2000)"""
    max_long_chars: NotRequired[int | None]
    """(50 to 20000)"""
    use_html: NotRequired[bool | None]
    use_html_short: NotRequired[bool | None]
    image_analysis_enabled: NotRequired[bool | None]
    image_analysis_count: NotRequired[int | None]
    """(1 to 10)"""
    content_type: NotRequired[ContentTypeEnum | NullEnum]
    """Only items of this type."""
    content_variant: NotRequired[ContentVariantEnum | NullEnum]
    max_xct: NotRequired[Xct | None]
    """The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
    `max_xct_exceeded` with the quote."""
    item_ids: NotRequired[list[str] | None]
    """Only these items. (at most 100000 entries)"""
    languages: NotRequired[list[str] | None]
    """The languages to generate. The main language is included only if it is listed. Default: the main language
    only. (at most 30 entries)"""
    replace_existing: NotRequired[bool]
    """Whether to also generate texts for which the store already has its own translation. By default only missing
    texts are generated, and an item with nothing missing is skipped (`translated_in_shop`). Syncing over the store's
    own translation is a conflict. (false if not given)"""
    selection: NotRequired[SelectionEnum]
    """`stale`: only texts whose source has changed since; of a translation, only the outdated fields. Texts that
    someone has edited are skipped and listed (`edited`)."""


class ItemReply(TypedDict):
    id: str
    external_id: str
    item_type: str
    source_data: dict[str, Any]
    generated_content: GeneratedContent
    confidence_score: float | None
    """0 to 1, calculated from `generation_metadata.score_parts`. It is not the probability that the text is true."""
    status: str
    ai_model_used: str
    created_at: DateTime
    is_test: bool
    """Whether it belongs to a test project."""
    data_source_id: str | None
    data_source_name: str | None
    metadata: dict[str, Any]
    excluded_at: DateTime | None
    generation_metadata: dict[str, Any]
    """With what the content was written, and what the checks found. `checks`: rows of `{id, passed (true, false or
    na), detail, findings}`. A finding of `grounding` is `{text, kind, field, start, end, value, supported,
    source_field, source_excerpt}`: a statement that the tables of the check know, with its place in the field's
    visible text (code points) and in the source. Its `unknown` are `{text, field, start, end}` of claims that a
    source in another language may state in words that no table has: to look at, no fault. A finding of `law` is a
    sentence that may not be said where the shop sells: `{text, field, start, end, rule, version, severity (note,
    warn or block), law, remedy, evidence, detail}`. It is no legal advice. Where a second model read the text a
    check `verification` has a finding for each sentence, with `code` and `reason` besides. `score_parts`: rows of
    `{id, name, value, weight}` that make the score. `reasons`: why it is flagged. `_messages`: `[template, values]`
    of the texts beside it."""
    parent_id: str | None
    """For a variant: the ID of its product."""
    store_view: str
    """Magento only: the store view these texts belong to."""
    view_data: dict[str, Any] | None
    """Magento only, for a text in another language that was imported from a store view: the data of that store
    view's row, in the same form as `source_data`."""
    has_unsupported_claims: bool
    """Whether the checks found a claim that is not in the product data. `false` does not mean that everything is
    true."""
    outdated_fields: list[str]
    """Fields whose text in the store has changed since this content was generated from it, and fields that state a
    fact (a weight, a price) that has changed; for a translation, fields whose original has changed."""
    decisions: dict[str, Any]
    """The decision for each field's text: `approved`, `rejected`, or `kept` to keep the store's text. A new text
    starts without a decision; `kept` stays."""
    reject_reason: str
    """The reason it was rejected."""
    assignee_id: str | None
    """The person who is to review it."""
    updated_at: DateTime
    version: int
    """Increases with each change. It is the `ETag` of this resource, for use in `If-Match`."""
    language: str
    """For a text in another language: its language code. Empty for an item."""
    main_item_id: str | None
    """For a text in another language: the ID of its item, whose data it uses."""
    languages: dict[str, Any]
    """For an item: its texts in other languages, `{fr: {item_id, status, outdated_fields, origin}}`. `origin` is
    `merchant` if the store has a translation and we have generated none, otherwise `ours`."""


class ItemSyncRequestRequest(TypedDict):
    force: NotRequired[bool]
    """Also overwrite texts that were changed in the store since."""
    languages: NotRequired[list[str]]
    """Same as for the sync of all items. A text in another language can also be synced by its own ID. (at most 100
    entries)"""
    leave_unrestorable: NotRequired[bool]
    """Skip texts that could not be restored exactly later, because the store filters them (see `sync/warnings`)."""
    resolve: NotRequired[dict[str, Literal['ours', 'theirs']]]
    """The choice for each field in the conflict of the item's last sync: `ours` overwrites the store's text,
    `theirs` keeps it, like the review decision `kept`. A field without a conflict returns 400."""


class ItemsCommentsQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class ItemsExportQuery(TypedDict):
    format: NotRequired[Literal['csv', 'jsonl']]
    """`jsonl`: JSON Lines in gzip, a text on each line as `GET items` shows it, in every language. ("csv" if not
    given)"""
    search: NotRequired[str]
    """(at most 200 characters)"""
    source_id: NotRequired[str]
    """(at most 64 characters)"""
    status_filter: NotRequired[Literal['pending', 'generated', 'flagged', 'approved', 'rejected', 'synced', 'excluded', 'all']]
    """Any status, or `all`. ("approved" if not given)"""


class ItemsExportTranslationsQuery(TypedDict):
    format: NotRequired[Literal['xliff', 'xliff2', 'po', 'shopify_csv', 'magento_csv', 'wpml_csv', 'polylang_csv']]
    """`xliff`: XLIFF 1.2; `xliff2`: XLIFF 2.1; `po`: PO (gettext); `shopify_csv`: Shopify (CSV); `magento_csv`:
    Magento (CSV); `wpml_csv`: WPML (CSV); `polylang_csv`: Polylang (CSV). ("xliff" if not given)"""
    include_shop_translations: NotRequired[bool]
    """Also include texts that already have a translation in the store, with that translation as the target. By
    default they are included only if the original has changed since."""
    language: str
    """The language of the translations. (at most 20 characters)"""
    open_only: NotRequired[bool]
    """Only texts without an approved, up-to-date translation."""
    store_view: NotRequired[str]
    """The code of the store view for this language. Needed for `magento_csv` only. (at most 64 characters)"""


class ItemsListQuery(TypedDict):
    after: NotRequired[str]
    """The ID of an item. The page starts after its current position. (at most 64 characters)"""
    assignee_id: NotRequired[str]
    """Only items that this person is to review: assigned to them, or to nobody while the language is among the
    languages that they review. (at most 64 characters)"""
    category: NotRequired[str]
    """Only checked items in this category, by the store's name. (at most 500 characters)"""
    claim_kind: NotRequired[str]
    """Only items with a claim of this kind without a source: `material`, `origin` … (at most 40 characters)"""
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    failed_check: NotRequired[Literal['limits', 'language', 'html', 'forbidden', 'glossary', 'formality', 'translation', 'law', 'coverage', 'grounding', 'verification']]
    """Only items whose content failed this check."""
    field: NotRequired[Literal['name', 'short_description', 'description', 'bullet_points', 'attributes', 'tags', 'seo.title', 'seo.description', 'seo.slug', 'seo.focus_keyword', 'structured_data']]
    """Only items in which a check found a problem in this field."""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    item_type: NotRequired[Literal['product', 'variant', 'category', 'page', 'post']]
    language: NotRequired[str]
    """Returns the items' texts in this additional language instead of the items. (at most 20 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""
    order: NotRequired[Literal['created', 'updated', 'name', 'confidence']]
    """`created` (default): oldest first. `updated`: latest change first. `name`: by the name in the store.
    `confidence`: lowest score first, without items that have no score. With `order` or `after` and a `limit`, the
    `Link` header has the next page, and the reply has no `X-Total-Count`."""
    readiness: NotRequired[Literal['conflict', 'not_in_store', 'needs_facts', 'needs_decision', 'ready', 'needs_text', 'in_store']]
    """Only items in this state of `readiness`."""
    search: NotRequired[str]
    """In name, SKU and id. (at most 200 characters)"""
    source_id: NotRequired[str]
    """(at most 64 characters)"""
    status: NotRequired[Literal['pending', 'generated', 'flagged', 'approved', 'rejected', 'synced', 'excluded']]
    """Included items in this status; `excluded` the excluded ones."""
    updated_since: NotRequired[DateTime]
    """Only items changed at or after this time."""


class ItemsNextQuery(TypedDict):
    after: NotRequired[str]
    """The ID of an item. The page starts after its current position. (at most 64 characters)"""
    assignee_id: NotRequired[str]
    """Only items that this person is to review: assigned to them, or to nobody while the language is among the
    languages that they review. (at most 64 characters)"""
    category: NotRequired[str]
    """Only checked items in this category, by the store's name. (at most 500 characters)"""
    claim_kind: NotRequired[str]
    """Only items with a claim of this kind without a source: `material`, `origin` … (at most 40 characters)"""
    failed_check: NotRequired[Literal['limits', 'language', 'html', 'forbidden', 'glossary', 'formality', 'translation', 'law', 'coverage', 'grounding', 'verification']]
    """Only items whose content failed this check."""
    field: NotRequired[Literal['name', 'short_description', 'description', 'bullet_points', 'attributes', 'tags', 'seo.title', 'seo.description', 'seo.slug', 'seo.focus_keyword', 'structured_data']]
    """Only items in which a check found a problem in this field."""
    item_type: NotRequired[Literal['product', 'variant', 'category', 'page', 'post']]
    language: NotRequired[str]
    """Returns the items' texts in this additional language instead of the items. (at most 20 characters)"""
    readiness: NotRequired[Literal['conflict', 'not_in_store', 'needs_facts', 'needs_decision', 'ready', 'needs_text', 'in_store']]
    """Only items in this state of `readiness`."""
    search: NotRequired[str]
    """In name, SKU and id. (at most 200 characters)"""
    source_id: NotRequired[str]
    """(at most 64 characters)"""
    updated_since: NotRequired[DateTime]
    """Only items changed at or after this time."""


class ItemsRetrieveQuery(TypedDict):
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""


class ItemsVersionsQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class JobBegun(TypedDict):
    job_id: str
    """The job that continues in the background. Poll `GET /jobs/{job_id}` for its result."""
    status: str


class JobCreated(TypedDict):
    job_id: str
    status: str


class JobCreationRequest(TypedDict):
    job_type: str
    """`generation`, `regeneration` or `sync`. (at most 20 characters)"""
    payload: NotRequired[dict[str, Any]]
    """For generations the body of `/generate`; for `sync` `{mode, item_ids, force}`."""


class JobListItem(TypedDict):
    id: str
    job_type: str
    status: str
    progress_current: int
    progress_total: int
    created_at: DateTime
    started_at: DateTime | None
    completed_at: DateTime | None
    error: str
    is_test: bool
    """A test job: it costs nothing and never contacts stores or AI providers."""


class JobReplyBody(TypedDict):
    """A job with its last 50 events and its totals."""

    id: str
    job_type: str
    status: str
    progress_current: int
    progress_total: int
    created_at: DateTime
    started_at: DateTime | None
    completed_at: DateTime | None
    error: str
    is_test: bool
    """A test job: it costs nothing and never contacts stores or AI providers."""
    progress_detail: list[Any]
    """The last 50 events, oldest first."""
    result: dict[str, Any]
    project_id: str | None


class JobsListQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""
    status: NotRequired[Literal['queued', 'running', 'completed', 'completed_with_errors', 'failed', 'cancelled']]
    """Only jobs in this status."""


class JobsRetrieveQuery(TypedDict):
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""


class KeyCreationRequest(TypedDict):
    provider: NotRequired[ProviderEnum]
    api_key: str
    """(at most 500 characters)"""
    is_active: NotRequired[bool]


class KeyReply(TypedDict):
    id: str
    organization_id: str
    provider: str
    is_active: bool
    created_at: DateTime
    updated_at: DateTime


class KeyUsageReply(TypedDict):
    since: DateTime
    """The start of the month, in UTC."""
    xct_used: str
    """XCT spent or reserved for running jobs, together with the keys it replaced."""
    xct_per_month: str | None
    """The cap; null without one."""


class LanguageQuote(TypedDict):
    """What one language adds to a quote."""

    language: str
    """The language code."""
    way: str
    """`native`, `translation`, or `letters` for Serbian in Latin from Cyrillic."""
    items: int
    skipped: int
    """Items that are left out."""
    left_out: dict[str, int]
    """The number of skipped items by reason: `main_not_approved`, `serbian_not_approved`, `main_language`,
    `translated_in_shop`, with `replace_existing` also `already_generated` (regenerate such a text by its item's ID)
    and, for `stale`, `edited` (someone has edited the outdated text)."""
    xct_expected: Xct
    xct_max: Xct


class LanguageReply(TypedDict):
    code: str
    name: str
    native_name: str
    rtl: bool
    base: str
    """The language that a country's variant falls back to; empty for others."""


class LanguageText(TypedDict):
    """The text in a further language, with its own state, checks and cost."""

    content_format: str
    """`html`, or `text`, which you must escape where HTML is expected."""
    short_description_format: str
    """`html` or `text`."""
    flagged: bool
    """The checks found something that a person should review."""
    reasons: list[str]
    """The reasons it was flagged, as sentences."""
    confidence_score: float | None
    """0 to 1; null without checks."""
    unsupported_claims: list[str]
    """Claims in the text that are not supported by the data in the request."""
    is_test: bool
    """The request used a test key: the text is from the built-in generator, and nothing was charged."""
    needs_review: bool
    """If `true`, have a person review it before customers see it. Approving the item sets it to `false`."""
    disclosure: dict[str, Any] | None
    """For programs: that a model wrote it. `{digital_source_type (IPTC), ai_disclosure (ai-assisted once a person
    has approved it, else ai-autonomous), ai_provider, ai_model, generated_at}`; null for a text that no model wrote."""
    external_id: str
    name: str
    bullet_points: list[str]
    attributes: dict[str, Any]
    tags: list[str]
    seo: dict[str, Any]
    """`title`, `description`, `focus_keyword` and anything else that was generated."""
    structured_data: dict[str, Any] | None
    """JSON-LD of schema.org."""
    images: list[ImageAltText]
    """The pictures with their alt texts."""
    checks: list[dict[str, Any]]
    """Every check: `id`, `passed`, `detail`, `findings`."""
    item_id: str
    status: str
    """`queued`, `running`, `completed` or `failed`."""
    content: str
    short_description: str
    tokens_used: int
    xct_cost: str
    error: str | None


class LimitReply(TypedDict):
    name: str
    """`stored_bytes`, `items`, `projects` or `open_streams`."""
    used: int
    """In the whole organization."""
    limit: int | None
    """The plan's limit; `null` if there is none."""


class Liveness(TypedDict):
    status: str
    """`ok`."""
    version: str


class LoginRequestRequest(TypedDict):
    email: str
    """(at most 254 characters)"""
    password: str
    """(at most 256 characters)"""
    device_token: NotRequired[str | None]
    """The token from an earlier sign-in on this device. (at most 300 characters)"""


class MadeImageReply(TypedDict):
    id: str
    blog_post_id: str
    s3_key: str
    url: str
    original_url: str | None
    source: str
    """`upload`, `pexels` or `ai`."""
    alt_text: str
    width: int
    height: int
    file_size: int
    variants: dict[str, Any]
    """`{"webp": {"320": url, …}, "jpeg": {…}}`, never wider than the original."""
    photographer: str
    license: str
    created_at: DateTime
    updated_at: DateTime
    xct_used: Xct
    """The price of generating the image."""


class ManualItemRequest(TypedDict):
    source_data: dict[str, Any]
    """Canonical keys (`name`, `sku`, `description` …); others are kept under `raw`."""
    external_id: NotRequired[str]
    """The item's id in the store. (at most 255 characters)"""
    item_type: NotRequired[ContentTypeEnum]


class ManualItemsRequest(TypedDict):
    items: list[ManualItemRequest]


class ManualSourceRequest(TypedDict):
    name: NotRequired[str]
    """(at most 255 characters; "Manual Entry" if not given)"""


class MemoryFileRequest(TypedDict):
    source_language: str
    """The language of the originals. (at most 20 characters)"""
    language: str
    """The language of the translations. (at most 20 characters)"""
    file: File
    """A TMX file, of at most 200 MiB."""


class MemoryImportReply(TypedDict):
    job_id: str | None
    """The job that reads the file (202), or `null`."""
    units: int
    """Units of the file."""
    created: int
    """New segments."""
    updated: int
    """Segments that had another translation."""
    unchanged: int
    """Segments that were already known."""
    other_languages: int
    """Units that lack a text in one of the two languages."""
    refused_count: int
    """Units that could not be imported."""
    refused: list[RefusedUnit]
    """The first 1,000 of them."""


class MessageReply(TypedDict):
    message: str


class ModelReply(TypedDict):
    id: str
    display_name: str
    tier: str
    supports_images: bool
    context_window: int | None
    is_default: bool


class ModelTierReply(TypedDict):
    tier: str
    multiplier: float
    """XCT per 1,000 tokens."""
    models: dict[str, Any]
    """provider → [{model_id, display_name}]."""


class ModelTiersReply(TypedDict):
    tiers: list[ModelTierReply]
    subscription_tier: str


class NextItemReply(TypedDict):
    item: SingleItem | None
    """The next item to review; `null` after the last one."""
    remaining: int
    """The number of items to review, including this one and those before it."""


class NoPlace(TypedDict):
    """Texts that the connected shop has no place for."""

    texts: list[str]
    """`seo.title`, `seo.description` …"""
    reason: str
    written: bool
    """Whether they are generated and charged anyway because the settings ask for them. By default they are not."""
    xct_expected: Xct
    """What they add to the quote."""
    xct_max: Xct


class NonceReply(TypedDict):
    nonce: str
    expires_in: int
    """Seconds."""


class NotificationReply(TypedDict):
    id: str
    notification_type: str
    title: str
    body: str
    project_id: str | None
    job_id: str | None
    data: dict[str, Any]
    is_read: bool
    created_at: DateTime


class NotificationsInboxQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    limit: NotRequired[int]
    """(1 to 100; 20 if not given)"""
    offset: NotRequired[int]
    """(0 if not given)"""


class NotificationsReply(TypedDict):
    notifications: list[NotificationReply]
    total: int
    has_more: bool


class OneLanguage(TypedDict):
    """Settings of one language."""

    instructions: NotRequired[str]
    """Instructions for texts in this language, in addition to `custom_instructions`. (at most 8000 characters)"""
    formality: NotRequired[FormalityEnum | BlankEnum]
    """How the reader is addressed, such as `Sie` or `du` in German. The check `formality` fails a text with words of
    the other form. Default: the writer decides."""


class OneLanguageRequest(TypedDict):
    """Settings of one language."""

    instructions: NotRequired[str]
    """Instructions for texts in this language, in addition to `custom_instructions`. (at most 8000 characters)"""
    formality: NotRequired[FormalityEnum | BlankEnum]
    """How the reader is addressed, such as `Sie` or `du` in German. The check `formality` fails a text with words of
    the other form. Default: the writer decides."""


class OrganizationReply(TypedDict):
    id: str
    name: str
    slug: str
    settings: dict[str, Any]
    address: str
    phone_number: str
    tax_id: str
    billing_email: str
    byok_enabled: bool
    enforce_2fa: bool
    created_at: DateTime
    has_anthropic_key: bool
    has_google_key: bool
    has_deepseek_key: bool


class OrganizationRetrieveQuery(TypedDict):
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""


class OrganizationTonesQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class OutreachTrackingClickQuery(TypedDict):
    url: str
    """The URL to redirect to. (at most 2048 characters)"""


class PaddleSubscriptionReply(TypedDict):
    subscription_tier: str
    paddle_subscription_status: str | None
    subscription_period_end: DateTime | None
    payment_method: str | None
    paddle_customer_id: str | None


class PageText(TypedDict):
    field: str
    state: PublishedTextStateEnum
    changes: list[WordChange]
    """The words that differ."""


class PatchedApiKeyChangeRequest(TypedDict):
    """What can be given to a key and changed later."""

    expires_at: NotRequired[DateTime | None]
    """`null`, or left out when you create a key: the key does not expire."""
    xct_per_month: NotRequired[Xct | None]
    """The maximum XCT that the key can spend per calendar month (UTC), together with the keys it replaces."""
    allowed_networks: NotRequired[list[str]]
    """IP addresses or networks (CIDR) from which the key can be used. Empty allows all. (at most 50 entries)"""
    name: NotRequired[str]
    """(at most 120 characters)"""


class PatchedBatchUpdateRequest(TypedDict):
    item_ids: NotRequired[list[str]]
    """(at most 100000 entries)"""
    status: NotRequired[ItemStatusEnum]
    reject_reason: NotRequired[str]
    """The reason for the rejection. It is given to the AI at the next generation of the item, then removed. (at most
    500 characters)"""
    override: NotRequired[bool]
    """Approve despite unsupported claims and, with `override_reason`, despite a legal rule."""
    override_reason: NotRequired[str]
    """The reason for approving a text that a legal rule blocks. It is kept permanently, so don't include personal
    data. (at most 500 characters)"""


class PatchedBillingDetailsUpdateRequest(TypedDict):
    billing_company_name: NotRequired[str | None]
    """(at most 200 characters)"""
    billing_pib: NotRequired[str | None]
    """(at most 20 characters)"""
    billing_mb: NotRequired[str | None]
    """(at most 20 characters)"""
    billing_address: NotRequired[str | None]
    """(at most 300 characters)"""
    billing_city: NotRequired[str | None]
    """(at most 120 characters)"""
    billing_postal_code: NotRequired[str | None]
    """(at most 20 characters)"""
    billing_country: NotRequired[str | None]
    """Two letters, such as RS. (at most 2 characters)"""


class PatchedBlogConnectionUpdateRequest(TypedDict):
    name: NotRequired[str]
    """(at most 255 characters)"""
    site_url: NotRequired[str]
    """(at most 500 characters)"""
    username: NotRequired[str]
    """(at most 255 characters)"""
    app_password: NotRequired[str]
    """(at most 500 characters)"""
    is_active: NotRequired[bool]
    provenance: NotRequired[ProvenanceEnum]
    """`record` (the default) keeps here where texts come from; `mark` also tells it to programs in the shop, beside
    the texts and unseen by readers; `off` keeps no approvals. See the guide on provenance; it is no legal advice."""


class PatchedConnectionUpdateRequest(TypedDict):
    base_url: NotRequired[str]
    """(at most 500 characters)"""
    media_base_url: NotRequired[str]
    """(at most 500 characters)"""
    access_token: NotRequired[str]
    """(at most 4000 characters)"""
    access_token_secret: NotRequired[str]
    """The access token's secret (Magento with OAuth 1.0a). (at most 4000 characters)"""
    consumer_key: NotRequired[str]
    """(at most 4000 characters)"""
    consumer_secret: NotRequired[str]
    """(at most 4000 characters)"""
    name: NotRequired[str]
    """(at most 255 characters)"""
    languages: NotRequired[dict[str, list[str]]]
    """`{language: [code, …]}`: the store languages or store views that receive the texts of a language, where
    several are possible. For example, Shopify's `sr` can be Serbian in either script. See
    `projects/{id}/sync/languages`."""
    provenance: NotRequired[ProvenanceEnum]
    """`record` (the default) keeps here where texts come from; `mark` also tells it to programs in the shop, beside
    the texts and unseen by readers; `off` keeps no approvals. See the guide on provenance; it is no legal advice."""
    status: NotRequired[ConnectionUpdateStatusEnum]


class PatchedEmailPreferencesUpdateRequest(TypedDict):
    usage_billing: NotRequired[bool | None]
    ai_studio: NotRequired[bool | None]
    system_alerts: NotRequired[bool | None]


class PatchedEndpointPatchRequest(TypedDict):
    url: NotRequired[str]
    """(at most 2048 characters)"""
    description: NotRequired[str]
    """(at most 200 characters)"""
    types: NotRequired[list[str]]
    """Event types from `GET /webhooks/event-types`. Empty or left out: all events. (at most 100 entries)"""
    project_ids: NotRequired[list[str]]
    """Only events about these projects and what is in them; empty for those of the whole organization. (at most 100
    entries)"""
    is_active: NotRequired[bool]


class PatchedImageUpdateRequest(TypedDict):
    alt_text: NotRequired[str]
    """(at most 500 characters)"""


class PatchedItemUpdateRequest(TypedDict):
    generated_content: NotRequired[GeneratedContentPatch]
    """Merged per top-level key; null removes a key."""
    status: NotRequired[ItemStatusEnum]
    metadata: NotRequired[dict[str, Any]]
    """Merged per key; null removes a key."""
    decisions: NotRequired[dict[str, Literal['approved', 'rejected', 'kept', None] | None]]
    """Merged by field (`name`, `description`, `seo.title`, `tags` …): `approved`, `rejected`, or `kept` to keep the
    store's text; `null` removes a decision. Rejected and kept fields are not synced or exported, and their
    unsupported claims need no `override`. Approving the item approves all fields without a decision."""
    reject_reason: NotRequired[str]
    """The reason for the rejection. It is given to the AI at the next generation of the item, then removed. (at most
    500 characters)"""
    override: NotRequired[bool]
    """Approve despite unsupported claims and, with `override_reason`, despite a legal rule."""
    override_reason: NotRequired[str]
    """The reason for approving a text that a legal rule blocks. It is kept permanently, so don't include personal
    data. (at most 500 characters)"""
    assignee_id: NotRequired[str | None]
    """The person who is to review it; null for nobody."""


class PatchedKeyUpdateRequest(TypedDict):
    api_key: NotRequired[str]
    """(at most 500 characters)"""
    is_active: NotRequired[bool]


class PatchedOrganizationUpdateRequest(TypedDict):
    name: NotRequired[str]
    """(at most 200 characters)"""
    settings: NotRequired[dict[str, Any] | None]
    """Merged by top-level key. Send `null` to remove a key."""
    address: NotRequired[str]
    """(at most 500 characters)"""
    phone_number: NotRequired[str]
    """(at most 40 characters)"""
    tax_id: NotRequired[str]
    """(at most 40 characters)"""
    billing_email: NotRequired[str]
    enforce_2fa: NotRequired[bool]


class PatchedOwnKeysUpdateRequest(TypedDict):
    """An empty string removes a key; a field left out or null stays."""

    anthropic_api_key: NotRequired[str | None]
    """(at most 500 characters)"""
    google_api_key: NotRequired[str | None]
    """(at most 500 characters)"""
    deepseek_api_key: NotRequired[str | None]
    """(at most 500 characters)"""


class PatchedPlanChangeRequestRequest(TypedDict):
    tier: NotRequired[str]
    """(at most 20 characters)"""
    allocate_immediately: NotRequired[bool]


class PatchedPostUpdateRequest(TypedDict):
    title: NotRequired[str]
    """(at most 300 characters)"""
    content: NotRequired[str]
    excerpt: NotRequired[str]
    """(at most 2000 characters)"""
    slug: NotRequired[str]
    """(at most 200 characters)"""
    status: NotRequired[str]
    """Only `draft`, from `failed` or `scheduled`. (at most 20 characters)"""
    topic: NotRequired[str]
    """(at most 500 characters)"""
    featured_image_url: NotRequired[str | None]
    """(at most 2048 characters)"""
    seo_meta: NotRequired[dict[str, Any]]
    """`title description focus_keyword`, changed key by key."""
    wp_category_ids: NotRequired[list[int]]
    """(at most 100 entries)"""
    source_item_ids: NotRequired[list[str]]
    """(at most 50 entries)"""
    product_links: NotRequired[dict[str, Any]]
    """The URL of each product's page, by item ID."""
    tags: NotRequired[list[str]]
    """(at most 30 entries)"""


class PatchedProjectUpdateRequest(TypedDict):
    name: NotRequired[str]
    """(at most 255 characters)"""
    settings: NotRequired[dict[str, Any]]
    """Generation settings of this project; replaces what was there."""
    store_connection_id: NotRequired[str | None]
    """A connection of the project's platform; null unlinks it. (at most 64 characters)"""
    content_profile_id: NotRequired[str | None]
    """(at most 64 characters)"""
    settings_overrides: NotRequired[dict[str, Any] | None]
    """Settings that override those of the content profile."""


class PatchedRuleDecisionRequest(TypedDict):
    state: NotRequired[RuleDecisionStateEnum]
    """`accepted`, `dismissed`, or `proposed` to undo either."""


class PatchedSelfUpdateRequest(TypedDict):
    """A field left out or null stays as it is."""

    email: NotRequired[str | None]
    """(at most 254 characters)"""
    first_name: NotRequired[str | None]
    """(at most 120 characters)"""
    last_name: NotRequired[str | None]
    """(at most 120 characters)"""
    phone_number: NotRequired[str | None]
    """(at most 40 characters)"""
    current_password: NotRequired[str | None]
    """(at most 256 characters)"""
    password: NotRequired[str | None]
    """(at most 256 characters)"""
    role: NotRequired[RoleEnum | NullEnum]
    is_active: NotRequired[bool | None]


class PatchedSettingsRequestRequest(TypedDict):
    overage_enabled: NotRequired[bool]
    token_rate_multiplier: NotRequired[float]
    """For platform staff. (0.0 to 1000.0)"""


class PatchedTemplateUpdateRequest(TypedDict):
    description: NotRequired[str]
    """(at most 2000 characters)"""
    tone: NotRequired[str]
    """(at most 100 characters)"""
    structure: NotRequired[dict[str, Any]]
    """`sections` (headings, or `{heading, instructions}`), `min_words`, `max_words`."""
    custom_instructions: NotRequired[str]
    """(at most 8000 characters)"""
    is_default: NotRequired[bool]
    name: NotRequired[str]
    """(at most 255 characters)"""


class PatchedTermUpdateRequest(TypedDict):
    """What is sent is set, the rest stays. A language of `targets` that is null is removed."""

    text: NotRequired[str]
    """(at most 200 characters)"""
    language: NotRequired[str]
    """(at most 20 characters)"""
    description: NotRequired[str]
    """(at most 500 characters)"""
    do_not_translate: NotRequired[bool]
    """The term is not translated."""
    case_sensitive: NotRequired[bool]
    targets: NotRequired[dict[str, TermTargetRequest | None]]
    """Language → its word, forms, forbidden words and note."""


class PatchedUserUpdateRequest(TypedDict):
    """A field left out or null stays as it is. What the new role can't have goes unless it is named."""

    role: NotRequired[RoleEnum | NullEnum]
    languages: NotRequired[list[str] | None]
    """The languages whose texts the person reviews. A translator edits and approves no others. (at most 100 entries)"""
    project_ids: NotRequired[list[str] | None]
    """The projects that the person sees. Empty: all. (at most 100 entries)"""
    email: NotRequired[str | None]
    """(at most 254 characters)"""
    first_name: NotRequired[str | None]
    """(at most 120 characters)"""
    last_name: NotRequired[str | None]
    """(at most 120 characters)"""
    phone_number: NotRequired[str | None]
    """(at most 40 characters)"""
    current_password: NotRequired[str | None]
    """(at most 256 characters)"""
    password: NotRequired[str | None]
    """(at most 256 characters)"""
    is_active: NotRequired[bool | None]


class PaymentReply(TypedDict):
    id: str
    provider: str
    payment_id: str
    """The provider's id."""
    kind: str
    status: str
    amount: Decimal | None
    currency: str
    xct_amount: Xct
    subscription_tier: str | None
    invoice_number: str
    paid_at: DateTime


class Person(TypedDict):
    id: str
    name: str
    email: str


class PhotoReply(TypedDict):
    id: int
    width: int
    height: int
    url: str
    """The photo's page at Pexels, which a credit must link to."""
    photographer: str
    photographer_url: str
    avg_color: str
    alt: str
    src: dict[str, Any]


class PhotoSearchReply(TypedDict):
    total_results: int
    page: int
    per_page: int
    photos: list[PhotoReply]


class PingReply(TypedDict):
    event_id: str
    """The `webhook-id` of the test."""


class PlanReply(TypedDict):
    tier: str
    """The name of the plan in a checkout."""
    name: str
    rank: int
    """Changing to a higher rank is an upgrade, to a lower rank a downgrade."""
    monthly_xct: Xct
    monthly_price_eur: Decimal | None
    yearly_price_eur: Decimal | None
    byok_included: bool
    """Whether the plan includes using your own AI provider keys."""
    strict_grounding: bool
    """Whether the plan includes a check of each text by a second AI model."""
    on_sale: bool
    """Whether the plan can be bought by checkout or invoice."""


class PlannedTranslation(TypedDict):
    language: str
    post_id: str | None
    way: str
    """`translation`, `native` or `letters`."""
    xct_max: str
    """The most that it costs."""


class PlatformReply(TypedDict):
    id: str
    name: str
    credential_fields: list[str]
    capabilities: list[str]


class PluginAccepted(TypedDict):
    generation_id: str


class PluginGenerationStatus(TypedDict):
    """The texts beside content and short description. Empty before they are written, and where the project's
    settings don't
    ask for them."""

    content_format: str
    """`html`, or `text`, which you must escape where HTML is expected."""
    short_description_format: str
    """`html` or `text`."""
    flagged: bool
    """The checks found something that a person should review."""
    reasons: list[str]
    """The reasons it was flagged, as sentences."""
    confidence_score: float | None
    """0 to 1; null without checks."""
    unsupported_claims: list[str]
    """Claims in the text that are not supported by the data in the request."""
    is_test: bool
    """The request used a test key: the text is from the built-in generator, and nothing was charged."""
    needs_review: bool
    """If `true`, have a person review it before customers see it. Approving the item sets it to `false`."""
    disclosure: dict[str, Any] | None
    """For programs: that a model wrote it. `{digital_source_type (IPTC), ai_disclosure (ai-assisted once a person
    has approved it, else ai-autonomous), ai_provider, ai_model, generated_at}`; null for a text that no model wrote."""
    external_id: str
    name: str
    bullet_points: list[str]
    attributes: dict[str, Any]
    tags: list[str]
    seo: dict[str, Any]
    """`title`, `description`, `focus_keyword` and anything else that was generated."""
    structured_data: dict[str, Any] | None
    """JSON-LD of schema.org."""
    images: list[ImageAltText]
    """The pictures with their alt texts."""
    checks: list[dict[str, Any]]
    """Every check: `id`, `passed`, `detail`, `findings`."""
    texts: dict[str, LanguageText]
    """The texts in the additional `languages` of the request, by language; otherwise empty."""
    content: str
    short_description: str
    tokens_used: int
    xct_cost: str
    remaining_balance: str
    generation_id: str
    status: PluginGenerationStatusStatusEnum
    error: str | None


class PluginIntegration(TypedDict):
    """A project that a shop plugin fills."""

    project_id: str
    name: str
    source: str
    """Which plugin: the id of a platform."""
    platform: str
    item_count: int
    last_used_at: DateTime | None
    active: bool
    """Used in the last 30 days."""
    created_at: DateTime


class PluginRetrieveQuery(TypedDict):
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""


class PluginStatus(TypedDict):
    plan_tier: str
    total_balance: str
    """XCT, as a decimal string. Always 0 for a test key."""
    active_integrations: list[str]
    """The sources that were used in the last 30 days."""
    is_test: bool
    """The key is a test key."""


class PluginText(TypedDict):
    """The texts beside content and short description. Empty before they are written, and where the project's
    settings don't
    ask for them."""

    content_format: str
    """`html`, or `text`, which you must escape where HTML is expected."""
    short_description_format: str
    """`html` or `text`."""
    flagged: bool
    """The checks found something that a person should review."""
    reasons: list[str]
    """The reasons it was flagged, as sentences."""
    confidence_score: float | None
    """0 to 1; null without checks."""
    unsupported_claims: list[str]
    """Claims in the text that are not supported by the data in the request."""
    is_test: bool
    """The request used a test key: the text is from the built-in generator, and nothing was charged."""
    needs_review: bool
    """If `true`, have a person review it before customers see it. Approving the item sets it to `false`."""
    disclosure: dict[str, Any] | None
    """For programs: that a model wrote it. `{digital_source_type (IPTC), ai_disclosure (ai-assisted once a person
    has approved it, else ai-autonomous), ai_provider, ai_model, generated_at}`; null for a text that no model wrote."""
    external_id: str
    name: str
    bullet_points: list[str]
    attributes: dict[str, Any]
    tags: list[str]
    seo: dict[str, Any]
    """`title`, `description`, `focus_keyword` and anything else that was generated."""
    structured_data: dict[str, Any] | None
    """JSON-LD of schema.org."""
    images: list[ImageAltText]
    """The pictures with their alt texts."""
    checks: list[dict[str, Any]]
    """Every check: `id`, `passed`, `detail`, `findings`."""
    texts: dict[str, LanguageText]
    """The texts in the additional `languages` of the request, by language; otherwise empty."""
    content: str
    short_description: str
    tokens_used: int
    xct_cost: str
    remaining_balance: str
    generation_id: str
    status: str
    """`completed`; `running` with 202: poll `generation/{generation_id}/status`."""


class PortalReply(TypedDict):
    portal_url: str | None
    message: str | None


class PostConflict(TypedDict):
    """One text that the merchant has changed on the site since our last publish."""

    field: str
    ours: str
    """The text that would be published."""
    theirs: str
    """The current text on the site."""
    published: str | None
    """The text as it was last published; `null` if unknown."""
    elements: NotRequired[list[str]]
    """What the text on the site has and ours lacks: elements and shortcodes, such as a form."""


class PostCreationRequest(TypedDict):
    """The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`."""

    max_xct: NotRequired[Xct | None]
    """The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
    `max_xct_exceeded` with the quote."""
    post_type: NotRequired[PostTypeEnum]
    topic: NotRequired[str]
    """(at most 500 characters)"""
    source_item_ids: NotRequired[list[str]]
    """(at most 50 entries)"""
    wp_category_ids: NotRequired[list[int]]
    """(at most 100 entries)"""
    template_id: NotRequired[str | None]
    """Default: the default template, if there is one. (at most 64 characters)"""
    ai_settings: NotRequired[dict[str, Any]]
    """`ai_provider`, `ai_model`, `language`, `tone`, `custom_instructions`. Settings that are left out use the
    defaults."""
    selected_images: NotRequired[list[SelectedImageRequest]]
    store_connection_id: NotRequired[str | None]
    """(at most 64 characters)"""
    shopify_blog_id: NotRequired[str | None]
    """(at most 100 characters)"""
    languages: NotRequired[list[str] | None]
    """Additional languages. The post is translated into them in the same job, after it is generated. (at most 30
    entries)"""


class PostListItem(TypedDict):
    id: str
    title: str
    status: str
    """generating draft scheduled publishing published failed"""
    post_type: str
    topic: str
    featured_image_url: str | None
    wp_post_id: int | None
    store_connection_id: str | None
    external_post_id: str | None
    published_url: str | None
    published_at: DateTime | None
    scheduled_at: DateTime | None
    created_at: DateTime
    updated_at: DateTime
    language: str
    original_id: str | None
    """For a translation: the ID of the original post."""
    version: int
    """Increases with each change. It is the `ETag` of this resource, for use in `If-Match`."""


class PostProvenance(TypedDict):
    """Where a post's texts come from. `entries` are all that happened, the oldest first; none of them ever changes."""

    post_id: str
    language: str
    status: str
    approved: bool
    """Whether the current texts are the ones that the last person to publish or schedule it approved."""
    checks: list[dict[str, Any]]
    texts: list[TextProvenance]
    entries: list[dict[str, Any]]
    """`{at, event, by, texts}`; `event` is `generated` (with `writer` and `checks`), `edited`, `restored`, `undone`,
    or `approved` (with `key_id`; of an item with `override` and `reason`)."""


class PostReply(TypedDict):
    id: str
    title: str
    status: str
    """generating draft scheduled publishing published failed"""
    post_type: str
    topic: str
    featured_image_url: str | None
    wp_post_id: int | None
    store_connection_id: str | None
    external_post_id: str | None
    published_url: str | None
    published_at: DateTime | None
    scheduled_at: DateTime | None
    created_at: DateTime
    updated_at: DateTime
    language: str
    original_id: str | None
    """For a translation: the ID of the original post."""
    version: int
    """Increases with each change. It is the `ETag` of this resource, for use in `If-Match`."""
    project_id: str
    organization_id: str
    content: str
    excerpt: str
    slug: str
    seo_meta: dict[str, Any]
    wp_category_ids: list[int]
    blog_connection_id: str | None
    external_blog_id: str | None
    source_item_ids: list[str]
    product_links: dict[str, Any]
    ai_settings: dict[str, Any]
    template_id: str | None
    analytics: dict[str, Any]
    """`words reading_minutes seo_score xct_used unpublished_changes flagged reasons`."""
    job_id: str | None
    translations: list[TranslationLink]
    """The post's translations, by language."""
    outdated_fields: list[str]
    """For a translation: texts of the original that have changed since."""
    edited_at: DateTime | None
    """For a translation: when someone last edited its text."""
    tags: list[str]
    structured_data: dict[str, Any]
    """schema.org JSON-LD of the post."""
    conflicts: list[PostConflict]
    """The conflicts that stopped the last publish: texts that were changed on the site."""
    generation_metadata: dict[str, Any]
    """The results of the checks, and how the text was generated. `removed_elements` names the HTML elements of the
    last edit that a post can't have, so that they were not saved."""
    skipped_fields: dict[str, Any]
    """Parts of the post that the site did not accept at the last publish, with the reason: `featured_image`,
    `seo_title`, `seo_description`, `focus_keyword`, `categories`, `tags`."""
    last_error: str
    """The reason the last generation or publish failed; otherwise empty."""


class PreviewReply(TypedDict):
    count: int
    batches: int
    estimated_time_seconds: int


class Problem(TypedDict):
    """RFC 9457 problem details: the one error format."""

    type: str
    """A URI that explains the code; `about:blank` if the status is sufficient."""
    title: str
    """The status in words."""
    status: int
    detail: str
    """What is wrong and what to do."""
    code: ErrorCode | str
    """Stable, snake_case; for programs."""
    values: NotRequired[dict[str, Any]]
    """What differs in `detail`: numbers and names, by the names of their places."""
    request_id: str
    """Quote this to support."""
    errors: NotRequired[list[ProblemError]]
    """For invalid input: each error and its location."""


class ProblemError(TypedDict):
    """One fault in the input, and where."""

    pointer: str
    """JSON pointer into the body, or `?name` of a query parameter."""
    detail: str
    code: ErrorCode | str
    values: NotRequired[dict[str, Any]]
    """What differs in `detail`: numbers and names, by the names of their places."""


class ProfileCreationRequest(TypedDict):
    """Settings left out stay unset and resolve from the levels below; null unsets one. Defaults shown are the
    deployment's."""

    translate_name: NotRequired[bool | None]
    generate_short: NotRequired[bool | None]
    generate_long: NotRequired[bool | None]
    generate_bullet_points: NotRequired[bool | None]
    generate_attributes: NotRequired[bool | None]
    generate_tags: NotRequired[bool | None]
    structured_data_enabled: NotRequired[bool | None]
    grounding: NotRequired[GroundingEnum | NullEnum]
    verifier_provider: NotRequired[str | None]
    """The provider of the second AI model that checks the texts. Default: the provider that generates them. (at most
    100 characters)"""
    verifier_model: NotRequired[str | None]
    """The second AI model that checks the texts. Default: the provider's cheapest model. (at most 100 characters)"""
    language: NotRequired[str | None]
    """(at most 20 characters)"""
    language_way: NotRequired[LanguageWayEnum | NullEnum]
    """How texts in additional languages are created: `translation` translates the approved text, `native` generates
    a new text from the product data."""
    tone: NotRequired[str | None]
    """(at most 100 characters)"""
    benefits: NotRequired[BenefitsEnum | NullEnum]
    """What a text can say about benefits: `usual` allows what follows from a fact in ordinary use, `cautious` only
    what the product data states."""
    ai_provider: NotRequired[str | None]
    """(at most 100 characters)"""
    ai_model: NotRequired[str | None]
    """(at most 100 characters)"""
    custom_instructions: NotRequired[str | None]
    """(at most 8000 characters)"""
    language_settings: NotRequired[dict[str, OneLanguageRequest] | None]
    """Language → its instructions and form of address."""
    max_short_chars: NotRequired[int | None]
    """(20 to 2000)"""
    max_long_chars: NotRequired[int | None]
    """(50 to 20000)"""
    use_html: NotRequired[bool | None]
    use_html_short: NotRequired[bool | None]
    image_analysis_enabled: NotRequired[bool | None]
    image_analysis_count: NotRequired[int | None]
    """(1 to 10)"""
    name: str
    """(at most 255 characters)"""


class ProfileReply(TypedDict):
    """A profile as it applies: settings that it leaves open are shown resolved."""

    translate_name: bool
    generate_short: bool
    generate_long: bool
    generate_bullet_points: bool
    generate_attributes: bool
    generate_tags: bool
    structured_data_enabled: bool
    id: str
    organization_id: str
    name: str
    is_default: bool
    ai_provider: str
    ai_model: str | None
    language: str
    language_way: str
    """How texts in additional languages are created: `translation` or `native`."""
    tone: str
    benefits: str
    """What a text can say about benefits: `usual` or `cautious`."""
    custom_instructions: str
    language_settings: dict[str, OneLanguage]
    """Language → its instructions and form of address."""
    max_short_chars: int
    max_long_chars: int
    use_html: bool
    use_html_short: bool
    image_analysis_enabled: bool
    image_analysis_count: int
    grounding: str
    """`tables`, `read` or `strict`."""
    verifier_provider: str | None
    verifier_model: str | None
    created_at: DateTime
    updated_at: DateTime
    version: int
    """Increases with each change. It is the `ETag` of this resource, for use in `If-Match`."""


class ProfileTemplateReply(TypedDict):
    id: str
    name: str
    description: str
    icon: str
    defaults: dict[str, Any]
    """Settings of a content profile."""


class ProfileUpdateRequest(TypedDict):
    """What is sent is set, the rest stays."""

    translate_name: NotRequired[bool | None]
    generate_short: NotRequired[bool | None]
    generate_long: NotRequired[bool | None]
    generate_bullet_points: NotRequired[bool | None]
    generate_attributes: NotRequired[bool | None]
    generate_tags: NotRequired[bool | None]
    structured_data_enabled: NotRequired[bool | None]
    grounding: NotRequired[GroundingEnum | NullEnum]
    verifier_provider: NotRequired[str | None]
    """The provider of the second AI model that checks the texts. Default: the provider that generates them. (at most
    100 characters)"""
    verifier_model: NotRequired[str | None]
    """The second AI model that checks the texts. Default: the provider's cheapest model. (at most 100 characters)"""
    language: NotRequired[str | None]
    """(at most 20 characters)"""
    language_way: NotRequired[LanguageWayEnum | NullEnum]
    """How texts in additional languages are created: `translation` translates the approved text, `native` generates
    a new text from the product data."""
    tone: NotRequired[str | None]
    """(at most 100 characters)"""
    benefits: NotRequired[BenefitsEnum | NullEnum]
    """What a text can say about benefits: `usual` allows what follows from a fact in ordinary use, `cautious` only
    what the product data states."""
    ai_provider: NotRequired[str | None]
    """(at most 100 characters)"""
    ai_model: NotRequired[str | None]
    """(at most 100 characters)"""
    custom_instructions: NotRequired[str | None]
    """(at most 8000 characters)"""
    language_settings: NotRequired[dict[str, OneLanguageRequest] | None]
    """Language → its instructions and form of address."""
    max_short_chars: NotRequired[int | None]
    """(20 to 2000)"""
    max_long_chars: NotRequired[int | None]
    """(50 to 20000)"""
    use_html: NotRequired[bool | None]
    use_html_short: NotRequired[bool | None]
    image_analysis_enabled: NotRequired[bool | None]
    image_analysis_count: NotRequired[int | None]
    """(1 to 10)"""
    name: NotRequired[str]
    """(at most 255 characters)"""


class ProjectCreationRequest(TypedDict):
    name: str
    """(at most 255 characters)"""
    settings: NotRequired[dict[str, Any]]
    """Generation settings of this project; replaces what was there."""
    store_connection_id: NotRequired[str | None]
    """A connection of the project's platform; null unlinks it. (at most 64 characters)"""
    content_profile_id: NotRequired[str | None]
    """(at most 64 characters)"""
    settings_overrides: NotRequired[dict[str, Any] | None]
    """Settings that override those of the content profile."""
    platform: PlatformEnum


class ProjectReply(TypedDict):
    id: str
    name: str
    platform: str
    status: str
    """`draft`, `active` or `completed`."""
    settings: dict[str, Any]
    created_at: DateTime
    is_test: bool
    """Whether it was created with a test key: it uses the built-in text generator, costs nothing and never contacts
    stores or AI providers."""
    completed_at: DateTime | None
    item_count: int
    flagged_count: int
    source_count: int
    deleted_at: DateTime | None
    status_counts: StatusCounts
    store_connection_id: str | None
    store_connection_name: str | None
    content_profile_id: str | None
    settings_overrides: dict[str, Any]
    updated_at: DateTime


class ProjectsLearnedRulesQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class ProjectsListQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    include_deleted: NotRequired[bool]
    """If `true`, lists only the projects in the trash. (false if not given)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class ProjectsRetrieveQuery(TypedDict):
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""


class ProviderReply(TypedDict):
    id: str
    name: str
    configured: bool
    """Whether this server can use it without your own key."""
    byok: bool
    """Whether an organization can use its own key."""
    models: list[ModelReply]


class PublishRequestRequest(TypedDict):
    connection_id: NotRequired[str | None]
    """A blog connection. Send this or `store_connection_id`. (at most 64 characters)"""
    store_connection_id: NotRequired[str | None]
    """A Shopify or WordPress store connection. (at most 64 characters)"""
    wp_status: NotRequired[WpStatusEnum]
    """("publish" if not given)"""
    shopify_published: NotRequired[bool | None]
    force: NotRequired[bool]
    """Overwrite texts that were changed on the site since the last publish. (false if not given)"""
    resolve: NotRequired[dict[str, Literal['ours', 'theirs']]]
    """The choice for each field in conflict: `ours` overwrites, `theirs` keeps the site's text."""


class QueuedReply(TypedDict):
    queued: int
    """The number of deliveries that are sent again."""


class QuoteReply(TypedDict):
    """What the work would cost in XCT. The bill never exceeds `xct_max`; send that as `max_xct` with the start, and
    a
    price that has risen meanwhile is refused (409 `max_xct_exceeded`)."""

    xct_expected: Xct
    xct_max: Xct
    balance_after: Decimal
    """The balance available after the expected price. Can be negative."""


class ReadAllReply(TypedDict):
    updated: int
    """The number of notifications that were marked as read."""
    message: str


class RecordedApproval(TypedDict):
    at: DateTime
    event: str
    """`approved`."""
    by: Person | None
    key_id: str | None
    """The API key with which a program approved it."""
    override: bool
    """Claims or a rule of law stood against it."""
    reason: str
    texts: list[TextDigest]


class RecordedEdit(TypedDict):
    at: DateTime
    by: Person | None
    words_changed: float


class RefusedRow(TypedDict):
    line: int
    """Of the file."""
    reason: str


class RefusedTranslation(TypedDict):
    line: int
    """The line in the file; 0 if the text was rejected when it was saved."""
    code: str
    """`source_changed`, `translation_changed`, `too_long`, `unknown_item`, `unknown_field`, `duplicate_row`,
    `incomplete_list`, `inline_markup`, `incomplete_unit` …"""
    reason: str


class RefusedUnit(TypedDict):
    line: int
    """Of the file."""
    code: str
    """`inline_markup` or `cell_too_long`."""
    reason: str


class RegisterReply(TypedDict):
    access_token: str
    token_type: str
    organization_id: str
    message: str


class RegisterRequestRequest(TypedDict):
    email: str
    """(at most 254 characters)"""
    password: str
    """(at most 256 characters)"""
    company_name: str
    """(at most 200 characters)"""
    first_name: NotRequired[str | None]
    """(at most 120 characters)"""
    last_name: NotRequired[str | None]
    """(at most 120 characters)"""
    turnstile_token: NotRequired[str | None]
    """(at most 4096 characters)"""


class ReplayRequestRequest(TypedDict):
    since: DateTime
    """From this time on."""
    until: NotRequired[DateTime]
    """The end of the period (exclusive). Default: now."""
    include_delivered: NotRequired[bool]
    """Also send events that were already delivered. (false if not given)"""


class RequestBodyRequest(TypedDict):
    description: str
    """(at most 10000 characters)"""
    budget_range: NotRequired[str | None]
    """(at most 120 characters)"""
    exclusivity: NotRequired[bool | None]


class ResetPasswordRequestRequest(TypedDict):
    token: str
    """(at most 1000 characters)"""
    new_password: str
    """(at most 256 characters)"""


class RestoredReply(TypedDict):
    restored: int
    """The number of items restored by this request."""
    item_ids: list[str]


class RuleReply(TypedDict):
    id: str
    kind: str
    """`avoid` words, `replace` words, or `heed` the reason for rejections."""
    term: str
    """The words that people removed, or the reason."""
    instead: str
    """The words that replaced them."""
    rule: str
    """The rule as it is given to the AI."""
    item_ids: list[str]
    """The items it was learned from, at most ten."""
    state: str
    """`proposed`, `accepted` or `dismissed`."""
    profile_id: str | None
    """An accepted rule applies to all projects with this profile; if `null`, to this project only."""
    decided_at: DateTime | None
    created_at: DateTime


class ScheduleRequestRequest(TypedDict):
    scheduled_at: DateTime
    connection_id: NotRequired[str | None]
    """(at most 64 characters)"""
    store_connection_id: NotRequired[str | None]
    """(at most 64 characters)"""
    wp_status: NotRequired[WpStatusEnum]
    """The status of the post on its site at that time. ("publish" if not given)"""


class ScoreCheck(TypedDict):
    id: str
    group: str
    """`seo` or `readability`."""
    status: str
    """`good`, `ok`, `bad`, or `na` where it does not apply."""
    score: float | None
    """At most 9; negative for spam and thin text."""
    message: str
    key: str
    """The message's stable key, for clients that translate it."""
    params: dict[str, Any]
    value: float | None


class ScoreReply(TypedDict):
    score: int
    """0 to 100."""
    grade: str
    """`good`, `ok` or `bad`."""
    focus_keyword: str
    seo_score: int | None
    checks: list[ScoreCheck]
    readability: dict[str, Any]
    recommendations: list[str]
    engine_version: int


class SecretRotationRequest(TypedDict):
    overlap_hours: NotRequired[int]
    """How long events are also signed with the old secret, in hours. (0 to 168; 24 if not given)"""


class SelectedImageRequest(TypedDict):
    url: str
    """(at most 2048 characters)"""
    product_name: NotRequired[str | None]
    """(at most 255 characters)"""
    alt_text: NotRequired[str | None]
    """(at most 500 characters)"""


class SetupReply(TypedDict):
    method: str
    secret: str | None
    """Base32. Shown only this once."""
    otpauth_uri: str | None
    message: str


class SetupRequestRequest(TypedDict):
    method: str
    """`totp` or `email`. (at most 20 characters)"""
    password: NotRequired[str | None]
    """Needed for platform staff whose sign-in is more than ten minutes old. (at most 256 characters)"""


class ShopLanguageReply(TypedDict):
    code: str
    """The store's code for the language: a locale, a slug or a store view."""
    name: str
    locale: str
    """The locale of the code, if different."""
    primary: bool
    """Whether this is the store's main language."""
    published: bool | None
    """Whether visitors can see it; `null` if the store does not say."""
    serves: list[str]
    """The project languages it can be used for. If there are several, choose one in the connection."""
    language: str | None
    """The language whose texts it receives."""


class ShopLanguagesReply(TypedDict):
    languages: list[ShopLanguageReply]
    reason: str
    """Why the store's translations can't be updated; otherwise empty."""


class ShopText(TypedDict):
    field: str
    state: PublishedTextStateEnum


class ShopifyAppQuery(TypedDict):
    hmac: NotRequired[str]
    host: NotRequired[str]
    shop: str
    timestamp: NotRequired[str]


class ShopifyBlogReply(TypedDict):
    id: str
    title: str
    handle: str


class ShopifyCallbackQuery(TypedDict):
    code: str
    hmac: NotRequired[str]
    host: NotRequired[str]
    shop: str
    state: NotRequired[str]
    timestamp: NotRequired[str]


class ShopifyConnectQuery(TypedDict):
    connection_type: NotRequired[Literal['store', 'blog']]
    """("store" if not given)"""
    shop: str
    """(at most 255 characters)"""
    translations: NotRequired[bool]
    """Also request permission to read the store's languages and write translations. (false if not given)"""


class ShopifyFinalizationRequest(TypedDict):
    shop: str
    """`shop` of the redirect. (at most 255 characters)"""
    code: str
    """`code` of the redirect. (at most 1000 characters)"""
    install: str
    """`install` of the redirect; works once. (at most 255 characters)"""


class ShopifyUrlReply(TypedDict):
    url: str


class ShopifyWebhookReply(TypedDict):
    received: bool
    outcome: str


class SignInReply(TypedDict):
    """Either `access_token`, or a `temp_token` for the step that is still to come."""

    access_token: str | None
    token_type: str
    two_factor_required: bool
    two_factor_setup_required: bool
    two_factor_method: str | None
    """`totp` or `email`."""
    temp_token: str | None
    device_token: str | None
    """Returned with `access_token`. Identifies the device at the next sign-in; it gives no access."""


class SingleItem(TypedDict):
    """An item by itself. A list leaves out what takes a look into other tables for each row."""

    id: str
    external_id: str
    item_type: str
    source_data: dict[str, Any]
    generated_content: GeneratedContent
    confidence_score: float | None
    """0 to 1, calculated from `generation_metadata.score_parts`. It is not the probability that the text is true."""
    status: str
    ai_model_used: str
    created_at: DateTime
    is_test: bool
    """Whether it belongs to a test project."""
    data_source_id: str | None
    data_source_name: str | None
    metadata: dict[str, Any]
    excluded_at: DateTime | None
    generation_metadata: dict[str, Any]
    """With what the content was written, and what the checks found. `checks`: rows of `{id, passed (true, false or
    na), detail, findings}`. A finding of `grounding` is `{text, kind, field, start, end, value, supported,
    source_field, source_excerpt}`: a statement that the tables of the check know, with its place in the field's
    visible text (code points) and in the source. Its `unknown` are `{text, field, start, end}` of claims that a
    source in another language may state in words that no table has: to look at, no fault. A finding of `law` is a
    sentence that may not be said where the shop sells: `{text, field, start, end, rule, version, severity (note,
    warn or block), law, remedy, evidence, detail}`. It is no legal advice. Where a second model read the text a
    check `verification` has a finding for each sentence, with `code` and `reason` besides. `score_parts`: rows of
    `{id, name, value, weight}` that make the score. `reasons`: why it is flagged. `_messages`: `[template, values]`
    of the texts beside it."""
    parent_id: str | None
    """For a variant: the ID of its product."""
    store_view: str
    """Magento only: the store view these texts belong to."""
    view_data: dict[str, Any] | None
    """Magento only, for a text in another language that was imported from a store view: the data of that store
    view's row, in the same form as `source_data`."""
    has_unsupported_claims: bool
    """Whether the checks found a claim that is not in the product data. `false` does not mean that everything is
    true."""
    outdated_fields: list[str]
    """Fields whose text in the store has changed since this content was generated from it, and fields that state a
    fact (a weight, a price) that has changed; for a translation, fields whose original has changed."""
    decisions: dict[str, Any]
    """The decision for each field's text: `approved`, `rejected`, or `kept` to keep the store's text. A new text
    starts without a decision; `kept` stays."""
    reject_reason: str
    """The reason it was rejected."""
    assignee_id: str | None
    """The person who is to review it."""
    updated_at: DateTime
    version: int
    """Increases with each change. It is the `ETag` of this resource, for use in `If-Match`."""
    language: str
    """For a text in another language: its language code. Empty for an item."""
    main_item_id: str | None
    """For a text in another language: the ID of its item, whose data it uses."""
    languages: dict[str, Any]
    """For an item: its texts in other languages, `{fr: {item_id, status, outdated_fields, origin}}`. `origin` is
    `merchant` if the store has a translation and we have generated none, otherwise `ours`."""
    readiness: str | None
    """What is to be done next. `conflict`: its text was changed in the store since the last sync, choose one.
    `not_in_store`: the store does not have the item, import again or exclude it. `needs_facts`: it waits for a
    review, and makes claims that are not in the product data. `needs_decision`: it waits for a review. `ready`:
    approved, to be sent to the store. `needs_text`: to be generated, or again after a rejection or a change of its
    facts. `in_store`: nothing. `null` for an excluded item, and for a variant that uses its product's text."""


class SkippedLanguage(TypedDict):
    language: str
    reason: str
    """`up_to_date`, `edited` or `post_is_busy`."""


class SourceList(TypedDict):
    sources: list[SourceReply]
    total_items: int


class SourceReply(TypedDict):
    id: str
    project_id: str
    type: str
    """`file`, `manual` or `store`."""
    name: str
    config: dict[str, Any]
    """`file_key`, `snapshot_key`, and `job_id` while the file is being imported. `counts` has the number of rows by
    type; `matched` is how many matched an item from another source, and `updated` how many of those changed it."""
    status: str
    item_count: int
    """The number of items that were first imported with this source; each item is counted once."""
    last_synced_at: DateTime | None
    error_message: str | None
    created_at: DateTime
    errors: list[Fault]
    """Rows that were not imported, with the reason."""
    warnings: list[Fault]
    """Rows that were imported but may have problems."""


class SpendingReply(TypedDict):
    period_start: DateTime
    period_end: DateTime
    total_xct_used: Xct
    by_tier: list[TierUsage]
    by_provider: dict[str, Any]
    """provider → request_count, total_tokens, xct_used."""


class StartRequestRequest(TypedDict):
    """The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`."""

    max_xct: NotRequired[Xct | None]
    """The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
    `max_xct_exceeded` with the quote."""


class StatusCounts(TypedDict):
    """Included items by status, and the excluded ones."""

    pending: int
    generated: int
    flagged: int
    approved: int
    rejected: int
    synced: int
    excluded: int


class StockImageRequest(TypedDict):
    photo_url: str
    """(at most 2048 characters)"""
    alt_text: NotRequired[str | None]
    """(at most 500 characters)"""
    photographer: NotRequired[str | None]
    """(at most 255 characters)"""
    original_url: NotRequired[str | None]
    """The photo's page at its provider. (at most 2048 characters)"""


class StockPhotosListQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class StockPhotosSearchQuery(TypedDict):
    orientation: NotRequired[Literal['landscape', 'portrait', 'square']]
    page: NotRequired[int]
    """(1 to 10000; 1 if not given)"""
    per_page: NotRequired[int]
    """(1 to 80; 20 if not given)"""
    q: str
    """Search query (at most 200 characters)"""


class StoreConnectionsListQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class StoreConnectionsRetrieveQuery(TypedDict):
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""


class StudioProfileBuilderListTemplatesQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class StudioRequestDetail(TypedDict):
    id: str
    organization_id: str
    user_id: str | None
    user_name: str
    user_email: str
    description: str
    budget_range: str
    exclusivity: bool
    status: str
    priority: int
    """0 to 3, set by staff."""
    created_at: DateTime
    updated_at: DateTime
    organization_name: str
    comments: list[CommentReply]


class StudioRequestList(TypedDict):
    requests: list[StudioRequestReply]
    total: int
    has_more: bool


class StudioRequestReply(TypedDict):
    id: str
    organization_id: str
    user_id: str | None
    user_name: str
    user_email: str
    description: str
    budget_range: str
    exclusivity: bool
    status: str
    priority: int
    """0 to 3, set by staff."""
    comment_count: int
    latest_comment_at: DateTime | None
    created_at: DateTime
    updated_at: DateTime


class StudioRequestsListRequestsQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    limit: NotRequired[int]
    """(1 to 100; 20 if not given)"""
    offset: NotRequired[int]
    """(0 if not given)"""
    status: NotRequired[Literal['new', 'in_review', 'quoted', 'accepted', 'declined', 'done']]


class StudioRequestsRetrieveQuery(TypedDict):
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""


class StudioStoreAuditListAuditsQuery(TypedDict):
    project_id: NotRequired[str]
    """(at most 64 characters)"""


class SubscriptionReply(TypedDict):
    subscription_tier: str
    payment_subscription_status: str | None
    subscription_period_end: DateTime | None
    payment_method: str | None
    """dodo, paddle or bank_transfer."""
    payment_customer_id: str | None
    billing_period: str | None
    pending_subscription_tier: str | None
    """The plan after the end of the billing period."""
    pending_billing_period: str | None
    cancel_at_period_end: bool
    overdue_since: DateTime | None


class SyncDriftQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class SyncItemReply(TypedDict):
    success: bool
    message: str
    synced_at: DateTime | None
    job_id: str
    skipped: dict[str, Any]
    """Fields that were not updated because the store has no field for them, with the reason."""
    changed: dict[str, Any]
    """`{field: {sent, store}}` of texts that the store changed when saving."""
    texts: NotRequired[list[dict[str, Any]]]
    """For a sync in several languages: `{item_id, language, success, message, code, skipped, changed, conflicts}` of
    each text that was not already the same in the store."""


class SyncReply(TypedDict):
    failed_count: int
    failed_items: list[dict[str, Any]]
    """`{item_id, external_id, reason, code, conflicts}`; for an undo also `restored`, the fields that were restored."""
    job_id: str
    status: str
    error: NotRequired[str]
    """Why the job failed. Only if it did."""
    synced_count: int
    unchanged_count: int
    """Synced items whose texts in the store were already the same."""
    conflict_count: int
    """Failed items whose texts were changed in the store since."""
    skipped: list[dict[str, Any]]
    """`{field, reason, items}` of texts of synced items that were skipped."""
    languages: dict[str, Any]
    """`{language: {synced, unchanged, failed, conflicts, refused}}` for each additional language. `refused` is the
    reason why the store accepts none of its texts."""


class SyncRequestRequest(TypedDict):
    languages: NotRequired[list[str]]
    """The languages to sync. The main language is included only if it is listed, and goes first. Default: the main
    language only. A translation in the store that we did not generate is a conflict. (at most 100 entries)"""
    mode: NotRequired[ModeEnum]
    """`pending` (default): approved items. `all`: approved and synced items; texts that are already the same in the
    store are not sent again. `selected`: the items in `item_ids`."""
    item_ids: NotRequired[list[str]]
    """(at most 100000 entries)"""
    language: NotRequired[str]
    """Same as `languages` with only this language. (at most 20 characters)"""
    force: NotRequired[bool]
    """Also overwrite texts that were changed in the store since."""
    leave_unrestorable: NotRequired[bool]
    """Skip texts that could not be restored exactly later, because the store filters them (see `sync/warnings`)."""


class SystemContentTypesQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class SystemLanguagesQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class SystemPlatformsQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class SystemProvidersQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class SystemToneReply(TypedDict):
    id: str
    name: str
    description: str
    is_custom: bool


class SystemTonesQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class TempCodeRequestRequest(TypedDict):
    code: str
    """(at most 40 characters)"""
    temp_token: str
    """(at most 1000 characters)"""


class TempMethodRequestRequest(TypedDict):
    method: str
    """`totp` or `email`. (at most 20 characters)"""
    temp_token: str
    """(at most 1000 characters)"""


class TempTokenRequestRequest(TypedDict):
    temp_token: str
    """(at most 1000 characters)"""


class TemplateCreationRequest(TypedDict):
    description: NotRequired[str]
    """(at most 2000 characters)"""
    tone: NotRequired[str]
    """(at most 100 characters)"""
    structure: NotRequired[dict[str, Any]]
    """`sections` (headings, or `{heading, instructions}`), `min_words`, `max_words`."""
    custom_instructions: NotRequired[str]
    """(at most 8000 characters)"""
    is_default: NotRequired[bool]
    name: str
    """(at most 255 characters)"""


class TemplateReply(TypedDict):
    id: str
    organization_id: str
    name: str
    description: str
    tone: str
    structure: dict[str, Any]
    custom_instructions: str
    is_default: bool
    created_at: DateTime
    updated_at: DateTime


class TermCreationRequest(TypedDict):
    text: str
    """The term itself. (at most 200 characters)"""
    language: str
    """The language of `text`. (at most 20 characters)"""
    description: NotRequired[str]
    """(at most 500 characters)"""
    do_not_translate: NotRequired[bool]
    """The term is not translated."""
    case_sensitive: NotRequired[bool]
    targets: NotRequired[dict[str, TermTargetRequest | None]]
    """Language → its word, forms, forbidden words and note."""
    profile_id: NotRequired[str | None]
    """The content profile the term applies to. Default: all projects."""


class TermReply(TypedDict):
    id: str
    profile_id: str | None
    text: str
    language: str
    description: str
    do_not_translate: bool
    case_sensitive: bool
    targets: dict[str, TermTarget | None]
    """Language → its word, forms, forbidden words and note."""
    created_at: DateTime
    updated_at: DateTime
    version: int
    """Increases with each change. It is the `ETag` of this resource, for use in `If-Match`."""


class TermTarget(TypedDict):
    """How one language says a term."""

    text: NotRequired[str]
    """The word to use. (at most 200 characters)"""
    forms: NotRequired[list[str]]
    """Other forms of the word that can't be derived by rule. (at most 50 entries)"""
    forbidden: NotRequired[list[str]]
    """Words that must not be used for the term. (at most 50 entries)"""
    note: NotRequired[str]
    """For writers. (at most 500 characters)"""


class TermTargetRequest(TypedDict):
    """How one language says a term."""

    text: NotRequired[str]
    """The word to use. (at most 200 characters)"""
    forms: NotRequired[list[str]]
    """Other forms of the word that can't be derived by rule. (at most 50 entries)"""
    forbidden: NotRequired[list[str]]
    """Words that must not be used for the term. (at most 50 entries)"""
    note: NotRequired[str]
    """For writers. (at most 500 characters)"""


class TestBalanceChangeRequest(TypedDict):
    balance: Decimal
    """The test XCT that test keys have from now on."""


class TestBalanceReply(TypedDict):
    balance: Decimal
    """In test XCT, which are worth nothing."""


class TextDigest(TypedDict):
    field: str
    sha256: str
    """Of the text's UTF-8 bytes; of a list, of its JSON as PostgreSQL writes it."""
    words_changed: NotRequired[float]
    """Of an edit: the share of words in which the text differs from the one before, 0 to 1."""


class TextProvenance(TypedDict):
    field: str
    sha256: str
    generated: TextWriter | None
    """Null for a text that was written by hand."""
    edits: list[RecordedEdit]
    approved: RecordedApproval | None
    """The last approval of this very text; null once it was changed, or before it was approved."""


class TextWriter(TypedDict):
    provider: str
    model: str
    """Empty where no model wrote it."""
    prompt_version: int | None
    settings: dict[str, Any]
    generated_at: DateTime | None


class TierUsage(TypedDict):
    tier: str
    request_count: int
    total_tokens: int
    xct_used: Xct


class ToneReply(TypedDict):
    id: str
    name: str
    description: str
    system_prompt: str


class ToneRequestRequest(TypedDict):
    id: NotRequired[str | None]
    """A slug. Default: created from the name. (at most 60 characters)"""
    name: str
    """(at most 120 characters)"""
    description: NotRequired[str | None]
    """(at most 500 characters)"""
    system_prompt: NotRequired[str | None]
    """(at most 8000 characters)"""


class ToolList(TypedDict):
    tools: list[ToolReply]


class ToolReply(TypedDict):
    id: str
    slug: str
    name: str
    description: str
    icon: str
    min_tier: str
    """The lowest plan that includes it."""
    unlocked: bool


class TopupCheckoutReply(TypedDict):
    checkout_url: str | None
    transaction_id: str | None
    client_token: str | None


class TopupCheckoutRequestRequest(TypedDict):
    packs: int
    """(1 to 1000)"""


class TopupInvoiceRequestRequest(TypedDict):
    xct_packs: int
    """(1 to 1000)"""


class TopupRequestRequest(TypedDict):
    amount: float
    """(0.0001 to 100000000)"""
    description: NotRequired[str | None]
    """(at most 500 characters)"""


class TransactionPage(TypedDict):
    transactions: list[TransactionReply]
    total: int
    page: int
    page_size: int


class TransactionReply(TypedDict):
    id: str
    transaction_type: str
    """grant, topup, usage, expiry, adjustment or refund."""
    amount: Decimal
    """Signed."""
    balance_type: str
    """subscription, topup or overage."""
    description: str
    created_at: DateTime
    created_by: str | None
    """The ID of the user; `null` for the system."""
    balance_after: Decimal
    """The total balance after this entry."""


class TranslationFileRequest(TypedDict):
    file: File
    """The file, of at most 50 MiB."""
    language: str
    """The language of the translations. (at most 20 characters)"""
    format: FormatEnum
    """`xliff`: XLIFF 1.2; `xliff2`: XLIFF 2.1; `po`: PO (gettext); `shopify_csv`: Shopify (CSV); `magento_csv`:
    Magento (CSV); `wpml_csv`: WPML (CSV); `polylang_csv`: Polylang (CSV)."""
    store_view: NotRequired[str]
    """The code of the store view for this language. Needed for `magento_csv` only. (at most 64 characters)"""


class TranslationImportReply(TypedDict):
    job_id: str | None
    """The job that saves the texts (202), or `null`."""
    written: int
    """The number of items whose texts were saved."""
    rows: int
    """Rows of the file."""
    unchanged: int
    """Texts that are already saved, or have not changed since the export."""
    untranslated: int
    """Rows without a translation, or with an unfinished one that was skipped (`warnings`)."""
    other_language: int
    """Rows in another language."""
    refused_count: int
    """Rows that could not be imported."""
    refused: list[RefusedTranslation]
    """The first 1,000 of them."""
    warning_count: int
    """Rows with a translation that was skipped, and other warnings."""
    warnings: list[TranslationWarning]
    """The first 1,000 of them."""


class TranslationLink(TypedDict):
    """One translation of a post."""

    id: str
    language: str
    status: str
    """generating draft scheduled publishing published failed"""
    title: str
    outdated_fields: list[str]
    """Texts of the original that have changed since the translation was made."""
    edited_at: DateTime | None
    """When someone last edited its text."""
    published_url: str | None


class TranslationMemoryDestroyQuery(TypedDict):
    language: str
    """The language of the translations. (at most 20 characters)"""
    source_language: str
    """The language of the originals. (at most 20 characters)"""


class TranslationMemoryExportQuery(TypedDict):
    language: str
    """The language of the translations. (at most 20 characters)"""
    source_language: str
    """The language of the originals. (at most 20 characters)"""


class TranslationWarning(TypedDict):
    line: int
    """Of the file."""
    code: str
    """`unfinished`: the text is marked unfinished and has not changed since the export, or the file does not show
    what was exported; `obsolete`: a PO file keeps it as an entry that is gone (`#~`); `doubtful_encoding` and
    others."""
    reason: str


class TranslationsEstimate(TypedDict):
    xct_max: str
    """The maximum price of all of them together."""
    per_language: list[PlannedTranslation]
    skipped: list[SkippedLanguage]


class TranslationsReply(TypedDict):
    xct_max: str
    """The maximum price of all of them together."""
    per_language: list[PlannedTranslation]
    skipped: list[SkippedLanguage]
    job_id: str | None
    """The job that generates them; `null` if there is nothing to generate."""


class TranslationsRequestRequest(TypedDict):
    """The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`."""

    max_xct: NotRequired[Xct | None]
    """The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
    `max_xct_exceeded` with the quote."""
    languages: NotRequired[list[str] | None]
    """The languages to translate into. Default: the languages the post already has translations in. (at most 30
    entries)"""
    redo: NotRequired[bool]
    """Also regenerate translations that are up to date or have been edited. (false if not given)"""


class TruncateReply(TypedDict):
    message: str
    items_deleted: int
    sources_deleted: int
    status: str
    job_id: str | None
    """The `removal` job that goes on deleting; null when all is gone."""


class UndoReply(TypedDict):
    failed_count: int
    failed_items: list[dict[str, Any]]
    """`{item_id, external_id, reason, code, conflicts}`; for an undo also `restored`, the fields that were restored."""
    job_id: str
    status: str
    error: NotRequired[str]
    """Why the job failed. Only if it did."""
    undone_count: int
    languages: dict[str, Any]
    """`{language: {undone, failed, conflicts, refused}}` for each additional language."""


class UndoRequestRequest(TypedDict):
    force: NotRequired[bool]
    """Also restore texts that were changed on the site since. (false if not given)"""


class UnreadCountReply(TypedDict):
    unread_count: int


class UpdatedItem(TypedDict):
    """An item by itself. A list leaves out what takes a look into other tables for each row."""

    id: str
    external_id: str
    item_type: str
    source_data: dict[str, Any]
    generated_content: GeneratedContent
    confidence_score: float | None
    """0 to 1, calculated from `generation_metadata.score_parts`. It is not the probability that the text is true."""
    status: str
    ai_model_used: str
    created_at: DateTime
    is_test: bool
    """Whether it belongs to a test project."""
    data_source_id: str | None
    data_source_name: str | None
    metadata: dict[str, Any]
    excluded_at: DateTime | None
    generation_metadata: dict[str, Any]
    """With what the content was written, and what the checks found. `checks`: rows of `{id, passed (true, false or
    na), detail, findings}`. A finding of `grounding` is `{text, kind, field, start, end, value, supported,
    source_field, source_excerpt}`: a statement that the tables of the check know, with its place in the field's
    visible text (code points) and in the source. Its `unknown` are `{text, field, start, end}` of claims that a
    source in another language may state in words that no table has: to look at, no fault. A finding of `law` is a
    sentence that may not be said where the shop sells: `{text, field, start, end, rule, version, severity (note,
    warn or block), law, remedy, evidence, detail}`. It is no legal advice. Where a second model read the text a
    check `verification` has a finding for each sentence, with `code` and `reason` besides. `score_parts`: rows of
    `{id, name, value, weight}` that make the score. `reasons`: why it is flagged. `_messages`: `[template, values]`
    of the texts beside it."""
    parent_id: str | None
    """For a variant: the ID of its product."""
    store_view: str
    """Magento only: the store view these texts belong to."""
    view_data: dict[str, Any] | None
    """Magento only, for a text in another language that was imported from a store view: the data of that store
    view's row, in the same form as `source_data`."""
    has_unsupported_claims: bool
    """Whether the checks found a claim that is not in the product data. `false` does not mean that everything is
    true."""
    outdated_fields: list[str]
    """Fields whose text in the store has changed since this content was generated from it, and fields that state a
    fact (a weight, a price) that has changed; for a translation, fields whose original has changed."""
    decisions: dict[str, Any]
    """The decision for each field's text: `approved`, `rejected`, or `kept` to keep the store's text. A new text
    starts without a decision; `kept` stays."""
    reject_reason: str
    """The reason it was rejected."""
    assignee_id: str | None
    """The person who is to review it."""
    updated_at: DateTime
    version: int
    """Increases with each change. It is the `ETag` of this resource, for use in `If-Match`."""
    language: str
    """For a text in another language: its language code. Empty for an item."""
    main_item_id: str | None
    """For a text in another language: the ID of its item, whose data it uses."""
    languages: dict[str, Any]
    """For an item: its texts in other languages, `{fr: {item_id, status, outdated_fields, origin}}`. `origin` is
    `merchant` if the store has a translation and we have generated none, otherwise `ours`."""
    readiness: str | None
    """What is to be done next. `conflict`: its text was changed in the store since the last sync, choose one.
    `not_in_store`: the store does not have the item, import again or exclude it. `needs_facts`: it waits for a
    review, and makes claims that are not in the product data. `needs_decision`: it waits for a review. `ready`:
    approved, to be sent to the store. `needs_text`: to be generated, or again after a rejection or a change of its
    facts. `in_store`: nothing. `null` for an excluded item, and for a variant that uses its product's text."""
    warnings: list[dict[str, Any]]
    """`{field, code, detail}` of what was not kept of the content in the request. `removed`: elements that a text
    can't have. `shortened`: a text that was longer than the field. `fewer_entries`: a list with too many entries.
    `unknown_field`: a key that is of no field."""


class UpdatedPost(TypedDict):
    id: str
    title: str
    status: str
    """generating draft scheduled publishing published failed"""
    post_type: str
    topic: str
    featured_image_url: str | None
    wp_post_id: int | None
    store_connection_id: str | None
    external_post_id: str | None
    published_url: str | None
    published_at: DateTime | None
    scheduled_at: DateTime | None
    created_at: DateTime
    updated_at: DateTime
    language: str
    original_id: str | None
    """For a translation: the ID of the original post."""
    version: int
    """Increases with each change. It is the `ETag` of this resource, for use in `If-Match`."""
    project_id: str
    organization_id: str
    content: str
    excerpt: str
    slug: str
    seo_meta: dict[str, Any]
    wp_category_ids: list[int]
    blog_connection_id: str | None
    external_blog_id: str | None
    source_item_ids: list[str]
    product_links: dict[str, Any]
    ai_settings: dict[str, Any]
    template_id: str | None
    analytics: dict[str, Any]
    """`words reading_minutes seo_score xct_used unpublished_changes flagged reasons`."""
    job_id: str | None
    translations: list[TranslationLink]
    """The post's translations, by language."""
    outdated_fields: list[str]
    """For a translation: texts of the original that have changed since."""
    edited_at: DateTime | None
    """For a translation: when someone last edited its text."""
    tags: list[str]
    structured_data: dict[str, Any]
    """schema.org JSON-LD of the post."""
    conflicts: list[PostConflict]
    """The conflicts that stopped the last publish: texts that were changed on the site."""
    generation_metadata: dict[str, Any]
    """The results of the checks, and how the text was generated. `removed_elements` names the HTML elements of the
    last edit that a post can't have, so that they were not saved."""
    skipped_fields: dict[str, Any]
    """Parts of the post that the site did not accept at the last publish, with the reason: `featured_image`,
    `seo_title`, `seo_description`, `focus_keyword`, `categories`, `tags`."""
    last_error: str
    """The reason the last generation or publish failed; otherwise empty."""
    warnings: list[dict[str, Any]]
    """`{field, code, detail}` of what was not kept of the texts in the request. `removed`: elements that a post
    can't have."""


class UpgradeInvoiceRequestRequest(TypedDict):
    tier: str
    """(at most 20 characters)"""
    billing_period: NotRequired[BillingPeriodEnum]
    """("monthly" if not given)"""


class UsageListQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    end_date: NotRequired[str]
    """Up to and with this day (or time). (at most 40 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""
    start_date: NotRequired[str]
    """From this day (or time) on, in ISO 8601 and UTC. (at most 40 characters)"""


class UsageReply(TypedDict):
    id: str
    is_test: bool
    """Work of a test key."""
    ai_provider: str
    ai_model: str
    content_type: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    """Part of the input that came from the provider's cache."""
    cache_write_tokens: int
    """Part of the input that went into the provider's cache."""
    credits_used: float
    """XCT."""
    cost_estimate: float
    """USD by the model's list price."""
    outcome: str
    estimated: bool
    """Whether the token counts are estimates, because the provider returned none."""
    tier: str
    job_id: str | None
    project_id: str | None
    item_id: str | None
    created_at: DateTime


class UsageSummaryQuery(TypedDict):
    days: NotRequired[int]
    """(1 to 365; 30 if not given)"""


class UsageSummaryReply(TypedDict):
    total_input_tokens: int
    total_output_tokens: int
    total_cost: float
    by_provider: dict[str, Any]
    """provider → requests, input_tokens, output_tokens, cost, credits_used."""
    by_content_type: dict[str, Any]
    """content type → the same."""


class UserCreateRequest(TypedDict):
    """The role of a person, with its languages and projects."""

    role: NotRequired[RoleEnum]
    languages: NotRequired[list[str] | None]
    """The languages whose texts the person reviews. A translator edits and approves no others. (at most 100 entries)"""
    project_ids: NotRequired[list[str] | None]
    """The projects that the person sees. Empty: all. (at most 100 entries)"""
    email: str
    """(at most 254 characters)"""
    password: str
    """(at most 256 characters)"""


class UserReply(TypedDict):
    id: str
    email: str
    first_name: str
    last_name: str
    phone_number: str
    role: str
    """`admin`, `member`, `reviewer`, `translator` or `viewer`."""
    is_active: bool
    email_verified: bool
    is_super_admin: bool
    two_factor_enabled: bool
    two_factor_method: str | None
    oauth_provider: str | None
    email_preferences: EmailPreferencesReply
    created_at: DateTime
    last_login_at: DateTime | None
    organization: OrganizationReply
    pending_email: str | None
    """A new email address that has not been verified yet."""
    two_factor_suspended: bool
    languages: list[str]
    """The languages whose texts the person reviews. A translator edits and approves no others."""
    project_ids: list[str]
    """The projects that the person sees. Empty: all."""


class UsersIdentitiesQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class UsersListQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class VerificationReply(TypedDict):
    kind: KindEnum
    id: str
    """Who generated and approved it is in its `provenance`."""
    project_id: str
    language: str
    approved: bool
    """Whether the current texts here are approved."""
    url: str
    matches: bool
    """Whether the page and the store show our texts."""
    page: list[PageText]
    """Whether the words are the same, ignoring quotes, dashes and spaces, which stores may change."""
    shop: list[ShopText]
    """Whether the store's API returns exactly the text of our last sync."""
    shop_refused: str
    """Why the store's API could not be read."""


class VerificationRequestRequest(TypedDict):
    url: str
    """The public URL of a product, page or post. (at most 2048 characters)"""


class VerifyReply(TypedDict):
    job_id: str
    status: str


class VersionReply(TypedDict):
    id: str
    reject_reason: str
    """The reason it had been rejected."""
    generated_content: GeneratedContent
    created_at: DateTime
    """When it was replaced."""
    created_by: str | None
    """The email address of the person who replaced it; `null` for a job."""
    reason: str
    """`regenerated`, `edited`, `restored` or `undone`."""


class WarningsReply(TypedDict):
    warnings: list[dict[str, Any]]
    """`{item_id, external_id, field, reason}` of each text that could not be restored later; for a translation also
    `language` and `main_item_id`. With `elements` it could be restored, but has elements or shortcodes that ours
    lacks, such as a form, a script or an image."""
    no_place: list[dict[str, Any]]
    """`{field, reason, items}` of texts that the store has no field for, for example SEO texts without an SEO
    plugin. They are skipped."""


class WebhookReply(TypedDict):
    received: bool


class WebhooksDeliveriesQuery(TypedDict):
    after: NotRequired[str]
    """The ID of the last delivery you have seen. (at most 64 characters)"""
    endpoint_id: NotRequired[str]
    """(at most 64 characters)"""
    event_id: NotRequired[str]
    """(at most 64 characters)"""
    limit: NotRequired[int]
    """(1 to 200; 50 if not given)"""
    state: NotRequired[Literal['pending', 'delivered', 'failed']]


class WebhooksListQuery(TypedDict):
    cursor: NotRequired[str]
    """The start of the page, from the previous page's `Link` header. (at most 2000 characters)"""
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""
    limit: NotRequired[int]
    """Rows in this page. (1 to 1000)"""
    offset: NotRequired[int]
    """Rows before this page."""


class WebhooksRetrieveDeliveryQuery(TypedDict):
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""


class WebhooksRetrieveQuery(TypedDict):
    fields: NotRequired[str]
    """The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters)"""


class WordChange(TypedDict):
    ours: str
    page: str
