"""A world in which every page has something to show, all of it 甲's (the cast's `unit`), and the people who ask for it."""

import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile

from allocation import deductions, objections
from allocation.compliance import surrender
from allocation.models import (
    Account,
    AdjustmentNotice,
    Award,
    BalanceValue,
    Certificate,
    Letter,
    Notice,
    Recomputation,
    Release,
    Run,
    Settlement,
    Transaction,
)
from allocation.withholding import designations
from registry import parameters
from registry.models import Job, JournalEntry, Notification, Person, SavedView
from registry.parameters import working_years
from registry.people import mandates, tokens
from registry.permissions import MATRIX, Act, Whose
from registry.permissions.roles import Role
from registry.values.sectors import Sector
from reporting.filing import bulk
from reporting.models import AnnualReport, HandingOver, Package, Receipt, ReportContent, VerifiedResult
from reporting.review import questions
from tests import worlds
from tests.allocation.conftest import *  # noqa: F403 (its fixtures lead up to the notices)
from tests.cast import at
from tests.reporting import plans, story

SURRENDERED = at("2026-11-02 09:00")


@dataclass(frozen=True)
class Asker:
    """One of the cast, and whether 甲's affairs are theirs ("whose" of their seat covers them)."""

    name: str
    person: Person
    is_near: bool

    def reaches(self, act: Act) -> bool | None:
        """Whether they may do the act to 甲's things; None where only the object can tell (asked for by the person)."""
        whose = MATRIX[act].get(Role(self.person.role))
        if whose is Whose.OWN_PERSON:
            return None
        return whose is Whose.ALL or (whose is not None and self.is_near)


NEAR = [
    *("clerk", "unit_approver", "verifier", "officer", "approver"),
    *("registrar_operator", "registrar_approver", "analyst", "ministry_approver", "auditor"),
]
STRANGERS = ["rival_clerk", "stranger_verifier", "stranger_officer", "stranger_approver"]


@pytest.fixture
def askers(request) -> list[Asker]:
    return [
        Asker(name, request.getfixturevalue(name), is_near)
        for names, is_near in ((NEAR, True), (STRANGERS, False))
        for name in names
    ]


@pytest.fixture
def hold_mandate(unit, rival_unit, unit_approver, make_person):
    """`hold_mandate(may_submit=…)`: 乙 holds a mandate of 甲's, in force for good."""

    def hold(*, may_submit: bool):
        days = {"since": dt.date(2025, 1, 1), "until": dt.date(2099, 12, 31)}
        given = mandates.offer(rival_unit, may_submit=may_submit, **days, by=unit_approver, at=SURRENDERED)
        holder = make_person(Role.UNIT_APPROVER, "乙企业审批人", unit=rival_unit)
        return mandates.accept(given, by=holder, at=SURRENDERED)

    return hold


@pytest.fixture
@worlds.world
def world(
    noticed,
    unit,
    rival_unit,
    far_unit,
    clerk,
    unit_approver,
    officer,
    approver,
    registrar_operator,
    analyst,
    make_line,
    verify,
    traded,
):
    """甲: a month submitted, a verified year, an award, a letter, an account, a notice, a surrender and its certificate."""
    line = story.electrolysis(unit, make_line)
    entry = story.list_unit(unit, 2025, officer)
    submission = story.submitted(unit, "2025-09", clerk)
    verify(line, 2025, story.YEAR_TONNES)  # the verifier sees the months of what their body verifies
    # 甲 was given 991,176 t and owes 1,000,000 t: it buys the 8,824 t that it lacks from 乙.
    bought = f"T1,2026-10-15,{rival_unit.credit_code},{unit.credit_code},2025,8824\n"
    table = f"reference,traded_on,seller,buyer,vintage,quantity\n{bought}".encode()
    trade_import = traded(table, at("2026-10-20"))
    wanted = surrender.request(unit, 2025, {2025: 1_000_000}, by=clerk, at=SURRENDERED)
    surrender.confirm(wanted, by=unit_approver, at=SURRENDERED)
    surrender.approve(wanted, by=approver, at=SURRENDERED)
    surrender.execute(wanted, by=registrar_operator, at=SURRENDERED)
    says = plans.with_certificate(plans.plan_for(story.content(unit, "2025-01")))
    plan = plans.submitted(unit, says, clerk, unit_approver, SURRENDERED)
    token, _secret = tokens.grant(clerk, "ERP", ["read"], expires_at=at("2027-01-01"), by=unit_approver, at=SURRENDERED)
    last = dt.date(2099, 12, 31)
    mandate = mandates.offer(
        far_unit, may_submit=True, since=SURRENDERED.date(), until=last, by=unit_approver, at=SURRENDERED
    )
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("2025-10.xlsx", story.book(unit, "2025-10"))
    sent = bulk.receive(zipped.getvalue(), "2025.zip", by=clerk, at=SURRENDERED)
    settlement = Settlement.objects.get(unit=unit)
    objection = objections.draft(settlement, None, grounds="核定有误", by=clerk, at=SURRENDERED)
    objections.file(objection, seen=objections.seen(objection), by=unit_approver, at=SURRENDERED)
    row = f"{unit.credit_code},steel,核减1号,2026-03-01,2024,100,not_surrendered"
    listed = f"unit,sector,number,decided_on,year,tonnes,ground\n{row}\n"
    (deduction,) = deductions.import_table(listed.encode(), by=officer, at=SURRENDERED)
    deductions.approve([deduction], shown=deductions.seen([deduction]), by=approver, at=SURRENDERED)
    mark = designations.propose(
        unit, Sector.ALUMINIUM, 2025, ground="clear_risk", facts="停产", by=officer, at=SURRENDERED
    )
    mark = designations.approve(mark, shown=designations.seen(mark), by=approver, at=SURRENDERED)
    said = {"unit": unit, "year": 2025, "number": "放1号", "tonnes": 1}
    release = Release.objects.create(**said, proposed_by=officer, proposed_at=SURRENDERED)
    report = AnnualReport.objects.get(unit=unit, sector=Sector.STEEL, year=2025)
    ReportContent.objects.create(report=report, content="{}", sha256="0" * 64, guideline="")
    change = parameters.propose(
        "checks", "change.month", value="15", since=dt.date(2099, 1, 1), reason="试", by=analyst, at=at("2098-12-01")
    )
    working_year = working_years.propose(
        2099, [dt.date(2099, 1, 1)], [], notice="国办发明电〔2098〕1号", by=analyst, at=at("2098-12-01")
    )
    question = questions.ask(submission, text="台账为何缺页？", by=officer, at=SURRENDERED)
    answered = questions.ask(submission, text="台账在哪里？", by=officer, at=SURRENDERED)
    paper = ContentFile(b"%PDF-1.7\nledger\nstartxref\n0\n%%EOF\n", "台账.pdf")
    reply = questions.reply(answered, text="见附件。", files=[paper], by=clerk, at=SURRENDERED)
    job = Job.objects.filter(asked_by=officer).latest("pk")
    settled = Settlement.objects.get(unit=unit, run__kind=Run.Kind.DETERMINATION)
    adjustment = AdjustmentNotice.objects.create(
        settlement=settled,
        unit=unit,
        year=2025,
        number="TZ-1",
        quota_before=1,
        quota_after=2,
        due_before=1,
        due_after=1,
        sent_by=officer,
        sent_at=at("2028-01-01"),
    )
    # For addresses only: 甲's months go out by its clerk alone.
    draft = story.read(unit, "2025-08", clerk)
    handing = HandingOver.objects.create(package=draft.package, submission=draft, by=clerk, at=SURRENDERED)
    return SimpleNamespace(
        handing=handing,
        notification=Notification.objects.get(person=job.asked_by, kind="question.answered"),
        question=question,
        reply_file=reply.files.get(),
        settlement=settlement,
        objection=objection,
        deduction=deduction,
        mark=mark,
        release=release,
        change=change,
        working_year=working_year,
        unit=unit,
        line=line,
        person=clerk,
        plan=plan,
        meter_certificate=plans.CERTIFICATE,
        entry=entry,
        token=token,
        bulk=sent,
        mandate=mandate,
        job=job,
        done=JournalEntry.objects.filter(actor=job.asked_by).earliest("sequence"),
        saved_view=SavedView.objects.create(person=officer, page="registry:units", name="钢铁"),
        package=Package.objects.get(pk=submission.package_id),
        submission=submission,
        upload=submission.upload,
        receipt=Receipt.objects.get(event__submission=submission),
        evidence=submission.package.evidence.get(),
        report=report,
        verification=VerifiedResult.objects.get(unit=unit, sector=Sector.STEEL, year=2025).verification,
        result=VerifiedResult.objects.get(unit=unit, sector=Sector.STEEL, year=2025),
        balance_value=BalanceValue.objects.get(),
        recomputation=Recomputation.objects.create(
            published=BalanceValue.objects.get(), asked_by=analyst, asked_at=BalanceValue.objects.get().published_at
        ),
        run=Run.objects.get(),
        award=Award.objects.get(unit=unit),
        letter=Letter.objects.get(),
        account=Account.objects.get(unit=unit),
        transaction=Transaction.objects.get(request=wanted),
        notice=Notice.objects.get(unit=unit),
        certificate=Certificate.objects.get(),
        adjustment=adjustment,
        surrender=wanted,
        trade_import=trade_import,
    )
