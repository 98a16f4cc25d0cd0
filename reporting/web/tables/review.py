"""The lists of the officer's desk."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableQuerysetData

from registry.law import clock
from registry.templatetags.components import badge
from registry.values import figures
from registry.values.exact import half_up
from registry.web.columns import NUMBER, TIGHT, WRAP, Column, DayColumn, LateColumn, TonnesColumn, UnitColumn
from reporting.content.differences import relative
from reporting.labels import terms_in_words
from reporting.models import Package
from reporting.review import queue as desk
from reporting.review.beside import Beside, beside
from reporting.submissions import risk_facts
from reporting.submissions.peers import Standing


def signed_percent(fraction: Fraction | None) -> str:
    """A relative change to one decimal, with its sign."""
    if fraction is None:
        return figures.DASH
    return ("+" if fraction > 0 else "") + figures.percent(fraction, 1)


def against_median(standing: Standing) -> str:
    """A line's intensity against the median of its peers, in words."""
    off = relative(standing.median, standing.own)
    if off is None:
        return figures.DASH
    if half_up(off, 3) == 0:
        return gettext("at the median")
    words = gettext("%(percent)s above the median") if off > 0 else gettext("%(percent)s below the median")
    return words % {"percent": figures.percent(abs(off), 1)}


class Waiting(TableQuerysetData):
    """Packages of a queue: for a page the keys by one narrow query, then their rows and what these stand beside."""

    def __init__(self, rows: QuerySet[Package]) -> None:
        super().__init__(rows)
        self.beside: dict[int, Beside] = {}

    def in_chunks(self, size: int) -> Iterator[Package]:
        """All of them, in the queue's order, so many at a time."""
        keys = list(self.data.values_list("pk", flat=True))
        for start in range(0, len(keys), size):
            yield from self._whole(keys[start : start + size])

    def __getitem__(self, key: slice) -> list[Package]:
        return self._whole(self.data.values_list("pk", flat=True)[key])

    def _whole(self, keys: Iterable[int]) -> list[Package]:
        rows = desk.whole(keys)
        self.beside |= beside(rows, clock.now())
        return rows


class QueueTable(tables.Table):
    """What waits for review. Its order is the queue's: nothing in it is sorted otherwise."""

    # First what leads to the month itself.
    period = Column(verbose_name=_("Period"), attrs=TIGHT)
    unit = UnitColumn(verbose_name=_("Unit"))
    sector = Column(verbose_name=_("Sector"), attrs=TIGHT)
    risk = Column(verbose_name=_("Risk"), attrs=NUMBER)
    why = Column(verbose_name=_("Reason for the risk"), empty_values=(), attrs=WRAP)
    warnings = Column(verbose_name=_("Warnings"), attrs=NUMBER)
    emissions = TonnesColumn(verbose_name=_("Emissions (tCO₂e)"))
    change = Column(
        verbose_name=_("Against last month"), exported_as=_("Against last month (%)"), empty_values=(), attrs=NUMBER
    )
    peers = Column(verbose_name=_("Intensity against its peers"), empty_values=(), attrs=WRAP)
    submitted_at = LateColumn(verbose_name=pgettext_lazy("when", "Submitted"))
    term = Column(verbose_name=_("Review by"), empty_values=(), attrs=TIGHT)
    own_day = Column(verbose_name=pgettext_lazy("above a column", "Own day"), empty_values=(), attrs=TIGHT)
    due = DayColumn(verbose_name=_("Law's day"), visible=False)
    reviewer = Column(verbose_name=_("Reviewer"), attrs=TIGHT)

    class Meta:
        model = Package
        fields = (
            "period",
            "unit",
            "sector",
            "risk",
            "why",
            "warnings",
            "emissions",
            "change",
            "peers",
            "submitted_at",
            "term",
            "own_day",
            "due",
            "reviewer",
        )
        orderable = False
        empty_text = _("Nothing is awaiting review.")
        attrs = {"class": "cards queue", "label": _("Queue")}

    def __init__(
        self, rows: QuerySet[Package], *, query: QueryDict, day: dt.date, margins: Mapping[int, int], **kwargs: Any
    ) -> None:
        """`margins` as `own_days.margins` has them; without any there is no column of own days, and no row is marked for them."""
        self.waiting = Waiting(rows)
        marked = {"class": self._mark} if margins else {}
        super().__init__(self.waiting, exclude=() if margins else ("own_day",), row_attrs=marked, **kwargs)
        self.day, self.margins = day, margins
        kept = query.copy()
        kept.pop("page", None)
        kept["desk"] = "1"
        self.tail = kept.urlencode()
        # One reverse for the page, not one a row.
        self.address = reverse("reporting:package", args=[0]).replace("0", "{}")

    def render_period(self, record: Package) -> SafeString:
        return format_html('<a href="{}?{}">{}</a>', self.address.format(record.pk), self.tail, record.period)

    def render_why(self, record: Package) -> str:
        first, *others = terms_in_words.reasons_in_words(risk_facts.parts_of(record))
        return gettext("%(first)s; %(second)s") % {"first": first, "second": others[0]} if others else first

    value_why = render_why

    def render_change(self, record: Package) -> str:
        return signed_percent(self.waiting.beside[record.pk].change)

    def value_change(self, record: Package) -> Decimal | None:
        change = self.waiting.beside[record.pk].change
        return None if change is None else half_up(change * 100, 2)

    def render_peers(self, record: Package) -> str | SafeString:
        standing = self.waiting.beside[record.pk].farthest
        if standing is None:
            return figures.DASH
        words = against_median(standing)
        return badge(words, "warn") if standing.far else words

    def value_peers(self, record: Package) -> str | None:
        standing = self.waiting.beside[record.pk].farthest
        return against_median(standing) if standing else None

    def render_term(self, record: Package) -> str | SafeString:
        term = desk.term_of(record, record.questions.all())
        if term is not None and term.paused:
            return badge(gettext("awaiting an answer"), "info")
        if term is None or term.due is None:
            return figures.DASH
        return _dated(term.due, self.day)

    def _own(self, record: Package) -> dt.date | None:
        margin = self.margins.get(record.unit.authority_id)
        return None if margin is None else record.due - dt.timedelta(margin)

    def _mark(self, record: Package) -> str:
        own = self._own(record)
        return "" if own is None or own >= self.day else "tone-danger" if record.due < self.day else "tone-warn"

    def render_own_day(self, record: Package) -> str | SafeString:
        own = self._own(record)
        law = gettext("law %(day)s") % {"day": figures.day(record.due)}
        if own is None:
            return law
        return format_html('<span>{}<br><span class="muted small">{}</span></span>', _dated(own, self.day), law)

    def value_own_day(self, record: Package) -> str | None:
        own = self._own(record)
        return own.isoformat() if own else None


def _dated(due: dt.date, day: dt.date) -> str | SafeString:
    """A last day, marked once it is past."""
    said = figures.day(due)
    return badge(gettext("%(day)s, missed") % {"day": said}, "danger") if due < day else said
