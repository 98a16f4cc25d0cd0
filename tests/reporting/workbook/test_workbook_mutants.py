"""Workbooks as mishaps and malice leave them: whatever is accepted says what an independent plain reader finds in it.

`WORKBOOK_FUZZ=deep` looks at a hundred times as many.
"""

import dataclasses
import os
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reporting import checks
from reporting.accounting import account
from reporting.content import Content
from reporting.workbook import filled, read
from tests.reporting.files import part_changed, rebuilt, sheet_part
from tests.reporting.months import MONTHS, spec
from tests.reporting.plain_reader import plain

DEEP = os.environ.get("WORKBOOK_FUZZ") == "deep"
BOOKS = {sector: filled(spec(make()), make()) for sector, make in MONTHS.items()}
SHEETS = {
    "steel": ("企业层级生产数据及排放量表", "工序-生产线生产数据及排放量表"),
    "cement": ("生产线生产数据及排放量表",),
    "aluminium": ("工序生产数据及排放量表",),
}
PARTS = {sector: [sheet_part(book, title) for title in SHEETS[sector]] for sector, book in BOOKS.items()}
VALUE = re.compile(rb'<c r="(E[0-9]+)"((?: s="[0-9]+")?)><v>([^<]*)</v></c>')
ROW = re.compile(rb'<row r="([0-9]+)".*?</row>', re.DOTALL)

calm = settings(
    max_examples=4000 if DEEP else 40,
    suppress_health_check=list(HealthCheck),
    derandomize=not DEEP,
    database=None,
)
sectors = st.sampled_from(sorted(BOOKS))


def outcome(data: bytes) -> Content | None:
    """What was accepted, compared with what plainly stands there; None where a finding blocks. Never an exception."""
    reading = read(data, "month.xlsx")
    assert all(str(finding.message) for finding in reading.findings)
    if reading.content is None:
        assert any(finding.blocks for finding in reading.findings)
        return None
    accounts = account(reading.content)
    found = [*reading.findings, *checks.run(reading.content, accounts)]
    assert all(str(finding.message) for finding in found)
    if any(finding.blocks for finding in reading.findings):
        return None
    stood = plainly(reading.content, data)
    assert account(stood).totals == accounts.totals
    assert stood == reading.content
    return reading.content


def plainly(content: Content, data: bytes) -> Content:
    """The content with each number as the plain reader finds it in its cell; fails where a number of the sheets was passed over."""
    sheets = plain(data)
    seen = set()

    def number(datum):
        there = sheets[datum.sheet][datum.cell]
        seen.add((datum.sheet, datum.cell))
        if not isinstance(datum.value, Decimal):
            return datum
        assert isinstance(there, Decimal), f"{datum.cell}: {there!r} taken for a number"
        places = Decimal(1).scaleb(int(datum.value.as_tuple().exponent))
        return dataclasses.replace(datum, value=there.quantize(places, ROUND_HALF_UP))

    rows = tuple(
        dataclasses.replace(row, data={name: number(datum) for name, datum in row.data.items()}) for row in content.rows
    )
    keyed = {
        (title, f"E{reference[1:]}")
        for title in SHEETS[content.sector]
        for reference, key in sheets[title].items()
        if re.fullmatch("A[0-9]+", reference) and "/" in str(key)
    }
    stated = {place for place in keyed if str(sheets[place[0]].get(place[1], "")).strip()}
    assert stated <= seen, f"passed over: {stated - seen}"
    return dataclasses.replace(content, rows=rows)


def changed(sector: str, which: int, change: Callable[[bytes], bytes]) -> bytes:
    parts = PARTS[sector]
    return part_changed(BOOKS[sector], parts[which % len(parts)], change)


@pytest.mark.parametrize("sector", BOOKS)
def test_what_is_right_is_accepted(sector):
    assert outcome(BOOKS[sector]) == MONTHS[sector]()


def inline(text: str) -> str:
    return f't="inlineStr"><is><t xml:space="preserve">{text}</t></is>'


numbers = st.one_of(
    st.integers(-(10**16), 10**16).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**13).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(
        [
            *("0", "-0", "-0.0", "0.005", "0.004999999999999999", "1E5", "1e308", "-1e308", "1e309", "5e-324", "1e400"),
            *(
                "NaN",
                "nan",
                "INF",
                "-Infinity",
                "0x10",
                "1_000",
                "1,234",
                "１２",
                "",
                " 12 ",
                "+5",
                "12abc",
                "999999999999.99",
            ),
        ]
    ),
).map(lambda text: f"><v>{text}</v>")
texts = st.one_of(
    st.sampled_from(
        ["１２３", "12", "1,234.5", "1 234", "-0", "NaN", "∞", "无", " ", "2025-07-01", "=1+1", "٣", "十二", "1e5", "½"]
    ),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="<>&\"'\ufffe\uffff"),
        max_size=9,
    ),
).map(inline)
others = st.sampled_from(
    [
        't="b"><v>1</v>',
        't="e"><v>#N/A</v>',
        't="d"><v>2025-07-01</v>',
        't="str"><f>1+1</f><v>2</v>',
        "><f>1+1</f>",
        "><f>1+1</f><v/>",
        "><f>1+1</f><v> </v>",
        "><v>2</v><f>1+1</f>",
        't="str"><f>1+1</f><v/>',
        't="inlineStr"><f>1+1</f><is/>',
        "><f>1+1</f><v>2</v>",
        't="s"><v>0</v>',
        't="s"><v>99999999</v>',
        't="s"><v>-1</v>',
        't="n"><v>7</v>',
        't="zzz"><v>7</v>',
        's="99999"><v>7</v>',
        ">",
    ]
)


@calm
@given(
    sectors,
    st.integers(0, 1),
    st.lists(st.tuples(st.integers(0, 300), st.one_of(numbers, texts, others)), min_size=1, max_size=5),
)
def test_anything_in_a_numbers_cell(sector, which, spots):
    """Wrong types, numbers beyond all bounds, numbers as text in every script, dates, errors, formulas."""

    def change(xml: bytes) -> bytes:
        for place, cell in spots:
            found = list(VALUE.finditer(xml))
            if not found:
                return xml
            at = found[place % len(found)]
            style = at[2] if not cell.startswith("s=") else b""
            new = b'<c r="' + at[1] + b'"' + style + b" " + cell.encode() + b"</c>"
            xml = xml[: at.start()] + new + xml[at.end() :]
        return xml

    outcome(changed(sector, which, change))


@calm
@given(sectors, st.integers(0, 1), st.integers(1, 60_000))
def test_every_number_as_a_date(sector, which, style):
    """A cell's style makes a day of a number; no style there is makes an accepted number of something else."""
    outcome(changed(sector, which, lambda xml: VALUE.sub(rb'<c r="\1" s="%d"><v>\3</v></c>' % (style % 60), xml)))


def renumbered(row: bytes, number: int) -> bytes:
    """A row in another place."""
    row = re.sub(rb'^<row r="[0-9]+"', b'<row r="%d"' % number, row)
    return re.sub(rb'<c r="([A-Z]+)[0-9]+"', rb'<c r="\g<1>%d"' % number, row)


def rearrange(rows: list[bytes], act: str, at: int, other: int, by: int) -> None:
    if act == "remove":
        del rows[at : at + by]
    elif act == "double":
        rows.insert(at, rows[at])
    elif act == "swap":
        rows[at], rows[other] = rows[other], rows[at]
    elif act == "insert":
        rows[at:at] = [b'<row r="1"><c r="A1"/></row>'] * by
    elif act == "reverse":
        rows.reverse()
    elif act == "hide":
        rows[at] = rows[at].replace(b"<row ", b'<row hidden="1" ', 1)
    elif act == "mute":
        rows[at] = re.sub(rb' r="[A-Z0-9]+"', b"", rows[at])


@calm
@given(
    sectors,
    st.integers(0, 1),
    st.sampled_from(["remove", "double", "swap", "insert", "shift", "values up", "reverse", "hide", "mute"]),
    st.integers(0, 300),
    st.integers(1, 40),
)
def test_rows_that_were_moved(sector, which, act, place, by):
    """Inserted, removed, doubled, swapped, hidden and shifted rows; whole ones, or only their values."""

    def change(xml: bytes) -> bytes:
        rows = [match[0] for match in ROW.finditer(xml)]
        start, end = xml.index(rows[0]), xml.index(rows[-1]) + len(rows[-1])
        at, other = place % len(rows), (place + by) % len(rows)
        rearrange(rows, act, at, other, by)
        numbers = [number + by * (act == "shift" and number > at) for number in range(1, len(rows) + 1)]
        body = b"".join(map(renumbered, rows, numbers)) if act != "mute" else b"".join(rows)
        if act == "values up":
            values = [match[3] for match in VALUE.finditer(body)]
            shifted = iter(values[by % len(values) :] + values[: by % len(values)])
            body = VALUE.sub(lambda cell: cell[0].replace(b"<v>" + cell[3], b"<v>" + next(shifted)), body)
        return xml[:start] + body + xml[end:]

    if act == "mute":
        read(changed(sector, which, change), "month.xlsx")  # the plain reader goes by references
    else:
        outcome(changed(sector, which, change))


@calm
@given(
    sectors,
    st.integers(0, 1),
    st.integers(0, 300),
    st.sampled_from(["A", "B", "C", "D", "F", "G"]),
    st.one_of(texts, others),
)
def test_anything_in_any_other_cell(sector, which, place, column, cell):
    """Keys, names, labels, units of measure and ways of obtaining that were written over."""

    def change(xml: bytes) -> bytes:
        found = list(re.finditer(rb'<c r="(%s[0-9]+)"[^>]*?(?:/>|>.*?</c>)' % column.encode(), xml))
        at = found[place % len(found)]
        return xml[: at.start()] + b'<c r="' + at[1] + b'" ' + cell.encode() + b"</c>" + xml[at.end() :]

    outcome(changed(sector, which, change))


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
@pytest.mark.parametrize("sector", BOOKS)
def test_hidden_sheets_count_like_others(sector, state):
    book = part_changed(
        BOOKS[sector], "xl/workbook.xml", lambda xml: xml.replace(b"<sheet ", f'<sheet state="{state}" '.encode())
    )
    assert outcome(book) == MONTHS[sector]()


NAMESPACES = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}


@pytest.mark.parametrize("sector", BOOKS)
def test_the_strict_form_is_read_alike_or_refused(sector):
    def strict(name: str, xml: bytes) -> bytes:
        for old, new in NAMESPACES.items():
            xml = xml.replace(old, new)
        return xml

    assert outcome(rebuilt(BOOKS[sector], strict)) in (None, MONTHS[sector]())


@pytest.mark.parametrize("wrong", [b"application/xml", b"image/png", b"application/vnd.ms-excel.sheet.binary", b""])
def test_wrong_content_types_change_nothing(wrong):
    def change(xml: bytes) -> bytes:
        return re.sub(rb'ContentType="[^"]*"', b'ContentType="' + wrong + b'"', xml)

    assert outcome(part_changed(BOOKS["cement"], "[Content_Types].xml", change)) in (None, MONTHS["cement"]())


ENTITIES = {
    "laughs": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>',
    "external": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "parameter": b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]>',
    "external subset": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    "small letters": b"<!doctype x []>",
    "after a space": b'<! DOCTYPE x [<!ENTITY a "b">]>',
}
XML_PARTS = [
    "[Content_Types].xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
]


@pytest.mark.parametrize("entity", ENTITIES)
@pytest.mark.parametrize("part", [*XML_PARTS, "_rels/.rels", "xl/theme/theme1.xml", "docProps/core.xml"])
def test_no_part_may_declare_entities(part, entity):
    def change(xml: bytes) -> bytes:
        head, mark, rest = xml.partition(b"?>")
        return head + mark + ENTITIES[entity] + rest

    reading = read(part_changed(BOOKS["cement"], part, change), "month.xlsx")
    assert [finding.code for finding in reading.findings] == ["file.unsafe"]


@pytest.mark.parametrize("sector", BOOKS)
def test_a_file_cut_short_anywhere_is_refused(sector):
    book = BOOKS[sector]
    for end in range(0, len(book), 1 if DEEP else 397):
        reading = read(book[:end], "month.xlsx")
        assert reading.content is None
        assert [finding.blocks for finding in reading.findings] == [True]


@calm
@given(st.text(st.characters(codec="utf-8"), max_size=40), st.text(max_size=20))
def test_any_file_name(name, suffix):
    assume("\x00" not in name)
    reading = read(BOOKS["aluminium"], name + suffix)
    assert reading.content == MONTHS["aluminium"]()
