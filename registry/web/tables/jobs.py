"""The list of jobs."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from registry import labels
from registry.models import Job
from registry.web.columns import NUMBER, Column, InstantColumn, PageColumn, StateColumn

JOB_TONES = {"done": "ok", "failed": "danger", "running": "info"}


class JobTable(tables.Table):
    kind = PageColumn("registry:job", verbose_name=_("Job"))
    state = StateColumn(JOB_TONES, verbose_name=_("State"))
    asked_at = InstantColumn(verbose_name=_("Requested"))
    progress = Column(
        verbose_name=_("Progress"),
        empty_values=(),
        orderable=False,
        attrs=NUMBER,
    )
    error = Column(verbose_name=_("Error"))

    class Meta:
        model = Job
        fields = ("kind", "state", "asked_at", "progress", "error")
        order_by = ("-asked_at", "-pk")
        empty_text = _("You have not requested any job.")

    def render_kind(self, value: str) -> str:
        return labels.job(value)

    def render_progress(self, record: Job) -> str:
        return f"{record.done_items} / {record.total_items}" if record.total_items else "—"
