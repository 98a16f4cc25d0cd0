"""The scope of a run: every line once, with the part it is in and the reason; the parts add up to all lines known."""

import datetime as dt
from fractions import Fraction

import pytest
from django.urls import reverse

from allocation import balance_values, runs, scope
from allocation.models import Run
from allocation.queries import run_scope
from allocation.queries.run_scope import Part, Unconsidered
from registry.models import Line
from registry.refusal import Refusal
from registry.values.sectors import Sector
from reporting.models import Verification
from tests.allocation.conftest import PREPARED
from tests.exports import csv_of, xlsx_of

CEMENT = Sector.CEMENT


def found(whole):
    return {row.line.code: (row.part, row.reason) for row in whole.rows}


@pytest.fixture
def kiln(unit, make_line, verify):
    """`kiln(code, verified=True, kind="", …)`: a cement line of 甲."""

    def make(code, verified=True, kind="", details=None, **days):
        line = make_line(unit, code=code, sector=CEMENT, **days)
        if verified:
            verify(line, 2025, 1_000, "900", "1000", kind=kind, details=details)
        return line

    return make


@pytest.fixture
def kilns(unit, list_in_directory, kiln):
    list_in_directory(unit, 2025, CEMENT)
    kiln("A")
    kiln("W", kind="white")
    kiln("C", closed=dt.date(2026, 3, 1))
    kiln("N", commissioned=dt.date(2025, 5, 1))
    kiln("S", verified=False)
    kiln("L", verified=False, commissioned=dt.date(2026, 2, 1))
    kiln("E", verified=False, closed=dt.date(2024, 6, 30))


EXPECTED = {
    "A": (Part.IN, "by_intensity"),
    "W": (Part.EQUAL, "white"),
    "C": (Part.OUTSIDE, "outside_closed"),
    "N": (Part.OUTSIDE, "outside_commissioned"),
    "S": (Part.LEFT_OUT, "no_verified_result"),
    "L": (Part.OUTSIDE, Unconsidered.COMMISSIONED_LATER),
    "E": (Part.OUTSIDE, Unconsidered.CLOSED_EARLIER),
}


def test_before_a_run_every_line_has_its_part_and_reason(kilns, hebei):
    whole = run_scope.prospective(hebei, CEMENT, 2025, Run.Kind.DETERMINATION, PREPARED)
    assert found(whole) == EXPECTED
    assert sum(count for _, count in whole.parts) == sum(count for *_, count in whole.reasons) == len(EXPECTED)


def test_a_run_did_what_was_foreseen(kilns, hebei, publish, prepared):
    publish(CEMENT)
    whole = run_scope.of_run(prepared(sector=CEMENT))
    parts = {code: part for code, (part, _) in found(whole).items()}
    assert parts == {code: part for code, (part, _) in EXPECTED.items()}
    assert [row.quota for row in whole.rows if row.line.code == "W"] == [1_000]


def test_a_line_of_a_unit_that_is_not_in_the_directory_is_named(steel, make_line, make_unit, hebei):
    stranger = make_line(make_unit(), code="X1")
    whole = run_scope.prospective(hebei, Sector.STEEL, 2025, Run.Kind.DETERMINATION, PREPARED)
    assert found(whole)[stranger.code] == (Part.LEFT_OUT, Unconsidered.UNIT_NOT_LISTED)
    assert len(whole.rows) == 3


def test_a_result_that_its_unit_has_verified_again_is_marked(kilns, hebei, verifier_body, officer):
    standing = Verification.objects.get()
    scope = {"unit": standing.unit, "sector": CEMENT, "year": 2025, "report": standing.report, "body": verifier_body}
    again = {"ground": "review", "reason": "申请复核", "assigned_by": officer, "assigned_at": PREPARED}
    assert run_scope.prospective(hebei, CEMENT, 2025, Run.Kind.DETERMINATION, PREPARED).contested == 0
    Verification.objects.create(**scope, version=2, **again)
    assert run_scope.prospective(hebei, CEMENT, 2025, Run.Kind.DETERMINATION, PREPARED).contested == len(EXPECTED)
    assert run_scope.prospective(hebei, CEMENT, 2025, Run.Kind.PRE_ALLOCATION, PREPARED).contested == 0


def test_what_the_queries_cost_does_not_grow(kilns, kiln, hebei, django_assert_num_queries):
    kiln("Z1")
    kiln("Z2", verified=False)
    with django_assert_num_queries(7):
        run_scope.prospective(hebei, CEMENT, 2025, Run.Kind.DETERMINATION, PREPARED)


def test_the_page_narrows_and_hands_out_what_it_shows(kilns, officer, publish, prepared, client_for):
    publish(CEMENT)
    address = reverse("allocation:run_scope", args=[prepared(sector=CEMENT).pk])
    client = client_for(officer, "en")
    page = client.get(address, {"part": Part.LEFT_OUT}).content.decode()
    assert "1 of 7 lines" in page
    rows = csv_of(client.get(address, {"_export": "csv"})).dicts
    assert len(rows) == 7
    assert {row["Line"]: row["Reason"] for row in rows}["S"] == "no verified result for the year yet"
    assert {row["Line"]: row["Included?"] for row in rows}["W"] == "in the run, quota equals emissions"
    equal = xlsx_of(client.get(address, {"_export": "xlsx", "part": "equal"}))
    assert [row[2] for row in equal.rows] == ["W"]
    assert "in the run, quota equals emissions" in equal.title


def test_the_scope_is_looked_through_by_unit_part_and_reason(kilns, unit, officer, publish, prepared, client_for):
    publish(CEMENT)
    client = client_for(officer, "en")
    address = reverse("allocation:run_scope", args=[prepared(sector=CEMENT).pk])

    def lines(**asked):
        return {row.record.line.code for row in client.get(address, asked).context["table"].rows}

    assert lines(q=unit.credit_code) == EXPECTED.keys()
    assert lines(q="nobody") == set()
    assert lines(part="outside", reason="commissioned_later") == {"L"}
    assert lines(contested="1") == set()
    page = client.get(address, {"part": "outside"})
    labels = [str(label) for _code, label in page.context["filter"].form.fields["part"].widget.choices]
    assert labels[1:] == [
        "in the run (1)",
        "in the run, quota equals emissions (1)",
        "outside the year's allocation (4)",
        "left out (1)",
    ]
    reasons = dict(page.context["filter"].form.fields["reason"].widget.choices)
    assert (reasons["commissioned_later"], reasons["white"]) == (
        "commissioned after the year (1)",
        "white clinker only: quota equals emissions (0)",
    )
    assert "idle" not in reasons  # no line is
    assert client.get(address, {"part": "in"}).context["table"].columns["emissions"].footer == "1,000"
    before = client.get(reverse("allocation:scope"), {"sector": CEMENT, "year": 2025, "q": "nobody"})
    assert [row.record for row in before.context["table"].rows] == []
    asked = {"sector": CEMENT, "year": 2025, "part": "left_out", "_export": "csv"}
    taken = csv_of(client.get(reverse("allocation:scope"), asked))
    assert "Sector: Cement · Year: 2025 · Included?: left out" in taken.title
    assert len(taken.rows) == 1


def test_no_cell_runs_as_a_formula(kiln, unit, list_in_directory, officer, client_for):
    list_in_directory(unit, 2025, CEMENT)
    unit.name = "=1+1"
    unit.save()
    kiln("-A")
    asked = {"kind": "determination", "sector": "cement", "year": 2025, "_export": "csv"}
    (row,) = csv_of(client_for(officer, "en").get(reverse("allocation:scope"), asked)).dicts
    assert (row["Unit"], row["Line"]) == ("'=1+1", "'-A")


def test_a_year_without_a_plan_is_told(officer, client_for):
    page = client_for(officer, "en").get(reverse("allocation:scope"), {"year": 2027})
    assert page.status_code == 200
    assert "2027" in page.content.decode()
    assert client_for(officer, "en").get(reverse("allocation:scope"), {"year": 2090}).status_code == 404


def slag(tonnes):
    """Details of a year's 1,000 t of clinker: R = tonnes · 0.5 / (1,000 · 0.5)."""
    return {"carbide_slag": str(tonnes), "carbide_slag_deduction": "0.5", "clinker_ef": "0.5"}


def test_the_rate_alone_decides_and_a_label_that_differs_is_marked(
    unit, list_in_directory, kiln, hebei, publish, prepared
):
    list_in_directory(unit, 2025, CEMENT)
    kiln("A")
    kiln("R", details=slag(151))
    kiln("K", kind="carbide_slag", details=slag(150))
    kiln("B", kind="carbide_slag", details=slag(151))
    before = run_scope.prospective(hebei, CEMENT, 2025, Run.Kind.DETERMINATION, PREPARED)
    publish(CEMENT)
    after = run_scope.of_run(prepared(sector=CEMENT))
    for whole in (before, after):
        assert {row.line.code for row in whole.rows if row.reason == "carbide_slag"} == {"R", "B"}
        assert {row.line.code for row in whole.rows if row.mislabelled} == {"R", "K"}
        assert {row.line.code: row.slag_rate for row in whole.rows if row.slag_rate} == {
            "R": Fraction("0.151"),
            "K": Fraction("0.15"),
            "B": Fraction("0.151"),
        }
    assert [row.quota for row in after.rows if row.line.code == "R"] == [1_000]


def test_a_result_from_before_the_line_was_commissioned_is_refused_by_name(
    kilns, unit, kiln, hebei, analyst, list_in_directory
):
    kiln("Z", commissioned=dt.date(2026, 2, 1))
    whole = run_scope.prospective(hebei, CEMENT, 2025, Run.Kind.DETERMINATION, PREPARED)
    assert found(whole)["Z"] == (Part.IN, run_scope.UNUSABLE)
    with pytest.raises(Refusal, match="Z"):
        balance_values.request(CEMENT, 2025, by=analyst, at=PREPARED)
    list_in_directory(unit, 2026, CEMENT)
    for year, kind in ((2025, Run.Kind.DETERMINATION), (2026, Run.Kind.PRE_ALLOCATION)):
        assert [one.line.code for one in scope.of_run(hebei, CEMENT, year, kind, PREPARED).contradictory] == ["Z"]


def test_a_run_over_such_a_result_fails_with_the_reason(steel, publish, officer, hebei, do_jobs):
    publish()
    Line.objects.filter(pk=steel[0].pk).update(commissioned=dt.date(2026, 3, 1))
    run = runs.prepare(hebei, Sector.STEEL, 2025, Run.Kind.DETERMINATION, by=officer, at=PREPARED)
    do_jobs()
    run.refresh_from_db()
    assert run.state == Run.State.FAILED
    assert len(run.faults) == 1
    assert "L1" in run.faults[0]
    assert "2026-03-01" in run.faults[0]
