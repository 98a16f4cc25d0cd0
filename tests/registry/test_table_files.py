"""Tables that people send: whatever program saved them, they are read alike, or named as what they are."""

import io
import zipfile
from decimal import Decimal

import pandas as pd
import pytest

from registry.files.tables import Column, UnreadableTableError, cells, read

pytestmark = pytest.mark.usefixtures("in_english")

COLUMNS = (
    Column("name", "Name", ("名称", "单位名称")),
    Column("capacity", "Capacity", ("设计产能",)),
    Column("since", "Since", ("投产日期",), may_lack=True),
)
PLAIN = "name,capacity,since\n甲厂,2500,2015-03-01\n"
ROW = {"name": "甲厂", "capacity": "2500", "since": "2015-03-01"}


def rows(data: bytes) -> list[dict[str, str]]:
    return [line.cells for line in read(data, COLUMNS).lines]


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("gb18030"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.rstrip("\n").encode(),
        PLAIN.replace(",", " ,\u3000").encode(),
        PLAIN.replace("甲厂", "\u200b甲\u200d厂\ufeff\u00a0").encode(),
        PLAIN.replace("name", "\u200bName ").encode(),
        ("某省名录,,\n\n" + PLAIN).encode(),
        PLAIN.replace("\n", ",\n").encode(),
        PLAIN.replace("01\n", "01,,\n").encode(),
        PLAIN.replace("name,capacity,since", "单位名称,设计产能（t/d）,投产日期").encode("gb18030"),
        PLAIN.replace("甲厂", '"甲厂"').encode(),
    ],
)
def test_what_programs_save_is_read_alike(data):
    assert rows(data) == [ROW]


@pytest.mark.parametrize(
    ("written", "told"), [("utf-8", False), ("utf-8-sig", False), ("gb18030", True), ("gbk", True)]
)
def test_which_coding_was_used_is_said_when_it_was_not_utf_8(written, told):
    table = read(PLAIN.encode(written), COLUMNS)
    assert ("GB18030" in table.note) is told


def workbook(*frames: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="xlsxwriter") as writer:
        for number, frame in enumerate(frames):
            frame.to_excel(writer, sheet_name=f"s{number}", index=False)
    return out.getvalue()


def test_a_workbook_is_read_like_a_table_whatever_its_name():
    frame = pd.DataFrame({"名称": ["甲厂"], "设计产能": [2500.0], "投产日期": [pd.Timestamp("2015-03-01")]})
    assert rows(workbook(frame)) == [ROW]


def test_rows_are_counted_as_the_file_has_them():
    table = read(b'title,,\nname,capacity\n\n"two\nlines",1\nlast,2\n', COLUMNS)
    assert [(line.number, line.cells["name"]) for line in table.lines] == [(4, "two lines"), (6, "last")]


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (OLE + b"\0" * 600, "old .xls"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (archive("a.csv"), "ZIP"),
        (archive("word/document.xml"), "DOCX"),
        (archive("xl/workbook.bin"), "XLSB"),
        (archive("xl/workbook.xml"), "damaged"),
        (b"PK\x03\x04", "damaged"),
        (b"%PDF-1.7", "PDF"),
        (b"<html><table>", "HTML"),
        (PLAIN.encode("utf-16"), "UTF-16"),
        (b"name,capacity\n\xff\xff\n", "UTF-8 or GB 18030"),
        (b"name,capacity\n\0,1\n", "UTF-8 or GB 18030"),
        (b"", "first line is empty"),
        (b"name;capacity\n", "not separated by commas"),
        (b"name,since\n", "missing: capacity (Capacity)"),
        (b"name,name,capacity\n", "twice: name"),
        (b'name,capacity\n"x,1\n', "line 2: the quotes"),
        (b'name,capacity\ny,1\n"x"z,1\n', "line 3: the quotes"),
        (("name,capacity\n" + "," * 300 + "\n").encode(), "line 2: the row has more than 200 columns"),
        (b"name,capacity,colour\nx,1,red\n", "are unknown: colour"),
    ],
)
def test_what_is_no_such_table_is_named_as_what_it_is(data, said):
    with pytest.raises(UnreadableTableError) as caught:
        read(data, COLUMNS)
    assert said in caught.value.said
    assert "codec" not in caught.value.said


def test_a_column_of_remarks_is_passed_over_and_an_empty_one_too():
    assert rows(b"no.,name,capacity,since,\xe5\xa4\x87\xe6\xb3\xa8,colour\n1,x,1,,checked,\n")[0]["name"] == "x"


@pytest.mark.parametrize(
    "text", ["2015-03-01", "2015/3/1", "2015年3月1日", "2015.03.01", "２０１５/３/１", "2015/3/1 0:00"]
)
def test_a_day_as_spreadsheets_write_it(text):
    assert cells.day(text).isoformat() == "2015-03-01"


@pytest.mark.parametrize(
    "text", ["2015-03-01或2016-03-01", "2015-W09-1", "20150301", "3/1/2015", "15/3/1", "2015-02-30", ""]
)
def test_what_is_no_day(text):
    with pytest.raises(cells.CellError):
        cells.day(text)


@pytest.mark.parametrize(("text", "value"), [("7,179,000", 7179000), ("２，５００．５", "2500.5"), ("0.5", "0.5")])
def test_a_number_as_a_page_prints_it(text, value):
    assert cells.amount(text) == Decimal(value)


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-inf", "1e18", "1,00", "-5", "", "1,2,3"])
def test_what_is_no_number(text):
    with pytest.raises(cells.CellError):
        cells.amount(text)
    with pytest.raises(cells.CellError):
        cells.whole(text)
