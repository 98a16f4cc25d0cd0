"""What pages of every app use, and the registry's own.

Acting: addresses that are posted to (`acting`), what a page offers to do (`buttons`), the page that shows an act's
consequence before it is done (`confirming`), reasons that people type (`reasons`), what a
refused form held (`kept_input`). Showing: the day a page is asked about (`as_of`), the one list page (`listing`), lists in
pages (`paging`), their `columns`, the same lists for programs (`export`), files handed out (`downloads`), papers as PDF (`pdf`).
Forms: their `fields`. Finding things of every app: `search`. The registry's `views`, `forms`, `tables` and `filters`, by
noun; what its acts are about to do (`consequences`, a second person's approvals `decisions`).
"""
