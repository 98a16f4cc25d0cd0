"""A copy of a sheet is told: if other values stand in it, it blocks. A clerk's own sheet is nobody's business."""

import datetime as dt

import openpyxl
import pytest

from reporting.findings import Finding
from reporting.workbook import filled, read
from tests.reporting.files import VALUE, edited, row_of
from tests.reporting.months import MONTHS, aluminium, meter, replaced, spec

SHEET = "工序生产数据及排放量表"
METERS = "计量器具"


def month():
    return replaced(aluminium(), meter("electrolysis//anode", line="A1", calibrated=dt.date(2025, 1, 2)))


def found(change) -> list[tuple[str, str, str]]:
    content = month()
    reading = read(edited(filled(spec(content), content), change), "month.xlsx")
    assert reading.content == content
    return [(each.code, each.sheet, each.cell) for each in reading.findings]


@pytest.mark.parametrize("title", [f"{SHEET} (2)", f"{SHEET}_2", "改"])
def test_a_copied_sheet_with_other_values_is_told_once(title):
    def copied(book: openpyxl.Workbook) -> None:
        sheet = book.copy_worksheet(book[SHEET])
        sheet.title = title
        for name in ("anode", "amount"):
            sheet.cell(row_of(sheet, f"L1/electrolysis/1/{name}"), VALUE).value = 1

    row = row_of(openpyxl_sheet(), "L1/electrolysis/1/anode")
    assert found(copied) == [("form.copied", title, f"E{row}")]


def openpyxl_sheet():
    content, opened = month(), []
    edited(filled(spec(content), content), lambda book: opened.append(book[SHEET]))
    return opened[0]


def test_a_copied_register_with_another_record_is_told():
    def copied(book: openpyxl.Workbook) -> None:
        sheet = book.copy_worksheet(book[METERS])
        sheet.title = f"{METERS} (2)"
        sheet.cell(6, 2).value, sheet.cell(6, 5).value = sheet.cell(5, 2).value, "M2"

    assert found(copied) == [("form.copied", f"{METERS} (2)", "B6")]


def test_a_copy_that_says_the_same_is_a_warning():
    def copied(book: openpyxl.Workbook) -> None:
        for name in (SHEET, METERS, "排放量汇总表", "缺省值"):
            book.copy_worksheet(book[name]).title = f"{name} (2)"

    assert found(copied) == [("form.copy", f"{SHEET} (2)", "A1"), ("form.copy", f"{METERS} (2)", "A1")]
    assert [Finding(code).blocks for code in ("form.copy", "form.copied")] == [False, True]


def test_a_sheet_of_ones_own_is_not_told():
    def own(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("计算")
        sheet["A1"], sheet["E1"] = "L1/electrolysis/1/anode", 5
        sheet.cell(9_000, 200).value = 1

    assert found(own) == []


@pytest.mark.parametrize("sector", MONTHS)
def test_every_data_sheet_is_known_by_its_headings(sector):
    content = MONTHS[sector]()
    data = filled(spec(content), content)
    names = [name for name in openpyxl_names(data) if "生产数据" in name]
    for name in names:

        def copied(book: openpyxl.Workbook, name: str = name) -> None:
            sheet = book.copy_worksheet(book[name])
            sheet.title = "副本"
            cell = next(
                line[VALUE - 1] for line in sheet.iter_rows(min_row=5) if isinstance(line[VALUE - 1].value, float | int)
            )
            cell.value += 1

        (finding,) = read(edited(data, copied), "month.xlsx").findings
        assert (finding.code, finding.sheet, finding.params) == ("form.copied", "副本", {"of": name, "count": "1"})


def openpyxl_names(data: bytes) -> list[str]:
    names: list[str] = []
    edited(data, lambda book: names.extend(book.sheetnames))
    return names
