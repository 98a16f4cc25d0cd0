"""What a plan is: which sectors and emission years it covers, and its dated, cited parameters."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from allocation import kept_shapes
from registry import law
from registry.values.bilingual import listed
from registry.values.sectors import Sector

STATUSES = ("draft", "final")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class PlanError(LookupError):
    """A plan that can't be used as asked; the message is for people."""


class UnknownPlanError(PlanError):
    def __init__(self, plan_id: str, known: Iterable[str]) -> None:
        message = _("There is no plan “%(plan)s”; the plans are %(known)s.")
        super().__init__(message % {"plan": plan_id, "known": listed(known)})


class NotCoveredError(PlanError):
    def __init__(self, plan: "Plan", what: str) -> None:
        super().__init__(_("The plan %(plan)s does not cover %(what)s.") % {"plan": plan.id, "what": what})


class NoPlanInForceError(PlanError):
    """No final plan is in force for the sector's year; `drafts` are those that could be simulated."""

    def __init__(self, sector: str, year: int, drafts: tuple["Plan", ...]) -> None:
        message = _("No final plan is in force for %(what)s.") % {"what": sector_year(sector, year)}
        if drafts:
            names = listed(plan.id for plan in drafts)
            message += " " + _("These drafts can be simulated: %(drafts)s.") % {"drafts": names}
        super().__init__(message)
        self.drafts = drafts


def sector_year(sector: str, year: int) -> str:
    """A sector's year in words."""
    return _("%(sector)s in %(year)d") % {"sector": dict(Sector.choices).get(sector, sector), "year": year}


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of an allocation plan. `zh` and `en` are its titles, `document` is how citations name it."""

    id: str
    version: str
    status: str
    zh: str
    en: str
    document: str
    sectors: tuple[str, ...]
    years: tuple[int, ...]
    parameters: law.Law

    @property
    def in_force(self) -> bool:
        """Whether quota may be issued from the plan; a draft is for simulation only."""
        return self.status == "final"

    def covers(self, sector: str, year: int) -> bool:
        return sector in self.sectors and year in self.years

    def for_year(self, year: int) -> "PlanYear":
        """The plan as it stands for one emission year; raises NotCoveredError."""
        if year not in self.years:
            raise NotCoveredError(self, str(year))
        return PlanYear(self, year)

    def value(self, name: str, year: int) -> law.DatedValue:
        """The parameter's value for the emission year, with its citation and whether it is assumed."""
        return self.for_year(year).value(name)

    def canonical(self) -> kept_shapes.Plan:
        """The whole plan as JSON-able data, numbers as text; what a run's manifest stores."""
        return {
            "plan": {
                "id": self.id,
                "version": self.version,
                "status": self.status,
                "zh": self.zh,
                "en": self.en,
                "document": self.document,
                "sectors": list(self.sectors),
                "years": list(self.years),
            },
            "parameters": {name: _written_parameter(parameter) for name, parameter in self.parameters.items()},
        }

    @classmethod
    def from_canonical(cls, content: kept_shapes.Plan) -> "Plan":
        """The plan that `canonical` wrote, so that a run can be repeated after the plan's file has changed."""
        parameters = {name: _read_parameter(each) for name, each in content["parameters"].items()}
        return cls.of(content["plan"], law.read(parameters, content["plan"]["id"]))

    @classmethod
    def of(cls, header: Mapping[str, Any], parameters: law.Law) -> "Plan":
        """A plan from its file's header and parameters; raises LawError on an incomplete or contradictory plan."""
        missing = {"id", "version", "status", "zh", "en", "document", "sectors", "years"} - header.keys()
        if missing:
            raise law.LawError(f"plan {header.get('id', '')}: without {', '.join(sorted(missing))}")
        if header["status"] not in STATUSES:
            raise law.LawError(f"plan {header['id']}: status must be one of {', '.join(STATUSES)}")
        return cls(
            **{key: header[key] for key in ("id", "version", "status", "zh", "en", "document")},
            sectors=tuple(header["sectors"]),
            years=tuple(header["years"]),
            parameters=parameters,
        )


@dataclass(frozen=True, slots=True)
class PlanYear:
    """A plan's values for one emission year: those in force on its 31 December."""

    plan: Plan
    year: int

    @property
    def last_day(self) -> dt.date:
        return dt.date(self.year, 12, 31)

    def find(self, name: str) -> law.DatedValue | None:
        """The parameter's value, or None where the plan says nothing on it for the year."""
        parameter = self.plan.parameters.get(name)
        try:
            return parameter.at(self.last_day) if parameter else None
        except law.NotInForceError:
            return None

    def value(self, name: str) -> law.DatedValue:
        """The parameter's value; raises NotCoveredError where the plan says nothing on it for the year."""
        if (found := self.find(name)) is None:
            raise NotCoveredError(self.plan, f"{name} ({self.year})")
        return found

    def number(self, name: str) -> Decimal:
        """The parameter's value as an exact number."""
        self.value(name)
        return self.plan.parameters[name].number(self.last_day)

    def text(self, name: str) -> str:
        """The parameter's value as one of the plan's own words, such as a method's name."""
        return str(self.value(name).value)

    def days(self, name: str) -> dt.date:
        """The parameter's value as a day."""
        value = self.value(name).value
        if not isinstance(value, dt.date):
            raise law.LawError(f"{self.plan.id}: {name} is not a day")
        return value

    def whole_numbers(self, name: str) -> tuple[int, ...]:
        """The parameter's value as whole numbers, such as the vintages that may settle the year."""
        value = self.value(name).value
        items = value if isinstance(value, tuple) else (value,)
        if not all(type(item) is int for item in items):
            raise law.LawError(f"{self.plan.id}: {name} is not a list of whole numbers")
        return tuple(int(str(item)) for item in items)

    def under(self, prefix: str) -> dict[str, law.Parameter]:
        """The plan's parameters below `prefix` that are in force for the year, by the rest of their id."""
        below = self.plan.parameters.under(prefix)
        return {rest: parameter for rest, parameter in below.items() if self.find(parameter.id)}


def _written_parameter(parameter: law.Parameter) -> dict[str, Any]:
    values = [
        {
            "value": [_written(item) for item in row.value] if isinstance(row.value, tuple) else _written(row.value),
            "since": row.since.isoformat(),
            "until": row.until.isoformat() if row.until else None,
            "cite": row.cite,
            "cite_zh": row.cite_zh,
            "confidence": row.confidence,
            "assumed": row.assumed,
        }
        for row in parameter.values
    ]
    return {**parameter.extra, "unit": parameter.unit, "zh": parameter.zh, "en": parameter.en, "values": values}


def _read_parameter(parameter: Mapping[str, Any]) -> dict[str, Any]:
    return {**parameter, "values": [{key: _read(item) for key, item in row.items()} for row in parameter["values"]]}


def _written(value: law.Scalar) -> str | int:
    return value if isinstance(value, bool | int) else str(value)


def _read(item: Any) -> Any:
    if isinstance(item, list):
        return [_read(member) for member in item]
    return dt.date.fromisoformat(item) if isinstance(item, str) and _DATE.fullmatch(item) else item
