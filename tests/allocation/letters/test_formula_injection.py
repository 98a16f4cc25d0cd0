"""What we write can't run as a formula in a spreadsheet, and numbers stay numbers."""

import csv

import openpyxl
import pytest
from django.core.management import CommandError

from registry.files.tables import cells
from tests.allocation.tables import BP, HEADER, RESULT, rows, run, writer

DANGEROUS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "＝1+1", "＋1", "－1+1", "＠SUM(A1)", "=HYPERLINK(1)", "-A"]
NUMBERS = ["5", "-5", "-0.25", "12.5", "0"]


@pytest.fixture
def table(tmp_path):
    return writer(tmp_path)


@pytest.mark.parametrize("text", [*DANGEROUS, "\t=1", "\r=1", "\n=1"])
def test_text_is_made_inert(text):
    assert cells.inert(text) == f"'{text}"


@pytest.mark.parametrize("text", [*NUMBERS, "", "名称", "a=b", "A-1"])
def test_numbers_and_plain_text_stay(text):
    assert cells.inert(text) == text


@pytest.mark.parametrize("text", DANGEROUS)
def test_the_command_writes_no_formula(table, tmp_path, text):
    path = table(f"A,1000000,900000,1000000,,,,,{text},-5", header=f"{HEADER},{text},change")
    out = tmp_path / "out.csv"
    run(path, *BP, "-o", str(out))
    with out.open(encoding="utf-8", newline="") as stream:
        head, row = csv.reader(stream)
    for cell in (*head, *row):
        assert not cell.startswith(cells.FORMULA_MARKS) or cells.number(cell.removeprefix("-")) is not None
    assert head[8] == row[8] == f"'{text}"
    found = dict(zip(head, row, strict=True))
    assert found["change"] == "-5"
    # X = (0.85 − 0.90)/0.85 = −1/17 stays a number that a spreadsheet can sum up
    assert [found[name] for name in RESULT[:5]] == ["0.9000", "-0.058824", "-0.00882353", "991176", "1000000"]


@pytest.mark.parametrize("column", ["line", "unit"])
@pytest.mark.parametrize("text", DANGEROUS)
def test_a_code_that_begins_so_is_refused_because_it_must_come_back_as_given(table, column, text):
    line, unit = (text, "U") if column == "line" else ("A", text)
    path = table(f"{line},1000000,900000,1000000,,,,,{unit}", header=f"{HEADER},unit")
    with pytest.raises(CommandError, match="begins like a formula"):
        run(path, *BP)


def test_other_codes_come_back_as_given(table):
    given = ["一号线", "A=B", "1-2", "L@1", "007"]
    path = table(*(f"{code},1000000,900000,1000000,,,," for code in given))
    assert [row["line"] for row in rows(path, *BP)] == given


def test_a_spreadsheet_reads_the_output_as_text_and_numbers(table, tmp_path):
    """As a spreadsheet would: a cell that begins with "=" becomes a formula, all others don't."""
    path = table("A,1000000,900000,1000000,,,,,=1+1,-5", header=f"{HEADER},remarks,change")
    book = openpyxl.Workbook()
    for row in csv.reader(run(path, *BP)[0].splitlines()):
        book.active.append(row)
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n"}
