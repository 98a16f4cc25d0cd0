"""Filters above the registry's lists."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry import labels
from registry.models import Authority, DirectoryEntry, JournalEntry, Unit
from registry.values import printed
from registry.values.sectors import Sector


class YearFilter(filters.NumberFilter):
    """A year, typed in whichever width; a browser's number field would show none and say nothing of full-width digits."""

    field_class = printed.IntegerField

    def __init__(self, **how: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}), **how)


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


WAITING = "waiting"


def _directory_states() -> list[tuple[str, Promise]]:
    """The states of an entry, and both in which it waits for a second person."""
    return [(WAITING, _("to be decided on")), *DirectoryEntry.State.choices]


class DirectoryFilter(filters.FilterSet):
    year = YearFilter(label=_("Year"))
    sector = filters.ChoiceFilter(choices=Sector.choices, label=_("Sector"), empty_label=_("All"))
    authority = filters.ModelChoiceFilter(
        field_name="unit__authority", queryset=Authority.objects.all(), label=_("Authority"), empty_label=_("All")
    )
    state = filters.ChoiceFilter(method="in_state", choices=_directory_states, label=_("State"), empty_label=_("All"))
    q = filters.CharFilter(field_name="unit__name", lookup_expr="icontains", label=_("Unit"))

    class Meta:
        model = DirectoryEntry
        fields = ("year", "sector", "authority", "state", "q")

    def in_state(self, queryset: QuerySet[DirectoryEntry], name: str, value: str) -> QuerySet[DirectoryEntry]:
        waiting = (DirectoryEntry.State.PROPOSED, DirectoryEntry.State.EXIT_PROPOSED)
        return queryset.filter(shown_state__in=waiting if value == WAITING else [value])


class JournalFilter(filters.FilterSet):
    act = filters.ChoiceFilter(choices=labels.acts, label=_("Act"), empty_label=_("All"))
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
