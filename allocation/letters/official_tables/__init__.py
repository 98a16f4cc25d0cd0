"""The official tables 1-2 … 1-5 and 2-2 … 2-5 (forms.md): one definition for the workbook, the screen and the English export.

`columns` defines what they share, a `sector` has its own (sectors), `sheets` fills
them, `workbook` writes the file, and `check` reads one back.
"""

from allocation.letters.official_tables.check import Checked, Difference, check
from allocation.letters.official_tables.columns import Column
from allocation.letters.official_tables.sheets import Sheet, marks_of, sheets_of, sheets_of_letter
from allocation.letters.official_tables.workbook import workbook

__all__ = ["Checked", "Column", "Difference", "Sheet", "check", "marks_of", "sheets_of", "sheets_of_letter", "workbook"]
