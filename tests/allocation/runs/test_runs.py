"""Balance values and runs: who may, what is frozen, what binds, what is refused."""

import datetime as dt
from unittest.mock import Mock

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from allocation import balance_values, runs
from allocation.models import Award, BalanceValue, LeftOut, Run
from allocation.queries.todo import todos
from allocation.runs import acts, computing, inputs, outcome
from registry import jobs, journal
from registry.models import DirectoryEntry, Job
from registry.permissions.roles import Role
from registry.refusal import Refusal
from registry.values.canonical import canonical, digest
from registry.values.sectors import Sector
from tests.allocation.conftest import APPROVED, COMPUTED, PREPARED, PUBLISHED, approve
from tests.cast import at

DETERMINATION, PRE_ALLOCATION = Run.Kind.DETERMINATION, Run.Kind.PRE_ALLOCATION


# --- Balance values


def test_value_is_computed_from_all_verified_results(steel, publish):
    found = publish()
    assert found.decimal == found.value
    # (1,000,000 × 0.90 + 1,000,000 × 0.80) / 2,000,000 = 0.85
    assert (str(found.value), found.exact) == ("0.8500", "17/20")
    report = found.found
    # 991,176 + 1,008,823 − 2,000,000 = −1
    assert (report["total_quota"], report["total_emissions"], report["residue"]) == (1_999_999, 2_000_000, -1)
    assert report["missing"] == []


def test_missing_results_are_named(steel, publish, make_unit, make_line, list_in_directory):
    silent = make_unit(Sector.STEEL, name="丁示例钢铁有限公司")
    list_in_directory(silent, 2025)
    make_line(silent, code="L9")
    assert [(row["unit"], row["line"]) for row in publish().found["missing"]] == [("丁示例钢铁有限公司", "L9")]


def test_units_outside_the_directory_have_no_part_in_the_value(steel, publish, make_unit, make_line, verify):
    stranger = make_unit(Sector.STEEL, name="戊示例钢铁有限公司")  # reports and is verified only
    verify(make_line(stranger, code="L1"), 2025, 30_000, "60000", "30000")  # I = 2.0 would move the value
    verify(make_line(stranger, code="L2"), 2025, 30_000, "60000", "0")  # no intensity at all: it would make it fail
    found = publish()
    # 甲 and 乙 alone: (1,000,000 × 0.90 + 1,000,000 × 0.80) / 2,000,000 = 0.85
    assert (found.exact, found.found["lines"]) == ("17/20", 2)
    assert [(row["unit"], row["line"]) for row in found.found["strangers"]] == [
        ("戊示例钢铁有限公司", "L1"),
        ("戊示例钢铁有限公司", "L2"),
    ]


def test_value_needs_a_second_person(steel, analyst, ministry_approver, reseated, do_jobs):
    asked = balance_values.request(Sector.STEEL, 2025, by=analyst, at=COMPUTED)
    do_jobs()
    with pytest.raises(Refusal):
        balance_values.publish(asked, by=reseated(analyst, ministry_approver), at=PUBLISHED)
    with pytest.raises(IntegrityError), transaction.atomic():
        BalanceValue.objects.filter(pk=asked.pk).update(published_by=analyst)


def test_value_is_not_published_over_changed_results(steel, analyst, ministry_approver, do_jobs, verify):
    asked = balance_values.request(Sector.STEEL, 2025, by=analyst, at=COMPUTED)
    do_jobs()
    verify(steel[0], 2025, 1_000_001, "900000", "1000000", when=at("2026-08-02"))
    with pytest.raises(Refusal):
        balance_values.publish(asked, by=ministry_approver, at=PUBLISHED)


def test_of_two_computations_only_the_later_one_can_be_published(steel, analyst, ministry_approver, do_jobs):
    first, second = (_computed(analyst, do_jobs) for _each in range(2))
    first.refresh_from_db()
    assert (first.state, bool(first.fault)) == (BalanceValue.State.SUPERSEDED, True)
    with pytest.raises(Refusal):
        balance_values.publish(first, by=ministry_approver, at=PUBLISHED)
    for state in ("published", "computed"):
        with pytest.raises(DatabaseError), transaction.atomic():
            BalanceValue.objects.filter(pk=first.pk).update(state=state)
    balance_values.publish(second, by=ministry_approver, at=PUBLISHED)


def test_a_stale_value_waits_for_the_analyst_and_offers_nobody_to_publish_it(
    steel, analyst, ministry_approver, do_jobs, verify, client_for
):
    value, later = _computed(analyst, do_jobs), at("2026-08-03")
    page, listed = reverse("allocation:balance_value", args=[value.pk]), reverse("allocation:balance_values")
    assert [each.title for each in todos(ministry_approver, later)] == ["待发布的行业平衡值"]
    assert client_for(ministry_approver).get(page).context["may_publish"]
    verify(steel[0], 2025, 1_000_001, "900000", "1000000", when=at("2026-08-02"))
    assert not balance_values.stale(value, at("2026-08-01 12:00"))
    assert todos(ministry_approver, later) == []
    (again,) = todos(analyst, later)
    assert (again.url, again.tone, again.count) == (page, "danger", 1)
    assert not client_for(ministry_approver).get(page).context["may_publish"]
    assert "已失效" in client_for(ministry_approver).get(listed).content.decode()
    assert client_for(analyst).get(page).context["may_compute_again"]
    second = balance_values.request(Sector.STEEL, 2025, by=analyst, at=later)
    do_jobs()
    value.refresh_from_db()
    assert value.state == BalanceValue.State.SUPERSEDED
    assert [each.title for each in todos(analyst, later)] == ["待审批人发布的行业平衡值"]
    assert [each.url for each in todos(ministry_approver, later)] == [
        reverse("allocation:balance_value", args=[second.pk])
    ]


def test_whoever_had_a_value_computed_withdraws_it(steel, analyst, ministry_approver, make_person, do_jobs, client_for):
    value = _computed(analyst, do_jobs)
    colleague = make_person(Role.MINISTRY_ANALYST, "部第二分析")
    with pytest.raises(Refusal):
        balance_values.withdraw(value, reason="x", by=colleague, at=PUBLISHED)
    with pytest.raises(PermissionDenied):
        balance_values.withdraw(value, reason="x", by=ministry_approver, at=PUBLISHED)
    taken = balance_values.withdraw(value, reason="尚有核查未完成", by=analyst, at=PUBLISHED)
    assert (taken.state, taken.get_state_display()) == ("withdrawn", "已撤回")
    page = client_for(analyst).get(reverse("allocation:balance_value", args=[value.pk])).text
    assert "已撤回" in page
    assert "已被替代" not in page
    with pytest.raises(Refusal):
        balance_values.publish(value, by=ministry_approver, at=PUBLISHED)
    assert [each.title for each in todos(analyst, PUBLISHED)] == ["待计算的行业平衡值"]


def test_a_published_value_is_not_withdrawn_and_nobody_else_is_said_to_have_dealt_with_it(
    steel, publish, analyst, in_english
):
    value = publish()
    with pytest.raises(Refusal, match=r"can't be withdrawn: the provinces determine quota with it.*hypothetically"):
        balance_values.withdraw(value, reason="x", by=analyst, at=PUBLISHED)
    value.refresh_from_db()
    assert value.state == "published"


def _computed(analyst, do_jobs):
    asked = balance_values.request(Sector.STEEL, 2025, by=analyst, at=COMPUTED)
    do_jobs()
    return asked


def test_one_published_value_per_sector_and_year(steel, publish, analyst):
    publish()
    with pytest.raises(Refusal):
        balance_values.request(Sector.STEEL, 2025, by=analyst, at=PUBLISHED)


def test_no_value_for_a_year_whose_quota_equals_emissions(steel, analyst):
    with pytest.raises(Refusal):
        balance_values.request(Sector.STEEL, 2024, by=analyst, at=COMPUTED)


def test_no_lines_is_a_failed_value_not_a_crash(analyst, do_jobs):
    asked = balance_values.request(Sector.CEMENT, 2025, by=analyst, at=COMPUTED)
    do_jobs()
    asked.refresh_from_db()
    assert asked.state == BalanceValue.State.FAILED
    assert asked.fault


def test_two_computations_at_once(steel, analyst):
    balance_values.request(Sector.STEEL, 2025, by=analyst, at=COMPUTED)
    with pytest.raises(Refusal):
        balance_values.request(Sector.STEEL, 2025, by=analyst, at=COMPUTED)


# --- What a run gives


def test_determination(steel, publish, prepared):
    publish()
    run = prepared()
    assert list(run.awards.values_list("unit__name", "quota", "due", "case")) == [
        ("甲示例冶金建材有限公司", 991_176, 1_000_000, "within"),
        ("乙示例冶金建材有限公司", 1_008_823, 1_000_000, "within"),
    ]
    award = run.awards.first()
    # X = (0.85 − 0.90)/0.85 = −1/17, α = 0.15 × −1/17 = −3/340
    assert (award.intensity, award.deviation, award.coefficient) == ("9/10", "-1/17", "-3/340")
    assert award.explained["steps"][-1]["shown"] == "991176"


def test_the_2024_year_equals_emissions_and_has_no_advance(steel, prepared, hebei, officer):
    run = prepared(year=2024, when=at("2025-11-20"))
    assert list(run.awards.values_list("quota", flat=True)) == [1_000_001, 800_000]
    with pytest.raises(Refusal):
        runs.prepare(hebei, Sector.STEEL, 2024, PRE_ALLOCATION, by=officer, at=at("2025-11-20"))


def test_pre_allocation_is_floored(steel, prepared):
    run = prepared(PRE_ALLOCATION, when=at("2026-03-20"))
    # floor(0.70 × 1,000,001) = floor(700,000.7) = 700,000; 0.70 × 800,000 = 560,000
    assert list(run.awards.values_list("quota", "due")) == [(700_000, 0), (560_000, 0)]


def test_lines_left_out_are_named_with_the_reason(steel, publish, prepared, make_line, make_unit, verify):
    make_line(steel[0].unit, code="L2", commissioned=dt.date(2025, 3, 1))
    stranger = make_line(make_unit(Sector.STEEL), code="L1")  # not in the directory
    verify(stranger, 2025, 30_000, "27000", "30000")
    make_line(steel[0].unit, code="L3", closed=dt.date(2024, 6, 1))  # not a line of 2025 any more
    publish()
    run = prepared()
    assert set(run.left_out.values_list("line__code", "reason")) == {
        ("L2", "no_verified_result"),
        ("L1", "not_listed"),
    }
    advance = prepared(PRE_ALLOCATION, year=2025, when=at("2026-03-20"), authority=steel[0].unit.authority)
    assert set(advance.left_out.values_list("line__code", "reason")) == {("L2", "no_verified_last_year")}


def test_the_same_manifest_gives_the_same_bytes(steel, publish, prepared):
    publish()
    run = prepared()
    assert runs.stored_result(run) == outcome.result_of(run.inputs)
    assert not runs.tampered(run)


def test_what_is_written_by_parts_is_what_is_written_whole(steel, publish, prepared):
    publish()
    for run in (prepared(), prepared(PRE_ALLOCATION, year=2025, when=at("2026-03-20"), sector=Sector.STEEL)):
        result = outcome.result_of(run.inputs)
        assert list(outcome.explanations(result["awards"])) == [
            canonical(row["explanation"]) for row in result["awards"]
        ]
        assert run.result_sha256 == digest(result)
        assert set(run.awards.values_list("explanation", flat=True)) == set(outcome.explanations(result["awards"]))


def test_a_line_that_cannot_be_determined_fails_the_run_with_every_fault(
    steel, publish, hebei, officer, do_jobs, make_line, verify
):
    publish()
    for code in ("L7", "L8"):
        verify(make_line(steel[0].unit, code=code), 2025, 50_000, "40000", "0", when=at("2026-08-20"))
    run = runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=officer, at=PREPARED)
    do_jobs()
    run.refresh_from_db()
    assert run.state == Run.State.FAILED
    assert [fault.split(":")[0][-2:] for fault in run.faults] == ["L7", "L8"]
    assert not run.awards.exists()


# --- What a run needs


def test_no_run_without_a_published_balance_value(steel, hebei, officer):
    with pytest.raises(Refusal):
        runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=officer, at=PREPARED)


def test_no_run_from_a_draft_plan(hebei, officer):
    with pytest.raises(Refusal):
        runs.prepare(hebei, Sector.STEEL, 2026, DETERMINATION, by=officer, at=PREPARED)


def test_a_second_open_run_of_the_scope_is_refused(steel, publish, hebei, officer):
    publish()
    runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=officer, at=PREPARED)
    with pytest.raises(Refusal):
        runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=officer, at=PREPARED)


def test_an_approved_scope_is_not_run_again(steel, publish, approved, hebei, officer):
    publish()
    approved()
    with pytest.raises(Refusal):
        runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=officer, at=APPROVED)


def test_two_runs_of_a_scope_are_not_both_approved(steel, publish, prepared, approver, hebei):
    publish()
    run = prepared()
    other = {"authority": hebei, "sector": Sector.STEEL, "year": 2025, "kind": DETERMINATION}
    Run.objects.create(
        **other,
        plan_id=run.plan_id,
        state=Run.State.APPROVED,
        manifest_sha256="0",
        result_sha256="0",
        prepared_by=run.prepared_by,
        requested_at=PREPARED,
        approved_by=approver,
        approved_at=APPROVED,
    )
    with pytest.raises(Refusal):
        approve(run, approver)


def test_no_determination_beside_an_unfinished_advance(steel, publish, prepared, hebei, officer):
    publish()
    prepared(PRE_ALLOCATION)
    with pytest.raises(Refusal):
        runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=officer, at=PREPARED)


# --- Approval


def test_whoever_prepared_cannot_approve(steel, publish, prepared, officer, approver, reseated):
    publish()
    run = prepared()
    with pytest.raises(Refusal):
        approve(run, reseated(officer, approver))
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(approved_by=officer)


@pytest.mark.parametrize("which", ["manifest_sha256", "result_sha256"])
def test_approval_binds_both_hashes(steel, publish, prepared, approver, which):
    publish()
    run = prepared()
    hashes = {"manifest_sha256": run.manifest_sha256, "result_sha256": run.result_sha256, which: "0" * 64}
    with pytest.raises(Refusal):
        runs.approve(run, **hashes, by=approver, at=APPROVED)


def test_a_run_that_results_have_overtaken_is_not_approved(steel, publish, prepared, approver, verify):
    publish()
    run = prepared()
    verify(steel[0], 2025, 1_000_001, "900000", "1000000", when=at("2026-09-01 12:00"))
    assert runs.stale(run, APPROVED)
    with pytest.raises(Refusal):
        approve(run, approver)


def before_the_lock(monkeypatch, act):
    """Have the act done while an approval that has looked already waits for its lock; what it saw comes in a list."""
    real, seen = inputs.look, []

    def look(*args):
        seen.append(real(*args))
        act()
        return seen[-1]

    monkeypatch.setattr(acts, "look", look)
    return seen


def test_a_result_that_comes_while_an_approval_waits_for_its_lock_is_seen(
    steel, publish, prepared, approver, verify, monkeypatch
):
    publish()
    run = prepared()

    def change():
        result = verify(steel[0], 2025, 1_000_001, "900000", "1000000", when=at("2026-09-01 12:00"))
        journal.record("verification.approved", result.verification, by=approver, at=APPROVED)

    seen = before_the_lock(monkeypatch, change)
    with pytest.raises(Refusal):
        approve(run, approver)
    assert [look.stale for look in seen] == [False]


def test_an_act_on_a_month_meanwhile_makes_no_approval_look_again(steel, publish, prepared, approver, monkeypatch):
    publish()
    run = prepared()
    before_the_lock(monkeypatch, lambda: journal.record("package.accepted", steel[0].unit, by=approver, at=APPROVED))
    stale = Mock(wraps=inputs.stale)
    monkeypatch.setattr(inputs, "stale", stale)
    assert approve(run, approver).state == Run.State.APPROVED
    assert stale.call_count == 1


def test_a_run_over_another_directory_is_not_approved(steel, publish, prepared, approver):
    publish()
    run = prepared()
    DirectoryEntry.objects.filter(unit=steel[1].unit, year=2025).delete()
    assert runs.stale(run, APPROVED)
    with pytest.raises(Refusal):
        approve(run, approver)


def test_a_result_after_the_approval_does_not_make_the_run_stale_before_it(steel, publish, prepared, approver, verify):
    publish()
    run = prepared()
    verify(steel[0], 2025, 1_000_001, "900000", "1000000", when=at("2026-12-01"))
    assert approve(run, approver).state == Run.State.APPROVED


def test_refusing_needs_a_reason_and_frees_the_scope(steel, publish, prepared, approver):
    publish()
    run = prepared()
    with pytest.raises(Refusal):
        runs.refuse(run, reason=" ", by=approver, at=APPROVED)
    runs.refuse(run, reason="L1 的产量有误", by=approver, at=APPROVED)
    assert prepared().pk != run.pk


MOVES = {
    "approve": lambda run, officer, approver: approve(run, approver),
    "refuse": lambda run, officer, approver: runs.refuse(run, reason="x", by=approver, at=APPROVED),
    "cancel": lambda run, officer, approver: runs.cancel(run, by=officer, at=APPROVED),
}
ALLOWED = {
    ("prepared", "approve"),
    ("prepared", "refuse"),
    ("prepared", "cancel"),
    ("preparing", "cancel"),
}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", Run.State.values)
def test_every_move_from_every_state(steel, publish, prepared, officer, approver, state, move):
    publish()
    run = prepared()
    fields = {"approved_by": approver, "approved_at": APPROVED} if state == "approved" else {}
    fields |= {"refused_by": approver, "refusal_reason": "x"} if state == "refused" else {}
    Run.objects.filter(pk=run.pk).update(state=state, **fields)
    if (state, move) in ALLOWED:
        MOVES[move](run, officer, approver)
    else:
        with pytest.raises(Refusal):
            MOVES[move](run, officer, approver)


# --- The job


def test_a_worker_that_dies_before_the_end_leaves_nothing_and_another_finishes_once(
    steel, publish, hebei, officer, monkeypatch
):
    publish()
    run = runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=officer, at=PREPARED)
    whole = outcome.result_of

    def die(manifest):
        whole(manifest)
        raise SystemExit

    monkeypatch.setattr(outcome, "result_of", die)
    with pytest.raises(SystemExit):  # killed between progress and finishing: no handler of ours runs
        jobs.run(run.job_id, worker="first")
    assert not Award.objects.filter(run=run).exists()
    jobs.run(run.job_id, worker="second")  # the lease has not run out: not their
    assert not Award.objects.filter(run=run).exists()
    Job.objects.filter(pk=run.job_id).update(lease_until=at("2000-01-01"))
    monkeypatch.setattr(outcome, "result_of", whole)
    jobs.run(run.job_id, worker="third")
    jobs.run(run.job_id, worker="fourth")
    run.refresh_from_db()
    assert (run.state, run.awards.count()) == (Run.State.PREPARED, 2)


def test_a_cancelled_run_stays_cancelled_when_its_job_comes_back(steel, publish, hebei, officer, approver):
    publish()
    run = runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=officer, at=PREPARED)
    Run.objects.filter(pk=run.pk).update(state=Run.State.CANCELLED)
    jobs.run(run.job_id, worker="late")
    run.refresh_from_db()
    assert (run.state, run.awards.count()) == (Run.State.CANCELLED, 0)


def test_a_run_whose_job_died_makes_way(steel, publish, hebei, officer):
    publish()
    run = runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=officer, at=PREPARED)
    Job.objects.filter(pk=run.job_id).update(state=Job.State.FAILED, error="its worker died in every attempt")
    again = runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=officer, at=PREPARED)
    run.refresh_from_db()
    assert run.state == Run.State.FAILED
    assert again.pk != run.pk


def test_a_run_tells_its_stages_and_the_lines_done(steel, publish, prepared, officer, client_for, monkeypatch):
    publish()
    monkeypatch.setattr(computing, "LEAST_STEP", 1)
    told, progress = [], jobs.Lease.progress

    def listening(lease, done, total, stage=""):
        progress(lease, done, total, stage)
        told.append((stage, done, total))
        if stage == "run.explaining":
            page = client_for(officer, "en").get(f"/allocation/runs/{lease.job.payload['run']}/progress/")
            assert "3 of 4: writing the explanation of each line" in page.content.decode()

    monkeypatch.setattr(jobs.Lease, "progress", listening)
    run = prepared()
    assert run.state == Run.State.PREPARED
    assert told == [
        ("run.reading", 0, 1),  # how many lines there are is not known yet
        ("run.determining", 0, 2),
        ("run.explaining", 0, 2),
        ("run.explaining", 1, 2),
        ("run.storing", 2, 2),
    ]


def test_the_job_names_each_line_left_out_with_the_reason(steel, publish, prepared, make_line, officer, client_for):
    publish()
    make_line(steel[0].unit, code="L2")
    run = prepared()
    item = run.job.items.get()
    assert (item.key, item.succeeded) == (f"{steel[0].unit.credit_code}/L2", False)
    assert item.message == LeftOut.Reason.NO_VERIFIED_RESULT.label
    assert Job.objects.get(pk=run.job_id).outcome == {"awards": 2, "left_out": 1}
    assert item.key in client_for(officer).get(reverse("registry:job", args=[run.job_id])).content.decode()
