"""Law as dated data: every number of the rules stands in a TOML file beside its source, and is asked for by day.

A file is a list of parameters, each with one or more dated values:

    source = "CETS—AG—03.01—V01—2024"           # default citation of the file's values
    source_zh = "CETS—AG—03.01—V01—2024"        # and the same for Chinese readers

    [steel.coke.ncv]                             # the parameter's id is its path: "steel.coke.ncv"
    unit = "GJ/t"
    zh = "焦炭低位发热量"
    en = "net calorific value of coke"
    values = [{ value = "28.435", since = 2024-01-01, cite = "CETS—AG—03.01—V01—2024, table A.1",
                cite_zh = "CETS—AG—03.01—V01—2024，表A.1", confidence = "H" }]

`value` is text (read as an exact Decimal), an integer, a date, a boolean, or a list of these; a TOML float is refused, because it
is already rounded. `until` is the last day in force; without it the value is in force until further notice.
`assumed = true` marks what no source states; pages that use the value show the mark.
`editable = true` marks a parameter that the ministry may change at run time, within `least` and `most`; `whole = true` asks for whole
numbers. `Law.with_changes` lays such changes over a file.
"""

import datetime as dt
import itertools
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

Scalar = Decimal | int | str | bool | dt.date
CONFIDENCES = ("H", "M", "L")
Source = tuple[str, str]  # a citation in English and in Chinese


class LawError(Exception):
    """A law file that can't be used; the message names the file and the parameter."""


class NotInForceError(LookupError):
    """Nothing is in force for the parameter on that day."""

    def __init__(self, parameter: str, day: dt.date) -> None:
        super().__init__(f"{parameter}: nothing in force on {day.isoformat()}")
        self.parameter = parameter
        self.day = day


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value of a parameter and why it is what it is; `change` is the key of the change that set it, None for the file's own."""

    value: Scalar | tuple[Scalar, ...]
    since: dt.date
    until: dt.date | None
    cite: str
    confidence: str
    assumed: bool = False
    cite_zh: str = ""
    change: int | None = None

    def in_force(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named number of the law, with all the values it has had."""

    id: str
    unit: str
    zh: str
    en: str
    values: tuple[DatedValue, ...]
    extra: Mapping[str, Any] = field(default_factory=dict)

    def at(self, day: dt.date) -> DatedValue:
        """The value in force on `day`; raises NotInForceError when there is none."""
        for dated in self.values:
            if dated.in_force(day):
                return dated
        raise NotInForceError(self.id, day)

    def number(self, day: dt.date) -> Decimal:
        """The value in force on `day` as an exact Decimal."""
        value = self.at(day).value
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            raise LawError(f"{self.id}: {value!r} is not a number")
        return Decimal(value)

    def with_value(self, changed: DatedValue) -> "Parameter":
        """The parameter with a value laid over its own: from its first day until the next value begins."""
        kept = (row for row in self.values if row.since != changed.since)
        rows = sorted((*kept, changed), key=lambda row: row.since)
        ends = [later.since - dt.timedelta(days=1) for later in rows[1:]]
        cut = [replace(row, until=min(row.until or end, end)) for row, end in zip(rows, ends, strict=False)]
        return replace(self, values=(*cut, rows[-1]))


class Law(Mapping[str, Parameter]):
    """The parameters of one or more files, by id."""

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self._parameters = dict(parameters)

    def __getitem__(self, key: str) -> Parameter:
        return self._parameters[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    def with_changes(self, changes: Iterable[tuple[str, DatedValue]]) -> "Law":
        """This law with dated values laid over it, by the parameters' ids, the later decided ones last; unknown ids are passed over."""
        parameters = dict(self._parameters)
        for name, changed in changes:
            if name in parameters:
                parameters[name] = parameters[name].with_value(changed)
        return Law(parameters)

    def under(self, prefix: str) -> dict[str, Parameter]:
        """The parameters below `prefix`, in the file's order, by the rest of their id."""
        start = prefix + "."
        return {key[len(start) :]: parameter for key, parameter in self._parameters.items() if key.startswith(start)}


def load(*paths: Path) -> Law:
    """Read law files; raises LawError on a value without citation, date or exact type, or on values that overlap in time."""
    parameters: dict[str, Parameter] = {}
    for path in paths:
        with path.open("rb") as file:
            document = tomllib.load(file)
        for parameter in read(document, path.name).values():
            if parameter.id in parameters:
                raise LawError(f"{path.name}: {parameter.id} is defined twice")
            parameters[parameter.id] = parameter
    return Law(parameters)


def read(document: Mapping[str, Any], name: str) -> Law:
    """The parameters of a parsed law document, for files with a header of their own; `name` is what errors call it."""
    tables = {key: node for key, node in document.items() if key not in ("source", "source_zh")}
    source = (document.get("source", ""), document.get("source_zh", ""))
    return Law({parameter.id: parameter for parameter in _walk(tables, (), source, name)})


def _walk(node: Mapping[str, Any], trail: tuple[str, ...], source: Source, file: str) -> Iterator[Parameter]:
    if "values" in node:
        yield _parameter(node, ".".join(trail), source, file)
        return
    for key, child in node.items():
        if not isinstance(child, Mapping):
            raise LawError(f"{file}: {'.'.join((*trail, key))} is neither a table nor a parameter with values")
        yield from _walk(child, (*trail, key), source, file)


def _parameter(node: Mapping[str, Any], name: str, source: Source, file: str) -> Parameter:
    where = f"{file}: {name}"
    values = tuple(sorted((_dated(row, source, where) for row in node["values"]), key=lambda row: row.since))
    if not values:
        raise LawError(f"{where} has no value")
    for earlier, later in itertools.pairwise(values):
        if earlier.until is None or earlier.until >= later.since:
            raise LawError(f"{where}: the value since {later.since} begins before the one before it ends")
    known = {"values", "unit", "zh", "en"}
    return Parameter(
        id=name,
        unit=node.get("unit", ""),
        zh=node.get("zh", ""),
        en=node.get("en", ""),
        values=values,
        extra={key: value for key, value in node.items() if key not in known},
    )


def _dated(row: Mapping[str, Any], source: Source, where: str) -> DatedValue:
    cite, cite_zh = (row["cite"], row.get("cite_zh", "")) if "cite" in row else source
    if not str(cite).strip() or not str(cite_zh).strip():
        raise LawError(f"{where}: a value without a citation in both languages")
    if row.get("confidence") not in CONFIDENCES:
        raise LawError(f"{where}: confidence must be one of {', '.join(CONFIDENCES)}")
    since, until = row.get("since"), row.get("until")
    if type(since) is not dt.date or (until is not None and type(until) is not dt.date):
        raise LawError(f"{where}: since and until must be dates")
    raw = row.get("value")
    value = tuple(_exact(item, where) for item in raw) if isinstance(raw, list) else _exact(raw, where)
    return DatedValue(value, since, until, cite, row["confidence"], bool(row.get("assumed", False)), cite_zh)


def _exact(raw: Any, where: str) -> Scalar:
    if isinstance(raw, float) or raw is None:
        raise LawError(f"{where}: {raw!r} is not exact; write numbers as text or integers")
    if isinstance(raw, str):
        try:
            return Decimal(raw)
        except InvalidOperation:
            return raw
    if isinstance(raw, bool | int) or type(raw) is dt.date:
        return raw
    raise LawError(f"{where}: {raw!r} is of no kind that a law value can have")
