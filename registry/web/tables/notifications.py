"""The list of what a person was told."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from registry import notifications
from registry.models import Notification
from registry.templatetags.components import badge
from registry.web.columns import WRAP, Column, InstantColumn


class MessageTable(tables.Table):
    """What a message says is made when it is read, so nothing sorts by it; the button beside it is described by it."""

    at = InstantColumn(verbose_name=_("When"))
    message = Column(accessor="pk", verbose_name=_("Message"), orderable=False, attrs=WRAP)
    read_at = InstantColumn(verbose_name=pgettext_lazy("a message", "Read"), visible=False)
    link = Column(verbose_name=_("Address"), visible=False, orderable=False)
    go = tables.TemplateColumn(
        template_name="registry/columns/message_open.html",
        verbose_name=_("What you can do"),
        orderable=False,
        exclude_from_export=True,
        attrs={"td": {"class": "actions"}},
    )

    class Meta:
        model = Notification
        fields = ("at", "message", "read_at", "link", "go")
        order_by = ("-at", "-pk")
        empty_text = _("No messages yet")
        attrs = {"label": _("Messages")}

    def render_message(self, record: Notification) -> SafeString:
        said, name = notifications.text(record), f"message-{record.pk}"
        if record.read_at:
            return format_html('<span id="{}">{}</span>', name, said)
        mark = badge(pgettext("a message", "new"), "info")
        return format_html('<span>{} <strong id="{}">{}</strong></span>', mark, name, said)

    def value_message(self, record: Notification) -> str:
        return notifications.text(record)
