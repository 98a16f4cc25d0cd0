"""What accounting and the year do at their edges: nothing stated, nothing used, one month without, a fuel both bought and sold.

Heat of coke-oven gas to tonnes: × 0.0121 × 44/12. Portland clinker 0.535, white 0.55, carbide slag 0.48 tCO2/t.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from reporting.accounting import account, account_year, calibration, cited, differences, items, spans, year_content
from reporting.accounting.causes import Reckoned, compare
from reporting.accounting.equations import Penalty
from reporting.accounting.terms import PROCESS, Accounts, LineTotal, Term, Totals
from reporting.content import CALCULATED, DEFAULT, MEASURED, Content, Datum, Row
from reporting.guidelines import for_period
from tests.reporting.months import batch, ledger, meter, replaced, row

JANUARY, FEBRUARY, MARCH = "2025-01", "2025-02", "2025-03"


def works(period: str, *rows: Row, lines: tuple[str, ...] = ("W1",)) -> Content:
    return Content("steel", period, "U", lines, rows)


def kiln(period: str, *rows: Row, lines: tuple[str, ...] = ("1#",)) -> Content:
    return Content("cement", period, "U", lines, rows)


def coal(used: str, ncv: str = "", **more: str) -> Row:
    return ledger("anthracite", "0", used, "0", "0", used, ncv=ncv, **more)


def oven_gas(net: str, ncv: str = "") -> Row:
    return ledger("coke_oven_gas", "0", "0", "0", "0", net, ncv=ncv)


def charged(amount: str, ncv: str = "") -> Row:
    return row("process_in", "anthracite", line="W1", process="ironmaking", amount=amount, ncv=ncv)


def said_to_be(how: str, stated: Row, name: str) -> Row:
    return replace(stated, data={**stated.data, name: replace(stated.data[name], how=how)})


def fuel_rows(*months: Content) -> dict[str, Row]:
    """The year's rows of the fuel ledger, by their part."""
    return {each.part: each for each in year_content(months).table("fuel")}


def written(figures: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: f"{figure:f}" for name, figure in figures.items()}


# Which months make a year


@pytest.mark.parametrize(
    ("months", "why"),
    [
        ([], "^a year needs at least one month$"),
        ([works(JANUARY), kiln(FEBRUARY)], "^the months are not of one sector, unit and year$"),
        ([works(JANUARY), works(JANUARY)], "^every month can stand in the year only once, and a year in none$"),
        ([works("2025")], "^every month can stand in the year only once, and a year in none$"),
    ],
)
def test_what_makes_no_year_is_told_apart(months, why):
    with pytest.raises(ValueError, match=why):
        year_content(months)


# A fuel that was bought in some months, net, and sold in others


@pytest.mark.parametrize(
    ("net", "parts"),
    [
        (["100", "0"], {""}),  # nothing was sold in a month that used nothing
        (["100", "0.5"], {""}),  # nor in one that used little
        (["-100", "0"], {""}),  # nothing was bought
        (["-100", "0.5"], {"", "net_sold"}),
        (["-100", "1"], {"", "net_sold"}),
    ],
)
def test_a_fuel_has_two_rows_only_where_it_was_bought_and_sold(net, parts):
    months = [works(period, oven_gas(each, "170")) for period, each in zip((JANUARY, FEBRUARY), net, strict=True)]
    assert set(fuel_rows(*months)) == parts
    assert len(year_content(months).rows) == len(parts)


def test_what_is_no_fuel_has_one_row():
    months = [kiln(period, row("clinker", "portland", line="1#", amount="100")) for period in (JANUARY, FEBRUARY)]
    assert [each.amount() for each in year_content(months).rows] == [200]


def test_a_month_that_used_nothing_stands_with_what_was_bought():
    found = fuel_rows(
        works(JANUARY, oven_gas("-100", "170")),
        works(FEBRUARY, oven_gas("0.5", "170")),
        works(MARCH, ledger("coke_oven_gas", "0", "10", "10", "0", "0")),
    )
    assert (found[""].amount("purchased"), found[""].amount("consumed")) == (10, Decimal("0.5"))
    assert (found["net_sold"].amount("purchased"), found["net_sold"].amount("consumed")) == (0, -100)


# 300,000 at the mean 170.0007 → 170.001 is 51,000,300 GJ; the months have 17,000,000 + 34,000,200. 100 GJ × 0.0121 × 44/12 = 4.44 t.
TWO_MONTHS = ("100000", "170"), ("200000", "170.001")


@pytest.mark.parametrize(
    ("way", "third", "sign"),
    [
        ("-", "1000", "-4.44"),
        ("-", "1", "-4.44"),
        ("-", "0", "0.00"),  # sold only: the same is rounding
        ("", "0", "0.00"),
        ("", "0.5", "0.00"),
    ],
)
def test_only_what_was_bought_and_sold_differs_by_its_sign(way, third, sign):
    (first, low), (second, high) = TWO_MONTHS
    months = [
        works(JANUARY, oven_gas(way + first, low)),
        works(FEBRUARY, oven_gas(way + second, high)),
        works(MARCH, oven_gas(third, "180")),
    ]
    found = differences(months)[0]
    assert found.as_json()["sign"] == sign
    assert found.rounding == found.difference - Decimal(sign)


# The year beside its months


def test_each_line_is_made_of_its_own_terms():
    month = kiln(
        JANUARY,
        row("clinker", "portland", line="1#", amount="10000"),
        row("clinker", "portland", line="2#", amount="2000"),
        lines=("1#", "2#"),
    )
    # 10,000 × 0.535 and 2,000 × 0.535; a cement unit has no terms but its lines'.
    terms = {each.code: (each.year_terms, each.months_terms) for each in differences([month])}
    assert terms == {"": (6420, 6420), "1#": (5350, 5350), "2#": (1070, 1070)}


def test_a_works_is_made_of_its_own_balance_and_not_of_its_processes():
    found = {each.code: each.year_terms for each in differences([works(JANUARY, coal("1000", "25"), charged("400"))])}
    # 1,000 × 25 × 0.02749 × 44/12; of it 400 at the ledger's 25 in ironmaking.
    assert (found[""], found["W1"]) == (Decimal("2519.92"), Decimal("2519.92"))
    assert (found["ironmaking"], found["other"]) == (Decimal("1007.97"), Decimal("1511.95"))


def test_a_month_before_a_line_began_has_none_of_its_tonnes():
    clinker = row("clinker", "portland", line="2#", amount="2000")
    months = [kiln(JANUARY), kiln(FEBRUARY, clinker, lines=("1#", "2#"))]
    found = {each.code: (each.year, each.months) for each in differences(months)}
    assert found == {"": (1070, 1070), "1#": (0, 0), "2#": (1070, 1070)}


def test_a_month_that_does_not_speak_of_a_process_has_none_of_its_tonnes():
    def accounts(tonnes: int, processes: dict[str, Decimal], *terms: Term) -> Accounts:
        return Accounts(terms, Totals(Decimal(tonnes), None, None, {}, processes))

    term = Term(PROCESS, "W1", "ironmaking.in.coke", "", {}, Decimal(7), "")
    year = accounts(7, {"ironmaking": Decimal(7)}, term)
    found = Reckoned(year, [accounts(7, {"ironmaking": Decimal(7)}, term), accounts(0, {})])
    _enterprise, process = compare([], found, lambda _contents: found)
    assert (process.code, process.year, process.months) == ("ironmaking", 7, 7)


def test_a_year_that_is_accounted_already_is_taken():
    month = kiln(JANUARY, row("clinker", "portland", line="1#", amount="1000"))
    twice = kiln(JANUARY, row("clinker", "portland", line="1#", amount="2000"))
    # 1,000 × 0.535 and the double
    assert [each.year for each in differences([month], account(twice))] == [1070, 1070]


@pytest.mark.parametrize("sector", ["cement", "aluminium", "flat_glass"])
def test_a_unit_that_states_nothing_has_whole_tonnes_of_nothing(sector):
    [found] = differences([Content(sector, JANUARY, "U")])
    assert {name: found.as_json()[name] for name in ("year", "months")} == {"year": "0", "months": "0"}
    assert found.as_json()["year_terms"] == found.as_json()["months_terms"] == "0.00"


# Net calorific values and moisture of the year


def test_of_several_months_without_consumption_the_last_value_stands():
    months = [works(period, coal("0", ncv)) for period, ncv in ((JANUARY, "24"), (FEBRUARY, "26"), (MARCH, "28"))]
    assert fuel_rows(*months)[""].number("ncv") == 28


def test_moisture_is_weighted_by_all_that_was_consumed_and_has_two_decimals():
    found = fuel_rows(
        works(JANUARY, coal("100", "24", moisture="8", excluded="60")),
        works(FEBRUARY, coal("200", "26", moisture="10")),
    )[""]
    # (100 × 8 + 200 × 10) / 300; the heat goes by the net amounts: (40 × 24 + 200 × 26) / 240
    assert (str(found.number("moisture")), str(found.number("ncv"))) == ("9.33", "25.667")


def test_a_fuel_that_the_guideline_does_not_know_keeps_its_own_value():
    def month(period: str, used: str, ncv: str) -> Content:
        return works(period, ledger("peat", "0", used, "0", "0", used, ncv=ncv))

    # (100 × 20 + 300 × 24) / 400
    found = fuel_rows(month(JANUARY, "100", "20"), month(FEBRUARY, "300", "24"))[""]
    assert (found.number("ncv"), found.data["ncv"].how) == (23, MEASURED)


@pytest.mark.parametrize(
    ("of_the_ledger", "own", "how"),
    [("25", "", MEASURED), ("", "26", MEASURED), ("", "", DEFAULT), ("25", "26", MEASURED)],
)
def test_a_process_says_how_the_value_that_it_takes_was_obtained(of_the_ledger, own, how):
    month = works(JANUARY, coal("100", of_the_ledger), charged("100", own))
    [found] = year_content([month]).table("process_in")
    assert found.data["ncv"].how == how


@pytest.mark.parametrize(
    ("hows", "how"),
    [
        ((DEFAULT, DEFAULT), DEFAULT),
        ((DEFAULT, MEASURED), MEASURED),
        ((MEASURED, DEFAULT), MEASURED),
        ((CALCULATED, DEFAULT), CALCULATED),
    ],
)
def test_a_year_is_measured_where_some_month_was(hows, how):
    first, second = (said_to_be(each, coal("100", "25"), "ncv") for each in hows)
    assert fuel_rows(works(JANUARY, first), works(FEBRUARY, second))[""].data["ncv"].how == how


def test_a_line_stood_from_its_first_stop_to_its_last_restart():
    def stop(stopped: dt.date, restarted: dt.date) -> Row:
        return Row("stop", "1#", data={"stopped": Datum(stopped), "restarted": Datum(restarted)})

    months = [
        kiln(JANUARY, stop(dt.date(2025, 1, 10), dt.date(2025, 1, 20))),
        kiln(FEBRUARY, stop(dt.date(2025, 2, 3), dt.date(2025, 2, 9))),
    ]
    [found] = year_content(months).table("stop")
    assert (found.day("stopped"), found.day("restarted")) == (dt.date(2025, 1, 10), dt.date(2025, 2, 9))


# Meters


def test_what_a_meter_cost_is_calculated():
    scale = meter("clinker//amount", item="portland", line="1#")
    [found] = year_content([kiln(JANUARY, row("clinker", "portland", line="1#", amount="1000"), scale)]).rows
    # a belt scale without a certificate: 0.5 % of 1,000 t
    assert found.data["amount_penalty"] == Datum(Decimal("5.00"), CALCULATED)


def test_an_uncertain_meter_of_nothing_costs_nothing():
    month = works(JANUARY, row("product", "crude_steel", amount="0"), meter("product//amount", item="crude_steel"))
    assert account_year(spans([month])).totals.lines["W1"].details["crude_steel"] == 0


def test_nobody_gains_by_an_uncertain_meter_of_a_negative_quantity():
    made = row("clinker", "portland", line="1#", amount="-100")
    slag = row("alternative", "carbide_slag", line="1#", amount="-100")
    month = kiln(
        JANUARY,
        made,
        slag,
        meter("clinker//amount", item="portland", line="1#"),
        meter("alternative//amount", item="carbide_slag", line="1#"),
    )
    # as output −100 × (1 + 0.5 %); taken back from the deduction 100 × (1 + 0.5 %) × 0.48
    assert calibration.output_of(month, made, for_period("cement", JANUARY)) == Decimal("-100.50")
    [term] = [each for each in account(month).terms if each.source == "alternative.carbide_slag"]
    assert term.emissions == Decimal("48.24")


def test_a_certificate_that_is_not_known_to_have_begun_says_nothing():
    """What is valid after the month is no earlier certificate, and the day on which it began is not stated."""
    guideline = for_period("cement", JANUARY)
    for last, premature in ((dt.date(2025, 1, 31), False), (dt.date(2025, 2, 1), True)):
        found = meter("clinker//amount", item="portland", line="1#", before=last)
        assert calibration.is_premature(found, JANUARY) is premature
        assert calibration.covered_days(found, JANUARY, guideline) == (0, 31 if premature else 0, 31)


def test_a_certificate_of_later_covers_no_day():
    later = meter("clinker//amount", item="portland", line="1#", error="2", calibrated=dt.date(2025, 2, 1))
    guideline = for_period("cement", JANUARY)
    assert calibration.covered_days(later, JANUARY, guideline) == (0, 31, 31)
    # The known error is above the required 0.5 %, so it counts, and on all days alike.
    assert calibration.rate(later, JANUARY, guideline) == Penalty(Fraction(2, 100), "2%")


@pytest.mark.parametrize(
    ("amount", "error", "counted"),
    [
        ("0.5", "50", "0.25"),  # less than a tonne is an output all the same: 0.5 × (1 − 50 %)
        ("1000", "150", "0.00"),  # and a scale that is wrong by more than all leaves nothing, not less
    ],
)
def test_an_output_is_never_more_for_its_meter_and_never_less_than_nothing(amount, error, counted):
    made = row("clinker", "portland", line="1#", amount=amount)
    month = kiln(JANUARY, made, meter("clinker//amount", item="portland", line="1#", error=error))
    assert str(calibration.output_of(month, made, for_period("cement", JANUARY))) == counted


# Tests and citations


@pytest.mark.parametrize(("day", "ncv"), [(31, "26"), (32, "25.024")])
def test_what_was_sampled_on_the_last_day_was_used_in_the_month(day, ncv):
    sampled = dt.date(2025, 1, 1) + dt.timedelta(days=day - 1)
    tested = batch("anthracite", "B1", "100", "26", sampled=sampled, reported=dt.date(2025, 2, 9))
    # of February it isn't January's, which then has the default
    assert fuel_rows(replaced(works(JANUARY, coal("100")), tested))[""].number("ncv") == Decimal(ncv)


def test_a_citation_has_its_unit():
    guideline = for_period("steel", JANUARY)
    [term] = [each for each in account(works(JANUARY, coal("100"))).terms if each.source == "fuel.anthracite"]
    units = {name: each.unit for name, each in cited(term, guideline).items()}
    assert units == {"NCV": "GJ/t", "CC": "tC/GJ"}
    # A term that was kept without its calorific value has that of no table.
    kept = replace(term, inputs={"CC": term.inputs["CC"]})
    assert set(cited(kept, guideline)) == {"CC"}


# Cement, aluminium and steel by themselves


def test_all_that_is_said_of_a_clinker_line():
    month = kiln(
        JANUARY,
        row("clinker", "portland", line="1#", amount="10000"),
        row("alternative", "carbide_slag", line="1#", amount="1000"),
        lines=("1#", "2#"),
    )
    found = account(month)
    # 10,000 × 0.535 − 1,000 × 0.48
    assert written(found.totals.lines["1#"].details) == {
        "fuel": "0",
        "process": "4870.00",
        "carbide_slag": "1000.00",
        "carbide_slag_factor": "0.4800",
        "clinker_factor": "0.5350",
    }
    assert written(found.totals.lines["2#"].details) == {
        "fuel": "0",
        "process": "0",
        "carbide_slag": "0",
        "carbide_slag_factor": "0.48",
    }
    assert f"{found.totals.lines['2#'].output:f}" == "0"
    assert [(each.source, each.formula) for each in found.terms] == [
        ("clinker.portland", "Q × EF"),
        ("alternative.carbide_slag", "−M × D"),
    ]


@pytest.mark.parametrize(
    ("clinker", "slag", "floor"),
    [
        ("", "", None),  # nothing
        ("1", "", None),  # 0.54 t
        ("48", "53.5", None),  # 48 × 0.535 − 53.5 × 0.48 = 0
        ("1", "1000", "479.46"),  # 0.54 − 480.00
    ],
)
def test_only_a_process_part_below_zero_is_kept_from_it(clinker, slag, floor):
    rows = [row("clinker", "portland", line="1#", amount=clinker)] if clinker else []
    rows += [row("alternative", "carbide_slag", line="1#", amount=slag)] if slag else []
    found = [each for each in account(kiln(JANUARY, *rows)).terms if each.source == "process_floor"]
    assert [(each.formula, each.inputs, each.emissions) for each in found] == (
        [("max(0, P) − P", {"P": f"-{floor}"}, Decimal(floor))] if floor else []
    )


def test_clinker_of_which_nothing_counts_keeps_its_factor():
    """Scales that are known to be wrong by 100 % leave no output: the last kind's factor stands."""
    kinds = ("portland", "sulphoaluminate", "white")
    month = kiln(
        JANUARY,
        *(row("clinker", kind, line="1#", amount="1000") for kind in kinds),
        *(meter("clinker//amount", item=kind, line="1#", error="100") for kind in kinds),
    )
    line = account(month).totals.lines["1#"]
    assert (line.output, line.details["clinker_factor"], line.exact_intensity) == (0, Decimal("0.5500"), None)


def test_what_no_guideline_knows_counts_nothing():
    def strange(table: str, **where: str) -> Row:
        return row(table, "unknown", amount="100", consumed="100", **where)

    steel = works(
        JANUARY,
        *map(strange, ("fuel", "carbonate", "electrode", "material", "product")),
        strange("process_in", line="W1", process="ironmaking"),
        strange("process_out", line="W1", process="ironmaking"),
        strange("power", line="W1"),
    )
    assert [(each.source, each.emissions) for each in account(steel).terms] == [("other", 0)]
    cement = kiln(JANUARY, *(strange(table, line="1#") for table in ("line_fuel", "clinker", "alternative")))
    assert account(cement).terms == ()


def test_all_that_is_said_of_a_works():
    found = account(works(JANUARY, coal("1000", "25"), charged("400"))).totals.lines["W1"]
    assert written(found.details) == {"ironmaking": "1008", "sintering": "0", "crude_steel": "0"}
    assert f"{found.output:f}" == "0"


def test_what_leaves_a_process_has_its_sign_in_the_formula():
    left = row("process_out", "coke_oven_gas", line="W1", process="coking", amount="10")
    formulas = {each.source: each.formula for each in account(works(JANUARY, charged("400"), left)).terms}
    assert formulas["ironmaking.in.anthracite"] == "FC × NCV × CC × 44/12"
    assert formulas["coking.out.coke_oven_gas"] == "−FC × NCV × CC × 44/12"


def test_a_works_is_one_line():
    def made(line: str, amount: str) -> Row:
        return row("process_output", line=line, process="ironmaking", amount=amount)

    found = account(works(JANUARY, made("W1", "1000"), made("W2", "500"), lines=("W1", "W2"))).totals.lines
    assert {code: line.output for code, line in found.items()} == {"W1": 1000}


@pytest.mark.parametrize("lines", [("W1",), ()])
def test_the_rest_of_a_works_that_states_nothing(lines):
    [rest] = account(works(JANUARY, lines=lines)).terms
    assert (rest.line, rest.source, rest.formula) == ("".join(lines), "other", "E − ΣE_j − ΣE_x")
    assert rest.inputs == {"E": "0", "ΣE_j + ΣE_x": "0"}
    assert rest.article == for_period("steel", JANUARY).article("other")


def test_all_that_is_said_of_melting_lines():
    """Each line has its own terms, meters and output; what no guideline knows counts nothing."""
    month = Content(
        "flat_glass",
        JANUARY,
        "U",
        ("G1", "G2", "G3"),
        (
            row("line_fuel", "natural_gas", line="G1", amount="100"),
            row("line_fuel", "unknown", line="G1", amount="100"),
            row("carbonate", "limestone", line="G1", amount="1000"),
            row("carbonate", "unknown", line="G1", amount="1000"),
            row("carbonate", "limestone", line="G2", amount="2000"),
            row("carbon", "carbon_powder", line="G2", amount="15"),
            row("carbon", "carbon_powder", line="G1", amount="0"),
            row("glass", line="G1", amount="3000"),
            row("glass", line="G2", amount="4000"),
            meter("line_fuel//amount", item="natural_gas", line="G1"),
            meter("carbonate//amount", item="limestone", line="G2"),
            meter("glass//amount", line="G2"),
        ),
    )
    found, guideline = account(month), for_period("flat_glass", JANUARY)
    # 100 × (1 + 2 %) × 389.31 × 0.01532 × 0.99 × 44/12; 1,000 × 0.4397; 2,000 × (1 + 0.5 %) × 0.4397; 15 × 1 × 44/12
    fuel = {"FC": "100.00", "p": "2%", "NCV": "389.310", "CC": "0.01532", "OF": "99%"}
    assert found.terms == (
        Term(
            "line",
            "G1",
            "fuel.natural_gas",
            "FC × (1 + p) × NCV × CC × OF × 44/12",
            fuel,
            Decimal("2208.32"),
            guideline.article("fuel"),
        ),
        Term(
            "line",
            "G1",
            "carbonate.limestone",
            "M × EF",
            {"M": "1000.00", "EF": "0.4397"},
            Decimal("439.70"),
            guideline.article("carbonate"),
        ),
        Term(
            "line",
            "G2",
            "carbonate.limestone",
            "M × (1 + p) × EF",
            {"M": "2000.00", "p": "0.5%", "EF": "0.4397"},
            Decimal("883.80"),
            guideline.article("carbonate"),
        ),
        Term(
            "line",
            "G2",
            "carbon.carbon_powder",
            "M × CC × 44/12",
            {"M": "15.00", "CC": "1.00"},
            Decimal("55.00"),
            guideline.article("carbon"),
        ),
    )
    details = {line: written(total.details) for line, total in found.totals.lines.items()}
    assert details == {
        "G1": {"fuel": "2208.32", "carbonate": "439.70", "carbon": "0.00"},
        "G2": {"fuel": "0.00", "carbonate": "883.80", "carbon": "55.00"},
        "G3": {"fuel": "0.00", "carbonate": "0.00", "carbon": "0.00"},
    }
    # 2,208.32 + 439.70 = 2,648.02; 883.80 + 55.00 = 938.80; a line's glass less 0.5 % of what its scale weighed without a certificate
    totals = {line: (f"{each.emissions:f}", f"{each.output:f}") for line, each in found.totals.lines.items()}
    assert totals == {"G1": ("2648", "3000.00"), "G2": ("939", "3980.00"), "G3": ("0", "0")}
    assert [each.main_emissions for each in found.totals.lines.values()] == [2648, 939, 0]
    assert (found.totals.enterprise, found.totals.ironmaking, found.totals.sintering) == (3587, None, None)


# What verification confirms


def test_what_the_accounts_say_of_each_item():
    def text(sector: str, line: str, content: Content) -> dict[str, str]:
        return written(items.stated(sector, line, account(content)))

    month = works(
        JANUARY,
        coal("1000", "25"),
        charged("400"),
        row("process_in", "anthracite", line="W1", process="sintering", amount="200"),
        row("process_output", line="W1", process="ironmaking", amount="300"),
        row("product", "crude_steel", amount="500"),
    )
    # 1,000 × 25 × 0.02749 × 44/12 − 500 × 0.037; 400 and 200 of the 1,000 t; ironmaking and sintering are whole tonnes, and summed so
    steel = text("steel", "W1", month)
    assert list(steel) == [each.code for each in items.of("steel")]
    assert (steel["emissions"], steel["ironmaking"], steel["sintering"]) == ("2501.00", "1008.00", "504.00")
    assert (steel["main_emissions"], steel["output"], steel["crude_steel"]) == ("1512.00", "300.00", "500.00")
    # 8,000 × 0.8482 × 0.976 × 44/12; 17,000 × (0.02 × 6630 + 0.0011 × 11100) / 1000
    smelter = Content(
        "aluminium", JANUARY, "U", ("A1",), (row("electrolysis", line="A1", anode="8000", amount="17000"),)
    )
    assert text("aluminium", "A1", smelter) == {
        "anode": "24283.40",
        "effect": "2461.77",
        "emissions": "26745.00",
        "output": "17000.00",
    }


def test_a_mean_of_clinker_is_stated_with_four_decimals_and_kept_in_full():
    kinds = (("portland", "1000"), ("white", "2000"))
    month = kiln(JANUARY, *(row("clinker", kind, line="1#", amount=amount) for kind, amount in kinds))
    found = account(month)
    # (1,000 × 0.535 + 2,000 × 0.55) / 3,000 = 0.545; nothing is lost of slag's 0.48 and of what is not there
    assert written(items.stated("cement", "1#", found)) == {
        "fuel": "0.00",
        "process": "1635.00",
        "emissions": "1635.00",
        "output": "3000.00",
        "clinker_ef": "0.5450",
        "carbide_slag": "0.00",
        "carbide_slag_deduction": "0.4800",
    }
    assert items.unrounded("cement", "1#", found) == {}
    uneven = kiln(
        JANUARY, *(row("clinker", kind, line="1#", amount=amount) for kind, amount in (*kinds[:1], ("white", "6000")))
    )
    # (535 + 3,300) / 7,000
    assert items.unrounded("cement", "1#", account(uneven)) == {"clinker_ef": Fraction(3835, 7000)}


def test_an_item_is_found_by_its_code():
    assert items.item("cement", "output").code == "output"
    with pytest.raises(KeyError, match="cement: crude_steel"):
        items.item("cement", "crude_steel")


def test_less_than_a_tonne_has_an_intensity():
    assert LineTotal(Decimal(10), Decimal("0.5"), Decimal(10)).exact_intensity == 20
