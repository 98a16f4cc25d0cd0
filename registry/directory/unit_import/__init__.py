"""Units and their lines from a table: how a country's enterprises get in, and how what changes of them is told.

One row a line (`columns`). `rows` reads each, `differences` compares the rows with each other and with what is stored, `take` stores all of
the table or nothing; `template` writes a workbook to fill in. What a row says of a known unit or line that differs from what is stored is
a fault that names both, unless the row says in the column `change` that this is a change, and which. `entering` is the browser's way in:
what of it is the person's to say, and what it would do, before it is done.
"""

from registry.directory.unit_import.columns import BY_CODE, COLUMNS, Change
from registry.directory.unit_import.entering import Outline, enter_units, outline
from registry.directory.unit_import.rows import UnusableTableError, read_bytes, read_table
from registry.directory.unit_import.take import Imported, import_units
from registry.directory.unit_import.template import write_template

__all__ = [
    "BY_CODE",
    "COLUMNS",
    "Change",
    "Imported",
    "Outline",
    "UnusableTableError",
    "enter_units",
    "import_units",
    "outline",
    "read_bytes",
    "read_table",
    "write_template",
]
