"""The operations of the API, by resource. Made of the OpenAPI document by `make clients`.

`version`: the row is changed only if it has this version still, else ApiError 412. `wait`: the seconds
that the answer may wait for the end of the work; 0 answers at once with the job. `idempotency_key`: the
same key and body give the first answer again, and one effect; without it each call has a key of its own.
"""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

import builtins
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Unpack

from xcscribe import schemas
from xcscribe.core import Written, segment
from xcscribe.streams import Event

if TYPE_CHECKING:
    from xcscribe.async_client import AsyncClient
    from xcscribe.client import Client


class ApiKeys:
    def __init__(self, client: Client) -> None:
        self._client = client

    def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.ApiKeyCreateRequest]
    ) -> schemas.ApiKeyCreated:
        """Create API key. Returns the key; it is shown only this once. The key acts as you, limited to the
        operations that `scopes` allow. Without `scopes` it can use only the plugin operations. `items:approve` and
        `posts:publish` are never granted by default. With `project_ids` the key sees only these projects, and 404
        for everything in others."""
        return self._client.call("POST", "api-keys", body=body, idempotency_key=idempotency_key)

    def deactivate(self, key_id: str) -> schemas.ApiKeyReply:
        """Deactivate API key, for admins."""
        return self._client.call("PATCH", f"api-keys/{segment(key_id)}/deactivate")

    def delete(self, key_id: str) -> None:
        """Delete API key, for admins."""
        self._client.call("DELETE", f"api-keys/{segment(key_id)}")

    def get(self, key_id: str, **query: Unpack[schemas.ApiKeysRetrieveQuery]) -> schemas.ApiKeyReply:
        """Get API key, for admins; an API key needs `api_keys:read`.
        Scope `api_keys:read`. Not for test keys."""
        return self._client.call("GET", f"api-keys/{segment(key_id)}", query=query)

    def key_usage(self, key_id: str) -> schemas.KeyUsageReply:
        """Get usage of an API key, for admins; an API key needs `api_keys:read`.
        Scope `api_keys:read`. Not for test keys."""
        return self._client.call("GET", f"api-keys/{segment(key_id)}/usage")

    def list(self, **query: Unpack[schemas.ApiKeysListQuery]) -> Iterator[schemas.ApiKeyReply]:
        """List API keys, for admins; an API key needs `api_keys:read`.
        Scope `api_keys:read`. Not for test keys."""
        return self._client.pages("api-keys", **query)

    def requests(
        self, key_id: str, **query: Unpack[schemas.ApiKeysRequestsQuery]
    ) -> Iterator[schemas.ApiKeyRequestReply]:
        """List requests of an API key. The requests made with this key in the last 14 days, newest first. Page with
        `limit` and `offset`.
        Scope `api_keys:read`. Not for test keys."""
        return self._client.pages(f"api-keys/{segment(key_id)}/requests", **query)

    def rotate(
        self, key_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.ApiKeyRotationRequest]
    ) -> schemas.ApiKeyCreated:
        """Rotate API key. Creates a new key with the same scopes, mode, networks and cap, which acts as you. The old
        key keeps working for `overlap_hours`. Errors: 409 `api_key_replaced` if the key was already rotated (even if
        its replacement has been deleted), 409 `api_key_inactive`."""
        return self._client.call(
            "POST",
            f"api-keys/{segment(key_id)}/rotate",
            body=body,
            idempotency_key=idempotency_key,
        )

    def update(self, key_id: str, **body: Unpack[schemas.PatchedApiKeyChangeRequest]) -> schemas.ApiKeyReply:
        """Change API key. Changes the key's name, expiry, allowed networks and monthly cap. `scopes`, `project_ids`,
        `mode` and `is_active` can't be changed (400 `unchangeable`): create another key instead. The expiry of a
        rotated key can't be changed either (409 `api_key_replaced`)."""
        return self._client.call("PATCH", f"api-keys/{segment(key_id)}", body=body)


class Auth:
    def __init__(self, client: Client) -> None:
        self._client = client

    def apple(self, **body: Unpack[schemas.AppleRequestRequest]) -> schemas.SignInReply:
        """Sign in with Apple. Signs in or creates an account. With the Bearer token of a signed-in user, links the
        Apple account to that user instead; this needs a sign-in within the last ten minutes, or the user's
        `password` (403 `recent_sign_in_required`)."""
        return self._client.call("POST", "auth/apple", body=body)

    def backup_codes(self, **body: Unpack[schemas.CodeRequestRequest]) -> schemas.BackupCodesReply:
        """Replace the 2FA backup codes. Returns ten new backup codes in exchange for a valid code. The old codes
        stop working."""
        return self._client.call("POST", "auth/2fa/backup-codes", body=body)

    def begin(self, **body: Unpack[schemas.SetupRequestRequest]) -> schemas.SetupReply:
        """Begin 2FA setup. Returns a secret and an otpauth URI for `totp`, or emails a code for `email`. Takes
        effect when it is confirmed. Platform staff must have signed in within the last ten minutes, or send their
        password (403 `recent_sign_in_required`)."""
        return self._client.call("POST", "auth/2fa/setup", body=body)

    def confirm(self, **body: Unpack[schemas.CodeRequestRequest]) -> schemas.BackupCodesReply:
        """Confirm 2FA setup. Verifies a first code and returns ten one-use backup codes."""
        return self._client.call("POST", "auth/2fa/confirm", body=body)

    def confirm_with_temp(self, **body: Unpack[schemas.TempCodeRequestRequest]) -> schemas.ConfirmedSignInReply:
        """Confirm 2FA setup via temp token. Same as `2fa/confirm`. It also completes the pending sign-in and returns
        an `access_token`."""
        return self._client.call("POST", "auth/2fa/confirm-with-temp", body=body)

    def disable(self, **body: Unpack[schemas.CodeRequestRequest]) -> schemas.MessageReply:
        """Disable two-factor authentication. Needs a valid code or backup code. Returns 403 if the organization
        requires 2FA."""
        return self._client.call("POST", "auth/2fa/disable", body=body)

    def forgot_password(self, **body: Unpack[schemas.EmailRequestRequest]) -> schemas.MessageReply:
        """Request password reset. Emails a reset link that is valid for one hour, if the address has an account. The
        reply is the same whether or not it does."""
        return self._client.call("POST", "auth/forgot-password", body=body)

    def google(self, **body: Unpack[schemas.GoogleRequestRequest]) -> schemas.SignInReply:
        """Sign in with Google. Signs in or creates an account. With the Bearer token of a signed-in user, links the
        Google account to that user instead; this needs a sign-in within the last ten minutes, or the user's
        `password` (403 `recent_sign_in_required`)."""
        return self._client.call("POST", "auth/google", body=body)

    def login(self, **body: Unpack[schemas.LoginRequestRequest]) -> schemas.SignInReply:
        """Authenticate user credentials. Returns an access token or, with two-factor authentication, a `temp_token`
        for the second step. An unknown address and a wrong password give the same error. Store the `device_token`
        and send it with the next sign-in: a known device is not slowed down while someone else tries passwords for
        the account."""
        return self._client.call("POST", "auth/login", body=body)

    def logout(self) -> schemas.MessageReply:
        """Logout (revoke current token). Ends the session of this token and invalidates all its tokens."""
        return self._client.call("POST", "auth/logout")

    def logout_all(self) -> schemas.MessageReply:
        """Logout all sessions. Ends all sessions of the current user immediately, including this one."""
        return self._client.call("POST", "auth/logout-all")

    def nonce(self) -> schemas.NonceReply:
        """Get a nonce for social sign-in. Returns a nonce that is valid for ten minutes. Pass it to Google or Apple,
        then send it with the ID token, which can then be used only once."""
        return self._client.call("POST", "auth/nonce")

    def refresh(self) -> schemas.AccessTokenReply:
        """Refresh access token. Returns a new token for the same session, up to 30 days after the sign-in. The old
        token expires 60 seconds later."""
        return self._client.call("POST", "auth/refresh")

    def register(self, **body: Unpack[schemas.RegisterRequestRequest]) -> schemas.RegisterReply:
        """Self-service registration. Creates an organization on the Free plan with 50 XCT, and its first user as
        admin."""
        return self._client.call("POST", "auth/register", body=body)

    def resend(self, **body: Unpack[schemas.TempTokenRequestRequest]) -> schemas.MessageReply:
        """Resend 2FA email code. Emails another code during the second step, at most once a minute. Returns 409
        unless the user's method is `email`."""
        return self._client.call("POST", "auth/resend-2fa", body=body)

    def resend_verification(self) -> schemas.MessageReply:
        """Resend verification email. Emails the verification link again, unless the address is already verified."""
        return self._client.call("POST", "auth/resend-verification")

    def reset_password(self, **body: Unpack[schemas.ResetPasswordRequestRequest]) -> schemas.MessageReply:
        """Reset password with token. Sets a new password and ends all sessions. Each link works once; requesting a
        new link or completing a reset invalidates older links."""
        return self._client.call("POST", "auth/reset-password", body=body)

    def send_disable_code(self) -> schemas.MessageReply:
        """Send 2FA disable code. Emails a code for `2fa/disable`, at most once a minute. Returns 409 unless the
        user's method is `email`."""
        return self._client.call("POST", "auth/2fa/send-disable-code")

    def setup_with_temp(self, **body: Unpack[schemas.TempMethodRequestRequest]) -> schemas.SetupReply:
        """Begin 2FA setup via temp token. Same as `2fa/setup`, for a sign-in that returned
        `two_factor_setup_required`."""
        return self._client.call("POST", "auth/2fa/setup-with-temp", body=body)

    def verify(self, **body: Unpack[schemas.TempCodeRequestRequest]) -> schemas.SignInReply:
        """Verify 2FA login code. Completes the second step of a sign-in with a TOTP, an emailed code or a backup
        code. The `temp_token` can be used only once."""
        return self._client.call("POST", "auth/verify-2fa", body=body)

    def verify_email(self, **query: Unpack[schemas.AuthVerifyEmailQuery]) -> schemas.MessageReply:
        """Verify email address. Confirms the token from a verification email or a change of address. A used token
        returns 400."""
        return self._client.call("GET", "auth/verify-email", query=query)


class Billing:
    def __init__(self, client: Client) -> None:
        self._client = client

    def adjustment(
        self,
        *,
        organization_id: str | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.AdjustmentRequestRequest],
    ) -> schemas.TransactionReply:
        """Adjust XCT balance. Platform staff only. Increases or decreases the subscription balance or the top-up
        balance."""
        return self._client.call(
            "POST",
            "billing/adjustment",
            body=body,
            query={"organization_id": organization_id},
            idempotency_key=idempotency_key,
        )

    def balance(self) -> schemas.BalanceReply:
        """Get XCT balance. The organization's XCT: from the plan, from top-ups, reserved for running jobs, and
        available. A test key gets its test XCT as `topup_balance`, and nothing of the live balance.
        Scope `billing:read`."""
        return self._client.call("GET", "billing/balance")

    def cancel(self, *, idempotency_key: str = "") -> schemas.CancelReply:
        """Cancel subscription. Cancels the subscription at the end of the billing period. Access continues until
        then.
        Scope `billing:write`. Not for test keys."""
        return self._client.call("POST", "billing/cancel-subscription", idempotency_key=idempotency_key)

    def cancel_invoice(
        self, invoice_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.CancelInvoiceRequestRequest]
    ) -> schemas.InvoiceReply:
        """Cancel an unpaid invoice. Platform staff only. Cancels the invoice with a counter-invoice; its number
        stays in use. Repeating the request returns the same reply."""
        return self._client.call(
            "POST",
            f"billing/invoices/{segment(invoice_id)}/cancel",
            body=body,
            idempotency_key=idempotency_key,
        )

    def change_plan(
        self, *, organization_id: str | None = None, **body: Unpack[schemas.PatchedPlanChangeRequestRequest]
    ) -> schemas.BalanceReply:
        """Change subscription tier. Platform staff only. Moves an organization to a plan. With
        `allocate_immediately`, the new allotment is granted immediately and the remaining XCT of the old plan
        expire."""
        return self._client.call("PATCH", "billing/subscription", body=body, query={"organization_id": organization_id})

    def checkout(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.CheckoutRequestRequest]
    ) -> schemas.CheckoutReply:
        """Create subscription checkout. Creates a checkout for a new subscription. If there is an active
        subscription, an upgrade takes effect immediately (`plan_changed`) and a downgrade at the end of the billing
        period (`scheduled`). XCT are granted only when the payment is confirmed.
        Scope `billing:write`. Not for test keys."""
        return self._client.call("POST", "billing/checkout", body=body, idempotency_key=idempotency_key)

    def confirm_invoice(self, invoice_id: str, *, idempotency_key: str = "") -> schemas.InvoiceReply:
        """Confirm an invoice's payment. Platform staff only. Records that the transfer arrived and grants the plan
        or the XCT once. Repeating the request returns the same reply."""
        return self._client.call(
            "POST",
            f"billing/invoices/{segment(invoice_id)}/confirm",
            idempotency_key=idempotency_key,
        )

    def dodo_invoice(self, payment_id: str, into: str | Path | IO[bytes]) -> Written:
        """Download Dodo invoice PDF. Downloads the provider's invoice for one of the organization's payments. Not
        only Dodo's: those of every provider that gives them.
        Scope `billing:read`. Not for test keys."""
        return self._client.download(f"billing/invoices/dodo/{segment(payment_id)}/pdf", into)

    def get(self, **query: Unpack[schemas.BillingRetrieveQuery]) -> schemas.SubscriptionReply:
        """Get subscription info. The plan, how it is paid, when the billing period ends, and what changes then.
        Scope `billing:read`. Not for test keys."""
        return self._client.call("GET", "billing/subscription", query=query)

    def invoice_pdf(self, invoice_id: str, into: str | Path | IO[bytes]) -> Written:
        """Download invoice PDF. The invoice in Serbian and English, with its QR code. Available to the organization
        and to platform staff.
        Scope `billing:read`. Not for test keys."""
        return self._client.download(f"billing/invoices/{segment(invoice_id)}/pdf", into)

    def invoices(self, **query: Unpack[schemas.BillingInvoicesQuery]) -> Iterator[schemas.InvoiceReply]:
        """List My Invoices. The organization's invoices, newest first. Credit notes are included on request.
        Scope `billing:read`. Not for test keys."""
        return self._client.pages("billing/invoices", **query)

    def legacy_checkout(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.CheckoutRequestRequest]
    ) -> schemas.CheckoutReply:
        """Create subscription checkout (legacy). Same as `POST /billing/checkout`.
        Scope `billing:write`. Not for test keys."""
        return self._client.call("POST", "billing/paddle/checkout", body=body, idempotency_key=idempotency_key)

    def legacy_portal(self) -> schemas.PortalReply:
        """Get customer portal URL (legacy). Same as `GET /billing/portal`."""
        return self._client.call("GET", "billing/paddle/portal")

    def legacy_subscription(self) -> schemas.PaddleSubscriptionReply:
        """Get subscription info (legacy). Same as `GET /billing/subscription`, with older field names.
        Scope `billing:read`. Not for test keys."""
        return self._client.call("GET", "billing/paddle/subscription")

    def legacy_topup_checkout(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.TopupCheckoutRequestRequest]
    ) -> schemas.TopupCheckoutReply:
        """Create top-up checkout (legacy). Same as `POST /billing/topup-checkout`.
        Scope `billing:write`. Not for test keys."""
        return self._client.call("POST", "billing/paddle/topup-checkout", body=body, idempotency_key=idempotency_key)

    def limits(self, **query: Unpack[schemas.BillingLimitsQuery]) -> Iterator[schemas.LimitReply]:
        """List the plan's limits. The plan's limits and how much of each is used. A request that would exceed a
        limit returns 409 `storage_full`, `items_full`, `projects_full` or `streams_full`.
        Scope `billing:read`. Not for test keys."""
        return self._client.pages("billing/limits", **query)

    def list(self, **query: Unpack[schemas.BillingListQuery]) -> Iterator[schemas.PlanReply]:
        """List plans. The Free plan and the plans on sale, from lowest to highest."""
        return self._client.pages("billing/plans", **query)

    def model_tiers(self) -> schemas.ModelTiersReply:
        """List model tier pricing. The model tiers, their prices and the models in each.
        Scope `billing:read`. Not for test keys."""
        return self._client.call("GET", "billing/model-tiers")

    def order_packs(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.TopupInvoiceRequestRequest]
    ) -> schemas.InvoiceReply:
        """Self-service XCT top-up. Creates an invoice for top-up packs, payable by bank transfer. The XCT are added
        when the payment is confirmed.
        Scope `billing:write`. Not for test keys."""
        return self._client.call("POST", "billing/invoices/topup", body=body, idempotency_key=idempotency_key)

    def order_plan(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.UpgradeInvoiceRequestRequest]
    ) -> schemas.InvoiceReply:
        """Self-service plan upgrade. Creates an invoice for one month or one year of a plan, payable by bank
        transfer. Not available while a card subscription is active. The plan starts when the payment is confirmed.
        Scope `billing:write`. Not for test keys."""
        return self._client.call("POST", "billing/invoices/upgrade", body=body, idempotency_key=idempotency_key)

    def payment_history(self, **query: Unpack[schemas.BillingPaymentHistoryQuery]) -> Iterator[schemas.PaymentReply]:
        """Get payment history. The organization's payments, newest first.
        Scope `billing:read`. Not for test keys."""
        return self._client.pages("billing/payment-history", **query)

    def portal(self) -> schemas.PortalReply:
        """Get customer portal URL. The URL where payment methods and receipts are managed. `null` if the
        organization never paid by card."""
        return self._client.call("GET", "billing/portal")

    def reset_cycle(
        self, *, idempotency_key: str = "", **query: Unpack[schemas.BillingResetCycleQuery]
    ) -> schemas.BalanceReply:
        """Reset billing cycle. Platform staff only. Starts a new billing cycle today: remaining XCT from the plan
        expire and the full allotment is granted. Repeating it on the same day changes nothing."""
        return self._client.call("POST", "billing/reset-cycle", query=query, idempotency_key=idempotency_key)

    def set_test_balance(self, **body: Unpack[schemas.TestBalanceChangeRequest]) -> schemas.TestBalanceReply:
        """Set the test balance. Sets the test XCT of the organization's test keys, to rehearse a low or an empty
        balance. A text or a post that a test key has written costs one.
        Scope `billing:write`."""
        return self._client.call("PUT", "billing/test-balance", body=body)

    def settings(
        self, *, organization_id: str | None = None, **body: Unpack[schemas.PatchedSettingsRequestRequest]
    ) -> schemas.BalanceReply:
        """Update billing settings. `overage_enabled` can be set by the organization's admins,
        `token_rate_multiplier` by platform staff.
        Scope `billing:write`. Not for test keys."""
        return self._client.call("PATCH", "billing/settings", body=body, query={"organization_id": organization_id})

    def topup(
        self,
        *,
        organization_id: str | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.TopupRequestRequest],
    ) -> schemas.TransactionReply:
        """Add XCT top-up. Platform staff only. Adds top-up XCT, which don't expire."""
        return self._client.call(
            "POST",
            "billing/topup",
            body=body,
            query={"organization_id": organization_id},
            idempotency_key=idempotency_key,
        )

    def topup_checkout(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.TopupCheckoutRequestRequest]
    ) -> schemas.TopupCheckoutReply:
        """Create top-up checkout. Creates a checkout for packs of XCT, which don't expire.
        Scope `billing:write`. Not for test keys."""
        return self._client.call("POST", "billing/topup-checkout", body=body, idempotency_key=idempotency_key)

    def transactions(self, **query: Unpack[schemas.BillingTransactionsQuery]) -> schemas.TransactionPage:
        """List XCT transactions. The XCT transactions, newest first.
        Scope `billing:read`. Not for test keys."""
        return self._client.call("GET", "billing/transactions", query=query)

    def usage_summary(self, **query: Unpack[schemas.BillingUsageSummaryQuery]) -> schemas.SpendingReply:
        """Get billing usage summary. XCT used in the last `days`, by model tier and by AI provider. The totals match
        the usage records that you can list.
        Scope `billing:read`. Not for test keys."""
        return self._client.call("GET", "billing/usage-summary", query=query)


class Blog:
    def __init__(self, client: Client) -> None:
        self._client = client

    def analytics(self, project_id: str) -> schemas.AnalyticsReply:
        """Blog analytics summary. Statistics of a project's blog.
        Scope `posts:read`."""
        return self._client.call("GET", f"projects/{segment(project_id)}/blog-posts/analytics")

    def create(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.PostCreationRequest]
    ) -> schemas.PostReply:
        """Create blog post. Creates a post and starts generating it. `job_id` is the ID of the job; `status` is
        `generating` until it ends.
        Scope `posts:write`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts",
            body=body,
            idempotency_key=idempotency_key,
        )

    def delete(self, project_id: str, post_id: str, *, version: int | None = None) -> None:
        """Delete blog post. Deletes the post and its images. Anything already published on a site stays there.
        Scope `posts:write`."""
        self._client.call("DELETE", f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}", version=version)

    def delete_image(self, project_id: str, post_id: str, image_id: str) -> None:
        """Delete blog image. Deletes the image and all its files.
        Scope `posts:write`."""
        self._client.call(
            "DELETE",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images/{segment(image_id)}",
        )

    def describe_image(
        self, project_id: str, post_id: str, image_id: str, **body: Unpack[schemas.PatchedImageUpdateRequest]
    ) -> schemas.ImageReply:
        """Change an image's alternative text, for members and admins; an API key needs `posts:write`.
        Scope `posts:write`."""
        return self._client.call(
            "PATCH",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images/{segment(image_id)}",
            body=body,
        )

    def estimate_create(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.PostCreationRequest]
    ) -> schemas.QuoteReply:
        """Estimate: Create blog post. The price of the operation with this request body. Nothing is started or
        saved.
        Scope `posts:read`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    def estimate_generate_image(
        self,
        project_id: str,
        post_id: str,
        *,
        idempotency_key: str = "",
        **body: Unpack[schemas.ImageGenerationRequest],
    ) -> schemas.QuoteReply:
        """Estimate: Generate image with AI. The price of the operation with this request body. Nothing is started or
        saved.
        Scope `posts:read`. Not for test keys."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images/ai-generate/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    def estimate_regenerate(
        self, project_id: str, post_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.StartRequestRequest]
    ) -> schemas.QuoteReply:
        """Estimate: Regenerate blog post. The price of the operation with this request body. Nothing is started or
        saved.
        Scope `posts:read`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/regenerate/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    def estimate_suggest_alt_text(
        self,
        project_id: str,
        post_id: str,
        image_id: str,
        *,
        idempotency_key: str = "",
        **body: Unpack[schemas.StartRequestRequest],
    ) -> schemas.QuoteReply:
        """Estimate: Suggest an image's alternative text. The price of the operation with this request body. Nothing
        is started or saved.
        Scope `posts:read`. Not for test keys."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images/{segment(image_id)}/alt-text/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    def estimate_translations(
        self,
        project_id: str,
        post_id: str,
        *,
        idempotency_key: str = "",
        **body: Unpack[schemas.TranslationsRequestRequest],
    ) -> schemas.TranslationsEstimate:
        """Estimate translations of a blog post. What the same request would generate and its maximum price, per
        language. Nothing is saved.
        Scope `posts:read`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/translations/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    def generate_image(
        self,
        project_id: str,
        post_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.ImageGenerationRequest],
    ) -> schemas.MadeImageReply | schemas.JobBegun:
        """Generate image with AI. Generates an image with OpenAI's current image model. `size`, `quality` and
        `style` are mapped to the values the model supports. If it fails, nothing is saved or charged.
        Scope `posts:write`. Not for test keys."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images/ai-generate",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def get(self, project_id: str, post_id: str, **query: Unpack[schemas.BlogRetrieveQuery]) -> schemas.PostReply:
        """Get blog post, for everybody in the organization; an API key needs `posts:read`.
        Scope `posts:read`."""
        return self._client.call("GET", f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}", query=query)

    def image_from_stock(
        self,
        project_id: str,
        post_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.StockImageRequest],
    ) -> schemas.MadeImageReply | schemas.JobBegun:
        """Add image from stock photo. Starts a job that downloads a photo from https://images.pexels.com, re-encodes
        it and adds it to the post with its credit.
        Scope `posts:write`. Not for test keys."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images/from-stock",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def list(self, project_id: str, **query: Unpack[schemas.BlogListQuery]) -> Iterator[schemas.PostListItem]:
        """List blog posts. The posts of a project, newest first. A translation is a separate post with
        `original_id`.
        Scope `posts:read`."""
        return self._client.pages(f"projects/{segment(project_id)}/blog-posts", **query)

    def list_images(
        self, project_id: str, post_id: str, **query: Unpack[schemas.BlogListImagesQuery]
    ) -> Iterator[schemas.ImageReply]:
        """List blog post images, for everybody in the organization; an API key needs `posts:read`.
        Scope `posts:read`."""
        return self._client.pages(f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images", **query)

    def list_translations(self, project_id: str, post_id: str) -> builtins.list[schemas.TranslationLink]:
        """List translations of a blog post. The post's translations, by language.
        Scope `posts:read`."""
        return self._client.call("GET", f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/translations")

    def provenance(self, project_id: str, post_id: str) -> schemas.PostProvenance:
        """Show where a post's texts come from. The history of each text: AI model, prompt, settings, time and
        SHA-256; who edited it and how much; who approved its publication and when. The history can't be changed.
        This is not legal advice.
        Scope `posts:read`."""
        return self._client.call("GET", f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/provenance")

    def publish(
        self,
        project_id: str,
        post_id: str,
        *,
        version: int | None = None,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.PublishRequestRequest],
    ) -> schemas.PostReply:
        """Publish blog post to WordPress. Publishes the post with a blog connection (WordPress) or a store
        connection (Shopify, WordPress): send exactly one. Waits up to 25 s; 202 with `status: publishing` means that
        publishing continues in the background. Publishing again updates the same post: only what changed here since
        the last publish is sent, the URL stays, and only tags and categories that we added are added or removed. If
        a text was changed on the site since the last publish, returns 409 `post_changed` with `conflicts`: our text,
        the site's text and the last published text of each field. `force` overwrites with our text; `resolve`
        chooses a side for each field. A translation is linked to its original if the site has Polylang Pro, becomes
        a separate post on a site with one language, and becomes a translation of the original article in Shopify. If
        the site can't accept it, returns 409 (`translations_unsupported`, `original_not_published`,
        `shop_language_missing`, `translation_exists`, `translation_changed`, ...) before anything is sent.
        Scope `posts:publish`. Not for test keys."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/publish",
            body=body,
            version=version,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def regenerate(
        self,
        project_id: str,
        post_id: str,
        *,
        version: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.StartRequestRequest],
    ) -> schemas.PostReply:
        """Regenerate blog post. Starts a job that regenerates the post. The current text stays until the new one
        replaces it. A translation is generated again from its original.
        Scope `posts:write`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/regenerate",
            body=body,
            version=version,
            idempotency_key=idempotency_key,
        )

    def schedule(
        self,
        project_id: str,
        post_id: str,
        *,
        version: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.ScheduleRequestRequest],
    ) -> schemas.PostReply:
        """Schedule blog post. Publishes the post within 60 s of `scheduled_at`. Scheduling again changes the time.
        Scope `posts:publish`. Not for test keys."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/schedule",
            body=body,
            version=version,
            idempotency_key=idempotency_key,
        )

    def seo_score(
        self, project_id: str, post_id: str, **query: Unpack[schemas.BlogSeoScoreQuery]
    ) -> schemas.ScoreReply:
        """Get SEO score. Scores SEO and readability with 24 deterministic checks. Fast enough to call while someone
        is typing.
        Scope `posts:read`."""
        return self._client.call(
            "GET",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/seo-score",
            query=query,
        )

    def suggest_alt_text(
        self,
        project_id: str,
        post_id: str,
        image_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.StartRequestRequest],
    ) -> schemas.AltTextReply | schemas.JobBegun:
        """Suggest an image's alternative text. Asks the post's AI model for an alternative text; a model with vision
        looks at the image. Nothing is saved: set the text yourself if you like it.
        Scope `posts:write`. Not for test keys."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images/{segment(image_id)}/alt-text",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def translate(
        self,
        project_id: str,
        post_id: str,
        *,
        idempotency_key: str = "",
        **body: Unpack[schemas.TranslationsRequestRequest],
    ) -> schemas.TranslationsReply:
        """Translate blog post. Starts a job that translates the post into other languages. Each translation is a
        separate post with its own status, URL and schedule. Only missing and outdated translations are generated;
        edited ones are kept unless `redo` is set. `sr-Latn` is transliterated from a Serbian post in Cyrillic and
        costs nothing.
        Scope `posts:write`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/translations",
            body=body,
            idempotency_key=idempotency_key,
        )

    def undo(
        self,
        project_id: str,
        post_id: str,
        *,
        version: int | None = None,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.UndoRequestRequest],
    ) -> schemas.PostReply:
        """Undo the last publish. Restores on the site exactly what the last publish replaced. A text that was
        changed on the site since then is not touched: it is listed in `skipped_fields`, as is anything the site did
        not accept unchanged; if nothing else is left to restore, returns 409 `post_changed` with the texts. `force`
        restores it anyway, also with a later undo. A text that we can't read on the site now (SEO texts while our
        guard plugin is not active) is not touched either and stays available: undo again when the site shows it. If
        only such texts are left, returns 409 `not_restored` with the reason. The post here is not changed; publish
        again to send it again. If there is nothing to restore, returns 409 `nothing_to_undo`.
        Scope `posts:publish`. Not for test keys."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/publish/undo",
            body=body,
            version=version,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def unpublish(
        self,
        project_id: str,
        post_id: str,
        *,
        version: int | None = None,
        wait: int | None = None,
        idempotency_key: str = "",
    ) -> schemas.PostReply:
        """Unpublish blog post from WordPress. Changes the post back to a draft, here and on its site. A translation
        in Shopify is removed from the article, as far as we wrote it.
        Scope `posts:publish`. Not for test keys."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/unpublish",
            version=version,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def unschedule(
        self, project_id: str, post_id: str, *, version: int | None = None, idempotency_key: str = "",
    ) -> schemas.PostReply:
        """Unschedule blog post. Cancels the schedule; the post is a draft again.
        Scope `posts:publish`. Not for test keys."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/unschedule",
            version=version,
            idempotency_key=idempotency_key,
        )

    def update(
        self,
        project_id: str,
        post_id: str,
        *,
        version: int | None = None,
        **body: Unpack[schemas.PatchedPostUpdateRequest],
    ) -> schemas.UpdatedPost:
        """Update blog post. Changes only the fields you send. `seo_meta` is merged by key. `status` can only be set
        to `draft`, from `failed` or `scheduled`. HTML is sanitized. A scheduled post keeps its schedule; a published
        one has `analytics.unpublished_changes` until it is published again.
        Scope `posts:write`."""
        return self._client.call(
            "PATCH",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}",
            body=body,
            version=version,
        )

    def upload_image(
        self,
        project_id: str,
        post_id: str,
        *,
        alt_text: str | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.ImageUploadRequest],
    ) -> schemas.ImageReply:
        """Upload image. Uploads a JPEG, PNG, WebP or GIF image of up to 15 MB and 50 megapixels. The type is
        detected from the content; the image is re-encoded without metadata.
        Scope `posts:write`."""
        return self._client.form(
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images/upload",
            body,
            ("file",),
            query={"alt_text": alt_text},
            idempotency_key=idempotency_key,
        )


class BlogConnections:
    def __init__(self, client: Client) -> None:
        self._client = client

    def categories(
        self, connection_id: str, **query: Unpack[schemas.BlogConnectionsCategoriesQuery]
    ) -> Iterator[schemas.CategoryReply]:
        """Get WordPress categories. The site's categories. Cached for one day; set `refresh` to read them again.
        Scope `connections:read`. Not for test keys."""
        return self._client.pages(f"blog-connections/{segment(connection_id)}/categories", **query)

    def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.BlogConnectionCreationRequest]
    ) -> schemas.BlogConnectionReply:
        """Create blog connection. Connects a WordPress site with a user's application password. The password is
        stored encrypted and never shown again.
        Scope `connections:write`. Not for test keys."""
        return self._client.call("POST", "blog-connections", body=body, idempotency_key=idempotency_key)

    def delete(self, connection_id: str) -> None:
        """Delete blog connection. Returns 409 while posts are scheduled with this connection.
        Scope `connections:write`. Not for test keys."""
        self._client.call("DELETE", f"blog-connections/{segment(connection_id)}")

    def get(
        self, connection_id: str, **query: Unpack[schemas.BlogConnectionsRetrieveQuery]
    ) -> schemas.BlogConnectionReply:
        """Get blog connection, for everybody in the organization; an API key needs `connections:read`.
        Scope `connections:read`. Not for test keys."""
        return self._client.call("GET", f"blog-connections/{segment(connection_id)}", query=query)

    def list(self, **query: Unpack[schemas.BlogConnectionsListQuery]) -> Iterator[schemas.BlogConnectionReply]:
        """List blog connections, for everybody in the organization; an API key needs `connections:read`.
        Scope `connections:read`. Not for test keys."""
        return self._client.pages("blog-connections", **query)

    def shopify_blogs(
        self, connection_id: str, **query: Unpack[schemas.BlogConnectionsShopifyBlogsQuery]
    ) -> Iterator[schemas.ShopifyBlogReply]:
        """List Shopify blogs. The blogs of a connected Shopify store, read live from Shopify.
        Scope `connections:read`. Not for test keys."""
        return self._client.pages(f"blog-connections/shopify/{segment(connection_id)}/blogs", **query)

    def test(self, connection_id: str, *, idempotency_key: str = "") -> schemas.BlogConnectionTest:
        """Test blog connection. Signs in to the site. If that fails, the reply has `success: false` and the reason.
        Scope `connections:write`. Not for test keys."""
        return self._client.call(
            "POST",
            f"blog-connections/{segment(connection_id)}/test",
            idempotency_key=idempotency_key,
        )

    def update(
        self, connection_id: str, **body: Unpack[schemas.PatchedBlogConnectionUpdateRequest]
    ) -> schemas.BlogConnectionReply:
        """Update blog connection. Changing the host in `site_url` erases the stored credentials unless you send new
        ones.
        Scope `connections:write`. Not for test keys."""
        return self._client.call("PATCH", f"blog-connections/{segment(connection_id)}", body=body)


class BlogTemplates:
    def __init__(self, client: Client) -> None:
        self._client = client

    def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.TemplateCreationRequest]
    ) -> schemas.TemplateReply:
        """Create blog template. Setting a new default template replaces the old default.
        Scope `posts:write`. Not for test keys."""
        return self._client.call("POST", "blog-templates", body=body, idempotency_key=idempotency_key)

    def delete(self, template_id: str) -> None:
        """Delete blog template. Posts created with the template are not changed.
        Scope `posts:write`. Not for test keys."""
        self._client.call("DELETE", f"blog-templates/{segment(template_id)}")

    def get(self, template_id: str, **query: Unpack[schemas.BlogTemplatesRetrieveQuery]) -> schemas.TemplateReply:
        """Get blog template, for everybody in the organization; an API key needs `posts:read`.
        Scope `posts:read`."""
        return self._client.call("GET", f"blog-templates/{segment(template_id)}", query=query)

    def list(self, **query: Unpack[schemas.BlogTemplatesListQuery]) -> Iterator[schemas.TemplateReply]:
        """List blog templates, for everybody in the organization; an API key needs `posts:read`.
        Scope `posts:read`."""
        return self._client.pages("blog-templates", **query)

    def update(self, template_id: str, **body: Unpack[schemas.PatchedTemplateUpdateRequest]) -> schemas.TemplateReply:
        """Update blog template, for members and admins; an API key needs `posts:write`.
        Scope `posts:write`. Not for test keys."""
        return self._client.call("PATCH", f"blog-templates/{segment(template_id)}", body=body)


class Chatbot:
    def __init__(self, client: Client) -> None:
        self._client = client

    def account(self) -> schemas.ChatReply:
        """Chatwoot Webhook. Receives events for the account bot. Verified by `X-Chatwoot-Signature` over
        `timestamp.body` if a secret is set, otherwise by `?token=`. Replies immediately and processes the event
        afterwards."""
        return self._client.call("POST", "chatbot/webhook")

    def email(self) -> schemas.ChatReply:
        """Chatwoot Email Webhook. Receives events for the email bot, which adds an AI notice to its replies and has
        no account tools."""
        return self._client.call("POST", "chatbot/email-webhook")

    def xtracode(self) -> schemas.ChatReply:
        """Chatwoot Xtracode Webhook. Receives events for the THE XTRACODE bot, which answers from its own knowledge
        base."""
        return self._client.call("POST", "chatbot/xtracode-webhook")


class ContentProfiles:
    def __init__(self, client: Client) -> None:
        self._client = client

    def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.ProfileCreationRequest]
    ) -> schemas.ProfileReply:
        """Create Profile, for members and admins; an API key needs `profiles:write`.
        Scope `profiles:write`. Not for test keys."""
        return self._client.call("POST", "content-profiles", body=body, idempotency_key=idempotency_key)

    def delete(self, profile_id: str, *, version: int | None = None) -> None:
        """Delete Profile. Projects that use the profile continue with their own settings.
        Scope `profiles:write`. Not for test keys."""
        self._client.call("DELETE", f"content-profiles/{segment(profile_id)}", version=version)

    def get(self, profile_id: str, **query: Unpack[schemas.ContentProfilesRetrieveQuery]) -> schemas.ProfileReply:
        """Get Profile, for everybody in the organization; an API key needs `profiles:read`.
        Scope `profiles:read`."""
        return self._client.call("GET", f"content-profiles/{segment(profile_id)}", query=query)

    def list(self, **query: Unpack[schemas.ContentProfilesListQuery]) -> Iterator[schemas.ProfileReply]:
        """List Profiles, for everybody in the organization; an API key needs `profiles:read`.
        Scope `profiles:read`."""
        return self._client.pages("content-profiles", **query)

    def set_default(self, profile_id: str) -> schemas.ProfileReply:
        """Set Default Profile. New projects use this profile.
        Scope `profiles:write`. Not for test keys."""
        return self._client.call("PUT", f"content-profiles/{segment(profile_id)}/set-default")

    def update(
        self, profile_id: str, *, version: int | None = None, **body: Unpack[schemas.ProfileUpdateRequest]
    ) -> schemas.ProfileReply:
        """Update Profile. Changes only the fields you send. `null` removes a setting.
        Scope `profiles:write`. Not for test keys."""
        return self._client.call("PUT", f"content-profiles/{segment(profile_id)}", body=body, version=version)


class DodoWebhooks:
    def __init__(self, client: Client) -> None:
        self._client = client

    def dodo(self) -> schemas.WebhookReply:
        """Handle Dodo Webhook. Receives events from Dodo Payments, verified by Standard Webhooks signatures. Each
        event is stored and applied once."""
        return self._client.call("POST", "webhooks/dodo")


class EventLog:
    def __init__(self, client: Client) -> None:
        self._client = client

    def since(self, **query: Unpack[schemas.EventsSinceQuery]) -> schemas.EventsReply:
        """Read the log of events. The organization's events after the cursor `after`, in the order in which they
        happened. New events are always added at the end. Events are kept for 30 days; an older cursor returns 410
        `cursor_gone`.
        Scope `events:read`."""
        return self._client.call("GET", "events", query=query)

    def types(self, **query: Unpack[schemas.EventsTypesQuery]) -> Iterator[schemas.EventTypeReply]:
        """List event types, for everybody in the organization; an API key needs `events:read`.
        Scope `events:read`."""
        return self._client.pages("webhooks/event-types", **query)


class Evidence:
    def __init__(self, client: Client) -> None:
        self._client = client

    def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.EvidenceCreationRequest]
    ) -> schemas.EvidenceReply:
        """File evidence. Until the end of its last day, sentences with one of its `claims` are not a finding of its
        `rule`. After that, texts that rely on it are flagged again."""
        return self._client.form("evidence", body, ("file",), idempotency_key=idempotency_key)

    def delete(self, evidence_id: str) -> None:
        """Remove evidence. Deletes the evidence. Texts that rely on it are flagged again."""
        self._client.call("DELETE", f"evidence/{segment(evidence_id)}")

    def list(self, **query: Unpack[schemas.EvidenceListQuery]) -> Iterator[schemas.EvidenceReply]:
        """List evidence on file. Evidence, such as certificates, that allows claims which a legal rule otherwise
        forbids. This is not legal advice."""
        return self._client.pages("evidence", **query)


class Files:
    def __init__(self, client: Client) -> None:
        self._client = client

    def get(self, s3_key: str, into: str | Path | IO[bytes]) -> Written:
        """Serve a stored file. Images are public and can be cached indefinitely. Other files need credentials of the
        organization that owns them. Supports `Range`, `HEAD` and `If-None-Match` (RFC 9110)."""
        return self._client.download(f"files/{segment(s3_key)}", into)


class Gdpr:
    def __init__(self, client: Client) -> None:
        self._client = client

    def cancel_deletion(self, *, idempotency_key: str = "") -> schemas.MessageReply:
        """Cancel Account Deletion. Returns 409 if no deletion is scheduled."""
        return self._client.call("POST", "gdpr/cancel-deletion", idempotency_key=idempotency_key)

    def export(self, *, idempotency_key: str = "") -> schemas.ExportReply:
        """Request Data Export. Starts a job that creates a ZIP file with all the organization's data. Admins can
        download it from the job's `result.download_url` for seven days."""
        return self._client.call("POST", "gdpr/export", idempotency_key=idempotency_key)

    def request_deletion(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.DeletionRequestRequest]
    ) -> schemas.DeletionReply:
        """Request Account Deletion. Schedules the deletion of all data in 14 days. Generation, purchases and
        renewals stop immediately. Needs the password (a wrong one returns 403) or, for accounts without a password,
        a sign-in within the last ten minutes."""
        return self._client.call("POST", "gdpr/request-deletion", body=body, idempotency_key=idempotency_key)

    def status(self) -> schemas.GdprStatusReply:
        """Get Gdpr Status, for everybody in the organization."""
        return self._client.call("GET", "gdpr/status")


class Generation:
    def __init__(self, client: Client) -> None:
        self._client = client

    def estimate(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.GenerationRequestRequest]
    ) -> schemas.EstimateReply:
        """Estimate a generation. The price of `generate` with this request body, and the balance afterwards. Nothing
        is generated. The charge never exceeds `xct_max`.
        Scope `generation:read`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/generate/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    def estimate_regenerate(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.GenerationRequestRequest]
    ) -> schemas.QuoteReply:
        """Estimate: Regenerate all project content. The price of the operation with this request body. Nothing is
        started or saved.
        Scope `generation:read`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/regenerate/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    def estimate_regenerate_rejected(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.GenerationRequestRequest]
    ) -> schemas.QuoteReply:
        """Estimate: Regenerate rejected items only. The price of the operation with this request body. Nothing is
        started or saved.
        Scope `generation:read`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/regenerate-rejected/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    def generate(
        self,
        project_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.GenerationRequestRequest],
    ) -> schemas.GenerationReply:
        """Generate content for items. Generates texts for all pending items, or for the given ones, and waits up to
        30 s. 202 means that the job continues in the background.
        Scope `generation:write`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/generate",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def generate_stream(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.GenerationRequestRequest]
    ) -> Iterator[Event]:
        """Stream content generation progress. Same as `generate`, streamed as events. The job continues if the
        connection drops; reconnect with `GET /jobs/{job_id}/stream`.
        Scope `generation:write`."""
        return self._client.stream(
            "POST",
            f"projects/{segment(project_id)}/generate/stream",
            body=body,
            idempotency_key=idempotency_key,
        )

    def regenerate(
        self,
        project_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.GenerationRequestRequest],
    ) -> schemas.GenerationReply:
        """Regenerate all project content. Sets all included items to pending and regenerates them. The current
        content stays until the new one replaces it.
        Scope `generation:write`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/regenerate",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def regenerate_rejected(
        self,
        project_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.GenerationRequestRequest],
    ) -> schemas.GenerationReply:
        """Regenerate rejected items only. Sets the rejected items to pending and regenerates them.
        Scope `generation:write`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/regenerate-rejected",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def regenerate_rejected_stream(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.GenerationRequestRequest]
    ) -> Iterator[Event]:
        """Stream rejected items regeneration. Same as `regenerate-rejected`, streamed as events.
        Scope `generation:write`."""
        return self._client.stream(
            "POST",
            f"projects/{segment(project_id)}/regenerate-rejected/stream",
            body=body,
            idempotency_key=idempotency_key,
        )

    def regenerate_stream(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.GenerationRequestRequest]
    ) -> Iterator[Event]:
        """Stream full regeneration progress. Same as `regenerate`, streamed as events.
        Scope `generation:write`."""
        return self._client.stream(
            "POST",
            f"projects/{segment(project_id)}/regenerate/stream",
            body=body,
            idempotency_key=idempotency_key,
        )


class Glossary:
    def __init__(self, client: Client) -> None:
        self._client = client

    def create(self, *, idempotency_key: str = "", **body: Unpack[schemas.TermCreationRequest]) -> schemas.TermReply:
        """Add Term, for members and admins; an API key needs `glossary:write`.
        Scope `glossary:write`. Not for test keys."""
        return self._client.call("POST", "glossary", body=body, idempotency_key=idempotency_key)

    def delete(self, term_id: str, *, version: int | None = None) -> None:
        """Delete Term, for members and admins; an API key needs `glossary:write`.
        Scope `glossary:write`. Not for test keys."""
        self._client.call("DELETE", f"glossary/{segment(term_id)}", version=version)

    def export(self, into: str | Path | IO[bytes], **query: Unpack[schemas.GlossaryExportQuery]) -> Written:
        """Export Glossary. A CSV file with one row per term and, for each language, the word, other forms, forbidden
        words and note. It can be imported again.
        Scope `glossary:read`. Not for test keys."""
        return self._client.download("glossary/export", into, **query)

    def get(self, term_id: str, **query: Unpack[schemas.GlossaryRetrieveQuery]) -> schemas.TermReply:
        """Get Term, for everybody in the organization; an API key needs `glossary:read`.
        Scope `glossary:read`. Not for test keys."""
        return self._client.call("GET", f"glossary/{segment(term_id)}", query=query)

    def list(self, **query: Unpack[schemas.GlossaryListQuery]) -> Iterator[schemas.TermReply]:
        """List Terms, for everybody in the organization; an API key needs `glossary:read`.
        Scope `glossary:read`. Not for test keys."""
        return self._client.pages("glossary", **query)

    def load(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.GlossaryFileRequest]
    ) -> schemas.GlossaryImportReply:
        """Import Glossary. Adds the terms of a CSV file. Existing terms are updated in the languages that a row
        fills in, and only in what the file has columns for. Rows that can't be read are listed with their line
        numbers.
        Scope `glossary:write`. Not for test keys."""
        return self._client.form("glossary/import", body, ("file",), idempotency_key=idempotency_key)

    def update(
        self, term_id: str, *, version: int | None = None, **body: Unpack[schemas.PatchedTermUpdateRequest]
    ) -> schemas.TermReply:
        """Update Term. Changes only the fields you send. Set a language in `targets` to `null` to remove it.
        Scope `glossary:write`. Not for test keys."""
        return self._client.call("PATCH", f"glossary/{segment(term_id)}", body=body, version=version)


class Invitations:
    def __init__(self, client: Client) -> None:
        self._client = client

    def accept(self, **body: Unpack[schemas.InvitationAcceptRequest]) -> schemas.InvitationAccepted:
        """Accept invitation. Creates the invited user with a verified address and signs them in. An expired, used or
        revoked token returns 409."""
        return self._client.call("POST", "invitations/accept", body=body)

    def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.InvitationCreateRequest]
    ) -> schemas.InvitationReply:
        """Create invitation. Emails a link that is valid for seven days. Returns 409 if the address already has an
        account or a pending invitation. The caller's own address must be verified (403 `email_not_verified`)."""
        return self._client.call("POST", "invitations", body=body, idempotency_key=idempotency_key)

    def list(self, **query: Unpack[schemas.InvitationsListQuery]) -> Iterator[schemas.InvitationReply]:
        """List invitations, for admins; an API key needs `organization:read`.
        Scope `organization:read`. Not for test keys."""
        return self._client.pages("invitations", **query)

    def resend(self, invitation_id: str, *, idempotency_key: str = "") -> schemas.InvitationReply:
        """Resend invitation email. Sends a new link that is valid for seven days; the previous link stops working.
        Returns 409 unless the invitation is pending, 403 if the caller's own address is not verified, and 429
        `too_many_mails` if the mailbox has received too many invitations today."""
        return self._client.call(
            "POST",
            f"invitations/{segment(invitation_id)}/resend",
            idempotency_key=idempotency_key,
        )

    def revoke(self, invitation_id: str, *, idempotency_key: str = "") -> schemas.InvitationReply:
        """Revoke invitation. Returns 409 unless the invitation is pending."""
        return self._client.call(
            "POST",
            f"invitations/{segment(invitation_id)}/revoke",
            idempotency_key=idempotency_key,
        )

    def validate(self, **query: Unpack[schemas.InvitationsValidateQuery]) -> schemas.InvitationValidity:
        """Validate invitation token. An expired, used or revoked token returns `is_valid: false` with empty fields."""
        return self._client.call("GET", "invitations/validate", query=query)


class Items:
    def __init__(self, client: Client) -> None:
        self._client = client

    def batch(
        self, project_id: str, **body: Unpack[schemas.PatchedBatchUpdateRequest]
    ) -> builtins.list[schemas.ItemReply]:
        """Batch update item statuses. Changes all items or none. An unknown ID returns 404 and a status that does
        not allow the change returns 409; both list the IDs.
        Scope `items:write`."""
        return self._client.call("PATCH", f"projects/{segment(project_id)}/items/batch", body=body)

    def comment(
        self,
        project_id: str,
        item_id: str,
        *,
        idempotency_key: str = "",
        **body: Unpack[schemas.ItemCommentRequestRequest],
    ) -> schemas.ItemCommentReply:
        """Comment on an item. The comment is visible to the organization only; it is never sent to a store or an AI
        model.
        Scope `items:write`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/items/{segment(item_id)}/comments",
            body=body,
            idempotency_key=idempotency_key,
        )

    def comments(
        self, project_id: str, item_id: str, **query: Unpack[schemas.ItemsCommentsQuery]
    ) -> Iterator[schemas.ItemCommentReply]:
        """List the comments on an item. The team's comments on the item, oldest first.
        Scope `items:read`."""
        return self._client.pages(f"projects/{segment(project_id)}/items/{segment(item_id)}/comments", **query)

    def delete(self, project_id: str, item_id: str) -> None:
        """Delete a text in a further language. Deletes the text with its versions, comments and sync history; the
        text in the store stays. Returns 409 `main_item` for an item itself (exclude it instead), and 409
        `job_active` while a job is running in the project.
        Scope `items:write`."""
        self._client.call("DELETE", f"projects/{segment(project_id)}/items/{segment(item_id)}")

    def delete_comment(self, project_id: str, item_id: str, comment_id: str) -> None:
        """Delete a comment. Only its author and admins can delete a comment.
        Scope `items:write`."""
        self._client.call(
            "DELETE",
            f"projects/{segment(project_id)}/items/{segment(item_id)}/comments/{segment(comment_id)}",
        )

    def diff(self, project_id: str, item_id: str) -> schemas.ItemDiff:
        """Compare an item's texts with the store's. A word-by-word comparison of each generated field. A text in
        another language is compared with the store's translation if it is known, otherwise with the text it was
        translated from; never with the store's main language.
        Scope `items:read`."""
        return self._client.call("GET", f"projects/{segment(project_id)}/items/{segment(item_id)}/diff")

    def estimate_regenerate(
        self,
        project_id: str,
        item_id: str,
        *,
        idempotency_key: str = "",
        **body: Unpack[schemas.ItemRegenerationRequestRequest],
    ) -> schemas.QuoteReply:
        """Estimate: Regenerate a single item. The price of the operation with this request body. Nothing is started
        or saved.
        Scope `generation:read`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/items/{segment(item_id)}/regenerate/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    def exclude(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.ItemIdsRequest]
    ) -> schemas.ExcludedReply:
        """Exclude items. Excluded items are left out of generation, export and sync. Excluding a Magento
        configurable product also excludes its children.
        Scope `items:write`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/items/exclude",
            body=body,
            idempotency_key=idempotency_key,
        )

    def export(
        self, project_id: str, into: str | Path | IO[bytes], **query: Unpack[schemas.ItemsExportQuery]
    ) -> Written:
        """Export project content CSV. A CSV file that the platform can import directly; for Magento only `sku`,
        `store_view_code` and the changed attributes. `X-Export-Warnings` lists rows that could not be exported or
        are outdated (outdated texts are left out, unless a person has edited them). With `format=jsonl` a gzip file
        for programs: each line is an item or a text of it in a further language, as in the list of items, with its
        facts, its text, and its checks and findings in `generation_metadata`.
        Scope `items:read`."""
        return self._client.download(f"projects/{segment(project_id)}/export", into, **query)

    def export_translations(
        self, project_id: str, into: str | Path | IO[bytes], **query: Unpack[schemas.ItemsExportTranslationsQuery]
    ) -> Written:
        """Export texts for translators. Approved texts in the main language, with their translations where they
        exist. XLIFF and PO contain all fields; store-specific tables contain the fields that the store translates.
        Translations that come from the store are left out unless the original has changed since, or
        `include_shop_translations` is set.
        Scope `items:read`."""
        return self._client.download(f"projects/{segment(project_id)}/translations/export", into, **query)

    def get(self, project_id: str, item_id: str, **query: Unpack[schemas.ItemsRetrieveQuery]) -> schemas.SingleItem:
        """Get a content item, for everybody in the organization; an API key needs `items:read`.
        Scope `items:read`."""
        return self._client.call("GET", f"projects/{segment(project_id)}/items/{segment(item_id)}", query=query)

    def import_translations(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.TranslationFileRequest]
    ) -> schemas.TranslationImportReply:
        """Import translated texts. Imports translations as edited texts; they are checked and go to review. A row
        whose original has changed since the export is rejected as `source_changed`; one whose translation has
        changed both here and in the file is rejected as `translation_changed`. A text that differs from the export
        is imported whatever its state in XLIFF or PO; `warnings` lists texts that are marked unfinished and
        unchanged. Up to 50 items are imported immediately (200), more by an `import` job (202). For files over 256
        KiB the counts are in the job's `result`, not in the reply.
        Scope `items:write`."""
        return self._client.form(
            f"projects/{segment(project_id)}/translations/import",
            body,
            ("file",),
            idempotency_key=idempotency_key,
        )

    def list(self, project_id: str, **query: Unpack[schemas.ItemsListQuery]) -> Iterator[schemas.ItemReply]:
        """List project content items. Without `limit`, returns all items as a stream.
        Scope `items:read`."""
        return self._client.pages(f"projects/{segment(project_id)}/items", **query)

    def next(self, project_id: str, **query: Unpack[schemas.ItemsNextQuery]) -> schemas.NextItemReply:
        """Get the next item to review. The next item to review: flagged items come first, then the others, each from
        the lowest score to the highest.
        Scope `items:read`."""
        return self._client.call("GET", f"projects/{segment(project_id)}/items/next", query=query)

    def provenance(self, project_id: str, item_id: str) -> schemas.ItemProvenance:
        """Show where an item's texts come from. The history of each text: AI model, prompt, settings, time and
        SHA-256; the results of the checks, the second AI model and the legal rules; who edited it and how much; who
        approved it, when, and the reason for any override. For a text in another language, use its own ID. The
        history can't be changed. This is not legal advice.
        Scope `items:read`."""
        return self._client.call("GET", f"projects/{segment(project_id)}/items/{segment(item_id)}/provenance")

    def regenerate(
        self,
        project_id: str,
        item_id: str,
        *,
        version: int | None = None,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.ItemRegenerationRequestRequest],
    ) -> schemas.ItemRegenerated:
        """Regenerate a single item. Regenerates one item and waits up to 30 s. The current content stays until the
        new one replaces it, and is then kept as a version. If generation fails, the reason is in
        `generation_metadata.last_error`.
        Scope `generation:write`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/items/{segment(item_id)}/regenerate",
            body=body,
            version=version,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def restore(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.ItemIdsRequest]
    ) -> schemas.RestoredReply:
        """Restore excluded items. Restores each item with its previous status. An API key needs `items:approve` if
        an item was approved. Restoring a Magento configurable product also restores its children.
        Scope `items:write`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/items/restore",
            body=body,
            idempotency_key=idempotency_key,
        )

    def restore_version(
        self, project_id: str, item_id: str, version_id: str, *, version: int | None = None, idempotency_key: str = "",
    ) -> schemas.SingleItem:
        """Bring a version back. The current content is kept as a version, and the item returns to review.
        Scope `items:write`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/items/{segment(item_id)}/versions/{segment(version_id)}/restore",
            version=version,
            idempotency_key=idempotency_key,
        )

    def update(
        self,
        project_id: str,
        item_id: str,
        *,
        version: int | None = None,
        **body: Unpack[schemas.PatchedItemUpdateRequest],
    ) -> schemas.UpdatedItem:
        """Update a content item. Content is merged by key, `seo` also by its own keys (null removes one; lists and
        `attributes` are replaced whole), sanitized and checked again, and sets the item to `generated`. `status` can
        be changed between `generated`, `flagged`, `approved` and `rejected`. To approve an item with unsupported
        claims, send `override` (409 `unsupported_claims`); if a legal rule blocks a sentence, send `override` and
        `override_reason` (409 `unlawful_claims`).
        Scope `items:write`."""
        return self._client.call(
            "PATCH",
            f"projects/{segment(project_id)}/items/{segment(item_id)}",
            body=body,
            version=version,
        )

    def verify(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.VerificationRequestRequest]
    ) -> schemas.VerificationReply:
        """Hold a published page against the record. Compares the public page of a synced item or a published post,
        and the texts from the store's API, with our record. Other URLs return 404 `nothing_published_there` and are
        not loaded. Nothing is changed.
        Scope `items:read`. Not for test keys."""
        return self._client.call("POST", "provenance/verify", body=body, idempotency_key=idempotency_key)

    def versions(
        self, project_id: str, item_id: str, **query: Unpack[schemas.ItemsVersionsQuery]
    ) -> Iterator[schemas.VersionReply]:
        """List the versions of an item. Earlier versions of the content, newest first.
        Scope `items:read`."""
        return self._client.pages(f"projects/{segment(project_id)}/items/{segment(item_id)}/versions", **query)


class Jobs:
    def __init__(self, client: Client) -> None:
        self._client = client

    def cancel(self, job_id: str, *, idempotency_key: str = "") -> schemas.JobReplyBody:
        """Cancel a job. Stops a queued or running job immediately. Finished items are kept and charged; the rest
        costs nothing.
        Scope `jobs:write`."""
        return self._client.call("POST", f"jobs/{segment(job_id)}/cancel", idempotency_key=idempotency_key)

    def create(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.JobCreationRequest]
    ) -> schemas.JobCreated:
        """Create background job. Queues a generation, a regeneration or a sync. The maximum quoted XCT are reserved
        first.
        Scope `generation:write`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/jobs",
            body=body,
            idempotency_key=idempotency_key,
        )

    def get(self, job_id: str, **query: Unpack[schemas.JobsRetrieveQuery]) -> schemas.JobReplyBody:
        """Get job status. The job's progress, latest events and totals.
        Scope `jobs:read`."""
        return self._client.call("GET", f"jobs/{segment(job_id)}", query=query)

    def list(self, project_id: str, **query: Unpack[schemas.JobsListQuery]) -> Iterator[schemas.JobListItem]:
        """List project jobs. The project's 50 most recent jobs, newest first.
        Scope `jobs:read`."""
        return self._client.pages(f"projects/{segment(project_id)}/jobs", **query)

    def stream(self, job_id: str, *, after_event: str = "") -> Iterator[Event]:
        """Follow a job. Streams the job's past events, then new ones until the job ends. After the end, only the
        past events are sent. Returns 204 if the job has ended and there is nothing after `Last-Event-ID`, so that a
        browser's `EventSource` stops reconnecting.
        Scope `jobs:read`."""
        return self._client.stream("GET", f"jobs/{segment(job_id)}/stream", after=after_event)


class Notifications:
    def __init__(self, client: Client) -> None:
        self._client = client

    def inbox(self, **query: Unpack[schemas.NotificationsInboxQuery]) -> schemas.NotificationsReply:
        """List notifications. The caller's own notifications, newest first.
        Scope `notifications:read`. Not for test keys."""
        return self._client.call("GET", "notifications", query=query)

    def read(self, notification_id: str, *, idempotency_key: str = "") -> schemas.NotificationReply:
        """Mark notification as read, for everybody in the organization; an API key needs `notifications:write`.
        Scope `notifications:write`. Not for test keys."""
        return self._client.call(
            "POST",
            f"notifications/{segment(notification_id)}/read",
            idempotency_key=idempotency_key,
        )

    def read_all(self, *, idempotency_key: str = "") -> schemas.ReadAllReply:
        """Mark all notifications as read, for everybody in the organization; an API key needs `notifications:write`.
        Scope `notifications:write`. Not for test keys."""
        return self._client.call("POST", "notifications/read-all", idempotency_key=idempotency_key)

    def unread_count(self) -> schemas.UnreadCountReply:
        """Get unread notification count, for everybody in the organization; an API key needs `notifications:read`.
        Scope `notifications:read`. Not for test keys."""
        return self._client.call("GET", "notifications/unread-count")


class Operations:
    def __init__(self, client: Client) -> None:
        self._client = client

    def health(self) -> schemas.Health:
        """Health check. Whether the service and everything it depends on respond."""
        return self._client.call("GET", "../../health")

    def live(self) -> schemas.Liveness:
        """Liveness. Whether this process responds; dependencies are not checked. An orchestrator restarts a process
        that does not."""
        return self._client.call("GET", "../../health/live")

    def ready(self) -> schemas.Health:
        """Readiness. Whether this process is ready for traffic. Runs the same checks as the health check, for
        orchestrators."""
        return self._client.call("GET", "../../health/ready")


class Organization:
    def __init__(self, client: Client) -> None:
        self._client = client

    def billing_details(self) -> schemas.BillingDetailsReply:
        """Get billing details, for everybody in the organization; an API key needs `billing:read`.
        Scope `billing:read`. Not for test keys."""
        return self._client.call("GET", "organization/billing-details")

    def create_tone(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.ToneRequestRequest]
    ) -> schemas.ToneReply:
        """Create custom tone. The ID is a slug. Returns 409 if a built-in or custom tone already uses it.
        Scope `organization:write`. Not for test keys."""
        return self._client.call("POST", "organization/tones", body=body, idempotency_key=idempotency_key)

    def destroy_tone(self, tone_id: str) -> schemas.MessageReply | None:
        """Delete custom tone, for admins; an API key needs `organization:write`.
        Scope `organization:write`. Not for test keys."""
        return self._client.call("DELETE", f"organization/tones/{segment(tone_id)}")

    def get(self, **query: Unpack[schemas.OrganizationRetrieveQuery]) -> schemas.OrganizationReply:
        """Get current organization, for everybody in the organization; an API key needs `organization:read`.
        Scope `organization:read`. Not for test keys."""
        return self._client.call("GET", "organization", query=query)

    def tones(self, **query: Unpack[schemas.OrganizationTonesQuery]) -> Iterator[schemas.ToneReply]:
        """List custom tones, for everybody in the organization; an API key needs `organization:read`.
        Scope `organization:read`. Not for test keys."""
        return self._client.pages("organization/tones", **query)

    def update(self, **body: Unpack[schemas.PatchedOrganizationUpdateRequest]) -> schemas.OrganizationReply:
        """Update organization details. Changes only the fields you send; `settings` is merged by top-level key.
        `enforce_2fa` applies from each user's next sign-in and can't be changed with an API key. To change
        `billing_email`, an API key also needs `billing:write`.
        Scope `organization:write`. Not for test keys."""
        return self._client.call("PATCH", "organization", body=body)

    def update_api_keys(self, **body: Unpack[schemas.PatchedOwnKeysUpdateRequest]) -> schemas.OrganizationReply:
        """Update organization API keys. Sets the organization's own keys for Anthropic, DeepSeek and Google. An
        empty string removes a key. Returns 403 `byok_disabled` unless the plan includes own keys. Keys are never
        shown again."""
        return self._client.call("PATCH", "organization/api-keys", body=body)

    def update_billing_details(
        self, **body: Unpack[schemas.PatchedBillingDetailsUpdateRequest]
    ) -> schemas.BillingDetailsReply:
        """Update billing details. A PIB must have a valid check digit (a leading `RS` is removed); an MB must have
        eight digits.
        Scope `billing:write`. Not for test keys."""
        return self._client.call("PATCH", "organization/billing-details", body=body)


class OutreachTracking:
    def __init__(self, client: Client) -> None:
        self._client = client

    def click(self, prospect_id: str, **query: Unpack[schemas.OutreachTrackingClickQuery]) -> str:
        """Track Click. Redirects to `url` if its host is allowed or is the prospect's own site. Otherwise returns
        400."""
        return self._client.location(f"outreach/track/click/{segment(prospect_id)}", **query)

    def open(self, prospect_id: str, into: str | Path | IO[bytes]) -> Written:
        """Track Open. Returns a transparent pixel that is never cached, also for unknown IDs. Opens by bots and
        repeated opens are not counted."""
        return self._client.download(f"outreach/track/open/{segment(prospect_id)}.png", into)


class PaddleWebhooks:
    def __init__(self, client: Client) -> None:
        self._client = client

    def paddle(self) -> schemas.WebhookReply:
        """Handle Paddle Webhook. Receives events from Paddle, verified by `Paddle-Signature`. Each event is stored
        and applied once."""
        return self._client.call("POST", "webhooks/paddle")


class Plugin:
    def __init__(self, client: Client) -> None:
        self._client = client

    def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.BatchRequestRequest]
    ) -> schemas.BatchAccepted:
        """Plugin Generate Batch. Generates texts for up to 100 products under one quote; either all are accepted or
        none. Returns immediately: poll the batch, or receive a webhook.
        Scope `generation:write`."""
        return self._client.call("POST", "plugin/batches", body=body, idempotency_key=idempotency_key)

    def estimate_create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.BatchRequestRequest]
    ) -> schemas.QuoteReply:
        """Estimate: Plugin Generate Batch. The price of the operation with this request body. Nothing is started or
        saved.
        Scope `generation:read`."""
        return self._client.call("POST", "plugin/batches/estimate", body=body, idempotency_key=idempotency_key)

    def estimate_generate_blog(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.BlogRequestRequest]
    ) -> schemas.QuoteReply:
        """Estimate: Plugin Generate Blog. The price of the operation with this request body. Nothing is started or
        saved.
        Scope `plugin:read`."""
        return self._client.call("POST", "plugin/generate-blog/estimate", body=body, idempotency_key=idempotency_key)

    def estimate_generate_description(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.DescriptionRequestRequest]
    ) -> schemas.QuoteReply:
        """Estimate: Plugin Generate Description. The price of the operation with this request body. Nothing is
        started or saved.
        Scope `plugin:read`."""
        return self._client.call(
            "POST",
            "plugin/generate-description/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    def generate_blog(
        self, *, wait: int | None = None, idempotency_key: str = "", **body: Unpack[schemas.BlogRequestRequest]
    ) -> schemas.PluginText:
        """Plugin Generate Blog. Generates a post and waits up to 60 s. If it takes longer, returns 202 with a handle
        to poll. If the AI model fails, returns 502 and nothing is charged.
        Scope `plugin:write`."""
        return self._client.call("POST", "plugin/generate-blog", body=body, wait=wait, idempotency_key=idempotency_key)

    def generate_blog_async(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.BlogRequestRequest]
    ) -> schemas.PluginAccepted:
        """Plugin Generate Blog Async. Starts generating a post and returns immediately with a handle to poll.
        Scope `plugin:write`."""
        return self._client.call("POST", "plugin/generate-blog-async", body=body, idempotency_key=idempotency_key)

    def generate_description(
        self, *, wait: int | None = None, idempotency_key: str = "", **body: Unpack[schemas.DescriptionRequestRequest]
    ) -> schemas.PluginText:
        """Plugin Generate Description. Generates a description and waits up to 60 s. If it takes longer, returns 202
        with a handle to poll. If the AI model fails, returns 502 and nothing is charged.
        Scope `plugin:write`."""
        return self._client.call(
            "POST",
            "plugin/generate-description",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def generate_description_async(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.DescriptionRequestRequest]
    ) -> schemas.PluginAccepted:
        """Plugin Generate Description Async. Starts generating a description and returns immediately with a handle
        to poll.
        Scope `plugin:write`."""
        return self._client.call(
            "POST",
            "plugin/generate-description-async",
            body=body,
            idempotency_key=idempotency_key,
        )

    def generation_status(self, generation_id: str) -> schemas.PluginGenerationStatus:
        """Plugin Generation Status. The status of a generation, with the texts if it is `completed` and the reason
        if it is `failed`.
        Scope `plugin:read`."""
        return self._client.call("GET", f"plugin/generation/{segment(generation_id)}/status")

    def get(self, batch_id: str, **query: Unpack[schemas.PluginRetrieveQuery]) -> schemas.BatchStatus:
        """Plugin Batch Status. The status of each item in a batch, in the same form as
        `generation/{generation_id}/status`.
        Scope `generation:read`."""
        return self._client.call("GET", f"plugin/batches/{segment(batch_id)}", query=query)

    def status(self) -> schemas.PluginStatus:
        """Plugin Status. Checks the key and returns the status of the account.
        Scope `plugin:read`."""
        return self._client.call("GET", "plugin/status")


class Projects:
    def __init__(self, client: Client) -> None:
        self._client = client

    def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.ProjectCreationRequest]
    ) -> schemas.ProjectReply:
        """Create a new project. Creates a draft project, with the organization's default content profile unless you
        name another, and with the settings you send. A test key creates a test project, everybody else a live one.
        Scope `projects:write`."""
        return self._client.call("POST", "projects", body=body, idempotency_key=idempotency_key)

    def decide_rule(
        self, project_id: str, rule_id: str, **body: Unpack[schemas.PatchedRuleDecisionRequest]
    ) -> schemas.RuleReply:
        """Accept or dismiss a learned rule. An accepted rule is added to the prompt of every later generation, and
        its words to the check for forbidden words. It applies to all projects with the same profile if the project
        has one.
        Scope `projects:write`."""
        return self._client.call("PATCH", f"projects/{segment(project_id)}/learned-rules/{segment(rule_id)}", body=body)

    def delete(self, project_id: str) -> None:
        """Soft-delete a project. Moves the project to the trash, from which it can be restored. Its active jobs are
        cancelled.
        Scope `projects:write`."""
        self._client.call("DELETE", f"projects/{segment(project_id)}")

    def get(self, project_id: str, **query: Unpack[schemas.ProjectsRetrieveQuery]) -> schemas.ProjectReply:
        """Get project details, for everybody in the organization; an API key needs `projects:read`.
        Scope `projects:read`."""
        return self._client.call("GET", f"projects/{segment(project_id)}", query=query)

    def learned_rules(
        self, project_id: str, **query: Unpack[schemas.ProjectsLearnedRulesQuery]
    ) -> Iterator[schemas.RuleReply]:
        """List learned rules. Rules proposed after three similar edits or rejections: words to avoid or replace, or
        a reason to observe. Newest first.
        Scope `projects:read`."""
        return self._client.pages(f"projects/{segment(project_id)}/learned-rules", **query)

    def list(self, **query: Unpack[schemas.ProjectsListQuery]) -> Iterator[schemas.ProjectReply]:
        """List all projects. The organization's projects, newest first. `include_deleted=true` lists the projects in
        the trash.
        Scope `projects:read`."""
        return self._client.pages("projects", **query)

    def permanent(self, project_id: str) -> None:
        """Permanently delete a project. With all its data and files, from the trash only. There is no way back. The
        rows of a large one, which nobody sees any more, are deleted by a job.
        Scope `projects:write`."""
        self._client.call("DELETE", f"projects/{segment(project_id)}/permanent")

    def plugin_integrations(self) -> builtins.list[schemas.PluginIntegration]:
        """List plugin integrations. Projects that are filled by store plugins.
        Scope `projects:read`."""
        return self._client.call("GET", "projects/plugin-integrations")

    def restore(self, project_id: str, *, idempotency_key: str = "") -> schemas.ProjectReply:
        """Restore a deleted project, for members and admins; an API key needs `projects:write`.
        Scope `projects:write`."""
        return self._client.call("POST", f"projects/{segment(project_id)}/restore", idempotency_key=idempotency_key)

    def truncate(self, project_id: str, *, idempotency_key: str = "") -> schemas.TruncateReply:
        """Truncate project data. Deletes all items and sources with their files; settings stay, and the project is a
        draft again. 409 while a job is active. What is large is deleted by a job, for which this waits up to 30 s;
        the reply then has its `job_id` and what is gone so far.
        Scope `projects:write`."""
        return self._client.call("POST", f"projects/{segment(project_id)}/truncate", idempotency_key=idempotency_key)

    def update(self, project_id: str, **body: Unpack[schemas.PatchedProjectUpdateRequest]) -> schemas.ProjectReply:
        """Update a project. Changes only the fields you send. A connection must be for the project's platform.
        Scope `projects:write`."""
        return self._client.call("PATCH", f"projects/{segment(project_id)}", body=body)


class Shopify:
    def __init__(self, client: Client) -> None:
        self._client = client

    def app(self, **query: Unpack[schemas.ShopifyAppQuery]) -> str:
        """Shopify App. The app's URL. An installation that starts in Shopify is redirected from here to grant
        access."""
        return self._client.location("shopify/app", **query)

    def callback(self, **query: Unpack[schemas.ShopifyCallbackQuery]) -> str:
        """Shopify Callback. Verifies the signature, the store, the time and the single-use state, then redirects the
        browser to the front end with `shop`, `code` and a one-time `install` token for `finalize`. Until then the
        connection is `pending`. On a server with SHOPIFY_CALLBACK_CONNECTS, connects immediately and redirects with
        `status` and `connection_id`."""
        return self._client.location("shopify/callback", **query)

    def compliance(self) -> schemas.ShopifyWebhookReply:
        """Shopify Compliance Webhook. Receives all compliance webhooks; `X-Shopify-Topic` has the topic."""
        return self._client.call("POST", "shopify/webhooks")

    def connect(self, **query: Unpack[schemas.ShopifyConnectQuery]) -> schemas.ShopifyUrlReply:
        """Shopify Connect. Returns the URL at which a store grants access. `connection_type=blog` asks for access to
        blog posts only; `translations=true` also asks for permission to write translations."""
        return self._client.call("GET", "shopify/connect", query=query)

    def customers_redact(self) -> schemas.ShopifyWebhookReply:
        """Shopify Customers Redact. We store no data about a store's customers."""
        return self._client.call("POST", "shopify/webhooks/customers/redact")

    def data_request(self) -> schemas.ShopifyWebhookReply:
        """Shopify Customers Data Request. We store no data about a store's customers."""
        return self._client.call("POST", "shopify/webhooks/customers/data_request")

    def finalize(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.ShopifyFinalizationRequest]
    ) -> schemas.ConnectionReply:
        """Shopify Finalize. Completes an installation with the `shop`, `code` and `install` values from the redirect
        and sets the connection to `active`. The installation must have been started by the caller (otherwise 403
        `install_of_another`) or in Shopify."""
        return self._client.call("POST", "shopify/finalize", body=body, idempotency_key=idempotency_key)

    def install_url(self) -> schemas.ShopifyUrlReply:
        """Shopify Install Url. The app's page at Shopify, where an installation can be started."""
        return self._client.call("GET", "shopify/install-url")

    def shop_redact(self) -> schemas.ShopifyWebhookReply:
        """Shopify Shop Redact. Sent 48 hours after an uninstall. Erases the store's credentials."""
        return self._client.call("POST", "shopify/webhooks/shop/redact")

    def uninstalled(self) -> schemas.ShopifyWebhookReply:
        """Shopify Uninstalled Webhook. Sent when the app is removed. Deactivates the store's connections and erases
        their tokens."""
        return self._client.call("POST", "shopify/webhooks/uninstalled")


class Sources:
    def __init__(self, client: Client) -> None:
        self._client = client

    def create(
        self, project_id: str, source_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.ManualItemsRequest]
    ) -> builtins.list[schemas.ItemReply]:
        """Add items to a manual source. Adds items to a manual source: all of them or none. Each needs a name or a
        SKU.
        Scope `projects:write`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/sources/{segment(source_id)}/items",
            body=body,
            idempotency_key=idempotency_key,
        )

    def delete(self, project_id: str, source_id: str) -> None:
        """Delete a data source. With its items and files. Items that have a row in another source stay, as that
        one's. 409 while a job works on the project. A large one is deleted by a job, for which this waits up to 30
        s.
        Scope `projects:write`."""
        self._client.call("DELETE", f"projects/{segment(project_id)}/sources/{segment(source_id)}")

    def detect_columns(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.FileBodyRequest]
    ) -> schemas.DetectedColumns:
        """Detect CSV column mappings. Reads the file's header and first rows and suggests a field for each column.
        Nothing is saved.
        Scope `projects:write`."""
        return self._client.form(
            f"projects/{segment(project_id)}/sources/detect-columns",
            body,
            ("file",),
            idempotency_key=idempotency_key,
        )

    def export(self, project_id: str, source_id: str, into: str | Path | IO[bytes]) -> Written:
        """Export source as CSV. The uploaded file with the generated fields of approved and synced items filled in;
        every other cell is unchanged, byte for byte. XLSX is returned as XLSX, WXR as WXR. Fields in
        `outdated_fields` keep the file's cell, unless a person has edited the text. `X-Export-Warnings` lists what
        could not be kept, what is outdated, and texts that the file has no row for.
        Scope `projects:read`."""
        return self._client.download(f"projects/{segment(project_id)}/sources/{segment(source_id)}/export", into)

    def listing(self, project_id: str) -> schemas.SourceList:
        """List project data sources. The project's sources, newest first, with the total number of items.
        Scope `projects:read`."""
        return self._client.call("GET", f"projects/{segment(project_id)}/sources")

    def manual(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.ManualSourceRequest]
    ) -> schemas.SourceReply:
        """Create manual data source, for members and admins; an API key needs `projects:write`.
        Scope `projects:write`."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/sources/manual",
            body=body,
            idempotency_key=idempotency_key,
        )

    def upload(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.FileUploadRequest]
    ) -> schemas.SourceReply:
        """Upload file data source. Imports the file's rows as items. Up to 2,000 rows are imported immediately
        (`ready`); larger files are imported by an `import` job whose ID is in `config.job_id` (`processing`). A file
        that can't be read returns one error and nothing is saved; rows that can't be read are listed in `errors`. A
        row with the ID or SKU of an existing item updates that item (`match`): its data changes, texts generated
        from older data are listed in `outdated_fields`, and the export of each source fills in the rows of its own
        file.
        Scope `projects:write`."""
        return self._client.form(
            f"projects/{segment(project_id)}/sources/file",
            body,
            ("file",),
            idempotency_key=idempotency_key,
        )


class StockPhotos:
    def __init__(self, client: Client) -> None:
        self._client = client

    def create(self, *, idempotency_key: str = "", **body: Unpack[schemas.KeyCreationRequest]) -> schemas.KeyReply:
        """Add stock photo key. Adds the organization's own key, one per provider. It is stored encrypted and never
        shown again.
        Scope `connections:write`. Not for test keys."""
        return self._client.call("POST", "stock-photo-keys", body=body, idempotency_key=idempotency_key)

    def delete(self, key_id: str) -> None:
        """Delete stock photo key, for admins; an API key needs `connections:write`.
        Scope `connections:write`. Not for test keys."""
        self._client.call("DELETE", f"stock-photo-keys/{segment(key_id)}")

    def list(self, **query: Unpack[schemas.StockPhotosListQuery]) -> Iterator[schemas.KeyReply]:
        """List stock photo keys, for everybody in the organization; an API key needs `connections:read`.
        Scope `connections:read`. Not for test keys."""
        return self._client.pages("stock-photo-keys", **query)

    def search(self, **query: Unpack[schemas.StockPhotosSearchQuery]) -> schemas.PhotoSearchReply:
        """Search stock photos. Searches Pexels. Wherever you show a photo, show the credit with a link to `url`.
        Scope `posts:read`. Not for test keys."""
        return self._client.call("GET", "stock-photos/search", query=query)

    def update(self, key_id: str, **body: Unpack[schemas.PatchedKeyUpdateRequest]) -> schemas.KeyReply:
        """Update stock photo key, for admins; an API key needs `connections:write`.
        Scope `connections:write`. Not for test keys."""
        return self._client.call("PATCH", f"stock-photo-keys/{segment(key_id)}", body=body)


class StoreConnections:
    def __init__(self, client: Client) -> None:
        self._client = client

    def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.ConnectionCreationRequest]
    ) -> schemas.ConnectionReply:
        """Create store connection. WooCommerce takes `consumer_key` and `consumer_secret`, Shopify and Magento
        `access_token` (Magento also OAuth 1.0a with all four secrets), WordPress the user in `consumer_key` and an
        application password in `consumer_secret`. Secrets are encrypted and never shown again.
        Scope `connections:write`. Not for test keys."""
        return self._client.call("POST", "store-connections", body=body, idempotency_key=idempotency_key)

    def delete(self, connection_id: str) -> None:
        """Delete store connection. Returns 409 while projects are linked to the connection.
        Scope `connections:write`. Not for test keys."""
        self._client.call("DELETE", f"store-connections/{segment(connection_id)}")

    def get(
        self, connection_id: str, **query: Unpack[schemas.StoreConnectionsRetrieveQuery]
    ) -> schemas.ConnectionReply:
        """Get store connection. One store connection with the number of linked projects.
        Scope `connections:read`. Not for test keys."""
        return self._client.call("GET", f"store-connections/{segment(connection_id)}", query=query)

    def guard(self, into: str | Path | IO[bytes]) -> Written:
        """Download guard plugin. Our plugin for WordPress, with or without WooCommerce, as a ZIP file for Plugins >
        Add New > Upload. With it, the site rejects an update of a text that was changed after we read it.
        Scope `connections:read`. Not for test keys."""
        return self._client.download("store-connections/guard-plugin", into)

    def list(self, **query: Unpack[schemas.StoreConnectionsListQuery]) -> Iterator[schemas.ConnectionReply]:
        """List store connections. All store connections of the organization, newest first, each with the number of
        linked projects.
        Scope `connections:read`. Not for test keys."""
        return self._client.pages("store-connections", **query)

    def test(self, connection_id: str, *, idempotency_key: str = "") -> schemas.ConnectionTestReply:
        """Test store connection. Calls the store with the stored credentials, for at most 10 seconds. If the store
        rejects them, the reply has `success: false` and the reason. Sets the connection to `active` or `error`.
        Scope `connections:write`. Not for test keys."""
        return self._client.call(
            "POST",
            f"store-connections/{segment(connection_id)}/test",
            idempotency_key=idempotency_key,
        )

    def update(
        self, connection_id: str, **body: Unpack[schemas.PatchedConnectionUpdateRequest]
    ) -> schemas.ConnectionReply:
        """Update store connection. Changes only the fields you send. Changing the host erases the stored secrets
        unless you send new ones.
        Scope `connections:write`. Not for test keys."""
        return self._client.call("PATCH", f"store-connections/{segment(connection_id)}", body=body)


class StoreImport:
    def __init__(self, client: Client) -> None:
        self._client = client

    def execute(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.ImportRequestRequest]
    ) -> schemas.ExecuteReply:
        """Start store import. Starts the import. New items are pending, unchanged items are not touched, and changed
        items get the store's new data and keep their generated texts.
        Scope `projects:write`. Not for test keys."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/import/execute",
            body=body,
            idempotency_key=idempotency_key,
        )

    def filters(self, project_id: str) -> schemas.FiltersReply:
        """Get available import filters. The filters available for an import from the connected store, with the
        store's values.
        Scope `projects:read`. Not for test keys."""
        return self._client.call("GET", f"projects/{segment(project_id)}/import/filters")

    def preview(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.ImportRequestRequest]
    ) -> schemas.PreviewReply:
        """Preview import count. The number of products that match. Their variants are imported too, but not counted.
        Scope `projects:write`. Not for test keys."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/import/preview",
            body=body,
            idempotency_key=idempotency_key,
        )


class StudioProfileBuilder:
    def __init__(self, client: Client) -> None:
        self._client = client

    def estimate_generate(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.InstructionsRequestRequest]
    ) -> schemas.QuoteReply:
        """Estimate: Generate Instructions. The price of the operation with this request body. Nothing is started or
        saved.
        Scope `profiles:read`."""
        return self._client.call(
            "POST",
            "studio/profile-builder/generate/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    def generate(
        self, *, wait: int | None = None, idempotency_key: str = "", **body: Unpack[schemas.InstructionsRequestRequest]
    ) -> schemas.InstructionsReply | schemas.JobBegun:
        """Generate Instructions. Generates a content profile's `custom_instructions` with one call of the
        organization's AI model, which is charged. Waits up to 100 s.
        Scope `profiles:write`. Not for test keys."""
        return self._client.call(
            "POST",
            "studio/profile-builder/generate",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def list_templates(
        self, **query: Unpack[schemas.StudioProfileBuilderListTemplatesQuery]
    ) -> Iterator[schemas.ProfileTemplateReply]:
        """List Templates. The templates that instructions can start from."""
        return self._client.pages("studio/profile-builder/templates", **query)


class StudioRequests:
    def __init__(self, client: Client) -> None:
        self._client = client

    def comment(
        self, request_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.CommentBodyRequest]
    ) -> schemas.CommentReply:
        """Add a comment to a studio request. The comment is public, and our staff are notified.
        Scope `studio:write`. Not for test keys."""
        return self._client.call(
            "POST",
            f"studio-requests/{segment(request_id)}/comments",
            body=body,
            idempotency_key=idempotency_key,
        )

    def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.RequestBodyRequest]
    ) -> schemas.StudioRequestReply:
        """Submit a new AI Studio quote request. Our staff are notified and reply in the request's comments.
        Scope `studio:write`. Not for test keys."""
        return self._client.call("POST", "studio-requests", body=body, idempotency_key=idempotency_key)

    def get(self, request_id: str, **query: Unpack[schemas.StudioRequestsRetrieveQuery]) -> schemas.StudioRequestDetail:
        """Get studio request detail. With its public comments, oldest first.
        Scope `studio:read`. Not for test keys."""
        return self._client.call("GET", f"studio-requests/{segment(request_id)}", query=query)

    def list_requests(self, **query: Unpack[schemas.StudioRequestsListRequestsQuery]) -> schemas.StudioRequestList:
        """List studio requests. The organization's requests, newest first, with the number of public comments.
        Scope `studio:read`. Not for test keys."""
        return self._client.call("GET", "studio-requests", query=query)


class StudioStoreAudit:
    def __init__(self, client: Client) -> None:
        self._client = client

    def create_fix_project(
        self, audit_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.FixRequestRequest]
    ) -> schemas.FixReply:
        """Create Fix Project. Creates a project with copies of the products that have this issue, as pending items.
        Above 500, a job copies them. Returns 409 if there are none.
        Scope `studio:write`. Not for test keys."""
        return self._client.call(
            "POST",
            f"studio/store-audit/{segment(audit_id)}/create-fix-project",
            body=body,
            idempotency_key=idempotency_key,
        )

    def delete(self, audit_id: str) -> None:
        """Delete Audit. Deletes the audit with all its findings and stops it if it is running. Fix projects are
        kept.
        Scope `studio:write`. Not for test keys."""
        self._client.call("DELETE", f"studio/store-audit/{segment(audit_id)}")

    def get(self, audit_id: str) -> schemas.AuditDetail:
        """Get Audit. The results, with each audited product and the IDs of the checks it failed.
        Scope `studio:read`. Not for test keys."""
        return self._client.call("GET", f"studio/store-audit/{segment(audit_id)}")

    def list_audits(self, **query: Unpack[schemas.StudioStoreAuditListAuditsQuery]) -> schemas.AuditList:
        """List Audits. The organization's audits, newest first, optionally of one project.
        Scope `studio:read`. Not for test keys."""
        return self._client.call("GET", "studio/store-audit", query=query)

    def run(self, *, idempotency_key: str = "", **body: Unpack[schemas.AuditRequestRequest]) -> schemas.AuditStarted:
        """Run Audit. Starts a job that runs the checks on every product of the project. It costs no XCT and does not
        block other jobs.
        Scope `studio:write`. Not for test keys."""
        return self._client.call("POST", "studio/store-audit/run", body=body, idempotency_key=idempotency_key)


class StudioTools:
    def __init__(self, client: Client) -> None:
        self._client = client

    def list_tools(self) -> schemas.ToolList:
        """List Studio Tools. All visible tools, and which of them the organization's plan includes.
        Scope `studio:read`. Not for test keys."""
        return self._client.call("GET", "studio/tools")


class Sync:
    def __init__(self, client: Client) -> None:
        self._client = client

    def create(
        self,
        project_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.SyncRequestRequest],
    ) -> schemas.SyncReply:
        """Sync all approved items. Sends approved items to the store and waits up to 30 s. 202 means that the job
        continues in the background. Texts that were changed in the store since they were imported or last synced are
        conflicts and are not overwritten without `force`. With `languages`, approved texts in other languages are
        written to the store's translations. The project's `settings.sync` defines where texts go that the platform
        has no field for: `placement` (of `short_description`, `bullet_points`, `attributes`, `structured_data`; each
        `description`, `short_description`, `meta.<key>` or `none`), `seo_plugin` (`auto`, `yoast`, `rank_math`,
        `seopress`), `push_slug`, Magento's `store_view`, and `custom_fields`, which an import reads as facts (see
        `import/filters`).
        Scope `sync:write`. Not for test keys."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/sync",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def create_item(
        self,
        project_id: str,
        item_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.ItemSyncRequestRequest],
    ) -> schemas.SyncItemReply:
        """Sync single item. Sends one approved item to the store or, with `languages`, its texts in other languages.
        If a text was changed in the store since, returns 409 `sync_conflict` with the imported or last synced text,
        the store's current text and the generated text of each field. `force` overwrites with our texts; `resolve`
        chooses a side for each field, and fields that are left out stay in conflict.
        Scope `sync:write`. Not for test keys."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/sync/{segment(item_id)}",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def drift(self, project_id: str, **query: Unpack[schemas.SyncDriftQuery]) -> Iterator[schemas.DriftReply]:
        """List what differs from the store. Items whose texts in the store differ from what we expect, as of the
        last comparison. A text in another language that we synced is a separate row.
        Scope `sync:read`."""
        return self._client.pages(f"projects/{segment(project_id)}/drift", **query)

    def history(self, project_id: str, item_id: str) -> schemas.HistoryReply:
        """Get item sync history. All sync attempts, newest first, with the texts before and after.
        Scope `sync:read`."""
        return self._client.call("GET", f"projects/{segment(project_id)}/sync/{segment(item_id)}/history")

    def languages(self, project_id: str) -> schemas.ShopLanguagesReply:
        """List the shop's languages. The languages that the connected store has translations for, read live, and the
        project language that each one maps to. If one store language matches two of the project's, set the mapping
        in the store connection's `languages`.
        Scope `sync:read`. Not for test keys."""
        return self._client.call("GET", f"projects/{segment(project_id)}/sync/languages")

    def stream(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.SyncRequestRequest]
    ) -> Iterator[Event]:
        """Stream sync to store. Same as `sync`, streamed as events: `item` for each updated item, `item_failed` with
        the reason or the conflicting texts for each item that failed.
        Scope `sync:write`. Not for test keys."""
        return self._client.stream(
            "POST",
            f"projects/{segment(project_id)}/sync/stream",
            body=body,
            idempotency_key=idempotency_key,
        )

    def undo(
        self,
        job_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.ForceRequestRequest],
    ) -> schemas.UndoReply:
        """Undo a whole sync. Restores the texts that a sync replaced in the store. Items whose texts have changed in
        the store since are not touched, and are listed in the result.
        Scope `sync:write`. Not for test keys."""
        return self._client.call(
            "POST",
            f"jobs/{segment(job_id)}/undo",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def undo_item(
        self,
        project_id: str,
        item_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.ForceRequestRequest],
    ) -> schemas.SyncItemReply:
        """Undo an item's last sync. Restores the texts that the last sync of this item replaced; the item becomes
        `approved`. Returns 409 `store_changed` if the texts have changed in the store since.
        Scope `sync:write`. Not for test keys."""
        return self._client.call(
            "POST",
            f"projects/{segment(project_id)}/sync/{segment(item_id)}/undo",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def verify(self, project_id: str, *, idempotency_key: str = "") -> schemas.VerifyReply:
        """Compare with the store. Queues a `verify` job that compares the texts we expect in the store with the
        actual ones. Nothing in the store is changed. The same comparison runs weekly. Differences are listed by
        `drift`; contents generated from a text that was edited in the store since are marked in `outdated_fields`.
        Returns 409 `job_active` while another job is changing the project's items.
        Scope `sync:write`. Not for test keys."""
        return self._client.call("POST", f"projects/{segment(project_id)}/verify", idempotency_key=idempotency_key)

    def warnings(self, project_id: str) -> schemas.WarningsReply:
        """Get warnings before a sync. Warnings for a sync of all approved items, based on the last read from the
        store: texts that could not be restored exactly later, because the store filters them; descriptions that
        visitors would not see, because a page builder shows its own; texts with elements that ours lack; and texts
        the store has no field for. To skip the first kind, send `leave_unrestorable` with the sync. The second kind
        fails (`page_builder`) unless `force` is set.
        Scope `sync:read`."""
        return self._client.call("GET", f"projects/{segment(project_id)}/sync/warnings")


class System:
    def __init__(self, client: Client) -> None:
        self._client = client

    def content_types(self, **query: Unpack[schemas.SystemContentTypesQuery]) -> Iterator[schemas.ContentTypeReply]:
        """List content types. The types of content items that texts can be generated for."""
        return self._client.pages("system/content-types", **query)

    def languages(self, **query: Unpack[schemas.SystemLanguagesQuery]) -> Iterator[schemas.LanguageReply]:
        """List supported languages. The languages that content can be generated in."""
        return self._client.pages("system/languages", **query)

    def platforms(self, **query: Unpack[schemas.SystemPlatformsQuery]) -> Iterator[schemas.PlatformReply]:
        """List e-commerce platforms. The store platforms, what a connection to each needs, and what each supports."""
        return self._client.pages("system/platforms", **query)

    def providers(self, **query: Unpack[schemas.SystemProvidersQuery]) -> Iterator[schemas.ProviderReply]:
        """List AI providers. All registered AI providers and their models."""
        return self._client.pages("system/providers", **query)

    def tones(self, **query: Unpack[schemas.SystemTonesQuery]) -> Iterator[schemas.SystemToneReply]:
        """List writing tones. The built-in tones, and the organization's own.
        Scope `organization:read`. Not for test keys."""
        return self._client.pages("system/tones", **query)


class TranslationMemory:
    def __init__(self, client: Client) -> None:
        self._client = client

    def delete(self, **query: Unpack[schemas.TranslationMemoryDestroyQuery]) -> schemas.DeletedSegments | None:
        """Delete imported segments. Deletes what was imported between two languages. Approved texts stay in the
        memory.
        Scope `items:write`."""
        return self._client.call("DELETE", "translation-memory", query=query)

    def export(self, into: str | Path | IO[bytes], **query: Unpack[schemas.TranslationMemoryExportQuery]) -> Written:
        """Export the translation memory. A TMX 1.4 file with every approved translation between two languages,
        sentence by sentence, and with the imported segments. Blocks whose sentences can't be matched are one
        segment.
        Scope `items:read`."""
        return self._client.download("translation-memory/export", into, **query)

    def load(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.MemoryFileRequest]
    ) -> schemas.MemoryImportReply:
        """Import a translation memory. Adds the segments of a TMX file to the organization's translation memory. A
        text whose sentences are all known is written without a model and costs nothing. Approved texts take
        precedence, and segments that depart from the glossary are not used. Files over 256 KiB are read by a
        `memory_import` job (202), whose `result` has the counts.
        Scope `items:write`."""
        return self._client.form("translation-memory/import", body, ("file",), idempotency_key=idempotency_key)


class Usage:
    def __init__(self, client: Client) -> None:
        self._client = client

    def list(self, **query: Unpack[schemas.UsageListQuery]) -> Iterator[schemas.UsageReply]:
        """List usage records. One record per call of an AI model, newest first, optionally limited to a date range.
        Scope `billing:read`. Not for test keys."""
        return self._client.pages("usage", **query)

    def summary(self, **query: Unpack[schemas.UsageSummaryQuery]) -> schemas.UsageSummaryReply:
        """Get usage summary. Tokens and estimated cost of the last `days`, by AI provider and by content type, of
        the usage records that you can list.
        Scope `billing:read`. Not for test keys."""
        return self._client.call("GET", "usage/summary", query=query)


class Users:
    def __init__(self, client: Client) -> None:
        self._client = client

    def chatwoot_identity(self) -> schemas.ChatwootIdentityReply:
        """Get Chatwoot identity hash. The values for the support chat's `setUser`. Not available to support staff
        signed in as a customer (403)."""
        return self._client.call("GET", "users/me/chatwoot-identity")

    def create(self, *, idempotency_key: str = "", **body: Unpack[schemas.UserCreateRequest]) -> schemas.UserReply:
        """Create a new user. Creates an active user with an unverified address. The welcome email has a link to set
        a password; it never contains a password. The caller's address must be verified (403 `email_not_verified`)."""
        return self._client.call("POST", "users", body=body, idempotency_key=idempotency_key)

    def delete(self, user_id: str) -> None:
        """Deactivate a user. Deactivates the user and ends their sessions; the user record is kept. Returns 409 for
        yourself and for the last active admin."""
        self._client.call("DELETE", f"users/{segment(user_id)}")

    def email_preferences(self) -> schemas.EmailPreferencesReply:
        """Get email notification preferences, for everybody in the organization."""
        return self._client.call("GET", "users/me/email-preferences")

    def identities(self, **query: Unpack[schemas.UsersIdentitiesQuery]) -> Iterator[schemas.IdentityReply]:
        """List own sign-in identities. The Google and Apple accounts linked to the caller's account, oldest link
        first."""
        return self._client.pages("users/me/identities", **query)

    def list(self, **query: Unpack[schemas.UsersListQuery]) -> Iterator[schemas.UserReply]:
        """List organization users, for admins; an API key needs `organization:read`.
        Scope `organization:read`. Not for test keys."""
        return self._client.pages("users", **query)

    def logout_all(self, user_id: str, *, idempotency_key: str = "") -> schemas.MessageReply:
        """Force logout a user. Ends all sessions of a user immediately."""
        return self._client.call("POST", f"users/{segment(user_id)}/logout-all", idempotency_key=idempotency_key)

    def me(self) -> schemas.UserReply:
        """Get current user profile, for everybody in the organization; an API key needs `organization:read`.
        Scope `organization:read`. Not for test keys."""
        return self._client.call("GET", "users/me")

    def reset_second_factor(self, user_id: str, *, idempotency_key: str = "") -> schemas.MessageReply:
        """Reset user 2FA. Removes the user's device and backup codes and ends all sessions. The user sets up 2FA
        again at the next sign-in. Returns 409 `own_second_factor` for your own account."""
        return self._client.call("POST", f"users/{segment(user_id)}/2fa/reset", idempotency_key=idempotency_key)

    def resume_second_factor(self, user_id: str, *, idempotency_key: str = "") -> schemas.MessageReply:
        """Enable user 2FA. Resumes the 2FA that `2fa/disable` suspended."""
        return self._client.call("POST", f"users/{segment(user_id)}/2fa/enable", idempotency_key=idempotency_key)

    def suspend_second_factor(self, user_id: str, *, idempotency_key: str = "") -> schemas.MessageReply:
        """Disable user 2FA. Suspends the user's 2FA; `2fa/enable` resumes it with the same device. Returns 409
        `own_second_factor` for your own account."""
        return self._client.call("POST", f"users/{segment(user_id)}/2fa/disable", idempotency_key=idempotency_key)

    def unlink_identity(self, identity_id: str) -> None:
        """Unlink own sign-in identity. Unlinks an identity by its ID or its provider (`google` or `apple`). Needs a
        sign-in within the last ten minutes, or the `password` (403). Sessions started with it end. Returns 409
        `last_way_in` if it is the only way to sign in: set a password first."""
        self._client.call("DELETE", f"users/me/identities/{segment(identity_id)}")

    def update(self, user_id: str, **body: Unpack[schemas.PatchedUserUpdateRequest]) -> schemas.UserReply:
        """Update a user. For admins of the organization. A new email address takes effect when its owner confirms
        it. Changing the role, the projects or the password, or deactivating the user, ends the user's sessions. Only
        platform staff can change platform staff (403 `protected_user`)."""
        return self._client.call("PATCH", f"users/{segment(user_id)}", body=body)

    def update_email_preferences(
        self, **body: Unpack[schemas.PatchedEmailPreferencesUpdateRequest]
    ) -> schemas.EmailPreferencesReply:
        """Update email notification preferences, for everybody in the organization."""
        return self._client.call("PATCH", "users/me/email-preferences", body=body)

    def update_me(self, **body: Unpack[schemas.PatchedSelfUpdateRequest]) -> schemas.UserReply:
        """Update current user profile. Changing the password or the email address needs `current_password` (a wrong
        one returns 403). A new address takes effect when it is verified. You can't change your own role (403
        `own_role`) or deactivate yourself (409)."""
        return self._client.call("PATCH", "users/me", body=body)


class Webhooks:
    def __init__(self, client: Client) -> None:
        self._client = client

    def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.EndpointCreateRequest]
    ) -> schemas.EndpointWithSecret:
        """Add a webhook endpoint. Events are sent according to Standard Webhooks 1.0. Returns the signing secret; it
        is shown only this once. An organization can have up to ten endpoints (409 `too_many_endpoints`).
        Scope `webhooks:write`."""
        return self._client.call("POST", "webhooks/endpoints", body=body, idempotency_key=idempotency_key)

    def delete(self, endpoint_id: str) -> None:
        """Delete a webhook endpoint, for admins; an API key needs `webhooks:write`.
        Scope `webhooks:write`."""
        self._client.call("DELETE", f"webhooks/endpoints/{segment(endpoint_id)}")

    def deliveries(self, **query: Unpack[schemas.WebhooksDeliveriesQuery]) -> Iterator[schemas.DeliveryReply]:
        """List deliveries. Deliveries with their attempts, newest first. `after` is the ID of the last delivery you
        have seen.
        Scope `webhooks:read`."""
        return self._client.pages("webhooks/deliveries", **query)

    def get(self, endpoint_id: str, **query: Unpack[schemas.WebhooksRetrieveQuery]) -> schemas.EndpointReply:
        """Get a webhook endpoint, for admins; an API key needs `webhooks:read`.
        Scope `webhooks:read`."""
        return self._client.call("GET", f"webhooks/endpoints/{segment(endpoint_id)}", query=query)

    def list(self, **query: Unpack[schemas.WebhooksListQuery]) -> Iterator[schemas.EndpointReply]:
        """List webhook endpoints, for admins; an API key needs `webhooks:read`.
        Scope `webhooks:read`."""
        return self._client.pages("webhooks/endpoints", **query)

    def ping(self, endpoint_id: str, *, idempotency_key: str = "") -> schemas.PingReply:
        """Send a test. Sends a `ping` event, whatever event types the endpoint gets. The delivery shows the reply.
        Returns 409 `endpoint_disabled` while the endpoint is disabled.
        Scope `webhooks:write`."""
        return self._client.call(
            "POST",
            f"webhooks/endpoints/{segment(endpoint_id)}/ping",
            idempotency_key=idempotency_key,
        )

    def replay(
        self, endpoint_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.ReplayRequestRequest]
    ) -> schemas.QueuedReply:
        """Replay a span of time. Sends the events of a period that the endpoint has not received: failed deliveries,
        and events from when it was disabled or did not exist yet. Events are kept for 30 days. Returns 409
        `endpoint_disabled` while the endpoint is disabled.
        Scope `webhooks:write`."""
        return self._client.call(
            "POST",
            f"webhooks/endpoints/{segment(endpoint_id)}/replay",
            body=body,
            idempotency_key=idempotency_key,
        )

    def replay_delivery(self, delivery_id: str, *, idempotency_key: str = "") -> schemas.DeliveryReply:
        """Replay a delivery. Sends the event to the endpoint again with the same ID, with up to eight attempts.
        Returns 409 `endpoint_disabled` while the endpoint is disabled.
        Scope `webhooks:write`."""
        return self._client.call(
            "POST",
            f"webhooks/deliveries/{segment(delivery_id)}/replay",
            idempotency_key=idempotency_key,
        )

    def retrieve_delivery(
        self, delivery_id: str, **query: Unpack[schemas.WebhooksRetrieveDeliveryQuery]
    ) -> schemas.DeliveryReply:
        """Get a delivery, for admins; an API key needs `webhooks:read`.
        Scope `webhooks:read`."""
        return self._client.call("GET", f"webhooks/deliveries/{segment(delivery_id)}", query=query)

    def rotate_secret(
        self, endpoint_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.SecretRotationRequest]
    ) -> schemas.EndpointWithSecret:
        """Rotate an endpoint's secret. Returns the new signing secret; it is shown only this once. During the
        overlap, each event is signed with both secrets.
        Scope `webhooks:write`."""
        return self._client.call(
            "POST",
            f"webhooks/endpoints/{segment(endpoint_id)}/rotate-secret",
            body=body,
            idempotency_key=idempotency_key,
        )

    def update(self, endpoint_id: str, **body: Unpack[schemas.PatchedEndpointPatchRequest]) -> schemas.EndpointReply:
        """Change a webhook endpoint. `is_active` enables or disables the endpoint. Use replay to send the events it
        missed while it was disabled.
        Scope `webhooks:write`."""
        return self._client.call("PATCH", f"webhooks/endpoints/{segment(endpoint_id)}", body=body)


class Resources:
    def __init__(self, client: Client) -> None:
        self.api_keys = ApiKeys(client)
        self.auth = Auth(client)
        self.billing = Billing(client)
        self.blog = Blog(client)
        self.blog_connections = BlogConnections(client)
        self.blog_templates = BlogTemplates(client)
        self.chatbot = Chatbot(client)
        self.content_profiles = ContentProfiles(client)
        self.dodo_webhooks = DodoWebhooks(client)
        self.event_log = EventLog(client)
        self.evidence = Evidence(client)
        self.files = Files(client)
        self.gdpr = Gdpr(client)
        self.generation = Generation(client)
        self.glossary = Glossary(client)
        self.invitations = Invitations(client)
        self.items = Items(client)
        self.jobs = Jobs(client)
        self.notifications = Notifications(client)
        self.operations = Operations(client)
        self.organization = Organization(client)
        self.outreach_tracking = OutreachTracking(client)
        self.paddle_webhooks = PaddleWebhooks(client)
        self.plugin = Plugin(client)
        self.projects = Projects(client)
        self.shopify = Shopify(client)
        self.sources = Sources(client)
        self.stock_photos = StockPhotos(client)
        self.store_connections = StoreConnections(client)
        self.store_import = StoreImport(client)
        self.studio_profile_builder = StudioProfileBuilder(client)
        self.studio_requests = StudioRequests(client)
        self.studio_store_audit = StudioStoreAudit(client)
        self.studio_tools = StudioTools(client)
        self.sync = Sync(client)
        self.system = System(client)
        self.translation_memory = TranslationMemory(client)
        self.usage = Usage(client)
        self.users = Users(client)
        self.webhooks = Webhooks(client)


class AsyncApiKeys:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.ApiKeyCreateRequest]
    ) -> schemas.ApiKeyCreated:
        """Create API key. Returns the key; it is shown only this once. The key acts as you, limited to the
        operations that `scopes` allow. Without `scopes` it can use only the plugin operations. `items:approve` and
        `posts:publish` are never granted by default. With `project_ids` the key sees only these projects, and 404
        for everything in others."""
        return await self._client.call("POST", "api-keys", body=body, idempotency_key=idempotency_key)

    async def deactivate(self, key_id: str) -> schemas.ApiKeyReply:
        """Deactivate API key, for admins."""
        return await self._client.call("PATCH", f"api-keys/{segment(key_id)}/deactivate")

    async def delete(self, key_id: str) -> None:
        """Delete API key, for admins."""
        await self._client.call("DELETE", f"api-keys/{segment(key_id)}")

    async def get(self, key_id: str, **query: Unpack[schemas.ApiKeysRetrieveQuery]) -> schemas.ApiKeyReply:
        """Get API key, for admins; an API key needs `api_keys:read`.
        Scope `api_keys:read`. Not for test keys."""
        return await self._client.call("GET", f"api-keys/{segment(key_id)}", query=query)

    async def key_usage(self, key_id: str) -> schemas.KeyUsageReply:
        """Get usage of an API key, for admins; an API key needs `api_keys:read`.
        Scope `api_keys:read`. Not for test keys."""
        return await self._client.call("GET", f"api-keys/{segment(key_id)}/usage")

    def list(self, **query: Unpack[schemas.ApiKeysListQuery]) -> AsyncIterator[schemas.ApiKeyReply]:
        """List API keys, for admins; an API key needs `api_keys:read`.
        Scope `api_keys:read`. Not for test keys."""
        return self._client.pages("api-keys", **query)

    def requests(
        self, key_id: str, **query: Unpack[schemas.ApiKeysRequestsQuery]
    ) -> AsyncIterator[schemas.ApiKeyRequestReply]:
        """List requests of an API key. The requests made with this key in the last 14 days, newest first. Page with
        `limit` and `offset`.
        Scope `api_keys:read`. Not for test keys."""
        return self._client.pages(f"api-keys/{segment(key_id)}/requests", **query)

    async def rotate(
        self, key_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.ApiKeyRotationRequest]
    ) -> schemas.ApiKeyCreated:
        """Rotate API key. Creates a new key with the same scopes, mode, networks and cap, which acts as you. The old
        key keeps working for `overlap_hours`. Errors: 409 `api_key_replaced` if the key was already rotated (even if
        its replacement has been deleted), 409 `api_key_inactive`."""
        return await self._client.call(
            "POST",
            f"api-keys/{segment(key_id)}/rotate",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def update(self, key_id: str, **body: Unpack[schemas.PatchedApiKeyChangeRequest]) -> schemas.ApiKeyReply:
        """Change API key. Changes the key's name, expiry, allowed networks and monthly cap. `scopes`, `project_ids`,
        `mode` and `is_active` can't be changed (400 `unchangeable`): create another key instead. The expiry of a
        rotated key can't be changed either (409 `api_key_replaced`)."""
        return await self._client.call("PATCH", f"api-keys/{segment(key_id)}", body=body)


class AsyncAuth:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def apple(self, **body: Unpack[schemas.AppleRequestRequest]) -> schemas.SignInReply:
        """Sign in with Apple. Signs in or creates an account. With the Bearer token of a signed-in user, links the
        Apple account to that user instead; this needs a sign-in within the last ten minutes, or the user's
        `password` (403 `recent_sign_in_required`)."""
        return await self._client.call("POST", "auth/apple", body=body)

    async def backup_codes(self, **body: Unpack[schemas.CodeRequestRequest]) -> schemas.BackupCodesReply:
        """Replace the 2FA backup codes. Returns ten new backup codes in exchange for a valid code. The old codes
        stop working."""
        return await self._client.call("POST", "auth/2fa/backup-codes", body=body)

    async def begin(self, **body: Unpack[schemas.SetupRequestRequest]) -> schemas.SetupReply:
        """Begin 2FA setup. Returns a secret and an otpauth URI for `totp`, or emails a code for `email`. Takes
        effect when it is confirmed. Platform staff must have signed in within the last ten minutes, or send their
        password (403 `recent_sign_in_required`)."""
        return await self._client.call("POST", "auth/2fa/setup", body=body)

    async def confirm(self, **body: Unpack[schemas.CodeRequestRequest]) -> schemas.BackupCodesReply:
        """Confirm 2FA setup. Verifies a first code and returns ten one-use backup codes."""
        return await self._client.call("POST", "auth/2fa/confirm", body=body)

    async def confirm_with_temp(self, **body: Unpack[schemas.TempCodeRequestRequest]) -> schemas.ConfirmedSignInReply:
        """Confirm 2FA setup via temp token. Same as `2fa/confirm`. It also completes the pending sign-in and returns
        an `access_token`."""
        return await self._client.call("POST", "auth/2fa/confirm-with-temp", body=body)

    async def disable(self, **body: Unpack[schemas.CodeRequestRequest]) -> schemas.MessageReply:
        """Disable two-factor authentication. Needs a valid code or backup code. Returns 403 if the organization
        requires 2FA."""
        return await self._client.call("POST", "auth/2fa/disable", body=body)

    async def forgot_password(self, **body: Unpack[schemas.EmailRequestRequest]) -> schemas.MessageReply:
        """Request password reset. Emails a reset link that is valid for one hour, if the address has an account. The
        reply is the same whether or not it does."""
        return await self._client.call("POST", "auth/forgot-password", body=body)

    async def google(self, **body: Unpack[schemas.GoogleRequestRequest]) -> schemas.SignInReply:
        """Sign in with Google. Signs in or creates an account. With the Bearer token of a signed-in user, links the
        Google account to that user instead; this needs a sign-in within the last ten minutes, or the user's
        `password` (403 `recent_sign_in_required`)."""
        return await self._client.call("POST", "auth/google", body=body)

    async def login(self, **body: Unpack[schemas.LoginRequestRequest]) -> schemas.SignInReply:
        """Authenticate user credentials. Returns an access token or, with two-factor authentication, a `temp_token`
        for the second step. An unknown address and a wrong password give the same error. Store the `device_token`
        and send it with the next sign-in: a known device is not slowed down while someone else tries passwords for
        the account."""
        return await self._client.call("POST", "auth/login", body=body)

    async def logout(self) -> schemas.MessageReply:
        """Logout (revoke current token). Ends the session of this token and invalidates all its tokens."""
        return await self._client.call("POST", "auth/logout")

    async def logout_all(self) -> schemas.MessageReply:
        """Logout all sessions. Ends all sessions of the current user immediately, including this one."""
        return await self._client.call("POST", "auth/logout-all")

    async def nonce(self) -> schemas.NonceReply:
        """Get a nonce for social sign-in. Returns a nonce that is valid for ten minutes. Pass it to Google or Apple,
        then send it with the ID token, which can then be used only once."""
        return await self._client.call("POST", "auth/nonce")

    async def refresh(self) -> schemas.AccessTokenReply:
        """Refresh access token. Returns a new token for the same session, up to 30 days after the sign-in. The old
        token expires 60 seconds later."""
        return await self._client.call("POST", "auth/refresh")

    async def register(self, **body: Unpack[schemas.RegisterRequestRequest]) -> schemas.RegisterReply:
        """Self-service registration. Creates an organization on the Free plan with 50 XCT, and its first user as
        admin."""
        return await self._client.call("POST", "auth/register", body=body)

    async def resend(self, **body: Unpack[schemas.TempTokenRequestRequest]) -> schemas.MessageReply:
        """Resend 2FA email code. Emails another code during the second step, at most once a minute. Returns 409
        unless the user's method is `email`."""
        return await self._client.call("POST", "auth/resend-2fa", body=body)

    async def resend_verification(self) -> schemas.MessageReply:
        """Resend verification email. Emails the verification link again, unless the address is already verified."""
        return await self._client.call("POST", "auth/resend-verification")

    async def reset_password(self, **body: Unpack[schemas.ResetPasswordRequestRequest]) -> schemas.MessageReply:
        """Reset password with token. Sets a new password and ends all sessions. Each link works once; requesting a
        new link or completing a reset invalidates older links."""
        return await self._client.call("POST", "auth/reset-password", body=body)

    async def send_disable_code(self) -> schemas.MessageReply:
        """Send 2FA disable code. Emails a code for `2fa/disable`, at most once a minute. Returns 409 unless the
        user's method is `email`."""
        return await self._client.call("POST", "auth/2fa/send-disable-code")

    async def setup_with_temp(self, **body: Unpack[schemas.TempMethodRequestRequest]) -> schemas.SetupReply:
        """Begin 2FA setup via temp token. Same as `2fa/setup`, for a sign-in that returned
        `two_factor_setup_required`."""
        return await self._client.call("POST", "auth/2fa/setup-with-temp", body=body)

    async def verify(self, **body: Unpack[schemas.TempCodeRequestRequest]) -> schemas.SignInReply:
        """Verify 2FA login code. Completes the second step of a sign-in with a TOTP, an emailed code or a backup
        code. The `temp_token` can be used only once."""
        return await self._client.call("POST", "auth/verify-2fa", body=body)

    async def verify_email(self, **query: Unpack[schemas.AuthVerifyEmailQuery]) -> schemas.MessageReply:
        """Verify email address. Confirms the token from a verification email or a change of address. A used token
        returns 400."""
        return await self._client.call("GET", "auth/verify-email", query=query)


class AsyncBilling:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def adjustment(
        self,
        *,
        organization_id: str | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.AdjustmentRequestRequest],
    ) -> schemas.TransactionReply:
        """Adjust XCT balance. Platform staff only. Increases or decreases the subscription balance or the top-up
        balance."""
        return await self._client.call(
            "POST",
            "billing/adjustment",
            body=body,
            query={"organization_id": organization_id},
            idempotency_key=idempotency_key,
        )

    async def balance(self) -> schemas.BalanceReply:
        """Get XCT balance. The organization's XCT: from the plan, from top-ups, reserved for running jobs, and
        available. A test key gets its test XCT as `topup_balance`, and nothing of the live balance.
        Scope `billing:read`."""
        return await self._client.call("GET", "billing/balance")

    async def cancel(self, *, idempotency_key: str = "") -> schemas.CancelReply:
        """Cancel subscription. Cancels the subscription at the end of the billing period. Access continues until
        then.
        Scope `billing:write`. Not for test keys."""
        return await self._client.call("POST", "billing/cancel-subscription", idempotency_key=idempotency_key)

    async def cancel_invoice(
        self, invoice_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.CancelInvoiceRequestRequest]
    ) -> schemas.InvoiceReply:
        """Cancel an unpaid invoice. Platform staff only. Cancels the invoice with a counter-invoice; its number
        stays in use. Repeating the request returns the same reply."""
        return await self._client.call(
            "POST",
            f"billing/invoices/{segment(invoice_id)}/cancel",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def change_plan(
        self, *, organization_id: str | None = None, **body: Unpack[schemas.PatchedPlanChangeRequestRequest]
    ) -> schemas.BalanceReply:
        """Change subscription tier. Platform staff only. Moves an organization to a plan. With
        `allocate_immediately`, the new allotment is granted immediately and the remaining XCT of the old plan
        expire."""
        return await self._client.call(
            "PATCH",
            "billing/subscription",
            body=body,
            query={"organization_id": organization_id},
        )

    async def checkout(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.CheckoutRequestRequest]
    ) -> schemas.CheckoutReply:
        """Create subscription checkout. Creates a checkout for a new subscription. If there is an active
        subscription, an upgrade takes effect immediately (`plan_changed`) and a downgrade at the end of the billing
        period (`scheduled`). XCT are granted only when the payment is confirmed.
        Scope `billing:write`. Not for test keys."""
        return await self._client.call("POST", "billing/checkout", body=body, idempotency_key=idempotency_key)

    async def confirm_invoice(self, invoice_id: str, *, idempotency_key: str = "") -> schemas.InvoiceReply:
        """Confirm an invoice's payment. Platform staff only. Records that the transfer arrived and grants the plan
        or the XCT once. Repeating the request returns the same reply."""
        return await self._client.call(
            "POST",
            f"billing/invoices/{segment(invoice_id)}/confirm",
            idempotency_key=idempotency_key,
        )

    async def dodo_invoice(self, payment_id: str, into: str | Path | IO[bytes]) -> Written:
        """Download Dodo invoice PDF. Downloads the provider's invoice for one of the organization's payments. Not
        only Dodo's: those of every provider that gives them.
        Scope `billing:read`. Not for test keys."""
        return await self._client.download(f"billing/invoices/dodo/{segment(payment_id)}/pdf", into)

    async def get(self, **query: Unpack[schemas.BillingRetrieveQuery]) -> schemas.SubscriptionReply:
        """Get subscription info. The plan, how it is paid, when the billing period ends, and what changes then.
        Scope `billing:read`. Not for test keys."""
        return await self._client.call("GET", "billing/subscription", query=query)

    async def invoice_pdf(self, invoice_id: str, into: str | Path | IO[bytes]) -> Written:
        """Download invoice PDF. The invoice in Serbian and English, with its QR code. Available to the organization
        and to platform staff.
        Scope `billing:read`. Not for test keys."""
        return await self._client.download(f"billing/invoices/{segment(invoice_id)}/pdf", into)

    def invoices(self, **query: Unpack[schemas.BillingInvoicesQuery]) -> AsyncIterator[schemas.InvoiceReply]:
        """List My Invoices. The organization's invoices, newest first. Credit notes are included on request.
        Scope `billing:read`. Not for test keys."""
        return self._client.pages("billing/invoices", **query)

    async def legacy_checkout(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.CheckoutRequestRequest]
    ) -> schemas.CheckoutReply:
        """Create subscription checkout (legacy). Same as `POST /billing/checkout`.
        Scope `billing:write`. Not for test keys."""
        return await self._client.call("POST", "billing/paddle/checkout", body=body, idempotency_key=idempotency_key)

    async def legacy_portal(self) -> schemas.PortalReply:
        """Get customer portal URL (legacy). Same as `GET /billing/portal`."""
        return await self._client.call("GET", "billing/paddle/portal")

    async def legacy_subscription(self) -> schemas.PaddleSubscriptionReply:
        """Get subscription info (legacy). Same as `GET /billing/subscription`, with older field names.
        Scope `billing:read`. Not for test keys."""
        return await self._client.call("GET", "billing/paddle/subscription")

    async def legacy_topup_checkout(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.TopupCheckoutRequestRequest]
    ) -> schemas.TopupCheckoutReply:
        """Create top-up checkout (legacy). Same as `POST /billing/topup-checkout`.
        Scope `billing:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            "billing/paddle/topup-checkout",
            body=body,
            idempotency_key=idempotency_key,
        )

    def limits(self, **query: Unpack[schemas.BillingLimitsQuery]) -> AsyncIterator[schemas.LimitReply]:
        """List the plan's limits. The plan's limits and how much of each is used. A request that would exceed a
        limit returns 409 `storage_full`, `items_full`, `projects_full` or `streams_full`.
        Scope `billing:read`. Not for test keys."""
        return self._client.pages("billing/limits", **query)

    def list(self, **query: Unpack[schemas.BillingListQuery]) -> AsyncIterator[schemas.PlanReply]:
        """List plans. The Free plan and the plans on sale, from lowest to highest."""
        return self._client.pages("billing/plans", **query)

    async def model_tiers(self) -> schemas.ModelTiersReply:
        """List model tier pricing. The model tiers, their prices and the models in each.
        Scope `billing:read`. Not for test keys."""
        return await self._client.call("GET", "billing/model-tiers")

    async def order_packs(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.TopupInvoiceRequestRequest]
    ) -> schemas.InvoiceReply:
        """Self-service XCT top-up. Creates an invoice for top-up packs, payable by bank transfer. The XCT are added
        when the payment is confirmed.
        Scope `billing:write`. Not for test keys."""
        return await self._client.call("POST", "billing/invoices/topup", body=body, idempotency_key=idempotency_key)

    async def order_plan(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.UpgradeInvoiceRequestRequest]
    ) -> schemas.InvoiceReply:
        """Self-service plan upgrade. Creates an invoice for one month or one year of a plan, payable by bank
        transfer. Not available while a card subscription is active. The plan starts when the payment is confirmed.
        Scope `billing:write`. Not for test keys."""
        return await self._client.call("POST", "billing/invoices/upgrade", body=body, idempotency_key=idempotency_key)

    def payment_history(
        self, **query: Unpack[schemas.BillingPaymentHistoryQuery]
    ) -> AsyncIterator[schemas.PaymentReply]:
        """Get payment history. The organization's payments, newest first.
        Scope `billing:read`. Not for test keys."""
        return self._client.pages("billing/payment-history", **query)

    async def portal(self) -> schemas.PortalReply:
        """Get customer portal URL. The URL where payment methods and receipts are managed. `null` if the
        organization never paid by card."""
        return await self._client.call("GET", "billing/portal")

    async def reset_cycle(
        self, *, idempotency_key: str = "", **query: Unpack[schemas.BillingResetCycleQuery]
    ) -> schemas.BalanceReply:
        """Reset billing cycle. Platform staff only. Starts a new billing cycle today: remaining XCT from the plan
        expire and the full allotment is granted. Repeating it on the same day changes nothing."""
        return await self._client.call("POST", "billing/reset-cycle", query=query, idempotency_key=idempotency_key)

    async def set_test_balance(self, **body: Unpack[schemas.TestBalanceChangeRequest]) -> schemas.TestBalanceReply:
        """Set the test balance. Sets the test XCT of the organization's test keys, to rehearse a low or an empty
        balance. A text or a post that a test key has written costs one.
        Scope `billing:write`."""
        return await self._client.call("PUT", "billing/test-balance", body=body)

    async def settings(
        self, *, organization_id: str | None = None, **body: Unpack[schemas.PatchedSettingsRequestRequest]
    ) -> schemas.BalanceReply:
        """Update billing settings. `overage_enabled` can be set by the organization's admins,
        `token_rate_multiplier` by platform staff.
        Scope `billing:write`. Not for test keys."""
        return await self._client.call(
            "PATCH",
            "billing/settings",
            body=body,
            query={"organization_id": organization_id},
        )

    async def topup(
        self,
        *,
        organization_id: str | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.TopupRequestRequest],
    ) -> schemas.TransactionReply:
        """Add XCT top-up. Platform staff only. Adds top-up XCT, which don't expire."""
        return await self._client.call(
            "POST",
            "billing/topup",
            body=body,
            query={"organization_id": organization_id},
            idempotency_key=idempotency_key,
        )

    async def topup_checkout(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.TopupCheckoutRequestRequest]
    ) -> schemas.TopupCheckoutReply:
        """Create top-up checkout. Creates a checkout for packs of XCT, which don't expire.
        Scope `billing:write`. Not for test keys."""
        return await self._client.call("POST", "billing/topup-checkout", body=body, idempotency_key=idempotency_key)

    async def transactions(self, **query: Unpack[schemas.BillingTransactionsQuery]) -> schemas.TransactionPage:
        """List XCT transactions. The XCT transactions, newest first.
        Scope `billing:read`. Not for test keys."""
        return await self._client.call("GET", "billing/transactions", query=query)

    async def usage_summary(self, **query: Unpack[schemas.BillingUsageSummaryQuery]) -> schemas.SpendingReply:
        """Get billing usage summary. XCT used in the last `days`, by model tier and by AI provider. The totals match
        the usage records that you can list.
        Scope `billing:read`. Not for test keys."""
        return await self._client.call("GET", "billing/usage-summary", query=query)


class AsyncBlog:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def analytics(self, project_id: str) -> schemas.AnalyticsReply:
        """Blog analytics summary. Statistics of a project's blog.
        Scope `posts:read`."""
        return await self._client.call("GET", f"projects/{segment(project_id)}/blog-posts/analytics")

    async def create(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.PostCreationRequest]
    ) -> schemas.PostReply:
        """Create blog post. Creates a post and starts generating it. `job_id` is the ID of the job; `status` is
        `generating` until it ends.
        Scope `posts:write`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def delete(self, project_id: str, post_id: str, *, version: int | None = None) -> None:
        """Delete blog post. Deletes the post and its images. Anything already published on a site stays there.
        Scope `posts:write`."""
        await self._client.call(
            "DELETE",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}",
            version=version,
        )

    async def delete_image(self, project_id: str, post_id: str, image_id: str) -> None:
        """Delete blog image. Deletes the image and all its files.
        Scope `posts:write`."""
        await self._client.call(
            "DELETE",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images/{segment(image_id)}",
        )

    async def describe_image(
        self, project_id: str, post_id: str, image_id: str, **body: Unpack[schemas.PatchedImageUpdateRequest]
    ) -> schemas.ImageReply:
        """Change an image's alternative text, for members and admins; an API key needs `posts:write`.
        Scope `posts:write`."""
        return await self._client.call(
            "PATCH",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images/{segment(image_id)}",
            body=body,
        )

    async def estimate_create(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.PostCreationRequest]
    ) -> schemas.QuoteReply:
        """Estimate: Create blog post. The price of the operation with this request body. Nothing is started or
        saved.
        Scope `posts:read`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def estimate_generate_image(
        self,
        project_id: str,
        post_id: str,
        *,
        idempotency_key: str = "",
        **body: Unpack[schemas.ImageGenerationRequest],
    ) -> schemas.QuoteReply:
        """Estimate: Generate image with AI. The price of the operation with this request body. Nothing is started or
        saved.
        Scope `posts:read`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images/ai-generate/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def estimate_regenerate(
        self, project_id: str, post_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.StartRequestRequest]
    ) -> schemas.QuoteReply:
        """Estimate: Regenerate blog post. The price of the operation with this request body. Nothing is started or
        saved.
        Scope `posts:read`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/regenerate/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def estimate_suggest_alt_text(
        self,
        project_id: str,
        post_id: str,
        image_id: str,
        *,
        idempotency_key: str = "",
        **body: Unpack[schemas.StartRequestRequest],
    ) -> schemas.QuoteReply:
        """Estimate: Suggest an image's alternative text. The price of the operation with this request body. Nothing
        is started or saved.
        Scope `posts:read`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images/{segment(image_id)}/alt-text/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def estimate_translations(
        self,
        project_id: str,
        post_id: str,
        *,
        idempotency_key: str = "",
        **body: Unpack[schemas.TranslationsRequestRequest],
    ) -> schemas.TranslationsEstimate:
        """Estimate translations of a blog post. What the same request would generate and its maximum price, per
        language. Nothing is saved.
        Scope `posts:read`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/translations/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def generate_image(
        self,
        project_id: str,
        post_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.ImageGenerationRequest],
    ) -> schemas.MadeImageReply | schemas.JobBegun:
        """Generate image with AI. Generates an image with OpenAI's current image model. `size`, `quality` and
        `style` are mapped to the values the model supports. If it fails, nothing is saved or charged.
        Scope `posts:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images/ai-generate",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    async def get(self, project_id: str, post_id: str, **query: Unpack[schemas.BlogRetrieveQuery]) -> schemas.PostReply:
        """Get blog post, for everybody in the organization; an API key needs `posts:read`.
        Scope `posts:read`."""
        return await self._client.call(
            "GET",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}",
            query=query,
        )

    async def image_from_stock(
        self,
        project_id: str,
        post_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.StockImageRequest],
    ) -> schemas.MadeImageReply | schemas.JobBegun:
        """Add image from stock photo. Starts a job that downloads a photo from https://images.pexels.com, re-encodes
        it and adds it to the post with its credit.
        Scope `posts:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images/from-stock",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def list(self, project_id: str, **query: Unpack[schemas.BlogListQuery]) -> AsyncIterator[schemas.PostListItem]:
        """List blog posts. The posts of a project, newest first. A translation is a separate post with
        `original_id`.
        Scope `posts:read`."""
        return self._client.pages(f"projects/{segment(project_id)}/blog-posts", **query)

    def list_images(
        self, project_id: str, post_id: str, **query: Unpack[schemas.BlogListImagesQuery]
    ) -> AsyncIterator[schemas.ImageReply]:
        """List blog post images, for everybody in the organization; an API key needs `posts:read`.
        Scope `posts:read`."""
        return self._client.pages(f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images", **query)

    async def list_translations(self, project_id: str, post_id: str) -> builtins.list[schemas.TranslationLink]:
        """List translations of a blog post. The post's translations, by language.
        Scope `posts:read`."""
        return await self._client.call(
            "GET",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/translations",
        )

    async def provenance(self, project_id: str, post_id: str) -> schemas.PostProvenance:
        """Show where a post's texts come from. The history of each text: AI model, prompt, settings, time and
        SHA-256; who edited it and how much; who approved its publication and when. The history can't be changed.
        This is not legal advice.
        Scope `posts:read`."""
        return await self._client.call(
            "GET",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/provenance",
        )

    async def publish(
        self,
        project_id: str,
        post_id: str,
        *,
        version: int | None = None,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.PublishRequestRequest],
    ) -> schemas.PostReply:
        """Publish blog post to WordPress. Publishes the post with a blog connection (WordPress) or a store
        connection (Shopify, WordPress): send exactly one. Waits up to 25 s; 202 with `status: publishing` means that
        publishing continues in the background. Publishing again updates the same post: only what changed here since
        the last publish is sent, the URL stays, and only tags and categories that we added are added or removed. If
        a text was changed on the site since the last publish, returns 409 `post_changed` with `conflicts`: our text,
        the site's text and the last published text of each field. `force` overwrites with our text; `resolve`
        chooses a side for each field. A translation is linked to its original if the site has Polylang Pro, becomes
        a separate post on a site with one language, and becomes a translation of the original article in Shopify. If
        the site can't accept it, returns 409 (`translations_unsupported`, `original_not_published`,
        `shop_language_missing`, `translation_exists`, `translation_changed`, ...) before anything is sent.
        Scope `posts:publish`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/publish",
            body=body,
            version=version,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    async def regenerate(
        self,
        project_id: str,
        post_id: str,
        *,
        version: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.StartRequestRequest],
    ) -> schemas.PostReply:
        """Regenerate blog post. Starts a job that regenerates the post. The current text stays until the new one
        replaces it. A translation is generated again from its original.
        Scope `posts:write`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/regenerate",
            body=body,
            version=version,
            idempotency_key=idempotency_key,
        )

    async def schedule(
        self,
        project_id: str,
        post_id: str,
        *,
        version: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.ScheduleRequestRequest],
    ) -> schemas.PostReply:
        """Schedule blog post. Publishes the post within 60 s of `scheduled_at`. Scheduling again changes the time.
        Scope `posts:publish`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/schedule",
            body=body,
            version=version,
            idempotency_key=idempotency_key,
        )

    async def seo_score(
        self, project_id: str, post_id: str, **query: Unpack[schemas.BlogSeoScoreQuery]
    ) -> schemas.ScoreReply:
        """Get SEO score. Scores SEO and readability with 24 deterministic checks. Fast enough to call while someone
        is typing.
        Scope `posts:read`."""
        return await self._client.call(
            "GET",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/seo-score",
            query=query,
        )

    async def suggest_alt_text(
        self,
        project_id: str,
        post_id: str,
        image_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.StartRequestRequest],
    ) -> schemas.AltTextReply | schemas.JobBegun:
        """Suggest an image's alternative text. Asks the post's AI model for an alternative text; a model with vision
        looks at the image. Nothing is saved: set the text yourself if you like it.
        Scope `posts:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images/{segment(image_id)}/alt-text",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    async def translate(
        self,
        project_id: str,
        post_id: str,
        *,
        idempotency_key: str = "",
        **body: Unpack[schemas.TranslationsRequestRequest],
    ) -> schemas.TranslationsReply:
        """Translate blog post. Starts a job that translates the post into other languages. Each translation is a
        separate post with its own status, URL and schedule. Only missing and outdated translations are generated;
        edited ones are kept unless `redo` is set. `sr-Latn` is transliterated from a Serbian post in Cyrillic and
        costs nothing.
        Scope `posts:write`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/translations",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def undo(
        self,
        project_id: str,
        post_id: str,
        *,
        version: int | None = None,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.UndoRequestRequest],
    ) -> schemas.PostReply:
        """Undo the last publish. Restores on the site exactly what the last publish replaced. A text that was
        changed on the site since then is not touched: it is listed in `skipped_fields`, as is anything the site did
        not accept unchanged; if nothing else is left to restore, returns 409 `post_changed` with the texts. `force`
        restores it anyway, also with a later undo. A text that we can't read on the site now (SEO texts while our
        guard plugin is not active) is not touched either and stays available: undo again when the site shows it. If
        only such texts are left, returns 409 `not_restored` with the reason. The post here is not changed; publish
        again to send it again. If there is nothing to restore, returns 409 `nothing_to_undo`.
        Scope `posts:publish`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/publish/undo",
            body=body,
            version=version,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    async def unpublish(
        self,
        project_id: str,
        post_id: str,
        *,
        version: int | None = None,
        wait: int | None = None,
        idempotency_key: str = "",
    ) -> schemas.PostReply:
        """Unpublish blog post from WordPress. Changes the post back to a draft, here and on its site. A translation
        in Shopify is removed from the article, as far as we wrote it.
        Scope `posts:publish`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/unpublish",
            version=version,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    async def unschedule(
        self, project_id: str, post_id: str, *, version: int | None = None, idempotency_key: str = "",
    ) -> schemas.PostReply:
        """Unschedule blog post. Cancels the schedule; the post is a draft again.
        Scope `posts:publish`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/unschedule",
            version=version,
            idempotency_key=idempotency_key,
        )

    async def update(
        self,
        project_id: str,
        post_id: str,
        *,
        version: int | None = None,
        **body: Unpack[schemas.PatchedPostUpdateRequest],
    ) -> schemas.UpdatedPost:
        """Update blog post. Changes only the fields you send. `seo_meta` is merged by key. `status` can only be set
        to `draft`, from `failed` or `scheduled`. HTML is sanitized. A scheduled post keeps its schedule; a published
        one has `analytics.unpublished_changes` until it is published again.
        Scope `posts:write`."""
        return await self._client.call(
            "PATCH",
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}",
            body=body,
            version=version,
        )

    async def upload_image(
        self,
        project_id: str,
        post_id: str,
        *,
        alt_text: str | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.ImageUploadRequest],
    ) -> schemas.ImageReply:
        """Upload image. Uploads a JPEG, PNG, WebP or GIF image of up to 15 MB and 50 megapixels. The type is
        detected from the content; the image is re-encoded without metadata.
        Scope `posts:write`."""
        return await self._client.form(
            f"projects/{segment(project_id)}/blog-posts/{segment(post_id)}/images/upload",
            body,
            ("file",),
            query={"alt_text": alt_text},
            idempotency_key=idempotency_key,
        )


class AsyncBlogConnections:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def categories(
        self, connection_id: str, **query: Unpack[schemas.BlogConnectionsCategoriesQuery]
    ) -> AsyncIterator[schemas.CategoryReply]:
        """Get WordPress categories. The site's categories. Cached for one day; set `refresh` to read them again.
        Scope `connections:read`. Not for test keys."""
        return self._client.pages(f"blog-connections/{segment(connection_id)}/categories", **query)

    async def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.BlogConnectionCreationRequest]
    ) -> schemas.BlogConnectionReply:
        """Create blog connection. Connects a WordPress site with a user's application password. The password is
        stored encrypted and never shown again.
        Scope `connections:write`. Not for test keys."""
        return await self._client.call("POST", "blog-connections", body=body, idempotency_key=idempotency_key)

    async def delete(self, connection_id: str) -> None:
        """Delete blog connection. Returns 409 while posts are scheduled with this connection.
        Scope `connections:write`. Not for test keys."""
        await self._client.call("DELETE", f"blog-connections/{segment(connection_id)}")

    async def get(
        self, connection_id: str, **query: Unpack[schemas.BlogConnectionsRetrieveQuery]
    ) -> schemas.BlogConnectionReply:
        """Get blog connection, for everybody in the organization; an API key needs `connections:read`.
        Scope `connections:read`. Not for test keys."""
        return await self._client.call("GET", f"blog-connections/{segment(connection_id)}", query=query)

    def list(self, **query: Unpack[schemas.BlogConnectionsListQuery]) -> AsyncIterator[schemas.BlogConnectionReply]:
        """List blog connections, for everybody in the organization; an API key needs `connections:read`.
        Scope `connections:read`. Not for test keys."""
        return self._client.pages("blog-connections", **query)

    def shopify_blogs(
        self, connection_id: str, **query: Unpack[schemas.BlogConnectionsShopifyBlogsQuery]
    ) -> AsyncIterator[schemas.ShopifyBlogReply]:
        """List Shopify blogs. The blogs of a connected Shopify store, read live from Shopify.
        Scope `connections:read`. Not for test keys."""
        return self._client.pages(f"blog-connections/shopify/{segment(connection_id)}/blogs", **query)

    async def test(self, connection_id: str, *, idempotency_key: str = "") -> schemas.BlogConnectionTest:
        """Test blog connection. Signs in to the site. If that fails, the reply has `success: false` and the reason.
        Scope `connections:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"blog-connections/{segment(connection_id)}/test",
            idempotency_key=idempotency_key,
        )

    async def update(
        self, connection_id: str, **body: Unpack[schemas.PatchedBlogConnectionUpdateRequest]
    ) -> schemas.BlogConnectionReply:
        """Update blog connection. Changing the host in `site_url` erases the stored credentials unless you send new
        ones.
        Scope `connections:write`. Not for test keys."""
        return await self._client.call("PATCH", f"blog-connections/{segment(connection_id)}", body=body)


class AsyncBlogTemplates:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.TemplateCreationRequest]
    ) -> schemas.TemplateReply:
        """Create blog template. Setting a new default template replaces the old default.
        Scope `posts:write`. Not for test keys."""
        return await self._client.call("POST", "blog-templates", body=body, idempotency_key=idempotency_key)

    async def delete(self, template_id: str) -> None:
        """Delete blog template. Posts created with the template are not changed.
        Scope `posts:write`. Not for test keys."""
        await self._client.call("DELETE", f"blog-templates/{segment(template_id)}")

    async def get(self, template_id: str, **query: Unpack[schemas.BlogTemplatesRetrieveQuery]) -> schemas.TemplateReply:
        """Get blog template, for everybody in the organization; an API key needs `posts:read`.
        Scope `posts:read`."""
        return await self._client.call("GET", f"blog-templates/{segment(template_id)}", query=query)

    def list(self, **query: Unpack[schemas.BlogTemplatesListQuery]) -> AsyncIterator[schemas.TemplateReply]:
        """List blog templates, for everybody in the organization; an API key needs `posts:read`.
        Scope `posts:read`."""
        return self._client.pages("blog-templates", **query)

    async def update(
        self, template_id: str, **body: Unpack[schemas.PatchedTemplateUpdateRequest]
    ) -> schemas.TemplateReply:
        """Update blog template, for members and admins; an API key needs `posts:write`.
        Scope `posts:write`. Not for test keys."""
        return await self._client.call("PATCH", f"blog-templates/{segment(template_id)}", body=body)


class AsyncChatbot:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def account(self) -> schemas.ChatReply:
        """Chatwoot Webhook. Receives events for the account bot. Verified by `X-Chatwoot-Signature` over
        `timestamp.body` if a secret is set, otherwise by `?token=`. Replies immediately and processes the event
        afterwards."""
        return await self._client.call("POST", "chatbot/webhook")

    async def email(self) -> schemas.ChatReply:
        """Chatwoot Email Webhook. Receives events for the email bot, which adds an AI notice to its replies and has
        no account tools."""
        return await self._client.call("POST", "chatbot/email-webhook")

    async def xtracode(self) -> schemas.ChatReply:
        """Chatwoot Xtracode Webhook. Receives events for the THE XTRACODE bot, which answers from its own knowledge
        base."""
        return await self._client.call("POST", "chatbot/xtracode-webhook")


class AsyncContentProfiles:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.ProfileCreationRequest]
    ) -> schemas.ProfileReply:
        """Create Profile, for members and admins; an API key needs `profiles:write`.
        Scope `profiles:write`. Not for test keys."""
        return await self._client.call("POST", "content-profiles", body=body, idempotency_key=idempotency_key)

    async def delete(self, profile_id: str, *, version: int | None = None) -> None:
        """Delete Profile. Projects that use the profile continue with their own settings.
        Scope `profiles:write`. Not for test keys."""
        await self._client.call("DELETE", f"content-profiles/{segment(profile_id)}", version=version)

    async def get(self, profile_id: str, **query: Unpack[schemas.ContentProfilesRetrieveQuery]) -> schemas.ProfileReply:
        """Get Profile, for everybody in the organization; an API key needs `profiles:read`.
        Scope `profiles:read`."""
        return await self._client.call("GET", f"content-profiles/{segment(profile_id)}", query=query)

    def list(self, **query: Unpack[schemas.ContentProfilesListQuery]) -> AsyncIterator[schemas.ProfileReply]:
        """List Profiles, for everybody in the organization; an API key needs `profiles:read`.
        Scope `profiles:read`."""
        return self._client.pages("content-profiles", **query)

    async def set_default(self, profile_id: str) -> schemas.ProfileReply:
        """Set Default Profile. New projects use this profile.
        Scope `profiles:write`. Not for test keys."""
        return await self._client.call("PUT", f"content-profiles/{segment(profile_id)}/set-default")

    async def update(
        self, profile_id: str, *, version: int | None = None, **body: Unpack[schemas.ProfileUpdateRequest]
    ) -> schemas.ProfileReply:
        """Update Profile. Changes only the fields you send. `null` removes a setting.
        Scope `profiles:write`. Not for test keys."""
        return await self._client.call("PUT", f"content-profiles/{segment(profile_id)}", body=body, version=version)


class AsyncDodoWebhooks:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def dodo(self) -> schemas.WebhookReply:
        """Handle Dodo Webhook. Receives events from Dodo Payments, verified by Standard Webhooks signatures. Each
        event is stored and applied once."""
        return await self._client.call("POST", "webhooks/dodo")


class AsyncEventLog:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def since(self, **query: Unpack[schemas.EventsSinceQuery]) -> schemas.EventsReply:
        """Read the log of events. The organization's events after the cursor `after`, in the order in which they
        happened. New events are always added at the end. Events are kept for 30 days; an older cursor returns 410
        `cursor_gone`.
        Scope `events:read`."""
        return await self._client.call("GET", "events", query=query)

    def types(self, **query: Unpack[schemas.EventsTypesQuery]) -> AsyncIterator[schemas.EventTypeReply]:
        """List event types, for everybody in the organization; an API key needs `events:read`.
        Scope `events:read`."""
        return self._client.pages("webhooks/event-types", **query)


class AsyncEvidence:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.EvidenceCreationRequest]
    ) -> schemas.EvidenceReply:
        """File evidence. Until the end of its last day, sentences with one of its `claims` are not a finding of its
        `rule`. After that, texts that rely on it are flagged again."""
        return await self._client.form("evidence", body, ("file",), idempotency_key=idempotency_key)

    async def delete(self, evidence_id: str) -> None:
        """Remove evidence. Deletes the evidence. Texts that rely on it are flagged again."""
        await self._client.call("DELETE", f"evidence/{segment(evidence_id)}")

    def list(self, **query: Unpack[schemas.EvidenceListQuery]) -> AsyncIterator[schemas.EvidenceReply]:
        """List evidence on file. Evidence, such as certificates, that allows claims which a legal rule otherwise
        forbids. This is not legal advice."""
        return self._client.pages("evidence", **query)


class AsyncFiles:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def get(self, s3_key: str, into: str | Path | IO[bytes]) -> Written:
        """Serve a stored file. Images are public and can be cached indefinitely. Other files need credentials of the
        organization that owns them. Supports `Range`, `HEAD` and `If-None-Match` (RFC 9110)."""
        return await self._client.download(f"files/{segment(s3_key)}", into)


class AsyncGdpr:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def cancel_deletion(self, *, idempotency_key: str = "") -> schemas.MessageReply:
        """Cancel Account Deletion. Returns 409 if no deletion is scheduled."""
        return await self._client.call("POST", "gdpr/cancel-deletion", idempotency_key=idempotency_key)

    async def export(self, *, idempotency_key: str = "") -> schemas.ExportReply:
        """Request Data Export. Starts a job that creates a ZIP file with all the organization's data. Admins can
        download it from the job's `result.download_url` for seven days."""
        return await self._client.call("POST", "gdpr/export", idempotency_key=idempotency_key)

    async def request_deletion(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.DeletionRequestRequest]
    ) -> schemas.DeletionReply:
        """Request Account Deletion. Schedules the deletion of all data in 14 days. Generation, purchases and
        renewals stop immediately. Needs the password (a wrong one returns 403) or, for accounts without a password,
        a sign-in within the last ten minutes."""
        return await self._client.call("POST", "gdpr/request-deletion", body=body, idempotency_key=idempotency_key)

    async def status(self) -> schemas.GdprStatusReply:
        """Get Gdpr Status, for everybody in the organization."""
        return await self._client.call("GET", "gdpr/status")


class AsyncGeneration:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def estimate(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.GenerationRequestRequest]
    ) -> schemas.EstimateReply:
        """Estimate a generation. The price of `generate` with this request body, and the balance afterwards. Nothing
        is generated. The charge never exceeds `xct_max`.
        Scope `generation:read`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/generate/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def estimate_regenerate(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.GenerationRequestRequest]
    ) -> schemas.QuoteReply:
        """Estimate: Regenerate all project content. The price of the operation with this request body. Nothing is
        started or saved.
        Scope `generation:read`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/regenerate/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def estimate_regenerate_rejected(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.GenerationRequestRequest]
    ) -> schemas.QuoteReply:
        """Estimate: Regenerate rejected items only. The price of the operation with this request body. Nothing is
        started or saved.
        Scope `generation:read`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/regenerate-rejected/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def generate(
        self,
        project_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.GenerationRequestRequest],
    ) -> schemas.GenerationReply:
        """Generate content for items. Generates texts for all pending items, or for the given ones, and waits up to
        30 s. 202 means that the job continues in the background.
        Scope `generation:write`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/generate",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def generate_stream(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.GenerationRequestRequest]
    ) -> AsyncIterator[Event]:
        """Stream content generation progress. Same as `generate`, streamed as events. The job continues if the
        connection drops; reconnect with `GET /jobs/{job_id}/stream`.
        Scope `generation:write`."""
        return self._client.stream(
            "POST",
            f"projects/{segment(project_id)}/generate/stream",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def regenerate(
        self,
        project_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.GenerationRequestRequest],
    ) -> schemas.GenerationReply:
        """Regenerate all project content. Sets all included items to pending and regenerates them. The current
        content stays until the new one replaces it.
        Scope `generation:write`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/regenerate",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    async def regenerate_rejected(
        self,
        project_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.GenerationRequestRequest],
    ) -> schemas.GenerationReply:
        """Regenerate rejected items only. Sets the rejected items to pending and regenerates them.
        Scope `generation:write`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/regenerate-rejected",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def regenerate_rejected_stream(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.GenerationRequestRequest]
    ) -> AsyncIterator[Event]:
        """Stream rejected items regeneration. Same as `regenerate-rejected`, streamed as events.
        Scope `generation:write`."""
        return self._client.stream(
            "POST",
            f"projects/{segment(project_id)}/regenerate-rejected/stream",
            body=body,
            idempotency_key=idempotency_key,
        )

    def regenerate_stream(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.GenerationRequestRequest]
    ) -> AsyncIterator[Event]:
        """Stream full regeneration progress. Same as `regenerate`, streamed as events.
        Scope `generation:write`."""
        return self._client.stream(
            "POST",
            f"projects/{segment(project_id)}/regenerate/stream",
            body=body,
            idempotency_key=idempotency_key,
        )


class AsyncGlossary:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.TermCreationRequest]
    ) -> schemas.TermReply:
        """Add Term, for members and admins; an API key needs `glossary:write`.
        Scope `glossary:write`. Not for test keys."""
        return await self._client.call("POST", "glossary", body=body, idempotency_key=idempotency_key)

    async def delete(self, term_id: str, *, version: int | None = None) -> None:
        """Delete Term, for members and admins; an API key needs `glossary:write`.
        Scope `glossary:write`. Not for test keys."""
        await self._client.call("DELETE", f"glossary/{segment(term_id)}", version=version)

    async def export(self, into: str | Path | IO[bytes], **query: Unpack[schemas.GlossaryExportQuery]) -> Written:
        """Export Glossary. A CSV file with one row per term and, for each language, the word, other forms, forbidden
        words and note. It can be imported again.
        Scope `glossary:read`. Not for test keys."""
        return await self._client.download("glossary/export", into, **query)

    async def get(self, term_id: str, **query: Unpack[schemas.GlossaryRetrieveQuery]) -> schemas.TermReply:
        """Get Term, for everybody in the organization; an API key needs `glossary:read`.
        Scope `glossary:read`. Not for test keys."""
        return await self._client.call("GET", f"glossary/{segment(term_id)}", query=query)

    def list(self, **query: Unpack[schemas.GlossaryListQuery]) -> AsyncIterator[schemas.TermReply]:
        """List Terms, for everybody in the organization; an API key needs `glossary:read`.
        Scope `glossary:read`. Not for test keys."""
        return self._client.pages("glossary", **query)

    async def load(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.GlossaryFileRequest]
    ) -> schemas.GlossaryImportReply:
        """Import Glossary. Adds the terms of a CSV file. Existing terms are updated in the languages that a row
        fills in, and only in what the file has columns for. Rows that can't be read are listed with their line
        numbers.
        Scope `glossary:write`. Not for test keys."""
        return await self._client.form("glossary/import", body, ("file",), idempotency_key=idempotency_key)

    async def update(
        self, term_id: str, *, version: int | None = None, **body: Unpack[schemas.PatchedTermUpdateRequest]
    ) -> schemas.TermReply:
        """Update Term. Changes only the fields you send. Set a language in `targets` to `null` to remove it.
        Scope `glossary:write`. Not for test keys."""
        return await self._client.call("PATCH", f"glossary/{segment(term_id)}", body=body, version=version)


class AsyncInvitations:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def accept(self, **body: Unpack[schemas.InvitationAcceptRequest]) -> schemas.InvitationAccepted:
        """Accept invitation. Creates the invited user with a verified address and signs them in. An expired, used or
        revoked token returns 409."""
        return await self._client.call("POST", "invitations/accept", body=body)

    async def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.InvitationCreateRequest]
    ) -> schemas.InvitationReply:
        """Create invitation. Emails a link that is valid for seven days. Returns 409 if the address already has an
        account or a pending invitation. The caller's own address must be verified (403 `email_not_verified`)."""
        return await self._client.call("POST", "invitations", body=body, idempotency_key=idempotency_key)

    def list(self, **query: Unpack[schemas.InvitationsListQuery]) -> AsyncIterator[schemas.InvitationReply]:
        """List invitations, for admins; an API key needs `organization:read`.
        Scope `organization:read`. Not for test keys."""
        return self._client.pages("invitations", **query)

    async def resend(self, invitation_id: str, *, idempotency_key: str = "") -> schemas.InvitationReply:
        """Resend invitation email. Sends a new link that is valid for seven days; the previous link stops working.
        Returns 409 unless the invitation is pending, 403 if the caller's own address is not verified, and 429
        `too_many_mails` if the mailbox has received too many invitations today."""
        return await self._client.call(
            "POST",
            f"invitations/{segment(invitation_id)}/resend",
            idempotency_key=idempotency_key,
        )

    async def revoke(self, invitation_id: str, *, idempotency_key: str = "") -> schemas.InvitationReply:
        """Revoke invitation. Returns 409 unless the invitation is pending."""
        return await self._client.call(
            "POST",
            f"invitations/{segment(invitation_id)}/revoke",
            idempotency_key=idempotency_key,
        )

    async def validate(self, **query: Unpack[schemas.InvitationsValidateQuery]) -> schemas.InvitationValidity:
        """Validate invitation token. An expired, used or revoked token returns `is_valid: false` with empty fields."""
        return await self._client.call("GET", "invitations/validate", query=query)


class AsyncItems:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def batch(
        self, project_id: str, **body: Unpack[schemas.PatchedBatchUpdateRequest]
    ) -> builtins.list[schemas.ItemReply]:
        """Batch update item statuses. Changes all items or none. An unknown ID returns 404 and a status that does
        not allow the change returns 409; both list the IDs.
        Scope `items:write`."""
        return await self._client.call("PATCH", f"projects/{segment(project_id)}/items/batch", body=body)

    async def comment(
        self,
        project_id: str,
        item_id: str,
        *,
        idempotency_key: str = "",
        **body: Unpack[schemas.ItemCommentRequestRequest],
    ) -> schemas.ItemCommentReply:
        """Comment on an item. The comment is visible to the organization only; it is never sent to a store or an AI
        model.
        Scope `items:write`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/items/{segment(item_id)}/comments",
            body=body,
            idempotency_key=idempotency_key,
        )

    def comments(
        self, project_id: str, item_id: str, **query: Unpack[schemas.ItemsCommentsQuery]
    ) -> AsyncIterator[schemas.ItemCommentReply]:
        """List the comments on an item. The team's comments on the item, oldest first.
        Scope `items:read`."""
        return self._client.pages(f"projects/{segment(project_id)}/items/{segment(item_id)}/comments", **query)

    async def delete(self, project_id: str, item_id: str) -> None:
        """Delete a text in a further language. Deletes the text with its versions, comments and sync history; the
        text in the store stays. Returns 409 `main_item` for an item itself (exclude it instead), and 409
        `job_active` while a job is running in the project.
        Scope `items:write`."""
        await self._client.call("DELETE", f"projects/{segment(project_id)}/items/{segment(item_id)}")

    async def delete_comment(self, project_id: str, item_id: str, comment_id: str) -> None:
        """Delete a comment. Only its author and admins can delete a comment.
        Scope `items:write`."""
        await self._client.call(
            "DELETE",
            f"projects/{segment(project_id)}/items/{segment(item_id)}/comments/{segment(comment_id)}",
        )

    async def diff(self, project_id: str, item_id: str) -> schemas.ItemDiff:
        """Compare an item's texts with the store's. A word-by-word comparison of each generated field. A text in
        another language is compared with the store's translation if it is known, otherwise with the text it was
        translated from; never with the store's main language.
        Scope `items:read`."""
        return await self._client.call("GET", f"projects/{segment(project_id)}/items/{segment(item_id)}/diff")

    async def estimate_regenerate(
        self,
        project_id: str,
        item_id: str,
        *,
        idempotency_key: str = "",
        **body: Unpack[schemas.ItemRegenerationRequestRequest],
    ) -> schemas.QuoteReply:
        """Estimate: Regenerate a single item. The price of the operation with this request body. Nothing is started
        or saved.
        Scope `generation:read`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/items/{segment(item_id)}/regenerate/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def exclude(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.ItemIdsRequest]
    ) -> schemas.ExcludedReply:
        """Exclude items. Excluded items are left out of generation, export and sync. Excluding a Magento
        configurable product also excludes its children.
        Scope `items:write`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/items/exclude",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def export(
        self, project_id: str, into: str | Path | IO[bytes], **query: Unpack[schemas.ItemsExportQuery]
    ) -> Written:
        """Export project content CSV. A CSV file that the platform can import directly; for Magento only `sku`,
        `store_view_code` and the changed attributes. `X-Export-Warnings` lists rows that could not be exported or
        are outdated (outdated texts are left out, unless a person has edited them). With `format=jsonl` a gzip file
        for programs: each line is an item or a text of it in a further language, as in the list of items, with its
        facts, its text, and its checks and findings in `generation_metadata`.
        Scope `items:read`."""
        return await self._client.download(f"projects/{segment(project_id)}/export", into, **query)

    async def export_translations(
        self, project_id: str, into: str | Path | IO[bytes], **query: Unpack[schemas.ItemsExportTranslationsQuery]
    ) -> Written:
        """Export texts for translators. Approved texts in the main language, with their translations where they
        exist. XLIFF and PO contain all fields; store-specific tables contain the fields that the store translates.
        Translations that come from the store are left out unless the original has changed since, or
        `include_shop_translations` is set.
        Scope `items:read`."""
        return await self._client.download(f"projects/{segment(project_id)}/translations/export", into, **query)

    async def get(
        self, project_id: str, item_id: str, **query: Unpack[schemas.ItemsRetrieveQuery]
    ) -> schemas.SingleItem:
        """Get a content item, for everybody in the organization; an API key needs `items:read`.
        Scope `items:read`."""
        return await self._client.call("GET", f"projects/{segment(project_id)}/items/{segment(item_id)}", query=query)

    async def import_translations(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.TranslationFileRequest]
    ) -> schemas.TranslationImportReply:
        """Import translated texts. Imports translations as edited texts; they are checked and go to review. A row
        whose original has changed since the export is rejected as `source_changed`; one whose translation has
        changed both here and in the file is rejected as `translation_changed`. A text that differs from the export
        is imported whatever its state in XLIFF or PO; `warnings` lists texts that are marked unfinished and
        unchanged. Up to 50 items are imported immediately (200), more by an `import` job (202). For files over 256
        KiB the counts are in the job's `result`, not in the reply.
        Scope `items:write`."""
        return await self._client.form(
            f"projects/{segment(project_id)}/translations/import",
            body,
            ("file",),
            idempotency_key=idempotency_key,
        )

    def list(self, project_id: str, **query: Unpack[schemas.ItemsListQuery]) -> AsyncIterator[schemas.ItemReply]:
        """List project content items. Without `limit`, returns all items as a stream.
        Scope `items:read`."""
        return self._client.pages(f"projects/{segment(project_id)}/items", **query)

    async def next(self, project_id: str, **query: Unpack[schemas.ItemsNextQuery]) -> schemas.NextItemReply:
        """Get the next item to review. The next item to review: flagged items come first, then the others, each from
        the lowest score to the highest.
        Scope `items:read`."""
        return await self._client.call("GET", f"projects/{segment(project_id)}/items/next", query=query)

    async def provenance(self, project_id: str, item_id: str) -> schemas.ItemProvenance:
        """Show where an item's texts come from. The history of each text: AI model, prompt, settings, time and
        SHA-256; the results of the checks, the second AI model and the legal rules; who edited it and how much; who
        approved it, when, and the reason for any override. For a text in another language, use its own ID. The
        history can't be changed. This is not legal advice.
        Scope `items:read`."""
        return await self._client.call("GET", f"projects/{segment(project_id)}/items/{segment(item_id)}/provenance")

    async def regenerate(
        self,
        project_id: str,
        item_id: str,
        *,
        version: int | None = None,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.ItemRegenerationRequestRequest],
    ) -> schemas.ItemRegenerated:
        """Regenerate a single item. Regenerates one item and waits up to 30 s. The current content stays until the
        new one replaces it, and is then kept as a version. If generation fails, the reason is in
        `generation_metadata.last_error`.
        Scope `generation:write`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/items/{segment(item_id)}/regenerate",
            body=body,
            version=version,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    async def restore(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.ItemIdsRequest]
    ) -> schemas.RestoredReply:
        """Restore excluded items. Restores each item with its previous status. An API key needs `items:approve` if
        an item was approved. Restoring a Magento configurable product also restores its children.
        Scope `items:write`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/items/restore",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def restore_version(
        self, project_id: str, item_id: str, version_id: str, *, version: int | None = None, idempotency_key: str = "",
    ) -> schemas.SingleItem:
        """Bring a version back. The current content is kept as a version, and the item returns to review.
        Scope `items:write`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/items/{segment(item_id)}/versions/{segment(version_id)}/restore",
            version=version,
            idempotency_key=idempotency_key,
        )

    async def update(
        self,
        project_id: str,
        item_id: str,
        *,
        version: int | None = None,
        **body: Unpack[schemas.PatchedItemUpdateRequest],
    ) -> schemas.UpdatedItem:
        """Update a content item. Content is merged by key, `seo` also by its own keys (null removes one; lists and
        `attributes` are replaced whole), sanitized and checked again, and sets the item to `generated`. `status` can
        be changed between `generated`, `flagged`, `approved` and `rejected`. To approve an item with unsupported
        claims, send `override` (409 `unsupported_claims`); if a legal rule blocks a sentence, send `override` and
        `override_reason` (409 `unlawful_claims`).
        Scope `items:write`."""
        return await self._client.call(
            "PATCH",
            f"projects/{segment(project_id)}/items/{segment(item_id)}",
            body=body,
            version=version,
        )

    async def verify(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.VerificationRequestRequest]
    ) -> schemas.VerificationReply:
        """Hold a published page against the record. Compares the public page of a synced item or a published post,
        and the texts from the store's API, with our record. Other URLs return 404 `nothing_published_there` and are
        not loaded. Nothing is changed.
        Scope `items:read`. Not for test keys."""
        return await self._client.call("POST", "provenance/verify", body=body, idempotency_key=idempotency_key)

    def versions(
        self, project_id: str, item_id: str, **query: Unpack[schemas.ItemsVersionsQuery]
    ) -> AsyncIterator[schemas.VersionReply]:
        """List the versions of an item. Earlier versions of the content, newest first.
        Scope `items:read`."""
        return self._client.pages(f"projects/{segment(project_id)}/items/{segment(item_id)}/versions", **query)


class AsyncJobs:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def cancel(self, job_id: str, *, idempotency_key: str = "") -> schemas.JobReplyBody:
        """Cancel a job. Stops a queued or running job immediately. Finished items are kept and charged; the rest
        costs nothing.
        Scope `jobs:write`."""
        return await self._client.call("POST", f"jobs/{segment(job_id)}/cancel", idempotency_key=idempotency_key)

    async def create(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.JobCreationRequest]
    ) -> schemas.JobCreated:
        """Create background job. Queues a generation, a regeneration or a sync. The maximum quoted XCT are reserved
        first.
        Scope `generation:write`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/jobs",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def get(self, job_id: str, **query: Unpack[schemas.JobsRetrieveQuery]) -> schemas.JobReplyBody:
        """Get job status. The job's progress, latest events and totals.
        Scope `jobs:read`."""
        return await self._client.call("GET", f"jobs/{segment(job_id)}", query=query)

    def list(self, project_id: str, **query: Unpack[schemas.JobsListQuery]) -> AsyncIterator[schemas.JobListItem]:
        """List project jobs. The project's 50 most recent jobs, newest first.
        Scope `jobs:read`."""
        return self._client.pages(f"projects/{segment(project_id)}/jobs", **query)

    def stream(self, job_id: str, *, after_event: str = "") -> AsyncIterator[Event]:
        """Follow a job. Streams the job's past events, then new ones until the job ends. After the end, only the
        past events are sent. Returns 204 if the job has ended and there is nothing after `Last-Event-ID`, so that a
        browser's `EventSource` stops reconnecting.
        Scope `jobs:read`."""
        return self._client.stream("GET", f"jobs/{segment(job_id)}/stream", after=after_event)


class AsyncNotifications:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def inbox(self, **query: Unpack[schemas.NotificationsInboxQuery]) -> schemas.NotificationsReply:
        """List notifications. The caller's own notifications, newest first.
        Scope `notifications:read`. Not for test keys."""
        return await self._client.call("GET", "notifications", query=query)

    async def read(self, notification_id: str, *, idempotency_key: str = "") -> schemas.NotificationReply:
        """Mark notification as read, for everybody in the organization; an API key needs `notifications:write`.
        Scope `notifications:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"notifications/{segment(notification_id)}/read",
            idempotency_key=idempotency_key,
        )

    async def read_all(self, *, idempotency_key: str = "") -> schemas.ReadAllReply:
        """Mark all notifications as read, for everybody in the organization; an API key needs `notifications:write`.
        Scope `notifications:write`. Not for test keys."""
        return await self._client.call("POST", "notifications/read-all", idempotency_key=idempotency_key)

    async def unread_count(self) -> schemas.UnreadCountReply:
        """Get unread notification count, for everybody in the organization; an API key needs `notifications:read`.
        Scope `notifications:read`. Not for test keys."""
        return await self._client.call("GET", "notifications/unread-count")


class AsyncOperations:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def health(self) -> schemas.Health:
        """Health check. Whether the service and everything it depends on respond."""
        return await self._client.call("GET", "../../health")

    async def live(self) -> schemas.Liveness:
        """Liveness. Whether this process responds; dependencies are not checked. An orchestrator restarts a process
        that does not."""
        return await self._client.call("GET", "../../health/live")

    async def ready(self) -> schemas.Health:
        """Readiness. Whether this process is ready for traffic. Runs the same checks as the health check, for
        orchestrators."""
        return await self._client.call("GET", "../../health/ready")


class AsyncOrganization:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def billing_details(self) -> schemas.BillingDetailsReply:
        """Get billing details, for everybody in the organization; an API key needs `billing:read`.
        Scope `billing:read`. Not for test keys."""
        return await self._client.call("GET", "organization/billing-details")

    async def create_tone(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.ToneRequestRequest]
    ) -> schemas.ToneReply:
        """Create custom tone. The ID is a slug. Returns 409 if a built-in or custom tone already uses it.
        Scope `organization:write`. Not for test keys."""
        return await self._client.call("POST", "organization/tones", body=body, idempotency_key=idempotency_key)

    async def destroy_tone(self, tone_id: str) -> schemas.MessageReply | None:
        """Delete custom tone, for admins; an API key needs `organization:write`.
        Scope `organization:write`. Not for test keys."""
        return await self._client.call("DELETE", f"organization/tones/{segment(tone_id)}")

    async def get(self, **query: Unpack[schemas.OrganizationRetrieveQuery]) -> schemas.OrganizationReply:
        """Get current organization, for everybody in the organization; an API key needs `organization:read`.
        Scope `organization:read`. Not for test keys."""
        return await self._client.call("GET", "organization", query=query)

    def tones(self, **query: Unpack[schemas.OrganizationTonesQuery]) -> AsyncIterator[schemas.ToneReply]:
        """List custom tones, for everybody in the organization; an API key needs `organization:read`.
        Scope `organization:read`. Not for test keys."""
        return self._client.pages("organization/tones", **query)

    async def update(self, **body: Unpack[schemas.PatchedOrganizationUpdateRequest]) -> schemas.OrganizationReply:
        """Update organization details. Changes only the fields you send; `settings` is merged by top-level key.
        `enforce_2fa` applies from each user's next sign-in and can't be changed with an API key. To change
        `billing_email`, an API key also needs `billing:write`.
        Scope `organization:write`. Not for test keys."""
        return await self._client.call("PATCH", "organization", body=body)

    async def update_api_keys(self, **body: Unpack[schemas.PatchedOwnKeysUpdateRequest]) -> schemas.OrganizationReply:
        """Update organization API keys. Sets the organization's own keys for Anthropic, DeepSeek and Google. An
        empty string removes a key. Returns 403 `byok_disabled` unless the plan includes own keys. Keys are never
        shown again."""
        return await self._client.call("PATCH", "organization/api-keys", body=body)

    async def update_billing_details(
        self, **body: Unpack[schemas.PatchedBillingDetailsUpdateRequest]
    ) -> schemas.BillingDetailsReply:
        """Update billing details. A PIB must have a valid check digit (a leading `RS` is removed); an MB must have
        eight digits.
        Scope `billing:write`. Not for test keys."""
        return await self._client.call("PATCH", "organization/billing-details", body=body)


class AsyncOutreachTracking:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def click(self, prospect_id: str, **query: Unpack[schemas.OutreachTrackingClickQuery]) -> str:
        """Track Click. Redirects to `url` if its host is allowed or is the prospect's own site. Otherwise returns
        400."""
        return await self._client.location(f"outreach/track/click/{segment(prospect_id)}", **query)

    async def open(self, prospect_id: str, into: str | Path | IO[bytes]) -> Written:
        """Track Open. Returns a transparent pixel that is never cached, also for unknown IDs. Opens by bots and
        repeated opens are not counted."""
        return await self._client.download(f"outreach/track/open/{segment(prospect_id)}.png", into)


class AsyncPaddleWebhooks:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def paddle(self) -> schemas.WebhookReply:
        """Handle Paddle Webhook. Receives events from Paddle, verified by `Paddle-Signature`. Each event is stored
        and applied once."""
        return await self._client.call("POST", "webhooks/paddle")


class AsyncPlugin:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.BatchRequestRequest]
    ) -> schemas.BatchAccepted:
        """Plugin Generate Batch. Generates texts for up to 100 products under one quote; either all are accepted or
        none. Returns immediately: poll the batch, or receive a webhook.
        Scope `generation:write`."""
        return await self._client.call("POST", "plugin/batches", body=body, idempotency_key=idempotency_key)

    async def estimate_create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.BatchRequestRequest]
    ) -> schemas.QuoteReply:
        """Estimate: Plugin Generate Batch. The price of the operation with this request body. Nothing is started or
        saved.
        Scope `generation:read`."""
        return await self._client.call("POST", "plugin/batches/estimate", body=body, idempotency_key=idempotency_key)

    async def estimate_generate_blog(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.BlogRequestRequest]
    ) -> schemas.QuoteReply:
        """Estimate: Plugin Generate Blog. The price of the operation with this request body. Nothing is started or
        saved.
        Scope `plugin:read`."""
        return await self._client.call(
            "POST",
            "plugin/generate-blog/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def estimate_generate_description(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.DescriptionRequestRequest]
    ) -> schemas.QuoteReply:
        """Estimate: Plugin Generate Description. The price of the operation with this request body. Nothing is
        started or saved.
        Scope `plugin:read`."""
        return await self._client.call(
            "POST",
            "plugin/generate-description/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def generate_blog(
        self, *, wait: int | None = None, idempotency_key: str = "", **body: Unpack[schemas.BlogRequestRequest]
    ) -> schemas.PluginText:
        """Plugin Generate Blog. Generates a post and waits up to 60 s. If it takes longer, returns 202 with a handle
        to poll. If the AI model fails, returns 502 and nothing is charged.
        Scope `plugin:write`."""
        return await self._client.call(
            "POST",
            "plugin/generate-blog",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    async def generate_blog_async(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.BlogRequestRequest]
    ) -> schemas.PluginAccepted:
        """Plugin Generate Blog Async. Starts generating a post and returns immediately with a handle to poll.
        Scope `plugin:write`."""
        return await self._client.call("POST", "plugin/generate-blog-async", body=body, idempotency_key=idempotency_key)

    async def generate_description(
        self, *, wait: int | None = None, idempotency_key: str = "", **body: Unpack[schemas.DescriptionRequestRequest]
    ) -> schemas.PluginText:
        """Plugin Generate Description. Generates a description and waits up to 60 s. If it takes longer, returns 202
        with a handle to poll. If the AI model fails, returns 502 and nothing is charged.
        Scope `plugin:write`."""
        return await self._client.call(
            "POST",
            "plugin/generate-description",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    async def generate_description_async(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.DescriptionRequestRequest]
    ) -> schemas.PluginAccepted:
        """Plugin Generate Description Async. Starts generating a description and returns immediately with a handle
        to poll.
        Scope `plugin:write`."""
        return await self._client.call(
            "POST",
            "plugin/generate-description-async",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def generation_status(self, generation_id: str) -> schemas.PluginGenerationStatus:
        """Plugin Generation Status. The status of a generation, with the texts if it is `completed` and the reason
        if it is `failed`.
        Scope `plugin:read`."""
        return await self._client.call("GET", f"plugin/generation/{segment(generation_id)}/status")

    async def get(self, batch_id: str, **query: Unpack[schemas.PluginRetrieveQuery]) -> schemas.BatchStatus:
        """Plugin Batch Status. The status of each item in a batch, in the same form as
        `generation/{generation_id}/status`.
        Scope `generation:read`."""
        return await self._client.call("GET", f"plugin/batches/{segment(batch_id)}", query=query)

    async def status(self) -> schemas.PluginStatus:
        """Plugin Status. Checks the key and returns the status of the account.
        Scope `plugin:read`."""
        return await self._client.call("GET", "plugin/status")


class AsyncProjects:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.ProjectCreationRequest]
    ) -> schemas.ProjectReply:
        """Create a new project. Creates a draft project, with the organization's default content profile unless you
        name another, and with the settings you send. A test key creates a test project, everybody else a live one.
        Scope `projects:write`."""
        return await self._client.call("POST", "projects", body=body, idempotency_key=idempotency_key)

    async def decide_rule(
        self, project_id: str, rule_id: str, **body: Unpack[schemas.PatchedRuleDecisionRequest]
    ) -> schemas.RuleReply:
        """Accept or dismiss a learned rule. An accepted rule is added to the prompt of every later generation, and
        its words to the check for forbidden words. It applies to all projects with the same profile if the project
        has one.
        Scope `projects:write`."""
        return await self._client.call(
            "PATCH",
            f"projects/{segment(project_id)}/learned-rules/{segment(rule_id)}",
            body=body,
        )

    async def delete(self, project_id: str) -> None:
        """Soft-delete a project. Moves the project to the trash, from which it can be restored. Its active jobs are
        cancelled.
        Scope `projects:write`."""
        await self._client.call("DELETE", f"projects/{segment(project_id)}")

    async def get(self, project_id: str, **query: Unpack[schemas.ProjectsRetrieveQuery]) -> schemas.ProjectReply:
        """Get project details, for everybody in the organization; an API key needs `projects:read`.
        Scope `projects:read`."""
        return await self._client.call("GET", f"projects/{segment(project_id)}", query=query)

    def learned_rules(
        self, project_id: str, **query: Unpack[schemas.ProjectsLearnedRulesQuery]
    ) -> AsyncIterator[schemas.RuleReply]:
        """List learned rules. Rules proposed after three similar edits or rejections: words to avoid or replace, or
        a reason to observe. Newest first.
        Scope `projects:read`."""
        return self._client.pages(f"projects/{segment(project_id)}/learned-rules", **query)

    def list(self, **query: Unpack[schemas.ProjectsListQuery]) -> AsyncIterator[schemas.ProjectReply]:
        """List all projects. The organization's projects, newest first. `include_deleted=true` lists the projects in
        the trash.
        Scope `projects:read`."""
        return self._client.pages("projects", **query)

    async def permanent(self, project_id: str) -> None:
        """Permanently delete a project. With all its data and files, from the trash only. There is no way back. The
        rows of a large one, which nobody sees any more, are deleted by a job.
        Scope `projects:write`."""
        await self._client.call("DELETE", f"projects/{segment(project_id)}/permanent")

    async def plugin_integrations(self) -> builtins.list[schemas.PluginIntegration]:
        """List plugin integrations. Projects that are filled by store plugins.
        Scope `projects:read`."""
        return await self._client.call("GET", "projects/plugin-integrations")

    async def restore(self, project_id: str, *, idempotency_key: str = "") -> schemas.ProjectReply:
        """Restore a deleted project, for members and admins; an API key needs `projects:write`.
        Scope `projects:write`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/restore",
            idempotency_key=idempotency_key,
        )

    async def truncate(self, project_id: str, *, idempotency_key: str = "") -> schemas.TruncateReply:
        """Truncate project data. Deletes all items and sources with their files; settings stay, and the project is a
        draft again. 409 while a job is active. What is large is deleted by a job, for which this waits up to 30 s;
        the reply then has its `job_id` and what is gone so far.
        Scope `projects:write`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/truncate",
            idempotency_key=idempotency_key,
        )

    async def update(
        self, project_id: str, **body: Unpack[schemas.PatchedProjectUpdateRequest]
    ) -> schemas.ProjectReply:
        """Update a project. Changes only the fields you send. A connection must be for the project's platform.
        Scope `projects:write`."""
        return await self._client.call("PATCH", f"projects/{segment(project_id)}", body=body)


class AsyncShopify:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def app(self, **query: Unpack[schemas.ShopifyAppQuery]) -> str:
        """Shopify App. The app's URL. An installation that starts in Shopify is redirected from here to grant
        access."""
        return await self._client.location("shopify/app", **query)

    async def callback(self, **query: Unpack[schemas.ShopifyCallbackQuery]) -> str:
        """Shopify Callback. Verifies the signature, the store, the time and the single-use state, then redirects the
        browser to the front end with `shop`, `code` and a one-time `install` token for `finalize`. Until then the
        connection is `pending`. On a server with SHOPIFY_CALLBACK_CONNECTS, connects immediately and redirects with
        `status` and `connection_id`."""
        return await self._client.location("shopify/callback", **query)

    async def compliance(self) -> schemas.ShopifyWebhookReply:
        """Shopify Compliance Webhook. Receives all compliance webhooks; `X-Shopify-Topic` has the topic."""
        return await self._client.call("POST", "shopify/webhooks")

    async def connect(self, **query: Unpack[schemas.ShopifyConnectQuery]) -> schemas.ShopifyUrlReply:
        """Shopify Connect. Returns the URL at which a store grants access. `connection_type=blog` asks for access to
        blog posts only; `translations=true` also asks for permission to write translations."""
        return await self._client.call("GET", "shopify/connect", query=query)

    async def customers_redact(self) -> schemas.ShopifyWebhookReply:
        """Shopify Customers Redact. We store no data about a store's customers."""
        return await self._client.call("POST", "shopify/webhooks/customers/redact")

    async def data_request(self) -> schemas.ShopifyWebhookReply:
        """Shopify Customers Data Request. We store no data about a store's customers."""
        return await self._client.call("POST", "shopify/webhooks/customers/data_request")

    async def finalize(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.ShopifyFinalizationRequest]
    ) -> schemas.ConnectionReply:
        """Shopify Finalize. Completes an installation with the `shop`, `code` and `install` values from the redirect
        and sets the connection to `active`. The installation must have been started by the caller (otherwise 403
        `install_of_another`) or in Shopify."""
        return await self._client.call("POST", "shopify/finalize", body=body, idempotency_key=idempotency_key)

    async def install_url(self) -> schemas.ShopifyUrlReply:
        """Shopify Install Url. The app's page at Shopify, where an installation can be started."""
        return await self._client.call("GET", "shopify/install-url")

    async def shop_redact(self) -> schemas.ShopifyWebhookReply:
        """Shopify Shop Redact. Sent 48 hours after an uninstall. Erases the store's credentials."""
        return await self._client.call("POST", "shopify/webhooks/shop/redact")

    async def uninstalled(self) -> schemas.ShopifyWebhookReply:
        """Shopify Uninstalled Webhook. Sent when the app is removed. Deactivates the store's connections and erases
        their tokens."""
        return await self._client.call("POST", "shopify/webhooks/uninstalled")


class AsyncSources:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self, project_id: str, source_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.ManualItemsRequest]
    ) -> builtins.list[schemas.ItemReply]:
        """Add items to a manual source. Adds items to a manual source: all of them or none. Each needs a name or a
        SKU.
        Scope `projects:write`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/sources/{segment(source_id)}/items",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def delete(self, project_id: str, source_id: str) -> None:
        """Delete a data source. With its items and files. Items that have a row in another source stay, as that
        one's. 409 while a job works on the project. A large one is deleted by a job, for which this waits up to 30
        s.
        Scope `projects:write`."""
        await self._client.call("DELETE", f"projects/{segment(project_id)}/sources/{segment(source_id)}")

    async def detect_columns(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.FileBodyRequest]
    ) -> schemas.DetectedColumns:
        """Detect CSV column mappings. Reads the file's header and first rows and suggests a field for each column.
        Nothing is saved.
        Scope `projects:write`."""
        return await self._client.form(
            f"projects/{segment(project_id)}/sources/detect-columns",
            body,
            ("file",),
            idempotency_key=idempotency_key,
        )

    async def export(self, project_id: str, source_id: str, into: str | Path | IO[bytes]) -> Written:
        """Export source as CSV. The uploaded file with the generated fields of approved and synced items filled in;
        every other cell is unchanged, byte for byte. XLSX is returned as XLSX, WXR as WXR. Fields in
        `outdated_fields` keep the file's cell, unless a person has edited the text. `X-Export-Warnings` lists what
        could not be kept, what is outdated, and texts that the file has no row for.
        Scope `projects:read`."""
        return await self._client.download(f"projects/{segment(project_id)}/sources/{segment(source_id)}/export", into)

    async def listing(self, project_id: str) -> schemas.SourceList:
        """List project data sources. The project's sources, newest first, with the total number of items.
        Scope `projects:read`."""
        return await self._client.call("GET", f"projects/{segment(project_id)}/sources")

    async def manual(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.ManualSourceRequest]
    ) -> schemas.SourceReply:
        """Create manual data source, for members and admins; an API key needs `projects:write`.
        Scope `projects:write`."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/sources/manual",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def upload(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.FileUploadRequest]
    ) -> schemas.SourceReply:
        """Upload file data source. Imports the file's rows as items. Up to 2,000 rows are imported immediately
        (`ready`); larger files are imported by an `import` job whose ID is in `config.job_id` (`processing`). A file
        that can't be read returns one error and nothing is saved; rows that can't be read are listed in `errors`. A
        row with the ID or SKU of an existing item updates that item (`match`): its data changes, texts generated
        from older data are listed in `outdated_fields`, and the export of each source fills in the rows of its own
        file.
        Scope `projects:write`."""
        return await self._client.form(
            f"projects/{segment(project_id)}/sources/file",
            body,
            ("file",),
            idempotency_key=idempotency_key,
        )


class AsyncStockPhotos:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.KeyCreationRequest]
    ) -> schemas.KeyReply:
        """Add stock photo key. Adds the organization's own key, one per provider. It is stored encrypted and never
        shown again.
        Scope `connections:write`. Not for test keys."""
        return await self._client.call("POST", "stock-photo-keys", body=body, idempotency_key=idempotency_key)

    async def delete(self, key_id: str) -> None:
        """Delete stock photo key, for admins; an API key needs `connections:write`.
        Scope `connections:write`. Not for test keys."""
        await self._client.call("DELETE", f"stock-photo-keys/{segment(key_id)}")

    def list(self, **query: Unpack[schemas.StockPhotosListQuery]) -> AsyncIterator[schemas.KeyReply]:
        """List stock photo keys, for everybody in the organization; an API key needs `connections:read`.
        Scope `connections:read`. Not for test keys."""
        return self._client.pages("stock-photo-keys", **query)

    async def search(self, **query: Unpack[schemas.StockPhotosSearchQuery]) -> schemas.PhotoSearchReply:
        """Search stock photos. Searches Pexels. Wherever you show a photo, show the credit with a link to `url`.
        Scope `posts:read`. Not for test keys."""
        return await self._client.call("GET", "stock-photos/search", query=query)

    async def update(self, key_id: str, **body: Unpack[schemas.PatchedKeyUpdateRequest]) -> schemas.KeyReply:
        """Update stock photo key, for admins; an API key needs `connections:write`.
        Scope `connections:write`. Not for test keys."""
        return await self._client.call("PATCH", f"stock-photo-keys/{segment(key_id)}", body=body)


class AsyncStoreConnections:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.ConnectionCreationRequest]
    ) -> schemas.ConnectionReply:
        """Create store connection. WooCommerce takes `consumer_key` and `consumer_secret`, Shopify and Magento
        `access_token` (Magento also OAuth 1.0a with all four secrets), WordPress the user in `consumer_key` and an
        application password in `consumer_secret`. Secrets are encrypted and never shown again.
        Scope `connections:write`. Not for test keys."""
        return await self._client.call("POST", "store-connections", body=body, idempotency_key=idempotency_key)

    async def delete(self, connection_id: str) -> None:
        """Delete store connection. Returns 409 while projects are linked to the connection.
        Scope `connections:write`. Not for test keys."""
        await self._client.call("DELETE", f"store-connections/{segment(connection_id)}")

    async def get(
        self, connection_id: str, **query: Unpack[schemas.StoreConnectionsRetrieveQuery]
    ) -> schemas.ConnectionReply:
        """Get store connection. One store connection with the number of linked projects.
        Scope `connections:read`. Not for test keys."""
        return await self._client.call("GET", f"store-connections/{segment(connection_id)}", query=query)

    async def guard(self, into: str | Path | IO[bytes]) -> Written:
        """Download guard plugin. Our plugin for WordPress, with or without WooCommerce, as a ZIP file for Plugins >
        Add New > Upload. With it, the site rejects an update of a text that was changed after we read it.
        Scope `connections:read`. Not for test keys."""
        return await self._client.download("store-connections/guard-plugin", into)

    def list(self, **query: Unpack[schemas.StoreConnectionsListQuery]) -> AsyncIterator[schemas.ConnectionReply]:
        """List store connections. All store connections of the organization, newest first, each with the number of
        linked projects.
        Scope `connections:read`. Not for test keys."""
        return self._client.pages("store-connections", **query)

    async def test(self, connection_id: str, *, idempotency_key: str = "") -> schemas.ConnectionTestReply:
        """Test store connection. Calls the store with the stored credentials, for at most 10 seconds. If the store
        rejects them, the reply has `success: false` and the reason. Sets the connection to `active` or `error`.
        Scope `connections:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"store-connections/{segment(connection_id)}/test",
            idempotency_key=idempotency_key,
        )

    async def update(
        self, connection_id: str, **body: Unpack[schemas.PatchedConnectionUpdateRequest]
    ) -> schemas.ConnectionReply:
        """Update store connection. Changes only the fields you send. Changing the host erases the stored secrets
        unless you send new ones.
        Scope `connections:write`. Not for test keys."""
        return await self._client.call("PATCH", f"store-connections/{segment(connection_id)}", body=body)


class AsyncStoreImport:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def execute(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.ImportRequestRequest]
    ) -> schemas.ExecuteReply:
        """Start store import. Starts the import. New items are pending, unchanged items are not touched, and changed
        items get the store's new data and keep their generated texts.
        Scope `projects:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/import/execute",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def filters(self, project_id: str) -> schemas.FiltersReply:
        """Get available import filters. The filters available for an import from the connected store, with the
        store's values.
        Scope `projects:read`. Not for test keys."""
        return await self._client.call("GET", f"projects/{segment(project_id)}/import/filters")

    async def preview(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.ImportRequestRequest]
    ) -> schemas.PreviewReply:
        """Preview import count. The number of products that match. Their variants are imported too, but not counted.
        Scope `projects:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/import/preview",
            body=body,
            idempotency_key=idempotency_key,
        )


class AsyncStudioProfileBuilder:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def estimate_generate(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.InstructionsRequestRequest]
    ) -> schemas.QuoteReply:
        """Estimate: Generate Instructions. The price of the operation with this request body. Nothing is started or
        saved.
        Scope `profiles:read`."""
        return await self._client.call(
            "POST",
            "studio/profile-builder/generate/estimate",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def generate(
        self, *, wait: int | None = None, idempotency_key: str = "", **body: Unpack[schemas.InstructionsRequestRequest]
    ) -> schemas.InstructionsReply | schemas.JobBegun:
        """Generate Instructions. Generates a content profile's `custom_instructions` with one call of the
        organization's AI model, which is charged. Waits up to 100 s.
        Scope `profiles:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            "studio/profile-builder/generate",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def list_templates(
        self, **query: Unpack[schemas.StudioProfileBuilderListTemplatesQuery]
    ) -> AsyncIterator[schemas.ProfileTemplateReply]:
        """List Templates. The templates that instructions can start from."""
        return self._client.pages("studio/profile-builder/templates", **query)


class AsyncStudioRequests:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def comment(
        self, request_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.CommentBodyRequest]
    ) -> schemas.CommentReply:
        """Add a comment to a studio request. The comment is public, and our staff are notified.
        Scope `studio:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"studio-requests/{segment(request_id)}/comments",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.RequestBodyRequest]
    ) -> schemas.StudioRequestReply:
        """Submit a new AI Studio quote request. Our staff are notified and reply in the request's comments.
        Scope `studio:write`. Not for test keys."""
        return await self._client.call("POST", "studio-requests", body=body, idempotency_key=idempotency_key)

    async def get(
        self, request_id: str, **query: Unpack[schemas.StudioRequestsRetrieveQuery]
    ) -> schemas.StudioRequestDetail:
        """Get studio request detail. With its public comments, oldest first.
        Scope `studio:read`. Not for test keys."""
        return await self._client.call("GET", f"studio-requests/{segment(request_id)}", query=query)

    async def list_requests(
        self, **query: Unpack[schemas.StudioRequestsListRequestsQuery]
    ) -> schemas.StudioRequestList:
        """List studio requests. The organization's requests, newest first, with the number of public comments.
        Scope `studio:read`. Not for test keys."""
        return await self._client.call("GET", "studio-requests", query=query)


class AsyncStudioStoreAudit:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create_fix_project(
        self, audit_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.FixRequestRequest]
    ) -> schemas.FixReply:
        """Create Fix Project. Creates a project with copies of the products that have this issue, as pending items.
        Above 500, a job copies them. Returns 409 if there are none.
        Scope `studio:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"studio/store-audit/{segment(audit_id)}/create-fix-project",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def delete(self, audit_id: str) -> None:
        """Delete Audit. Deletes the audit with all its findings and stops it if it is running. Fix projects are
        kept.
        Scope `studio:write`. Not for test keys."""
        await self._client.call("DELETE", f"studio/store-audit/{segment(audit_id)}")

    async def get(self, audit_id: str) -> schemas.AuditDetail:
        """Get Audit. The results, with each audited product and the IDs of the checks it failed.
        Scope `studio:read`. Not for test keys."""
        return await self._client.call("GET", f"studio/store-audit/{segment(audit_id)}")

    async def list_audits(self, **query: Unpack[schemas.StudioStoreAuditListAuditsQuery]) -> schemas.AuditList:
        """List Audits. The organization's audits, newest first, optionally of one project.
        Scope `studio:read`. Not for test keys."""
        return await self._client.call("GET", "studio/store-audit", query=query)

    async def run(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.AuditRequestRequest]
    ) -> schemas.AuditStarted:
        """Run Audit. Starts a job that runs the checks on every product of the project. It costs no XCT and does not
        block other jobs.
        Scope `studio:write`. Not for test keys."""
        return await self._client.call("POST", "studio/store-audit/run", body=body, idempotency_key=idempotency_key)


class AsyncStudioTools:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def list_tools(self) -> schemas.ToolList:
        """List Studio Tools. All visible tools, and which of them the organization's plan includes.
        Scope `studio:read`. Not for test keys."""
        return await self._client.call("GET", "studio/tools")


class AsyncSync:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self,
        project_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.SyncRequestRequest],
    ) -> schemas.SyncReply:
        """Sync all approved items. Sends approved items to the store and waits up to 30 s. 202 means that the job
        continues in the background. Texts that were changed in the store since they were imported or last synced are
        conflicts and are not overwritten without `force`. With `languages`, approved texts in other languages are
        written to the store's translations. The project's `settings.sync` defines where texts go that the platform
        has no field for: `placement` (of `short_description`, `bullet_points`, `attributes`, `structured_data`; each
        `description`, `short_description`, `meta.<key>` or `none`), `seo_plugin` (`auto`, `yoast`, `rank_math`,
        `seopress`), `push_slug`, Magento's `store_view`, and `custom_fields`, which an import reads as facts (see
        `import/filters`).
        Scope `sync:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/sync",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    async def create_item(
        self,
        project_id: str,
        item_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.ItemSyncRequestRequest],
    ) -> schemas.SyncItemReply:
        """Sync single item. Sends one approved item to the store or, with `languages`, its texts in other languages.
        If a text was changed in the store since, returns 409 `sync_conflict` with the imported or last synced text,
        the store's current text and the generated text of each field. `force` overwrites with our texts; `resolve`
        chooses a side for each field, and fields that are left out stay in conflict.
        Scope `sync:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/sync/{segment(item_id)}",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    def drift(self, project_id: str, **query: Unpack[schemas.SyncDriftQuery]) -> AsyncIterator[schemas.DriftReply]:
        """List what differs from the store. Items whose texts in the store differ from what we expect, as of the
        last comparison. A text in another language that we synced is a separate row.
        Scope `sync:read`."""
        return self._client.pages(f"projects/{segment(project_id)}/drift", **query)

    async def history(self, project_id: str, item_id: str) -> schemas.HistoryReply:
        """Get item sync history. All sync attempts, newest first, with the texts before and after.
        Scope `sync:read`."""
        return await self._client.call("GET", f"projects/{segment(project_id)}/sync/{segment(item_id)}/history")

    async def languages(self, project_id: str) -> schemas.ShopLanguagesReply:
        """List the shop's languages. The languages that the connected store has translations for, read live, and the
        project language that each one maps to. If one store language matches two of the project's, set the mapping
        in the store connection's `languages`.
        Scope `sync:read`. Not for test keys."""
        return await self._client.call("GET", f"projects/{segment(project_id)}/sync/languages")

    def stream(
        self, project_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.SyncRequestRequest]
    ) -> AsyncIterator[Event]:
        """Stream sync to store. Same as `sync`, streamed as events: `item` for each updated item, `item_failed` with
        the reason or the conflicting texts for each item that failed.
        Scope `sync:write`. Not for test keys."""
        return self._client.stream(
            "POST",
            f"projects/{segment(project_id)}/sync/stream",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def undo(
        self,
        job_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.ForceRequestRequest],
    ) -> schemas.UndoReply:
        """Undo a whole sync. Restores the texts that a sync replaced in the store. Items whose texts have changed in
        the store since are not touched, and are listed in the result.
        Scope `sync:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"jobs/{segment(job_id)}/undo",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    async def undo_item(
        self,
        project_id: str,
        item_id: str,
        *,
        wait: int | None = None,
        idempotency_key: str = "",
        **body: Unpack[schemas.ForceRequestRequest],
    ) -> schemas.SyncItemReply:
        """Undo an item's last sync. Restores the texts that the last sync of this item replaced; the item becomes
        `approved`. Returns 409 `store_changed` if the texts have changed in the store since.
        Scope `sync:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/sync/{segment(item_id)}/undo",
            body=body,
            wait=wait,
            idempotency_key=idempotency_key,
        )

    async def verify(self, project_id: str, *, idempotency_key: str = "") -> schemas.VerifyReply:
        """Compare with the store. Queues a `verify` job that compares the texts we expect in the store with the
        actual ones. Nothing in the store is changed. The same comparison runs weekly. Differences are listed by
        `drift`; contents generated from a text that was edited in the store since are marked in `outdated_fields`.
        Returns 409 `job_active` while another job is changing the project's items.
        Scope `sync:write`. Not for test keys."""
        return await self._client.call(
            "POST",
            f"projects/{segment(project_id)}/verify",
            idempotency_key=idempotency_key,
        )

    async def warnings(self, project_id: str) -> schemas.WarningsReply:
        """Get warnings before a sync. Warnings for a sync of all approved items, based on the last read from the
        store: texts that could not be restored exactly later, because the store filters them; descriptions that
        visitors would not see, because a page builder shows its own; texts with elements that ours lack; and texts
        the store has no field for. To skip the first kind, send `leave_unrestorable` with the sync. The second kind
        fails (`page_builder`) unless `force` is set.
        Scope `sync:read`."""
        return await self._client.call("GET", f"projects/{segment(project_id)}/sync/warnings")


class AsyncSystem:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def content_types(
        self, **query: Unpack[schemas.SystemContentTypesQuery]
    ) -> AsyncIterator[schemas.ContentTypeReply]:
        """List content types. The types of content items that texts can be generated for."""
        return self._client.pages("system/content-types", **query)

    def languages(self, **query: Unpack[schemas.SystemLanguagesQuery]) -> AsyncIterator[schemas.LanguageReply]:
        """List supported languages. The languages that content can be generated in."""
        return self._client.pages("system/languages", **query)

    def platforms(self, **query: Unpack[schemas.SystemPlatformsQuery]) -> AsyncIterator[schemas.PlatformReply]:
        """List e-commerce platforms. The store platforms, what a connection to each needs, and what each supports."""
        return self._client.pages("system/platforms", **query)

    def providers(self, **query: Unpack[schemas.SystemProvidersQuery]) -> AsyncIterator[schemas.ProviderReply]:
        """List AI providers. All registered AI providers and their models."""
        return self._client.pages("system/providers", **query)

    def tones(self, **query: Unpack[schemas.SystemTonesQuery]) -> AsyncIterator[schemas.SystemToneReply]:
        """List writing tones. The built-in tones, and the organization's own.
        Scope `organization:read`. Not for test keys."""
        return self._client.pages("system/tones", **query)


class AsyncTranslationMemory:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def delete(self, **query: Unpack[schemas.TranslationMemoryDestroyQuery]) -> schemas.DeletedSegments | None:
        """Delete imported segments. Deletes what was imported between two languages. Approved texts stay in the
        memory.
        Scope `items:write`."""
        return await self._client.call("DELETE", "translation-memory", query=query)

    async def export(
        self, into: str | Path | IO[bytes], **query: Unpack[schemas.TranslationMemoryExportQuery]
    ) -> Written:
        """Export the translation memory. A TMX 1.4 file with every approved translation between two languages,
        sentence by sentence, and with the imported segments. Blocks whose sentences can't be matched are one
        segment.
        Scope `items:read`."""
        return await self._client.download("translation-memory/export", into, **query)

    async def load(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.MemoryFileRequest]
    ) -> schemas.MemoryImportReply:
        """Import a translation memory. Adds the segments of a TMX file to the organization's translation memory. A
        text whose sentences are all known is written without a model and costs nothing. Approved texts take
        precedence, and segments that depart from the glossary are not used. Files over 256 KiB are read by a
        `memory_import` job (202), whose `result` has the counts.
        Scope `items:write`."""
        return await self._client.form("translation-memory/import", body, ("file",), idempotency_key=idempotency_key)


class AsyncUsage:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def list(self, **query: Unpack[schemas.UsageListQuery]) -> AsyncIterator[schemas.UsageReply]:
        """List usage records. One record per call of an AI model, newest first, optionally limited to a date range.
        Scope `billing:read`. Not for test keys."""
        return self._client.pages("usage", **query)

    async def summary(self, **query: Unpack[schemas.UsageSummaryQuery]) -> schemas.UsageSummaryReply:
        """Get usage summary. Tokens and estimated cost of the last `days`, by AI provider and by content type, of
        the usage records that you can list.
        Scope `billing:read`. Not for test keys."""
        return await self._client.call("GET", "usage/summary", query=query)


class AsyncUsers:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def chatwoot_identity(self) -> schemas.ChatwootIdentityReply:
        """Get Chatwoot identity hash. The values for the support chat's `setUser`. Not available to support staff
        signed in as a customer (403)."""
        return await self._client.call("GET", "users/me/chatwoot-identity")

    async def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.UserCreateRequest]
    ) -> schemas.UserReply:
        """Create a new user. Creates an active user with an unverified address. The welcome email has a link to set
        a password; it never contains a password. The caller's address must be verified (403 `email_not_verified`)."""
        return await self._client.call("POST", "users", body=body, idempotency_key=idempotency_key)

    async def delete(self, user_id: str) -> None:
        """Deactivate a user. Deactivates the user and ends their sessions; the user record is kept. Returns 409 for
        yourself and for the last active admin."""
        await self._client.call("DELETE", f"users/{segment(user_id)}")

    async def email_preferences(self) -> schemas.EmailPreferencesReply:
        """Get email notification preferences, for everybody in the organization."""
        return await self._client.call("GET", "users/me/email-preferences")

    def identities(self, **query: Unpack[schemas.UsersIdentitiesQuery]) -> AsyncIterator[schemas.IdentityReply]:
        """List own sign-in identities. The Google and Apple accounts linked to the caller's account, oldest link
        first."""
        return self._client.pages("users/me/identities", **query)

    def list(self, **query: Unpack[schemas.UsersListQuery]) -> AsyncIterator[schemas.UserReply]:
        """List organization users, for admins; an API key needs `organization:read`.
        Scope `organization:read`. Not for test keys."""
        return self._client.pages("users", **query)

    async def logout_all(self, user_id: str, *, idempotency_key: str = "") -> schemas.MessageReply:
        """Force logout a user. Ends all sessions of a user immediately."""
        return await self._client.call("POST", f"users/{segment(user_id)}/logout-all", idempotency_key=idempotency_key)

    async def me(self) -> schemas.UserReply:
        """Get current user profile, for everybody in the organization; an API key needs `organization:read`.
        Scope `organization:read`. Not for test keys."""
        return await self._client.call("GET", "users/me")

    async def reset_second_factor(self, user_id: str, *, idempotency_key: str = "") -> schemas.MessageReply:
        """Reset user 2FA. Removes the user's device and backup codes and ends all sessions. The user sets up 2FA
        again at the next sign-in. Returns 409 `own_second_factor` for your own account."""
        return await self._client.call("POST", f"users/{segment(user_id)}/2fa/reset", idempotency_key=idempotency_key)

    async def resume_second_factor(self, user_id: str, *, idempotency_key: str = "") -> schemas.MessageReply:
        """Enable user 2FA. Resumes the 2FA that `2fa/disable` suspended."""
        return await self._client.call("POST", f"users/{segment(user_id)}/2fa/enable", idempotency_key=idempotency_key)

    async def suspend_second_factor(self, user_id: str, *, idempotency_key: str = "") -> schemas.MessageReply:
        """Disable user 2FA. Suspends the user's 2FA; `2fa/enable` resumes it with the same device. Returns 409
        `own_second_factor` for your own account."""
        return await self._client.call("POST", f"users/{segment(user_id)}/2fa/disable", idempotency_key=idempotency_key)

    async def unlink_identity(self, identity_id: str) -> None:
        """Unlink own sign-in identity. Unlinks an identity by its ID or its provider (`google` or `apple`). Needs a
        sign-in within the last ten minutes, or the `password` (403). Sessions started with it end. Returns 409
        `last_way_in` if it is the only way to sign in: set a password first."""
        await self._client.call("DELETE", f"users/me/identities/{segment(identity_id)}")

    async def update(self, user_id: str, **body: Unpack[schemas.PatchedUserUpdateRequest]) -> schemas.UserReply:
        """Update a user. For admins of the organization. A new email address takes effect when its owner confirms
        it. Changing the role, the projects or the password, or deactivating the user, ends the user's sessions. Only
        platform staff can change platform staff (403 `protected_user`)."""
        return await self._client.call("PATCH", f"users/{segment(user_id)}", body=body)

    async def update_email_preferences(
        self, **body: Unpack[schemas.PatchedEmailPreferencesUpdateRequest]
    ) -> schemas.EmailPreferencesReply:
        """Update email notification preferences, for everybody in the organization."""
        return await self._client.call("PATCH", "users/me/email-preferences", body=body)

    async def update_me(self, **body: Unpack[schemas.PatchedSelfUpdateRequest]) -> schemas.UserReply:
        """Update current user profile. Changing the password or the email address needs `current_password` (a wrong
        one returns 403). A new address takes effect when it is verified. You can't change your own role (403
        `own_role`) or deactivate yourself (409)."""
        return await self._client.call("PATCH", "users/me", body=body)


class AsyncWebhooks:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self, *, idempotency_key: str = "", **body: Unpack[schemas.EndpointCreateRequest]
    ) -> schemas.EndpointWithSecret:
        """Add a webhook endpoint. Events are sent according to Standard Webhooks 1.0. Returns the signing secret; it
        is shown only this once. An organization can have up to ten endpoints (409 `too_many_endpoints`).
        Scope `webhooks:write`."""
        return await self._client.call("POST", "webhooks/endpoints", body=body, idempotency_key=idempotency_key)

    async def delete(self, endpoint_id: str) -> None:
        """Delete a webhook endpoint, for admins; an API key needs `webhooks:write`.
        Scope `webhooks:write`."""
        await self._client.call("DELETE", f"webhooks/endpoints/{segment(endpoint_id)}")

    def deliveries(self, **query: Unpack[schemas.WebhooksDeliveriesQuery]) -> AsyncIterator[schemas.DeliveryReply]:
        """List deliveries. Deliveries with their attempts, newest first. `after` is the ID of the last delivery you
        have seen.
        Scope `webhooks:read`."""
        return self._client.pages("webhooks/deliveries", **query)

    async def get(self, endpoint_id: str, **query: Unpack[schemas.WebhooksRetrieveQuery]) -> schemas.EndpointReply:
        """Get a webhook endpoint, for admins; an API key needs `webhooks:read`.
        Scope `webhooks:read`."""
        return await self._client.call("GET", f"webhooks/endpoints/{segment(endpoint_id)}", query=query)

    def list(self, **query: Unpack[schemas.WebhooksListQuery]) -> AsyncIterator[schemas.EndpointReply]:
        """List webhook endpoints, for admins; an API key needs `webhooks:read`.
        Scope `webhooks:read`."""
        return self._client.pages("webhooks/endpoints", **query)

    async def ping(self, endpoint_id: str, *, idempotency_key: str = "") -> schemas.PingReply:
        """Send a test. Sends a `ping` event, whatever event types the endpoint gets. The delivery shows the reply.
        Returns 409 `endpoint_disabled` while the endpoint is disabled.
        Scope `webhooks:write`."""
        return await self._client.call(
            "POST",
            f"webhooks/endpoints/{segment(endpoint_id)}/ping",
            idempotency_key=idempotency_key,
        )

    async def replay(
        self, endpoint_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.ReplayRequestRequest]
    ) -> schemas.QueuedReply:
        """Replay a span of time. Sends the events of a period that the endpoint has not received: failed deliveries,
        and events from when it was disabled or did not exist yet. Events are kept for 30 days. Returns 409
        `endpoint_disabled` while the endpoint is disabled.
        Scope `webhooks:write`."""
        return await self._client.call(
            "POST",
            f"webhooks/endpoints/{segment(endpoint_id)}/replay",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def replay_delivery(self, delivery_id: str, *, idempotency_key: str = "") -> schemas.DeliveryReply:
        """Replay a delivery. Sends the event to the endpoint again with the same ID, with up to eight attempts.
        Returns 409 `endpoint_disabled` while the endpoint is disabled.
        Scope `webhooks:write`."""
        return await self._client.call(
            "POST",
            f"webhooks/deliveries/{segment(delivery_id)}/replay",
            idempotency_key=idempotency_key,
        )

    async def retrieve_delivery(
        self, delivery_id: str, **query: Unpack[schemas.WebhooksRetrieveDeliveryQuery]
    ) -> schemas.DeliveryReply:
        """Get a delivery, for admins; an API key needs `webhooks:read`.
        Scope `webhooks:read`."""
        return await self._client.call("GET", f"webhooks/deliveries/{segment(delivery_id)}", query=query)

    async def rotate_secret(
        self, endpoint_id: str, *, idempotency_key: str = "", **body: Unpack[schemas.SecretRotationRequest]
    ) -> schemas.EndpointWithSecret:
        """Rotate an endpoint's secret. Returns the new signing secret; it is shown only this once. During the
        overlap, each event is signed with both secrets.
        Scope `webhooks:write`."""
        return await self._client.call(
            "POST",
            f"webhooks/endpoints/{segment(endpoint_id)}/rotate-secret",
            body=body,
            idempotency_key=idempotency_key,
        )

    async def update(
        self, endpoint_id: str, **body: Unpack[schemas.PatchedEndpointPatchRequest]
    ) -> schemas.EndpointReply:
        """Change a webhook endpoint. `is_active` enables or disables the endpoint. Use replay to send the events it
        missed while it was disabled.
        Scope `webhooks:write`."""
        return await self._client.call("PATCH", f"webhooks/endpoints/{segment(endpoint_id)}", body=body)


class AsyncResources:
    def __init__(self, client: AsyncClient) -> None:
        self.api_keys = AsyncApiKeys(client)
        self.auth = AsyncAuth(client)
        self.billing = AsyncBilling(client)
        self.blog = AsyncBlog(client)
        self.blog_connections = AsyncBlogConnections(client)
        self.blog_templates = AsyncBlogTemplates(client)
        self.chatbot = AsyncChatbot(client)
        self.content_profiles = AsyncContentProfiles(client)
        self.dodo_webhooks = AsyncDodoWebhooks(client)
        self.event_log = AsyncEventLog(client)
        self.evidence = AsyncEvidence(client)
        self.files = AsyncFiles(client)
        self.gdpr = AsyncGdpr(client)
        self.generation = AsyncGeneration(client)
        self.glossary = AsyncGlossary(client)
        self.invitations = AsyncInvitations(client)
        self.items = AsyncItems(client)
        self.jobs = AsyncJobs(client)
        self.notifications = AsyncNotifications(client)
        self.operations = AsyncOperations(client)
        self.organization = AsyncOrganization(client)
        self.outreach_tracking = AsyncOutreachTracking(client)
        self.paddle_webhooks = AsyncPaddleWebhooks(client)
        self.plugin = AsyncPlugin(client)
        self.projects = AsyncProjects(client)
        self.shopify = AsyncShopify(client)
        self.sources = AsyncSources(client)
        self.stock_photos = AsyncStockPhotos(client)
        self.store_connections = AsyncStoreConnections(client)
        self.store_import = AsyncStoreImport(client)
        self.studio_profile_builder = AsyncStudioProfileBuilder(client)
        self.studio_requests = AsyncStudioRequests(client)
        self.studio_store_audit = AsyncStudioStoreAudit(client)
        self.studio_tools = AsyncStudioTools(client)
        self.sync = AsyncSync(client)
        self.system = AsyncSystem(client)
        self.translation_memory = AsyncTranslationMemory(client)
        self.usage = AsyncUsage(client)
        self.users = AsyncUsers(client)
        self.webhooks = AsyncWebhooks(client)
