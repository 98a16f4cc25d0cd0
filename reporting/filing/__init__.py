"""What the enterprise does. A blank workbook is made (`blanks`), a file comes in, is read, with the
reasons that still hold (`carrying`), and submitted (`intake`, `submitting`), by the clerk alone or after the approver's
confirmation (`way_of_submitting`, `handing_over`), or
many in a zip (`bulk`, `zip_archive`), or a month is filed as standing still (`standing_still`), by its day
(`deadlines`, of many at once `extending_many`). Accepted months become the annual report (`annual`; `report_years` and
`report_spans` say which and from when, `outside_lives` what keeps it from being one). Commands read a year of files
(`year_files`) and say what they hold (`accounts_told`).
"""
