"""Whatever the bytes, reading gives a Reading; and what was read can be accounted, checked and shown."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reporting import checks
from reporting.accounting import account
from reporting.content import Content
from reporting.workbook import filled, read
from tests.reporting.files import part_changed, sheet_part
from tests.reporting.months import MONTHS, spec

BOOKS = [filled(spec(make()), make()) for make in MONTHS.values()]
SHEETS = ["企业层级生产数据及排放量表", "生产线生产数据及排放量表", "工序生产数据及排放量表"]
PARTS = [sheet_part(book, title) for book, title in zip(BOOKS, SHEETS, strict=True)]

calm = settings(max_examples=60, suppress_health_check=list(HealthCheck))


def read_through(data: bytes) -> None:
    reading = read(data, "month.xlsx")
    findings = list(reading.findings)
    if reading.content is not None:
        findings += checks.run(reading.content, account(reading.content))
        assert Content.from_json(reading.content.as_json()) == reading.content
    assert reading.content is not None or any(finding.blocks for finding in findings)
    assert all(str(finding.message) for finding in findings)


@calm
@given(st.binary(max_size=300))
@example(b"PK\x03\x04")
@example(b"PK\x05\x06" + b"\x00" * 18)
def test_noise(data):
    read_through(data)


@calm
@given(st.sampled_from(BOOKS), st.lists(st.tuples(st.integers(0, 40_000), st.integers(0, 255)), min_size=1, max_size=6))
def test_spoilt_bytes(book, spots):
    data = bytearray(book)
    for place, value in spots:
        data[place % len(data)] = value
    read_through(bytes(data))


@calm
@given(st.sampled_from(BOOKS), st.integers(0, 40_000), st.integers(0, 2_000))
def test_missing_bytes(book, start, length):
    start %= len(book)
    read_through(book[:start] + book[start + length :])


@calm
@given(
    st.integers(0, 2),
    st.integers(0, 60_000),
    st.one_of(
        st.text(alphabet='<>/&;"=vcfst0123456789-.eE', max_size=12).map(str.encode),
        st.sampled_from(
            [b"<v>NaN</v>", b"<v>1e308</v>", b"<f/>", b' t="e"', b' t="b"', b' t="d"', b' r="A1"', b"</row>", b"&#0;"]
        ),
    ),
)
def test_spoilt_xml(which, place, piece):
    def spoil(xml: bytes) -> bytes:
        at = place % len(xml)
        return xml[:at] + piece + xml[at + len(piece) :]

    read_through(part_changed(BOOKS[which], PARTS[which], spoil))


@calm
@given(st.integers(0, 2), st.lists(st.floats(), min_size=1, max_size=40))
def test_any_numbers(which, numbers):
    """Every stated number replaced by another, the odd ones too."""

    def spoil(xml: bytes) -> bytes:
        pieces = xml.split(b"<v>1")
        values = [f"<v>{numbers[at % len(numbers)]!r}</v><v>1".encode() for at in range(len(pieces) - 1)]
        return b"".join(piece + value for piece, value in zip(pieces, [*values, b""], strict=True))

    read_through(part_changed(BOOKS[which], PARTS[which], spoil))
