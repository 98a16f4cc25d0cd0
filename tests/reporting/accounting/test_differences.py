"""What differs between two contents, datum by datum."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from reporting.content import Content, Datum, Row, differences
from reporting.findings import Finding


def content(*rows: Row) -> Content:
    return Content("aluminium", "2025-07", "91", ("P1",), rows)


def row(item="anode", **data: str | Datum) -> Row:
    stated = {
        name: value if isinstance(value, Datum) else Datum(Decimal(value), how="measured")
        for name, value in data.items()
    }
    return Row("fuel", item=item, data=stated)


def kinds(before: Content, after: Content) -> dict[str, str]:
    return {f"{each.key[3]}.{each.name}": each.kind for each in differences.compare(before, after)}


def test_each_kind_of_difference():
    before = content(row(a="1", b="2", c=Datum(Decimal(3), how="measured"), gone="4"))
    after = content(row(a="1", b="2.5", c=Datum(Decimal(3), how="calculated"), new="5"))
    assert kinds(before, after) == {
        "anode.a": "same",
        "anode.b": "changed",
        "anode.c": "noted",
        "anode.new": "added",
        "anode.gone": "gone",
    }


def test_data_stand_where_the_form_has_them_and_what_is_gone_where_it_stood():
    """A row's data are kept by their names: the cells say their order."""

    def at(**cells: str) -> Row:
        return row(**{name: Datum(Decimal(1), cell=cell) for name, cell in cells.items()})

    before = content(at(closing="E9", opening="E6", sold="E8"), row(item="diesel", a="1"), row(item="coke", a="1"))
    after = content(at(closing="E9", opening="E6", purchased="E7", far="AA6"), row(item="coke", a="1"))
    found = [f"{each.key[3]}.{each.name}" for each in differences.compare(before, after)]
    assert found == [
        "anode.opening",
        "anode.sold",
        "anode.far",
        "anode.purchased",
        "anode.closing",
        "diesel.a",
        "coke.a",
    ]


def test_only_what_differs():
    before, after = content(row(a="1", b="2")), content(row(a="1", b="3"))
    assert [each.name for each in differences.changed(differences.compare(before, after))] == ["b"]
    assert differences.changed(differences.compare(before, before)) == []


def test_change_absolute_and_relative():
    (found,) = differences.compare(content(row(a="8")), content(row(a="10")))
    assert (found.absolute, found.relative) == (Decimal(2), Fraction(1, 4))  # (10 − 8) / 8
    (found,) = differences.compare(content(row(a="-8")), content(row(a="-10")))
    assert (found.absolute, found.relative) == (Decimal(-2), Fraction(-1, 4))  # further below zero: a fall
    (found,) = differences.compare(content(row(a="0")), content(row(a="10")))
    assert (found.absolute, found.relative) == (Decimal(10), None)


def test_what_is_not_stated_is_no_zero():
    added, gone = differences.compare(content(row(gone="0")), content(row(new="0")))
    assert (added.absolute, gone.absolute) == (None, None)


def test_the_same_number_written_otherwise_is_the_same():
    assert kinds(content(row(a="1.0")), content(row(a="1.00"))) == {"anode.a": "same"}


def test_texts_compare_as_texts():
    (found,) = differences.compare(content(row(a=Datum("yes"))), content(row(a=Datum("no"))))
    assert (found.kind, found.absolute) == ("changed", None)


def test_a_row_that_went_keeps_its_data_in_sight():
    before, after = content(row(a="1"), row("coke", a="2")), content(row("coke", a="2"))
    assert kinds(before, after) == {"coke.a": "same", "anode.a": "gone"}


def test_of_rows_with_one_key_none_hides_another():
    before, after = content(row(a="1"), row(a="2")), content(row(a="1"), row(a="3"))
    assert [each.kind for each in differences.compare(before, after)] == ["same", "changed"]


def test_notes_that_changed():
    before = content(row(a=Datum(Decimal(1), source="台账", evidence="a.pdf")))
    after = content(row(a=Datum(Decimal(1), source="发票", evidence="a.pdf")))
    (found,) = differences.compare(before, after)
    assert [(change.note, change.before, change.after) for change in found.notes] == [("source", "台账", "发票")]


def test_of_two_months_files_are_not_compared_by_name():
    def told(evidence: str) -> Row:
        return row(a=Datum(Decimal(1), evidence=evidence))

    august = replace(content(told("7月台账.pdf")), period="2025-08")
    (named,) = differences.compare(content(told("6月台账.pdf")), august)
    assert named.kind == "same"
    (lost,) = differences.compare(content(told("6月台账.pdf")), replace(content(told("")), period="2025-08"))
    assert [(change.note, change.before, change.after) for change in lost.notes] == [("evidence", "6月台账.pdf", "")]
    (again,) = differences.compare(content(told("a.pdf")), content(told("b.pdf")))  # versions of one month
    assert again.kind == "noted"


def test_findings_that_appeared_and_disappeared():
    large = Finding("change.large", params={"line": "P1", "found": "31"})
    larger = Finding("change.large", params={"line": "P1", "found": "42"})
    other = Finding("change.large", params={"line": "P2", "found": "31"})
    assert differences.findings_between([large], [larger, other]) == ([other], [])  # another number is no other finding
    assert differences.findings_between([large, other], [larger]) == ([], [other])
    assert differences.findings_between([large], [large, large]) == ([large], [])  # twice is again
