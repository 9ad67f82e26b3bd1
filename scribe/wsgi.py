"""WSGI entry, for servers that only know WSGI: waits answer at once, streams look at the rows."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scribe.settings")

application = get_wsgi_application()
