"""What follows from what in a verification's table: the values, and how a contradiction is told, refused and mended."""

import html
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import translation

from registry.refusal import Refusal
from registry.values.sectors import Sector
from reporting import verification
from reporting.models import Verification
from reporting.verification import Decision, dependents
from reporting.verification import table as settling
from reporting.verification.dependents import Line
from tests.cast import at

WHEN = at("2026-04-10 10:00")


def values(**given: str) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in given.items()}


# Clinker 1,010,604.49 t × 0.535 = 540,673.40; fuel 332,626.60; together 873,300.00
KILN = values(
    fuel="332626.60",
    process="540673.40",
    emissions="873300",
    output="1010604.49",
    clinker_ef="0.5350",
    carbide_slag="0",
    carbide_slag_deduction="0.5200",
)
KILN_TERMS = [("fuel.bituminous", Decimal("332626.60")), ("clinker.portland", Decimal("540673.40"))]


def kiln(*, terms=KILN_TERMS, reported=KILN, **verified: str) -> Line:
    return Line(reported, {**reported, **values(**verified)}, terms)


def told(line: Line, sector: str = Sector.CEMENT) -> dict[str, tuple[Decimal, bool]]:
    return {each.item.code: (each.value, each.refuses) for each in dependents.contradictions(sector, line)}


def test_what_was_reported_agrees_with_itself():
    assert told(kiln()) == {}


def test_less_clinker_makes_less_process_emissions():
    # 1,000,000 × 0.535 = 535,000; 332,626.60 + 535,000.00 = 867,626.60 → 867,627
    line = kiln(output="1000000")
    assert told(line) == {"process": (Decimal("535000.00"), True)}
    new = dependents.recomputed(Sector.CEMENT, line)
    assert {code: each.value for code, each in new.items()} == values(process="535000.00", emissions="867627")


# 1,000,000 t × 0.535 + 300,000 t × 0.292 = 622,600 t: 3113/6500 a tonne, stated as 0.4789.
TWO_KINDS = values(
    process="622600.00", output="1300000", clinker_ef="0.4789", carbide_slag="0", carbide_slag_deduction="0.48"
)
OF_TWO_KINDS = [("clinker.portland", Decimal("535000.00")), ("clinker.aluminate", Decimal("87600.00"))]


def of_two_kinds(**verified: str) -> Line:
    return Line(TWO_KINDS, {**TWO_KINDS, **values(**verified)}, OF_TWO_KINDS, {"clinker_ef": Fraction(3113, 6500)})


def test_a_mean_of_two_factors_counts_in_full():
    assert told(of_two_kinds()) == {}
    # 1,250,000 × 3113 / 6500; with 0.4789 it were 598,625.00
    line = of_two_kinds(output="1250000")
    assert told(line) == {"process": (Decimal("598653.85"), True)}
    with translation.override("en"):
        assert "1,250,000.00 × 0.4789230769" in str(dependents.contradictions(Sector.CEMENT, line)[0])


def test_a_corrected_mean_is_what_was_typed():
    assert told(of_two_kinds(clinker_ef="0.4780", process="621400.00")) == {}
    assert told(of_two_kinds(clinker_ef="0.4780")) == {"process": (Decimal("621400.00"), True)}


def test_both_values_and_the_formula_are_named():
    with translation.override("en"):
        (found,) = dependents.contradictions(Sector.CEMENT, kiln(output="1000000"))
        assert str(found) == (
            "Process emissions is 540,673.40, but Output of clinker × Process emission factor of the clinker"
            " = 1,000,000.00 × 0.5350 = 535,000.00."
        )


@pytest.mark.parametrize(
    ("verified", "process"),
    [
        # 1,010,604.49 × 0.5356 = 541,279.7648…
        ({"clinker_ef": "0.5356"}, "541279.76"),
        # 540,673.40 − 100,000 × 0.52, of an unrounded 540,673.40215
        ({"carbide_slag": "100000"}, "488673.40"),
        # More deducted than made: not below 0
        ({"carbide_slag": "2000000"}, "0.00"),
    ],
)
def test_every_cause_moves_the_process_emissions(verified, process):
    assert told(kiln(**verified))["process"] == (Decimal(process), True)


def test_a_difference_below_one_tonne_is_rounding_and_one_tonne_is_not():
    assert told(kiln(output="1000000", process="535000.99", emissions="867627")) == {}
    assert told(kiln(output="1000000", process="534999.01", emissions="867626")) == {}
    assert "process" in told(kiln(output="1000000", process="534999.00", emissions="867626"))
    assert "process" in told(kiln(output="1000000", process="535001.00", emissions="867628"))


def test_a_penalty_goes_along_in_proportion():
    """The report's term holds 1 % for an uncalibrated scale, its output is less by as much: 550,000 t made, 544,500 t counted."""
    reported = KILN | values(process="297192.50", output="544500", emissions="629819")
    terms = [KILN_TERMS[0], ("clinker.portland", Decimal("297192.50"))]  # 550,000 × 1.01 × 0.535
    assert told(kiln(terms=terms, reported=reported)) == {}
    # 297,192.50 × 490,050 / 544,500 = 267,473.25
    found = told(kiln(terms=terms, reported=reported, output="490050"))
    assert found["process"] == (Decimal("267473.25"), True)


def test_a_corrected_datum_may_lie_above_for_a_penalty_and_below_for_other_deductions():
    above = told(kiln(output="1000000", process="540000.00", emissions="872627"))
    assert above == {"process": (Decimal("535000.00"), False)}
    below = kiln(output="1000000", process="530000.00", emissions="862627")
    assert told(below) == {"process": (Decimal("535000.00"), True)}
    slag = [*KILN_TERMS, ("alternative.steel_slag", Decimal("-4000.00"))]
    reported = KILN | values(process="536669.40", emissions="869296")
    # 535,000 − 4,000
    found = told(kiln(terms=slag, reported=reported, output="1000000", process="530000.00", emissions="862627"))
    assert found == {"process": (Decimal("531000.00"), False)}


def test_what_the_report_has_no_terms_for_is_not_judged():
    assert told(kiln(terms=[], clinker_ef="0.5350", output="1000000", process="535000.00", emissions="867627")) == {}
    cell = values(anode="291400.81", effect="29541.24", emissions="320942", output="204000")
    assert told(Line(cell, cell | values(output="1"), []), Sector.ALUMINIUM) == {}


def test_a_kiln_that_took_in_no_slag_and_made_nothing_agrees():
    idle = KILN | values(output="0", process="0", emissions="332627", clinker_ef="0.5350")
    assert told(kiln(terms=KILN_TERMS[:1], reported=idle)) == {}


WORKS = values(
    emissions="9000000",
    ironmaking="7000000",
    sintering="1000000",
    main_emissions="8000000",
    output="5000000",
    crude_steel="5200000",
)
WORKS_TERMS = [("fuel.anthracite", Decimal("9192400.00")), ("product.crude_steel", Decimal("-192400.00"))]


def works(**verified: str) -> Line:
    return Line(WORKS, WORKS | values(**verified), WORKS_TERMS)


def test_crude_steel_carries_carbon_away():
    # 5,100,000 t hold 192,400 × 51/52 = 188,700, so 9,192,400 − 188,700 = 9,003,700
    assert told(works(crude_steel="5100000"), Sector.STEEL) == {"emissions": (Decimal(9_003_700), True)}


def test_the_emissions_of_a_works_have_more_causes_than_the_table_names():
    assert told(works(crude_steel="5100000", emissions="8990000"), Sector.STEEL) == {}
    assert told(works(emissions="8990000"), Sector.STEEL) == {}


def test_the_main_processes_are_the_sum_of_two():
    assert told(works(sintering="1000100"), Sector.STEEL) == {"main_emissions": (Decimal(8_000_100), True)}


def test_a_total_already_right_stays_when_its_part_is_recomputed():
    new = dependents.recomputed(Sector.CEMENT, kiln(output="1000000", emissions="867627"))
    assert set(new) == {"process"}


@pytest.mark.parametrize(
    ("sector", "code", "formula"),
    [
        (Sector.CEMENT, "emissions", "Emissions of fossil fuel combustion + Process emissions"),
        (Sector.ALUMINIUM, "effect", "Output of liquid aluminium"),
        (Sector.STEEL, "emissions", ""),
        (Sector.CEMENT, "output", ""),
    ],
)
def test_the_formula_in_words(sector, code, formula):
    with translation.override("en"):
        assert dependents.formula(sector, code) == formula


# --- On the page and in the act


@pytest.fixture
def given(report, verifier, officer) -> Verification:
    return verification.assign(report, verifier.body, by=officer, at=WHEN)


def form_of(given: Verification, **typed: str) -> dict[str, str]:
    fields = {}
    for row in settling.table(given):
        fields[f"value-{row.datum.pk}"] = f"{row.standing:.2f}"
        fields[f"seen-{row.datum.pk}"] = settling.key_of(row)
        if row.item.code in typed:
            fields |= {f"value-{row.datum.pk}": typed[row.item.code], f"reason-{row.datum.pk}": "称重单"}
    return fields


def key(given: Verification, item: str) -> int:
    return given.report.data.get(item=item).pk


def test_a_conclusion_that_contradicts_itself_is_refused_with_both_values(given, verifier):
    output = given.report.data.get(item="output")
    verification.confirm_all(given, [Decision(output, Decimal(100_000), "盘点")], by=verifier, at=WHEN)
    with translation.override("en"), pytest.raises(Refusal) as refused:
        verification.conclude(given, by=verifier, at=WHEN)
    # 29,541.24 × 100,000 / 204,000
    assert "29,541.24, but Output of liquid aluminium" in str(refused.value)
    assert "14,481.00" in str(refused.value)


def test_recomputing_fills_the_form_and_saves_nothing(given, verifier, client_for):
    settle = reverse("reporting:verification_settle", args=[given.pk])
    answer = client_for(verifier, "en").post(settle, {**form_of(given, output="203000.00"), "recompute": "1"})
    assert answer.status_code == 200
    assert given.data.count() == 0
    filled = {field.name: field.value() or "" for field in answer.context["form"]}
    assert filled[f"value-{key(given, 'effect')}"] == "29396.43"
    assert filled[f"value-{key(given, 'emissions')}"] == "320797.00"
    assert filled[f"value-{key(given, 'output')}"] == "203000.00"
    assert "29,541.24 × 203,000.00 / 204,000.00" in filled[f"reason-{key(given, 'effect')}"]
    # What came back can be saved and concluded as it is.
    both = re.findall(r'name="(both-\d+)" value="([^"]*)"', answer.text)
    sent = filled | form_seen(given) | {name: html.unescape(text) for name, text in both}
    client_for(verifier).post(reverse("reporting:verification_confirm_all", args=[given.pk]), sent)
    given.refresh_from_db()
    assert verification.conclude(given, by=verifier, at=WHEN).state == Verification.State.CONCLUDED
    # Why, each reader reads in their own language.
    page = reverse("reporting:verification", args=[given.pk])
    said = {language: client_for(verifier, language).get(page).text for language in ("zh-hans", "en")}
    assert "recomputed: Output of liquid aluminium" in said["en"]
    assert "recomputed" not in said["zh-hans"]
    assert "⟦" not in said["zh-hans"] + said["en"]


def test_a_recomputed_reason_that_somebody_rewrites_is_theirs(given, verifier, client_for):
    settle = reverse("reporting:verification_settle", args=[given.pk])
    effect = key(given, "effect")
    typed = form_of(given, output="203000.00", effect="29396.43") | {
        f"reason-{effect}": "按盘点",
        f"both-{effect}": "⟦重新计算|recomputed⟧",
        f"reason-{key(given, 'output')}": "盘点",
    }
    client_for(verifier).post(settle, typed)
    assert given.data.get(datum=effect).reason == "按盘点"


def form_seen(given: Verification) -> dict[str, str]:
    return {f"seen-{row.datum.pk}": settling.key_of(row) for row in settling.table(given)}


def test_the_province_is_told_and_cannot_approve_what_contradicts_itself(given, verifier, approver, client_for):
    """Concluded before contradictions were looked for."""
    output = given.report.data.get(item="output")
    verification.confirm_all(given, [Decision(output, Decimal(100_000), "盘点")], by=verifier, at=WHEN)
    Verification.objects.filter(pk=given.pk).update(state="concluded", concluded_by=verifier, concluded_at=WHEN)
    page = client_for(approver, "en").get(reverse("reporting:verification", args=[given.pk])).text
    assert "Values that do not agree with each other" in page
    assert reverse("reporting:verification_approve", args=[given.pk]) not in page
    with pytest.raises(Refusal):
        verification.approve(given, by=approver, at=WHEN)


def test_a_share_of_the_report_is_exact():
    found = next(
        each for each in dependents.expected(Sector.CEMENT, kiln(output="333333.33")) if each.item.code == "process"
    )
    assert found.exact == Fraction("333333.33") * Fraction("0.535")
