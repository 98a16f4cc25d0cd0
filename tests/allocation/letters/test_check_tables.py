"""A file of official tables against the letter's: every difference at once, each with its place; hostile files are told."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from allocation import letters
from allocation.letters import official_tables
from allocation.models import Run
from tests.allocation.conftest import LETTER


@pytest.fixture
def letter(steel, publish, approved, sent):
    publish()
    approved()
    return sent()


def checked(letter, data):
    return official_tables.check(
        data, "表.xlsx", official_tables.sheets_of_letter(letter), expected_sha256=letter.tables_sha256
    )


@pytest.fixture
def edited(letter):
    """`edited(change)`: the letter's file after a person changed it in a spreadsheet."""

    def make(change):
        book = openpyxl.load_workbook(io.BytesIO(letters.tables(letter)))
        change(book)
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    return make


def test_the_letters_own_file_agrees(letter):
    found = checked(letter, letters.tables(letter))
    assert found.same_file
    assert found.agrees


@pytest.mark.parametrize("kind", Run.Kind.values)
def test_what_we_write_in_either_language_reads_back(steel, publish, approved, sent, kind):
    publish()
    approved(kind)
    letter = sent(kind)
    sheets = official_tables.sheets_of_letter(letter)
    for language in ("zh", "en"):
        assert checked(letter, official_tables.workbook(sheets, LETTER, language)).differences == []


def test_saved_again_it_is_another_file_that_says_the_same(letter, edited):
    found = checked(letter, edited(lambda book: None))
    assert (found.agrees, found.same_file) == (True, False)


def test_all_differences_are_told_at_once(letter, edited, in_english):
    def change(book):
        page = book["2-2"]
        page["N3"] = 991_177  # ⑩ of 甲
        page["O5"] = "2000000"  # ⑪'s total, as text
        book["2-5"].delete_rows(4)  # 乙
        book.create_sheet("x")

    found = checked(letter, edited(change)).differences
    assert [(one.sheet, one.cell, one.expected, one.found) for one in found if one.sheet == "2-2"] == [
        ("2-2", "N3", "991176", "991177"),
        ("2-2", "O5", "2000000", "2000000"),
    ]
    assert {(one.sheet, one.what) for one in found if one.sheet != "2-2"} == {
        ("x", "an unexpected sheet"),
        ("2-5", "the row is missing"),
    }


def test_a_changed_header_and_a_missing_sheet_are_told(letter, edited, in_english):
    def change(book):
        book["2-2"]["E2"] = "产能"
        del book["2-5"]

    found = [(one.sheet, one.cell, one.what, one.found) for one in checked(letter, edited(change)).differences]
    assert found == [("2-2", "E2", "header", "产能"), ("2-5", "", "the sheet is missing", "")]


def test_rows_in_another_order_say_the_same(letter, edited):
    def change(book):
        page = book["2-2"]
        first, second = ([cell.value for cell in page[row]] for row in (3, 4))
        for place, (one, other) in enumerate(zip(first, second, strict=True), 1):
            page.cell(3, place, other)
            page.cell(4, place, one)

    assert checked(letter, edited(change)).agrees


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"])
def test_what_is_no_workbook_is_refused_in_words(letter, data):
    found = checked(letter, data)
    assert found.refusal
    assert not found.agrees


def test_the_page_shows_the_differences(letter, edited, registrar_operator, client_for):
    client = client_for(registrar_operator, "en")
    address = reverse("allocation:letter_check", args=[letter.pk])

    def change(book):
        book["2-2"]["N3"] = 5

    page = client.post(address, {"tables": SimpleUploadedFile("t.xlsx", edited(change))}).content.decode()
    assert "N3" in page
    assert "991176" in page
    same = client.post(address, {"tables": SimpleUploadedFile("t.xlsx", letters.tables(letter))}).content.decode()
    assert "the file enclosed with the letter" in same


def test_the_command_exits_as_it_found(letter, edited, tmp_path, capsys, in_english):
    path = tmp_path / "t.xlsx"
    path.write_bytes(letters.tables(letter))
    call_command("check_tables", str(path), letter=letter.pk)
    assert "All cells match." in capsys.readouterr().out
    path.write_bytes(edited(lambda book: book["2-2"].__setitem__("N3", 7)))
    with pytest.raises(CommandError) as refused:
        call_command("check_tables", str(path), run=[run.pk for run in letter.runs.all()])
    assert refused.value.returncode == 1
    assert "2-2 N3 ⑩" in capsys.readouterr().out
    path.write_bytes(b"x")
    with pytest.raises(CommandError) as refused:
        call_command("check_tables", str(path), letter=letter.pk)
    assert refused.value.returncode == 2
