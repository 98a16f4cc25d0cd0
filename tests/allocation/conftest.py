"""Two steel works in 河北 with verified years, and shortcuts through the acts that come before the one under test.

甲 (`unit`): 2024 E 1,000,001; 2025 E 1,000,000, I = 0.90. 乙 (`rival_unit`): 2024 E 800,000; 2025 E 1,000,000, I = 0.80.
So BP = ΣE·I / ΣE = 0.85 (nobody is clipped), and the quota of 2025 is
甲 floor(1,000,000 × (1 − 0.15 × 0.05/0.85)) = 991,176, 乙 floor(1,000,000 × (1 + 0.15 × 0.05/0.85)) = 1,008,823.
"""

import datetime as dt
from decimal import Decimal

import pytest

from allocation import balance_values, letters, runs
from allocation.compliance import notices
from allocation.ledger import trades
from allocation.letters import issuance
from allocation.models import Letter, Notice, Run, TradeImport
from registry.models import DirectoryEntry, Person
from registry.permissions.roles import Role
from registry.values.sectors import Sector
from reporting.models import AnnualReport, Verification, VerifiedResult
from tests import worlds
from tests.cast import at

VERIFIED = at("2026-07-01 09:00")
COMPUTED = at("2026-08-01 09:00")
PUBLISHED = at("2026-08-05 09:00")
PREPARED = at("2026-09-01 09:00")
APPROVED = at("2026-09-02 09:00")
LETTER = at("2026-09-03 09:00")
ISSUED = at("2026-09-10 09:00")
NOTICED = at("2026-09-15 09:00")


@pytest.fixture
def list_in_directory(officer, approver):
    """`list_in_directory(unit, year, sector)`: the unit stands in the directory."""

    def enter(unit, year, sector=Sector.STEEL):
        return DirectoryEntry.objects.create(
            unit=unit,
            year=year,
            sector=sector,
            state=DirectoryEntry.State.LISTED,
            entered_on=dt.date(2025, 5, 10),
            entry_ground=DirectoryEntry.EntryGround.OVER_THRESHOLD,
            entry_reason="2024: over 26,000 t",
            proposed_by=officer,
            proposed_at=at("2025-05-01"),
            decided_by=approver,
            decided_at=at("2025-05-10"),
        )

    return enter


@pytest.fixture
@worlds.part
def author(make_person) -> Person:
    """Who prepares the reports that are only there to be verified."""
    return make_person(Role.MINISTRY_ANALYST, "示例填报人")


@pytest.fixture
def verify(verifier, verifier_body, officer, approver, author):
    """`verify(line, year, emissions, main=…, output=…)`: a verified result of the line, as approved at VERIFIED (or `when`)."""

    def make(line, year, emissions, main="0", output="0", *, kind="", details=None, when=VERIFIED):
        known = VerifiedResult.objects.filter(line=line, year=year).order_by("version").last()
        version = known.version + 1 if known else 1
        scope = {"unit": line.unit, "sector": line.sector, "year": year}
        verification = Verification.objects.filter(**scope, version=version).first()
        if verification is None:
            AnnualReport.objects.filter(**scope).update(state=AnnualReport.State.SUPERSEDED)
            report = AnnualReport.objects.create(
                **scope,
                version=version,
                due=dt.date(year + 1, 3, 31),
                emissions=emissions,
                prepared_by=author,
                prepared_at=when,
            )
            verification = Verification.objects.create(
                **scope,
                report=report,
                version=version,
                body=verifier_body,
                state=Verification.State.APPROVED,
                assigned_by=officer,
                assigned_at=when,
                concluded_by=verifier,
                concluded_at=when,
                approved_by=approver,
                approved_at=when,
                told_at=when,
            )
        return VerifiedResult.objects.create(
            verification=verification,
            unit=line.unit,
            line=line,
            sector=line.sector,
            year=year,
            version=version,
            supersedes=known,
            emissions=emissions,
            main_emissions=Decimal(main),
            output=Decimal(output),
            kind=kind,
            details=details or {},
            approved_by=approver,
            approved_at=when,
        )

    return make


@pytest.fixture
@worlds.world
def steel(unit, rival_unit, make_line, list_in_directory, verify):
    """The two works' lines, listed for 2024 and 2025, verified for both years."""
    lines = [make_line(unit, code="L1"), make_line(rival_unit, code="L1")]
    for line, before, main in zip(lines, (1_000_001, 800_000), ("900000", "800000"), strict=True):
        for year in (2024, 2025):
            list_in_directory(line.unit, year)
        verify(line, 2024, before, main, "1000000", when=at("2025-08-20"))
        verify(line, 2025, 1_000_000, main, "1000000")
    return lines


@pytest.fixture
def publish(analyst, ministry_approver, do_jobs):
    """`publish(sector, year)`: the balance value, computed and published."""

    def act(sector=Sector.STEEL, year=2025):
        asked = balance_values.request(sector, year, by=analyst, at=COMPUTED)
        do_jobs()
        return balance_values.publish(asked, by=ministry_approver, at=PUBLISHED)

    return act


@pytest.fixture
def prepared(officer, hebei, do_jobs):
    """`prepared(kind, year)`: a run awaiting approval."""

    def act(kind=Run.Kind.DETERMINATION, year=2025, sector=Sector.STEEL, when=PREPARED, authority=None):
        run = runs.prepare(authority or hebei, sector, year, kind, by=officer, at=when)
        do_jobs()
        run.refresh_from_db()
        assert run.state == Run.State.PREPARED, run.faults
        return run

    return act


@pytest.fixture
def approved(prepared, approver):
    """`approved(kind, year)`: an approved run."""

    def act(kind=Run.Kind.DETERMINATION, year=2025, **scope):
        return approve(prepared(kind, year, **scope), approver)

    return act


@pytest.fixture
def determined_again(officer, approver, hebei, do_jobs):
    """`determined_again(when, ground)`: 河北's steel of 2025, determined again; approved, or left to be with `approved=False`."""

    def act(when: dt.datetime, ground=Run.Ground.CHANGED_RESULT, reason: str = "复核", *, approved: bool = True) -> Run:
        of = (hebei, Sector.STEEL, 2025, Run.Kind.DETERMINATION)
        run = runs.prepare(*of, ground=ground, reason=reason, by=officer, at=when)
        do_jobs()
        run.refresh_from_db()
        assert run.state == Run.State.PREPARED, run.faults
        return approve(run, approver, when) if approved else run

    return act


@pytest.fixture
def in_cement_too(unit, make_line, list_in_directory, verify, publish, prepared, approver):
    """`in_cement_too(emissions, output, when)`: 甲 enters the directory with a clinker line, and its quota of 2025 is approved."""

    def act(emissions: int, output: str, when: dt.datetime) -> Run:
        line = make_line(unit, Sector.CEMENT, code="C1")
        list_in_directory(unit, 2025, Sector.CEMENT)
        verify(line, 2025, emissions, str(emissions), output)
        publish(Sector.CEMENT)
        return approve(prepared(sector=Sector.CEMENT), approver, when)

    return act


def approve(run: Run, by: Person, when: dt.datetime = APPROVED) -> Run:
    hashes = {"manifest_sha256": run.manifest_sha256, "result_sha256": run.result_sha256}
    return runs.approve(run, **hashes, by=by, at=when)


@pytest.fixture
def sent(officer, hebei):
    """`sent(kind, year)`: a letter over the approved runs, with the registrar."""

    def act(kind=Run.Kind.DETERMINATION, year=2025, number="") -> Letter:
        number = number or f"冀环气候函〔2026〕{Letter.objects.count() + 1}号"
        letter = letters.write(hebei, year, kind, number=number, by=officer, at=LETTER)
        return letters.send(letter, by=officer, at=LETTER)

    return act


@pytest.fixture
def issued(approved, sent, registrar_operator, registrar_approver):
    """`issued(kind, year)`: determined, approved, sent and issued."""

    def act(kind=Run.Kind.DETERMINATION, year=2025) -> Letter:
        approved(kind, year)
        letter = issuance.prepare(sent(kind, year), by=registrar_operator, at=ISSUED)
        return issuance.execute(letter, by=registrar_approver, at=ISSUED)

    return act


@pytest.fixture
@worlds.world
def noticed(steel, publish, issued, officer, hebei) -> list[Notice]:
    """The 2025 quota issued and the notices of 甲 and 乙 sent."""
    publish()
    issued()
    return notices.send(hebei, 2025, by=officer, at=NOTICED)


@pytest.fixture
def traded(registrar_operator, registrar_approver, do_jobs):
    """`traded(table, at)`: a table of trades, proposed by one person and executed by another."""

    def act(table: bytes, when: dt.datetime) -> TradeImport:
        proposed = trades.propose(table, "trades.csv", by=registrar_operator, at=when)
        trades.execute(proposed, sha256=proposed.sha256, by=registrar_approver, at=when)
        do_jobs()
        proposed.refresh_from_db()
        return proposed

    return act


@pytest.fixture
def trade_import(noticed, registrar_operator, unit, rival_unit) -> TradeImport:
    """甲 sells 1,000 t to 乙: proposed, not executed."""
    row = f"T1,2026-10-15,{unit.credit_code},{rival_unit.credit_code},2025,1000"
    table = f"reference,traded_on,seller,buyer,vintage,quantity\n{row}\n".encode()
    return trades.propose(table, "十月.csv", by=registrar_operator, at=at("2026-10-20"))
