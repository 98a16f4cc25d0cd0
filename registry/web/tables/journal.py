"""The journal's entries."""

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from registry import labels
from registry.journal import display as facts
from registry.models import JournalEntry
from registry.values import figures
from registry.web.columns import CODE, Column, InstantColumn, UnitColumn


class JournalTable(tables.Table):
    sequence = Column(verbose_name=_("No."))
    at = InstantColumn(verbose_name=_("When"), attrs={"td": {"class": "nowrap"}})
    actor = Column(verbose_name=_("Who"), default=_("the system"))
    act = Column(verbose_name=_("Act"))
    subject = Column(verbose_name=_("On what"), accessor="subject_type")
    unit = UnitColumn(verbose_name=_("Unit"))
    facts = Column(verbose_name=_("Details"), attrs={"td": {"class": "wide"}})
    hash = Column(verbose_name=_("Hash"), attrs=CODE)

    class Meta:
        model = JournalEntry
        fields = ("sequence", "at", "actor", "act", "subject", "unit", "facts", "hash")
        orderable = False
        empty_text = _("Nothing has been recorded yet.")

    def render_subject(self, record: JournalEntry) -> str:
        return f"{labels.thing(record.subject_type)} {record.subject_id}"

    def render_act(self, value: str) -> str:
        return labels.act(value)

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

    def value_facts(self, value: str) -> str:
        return value

    def value_hash(self, value: str) -> str:
        return value

    def render_hash(self, record: JournalEntry) -> str:
        return record.hash[:12]
