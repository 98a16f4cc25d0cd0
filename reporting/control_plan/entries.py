"""A control plan's content, free of files and databases: for every parameter how it is obtained, and what stands in when it is missing.

Everything is text as it was typed: a draft may hold anything, and `validation.faults` says what is wrong with it. Dates are written
YYYY-MM-DD, accuracies in %, intervals in months, estimates in the parameter's own unit of measure.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from reporting.content import HOWS
from reporting.guidelines import kind_of
from reporting.workbook.definition import Words

UNUSED = "unused"
"""How a parameter is obtained that the unit has no use for: a gas that it doesn't burn."""

WAYS = (*HOWS, UNUSED)
CONTINUOUS, SHIFT, DAY, BATCH, MONTH = FREQUENCIES = ("continuous", "shift", "day", "batch", "month")


class Place(NamedTuple):
    """Which parameter: the workbook's group and field, the line's code ("" for the whole unit), and the one fuel or material of the
    group, "" for all that have no entry of their own."""

    group: str
    line: str
    item: str
    name: str

    @property
    def key(self) -> str:
        """The place as one text, the same in forms, remarks and stored plans."""
        return "/".join(self)

    @property
    def general(self) -> "Place":
        """The place of the whole group."""
        return self._replace(item="")

    @property
    def unmarked(self) -> "Place":
        """The place of the fuel whatever its origin, as plans knew it before own and purchased were told apart."""
        return self._replace(item=kind_of(self.item))


@dataclass(frozen=True, slots=True)
class Entry:
    """What the plan fixes for one parameter; `certificate` is the number of its meters' certificate, `certificate_file` its file
    ("sha256 name"); `estimate` is the conservative value that stands for a missing one, `fallback` its words."""

    how: str = ""
    source: str = ""
    meter: str = ""
    number: str = ""
    site: str = ""
    accuracy: str = ""
    interval: str = ""
    calibrated: str = ""
    certificate: str = ""
    certificate_file: str = ""
    laboratory: str = ""
    accredited: str = ""
    frequency: str = ""
    fallback: str = ""
    estimate: str = ""

    @property
    def meters(self) -> tuple[str, ...]:
        """The numbers of its meters; several are separated by 、 , or ;."""
        return tuple(part.strip() for part in _separated(self.number).split(",") if part.strip())

    @property
    def value(self) -> Decimal | None:
        """The conservative estimate, where it is a number."""
        return Decimal(self.estimate) if self.estimate else None

    def as_json(self) -> dict[str, str]:
        """What was left empty is left out."""
        return {name: text for name, text in asdict(self).items() if text}


CERTIFICATE_FILE = "certificate_file"
"""Never typed: it names a file that came in beside the value."""


def file_of(entry: Entry) -> tuple[str, str] | None:
    """sha256 and name of the file of its meters' certificate."""
    sha256, _sep, name = entry.certificate_file.partition(" ")
    return (sha256, name) if name else None


ENTRY_FIELDS = tuple(each.name for each in fields(Entry))


def _separated(text: str) -> str:
    for sign in "、，;；":
        text = text.replace(sign, ",")
    return text


@dataclass(frozen=True, slots=True)
class Plan:
    """A unit's plan for a year and sector; `lines` are the codes of the lines that it is about.

    Of a plan in force `version` is its number, `since` its first day and `until` its last, None where none follows; they are no part of
    what it says.
    """

    sector: str
    year: int
    unit: str
    lines: tuple[str, ...] = ()
    entries: Mapping[Place, Entry] = field(default_factory=lambda: MappingProxyType({}))
    version: int = field(default=0, compare=False)
    since: dt.date | None = field(default=None, compare=False)
    until: dt.date | None = field(default=None, compare=False)

    @property
    def words(self) -> Words:
        """What a version of it is called."""
        return Words(
            f"数据质量控制方案{self.year}年第{self.version}版", f"control plan {self.year}, version {self.version}"
        )

    def entry(self, place: Place) -> Entry | None:
        """What the plan says of a parameter: of the one fuel or material, else of its whole group."""
        return self.entries.get(self.own(place))

    def own(self, place: Place) -> Place:
        """The place of the row that speaks of a parameter."""
        return next((each for each in (place, place.unmarked) if each in self.entries), place.general)

    def as_json(self) -> dict[str, Any]:
        """Plain data for canonical JSON; `from_json` gives the same plan back."""
        return {
            "sector": self.sector,
            "year": self.year,
            "unit": self.unit,
            "lines": list(self.lines),
            "entries": [{"place": list(place), **entry.as_json()} for place, entry in sorted(self.entries.items())],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Plan":
        entries = {}
        for row in stored["entries"]:
            texts = {name: text for name, text in row.items() if name != "place"}
            entries[Place(*row["place"])] = Entry(**texts)
        return cls(stored["sector"], stored["year"], stored["unit"], tuple(stored["lines"]), entries)
