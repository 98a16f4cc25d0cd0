"""Verified tonnes to which the determined quota does not answer, each with its reason. 甲 and 乙 have 1,000,000 t of 2025 each."""

import datetime as dt

import pytest
from django.utils import translation

from allocation import letters
from allocation.letters import issuance
from allocation.queries import quota_gap
from allocation.queries.quota_gap import Part
from registry.values.sectors import Sector
from tests.allocation.conftest import ISSUED, LETTER, VERIFIED, approve
from tests.cast import at

STEEL, NOW = Sector.STEEL, at("2026-11-16 09:00")
NONE = Part(0, 0)


def of(when=NOW, **kwargs):
    return quota_gap.of([STEEL], 2025, when, **kwargs)[STEEL]


@pytest.fixture
def run(steel, publish, prepared):
    publish()
    return prepared()


def test_what_waits_for_approval_and_then_for_issue(
    run, approver, officer, registrar_operator, registrar_approver, hebei, stranger_officer
):
    assert of().undetermined == Part(2, 2_000_000)
    assert of(authority=hebei).undetermined == Part(2, 2_000_000)
    assert of(authority=stranger_officer.authority).undetermined == NONE
    approve(run, approver)
    # 991,176 t and 1,008,823 t, nothing of it in advance.
    assert (of().undetermined, of().unissued) == (NONE, Part(2, 1_999_999))
    letter = letters.write(hebei, 2025, "determination", number="1号", by=officer, at=LETTER)
    letter = issuance.prepare(letters.send(letter, by=officer, at=LETTER), by=registrar_operator, at=ISSUED)
    assert of().unissued == Part(2, 1_999_999)
    issuance.execute(letter, by=registrar_approver, at=ISSUED)
    assert list(of().sentences()) == []
    # As it stood before.
    assert of(ISSUED - dt.timedelta(days=1)).unissued == Part(2, 1_999_999)
    assert of(VERIFIED).undetermined == Part(2, 2_000_000)


def test_lines_outside_the_allocation_and_outside_the_directory(
    steel, publish, approved, make_line, make_unit, verify, unit
):
    closed = make_line(unit, code="L9", closed=dt.date(2026, 1, 31))
    verify(closed, 2025, 300, "300", "300")
    stranger = make_line(make_unit(Sector.STEEL, name="丁示例钢铁有限公司", number=900_000_009))
    verify(stranger, 2025, 7, "7", "7")
    publish()
    approved()
    found = of()
    assert (found.undetermined, found.outside, found.unlisted) == (NONE, Part(1, 300), Part(1, 7))
    with translation.override("en"):
        assert list(found.sentences())[:2] == [
            "1 line with 300 t is outside the year's allocation: no quota, nothing due.",
            "1 verified line with 7 t is not in the year's directory.",
        ]


def test_a_result_that_changed_since(steel, publish, approved, verify):
    publish()
    approved()
    verify(steel[0], 2025, 999_000, "899000", "1000000", when=at("2026-10-12"))
    assert of().changed == Part(1, -1_000)
    assert of(at("2026-10-11")).changed == NONE
