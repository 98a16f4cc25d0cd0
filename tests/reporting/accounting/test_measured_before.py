"""What a unit measured in earlier years is found among its stored contents, however long ago; and meters go on to the next month."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from registry.models import Unit
from reporting import workbook
from reporting.content import Content, Datum, Row
from reporting.correction.month import month_of
from reporting.correction.saving import read as read_typed
from reporting.filing import blanks, intake
from reporting.models import Submission
from tests.cast import at
from tests.reporting import story
from tests.reporting.months import batch, ledger, meter, row

CEMENT = "cement"
MEASURED, TESTED, DEFAULT = (
    (row("line_fuel", "bituminous", line="1#", amount="13000", ncv="22.5"),),
    (
        row("line_fuel", "bituminous", line="1#", amount="13000"),
        batch("bituminous", "B1", "13000", "22.5", sampled=dt.date(2024, 3, 1), reported=dt.date(2024, 3, 2)),
    ),
    (row("line_fuel", "bituminous", line="1#", amount="13000"),),
)


@pytest.fixture
def kiln(unit, make_line) -> Unit:
    make_line(unit, CEMENT, "1#", capacity=Decimal(5000))
    return unit


def told(unit: Unit, period: str, *rows: Row) -> tuple[workbook.BlankSpec, Content]:
    spec = workbook.BlankSpec(CEMENT, period, unit.credit_code, unit.name, (workbook.LineSpec("1#"),))
    coal = ledger("bituminous", "0", "13000", "0", "0", "13000")
    made = row("clinker", "portland", line="1#", amount="90000")
    return spec, Content(CEMENT, period, unit.credit_code, ("1#",), (coal, made, *rows))


def handed_in(unit: Unit, clerk, period: str, *rows: Row) -> Submission:
    package = intake.package_of(unit, CEMENT, period)
    spec, content = told(unit, period, *rows)
    intake.receive(package, workbook.filled(spec, content), f"{period}.xlsx", by=clerk, at=at("2026-09-01 09:00"))
    story.do_jobs()
    return story.current(package)


def went_back(submission: Submission) -> list[str]:
    return [finding.params["period"] for finding in submission.findings.all() if finding.code == "ncv.went_back"]


@pytest.mark.parametrize("stated", [MEASURED, TESTED], ids=["stated", "tested"])
def test_a_year_in_which_it_was_measured_is_remembered(kiln, clerk, stated):
    handed_in(kiln, clerk, "2024", *stated)
    assert went_back(handed_in(kiln, clerk, "2026-07", *DEFAULT)) == ["2024"]


def test_months_beyond_the_last_twelve_are_remembered_and_the_latest_is_named(kiln, clerk):
    for period in ("2024", "2025-01"):
        handed_in(kiln, clerk, period, *MEASURED)
    assert went_back(handed_in(kiln, clerk, "2026-07", *DEFAULT)) == ["2025-01"]


def test_who_never_measured_and_who_still_measures_are_told_nothing(kiln, clerk):
    handed_in(kiln, clerk, "2024", *DEFAULT)
    assert went_back(handed_in(kiln, clerk, "2026-06", *DEFAULT)) == []
    assert went_back(handed_in(kiln, clerk, "2026-07", *MEASURED)) == []


def test_meters_stand_in_the_next_months_blank_and_batches_do_not(kiln, clerk):
    known = meter("clinker//amount", "C1", "portland", line="1#", calibrated=dt.date(2026, 1, 5))
    handed_in(kiln, clerk, "2026-06", *TESTED, known)
    blank = blanks.blank_for(intake.package_of(kiln, CEMENT, "2026-07"), at("2026-08-01"))
    assert [each for each in workbook.read(blank, "b.xlsx").content.rows if each.table in ("meter", "batch")] == [known]


def test_a_correction_on_the_page_keeps_tests_and_meters(kiln, clerk):
    known = meter("clinker//amount", "C1", "portland", line="1#", calibrated=dt.date(2026, 1, 5))
    version = handed_in(kiln, clerk, "2026-06", *TESTED, known)
    month = month_of(version.package, version, at("2026-08-01"))
    corrected = read_typed(month, {"L1/clinker/1/amount:value": "91000"}).content
    assert corrected.find("clinker", "1#", item="portland").number("amount") == 91_000
    assert [each.table for each in corrected.rows if each.table in ("meter", "batch")] == ["batch", "meter"]
    saved = workbook.read(workbook.filled(month.spec, corrected), "corrected.xlsx").content
    assert saved.find("meter", "1#", item="portland", part="C1") == known


def test_a_corrections_blank_has_last_months_meters(kiln, clerk):
    known = meter("clinker//amount", "C1", "portland", line="1#")
    handed_in(kiln, clerk, "2026-06", *DEFAULT, known)
    blank = read_typed(month_of(intake.package_of(kiln, CEMENT, "2026-07"), None, at("2026-08-01")), {}).content
    assert list(blank.table("meter", "batch")) == [known]


def test_a_datum_of_text_is_stored(kiln, clerk):
    version = handed_in(kiln, clerk, "2026-06", *TESTED)
    stored = Content.from_json(version.stored_content()).find("batch", item="bituminous", part="B1")
    assert replace(stored.data["report"], sheet="", cell="") == Datum("JC-1")
