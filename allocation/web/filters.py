"""Filters above allocation's lists."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from allocation import labels
from allocation.method.compliance_status import COMPLETE, LABELS, Status
from allocation.models import (
    Account,
    Award,
    Deduction,
    Differentiation,
    Entry,
    Letter,
    Notice,
    Objection,
    Run,
    SurrenderRequest,
    Trade,
    Transaction,
)
from allocation.plans import vintage_labels
from registry.law import clock
from registry.values.sectors import quota_choices
from registry.web.filters import (
    ByUnit,
    ListFilter,
    YearFilter,
    choice,
    from_day,
    of_authority,
    ticked,
    to_day,
    units_like,
)


class RunFilter(ListFilter):
    year = YearFilter(label=_("Year"))
    sector = choice(quota_choices(), _("Sector"))
    kind = choice(Run.Kind.choices, _("Kind"))
    state = choice(Run.State.choices, _("State"))
    authority = of_authority()

    class Meta:
        model = Run
        fields = ("year", "sector", "kind", "state", "authority")


class AwardFilter(ByUnit):
    """Over the awards of one run, which is of one sector and province."""

    sector = authority = None
    case = choice(list(labels.CASES.items()), _("Why"))

    class Meta:
        model = Award
        fields = ("q", "case")


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


def _vintages() -> list[tuple[int, str]]:
    """Every vintage that there can be, the latest first."""
    return [(year, vintage_labels.label(year)) for year in range(clock.today().year, vintage_labels.BOTH - 1, -1)]


IN, OUT = "in", "out"


class EntryFilter(filters.FilterSet):
    """Over the entries of one account."""

    kind = choice(Transaction.Kind.choices, _("Transaction"), field_name="transaction__kind")
    direction = choice([(IN, _("in (+)")), (OUT, _("out (−)"))], _("In or out"), method="going")
    vintage = choice(_vintages, _("Vintage"))
    since = from_day("transaction__at__date")

    class Meta:
        model = Entry
        fields = ("kind", "direction", "vintage", "since")

    def going(self, queryset: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        return queryset.filter(amount__gt=0) if value == IN else queryset.filter(amount__lt=0)


class TradeFilter(filters.FilterSet):
    q = filters.CharFilter(method="between", label=_("Seller or buyer"))
    reference = filters.CharFilter(lookup_expr="icontains", label=_("Reference"))
    vintage = choice(_vintages, _("Vintage"))
    since = from_day("traded_on")
    until = to_day("traded_on")

    class Meta:
        model = Trade
        fields = ("q", "reference", "vintage", "since", "until")

    def between(self, queryset: QuerySet[Trade], name: str, value: str) -> QuerySet[Trade]:
        return queryset.filter(units_like(value, "seller__unit__") | units_like(value, "buyer__unit__"))


class NoticeFilter(ByUnit):
    year = YearFilter(label=_("Year"))
    sector = None  # a notice is about all of them

    class Meta:
        model = Notice
        fields = ("year", "q", "authority")


MISSING = "missing"


def _duty_states() -> list[tuple[str, Promise]]:
    """The statuses of a duty that was noticed, and all in which something is outstanding."""
    return [(MISSING, _("not yet complete")), *((one, LABELS[one]) for one in Status if one != Status.NO_NOTICE)]


class ComplianceFilter(ByUnit):
    """Over the board's rows, which say their `status` on the day."""

    state = choice(_duty_states, _("Status"), method="in_state")
    sector = choice(quota_choices(), _("Sector"))

    class Meta:
        model = Notice
        fields = ("state", "sector", "q", "authority")

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        complete = [one.value for one in COMPLETE]
        return queryset.exclude(status__in=complete) if value == MISSING else queryset.filter(status=value)


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
