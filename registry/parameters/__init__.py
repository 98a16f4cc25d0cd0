"""Values that the ministry edits, proposed by one person and approved by another: dated changes over a law file
(`acts`, their texts in `values`), what the law leaves open about terms (`terms`), the working days of a year that the
file doesn't hold (`working_years`), and what a second person says to a proposal of either (`second_person`).
"""

from registry.parameters.acts import (
    Book,
    Effect,
    book,
    books,
    decide,
    effect_of,
    law,
    offer,
    open_changes,
    propose,
    say,
    withdraw,
)

__all__ = [
    "Book",
    "Effect",
    "book",
    "books",
    "decide",
    "effect_of",
    "law",
    "offer",
    "open_changes",
    "propose",
    "say",
    "withdraw",
]
