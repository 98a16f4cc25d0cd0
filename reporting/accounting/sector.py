"""What a sector's accounting consists of (sectors)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.utils.functional import Promise

from registry.values.sectors import part
from reporting.accounting.terms import Span, Term, Totals
from reporting.content import Content
from reporting.guidelines import Guideline

__all__ = ["CO2", "EMISSIONS", "FACTOR", "MAIN_EMISSIONS", "OUTPUT", "TONNES", "Accounting", "Item", "of"]

EMISSIONS, MAIN_EMISSIONS, OUTPUT = "emissions", "main_emissions", "output"

TONNES, CO2, FACTOR = "t", "tCO2e", "tCO2/t"


@dataclass(frozen=True, slots=True)
class Item:
    """One datum of an annual report that verification confirms: `places` are the decimals it is stated with, `whole` the item that it is
    a component of, `detail` what the accounts call it where that is another name than its code."""

    code: str
    label: str | Promise
    measure: str
    places: int = 2
    whole: str = ""
    detail: str = ""


Replaced = Callable[[Callable[[str], Fraction | None], Fraction], tuple[Fraction, Fraction] | None]


@dataclass(frozen=True, slots=True)
class Accounting:
    """A sector's equations and what they come to.

    `terms` of a content by its guideline, `totals` over the spans of a month or year; `items` in the order of the verification's table.
    `choice` is the table in which the choice between a tested calorific value and its default is made, "" where there is none; `cited`
    by a term's source the parameters of its inputs, where they aren't the factor or the fuel that the source names. `names` are what
    processes and sources are called that no material of the guideline names. `replaced` tells, from a line's data by item and its
    output, the numerator and the denominator of the rate of replacement that a plan may ask for; None where a line has no such data.
    """

    terms: Callable[[Content, Guideline], Iterator[Term]]
    totals: Callable[[Sequence[Span]], Totals]
    items: tuple[Item, ...]
    choice: str = ""
    cited: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    names: Mapping[str, str | Promise] = field(default_factory=dict)
    replaced: Replaced = lambda _of, _output: None


def of(sector: str) -> Accounting:
    accounting: Accounting = part(sector, "accounting").ACCOUNTING
    return accounting
