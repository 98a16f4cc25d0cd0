"""Decisions that deduct from quota: who may enter what until when, what each run takes from which decision, and where it is shown."""

import datetime as dt
import json
from io import BytesIO

import openpyxl
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allocation import deductions, letters, queries, runs
from allocation.compliance import surrender
from allocation.deductions import Decision, DeductionFaultsError, DoubtfulDeductionError, balances
from allocation.deductions import figures as deduction_figures
from allocation.deductions.figures import Asked
from allocation.models import Deduction, DeductionMovement, Run, Settlement
from allocation.queries import todo
from allocation.runs import outcome
from registry.models import DirectoryEntry, JournalEntry, Notification
from registry.refusal import Refusal
from tests.allocation.conftest import LETTER, approve
from tests.cast import at
from tests.confirming import confirm

ENTERED = at("2026-03-02 09:00")
IN_FORCE = at("2026-03-03 09:00")
State = Deduction.State


@pytest.fixture
def decide(unit, officer, approver):
    """`decide("核减1号", 100)`: a decision in force."""

    def act(number, tonnes, on="2026-01-05", *, of=None, sector="steel", year=2024, ground="not_surrendered"):
        decision = Decision((of or unit).credit_code, sector, number, dt.date.fromisoformat(on), year, tonnes, ground)
        made = deductions.enter(decision, by=officer, at=ENTERED)
        (made,) = deductions.approve([made], shown=deductions.seen([made]), by=approver, at=IN_FORCE)
        return made

    return act


def entered(of, officer, **changed):
    usual = {
        "unit": of.credit_code,
        "sector": "steel",
        "number": "核减1号",
        "decided_on": dt.date(2026, 1, 5),
        "year": 2024,
        "tonnes": 100,
        "ground": "not_surrendered",
    }
    return deductions.enter(Decision(**{**usual, **changed}), by=officer, at=at("2026-12-01"))


def left(*rows):
    found = {row.pk: row.left for row in balances.with_left(Deduction.objects.all())}
    return [found[row.pk] for row in rows]


# --- Entering


@pytest.mark.parametrize(
    ("ground", "day", "article"),
    [
        ("not_surrendered", "2026-01-01", ""),
        ("not_surrendered", "2026-08-14", ""),
        ("not_surrendered", "2026-08-15", "生态环境法典"),
        ("uncorrected_falsification", "2026-08-15", ""),
        ("uncorrected_falsification", "2026-11-30", ""),
        ("not_surrendered", "2024-04-30", "2024-04-30"),
        ("bad_weather", "2026-01-05", "bad_weather"),
    ],
)
def test_a_ground_is_open_until_the_law_closes_it(unit, officer, ground, day, article):
    day = dt.date.fromisoformat(day)
    if not article:
        assert entered(unit, officer, ground=ground, decided_on=day).state == State.PROPOSED
        return
    with pytest.raises(Refusal, match=article):
        entered(unit, officer, ground=ground, decided_on=day)
    assert not Deduction.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"tonnes": 0},
        {"tonnes": -1},
        {"tonnes": 10**15},
        {"decided_on": dt.date(2026, 12, 2)},
        {"year": 2023},
        {"year": 2027},
        {"number": "=1+1"},
        {"number": ""},
        {"number": "长" * 61},
        {"sector": "power"},
        {"unit": "91370000000000000X"},
    ],
)
def test_what_is_wrong_is_refused(unit, officer, changed):
    with pytest.raises(Refusal):
        entered(unit, officer, **changed)
    assert not Deduction.objects.exists()


def test_everything_wrong_is_named_at_once(unit, officer):
    with pytest.raises(Refusal) as refusal:
        entered(unit, officer, tonnes=0, year=2030, ground="bad_weather")
    assert str(refusal.value).count("。") == 3


def test_nothing_is_missing_before_the_duty_is_due(unit, officer):
    """2024 is due until 2025-12-31: the day itself still belongs to the term."""
    with pytest.raises(Refusal, match="2025-12-31"):
        entered(unit, officer, decided_on=dt.date(2025, 12, 31))
    assert entered(unit, officer, decided_on=dt.date(2026, 1, 1)).state == State.PROPOSED


def test_a_duty_with_a_certificate_and_more_than_is_missing_are_refused(
    noticed, unit, rival_unit, officer, clerk, rival_clerk, unit_approver, rival_approver, approver, registrar_operator
):
    """甲 owes 1,000,000 t of 2025 and has surrendered 400,000; 乙 has its certificate."""
    for of, by, second, tonnes in (
        (unit, clerk, unit_approver, 400_000),
        (rival_unit, rival_clerk, rival_approver, 1_000_000),
    ):
        asked = surrender.request(of, 2025, {2025: tonnes}, by=by, at=at("2026-11-01"))
        surrender.confirm(asked, by=second, at=at("2026-11-02"))
        surrender.approve(asked, by=approver, at=at("2026-11-03"))
        surrender.execute(asked, by=registrar_operator, at=at("2026-11-04"))
    late = {"year": 2025, "ground": "not_surrendered"}
    for of, tonnes, said in ((rival_unit, 1, "ZM-"), (unit, 600_001, "600,000")):
        known = Asked(of.pk, "steel", 2025, tonnes, "not_surrendered", dt.date(2027, 1, 4))
        (figures,) = deduction_figures.beside([known], at("2027-02-01"))
        (why,) = deduction_figures.impossible(known, figures)
        assert said in why
    known = Asked(unit.pk, "steel", 2025, 600_000, "not_surrendered", dt.date(2027, 1, 4))
    (figures,) = deduction_figures.beside([known], at("2027-02-01"))
    assert list(deduction_figures.impossible(known, figures)) == []
    with pytest.raises(Refusal, match="2026-12-31"):
        entered(unit, officer, **late)


def test_more_than_the_units_quota_is_confirmed_singly_by_both(noticed, unit, officer, approver, client_for):
    """甲's quota of 2025 is 991,176 t."""
    form = {
        "unit": unit.pk,
        "sector": "steel",
        "number": "冀环罚〔2026〕9号",
        "decided_on": "2026-10-08",
        "year": 2025,
        "tonnes": 99_000_000,
        "ground": "uncorrected_falsification",
    }
    address = reverse("allocation:deduction_enter")
    answer = client_for(officer).post(address, form)
    assert answer.status_code == 422
    assert "991,176" in answer.content.decode()
    assert not Deduction.objects.exists()
    assert client_for(officer).post(address, {**form, "seal": answer.context["seal"]}).status_code == 422  # not ticked
    client_for(officer).post(address, {**form, "seal": answer.context["seal"], "confirmed": "1"})
    made = Deduction.objects.get()
    together = client_for(approver).get(reverse("allocation:deductions_approve"))
    assert [row for row, _known in together.context["rows"]] == []
    assert [row for row, _why in together.context["doubtful"]] == [made]
    with pytest.raises(Refusal, match="991,176"):
        deductions.approve([made], shown=deductions.seen([made]), by=approver, at=at("2026-12-02"))
    page = client_for(approver).get(reverse("allocation:deduction", args=[made.pk])).content.decode()
    assert "991,176" in page
    shown = {"shown": deductions.seen([made])}
    confirm(client_for(approver), reverse("allocation:deduction_approve", args=[made.pk]), shown)
    made.refresh_from_db()
    assert made.state == State.PROPOSED
    ticked = {**shown, "confirmed": "1"}
    confirm(client_for(approver), reverse("allocation:deduction_approve", args=[made.pk]), ticked)
    made.refresh_from_db()
    assert made.state == State.APPROVED


def test_a_decision_against_a_unit_that_left_the_directory_is_confirmed(steel, unit, officer, approver, in_english):
    """Nothing is determined any more from which it could be deducted."""
    DirectoryEntry.objects.filter(unit=unit, year=2025).update(
        state="left", left_on=dt.date(2025, 12, 1), exit_ground="restructured", exit_reason="并入"
    )
    asked = Decision(unit.credit_code, "steel", "冀环罚〔2026〕9号", dt.date(2026, 1, 5), 2024, 5, "not_surrendered")
    with pytest.raises(DoubtfulDeductionError, match="2025-12-01") as told:
        deductions.enter(asked, by=officer, at=ENTERED)
    row = deductions.enter(asked, by=officer, at=ENTERED, confirmed=deduction_figures.seal(told.value.known))
    with pytest.raises(Refusal, match="2025-12-01"):
        deductions.approve([row], shown=deductions.seen([row]), by=approver, at=ENTERED)
    list_again = DirectoryEntry.objects.get(unit=unit, year=2025)
    list_again.pk, list_again.year, list_again.state = None, 2026, "listed"
    list_again.left_on, list_again.exit_ground, list_again.exit_reason = None, "", ""
    list_again.save()
    (approved,) = deductions.approve([row], shown=deductions.seen([row]), by=approver, at=ENTERED)
    assert approved.state == "approved"


def test_a_table_with_more_than_the_units_quota_is_refused_with_the_figures(noticed, unit, officer):
    row = f"{unit.credit_code},steel,核减1号,2026-10-08,2025,99000000,uncorrected_falsification\n"
    with pytest.raises(DeductionFaultsError, match="991,176"):
        deductions.import_table((HEAD + row).encode(), by=officer, at=at("2026-12-01"))


def test_all_of_them_are_approved_from_a_page_with_totals_and_quotas(
    noticed, unit, rival_unit, officer, approver, client_for
):
    for of, tonnes in ((unit, 100), (rival_unit, 250)):
        entered(of, officer, tonnes=tonnes)
    page = client_for(approver).get(reverse("allocation:deductions_approve"))
    assert page.context["total"] == 350
    assert [(row.unit, known.quota) for row, known in page.context["rows"]] == [
        (unit, 991_176),
        (rival_unit, 1_008_823),
    ]
    confirm(client_for(approver), reverse("allocation:deductions_approve"), {"shown": page.context["shown"]})
    assert set(Deduction.objects.values_list("state", flat=True)) == {"approved"}


def test_another_provinces_unit_is_none_of_the_officers(far_unit, officer):
    with pytest.raises(Refusal):
        entered(far_unit, officer)


def test_a_decision_is_entered_once_and_again_after_a_refusal(unit, officer, approver):
    first = entered(unit, officer)
    with pytest.raises(Refusal):
        entered(unit, officer)
    assert entered(unit, officer, sector="cement").sector == "cement"
    deductions.refuse(first, reason="文号有误", by=approver, at=IN_FORCE)
    assert entered(unit, officer).state == State.PROPOSED


def test_four_eyes(unit, officer, approver, reseated):
    made = entered(unit, officer)
    with pytest.raises(Refusal):
        deductions.approve([made], shown=deductions.seen([made]), by=reseated(officer, approver), at=IN_FORCE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deduction.objects.filter(pk=made.pk).update(state="approved", approved_by=officer, approved_at=IN_FORCE)
    with pytest.raises(Refusal):
        deductions.approve([made], shown="0" * 64, by=approver, at=IN_FORCE)
    (done,) = deductions.approve([made], shown=deductions.seen([made]), by=approver, at=IN_FORCE)
    assert done.state == State.APPROVED


@pytest.mark.parametrize("ended", ["approve", "refuse"])
@pytest.mark.parametrize("move", ["approve", "refuse"])
def test_what_is_decided_is_decided(unit, officer, approver, ended, move):
    made = entered(unit, officer)
    acts = {
        "approve": lambda: deductions.approve([made], shown=deductions.seen([made]), by=approver, at=IN_FORCE),
        "refuse": lambda: deductions.refuse(made, reason="文号有误", by=approver, at=IN_FORCE),
    }
    acts[ended]()
    with pytest.raises(Refusal):
        acts[move]()
    for change in ({"tonnes": 1}, {"state": "proposed"}, {"decided_on": dt.date(2025, 1, 1)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Deduction.objects.filter(pk=made.pk).update(**change)


def test_a_refusal_needs_a_reason(unit, officer, approver):
    with pytest.raises(Refusal):
        deductions.refuse(entered(unit, officer), reason=" ", by=approver, at=IN_FORCE)


def test_what_was_entered_can_not_be_changed_while_it_waits(unit, officer):
    made = entered(unit, officer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Deduction.objects.filter(pk=made.pk).update(tonnes=1)


# --- A table

HEAD = "unit,sector,number,decided_on,year,tonnes,ground\n"


def test_a_table_is_taken_whole(unit, rival_unit, officer, approver):
    rows = [
        f"{unit.credit_code},steel,核减1号,2026-01-05,2024,100,not_surrendered",
        f"{rival_unit.credit_code},cement,核减1号,2026-02-05,2025,200,uncorrected_falsification",
    ]
    made = deductions.import_table((HEAD + "\n".join(rows)).encode(), by=officer, at=ENTERED)
    assert [(row.unit, row.tonnes, row.state) for row in made] == [
        (unit, 100, "proposed"),
        (rival_unit, 200, "proposed"),
    ]
    assert made[0].file_sha256 == made[1].file_sha256 != ""
    assert len(deductions.approve(made, shown=deductions.seen(made), by=approver, at=IN_FORCE)) == 2


def test_every_fault_of_a_table_is_named_and_nothing_stored(unit, far_unit, officer):
    code = unit.credit_code
    rows = [
        f"{code},steel,核减1号,2026-01-05,2024,100,not_surrendered",
        f"{code},steel,核减2号,2026-13-05,2024,百,not_surrendered",
        f"{far_unit.credit_code},steel,核减3号,2026-01-05,2024,100,bad_weather",
        f"{code},steel,核减4号,2026-01-05,2024,100,not_surrendered,多",
    ]
    with pytest.raises(DeductionFaultsError) as refusal:
        deductions.import_table((HEAD + "\n".join(rows)).encode(), by=officer, at=ENTERED)
    assert [line for line, _fault in refusal.value.faults] == [3, 3, 4, 4, 5]
    assert not Deduction.objects.exists()


@pytest.mark.parametrize("table", [b"", b"\xff\xfe", b"a,b\n1,2\n", HEAD.encode()])
def test_no_table_at_all(officer, table):
    with pytest.raises(DeductionFaultsError):
        deductions.import_table(table, by=officer, at=ENTERED)


def test_a_row_twice_in_a_table(unit, officer):
    row = f"{unit.credit_code},steel,核减1号,2026-01-05,2024,100,not_surrendered\n"
    with pytest.raises(DeductionFaultsError) as refusal:
        deductions.import_table((HEAD + row + row).encode(), by=officer, at=ENTERED)
    assert [line for line, _fault in refusal.value.faults] == [3]


def test_a_table_costs_the_same_questions_for_many_units(make_unit, officer):
    units = [make_unit("steel") for _each in range(12)]

    def cost(some):
        rows = [f"{one.credit_code},steel,令{len(some)},2026-01-05,2024,1,not_surrendered" for one in some]
        with CaptureQueriesContext(connection) as asked:
            deductions.import_table((HEAD + "\n".join(rows)).encode(), by=officer, at=ENTERED)
        return len([each for each in asked if "journal" not in each["sql"] and "deduction" in each["sql"]])

    assert cost(units[:2]) == cost(units)


# --- What runs take

# 甲: pre-allocated floor(0.70 × 1,000,001) = 700,000; determined 991,176 (conftest).
PRE, DET = Run.Kind.PRE_ALLOCATION, Run.Kind.DETERMINATION
COLUMNS = ("top_up", "deduction_returned", "deducted", "issued_before", "issued_now", "issued_total", "outstanding")


def row_of(letter_or_run, unit):
    runs_of = letter_or_run.runs.all() if hasattr(letter_or_run, "runs") else [letter_or_run]
    return Settlement.objects.get(run__in=runs_of, unit=unit)


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


# --- Tables, pages, messages


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


def test_a_unit_sees_its_own_decisions_in_force(
    decide, unit, rival_unit, officer, clerk, rival_clerk, stranger_officer
):
    mine = decide("旧", 100)
    entered(unit, officer, number="未批")
    assert list(queries.deductions(clerk)) == [mine]
    assert not queries.deductions(rival_clerk).exists()
    assert not queries.deductions(stranger_officer).exists()
    assert queries.deductions(officer).count() == 2


def test_the_second_person_is_told_and_the_unit_afterwards(clerk, unit_approver, rival_clerk, unit, officer, approver):
    made = entered(unit, officer)
    (waiting,) = [each for each in todo.todos(approver, ENTERED) if each.title == "待批准的核减决定"]
    assert waiting.url == reverse("allocation:deduction", args=[made.pk])
    deductions.approve([made], shown=deductions.seen([made]), by=approver, at=IN_FORCE)
    assert not [each for each in todo.todos(approver, ENTERED) if each.title == "待批准的核减决定"]
    told = Notification.objects.filter(kind="deduction.approved").values_list("person", flat=True)
    assert set(told) == {clerk.pk, unit_approver.pk}
    acts = list(JournalEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["deduction.entered", "deduction.approved"]


def test_the_whole_way_in_the_browser(unit, officer, approver, client_for):
    form = {
        "unit": unit.pk,
        "sector": "steel",
        "number": "冀环罚〔2026〕1号",
        "decided_on": "2026-01-05",
        "year": 2024,
        "tonnes": 100,
        "ground": "not_surrendered",
    }
    client_for(officer).post(reverse("allocation:deduction_enter"), form)
    made = Deduction.objects.get()
    listed = client_for(approver).get(reverse("allocation:deductions_approve"))
    confirm(client_for(approver), reverse("allocation:deductions_approve"), {"shown": listed.context["shown"]})
    made.refresh_from_db()
    assert made.state == State.APPROVED
    late = {**form, "number": "冀环罚〔2026〕2号", "decided_on": "2026-08-15"}
    answer = client_for(officer).post(reverse("allocation:deduction_enter"), late, follow=True)
    assert Deduction.objects.count() == 1
    assert "生态环境法典" in answer.content.decode()


def test_a_table_with_faults_comes_back_with_them(officer, client_for, unit):
    bad = BytesIO((HEAD + f"{unit.credit_code},steel,核减1号,2026-01-05,2024,零,not_surrendered\n").encode())
    bad.name = "表.csv"
    answer = client_for(officer).post(reverse("allocation:deductions_import"), {"table": bad})
    assert answer.status_code == 422
    assert "零" in answer.content.decode()
    assert not Deduction.objects.exists()


def test_an_officer_takes_back_what_was_entered_wrongly(unit, officer, client_for):
    made = entered(unit, officer)
    client_for(officer).post(reverse("allocation:deduction_take_back", args=[made.pk]), {"reason": "吨数有误"})
    made.refresh_from_db()
    assert (made.state, made.refusal_reason) == (State.REFUSED, "吨数有误")


def test_a_decision_of_today_can_be_entered_and_one_of_tomorrow_not(unit, officer, in_english):
    ground = "uncorrected_falsification"
    assert entered(unit, officer, ground=ground, decided_on=dt.date(2026, 12, 1)).decided_on == dt.date(2026, 12, 1)
    with pytest.raises(Refusal, match="in the future"):
        entered(unit, officer, ground=ground, number="核减2号", decided_on=dt.date(2026, 12, 2))


# --- A year still forecast


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
