/** The operations of the API, by resource. Made of the OpenAPI document by `make clients`. */

import type { Client, Keyed, Options, Versioned, Waiting } from "./client.js";
import { segment } from "./core.js";
import type * as schemas from "./schemas.js";
import type { JobEvent } from "./streams.js";

export class ApiKeys {
  constructor(private readonly client: Client) {}

  /** Create API key. Returns the key; it is shown only this once. The key acts as you, limited to the operations
   * that `scopes` allow. Without `scopes` it can use only the plugin operations. `items:approve` and `posts:publish`
   * are never granted by default. With `project_ids` the key sees only these projects, and 404 for everything in
   * others. */
  create(body: schemas.ApiKeyCreateRequest, options: Options & Keyed = {}): Promise<schemas.ApiKeyCreated> {
    return this.client.call("POST", "api-keys", { body, ...options });
  }

  /** Deactivate API key, for admins. */
  deactivate(keyId: string, options: Options = {}): Promise<schemas.ApiKeyReply> {
    return this.client.call("PATCH", `api-keys/${segment(keyId)}/deactivate`, { ...options });
  }

  /** Delete API key, for admins. */
  delete(keyId: string, options: Options = {}): Promise<void> {
    return this.client.call("DELETE", `api-keys/${segment(keyId)}`, { ...options });
  }

  /** Get API key, for admins; an API key needs `api_keys:read`.
   * Scope `api_keys:read`. Not for test keys. */
  get(keyId: string, query: schemas.ApiKeysRetrieveQuery = {}, options: Options = {}): Promise<schemas.ApiKeyReply> {
    return this.client.call("GET", `api-keys/${segment(keyId)}`, { query, ...options });
  }

  /** Get usage of an API key, for admins; an API key needs `api_keys:read`.
   * Scope `api_keys:read`. Not for test keys. */
  keyUsage(keyId: string, options: Options = {}): Promise<schemas.KeyUsageReply> {
    return this.client.call("GET", `api-keys/${segment(keyId)}/usage`, { ...options });
  }

  /** List API keys, for admins; an API key needs `api_keys:read`.
   * Scope `api_keys:read`. Not for test keys. */
  list(query: schemas.ApiKeysListQuery = {}, options: Options = {}): AsyncGenerator<schemas.ApiKeyReply> {
    return this.client.pages("api-keys", query, undefined, options);
  }

  /** List requests of an API key. The requests made with this key in the last 14 days, newest first. Page with
   * `limit` and `offset`.
   * Scope `api_keys:read`. Not for test keys. */
  requests(
    keyId: string,
    query: schemas.ApiKeysRequestsQuery = {},
    options: Options = {},
  ): AsyncGenerator<schemas.ApiKeyRequestReply> {
    return this.client.pages(`api-keys/${segment(keyId)}/requests`, query, undefined, options);
  }

  /** Rotate API key. Creates a new key with the same scopes, mode, networks and cap, which acts as you. The old key
   * keeps working for `overlap_hours`. Errors: 409 `api_key_replaced` if the key was already rotated (even if its
   * replacement has been deleted), 409 `api_key_inactive`. */
  rotate(
    keyId: string,
    body: schemas.ApiKeyRotationRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.ApiKeyCreated> {
    return this.client.call("POST", `api-keys/${segment(keyId)}/rotate`, { body, ...options });
  }

  /** Change API key. Changes the key's name, expiry, allowed networks and monthly cap. `scopes`, `project_ids`,
   * `mode` and `is_active` can't be changed (400 `unchangeable`): create another key instead. The expiry of a
   * rotated key can't be changed either (409 `api_key_replaced`). */
  update(
    keyId: string,
    body: schemas.PatchedApiKeyChangeRequest = {},
    options: Options = {},
  ): Promise<schemas.ApiKeyReply> {
    return this.client.call("PATCH", `api-keys/${segment(keyId)}`, { body, ...options });
  }
}

export class Auth {
  constructor(private readonly client: Client) {}

  /** Sign in with Apple. Signs in or creates an account. With the Bearer token of a signed-in user, links the Apple
   * account to that user instead; this needs a sign-in within the last ten minutes, or the user's `password` (403
   * `recent_sign_in_required`). */
  apple(body: schemas.AppleRequestRequest, options: Options = {}): Promise<schemas.SignInReply> {
    return this.client.call("POST", "auth/apple", { body, ...options });
  }

  /** Replace the 2FA backup codes. Returns ten new backup codes in exchange for a valid code. The old codes stop
   * working. */
  backupCodes(body: schemas.CodeRequestRequest, options: Options = {}): Promise<schemas.BackupCodesReply> {
    return this.client.call("POST", "auth/2fa/backup-codes", { body, ...options });
  }

  /** Begin 2FA setup. Returns a secret and an otpauth URI for `totp`, or emails a code for `email`. Takes effect
   * when it is confirmed. Platform staff must have signed in within the last ten minutes, or send their password
   * (403 `recent_sign_in_required`). */
  begin(body: schemas.SetupRequestRequest, options: Options = {}): Promise<schemas.SetupReply> {
    return this.client.call("POST", "auth/2fa/setup", { body, ...options });
  }

  /** Confirm 2FA setup. Verifies a first code and returns ten one-use backup codes. */
  confirm(body: schemas.CodeRequestRequest, options: Options = {}): Promise<schemas.BackupCodesReply> {
    return this.client.call("POST", "auth/2fa/confirm", { body, ...options });
  }

  /** Confirm 2FA setup via temp token. Same as `2fa/confirm`. It also completes the pending sign-in and returns an
   * `access_token`. */
  confirmWithTemp(body: schemas.TempCodeRequestRequest, options: Options = {}): Promise<schemas.ConfirmedSignInReply> {
    return this.client.call("POST", "auth/2fa/confirm-with-temp", { body, ...options });
  }

  /** Disable two-factor authentication. Needs a valid code or backup code. Returns 403 if the organization requires
   * 2FA. */
  disable(body: schemas.CodeRequestRequest, options: Options = {}): Promise<schemas.MessageReply> {
    return this.client.call("POST", "auth/2fa/disable", { body, ...options });
  }

  /** Request password reset. Emails a reset link that is valid for one hour, if the address has an account. The
   * reply is the same whether or not it does. */
  forgotPassword(body: schemas.EmailRequestRequest, options: Options = {}): Promise<schemas.MessageReply> {
    return this.client.call("POST", "auth/forgot-password", { body, ...options });
  }

  /** Sign in with Google. Signs in or creates an account. With the Bearer token of a signed-in user, links the
   * Google account to that user instead; this needs a sign-in within the last ten minutes, or the user's `password`
   * (403 `recent_sign_in_required`). */
  google(body: schemas.GoogleRequestRequest = {}, options: Options = {}): Promise<schemas.SignInReply> {
    return this.client.call("POST", "auth/google", { body, ...options });
  }

  /** Authenticate user credentials. Returns an access token or, with two-factor authentication, a `temp_token` for
   * the second step. An unknown address and a wrong password give the same error. Store the `device_token` and send
   * it with the next sign-in: a known device is not slowed down while someone else tries passwords for the account. */
  login(body: schemas.LoginRequestRequest, options: Options = {}): Promise<schemas.SignInReply> {
    return this.client.call("POST", "auth/login", { body, ...options });
  }

  /** Logout (revoke current token). Ends the session of this token and invalidates all its tokens. */
  logout(options: Options = {}): Promise<schemas.MessageReply> {
    return this.client.call("POST", "auth/logout", { ...options });
  }

  /** Logout all sessions. Ends all sessions of the current user immediately, including this one. */
  logoutAll(options: Options = {}): Promise<schemas.MessageReply> {
    return this.client.call("POST", "auth/logout-all", { ...options });
  }

  /** Get a nonce for social sign-in. Returns a nonce that is valid for ten minutes. Pass it to Google or Apple, then
   * send it with the ID token, which can then be used only once. */
  nonce(options: Options = {}): Promise<schemas.NonceReply> {
    return this.client.call("POST", "auth/nonce", { ...options });
  }

  /** Refresh access token. Returns a new token for the same session, up to 30 days after the sign-in. The old token
   * expires 60 seconds later. */
  refresh(options: Options = {}): Promise<schemas.AccessTokenReply> {
    return this.client.call("POST", "auth/refresh", { ...options });
  }

  /** Self-service registration. Creates an organization on the Free plan with 50 XCT, and its first user as admin. */
  register(body: schemas.RegisterRequestRequest, options: Options = {}): Promise<schemas.RegisterReply> {
    return this.client.call("POST", "auth/register", { body, ...options });
  }

  /** Resend 2FA email code. Emails another code during the second step, at most once a minute. Returns 409 unless
   * the user's method is `email`. */
  resend(body: schemas.TempTokenRequestRequest, options: Options = {}): Promise<schemas.MessageReply> {
    return this.client.call("POST", "auth/resend-2fa", { body, ...options });
  }

  /** Resend verification email. Emails the verification link again, unless the address is already verified. */
  resendVerification(options: Options = {}): Promise<schemas.MessageReply> {
    return this.client.call("POST", "auth/resend-verification", { ...options });
  }

  /** Reset password with token. Sets a new password and ends all sessions. Each link works once; requesting a new
   * link or completing a reset invalidates older links. */
  resetPassword(body: schemas.ResetPasswordRequestRequest, options: Options = {}): Promise<schemas.MessageReply> {
    return this.client.call("POST", "auth/reset-password", { body, ...options });
  }

  /** Send 2FA disable code. Emails a code for `2fa/disable`, at most once a minute. Returns 409 unless the user's
   * method is `email`. */
  sendDisableCode(options: Options = {}): Promise<schemas.MessageReply> {
    return this.client.call("POST", "auth/2fa/send-disable-code", { ...options });
  }

  /** Begin 2FA setup via temp token. Same as `2fa/setup`, for a sign-in that returned `two_factor_setup_required`. */
  setupWithTemp(body: schemas.TempMethodRequestRequest, options: Options = {}): Promise<schemas.SetupReply> {
    return this.client.call("POST", "auth/2fa/setup-with-temp", { body, ...options });
  }

  /** Verify 2FA login code. Completes the second step of a sign-in with a TOTP, an emailed code or a backup code.
   * The `temp_token` can be used only once. */
  verify(body: schemas.TempCodeRequestRequest, options: Options = {}): Promise<schemas.SignInReply> {
    return this.client.call("POST", "auth/verify-2fa", { body, ...options });
  }

  /** Verify email address. Confirms the token from a verification email or a change of address. A used token returns
   * 400. */
  verifyEmail(query: schemas.AuthVerifyEmailQuery, options: Options = {}): Promise<schemas.MessageReply> {
    return this.client.call("GET", "auth/verify-email", { query, ...options });
  }
}

export class Billing {
  constructor(private readonly client: Client) {}

  /** Adjust XCT balance. Platform staff only. Increases or decreases the subscription balance or the top-up balance. */
  adjustment(
    body: schemas.AdjustmentRequestRequest,
    query: { organization_id?: string; } = {},
    options: Options & Keyed = {},
  ): Promise<schemas.TransactionReply> {
    return this.client.call("POST", "billing/adjustment", { body, query, ...options });
  }

  /** Get XCT balance. The organization's XCT: from the plan, from top-ups, reserved for running jobs, and available.
   * A test key gets its test XCT as `topup_balance`, and nothing of the live balance.
   * Scope `billing:read`. */
  balance(options: Options = {}): Promise<schemas.BalanceReply> {
    return this.client.call("GET", "billing/balance", { ...options });
  }

  /** Cancel subscription. Cancels the subscription at the end of the billing period. Access continues until then.
   * Scope `billing:write`. Not for test keys. */
  cancel(options: Options & Keyed = {}): Promise<schemas.CancelReply> {
    return this.client.call("POST", "billing/cancel-subscription", { ...options });
  }

  /** Cancel an unpaid invoice. Platform staff only. Cancels the invoice with a counter-invoice; its number stays in
   * use. Repeating the request returns the same reply. */
  cancelInvoice(
    invoiceId: string,
    body: schemas.CancelInvoiceRequestRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.InvoiceReply> {
    return this.client.call("POST", `billing/invoices/${segment(invoiceId)}/cancel`, { body, ...options });
  }

  /** Change subscription tier. Platform staff only. Moves an organization to a plan. With `allocate_immediately`,
   * the new allotment is granted immediately and the remaining XCT of the old plan expire. */
  changePlan(
    body: schemas.PatchedPlanChangeRequestRequest = {},
    query: { organization_id?: string; } = {},
    options: Options = {},
  ): Promise<schemas.BalanceReply> {
    return this.client.call("PATCH", "billing/subscription", { body, query, ...options });
  }

  /** Create subscription checkout. Creates a checkout for a new subscription. If there is an active subscription, an
   * upgrade takes effect immediately (`plan_changed`) and a downgrade at the end of the billing period
   * (`scheduled`). XCT are granted only when the payment is confirmed.
   * Scope `billing:write`. Not for test keys. */
  checkout(body: schemas.CheckoutRequestRequest, options: Options & Keyed = {}): Promise<schemas.CheckoutReply> {
    return this.client.call("POST", "billing/checkout", { body, ...options });
  }

  /** Confirm an invoice's payment. Platform staff only. Records that the transfer arrived and grants the plan or the
   * XCT once. Repeating the request returns the same reply. */
  confirmInvoice(invoiceId: string, options: Options & Keyed = {}): Promise<schemas.InvoiceReply> {
    return this.client.call("POST", `billing/invoices/${segment(invoiceId)}/confirm`, { ...options });
  }

  /** Download Dodo invoice PDF. Downloads the provider's invoice for one of the organization's payments. Not only
   * Dodo's: those of every provider that gives them.
   * Scope `billing:read`. Not for test keys. */
  dodoInvoice(paymentId: string, options: Options = {}): Promise<Response> {
    return this.client.download(`billing/invoices/dodo/${segment(paymentId)}/pdf`, {}, options);
  }

  /** Get subscription info. The plan, how it is paid, when the billing period ends, and what changes then.
   * Scope `billing:read`. Not for test keys. */
  get(query: schemas.BillingRetrieveQuery = {}, options: Options = {}): Promise<schemas.SubscriptionReply> {
    return this.client.call("GET", "billing/subscription", { query, ...options });
  }

  /** Download invoice PDF. The invoice in Serbian and English, with its QR code. Available to the organization and
   * to platform staff.
   * Scope `billing:read`. Not for test keys. */
  invoicePdf(invoiceId: string, options: Options = {}): Promise<Response> {
    return this.client.download(`billing/invoices/${segment(invoiceId)}/pdf`, {}, options);
  }

  /** List My Invoices. The organization's invoices, newest first. Credit notes are included on request.
   * Scope `billing:read`. Not for test keys. */
  invoices(query: schemas.BillingInvoicesQuery = {}, options: Options = {}): AsyncGenerator<schemas.InvoiceReply> {
    return this.client.pages("billing/invoices", query, undefined, options);
  }

  /** Create subscription checkout (legacy). Same as `POST /billing/checkout`.
   * Scope `billing:write`. Not for test keys. */
  legacyCheckout(body: schemas.CheckoutRequestRequest, options: Options & Keyed = {}): Promise<schemas.CheckoutReply> {
    return this.client.call("POST", "billing/paddle/checkout", { body, ...options });
  }

  /** Get customer portal URL (legacy). Same as `GET /billing/portal`. */
  legacyPortal(options: Options = {}): Promise<schemas.PortalReply> {
    return this.client.call("GET", "billing/paddle/portal", { ...options });
  }

  /** Get subscription info (legacy). Same as `GET /billing/subscription`, with older field names.
   * Scope `billing:read`. Not for test keys. */
  legacySubscription(options: Options = {}): Promise<schemas.PaddleSubscriptionReply> {
    return this.client.call("GET", "billing/paddle/subscription", { ...options });
  }

  /** Create top-up checkout (legacy). Same as `POST /billing/topup-checkout`.
   * Scope `billing:write`. Not for test keys. */
  legacyTopupCheckout(
    body: schemas.TopupCheckoutRequestRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.TopupCheckoutReply> {
    return this.client.call("POST", "billing/paddle/topup-checkout", { body, ...options });
  }

  /** List the plan's limits. The plan's limits and how much of each is used. A request that would exceed a limit
   * returns 409 `storage_full`, `items_full`, `projects_full` or `streams_full`.
   * Scope `billing:read`. Not for test keys. */
  limits(query: schemas.BillingLimitsQuery = {}, options: Options = {}): AsyncGenerator<schemas.LimitReply> {
    return this.client.pages("billing/limits", query, undefined, options);
  }

  /** List plans. The Free plan and the plans on sale, from lowest to highest. */
  list(query: schemas.BillingListQuery = {}, options: Options = {}): AsyncGenerator<schemas.PlanReply> {
    return this.client.pages("billing/plans", query, undefined, options);
  }

  /** List model tier pricing. The model tiers, their prices and the models in each.
   * Scope `billing:read`. Not for test keys. */
  modelTiers(options: Options = {}): Promise<schemas.ModelTiersReply> {
    return this.client.call("GET", "billing/model-tiers", { ...options });
  }

  /** Self-service XCT top-up. Creates an invoice for top-up packs, payable by bank transfer. The XCT are added when
   * the payment is confirmed.
   * Scope `billing:write`. Not for test keys. */
  orderPacks(body: schemas.TopupInvoiceRequestRequest, options: Options & Keyed = {}): Promise<schemas.InvoiceReply> {
    return this.client.call("POST", "billing/invoices/topup", { body, ...options });
  }

  /** Self-service plan upgrade. Creates an invoice for one month or one year of a plan, payable by bank transfer.
   * Not available while a card subscription is active. The plan starts when the payment is confirmed.
   * Scope `billing:write`. Not for test keys. */
  orderPlan(body: schemas.UpgradeInvoiceRequestRequest, options: Options & Keyed = {}): Promise<schemas.InvoiceReply> {
    return this.client.call("POST", "billing/invoices/upgrade", { body, ...options });
  }

  /** Get payment history. The organization's payments, newest first.
   * Scope `billing:read`. Not for test keys. */
  paymentHistory(
    query: schemas.BillingPaymentHistoryQuery = {},
    options: Options = {},
  ): AsyncGenerator<schemas.PaymentReply> {
    return this.client.pages("billing/payment-history", query, undefined, options);
  }

  /** Get customer portal URL. The URL where payment methods and receipts are managed. `null` if the organization
   * never paid by card. */
  portal(options: Options = {}): Promise<schemas.PortalReply> {
    return this.client.call("GET", "billing/portal", { ...options });
  }

  /** Reset billing cycle. Platform staff only. Starts a new billing cycle today: remaining XCT from the plan expire
   * and the full allotment is granted. Repeating it on the same day changes nothing. */
  resetCycle(query: schemas.BillingResetCycleQuery = {}, options: Options & Keyed = {}): Promise<schemas.BalanceReply> {
    return this.client.call("POST", "billing/reset-cycle", { query, ...options });
  }

  /** Set the test balance. Sets the test XCT of the organization's test keys, to rehearse a low or an empty balance.
   * A text or a post that a test key has written costs one.
   * Scope `billing:write`. */
  setTestBalance(body: schemas.TestBalanceChangeRequest, options: Options = {}): Promise<schemas.TestBalanceReply> {
    return this.client.call("PUT", "billing/test-balance", { body, ...options });
  }

  /** Update billing settings. `overage_enabled` can be set by the organization's admins, `token_rate_multiplier` by
   * platform staff.
   * Scope `billing:write`. Not for test keys. */
  settings(
    body: schemas.PatchedSettingsRequestRequest = {},
    query: { organization_id?: string; } = {},
    options: Options = {},
  ): Promise<schemas.BalanceReply> {
    return this.client.call("PATCH", "billing/settings", { body, query, ...options });
  }

  /** Add XCT top-up. Platform staff only. Adds top-up XCT, which don't expire. */
  topup(
    body: schemas.TopupRequestRequest,
    query: { organization_id?: string; } = {},
    options: Options & Keyed = {},
  ): Promise<schemas.TransactionReply> {
    return this.client.call("POST", "billing/topup", { body, query, ...options });
  }

  /** Create top-up checkout. Creates a checkout for packs of XCT, which don't expire.
   * Scope `billing:write`. Not for test keys. */
  topupCheckout(
    body: schemas.TopupCheckoutRequestRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.TopupCheckoutReply> {
    return this.client.call("POST", "billing/topup-checkout", { body, ...options });
  }

  /** List XCT transactions. The XCT transactions, newest first.
   * Scope `billing:read`. Not for test keys. */
  transactions(query: schemas.BillingTransactionsQuery = {}, options: Options = {}): Promise<schemas.TransactionPage> {
    return this.client.call("GET", "billing/transactions", { query, ...options });
  }

  /** Get billing usage summary. XCT used in the last `days`, by model tier and by AI provider. The totals match the
   * usage records that you can list.
   * Scope `billing:read`. Not for test keys. */
  usageSummary(query: schemas.BillingUsageSummaryQuery = {}, options: Options = {}): Promise<schemas.SpendingReply> {
    return this.client.call("GET", "billing/usage-summary", { query, ...options });
  }
}

export class Blog {
  constructor(private readonly client: Client) {}

  /** Blog analytics summary. Statistics of a project's blog.
   * Scope `posts:read`. */
  analytics(projectId: string, options: Options = {}): Promise<schemas.AnalyticsReply> {
    return this.client.call("GET", `projects/${segment(projectId)}/blog-posts/analytics`, { ...options });
  }

  /** Create blog post. Creates a post and starts generating it. `job_id` is the ID of the job; `status` is
   * `generating` until it ends.
   * Scope `posts:write`. */
  create(
    projectId: string,
    body: schemas.PostCreationRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.PostReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/blog-posts`, { body, ...options });
  }

  /** Delete blog post. Deletes the post and its images. Anything already published on a site stays there.
   * Scope `posts:write`. */
  delete(projectId: string, postId: string, options: Options & Versioned = {}): Promise<void> {
    return this.client.call("DELETE", `projects/${segment(projectId)}/blog-posts/${segment(postId)}`, { ...options });
  }

  /** Delete blog image. Deletes the image and all its files.
   * Scope `posts:write`. */
  deleteImage(projectId: string, postId: string, imageId: string, options: Options = {}): Promise<void> {
    return this.client.call("DELETE", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/images/${segment(imageId)}`, { ...options });
  }

  /** Change an image's alternative text, for members and admins; an API key needs `posts:write`.
   * Scope `posts:write`. */
  describeImage(
    projectId: string,
    postId: string,
    imageId: string,
    body: schemas.PatchedImageUpdateRequest = {},
    options: Options = {},
  ): Promise<schemas.ImageReply> {
    return this.client.call("PATCH", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/images/${segment(imageId)}`, { body, ...options });
  }

  /** Estimate: Create blog post. The price of the operation with this request body. Nothing is started or saved.
   * Scope `posts:read`. */
  estimateCreate(
    projectId: string,
    body: schemas.PostCreationRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.QuoteReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/blog-posts/estimate`, { body, ...options });
  }

  /** Estimate: Generate image with AI. The price of the operation with this request body. Nothing is started or
   * saved.
   * Scope `posts:read`. Not for test keys. */
  estimateGenerateImage(
    projectId: string,
    postId: string,
    body: schemas.ImageGenerationRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.QuoteReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/images/ai-generate/estimate`, { body, ...options });
  }

  /** Estimate: Regenerate blog post. The price of the operation with this request body. Nothing is started or saved.
   * Scope `posts:read`. */
  estimateRegenerate(
    projectId: string,
    postId: string,
    body: schemas.StartRequestRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.QuoteReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/regenerate/estimate`, { body, ...options });
  }

  /** Estimate: Suggest an image's alternative text. The price of the operation with this request body. Nothing is
   * started or saved.
   * Scope `posts:read`. Not for test keys. */
  estimateSuggestAltText(
    projectId: string,
    postId: string,
    imageId: string,
    body: schemas.StartRequestRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.QuoteReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/images/${segment(imageId)}/alt-text/estimate`, { body, ...options });
  }

  /** Estimate translations of a blog post. What the same request would generate and its maximum price, per language.
   * Nothing is saved.
   * Scope `posts:read`. */
  estimateTranslations(
    projectId: string,
    postId: string,
    body: schemas.TranslationsRequestRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.TranslationsEstimate> {
    return this.client.call("POST", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/translations/estimate`, { body, ...options });
  }

  /** Generate image with AI. Generates an image with OpenAI's current image model. `size`, `quality` and `style` are
   * mapped to the values the model supports. If it fails, nothing is saved or charged.
   * Scope `posts:write`. Not for test keys. */
  generateImage(
    projectId: string,
    postId: string,
    body: schemas.ImageGenerationRequest,
    options: Options & Waiting & Keyed = {},
  ): Promise<schemas.MadeImageReply | schemas.JobBegun> {
    return this.client.call("POST", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/images/ai-generate`, { body, ...options });
  }

  /** Get blog post, for everybody in the organization; an API key needs `posts:read`.
   * Scope `posts:read`. */
  get(
    projectId: string,
    postId: string,
    query: schemas.BlogRetrieveQuery = {},
    options: Options = {},
  ): Promise<schemas.PostReply> {
    return this.client.call("GET", `projects/${segment(projectId)}/blog-posts/${segment(postId)}`, { query, ...options });
  }

  /** Add image from stock photo. Starts a job that downloads a photo from https://images.pexels.com, re-encodes it
   * and adds it to the post with its credit.
   * Scope `posts:write`. Not for test keys. */
  imageFromStock(
    projectId: string,
    postId: string,
    body: schemas.StockImageRequest,
    options: Options & Waiting & Keyed = {},
  ): Promise<schemas.MadeImageReply | schemas.JobBegun> {
    return this.client.call("POST", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/images/from-stock`, { body, ...options });
  }

  /** List blog posts. The posts of a project, newest first. A translation is a separate post with `original_id`.
   * Scope `posts:read`. */
  list(
    projectId: string,
    query: schemas.BlogListQuery = {},
    options: Options = {},
  ): AsyncGenerator<schemas.PostListItem> {
    return this.client.pages(`projects/${segment(projectId)}/blog-posts`, query, undefined, options);
  }

  /** List blog post images, for everybody in the organization; an API key needs `posts:read`.
   * Scope `posts:read`. */
  listImages(
    projectId: string,
    postId: string,
    query: schemas.BlogListImagesQuery = {},
    options: Options = {},
  ): AsyncGenerator<schemas.ImageReply> {
    return this.client.pages(`projects/${segment(projectId)}/blog-posts/${segment(postId)}/images`, query, undefined, options);
  }

  /** List translations of a blog post. The post's translations, by language.
   * Scope `posts:read`. */
  listTranslations(projectId: string, postId: string, options: Options = {}): Promise<Array<schemas.TranslationLink>> {
    return this.client.call("GET", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/translations`, { ...options });
  }

  /** Show where a post's texts come from. The history of each text: AI model, prompt, settings, time and SHA-256;
   * who edited it and how much; who approved its publication and when. The history can't be changed. This is not
   * legal advice.
   * Scope `posts:read`. */
  provenance(projectId: string, postId: string, options: Options = {}): Promise<schemas.PostProvenance> {
    return this.client.call("GET", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/provenance`, { ...options });
  }

  /** Publish blog post to WordPress. Publishes the post with a blog connection (WordPress) or a store connection
   * (Shopify, WordPress): send exactly one. Waits up to 25 s; 202 with `status: publishing` means that publishing
   * continues in the background. Publishing again updates the same post: only what changed here since the last
   * publish is sent, the URL stays, and only tags and categories that we added are added or removed. If a text was
   * changed on the site since the last publish, returns 409 `post_changed` with `conflicts`: our text, the site's
   * text and the last published text of each field. `force` overwrites with our text; `resolve` chooses a side for
   * each field. A translation is linked to its original if the site has Polylang Pro, becomes a separate post on a
   * site with one language, and becomes a translation of the original article in Shopify. If the site can't accept
   * it, returns 409 (`translations_unsupported`, `original_not_published`, `shop_language_missing`,
   * `translation_exists`, `translation_changed`, ...) before anything is sent.
   * Scope `posts:publish`. Not for test keys. */
  publish(
    projectId: string,
    postId: string,
    body: schemas.PublishRequestRequest = {},
    options: Options & Versioned & Waiting & Keyed = {},
  ): Promise<schemas.PostReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/publish`, { body, ...options });
  }

  /** Regenerate blog post. Starts a job that regenerates the post. The current text stays until the new one replaces
   * it. A translation is generated again from its original.
   * Scope `posts:write`. */
  regenerate(
    projectId: string,
    postId: string,
    body: schemas.StartRequestRequest = {},
    options: Options & Versioned & Keyed = {},
  ): Promise<schemas.PostReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/regenerate`, { body, ...options });
  }

  /** Schedule blog post. Publishes the post within 60 s of `scheduled_at`. Scheduling again changes the time.
   * Scope `posts:publish`. Not for test keys. */
  schedule(
    projectId: string,
    postId: string,
    body: schemas.ScheduleRequestRequest,
    options: Options & Versioned & Keyed = {},
  ): Promise<schemas.PostReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/schedule`, { body, ...options });
  }

  /** Get SEO score. Scores SEO and readability with 24 deterministic checks. Fast enough to call while someone is
   * typing.
   * Scope `posts:read`. */
  seoScore(
    projectId: string,
    postId: string,
    query: schemas.BlogSeoScoreQuery = {},
    options: Options = {},
  ): Promise<schemas.ScoreReply> {
    return this.client.call("GET", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/seo-score`, { query, ...options });
  }

  /** Suggest an image's alternative text. Asks the post's AI model for an alternative text; a model with vision
   * looks at the image. Nothing is saved: set the text yourself if you like it.
   * Scope `posts:write`. Not for test keys. */
  suggestAltText(
    projectId: string,
    postId: string,
    imageId: string,
    body: schemas.StartRequestRequest = {},
    options: Options & Waiting & Keyed = {},
  ): Promise<schemas.AltTextReply | schemas.JobBegun> {
    return this.client.call("POST", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/images/${segment(imageId)}/alt-text`, { body, ...options });
  }

  /** Translate blog post. Starts a job that translates the post into other languages. Each translation is a separate
   * post with its own status, URL and schedule. Only missing and outdated translations are generated; edited ones
   * are kept unless `redo` is set. `sr-Latn` is transliterated from a Serbian post in Cyrillic and costs nothing.
   * Scope `posts:write`. */
  translate(
    projectId: string,
    postId: string,
    body: schemas.TranslationsRequestRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.TranslationsReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/translations`, { body, ...options });
  }

  /** Undo the last publish. Restores on the site exactly what the last publish replaced. A text that was changed on
   * the site since then is not touched: it is listed in `skipped_fields`, as is anything the site did not accept
   * unchanged; if nothing else is left to restore, returns 409 `post_changed` with the texts. `force` restores it
   * anyway, also with a later undo. A text that we can't read on the site now (SEO texts while our guard plugin is
   * not active) is not touched either and stays available: undo again when the site shows it. If only such texts are
   * left, returns 409 `not_restored` with the reason. The post here is not changed; publish again to send it again.
   * If there is nothing to restore, returns 409 `nothing_to_undo`.
   * Scope `posts:publish`. Not for test keys. */
  undo(
    projectId: string,
    postId: string,
    body: schemas.UndoRequestRequest = {},
    options: Options & Versioned & Waiting & Keyed = {},
  ): Promise<schemas.PostReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/publish/undo`, { body, ...options });
  }

  /** Unpublish blog post from WordPress. Changes the post back to a draft, here and on its site. A translation in
   * Shopify is removed from the article, as far as we wrote it.
   * Scope `posts:publish`. Not for test keys. */
  unpublish(
    projectId: string,
    postId: string,
    options: Options & Versioned & Waiting & Keyed = {},
  ): Promise<schemas.PostReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/unpublish`, { ...options });
  }

  /** Unschedule blog post. Cancels the schedule; the post is a draft again.
   * Scope `posts:publish`. Not for test keys. */
  unschedule(projectId: string, postId: string, options: Options & Versioned & Keyed = {}): Promise<schemas.PostReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/blog-posts/${segment(postId)}/unschedule`, { ...options });
  }

  /** Update blog post. Changes only the fields you send. `seo_meta` is merged by key. `status` can only be set to
   * `draft`, from `failed` or `scheduled`. HTML is sanitized. A scheduled post keeps its schedule; a published one
   * has `analytics.unpublished_changes` until it is published again.
   * Scope `posts:write`. */
  update(
    projectId: string,
    postId: string,
    body: schemas.PatchedPostUpdateRequest = {},
    options: Options & Versioned = {},
  ): Promise<schemas.UpdatedPost> {
    return this.client.call("PATCH", `projects/${segment(projectId)}/blog-posts/${segment(postId)}`, { body, ...options });
  }

  /** Upload image. Uploads a JPEG, PNG, WebP or GIF image of up to 15 MB and 50 megapixels. The type is detected
   * from the content; the image is re-encoded without metadata.
   * Scope `posts:write`. */
  uploadImage(
    projectId: string,
    postId: string,
    body: schemas.ImageUploadRequest,
    query: { alt_text?: string; } = {},
    options: Options & Keyed = {},
  ): Promise<schemas.ImageReply> {
    return this.client.form(`projects/${segment(projectId)}/blog-posts/${segment(postId)}/images/upload`, body, ["file"], { query, ...options });
  }
}

export class BlogConnections {
  constructor(private readonly client: Client) {}

  /** Get WordPress categories. The site's categories. Cached for one day; set `refresh` to read them again.
   * Scope `connections:read`. Not for test keys. */
  categories(
    connectionId: string,
    query: schemas.BlogConnectionsCategoriesQuery = {},
    options: Options = {},
  ): AsyncGenerator<schemas.CategoryReply> {
    return this.client.pages(`blog-connections/${segment(connectionId)}/categories`, query, undefined, options);
  }

  /** Create blog connection. Connects a WordPress site with a user's application password. The password is stored
   * encrypted and never shown again.
   * Scope `connections:write`. Not for test keys. */
  create(
    body: schemas.BlogConnectionCreationRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.BlogConnectionReply> {
    return this.client.call("POST", "blog-connections", { body, ...options });
  }

  /** Delete blog connection. Returns 409 while posts are scheduled with this connection.
   * Scope `connections:write`. Not for test keys. */
  delete(connectionId: string, options: Options = {}): Promise<void> {
    return this.client.call("DELETE", `blog-connections/${segment(connectionId)}`, { ...options });
  }

  /** Get blog connection, for everybody in the organization; an API key needs `connections:read`.
   * Scope `connections:read`. Not for test keys. */
  get(
    connectionId: string,
    query: schemas.BlogConnectionsRetrieveQuery = {},
    options: Options = {},
  ): Promise<schemas.BlogConnectionReply> {
    return this.client.call("GET", `blog-connections/${segment(connectionId)}`, { query, ...options });
  }

  /** List blog connections, for everybody in the organization; an API key needs `connections:read`.
   * Scope `connections:read`. Not for test keys. */
  list(
    query: schemas.BlogConnectionsListQuery = {},
    options: Options = {},
  ): AsyncGenerator<schemas.BlogConnectionReply> {
    return this.client.pages("blog-connections", query, undefined, options);
  }

  /** List Shopify blogs. The blogs of a connected Shopify store, read live from Shopify.
   * Scope `connections:read`. Not for test keys. */
  shopifyBlogs(
    connectionId: string,
    query: schemas.BlogConnectionsShopifyBlogsQuery = {},
    options: Options = {},
  ): AsyncGenerator<schemas.ShopifyBlogReply> {
    return this.client.pages(`blog-connections/shopify/${segment(connectionId)}/blogs`, query, undefined, options);
  }

  /** Test blog connection. Signs in to the site. If that fails, the reply has `success: false` and the reason.
   * Scope `connections:write`. Not for test keys. */
  test(connectionId: string, options: Options & Keyed = {}): Promise<schemas.BlogConnectionTest> {
    return this.client.call("POST", `blog-connections/${segment(connectionId)}/test`, { ...options });
  }

  /** Update blog connection. Changing the host in `site_url` erases the stored credentials unless you send new ones.
   * Scope `connections:write`. Not for test keys. */
  update(
    connectionId: string,
    body: schemas.PatchedBlogConnectionUpdateRequest = {},
    options: Options = {},
  ): Promise<schemas.BlogConnectionReply> {
    return this.client.call("PATCH", `blog-connections/${segment(connectionId)}`, { body, ...options });
  }
}

export class BlogTemplates {
  constructor(private readonly client: Client) {}

  /** Create blog template. Setting a new default template replaces the old default.
   * Scope `posts:write`. Not for test keys. */
  create(body: schemas.TemplateCreationRequest, options: Options & Keyed = {}): Promise<schemas.TemplateReply> {
    return this.client.call("POST", "blog-templates", { body, ...options });
  }

  /** Delete blog template. Posts created with the template are not changed.
   * Scope `posts:write`. Not for test keys. */
  delete(templateId: string, options: Options = {}): Promise<void> {
    return this.client.call("DELETE", `blog-templates/${segment(templateId)}`, { ...options });
  }

  /** Get blog template, for everybody in the organization; an API key needs `posts:read`.
   * Scope `posts:read`. */
  get(
    templateId: string,
    query: schemas.BlogTemplatesRetrieveQuery = {},
    options: Options = {},
  ): Promise<schemas.TemplateReply> {
    return this.client.call("GET", `blog-templates/${segment(templateId)}`, { query, ...options });
  }

  /** List blog templates, for everybody in the organization; an API key needs `posts:read`.
   * Scope `posts:read`. */
  list(query: schemas.BlogTemplatesListQuery = {}, options: Options = {}): AsyncGenerator<schemas.TemplateReply> {
    return this.client.pages("blog-templates", query, undefined, options);
  }

  /** Update blog template, for members and admins; an API key needs `posts:write`.
   * Scope `posts:write`. Not for test keys. */
  update(
    templateId: string,
    body: schemas.PatchedTemplateUpdateRequest = {},
    options: Options = {},
  ): Promise<schemas.TemplateReply> {
    return this.client.call("PATCH", `blog-templates/${segment(templateId)}`, { body, ...options });
  }
}

export class Chatbot {
  constructor(private readonly client: Client) {}

  /** Chatwoot Webhook. Receives events for the account bot. Verified by `X-Chatwoot-Signature` over `timestamp.body`
   * if a secret is set, otherwise by `?token=`. Replies immediately and processes the event afterwards. */
  account(options: Options = {}): Promise<schemas.ChatReply> {
    return this.client.call("POST", "chatbot/webhook", { ...options });
  }

  /** Chatwoot Email Webhook. Receives events for the email bot, which adds an AI notice to its replies and has no
   * account tools. */
  email(options: Options = {}): Promise<schemas.ChatReply> {
    return this.client.call("POST", "chatbot/email-webhook", { ...options });
  }

  /** Chatwoot Xtracode Webhook. Receives events for the THE XTRACODE bot, which answers from its own knowledge base. */
  xtracode(options: Options = {}): Promise<schemas.ChatReply> {
    return this.client.call("POST", "chatbot/xtracode-webhook", { ...options });
  }
}

export class ContentProfiles {
  constructor(private readonly client: Client) {}

  /** Create Profile, for members and admins; an API key needs `profiles:write`.
   * Scope `profiles:write`. Not for test keys. */
  create(body: schemas.ProfileCreationRequest, options: Options & Keyed = {}): Promise<schemas.ProfileReply> {
    return this.client.call("POST", "content-profiles", { body, ...options });
  }

  /** Delete Profile. Projects that use the profile continue with their own settings.
   * Scope `profiles:write`. Not for test keys. */
  delete(profileId: string, options: Options & Versioned = {}): Promise<void> {
    return this.client.call("DELETE", `content-profiles/${segment(profileId)}`, { ...options });
  }

  /** Get Profile, for everybody in the organization; an API key needs `profiles:read`.
   * Scope `profiles:read`. */
  get(
    profileId: string,
    query: schemas.ContentProfilesRetrieveQuery = {},
    options: Options = {},
  ): Promise<schemas.ProfileReply> {
    return this.client.call("GET", `content-profiles/${segment(profileId)}`, { query, ...options });
  }

  /** List Profiles, for everybody in the organization; an API key needs `profiles:read`.
   * Scope `profiles:read`. */
  list(query: schemas.ContentProfilesListQuery = {}, options: Options = {}): AsyncGenerator<schemas.ProfileReply> {
    return this.client.pages("content-profiles", query, undefined, options);
  }

  /** Set Default Profile. New projects use this profile.
   * Scope `profiles:write`. Not for test keys. */
  setDefault(profileId: string, options: Options = {}): Promise<schemas.ProfileReply> {
    return this.client.call("PUT", `content-profiles/${segment(profileId)}/set-default`, { ...options });
  }

  /** Update Profile. Changes only the fields you send. `null` removes a setting.
   * Scope `profiles:write`. Not for test keys. */
  update(
    profileId: string,
    body: schemas.ProfileUpdateRequest = {},
    options: Options & Versioned = {},
  ): Promise<schemas.ProfileReply> {
    return this.client.call("PUT", `content-profiles/${segment(profileId)}`, { body, ...options });
  }
}

export class DodoWebhooks {
  constructor(private readonly client: Client) {}

  /** Handle Dodo Webhook. Receives events from Dodo Payments, verified by Standard Webhooks signatures. Each event
   * is stored and applied once. */
  dodo(options: Options = {}): Promise<schemas.WebhookReply> {
    return this.client.call("POST", "webhooks/dodo", { ...options });
  }
}

export class EventLog {
  constructor(private readonly client: Client) {}

  /** Read the log of events. The organization's events after the cursor `after`, in the order in which they
   * happened. New events are always added at the end. Events are kept for 30 days; an older cursor returns 410
   * `cursor_gone`.
   * Scope `events:read`. */
  since(query: schemas.EventsSinceQuery = {}, options: Options = {}): Promise<schemas.EventsReply> {
    return this.client.call("GET", "events", { query, ...options });
  }

  /** List event types, for everybody in the organization; an API key needs `events:read`.
   * Scope `events:read`. */
  types(query: schemas.EventsTypesQuery = {}, options: Options = {}): AsyncGenerator<schemas.EventTypeReply> {
    return this.client.pages("webhooks/event-types", query, undefined, options);
  }
}

export class Evidence {
  constructor(private readonly client: Client) {}

  /** File evidence. Until the end of its last day, sentences with one of its `claims` are not a finding of its
   * `rule`. After that, texts that rely on it are flagged again. */
  create(body: schemas.EvidenceCreationRequest, options: Options & Keyed = {}): Promise<schemas.EvidenceReply> {
    return this.client.form("evidence", body, ["file"], { ...options });
  }

  /** Remove evidence. Deletes the evidence. Texts that rely on it are flagged again. */
  delete(evidenceId: string, options: Options = {}): Promise<void> {
    return this.client.call("DELETE", `evidence/${segment(evidenceId)}`, { ...options });
  }

  /** List evidence on file. Evidence, such as certificates, that allows claims which a legal rule otherwise forbids.
   * This is not legal advice. */
  list(query: schemas.EvidenceListQuery = {}, options: Options = {}): AsyncGenerator<schemas.EvidenceReply> {
    return this.client.pages("evidence", query, undefined, options);
  }
}

export class Files {
  constructor(private readonly client: Client) {}

  /** Serve a stored file. Images are public and can be cached indefinitely. Other files need credentials of the
   * organization that owns them. Supports `Range`, `HEAD` and `If-None-Match` (RFC 9110). */
  get(s3Key: string, options: Options = {}): Promise<Response> {
    return this.client.download(`files/${segment(s3Key)}`, {}, options);
  }
}

export class Gdpr {
  constructor(private readonly client: Client) {}

  /** Cancel Account Deletion. Returns 409 if no deletion is scheduled. */
  cancelDeletion(options: Options & Keyed = {}): Promise<schemas.MessageReply> {
    return this.client.call("POST", "gdpr/cancel-deletion", { ...options });
  }

  /** Request Data Export. Starts a job that creates a ZIP file with all the organization's data. Admins can download
   * it from the job's `result.download_url` for seven days. */
  export(options: Options & Keyed = {}): Promise<schemas.ExportReply> {
    return this.client.call("POST", "gdpr/export", { ...options });
  }

  /** Request Account Deletion. Schedules the deletion of all data in 14 days. Generation, purchases and renewals
   * stop immediately. Needs the password (a wrong one returns 403) or, for accounts without a password, a sign-in
   * within the last ten minutes. */
  requestDeletion(
    body: schemas.DeletionRequestRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.DeletionReply> {
    return this.client.call("POST", "gdpr/request-deletion", { body, ...options });
  }

  /** Get Gdpr Status, for everybody in the organization. */
  status(options: Options = {}): Promise<schemas.GdprStatusReply> {
    return this.client.call("GET", "gdpr/status", { ...options });
  }
}

export class Generation {
  constructor(private readonly client: Client) {}

  /** Estimate a generation. The price of `generate` with this request body, and the balance afterwards. Nothing is
   * generated. The charge never exceeds `xct_max`.
   * Scope `generation:read`. */
  estimate(
    projectId: string,
    body: schemas.GenerationRequestRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.EstimateReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/generate/estimate`, { body, ...options });
  }

  /** Estimate: Regenerate all project content. The price of the operation with this request body. Nothing is started
   * or saved.
   * Scope `generation:read`. */
  estimateRegenerate(
    projectId: string,
    body: schemas.GenerationRequestRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.QuoteReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/regenerate/estimate`, { body, ...options });
  }

  /** Estimate: Regenerate rejected items only. The price of the operation with this request body. Nothing is started
   * or saved.
   * Scope `generation:read`. */
  estimateRegenerateRejected(
    projectId: string,
    body: schemas.GenerationRequestRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.QuoteReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/regenerate-rejected/estimate`, { body, ...options });
  }

  /** Generate content for items. Generates texts for all pending items, or for the given ones, and waits up to 30 s.
   * 202 means that the job continues in the background.
   * Scope `generation:write`. */
  generate(
    projectId: string,
    body: schemas.GenerationRequestRequest = {},
    options: Options & Waiting & Keyed = {},
  ): Promise<schemas.GenerationReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/generate`, { body, ...options });
  }

  /** Stream content generation progress. Same as `generate`, streamed as events. The job continues if the connection
   * drops; reconnect with `GET /jobs/{job_id}/stream`.
   * Scope `generation:write`. */
  generateStream(
    projectId: string,
    body: schemas.GenerationRequestRequest = {},
    options: Options & Keyed = {},
  ): AsyncGenerator<JobEvent> {
    return this.client.stream("POST", `projects/${segment(projectId)}/generate/stream`, { body, ...options });
  }

  /** Regenerate all project content. Sets all included items to pending and regenerates them. The current content
   * stays until the new one replaces it.
   * Scope `generation:write`. */
  regenerate(
    projectId: string,
    body: schemas.GenerationRequestRequest = {},
    options: Options & Waiting & Keyed = {},
  ): Promise<schemas.GenerationReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/regenerate`, { body, ...options });
  }

  /** Regenerate rejected items only. Sets the rejected items to pending and regenerates them.
   * Scope `generation:write`. */
  regenerateRejected(
    projectId: string,
    body: schemas.GenerationRequestRequest = {},
    options: Options & Waiting & Keyed = {},
  ): Promise<schemas.GenerationReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/regenerate-rejected`, { body, ...options });
  }

  /** Stream rejected items regeneration. Same as `regenerate-rejected`, streamed as events.
   * Scope `generation:write`. */
  regenerateRejectedStream(
    projectId: string,
    body: schemas.GenerationRequestRequest = {},
    options: Options & Keyed = {},
  ): AsyncGenerator<JobEvent> {
    return this.client.stream("POST", `projects/${segment(projectId)}/regenerate-rejected/stream`, { body, ...options });
  }

  /** Stream full regeneration progress. Same as `regenerate`, streamed as events.
   * Scope `generation:write`. */
  regenerateStream(
    projectId: string,
    body: schemas.GenerationRequestRequest = {},
    options: Options & Keyed = {},
  ): AsyncGenerator<JobEvent> {
    return this.client.stream("POST", `projects/${segment(projectId)}/regenerate/stream`, { body, ...options });
  }
}

export class Glossary {
  constructor(private readonly client: Client) {}

  /** Add Term, for members and admins; an API key needs `glossary:write`.
   * Scope `glossary:write`. Not for test keys. */
  create(body: schemas.TermCreationRequest, options: Options & Keyed = {}): Promise<schemas.TermReply> {
    return this.client.call("POST", "glossary", { body, ...options });
  }

  /** Delete Term, for members and admins; an API key needs `glossary:write`.
   * Scope `glossary:write`. Not for test keys. */
  delete(termId: string, options: Options & Versioned = {}): Promise<void> {
    return this.client.call("DELETE", `glossary/${segment(termId)}`, { ...options });
  }

  /** Export Glossary. A CSV file with one row per term and, for each language, the word, other forms, forbidden
   * words and note. It can be imported again.
   * Scope `glossary:read`. Not for test keys. */
  export(query: schemas.GlossaryExportQuery = {}, options: Options = {}): Promise<Response> {
    return this.client.download("glossary/export", query, options);
  }

  /** Get Term, for everybody in the organization; an API key needs `glossary:read`.
   * Scope `glossary:read`. Not for test keys. */
  get(termId: string, query: schemas.GlossaryRetrieveQuery = {}, options: Options = {}): Promise<schemas.TermReply> {
    return this.client.call("GET", `glossary/${segment(termId)}`, { query, ...options });
  }

  /** List Terms, for everybody in the organization; an API key needs `glossary:read`.
   * Scope `glossary:read`. Not for test keys. */
  list(query: schemas.GlossaryListQuery = {}, options: Options = {}): AsyncGenerator<schemas.TermReply> {
    return this.client.pages("glossary", query, undefined, options);
  }

  /** Import Glossary. Adds the terms of a CSV file. Existing terms are updated in the languages that a row fills in,
   * and only in what the file has columns for. Rows that can't be read are listed with their line numbers.
   * Scope `glossary:write`. Not for test keys. */
  load(body: schemas.GlossaryFileRequest, options: Options & Keyed = {}): Promise<schemas.GlossaryImportReply> {
    return this.client.form("glossary/import", body, ["file"], { ...options });
  }

  /** Update Term. Changes only the fields you send. Set a language in `targets` to `null` to remove it.
   * Scope `glossary:write`. Not for test keys. */
  update(
    termId: string,
    body: schemas.PatchedTermUpdateRequest = {},
    options: Options & Versioned = {},
  ): Promise<schemas.TermReply> {
    return this.client.call("PATCH", `glossary/${segment(termId)}`, { body, ...options });
  }
}

export class Invitations {
  constructor(private readonly client: Client) {}

  /** Accept invitation. Creates the invited user with a verified address and signs them in. An expired, used or
   * revoked token returns 409. */
  accept(body: schemas.InvitationAcceptRequest, options: Options = {}): Promise<schemas.InvitationAccepted> {
    return this.client.call("POST", "invitations/accept", { body, ...options });
  }

  /** Create invitation. Emails a link that is valid for seven days. Returns 409 if the address already has an
   * account or a pending invitation. The caller's own address must be verified (403 `email_not_verified`). */
  create(body: schemas.InvitationCreateRequest, options: Options & Keyed = {}): Promise<schemas.InvitationReply> {
    return this.client.call("POST", "invitations", { body, ...options });
  }

  /** List invitations, for admins; an API key needs `organization:read`.
   * Scope `organization:read`. Not for test keys. */
  list(query: schemas.InvitationsListQuery = {}, options: Options = {}): AsyncGenerator<schemas.InvitationReply> {
    return this.client.pages("invitations", query, undefined, options);
  }

  /** Resend invitation email. Sends a new link that is valid for seven days; the previous link stops working.
   * Returns 409 unless the invitation is pending, 403 if the caller's own address is not verified, and 429
   * `too_many_mails` if the mailbox has received too many invitations today. */
  resend(invitationId: string, options: Options & Keyed = {}): Promise<schemas.InvitationReply> {
    return this.client.call("POST", `invitations/${segment(invitationId)}/resend`, { ...options });
  }

  /** Revoke invitation. Returns 409 unless the invitation is pending. */
  revoke(invitationId: string, options: Options & Keyed = {}): Promise<schemas.InvitationReply> {
    return this.client.call("POST", `invitations/${segment(invitationId)}/revoke`, { ...options });
  }

  /** Validate invitation token. An expired, used or revoked token returns `is_valid: false` with empty fields. */
  validate(query: schemas.InvitationsValidateQuery, options: Options = {}): Promise<schemas.InvitationValidity> {
    return this.client.call("GET", "invitations/validate", { query, ...options });
  }
}

export class Items {
  constructor(private readonly client: Client) {}

  /** Batch update item statuses. Changes all items or none. An unknown ID returns 404 and a status that does not
   * allow the change returns 409; both list the IDs.
   * Scope `items:write`. */
  batch(
    projectId: string,
    body: schemas.PatchedBatchUpdateRequest = {},
    options: Options = {},
  ): Promise<Array<schemas.ItemReply>> {
    return this.client.call("PATCH", `projects/${segment(projectId)}/items/batch`, { body, ...options });
  }

  /** Comment on an item. The comment is visible to the organization only; it is never sent to a store or an AI
   * model.
   * Scope `items:write`. */
  comment(
    projectId: string,
    itemId: string,
    body: schemas.ItemCommentRequestRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.ItemCommentReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/items/${segment(itemId)}/comments`, { body, ...options });
  }

  /** List the comments on an item. The team's comments on the item, oldest first.
   * Scope `items:read`. */
  comments(
    projectId: string,
    itemId: string,
    query: schemas.ItemsCommentsQuery = {},
    options: Options = {},
  ): AsyncGenerator<schemas.ItemCommentReply> {
    return this.client.pages(`projects/${segment(projectId)}/items/${segment(itemId)}/comments`, query, undefined, options);
  }

  /** Delete a text in a further language. Deletes the text with its versions, comments and sync history; the text in
   * the store stays. Returns 409 `main_item` for an item itself (exclude it instead), and 409 `job_active` while a
   * job is running in the project.
   * Scope `items:write`. */
  delete(projectId: string, itemId: string, options: Options = {}): Promise<void> {
    return this.client.call("DELETE", `projects/${segment(projectId)}/items/${segment(itemId)}`, { ...options });
  }

  /** Delete a comment. Only its author and admins can delete a comment.
   * Scope `items:write`. */
  deleteComment(projectId: string, itemId: string, commentId: string, options: Options = {}): Promise<void> {
    return this.client.call("DELETE", `projects/${segment(projectId)}/items/${segment(itemId)}/comments/${segment(commentId)}`, { ...options });
  }

  /** Compare an item's texts with the store's. A word-by-word comparison of each generated field. A text in another
   * language is compared with the store's translation if it is known, otherwise with the text it was translated
   * from; never with the store's main language.
   * Scope `items:read`. */
  diff(projectId: string, itemId: string, options: Options = {}): Promise<schemas.ItemDiff> {
    return this.client.call("GET", `projects/${segment(projectId)}/items/${segment(itemId)}/diff`, { ...options });
  }

  /** Estimate: Regenerate a single item. The price of the operation with this request body. Nothing is started or
   * saved.
   * Scope `generation:read`. */
  estimateRegenerate(
    projectId: string,
    itemId: string,
    body: schemas.ItemRegenerationRequestRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.QuoteReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/items/${segment(itemId)}/regenerate/estimate`, { body, ...options });
  }

  /** Exclude items. Excluded items are left out of generation, export and sync. Excluding a Magento configurable
   * product also excludes its children.
   * Scope `items:write`. */
  exclude(
    projectId: string,
    body: schemas.ItemIdsRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.ExcludedReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/items/exclude`, { body, ...options });
  }

  /** Export project content CSV. A CSV file that the platform can import directly; for Magento only `sku`,
   * `store_view_code` and the changed attributes. `X-Export-Warnings` lists rows that could not be exported or are
   * outdated (outdated texts are left out, unless a person has edited them). With `format=jsonl` a gzip file for
   * programs: each line is an item or a text of it in a further language, as in the list of items, with its facts,
   * its text, and its checks and findings in `generation_metadata`.
   * Scope `items:read`. */
  export(projectId: string, query: schemas.ItemsExportQuery = {}, options: Options = {}): Promise<Response> {
    return this.client.download(`projects/${segment(projectId)}/export`, query, options);
  }

  /** Export texts for translators. Approved texts in the main language, with their translations where they exist.
   * XLIFF and PO contain all fields; store-specific tables contain the fields that the store translates.
   * Translations that come from the store are left out unless the original has changed since, or
   * `include_shop_translations` is set.
   * Scope `items:read`. */
  exportTranslations(
    projectId: string,
    query: schemas.ItemsExportTranslationsQuery,
    options: Options = {},
  ): Promise<Response> {
    return this.client.download(`projects/${segment(projectId)}/translations/export`, query, options);
  }

  /** Get a content item, for everybody in the organization; an API key needs `items:read`.
   * Scope `items:read`. */
  get(
    projectId: string,
    itemId: string,
    query: schemas.ItemsRetrieveQuery = {},
    options: Options = {},
  ): Promise<schemas.SingleItem> {
    return this.client.call("GET", `projects/${segment(projectId)}/items/${segment(itemId)}`, { query, ...options });
  }

  /** Import translated texts. Imports translations as edited texts; they are checked and go to review. A row whose
   * original has changed since the export is rejected as `source_changed`; one whose translation has changed both
   * here and in the file is rejected as `translation_changed`. A text that differs from the export is imported
   * whatever its state in XLIFF or PO; `warnings` lists texts that are marked unfinished and unchanged. Up to 50
   * items are imported immediately (200), more by an `import` job (202). For files over 256 KiB the counts are in
   * the job's `result`, not in the reply.
   * Scope `items:write`. */
  importTranslations(
    projectId: string,
    body: schemas.TranslationFileRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.TranslationImportReply> {
    return this.client.form(`projects/${segment(projectId)}/translations/import`, body, ["file"], { ...options });
  }

  /** List project content items. Without `limit`, returns all items as a stream.
   * Scope `items:read`. */
  list(
    projectId: string,
    query: schemas.ItemsListQuery = {},
    options: Options = {},
  ): AsyncGenerator<schemas.ItemReply> {
    return this.client.pages(`projects/${segment(projectId)}/items`, query, undefined, options);
  }

  /** Get the next item to review. The next item to review: flagged items come first, then the others, each from the
   * lowest score to the highest.
   * Scope `items:read`. */
  next(projectId: string, query: schemas.ItemsNextQuery = {}, options: Options = {}): Promise<schemas.NextItemReply> {
    return this.client.call("GET", `projects/${segment(projectId)}/items/next`, { query, ...options });
  }

  /** Show where an item's texts come from. The history of each text: AI model, prompt, settings, time and SHA-256;
   * the results of the checks, the second AI model and the legal rules; who edited it and how much; who approved it,
   * when, and the reason for any override. For a text in another language, use its own ID. The history can't be
   * changed. This is not legal advice.
   * Scope `items:read`. */
  provenance(projectId: string, itemId: string, options: Options = {}): Promise<schemas.ItemProvenance> {
    return this.client.call("GET", `projects/${segment(projectId)}/items/${segment(itemId)}/provenance`, { ...options });
  }

  /** Regenerate a single item. Regenerates one item and waits up to 30 s. The current content stays until the new
   * one replaces it, and is then kept as a version. If generation fails, the reason is in
   * `generation_metadata.last_error`.
   * Scope `generation:write`. */
  regenerate(
    projectId: string,
    itemId: string,
    body: schemas.ItemRegenerationRequestRequest = {},
    options: Options & Versioned & Waiting & Keyed = {},
  ): Promise<schemas.ItemRegenerated> {
    return this.client.call("POST", `projects/${segment(projectId)}/items/${segment(itemId)}/regenerate`, { body, ...options });
  }

  /** Restore excluded items. Restores each item with its previous status. An API key needs `items:approve` if an
   * item was approved. Restoring a Magento configurable product also restores its children.
   * Scope `items:write`. */
  restore(
    projectId: string,
    body: schemas.ItemIdsRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.RestoredReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/items/restore`, { body, ...options });
  }

  /** Bring a version back. The current content is kept as a version, and the item returns to review.
   * Scope `items:write`. */
  restoreVersion(
    projectId: string,
    itemId: string,
    versionId: string,
    options: Options & Versioned & Keyed = {},
  ): Promise<schemas.SingleItem> {
    return this.client.call("POST", `projects/${segment(projectId)}/items/${segment(itemId)}/versions/${segment(versionId)}/restore`, { ...options });
  }

  /** Update a content item. Content is merged by key, `seo` also by its own keys (null removes one; lists and
   * `attributes` are replaced whole), sanitized and checked again, and sets the item to `generated`. `status` can be
   * changed between `generated`, `flagged`, `approved` and `rejected`. To approve an item with unsupported claims,
   * send `override` (409 `unsupported_claims`); if a legal rule blocks a sentence, send `override` and
   * `override_reason` (409 `unlawful_claims`).
   * Scope `items:write`. */
  update(
    projectId: string,
    itemId: string,
    body: schemas.PatchedItemUpdateRequest = {},
    options: Options & Versioned = {},
  ): Promise<schemas.UpdatedItem> {
    return this.client.call("PATCH", `projects/${segment(projectId)}/items/${segment(itemId)}`, { body, ...options });
  }

  /** Hold a published page against the record. Compares the public page of a synced item or a published post, and
   * the texts from the store's API, with our record. Other URLs return 404 `nothing_published_there` and are not
   * loaded. Nothing is changed.
   * Scope `items:read`. Not for test keys. */
  verify(body: schemas.VerificationRequestRequest, options: Options & Keyed = {}): Promise<schemas.VerificationReply> {
    return this.client.call("POST", "provenance/verify", { body, ...options });
  }

  /** List the versions of an item. Earlier versions of the content, newest first.
   * Scope `items:read`. */
  versions(
    projectId: string,
    itemId: string,
    query: schemas.ItemsVersionsQuery = {},
    options: Options = {},
  ): AsyncGenerator<schemas.VersionReply> {
    return this.client.pages(`projects/${segment(projectId)}/items/${segment(itemId)}/versions`, query, undefined, options);
  }
}

export class Jobs {
  constructor(private readonly client: Client) {}

  /** Cancel a job. Stops a queued or running job immediately. Finished items are kept and charged; the rest costs
   * nothing.
   * Scope `jobs:write`. */
  cancel(jobId: string, options: Options & Keyed = {}): Promise<schemas.JobReplyBody> {
    return this.client.call("POST", `jobs/${segment(jobId)}/cancel`, { ...options });
  }

  /** Create background job. Queues a generation, a regeneration or a sync. The maximum quoted XCT are reserved
   * first.
   * Scope `generation:write`. */
  create(
    projectId: string,
    body: schemas.JobCreationRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.JobCreated> {
    return this.client.call("POST", `projects/${segment(projectId)}/jobs`, { body, ...options });
  }

  /** Get job status. The job's progress, latest events and totals.
   * Scope `jobs:read`. */
  get(jobId: string, query: schemas.JobsRetrieveQuery = {}, options: Options = {}): Promise<schemas.JobReplyBody> {
    return this.client.call("GET", `jobs/${segment(jobId)}`, { query, ...options });
  }

  /** List project jobs. The project's 50 most recent jobs, newest first.
   * Scope `jobs:read`. */
  list(
    projectId: string,
    query: schemas.JobsListQuery = {},
    options: Options = {},
  ): AsyncGenerator<schemas.JobListItem> {
    return this.client.pages(`projects/${segment(projectId)}/jobs`, query, undefined, options);
  }

  /** Follow a job. Streams the job's past events, then new ones until the job ends. After the end, only the past
   * events are sent. Returns 204 if the job has ended and there is nothing after `Last-Event-ID`, so that a
   * browser's `EventSource` stops reconnecting.
   * Scope `jobs:read`. */
  stream(jobId: string, options: Options & { after?: string } = {}): AsyncGenerator<JobEvent> {
    return this.client.stream("GET", `jobs/${segment(jobId)}/stream`, { ...options });
  }
}

export class Notifications {
  constructor(private readonly client: Client) {}

  /** List notifications. The caller's own notifications, newest first.
   * Scope `notifications:read`. Not for test keys. */
  inbox(query: schemas.NotificationsInboxQuery = {}, options: Options = {}): Promise<schemas.NotificationsReply> {
    return this.client.call("GET", "notifications", { query, ...options });
  }

  /** Mark notification as read, for everybody in the organization; an API key needs `notifications:write`.
   * Scope `notifications:write`. Not for test keys. */
  read(notificationId: string, options: Options & Keyed = {}): Promise<schemas.NotificationReply> {
    return this.client.call("POST", `notifications/${segment(notificationId)}/read`, { ...options });
  }

  /** Mark all notifications as read, for everybody in the organization; an API key needs `notifications:write`.
   * Scope `notifications:write`. Not for test keys. */
  readAll(options: Options & Keyed = {}): Promise<schemas.ReadAllReply> {
    return this.client.call("POST", "notifications/read-all", { ...options });
  }

  /** Get unread notification count, for everybody in the organization; an API key needs `notifications:read`.
   * Scope `notifications:read`. Not for test keys. */
  unreadCount(options: Options = {}): Promise<schemas.UnreadCountReply> {
    return this.client.call("GET", "notifications/unread-count", { ...options });
  }
}

export class Operations {
  constructor(private readonly client: Client) {}

  /** Health check. Whether the service and everything it depends on respond. */
  health(options: Options = {}): Promise<schemas.Health> {
    return this.client.call("GET", "../../health", { ...options });
  }

  /** Liveness. Whether this process responds; dependencies are not checked. An orchestrator restarts a process that
   * does not. */
  live(options: Options = {}): Promise<schemas.Liveness> {
    return this.client.call("GET", "../../health/live", { ...options });
  }

  /** Readiness. Whether this process is ready for traffic. Runs the same checks as the health check, for
   * orchestrators. */
  ready(options: Options = {}): Promise<schemas.Health> {
    return this.client.call("GET", "../../health/ready", { ...options });
  }
}

export class Organization {
  constructor(private readonly client: Client) {}

  /** Get billing details, for everybody in the organization; an API key needs `billing:read`.
   * Scope `billing:read`. Not for test keys. */
  billingDetails(options: Options = {}): Promise<schemas.BillingDetailsReply> {
    return this.client.call("GET", "organization/billing-details", { ...options });
  }

  /** Create custom tone. The ID is a slug. Returns 409 if a built-in or custom tone already uses it.
   * Scope `organization:write`. Not for test keys. */
  createTone(body: schemas.ToneRequestRequest, options: Options & Keyed = {}): Promise<schemas.ToneReply> {
    return this.client.call("POST", "organization/tones", { body, ...options });
  }

  /** Delete custom tone, for admins; an API key needs `organization:write`.
   * Scope `organization:write`. Not for test keys. */
  destroyTone(toneId: string, options: Options = {}): Promise<schemas.MessageReply | undefined> {
    return this.client.call("DELETE", `organization/tones/${segment(toneId)}`, { ...options });
  }

  /** Get current organization, for everybody in the organization; an API key needs `organization:read`.
   * Scope `organization:read`. Not for test keys. */
  get(query: schemas.OrganizationRetrieveQuery = {}, options: Options = {}): Promise<schemas.OrganizationReply> {
    return this.client.call("GET", "organization", { query, ...options });
  }

  /** List custom tones, for everybody in the organization; an API key needs `organization:read`.
   * Scope `organization:read`. Not for test keys. */
  tones(query: schemas.OrganizationTonesQuery = {}, options: Options = {}): AsyncGenerator<schemas.ToneReply> {
    return this.client.pages("organization/tones", query, undefined, options);
  }

  /** Update organization details. Changes only the fields you send; `settings` is merged by top-level key.
   * `enforce_2fa` applies from each user's next sign-in and can't be changed with an API key. To change
   * `billing_email`, an API key also needs `billing:write`.
   * Scope `organization:write`. Not for test keys. */
  update(
    body: schemas.PatchedOrganizationUpdateRequest = {},
    options: Options = {},
  ): Promise<schemas.OrganizationReply> {
    return this.client.call("PATCH", "organization", { body, ...options });
  }

  /** Update organization API keys. Sets the organization's own keys for Anthropic, DeepSeek and Google. An empty
   * string removes a key. Returns 403 `byok_disabled` unless the plan includes own keys. Keys are never shown again. */
  updateApiKeys(
    body: schemas.PatchedOwnKeysUpdateRequest = {},
    options: Options = {},
  ): Promise<schemas.OrganizationReply> {
    return this.client.call("PATCH", "organization/api-keys", { body, ...options });
  }

  /** Update billing details. A PIB must have a valid check digit (a leading `RS` is removed); an MB must have eight
   * digits.
   * Scope `billing:write`. Not for test keys. */
  updateBillingDetails(
    body: schemas.PatchedBillingDetailsUpdateRequest = {},
    options: Options = {},
  ): Promise<schemas.BillingDetailsReply> {
    return this.client.call("PATCH", "organization/billing-details", { body, ...options });
  }
}

export class OutreachTracking {
  constructor(private readonly client: Client) {}

  /** Track Click. Redirects to `url` if its host is allowed or is the prospect's own site. Otherwise returns 400. */
  click(prospectId: string, query: schemas.OutreachTrackingClickQuery, options: Options = {}): Promise<string> {
    return this.client.location(`outreach/track/click/${segment(prospectId)}`, query, options);
  }

  /** Track Open. Returns a transparent pixel that is never cached, also for unknown IDs. Opens by bots and repeated
   * opens are not counted. */
  open(prospectId: string, options: Options = {}): Promise<Response> {
    return this.client.download(`outreach/track/open/${segment(prospectId)}.png`, {}, options);
  }
}

export class PaddleWebhooks {
  constructor(private readonly client: Client) {}

  /** Handle Paddle Webhook. Receives events from Paddle, verified by `Paddle-Signature`. Each event is stored and
   * applied once. */
  paddle(options: Options = {}): Promise<schemas.WebhookReply> {
    return this.client.call("POST", "webhooks/paddle", { ...options });
  }
}

export class Plugin {
  constructor(private readonly client: Client) {}

  /** Plugin Generate Batch. Generates texts for up to 100 products under one quote; either all are accepted or none.
   * Returns immediately: poll the batch, or receive a webhook.
   * Scope `generation:write`. */
  create(body: schemas.BatchRequestRequest, options: Options & Keyed = {}): Promise<schemas.BatchAccepted> {
    return this.client.call("POST", "plugin/batches", { body, ...options });
  }

  /** Estimate: Plugin Generate Batch. The price of the operation with this request body. Nothing is started or
   * saved.
   * Scope `generation:read`. */
  estimateCreate(body: schemas.BatchRequestRequest, options: Options & Keyed = {}): Promise<schemas.QuoteReply> {
    return this.client.call("POST", "plugin/batches/estimate", { body, ...options });
  }

  /** Estimate: Plugin Generate Blog. The price of the operation with this request body. Nothing is started or saved.
   * Scope `plugin:read`. */
  estimateGenerateBlog(body: schemas.BlogRequestRequest, options: Options & Keyed = {}): Promise<schemas.QuoteReply> {
    return this.client.call("POST", "plugin/generate-blog/estimate", { body, ...options });
  }

  /** Estimate: Plugin Generate Description. The price of the operation with this request body. Nothing is started or
   * saved.
   * Scope `plugin:read`. */
  estimateGenerateDescription(
    body: schemas.DescriptionRequestRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.QuoteReply> {
    return this.client.call("POST", "plugin/generate-description/estimate", { body, ...options });
  }

  /** Plugin Generate Blog. Generates a post and waits up to 60 s. If it takes longer, returns 202 with a handle to
   * poll. If the AI model fails, returns 502 and nothing is charged.
   * Scope `plugin:write`. */
  generateBlog(body: schemas.BlogRequestRequest, options: Options & Waiting & Keyed = {}): Promise<schemas.PluginText> {
    return this.client.call("POST", "plugin/generate-blog", { body, ...options });
  }

  /** Plugin Generate Blog Async. Starts generating a post and returns immediately with a handle to poll.
   * Scope `plugin:write`. */
  generateBlogAsync(body: schemas.BlogRequestRequest, options: Options & Keyed = {}): Promise<schemas.PluginAccepted> {
    return this.client.call("POST", "plugin/generate-blog-async", { body, ...options });
  }

  /** Plugin Generate Description. Generates a description and waits up to 60 s. If it takes longer, returns 202 with
   * a handle to poll. If the AI model fails, returns 502 and nothing is charged.
   * Scope `plugin:write`. */
  generateDescription(
    body: schemas.DescriptionRequestRequest,
    options: Options & Waiting & Keyed = {},
  ): Promise<schemas.PluginText> {
    return this.client.call("POST", "plugin/generate-description", { body, ...options });
  }

  /** Plugin Generate Description Async. Starts generating a description and returns immediately with a handle to
   * poll.
   * Scope `plugin:write`. */
  generateDescriptionAsync(
    body: schemas.DescriptionRequestRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.PluginAccepted> {
    return this.client.call("POST", "plugin/generate-description-async", { body, ...options });
  }

  /** Plugin Generation Status. The status of a generation, with the texts if it is `completed` and the reason if it
   * is `failed`.
   * Scope `plugin:read`. */
  generationStatus(generationId: string, options: Options = {}): Promise<schemas.PluginGenerationStatus> {
    return this.client.call("GET", `plugin/generation/${segment(generationId)}/status`, { ...options });
  }

  /** Plugin Batch Status. The status of each item in a batch, in the same form as
   * `generation/{generation_id}/status`.
   * Scope `generation:read`. */
  get(batchId: string, query: schemas.PluginRetrieveQuery = {}, options: Options = {}): Promise<schemas.BatchStatus> {
    return this.client.call("GET", `plugin/batches/${segment(batchId)}`, { query, ...options });
  }

  /** Plugin Status. Checks the key and returns the status of the account.
   * Scope `plugin:read`. */
  status(options: Options = {}): Promise<schemas.PluginStatus> {
    return this.client.call("GET", "plugin/status", { ...options });
  }
}

export class Projects {
  constructor(private readonly client: Client) {}

  /** Create a new project. Creates a draft project, with the organization's default content profile unless you name
   * another, and with the settings you send. A test key creates a test project, everybody else a live one.
   * Scope `projects:write`. */
  create(body: schemas.ProjectCreationRequest, options: Options & Keyed = {}): Promise<schemas.ProjectReply> {
    return this.client.call("POST", "projects", { body, ...options });
  }

  /** Accept or dismiss a learned rule. An accepted rule is added to the prompt of every later generation, and its
   * words to the check for forbidden words. It applies to all projects with the same profile if the project has one.
   * Scope `projects:write`. */
  decideRule(
    projectId: string,
    ruleId: string,
    body: schemas.PatchedRuleDecisionRequest = {},
    options: Options = {},
  ): Promise<schemas.RuleReply> {
    return this.client.call("PATCH", `projects/${segment(projectId)}/learned-rules/${segment(ruleId)}`, { body, ...options });
  }

  /** Soft-delete a project. Moves the project to the trash, from which it can be restored. Its active jobs are
   * cancelled.
   * Scope `projects:write`. */
  delete(projectId: string, options: Options = {}): Promise<void> {
    return this.client.call("DELETE", `projects/${segment(projectId)}`, { ...options });
  }

  /** Get project details, for everybody in the organization; an API key needs `projects:read`.
   * Scope `projects:read`. */
  get(
    projectId: string,
    query: schemas.ProjectsRetrieveQuery = {},
    options: Options = {},
  ): Promise<schemas.ProjectReply> {
    return this.client.call("GET", `projects/${segment(projectId)}`, { query, ...options });
  }

  /** List learned rules. Rules proposed after three similar edits or rejections: words to avoid or replace, or a
   * reason to observe. Newest first.
   * Scope `projects:read`. */
  learnedRules(
    projectId: string,
    query: schemas.ProjectsLearnedRulesQuery = {},
    options: Options = {},
  ): AsyncGenerator<schemas.RuleReply> {
    return this.client.pages(`projects/${segment(projectId)}/learned-rules`, query, undefined, options);
  }

  /** List all projects. The organization's projects, newest first. `include_deleted=true` lists the projects in the
   * trash.
   * Scope `projects:read`. */
  list(query: schemas.ProjectsListQuery = {}, options: Options = {}): AsyncGenerator<schemas.ProjectReply> {
    return this.client.pages("projects", query, undefined, options);
  }

  /** Permanently delete a project. With all its data and files, from the trash only. There is no way back. The rows
   * of a large one, which nobody sees any more, are deleted by a job.
   * Scope `projects:write`. */
  permanent(projectId: string, options: Options = {}): Promise<void> {
    return this.client.call("DELETE", `projects/${segment(projectId)}/permanent`, { ...options });
  }

  /** List plugin integrations. Projects that are filled by store plugins.
   * Scope `projects:read`. */
  pluginIntegrations(options: Options = {}): Promise<Array<schemas.PluginIntegration>> {
    return this.client.call("GET", "projects/plugin-integrations", { ...options });
  }

  /** Restore a deleted project, for members and admins; an API key needs `projects:write`.
   * Scope `projects:write`. */
  restore(projectId: string, options: Options & Keyed = {}): Promise<schemas.ProjectReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/restore`, { ...options });
  }

  /** Truncate project data. Deletes all items and sources with their files; settings stay, and the project is a
   * draft again. 409 while a job is active. What is large is deleted by a job, for which this waits up to 30 s; the
   * reply then has its `job_id` and what is gone so far.
   * Scope `projects:write`. */
  truncate(projectId: string, options: Options & Keyed = {}): Promise<schemas.TruncateReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/truncate`, { ...options });
  }

  /** Update a project. Changes only the fields you send. A connection must be for the project's platform.
   * Scope `projects:write`. */
  update(
    projectId: string,
    body: schemas.PatchedProjectUpdateRequest = {},
    options: Options = {},
  ): Promise<schemas.ProjectReply> {
    return this.client.call("PATCH", `projects/${segment(projectId)}`, { body, ...options });
  }
}

export class Shopify {
  constructor(private readonly client: Client) {}

  /** Shopify App. The app's URL. An installation that starts in Shopify is redirected from here to grant access. */
  app(query: schemas.ShopifyAppQuery, options: Options = {}): Promise<string> {
    return this.client.location("shopify/app", query, options);
  }

  /** Shopify Callback. Verifies the signature, the store, the time and the single-use state, then redirects the
   * browser to the front end with `shop`, `code` and a one-time `install` token for `finalize`. Until then the
   * connection is `pending`. On a server with SHOPIFY_CALLBACK_CONNECTS, connects immediately and redirects with
   * `status` and `connection_id`. */
  callback(query: schemas.ShopifyCallbackQuery, options: Options = {}): Promise<string> {
    return this.client.location("shopify/callback", query, options);
  }

  /** Shopify Compliance Webhook. Receives all compliance webhooks; `X-Shopify-Topic` has the topic. */
  compliance(options: Options = {}): Promise<schemas.ShopifyWebhookReply> {
    return this.client.call("POST", "shopify/webhooks", { ...options });
  }

  /** Shopify Connect. Returns the URL at which a store grants access. `connection_type=blog` asks for access to blog
   * posts only; `translations=true` also asks for permission to write translations. */
  connect(query: schemas.ShopifyConnectQuery, options: Options = {}): Promise<schemas.ShopifyUrlReply> {
    return this.client.call("GET", "shopify/connect", { query, ...options });
  }

  /** Shopify Customers Redact. We store no data about a store's customers. */
  customersRedact(options: Options = {}): Promise<schemas.ShopifyWebhookReply> {
    return this.client.call("POST", "shopify/webhooks/customers/redact", { ...options });
  }

  /** Shopify Customers Data Request. We store no data about a store's customers. */
  dataRequest(options: Options = {}): Promise<schemas.ShopifyWebhookReply> {
    return this.client.call("POST", "shopify/webhooks/customers/data_request", { ...options });
  }

  /** Shopify Finalize. Completes an installation with the `shop`, `code` and `install` values from the redirect and
   * sets the connection to `active`. The installation must have been started by the caller (otherwise 403
   * `install_of_another`) or in Shopify. */
  finalize(body: schemas.ShopifyFinalizationRequest, options: Options & Keyed = {}): Promise<schemas.ConnectionReply> {
    return this.client.call("POST", "shopify/finalize", { body, ...options });
  }

  /** Shopify Install Url. The app's page at Shopify, where an installation can be started. */
  installUrl(options: Options = {}): Promise<schemas.ShopifyUrlReply> {
    return this.client.call("GET", "shopify/install-url", { ...options });
  }

  /** Shopify Shop Redact. Sent 48 hours after an uninstall. Erases the store's credentials. */
  shopRedact(options: Options = {}): Promise<schemas.ShopifyWebhookReply> {
    return this.client.call("POST", "shopify/webhooks/shop/redact", { ...options });
  }

  /** Shopify Uninstalled Webhook. Sent when the app is removed. Deactivates the store's connections and erases their
   * tokens. */
  uninstalled(options: Options = {}): Promise<schemas.ShopifyWebhookReply> {
    return this.client.call("POST", "shopify/webhooks/uninstalled", { ...options });
  }
}

export class Sources {
  constructor(private readonly client: Client) {}

  /** Add items to a manual source. Adds items to a manual source: all of them or none. Each needs a name or a SKU.
   * Scope `projects:write`. */
  create(
    projectId: string,
    sourceId: string,
    body: schemas.ManualItemsRequest,
    options: Options & Keyed = {},
  ): Promise<Array<schemas.ItemReply>> {
    return this.client.call("POST", `projects/${segment(projectId)}/sources/${segment(sourceId)}/items`, { body, ...options });
  }

  /** Delete a data source. With its items and files. Items that have a row in another source stay, as that one's.
   * 409 while a job works on the project. A large one is deleted by a job, for which this waits up to 30 s.
   * Scope `projects:write`. */
  delete(projectId: string, sourceId: string, options: Options = {}): Promise<void> {
    return this.client.call("DELETE", `projects/${segment(projectId)}/sources/${segment(sourceId)}`, { ...options });
  }

  /** Detect CSV column mappings. Reads the file's header and first rows and suggests a field for each column.
   * Nothing is saved.
   * Scope `projects:write`. */
  detectColumns(
    projectId: string,
    body: schemas.FileBodyRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.DetectedColumns> {
    return this.client.form(`projects/${segment(projectId)}/sources/detect-columns`, body, ["file"], { ...options });
  }

  /** Export source as CSV. The uploaded file with the generated fields of approved and synced items filled in; every
   * other cell is unchanged, byte for byte. XLSX is returned as XLSX, WXR as WXR. Fields in `outdated_fields` keep
   * the file's cell, unless a person has edited the text. `X-Export-Warnings` lists what could not be kept, what is
   * outdated, and texts that the file has no row for.
   * Scope `projects:read`. */
  export(projectId: string, sourceId: string, options: Options = {}): Promise<Response> {
    return this.client.download(`projects/${segment(projectId)}/sources/${segment(sourceId)}/export`, {}, options);
  }

  /** List project data sources. The project's sources, newest first, with the total number of items.
   * Scope `projects:read`. */
  listing(projectId: string, options: Options = {}): Promise<schemas.SourceList> {
    return this.client.call("GET", `projects/${segment(projectId)}/sources`, { ...options });
  }

  /** Create manual data source, for members and admins; an API key needs `projects:write`.
   * Scope `projects:write`. */
  manual(
    projectId: string,
    body: schemas.ManualSourceRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.SourceReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/sources/manual`, { body, ...options });
  }

  /** Upload file data source. Imports the file's rows as items. Up to 2,000 rows are imported immediately (`ready`);
   * larger files are imported by an `import` job whose ID is in `config.job_id` (`processing`). A file that can't be
   * read returns one error and nothing is saved; rows that can't be read are listed in `errors`. A row with the ID
   * or SKU of an existing item updates that item (`match`): its data changes, texts generated from older data are
   * listed in `outdated_fields`, and the export of each source fills in the rows of its own file.
   * Scope `projects:write`. */
  upload(
    projectId: string,
    body: schemas.FileUploadRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.SourceReply> {
    return this.client.form(`projects/${segment(projectId)}/sources/file`, body, ["file"], { ...options });
  }
}

export class StockPhotos {
  constructor(private readonly client: Client) {}

  /** Add stock photo key. Adds the organization's own key, one per provider. It is stored encrypted and never shown
   * again.
   * Scope `connections:write`. Not for test keys. */
  create(body: schemas.KeyCreationRequest, options: Options & Keyed = {}): Promise<schemas.KeyReply> {
    return this.client.call("POST", "stock-photo-keys", { body, ...options });
  }

  /** Delete stock photo key, for admins; an API key needs `connections:write`.
   * Scope `connections:write`. Not for test keys. */
  delete(keyId: string, options: Options = {}): Promise<void> {
    return this.client.call("DELETE", `stock-photo-keys/${segment(keyId)}`, { ...options });
  }

  /** List stock photo keys, for everybody in the organization; an API key needs `connections:read`.
   * Scope `connections:read`. Not for test keys. */
  list(query: schemas.StockPhotosListQuery = {}, options: Options = {}): AsyncGenerator<schemas.KeyReply> {
    return this.client.pages("stock-photo-keys", query, undefined, options);
  }

  /** Search stock photos. Searches Pexels. Wherever you show a photo, show the credit with a link to `url`.
   * Scope `posts:read`. Not for test keys. */
  search(query: schemas.StockPhotosSearchQuery, options: Options = {}): Promise<schemas.PhotoSearchReply> {
    return this.client.call("GET", "stock-photos/search", { query, ...options });
  }

  /** Update stock photo key, for admins; an API key needs `connections:write`.
   * Scope `connections:write`. Not for test keys. */
  update(keyId: string, body: schemas.PatchedKeyUpdateRequest = {}, options: Options = {}): Promise<schemas.KeyReply> {
    return this.client.call("PATCH", `stock-photo-keys/${segment(keyId)}`, { body, ...options });
  }
}

export class StoreConnections {
  constructor(private readonly client: Client) {}

  /** Create store connection. WooCommerce takes `consumer_key` and `consumer_secret`, Shopify and Magento
   * `access_token` (Magento also OAuth 1.0a with all four secrets), WordPress the user in `consumer_key` and an
   * application password in `consumer_secret`. Secrets are encrypted and never shown again.
   * Scope `connections:write`. Not for test keys. */
  create(body: schemas.ConnectionCreationRequest, options: Options & Keyed = {}): Promise<schemas.ConnectionReply> {
    return this.client.call("POST", "store-connections", { body, ...options });
  }

  /** Delete store connection. Returns 409 while projects are linked to the connection.
   * Scope `connections:write`. Not for test keys. */
  delete(connectionId: string, options: Options = {}): Promise<void> {
    return this.client.call("DELETE", `store-connections/${segment(connectionId)}`, { ...options });
  }

  /** Get store connection. One store connection with the number of linked projects.
   * Scope `connections:read`. Not for test keys. */
  get(
    connectionId: string,
    query: schemas.StoreConnectionsRetrieveQuery = {},
    options: Options = {},
  ): Promise<schemas.ConnectionReply> {
    return this.client.call("GET", `store-connections/${segment(connectionId)}`, { query, ...options });
  }

  /** Download guard plugin. Our plugin for WordPress, with or without WooCommerce, as a ZIP file for Plugins > Add
   * New > Upload. With it, the site rejects an update of a text that was changed after we read it.
   * Scope `connections:read`. Not for test keys. */
  guard(options: Options = {}): Promise<Response> {
    return this.client.download("store-connections/guard-plugin", {}, options);
  }

  /** List store connections. All store connections of the organization, newest first, each with the number of linked
   * projects.
   * Scope `connections:read`. Not for test keys. */
  list(query: schemas.StoreConnectionsListQuery = {}, options: Options = {}): AsyncGenerator<schemas.ConnectionReply> {
    return this.client.pages("store-connections", query, undefined, options);
  }

  /** Test store connection. Calls the store with the stored credentials, for at most 10 seconds. If the store
   * rejects them, the reply has `success: false` and the reason. Sets the connection to `active` or `error`.
   * Scope `connections:write`. Not for test keys. */
  test(connectionId: string, options: Options & Keyed = {}): Promise<schemas.ConnectionTestReply> {
    return this.client.call("POST", `store-connections/${segment(connectionId)}/test`, { ...options });
  }

  /** Update store connection. Changes only the fields you send. Changing the host erases the stored secrets unless
   * you send new ones.
   * Scope `connections:write`. Not for test keys. */
  update(
    connectionId: string,
    body: schemas.PatchedConnectionUpdateRequest = {},
    options: Options = {},
  ): Promise<schemas.ConnectionReply> {
    return this.client.call("PATCH", `store-connections/${segment(connectionId)}`, { body, ...options });
  }
}

export class StoreImport {
  constructor(private readonly client: Client) {}

  /** Start store import. Starts the import. New items are pending, unchanged items are not touched, and changed
   * items get the store's new data and keep their generated texts.
   * Scope `projects:write`. Not for test keys. */
  execute(
    projectId: string,
    body: schemas.ImportRequestRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.ExecuteReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/import/execute`, { body, ...options });
  }

  /** Get available import filters. The filters available for an import from the connected store, with the store's
   * values.
   * Scope `projects:read`. Not for test keys. */
  filters(projectId: string, options: Options = {}): Promise<schemas.FiltersReply> {
    return this.client.call("GET", `projects/${segment(projectId)}/import/filters`, { ...options });
  }

  /** Preview import count. The number of products that match. Their variants are imported too, but not counted.
   * Scope `projects:write`. Not for test keys. */
  preview(
    projectId: string,
    body: schemas.ImportRequestRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.PreviewReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/import/preview`, { body, ...options });
  }
}

export class StudioProfileBuilder {
  constructor(private readonly client: Client) {}

  /** Estimate: Generate Instructions. The price of the operation with this request body. Nothing is started or
   * saved.
   * Scope `profiles:read`. */
  estimateGenerate(
    body: schemas.InstructionsRequestRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.QuoteReply> {
    return this.client.call("POST", "studio/profile-builder/generate/estimate", { body, ...options });
  }

  /** Generate Instructions. Generates a content profile's `custom_instructions` with one call of the organization's
   * AI model, which is charged. Waits up to 100 s.
   * Scope `profiles:write`. Not for test keys. */
  generate(
    body: schemas.InstructionsRequestRequest,
    options: Options & Waiting & Keyed = {},
  ): Promise<schemas.InstructionsReply | schemas.JobBegun> {
    return this.client.call("POST", "studio/profile-builder/generate", { body, ...options });
  }

  /** List Templates. The templates that instructions can start from. */
  listTemplates(
    query: schemas.StudioProfileBuilderListTemplatesQuery = {},
    options: Options = {},
  ): AsyncGenerator<schemas.ProfileTemplateReply> {
    return this.client.pages("studio/profile-builder/templates", query, undefined, options);
  }
}

export class StudioRequests {
  constructor(private readonly client: Client) {}

  /** Add a comment to a studio request. The comment is public, and our staff are notified.
   * Scope `studio:write`. Not for test keys. */
  comment(
    requestId: string,
    body: schemas.CommentBodyRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.CommentReply> {
    return this.client.call("POST", `studio-requests/${segment(requestId)}/comments`, { body, ...options });
  }

  /** Submit a new AI Studio quote request. Our staff are notified and reply in the request's comments.
   * Scope `studio:write`. Not for test keys. */
  create(body: schemas.RequestBodyRequest, options: Options & Keyed = {}): Promise<schemas.StudioRequestReply> {
    return this.client.call("POST", "studio-requests", { body, ...options });
  }

  /** Get studio request detail. With its public comments, oldest first.
   * Scope `studio:read`. Not for test keys. */
  get(
    requestId: string,
    query: schemas.StudioRequestsRetrieveQuery = {},
    options: Options = {},
  ): Promise<schemas.StudioRequestDetail> {
    return this.client.call("GET", `studio-requests/${segment(requestId)}`, { query, ...options });
  }

  /** List studio requests. The organization's requests, newest first, with the number of public comments.
   * Scope `studio:read`. Not for test keys. */
  listRequests(
    query: schemas.StudioRequestsListRequestsQuery = {},
    options: Options = {},
  ): Promise<schemas.StudioRequestList> {
    return this.client.call("GET", "studio-requests", { query, ...options });
  }
}

export class StudioStoreAudit {
  constructor(private readonly client: Client) {}

  /** Create Fix Project. Creates a project with copies of the products that have this issue, as pending items. Above
   * 500, a job copies them. Returns 409 if there are none.
   * Scope `studio:write`. Not for test keys. */
  createFixProject(
    auditId: string,
    body: schemas.FixRequestRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.FixReply> {
    return this.client.call("POST", `studio/store-audit/${segment(auditId)}/create-fix-project`, { body, ...options });
  }

  /** Delete Audit. Deletes the audit with all its findings and stops it if it is running. Fix projects are kept.
   * Scope `studio:write`. Not for test keys. */
  delete(auditId: string, options: Options = {}): Promise<void> {
    return this.client.call("DELETE", `studio/store-audit/${segment(auditId)}`, { ...options });
  }

  /** Get Audit. The results, with each audited product and the IDs of the checks it failed.
   * Scope `studio:read`. Not for test keys. */
  get(auditId: string, options: Options = {}): Promise<schemas.AuditDetail> {
    return this.client.call("GET", `studio/store-audit/${segment(auditId)}`, { ...options });
  }

  /** List Audits. The organization's audits, newest first, optionally of one project.
   * Scope `studio:read`. Not for test keys. */
  listAudits(query: schemas.StudioStoreAuditListAuditsQuery = {}, options: Options = {}): Promise<schemas.AuditList> {
    return this.client.call("GET", "studio/store-audit", { query, ...options });
  }

  /** Run Audit. Starts a job that runs the checks on every product of the project. It costs no XCT and does not
   * block other jobs.
   * Scope `studio:write`. Not for test keys. */
  run(body: schemas.AuditRequestRequest, options: Options & Keyed = {}): Promise<schemas.AuditStarted> {
    return this.client.call("POST", "studio/store-audit/run", { body, ...options });
  }
}

export class StudioTools {
  constructor(private readonly client: Client) {}

  /** List Studio Tools. All visible tools, and which of them the organization's plan includes.
   * Scope `studio:read`. Not for test keys. */
  listTools(options: Options = {}): Promise<schemas.ToolList> {
    return this.client.call("GET", "studio/tools", { ...options });
  }
}

export class Sync {
  constructor(private readonly client: Client) {}

  /** Sync all approved items. Sends approved items to the store and waits up to 30 s. 202 means that the job
   * continues in the background. Texts that were changed in the store since they were imported or last synced are
   * conflicts and are not overwritten without `force`. With `languages`, approved texts in other languages are
   * written to the store's translations. The project's `settings.sync` defines where texts go that the platform has
   * no field for: `placement` (of `short_description`, `bullet_points`, `attributes`, `structured_data`; each
   * `description`, `short_description`, `meta.<key>` or `none`), `seo_plugin` (`auto`, `yoast`, `rank_math`,
   * `seopress`), `push_slug`, Magento's `store_view`, and `custom_fields`, which an import reads as facts (see
   * `import/filters`).
   * Scope `sync:write`. Not for test keys. */
  create(
    projectId: string,
    body: schemas.SyncRequestRequest = {},
    options: Options & Waiting & Keyed = {},
  ): Promise<schemas.SyncReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/sync`, { body, ...options });
  }

  /** Sync single item. Sends one approved item to the store or, with `languages`, its texts in other languages. If a
   * text was changed in the store since, returns 409 `sync_conflict` with the imported or last synced text, the
   * store's current text and the generated text of each field. `force` overwrites with our texts; `resolve` chooses
   * a side for each field, and fields that are left out stay in conflict.
   * Scope `sync:write`. Not for test keys. */
  createItem(
    projectId: string,
    itemId: string,
    body: schemas.ItemSyncRequestRequest = {},
    options: Options & Waiting & Keyed = {},
  ): Promise<schemas.SyncItemReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/sync/${segment(itemId)}`, { body, ...options });
  }

  /** List what differs from the store. Items whose texts in the store differ from what we expect, as of the last
   * comparison. A text in another language that we synced is a separate row.
   * Scope `sync:read`. */
  drift(
    projectId: string,
    query: schemas.SyncDriftQuery = {},
    options: Options = {},
  ): AsyncGenerator<schemas.DriftReply> {
    return this.client.pages(`projects/${segment(projectId)}/drift`, query, undefined, options);
  }

  /** Get item sync history. All sync attempts, newest first, with the texts before and after.
   * Scope `sync:read`. */
  history(projectId: string, itemId: string, options: Options = {}): Promise<schemas.HistoryReply> {
    return this.client.call("GET", `projects/${segment(projectId)}/sync/${segment(itemId)}/history`, { ...options });
  }

  /** List the shop's languages. The languages that the connected store has translations for, read live, and the
   * project language that each one maps to. If one store language matches two of the project's, set the mapping in
   * the store connection's `languages`.
   * Scope `sync:read`. Not for test keys. */
  languages(projectId: string, options: Options = {}): Promise<schemas.ShopLanguagesReply> {
    return this.client.call("GET", `projects/${segment(projectId)}/sync/languages`, { ...options });
  }

  /** Stream sync to store. Same as `sync`, streamed as events: `item` for each updated item, `item_failed` with the
   * reason or the conflicting texts for each item that failed.
   * Scope `sync:write`. Not for test keys. */
  stream(
    projectId: string,
    body: schemas.SyncRequestRequest = {},
    options: Options & Keyed = {},
  ): AsyncGenerator<JobEvent> {
    return this.client.stream("POST", `projects/${segment(projectId)}/sync/stream`, { body, ...options });
  }

  /** Undo a whole sync. Restores the texts that a sync replaced in the store. Items whose texts have changed in the
   * store since are not touched, and are listed in the result.
   * Scope `sync:write`. Not for test keys. */
  undo(
    jobId: string,
    body: schemas.ForceRequestRequest = {},
    options: Options & Waiting & Keyed = {},
  ): Promise<schemas.UndoReply> {
    return this.client.call("POST", `jobs/${segment(jobId)}/undo`, { body, ...options });
  }

  /** Undo an item's last sync. Restores the texts that the last sync of this item replaced; the item becomes
   * `approved`. Returns 409 `store_changed` if the texts have changed in the store since.
   * Scope `sync:write`. Not for test keys. */
  undoItem(
    projectId: string,
    itemId: string,
    body: schemas.ForceRequestRequest = {},
    options: Options & Waiting & Keyed = {},
  ): Promise<schemas.SyncItemReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/sync/${segment(itemId)}/undo`, { body, ...options });
  }

  /** Compare with the store. Queues a `verify` job that compares the texts we expect in the store with the actual
   * ones. Nothing in the store is changed. The same comparison runs weekly. Differences are listed by `drift`;
   * contents generated from a text that was edited in the store since are marked in `outdated_fields`. Returns 409
   * `job_active` while another job is changing the project's items.
   * Scope `sync:write`. Not for test keys. */
  verify(projectId: string, options: Options & Keyed = {}): Promise<schemas.VerifyReply> {
    return this.client.call("POST", `projects/${segment(projectId)}/verify`, { ...options });
  }

  /** Get warnings before a sync. Warnings for a sync of all approved items, based on the last read from the store:
   * texts that could not be restored exactly later, because the store filters them; descriptions that visitors would
   * not see, because a page builder shows its own; texts with elements that ours lack; and texts the store has no
   * field for. To skip the first kind, send `leave_unrestorable` with the sync. The second kind fails
   * (`page_builder`) unless `force` is set.
   * Scope `sync:read`. */
  warnings(projectId: string, options: Options = {}): Promise<schemas.WarningsReply> {
    return this.client.call("GET", `projects/${segment(projectId)}/sync/warnings`, { ...options });
  }
}

export class System {
  constructor(private readonly client: Client) {}

  /** List content types. The types of content items that texts can be generated for. */
  contentTypes(
    query: schemas.SystemContentTypesQuery = {},
    options: Options = {},
  ): AsyncGenerator<schemas.ContentTypeReply> {
    return this.client.pages("system/content-types", query, undefined, options);
  }

  /** List supported languages. The languages that content can be generated in. */
  languages(query: schemas.SystemLanguagesQuery = {}, options: Options = {}): AsyncGenerator<schemas.LanguageReply> {
    return this.client.pages("system/languages", query, undefined, options);
  }

  /** List e-commerce platforms. The store platforms, what a connection to each needs, and what each supports. */
  platforms(query: schemas.SystemPlatformsQuery = {}, options: Options = {}): AsyncGenerator<schemas.PlatformReply> {
    return this.client.pages("system/platforms", query, undefined, options);
  }

  /** List AI providers. All registered AI providers and their models. */
  providers(query: schemas.SystemProvidersQuery = {}, options: Options = {}): AsyncGenerator<schemas.ProviderReply> {
    return this.client.pages("system/providers", query, undefined, options);
  }

  /** List writing tones. The built-in tones, and the organization's own.
   * Scope `organization:read`. Not for test keys. */
  tones(query: schemas.SystemTonesQuery = {}, options: Options = {}): AsyncGenerator<schemas.SystemToneReply> {
    return this.client.pages("system/tones", query, undefined, options);
  }
}

export class TranslationMemory {
  constructor(private readonly client: Client) {}

  /** Delete imported segments. Deletes what was imported between two languages. Approved texts stay in the memory.
   * Scope `items:write`. */
  delete(
    query: schemas.TranslationMemoryDestroyQuery,
    options: Options = {},
  ): Promise<schemas.DeletedSegments | undefined> {
    return this.client.call("DELETE", "translation-memory", { query, ...options });
  }

  /** Export the translation memory. A TMX 1.4 file with every approved translation between two languages, sentence
   * by sentence, and with the imported segments. Blocks whose sentences can't be matched are one segment.
   * Scope `items:read`. */
  export(query: schemas.TranslationMemoryExportQuery, options: Options = {}): Promise<Response> {
    return this.client.download("translation-memory/export", query, options);
  }

  /** Import a translation memory. Adds the segments of a TMX file to the organization's translation memory. A text
   * whose sentences are all known is written without a model and costs nothing. Approved texts take precedence, and
   * segments that depart from the glossary are not used. Files over 256 KiB are read by a `memory_import` job (202),
   * whose `result` has the counts.
   * Scope `items:write`. */
  load(body: schemas.MemoryFileRequest, options: Options & Keyed = {}): Promise<schemas.MemoryImportReply> {
    return this.client.form("translation-memory/import", body, ["file"], { ...options });
  }
}

export class Usage {
  constructor(private readonly client: Client) {}

  /** List usage records. One record per call of an AI model, newest first, optionally limited to a date range.
   * Scope `billing:read`. Not for test keys. */
  list(query: schemas.UsageListQuery = {}, options: Options = {}): AsyncGenerator<schemas.UsageReply> {
    return this.client.pages("usage", query, undefined, options);
  }

  /** Get usage summary. Tokens and estimated cost of the last `days`, by AI provider and by content type, of the
   * usage records that you can list.
   * Scope `billing:read`. Not for test keys. */
  summary(query: schemas.UsageSummaryQuery = {}, options: Options = {}): Promise<schemas.UsageSummaryReply> {
    return this.client.call("GET", "usage/summary", { query, ...options });
  }
}

export class Users {
  constructor(private readonly client: Client) {}

  /** Get Chatwoot identity hash. The values for the support chat's `setUser`. Not available to support staff signed
   * in as a customer (403). */
  chatwootIdentity(options: Options = {}): Promise<schemas.ChatwootIdentityReply> {
    return this.client.call("GET", "users/me/chatwoot-identity", { ...options });
  }

  /** Create a new user. Creates an active user with an unverified address. The welcome email has a link to set a
   * password; it never contains a password. The caller's address must be verified (403 `email_not_verified`). */
  create(body: schemas.UserCreateRequest, options: Options & Keyed = {}): Promise<schemas.UserReply> {
    return this.client.call("POST", "users", { body, ...options });
  }

  /** Deactivate a user. Deactivates the user and ends their sessions; the user record is kept. Returns 409 for
   * yourself and for the last active admin. */
  delete(userId: string, options: Options = {}): Promise<void> {
    return this.client.call("DELETE", `users/${segment(userId)}`, { ...options });
  }

  /** Get email notification preferences, for everybody in the organization. */
  emailPreferences(options: Options = {}): Promise<schemas.EmailPreferencesReply> {
    return this.client.call("GET", "users/me/email-preferences", { ...options });
  }

  /** List own sign-in identities. The Google and Apple accounts linked to the caller's account, oldest link first. */
  identities(query: schemas.UsersIdentitiesQuery = {}, options: Options = {}): AsyncGenerator<schemas.IdentityReply> {
    return this.client.pages("users/me/identities", query, undefined, options);
  }

  /** List organization users, for admins; an API key needs `organization:read`.
   * Scope `organization:read`. Not for test keys. */
  list(query: schemas.UsersListQuery = {}, options: Options = {}): AsyncGenerator<schemas.UserReply> {
    return this.client.pages("users", query, undefined, options);
  }

  /** Force logout a user. Ends all sessions of a user immediately. */
  logoutAll(userId: string, options: Options & Keyed = {}): Promise<schemas.MessageReply> {
    return this.client.call("POST", `users/${segment(userId)}/logout-all`, { ...options });
  }

  /** Get current user profile, for everybody in the organization; an API key needs `organization:read`.
   * Scope `organization:read`. Not for test keys. */
  me(options: Options = {}): Promise<schemas.UserReply> {
    return this.client.call("GET", "users/me", { ...options });
  }

  /** Reset user 2FA. Removes the user's device and backup codes and ends all sessions. The user sets up 2FA again at
   * the next sign-in. Returns 409 `own_second_factor` for your own account. */
  resetSecondFactor(userId: string, options: Options & Keyed = {}): Promise<schemas.MessageReply> {
    return this.client.call("POST", `users/${segment(userId)}/2fa/reset`, { ...options });
  }

  /** Enable user 2FA. Resumes the 2FA that `2fa/disable` suspended. */
  resumeSecondFactor(userId: string, options: Options & Keyed = {}): Promise<schemas.MessageReply> {
    return this.client.call("POST", `users/${segment(userId)}/2fa/enable`, { ...options });
  }

  /** Disable user 2FA. Suspends the user's 2FA; `2fa/enable` resumes it with the same device. Returns 409
   * `own_second_factor` for your own account. */
  suspendSecondFactor(userId: string, options: Options & Keyed = {}): Promise<schemas.MessageReply> {
    return this.client.call("POST", `users/${segment(userId)}/2fa/disable`, { ...options });
  }

  /** Unlink own sign-in identity. Unlinks an identity by its ID or its provider (`google` or `apple`). Needs a
   * sign-in within the last ten minutes, or the `password` (403). Sessions started with it end. Returns 409
   * `last_way_in` if it is the only way to sign in: set a password first. */
  unlinkIdentity(identityId: string, options: Options = {}): Promise<void> {
    return this.client.call("DELETE", `users/me/identities/${segment(identityId)}`, { ...options });
  }

  /** Update a user. For admins of the organization. A new email address takes effect when its owner confirms it.
   * Changing the role, the projects or the password, or deactivating the user, ends the user's sessions. Only
   * platform staff can change platform staff (403 `protected_user`). */
  update(
    userId: string,
    body: schemas.PatchedUserUpdateRequest = {},
    options: Options = {},
  ): Promise<schemas.UserReply> {
    return this.client.call("PATCH", `users/${segment(userId)}`, { body, ...options });
  }

  /** Update email notification preferences, for everybody in the organization. */
  updateEmailPreferences(
    body: schemas.PatchedEmailPreferencesUpdateRequest = {},
    options: Options = {},
  ): Promise<schemas.EmailPreferencesReply> {
    return this.client.call("PATCH", "users/me/email-preferences", { body, ...options });
  }

  /** Update current user profile. Changing the password or the email address needs `current_password` (a wrong one
   * returns 403). A new address takes effect when it is verified. You can't change your own role (403 `own_role`) or
   * deactivate yourself (409). */
  updateMe(body: schemas.PatchedSelfUpdateRequest = {}, options: Options = {}): Promise<schemas.UserReply> {
    return this.client.call("PATCH", "users/me", { body, ...options });
  }
}

export class Webhooks {
  constructor(private readonly client: Client) {}

  /** Add a webhook endpoint. Events are sent according to Standard Webhooks 1.0. Returns the signing secret; it is
   * shown only this once. An organization can have up to ten endpoints (409 `too_many_endpoints`).
   * Scope `webhooks:write`. */
  create(body: schemas.EndpointCreateRequest, options: Options & Keyed = {}): Promise<schemas.EndpointWithSecret> {
    return this.client.call("POST", "webhooks/endpoints", { body, ...options });
  }

  /** Delete a webhook endpoint, for admins; an API key needs `webhooks:write`.
   * Scope `webhooks:write`. */
  delete(endpointId: string, options: Options = {}): Promise<void> {
    return this.client.call("DELETE", `webhooks/endpoints/${segment(endpointId)}`, { ...options });
  }

  /** List deliveries. Deliveries with their attempts, newest first. `after` is the ID of the last delivery you have
   * seen.
   * Scope `webhooks:read`. */
  deliveries(
    query: schemas.WebhooksDeliveriesQuery = {},
    options: Options = {},
  ): AsyncGenerator<schemas.DeliveryReply> {
    return this.client.pages("webhooks/deliveries", query, undefined, options);
  }

  /** Get a webhook endpoint, for admins; an API key needs `webhooks:read`.
   * Scope `webhooks:read`. */
  get(
    endpointId: string,
    query: schemas.WebhooksRetrieveQuery = {},
    options: Options = {},
  ): Promise<schemas.EndpointReply> {
    return this.client.call("GET", `webhooks/endpoints/${segment(endpointId)}`, { query, ...options });
  }

  /** List webhook endpoints, for admins; an API key needs `webhooks:read`.
   * Scope `webhooks:read`. */
  list(query: schemas.WebhooksListQuery = {}, options: Options = {}): AsyncGenerator<schemas.EndpointReply> {
    return this.client.pages("webhooks/endpoints", query, undefined, options);
  }

  /** Send a test. Sends a `ping` event, whatever event types the endpoint gets. The delivery shows the reply.
   * Returns 409 `endpoint_disabled` while the endpoint is disabled.
   * Scope `webhooks:write`. */
  ping(endpointId: string, options: Options & Keyed = {}): Promise<schemas.PingReply> {
    return this.client.call("POST", `webhooks/endpoints/${segment(endpointId)}/ping`, { ...options });
  }

  /** Replay a span of time. Sends the events of a period that the endpoint has not received: failed deliveries, and
   * events from when it was disabled or did not exist yet. Events are kept for 30 days. Returns 409
   * `endpoint_disabled` while the endpoint is disabled.
   * Scope `webhooks:write`. */
  replay(
    endpointId: string,
    body: schemas.ReplayRequestRequest,
    options: Options & Keyed = {},
  ): Promise<schemas.QueuedReply> {
    return this.client.call("POST", `webhooks/endpoints/${segment(endpointId)}/replay`, { body, ...options });
  }

  /** Replay a delivery. Sends the event to the endpoint again with the same ID, with up to eight attempts. Returns
   * 409 `endpoint_disabled` while the endpoint is disabled.
   * Scope `webhooks:write`. */
  replayDelivery(deliveryId: string, options: Options & Keyed = {}): Promise<schemas.DeliveryReply> {
    return this.client.call("POST", `webhooks/deliveries/${segment(deliveryId)}/replay`, { ...options });
  }

  /** Get a delivery, for admins; an API key needs `webhooks:read`.
   * Scope `webhooks:read`. */
  retrieveDelivery(
    deliveryId: string,
    query: schemas.WebhooksRetrieveDeliveryQuery = {},
    options: Options = {},
  ): Promise<schemas.DeliveryReply> {
    return this.client.call("GET", `webhooks/deliveries/${segment(deliveryId)}`, { query, ...options });
  }

  /** Rotate an endpoint's secret. Returns the new signing secret; it is shown only this once. During the overlap,
   * each event is signed with both secrets.
   * Scope `webhooks:write`. */
  rotateSecret(
    endpointId: string,
    body: schemas.SecretRotationRequest = {},
    options: Options & Keyed = {},
  ): Promise<schemas.EndpointWithSecret> {
    return this.client.call("POST", `webhooks/endpoints/${segment(endpointId)}/rotate-secret`, { body, ...options });
  }

  /** Change a webhook endpoint. `is_active` enables or disables the endpoint. Use replay to send the events it
   * missed while it was disabled.
   * Scope `webhooks:write`. */
  update(
    endpointId: string,
    body: schemas.PatchedEndpointPatchRequest = {},
    options: Options = {},
  ): Promise<schemas.EndpointReply> {
    return this.client.call("PATCH", `webhooks/endpoints/${segment(endpointId)}`, { body, ...options });
  }
}

export class Resources {
  readonly apiKeys: ApiKeys = new ApiKeys(this as unknown as Client);
  readonly auth: Auth = new Auth(this as unknown as Client);
  readonly billing: Billing = new Billing(this as unknown as Client);
  readonly blog: Blog = new Blog(this as unknown as Client);
  readonly blogConnections: BlogConnections = new BlogConnections(this as unknown as Client);
  readonly blogTemplates: BlogTemplates = new BlogTemplates(this as unknown as Client);
  readonly chatbot: Chatbot = new Chatbot(this as unknown as Client);
  readonly contentProfiles: ContentProfiles = new ContentProfiles(this as unknown as Client);
  readonly dodoWebhooks: DodoWebhooks = new DodoWebhooks(this as unknown as Client);
  readonly eventLog: EventLog = new EventLog(this as unknown as Client);
  readonly evidence: Evidence = new Evidence(this as unknown as Client);
  readonly files: Files = new Files(this as unknown as Client);
  readonly gdpr: Gdpr = new Gdpr(this as unknown as Client);
  readonly generation: Generation = new Generation(this as unknown as Client);
  readonly glossary: Glossary = new Glossary(this as unknown as Client);
  readonly invitations: Invitations = new Invitations(this as unknown as Client);
  readonly items: Items = new Items(this as unknown as Client);
  readonly jobs: Jobs = new Jobs(this as unknown as Client);
  readonly notifications: Notifications = new Notifications(this as unknown as Client);
  readonly operations: Operations = new Operations(this as unknown as Client);
  readonly organization: Organization = new Organization(this as unknown as Client);
  readonly outreachTracking: OutreachTracking = new OutreachTracking(this as unknown as Client);
  readonly paddleWebhooks: PaddleWebhooks = new PaddleWebhooks(this as unknown as Client);
  readonly plugin: Plugin = new Plugin(this as unknown as Client);
  readonly projects: Projects = new Projects(this as unknown as Client);
  readonly shopify: Shopify = new Shopify(this as unknown as Client);
  readonly sources: Sources = new Sources(this as unknown as Client);
  readonly stockPhotos: StockPhotos = new StockPhotos(this as unknown as Client);
  readonly storeConnections: StoreConnections = new StoreConnections(this as unknown as Client);
  readonly storeImport: StoreImport = new StoreImport(this as unknown as Client);
  readonly studioProfileBuilder: StudioProfileBuilder = new StudioProfileBuilder(this as unknown as Client);
  readonly studioRequests: StudioRequests = new StudioRequests(this as unknown as Client);
  readonly studioStoreAudit: StudioStoreAudit = new StudioStoreAudit(this as unknown as Client);
  readonly studioTools: StudioTools = new StudioTools(this as unknown as Client);
  readonly sync: Sync = new Sync(this as unknown as Client);
  readonly system: System = new System(this as unknown as Client);
  readonly translationMemory: TranslationMemory = new TranslationMemory(this as unknown as Client);
  readonly usage: Usage = new Usage(this as unknown as Client);
  readonly users: Users = new Users(this as unknown as Client);
  readonly webhooks: Webhooks = new Webhooks(this as unknown as Client);
}
