"""The journal: each act is recorded in it, chained to all before it (`chain`); what an entry says is shown in short
(`display`); and its end is kept outside the database, so that nothing is cut off unnoticed (`chain_end`). Papers and
states of record are bound to it (`seals`).
"""

from registry.journal.chain import (
    GENESIS,
    Backwards,
    backdated,
    backwards,
    content_of,
    holds,
    instant,
    is_whole,
    record,
    record_each,
    told_as_late,
    verify,
)

__all__ = [
    "GENESIS",
    "Backwards",
    "backdated",
    "backwards",
    "content_of",
    "holds",
    "instant",
    "is_whole",
    "record",
    "record_each",
    "told_as_late",
    "verify",
]
