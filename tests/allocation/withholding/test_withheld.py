"""Where the quota of a marked unit goes, and what it settles first.

甲 (`unit`) is determined 991,176 t and owes 1,000,000 t; 乙 (`rival_unit`) 1,008,823 t and owes 1,000,000 t (tests/allocation/conftest.py).
"""

import json
from io import BytesIO

import openpyxl
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from allocation import letters, plans, runs
from allocation.compliance import surrender
from allocation.ledger import accounts
from allocation.letters import issuance, official_tables
from allocation.models import Account, Differentiation, Entry, Holding, Run, Settlement
from allocation.queries import quota_years
from allocation.runs import outcome
from allocation.scope import movements
from allocation.withholding import designations, releases
from quota_site.home import desks
from registry.models import Notification
from registry.refusal import Refusal
from tests.allocation.conftest import ISSUED, LETTER
from tests.allocation.withholding.conftest import ASKED, DET, PRE, apart, own
from tests.cast import at
from tests.confirming import confirm


def test_what_is_determined_goes_to_the_province_for_the_unit(withheld_year, unit, rival_unit, hebei):
    letter = withheld_year(unit)
    assert (own(unit), apart(unit)) == ((0, 0), (991_176, 0))
    assert own(rival_unit) == (1_008_823, 0)
    place = Account.objects.get(held_for=unit)
    assert (place.kind, place.authority, place.unit) == ("withheld", hebei, None)
    entries = Entry.objects.filter(transaction__letter=letter)
    assert sum(entries.values_list("amount", flat=True)) == 0
    assert list(entries.filter(account=place).values_list("transaction__kind", "amount")) == [("withholding", 991_176)]
    assert letter.total == 991_176 + 1_008_823
    assert accounts.disagreements() == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(kind="withheld", authority=hebei, held_for=None, opened_at=ISSUED)


def test_what_was_issued_in_advance_stays_the_units(withheld_year, unit):
    withheld_year(unit, in_advance=True)
    # 700,000 in advance; 991,176 − 700,000 at determination
    assert (own(unit), apart(unit)) == ((700_000, 0), (291_176, 0))


@pytest.fixture
def at_both_steps(monkeypatch):
    """The 2025 plan as the 2026 plan has it: differentiated at pre-allocation too."""
    written = plans.load_plan("2024-2025-final").canonical()
    at = "issue.differentiated_at"
    written["parameters"] = {**written["parameters"], at: plans.load_plan("2026-draft").canonical()["parameters"][at]}
    for row in written["parameters"]["issue.differentiated_at"]["values"]:
        row["since"] = "2024-01-01"
    plan = plans.Plan.from_canonical(written)
    monkeypatch.setattr("allocation.plans.in_force", lambda sector, year: plan)


def test_from_the_2026_plan_on_what_is_allocated_in_advance_is_withheld_too(
    at_both_steps, withheld_year, unit, rival_unit
):
    withheld_year(unit, in_advance=True)
    assert (own(unit), apart(unit)) == ((0, 0), (991_176, 0))
    assert own(rival_unit) == (1_008_823, 0)
    assert [row.withholding.tonnes for row in Settlement.objects.filter(unit=unit).order_by("pk")] == [700_000, 291_176]
    assert designations.steps("steel", 2025) == ("pre_allocation", "determination")


def test_table_1_5_says_so_then(at_both_steps, steel, approved, mark, unit, hebei):
    mark(unit)
    sheet = official_tables.sheets_of(hebei, 2025, PRE, [approved(PRE)])[-1]
    place = [column.zh for column in sheet.columns].index("是否属于差异化情形暂不发放（是/否）")
    said = {row[1]: (row[place], row[place + 1]) for row in sheet.rows}
    assert sheet.name == "1-5"
    assert said.pop(unit.credit_code)[0] == "是"
    assert list(said.values()) == [("否", "")]


def test_a_mark_of_a_pre_allocation_that_is_approved_is_not_lifted(
    at_both_steps, steel, approved, mark, unit, officer, approver
):
    made = mark(unit)
    approved(PRE)
    assert designations.is_used(made)
    with pytest.raises(Refusal):
        designations.ask_lift(made, reason="法院解除冻结", by=officer, at=ASKED)


def test_until_then_a_pre_allocation_withholds_nothing(steel, approved, mark, unit):
    mark(unit)
    run = approved(PRE)
    assert not any(hasattr(row, "withholding") for row in run.settlements.all())
    assert designations.steps("steel", 2026) == ()  # no final plan: nothing is issued


def test_a_marked_unit_returns_its_quota_itself(steel, verify, publish, issued, mark, unit):
    mark(unit)
    issued(PRE)
    verify(steel[0], 2025, 500_000, "450000", "500000")
    publish()
    letter = issued(DET)
    # determined 493,996 (tests/allocation/decisions/test_deductions_taken.py), 206,004 of the 700,000 go back
    assert (own(unit), apart(unit)) == ((493_996, 0), (0, 0))
    assert Settlement.objects.get(run__letter=letter, unit=unit).withholding.tonnes == 0


def test_what_is_determined_less_again_is_taken_from_what_is_withheld(
    steel, withheld_year, verify, unit, officer, determined_again, registrar_operator, registrar_approver, hebei
):
    withheld_year(unit)
    when = at("2026-10-19 09:00")
    # 900,000 × (1 − 0.15 × 0.05/0.85) = 892,058.82… → 892,058: 991,176 − 892,058 = 99,118 go back
    verify(steel[0], 2025, 900_000, "810000", "900000", when=at("2026-10-12"))
    determined_again(when)
    letter = letters.write(hebei, 2025, DET, number="更正1号", by=officer, at=when)
    letter = issuance.prepare(letters.send(letter, by=officer, at=when), by=registrar_operator, at=when)
    issuance.execute(letter, by=registrar_approver, at=when)
    assert (own(unit), apart(unit)) == ((0, 0), (892_058, 0))
    assert issuance.owed(letter) == {}
    (year,) = [one for one in quota_years.of_unit(unit, when.date()) if one.year == 2025]
    assert (year.owed_back, year.returned_withheld) == (0, 99_118)
    assert accounts.disagreements() == []
    assert releases.missing(unit, 2025, when) == 900_000


def test_the_result_follows_from_the_manifest_alone_and_its_hash_covers_it(steel, publish, approved, mark, unit):
    marked = mark(unit)
    publish()
    run = approved(DET)
    again = outcome.result_of(json.loads(run.manifest))
    assert again == runs.stored_result(run)
    assert [row.get("withheld") for row in again["settlements"]] == [{"mark": marked.pk, "tonnes": 991_176}, None]
    with pytest.raises(DatabaseError), transaction.atomic():
        marked.withholdings.update(tonnes=0)
    other = Settlement.objects.get(run=run, withholding__isnull=True)
    marked.withholdings.create(settlement=other, tonnes=1)
    assert runs.tampered(run)


def test_table_2_5_says_so(steel, publish, approved, mark, unit, hebei, officer):
    mark(unit, ground="judicial_freeze")
    publish()
    approved(DET)
    letter = letters.write(hebei, 2025, DET, number="函1号", by=officer, at=LETTER)
    sheet = openpyxl.load_workbook(BytesIO(letters.tables(letter)))["2-5"]
    head = [cell.value for cell in sheet[2]]
    places = [head.index("是否属于差异化情形暂不发放（是/否）"), head.index("差异化具体情况")]
    rows = [[row[place].value for place in places] for row in sheet.iter_rows(min_row=3, max_row=4)]
    assert rows == [["是", "司法冻结：连续亏损"], ["否", None]]


# --- Surrender draws on it first


def test_surrender_draws_on_what_is_withheld(withheld_year, unit, clerk, unit_approver, surrendered):
    withheld_year(unit)
    request = surrender.request(unit, 2025, {2025: 400_000}, by=clerk, at=ASKED)
    assert (own(unit), apart(unit)) == ((0, 0), (991_176, 400_000))
    assert accounts.disagreements() == []
    surrender.withdraw(request, seen="requested", by=clerk, at=ASKED)
    assert apart(unit) == (991_176, 0)
    surrendered(unit, 991_176, clerk, unit_approver)
    assert apart(unit) == (0, 0)
    assert Holding.objects.get(account__kind="retired").amount == 991_176
    assert accounts.disagreements() == []


def test_the_units_own_tonnes_come_after_what_is_withheld(withheld_year, unit, clerk, unit_approver, surrendered):
    withheld_year(unit, in_advance=True)
    request = surrender.request(unit, 2025, {2025: 500_000}, by=clerk, at=ASKED)
    # 291,176 withheld, 500,000 − 291,176 = 208,824 of its own
    assert (own(unit), apart(unit)) == ((700_000, 208_824), (291_176, 291_176))
    assert accounts.disagreements() == []
    assert accounts.disagreements([Account.objects.get(unit=unit).pk]) == []
    assert accounts.disagreements([Account.objects.get(held_for=unit).pk]) == []
    surrender.withdraw(request, seen="requested", by=clerk, at=ASKED)
    assert (own(unit), apart(unit)) == ((700_000, 0), (291_176, 0))
    surrendered(unit, 500_000, clerk, unit_approver)
    assert (own(unit), apart(unit)) == ((491_176, 0), (0, 0))
    assert accounts.disagreements() == []


def test_more_than_both_hold_is_refused(withheld_year, unit, clerk):
    withheld_year(unit)
    with pytest.raises(Refusal):
        surrender.request(unit, 2025, {2025: 991_177}, by=clerk, at=ASKED)
    assert apart(unit) == (991_176, 0)


def test_a_frozen_account_of_the_unit_does_not_hinder_it(
    withheld_year, unit, clerk, unit_approver, surrendered, registrar_approver
):
    withheld_year(unit)
    accounts.freeze(accounts.of_unit(unit, ISSUED), reason="司法冻结", by=registrar_approver, at=ISSUED)
    assert surrendered(unit, 991_176, clerk, unit_approver).state == "executed"


def test_unit_and_province_see_what_is_withheld(withheld_year, unit, clerk, officer, rival_clerk, client_for):
    withheld_year(unit)
    place = Account.objects.get(held_for=unit)
    for person in (clerk, officer):
        page = client_for(person).get(reverse("allocation:quota_of", args=[unit.pk])).content.decode()
        assert "2025年度配额991,176吨" in page
        assert client_for(person).get(reverse("allocation:account", args=[place.pk])).status_code == 200
        mark = Differentiation.objects.get()
        shown = client_for(person).get(reverse("allocation:differentiation", args=[mark.pk]))
        assert (shown.context["held"], shown.context["missing"]) == (991_176, 1_000_000)
    (year,) = [one for one in quota_years.of_unit(unit, ASKED.date()) if one.year == 2025]
    assert (year.withheld, year.created, year.held) == (991_176, 0, 0)
    run = client_for(officer).get(reverse("allocation:run", args=[Run.objects.get().pk]))
    assert [row.withholding.tonnes for row in run.context["withheld"]] == [991_176]
    assert client_for(rival_clerk).get(reverse("allocation:account", args=[place.pk])).status_code == 404
    ask = client_for(clerk).get(reverse("allocation:surrender_ask", args=[2025]))
    assert (ask.context["withheld"], ask.context["lacking"]) == (991_176, 8_824)


def test_issuing_asks_the_same_however_many_are_marked(steel, publish, approved, sent, mark, unit, rival_unit,
    registrar_operator, registrar_approver, django_assert_max_num_queries):  # fmt: skip
    mark(unit)
    mark(rival_unit)
    publish()
    approved(DET)
    letter = issuance.prepare(sent(DET), by=registrar_operator, at=ISSUED)
    with django_assert_max_num_queries(90):
        issuance.execute(letter, by=registrar_approver, at=ISSUED)
    assert (apart(unit)[0], apart(rival_unit)[0]) == (991_176, 1_008_823)


# --- Where each tonne went


@pytest.fixture
def _november(monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2026-11-20 09:00"))


@pytest.mark.usefixtures("_november")
def test_the_issue_says_where_each_tonne_went_and_each_unit_its_own(
    steel,
    publish,
    approved,
    sent,
    mark,
    unit,
    rival_unit,
    clerk,
    rival_clerk,
    registrar_operator,
    registrar_approver,
    client_for,
):
    mark(unit)
    publish()
    approved(DET)
    letter = issuance.prepare(sent(DET), by=registrar_operator, at=ISSUED)
    whole = movements.Moved(credited=1_008_823, credited_units=1, withheld=991_176, withheld_units=1)
    assert movements.planned(letter) == whole
    browser = client_for(registrar_approver)
    done = confirm(browser, reverse("allocation:issue_execute", args=[letter.pk]), follow=True)
    assert "1,008,823" in done.text
    assert "991,176" in done.text
    assert movements.moved(letter) == whole
    told = {
        row.person: (row.kind, row.params["tonnes"]) for row in Notification.objects.filter(kind__contains="quota.w")
    }
    assert told == {clerk: ("quota.withheld", "991,176")}
    assert Notification.objects.get(person=rival_clerk, kind="quota.credited").params["tonnes"] == "1,008,823"


@pytest.mark.usefixtures("_november")
def test_the_way_on_the_units_home_says_what_of_its_quota_is_withheld(withheld_year, unit, clerk, client_for):
    withheld_year(unit)
    way = dict(client_for(clerk).get("/").context["ways"])
    notes = {step.label: step.note for steps in way.values() for step in steps}
    assert notes["配额发放"] == "其中991,176吨暂不发放"


def test_a_withheld_account_is_named_in_the_pages_signs(unit):
    account = Account(kind=Account.Kind.WITHHELD, authority=unit.authority, held_for=unit)
    with translation.override("zh-hans"):
        assert str(account) == f"{unit.authority}（{unit}）"
    with translation.override("en"):
        assert str(account) == f"{unit.authority} ({unit})"


def test_the_registrars_home_says_of_every_tonne_of_a_vintage_where_it_lies(
    withheld_year, surrendered, unit, clerk, unit_approver
):
    withheld_year(unit)
    surrendered(unit, 100_000, clerk, unit_approver)
    (row,) = desks._vintages()
    assert (row["withheld"], row["retired"]) == (891_176, 100_000)
    assert row["created"] == row["provinces"] + row["withheld"] + row["units"] + row["retired"] == 1_999_999
