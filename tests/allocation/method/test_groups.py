"""Groups of lines that gain and lose, and lines whose results changed: small sums by hand."""

import dataclasses
from decimal import Decimal
from fractions import Fraction

from allocation import plans
from allocation.method import distribution, recomputed
from allocation.method.determination import determine
from allocation.method.line_facts import LineInput
from allocation.method.plan_rules import known_kinds, rules_of

FINAL = plans.load_plan("2024-2025-final")


def determined(*figures, balance_value="1"):
    """Cement lines of (name, tonnes, intensity), each of a million tonnes of clinker."""
    lines = [
        LineInput(name, tonnes, main_emissions=Decimal(intensity) * 1_000_000, output=Decimal(1_000_000))
        for name, tonnes, intensity in figures
    ]
    return determine(lines, FINAL, sector="cement", year=2025, balance_value=Fraction(balance_value))


def test_a_group_adds_up_its_lines():
    """At the value itself a line gets what it emitted, and neither gains nor loses."""
    gains, even, loses = determined(("a", 900_000, "0.90"), ("b", 1_000_000, "1"), ("c", 1_100_000, "1.10"))
    assert (gains.quota > gains.due, even.quota == even.due, loses.quota < loses.due) == (True, True, True)
    [group] = distribution.grouped([gains, even, loses, even], lambda one: "all")
    assert (group.key, group.lines, group.gaining, group.losing) == ("all", 4, 1, 1)
    assert group.emissions == 900_000 + 1_000_000 + 1_100_000 + 1_000_000
    assert group.quota == gains.quota + loses.quota + 2_000_000
    assert group.surplus == group.quota - 4_000_000
    assert group.rate == Fraction(group.surplus, 4_000_000)
    assert dataclasses.replace(group, emissions=0).rate is None
    one_more = dataclasses.replace(even, quota=even.due + 1)
    one_less = dataclasses.replace(even, quota=even.due - 1)
    [near] = distribution.grouped([one_more, one_less], lambda one: 1)
    assert (near.gaining, near.losing) == (1, 1)


def test_a_line_changed_where_its_own_figures_did():
    before = determined(("b", 900_000, "0.90"), ("a", 1_000_000, "1"), ("gone", 5, "1"))
    after = determined(("b", 900_000, "0.90"), ("a", 1_000_001, "1"), ("new", 7, "1"))
    found = list(recomputed.changes(before, after))
    assert [change.line for change in found] == ["a", "gone", "new"]
    assert [(change.before, change.after) for change in found] == [
        (before[1], after[1]),
        (before[2], None),
        (None, after[2]),
    ]
    assert recomputed.moved(before, after) == 3
    assert recomputed.moved(before, before) == 0
    other_value = determined(("b", 900_000, "0.90"), ("a", 1_000_000, "1"), ("gone", 5, "1"), balance_value="0.95")
    assert list(recomputed.changes(before, other_value)) == []
    written = found[0].canonical()
    assert (written["line"], sorted(written)) == ("a", ["after", "before", "line"])
    assert written["before"] == {
        "emissions": 1_000_000,
        "intensity": "1.0000",
        "quota": 1_000_000,
        "due": 1_000_000,
        "case": str(before[1].case),
    }
    assert written["after"]["emissions"] == 1_000_001
    assert found[1].canonical()["after"] is None


def test_the_plan_says_which_kinds_a_sector_knows_and_whether_its_year_needs_a_value():
    assert known_kinds(FINAL, "cement") == ("white", "gypsum_acid", "carbide_slag")
    assert "white" not in known_kinds(FINAL, "steel")
    assert [rules_of(FINAL, "cement", year).needs_balance_value for year in (2024, 2025)] == [False, True]
