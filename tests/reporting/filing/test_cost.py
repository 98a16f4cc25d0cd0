"""How many statements the acts of handing in take: the same urls serve tens of thousands of packages in the days before a deadline.

A further statement is paid for by every package, most of them while the package (on SQLite the database) is locked. Whoever needs one
changes the number here, and says why.
"""

from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quota_site.demo.invented.papers import paper
from registry import jobs
from registry.models import Job
from reporting import evidence, review
from reporting.filing import intake
from reporting.models import Package, Receipt, Submission
from reporting.receipts import giving as receipting
from reporting.submissions import accounted_digest
from tests.reporting import story

# Without those that begin and end transactions. The second month of a unit: there is one to compare with.
STATEMENTS = {
    # First, where the row at hand does not say whose it is: whether the person reaches it.
    # Last: what is bound to the journal, one for each model and each of its parts.
    "upload": 11,  # what the unit has stored; package, same bytes, upload, job, package; journal 3; 2
    "read": 26,  # take 2, upload, what it is checked against 7, lines; lease, package, versions; rows 3, package; journal 3, job; 3
    "attach": 12,  # what the unit has stored; unit, package, same bytes in files and in answers, files; file; journal 3; 2
    # What never changes 3 (none where the caller has it); package, job, files 2, months before, package, event, files; journal 3,
    # what it binds 5, receipt; whether its approver confirms first; with nothing locked any more: peers 2, weighing 7
    "submit": 31,
    # What never changes 3; unit, package, questions, months beside, package, event; person, files; notices 2; journal 3, receipt;
    # what it binds 5
    "accept": 23,
}


class Counted(CaptureQueriesContext):
    """The statements of a block."""

    @property
    def statements(self) -> list[str]:
        begun = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
        return [query["sql"] for query in self.captured_queries if not query["sql"].startswith(begun)]


def told(counted: Counted, act: str) -> str:
    listed = "\n".join(sql[:120] for sql in counted.statements)
    return f"{act}: {len(counted.statements)} instead of {STATEMENTS[act]}\n{listed}"


def test_the_statements_of_each_act(unit, process, clerk, officer):
    story.accepted(unit, "2025-07", clerk, officer)
    package = intake.package_of(unit, story.ALUMINIUM, "2025-08")
    data, at = story.book(unit, "2025-08"), story.READ_AT
    taken = {}
    with Counted(connection) as taken["upload"]:
        intake.receive(package, data, "8.xlsx", by=clerk, at=at)
    job = Job.objects.get(state=Job.State.WAITING, kind="reporting.read")
    with Counted(connection) as taken["read"]:
        jobs.run(job.pk, worker="test")
    covers = [each.code for each in evidence.missing(package, story.current(package))]
    package = Package.objects.select_related("unit").get(pk=package.pk)
    with Counted(connection) as taken["attach"]:
        evidence.attach(package, [ContentFile(paper("8"), "8.pdf")], covers=covers, by=clerk, at=at)
    submission = Submission.objects.get(package=package)
    with Counted(connection) as taken["submit"]:
        intake.submit(submission, by=clerk, at=at)
    submission = Submission.objects.get(package=package)
    with Counted(connection) as taken["accept"]:
        review.accept(submission, by=officer, at=at)
    wrong = [told(counted, act) for act, counted in taken.items() if len(counted.statements) != STATEMENTS[act]]
    assert not wrong, "\n\n".join(wrong)


def test_the_digest_kept_with_a_version_is_that_of_its_rows(unit, process, clerk):
    submission = story.read(unit, "2025-07", clerk)
    assert submission.accounted == receipting.accounted(submission)
    unreadable = intake.package_of(unit, story.ALUMINIUM, "2025-08")
    intake.receive(unreadable, b"no workbook", "8.xlsx", by=clerk, at=story.READ_AT)
    story.do_jobs()
    assert story.current(unreadable).accounted == receipting.accounted(story.current(unreadable))


def test_a_receipt_states_the_digest_that_was_kept_and_an_altered_row_is_found(unit, process, clerk, monkeypatch):
    submission = story.read(unit, "2025-07", clerk)
    story.support(submission.package, clerk, story.READ_AT)
    real = accounted_digest.accounted
    # As if a row had been changed past the triggers between reading and submission.
    monkeypatch.setattr(accounted_digest, "accounted", lambda *rows: real(*rows)[::-1])
    intake.submit(submission, by=clerk, at=story.READ_AT)
    receipt = Receipt.objects.get()
    assert submission.accounted in receipt.body
    assert receipting.faults_of(receipt) == ["content"]
    monkeypatch.undo()
    assert receipting.faults_of(receipt) == []


def test_a_version_from_before_digests_were_kept_gets_its_receipt(unit, process, clerk):
    submission = story.read(unit, "2025-07", clerk)
    story.support(submission.package, clerk, story.READ_AT)
    submission.accounted = None
    intake.submit(submission, by=clerk, at=story.READ_AT)
    assert receipting.accounted(submission) in Receipt.objects.get().body
