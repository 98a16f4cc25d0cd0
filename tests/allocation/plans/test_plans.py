"""The plan files: every figure is cited, the final is in force, a draft is only ever simulated."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from allocation import plans
from allocation.plans import Plan
from registry import law
from registry.values.canonical import canonical
from registry.values.sectors import with_quota

DRAFT, FINAL, NEXT = "2024-2025-draft", "2024-2025-final", "2026-draft"


def test_the_three_plans_are_there():
    assert [plan.id for plan in plans.all_plans()] == [DRAFT, FINAL, NEXT]


@pytest.mark.parametrize("plan", plans.all_plans(), ids=lambda plan: plan.id)
def test_every_value_is_cited_and_named_in_both_languages(plan: Plan):
    for parameter in plan.parameters.values():
        assert parameter.zh, parameter.id
        assert parameter.en, parameter.id
        for row in parameter.values:
            assert row.cite, parameter.id
            # what no source states is never more than inferred
            assert not row.assumed or row.confidence == "L", parameter.id


# allocation.md §1, row by row: draft of 2025, final of 2025, draft of 2026.
TABLE = [
    ("determination.method", 2024, "equal_to_verified", "equal_to_verified", None),
    ("determination.method", 2025, "intensity_coefficient", "intensity_coefficient", None),
    ("determination.method", 2026, None, None, "intensity_coefficient"),
    ("pre_allocation.rate", 2024, None, None, None),
    ("pre_allocation.rate", 2025, Decimal("0.70"), Decimal("0.70"), None),
    ("pre_allocation.rate", 2026, None, None, Decimal("0.50")),
    ("pre_allocation.lowered_by_authority", 2026, None, None, True),
    ("determination.slope", 2025, Decimal("0.15"), Decimal("0.15"), None),
    ("determination.cap", 2025, Decimal("0.03"), Decimal("0.03"), None),
    ("determination.limit", 2025, Decimal("0.20"), Decimal("0.20"), None),
    ("determination.carbide_slag_rate", 2025, Decimal("0.15"), Decimal("0.15"), None),
    ("determination.carbide_slag_rate", 2026, None, None, Decimal("0.30")),
    ("determination.closed_before_determination", 2024, "outside", "outside", None),
    ("determination.closed_before_determination", 2025, "outside", "outside", None),
    ("determination.closed_before_determination", 2026, None, None, "equal"),
    ("determination.commissioned_in_the_year", 2025, "outside", "outside", None),
    ("determination.commissioned_in_the_year", 2026, None, None, "equal"),
    ("determination.small_unit", 2025, None, None, None),
    ("determination.small_unit", 2026, None, None, 26000),
    ("determination.kinds.oxygen_furnace", 2025, None, None, None),
    ("determination.kinds.oxygen_furnace", 2026, None, None, "equal"),
    ("carry_over.base.steel", 2025, 10000, 100000, None),
    ("carry_over.base.cement", 2025, 10000, 100000, None),
    ("carry_over.base.aluminium", 2025, 10000, 100000, None),
    ("carry_over.base_of_several_sectors", 2025, "once", "sum", None),
    ("carry_over.base.steel", 2026, None, None, None),
    ("issue.differentiated", 2025, ("clear_risk",), ("judicial_freeze", "clear_risk"), None),
    ("issue.changed_result_within", 2025, None, 10, None),
    ("issue.changed_result_within", 2026, None, None, 10),
    ("surrender.vintages", 2024, tuple(range(2019, 2025)), tuple(range(2019, 2025)), None),
    ("surrender.vintages", 2025, (2025,), (2025,), None),
    ("surrender.ccer.share", 2024, None, None, None),
    ("surrender.ccer.share", 2025, Decimal("0.05"), Decimal("0.05"), None),
    ("surrender.vintages", 2026, None, None, (2025, 2026)),
    ("issue.differentiated_at", 2025, ("determination",), ("determination",), None),
    ("issue.differentiated_at", 2026, None, None, ("pre_allocation", "determination")),
    ("balance_value.places", 2025, 4, 4, None),
]


@pytest.mark.parametrize(("name", "year", "draft", "final", "following"), TABLE)
def test_the_plans_differ_as_the_rules_say(name, year, draft, final, following):
    for plan_id, expected in ((DRAFT, draft), (FINAL, final), (NEXT, following)):
        plan = plans.load_plan(plan_id)
        found = plan.for_year(year).find(name) if year in plan.years else None
        assert (found.value if found else None) == expected, plan_id


def test_a_missing_value_is_an_error_not_a_default():
    with pytest.raises(plans.NotCoveredError, match=r"pre_allocation\.rate"):
        plans.load_plan(FINAL).value("pre_allocation.rate", 2024)
    with pytest.raises(plans.NotCoveredError, match="2026"):
        plans.load_plan(FINAL).for_year(2026)


def test_values_are_read_as_what_they_are():
    terms = plans.load_plan(FINAL).for_year(2025)
    assert terms.number("determination.cap") == Decimal("0.03")
    assert terms.whole_numbers("surrender.vintages") == (2025,)
    assert terms.days("carry_over.requests_until") == dt.date(2026, 6, 10)
    with pytest.raises(law.LawError):
        terms.days("determination.cap")
    with pytest.raises(law.LawError):
        terms.whole_numbers("determination.cap")


@pytest.mark.parametrize("sector", with_quota())
@pytest.mark.parametrize("year", [2024, 2025])
def test_exactly_one_plan_is_in_force(sector, year):
    assert [plan.id for plan in plans.all_plans() if plan.in_force and plan.covers(sector, year)] == [FINAL]
    assert plans.in_force(sector, year).id == FINAL
    assert [plan.id for plan in plans.drafts(sector, year)] == [DRAFT]


def test_no_plan_is_in_force_2026_and_the_drafts_are_named():
    with pytest.raises(plans.NoPlanInForceError, match=NEXT) as caught:
        plans.in_force("steel", 2026)
    assert [plan.id for plan in caught.value.drafts] == [NEXT]
    with pytest.raises(plans.NoPlanInForceError) as caught:
        plans.in_force("steel", 1999)
    assert caught.value.drafts == ()


def test_an_unknown_plan_is_answered_with_the_known_ones():
    with pytest.raises(plans.UnknownPlanError, match=f"{DRAFT}、{FINAL}、{NEXT}"):
        plans.load_plan("2027")


@pytest.mark.parametrize("plan", plans.all_plans(), ids=lambda plan: plan.id)
def test_a_plan_survives_its_canonical_form(plan: Plan):
    text = canonical(plan.canonical())  # refuses floats
    again = Plan.from_canonical(json.loads(text))
    assert again == plan
    assert canonical(again.canonical()) == text


def test_a_plan_without_its_header_or_with_a_strange_status_is_refused():
    header = plans.load_plan(FINAL).canonical()["plan"]
    with pytest.raises(law.LawError, match="document"):
        Plan.of({key: value for key, value in header.items() if key != "document"}, law.Law({}))
    with pytest.raises(law.LawError, match="status"):
        Plan.of({**header, "status": "almost"}, law.Law({}))
