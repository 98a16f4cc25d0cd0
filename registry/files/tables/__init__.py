"""Tables that people send: the one way in which a CSV or XLSX file becomes rows of text, whoever saved it and however.

`files` says what a file is and turns it into a grid of text, `header` finds the row that names the columns, by code or by name in either
language, `cells` reads one cell, `choices` one
that holds a code, `judge` a whole row. What is wrong is a Fault with its row and column, in the reader's words; all are told at once.
"""

from registry.files.tables.choices import allowed, choice
from registry.files.tables.faults import Fault, UnreadableTableError
from registry.files.tables.files import MOST_COLUMNS, Grid, coding_note, grid_of, suffix_of
from registry.files.tables.header import Column, Line, TableText, named, read
from registry.files.tables.judge import Judge

__all__ = [
    "MOST_COLUMNS",
    "Column",
    "Fault",
    "Grid",
    "Judge",
    "Line",
    "TableText",
    "UnreadableTableError",
    "allowed",
    "choice",
    "coding_note",
    "grid_of",
    "named",
    "read",
    "suffix_of",
]
