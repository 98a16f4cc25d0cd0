"""What meters cost, as formulas: each meter's share over the period, and of a quantity the highest share of its meters.

They say what accounting.calibration says, in per cent. A meter that isn't listed is in order, so a blank knows its penalties, too.
"""

from collections.abc import Iterator, Mapping

from reporting.accounting import calibration
from reporting.guidelines import GAS, LIQUID, Guideline
from reporting.workbook import definition as d
from reporting.workbook.definition import Form, Register, Target
from reporting.workbook.layout import FIRST_ROW, Layout, Slot
from reporting.workbook.writing.formulas import LISTS_FIRST_ROW, PERIOD_FIRST, PERIOD_LAST, ref

LAST_ROW = 499
"""As far as formulas look for meters."""

UNCOVERED = {"larger": "MAX"}
"""calibration.UNCOVERED as a spreadsheet's functions."""

PRECISE = 12
"""Decimals of a share in a cell: as many as a spreadsheet has for it."""


def place_of(register: Register, name: str) -> int:
    """The sheet's column of a datum, or of a kind of cell."""
    found = (place for place, column in enumerate(register.columns, start=1) if name in (column.name, column.kind))
    return next(found)


def places_of(register: Register, name: str) -> int:
    """The decimals of a datum."""
    return next(column.places for column in register.columns if column.name == name)


def target_of(form: Form, slot: Slot, name: str) -> Target | None:
    """What a meter of a slot's datum is said to measure; None where nothing meters it."""
    code = f"{slot.group.table}/{slot.group.process}/{name}"
    return next((target for each in form.registers if (target := each.target_of(code))), None)


def share(register: Register, guideline: Guideline, row: int) -> str:
    """One meter's penalty in the period, per cent (calibration.rate)."""
    names = ("measures", "error", "calibrated", "valid_until", "before")
    what, error, since, stated, before = (ref(row, place_of(register, name)) for name in names)
    first, last = (
        f"'{d.LISTS_SHEET}'!{ref(LISTS_FIRST_ROW, place, fixed=True)}" for place in (PERIOD_FIRST, PERIOD_LAST)
    )
    months = int(guideline.number("calibration.months"))
    longest = f"EDATE({since},{months})-1"
    until = f"IF(N({stated})>0,MIN({stated},{longest}),{longest})"
    covered = f"IF(N({since})>0,MAX(0,MIN({last},{until})-MAX({first},{since})+1),0)"
    ended = f"MIN({last},{before},IF(N({since})>0,{since}-1,{last}))"
    earlier = f"IF(N({before})>0,MAX(0,{ended}-MAX({first},EDATE({before},-{months})+1)+1),0)"
    premature = f"IF(N({since})>0,{since}>{last},N({before})>{last})"
    found = f"ROUND(N({error}),{places_of(register, 'error')})"
    accuracy = _required(register, guideline, row)
    days, excess = f"({last}-{first}+1)", f"MAX(0,{found}-{accuracy})"
    uncovered = f"IF({premature},{days},{days}-{covered}-{earlier})"
    without = f"{UNCOVERED[guideline.method('calibration.known_error')]}({accuracy},{found})"
    return f'=IF({what}="",0,({without}*{uncovered}+{excess}*{covered})/{days})'


def _required(register: Register, guideline: Guideline, row: int) -> str:
    """The accuracy that the law requires (calibration.required): by the fuel that is named, where its class differs from weighing."""
    weighing = guideline.number(f"accuracy.{calibration.WEIGHING}")
    found = f"{weighing:f}"
    items = {item.words.text: item.code for target in register.targets for item in target.items}
    for state in (LIQUID, GAS):
        number = guideline.number(f"accuracy.{state}")
        named = [words for words, code in items.items() if calibration.class_of(code, guideline) == state]
        if named and number != weighing:
            place = ref(row, place_of(register, d.ITEM))
            any_named = ",".join(f'{place}="{words}"' for words in named)
            found = f"IF(OR({any_named}),{number:f},{found})"
    return found


def highest(form: Form, layout: Layout, slot: Slot) -> Mapping[int, str]:
    """The penalties beside the data of a slot, by row: of several meters of one quantity the highest (calibration.penalty)."""
    found = {}
    for row, key, _ in slot.rows():
        target = target_of(form, slot, key.field)
        if target is not None:
            nothing = ",".join(f"N({ref(at, d.VALUE)})=0" for at in _rows(slot, key.field))
            found[row] = f"=IF(AND({nothing}),0,{_highest(form, layout, slot, target)})"
    return found


def metered(slot: Slot, name: str) -> tuple[str, ...]:
    """The data that a quantity's meters measure: of a fuel's net consumption also what leaves the boundary."""
    parts = (name, "excluded", "feedstock") if name == "consumed" else (name,)
    return tuple(part for part in parts if slot.group.field(part))


def _rows(slot: Slot, name: str) -> Iterator[int]:
    rows = (slot.row_of(part) for part in metered(slot, name))
    return (row for row in rows if row is not None)


def _highest(form: Form, layout: Layout, slot: Slot, target: Target) -> str:
    register = next(each for each in form.registers if each.target_of(target.code))

    def down(place: int) -> str:
        return f"'{register.name}'!{ref(FIRST_ROW, place, fixed=True)}:{ref(LAST_ROW, place, fixed=True)}"

    fits = [f'({down(place_of(register, d.TARGET))}="{target.words.text}")']
    if target.items:
        fits.append(f'({down(place_of(register, d.ITEM))}&""={ref(slot.row, d.OBJECT, fixed=True)}&"")')
    if target.each_line:
        fits.append(_on_line(layout, slot, down(place_of(register, d.LINE))))
    return f"SUMPRODUCT(MAX({'*'.join(fits)}*{down(len(register.columns) + 1)}))"


def _on_line(layout: Layout, slot: Slot, lines: str) -> str:
    """Whether the meter is of the slot's line; a unit's only line need not be named."""
    heading = next(line.row for line in layout.lines if line.key.line == slot.line)
    named = f'({lines}&""={ref(heading, d.OBJECT, fixed=True)}&"")'
    return named if len(layout.lines) > 1 else f'({named}+({lines}="")>0)'
