"""What two runs issue, compared: quota, deductions and what was issued before sum to the difference, per unit and in total."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import runs
from allocation.models import Run
from allocation.runs import outcome
from allocation.runs.proof.comparison import compare, totals
from allocation.runs.proof.issuing import ISSUE_CAUSES, compare_issued, issued_totals
from tests.allocation.conftest import PREPARED
from tests.allocation.decisions.conftest import decide  # noqa: F401 (a fixture)
from tests.allocation.runs.test_comparison import golden, told
from tests.cast import at
from tests.exports import csv_of

pytestmark = pytest.mark.usefixtures("in_english")


@st.composite
def manifests(draw):
    """The golden manifest with other balances, and something issued before."""
    manifest = golden()
    units = sorted({row["unit"] for row in manifest["lines"]})
    tonnes = st.integers(0, 3_000_000)
    manifest["lines"] = draw(st.lists(st.sampled_from(manifest["lines"]), unique_by=lambda row: row["line"]))
    manifest["before"] = {
        unit: {"pre_allocated": cut + out, "deducted": cut, "issued": out, "settled": draw(st.integers(-1000, 1000))}
        for unit in units
        if (cut := draw(tonnes)) + 1 and (out := draw(tonnes)) + 1
    }
    manifest["outstanding"] = {
        unit: [{"decision": "1", "left": draw(tonnes), "in_advance": row["deducted"], "determined": 0}]
        for unit, row in manifest["before"].items()
    }
    return manifest | {"waiting": {}}


@settings(max_examples=50)
@given(earlier=manifests(), later=manifests())
def test_causes_sum_to_what_is_issued_otherwise(earlier, later):
    old, new = (outcome.result_of(each)["settlements"] for each in (earlier, later))
    changes = compare_issued(old, new, "determination")
    issued = [{row["unit"]: row["issued_now"] for row in rows} for rows in (old, new)]
    assert {row.unit: row.before or 0 for row in changes} == {row.unit: issued[0].get(row.unit, 0) for row in changes}
    assert {row.unit: row.after or 0 for row in changes} == {row.unit: issued[1].get(row.unit, 0) for row in changes}
    for row in changes:
        assert sum(getattr(row, cause) for cause in ISSUE_CAUSES) == row.difference
    sums = issued_totals(changes)
    assert sum(sums[cause] for cause in ISSUE_CAUSES) == sums["difference"]
    assert sums["difference"] == sum(issued[1].values()) - sum(issued[0].values())
    assert sums["quota"] == totals(compare(earlier, later))["difference"]


@pytest.fixture
def two(steel, publish, prepared, officer, decide):  # noqa: F811
    """A cancelled run, and one after 1,000 t were to be deducted from 甲."""
    publish()
    first = prepared()
    runs.cancel(first, by=officer, at=PREPARED)
    decide("核减1号", 1_000)
    return first, prepared(when=at("2026-09-01 12:00"))


def test_a_deduction_changes_the_issue_and_not_the_quota(two, officer, unit, client_for):
    first, second = two
    url = f"/allocation/runs/{second.pk}/compare/"
    page = client_for(officer, "en").get(url)
    assert page.context["totals"]["difference"] == 0
    sums = page.context["issued"]
    assert (sums["difference"], sums["deductions"], sums["quota"], sums["issued_before"]) == (-1_000, -1_000, 0, 0)
    assert unit.name in page.content.decode()
    taken = csv_of(client_for(officer).get(f"{url}?with={first.pk}&of=units&_export=csv"))
    assert ",".join(taken.head) == "unit,before,after,difference,quota,deductions,issued_before"
    assert ",".join(map(str, taken.rows[0])) == f"{unit.credit_code},991176,990176,-1000,0,-1000,0"
    assert json.loads(told(first.pk, second.pk, "--json"))["issued"]["totals"] == sums


def test_in_advance_quota_is_what_is_allocated_in_advance(steel, publish, prepared):
    row = prepared(Run.Kind.PRE_ALLOCATION).settlements.select_related("unit").first()
    written = outcome.written_settlement(row.unit.credit_code, row)
    (change,) = compare_issued([], [written], "pre_allocation")
    assert (change.before, change.quota, change.difference) == (None, row.pre_allocated, row.issued_now)
