"""What stands in the way of a run, or of another one."""

from django.utils.translation import gettext as _

from allocation import balance_values, plans
from allocation.method.plan_rules import rules_of
from allocation.models import BalanceValue, Letter, Run
from allocation.runs.inputs import approved
from allocation.scope import issued, runs_in_force
from registry.models import Authority
from registry.refusal import Refusal

__all__ = ["governing_plan", "may_begin", "refuse_again_without", "refuse_on_the_way", "refuse_unready"]

Kind = Run.Kind


def may_begin(authority: Authority, sector: str, year: int, kind: str) -> bool:
    """Whether `prepare` would begin, as far as plan, balance value and issued quota go."""
    try:
        refuse_unready(governing_plan(sector, year), authority, sector, year, kind)
    except Refusal:
        return False
    return True


def governing_plan(sector: str, year: int) -> plans.Plan:
    try:
        return plans.in_force(sector, year)
    except plans.PlanError as error:
        raise Refusal(str(error)) from error


def refuse_unready(plan: plans.Plan, authority: Authority, sector: str, year: int, kind: str) -> BalanceValue | None:
    """The published balance value where the run needs one; raises where it can't begin."""
    if kind == Kind.PRE_ALLOCATION:
        if plan.for_year(year).find("pre_allocation.rate") is None:
            raise Refusal(_("The plan has no pre-allocation for %(year)s.") % {"year": year})
        if runs_in_force.is_determined(authority, sector, year):
            raise Refusal(_("Quota for this year has already been determined; pre-allocation is no longer possible."))
        return None
    if issued.unissued_pre_allocation(authority, sector, year):
        raise Refusal(_("A pre-allocation for this sector and year is still open; issue or cancel it first."))
    refuse_on_the_way(authority, sector, year)
    if not rules_of(plan, sector, year).needs_balance_value:
        return None
    if (found := balance_values.published(sector, year)) is None:
        raise Refusal(
            _("The balance value of this sector and year is not published yet; the ministry must publish it first.")
        )
    return found


def refuse_again_without(kind: str, ground: str, reason: str) -> None:
    if kind == Kind.PRE_ALLOCATION:
        raise Refusal(_("This quota has already been approved."))
    if ground not in Run.Ground.values or not reason:
        raise Refusal(_("This quota has already been determined: to re-determine it, give the ground and the reason."))


def refuse_on_the_way(authority: Authority, sector: str, year: int) -> None:
    """What an approved run says must have been issued, or not have been asked for, before it can be replaced."""
    letters = approved(authority, sector, year, Kind.DETERMINATION).filter(letter__isnull=False)
    letter = letters.exclude(letter__state=Letter.State.EXECUTED).values_list("letter__number", flat=True).first()
    if letter is not None:
        raise Refusal(
            _("Letter %(number)s on the previously determined quota has not been executed yet; wait for its issue.")
            % {"number": letter}
        )
