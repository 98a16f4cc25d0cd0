"""Forms as they were handed out before: by them what was filled in then is read, as it was read then."""

from collections.abc import Iterable
from dataclasses import replace

from reporting.workbook.definition import Form, Group, Item, Register, Sheet
from reporting.workbook.forms import steel
from reporting.workbook.forms.registers import meters


def unmarked(form: Form) -> Form:
    """The form before own and purchased fuels were told apart, and before it asked for all that ironmaking makes."""
    if form.sector != "steel":
        return form
    sheets = tuple(
        replace(sheet, unit_groups=_groups(form, sheet.unit_groups), line_groups=_groups(form, sheet.line_groups))
        for sheet in form.sheets
    )
    registers = tuple(_register(form, register, sheets) for register in form.registers)
    return Form(form.sector, form.guideline, sheets, form.summary_sheet, form.line_words, registers)


def _groups(form: Form, groups: Iterable[Group]) -> tuple[Group, ...]:
    kept = (group for group in groups if group.key not in steel.SINCE_MARKED)
    return tuple(replace(group, items=_items(form, group.items)) for group in kept)


def _items(form: Form, items: Iterable[Item]) -> tuple[Item, ...]:
    fuels = form.guideline.fuels
    return tuple(replace(item, offered=True) for item in items if item.code not in fuels or not fuels[item.code].origin)


def _register(form: Form, register: Register, sheets: tuple[Sheet, ...]) -> Register:
    if register.targets:
        return meters(sheets, steel.PROCESSES)
    return replace(register, items=_items(form, register.items))
