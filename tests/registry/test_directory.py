import datetime as dt
import itertools

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from registry import directory, journal, notifications, todo
from registry.models import DirectoryEntry, JournalEntry, Notification
from registry.refusal import Refusal
from registry.values.sectors import Sector
from tests.cast import at

State = DirectoryEntry.State
ENTERED = dt.date(2025, 5, 10)
GROUND = DirectoryEntry.EntryGround.OVER_THRESHOLD
CLOSED = DirectoryEntry.ExitGround.CLOSED


@pytest.fixture
def proposed(unit, officer):
    return directory.propose_entry(
        unit, 2025, "steel", on=ENTERED, ground=GROUND, reason="41,200 t in 2024", by=officer, at=at("2025-05-06")
    )


@pytest.fixture
def listed(proposed, approver):
    return directory.decide(proposed, approve=True, by=approver, at=at("2025-05-08"))


@pytest.fixture
def leaving(listed, officer):
    return directory.propose_exit(
        listed, on=dt.date(2025, 9, 1), ground=CLOSED, reason="dismantled", by=officer, at=at("2025-08-20")
    )


def test_a_proposal_counts_only_once_a_second_person_approved(proposed, approver):
    assert not directory.listed(2025, "steel", ENTERED).exists()
    directory.decide(proposed, approve=True, by=approver, at=at("2025-05-08"))
    assert directory.listed(2025, "steel", ENTERED).get() == proposed
    assert not directory.listed(2025, "cement", ENTERED).exists()
    assert not directory.listed(2024, "steel", ENTERED).exists()


def test_an_entry_is_in_the_directory_from_its_day_until_the_day_it_left(leaving, approver):
    last_day, left = dt.date(2025, 8, 31), dt.date(2025, 9, 1)
    assert directory.listed(2025, "steel", left).exists()
    directory.decide(leaving, approve=True, by=approver, at=at("2025-08-25"))
    days = {
        day: directory.listed(2025, "steel", day).exists() for day in (dt.date(2025, 5, 9), ENTERED, last_day, left)
    }
    assert list(days.values()) == [False, True, True, False]


def test_a_refused_exit_leaves_the_unit_listed(leaving, approver):
    entry = directory.decide(leaving, approve=False, reason="one furnace still runs", by=approver, at=at("2025-08-25"))
    assert (entry.state, entry.left_on, entry.refusal_reason) == (State.LISTED, None, "one furnace still runs")


def test_whoever_proposed_cannot_decide(proposed, officer, approver, reseated, in_english):
    with pytest.raises(Refusal, match="second person"):
        directory.decide(proposed, approve=True, by=reseated(officer, approver), at=at("2025-05-08"))
    with pytest.raises(IntegrityError), transaction.atomic():
        DirectoryEntry.objects.filter(pk=proposed.pk).update(decided_by=officer)


def test_refusing_needs_a_reason(proposed, approver):
    with pytest.raises(Refusal):
        directory.decide(proposed, approve=False, reason="  ", by=approver, at=at("2025-05-08"))


def test_a_unit_is_proposed_once_and_only_for_a_sector_it_works_in(proposed, unit, make_unit, officer):
    again = {"on": ENTERED, "ground": GROUND, "reason": "x", "by": officer, "at": at("2025-05-06")}
    with pytest.raises(Refusal):
        directory.propose_entry(unit, 2025, "steel", **again)
    with pytest.raises(Refusal):
        directory.propose_entry(make_unit("cement"), 2025, "steel", **again)


ACTS = {
    "exit": lambda entry, officer, approver: directory.propose_exit(
        entry, on=dt.date(2025, 9, 1), ground=CLOSED, reason="dismantled", by=officer, at=at("2025-08-20")
    ),
    "approve": lambda entry, officer, approver: directory.decide(entry, approve=True, by=approver, at=at("2025-09-01")),
    "refuse": lambda entry, officer, approver: directory.decide(
        entry, approve=False, reason="no", by=approver, at=at("2025-09-01")
    ),
}
ALLOWED = {
    (State.PROPOSED, "approve"): State.LISTED,
    (State.PROPOSED, "refuse"): State.REFUSED,
    (State.LISTED, "exit"): State.EXIT_PROPOSED,
    (State.EXIT_PROPOSED, "approve"): State.LEFT,
    (State.EXIT_PROPOSED, "refuse"): State.LISTED,
}


@pytest.mark.parametrize(("state", "act"), list(itertools.product(State, ACTS)))
def test_every_state_and_act(state, act, proposed, officer, second_officer, approver):
    exit_known = state in (State.EXIT_PROPOSED, State.LEFT)
    DirectoryEntry.objects.filter(pk=proposed.pk).update(
        state=state,
        left_on=dt.date(2025, 9, 1) if exit_known else None,
        exit_ground=CLOSED if exit_known else "",
        exit_reason="dismantled" if exit_known else "",
    )
    if (state, act) in ALLOWED:
        assert ACTS[act](proposed, officer, approver).state == ALLOWED[state, act]
    else:
        with pytest.raises(Refusal):
            ACTS[act](proposed, officer, approver)
        proposed.refresh_from_db()
        assert proposed.state == state


def test_every_act_is_in_the_journal(leaving):
    acts = JournalEntry.objects.order_by("sequence").values_list("act", flat=True)
    assert list(acts) == ["directory.entry_proposed", "directory.decided", "directory.exit_proposed"]
    assert list(journal.verify()) == []
    assert set(JournalEntry.objects.values_list("authority__code", flat=True)) == {"130000"}


def test_a_refused_entry_can_be_proposed_anew(proposed, officer, approver):
    directory.decide(proposed, approve=False, reason="no proof", by=approver, at=at("2025-05-08"))
    again = directory.propose_entry(
        proposed.unit,
        2025,
        "steel",
        on=ENTERED,
        ground=GROUND,
        reason="41,200 t, proof enclosed",
        by=officer,
        at=at("2025-05-09"),
    )
    assert (again.pk, again.state, again.refusal_reason) == (proposed.pk, State.PROPOSED, "")


def test_a_unit_that_left_is_not_entered_again_that_year(leaving, officer, approver):
    directory.decide(leaving, approve=True, by=approver, at=at("2025-08-25"))
    with pytest.raises(Refusal):
        directory.propose_entry(
            leaving.unit,
            2025,
            "steel",
            on=dt.date(2025, 10, 1),
            ground=GROUND,
            reason="x",
            by=officer,
            at=at("2025-10-01"),
        )


def test_a_unit_leaves_after_it_entered(listed, officer):
    with pytest.raises(Refusal):
        directory.propose_exit(listed, on=ENTERED, ground=CLOSED, reason="x", by=officer, at=at("2025-08-20"))


def test_the_decision_comes_with_the_day_of_publication(proposed, approver):
    [waiting] = todo.todos(approver, at("2025-05-05"))
    assert (waiting.due, waiting.tone) == (dt.date(2025, 5, 10), "warn")
    [waiting] = todo.todos(approver, at("2025-05-11"))
    assert waiting.tone == "danger"


def test_an_exit_has_no_day(leaving, approver):
    [waiting] = todo.todos(approver, at("2026-01-01"))
    assert (waiting.due, waiting.tone) == (None, "info")


# --- What is known beside a proposal


@pytest.fixture
def known(monkeypatch):
    """`known({2023: 2_608_022})`: what was verified of every unit."""

    def act(figures):
        monkeypatch.setattr("registry.directory.figures._sources", [lambda _unit, _at: figures])

    return act


BELOW = DirectoryEntry.ExitGround.BELOW_TWO_YEARS


def leave(entry, officer, ground=BELOW):
    return directory.propose_exit(
        entry, on=dt.date(2025, 9, 1), ground=ground, reason="x", by=officer, at=at("2025-08-20")
    )


SMALL = {2023: 25_999, 2024: 0}


@pytest.mark.parametrize(
    "figures",
    [
        {2023: 2_608_022, 2024: 2_737_205},
        {2023: 25_999, 2024: 26_000},
        {2024: 26_000},
        {2024: 25_999},  # of the year before nothing is known
        {2022: 25_999, 2024: 25_999},  # two years, and not in a row
        {2021: 25_999, 2022: 25_999},  # in a row, and long ago
        {**SMALL, 2025: 26_000},  # large again in the year in which it would leave
        {2025: 30_000},
        {},
    ],
)
def test_a_unit_does_not_leave_as_small_unless_two_years_in_a_row_say_so(listed, officer, known, figures, in_english):
    known(figures)
    said = max(figures.values(), default=None)
    with pytest.raises(Refusal, match="are: none" if said is None else f"{said:,}"):
        leave(listed, officer)
    assert leave(listed, officer, CLOSED).state == State.EXIT_PROPOSED


@pytest.mark.parametrize("figures", [{2022: 900_000, **SMALL}, {2022: 0, 2023: 25_999}, {**SMALL, 2025: 0}])
def test_a_unit_leaves_as_small_after_two_years_in_a_row(listed, officer, known, figures):
    known(figures)
    assert leave(listed, officer).state == State.EXIT_PROPOSED


def test_what_was_verified_after_the_proposal_is_held_against_it(listed, officer, approver, known):
    known(SMALL)
    leaving = leave(listed, officer)
    known({**SMALL, 2024: 26_000})
    with pytest.raises(Refusal, match="26,000"):
        directory.decide(leaving, approve=True, by=approver, at=at("2025-08-25"))
    assert directory.decide(leaving, approve=False, reason="否", by=approver, at=at("2025-08-25")).state == State.LISTED


@pytest.fixture
def line(unit, make_line):
    return make_line(unit, Sector.STEEL)


def test_a_unit_does_not_leave_as_closed_while_a_line_of_the_sector_runs(listed, line, officer, client_for):
    with pytest.raises(Refusal, match=line.code):
        leave(listed, officer, CLOSED)
    line.closed = dt.date(2025, 9, 2)  # the day after the one on which it would leave
    line.save()
    with pytest.raises(Refusal, match=line.code):
        leave(listed, officer, CLOSED)
    assert leave(listed, officer, DirectoryEntry.ExitGround.RESTRUCTURED).state == State.EXIT_PROPOSED


def test_a_unit_leaves_as_closed_once_the_sectors_lines_are(listed, line, make_line, officer, approver):
    line.closed = dt.date(2025, 9, 1)
    line.save()
    make_line(line.unit, Sector.CEMENT, code="C1")  # runs on, in another sector
    leaving = leave(listed, officer, CLOSED)
    line.closed = None
    line.save()
    with pytest.raises(Refusal, match=line.code):
        directory.decide(leaving, approve=True, by=approver, at=at("2025-08-25"))


def test_a_unit_does_not_enter_a_year_in_which_none_of_its_lines_exists(unit, line, officer, approver):
    def propose():
        day, ground = dt.date(2025, 5, 10), DirectoryEntry.EntryGround.EXPECTED
        return directory.propose_entry(
            unit, 2025, Sector.STEEL, on=day, ground=ground, reason="新建", by=officer, at=at("2025-05-01")
        )

    line.closed = dt.date(2024, 12, 31)
    line.save()
    with pytest.raises(Refusal, match=r"L1.*2024-12-31"):
        propose()
    line.closed = dt.date(2025, 1, 1)
    line.save()
    entry = propose()
    line.closed = dt.date(2024, 6, 30)
    line.save()
    with pytest.raises(Refusal, match="2024-06-30"):
        directory.decide(entry, approve=True, by=approver, at=at("2025-05-02"))


def test_an_exit_does_not_say_why_an_earlier_one_was_refused(leaving, officer, approver, client_for):
    entry = directory.decide(leaving, approve=False, reason="尚有一座高炉在产", by=approver, at=at("2025-08-25"))
    page = reverse("registry:directory_entry", args=[entry.pk])
    assert "移出驳回理由" in client_for(officer).get(page).content.decode()
    again = leave(entry, officer, CLOSED)
    assert again.refusal_reason == ""
    assert "尚有一座高炉在产" not in client_for(officer).get(page).content.decode()


def test_a_unit_does_not_enter_as_large_while_its_verified_figures_are_small(unit, officer, known):
    known({2023: 12_000, 2024: 25_999})
    entry = {"on": ENTERED, "reason": "x", "by": officer, "at": at("2025-05-06")}
    with pytest.raises(Refusal, match="25,999"):
        directory.propose_entry(unit, 2025, "steel", ground=GROUND, **entry)
    expected = DirectoryEntry.EntryGround.EXPECTED
    assert directory.propose_entry(unit, 2025, "steel", ground=expected, **entry).state == State.PROPOSED


REPORTS_ONLY = DirectoryEntry.EntryGround.REPORTS_ONLY


@pytest.mark.parametrize("when", ["proposing", "deciding"])
def test_a_unit_with_quota_does_not_enter_as_one_that_only_reports(unit, officer, approver, monkeypatch, when):
    def know(figures):
        monkeypatch.setattr("registry.directory.figures._quota_bearing", [lambda _unit, _sector, _at: figures])

    entry = {"on": ENTERED, "reason": "x", "by": officer, "at": at("2025-05-06")}
    know({2022: 9_000_000, 2024: 2_737_205 if when == "proposing" else 25_999})
    if when == "proposing":
        with pytest.raises(Refusal, match="2,737,205"):
            directory.propose_entry(unit, 2025, "steel", ground=REPORTS_ONLY, **entry)
        return
    proposed = directory.propose_entry(unit, 2025, "steel", ground=REPORTS_ONLY, **entry)
    know({2024: 2_737_205})
    with pytest.raises(Refusal, match="2,737,205"):
        directory.decide(proposed, approve=True, by=approver, at=at("2025-05-08"))


@pytest.mark.parametrize(("year", "on"), [(2029, "2029-01-01"), (2025, "2028-05-10"), (2026, "2024-12-31")])
def test_a_year_and_a_day_that_do_not_belong_together_are_refused(unit, officer, year, on):
    with pytest.raises(Refusal):
        directory.propose_entry(
            unit,
            year,
            "steel",
            on=dt.date.fromisoformat(on),
            ground=GROUND,
            reason="x",
            by=officer,
            at=at("2025-05-06"),
        )


def test_entry_and_exit_are_told_to_the_unit_and_the_outcome_to_the_proposer(
    leaving, unit_approver, clerk, rival_clerk, officer, approver
):
    directory.decide(leaving, approve=True, by=approver, at=at("2025-08-25"))
    told = list(Notification.objects.order_by("pk").values_list("kind", "person"))
    assert set(told) == {
        ("directory.left", clerk.pk),
        ("directory.left", unit_approver.pk),
        ("proposal.approved", officer.pk),
    }


def test_the_unit_learns_that_it_is_listed(clerk, proposed, approver):
    directory.decide(proposed, approve=True, by=approver, at=at("2025-05-08"))
    assert Notification.objects.get(person=clerk).kind == "directory.listed"


def test_a_proposal_is_withdrawn_by_its_own_authority_before_it_is_decided(
    proposed, officer, approver, stranger_officer
):
    with pytest.raises(PermissionDenied):
        directory.withdraw(proposed, reason="x", by=stranger_officer, at=at("2025-05-07"))
    taken = directory.withdraw(proposed, reason="重复", by=officer, at=at("2025-05-07"))
    assert (taken.state, taken.is_withdrawn) == (State.REFUSED, True)
    with pytest.raises(Refusal):
        directory.decide(proposed, approve=True, by=approver, at=at("2025-05-08"))
    again = directory.propose_entry(
        proposed.unit, 2025, "steel", on=ENTERED, ground=GROUND, reason="x", by=officer, at=at("2025-05-09")
    )
    assert again.state == State.PROPOSED


def test_a_withdrawn_exit_leaves_the_unit_listed(leaving, officer):
    entry = directory.withdraw(leaving, reason="并未关停", by=officer, at=at("2025-08-21"))
    assert (entry.state, entry.left_on, entry.is_withdrawn) == (State.LISTED, None, False)


def test_a_withdrawn_exit_is_not_taken_for_the_proposal_to_enter(leaving, officer, client_for):
    page, browser = reverse("registry:directory_entry", args=[leaving.pk]), client_for(officer, "en")
    listing = browser.get(reverse("registry:directory"), {"year": 2025}).text
    assert f"{leaving.left_on.isoformat()} (proposed)" in listing
    assert (
        f"{leaving.left_on.isoformat()} (proposed)"
        in browser.get(reverse("registry:unit", args=[leaving.unit_id])).text
    )
    directory.withdraw(leaving, reason="并未关停", by=officer, at=at("2025-08-21"))
    assert "<dt>Exit proposed</dt>" in browser.get(page).text
    assert "(proposed)" not in browser.get(reverse("registry:directory"), {"year": 2025}).text


def test_the_to_do_leads_to_what_waits_and_nothing_else(leaving, unit, rival_unit, officer, approver, client_for):
    ground = DirectoryEntry.EntryGround.EXPECTED
    said = {"on": ENTERED, "ground": ground, "reason": "x", "by": officer, "at": at("2025-08-20")}
    entered = directory.propose_entry(rival_unit, 2025, "steel", **said)
    other = directory.propose_entry(rival_unit, 2024, "steel", **said)
    directory.decide(other, approve=True, by=approver, at=at("2025-08-21"))
    (waiting,) = todo.todos(approver, at("2025-08-22"))
    assert waiting.count == 2
    page = client_for(approver).get(waiting.url)
    assert {row.record.pk for row in page.context["table"].rows} == {leaving.pk, entered.pk}


def test_who_leaves_on_a_day_to_come_is_not_said_to_have_left(leaving, approver, client_for, monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2025-08-25"))
    entry = directory.decide(leaving, approve=True, by=approver, at=at("2025-08-25"))
    assert directory.listed(2025, "steel", dt.date(2025, 8, 25)).exists()
    page = client_for(approver, "en").get(reverse("registry:directory_entry", args=[entry.pk])).text
    assert "out of it from 2025-09-01 on" in page


def test_who_had_a_unit_entered_stays_known_when_its_exit_is_proposed(leaving, officer, approver):
    first, second = directory.entered_by(leaving)
    assert (first.by, first.at, second.by, second.at) == (officer, at("2025-05-06"), approver, at("2025-05-08"))


def test_an_exit_proposed_is_told_only_to_who_knows_of_proposals(leaving, client_for, officer, clerk, stranger_officer):
    address, unit_page = directory_pages(leaving)
    for person, is_told in ((officer, True), (clerk, False), (stranger_officer, False)):
        client = client_for(person, "en")
        page = client.get(address).content.decode()
        assert (leaving.exit_reason in page, "exit proposed" in page) == (is_told, is_told), person
        found = client.get(reverse("registry:directory"), {"state": "exit_proposed"}).content.decode()
        assert (address in found) == is_told, person
        assert (address in client.get(reverse("registry:directory"), {"state": "listed"}).content.decode()) != is_told
    assert "2025-09-01" not in client_for(clerk, "en").get(unit_page).content.decode()


def test_a_refused_exit_is_told_only_to_who_knows_of_proposals(leaving, client_for, officer, approver, clerk):
    directory.decide(leaving, approve=False, reason="one furnace still runs", by=approver, at=at("2025-08-25"))
    address, _unit_page = directory_pages(leaving)
    for person, is_told in ((officer, True), (clerk, False)):
        assert ("one furnace still runs" in client_for(person, "en").get(address).content.decode()) == is_told


def test_the_ground_is_published_and_the_reason_is_for_those_concerned(
    leaving, client_for, officer, approver, clerk, rival_clerk, stranger_officer, verifier, registrar_operator, auditor,
    analyst,
):  # fmt: skip
    directory.decide(leaving, approve=True, by=approver, at=at("2025-08-25"))
    address, _unit_page = directory_pages(leaving)
    concerned = (officer, approver, clerk, auditor, analyst)
    for person in (*concerned, rival_clerk, stranger_officer, verifier, registrar_operator):
        page = client_for(person, "en").get(address).text
        assert ("41,200 t in 2024" in page, "dismantled" in page) == (person in concerned,) * 2, person
        assert "direct emissions of 26,000 t or more" in page
        assert "closed and no longer emitting" in page


@pytest.mark.parametrize("exits", [False, True])
def test_whoever_proposed_learns_that_a_colleague_took_it_back(request, exits, officer, second_officer, in_english):
    entry = request.getfixturevalue("leaving" if exits else "proposed")
    told = Notification.objects.filter(kind="proposal.withdrawn")
    directory.withdraw(entry, reason="重复", by=second_officer, at=at("2025-08-22"))
    found = told.get()
    assert (found.person, found.link) == (officer, reverse("registry:directory_entry", args=[entry.pk]))
    assert str(second_officer) in notifications.text(found)


def test_nobody_is_told_of_what_they_took_back_themselves(proposed, officer):
    directory.withdraw(proposed, reason="重复", by=officer, at=at("2025-08-22"))
    assert not Notification.objects.filter(kind="proposal.withdrawn").exists()


def directory_pages(entry: DirectoryEntry) -> tuple[str, str]:
    return reverse("registry:directory_entry", args=[entry.pk]), reverse("registry:unit", args=[entry.unit_id])
