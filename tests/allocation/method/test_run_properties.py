"""What holds of every run, whatever its lines: exact, in any order the same, and the same sums from the page to the ledger."""

import copy
from fractions import Fraction
from typing import Any

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocation.ledger import accounts
from allocation.letters.official_tables.sheets import sheets_of
from allocation.models import Entry, Holding, Run
from allocation.runs import outcome
from registry.values.canonical import canonical
from registry.values.sectors import Sector
from tests.allocation.conftest import ISSUED
from tests.cast import at, credit_code

PRE_ALLOCATION, DETERMINATION = Run.Kind.PRE_ALLOCATION, Run.Kind.DETERMINATION


@pytest.fixture
def manifest(steel, publish, prepared):
    """That of the two works; the tests put other lines into it."""
    publish()
    return prepared().inputs


def with_lines(manifest, lines):
    """The manifest over other lines: (unit, emissions, main, output), named by their places."""
    changed = copy.deepcopy(manifest)
    template = manifest["lines"][0]
    changed["lines"] = [
        {
            **template,
            "line": f"{credit_code(unit)}/L{place}",
            "unit": credit_code(unit),
            "emissions": emissions,
            "main_emissions": f"{main / 100:.2f}",
            "output": f"{output / 100:.2f}",
        }
        for place, (unit, emissions, main, output) in enumerate(lines)
    ]
    return changed


LINES = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 10**7), st.integers(0, 10**9), st.integers(1, 10**9)),
    min_size=1,
    max_size=12,
)
# The manifest is read only.
same_manifest = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)


@same_manifest
@given(lines=LINES, random=st.randoms(use_true_random=False))
def test_the_order_of_lines_makes_no_byte_of_a_difference(manifest, lines, random):
    one = with_lines(manifest, lines)
    other: Any = {**one, "lines": random.sample(one["lines"], len(one["lines"]))}
    assert canonical(outcome.result_of(one)) == canonical(outcome.result_of(other))


@same_manifest
@given(lines=LINES)
def test_every_tonne_is_the_floor_of_the_formula_and_units_are_the_sums_of_their_lines(manifest, lines):
    result = outcome.result_of(with_lines(manifest, lines))
    bp, units = Fraction(manifest["balance_value"]["value"]), {}
    for (unit, emissions, main, output), award in zip(
        lines, sorted(result["awards"], key=lambda row: int(row["line"].rpartition("L")[2])), strict=True
    ):
        x = 1 - Fraction(main, output) / bp
        whole = emissions * (1 + max(Fraction(-3, 100), min(Fraction(3, 100), Fraction(15, 100) * x)))
        assert award["quota"] == whole // 1
        assert abs(Fraction(award["coefficient"])) <= Fraction(3, 100)
        units[credit_code(unit)] = units.get(credit_code(unit), 0) + award["quota"]
    assert {row["unit"]: row["determined"] for row in result["settlements"]} == units


def test_a_manifest_does_not_depend_on_the_order_in_which_things_came_to_be(
    steel, publish, prepared, make_line, make_unit, list_in_directory, verify
):
    late = make_unit(Sector.STEEL, number=1)  # sorts before the others, and came last
    for code in ("L2", "L1"):
        verify(make_line(late, code=code), 2025, 40_000, "36000", "40000")
    list_in_directory(late, 2025)
    publish()
    lines = [row["line"] for row in prepared().inputs["lines"]]
    assert lines == sorted(lines)
    assert lines[:2] == [f"{late.credit_code}/L1", f"{late.credit_code}/L2"]


@pytest.fixture
def carried_through(steel, publish, issued, make_unit, make_line, list_in_directory, verify):
    """Five units whose quota of 2025 was allocated in advance and determined: some more than in advance, some less, one nothing at all."""
    shrunk, gone, both = (make_unit(Sector.STEEL, name=f"{name}示例钢铁有限公司") for name in ("戊", "己", "庚"))
    for unit in (shrunk, gone, both):
        list_in_directory(unit, 2025)
    for unit, before, after in ((shrunk, 500_000, 200_000), (gone, 300_000, 0), (both, 100_000, 120_000)):
        line = make_line(unit, code="L1")
        verify(line, 2024, before, "1", "1", when=at("2025-08-20"))
        verify(line, 2025, after, f"{after}", f"{after}")
    verify(make_line(both, code="L2"), 2025, 80_001, "60000.55", "80000.11")
    publish()
    return issued(PRE_ALLOCATION), issued()


def test_pages_tables_and_ledger_have_the_same_sums(carried_through, hebei, approver, client_for):
    advance, determination = carried_through
    run = determination.runs.get()
    assert run.settlements.filter(issued_now__lt=0).count() == 2
    settled = run.settlements.aggregate(Sum("determined"), Sum("issued_now"), Sum("issued_total"))
    page = client_for(approver).get(f"/allocation/runs/{run.pk}/").context
    lines, units = sheets_of(hebei, 2025, DETERMINATION, [run])
    quota = page["totals"]["quota"]
    # The page, the awards, the tables of lines and of units
    assert quota == run.awards.aggregate(Sum("quota"))["quota__sum"] == settled["determined__sum"]
    assert quota in lines.totals
    assert quota in units.totals
    # The ledger: what units hold of the vintage is what the two letters issued less what was returned
    assert quota == settled["issued_total__sum"]
    in_advance = advance.runs.get().settlements.aggregate(Sum("issued_now"))["issued_now__sum"]
    assert in_advance + settled["issued_now__sum"] == quota
    entered = Entry.objects.filter(account__unit__isnull=False, vintage=2025).aggregate(Sum("amount"))["amount__sum"]
    held = Holding.objects.filter(account__unit__isnull=False, vintage=2025).aggregate(Sum("amount"))["amount__sum"]
    assert entered == held == quota
    by_unit = dict(run.settlements.values_list("unit", "issued_total"))
    assert dict(Holding.objects.filter(account__unit__isnull=False).values_list("account__unit", "amount")) == by_unit
    # What came back stands in the province's account, and all accounts together hold nothing
    assert Holding.objects.get(account=accounts.of_authority(hebei, ISSUED)).amount == determination.to_return
    assert Entry.objects.aggregate(Sum("amount"))["amount__sum"] == 0
    assert accounts.disagreements() == []
