"""The lean table: sorting links, totals, empty state, paging; and every cell escaped."""

import django_tables2 as tables
import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory


class Lines(tables.Table):
    name = tables.Column(verbose_name="Unit")
    quota = tables.Column(verbose_name="Quota <t>", attrs={"td": {"class": "num"}})
    state = tables.Column(orderable=False)

    class Meta:
        empty_text = "No line yet"
        row_attrs = {"class": lambda record: "tone-danger" if record["quota"] < 0 else ""}


class WithTotals(Lines):
    quota = tables.Column(footer="3")


ROWS = [{"name": "<b>", "quota": 1, "state": "x"}, {"name": "c", "quota": -2, "state": "y"}]


@pytest.fixture
def request_to():
    def make(address):
        request = RequestFactory().get(address)
        request.user = AnonymousUser()
        return request

    return make


def test_cells_and_labels_are_escaped(request_to):
    html = Lines(ROWS).as_html(request_to("/"))
    assert '<td data-label="Unit">&lt;b&gt;</td>' in html
    assert '<td class="num" data-label="Quota &lt;t&gt;">1</td>' in html
    assert "<b>" not in html


def test_headings_sort_and_keep_the_rest_of_the_address(request_to):
    html = Lines(ROWS, order_by="-quota").as_html(request_to("/?as_of=2026-01-01&page=3&sort=-quota"))
    assert 'class="num" aria-sort="descending"' in html
    assert "?as_of=2026-01-01&amp;sort=quota" in html
    assert "page=3" not in html
    assert html.count("aria-sort") == 1


def test_a_column_that_cannot_be_sorted_has_no_link(request_to):
    html = Lines(ROWS).as_html(request_to("/"))
    assert html.count("sort=") == 2


def test_rows_may_be_marked(request_to):
    html = Lines(ROWS).as_html(request_to("/"))
    assert html.count("tone-danger") == 1


def test_few_columns_become_cards_and_totals_stay_a_table(request_to):
    assert 'class="table-region  cards"' in Lines(ROWS).as_html(request_to("/"))
    html = WithTotals(ROWS).as_html(request_to("/"))
    assert " cards" not in html
    assert "<tfoot>" in html


def test_an_empty_table_says_what_is_missing(request_to):
    html = Lines([]).as_html(request_to("/"))
    assert "No line yet" in html
    assert "<table" not in html


def test_pages_keep_the_address(request_to):
    table = Lines(ROWS * 3)
    table.paginate(page=2, per_page=2)
    html = table.as_html(request_to("/?q=a&page=2"))
    assert 'rel="prev" href="?q=a&amp;page=1"' in html
    assert 'rel="next" href="?q=a&amp;page=3"' in html
