"""The rows of a month's page as finished HTML: a steel month has more than a thousand fields, too many for a template's nodes."""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from django import template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registry.values import figures
from registry.values.bilingual import name_of
from registry.values.measures import measure
from reporting.correction.offers import Offer
from reporting.correction.sheets import Cell, Row, Section
from reporting.findings import Finding, Reason
from reporting.workbook import definition as d
from reporting.workbook.definition import Item
from reporting.workbook.reading.typed import COLUMNS

register = template.Library()

SHOWN = ("value", "how", "source", "evidence", "remarks")


@register.simple_tag
def correction_heads() -> list[tuple[str, str]]:
    """The columns after the first, by name, in the page's language."""
    return [(name, name_of(d.HEADER[COLUMNS[name]])) for name in SHOWN]


@register.simple_tag
def correction_rows(section: Section, first_fault: str = "", plan_url: str = "") -> Iterator[SafeString]:
    """Each row of a section, below it what was found there; the cell of the name `first_fault` gets the focus."""
    heads = dict(correction_heads())
    for row in section.rows:
        html = "".join(_row(row, heads))
        if any(cell.name == first_fault for cell in row.cells.values()):
            name = f'name="{escape(first_fault)}"'
            html = html.replace(name, f"{name} autofocus", 1)
        yield mark_safe(html)  # noqa: S308  every text was escaped on its way in
        if row.offer:
            yield mark_safe(_offer(row, row.offer, plan_url))  # noqa: S308  as above
        if row.faults:
            yield mark_safe("".join(said(row.faults, str(row.number), len(SHOWN) + 2)))  # noqa: S308  as above


def _row(row: Row, heads: dict[str, str]) -> Iterator[str]:
    first = ' class="first"' if row.number == row.slot else ""
    yield f'<tr id="r{row.number}"{first} data-words="{escape(row.words)}" data-measure="{escape(row.measure)}"><th scope="row">'
    if "item" in row.cells:
        yield _select(
            row, row.cells["item"], _items(row.cells["item"].items, get_language() or ""), f' id="i{row.slot}"'
        )
    if row.has_item and "item" not in row.cells:  # for a phone, where the choice above is out of sight
        yield f'<span class="of" data-of="i{row.slot}">{escape(row.item)}</span>'
    yield f'<span id="w{row.number}">{escape(row.label)} <span class="measure">{escape(measure(row.measure))}</span></span></th>'
    for column, head in heads.items():
        cell = row.cells.get(column)
        label = escape(head)
        if cell is None:
            yield '<td class="off"></td>'
        elif column == "how":
            yield f'<td data-label="{label}">{_select(row, cell, _hows(cell.hows, get_language() or ""))}</td>'
        else:
            yield f'<td data-label="{label}">{_input(row, cell)}</td>'
    yield f'<td class="num computed">{"" if row.computed is None else figures.quantity(row.computed, 2)}</td></tr>\n'


def _input(row: Row, cell: Cell) -> str:
    kind = ' inputmode="decimal"' if cell.column == "value" and not row.is_date else ""
    return f'<input name="{escape(cell.name)}" value="{escape(cell.text)}"{kind}{_common(row, cell)}>'


def _offer(row: Row, offer: Offer, plan_url: str) -> str:
    """What the control plan fixed for a missing value, in a row of its own, which is hidden while there is a value."""
    hidden = " hidden" if row.cells["value"].text else ""
    words = escape(offer.words)
    link = (
        f'<a href="{escape(plan_url)}?version={offer.version}#p-{escape(offer.place)}">{words}</a>'
        if plan_url
        else words
    )
    button = ""
    if offer.texts:
        data = "".join(f' data-{column}="{escape(text)}"' for column, text in offer.texts.items())
        press = escape(_("Estimate %(value)s") % {"value": figures.quantity(Decimal(offer.texts["value"]))})
        named = f'name="estimate" value="{escape(row.key)}" aria-describedby="w{row.number} o{row.number}"'
        button = f'<button class="btn btn-sm btn-outline-secondary" type="submit" {named}{data}>{press}</button> '
    cell = f'<td colspan="{len(SHOWN) + 2}">{button}<span id="o{row.number}">{link}</span></td>'
    return f'<tr class="said offered"{hidden}>{cell}</tr>\n'


def _select(row: Row, cell: Cell, options: str, more: str = "") -> str:
    chosen, text = f'value="{escape(cell.text)}"', escape(cell.text)
    if chosen in options:
        options = options.replace(chosen, f"{chosen} selected", 1)
    else:  # what stood in the file and is none of the list
        words = escape(row.item) if cell.column == "item" else text
        options = f'<option value="{text}" selected>{words}</option>{options}'
    return f'<select name="{escape(cell.name)}"{more}{_common(row, cell)}>{options}</select>'


def _common(row: Row, cell: Cell) -> str:
    """What it is called, what was found, what the version says where that is something else."""
    item = f"i{row.slot} " if row.has_item else ""
    words = f'aria-labelledby="{item}w{row.number} h-{cell.column}"'
    if cell.column == "item":
        words = f'aria-label="{escape(_("Fuel, material or product"))}"'
    said = f' aria-describedby="f{row.number}"' if cell.faults else ""
    wrong = ' aria-invalid="true"' if cell.is_faulty else ""
    was = f' data-base="{escape(cell.base)}"' if cell.base != cell.text else ""
    return f" {words}{said}{wrong}{was}"


@lru_cache(maxsize=256)
def _items(items: tuple[Item, ...], _language: str) -> str:
    return options((item.code, name_of(item.words)) for item in items)


@lru_cache(maxsize=64)
def _hows(hows: tuple[str, ...], _language: str) -> str:
    return options((how, name_of(d.HOW_WORDS[how])) for how in hows)


def options(choices: Iterator[tuple[str, str]]) -> str:
    """A list to choose from, nothing first."""
    known = "".join(f'<option value="{escape(code)}">{escape(words)}</option>' for code, words in choices)
    return f'<option value="">—</option>{known}'


def said(faults: list[Finding | Reason], row: str, columns: int) -> Iterator[str]:
    """What was found in a row, in a row of its own below it."""
    tone = "danger" if any(finding.blocks or isinstance(finding, Reason) for finding in faults) else "warn"
    yield f'<tr class="said tone-{tone}"><td colspan="{columns}" id="f{row}">'
    yield "".join(_finding(finding) for finding in faults)
    yield "</td></tr>\n"


def _finding(finding: Finding | Reason) -> str:
    word = _("sent back") if isinstance(finding, Reason) else _("error") if finding.blocks else _("warning")
    message, remedy = conditional_escape(finding.message), conditional_escape(finding.remedy)
    number = 0 if isinstance(finding, Reason) else finding.number
    anchor = f' id="finding-{number}"' if number else ""
    return f'<p{anchor}><strong>{escape(word)}</strong> {message} <span class="muted">{remedy}</span></p>'
