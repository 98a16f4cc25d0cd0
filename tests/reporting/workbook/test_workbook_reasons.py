"""The sheet on which reasons for warnings are given: written, read, and forgiving where it holds nothing."""

import unicodedata
from dataclasses import replace
from fractions import Fraction

import pytest

from reporting.findings import Explained, Finding, listed, matched
from reporting.workbook import filled, read
from reporting.workbook.definition import WITHOUT_REASONS
from reporting.workbook.reasons import HINT, LONGEST, NAME, ROWS
from reporting.workbook.writing.reasons import WIDTHS
from tests.reporting import months
from tests.reporting.files import edited, row_of

SECTORS = {"steel": months.steel, "cement": months.cement, "aluminium": months.aluminium}
FIRST = 5
"""The first row below the headings, as a spreadsheet counts."""


def with_reasons(*rows: tuple[str, ...], sector: str = "aluminium") -> bytes:
    content = SECTORS[sector]()

    def change(book):
        for row, texts in enumerate(rows, start=FIRST):
            for column, text in enumerate(texts, start=1):
                book[NAME.zh].cell(row, column).value = text

    return edited(filled(months.spec(content), content), change)


def told(data: bytes) -> list[tuple[str, str, str]]:
    return [(each.code, each.sheet, each.cell) for each in read(data, "month.xlsx").findings]


@pytest.mark.parametrize("sector", SECTORS)
def test_what_is_written_there_is_read_in_every_sector(sector):
    reading = read(with_reasons(("", "表", "E12", "", "大修"), sector=sector), "month.xlsx")
    assert reading.reasons == (Explained("", "表", "E12", "", "大修", f"E{FIRST}"),)
    assert reading.findings == []
    assert reading.content == read(with_reasons(sector=sector), "month.xlsx").content


def test_a_row_without_a_reason_says_nothing():
    reading = read(with_reasons(("plan.none", "表", "E12", "没有方案", "  ")), "month.xlsx")
    assert (reading.reasons, reading.findings) == ((), [])


def test_a_reason_may_be_as_long_as_on_the_page_and_no_longer():
    assert len(read(with_reasons(("", "", "", "", "长" * LONGEST)), "month.xlsx").reasons[0].reason) == LONGEST
    assert told(with_reasons(("", "", "", "", "长" * (LONGEST + 1)))) == [("text.too_long", NAME.zh, "E5")]


def test_moved_headings_are_told_and_a_missing_sheet_loses_no_datum():
    content = months.aluminium()

    def moved(book):
        book[NAME.zh].cell(4, 5).value = "理由"

    def gone(book):
        del book[NAME.zh]

    data = filled(months.spec(content), content)
    assert told(edited(data, moved)) == [("form.header", NAME.zh, "E4")]
    assert told(edited(data, gone)) == []


def test_more_warnings_than_rows_are_all_listed():
    content = months.aluminium()
    warnings = tuple(Explained("plan.none", "表", f"E{row}", "没有方案", f"说明{row}") for row in range(ROWS + 3))
    spec = months.spec(content)
    data = filled(replace(spec, warnings=warnings), content)
    assert [each.reason for each in read(data, "month.xlsx").reasons] == [each.reason for each in warnings]


@pytest.mark.parametrize("version", WITHOUT_REASONS[2:])
def test_a_sheet_of_that_name_in_an_earlier_form_is_the_clerks_own(version):
    content = months.aluminium()

    def back(book):
        identity = book["基本信息"]
        identity.cell(row_of(identity, "form"), 3).value = version
        del book[NAME.zh]
        book.create_sheet(NAME.zh)["A1"] = "自用"

    reading = read(edited(filled(months.spec(content), content), back), "month.xlsx")
    assert (reading.reasons, reading.findings) == ((), [])
    assert {row.key for row in reading.content.rows} == {row.key for row in content.rows}


# --- which warning a row means ----------------------------------------------------------------------------------------

NONE = Finding("plan.none", "表", "E12", {"period": "2025-07"})
BATCH = Finding("file.renamed", "", "", {"name": "a.xls"})
AGAIN = Finding("file.renamed", "", "", {"name": "b.xls"})
ERROR = Finding("form.merged", "表", "E12", {"range": "E12:E13"})


@pytest.mark.parametrize(
    ("row", "places"),
    [
        (Explained("plan.none", "表", "E12", ""), [0]),
        (Explained("", "表", "$e$12", ""), [0]),  # the place alone, as a spreadsheet may write it
        (Explained("PLAN.NONE", "", "", ""), [0]),  # the code alone, where no other warning has it
        (Explained("plan.none", "表", "E99", ""), [0]),  # a row was inserted since
        (Explained("file.renamed", "", "", ""), []),  # two have it
        (Explained("plan.none", "表", "E12", "另一数值的警告"), []),  # the words of other values
        (Explained("", "表", "", ""), []),
        (Explained("form.merged", "表", "E12", ""), []),  # an error can't be explained away
        (Explained("", "", "", ""), []),
    ],
)
def test_a_row_means_one_warning_or_none(row, places):
    findings = [NONE, BATCH, AGAIN, ERROR]
    found, unused = matched(findings, [row])
    assert sorted(found) == places
    assert bool(unused) == (not places)


def test_every_listed_warning_finds_itself_again():
    findings = [NONE, BATCH, AGAIN, ERROR]
    rows = listed(findings, {0: "已备案"})
    assert [(row.code, row.reason) for row in rows] == [
        ("plan.none", "已备案"),
        ("file.renamed", ""),
        ("file.renamed", ""),
    ]
    found, unused = matched(findings, rows)
    assert [found[place] for place in (0, 1, 2)] == list(rows)
    assert unused == []


@pytest.mark.parametrize("language", [0, 1])
def test_the_words_alone_are_enough_in_either_language(language):
    findings = [NONE, BATCH, AGAIN]
    words = listed(findings, {})[2].words.split("\n")[language]
    assert list(matched(findings, [Explained("", "", "", words)])[0]) == [2]


def test_the_hint_ends_within_the_sheets_columns():
    """No cell is merged in the form, so what is wider than the columns together would be cut off on paper."""
    said = f"{HINT.zh} {HINT.en}"
    signs = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in said)
    assert Fraction(signs * 9, 11) <= sum(WIDTHS)  # written in 9 pt; the columns are as wide as so many signs of 11 pt
