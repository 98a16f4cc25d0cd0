"""Outliers among verified figures before a balance value: they are shown, block it, or are confirmed by the ministry with a reason.

From which factor on an intensity is an outlier is dated data (law_data/balance_study.toml).
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocation import plans, scope
from allocation.balance_values.law import law_of_study
from allocation.method.line_facts import with_unit_totals
from allocation.method.outliers import BLOCKING, NOTED, Kind, Outlier, outliers
from allocation.method.plan_rules import rules_of
from allocation.models import BalanceValue, ConfirmedOutlier
from registry import journal, two_people
from registry.access import acting
from registry.database import locking
from registry.law import DatedValue
from registry.law.calendar import local_day
from registry.models import Person
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.bilingual import said_apart
from reporting.models import VerifiedResult

__all__ = ["Found", "behind", "confirm", "factor", "of", "refuse_unsettled"]

NAMED = 20

KINDS: dict[Kind, str | Promise] = {
    Kind.UNUSABLE: gettext_lazy("can't be used"),
    Kind.OUTPUT_ONLY: ConfirmedOutlier.Kind.OUTPUT_ONLY.label,
    Kind.INTENSITY: ConfirmedOutlier.Kind.INTENSITY.label,
    Kind.RATE_WITHOUT_LABEL: gettext_lazy("carbide-slag rate above the plan's, not registered as a carbide-slag line"),
    Kind.LABEL_WITH_LOW_RATE: gettext_lazy("registered as a carbide-slag line, rate not above the plan's"),
}
REMEDIES: dict[Kind, str | Promise] = {
    Kind.UNUSABLE: gettext_lazy("Have the result re-verified (ground: re-check). No value is computed until then."),
    Kind.OUTPUT_ONLY: gettext_lazy(
        "Ask the province whether emissions are missing; have the result re-verified, or confirm it with a reason."
    ),
    Kind.INTENSITY: gettext_lazy(
        "Check units of measure and decimal points against the annual report; have the result re-verified, or "
        "confirm it with a reason."
    ),
    Kind.RATE_WITHOUT_LABEL: gettext_lazy(
        "The rate alone decides: quota equals emissions. Check the rate against the annual report, and the line's "
        "registration."
    ),
    Kind.LABEL_WITH_LOW_RATE: gettext_lazy(
        "The rate alone decides: quota is determined by intensity. Check the rate against the annual report, and the "
        "line's registration."
    ),
}
_FIELDS: dict[str, str | Promise] = {
    "emissions": gettext_lazy("emissions"),
    "main_emissions": gettext_lazy("emissions in the intensity"),
    "output": gettext_lazy("output"),
    "carbide_slag_rate": gettext_lazy("carbide-slag rate"),
    "closed": gettext_lazy("day of closing"),
    "commissioned": gettext_lazy("day of commissioning"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """An outlier, and the ministry's word that it may stand, if it was given."""

    result: VerifiedResult
    outlier: Outlier
    confirmed: ConfirmedOutlier | None

    @property
    def blocks(self) -> bool:
        return self.outlier.kind in BLOCKING

    @property
    def noted(self) -> bool:
        """Worth a look, and in nobody's way."""
        return self.outlier.kind in NOTED

    @property
    def waits(self) -> bool:
        return not self.blocks and not self.noted and self.confirmed is None

    @property
    def what(self) -> str:
        """What is unusual, in a few words."""
        if self.outlier.kind != Kind.UNUSABLE:
            return str(KINDS[self.outlier.kind])
        return f"{_FIELDS.get(self.outlier.field, self.outlier.field)} {self.outlier.message}"

    @property
    def remedy(self) -> str:
        return str(REMEDIES[self.outlier.kind])


def factor(year: int) -> DatedValue:
    """The factor from the median from which on an intensity of the year is an outlier, with its citation."""
    return law_of_study()["plausible.intensity_factor"].at(dt.date(year, 12, 31))


def of(sector: str, year: int, at: dt.datetime) -> list[Found]:
    """All outliers of the country's lines that a value asked for at `at` would be computed from.

    Raises plans.PlanError where no plan is in force for the sector and year; there are no outliers where no intensity decides.
    """
    rules = rules_of(plans.in_force(sector, year), sector, year, local_day(at))
    if not rules.needs_balance_value:
        return []
    results = scope.of_balance_value(sector, year, at).results
    limit = law_of_study()["plausible.intensity_factor"].number(rules.plan_year.last_day)
    found = outliers(with_unit_totals(scope.line_inputs(results)), rules, limit)
    keys = [results[one.index].pk for one in found]
    said = ConfirmedOutlier.objects.filter(result__in=keys, confirmed_at__lte=at).select_related("confirmed_by")
    confirmed = {(one.result_id, one.kind): one for one in said}
    return [Found(results[one.index], one, confirmed.get((results[one.index].pk, str(one.kind)))) for one in found]


@acting(Act.COMPUTE_BALANCE_VALUE)
@transaction.atomic
def confirm(sector: str, year: int, result: int, *, reason: str, by: Person, at: dt.datetime) -> ConfirmedOutlier:
    """The ministry lets an outlier stand, with the reason; refused where it blocks, isn't an outlier or is confirmed already."""
    named = next((one for one in of(sector, year, at) if one.result.pk == result), None)
    if named is None:
        raise Refusal(
            _("This result is not an outlier, or has been superseded by a later version; review the list again.")
        )
    if named.blocks:
        raise Refusal(_("This result can be neither used nor confirmed: have it re-verified."))
    if named.noted:
        raise Refusal(
            _("No confirmation is needed: the carbide-slag rate decides, whatever the line is registered as.")
        )
    if named.confirmed:
        raise Refusal(_("It has already been confirmed."))
    reason = two_people.reason_of(reason)
    with locking.only_once(_("It has already been confirmed.")):
        made = ConfirmedOutlier.objects.create(
            result=named.result,
            kind=str(named.outlier.kind),
            reason=reason,
            confirmed_by=by,
            confirmed_at=at,
        )
    journal.record(
        "balance_value.outlier_confirmed",
        made,
        by=by,
        at=at,
        sector=sector,
        year=year,
        line=scope.line_key(named.result.line),
        version=named.result.version,
        kind=made.kind,
        reason=made.reason,
    )
    return made


def behind(bv: BalanceValue) -> list[ConfirmedOutlier]:
    """The confirmations that a computed value rests on. One query."""
    said = ConfirmedOutlier.objects.filter(
        result__sector=bv.sector, result__year=bv.year, confirmed_at__lte=bv.requested_at
    ).order_by("result__unit__credit_code", "result__line__code")
    found = list(said.select_related("confirmed_by", "result__unit", "result__line"))
    used = {row["result"] for row in json.loads(bv.manifest).get("results", [])} if found else set()
    return [one for one in found if one.result_id in used]


def refuse_unsettled(found: Sequence[Found]) -> None:
    """Raise Refusal while a result blocks or waits, naming them all, or the first of very many."""
    open_ones = [one for one in found if one.blocks or one.waits]
    if not open_ones:
        return
    named = [f"{one.result.unit} {one.result.line.code}: {one.what}" for one in open_ones[:NAMED]]
    message = _(
        "No value is computed: %(blocking)s results can't be used, %(waiting)s await confirmation. %(named)s"
    ) % {
        "blocking": sum(one.blocks for one in open_ones),
        "waiting": sum(one.waits for one in open_ones),
        "named": said_apart(named),
    }
    if len(open_ones) > NAMED:
        message += " " + _("The list of outliers names all of them.")
    raise Refusal(message)
