"""What pages of every app use, and the registry's own: the day a page is asked about (`as_of`), lists in pages
(`paging`), text kept of a refused form (`kept_input`), papers as PDF (`pdf`), and the registry's `views`, `forms`,
`tables` and `filters`.
"""
