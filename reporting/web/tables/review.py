"""The lists of the officer's desk."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tables2.data import TableQuerysetData

from registry.templatetags.components import badge
from registry.values import figures
from registry.web.columns import NUMBER, TIGHT, WRAP, Column, LateColumn, TonnesColumn
from reporting.labels import terms_in_words
from reporting.models import Package
from reporting.review import queue as desk
from reporting.submissions import risk_facts


class Waiting(TableQuerysetData):
    """Packages of a queue: for a page the keys by one narrow query, then their rows."""

    def in_chunks(self, size: int) -> Iterator[Package]:
        """All of them, in the queue's order, so many at a time."""
        keys = list(self.data.values_list("pk", flat=True))
        for start in range(0, len(keys), size):
            yield from desk.whole(keys[start : start + size])

    def __getitem__(self, key: slice) -> list[Package]:
        return desk.whole(self.data.values_list("pk", flat=True)[key])


class QueueTable(tables.Table):
    """What waits for review. Its order is the queue's: nothing in it is sorted otherwise."""

    unit = Column(verbose_name=_("Unit"))
    sector = Column(verbose_name=_("Sector"), attrs=TIGHT)
    period = Column(verbose_name=_("Period"), attrs=TIGHT)
    risk = Column(verbose_name=_("Risk"), attrs=NUMBER)
    why = Column(verbose_name=_("Main risk"), empty_values=(), attrs=WRAP)
    warnings = Column(verbose_name=_("Warnings"), attrs=NUMBER)
    emissions = TonnesColumn(verbose_name=_("Emissions (tCO₂e)"))
    submitted_at = LateColumn(verbose_name=pgettext_lazy("when", "Submitted"))
    term = Column(verbose_name=_("Review by"), empty_values=(), attrs=TIGHT)

    class Meta:
        model = Package
        fields = ("unit", "sector", "period", "risk", "why", "warnings", "emissions", "submitted_at", "term")
        orderable = False
        empty_text = _("Nothing is awaiting review.")
        attrs = {"class": "cards", "label": _("Queue")}

    def __init__(self, rows: QuerySet[Package], *, query: QueryDict, day: dt.date, **kwargs: Any) -> None:
        super().__init__(Waiting(rows), **kwargs)
        self.day = day
        kept = query.copy()
        kept.pop("page", None)
        kept["desk"] = "1"
        self.tail = kept.urlencode()
        # One reverse for the page, not one a row.
        self.address = reverse("reporting:package", args=[0]).replace("0", "{}")

    def render_unit(self, record: Package) -> SafeString:
        return format_html('<a href="{}?{}">{}</a>', self.address.format(record.pk), self.tail, record.unit.name)

    def render_why(self, record: Package) -> str:
        parts = risk_facts.parts_of(record)
        return terms_in_words.risk_words(parts[0]) if parts else figures.DASH

    def render_term(self, record: Package) -> str | SafeString:
        term = desk.term_of(record, record.questions.all())
        if term is not None and term.paused:
            return badge(_("awaiting an answer"), "info")
        if term is None or term.due is None:
            return figures.DASH
        return (
            badge(_("%(day)s, missed") % {"day": figures.day(term.due)}, "danger")
            if term.due < self.day
            else figures.day(term.due)
        )
