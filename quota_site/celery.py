"""The Celery application; its tasks only announce jobs that wait in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quota_site.settings")

app = Celery("quota_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
