"""Two people, or two workers, at the same moment, each on a connection of their own."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connections

from registry import jobs
from registry.models import Job
from registry.refusal import Refusal
from reporting import review
from reporting.filing import annual, intake
from reporting.models import AnnualReport, Package, Question, Reply, Submission, Upload
from reporting.review import questions
from tests.cast import at
from tests.reporting import story

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> Counter[str]:
    """Do the acts in threads that start together; how each ended."""
    ended: list[str] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=30)
            act()
            ended.append("done")
        except Refusal:
            ended.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return Counter(ended)


def test_two_officers_decide_once(unit, process, clerk, officer, second_officer):
    submission = story.submitted(unit, "2025-07", clerk)
    ended = at_once(
        lambda: review.accept(submission, by=officer, at=story.READ_AT),
        lambda: review.send_back(submission, reason="台账缺页", by=second_officer, at=story.READ_AT),
    )
    assert ended == {"done": 1, "refused": 1}
    package = Package.objects.get()
    assert package.events.exclude(kind="submitted").count() == 1
    assert package.state == package.events.latest("pk").kind


def test_the_same_bytes_twice_are_one_upload_and_one_reading(unit, process, clerk):
    package = intake.package_of(unit, story.ALUMINIUM, "2025-07")
    data = story.book(unit, "2025-07")
    ended = at_once(*[lambda: intake.receive(package, data, "a.xlsx", by=clerk, at=story.READ_AT)] * 3)
    assert ended == {"done": 3}
    assert (Upload.objects.count(), Job.objects.count()) == (1, 1)


def test_opening_at_once_gives_one_package(unit, process):
    assert at_once(*[lambda: intake.package_of(unit, story.ALUMINIUM, "2025-07")] * 3) == {"done": 3}
    assert Package.objects.count() == 1


def test_two_workers_read_an_upload_once(unit, process, clerk):
    package = intake.package_of(unit, story.ALUMINIUM, "2025-07")
    intake.receive(package, story.book(unit, "2025-07"), "a.xlsx", by=clerk, at=story.READ_AT)
    job = Job.objects.get()
    assert at_once(*[lambda: jobs.run(job.pk)] * 3) == {"done": 3}
    assert Submission.objects.count() == 1
    assert story.current(package).version == 1


def test_two_clerks_leave_one_report_in_force(unit, process, clerk, officer):
    story.accepted_year(unit, clerk, officer)
    at_once(
        *[lambda: annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))] * 2,
    )
    assert list(AnnualReport.objects.order_by("version").values_list("version", "state")) == [
        (1, "superseded"),
        (2, "prepared"),
    ]


def test_no_report_is_filed_on_a_package_that_is_reopened_at_once(unit, process, clerk, unit_approver, officer):
    submissions = story.accepted_year(unit, clerk, officer)
    report = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    ended = at_once(
        lambda: annual.file(report, by=unit_approver, at=at("2026-02-21")),
        lambda: review.reopen(submissions[3], reason="台账缺页", by=officer, at=at("2026-02-21")),
    )
    assert ended == {"done": 1, "refused": 1}


def test_two_clerks_answer_a_question_once(unit, process, clerk, officer, make_person):
    submission = story.submitted(unit, "2025-07", clerk)
    asked = questions.ask(submission, text="?", by=officer, at=story.READ_AT)
    other = make_person("unit_clerk", "甲企业另一经办人", unit=unit)
    ended = at_once(*[lambda by=by: questions.reply(asked, text="!", by=by, at=story.READ_AT) for by in (clerk, other)])
    assert ended == {"done": 1, "refused": 1}
    assert Reply.objects.count() == 1


def test_one_officer_asks_while_another_accepts(unit, process, clerk, officer, second_officer):
    submission = story.submitted(unit, "2025-07", clerk)
    at_once(
        lambda: questions.ask(submission, text="?", by=officer, at=story.READ_AT),
        lambda: review.accept(submission, by=second_officer, at=story.READ_AT),
    )
    # whoever was first, the other is refused: nothing is accepted over an open question
    accepted = Package.objects.get().state == Package.State.ACCEPTED
    assert accepted != Question.objects.exists()
