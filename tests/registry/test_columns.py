"""Columns: what people read, what programs get, and the sums at the foot."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import django_tables2 as tables

from registry.web.columns import (
    ChangeColumn,
    Column,
    DayColumn,
    InstantColumn,
    LateColumn,
    PercentColumn,
    QuantityColumn,
    StateColumn,
    TonnesColumn,
    YearColumn,
)
from registry.web.export import columns_of

NOON = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)


class Lines(tables.Table):
    code = Column(verbose_name="Code", visible=False)
    year = YearColumn(verbose_name="Year")
    day = DayColumn(verbose_name="Day")
    at = InstantColumn(verbose_name="At")
    came_in = LateColumn(verbose_name="Came in")
    quota = TonnesColumn(verbose_name="Quota", exported_as="Quota (t)", total="quota")
    change = ChangeColumn(verbose_name="Change", total=lambda sums: sums["quota"] - 1)
    intensity = QuantityColumn(verbose_name="Intensity", places=2)
    rate = PercentColumn(verbose_name="Rate")
    state = StateColumn(
        {"new": "info"}, verbose_name="State", instead=lambda row: ("late", "warn") if row.late else None
    )
    look = Column(verbose_name="Only looked at", exclude_from_export=True)

    def __init__(self, *args, **kwargs):
        self.totals = {"quota": 1234567}
        super().__init__(*args, **kwargs)


def row(**changes):
    usual = {
        "code": "91X",
        "year": 2025,
        "day": dt.date(2026, 1, 2),
        "at": NOON,
        "came_in": NOON,
        "quota": 1234567,
        "change": 5,
        "intensity": Decimal("1.2345"),
        "rate": Fraction(1, 16),
        "state": "new",
        "look": "x",
        "late": False,
    }
    return SimpleNamespace(**usual | changes)


def shown(line):
    (each,) = Lines([line]).rows
    return {column.name: str(each.get_cell(column.name)) for column in Lines([]).columns}


def test_people_read_faces():
    said = shown(row())
    assert "code" not in said
    assert said["year"] == "2025"
    assert said["day"] == "2026-01-02"
    assert said["at"] == said["came_in"] == "2026-03-01 12:00"
    assert said["quota"] == "1,234,567"
    assert said["change"] == "+5"
    assert said["intensity"] == "1.23"
    assert said["rate"] == "6.25%"
    assert said["state"] == '<span class="mark tone-info">new</span>'


def test_what_is_late_is_marked(settings):
    settings.LANGUAGE_CODE = "en"
    said = shown(row(late=True))
    assert "tone-warn" in said["came_in"]
    assert said["state"] == '<span class="mark tone-warn">late</span>'


def test_programs_get_values():
    head, rows = columns_of(Lines([row(), row(late=True, day=None, rate=None)]))
    assert head == ["Code", "Year", "Day", "At", "Came in", "Quota (t)", "Change", "Intensity", "Rate", "State"]
    at = "2026-03-01T12:00:00+08:00"
    assert list(rows) == [
        ["91X", 2025, "2026-01-02", at, at, 1234567, 5, Decimal("1.2345"), Decimal("6.25"), "new"],
        ["91X", 2025, None, at, at, 1234567, 5, Decimal("1.2345"), None, "late"],
    ]


def test_sums_stand_at_the_foot():
    feet = {column.name: column.footer for column in Lines([row()]).columns}
    assert feet["quota"] == "1,234,567"
    assert feet["change"] == "+1,234,566"
