"""The words in which others talk to the workbook: what a blank shall hold, what is expected of a file, what was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from reporting.content import Content, Row
from reporting.findings import Explained, Finding


@dataclass(frozen=True, slots=True)
class LineSpec:
    """A line that the blank has a place for; `kind` is the registry's kind of line ("", "white", "carbide_slag"...)."""

    code: str
    name: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class BlankSpec:
    """For whom and when; `period` is "2025-07" or "2024". A steel unit has one line, its works.

    `opening_stocks` are last month's closing stocks by item (`content.closing_stocks`), `meters` what it said of meters. `estimates` are
    what the control plan fixed for missing values, by group, line's code, item and field: a number, or words where none holds for the
    whole period; `plan` says of which plan, `hows` by the same places how the plan obtains what is measured or computed.
    `warnings` are what the sheet of reasons lists.
    """

    sector: str
    period: str
    unit_code: str
    unit_name: str
    lines: tuple[LineSpec, ...]
    opening_stocks: Mapping[str, Decimal] = field(default_factory=dict)
    meters: tuple[Row, ...] = ()
    estimates: Mapping[tuple[str, str, str, str], Decimal | str] = field(default_factory=dict)
    plan: str = ""
    hows: Mapping[tuple[str, str, str, str], str] = field(default_factory=dict)
    warnings: tuple[Explained, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What the reader shall find on the identity sheet; an empty text expects nothing."""

    sector: str = ""
    period: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask of the machine."""

    file_bytes: int = 10 * 1024 * 1024
    unpacked_bytes: int = 64 * 1024 * 1024
    entries: int = 300
    ratio: int = 250  # unpacked to packed, of an entry above one megabyte
    rows: int = 5_000
    columns: int = 100
    cells: int = 100_000
    text_bytes: int = 128 * 1024 * 1024  # longest shared text times the cells that may repeat it


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave; `content` is None when it can't be read at all, and the findings say why. `reasons` are for warnings, as its
    clerk foresaw or was told them."""

    sector: str
    period: str
    unit: str
    content: Content | None
    findings: list[Finding]
    reasons: tuple[Explained, ...] = ()
