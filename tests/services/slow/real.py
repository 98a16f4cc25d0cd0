"""The two jobs that the product is about, in a served site: ask for one, tell what is stored of it, use what it gave."""

import dataclasses
import itertools
import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connection

from allocation import letters, runs
from allocation.letters import issuance
from allocation.models import Award, Holding, LeftOut, Run, Settlement
from registry import journal
from registry.jobs import acts as jobs
from registry.models import Authority, Job, JournalEntry, Person
from registry.permissions.roles import Role
from registry.values.sectors import Sector
from reporting import workbook
from reporting.filing import intake
from reporting.models import FindingRow, LineTotalRow, Package, Submission, TermRow, Upload
from reporting.submissions import reading
from tests.cast import HEBEI, at
from tests.reporting import months
from tests.services.slow import world

READ, RUN = "reporting.read", "allocation.run"
UPLOADED = at("2025-08-05 10:00")
PREPARED, APPROVED, ISSUED = at("2025-11-17 10:00"), at("2025-11-19 10:00"), at("2025-11-24 10:00")


def ask_read() -> None:
    """A steel works submits a month that gives terms and, for it is tiny, warnings."""
    unit = world.works(9, "丁示例钢铁有限公司", Sector.STEEL, "1", code="W1")
    content = dataclasses.replace(months.steel("2025-07", "W1"), unit=unit.credit_code)
    package = intake.package_of(unit, Sector.STEEL, content.period)
    clerk = world.person(Role.UNIT_CLERK, "企业经办人", unit=unit)
    intake.receive(package, workbook.filled(months.spec(content), content), "七月.xlsx", by=clerk, at=UPLOADED)


def show_read() -> dict[str, Any]:
    """Everything stored of the reading, whichever version it belongs to, beside what the same bytes give when read here."""
    package, upload = Package.objects.get(sector=Sector.STEEL), Upload.objects.get(package__sector=Sector.STEEL)
    outcome = reading.read(upload, UPLOADED)
    return {
        "job": _job(READ),
        "package": package.state,
        "version": package.submission and package.submission.version,
        "versions": list(Submission.objects.values_list("version", "outcome")),
        "findings": list(FindingRow.objects.values_list("code", flat=True)),
        "terms": list(TermRow.objects.values_list("source", "formula")),
        "line_totals": list(LineTotalRow.objects.values_list("line__code", flat=True)),
        "journal": JournalEntry.objects.filter(act="package.read").count(),
        "expected": {
            "outcome": outcome.digest,
            "findings": [finding.code for finding in outcome.findings],
            "terms": [(term.source, term.formula) for term in outcome.accounts.terms],
            "line_totals": sorted(outcome.accounts.totals.lines),
        },
    }


def ask_run() -> None:
    officer = world.verified_year()
    runs.prepare(officer.authority, Sector.ALUMINIUM, world.YEAR, Run.Kind.DETERMINATION, by=officer, at=PREPARED)


def die_in_run(statement: int) -> dict[str, Any]:
    """Have a worker do the run's job, killed before that statement: the signal that it died of (0: none), and what is stored then."""
    connection.close()  # each process has its own
    worker = os.fork()
    if worker == 0:
        try:
            _do_run(statement)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _pid, status = os.waitpid(worker, 0)
    return {"signal": os.WTERMSIG(status), "exit": os.WEXITSTATUS(status), "stored": show_run()}


def _do_run(statement: int) -> None:
    """Do the run's job as its next worker, killed before that statement; its predecessor's lease has run out."""
    lapse()
    job = Job.objects.filter(kind=RUN).latest("pk")
    jobs.MOST_ATTEMPTS, asked = 20, itertools.count(1)

    def execute(perform: Callable[..., Any], *args: Any) -> Any:
        if next(asked) == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return perform(*args)

    with connection.execute_wrapper(execute):
        jobs.run(job.pk)


def lapse() -> None:
    """Have the leases run out of whoever died; test_serve.py waits for one that runs out by itself."""
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=at("2000-01-01"))


def show_run() -> dict[str, Any]:
    """Everything stored of the run."""
    run = Run.objects.get()
    return {
        "job": _job(RUN),
        "state": run.state,
        "faults": run.faults,
        "manifest": run.manifest_sha256,
        "as hashed": bool(run.manifest) and not runs.tampered(run),
        "awards": list(Award.objects.values_list("unit__name", "line__code", "quota")),
        "settlements": list(Settlement.objects.values_list("unit__name", "determined", "due")),
        "left_out": list(LeftOut.objects.values_list("unit__name", "line__code", "reason")),
        "journal": JournalEntry.objects.filter(act="run.prepared").count(),
    }


def issue_run() -> dict[str, int]:
    """Approve the run and issue its quota; what each unit then holds, in tonnes."""
    run, authority = Run.objects.get(), Authority.objects.get(code=HEBEI)
    officer, approver = run.prepared_by, Person.objects.get(role=Role.PROVINCIAL_APPROVER)
    hashes = {"manifest_sha256": run.manifest_sha256, "result_sha256": run.result_sha256}
    runs.approve(run, **hashes, by=approver, at=APPROVED)
    letter = letters.write(authority, world.YEAR, run.kind, number="冀环气候函〔2025〕1号", by=officer, at=ISSUED)
    letters.send(letter, by=officer, at=ISSUED)
    issuance.prepare(letter, by=world.person(Role.REGISTRAR_OPERATOR, "注册登记经办"), at=ISSUED)
    issuance.execute(letter, by=world.person(Role.REGISTRAR_APPROVER, "注册登记审批"), at=ISSUED)
    return dict(Holding.objects.filter(account__unit__isnull=False).values_list("account__unit__name", "amount"))


def chain() -> list[str]:
    """The faults of the journal's chain. Its times are no test here: the night's entries are of today, the world's of 2025."""
    return list(journal.verify())


def _job(kind: str) -> dict[str, Any]:
    """The latest of the kind; `open` are those of all kinds that are not over."""
    job = Job.objects.filter(kind=kind).latest("pk")
    waiting = Job.objects.filter(state__in=[Job.State.WAITING, Job.State.RUNNING])
    return {"state": job.state, "attempts": job.attempts, "outcome": job.outcome, "open": waiting.count()}
