"""The rows of a month's registers as finished HTML, like those of its tables (reporting.templatetags.correction)."""

from collections.abc import Iterator

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from registry.values import figures
from reporting.correction.registers import Column, Field, Record, RegisterSheet
from reporting.templatetags.correction import options, said

register = template.Library()

PLACES = {"batch": 3, "meter": 4}  # a net calorific value, a share in per cent


@register.simple_tag
def register_rows(sheet: RegisterSheet, first_fault: str = "") -> Iterator[SafeString]:
    """Each record, below it what was found there; the cell of the name `first_fault` gets the focus."""
    lists = [options(iter(column.choices)) if column.choices else "" for column in sheet.columns]
    for record in sheet.records:
        html = "".join(_row(sheet, record, lists))
        if any(field.name == first_fault for field in record.fields):
            name = f'name="{escape(first_fault)}"'
            html = html.replace(name, f"{name} autofocus", 1)
        yield mark_safe(html)  # noqa: S308  every text was escaped on its way in
        if record.faults:
            yield mark_safe("".join(said(record.faults, f"{sheet.table}-{record.number}", len(sheet.columns) + 2)))  # noqa: S308


def _row(sheet: RegisterSheet, record: Record, lists: list[str]) -> Iterator[str]:
    row = f"{sheet.table}-{record.number}"
    remove = escape(_("Remove row %(number)s") % {"number": record.number})
    yield f'<tr id="{row}" data-record="{record.key}" data-words="" data-measure=""><th scope="row">'
    yield f'<span class="number" id="n-{row}">{record.number}</span> '
    yield f'<button type="button" class="btn btn-sm btn-link" data-remove hidden title="{remove}" aria-label="{remove}">✕</button></th>'
    for column, field, choices in zip(sheet.columns, record.fields, lists, strict=True):
        yield f'<td data-label="{escape(column.heading)}">{_cell(column, field, choices, row, sheet.table)}</td>'
    computed = "" if record.computed is None else figures.quantity(record.computed, PLACES[sheet.table])
    yield f'<td class="num computed" data-label="{escape(sheet.computed)}">{computed}</td></tr>\n'


def _cell(column: Column, field: Field, choices: str, row: str, table: str) -> str:
    common = f'name="{escape(field.name)}" aria-labelledby="n-{row} h-{table}-{column.name}"'
    common += f' aria-describedby="f{row}"' if field.faults else ""
    common += ' aria-invalid="true"' if field.is_faulty else ""
    common += f' data-base="{escape(field.base)}"' if field.base != field.text else ""
    text, chosen = escape(field.text), f'value="{escape(field.text)}"'
    if not choices:
        kind = ' inputmode="decimal" class="number"' if column.is_number else ""
        return f"<input {common} {chosen}{kind}>"
    if chosen in choices:
        choices = choices.replace(chosen, f"{chosen} selected", 1)
    else:  # what stood in the file and is none of the list
        choices = f'<option value="{text}" selected>{text}</option>{choices}'
    return f"<select {common}>{choices}</select>"
