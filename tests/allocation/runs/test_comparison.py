"""Two runs compared: whatever they were made from, the causes' tonnes sum to the difference, per line and in total."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import runs
from allocation.plans import load_plan
from allocation.runs import outcome
from allocation.runs.proof.comparison import CAUSES, compare, totals
from registry.refusal import Refusal
from tests.allocation.conftest import PREPARED
from tests.allocation.runs.test_bundle import LINE
from tests.allocation.runs.test_rerun import GOLDEN
from tests.cast import at
from tests.exports import csv_of, xlsx_of

pytestmark = pytest.mark.usefixtures("in_english")


def golden():
    return json.loads(GOLDEN.read_text(encoding="utf-8"))["manifest"]


def can_be_determined(line):
    """A line labelled carbide slag says its rate."""
    return line["kind"] != "carbide_slag" or line["carbide_slag_rate"] is not None


@st.composite
def manifests(draw):
    manifest = golden()
    template = manifest["lines"][0]
    plan = draw(st.sampled_from(["2024-2025-final", "2026-draft"]))
    manifest["plan"] = load_plan(plan).canonical()
    manifest["year"] = draw(st.sampled_from([2024, 2025])) if plan == "2024-2025-final" else 2026
    by_intensity = manifest["year"] != 2024
    manifest["balance_value"] = (
        {"id": 1, "value": f"{draw(st.integers(1, 20_000)) / 10_000:.4f}"} if by_intensity else None
    )
    numbers = draw(st.lists(st.integers(0, 9), unique=True, max_size=8))
    lines = draw(st.lists(LINE.filter(can_be_determined), min_size=len(numbers), max_size=len(numbers)))
    manifest["lines"] = [
        {**template, **line, "line": f"{template['unit']}/K{n}"} for n, line in zip(numbers, lines, strict=True)
    ]
    return manifest | {"before": {}, "outstanding": {}, "left_out": []}


@settings(max_examples=200)
@given(earlier=manifests(), later=manifests())
def test_contributions_sum_to_the_difference(earlier, later):
    changes = compare(earlier, later)
    old, new = ({row["line"]: row["quota"] for row in outcome.result_of(each)["awards"]} for each in (earlier, later))
    assert {row.line: row.before for row in changes if row.before is not None} == old
    assert {row.line: row.after for row in changes if row.after is not None} == new
    for row in changes:
        assert sum(getattr(row, cause) for cause in CAUSES) == row.difference
    sums = totals(changes)
    assert sum(sums[cause] for cause in CAUSES) == sums["difference"] == sum(new.values()) - sum(old.values())


def test_each_cause_is_told_from_the_others():
    earlier = golden()
    later = golden()
    changed, left = later["lines"][0], later["lines"].pop()
    changed["emissions"] += 1000
    later["balance_value"]["value"] = "0.8500"
    by_line = {row.line: row for row in compare(earlier, later)}
    one, gone = by_line[changed["line"]], by_line[left["line"]]
    assert (gone.after, gone.scope) == (None, gone.difference)
    assert one.plan == one.scope == 0
    # E 1,001,000 at α = 0.15 × (1 − I/0.84): 1000 × (1 + α) more
    assert one.verified_result in (1002, 1003)
    assert one.balance_value > 0


def test_a_run_compared_with_itself_differs_nowhere():
    assert {row.difference for row in compare(golden(), golden())} == {0}


def test_only_like_is_compared_with_like():
    with pytest.raises(Refusal):
        compare(golden(), golden() | {"sector": "steel"})


@pytest.fixture
def two(steel, publish, prepared, officer, verify):
    """A cancelled run, and one after 甲's result was corrected."""
    publish()
    first = prepared()
    runs.cancel(first, by=officer, at=PREPARED)
    verify(steel[0], 2025, 1_100_000, "900000", "1000000", when=at("2026-08-10"))
    return first, prepared(when=at("2026-09-01 12:00"))


def told(*arguments):
    out = io.StringIO()
    call_command("compare_runs", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_command_tells_line_by_line(two, unit):
    first, second = two
    found = json.loads(told(first.pk, second.pk, "--json"))
    assert found["lines"][0]["line"] == f"{unit.credit_code}/L1"
    # floor(1,100,000 × (1 − 0.15 × 0.05/0.85)) − 991,176
    assert found["totals"]["difference"] == found["lines"][0]["verified_result"] == 1_090_294 - 991_176
    assert told(first.pk, second.pk).splitlines()[-1].startswith("total\t")


def test_a_run_that_is_none_can_not_be_compared(two):
    with pytest.raises(CommandError) as refusal:
        told(two[0].pk, 999_999)
    assert refusal.value.returncode == 2


def test_the_page_and_its_export_tell_the_causes(two, officer, client_for, django_assert_max_num_queries):
    first, second = two
    browser = client_for(officer)
    url = f"/allocation/runs/{second.pk}/compare/"
    page = browser.get(url)
    assert page.context["other"] == first  # by default the one before
    assert page.context["totals"]["verified_result"] == page.context["totals"]["difference"] == 99_118
    assert "+99,118" in page.content.decode()
    with django_assert_max_num_queries(8):
        browser.get(url)
    taken = csv_of(browser.get(f"{url}?with={first.pk}&_export=csv"))
    assert ",".join(taken.head) == "unit,line,before,after,difference,scope,verified_result,plan,balance_value"
    assert taken.rows[0][1:] == ["L1", "991176", "1090294", "99118", "0", "99118", "0", "0"]
    assert xlsx_of(browser.get(f"{url}?with={first.pk}&_export=xlsx")).head == taken.head
    assert browser.get(f"{url}?with=x").context["other"] is None
