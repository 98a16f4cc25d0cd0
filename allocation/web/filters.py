"""Filters above allocation's lists."""

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from allocation.models import Account, Deduction, Differentiation, Letter, Notice, Objection, Run, SurrenderRequest
from registry.values.sectors import quota_choices
from registry.web.filters import ByUnit, ListFilter, YearFilter, choice, of_authority, ticked, units_like


class RunFilter(ListFilter):
    year = YearFilter(label=_("Year"))
    sector = choice(quota_choices(), _("Sector"))
    kind = choice(Run.Kind.choices, _("Kind"))
    state = choice(Run.State.choices, _("State"))
    authority = of_authority()

    class Meta:
        model = Run
        fields = ("year", "sector", "kind", "state", "authority")


class LetterFilter(ListFilter):
    year = YearFilter(label=_("Year"))
    kind = choice(Run.Kind.choices, _("Kind"))
    state = choice(Letter.State.choices, _("State"))
    authority = of_authority()

    class Meta:
        model = Letter
        fields = ("year", "kind", "state", "authority")


class AccountFilter(ListFilter):
    q = filters.CharFilter(method="search", label=_("Name or credit code"))
    kind = choice(Account.Kind.choices, _("Kind"))
    authority = of_authority()
    frozen = ticked("only_frozen", _("Frozen only"))

    class Meta:
        model = Account
        fields = ("q", "kind", "authority", "frozen")

    def search(self, queryset: QuerySet[Account], name: str, value: str) -> QuerySet[Account]:
        return queryset.filter(units_like(value, "unit__"))

    def only_frozen(self, queryset: QuerySet[Account], name: str, value: bool) -> QuerySet[Account]:
        return queryset.filter(frozen=True) if value else queryset


class NoticeFilter(ByUnit):
    year = YearFilter(label=_("Year"))
    sector = None  # a notice is about all of them

    class Meta:
        model = Notice
        fields = ("year", "q", "authority")


class DeductionFilter(ByUnit):
    year = YearFilter(label=_("For the year"))
    state = choice(Deduction.State.choices, _("State"))

    class Meta:
        model = Deduction
        fields = ("year", "sector", "state", "q", "authority")


class DifferentiationFilter(ByUnit):
    year = YearFilter(label=_("Year"))
    state = choice(Differentiation.State.choices, _("State"))

    class Meta:
        model = Differentiation
        fields = ("year", "sector", "state", "q", "authority")


class ObjectionFilter(ByUnit):
    year = YearFilter(field_name="settlement__run__year", label=_("Year"))
    sector = choice(quota_choices(), _("Sector"), field_name="settlement__run__sector")
    state = choice(Objection.State.choices, _("State"))

    class Meta:
        model = Objection
        fields = ("year", "sector", "state", "q", "authority")


class SurrenderFilter(ByUnit):
    year = YearFilter(label=_("Year"))
    sector = None  # a request is about all of them
    state = choice(SurrenderRequest.State.choices, _("State"))

    class Meta:
        model = SurrenderRequest
        fields = ("year", "state", "q", "authority")
