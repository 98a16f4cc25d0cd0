"""Which lines a run or a balance value is about: those of the year's directory with their verified results, and who is left out."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Exists, OuterRef, Q, QuerySet

from allocation.method.line_facts import LineInput
from allocation.models import LeftOut, Run
from registry import directory
from registry.law.calendar import local_day
from registry.models import Authority, DirectoryEntry, Line, Unit
from registry.values.exact import decimal_of
from reporting.models import VerifiedResult
from reporting.verification import current as verified_results

__all__ = ["Scope", "line_input", "line_key", "lines_of", "listed_lines", "missing_lines", "of_balance_value", "of_run"]

Reason = LeftOut.Reason


@dataclass(frozen=True, slots=True)
class Scope:
    """The verified results that a run computes from, in the order of unit and line, and the lines that get nothing, with the reason."""

    results: list[VerifiedResult]
    left_out: list[tuple[Line, str]]

    @property
    def contradictory(self) -> list[VerifiedResult]:
        """Results of a year before their line was commissioned: nothing may be computed from them."""
        return [result for result in self.results if before_commissioning(result, result.line)]


def of_run(
    authority: Authority, sector: str, year: int, kind: str, at: dt.datetime, first: dt.date | None = None
) -> Scope:
    """The authority's lines in the directory of `year`, with that year's results; for a pre-allocation, those of the year before.

    `first` is the day on which a quota that is re-determined was determined first: who was in the directory then stays in.
    """
    pre = kind == Run.Kind.PRE_ALLOCATION
    verified = _verified(sector, year, year - 1 if pre else year, at).filter(unit__authority=authority)
    known = directory_lines(sector, year, local_day(at), *filter(None, [first])).filter(unit__authority=authority)
    if pre:
        found = _scope(verified, known, year, Reason.NO_VERIFIED_LAST_YEAR)
        return Scope(found.results, [left for left in found.left_out if left[1] != Reason.NOT_LISTED])
    return _scope(verified, known, year, Reason.NO_VERIFIED_RESULT)


def of_balance_value(sector: str, year: int, at: dt.datetime) -> Scope:
    """The whole country's lines in the directory of `year`: exactly what all authorities' determinations together are about."""
    verified = _verified(sector, year, year, at)
    return _scope(verified, directory_lines(sector, year, local_day(at)), year, Reason.NO_VERIFIED_RESULT)


def _verified(sector: str, year: int, verified_year: int, at: dt.datetime) -> QuerySet[VerifiedResult]:
    """The results that count, without those of units that only report in the directory of `year`."""
    outside = directory.reports_only(year, sector).order_by().values("unit")
    return verified_results.current(sector, verified_year, at).exclude(unit__in=outside)


def before_commissioning(result: VerifiedResult, line: Line) -> bool:
    """Whether something was verified of a line in a year in which it could not have run yet."""
    later = line.commissioned is not None and line.commissioned.year > result.year
    return later and bool(result.emissions or result.output)


def _scope(verified: QuerySet[VerifiedResult], known: QuerySet[Line], year: int, silent: str) -> Scope:
    """`known` are the lines of the directory's units, whenever they run. A result that contradicts its line's life is in the scope: it is
    refused by whoever computes, where leaving it out would hide it."""
    lines = known.filter(_runs_in(year))
    listed = {line.pk: line for line in _with_units(lines)}
    found: dict[int, VerifiedResult] = {}
    strangers = []
    # The lines are read once, not beside every result again: at national scale that is half of the time.
    for result in verified.select_related(None):
        line = listed.get(result.line_id)
        if line is None:
            strangers.append(result)
        else:
            result.line, result.unit = line, line.unit
            found[line.pk] = result
    left_out = [(line, str(silent)) for pk, line in listed.items() if pk not in found]
    impossible: dict[int, VerifiedResult] = {}
    if strangers:
        unlisted = Line.objects.filter(verified_results__in=verified.order_by()).exclude(pk__in=lines.order_by())
        by_pk = {line.pk: line for line in unlisted.select_related("unit__authority")}
        impossible = _contradictory(strangers, by_pk, known)
        left_out += [(by_pk[one.line_id], str(Reason.NOT_LISTED)) for one in strangers if one.line_id not in impossible]
    return Scope([found[pk] for pk in listed if pk in found] + list(impossible.values()), left_out)


def _contradictory(
    strangers: Iterable[VerifiedResult], lines: Mapping[int, Line], known: QuerySet[Line]
) -> dict[int, VerifiedResult]:
    """Those of the directory's units whose line began after the year, each with its line, by the line's key."""
    named = {one.line_id: one for one in strangers if before_commissioning(one, lines[one.line_id])}
    listed = set(known.filter(pk__in=named).order_by().values_list("pk", flat=True)) if named else set()
    for pk in listed:
        named[pk].line, named[pk].unit = lines[pk], lines[pk].unit
    return {pk: named[pk] for pk in sorted(listed)}


def _with_units(lines: QuerySet[Line]) -> list[Line]:
    """The lines, those of a unit with the same one."""
    read = list(lines.select_related(None))
    units = Unit.objects.select_related("authority").in_bulk({line.unit_id for line in read})
    for line in read:
        line.unit = units[line.unit_id]
    return read


def missing_lines(sector: str, year: int, at: dt.datetime) -> QuerySet[Line]:
    """Lines of the whole country's directory of the year without a verified result: what a balance value still lacks."""
    verified = verified_results.current(sector, year, at).values("line")
    return listed_lines(sector, year, local_day(at)).exclude(pk__in=verified)


def listed_lines(sector: str, year: int, *days: dt.date) -> QuerySet[Line]:
    """Lines of the units that stand in the directory on one of the days, as far as they exist at any time in the year."""
    return directory_lines(sector, year, *days).filter(_runs_in(year))


def lines_of(entries: QuerySet[DirectoryEntry], year: int) -> QuerySet[Line]:
    """The lines of the year's entries, of all their sectors, as far as they exist at any time in the year."""
    own = entries.filter(unit=OuterRef("unit"), sector=OuterRef("sector"))
    return Line.objects.filter(_runs_in(year), Exists(own)).order_by()


def _runs_in(year: int) -> Q:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return Q(commissioned__lte=last) & (Q(closed__isnull=True) | Q(closed__gte=first))


def directory_lines(sector: str, year: int, *days: dt.date) -> QuerySet[Line]:
    """All lines of the units that stand in the year's directory on one of the days, whenever they run."""
    on_a_day = Q()
    for day in days:
        on_a_day |= Q(unit__in=directory.allocated(year, sector, day).values("unit"))
    return Line.objects.filter(on_a_day, sector=sector).order_by("unit__credit_code", "code")


def line_key(line: Line) -> str:
    """The line's name in manifests, results and papers: credit code/line code."""
    return f"{line.unit.credit_code}/{line.code}"


def line_input(result: VerifiedResult, unit_emissions: int | None = None) -> LineInput:
    """What determination is told about a line, from its verified result."""
    return LineInput(
        line=line_key(result.line),
        emissions=result.emissions,
        main_emissions=result.main_emissions,
        output=result.output,
        kind=result.kind,
        carbide_slag_rate=rate_of(result.carbide_slag_rate),
        commissioned=result.line.commissioned,
        closed=result.line.closed,
        unit=result.line.unit.credit_code,
        unit_emissions=unit_emissions,
    )


def line_inputs(results: Iterable[VerifiedResult]) -> list[LineInput]:
    return [line_input(result) for result in results]


def rate_of(rate: Fraction | None) -> Decimal | None:
    """A carbide-slag rate as a decimal, for a line's input."""
    return None if rate is None else decimal_of(rate)
