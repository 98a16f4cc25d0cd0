"""Filters above the registry's lists."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry import labels
from registry.models import Authority, DirectoryEntry, Job, JournalEntry, Notification, Person, Unit
from registry.permissions.roles import Role
from registry.values import printed
from registry.values.sectors import Sector
from registry.web.search.units import like


class YearFilter(filters.NumberFilter):
    """A year, typed in whichever width; a browser's number field would show none and say nothing of full-width digits."""

    field_class = printed.IntegerField

    def __init__(self, **how: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}), **how)


def choice(choices: Any, label: str | Promise, **how: Any) -> filters.ChoiceFilter:
    """One of several, or all."""
    return filters.ChoiceFilter(choices=choices, label=label, empty_label=_("All"), **how)


def ticked(method: str, label: str | Promise) -> filters.BooleanFilter:
    """Only those of which `method` holds."""
    return filters.BooleanFilter(method=method, label=label, widget=forms.CheckboxInput)


def of_authority(field: str = "authority") -> filters.ModelChoiceFilter:
    rows = Authority.objects.all()
    return filters.ModelChoiceFilter(field_name=field, queryset=rows, label=_("Authority"), empty_label=_("All"))


def from_day(field: str) -> filters.DateFilter:
    """From a day on."""
    return _day(field, "gte", _("Since"))


def to_day(field: str) -> filters.DateFilter:
    """Up to a day, and on it."""
    return _day(field, "lte", _("Until"))


def _day(field: str, bound: str, label: Promise) -> filters.DateFilter:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return filters.DateFilter(field_name=field, lookup_expr=bound, label=label, widget=widget)


class ListFilter(filters.FilterSet):
    """Above a list; whoever sits in a province or a unit sees one authority only, and isn't asked which."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = getattr(self.request, "user", None)
        if person is not None and (person.authority_id or person.unit_id):
            self.filters.pop("authority", None)


class ByUnit(ListFilter):
    """What lists of what units do can be narrowed by."""

    q = filters.CharFilter(method="search", label=_("Name or credit code"))
    sector = choice(Sector.choices, _("Sector"))
    authority = of_authority("unit__authority")

    def search(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(units_like(value, "unit__"))


def units_like(text: str, path: str = "") -> Q:
    """Units as the search of every page finds them: by parts of their name, pinyin, first letters, credit code; `path` leads from a row to
    its unit."""
    return like(text.split(), path)


class UnitFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or credit code"))
    authority = of_authority()
    sector = choice(Sector.choices, _("Sector"), field_name="memberships__sector")

    class Meta:
        model = Unit
        fields = ("q", "authority", "sector")

    def search(self, queryset: QuerySet[Unit], name: str, value: str) -> QuerySet[Unit]:
        return queryset.filter(units_like(value))


WAITING = "waiting"


def _directory_states() -> list[tuple[str, Promise]]:
    """The states of an entry, and both in which it waits for a second person."""
    return [(WAITING, _("to be decided on")), *DirectoryEntry.State.choices]


class DirectoryFilter(filters.FilterSet):
    year = YearFilter(label=_("Year"))
    sector = choice(Sector.choices, _("Sector"))
    authority = of_authority("unit__authority")
    state = choice(_directory_states, _("State"), method="in_state")
    q = filters.CharFilter(field_name="unit__name", lookup_expr="icontains", label=_("Unit"))

    class Meta:
        model = DirectoryEntry
        fields = ("year", "sector", "authority", "state", "q")

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        waiting = (DirectoryEntry.State.PROPOSED, DirectoryEntry.State.EXIT_PROPOSED)
        return queryset.filter(shown_state__in=waiting if value == WAITING else [value])


class PersonFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name, user name or unit"))
    role = choice(Role.choices, _("Role"))
    retired = ticked("with_retired", _("Also those whose access ended"))

    class Meta:
        model = Person
        fields = ("q", "role", "retired")

    def filter_queryset(self, queryset: QuerySet[Person]) -> QuerySet[Person]:
        """Whoever can sign in, unless the others are asked for, too."""
        rows: QuerySet[Person] = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("retired") else rows.filter(is_active=True)

    def with_retired(self, queryset: QuerySet[Person], name: str, value: bool) -> QuerySet[Person]:
        return queryset

    def search(self, queryset: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        text = value.strip()
        of_unit = Q(unit__name__icontains=text) | Q(unit__credit_code__iexact=text)
        return queryset.filter(Q(name__icontains=text) | Q(username__icontains=text) | of_unit)


class JournalFilter(filters.FilterSet):
    act = choice(labels.acts, _("Act"))
    unit = filters.CharFilter(method="of_unit", label=_("Name or credit code"))
    since = from_day("at__date")

    class Meta:
        model = JournalEntry
        fields = ("act", "unit", "since")

    def of_unit(self, queryset: QuerySet[JournalEntry], name: str, value: str) -> QuerySet[JournalEntry]:
        text = value.strip()
        return queryset.filter(Q(unit__name__icontains=text) | Q(unit__credit_code__iexact=text))


class JobFilter(filters.FilterSet):
    kind = choice(labels.jobs, _("Job"))
    state = choice(Job.State.choices, _("State"))
    since = from_day("asked_at__date")

    class Meta:
        model = Job
        fields = ("kind", "state", "since")


REMINDER, EVENT = "reminder", "event"


class MessageFilter(filters.FilterSet):
    kind = choice(
        [(REMINDER, _("Approaching deadlines")), (EVENT, _("Actions of others"))], _("Kind"), method="of_kind"
    )
    unread = ticked("only_unread", _("Unread only"))
    since = from_day("at__date")

    class Meta:
        model = Notification
        fields = ("kind", "since", "unread")

    def of_kind(self, queryset: QuerySet[Notification], name: str, value: str) -> QuerySet[Notification]:
        """Every app's reminders are called so."""
        reminders = Q(kind__startswith="remind.")
        return queryset.filter(reminders if value == REMINDER else ~reminders)

    def only_unread(self, queryset: QuerySet[Notification], name: str, value: bool) -> QuerySet[Notification]:
        return queryset.filter(read_at__isnull=True) if value else queryset
