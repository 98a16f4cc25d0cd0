"""By when months are due: month ends, leap years, midnight in Shanghai; more time for one unit; a reopened month; what came late."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from registry import parameters
from registry.law import calendar, clock
from registry.models import JournalEntry, Notification
from registry.refusal import Refusal
from reporting import queries, review
from reporting.filing import deadlines, intake
from reporting.models import DeadlineExtension, Package, PackageEvent
from reporting.queries.todo import todos
from tests.cast import at
from tests.reporting import story

ALUMINIUM = story.ALUMINIUM
# September 2025 ends on the 30th; 40 days later is 31 October + 9: 9 November, a Sunday: a calendar day like any other.
DUE = dt.date(2025, 11, 9)
BEFORE = at("2025-10-20 09:00")


@pytest.fixture
def extended(unit, officer, make_line):
    story.electrolysis(unit, make_line)
    story.list_unit(unit, 2025, officer)

    def extend(due="2025-11-30", *, when=BEFORE, period="2025-09", reason="系统升级停报", of=unit):
        return deadlines.extend(
            of, ALUMINIUM, period, due=dt.date.fromisoformat(due), reason=reason, by=officer, at=when
        )

    return extend


@pytest.mark.parametrize(
    ("month", "due"),
    [
        ("2026-01", "2026-03-12"),  # 28 days of February + 12
        ("2026-02", "2026-04-09"),  # 31 of March + 9
        ("2028-01", "2028-03-11"),  # a leap year: 29 + 11
        ("2028-02", "2028-04-09"),  # ends on the 29th: 31 + 9
        ("2025-12", "2026-02-09"),  # over the year's end: 31 of January + 9
        ("2025-08", "2025-10-10"),  # 30 of September + 10
        ("2025-07", "2025-09-09"),
        ("2026-08", "2026-10-10"),  # the holiday week before it moves nothing: calendar days
        ("2025-01", "2025-10-31"),  # back-filled
        ("2025-06", "2025-10-31"),
    ],
)
def test_a_month_is_due_forty_calendar_days_after_its_end(month, due):
    assert calendar.monthly_deadline(month) == dt.date.fromisoformat(due)


def test_the_last_second_in_shanghai_is_in_time(unit, clerk, make_line):
    story.electrolysis(unit, make_line)
    package = intake.package_of(unit, ALUMINIUM, "2025-09")
    assert not package.is_late(at("2025-11-09 23:59:59"))
    assert package.is_late(at("2025-11-10 00:00"))
    # 16:00 UTC is midnight in Shanghai.
    assert not package.is_late(dt.datetime(2025, 11, 9, 15, 59, 59, tzinfo=dt.UTC))
    assert package.is_late(dt.datetime(2025, 11, 9, 16, 0, tzinfo=dt.UTC))


def test_an_extended_month_is_due_later_everywhere(extended, unit, clerk, officer):
    extension = extended()
    assert (extension.before, extension.due) == (DUE, dt.date(2025, 11, 30))
    assert Package.objects.get().due == dt.date(2025, 11, 30)
    day = dt.date(2025, 11, 20)
    (card,) = [card for card in queries.sector_year(unit, ALUMINIUM, 2025, day).cards if card.period == "2025-09"]
    assert (card.due, card.overdue) == (extension.due, False)
    ((_unit, cards),) = queries.months_of([unit], ALUMINIUM, 2025, day)
    assert cards[8].due == extension.due
    late = [todo for todo in todos(clerk, at("2025-11-20")) if todo.tone == "danger" and "plans" not in todo.url]
    assert [todo.count for todo in late] == [8]  # January to August, of which nothing came in
    (overdue,) = [todo for todo in todos(officer, at("2025-11-20")) if "board" in todo.url]
    assert overdue.count == 8
    (overdue,) = [todo for todo in todos(officer, at("2025-12-01")) if "board" in todo.url]
    assert overdue.count == 9


def test_the_units_home_names_its_own_day(extended, unit, clerk, officer, client_for, monkeypatch):
    extended()
    monkeypatch.setattr(clock, "now", lambda: at("2025-11-20 09:00"))
    for person, shown in ((clerk, True), (officer, False)):
        page = client_for(person, "en").get(reverse("home"))
        own = [one for one in page.context["deadlines"] if (one.month, one.day) == ("2025-09", dt.date(2025, 11, 30))]
        assert bool(own) is shown


def test_a_day_that_is_past_knows_nothing_of_a_later_extension(extended, unit):
    extended(when=at("2025-11-08 12:00"))
    for day, due in ((dt.date(2025, 11, 7), DUE), (dt.date(2025, 11, 8), dt.date(2025, 11, 30))):
        board = queries.sector_year(unit, ALUMINIUM, 2025, day)
        assert [card.due for card in board.cards if card.period == "2025-09"] == [due]


def test_what_comes_within_the_extension_is_not_late(extended, unit, clerk):
    extended()
    story.submitted(unit, "2025-09", clerk, at("2025-11-30 23:59"))
    assert not Package.objects.get().late


def test_what_comes_after_it_is_taken_marked_and_counted(extended, unit, clerk, officer, analyst, stranger_officer):
    extended()
    story.submitted(unit, "2025-09", clerk, at("2025-12-01 00:00"))
    assert Package.objects.get().late
    day = dt.date(2025, 12, 1)
    assert queries.sector_year(unit, ALUMINIUM, 2025, day).late == 1
    for person in (officer, analyst, clerk):
        assert queries.late_of(person, ALUMINIUM, 2025, day) == {"packages": 1, "units": 1}
    assert queries.late_of(stranger_officer, ALUMINIUM, 2025, day) == {"packages": 0, "units": 0}
    assert queries.late_of(officer, ALUMINIUM, 2025, dt.date(2025, 11, 30)) == {"packages": 0, "units": 0}
    assert queries.late_of(officer, ALUMINIUM, 2024, day)["packages"] == 0


def test_it_may_be_extended_again_and_the_last_counts(extended):
    extended("2025-11-20")
    assert extended("2025-12-10").before == dt.date(2025, 11, 20)
    assert Package.objects.get().due == dt.date(2025, 12, 10)


def test_a_month_that_is_overdue_may_still_be_given_time(extended, unit, clerk):
    extended("2025-11-25", when=at("2025-11-20"))
    story.submitted(unit, "2025-09", clerk, at("2025-11-24"))
    assert not Package.objects.get().late


def test_only_that_units_month_moves(extended, unit, rival_unit):
    extended()
    found = deadlines.dues([unit.pk, rival_unit.pk], dt.date(2025, 12, 31))
    assert found.of(unit.pk, ALUMINIUM, "2025-10") == dt.date(2025, 12, 10)  # 30 of November + 10
    assert found.of(rival_unit.pk, ALUMINIUM, "2025-09") == DUE


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"reason": "  "}, "A reason is required"),
        ({"due": "2025-11-09"}, "already due on 2025-11-09"),
        ({"due": "2025-11-01"}, "already due on 2025-11-09"),
        ({"due": "2025-11-19", "when": "2025-11-20"}, "2025-11-19 is past"),
        ({"due": "2026-01-09"}, "beyond 2026-01-08"),  # 60 days after 9 November: 21 + 31 + 8
        ({"period": "2025-13"}, "neither a month nor a year"),
        ({"period": "2025"}, "month by month"),
    ],
)
def test_refusals_say_what_to_do(extended, given, complaint, settings):
    settings.LANGUAGE_CODE = "en"
    if "when" in given:
        given = given | {"when": at(given["when"])}
    with pytest.raises(Refusal, match=complaint):
        extended(**given)
    assert not DeadlineExtension.objects.exists()


def test_the_furthest_day_is_still_possible(extended):
    assert extended("2026-01-08").due == dt.date(2026, 1, 8)


def test_the_furthest_day_is_dated_data(extended, analyst, ministry_approver):
    change = parameters.propose(
        "deadlines",
        "extension.most_days",
        value="90",
        since=dt.date(2025, 10, 15),
        reason="试",
        by=analyst,
        at=at("2025-10-01"),
    )
    parameters.decide(change, approve=True, by=ministry_approver, at=at("2025-10-02"))
    with pytest.raises(Refusal):
        extended("2026-02-07", when=at("2025-10-14"))
    assert extended("2026-02-07").due == dt.date(2026, 2, 7)  # 90 days: 21 + 31 + 31 + 7


def test_what_was_handed_in_gets_no_more_time(extended, unit, clerk, officer):
    submission = story.submitted(unit, "2025-09", clerk)
    with pytest.raises(Refusal):
        extended()
    review.accept(submission, by=officer, at=BEFORE)
    with pytest.raises(Refusal):
        extended()


def test_what_came_late_stays_late(extended, unit, clerk, officer):
    late = story.submitted(unit, "2025-09", clerk, at("2025-11-10 09:00"))
    review.send_back(late, reason="缺化验单", by=officer, at=at("2025-11-11"))
    extended("2025-11-30", when=at("2025-11-12"))
    story.submitted(unit, "2025-09", clerk, at("2025-11-20"), anode="8001")
    package = Package.objects.get()
    assert package.late
    assert [event.late for event in package.events.filter(kind="submitted")] == [True, False]


def test_the_unit_is_told_and_the_journal_knows(extended, clerk, unit_approver, rival_clerk):
    extension = extended()
    (told,) = Notification.objects.all()
    assert (told.person, told.kind, told.params["due"]) == (clerk, "deadline.extended", "2025-11-30")
    entry = JournalEntry.objects.get(act="deadline.extended")
    for said in ("2025-11-09", "2025-11-30", extension.reason):
        assert said in entry.facts


def test_an_extension_is_never_changed(extended):
    extension = extended()
    with pytest.raises(DatabaseError), transaction.atomic():
        DeadlineExtension.objects.filter(pk=extension.pk).update(due=dt.date(2026, 1, 1))
    with pytest.raises(DatabaseError), transaction.atomic():
        DeadlineExtension.objects.filter(pk=extension.pk).delete()


@pytest.mark.parametrize("change", [{"reason": ""}, {"due": DUE}, {"kind": "other"}])
def test_the_database_refuses_what_is_no_extension(extended, officer, change):
    package = extended().package
    row = {"kind": "extended", "before": DUE, "due": dt.date(2025, 12, 1), "reason": "r"} | change
    with pytest.raises(IntegrityError), transaction.atomic():
        DeadlineExtension.objects.create(package=package, by=officer, at=BEFORE, **row)


def test_boards_of_many_units_ask_for_extensions_once(extended, unit, rival_unit, django_assert_num_queries):
    extended()
    with django_assert_num_queries(4):  # directory, extensions, packages
        queries.months_of([unit, rival_unit], ALUMINIUM, 2025, dt.date(2099, 1, 1))


@pytest.fixture
def accepted(unit, clerk, officer, make_line):
    story.electrolysis(unit, make_line)
    story.list_unit(unit, 2025, officer)
    return story.accepted(unit, "2025-09", clerk, officer)


def test_a_reopened_month_has_a_day_of_its_own(accepted, unit, clerk, officer):
    review.reopen(accepted, reason="计量报告有误", by=officer, at=at("2026-01-10 10:00"))
    package = Package.objects.get()
    assert package.due == dt.date(2026, 1, 20)  # ten days
    (row,) = package.extensions.all()
    assert (row.kind, row.before, row.reason) == ("reopened", DUE, "计量报告有误")
    assert row in queries.history_of(package, clerk)
    (card,) = [c for c in queries.sector_year(unit, ALUMINIUM, 2025, dt.date(2026, 1, 20)).cards if c.package]
    assert not card.overdue
    (told,) = Notification.objects.filter(kind="package.reopened")
    assert (told.person, told.params["due"]) == (clerk, "2026-01-20")
    story.submitted(unit, "2025-09", clerk, at("2026-01-20 23:59"), anode="8001")
    assert not PackageEvent.objects.filter(kind="submitted").last().late


def test_a_month_reopened_early_keeps_its_day(accepted, officer):
    review.reopen(accepted, reason="r", by=officer, at=at("2025-10-05"))
    assert Package.objects.get().due == DUE


def test_no_month_is_reopened_under_a_filed_report(unit, clerk, unit_approver, officer, make_line):
    story.electrolysis(unit, make_line)
    story.list_unit(unit, 2025, officer)
    story.filed(unit, clerk, unit_approver, officer)
    package = Package.objects.get(period="2025-09")
    with pytest.raises(Refusal) as refused:
        review.reopen(package.submission, reason="r", by=officer, at=at("2026-03-10"))
    assert str(refused.value)
    package.refresh_from_db()
    assert (package.state, package.due) == ("accepted", DUE)
    assert not DeadlineExtension.objects.exists()
    assert not Notification.objects.filter(kind="package.reopened").exists()


def test_the_officer_extends_on_a_page(extended, unit, officer, clerk, stranger_officer, client_for, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    address = reverse("reporting:deadline_extend", args=[unit.pk, ALUMINIUM, "2025-09"])
    client = client_for(officer, "en")
    page = client.get(address).content.decode()
    assert "2025-11-09" in page
    assert "2026-01-08" in page
    assert client.post(address, {"due": "", "reason": "r"}).status_code == 422
    assert client.post(address, {"due": "2025-11-30", "reason": "停报"}).status_code == 302
    package = Package.objects.get()
    shown = client_for(clerk, "en").get(reverse("reporting:package", args=[package.pk])).content.decode()
    assert "deadline extended: due 2025-11-30 instead of 2025-11-09" in shown
    assert "停报" in shown
    assert client_for(clerk).get(address).status_code == 403
    assert client_for(stranger_officer).get(address).status_code == 404
    assert client.get(reverse("reporting:deadline_extend", args=[unit.pk, "steel", "2025-09"])).status_code == 200
    assert client.get(reverse("reporting:deadline_extend", args=[unit.pk, "glass", "2025-09"])).status_code == 404


def test_a_refused_extension_comes_back_as_typed(extended, unit, officer, client_for, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    address = reverse("reporting:deadline_extend", args=[unit.pk, ALUMINIUM, "2025-09"])
    client = client_for(officer, "en")
    page = client.post(address, {"due": "2026-06-01", "reason": "很久"}, follow=True, headers={"referer": address})
    assert page.status_code == 422
    assert "beyond 2026-01-08" in page.context["form"].errors["due"][0]
    assert "很久" in page.content.decode()


def test_boards_count_what_came_late(extended, unit, clerk, officer, analyst, client_for):
    story.submitted(unit, "2025-09", clerk, at("2025-11-10 09:00"))
    board = f"{reverse('reporting:package_board')}?year=2025&sector=aluminium&as_of=2025-12-01"
    for person in (officer, analyst):
        page = client_for(person, "en").get(board).content.decode()
        assert "First submitted late this year: 1 packages of 1 units." in page
    year = f"{reverse('reporting:unit_year', args=[unit.pk, 2025])}?as_of=2025-12-01"
    assert "1 submitted late" in client_for(clerk, "en").get(year).content.decode()


def test_a_deadline_can_be_extended_to_today(extended):
    assert extended("2025-11-20", when=at("2025-11-20 23:00")).due == dt.date(2025, 11, 20)
