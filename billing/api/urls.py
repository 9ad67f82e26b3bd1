"""Billing's routes, below `api/v1/`."""

from django.urls import path

from billing.api.views.balance import BalanceViewSet
from billing.api.views.corrections import CorrectionsViewSet
from billing.api.views.invoices import InvoiceViewSet
from billing.api.views.payments import PaddleViewSet, SubscriptionViewSet
from billing.api.views.plans import PlanViewSet
from billing.api.views.usage import KeyUsageViewSet, UsageViewSet
from billing.api.views.webhooks import WebhookViewSet

urlpatterns = [
    path("billing/balance", BalanceViewSet.as_view({"get": "balance"})),
    path("billing/test-balance", BalanceViewSet.as_view({"put": "set_test_balance"})),
    path("billing/limits", BalanceViewSet.as_view({"get": "limits"})),
    path("billing/transactions", BalanceViewSet.as_view({"get": "transactions"})),
    path("billing/usage-summary", BalanceViewSet.as_view({"get": "usage_summary"})),
    path("billing/plans", PlanViewSet.as_view({"get": "list"})),
    path("billing/model-tiers", BalanceViewSet.as_view({"get": "model_tiers"})),
    path("billing/topup", CorrectionsViewSet.as_view({"post": "topup"})),
    path("billing/adjustment", CorrectionsViewSet.as_view({"post": "adjustment"})),
    path("billing/reset-cycle", CorrectionsViewSet.as_view({"post": "reset_cycle"})),
    path("billing/settings", CorrectionsViewSet.as_view({"patch": "settings"})),
    path("billing/subscription", SubscriptionViewSet.as_view({"get": "retrieve", "patch": "change_plan"})),
    path("billing/checkout", SubscriptionViewSet.as_view({"post": "checkout"})),
    path("billing/topup-checkout", SubscriptionViewSet.as_view({"post": "topup_checkout"})),
    path("billing/portal", SubscriptionViewSet.as_view({"get": "portal"})),
    path("billing/cancel-subscription", SubscriptionViewSet.as_view({"post": "cancel"})),
    path("billing/payment-history", SubscriptionViewSet.as_view({"get": "payment_history"})),
    path("billing/invoices/dodo/<str:payment_id>/pdf", SubscriptionViewSet.as_view({"get": "dodo_invoice"})),
    path("billing/invoices", InvoiceViewSet.as_view({"get": "invoices"})),
    path("billing/invoices/upgrade", InvoiceViewSet.as_view({"post": "order_plan"})),
    path("billing/invoices/topup", InvoiceViewSet.as_view({"post": "order_packs"})),
    path("billing/invoices/<str:invoice_id>/pdf", InvoiceViewSet.as_view({"get": "invoice_pdf"})),
    path("billing/invoices/<str:invoice_id>/confirm", InvoiceViewSet.as_view({"post": "confirm_invoice"})),
    path("billing/invoices/<str:invoice_id>/cancel", InvoiceViewSet.as_view({"post": "cancel_invoice"})),
    path("billing/paddle/subscription", PaddleViewSet.as_view({"get": "legacy_subscription"})),
    path("billing/paddle/checkout", PaddleViewSet.as_view({"post": "legacy_checkout"})),
    path("billing/paddle/topup-checkout", PaddleViewSet.as_view({"post": "legacy_topup_checkout"})),
    path("billing/paddle/portal", PaddleViewSet.as_view({"get": "legacy_portal"})),
    path("webhooks/paddle", WebhookViewSet.as_view({"post": "paddle"})),
    path("webhooks/dodo", WebhookViewSet.as_view({"post": "dodo"})),
    path("api-keys/<str:key_id>/usage", KeyUsageViewSet.as_view({"get": "key_usage"})),
    path("usage", UsageViewSet.as_view({"get": "list"})),
    path("usage/summary", UsageViewSet.as_view({"get": "summary"})),
]
