"""Correcting a month on a page: the version's own tables, what a person has typed into them, and saving it as a workbook like any other.

A `month` is opened with its `sheets` and `registers`; what was typed is carried into another version (`carrying`,
`carrying_records`, `rebase`), kept as `drafts` and stored by `saving`; `offers` and the officer's `reasons` stand
at their cells.
"""
