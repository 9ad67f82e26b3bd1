"""WSGI entry, for servers without ASGI. There, waits answer at once and streams poll the rows."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scribe.settings")

application = get_wsgi_application()
