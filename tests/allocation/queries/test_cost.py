"""How many statements the acts of allocation take before they lock anything, and within their transaction.

Most of an act's time goes into them. Within the transaction others wait for the authority, the accounts or the journal, on SQLite for the
whole database: what never changes is asked for and worked out before. Whoever needs one more changes the number here, and says why.
"""

from allocation import letters, runs
from allocation.compliance import notices, surrender
from allocation.ledger import accounts
from allocation.letters import issuance
from registry import jobs
from registry.models import Unit
from registry.values.sectors import Sector
from tests.allocation.conftest import ISSUED, LETTER, NOTICED, PREPARED, approve
from tests.cast import at
from tests.counting import Counted, differences

ASKED = at("2026-11-01 09:00")

# Before the transaction and within it, without what begins and ends it. A determination after an advance, cut by no decision, and a
# surrender in full.
STATEMENTS = {
    # Beside what is named: what the act binds to the journal, one statement for each model and each of its parts; and before it, where
    # the role doesn't reach everything, whether it reaches this.
    "prepare": (0, 12),  # advance, letter on the way, balance value, dead run, approved ones; run, job, run; journal 3
    # Take 2, run, progress 4, lines 3, issued 2, decisions, marks, publication. Lease, run, awards, settlements, left out, run; journal 3,
    # job
    "job": (15, 11),
    # Run, its result 4; journal's head, lines 3, issued 2, decisions, marks. Run, authority, decisions, letter on the way, journal; run,
    # notices, settlements; people, notices 2; journal 3
    "approve": (13, 18),
    # Number, runs, awards, left out, settlements, sums. Authority, runs, number; letter, runs; journal 3
    "letters.write": (6, 10),
    "letters.send": (0, 7),  # letter 2, journal 3
    "issue.prepare": (5, 8),  # runs, their result 4; letter, runs, letter; journal 3
    # Runs, their result 4. Letter, runs, issued, settlements, accounts 3; holdings 2, transactions, entries, holdings; letter; people,
    # notices 2; journal 3
    "issue.execute": (5, 29),
    "surrender.request": (0, 16),  # notice, accounts 2, holdings 3, duty 2; request, items; journal 3
    "surrender.confirm": (0, 10),  # request 2, what is still due 2, journal 3
    "surrender.approve": (0, 13),  # request, duty 2; request, people, notices 2; journal 3
    # Request, duty 2, accounts 2, items 2; transaction 2, holdings 6, entries; request; surrendered, certificates, certificate, journal 3;
    # people, notices 2; journal 3
    "surrender.execute": (0, 34),
}


def surrender_in_full(taken, unit, clerk, unit_approver, approver, registrar_operator):
    unit = Unit.objects.get(pk=unit.pk)
    with Counted() as taken["surrender.request"]:
        request = surrender.request(unit, 2025, {2025: 1_000_000}, by=clerk, at=ASKED)
    with Counted() as taken["surrender.confirm"]:
        surrender.confirm(request, by=unit_approver, at=ASKED)
    with Counted() as taken["surrender.approve"]:
        surrender.approve(request, by=approver, at=ASKED)
    with Counted() as taken["surrender.execute"]:
        surrender.execute(request, by=registrar_operator, at=ASKED)


def test_the_statements_of_each_act(
    steel,
    publish,
    issued,
    hebei,
    rival_unit,
    officer,
    approver,
    rival_clerk,
    rival_approver,
    registrar_operator,
    registrar_approver,
):
    publish()
    issued("pre_allocation")
    accounts.retired(ISSUED)
    taken = {}
    with Counted() as taken["prepare"]:
        run = runs.prepare(hebei, Sector.STEEL, 2025, "determination", by=officer, at=PREPARED)
    with Counted() as taken["job"]:
        jobs.run(run.job_id, worker="test")
    run.refresh_from_db()
    with Counted() as taken["approve"]:
        approve(run, approver)
    with Counted() as taken["letters.write"]:
        letter = letters.write(hebei, 2025, "determination", number="2号", by=officer, at=LETTER)
    with Counted() as taken["letters.send"]:
        letters.send(letter, by=officer, at=LETTER)
    with Counted() as taken["issue.prepare"]:
        issuance.prepare(letter, by=registrar_operator, at=ISSUED)
    with Counted() as taken["issue.execute"]:
        issuance.execute(letter, by=registrar_approver, at=ISSUED)
    notices.send(hebei, 2025, by=officer, at=NOTICED)
    surrender_in_full(taken, rival_unit, rival_clerk, rival_approver, approver, registrar_operator)
    assert differences(taken, STATEMENTS) == ""
