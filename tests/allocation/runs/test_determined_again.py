"""Quota re-determined: what is issued or returned, what is due from then on, and who is told. 甲 has 991,176 t at first."""

import datetime as dt
import json

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from allocation import deductions, letters, queries, runs
from allocation.compliance import adjustments, notices, owed, surrender
from allocation.deductions import Decision
from allocation.letters import issuance
from allocation.method.compliance_status import Status
from allocation.models import AdjustmentNotice, Award, Certificate, Holding, Letter, Notice, Run
from allocation.queries import quota_years, todo
from allocation.runs import outcome, redetermination
from allocation.scope import movements, runs_in_force
from allocation.web.views.runs.explained import earlier_award
from registry.models import Line, Notification
from registry.refusal import Refusal
from registry.values.canonical import digest
from tests.allocation.conftest import approve
from tests.allocation.runs.conftest import (
    AFTER_DEADLINE,
    AGAIN,
    CHANGED,
    HIGHER,
    LOWER,
    SAME,
    SURRENDERED,
    Ground,
    Kind,
    State,
    of,
)
from tests.cast import at
from tests.confirming import confirm
from tests.reporting.filing.test_at_once import at_once


@pytest.fixture
def surrendered(unit, clerk, unit_approver, approver, registrar_approver):
    """`surrendered(tonnes, when)`: 甲 surrenders so much of 2025."""

    def act(tonnes, when=SURRENDERED):
        asked = surrender.request(unit, 2025, {2025: tonnes}, by=clerk, at=when)
        asked = surrender.confirm(asked, by=unit_approver, at=when)
        asked = surrender.approve(asked, by=approver, at=when)
        return surrender.execute(asked, by=registrar_approver, at=when)

    return act


def held(unit) -> int:
    return Holding.objects.get(account__unit=unit, vintage=2025).amount


def standing(unit, day):
    return queries.standing(Notice.objects.get(unit=unit, year=2025), dt.date.fromisoformat(day))


# --- The scenarios


# what changes one after the other → issued now by each run, determined, due
SCENARIOS = {
    "first change, less": ([LOWER], [892_058 - 991_176], 892_058, 900_000),
    "first change, more": ([HIGHER], [1_090_294 - 991_176], 1_090_294, 1_100_000),
    "no change": ([SAME], [0], 991_176, 1_000_000),
    "second change": ([LOWER, (800_000, "720000", "800000")], [-99_118, 792_941 - 892_058], 792_941, 800_000),
    "sign flip": ([LOWER, HIGHER], [-99_118, 1_090_294 - 892_058], 1_090_294, 1_100_000),
    "there and back": ([HIGHER, SAME], [99_118, -99_118], 991_176, 1_000_000),
}


@pytest.mark.parametrize(("results", "issued_now", "determined", "due"), SCENARIOS.values(), ids=SCENARIOS)
def test_what_is_issued_and_due(noticed, unit, rival_unit, change, again, settle, results, issued_now, determined, due):
    found = []
    for number, result in enumerate(results):
        when = AGAIN + dt.timedelta(days=7 * number)
        change(result, when - dt.timedelta(days=3))
        row = of(again(when), unit)
        settle(when)
        found.append(row.issued_now)
        assert row.issued_total == row.issued_before + row.issued_now == row.determined
        assert row.top_up == row.issued_now
    assert (found, row.determined, held(unit)) == (issued_now, determined, determined)
    assert standing(unit, "2026-12-01").due == due
    assert (of(row.run, rival_unit).issued_now, held(rival_unit)) == (0, 1_008_823)


def test_with_a_deduction_it_ends_as_if_it_had_been_determined_so_at_first(
    steel, publish, issued, unit, officer, approver, change, again, settle, hebei
):
    """Balance 1,000,000: the first determination takes all 991,176; at 892,058 it keeps 99,118 more; at 1,090,294 it takes 8,824 more."""
    decision = Decision(unit.credit_code, "steel", "核减1号", dt.date(2026, 1, 5), 2024, 1_000_000, "not_surrendered")
    made = deductions.enter(decision, by=officer, at=at("2026-03-02"))
    (made,) = deductions.approve([made], shown=deductions.seen([made]), by=approver, at=at("2026-03-03"))
    publish()
    issued()
    notices.send(hebei, 2025, by=officer, at=at("2026-09-15"))

    def row_after(result, when):
        change(result, when - dt.timedelta(days=3))
        row = of(again(when), unit)
        settle(when)
        return row.issued_now, row.deduction_returned, row.deducted, row.issued_total, row.outstanding

    assert row_after(LOWER, AGAIN) == (0, 99_118, 0, 0, 107_942)
    assert row_after(HIGHER, AGAIN + dt.timedelta(days=7)) == (90_294, 0, 107_942, 90_294, 0)
    assert made.movements.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_letter_is_never_over_a_run_that_is_replaced_at_this_moment(
    steel, publish, approved, change, again, hebei, officer, approver
):
    publish()
    approved()
    change(LOWER)
    run = again(approve=False)
    ended = at_once(
        lambda: letters.write(hebei, 2025, Kind.DETERMINATION, number="再函1号", by=officer, at=AGAIN),
        lambda: approve(run, approver, AGAIN),
    )
    last = Run.objects.filter(state=State.APPROVED).latest("time")
    assert (ended["done"], last == run) in ((2, True), (1, False))
    assert list(Letter.objects.get().runs.all()) == [last]


def test_a_late_result_of_a_line_that_was_left_out_is_picked_up(
    steel, publish, issued, unit, make_line, verify, again, settle, officer, hebei
):
    late = make_line(unit, code="L2")
    publish()
    issued()
    assert [row.unit for row in notices.send(hebei, 2025, by=officer, at=at("2026-09-15"))] != [unit]
    assert not Notice.objects.filter(unit=unit).exists()
    verify(late, 2025, 850, "850", "1000", when=CHANGED)  # I = BP: quota = emissions
    (waiting,) = redetermination.waiting(hebei, AGAIN)
    assert (waiting.changed, waiting.late, waiting.ground) == (0, 1, Ground.LATE_RESULT)
    row = of(again(ground=Ground.LATE_RESULT), unit)
    settle()
    assert (row.determined, row.issued_now, row.due) == (992_026, 850, 1_000_850)
    assert redetermination.waiting(hebei, AGAIN) == []
    (notice,) = notices.send(hebei, 2025, by=officer, at=AGAIN)
    assert (notice.unit, notice.due) == (unit, 1_000_850)
    assert owed.due(notice, AFTER_DEADLINE) == 1_000_850  # the change came before the notice, which knows it


def test_a_line_closed_since_the_first_determination_keeps_its_quota(noticed, unit, change, again):
    Line.objects.filter(unit=unit).update(closed=dt.date(2026, 10, 1))
    change(LOWER)
    assert of(again(), unit).determined == 892_058


def test_a_unit_that_left_the_directory_since_keeps_its_quota(noticed, unit, change, again):
    unit.directory_entries.filter(year=2025).update(
        state="left", left_on=dt.date(2026, 10, 1), exit_ground="closed", exit_reason="关停"
    )
    change(LOWER)
    assert of(again(), unit).determined == 892_058


# --- The duty


def test_less_due_after_a_full_surrender_leaves_tonnes_over(noticed, unit, change, again, settle, surrendered):
    surrendered(950_000)
    change(LOWER)
    again()
    assert standing(unit, "2026-10-18").status is Status.OPEN
    assert standing(unit, "2026-11-03").status is Status.COMPLETE_ON_TIME
    assert not Certificate.objects.exists()
    settle(at("2026-11-09 09:00"))
    assert Certificate.objects.get().due == 900_000
    (year,) = [each for each in quota_years.of_unit(unit, dt.date(2026, 11, 10)) if each.year == 2025]
    assert (year.due, year.over_surrendered, year.determined) == (900_000, 50_000, 892_058)


def test_more_due_after_the_certificate_opens_the_year_again(
    noticed, unit, rival_unit, change, again, settle, surrendered, traded
):
    row = f"T1,2026-10-14,{rival_unit.credit_code},{unit.credit_code},2025,300000"
    traded(f"reference,traded_on,seller,buyer,vintage,quantity\n{row}\n".encode(), at("2026-10-15"))
    surrendered(1_000_000)
    assert Certificate.objects.get().due == 1_000_000
    change(HIGHER, at("2026-11-05 09:00"))
    again(at("2026-11-09 09:00"))
    assert standing(unit, "2026-11-08").status is Status.COMPLETE_ON_TIME
    assert standing(unit, "2026-11-09").status is Status.PARTLY
    assert standing(unit, "2026-11-09").missing == 100_000
    settle(at("2026-11-10 09:00"))
    surrendered(100_000, at("2026-11-16 09:00"))
    assert [row.due for row in Certificate.objects.order_by("pk")] == [1_000_000, 1_100_000]
    assert standing(unit, "2026-11-16").status is Status.COMPLETE_ON_TIME


def test_after_the_deadline_what_is_due_more_is_overdue_and_can_be_surrendered(
    noticed, unit, change, again, surrendered, settle
):
    change(HIGHER, at("2027-01-07 09:00"))
    again(AFTER_DEADLINE)
    assert standing(unit, "2026-12-31").status is Status.OPEN
    assert standing(unit, "2027-01-11").status is Status.OVERDUE
    settle(AFTER_DEADLINE)
    surrendered(1_090_294, at("2027-01-18 09:00"))
    assert standing(unit, "2027-01-18").missing == 1_100_000 - 1_090_294


def test_no_more_can_be_requested_than_is_due_now(noticed, unit, clerk, change, again):
    change(LOWER)
    again()
    with pytest.raises(Refusal, match="900"):
        surrender.request(unit, 2025, {2025: 900_001}, by=clerk, at=SURRENDERED)
    assert surrender.request(unit, 2025, {2025: 900_000}, by=clerk, at=SURRENDERED).total == 900_000


def test_an_open_request_beyond_a_duty_that_fell_is_not_executed(
    noticed, unit, change, again, clerk, unit_approver, approver, registrar_approver
):
    """What is surrendered is retired for good, so the province and the registrar stop what was asked for before."""
    asked = surrender.request(unit, 2025, {2025: 950_000}, by=clerk, at=AGAIN)
    asked = surrender.confirm(asked, by=unit_approver, at=AGAIN)
    change(LOWER)
    again()
    with pytest.raises(Refusal, match="900,000"):
        surrender.approve(asked, by=approver, at=SURRENDERED)
    surrender.refuse(asked, seen=asked.state, reason="应清缴量已调减", by=approver, at=SURRENDERED)
    asked = surrender.request(unit, 2025, {2025: 900_000}, by=clerk, at=SURRENDERED)
    asked = surrender.approve(surrender.confirm(asked, by=unit_approver, at=SURRENDERED), by=approver, at=SURRENDERED)
    change((800_000, "720000", "800000"), SURRENDERED)
    again(at("2026-11-05 09:00"))
    with pytest.raises(Refusal, match="800,000"):
        surrender.execute(asked, by=registrar_approver, at=at("2026-11-06 09:00"))
    assert not Certificate.objects.exists()


def test_a_duty_lowered_after_the_deadline_to_what_was_surrendered_in_time_was_met_in_time(
    noticed, unit, change, again, settle, surrendered, client, approver, monkeypatch
):
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2027-01-12 09:00"))
    surrendered(950_000)
    change(LOWER, at("2027-01-07 09:00"))
    again(AFTER_DEADLINE)
    settle(AFTER_DEADLINE)
    certificate = Certificate.objects.get()
    assert (certificate.late, certificate.says["late"], certificate.issued_at) == (False, False, AFTER_DEADLINE)
    assert dt.datetime.fromisoformat(certificate.says["completed_at"]) == SURRENDERED
    assert standing(unit, "2027-01-10").status is Status.OVERDUE  # as it was told then
    assert standing(unit, "2027-01-11").status is Status.COMPLETE_ON_TIME
    client.force_login(approver)
    board = client.get(reverse("allocation:compliance"), {"year": 2025, "as_of": "2027-01-11"}).content.decode()
    assert "50,000" in board
    assert "The province decides" in board or "省级" in board


def test_a_sector_that_comes_after_the_notice_raises_what_is_due(noticed, unit, in_cement_too):
    """甲 enters the cement directory once its notice over steel is out: its first determination there changes the duty."""
    in_cement_too(1_200_000, "1500000", AGAIN)
    notice = AdjustmentNotice.objects.get()
    assert (notice.unit, notice.due_before, notice.due_after, notice.quota_before) == (unit, 0, 1_200_000, 0)
    assert owed.due(Notice.objects.get(unit=unit), AFTER_DEADLINE) == 2_200_000


# --- The notice


def test_what_is_due_by_sector_is_each_sectors_own(noticed, unit, in_cement_too, verify, surrendered, approver, again):
    in_cement_too(800_000, "1000000", at("2026-09-28"))

    def by_sector(day):
        board = queries.board(approver, 2025, dt.date.fromisoformat(day))
        assert sum(rate.due for _sector, rate in board.by_sector) == board.rate.due
        assert sum(rate.surrendered for _sector, rate in board.by_sector) == board.rate.surrendered
        return {sector: (rate.units, rate.due, rate.surrendered) for sector, rate in board.by_sector}

    # 甲 and 乙 owe 1,000,000 t each in steel; 甲, counted under steel, 800,000 t in cement on top.
    assert by_sector("2026-09-27") == {"steel": (2, 2_000_000, 0)}
    assert by_sector("2026-10-01") == {"steel": (2, 2_000_000, 0), "cement": (0, 800_000, 0)}
    emissions, main, output = LOWER
    verify(Line.objects.get(unit=unit, code="L1"), 2025, emissions, main, output, when=CHANGED)
    again()
    assert by_sector("2026-10-18") == {"steel": (2, 2_000_000, 0), "cement": (0, 800_000, 0)}
    assert by_sector("2026-10-20") == {"steel": (2, 1_900_000, 0), "cement": (0, 800_000, 0)}
    surrendered(950_000)
    # Of 900,000 t in steel all, of 800,000 t in cement the rest.
    assert by_sector("2026-11-03") == {"steel": (2, 1_900_000, 900_000), "cement": (0, 800_000, 50_000)}


def test_only_units_whose_quota_or_duty_changes_get_a_notice(noticed, unit, clerk, rival_clerk, change, again):
    change(LOWER)
    again()
    notice = AdjustmentNotice.objects.get()
    assert (notice.unit, notice.quota_before, notice.quota_after) == (unit, 991_176, 892_058)
    assert (notice.due_before, notice.due_after, notice.to_return, notice.to_issue) == (
        1_000_000,
        900_000,
        99_118,
        0,
    )
    told = Notification.objects.filter(kind__in=["quota.adjusted", "quota.approved"], at=AGAIN)
    assert {(row.person.unit, row.kind) for row in told.select_related("person__unit")} == {
        (unit, "quota.adjusted"),
        (unit, "quota.approved"),
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        AdjustmentNotice.objects.update(quota_after=1)


def test_the_notice_is_seen_by_its_unit_and_no_other(noticed, unit, change, again, client, clerk, rival_clerk):
    change(LOWER)
    again()
    page = reverse("allocation:adjustment", args=[AdjustmentNotice.objects.get().pk])
    client.force_login(rival_clerk)
    assert client.get(page).status_code == 404
    client.force_login(clerk)
    text = client.get(page).content.decode()
    assert "99,118" in text
    assert "复核" in text
    assert "892,058" in client.get(reverse("allocation:quota_of", args=[unit.pk])).content.decode()


# --- The run


def test_a_ground_and_a_reason_are_needed_and_the_first_run_stays(noticed, hebei, officer, change, again):
    change(LOWER)
    first = runs_in_force.runs().get(kind=Kind.DETERMINATION)
    for ground, reason in (("", "复核"), (Ground.CHANGED_RESULT, " "), ("whim", "复核")):
        with pytest.raises(Refusal):
            runs.prepare(hebei, "steel", 2025, Kind.DETERMINATION, ground=ground, reason=reason, by=officer, at=AGAIN)
    second = again()
    assert (first.time, second.time, runs_in_force.runs().get(kind=Kind.DETERMINATION)) == (1, 2, second)
    assert runs_in_force.runs(at("2026-10-01")).get(kind=Kind.DETERMINATION) == first
    assert not runs.tampered(Run.objects.get(pk=first.pk))
    assert digest(outcome.result_of(json.loads(second.manifest))) == second.result_sha256


def test_quota_on_the_way_is_issued_first(steel, publish, approved, sent, hebei, officer, change):
    publish()
    approved()
    sent()
    change(LOWER)
    with pytest.raises(Refusal, match="号"):
        runs.prepare(
            hebei, "steel", 2025, Kind.DETERMINATION, ground=Ground.CHANGED_RESULT, reason="复核", by=officer, at=AGAIN
        )


def test_an_approved_run_without_a_letter_is_replaced(steel, publish, approved, unit, change, again, settle, hebei):
    publish()
    approved()
    change(LOWER)
    second = again()
    assert letters.waiting_runs(hebei, 2025, Kind.DETERMINATION) == [second]
    settle()
    assert held(unit) == 892_058


def test_a_run_that_results_overtook_is_stale_and_names_the_lines(noticed, unit, change, again, client, approver):
    change(LOWER)
    run = again(approve=False)
    assert runs.overtaken(run, AGAIN) == []
    change(HIGHER, AGAIN)
    assert runs.stale(run, AGAIN)
    assert runs.overtaken(run, AGAIN) == [f"{unit.credit_code}/L1"]
    with pytest.raises(Refusal):
        approve(run, approver, AGAIN)
    client.force_login(approver)
    assert f"{unit.credit_code}/L1" in client.get(reverse("allocation:run", args=[run.pk])).content.decode()


def test_the_prepared_run_shows_what_approval_brings_and_writes_nothing(noticed, unit, change, again, client, approver):
    change(LOWER)
    run = again(approve=False)
    (changed,) = [row for row in adjustments.changes(run) if row.is_one]
    assert (changed.after.unit, changed.quota_change, changed.due_change) == (unit, -99_118, -100_000)
    client.force_login(approver)
    text = client.get(reverse("allocation:run", args=[run.pk])).content.decode()
    assert "−99,118" in text
    assert "−100,000" in text
    assert not AdjustmentNotice.objects.exists()
    assert standing(unit, "2026-12-01").due == 1_000_000


def test_the_officer_is_told_what_is_to_be_determined_again_and_by_when(noticed, officer, hebei, change, again):
    change(LOWER)  # on Monday 12 October 2026: the tenth working day after it is Monday the 26th
    (waiting,) = redetermination.waiting(hebei, AGAIN)
    assert (waiting.changed, waiting.late, waiting.due) == (1, 0, dt.date(2026, 10, 26))
    assert [each.due for each in todo.todos(officer, AGAIN) if "ground=changed_result" in each.url] == [waiting.due]
    change(HIGHER, AGAIN - dt.timedelta(days=1))  # again before anybody acted: the term runs on
    (waiting,) = redetermination.waiting(hebei, AGAIN)
    assert (waiting.changed, waiting.due) == (1, dt.date(2026, 10, 26))
    again(approve=False)
    assert redetermination.waiting(hebei, AGAIN) == []


def test_the_quota_that_an_award_is_compared_with_is_that_of_the_run_it_replaces(noticed, unit, change, again):
    old = Award.objects.get(unit=unit, run__kind=Kind.DETERMINATION)
    change(LOWER)
    new = again().awards.get(unit=unit)
    assert earlier_award(new) == old
    assert earlier_award(old) is None


# --- Letters that only take back


def test_a_letter_that_only_takes_back_says_so(
    noticed, unit, clerk, change, again, officer, registrar_operator, registrar_approver, hebei, client, monkeypatch
):
    """甲 has 991,176 t and 892,058 are determined now: 99,118 t go back."""
    monkeypatch.setattr("registry.law.clock.now", lambda: AGAIN)
    change(LOWER)
    again()
    letter = letters.write(hebei, 2025, Kind.DETERMINATION, number="收回1号", by=officer, at=AGAIN)
    client.force_login(officer)
    paper = client.get(f"{reverse('allocation:letter', args=[letter.pk])}?format=pdf").content
    assert movements.planned(letter).only_takes_back
    (row,) = movements.by_sector([run.pk for run in letter.runs.all()])
    assert (row["quota"], row["before"], row["kept"], row["issue"], row["back"]) == (
        1_900_881,
        1_999_999,
        0,
        0,
        99_118,
    )
    assert paper
    letter = issuance.prepare(letters.send(letter, by=officer, at=AGAIN), by=registrar_operator, at=AGAIN)
    client.force_login(registrar_approver)
    page = client.get(reverse("allocation:letter", args=[letter.pk])).content.decode()
    assert "执行收回" in page
    assert "执行发放" not in page
    assert "收回待复核" in page
    assert "发放待复核" not in page
    done = confirm(client, reverse("allocation:issue_execute", args=[letter.pk]), follow=True)
    assert "99,118" in done.text
    assert "发放" not in str(done.context["told"])
    assert Notification.objects.get(person=clerk, kind="quota.taken_back").params["tonnes"] == "99,118"


def test_what_is_still_owed_is_told_with_what_was_taken(
    noticed, unit, rival_unit, clerk, change, again, settle, surrendered
):
    surrendered(950_000)
    change(LOWER)
    again(AFTER_DEADLINE)
    settle(AFTER_DEADLINE)
    told = Notification.objects.get(person=clerk, kind="quota.owed_back").params
    assert (told["tonnes"], told["owed"]) == ("41,176", "57,942")  # 99,118 = 41,176 held + 57,942


def test_the_units_approver_confirms_no_more_than_is_still_due(noticed, unit, clerk, unit_approver, change, again):
    asked = surrender.request(unit, 2025, {2025: 950_000}, by=clerk, at=at("2026-10-01"))
    change(LOWER)
    again()
    with pytest.raises(Refusal, match="900,000"):
        surrender.confirm(asked, by=unit_approver, at=SURRENDERED)
