"""Many runs in one act, with an outcome each; and the board that tells how far they are."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from allocation import runs
from allocation.models import Run
from allocation.queries import run_board
from allocation.runs import batches, outcome
from registry.models import Authority
from registry.permissions.roles import Role
from registry.refusal import Refusal
from registry.values.sectors import Sector, with_quota
from tests.allocation.conftest import PREPARED
from tests.cast import at

DETERMINATION, PRE_ALLOCATION = Run.Kind.DETERMINATION, Run.Kind.PRE_ALLOCATION
LATER = at("2026-09-01 12:00")


@pytest.fixture
def cement(steel, make_line, list_in_directory, verify):
    """甲 has a kiln, too, with a verified year and no published balance value."""
    line = make_line(steel[0].unit, Sector.CEMENT, "K1")
    list_in_directory(line.unit, 2025, Sector.CEMENT)
    verify(line, 2025, 500_000, "400000", "500000")
    return line


@pytest.fixture
def shandong_officer(make_person):
    return make_person(Role.PROVINCIAL_OFFICER, "山东经办", username="shandong-officer", authority="370000")


def board(when=LATER, **kwargs):
    asked = {"authorities": Authority.objects.all(), "year": 2025, "kind": DETERMINATION, "at": when} | kwargs
    return run_board.board(**asked)


# --- The batch


def test_a_province_asks_for_all_its_sectors_at_once(cement, publish, hebei, officer, do_jobs):
    publish()
    outcomes = batches.prepare_sectors(hebei, 2025, DETERMINATION, by=officer, at=PREPARED)
    assert [(each.sector, each.run is not None, bool(each.refusal)) for each in outcomes] == [
        ("steel", True, False),
        ("cement", False, True),  # its balance value is not published
    ]
    do_jobs()
    assert list(Run.objects.values_list("sector", "state")) == [("steel", "prepared")]


def test_asked_again_what_is_open_is_told_and_nothing_is_asked_for_twice(steel, publish, hebei, officer):
    publish()
    first, again = (batches.prepare_sectors(hebei, 2025, DETERMINATION, by=officer, at=PREPARED) for _each in range(2))
    assert [each.run is None for each in (*first, *again)] == [False, True]
    assert Run.objects.count() == 1


def test_a_province_without_units_is_told(hebei, officer):
    with pytest.raises(Refusal):
        batches.prepare_sectors(hebei, 2025, DETERMINATION, by=officer, at=PREPARED)


def test_each_province_is_prepared_by_its_own_officer(
    steel, far_unit, make_line, list_in_directory, verify, publish, officer, shandong_officer, analyst, approver
):
    line = make_line(far_unit, code="L1")
    list_in_directory(far_unit, 2025)
    verify(line, 2025, 1_000_000, "850000", "1000000")
    publish()
    wanted = batches.scopes(2025, PREPARED, authorities=Authority.objects.all(), sectors=with_quota())
    assert [(authority.code, sector) for authority, sector in wanted] == [("130000", "steel"), ("370000", "steel")]
    for by in ([analyst], [approver], []):
        outcomes = batches.prepare(wanted, 2025, DETERMINATION, by=by, at=PREPARED)
        assert [each.run for each in outcomes] == [None, None]
        assert all(each.refusal for each in outcomes)
    outcomes = batches.prepare(wanted, 2025, DETERMINATION, by=[analyst, officer, shandong_officer], at=PREPARED)
    assert [each.run.prepared_by for each in outcomes] == [officer, shandong_officer]


@pytest.mark.usefixtures("in_english")
def test_the_command_tells_of_every_scope(cement, publish, officer, monkeypatch):
    publish()
    monkeypatch.setattr("registry.law.clock.now", lambda: PREPARED)
    out = io.StringIO()
    asked = ["prepare_runs", "--year", "2025", "--kind", "determination", "--by", "officer"]
    with pytest.raises(CommandError, match="1 runs requested, 1 refused"):
        call_command(*asked, stdout=out)
    steel, cement_said = out.getvalue().splitlines()
    assert steel.endswith("run requested")
    assert "not published" in cement_said
    with pytest.raises(CommandError, match="0 runs requested, 1 refused"):
        call_command(*asked, "--sector", "steel", "--authority", "130000", stdout=out)
    with pytest.raises(CommandError, match="999999"):
        call_command(*asked, "--authority", "999999")
    with pytest.raises(CommandError, match="nobody-here"):
        call_command(*asked[:-1], "nobody-here")


def test_the_page_asks_for_all_sectors_and_tells_of_each(cement, publish, officer, client_for, monkeypatch):
    publish()
    monkeypatch.setattr("registry.law.clock.now", lambda: PREPARED)
    form = {"kind": DETERMINATION, "sector": "all", "year": 2025}
    page = client_for(officer).post("/allocation/runs/prepare/", form, follow=True)
    assert page.redirect_chain[-1][0] == "/allocation/runs/board/?year=2025&kind=determination"
    assert [message.level_tag for message in page.context["messages"]] == ["success", "warning"]
    assert Run.objects.count() == 1


# --- The board


def test_the_board_tells_each_scope(cement, publish, prepared, verify):
    publish()
    run = prepared()
    steel, kiln = board().cells
    assert (steel.run.pk, steel.state, steel.run.quota, steel.run.lines, steel.run.without) == (
        run.pk,
        "prepared",
        991_176 + 1_008_823,
        2,
        0,
    )
    assert (steel.lines, steel.missing, steel.run.later) == (2, 0, 0)
    assert (kiln.sector, kiln.state, kiln.lines, kiln.missing) == ("cement", "none", 1, 0)
    verify(cement.unit.lines.get(code="L1"), 2025, 1_000_001, "900000", "1000000", when=LATER)
    assert board().cells[0].run.later == 1
    assert board(when=at("2026-08-31")).cells[0].run is None  # it was asked for the day after


def test_the_board_counts_what_lacks_its_result(cement, make_line):
    make_line(cement.unit, code="L2")
    assert [(cell.sector, cell.lines, cell.missing) for cell in board().cells] == [("steel", 3, 1), ("cement", 1, 0)]
    # In advance for 2026 nobody is listed yet; for 2025 the results of 2024 count, and L2 and the kiln have none.
    assert board(year=2026, kind=PRE_ALLOCATION).cells == []
    advance = board(kind=PRE_ALLOCATION).cells
    assert [(cell.sector, cell.lines, cell.missing) for cell in advance] == [("steel", 3, 1), ("cement", 1, 1)]


def test_an_open_or_approved_run_counts_before_a_later_one_that_came_to_nothing(steel, publish, approved):
    publish()
    run = approved()
    copy = Run.objects.get(pk=run.pk)
    copy.pk, copy.state, copy.approved_by, copy.approved_at = None, Run.State.CANCELLED, None, None
    copy.save(force_insert=True)
    (cell,) = board().cells
    assert (cell.run.pk, board().counts["approved"], board().quota) == (run.pk, 1, 1_999_999)
    assert board().of_state("approved").cells == [cell]
    assert board().of_state("none").rows == []


def test_its_queries_do_not_grow(cement, make_unit, make_line, list_in_directory, publish, prepared):
    publish()
    prepared()

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            cells = board().cells
        return len(cells), len(queries)

    few = asked()
    for code in ("370000", "110000"):
        other = make_unit(Sector.STEEL, authority=code)
        list_in_directory(other, 2025)
        make_line(other, code="L1")
    many = asked()
    assert (few[0], many[0]) == (2, 4)
    assert many[1] == few[1] <= 6


def test_a_province_sees_its_own_row_and_the_ministry_all(cement, officer, shandong_officer, analyst, client_for):
    url = "/allocation/runs/board/?year=2025&kind=determination"
    for person, rows in ((officer, 1), (shandong_officer, 0), (analyst, 1)):
        page = client_for(person).get(url)
        assert (page.status_code, len(page.context["rows"])) == (200, rows)
    assert client_for(analyst).get(f"{url}&state=approved").context["rows"] == []


# --- Taking one back while its job works


def test_a_run_cancelled_in_the_middle_of_its_job_stores_nothing(steel, publish, hebei, officer, do_jobs, monkeypatch):
    publish()
    run = runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=officer, at=PREPARED)
    whole = outcome.result_of

    def cancelled_meanwhile(manifest):
        runs.cancel(run, by=officer, at=PREPARED)
        return whole(manifest)

    monkeypatch.setattr(outcome, "result_of", cancelled_meanwhile)
    (job,) = do_jobs()
    run.refresh_from_db()
    assert (run.state, run.manifest, run.awards.count()) == (Run.State.CANCELLED, "", 0)
    assert (job.state, job.outcome) == ("done", {"cancelled": 1})
