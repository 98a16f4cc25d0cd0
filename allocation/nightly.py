"""The night's look at the ledger: does every account hold what its entries say?"""

from allocation import accounts
from registry.jobs import Lease
from registry.nightly import every_night


@every_night("allocation.reconcile")
def reconcile(lease: Lease) -> None:
    """Freeze the accounts that disagree; the journal says which and by how much."""
    outcome = {"faults": 0}
    with lease.finishing(outcome):
        outcome["faults"] = len(accounts.reconcile(lease.job.asked_at))
