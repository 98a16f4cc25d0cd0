"""The month's tables as the page shows them: the workbook's own sheets, rows and lists, with what stands or was typed in each cell."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from registry.values.bilingual import name_of
from reporting.correction.carrying import laid_over
from reporting.correction.month import Month
from reporting.correction.offers import Offer, Offers
from reporting.findings import Finding, Reason
from reporting.workbook import definition as d
from reporting.workbook.definition import Group, Item
from reporting.workbook.layout import Layout, Slot, lay_out
from reporting.workbook.reading.typed import Texts, column_of, names_of, shape_of

__all__ = ["Block", "Cell", "Row", "Sheet", "first_fault", "opened", "placed", "sheets_of"]

Faults = Mapping[str, list[Finding | Reason]]
"""Findings by the name of the cell in which they are shown."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that may be filled in. `text` stands in it, `base` is what the version says; they differ where something was typed."""

    name: str
    column: str
    text: str
    base: str
    faults: list[Finding | Reason]
    items: tuple[Item, ...] = ()
    hows: tuple[str, ...] = ()

    @property
    def is_faulty(self) -> bool:
        return any(finding.blocks for finding in self.faults)


@dataclass(frozen=True, slots=True)
class Row:
    """A datum; `number` counts the page's rows, `slot` is that of its slot's first row, where a fuel or material may be chosen."""

    number: int
    slot: int
    has_item: bool
    item: str
    label: str
    words: str
    measure: str
    is_date: bool
    cells: dict[str, Cell]
    computed: Decimal | None
    key: str = ""
    offer: Offer | None = None

    @property
    def faults(self) -> list[Finding | Reason]:
        return [finding for cell in self.cells.values() for finding in cell.faults]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that are opened together: of one fuel or material."""

    heading: str
    rows: list[Row]

    @property
    def is_first(self) -> bool:
        """Whether it is the page's first, whose headings name the cells of all."""
        return self.rows[0].number == 1

    @property
    def asked(self) -> int:
        return sum("value" in row.cells for row in self.rows)

    @property
    def filled(self) -> int:
        return sum(bool(row.cells["value"].text.strip()) for row in self.rows if "value" in row.cells)

    @property
    def faults(self) -> int:
        """How many things were found in it."""
        return sum(len(row.faults) for row in self.rows)

    @property
    def is_faulty(self) -> bool:
        return any(cell.is_faulty for row in self.rows for cell in row.cells.values())

    @property
    def is_touched(self) -> bool:
        """Whether it is worked on: something was found in it, or typed and not saved yet."""
        return self.faults > 0 or any(cell.text != cell.base for row in self.rows for cell in row.cells.values())


@dataclass(frozen=True, slots=True)
class Block(Section):
    """A heading with the rows below it; `line` is the code and name of the line that begins here, `line_name` of the one it belongs to."""

    words: str
    line: str
    line_name: str
    anchor: str

    @property
    def slots(self) -> list[Section]:
        """The fuels or materials one by one, by what was chosen."""
        return [
            Section(rows[0].item, rows)
            for rows in (list(rows) for _s, rows in groupby(self.rows, lambda row: row.slot))
        ]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet; `number` counts them from 1."""

    number: int
    name: str
    blocks: list[Block] = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Where each line begins, and its code and name."""
        return [(f"{block.anchor}-line", block.line) for block in self.blocks if block.line]


@dataclass(frozen=True, slots=True)
class _Filling:
    """What fills the cells."""

    month: Month
    texts: Texts
    faults: Faults
    computed: Mapping[str, Decimal]
    offers: Offers

    def cell(self, name: str, group: Group, hows: tuple[str, ...]) -> Cell:
        column = column_of(name)
        items = group.offered if column == "item" else ()
        ways = hows if column == "how" else ()
        base = self.month.texts.get(name, "")
        return Cell(name, column, self.texts.get(name, ""), base, self.faults.get(name, []), items, ways)


def sheets_of(
    month: Month, cells: Texts, faults: Faults, computed: Mapping[str, Decimal], offers: Offers
) -> list[Sheet]:
    """All tables of the month with `cells` typed over it."""
    texts = laid_over(month.texts, cells)
    filling = _Filling(month, texts, faults, computed, offers)
    shape = shape_of(month.form, len(month.codes), texts, month.texts)
    shown: list[Sheet] = []
    number = 0
    for layout in lay_out(month.form, shape):
        sheet = Sheet(len(shown) + 1, name_of(d.Words(layout.sheet.name, layout.sheet.en)))
        for block in _blocks(layout, filling, number):
            sheet.blocks.append(block)
            number += len(block.rows)
        shown.append(sheet)
    return shown


def _blocks(layout: Layout, filling: _Filling, number: int) -> Iterator[Block]:
    """A block for every group of every line, with its slots one below the other."""
    begun = 0
    for (line, _group), together in groupby(layout.slots, key=lambda slot: (slot.line, slot.group.key)):
        slots = list(together)
        rows = [row for slot in slots for row in _rows(slot, filling, number + 1 + (slot.row - slots[0].row))]
        number += len(rows)
        words = slots[0].group.words
        name = _line(filling.month, line) if line else ""
        begins = name if line != begun else ""
        yield Block(name_of(words), rows, words.text, begins, name, f"section-{rows[0].number}")
        begun = line


def _rows(slot: Slot, filling: _Filling, first: int) -> Iterator[Row]:
    has_item, item, code = bool(slot.group.items), "", ""
    for number, (_, key, datum) in enumerate(slot.rows(), start=first):
        names = names_of(slot.group, key, datum)
        cells = {column_of(name): filling.cell(name, slot.group, datum.hows) for name in names}
        if "item" in cells:
            code = cells["item"].text
            item = _item_of(slot.group, code)
        label, words = name_of(datum.words), datum.words.text
        computed = filling.computed.get(str(key))
        offer = filling.offers.of(slot.group, key, datum, code, filling.texts) if datum.hows else None
        is_date = datum.is_date
        yield Row(number, first, has_item, item, label, words, datum.measure, is_date, cells, computed, str(key), offer)


def _item_of(group: Group, code: str) -> str:
    """What stands in a slot, in the page's language."""
    return next((name_of(item.words) for item in group.items if item.code == code), code)


def _line(month: Month, number: int) -> str:
    line = month.spec.lines[number - 1]
    return f"{line.code} {line.name}".strip()


def placed(
    places: Mapping[tuple[str, str], str], findings: Iterable[Finding | Reason]
) -> tuple[Faults, list[Finding | Reason]]:
    """Findings by the cells of the page, and those that have no cell here. `places`: names by sheet and cell."""
    found: dict[str, list[Finding | Reason]] = {}
    left: list[Finding | Reason] = []
    for finding in findings:
        name = places.get((finding.sheet, finding.cell), "")
        (found.setdefault(name, []) if name else left).append(finding)
    return found, left


def first_fault(sheets: Iterable[Sheet]) -> str:
    """The name of the first cell that has to be corrected; "" if there is none."""
    cells = (cell for sheet in sheets for block in sheet.blocks for row in block.rows for cell in row.cells.values())
    return next((cell.name for cell in cells if cell.is_faulty), "")


def opened(sheets: Iterable[Sheet], others_touched: bool) -> str:
    """The anchor of the section to begin with where none is worked on yet; "" where one is."""
    blocks = [block for sheet in sheets for block in sheet.blocks]
    if others_touched or any(block.is_touched for block in blocks):
        return ""
    return next((block.anchor for block in blocks), "")
