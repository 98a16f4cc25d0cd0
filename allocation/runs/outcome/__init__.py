"""A run's manifest, and the result that follows from the manifest alone: run again, it gives the same bytes.

Read the inputs once into the manifest (`manifest`), determine each line (`awards`), settle each unit (`settlements`), and put it together
and hash it (`result`); `rows` writes rows of the database in the shape of a result. The manifest is canonical JSON data: the plan in
full, the balance value, each line with the id and version of its verified result, what was issued before and for which waiting line, what
earlier decisions still take, whose quota is withheld, who is left out. Lines are named "credit code/line code", units by credit code.
"""

from allocation.runs.outcome.awards import AWARD_FIELDS, UnusableRunError
from allocation.runs.outcome.manifest import METHOD, manifest_of, written_before
from allocation.runs.outcome.result import digest_of, explanations, result_of
from allocation.runs.outcome.rows import written_award, written_settlement
from allocation.runs.outcome.settlements import MOVEMENT_FIELDS, SETTLEMENT_FIELDS

__all__ = [
    "AWARD_FIELDS",
    "METHOD",
    "MOVEMENT_FIELDS",
    "SETTLEMENT_FIELDS",
    "UnusableRunError",
    "digest_of",
    "explanations",
    "manifest_of",
    "result_of",
    "written_award",
    "written_before",
    "written_settlement",
]
