"""Months outside the lives of a unit's lines are not asked for, and no page of any period breaks; a month in which nothing ran is filed
with one press, and the year is reported with such months."""

import datetime as dt
import html
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from registry.models import Line, Unit
from registry.refusal import Refusal
from reporting import queries, review, workbook
from reporting.accounting import account
from reporting.content import Content
from reporting.filing import annual, blanks, intake, outside_lives, standing_still
from reporting.models import Package, ReportSource
from reporting.periods.expected import asked_of, expected_periods
from reporting.queries import todo
from tests.cast import at
from tests.reporting import story
from tests.reporting.months import MONTHS

BEGAN, ENDED = dt.date(2025, 3, 10), dt.date(2025, 9, 20)
BEFORE, FIRST, LAST, AFTER = "2025-02", "2025-03", "2025-09", "2025-10"
LIVED = [f"2025-{month:02}" for month in range(3, 10)]
SECTORS = pytest.mark.parametrize("sector", MONTHS)


def month_of(unit: Unit, sector: str, period: str = FIRST) -> Content:
    return replace(MONTHS[sector](period), unit=unit.credit_code)


@pytest.fixture
def lines(unit, make_line, officer):
    """`lines(sector)`: the lines of the sector's month, which all began on 10 March 2025 and ended on 20 September."""

    def make(sector: str, *, began: dt.date = BEGAN, ended: dt.date | None = ENDED) -> list[Line]:
        story.list_unit(unit, 2025, officer, sector=sector)
        capacity = Decimal("900000.00" if sector == "aluminium" else "9000.00")
        codes = MONTHS[sector]().lines
        return [make_line(unit, sector, code, capacity=capacity, commissioned=began, closed=ended) for code in codes]

    return make


def still(package: Package, clerk, when: dt.datetime = story.READ_AT) -> None:
    standing_still.take_in(package, by=clerk, at=when)
    story.do_jobs()


@SECTORS
def test_months_outside_a_lines_life_are_not_asked_for(unit, lines, sector):
    lines(sector)
    assert asked_of([unit.pk], sector, 2025) == {unit.pk: LIVED}
    assert [period for _unit, of, period in expected_periods([unit.pk]) if of == sector] == LIVED
    board = queries.sector_year(unit, sector, 2025, dt.date(2026, 1, 20))
    assert [card.period for card in board.cards if card.asked] == LIVED


@SECTORS
@pytest.mark.parametrize(
    ("began", "ended", "months"),
    [
        ("2025-03-31", None, range(3, 13)),  # one day of March
        ("2025-04-01", None, range(4, 13)),
        ("2015-01-01", "2025-04-01", range(1, 5)),  # one day of April
        ("2015-01-01", "2025-03-31", range(1, 4)),
        ("2026-01-01", None, ()),
        ("2015-01-01", "2024-12-31", ()),
    ],
)
def test_a_day_of_a_month_is_enough(unit, lines, sector, began, ended, months):
    lines(sector, began=dt.date.fromisoformat(began), ended=ended and dt.date.fromisoformat(ended))
    assert asked_of([unit.pk], sector, 2025) == {unit.pk: [f"2025-{month:02}" for month in months]}


def test_months_between_two_lines_are_not_asked_for(unit, lines, make_line):
    lines("cement")
    make_line(unit, "cement", "3#", commissioned=dt.date(2025, 12, 1))
    assert asked_of([unit.pk], "cement", 2025) == {unit.pk: [*LIVED, "2025-12"]}


def test_a_unit_whose_lines_nobody_knows_is_asked_for_everything(unit, officer):
    story.list_unit(unit, 2025, officer)
    assert asked_of([unit.pk], story.ALUMINIUM, 2025) == {unit.pk: story.MONTHS}


@SECTORS
@pytest.mark.parametrize("period", [BEFORE, FIRST, "2025-06", LAST, AFTER])
def test_every_page_of_every_period_answers(unit, lines, client_for, clerk, sector, period):
    """Blank, correction, upload of the blank as it is, what was found, another correction: never a fault of ours."""
    lines(sector)
    browser = client_for(clerk, "en")
    package = intake.package_of(unit, sector, period)
    page, correct, blank = (
        reverse(f"reporting:{name}", args=[package.pk]) for name in ("package", "package_correct", "package_blank")
    )
    handed_out = browser.get(blank)
    assert handed_out.status_code == 200
    shown = browser.get(page)
    assert shown.status_code == browser.get(correct).status_code == 200
    assert ("None of the unit's lines existed in this period" in html.unescape(shown.text)) is (period not in LIVED)
    file = SimpleUploadedFile(f"{period}.xlsx", handed_out.content)
    browser.post(reverse("reporting:package_upload", args=[package.pk]), {"workbook": file})
    story.do_jobs()
    found = set(story.current(package).findings.values_list("code", flat=True))
    assert ("line.none" in found) is (period not in LIVED)
    assert found  # an empty month is never in order
    for address in (page, correct, reverse("reporting:version_cells", args=[package.pk, 1])):
        assert browser.get(address).status_code == 200
    assert browser.post(correct, {"base": package.submission_id, "revision": "0"}).status_code in (302, 422)
    with pytest.raises(Refusal):
        intake.submit(story.current(package), by=clerk, at=story.READ_AT)


@SECTORS
def test_a_month_in_which_nothing_ran_is_filed_with_one_press(unit, lines, client_for, clerk, sector):
    lines(sector)
    browser = client_for(clerk, "en")
    package = intake.package_of(unit, sector, FIRST)
    page = reverse("reporting:package", args=[package.pk])
    press = reverse("reporting:package_standing_still", args=[package.pk])
    assert press in browser.get(page).text
    browser.post(press)
    story.do_jobs()
    submission = story.current(package)
    assert list(submission.findings.filter(blocks=True)) == []
    content = Content.from_json(submission.stored_content())
    assert {row.line: row.amount("days") for row in content.table("stop")} == dict.fromkeys(content.lines, Decimal(31))
    assert submission.totals["enterprise"] == "0"
    assert press not in browser.get(page).text
    assert story.submit(submission, by=clerk, at=story.READ_AT).state == Package.State.SUBMITTED


@SECTORS
def test_stocks_and_meters_go_through_a_month_that_stood_still(unit, lines, clerk, sector):
    lines(sector)
    content = month_of(unit, sector)
    first = intake.package_of(unit, sector, FIRST)
    spec = blanks.spec_of(first)
    intake.receive(first, workbook.filled(spec, content), "a.xlsx", by=clerk, at=story.READ_AT)
    story.do_jobs()
    story.submit(story.current(first), by=clerk, at=story.READ_AT)
    second = intake.package_of(unit, sector, "2025-04")
    still(second, clerk)
    assert list(story.current(second).findings.filter(blocks=True)) == []
    stocks = {row.item: row.amount("closing") for row in content.table("fuel") if row.number("closing") is not None}
    after = Content.from_json(story.current(second).stored_content())
    assert {row.item: (row.amount("opening"), row.amount("closing")) for row in after.table("fuel")} == {
        item: (stock, stock) for item, stock in stocks.items()
    }


@pytest.mark.parametrize("period", [BEFORE, AFTER])
def test_nothing_can_stand_still_that_does_not_exist(unit, lines, client_for, clerk, period):
    lines("steel")
    package = intake.package_of(unit, "steel", period)
    press = reverse("reporting:package_standing_still", args=[package.pk])
    assert press not in client_for(clerk, "en").get(reverse("reporting:package", args=[package.pk])).text
    with pytest.raises(Refusal, match=period):
        standing_still.take_in(package, by=clerk, at=story.READ_AT)


@SECTORS
def test_the_year_is_reported_from_its_first_to_its_last_month(unit, lines, clerk, officer, sector):
    """One month's production and six that stood still are the whole year of a works that lived from March to September."""
    lines(sector)
    first = intake.package_of(unit, sector, FIRST)
    spec = blanks.spec_of(first)
    intake.receive(first, workbook.filled(spec, month_of(unit, sector)), "a.xlsx", by=clerk, at=story.READ_AT)
    story.do_jobs()
    when = at("2025-12-01 09:00")
    for period in LIVED:
        package = intake.package_of(unit, sector, period)
        if period != FIRST:
            still(package, clerk, when)
        assert list(story.current(package).findings.filter(blocks=True)) == []
        story.submit(story.current(package), by=clerk, at=when)
        if period == LIVED[-1]:
            with pytest.raises(Refusal, match=LAST):
                annual.prepare(unit, sector, 2025, by=clerk, at=at("2026-01-10 09:00"))
        review.accept(story.current(package), by=officer, at=when)
    assert [entry.title for entry in todo.todos(clerk, at("2026-01-20"))].count("待编制的年度排放报告") == 1
    report = annual.prepare(unit, sector, 2025, by=clerk, at=at("2026-01-20 09:00"))
    sources = ReportSource.objects.filter(report=report).values_list("submission__package__period", flat=True)
    assert sorted(sources) == LIVED
    assert report.emissions == story.current(first).emissions


@SECTORS
def test_a_year_without_any_line_has_no_report(unit, lines, clerk, sector):
    lines(sector, began=dt.date(2026, 5, 1), ended=None)
    with pytest.raises(Refusal, match="2025"):
        annual.prepare(unit, sector, 2025, by=clerk, at=at("2026-01-20 09:00"))
    board = queries.sector_year(unit, sector, 2025, dt.date(2026, 1, 20))
    assert not board.ready_for_report


@SECTORS
def test_days_entered_afterwards_take_no_accepted_tonnes_out_of_the_year(
    unit, lines, clerk, officer, client_for, sector
):
    """March's production is accepted; then the line's register says that it began in April, and no month of March is asked for."""
    first_line, *_others = lines(sector)
    when = at("2025-12-01 09:00")
    for period in LIVED:
        package = intake.package_of(unit, sector, period)
        if period == FIRST:
            made = workbook.filled(blanks.spec_of(package), month_of(unit, sector))
            intake.receive(package, made, "a.xlsx", by=clerk, at=when)
            story.do_jobs()
        else:
            still(package, clerk, when)
        story.submit(story.current(package), by=clerk, at=when)
        review.accept(story.current(package), by=officer, at=when)
    Line.objects.filter(pk=first_line.pk).update(commissioned=dt.date(2025, 4, 1))
    [outside] = outside_lives.found(unit, sector, 2025)
    assert (outside.period, outside.line) == (FIRST, first_line.code)
    assert outside.emissions == month_totals(sector)[first_line.code]
    with pytest.raises(Refusal, match=f"{FIRST}，{first_line.code}"):
        annual.prepare(unit, sector, 2025, by=clerk, at=at("2026-01-20 09:00"))
    board = queries.sector_year(unit, sector, 2025, dt.date(2026, 1, 20))
    assert (board.complete, board.ready_for_report, board.outside) == (True, False, (outside,))
    assert held_up(clerk) == (False, True)
    pages = client_for(clerk, "en")
    year_page = html.unescape(pages.get(reverse("reporting:unit_year", args=[unit.pk, 2025])).text)
    assert "can be prepared" not in year_page
    assert str(outside.period) in year_page.partition("can't be prepared")[2]
    offered = reverse("reporting:annual_report_prepare", args=[unit.pk, sector, 2025])
    assert offered not in year_page + pages.get(reverse("reporting:annual_reports")).text
    Line.objects.filter(pk=first_line.pk).update(commissioned=BEGAN)
    assert held_up(clerk) == (True, False)
    assert offered in pages.get(reverse("reporting:annual_reports")).text
    assert annual.prepare(unit, sector, 2025, by=clerk, at=at("2026-01-20 09:00")).emissions > 0


def held_up(clerk) -> tuple[bool, bool]:
    """Whether the report of 2025 is to be prepared, and whether months outside a line's life hold it up."""
    with translation.override("en"):
        titles = [str(entry.title) for entry in todo.todos(clerk, at("2026-01-20"))]
    return "Annual reports to prepare" in titles, any("in which a line did not exist" in title for title in titles)


def month_totals(sector: str) -> dict[str, Decimal]:
    return {code: line.emissions for code, line in account(MONTHS[sector](FIRST)).totals.lines.items()}
