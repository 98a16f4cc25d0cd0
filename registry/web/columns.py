"""The columns that lists are made of: each has a face for people and a value for programs (`registry.web.export`).

What is exported is named as on the page, unless `exported_as` says it more exactly; with `visible=False` a column is only exported.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import django_tables2 as tables
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django_tables2.columns import BoundColumn

from registry import access
from registry.law import calendar
from registry.law.calendar import as_term
from registry.models import Line, Unit
from registry.permissions import Act
from registry.templatetags.components import badge
from registry.values import figures
from registry.values.exact import half_up

__all__ = [
    "CODE",
    "NUMBER",
    "TIGHT",
    "WRAP",
    "ChangeColumn",
    "Column",
    "DayColumn",
    "FigureColumn",
    "InstantColumn",
    "LateColumn",
    "LineColumn",
    "PageColumn",
    "PercentColumn",
    "QuantityColumn",
    "StateColumn",
    "TermColumn",
    "TonnesColumn",
    "UnitColumn",
    "YearColumn",
]

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
TIGHT = {"th": {"class": "tight"}, "td": {"class": "tight"}}
CODE = {"td": {"class": "code"}}
WRAP = {"td": {"class": "wrap"}}

Total = Callable[[Mapping[str, int]], int]
Instead = Callable[[Any], tuple[str | Promise, str] | None]


class Column(tables.Column):
    """Text as it is."""

    attrs_of_kind: Mapping[str, Any] = {}

    def __init__(
        self, *args: Any, exported_as: str | Promise = "", page: str = "", key: str = "pk", **kwargs: Any
    ) -> None:
        """`page` is the address of the row's own page, where this column leads there."""
        kwargs.setdefault("attrs", self.attrs_of_kind)
        if page:
            kwargs["linkify"] = (page, {"pk": tables.A(key)})
        super().__init__(*args, **kwargs)
        self.exported_as = exported_as

    def value(self, value: Any) -> Any:
        return value


class PageColumn(Column):
    """What a row is called, leading to its page."""

    def __init__(self, page: str, *args: Any, key: str = "pk", **kwargs: Any) -> None:
        super().__init__(*args, page=page, key=key, **kwargs)

    def value(self, value: Any) -> str:
        return str(value)


class _PersonalColumn(Column):
    """Something named in rows of other things, leading to its page for those who may open that; to everybody else it is a name.

    `of` is where a row keeps it, where that isn't what the column shows ("" where it is the row itself). The table takes the reader from
    the page that it is rendered on (registry/templatetags/lean.py); rendered on none, it leads nowhere.
    """

    page: str
    model: type[Model]

    def __init__(self, *args: Any, of: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, linkify=self._address, **kwargs)
        self._of = of

    def _address(self, record: Any, bound_column: BoundColumn, table: tables.Table) -> str | None:
        accessor = bound_column.accessor if self._of is None else self._of
        found = tables.A(accessor).resolve(record, quiet=True) if accessor else record
        person = getattr(getattr(table, "request", None), "user", None)
        if (
            not isinstance(found, self.model)
            or person is None
            or not self._opens(table, person)(_unit_of(record, found))
        ):
            return None
        return self._pages(table).format(found.pk)

    def _opens(self, table: tables.Table, person: Any) -> Callable[[Any], bool]:
        """Asked row by row, and kept with the table: a body's units are looked up once."""
        found: Callable[[Any], bool] = vars(table).setdefault("opened", access.reach(person, Act.VIEW_UNIT, Unit))
        return found

    def _pages(self, table: tables.Table) -> str:
        """The address with a place for the key: one reverse for a table, not one a row."""
        kept = vars(table).setdefault("addresses", {})
        if self.page not in kept:
            kept[self.page] = reverse(self.page, args=[0]).replace("0", "{}")
        return str(kept[self.page])

    def value(self, value: Any) -> str:
        return str(value)


class UnitColumn(_PersonalColumn):
    """A unit's name, leading to the unit's page."""

    page, model = "registry:unit", Unit


class LineColumn(_PersonalColumn):
    """A line, leading to its page. Rows have the line's unit at hand, as their own or as the line's."""

    page, model = "registry:line", Line


def _unit_of(record: Any, named: Any) -> Any:
    """The unit on which it depends who may open what the row names."""
    if isinstance(named, Unit):
        return named
    own = getattr(record, "unit", None)
    return own if isinstance(own, Unit) else named.unit


class FigureColumn(Column):
    """A number, right-aligned, as `face` writes it; at the foot what `total` names, or makes, of the sums in the table's `totals`, or
    with `summed` the sum of all rows (`registry.web.listing`)."""

    attrs_of_kind = NUMBER

    def __init__(
        self, *args: Any, face: Callable[[Any], str], total: str | Total = "", summed: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._face = face
        self.summed = summed
        if total:
            of = total if callable(total) else lambda sums: sums.get(total, 0)
            self._footer = lambda table: face(of(table.totals))

    def stand_at_foot(self, value: Any) -> None:
        """Show the sum of all rows below them."""
        self._footer = lambda table: self._face(value)  # noqa: ARG005  (the name by which it is given)

    def render(self, value: Any) -> str:
        return self._face(value)

    def value(self, value: Any) -> Any:
        return value


class TonnesColumn(FigureColumn):
    """Whole tonnes, or a plain count."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, face=figures.tonnes, **kwargs)


class ChangeColumn(FigureColumn):
    """Whole tonnes that something changes by, with their sign."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, face=figures.change, **kwargs)


class QuantityColumn(FigureColumn):
    """A quantity rounded to `places`; without them with every decimal it has."""

    def __init__(self, *args: Any, places: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, face=lambda value: figures.quantity(value, places), **kwargs)


class PercentColumn(FigureColumn):
    """A fraction as a percentage; programs get it in percent, too, with two decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, face=figures.percent, **kwargs)

    def value(self, value: Any) -> Any:
        return half_up(value * 100, 2)


class YearColumn(Column):
    """A year, which no language groups."""

    attrs_of_kind = TIGHT

    def render(self, value: int) -> str:
        return str(value)

    def value(self, value: int) -> int:
        return value


class DayColumn(Column):
    """A day or the day of an instant, as narrow as can be."""

    attrs_of_kind = TIGHT

    def render(self, value: Any) -> str:
        return figures.day(value)

    def value(self, value: dt.date) -> str:
        return (calendar.local_day(value) if isinstance(value, dt.datetime) else value).isoformat()


class TermColumn(DayColumn):
    """The end of a term of working days, with a word where it can only be the latest day."""

    def render(self, value: Any) -> str:
        return figures.day(as_term(value))


class InstantColumn(DayColumn):
    """An instant, to the minute; programs get it in Beijing time with its offset."""

    def value(self, value: dt.datetime) -> str:  # type: ignore[override]
        return timezone.localtime(value).isoformat(timespec="seconds")

    def render(self, value: dt.datetime) -> str:
        return figures.instant(value)


class LateColumn(InstantColumn):
    """The instant at which something came in, marked where its row says `late`."""

    def render(self, value: dt.datetime, record: Any) -> str | SafeString:  # type: ignore[override]
        said = figures.instant(value)
        return badge(gettext("%(instant)s, late") % {"instant": said}, "warn") if record.late else said


class StateColumn(Column):
    """A state in its tone; `instead` may know a better word for a row, with a tone of its own."""

    def __init__(self, tones: Mapping[Any, str], *args: Any, instead: Instead | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._tones = tones
        self._instead = instead

    def render(self, value: Any, record: Any, bound_column: BoundColumn) -> SafeString:
        better = self._instead(record) if self._instead else None
        word, tone = better or (value, self._tones.get(bound_column.accessor.resolve(record), "neutral"))
        return badge(word, tone)

    def value(self, value: Any, record: Any) -> str:  # type: ignore[override]
        better = self._instead(record) if self._instead else None
        return str(better[0] if better else value)
