"""What a sector's workbook consists of (sectors)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from registry.values.sectors import part
from reporting.guidelines import Guideline
from reporting.workbook.definition import Form, Item, Words

__all__ = ["SummaryRow", "Workbook", "of"]


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One line of the summary; `floored`: not below zero; `line`: the number of the line it is about; `places`: decimals of its tonnes;
    `apart`: each pattern's sum is rounded by itself, before they are added up."""

    words: Words
    measure: str
    total: tuple[str, ...]
    stated: bool = False
    over: tuple[str, ...] = ()
    floored: tuple[str, ...] = ()
    line: int = 0
    places: int = 0
    apart: bool = False


Equation = Callable[..., Mapping[int, str]]
"""The formulas in the computed column of a slot, by row: `(slot, lists)`, as reporting.workbook.writing.formulas has them."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A sector's form, and the rows of its summary for so many lines.

    `factors` are the headings of the guideline whose factors stand on the lists sheet, in its order; `help` what the sector's clerks must
    know beside everybody's; `example` what a blank calls the line of no unit in particular; `processes` what processes are called.
    `aliases` are further names of a form's fuels, `earlier` makes the form that was handed out before 2026, `equations` by name those of
    groups that no other sector has. `sources` say by table and field which term stands beside it, where its table and item don't;
    `of_kind` by table and kind of line what a blank has there instead of the usual.
    """

    form: Callable[[Guideline], Form]
    summary: Callable[[int], Iterator[SummaryRow]]
    factors: tuple[str, ...]
    example: str
    help: tuple[Words, ...] = ()
    processes: Mapping[str, Words] = field(default_factory=dict)
    aliases: Callable[[Form], tuple[Item, ...]] = lambda _form: ()
    earlier: Callable[[Form], Form] = lambda form: form
    equations: Mapping[str, Equation] = field(default_factory=dict)
    sources: Mapping[tuple[str, str], str] = field(default_factory=dict)
    of_kind: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


def of(sector: str) -> Workbook:
    workbook: Workbook = part(sector, "form").WORKBOOK
    return workbook
