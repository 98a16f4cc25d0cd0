"""Whatever stands in a register is read, accounted and checked without an exception, and a penalty never lowers emissions."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from reporting import checks
from reporting.accounting import account, year_content
from reporting.content import Content, Datum, Row
from reporting.workbook import filled
from tests.reporting.files import part_changed, sheet_part
from tests.reporting.months import MONTHS, replaced, spec
from tests.reporting.workbook.test_workbook_fuzz import calm, read_through
from tests.reporting.workbook.test_workbook_registers import METERS, TESTS, works

BOOK = filled(spec(works()), works())
PARTS = [sheet_part(BOOK, title) for title in (TESTS, METERS)]

ODD = [
    b"<v>NaN</v>",
    b"<v>1e308</v>",
    b"<v>-0</v>",
    b"<v>2958465</v>",
    b"<v>99999999</v>",
    b"<v/>",
    b' t="e"',
    b' t="d"',
    b"<f/>",
]

numbers = st.decimals(min_value=0, max_value=10**12 - 1, places=3)
days = st.dates(min_value=dt.date(2000, 1, 1)) | st.dates(dt.date(2025, 6, 20), dt.date(2025, 8, 10))
PENALISED = {
    "steel": ("fuel//consumed", "anthracite", ""),
    "cement": ("clinker//amount", "portland", "1#"),
    "aluminium": ("electrolysis//amount", "", "A1"),
}


@calm
@given(st.sampled_from(PARTS), st.integers(0, 60_000), st.sampled_from(ODD))
def test_spoilt_xml(part, place, piece):
    def spoil(xml: bytes) -> bytes:
        at = place % len(xml)
        return xml[:at] + piece + xml[at + len(piece) :]

    read_through(part_changed(BOOK, part, spoil))


@calm
@given(st.sampled_from(PARTS), st.lists(st.floats(), min_size=1, max_size=40))
def test_any_numbers(part, values):
    def spoil(xml: bytes) -> bytes:
        pieces = xml.split(b"<v>")
        return pieces[0] + b"".join(
            f"<v>{values[at % len(values)]!r}</v></c><c><v>".encode() + piece for at, piece in enumerate(pieces[1:])
        )

    read_through(part_changed(BOOK, part, spoil))


def stated(table: str, data: dict, item: str, line: str = "") -> Row:
    return Row(table, line, "", item, {name: Datum(value) for name, value in data.items()}, "1")


@calm
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "mass": numbers,
            "ncv": numbers,
            "report": st.text(max_size=5),
            "sampled": days,
            "reported": days,
            "accredited": st.sampled_from(["yes", "no"]),
            "sound": st.sampled_from(["yes", "no"]),
        },
    ),
    st.sampled_from(["anthracite", "coke", "natural_gas", "diesel", "unicorn"]),
)
def test_any_test(data, item):
    for sector in ("steel", "cement"):
        content = replaced(MONTHS[sector](), stated("batch", data, item))
        assert all(str(finding.message) for finding in checks.run(content, account(content)))
        assert Content.from_json(content.as_json()) == content
        account(year_content([content]))


@calm
@given(
    st.sampled_from(list(PENALISED)),
    st.fixed_dictionaries(
        {},
        optional={
            "accuracy": numbers,
            "error": numbers,
            "calibrated": days,
            "valid_until": days,
            "before": days,
        },
    ),
)
def test_any_meter(sector, data):
    measures, item, line = PENALISED[sector]
    plain = MONTHS[sector]()
    content = replaced(plain, stated("meter", {"measures": measures, **data}, item, line))
    assert all(str(finding.message) for finding in checks.run(content, account(content)))
    now, before = account(content).totals, account(plain).totals
    assert now.enterprise >= before.enterprise
    for code, total in now.lines.items():
        assert 0 <= total.output <= before.lines[code].output
    account(year_content([content]))
