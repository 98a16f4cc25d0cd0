"""What is stored and shown of a determination, key by key: pages, bundles and approved runs read it by these names."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from allocation import kept_shapes, plans
from allocation.method import shown
from allocation.method.determination import determine_line
from allocation.method.explanation import Explainer, explain, written_parameter
from allocation.method.line_facts import LineInput
from allocation.method.outliers import Kind, Outlier
from allocation.method.outliers import outliers as strange
from allocation.method.plan_rules import LABELLED_ABOVE_RATE, rules_of
from allocation.method.report import report, surplus_deciles
from allocation.models import Award, Settlement
from allocation.runs import outcome

FINAL = plans.load_plan("2024-2025-final")
RULES = rules_of(FINAL, "cement", 2025, dt.date(2026, 9, 20))
AT_085 = RULES.at(Decimal("0.85"))
D = Decimal


def line(name="L1", emissions=1_000_000, intensity="0.90", **fields):
    """A line that made a million tonnes."""
    return LineInput(name, emissions, **{"main_emissions": D(intensity) * 1_000_000, "output": D(1_000_000), **fields})


def explained(rules=AT_085, **fields):
    return explain(determine_line(line(**fields), rules))


def test_an_explanation_key_by_key():
    """X = (0.85 − 0.9)/0.85 = −1/17, α = 0.15 × −1/17 = −3/340, A = 1,000,000 × 337/340 = 16,850,000/17 = 991,176.47…"""
    found = explained()
    parameters, roundings = found.pop("parameters"), found.pop("roundings")
    assert found == {
        "line": "L1",
        "quota": 991_176,
        "due": 1_000_000,
        "formula": "A = floor(E × (1 + slope × (BP − I) / BP))",
        "numbers": "A = floor(1000000 × (1 + 0.15 × (0.85 − 900000.00 / 1000000) / 0.85)) = 991176",
        "inputs": [
            {"name": "emissions", "value": "1000000", "symbol": "E", "unit": "tCO2e"},
            {"name": "main_emissions", "value": "900000.00", "symbol": "", "unit": "tCO2e"},
            {"name": "output", "value": "1000000", "symbol": "", "unit": "t"},
            {"name": "determined_on", "value": "2026-09-20", "symbol": "", "unit": ""},
            {"name": "balance_value", "value": "0.85", "symbol": "BP", "unit": "tCO2e/t"},
        ],
        "steps": [
            {
                "symbol": "I",
                "formula": "I = main_emissions / output",
                "numbers": "900000.00 / 1000000",
                "exact": "9/10",
                "shown": "0.9000",
            },
            {
                "symbol": "X",
                "formula": "X = (BP − I) / BP",
                "numbers": "(0.85 − 900000.00 / 1000000) / 0.85",
                "exact": "-1/17",
                "shown": "-0.058824",
            },
            {
                "symbol": "α",
                "formula": "α = slope × X, −0.2 < X < 0.2",
                "numbers": "0.15 × (-1/17)",
                "exact": "-3/340",
                "shown": "-0.00882353",
            },
            {
                "symbol": "A",
                "formula": "A = floor(E × (1 + α))",
                "numbers": "floor(16850000/17)",
                "exact": "16850000/17",
                "shown": "991176",
            },
        ],
        "plan": "2024-2025-final",
        "year": 2025,
        "sector": "cement",
        "case": "within",
        "article": "国环规气候〔2025〕2号, intensity coefficient inside the deviation limit",
        "article_zh": "国环规气候〔2025〕2号，偏离度限值以内的碳排放强度系数",
    }
    assert [row["name"] for row in parameters] == [
        "determination.method",
        "determination.slope",
        "determination.cap",
        "determination.limit",
    ]
    assert [row["name"] for row in roundings] == [
        "rounding.verified_emissions",
        "balance_value.places",
        "rounding.ratios",
        "rounding.quota",
    ]
    assert roundings[1] == {
        "name": "balance_value.places",
        "value": "4",
        "unit": "decimals",
        "zh": "平衡值小数位",
        "en": "balance value, half-up",
        "cite": "reading of this system: the plan is silent",
        "cite_zh": "本系统理解：方案未作规定",
        "confidence": "L",
        "assumed": True,
    }


@pytest.mark.parametrize(
    ("intensity", "coefficient"),
    [
        # 0.68 = 0.8 × 0.85 and 1.02 = 1.2 × 0.85: at the limits
        ("0.68", ("α = +cap, X ≥ 0.2", "0.03", "3/100", "0.03000000")),
        ("1.02", ("α = −cap, X ≤ −0.2", "−0.03", "-3/100", "-0.03000000")),
    ],
)
def test_the_step_to_a_coefficient_at_the_cap(intensity, coefficient):
    step = explained(intensity=intensity)["steps"][2]
    assert (step["formula"], step["numbers"], step["exact"], step["shown"]) == coefficient


def test_a_line_whose_intensity_does_not_decide_has_no_steps():
    """Whether it has an intensity or not."""
    for fields in ({}, {"main_emissions": None, "output": None}):
        found = explained(kind="white", **fields)
        assert (found["steps"], found["case"], found["due"]) == ([], "white", 1_000_000)
        assert [row["name"] for row in found["roundings"]] == ["rounding.verified_emissions"]
        assert [row["name"] for row in found["parameters"]] == ["determination.method", "determination.kinds.white"]


def test_a_year_without_a_balance_value_is_explained_without_one():
    found = explain(determine_line(line(), rules_of(FINAL, "cement", 2024)))
    assert (found["case"], found["formula"], found["steps"]) == ("equal_by_plan", "A = E", [])
    found = explain(determine_line(line(kind="white"), RULES))  # 2025, and no value is known yet
    assert (found["case"], found["formula"], found["steps"]) == ("white", "A = E", [])


SLAG = ["determination.kinds.carbide_slag", "determination.carbide_slag_rate"]


@pytest.mark.parametrize(
    ("asked_of", "fields", "named"),
    [
        # The rate decided that the intensity decides wherever the plan asks for one: of every line, or of lines registered so.
        ("any_line_above_rate", {}, []),
        ("any_line_above_rate", {"carbide_slag_rate": D("0.1")}, SLAG),
        ("any_line_above_rate", {"carbide_slag_rate": D(0)}, []),
        ("any_line_above_rate", {"carbide_slag_rate": D(0), "kind": "carbide_slag"}, SLAG),
        (LABELLED_ABOVE_RATE, {"carbide_slag_rate": D("0.1")}, []),
        (LABELLED_ABOVE_RATE, {"carbide_slag_rate": D("0.1"), "kind": "carbide_slag"}, SLAG),
    ],
)
def test_the_slag_rate_is_named_where_it_was_asked_for(asked_of, fields, named):
    rules = replace(AT_085, kinds={**AT_085.kinds, "carbide_slag": asked_of})
    found = explained(rules, **fields)
    assert found["case"] == "within"
    assert [row["name"] for row in found["parameters"]][4:] == named


def test_what_lines_have_in_common_is_one_object():
    explainer = Explainer(AT_085)
    first, second, white = (
        explainer.explain(determine_line(each, AT_085)) for each in (line("A"), line("B"), line("C", kind="white"))
    )
    assert first["parameters"] is second["parameters"]
    assert (first["line"], second["line"], white["case"]) == ("A", "B", "white")


def test_a_parameter_that_is_yes_or_no_is_written_small():
    terms = FINAL.for_year(2025)
    assert written_parameter(terms, "balance_value.moved_by_later_results")["value"] == "false"
    assert written_parameter(terms, "determination.slope")["unit"] == ""


def test_a_balance_report_key_by_key():
    """BP = (0.80 + 0.90)/2 = 0.85, X = ±1/17, α = ±3/340: 1,008,823.53 and 991,176.47 are floored.

    Of the two rates −8,824/1,000,000 and 8,823/1,000,000 the lower stands up to the fifth decile: ranks ⌈0.5·2⌉ = 1, ⌈0.6·2⌉ = 2.
    """
    lines = [line("A", intensity="0.80"), line("B"), line("C", 500, kind="white")]
    lines += [line("D", 7, closed=dt.date(2026, 1, 1))]
    assert report(lines, RULES).canonical() == {
        "value": "0.8500",
        "root": "0.85",
        "interval": None,
        "total_emissions": 2_000_500,
        "total_quota": 2_000_499,
        "residue": -1,
        "within": 2,
        "clipped_above": 0,
        "clipped_below": 0,
        "equal_lines": 1,
        "outside_lines": 1,
        "surplus_deciles": ["-0.00882400"] * 6 + ["0.00882300"] * 5,
    }
    # Intensities 1 and 2: +3 % and −3 % from 1/0.8 to 2/1.2; the middle is (5/4 + 5/3)/2 = 35/24.
    found = report([line("A", intensity="1"), line("B", intensity="2")], RULES).canonical()
    assert (found["value"], found["root"], found["interval"]) == ("1.4583", "35/24", ["1.25", "5/3"])
    assert (found["within"], found["clipped_above"], found["clipped_below"]) == (0, 1, 1)


def test_a_long_number_is_shown_by_its_first_decimals():
    """41/38 = 1.0789473684210…: cut after twelve decimals. A fraction is shown whole up to sixty digits, both numbers together."""
    assert shown.bounded(Fraction(41, 38)) == shown.Bounded("1.078947368421", False, "41/38", 2, 2)
    assert shown.bounded(Fraction(2, 3)) == shown.Bounded("0.666666666666", False, "2/3", 1, 1)
    assert shown.bounded(Fraction(1, 10**10)) == shown.Bounded("0.000000000100", True, "1/10000000000", 1, 11)
    assert shown.bounded(Fraction(7, 8)) == shown.Bounded("0.875000000000", True, "7/8", 1, 1)
    assert shown.bounded(Fraction(41, 38), cut=True) == shown.Bounded("1.078947368421", False, "", None, None)
    three = 3**62  # of thirty digits, and no power of ten shares a factor with it
    assert len(str(three)) == 30
    short, long = Fraction(10**29, three), Fraction(10**30, three)
    assert (shown.bounded(short).full, shown.bounded(short).above, shown.bounded(short).below) == (str(short), 30, 30)
    assert (shown.bounded(long).full, shown.bounded(long).above, shown.bounded(long).below) == ("", 31, 30)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (D("0.150"), "0.150"),
        (D("1E+3"), "1000"),
        (7, "7"),
        (Fraction(7), "7"),
        (Fraction(1, 3), "1/3"),
        (Fraction(1, 10**8), "0.00000001"),
        # numbers that a float doesn't hold: 10^-30, and 2^30/10^30 = 5^-30
        (Fraction(1, 10**30), "0." + "0" * 29 + "1"),
        (Fraction(1, 5**30), "0." + str(2**30).rjust(30, "0")),
    ],
)
def test_a_number_in_full(value, text):
    assert shown.exact(value) == text


def test_deciles_of_eleven_lines_are_all_of_them_by_their_rate():
    """Nearest rank: ⌈1.1·t⌉ is 2, 3, … 11 for t = 1 … 10, and the lowest for t = 0. The tonnes stand in another order than the rates."""
    one = determine_line(line(), AT_085)
    rates = range(-5, 6)
    dues = [100, 1000, 300, 2000, 100, 500, 4000, 100, 200, 1000, 100]
    lines = [replace(one, quota=due + rate * due // 100, due=due) for rate, due in zip(rates, dues, strict=True)]
    assert surplus_deciles(reversed(lines)) == tuple(Fraction(rate, 100) for rate in rates)
    assert surplus_deciles([determine_line(line(kind="white"), AT_085)]) == ()


def found(*lines):
    return strange(lines, RULES, D("10"))


def test_an_unusable_line_says_which_field_and_why():
    (one,) = found(LineInput("A", 1000, D(900)))
    assert (one.index, one.kind, one.field) == (0, Kind.UNUSABLE, "output")
    assert one.message
    assert one.message != found(LineInput("A", 1000, D(900), D(0)))[0].message


def test_a_strange_line_has_an_intensity_where_there_is_one():
    half = line(intensity="0.5")
    assert (Outlier(0, half, Kind.INTENSITY).intensity, Outlier(0, half, Kind.INTENSITY).times) == (
        Fraction(1, 2),
        None,
    )
    assert Outlier(0, half, Kind.INTENSITY, median=Fraction(1, 4)).times == 2
    for nothing in ({"main_emissions": None}, {"output": None}, {"output": D(0)}):
        one = Outlier(0, line(**nothing), Kind.UNUSABLE, median=Fraction(1, 4))
        assert (one.intensity, one.times) == (None, None)
    assert Outlier(0, half, Kind.INTENSITY, median=Fraction(0)).times is None


def test_where_no_line_emitted_there_is_no_median():
    assert [one.kind for one in found(line(emissions=0))] == [Kind.OUTPUT_ONLY]
    assert found() == []


def misfits(value: Any, shape: Any, at: str = "") -> list[str]:
    """Where what is written is not of its shape: a field too many, one that is missing, another type."""
    if is_typeddict(shape):
        fields = get_type_hints(shape, include_extras=True)
        needed = {name for name, hint in fields.items() if get_origin(hint) is not NotRequired}
        found = [f"{at}.{name}" for name in (needed - value.keys()) | (value.keys() - fields.keys())]
        for name in value.keys() & fields.keys():
            hint = fields[name]
            found += misfits(
                value[name], get_args(hint)[0] if get_origin(hint) is NotRequired else hint, f"{at}.{name}"
            )
        return found
    origin, of = get_origin(shape), get_args(shape)
    if origin is list:
        return [one for place, each in enumerate(value) for one in misfits(each, of[0], f"{at}[{place}]")]
    if origin is dict:
        return [one for name, each in value.items() for one in misfits(each, of[1], f"{at}[{name}]")]
    if origin is not None and type(None) in of:
        return [] if value is None else misfits(value, of[0], at)
    kinds = shape if origin is None else origin
    return [] if isinstance(value, kinds) else [at]


def test_a_run_is_written_in_its_shape():
    manifest = json.loads(Path(__file__).with_name("golden_run.json").read_text(encoding="utf-8"))["manifest"]
    for balance in (balance for balances in manifest["outstanding"].values() for balance in balances):
        balance |= {
            "number": "1",
            "decided_on": "2026-01-01",
        }  # nothing is computed from them, and the golden manifest has none
    assert misfits(manifest, kept_shapes.Manifest) == []
    result = outcome.result_of(manifest)
    assert misfits(result, kept_shapes.Result) == []
    assert misfits({**result, "awards": [{**result["awards"][0], "quota": "1", "more": 1}]}, kept_shapes.Result) == [
        ".awards[0].more",
        ".awards[0].quota",
    ]


def test_what_is_found_beside_a_balance_value_is_written_in_its_shape():
    found = report([line("L1", intensity="0.80"), line("L2", intensity="0.95")], RULES)
    assert misfits(json.loads(json.dumps(found.canonical())), kept_shapes.BalanceReport) == []


def test_rows_are_stored_column_by_column():
    """`result_of` and the database have the same fields."""
    award, settlement = (get_type_hints(row).keys() for row in (kept_shapes.AwardRow, kept_shapes.SettlementRow))
    assert {*outcome.AWARD_FIELDS} == award - {"line", "explanation"}
    assert {*outcome.SETTLEMENT_FIELDS} == settlement - {"unit", "deductions", "withheld"}
    for fields, model in ((outcome.AWARD_FIELDS, Award), (outcome.SETTLEMENT_FIELDS, Settlement)):
        assert {*fields} <= {field.name for field in model._meta.get_fields()}
