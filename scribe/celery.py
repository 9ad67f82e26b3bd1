"""The Celery application: queues `generation`, `sync` and `default`; each task names its queue."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scribe.settings")

app = Celery("scribe")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
