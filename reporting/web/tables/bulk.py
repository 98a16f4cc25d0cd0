"""The lists of archives sent, and of the files of one."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from registry.templatetags.components import badge
from registry.web.columns import NUMBER, TIGHT, WRAP, Column, InstantColumn, PageColumn, TonnesColumn
from reporting.models import BulkUpload


class BulkTable(tables.Table):
    name = PageColumn("reporting:bulk_upload", verbose_name=_("Archive"))
    by = Column(verbose_name=_("Sent by"))
    at = InstantColumn(verbose_name=_("Received"))
    size = TonnesColumn(verbose_name=_("Bytes"))

    class Meta:
        model = BulkUpload
        fields = ("name", "by", "at", "size")
        orderable = False
        empty_text = _("No zip has been sent yet.")


class BulkItemTable(tables.Table):
    """The files of a zip (reporting.web.views.bulk.Row)."""

    name = Column(verbose_name=_("File"), attrs=WRAP)
    unit = Column(verbose_name=_("Unit"))
    sector = Column(verbose_name=_("Sector"))
    period = Column(verbose_name=_("Period"), attrs=TIGHT)
    outcome = Column(verbose_name=_("Outcome"))
    findings = Column(verbose_name=_("Errors / warnings"), attrs=NUMBER)
    why = Column(verbose_name=_("Remarks"), attrs=WRAP)

    class Meta:
        orderable = False
        empty_text = _("No file matches.")
        attrs = {"label": _("Files of the archive")}

    def render_period(self, value: str, record: Any) -> str | SafeString:
        if record.package is None:
            return value
        return format_html('<a href="{}">{}</a>', reverse("reporting:package", args=[record.package]), value)

    def render_outcome(self, record: Any) -> SafeString:
        return badge(record.words, record.tone)
