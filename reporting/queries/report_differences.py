"""What a report's year differs from the sum of its months by, place by place and cause by cause, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reporting.accounting import CAUSES
from reporting.content import tables
from reporting.labels import terms_in_words

__all__ = ["CAUSE_NAMES", "WHY", "Compared", "Shown", "place_name", "shown"]

CAUSE_NAMES: Mapping[str, str | Promise] = {
    "rounding": _("Rounding"),
    "floor": _("Process part not below zero"),
    "sign": _("Net sale and purchase"),
    "penalty": _("Meters without calibration"),
}
WHY: Mapping[str, str | Promise] = {
    "rounding": _(
        "Emission lines are rounded to 0.01 t, totals to whole tonnes, and the year's mean net calorific value to three decimals."
    ),
    "floor": _(
        "In some month deductions exceeded the process emissions and the process part counts as 0; over the year they are set off."
    ),
    "sign": _(
        "Own coke or gas was sold in some months and bought in others, net; both stand apart in the year, each with its own mean."
    ),
    "penalty": _(
        "What meters without calibration cost is summed as a quantity of its own and takes the year's mean net calorific value."
    ),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One place: the year, the sum of its months, the difference, and that again by each cause that the table shows."""

    name: str
    is_code: bool
    year: Decimal
    months: Decimal
    difference: Decimal
    causes: list[tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Compared:
    """The table: the causes that make any difference at all, each with its name and why; its rows, and whether processes are among them."""

    causes: list[tuple[str, str]]
    rows: list[Shown]
    has_processes: bool


def shown(sector: str, stored: list[dict[str, str]] | None) -> Compared | None:
    """From what the report keeps; None of one that was prepared before causes were kept apart."""
    if stored is None:
        return None
    used = [cause for cause in CAUSES if cause == "rounding" or any(Decimal(row[cause]) for row in stored)]
    # The one line of a sector is its enterprise: it would stand in the table twice.
    shown = [row for row in stored if not (tables.of(sector).one_line and row["level"] == "line")]
    causes = [(str(CAUSE_NAMES[cause]), str(WHY[cause])) for cause in used]
    return Compared(causes, [_row(sector, row, used) for row in shown], any(row["level"] == "process" for row in shown))


def place_name(sector: str, level: str, code: str) -> str:
    """A process by its name, a line by its code."""
    return terms_in_words.process_name(sector, code) if code else str(terms_in_words.LEVELS[level])


def _row(sector: str, stored: Mapping[str, str], causes: list[str]) -> Shown:
    return Shown(
        name=place_name(sector, stored["level"], stored["code"]),
        is_code=stored["level"] == "line",
        year=Decimal(stored["year"]),
        months=Decimal(stored["months"]),
        difference=Decimal(stored["difference"]),
        causes=[(str(CAUSE_NAMES[cause]), Decimal(stored[cause])) for cause in causes],
    )
