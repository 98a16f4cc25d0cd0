"""A country of national size as rows: 3,700 units over 2024, 2025 and 2026, seen on 16 November 2026.

`rows` writes many rows at once, `people` who is there, `evidence` what was reported and verified, `quota` what was determined, issued and
owed, `ledger` what moved between accounts, `around` what else lies in the tables by then: journal, jobs, messages. `build` makes it
all; services would take hours.
"""

from django.db import connection, transaction

from tests.benchmarks.nation import around, evidence, people, quota
from tests.benchmarks.nation.people import NOW, UNITS, Cast

__all__ = ["NOW", "UNITS", "Cast", "build"]


@transaction.atomic
def build() -> Cast:
    """Make the country in a database that holds only what the migrations wrote; somebody of each role."""
    cast = people.build()
    evidence.build(cast)
    quota.build(cast)
    around.build(cast)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return cast
