"""People and their seats as a list."""

from typing import Any

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from registry.models import Person
from registry.templatetags.components import badge
from registry.web.columns import CODE


class PersonTable(tables.Table):
    """`ends`: whether whoever reads it may propose that a seat ends; `invites`: whether they may make a link for a first password."""

    name = tables.Column(verbose_name=_("Name"))
    username = tables.Column(verbose_name=_("User name"), attrs=CODE)
    role = tables.Column(verbose_name=_("Role"))
    place = tables.Column(
        verbose_name=pgettext_lazy("a seat", "For whom"),
        empty_values=(None,),
        order_by=("unit__name", "authority__code", "body__name"),
    )
    state = tables.Column(verbose_name=_("State"), empty_values=(), orderable=False)
    acts = tables.TemplateColumn(
        template_name="registry/columns/person_acts.html",
        verbose_name=_("What you can do"),
        orderable=False,
        exclude_from_export=True,
        attrs={"td": {"class": "actions"}},
    )

    class Meta:
        model = Person
        fields = ("name", "username", "role", "place", "state", "acts")
        order_by = ("name", "pk")
        empty_text = _("No person matches.")
        attrs = {"label": _("People")}

    def __init__(self, *args: Any, ends: bool, invites: bool, **kwargs: Any) -> None:
        super().__init__(*args, exclude=() if ends or invites else ("acts",), **kwargs)
        self.ends, self.invites = ends, invites

    def render_place(self, value: str) -> str:
        return value or gettext("the whole country")

    def render_state(self, record: Person) -> SafeString:
        if not record.is_active:
            return badge(gettext("access ended"), "neutral")
        if record.has_usable_password():
            return badge(gettext("can sign in"), "ok")
        return badge(gettext("has no password yet"), "warn")
