"""Filters above reporting's lists."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from registry.law import clock
from registry.models import DirectoryEntry, Unit
from registry.values import printed
from registry.web.filters import ByUnit, ListFilter, YearFilter, choice, from_day, of_authority, ticked, units_like
from reporting import verification
from reporting.models import AnnualReport, BulkUpload, Package, Verification
from reporting.periods.expected import expected_periods
from reporting.queries import plan_coverage
from reporting.queries.plan_coverage import STANDINGS
from reporting.review import own_days
from reporting.review import queue as desk


class AsPrintedFilter(filters.NumberFilter):
    field_class = printed.DecimalField


class BoardFilter(ListFilter):
    """Whose months a board shows."""

    q = filters.CharFilter(method="search", label=_("Name or credit code"))
    authority = of_authority()

    class Meta:
        model = Unit
        fields = ("authority", "q")

    def search(self, queryset: QuerySet[Unit], name: str, value: str) -> QuerySet[Unit]:
        return queryset.filter(units_like(value))


class PackageFilter(ByUnit):
    period = filters.CharFilter(
        lookup_expr="startswith", label=_("Period"), widget=forms.TextInput(attrs={"placeholder": "2025-07"})
    )
    state = choice(Package.State.choices, _("State"))
    overdue = ticked("only_overdue", _("Overdue only"))

    class Meta:
        model = Package
        fields = ("q", "period", "sector", "state", "authority", "overdue")

    def only_overdue(self, queryset: QuerySet[Package], name: str, value: bool) -> QuerySet[Package]:
        if not value:
            return queryset
        waiting = [Package.State.OPEN, Package.State.READ, Package.State.RETURNED]
        rows = queryset.filter(state__in=waiting, due__lt=clock.today())
        # What no directory asks for isn't overdue on the board, nor here.
        asked = set(expected_periods(rows.order_by().values("unit")))
        of = rows.order_by().values_list("pk", "unit", "sector", "period")
        return rows.filter(pk__in=[pk for pk, *period in of if tuple(period) in asked])


class AnnualReportFilter(ByUnit):
    year = YearFilter(label=_("Year"))
    state = choice(
        [(state.value, state.label) for state in AnnualReport.State if state != AnnualReport.State.SUPERSEDED],
        _("State"),
    )
    unassigned = ticked("only_unassigned", _("Not assigned to a verifier"))

    class Meta:
        model = AnnualReport
        fields = ("q", "year", "sector", "state", "authority", "unassigned")

    def only_unassigned(self, queryset: QuerySet[AnnualReport], name: str, value: bool) -> QuerySet[AnnualReport]:
        return verification.unassigned(queryset) if value else queryset


class VerificationFilter(ByUnit):
    year = YearFilter(label=_("Year"))
    state = choice(Verification.State.choices, _("State"))

    class Meta:
        model = Verification
        fields = ("q", "year", "sector", "state", "authority")


class QueueFilter(ByUnit):
    """What an officer narrows their queue by; the address keeps it."""

    period = filters.CharFilter(
        method="of_period", label=_("Period"), widget=forms.TextInput(attrs={"placeholder": "2025-07", "size": 8})
    )
    tonnes = AsPrintedFilter(field_name="emissions", lookup_expr="gte", label=_("At least (tCO₂e)"))
    warned = ticked("only_warned", _("With warnings"))
    late = ticked("only_late", _("Late"))
    returned = ticked("only_returned", _("Sent back before"))
    asked = ticked("only_answered", _("Question answered"))
    mine = ticked("only_mine", _("Mine"))
    own = ticked("only_beyond", _("Beyond our own day"))
    order = filters.ChoiceFilter(
        method="in_order", label=_("Order"), empty_label=_("by risk"), choices=[("day", _("the earliest day first"))]
    )

    class Meta:
        model = Package
        fields = (
            "q",
            "period",
            "sector",
            "authority",
            "tonnes",
            "warned",
            "late",
            "returned",
            "asked",
            "mine",
            "own",
            "order",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """`margins` are those of the authorities' own days that the reader may know of; whoever knows of none isn't asked about them."""
        super().__init__(*args, **kwargs)
        self.margins = own_days.margins(self.request.user, clock.today()) if self.request else {}
        if not self.margins:
            self.filters.pop("own")

    def search(self, queryset: QuerySet[Package], name: str, value: str) -> QuerySet[Package]:
        return desk.of_units(queryset, Unit.objects.filter(units_like(value)))

    def of_period(self, queryset: QuerySet[Package], name: str, value: str) -> QuerySet[Package]:
        """Periods that begin so, by name as soon as the year stands: what is equal an index finds in any collation, unlike a beginning."""
        if len(value) < len("2025"):
            return queryset.filter(period__startswith=value)
        year = value[:4]
        named = (year, *(f"{year}-{month:02}" for month in range(1, 13)))
        return queryset.filter(period__in=[period for period in named if period.startswith(value)])

    def only_warned(self, queryset: QuerySet[Package], name: str, value: bool) -> QuerySet[Package]:
        return queryset.filter(warnings__gt=0) if value else queryset

    def only_late(self, queryset: QuerySet[Package], name: str, value: bool) -> QuerySet[Package]:
        return queryset.filter(late=True) if value else queryset

    def only_returned(self, queryset: QuerySet[Package], name: str, value: bool) -> QuerySet[Package]:
        return queryset.filter(sent_back=True) if value else queryset

    def only_answered(self, queryset: QuerySet[Package], name: str, value: bool) -> QuerySet[Package]:
        return queryset.filter(pk__in=desk.answered()) if value else queryset

    def only_mine(self, queryset: QuerySet[Package], name: str, value: bool) -> QuerySet[Package]:
        return queryset.filter(reviewer=self.request.user) if value and self.request else queryset

    def only_beyond(self, queryset: QuerySet[Package], name: str, value: bool) -> QuerySet[Package]:
        if not value or not self.request:
            return queryset
        return own_days.beyond(queryset, self.request.user, self.margins, clock.today())

    def in_order(self, queryset: QuerySet[Package], name: str, value: str) -> QuerySet[Package]:
        return queryset.order_by(*desk.BY_DAY)


def queue_query(query: QueryDict) -> str:
    """By what the queue is narrowed and how it is ordered, of all that a query says: what leads back to it just so."""
    kept = QueryDict(mutable=True)
    for name in QueueFilter.base_filters:
        if values := [value for value in query.getlist(name) if value]:
            kept.setlist(name, values)
    return kept.urlencode()


class ControlPlanFilter(ByUnit):
    """The coverage of a year (reporting.queries.plan_coverage)."""

    year = filters.ChoiceFilter(label=_("Year"), empty_label=_("All"))
    standing = choice(STANDINGS, _("State"))

    class Meta:
        model = DirectoryEntry
        fields = ("q", "year", "sector", "standing", "authority")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["year"].extra["choices"] = [(year, str(year)) for year in plan_coverage.years()]


class BulkUploadFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Archive"))
    by = filters.CharFilter(field_name="by__name", lookup_expr="icontains", label=_("Sent by"))
    since = from_day("at__date")

    class Meta:
        model = BulkUpload
        fields = ("q", "by", "since")
