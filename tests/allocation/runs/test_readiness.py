"""When an officer is told that a run can be prepared."""

import pytest

from allocation.models import Run
from allocation.queries import todo
from allocation.runs import next_runs
from registry.values.sectors import Sector
from tests.cast import at

DETERMINATION, PRE_ALLOCATION = Run.Kind.DETERMINATION, Run.Kind.PRE_ALLOCATION
STEEL = Sector.STEEL


def ready(hebei, when):
    return [(each.kind, each.year) for each in next_runs.ready(hebei, at(when))]


def test_nothing_is_ready_before_a_result(unit, make_line, list_in_directory, hebei):
    make_line(unit)
    list_in_directory(unit, 2024)
    assert ready(hebei, "2025-11-20") == []


def test_a_line_without_its_result_keeps_the_year_waiting(unit, make_line, list_in_directory, verify, hebei):
    list_in_directory(unit, 2024)
    verify(make_line(unit, code="L1"), 2024, 1000, when=at("2025-08-01"))
    second = make_line(unit, code="L2")
    assert ready(hebei, "2025-11-20") == []
    verify(second, 2024, 1000, when=at("2025-08-20"))
    assert ready(hebei, "2025-08-19") == []
    assert ready(hebei, "2025-11-20") == [(DETERMINATION, 2024)]
    # Listed for 2025, too, 70 % of it can be allocated in advance.
    list_in_directory(unit, 2025)
    assert ready(hebei, "2025-11-20") == [(DETERMINATION, 2024), (PRE_ALLOCATION, 2025)]


def test_2025_waits_for_its_balance_value_and_ends_with_the_run(steel, publish, prepared, hebei, officer):
    assert (DETERMINATION, 2025) not in ready(hebei, "2026-09-01")
    publish()
    assert (DETERMINATION, 2025) in ready(hebei, "2026-09-01")
    prepared(DETERMINATION, 2025)
    assert (DETERMINATION, 2025) not in ready(hebei, "2026-09-02")


def test_the_analyst_is_told_which_value_can_be_computed(steel, make_line, rival_unit, publish, analyst):
    def addresses(when):
        return [(each.url, each.tone) for each in todo.todos(analyst, at(when))]

    # 2024 needs no value, and in June 2026 2025 isn't verified.
    assert addresses("2026-06-01") == []
    address = "/allocation/balance-values/?sector=steel&year=2025"
    assert addresses("2026-07-10") == [(address, "warn")]
    make_line(rival_unit, code="L2")
    assert addresses("2026-07-10") == [(address, "info")]
    publish()
    assert addresses("2026-08-10") == []


@pytest.mark.parametrize("name", ["officer", "stranger_officer", "approver"])
def test_the_officer_of_the_province_is_led_to_the_form(name, steel, request):
    found = todo.todos(request.getfixturevalue(name), at("2025-11-20"))
    addresses = [each.url for each in found if "prepare" in each.url]
    expected = ["/allocation/runs/prepare/?kind=determination&sector=steel&year=2024"] if name == "officer" else []
    assert addresses == expected
