"""The product's settings with this app."""

from scribe.settings import *  # noqa: F403
from scribe.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.scribe.altering"]
