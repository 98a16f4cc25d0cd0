"""More time for many months at once: shown first, all of them or none, each journalled and told by itself."""

import datetime as dt

import pytest
from django.urls import reverse

from registry.law import clock
from registry.models import JournalEntry, Notification
from registry.refusal import Refusal
from reporting.filing import deadlines
from reporting.filing.extending_many import MOST, Month, extend_many
from reporting.models import DeadlineExtension, Package
from tests.cast import at
from tests.confirming import confirm, fields_of
from tests.reporting import story

ALUMINIUM = story.ALUMINIUM
# September 2025 is due on 9 November, October (30 days of November + 10) on 10 December.
BEFORE, DAY = at("2025-11-05 09:00"), dt.date(2025, 12, 20)
BOARD, CONFIRM = "reporting:deadlines_extend", "reporting:deadlines_extend_many"


@pytest.fixture
def second(make_unit, make_line, officer):
    unit = make_unit(ALUMINIUM)
    story.electrolysis(unit, make_line)
    story.list_unit(unit, 2025, officer)
    return unit


@pytest.fixture
def first(unit, make_line, officer, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    story.electrolysis(unit, make_line)
    story.list_unit(unit, 2025, officer)
    return unit


def months(*named) -> list[Month]:
    return [Month(unit, ALUMINIUM, period) for unit, period in named]


def extended(chosen, officer, due=DAY, reason="系统升级停报", when=BEFORE):
    return extend_many(chosen, due=due, reason=reason, by=officer, at=when)


def test_each_month_gets_its_day_its_entry_and_its_message(first, second, officer, clerk):
    made = extended(months((first, "2025-09"), (first, "2025-10"), (second, "2025-09")), officer)
    assert {each.due for each in made} == {DAY}
    days = DeadlineExtension.objects.order_by("package__period").values_list("package__period", "before")
    assert set(days) == {("2025-09", dt.date(2025, 11, 9)), ("2025-10", dt.date(2025, 12, 10))}
    assert JournalEntry.objects.filter(act="deadline.extended").count() == 3
    whole = JournalEntry.objects.get(act="deadline.extended_many")
    assert '"count":3' in whole.facts.replace(" ", "")
    told = Notification.objects.filter(kind="deadline.extended", person=clerk)
    assert sorted(each.params["period"] for each in told) == ["2025-09", "2025-10"]


def test_one_fault_and_none_is_extended_and_all_faults_are_told_at_once(
    first, second, rival_unit, officer, clerk, settings
):
    settings.LANGUAGE_CODE = "en"
    story.submitted(first, "2025-07", clerk)
    deadlines.extend(second, ALUMINIUM, "2025-09", due=DAY, reason="先前", by=officer, at=BEFORE)
    chosen = months((first, "2025-07"), (first, "2025-09"), (second, "2025-09"), (first, "2026-12"))
    with pytest.raises(Refusal) as refused:
        extended(chosen, officer)
    said = str(refused.value)
    assert "3 months can't be" in said
    assert f"{first} · 2025-07: It has already been submitted" in said
    assert f"{second} · 2025-09: It is already due on 2025-12-20" in said
    assert f"{first} · 2026-12: 2026-12 is too far ahead" in said
    assert DeadlineExtension.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"due": dt.date(2025, 11, 9), "when": at("2025-11-01")}, "already due"),
        ({"due": dt.date(2025, 11, 19), "when": at("2025-11-20")}, "2025-11-19 is past"),
        ({"due": dt.date(2026, 1, 9)}, "beyond 2026-01-08"),  # 60 days after 9 November: 21 + 31 + 8
        ({"reason": " "}, "A reason is required"),
    ],
)
def test_the_bounds_are_those_of_one_extension(first, officer, settings, given, complaint):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(Refusal, match=complaint):
        extended(months((first, "2025-09")), officer, **given)
    assert not DeadlineExtension.objects.exists()


def test_anothers_unit_is_a_fault_that_names_nobody(first, make_unit, stranger_officer, settings):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(Refusal) as refused:
        extended(months((first, "2025-09")), stranger_officer)
    assert "A unit of another authority is among them." in str(refused.value)
    assert first.name not in str(refused.value)


@pytest.mark.parametrize(("count", "complaint"), [(0, "No month is ticked"), (MOST + 1, "at most 500")])
def test_none_and_too_many_are_refused(first, officer, settings, count, complaint):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(Refusal, match=complaint):
        extended(months((first, "2025-09")) * count, officer)


# --- on the pages -----------------------------------------------------------------------------------------------------


def query(name: str) -> str:
    return f"{reverse(name)}?year=2025&sector={ALUMINIUM}"


def ticks(*named) -> dict[str, object]:
    boxes = [f"{unit.pk}:{period}" for unit, period in named]
    return {"month": boxes, "due": DAY.isoformat(), "reason": "系统升级停报"}


def test_what_was_submitted_has_no_box(first, officer, clerk, client_for):
    story.submitted(first, "2025-07", clerk)
    shown = client_for(officer, "en").get(query(BOARD)).text
    assert f'value="{first.pk}:2025-09"' in shown
    assert f'value="{first.pk}:2025-07"' not in shown
    assert query(BOARD).replace("&", "&amp;") in client_for(officer).get(query("reporting:package_board")).text


def test_they_are_shown_first_and_extended_by_a_second_press(first, second, officer, client_for):
    browser = client_for(officer, "en")
    page = browser.post(query(CONFIRM), ticks((first, "2025-09"), (second, "2025-10")))
    assert "You are about to extend the deadlines of 2 months" in page.text
    assert "2025-11-09" in page.text
    assert "2025-12-20" in page.text
    assert not DeadlineExtension.objects.exists()
    receipt = browser.post(query(CONFIRM), fields_of(page), follow=True)
    assert "The deadlines of 2 months were extended" in receipt.text
    assert f"{second} · 2025-10" in receipt.text
    assert DeadlineExtension.objects.count() == 2


def test_a_double_click_and_back_lead_to_the_same_receipt(first, officer, client_for):
    browser = client_for(officer, "en")
    page = browser.post(query(CONFIRM), ticks((first, "2025-09")))
    once = browser.post(query(CONFIRM), fields_of(page))
    again = browser.post(query(CONFIRM), fields_of(page))
    assert once["Location"] == again["Location"]
    assert DeadlineExtension.objects.count() == 1


def test_a_stale_page_extends_nothing(first, second, officer, clerk, client_for):
    browser = client_for(officer, "en")
    page = browser.post(query(CONFIRM), ticks((first, "2025-09"), (second, "2025-09")))
    story.submitted(first, "2025-09", clerk, BEFORE)
    answer = browser.post(query(CONFIRM), fields_of(page), follow=True)
    assert "It has already been submitted" in answer.text
    assert not DeadlineExtension.objects.exists()


def test_a_day_that_is_missing_is_asked_for_on_the_page(first, officer, client_for):
    browser = client_for(officer, "en")
    page = browser.post(query(CONFIRM), {"month": [f"{first.pk}:2025-09"]})
    assert page.status_code == 422
    assert 'name="due"' in page.text
    assert not DeadlineExtension.objects.exists()


def test_without_a_tick_nothing_is_shown(first, officer, client_for):
    answer = client_for(officer, "en").post(query(CONFIRM), {"due": "", "reason": ""}, follow=True)
    assert "No month is ticked" in answer.text


def test_a_whole_column_is_every_outstanding_month_that_the_filter_leaves(first, second, officer, clerk, client_for):
    story.submitted(first, "2025-09", clerk, BEFORE)
    browser, typed = client_for(officer), {"due": DAY.isoformat(), "reason": "停报", "all": "2025-09"}
    confirm(browser, query(CONFIRM), typed)
    assert list(Package.objects.filter(extensions__isnull=False).values_list("unit", "period")) == [
        (second.pk, "2025-09")
    ]
    filtered = f"{query(CONFIRM)}&q={first.credit_code}"
    assert browser.post(filtered, {**typed, "all": "2025-10"}).text.count(str(second)) == 0


def test_a_strangers_units_are_not_taken(first, stranger_officer, client_for):
    answer = client_for(stranger_officer, "en").post(query(CONFIRM), ticks((first, "2025-09")), follow=True)
    assert "No month is ticked" in answer.text
    assert not DeadlineExtension.objects.exists()


def test_the_page_before_it_asks_the_same_for_many(first, second, officer, client_for, django_assert_max_num_queries):
    browser = client_for(officer)
    with django_assert_max_num_queries(60) as one:
        browser.post(query(CONFIRM), ticks((first, "2025-09")))
    with django_assert_max_num_queries(len(one)):
        browser.post(query(CONFIRM), ticks((first, "2025-09"), (first, "2025-10"), (second, "2025-09")))
