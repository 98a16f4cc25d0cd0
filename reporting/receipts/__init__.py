"""Receipts: what was submitted, signed by the system and anchored in its journal; checked by anybody, offline.

Plain Python: no database. static/receipts/verify_receipt.py is a second, independent implementation of the same checks.

`shape` and `envelope` are the format, `verify` checks one, `giving` hands them out.
"""

from reporting.receipts.envelope import FORMAT, LIMIT_BYTES, Envelope, UnusableReceiptError, parse, seal, written
from reporting.receipts.verify import Check, Given, given, not_given, published_keys, verify

__all__ = [
    "FORMAT",
    "LIMIT_BYTES",
    "Check",
    "Envelope",
    "Given",
    "UnusableReceiptError",
    "given",
    "not_given",
    "parse",
    "published_keys",
    "seal",
    "verify",
    "written",
]
