"""Which supporting files a month needs: the guideline's list against what the month states."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from reporting import evidence
from reporting.content import MEASURED, Content, Datum, Row
from reporting.evidence import needs
from reporting.workbook.forms import form_for
from tests.reporting import months

# Of the months in months.py, which state something in nearly every table.
NEEDED = {
    "steel": {
        *("fuel", "main_fuel", "carbonate", "electrode", "material", "sold", "crude_steel", "main_output"),
        *("ncv", "coal_type", "dry"),
    },
    "cement": {"fuel", "ncv", "clinker", "alternative"},
    "aluminium": {"anode", "metal", "power"},
}
STOP = Datum(Decimal(3))


def codes(content: Content) -> set[str]:
    return {each.code for each in evidence.needed(content)}


@pytest.mark.parametrize("sector", months.MONTHS)
def test_what_a_full_month_needs(sector):
    assert codes(months.MONTHS[sector]()) == NEEDED[sector]


@pytest.mark.parametrize("sector", months.MONTHS)
def test_a_year_needs_none_and_may_have_all(sector):
    year = months.MONTHS[sector]("2024")
    assert codes(year) == set()
    assert {each.strictness for each in evidence.requirements(sector, "2024")} == {"optional"}
    assert {each.code for each in evidence.requirements(sector, "2024")} >= NEEDED[sector]


@pytest.mark.parametrize("sector", months.MONTHS)
def test_a_stop_needs_its_record(sector):
    month = months.MONTHS[sector]()
    stop = Row("stop", month.lines[0], data={"days": STOP})
    assert codes(months.replaced(month, stop)) == NEEDED[sector] | {"stops"}


@pytest.mark.parametrize(
    ("sector", "tables", "spared"),
    [
        ("steel", ["carbonate"], {"carbonate"}),
        ("steel", ["electrode"], {"electrode"}),
        ("steel", ["material"], {"material"}),
        ("steel", ["product"], {"sold", "crude_steel"}),
        ("steel", ["process_in", "process_out"], {"main_fuel"}),
        ("steel", ["process_output"], {"main_output"}),
        ("steel", ["fuel"], {"fuel", "ncv", "coal_type", "dry"}),
        ("cement", ["alternative"], {"alternative"}),
        ("cement", ["clinker"], {"clinker"}),
        ("cement", ["line_fuel", "fuel"], {"fuel", "ncv"}),
        ("aluminium", ["fuel"], set()),  # the process states anode, too
        ("aluminium", ["electrolysis"], {"metal", "power"}),
    ],
)
def test_what_is_not_stated_needs_nothing(sector, tables, spared):
    assert codes(months.without(months.MONTHS[sector](), *tables)) == NEEDED[sector] - spared


def test_a_zero_needs_nothing():
    zeros = [months.row("product", "tar", amount="0"), months.row("product", "crude_steel", amount="0.00")]
    month = months.replaced(months.without(months.steel(), "product"), *zeros)
    assert not codes(month) & {"sold", "crude_steel"}


def test_each_product_sold_needs_its_ledger_and_steel_made_another():
    only = months.without(months.steel(), "product")
    for item, code in (("pig_iron", "sold"), ("crude_benzol", "sold"), ("tar", "sold"), ("crude_steel", "crude_steel")):
        found = codes(months.replaced(only, months.row("product", item, amount="1")))
        assert found & {"sold", "crude_steel"} == {code}


def test_a_default_calorific_value_needs_no_report():
    month = months.without(months.steel(), "fuel")
    ledger = months.ledger("coking_coal", "0", "10", "0", "0", "10")
    default = Datum(Decimal("26.344"), "default")
    assert "ncv" not in codes(
        months.replaced(month, Row("fuel", item="coking_coal", data={**ledger.data, "ncv": default}))
    )
    measured = Datum(Decimal("26.344"), MEASURED)
    assert "ncv" in codes(
        months.replaced(month, Row("fuel", item="coking_coal", data={**ledger.data, "ncv": measured}))
    )


@pytest.mark.parametrize("sector", ["steel", "cement"])
def test_a_tested_batch_needs_its_report(sector):
    batch = Row("batch", item="bituminous", data={"mass": Datum(Decimal(9)), "ncv": Datum(Decimal(22))})
    assert codes(Content(sector, "2025-07", months.UNIT, (), (batch,))) == {"ncv"}


@pytest.mark.parametrize(
    ("item", "purchased", "expected"),
    [
        ("anthracite", "10", {"fuel", "coal_type", "dry"}),
        ("anthracite", "0", {"fuel", "coal_type"}),  # burnt from stock: no purchase whose moisture could be asked for
        ("coke", "10", {"fuel", "dry"}),  # solid, and no coal
        ("diesel", "10", {"fuel"}),
        ("natural_gas", "10", {"fuel"}),
    ],
)
def test_what_a_purchased_fuel_needs(item, purchased, expected):
    content = Content("steel", "2025-07", months.UNIT, ("W1",), (months.ledger(item, "10", purchased, "0", "0", "10"),))
    assert codes(content) == expected


def test_optional_evidence_is_never_needed():
    power = Content(
        "steel", "2025-07", months.UNIT, ("W1",), (months.row("power", "bf_gas_own", line="W1", amount="8000"),)
    )
    coking = months.row("process_in", "coking_coal", line="W1", process="coking", amount="1")
    assert codes(power) == codes(Content("steel", "2025-07", months.UNIT, ("W1",), (coking,))) == set()


def test_where_the_rules_come_from():
    for sector in months.MONTHS:
        for each in evidence.requirements(sector, "2025-07"):
            assert each.assumed == (sector != "steel")
            assert each.strictness in ("mandatory", "auxiliary", "optional")
            assert each.cite
            assert each.cite_zh
            assert all(set(need) <= {"table", "items", "processes", "data", "how", "states"} for need in each.needs)
    assert [auxiliary("steel"), auxiliary("cement"), auxiliary("aluminium")] == [["dry"], [], ["power"]]


def auxiliary(sector: str) -> list[str]:
    return [each.code for each in evidence.requirements(sector, "2025-07") if each.strictness == "auxiliary"]


def test_what_the_law_names_exists():
    """A table, datum, process or fuel that the workbook doesn't ask for would never be met."""
    for sector in months.MONTHS:
        form = form_for(sector, "2025-07")
        groups = [group for group, _per_line in form.groups.values()]
        registers = {register.table: {column.name for column in register.columns} for register in form.registers}
        for each in evidence.requirements(sector, "2025-07"):
            for need in each.needs:
                if need["table"] in registers:
                    assert set(need.get("data", ())) <= registers[need["table"]]
                    continue
                of_table = [group for group in groups if group.table == need["table"]]
                fields = {field.name for group in of_table for field in group.fields}
                fields |= registers.get(need["table"], set())
                assert fields, (sector, each.code, need)
                assert set(need.get("data", ())) <= fields, (sector, each.code, need)
                assert set(need.get("processes", ())) <= {group.process for group in groups}
                items = {item.code for group in of_table for item in group.items}
                assert set(need.get("items", ())) <= items


def test_no_guideline_no_evidence():
    assert evidence.requirements("steel", "2019-07") == ()


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("台账.pdf", ["台账.pdf"]),
        ("台账.pdf；检测报告.pdf", ["台账.pdf", "检测报告.pdf"]),
        (" a.pdf; b.pdf ,c.pdf、d.pdf\ne.pdf，f.pdf", ["a.pdf", "b.pdf", "c.pdf", "d.pdf", "e.pdf", "f.pdf"]),
        ("", []),
        (" ；; ", []),
    ],
)
def test_names_in_a_cell(cell, names):
    assert needs.names_in(cell) == names


def test_a_file_supports_the_data_that_name_it():
    data = {"amount": Datum(Decimal(5), MEASURED, evidence="粗钢.PDF；别的.pdf", sheet="S", cell="E9")}
    other = {"amount": Datum(Decimal(5), MEASURED, evidence="碳酸盐.pdf", sheet="S", cell="E12")}
    content = Content(
        "steel",
        "2025-07",
        months.UNIT,
        (),
        (Row("product", item="crude_steel", data=data), Row("carbonate", item="limestone", data=other)),
    )
    assert needs.supported_by("粗钢.pdf", content) == ["crude_steel"]  # case doesn't matter
    assert needs.supported_by("碳酸盐.pdf", content) == ["carbonate"]
    assert needs.supported_by("粗钢", content) == []


@pytest.mark.parametrize("sector", ["steel", "cement"])
def test_listed_tests_need_their_reports(sector):
    plain = months.without(months.MONTHS[sector](), "line_fuel", "fuel")
    assert "ncv" not in codes(plain)
    assert "ncv" in codes(months.replaced(plain, months.batch("anthracite", "B1", "1", "25")))


def test_a_file_named_beside_a_test_or_a_certificate_supports_it():
    test, known = months.batch("anthracite", "B1", "1", "25"), months.meter("fuel//consumed", item="anthracite")
    test = replace(test, data={**test.data, "report": Datum("JC-1", evidence="JC-1.pdf")})
    known = replace(known, data={**known.data, "calibrated": Datum(dt.date(2025, 5, 1), evidence="PDC.pdf")})
    month = months.replaced(months.steel(), test, known)
    assert needs.supported_by("JC-1.pdf", month) == ["ncv"]
    assert needs.supported_by("PDC.pdf", month) == ["fuel"]
