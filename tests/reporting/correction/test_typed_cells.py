"""The workbook's cells as texts: numbers as people type them, nothing lost between a content, its texts and a workbook, nothing forged."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.content import MEASURED, Content, Datum, Row
from reporting.correction.carrying import carried, changed, laid_over, renumbered
from reporting.workbook import blank, filled
from reporting.workbook.forms import form_for
from reporting.workbook.reading import cells
from reporting.workbook.reading.read import read as read_file
from reporting.workbook.reading.read import standing_of
from reporting.workbook.reading.typed import is_open, lines, pasted, read, shape_of, texts
from tests.reporting.months import MONTHS, UNIT, replaced, row, spec

PERIOD = "2025-07"


def texts_of(data: bytes, content: Content) -> dict[str, str]:
    """What a page shows of a workbook whose lines are the content's, in their order."""
    numbers = {number: number for number in range(len(content.lines) + 1)}
    return texts(form_for(content.sector, content.period), standing_of(data).rows, numbers)


def content_of(typed: dict[str, str], like: Content):
    """What the texts state, and the codes of what is wrong with them."""
    form = form_for(like.sector, like.period)
    rows = lines(form, like.lines, shape_of(form, len(like.lines), typed), typed)
    content, findings = read(form, like.period, like.unit, rows)
    return content, [(finding.code, finding.sheet, finding.cell) for finding in findings]


def codes(typed: dict[str, str], like: Content) -> list[str]:
    return [code for code, _sheet, _cell in content_of(typed, like)[1]]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234.5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1 234 567", "1234567"),
        ("1'234", "1234"),
        ("1\u00a0234", "1234"),
        ("１２３４．５", "1234.5"),
        ("１，２３４", "1234"),
        ("−12", "-12"),
        ("+5", "5"),
        (" 7 ", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("007", "7"),
    ],
)
def test_a_number_is_read_as_people_type_it(text, number):
    assert cells.typed(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1,23",
            "12,34",
            "0,123",
            "1,234,56",
            "1,234 567",
            "1.234.567",
            "1,5",
            "1.2万",
            "100t",
            "5%",
            "1e5",
            "1.23E+05",
        ),
        *("约一万", "12。5", "", "-", "--1", "nan", "٣", "####"),
    ],
)
def test_what_could_be_read_in_two_ways_is_left_as_it_is(text):
    assert cells.typed(text) == text


@given(st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2, allow_nan=False, allow_infinity=False))
def test_separators_and_width_never_change_a_number(value):
    wide = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
    for text in (f"{value:f}", f"{value:,f}", f"{value:,f}".replace(",", " "), f"{value:,f}".translate(wide)):
        assert cells.typed(text) == value


@pytest.mark.parametrize("sector", MONTHS)
def test_nothing_is_lost_between_workbook_texts_and_workbook(sector):
    content = MONTHS[sector]()
    typed = texts_of(filled(spec(content), content), content)
    again, findings = content_of(typed, content)
    assert (again, findings) == (content, [])
    assert read_file(filled(spec(content), again), "again.xlsx").content == content


def with_notes(content: Content, notes: list[tuple[str, str, str]], values: list[Decimal]) -> Content:
    """The content with other values, sources, evidence and remarks, as many as there are, one after the other."""
    at = iter(range(10_000))

    def changed_datum(datum: Datum) -> Datum:
        number = next(at)
        source, evidence, remarks = notes[number % len(notes)]
        return Datum(values[number % len(values)], datum.how, source, evidence, remarks)

    rows = tuple(
        Row(
            one.table, one.line, one.process, one.item, {name: changed_datum(datum) for name, datum in one.data.items()}
        )
        for one in content.rows
    )
    return Content(content.sector, content.period, content.unit, content.lines, rows)


# What a person writes into a note; control characters and spaces at the ends are no part of it in a spreadsheet either.
NOTE = st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=30)
VALUE = st.decimals(min_value=0, max_value=Decimal("99999999.99"), places=2, allow_nan=False, allow_infinity=False)


@settings(max_examples=60)
@given(
    sector=st.sampled_from(sorted(MONTHS)),
    notes=st.lists(st.tuples(NOTE, NOTE, NOTE), min_size=1, max_size=7),
    values=st.lists(VALUE, min_size=1, max_size=7),
)
def test_no_datum_and_no_note_is_lost(sector, notes, values):
    content = with_notes(MONTHS[sector](), notes, values)
    assert content_of(texts_of(filled(spec(content), content), content), content) == (content, [])


def test_a_blank_offers_its_lists_and_opening_stocks():
    content = MONTHS["cement"]()
    typed = texts_of(blank(spec(content, bituminous="2000")), content)
    assert typed["fuel.solid/1/opening:item"] == "bituminous"
    assert typed["fuel.solid/1/opening:value"] == "2000"
    assert typed["L1/line_fuel.solid/1/ncv:how"] == "default"
    assert "L1/clinker/1/amount:value" not in typed


def test_what_stands_in_a_cell_and_is_no_number_is_shown_as_it_stands():
    content = MONTHS["aluminium"]()
    typed = texts_of(filled(spec(content), content), content) | {"L1/electrolysis/1/amount:value": "约一万七千"}
    again, findings = content_of(typed, content)
    assert findings == [("number.text", "工序生产数据及排放量表", "E18")]
    assert again.find("electrolysis", "A1").number("amount") is None


@pytest.mark.parametrize(
    ("cell", "text", "code"),
    [
        ("fuel.solid/1/purchased:value", "-5", "number.negative"),
        ("fuel.solid/1/purchased:value", "-0", "number.negative_zero"),
        ("fuel.solid/1/purchased:value", "1234567890123", "number.too_large"),
        ("fuel.solid/1/purchased:value", "nan", "number.not_finite"),
        ("fuel.solid/1/purchased:value", "12,5", "number.text"),
        ("fuel.solid/1/purchased:how", "", "how.missing"),
        ("fuel.solid/1/purchased:how", "guessed", "how.unknown"),
        ("L1/line_fuel.solid/1/ncv:how", "calculated", "how.not_allowed"),
        ("fuel.solid/1/opening:item", "", "item.missing"),
        ("fuel.solid/1/opening:item", "moon rock", "item.unknown"),
        ("fuel.solid/1/opening:item", "anthracite", "item.twice"),
        ("fuel.solid/1/purchased:source", "x" * 501, "text.too_long"),
        ("fuel.gas/1/purchased:remarks", "看不清", "text.without_value"),
        ("L1/stop/1/stopped:value", "31 July", "date.invalid"),
    ],
)
def test_a_fault_is_found_by_the_reader_of_workbooks(cell, text, code):
    content = MONTHS["cement"]()
    typed = texts_of(filled(spec(content), content), content) | {cell: text}
    assert codes(typed, content) == [code]


def test_a_date_is_read_at_any_width():
    content = MONTHS["cement"]()
    typed = texts_of(filled(spec(content), content), content)
    stop = {"L1/stop/1/days:value": "3", "L1/stop/1/stopped:value": "２０２５－０７－１０"}
    again, findings = content_of(typed | stop, content)
    assert findings == []
    assert str(again.find("stop", "1#").data["stopped"].value) == "2025-07-10"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "L1/line:item",
            "L1/clinker/1/amount:measure",
            "L1/clinker/1/amount:emissions",
            "fuel.solid/1/purchased:item",
        ),
        *("L3/clinker/1/amount:value", "clinker/1/amount:value", "L1/fuel.solid/1/opening:value", "period:value"),
        *(
            "fuel.solid/1/nothing:value",
            "L1/stop/1/days:how",
            "csrfmiddlewaretoken",
            "",
            ":",
            "fuel.solid/0/opening:value",
        ),
    ],
)
def test_a_locked_cell_cant_be_forged(name):
    content = MONTHS["cement"]()  # two lines
    form = form_for("cement", PERIOD)
    assert not is_open(form, 2, name)
    typed = texts_of(filled(spec(content), content), content)
    assert content_of(typed | {name: "999"}, content)[0] == content


def test_rows_copied_from_the_workbook_find_their_places_by_their_codes():
    form = form_for("cement", PERIOD)
    copied = (
        "代码 Code\t对象\t项目\n"
        "\t固体燃料\n"
        "L1/line\t9#\n"
        "fuel.solid/1/opening\t无烟煤\t期初库存量 Opening stock\tt\t1,200\t计算值\t台账\t台账.pdf\t\t99\n"
        "fuel.solid/1/purchased\t\t购入量\tt\t300\n"
        "fuel.solid/1/sold\t\t外销量\tt\t\n"
        "fuel.plasma/1/opening\t\t\t\t1\n"
    )
    found, unknown = pasted(form, 2, copied)
    assert found == {
        "fuel.solid/1/opening:item": "anthracite",
        "fuel.solid/1/opening:value": "1,200",
        "fuel.solid/1/opening:how": "calculated",
        "fuel.solid/1/opening:source": "台账",
        "fuel.solid/1/opening:evidence": "台账.pdf",
        "fuel.solid/1/purchased:value": "300",
    }
    assert unknown == ["代码 Code", "fuel.plasma/1/opening"]


# ---------------------------------------------------------------- one version's texts over another's


def over(content: Content, cells_typed: dict[str, str], after: Content) -> Content:
    """What comes out where cells typed over one content are laid over another."""
    before, now = (texts_of(filled(spec(one), one), one) for one in (content, after))
    form = form_for(content.sector, content.period)
    return content_of(laid_over(now, carried(form, cells_typed, before, now)), after)[0]


def test_a_fuel_is_found_in_the_slot_to_which_it_has_moved():
    content = MONTHS["cement"]()
    after = Content(content.sector, PERIOD, UNIT, content.lines, (content.rows[1], content.rows[0], *content.rows[2:]))
    typed = over(content, {"fuel.solid/1/purchased:value": "14001"}, after)  # 1 was bituminous coal, 2 is it now
    assert typed.find("fuel", item="bituminous").number("purchased") == 14001
    assert typed.find("fuel", item="anthracite") == after.find("fuel", item="anthracite")


def test_a_fuel_that_the_other_version_hasnt_got_takes_a_free_slot():
    content = MONTHS["cement"]()
    new = {
        "fuel.solid/3/opening:item": "coke",
        "fuel.solid/3/purchased:value": "5",
        "fuel.solid/3/purchased:how": MEASURED,
    }
    after = replaced(content, row("fuel", "lignite", purchased="7"))
    typed = over(content, new, after)  # the third slot is taken by lignite now
    assert typed.find("fuel", item="coke").number("purchased") == 5
    assert typed.find("fuel", item="lignite").number("purchased") == 7


def test_lines_are_found_by_their_codes():
    cells_typed = {
        "L1/clinker/1/amount:value": "5",
        "L2/clinker/1/amount:value": "6",
        "fuel.solid/1/opening:value": "1",
    }
    assert renumbered(cells_typed, ["1#", "2#"], ["0#", "1#"]) == {
        "L2/clinker/1/amount:value": "5",
        "fuel.solid/1/opening:value": "1",
    }


def test_what_is_changed_includes_what_is_cleared():
    assert changed({"a": "1", "b": "2"}, {"b": "3", "c": "4"}) == {"a": "", "b": "3", "c": "4"}
    assert laid_over({"a": "1", "b": "2"}, {"a": "", "c": "4"}) == {"b": "2", "c": "4"}
