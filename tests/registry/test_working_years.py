"""A year's calendar entered from the State Council's notice by two people of the ministry; until then terms say the latest day."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from registry import journal, todo
from registry.law import calendar
from registry.models import JournalEntry, Notification, WorkingYear, WorkingYearDecision
from registry.parameters import working_years
from registry.refusal import Refusal
from tests.cast import at
from tests.confirming import confirm

NOW = at("2026-11-25 09:00")
LATER = at("2026-11-26 09:00")
NOTICE = "国办发明电〔2026〕9号（2026年11月4日）"
# Made up for the test; the real ones of 2027 were not found.
OFF = "2027-01-01..2027-01-03, 2027-02-05..2027-02-11"
WORKED = "2027-01-30 2027-02-14"

pytestmark = pytest.mark.usefixtures("entered_years")


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: NOW)


def days(text):
    return working_years.days_written(text)


@pytest.fixture
def entered(analyst):
    def act(**changed):
        asked = {"year": 2027, "off": days(OFF), "worked": days(WORKED), "notice": NOTICE, "by": analyst, "at": NOW}
        return working_years.propose(**(asked | changed))

    return act


@pytest.fixture
def approved(entered, ministry_approver, django_capture_on_commit_callbacks):
    def act(**changed):
        made = entered(**changed)
        with django_capture_on_commit_callbacks(execute=True):
            working_years.decide(made, approve=True, by=ministry_approver, at=LATER)
        return made

    return act


def test_until_two_people_entered_it_a_term_says_its_latest_day(entered, approved):
    friday = dt.date(2026, 12, 18)
    assert isinstance(calendar.term_end(friday, 10), calendar.LatestDay)
    approved()
    # nine working days to 31 December; 1 to 3 January are off, Monday the 4th is the tenth
    assert calendar.term_end(friday, 10) == dt.date(2027, 1, 4) == calendar.working_days_after(friday, 10)
    assert not isinstance(calendar.term_end(friday, 10), calendar.LatestDay)
    assert not isinstance(calendar.as_term(dt.date(2027, 1, 4)), calendar.LatestDay)
    assert calendar.is_working_day(dt.date(2027, 1, 30))  # a Saturday worked in exchange
    assert not calendar.is_working_day(dt.date(2027, 2, 8))


def test_whoever_entered_it_takes_it_back_before_it_is_decided_on(
    entered, analyst, make_person, ministry_approver, client_for
):
    made = entered()
    other = make_person("ministry_analyst", "又一分析员")
    with pytest.raises(Refusal):
        working_years.withdraw(made, by=other, at=LATER)
    address = reverse("registry:working_year_withdraw", args=[made.pk])
    assert address not in client_for(other).get(reverse("registry:working_year", args=[made.pk])).text
    page = client_for(analyst).post(address, follow=True).text
    assert "已撤回" in page
    assert address not in page
    assert list(working_years.open_entries()) == []
    for again in (
        lambda: working_years.withdraw(made, by=analyst, at=LATER),
        lambda: working_years.decide(made, approve=True, by=ministry_approver, at=LATER),
    ):
        with pytest.raises(Refusal):
            again()
    assert calendar.days_of(2027) is None
    assert JournalEntry.objects.filter(act="working_year.withdrawn", actor=analyst).count() == 1
    assert entered().pk != made.pk  # one withdrawn makes way


def test_one_person_alone_enters_nothing(entered, analyst, ministry_approver, reseated):
    made = entered()
    assert calendar.days_of(2027) is None
    with pytest.raises(Refusal):
        working_years.decide(made, approve=True, by=reseated(analyst, ministry_approver), at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingYearDecision.objects.create(entry=made, approved=True, proposed_by=analyst, by=analyst, at=LATER)
    with pytest.raises(Refusal):
        working_years.decide(made, approve=False, by=ministry_approver, at=LATER)  # refusing needs a reason
    working_years.decide(made, approve=False, reason="日期有误", by=ministry_approver, at=LATER)
    with pytest.raises(Refusal):
        working_years.decide(made, approve=True, by=ministry_approver, at=LATER)
    assert calendar.days_of(2027) is None
    assert entered().pk != made.pk  # a refused one makes way


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"year": 2026, "off": [dt.date(2026, 1, 1)], "worked": []}, "2026"),
        ({"year": 2029, "off": [dt.date(2029, 1, 1)], "worked": []}, "next two"),
        ({"notice": " "}, "notice"),
        ({"off": []}, "holidays"),
        ({"off": [dt.date(2028, 1, 1)]}, "2028-01-01"),
        ({"worked": [dt.date(2027, 2, 15)]}, "2027-02-15"),  # a Monday
        ({"worked": [dt.date(2027, 1, 2)]}, "2027-01-02"),  # off and worked
    ],
)
def test_what_can_not_be_is_refused(entered, in_english, changed, said):
    with pytest.raises(Refusal, match=said):
        entered(**changed)
    assert not WorkingYear.objects.exists()


def test_an_amended_notice_takes_the_place_and_nothing_is_overwritten(approved):
    first = approved()
    approved(off=[*days(OFF), dt.date(2027, 1, 4)], notice="更正")
    assert calendar.working_days_after(dt.date(2026, 12, 31), 1) == dt.date(2027, 1, 5)
    with pytest.raises(DatabaseError), transaction.atomic():
        WorkingYear.objects.filter(pk=first.pk).update(notice="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        WorkingYearDecision.objects.all().delete()


@pytest.mark.parametrize(
    "text", ["2027-13-01", "二月五日", "2027-02-11..2027-02-05", "2027-01-01..2027-01-02..2027-01-03"]
)
def test_days_that_are_none(text):
    with pytest.raises(ValueError, match="2027"):
        days(text)


def test_days_are_read_back_as_spans():
    assert working_years.written([day.isoformat() for day in days(OFF)]) == OFF
    assert days("") == []


def test_in_the_browser_by_two_people_and_told(client_for, analyst, ministry_approver, officer):
    assert reverse("registry:working_year_propose") in [one.url for one in todo.todos(analyst, NOW)]
    browser = client_for(analyst, "en")
    form = {"year": "2027", "off": OFF, "worked": WORKED, "notice": NOTICE}
    wrong = browser.post(reverse("registry:working_year_propose"), form | {"off": "1. Januar"})
    assert OFF not in wrong.text
    assert "is not a day" in wrong.text
    browser.post(reverse("registry:working_year_propose"), form)
    made = WorkingYear.objects.get()
    page = reverse("registry:working_year", args=[made.pk])
    assert browser.get(page).context["form"] is None
    assert client_for(officer, "en").get(reverse("registry:working_year_propose")).status_code == 403
    assert [one.url for one in todo.todos(ministry_approver, NOW)] == [page]
    decide = reverse("registry:working_year_decide", args=[made.pk])
    confirm(client_for(ministry_approver, "en"), decide, {"decision": "approve", "reason": ""})
    assert WorkingYearDecision.objects.get().by == ministry_approver
    assert Notification.objects.filter(person=analyst, kind="proposal.approved").exists()
    acts = JournalEntry.objects.filter(act__startswith="working_year").values_list("act", flat=True)
    assert set(acts) == {"working_year.proposed", "working_year.approved"}
    assert list(journal.verify()) == []
    listed = client_for(officer, "en").get(reverse("registry:working_years")).text
    for span in OFF.replace("..", " – ").split(", "):
        assert f'<span class="nowrap">{span}</span>' in listed
    assert "notice of 4 November 2025" in listed
