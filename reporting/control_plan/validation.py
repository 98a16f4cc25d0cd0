"""What is wrong with a plan: everything at once, each fault with the parameter and field that it is about, and what to do.

faults(plan, day) -> list[Fault]      in the workbook's order; empty for a plan that can be submitted
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from reporting.content import CALCULATED, DEFAULT, MEASURED, NO, YES
from reporting.control_plan.asked import Asked, asked
from reporting.control_plan.entries import BATCH, FREQUENCIES, UNUSED, Entry, Place, Plan
from reporting.control_plan.rules import form_of
from reporting.guidelines import SOLID, Guideline

PERCENT = re.compile(r"[0-9]{1,2}([.][0-9]{1,4})?")
ESTIMATE = re.compile(r"[0-9]{1,11}([.][0-9]{1,4})?")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """`field` is the entry's; "" where the whole parameter is meant. The message is in the language active when it was found."""

    place: Place
    field: str
    message: str


def faults(plan: Plan, day: dt.date | None = None) -> list[Fault]:
    """Every fault of the plan; on `day`, where it is known, nothing of a later day can have been done yet."""
    form = form_of(plan.sector, plan.year)
    parameters = asked(form, plan.lines, tuple(plan.entries))
    known = {each.place for each in parameters}
    found = [
        Fault(each.place, field, message)
        for each in parameters
        for field, message in _of(each, plan.entries.get(each.place), plan, form.guideline, day)
    ]
    strange = (place for place in plan.entries if place not in known)
    return found + [Fault(place, "", _("The workbook requires no such value: remove the row.")) for place in strange]


def _of(
    each: Asked, entry: Entry | None, plan: Plan, guideline: Guideline, day: dt.date | None
) -> Iterator[tuple[str, str]]:
    if entry is None or not entry.how:
        yield "how", _("Choose how the value is obtained, or mark it as not used here.")
        return
    if entry.how not in each.hows:
        yield "how", _("The guideline does not allow this way of obtaining the value: choose another one.")
    yield from _texts(entry)
    if entry.how == UNUSED:
        return
    yield from _default_only(each, entry, guideline)
    if not entry.source:
        yield "source", _("Name the ledger, report or record that the value comes from.")
    if entry.how != DEFAULT:
        yield from _obtained(each, entry, plan, guideline, day)


def _obtained(
    each: Asked, entry: Entry, plan: Plan, guideline: Guideline, day: dt.date | None
) -> Iterator[tuple[str, str]]:
    """What a value that is measured, calculated or taken from elsewhere needs beside its source."""
    if entry.frequency not in FREQUENCIES:
        yield "frequency", _("Choose how often the value is taken.")
    if not entry.fallback:
        yield "fallback", _("State which conservative estimate is used when the value is missing.")
    if each.is_tested and entry.how == MEASURED:
        yield from _laboratory(each, entry, guideline)
    if each.is_metered and entry.how in (MEASURED, CALCULATED):
        yield from _meter(each, entry, guideline)
        if entry.how == MEASURED or entry.meters:
            yield from _calibrated(entry, plan, day)


def _texts(entry: Entry) -> Iterator[tuple[str, str]]:
    for name, text in entry.as_json().items():
        if len(text) > LONGEST:
            yield name, _("Shorten the text to %(limit)s characters.") % {"limit": LONGEST}
    if entry.estimate and not ESTIMATE.fullmatch(entry.estimate):
        yield "estimate", _("Type the estimate as a number, digits and point only, or leave it empty.")


def _default_only(each: Asked, entry: Entry, guideline: Guideline) -> Iterator[tuple[str, str]]:
    fuel = guideline.fuels.get(each.place.item)
    if each.field.name == "ncv" and entry.how == MEASURED and fuel is not None and fuel.default_only:
        yield "how", _("Only the default value is allowed here: choose the default.")


def _laboratory(each: Asked, entry: Entry, guideline: Guideline) -> Iterator[tuple[str, str]]:
    if not entry.laboratory:
        yield "laboratory", _("Name the laboratory that tests it.")
    if entry.accredited not in (YES, NO):
        yield "accredited", _("State whether the laboratory is accredited (CMA/CNAS) for this parameter.")
    if each.field.name != "ncv":
        return
    if entry.accredited == NO:
        yield (
            "accredited",
            _("A net calorific value counts only with a report from an accredited laboratory: choose another."),
        )
    fuels = [guideline.fuels.get(item.code) for item in each.group.items]
    one = guideline.fuels.get(each.place.item)
    solid = one.state == SOLID if one else any(fuel is not None and fuel.state == SOLID for fuel in fuels)
    if solid and entry.frequency in FREQUENCIES and entry.frequency != BATCH:
        yield "frequency", _("Every batch of a solid fuel is tested: choose each batch.")


def _meter(each: Asked, entry: Entry, guideline: Guideline) -> Iterator[tuple[str, str]]:
    """A computed quantity that counts rests on meters, too; where no meter is behind it, the source says what is."""
    if entry.how == CALCULATED and not entry.meters:
        return
    if not entry.meters:
        yield "number", _("Give the meter's number; separate several by commas.")
    if not PERCENT.fullmatch(entry.accuracy):
        yield "accuracy", _("Give the required accuracy in percent, like 0.5.")
    elif Decimal(entry.accuracy) > (lawful := each.accuracy(guideline)):
        yield (
            "accuracy",
            _("The guideline requires an accuracy of %(lawful)s %% or better.") % {"lawful": f"{lawful:f}"},
        )
    longest = int(guideline.number("calibration.months"))
    if not (entry.interval.isascii() and entry.interval.isdigit() and 0 < int(entry.interval[:3]) <= longest):
        yield (
            "interval",
            _("Meters are calibrated at least every %(months)s months: give 1 to %(months)s.") % {"months": longest},
        )


def _calibrated(entry: Entry, plan: Plan, day: dt.date | None) -> Iterator[tuple[str, str]]:
    calibrated = day_of(entry.calibrated)
    if calibrated is None:
        yield "calibrated", _("Give the day of the last calibration, like 2025-03-01.")
    elif calibrated > dt.date(plan.year, 12, 31):
        yield "calibrated", _("The last calibration can't be later than the plan's year: correct the day.")
    elif day is not None and calibrated > day:
        yield "calibrated", _("The last calibration can't be in the future: correct the day.")


def day_of(text: str) -> dt.date | None:
    """The day that a text spells, None where it spells none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
