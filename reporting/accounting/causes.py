"""What makes a year differ from the sum of its months, by its cause: for the enterprise, every process and every line.

compare(contents, found, reckon) -> (Difference(level, code, year, months, …, rounding, floor, sign, penalty), …)

| cause | a year differs by it because |
| --- | --- |
| floor | a process part was kept from falling below zero in some month, and the year's own in none, or by another amount |
| sign | own coke or gas was sold in some months, net, and bought in others |
| penalty | what a meter without calibration costs is a quantity of its own in the year, and takes the year's mean value |
| rounding | whole tonnes, emission lines, and the mean net calorific value with its three decimals |

All four add up to the difference.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reporting.accounting.equations import net_consumption
from reporting.accounting.terms import ENTERPRISE, LINE, PROCESS, Accounts, Term, Totals
from reporting.content import Content

CAUSES = ("rounding", "floor", "sign", "penalty")

FLOOR = "process_floor"

Place = tuple[str, str]
"""Level and code: of a process its name, of a line its code, of the enterprise ""."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place's year and the sum of its months, in whole tonnes, and why they differ; in both the sum of their terms, two decimals."""

    level: str
    code: str
    year: Decimal
    months: Decimal
    year_terms: Decimal
    months_terms: Decimal
    rounding: Decimal
    floor: Decimal
    sign: Decimal
    penalty: Decimal

    @property
    def difference(self) -> Decimal:
        return self.year - self.months

    def as_json(self) -> dict[str, str]:
        """Tonnes as decimal strings."""
        figures = {
            name: f"{getattr(self, name):f}"
            for name in ("year", "months", "difference", "year_terms", "months_terms", *CAUSES)
        }
        return {"level": self.level, "code": self.code, **figures}


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A year and its months, accounted."""

    year: Accounts
    months: Sequence[Accounts]

    def sums(self, place: Place, wanted: Callable[[Term], bool]) -> tuple[Decimal, Decimal]:
        """A place's wanted terms in the year and in its months; not rounded to whole tonnes."""
        months = sum((_sum(month, place, wanted) for month in self.months), Decimal("0.00"))
        return _sum(self.year, place, wanted), months

    def apart(self, place: Place, wanted: Callable[[Term], bool]) -> Decimal:
        """The year's wanted terms of a place less those of the months."""
        year, months = self.sums(place, wanted)
        return year - months


Reckon = Callable[[Sequence[Content]], Reckoned]


def compare(contents: Sequence[Content], found: Reckoned, reckon: Reckon) -> tuple[Difference, ...]:
    """Every place's difference between what was found of these contents; `reckon` accounts a year and each of its months."""
    uncharged = reckon([_without_meters(content) for content in contents]) if _metered(contents) else found
    turned = {f"fuel.{item}" for item in _turned(contents)}
    places = dict.fromkeys(place for accounts in (found.year, *found.months) for place in _places(accounts))
    return tuple(_difference(place, found, uncharged, turned) for place in places)


def _difference(place: Place, found: Reckoned, uncharged: Reckoned, turned: set[str]) -> Difference:
    year = _whole(found.year.totals, place)
    months = sum((_whole(accounts.totals, place) for accounts in found.months), Decimal(0))
    floor = found.apart(place, _is_floor)
    sign = uncharged.apart(place, lambda term: term.source in turned)
    penalty = found.apart(place, _is_product) - uncharged.apart(place, _is_product)
    rounding = year - months - floor - sign - penalty
    return Difference(*place, year, months, *found.sums(place, lambda _term: True), rounding, floor, sign, penalty)


def _is_floor(term: Term) -> bool:
    return term.source == FLOOR


def _is_product(term: Term) -> bool:
    return term.source != FLOOR


def _without_meters(content: Content) -> Content:
    return replace(content, rows=tuple(row for row in content.rows if row.table != "meter"))


def _metered(contents: Iterable[Content]) -> bool:
    return any(True for content in contents for _ in content.table("meter"))


def _turned(contents: Iterable[Content]) -> set[str]:
    """The fuels that were bought in some months, net, and sold in others."""
    net = [(row.item, net_consumption(row)) for content in contents for row in content.table("fuel")]
    return {item for item, amount in net if amount > 0} & {item for item, amount in net if amount < 0}


def _places(accounts: Accounts) -> list[Place]:
    """The enterprise, its processes that something goes into or out of, and its lines."""
    processes = [(PROCESS, name) for name in accounts.totals.processes]
    used = [place for place in processes if any(_belongs(term, place) for term in accounts.terms)]
    return [(ENTERPRISE, ""), *used, *((LINE, code) for code in accounts.totals.lines)]


def _belongs(term: Term, place: Place) -> bool:
    """Whether a place's tonnes are made of the term; a steel works is a line of all its enterprise's terms."""
    level, code = place
    if level == PROCESS:
        return term.level == PROCESS and term.source.partition(".")[0] == code
    return term.level == ENTERPRISE or (term.level == LINE and code in ("", term.line))


def _sum(accounts: Accounts, place: Place, wanted: Callable[[Term], bool]) -> Decimal:
    own = (term for term in accounts.terms if wanted(term) and _belongs(term, place))
    return sum((term.emissions for term in own), Decimal("0.00"))


def _whole(totals: Totals, place: Place) -> Decimal:
    """The place's whole tonnes; what a month or the year doesn't speak of has none."""
    level, code = place
    if level == ENTERPRISE:
        return totals.enterprise
    if level == PROCESS:
        return totals.processes.get(code, Decimal(0))
    return totals.lines[code].emissions if code in totals.lines else Decimal(0)
