import datetime as dt
import time
import tomllib
from typing import Any

import pytest
from django.utils.translation import override

from registry import law
from registry.law import NotInForceError, calendar
from registry.values import figures


@pytest.mark.parametrize(
    ("month", "due"),
    [
        # The worked deadlines of the rules: the month's last day + 40 calendar days.
        ("2025-07", "2025-09-09"),
        ("2025-12", "2026-02-09"),
        ("2026-01", "2026-03-12"),
        ("2026-02", "2026-04-09"),
        ("2026-06", "2026-08-09"),
        # January to June 2025 are back-filled by 31 October 2025.
        ("2025-01", "2025-10-31"),
        ("2025-06", "2025-10-31"),
        # A leap February: 2028-02-29 + 40 days.
        ("2028-02", "2028-04-09"),
    ],
)
def test_monthly_deadlines(month, due):
    assert calendar.monthly_deadline(month).isoformat() == due


@pytest.mark.parametrize(
    ("listed_on", "due"),
    [
        (None, "2025-09-09"),
        ("2025-07-31", "2025-09-09"),  # 40 days from then on end on the same day
        ("2025-08-01", "2025-09-10"),
        ("2026-01-05", "2026-02-14"),
    ],
)
def test_no_term_ends_before_a_unit_listed_late_had_its_days(listed_on, due):
    listed = listed_on and dt.date.fromisoformat(listed_on)
    assert calendar.due_once_listed(dt.date(2025, 9, 9), listed) == dt.date.fromisoformat(due)


def test_the_2024_year_had_no_months():
    with pytest.raises(NotInForceError):
        calendar.monthly_deadline("2024-07")


def test_a_deadline_is_the_last_second_of_the_day_in_shanghai():
    instant = calendar.end_of(dt.date(2026, 12, 31))
    assert instant.astimezone(dt.UTC) == dt.datetime(2026, 12, 31, 15, 59, 59, 999_999, tzinfo=dt.UTC)
    assert calendar.local_day(instant) == dt.date(2026, 12, 31)
    assert calendar.local_day(instant + dt.timedelta(microseconds=1)) == dt.date(2027, 1, 1)


@pytest.mark.parametrize(
    ("step", "year", "due"),
    [
        ("annual_report", 2024, "2025-06-30"),
        ("annual_report", 2025, "2026-03-31"),
        ("pre_allocation", 2025, "2026-04-10"),
        ("surrender", 2024, "2025-12-31"),
        ("surrender", 2025, "2026-12-31"),
    ],
)
def test_yearly_deadlines(step, year, due):
    found = calendar.yearly_deadline(step, year)
    assert found is not None
    assert found.isoformat() == due


def test_the_2024_year_had_no_pre_allocation():
    assert calendar.yearly_deadline("pre_allocation", 2024) is None


def test_an_unknown_step_is_an_error_not_a_missing_deadline():
    with pytest.raises(KeyError, match="surender"):
        calendar.yearly_deadline("surender", 2025)


def test_working_days_skip_the_national_holiday_and_count_the_day_worked_in_exchange():
    # From Wednesday 30 September 2026: 1–7 October are off, 8 and 9 October are days 1 and 2,
    # Saturday 10 October is worked in exchange (day 3), Sunday is not, 12–15 October are days 4–7.
    assert calendar.working_days_after(dt.date(2026, 9, 30), 7) == dt.date(2026, 10, 15)


def test_a_term_into_a_year_not_announced_says_the_latest_day_that_it_can_end_on():
    """The longest holiday in the file has nine days (15–23 February 2026), which hold seven weekdays at most."""
    assert calendar.longest_holiday_weekdays() == 7
    # From Friday 18 December 2026: nine working days to the 31st; the tenth and seven more weekdays of 2027 that may be off:
    # 1, 4–8, 11, 12 January.
    found = calendar.term_end(dt.date(2026, 12, 18), 10)
    assert found == dt.date(2027, 1, 12)
    assert isinstance(found, calendar.LatestDay)
    # From 31 December: seven and seven weekdays, 1 to 20 January.
    assert calendar.term_end(dt.date(2026, 12, 31), 7) == dt.date(2027, 1, 20)
    known = calendar.term_end(dt.date(2026, 9, 30), 7)
    assert known == calendar.working_days_after(dt.date(2026, 9, 30), 7)
    assert not isinstance(known, calendar.LatestDay)
    assert calendar.term_end(dt.date(2026, 9, 30), 7, lambda day: day.month != 10) == dt.date(2026, 11, 10)


def test_a_stored_end_of_a_term_is_the_latest_day_as_long_as_its_year_is_not_announced():
    assert isinstance(calendar.as_term(dt.date(2027, 1, 12)), calendar.LatestDay)
    assert not isinstance(calendar.as_term(dt.date(2026, 12, 31)), calendar.LatestDay)
    assert calendar.as_term(None) is None
    with override("en"):
        said = figures.day(calendar.as_term(dt.date(2027, 1, 12)))
    assert said == "2027-01-12 at the latest (the holidays of 2027 have not been announced yet)"
    assert figures.stored_day(calendar.as_term(dt.date(2027, 1, 12))) == "≤ 2027-01-12"


def test_the_holidays_of_2026_are_the_notices_and_not_assumed():
    for name in ("holidays.y2026", "make_up_days.y2026"):
        (value,) = calendar.rules()[name].values
        assert not value.assumed
        assert "4 November 2025" in value.cite


def test_working_days_of_a_year_not_announced_are_not_guessed():
    with pytest.raises(NotInForceError):
        calendar.working_days_after(dt.date(2031, 3, 3), 1)


def test_no_day_is_both_a_holiday_and_worked():
    rules = calendar.rules()
    for name, holidays in rules.under("holidays").items():
        off: Any = holidays.values[0].value
        worked: Any = rules[f"make_up_days.{name}"].values[0].value
        assert not set(off) & set(worked)
        assert all(day.weekday() >= 5 for day in worked)


def test_upcoming_deadlines_come_in_their_order():
    found = calendar.upcoming(dt.date(2026, 11, 16), dt.date(2026, 12, 31))
    # September 2026 ended on 09-30 (+ 40 days = 11-09, past); October: 10-31 + 40 = 12-10; surrender of 2025 on 12-31.
    assert [(each.month or each.parameter.id, each.year, each.day.isoformat()) for each in found] == [
        ("2026-10", 2026, "2026-12-10"),
        ("deadline.surrender", 2025, "2026-12-31"),
    ]


@pytest.mark.parametrize(
    ("day", "year"),
    [("2025-12-31", 2024), ("2026-01-01", 2025), ("2026-12-31", 2025), ("2027-01-01", 2026), ("2035-01-01", 2026)],
)
def test_the_compliance_year_is_the_one_whose_surrender_is_due_next(day, year):
    assert calendar.compliance_year(dt.date.fromisoformat(day)) == year


@pytest.fixture
def far_away(monkeypatch):
    """A machine whose own clock is New York's."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("far_away")
def test_days_are_shanghais_wherever_the_machine_stands():
    day = dt.date(2026, 3, 31)
    assert calendar.start_of(day).astimezone(dt.UTC) == dt.datetime(2026, 3, 30, 16, tzinfo=dt.UTC)
    assert calendar.end_of(day) - calendar.start_of(day) == dt.timedelta(days=1, microseconds=-1)
    assert calendar.end_of(day).astimezone(dt.UTC) == dt.datetime(2026, 3, 31, 15, 59, 59, 999_999, tzinfo=dt.UTC)
    assert calendar.local_day(calendar.start_of(day)) == calendar.local_day(calendar.end_of(day)) == day


def test_a_year_that_was_entered_counts_as_one_of_the_file(monkeypatch):
    """The first of January 2031 is a Wednesday and off; Saturday the 4th is worked."""
    entered = calendar.YearDays(frozenset({dt.date(2031, 1, 1)}), frozenset({dt.date(2031, 1, 4)}))
    calendar_of = {2031: entered}
    calendar.take_from(lambda year: None)
    monkeypatch.setattr("registry.law.calendar._entered", [*calendar._entered, calendar_of.get])
    assert calendar.days_of(2031) == entered
    assert calendar.days_of(2032) is None
    found = [dt.date(2031, 1, day) for day in range(1, 8) if calendar.is_working_day(dt.date(2031, 1, day))]
    assert [day.day for day in found] == [2, 3, 4, 6, 7]
    assert calendar.days_of(2026) == calendar._filed(2026)


def test_a_day_of_a_year_not_announced_is_refused_by_its_year():
    with pytest.raises(NotInForceError, match="2031-03-03") as refused:
        calendar.is_working_day(dt.date(2031, 3, 3))
    assert (refused.value.parameter, refused.value.day) == ("holidays.y2031", dt.date(2031, 3, 3))


@pytest.mark.parametrize(
    ("days", "weekdays"),
    # Of six days in a row five can be weekdays, of thirteen and of fourteen ten, of fifteen eleven; days apart are each one.
    [
        ([], 0),
        ([1], 1),
        ([1, 3, 5], 1),
        ([1, 2, 4, 5, 6], 3),
        (range(1, 7), 5),
        (range(1, 14), 10),
        (range(1, 15), 10),
        (range(1, 16), 11),
    ],
)
def test_the_weekdays_that_the_longest_holiday_can_hold(monkeypatch, days, weekdays):
    listed = ", ".join(f"2026-05-{day:02}" for day in days)
    document = f'[holidays.y2026]\nvalues = [{{ value = [{listed}], since = 2026-01-01, cite = "a", cite_zh = "a", confidence = "H" }}]'
    monkeypatch.setattr("registry.law.calendar.rules", lambda: law.read(tomllib.loads(document), "some.toml"))
    assert calendar.longest_holiday_weekdays.__wrapped__() == weekdays


@pytest.mark.parametrize(
    ("day", "until", "due"),
    [
        # Both days count, for a month and for a year.
        ("2026-12-10", "2026-12-10", ["2026-10"]),
        ("2026-12-11", "2026-12-30", []),
        ("2026-12-31", "2026-12-31", ["deadline.surrender"]),
        # December's evidence is due in the next year.
        ("2026-02-09", "2026-02-09", ["2025-12"]),
        # The first six months there ever were are due together.
        ("2025-10-31", "2025-10-31", [*(f"2025-{month:02}" for month in range(1, 7)), "deadline.directory"]),
    ],
)
def test_what_is_due_between_two_days(day, until, due):
    found = calendar.upcoming(dt.date.fromisoformat(day), dt.date.fromisoformat(until))
    assert [each.month or each.parameter.id for each in found] == due
    assert {each.parameter.id for each in found if each.month} <= {"monthly.days_after_month_end"}


def test_a_year_of_which_only_the_holidays_are_filed_is_not_announced(monkeypatch):
    document = '[holidays.y2031]\nvalues = [{ value = [2031-01-01], since = 2031-01-01, cite = "a", cite_zh = "a", confidence = "H" }]'
    monkeypatch.setattr("registry.law.calendar.rules", lambda: law.read(tomllib.loads(document), "some.toml"))
    assert calendar._filed.__wrapped__(2031) is None
