"""How many statements a year's report and its verification take, before they lock anything and within their transaction.

Within it nobody reopens a month or settles a datum, on SQLite nobody writes anything: what never changes is worked out before. Whoever
needs one more changes the number here, and says why.
"""

from reporting import verification
from reporting.filing import annual
from tests.cast import at
from tests.counting import Counted, differences
from tests.reporting import story

STATEMENTS = {
    # Beside what is named: what the act binds to the journal, one statement for each model and each of its parts; and before
    # it, whether the person reaches this.
    # Reports, lines, directory, packages, versions. Unit, reports, lines, directory, packages; report, content, terms, spans, lines, data,
    # sources; people, notices; journal 3
    # before anything is locked, what months say of lines that were not there in them: the directory's entry, lines' totals
    # and the day of its entry, from which the last day runs
    "prepare": (8, 24),
    "file": (
        0,
        24,
    ),  # unit, report, sources; what is asked 4; filed before, report, content's hash; people and notices 4; journal 3
    "assign": (0, 15),  # report, verifications 3; the body's verifiers; verification, event; people, notices; journal 3
    "confirm_all": (1, 10),  # whose; verification, table 2; data; journal 3
    "conclude": (1, 14),  # whose; verification, table 2, terms; verification, event; people, notices; journal 3
    # verification; table 2, terms; verification, table 2, results before, results, event; data, reported, results, people and notices of
    # the unit, of the body; journal 3 (where factors are stated, as of cement, what they are in full: once to conclude, twice to approve)
    "approve": (0, 24),
}


def test_the_statements_of_each_act(unit, process, clerk, unit_approver, officer, approver, verifier, verifier_body):
    story.accepted_year(unit, clerk, officer)
    taken = {}
    with Counted() as taken["prepare"]:
        report = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    with Counted() as taken["file"]:
        annual.file(report, by=unit_approver, at=at("2026-03-01"))
    with Counted() as taken["assign"]:
        given = verification.assign(report, verifier_body, by=officer, at=at("2026-04-01"))
    with Counted() as taken["confirm_all"]:
        verification.confirm_all(given, by=verifier, at=at("2026-05-01"))
    with Counted() as taken["conclude"]:
        verification.conclude(given, by=verifier, at=at("2026-05-01"))
    with Counted() as taken["approve"]:
        verification.approve(given, by=approver, at=at("2026-06-01"))
    assert differences(taken, STATEMENTS) == ""
