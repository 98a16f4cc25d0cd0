"""Saving a control plan changes what was changed, and nothing else."""

from dataclasses import replace

import pytest

from reporting.control_plan import Entry, Place, differences
from reporting.queries import plan_sheets
from tests.reporting import plans, story

TEXT = "缺失时，按上月实测值（取高）：经审批人确认"  # shorter than forty signs, as most of them are
FULL = {
    "source": "过磅单（原件）",
    "meter": "计量秤（表）",
    "fallback": TEXT,
    "laboratory": "本厂化验室（ＣＭＡ）",
    "number": "Ｗ－１２",
}


@pytest.fixture
def plan(unit):
    """A plan in whose every row there are signs in full width."""
    blank = plans.plan_for(story.content(unit, "2025-01"))
    return replace(blank, entries={place: replace(entry, **FULL) for place, entry in blank.entries.items()})


def posted(plan) -> dict[str, str]:
    """The form as the page shows it, sent untouched."""
    return {
        cell.input: cell.value
        for section in plan_sheets.sections(plan)
        for block in section.blocks
        for row in block.rows
        for column in row.columns
        for cell in column
    }


def test_what_nobody_touched_stays_as_it_was_written(plan):
    assert len(plan.entries) > 5
    assert plan_sheets.typed(plan, posted(plan)) == plan


def metered(plan) -> Place:
    return next(each.place for each in plan_sheets.parameters(plan) if "number" in each.fields)


@pytest.mark.parametrize(
    ("field", "text", "kept"),
    [
        ("number", "Ｗ－１３", "W-13"),
        ("number", "12,345", "12,345"),
        ("accuracy", "0.2%", "0.2"),
        ("accuracy", "0，2", "0.2"),
        ("calibrated", "2024/3/1", "2024-03-01"),
        ("calibrated", "2024年3月1日", "2024-03-01"),
        ("estimate", "7,179,000", "7179000"),
        ("fallback", "改为：（经确认的）设计值", "改为：（经确认的）设计值"),
    ],
)
def test_one_thing_changed_is_one_row_of_the_comparison(plan, field, text, kept):
    place = metered(plan)
    after = plan_sheets.typed(plan, posted(plan) | {f"{place.key}:{field}": text})
    (found,) = differences(plan, after)
    assert (found.place, found.field, found.after) == (place, field, kept)


def test_full_and_half_width_alone_are_no_difference(plan):
    place = metered(plan)
    other = replace(plan, entries=plan.entries | {place: replace(plan.entries[place], meter="计量秤(表)")})
    assert differences(plan, other) == []
    assert Entry(meter="计量秤（表）") != Entry(meter="计量秤(表)")
