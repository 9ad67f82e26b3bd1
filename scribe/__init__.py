"""The project package: settings, and the parts that every app needs. It contains no rules of the product."""

from scribe.celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "1.0.0"
