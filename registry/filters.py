"""Filters above the registry's lists."""

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from registry import acts
from registry.models import Authority, DirectoryEntry, JournalEntry, Unit
from registry.sectors import Sector


class UnitFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or credit code"))
    authority = filters.ModelChoiceFilter(queryset=Authority.objects.all(), label=_("Authority"), empty_label=_("All"))
    sector = filters.ChoiceFilter(
        field_name="memberships__sector", choices=Sector.choices, label=_("Sector"), empty_label=_("All")
    )

    class Meta:
        model = Unit
        fields = ("q", "authority", "sector")

    def search(self, queryset: QuerySet[Unit], name: str, value: str) -> QuerySet[Unit]:
        return queryset.filter(Q(name__icontains=value) | Q(credit_code__icontains=value.upper()))


class DirectoryFilter(filters.FilterSet):
    year = filters.NumberFilter(label=_("Year"), widget=forms.NumberInput(attrs={"min": 2024, "max": 2100}))
    sector = filters.ChoiceFilter(choices=Sector.choices, label=_("Sector"), empty_label=_("All"))
    authority = filters.ModelChoiceFilter(
        field_name="unit__authority", queryset=Authority.objects.all(), label=_("Authority"), empty_label=_("All")
    )
    state = filters.ChoiceFilter(choices=DirectoryEntry.State.choices, label=_("State"), empty_label=_("All"))
    q = filters.CharFilter(field_name="unit__name", lookup_expr="icontains", label=_("Unit"))

    class Meta:
        model = DirectoryEntry
        fields = ("year", "sector", "authority", "state", "q")


class JournalFilter(filters.FilterSet):
    act = filters.ChoiceFilter(choices=acts.acts, label=_("Act"), empty_label=_("All"))
    unit = filters.CharFilter(field_name="unit__name", lookup_expr="icontains", label=_("Unit"))
    since = filters.DateFilter(
        field_name="at",
        lookup_expr="date__gte",
        label=_("Since"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    class Meta:
        model = JournalEntry
        fields = ("act", "unit", "since")
