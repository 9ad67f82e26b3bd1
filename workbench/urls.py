"""Every page. An id of another organization answers like a page that does not exist."""

from __future__ import annotations

from typing import Any

from django.urls import path

from workbench.views import (
    appearance,
    arrivals,
    balance,
    checkout,
    entrance,
    failures,
    invoices,
    items,
    jobs,
    links,
    plans,
    projects,
    review,
    sources,
    store,
    support,
    texts,
    usage,
    writing,
)

app_name = "workbench"
PROJECT = "projects/<uuid:project_id>"
ITEM = f"{PROJECT}/items/<uuid:item_id>"
SOURCE = f"{PROJECT}/sources/<uuid:source_id>"
JOB = f"{PROJECT}/jobs/<uuid:job_id>"

urlpatterns: list[Any] = [
    path("", projects.ProjectsPage.as_view(), name="home"),
    # The way in and out
    path("sign-up", entrance.SignUpPage.as_view(), name="sign-up"),
    path("sign-in", entrance.SignInPage.as_view(), name="sign-in"),
    path("sign-in/code", entrance.SecondFactorPage.as_view(), name="second-factor"),
    path("sign-in/code/mail", entrance.CodeMail.as_view(), name="code-mail"),
    path("sign-in/set-up", entrance.SecondFactorSetupPage.as_view(), name="second-factor-setup"),
    path("sign-out", entrance.SignOut.as_view(), name="sign-out"),
    path("forgot-password", links.ForgottenPasswordPage.as_view(), name="forgot-password"),
    path("verification", links.VerificationMail.as_view(), name="verification-mail"),
    path("appearance", appearance.Appearance.as_view(), name="appearance"),
    # Targets of links in mails and of returns from other sites: below FRONTEND_URL
    path("reset-password", links.PasswordResetPage.as_view(), name="reset-password"),
    path("verify-email", links.AddressPage.as_view(), name="verify-email"),
    path("accept-invitation", links.InvitationPage.as_view(), name="accept-invitation"),
    path("support-session", support.SupportSessionPage.as_view(), name="support-session"),
    path("shopify/callback", arrivals.ShopifyCallbackPage.as_view(), name="shopify-callback"),
    path("billing", balance.BalancePage.as_view(), name="billing"),
    # The account: money
    path("account/arrival", balance.ArrivalPart.as_view(), name="arrival"),
    path("account/movements", balance.MovementsFile.as_view(), name="movements-file"),
    path("account/usage", usage.UsagePage.as_view(), name="usage"),
    path("account/usage/file", usage.UsageFile.as_view(), name="usage-file"),
    path("account/plans", plans.PlansPage.as_view(), name="plans"),
    path("account/plans/order", plans.PlanOrder.as_view(), name="plan-order"),
    path("account/packs/order", plans.PackOrder.as_view(), name="pack-order"),
    path("account/plans/end", plans.SubscriptionEnd.as_view(), name="subscription-end"),
    path("account/overage", plans.OverageSwitch.as_view(), name="overage"),
    path("account/portal", plans.PaymentPortal.as_view(), name="portal"),
    path("account/checkout", checkout.CheckoutPage.as_view(), name="checkout"),
    path("account/invoices", invoices.InvoicesPage.as_view(), name="invoices"),
    path("account/invoices/<uuid:invoice_id>", invoices.InvoicePage.as_view(), name="invoice"),
    path("account/invoices/<uuid:invoice_id>/file", invoices.InvoiceFile.as_view(), name="invoice-file"),
    path("account/payments/<uuid:payment_id>/file", invoices.PaymentFile.as_view(), name="payment-file"),
    path("account/billing-details", invoices.BillingDetailsPage.as_view(), name="billing-details"),
    # Projects
    path("projects/new", projects.NewProjectPage.as_view(), name="project-new"),
    path("projects/sample", projects.SampleProject.as_view(), name="project-sample"),
    path(PROJECT, projects.OverviewPage.as_view(), name="project"),
    path(f"{PROJECT}/settings", projects.ProjectSettingsPage.as_view(), name="project-settings"),
    path(f"{PROJECT}/trash", projects.ProjectTrash.as_view(), name="project-trash"),
    path(f"{PROJECT}/restoration", projects.ProjectRestoration.as_view(), name="project-restoration"),
    path(f"{PROJECT}/sources/new", sources.NewSourcePage.as_view(), name="source-new"),
    path(f"{PROJECT}/sources/columns", sources.SourceColumns.as_view(), name="source-columns"),
    path(SOURCE, sources.SourcePage.as_view(), name="source"),
    path(f"{SOURCE}/deletion", sources.SourceDeletion.as_view(), name="source-deletion"),
    path(f"{SOURCE}/file", sources.SourceFile.as_view(), name="source-file"),
    path(f"{PROJECT}/items", items.ItemsPage.as_view(), name="items"),
    path(f"{PROJECT}/file", items.ProjectFile.as_view(), name="project-file"),
    # Writing
    path(f"{PROJECT}/write", writing.WritingPage.as_view(), name="write"),
    path(f"{PROJECT}/write/quote", writing.QuotePart.as_view(), name="quote"),
    path(JOB, jobs.JobPage.as_view(), name="job"),
    path(f"{JOB}/progress", jobs.JobProgress.as_view(), name="job-progress"),
    path(f"{JOB}/events", jobs.JobEvents.as_view(), name="job-events"),
    path(f"{JOB}/cancellation", jobs.JobCancellation.as_view(), name="job-cancellation"),
    # Reviewing
    path(f"{PROJECT}/review", review.ReviewPage.as_view(), name="review"),
    path(f"{PROJECT}/review/queue", review.ReviewQueue.as_view(), name="review-queue"),
    path(f"{PROJECT}/review/decisions", review.Decisions.as_view(), name="decisions"),
    path(ITEM, review.ItemPane.as_view(), name="item"),
    path(f"{ITEM}/decision", review.Decision.as_view(), name="decision"),
    path(f"{ITEM}/field", review.FieldDecision.as_view(), name="field-decision"),
    path(f"{ITEM}/image", items.ItemImage.as_view(), name="item-image"),
    path(f"{ITEM}/text", texts.Text.as_view(), name="text"),
    path(f"{ITEM}/text/check", texts.TextCheck.as_view(), name="text-check"),
    path(f"{ITEM}/regeneration", review.Regeneration.as_view(), name="regeneration"),
    path(f"{ITEM}/versions", texts.Versions.as_view(), name="versions"),
    path(f"{ITEM}/versions/<uuid:version_id>", texts.Restoration.as_view(), name="restoration"),
    # Into the store
    path(f"{PROJECT}/store", store.StorePage.as_view(), name="store"),
    path(f"{PROJECT}/store/new", store.StoreCreation.as_view(), name="store-creation"),
    path(f"{PROJECT}/store/link", store.StoreLink.as_view(), name="store-link"),
    path(f"{PROJECT}/store/test", store.StoreTest.as_view(), name="store-test"),
    path(f"{PROJECT}/store/import", store.StoreImport.as_view(), name="store-import"),
    path(f"{PROJECT}/store/push", store.StorePush.as_view(), name="store-push"),
    path(f"{JOB}/undo", store.SyncUndo.as_view(), name="sync-undo"),
    path(f"{ITEM}/changes", texts.Changes.as_view(), name="item-changes"),
    path(f"{ITEM}/syncs", store.ItemSyncs.as_view(), name="item-syncs"),
    path(f"{ITEM}/undo", store.ItemUndo.as_view(), name="item-undo"),
    path("<path:path>", failures.not_found),
]
