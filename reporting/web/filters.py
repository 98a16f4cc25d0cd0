"""Filters above reporting's lists."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from registry.law import clock
from registry.models import Authority, DirectoryEntry, Unit
from registry.values import printed
from registry.values.sectors import Sector
from registry.web.filters import YearFilter
from reporting import verification
from reporting.models import AnnualReport, Package, Verification
from reporting.queries import plan_coverage
from reporting.queries.plan_coverage import STANDINGS
from reporting.review import queue as desk


class AsPrintedFilter(filters.NumberFilter):
    field_class = printed.DecimalField


class ByUnit(filters.FilterSet):
    """What every list of reporting can be narrowed by."""

    q = filters.CharFilter(method="search", label=_("Name or credit code"))
    sector = filters.ChoiceFilter(choices=Sector.choices, label=_("Sector"), empty_label=_("All"))
    authority = filters.ModelChoiceFilter(
        field_name="unit__authority", queryset=Authority.objects.all(), label=_("Authority"), empty_label=_("All")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever sits in a province or a unit sees one authority only.
        person = getattr(self.request, "user", None)
        if person is not None and (person.authority_id or person.unit_id):
            del self.filters["authority"]

    def search(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        text = value.strip()
        return queryset.filter(Q(unit__name__icontains=text) | Q(unit__credit_code__icontains=text.upper()))


class BoardFilter(filters.FilterSet):
    """Whose months a board shows."""

    q = filters.CharFilter(method="search", label=_("Name or credit code"))
    authority = filters.ModelChoiceFilter(queryset=Authority.objects.all(), label=_("Authority"), empty_label=_("All"))

    class Meta:
        model = Unit
        fields = ("authority", "q")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None and (self.request.user.authority_id or self.request.user.unit_id):
            del self.filters["authority"]

    def search(self, queryset: QuerySet[Unit], name: str, value: str) -> QuerySet[Unit]:
        return _units_like(queryset, value)


def _units_like(units: QuerySet[Unit], value: str) -> QuerySet[Unit]:
    return units.filter(Q(name__icontains=value.strip()) | Q(credit_code__icontains=value.strip().upper()))


class PackageFilter(ByUnit):
    period = filters.CharFilter(
        lookup_expr="startswith", label=_("Period"), widget=forms.TextInput(attrs={"placeholder": "2025-07"})
    )
    state = filters.ChoiceFilter(choices=Package.State.choices, label=_("State"), empty_label=_("All"))
    overdue = filters.BooleanFilter(method="only_overdue", label=_("Overdue only"), widget=forms.CheckboxInput)

    class Meta:
        model = Package
        fields = ("q", "period", "sector", "state", "authority", "overdue")

    def only_overdue(self, queryset: QuerySet[Package], name: str, value: bool) -> QuerySet[Package]:
        if not value:
            return queryset
        waiting = [Package.State.OPEN, Package.State.READ, Package.State.RETURNED]
        return queryset.filter(state__in=waiting, due__lt=clock.today())


class AnnualReportFilter(ByUnit):
    year = YearFilter(label=_("Year"))
    state = filters.ChoiceFilter(
        choices=[(state.value, state.label) for state in AnnualReport.State if state != AnnualReport.State.SUPERSEDED],
        label=_("State"),
        empty_label=_("All"),
    )

    unassigned = filters.BooleanFilter(
        method="only_unassigned", label=_("Not assigned to a verifier"), widget=forms.CheckboxInput
    )

    class Meta:
        model = AnnualReport
        fields = ("q", "year", "sector", "state", "authority", "unassigned")

    def only_unassigned(self, queryset: QuerySet[AnnualReport], name: str, value: bool) -> QuerySet[AnnualReport]:
        return verification.unassigned(queryset) if value else queryset


class VerificationFilter(ByUnit):
    year = YearFilter(label=_("Year"))
    state = filters.ChoiceFilter(choices=Verification.State.choices, label=_("State"), empty_label=_("All"))

    class Meta:
        model = Verification
        fields = ("q", "year", "sector", "state", "authority")


class QueueFilter(ByUnit):
    """What an officer narrows her queue by; the address keeps it."""

    period = filters.CharFilter(
        method="of_period", label=_("Period"), widget=forms.TextInput(attrs={"placeholder": "2025-07", "size": 8})
    )
    tonnes = AsPrintedFilter(field_name="emissions", lookup_expr="gte", label=_("At least (tCO₂e)"))
    warned = filters.BooleanFilter(method="only_warned", label=_("With warnings"), widget=forms.CheckboxInput)
    late = filters.BooleanFilter(method="only_late", label=_("Late"), widget=forms.CheckboxInput)
    returned = filters.BooleanFilter(method="only_returned", label=_("Sent back before"), widget=forms.CheckboxInput)
    asked = filters.BooleanFilter(method="only_answered", label=_("Question answered"), widget=forms.CheckboxInput)

    class Meta:
        model = Package
        fields = ("q", "period", "sector", "authority", "tonnes", "warned", "late", "returned", "asked")

    def search(self, queryset: QuerySet[Package], name: str, value: str) -> QuerySet[Package]:
        return desk.of_units(queryset, _units_like(Unit.objects.all(), value))

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


class ControlPlanFilter(ByUnit):
    """The coverage of a year (reporting.queries.plan_coverage)."""

    year = filters.ChoiceFilter(label=_("Year"), empty_label=_("All"))
    standing = filters.ChoiceFilter(choices=STANDINGS, label=_("State"), empty_label=_("All"))

    class Meta:
        model = DirectoryEntry
        fields = ("q", "year", "sector", "standing", "authority")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["year"].extra["choices"] = [(year, str(year)) for year in plan_coverage.years()]
