"""What was determined, issued, owed and surrendered: runs with their lines, letters, the ledger, notices, requests, decisions."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from allocation.models import (
    Award,
    BalanceValue,
    Certificate,
    Deduction,
    DeductionMovement,
    Differentiation,
    Letter,
    Notice,
    Objection,
    Run,
    Settlement,
    SurrenderItem,
    SurrenderRequest,
    Trade,
    Transaction,
)
from registry.permissions.roles import Role
from registry.values.sectors import with_quota
from reporting.models import VerifiedResult
from tests.benchmarks.nation.evidence import tonnes
from tests.benchmarks.nation.ledger import Ledger
from tests.benchmarks.nation.people import Cast
from tests.benchmarks.nation.rows import fill, instant
from tests.cast import at

__all__ = ["build"]

DETERMINED, IN_ADVANCE = Run.Kind.DETERMINATION, Run.Kind.PRE_ALLOCATION
# Kind and year of the runs, with the days of approval and issue, in this order.
RUNS = (
    (DETERMINED, 2024, "2025-10-01", "2025-10-20"),
    (IN_ADVANCE, 2025, "2025-11-01", "2025-11-20"),
    (DETERMINED, 2025, "2026-09-01", "2026-09-20"),
    (IN_ADVANCE, 2026, "2026-10-20", "2026-11-10"),
)
SURPLUS = 101, 100  # quota of what is due
TRADES, TRADED = 10_000, 10
# As long, in the manifest, as one line.
MANIFEST_LINE = '{"line":"' + "0" * 590 + '"},'


def build(cast: Cast) -> None:
    ledger = Ledger(cast)
    values = _balance_values(cast)
    _runs(cast, ledger, values)
    _duties(cast, ledger)
    trades = _trades(ledger)
    ledger.write(cast)
    fill(
        Trade,
        ["reference", "traded_on", "seller", "buyer", "transaction"],
        trades,
        vintage=2025,
        quantity=TRADED,
    )
    _decisions(cast)


def _balance_values(cast: Cast) -> dict[tuple[str, int], int]:
    analyst, approver = cast.persons[Role.MINISTRY_ANALYST].pk, cast.persons[Role.MINISTRY_APPROVER].pk
    found: dict[tuple[str, int], int] = {(sector, 2025): number for number, sector in enumerate(with_quota(2025), 1)}
    fill(
        BalanceValue,
        ["id", "sector", "year"],
        ((pk, *key) for key, pk in found.items()),
        plan_id="2024-2025-final",
        state=BalanceValue.State.PUBLISHED,
        value="1.0000",
        exact="1/1",
        computed_by=analyst,
        requested_at=at("2026-08-01"),
        published_by=approver,
        published_at=at("2026-08-05"),
    )
    return found


def _runs(cast: Cast, ledger: Ledger, values: dict[tuple[str, int], int]) -> None:
    """All approved and issued, but that 河北's letters of the last kind are with the registrar."""
    of_unit: dict[tuple[int, str], list[int]] = defaultdict(list)
    for each in cast.units:
        for sector in cast.sectors[each.pk]:
            of_unit[each.authority_id, sector].append(each.pk)
    verified = VerifiedResult.objects.values_list("line", "year", "pk")
    results = {(line, year): pk for line, year, pk in verified}
    keys, runs, letters, awards, settlements = itertools.count(1), [], [], [], []
    for kind, year, approved, issued in RUNS:
        for authority, people in cast.officers.items():
            letter, given = len(letters) + 1, defaultdict[int, int](int)
            for sector in with_quota(year):
                if not (units := of_unit[authority, sector]):
                    continue
                run = next(keys)
                made = [(run, unit, *_settled(kind, year, tonnes(unit))) for unit in units]
                for _run, whose, *amounts in made:
                    given[whose] += amounts[-3]
                awarded = [award for row in made for award in _awarded(cast, row, sector, year, kind, results)]
                manifest, value = (
                    MANIFEST_LINE * len(awarded),
                    values.get((sector, year)) if kind == DETERMINED else None,
                )
                plan = "2024-2025-final" if year < 2026 else "2026-draft"
                when = instant(approved)
                runs.append((run, kind, authority, sector, year, plan, value, manifest, *people, when, when, letter))
                settlements += made
                awards += awarded
            is_issued = (kind, year) != (IN_ADVANCE, 2026) or authority != cast.hebei.pk
            number, total = f"环气候函〔{year}〕{letter}号", sum(given.values())
            letters.append((letter, authority, year, kind, number, total, people[0], is_issued, issued))
            if is_issued:
                _issue(ledger, authority, given, year, letter, issued)
    _write_runs(cast, runs, letters, awards, settlements)


def _awarded(
    cast: Cast, settled: tuple[int, ...], sector: str, year: int, kind: str, results: dict[tuple[int, int], int]
) -> Iterator[tuple[int, ...]]:
    """What each verified line of the unit has of the settlement."""
    run, unit, in_advance, determined, *_rest = settled
    lines = cast.lines[unit, sector]
    part = (determined if kind == DETERMINED else in_advance) // len(lines)
    for line in lines:
        if result := results.get((line, year - (kind == IN_ADVANCE))):
            yield run, unit, line, result, part, part, part


def _settled(kind: str, year: int, due: int) -> tuple[int, ...]:
    """pre_allocated, determined, top_up, issued_before, issued_now, issued_total, due: in advance seven tenths, 2024 at once."""
    quota = due * SURPLUS[0] // SURPLUS[1]
    advance = due * 7 // 10
    if kind == IN_ADVANCE:
        return advance, 0, 0, 0, advance, advance, 0
    before = advance if year == 2025 else 0
    return before, quota, quota - before, before, quota - before, quota, due


def _issue(ledger: Ledger, authority: int, given: dict[int, int], year: int, letter: int, day: str) -> None:
    total, province = sum(given.values()), ledger.provinces[authority]
    ledger.post(Transaction.Kind.CREATION, day, [(ledger.source, -total), (province, total)], year, letter=letter)
    moves = [(ledger.units[unit], amount) for unit, amount in given.items()]
    ledger.post(Transaction.Kind.ISSUE, day, [(province, -total), *moves], year, letter=letter)


def _write_runs(cast: Cast, runs: list[Any], letters: list[Any], awards: list[Any], settlements: list[Any]) -> None:
    operator, approver = cast.persons[Role.REGISTRAR_OPERATOR].pk, cast.persons[Role.REGISTRAR_APPROVER].pk
    states = Letter.State
    fill(
        Letter,
        [
            *("id", "authority", "year", "kind", "number", "total", "written_by", "sent_by", "sent_at", "state"),
            *("prepared_by", "executed_by", "executed_at"),
        ],
        (
            (pk, authority, year, kind, number, total, officer, officer, instant(day))
            + ((states.EXECUTED, operator, approver, instant(day)) if done else (states.SENT, None, None, None))
            for pk, authority, year, kind, number, total, officer, done, day in letters
        ),
        tables_sha256="0" * 64,
        written_at=at("2025-10-02"),
    )
    fill(
        Run,
        [
            *("id", "kind", "authority", "sector", "year", "plan_id", "balance_value", "manifest"),
            *("prepared_by", "approved_by", "requested_at", "approved_at", "letter"),
        ],
        runs,
        state=Run.State.APPROVED,
        manifest_sha256="0" * 64,
        result_sha256="0" * 64,
    )
    fill(
        Award,
        ["run", "unit", "line", "result", "emissions", "quota", "due"],
        awards,
        intensity="9/10",
        deviation="1/10",
        coefficient="1/1",
        case="within",
        article="§2",
        explanation='{"steps":"' + "x" * 900 + '"}',
    )
    names = ["pre_allocated", "determined", "top_up", "issued_before", "issued_now", "issued_total", "due"]
    fill(Settlement, ["run", "unit", *names], settlements)


def _duties(cast: Cast, ledger: Ledger) -> None:
    """2024: all surrendered in full, but that one in two hundred lacks some. 2025: noticed but for one in fifty; of a hundred 60 have
    surrendered, 10 await the registrar, 5 the province, 5 the unit's approver."""
    keys, notices, requests, certificates = itertools.count(1), [], [], []
    states = SurrenderRequest.State
    operator = cast.persons[Role.REGISTRAR_OPERATOR].pk
    for year, sent, done in ((2024, "2025-11-01", "2025-12-10"), (2025, "2026-10-10", "2026-11-05")):
        for number, unit in enumerate(cast.units):
            if year == 2025 and number % 50 == 49:
                continue
            sectors, (officer, approver), (clerk, second) = (
                cast.sectors[unit.pk],
                cast.officers[unit.authority_id],
                cast.own[unit.pk],
            )
            due, pk = tonnes(unit.pk) * len(sectors), len(notices) + 1
            parts = "{" + ",".join(f'"{sector}":{tonnes(unit.pk)}' for sector in sectors) + "}"
            notices.append(
                (
                    pk,
                    unit.pk,
                    year,
                    f"LY-{year}-{pk:06}",
                    sectors[0],
                    parts,
                    due,
                    f"{year + 1}-12-31",
                    officer,
                    instant(sent),
                )
            )
            state = _surrender_state(year, number)
            if not state:
                continue
            request = next(keys)
            given = due - 500 if year == 2024 and number % 200 == 7 else due
            is_done = state == states.EXECUTED
            requests.append(
                (request, unit.pk, pk, year, state, given, clerk, instant(sent))
                + ((second, instant(done)) if state != states.REQUESTED else (None, None))
                + ((approver, instant(done)) if state in (states.APPROVED, states.EXECUTED) else (None, None))
                + ((operator, instant(done)) if is_done else (None, None))
            )
            account = ledger.units[unit.pk]
            if is_done:
                moves = [(account, -given), (ledger.retired, given)]
                ledger.post(Transaction.Kind.SURRENDER, done, moves, year, request=request)
                if given == due:
                    certificates.append((unit.pk, pk, year, due, f"LZ-{year}-{pk:06}", instant(done), operator))
            else:
                ledger.reserved[account, year] += given
    _write_duties(notices, requests, certificates)


def _surrender_state(year: int, number: int) -> str:
    states = SurrenderRequest.State
    place = number * 7 % 100
    if year == 2024 or place < 60:
        return states.EXECUTED
    return states.APPROVED if place < 70 else states.CONFIRMED if place < 75 else states.REQUESTED if place < 80 else ""


def _write_duties(notices: list[Any], requests: list[Any], certificates: list[Any]) -> None:
    names = ["id", "unit", "year", "number", "sector", "by_sector", "due", "deadline", "sent_by", "sent_at"]
    fill(Notice, names, notices)
    fill(
        SurrenderRequest,
        [
            *("id", "unit", "notice", "year", "state", "total", "requested_by", "requested_at"),
            *("confirmed_by", "confirmed_at", "approved_by", "approved_at", "executed_by", "executed_at"),
        ],
        requests,
    )
    fill(SurrenderItem, ["request", "vintage", "quantity"], ((row[0], row[3], row[5]) for row in requests))
    fill(
        Certificate,
        ["unit", "notice", "year", "due", "number", "issued_at", "issued_by"],
        certificates,
        late=False,
        content="{}",
        code="0" * 24,
    )


def _trades(ledger: Ledger) -> list[tuple[Any, ...]]:
    accounts, made = list(ledger.units.values()), []
    for number in range(TRADES):
        day = f"2026-{1 + number % 10:02}-15"
        seller, buyer = accounts[number % len(accounts)], accounts[(number + 1) % len(accounts)]
        key = ledger.post(Transaction.Kind.TRADE, day, [(seller, -TRADED), (buyer, TRADED)], 2025)
        made.append((f"T{number}", day, seller, buyer, key))
    return made


def _decisions(cast: Cast) -> None:
    """Every tenth unit has a deduction, of which some was taken; every thirtieth was differentiated; every twentieth objected."""
    pairs = {unit.pk: cast.officers[unit.authority_id] for unit in cast.units}
    settled = dict(
        Settlement.objects.filter(run__year=2025, run__kind=DETERMINED).order_by("-pk").values_list("unit", "pk")
    )
    two = ["proposed_by", "approved_by"]
    of = {"proposed_at": at("2026-03-01"), "approved_at": at("2026-03-02"), "state": "approved"}
    deducted = [unit.pk for unit in cast.units[3::10]]
    fill(
        Deduction,
        ["id", "unit", "sector", "number", *two],
        (
            (number, unit, cast.sectors[unit][0], f"核减{number}号", *pairs[unit])
            for number, unit in enumerate(deducted, 1)
        ),
        decided_on=at("2026-02-20").date(),
        year=2024,
        tonnes=900,
        ground=Deduction.Ground.NOT_SURRENDERED,
        **of,
    )
    fill(
        DeductionMovement,
        ["deduction", "settlement"],
        ((number, settled[unit]) for number, unit in enumerate(deducted, 1)),
        before=900,
        given_back=0,
        taken=300,
    )
    marked = [unit.pk for unit in cast.units[5::30]]
    fill(
        Differentiation,
        ["unit", "sector", *two],
        ((unit, cast.sectors[unit][0], *pairs[unit]) for unit in marked),
        year=2026,
        plan_id="2026-draft",
        ground="clear_risk",
        facts="停产",
        **of,
    )
    fill(
        Objection,
        ["settlement", "unit", "drafted_by", "filed_by"],
        ((settled[unit.pk], unit.pk, *cast.own[unit.pk]) for unit in cast.units[7::20]),
        state=Objection.State.FILED,
        grounds="核定有误",
        drafted_at=at("2026-09-25"),
        filed_at=at("2026-09-26"),
    )
