"""Every way in which a table for `manage.py determine` can be unusable: exit code 2, and all bad rows by line number."""

import pytest

from allocation import plans
from allocation.method.line_facts import LineInput
from allocation.method.table import UnusableTableError, determine_table, read
from tests.allocation import tables
from tests.allocation.tables import BP, HEADER, refused


@pytest.fixture
def table(tmp_path):
    """`table("A,1,1,1,,,,", …)` writes a table and returns its path."""
    return tables.writer(tmp_path)


# --- unusable rows


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",1,1,1,,,,", "line is missing"),
        ("A,,1,1,,,,", "emissions is missing"),
        ("A,-5,1,1,,,,", "emissions “-5” is below zero"),
        ("A,1,-1,1,,,,", "main_emissions “-1” is below zero"),
        ("A,NaN,1,1,,,,", "emissions “NaN” is not a number"),
        ("A,1,Infinity,1,,,,", "main_emissions “Infinity”"),
        ("A,1,1,inf,,,,", "output “inf”"),
        ("A,1e308,1,1,,,,", "exponent"),
        ("A,1.5E6,1,1,,,,", "exponent"),
        ('A,"1,000",1,1,,,,', "thousands separators"),
        ('A,"1,000,000.50",1,1,,,,', "thousands separators"),
        ("A,1 000,1,1,,,,", "thousands separators"),
        ("A,１２３,1,1,,,,", "full-width"),
        ("A,一百,1,1,,,,", "not a number"),
        ("A,0x10,1,1,,,,", "not a number"),
        ("A,1_000,1,1,,,,", "not a number"),
        ("A,1.,1,1,,,,", "digits"),
        ("A,1234567890123456789,1,1,,,,", "too many digits"),
        ("A,1,1,0,,,,", "output is zero"),
        ("A,1,1,0.00,,,,", "output is zero"),
        ("A,1,1,,,,,", "output is missing"),
        ("A,1,,1,,,,", "main_emissions is missing"),
        ("A,1,1,1,wight,,,", "kind “wight”"),
        ("A,1,1,1,White,,,", "kind “White”"),
        ("A,1,1,1,carbide_slag,,,", "carbide_slag_rate is missing"),
        ("A,1,1,1,carbide_slag,15,,", "15 % is written 0.15"),
        ("A,1,1,1,carbide_slag,15%,,", "carbide_slag_rate “15%”"),
        ("A,1,1,1,,,2025-13-01,", "commissioned “2025-13-01”"),
        ("A,1,1,1,,,2025-01-01或2026-01-01,", "commissioned “2025-01-01或2026-01-01”"),
        ("A,1,1,1,,,2025/02/30,", "commissioned “2025/02/30”"),
        ("A,1,1,1,,,20250101,", "commissioned “20250101”"),
        ("A,1,1,1,,,,2025-02-30", "closed “2025-02-30”"),
        ("A,1,1,1,,,2020-01-02,2020-01-01", "closed precedes the commissioning"),
        ("A,1,1,1,,,", "7 fields, the header has 8"),
        ("A,1,1,1,,,,,x", "9 fields, the header has 8"),
        ("=1+1,1,1,1,,,,", "begins like a formula"),
    ],
)
def test_a_bad_row_is_named(table, row, said):
    message = refused(table("good,1,1,1,,,,", row), *BP)
    assert "line 3: " in message
    assert said in message


def test_all_bad_rows_are_named_at_once(table):
    path = table("A,1,1,0,,,,", "B,x,y,1,,,,", "", "C,1,1,1,,,,", "A,1,1,1,,,,", "D,1,1,,,,,")
    message = refused(path, *BP)
    # line 4 is blank, line 5 good; line 6 repeats line 2
    assert [text.partition(": ")[0] for text in message.splitlines()[1:]] == [
        "line 2",
        "line 3",
        "line 3",
        "line 6",
        "line 7",
    ]
    assert "5 rows" not in message
    assert "4 rows" in message
    assert "line 6: line “A” already appears in line 2" in message


def test_line_numbers_are_those_of_the_file(table):
    path = table('A,1,1,1,,,,,"two', 'lines"', "B,x,1,1,,,,,", header=HEADER + ",remarks")
    assert "line 4: emissions" in refused(path, *BP)


# --- unusable files


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "first line is empty"),
        (b"\n\nA,1,1,1,,,,\n", "first line is empty"),
        (HEADER.encode() + b"\n", "no lines"),
        (HEADER.replace(",closed", "").encode() + b"\nA,1,1,1,,,\n", "missing: closed"),
        (HEADER.replace("closed", "line").encode() + b"\n", "missing: closed"),
        ((HEADER + ",line").encode() + b"\nA,1,1,1,,,,,A\n", "twice: line"),
        ((HEADER + ",quota").encode() + b"\nA,1,1,1,,,,,5\n", "remove them: quota"),
        (HEADER.replace(",", "\t").encode() + b"\nA\t1\t1\t1\t\t\t\t\n", "not separated by commas"),
        (HEADER.replace(",", ";").encode() + b"\nA;1;1;1;;;;\n", "not separated by commas"),
        ((HEADER + "\nA,1,1,1,,,,\n").encode("utf-16"), "not a text file in UTF-8"),
        (b"PK\x03\x04\x00\x00", "it is damaged"),
        (b"line,\xff\xff\n", "not a text file in UTF-8"),
        (HEADER.encode() + b'\n"A,1,1,1,,,,\nB,1,1,1,,,,\n', "quotes"),
        (HEADER.encode() + b'\n"A"x,1,1,1,,,,\n', "quotes"),
    ],
)
def test_a_file_that_is_no_such_table(table, content, said):
    assert said in refused(table(content), *BP)


def test_a_file_that_is_not_there(tmp_path):
    assert "nowhere.csv" in refused(tmp_path / "nowhere.csv", *BP)
    assert refused(tmp_path, *BP)  # a folder


def test_a_refusal_word_for_word(table):
    path = table("A,1,1,1,,,", "B,1,1,0,,,,", "C,,1,1,,,,")
    assert refused(path, *BP).partition(".csv: ")[2].splitlines() == [
        "3 rows can't be used:",
        "line 2: has 7 fields, the header has 8",
        "line 3: output is zero although the line has emissions: the plan has no rule for its quota",
        "line 4: emissions is missing",
    ]
    no_kind = "line 2: kind “wight” is not a kind of line under the plan in this sector; choose from: "
    assert no_kind + "white, gypsum_acid, carbide_slag" in refused(table("A,1,1,1,wight,,,"), *BP)
    assert refused(table("A,1,1,1,wight,,,"), *BP, sector="steel").endswith(no_kind + "–")
    both = table("A,1,1,1,,,,,5,5", header=HEADER + ",quota,case")
    said = "line 1: these columns are reserved for the result; remove them: quota, case."
    assert said in refused(both, *BP)


def test_what_a_cell_leaves_empty_is_nothing_said():
    data = f"{HEADER},unit\nA,1,,,,,,,\n".encode()
    assert read(data, ["white"]).lines == [LineInput("A", 1)]


def test_a_value_is_solved_only_where_that_is_asked_for(in_english):
    data = f"{HEADER}\nA,1000,800,1000,,,,\n".encode()
    with pytest.raises(UnusableTableError, match="give one, or have it solved"):
        determine_table(data, plans.load_plan("2024-2025-final"), sector="cement", year=2025)
