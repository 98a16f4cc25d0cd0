"""Official letters: the province writes one over its approved runs (`acts`) with the official tables
(`official_tables`), and the registrar issues on it (`issuance`).
"""

from allocation.letters.acts import discard, send, tables, waiting_runs, write

__all__ = [
    "discard",
    "send",
    "tables",
    "waiting_runs",
    "write",
]
