"""Importing items from a connected store: filters, count, and a job that goes on page by page."""

from projects.store_import.running import close, run

__all__ = ["close", "run"]
