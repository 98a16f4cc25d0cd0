"""What each run takes from which decision that deducts from quota, the oldest first."""

import datetime as dt
import json
from io import BytesIO

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allocation import letters, runs
from allocation.deductions import balances
from allocation.models import Deduction, DeductionMovement, Run
from allocation.runs import outcome
from registry.refusal import Refusal
from tests.allocation.conftest import LETTER, approve
from tests.allocation.decisions.conftest import IN_FORCE, entered, left, row_of
from tests.cast import at

# 甲: pre-allocated floor(0.70 × 1,000,001) = 700,000; determined 991,176 (conftest).
PRE, DET = Run.Kind.PRE_ALLOCATION, Run.Kind.DETERMINATION


COLUMNS = ("top_up", "deduction_returned", "deducted", "issued_before", "issued_now", "issued_total", "outstanding")


@pytest.mark.parametrize(
    ("decided", "in_advance", "determined", "kept"),
    [
        # (older, newer) balances; table 1-5 ② ③ ④; table 2-5 ① ② ③ ④ ⑤ ⑥ ⑦; what each keeps
        ((100, 50), (150, 699_850, 0), (291_176, 0, 0, 699_850, 291_176, 991_026, 0), [0, 0]),
        ((500_000, 300_000), (700_000, 0, 100_000), (291_176, 0, 100_000, 0, 191_176, 191_176, 0), [0, 0]),
        ((700_000, 300_000), (700_000, 0, 300_000), (291_176, 0, 291_176, 0, 0, 0, 8_824), [0, 8_824]),
        ((600_000, 391_177), (700_000, 0, 291_177), (291_176, 0, 291_176, 0, 0, 0, 1), [0, 1]),
    ],
)
def test_the_oldest_decision_is_taken_from_first(
    steel, publish, issued, decide, unit, rival_unit, decided, in_advance, determined, kept
):
    newer, older = decide("新", decided[1], "2026-02-05"), decide("旧", decided[0], "2026-01-05")
    first = row_of(issued(PRE), unit)
    assert (first.deducted, first.issued_now, first.outstanding) == in_advance
    publish()
    last = row_of(issued(DET), unit)
    assert tuple(getattr(last, name) for name in COLUMNS) == determined
    assert left(older, newer) == kept
    # Everything is accounted for: determined = issued in total + what decisions took in the end.
    assert last.determined == last.issued_total + sum(decided) - sum(kept)
    assert row_of(last.run, rival_unit).deducted == 0


def test_the_run_shows_what_was_deducted_in_advance(steel, publish, issued, decide, client_for, officer):
    decide("旧", 30_000, "2026-01-05")
    in_advance = issued(PRE).runs.get()
    publish()
    run = issued(DET).runs.get()

    def columns(which):
        table = client_for(officer).get(reverse("allocation:run", args=[which.pk])).context["settlements"]
        return {column.name: column.footer for column in table.columns}

    # 甲 700,000 less 30,000, 乙 560,000: table 2-5 neither gives back nor deducts anything more.
    found = columns(run)
    assert (found["pre_allocated"], found["since_advance"]) == ("1,260,000", "−30,000")
    assert (found["issued_before"], found["deducted"], found["deduction_returned"]) == ("1,230,000", "0", "0")
    assert "since_advance" not in columns(in_advance)


def test_what_was_deducted_too_much_goes_back_into_the_latest_first(steel, publish, issued, decide, verify, unit):
    older, newer = decide("旧", 500_000, "2026-01-05"), decide("新", 300_000, "2026-02-05")
    issued(PRE)
    assert left(older, newer) == [0, 100_000]
    # 甲 2025: E 500,000, I 0.90; BP = (0.9 × 500,000 + 0.8 × 1,000,000) / 1,500,000 = 0.8333;
    # quota floor(500,000 × (1 − 0.15 × 0.0667/0.8333)) = 493,996
    verify(steel[0], 2025, 500_000, "450000", "500000")
    publish()
    last = row_of(issued(DET), unit)
    # ① 493,996 − 700,000; ② 700,000 − 493,996 = 206,004, of it 200,000 into 新 and 6,004 into 旧
    assert tuple(getattr(last, name) for name in COLUMNS) == (-206_004, 206_004, 0, 0, 0, 0, 306_004)
    assert left(older, newer) == [6_004, 300_000]
    assert [(row.deduction.number, row.given_back) for row in last.movements.all()] == [("旧", 6_004), ("新", 200_000)]


def test_a_waiting_line_keeps_its_share_of_what_was_deducted(steel, publish, issued, decide, make_line, verify, unit):
    second = make_line(unit, code="L2")  # verified for 2024 only
    verify(second, 2024, 500_000, "400000", "500000", when=at("2025-08-20"))
    balance = decide("旧", 800_000)
    # 700,000 + 350,000 in advance, 800,000 deducted, 250,000 issued
    assert row_of(issued(PRE), unit).issued_now == 250_000
    publish()
    last = row_of(issued(DET), unit)
    # Of L1: 700,000 in advance, all of it deducted; determined 991,176. L2's 350,000 wait with 100,000 deducted and 250,000 issued.
    assert (last.pre_allocated, last.issued_before, last.top_up, last.issued_now) == (700_000, 0, 291_176, 291_176)
    assert left(balance) == [0]


def test_another_sectors_decision_and_one_that_waits_take_nothing(steel, publish, approved, decide, unit, officer):
    decide("水泥", 500, sector="cement")
    entered(unit, officer, number="未批")
    publish()
    run = approved(DET)
    assert row_of(run, unit).deducted == 0
    assert not DeductionMovement.objects.exists()
    assert "outstanding" in json.loads(run.manifest)


def test_a_decision_that_comes_into_force_makes_the_run_stale(steel, publish, prepared, decide, approver):
    publish()
    run = prepared(DET)
    decide("旧", 500)
    assert runs.stale(run, at("2026-09-02"))
    with pytest.raises(Refusal):
        approve(run, approver)


def test_two_runs_do_not_take_the_same_tonnes(steel, publish, prepared, approved, decide, list_in_directory, approver):
    balance = decide("旧", 300_000)
    publish()
    for line in steel:
        list_in_directory(line.unit, 2026)
    waiting = prepared(DET)
    before = left(balance)
    assert before == [300_000]  # prepared takes nothing yet
    approve(waiting, approver)
    assert left(balance) == [0]


def test_the_result_follows_from_the_manifest_alone_and_its_hash_covers_the_deductions(steel, approved, decide):
    decide("旧", 800_000)
    run = approved(PRE)
    again = outcome.result_of(json.loads(run.manifest))
    assert again == runs.stored_result(run)
    assert not runs.tampered(run)
    (row,) = [row for row in again["settlements"] if "deductions" in row]
    assert [(balance["before"], balance["taken"]) for balance in row["deductions"]] == [(800_000, 700_000)]
    with pytest.raises(DatabaseError), transaction.atomic():
        DeductionMovement.objects.update(taken=1)
    extra = DeductionMovement(deduction=Deduction.objects.get(), settlement=run.settlements.last())
    extra.before, extra.given_back, extra.taken = 1, 0, 1
    extra.save()
    assert runs.tampered(run)


def test_the_run_asks_the_same_however_many_decisions_there_are(steel, prepared, decide, approver, unit):
    decide("旧", 10)
    run = prepared(PRE)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            runs.stored_result(run)
            runs.stale(run, at("2026-09-02"))
        return len(asked)

    cost()
    few = cost()
    for number in range(5):
        decide(f"新{number}", 10)
    assert cost() == few


def test_table_1_5_has_a_column_for_each_year(steel, approved, decide, unit, hebei, officer):
    decide("旧", 100, year=2024)
    decide("新", 50, "2026-02-05", year=2025, ground="uncorrected_falsification")
    approved(PRE)
    letter = letters.write(hebei, 2025, PRE, number="函1号", by=officer, at=LETTER)
    sheet = openpyxl.load_workbook(BytesIO(letters.tables(letter)))["1-5"]
    head = [cell.value for cell in sheet[2]]
    assert head[3:8] == [
        "①预分配配额",
        "②配额调整（核减量）2024年度",
        "②配额调整（核减量）2025年度",
        "③预分配实发配额",
        "④预分配配额发放后剩余待调整配额",
    ]
    # 甲 with its two decisions, 乙 without, the total: 699,850 + 560,000
    assert [[cell.value for cell in row[3:8]] for row in sheet.iter_rows(min_row=3, max_row=5)] == [
        [700_000, 100, 50, 699_850, 0],
        [560_000, 0, 0, 560_000, 0],
        [1_260_000, 100, 50, 1_259_850, 0],
    ]


def test_a_decisions_page_shows_its_course(steel, publish, issued, prepared, decide, unit, client_for, clerk, officer):
    balance = decide("旧", 800_000)
    issued(PRE)
    publish()
    prepared(DET)
    page = reverse("allocation:deduction", args=[balance.pk])
    shown = client_for(officer).get(page)
    assert [
        (step.movement.before, step.movement.taken, step.movement.left, step.counts) for step in shown.context["steps"]
    ] == [
        (800_000, 700_000, 100_000, True),
        (100_000, 100_000, 0, False),
    ]
    # The unit sees what counts, not what is being prepared.
    assert [step.movement.left for step in client_for(clerk).get(page).context["steps"]] == [100_000]
    quota = client_for(clerk).get(reverse("allocation:quota_of", args=[unit.pk])).content.decode()
    assert page in quota
    run = client_for(officer).get(reverse("allocation:run", args=[Run.objects.get(kind=PRE).pk])).content.decode()
    assert "待核减" in run


def test_what_a_year_is_forecast_with_counts_what_its_own_runs_took(steel, decide, unit, approved):
    """Of 100 t the pre-allocation of 2025 takes all: they are not there to be surrendered for 2025, and 2026 is free of them."""
    decide("核减1号", 100)
    by_then = [balances.of_year(unit, "steel", 2025, when) for when in (IN_FORCE - dt.timedelta(seconds=1), IN_FORCE)]
    assert by_then == [0, 100]
    run = approved(Run.Kind.PRE_ALLOCATION)
    after = run.approved_at
    assert DeductionMovement.objects.get().taken == 100
    assert balances.of_year(unit, "steel", 2025, after) == 100
    assert balances.of_year(unit, "steel", 2026, after) == 0
    assert balances.of_year(unit, "steel", 2026, after - dt.timedelta(seconds=1)) == 100
    assert balances.of_year(unit, "cement", 2025, after) == 0
