"""What the reader may find: in the file, in its layout, in a cell."""

from django.utils.translation import gettext_lazy as _

from reporting.findings.catalogue.kinds import errors, warnings

FORM = _("form of the monthly workbook")
SAFETY = _("safety of uploaded files")

DOWNLOAD_AGAIN = _("Download the blank workbook again and copy the values into it.")
_SAVE_AS_XLSX = _("Open the file in a spreadsheet program and save it as an Excel workbook (.xlsx).")
_SAVE_WITHOUT_MACROS = _(
    "Choose “Save as” in the spreadsheet program, the type “Excel workbook (*.xlsx)”, and upload that."
)
_TYPE_NUMBER = _("Type the value as a number, digits only, without unit of measure or separators.")

FILE = errors(
    SAFETY,
    [
        ("file.empty", _("The file is empty."), _("Choose the saved workbook and upload it again.")),
        (
            "file.too_large",
            _("The file has %(size)s bytes; at most %(limit)s are accepted."),
            _("Remove pictures and sheets you have added; upload evidence as separate files."),
        ),
        ("file.not_workbook", _("This is not an Excel workbook but %(found)s."), _SAVE_AS_XLSX),
        ("file.old_format", _("This is a workbook in the old .xls format."), _SAVE_AS_XLSX),
        (
            "file.encrypted",
            _("The workbook is protected by a password and can't be opened."),
            _("Save it without a password."),
        ),
        (
            "file.macros",
            _("This is a workbook with macros (.xlsm); macros are never accepted."),
            _SAVE_WITHOUT_MACROS,
        ),
        (
            "file.macro_format",
            _("This is a workbook of the format for macros (.xlsm), though there are none in it."),
            _SAVE_WITHOUT_MACROS,
        ),
        (
            "file.damaged",
            _("The file is damaged or incomplete: %(part)s can't be read."),
            _("Save the workbook again and upload the whole file."),
        ),
        ("file.bomb", _("The file unpacks to more than a workbook may hold (%(part)s)."), DOWNLOAD_AGAIN),
        ("file.unsafe", _("The file contains %(part)s, which the form does not."), DOWNLOAD_AGAIN),
        (
            "file.sheet_too_large",
            _("The sheet reaches to row %(rows)s and column %(columns)s; that is more than a form can have."),
            _("Delete any content far below or to the right of the form."),
        ),
        (
            "file.not_form",
            _("The workbook has no identity sheet: it is not the form issued here."),
            DOWNLOAD_AGAIN,
        ),
    ],
) + warnings(
    SAFETY,
    [
        (
            "file.renamed",
            _("The file is called %(name)s but is an Excel workbook (.xlsx)."),
            _("Give the file its proper ending."),
        ),
        (
            "file.external_links",
            _("The workbook takes values from other files; only the values stored in it are read."),
            _("Replace links to other files by their values, or give the reason."),
        ),
    ],
)

LAYOUT = errors(
    FORM,
    [
        ("form.version", _("The form's version is %(found)s; this platform reads %(expected)s."), DOWNLOAD_AGAIN),
        (
            "form.identity",
            _("The identity sheet lacks the %(what)s, or states it in an unusable form: %(found)s"),
            DOWNLOAD_AGAIN,
        ),
        (
            "form.other_unit",
            _("The workbook is of the unit %(found)s, not of %(expected)s."),
            _("Upload the workbook of your own unit."),
        ),
        (
            "form.other_period",
            _("The workbook is of %(found)s, not of %(expected)s."),
            _("Choose the workbook of the right month, or the right month for this workbook."),
        ),
        (
            "form.other_sector",
            _("The workbook is of the sector %(found)s, not of %(expected)s."),
            _("Upload the workbook of the right sector."),
        ),
        ("form.sheet_missing", _("The sheet is missing."), DOWNLOAD_AGAIN),
        (
            "form.header",
            _("The column headings were changed or moved: “%(found)s” instead of “%(expected)s”."),
            DOWNLOAD_AGAIN,
        ),
        (
            "form.moved",
            _("The row's label was changed or its cells were moved: “%(found)s” instead of “%(expected)s”."),
            DOWNLOAD_AGAIN,
        ),
        (
            "form.measure",
            _("The unit of measure was changed: “%(found)s” instead of “%(expected)s”."),
            _("Restore the unit of measure and convert the value."),
        ),
        ("form.merged", _("Cells were merged (%(range)s), so values may be lost."), _("Undo the merging of cells.")),
        (
            "form.misplaced",
            _("“%(found)s” is in a cell from which no value is read, and would be lost."),
            _("Move it into the column “Value” of its row, or clear the cell."),
        ),
        (
            "form.beyond",
            _("“%(found)s” is to the right of the form, where nothing is read."),
            _("Move it into the form, or clear the cell; keep your own calculations on a separate sheet."),
        ),
        (
            "form.copied",
            _(
                "The sheet is a copy of “%(of)s” with other values in it (%(count)s cells or rows); only “%(of)s” is read."
            ),
            _("Move the correct values into the sheet that is read, and delete the copy."),
        ),
        ("form.unknown_row", _("The row's code “%(key)s” is not one of this form."), DOWNLOAD_AGAIN),
        ("form.row_missing", _("Rows of the form are missing, the first is “%(key)s”."), DOWNLOAD_AGAIN),
        (
            "form.row_twice",
            _("The row with the code “%(key)s” appears here a second time; the first is in row %(first)s."),
            _("Delete the second row."),
        ),
        (
            "item.unknown",
            _("“%(found)s” is not a fuel or material allowed here."),
            _("Choose one from the list in the cell."),
        ),
        (
            "item.unmarked",
            _("It is not stated whether %(item)s was purchased or produced by the works itself."),
            _("Choose it from the list in the cell as purchased or own; if it is both, enter it in two places."),
        ),
        (
            "item.missing",
            _("Values are given, but the fuel, material or line that they belong to is not."),
            _("Choose it from the list in the cell, or clear the values."),
        ),
        (
            "item.twice",
            _("“%(item)s” appears here a second time; the first is in %(first)s."),
            _("Combine the entries in one place."),
        ),
        (
            "how.unknown",
            _("“%(found)s” does not state how the value was obtained."),
            _("Choose from the list: measured, calculated, design or default value."),
        ),
        (
            "how.missing",
            _("It is not stated how the value was obtained."),
            _("Choose from the list: measured, calculated, design or default value."),
        ),
        (
            "how.not_allowed",
            _("The value can't be obtained as “%(found)s”."),
            _("Choose one of the ways offered in the cell's list."),
        ),
        (
            "how.without_value",
            _("A measured value is indicated, but the value itself is missing."),
            _("Enter the measured value."),
        ),
    ],
)

ROUNDED = warnings(
    FORM,
    [
        (
            "form.copy",
            _("The sheet is a copy of “%(of)s”, with the same values; only “%(of)s” is read."),
            _("Delete the copy, or give the reason for it."),
        ),
        (
            "form.unmarked",
            _("The workbook uses an earlier form, in which own and purchased coke and gas share one name."),
            _("Download the blank workbook again and state them separately, or give the reason."),
        ),
        (
            "number.rounded",
            _("Numbers with more decimals than are used: %(count)s. They are rounded half-up: %(cells)s"),
            _(
                "Check that the rounded values are intended; round them in the workbook, or give the reason for the "
                "digits."
            ),
        ),
    ],
)

NUMBERS = errors(
    FORM,
    [
        ("number.text", _("Text where a number is expected: “%(found)s”."), _TYPE_NUMBER),
        (
            "number.as_text",
            _("The number %(found)s is stored as text."),
            _("Turn the cell into a number: type the value again in a cell that is not formatted as text."),
        ),
        ("number.full_width", _("The number is written with full-width digits: %(found)s"), _TYPE_NUMBER),
        ("number.separators", _("The number is written as text with thousands separators: %(found)s"), _TYPE_NUMBER),
        ("number.date", _("A date or time where a number is expected: %(found)s"), _TYPE_NUMBER),
        ("number.boolean", _("TRUE or FALSE where a number is expected."), _TYPE_NUMBER),
        (
            "number.error_value",
            _("The cell shows an error instead of a value."),
            _("Correct the formula or type the value."),
        ),
        (
            "number.formula_empty",
            _("The cell's formula was never calculated, so the file holds no value for it."),
            _("Open the workbook in a spreadsheet program, let it calculate, and save; or type the value."),
        ),
        ("number.not_finite", _("The value is not a finite number."), _TYPE_NUMBER),
        (
            "number.too_large",
            _("The value %(found)s is larger than anything that can be reported (limit %(limit)s)."),
            _("Check the value and its unit of measure."),
        ),
        ("number.negative", _("The value %(found)s is negative."), _("Correct the value; it can't be below zero.")),
        ("number.negative_zero", _("The value is a negative zero."), _("Type 0.")),
        ("date.invalid", _("No date can be read from “%(found)s”."), _("Type the date like 2025-07-31.")),
        (
            "text.too_long",
            _("The text has %(length)s characters; at most %(limit)s are accepted."),
            _("Shorten the text."),
        ),
        (
            "text.without_value",
            _("A note is entered here, but the value it refers to is missing."),
            _("Enter the value (0 if there was none), or clear the note."),
        ),
    ],
)
