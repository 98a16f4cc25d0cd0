"""A unit's year on its page: the twelve cards, the lines beside their peers, the forecast."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from registry import access
from registry.law import calendar
from registry.permissions import Act
from reporting import queries as selectors
from reporting import review, verification
from reporting.filing import intake
from reporting.models import Package, PeerMonth
from reporting.queries.unit_year import course
from tests.cast import at
from tests.reporting import story

YEAR = 2025
# 26,745.17 t over 17,000 t of metal; whole tonnes 26,745 / 17,000 = 1.573235…
INTENSITY = Decimal("1.573235")
TODAY = dt.date(2025, 12, 1)


@pytest.fixture
def peer_months():
    """`peer_months(count, lower, upper, computed)`: the peers' months of 2025 as they were worked out on a day."""

    def make(count: int = 8, lower: str = "1.5", upper: str = "1.7", computed: str = "2025-11-01") -> None:
        middle = {"median": Decimal("1.6"), "mad": Decimal("0.1")}
        PeerMonth.objects.bulk_create(
            PeerMonth(
                sector=story.ALUMINIUM,
                period=period,
                count=count,
                lower=Decimal(lower),
                upper=Decimal(upper),
                computed_at=at(computed),
                **middle,
            )
            for period in story.MONTHS
        )

    return make


@pytest.fixture
def page(unit, client_for):
    def get(person, **asked):
        return client_for(person, "en").get(reverse("reporting:unit_year", args=[unit.pk, YEAR]), asked)

    return get


def of(unit, day: dt.date = TODAY):
    return course(Package.objects.all(), unit, story.ALUMINIUM, YEAR, day)


def test_what_is_handed_in_adds_up(unit, process, clerk, officer):
    story.accepted(unit, "2025-01", clerk, officer)
    story.submitted(unit, "2025-02", clerk)
    story.read(unit, "2025-03", clerk)  # a draft: not submitted
    found = of(unit)
    # 26,745 + 26,745 = 53,490
    assert [(month.tonnes, month.running) for month in found.months[:3]] == [
        (26_745, 26_745),
        (26_745, 53_490),
        (None, 53_490),
    ]
    assert (found.total, found.handed_in, len(found.months)) == (53_490, 2, 12)
    # no past: the mean of the months, 12 × 26,745 = 320,940
    assert found.forecast.tonnes == 320_940
    (line,) = found.lines
    assert [point.own for point in line.told] == [INTENSITY, INTENSITY]


def test_what_came_back_counts_no_more(unit, process, clerk, officer):
    submission = story.submitted(unit, "2025-01", clerk, at("2025-03-01"))
    review.send_back(submission, reason="缺", by=officer, at=at("2025-03-10"))
    assert of(unit).handed_in == 0
    assert of(unit, dt.date(2025, 3, 9)).total == 26_745


@pytest.mark.parametrize(("count", "shown"), [(7, False), (8, True)])
def test_peers_are_shown_only_where_there_are_eight(unit, process, clerk, peer_months, count, shown):
    peer_months(count)
    story.submitted(unit, "2025-01", clerk)
    (point,) = of(unit).lines[0].told
    assert (point.band is not None) == shown
    assert point.place == ("within" if shown else "")


@pytest.mark.parametrize(("lower", "upper", "place"), [("1.6", "1.7", "below"), ("1.5", "1.55", "above")])
def test_beside_peers(unit, process, clerk, peer_months, lower, upper, place):
    peer_months(lower=lower, upper=upper)
    story.submitted(unit, "2025-01", clerk)
    assert of(unit).lines[0].told[0].place == place


def test_on_the_quartile_is_within(unit, process, clerk, peer_months):
    peer_months(lower=str(INTENSITY), upper="1.7")
    story.submitted(unit, "2025-01", clerk)
    assert of(unit).lines[0].told[0].place == "within"


def test_no_peers_before_the_month_is_handed_in(unit, process, clerk, peer_months):
    peer_months()
    story.submitted(unit, "2025-01", clerk)
    story.read(unit, "2025-02", clerk)
    points = {point.period: point.band for point in of(unit).lines[0].points}
    assert (points["2025-01"] is not None, points["2025-02"]) == (True, None)


def test_peers_are_those_known_on_the_day(unit, process, clerk, peer_months):
    peer_months(upper="1.7", computed="2025-11-01")
    peer_months(upper="1.8", computed="2025-11-20")
    story.submitted(unit, "2025-01", clerk)
    for day, upper in (("2025-10-31", None), ("2025-11-19", "1.7"), ("2025-11-20", "1.8")):
        (point,) = of(unit, dt.date.fromisoformat(day)).lines[0].told
        assert (point.band and point.band.upper) == (upper and Decimal(upper))


def test_another_kind_of_lines_months_are_no_peers(unit, process, clerk, peer_months):
    peer_months()
    story.submitted(unit, "2025-01", clerk)
    process.kind = "white"
    process.save()
    assert of(unit).lines[0].told[0].band is None


def test_the_page_says_it_to_clerk_approver_and_officer_alike(
    unit, process, clerk, unit_approver, officer, peer_months, page
):
    peer_months()
    story.accepted(unit, "2025-01", clerk, officer)
    texts = [page(person, as_of=TODAY.isoformat()).text for person in (clerk, unit_approver, officer)]
    for text in texts:
        assert "320,940" in text
        assert "an estimate, not a fact" in text
        assert "one month only: no range yet" in text
        assert "The range takes" not in text
        assert "1.5732" in text
        assert "1.5000–1.7000" in text
        assert "1 of 12 months submitted" in text
        assert text.count('svg class="spark banded"') == 2  # January's card and the line's course
        assert reverse("allocation:quota_forecast", args=[unit.pk, YEAR, story.ALUMINIUM]) in text
        assert "style=" not in re.sub(r"<head.*?</head>", "", text, flags=re.DOTALL)


def test_a_draft_is_told_to_nobody(unit, process, clerk, officer, page):
    story.read(unit, "2025-01", clerk)
    for person in (clerk, officer):
        text = page(person, as_of=TODAY.isoformat()).text
        assert "Running total" not in text
        assert "1.5732" not in text


def test_a_verifier_sees_no_other_year(report, unit, clerk, verifier, officer, page):
    verification.assign(report, verifier.body, by=officer, at=at("2026-04-10"))
    story.submitted(unit, "2026-01", clerk, at("2026-02-20"))
    seen = access.scoped(verifier, Act.VIEW_PACKAGE, Package.objects.all())
    day = dt.date(2026, 5, 1)
    theirs = course(seen, unit, story.ALUMINIUM, 2026, day)
    whole = course(Package.objects.all(), unit, story.ALUMINIUM, 2026, day)
    assert (theirs.handed_in, whole.handed_in) == (0, 1)
    text = page(verifier).text
    assert "12 of 12 months submitted" in text
    assert "Forecast of the year" not in text  # nothing is left to be estimated
    assert reverse("allocation:quota_forecast", args=[unit.pk, YEAR, story.ALUMINIUM]) not in text


STEPS = [
    ("2025-12-01", "Next: upload, once the month is over", "Next: upload, once the month is over"),
    ("2026-01-02", "Next: upload the workbook", "Next: the enterprise submits it"),
]


@pytest.mark.parametrize(("day", "own", "others"), STEPS)
def test_what_is_next_before_anything_came_in(unit, process, clerk, officer, page, day, own, others):
    unit.memberships.exclude(sector=story.ALUMINIUM).delete()
    story.list_unit(unit, YEAR, officer)
    for person, words in ((clerk, own), (officer, others)):
        assert page(person, as_of=day).text.count(words) == (1 if day == "2025-12-01" else 12)


def test_whose_turn_it_is_at_each_step(unit, process, clerk, officer, page):
    def said(person) -> list[str]:
        return re.findall(r'<p class="month-next">([^<]*)', page(person, as_of="2026-01-31").text)[:1]

    package = intake.package_of(unit, story.ALUMINIUM, "2025-01")
    intake.receive(package, story.book(unit, "2025-01"), "x.xlsx", by=clerk, at=at("2025-03-01"))
    assert (said(clerk), said(officer)) == (["Next: upload the workbook"], ["Next: the enterprise submits it"])
    story.do_jobs()
    assert (said(clerk), said(officer)) == (
        ["Next: answer the warnings, submit"],
        ["Next: the enterprise submits it"],
    )  # no plan yet
    story.submit(story.current(package), by=clerk, at=at("2025-03-02"))
    assert (said(clerk), said(officer)) == (["Next: the province reviews it"], ["Next: review it"])
    review.send_back(story.current(package), reason="缺", by=officer, at=at("2025-03-03"))
    assert (said(clerk), said(officer)) == (["Next: correct what was sent back"], ["Next: the enterprise submits it"])
    story.accepted(unit, "2025-01", clerk, officer, at("2025-03-04"), anode="8001")
    assert (said(clerk), said(officer)) == (["Nothing left to do"], ["Nothing left to do"])


def test_a_month_with_errors_is_to_be_corrected(unit, process, clerk):
    story.read(unit, "2025-01", clerk, metal="-5")
    board = selectors.sector_year(unit, story.ALUMINIUM, YEAR, TODAY)
    assert [card.step for card in board.cards if card.period == "2025-01"] == ["correct"]


@pytest.mark.parametrize(("day", "step"), [("2025-01-31", "wait"), ("2025-02-01", "submit")])
def test_a_month_that_was_read_before_its_end_waits_for_it(unit, process, clerk, client_for, monkeypatch, day, step):
    package = story.read(unit, "2025-01", clerk, at("2025-01-20")).package
    story.support(package, clerk, at("2025-01-20"))
    board = selectors.sector_year(unit, story.ALUMINIUM, YEAR, dt.date.fromisoformat(day))
    assert [card.step for card in board.cards if card.period == "2025-01"] == [step]
    monkeypatch.setattr("registry.law.clock.now", lambda: at(day))
    page = client_for(clerk, "en").get(f"/reporting/packages/{package.pk}/").content.decode()
    assert ("Can be submitted from 2025-02-01" in page, "Submit this version" in page) == (
        step == "wait",
        step == "submit",
    )


@pytest.mark.parametrize(("day", "queries"), [("2026-10-01", 6), ("2025-09-30", 9)])
def test_as_many_questions_for_a_year_as_for_a_month(
    unit, process, clerk, officer, peer_months, day, queries, django_assert_num_queries
):
    peer_months()
    story.accepted(unit, "2025-01", clerk, officer, at("2025-02-20"))
    story.accepted(unit, "2025-02", clerk, officer, at("2025-12-20"))
    asked = dt.date.fromisoformat(day)
    with django_assert_num_queries(queries):
        of(unit, asked)
    for period in story.MONTHS[2:10]:
        story.accepted(unit, period, clerk, officer, at("2025-12-20"))
    with django_assert_num_queries(queries):
        of(unit, asked)


def test_the_page_costs_as_much_for_many_months(unit, process, clerk, officer, page, django_assert_max_num_queries):
    unit.memberships.exclude(sector=story.ALUMINIUM).delete()
    story.accepted_year(unit, clerk, officer)
    with django_assert_max_num_queries(40):
        assert page(officer, as_of=calendar.local_day(at("2026-10-01")).isoformat()).status_code == 200
