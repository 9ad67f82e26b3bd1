"""Importing items from a connected store: filters, count, and a job that goes on page by page."""

from projects.store_import.job import close, read, start

__all__ = ["close", "read", "start"]
