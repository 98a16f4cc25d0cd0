"""Decisions that deduct from quota: who may enter what until when, singly or in a table, and who decides."""

import datetime as dt
from io import BytesIO

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allocation import deductions, queries
from allocation.compliance import surrender
from allocation.deductions import Decision, DeductionFaultsError, DoubtfulDeductionError
from allocation.deductions import figures as deduction_figures
from allocation.deductions.figures import Asked
from allocation.models import Deduction
from allocation.queries import todo
from registry.models import DirectoryEntry, JournalEntry, Notification
from registry.refusal import Refusal
from tests.allocation.decisions.conftest import ENTERED, IN_FORCE, entered
from tests.cast import at
from tests.confirming import confirm

State = Deduction.State


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
