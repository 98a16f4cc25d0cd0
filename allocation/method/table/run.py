"""Determining a whole table: from its bytes to the result, with notes on what its reader should know."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from allocation.method import balance, determination, vector, vector_balance
from allocation.method.line_facts import LineFault, LineInput, UnusableLinesError, with_unit_totals
from allocation.method.plan_rules import Rules, known_kinds, rules_of
from allocation.method.table.read import Table, UnusableTableError, read
from allocation.plans import Plan
from registry.values.bilingual import listed

# More lines than any sector has: these go the fast way, which gives the same tonnes.
MANY = 50_000
# A note names at most so many rows.
_NAMED_ROWS = 10


@dataclass(frozen=True, slots=True)
class Result:
    """`balance_value` is the one used; `interval` is there where it was computed from the table and a whole interval balances."""

    table: Table
    rules: Rules
    determinations: list[determination.Determination]
    balance_value: Decimal | None
    interval: tuple[Fraction, Fraction] | None
    notes: list[str]


def determine_table(
    data: bytes,
    plan: Plan,
    *,
    sector: str,
    year: int,
    balance_value: Decimal | None = None,
    solve: bool = False,
    determined_on: dt.date | None = None,
) -> Result:
    """Determine every line of a table, at a given balance value or (`solve`) at the one that the table itself has.

    Raises UnusableTableError, which names every bad row; NotCoveredError; NoBalanceValueError.
    """
    rules = rules_of(plan, sector, year, determined_on)
    if rules.needs_balance_value and balance_value is None and not solve:
        raise UnusableTableError(_("The plan requires a balance value for this year: give one, or have it solved."))
    table = read(data, known_kinds(plan, sector), units_needed=rules.small_unit is not None)
    lines = with_unit_totals(table.lines) if rules.small_unit is not None else table.lines
    notes = list(_notes(table, rules, unused_value=solve or balance_value is not None))
    if table.faults:
        raise _bad_rows(table, determination.faults(lines, rules))
    try:
        return _result(table, lines, rules, balance_value, solve, notes)
    except UnusableLinesError as error:
        raise _bad_rows(table, error.faults) from error


def _result(
    table: Table, lines: list[LineInput], rules: Rules, balance_value: Decimal | None, solve: bool, notes: list[str]
) -> Result:
    many, used, interval = len(lines) > MANY, None, None
    if rules.needs_balance_value:
        used = balance_value
        if solve:
            solution = vector_balance.solve(lines, rules) if many else balance.solve(lines, rules)
            used, interval = solution.value, solution.interval
        rules = rules.at(_above_zero(used))
    determine = vector.determine_under if many else determination.determine_under
    return Result(table, rules, determine(rules, lines), used, interval, notes)


def _above_zero(balance_value: Decimal | None) -> Decimal:
    if balance_value is None or balance_value <= 0:
        raise UnusableTableError(_("The balance value must be above zero."))
    return balance_value


def _bad_rows(table: Table, faults: Iterable[LineFault]) -> UnusableTableError:
    found = sorted([*table.faults, *map(table.fault_of, faults)])
    message = _("%(count)d rows can't be used:") % {"count": len({fault.row for fault in found})}
    return UnusableTableError("\n".join([message, *map(str, found)]))


def _notes(table: Table, rules: Rules, *, unused_value: bool) -> Iterator[str]:
    plan = rules.plan_year.plan
    if not plan.in_force:
        yield _("%(plan)s is a draft: this is a simulation, no quota can be issued from it.") % {"plan": plan.id}
    if table.note:
        yield table.note
    if unused_value and not rules.needs_balance_value:
        yield _("The plan's method for %(year)d uses no balance value.") % {"year": rules.year}
    if rules.small_unit is not None and not table.has_units:
        yield _("There is no column “unit”: for the small-unit rule each line is treated as a separate unit.")
    gone = _(
        "These lines closed before %(limit)s yet report emissions for it: one of the two is wrong (lines of the "
        "file: %(rows)s)."
    )
    yield from _named(table, gone, lambda line: determination.closed_before_the_year(line, rules), rules.year)
    if rules.intensity_terms:
        yield from _slag_notes(table, rules, rules.intensity_terms.carbide_slag_rate)


def _slag_notes(table: Table, rules: Rules, limit: Decimal) -> Iterator[str]:
    """Where the label and the rate of a line say different things: the rate decides."""
    unlabelled = _(
        "These lines have a carbide-slag rate above %(limit)s and are not of the kind carbide_slag: the rate decides "
        "(lines of the file: %(rows)s)."
    )
    yield from _named(table, unlabelled, lambda line: determination.rate_without_label(line, rules), limit)
    low = _(
        "These lines are of the kind carbide_slag and their rate is not above %(limit)s: their intensity decides "
        "(lines of the file: %(rows)s)."
    )
    yield from _named(table, low, lambda line: determination.label_with_low_rate(line, rules), limit)


def _named(table: Table, message: str, odd: Callable[[LineInput], bool], limit: object) -> Iterator[str]:
    """The message with the rows of the lines that are odd, if there are any."""
    rows = [number for number, line in zip(table.numbers, table.lines, strict=True) if odd(line)]
    if rows:
        more = " …" if len(rows) > _NAMED_ROWS else ""
        yield message % {"limit": limit, "rows": listed(rows[:_NAMED_ROWS]) + more}
