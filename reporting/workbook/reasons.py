"""The sheet on which a clerk gives reasons for warnings, one warning a row: what its writer and its reader go by."""

from reporting.workbook.definition import Words

__all__ = ["CELL", "CODE", "COLUMNS", "HINT", "LONGEST", "NAME", "REASON", "ROWS", "SAID", "SHEET"]

NAME = Words("警告说明", "Reasons for warnings")
HINT = Words(
    "每行一条警告，在最右一列写明数值无误的理由。警告由系统列出，也可自行填写工作表和单元格。",
    "One warning a row: the last column says why the value is right. They are listed here; or name sheet and cell yourself.",
)
CODE, SHEET, CELL, SAID, REASON = range(5)
COLUMNS = (
    Words("警告代码", "Code"),
    Words("工作表", "Sheet"),
    Words("单元格", "Cell"),
    Words("警告内容", "Warning"),
    Words("说明", "Reason"),
)
ROWS = 20
"""As many are prepared; more where more warnings are listed."""

LONGEST = 2000
"""Characters of a reason, as on the page."""
