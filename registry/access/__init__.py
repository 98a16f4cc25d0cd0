"""Asking the matrix: every getter, list, page and service does (`asking`); which mandates open something on a day
(`mandates_in_force`); who reads what of the journal (`journal_entries`).
"""

from registry.access.asking import SignedInRequest, acting, get, may, page, reach, reaches, scoped
from registry.permissions import MATRIX

__all__ = [
    "MATRIX",
    "SignedInRequest",
    "acting",
    "get",
    "may",
    "page",
    "reach",
    "reaches",
    "scoped",
]
