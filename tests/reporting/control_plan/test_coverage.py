"""The month board's foot, its narrowing, and the names of data."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import translation

from registry.models import DirectoryEntry, Unit
from reporting import review
from reporting.filing import deadlines
from reporting.queries import month_board
from reporting.workbook import names
from tests.reporting import story

WHEN = (
    story.READ_AT
)  # 2025-10-01: July was due on 2025-09-09, August is due on 2025-10-10, January to June on 2025-10-31


@pytest.fixture
def months(unit, rival_unit, process, clerk, officer):
    """甲 of two listed units: June accepted, July under review and August sent back; 乙 has begun nothing."""
    story.list_unit(unit, 2025, officer)
    story.list_unit(rival_unit, 2025, officer)
    story.accepted(unit, "2025-06", clerk, officer)
    story.submitted(unit, "2025-07", clerk)
    review.send_back(story.submitted(unit, "2025-08", clerk), reason="x", by=officer, at=WHEN)


def column(period: str, day: str, *, is_past: bool = False, units=None) -> tuple[int, int, int, int]:
    units = Unit.objects.all() if units is None else units
    columns = month_board.columns(units, story.ALUMINIUM, 2025, dt.date.fromisoformat(day), is_past=is_past)
    found = next(each for each in columns if each.period == period)
    return found.asked, found.accepted, found.submitted, found.overdue


@pytest.mark.parametrize("is_past", [False, True])
def test_each_period_counts_its_units(months, is_past):
    assert column("2025-06", "2025-10-01", is_past=is_past) == (2, 1, 0, 0)
    assert column("2025-07", "2025-10-01", is_past=is_past) == (2, 0, 1, 1)  # 乙's
    assert column("2025-08", "2025-10-10", is_past=is_past) == (2, 0, 0, 0)  # the last day
    assert column("2025-08", "2025-10-11", is_past=is_past) == (
        2,
        0,
        0,
        2,
    )  # what was sent back counts as not submitted


def test_the_day_before_nothing_had_come_in(months):
    assert column("2025-06", "2025-09-30", is_past=True) == (2, 0, 0, 0)


def test_only_the_units_chosen(months, unit):
    assert column("2025-07", "2025-10-01", units=Unit.objects.filter(pk=unit.pk)) == (1, 0, 1, 0)


def test_a_unit_that_left_is_not_counted_from_then_on(months, rival_unit):
    DirectoryEntry.objects.filter(unit=rival_unit).update(
        state=DirectoryEntry.State.LEFT, left_on=dt.date(2025, 7, 1), exit_ground="closed", exit_reason="x"
    )
    assert column("2025-06", "2025-10-01")[0] == 2
    assert column("2025-07", "2025-10-01") == (1, 0, 1, 0)


def test_a_unit_with_a_day_of_its_own_is_late_by_that_day(months, rival_unit, officer):
    given = {"due": dt.date(2025, 10, 20), "reason": "停电", "by": officer, "at": WHEN}
    deadlines.extend(rival_unit, story.ALUMINIUM, "2025-08", **given)
    for is_past in (False, True):
        late = [column("2025-08", day, is_past=is_past)[3] for day in ("2025-10-11", "2025-10-20", "2025-10-21")]
        assert late == [1, 1, 2]


def test_units_that_the_law_s_days_bind_are_counted_by_the_database(months, django_assert_num_queries):
    with django_assert_num_queries(4) as asked:
        column("2025-08", "2025-10-11")
    assert "COUNT" in asked.captured_queries[-1]["sql"]


def test_the_board_is_narrowed_and_leads_to_lists(months, officer, analyst, far_unit, client_for):
    address = reverse("reporting:package_board") + "?year=2025&sector=aluminium"
    page = client_for(officer).get(address)
    assert [unit.name[0] for unit, _cards, _late in page.context["rows"]] == ["乙", "甲"] or len(
        page.context["rows"]
    ) == 2
    assert "period=2025-07&amp;sector=aluminium" in page.text
    assert 'name="authority"' not in page.text
    page = client_for(officer).get(address + "&q=甲示例")
    assert [unit.name[0] for unit, _cards, _late in page.context["rows"]] == ["甲"]
    assert page.context["columns"][6].asked == 1
    national = client_for(analyst).get(address)
    assert 'name="authority"' in national.text
    nothing = client_for(analyst).get(f"{address}&authority={far_unit.authority_id}")
    assert not nothing.context["rows"]


def test_a_board_of_many_units_asks_as_much_as_of_two(
    months, make_unit, officer, client_for, django_assert_max_num_queries
):
    for _number in range(30):
        story.list_unit(make_unit("aluminium"), 2025, officer)
    browser = client_for(officer)
    with django_assert_max_num_queries(16):
        browser.get(reverse("reporting:package_board") + "?year=2025&sector=aluminium")


@pytest.mark.parametrize(
    ("sector", "key", "name", "zh", "en"),
    [
        ("aluminium", ("fuel", "", "", "anode", ""), "closing", "炭阳极", "anode"),
        ("steel", ("fuel", "", "", "natural_gas", ""), "closing", "天然气", "gas"),
        ("steel", ("process_in", "S1", "coking", "coke_oven_gas", ""), "amount", "焦炉煤气", "coke-oven gas"),
    ],
)
def test_rows_and_data_are_called_as_in_the_workbook(sector, key, name, zh, en):
    with translation.override("zh-hans"):
        assert zh in names.row_name(sector, "2025-07", key)
        assert names.datum_name(sector, "2025-07", key, name) != name
    with translation.override("en"):
        assert en.lower() in names.row_name(sector, "2025-07", key).lower()


def test_gases_are_not_called_solids():
    gases = ("process_in", "S1", "coking", "coke_oven_gas", "")
    with translation.override("zh-hans"):
        assert "气体" in names.row_name("steel", "2025-07", gases)
        assert "固体" not in names.row_name("steel", "2025-07", gases)


def test_what_the_workbook_does_not_know_keeps_its_code():
    key = ("nothing", "L1", "", "x", "")
    assert names.row_name("steel", "2025-07", key) == "L1 · nothing · x"
    assert names.datum_name("steel", "2025-07", key, "y") == "y"
    assert names.row_name("steel", "1999-01", key) == "L1 · nothing · x"  # no guideline then
