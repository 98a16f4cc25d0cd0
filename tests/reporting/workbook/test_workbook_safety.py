"""Files that are no workbook of ours, or want to harm: refused by name, within bounds, never with an exception."""

import re
import struct
import zipfile
from io import BytesIO
from string import ascii_letters

import openpyxl
import pytest

from reporting.workbook import Limits, filled, read
from tests.reporting.files import part_changed, rebuilt, sheet_part
from tests.reporting.months import cement, spec

SHEET = "生产线生产数据及排放量表"
FILLED = filled(spec(cement()), cement())
PART = sheet_part(FILLED, SHEET)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def archive(**parts: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return buffer.getvalue()


def encrypted_entry() -> bytes:
    """The flag that says an entry is encrypted, in every header."""
    data = bytearray(FILLED)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(magic)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(magic, at + 4)
    return bytes(data)


def bomb() -> bytes:
    """Fifty megabytes of spaces in a few kilobytes."""
    return part_changed(FILLED, PART, lambda xml: xml + b" " * 50_000_000)


def forged_size() -> bytes:
    """An entry that declares a hundred bytes and holds megabytes."""
    data = bytearray(bomb())
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(PART.encode()))
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(data)


def duplicate_part() -> bytes:
    buffer = BytesIO(FILLED)
    with zipfile.ZipFile(buffer, "a") as more, pytest.warns(UserWarning, match="Duplicate name"):
        more.writestr(PART, b"<worksheet/>")
    return buffer.getvalue()


def entities(xml: bytes) -> bytes:
    lol = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return xml.replace(b"<worksheet", lol + b"<worksheet", 1)


def far_cell(reference: str) -> bytes:
    row = reference.lstrip(ascii_letters + "$") or "1048576"
    cell = f'<row r="{row}"><c r="{reference}"><v>1</v></c></row></sheetData>'.encode()
    return part_changed(FILLED, PART, lambda xml: xml.replace(b"</sheetData>", cell))


def many_cells() -> bytes:
    row = b"<row>" + b"<c/>" * 1000 + b"</row>"
    return part_changed(FILLED, PART, lambda xml: xml.replace(b"</sheetData>", row * 150 + b"</sheetData>"))


def repeated_text() -> bytes:
    """One text of half a megabyte, shown in a thousand cells."""
    text = b"<si><t>" + b"x" * 500_000 + b"</t></si>"
    book = part_changed(FILLED, "xl/sharedStrings.xml", lambda xml: xml.replace(b"</sst>", text + b"</sst>"))
    cells = (b"<row>" + b'<c t="s"><v>0</v></c>' * 100 + b"</row>") * 10
    return part_changed(book, PART, lambda xml: xml.replace(b"</sheetData>", cells + b"</sheetData>"))


def macro_type(xml: bytes) -> bytes:
    return xml.replace(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")


RELATIONS = "xl/_rels/workbook.xml.rels"


def sheet_twice(xml: bytes) -> bytes:
    """A second sheet of the same name, whose part would be surveyed in the first one's place."""
    sheets = re.findall(rb"<sheet [^>]*/>", xml)
    title = f'name="{SHEET}"'.encode()
    again = re.sub(rb'name="[^"]*"', title, sheets[0])
    return xml.replace(b"</sheets>", again + b"</sheets>")


def claiming(count: bytes) -> bytes:
    """Shared texts that say of themselves that they are so many."""
    claim = b'uniqueCount="' + count + b'"'
    return part_changed(FILLED, "xl/sharedStrings.xml", lambda xml: re.sub(rb'uniqueCount="[0-9]*"', claim, xml))


def two_identifiers(xml: bytes) -> bytes:
    return re.sub(rb'(<sheet [^>]*)r:id="', rb'\1xmlns:z="z" z:id="rId1" r:id="', xml)


def relation_twice(xml: bytes) -> bytes:
    first = re.search(rb"<Relationship [^>]*/>", xml)
    assert first
    return xml.replace(b"</Relationships>", first[0] + b"</Relationships>")


def stated(xml: bytes) -> re.Match[bytes]:
    """The first cell that holds a number."""
    found = re.search(rb'<c r="E[0-9]+"( s="[0-9]+")?><v>[^<]*</v></c>', xml)
    assert found
    return found


def cell_twice(xml: bytes) -> bytes:
    cell = stated(xml)[0]
    return xml.replace(cell, cell + cell.replace(b"<v>", b"<v>9"))


def value_twice(xml: bytes) -> bytes:
    return xml.replace(stated(xml)[0], stated(xml)[0].replace(b"</c>", b"<v>9</v></c>"))


def foreign_row(xml: bytes) -> bytes:
    cell = stated(xml)[0]
    return xml.replace(cell, re.sub(rb'r="E[0-9]+"', b'r="E999"', cell))


# How each is made, which takes some of them a while: only who reads it makes it.
UNREADABLE = {
    "empty": (lambda: b"", "file.empty"),
    "too large": (lambda: FILLED + b" " * 11_000_000, "file.too_large"),
    "text": (lambda: "代码,数值\n".encode(), "file.not_workbook"),
    "PDF": (lambda: b"%PDF-1.7 ...", "file.not_workbook"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n", "file.not_workbook"),
    "web page called xls": (lambda: b"<html><table></table></html>", "file.not_workbook"),
    "noise": (lambda: bytes(range(256)) * 4, "file.not_workbook"),
    "another archive": (lambda: archive(readme=b"hello"), "file.not_workbook"),
    "text document": (lambda: archive(**{"word/document.xml": b"<w/>"}), "file.not_workbook"),
    "open document": (lambda: archive(mimetype=b"x", **{"content.xml": b"<x/>"}), "file.not_workbook"),
    "binary workbook": (lambda: archive(**{"xl/workbook.bin": b"x"}), "file.not_workbook"),
    "old xls": (lambda: OLE + b"\x00" * 600 + "Workbook".encode("utf-16-le"), "file.old_format"),
    "password, told by nothing but the name": (lambda: OLE + b"\x00" * 600, "file.encrypted"),
    "password": (lambda: OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "file.encrypted"),
    "encrypted archive": (lambda: encrypted_entry(), "file.encrypted"),
    "macros": (lambda: rebuilt(FILLED, lambda name, content: content, **{"xl/vbaProject.bin": b"x"}), "file.macros"),
    "macro sheet": (
        lambda: rebuilt(FILLED, lambda name, content: content, **{"xl/macrosheets/sheet1.xml": b"<x/>"}),
        "file.macros",
    ),
    "format for macros": (lambda: part_changed(FILLED, "[Content_Types].xml", macro_type), "file.macro_format"),
    "cut short": (lambda: FILLED[: len(FILLED) // 2], "file.damaged"),
    "last bytes missing": (lambda: FILLED[:-30], "file.damaged"),
    "a flipped byte": (lambda: FILLED[:200] + bytes([FILLED[200] ^ 0xFF]) + FILLED[201:], "file.damaged"),
    "bomb": (lambda: bomb(), "file.bomb"),
    "forged size": (lambda: forged_size(), "file.damaged"),
    "part twice": (lambda: duplicate_part(), "file.unsafe"),
    "parts that differ in case": (
        lambda: rebuilt(FILLED, lambda name, content: content, **{PART.replace("sheet", "SHEET"): b"<worksheet/>"}),
        "file.unsafe",
    ),
    "shared texts by an odd name": (
        lambda: rebuilt(FILLED, lambda name, content: content, **{"xl/SHAREDstrings.xml": b"<sst/>"}),
        "file.unsafe",
    ),
    "styles by an odd name": (
        lambda: rebuilt(
            FILLED, lambda name, content: None if "styles" in name else content, **{"xl/Styles.xml": b"<a/>"}
        ),
        "file.unsafe",
    ),
    "claims to have billions of texts": (lambda: claiming(b"9999999999"), "file.bomb"),
    "claims to have millions of texts": (lambda: claiming(b"1000000"), "file.bomb"),
    "claims to have so many texts": (lambda: claiming(b"many"), "file.bomb"),
    "claims to have less than no texts": (lambda: claiming(b"-1"), "file.bomb"),
    "sheet name twice": (lambda: part_changed(FILLED, "xl/workbook.xml", sheet_twice), "file.unsafe"),
    "sheet of two parts": (lambda: part_changed(FILLED, "xl/workbook.xml", two_identifiers), "file.unsafe"),
    "relationship twice": (lambda: part_changed(FILLED, RELATIONS, relation_twice), "file.unsafe"),
    "cell twice": (lambda: part_changed(FILLED, PART, cell_twice), "file.damaged"),
    "two values in a cell": (lambda: part_changed(FILLED, PART, value_twice), "file.damaged"),
    "rows out of order": (lambda: far_cell("E1"), "file.damaged"),
    "a cell in another row": (lambda: part_changed(FILLED, PART, foreign_row), "file.damaged"),
    "many parts": (
        lambda: rebuilt(FILLED, lambda name, content: content, **{f"x/{n}": b"" for n in range(400)}),
        "file.bomb",
    ),
    "entities": (lambda: part_changed(FILLED, PART, entities), "file.unsafe"),
    "UTF-16": (lambda: part_changed(FILLED, PART, lambda xml: xml.decode().encode("utf-16")), "file.unsafe"),
    "other encoding": (
        lambda: part_changed(FILLED, PART, lambda xml: xml.replace(b"UTF-8", b"ISO-8859-1", 1)),
        "file.unsafe",
    ),
    "broken XML": (lambda: part_changed(FILLED, PART, lambda xml: xml[:-40]), "file.damaged"),
    "broken workbook part": (
        lambda: part_changed(FILLED, "xl/workbook.xml", lambda xml: b"<workbook>"),
        "file.damaged",
    ),
    "no relations": (
        lambda: rebuilt(FILLED, lambda name, content: None if name.endswith("workbook.xml.rels") else content),
        "file.damaged",
    ),
    "last row": (lambda: far_cell("A1048576"), "file.sheet_too_large"),
    "last column": (lambda: far_cell("XFD4000"), "file.sheet_too_large"),
    "last cell in small letters": (lambda: far_cell("xfd1048576"), "file.sheet_too_large"),
    "a row that no sheet has": (lambda: far_cell("A99999999"), "file.damaged"),
    "a reference that is none": (lambda: far_cell("$A$1"), "file.damaged"),
    "very many cells": (lambda: many_cells(), "file.bomb"),
    "one long text everywhere": (lambda: repeated_text(), "file.bomb"),
}


@pytest.mark.parametrize(("made", "code"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_refused_by_name(made, code):
    reading = read(made(), "month.xlsx")
    assert reading.content is None
    assert [finding.code for finding in reading.findings] == [code]
    assert reading.findings[0].blocks
    assert reading.findings[0].message


def test_a_foreign_workbook_is_not_our_form():
    buffer = BytesIO()
    openpyxl.Workbook().save(buffer)
    reading = read(buffer.getvalue(), "month.xlsx")
    assert [finding.code for finding in reading.findings] == ["file.not_form"]
    assert reading.content is None


def test_the_size_limit_is_the_callers():
    reading = read(FILLED, "month.xlsx", limits=Limits(file_bytes=1000))
    assert [finding.code for finding in reading.findings] == ["file.too_large"]


@pytest.mark.parametrize("name", ["month.xls", "month.pdf", "month"])
def test_a_workbook_by_another_name_is_read_with_a_warning(name):
    reading = read(FILLED, name)
    assert [(finding.code, finding.blocks) for finding in reading.findings] == [("file.renamed", False)]
    assert reading.content == cement()


@pytest.mark.parametrize("name", ["MONTH.XLSX", "月度.xlsx", ""])
def test_a_workbook_by_its_proper_name(name):
    assert read(FILLED, name).findings == []


def test_links_to_other_files_are_told_and_never_followed():
    book = rebuilt(FILLED, lambda name, content: content, **{"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    reading = read(book, "month.xlsx")
    assert [finding.code for finding in reading.findings] == ["file.external_links"]
    assert reading.content == cement()


def test_formatted_empty_cells_far_away_do_no_harm():
    far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    book = part_changed(FILLED, PART, lambda xml: xml.replace(b"</sheetData>", far))
    assert read(book, "month.xlsx").content == cement()


def test_cells_without_references_follow_each_other():
    strip = part_changed(FILLED, PART, lambda xml: xml.replace(b'<row r="', b'<row x="'))
    assert read(strip, "month.xlsx").content == cement()


class Panic(BaseException):
    """Like a Rust panic that reaches Python."""


@pytest.mark.parametrize("fault", [Panic, ValueError, MemoryError])
def test_a_parser_that_fails_fails_the_file_only(monkeypatch, fault):
    def fail(self):
        raise fault

    monkeypatch.setattr("reporting.workbook.reading.safety.Package.rebuilt", fail)
    assert [finding.code for finding in read(FILLED, "month.xlsx").findings] == ["file.damaged"]


@pytest.mark.parametrize("target", ["/{}", "{}", "../{}", "worksheets/../{}", "./{}"])
def test_a_sheet_is_read_from_the_part_that_was_surveyed_or_not_at_all(target):
    """`target` leads to the same part in different words; another reader may look elsewhere for some of them."""

    def change(xml: bytes) -> bytes:
        return xml.replace(PART.removeprefix("xl/").encode(), target.format(PART).encode())

    reading = read(part_changed(FILLED, RELATIONS, change), "month.xlsx")
    codes = [finding.code for finding in reading.findings]
    assert (reading.content == cement() and not codes) or set(codes) & {"form.sheet_missing", "file.damaged"}
