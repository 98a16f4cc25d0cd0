"""The registers of tests and meters on the page for corrections: shown, changed, added to, emptied; the same checks, drafts and versions.

The month is that of tests/reporting/story.py with two meters: M1 of the anode, M2 of the liquid aluminium.
"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from reporting import workbook
from reporting.content import Content
from reporting.correction.carrying_records import carried_records
from reporting.filing import intake
from reporting.models import CorrectionDraft, Package, Upload
from reporting.workbook.forms import form_for
from reporting.workbook.reading.read import standing_of
from reporting.workbook.reading.typed_records import is_open, lines, read, texts
from tests.cast import at
from tests.reporting import story
from tests.reporting.correcting import BOUGHT, METAL, address, colleague, content, fields, kept, sent, shown_cell
from tests.reporting.months import MONTHS, meter, replaced, spec
from tests.reporting.workbook.test_workbook_formulas import METERS

pytestmark = pytest.mark.pages

__all__ = ["colleague"]
REGISTER = "计量器具"
ANODE, METAL_MADE = "electrolysis//anode", "electrolysis//amount"
JULY = dt.date(2025, 7, 1)


def month(unit, *meters, **amounts: str) -> Content:
    return replaced(story.content(unit, "2025-07", **amounts), *meters)


def taken_in(unit, clerk, data: bytes, when: dt.datetime = story.READ_AT):
    package = intake.package_of(unit, story.ALUMINIUM, "2025-07")
    intake.receive(package, data, "七月.xlsx", by=clerk, at=when)
    story.do_jobs()
    return story.current(package)


def metered(unit, clerk, *meters, when: dt.datetime = story.READ_AT, **amounts: str):
    return taken_in(unit, clerk, workbook.filled(story.spec(unit, "2025-07"), month(unit, *meters, **amounts)), when)


M1, M2 = meter(ANODE, "M1", line="P1", calibrated=JULY), meter(METAL_MADE, "M2", line="P1", calibrated=JULY)


@pytest.fixture
def version(unit, process, clerk):
    return metered(unit, clerk, M1, M2)


@pytest.fixture
def package(version) -> Package:
    return version.package


def meters(submission) -> dict[str, dict[str, Any]]:
    return {
        row.part: {name: datum.value for name, datum in row.data.items()} for row in content(submission).table("meter")
    }


# ---------------------------------------------------------------- any register, without a database


@pytest.mark.parametrize("sector", MONTHS)
def test_what_stands_in_a_file_is_typed_back_the_same(sector):
    stated = replaced(MONTHS[sector](), *METERS[sector])
    form = form_for(sector, "2025-07")
    shown = texts(form, standing_of(workbook.filled(spec(stated), stated)).records)
    faults: list = []
    assert read(form, stated.lines, lines(form, shown), faults) == [*stated.table("batch"), *stated.table("meter")]
    assert faults == []


@pytest.mark.parametrize(
    ("name", "opens"),
    [
        ("meter/1:accuracy", True),
        ("meter/999:part", True),
        *((name, False) for name in ("meter/1000:part", "meter/0:part", "meter/1:colour", "batch/1:mass", "meter/1")),
    ],
)
def test_only_the_forms_own_cells_are_open(name, opens):
    assert is_open(form_for("aluminium", "2025-07"), name) is opens  # there is nothing to be tested in aluminium


def record(number: int, **columns: str) -> dict[str, str]:
    return {f"meter/{number}:{name}": text for name, text in columns.items()}


def test_what_was_typed_finds_its_record_again():
    before = record(1, part="M1", measures=ANODE) | record(2, part="M2", measures=METAL_MADE, accuracy="0.5")
    after = (
        record(1, part="M0", measures=ANODE)
        | record(2, part="M1", measures=ANODE)
        | record(3, part="M2", measures=METAL_MADE)
    )
    assert carried_records({"meter/2:accuracy": "0.7"}, before, after) == {"meter/3:accuracy": "0.7"}
    assert carried_records(record(3, part="M9", measures=ANODE), before, after) == record(4, part="M9", measures=ANODE)
    emptied = dict.fromkeys(record(1, part="M1", measures=ANODE), "")
    assert carried_records(emptied, before, after) == {"meter/2:part": "", "meter/2:measures": ""}
    assert carried_records(emptied, before, record(1, part="M2", measures=METAL_MADE)) == {}  # it is gone anyway
    # Changed here and gone there: it comes back whole, for their to decide.
    changed = carried_records({"meter/2:accuracy": "0.7"}, before, record(1, part="M1", measures=ANODE))
    assert changed == record(2, part="M2", measures=METAL_MADE, accuracy="0.7")


# ---------------------------------------------------------------- on the page


def test_the_page_shows_what_stands_in_them_and_what_it_comes_to(package, version, clerk, client_for):
    page = client_for(clerk, "en").get(address(package))
    [register] = page.context["registers"]
    assert [record.fields[3].text for record in register.records] == ["M1", "M2", "", "", ""]  # and rows to spare
    assert shown_cell(page, "meter/1:measures").text == ANODE
    assert shown_cell(page, "meter/2:calibrated").text == "2025-07-01"
    assert register.records[0].computed == 0
    assert "Meters and calibration" in page.text


def test_rows_are_changed_added_and_removed(package, version, clerk, client_for):
    browser = client_for(clerk)
    added = {
        "measures": METAL_MADE,
        "line": "",
        "part": "M3",
        "accuracy": "１",
        "calibrated": "2025/07/11",
        "file": "证书.pdf",
    }
    emptied = {f"meter/1:{name}": "" for name in ("measures", "line", "part", "accuracy", "calibrated")}
    sent(browser, package, version, **emptied, **{"meter/2:error": "0.8"}, **record(4, **added))
    story.do_jobs()
    after = story.current(package)
    assert after.version == 2
    assert meters(after) == {
        "M2": {"measures": METAL_MADE, "accuracy": Decimal("0.50"), "error": Decimal("0.80"), "calibrated": JULY},
        "M3": {"measures": METAL_MADE, "accuracy": Decimal("1.00"), "calibrated": dt.date(2025, 7, 11)},
    }
    assert content(after).find("meter", "P1", part="M3").data["calibrated"].evidence == "证书.pdf"
    # M2 is 0.3 % above what is required, M3 has no certificate on 10 of 31 days: 1 % × 10/31 = 0.3226 %, the higher one.
    # effect 17,000 × (1 + 0.0032258…) × 0.14481 = 2,469.711…; with the anode's 24,283.40: 26,753.11
    assert after.emissions == 26_753


def test_nothing_changed_is_no_version(package, version, clerk, client_for):
    sent(client_for(clerk), package, version)
    assert Upload.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "cell", "message"),
    [
        ({"meter/1:accuracy": "half"}, "meter/1:accuracy", "Text where a number is expected: “half”"),
        ({"meter/2:calibrated": "spring"}, "meter/2:calibrated", "No date can be read from “spring”."),
        ({"meter/3:accuracy": "0.5"}, "meter/3:measures", "Values are given, but this column is empty: Measures"),
        ({"meter/2:part": "M1", "meter/2:measures": ANODE}, "meter/2:part", "“M1” appears here a second time"),
        ({"meter/1:line": "P9"}, "meter/1:line", "The line P9 is not a line of this unit."),
    ],
)
def test_a_cell_that_cant_be_read_comes_back(package, version, clerk, client_for, typed, cell, message):
    answer = sent(client_for(clerk, "en"), package, version, **typed, **{BOUGHT: "8,001"})
    assert answer.status_code == 422
    assert message in answer.text
    assert answer.context["first_fault"] == cell
    assert f'name="{cell}" autofocus' in answer.text
    assert shown_cell(answer, BOUGHT).text == "8,001"
    assert Upload.objects.count() == 1
    assert set(CorrectionDraft.objects.get().cells) == {*typed, BOUGHT}


def spoiled(unit, place: tuple[int, int], value: object) -> bytes:
    book = openpyxl.load_workbook(BytesIO(workbook.filled(story.spec(unit, "2025-07"), month(unit, M1))))
    book[REGISTER].cell(*place).value = value
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def test_a_row_that_the_file_could_not_attribute_is_corrected_here(unit, process, clerk, client_for):
    """Before, the whole version was left to the workbook."""
    version = taken_in(unit, clerk, spoiled(unit, (7, 6), 0.5))  # an accuracy, and nothing that says of which meter
    browser = client_for(clerk, "en")
    page = browser.get(address(version.package))
    assert [finding.code for finding in shown_cell(page, "meter/2:measures").faults] == ["record.unattributed"]
    sent(browser, version.package, version, **record(2, measures=METAL_MADE, part="M2", calibrated="2025-07-01"))
    story.do_jobs()
    after = story.current(version.package)
    assert list(meters(after)) == ["M1", "M2"]
    assert after.errors == 0


def test_a_register_whose_headings_were_moved_is_left_to_the_workbook(unit, process, clerk, client_for):
    version = taken_in(unit, clerk, spoiled(unit, (4, 2), "Was wird gemessen"))
    answer = sent(client_for(clerk, "en"), version.package, version, **{METAL: "17100"})
    assert answer.status_code == 422
    assert "a register of tests or meters has moved headings or more than 999 rows" in answer.text
    assert Upload.objects.count() == 1


# ---------------------------------------------------------------- drafts


def test_an_autosave_keeps_what_differs(package, version, clerk, client_for):
    browser = client_for(clerk)
    kept(browser, package, version, {"meter/1:accuracy": "0.7", "meter/2:part": "M2", "meter/9:part": "M9"})
    kept(browser, package, version, {"meter/1:colour": "red", "meter/1000:part": "M1000"}, revision=1)
    assert CorrectionDraft.objects.get().cells == {"meter/1:accuracy": "0.7", "meter/9:part": "M9"}
    page = browser.get(address(package))
    assert shown_cell(page, "meter/9:part").text == "M9"
    assert len(page.context["registers"][0].records) == 12


def test_a_draft_outlives_a_newer_version_with_its_rows_moved(package, version, unit, clerk, colleague, client_for):
    kept(client_for(clerk), package, version, {"meter/2:accuracy": "0.7"})
    newer = meter(ANODE, "M0", line="P1", calibrated=JULY)
    metered(
        unit,
        colleague,
        newer,
        M1,
        replace(M2, data={**M2.data, "error": newer.data["accuracy"]}),
        when=at("2025-10-02 09:00"),
    )
    page = client_for(clerk, "en").get(address(package))
    assert (shown_cell(page, "meter/3:accuracy").text, shown_cell(page, "meter/2:accuracy").text) == ("0.7", "0.5")
    told = {each.what: (each.before, each.after) for each in page.context["meanwhile"]}
    assert told["Meters and calibration · M2 · Error found"] == ("", "0.5")
    assert told["Meters and calibration · M0 · Measures"] == ("", ANODE)
    assert "Meters and calibration · M1 · Measures" not in told


def test_the_form_as_sent_by_a_browser_without_a_script_says_nothing_new(package, version, clerk, client_for):
    browser = client_for(clerk)
    form = fields(browser, package, version)
    assert form["meter/1:part"] == "M1"
    assert form["meter/5:part"] == ""


def test_a_register_too_long_for_the_page_is_left_to_the_workbook(package, version, clerk, client_for, monkeypatch):
    monkeypatch.setattr("reporting.workbook.reading.typed_records.MOST", 1)
    answer = sent(client_for(clerk, "en"), package, version, **{METAL: "17100"})
    assert answer.status_code == 422
    assert "more than 1 rows" in answer.text
    assert Upload.objects.count() == 1


def test_numbers_have_their_units_of_measure_in_either_language(package, version, clerk, client_for):
    for language, wanted in (
        ("en", {"Required accuracy, %", "Error found, %"}),
        ("zh-hans", {"准确度要求 %", "检定误差 %"}),
    ):
        [register] = client_for(clerk, language).get(address(package)).context["registers"]
        assert {column.heading for column in register.columns if column.is_number} == wanted
