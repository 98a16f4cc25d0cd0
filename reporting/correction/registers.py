"""The registers of tests and meters as the page shows them: a record a row, a field in every cell, and rows to spare for more."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from registry.values.bilingual import name_of
from reporting.correction.carrying import laid_over
from reporting.correction.month import Month
from reporting.findings import Finding, Reason
from reporting.workbook import definition as d
from reporting.workbook.definition import Register
from reporting.workbook.reading.typed import Texts
from reporting.workbook.reading.typed_records import MOST, columns, items_of, last, named
from reporting.workbook.writing.records import COMPUTED

__all__ = ["Column", "Field", "Record", "RegisterSheet", "first_faulty", "registers_of"]

SPARE = 3
"""Empty rows below the last record; with a script more can be added."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `choices` are the codes and words of its list, none where anything may be typed."""

    name: str
    heading: str
    is_number: bool
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A cell. `text` stands in it, `base` is what the version says."""

    name: str
    text: str
    base: str
    faults: list[Finding | Reason]

    @property
    def is_faulty(self) -> bool:
        return any(finding.blocks for finding in self.faults)


@dataclass(frozen=True, slots=True)
class Record:
    """A row; `computed` is what the version's accounts made of it."""

    key: str
    number: int
    fields: list[Field]
    computed: Decimal | None

    @property
    def faults(self) -> list[Finding | Reason]:
        return [finding for field in self.fields for finding in field.faults]


@dataclass(frozen=True, slots=True)
class RegisterSheet:
    """A register; `most` is the number of records that it can hold."""

    table: str
    name: str
    hint: str
    computed: str
    columns: list[Column]
    records: list[Record]
    most: int = MOST

    @property
    def filled(self) -> int:
        return sum(any(field.text.strip() for field in record.fields) for record in self.records)

    @property
    def is_touched(self) -> bool:
        """Whether something was found in it, or typed and not saved yet."""
        fields = [field for record in self.records for field in record.fields]
        return any(field.faults or field.text != field.base for field in fields)


def registers_of(
    month: Month, cells: Texts, faults: Mapping[str, list[Finding | Reason]], computed: Mapping[str, Decimal]
) -> list[RegisterSheet]:
    """The month's registers with `cells` typed over them."""
    texts = laid_over(month.texts, cells)
    return [_sheet(month, register, texts, faults, computed) for register in month.form.registers]


def _sheet(
    month: Month,
    register: Register,
    texts: Texts,
    faults: Mapping[str, list[Finding | Reason]],
    computed: Mapping[str, Decimal],
) -> RegisterSheet:
    shown = min(last(register.table, texts, month.texts) + SPARE, MOST)
    records = []
    for number in range(1, shown + 1):
        names = [named(register.table, number, column) for column in columns(register)]
        fields = [Field(name, texts.get(name, ""), month.texts.get(name, ""), faults.get(name, [])) for name in names]
        key = f"{register.table}/{number}"
        records.append(Record(key, number, fields, computed.get(key)))
    heads = list(_columns(month, register))
    name, last_column = d.Words(register.name, register.en), COMPUTED[register.table]
    return RegisterSheet(register.table, name_of(name), name_of(register.hint), name_of(last_column), heads, records)


def _columns(month: Month, register: Register) -> Iterator[Column]:
    for name, (_, column) in columns(register).items():
        choices: tuple[tuple[str, str], ...] = ()
        if column.kind == d.TARGET:
            choices = tuple((target.code, name_of(target.words)) for target in register.targets)
        elif column.kind == d.ITEM:
            choices = tuple((item.code, name_of(item.words)) for item in items_of(register))
        elif column.kind == d.ANSWER:
            choices = tuple((code, name_of(words)) for code, words in d.ANSWERS.items())
        elif column.kind == d.LINE:
            choices = tuple((code, code) for code in month.codes)
        yield Column(name, _heading(column), column.kind == d.NUMBER, choices)


def _heading(column: d.Column) -> str:
    """With the unit of measure, which the Chinese words have already."""
    heading = name_of(column.words)
    return heading if column.measure.split(",")[0] in heading else f"{heading}, {column.measure}"


def first_faulty(sheets: Iterable[RegisterSheet]) -> str:
    """The name of the first cell that has to be corrected; "" if there is none."""
    fields = (field for sheet in sheets for record in sheet.records for field in record.fields)
    return next((field.name for field in fields if field.is_faulty), "")
