"""A value that must be stated and isn't: one finding, at its cell."""

import pytest

from reporting import accounting, checks, workbook
from reporting.findings import Finding
from tests.reporting import months
from tests.reporting.files import VALUE, edited, row_of, sheet_with

MUST = [
    ("aluminium", "L1/electrolysis/1/anode"),
    ("aluminium", "L2/electrolysis/1/amount"),
    ("aluminium", "fuel.anode/1/consumed"),
    ("cement", "L1/clinker/1/amount"),
    ("steel", "product.made/1/amount"),
    ("steel", "L1/sintering.output/1/amount"),
    ("steel", "L1/ironmaking.output/1/amount"),
    ("steel", "fuel.solid/1/consumed"),
    ("steel", "fuel.solid/1/moisture"),
    ("steel", "fuel.solid/1/dry"),
]


def findings_after(sector: str, key: str, value: object) -> tuple[list[Finding], tuple[str, str]]:
    """All findings of the sector's month with this value in the row of the key, and the cell it was put into."""
    content = months.MONTHS[sector]()
    place = []

    def change(book) -> None:
        sheet = sheet_with(book, key)
        cell = sheet.cell(row_of(sheet, key), VALUE)
        cell.value = value
        place.extend((sheet.title, cell.coordinate))

    reading = workbook.read(edited(workbook.filled(months.spec(content), content), change), "a.xlsx")
    found = [*reading.findings, *checks.run(reading.content, accounting.account(reading.content))]
    return found, (place[0], place[1])


@pytest.mark.parametrize(("sector", "key"), MUST)
def test_an_empty_cell_is_one_finding_with_its_place(sector, key):
    found, place = findings_after(sector, key, None)
    assert [(each.sheet, each.cell) for each in found if each.code == "value.missing"] == [place]


@pytest.mark.parametrize(("sector", "key"), MUST)
def test_text_in_a_number_cell_is_one_finding_with_its_place(sector, key):
    found, place = findings_after(sector, key, "很多")
    assert [each.code for each in found if (each.sheet, each.cell) == place] == ["number.text"]
    assert "value.missing" not in [each.code for each in found]


def test_what_is_stated_elsewhere_has_no_place_of_its_own():
    """Content that comes from no file: the finding stands without a cell."""
    content = months.without(months.aluminium(), "electrolysis")
    found = checks.run(content, accounting.account(content))
    missing = [(each.sheet, each.cell) for each in found if each.code == "value.missing"]
    assert missing == [("", "")] * 4  # anode and metal of two processes
