"""Billing's routes, below `api/v1/`."""

from __future__ import annotations

from django.urls import path

from billing.api.views.balance import BalanceViewSet
from billing.api.views.corrections import CorrectionsViewSet
from billing.api.views.usage import UsageViewSet

urlpatterns = [
    path("billing/balance", BalanceViewSet.as_view({"get": "balance"})),
    path("billing/transactions", BalanceViewSet.as_view({"get": "transactions"})),
    path("billing/usage-summary", BalanceViewSet.as_view({"get": "usage_summary"})),
    path("billing/model-tiers", BalanceViewSet.as_view({"get": "model_tiers"})),
    path("billing/topup", CorrectionsViewSet.as_view({"post": "topup"})),
    path("billing/adjustment", CorrectionsViewSet.as_view({"post": "adjustment"})),
    path("billing/reset-cycle", CorrectionsViewSet.as_view({"post": "reset_cycle"})),
    path("billing/settings", CorrectionsViewSet.as_view({"patch": "settings"})),
    path("usage", UsageViewSet.as_view({"get": "list"})),
    path("usage/summary", UsageViewSet.as_view({"get": "summary"})),
]
