"""What pages call a total is the sum of what they name, and two pages that name the same figure say the same.

甲 (`unit`) is determined 991,176 t and owes 1,000,000 t; 乙 (`rival_unit`) 1,008,823 t and owes 1,000,000 t (conftest).
"""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from allocation import deductions, letters, queries
from allocation.compliance import notices, surrender
from allocation.deductions import Decision
from allocation.letters import issuance
from allocation.method.compliance_status import Part, Rate, Status, shares, status
from allocation.models import Certificate, Run, Settlement
from allocation.queries import quota_years
from allocation.withholding import designations
from registry.models import Line
from tests.allocation.conftest import NOTICED
from tests.cast import at

PRE, DET = Run.Kind.PRE_ALLOCATION, Run.Kind.DETERMINATION
NOW = at("2026-11-20 09:00")
DAY = dt.date(2026, 11, 20)
SURRENDERED = at("2026-11-02 09:00")
DEADLINE = dt.date(2026, 12, 31)


@pytest.fixture(autouse=True)
def _november(monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: NOW)


@pytest.fixture
def cut(unit, officer, approver):
    """`cut(30_000)`: a decision in force deducts so much from 甲."""

    def act(tonnes):
        decision = Decision(unit.credit_code, "steel", "核减1号", dt.date(2026, 1, 5), 2024, tonnes, "not_surrendered")
        made = deductions.enter(decision, by=officer, at=at("2026-01-10"))
        return deductions.approve([made], shown=deductions.seen([made]), by=approver, at=at("2026-01-11"))

    return act


@pytest.fixture
def mark(unit, officer, approver):
    def act():
        made = designations.propose(
            unit, "steel", 2025, ground="clear_risk", facts="连续亏损", by=officer, at=at("2026-08-20")
        )
        return designations.approve(made, shown=designations.seen(made), by=approver, at=at("2026-08-20"))

    return act


@pytest.fixture
def surrendered(unit, clerk, unit_approver, approver, registrar_operator):
    def act(tonnes):
        asked = surrender.request(unit, 2025, {2025: tonnes}, by=clerk, at=SURRENDERED)
        surrender.confirm(asked, by=unit_approver, at=SURRENDERED)
        surrender.approve(asked, by=approver, at=SURRENDERED)
        return surrender.execute(asked, by=registrar_operator, at=SURRENDERED)

    return act


@pytest.fixture
def again(determined_again, verify):
    """`again(line, 900_000)`: the line's result changed, and its sector re-determined."""

    def act(line, emissions):
        verify(line, 2025, emissions, str(emissions * 9 // 10), str(emissions), when=at("2026-10-01"))
        return determined_again(at("2026-10-20"))

    return act


def year_of(unit):
    return next(one for one in quota_years.of_unit(unit, DAY) if one.year == 2025)


def steps(client, person):
    """The steps of the home page by sector's label: each step's note by its label."""
    with override("en"):
        ways = client(person, "en").get(reverse("home")).context["ways"]
        return {str(sector): {step.label: step for step in way} for sector, way in ways}


# --- Surplus and deficit


def test_what_is_approved_only_is_no_surplus(steel, publish, issued, approved, unit):
    issued(PRE)
    publish()
    approved(DET)
    year = year_of(unit)
    advance = year.issued
    assert 0 < advance < year.determined == year.entitled
    assert (year.surplus, year.on_the_way) == (advance - 1_000_000, year.determined - advance)


def test_what_is_withheld_is_issued(steel, publish, mark, issued, unit):
    mark()
    publish()
    issued(DET)
    year = year_of(unit)
    assert (year.created, year.withheld, year.issued, year.surplus) == (0, 991_176, 991_176, -8_824)


def test_a_deduction_is_counted_in_surplus_and_deficit(
    steel, publish, issued, cut, unit, clerk, officer, hebei, client_for
):
    """乙's kind of year: determined above what is due, and 30,000 t deducted: the unit lacks tonnes."""
    cut(30_000)
    issued(PRE)
    publish()
    issued(DET)
    notices.send(hebei, 2025, by=officer, at=NOTICED)
    year = year_of(unit)
    # 991,176 − 30,000 = 961,176 issued in all; 1,000,000 due
    assert (year.determined, year.deducted, year.entitled, year.due, year.surplus) == (
        991_176,
        30_000,
        961_176,
        1_000_000,
        -38_824,
    )
    assert year.entitled == year.determined - year.deducted == year.created
    # No page of theirs says anything else: what they must buy first is what they lacks.
    quota = client_for(clerk, "en").get(reverse("allocation:quota_of", args=[unit.pk])).text
    home = client_for(clerk, "en").get(reverse("home")).text
    for page in (quota, home):
        assert "−38,824" in page
        assert "−8,824" not in page.replace("−38,824", "")
    assert "38,824 t must be bought first" in home


# --- A unit's home


def test_after_a_redetermination_the_home_counts_the_runs_in_force(noticed, again, unit, clerk, client_for):
    again(Line.objects.get(unit=unit), 900_000)
    year = year_of(unit)
    way = steps(client_for, clerk)["Steel"]
    assert year.determined == Settlement.objects.filter(unit=unit).latest("pk").determined == 892_058
    assert way["Quota determined"].note == "892,058 t"
    assert not way["Quota issued"].done  # the run in force has no letter yet


def test_what_was_surrendered_from_what_is_withheld_counts(
    steel, publish, issued, mark, unit, officer, hebei, surrendered, clerk, client_for
):
    mark()
    issued(PRE)
    publish()
    issued(DET)
    notices.send(hebei, 2025, by=officer, at=NOTICED)
    surrendered(400_000)
    year = year_of(unit)
    # 700,000 in advance to the account; 291,176 withheld, used first; 108,824 from the account
    assert (year.surrendered_withheld, year.surrendered_of_vintage) == (291_176, 108_824)
    assert year.surrendered_in_all == year.standing.surrendered == 400_000
    assert (year.credited_withheld, year.withheld_left, year.held) == (291_176, 0, 591_176)
    page = client_for(clerk, "en").get(reverse("allocation:quota_of", args=[unit.pk]))
    assert page.context["withheld"] == []
    assert page.context["marks"] == []  # used up: no empty box says that something is withheld
    assert "in all, from the account and from what is withheld: 400,000 t" in page.text


def test_a_unit_in_two_sectors_is_told_each_sectors_own_duty(
    noticed, unit, in_cement_too, surrendered, clerk, client_for
):
    in_cement_too(800_000, "1000000", at("2026-09-28"))
    ways = steps(client_for, clerk)
    assert ways["Steel"]["Compliance notice"].note == "1,000,000 t due"
    assert ways["Cement"]["Compliance notice"].note == "800,000 t due"
    assert ways["Steel"]["Quota determined"].note == "991,176 t"
    assert ways["Cement"]["Quota determined"].note == "800,000 t"
    surrendered(900_000)
    year = year_of(unit)
    assert year.parts == {"steel": Part(1_000_000, 900_000), "cement": Part(800_000, 0)}
    assert sum(part.due for part in year.parts.values()) == year.standing.due
    assert sum(part.surrendered for part in year.parts.values()) == year.standing.surrendered
    ways = steps(client_for, clerk)
    assert ways["Steel"]["Surrender"].note == "100,000 t missing"
    assert ways["Cement"]["Surrender"].note == "800,000 t missing"


def test_a_surrender_counts_for_the_first_sector_and_then_for_the_others():
    assert shares("steel", {"cement": 5, "steel": 3}, 4) == {"steel": Part(3, 3), "cement": Part(5, 1)}
    assert shares("steel", {"steel": 3}, 9) == {"steel": Part(3, 3)}


# --- A duty of nothing


@pytest.mark.parametrize("day", [dt.date(2026, 11, 1), DEADLINE, dt.date(2027, 1, 1), dt.date(2028, 1, 1)])
def test_a_duty_of_nothing_is_met_and_in_time(day):
    standing = status(0, [], DEADLINE, day)
    assert (standing.status, standing.due, standing.missing) == (Status.COMPLETE_ON_TIME, 0, 0)
    late = status(0, [(at("2027-02-01 09:00"), 5)], DEADLINE, dt.date(2028, 1, 1))
    assert (late.status, late.over) == (Status.COMPLETE_ON_TIME, 5)
    rate = Rate.of([standing, status(10, [], DEADLINE, day)])
    assert (rate.units, rate.complete, rate.due, rate.surrendered) == (2, 1, 10, 0)
    assert status(1, [], DEADLINE, dt.date(2027, 1, 1)).status is Status.OVERDUE
    assert status(None, [], None, day).status is Status.NO_NOTICE


def test_a_duty_that_an_adjustment_takes_away_after_the_deadline_agrees_everywhere(
    noticed, unit, again, clerk, approver, client_for, officer, hebei, registrar_operator, registrar_approver
):
    again(Line.objects.get(unit=unit), 0)
    when = at("2027-01-15")
    letter = letters.write(hebei, 2025, DET, number="更正1号", by=officer, at=when)
    letter = issuance.prepare(letters.send(letter, by=officer, at=when), by=registrar_operator, at=when)
    issuance.execute(letter, by=registrar_approver, at=when)
    certificate = Certificate.objects.get(unit=unit)
    after = dt.date(2027, 3, 1)
    standing = queries.standing(certificate.notice, after)
    assert (standing.status, certificate.late, certificate.due) == (Status.COMPLETE_ON_TIME, False, 0)
    board = queries.board(approver, 2025, after)
    assert (board.rate.complete, board.rate.units) == (1, 2)
    assert steps(client_for, clerk)["Steel"]["Surrender"].done


# --- Homes, letters, runs, compliance


def test_where_the_quota_lies_adds_up_with_what_is_withheld(
    steel, publish, issued, mark, registrar_operator, auditor, officer, hebei, surrendered, client_for
):
    mark()
    issued(PRE)
    publish()
    issued(DET)
    notices.send(hebei, 2025, by=officer, at=NOTICED)
    surrendered(100_000)
    for person in (registrar_operator, auditor):
        page = client_for(person, "en").get(reverse("home"))
        (row,) = page.context["vintages"]
        assert row["withheld"] == 191_176
        assert row["created"] == row["provinces"] + row["withheld"] + row["units"] + row["retired"] == 1_999_999
        assert "191,176" in page.text


def test_months_accepted_are_counted_of_the_months_asked(
    steel, list_in_directory, unit, rival_unit, officer, client_for
):
    """Both works are listed for 2025; nobody opened a package: the home says 0 of 2, as the board does, and not nothing."""
    for each in (unit, rival_unit):
        list_in_directory(each, 2026)
    months = client_for(officer, "en").get(reverse("home")).context["months"]
    assert months == [(f"2026-{month:02}", 0, 2) for month in (10, 9, 8, 7, 6, 5)]


def numbers(row):
    return [int(re.sub(r"[^\d−-]", "", cell).replace("−", "-") or 0) for cell in row]


def test_the_foot_of_each_table_is_the_sum_of_its_column(noticed, officer, client_for, unit, again):
    """Run, letter tables and compliance: what a table's foot says is the sum of the rows above it."""
    replaced = again(Line.objects.get(unit=unit), 900_000)
    for run in (*Run.objects.exclude(pk=replaced.pk), replaced):
        table = client_for(officer, "en").get(reverse("allocation:run", args=[run.pk])).context["settlements"]
        summed = [column for column in table.columns if str(column.footer).strip() not in ("", "合计", "—")]
        assert len(summed) > 5
        for column in summed:
            whole = sum(numbers(str(row.get_cell(column.name)) for row in table.rows))
            assert numbers([str(column.footer)]) == [whole], column.name
    letter = Run.objects.exclude(letter=None).get().letter
    page = client_for(officer, "en").get(reverse("allocation:letter", args=[letter.pk]))
    for sheet in page.context["sheets"]:
        for place, total in enumerate(sheet.totals):
            if total is not None:
                assert total == sum(row[place] or 0 for row in sheet.rows), sheet.columns[place].zh
    assert letter.total == sum(letter.runs.get().settlements.values_list("issued_now", flat=True))
    board = client_for(officer, "en").get(reverse("allocation:compliance"), {"year": 2025}).context["board"]
    for groups in (board.by_authority, board.by_sector):
        for name in ("units", "complete", "due", "surrendered"):
            assert sum(getattr(rate, name) for _who, rate in groups) == getattr(board.rate, name), name
    assert sum(count for _status, count in board.by_status) == board.rate.units == len(board.rows)
    assert sum(row.due_then for row in board.rows) == board.rate.due


# --- After the deadline


def test_a_duty_that_is_overdue_stays_on_the_homes(
    noticed, surrendered, unit, clerk, officer, analyst, auditor, client_for, monkeypatch
):
    """On 5 January 2027 the homes speak of 2026; 甲 lacks 600,000 t of 2025, 乙 all of its 1,000,000 t."""
    surrendered(400_000)
    told = "Of 2025, 2 units still owe 1,600,000 t: overdue since 2026-12-31."
    assert told not in client_for(officer, "en").get(reverse("home")).text
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2027-01-05 09:00"))
    for person in (officer, analyst, auditor):
        assert told in client_for(person, "en").get(reverse("home")).text
    own = client_for(clerk, "en").get(reverse("home"))
    assert [(one.year, one.standing.missing) for one in own.context["quotas"]] == [(2025, 600_000)]
    assert "Quota and compliance obligation for 2025" in own.text
    assert "overdue" in own.text
