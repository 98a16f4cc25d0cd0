"""Each sector's month, worked by hand. CO2 is carbon × 44/12; every line is rounded half-up to two decimals."""

from decimal import Decimal
from fractions import Fraction

import pytest

from reporting.accounting import account, cited, differences, items, year_content
from reporting.content import Content, Datum, Row
from reporting.guidelines import for_period
from tests.reporting.months import MONTHS, aluminium, cement, ledger, meter, replaced, row, steel

# What the works buys net, less what leaves it; FC·NCV·CC·44/12 without oxidation.
STEEL_ENTERPRISE = {
    "fuel.coking_coal": "345660.70",  # 140,000 × 26.500 = 3,710,000 GJ × 0.02541 = 94,271.1 tC, measured NCV
    "fuel.anthracite": "100893.43",  # 40,000 × 25.024 = 1,000,960 GJ × 0.02749 = 27,516.3904 tC → 100,893.4315
    "fuel.coke_purchased": "49078.05",  # 3,000 + 20,000 − 5,000 − 2,000 = 16,000 × 28.435 × 0.02942 = 13,384.9232 tC → 49,078.0517
    "fuel.diesel": "221.14",  # 100 − 30 outside = 70 × 42.652 × 0.0202 = 60.309928 tC → 221.1364
    "fuel.natural_gas": "3936.39",  # 200 − 20 outside = 180 × 389.31 × 0.01532 = 1,073.561256 tC → 3,936.3913
    "fuel.coke_oven_gas_own": "-1157.00",  # −100 sold − 50 feedstock = −150 × 173.854 × 0.0121 = −315.54501 tC → −1,156.9984
    "carbonate.limestone": "13200.00",  # 30,000 × 0.44
    "carbonate.dolomite": "3808.00",  # 8,000 × 0.476
    "electrode.electrode": "366.30",  # 100 × 3.663
    "material.pig_iron": "172.00",  # 1,000 × 0.172
    "material.scrap_steel": "925.00",  # 25,000 × 0.037
    "product.crude_steel": "-11100.00",  # 300,000 × 0.037
    "product.pig_iron": "-344.00",  # 2,000 × 0.172
    "product.tar": "-10796.00",  # 4,000 × 2.699
    "product.crude_benzol": "-4058.40",  # 1,200 × 3.382
}
# 345,660.70 + 100,893.43 + 49,078.05 + 221.14 + 3,936.39 − 1,157.00 = 498,632.71 from fuels
# + 13,200.00 + 3,808.00 + 366.30 + 172.00 + 925.00 = 18,471.30; − 11,100.00 − 344.00 − 10,796.00 − 4,058.40 = − 26,298.40
# E = 498,632.71 + 18,471.30 − 26,298.40 = 490,805.61

STEEL_PROCESSES = {
    "coking.in.coking_coal": "345660.70",  # 140,000 t at the ledger's measured 26.500
    "coking.out.coke_own": "-291400.93",  # 95,000 × 28.435 × 0.02942 = 79,472.9815 tC → 291,400.9322
    "coking.out.coke_oven_gas_own": "-34709.95",  # 4,500 × 173.854 × 0.0121 = 9,466.3503 tC → 34,709.9511
    "sintering.in.coke_purchased": "36808.54",  # 12,000 × 28.435 × 0.02942 = 10,038.6924 tC → 36,808.5388
    "sintering.in.bf_gas_own": "4283.40",  # 500 × 33.0 × 0.0708 = 1,168.2 tC
    "ironmaking.in.coke_purchased": "12269.51",  # 4,000 × 28.435 × 0.02942 = 3,346.2308 tC → 12,269.5129
    "ironmaking.in.coke_own": "288333.55",  # 94,000 × 28.435 × 0.02942 = 78,636.4238 tC → 288,333.5539
    "ironmaking.in.anthracite": "100893.43",
    "ironmaking.out.coke": "-4601.07",  # 1,500 t of fines × 28.435 × 0.02942 = 1,254.83655 tC → 4,601.0674
    "ironmaking.out.bf_gas_own": "-171336.00",  # 20,000 × 33.0 × 0.0708 = 46,728 tC
    "power.bf_gas_own": "67849.06",  # 8,000 × 33.0 × 0.0708 × 0.99 = 18,504.288 tC → 67,849.056
    # coking 19,549.82 + sintering 41,091.94 + ironmaking 225,559.42 + power 67,849.06 = 354,050.24
    "other": "136755.37",  # 490,805.61 − 354,050.24
}


def emissions(content: Content, level: str, line: str = "") -> dict[str, str]:
    terms = account(content).terms
    return {term.source: str(term.emissions) for term in terms if (term.level, term.line) == (level, line)}


def test_steel_enterprise_is_a_carbon_balance():
    assert emissions(steel(), "enterprise") == STEEL_ENTERPRISE


def test_steel_processes_stand_beside_the_enterprise():
    assert emissions(steel(), "process", "W1") == STEEL_PROCESSES


def test_steel_totals_are_whole_tonnes_of_the_summed_lines():
    totals = account(steel()).totals
    assert totals.enterprise == 490_806  # 490,805.61
    assert totals.ironmaking == 225_559  # 12,269.51 + 288,333.55 + 100,893.43 − 4,601.07 − 171,336.00 = 225,559.42
    assert totals.sintering == 41_092  # 36,808.54 + 4,283.40 = 41,091.94
    assert totals.processes["coking"] == 19_550  # 345,660.70 − 291,400.93 − 34,709.95 = 19,549.82
    assert totals.processes["power"] == 67_849
    assert totals.processes["other"] == 136_755
    assert totals.processes["electric_arc"] == 0


def test_steel_line_is_what_allocation_asks_for():
    line = account(steel()).totals.lines["W1"]
    assert line.emissions == 490_806
    assert line.main_emissions == 266_651  # 225,559 + 41,092
    assert line.output == 290_000
    assert line.exact_intensity == Fraction(266_651, 290_000)
    assert line.intensity == Decimal("0.9195")  # 0.91948…
    assert line.details["crude_steel"] == 300_000


# The three processes that STEEL_PROCESSES has nothing of.
OTHER_PROCESSES = {
    "pelletising.in.natural_gas": "218.69",  # 10 × 389.31 × 0.01532 = 59.642292 tC → 218.6884
    "converter.in.coke_purchased": "1533.69",  # 500 × 28.435 × 0.02942 = 418.27885 tC → 1,533.6891
    "converter.out.converter_gas_own": "-45830.40",  # 3,000 × 84.0 × 0.0496 = 12,499.2 tC
    "electric_arc.in.anthracite": "504.47",  # 200 × 25.024 × 0.02749 = 137.581952 tC → 504.4672
    # 218.69 + 1,533.69 − 45,830.40 + 504.47 = −43,573.55; 136,755.37 + 43,573.55
    "other": "180328.92",
}


def test_pelletising_and_both_ways_of_making_steel():
    def flow(way: str, process: str, item: str, amount: str) -> Row:
        return row(f"process_{way}", item, line="W1", process=process, amount=amount)

    content = replaced(
        steel(),
        flow("in", "pelletising", "natural_gas", "10"),
        flow("in", "converter", "coke_purchased", "500"),
        flow("out", "converter", "converter_gas_own", "3000"),
        flow("in", "electric_arc", "anthracite", "200"),
    )
    assert emissions(content, "process", "W1") == STEEL_PROCESSES | OTHER_PROCESSES
    totals = account(content).totals
    found = [totals.processes[name] for name in ("pelletising", "converter", "electric_arc", "other")]
    assert found == [219, -44_297, 504, 180_329]  # 1,533.69 − 45,830.40 = −44,296.71
    assert (totals.enterprise, totals.lines["W1"].main_emissions) == (490_806, 266_651)  # as without them


def test_the_rest_may_be_negative():
    gas = row("power", "bf_gas_own", line="W1", amount="30000")
    # 30,000 × 33.0 × 0.0708 × 0.99 = 69,391.08 tC → 254,433.96; with the processes 286,201.18 + 254,433.96 = 540,635.14
    # 490,805.61 − 540,635.14 = −49,829.53
    accounts = account(replaced(steel(), gas))
    assert emissions(replaced(steel(), gas), "process", "W1")["other"] == "-49829.53"
    assert accounts.totals.processes["other"] == -49_830
    assert accounts.totals.enterprise == 490_806  # the two levels overlap: what is burnt again changes nothing here


@pytest.mark.parametrize(
    ("kind", "tonnes"),
    [("portland", "5350.00"), ("white", "5500.00"), ("sulphoaluminate", "4130.00"), ("aluminate", "2920.00")],
)
def test_each_kind_of_clinker_has_its_factor(kind, tonnes):
    made = row("clinker", kind, line="1#", amount="10000")  # × 0.535, 0.55, 0.413, 0.292
    content = Content("cement", "2025-07", "U", ("1#",), (made,))
    assert emissions(content, "line", "1#") == {f"clinker.{kind}": tonnes}


def test_oxidation_in_the_kiln_goes_by_state():
    fuels = {"bituminous": "1000", "diesel": "1000", "natural_gas": "1000"}
    rows = tuple(row("line_fuel", item, line="1#", amount=amount) for item, amount in fuels.items())
    found = emissions(Content("cement", "2025-07", "U", ("1#",), rows), "line", "1#")
    assert found["fuel.bituminous"] == "2192.99"  # 1,000 × 23.076 × 0.02618 × 0.99 = 598.0884… tC
    assert found["fuel.diesel"] == "3095.91"  # 1,000 × 42.652 × 0.0202 × 0.98 = 844.338992 tC
    assert found["fuel.natural_gas"] == "21650.15"  # 1,000 × 389.31 × 0.01532 × 0.99 = 5,904.5869… tC


def test_a_term_shows_its_formula_with_numbers_and_article():
    term = next(term for term in account(steel()).terms if term.source == "power.bf_gas_own")
    assert term.formula == "FC × NCV × CC × OF × 44/12"
    assert term.inputs == {"FC": "8000.00", "NCV": "33.000", "CC": "0.0708", "OF": "99%"}
    assert term.article.startswith("CETS—AG—03.01—V01—2024 ")


def test_a_process_may_state_its_own_calorific_value():
    own = row("process_in", "anthracite", line="W1", process="ironmaking", amount="40000", ncv="26")
    # 40,000 × 26.000 = 1,040,000 GJ × 0.02749 = 28,589.6 tC × 44/12 = 104,828.5333
    assert emissions(replaced(steel(), own), "process", "W1")["ironmaking.in.anthracite"] == "104828.53"


def test_coke_is_accounted_with_its_default_whatever_is_stated():
    stated = ledger("coke_purchased", "3000", "20000", "5000", "2000", "16000", ncv="30")
    assert (
        emissions(replaced(steel(), stated), "enterprise")["fuel.coke_purchased"]
        == STEEL_ENTERPRISE["fuel.coke_purchased"]
    )


CEMENT_FIRST = {
    "fuel.bituminous": "27797.27",  # 13,000 × 22.500 = 292,500 GJ × 0.02618 × 0.99 = 7,581.0735 tC → 27,797.2695
    "fuel.diesel": "30.96",  # 10 × 42.652 × 0.0202 × 0.98 = 8.44338992 tC → 30.9591
    "clinker.portland": "53500.00",  # 100,000 × 0.535
    "alternative.carbide_slag": "-2400.00",  # 5,000 × 0.48
    "alternative.steel_slag": "-645.00",  # 3,000 × 0.215
}
CEMENT_SECOND = {
    "fuel.anthracite": "6845.60",  # 3,000 × 22.867 = 68,601 GJ × 0.02749 × 0.99 = 1,866.9830751 tC → 6,845.6046
    "clinker.white": "11000.00",  # 20,000 × 0.55
}


def test_cement_lines():
    assert emissions(cement(), "line", "1#") == CEMENT_FIRST
    assert emissions(cement(), "line", "2#") == CEMENT_SECOND


def test_cement_totals():
    totals = account(cement()).totals
    first, second = totals.lines["1#"], totals.lines["2#"]
    # 27,797.27 + 30.96 + 53,500.00 − 2,400.00 − 645.00 = 78,283.23; 6,845.60 + 11,000.00 = 17,845.60
    assert (first.emissions, second.emissions) == (78_283, 17_846)
    assert totals.enterprise == 96_129  # the sum of its lines
    assert (totals.ironmaking, totals.sintering) == (None, None)
    assert first.intensity == Decimal("0.7828")
    assert first.details["fuel"] == Decimal("27828.23")
    assert first.details["process"] == Decimal("50455.00")


def test_carbide_slag_rate_is_exact():
    lines = account(cement()).totals.lines
    assert lines["1#"].carbide_slag_rate == Fraction(24, 535)  # 5,000 × 0.48 / (100,000 × 0.535) = 2,400 / 53,500
    assert lines["2#"].carbide_slag_rate == 0


TWO_KINDS = (
    row("clinker", "portland", line="1#", amount="600000"),
    row("clinker", "white", line="1#", amount="200000"),
)


def test_two_kinds_of_clinker_have_one_factor():
    line = account(Content("cement", "2025-07", "U", ("1#",), TWO_KINDS)).totals.lines["1#"]
    # (600,000 × 0.535 + 200,000 × 0.55) / 800,000 = 0.53875, stated with four decimals
    assert line.details["clinker_factor"] == Decimal("0.5388")
    assert line.means == {"clinker_factor": Fraction(431, 800)}


def test_the_factor_is_weighted_by_what_counts_as_output():
    """The scale of the white clinker was never calibrated: 200,000 × 0.995 count."""
    scale = meter("clinker//amount", item="white", line="1#")
    line = account(Content("cement", "2025-07", "U", ("1#",), (*TWO_KINDS, scale))).totals.lines["1#"]
    assert line.output == Decimal(799_000)
    assert line.means == {"clinker_factor": Fraction("430450") / 799_000}  # 321,000 + 199,000 × 0.55
    assert items.stated("cement", "1#", account(Content("cement", "2025-07", "U", ("1#",), (*TWO_KINDS, scale))))[
        "clinker_ef"
    ] == Decimal("0.5387")


def test_one_kind_of_clinker_has_its_own_factor():
    line = account(cement()).totals.lines["1#"]
    assert (line.details["clinker_factor"], line.means) == (Decimal("0.535"), {})


def test_cement_process_part_is_never_below_zero():
    slag = row("alternative", "carbide_slag", line="2#", amount="30000")  # 14,400.00 against 11,000.00
    content = replaced(cement(), slag)
    assert emissions(content, "line", "2#")["process_floor"] == "3400.00"
    assert account(content).totals.lines["2#"].details["process"] == 0
    assert account(content).totals.lines["2#"].emissions == 6_846  # the fuel alone, 6,845.60


# (gross anode, liquid aluminium, E_anode, E_effect). E_anode was computed independently with bonsai_ipcc 0.5.3, IPCC 2006 volume 3 equation
# 4.21: e_co2_anode(nac, mp, s_a=0.02, ash_a=0.004) with nac = anode × (1 − 0.1518) / aluminium. It gave, in floating point,
# 26144.935663968005, 36425.10080000001 and 291400.80640000006.
# E_effect is metal × (0.02 × 6630 + 0.0011 × 11100) / 1000 = metal × 0.14481: 2,511.801855, 3,620.25, 29,541.24.
ALUMINIUM = [
    ("8613.27", "17345.50", "26144.94", "2511.80"),
    ("12000", "25000", "36425.10", "3620.25"),
    ("96000", "204000", "291400.81", "29541.24"),
]


@pytest.mark.parametrize(("anode", "metal", "from_anode", "from_effect"), ALUMINIUM)
def test_aluminium_agrees_with_an_independent_implementation(anode, metal, from_anode, from_effect):
    content = Content(
        "aluminium", "2025-07", "U", ("A1",), (row("electrolysis", line="A1", anode=anode, amount=metal),)
    )
    assert emissions(content, "line", "A1") == {"anode": from_anode, "effect": from_effect}


def test_aluminium_totals():
    totals = account(aluminium()).totals
    # 26,144.94 + 2,511.80 = 28,656.74; 36,425.10 + 3,620.25 = 40,045.35
    assert {code: line.emissions for code, line in totals.lines.items()} == {"A1": 28_657, "A2": 40_045}
    assert totals.enterprise == 68_702
    assert totals.lines["A1"].intensity == Decimal("1.6521")  # 28,657 / 17,345.5 = 1.65213
    assert totals.lines["A2"].details == {"anode": Decimal("36425.10"), "effect": Decimal("3620.25")}


def test_a_line_without_output_has_no_intensity():
    content = Content("aluminium", "2025-07", "U", ("A1",))
    line = account(content).totals.lines["A1"]
    assert (line.emissions, line.output, line.intensity) == (0, 0, None)


@pytest.mark.parametrize("sector", ["steel", "cement", "aluminium"])
def test_odd_content_is_accounted_without_an_exception(sector):
    odd = Row("fuel", item="unicorn", data={"consumed": Datum(Decimal(5))})
    assert account(Content(sector, "2025-07", "U", (), (odd,))).totals.enterprise == 0


# A year of two months.


def two_months() -> list[Content]:
    first = replaced(steel("2025-01"), ledger("coking_coal", "10000", "150000", "0", "20000", "140000", ncv="26.5"))
    second = replaced(steel("2025-02"), ledger("coking_coal", "20000", "60000", "0", "20000", "60000", ncv="27"))
    return [second, first]


def test_a_year_sums_amounts_and_takes_stocks_from_its_ends():
    year = year_content(two_months())
    coal = year.find("fuel", item="coking_coal")
    assert (year.period, year.unit, year.lines) == ("2025", steel().unit, ("W1",))
    stated = {name: str(datum.value) for name, datum in coal.data.items() if name != "ncv"}
    assert stated == {"opening": "10000", "purchased": "210000", "sold": "0", "closing": "20000", "consumed": "200000"}


def test_a_year_weighs_calorific_values_by_consumption():
    coal = year_content(two_months()).find("fuel", item="coking_coal")
    assert coal.number("ncv") == Decimal("26.650")  # (140,000 × 26.5 + 60,000 × 27) / 200,000
    assert coal.data["ncv"].how == "measured"


def test_a_month_without_its_own_calorific_value_weighs_with_the_default():
    months = two_months()
    months[0] = replaced(months[0], ledger("coking_coal", "20000", "60000", "0", "20000", "60000"))
    coal = year_content(months).find("fuel", item="coking_coal")
    assert coal.number("ncv") == Decimal("26.453")  # (140,000 × 26.5 + 60,000 × 26.344) / 200,000 = 26.4532
    assert year_content(months).find("fuel", item="anthracite").number("ncv") is None  # default in both


def test_a_process_without_its_own_calorific_value_weighs_with_that_months_ledger():
    second, first = two_months()

    def charged(amount: str, **own: str) -> Row:
        return row("process_in", "coking_coal", line="W1", process="coking", amount=amount, **own)

    year = year_content([replaced(first, charged("140000", ncv="26")), replaced(second, charged("60000"))])
    charge = year.find("process_in", "W1", "coking", "coking_coal")
    # (140,000 × 26 of its own + 60,000 × 27 of February's ledger) / 200,000
    assert charge.number("ncv") == Decimal("26.300")


def test_a_year_is_rounded_once_and_the_difference_is_shown():
    def month(period: str) -> Content:
        electrolysis = row("electrolysis", line="A1", anode="8000", amount="17000")
        return Content("aluminium", period, "U", ("A1",), (electrolysis,))

    months = [month(f"2025-{number:02}") for number in range(1, 13)]
    year = account(year_content(months)).totals
    # A month: 24,283.40 + 2,461.77 = 26,745.17 → 26,745. The year: 291,400.81 + 29,541.24 = 320,942.05 → 320,942.
    assert year.enterprise == 320_942
    # 12 × 26,745 = 320,940
    assert {(each.code, each.difference, each.rounding) for each in differences(months)} == {("", 2, 2), ("A1", 2, 2)}


@pytest.mark.parametrize(
    "months",
    [
        [],
        [steel("2025-01"), steel("2025-01")],
        [steel("2025-01"), steel("2024-02")],
        [steel("2024")],
        [steel("2025-01"), cement("2025-02")],
    ],
    ids=["none", "twice", "two years", "a year", "two sectors"],
)
def test_a_year_of_other_than_its_own_months_is_refused(months):
    with pytest.raises(ValueError, match="month"):
        year_content(months)


def test_content_survives_storage():
    content = steel()
    assert Content.from_json(content.as_json()) == content


# What each input is called that the unit states itself: amounts, and net calorific values that it measured.
OWN = {"FC", "AD", "Q", "M", "P", "E", "ΣE_j + ΣE_x"}


@pytest.mark.parametrize("sector", list(MONTHS))
def test_every_factor_of_every_term_can_be_cited(sector):
    guideline = for_period(sector, "2025-07")
    for term in account(MONTHS[sector]()).terms:
        found = cited(term, guideline)
        missing = set(term.inputs) - set(found) - OWN
        measured = {"NCV"} if term.source.endswith(("coking_coal", "fuel.bituminous")) else set()
        assert missing == measured, term.source
        for name, citation in found.items():
            assert citation.dated.cite
            assert Decimal(term.inputs[name].removesuffix("%")) == citation.dated.value


def test_an_assumed_factor_says_so():
    gas = row("line_fuel", "natural_gas", line="1#", amount="1")
    term = next(term for term in account(replaced(cement(), gas)).terms if term.source == "fuel.natural_gas")
    assert cited(term, for_period("cement", "2025-07"))["NCV"].dated.assumed
