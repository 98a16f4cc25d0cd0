"""Finding a thing by what somebody remembers of it: what was typed is read (`term`), every app looks for its own
(`asking`), units by name, pinyin and credit code (`units`); the registry's own things are in `finders`.
"""

from registry.web.search.asking import Asked, Found, Hit, Result, all_of, found, offer, search
from registry.web.search.term import LONGEST, SHORTEST, Term, read

__all__ = [
    "LONGEST",
    "SHORTEST",
    "Asked",
    "Found",
    "Hit",
    "Result",
    "Term",
    "all_of",
    "found",
    "offer",
    "read",
    "search",
]
