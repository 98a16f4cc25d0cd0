"""What a form is made of. One definition per sector (sectors) is both written and read.

A sheet is a table with one datum a row. Every row has a key in its first column, which the reader goes by, so that rows may be
inserted or sorted: `group/slot/field`, and `L1/group/slot/field` for the first line's. A group's slots take one fuel, material or
nothing (`items` empty) each; the slot's item stands in the object column of its first row.

A register is a sheet of another kind: one record a row (a batch, a meter), one datum a column, as many rows as are needed.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from registry.values import sectors
from reporting.content import CALCULATED, DEFAULT, DESIGN, HOWS, MEASURED, NO, YES
from reporting.guidelines import Guideline

VERSION = "2026.2"
WITHOUT_REGISTERS = "2025.1"  # handed out before there were registers, and still read
UNMARKED = ("2025.1", "2025.2")  # handed out before own and purchased fuels were told apart, and still read
WITHOUT_REASONS = (*UNMARKED, "2026.1")  # handed out before reasons for warnings had a sheet, and still read

IDENTITY_SHEET, HELP_SHEET, LISTS_SHEET = "基本信息", "填写说明", "缺省值"


@dataclass(frozen=True, slots=True)
class Words:
    """A label in both languages; Chinese comes first."""

    zh: str
    en: str

    @property
    def text(self) -> str:
        return f"{self.zh} {self.en}"


HEADER = (
    Words("代码", "Code"),
    Words("对象", "Object"),
    Words("项目", "Item"),
    Words("计量单位", "Unit of measure"),
    Words("数值", "Value"),
    Words("获取方式", "How obtained"),
    Words("数据来源", "Source"),
    Words("支撑材料文件名", "Supporting file"),
    Words("备注", "Remarks"),
    Words("排放量（自动计算）", "Emissions (computed)"),
    Words("计量修正 %（自动计算）", "Meter penalty (computed)"),
    Words("方案保守估计值（缺失时用）", "Plan's estimate, if missing"),
)
KEY, OBJECT, LABEL, MEASURE, VALUE, HOW, SOURCE, EVIDENCE, REMARKS, COMPUTED, PENALTY, ESTIMATE = range(len(HEADER))

HOW_WORDS = {
    MEASURED: Words("实测值", "measured"),
    CALCULATED: Words("计算值", "calculated"),
    DESIGN: Words("设计值", "design"),
    DEFAULT: Words("缺省值", "default"),
}

SECTOR_WORDS = {sector.value: Words(sectors.of(sector).zh, sectors.of(sector).en) for sector in sectors.Sector}

IDENTITY = {
    "form": Words("表格版本", "Form version"),
    "sector": Words("行业", "Sector"),
    "period": Words("报告期", "Month or year"),
    "unit": Words("统一社会信用代码", "Unified social credit code"),
    "unit_name": Words("重点排放单位名称", "Key emission unit"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """A fuel or material that may stand in a slot; `own_made` fuels may be consumed in the negative. What isn't `offered` any more is
    known by its name, for the workbooks of earlier forms."""

    code: str
    words: Words
    own_made: bool = False
    offered: bool = True


@dataclass(frozen=True, slots=True)
class Field:
    """One datum of a slot: its label, unit of measure, decimals, and the ways in which it may be obtained (none: it isn't asked)."""

    name: str
    words: Words
    measure: str
    places: int
    hows: tuple[str, ...] = HOWS
    preset_how: str = MEASURED
    may_be_negative: bool = False  # of an item that is own_made
    is_date: bool = False


@dataclass(frozen=True)
class Group:
    """Slots of one kind. `amount` is the field beside which the emissions are computed, by `equation` ("" for none); `is_output`: what is
    made counts by its meters, though nothing is computed beside it. `metered` are the fields that have meters of their own."""

    key: str
    table: str
    words: Words
    fields: tuple[Field, ...]
    process: str = ""
    items: tuple[Item, ...] = ()
    presets: tuple[str, ...] = ()
    slots: int = 1
    equation: str = ""
    amount: str = "amount"
    is_output: bool = False
    metered: tuple[str, ...] = ("amount",)

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def item(self, text: str) -> Item | None:
        """The item that `text` names, in either language or both."""
        return item_named(self.items, text)

    @cached_property
    def offered(self) -> tuple[Item, ...]:
        """What may be chosen."""
        return tuple(item for item in self.items if item.offered)

    def words_of(self, code: str) -> Words:
        return next(item.words for item in self.items if item.code == code)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of data: the unit's own groups, then the groups that every line has."""

    name: str
    en: str
    unit_groups: tuple[Group, ...] = ()
    line_groups: tuple[Group, ...] = ()


# What the cells of a register's column hold: the record's item, line or own number, what a meter measures; or a datum.
ITEM, LINE, PART, TARGET, NUMBER, DAY, TEXT, ANSWER, FILE = (
    "item",
    "line",
    "part",
    "target",
    "number",
    "day",
    "text",
    "answer",
    "file",
)

ANSWERS = {YES: Words("是", "yes"), NO: Words("否", "no")}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a register; a FILE column names the supporting file of the datum `name`. Numbers have a unit of measure."""

    name: str
    words: Words
    kind: str
    width: int
    places: int = 0
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A quantity that a meter may measure; `code` is table/process/name, `items` what it may be a quantity of. `may_be_whole`: no item
    need be named, since one of its groups has none (pig iron among what ironmaking makes).
    """

    code: str
    words: Words
    each_line: bool
    items: tuple[Item, ...] = ()
    may_be_whole: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """A sheet of records."""

    table: str
    name: str
    en: str
    hint: Words
    columns: tuple[Column, ...]
    items: tuple[Item, ...] = ()
    targets: tuple[Target, ...] = ()
    rows: int = 24  # as many are prepared; more may follow

    def target(self, text: str) -> Target | None:
        """The quantity that `text` names, in either language or both."""
        return next((target for target in self.targets if normal(text) in _names(target.words)), None)

    def target_of(self, code: str) -> Target | None:
        return next((target for target in self.targets if target.code == code), None)


NUMBERING = Words("序号", "No.")
"""The heading of a register's first column, by which the header is found."""


@dataclass(frozen=True)
class Form:
    """A sector's workbook under one guideline."""

    sector: str
    guideline: Guideline
    sheets: tuple[Sheet, ...]
    summary_sheet: str
    line_words: Words
    registers: tuple[Register, ...] = ()

    @cached_property
    def unmarked(self) -> tuple[Item, ...]:
        """Fuels by the names that they had before own and purchased were told apart."""
        items = (item for group, _ in self.groups.values() for item in group.items)
        return tuple(dict.fromkeys(item for item in items if not item.offered))

    @cached_property
    def groups(self) -> Mapping[str, tuple[Group, bool]]:
        """Every group by key, with whether each line has it."""
        found: dict[str, tuple[Group, bool]] = {}
        for sheet in self.sheets:
            found |= {group.key: (group, False) for group in sheet.unit_groups}
            found |= {group.key: (group, True) for group in sheet.line_groups}
        return found


@dataclass(frozen=True, slots=True)
class Key:
    """A row's key taken apart; `line` is the line's number from 1, 0 for the unit's own rows; group "line" is a line's heading."""

    line: int
    group: str
    slot: int
    field: str

    def __str__(self) -> str:
        prefix = f"L{self.line}/" if self.line else ""
        return f"{prefix}line" if self.group == "line" else f"{prefix}{self.group}/{self.slot}/{self.field}"

    @classmethod
    def parse(cls, text: str) -> "Key | None":
        """The key that `text` spells, or None."""
        parts = text.split("/")
        line = _number(parts[0].removeprefix("L")) if parts[0].startswith("L") else 0
        if line is None:
            return None
        rest = parts[1:] if line else parts
        if rest == ["line"] and line:
            return cls(line, "line", 1, "")
        slot = _number(rest[1]) if len(rest) == 3 else None
        return cls(line, rest[0], slot, rest[2]) if slot else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 and text[0] != "0" else None


def normal(text: str) -> str:
    """Text as it is compared: width, case and spaces don't matter."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def item_named(items: tuple[Item, ...], text: str) -> Item | None:
    """The one of `items` that `text` names, in either language or both."""
    return _named_items(items).get(normal(text))


_ITEMS: dict[tuple[Item, ...], dict[str, Item]] = {}


def _named_items(items: tuple[Item, ...]) -> Mapping[str, Item]:
    if items not in _ITEMS:
        _ITEMS[items] = {name: item for item in items for name in _names(item.words)}
    return _ITEMS[items]


def _names(words: Words) -> Iterator[str]:
    yield from (normal(words.zh), normal(words.en), normal(words.text))


HOWS_BY_NAME = {name: how for how, words in HOW_WORDS.items() for name in _names(words)}
ANSWERS_BY_NAME = {name: answer for answer, words in ANSWERS.items() for name in _names(words)}
SECTORS_BY_NAME = {name: sector for sector, words in SECTOR_WORDS.items() for name in (*_names(words), sector)}
