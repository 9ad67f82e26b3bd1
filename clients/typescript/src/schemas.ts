/** The shapes of requests and replies. Made of the OpenAPI document by `make clients`. */

/** A date and time by RFC 3339, as 2026-11-30T10:00:00Z. */
export type DateTime = string;

/** A date, as 2026-11-30. */
export type Date = string;

/** A decimal number as text, as "12.5000": no digit is lost. */
export type Decimal = string;

/** An amount of XCT, a decimal number as text. */
export type Xct = string;

export type AccessTokenReply = {
  access_token: string;
  token_type: string;
};

export type AdjustmentRequestRequest = {
  /** Signed. (-100000000 to 100000000) */
  amount: number;
  balance_type: BalanceTypeEnum;
  /** (at most 500 characters) */
  description?: string | null;
};

export type AltTextReply = {
  alt_text: string;
  job_id: string;
  xct_used: string;
};

export type AnalyticsReply = {
  total: number;
  by_status: Record<string, unknown>;
  by_type: Record<string, unknown>;
  words_total: number;
  seo_average: number | null;
  /** Posts by the month of publishing, `2026-11`. */
  published_by_month: Record<string, unknown>;
  xct_used: string;
};

/** What can be given to a key and changed later. */
export type ApiKeyCreateRequest = {
  /** `null`, or left out when you create a key: the key does not expire. */
  expires_at?: DateTime | null;
  /** The maximum XCT that the key can spend per calendar month (UTC), together with the keys it replaces. */
  xct_per_month?: Xct | null;
  /** IP addresses or networks (CIDR) from which the key can be used. Empty allows all. (at most 50 entries) */
  allowed_networks?: Array<string>;
  /** (at most 120 characters) */
  name: string;
  /** Default: `live`. A `test` key has its own projects, in which the built-in text generator is used. It costs
   * nothing and never contacts stores or AI providers. */
  mode?: ApiKeyModeEnum;
  /** Default: `plugin:read`, `plugin:write`. */
  scopes?: Array<ScopesEnum>;
  /** The projects the key is limited to. Default: all projects of its mode. A test key's are test projects (else 400
   * `wrong_mode`), which are created with a test key for all projects. (at most 100 entries) */
  project_ids?: Array<string>;
};

export type ApiKeyCreated = {
  id: string;
  name: string;
  /** The first characters of the key, to identify it. */
  prefix: string;
  is_active: boolean;
  last_used_at: DateTime | null;
  created_at: DateTime;
  last_used_address: string | null;
  /** A `test` key has its own projects, in which the built-in text generator is used. It costs nothing and never
   * contacts stores or AI providers. */
  mode: ApiKeyModeEnum;
  scopes: Array<string>;
  /** The projects the key is limited to; empty for all projects of its mode. What belongs to no project stays open
   * to the key's scopes. */
  project_ids: Array<string>;
  expires_at: DateTime | null;
  /** A decimal string. */
  xct_per_month: string | null;
  /** IP addresses or networks (CIDR) from which the key can be used. Empty allows all. */
  allowed_networks: Array<string>;
  /** The user the key acts as, with that user's role. If the user is deactivated, the key stops working. */
  created_by_id: string | null;
  /** The key that replaced this one when it was rotated. */
  replaced_by_id: string | null;
  /** The key itself. Shown only this once. */
  key: string;
};

export type ApiKeyModeEnum = "live" | "test";

export type ApiKeyReply = {
  id: string;
  name: string;
  /** The first characters of the key, to identify it. */
  prefix: string;
  is_active: boolean;
  last_used_at: DateTime | null;
  created_at: DateTime;
  last_used_address: string | null;
  /** A `test` key has its own projects, in which the built-in text generator is used. It costs nothing and never
   * contacts stores or AI providers. */
  mode: ApiKeyModeEnum;
  scopes: Array<string>;
  /** The projects the key is limited to; empty for all projects of its mode. What belongs to no project stays open
   * to the key's scopes. */
  project_ids: Array<string>;
  expires_at: DateTime | null;
  /** A decimal string. */
  xct_per_month: string | null;
  /** IP addresses or networks (CIDR) from which the key can be used. Empty allows all. */
  allowed_networks: Array<string>;
  /** The user the key acts as, with that user's role. If the user is deactivated, the key stops working. */
  created_by_id: string | null;
  /** The key that replaced this one when it was rotated. */
  replaced_by_id: string | null;
};

export type ApiKeyRequestReply = {
  created_at: DateTime;
  method: string;
  /** The path pattern, without IDs. */
  route: string;
  status: number;
  /** The error's code; empty if there was no error. */
  code: string;
  /** The IP address of the request. */
  address: string | null;
  milliseconds: number;
  request_id: string;
};

export type ApiKeyRotationRequest = {
  /** How long the old key keeps working alongside the new one, in hours. (0 to 168; 24 if not given) */
  overlap_hours?: number;
  /** Default: the same lifetime as the old key, starting now. */
  expires_at?: DateTime | null;
};

export type ApiKeysListQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type ApiKeysRequestsQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type ApiKeysRetrieveQuery = {
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
};

export type AppleRequestRequest = {
  /** (at most 8192 characters) */
  id_token: string;
  /** Apple sends the name to the app only at the first sign-in. (at most 120 characters) */
  first_name?: string | null;
  /** (at most 120 characters) */
  last_name?: string | null;
  /** The nonce that the ID token was requested with, if any. (at most 300 characters) */
  nonce?: string | null;
  /** Needed to link an account if the sign-in is more than ten minutes old. (at most 256 characters) */
  password?: string | null;
};

export type AttemptReply = {
  at: DateTime;
  /** `null` if there was no reply. */
  status: number | null;
  seconds: number;
  /** Why there was no reply. */
  error?: string;
  /** The beginning of the error reply. */
  answer?: string;
};

export type AuditDetail = {
  id: string;
  project_id: string;
  job_id: string | null;
  status: string;
  product_count: number;
  /** 100 × (1 − weights of failed checks / weights of applicable checks). Weights: 3 missing_description,
   * duplicate_content, missing_images, missing_price; 2 thin_content, missing_seo_title, missing_meta_description,
   * keyword_stuffing, broken_html; 1 the others. */
  health_score: number | null;
  /** `{counts: {check: products}, skipped: [checks for which data is missing]}` */
  summary: Record<string, unknown>;
  xct_used: Xct;
  created_at: DateTime;
  completed_at: DateTime | null;
  error: string | null;
  products: Array<AuditedProductReply>;
};

export type AuditList = {
  audits: Array<AuditReply>;
};

export type AuditReply = {
  id: string;
  project_id: string;
  job_id: string | null;
  status: string;
  product_count: number;
  /** 100 × (1 − weights of failed checks / weights of applicable checks). Weights: 3 missing_description,
   * duplicate_content, missing_images, missing_price; 2 thin_content, missing_seo_title, missing_meta_description,
   * keyword_stuffing, broken_html; 1 the others. */
  health_score: number | null;
  /** `{counts: {check: products}, skipped: [checks for which data is missing]}` */
  summary: Record<string, unknown>;
  xct_used: Xct;
  created_at: DateTime;
  completed_at: DateTime | null;
  error: string | null;
};

export type AuditRequestRequest = {
  /** (at most 64 characters) */
  project_id: string;
  /** Default: all sixteen checks. */
  enabled_checks?: Array<EnabledChecksEnum> | null;
};

export type AuditStarted = {
  audit_id: string;
  job_id: string;
  estimated_products: number;
  /** Deterministic checks cost nothing. */
  estimated_xct: Xct;
};

export type AuditedProductReply = {
  id: string;
  content_item_id: string | null;
  product_title: string;
  product_url: string;
  description_word_count: number;
  description_preview: string;
  issues: Array<string>;
  scores: Record<string, unknown>;
};

export type AuthVerifyEmailQuery = {
  /** The token from the emailed link. (at most 1000 characters) */
  token: string;
};

export type BackupCodesReply = {
  /** Each code works once. They are shown only this once. */
  backup_codes: Array<string>;
  message: string;
};

export type BalanceReply = {
  /** XCT from the plan. Unused XCT expire at the end of the cycle. */
  subscription_balance: Decimal;
  /** Bought XCT; they don't expire. */
  topup_balance: Decimal;
  /** The sum of both, minus overage owed. */
  total_balance: Decimal;
  subscription_tier: string;
  overage_enabled: boolean;
  token_rate_multiplier: Decimal;
  /** Reserved for running jobs. */
  held: Decimal;
  /** The XCT you can spend: total minus reserved, plus unused overage. */
  available: Decimal;
  overage_owed: Decimal;
  cycle_started_at: DateTime;
  /** When the next cycle starts automatically. */
  next_cycle_at: DateTime | null;
};

export type BalanceTypeEnum = "subscription" | "topup";

export type BatchAccepted = {
  batch_id: string;
  /** The XCT reserved for all items. The charge never exceeds it. */
  xct_max: string;
  items: Array<BatchItemAccepted>;
};

export type BatchItemAccepted = {
  external_id: string;
  generation_id: string;
};

export type BatchProductRequest = {
  /** (at most 500 characters) */
  product_title: string;
  /** (at most 500 characters) */
  product_category?: string | null;
  product_attributes?: Record<string, unknown> | null;
  /** (at most 20 entries) */
  product_images?: Array<string> | null;
  current_description?: string | null;
  /** The store's ID of the product. Must be unique in a batch. (at most 255 characters) */
  external_id: string;
};

/** The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`. */
export type BatchRequestRequest = {
  /** The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
   * `max_xct_exceeded` with the quote. */
  max_xct?: Xct | null;
  /** The platform of the plugin. */
  source: SourceEnum;
  /** (at most 20 characters) */
  language?: string | null;
  /** (at most 60 characters) */
  tone?: string | null;
  /** (at most 8000 characters) */
  custom_instructions?: string | null;
  /** Additional languages besides `language`. Each text is generated from the same data and priced as a text of its
   * own. The replies have them under `texts`. (at most 30 entries) */
  languages?: Array<string> | null;
  /** (at most 100 entries) */
  items: Array<BatchProductRequest>;
};

export type BatchStatus = {
  batch_id: string;
  /** As for an item: `completed` or `failed` when all items are done; `failed` if none succeeded. */
  status: string;
  items: Array<PluginGenerationStatus>;
};

export type BenefitsEnum = "usual" | "cautious";

export type BillingDetailsReply = {
  billing_company_name: string;
  billing_pib: string;
  billing_mb: string;
  billing_address: string;
  billing_city: string;
  billing_postal_code: string;
  billing_country: string;
  /** Values that were saved but look wrong. */
  warnings: Array<BillingWarning>;
};

export type BillingInvoicesQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** (false if not given) */
  include_credit_notes?: boolean;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
  status?: "pending" | "paid" | "cancelled" | "expired";
};

export type BillingLimitsQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type BillingListQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type BillingPaymentHistoryQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type BillingPeriodEnum = "monthly" | "yearly";

export type BillingResetCycleQuery = {
  /** The organization. Platform staff only. (at most 64 characters) */
  organization_id?: string;
};

export type BillingRetrieveQuery = {
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
};

export type BillingTransactionsQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** In place of `page_size`. (1 to 1000) */
  limit?: number;
  /** (1 to 1000000; 1 if not given) */
  page?: number;
  /** (1 to 100; 20 if not given) */
  page_size?: number;
};

export type BillingUsageSummaryQuery = {
  /** (1 to 365; 30 if not given) */
  days?: number;
};

export type BillingWarning = {
  pointer: string;
  detail: string;
  code: string;
};

export type BlankEnum = "";

export type BlogConnectionCreationRequest = {
  /** (at most 255 characters) */
  name: string;
  /** (at most 500 characters) */
  site_url: string;
  /** (at most 255 characters) */
  username: string;
  /** (at most 500 characters) */
  app_password: string;
};

export type BlogConnectionReply = {
  id: string;
  name: string;
  site_url: string;
  username: string;
  is_active: boolean;
  /** `record` (the default) keeps here where texts come from; `mark` also tells it to programs in the shop, beside
   * the texts and unseen by readers; `off` keeps no approvals. See the guide on provenance; it is no legal advice. */
  provenance: ProvenanceEnum;
  has_credentials: boolean;
  site_name: string;
  has_categories: boolean;
  categories_cached_at: DateTime | null;
  last_synced_at: DateTime | null;
  created_at: DateTime;
  updated_at: DateTime;
};

export type BlogConnectionTest = {
  success: boolean;
  message: string;
  site_name: string;
};

export type BlogConnectionsCategoriesQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
  /** Read from the site instead of the cache. (false if not given) */
  refresh?: boolean;
};

export type BlogConnectionsListQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type BlogConnectionsRetrieveQuery = {
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
};

export type BlogConnectionsShopifyBlogsQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type BlogListImagesQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type BlogListQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Only posts in this language. (at most 20 characters) */
  language?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
  /** Only translations of this post. */
  original_id?: string;
  status?: "generating" | "draft" | "scheduled" | "publishing" | "published" | "failed";
};

/** The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`. */
export type BlogRequestRequest = {
  /** The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
   * `max_xct_exceeded` with the quote. */
  max_xct?: Xct | null;
  /** The platform of the plugin. */
  source: SourceEnum;
  /** (at most 20 characters) */
  language?: string | null;
  /** (at most 60 characters) */
  tone?: string | null;
  /** (at most 8000 characters) */
  custom_instructions?: string | null;
  /** Additional languages besides `language`. Each text is generated from the same data and priced as a text of its
   * own. The replies have them under `texts`. (at most 30 entries) */
  languages?: Array<string> | null;
  /** (at most 500 characters) */
  product_category?: string | null;
  /** (at most 500 characters) */
  topic?: string | null;
  /** (at most 500 characters) */
  product_title?: string | null;
};

export type BlogRetrieveQuery = {
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
};

export type BlogSeoScoreQuery = {
  /** The keyphrase to score for. Default: the post's keyphrase. (at most 200 characters) */
  focus_keyword?: string;
};

export type BlogTemplatesListQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type BlogTemplatesRetrieveQuery = {
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
};

export type CancelInvoiceRequestRequest = {
  /** (at most 300 characters) */
  reason?: string;
};

export type CancelReply = {
  status: string;
  effective_at: DateTime | null;
  message: string;
};

export type CategoryReply = {
  id: number;
  name: string;
  slug: string;
  count: number;
  parent: number;
};

export type Change = {
  /** `equal`, `insert` or `delete`. */
  op: string;
  text: string;
};

export type ChatReply = {
  received: boolean;
  /** `queued`, `repeated` or `ignored`. */
  outcome: string;
};

export type ChatwootIdentityReply = {
  /** The user's id. */
  identifier: string;
  /** Its HMAC-SHA256, hexadecimal. */
  identifier_hash: string;
};

export type CheckoutReply = {
  checkout_url: string | null;
  transaction_id: string | null;
  client_token: string | null;
  /** The active subscription was changed immediately. */
  plan_changed: boolean;
  /** The active subscription changes at the end of the billing period. */
  scheduled: boolean;
};

export type CheckoutRequestRequest = {
  /** (at most 20 characters) */
  tier: string;
  /** ("monthly" if not given) */
  billing_period?: BillingPeriodEnum;
};

export type CodeRequestRequest = {
  /** (at most 40 characters) */
  code: string;
};

export type CommentBodyRequest = {
  /** (at most 10000 characters) */
  content: string;
  /** Ignored for customers: their comments are always public. */
  is_internal?: boolean | null;
};

export type CommentReply = {
  id: string;
  request_id: string;
  user_id: string | null;
  user_name: string;
  user_email: string;
  content: string;
  is_internal: boolean;
  created_at: DateTime;
};

export type ComparedWithEnum = "store" | "original";

export type ConfirmedSignInReply = {
  /** Each code works once. They are shown only this once. */
  backup_codes: Array<string>;
  message: string;
  /** The token of the sign-in that was waiting for the setup. */
  access_token: string;
  token_type: string;
};

export type ConnectionCreationRequest = {
  /** (at most 500 characters) */
  base_url: string;
  /** (at most 500 characters) */
  media_base_url?: string;
  /** (at most 4000 characters) */
  access_token?: string;
  /** The access token's secret (Magento with OAuth 1.0a). (at most 4000 characters) */
  access_token_secret?: string;
  /** (at most 4000 characters) */
  consumer_key?: string;
  /** (at most 4000 characters) */
  consumer_secret?: string;
  /** `record` (the default) keeps here where texts come from; `mark` also tells it to programs in the shop, beside
   * the texts and unseen by readers; `off` keeps no approvals. See the guide on provenance; it is no legal advice. */
  provenance?: ProvenanceEnum;
  /** (at most 255 characters) */
  name: string;
  platform: PlatformEnum;
};

export type ConnectionReply = {
  id: string;
  name: string;
  platform: string;
  base_url: string;
  media_base_url: string;
  status: string;
  has_credentials: boolean;
  last_connected_at: DateTime | null;
  created_at: DateTime;
  updated_at: DateTime;
  project_count: number;
  /** `store`, or `blog` for one that is for posts only. */
  connection_type: string;
  /** The Shopify store that granted access to the app, if any. */
  shop: string;
  /** Whether the store rejects an update of a text that was changed after we read it (our plugin is active). `null`
   * if unknown. */
  guarded: boolean | null;
  /** Texts that the store has no field for, each with the reason, for example SEO texts without an SEO plugin.
   * `null` while unknown. */
  missing_places: Record<string, unknown> | null;
  /** `{language: [code, …]}`: the store languages or store views that receive the texts of a language, where several
   * are possible. For example, Shopify's `sr` can be Serbian in either script. See `projects/{id}/sync/languages`. */
  languages: Record<string, Array<string>>;
  /** `record` (the default) keeps here where texts come from; `mark` also tells it to programs in the shop, beside
   * the texts and unseen by readers; `off` keeps no approvals. See the guide on provenance; it is no legal advice. */
  provenance: ProvenanceEnum;
};

export type ConnectionTestReply = {
  success: boolean;
  message: string;
  store_name: string;
  media_base_url: string;
  /** Whether the store rejects an update of a text that was changed after we read it (our plugin is active). `null`
   * if unknown. */
  guarded: boolean | null;
};

export type ConnectionUpdateStatusEnum = "pending" | "active" | "error" | "inactive";

export type ContentProfilesListQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type ContentProfilesRetrieveQuery = {
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
};

export type ContentTypeEnum = "product" | "category" | "page" | "post";

export type ContentTypeReply = {
  id: string;
  name: string;
};

export type ContentVariantEnum = "short" | "long";

export type CustomFieldReply = {
  key: string;
  /** The text that one of the items has. */
  example: string;
  /** How many of the newest and oldest items have this field; if none do, how many items of the project. */
  count: number;
  /** The name of the fact that an import creates from it, or empty. */
  name: string;
};

export type DeletedSegments = {
  /** The number of imported segments that were deleted. */
  deleted: number;
};

export type DeletionReply = {
  deletion_scheduled_for: DateTime;
  message: string;
};

export type DeletionRequestRequest = {
  /** (at most 256 characters) */
  password?: string | null;
};

export type DeliveryReply = {
  id: string;
  endpoint_id: string;
  event_id: string;
  type: string;
  state: DeliveryReplyStateEnum;
  /** The number of attempts, of at most eight. A replay starts again from zero. */
  attempts: number;
  next_at: DateTime | null;
  delivered_at: DateTime | null;
  created_at: DateTime;
  /** The last ten attempts. */
  log: Array<AttemptReply>;
};

export type DeliveryReplyStateEnum = "pending" | "delivered" | "failed";

/** The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`. */
export type DescriptionRequestRequest = {
  /** (at most 500 characters) */
  product_title: string;
  /** (at most 500 characters) */
  product_category?: string | null;
  product_attributes?: Record<string, unknown> | null;
  /** (at most 20 entries) */
  product_images?: Array<string> | null;
  current_description?: string | null;
  /** The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
   * `max_xct_exceeded` with the quote. */
  max_xct?: Xct | null;
  /** The platform of the plugin. */
  source: SourceEnum;
  /** (at most 20 characters) */
  language?: string | null;
  /** (at most 60 characters) */
  tone?: string | null;
  /** (at most 8000 characters) */
  custom_instructions?: string | null;
  /** Additional languages besides `language`. Each text is generated from the same data and priced as a text of its
   * own. The replies have them under `texts`. (at most 30 entries) */
  languages?: Array<string> | null;
  /** The store's ID of the product. Sending the same ID again updates the same item with this data. (at most 255
   * characters) */
  external_id?: string | null;
};

/** What a file would be read as. */
export type DetectedColumns = {
  columns: Array<string>;
  /** Column → field. */
  mapping: Record<string, string>;
  /** Confidence of the whole suggestion, 0 to 1. */
  confidence: number;
  column_confidence: Record<string, number>;
  sample_rows: Array<unknown>;
  /** The Python codec. */
  encoding: string | null;
  delimiter: string | null;
  /** The number of rows, without the header and empty rows; of a large workbook or WordPress export an estimate. */
  row_count: number;
  unmapped: Array<string>;
  /** `csv`, `xlsx`, `jsonl` or `wxr`. */
  format: string;
  /** The platform whose columns these are, or `generic`. */
  platform: string;
};

export type DriftReply = {
  item_id: string;
  external_id: string;
  /** Empty for the project's main language. */
  language: string;
  /** For a text in another language: the ID of its item. */
  main_item_id: string | null;
  name: string;
  /** The store no longer has the item. */
  gone: boolean;
  /** `{field, cause, expected, store}`. `cause` is `merchant` (edited in the store), `platform` (the platform
   * dropped part of our text) or `ours` (the store shows the text from before our sync). */
  fields: Array<Record<string, unknown>>;
  job_id: string | null;
  found_at: DateTime;
};

export type EmailPreferencesReply = {
  usage_billing: boolean;
  ai_studio: boolean;
  system_alerts: boolean;
};

export type EmailRequestRequest = {
  /** (at most 254 characters) */
  email: string;
};

export type EnabledChecksEnum = "all_caps_title" | "broken_html" | "duplicate_content" | "keyword_stuffing" | "meta_description_length" | "missing_attributes" | "missing_description" | "missing_image_alt" | "missing_images" | "missing_meta_description" | "missing_price" | "missing_seo_title" | "missing_short_description" | "poor_readability" | "seo_title_length" | "thin_content";

export type EndpointCreateRequest = {
  /** Must use https, a public host and port 443 or 8443. (at most 2048 characters) */
  url: string;
  /** (at most 200 characters) */
  description?: string;
  /** Event types from `GET /webhooks/event-types`. Empty or left out: all events. (at most 100 entries) */
  types?: Array<string>;
  /** Only events about these projects and what is in them. Default: those of the whole organization. (at most 100
   * entries) */
  project_ids?: Array<string>;
};

export type EndpointReply = {
  id: string;
  url: string;
  description: string;
  /** Empty: all types. */
  types: Array<string>;
  /** Only events about these projects and what is in them; empty for those of the whole organization. */
  project_ids: Array<string>;
  /** A test key added it: it gets the events of test work, and no others. */
  is_test: boolean;
  is_active: boolean;
  disabled_at: DateTime | null;
  /** `gone` (the endpoint returned 410), `failing`, `switched_off`, or empty. */
  disabled_reason: string;
  /** The time since which every attempt has failed. */
  failing_since: DateTime | null;
  /** The last success. */
  delivered_at: DateTime | null;
  /** The time until which events are also signed with the previous secret. */
  old_secret_until: DateTime | null;
  created_at: DateTime;
};

export type EndpointWithSecret = {
  id: string;
  url: string;
  description: string;
  /** Empty: all types. */
  types: Array<string>;
  /** Only events about these projects and what is in them; empty for those of the whole organization. */
  project_ids: Array<string>;
  /** A test key added it: it gets the events of test work, and no others. */
  is_test: boolean;
  is_active: boolean;
  disabled_at: DateTime | null;
  /** `gone` (the endpoint returned 410), `failing`, `switched_off`, or empty. */
  disabled_reason: string;
  /** The time since which every attempt has failed. */
  failing_since: DateTime | null;
  /** The last success. */
  delivered_at: DateTime | null;
  /** The time until which events are also signed with the previous secret. */
  old_secret_until: DateTime | null;
  created_at: DateTime;
  /** `whsec_…`, for verifying signatures. Shown only this once. */
  secret: string;
};

/** `/api/errors` explains each. */
export type ErrorCode = "account_exists" | "address_not_allowed" | "admin_required" | "already_subscribed" | "already_undone" | "api_key_expired" | "api_key_inactive" | "api_key_mistyped" | "api_key_orphaned" | "api_key_replaced" | "apple_sign_in_not_configured" | "attempt_over" | "audit_deleted" | "audit_not_ready" | "bad_request" | "bad_signature" | "balance_too_low" | "billing_details_required" | "binary_file" | "blank" | "blocked_for_support" | "blog_required" | "body_too_large" | "broken_archive" | "broken_workbook" | "broken_xml" | "busy" | "byok_disabled" | "card_subscription" | "cell_too_long" | "changed_meanwhile" | "chatbot_not_configured" | "chatwoot_not_configured" | "closed_to_keys" | "code_sent_recently" | "connection_for_blog_only" | "connection_gone" | "connection_has_scheduled_posts" | "connection_in_use" | "connection_inactive" | "connection_without_credentials" | "credentials_in_url" | "cursor_gone" | "cut_off" | "date" | "datetime" | "deletion_pending" | "duplicate_field" | "email_missing" | "email_not_verified" | "email_not_verified_by_provider" | "email_taken" | "empty" | "empty_field" | "empty_file" | "empty_term" | "encrypted_file" | "ended" | "endpoint_disabled" | "error" | "event_not_parked" | "evidence_on_file" | "evidence_too_large" | "exchange_rate_unavailable" | "export_active" | "failed" | "file_gone" | "file_too_large" | "filtered" | "forbidden" | "forbids_itself" | "garbled" | "generation_active" | "generation_cancelled" | "given_up" | "google_sign_in_not_configured" | "hold_exceeded" | "host_not_allowed" | "idempotency_answer_lost" | "idempotency_key_in_use" | "idempotency_key_reused" | "identity_taken" | "image_broken" | "image_generation_not_configured" | "image_has_foreign_data" | "image_has_too_many_pixels" | "image_missing" | "image_prices_not_configured" | "image_refused" | "image_too_large" | "image_type_not_supported" | "image_unreadable" | "in_doubt" | "in_the_past" | "inactive" | "install_claimed" | "install_of_another" | "insufficient_xct" | "internal_error" | "internal_host" | "invalid" | "invalid_characters" | "invalid_choice" | "invalid_code" | "invalid_content" | "invalid_country" | "invalid_credentials" | "invalid_cursor" | "invalid_date" | "invalid_idempotency_key" | "invalid_input" | "invalid_install" | "invalid_languages" | "invalid_mb" | "invalid_parameters" | "invalid_pib" | "invalid_shop" | "invalid_signature" | "invalid_slug" | "invalid_social_token" | "invalid_state" | "invalid_temp_token" | "invalid_text" | "invalid_time" | "invalid_token" | "invalid_transition" | "invalid_type" | "invalid_url" | "invalid_words" | "invitation_not_pending" | "invitation_pending" | "invoice_cancelled" | "invoice_not_open" | "invoice_not_paid" | "invoice_paid" | "invoices_not_configured" | "ip_literal" | "item_excluded" | "item_not_writable" | "items_full" | "job_active" | "job_cancelled" | "job_ended" | "key_cap_reached" | "last_admin" | "last_way_in" | "limited_to_projects" | "link_not_allowed" | "mail_not_failed" | "main_item" | "main_language" | "make_aware" | "malformed_event" | "malformed_json" | "malformed_request" | "max_decimal_places" | "max_digits" | "max_length" | "max_string_length" | "max_value" | "max_whole_digits" | "max_xct_exceeded" | "may_not_review" | "mb_check_digit" | "memory_full" | "method_not_allowed" | "min_length" | "min_value" | "missing_column" | "missing_scope" | "missing_scopes" | "no_change" | "no_deletion_pending" | "no_file" | "no_key" | "no_name" | "no_place" | "no_products_with_issue" | "no_rows" | "no_setup" | "no_store_connection" | "no_subscription" | "no_term_column" | "no_usable_column" | "not_a_dict" | "not_a_list" | "not_a_shopify_connection" | "not_a_sync" | "not_an_item" | "not_approved" | "not_authenticated" | "not_email_method" | "not_for_role" | "not_found" | "not_in_conflict" | "not_in_the_future" | "not_in_trash" | "not_manual" | "not_proposed" | "not_rejected" | "not_restored" | "not_taken" | "not_the_author" | "not_writable" | "not_your_language" | "nothing_chosen" | "nothing_published_there" | "nothing_to_resolve" | "nothing_to_undo" | "nothing_to_write" | "nothing_written" | "null" | "null_characters_not_allowed" | "organization_suspended" | "original_not_published" | "out_of_range" | "over_quote" | "overage" | "overage_in_use" | "overflow" | "own_deactivation" | "own_role" | "own_second_factor" | "page_builder" | "paid_in_full" | "paid_plan_required" | "password_entirely_numeric" | "password_too_common" | "password_too_short" | "password_too_similar" | "payment_overdue" | "payments_not_configured" | "platform_mismatch" | "port_not_allowed" | "post_changed" | "post_has_translations" | "post_is_busy" | "post_is_empty" | "post_is_translation" | "project_gone" | "project_in_trash" | "projects_full" | "prompt_not_configured" | "prompt_too_long" | "protected_user" | "provider_answer_too_long" | "provider_circuit_open" | "provider_credit_exhausted" | "provider_key_rejected" | "provider_model_unknown" | "provider_not_configured" | "provider_overloaded" | "provider_rate_limited" | "provider_refused_request" | "provider_timeout" | "provider_unavailable" | "provider_unreachable" | "range_not_satisfiable" | "recent_sign_in_required" | "redirect_refused" | "refused" | "repeated_key" | "repeated_language" | "request_timeout" | "required" | "role_required" | "same_language" | "schema" | "scheme_not_allowed" | "service_busy" | "service_unavailable" | "shop_language_missing" | "shop_language_not_taken" | "shop_language_other" | "shop_language_primary" | "shop_language_shared" | "shop_moved" | "shopify_not_configured" | "slug_taken" | "source_changed" | "source_gone" | "source_not_ready" | "staff_required" | "stale_request" | "status_not_allowed" | "stock_photo_key_exists" | "stock_photos_not_configured" | "stopped" | "storage_full" | "store_answer_lost" | "store_answer_misshapen" | "store_bulk_unusable" | "store_busy" | "store_changed" | "store_changed_meanwhile" | "store_credentials_refused" | "store_frozen" | "store_has_no_blog" | "store_has_no_end" | "store_key_read_only" | "store_key_write_only" | "store_locked" | "store_maintenance" | "store_not_found" | "store_not_recognized" | "store_passwords_off" | "store_plain_permalinks" | "store_prepares" | "store_rejected" | "store_repeats_pages" | "store_request_too_large" | "store_rights_missing" | "store_throttled" | "store_unavailable" | "store_unsupported" | "streams_full" | "surrogate_characters_not_allowed" | "sync_conflict" | "target_required" | "term_exists" | "test_key_refused" | "test_project" | "text_too_long" | "tier_required" | "tone_exists" | "too_deep" | "too_large" | "too_long" | "too_many" | "too_many_attempts" | "too_many_columns" | "too_many_comments" | "too_many_endpoints" | "too_many_fields" | "too_many_files" | "too_many_invoices" | "too_many_lookups" | "too_many_mails" | "too_many_open_invoices" | "too_many_registrations" | "too_many_requests" | "too_many_rows" | "too_many_rules" | "too_many_streams" | "too_many_terms" | "too_many_words" | "tool" | "topic_required" | "translation_changed" | "translation_exists" | "translation_has_no_draft" | "translations_not_granted" | "translations_unsupported" | "truncated" | "turnstile_failed" | "turnstile_unavailable" | "two_credentials" | "two_factor_active" | "two_factor_enforced" | "two_factor_not_active" | "two_targets" | "unchangeable" | "uncharged_allowance_used" | "undecodable_file" | "unknown_benefits" | "unknown_check" | "unknown_column" | "unknown_content_variant" | "unknown_country" | "unknown_event_type" | "unknown_field" | "unknown_filter" | "unknown_grounding" | "unknown_job_type" | "unknown_language" | "unknown_language_way" | "unknown_model" | "unknown_name" | "unknown_provider" | "unknown_quality" | "unknown_rule" | "unknown_size" | "unknown_template" | "unknown_tier" | "unknown_tone" | "unknown_trade" | "unlawful_claims" | "unsupported_claims" | "unsupported_file" | "unsupported_media_type" | "unusable_answer" | "upstream_error" | "upstream_timeout" | "user_inactive" | "verifier_incomplete" | "verifier_unreliable" | "version_conflict" | "weak_password" | "webhooks_not_configured" | "woocommerce_not_active" | "wrong_mode" | "wrong_password" | "zero";

/** The quote: the bill never exceeds `xct_max`. Where a second model reads the texts all numbers have its part in
 * them. */
export type EstimateReply = {
  items: number;
  skipped: number;
  tokens_expected: number;
  tokens_max: number;
  xct_expected: Xct;
  xct_max: Xct;
  /** The balance available after the expected price. Can be negative. */
  balance_after: Decimal;
  ai_provider: string;
  ai_model: string;
  /** `tables`, `read` or `strict`. */
  grounding: string;
  /** The provider of the second AI model that checks the texts; `null` if there is none. */
  verifier_provider: string | null;
  /** The second AI model that checks the texts. */
  verifier_model: string | null;
  per_language: Array<LanguageQuote>;
  /** For a project with a store: texts that the store has no field for. */
  no_place: Array<NoPlace>;
};

export type EventReply = {
  /** The same as `webhook-id`. */
  id: string;
  type: TypeEnum;
  /** When it happened. */
  timestamp: DateTime;
  /** An event of test work. Live endpoints and keys don't get these. */
  is_test: boolean;
  /** `object`, `id`, `sequence`, and fields that depend on the event type. */
  data: Record<string, unknown>;
};

export type EventTypeReply = {
  name: string;
  /** The kind of object that `data.id` names. */
  object: string;
  summary: string;
};

export type EventsReply = {
  events: Array<EventReply>;
  /** The cursor for the next page; `null` if this page is empty. */
  next_after: string | null;
  has_more: boolean;
};

export type EventsSinceQuery = {
  /** The ID of the last event you have seen. (at most 64 characters) */
  after?: string;
  /** (1 to 500; 100 if not given) */
  limit?: number;
  /** Comma-separated names. (at most 500 characters) */
  types?: string;
};

export type EventsTypesQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type EvidenceCreationRequest = {
  /** Such as EU Ecolabel. (at most 200 characters) */
  name: string;
  /** (at most 100 characters) */
  number: string;
  /** The code of the legal rule it satisfies: the `rule` of a finding. (at most 60 characters) */
  rule: string;
  /** The words that it covers, each as a sentence says them, such as the name of a label. Case does not matter. (at
   * most 20 entries) */
  claims: Array<string>;
  /** Its last day. */
  valid_until: Date;
  /** A PDF, PNG or JPEG of up to 10 MB. */
  file?: Blob;
};

export type EvidenceListQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type EvidenceReply = {
  id: string;
  name: string;
  number: string;
  rule: string;
  claims: Array<string>;
  valid_until: Date;
  /** Empty without a file. */
  file_url: string;
};

export type ExcludedReply = {
  /** The number of items excluded by this request, including children. */
  excluded: number;
  item_ids: Array<string>;
};

export type ExecuteReply = {
  job_id: string;
  estimated_batches: number;
};

export type ExportReply = {
  job_id: string;
  status: string;
  message: string;
};

export type Fault = {
  /** Physical line of the file, from 1. */
  line: number;
  code: string;
  reason: string;
};

export type FieldDiff = {
  field: string;
  /** The text that ours is compared with. */
  store: string;
  generated: string;
  changes: Array<Change>;
  /** `store`: the store's text or, for a text in another language, the store's translation. `original`: the text it
   * was translated from. Empty: neither is known. */
  compared_with: ComparedWithEnum | BlankEnum;
};

export type FieldProvenance = {
  field: string;
  sha256: string;
  /** Null for a text that was written by hand. */
  generated: TextWriter | null;
  edits: Array<RecordedEdit>;
  /** The last approval of this very text; null once it was changed, or before it was approved. */
  approved: RecordedApproval | null;
  /** The share of words in which it differs from what was generated, 0 to 1. */
  words_changed: number | null;
  /** A person decided that it is neither pushed nor exported. */
  declined: boolean;
  /** What the checks, the second reader (`verification`) and the rules of law (`law`) found. */
  findings: Array<Record<string, unknown>>;
};

export type FileBodyRequest = {
  /** CSV, TSV, XLSX, JSON Lines (`.jsonl`, also gzipped), or a WordPress export (WXR). */
  file: Blob;
};

export type FileUploadRequest = {
  /** CSV, TSV, XLSX, JSON Lines (`.jsonl`, also gzipped), or a WordPress export (WXR). */
  file: Blob;
  /** A JSON object that maps file columns to fields. Columns that are not listed keep the detected field; `null`
   * ignores a column. (at most 200000 characters) */
  column_mapping?: string | null;
  /** Whether a row with the ID or SKU of an existing item updates that item. If `false`, every row becomes a new
   * item. (true if not given) */
  match?: boolean;
};

export type FiltersReply = {
  platform: string;
  /** `{key: [{id, title}]}` */
  filters: Record<string, unknown>;
  /** `{key: reason}` for filters whose values the store does not list completely. */
  unavailable: Record<string, unknown>;
  /** Custom fields in WooCommerce or WordPress, for example from ACF. An import reads those listed in the project's
   * `settings.sync.custom_fields` as facts: `{key: name of the fact}`. */
  custom_fields: Array<CustomFieldReply>;
};

export type FixReply = {
  project_id: string;
  product_count: number;
  /** The job that still copies the products; `null` if all are copied. */
  job_id: string | null;
};

export type FixRequestRequest = {
  /** The id of a check. (at most 60 characters) */
  issue_type: string;
};

export type ForceRequestRequest = {
  /** Also overwrite texts that were changed in the store since. */
  force?: boolean;
};

export type FormalityEnum = "formal" | "informal";

export type FormatEnum = "xliff" | "xliff2" | "po" | "shopify_csv" | "magento_csv" | "wpml_csv" | "polylang_csv";

export type GdprStatusReply = {
  deletion_requested_at: DateTime | null;
  deletion_scheduled_for: DateTime | null;
  active_export_job_id: string | null;
};

export type GeneratedContent = {
  /** At most 300 characters of visible text. */
  name?: string;
  /** HTML, plain text where `use_html_short` is off; as long as `max_short_chars` says. */
  short_description?: string;
  /** HTML, plain text where `use_html` is off; as long as `max_long_chars` says. */
  description?: string;
  /** Up to 12 entries; each at most 400 characters of visible text. */
  bullet_points?: Array<string>;
  /** Up to 60 entries; values of at most 400 characters of visible text. */
  attributes?: Record<string, string>;
  /** Up to 20 entries; each at most 60 characters of visible text. */
  tags?: Array<string>;
  seo?: GeneratedSeo;
  /** Made of the other fields. */
  structured_data?: Record<string, unknown>;
};

export type GeneratedContentPatch = {
  /** At most 300 characters of visible text. */
  name?: string | null;
  /** HTML, plain text where `use_html_short` is off; as long as `max_short_chars` says. */
  short_description?: string | null;
  /** HTML, plain text where `use_html` is off; as long as `max_long_chars` says. */
  description?: string | null;
  /** Up to 12 entries; each at most 400 characters of visible text. */
  bullet_points?: Array<string> | null;
  /** Up to 60 entries; values of at most 400 characters of visible text. */
  attributes?: Record<string, string> | null;
  /** Up to 20 entries; each at most 60 characters of visible text. */
  tags?: Array<string> | null;
  seo?: GeneratedSeoRequest | null;
  /** Made of the other fields. */
  structured_data?: Record<string, unknown> | null;
};

export type GeneratedSeo = {
  /** At most 60 characters of visible text. */
  title?: string;
  /** At most 160 characters of visible text. */
  description?: string;
  /** Made of the other fields; at most 120 characters of visible text. */
  slug?: string;
  /** At most 80 characters of visible text. */
  focus_keyword?: string;
};

export type GeneratedSeoRequest = {
  /** At most 60 characters of visible text. */
  title?: string;
  /** At most 160 characters of visible text. */
  description?: string;
  /** Made of the other fields; at most 120 characters of visible text. */
  slug?: string;
  /** At most 80 characters of visible text. */
  focus_keyword?: string;
};

export type GenerationItemReply = {
  id: string;
  /** `generated`, `flagged`, `failed`, `pending` or `skipped`. */
  status: string;
  /** Why it was flagged, failed or skipped. */
  reason: string;
  /** For a text in another language: its language code. `id` is then the ID of that text. */
  language: string;
  /** The price of this text, in XCT. */
  xct_used: Xct;
};

/** How a generation stands. While it runs on (202) poll `GET /jobs/{job_id}`. */
export type GenerationReply = {
  job_id: string;
  status: string;
  generated: number;
  flagged: number;
  failed: number;
  skipped: number;
  xct_used: Xct;
  items: Array<GenerationItemReply>;
  /** Why the job failed. Only if it did. */
  error?: string;
};

/** The settings, and optionally the items: any included, non-variant ones, whatever their status. */
export type GenerationRequestRequest = {
  translate_name?: boolean | null;
  generate_short?: boolean | null;
  generate_long?: boolean | null;
  generate_bullet_points?: boolean | null;
  generate_attributes?: boolean | null;
  generate_tags?: boolean | null;
  structured_data_enabled?: boolean | null;
  grounding?: GroundingEnum | NullEnum;
  /** The provider of the second AI model that checks the texts. Default: the provider that generates them. (at most
   * 100 characters) */
  verifier_provider?: string | null;
  /** The second AI model that checks the texts. Default: the provider's cheapest model. (at most 100 characters) */
  verifier_model?: string | null;
  /** (at most 20 characters) */
  language?: string | null;
  /** How texts in additional languages are created: `translation` translates the approved text, `native` generates a
   * new text from the product data. */
  language_way?: LanguageWayEnum | NullEnum;
  /** (at most 100 characters) */
  tone?: string | null;
  /** What a text can say about benefits: `usual` allows what follows from a fact in ordinary use, `cautious` only
   * what the product data states. */
  benefits?: BenefitsEnum | NullEnum;
  /** (at most 100 characters) */
  ai_provider?: string | null;
  /** (at most 100 characters) */
  ai_model?: string | null;
  /** (at most 8000 characters) */
  custom_instructions?: string | null;
  /** Language → its instructions and form of address. */
  language_settings?: Record<string, OneLanguageRequest> | null;
  /** (20 to 2000) */
  max_short_chars?: number | null;
  /** (50 to 20000) */
  max_long_chars?: number | null;
  use_html?: boolean | null;
  use_html_short?: boolean | null;
  image_analysis_enabled?: boolean | null;
  /** (1 to 10) */
  image_analysis_count?: number | null;
  /** Only items of this type. */
  content_type?: ContentTypeEnum | NullEnum;
  content_variant?: ContentVariantEnum | NullEnum;
  /** The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
   * `max_xct_exceeded` with the quote. */
  max_xct?: Xct | null;
  /** Only these items. (at most 100000 entries) */
  item_ids?: Array<string> | null;
  /** The languages to generate. The main language is included only if it is listed. Default: the main language only.
   * (at most 30 entries) */
  languages?: Array<string> | null;
  /** Whether to also generate texts for which the store already has its own translation. By default only missing
   * texts are generated, and an item with nothing missing is skipped (`translated_in_shop`). Syncing over the
   * store's own translation is a conflict. (false if not given) */
  replace_existing?: boolean;
  /** `stale`: only texts whose source has changed since; of a translation, only the outdated fields. Texts that
   * someone has edited are skipped and listed (`edited`). */
  selection?: SelectionEnum;
};

export type GlossaryExportQuery = {
  /** Only terms that have a word in this language. (at most 20 characters) */
  language?: string;
  /** Only terms of this content profile. */
  profile_id?: string;
  /** In the term's text. (at most 200 characters) */
  search?: string;
};

export type GlossaryFileRequest = {
  /** A CSV file with one column for the term and one per language. Files from Tolgee and Crowdin also work. */
  file: Blob;
  /** The language of the terms, if no column names it. (at most 20 characters) */
  language?: string;
  profile_id?: string;
};

export type GlossaryImportReply = {
  created: number;
  updated: number;
  unchanged: number;
  refused: Array<RefusedRow>;
  /** Columns that were ignored. */
  unread: Array<string>;
};

export type GlossaryListQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Only terms that have a word in this language. (at most 20 characters) */
  language?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
  /** Only terms of this content profile. */
  profile_id?: string;
  /** In the term's text. (at most 200 characters) */
  search?: string;
};

export type GlossaryRetrieveQuery = {
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
};

/** One of the two: an ID token, or the access token of Google's pop-up. */
export type GoogleRequestRequest = {
  /** (at most 8192 characters) */
  credential?: string | null;
  /** (at most 4096 characters) */
  access_token?: string | null;
  /** The nonce that the ID token was requested with, if any. (at most 300 characters) */
  nonce?: string | null;
  /** Needed to link an account if the sign-in is more than ten minutes old. (at most 256 characters) */
  password?: string | null;
};

export type GroundingEnum = "standard" | "tables" | "read" | "strict";

export type Health = {
  /** `ok`, or `down` when a needed part is. */
  status: string;
  version: string;
  checks: HealthChecks;
  /** What to do about a failing part, where known. */
  reasons?: Record<string, string>;
};

export type HealthChecks = {
  /** `ok`, `down`, or `broken` (a package is missing on this server). */
  database: string;
  /** `ok`, `down`, or `broken` (a package is missing on this server). */
  cache: string;
  /** `ok`, `down`, or `broken` (a package is missing on this server). */
  broker: string;
  /** `ok`, `down`, `broken` (a package is missing on this server), or `apart` (files saved by workers can't be read
   * here). */
  storage: string;
};

export type HistoryEntry = {
  id: string;
  content_item_id: string;
  store_connection_id: string | null;
  store_connection_name: string;
  synced_at: DateTime;
  success: boolean;
  error_message: string | null;
  /** `push` or `undo` */
  kind: string;
  /** `writing`, `done`, `conflict` or `failed` */
  state: string;
  code: string;
  /** `{field, before, after}` of each text that was updated. */
  changes: Array<Record<string, unknown>>;
  /** `{field, imported, store, generated}`, with `elements` that the store's text has and ours lacks; for an undo
   * `{field, pushed, store, before, reason}`. */
  conflicts: Array<Record<string, unknown>>;
  skipped: unknown;
  /** `{field: {sent, store}}` of texts that the store changed when saving. */
  changed: unknown;
  forced: boolean;
  job_id: string | null;
  undone_at: DateTime | null;
};

export type HistoryReply = {
  item_id: string;
  item_external_id: string;
  history: Array<HistoryEntry>;
};

export type IdentityReply = {
  id: string;
  /** `google` or `apple`. */
  provider: string;
  linked_at: DateTime;
};

export type ImageAltText = {
  url: string;
  alt_text: string;
};

/** The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`. */
export type ImageGenerationRequest = {
  /** The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
   * `max_xct_exceeded` with the quote. */
  max_xct?: Xct | null;
  /** (at most 4000 characters) */
  prompt: string;
  /** (at most 20 characters; "1024x1024" if not given) */
  size?: string;
  /** (at most 20 characters; "standard" if not given) */
  quality?: string;
  /** (at most 40 characters; "natural" if not given) */
  style?: string;
};

export type ImageReply = {
  id: string;
  blog_post_id: string;
  s3_key: string;
  url: string;
  original_url: string | null;
  /** `upload`, `pexels` or `ai`. */
  source: string;
  alt_text: string;
  width: number;
  height: number;
  file_size: number;
  /** `{"webp": {"320": url, …}, "jpeg": {…}}`, never wider than the original. */
  variants: Record<string, unknown>;
  photographer: string;
  license: string;
  created_at: DateTime;
  updated_at: DateTime;
};

export type ImageUploadRequest = {
  file: Blob;
};

export type ImportRequestRequest = {
  /** `{key: id or [ids]}`, with the keys and ids of `import/filters`. */
  filters?: Record<string, unknown>;
};

export type InstructionsReply = {
  custom_instructions: string;
  xct_used: number;
};

/** The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`. */
export type InstructionsRequestRequest = {
  /** The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
   * `max_xct_exceeded` with the quote. */
  max_xct?: Xct | null;
  /** (at most 60 characters) */
  template_id: string;
  /** (at most 300 characters) */
  brand_name?: string | null;
  /** (at most 1000 characters) */
  target_audience?: string | null;
  /** (at most 2000 characters) */
  unique_selling_points?: string | null;
  /** (at most 60 characters) */
  tone?: string | null;
  /** (at most 20 characters) */
  language?: string | null;
  /** (at most 1000 characters) */
  things_to_avoid?: string | null;
};

export type InvitationAcceptRequest = {
  /** (at most 1000 characters) */
  token: string;
  /** (at most 256 characters) */
  password: string;
  /** (at most 120 characters) */
  first_name?: string | null;
  /** (at most 120 characters) */
  last_name?: string | null;
};

export type InvitationAccepted = {
  access_token: string;
  token_type: string;
  user_id: string;
  organization_id: string;
  message: string;
};

/** The role of a person, with its languages and projects. */
export type InvitationCreateRequest = {
  role?: RoleEnum;
  /** The languages whose texts the person reviews. A translator edits and approves no others. (at most 100 entries) */
  languages?: Array<string> | null;
  /** The projects that the person sees. Empty: all. (at most 100 entries) */
  project_ids?: Array<string> | null;
  /** (at most 254 characters) */
  email: string;
};

export type InvitationReply = {
  id: string;
  email: string;
  /** `admin`, `member`, `reviewer`, `translator` or `viewer`. */
  role: string;
  /** The languages whose texts the person reviews. A translator edits and approves no others. */
  languages: Array<string>;
  /** The projects that the person sees. Empty: all. */
  project_ids: Array<string>;
  /** `pending`, `accepted`, `revoked` or `expired`. */
  status: string;
  invited_by_email: string | null;
  created_at: DateTime;
  expires_at: DateTime;
  accepted_at: DateTime | null;
};

export type InvitationValidity = {
  email: string;
  organization_name: string;
  role: string;
  is_valid: boolean;
};

export type InvitationsListQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type InvitationsValidateQuery = {
  /** The token from the emailed link. (at most 1000 characters) */
  token: string;
};

export type InvoiceReply = {
  id: string;
  organization_id: string | null;
  invoice_number: string;
  /** subscription, topup, overage or credit_note. */
  invoice_type: string;
  /** In `currency`. */
  amount: Decimal;
  currency: string;
  description: string;
  tier: string | null;
  billing_period: string | null;
  xct_amount: Xct;
  /** pending, paid, cancelled or expired. */
  status: string;
  due_date: string | null;
  paid_at: DateTime | null;
  confirmed_by: string | null;
  created_at: DateTime;
  /** RSD for 1 EUR. */
  exchange_rate: string;
  exchange_rate_date: string;
  /** nbs, staff or configured. */
  exchange_rate_source: string;
  eur_amount: Decimal;
  buyer_company_name: string;
  buyer_pib: string | null;
  buyer_address: string;
  /** The text of the NBS IPS QR code. */
  qr_code_data: string | null;
  payment_reference: string | null;
  corrects_invoice_id: string | null;
};

export type ItemCommentReply = {
  id: string;
  text: string;
  /** The text that it is about; empty for the whole item. */
  field: string;
  /** The passage that it is about, as it was then. */
  quote: string;
  /** `null` for an API key or a person who was removed. */
  author_id: string | null;
  author_name: string;
  created_at: DateTime;
};

export type ItemCommentRequestRequest = {
  /** (at most 2000 characters) */
  text: string;
  /** The text that it is about, such as `description`. (at most 40 characters) */
  field?: string;
  /** The passage of `field` that it is about. (at most 500 characters) */
  quote?: string;
};

/** How the generated texts differ from the store's or from their originals, word by word. */
export type ItemDiff = {
  item_id: string;
  differences: Array<FieldDiff>;
};

export type ItemIdsRequest = {
  /** (at most 100000 entries) */
  item_ids: Array<string>;
};

/** Where an item's texts come from. `entries` are all that happened, the oldest first; none of them ever changes. */
export type ItemProvenance = {
  item_id: string;
  language: string;
  status: string;
  /** Each text that was not declined is approved as it stands. Approvals from before the record was kept are not in
   * it. */
  approved: boolean;
  checks: Array<Record<string, unknown>>;
  texts: Array<FieldProvenance>;
  /** `{at, event, by, texts}`; `event` is `generated` (with `writer` and `checks`), `edited`, `restored`, `undone`,
   * or `approved` (with `key_id`; of an item with `override` and `reason`). */
  entries: Array<Record<string, unknown>>;
};

/** An item by itself. A list leaves out what takes a look into other tables for each row. */
export type ItemRegenerated = {
  id: string;
  external_id: string;
  item_type: string;
  source_data: Record<string, unknown>;
  generated_content: GeneratedContent;
  /** 0 to 1, calculated from `generation_metadata.score_parts`. It is not the probability that the text is true. */
  confidence_score: number | null;
  status: string;
  ai_model_used: string;
  created_at: DateTime;
  /** Whether it belongs to a test project. */
  is_test: boolean;
  data_source_id: string | null;
  data_source_name: string | null;
  metadata: Record<string, unknown>;
  excluded_at: DateTime | null;
  /** With what the content was written, and what the checks found. `checks`: rows of `{id, passed (true, false or
   * na), detail, findings}`. A finding of `grounding` is `{text, kind, field, start, end, value, supported,
   * source_field, source_excerpt}`: a statement that the tables of the check know, with its place in the field's
   * visible text (code points) and in the source. Its `unknown` are `{text, field, start, end}` of claims that a
   * source in another language may state in words that no table has: to look at, no fault. A finding of `law` is a
   * sentence that may not be said where the shop sells: `{text, field, start, end, rule, version, severity (note,
   * warn or block), law, remedy, evidence, detail}`. It is no legal advice. Where a second model read the text a
   * check `verification` has a finding for each sentence, with `code` and `reason` besides. `score_parts`: rows of
   * `{id, name, value, weight}` that make the score. `reasons`: why it is flagged. `_messages`: `[template, values]`
   * of the texts beside it. */
  generation_metadata: Record<string, unknown>;
  /** For a variant: the ID of its product. */
  parent_id: string | null;
  /** Magento only: the store view these texts belong to. */
  store_view: string;
  /** Magento only, for a text in another language that was imported from a store view: the data of that store view's
   * row, in the same form as `source_data`. */
  view_data: Record<string, unknown> | null;
  /** Whether the checks found a claim that is not in the product data. `false` does not mean that everything is
   * true. */
  has_unsupported_claims: boolean;
  /** Fields whose text in the store has changed since this content was generated from it, and fields that state a
   * fact (a weight, a price) that has changed; for a translation, fields whose original has changed. */
  outdated_fields: Array<string>;
  /** The decision for each field's text: `approved`, `rejected`, or `kept` to keep the store's text. A new text
   * starts without a decision; `kept` stays. */
  decisions: Record<string, unknown>;
  /** The reason it was rejected. */
  reject_reason: string;
  /** The person who is to review it. */
  assignee_id: string | null;
  updated_at: DateTime;
  /** Increases with each change. It is the `ETag` of this resource, for use in `If-Match`. */
  version: number;
  /** For a text in another language: its language code. Empty for an item. */
  language: string;
  /** For a text in another language: the ID of its item, whose data it uses. */
  main_item_id: string | null;
  /** For an item: its texts in other languages, `{fr: {item_id, status, outdated_fields, origin}}`. `origin` is
   * `merchant` if the store has a translation and we have generated none, otherwise `ours`. */
  languages: Record<string, unknown>;
  /** What is to be done next. `conflict`: its text was changed in the store since the last sync, choose one.
   * `not_in_store`: the store does not have the item, import again or exclude it. `needs_facts`: it waits for a
   * review, and makes claims that are not in the product data. `needs_decision`: it waits for a review. `ready`:
   * approved, to be sent to the store. `needs_text`: to be generated, or again after a rejection or a change of its
   * facts. `in_store`: nothing. `null` for an excluded item, and for a variant that uses its product's text. */
  readiness: string | null;
  /** The job that generated it, or is still generating it (202). */
  job_id: string;
};

/** The settings for one item; `item_ids` is ignored. */
export type ItemRegenerationRequestRequest = {
  translate_name?: boolean | null;
  generate_short?: boolean | null;
  generate_long?: boolean | null;
  generate_bullet_points?: boolean | null;
  generate_attributes?: boolean | null;
  generate_tags?: boolean | null;
  structured_data_enabled?: boolean | null;
  grounding?: GroundingEnum | NullEnum;
  /** The provider of the second AI model that checks the texts. Default: the provider that generates them. (at most
   * 100 characters) */
  verifier_provider?: string | null;
  /** The second AI model that checks the texts. Default: the provider's cheapest model. (at most 100 characters) */
  verifier_model?: string | null;
  /** (at most 20 characters) */
  language?: string | null;
  /** How texts in additional languages are created: `translation` translates the approved text, `native` generates a
   * new text from the product data. */
  language_way?: LanguageWayEnum | NullEnum;
  /** (at most 100 characters) */
  tone?: string | null;
  /** What a text can say about benefits: `usual` allows what follows from a fact in ordinary use, `cautious` only
   * what the product data states. */
  benefits?: BenefitsEnum | NullEnum;
  /** (at most 100 characters) */
  ai_provider?: string | null;
  /** (at most 100 characters) */
  ai_model?: string | null;
  /** (at most 8000 characters) */
  custom_instructions?: string | null;
  /** Language → its instructions and form of address. */
  language_settings?: Record<string, OneLanguageRequest> | null;
  /** (20 to 2000) */
  max_short_chars?: number | null;
  /** (50 to 20000) */
  max_long_chars?: number | null;
  use_html?: boolean | null;
  use_html_short?: boolean | null;
  image_analysis_enabled?: boolean | null;
  /** (1 to 10) */
  image_analysis_count?: number | null;
  /** Only items of this type. */
  content_type?: ContentTypeEnum | NullEnum;
  content_variant?: ContentVariantEnum | NullEnum;
  /** The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
   * `max_xct_exceeded` with the quote. */
  max_xct?: Xct | null;
  /** Only these items. (at most 100000 entries) */
  item_ids?: Array<string> | null;
  /** The languages to generate. The main language is included only if it is listed. Default: the main language only.
   * (at most 30 entries) */
  languages?: Array<string> | null;
  /** Whether to also generate texts for which the store already has its own translation. By default only missing
   * texts are generated, and an item with nothing missing is skipped (`translated_in_shop`). Syncing over the
   * store's own translation is a conflict. (false if not given) */
  replace_existing?: boolean;
  /** `stale`: only texts whose source has changed since; of a translation, only the outdated fields. Texts that
   * someone has edited are skipped and listed (`edited`). */
  selection?: SelectionEnum;
};

export type ItemReply = {
  id: string;
  external_id: string;
  item_type: string;
  source_data: Record<string, unknown>;
  generated_content: GeneratedContent;
  /** 0 to 1, calculated from `generation_metadata.score_parts`. It is not the probability that the text is true. */
  confidence_score: number | null;
  status: string;
  ai_model_used: string;
  created_at: DateTime;
  /** Whether it belongs to a test project. */
  is_test: boolean;
  data_source_id: string | null;
  data_source_name: string | null;
  metadata: Record<string, unknown>;
  excluded_at: DateTime | null;
  /** With what the content was written, and what the checks found. `checks`: rows of `{id, passed (true, false or
   * na), detail, findings}`. A finding of `grounding` is `{text, kind, field, start, end, value, supported,
   * source_field, source_excerpt}`: a statement that the tables of the check know, with its place in the field's
   * visible text (code points) and in the source. Its `unknown` are `{text, field, start, end}` of claims that a
   * source in another language may state in words that no table has: to look at, no fault. A finding of `law` is a
   * sentence that may not be said where the shop sells: `{text, field, start, end, rule, version, severity (note,
   * warn or block), law, remedy, evidence, detail}`. It is no legal advice. Where a second model read the text a
   * check `verification` has a finding for each sentence, with `code` and `reason` besides. `score_parts`: rows of
   * `{id, name, value, weight}` that make the score. `reasons`: why it is flagged. `_messages`: `[template, values]`
   * of the texts beside it. */
  generation_metadata: Record<string, unknown>;
  /** For a variant: the ID of its product. */
  parent_id: string | null;
  /** Magento only: the store view these texts belong to. */
  store_view: string;
  /** Magento only, for a text in another language that was imported from a store view: the data of that store view's
   * row, in the same form as `source_data`. */
  view_data: Record<string, unknown> | null;
  /** Whether the checks found a claim that is not in the product data. `false` does not mean that everything is
   * true. */
  has_unsupported_claims: boolean;
  /** Fields whose text in the store has changed since this content was generated from it, and fields that state a
   * fact (a weight, a price) that has changed; for a translation, fields whose original has changed. */
  outdated_fields: Array<string>;
  /** The decision for each field's text: `approved`, `rejected`, or `kept` to keep the store's text. A new text
   * starts without a decision; `kept` stays. */
  decisions: Record<string, unknown>;
  /** The reason it was rejected. */
  reject_reason: string;
  /** The person who is to review it. */
  assignee_id: string | null;
  updated_at: DateTime;
  /** Increases with each change. It is the `ETag` of this resource, for use in `If-Match`. */
  version: number;
  /** For a text in another language: its language code. Empty for an item. */
  language: string;
  /** For a text in another language: the ID of its item, whose data it uses. */
  main_item_id: string | null;
  /** For an item: its texts in other languages, `{fr: {item_id, status, outdated_fields, origin}}`. `origin` is
   * `merchant` if the store has a translation and we have generated none, otherwise `ours`. */
  languages: Record<string, unknown>;
};

export type ItemStatusEnum = "pending" | "generated" | "flagged" | "approved" | "rejected" | "synced";

export type ItemSyncRequestRequest = {
  /** Also overwrite texts that were changed in the store since. */
  force?: boolean;
  /** Same as for the sync of all items. A text in another language can also be synced by its own ID. (at most 100
   * entries) */
  languages?: Array<string>;
  /** Skip texts that could not be restored exactly later, because the store filters them (see `sync/warnings`). */
  leave_unrestorable?: boolean;
  /** The choice for each field in the conflict of the item's last sync: `ours` overwrites the store's text, `theirs`
   * keeps it, like the review decision `kept`. A field without a conflict returns 400. */
  resolve?: Record<string, "ours" | "theirs">;
};

export type ItemsCommentsQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type ItemsExportQuery = {
  /** `jsonl`: JSON Lines in gzip, a text on each line as `GET items` shows it, in every language. ("csv" if not
   * given) */
  format?: "csv" | "jsonl";
  /** (at most 200 characters) */
  search?: string;
  /** (at most 64 characters) */
  source_id?: string;
  /** Any status, or `all`. ("approved" if not given) */
  status_filter?: "pending" | "generated" | "flagged" | "approved" | "rejected" | "synced" | "excluded" | "all";
};

export type ItemsExportTranslationsQuery = {
  /** `xliff`: XLIFF 1.2; `xliff2`: XLIFF 2.1; `po`: PO (gettext); `shopify_csv`: Shopify (CSV); `magento_csv`:
   * Magento (CSV); `wpml_csv`: WPML (CSV); `polylang_csv`: Polylang (CSV). ("xliff" if not given) */
  format?: "xliff" | "xliff2" | "po" | "shopify_csv" | "magento_csv" | "wpml_csv" | "polylang_csv";
  /** Also include texts that already have a translation in the store, with that translation as the target. By
   * default they are included only if the original has changed since. */
  include_shop_translations?: boolean;
  /** The language of the translations. (at most 20 characters) */
  language: string;
  /** Only texts without an approved, up-to-date translation. */
  open_only?: boolean;
  /** The code of the store view for this language. Needed for `magento_csv` only. (at most 64 characters) */
  store_view?: string;
};

export type ItemsListQuery = {
  /** The ID of an item. The page starts after its current position. (at most 64 characters) */
  after?: string;
  /** Only items that this person is to review: assigned to them, or to nobody while the language is among the
   * languages that they review. (at most 64 characters) */
  assignee_id?: string;
  /** Only checked items in this category, by the store's name. (at most 500 characters) */
  category?: string;
  /** Only items with a claim of this kind without a source: `material`, `origin` … (at most 40 characters) */
  claim_kind?: string;
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** Only items whose content failed this check. */
  failed_check?: "limits" | "language" | "html" | "forbidden" | "glossary" | "formality" | "translation" | "law" | "coverage" | "grounding" | "verification";
  /** Only items in which a check found a problem in this field. */
  field?: "name" | "short_description" | "description" | "bullet_points" | "attributes" | "tags" | "seo.title" | "seo.description" | "seo.slug" | "seo.focus_keyword" | "structured_data";
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  item_type?: "product" | "variant" | "category" | "page" | "post";
  /** Returns the items' texts in this additional language instead of the items. (at most 20 characters) */
  language?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
  /** `created` (default): oldest first. `updated`: latest change first. `name`: by the name in the store.
   * `confidence`: lowest score first, without items that have no score. With `order` or `after` and a `limit`, the
   * `Link` header has the next page, and the reply has no `X-Total-Count`. */
  order?: "created" | "updated" | "name" | "confidence";
  /** Only items in this state of `readiness`. */
  readiness?: "conflict" | "not_in_store" | "needs_facts" | "needs_decision" | "ready" | "needs_text" | "in_store";
  /** In name, SKU and id. (at most 200 characters) */
  search?: string;
  /** (at most 64 characters) */
  source_id?: string;
  /** Included items in this status; `excluded` the excluded ones. */
  status?: "pending" | "generated" | "flagged" | "approved" | "rejected" | "synced" | "excluded";
  /** Only items changed at or after this time. */
  updated_since?: DateTime;
};

export type ItemsNextQuery = {
  /** The ID of an item. The page starts after its current position. (at most 64 characters) */
  after?: string;
  /** Only items that this person is to review: assigned to them, or to nobody while the language is among the
   * languages that they review. (at most 64 characters) */
  assignee_id?: string;
  /** Only checked items in this category, by the store's name. (at most 500 characters) */
  category?: string;
  /** Only items with a claim of this kind without a source: `material`, `origin` … (at most 40 characters) */
  claim_kind?: string;
  /** Only items whose content failed this check. */
  failed_check?: "limits" | "language" | "html" | "forbidden" | "glossary" | "formality" | "translation" | "law" | "coverage" | "grounding" | "verification";
  /** Only items in which a check found a problem in this field. */
  field?: "name" | "short_description" | "description" | "bullet_points" | "attributes" | "tags" | "seo.title" | "seo.description" | "seo.slug" | "seo.focus_keyword" | "structured_data";
  item_type?: "product" | "variant" | "category" | "page" | "post";
  /** Returns the items' texts in this additional language instead of the items. (at most 20 characters) */
  language?: string;
  /** Only items in this state of `readiness`. */
  readiness?: "conflict" | "not_in_store" | "needs_facts" | "needs_decision" | "ready" | "needs_text" | "in_store";
  /** In name, SKU and id. (at most 200 characters) */
  search?: string;
  /** (at most 64 characters) */
  source_id?: string;
  /** Only items changed at or after this time. */
  updated_since?: DateTime;
};

export type ItemsRetrieveQuery = {
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
};

export type ItemsVersionsQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type JobBegun = {
  /** The job that continues in the background. Poll `GET /jobs/{job_id}` for its result. */
  job_id: string;
  status: string;
};

export type JobCreated = {
  job_id: string;
  status: string;
};

export type JobCreationRequest = {
  /** `generation`, `regeneration` or `sync`. (at most 20 characters) */
  job_type: string;
  /** For generations the body of `/generate`; for `sync` `{mode, item_ids, force}`. */
  payload?: Record<string, unknown>;
};

export type JobListItem = {
  id: string;
  job_type: string;
  status: string;
  progress_current: number;
  progress_total: number;
  created_at: DateTime;
  started_at: DateTime | null;
  completed_at: DateTime | null;
  error: string;
  /** A test job: it costs nothing and never contacts stores or AI providers. */
  is_test: boolean;
};

/** A job with its last 50 events and its totals. */
export type JobReplyBody = {
  id: string;
  job_type: string;
  status: string;
  progress_current: number;
  progress_total: number;
  created_at: DateTime;
  started_at: DateTime | null;
  completed_at: DateTime | null;
  error: string;
  /** A test job: it costs nothing and never contacts stores or AI providers. */
  is_test: boolean;
  /** The last 50 events, oldest first. */
  progress_detail: Array<unknown>;
  result: Record<string, unknown>;
  project_id: string | null;
};

export type JobsListQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
  /** Only jobs in this status. */
  status?: "queued" | "running" | "completed" | "completed_with_errors" | "failed" | "cancelled";
};

export type JobsRetrieveQuery = {
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
};

export type KeyCreationRequest = {
  provider?: ProviderEnum;
  /** (at most 500 characters) */
  api_key: string;
  is_active?: boolean;
};

export type KeyReply = {
  id: string;
  organization_id: string;
  provider: string;
  is_active: boolean;
  created_at: DateTime;
  updated_at: DateTime;
};

export type KeyUsageReply = {
  /** The start of the month, in UTC. */
  since: DateTime;
  /** XCT spent or reserved for running jobs, together with the keys it replaced. */
  xct_used: string;
  /** The cap; null without one. */
  xct_per_month: string | null;
};

export type KindEnum = "item" | "post";

/** What one language adds to a quote. */
export type LanguageQuote = {
  /** The language code. */
  language: string;
  /** `native`, `translation`, or `letters` for Serbian in Latin from Cyrillic. */
  way: string;
  items: number;
  /** Items that are left out. */
  skipped: number;
  /** The number of skipped items by reason: `main_not_approved`, `serbian_not_approved`, `main_language`,
   * `translated_in_shop`, with `replace_existing` also `already_generated` (regenerate such a text by its item's ID)
   * and, for `stale`, `edited` (someone has edited the outdated text). */
  left_out: Record<string, number>;
  xct_expected: Xct;
  xct_max: Xct;
};

export type LanguageReply = {
  code: string;
  name: string;
  native_name: string;
  rtl: boolean;
  /** The language that a country's variant falls back to; empty for others. */
  base: string;
};

/** The text in a further language, with its own state, checks and cost. */
export type LanguageText = {
  /** `html`, or `text`, which you must escape where HTML is expected. */
  content_format: string;
  /** `html` or `text`. */
  short_description_format: string;
  /** The checks found something that a person should review. */
  flagged: boolean;
  /** The reasons it was flagged, as sentences. */
  reasons: Array<string>;
  /** 0 to 1; null without checks. */
  confidence_score: number | null;
  /** Claims in the text that are not supported by the data in the request. */
  unsupported_claims: Array<string>;
  /** The request used a test key: the text is from the built-in generator, and nothing was charged. */
  is_test: boolean;
  /** If `true`, have a person review it before customers see it. Approving the item sets it to `false`. */
  needs_review: boolean;
  /** For programs: that a model wrote it. `{digital_source_type (IPTC), ai_disclosure (ai-assisted once a person has
   * approved it, else ai-autonomous), ai_provider, ai_model, generated_at}`; null for a text that no model wrote. */
  disclosure: Record<string, unknown> | null;
  external_id: string;
  name: string;
  bullet_points: Array<string>;
  attributes: Record<string, unknown>;
  tags: Array<string>;
  /** `title`, `description`, `focus_keyword` and anything else that was generated. */
  seo: Record<string, unknown>;
  /** JSON-LD of schema.org. */
  structured_data: Record<string, unknown> | null;
  /** The pictures with their alt texts. */
  images: Array<ImageAltText>;
  /** Every check: `id`, `passed`, `detail`, `findings`. */
  checks: Array<Record<string, unknown>>;
  item_id: string;
  /** `queued`, `running`, `completed` or `failed`. */
  status: string;
  content: string;
  short_description: string;
  tokens_used: number;
  xct_cost: string;
  error: string | null;
};

export type LanguageWayEnum = "translation" | "native";

export type LimitReply = {
  /** `stored_bytes`, `items`, `projects` or `open_streams`. */
  name: string;
  /** In the whole organization. */
  used: number;
  /** The plan's limit; `null` if there is none. */
  limit: number | null;
};

export type Liveness = {
  /** `ok`. */
  status: string;
  version: string;
};

export type LoginRequestRequest = {
  /** (at most 254 characters) */
  email: string;
  /** (at most 256 characters) */
  password: string;
  /** The token from an earlier sign-in on this device. (at most 300 characters) */
  device_token?: string | null;
};

export type MadeImageReply = {
  id: string;
  blog_post_id: string;
  s3_key: string;
  url: string;
  original_url: string | null;
  /** `upload`, `pexels` or `ai`. */
  source: string;
  alt_text: string;
  width: number;
  height: number;
  file_size: number;
  /** `{"webp": {"320": url, …}, "jpeg": {…}}`, never wider than the original. */
  variants: Record<string, unknown>;
  photographer: string;
  license: string;
  created_at: DateTime;
  updated_at: DateTime;
  /** The price of generating the image. */
  xct_used: Xct;
};

export type ManualItemRequest = {
  /** Canonical keys (`name`, `sku`, `description` …); others are kept under `raw`. */
  source_data: Record<string, unknown>;
  /** The item's id in the store. (at most 255 characters) */
  external_id?: string;
  item_type?: ContentTypeEnum;
};

export type ManualItemsRequest = {
  items: Array<ManualItemRequest>;
};

export type ManualSourceRequest = {
  /** (at most 255 characters; "Manual Entry" if not given) */
  name?: string;
};

export type MemoryFileRequest = {
  /** The language of the originals. (at most 20 characters) */
  source_language: string;
  /** The language of the translations. (at most 20 characters) */
  language: string;
  /** A TMX file, of at most 200 MiB. */
  file: Blob;
};

export type MemoryImportReply = {
  /** The job that reads the file (202), or `null`. */
  job_id: string | null;
  /** Units of the file. */
  units: number;
  /** New segments. */
  created: number;
  /** Segments that had another translation. */
  updated: number;
  /** Segments that were already known. */
  unchanged: number;
  /** Units that lack a text in one of the two languages. */
  other_languages: number;
  /** Units that could not be imported. */
  refused_count: number;
  /** The first 1,000 of them. */
  refused: Array<RefusedUnit>;
};

export type MessageReply = {
  message: string;
};

export type ModeEnum = "pending" | "all" | "selected";

export type ModelReply = {
  id: string;
  display_name: string;
  tier: string;
  supports_images: boolean;
  context_window: number | null;
  is_default: boolean;
};

export type ModelTierReply = {
  tier: string;
  /** XCT per 1,000 tokens. */
  multiplier: number;
  /** provider → [{model_id, display_name}]. */
  models: Record<string, unknown>;
};

export type ModelTiersReply = {
  tiers: Array<ModelTierReply>;
  subscription_tier: string;
};

export type NextItemReply = {
  /** The next item to review; `null` after the last one. */
  item: SingleItem | null;
  /** The number of items to review, including this one and those before it. */
  remaining: number;
};

/** Texts that the connected shop has no place for. */
export type NoPlace = {
  /** `seo.title`, `seo.description` … */
  texts: Array<string>;
  reason: string;
  /** Whether they are generated and charged anyway because the settings ask for them. By default they are not. */
  written: boolean;
  /** What they add to the quote. */
  xct_expected: Xct;
  xct_max: Xct;
};

export type NonceReply = {
  nonce: string;
  /** Seconds. */
  expires_in: number;
};

export type NotificationReply = {
  id: string;
  notification_type: string;
  title: string;
  body: string;
  project_id: string | null;
  job_id: string | null;
  data: Record<string, unknown>;
  is_read: boolean;
  created_at: DateTime;
};

export type NotificationsInboxQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** (1 to 100; 20 if not given) */
  limit?: number;
  /** (0 if not given) */
  offset?: number;
};

export type NotificationsReply = {
  notifications: Array<NotificationReply>;
  total: number;
  has_more: boolean;
};

export type NullEnum = null;

/** Settings of one language. */
export type OneLanguage = {
  /** Instructions for texts in this language, in addition to `custom_instructions`. (at most 8000 characters) */
  instructions?: string;
  /** How the reader is addressed, such as `Sie` or `du` in German. The check `formality` fails a text with words of
   * the other form. Default: the writer decides. */
  formality?: FormalityEnum | BlankEnum;
};

/** Settings of one language. */
export type OneLanguageRequest = {
  /** Instructions for texts in this language, in addition to `custom_instructions`. (at most 8000 characters) */
  instructions?: string;
  /** How the reader is addressed, such as `Sie` or `du` in German. The check `formality` fails a text with words of
   * the other form. Default: the writer decides. */
  formality?: FormalityEnum | BlankEnum;
};

export type OrganizationReply = {
  id: string;
  name: string;
  slug: string;
  settings: Record<string, unknown>;
  address: string;
  phone_number: string;
  tax_id: string;
  billing_email: string;
  byok_enabled: boolean;
  enforce_2fa: boolean;
  created_at: DateTime;
  has_anthropic_key: boolean;
  has_google_key: boolean;
  has_deepseek_key: boolean;
};

export type OrganizationRetrieveQuery = {
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
};

export type OrganizationTonesQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type OutreachTrackingClickQuery = {
  /** The URL to redirect to. (at most 2048 characters) */
  url: string;
};

export type PaddleSubscriptionReply = {
  subscription_tier: string;
  paddle_subscription_status: string | null;
  subscription_period_end: DateTime | null;
  payment_method: string | null;
  paddle_customer_id: string | null;
};

export type PageText = {
  field: string;
  state: PublishedTextStateEnum;
  /** The words that differ. */
  changes: Array<WordChange>;
};

/** What can be given to a key and changed later. */
export type PatchedApiKeyChangeRequest = {
  /** `null`, or left out when you create a key: the key does not expire. */
  expires_at?: DateTime | null;
  /** The maximum XCT that the key can spend per calendar month (UTC), together with the keys it replaces. */
  xct_per_month?: Xct | null;
  /** IP addresses or networks (CIDR) from which the key can be used. Empty allows all. (at most 50 entries) */
  allowed_networks?: Array<string>;
  /** (at most 120 characters) */
  name?: string;
};

export type PatchedBatchUpdateRequest = {
  /** (at most 100000 entries) */
  item_ids?: Array<string>;
  status?: ItemStatusEnum;
  /** The reason for the rejection. It is given to the AI at the next generation of the item, then removed. (at most
   * 500 characters) */
  reject_reason?: string;
  /** Approve despite unsupported claims and, with `override_reason`, despite a legal rule. */
  override?: boolean;
  /** The reason for approving a text that a legal rule blocks. It is kept permanently, so don't include personal
   * data. (at most 500 characters) */
  override_reason?: string;
};

export type PatchedBillingDetailsUpdateRequest = {
  /** (at most 200 characters) */
  billing_company_name?: string | null;
  /** (at most 20 characters) */
  billing_pib?: string | null;
  /** (at most 20 characters) */
  billing_mb?: string | null;
  /** (at most 300 characters) */
  billing_address?: string | null;
  /** (at most 120 characters) */
  billing_city?: string | null;
  /** (at most 20 characters) */
  billing_postal_code?: string | null;
  /** Two letters, such as RS. (at most 2 characters) */
  billing_country?: string | null;
};

export type PatchedBlogConnectionUpdateRequest = {
  /** (at most 255 characters) */
  name?: string;
  /** (at most 500 characters) */
  site_url?: string;
  /** (at most 255 characters) */
  username?: string;
  /** (at most 500 characters) */
  app_password?: string;
  is_active?: boolean;
  /** `record` (the default) keeps here where texts come from; `mark` also tells it to programs in the shop, beside
   * the texts and unseen by readers; `off` keeps no approvals. See the guide on provenance; it is no legal advice. */
  provenance?: ProvenanceEnum;
};

export type PatchedConnectionUpdateRequest = {
  /** (at most 500 characters) */
  base_url?: string;
  /** (at most 500 characters) */
  media_base_url?: string;
  /** (at most 4000 characters) */
  access_token?: string;
  /** The access token's secret (Magento with OAuth 1.0a). (at most 4000 characters) */
  access_token_secret?: string;
  /** (at most 4000 characters) */
  consumer_key?: string;
  /** (at most 4000 characters) */
  consumer_secret?: string;
  /** (at most 255 characters) */
  name?: string;
  /** `{language: [code, …]}`: the store languages or store views that receive the texts of a language, where several
   * are possible. For example, Shopify's `sr` can be Serbian in either script. See `projects/{id}/sync/languages`. */
  languages?: Record<string, Array<string>>;
  /** `record` (the default) keeps here where texts come from; `mark` also tells it to programs in the shop, beside
   * the texts and unseen by readers; `off` keeps no approvals. See the guide on provenance; it is no legal advice. */
  provenance?: ProvenanceEnum;
  status?: ConnectionUpdateStatusEnum;
};

export type PatchedEmailPreferencesUpdateRequest = {
  usage_billing?: boolean | null;
  ai_studio?: boolean | null;
  system_alerts?: boolean | null;
};

export type PatchedEndpointPatchRequest = {
  /** (at most 2048 characters) */
  url?: string;
  /** (at most 200 characters) */
  description?: string;
  /** Event types from `GET /webhooks/event-types`. Empty or left out: all events. (at most 100 entries) */
  types?: Array<string>;
  /** Only events about these projects and what is in them; empty for those of the whole organization. (at most 100
   * entries) */
  project_ids?: Array<string>;
  is_active?: boolean;
};

export type PatchedImageUpdateRequest = {
  /** (at most 500 characters) */
  alt_text?: string;
};

export type PatchedItemUpdateRequest = {
  /** Merged per top-level key; null removes a key. */
  generated_content?: GeneratedContentPatch;
  status?: ItemStatusEnum;
  /** Merged per key; null removes a key. */
  metadata?: Record<string, unknown>;
  /** Merged by field (`name`, `description`, `seo.title`, `tags` …): `approved`, `rejected`, or `kept` to keep the
   * store's text; `null` removes a decision. Rejected and kept fields are not synced or exported, and their
   * unsupported claims need no `override`. Approving the item approves all fields without a decision. */
  decisions?: Record<string, "approved" | "rejected" | "kept" | null | null>;
  /** The reason for the rejection. It is given to the AI at the next generation of the item, then removed. (at most
   * 500 characters) */
  reject_reason?: string;
  /** Approve despite unsupported claims and, with `override_reason`, despite a legal rule. */
  override?: boolean;
  /** The reason for approving a text that a legal rule blocks. It is kept permanently, so don't include personal
   * data. (at most 500 characters) */
  override_reason?: string;
  /** The person who is to review it; null for nobody. */
  assignee_id?: string | null;
};

export type PatchedKeyUpdateRequest = {
  /** (at most 500 characters) */
  api_key?: string;
  is_active?: boolean;
};

export type PatchedOrganizationUpdateRequest = {
  /** (at most 200 characters) */
  name?: string;
  /** Merged by top-level key. Send `null` to remove a key. */
  settings?: Record<string, unknown> | null;
  /** (at most 500 characters) */
  address?: string;
  /** (at most 40 characters) */
  phone_number?: string;
  /** (at most 40 characters) */
  tax_id?: string;
  billing_email?: string;
  enforce_2fa?: boolean;
};

/** An empty string removes a key; a field left out or null stays. */
export type PatchedOwnKeysUpdateRequest = {
  /** (at most 500 characters) */
  anthropic_api_key?: string | null;
  /** (at most 500 characters) */
  google_api_key?: string | null;
  /** (at most 500 characters) */
  deepseek_api_key?: string | null;
};

export type PatchedPlanChangeRequestRequest = {
  /** (at most 20 characters) */
  tier?: string;
  allocate_immediately?: boolean;
};

export type PatchedPostUpdateRequest = {
  /** (at most 300 characters) */
  title?: string;
  content?: string;
  /** (at most 2000 characters) */
  excerpt?: string;
  /** (at most 200 characters) */
  slug?: string;
  /** Only `draft`, from `failed` or `scheduled`. (at most 20 characters) */
  status?: string;
  /** (at most 500 characters) */
  topic?: string;
  /** (at most 2048 characters) */
  featured_image_url?: string | null;
  /** `title description focus_keyword`, changed key by key. */
  seo_meta?: Record<string, unknown>;
  /** (at most 100 entries) */
  wp_category_ids?: Array<number>;
  /** (at most 50 entries) */
  source_item_ids?: Array<string>;
  /** The URL of each product's page, by item ID. */
  product_links?: Record<string, unknown>;
  /** (at most 30 entries) */
  tags?: Array<string>;
};

export type PatchedProjectUpdateRequest = {
  /** (at most 255 characters) */
  name?: string;
  /** Generation settings of this project; replaces what was there. */
  settings?: Record<string, unknown>;
  /** A connection of the project's platform; null unlinks it. (at most 64 characters) */
  store_connection_id?: string | null;
  /** (at most 64 characters) */
  content_profile_id?: string | null;
  /** Settings that override those of the content profile. */
  settings_overrides?: Record<string, unknown> | null;
};

export type PatchedRuleDecisionRequest = {
  /** `accepted`, `dismissed`, or `proposed` to undo either. */
  state?: RuleDecisionStateEnum;
};

/** A field left out or null stays as it is. */
export type PatchedSelfUpdateRequest = {
  /** (at most 254 characters) */
  email?: string | null;
  /** (at most 120 characters) */
  first_name?: string | null;
  /** (at most 120 characters) */
  last_name?: string | null;
  /** (at most 40 characters) */
  phone_number?: string | null;
  /** (at most 256 characters) */
  current_password?: string | null;
  /** (at most 256 characters) */
  password?: string | null;
  role?: RoleEnum | NullEnum;
  is_active?: boolean | null;
};

export type PatchedSettingsRequestRequest = {
  overage_enabled?: boolean;
  /** For platform staff. (0.0 to 1000.0) */
  token_rate_multiplier?: number;
};

export type PatchedTemplateUpdateRequest = {
  /** (at most 2000 characters) */
  description?: string;
  /** (at most 100 characters) */
  tone?: string;
  /** `sections` (headings, or `{heading, instructions}`), `min_words`, `max_words`. */
  structure?: Record<string, unknown>;
  /** (at most 8000 characters) */
  custom_instructions?: string;
  is_default?: boolean;
  /** (at most 255 characters) */
  name?: string;
};

/** What is sent is set, the rest stays. A language of `targets` that is null is removed. */
export type PatchedTermUpdateRequest = {
  /** (at most 200 characters) */
  text?: string;
  /** (at most 20 characters) */
  language?: string;
  /** (at most 500 characters) */
  description?: string;
  /** The term is not translated. */
  do_not_translate?: boolean;
  case_sensitive?: boolean;
  /** Language → its word, forms, forbidden words and note. */
  targets?: Record<string, TermTargetRequest | null>;
};

/** A field left out or null stays as it is. What the new role can't have goes unless it is named. */
export type PatchedUserUpdateRequest = {
  role?: RoleEnum | NullEnum;
  /** The languages whose texts the person reviews. A translator edits and approves no others. (at most 100 entries) */
  languages?: Array<string> | null;
  /** The projects that the person sees. Empty: all. (at most 100 entries) */
  project_ids?: Array<string> | null;
  /** (at most 254 characters) */
  email?: string | null;
  /** (at most 120 characters) */
  first_name?: string | null;
  /** (at most 120 characters) */
  last_name?: string | null;
  /** (at most 40 characters) */
  phone_number?: string | null;
  /** (at most 256 characters) */
  current_password?: string | null;
  /** (at most 256 characters) */
  password?: string | null;
  is_active?: boolean | null;
};

export type PaymentReply = {
  id: string;
  provider: string;
  /** The provider's id. */
  payment_id: string;
  kind: string;
  status: string;
  amount: Decimal | null;
  currency: string;
  xct_amount: Xct;
  subscription_tier: string | null;
  invoice_number: string;
  paid_at: DateTime;
};

export type Person = {
  id: string;
  name: string;
  email: string;
};

export type PhotoReply = {
  id: number;
  width: number;
  height: number;
  /** The photo's page at Pexels, which a credit must link to. */
  url: string;
  photographer: string;
  photographer_url: string;
  avg_color: string;
  alt: string;
  src: Record<string, unknown>;
};

export type PhotoSearchReply = {
  total_results: number;
  page: number;
  per_page: number;
  photos: Array<PhotoReply>;
};

export type PingReply = {
  /** The `webhook-id` of the test. */
  event_id: string;
};

export type PlanReply = {
  /** The name of the plan in a checkout. */
  tier: string;
  name: string;
  /** Changing to a higher rank is an upgrade, to a lower rank a downgrade. */
  rank: number;
  monthly_xct: Xct;
  monthly_price_eur: Decimal | null;
  yearly_price_eur: Decimal | null;
  /** Whether the plan includes using your own AI provider keys. */
  byok_included: boolean;
  /** Whether the plan includes a check of each text by a second AI model. */
  strict_grounding: boolean;
  /** Whether the plan can be bought by checkout or invoice. */
  on_sale: boolean;
};

export type PlannedTranslation = {
  language: string;
  post_id: string | null;
  /** `translation`, `native` or `letters`. */
  way: string;
  /** The most that it costs. */
  xct_max: string;
};

export type PlatformEnum = "woocommerce" | "shopify" | "magento2" | "wordpress";

export type PlatformReply = {
  id: string;
  name: string;
  credential_fields: Array<string>;
  capabilities: Array<string>;
};

export type PluginAccepted = {
  generation_id: string;
};

/** The texts beside content and short description. Empty before they are written, and where the project's settings
 * don't
 * ask for them. */
export type PluginGenerationStatus = {
  /** `html`, or `text`, which you must escape where HTML is expected. */
  content_format: string;
  /** `html` or `text`. */
  short_description_format: string;
  /** The checks found something that a person should review. */
  flagged: boolean;
  /** The reasons it was flagged, as sentences. */
  reasons: Array<string>;
  /** 0 to 1; null without checks. */
  confidence_score: number | null;
  /** Claims in the text that are not supported by the data in the request. */
  unsupported_claims: Array<string>;
  /** The request used a test key: the text is from the built-in generator, and nothing was charged. */
  is_test: boolean;
  /** If `true`, have a person review it before customers see it. Approving the item sets it to `false`. */
  needs_review: boolean;
  /** For programs: that a model wrote it. `{digital_source_type (IPTC), ai_disclosure (ai-assisted once a person has
   * approved it, else ai-autonomous), ai_provider, ai_model, generated_at}`; null for a text that no model wrote. */
  disclosure: Record<string, unknown> | null;
  external_id: string;
  name: string;
  bullet_points: Array<string>;
  attributes: Record<string, unknown>;
  tags: Array<string>;
  /** `title`, `description`, `focus_keyword` and anything else that was generated. */
  seo: Record<string, unknown>;
  /** JSON-LD of schema.org. */
  structured_data: Record<string, unknown> | null;
  /** The pictures with their alt texts. */
  images: Array<ImageAltText>;
  /** Every check: `id`, `passed`, `detail`, `findings`. */
  checks: Array<Record<string, unknown>>;
  /** The texts in the additional `languages` of the request, by language; otherwise empty. */
  texts: Record<string, LanguageText>;
  content: string;
  short_description: string;
  tokens_used: number;
  xct_cost: string;
  remaining_balance: string;
  generation_id: string;
  status: PluginGenerationStatusStatusEnum;
  error: string | null;
};

export type PluginGenerationStatusStatusEnum = "queued" | "running" | "completed" | "failed";

/** A project that a shop plugin fills. */
export type PluginIntegration = {
  project_id: string;
  name: string;
  /** Which plugin: the id of a platform. */
  source: string;
  platform: string;
  item_count: number;
  last_used_at: DateTime | null;
  /** Used in the last 30 days. */
  active: boolean;
  created_at: DateTime;
};

export type PluginRetrieveQuery = {
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
};

export type PluginStatus = {
  plan_tier: string;
  /** XCT, as a decimal string. Always 0 for a test key. */
  total_balance: string;
  /** The sources that were used in the last 30 days. */
  active_integrations: Array<string>;
  /** The key is a test key. */
  is_test: boolean;
};

/** The texts beside content and short description. Empty before they are written, and where the project's settings
 * don't
 * ask for them. */
export type PluginText = {
  /** `html`, or `text`, which you must escape where HTML is expected. */
  content_format: string;
  /** `html` or `text`. */
  short_description_format: string;
  /** The checks found something that a person should review. */
  flagged: boolean;
  /** The reasons it was flagged, as sentences. */
  reasons: Array<string>;
  /** 0 to 1; null without checks. */
  confidence_score: number | null;
  /** Claims in the text that are not supported by the data in the request. */
  unsupported_claims: Array<string>;
  /** The request used a test key: the text is from the built-in generator, and nothing was charged. */
  is_test: boolean;
  /** If `true`, have a person review it before customers see it. Approving the item sets it to `false`. */
  needs_review: boolean;
  /** For programs: that a model wrote it. `{digital_source_type (IPTC), ai_disclosure (ai-assisted once a person has
   * approved it, else ai-autonomous), ai_provider, ai_model, generated_at}`; null for a text that no model wrote. */
  disclosure: Record<string, unknown> | null;
  external_id: string;
  name: string;
  bullet_points: Array<string>;
  attributes: Record<string, unknown>;
  tags: Array<string>;
  /** `title`, `description`, `focus_keyword` and anything else that was generated. */
  seo: Record<string, unknown>;
  /** JSON-LD of schema.org. */
  structured_data: Record<string, unknown> | null;
  /** The pictures with their alt texts. */
  images: Array<ImageAltText>;
  /** Every check: `id`, `passed`, `detail`, `findings`. */
  checks: Array<Record<string, unknown>>;
  /** The texts in the additional `languages` of the request, by language; otherwise empty. */
  texts: Record<string, LanguageText>;
  content: string;
  short_description: string;
  tokens_used: number;
  xct_cost: string;
  remaining_balance: string;
  generation_id: string;
  /** `completed`; `running` with 202: poll `generation/{generation_id}/status`. */
  status: string;
};

export type PortalReply = {
  portal_url: string | null;
  message: string | null;
};

/** One text that the merchant has changed on the site since our last publish. */
export type PostConflict = {
  field: string;
  /** The text that would be published. */
  ours: string;
  /** The current text on the site. */
  theirs: string;
  /** The text as it was last published; `null` if unknown. */
  published: string | null;
  /** What the text on the site has and ours lacks: elements and shortcodes, such as a form. */
  elements?: Array<string>;
};

/** The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`. */
export type PostCreationRequest = {
  /** The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
   * `max_xct_exceeded` with the quote. */
  max_xct?: Xct | null;
  post_type?: PostTypeEnum;
  /** (at most 500 characters) */
  topic?: string;
  /** (at most 50 entries) */
  source_item_ids?: Array<string>;
  /** (at most 100 entries) */
  wp_category_ids?: Array<number>;
  /** Default: the default template, if there is one. (at most 64 characters) */
  template_id?: string | null;
  /** `ai_provider`, `ai_model`, `language`, `tone`, `custom_instructions`. Settings that are left out use the
   * defaults. */
  ai_settings?: Record<string, unknown>;
  selected_images?: Array<SelectedImageRequest>;
  /** (at most 64 characters) */
  store_connection_id?: string | null;
  /** (at most 100 characters) */
  shopify_blog_id?: string | null;
  /** Additional languages. The post is translated into them in the same job, after it is generated. (at most 30
   * entries) */
  languages?: Array<string> | null;
};

export type PostListItem = {
  id: string;
  title: string;
  /** generating draft scheduled publishing published failed */
  status: string;
  post_type: string;
  topic: string;
  featured_image_url: string | null;
  wp_post_id: number | null;
  store_connection_id: string | null;
  external_post_id: string | null;
  published_url: string | null;
  published_at: DateTime | null;
  scheduled_at: DateTime | null;
  created_at: DateTime;
  updated_at: DateTime;
  language: string;
  /** For a translation: the ID of the original post. */
  original_id: string | null;
  /** Increases with each change. It is the `ETag` of this resource, for use in `If-Match`. */
  version: number;
};

/** Where a post's texts come from. `entries` are all that happened, the oldest first; none of them ever changes. */
export type PostProvenance = {
  post_id: string;
  language: string;
  status: string;
  /** Whether the current texts are the ones that the last person to publish or schedule it approved. */
  approved: boolean;
  checks: Array<Record<string, unknown>>;
  texts: Array<TextProvenance>;
  /** `{at, event, by, texts}`; `event` is `generated` (with `writer` and `checks`), `edited`, `restored`, `undone`,
   * or `approved` (with `key_id`; of an item with `override` and `reason`). */
  entries: Array<Record<string, unknown>>;
};

export type PostReply = {
  id: string;
  title: string;
  /** generating draft scheduled publishing published failed */
  status: string;
  post_type: string;
  topic: string;
  featured_image_url: string | null;
  wp_post_id: number | null;
  store_connection_id: string | null;
  external_post_id: string | null;
  published_url: string | null;
  published_at: DateTime | null;
  scheduled_at: DateTime | null;
  created_at: DateTime;
  updated_at: DateTime;
  language: string;
  /** For a translation: the ID of the original post. */
  original_id: string | null;
  /** Increases with each change. It is the `ETag` of this resource, for use in `If-Match`. */
  version: number;
  project_id: string;
  organization_id: string;
  content: string;
  excerpt: string;
  slug: string;
  seo_meta: Record<string, unknown>;
  wp_category_ids: Array<number>;
  blog_connection_id: string | null;
  external_blog_id: string | null;
  source_item_ids: Array<string>;
  product_links: Record<string, unknown>;
  ai_settings: Record<string, unknown>;
  template_id: string | null;
  /** `words reading_minutes seo_score xct_used unpublished_changes flagged reasons`. */
  analytics: Record<string, unknown>;
  job_id: string | null;
  /** The post's translations, by language. */
  translations: Array<TranslationLink>;
  /** For a translation: texts of the original that have changed since. */
  outdated_fields: Array<string>;
  /** For a translation: when someone last edited its text. */
  edited_at: DateTime | null;
  tags: Array<string>;
  /** schema.org JSON-LD of the post. */
  structured_data: Record<string, unknown>;
  /** The conflicts that stopped the last publish: texts that were changed on the site. */
  conflicts: Array<PostConflict>;
  /** The results of the checks, and how the text was generated. `removed_elements` names the HTML elements of the
   * last edit that a post can't have, so that they were not saved. */
  generation_metadata: Record<string, unknown>;
  /** Parts of the post that the site did not accept at the last publish, with the reason: `featured_image`,
   * `seo_title`, `seo_description`, `focus_keyword`, `categories`, `tags`. */
  skipped_fields: Record<string, unknown>;
  /** The reason the last generation or publish failed; otherwise empty. */
  last_error: string;
};

export type PostTypeEnum = "article" | "how_to" | "listicle" | "product_roundup" | "comparison" | "news";

export type PreviewReply = {
  count: number;
  batches: number;
  estimated_time_seconds: number;
};

/** RFC 9457 problem details: the one error format. */
export type Problem = {
  /** A URI that explains the code; `about:blank` if the status is sufficient. */
  type: string;
  /** The status in words. */
  title: string;
  status: number;
  /** What is wrong and what to do. */
  detail: string;
  /** Stable, snake_case; for programs. */
  code: ErrorCode | string;
  /** What differs in `detail`: numbers and names, by the names of their places. */
  values?: Record<string, unknown>;
  /** Quote this to support. */
  request_id: string;
  /** For invalid input: each error and its location. */
  errors?: Array<ProblemError>;
};

/** One fault in the input, and where. */
export type ProblemError = {
  /** JSON pointer into the body, or `?name` of a query parameter. */
  pointer: string;
  detail: string;
  code: ErrorCode | string;
  /** What differs in `detail`: numbers and names, by the names of their places. */
  values?: Record<string, unknown>;
};

/** Settings left out stay unset and resolve from the levels below; null unsets one. Defaults shown are the
 * deployment's. */
export type ProfileCreationRequest = {
  translate_name?: boolean | null;
  generate_short?: boolean | null;
  generate_long?: boolean | null;
  generate_bullet_points?: boolean | null;
  generate_attributes?: boolean | null;
  generate_tags?: boolean | null;
  structured_data_enabled?: boolean | null;
  grounding?: GroundingEnum | NullEnum;
  /** The provider of the second AI model that checks the texts. Default: the provider that generates them. (at most
   * 100 characters) */
  verifier_provider?: string | null;
  /** The second AI model that checks the texts. Default: the provider's cheapest model. (at most 100 characters) */
  verifier_model?: string | null;
  /** (at most 20 characters) */
  language?: string | null;
  /** How texts in additional languages are created: `translation` translates the approved text, `native` generates a
   * new text from the product data. */
  language_way?: LanguageWayEnum | NullEnum;
  /** (at most 100 characters) */
  tone?: string | null;
  /** What a text can say about benefits: `usual` allows what follows from a fact in ordinary use, `cautious` only
   * what the product data states. */
  benefits?: BenefitsEnum | NullEnum;
  /** (at most 100 characters) */
  ai_provider?: string | null;
  /** (at most 100 characters) */
  ai_model?: string | null;
  /** (at most 8000 characters) */
  custom_instructions?: string | null;
  /** Language → its instructions and form of address. */
  language_settings?: Record<string, OneLanguageRequest> | null;
  /** (20 to 2000) */
  max_short_chars?: number | null;
  /** (50 to 20000) */
  max_long_chars?: number | null;
  use_html?: boolean | null;
  use_html_short?: boolean | null;
  image_analysis_enabled?: boolean | null;
  /** (1 to 10) */
  image_analysis_count?: number | null;
  /** (at most 255 characters) */
  name: string;
};

/** A profile as it applies: settings that it leaves open are shown resolved. */
export type ProfileReply = {
  translate_name: boolean;
  generate_short: boolean;
  generate_long: boolean;
  generate_bullet_points: boolean;
  generate_attributes: boolean;
  generate_tags: boolean;
  structured_data_enabled: boolean;
  id: string;
  organization_id: string;
  name: string;
  is_default: boolean;
  ai_provider: string;
  ai_model: string | null;
  language: string;
  /** How texts in additional languages are created: `translation` or `native`. */
  language_way: string;
  tone: string;
  /** What a text can say about benefits: `usual` or `cautious`. */
  benefits: string;
  custom_instructions: string;
  /** Language → its instructions and form of address. */
  language_settings: Record<string, OneLanguage>;
  max_short_chars: number;
  max_long_chars: number;
  use_html: boolean;
  use_html_short: boolean;
  image_analysis_enabled: boolean;
  image_analysis_count: number;
  /** `tables`, `read` or `strict`. */
  grounding: string;
  verifier_provider: string | null;
  verifier_model: string | null;
  created_at: DateTime;
  updated_at: DateTime;
  /** Increases with each change. It is the `ETag` of this resource, for use in `If-Match`. */
  version: number;
};

export type ProfileTemplateReply = {
  id: string;
  name: string;
  description: string;
  icon: string;
  /** Settings of a content profile. */
  defaults: Record<string, unknown>;
};

/** What is sent is set, the rest stays. */
export type ProfileUpdateRequest = {
  translate_name?: boolean | null;
  generate_short?: boolean | null;
  generate_long?: boolean | null;
  generate_bullet_points?: boolean | null;
  generate_attributes?: boolean | null;
  generate_tags?: boolean | null;
  structured_data_enabled?: boolean | null;
  grounding?: GroundingEnum | NullEnum;
  /** The provider of the second AI model that checks the texts. Default: the provider that generates them. (at most
   * 100 characters) */
  verifier_provider?: string | null;
  /** The second AI model that checks the texts. Default: the provider's cheapest model. (at most 100 characters) */
  verifier_model?: string | null;
  /** (at most 20 characters) */
  language?: string | null;
  /** How texts in additional languages are created: `translation` translates the approved text, `native` generates a
   * new text from the product data. */
  language_way?: LanguageWayEnum | NullEnum;
  /** (at most 100 characters) */
  tone?: string | null;
  /** What a text can say about benefits: `usual` allows what follows from a fact in ordinary use, `cautious` only
   * what the product data states. */
  benefits?: BenefitsEnum | NullEnum;
  /** (at most 100 characters) */
  ai_provider?: string | null;
  /** (at most 100 characters) */
  ai_model?: string | null;
  /** (at most 8000 characters) */
  custom_instructions?: string | null;
  /** Language → its instructions and form of address. */
  language_settings?: Record<string, OneLanguageRequest> | null;
  /** (20 to 2000) */
  max_short_chars?: number | null;
  /** (50 to 20000) */
  max_long_chars?: number | null;
  use_html?: boolean | null;
  use_html_short?: boolean | null;
  image_analysis_enabled?: boolean | null;
  /** (1 to 10) */
  image_analysis_count?: number | null;
  /** (at most 255 characters) */
  name?: string;
};

export type ProjectCreationRequest = {
  /** (at most 255 characters) */
  name: string;
  /** Generation settings of this project; replaces what was there. */
  settings?: Record<string, unknown>;
  /** A connection of the project's platform; null unlinks it. (at most 64 characters) */
  store_connection_id?: string | null;
  /** (at most 64 characters) */
  content_profile_id?: string | null;
  /** Settings that override those of the content profile. */
  settings_overrides?: Record<string, unknown> | null;
  platform: PlatformEnum;
};

export type ProjectReply = {
  id: string;
  name: string;
  platform: string;
  /** `draft`, `active` or `completed`. */
  status: string;
  settings: Record<string, unknown>;
  created_at: DateTime;
  /** Whether it was created with a test key: it uses the built-in text generator, costs nothing and never contacts
   * stores or AI providers. */
  is_test: boolean;
  completed_at: DateTime | null;
  item_count: number;
  flagged_count: number;
  source_count: number;
  deleted_at: DateTime | null;
  status_counts: StatusCounts;
  store_connection_id: string | null;
  store_connection_name: string | null;
  content_profile_id: string | null;
  settings_overrides: Record<string, unknown>;
  updated_at: DateTime;
};

export type ProjectsLearnedRulesQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type ProjectsListQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** If `true`, lists only the projects in the trash. (false if not given) */
  include_deleted?: boolean;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type ProjectsRetrieveQuery = {
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
};

export type ProvenanceEnum = "off" | "record" | "mark";

export type ProviderEnum = "pexels";

export type ProviderReply = {
  id: string;
  name: string;
  /** Whether this server can use it without your own key. */
  configured: boolean;
  /** Whether an organization can use its own key. */
  byok: boolean;
  models: Array<ModelReply>;
};

export type PublishRequestRequest = {
  /** A blog connection. Send this or `store_connection_id`. (at most 64 characters) */
  connection_id?: string | null;
  /** A Shopify or WordPress store connection. (at most 64 characters) */
  store_connection_id?: string | null;
  /** ("publish" if not given) */
  wp_status?: WpStatusEnum;
  shopify_published?: boolean | null;
  /** Overwrite texts that were changed on the site since the last publish. (false if not given) */
  force?: boolean;
  /** The choice for each field in conflict: `ours` overwrites, `theirs` keeps the site's text. */
  resolve?: Record<string, "ours" | "theirs">;
};

export type PublishedTextStateEnum = "same" | "changed" | "missing";

export type QueuedReply = {
  /** The number of deliveries that are sent again. */
  queued: number;
};

/** What the work would cost in XCT. The bill never exceeds `xct_max`; send that as `max_xct` with the start, and a
 * price that has risen meanwhile is refused (409 `max_xct_exceeded`). */
export type QuoteReply = {
  xct_expected: Xct;
  xct_max: Xct;
  /** The balance available after the expected price. Can be negative. */
  balance_after: Decimal;
};

export type ReadAllReply = {
  /** The number of notifications that were marked as read. */
  updated: number;
  message: string;
};

export type RecordedApproval = {
  at: DateTime;
  /** `approved`. */
  event: string;
  by: Person | null;
  /** The API key with which a program approved it. */
  key_id: string | null;
  /** Claims or a rule of law stood against it. */
  override: boolean;
  reason: string;
  texts: Array<TextDigest>;
};

export type RecordedEdit = {
  at: DateTime;
  by: Person | null;
  words_changed: number;
};

export type RefusedRow = {
  /** Of the file. */
  line: number;
  reason: string;
};

export type RefusedTranslation = {
  /** The line in the file; 0 if the text was rejected when it was saved. */
  line: number;
  /** `source_changed`, `translation_changed`, `too_long`, `unknown_item`, `unknown_field`, `duplicate_row`,
   * `incomplete_list`, `inline_markup`, `incomplete_unit` … */
  code: string;
  reason: string;
};

export type RefusedUnit = {
  /** Of the file. */
  line: number;
  /** `inline_markup` or `cell_too_long`. */
  code: string;
  reason: string;
};

export type RegisterReply = {
  access_token: string;
  token_type: string;
  organization_id: string;
  message: string;
};

export type RegisterRequestRequest = {
  /** (at most 254 characters) */
  email: string;
  /** (at most 256 characters) */
  password: string;
  /** (at most 200 characters) */
  company_name: string;
  /** (at most 120 characters) */
  first_name?: string | null;
  /** (at most 120 characters) */
  last_name?: string | null;
  /** (at most 4096 characters) */
  turnstile_token?: string | null;
};

export type ReplayRequestRequest = {
  /** From this time on. */
  since: DateTime;
  /** The end of the period (exclusive). Default: now. */
  until?: DateTime;
  /** Also send events that were already delivered. (false if not given) */
  include_delivered?: boolean;
};

export type RequestBodyRequest = {
  /** (at most 10000 characters) */
  description: string;
  /** (at most 120 characters) */
  budget_range?: string | null;
  exclusivity?: boolean | null;
};

export type ResetPasswordRequestRequest = {
  /** (at most 1000 characters) */
  token: string;
  /** (at most 256 characters) */
  new_password: string;
};

export type RestoredReply = {
  /** The number of items restored by this request. */
  restored: number;
  item_ids: Array<string>;
};

export type RoleEnum = "admin" | "member" | "reviewer" | "translator" | "viewer";

export type RuleDecisionStateEnum = "proposed" | "accepted" | "dismissed";

export type RuleReply = {
  id: string;
  /** `avoid` words, `replace` words, or `heed` the reason for rejections. */
  kind: string;
  /** The words that people removed, or the reason. */
  term: string;
  /** The words that replaced them. */
  instead: string;
  /** The rule as it is given to the AI. */
  rule: string;
  /** The items it was learned from, at most ten. */
  item_ids: Array<string>;
  /** `proposed`, `accepted` or `dismissed`. */
  state: string;
  /** An accepted rule applies to all projects with this profile; if `null`, to this project only. */
  profile_id: string | null;
  decided_at: DateTime | null;
  created_at: DateTime;
};

export type ScheduleRequestRequest = {
  scheduled_at: DateTime;
  /** (at most 64 characters) */
  connection_id?: string | null;
  /** (at most 64 characters) */
  store_connection_id?: string | null;
  /** The status of the post on its site at that time. ("publish" if not given) */
  wp_status?: WpStatusEnum;
};

export type ScopesEnum = "api_keys:read" | "billing:read" | "billing:write" | "connections:read" | "connections:write" | "events:read" | "generation:read" | "generation:write" | "glossary:read" | "glossary:write" | "items:approve" | "items:read" | "items:write" | "jobs:read" | "jobs:write" | "notifications:read" | "notifications:write" | "organization:read" | "organization:write" | "plugin:read" | "plugin:write" | "posts:publish" | "posts:read" | "posts:write" | "profiles:read" | "profiles:write" | "projects:read" | "projects:write" | "studio:read" | "studio:write" | "sync:read" | "sync:write" | "webhooks:read" | "webhooks:write";

export type ScoreCheck = {
  id: string;
  /** `seo` or `readability`. */
  group: string;
  /** `good`, `ok`, `bad`, or `na` where it does not apply. */
  status: string;
  /** At most 9; negative for spam and thin text. */
  score: number | null;
  message: string;
  /** The message's stable key, for clients that translate it. */
  key: string;
  params: Record<string, unknown>;
  value: number | null;
};

export type ScoreReply = {
  /** 0 to 100. */
  score: number;
  /** `good`, `ok` or `bad`. */
  grade: string;
  focus_keyword: string;
  seo_score: number | null;
  checks: Array<ScoreCheck>;
  readability: Record<string, unknown>;
  recommendations: Array<string>;
  engine_version: number;
};

export type SecretRotationRequest = {
  /** How long events are also signed with the old secret, in hours. (0 to 168; 24 if not given) */
  overlap_hours?: number;
};

export type SelectedImageRequest = {
  /** (at most 2048 characters) */
  url: string;
  /** (at most 255 characters) */
  product_name?: string | null;
  /** (at most 500 characters) */
  alt_text?: string | null;
};

export type SelectionEnum = "pending" | "stale";

export type SetupReply = {
  method: string;
  /** Base32. Shown only this once. */
  secret: string | null;
  otpauth_uri: string | null;
  message: string;
};

export type SetupRequestRequest = {
  /** `totp` or `email`. (at most 20 characters) */
  method: string;
  /** Needed for platform staff whose sign-in is more than ten minutes old. (at most 256 characters) */
  password?: string | null;
};

export type ShopLanguageReply = {
  /** The store's code for the language: a locale, a slug or a store view. */
  code: string;
  name: string;
  /** The locale of the code, if different. */
  locale: string;
  /** Whether this is the store's main language. */
  primary: boolean;
  /** Whether visitors can see it; `null` if the store does not say. */
  published: boolean | null;
  /** The project languages it can be used for. If there are several, choose one in the connection. */
  serves: Array<string>;
  /** The language whose texts it receives. */
  language: string | null;
};

export type ShopLanguagesReply = {
  languages: Array<ShopLanguageReply>;
  /** Why the store's translations can't be updated; otherwise empty. */
  reason: string;
};

export type ShopText = {
  field: string;
  state: PublishedTextStateEnum;
};

export type ShopifyAppQuery = {
  hmac?: string;
  host?: string;
  shop: string;
  timestamp?: string;
};

export type ShopifyBlogReply = {
  id: string;
  title: string;
  handle: string;
};

export type ShopifyCallbackQuery = {
  code: string;
  hmac?: string;
  host?: string;
  shop: string;
  state?: string;
  timestamp?: string;
};

export type ShopifyConnectQuery = {
  /** ("store" if not given) */
  connection_type?: "store" | "blog";
  /** (at most 255 characters) */
  shop: string;
  /** Also request permission to read the store's languages and write translations. (false if not given) */
  translations?: boolean;
};

export type ShopifyFinalizationRequest = {
  /** `shop` of the redirect. (at most 255 characters) */
  shop: string;
  /** `code` of the redirect. (at most 1000 characters) */
  code: string;
  /** `install` of the redirect; works once. (at most 255 characters) */
  install: string;
};

export type ShopifyUrlReply = {
  url: string;
};

export type ShopifyWebhookReply = {
  received: boolean;
  outcome: string;
};

/** Either `access_token`, or a `temp_token` for the step that is still to come. */
export type SignInReply = {
  access_token: string | null;
  token_type: string;
  two_factor_required: boolean;
  two_factor_setup_required: boolean;
  /** `totp` or `email`. */
  two_factor_method: string | null;
  temp_token: string | null;
  /** Returned with `access_token`. Identifies the device at the next sign-in; it gives no access. */
  device_token: string | null;
};

/** An item by itself. A list leaves out what takes a look into other tables for each row. */
export type SingleItem = {
  id: string;
  external_id: string;
  item_type: string;
  source_data: Record<string, unknown>;
  generated_content: GeneratedContent;
  /** 0 to 1, calculated from `generation_metadata.score_parts`. It is not the probability that the text is true. */
  confidence_score: number | null;
  status: string;
  ai_model_used: string;
  created_at: DateTime;
  /** Whether it belongs to a test project. */
  is_test: boolean;
  data_source_id: string | null;
  data_source_name: string | null;
  metadata: Record<string, unknown>;
  excluded_at: DateTime | null;
  /** With what the content was written, and what the checks found. `checks`: rows of `{id, passed (true, false or
   * na), detail, findings}`. A finding of `grounding` is `{text, kind, field, start, end, value, supported,
   * source_field, source_excerpt}`: a statement that the tables of the check know, with its place in the field's
   * visible text (code points) and in the source. Its `unknown` are `{text, field, start, end}` of claims that a
   * source in another language may state in words that no table has: to look at, no fault. A finding of `law` is a
   * sentence that may not be said where the shop sells: `{text, field, start, end, rule, version, severity (note,
   * warn or block), law, remedy, evidence, detail}`. It is no legal advice. Where a second model read the text a
   * check `verification` has a finding for each sentence, with `code` and `reason` besides. `score_parts`: rows of
   * `{id, name, value, weight}` that make the score. `reasons`: why it is flagged. `_messages`: `[template, values]`
   * of the texts beside it. */
  generation_metadata: Record<string, unknown>;
  /** For a variant: the ID of its product. */
  parent_id: string | null;
  /** Magento only: the store view these texts belong to. */
  store_view: string;
  /** Magento only, for a text in another language that was imported from a store view: the data of that store view's
   * row, in the same form as `source_data`. */
  view_data: Record<string, unknown> | null;
  /** Whether the checks found a claim that is not in the product data. `false` does not mean that everything is
   * true. */
  has_unsupported_claims: boolean;
  /** Fields whose text in the store has changed since this content was generated from it, and fields that state a
   * fact (a weight, a price) that has changed; for a translation, fields whose original has changed. */
  outdated_fields: Array<string>;
  /** The decision for each field's text: `approved`, `rejected`, or `kept` to keep the store's text. A new text
   * starts without a decision; `kept` stays. */
  decisions: Record<string, unknown>;
  /** The reason it was rejected. */
  reject_reason: string;
  /** The person who is to review it. */
  assignee_id: string | null;
  updated_at: DateTime;
  /** Increases with each change. It is the `ETag` of this resource, for use in `If-Match`. */
  version: number;
  /** For a text in another language: its language code. Empty for an item. */
  language: string;
  /** For a text in another language: the ID of its item, whose data it uses. */
  main_item_id: string | null;
  /** For an item: its texts in other languages, `{fr: {item_id, status, outdated_fields, origin}}`. `origin` is
   * `merchant` if the store has a translation and we have generated none, otherwise `ours`. */
  languages: Record<string, unknown>;
  /** What is to be done next. `conflict`: its text was changed in the store since the last sync, choose one.
   * `not_in_store`: the store does not have the item, import again or exclude it. `needs_facts`: it waits for a
   * review, and makes claims that are not in the product data. `needs_decision`: it waits for a review. `ready`:
   * approved, to be sent to the store. `needs_text`: to be generated, or again after a rejection or a change of its
   * facts. `in_store`: nothing. `null` for an excluded item, and for a variant that uses its product's text. */
  readiness: string | null;
};

export type SkippedLanguage = {
  language: string;
  /** `up_to_date`, `edited` or `post_is_busy`. */
  reason: string;
};

export type SourceEnum = "magento2" | "shopify" | "woocommerce" | "wordpress";

export type SourceList = {
  sources: Array<SourceReply>;
  total_items: number;
};

export type SourceReply = {
  id: string;
  project_id: string;
  /** `file`, `manual` or `store`. */
  type: string;
  name: string;
  /** `file_key`, `snapshot_key`, and `job_id` while the file is being imported. `counts` has the number of rows by
   * type; `matched` is how many matched an item from another source, and `updated` how many of those changed it. */
  config: Record<string, unknown>;
  status: string;
  /** The number of items that were first imported with this source; each item is counted once. */
  item_count: number;
  last_synced_at: DateTime | null;
  error_message: string | null;
  created_at: DateTime;
  /** Rows that were not imported, with the reason. */
  errors: Array<Fault>;
  /** Rows that were imported but may have problems. */
  warnings: Array<Fault>;
};

export type SpendingReply = {
  period_start: DateTime;
  period_end: DateTime;
  total_xct_used: Xct;
  by_tier: Array<TierUsage>;
  /** provider → request_count, total_tokens, xct_used. */
  by_provider: Record<string, unknown>;
};

/** The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`. */
export type StartRequestRequest = {
  /** The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
   * `max_xct_exceeded` with the quote. */
  max_xct?: Xct | null;
};

/** Included items by status, and the excluded ones. */
export type StatusCounts = {
  pending: number;
  generated: number;
  flagged: number;
  approved: number;
  rejected: number;
  synced: number;
  excluded: number;
};

export type StockImageRequest = {
  /** (at most 2048 characters) */
  photo_url: string;
  /** (at most 500 characters) */
  alt_text?: string | null;
  /** (at most 255 characters) */
  photographer?: string | null;
  /** The photo's page at its provider. (at most 2048 characters) */
  original_url?: string | null;
};

export type StockPhotosListQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type StockPhotosSearchQuery = {
  orientation?: "landscape" | "portrait" | "square";
  /** (1 to 10000; 1 if not given) */
  page?: number;
  /** (1 to 80; 20 if not given) */
  per_page?: number;
  /** Search query (at most 200 characters) */
  q: string;
};

export type StoreConnectionsListQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type StoreConnectionsRetrieveQuery = {
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
};

export type StudioProfileBuilderListTemplatesQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type StudioRequestDetail = {
  id: string;
  organization_id: string;
  user_id: string | null;
  user_name: string;
  user_email: string;
  description: string;
  budget_range: string;
  exclusivity: boolean;
  status: string;
  /** 0 to 3, set by staff. */
  priority: number;
  created_at: DateTime;
  updated_at: DateTime;
  organization_name: string;
  comments: Array<CommentReply>;
};

export type StudioRequestList = {
  requests: Array<StudioRequestReply>;
  total: number;
  has_more: boolean;
};

export type StudioRequestReply = {
  id: string;
  organization_id: string;
  user_id: string | null;
  user_name: string;
  user_email: string;
  description: string;
  budget_range: string;
  exclusivity: boolean;
  status: string;
  /** 0 to 3, set by staff. */
  priority: number;
  comment_count: number;
  latest_comment_at: DateTime | null;
  created_at: DateTime;
  updated_at: DateTime;
};

export type StudioRequestsListRequestsQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** (1 to 100; 20 if not given) */
  limit?: number;
  /** (0 if not given) */
  offset?: number;
  status?: "new" | "in_review" | "quoted" | "accepted" | "declined" | "done";
};

export type StudioRequestsRetrieveQuery = {
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
};

export type StudioStoreAuditListAuditsQuery = {
  /** (at most 64 characters) */
  project_id?: string;
};

export type SubscriptionReply = {
  subscription_tier: string;
  payment_subscription_status: string | null;
  subscription_period_end: DateTime | null;
  /** dodo, paddle or bank_transfer. */
  payment_method: string | null;
  payment_customer_id: string | null;
  billing_period: string | null;
  /** The plan after the end of the billing period. */
  pending_subscription_tier: string | null;
  pending_billing_period: string | null;
  cancel_at_period_end: boolean;
  overdue_since: DateTime | null;
};

export type SyncDriftQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type SyncItemReply = {
  success: boolean;
  message: string;
  synced_at: DateTime | null;
  job_id: string;
  /** Fields that were not updated because the store has no field for them, with the reason. */
  skipped: Record<string, unknown>;
  /** `{field: {sent, store}}` of texts that the store changed when saving. */
  changed: Record<string, unknown>;
  /** For a sync in several languages: `{item_id, language, success, message, code, skipped, changed, conflicts}` of
   * each text that was not already the same in the store. */
  texts?: Array<Record<string, unknown>>;
};

export type SyncReply = {
  failed_count: number;
  /** `{item_id, external_id, reason, code, conflicts}`; for an undo also `restored`, the fields that were restored. */
  failed_items: Array<Record<string, unknown>>;
  job_id: string;
  status: string;
  /** Why the job failed. Only if it did. */
  error?: string;
  synced_count: number;
  /** Synced items whose texts in the store were already the same. */
  unchanged_count: number;
  /** Failed items whose texts were changed in the store since. */
  conflict_count: number;
  /** `{field, reason, items}` of texts of synced items that were skipped. */
  skipped: Array<Record<string, unknown>>;
  /** `{language: {synced, unchanged, failed, conflicts, refused}}` for each additional language. `refused` is the
   * reason why the store accepts none of its texts. */
  languages: Record<string, unknown>;
};

export type SyncRequestRequest = {
  /** The languages to sync. The main language is included only if it is listed, and goes first. Default: the main
   * language only. A translation in the store that we did not generate is a conflict. (at most 100 entries) */
  languages?: Array<string>;
  /** `pending` (default): approved items. `all`: approved and synced items; texts that are already the same in the
   * store are not sent again. `selected`: the items in `item_ids`. */
  mode?: ModeEnum;
  /** (at most 100000 entries) */
  item_ids?: Array<string>;
  /** Same as `languages` with only this language. (at most 20 characters) */
  language?: string;
  /** Also overwrite texts that were changed in the store since. */
  force?: boolean;
  /** Skip texts that could not be restored exactly later, because the store filters them (see `sync/warnings`). */
  leave_unrestorable?: boolean;
};

export type SystemContentTypesQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type SystemLanguagesQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type SystemPlatformsQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type SystemProvidersQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type SystemToneReply = {
  id: string;
  name: string;
  description: string;
  is_custom: boolean;
};

export type SystemTonesQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type TempCodeRequestRequest = {
  /** (at most 40 characters) */
  code: string;
  /** (at most 1000 characters) */
  temp_token: string;
};

export type TempMethodRequestRequest = {
  /** `totp` or `email`. (at most 20 characters) */
  method: string;
  /** (at most 1000 characters) */
  temp_token: string;
};

export type TempTokenRequestRequest = {
  /** (at most 1000 characters) */
  temp_token: string;
};

export type TemplateCreationRequest = {
  /** (at most 2000 characters) */
  description?: string;
  /** (at most 100 characters) */
  tone?: string;
  /** `sections` (headings, or `{heading, instructions}`), `min_words`, `max_words`. */
  structure?: Record<string, unknown>;
  /** (at most 8000 characters) */
  custom_instructions?: string;
  is_default?: boolean;
  /** (at most 255 characters) */
  name: string;
};

export type TemplateReply = {
  id: string;
  organization_id: string;
  name: string;
  description: string;
  tone: string;
  structure: Record<string, unknown>;
  custom_instructions: string;
  is_default: boolean;
  created_at: DateTime;
  updated_at: DateTime;
};

export type TermCreationRequest = {
  /** The term itself. (at most 200 characters) */
  text: string;
  /** The language of `text`. (at most 20 characters) */
  language: string;
  /** (at most 500 characters) */
  description?: string;
  /** The term is not translated. */
  do_not_translate?: boolean;
  case_sensitive?: boolean;
  /** Language → its word, forms, forbidden words and note. */
  targets?: Record<string, TermTargetRequest | null>;
  /** The content profile the term applies to. Default: all projects. */
  profile_id?: string | null;
};

export type TermReply = {
  id: string;
  profile_id: string | null;
  text: string;
  language: string;
  description: string;
  do_not_translate: boolean;
  case_sensitive: boolean;
  /** Language → its word, forms, forbidden words and note. */
  targets: Record<string, TermTarget | null>;
  created_at: DateTime;
  updated_at: DateTime;
  /** Increases with each change. It is the `ETag` of this resource, for use in `If-Match`. */
  version: number;
};

/** How one language says a term. */
export type TermTarget = {
  /** The word to use. (at most 200 characters) */
  text?: string;
  /** Other forms of the word that can't be derived by rule. (at most 50 entries) */
  forms?: Array<string>;
  /** Words that must not be used for the term. (at most 50 entries) */
  forbidden?: Array<string>;
  /** For writers. (at most 500 characters) */
  note?: string;
};

/** How one language says a term. */
export type TermTargetRequest = {
  /** The word to use. (at most 200 characters) */
  text?: string;
  /** Other forms of the word that can't be derived by rule. (at most 50 entries) */
  forms?: Array<string>;
  /** Words that must not be used for the term. (at most 50 entries) */
  forbidden?: Array<string>;
  /** For writers. (at most 500 characters) */
  note?: string;
};

export type TestBalanceChangeRequest = {
  /** The test XCT that test keys have from now on. */
  balance: Decimal;
};

export type TestBalanceReply = {
  /** In test XCT, which are worth nothing. */
  balance: Decimal;
};

export type TextDigest = {
  field: string;
  /** Of the text's UTF-8 bytes; of a list, of its JSON as PostgreSQL writes it. */
  sha256: string;
  /** Of an edit: the share of words in which the text differs from the one before, 0 to 1. */
  words_changed?: number;
};

export type TextProvenance = {
  field: string;
  sha256: string;
  /** Null for a text that was written by hand. */
  generated: TextWriter | null;
  edits: Array<RecordedEdit>;
  /** The last approval of this very text; null once it was changed, or before it was approved. */
  approved: RecordedApproval | null;
};

export type TextWriter = {
  provider: string;
  /** Empty where no model wrote it. */
  model: string;
  prompt_version: number | null;
  settings: Record<string, unknown>;
  generated_at: DateTime | null;
};

export type TierUsage = {
  tier: string;
  request_count: number;
  total_tokens: number;
  xct_used: Xct;
};

export type ToneReply = {
  id: string;
  name: string;
  description: string;
  system_prompt: string;
};

export type ToneRequestRequest = {
  /** A slug. Default: created from the name. (at most 60 characters) */
  id?: string | null;
  /** (at most 120 characters) */
  name: string;
  /** (at most 500 characters) */
  description?: string | null;
  /** (at most 8000 characters) */
  system_prompt?: string | null;
};

export type ToolList = {
  tools: Array<ToolReply>;
};

export type ToolReply = {
  id: string;
  slug: string;
  name: string;
  description: string;
  icon: string;
  /** The lowest plan that includes it. */
  min_tier: string;
  unlocked: boolean;
};

export type TopupCheckoutReply = {
  checkout_url: string | null;
  transaction_id: string | null;
  client_token: string | null;
};

export type TopupCheckoutRequestRequest = {
  /** (1 to 1000) */
  packs: number;
};

export type TopupInvoiceRequestRequest = {
  /** (1 to 1000) */
  xct_packs: number;
};

export type TopupRequestRequest = {
  /** (0.0001 to 100000000) */
  amount: number;
  /** (at most 500 characters) */
  description?: string | null;
};

export type TransactionPage = {
  transactions: Array<TransactionReply>;
  total: number;
  page: number;
  page_size: number;
};

export type TransactionReply = {
  id: string;
  /** grant, topup, usage, expiry, adjustment or refund. */
  transaction_type: string;
  /** Signed. */
  amount: Decimal;
  /** subscription, topup or overage. */
  balance_type: string;
  description: string;
  created_at: DateTime;
  /** The ID of the user; `null` for the system. */
  created_by: string | null;
  /** The total balance after this entry. */
  balance_after: Decimal;
};

export type TranslationFileRequest = {
  /** The file, of at most 50 MiB. */
  file: Blob;
  /** The language of the translations. (at most 20 characters) */
  language: string;
  /** `xliff`: XLIFF 1.2; `xliff2`: XLIFF 2.1; `po`: PO (gettext); `shopify_csv`: Shopify (CSV); `magento_csv`:
   * Magento (CSV); `wpml_csv`: WPML (CSV); `polylang_csv`: Polylang (CSV). */
  format: FormatEnum;
  /** The code of the store view for this language. Needed for `magento_csv` only. (at most 64 characters) */
  store_view?: string;
};

export type TranslationImportReply = {
  /** The job that saves the texts (202), or `null`. */
  job_id: string | null;
  /** The number of items whose texts were saved. */
  written: number;
  /** Rows of the file. */
  rows: number;
  /** Texts that are already saved, or have not changed since the export. */
  unchanged: number;
  /** Rows without a translation, or with an unfinished one that was skipped (`warnings`). */
  untranslated: number;
  /** Rows in another language. */
  other_language: number;
  /** Rows that could not be imported. */
  refused_count: number;
  /** The first 1,000 of them. */
  refused: Array<RefusedTranslation>;
  /** Rows with a translation that was skipped, and other warnings. */
  warning_count: number;
  /** The first 1,000 of them. */
  warnings: Array<TranslationWarning>;
};

/** One translation of a post. */
export type TranslationLink = {
  id: string;
  language: string;
  /** generating draft scheduled publishing published failed */
  status: string;
  title: string;
  /** Texts of the original that have changed since the translation was made. */
  outdated_fields: Array<string>;
  /** When someone last edited its text. */
  edited_at: DateTime | null;
  published_url: string | null;
};

export type TranslationMemoryDestroyQuery = {
  /** The language of the translations. (at most 20 characters) */
  language: string;
  /** The language of the originals. (at most 20 characters) */
  source_language: string;
};

export type TranslationMemoryExportQuery = {
  /** The language of the translations. (at most 20 characters) */
  language: string;
  /** The language of the originals. (at most 20 characters) */
  source_language: string;
};

export type TranslationWarning = {
  /** Of the file. */
  line: number;
  /** `unfinished`: the text is marked unfinished and has not changed since the export, or the file does not show
   * what was exported; `obsolete`: a PO file keeps it as an entry that is gone (`#~`); `doubtful_encoding` and
   * others. */
  code: string;
  reason: string;
};

export type TranslationsEstimate = {
  /** The maximum price of all of them together. */
  xct_max: string;
  per_language: Array<PlannedTranslation>;
  skipped: Array<SkippedLanguage>;
};

export type TranslationsReply = {
  /** The maximum price of all of them together. */
  xct_max: string;
  per_language: Array<PlannedTranslation>;
  skipped: Array<SkippedLanguage>;
  /** The job that generates them; `null` if there is nothing to generate. */
  job_id: string | null;
};

/** The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`. */
export type TranslationsRequestRequest = {
  /** The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the reply is 409
   * `max_xct_exceeded` with the quote. */
  max_xct?: Xct | null;
  /** The languages to translate into. Default: the languages the post already has translations in. (at most 30
   * entries) */
  languages?: Array<string> | null;
  /** Also regenerate translations that are up to date or have been edited. (false if not given) */
  redo?: boolean;
};

export type TruncateReply = {
  message: string;
  items_deleted: number;
  sources_deleted: number;
  status: string;
  /** The `removal` job that goes on deleting; null when all is gone. */
  job_id: string | null;
};

export type TypeEnum = "api_key.expiring" | "endpoint.disabled" | "invoice.issued" | "item.approved" | "item.rejected" | "item.texts_ready" | "job.finished" | "ping" | "post.published" | "sync.conflict" | "wallet.low";

export type UndoReply = {
  failed_count: number;
  /** `{item_id, external_id, reason, code, conflicts}`; for an undo also `restored`, the fields that were restored. */
  failed_items: Array<Record<string, unknown>>;
  job_id: string;
  status: string;
  /** Why the job failed. Only if it did. */
  error?: string;
  undone_count: number;
  /** `{language: {undone, failed, conflicts, refused}}` for each additional language. */
  languages: Record<string, unknown>;
};

export type UndoRequestRequest = {
  /** Also restore texts that were changed on the site since. (false if not given) */
  force?: boolean;
};

export type UnreadCountReply = {
  unread_count: number;
};

/** An item by itself. A list leaves out what takes a look into other tables for each row. */
export type UpdatedItem = {
  id: string;
  external_id: string;
  item_type: string;
  source_data: Record<string, unknown>;
  generated_content: GeneratedContent;
  /** 0 to 1, calculated from `generation_metadata.score_parts`. It is not the probability that the text is true. */
  confidence_score: number | null;
  status: string;
  ai_model_used: string;
  created_at: DateTime;
  /** Whether it belongs to a test project. */
  is_test: boolean;
  data_source_id: string | null;
  data_source_name: string | null;
  metadata: Record<string, unknown>;
  excluded_at: DateTime | null;
  /** With what the content was written, and what the checks found. `checks`: rows of `{id, passed (true, false or
   * na), detail, findings}`. A finding of `grounding` is `{text, kind, field, start, end, value, supported,
   * source_field, source_excerpt}`: a statement that the tables of the check know, with its place in the field's
   * visible text (code points) and in the source. Its `unknown` are `{text, field, start, end}` of claims that a
   * source in another language may state in words that no table has: to look at, no fault. A finding of `law` is a
   * sentence that may not be said where the shop sells: `{text, field, start, end, rule, version, severity (note,
   * warn or block), law, remedy, evidence, detail}`. It is no legal advice. Where a second model read the text a
   * check `verification` has a finding for each sentence, with `code` and `reason` besides. `score_parts`: rows of
   * `{id, name, value, weight}` that make the score. `reasons`: why it is flagged. `_messages`: `[template, values]`
   * of the texts beside it. */
  generation_metadata: Record<string, unknown>;
  /** For a variant: the ID of its product. */
  parent_id: string | null;
  /** Magento only: the store view these texts belong to. */
  store_view: string;
  /** Magento only, for a text in another language that was imported from a store view: the data of that store view's
   * row, in the same form as `source_data`. */
  view_data: Record<string, unknown> | null;
  /** Whether the checks found a claim that is not in the product data. `false` does not mean that everything is
   * true. */
  has_unsupported_claims: boolean;
  /** Fields whose text in the store has changed since this content was generated from it, and fields that state a
   * fact (a weight, a price) that has changed; for a translation, fields whose original has changed. */
  outdated_fields: Array<string>;
  /** The decision for each field's text: `approved`, `rejected`, or `kept` to keep the store's text. A new text
   * starts without a decision; `kept` stays. */
  decisions: Record<string, unknown>;
  /** The reason it was rejected. */
  reject_reason: string;
  /** The person who is to review it. */
  assignee_id: string | null;
  updated_at: DateTime;
  /** Increases with each change. It is the `ETag` of this resource, for use in `If-Match`. */
  version: number;
  /** For a text in another language: its language code. Empty for an item. */
  language: string;
  /** For a text in another language: the ID of its item, whose data it uses. */
  main_item_id: string | null;
  /** For an item: its texts in other languages, `{fr: {item_id, status, outdated_fields, origin}}`. `origin` is
   * `merchant` if the store has a translation and we have generated none, otherwise `ours`. */
  languages: Record<string, unknown>;
  /** What is to be done next. `conflict`: its text was changed in the store since the last sync, choose one.
   * `not_in_store`: the store does not have the item, import again or exclude it. `needs_facts`: it waits for a
   * review, and makes claims that are not in the product data. `needs_decision`: it waits for a review. `ready`:
   * approved, to be sent to the store. `needs_text`: to be generated, or again after a rejection or a change of its
   * facts. `in_store`: nothing. `null` for an excluded item, and for a variant that uses its product's text. */
  readiness: string | null;
  /** `{field, code, detail}` of what was not kept of the content in the request. `removed`: elements that a text
   * can't have. `shortened`: a text that was longer than the field. `fewer_entries`: a list with too many entries.
   * `unknown_field`: a key that is of no field. */
  warnings: Array<Record<string, unknown>>;
};

export type UpdatedPost = {
  id: string;
  title: string;
  /** generating draft scheduled publishing published failed */
  status: string;
  post_type: string;
  topic: string;
  featured_image_url: string | null;
  wp_post_id: number | null;
  store_connection_id: string | null;
  external_post_id: string | null;
  published_url: string | null;
  published_at: DateTime | null;
  scheduled_at: DateTime | null;
  created_at: DateTime;
  updated_at: DateTime;
  language: string;
  /** For a translation: the ID of the original post. */
  original_id: string | null;
  /** Increases with each change. It is the `ETag` of this resource, for use in `If-Match`. */
  version: number;
  project_id: string;
  organization_id: string;
  content: string;
  excerpt: string;
  slug: string;
  seo_meta: Record<string, unknown>;
  wp_category_ids: Array<number>;
  blog_connection_id: string | null;
  external_blog_id: string | null;
  source_item_ids: Array<string>;
  product_links: Record<string, unknown>;
  ai_settings: Record<string, unknown>;
  template_id: string | null;
  /** `words reading_minutes seo_score xct_used unpublished_changes flagged reasons`. */
  analytics: Record<string, unknown>;
  job_id: string | null;
  /** The post's translations, by language. */
  translations: Array<TranslationLink>;
  /** For a translation: texts of the original that have changed since. */
  outdated_fields: Array<string>;
  /** For a translation: when someone last edited its text. */
  edited_at: DateTime | null;
  tags: Array<string>;
  /** schema.org JSON-LD of the post. */
  structured_data: Record<string, unknown>;
  /** The conflicts that stopped the last publish: texts that were changed on the site. */
  conflicts: Array<PostConflict>;
  /** The results of the checks, and how the text was generated. `removed_elements` names the HTML elements of the
   * last edit that a post can't have, so that they were not saved. */
  generation_metadata: Record<string, unknown>;
  /** Parts of the post that the site did not accept at the last publish, with the reason: `featured_image`,
   * `seo_title`, `seo_description`, `focus_keyword`, `categories`, `tags`. */
  skipped_fields: Record<string, unknown>;
  /** The reason the last generation or publish failed; otherwise empty. */
  last_error: string;
  /** `{field, code, detail}` of what was not kept of the texts in the request. `removed`: elements that a post can't
   * have. */
  warnings: Array<Record<string, unknown>>;
};

export type UpgradeInvoiceRequestRequest = {
  /** (at most 20 characters) */
  tier: string;
  /** ("monthly" if not given) */
  billing_period?: BillingPeriodEnum;
};

export type UsageListQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** Up to and with this day (or time). (at most 40 characters) */
  end_date?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
  /** From this day (or time) on, in ISO 8601 and UTC. (at most 40 characters) */
  start_date?: string;
};

export type UsageReply = {
  id: string;
  /** Work of a test key. */
  is_test: boolean;
  ai_provider: string;
  ai_model: string;
  content_type: string;
  input_tokens: number;
  output_tokens: number;
  /** Part of the input that came from the provider's cache. */
  cached_tokens: number;
  /** Part of the input that went into the provider's cache. */
  cache_write_tokens: number;
  /** XCT. */
  credits_used: number;
  /** USD by the model's list price. */
  cost_estimate: number;
  outcome: string;
  /** Whether the token counts are estimates, because the provider returned none. */
  estimated: boolean;
  tier: string;
  job_id: string | null;
  project_id: string | null;
  item_id: string | null;
  created_at: DateTime;
};

export type UsageSummaryQuery = {
  /** (1 to 365; 30 if not given) */
  days?: number;
};

export type UsageSummaryReply = {
  total_input_tokens: number;
  total_output_tokens: number;
  total_cost: number;
  /** provider → requests, input_tokens, output_tokens, cost, credits_used. */
  by_provider: Record<string, unknown>;
  /** content type → the same. */
  by_content_type: Record<string, unknown>;
};

/** The role of a person, with its languages and projects. */
export type UserCreateRequest = {
  role?: RoleEnum;
  /** The languages whose texts the person reviews. A translator edits and approves no others. (at most 100 entries) */
  languages?: Array<string> | null;
  /** The projects that the person sees. Empty: all. (at most 100 entries) */
  project_ids?: Array<string> | null;
  /** (at most 254 characters) */
  email: string;
  /** (at most 256 characters) */
  password: string;
};

export type UserReply = {
  id: string;
  email: string;
  first_name: string;
  last_name: string;
  phone_number: string;
  /** `admin`, `member`, `reviewer`, `translator` or `viewer`. */
  role: string;
  is_active: boolean;
  email_verified: boolean;
  is_super_admin: boolean;
  two_factor_enabled: boolean;
  two_factor_method: string | null;
  oauth_provider: string | null;
  email_preferences: EmailPreferencesReply;
  created_at: DateTime;
  last_login_at: DateTime | null;
  organization: OrganizationReply;
  /** A new email address that has not been verified yet. */
  pending_email: string | null;
  two_factor_suspended: boolean;
  /** The languages whose texts the person reviews. A translator edits and approves no others. */
  languages: Array<string>;
  /** The projects that the person sees. Empty: all. */
  project_ids: Array<string>;
};

export type UsersIdentitiesQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type UsersListQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type VerificationReply = {
  kind: KindEnum;
  /** Who generated and approved it is in its `provenance`. */
  id: string;
  project_id: string;
  language: string;
  /** Whether the current texts here are approved. */
  approved: boolean;
  url: string;
  /** Whether the page and the store show our texts. */
  matches: boolean;
  /** Whether the words are the same, ignoring quotes, dashes and spaces, which stores may change. */
  page: Array<PageText>;
  /** Whether the store's API returns exactly the text of our last sync. */
  shop: Array<ShopText>;
  /** Why the store's API could not be read. */
  shop_refused: string;
};

export type VerificationRequestRequest = {
  /** The public URL of a product, page or post. (at most 2048 characters) */
  url: string;
};

export type VerifyReply = {
  job_id: string;
  status: string;
};

export type VersionReply = {
  id: string;
  /** The reason it had been rejected. */
  reject_reason: string;
  generated_content: GeneratedContent;
  /** When it was replaced. */
  created_at: DateTime;
  /** The email address of the person who replaced it; `null` for a job. */
  created_by: string | null;
  /** `regenerated`, `edited`, `restored` or `undone`. */
  reason: string;
};

export type WarningsReply = {
  /** `{item_id, external_id, field, reason}` of each text that could not be restored later; for a translation also
   * `language` and `main_item_id`. With `elements` it could be restored, but has elements or shortcodes that ours
   * lacks, such as a form, a script or an image. */
  warnings: Array<Record<string, unknown>>;
  /** `{field, reason, items}` of texts that the store has no field for, for example SEO texts without an SEO plugin.
   * They are skipped. */
  no_place: Array<Record<string, unknown>>;
};

export type WebhookReply = {
  received: boolean;
};

export type WebhooksDeliveriesQuery = {
  /** The ID of the last delivery you have seen. (at most 64 characters) */
  after?: string;
  /** (at most 64 characters) */
  endpoint_id?: string;
  /** (at most 64 characters) */
  event_id?: string;
  /** (1 to 200; 50 if not given) */
  limit?: number;
  state?: "pending" | "delivered" | "failed";
};

export type WebhooksListQuery = {
  /** The start of the page, from the previous page's `Link` header. (at most 2000 characters) */
  cursor?: string;
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
  /** Rows in this page. (1 to 1000) */
  limit?: number;
  /** Rows before this page. */
  offset?: number;
};

export type WebhooksRetrieveDeliveryQuery = {
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
};

export type WebhooksRetrieveQuery = {
  /** The fields to return, comma-separated: `id,status`. Default: all. (at most 2000 characters) */
  fields?: string;
};

export type WordChange = {
  ours: string;
  page: string;
};

export type WpStatusEnum = "publish" | "draft" | "pending" | "private";
