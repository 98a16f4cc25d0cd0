"""The content of a control plan: what it must speak of, what is wrong with it, what a new version changes."""

from dataclasses import replace

import pytest

from registry.values.canonical import canonical
from reporting.control_plan import UNUSED, Entry, Place, Plan, asked, carried, differences, faults, form_of, preset
from tests.reporting.months import aluminium, cement, meter, replaced, steel
from tests.reporting.plans import entry_of, plan_for

KILN_COAL = "line_fuel.solid/1#//amount"
KILN_NCV = "line_fuel.solid/1#//ncv"
MONTHS = [steel, cement, aluminium]


def of(plan: Plan, key: str, **texts: str) -> Plan:
    return Plan(
        plan.sector,
        plan.year,
        plan.unit,
        plan.lines,
        {place: replace(entry, **texts) if place.key == key else entry for place, entry in plan.entries.items()},
    )


def found(plan: Plan) -> set[tuple[str, str]]:
    return {(fault.place.key, fault.field) for fault in faults(plan)}


@pytest.mark.parametrize("month", MONTHS)
def test_every_datum_of_the_workbook_is_asked_for(month):
    content = month()
    form = form_of(content.sector, 2025)
    every = {(group.key, field.name) for group, _each in form.groups.values() for field in group.fields if field.hows}
    assert {(each.place.group, each.place.name) for each in asked(form, content.lines)} == every
    assert {each.place.line for each in asked(form, content.lines)} == {"", *content.lines}


@pytest.mark.parametrize("month", MONTHS)
def test_a_plan_made_from_a_month_lacks_only_what_nobody_can_know(month):
    content = month()
    made = preset(content.sector, 2025, content.unit, content.lines, content)
    assert {field for _key, field in found(made)} <= {"number", "calibrated", "laboratory", "accredited"}
    assert faults(plan_for(content)) == []


def test_what_the_month_does_not_use_is_unused():
    assert entry_of(preset("cement", 2025, "", ("1#", "2#"), cement()), "line_fuel.gas/1#//amount").how == UNUSED


def test_a_small_line_is_done_with_a_meter_for_coal_and_one_for_clinker():
    made = preset("cement", 2025, "", ("1#", "2#"), cement())
    second = sorted(key for key in found(made) if key[0].startswith("clinker/2#") or "solid/2#" in key[0])
    assert second == [
        ("clinker/2#//amount", "calibrated"),
        ("clinker/2#//amount", "number"),
        ("line_fuel.solid/2#//amount", "calibrated"),
        ("line_fuel.solid/2#//amount", "number"),
    ]


def test_one_fuel_that_is_obtained_otherwise_has_an_entry_of_its_own():
    """Of steel's solid fuels only the coking coal is measured."""
    made = preset("steel", 2025, "", ("W1",), steel())
    assert made.entry(Place("fuel.solid", "", "coking_coal", "ncv")).how == "measured"
    assert made.entry(Place("fuel.solid", "", "anthracite", "ncv")).how == "default"


def test_the_meters_of_the_months_register_are_taken_over():
    content = replaced(aluminium(), meter("electrolysis//anode", "秤-1", line="A1"))
    assert entry_of(preset("aluminium", 2025, "", ("A1", "A2"), content), "electrolysis/A1//anode").number == "秤-1"


def test_a_plan_is_stored_and_read_back_alike():
    plan = plan_for(steel())
    again = Plan.from_json(plan.as_json())
    assert again == plan
    assert canonical(again.as_json()) == canonical(plan.as_json())


FAULTY = [
    (KILN_COAL, {"how": ""}, {"how"}),
    (KILN_COAL, {"how": "guessed"}, {"how"}),
    (KILN_COAL, {"source": ""}, {"source"}),
    (KILN_COAL, {"frequency": "sometimes"}, {"frequency"}),
    (KILN_COAL, {"fallback": ""}, {"fallback"}),
    (KILN_COAL, {"number": " ， "}, {"number"}),
    (KILN_COAL, {"accuracy": "0,5"}, {"accuracy"}),
    (KILN_COAL, {"interval": "13"}, {"interval"}),
    (KILN_COAL, {"interval": "0"}, {"interval"}),
    (KILN_COAL, {"interval": "一"}, {"interval"}),
    (KILN_COAL, {"calibrated": "soon"}, {"calibrated"}),
    (KILN_COAL, {"calibrated": "2026-01-01"}, {"calibrated"}),
    (KILN_COAL, {"estimate": "-1"}, {"estimate"}),
    (KILN_COAL, {"estimate": "1e9"}, {"estimate"}),
    (KILN_COAL, {"source": "长" * 201}, {"source"}),
    (KILN_COAL, {"number": "", "calibrated": "", "source": ""}, {"number", "calibrated", "source"}),
    (KILN_NCV, {"how": "calculated"}, {"how"}),
    (KILN_NCV, {"laboratory": ""}, {"laboratory"}),
    (KILN_NCV, {"accredited": "no"}, {"accredited"}),
    (KILN_NCV, {"accredited": ""}, {"accredited"}),
    (KILN_NCV, {"frequency": "month"}, {"frequency"}),
]


@pytest.mark.parametrize(("key", "texts", "fields"), FAULTY)
def test_every_fault_is_found_at_its_place(key, texts, fields):
    assert found(of(plan_for(cement()), key, **texts)) == {(key, field) for field in fields}


RIGHT = [
    (KILN_COAL, {"interval": "12", "accuracy": "0.5", "estimate": "0.01", "calibrated": "2025-12-31"}),
    (KILN_COAL, {"how": "calculated", "number": "", "calibrated": "", "accuracy": ""}),
    (KILN_COAL, {"source": "长" * 200}),
    (KILN_NCV, {"how": "default", "laboratory": "", "fallback": "", "frequency": ""}),
    (KILN_NCV, {"how": UNUSED, "source": "", "laboratory": ""}),
]


@pytest.mark.parametrize(("key", "texts"), RIGHT)
def test_what_is_right_is_let_through(key, texts):
    assert found(of(plan_for(cement()), key, **texts)) == set()


def test_a_parameter_that_is_missing_and_one_that_nobody_asks_for():
    plan = plan_for(cement(), **{KILN_COAL: None, "line_fuel.solid/9#//amount": Entry(how="measured")})
    assert found(plan) == {(KILN_COAL, "how"), ("line_fuel.solid/9#//amount", "")}


def test_coke_cannot_be_planned_as_measured():
    key = "fuel.solid//coke/ncv"
    entry = replace(entry_of(plan_for(steel()), "fuel.solid//coking_coal/ncv"))
    assert found(plan_for(steel(), **{key: entry})) == {(key, "how")}


def test_last_years_plan_goes_over_to_the_new_years_lines():
    before = plan_for(cement())
    after = carried(before, 2026, ("1#", "3#"))
    assert after.year == 2026
    assert entry_of(after, KILN_COAL) == entry_of(before, KILN_COAL)
    assert {place.line for place in after.entries} == {"", "1#", "3#"}
    # the new line has the blank's presets: its meters' numbers and days are still to be given
    assert {field for key, field in found(after) if "/3#/" in key} == {"number", "calibrated"}


def test_differences_are_told_field_by_field():
    before = plan_for(cement())
    after = of(before, KILN_COAL, number="M9", accuracy="0.2")
    told = [(change.place.key, change.field, change.before, change.after) for change in differences(before, after)]
    assert told == [(KILN_COAL, "number", "M1", "M9"), (KILN_COAL, "accuracy", "0.5", "0.2")]
    assert differences(before, before) == []
    gone = plan_for(cement(), **{KILN_COAL: None})
    assert {change.after for change in differences(before, gone)} == {""}
