"""Of which verified results quota is computed: what stands against an entry that says a unit only reports."""

import datetime as dt

import pytest

from registry import directory
from registry.models import DirectoryEntry
from registry.refusal import Refusal
from registry.values.sectors import has_quota
from reporting.verification import current
from tests.allocation.conftest import VERIFIED

NOW = VERIFIED + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("sector", "variety", "inside"),
    [
        ("cement", "", True),
        ("cement", "硅酸盐水泥熟料", True),
        ("cement", "白色硅酸盐水泥熟料", True),
        ("cement", "硫铝酸盐水泥熟料", False),
        ("steel", "电炉钢", True),  # of steel no variety is named: what was made says it
    ],
)
def test_a_variety_outside_the_quota(sector, variety, inside):
    assert has_quota(sector, variety) == inside


def test_an_electric_arc_works_and_other_clinker_bear_no_quota(unit, make_unit, make_line, verify):
    works, arc = make_line(unit, code="L1"), make_line(unit, code="L2")
    verify(works, 2024, 2_000_000, "1800000", "1200000")
    verify(arc, 2024, 30_000)  # neither ironmaking nor sintering
    assert current.quota_bearing(unit, "steel", NOW) == {2024: 2_000_000}
    assert current.by_year(unit, NOW) == {2024: 2_030_000}
    kiln = make_line(make_unit("cement"), "cement", variety="硫铝酸盐水泥熟料")
    verify(kiln, 2024, 90_000, "90000", "100000")
    assert current.quota_bearing(kiln.unit, "cement", NOW) == {}


def test_what_was_verified_speaks_against_an_entry_that_only_reports(unit, make_line, verify, officer):
    verify(make_line(unit), 2024, 2_608_022, "2000000", "1200000")
    ground = DirectoryEntry.EntryGround.REPORTS_ONLY
    with pytest.raises(Refusal, match="2,608,022"):
        directory.propose_entry(
            unit, 2025, "steel", on=dt.date(2025, 1, 1), ground=ground, reason="电炉短流程", by=officer, at=NOW
        )
