"""The project package: settings, and what every app needs. Knows no product rule."""

from scribe.celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "1.0.0"
