"""What was reported: packages in all their states, annual reports, verifications with their results, control plans."""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from registry.models import Job
from reporting.models import (
    AnnualReport,
    ControlPlan,
    ControlPlanDecision,
    ControlPlanVersion,
    DeadlineExtension,
    LineTotalRow,
    Package,
    PackageEvent,
    Question,
    ReportedDatum,
    Submission,
    Upload,
    Verification,
    VerifiedDatum,
    VerifiedResult,
)
from tests.benchmarks.nation.people import Cast
from tests.benchmarks.nation.rows import fill, instant
from tests.cast import at

__all__ = ["PERIODS", "build", "packages", "tonnes"]

PERIODS = ("2024", *(f"2025-{month:02}" for month in range(1, 13)), *(f"2026-{month:02}" for month in range(1, 11)))
State = Package.State
# Of a hundred units so many are at each state, of the month that is under review, of the last, and of those before.
_UNDER_REVIEW = (State.ACCEPTED,) * 50 + (State.SUBMITTED,) * 40 + (State.RETURNED,) * 3 + (State.READ,) * 2
_BEGUN = (State.SUBMITTED,) * 30 + (State.READ,) * 20
_BEFORE = (State.ACCEPTED,) * 98 + (State.RETURNED,) * 2
DATA = 20  # of each report
CONTENT = '{"rows":"' + "数" * 800 + '"}'


def tonnes(unit: int) -> int:
    """What a unit emits in a year in a sector."""
    return 100_000 + unit * 7


def build(cast: Cast) -> None:
    packages(cast)
    _reports(cast)
    _data()
    _control_plans(cast)


def _state(number: int, period: str) -> str:
    """The state of a unit's period; "" where nobody has begun it."""
    if period < "2026":
        return State.ACCEPTED
    states = {"2026-09": _UNDER_REVIEW, "2026-10": _BEGUN}.get(period, _BEFORE)
    place = number * 7 % 100
    return states[place] if place < len(states) else ""


def packages(cast: Cast) -> None:
    keys = itertools.count(1)
    officers, own = {unit.pk: cast.officers[unit.authority_id][0] for unit in cast.units}, cast.own
    rows, events, parts = [], [], []
    for number, (unit, sector) in enumerate(cast.entries):
        clerk = own[unit][0]
        for period in PERIODS:
            if not (state := _state(number, period)):
                continue
            pk, sent, decided = next(keys), instant(_day_after(period, 12)), instant(_day_after(period, 20))
            is_in, is_decided = state != State.READ, state in (State.ACCEPTED, State.RETURNED)
            rows.append(
                (
                    *(pk, unit, sector, period, int(period[:4]), _due(period), state, pk, pk),
                    *((clerk, sent) if is_in else (None, None)),
                    *((officers[unit], decided) if is_decided else (None, None)),
                    *(pk % 90, int(pk % 10 == 0), int(state == State.RETURNED)),
                )
            )
            parts += [(pk, line) for line in cast.lines[unit, sector]]
            events += _events(pk, state, clerk, officers[unit], sent, decided)
    _write_packages(rows)
    fill(LineTotalRow, ["submission", "line"], parts, emissions=9000, main_emissions="9000.00", output="8000.00")
    fill(PackageEvent, ["package", "submission", "kind", "reason", "by", "at"], events)
    _questions(cast, [row for row in rows if row[6] == State.SUBMITTED])
    later = [(row[0], _due(row[3]), officers[row[1]]) for row in rows if row[4] == 2026 and row[0] % 50 == 0]
    fill(
        DeadlineExtension,
        ["package", "before", "by", "due"],
        ((package, before, by, _later(before)) for package, before, by in later),
        kind=DeadlineExtension.Kind.EXTENDED,
        reason="台账系统故障",
        at=at("2026-02-01"),
    )


def _write_packages(rows: Sequence[tuple[Any, ...]]) -> None:
    fill(
        Package,
        [
            *("id", "unit", "sector", "period", "year", "due", "state", "submission", "job", "submitted_by"),
            *("submitted_at", "decided_by", "decided_at", "risk", "warnings", "sent_back"),
        ],
        rows,
        emissions=9000,
        risk_parts=[{"kind": "value", "points": 1, "found": "9000", "code": ""}],
    )
    read = [(row[0], row[1], row[9] or row[11]) for row in rows]
    fill(
        Job,
        ["id", "key", "unit", "asked_by"],
        ((pk, f"read:{pk}", unit, by) for pk, unit, by in read),
        kind="reporting.read",
        state=Job.State.DONE,
        asked_at=at("2026-01-10"),
        finished_at=at("2026-01-10"),
        total_items=1,
        done_items=1,
    )
    fill(
        Upload,
        ["id", "package", "sha256", "by"],
        ((pk, pk, f"{pk:064}", by or 1) for pk, _unit, by in read),
        size=60_000,
        name="存证.xlsx",
        at=at("2026-01-10"),
    )
    fill(
        Submission,
        ["id", "package", "upload", "outcome"],
        ((pk, pk, pk, f"{pk:064}") for pk, _unit, _by in read),
        version=1,
        read_at=at("2026-01-10"),
        content=CONTENT,
        content_sha256="0" * 64,
        emissions=9000,
    )


def _events(pk: int, state: str, clerk: int, officer: int, sent: str, decided: str) -> Iterator[tuple[object, ...]]:
    if state == State.READ:
        return
    yield pk, pk, PackageEvent.Kind.SUBMITTED, "", clerk, sent
    if state in (State.ACCEPTED, State.RETURNED):
        yield pk, pk, state, "" if state == State.ACCEPTED else "台账缺页", officer, decided


def _questions(cast: Cast, waiting: Sequence[tuple[Any, ...]]) -> None:
    fill(
        Question,
        ["package", "submission", "by"],
        ((row[0], row[0], cast.officers[cast.hebei.pk][0]) for row in waiting[::20]),
        text="台账为何缺页？",
        at=at("2026-11-10"),
    )


def _day_after(period: str, days: int) -> str:
    """A day so long after the period's end."""
    year, month = (int(period[:4]), int(period[5:])) if "-" in period else (int(period), 12)
    first = dt.date(year + month // 12, month % 12 + 1, 1)
    return (first + dt.timedelta(days=days)).isoformat()


def _due(period: str) -> str:
    return _day_after(period, 39)


def _later(day: str) -> str:
    return (dt.date.fromisoformat(day) + dt.timedelta(days=5)).isoformat()


def _reports(cast: Cast) -> None:
    """Of 2024 and 2025: all filed; all verified but of the last, of which one in a hundred is with the verifier and one concluded."""
    officers = {unit.pk: cast.officers[unit.authority_id] for unit in cast.units}
    keys, reports, verifications, results = itertools.count(1), [], [], []
    states = Verification.State
    for year in (2024, 2025):
        for number, (unit, sector) in enumerate(cast.entries):
            pk, (officer, approver), (clerk, second) = next(keys), officers[unit], cast.own[unit]
            state = {40: states.ASSIGNED, 60: states.CONCLUDED}.get(
                number % 100 if year == 2025 else 0, states.APPROVED
            )
            body = cast.bodies[unit % len(cast.bodies)].pk
            reports.append((pk, unit, sector, year, f"{year + 1}-03-31", tonnes(unit), clerk, second))
            done = (approver, instant(f"{year + 1}-06-20")) if state == states.APPROVED else (None, None)
            verifications.append((pk, pk, unit, sector, year, body, state, officer, *done, done[1]))
            if state == states.APPROVED:
                lines = cast.lines[unit, sector]
                results += [
                    (
                        pk,
                        unit,
                        line,
                        sector,
                        year,
                        tonnes(unit) // len(lines),
                        f"{tonnes(unit) // len(lines)}.00",
                        *done,
                    )
                    for line in lines
                ]
    fill(
        AnnualReport,
        ["id", "unit", "sector", "year", "due", "emissions", "prepared_by", "filed_by"],
        reports,
        version=1,
        state=AnnualReport.State.FILED,
        prepared_at=at("2025-03-01"),
        filed_at=at("2025-03-02"),
    )
    names = ["id", "report", "unit", "sector", "year", "body", "state", "assigned_by", "approved_by", "approved_at"]
    fill(Verification, [*names, "told_at"], verifications, version=1, assigned_at=at("2025-04-10"))
    fill(
        VerifiedResult,
        [
            *("verification", "unit", "line", "sector", "year", "emissions", "main_emissions"),
            *("approved_by", "approved_at"),
        ],
        results,
        version=1,
        output="100000.00",
    )


def _data() -> None:
    """What each report states, and what its verifier found each datum to be."""
    reports = VerifiedResult.objects.order_by().values_list("verification__report", "verification__body__people")
    by_body = dict(reports)
    fill(
        ReportedDatum,
        ["id", "report", "item"],
        (
            (place * DATA + number + 1, report, f"item{number}")
            for place, report in enumerate(by_body)
            for number in range(DATA)
        ),
        measure="tonnes",
        value="1.0000",
    )
    fill(
        VerifiedDatum,
        ["verification", "datum", "by"],
        (
            (report, place * DATA + number + 1, by)
            for place, (report, by) in enumerate(by_body.items())
            for number in range(DATA)
        ),
        value="1.0000",
        at=at("2025-05-01"),
    )


def _control_plans(cast: Cast) -> None:
    """Of 2025 and 2026; of the last, two in a hundred are at the province, two sent back, and ten have none."""
    keys, plans, versions, decisions = itertools.count(1), [], [], []
    states = ControlPlan.State
    for year in (2025, 2026):
        for number, (unit, sector) in enumerate(cast.entries):
            place = number * 3 % 100 if year == 2026 else 50
            if place < 10:
                continue
            state = states.SUBMITTED if place < 12 else states.RETURNED if place < 14 else states.ACCEPTED
            pk, (clerk, approver) = next(keys), cast.own[unit]
            plans.append((pk, unit, sector, year, state, f"{year}-01-01"))
            versions.append((pk, pk, f"{year}-01-01", clerk, approver))
            if state != states.SUBMITTED:
                accepted = int(state == states.ACCEPTED)
                officer = cast.officers[cast.hebei.pk][0]
                decisions.append((pk, accepted, "" if accepted else "缺少仪表编号", officer))
    fill(ControlPlan, ["id", "unit", "sector", "year", "state", "valid_from"], plans)
    fill(
        ControlPlanVersion,
        ["id", "plan", "valid_from", "prepared_by", "submitted_by"],
        versions,
        number=1,
        content="{}",
        sha256="0" * 64,
        late=False,
        prepared_at=at("2025-12-01"),
        submitted_at=at("2025-12-02"),
    )
    fill(ControlPlanDecision, ["version", "accepted", "reason", "by"], decisions, at=at("2025-12-20"))
