"""Webhooks out: the log of events, endpoints of customers, and deliveries by Standard Webhooks 1.0.
docs/guides/webhooks.md."""
