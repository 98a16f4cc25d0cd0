"""The access tokens of a unit."""

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.models import ApiToken
from registry.templatetags.components import badge
from registry.web.columns import CODE, WRAP, Column, InstantColumn


class TokenTable(tables.Table):
    name = Column(verbose_name=_("Name"))
    prefix = Column(verbose_name=_("Begins with"), attrs=CODE)
    person = Column(verbose_name=_("Acts as"))
    scopes = Column(verbose_name=_("Allowed to"), attrs=WRAP)
    state = Column(verbose_name=_("State"), empty_values=(), orderable=False)
    last_used = InstantColumn(accessor="use__last_used_at", verbose_name=_("Last used"))
    expires_at = InstantColumn(verbose_name=_("Valid until"))
    revoke = tables.TemplateColumn(
        template_name="registry/columns/token_revoke.html",
        verbose_name=_("What you can do"),
        orderable=False,
        exclude_from_export=True,
        attrs={"td": {"class": "actions"}},
    )

    class Meta:
        model = ApiToken
        fields = ("name", "prefix", "person", "scopes", "state", "last_used", "expires_at", "revoke")
        orderable = False
        empty_text = _("No access token has been granted.")
        attrs = {"label": _("Access tokens")}

    def __init__(self, *args: Any, now: dt.datetime, may_revoke: bool, **kwargs: Any) -> None:
        super().__init__(*args, exclude=() if may_revoke else ("revoke",), **kwargs)
        self.now = now

    def render_scopes(self, record: ApiToken) -> str:
        return " · ".join(str(ApiToken.Scope(scope).label) for scope in record.scope_list)

    def render_state(self, record: ApiToken) -> SafeString:
        if hasattr(record, "revocation"):
            return badge(gettext("revoked"), "neutral")
        return (
            badge(gettext("expired"), "neutral") if record.expires_at <= self.now else badge(gettext("in force"), "ok")
        )
