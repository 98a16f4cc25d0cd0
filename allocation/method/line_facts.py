"""What determination is told about a line, and how it says that a line can't be determined."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from allocation import kept_shapes


@dataclass(frozen=True, slots=True)
class LineInput:
    """A line's verified year.

    `emissions` are the verified emissions E in whole tonnes (tCO2e). `main_emissions` over `output` is the intensity: of steel
    ironmaking + sintering emissions over ironmaking output, of cement and aluminium the line's own. Both are in tonnes, exact, and
    None where they are not known. `carbide_slag_rate` is a fraction. `unit_emissions` are the verified emissions of the line's whole
    unit; None means that the line is its own unit.
    """

    line: str
    emissions: int
    main_emissions: Decimal | None = None
    output: Decimal | None = None
    kind: str = ""
    carbide_slag_rate: Decimal | None = None
    commissioned: dt.date | None = None
    closed: dt.date | None = None
    unit: str = ""
    unit_emissions: int | None = None

    def canonical(self) -> kept_shapes.Line:
        """The line as JSON-able data, exact numbers as text: what a run's manifest stores."""
        return {
            "line": self.line,
            "emissions": self.emissions,
            "main_emissions": _text(self.main_emissions),
            "output": _text(self.output),
            "kind": self.kind,
            "carbide_slag_rate": _text(self.carbide_slag_rate),
            "commissioned": self.commissioned.isoformat() if self.commissioned else None,
            "closed": self.closed.isoformat() if self.closed else None,
            "unit": self.unit,
            "unit_emissions": self.unit_emissions,
        }

    @classmethod
    def from_canonical(cls, content: kept_shapes.Line) -> "LineInput":
        """The line that `canonical` wrote; what else stands beside it is left aside."""
        return cls(
            line=content["line"],
            emissions=content["emissions"],
            main_emissions=_number(content["main_emissions"]),
            output=_number(content["output"]),
            kind=content["kind"],
            carbide_slag_rate=_number(content["carbide_slag_rate"]),
            commissioned=_day(content["commissioned"]),
            closed=_day(content["closed"]),
            unit=content["unit"],
            unit_emissions=content.get("unit_emissions"),
        )


@dataclass(frozen=True, slots=True)
class LineFault:
    """Why a line can't be determined: its place in the list (from 0), its code, the field at fault, and a message for people."""

    index: int
    line: str
    field: str
    message: str


class UnusableLineError(ValueError):
    """One field of one line that a rule needs and can't use."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class UnusableLinesError(ValueError):
    """Lines that can't be determined, all of them at once."""

    def __init__(self, faults: Sequence[LineFault]) -> None:
        super().__init__("\n".join(f"{fault.line}: {fault.field}: {fault.message}" for fault in faults))
        self.faults = tuple(faults)


def with_unit_totals(lines: Iterable[LineInput]) -> list[LineInput]:
    """The lines, each knowing the verified emissions of its whole unit among them; a line without a unit is its own."""
    lines = list(lines)
    totals: dict[str, int] = {}
    for line in lines:
        totals[line.unit] = totals.get(line.unit, 0) + line.emissions
    whole = [totals[line.unit] if line.unit else line.emissions for line in lines]
    return [
        line if line.unit_emissions == total else replace(line, unit_emissions=total)
        for line, total in zip(lines, whole, strict=True)
    ]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
