"""The stored results of the formulas, so that a filled workbook shows its sums in viewers that don't calculate."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from registry.values.exact import half_up
from reporting.accounting import account, calorific_tests
from reporting.accounting.calibration import output_of, penalty
from reporting.content import Content, Row
from reporting.workbook import definition as d
from reporting.workbook.definition import Form
from reporting.workbook.layout import Layout
from reporting.workbook.sector import of
from reporting.workbook.writing.formulas import FUEL_USED, LISTS_FIRST_ROW, Lists
from reporting.workbook.writing.pages import SUMMARY_FIRST_ROW, SUMMARY_VALUE
from reporting.workbook.writing.penalties import PRECISE, metered, target_of
from reporting.workbook.writing.summary import Row as Total
from reporting.workbook.writing.summary import rows as summary_rows
from reporting.workbook.writing.template import Place

Numbers = dict[str, Decimal]
"""Numbers by the keys of their rows."""


def results(
    form: Form, layouts: tuple[Layout, ...], rows: Mapping[tuple[int, str, int], Row], content: Content
) -> Iterator[tuple[Place, Decimal]]:
    """What the formulas beside the data and in the summary come to; `rows` are the content's by line, group and slot.

    Outputs stand in the summary as they count, less what their meters cost.
    """
    emissions = {(term.line, term.source): term.emissions for term in account(content).terms}
    stated: Numbers = {}
    computed: Numbers = {}
    for layout in layouts:
        for slot in layout.slots:
            row = rows.get((slot.line, slot.group.key, slot.number))
            if row is None:
                continue
            for at, key, field in slot.rows():
                if row.number(field.name) is not None:
                    stated[str(key)] = output_of(content, row, form.guideline, field.name)
                    if target_of(form, slot, field.name) and any(
                        row.amount(name) for name in metered(slot, field.name)
                    ):
                        share = penalty(content, row, field.name).share
                        yield (layout.sheet.name, at, d.PENALTY), half_up(share * 100, PRECISE)
                if (
                    slot.group.equation
                    and (term := emissions.get((row.line, source_of(form.sector, row, field.name)))) is not None
                ):
                    computed[str(key)] = term
                    yield (layout.sheet.name, at, d.COMPUTED), term
    for number, total in enumerate(summary_rows(form, len(content.lines)), start=SUMMARY_FIRST_ROW):
        yield (form.summary_sheet, number, SUMMARY_VALUE), _total(total, stated, computed)


def in_use(form: Form, content: Content) -> Iterator[tuple[Place, Decimal]]:
    """The net calorific values that the sheet of default factors says are in use: the ledger's, else the tests', else the default.

    A spreadsheet that opens the file without computing anew looks them up for whatever is typed next.
    """
    for row, (_name, code) in enumerate(Lists.of(form).named, start=LISTS_FIRST_ROW):
        fuel = form.guideline.fuels[code]
        ledger = content.find("fuel", item=code)
        stated = ledger.number("ncv") if ledger else None
        found = calorific_tests.mean(content, fuel, form.guideline) if stated is None else stated
        used = fuel.ncv if found is None or fuel.default_only else found
        yield (d.LISTS_SHEET, row, FUEL_USED), half_up(used, form.guideline.places("ncv"))


def source_of(sector: str, row: Row, field: str) -> str:
    """The source of the term that stands beside a field; "" beside the others."""
    if own := of(sector).sources.get((row.table, field)):
        return own
    if field != ("consumed" if row.table == "fuel" else "amount"):
        return ""
    if row.table in ("process_in", "process_out"):
        return f"{row.process}.{row.table.removeprefix('process_')}.{row.item}"
    return f"{row.table.removeprefix('line_')}.{row.item}"


def _total(total: Total, stated: Numbers, computed: Numbers) -> Decimal:
    if total.stated:
        return _sum(total.total, stated)
    whole = _whole(total, computed)
    if total.over:
        output = _sum(total.over, stated)
        return half_up(Fraction(whole) / Fraction(output), 4) if output else Decimal(0)
    return whole


def _whole(total: Total, computed: Numbers) -> Decimal:
    if total.apart:
        return sum((half_up(_sum((each,), computed), total.places) for each in total.total), Decimal(0))
    return half_up(_sum(total.total, computed) + max(Decimal(0), _sum(total.floored, computed)), total.places)


def _sum(patterns: tuple[str, ...], numbers: Numbers) -> Decimal:
    """As SUMIF adds up: a star at a pattern's end stands for any text."""
    found = Decimal(0)
    for pattern in patterns:
        start = pattern.removesuffix("*")
        matches = start != pattern
        found += sum(
            (value for key, value in numbers.items() if key == pattern or (matches and key.startswith(start))),
            Decimal(0),
        )
    return found
