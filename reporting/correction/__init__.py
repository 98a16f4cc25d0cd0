"""Correcting a month on a page: the version's own tables, what a person has typed into them, and saving it as a workbook like any other."""
