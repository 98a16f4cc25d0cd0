"""The one list page: filters with counts, order, pages, totals, columns to choose, views to keep, and the whole to take away.

A view marks itself with `list_page`, makes its table, and answers with `listed` (`page`); a page of several tables, or one that is
written by hand, hands them out as well (`parts`). Which columns are shown the address says (`chosen_columns`), as it says by what the
list is narrowed (`narrowed`, and `in_memory` where its rows are no query's); what a person wants again they keep (`views`). A long list
is written by a job (`by_job`).
"""

from registry.web.listing.narrowed import narrows
from registry.web.listing.page import list_page, listed
from registry.web.listing.parts import part_taken, rows_taken

__all__ = ["list_page", "listed", "narrows", "part_taken", "rows_taken"]
