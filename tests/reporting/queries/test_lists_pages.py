"""What a list of months asks the database for: of its packages what it shows, however much their workbooks hold."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.reporting import story


def test_lists_of_months_read_no_workbook(unit, clerk, officer, client_for, make_line):
    story.electrolysis(unit, make_line)
    story.list_unit(unit, 2025, officer)
    story.submitted(unit, "2025-09", clerk)
    board = reverse("reporting:package_board") + "?year=2025&sector=aluminium"
    for url in (reverse("reporting:packages"), board):
        with CaptureQueriesContext(connection) as queries:
            page = client_for(officer).get(url)
        assert unit.name in page.content.decode()
        asked = " ".join(query["sql"] for query in queries)
        for column in ("content", "totals", "thresholds", "compared_with", "measured", "unused_reasons"):
            assert f'"reporting_submission"."{column}"' not in asked, (url, column)
