"""Fixtures of several files here."""

from tests.scribe.backed_up import empty_database, shop  # noqa: F401
