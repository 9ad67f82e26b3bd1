"""The project package: settings, and the parts that every app needs. It contains no rules of the product."""

from scribe.celery import app as celery_app

#: Of the release; between releases of the coming one, with `-dev`. docs/guides/releasing.md has who repeats it.
__version__ = "1.2.0-dev"
