"""Two plans side by side: the table of allocation.md §1, read off the plan files."""

from decimal import Decimal

import pytest
from django.urls import reverse

from allocation.plans import load_plan
from allocation.plans.comparison import beside

DRAFT, FINAL, NEXT = "2024-2025-draft", "2024-2025-final", "2026-draft"


def rows(left, left_year, right, right_year):
    found = beside(load_plan(left).for_year(left_year), load_plan(right).for_year(right_year))
    return {row.parameter.id: row for row in found}


def values(row):
    return tuple(side.value if side else None for side in (row.left, row.right))


def test_the_draft_and_the_final_differ_in_the_base_of_carry_over():
    found = rows(DRAFT, 2025, FINAL, 2025)
    changed = {name: values(row) for name, row in found.items() if row.kind == "changed"}
    assert (Decimal(10_000), Decimal(100_000)) in changed.values()
    assert found["pre_allocation.rate"].kind == "same"
    assert found["determination.slope"].kind == "same"


@pytest.mark.parametrize(
    ("name", "expected", "kind"),
    [
        ("pre_allocation.rate", (Decimal("0.70"), Decimal("0.50")), "changed"),
        ("determination.carbide_slag_rate", (Decimal("0.15"), Decimal("0.30")), "changed"),
        ("determination.closed_before_determination", ("outside", "equal"), "changed"),
        ("determination.slope", (Decimal("0.15"), Decimal("0.15")), "same"),
        ("pre_allocation.lowered_by_authority", (False, True), "changed"),
        ("determination.kinds.oxygen_furnace", (None, "equal"), "right"),
    ],
)
def test_the_final_plan_beside_the_next_draft(name, expected, kind):
    row = rows(FINAL, 2025, NEXT, 2026)[name]
    assert (values(row), row.kind, row.differs) == (expected, kind, kind != "same")


def test_what_only_one_side_says_is_turned_round_with_the_sides():
    there, back = rows(FINAL, 2025, NEXT, 2026), rows(NEXT, 2026, FINAL, 2025)
    assert there.keys() == back.keys()
    turned = {"left": "right", "right": "left", "same": "same", "changed": "changed"}
    assert {name: turned[row.kind] for name, row in there.items()} == {name: row.kind for name, row in back.items()}


def test_a_plan_beside_itself_is_the_same_and_of_another_year_is_not():
    assert {row.kind for row in rows(FINAL, 2025, FINAL, 2025).values()} == {"same"}
    assert rows(FINAL, 2024, FINAL, 2025)["determination.method"].kind == "changed"


def test_shares_stand_in_percent_and_tonnes_with_separators(client_for, analyst):
    page = reverse("allocation:plans_beside", args=[FINAL, NEXT])
    text = client_for(analyst, "en").get(page, {"year": "2025"}).content.decode()
    assert [shown for shown in ("15%", "30%", "70%", "50%", "26,000") if f"<strong>{shown}</strong>" not in text] == []


def test_rules_of_a_section_stand_together():
    sections = [name.split(".")[0] for name in rows(FINAL, 2025, NEXT, 2026)]
    assert sections == sorted(sections, key=sections.index)


def test_the_page_shows_what_differs_and_everything_on_request(client, clerk):
    client.force_login(clerk)
    page = reverse("allocation:plans_beside", args=[FINAL, NEXT])
    short = client.get(page, {"year": "2025"}).content.decode()
    whole = client.get(page, {"year": "2025", "all": "1"}).content.decode()
    slope = load_plan(FINAL).parameters["determination.slope"].zh
    rate = load_plan(FINAL).parameters["pre_allocation.rate"].zh
    assert rate in short
    assert slope not in short
    assert slope in whole
    assert client.get(reverse("allocation:plans_beside", args=[FINAL, "no-plan"])).status_code == 404


def test_an_unknown_year_is_the_latest_one(client, clerk):
    client.force_login(clerk)
    page = reverse("allocation:plans_beside", args=[FINAL, FINAL])
    assert client.get(page, {"year": "nonsense", "other_year": "2031"}).context["different"] == 0
