"""Workbooks made to eat memory or time: each is read in a process that has a gigabyte and ends if it asks for more."""

import re
import subprocess
import sys
from collections.abc import Callable

from django.conf import settings

from reporting.workbook import filled
from tests.reporting.files import part_changed, rebuilt, sheet_part
from tests.reporting.months import cement, spec

BOOK = filled(spec(cement()), cement())
PART = sheet_part(BOOK, "生产线生产数据及排放量表")
SHARED, WORKBOOK, STYLES = "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"
PEAK = 600_000  # kilobytes, Django and the parser among them


def before(part: str, closing: bytes, more: Callable[[], bytes]) -> Callable[[], bytes]:
    """The workbook with something more before an element's end."""
    return lambda: part_changed(BOOK, part, lambda xml: xml.replace(closing, more() + closing, 1))


def rows(count: int, content: bytes = b"") -> bytes:
    return b"".join(b'<row r="%d">%s</row>' % (number, content) for number in range(2001, 2001 + count))


def claiming(part: str, attribute: bytes, count: bytes) -> Callable[[], bytes]:
    """The workbook with every such attribute of the part saying that there is so much of something."""
    claim = attribute + b'="' + count + b'"'
    return lambda: part_changed(BOOK, part, lambda xml: re.sub(attribute + rb'="[0-9]*"', claim, xml))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "million empty rows": before(PART, b"</sheetData>", lambda: rows(1_000_000)),
    "million rows": before(
        PART,
        b"</sheetData>",
        lambda: b"".join(b'<row r="%d"><c r="E%d"><v>1</v></c></row>' % (n, n) for n in range(2001, 1_002_001)),
    ),
    "all columns": before(PART, b"</sheetData>", lambda: b'<row r="2001">' + b"<c><v>1</v></c>" * 16_384 + b"</row>"),
    "all columns of many rows": before(PART, b"</sheetData>", lambda: rows(40, b"<c/>" * 16_384)),
    "a value in the last cell": before(
        PART, b"</sheetData>", lambda: b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "an error in the last cell": before(
        PART, b"</sheetData>", lambda: b'<row r="1048576"><c r="XFD1048576" t="e"/></row>'
    ),
    "a formula in the last cell": before(
        PART, b"</sheetData>", lambda: b'<row r="1048576"><c r="XFD1048576"><f>1</f></c></row>'
    ),
    "a formula shared by a million cells": before(
        PART,
        b"</sheetData>",
        lambda: b'<row r="2001"><c r="A2001"><f t="shared" ref="A2001:XFD1048576" si="0">1+1</f><v>2</v></c></row>',
    ),
    "an array over everything": before(
        PART,
        b"</sheetData>",
        lambda: b'<row r="2001"><c r="A2001"><f t="array" ref="A1:XFD1048576">1</f><v>2</v></c></row>',
    ),
    "a dimension of everything": lambda: part_changed(
        BOOK, PART, lambda xml: xml.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>', 1)
    ),
    "merged cells without end": before(
        PART,
        b"</worksheet>",
        lambda: b"<mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 200_000 + b"</mergeCells>",
    ),
    "elements within elements": before(PART, b"</sheetData>", lambda: b"<a>" * 100_000 + b"</a>" * 100_000),
    "an element of many attributes": before(
        PART, b"</sheetData>", lambda: b"<row " + b" ".join(b'a%d=""' % number for number in range(200_000)) + b"/>"
    ),
    "a million shared texts": before(SHARED, b"</sst>", lambda: b"<si><t>x</t></si>" * 1_000_000),
    "shared texts that claim to be billions": claiming(SHARED, b"uniqueCount", b"9999999999"),
    "shared texts that claim to be millions": claiming(SHARED, b"uniqueCount", b"100000000"),
    "shared texts that claim to be used": claiming(SHARED, b" count", b"9999999999"),
    "styles that claim to be billions": claiming(STYLES, b"count", b"9999999999"),
    "a shared text of forty megabytes": before(
        SHARED, b"</sst>", lambda: b"<si><t>" + b"x y" * 14_000_000 + b"</t></si>"
    ),
    "a million styles": before(STYLES, b"</cellXfs>", lambda: b'<xf numFmtId="0"/>' * 1_000_000),
    "a hundred thousand sheets": before(
        WORKBOOK,
        b"</sheets>",
        lambda: b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(100_000)),
    ),
    "names without end": before(
        WORKBOOK,
        b"</workbook>",
        lambda: b"<definedNames>" + b'<definedName name="a">A1</definedName>' * 300_000 + b"</definedNames>",
    ),
    "three hundred parts": lambda: rebuilt(
        BOOK, lambda name, old: old, **{f"xl/more{number}.xml": b"<x/>" + b" " * 200_000 for number in range(280)}
    ),
    "spaces without end": lambda: part_changed(BOOK, PART, lambda xml: xml + b" " * 60_000_000),
}


def test_hostile_files_are_read_within_bounds(tmp_path):
    paths = []
    for name, make in HOSTILE.items():
        paths.append(tmp_path / f"{name}.xlsx")
        paths[-1].write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-m", "tests.reporting.reading_bounded", *map(str, paths)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    *told, peak = done.stdout.splitlines()
    outcomes = dict(line.split(": ") for line in told)
    assert outcomes.keys() == HOSTILE.keys()
    assert int(peak.removeprefix("peak ")) < PEAK
    harmless = {name for name, codes in outcomes.items() if codes == "read"}
    assert harmless <= HARMLESS, harmless - HARMLESS


# What looks frightening and asks for nothing: the parser goes by the values that stand there, and passes over what it doesn't know.
HARMLESS = {
    *("a dimension of everything", "a formula in the last cell", "an error in the last cell", "million empty rows"),
    *("a hundred thousand sheets", "elements within elements", "an element of many attributes", "three hundred parts"),
    *("shared texts that claim to be used", "styles that claim to be billions"),
}
