"""The registry's lists."""

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from registry import labels
from registry.journal import display as facts
from registry.models import ApiToken, DirectoryEntry, FilingMandate, Job, JournalEntry, Line, Unit
from registry.templatetags.components import badge
from registry.values import figures, sectors
from registry.values.bilingual import name_of
from registry.values.sectors import Sector

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


class UnitTable(tables.Table):
    name = tables.Column(linkify=("registry:unit", {"pk": tables.A("pk")}), verbose_name=_("Unit"))
    credit_code = tables.Column(verbose_name=_("Credit code"), attrs={"td": {"class": "code"}})
    authority = tables.Column(verbose_name=_("Authority"))
    sectors = tables.Column(verbose_name=_("Sectors"), empty_values=(), orderable=False)
    lines = tables.Column(accessor="line_count", verbose_name=_("Lines"), attrs=NUMBER)

    class Meta:
        model = Unit
        fields = ("name", "credit_code", "authority", "sectors", "lines")
        order_by = ("name", "pk")
        empty_text = _("No unit matches.")

    def render_sectors(self, record: Unit) -> str:
        return " · ".join(str(Sector(membership.sector).label) for membership in record.memberships.all())


class LineTable(tables.Table):
    code = tables.Column(verbose_name=_("Line"))
    name = tables.Column(verbose_name=_("Name"))
    sector = tables.Column(verbose_name=_("Sector"))
    kind = tables.Column(verbose_name=_("Kind"), accessor="get_kind_display", orderable=False)
    capacity = tables.Column(verbose_name=_("Approved capacity"), attrs=NUMBER)
    commissioned = tables.Column(verbose_name=_("Commissioned"))
    closed = tables.Column(verbose_name=_("Closed"))

    class Meta:
        model = Line
        fields = ("code", "name", "sector", "kind", "capacity", "commissioned", "closed")
        orderable = False
        empty_text = _("This unit has no lines.")

    def render_capacity(self, record: Line) -> str:
        return f"{figures.quantity(record.capacity, 0)} {name_of(sectors.of(record.sector).capacity)}"


class DirectoryTable(tables.Table):
    unit = tables.Column(
        linkify=("registry:directory_entry", {"pk": tables.A("pk")}), verbose_name=_("Unit"), order_by="unit__name"
    )
    credit_code = tables.Column(
        accessor="unit__credit_code", verbose_name=_("Credit code"), attrs={"td": {"class": "code"}}
    )
    authority = tables.Column(accessor="unit__authority", verbose_name=_("Authority"), order_by="unit__authority__code")
    year = tables.Column(verbose_name=_("Year"), attrs={"th": {"class": "tight"}, "td": {"class": "tight"}})
    sector = tables.Column(verbose_name=_("Sector"))
    state = tables.TemplateColumn(template_name="registry/columns/directory_state.html", verbose_name=_("State"))
    entered_on = tables.Column(verbose_name=_("Entered"))
    left_on = tables.Column(verbose_name=_("Left"))

    class Meta:
        model = DirectoryEntry
        fields = ("unit", "credit_code", "authority", "year", "sector", "state", "entered_on", "left_on")
        order_by = ("-year", "authority", "unit", "pk")
        empty_text = _("No entry matches.")

    def render_left_on(self, value: dt.date, record: DirectoryEntry) -> str:
        """A day that is only proposed is none on which the unit left."""
        proposed = record.state == DirectoryEntry.State.EXIT_PROPOSED
        return f"{figures.day(value)} {pgettext('a day of leaving', '(proposed)')}" if proposed else figures.day(value)


class JournalTable(tables.Table):
    sequence = tables.Column(verbose_name=_("No."))
    at = tables.Column(verbose_name=_("When"), attrs={"td": {"class": "nowrap"}})
    actor = tables.Column(verbose_name=_("Who"), default=_("the system"))
    act = tables.Column(verbose_name=_("Act"))
    subject = tables.Column(verbose_name=_("On what"), accessor="subject_type")
    unit = tables.Column(verbose_name=_("Unit"))
    facts = tables.Column(verbose_name=_("Details"), attrs={"td": {"class": "wide"}})
    hash = tables.Column(verbose_name=_("Hash"), attrs={"td": {"class": "code"}})

    class Meta:
        model = JournalEntry
        fields = ("sequence", "at", "actor", "act", "subject", "unit", "facts", "hash")
        orderable = False
        empty_text = _("Nothing has been recorded yet.")

    def render_subject(self, record: JournalEntry) -> str:
        return f"{labels.thing(record.subject_type)} {record.subject_id}"

    def render_act(self, value: str) -> str:
        return labels.act(value)

    def render_at(self, record: JournalEntry) -> str:
        return figures.instant(record.at)

    def render_facts(self, value: str, record: JournalEntry) -> SafeString:
        said = list(facts.pairs(value, record.subject_type))
        if not said:
            return format_html("{}", figures.DASH)
        short = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", said[: facts.MOST])
        whole = _("the whole entry")
        return format_html(
            '<div><dl class="pairs">{}</dl><details class="whole"><summary>{}</summary><code>{}</code></details></div>',
            short,
            whole,
            value,
        )

    def render_hash(self, record: JournalEntry) -> str:
        return record.hash[:12]


class JobTable(tables.Table):
    kind = tables.Column(linkify=("registry:job", {"pk": tables.A("pk")}), verbose_name=_("Job"))
    state = tables.TemplateColumn(template_name="registry/columns/job_state.html", verbose_name=_("State"))
    asked_at = tables.Column(verbose_name=_("Requested"))
    progress = tables.Column(
        verbose_name=_("Progress"),
        empty_values=(),
        orderable=False,
        attrs=NUMBER,
    )
    error = tables.Column(verbose_name=_("Error"))

    class Meta:
        model = Job
        fields = ("kind", "state", "asked_at", "progress", "error")
        order_by = ("-asked_at", "-pk")
        empty_text = _("You have not requested any job.")

    def render_kind(self, value: str) -> str:
        return labels.job(value)

    def render_asked_at(self, record: Job) -> str:
        return figures.instant(record.asked_at)

    def render_progress(self, record: Job) -> str:
        return f"{record.done_items} / {record.total_items}" if record.total_items else "—"


class TokenTable(tables.Table):
    name = tables.Column(verbose_name=_("Name"))
    prefix = tables.Column(verbose_name=_("Begins with"), attrs={"td": {"class": "code"}})
    person = tables.Column(verbose_name=_("Acts as"))
    scopes = tables.Column(verbose_name=_("Allowed to"), attrs={"td": {"class": "wrap"}})
    state = tables.Column(verbose_name=_("State"), empty_values=(), orderable=False)
    last_used = tables.Column(accessor="use__last_used_at", verbose_name=_("Last used"))
    expires_at = tables.Column(verbose_name=_("Valid until"))
    revoke = tables.TemplateColumn(
        template_name="registry/columns/token_revoke.html",
        verbose_name=_("What you can do"),
        orderable=False,
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

    def render_last_used(self, value: dt.datetime) -> str:
        return figures.instant(value)

    def render_expires_at(self, value: dt.datetime) -> str:
        return figures.instant(value)


MANDATE_TONES = {"offered": "info", "accepted": "ok", "ended": "neutral"}


class MandateTable(tables.Table):
    unit = tables.Column(verbose_name=_("Files are of"))
    holder_unit = tables.Column(verbose_name=_("Filed by"))
    extent = tables.Column(accessor="may_submit", verbose_name=_("Allowed to"))
    since = tables.Column(verbose_name=_("From"))
    until = tables.Column(verbose_name=_("Valid until"))
    state = tables.Column(verbose_name=_("State"))
    acting = tables.TemplateColumn(
        template_name="registry/columns/mandate_acts.html",
        verbose_name=_("What you can do"),
        orderable=False,
        attrs={"td": {"class": "actions"}},
    )

    class Meta:
        model = FilingMandate
        fields = ("unit", "holder_unit", "extent", "since", "until", "state", "acting")
        orderable = False
        empty_text = _("No mandates given to or by your unit.")
        attrs = {"label": _("Mandates")}

    def __init__(self, *args: Any, unit: int | None, may_act: bool, **kwargs: Any) -> None:
        super().__init__(*args, exclude=() if may_act else ("acting",), **kwargs)
        self.unit = unit

    def render_extent(self, value: bool) -> str:
        return gettext("upload and submit") if value else gettext("upload")

    def render_since(self, value: dt.date) -> str:
        return figures.day(value)

    def render_until(self, value: dt.date) -> str:
        return figures.day(value)

    def render_state(self, record: FilingMandate) -> SafeString:
        return badge(record.get_state_display(), MANDATE_TONES[record.state])
