"""Thresholds as dated data: two people of the ministry lay a change over the file, from a day still to come."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.translation import override

from registry import journal, notifications, parameters, todo
from registry.law import DatedValue, Law, NotInForceError, Parameter
from registry.models import JournalEntry, Notification, ParameterChange, ParameterDecision
from registry.parameters.values import as_text, is_editable, parse
from registry.permissions.roles import Role
from registry.refusal import Refusal
from reporting.guidelines import thresholds
from tests.cast import at

NOW = at("2026-11-20 09:00")
JANUARY = dt.date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _in_english():
    """Refusals are looked for by their English words."""
    with override("en"):
        yield


def dated(value: object, since: str, until: str | None = None, change: int | None = None) -> DatedValue:
    last = dt.date.fromisoformat(until) if until else None
    return DatedValue(value, dt.date.fromisoformat(since), last, "file", "H", change=change)  # type: ignore[arg-type]


def law_of(*values: DatedValue) -> Law:
    return Law({"limit": Parameter("limit", "", "限值", "limit", values)})


def in_force(law: Law, day: str) -> object:
    try:
        return law["limit"].at(dt.date.fromisoformat(day)).value
    except NotInForceError:
        return None


# The overlay, plain.


def test_a_change_counts_from_its_day_until_further_notice():
    law = law_of(dated(20, "2024-01-01")).with_changes([("limit", dated(15, "2027-01-01", change=1))])
    assert [in_force(law, day) for day in ("2023-12-31", "2024-01-01", "2026-12-31", "2027-01-01", "2099-01-01")] == [
        *(None, 20, 20, 15, 15)
    ]
    assert law["limit"].at(JANUARY).change == 1


def test_a_value_of_the_file_that_begins_later_ends_the_change():
    law = law_of(dated(20, "2024-01-01", "2027-12-31"), dated(10, "2028-01-01"))
    law = law.with_changes([("limit", dated(15, "2027-01-01"))])
    assert [in_force(law, day) for day in ("2026-12-31", "2027-01-01", "2027-12-31", "2028-01-01")] == [20, 15, 15, 10]


def test_a_change_fills_the_gap_after_a_value_that_ended():
    law = law_of(dated(20, "2024-01-01", "2025-12-31")).with_changes([("limit", dated(15, "2027-01-01"))])
    assert [in_force(law, day) for day in ("2025-12-31", "2026-06-01", "2027-01-01")] == [20, None, 15]


def test_of_two_changes_for_one_day_the_later_decision_counts():
    law = law_of(dated(20, "2024-01-01"))
    law = law.with_changes([("limit", dated(15, "2027-01-01")), ("limit", dated(12, "2027-01-01"))])
    assert in_force(law, "2027-01-01") == 12
    assert len(law["limit"].values) == 2


def test_a_change_of_what_the_file_does_not_have_is_passed_over():
    law = law_of(dated(20, "2024-01-01"))
    assert dict(law.with_changes([("other", dated(1, "2027-01-01"))])) == dict(law)


# Values.

GOOD = [
    ("change.month", "15", Decimal(15)),
    ("change.month", " 15.50 ", Decimal("15.50")),
    ("change.month", "１５", Decimal(15)),  # full-width digits
    ("change.month", "1e1", Decimal(10)),
    ("change.month", "100", Decimal(100)),  # the upper limit itself
    ("outlier.months", "6", Decimal(6)),
    ("band.cement.intensity", "0.75..1.00", (Decimal("0.75"), Decimal("1.00"))),
]
BAD = [
    ("change.month", "0"),
    ("change.month", "-5"),
    ("change.month", "100.01"),
    ("change.month", "NaN"),
    ("change.month", "1e999999999"),
    ("change.month", "Infinity"),
    ("change.month", ""),
    ("change.month", "twenty"),
    ("change.month", "10..20"),
    ("change.month", "1.2345678901234567"),
    ("outlier.months", "6.5"),
    ("outlier.months", "13"),
    ("band.cement.intensity", "0.75"),
    ("band.cement.intensity", "1.00..0.75"),
    ("band.cement.intensity", "0.75..0.75"),
    ("band.cement.intensity", "0.75..9"),
    ("band.cement.intensity", "0.75..0.80..0.90"),
]


@pytest.mark.parametrize(("name", "text", "value"), GOOD)
def test_a_plausible_value_is_taken_exactly(name, text, value):
    assert parse(thresholds()[name], text) == value
    assert parse(thresholds()[name], as_text(value)) == value


@pytest.mark.parametrize(("name", "text"), BAD)
def test_an_implausible_value_is_refused(name, text):
    with pytest.raises(ValueError, match=r"."):
        parse(thresholds()[name], text)


def test_whatever_is_editable_has_limits_that_its_own_values_keep():
    editable = [parameter for parameter in thresholds().values() if is_editable(parameter)]
    assert editable
    for parameter in editable:
        for value in parameter.values:
            assert parse(parameter, as_text(value.value)) == value.value, parameter.id


# The acts.


def propose(
    analyst, name: str = "change.month", value: str = "15", since: dt.date = JANUARY, **more
) -> ParameterChange:
    facts: dict[str, Any] = {"reason": "上月三成预警无异常", "at": NOW} | more
    return parameters.propose("checks", name, value=value, since=since, by=analyst, **facts)


def current(day: dt.date, when: dt.datetime, name: str = "change.month") -> object:
    return parameters.law("checks", when)[name].at(day).value


def test_a_change_counts_once_a_second_person_has_approved_it(analyst, ministry_approver):
    change = propose(analyst)
    assert current(JANUARY, at("2027-06-01")) == 20
    parameters.decide(change, approve=True, by=ministry_approver, at=at("2026-11-21"))
    assert current(JANUARY, at("2026-11-20 23:59")) == 20  # not decided yet at that instant
    assert current(JANUARY, at("2026-11-21")) == 15
    assert current(dt.date(2026, 12, 31), at("2027-06-01")) == 20  # a month that began before keeps its threshold
    said = parameters.law("checks", at("2026-11-21"))["change.month"].at(JANUARY)
    assert (said.change, said.assumed) == (change.pk, False)
    acts = list(JournalEntry.objects.order_by("sequence").values_list("act", flat=True))
    assert acts == ["parameter.proposed", "parameter.approved"]
    assert list(journal.verify()) == []


def test_a_refused_change_never_counts(analyst, ministry_approver):
    change = propose(analyst)
    with pytest.raises(Refusal, match="reason"):
        parameters.decide(change, approve=False, by=ministry_approver, at=NOW, reason=" ")
    parameters.decide(change, approve=False, by=ministry_approver, at=NOW, reason="样本太小")
    assert current(JANUARY, at("2027-06-01")) == 20
    assert propose(analyst).pk != change.pk  # and may be proposed anew


def test_whoever_proposed_can_not_decide(analyst, ministry_approver, reseated):
    with pytest.raises(Refusal, match="second person"):
        parameters.decide(propose(analyst), approve=True, by=reseated(analyst, ministry_approver), at=NOW)


def test_a_change_is_decided_once(analyst, ministry_approver):
    change = propose(analyst)
    parameters.decide(change, approve=True, by=ministry_approver, at=NOW)
    with pytest.raises(Refusal, match="meantime"):
        parameters.decide(change, approve=False, by=ministry_approver, at=NOW, reason="nein")


@pytest.mark.parametrize(
    ("since", "complaint"),
    [
        (dt.date(2026, 11, 19), "has begun"),
        (dt.date(2026, 11, 20), "has begun"),  # the very day
        (dt.date(2032, 1, 1), "too far ahead"),
    ],
)
def test_a_change_counts_from_a_day_still_to_come(analyst, since, complaint):
    with pytest.raises(Refusal, match=complaint):
        propose(analyst, since=since)


def test_tomorrow_is_still_to_come(analyst):
    assert propose(analyst, since=dt.date(2026, 11, 21)).pk


def test_what_was_proposed_in_time_and_is_decided_too_late_can_only_be_refused(analyst, ministry_approver):
    change = propose(analyst)
    with pytest.raises(Refusal, match="has begun"):
        parameters.decide(change, approve=True, by=ministry_approver, at=at("2027-01-01 00:00"))
    parameters.decide(change, approve=False, by=ministry_approver, at=at("2027-01-01 00:00"), reason="过期")


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"name": "no.such"}, "can't be changed"),
        ({"value": "0"}, "implausible"),
        ({"reason": "  "}, "reason"),
        ({"value": "20.0"}, "already"),
    ],
)
def test_what_can_not_be_proposed(analyst, more, complaint):
    with pytest.raises(Refusal, match=complaint):
        propose(analyst, **more)
    assert not ParameterChange.objects.exists()


def test_no_book_no_change(analyst):
    with pytest.raises(Refusal, match="can't be changed"):
        parameters.propose("steel-2024", "x", value="1", since=JANUARY, reason="r", by=analyst, at=NOW)


def test_one_change_of_a_threshold_waits_at_a_time(analyst):
    propose(analyst)
    with pytest.raises(Refusal, match="decided on first"):
        propose(analyst, value="16")
    assert propose(analyst, name="outlier.score", value="4").pk


def test_the_database_keeps_the_four_eyes_apart_and_every_row(analyst, ministry_approver):
    change = propose(analyst)
    with pytest.raises(IntegrityError), transaction.atomic():
        ParameterDecision.objects.create(change=change, approved=True, proposed_by=analyst, by=analyst, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ParameterDecision.objects.create(
            change=change, approved=False, proposed_by=analyst, by=ministry_approver, at=NOW
        )
    parameters.decide(change, approve=True, by=ministry_approver, at=NOW)
    for table in ("registry_parameterchange", "registry_parameterdecision"):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608  names of our own
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


# Pages.


def test_it_waits_for_the_approver_and_the_analyst_sees_that_it_does(analyst, ministry_approver, officer):
    propose(analyst)
    waiting = {person.username: [each.url for each in todo.todos(person, NOW)] for person in (analyst, officer)}
    page = reverse("registry:parameter_change", args=[ParameterChange.objects.get().pk])
    # The analyst has another thing to do from November on: next year's working days.
    assert waiting == {"analyst": [page, reverse("registry:working_year_propose")], "officer": []}
    [mine, _year] = todo.todos(analyst, NOW)
    assert (mine.count, mine.tone) == (1, "info")
    [one] = todo.todos(ministry_approver, NOW)
    assert (one.count, one.url) == (1, page)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_everyone_reads_them_and_their_history(client_for, clerk, analyst, ministry_approver, language):
    change = propose(analyst)
    parameters.decide(change, approve=True, by=ministry_approver, at=NOW)
    client = client_for(clerk, language)
    listed = reverse("registry:parameters")
    for day, value in (("2026-12-31", "20 %"), ("2027-01-01", "15 %")):
        assert value in client.get(f"{listed}?as_of={day}").content.decode()
    history = client.get(reverse("registry:parameter", args=["checks", "change.month"])).content.decode()
    assert [text for text in ("15 %", "20 %", change.reason) if text not in history] == []
    page = client.get(reverse("registry:parameter_change", args=[change.pk]))
    assert change.reason in page.content.decode()
    assert not page.context["tried"]


def test_a_day_before_any_was_in_force_shows_none(client_for, clerk):
    page = client_for(clerk, "en").get(reverse("registry:parameters") + "?as_of=2023-12-31").content.decode()
    assert "nothing in force on that day" in page


@pytest.mark.parametrize(
    "path", ["in/checks/no.such/", "in/steel/change.month/", "changes/99/", "in/checks/x/propose/"]
)
def test_what_is_not_there_is_not_found(client_for, analyst, path):
    assert client_for(analyst).get(reverse("registry:parameters") + path).status_code == 404


def test_propose_try_and_decide_in_the_browser(client_for, analyst, ministry_approver):
    url = reverse("registry:parameter_propose", args=["checks", "band.cement.intensity"])
    form = {"low": "0.75", "high": "1.00", "since": "2999-01-01", "reason": "区间过宽"}
    client = client_for(analyst, "en")
    tried = client.post(url, {**form, "since": "2030-01-01", "try": "1"})
    assert tried.status_code == 200
    assert tried.context["tried"]
    assert not ParameterChange.objects.exists()
    wrong = client.post(url, {**form, "low": "1.20"})
    assert "below the upper end" in wrong.content.decode()
    assert 'value="1.20"' in wrong.content.decode()  # what was typed is still there
    change = propose(analyst, "band.cement.intensity", "0.75..1.00")
    decide = reverse("registry:parameter_decide", args=[change.pk])
    assert client.post(decide, {"decision": "approve"}).status_code == 403
    done = client_for(ministry_approver).post(decide, {"decision": "refuse", "reason": "样本太小"})
    assert done.status_code == 302
    assert not ParameterDecision.objects.get().approved


def test_a_proposal_that_is_refused_gives_back_what_was_typed(client_for, analyst):
    url = reverse("registry:parameter_propose", args=["checks", "change.month"])
    form = {"number": "15", "since": "2020-01-01", "reason": "上月三成预警无异常"}
    shown = client_for(analyst, "en").post(url, form, follow=True, headers={"referer": f"http://testserver{url}"})
    page = shown.content.decode()
    assert "has begun" in page
    assert [text for text in ('value="15"', "上月三成预警无异常") if text not in page] == []


def test_the_list_asks_a_fixed_number_of_questions(client_for, clerk, django_assert_max_num_queries):
    client = client_for(clerk)
    with django_assert_max_num_queries(
        8
    ):  # session, person, changes approved (three books), changes waiting, the frame
        client.get(reverse("registry:parameters"))


def test_whoever_proposed_a_change_withdraws_it_and_is_told_of_a_decision(analyst, ministry_approver, make_person):
    def change():
        day = JANUARY
        return parameters.propose("checks", "change.month", value="15", since=day, reason="试", by=analyst, at=NOW)

    first = change()
    with pytest.raises(PermissionDenied):
        parameters.withdraw(first, by=ministry_approver, at=NOW)
    with pytest.raises(Refusal):
        parameters.withdraw(first, by=make_person(Role.MINISTRY_ANALYST, "部第二分析"), at=NOW)
    parameters.withdraw(first, by=analyst, at=NOW)
    assert not parameters.open_changes().exists()
    for act in (
        lambda: parameters.withdraw(first, by=analyst, at=NOW),
        lambda: parameters.decide(first, approve=False, reason="x", by=ministry_approver, at=NOW),
    ):
        with pytest.raises(Refusal):
            act()
    second = change()
    parameters.decide(second, approve=False, reason="依据不足", by=ministry_approver, at=NOW)
    (told,) = Notification.objects.filter(person=analyst)
    assert (told.kind, told.link) == ("proposal.refused", f"/registry/parameters/changes/{second.pk}/")


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", "环比变化幅度 15 %"), ("en", "change against last month 15 %")]
)
def test_what_became_of_a_proposal_names_the_threshold_in_the_readers_language(
    analyst, ministry_approver, language, said
):
    with override("en"):
        change = propose(analyst)
        parameters.decide(change, approve=True, by=ministry_approver, at=NOW)
    (told,) = Notification.objects.filter(person=analyst)
    with override(language):
        assert said in notifications.text(told)
    assert "change.month" not in notifications.text(told)
