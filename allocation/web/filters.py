"""Filters above allocation's lists."""

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from allocation.models import Account, Deduction, Differentiation, Letter, Notice, Objection, Run, SurrenderRequest
from registry.models import Authority
from registry.values.sectors import Sector
from registry.web.filters import YearFilter


def _authority(field: str = "authority") -> filters.ModelChoiceFilter:
    rows = Authority.objects.all()
    return filters.ModelChoiceFilter(field_name=field, queryset=rows, label=_("Authority"), empty_label=_("All"))


class RunFilter(filters.FilterSet):
    year = YearFilter(label=_("Year"))
    sector = filters.ChoiceFilter(choices=Sector.choices, label=_("Sector"), empty_label=_("All"))
    kind = filters.ChoiceFilter(choices=Run.Kind.choices, label=_("Kind"), empty_label=_("All"))
    state = filters.ChoiceFilter(choices=Run.State.choices, label=_("State"), empty_label=_("All"))
    authority = _authority()

    class Meta:
        model = Run
        fields = ("year", "sector", "kind", "state", "authority")


class LetterFilter(filters.FilterSet):
    year = YearFilter(label=_("Year"))
    kind = filters.ChoiceFilter(choices=Run.Kind.choices, label=_("Kind"), empty_label=_("All"))
    state = filters.ChoiceFilter(choices=Letter.State.choices, label=_("State"), empty_label=_("All"))
    authority = _authority()

    class Meta:
        model = Letter
        fields = ("year", "kind", "state", "authority")


class AccountFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or credit code"))
    kind = filters.ChoiceFilter(choices=Account.Kind.choices, label=_("Kind"), empty_label=_("All"))
    authority = _authority()
    frozen = filters.BooleanFilter(method="only_frozen", label=_("Frozen only"), widget=forms.CheckboxInput)

    class Meta:
        model = Account
        fields = ("q", "kind", "authority", "frozen")

    def search(self, queryset: QuerySet[Account], name: str, value: str) -> QuerySet[Account]:
        text = value.strip()
        return queryset.filter(Q(unit__name__icontains=text) | Q(unit__credit_code__icontains=text.upper()))

    def only_frozen(self, queryset: QuerySet[Account], name: str, value: bool) -> QuerySet[Account]:
        return queryset.filter(frozen=True) if value else queryset


class NoticeFilter(filters.FilterSet):
    year = YearFilter(label=_("Year"))
    q = filters.CharFilter(field_name="unit__name", lookup_expr="icontains", label=_("Unit"))
    authority = _authority("unit__authority")

    class Meta:
        model = Notice
        fields = ("year", "q", "authority")


class DeductionFilter(filters.FilterSet):
    year = YearFilter(label=_("For the year"))
    sector = filters.ChoiceFilter(choices=Sector.choices, label=_("Sector"), empty_label=_("All"))
    state = filters.ChoiceFilter(choices=Deduction.State.choices, label=_("State"), empty_label=_("All"))
    q = filters.CharFilter(field_name="unit__name", lookup_expr="icontains", label=_("Unit"))
    authority = _authority("unit__authority")

    class Meta:
        model = Deduction
        fields = ("year", "sector", "state", "q", "authority")


class DifferentiationFilter(filters.FilterSet):
    year = YearFilter(label=_("Year"))
    sector = filters.ChoiceFilter(choices=Sector.choices, label=_("Sector"), empty_label=_("All"))
    state = filters.ChoiceFilter(choices=Differentiation.State.choices, label=_("State"), empty_label=_("All"))
    q = filters.CharFilter(field_name="unit__name", lookup_expr="icontains", label=_("Unit"))
    authority = _authority("unit__authority")

    class Meta:
        model = Differentiation
        fields = ("year", "sector", "state", "q", "authority")


class ObjectionFilter(filters.FilterSet):
    year = YearFilter(field_name="settlement__run__year", label=_("Year"))
    sector = filters.ChoiceFilter(
        field_name="settlement__run__sector", choices=Sector.choices, label=_("Sector"), empty_label=_("All")
    )
    state = filters.ChoiceFilter(choices=Objection.State.choices, label=_("State"), empty_label=_("All"))
    q = filters.CharFilter(field_name="unit__name", lookup_expr="icontains", label=_("Unit"))
    authority = _authority("unit__authority")

    class Meta:
        model = Objection
        fields = ("year", "sector", "state", "q", "authority")


class SurrenderFilter(filters.FilterSet):
    year = YearFilter(label=_("Year"))
    state = filters.ChoiceFilter(choices=SurrenderRequest.State.choices, label=_("State"), empty_label=_("All"))
    q = filters.CharFilter(field_name="unit__name", lookup_expr="icontains", label=_("Unit"))
    authority = _authority("unit__authority")

    class Meta:
        model = SurrenderRequest
        fields = ("year", "state", "q", "authority")
