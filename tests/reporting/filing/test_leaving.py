"""A unit that leaves the directory within the year owes the periods up to then, and no later one."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation

from registry import directory
from registry.directory.figures import after_closing
from registry.directory.unit_import import COLUMNS
from registry.models import DirectoryEntry
from registry.refusal import Refusal
from registry.todo import Todo
from reporting import queries
from reporting.filing import annual, intake
from reporting.models import ReportSource
from reporting.periods.expected import asked_of, asked_of_unit, expected_periods
from reporting.queries import todo
from reporting.review import acts as review
from tests.cast import at
from tests.reporting import story

State = DirectoryEntry.State
JANUARY_TO_MARCH = story.MONTHS[:3]


def leaves(entry: DirectoryEntry, on: str, state: str = State.LEFT) -> DirectoryEntry:
    entry.state, entry.left_on = state, dt.date.fromisoformat(on)
    entry.exit_ground, entry.exit_reason = DirectoryEntry.ExitGround.CLOSED, "电解槽已拆除"
    entry.save()
    return entry


@pytest.fixture
def listed(unit, process, officer):
    return story.list_unit(unit, 2025, officer)


@pytest.fixture
def left(listed):
    """Left on 20 March 2025: in the directory on some day of January, February and March."""
    return leaves(listed, "2025-03-20")


def titles(person, when: str) -> dict[str, Todo]:
    with translation.override("en"):
        return {entry.title: entry for entry in todo.todos(person, at(when))}


@pytest.mark.parametrize(
    ("on", "state", "months"),
    [
        ("2025-03-20", State.LEFT, 3),
        ("2025-04-01", State.LEFT, 3),  # the day of leaving is the first day outside: no day of April
        ("2025-04-02", State.LEFT, 4),
        ("2025-03-20", State.EXIT_PROPOSED, 12),  # only proposed: still listed
        ("2025-01-01", State.LEFT, 0),
        ("2026-02-01", State.LEFT, 12),  # it left after the year: the whole year stays owed
    ],
)
def test_the_months_asked_for(listed, unit, on, state, months):
    if on == "2025-01-01":  # a unit leaves after it entered; this one was entered in advance
        DirectoryEntry.objects.filter(pk=listed.pk).update(entered_on=dt.date(2024, 10, 31))
        listed.refresh_from_db()
    leaves(listed, on, state)
    assert asked_of([unit.pk], story.ALUMINIUM, 2025) == {unit.pk: story.MONTHS[:months]}
    assert [period for _unit, _sector, period in expected_periods([unit.pk])] == story.MONTHS[:months]
    assert directory.ever_listed().exists() == bool(months)


def test_a_year_workbook_is_asked_of_a_unit_that_was_listed_on_a_day_of_the_year(unit, process, officer):
    entry = leaves(story.list_unit(unit, 2024, officer), "2024-02-01")
    assert asked_of([unit.pk], story.ALUMINIUM, 2024) == {unit.pk: ["2024"]}
    leaves(entry, "2024-01-02")
    assert expected_periods([unit.pk]) == [(unit.pk, story.ALUMINIUM, "2024")]


def test_refused_and_proposed_entries_ask_nothing(listed, unit):
    for state in (State.PROPOSED, State.REFUSED):
        DirectoryEntry.objects.filter(pk=listed.pk).update(state=state)
        assert expected_periods([unit.pk]) == []
        assert asked_of([unit.pk], story.ALUMINIUM, 2025) == {}


def test_it_stays_on_the_provinces_board_and_in_its_years(left, unit, officer, clerk, client_for):
    story.submitted(unit, "2025-01", clerk)
    asked = {"sector": story.ALUMINIUM, "year": 2025, "as_of": "2025-12-01"}
    page = client_for(officer, "en").get(reverse("reporting:package_board"), asked)
    [(shown, cards, _late)] = page.context["rows"]
    assert shown == unit
    assert [card.period for card in cards if card.asked] == JANUARY_TO_MARCH
    assert [card.period for card in cards if card.overdue] == ["2025-02", "2025-03"]  # back-filled months: 2025-10-31
    assert (
        page.text.count('title="not asked: the unit had left the directory, or none of its lines existed"') == 9
    )  # April to December
    assert queries.years_of(unit) == [2025]


def test_its_own_year_shows_what_is_asked_and_what_was_handed_in_all_the_same(left, unit, clerk, client_for):
    story.submitted(unit, "2025-05", clerk)
    year = reverse("reporting:unit_year", args=[unit.pk, 2025])
    page = client_for(clerk, "en").get(year, {"as_of": "2025-12-01"})
    board = next(board for board, *_rest in page.context["sections"] if board.sector == story.ALUMINIUM)
    assert [card.period for card in board.cards] == [*JANUARY_TO_MARCH, "2025-05"]
    assert [card.period for card in board.cards if card.overdue] == JANUARY_TO_MARCH
    assert "0 of 3 accepted" in page.text


def test_what_is_overdue_ends_with_the_month_of_leaving(left, unit, clerk, officer):
    story.submitted(unit, "2025-01", clerk)
    assert titles(clerk, "2025-12-20")["Packages overdue: submit"].count == 2  # February and March
    assert "Packages to submit" not in titles(clerk, "2025-12-20")
    assert titles(officer, "2025-12-20")["Packages of your units overdue"].count == 2


def test_the_report_of_a_part_of_the_year(left, unit, clerk, officer):
    for period in JANUARY_TO_MARCH[:2]:
        story.accepted(unit, period, clerk, officer)
    story.accepted(unit, "2025-05", clerk, officer)
    assert "Annual reports to prepare" not in titles(clerk, "2026-01-20")
    with pytest.raises(Refusal, match="2025-03"):
        annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-01-20"))
    story.accepted(unit, "2025-03", clerk, officer)
    assert titles(clerk, "2026-01-20")["Annual reports to prepare"].count == 1
    board = queries.sector_year(unit, story.ALUMINIUM, 2025, dt.date(2026, 1, 20))
    assert board.ready_for_report
    report = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-01-20"))
    sources = ReportSource.objects.filter(report=report).values_list("submission__package__period", flat=True)
    assert sorted(sources) == JANUARY_TO_MARCH
    # anode 24,000 t × 0.8482 × 0.976 × 44/12 = 72,850.2016 → 72,850.20; metal 51,000 t × 144.81 kg/t = 7,385.31; 80,235.51
    assert report.emissions == 80_236


def test_a_year_before_which_the_unit_left_has_no_report(unit, process, officer, clerk):
    entry = story.list_unit(unit, 2025, officer)
    DirectoryEntry.objects.filter(pk=entry.pk).update(entered_on=dt.date(2024, 10, 31))
    entry.refresh_from_db()
    leaves(entry, "2024-12-01")
    intake.package_of(unit, story.ALUMINIUM, "2025-01")
    board = queries.sector_year(unit, story.ALUMINIUM, 2025, dt.date(2026, 1, 20))
    assert (board.ready_for_report, [card.overdue for card in board.cards]) == (False, [False])
    with pytest.raises(Refusal, match="2025"):
        annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-01-20"))


def test_a_line_is_not_closed_on_a_day_after_which_its_months_were_handed_in(
    unit, process, clerk, officer, tmp_path, in_english
):
    """Once closed its day can't be changed, and the year's report would be refused for good."""
    month = story.submitted(unit, "2025-09", clerk)
    table = tmp_path / "units.csv"

    def close(day: str) -> None:
        line = f"{unit.authority.code},{unit.credit_code},{unit.name},,aluminium,P1,,,,250000,2015-01-01,{day}"
        table.write_text(f"{','.join(COLUMNS)}\n{line}\n", encoding="utf-8-sig")
        call_command("import_units", str(table))

    with pytest.raises(CommandError, match=r"2025-09: 26,745 t"):
        close("2025-08-31")
    review.send_back(month, reason="电解槽已停", by=officer, at=at("2025-10-20"))
    close("2025-08-31")
    process.refresh_from_db()
    assert process.closed == dt.date(2025, 8, 31)
    assert "2025-09" not in asked_of_unit(unit.pk, story.ALUMINIUM, 2025)


def test_a_line_closes_in_the_last_month_that_speaks_of_it(unit, process, clerk):
    story.submitted(unit, "2025-09", clerk)
    assert after_closing({process.pk: dt.date(2025, 9, 1)}) == {}
    assert after_closing({process.pk: dt.date(2025, 8, 31)}) == {process.pk: {"2025-09": 26_745}}
