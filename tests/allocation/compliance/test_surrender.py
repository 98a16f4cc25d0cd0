"""Notices, surrender and certificates."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from allocation import ledger, queries
from allocation.compliance import certificates, notices, surrender
from allocation.ledger import Posting, accounts
from allocation.models import Certificate, Holding, Letter, Notice, SurrenderRequest
from allocation.plans import usable_vintages
from registry.models import Notification
from registry.refusal import Refusal
from registry.values.sectors import Sector
from tests.allocation.conftest import ISSUED, NOTICED
from tests.cast import at

ASKED = at("2026-11-01 09:00")
LATE = at("2027-01-05 09:00")
State = SurrenderRequest.State


@pytest.fixture
def seats(clerk, unit_approver, approver, registrar_operator):
    return clerk, unit_approver, approver, registrar_operator


@pytest.fixture
def surrender_in_full(seats, rival_clerk, rival_approver):
    """`surrender_in_full(unit, quantities, when)`: requested, confirmed, approved, executed."""
    clerk, unit_approver, approver, registrar = seats
    of_unit = {person.unit: person for person in (clerk, rival_clerk)}
    confirms = {person.unit: person for person in (unit_approver, rival_approver)}

    def act(unit, quantities, when=ASKED, year=2025):
        request = surrender.request(unit, year, quantities, by=of_unit[unit], at=when)
        surrender.confirm(request, by=confirms[unit], at=when)
        surrender.approve(request, by=approver, at=when)
        return surrender.execute(request, by=registrar, at=when)

    return act


def holding(unit, vintage=2025):
    return Holding.objects.get(account__unit=unit, vintage=vintage)


# --- Notices


def test_notices_state_the_verified_emissions(noticed):
    assert [(notice.unit.name[0], notice.due, str(notice.deadline)) for notice in noticed] == [
        ("甲", 1_000_000, "2026-12-31"),
        ("乙", 1_000_000, "2026-12-31"),
    ]
    assert [notice.number for notice in noticed] == ["LY-2025-130000-0001", "LY-2025-130000-0002"]


def test_a_unit_is_not_noticed_twice(noticed, officer, hebei):
    with pytest.raises(Refusal):
        notices.send(hebei, 2025, by=officer, at=NOTICED)


def test_a_unit_in_two_sectors_waits_for_both_and_gets_one_notice(
    steel, publish, approved, make_line, list_in_directory, verify, officer, hebei, unit
):
    line = make_line(unit, Sector.CEMENT, code="C1")
    list_in_directory(unit, 2025, Sector.CEMENT)
    verify(line, 2025, 1_200_000, "1200000", "1500000")
    publish()
    approved()
    assert [notice.unit.name[0] for notice in notices.send(hebei, 2025, by=officer, at=NOTICED)] == ["乙"]
    (waiting,) = notices.outstanding(hebei, 2025, NOTICED.date())
    assert (waiting.unit, waiting.waits_for) == (unit, ("cement",))
    publish(Sector.CEMENT)
    approved(sector=Sector.CEMENT)
    (notice,) = notices.send(hebei, 2025, by=officer, at=NOTICED)
    # 1,000,000 + 1,200,000; counted whole under cement, where most of it is due
    assert (notice.due, notice.sector) == (2_200_000, "cement")


def test_a_unit_left_out_of_an_approved_run_waits_and_is_counted(
    steel, publish, approved, make_unit, make_line, list_in_directory, officer, approver, hebei
):
    silent = make_unit(Sector.STEEL, name="丁示例钢铁有限公司", number=900_000_009)
    make_line(silent, code="L1")
    list_in_directory(silent, 2025)
    publish()
    approved()
    board = queries.board(approver, 2025, NOTICED.date())
    assert (board.unnoticed, board.unnoticed_due) == (3, 2_000_000)  # what the silent one owes nobody knows
    assert silent not in [notice.unit for notice in notices.send(hebei, 2025, by=officer, at=NOTICED)]
    (waiting,) = notices.outstanding(hebei, 2025, NOTICED.date())
    assert (waiting.unit, waiting.waits_for, waiting.is_ready) == (silent, ("steel",), False)
    board = queries.board(approver, 2025, NOTICED.date())
    assert (board.unnoticed, board.unnoticed_due) == (1, 0)


def test_a_unit_with_one_line_left_out_gets_no_notice_over_the_others(
    steel, publish, approved, make_line, officer, hebei, unit
):
    make_line(unit, code="L2")  # no verified result of 2025
    publish()
    approved()
    assert [notice.unit.name[0] for notice in notices.send(hebei, 2025, by=officer, at=NOTICED)] == ["乙"]
    (waiting,) = notices.outstanding(hebei, 2025, NOTICED.date())
    assert (waiting.by_sector, waiting.waits_for) == ({"steel": 1_000_000}, ("steel",))


# --- Requests


def test_request_reserves_and_execution_retires(noticed, unit, seats):
    clerk, unit_approver, approver, registrar = seats
    request = surrender.request(unit, 2025, {2025: 400_000}, by=clerk, at=ASKED)
    # 991,176 − 400,000 = 591,176
    assert (holding(unit).reserved, holding(unit).free) == (400_000, 591_176)
    surrender.confirm(request, by=unit_approver, at=ASKED)
    surrender.approve(request, by=approver, at=ASKED)
    request = surrender.execute(request, by=registrar, at=ASKED)
    assert (holding(unit).amount, holding(unit).reserved) == (591_176, 0)
    assert Holding.objects.get(account=accounts.retired(ASKED)).amount == 400_000
    assert not request.is_late
    assert not Certificate.objects.exists()
    assert accounts.disagreements() == []


def test_a_request_that_has_ended_is_frozen_in_the_database(noticed, unit, surrender_in_full):
    request = surrender_in_full(unit, {2025: 400_000})
    for change in ({"total": 400_007}, {"state": State.REQUESTED}, {"executed_at": LATE}):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            SurrenderRequest.objects.filter(pk=request.pk).update(**change)


@pytest.mark.parametrize("quantities", [{}, {2025: 0}, {2025: -1}, {2024: 10}, {2026: 10}])
def test_what_cannot_settle_the_year_is_refused(noticed, unit, clerk, quantities):
    with pytest.raises(Refusal):
        surrender.request(unit, 2025, quantities, by=clerk, at=ASKED)


def test_quota_of_2026_settles_2025_since_the_later_plan_says_so(noticed, unit, seats, registrar_operator):
    """The governing plan alone knows no borrowing; 国环规气候〔2026〕1号 lets 2026 quota settle 2025 from 1 September 2026 on."""
    before, since = dt.date(2026, 8, 31), dt.date(2026, 9, 1)
    notice = Notice.objects.get(unit=unit)
    assert surrender.vintages(notice, before) == (2025,)
    assert surrender.vintages(notice, since) == (2025, 2026)
    assert usable_vintages.in_force(2025, before) is None
    assert "国环规气候〔2026〕1号" in usable_vintages.in_force(2025, since).cite
    assert usable_vintages.vintages("steel", 2024, since) == tuple(range(2019, 2025))
    own, source = accounts.of_unit(unit, ASKED), accounts.source(ASKED)
    entries = [Posting(source, 2026, -9_000), Posting(own, 2026, 9_000)]
    ledger.post("creation", "test:2026", entries, at=ASKED, by=registrar_operator)
    assert (surrender.free(notice, before), surrender.free(notice, since)) == (991_176, 1_000_176)
    with pytest.raises(Refusal):
        surrender.request(unit, 2025, {2026: 1}, by=seats[0], at=at("2026-08-31 09:00"))
    asked = surrender.request(unit, 2025, {2025: 991_176, 2026: 8_824}, by=seats[0], at=ASKED)
    for step, person in zip((surrender.confirm, surrender.approve, surrender.execute), seats[1:], strict=True):
        step(asked, by=person, at=ASKED)
    assert Certificate.objects.get(unit=unit).due == 1_000_000
    assert holding(unit, 2026).amount == 176


def test_not_more_than_is_held_nor_than_is_due(noticed, unit, rival_unit, clerk, rival_clerk):
    with pytest.raises(Refusal):  # it holds 991,176
        surrender.request(unit, 2025, {2025: 991_177}, by=clerk, at=ASKED)
    with pytest.raises(Refusal):  # it holds 1,008,823 and owes 1,000,000
        surrender.request(rival_unit, 2025, {2025: 1_000_001}, by=rival_clerk, at=ASKED)
    surrender.request(rival_unit, 2025, {2025: 999_999}, by=rival_clerk, at=ASKED)
    with pytest.raises(Refusal):  # one tonne is left to request
        surrender.request(rival_unit, 2025, {2025: 2}, by=rival_clerk, at=ASKED)
    assert holding(rival_unit).reserved == 999_999


def test_no_request_without_a_notice(steel, publish, issued, unit, clerk):
    publish()
    issued()
    with pytest.raises(Refusal):
        surrender.request(unit, 2025, {2025: 1}, by=clerk, at=ASKED)


def test_four_eyes(noticed, unit, seats, reseated):
    clerk, unit_approver, approver, registrar = seats
    request = surrender.request(unit, 2025, {2025: 10}, by=clerk, at=ASKED)
    with pytest.raises(Refusal):
        surrender.confirm(request, by=reseated(clerk, unit_approver), at=ASKED)
    surrender.confirm(request, by=unit_approver, at=ASKED)
    with pytest.raises(Refusal):
        surrender.approve(request, by=reseated(unit_approver, approver), at=ASKED)
    surrender.approve(request, by=approver, at=ASKED)
    with pytest.raises(Refusal):
        surrender.execute(request, by=reseated(approver, registrar), at=ASKED)
    with pytest.raises(IntegrityError), transaction.atomic():
        SurrenderRequest.objects.filter(pk=request.pk).update(confirmed_by=clerk)


def test_a_refused_request_frees_its_tonnes(noticed, unit, clerk, approver):
    request = surrender.request(unit, 2025, {2025: 10}, by=clerk, at=ASKED)
    with pytest.raises(Refusal):
        surrender.refuse(request, seen="requested", reason="", by=approver, at=ASKED)
    surrender.refuse(request, seen="requested", reason="数量有误", by=approver, at=ASKED)
    assert holding(unit).reserved == 0


def test_only_the_unit_withdraws(noticed, unit, clerk, rival_clerk):
    request = surrender.request(unit, 2025, {2025: 10}, by=clerk, at=ASKED)
    with pytest.raises(PermissionDenied):
        surrender.withdraw(request, seen="requested", by=rival_clerk, at=ASKED)
    surrender.withdraw(request, seen="requested", by=clerk, at=ASKED)
    assert holding(unit).reserved == 0


def test_a_frozen_account_surrenders_nothing(noticed, unit, seats, registrar_approver):
    clerk, unit_approver, approver, registrar = seats
    request = surrender.request(unit, 2025, {2025: 10}, by=clerk, at=ASKED)
    surrender.confirm(request, by=unit_approver, at=ASKED)
    surrender.approve(request, by=approver, at=ASKED)
    accounts.freeze(accounts.of_unit(unit, ASKED), reason="法院冻结", by=registrar_approver, at=ASKED)
    with pytest.raises(Refusal):
        surrender.execute(request, by=registrar, at=ASKED)
    request.refresh_from_db()
    assert (request.state, holding(unit).reserved) == (State.APPROVED, 10)


def test_a_stale_page_ends_nothing_that_moved_on(noticed, unit, clerk, unit_approver, approver):
    request = surrender.request(unit, 2025, {2025: 10}, by=clerk, at=ASKED)
    surrender.confirm(request, by=unit_approver, at=ASKED)
    with pytest.raises(Refusal):
        surrender.refuse(request, seen="requested", reason="数量有误", by=unit_approver, at=ASKED)
    with pytest.raises(Refusal):
        surrender.withdraw(request, seen="requested", by=clerk, at=ASKED)
    assert (stored(request), holding(unit).reserved) == ("confirmed", 10)


def stored(request):
    return SurrenderRequest.objects.get(pk=request.pk).state


MOVES = {
    "confirm": lambda request, seats: surrender.confirm(request, by=seats[1], at=ASKED),
    "approve": lambda request, seats: surrender.approve(request, by=seats[2], at=ASKED),
    "execute": lambda request, seats: surrender.execute(request, by=seats[3], at=ASKED),
    "refuse": lambda request, seats: surrender.refuse(request, seen=stored(request), reason="x", by=seats[2], at=ASKED),
    "withdraw": lambda request, seats: surrender.withdraw(request, seen=stored(request), by=seats[0], at=ASKED),
}
OPEN = ("requested", "confirmed", "approved")
ALLOWED = {("requested", "confirm"), ("confirmed", "approve"), ("approved", "execute")} | {
    (state, move) for state in OPEN for move in ("refuse", "withdraw")
}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", State.values)
def test_every_move_from_every_state(noticed, unit, seats, state, move):
    request = surrender.request(unit, 2025, {2025: 10}, by=seats[0], at=ASKED)
    signed = {"confirmed_by": seats[1], "approved_by": seats[2], "executed_by": seats[3], "reason": "x"}
    SurrenderRequest.objects.filter(pk=request.pk).update(state=state, **signed)
    if (state, move) in ALLOWED:
        MOVES[move](request, seats)
    else:
        with pytest.raises(Refusal):
            MOVES[move](request, seats)


# --- Certificates


def test_in_full_brings_the_certificate(noticed, rival_unit, surrender_in_full):
    surrender_in_full(rival_unit, {2025: 600_000})
    assert not Certificate.objects.exists()
    surrender_in_full(rival_unit, {2025: 400_000}, at("2026-12-01"))
    certificate = Certificate.objects.get()
    assert (certificate.unit, certificate.number, certificate.late) == (rival_unit, "ZM-2025-130000-0002", False)
    assert [row["quantity"] for row in certificate.says["surrendered"]] == [600_000, 400_000]
    assert certificate.code == certificates.verification_code(certificate.content)


def test_after_the_deadline_is_taken_and_marked_late(noticed, rival_unit, surrender_in_full):
    assert surrender_in_full(rival_unit, {2025: 1_000_000}, LATE).is_late
    assert Certificate.objects.get().late


def test_nothing_more_is_taken_once_complete(noticed, rival_unit, surrender_in_full, rival_clerk):
    surrender_in_full(rival_unit, {2025: 1_000_000})
    with pytest.raises(Refusal):
        surrender.request(rival_unit, 2025, {2025: 1}, by=rival_clerk, at=ASKED)


@pytest.mark.parametrize("model", [Notice, Certificate])
def test_papers_cannot_be_changed(noticed, rival_unit, surrender_in_full, model):
    surrender_in_full(rival_unit, {2025: 1_000_000})
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(number="x")
    assert ISSUED < NOTICED


# --- What a request's page says beside the act


def test_the_page_shows_what_is_held_and_what_is_left(noticed, unit, clerk, unit_approver, approver, client_for):
    held = holding(unit).amount
    asked = surrender.request(unit, 2025, {2025: 600_000}, by=clerk, at=ASKED)
    surrender.request(unit, 2025, {2025: 100_000}, by=clerk, at=ASKED)
    surrender.confirm(asked, by=unit_approver, at=ASKED)
    page = client_for(approver).get(reverse("allocation:surrender", args=[asked.pk]))
    [item] = page.context["items"]
    assert (item.quantity, item.held, item.left) == (600_000, held, held - 700_000)
    assert f"{held - 700_000:,}" in page.content.decode()


def test_the_page_leads_to_the_certificate_that_its_execution_brought(
    noticed, unit, traded, rival_unit, surrender_in_full, registrar_operator, client_for
):
    certificates_before = Certificate.objects.count()
    due = noticed[0].due
    lack = max(0, due - holding(unit).amount)
    if lack:
        row = f"T1,2026-10-15,{rival_unit.credit_code},{unit.credit_code},2025,{lack}"
        traded(f"reference,traded_on,seller,buyer,vintage,quantity\n{row}\n".encode(), at("2026-10-20"))
    done = surrender_in_full(unit, {2025: due})
    assert Certificate.objects.count() == certificates_before + 1
    page = client_for(registrar_operator).get(reverse("allocation:surrender", args=[done.pk]))
    found = Certificate.objects.get(notice=done.notice)
    assert reverse("allocation:certificate", args=[found.pk]) in page.content.decode()


def test_whoever_had_signed_is_told_that_it_was_withdrawn(noticed, unit, clerk, unit_approver, approver):
    made = surrender.request(unit, 2025, {2025: 600_000}, by=clerk, at=ASKED)
    surrender.withdraw(made, seen=made.state, by=clerk, at=ASKED)
    assert not Notification.objects.filter(kind="surrender.withdrawn").exists()
    made = surrender.request(unit, 2025, {2025: 600_000}, by=clerk, at=ASKED)
    surrender.confirm(made, by=unit_approver, at=ASKED)
    made = surrender.approve(made, by=approver, at=ASKED)
    surrender.withdraw(made, seen=made.state, by=clerk, at=ASKED)
    told = Notification.objects.filter(kind="surrender.withdrawn").values_list("person", flat=True)
    assert set(told) == {unit_approver.pk, approver.pk}


def test_whoever_sent_a_letter_or_prepared_its_issue_is_told_that_it_was_executed(noticed, officer, registrar_operator):
    letter = Letter.objects.get(runs__kind="determination")
    told = Notification.objects.filter(kind="letter.executed")
    assert {each.person for each in told} == {letter.sent_by, registrar_operator}
    assert {each.link for each in told} == {reverse("allocation:letter", args=[letter.pk])}
    assert letter.sent_by == officer
