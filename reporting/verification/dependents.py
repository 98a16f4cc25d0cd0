"""What of a verification's table follows from what: each dependent datum, with the value that the others give it.

    expected(sector, line)          every datum that follows from others of its line, with its formula
    contradictions(sector, line)    those that depart from it by a tonne or more
    recomputed(sector, line)        what those become, one after the other

A datum is scaled from the report's own terms, each of which is one product (reporting.accounting): if the output is a tenth more, so
are the terms that it stands in, with every penalty that is in them. A total is the sum of its parts (reporting.accounting.items).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from registry.values import figures
from registry.values.exact import half_up
from reporting.accounting import items
from reporting.accounting.items import Item
from reporting.verification.sector import Driver, Rule
from reporting.verification.sector import of as rules_of

__all__ = ["Expected", "Line", "contradictions", "expected", "formula", "recomputed"]

# A total is rounded once to whole tonnes, its components are not: they may differ by less than this.
ROUNDING_TONNES = 1
CENT = Fraction(1, 100)
MEAN_PLACES = 10

Values = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: what was reported and is verified, by item, and the report's terms, (source, emissions) each.

    `full`: what was reported with fewer decimals than it has, a factor that is a mean, in full.
    """

    reported: Values
    verified: Values
    terms: Sequence[tuple[str, Decimal]]
    full: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def before(self) -> Mapping[str, Fraction]:
        """What was reported, in full."""
        return {**{code: Fraction(value) for code, value in self.reported.items()}, **self.full}

    @property
    def after(self) -> Mapping[str, Fraction]:
        """What is verified, in full where it is as reported; what was typed is no more than that."""
        same = {code: value for code, value in self.full.items() if self.verified.get(code) == self.reported.get(code)}
        return {code: Fraction(value) for code, value in self.verified.items()} | same


@dataclass(frozen=True, slots=True)
class Expected:
    """What a datum is by the others: `formula` in words, `sum` in figures; `value` is offered, rounded as the datum is stated.

    `refuses`: no reason can explain another value.
    """

    item: Item
    verified: Decimal
    exact: Fraction
    value: Decimal
    formula: str
    sum: str
    refuses: bool = True

    @property
    def is_met(self) -> bool:
        return abs(self.exact - Fraction(self.verified)) < ROUNDING_TONNES

    def __str__(self) -> str:
        said = {
            "item": self.item.label,
            "value": figures.quantity(self.verified, self.item.places),
            "formula": self.formula,
            "sum": self.sum,
            "expected": figures.quantity(self.exact, self.item.places),
        }
        return _("%(item)s is %(value)s, but %(formula)s = %(sum)s = %(expected)s.") % said


def formula(sector: str, code: str) -> str:
    """What a datum follows from, in words; "" for one that depends on no other."""
    parts = [str(part.label) for part in items.of(sector) if part.whole == code]
    rule = next((rule for rule in rules_of(sector) if rule.item == code and rule.closed), None)
    if rule is None:
        return " + ".join(parts)
    all_codes = {item.code: Decimal(0) for item in items.of(sector)}
    signed = [f"{'−' if each.sign < 0 else ''}{_in_words(sector, each, all_codes)}" for each in rule.drivers]
    return _joined(signed, Decimal(0), "")


def contradictions(sector: str, line: Line) -> list[Expected]:
    """The dependent data that are not what the others make them."""
    return [each for each in expected(sector, line) if not each.is_met]


def expected(sector: str, line: Line) -> Iterator[Expected]:
    """Every dependent datum of a line; one whose causes the table or the report's terms don't tell is left out."""
    by_terms = (_by_terms(sector, rule, line) for rule in rules_of(sector) if rule.item in line.verified)
    sums = (_sum(sector, whole, line.verified) for whole in items.of(sector) if whole.code in line.verified)
    yield from (found for found in (*by_terms, *sums) if found is not None)


def recomputed(sector: str, line: Line) -> dict[str, Expected]:
    """By item what departs from the others, with the value that they give it; a total is the sum of parts recomputed before it."""
    found: dict[str, Expected] = {}
    for each in expected(sector, line):
        if not each.is_met and each.refuses:
            found[each.item.code] = each
    parts = {code: each for code, each in found.items() if each.item.whole}
    if parts:
        values = {**line.verified, **{code: each.value for code, each in parts.items()}}
        return parts | recomputed(sector, replace(line, verified=values))
    return found


def _by_terms(sector: str, rule: Rule, line: Line) -> Expected | None:
    parts = [_part(sector, driver, line) for driver in rule.drivers]
    if rule.item not in line.reported or None in parts:
        return None
    moved = any(_moved(driver, line) for driver in rule.drivers)
    if not rule.closed and not (moved and line.verified[rule.item] == line.reported[rule.item]):
        return None
    known = [part for part in parts if part is not None and part.formula]
    item, rest = items.item(sector, rule.item), _rest(rule, line)
    if not moved:
        # What nobody has corrected is as the report computed it.
        exact = Fraction(line.reported[rule.item])
        words, numbers = _("the value reported"), figures.quantity(exact, item.places)
    else:
        exact = sum((part.value for part in known), Fraction(rest))
        words = _joined([part.formula for part in known], rest, _("other terms of the report"))
        numbers = _joined([part.sum for part in known], rest, figures.quantity(abs(rest), item.places))
    exact = max(exact, Fraction(0)) if rule.floor else exact
    verified = line.verified[rule.item]
    places = 0 if item.code == items.EMISSIONS else item.places
    is_stale = moved and verified == line.reported[rule.item]
    # A corrected one may lie above: what emits counts with a penalty that the table's output doesn't carry (accounting.md §4). It may
    # lie below where materials were deducted that the table doesn't name.
    refuses = is_stale or not (verified > exact or rest < 0)
    return Expected(item, verified, exact, half_up(exact, places), words, numbers, refuses)


def _rest(rule: Rule, line: Line) -> Decimal:
    """What the datum holds beside its drivers."""
    driven = tuple(driver.terms for driver in rule.drivers)
    if not rule.closed:
        return line.reported[rule.item] - _stated(line, driven)
    return sum(
        (amount for source, amount in line.terms if source.startswith(rule.own) and not source.startswith(driven)),
        Decimal(0),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What a driver brings to a datum, in words and figures that carry its sign; empty where it brings nothing."""

    value: Fraction
    formula: str = ""
    sum: str = ""


def _part(sector: str, driver: Driver, line: Line) -> _Part | None:
    """None where neither the report's terms nor the table tell what it brings."""
    before, after = (_product(driver, values) for values in (line.before, line.after))
    if before is None or after is None:
        return None
    if not before and not after:
        return _Part(Fraction(0))
    sign = "−" if driver.sign < 0 else ""
    words, numbers = _in_words(sector, driver, line.verified), _in_figures(sector, driver, line.after)
    stated = Fraction(_stated(line, (driver.terms,)))
    if driver.factor in line.verified and (not before or _is_plain(driver, line, stated - driver.sign * before)):
        return _Part(driver.sign * after, f"{sign}{words}", f"{sign}{numbers}")
    if not before or not stated:
        return None
    words = _("%(causes)s, in proportion to the report") % {"causes": words}
    numbers = f"{figures.quantity(abs(stated), 2)} × {_grouped(numbers)} / {_grouped(_in_figures(sector, driver, line.before))}"
    return _Part(stated * after / before, f"{sign}{words}", f"{sign}{numbers}")


def _grouped(product: str) -> str:
    return f"({product})" if " " in product else product


def _is_plain(driver: Driver, line: Line, difference: Fraction) -> bool:
    """Whether the report's terms are amount times factor and no more: no penalty, no mean that is known by its decimals only."""
    count = sum(source.startswith(driver.terms) for source, _amount in line.terms)
    return abs(difference) < count * CENT


def _moved(driver: Driver, line: Line) -> bool:
    return _product(driver, line.before) != _product(driver, line.after)


def _product(driver: Driver, values: Mapping[str, Fraction]) -> Fraction | None:
    """Amount × factor; of a factor that the table doesn't have only the amount counts."""
    if driver.amount not in values:
        return None
    amount = values[driver.amount]
    return amount * values[driver.factor] if driver.factor in values else amount


def _stated(line: Line, begins: tuple[str, ...]) -> Decimal:
    return sum((amount for source, amount in line.terms if source.startswith(begins)), Decimal(0))


def _in_words(sector: str, driver: Driver, values: Values) -> str:
    return " × ".join(str(items.item(sector, code).label) for code in (driver.amount, driver.factor) if code in values)


def _in_figures(sector: str, driver: Driver, values: Mapping[str, Fraction]) -> str:
    known = [items.item(sector, code) for code in (driver.amount, driver.factor) if code in values]
    return " × ".join(_figure(each, values[each.code]) for each in known)


def _figure(item: Item, value: Fraction) -> str:
    """With its decimals, or with so many more that the product can be checked to the cent."""
    return figures.quantity(value, item.places if Fraction(half_up(value, item.places)) == value else MEAN_PLACES)


def _sum(sector: str, whole: Item, values: Values) -> Expected | None:
    """A total by its parts; None for a datum that has none."""
    parts = [part for part in items.of(sector) if part.whole == whole.code and part.code in values]
    if not parts:
        return None
    exact = Fraction(sum((values[part.code] for part in parts), Decimal(0)))
    words = " + ".join(str(part.label) for part in parts)
    numbers = " + ".join(figures.quantity(values[part.code], part.places) for part in parts)
    # As the accounts state it: whole tonnes, rounded once.
    return Expected(whole, values[whole.code], exact, half_up(exact, 0), words, numbers)


def _joined(parts: list[str], rest: Decimal, other: str) -> str:
    """A sum of parts that carry their signs, and of the rest."""
    parts = [*parts, f"−{other}" if rest < 0 else other] if rest else parts
    text = parts[0] if parts else "0"
    for part in parts[1:]:
        text += f" − {part[1:]}" if part.startswith("−") else f" + {part}"
    return text
