"""Every check with a month that passes, one that fails and one on the edge. The clean months are those of months.py."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.utils.translation import override

from reporting import checks, workbook
from reporting.accounting import account
from reporting.checks import CheckContext, LineFacts
from reporting.checks.plausibility import robust_score
from reporting.content import DEFAULT, MEASURED, Content, Datum, Row, tables
from tests.reporting.months import MONTHS, aluminium, cement, ledger, replaced, row, spec, steel, without


def found(content: Content, context: CheckContext | None = None) -> list[str]:
    """The codes of all findings, sorted."""
    return sorted(finding.code for finding in checks.run(content, account(content), context))


def stop(line: str, days: str) -> Row:
    return Row("stop", line, data={"days": Datum(Decimal(days))})


def facts(*lines: str, **known: Any) -> CheckContext:
    return CheckContext(lines={line: LineFacts(line, **known) for line in lines})


@pytest.mark.parametrize("sector", list(MONTHS))
@pytest.mark.parametrize("period", ["2025-07", "2024"])
def test_a_clean_month_has_no_findings(sector, period):
    assert found(MONTHS[sector](period)) == []


# Lines and periods.


def test_lines_are_those_of_the_registry():
    assert found(cement(), facts("1#", "2#")) == []
    assert found(cement(), facts("1#")) == ["line.unknown"]
    assert found(cement(), facts("1#", "2#", "3#")) == ["line.missing"]


def test_lines_are_told_where_they_stand_or_should_stand():
    content = workbook.read(workbook.filled(spec(cement()), cement()), "month.xlsx").content
    told = checks.run(content, account(content), facts("1#", "3#"))
    unknown, missing = (next(each for each in told if each.code == code) for code in ("line.unknown", "line.missing"))
    assert (unknown.sheet, unknown.cell) == content.headings["2#"]
    last = max(int(each.cell[1:]) for each in content.unstated.values())
    assert (missing.sheet, missing.cell) == (unknown.sheet, f"B{last + 1}")


@pytest.mark.parametrize("sector", list(MONTHS))
def test_what_is_odd_about_a_line_is_told_at_its_output(sector):
    content = workbook.read(workbook.filled(spec(MONTHS[sector]()), MONTHS[sector]()), "month.xlsx").content
    line = content.lines[0]
    table, process, name = tables.of(sector).output
    stated = next(iter(content.table(table, line=line, process=process))).data[name]
    before = replace(content, period="2025-06", rows=content.rows)
    accounts = account(content)
    small = replace(accounts.totals.lines[line], output=Decimal(1), emissions=Decimal(1))
    last = replace(accounts, totals=replace(accounts.totals, lines={line: small}))
    told = checks.run(content, accounts, CheckContext(earlier=(before,), last_accounts=last))
    changes = [each for each in told if each.code == "change.large"]
    assert changes
    assert {(each.sheet, each.cell) for each in changes} == {(stated.sheet, stated.cell)}


def test_a_steel_unit_is_one_works():
    second = steel()
    assert "line.one_works" in found(replace(second, lines=("W1", "W2")))


@pytest.mark.parametrize(("today", "codes"), [(dt.date(2025, 6, 30), ["period.not_begun"]), (dt.date(2025, 7, 1), [])])
def test_a_month_has_begun(today, codes):
    assert found(cement(), CheckContext(today=today)) == codes


@pytest.mark.parametrize(
    ("start", "codes"), [(dt.date(2025, 7, 31), []), (dt.date(2025, 8, 1), ["period.before_entry"])]
)
def test_a_line_does_not_report_before_its_entry(start, codes):
    assert (
        found(cement(), CheckContext(lines={"1#": LineFacts("1#"), "2#": LineFacts("2#", commissioned=start)})) == codes
    )


@pytest.mark.parametrize(("days", "codes"), [("30", []), ("31", ["stop.with_output"]), ("32", ["stop.days"])])
def test_a_stop_is_no_longer_than_the_month_and_leaves_a_day_for_what_was_made(days, codes):
    assert found(replaced(cement(), stop("2#", days))) == codes


@pytest.mark.parametrize("sector", list(MONTHS))
def test_what_a_line_made_in_a_month_of_standing_still_is_found_at_the_days(sector):
    content = MONTHS[sector]()
    days = Datum(Decimal(31), sheet="停产", cell="E7")
    content = replaced(content, Row("stop", content.lines[0], data={"days": days}))
    [finding] = [each for each in checks.run(content, account(content)) if each.code == "stop.with_output"]
    assert (finding.sheet, finding.cell, finding.blocks) == ("停产", "E7", True)


def test_a_restart_before_the_stop_is_found_at_its_day():
    dates = {"stopped": Datum(dt.date(2025, 7, 1)), "restarted": Datum(dt.date(2025, 6, 1), sheet="停产", cell="E9")}
    content = replaced(cement(), Row("stop", "2#", data=dates))
    [finding] = checks.run(content, account(content))
    assert (finding.code, finding.cell, finding.blocks) == ("stop.restart_first", "E9", True)


# Parameters.


def ncv(value: str, how: str = MEASURED, evidence: str = "报告.pdf", amount: str = "13000") -> Row:
    """The first cement line's bituminous coal."""
    data = {"amount": Datum(Decimal(amount), MEASURED), "ncv": Datum(Decimal(value), how, evidence=evidence)}
    return Row("line_fuel", "1#", "", "bituminous", data)


def no_ncv() -> Row:
    return row("line_fuel", "bituminous", line="1#", amount="13000")


@pytest.mark.parametrize(
    ("stated", "how", "codes"),
    [
        ("28.435", DEFAULT, []),
        ("28.435", MEASURED, ["default.overwritten"]),
        ("28.436", DEFAULT, ["default.overwritten"]),
        ("28.436", MEASURED, ["default.overwritten"]),
    ],
)
def test_coke_has_its_default_calorific_value(stated, how, codes):
    coke = ledger("coke_purchased", "3000", "20000", "5000", "2000", "16000", moisture="6", dry="15040")
    coke = Row(
        "fuel", item="coke_purchased", data={**coke.data, "ncv": Datum(Decimal(stated), how, evidence="报告.pdf")}
    )
    assert found(replaced(steel(), coke)) == codes


@pytest.mark.parametrize(("stated", "codes"), [("23.076", []), ("23.077", ["default.overwritten"])])
def test_a_default_that_is_announced_is_the_default(stated, codes):
    assert found(replaced(cement(), ncv(stated, DEFAULT))) == codes


def test_only_coke_oven_gas_is_chemical_feedstock():
    gas = ledger("natural_gas", "0", "200", "0", "0", "200", feedstock="1")
    assert found(replaced(steel(), gas)) == ["feedstock.not_allowed"]


def test_a_measured_value_has_a_report():
    assert found(replaced(cement(), ncv("22.5", evidence=""))) == ["report.missing"]


@pytest.mark.parametrize(
    ("now", "before", "period", "codes"),
    [
        (ncv("22.6"), ncv("22.5"), "2025-06", []),
        (no_ncv(), no_ncv(), "2025-06", []),
        (ncv("22.6"), no_ncv(), "2025-06", ["ncv.choice_changed"]),
        (no_ncv(), ncv("22.5"), "2025-06", ["ncv.choice_changed"]),
        (ncv("22.6"), no_ncv(), "2024-12", []),  # a new year, a new choice
        (no_ncv(), ncv("22.5"), "2024-12", ["ncv.went_back"]),
        (ncv("22.6"), ncv("23.076", DEFAULT), "2025-06", ["ncv.choice_changed"]),
    ],
)
def test_the_choice_to_measure_holds(now, before, period, codes):
    earlier = replaced(cement(period), before)
    codes_found = found(replaced(cement("2025-07"), now), CheckContext(earlier=(earlier,)))
    assert [code for code in codes_found if code.startswith("ncv.")] == codes


def test_a_fuel_that_was_not_used_made_no_choice():
    earlier = replaced(cement("2025-06"), row("line_fuel", "bituminous", line="1#", amount="0"))
    assert "ncv.choice_changed" not in found(cement(), CheckContext(earlier=(earlier,)))


@pytest.mark.parametrize(
    ("stated", "codes"),
    [
        ("28.845", []),  # 23.076 × 1.25 = 28.845, the edge
        ("28.846", ["ncv.far_from_default"]),
        ("17.307", []),  # 23.076 × 0.75 = 17.307
        ("17.306", ["ncv.far_from_default"]),
    ],
)
def test_a_measured_value_far_from_its_default(stated, codes):
    content = replaced(cement(), ncv(stated))
    assert [code for code in found(content) if code.startswith("ncv.")] == codes


@pytest.mark.parametrize(
    ("before", "codes"),
    [([], []), (["22.5"], []), (["22.5", "22.5"], ["ncv.repeated"]), (["22.4", "22.5", "22.5"], [])],
)
def test_the_same_measured_value_month_after_month(before, codes):
    earlier = tuple(replaced(cement(f"2025-0{6 - back}"), ncv(value)) for back, value in enumerate(before))
    codes_found = found(cement(), CheckContext(earlier=earlier))
    assert [code for code in codes_found if code.startswith("ncv.")] == codes


# Ledgers.


@pytest.mark.parametrize(
    ("consumed", "codes"), [("13000", []), ("13000.01", ["ledger.broken"]), ("12999.99", ["ledger.broken"])]
)
def test_a_ledger_adds_up(consumed, codes):
    content = replaced(cement(), ledger("bituminous", "2000", "14000", "0", "3000", consumed))
    assert [code for code in found(content) if code.startswith("ledger.")] == codes


def test_a_ledger_says_what_was_consumed():
    assert found(replaced(cement(), row("fuel", "lignite", opening="5"))) == ["value.missing"]


STOCKS = [
    ("2000", []),
    ("1999.99", ["ledger.discontinuous"]),
    ("0", ["ledger.discontinuous"]),
]


@pytest.mark.parametrize(("closing", "codes"), STOCKS)
def test_stock_continues(closing, codes):
    june = Content("cement", "2025-06", cement().unit, ("1#", "2#"), tuple(stock_of_june(closing)))
    assert found(cement(), CheckContext(earlier=(june,))) == codes


def stock_of_june(coal: str) -> list[Row]:
    closing = {"bituminous": coal, "anthracite": "500", "diesel": "5"}
    return [row("fuel", item, closing=stock, consumed="0") for item, stock in closing.items()]


def test_stock_that_vanishes_is_told():
    june = Content(
        "cement", "2025-06", cement().unit, (), (*stock_of_june("2000"), row("fuel", "lignite", closing="7"))
    )
    assert found(cement(), CheckContext(earlier=(june,))) == ["ledger.discontinuous"]


def test_stock_is_compared_with_the_month_directly_before_only():
    may = Content("cement", "2025-05", cement().unit, (), tuple(stock_of_june("1")))
    assert found(cement(), CheckContext(earlier=(may,))) == []
    assert found(cement("2024"), CheckContext(earlier=(may,))) == []


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        # cement: 13,000 t into the line, 13,000 t consumed by the ledger
        (
            replaced(cement(), row("line_fuel", "bituminous", line="1#", amount="13000.01", ncv="22.5")),
            ["use.above_supply"],
        ),
        # steel: 94,000 of own coke used; 95,000 made and 1,500 of fines, which may be of either origin
        (replaced(steel(), row("process_in", "coke_own", line="W1", process="ironmaking", amount="96500")), []),
        (
            replaced(steel(), row("process_in", "coke_own", line="W1", process="ironmaking", amount="96500.01")),
            ["use.above_supply"],
        ),
        # own gas: 500 + 8,000 used of 20,000 made; a power unit counts too
        (replaced(steel(), row("power", "bf_gas_own", line="W1", amount="19500.01")), ["use.above_supply"]),
        # aluminium: 8,613.27 + 12,000.01 against 20,613.27
        (replaced(aluminium(), row("electrolysis", line="A2", anode="12000.01", amount="25000")), ["use.above_supply"]),
        # a fuel that no ledger knows
        (replaced(cement(), row("line_fuel", "natural_gas", line="1#", amount="1")), ["use.above_supply"]),
    ],
    ids=["cement", "steel edge", "steel", "own gas", "aluminium", "not bought"],
)
def test_supply_covers_use(content, codes):
    assert found(content) == codes


MISSING = {
    "steel": (("process_output", "product"), 3),  # iron, sinter, crude steel
    "cement": (("clinker",), 2),  # of each line
    "aluminium": (("electrolysis",), 4),  # anode and metal of each process
}


@pytest.mark.parametrize("sector", list(MISSING))
def test_what_must_be_stated(sector):
    tables, many = MISSING[sector]
    assert Counter(found(without(MONTHS[sector](), *tables)))["value.missing"] == many


def test_a_line_that_stood_still_all_month_states_no_output():
    content = replaced(without(aluminium(), "electrolysis", "fuel"), stop("A1", "31"), stop("A2", "31"))
    assert found(content) == []


def test_a_zero_is_a_statement():
    content = replaced(without(cement(), "clinker", "line_fuel", "alternative"))
    rows = [row("clinker", "portland", line=line, amount="0") for line in ("1#", "2#")]
    assert found(replaced(content, *rows)) == []


def test_output_goes_with_fuel():
    assert "output.without_fuel" in found(without(cement(), "line_fuel"))
    no_output = replaced(cement(), row("clinker", "white", line="2#", amount="0"))
    assert found(no_output) == ["fuel.without_output"]
    assert found(replaced(no_output, stop("2#", "1"))) == []


def test_steel_output_goes_with_fuel_into_ironmaking():
    content = replaced(
        steel(),
        *(
            row("process_in", item, line="W1", process="ironmaking", amount="0")
            for item in ("coke_purchased", "coke_own", "anthracite")
        ),
    )
    assert "output.without_fuel" in found(content)


# Plausibility.

CAPACITY = [
    # 2,688.18 t/d × 31 d × 1.2 = 100,000.296; 2,688.17 gives 99,999.924
    (cement(), "1#", "2688.18", []),
    (cement(), "1#", "2688.17", ["output.above_capacity"]),
    # 290,000 t: 284.55 × 10,000 / 365 × 31 × 1.2 = 290,007.1…; 284.54 gives 289,996.9…
    (steel(), "W1", "284.55", []),
    (steel(), "W1", "284.54", ["output.above_capacity"]),
    # 25,000 t: 245,296 / 365 × 31 × 1.2 = 25,000.03…; 245,295 gives 24,999.93…
    (aluminium(), "A2", "245296", []),
    (aluminium(), "A2", "245295", ["output.above_capacity"]),
]


@pytest.mark.parametrize(("content", "line", "capacity", "codes"), CAPACITY)
def test_output_fits_approved_capacity(content, line, capacity, codes):
    known = {code: LineFacts(code) for code in content.lines} | {line: LineFacts(line, capacity=Decimal(capacity))}
    assert found(content, CheckContext(lines=known)) == codes


MORE_ANODE = ledger("anode", "0", "30000", "0", "0", "30000")


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        # 20,000 t clinker with 3,000 t anthracite: 17,845.60 t / 20,000 = 0.8923, 68,601 GJ / 20,000 = 3.43
        (replaced(cement(), row("clinker", "white", line="2#", amount="23655")), []),  # 2.9001 GJ/t
        (replaced(cement(), row("clinker", "white", line="2#", amount="23656")), ["heat.out_of_band"]),  # 2.89994
        # 68,601 / 17,590 = 3.9 exactly
        (replaced(cement(), row("clinker", "white", line="2#", amount="17590")), []),
        (replaced(cement(), row("clinker", "white", line="2#", amount="17589")), ["heat.out_of_band"]),
        # 1#: 27,828.23 + 53,500 − 2,400 − 8,928.23 = 69,999.98… → 70,000 t, exactly 0.70
        (replaced(cement(), row("alternative", "steel_slag", line="1#", amount="41526.65")), []),
        (
            replaced(cement(), row("alternative", "steel_slag", line="1#", amount="41530")),
            ["intensity.out_of_band"],
        ),  # 69,999
        # gross anode: 13,000 / 25,000 = 0.52
        (replaced(aluminium(), row("electrolysis", line="A2", anode="13000", amount="25000"), MORE_ANODE), []),
        (
            replaced(aluminium(), row("electrolysis", line="A2", anode="13000.01", amount="25000"), MORE_ANODE),
            ["anode.out_of_band"],
        ),
    ],
)
def test_bands(content, codes):
    assert found(content) == codes


def test_a_line_of_a_special_kind_has_no_band():
    content = replaced(cement(), row("clinker", "white", line="2#", amount="23656"))
    known = {"1#": LineFacts("1#"), "2#": LineFacts("2#", kind="white")}
    assert found(content, CheckContext(lines=known)) == []


CHANGES = [
    # metal 25,000 in June; E_anode of 12,000 t stays 36,425.10
    ("30000", "14400", []),  # exactly +20 % of output; emissions 43,710.12 + 4,344.30 = 48,054.42 → 48,054, +20.0 %
    ("30000.01", "14400", ["change.large"]),
    ("20000", "9600", []),  # exactly −20 %: 29,140.08 + 2,896.20 = 32,036.28 → 32,036 = 0.8 × 40,045
    ("19999.99", "9600", ["change.large"]),
]


@pytest.mark.parametrize(("metal", "anode", "codes"), CHANGES)
def test_change_against_last_month(metal, anode, codes):
    june, july = aluminium("2025-06"), replaced(aluminium(), row("electrolysis", line="A2", anode=anode, amount=metal))
    context = CheckContext(earlier=(june,), last_accounts=account(june))
    assert [code for code in found(july, context) if code.startswith("change.")] == codes


def intensities(*values: str) -> CheckContext:
    return CheckContext(intensities={"A2": tuple(Decimal(value) for value in values)})


USUAL = ("1.6000", "1.6010", "1.6020", "1.6030", "1.6040", "1.6050")


def test_an_outlier_among_its_own_months():
    # A2 is at 40,045 / 25,000 = 1.6018; median 1.6025, distances 25, 15, 5, 5, 15, 25 → 15: score 0.6745 × 7 / 15 = 0.3
    assert found(aluminium(), intensities(*USUAL)) == []
    # half a thousandth apart around 1.5000: 0.6745 × 0.1018 / 0.00015 = 457
    assert found(aluminium(), intensities(*(f"1.500{digit}" for digit in range(6)))) == ["intensity.outlier"]
    assert found(aluminium(), intensities(*(f"1.500{digit}" for digit in range(5)))) == []  # too few months


def test_the_robust_score():
    others = [Fraction(each) for each in (1, 2, 3, 4, 5)]  # median 3, distances 2 1 0 1 2 → 1
    assert robust_score(Fraction(8), others) == Fraction(6745, 10_000) * 5
    assert robust_score(Fraction(8), [Fraction(3)] * 5) is None  # nothing varies


def test_findings_say_where():
    content = replaced(cement(), ncv("22.5", evidence=""))
    data: Any = content.find("line_fuel", "1#", "", "bituminous").data
    data["ncv"] = replace(data["ncv"], sheet="S", cell="E9")
    [finding] = checks.run(content, account(content))
    assert (finding.sheet, finding.cell) == ("S", "E9")
    for language, named in (("zh-hans", "1# · 烟煤："), ("en", "1# · bituminous coal:")):
        with override(language):
            assert finding.message.startswith(named)


def test_what_is_stated_dry_is_explained():
    wet = ledger("anthracite", "0", "40000", "0", "0", "40000", moisture="8.5", dry="40000")
    content = replaced(steel(), wet)
    [finding] = [each for each in checks.run(content, account(content)) if each.code.startswith("dry.")]
    assert {name: finding.params[name] for name in ("use", "moisture", "expected", "dry")} == {
        "use": "40000",
        "moisture": "8.5",
        "expected": "36600.00",
        "dry": "40000",
    }


def test_own_coke_sold_net_is_dry_in_the_negative_too():
    """−15,000 t with 6 % are −14,100 t dry; 14,100 t would be another way."""
    for dry, codes in (("-14100", []), ("14100", ["dry.not_from_moisture"])):
        sold = ledger("coke_own", "0", "0", "15000", "0", "-15000", moisture="6", dry=dry)
        assert [code for code in found(replaced(steel(), sold)) if code.startswith("dry.")] == codes


def test_a_year_is_not_asked_for_the_dry_basis():
    year = replaced(steel("2024"), ledger("anthracite", "0", "40000", "0", "0", "40000"))
    assert "value.missing" not in found(year)
