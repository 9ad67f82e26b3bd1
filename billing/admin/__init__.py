"""Admin pages of money."""

from billing.admin import events, ledger, payments, prices
