"""Objections to quota: the lawful ways, the forbidden moves in every state, the terms, and who sees and is told what."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allocation import objections, queries
from allocation.models import Objection, Run, Settlement
from allocation.queries import todo
from registry.models import JournalEntry, Notification
from registry.permissions.roles import Role
from registry.refusal import Refusal
from tests import worlds
from tests.allocation.conftest import APPROVED
from tests.cast import at
from tests.confirming import confirm

State = Objection.State
DRAFTED = at("2026-09-07 09:00")
FILED = at("2026-09-11 23:59")
PROPOSED = at("2026-09-14 09:00")
DECIDED = at("2026-09-20 09:00")

# 2026-09-02 is a Wednesday. Seven working days after it: 3, 4, 7, 8, 9, 10, 11 September.
LAST = "2026-09-11"


@pytest.fixture
@worlds.world
def settlement(steel, publish, approved, unit) -> Settlement:
    publish()
    return Settlement.objects.get(run=approved(), unit=unit)


@pytest.fixture
def second_approver(make_person, hebei):
    return make_person(Role.PROVINCIAL_APPROVER, "河北第二审批", username="second-approver", authority=hebei)


@pytest.fixture
def moves(clerk, unit_approver, officer, approver):
    """Every act on an objection by whoever may do it, by name."""
    return {
        "redraft": lambda one: objections.redraft(one, None, grounds="改写", by=clerk, at=DRAFTED),
        "file": lambda one: objections.file(one, seen=objections.seen(one), by=unit_approver, at=FILED),
        "return_to_clerk": lambda one: objections.return_to_clerk(one, reason="理由不足", by=unit_approver, at=DRAFTED),
        "withdraw": lambda one: objections.withdraw(one, by=clerk, at=FILED),
        "propose": lambda one: objections.propose(one, "refused", reasons="计算无误", by=officer, at=PROPOSED),
        "send_back": lambda one: objections.send_back(one, reason="理由不足", by=approver, at=PROPOSED),
        "decide": lambda one: objections.decide(one, seen=objections.seen(one), by=approver, at=DECIDED),
    }


@pytest.fixture
def brought(settlement, clerk, moves):
    """`brought(state)`: an objection in that state."""
    ways = {
        State.DRAFTED: (),
        State.RETURNED: ("return_to_clerk",),
        State.FILED: ("file",),
        State.PROPOSED: ("file", "propose"),
        State.REFUSED: ("file", "propose", "decide"),
        State.WITHDRAWN: ("withdraw",),
    }

    def act(state) -> Objection:
        found = objections.draft(settlement, None, grounds="核定配额偏低", by=clerk, at=DRAFTED)
        if state == State.GRANTED:
            found = moves["file"](found)
            return moves["decide"](propose_grant(found))
        for name in ways[state]:
            found = moves[name](found)
        return found

    def propose_grant(found):
        officer = settlement.run.prepared_by
        return objections.propose(found, "granted", reasons="产量有误", by=officer, at=PROPOSED)

    return act


# What each act makes of an objection in each state; everything else is refused.
LAWFUL = {
    (State.DRAFTED, "redraft"): State.DRAFTED,
    (State.DRAFTED, "file"): State.FILED,
    (State.DRAFTED, "withdraw"): State.WITHDRAWN,
    (State.DRAFTED, "return_to_clerk"): State.RETURNED,
    (State.RETURNED, "redraft"): State.DRAFTED,
    (State.RETURNED, "withdraw"): State.WITHDRAWN,
    (State.FILED, "withdraw"): State.WITHDRAWN,
    (State.FILED, "propose"): State.PROPOSED,
    (State.PROPOSED, "propose"): State.PROPOSED,
    (State.PROPOSED, "withdraw"): State.WITHDRAWN,
    (State.PROPOSED, "send_back"): State.FILED,
    (State.PROPOSED, "decide"): State.REFUSED,
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", ["redraft", "file", "withdraw", "propose", "send_back", "decide"])
def test_every_act_in_every_state(brought, moves, state, move):
    found = brought(state)
    if (state, move) in LAWFUL:
        assert moves[move](found).state == LAWFUL[state, move]
    else:
        # What was never filed is no business of the province's.
        stranger = move in ("propose", "send_back", "decide") and found.filed_at is None
        with pytest.raises(PermissionDenied if stranger else Refusal):
            moves[move](found)
        found.refresh_from_db()
        assert found.state == state


def test_the_terms_are_working_days_and_instants(settlement, brought):
    assert objections.last_day(settlement.run).isoformat() == LAST
    found = brought(State.FILED)
    # Filed on Friday 2026-09-11: ten working days after it, 20 September being a make-up Sunday and 25 September a holiday.
    assert (found.due.isoformat(), found.decide_by.isoformat()) == (LAST, "2026-09-24")
    assert not found.is_late


@pytest.mark.parametrize(
    ("when", "late"), [("2026-09-11 23:59:59", False), ("2026-09-12 00:00", True), ("2026-11-30 09:00", True)]
)
def test_what_is_filed_after_the_term_is_taken_and_marked(brought, unit_approver, officer, approver, when, late):
    found = brought(State.DRAFTED)
    found = objections.file(found, seen=objections.seen(found), by=unit_approver, at=at(when))
    assert (found.state, found.is_late) == (State.FILED, late)
    assert JournalEntry.objects.filter(act="objection.filed").latest("pk").facts.endswith('"year":2025}')
    found = objections.propose(found, "granted", reasons="确有错误", by=officer, at=at("2026-12-01"))
    assert objections.decide(found, seen=objections.seen(found), by=approver, at=at("2026-12-02")).state == "granted"


def test_a_term_that_reaches_beyond_the_known_holidays_has_a_latest_day(settlement, clerk, unit_approver, client_for):
    found = objections.draft(settlement, None, grounds="偏低", by=clerk, at=at("2026-12-30"))
    found = objections.file(found, seen=objections.seen(found), by=unit_approver, at=at("2026-12-30"))
    assert found.is_late
    # 31 December, then nine weekdays and the seven that the longest holiday can hold: the sixteenth of 2027 is the 22nd.
    assert found.decide_by.isoformat() == "2027-01-22"
    assert not found.is_decided_late
    page = client_for(unit_approver, "en").get(reverse("allocation:objection", args=[found.pk])).text
    assert "2027-01-22 at the latest (the holidays of 2027 have not been announced yet)" in page


def test_a_decision_after_its_term_is_marked(brought, approver):
    found = brought(State.PROPOSED)
    decided = objections.decide(found, seen=objections.seen(found), by=approver, at=at("2026-09-25 00:00"))
    assert decided.is_decided_late


# --- Four eyes, and exactly what was seen


def test_the_clerk_does_not_file_what_they_wrote(brought, clerk, unit_approver, rival_approver, reseated):
    found = brought(State.DRAFTED)
    for person, refused in ((reseated(clerk, unit_approver), Refusal), (rival_approver, PermissionDenied)):
        with pytest.raises(refused):
            objections.file(found, seen=objections.seen(found), by=person, at=FILED)


def test_what_changed_since_it_was_seen_is_not_filed(brought, clerk, unit_approver):
    found = brought(State.DRAFTED)
    shown = objections.seen(found)
    objections.redraft(found, None, grounds="另一理由", by=clerk, at=DRAFTED)
    with pytest.raises(Refusal):
        objections.file(found, seen=shown, by=unit_approver, at=FILED)


def test_what_was_proposed_anew_is_not_decided_as_before(brought, officer, approver):
    found = brought(State.PROPOSED)
    shown = objections.seen(found)
    objections.propose(found, "granted", reasons="产量有误", by=officer, at=PROPOSED)
    with pytest.raises(Refusal):
        objections.decide(found, seen=shown, by=approver, at=DECIDED)


def test_whoever_proposed_or_prepared_the_quota_does_not_decide(brought, officer, approver, reseated):
    found = brought(State.PROPOSED)
    with pytest.raises(Refusal):
        objections.decide(found, seen=objections.seen(found), by=reseated(officer, approver), at=DECIDED)


def test_another_approver_decides_where_there_is_one(brought, approver, second_approver):
    found = brought(State.PROPOSED)
    with pytest.raises(Refusal):
        objections.decide(found, seen=objections.seen(found), by=approver, at=DECIDED)
    with pytest.raises(Refusal):
        objections.send_back(found, reason="理由不足", by=approver, at=DECIDED)
    assert objections.decide(found, seen=objections.seen(found), by=second_approver, at=DECIDED).state == "refused"


@pytest.mark.parametrize(("outcome", "reasons"), [("granted", " "), ("perhaps", "理由")])
def test_a_proposal_is_one_of_two_and_has_reasons(brought, officer, outcome, reasons):
    with pytest.raises(Refusal):
        objections.propose(brought(State.FILED), outcome, reasons=reasons, by=officer, at=PROPOSED)


def test_an_objection_needs_grounds_and_quota_of_its_own(settlement, clerk, rival_unit):
    with pytest.raises(Refusal):
        objections.draft(settlement, None, grounds="  ", by=clerk, at=DRAFTED)
    foreign = settlement.run.awards.get(unit=rival_unit)
    with pytest.raises(Refusal):
        objections.draft(settlement, foreign, grounds="偏低", by=clerk, at=DRAFTED)


def test_what_is_not_approved_is_not_objected_to(steel, publish, prepared, unit, clerk):
    publish()
    waiting = Settlement.objects.get(run=prepared(), unit=unit)
    with pytest.raises(Refusal):
        objections.draft(waiting, None, grounds="偏低", by=clerk, at=DRAFTED)


def test_one_is_open_at_a_time_and_another_can_follow(settlement, brought, moves, clerk):
    found = brought(State.FILED)
    with pytest.raises(Refusal):
        objections.draft(settlement, None, grounds="再次", by=clerk, at=DRAFTED)
    moves["withdraw"](found)
    assert objections.draft(settlement, None, grounds="再次", by=clerk, at=DRAFTED).state == State.DRAFTED


# --- The database's own refusals


@pytest.mark.parametrize(
    ("state", "change"),
    [
        (State.FILED, {"grounds": "改"}),
        (State.FILED, {"due": None}),
        (State.FILED, {"state": "drafted"}),
        (State.GRANTED, {"reasons": "改"}),
        (State.REFUSED, {"state": "granted", "outcome": "granted"}),
        (State.WITHDRAWN, {"state": "filed"}),
    ],
)
def test_what_was_filed_or_decided_is_frozen_in_the_database(brought, state, change):
    found = brought(state)
    with pytest.raises(DatabaseError), transaction.atomic():
        Objection.objects.filter(pk=found.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Objection.objects.filter(pk=found.pk).delete()


def test_the_database_keeps_four_eyes(brought):
    found = brought(State.DRAFTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=found.pk).update(state="filed", filed_by=found.drafted_by, filed_at=FILED)


# --- What follows


def test_a_granted_one_waits_until_the_quota_is_approved_again(brought, officer, hebei, do_jobs, approver):
    granted = brought(State.GRANTED)
    assert list(objections.to_be_followed(hebei.pk)) == [granted]
    titles = [each.title for each in todo.todos(officer, DECIDED)]
    assert "异议获支持：请重新核定配额" in titles
    Run.objects.create(
        kind="determination",
        authority=hebei,
        sector="cement",
        year=2025,
        plan_id="2024-2025-final",
        state="approved",
        manifest="{}",
        manifest_sha256="0" * 64,
        result_sha256="0" * 64,
        prepared_by=officer,
        requested_at=DECIDED,
        approved_by=approver,
        approved_at=at("2026-10-01"),
    )
    assert list(objections.to_be_followed(hebei.pk)) == [granted]  # another sector's quota follows nothing


@pytest.mark.parametrize(
    ("state", "seat", "title"),
    [
        (State.DRAFTED, "unit_approver", "待提出的异议"),
        (State.FILED, "officer", "待答复的异议"),
        (State.PROPOSED, "approver", "待决定的异议"),
    ],
)
def test_each_role_is_told_what_waits_for_it(brought, request, state, seat, title):
    found = brought(state)
    (waiting,) = [each for each in todo.todos(request.getfixturevalue(seat), PROPOSED) if each.title == title]
    assert (waiting.count, waiting.due) == (1, found.deadline())
    assert waiting.url == reverse("allocation:objection", args=[found.pk])


def test_the_run_names_what_is_under_objection(brought, moves, settlement, client_for, officer):
    found = brought(State.FILED)
    page = client_for(officer).get(reverse("allocation:run", args=[settlement.run_id])).content.decode()
    assert "异议办理中" in page
    assert reverse("allocation:objection", args=[found.pk]) in page
    moves["withdraw"](found)
    page = client_for(officer).get(reverse("allocation:run", args=[settlement.run_id])).content.decode()
    assert "异议办理中" not in page


@pytest.mark.anew
def test_people_are_told(clerk, unit_approver, officer, approver, rival_clerk, brought):
    brought(State.GRANTED)

    assert told(clerk) == told(unit_approver) == {"quota.approved", "objection.granted"}
    assert told(rival_clerk) == {"quota.approved"}
    assert told(officer) == {"proposal.approved", "objection.filed"}  # its run was approved
    proposed = Notification.objects.filter(person=officer, params__act="objection.proposed")
    assert [one.kind for one in proposed] == ["proposal.approved"]


def test_every_act_is_in_the_journal(brought):
    brought(State.GRANTED)
    acts = list(JournalEntry.objects.filter(act__startswith="objection.").order_by("pk").values_list("act", flat=True))
    assert acts == ["objection.drafted", "objection.filed", "objection.proposed", "objection.granted"]


# --- Pages


def test_a_draft_is_the_units_own_business(brought, officer, auditor, unit_approver, analyst, registrar_operator):
    brought(State.DRAFTED)
    seen = {
        person.username: queries.objections(person).count() for person in (officer, auditor, unit_approver, analyst)
    }
    assert seen == {"officer": 0, "auditor": 1, "unit-approver": 1, "analyst": 0}
    assert not queries.objections(registrar_operator).exists()


def _offered(page):
    """What the page's last button posts: what the page showed."""
    return [button for button in page.context["buttons"] if button][-1].fields


def test_the_whole_way_in_the_browser(settlement, clerk, unit_approver, officer, approver, client_for, unit):
    award = settlement.run.awards.get(unit=unit)
    draft = reverse("allocation:objection_draft", args=[settlement.pk])
    assert "生产线L1" in client_for(clerk).get(draft).content.decode()
    client_for(clerk).post(draft, {"award": award.pk, "grounds": "产量应为1,050,000 t"})
    found = Objection.objects.get()
    assert (found.award, found.state) == (award, State.DRAFTED)
    page = reverse("allocation:objection", args=[found.pk])
    shown = client_for(unit_approver).get(page)
    confirm(client_for(unit_approver), reverse("allocation:objection_file", args=[found.pk]), _offered(shown))
    proposal = {"outcome": "refused", "reasons": "与核查结果一致"}
    client_for(officer).post(reverse("allocation:objection_propose", args=[found.pk]), proposal)
    # What is only proposed is not the unit's to read.
    assert "与核查结果一致" not in client_for(clerk).get(page).content.decode()
    shown = client_for(approver).get(page)
    assert "与核查结果一致" in shown.content.decode()
    confirm(client_for(approver), reverse("allocation:objection_decide", args=[found.pk]), _offered(shown))
    found.refresh_from_db()
    assert found.state == State.REFUSED
    assert "与核查结果一致" in client_for(clerk).get(page).content.decode()


def test_the_quota_page_offers_the_objection_and_shows_it(settlement, brought, clerk, officer, client_for, unit):
    page = reverse("allocation:quota_of", args=[unit.pk])
    address = reverse("allocation:objection_draft", args=[settlement.pk])
    assert address in client_for(clerk).get(page).content.decode()
    assert address not in client_for(officer).get(page).content.decode()
    found = brought(State.FILED)
    shown = client_for(clerk).get(page).content.decode()
    assert address not in shown
    assert reverse("allocation:objection", args=[found.pk]) in shown


def test_an_awards_page_leads_its_own_clerk_to_the_objection(settlement, clerk, officer, client_for, unit):
    award = settlement.run.awards.get(unit=unit)
    page = reverse("allocation:award", args=[award.pk])
    address = f"{reverse('allocation:objection_draft', args=[settlement.pk])}?award={award.pk}"
    assert client_for(clerk).get(page).context["objection"] == address
    assert client_for(officer).get(page).context["objection"] == ""
    assert f'value="{award.pk}" ' in client_for(clerk).get(address).content.decode()


def test_the_list_costs_the_same_for_many(brought, moves, settlement, clerk, client_for):
    client, page = client_for(clerk), reverse("allocation:objections")
    moves["withdraw"](brought(State.DRAFTED))
    with CaptureQueriesContext(connection) as one:
        assert client.get(page).status_code == 200
    for _each in range(4):
        moves["withdraw"](objections.draft(settlement, None, grounds="偏低", by=clerk, at=DRAFTED))
    with CaptureQueriesContext(connection) as many:
        assert client.get(page).content.decode().count("甲示例") > 4
    assert len(many) == len(one)


@pytest.mark.anew
def test_approving_tells_the_unit_by_when_to_object(clerk, settlement):
    assert Notification.objects.get(person=clerk, kind="quota.approved").params["due"] == LAST
    assert settlement.run.approved_at == APPROVED


# --- The unit's approver hands a draft back


def told(person):
    return set(Notification.objects.filter(person=person).values_list("kind", flat=True))


def test_a_draft_that_was_sent_back_is_the_clerks_with_its_reason(settlement, clerk, unit_approver, client_for):
    found = objections.draft(settlement, None, grounds="偏低", by=clerk, at=DRAFTED)
    page = reverse("allocation:objection", args=[found.pk])
    address = reverse("allocation:objection_send_back_to_clerk", args=[found.pk])
    assert address in client_for(unit_approver).get(page).text
    assert address not in client_for(clerk).get(page).text
    client_for(unit_approver).post(address, {"reason": "请写明哪一项产量有误"})
    found.refresh_from_db()
    assert (found.state, found.sent_back_for) == (State.RETURNED, "请写明哪一项产量有误")
    assert "请写明哪一项产量有误" in client_for(clerk).get(page).text
    assert reverse("allocation:objection_file", args=[found.pk]) not in client_for(unit_approver).get(page).text
    assert told(clerk) >= {"objection.returned"}
    assert [one.url for one in todo.todos(clerk, DRAFTED)] == [page]
    assert todo.todos(unit_approver, DRAFTED) == []
    again = objections.redraft(found, None, grounds="7月产量有误", by=clerk, at=DRAFTED)
    assert (again.state, again.sent_back_for) == (State.DRAFTED, "")
    assert [one.url for one in todo.todos(unit_approver, DRAFTED)] == [page]


def test_sending_back_needs_a_second_person_and_a_reason(brought, clerk, unit_approver, approver):
    found = brought(State.DRAFTED)
    for person in (clerk, approver):
        with pytest.raises(PermissionDenied):
            objections.return_to_clerk(found, reason="理由", by=person, at=DRAFTED)
    with pytest.raises(Refusal):
        objections.return_to_clerk(found, reason="  ", by=unit_approver, at=DRAFTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=found.pk).update(state=State.RETURNED)


def test_the_province_is_told_of_what_is_taken_back_from_it(brought, moves, officer, approver, client_for):
    found = moves["withdraw"](brought(State.PROPOSED))
    assert told(officer) >= {"objection.withdrawn"} <= told(approver)
    page = client_for(officer).get(reverse("allocation:objection", args=[found.pk]))
    assert page.context["shows_proposal"] is False


def test_the_province_is_not_told_of_a_draft_that_never_reached_it(brought, officer):
    brought(State.WITHDRAWN)
    assert "objection.withdrawn" not in told(officer)


def test_what_was_granted_is_not_objected_to_again(brought, settlement, clerk, client_for):
    """The next run takes the settlement's place; until then the same objection would be granted twice."""
    brought(State.GRANTED)
    with pytest.raises(Refusal):
        objections.draft(settlement, None, grounds="再次", by=clerk, at=DECIDED)
    page = client_for(clerk).get(reverse("allocation:quota")).text
    assert reverse("allocation:objection_draft", args=[settlement.pk]) not in page
